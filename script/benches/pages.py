"""How heavy and how slow the pages are."""

from __future__ import annotations

import re
from typing import Any

from script.benches import wire
from script.benches.results import Results, milliseconds, percentile
from script.benches.world import World

LANGUAGES = ("km", "en")
KB = 1000
TOKEN = re.compile(rb'name="token" value="([^"]+)"')


def worker(results: Results, world: World) -> None:
    """Weigh the first question, each later page and the whole way to the receipt, in the heavier language."""
    world.servers.web()
    address, tell = world.servers.address, world.path
    home = tell.removesuffix("tell/")
    first, requests, later, whole = [], [], {}, []
    for language in LANGUAGES:
        asked = f"?lang={language}"
        cold = wire.Phone(address, language)
        cold.open(tell + asked)
        first.append(cold.weight)
        requests.append(cold.requests)
        for path in ("", "help/", "rights/", "holidays/"):
            later[f"{path}{asked}"] = wire.ask(address, home + path + asked).weight
        later[f"my/{asked}"] = wire.ask(address, f"/my/{asked}").weight
        way = wire.Phone(address, language)
        way.open(home + asked)
        form = way.open(tell + asked)
        later[f"tell/{asked}"] = wire.ask(address, tell + asked).weight
        found = TOKEN.search(form.page)
        token = found[1].decode() if found else ""
        body = world.bodies(1, token=token)[0] + f"&language={language}"
        way.open(tell, f"{body}&show=1&part=1")
        before = way.weight
        arrival = way.open(tell, body)
        if b'name="share_choice"' in arrival.page:
            raise RuntimeError("The form did not take the complaint of this measure.")
        later[f"arrival{asked}"] = way.weight - before - len(body)
        whole.append(way.weight)
    heaviest = max(later, key=lambda name: later[name])
    results.at_most("first_question_cold", max(first) / KB, "kB", 40)
    results.at_most("first_question_requests", max(requests), "requests", 4)
    results.at_most("heaviest_later_page", later[heaviest] / KB, "kB", 15)
    results.note(f"the heaviest later page is {heaviest}")
    results.at_most("first_page_to_receipt", max(whole) / KB, "kB", 100)


class Handler:
    """Somebody signed in, in this process, so that what a page asks of the database can be counted."""

    def __init__(self, world: World, person: Any) -> None:
        from django.test import Client
        from django.urls import reverse

        self.client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
        sign_in = self.client.post(reverse("account_login"), {"login": person.email, "password": world.password})
        if sign_in.status_code != 302:
            raise RuntimeError("Signing in did not work.")

    def get(self, path: str) -> Any:
        """Open a page; anything but a page is a mistake of the measure."""
        response = self.client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} answers {response.status_code}.")
        return response

    def look(self, path: str, times: int) -> tuple[int, int, float]:
        """Give queries, bytes and the 95th percentile of the milliseconds of a page."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        for _time in range(3):
            response = self.get(path)
        with CaptureQueriesContext(connection) as queries:
            self.get(path)
        return len(queries), len(response.content), percentile(milliseconds(lambda: self.get(path), times), 0.95)


def caseload(results: Results, world: World, sizes: list[int]) -> None:
    """Look at a case officer's list at each size; the last is compared with the first."""
    from django.urls import NoReverseMatch, reverse

    try:
        path = reverse("casework:caseload")
    except NoReverseMatch:
        results.note("there is no caseload page yet")
        return
    slowest: list[float] = []
    officer = None
    for size in sizes:
        world.fill(size)
        officer = officer or Handler(world, world.people.officer)
        queries, weight, slow = officer.look(path, 40)
        slowest.append(slow)
        results.at_most(f"caseload_{size}_queries", queries, "queries", 12)
        results.at_most(f"caseload_{size}_weight", weight / KB, "kB", 40)
        results.at_most(f"caseload_{size}_p95", slow, "ms", 120)
    results.at_most(f"caseload_{sizes[-1]}_to_{sizes[0]}", slowest[-1] / slowest[0], "times", 1.5)


def late_steps(results: Results, world: World, size: int, late: int = 2_000) -> None:
    """Look at an advisor's late steps and forty factories, among so many cases of which some thousands are late."""
    from tests.builders import make_factory

    world.fill(size)
    advisor = world.people.advisor
    for _number in range(39):
        factory = make_factory(country=world.people.country)
        factory.advisor = advisor
        factory.save()
    world.servers.sql(LATE, {"late": late})
    world.servers.sql("ANALYZE complaints_deadline, complaints_rung")
    reader = Handler(world, advisor)
    for name, path in (("late_steps", "/portfolio/late/"), ("portfolio", "/portfolio/")):
        queries, weight, slow = reader.look(path, 20)
        results.at_most(f"{name}_{size}_queries", queries, "queries", 15)
        results.at_most(f"{name}_{size}_weight", weight / KB, "kB", 40)
        results.at_most(f"{name}_{size}_p95", slow, "ms", 200)


