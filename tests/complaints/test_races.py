"""Two people, or two tabs, take the same step at the same moment: nothing is half done and the chain stays whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import close_old_connections, connection

from accounts import clock
from accounts.models import Notice
from complaints import events, intake, receipts, slots, workflow
from complaints.casecodes import Criterion
from complaints.compartments import Holder
from complaints.models import Case, Check, Entry, Receipt
from complaints.workflow import checks, table
from factories import sweep
from factories.models import Membership
from tests import walkers
from tests.builders import WEDNESDAY, World, file, make_answers, make_person, make_provider, make_world, reader_of
from tests.complaints.test_appeals import REASON, make_reviewer, told
from tests.complaints.test_groups import came
from tests.complaints.test_safeguarding import CHILD, DUTY, PLAN, WELL
from tests.walkers import (
    found,
    hear_both_sides,
    her_consent,
    inquirers,
    inquiry_plan,
    to_fact_finding,
    to_finding,
    to_planning,
)

pytestmark = pytest.mark.django_db(transaction=True)
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
MONDAY = WEDNESDAY + timedelta(days=5)
MINOR: dict[str, Any] = {"age_band": "15_17"}
TEXT = "Thank you for telling us. We have read it and we will look at it this week."


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread of its own; return what each gave or raised."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        close_old_connections()
        try:
            start.wait(10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive(), "a step waits for ever"
    return results


class Scene:
    """One world and one case, made ready for a step."""

    def __init__(self, **answers: Any) -> None:
        self.world: World = make_world()
        self.filed = file(make_answers(self.world.factory, **answers))
        self.case: Case = self.filed.case
        self.world.extra["case"] = self.case

    @property
    def her(self) -> Holder:
        keys = receipts.keys_of(self.filed.receipt, waiting=slots.RECEIPT)
        return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))

    def declare(self) -> Scene:
        for person in (self.world.officer, self.world.chair):
            workflow.declare_conflict(self.case, by=person, answer="none", at=THURSDAY)
        return self

    def acknowledged(self) -> Scene:
        self.declare()
        workflow.acknowledge(self.case, by=self.world.officer, text=TEXT, at=THURSDAY)
        return self

    def triaged(self) -> Scene:
        self.acknowledged()
        workflow.triage(self.case, by=self.world.officer, fields={}, second=self.world.chair, at=THURSDAY)
        return self


def interim(scene: Scene, person: Any) -> Any:
    return workflow.decide_interim(
        scene.case, by=person, code="patrol_light_lock", reason="dark", effect_on_pay=False, at_her_request=False,
        at=THURSDAY,
    )  # fmt: skip


def _chair_declared(scene: Scene) -> Scene:
    scene.world.extra["person"] = scene.world.outside_member
    return scene


def _possible(scene: Scene) -> Scene:
    workflow.declare_conflict(scene.case, by=scene.world.chair, answer="none", at=THURSDAY)
    workflow.declare_conflict(scene.case, by=scene.world.officer, answer="possible", text="neighbour", at=THURSDAY)
    scene.case.assignments.filter(role="technical_expert").update(standing_by=False)
    return scene


def _pair_declared(scene: Scene) -> Scene:
    for person in (scene.world.chair, scene.world.outside_member):
        workflow.declare_conflict(scene.case, by=person, answer="none", at=THURSDAY)
    return scene


def _measure(scene: Scene) -> Scene:
    scene.declare()
    interim(scene, scene.world.chair)
    return scene


def _proposed(scene: Scene) -> Scene:
    workflow.first_look(scene.case, by=scene.world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    workflow.propose_lift(scene.case, by=scene.world.lead, at=THURSDAY)
    return scene


def _handover(scene: Scene) -> Scene:
    workflow.propose_handover(scene.case, by=scene.world.expert, text="shall we", at=THURSDAY)
    return scene


def _another(scene: Scene) -> Scene:
    scene.world.extra["other"] = file(make_answers(scene.world.factory, route="outside_only")).case
    return scene


def _gave_a_number(scene: Scene) -> Scene:
    scene.world.extra["number"] = workflow.add_receipt(scene.case, scene.her, at=THURSDAY)
    return scene


def _two_told(scene: Scene) -> Scene:
    scene.world.extra["other"] = came(_gave_a_number(scene).world.extra["number"])
    return scene


def _stopped(scene: Scene) -> Scene:
    workflow.stop(scene.case, at=THURSDAY)
    return scene


def _false(scene: Scene) -> Scene:
    scene.declare()
    workflow.assign(
        scene.case, reader_of(scene.world.chair), person=scene.world.outside_member, role="outside_member", at=THURSDAY
    )
    scene.case.assignments.filter(role="technical_expert").update(standing_by=False, visible_from=THURSDAY)
    return scene


def _told(scene: Scene) -> Scene:
    scene.world.extra["reviewer"] = make_reviewer(scene.world)
    told(scene.world, scene.case)
    return scene


def _appealed(scene: Scene) -> Scene:
    workflow.appeal(_told(scene).case, ground="unfair", text="x", at=FRIDAY)
    return scene


def _given(scene: Scene) -> Scene:
    reviewer = _appealed(scene).world.extra["reviewer"]
    workflow.give_to_reviewer(scene.case, reader_of(scene.world.chair), person=reviewer, at=MONDAY)
    workflow.declare_conflict(scene.case, by=reviewer, answer="none", at=MONDAY)
    return scene


def decide_appeal(scene: Scene, result: str) -> Any:
    return workflow.decide_appeal(
        scene.case, by=scene.world.extra["reviewer"], result=result, reason=REASON, to_her=TEXT, to_respondent=TEXT,
        back_to="finding", at=MONDAY,
    )  # fmt: skip


def _concerned(scene: Scene) -> Scene:
    workflow.raise_concern(scene.case, scene.her, text="x", at=THURSDAY)
    return scene


def _offered_another(scene: Scene) -> Scene:
    expert = _concerned(scene).world.expert
    workflow.answer_concern(scene.case, by=expert, text=TEXT, offers=True, settled=False, at=THURSDAY)
    return scene


def _looked(scene: Scene) -> Scene:
    workflow.first_look(scene.case, by=scene.world.lead, note="x", wrote_to_her=False, at=THURSDAY)
    return scene


def _waits_for_two(scene: Scene) -> Scene:
    _looked(scene)
    propose_safety(scene, scene.world.lead)
    return scene


def _decided_by_two(scene: Scene) -> Scene:
    _waits_for_two(scene)
    workflow.agree_safety_decision(scene.case, by=scene.world.second_lead, number=1, at=THURSDAY)
    return scene


def propose_safety(scene: Scene, by: Any) -> Any:
    return workflow.propose_safety_decision(scene.case, by=by, kind="best_interests", fields=CHILD, at=THURSDAY)


def _clinic(scene: Scene) -> Scene:
    scene.world.extra["clinic"] = make_provider(
        country=scene.world.country, checked_on=WEDNESDAY.date(), by=scene.world.lead
    )
    return scene


def offer_service(scene: Scene, by: Any) -> Any:
    clinic = scene.world.extra["clinic"]
    return workflow.offer_referral(scene.case, by=by, provider=clinic, text="why", passed_on="this", at=THURSDAY)


def _service_offered(scene: Scene) -> Scene:
    offer_service(_clinic(scene), scene.world.expert)
    return scene


def _service_agreed(scene: Scene) -> Scene:
    workflow.answer_referral(_service_offered(scene).case, scene.her, number=1, yes=True, at=THURSDAY)
    return scene


def _service_sent(scene: Scene) -> Scene:
    workflow.send_referral(_service_agreed(scene).case, reader_of(scene.world.expert), number=1, at=THURSDAY)
    return scene


def note_service(scene: Scene, by: Any, outcome: str) -> Any:
    return workflow.note_referral(
        scene.case, by=by, number=1, outcome=outcome, reached="", followed_up=True, note="", at=THURSDAY
    )


def _inquiry(walk: Callable[..., Any], *, comments: bool = False) -> Callable[[Scene], Scene]:
    """A scene whose case two people of the committee inquire into."""

    def ready(scene: Scene) -> Scene:
        walk(scene.world, scene.case, at=THURSDAY)
        scene.case.refresh_from_db()
        her_consent(scene.case, "tell_respondent", at=WEDNESDAY)
        inquirers(scene.world, scene.case, at=THURSDAY)
        if comments:
            hear_both_sides(scene.world, scene.case, at=THURSDAY)
        return scene

    return ready


def _told_respondent(scene: Scene) -> Scene:
    _inquiry(to_fact_finding)(scene)
    workflow.tell_respondent(scene.case, reader_of(scene.world.chair), text=TEXT, checked=True, at=THURSDAY)
    return scene


def _begin(scene: Scene, person: Any) -> Any:
    plan = inquiry_plan(inquirers(scene.world, scene.case))
    return workflow.begin_inquiry(scene.case, reader_of(person), plan, at=THURSDAY)


def _ask(scene: Scene, person: Any) -> Any:
    return workflow.ask_comments(
        scene.case, by=person, to_her=TEXT, to_respondent=TEXT, answer_by=MONDAY.date(), checked=True, at=THURSDAY
    )


def _find(scene: Scene, person: Any) -> Any:
    return workflow.find(scene.case, reader_of(person), {1: found(), 2: found()}, all_agree=True, at=THURSDAY)


IN_30_DAYS = WEDNESDAY + timedelta(days=30)


def _checks(scene: Scene) -> Scene:
    scene.declare()
    checks.plan(scene.case, at=WEDNESDAY)
    return scene


def _check(scene: Scene) -> Check:
    return scene.case.checks.get(code="check_30")


def _answered(scene: Scene) -> Scene:
    _checks(scene)
    workflow.answer_check(scene.case, check=_check(scene), answers={"feeling": "bad"}, at=IN_30_DAYS)
    return scene


def _look(scene: Scene, person: Any) -> Any:
    found = {"by_line": True, "text": "Duty lists."}
    return workflow.review_hr(
        scene.case, by=person, check=_check(scene), found=found, not_involved=True, at=IN_30_DAYS
    )  # fmt: skip


def _retaliated(scene: Scene) -> Scene:
    scene.world.extra["linked"] = workflow.raise_retaliation(scene.case, scene.her, text="x", at=THURSDAY)
    return scene


def _to_decision(scene: Scene) -> Scene:
    walkers.to_decision(scene.world, scene.case)
    walkers.declare(scene.case)
    return scene


def _nobody_decides(scene: Scene) -> Scene:
    _second_outside_member(scene)
    walkers.to_decision(scene.world, scene.case)
    workflow.declare_conflict(scene.case, by=scene.world.decision_maker, answer="yes", at=THURSDAY)
    return scene


def _second_outside_member(scene: Scene) -> None:
    person = make_person("second outside member")
    Membership.objects.create(person=person, factory=scene.world.factory, role="outside_member", since=WEDNESDAY.date())


def _went_back(scene: Scene) -> Scene:
    _second_outside_member(scene)
    _sends_back(_to_decision(scene))
    findings = {number: walkers.found() for number in scene.case.allegations.values_list("number", flat=True)}
    by = walkers.inquirers(scene.world, scene.case)[0]
    workflow.find(scene.case, reader_of(by), findings, all_agree=True, at=THURSDAY)
    return scene


def _decides(scene: Scene) -> Any:
    return workflow.decide(scene.case, by=scene.world.decision_maker, reasons=walkers.REASONS, at=THURSDAY)


def _sends_back(scene: Scene) -> Any:
    return workflow.send_back(scene.case, by=scene.world.decision_maker, questions=TEXT, at=THURSDAY)


def _decided(scene: Scene) -> Scene:
    walkers.decide(scene.world, walkers.to_decision(scene.world, scene.case))
    return scene


def _recommended(scene: Scene) -> Scene:
    case = walkers.to_decision(scene.world, scene.case)
    workflow.decide(case, by=scene.world.expert, reasons=walkers.REASONS, at=THURSDAY)
    walkers.tell_both(scene.world, case)
    workflow.answer_recommendation(case, given=True, at=THURSDAY)
    return scene


def _to_him(scene: Scene, person: Any) -> Any:
    return workflow.tell_outcome_to_respondent(
        scene.case, by=person, found=TEXT, follows=TEXT, contact="The chair.", at=THURSDAY
    )


def _both_told(scene: Scene) -> Scene:
    walkers.tell_both(scene.world, walkers.decide(scene.world, walkers.to_decision(scene.world, scene.case)))
    return scene


def _in_action(scene: Scene) -> Scene:
    walkers.to_action(scene.world, scene.case)
    return scene


def _talking(scene: Scene) -> Scene:
    walkers.to_talk(scene.world, scene.case)
    return scene


def _talk_stopped(scene: Scene) -> Scene:
    Case.objects.filter(pk=_talking(scene).case.pk).update(talk_ends_at=FRIDAY)  # The test settings release at once.
    return scene


def _asked_her(scene: Scene) -> Scene:
    scene.triaged()
    workflow.send_message(scene.case, by=scene.world.officer, text=TEXT, asks=True, at=THURSDAY)
    return scene


def _she_confirmed(scene: Scene) -> Scene:
    workflow.confirm_remedy(_in_action(scene).case, remedy=scene.case.remedies.get(), happened=True, at=THURSDAY)
    return scene


def _carried_out(scene: Scene) -> Scene:
    walkers.carry_out(_in_action(scene).case)
    return scene


def _adds(scene: Scene, person: Any) -> Any:
    planned = workflow.Planned("light", person, THURSDAY.date() + timedelta(days=9))
    return workflow.add_remedy(scene.case, by=person, planned=planned, at=THURSDAY)


def _plans(scene: Scene, person: Any) -> Any:
    return workflow.plan_remedy(
        scene.case, by=person, remedy=scene.case.remedies.get(), owner=person,
        due_on=THURSDAY.date() + timedelta(days=9), outside_line=True, reason="x", at=THURSDAY,
    )  # fmt: skip


def _is_done(scene: Scene) -> Any:
    remedy = scene.case.remedies.get()
    return workflow.remedy_done(scene.case, by=remedy.owner, remedy=remedy, at=THURSDAY)


def _expert_looks(scene: Scene) -> Scene:
    _is_done(_in_action(scene))
    scene.case.assignments.filter(role="technical_expert").update(standing_by=False)
    return scene


def _verifies(scene: Scene) -> Any:
    expert = scene.case.assignments.get(role="technical_expert").person
    return workflow.verify_remedy(scene.case, by=expert, remedy=scene.case.remedies.get(), evidence="x", at=THURSDAY)


def _carries_out(scene: Scene) -> Any:
    sanction = scene.case.sanctions.get()
    return workflow.carry_out_sanction(scene.case, by=sanction.owner, sanction=sanction, at=THURSDAY)


def _sanction_done(scene: Scene) -> Scene:
    _carries_out(_in_action(scene))
    return scene


def _looks(scene: Scene) -> Any:
    sanction = scene.case.sanctions.get()
    return workflow.check_sanction(scene.case, by=scene.world.chair, sanction=sanction, note="x", at=THURSDAY)


ENDING = THURSDAY + timedelta(days=95)
YEARS = THURSDAY + timedelta(days=400)


def _in_monitoring(scene: Scene) -> Scene:
    """The checks are made and no measure is in force; each step before this one has a race of its own."""
    scene.triaged()
    workflow.agree_path(scene.case, by=scene.world.officer, path="support_only", fields={"reason": "x"}, at=THURSDAY)
    table.move(scene.case, "monitoring", "")
    checks.plan(scene.case, at=THURSDAY)
    day = scene.case.local_day(ENDING)
    made = scene.case.checks.exclude(code="records_review_180")
    made.update(done_on=day, answered_on=day, result="answered", tries=1)
    return scene


def _learns(scene: Scene, person: Any) -> Any:
    text = "Two people should be there when the machine is repaired."
    return workflow.write_learning(scene.case, by=person, text=text, no_names=True, at=ENDING)


def _asked_to_close(scene: Scene) -> Scene:
    _in_monitoring(scene)
    workflow.ask_closing(scene.case, by=scene.world.officer, text=TEXT, at=ENDING)
    return scene


def _answers(scene: Scene, yes: bool) -> Any:
    return workflow.answer_closing(scene.case, may_close=yes, safe="yes", how=3, at=ENDING)


def _to_be_ticked(scene: Scene) -> Scene:
    _asked_to_close(scene)
    _answers(scene, True)
    _learns(scene, scene.world.officer)
    return scene


def _ticks(scene: Scene, person: Any) -> Any:
    at = ENDING + timedelta(days=3)
    return workflow.tick_closure(scene.case, by=person, criteria=Criterion.values, at=at)


def _ticked(scene: Scene) -> Scene:
    _to_be_ticked(scene)
    _ticks(scene, scene.world.officer)
    return scene


def _confirms(scene: Scene, person: Any) -> Any:
    at = ENDING + timedelta(days=3)
    return workflow.confirm_closure(scene.case, by=person, criteria=Criterion.values, at=at)


def _confirmed(scene: Scene) -> Scene:
    _ticked(scene)
    _confirms(scene, scene.world.chair)
    return scene


def _silent(scene: Scene) -> Scene:
    scene.declare()
    for days in (0, 30, 40):
        workflow.send_message(scene.case, by=scene.world.officer, text=TEXT, at=THURSDAY + timedelta(days=days))
    return scene


def _redirects(scene: Scene, person: Any) -> Any:
    return workflow.close_redirected(
        scene.case, by=person, reason="not_in_scope_redirected", text=TEXT, at=THURSDAY
    )  # fmt: skip


def _closed(scene: Scene) -> Scene:
    workflow.stop(scene.case, at=THURSDAY)
    workflow.finish_stop(scene.case, at=THURSDAY + timedelta(days=3))
    return scene


def _opening(scene: Scene) -> Scene:
    """She has opened it again, and the daily release has not reached the factory yet."""
    _closed(scene)
    Case.objects.filter(pk=scene.case.pk).update(reopens_at=THURSDAY + timedelta(days=9))
    return scene


def _deleting(scene: Scene) -> Scene:
    workflow.ask_deletion(scene.case, at=THURSDAY)
    return scene


def _holds(scene: Scene, at: Any = THURSDAY) -> Any:
    until = scene.case.local_day(at) + timedelta(days=60)
    return workflow.place_legal_hold(scene.case, by=scene.world.expert, reason="court", ends_on=until, at=at)


def _held_for_court(scene: Scene) -> Scene:
    scene.world.extra["hold"] = _holds(scene)
    return scene


def _lets_go(scene: Scene) -> Any:
    return workflow.end_legal_hold(scene.case, by=scene.world.expert, hold=scene.world.extra["hold"], at=THURSDAY)


def _over(scene: Scene) -> Scene:
    """A year after closing; the database's own day comes after it, too."""
    clock.set_offset(YEARS - datetime.now(UTC))
    return _closed(scene)


