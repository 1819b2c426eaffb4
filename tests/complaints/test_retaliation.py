"""She is treated badly because she told: read outside at once, put right, and never by who handled the first case."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import Http404

from accounts.models import Notice
from complaints import access, compartments, receipts, slots, workflow
from complaints.casecodes import FACTORY_ROLES, HER_KINDS, EventKind
from complaints.codes import CompartmentKind
from complaints.compartments import GrantRefused, Holder
from complaints.exclusions import Excluded
from complaints.intake import Filed
from complaints.models import Case, CaseLink, Concern, Grant, Receipt
from complaints.selectors import caseload, casepage
from complaints.workflow import StepRefused, closing
from tests.builders import WEDNESDAY, World, file, holder_of, make_answers, make_person, make_world, reader_of

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
HER_WORDS = "Since I told, the supervisor gives me the worst machine."
EXPLAINED = "The line leader put her back on her own machine on Friday; the duty list of the week was shown to us."


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.SAMLENG_RELEASE_AT_ONCE = False
    return make_world()


def hers(filed: Filed) -> Holder:
    keys = receipts.keys_of(filed.receipt, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def told(world: World, **answers: object) -> tuple[Filed, Case, Case]:
    filed = file(make_answers(world.factory, **answers))
    for person in (world.officer, world.chair):
        if filed.case.with_factory:
            workflow.declare_conflict(filed.case, by=person, answer="none", at=THURSDAY)
    linked = workflow.raise_retaliation(
        filed.case, hers(filed), text=HER_WORDS, changed=["shift", "rumours"], at=THURSDAY
    )
    filed.case.refresh_from_db()
    return filed, filed.case, linked


def words_of(case: Case, holder: Holder, at: datetime = THURSDAY) -> str:
    return str([one.content for one in compartments.take_out(case, holder, CompartmentKind.values, at=at)])


def test_a_linked_case_of_severity_b_opens_outside_and_two_experts_read_her_words(world: World) -> None:
    _filed, case, linked = told(world)
    assert (linked.route, linked.severity, linked.factory_id) == ("outside_first", "b", case.factory_id)
    assert HER_WORDS in words_of(linked, holder_of(world.expert))
    assert HER_WORDS in words_of(linked, holder_of(world.second_expert))
    assert CaseLink.objects.get().other_id == linked.pk
    concern = Concern.objects.get()
    assert (concern.case_id, concern.kind, concern.linked_case_id) == (case.pk, "retaliation", linked.pk)
    assert linked.reference != case.reference


def test_the_experts_are_told_at_once_and_the_factory_only_at_the_release(world: World) -> None:
    told(world)
    soon = Notice.objects.filter(kind="retaliation", send_after__lte=THURSDAY)
    assert {one.recipient for one in soon} == {world.expert, world.second_expert}
    late = Notice.objects.filter(recipient__in=[world.officer, world.chair], kind="reminder")
    assert late and all(one.send_after > THURSDAY for one in late)


def test_her_own_number_opens_both_and_a_second_one_is_never_needed(world: World) -> None:
    filed, _case, linked = told(world)
    assert HER_WORDS in words_of(linked, hers(filed))
    held = {grant.key.compartment.kind for grant in hers(filed).grants(linked)}
    assert held == set(HER_KINDS)
    assert not linked.receipts.exists()


def test_a_new_number_opens_the_linked_case_too_and_the_old_one_nothing_any_more(world: World) -> None:
    filed, case, linked = told(world)
    old = hers(filed)
    number = workflow.offer_new_number(case, old, at=FRIDAY)
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    new = Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))
    assert HER_WORDS in words_of(linked, old)
    workflow.first_use(new.receipt, at=FRIDAY)
    assert HER_WORDS in words_of(linked, new)
    assert not Grant.objects.filter(key__compartment__case=linked, receipt=old.receipt).exists()


def test_a_number_she_has_asked_for_and_not_used_yet_opens_what_was_told_meanwhile(world: World) -> None:
    filed = file(make_answers(world.factory))
    number = workflow.offer_new_number(filed.case, hers(filed), at=THURSDAY)
    linked = workflow.raise_retaliation(filed.case, hers(filed), text=HER_WORDS, at=THURSDAY)
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    receipt = workflow.first_use(Receipt.objects.get(lookup=keys.lookup), at=FRIDAY)
    assert HER_WORDS in words_of(linked, Holder(keys.pair.private, receipt=receipt))


def test_nobody_who_handled_the_first_case_opens_or_guesses_the_linked_one_or_is_ever_given_it(world: World) -> None:
    _filed, case, linked = told(world)
    excluded = Excluded(linked)
    for person, role in ((world.officer, "case_officer"), (world.chair, "committee_chair")):
        with pytest.raises(Http404):
            access.case_for(person, linked.reference, at=FRIDAY)
        assert not Grant.objects.filter(key__compartment__case=linked, person_key__person=person).exists()
        assert excluded.keeps_out(person, role)
        with pytest.raises(GrantRefused):
            key = person.keys.current().get()
            compartments.give(linked, holder_of(world.expert), ["story"], [(key, role)], "assigned", at=FRIDAY)


def test_before_the_release_no_page_of_the_factory_shows_that_she_told(world: World) -> None:
    filed = file(make_answers(world.factory))
    case = filed.case
    workflow.declare_conflict(case, by=world.officer, answer="none", at=THURSDAY)
    before = _seen(world, case, THURSDAY)
    workflow.raise_retaliation(case, hers(filed), text=HER_WORDS, at=THURSDAY)
    assert _seen(world, case, THURSDAY) == before
    after = _seen(world, case, case.calendar.release_after(THURSDAY))
    assert after != before
    assert HER_WORDS not in after


def _seen(world: World, case: Case, at: datetime) -> str:
    """What the officer's pages show of the case, without anything opened."""
    on = access.case_for(world.officer, case.reference, at=at)
    page = casepage.case_page(on.case, on.actor, at=at)
    listed = caseload.caseload(world.officer, at=at, filters=caseload.Filters()).works
    events = casepage.timeline(on.case, at_factory=True, at=at)
    promises = [(one.label, one.due_on) for one in page.promises]
    people = [one.assignment.person_id for one in page.people]
    rows = [(one.promise, one.due_on, one.assignment.next_due_at) for one in listed]
    return str([promises, people, page.next_step, page.steps, rows, [event.kind for event in events]])


