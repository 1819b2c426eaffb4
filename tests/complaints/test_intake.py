"""How a complaint is filed: who gets a grant, what stands in the clear, what she is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints import compartments, intake, receipts, slots
from complaints.compartments import Holder
from complaints.models import Case, Entry, Grant, Receipt
from tests.builders import WEDNESDAY, file, holder_of, make_answers, make_case, make_world

pytestmark = pytest.mark.django_db


def her_holder(number: str) -> Holder:
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def test_case_officer_reads_her_words_when_she_shares_them():
    world = make_world()
    case = make_case(world, own_words="a marker sentence")
    opened = compartments.take_out(case, holder_of(world.officer), ["story"], at=WEDNESDAY)
    assert [one.content["own_words"] for one in opened] == ["a marker sentence"]


def test_nobody_at_the_factory_holds_anything_of_an_outside_case():
    world = make_world()
    case = make_case(world, route="outside_only")
    holders = set(Grant.objects.filter(key__compartment__case=case).values_list("person_key__person", flat=True))
    assert not holders & {person.pk for person in world.factory_people}


def test_she_opens_her_own_words_with_her_number():
    world = make_world()
    filed = file(make_answers(world.factory, own_words="mine"))
    opened = compartments.take_out(filed.case, her_holder(filed.receipt), ["story"], at=WEDNESDAY)
    assert opened[0].content["own_words"] == "mine"


def test_same_words_sent_twice_are_one_case_and_show_the_number_again():
    world = make_world()
    answers, minted = make_answers(world.factory), intake.mint(WEDNESDAY)
    first = intake.file_complaint(answers, token=minted.token, at=WEDNESDAY)
    second = intake.file_complaint(answers, token=minted.token, at=WEDNESDAY)
    assert (second.case, second.receipt, second.again) == (first.case, minted.receipt, True)
    assert Case.objects.count() == 1


def test_other_words_under_the_same_token_are_a_new_case_with_a_new_number():
    world = make_world()
    minted = intake.mint(WEDNESDAY)
    first = intake.file_complaint(make_answers(world.factory), token=minted.token, at=WEDNESDAY)
    other = make_answers(world.factory, own_words="something else")
    second = intake.file_complaint(other, token=minted.token, at=WEDNESDAY)
    assert second.changed_words and second.case != first.case and second.receipt != first.receipt


def test_a_number_nobody_minted_files_nothing():
    world = make_world()
    with pytest.raises(intake.TokenRefused):
        intake.file_complaint(make_answers(world.factory), token="forged", at=WEDNESDAY)
    minted = intake.mint(WEDNESDAY - timedelta(hours=13))
    with pytest.raises(intake.TokenRefused):
        intake.file_complaint(make_answers(world.factory), token=minted.token, at=WEDNESDAY)
    assert not Case.objects.exists()


@pytest.mark.parametrize("route", ["factory_committee", "outside_only", "outside_first", "record_only"])
@pytest.mark.parametrize("answer", [{"age_band": "15_17"}, {"freedom": {"FQ4": "yes"}}])
def test_age_or_freedom_opens_a_hold_for_two_leads_on_every_route(route, answer):
    world = make_world()
    case = make_case(world, route=route, **answer)
    people = Grant.objects.to_people().filter(key__compartment__case=case)
    assert case.side == "safeguarding_hold"
    assert set(people.values_list("person_key__person", flat=True)) == {world.lead.pk, world.second_lead.pk}
    assert people.count() == 18


def test_each_answer_compartment_gets_an_entry_whether_she_wrote_something_or_not():
    world = make_world()
    case = make_case(world, own_words="", conduct_types=frozenset({"touch"}))
    kinds = sorted(Entry.objects.filter(key__compartment__case=case).values_list("key__compartment__kind", flat=True))
    assert kinds == ["circumstances", "freedom", "freedom", "freedom", "identity", "respondent", "story"]


def test_the_preview_is_what_the_keys_do():
    world = make_world()
    answers = make_answers(world.factory, share_choice="conduct_only")
    seen = intake.preview(answers, at=WEDNESDAY)
    case = file(answers).case
    for view in seen.readers:
        held = Grant.objects.usable().filter(
            key__compartment__case=case, person_key__person__assignments__role=view.role,
            person_key__person__assignments__case=case,
        ).values_list("key__compartment__kind", flat=True)  # fmt: skip
        assert {kind for kind, _label in view.reads} == set(held) - {"record", "finding"}
    assert seen.nobody_reads