# step -> (answers, make ready, act by one, act by another, how many of the two succeed; None: one or both)
Act = Callable[[Scene], Any]
RACES: dict[str, tuple[dict[str, Any], Act, Act, Act, int | None]] = {
    "declare_conflict": ({}, lambda s: s,
        lambda s: workflow.declare_conflict(s.case, by=s.world.officer, answer="none", at=THURSDAY),
        lambda s: workflow.declare_conflict(s.case, by=s.world.officer, answer="yes", at=THURSDAY), 1),
    "decide_conflict": ({}, _possible,
        lambda s: workflow.decide_conflict(
            s.case, by=s.case.assignments.get(role="technical_expert").person, about=s.world.officer,
            may_handle=True, at=THURSDAY),
        lambda s: workflow.decide_conflict(
            s.case, by=s.case.assignments.get(role="technical_expert").person, about=s.world.officer,
            may_handle=False, at=THURSDAY), 1),
    "ask_conflict_question": ({"respondent_job": ""}, _pair_declared,
        lambda s: workflow.ask_conflict_question(s.case, by=s.world.chair, text=TEXT, at=THURSDAY),
        lambda s: workflow.ask_conflict_question(s.case, by=s.world.outside_member, text=TEXT, at=THURSDAY), None),
    "answer_conflict_question": ({"respondent_job": ""}, _pair_declared,
        lambda s: workflow.answer_conflict_question(
            s.case, reader_of(s.world.chair), names_handlers=False, at=THURSDAY),
        lambda s: workflow.answer_conflict_question(
            s.case, reader_of(s.world.outside_member), names_handlers=False, at=THURSDAY), 1),
    "acknowledge": ({}, Scene.declare,
        lambda s: workflow.acknowledge(s.case, by=s.world.officer, text=TEXT, at=THURSDAY),
        lambda s: workflow.acknowledge(s.case, by=s.world.chair, text=TEXT, at=THURSDAY), 1),
    "triage": ({}, Scene.acknowledged,
        lambda s: workflow.triage(s.case, by=s.world.officer, fields={}, second=s.world.chair, at=THURSDAY),
        lambda s: workflow.triage(s.case, by=s.world.chair, fields={}, second=s.world.officer, at=THURSDAY), 1),
    "confirm_danger": ({"route": "outside_only"}, lambda s: s,
        lambda s: workflow.confirm_danger(s.case, by=s.world.expert, danger_level="soon", age_band="18_plus",
                                          not_free=False, note="", at=THURSDAY),
        lambda s: workflow.confirm_danger(s.case, by=s.world.second_expert, danger_level="soon",
                                          age_band="18_plus", not_free=False, note="", at=THURSDAY), None),
    "decide_interim": ({}, Scene.declare,
        lambda s: interim(s, s.world.officer), lambda s: interim(s, s.world.chair), None),
    "review_interim": ({}, _measure,
        lambda s: workflow.review_interim(s.case, by=s.world.officer, measure=s.case.interim_measures.get(),
                                          goes_on=False, note="x", at=THURSDAY),
        lambda s: workflow.review_interim(s.case, by=s.world.chair, measure=s.case.interim_measures.get(),
                                          goes_on=True, note="x", at=THURSDAY), None),
    "agree_path": ({}, Scene.triaged,
        lambda s: workflow.agree_path(s.case, by=s.world.officer, path="support_only", fields={"reason": "x"},
                                      at=THURSDAY),
        lambda s: workflow.agree_path(s.case, by=s.world.chair, path="workplace_action", fields={"reason": "x"},
                                      at=THURSDAY), None),
    "add_note": ({}, Scene.declare,
        lambda s: workflow.add_note(s.case, by=s.world.officer, text="a", at=THURSDAY),
        lambda s: workflow.add_note(s.case, by=s.world.chair, text="b", at=THURSDAY), 2),
    "send_message": ({}, Scene.declare,
        lambda s: workflow.send_message(s.case, by=s.world.officer, text="a", at=THURSDAY),
        lambda s: workflow.send_message(s.case, by=s.world.chair, text="b", at=THURSDAY), 2),
    "assign": ({}, Scene.declare,
        lambda s: workflow.assign(s.case, reader_of(s.world.officer), person=s.world.outside_member,
                                  role="outside_member", at=THURSDAY),
        lambda s: workflow.assign(s.case, reader_of(s.world.chair), person=s.world.outside_member,
                                  role="outside_member", at=THURSDAY), 1),
    "share_again": ({}, Scene.declare,
        lambda s: workflow.share_again(s.case, reader_of(s.world.officer), to=s.world.chair, at=THURSDAY),
        lambda s: workflow.share_again(s.case, reader_of(s.world.officer), to=s.world.chair, at=THURSDAY), 2),
    "hand_on": ({}, Scene.declare,
        lambda s: workflow.hand_on(s.case, reader_of(s.world.officer), to=s.world.outside_member, at=THURSDAY),
        lambda s: workflow.hand_on(s.case, reader_of(s.world.officer), to=s.world.outside_member, at=THURSDAY), 1),
    "first_look": ({"age_band": "15_17"}, lambda s: s,
        lambda s: workflow.first_look(s.case, by=s.world.lead, note="x", wrote_to_her=False, at=THURSDAY),
        lambda s: workflow.first_look(s.case, by=s.world.second_lead, note="x", wrote_to_her=False, at=THURSDAY), 2),
    "open_hold": ({}, Scene.declare,
        lambda s: workflow.open_hold(s.case, reader_of(s.world.officer), at=THURSDAY),
        lambda s: workflow.open_hold(s.case, reader_of(s.world.chair), at=THURSDAY), 1),
    "propose_lift": ({"age_band": "15_17"}, lambda s: s,
        lambda s: workflow.propose_lift(s.case, by=s.world.lead, at=THURSDAY),
        lambda s: workflow.propose_lift(s.case, by=s.world.second_lead, at=THURSDAY), 2),
    "lift_hold": ({"age_band": "15_17"}, _proposed,
        lambda s: workflow.lift_hold(s.case, reader_of(s.world.second_lead), at=THURSDAY),
        lambda s: workflow.lift_hold(s.case, reader_of(s.world.second_lead), at=THURSDAY), 1),
    "propose_handover": ({"route": "outside_first"}, lambda s: s,
        lambda s: workflow.propose_handover(s.case, by=s.world.expert, text="a", at=THURSDAY),
        lambda s: workflow.propose_handover(s.case, by=s.world.second_expert, text="b", at=THURSDAY), 2),
    "match_factory": ({"route": "outside_first"}, lambda s: s,
        lambda s: workflow.match_factory(s.case, by=s.world.expert, factory=s.world.factory, at=THURSDAY),
        lambda s: workflow.match_factory(s.case, by=s.world.expert, factory=s.world.factory, at=THURSDAY), 2),
    "match_name": ({"route": "outside_first"}, lambda s: s,
        lambda s: workflow.match_name(s.case, by=s.world.expert, person=s.world.officer, at=THURSDAY),
        lambda s: workflow.match_name(s.case, by=s.world.expert, person=s.world.officer, at=THURSDAY), 2),
    "write": ({}, lambda s: s,
        lambda s: workflow.write(s.case, text="a", at=THURSDAY),
        lambda s: workflow.write(s.case, text="b", at=THURSDAY), 2),
    "add_picture": ({}, lambda s: s,
        lambda s: workflow.add_picture(s.case, picture=b"a", at=THURSDAY),
        lambda s: workflow.add_picture(s.case, picture=b"b", at=THURSDAY), 2),
    "change_consents": ({}, lambda s: s,
        lambda s: workflow.change_consents(s.case, s.her, wanted={"share_text": False}, at=THURSDAY),
        lambda s: workflow.change_consents(s.case, s.her, wanted={"share_text": False}, at=THURSDAY), 2),
    "take_new_number": ({}, lambda s: s,
        lambda s: workflow.offer_new_number(s.case, s.her, at=THURSDAY),
        lambda s: workflow.offer_new_number(s.case, s.her, at=THURSDAY), 2),
    "say_not_safe": ({}, lambda s: s,
        lambda s: workflow.say_not_safe(s.case, text="", at=THURSDAY),
        lambda s: workflow.say_not_safe(s.case, text="", at=THURSDAY), 2),
    "move_outside": ({}, lambda s: s,
        lambda s: workflow.move_outside(s.case, s.her, at=THURSDAY),
        lambda s: workflow.move_outside(s.case, s.her, at=THURSDAY), 1),
    "accept_handover": ({"route": "outside_first"}, _handover,
        lambda s: workflow.accept_handover(s.case, s.her, consents={}, at=THURSDAY),
        lambda s: workflow.accept_handover(s.case, s.her, consents={"share_text": True}, at=THURSDAY), 1),
    "choose_route": ({"route": "record_only"}, lambda s: s,
        lambda s: workflow.choose_route(s.case, s.her, route="outside_only", consents={}, at=THURSDAY),
        lambda s: workflow.choose_route(s.case, s.her, route="factory_committee", consents={}, at=THURSDAY), 1),
    "stop": ({}, lambda s: s,
        lambda s: workflow.stop(s.case, at=THURSDAY), lambda s: workflow.stop(s.case, at=THURSDAY), 1),
    "take_stop_back": ({}, _stopped,
        lambda s: workflow.take_stop_back(s.case, at=THURSDAY),
        lambda s: workflow.take_stop_back(s.case, at=THURSDAY), 1),
    "finish_stop": ({}, _stopped,
        lambda s: workflow.finish_stop(s.case, at=THURSDAY + timedelta(days=3)),
        lambda s: workflow.finish_stop(s.case, at=THURSDAY + timedelta(days=3)), 1),
    "find_declaration_false": ({}, _false,
        lambda s: workflow.find_declaration_false(
            s.case, by=s.world.outside_member, about=s.world.officer, text="x", at=THURSDAY),
        lambda s: workflow.find_declaration_false(
            s.case, by=s.case.assignments.get(role="technical_expert").person, about=s.world.officer, text="x",
            at=THURSDAY), 1),
    "appeal": ({}, _told,
        lambda s: workflow.appeal(s.case, ground="unfair", text="x", at=FRIDAY),
        lambda s: workflow.appeal(s.case, ground="too_weak", text="y", at=FRIDAY), 1),
    "note_appeal": ({}, _told,
        lambda s: workflow.note_appeal(s.case, by=s.world.officer, ground="unfair", text="x", at=FRIDAY),
        lambda s: workflow.appeal(s.case, ground="unfair", text="y", at=FRIDAY), 1),
    "add_to_appeal": ({}, _appealed,
        lambda s: workflow.add_to_appeal(s.case, text="one", at=FRIDAY),
        lambda s: workflow.add_to_appeal(s.case, text="two", at=FRIDAY), 2),
    "give_to_reviewer": ({}, _appealed,
        lambda s: workflow.give_to_reviewer(
            s.case, reader_of(s.world.chair), person=s.world.extra["reviewer"], at=MONDAY),
        lambda s: workflow.give_to_reviewer(
            s.case, reader_of(s.world.officer), person=s.world.extra["reviewer"], at=MONDAY), 1),
    "decide_appeal": ({}, _given,
        lambda s: decide_appeal(s, "confirmed"),
        lambda s: decide_appeal(s, "sent_back"), 1),
    "raise_concern": ({}, lambda s: s,
        lambda s: workflow.raise_concern(s.case, s.her, text="one", at=FRIDAY),
        lambda s: workflow.raise_concern(s.case, s.her, text="two", at=FRIDAY), 2),
    "note_breach": ({}, lambda s: s.declare(),
        lambda s: workflow.note_breach(s.case, by=s.world.officer, text="one", at=FRIDAY),
        lambda s: workflow.note_breach(s.case, by=s.world.chair, text="two", at=FRIDAY), 2),
    "answer_concern": ({"route": "outside_only"}, _concerned,
        lambda s: workflow.answer_concern(
            s.case, by=s.world.expert, text=TEXT, offers=False, settled=True, at=FRIDAY),
        lambda s: workflow.answer_concern(
            s.case, by=s.world.second_expert, text=TEXT, offers=True, settled=True, at=FRIDAY), 1),
    "want_other_helper": ({"route": "outside_only"}, _offered_another,
        lambda s: workflow.want_other_helper(s.case, at=FRIDAY),
        lambda s: workflow.want_other_helper(s.case, at=FRIDAY), 1),
    "propose_safety_decision": (MINOR, _looked,
        lambda s: propose_safety(s, s.world.lead), lambda s: propose_safety(s, s.world.second_lead), 2),
    "agree_safety_decision": (MINOR, _waits_for_two,
        lambda s: workflow.agree_safety_decision(s.case, by=s.world.second_lead, number=1, at=THURSDAY),
        lambda s: workflow.agree_safety_decision(s.case, by=s.world.second_lead, number=1, at=THURSDAY), 1),
    "plan_safety": (MINOR, _decided_by_two,
        lambda s: workflow.plan_safety(s.case, by=s.world.lead, fields=PLAN, at=THURSDAY),
        lambda s: workflow.plan_safety(s.case, by=s.world.second_lead, fields=PLAN, at=THURSDAY), 2),
    "note_legal_duty": (MINOR, lambda s: s,
        lambda s: workflow.note_legal_duty(s.case, by=s.world.lead, fields=DUTY, at=THURSDAY),
        lambda s: workflow.note_legal_duty(s.case, by=s.world.second_lead, fields=DUTY, at=THURSDAY), 2),
    "note_wider_risk": (MINOR, lambda s: s,
        lambda s: workflow.note_wider_risk(
            s.case, by=s.world.lead, others="yes", off_site=True, note="x", at=THURSDAY),
        lambda s: workflow.note_wider_risk(
            s.case, by=s.world.second_lead, others="no", off_site=True, note="y", at=THURSDAY), 2),
    "follow_up": (MINOR, _decided_by_two,
        lambda s: workflow.follow_up(s.case, by=s.world.lead, code="follow_up_7", reached=True, answers=WELL, note="",
                                     at=THURSDAY + timedelta(days=7)),
        lambda s: workflow.follow_up(s.case, by=s.world.second_lead, code="follow_up_7", reached=True, answers=WELL,
                                     note="", at=THURSDAY + timedelta(days=7)), 1),
    "offer_referral": ({"route": "outside_only"}, _clinic,
        lambda s: offer_service(s, s.world.expert), lambda s: offer_service(s, s.world.second_expert), 2),
    "answer_referral": ({"route": "outside_only"}, _service_offered,
        lambda s: workflow.answer_referral(s.case, s.her, number=1, yes=True, at=THURSDAY),
        lambda s: workflow.answer_referral(s.case, s.her, number=1, yes=False, at=THURSDAY), 1),
    "send_referral": ({"route": "outside_only"}, _service_agreed,
        lambda s: workflow.send_referral(s.case, reader_of(s.world.expert), number=1, at=THURSDAY),
        lambda s: workflow.revoke_referral(s.case, number=1, at=THURSDAY), None),
    "revoke_referral": ({"route": "outside_only"}, _service_agreed,
        lambda s: workflow.revoke_referral(s.case, number=1, at=THURSDAY),
        lambda s: workflow.revoke_referral(s.case, number=1, at=THURSDAY), 1),
    "note_referral": ({"route": "outside_only"}, _service_sent,
        lambda s: note_service(s, s.world.expert, "done"),
        lambda s: note_service(s, s.world.second_expert, "rejected"), 1),
    "say_of_referral": ({"route": "outside_only"}, _service_sent,
        lambda s: workflow.say_of_referral(s.case, s.her, number=1, codes=["helped"], at=THURSDAY),
        lambda s: workflow.say_of_referral(s.case, s.her, number=1, codes=["harm"], at=THURSDAY), 1),
    "begin_inquiry": ({}, _inquiry(to_planning),
        lambda s: _begin(s, s.world.chair), lambda s: _begin(s, s.world.outside_member), 1),
    "tell_respondent": ({}, _inquiry(to_fact_finding),
        lambda s: workflow.tell_respondent(s.case, reader_of(s.world.officer), text=TEXT, checked=True, at=THURSDAY),
        lambda s: workflow.tell_respondent(s.case, reader_of(s.world.chair), text=TEXT, checked=True, at=THURSDAY), 1),
    "note_reply": ({}, _told_respondent,
        lambda s: workflow.note_reply(s.case, by=s.world.officer, came=False, at=MONDAY),
        lambda s: workflow.note_reply(s.case, by=s.world.chair, came=False, at=MONDAY), 1),
    "hear": ({}, _inquiry(to_fact_finding),
        lambda s: workflow.hear(s.case, by=s.world.chair, who="complainant", came=True, text="x", at=THURSDAY),
        lambda s: workflow.hear(s.case, by=s.world.outside_member, who="complainant", came=True, text="x",
                                at=THURSDAY), 1),
    "add_paper": ({}, _inquiry(to_fact_finding),
        lambda s: workflow.add_paper(s.case, by=s.world.officer, paper="other", text="a", at=THURSDAY),
        lambda s: workflow.add_paper(s.case, by=s.world.chair, paper="other", text="b", at=THURSDAY), 2),
    "ask_comments": ({}, _told_respondent,
        lambda s: _ask(s, s.world.officer), lambda s: _ask(s, s.world.chair), 1),
    "note_comment": ({}, _inquiry(to_fact_finding, comments=True),
        lambda s: workflow.note_comment(s.case, by=s.world.officer, side="respondent", came=True, text="a",
                                        at=THURSDAY),
        lambda s: workflow.note_comment(s.case, by=s.world.chair, side="complainant", came=False, at=THURSDAY), 2),
    "complete_inquiry": ({}, _inquiry(to_fact_finding, comments=True),
        lambda s: workflow.complete_inquiry(s.case, by=s.world.chair, at=THURSDAY),
        lambda s: workflow.complete_inquiry(s.case, by=s.world.outside_member, at=THURSDAY), 1),
    "find": ({}, _inquiry(to_finding),
        lambda s: _find(s, s.world.chair), lambda s: _find(s, s.world.outside_member), 1),
    "ask_check": ({}, _checks,
        lambda s: workflow.ask_check(s.case, by=s.world.officer, check=_check(s), text=TEXT, at=IN_30_DAYS),
        lambda s: workflow.ask_check(s.case, by=s.world.chair, check=_check(s), text=TEXT, at=IN_30_DAYS), 1),
    "review_hr": ({}, _checks,
        lambda s: _look(s, s.world.officer), lambda s: _look(s, s.world.chair), 2),
    "note_check": ({}, _checks,
        lambda s: workflow.note_check(
            s.case, by=s.world.officer, check=_check(s), whom="witness", text="x", at=IN_30_DAYS),
        lambda s: workflow.note_check(
            s.case, by=s.world.chair, check=_check(s), whom="respondent", text="x", at=IN_30_DAYS), 2),
    "complete_check": ({}, _answered,
        lambda s: workflow.complete_check(
            s.case, by=s.world.officer, check=_check(s), text="x", at=IN_30_DAYS + timedelta(days=2)),
        lambda s: workflow.complete_check(
            s.case, by=s.world.chair, check=_check(s), text="x", at=IN_30_DAYS + timedelta(days=2)), 1),
    "answer_check": ({}, _checks,
        lambda s: workflow.answer_check(s.case, check=_check(s), answers={"feeling": "bad"}, at=IN_30_DAYS),
        lambda s: workflow.answer_check(s.case, check=_check(s), answers={"feeling": "good"}, at=IN_30_DAYS), 1),
    "raise_retaliation": ({}, lambda s: s,
        lambda s: workflow.raise_retaliation(s.case, s.her, text="x", at=THURSDAY),
        lambda s: workflow.raise_retaliation(s.case, s.her, text="x", at=THURSDAY), 1),
    "note_retaliation": ({}, lambda s: s.declare(),
        lambda s: workflow.note_retaliation(s.case, by=s.world.officer, text="x", at=THURSDAY),
        lambda s: workflow.note_retaliation(s.case, by=s.world.chair, text="x", at=THURSDAY), 2),
    "settle_retaliation": ({}, _retaliated,
        lambda s: workflow.settle_retaliation(
            s.world.extra["linked"], by=s.world.expert, result="remedied", text=TEXT * 2, at=THURSDAY),
        lambda s: workflow.settle_retaliation(
            s.world.extra["linked"], by=s.world.second_expert, result="explained", text=TEXT * 2, at=THURSDAY), 1),
    "ask_decider": ({}, _nobody_decides,
        lambda s: workflow.ask_decider(s.case, reader_of(s.world.chair), at=THURSDAY),
        lambda s: workflow.ask_decider(s.case, reader_of(s.world.officer), at=THURSDAY), 1),
    "decide": ({}, _to_decision, _decides, _decides, 1),
    "send_back": ({}, _to_decision, lambda s: _sends_back(s), _decides, 1),
    "pass_to_outside_member": ({}, _went_back,
        lambda s: workflow.pass_to_outside_member(s.case, reader_of(s.world.decision_maker), at=THURSDAY), _decides, 1),
    "pass_on_recommendation": ({"route": "outside_first"}, _recommended,
        lambda s: workflow.pass_on_recommendation(s.case, by=s.world.expert, text=TEXT, at=THURSDAY),
        lambda s: workflow.pass_on_recommendation(s.case, by=s.world.second_expert, text=TEXT, at=THURSDAY), 1),
    "answer_recommendation": ({"route": "outside_first"}, _recommended,
        lambda s: workflow.answer_recommendation(s.case, given=False, at=THURSDAY),
        lambda s: workflow.pass_on_recommendation(s.case, by=s.world.expert, text=TEXT, at=THURSDAY), 1),
    "tell_outcome": ({}, _decided,
        lambda s: workflow.tell_outcome(s.case, by=s.world.officer, found=TEXT, done=TEXT, at=THURSDAY),
        lambda s: workflow.tell_outcome(s.case, by=s.world.chair, found=TEXT, done=TEXT, at=THURSDAY), 1),
    "tell_outcome_to_respondent": ({}, _decided,
        lambda s: _to_him(s, s.world.officer), lambda s: _to_him(s, s.world.chair), 1),
    "give_feedback": ({}, Scene.triaged,
        lambda s: workflow.give_feedback(s.case, by=s.world.officer, text=TEXT, at=THURSDAY),
        lambda s: workflow.give_feedback(s.case, by=s.world.chair, text=TEXT, at=THURSDAY), 2),
    "change_path": ({}, _to_decision,
        lambda s: workflow.change_path(s.case, by=s.world.officer, reason="x", at=THURSDAY), _decides, 1),
    "begin_action": ({}, _both_told,
        lambda s: workflow.begin_action(s.case, by=s.world.officer, at=THURSDAY),
        lambda s: workflow.begin_action(s.case, by=s.world.chair, at=THURSDAY), 1),
    "begin_monitoring": ({}, _carried_out,
        lambda s: workflow.begin_monitoring(s.case, by=s.world.officer, at=THURSDAY),
        lambda s: workflow.begin_monitoring(s.case, by=s.world.chair, at=THURSDAY), 1),
    "add_remedy": ({}, _in_action, lambda s: _adds(s, s.world.officer), lambda s: _adds(s, s.world.chair), 2),
    "plan_remedy": ({}, _in_action, lambda s: _plans(s, s.world.officer), lambda s: _plans(s, s.world.chair), 2),
    "remedy_done": ({}, _in_action, lambda s: _is_done(s), lambda s: _is_done(s), 1),
    "ask_about_remedy": ({}, _in_action,
        lambda s: workflow.ask_about_remedy(
            s.case, by=s.world.officer, remedy=s.case.remedies.get(), text=TEXT, at=THURSDAY),
        lambda s: workflow.ask_about_remedy(
            s.case, by=s.world.chair, remedy=s.case.remedies.get(), text=TEXT, at=THURSDAY), 1),
    "verify_remedy": ({}, _expert_looks, lambda s: _verifies(s), lambda s: _verifies(s), 1),
    "confirm_remedy": ({}, _in_action,
        lambda s: workflow.confirm_remedy(s.case, remedy=s.case.remedies.get(), happened=True, at=THURSDAY),
        lambda s: workflow.confirm_remedy(s.case, remedy=s.case.remedies.get(), happened=True, at=THURSDAY), 1),
    "carry_out_sanction": ({}, _in_action, lambda s: _carries_out(s), lambda s: _carries_out(s), 1),
    "check_sanction": ({}, _sanction_done, lambda s: _looks(s), lambda s: _looks(s), 1),
    "write_learning": ({}, _in_monitoring,
        lambda s: _learns(s, s.world.officer), lambda s: _learns(s, s.world.chair), 2),
    "ask_closing": ({}, _in_monitoring,
        lambda s: workflow.ask_closing(s.case, by=s.world.officer, text=TEXT, at=ENDING),
        lambda s: workflow.ask_closing(s.case, by=s.world.chair, text=TEXT, at=ENDING), 2),
    "answer_closing": ({}, _asked_to_close, lambda s: _answers(s, True), lambda s: _answers(s, False), 1),
    "say_how_it_was": ({}, _in_monitoring,
        lambda s: workflow.say_how_it_was(s.case, how=5, at=ENDING),
        lambda s: workflow.say_how_it_was(s.case, how=1, at=ENDING), 1),
    "tick_closure": ({}, _to_be_ticked, lambda s: _ticks(s, s.world.officer), lambda s: _ticks(s, s.world.chair), 1),
    "confirm_closure": ({}, _ticked, lambda s: _confirms(s, s.world.chair), lambda s: _confirms(s, s.world.chair), 1),
    "close": ({}, _confirmed,
        lambda s: workflow.close(s.case, by=s.world.officer, at=ENDING + timedelta(days=3)),
        lambda s: workflow.close(s.case, by=s.world.chair, at=ENDING + timedelta(days=3)), 1),
    "close_no_contact": ({}, _silent,
        lambda s: workflow.close_no_contact(s.case, by=s.world.officer, at=THURSDAY + timedelta(days=62)),
        lambda s: workflow.write(s.case, text="I am here", at=THURSDAY + timedelta(days=62)), None),
    "close_redirected": ({}, Scene.triaged, lambda s: _redirects(s, s.world.officer),
        lambda s: _redirects(s, s.world.chair), 1),
    "finish_reopening": ({}, _opening,
        lambda s: workflow.finish_reopening(s.case, at=THURSDAY + timedelta(days=10)),
        lambda s: workflow.finish_reopening(s.case, at=THURSDAY + timedelta(days=10)), 1),
    "reopen": ({}, _closed,
        lambda s: workflow.reopen(s.case, at=THURSDAY + timedelta(days=9)),
        lambda s: workflow.reopen(s.case, at=THURSDAY + timedelta(days=9)), 1),
    "renew": ({"route": "record_only"}, lambda s: s,
        lambda s: workflow.renew(s.case, at=THURSDAY), lambda s: workflow.renew(s.case, at=THURSDAY), 2),
    "ask_deletion": ({}, lambda s: s,
        lambda s: workflow.ask_deletion(s.case, at=THURSDAY), lambda s: workflow.ask_deletion(s.case, at=THURSDAY), 1),
    "take_deletion_back": ({}, _deleting,
        lambda s: workflow.take_deletion_back(s.case, at=THURSDAY + timedelta(days=3)),
        lambda s: workflow.finish_deletion(s.case, at=THURSDAY + timedelta(days=3)), 1),
    "finish_deletion": ({}, _deleting,
        lambda s: workflow.finish_deletion(s.case, at=THURSDAY + timedelta(days=3)),
        lambda s: workflow.finish_deletion(s.case, at=THURSDAY + timedelta(days=3)), 1),
    "place_legal_hold": ({"route": "outside_only"}, lambda s: s, _holds, _holds, 1),
    "end_legal_hold": ({"route": "outside_only"}, _held_for_court, _lets_go, _lets_go, 1),
    # A purge while a legal hold arrives: one of them, never both.
    "purge": ({"route": "outside_only"}, _over,
        lambda s: workflow.purge(s.case, at=YEARS), lambda s: _holds(s, at=YEARS), 1),
    # Each links from the other side: they take turns, and the second is told that it is done.
    "link_cases": ({"route": "outside_only"}, _another,
        lambda s: workflow.link_cases(s.case, by=s.world.expert, reference=s.world.extra["other"].reference,
                                      kind="duplicate", at=FRIDAY),
        lambda s: workflow.link_cases(s.world.extra["other"], by=s.world.second_expert, reference=s.case.reference,
                                      kind="duplicate", at=FRIDAY), 1),
    "classify": ({"route": "outside_only"}, lambda s: s,
        lambda s: workflow.classify(s.case, by=s.world.expert, severity="a", gbv_class="rape", at=FRIDAY),
        lambda s: workflow.classify(s.case, by=s.world.second_expert, severity="b", gbv_class="rape", at=FRIDAY), 2),
    "add_receipt": ({}, lambda s: s,
        lambda s: workflow.add_receipt(s.case, s.her, at=THURSDAY),
        lambda s: workflow.add_receipt(s.case, s.her, at=THURSDAY), 2),
    "take_receipts_back": ({}, _gave_a_number,
        lambda s: workflow.take_receipts_back(s.case, s.her, at=THURSDAY),
        lambda s: workflow.take_receipts_back(s.case, s.her, at=THURSDAY), 1),
    # The last two want out at the same moment: one of them stays, and has Stop.
    "leave_group": ({}, _two_told,
        lambda s: workflow.leave_group(s.case, s.her, at=THURSDAY),
        lambda s: workflow.leave_group(s.case, s.world.extra["other"], at=THURSDAY), 1),
    "stop_talk": ({}, _talking,
        lambda s: workflow.stop_talk(s.case, at=FRIDAY), lambda s: workflow.stop_talk(s.case, at=FRIDAY), 1),
    "finish_talk": ({}, _talk_stopped,
        lambda s: workflow.finish_talk(s.case, at=MONDAY), lambda s: workflow.finish_talk(s.case, at=MONDAY), 1),
    "end_wait": ({}, _asked_her,
        lambda s: workflow.end_wait(s.case, at=THURSDAY + timedelta(days=40)),
        lambda s: workflow.end_wait(s.case, at=THURSDAY + timedelta(days=40)), 1),
    "keep_promise": ({}, _she_confirmed,
        lambda s: workflow.keep_promise(s.case, remedy=s.case.remedies.get(), at=MONDAY),
        lambda s: workflow.keep_promise(s.case, remedy=s.case.remedies.get(), at=MONDAY), 1),
}  # fmt: skip


