"""Appeal: either side asks to look again, somebody new decides, and the factory hears of hers at the release."""

from __future__ import annotations

import copy
from datetime import timedelta

import pytest
from django.test import override_settings

from accounts.models import Notice
from complaints import compartments, events, receipts, slots, workflow
from complaints.casecodes import AppealResult
from complaints.compartments import Holder
from complaints.escalation import People
from complaints.models import Assignment, Case, Decision, Grant, Inquirer, Receipt
from complaints.selectors import caseload, casepage
from complaints.workflow import Actor
from factories import sweep
from factories.models import Membership, Organisation, Position
from tests.builders import WEDNESDAY, World, file, holder_of, make_answers, make_person, make_world, reader_of
from tests.walkers import decide, found, inquirers, on_case, tell_both, to_decision

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
MONDAY = WEDNESDAY + timedelta(days=5)
WORD = "Nobody asked the two women who sat beside me."
MESSAGE = "We have looked at it again. This is what follows, and what you can do now."
REASON = (
    "She says that two women who sat beside her were not heard. The respondent says that they could not have seen "
    "anything. The record shows that nobody asked them. That step was left out, and what they say may change it."
)


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


def make_reviewer(world: World, name: str = "reviewer", **more) -> object:
    person = make_person(name)
    technical = Organisation.objects.get(kind="technical")
    values = {"organisation": technical, "role": "appeal_reviewer", "country": world.country} | more
    Position.objects.create(person=person, since=WEDNESDAY.date(), **values)
    return person


def her(filed) -> Holder:
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def told(world: World, case: Case) -> Case:
    """Found, decided, and told to both sides, by the steps of people."""
    return tell_both(world, decide(world, to_decision(world, case)))


class Scene:
    def __init__(self, world: World | None = None, **answers):
        self.world = world or make_world()
        self.reviewer = make_reviewer(self.world)
        self.filed = file(make_answers(self.world.factory, **answers))
        self.case = told(self.world, self.filed.case)

    @property
    def her(self) -> Holder:
        return her(self.filed)

    def appealed(self, at=FRIDAY, ground="step_not_followed"):
        workflow.appeal(self.case, ground=ground, text=WORD, at=at)
        return self._again()

    def given(self, at=MONDAY):
        self.appealed()
        giver = self.world.chair if self.case.with_factory else self.world.expert
        workflow.give_to_reviewer(self.case, reader_of(giver), person=self.reviewer, at=at)
        workflow.declare_conflict(self.case, by=self.reviewer, answer="none", at=at)
        return self._again()

    def decide(self, result="confirmed", at=MONDAY, by=None, **more):
        said = {"reason": REASON, "to_her": MESSAGE, "to_respondent": MESSAGE} | more
        workflow.decide_appeal(self.case, by=by or self.reviewer, result=result, at=at, **said)
        return self._again()

    def _again(self):
        self.case.refresh_from_db()
        return self

    def actor(self, person) -> Actor:
        return workflow.actor_on(self.case, by=person)


@pytest.fixture(scope="module")
def told_once(for_the_file):
    with override_settings(SAMLENG_RELEASE_AT_ONCE=False):
        return Scene()


@pytest.fixture
def scene(told_once, db):
    return copy.deepcopy(told_once)


def kinds_of(case, person) -> set[str]:
    held = Grant.objects.filter(key__compartment__case=case, person_key__person=person)
    return set(held.values_list("key__compartment__kind", flat=True))


def refused(act) -> str:
    with pytest.raises(workflow.StepRefused) as refusal:
        act()
    return str(refusal.value.message)


# --- Asking for it ------------------------------------------------------------------------------------------------


def test_her_appeal_keeps_the_stage_and_interim_measures_and_promises_a_decision_in_twenty_working_days(scene):
    measures = scene.case.interim_measures.filter(ends_on=None).count()
    scene.appealed()
    assert (scene.case.stage, scene.case.side) == ("decision", "appeal")
    assert scene.case.interim_measures.filter(ends_on=None).count() == measures == 1
    deadline = scene.case.deadlines.get(code="appeal_decision")
    assert scene.case.calendar.add_working_days(scene.case.local_day(FRIDAY), 20) == scene.case.local_day(
        deadline.due_at
    )
    measure = scene.case.interim_measures.get()
    workflow.review_interim(
        scene.case, by=scene.world.chair, measure=measure, goes_on=True, note="still dark", at=MONDAY
    )
    scene._again()
    assert list(events.faults(scene.case)) == []