def test_the_factory_has_24_hours_from_the_release_to_keep_her_safe_and_a_measure_meets_it(world: World) -> None:
    _filed, case, _linked = told(world)
    urgent = case.deadlines.open().get(code="interim_measures_urgent")
    release = case.calendar.release_after(THURSDAY)
    assert urgent.starts_at == release
    assert urgent.due_at == release + timedelta(hours=24)
    workflow.decide_interim(
        case, by=world.chair, code="second_person_rule", reason="Back in force.", effect_on_pay=False,
        at_her_request=False, at=release,
    )  # fmt: skip
    assert not case.deadlines.open().filter(code="interim_measures_urgent").exists()


def test_outside_the_24_hours_run_from_now(world: World) -> None:
    _filed, case, linked = told(world, route="outside_first")
    urgent = case.deadlines.open().get(code="interim_measures_urgent")
    assert urgent.due_at <= THURSDAY + timedelta(hours=24)
    assert linked.assignments.filter(role="technical_expert", standing_by=False).count() == 2


def test_of_what_she_told_no_minute_is_kept(world: World) -> None:
    _filed, case, linked = told(world)
    for one in (case.events.get(kind=EventKind.RETALIATION_CONCERN), linked.events.get(kind="complaint_filed")):
        assert one.at is None


def test_telling_twice_opens_one_linked_case(world: World) -> None:
    filed, case, _linked = told(world)
    with pytest.raises(StepRefused):
        workflow.raise_retaliation(case, hers(filed), text="Again.", at=FRIDAY)
    assert Concern.objects.count() == 1


def test_nothing_said_is_refused(world: World) -> None:
    filed = file(make_answers(world.factory))
    with pytest.raises(StepRefused):
        workflow.raise_retaliation(filed.case, hers(filed), text="  ", changed=["nonsense"], at=THURSDAY)
    assert not Concern.objects.exists()


def test_in_the_linked_case_more_of_it_is_a_message(world: World) -> None:
    _filed, _case, linked = told(world)
    assert "raise_retaliation" not in workflow.allowed(linked, workflow.Actor(her=True), at=FRIDAY)
    assert "write" in workflow.allowed(linked, workflow.Actor(her=True), at=FRIDAY)


def test_what_a_handler_notes_goes_outside_and_she_finds_it_with_her_number(world: World) -> None:
    filed = file(make_answers(world.factory))
    workflow.declare_conflict(filed.case, by=world.officer, answer="none", at=THURSDAY)
    linked = workflow.note_retaliation(
        filed.case, by=world.officer, text="A witness says that her overtime was cut.", at=THURSDAY
    )
    assert "overtime" in words_of(linked, holder_of(world.expert))
    assert [one.pk for one in workflow.hers_beside(hers(filed).receipt)] == [linked.pk]
    assert "overtime" not in words_of(filed.case, holder_of(world.chair), at=FRIDAY)
    with pytest.raises(Http404):
        access.case_for(world.officer, linked.reference, at=FRIDAY)


def test_a_stranger_cannot_note_anything(world: World) -> None:
    filed = file(make_answers(world.factory))
    with pytest.raises(StepRefused):
        workflow.note_retaliation(filed.case, by=make_person(), text="x", at=THURSDAY)