# The thin cases with the highest numbers are late, and have reached the advisor.
LATE = """
WITH late AS (
    UPDATE complaints_deadline SET starts_at = now() - interval '20 days', due_at = now() - interval '10 days'
    WHERE id IN (SELECT id FROM complaints_deadline WHERE code = 'acknowledge' AND met_at IS NULL
                 ORDER BY due_at DESC LIMIT %(late)s)
    RETURNING id)
UPDATE complaints_rung SET rises_at = now() - interval '1 day', raised_at = now() - interval '1 day'
WHERE deadline_id IN (SELECT id FROM late) AND level IN ('reminder_before', 'reminder_due', 'L1', 'L2', 'L2c')
"""


def case(results: Results, world: World) -> None:
    """Look at a case with five hundred entries: as it was filed, and in monitoring with each of its tabs; and hers."""
    from django.urls import NoReverseMatch, reverse

    from complaints import workflow
    from complaints.models import Case
    from factories import clock

    try:
        reverse("casework:caseload")
    except NoReverseMatch:
        results.note("there is no case page yet")
        return
    from tests.builders import make_answers

    at = clock.now()
    from complaints import intake

    filed = intake.file_complaint(make_answers(world.factory), token=intake.mint(at).token, at=at)
    one = Case.objects.get(pk=filed.case.pk)
    _fill(one, world, at)
    workflow.declare_conflict(one, by=world.people.officer, at=at, answer="none")
    officer = Handler(world, world.people.officer)
    queries, _weight, slow = officer.look(reverse("casework:case", args=[one.reference]), 20)
    results.at_most("case_500_entries_queries", queries, "queries", 25)
    results.at_most("case_500_entries_p95", slow, "ms", 150)
    _monitored(results, world, officer, at)


TABS = ("", "words/", "messages/", "record/", "referrals/", "inquiry/", "checks/", "closing/", "outcome/", "timeline/")


def _monitored(results: Results, world: World, officer: Handler, at: Any) -> None:
    """The same after everything was decided and done: the page with the most rows behind it."""
    from complaints import intake
    from complaints.models import Case
    from tests import walkers
    from tests.builders import make_answers

    filed = intake.file_complaint(make_answers(world.factory), token=intake.mint(at).token, at=at)
    one = walkers.to_monitoring(world.people, Case.objects.get(pk=filed.case.pk), at=at)
    _fill(one, world, at)
    looks = {tab: officer.look(f"/cases/{one.reference}/{tab}", 20) for tab in TABS}
    most, slowest = max(looks, key=lambda tab: looks[tab][0]), max(looks, key=lambda tab: looks[tab][2])
    results.note(", ".join(f"{tab or 'overview'} {looks[tab][2]:.0f} ms" for tab in TABS))
    results.note(f"most queries: {most or 'overview'}; slowest: {slowest or 'overview'}")
    results.at_most("monitored_500_entries_queries", looks[""][0], "queries", 25)
    results.at_most("monitored_500_entries_p95", looks[""][2], "ms", 150)
    results.at_most("monitored_500_any_tab_queries", looks[most][0], "queries", 25)
    results.at_most("monitored_500_any_tab_p95", looks[slowest][2], "ms", 150)
    her = _Hers(filed.receipt)
    queries, weight, slow = her.look("/my/case/?lang=km", 20)
    results.at_most("her_page_500_entries_queries", queries, "queries", 25)
    results.at_most("her_page_500_entries_weight", weight / KB, "kB", 15)
    results.at_most("her_page_500_entries_p95", slow, "ms", 150)


class _Hers(Handler):
    """She, with her number."""

    def __init__(self, number: str) -> None:
        from django.test import Client

        self.client = Client(HTTP_HOST="127.0.0.1", HTTP_ACCEPT_ENCODING="gzip")
        if self.client.post("/my/", {"number": number, "language": "km"}).status_code != 303:
            raise RuntimeError("Her number did not open her page.")


def _fill(case: Any, world: World, at: Any) -> None:
    """Write messages of hers and notes, until there are five hundred entries."""
    from complaints import compartments
    from complaints.codes import CompartmentKind

    case.refresh_from_db()
    for number in range(500 - case.last_entry):
        if number % 2:
            compartments.put(case, CompartmentKind.INBOX, "message", {"text": f"Message {number}."}, her=True, at=at)
        else:
            note = {"text": f"Note {number}."}
            compartments.put(case, CompartmentKind.RECORD, "note", note, by=world.people.officer, at=at)