def test_what_she_writes_lies_in_the_record_and_as_a_copy_in_her_inbox_and_nowhere_else(scene):
    scene.appealed()
    hers = compartments.take_out(scene.case, scene.her, ["inbox"], at=FRIDAY, entry_kinds=["appeal"])
    theirs = compartments.take_out(
        scene.case, holder_of(scene.world.chair), ["record"], at=FRIDAY, entry_kinds=["appeal"]
    )
    assert [one.content["text"] for one in (*hers, *theirs)] == [WORD, WORD]
    event = scene.case.events.get(kind="appeal_opened")
    assert (event.at, event.contents) == (None, {"ground": "step_not_followed"})


def test_the_factory_hears_of_her_appeal_at_the_release_and_not_before(scene):
    before = scene.case.assignments.get(person=scene.world.chair).next_due_at
    scene.appealed()
    release = scene.case.calendar.release_after(FRIDAY)
    chair = scene.actor(scene.world.chair)
    scene.case.for_factory(at=FRIDAY)
    page = casepage.case_page(scene.case, chair, at=FRIDAY)
    assert scene.case.appeal_waits
    assert "give_to_reviewer" not in (page.next_step, *page.steps)
    assert "appeal_opened" not in [one.kind for one in casepage.timeline(scene.case, at_factory=True, at=FRIDAY)]
    assert scene.case.assignments.get(person=scene.world.chair).next_due_at == before
    opened = compartments.take_out(
        scene.case, holder_of(scene.world.chair), ["record"], at=FRIDAY, entry_kinds=["appeal"], released_only=True
    )
    assert opened == []
    assert {notice.send_after for notice in Notice.objects.filter(kind="appeal_opened")} == {release}
    # A step of theirs goes on as if nothing were: a refusal would tell it.
    workflow.add_note(scene.case, by=scene.world.officer, text="nothing new", at=FRIDAY)
    scene._again()
    assert scene.case.side == "appeal"
    scene.case.for_factory(at=release)
    assert not scene.case.appeal_waits
    page = casepage.case_page(scene.case, chair, at=release)
    assert page.next_step == "give_to_reviewer"
    work = caseload.works_of([scene.case.assignments.get(person=scene.world.chair)], scene.world.chair, at=FRIDAY)
    assert "appeal" not in str(work[0].promise).lower()


def test_there_is_no_appeal_before_a_result_was_told(scene):
    Case.objects.filter(pk=scene.case.pk).update(outcome_told_on=None)
    assert "no result yet" in refused(lambda: workflow.appeal(scene.case, ground="unfair", text="", at=FRIDAY))


def test_the_window_closes_after_thirty_days_and_the_outside_roads_are_named(scene):
    told_on = scene.case.outcome_told_on
    last = workflow.last_day(scene.case, told_on)
    assert last >= told_on + timedelta(days=30)
    late = THURSDAY + timedelta(days=(last - told_on).days + 1)
    assert "roads outside" in refused(lambda: workflow.appeal(scene.case, ground="unfair", text="", at=late))
    workflow.appeal(scene.case, ground="unfair", text="", at=late - timedelta(days=1))


def test_an_appeal_has_a_ground(scene):
    assert "what is not right" in refused(lambda: workflow.appeal(scene.case, ground="x", text=WORD, at=FRIDAY))


def test_each_side_asks_once_about_one_outcome(scene):
    scene.given().decide("confirmed")
    assert "already" in refused(lambda: workflow.appeal(scene.case, ground="unfair", text="", at=MONDAY))
    note = {"by": scene.world.officer, "ground": "too_strong", "text": "He says so.", "at": MONDAY}
    workflow.note_appeal(scene.case, **note)
    scene._again()
    assert scene.case.appeals.get(decided_on=None).side == "respondent"


