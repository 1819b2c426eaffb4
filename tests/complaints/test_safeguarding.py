"""The safeguarding path: two leads decide, plan with her, follow up; nothing leaves by itself. Workflow, section 12."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from complaints import compartments, deadlines, events, workflow
from complaints.casecodes import EntryKind, EventKind
from complaints.models import Case, Entry
from complaints.selectors.casepage import case_page
from complaints.workflow import StepRefused
from complaints.workflow.safeguarding import FOLLOW_UP_QUESTIONS, PLAN_PARTS
from factories import clock, sweep
from tests.builders import WEDNESDAY, World, holder_of, make_case, make_world, reader_of, sign_in

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
TODAY = date(2026, 6, 11)
HER_OWN: dict[str, Any] = {
    "options": "Stay, or a room of the helpers.",
    "risks": "The landlord is the foreman's cousin.",
    "decided": "She moves on Friday.",
    "her_answer": "yes",
    "duties_checked": True,
}
CHILD: dict[str, Any] = {**HER_OWN, "her_answer": "", "child_view": "She wants to sleep at her aunt's."}
PLAN = dict.fromkeys(PLAN_PARTS, "As she says.") | {"with_her": True}
DUTY: dict[str, Any] = {
    "duty_holder": "The clinic",
    "exact_duty": "Article 20",
    "receiving_body": "Child protection of the province",
    "least": "A girl needs a doctor.",
    "told_her_on": TODAY,
}
WELL = {"is_safe": "yes", "is_free": "yes", "income_enough": "not_known", "care_reached": "yes",
        "pushed_back": "no", "trafficking_signs": "no"}  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def case(world: World) -> Case:
    """A minor's case, looked at by the first lead."""
    case = make_case(world, age_band="15_17")
    workflow.first_look(case, by=world.lead, note="She is at home.", wrote_to_her=False, at=THURSDAY)
    return case


def propose(case: Case, world: World, kind: str = "best_interests", **changes: Any) -> int:
    fields = (CHILD if kind == "best_interests" else HER_OWN) | changes
    return workflow.propose_safety_decision(case, by=world.lead, kind=kind, fields=fields, at=THURSDAY).number


def decide(case: Case, world: World, *, at: datetime = THURSDAY) -> Case:
    number = propose(case, world)
    workflow.agree_safety_decision(case, by=world.second_lead, number=number, at=at)
    case.refresh_from_db()
    return case


def refused(act: Any, *args: Any, **named: Any) -> str:
    with pytest.raises(StepRefused) as refusal:
        act(*args, **named)
    return str(refusal.value.message)


def in_freedom(case: Case, world: World, kind: str) -> list[dict[str, Any]]:
    opened = compartments.take_out(case, holder_of(world.lead), ["freedom"], at=THURSDAY, entry_kinds=[kind])
    return [one.content for one in opened]


# --- The promises of a hold ---------------------------------------------------------------------------------------


def test_a_hold_at_filing_promises_a_decision_in_24_hours_a_plan_in_3_days_and_a_look_at_others_in_10(world):
    case = make_case(world, age_band="15_17")
    due = {one.code: one for one in case.deadlines.all()}
    assert due["hold_decision"].due_at - due["hold_decision"].starts_at == timedelta(hours=24)
    assert case.local_day(due["hold_plan"].due_at) == date(2026, 6, 13)
    assert case.local_day(due["hold_review"].due_at) == case.calendar.add_working_days(date(2026, 6, 10), 10)


def test_a_hold_opened_later_makes_the_same_promises(world):
    case = make_case(world, route="outside_first")
    assert not case.deadlines.filter(code__in=deadlines.OF_A_HOLD).exists()
    workflow.open_hold(case, reader_of(world.expert), at=THURSDAY)
    assert set(case.deadlines.open().filter(code__in=deadlines.OF_A_HOLD).values_list("code", flat=True)) == set(
        deadlines.OF_A_HOLD
    )


def test_a_record_only_case_of_a_minor_is_held_with_its_promises_too(world):
    case = make_case(world, age_band="under_15", route="record_only")
    assert case.in_hold
    assert deadlines.is_open(case, "hold_decision")


