"""A complaint of several people: a number each, and each may leave alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from complaints import intake, receipts, slots, workflow
from complaints.casecodes import EventKind
from complaints.codes import CompartmentKind
from complaints.compartments import Holder, take_out
from complaints.models import Case, CompartmentKey, Event, Grant, Receipt
from complaints.workflow import StepRefused
from tests.builders import WEDNESDAY, file, make_answers, make_world, sign_in
from tests.complaints.test_other_doors import send
from tests.walkers import declare

pytestmark = pytest.mark.django_db
THURSDAY = WEDNESDAY + timedelta(days=1)
GROUP = {"complainant_kind": "group"}


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def told(world):
    """A group told from the web; one of them holds the number."""
    filed = file(make_answers(world.factory, **GROUP))
    return filed.case, hers(filed.receipt)


def hers(number: str) -> Holder:
    keys = receipts.keys_of(number, waiting=slots.RECEIPT)
    return Holder(keys.pair.private, receipt=Receipt.objects.get(lookup=keys.lookup))


def came(number: str) -> Holder:
    """She has come with the number she was given, and taken one that only she knows."""
    holder = hers(number)
    return used(workflow.offer_new_number(holder.receipt.case, holder, at=THURSDAY))


def used(number: str) -> Holder:
    """She has come with her new number for the first time."""
    new = hers(number)
    return Holder(new.private, receipt=workflow.first_use(new.receipt, at=THURSDAY))


def story(case: Case, holder: Holder) -> str:
    return take_out(case, holder, [CompartmentKind.STORY], at=THURSDAY)[0].content["own_words"]


def test_a_number_given_to_another_opens_what_was_told_and_is_no_second_case(told):
    case, first = told
    second = hers(workflow.add_receipt(case, first, at=THURSDAY))
    assert story(case, second) == story(case, first)
    assert second.receipt.must_be_replaced and second.receipt.member == 2
    assert Case.objects.count() == 1
    event = case.events.get(kind=EventKind.RECEIPT_GIVEN)
    assert (event.actor_kind, event.contents) == ("complainant", {})


def test_a_new_number_of_one_leaves_the_others_as_they_are(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    assert story(case, second) and story(case, first)
    again = used(workflow.offer_new_number(case, first, at=THURSDAY))
    assert {one.member for one in case.receipts.all()} == {1, 2}
    assert story(case, again) and story(case, second)


def test_two_of_a_group_may_have_a_new_number_waiting_at_the_same_time(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    one = workflow.offer_new_number(case, first, at=THURSDAY)
    other = workflow.offer_new_number(case, second, at=THURSDAY)
    assert story(case, used(one)) and story(case, used(other))


def test_who_leaves_opens_nothing_any_more_and_the_case_goes_on(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    before = CompartmentKey.objects.filter(compartment__case=case).count()
    workflow.leave_group(case, first, at=THURSDAY)
    assert not Receipt.objects.filter(pk=first.receipt.pk).exists()
    assert not Grant.objects.filter(receipt=first.receipt.pk).exists()
    # What comes later is sealed under keys that a copy of hers would not open.
    assert CompartmentKey.objects.filter(compartment__case=case).count() > before
    workflow.write(case, text="We go on.", at=THURSDAY)
    assert take_out(case, second, [CompartmentKind.INBOX], at=THURSDAY)[-1].content["text"] == "We go on."
    case.refresh_from_db()
    assert (case.stage, case.side) == ("received", "")


def test_the_factory_reads_nothing_of_who_came_or_left(told, world):
    from complaints.selectors import casepage

    case, first = told
    came(workflow.add_receipt(case, first, at=THURSDAY))
    workflow.leave_group(case, first, at=THURSDAY)
    case.refresh_from_db()
    read = {event.kind for event in casepage.timeline(case, at_factory=True, at=THURSDAY + timedelta(days=5))}
    assert not read & {EventKind.RECEIPT_GIVEN, EventKind.RECEIPT_LEFT}


def test_the_last_one_cannot_leave_because_she_can_stop(told):
    case, first = told
    with pytest.raises(StepRefused) as refused:
        workflow.leave_group(case, first, at=THURSDAY)
    assert "press Stop" in str(refused.value.message)


@pytest.mark.parametrize("step", [workflow.stop, workflow.ask_deletion])
def test_nobody_stops_or_deletes_for_the_others(told, step):
    case, first = told
    came(workflow.add_receipt(case, first, at=THURSDAY))
    with pytest.raises(StepRefused) as refused:
        step(case, at=THURSDAY)
    assert "You can leave" in str(refused.value.message)


def test_the_last_one_who_is_left_may_stop(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    workflow.leave_group(case, first, at=THURSDAY)
    workflow.stop(case, at=THURSDAY)
    assert story(case, second)
    case.refresh_from_db()
    assert case.side == "on_hold_by_complainant"


def test_numbers_nobody_used_are_taken_back_and_those_who_came_stay(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    lost = hers(workflow.add_receipt(case, first, at=THURSDAY))
    assert workflow.take_receipts_back(case, first, at=THURSDAY) == 1
    assert not Receipt.objects.filter(pk=lost.receipt.pk).exists()
    assert story(case, second)


def test_a_number_she_came_with_is_used_even_before_her_new_one_is(told):
    case, first = told
    second = hers(workflow.add_receipt(case, first, at=THURSDAY))
    workflow.offer_new_number(case, second, at=THURSDAY)
    with pytest.raises(StepRefused):
        workflow.take_receipts_back(case, first, at=THURSDAY)


def test_a_paper_for_three_gives_three_numbers_that_nobody_takes_from_another(client, world):
    with time_machine.travel(THURSDAY, tick=False):
        response = send(client, world.officer, world, members="3", complainant_kind="group")
    slips = ["".join(groups) for groups, _note in response.context["slips"]]
    assert len(set(slips)) == 3
    case = Case.objects.get()
    assert all(hers(slip).receipt.must_be_replaced for slip in slips)
    assert len({story(case, hers(slip)) for slip in slips}) == 1
    first = came(slips[0])
    with pytest.raises(StepRefused):
        workflow.take_receipts_back(case, first, at=THURSDAY)
    workflow.leave_group(case, first, at=THURSDAY)
    assert story(case, hers(slips[2]))


def test_a_paper_for_a_group_sent_twice_shows_the_same_numbers(client, world):
    from tests.complaints.test_other_doors import page_for
    from tests.complaints.test_other_doors import told as form_of

    with time_machine.travel(THURSDAY, tick=False):
        page = page_for(client, world.officer)
        sent = form_of(page, world, members="2")
        both = [client.post("/cases/new/", sent).context["slips"] for _i in range(2)]
    assert both[0] == both[1] and len(both[0]) == 2
    assert Case.objects.count() == 1 and Receipt.objects.count() == 2


@pytest.mark.parametrize("members", ["0", "21", "many"])
def test_a_group_has_between_one_number_and_twenty(client, world, members):
    with time_machine.travel(THURSDAY, tick=False):
        response = send(client, world.officer, world, members=members)
    assert response.status_code == 422 and not Case.objects.exists()
    assert "between one number and twenty" in response.content.decode()


def test_from_the_web_nobody_files_numbers_for_others(world):
    with pytest.raises(ValueError, match="twenty"):
        intake.file_complaint(make_answers(world.factory), token=intake.mint(WEDNESDAY).token, at=WEDNESDAY, members=2)


def test_the_twenty_first_number_is_refused(told):
    case, first = told
    for member in range(2, 21):
        Receipt.objects.create(case=case, lookup=bytes([member]) * 32, public_key=bytes(32), member=member)
    with pytest.raises(StepRefused) as refused:
        workflow.add_receipt(case, first, at=THURSDAY)
    assert "twenty" in str(refused.value.message)


def test_a_number_that_another_still_knows_gives_no_numbers_away(told):
    case, first = told
    second = hers(workflow.add_receipt(case, first, at=THURSDAY))
    with pytest.raises(StepRefused) as refused:
        workflow.add_receipt(case, second, at=THURSDAY)
    assert "new number" in str(refused.value.message)


def test_a_member_moves_it_outside_like_the_first(told, world):
    case, first = told
    declare(case)
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    workflow.move_outside(case, second, at=THURSDAY)
    case.refresh_from_db()
    assert not case.with_factory and story(case, first)


def test_each_members_word_of_retaliation_is_her_own(told):
    case, first = told
    second = came(workflow.add_receipt(case, first, at=THURSDAY))
    made = workflow.raise_retaliation(case, second, text="They cut my overtime.", at=THURSDAY)
    assert workflow.hers_beside(first.receipt) == []
    assert workflow.hers_beside(second.receipt) == [made]
    with pytest.raises(StepRefused):
        workflow.add_receipt(made, second, at=THURSDAY)  # The case beside has no group of its own.
    workflow.stop(made, at=THURSDAY)  # And is hers alone to stop.


# --- Her pages ----------------------------------------------------------------------------------------------------


def enter(client, number: str):
    return client.post("/my/?lang=en", {"number": number}, follow=True)


@pytest.fixture
def phone(client, world):
    with time_machine.travel(THURSDAY, tick=False):
        filed = file(make_answers(world.factory, **GROUP), at=THURSDAY)
        enter(client, filed.receipt)
        yield client


def press(client, address: str):
    key = client.get(address).context["form_key"]
    return client.post(address, {"form": key})


def test_her_page_offers_a_number_only_where_several_told(phone, client, world):
    assert "/my/with/" in phone.get("/my/case/?lang=en").content.decode()
    alone = file(make_answers(world.factory), at=THURSDAY)
    enter(client, alone.receipt)
    assert "/my/with/" not in client.get("/my/case/?lang=en").content.decode()


def test_she_makes_a_number_reads_how_many_there_are_and_takes_it_back(phone):
    page = press(phone, "/my/with/?lang=en").content.decode()
    assert "A number for her" in page and "1 number was not used yet" in page
    assert "/my/pause/" not in phone.get("/my/case/?lang=en").content.decode()
    key = phone.get("/my/with/?lang=en").context["form_key"]
    assert phone.post("/my/with/back/?lang=en", {"form": key}).status_code == 303
    assert Receipt.objects.count() == 1
    assert "/my/pause/" in phone.get("/my/case/?lang=en").content.decode()


def test_she_leaves_and_her_visit_ends_with_it(phone):
    press(phone, "/my/with/?lang=en")
    asked = phone.get("/my/apart/?lang=en").content.decode()
    assert "the others" in asked and "cannot be undone" in asked
    left = press(phone, "/my/apart/?lang=en")
    assert "You have left" in left.content.decode()
    assert left.headers["Clear-Site-Data"]
    assert phone.get("/my/case/?lang=en").status_code in (303, 403)
    assert Event.objects.filter(kind=EventKind.RECEIPT_LEFT).count() == 1


def test_who_got_a_number_takes_a_new_one_before_anything_is_shown(phone):
    page = press(phone, "/my/with/?lang=en")
    number = "".join(page.context["groups"])
    from django.test import Client

    other = Client()
    assert enter(other, number).redirect_chain[-1][0].startswith("/my/number/")
    assert other.get("/my/case/").headers["Location"].startswith("/my/number/")
    assert other.get("/my/with/").headers["Location"].startswith("/my/number/")


def test_another_site_cannot_press_for_her(phone):
    phone.post("/my/with/?lang=en", {"form": "from elsewhere"})
    phone.post("/my/apart/?lang=en", {"form": "from elsewhere"})
    assert Receipt.objects.count() == 1


def test_handlers_do_not_see_how_many_they_are(client, world, told):
    case, first = told
    came(workflow.add_receipt(case, first, at=THURSDAY))
    declare(case)
    with time_machine.travel(THURSDAY, tick=False):
        sign_in(client, world.chair)
        for page in ("", "timeline/"):
            assert "receipt given" not in client.get(f"/cases/{case.reference}/{page}").content.decode().lower()
