""" "This is not handled well", and what else she wishes on her own page: an outside look, and other consents."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Notice
from complaints import access, compartments, shown, workflow
from complaints.casecodes import EventKind
from complaints.models import Case, Concern
from complaints.selectors import casepage, hers
from factories.models import Organisation, Position
from tests.builders import WEDNESDAY, file, holder_of, make_answers, make_person, make_world, reader_of, sign_in
from tests.complaints.test_appeals import her, kinds_of, refused
from tests.walkers import declare, to_planning

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
FRIDAY = WEDNESDAY + timedelta(days=2)
WORD = "They told the whole line that somebody complained."
ANSWER = "Thank you for saying so. I have talked with the committee about it and look at it again on Friday."


@pytest.fixture(autouse=True)
def _daily_release(settings):
    settings.SAMLENG_RELEASE_AT_ONCE = False


class Scene:
    def __init__(self, **answers):
        self.world = make_world()
        self.filed = file(make_answers(self.world.factory, **answers))
        self.case = self.filed.case
        declare(self.case)

    @property
    def her(self):
        return her(self.filed)

    @property
    def expert(self):
        return self.case.assignments.current().filter(role="technical_expert").first().person

    def raised(self, at=THURSDAY):
        workflow.raise_concern(self.case, self.her, text=WORD, at=at)
        return self

    def answer(self, by=None, *, offers=False, settled=False, at=FRIDAY):
        by = by or self.expert
        workflow.answer_concern(self.case, by=by, text=ANSWER, offers=offers, settled=settled, at=at)

    def fresh(self) -> Case:
        return Case.objects.select_related("country", "factory__country").get(pk=self.case.pk)


@pytest.fixture
def scene():
    return Scene()


# --- A concern about handling -------------------------------------------------------------------------------------


def test_a_concern_reaches_the_expert_at_once_with_her_words(scene):
    scene.raised()
    assert Notice.objects.get(kind="handling_concern").recipient == scene.expert
    assert Notice.objects.get(kind="handling_concern").send_after <= THURSDAY
    on = access.case_for(scene.expert, scene.case.reference, at=THURSDAY)
    read = access.opened(on, reader_of(scene.expert), ["freedom"], at=THURSDAY, entry_kinds=["handling_concern"])
    assert read[0].content == {"text": WORD}
    page = casepage.case_page(scene.fresh(), workflow.actor_on(scene.case, by=scene.expert), at=THURSDAY)
    assert page.next_step == "answer_concern"


def test_her_word_that_somebody_tried_to_find_out_who_she_is_reaches_the_expert_at_once(scene):
    workflow.raise_concern(scene.case, scene.her, text="", breach=True, at=THURSDAY)
    word = Notice.objects.get(kind="breach")
    assert word.recipient == scene.expert and word.send_after <= THURSDAY
    on = access.case_for(scene.expert, scene.case.reference, at=THURSDAY)
    read = access.opened(on, reader_of(scene.expert), ["freedom"], at=THURSDAY, entry_kinds=["handling_concern"])
    assert "tried to find out who complained" in str(shown.lines(read[0].content)[0].label)
    assert "tried to find out that it was you" in hers.page_of(scene.fresh(), scene.her, at=THURSDAY).letters[0].text
    assert not Concern.objects.filter(kind="breach").exists()  # What follows is hers to decide.


def test_the_factory_finds_no_trace_of_a_concern(scene):
    before = {person: Notice.objects.filter(recipient=person).count() for person in scene.world.factory_people}
    scene.raised()
    scene.answer()
    later = FRIDAY + timedelta(days=5)
    for person in (scene.world.officer, scene.world.chair):
        everything = compartments.take_out(scene.case, holder_of(person), ["inbox", "record", "story"], at=later)
        assert WORD not in str(everything) and ANSWER not in str(everything)
        page = casepage.case_page(scene.fresh(), workflow.actor_on(scene.case, by=person), at=later)
        assert {one.assignment.person for one in page.people} == {scene.world.officer, scene.world.chair}
        assert "answer_concern" not in (page.next_step, *page.steps)
        assert not page.waiting_for_answer
        assert Notice.objects.filter(recipient=person).count() == before[person]
    kinds = {event.kind for event in casepage.timeline(scene.case, at_factory=True, at=later)}
    assert not kinds & {EventKind.HANDLING_CONCERN, EventKind.CONCERN_ANSWERED, EventKind.MESSAGE_SENT}


def test_she_reads_the_answer_among_her_letters_and_that_nobody_in_the_factory_does(scene):
    scene.raised()
    scene.answer()
    page = hers.page_of(scene.fresh(), scene.her, at=FRIDAY)
    theirs, mine = page.letters[0], page.letters[1]
    assert (theirs.hers, theirs.text, theirs.outside_only) == (False, ANSWER, True)
    assert mine.hers and WORD in mine.text and mine.outside_only


def test_her_words_lie_at_the_day_and_never_the_minute(scene):
    scene.raised(at=THURSDAY + timedelta(minutes=37))
    assert scene.case.events.get(kind="handling_concern").at is None
    concern = Concern.objects.get()
    assert (concern.kind, concern.shows_at, concern.raised_on) == ("handling", None, scene.case.local_day(THURSDAY))


def test_a_second_word_belongs_to_the_same_concern_and_waits_for_an_answer_again(scene):
    scene.raised()
    scene.answer()
    scene.raised(at=FRIDAY)
    concern = Concern.objects.get()
    assert (concern.answered_on, concern.settled_on) == (None, None)


def test_a_concern_is_answered_like_a_human_by_the_outside_team_alone(scene):
    assert "not yours" in refused(lambda: scene.answer(by=scene.world.chair))
    assert "no open concern" in refused(scene.answer)
    scene.raised()
    assert "not yours" in refused(lambda: scene.answer(by=scene.world.chair))
    short = {"text": "ok", "offers": False, "settled": False, "at": FRIDAY}
    assert "human answer" in refused(lambda: workflow.answer_concern(scene.case, by=scene.expert, **short))
    scene.answer(settled=True)
    assert "no open concern" in refused(scene.answer)


def test_an_offer_to_take_it_over_asks_her_to_move_it_outside(scene):
    scene.raised()
    assert not [ask for ask in hers.page_of(scene.fresh(), scene.her, at=FRIDAY).asks if ask.page == "my_place"]
    scene.answer(offers=True)
    assert [ask for ask in hers.page_of(scene.fresh(), scene.her, at=FRIDAY).asks if ask.page == "my_place"]
    assert "offered" in refused(lambda: workflow.want_other_helper(scene.case, at=FRIDAY))


def test_after_the_decision_nobody_offers_what_can_no_longer_be_done(scene):
    scene.raised()
    Case.objects.filter(pk=scene.case.pk).update(stage="action")
    assert "no longer move outside" in refused(lambda: scene.answer(offers=True))
    desk = Client()
    sign_in(desk, scene.expert)
    with time_machine.travel(FRIDAY, tick=False):
        page = desk.get(f"/cases/{scene.case.reference}/steps/answer-concern/").content.decode()
    assert "ask for a new look at the result" in page and "somebody else takes it over" not in page
    scene.answer()


def test_of_an_outside_case_another_expert_takes_over_when_she_says_yes():
    scene = Scene(route="outside_only")
    scene.raised()
    assert "offered" in refused(lambda: workflow.want_other_helper(scene.case, at=FRIDAY))
    scene.answer(by=scene.world.expert, offers=True)
    assert "my_helper" in [ask.page for ask in hers.page_of(scene.fresh(), scene.her, at=FRIDAY).asks]
    workflow.want_other_helper(scene.case, at=FRIDAY)
    assert "already" in refused(lambda: workflow.want_other_helper(scene.case, at=FRIDAY))
    page = casepage.case_page(scene.fresh(), workflow.actor_on(scene.case, by=scene.world.expert), at=FRIDAY)
    assert page.next_step == "hand_on"
    third = make_person("third expert")
    Position.objects.create(
        person=third, organisation=Organisation.objects.get(kind="technical"), role="technical_expert",
        country=scene.world.country, since=WEDNESDAY.date(),
    )  # fmt: skip
    workflow.hand_on(scene.case, reader_of(scene.world.expert), to=third, at=FRIDAY)
    assert "story" in kinds_of(scene.case, third) and not kinds_of(scene.case, scene.world.expert)
    assert Concern.objects.get().wanted_on is None


def test_in_a_hold_a_concern_goes_to_the_leads():
    scene = Scene(age_band="15_17")
    scene.raised()
    told = {notice.recipient for notice in Notice.objects.filter(kind="handling_concern")}
    assert told == {scene.world.lead, scene.world.second_lead}
    scene.answer(by=scene.world.lead)


def test_where_no_expert_is_on_the_case_one_is_called_with_her_words(scene):
    place = scene.case.assignments.get(role="technical_expert")
    other = next(one for one in (scene.world.expert, scene.world.second_expert) if one != place.person)
    gone = place.person
    workflow.remove_leaver(gone, by=scene.world.admin, at=THURSDAY)
    Position.objects.filter(person=gone).update(until=WEDNESDAY.date())
    scene.raised(at=FRIDAY)
    read = compartments.take_out(scene.case, holder_of(other), ["freedom"], at=FRIDAY, entry_kinds=["handling_concern"])
    assert read[0].content["text"] == WORD
    assert Notice.objects.get(kind="handling_concern").recipient == other


def test_a_closed_case_still_hears_a_concern(scene):
    workflow.stop(scene.case, at=THURSDAY)
    workflow.finish_stops(at=FRIDAY + timedelta(days=1))
    scene.raised(at=FRIDAY + timedelta(days=2))
    assert Concern.objects.filter(kind="handling").exists()


# --- An outside look ----------------------------------------------------------------------------------------------


def test_asking_somebody_outside_to_check_gives_the_expert_what_the_factory_reads_and_the_messages(scene):
    before = kinds_of(scene.case, scene.expert)
    assert not before & {"story", "circumstances", "respondent", "inbox"}
    workflow.change_consents(scene.case, scene.her, wanted={"share_place_time": False}, at=THURSDAY)
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": True}, at=THURSDAY)
    assert kinds_of(scene.case, scene.expert) - before == {"story", "respondent", "inbox"}
    on = access.case_for(scene.expert, scene.case.reference, at=THURSDAY)
    assert {"story", "respondent", "inbox"} <= access.open_doors(on, at=THURSDAY)
    assert not {"record", "finding"} & access.open_doors(on, at=THURSDAY)
    word = Notice.objects.get(kind="expert_review")
    assert (word.recipient, word.send_after) == (scene.expert, scene.case.calendar.release_after(THURSDAY))


def test_taking_the_outside_look_back_cuts_at_once_and_leaves_what_is_kept_for_her(scene):
    before = kinds_of(scene.case, scene.expert)
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": True}, at=THURSDAY)
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": False}, at=THURSDAY)
    assert kinds_of(scene.case, scene.expert) == before
    workflow.write(scene.case, text="after it", at=THURSDAY)
    assert compartments.take_out(scene.case, holder_of(scene.expert), ["inbox"], at=FRIDAY) == []


def test_what_she_shares_later_with_the_factory_is_shared_with_who_checks(scene):
    workflow.change_consents(scene.case, scene.her, wanted={"share_place_time": False}, at=THURSDAY)
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": True}, at=THURSDAY)
    workflow.change_consents(scene.case, scene.her, wanted={"share_place_time": True}, at=THURSDAY)
    assert "circumstances" in kinds_of(scene.case, scene.expert)


def test_the_factory_reads_nothing_of_the_outside_look(scene):
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": True, "match_pattern": True}, at=THURSDAY)
    later = FRIDAY + timedelta(days=5)
    assert "consent_changed" not in {one.kind for one in casepage.timeline(scene.case, at_factory=True, at=later)}
    page = casepage.case_page(scene.fresh(), workflow.actor_on(scene.case, by=scene.world.chair), at=later)
    assert {one.assignment.person for one in page.people} == {scene.world.officer, scene.world.chair}


def test_a_formal_inquiry_rests_on_her_yes_that_he_may_be_told(scene):
    workflow.change_consents(scene.case, scene.her, wanted={"tell_respondent": True}, at=WEDNESDAY)
    to_planning(scene.world, scene.case, she_agreed=False)
    assert Case.objects.get(pk=scene.case.pk).path == "formal_inquiry"


def test_the_factory_is_no_road_for_an_outside_look_of_an_outside_case():
    scene = Scene(route="outside_only")
    before = kinds_of(scene.case, scene.world.expert)
    workflow.change_consents(scene.case, scene.her, wanted={"expert_review": True}, at=THURSDAY)
    assert kinds_of(scene.case, scene.world.expert) == before