def test_a_late_decision_is_told_to_the_leads_and_to_nobody_at_the_factory(world):
    case = make_case(world, age_band="15_17")
    sweep.sweep(WEDNESDAY + timedelta(hours=30))
    raised = case.events.filter(kind=EventKind.RUNG_RAISED, contents__deadline="hold_decision")
    assert raised.exists()
    assert world.second_lead.notices.filter(kind="late_l1").exists()
    for person in (*world.factory_people, world.advisor):
        assert not person.notices.filter(topic_id=case.pk).exists()


# --- Decided by two -----------------------------------------------------------------------------------------------


def test_two_leads_decide_and_the_follow_ups_are_planned(world, case):
    assert world.second_lead.notices.filter(kind="safety_proposed").count() == 0
    number = propose(case, world)
    assert world.second_lead.notices.filter(kind="safety_proposed").count() == 1
    workflow.agree_safety_decision(case, by=world.second_lead, number=number, at=THURSDAY)
    decision = case.safety_decisions.get()
    assert (decision.proposed_by, decision.agreed_by) == (world.lead, world.second_lead)
    assert "hold_decision" in deadlines.met_codes(case)
    planned = list(case.checks.order_by("due_on").values_list("code", flat=True))
    assert planned == list(deadlines.FOLLOW_UPS)
    for check, days in zip(case.checks.order_by("due_on"), (7, 30, 60, 90, 180, 365), strict=True):
        assert TODAY + timedelta(days=days) <= check.due_on <= check.cap_on <= TODAY + timedelta(days=days + 14)
    assert in_freedom(case, world, EntryKind.SAFETY_DECISION)[0]["child_view"] == CHILD["child_view"]


def test_a_lead_does_not_agree_with_her_own_proposal(world, case):
    number = propose(case, world)
    assert "other lead" in refused(workflow.agree_safety_decision, case, by=world.lead, number=number, at=THURSDAY)


def test_a_newer_proposal_replaces_the_one_that_waits(world, case):
    first = propose(case, world)
    propose(case, world, decided="She stays at her aunt's.")
    assert "newest" in refused(workflow.agree_safety_decision, case, by=world.second_lead, number=first, at=THURSDAY)
    workflow.agree_safety_decision(case, by=world.second_lead, number=2, at=THURSDAY)
    assert [one.number for one in case.safety_decisions.exclude(agreed_at=None)] == [2]


def test_nothing_is_decided_before_the_first_look(world):
    case = make_case(world, age_band="15_17")
    assert "Urgent contact" in refused(propose, case, world)


@pytest.mark.parametrize(
    ("kind", "changes", "says"),
    [
        ("best_interests", {"child_view": ""}, "Hear the child"),
        ("best_interests", {"risks": " "}, "risks of each"),
        ("best_interests", {"duties_checked": False}, "whether anybody has to report"),
        ("best_interests", {"duty_exists": True}, "told before anything is passed on"),
        ("best_interests", {"duty_exists": True, "told_her_on": date(2026, 6, 12)}, "told before"),
        ("her_own", {"her_answer": ""}, "what she answered"),
        ("her_own", {"her_answer": "no"}, "her no is respected"),
        ("without_consent", {}, "immediate danger"),
        ("without_consent", {"others_in_danger": True}, "the least"),
        ("without_consent", {"others_in_danger": True, "least": "A fire exit is locked."}, "told before"),
        ("because", {}, "rests"),
    ],
)
def test_a_decision_is_refused_while_something_of_it_is_missing(world, case, kind, changes, says):
    assert says in refused(propose, case, world, kind, **changes)
    assert not case.safety_decisions.exists()


def test_an_adults_no_is_written_down_with_the_way_to_talk_again(world, case):
    propose(case, world, "her_own", her_answer="no", recontact="She writes when her shift changes.")
    [told] = in_freedom(case, world, EntryKind.SAFETY_DECISION)
    assert (told["safety_kind"], told["her_answer"]) == ("her_own", "no")