def test_the_respondents_appeal_is_noted_by_a_handler_with_his_own_days(scene):
    note = {"by": scene.world.officer, "ground": "too_strong", "text": "He says so."}
    Case.objects.filter(pk=scene.case.pk).update(respondent_outcome_on=None)
    assert "not been told" in refused(lambda: workflow.note_appeal(scene.case, at=FRIDAY, **note))
    Case.objects.filter(pk=scene.case.pk).update(respondent_outcome_on=scene.case.local_day(THURSDAY))
    late = THURSDAY + timedelta(days=45)
    assert "are over" in refused(lambda: workflow.note_appeal(scene.case, at=late, **note))
    assert "in his own words" in refused(lambda: workflow.note_appeal(scene.case, at=FRIDAY, **(note | {"text": " "})))
    workflow.note_appeal(scene.case, at=FRIDAY, **note)
    scene._again()
    assert (scene.case.side, scene.case.appeals.get().side) == ("appeal", "respondent")
    scene.case.for_factory(at=FRIDAY)
    assert not scene.case.appeal_waits  # A handler wrote it down: it is no secret.


def test_his_appeal_on_the_day_of_hers_is_written_down_after_the_release_and_no_word_says_why(scene):
    scene.appealed()
    note = {"by": scene.world.officer, "ground": "too_strong", "text": "He says so."}
    said = refused(lambda: workflow.note_appeal(scene.case, at=FRIDAY, **note))
    assert "tomorrow morning" in said and "ppeal" not in said


def test_she_can_tell_the_new_person_more(scene):
    scene.given()
    workflow.add_to_appeal(scene.case, text="And the bus driver.", at=MONDAY)
    read = compartments.take_out(scene.case, holder_of(scene.reviewer), ["record"], at=MONDAY, entry_kinds=["appeal"])
    assert [one.content["text"] for one in read] == [WORD, "And the bus driver."]
    assert Notice.objects.filter(kind="message", recipient=scene.reviewer).exists()


# --- Somebody new -------------------------------------------------------------------------------------------------


def test_the_reviewer_gets_what_she_shared_the_record_and_the_finding_and_signs_first(scene):
    scene.appealed()
    workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=scene.reviewer, at=MONDAY)
    assert kinds_of(scene.case, scene.reviewer) == {"story", "circumstances", "respondent", "record", "finding"}
    assert set(Grant.objects.filter(person_key__person=scene.reviewer).values_list("reason", flat=True)) == {
        "under_appeal"
    }
    scene._again()
    assert "conflict of interest" in refused(lambda: scene.decide())
    workflow.declare_conflict(scene.case, by=scene.reviewer, answer="none", at=MONDAY)
    scene.decide()


def test_of_an_outside_case_the_reviewer_gets_no_contact_and_nothing_of_danger_age_and_freedom(scene):
    outside = Scene(scene.world, route="outside_only")
    outside.given()
    assert kinds_of(outside.case, outside.reviewer) == {
        "story", "circumstances", "respondent", "pictures", "record", "finding",
    }  # fmt: skip


def test_nobody_from_the_first_round_decides_an_appeal(scene):
    heard = make_reviewer(scene.world, "heard it before")
    Inquirer.objects.create(case=scene.case, person=heard, since=WEDNESDAY.date())
    at_factory = make_reviewer(scene.world, "works there")
    Membership.objects.create(
        person=at_factory, factory=scene.world.factory, role="committee_member", since=WEDNESDAY.date()
    )
    decided = make_reviewer(scene.world, "decided it")
    Decision.objects.create(case=scene.case, number=2, by=decided, decided_on=WEDNESDAY.date())
    pending = make_person("no key", vouched=False)
    Position.objects.create(
        person=pending, organisation=Organisation.objects.get(kind="technical"), role="appeal_reviewer",
        since=WEDNESDAY.date(),
    )  # fmt: skip
    assert [one.person for one in workflow.may_review(scene.case)] == [scene.reviewer]
    scene.appealed()
    for person in (heard, at_factory, decided):
        give = lambda person=person: workflow.give_to_reviewer(  # noqa: E731
            scene.case, reader_of(scene.world.chair), person=person, at=MONDAY
        )
        assert "cannot decide" in refused(give)
    assert "vouched" in refused(
        lambda: workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=pending, at=MONDAY)
    )


