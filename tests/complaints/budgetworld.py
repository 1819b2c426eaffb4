"""Cases for the query budgets: one at each stage, with the rows that belong there, and what each page of it costs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock as accounts_clock
from accounts.models import Person
from complaints import casework_urls, receipts, slots, workflow
from complaints.casecodes import Criterion
from complaints.compartments import Holder
from complaints.intake import Filed
from complaints.models import Case, Check, InterimMeasure, Receipt
from complaints.stepforms import FORMS
from factories.models import Organisation, Position, ServiceProvider
from tests import walkers
from tests.builders import (
    World,
    file,
    make_answers,
    make_person,
    make_provider,
    make_world,
    reader_of,
    sign_in,
)
from tests.walkers import THURSDAY

DAY = timedelta(days=1)
LATER = THURSDAY + 33 * DAY  # The check after 30 days is due.
AFTER = THURSDAY + 95 * DAY  # The checks are over.
WORD = "They never asked the two women who sat beside me. That step was left out, and what they say may change it."
LETTER = "We think that what was promised is done. May we close your case, and are you safe now?"
LEARNED = "Two people should be at the machines whenever the mechanic comes after the shift."


class Told:
    """One case with her number in hand, and everybody whom it may need."""

    turn = 0  # Whose turn it is to look at a form.

    def __init__(self, **answers: Any) -> None:
        self.world: World = make_world()
        self.reviewer = _outside(self.world, "appeal_reviewer")
        self.clinic: ServiceProvider = make_provider(
            country=self.world.country, checked_on=date(2026, 5, 1), by=self.world.lead, next_check_on=date(2099, 1, 1)
        )
        self.filed: Filed = file(make_answers(self.world.factory, **answers))
        self.case: Case = self.filed.case

    @property
    def her(self) -> Holder:
        keys = receipts.keys_of(self.filed.receipt, waiting=slots.RECEIPT)
        return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))

    @property
    def first(self) -> Person:
        return walkers.handlers(self.case)[0]

    @property
    def second(self) -> Person:
        return walkers.handlers(self.case)[1]

    def readers(self) -> dict[str, Person]:
        """One reader for each role on the case."""
        current = self.case.assignments.current().filter(standing_by=False).select_related("person")
        found: dict[str, Person] = {}
        for one in current.order_by("since", "pk"):
            name = one.role if one.role not in found else f"second {one.role}"
            found.setdefault(name, one.person)
        return found


def _outside(world: World, role: str) -> Person:
    person = make_person(role)
    technical = Organisation.objects.get(kind="technical")
    values = {"organisation": technical, "role": role, "country": world.country, "since": date(2026, 1, 1)}
    Position.objects.create(person=person, **values)
    return person


# --- The scenes ---------------------------------------------------------------------------------------------------


def talk(told: Told, times: int = 3, *, at: datetime = THURSDAY) -> None:
    """Letters both ways, and notes."""
    for number in range(times):
        workflow.write(told.case, text=f"Letter {number}", at=at)
        workflow.send_message(told.case, by=told.first, text=f"{walkers.ANSWER} {number}", at=at)
        workflow.add_note(told.case, by=told.first, text=f"Note {number}", at=at)


def refer(told: Told, times: int = 2, *, at: datetime = THURSDAY) -> None:
    """Services offered: she says yes to each, and one is called."""
    for number in range(times):
        passed_on = "A woman needs a doctor on Friday."
        row = workflow.offer_referral(
            told.case, by=told.first, provider=told.clinic, text=walkers.ANSWER, passed_on=passed_on, at=at
        )
        workflow.answer_referral(told.case, told.her, number=row.number, yes=True, at=at - DAY)
        if number:
            workflow.send_referral(told.case, reader_of(told.first), number=row.number, at=at)


def measure(told: Told, times: int = 1, *, at: datetime = THURSDAY) -> None:
    """Interim measures in force."""
    for _number in range(times):
        workflow.decide_interim(
            told.case, by=told.first, code="patrol_light_lock", reason="It is dark there.", effect_on_pay=False,
            at_her_request=False, at=at,
        )  # fmt: skip


def received(told: Told) -> None:
    walkers.declare(told.case)


def triage(told: Told) -> None:
    walkers.to_triage(told.world, told.case)
    talk(told)


def planning(told: Told) -> None:
    walkers.to_planning(told.world, told.case)
    talk(told)
    refer(told)
    measure(told)


def fact_finding(told: Told) -> None:
    planning(told)
    walkers.to_fact_finding(told.world, told.case)
    walkers.hear_both_sides(told.world, told.case)


def finding(told: Told) -> None:
    fact_finding(told)
    workflow.complete_inquiry(told.case, by=walkers.inquirers(told.world, told.case)[0], at=THURSDAY)
    told.case.refresh_from_db()


def decision(told: Told) -> None:
    finding(told)
    numbers = told.case.allegations.values_list("number", flat=True)
    findings = {number: walkers.found() for number in numbers}
    workflow.find(
        told.case, reader_of(walkers.inquirers(told.world, told.case)[0]), findings, all_agree=True, at=THURSDAY
    )
    told.case.refresh_from_db()


def outcome_told(told: Told) -> None:
    decision(told)
    if told.case.with_factory:
        walkers.declare(told.case)
    day = told.case.local_day(THURSDAY) + 20 * DAY
    walkers.decide(
        told.world,
        told.case,
        remedies=[workflow.Planned(code, told.first, day, at_her_request=True) for code in ("apology", "light")],
        sanctions=[workflow.Planned(code, told.first, day) for code in ("written_warning", "transfer")],
    )
    walkers.tell_both(told.world, told.case)


def appealed(told: Told) -> None:
    outcome_told(told)
    workflow.appeal(told.case, ground="step_not_followed", text=WORD, at=THURSDAY)
    told.case.refresh_from_db()
    giver = told.world.chair if told.case.with_factory else told.world.expert
    workflow.give_to_reviewer(told.case, reader_of(giver), person=told.reviewer, at=THURSDAY + DAY)
    workflow.declare_conflict(told.case, by=told.reviewer, answer="none", at=THURSDAY + DAY)
    told.case.refresh_from_db()


def action(told: Told) -> None:
    outcome_told(told)
    why = "" if told.case.with_factory else "She does not want the factory to read it."
    workflow.begin_action(told.case, by=told.first, text=why, at=THURSDAY)
    told.case.refresh_from_db()
    workflow.raise_concern(told.case, told.her, text="Nobody tells me anything.", at=THURSDAY)
    for remedy in told.case.remedies.all()[:1]:
        workflow.remedy_done(told.case, by=remedy.owner, remedy=remedy, at=THURSDAY)
        workflow.confirm_remedy(told.case, remedy=remedy, happened=False, at=THURSDAY)
    for sanction in told.case.sanctions.all()[:1]:
        workflow.carry_out_sanction(told.case, by=sanction.owner, sanction=sanction, at=THURSDAY)


def monitoring(told: Told) -> None:
    action(told)
    walkers.carry_out(told.case)
    for sanction in told.case.sanctions.filter(checked_on=None):
        by = next(person for person in walkers.handlers(told.case) if person != sanction.owner)
        workflow.check_sanction(told.case, by=by, sanction=sanction, note="I have seen the letter.", at=THURSDAY)
    workflow.begin_monitoring(told.case, by=told.first, at=THURSDAY)
    told.case.refresh_from_db()


def badly_treated(told: Told) -> None:
    monitoring(told)
    workflow.raise_retaliation(told.case, told.her, text="The worst machine.", changed=["shift"], at=THURSDAY)
    told.case.refresh_from_db()


def asked(told: Told) -> None:
    """The checks are over, and she was asked whether it may be closed."""
    monitoring(told)
    day = told.case.local_day(AFTER)
    made = Check.objects.filter(case=told.case).exclude(code="records_review_180")
    made.update(done_on=day, answered_on=day, result="answered", tries=1)
    InterimMeasure.objects.filter(case=told.case).update(ends_on=day)
    talk(told, at=AFTER)
    workflow.write_learning(told.case, by=told.first, text=LEARNED, no_names=True, at=AFTER)
    workflow.ask_closing(told.case, by=told.first, text=LETTER, at=AFTER)
    told.case.refresh_from_db()


def ticked(told: Told) -> None:
    asked(told)
    for one in told.case.referrals.exclude(sent_on=None):
        workflow.note_referral(
            told.case, by=told.first, number=one.number, outcome="", reached="yes", followed_up=True, note="", at=AFTER
        )
    told.case.referrals.filter(sent_on=None).update(followed_up_on=told.case.local_day(AFTER))
    told.case.concerns.update(answered_on=told.case.local_day(AFTER), settled_on=told.case.local_day(AFTER))
    workflow.answer_closing(told.case, may_close=True, safe="yes", at=AFTER)
    workflow.tick_closure(told.case, by=told.first, criteria=list(Criterion.values), at=AFTER + 2 * DAY)


def closed(told: Told) -> None:
    ticked(told)
    by = told.world.chair if told.case.with_factory else told.second
    workflow.confirm_closure(told.case, by=by, criteria=list(Criterion.values), at=AFTER + 2 * DAY)
    workflow.close(told.case, by=told.first, at=AFTER + 2 * DAY)
    told.case.refresh_from_db()


def held(told: Told) -> None:
    from tests.complaints.test_safeguarding import CHILD, PLAN

    workflow.first_look(told.case, by=told.world.lead, note="At home.", wrote_to_her=True, at=THURSDAY)
    row = workflow.propose_safety_decision(
        told.case, by=told.world.lead, kind="best_interests", fields=CHILD, at=THURSDAY
    )
    workflow.agree_safety_decision(told.case, by=told.world.second_lead, number=row.number, at=THURSDAY)
    workflow.plan_safety(told.case, by=told.world.lead, fields=PLAN, at=THURSDAY)
    told.case.refresh_from_db()
    workflow.propose_safety_decision(told.case, by=told.world.lead, kind="best_interests", fields=CHILD, at=THURSDAY)


Walk = Callable[[Told], None]
INSIDE: dict[str, tuple[Walk, datetime]] = {
    "received": (received, THURSDAY),
    "triage": (triage, THURSDAY + DAY),
    "planning": (planning, THURSDAY + DAY),
    "fact_finding": (fact_finding, THURSDAY + DAY),
    "finding": (finding, THURSDAY + DAY),
    "decision": (decision, THURSDAY + DAY),
    "told": (outcome_told, THURSDAY + DAY),
    "appeal": (appealed, THURSDAY + 2 * DAY),
    "action": (action, THURSDAY + 22 * DAY),
    "monitoring": (monitoring, LATER),
    "badly_treated": (badly_treated, LATER),
    "asked": (asked, AFTER + DAY),
    "ticked": (ticked, AFTER + 3 * DAY),
    "closed": (closed, AFTER + 3 * DAY),
}
SCENES: dict[str, tuple[Walk, datetime, dict[str, Any]]] = {
    **{f"factory {name}": (walk, at, {}) for name, (walk, at) in INSIDE.items()},
    **{f"outside {name}": (walk, at, {"route": "outside_only"}) for name, (walk, at) in INSIDE.items()},
    "hold held": (held, THURSDAY + DAY, {"age_band": "15_17"}),
}


# --- What a page costs --------------------------------------------------------------------------------------------


def addresses(case: Case, allowed: set[str]) -> Iterator[str]:
    """Every page of a case that is named by nothing but its reference, and each form that its reader may take."""
    for one in casework_urls.urlpatterns:
        if re.findall(r"<\w+:(\w+)>", str(one.pattern)) == ["reference"]:
            yield reverse(f"casework:{one.name}", args=[case.reference])
    for name in FORMS:
        if name in allowed:
            yield reverse("casework:step", args=[case.reference, name.replace("_", "-")])


Page = tuple[str, str]  # Reader and address.


def costs(told: Told, at: datetime, *, most: Mapping[Page, int]) -> Iterator[tuple[str, str, int, int]]:
    """Reader, page, status and queries of every page, for everybody on the case; of each form for one who may take it.

    The first opening of a tab on a day is written down, and the employer knows from it: a page that asks more than its
    `most` is asked again. A form is the same page for whoever may take the step: its readers take turns from scene to
    scene.
    """
    with time_machine.travel(at, tick=False):
        people = told.readers()
        may = {
            role: workflow.allowed(told.case, workflow.actor_on(told.case, by=person), at=at)
            for role, person in people.items()
        }
        takers = {name: [role for role in people if name in may[role]] for name in sorted(FORMS)}
        looks = {(of[(told.turn + n) % len(of)], name) for n, (name, of) in enumerate(takers.items()) if of}
        # Somebody whose turn came at no form looks at one all the same: a decision maker has no other page.
        idle = set(people) - {role for role, _name in looks}
        looks |= {(role, min(may[role] & set(FORMS))) for role in idle if may[role] & set(FORMS)}
        for role, person in people.items():
            client = Client()
            sign_in(client, person)
            for address in addresses(told.case, {name for taker, name in looks if taker == role}):
                page = address.split(told.case.reference)[1]
                status, count = _cost(client, address)
                if count > most[role, page]:
                    status, count = _cost(client, address)
                yield role, page, status, count


def _cost(client: Client, address: str) -> tuple[int, int]:
    accounts_clock.forget()
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    return response.status_code, _questions(queries)


def _questions(queries: CaptureQueriesContext) -> int:
    """How many there are. The clock of the demo is asked once a second: on a slow machine twice, and counted once."""
    return 1 + sum("accounts_clockoffset" not in query["sql"] for query in queries)


def hers(told: Told, at: datetime) -> tuple[int, int]:
    """Status and queries of her page."""
    with time_machine.travel(at, tick=False):
        client = Client()
        client.post("/my/", {"number": told.filed.receipt, "language": "en"})
        client.get("/my/case/", {"lang": "en"})
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/my/case/", {"lang": "en"})
        return response.status_code, _questions(queries)


def scene(name: str) -> tuple[Told, datetime]:
    walk, at, answers = SCENES[name]
    told = Told(**answers)
    told.turn = list(SCENES).index(name)
    walk(told)
    told.case.refresh_from_db()
    return told, at