def test_without_her_consent_two_leads_act_only_for_the_life_of_others_and_after_telling_her(world, case):
    number = propose(
        case, world, "without_consent", others_in_danger=True, least="A fire exit is locked.", told_her_on=TODAY
    )
    assert not workflow.needs.is_decided(case)
    workflow.agree_safety_decision(case, by=world.second_lead, number=number, at=THURSDAY)
    assert workflow.needs.is_decided(case)
    assert in_freedom(case, world, EntryKind.SAFETY_DECISION)[0]["told_her_on"] == "2026-06-11"


def test_nobody_but_a_lead_takes_part_and_nobody_without_a_hold(world, case):
    for person in (world.expert, world.officer, world.chair, world.admin, world.advisor):
        assert refused(
            workflow.propose_safety_decision, case, by=person, kind="best_interests", fields=CHILD, at=THURSDAY
        )
    free = make_case(world, route="outside_only")
    assert refused(propose, free, world)


# --- Plan, duty, others -------------------------------------------------------------------------------------------


def test_the_plan_comes_after_the_decision_and_names_every_part(world, case):
    assert "two leads decide" in refused(workflow.plan_safety, case, by=world.lead, fields=PLAN, at=THURSDAY)
    decide(case, world)
    for name in PLAN_PARTS:
        assert "every part" in refused(workflow.plan_safety, case, by=world.lead, fields=PLAN | {name: ""}, at=THURSDAY)
    assert "with her" in refused(
        workflow.plan_safety, case, by=world.lead, fields=PLAN | {"with_her": False}, at=THURSDAY
    )
    workflow.plan_safety(case, by=world.lead, fields=PLAN, at=THURSDAY)
    assert "hold_plan" in deadlines.met_codes(case)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"told_her_on": None}, "told before"),
        ({"told_her_on": date(2026, 6, 20)}, "told before"),
        ({"exact_duty": ""}, "who has the duty"),
        ({"least": ""}, "the least"),
        ({"passed_on_on": date(2026, 6, 10)}, "told before"),
        ({"passed_on_on": TODAY}, "two leads decide"),
    ],
)
def test_a_legal_duty_is_noted_only_after_she_was_told(world, case, changes, says):
    assert says in refused(workflow.note_legal_duty, case, by=world.lead, fields=DUTY | changes, at=THURSDAY)
    assert not case.events.filter(kind=EventKind.DUTY_NOTED).exists()


def test_a_duty_that_was_passed_on_by_hand_is_kept_with_its_days(world, case):
    decide(case, world)
    workflow.note_legal_duty(case, by=world.lead, fields=DUTY | {"passed_on_on": TODAY}, at=THURSDAY)
    [noted] = in_freedom(case, world, EntryKind.LEGAL_DUTY)
    assert (noted["told_her_on"], noted["passed_on_on"]) == ("2026-06-11", "2026-06-11")


def test_others_are_looked_for_away_from_the_workplace_only(world, case):
    looked: dict[str, Any] = {"by": world.lead, "others": "yes", "note": "Eight beds in the same room."}
    assert "raid" in refused(workflow.note_wider_risk, case, off_site=False, at=THURSDAY, **looked)
    assert "whether others" in refused(
        workflow.note_wider_risk, case, off_site=True, at=THURSDAY, **looked | {"note": " "}
    )
    workflow.note_wider_risk(case, off_site=True, at=THURSDAY, **looked)
    assert "hold_review" in deadlines.met_codes(case)


def test_after_the_hold_an_expert_finishes_the_look_at_others(world, case):
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    assert not deadlines.is_open(case, "hold_decision", "hold_plan")
    expert = case.assignments.current().filter(role="technical_expert").first().person
    workflow.note_wider_risk(case, by=expert, others="no", off_site=True, note="Asked two.", at=THURSDAY)
    again = refused(
        workflow.note_wider_risk, case, by=expert, others="no", off_site=True, note="Asked two.", at=THURSDAY
    )
    assert "safeguarding hold" in again