def test_an_appeal_is_given_once(scene):
    scene.given()
    other = make_reviewer(scene.world, "another")
    give = lambda: workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=other, at=MONDAY)  # noqa: E731
    assert "already" in refused(give)


def test_an_expert_gives_the_appeal_of_an_outside_case_and_of_no_factory_case(scene):
    scene.appealed()
    expert = scene.case.assignments.get(role="technical_expert")
    Assignment.objects.filter(pk=expert.pk).update(standing_by=False)
    give = lambda: workflow.give_to_reviewer(scene.case, reader_of(expert.person), person=scene.reviewer, at=MONDAY)  # noqa: E731
    assert "The factory handles" in refused(give)


def test_where_nobody_can_decide_it_those_who_can_find_somebody_are_told_and_nothing_of_the_case(scene):
    Position.objects.filter(person=scene.reviewer).update(until=WEDNESDAY.date())
    scene.appealed()
    words = Notice.objects.filter(kind="no_reviewer")
    assert {word.recipient for word in words} == {scene.world.admin, scene.world.expert}
    assert {(word.topic, word.topic_id) for word in words} == {("", None)}


def test_the_reviewer_finds_the_appeal_on_the_list_and_no_other_promise_of_the_case(scene):
    scene.given()
    listed = caseload.caseload(scene.reviewer, at=MONDAY).works[0]
    due_at = scene.case.deadlines.open().get(code="appeal_decision").due_at
    assert (listed.step, listed.due_on) == ("decide_appeal", scene.case.local_day(due_at))
    assert listed.assignment.next_due_at == due_at


def test_a_reviewer_in_conflict_leaves_and_somebody_else_is_found(scene):
    scene.appealed()
    workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=scene.reviewer, at=MONDAY)
    workflow.declare_conflict(scene.case, by=scene.reviewer, answer="yes", at=MONDAY)
    assert kinds_of(scene.case, scene.reviewer) == set()
    assert scene.case.appeals.get().reviewer is None
    assert workflow.may_review(scene.case) == []
    page = casepage.case_page(scene.case, scene.actor(scene.world.chair), at=MONDAY)
    assert page.next_step == "give_to_reviewer"


def test_a_consent_taken_back_cuts_the_reviewer_too(scene):
    scene.given()
    workflow.change_consents(scene.case, scene.her, wanted={"share_text": False}, at=MONDAY)
    assert "story" not in kinds_of(scene.case, scene.reviewer)


# --- Deciding -----------------------------------------------------------------------------------------------------


def test_an_appeal_confirmed_ends_the_side_and_the_reviewers_access_and_tells_her(scene):
    scene.given().decide("confirmed")
    assert (scene.case.stage, scene.case.side) == ("decision", "")
    assert kinds_of(scene.case, scene.reviewer) == set()
    place = scene.case.assignments.get(person=scene.reviewer)
    assert place.ended_because == "appeal_closed"
    assert not Case.objects.visible_to(scene.reviewer, at=MONDAY).exists()
    letters = compartments.take_out(scene.case, scene.her, ["inbox"], at=MONDAY, entry_kinds=["message"])
    assert letters[-1].content["text"] == MESSAGE
    record = compartments.take_out(
        scene.case, holder_of(scene.world.chair), ["record", "finding"], at=MONDAY,
        entry_kinds=["outcome_letter", "appeal_decision"],
    )  # fmt: skip
    assert [one.entry.kind for one in record] == ["outcome_letter", "appeal_decision", "outcome_letter"]
    assert scene.case.deadlines.get(code="appeal_decision").met_at
    assert scene.case.decisions.count() == 1