def test_every_step_of_the_table_has_its_race():
    assert set(RACES) == set(workflow.STEPS)


@pytest.mark.parametrize("name", RACES)
def test_two_at_once_leave_a_whole_case(name):
    answers, ready, one, other, winners = RACES[name]
    scene = Scene(**answers)
    ready(scene)
    results = together(lambda: one(scene), lambda: other(scene))
    refused = [r for r in results if isinstance(r, workflow.StepRefused)]
    broken = [r for r in results if isinstance(r, Exception) and r not in refused]
    assert broken == []
    won = len(results) - len(refused)
    assert won == winners if winners is not None else won >= 1
    scene.case.refresh_from_db()
    assert list(events.faults(scene.case)) == []
    numbers = list(Entry.objects.filter(key__compartment__case=scene.case).values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))
    scene.case.refresh_from_db()
    deleted = scene.case.closed_at or scene.case.words_deleted_on or scene.case.side == "reopened"
    assert (len(numbers) < scene.case.last_entry) if deleted else (len(numbers) == scene.case.last_entry)
    clock.forget()


def test_a_step_and_a_sweep_never_wait_for_each_other():
    scene = Scene().declare()
    later = WEDNESDAY + timedelta(days=40)
    results = together(
        lambda: workflow.acknowledge(scene.case, by=scene.world.officer, text=TEXT, at=later),
        lambda: sweep.sweep(later),
        lambda: sweep.sweep(later),
    )
    assert [r for r in results if isinstance(r, Exception)] == []
    sweep.sweep(later)
    scene.case.refresh_from_db()
    assert list(events.faults(scene.case)) == []
    causes = list(Notice.objects.values_list("cause", "recipient"))
    assert len(causes) == len(set(causes))


def test_two_presses_of_send_are_one_case():
    world = make_world()
    answers, token = make_answers(world.factory), intake.mint(WEDNESDAY).token
    results = together(*[lambda: intake.file_complaint(answers, token=token, at=WEDNESDAY)] * 4)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert Case.objects.count() == 1
    assert len({filed.receipt for filed in results}) == 1


def test_sixteen_at_once_lose_no_complaint():
    world = make_world()
    results = together(*[lambda: file(make_answers(world.factory))] * 16)
    assert [r for r in results if isinstance(r, Exception)] == []
    assert Case.objects.count() == 16