def test_after_the_hold_a_kept_case_is_kept_again_and_promises_nothing_but_to_ask_how_she_is(world):
    case = make_case(world, age_band="15_17", route="record_only")
    workflow.first_look(case, by=world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    decide(case, world)
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    case.refresh_from_db()
    assert case.side == "kept"
    assert set(case.deadlines.open().values_list("code", flat=True)) == set(deadlines.FOLLOW_UPS)
    expert = case.assignments.current().filter(role="technical_expert").first().person
    follow(case, expert, "follow_up_7", 7)
    assert case.checks.get(code="follow_up_7").result == "answered"


# --- Followed up --------------------------------------------------------------------------------------------------


def follow(case: Case, by: Any, code: str, days: int, *, reached: bool = True, note: str = "", **answers: str) -> None:
    at = THURSDAY + timedelta(days=days)
    workflow.follow_up(case, by=by, code=code, reached=reached, answers=WELL | answers, note=note, at=at)


def test_a_follow_up_she_answers_is_made_and_sealed(world, case):
    decide(case, world)
    follow(case, world.lead, "follow_up_7", 7)
    check = case.checks.get(code="follow_up_7")
    assert (check.result, check.done_on) == ("answered", date(2026, 6, 18))
    assert "follow_up_7" in deadlines.met_codes(case)
    [told] = in_freedom(case, world, EntryKind.FOLLOW_UP)
    assert {told[name] for name in FOLLOW_UP_QUESTIONS} == {"yes", "no", "not_known"}


def test_silence_is_counted_only_after_two_tries_and_never_as_fine(world, case):
    decide(case, world)
    assert "how you tried" in refused(follow, case, world.lead, "follow_up_7", 6, reached=False)
    follow(case, world.lead, "follow_up_7", 6, reached=False, note="Wrote to her page.")
    assert deadlines.is_open(case, "follow_up_7")
    assert "two days" in refused(follow, case, world.lead, "follow_up_7", 7, reached=False, note="Again.")
    follow(case, world.second_lead, "follow_up_7", 8, reached=False, note="Her friend does not know either.")
    assert case.checks.get(code="follow_up_7").result == "no_answer"


def test_a_follow_up_is_not_made_long_before_its_day_nor_twice(world, case):
    decide(case, world)
    assert "three days before" in refused(follow, case, world.lead, "follow_up_30", 7)
    follow(case, world.lead, "follow_up_7", 7)
    assert "does not wait" in refused(follow, case, world.lead, "follow_up_7", 8)
    assert "does not wait" in refused(follow, case, world.lead, "check_30", 30)


def test_each_of_the_six_questions_is_answered(world, case):
    decide(case, world)
    assert "six questions" in refused(follow, case, world.lead, "follow_up_7", 7, is_free="")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("is_safe", "no"), ("is_free", "no"), ("pushed_back", "yes"), ("trafficking_signs", "yes")],
)
def test_an_answer_that_alarms_brings_urgent_contact_back(world, case, question, answer):
    decide(case, world)
    assert not deadlines.is_open(case, "urgent_contact")
    follow(case, world.lead, "follow_up_7", 7, **{question: answer})
    assert deadlines.is_open(case, "urgent_contact")
    assert world.second_lead.notices.filter(kind="not_safe").exists()


def test_after_the_hold_the_experts_follow_up(world, case):
    decide(case, world)
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    expert = case.assignments.current().filter(role="technical_expert").first().person
    follow(case, expert, "follow_up_7", 7)
    assert case.checks.get(code="follow_up_7").result == "answered"


# --- Nobody else --------------------------------------------------------------------------------------------------


def handed_over(case: Case, world: World) -> Case:
    """A case in hold whose hold has ended, and which she handed to her factory."""
    decide(case, world)
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    workflow.lift_hold(case, reader_of(world.second_lead), at=THURSDAY)
    case.refresh_from_db()
    case.route, case.factory_side = "factory_committee", "officer_and_chair"
    case.save()
    return case