def test_an_appeal_changed_is_a_new_decision_by_the_reviewer(scene):
    chair = scene.world.chair
    by_day = scene.case.local_day(MONDAY) + timedelta(days=20)
    changed = {
        "sanctions": [workflow.Planned("transfer", chair, by_day)],
        "remedies": [workflow.Planned("paid_care", chair, by_day)],
    }
    scene.given().decide("changed", **changed)
    decision = scene.case.decisions.get(number=2)
    assert (decision.by, decision.is_recommendation, scene.case.side) == (scene.reviewer, False, "")
    assert [one.code for one in scene.case.sanctions.all()] == ["transfer"]
    assert [one.code for one in scene.case.remedies.all()] == ["paid_care"]
    # It is told in full, with new days for an appeal, before anything begins.
    assert (scene.case.stage, scene.case.decided_on) == ("decision", scene.case.local_day(MONDAY))
    tell_both(scene.world, scene.case, at=MONDAY)
    assert scene.case.outcome_told_on == scene.case.local_day(MONDAY)


def test_a_reviewer_moves_her_nowhere_without_her_request(scene):
    by_day = scene.case.local_day(MONDAY) + timedelta(days=20)
    remedies = [workflow.Planned("place_changed", scene.world.chair, by_day)]
    scene.given()
    assert "only where she asked for it" in refused(lambda: scene.decide("changed", remedies=remedies))


def test_a_reviewer_changes_nothing_into_a_sanction_without_a_finding(scene):
    scene.given()
    scene.case.allegations.update(result="not_substantiated")
    by_day = scene.case.local_day(MONDAY) + timedelta(days=20)
    sanctions = [workflow.Planned("transfer", scene.world.chair, by_day)]
    assert "without a finding" in refused(lambda: scene.decide("changed", sanctions=sanctions))


@pytest.mark.parametrize(("stage", "code"), [("finding", "finding"), ("fact_finding", "inquiry_complete")])
def test_an_appeal_sent_back_goes_to_the_step_that_is_named_and_both_sides_are_told_anew(scene, stage, code):
    scene.given()
    scene.decide("sent_back", back_to=stage)
    assert (scene.case.stage, scene.case.side) == (stage, "")
    assert (scene.case.outcome_told_on, scene.case.respondent_outcome_on, scene.case.decided_on) == (None, None, None)
    assert scene.case.deadlines.open().filter(code=code).exists()
    assert not scene.case.deadlines.open().filter(code="remedy_done").exists()  # Nobody could do it in these stages.
    # Her right to move it is back, because nothing is decided any more.
    assert "move_outside" in workflow.allowed(scene.case, Actor(her=True), at=MONDAY)


def test_after_an_appeal_sent_it_back_it_is_found_decided_and_told_anew(scene):
    scene.given()
    scene.decide("sent_back", back_to="finding")
    findings = {number: found("partly_substantiated") for number in (1, 2)}
    first = inquirers(scene.world, scene.case, at=MONDAY)[0]
    workflow.find(scene.case, reader_of(first), findings, all_agree=True, at=MONDAY)
    scene._again()
    case = tell_both(scene.world, decide(scene.world, scene.case, at=MONDAY), at=MONDAY)
    assert (case.stage, case.side, case.decisions.count()) == ("decision", "", 2)
    # A new outcome can be appealed against, and not by the same reviewer.
    workflow.appeal(case, ground="too_weak", text="", at=MONDAY)
    assert workflow.may_review(case) == []


def test_what_goes_back_after_the_action_began_goes_back_all_the_same(scene):
    workflow.begin_action(scene.case, by=scene.world.officer, at=THURSDAY)
    scene._again().given()
    assert scene.case.stage == "action"
    scene.decide("sent_back", back_to="fact_finding")
    assert scene.case.stage == "fact_finding"


def test_only_the_reviewer_of_this_appeal_decides_it(scene):
    scene.given()
    for person in (scene.world.chair, scene.world.officer, scene.world.expert):
        assert "not yours" in refused(lambda person=person: scene.decide(by=person))


