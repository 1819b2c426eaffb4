"""The four paths without an inquiry, each from the agreed path to the closed case, on the pages alone.

Every step is reached by a link somebody sees: the next step of the case, or a link on the page the step before led to.
The formal inquiry has walks of its own: test_formal_inquiry.py, test_decision_and_action.py, test_closing.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from accounts import clock
from accounts.models import Person
from complaints.casecodes import Criterion
from complaints.models import Case
from factories import sweep
from tests.builders import World, file, make_answers, make_provider, make_world
from tests.walk.by_hand import a_moving_clock, answer, come_in, later, let_in, press, to
from tests.walkers import on_case, to_triage

pytestmark = pytest.mark.django_db(transaction=True)
DESK = (1280, 900)
REASON = "All paths were explained to her in the messages. She chose this one and knows that she can change it."
THANKS = "Thank you for telling us how you are. It is good to read. We ask you again in some weeks; write at any time."
TOLD = "What we agreed with you is done. We go on asking how you are until the end of the third month."
LEARNED = "Two people should be at the machines whenever somebody repairs them after the shift."


@dataclass
class Walk:
    """One case, she with her number on a phone without script, and whoever handles it at desks of their own."""

    world: World
    case: Case
    number: str
    her: Any
    make_page: Callable[..., Any]
    desks: dict[Any, Any] = field(default_factory=dict)

    def desk_of(self, person: Person) -> Any:
        if person.pk not in self.desks:
            self.desks[person.pk] = self.make_page(DESK)
            let_in(self.desks[person.pk], person, to="")
        return self.desks[person.pk]

    def next_step(self, person: Person, step: str, **fields: Any) -> Any:
        """Take the step that the page of the case offers to this person as the next one."""
        page = self.desk_of(person)
        if not page.url.endswith(f"/cases/{self.case.reference}/"):
            page.goto(f"/cases/{self.case.reference}/")
        with page.expect_navigation():
            page.click("main section.border-primary a.btn")
        return self._answered(page, step, fields)

    def step(self, person: Person, step: str, **fields: Any) -> Any:
        """Take a step by a link on the page this person is on, or on the page of the case."""
        page = self.desk_of(person)
        link = f"main a[href$='/steps/{step}/']"
        if not page.locator(link).count():
            page.goto(f"/cases/{self.case.reference}/")
        with page.expect_navigation():
            page.locator(link).first.click()
        return self._answered(page, step, fields)

    def _answered(self, page: Any, step: str, fields: dict[str, Any]) -> Any:
        form = f"main form.step-form[action$='/steps/{step}/']"
        assert page.locator(form).count() == 1, f"no form of {step} on {page.url}:\n{page.inner_text('main')}"
        fold = page.locator(f"main details:not([open]):has(form[action$='/steps/{step}/'])")
        if fold.count():
            fold.locator("summary").click()
        answer(page, form, **fields)
        return page

    def she_comes(self) -> str:
        """With her number, as on each day: her page has closed by itself meanwhile. Returns what she reads."""
        come_in(self.her, self.number)
        return self.her.inner_text("main")

    def she_says_how_she_is(self, feeling: str) -> None:
        """Two taps, and that she is safe."""
        to(self.her, "Answer with two taps")
        self.her.check(f"[name=feeling][value={feeling}]")
        self.her.check("[name=safe][value=yes]")
        with self.her.expect_navigation():
            self.her.locator("form.card button.strong").first.click()
        with self.her.expect_navigation():
            self.her.get_by_role("link", name="Back to my page").click()

    @property
    def stage(self) -> str:
        self.case.refresh_from_db()
        return self.case.stage


# --- From the agreed path to monitoring ---------------------------------------------------------------------------


def workplace_action(walk: Walk) -> Person:
    """At the factory, about touching, so it is grave: light and a second person for a whole line; nobody is named."""
    officer, chair = on_case(walk.case, "case_officer")[0], on_case(walk.case, "committee_chair")[0]
    walk.next_step(officer, "agree-path", path="workplace_action", reason=REASON, severity="b", she_agreed=True)
    walk.next_step(officer, "decide-interim", code="none_needed", reason="He was sent home.", her_view="No change.")
    due = str(walk.case.local_day(clock.now()) + timedelta(days=20))
    walk.next_step(
        officer, "begin-action", text="Light at the machines, and two people whenever a machine is repaired.",
        remedy_1_code="light", remedy_1_owner={"label": chair.name}, remedy_1_due=due,
        remedy_2_code="second_person_rule", remedy_2_owner={"label": officer.name}, remedy_2_due=due,
    )  # fmt: skip
    assert walk.stage == "action"
    light, second = walk.case.remedies.order_by("code")
    walk.step(officer, "remedy-done", remedy=str(second.pk))
    walk.next_step(chair, "remedy-done", remedy=str(light.pk), note="Four lamps since Monday.")

    assert "Things are being changed" in walk.she_comes()
    for words in ("There is more light.", "Nobody has to go alone to the mechanic, store or clinic."):
        to(walk.her, "Tell us")
        with walk.her.expect_navigation():
            walk.her.locator("section.card", has_text=words).locator("button[value=yes]").click()
    assert "Has it happened?" not in walk.her.inner_text("main")
    walk.next_step(officer, "begin-monitoring")
    return officer


def support_only(walk: Walk) -> Person:
    """With the outside helper: she wants to talk and to know what she can do; nobody else learns of it."""
    expert = on_case(walk.case, "technical_expert")[0]
    walk.next_step(expert, "agree-path", path="support_only", reason=REASON, severity="c", she_agreed=True)
    walk.next_step(expert, "decide-interim", code="none_needed", reason="He left.", her_view="She feels safe.")
    walk.next_step(expert, "begin-monitoring", text="She talks with me each Friday and wants nothing else for now.")
    assert "We check that you are safe" in walk.she_comes()
    return expert


def informal_resolution(walk: Walk) -> Person:
    """At the factory, words only: she asked for it twice and in writing, a friend sat with her, and he promised."""
    officer, chair = on_case(walk.case, "case_officer")[0], on_case(walk.case, "committee_chair")[0]
    walk.next_step(
        officer, "agree-path", path="informal_resolution", reason=REASON, severity="c", she_agreed=True,
        she_asked_twice=True, written_consent=True,
    )  # fmt: skip
    walk.next_step(officer, "decide-interim", code="none_needed", reason="They do not meet.", her_view="No change.")
    walk.next_step(
        officer, "begin-action", text="He promised in writing not to speak of her body. Her friend was with her.",
        not_face_to_face=True, trusted_person=True,
        remedy_1_code="no_contact_promise", remedy_1_owner={"label": chair.name},
    )  # fmt: skip
    walk.next_step(chair, "remedy-done")
    walk.she_comes()
    to(walk.her, "Tell us")
    assert "The person promises in writing to leave you alone." in walk.her.inner_text("main")
    press(walk.her, "Yes, it has happened", "en")
    walk.next_step(officer, "begin-monitoring")
    return officer


def referred_out(walk: Walk) -> Person:
    """With the outside helper: she chose a lawyer, who is told only what she read before, and it helped."""
    expert = on_case(walk.case, "technical_expert")[0]
    walk.next_step(
        expert, "agree-path", path="referred_out", reason=REASON, severity="c", she_agreed=True,
        body="The women lawyers of the city", referral_offered="yes",
    )  # fmt: skip
    walk.next_step(expert, "decide-interim", code="none_needed", reason="She is at home.", her_view="No change.")
    told = "A woman who was touched at work wants to know her rights."
    walk.step(
        expert, "offer-referral", text="They know the law, cost nothing, and are women.", passed_on=told,
        provider=str(walk.world.extra["lawyers"].pk),
    )  # fmt: skip
    walk.she_comes()
    to(walk.her, "Look at it")
    assert told in walk.her.inner_text("main")
    press(walk.her, "Yes, I want this", "en")
    walk.next_step(expert, "send-referral", sure=True)
    walk.next_step(expert, "begin-monitoring", text="The lawyers take it from here; she decides what they do.")
    return expert


def nothing_more(walk: Walk, handler: Person) -> None:
    pass


def followed_up(walk: Walk, expert: Person) -> None:
    """She says how the lawyers were; the case is not closed before somebody has asked and noted it."""
    to(walk.her, "Tell how it was")
    walk.her.check("[name=codes][value=helped]")
    press(walk.her, "Send", "en")
    walk.next_step(expert, "note-referral", outcome="done", reached="yes", followed_up=True)


@dataclass(frozen=True)
class Path:
    """What she told, how her case is walked from the agreed path to monitoring, and what is done before the end."""

    walked: Callable[[Walk], Person]  # Who handles it.
    told: dict[str, Any]
    before_the_end: Callable[[Walk, Person], None] = nothing_more


PATHS = {
    "workplace_action": Path(workplace_action, {"conduct_types": frozenset({"touch"})}),
    "support_only": Path(support_only, {"route": "outside_only", "share_choice": ""}),
    "informal_resolution": Path(informal_resolution, {}),
    "referred_out": Path(referred_out, {"route": "outside_first", "share_choice": ""}, followed_up),
}


# --- The same for all ---------------------------------------------------------------------------------------------


def checked(walk: Walk, handler: Person, days: int) -> None:
    """Her page asks her by itself, she answers in two taps, whoever handles it reads it, says what follows, writes."""
    walk.she_comes()
    walk.she_says_how_she_is("good")
    page = walk.desk_of(handler)
    page.goto("/staff/")
    with page.expect_navigation():
        page.click(f"main a:has-text('{walk.case.reference}')")
    walk.next_step(handler, "complete-check", text="She is well and safe. We go on asking.")
    assert f"Check after {days} days" in page.inner_text("main")
    assert walk.case.checks.get(code=f"check_{days}").result == "answered"
    if days == 30:
        walk.next_step(handler, "send-message", text=THANKS)
    elif days == 60:  # What was done, and what is still to come: where there is no finding, that is the outcome.
        walk.step(handler, "give-feedback", text=TOLD)
        walk.her.reload()
        assert TOLD in walk.her.inner_text("main")


def closed(walk: Walk, handler: Person) -> None:
    """What was learned, her answer, ticked by one, confirmed by another, closed."""
    criteria = list(Criterion.values)
    walk.next_step(handler, "write-learning", text=LEARNED, no_names=True)
    walk.next_step(handler, "ask-closing")
    walk.her.reload()
    to(walk.her, "Answer")
    for name in ("may_close", "safe"):
        walk.her.check(f"[name={name}][value=yes]")
    with walk.her.expect_navigation():
        walk.her.locator("form.card button.strong").first.click()
    assert "We have your answer" in walk.her.inner_text("main")
    walk.next_step(handler, "tick-closure", criteria=criteria)
    walk.next_step(who_confirms(walk, handler), "confirm-closure", criteria=criteria)
    walk.next_step(handler, "close")


def who_confirms(walk: Walk, handler: Person) -> Person:
    """At the factory the chair, or where it is grave somebody called from outside; outside a colleague."""
    experts = on_case(walk.case, "technical_expert")
    if walk.case.with_factory:
        return experts[0] if walk.case.severity in "ab" else on_case(walk.case, "committee_chair")[0]
    colleague = next(one for one in (walk.world.expert, walk.world.second_expert) if one != handler)
    if colleague not in experts:
        walk.step(handler, "assign", person={"label": f"{colleague.name} (Technical expert)"})
    return colleague


@pytest.mark.parametrize("path", PATHS)
def test_a_case_is_walked_from_the_agreed_path_to_its_end(stack, make_page, screenshot, path):
    world = make_world()
    world.extra["lawyers"] = make_provider(
        "The women lawyers (fictional)", country=world.country, kinds=("legal",), checked_on=clock.now().date(),
        by=world.lead,
    )  # fmt: skip
    sweep.sweep(clock.now(), sources=[])
    filed = file(make_answers(world.factory, **PATHS[path].told), at=clock.now() - timedelta(days=3))
    case = to_triage(world, filed.case, at=clock.now() - timedelta(days=1))
    walk = Walk(world, case, filed.receipt, make_page(script=False), make_page)
    with a_moving_clock():
        handler = PATHS[path].walked(walk)
        assert walk.stage == "monitoring"
        for days in (30, 60, 90):
            later(days=30)
            checked(walk, handler, days)
        PATHS[path].before_the_end(walk, handler)
        closed(walk, handler)
        assert (walk.stage, walk.case.path) == ("closed", path)
        assert walk.case.closing_reason == ("referred_out" if path == "referred_out" else "completed")
        assert "Her inbox stays open" in walk.desk_of(handler).inner_text("body")
        walk.her.reload()
        page = walk.her.inner_text("main")
        assert "Finished (you can write again)" in page and "You can write here until" in page
        screenshot(walk.her, f"every-path-{path}")