def test_at_the_factory_no_page_and_no_list_shows_a_follow_up(world, client, case):
    handed_over(case, world)
    later = THURSDAY + timedelta(days=1)
    for person, role in ((world.officer, "case_officer"), (world.chair, "committee_chair")):
        case.assignments.create(
            person=person, role=role, since=later.date(), visible_from=THURSDAY, next_due_at=deadlines.FAR_AWAY
        )
        case.declarations.create(person=person, answer="none", may_handle=True, declared_at=THURSDAY)
    deadlines.refresh(case)
    assert case.deadlines.open().filter(code__in=deadlines.FOLLOW_UPS).count() == 6
    sign_in(client, world.officer)
    for page in ("/cases/", f"/cases/{case.reference}/", f"/cases/{case.reference}/timeline/", "/staff/"):
        text = client.get(page).content.decode()
        assert "ollow-up" not in text, page
        assert "others face" not in text, page
    assert client.get(f"/cases/{case.reference}/safety/").status_code == 404
    for step in ("follow-up", "plan-safety", "propose-safety-decision", "note-legal-duty", "note-wider-risk"):
        assert client.get(f"/cases/{case.reference}/steps/{step}/").status_code == 403


def test_a_late_follow_up_of_a_case_at_the_factory_is_told_to_no_advisor(world, case):
    handed_over(case, world)
    sweep.sweep(THURSDAY + timedelta(days=60))
    assert case.events.filter(
        kind=EventKind.RUNG_RAISED, contents__deadline="follow_up_7", contents__level="L2"
    ).exists()
    late = set(case.deadlines.filter(code__startswith="follow_up").values_list("pk", flat=True))
    told = world.advisor.notices.values_list("topic_id", flat=True)
    assert not late & set(told)
    assert set(world.programme_lead.notices.values_list("topic_id", flat=True)) & late


def test_the_limits_of_the_path_are_ours_and_keep_their_cap():
    limits = clock.limits("KH")
    assert [limits[code].value for code in deadlines.FOLLOW_UPS] == [7, 30, 60, 90, 180, 365]
    assert [limits[code].cap_value for code in deadlines.FOLLOW_UPS] == [14, 37, 67, 97, 187, 372]
    assert not any(limits[code].may_pause for code in deadlines.OF_THE_LEADS)


def test_rows_and_events_of_the_path_carry_numbers_and_codes_only(world, case):
    decide(case, world)
    workflow.plan_safety(case, by=world.lead, fields=PLAN, at=THURSDAY)
    follow(case, world.lead, "follow_up_7", 7)
    said = case.events.filter(kind__in=["safety_proposed", "safety_decided", "safety_planned", "followed_up"])
    assert {value for contents in said.values_list("contents", flat=True) for value in contents} <= {"number", "check"}
    case.refresh_from_db()
    assert list(events.faults(case)) == []
    kept = Entry.objects.filter(key__compartment__case=case, kind__in=["safety_decision", "safety_plan", "follow_up"])
    assert {entry.key.compartment.kind for entry in kept.select_related("key__compartment")} == {"freedom"}


# --- The page -----------------------------------------------------------------------------------------------------


def test_the_leads_page_shows_what_is_next_and_the_other_lead_reads_before_agreeing(world, client, case):
    propose(case, world)
    sign_in(client, world.lead)
    mine = client.get(f"/cases/{case.reference}/safety/").content.decode()
    assert "Never automatic" in mine
    assert "You proposed it" in mine
    client.logout()
    sign_in(client, world.second_lead)
    page = client.get(f"/cases/{case.reference}/safety/").content.decode()
    assert CHILD["risks"].replace("'", "&#x27;") in page
    assert "agree-safety-decision" in page
    done = client.post(
        f"/cases/{case.reference}/steps/agree-safety-decision/", {"number": "1", "sure": "on"}, follow=True
    )
    assert "Two leads have decided" in done.content.decode()


def test_the_page_is_not_there_for_anybody_else(world, client, case):
    for person in (*world.factory_people, world.expert, world.advisor, world.programme_lead, world.admin):
        sign_in(client, person)
        for page in ("safety", "referrals", "referrals/1", "steps/plan-safety"):
            assert client.get(f"/cases/{case.reference}/{page}/").status_code == 404, (person.name, page)