def test_a_decision_on_an_appeal_has_reasons_words_to_both_sides_and_a_way_back(scene):
    scene.given()
    assert "200 characters" in refused(lambda: scene.decide(reason="short"))
    assert "human answer" in refused(lambda: scene.decide(to_her="ok"))
    assert "respondent" in refused(lambda: scene.decide(to_respondent=" "))
    assert "to which step" in refused(lambda: scene.decide("sent_back", back_to="closed"))
    assert "three results" in refused(lambda: scene.decide("withdrawn"))


def test_what_had_no_inquiry_is_not_sent_back_to_one(scene):
    scene.given()
    Case.objects.filter(pk=scene.case.pk).update(path="workplace_action")
    assert "no inquiry" in refused(lambda: scene.decide("sent_back", back_to="finding"))


def test_an_appeal_that_nobody_decides_climbs_the_ladder(scene):
    scene.appealed()
    deadline = scene.case.deadlines.get(code="appeal_decision")
    assert People([scene.case]).owners(scene.case, deadline.owner) == [scene.world.chair.pk]
    workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=scene.reviewer, at=MONDAY)
    assert People([scene.case]).owners(scene.case, deadline.owner) == [scene.reviewer.pk]
    sweep.sweep(deadline.due_at + timedelta(days=9))
    raised = scene.case.events.filter(kind="rung_raised", contents__deadline="appeal_decision")
    assert "L3" in {event.contents["level"] for event in raised}


# --- Stopping, holding and moving meanwhile -----------------------------------------------------------------------


def test_while_she_has_paused_it_the_reviewer_opens_nothing_and_taking_it_back_brings_the_appeal_back(scene):
    from complaints import access

    scene.given()
    on = access.case_for(scene.reviewer, scene.case.reference, at=MONDAY)
    assert "story" in access.open_doors(on, at=MONDAY)
    workflow.stop(scene.case, at=MONDAY)
    on = access.case_for(scene.reviewer, scene.case.reference, at=MONDAY)
    assert access.open_doors(on, at=MONDAY) == frozenset()
    workflow.take_stop_back(scene.case, at=MONDAY)
    scene._again()
    assert scene.case.side == "appeal"


def test_a_stop_that_became_final_ends_the_appeal_and_the_reviewers_place(scene):
    scene.given()
    workflow.stop(scene.case, at=MONDAY)
    workflow.finish_stops(at=MONDAY + timedelta(days=2))
    scene._again()
    assert (scene.case.stage, scene.case.appeals.get().result) == ("closed", AppealResult.WITHDRAWN)
    assert not Case.objects.visible_to(scene.reviewer, at=MONDAY + timedelta(days=2)).exists()


def test_a_hold_takes_the_reviewer_and_the_factory_off_and_the_appeal_waits_for_somebody_else(scene):
    scene.given()
    workflow.open_hold(scene.case, reader_of(scene.world.chair), at=MONDAY)
    for person in (scene.reviewer, *scene.world.factory_people):
        assert kinds_of(scene.case, person) == set()
        assert not Case.objects.visible_to(person, at=MONDAY).exists()
    scene._again()
    assert (scene.case.side, scene.case.side_before) == ("safeguarding_hold", "appeal")
    assert scene.case.appeals.get().reviewer is None


def test_moving_outside_takes_whoever_took_part_at_the_factory_off(scene):
    """The decision maker and those who inquired hold grants too."""
    world = scene.world
    filed = file(make_answers(world.factory))
    case = to_decision(world, filed.case)
    decider, outside_member = on_case(case, "decision_maker")[0], on_case(case, "outside_member")[0]
    assert "finding" in kinds_of(case, decider) and "record" in kinds_of(case, outside_member)
    workflow.move_outside(case, her(filed), at=FRIDAY)
    for person in world.factory_people:
        assert kinds_of(case, person) == set()
        assert not Case.objects.visible_to(person, at=MONDAY).filter(pk=case.pk).exists()
    assert not case.assignments.current().filter(person__in=world.factory_people).exists()


def test_once_it_is_decided_it_is_not_moved_any_more(scene):
    assert "decision is made" in refused(lambda: workflow.move_outside(scene.case, scene.her, at=FRIDAY))