def test_in_a_hold_the_leads_read_it_and_no_expert(world: World) -> None:
    filed = file(make_answers(world.factory, age_band="15_17"))
    linked = workflow.raise_retaliation(filed.case, hers(filed), text=HER_WORDS, at=THURSDAY)
    assert linked.in_hold
    assert HER_WORDS in words_of(linked, holder_of(world.lead))
    assert HER_WORDS not in words_of(linked, holder_of(world.expert))


def test_an_expert_settles_it_and_says_why(world: World) -> None:
    _filed, case, linked = told(world)
    with pytest.raises(StepRefused):
        workflow.settle_retaliation(linked, by=world.expert, result="remedied", text="Done.", at=FRIDAY)
    workflow.settle_retaliation(linked, by=world.expert, result="remedied", text=EXPLAINED, at=FRIDAY)
    concern = Concern.objects.get()
    assert concern.settled_on == concern.remedy_verified_on == case.local_day(FRIDAY)
    assert not workflow.open_concerns(case).exists()
    with pytest.raises(StepRefused):
        workflow.settle_retaliation(linked, by=world.second_expert, result="explained", text=EXPLAINED, at=FRIDAY)


def test_what_was_only_explained_is_no_verified_remedy(world: World) -> None:
    _filed, _case, linked = told(world)
    workflow.settle_retaliation(linked, by=world.expert, result="explained", text=EXPLAINED, at=FRIDAY)
    assert Concern.objects.get().remedy_verified_on is None


def test_nobody_at_the_factory_settles_it(world: World) -> None:
    _filed, _case, linked = told(world)
    with pytest.raises(StepRefused):
        workflow.settle_retaliation(linked, by=world.chair, result="explained", text=EXPLAINED, at=FRIDAY)


def test_even_when_it_is_handed_to_the_factory_the_first_handlers_stay_out(world: World) -> None:
    filed, _case, linked = told(world)
    workflow.propose_handover(linked, by=world.expert, text="Shall we tell the committee?", at=FRIDAY)
    linked.refresh_from_db()
    try:
        workflow.accept_handover(linked, hers(filed), consents={"share_text": True}, at=FRIDAY)
    except StepRefused:
        return  # Too few others: it stays outside.
    theirs = linked.assignments.current().filter(role__in=FACTORY_ROLES).values_list("person", flat=True)
    assert not {world.officer.pk, world.chair.pk} & set(theirs)


def test_the_expert_of_the_first_case_is_called_at_the_release(world: World) -> None:
    _filed, case, _linked = told(world)
    release = case.calendar.release_after(THURSDAY)
    on = case.assignments.get(role="technical_expert")
    assert (on.standing_by, on.visible_from) == (False, release)
    access.case_for(on.person, case.reference, at=release)


def test_a_key_in_hand_of_another_case_opens_nothing(world: World) -> None:
    filed, _case, linked = told(world)
    other = file(make_answers(world.factory))
    with pytest.raises(StepRefused):
        workflow.raise_retaliation(filed.case, hers(other), text="x", at=FRIDAY)
    assert words_of(linked, hers(other)) == "[]"
    assert reader_of(world.officer)


def test_that_no_measure_is_needed_is_no_answer_while_she_is_treated_badly(world: World) -> None:
    _filed, case, _linked = told(world)
    release = case.calendar.release_after(THURSDAY)

    def decide(code: str, at: datetime) -> None:
        workflow.decide_interim(
            case, by=world.chair, code=code, reason="So we think.", effect_on_pay=False, at_her_request=False, at=at
        )

    with pytest.raises(StepRefused) as refusal:
        decide("none_needed", release)
    assert "treated badly" in str(refusal.value.message)
    assert case.deadlines.open().filter(code="interim_measures_urgent").exists()
    decide("second_person_rule", release)
    decide("none_needed", release)  # One is in force: no further one is needed.


def test_before_the_release_the_factory_is_not_refused_what_would_tell_that_she_told(world: World) -> None:
    _filed, case, _linked = told(world)
    workflow.decide_interim(
        case, by=world.chair, code="none_needed", reason="Nobody is near her.", effect_on_pay=False,
        at_her_request=False, at=THURSDAY,
    )  # fmt: skip
    assert case.events.filter(kind="interim_decided").exists()


def test_after_the_closing_the_linked_case_carries_the_promise_to_keep_her_safe(world: World) -> None:
    filed = file(make_answers(world.factory))
    closed_now(filed.case)
    linked = workflow.raise_retaliation(filed.case, hers(filed), text=HER_WORDS, at=FRIDAY)
    assert not filed.case.deadlines.open().filter(code="interim_measures_urgent").exists()
    urgent = linked.deadlines.open().get(code="interim_measures_urgent")
    assert urgent.due_at <= FRIDAY + timedelta(hours=24)


def closed_now(case: Case) -> None:
    with transaction.atomic():
        closing.end(Case.objects.select_for_update(of=("self",)).get(pk=case.pk), "completed", at=THURSDAY)