def test_the_overview_gives_each_lead_exactly_one_next_step(world, client, case):
    workflow.acknowledge(
        case, by=world.lead, text="You are not in trouble. I help from outside the factory.", at=THURSDAY
    )
    workflow.confirm_danger(
        case, by=world.lead, danger_level="soon", age_band="15_17", not_free=False, note="", at=THURSDAY
    )
    case.refresh_from_db()
    found = {}
    for person, before in ((world.lead, True), (world.second_lead, False)):
        from complaints.selectors import casepage

        if before:
            page = casepage.case_page(case, workflow.actor_on(case, by=person), at=THURSDAY)
            assert page.next_step == "propose_safety_decision"
            propose(case, world)
        found[person] = casepage.case_page(case, workflow.actor_on(case, by=person), at=THURSDAY)
    assert found[world.second_lead].next_step == "agree_safety_decision"
    assert found[world.lead].next_step not in ("propose_safety_decision", "agree_safety_decision")


def test_in_a_hold_a_measure_needs_that_she_wants_it_and_that_nobody_can_tell_that_she_spoke(
    world: World, case: Case
) -> None:
    def measure(**confirmed: bool) -> None:
        workflow.decide_interim(
            case, by=world.lead, code="patrol_light_lock", reason="It is dark.", effect_on_pay=False,
            at_her_request=False, at=THURSDAY, **confirmed,
        )  # fmt: skip

    for confirmed in ({}, {"she_wants": True}, {"shows_nobody": True}):
        assert "only if she wants it" in refused(measure, **confirmed)
    assert not case.interim_measures.exists()
    measure(she_wants=True, shows_nobody=True)
    assert case.interim_measures.get().code == "patrol_light_lock"


def test_only_the_form_of_a_hold_asks_for_both_confirmations(world, client, case):
    confirmations = {"she_wants", "shows_nobody"}
    sign_in(client, world.lead)
    form = client.get(f"/cases/{case.reference}/steps/decide-interim/").context["form"]
    assert confirmations <= set(form.fields)
    outside = make_case(world, route="outside_first")
    sign_in(client, outside.assignments.filter(role="technical_expert", standing_by=False).first().person)
    form = client.get(f"/cases/{outside.reference}/steps/decide-interim/").context["form"]
    assert not confirmations & set(form.fields)


# --- What is next -------------------------------------------------------------------------------------------------


def next_for(case: Case, person: Any) -> str:
    case.refresh_from_db()
    return case_page(case, workflow.actor_on(case, by=person), at=THURSDAY).next_step


def test_once_all_is_done_in_a_hold_the_leads_next_step_is_to_ask_each_other_whether_it_can_end(case, world):
    decide(case, world)
    workflow.plan_safety(case, by=world.lead, fields=PLAN, at=THURSDAY)
    workflow.note_wider_risk(case, by=world.lead, others="no", off_site=True, note="x", at=THURSDAY)
    workflow.confirm_danger(
        case, by=world.lead, danger_level="not_now", age_band="15_17", not_free=False, note="", at=THURSDAY
    )
    workflow.acknowledge(case, by=world.lead, text="You are not in trouble. You decide what happens now.", at=THURSDAY)
    workflow.triage(case, by=world.lead, fields={}, second=world.second_lead, at=THURSDAY)
    workflow.decide_interim(
        case, by=world.lead, code="none_needed", reason="x", effect_on_pay=False, at_her_request=False, at=THURSDAY
    )
    assert next_for(case, world.lead) == "agree_path"
    said = {"reason": "She wants to talk.", "severity": "c"}
    workflow.agree_path(case, by=world.lead, path="support_only", fields=said, at=THURSDAY)
    assert (next_for(case, world.lead), next_for(case, world.second_lead)) == ("propose_lift", "propose_lift")
    workflow.propose_lift(case, by=world.lead, at=THURSDAY)
    assert (next_for(case, world.lead), next_for(case, world.second_lead)) == ("", "lift_hold")
