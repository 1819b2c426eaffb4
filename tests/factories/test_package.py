"""A factory's way through the prevention package: entry, order, dates, and what shows that something is done."""

from datetime import timedelta

import pytest

from factories import clock, sweep
from factories.models import Activity, JointReview, MouPoint, PackageDeadline, PackageRung
from factories.package import (
    activities,
    ending,
    entry,
    events,
    learning,
    numbers,
    postponing,
    practices,
    progress,
    requests,
    reviews,
)
from factories.package.refusal import PackageRefused
from tests.builders import make_country, make_factory, make_world
from tests.packages import BEGAN, activity, enter, finish, hold, introduce, move, noon, working

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def planned(world):
    world.extra["plan"] = enter(world)
    return world


# --- Entry ---------------------------------------------------------------------------------------------------


def test_a_plan_gives_every_activity_a_date_on_a_working_day_in_its_order(planned):
    calendar = clock.calendar_for(planned.factory)
    dates = dict(planned.factory.activities.values_list("code", "due_on"))
    assert len(dates) == 19 and all(calendar.is_working(day) for day in dates.values())
    assert dates["CHAN"] > max(dates["COMM"], dates["T-COMM"], dates["REFER"]) and dates["T-WORK"] > dates["CHAN"]
    assert progress.of(planned.factory, planned.extra["plan"]).core == 13


def test_each_step_of_entry_waits_for_the_one_before(world):
    factory, by, at = world.factory, world.advisor, noon(BEGAN)
    with pytest.raises(PackageRefused, match="introduction to which the factory answered yes"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    said = introduce(world, with_decider=False)
    entry.answer(said, "yes", on=BEGAN, by=by, at=at)
    with pytest.raises(PackageRefused, match="Nobody who can decide"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    entry.answer(introduce(world), "yes", on=BEGAN, by=by, at=at)
    with pytest.raises(PackageRefused, match="every point"):
        entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values[1:], by=by, at=at)
    with pytest.raises(PackageRefused, match="has not come yet"):
        entry.sign_understanding(factory, on=BEGAN + timedelta(days=1), points=MouPoint.values, by=by, at=at)
    entry.sign_understanding(factory, on=BEGAN, points=MouPoint.values, by=by, at=at)
    with pytest.raises(PackageRefused, match="First the factory names"):
        entry.agree_plan(factory, entry.suggested_dates(factory, BEGAN), on=BEGAN, by=by, at=at)


def test_a_factory_that_says_later_is_asked_again_and_one_that_says_no_says_why(world):
    by, at = world.advisor, noon(BEGAN)
    with pytest.raises(PackageRefused, match="day on which to ask again"):
        entry.answer(introduce(world), "later", on=BEGAN, by=by, at=at)
    later = entry.answer(introduce(world), "later", on=BEGAN, later_on=BEGAN + timedelta(days=60), by=by, at=at)
    promised = PackageDeadline.objects.get(code="ask_again")
    assert promised.is_open and later.later_on == clock.calendar_for(world.factory).local_day(promised.due_at)
    with pytest.raises(PackageRefused, match="why the factory said no"):
        entry.answer(introduce(world), "no", on=BEGAN, by=by, at=at)
    entry.answer(introduce(world), "yes", on=BEGAN, by=by, at=at)
    assert not PackageDeadline.objects.open().exists()


def test_a_plan_on_a_day_of_rest_or_out_of_order_is_refused(world):
    on = enter(world, plan=False)
    dates = entry.suggested_dates(world.factory, on)
    sunday = dates["PRESS"] + timedelta(days=6 - dates["PRESS"].weekday())
    world.factory.days.create(day=sunday, works=False)
    for wrong, said in (
        ({"PRESS": sunday}, "does not work on these days"),
        ({"CHAN": dates["POLICY"]}, "planned before what it needs"),
        ({"PRESS": BEGAN}, "over already"),
    ):
        with pytest.raises(PackageRefused, match=said):
            entry.agree_plan(world.factory, dates | wrong, on=on, by=world.advisor, at=noon(on))
    with pytest.raises(PackageRefused, match="date for every activity"):
        entry.agree_plan(world.factory, {"BASE": dates["BASE"]}, on=on, by=world.advisor, at=noon(on))


# --- Order and evidence ---------------------------------------------------------------------------------------


def test_channels_never_open_before_handlers_are_trained_and_help_is_mapped(planned):
    on = planned.extra["plan"] + timedelta(days=10)
    with pytest.raises(PackageRefused, match="Channels never open before handlers are trained and help is mapped"):
        activities.done(activity(planned, "CHAN"), on=on, evidence="x", by=planned.expert, at=noon(on))
    with pytest.raises(PackageRefused, match="draft of the policy"):
        activities.done(activity(planned, "COMM"), on=on, evidence="x", by=planned.expert, at=noon(on))
    with pytest.raises(PackageRefused, match="Workers are not trained on channels that are not open"):
        finish(planned, "T-WORK", on)
    with pytest.raises(PackageRefused, match="no campaign without an open channel"):
        finish(planned, "AWARE", on)
    for code in ("COMM", "T-COMM", "REFER"):
        finish(planned, code, on)
    with pytest.raises(PackageRefused, match="three answered in time"):
        activities.done(activity(planned, "CHAN"), on=on, evidence="x", by=planned.expert, at=noon(on))
    assert not activities.channels_open(planned.factory)
    finish(planned, "CHAN", on)
    assert activities.channels_open(planned.factory)
    assert progress.of(planned.factory, on).done == 4


def test_a_late_answer_or_none_without_a_name_does_not_open_channels(planned):
    on = planned.extra["plan"] + timedelta(days=20)
    for code in ("COMM", "T-COMM", "REFER"):
        finish(planned, code, on)
    for anonymous, days in ((False, 1), (False, 1), (True, 20)):
        sent = on - timedelta(days=20)
        learning.send_test(
            planned.factory, way="box", anonymous=anonymous, sent_on=sent, answered_on=sent + timedelta(days=days),
            by=planned.expert, at=noon(on),
        )  # fmt: skip
    with pytest.raises(PackageRefused, match="without a name"):
        activities.done(activity(planned, "CHAN"), on=on, evidence="x", by=planned.expert, at=noon(on))


def test_a_whole_run_in_order_is_done_and_on_time(planned):
    dates = dict(planned.factory.activities.values_list("code", "due_on"))
    with pytest.raises(PackageRefused, match="has to be final first"):
        activities.done(
            activity(planned, "BASE"), on=dates["BASE"], evidence="x", by=planned.expert, at=noon(dates["BASE"])
        )
    for code in sorted(dates, key=lambda code: (dates[code], code)):
        finish(planned, code, dates[code])
    last = max(dates.values())
    found = progress.of(planned.factory, last)
    assert (found.done, found.core, found.on_time, found.timed, found.on_track) == (13, 13, 13, 13, True)
    half = progress.of(planned.factory, dates["CHAN"])
    assert 0 < half.done < 13 and not PackageDeadline.objects.open().exists()


def test_progress_of_many_asks_the_same_number_of_questions(planned, django_assert_num_queries):
    enter(other := make_world(country=make_country("VN", name="Viet Nam", language="vi")))
    move(other, "POLICY", on=other.factory.activities.get(code="POLICY").due_on, to=None, reason="programme_delay")
    factories = [planned.factory, other.factory, make_factory()]
    with django_assert_num_queries(2):
        found = progress.of_many(factories, BEGAN)
    assert set(found) == {factory.pk for factory in factories}


# --- Postponing ----------------------------------------------------------------------------------------------


def due(world, code):
    return activity(world, code).due_on


def later(world, code, days):
    return working(world.factory, due(world, code) + timedelta(days=days))


def test_once_with_a_new_date_is_normal_and_the_first_date_stays(planned):
    first = due(planned, "POLICY")
    new = later(planned, "POLICY", 14)
    move(planned, "POLICY", on=first, to=new)
    one = activity(planned, "POLICY")
    assert (one.state, one.first_agreed_on, one.due_on) == ("postponed", first, new)
    assert not JointReview.objects.exists()
    assert [d.is_open for d in one.deadlines.filter(code="activity").order_by("ordinal")] == [False, True]


def test_a_second_move_of_the_same_activity_opens_one_review_due_in_ten_working_days(planned):
    on = due(planned, "POLICY")
    move(planned, "POLICY", on=on, to=later(planned, "POLICY", 7))
    move(planned, "POLICY", on=on, to=later(planned, "POLICY", 7))
    review = JointReview.objects.get()
    assert review.rule == "twice" and review.activity.code == "POLICY"
    assert review.due_on == clock.calendar_for(planned.factory).add_working_days(on, 10)
    assert set(planned.expert.notices.values_list("kind", flat=True)) == {"package_review_opened"}
    move(planned, "REFER", on=on, to=None)
    assert JointReview.objects.count() == 1


def test_a_move_without_a_date_or_three_in_ninety_days_is_a_pattern_and_ours_never_are(planned):
    on = due(planned, "BASE")
    for code in ("POLICY", "REFER", "COMM", "WALK"):
        move(planned, code, on=on, to=later(planned, code, 5), reason="trainer_unavailable")
        move(planned, code, on=on, to=None, reason="programme_delay")
    assert not JointReview.objects.exists()
    assert progress.of(planned.factory, on + timedelta(days=300)).moves_by_programme == 8
    for code in ("T-MGMT", "PRESS", "DRILL"):
        assert not JointReview.objects.exists()
        move(planned, code, on=on, to=later(planned, code, 5))
    assert JointReview.objects.get().rule == "three_in_90"


def test_time_alone_makes_a_pattern_and_a_delay_of_ours_is_taken_off(planned):
    first = due(planned, "POLICY")
    for code in ("BASE", "T-MGMT"):
        finish(planned, code, first - timedelta(days=3))
    move(planned, "POLICY", on=first - timedelta(days=1), to=later(planned, "POLICY", 30), reason="programme_delay")
    ours = (due(planned, "POLICY") - first).days
    done_by_then = {"POLICY", "BASE", "T-MGMT"}
    for one in planned.factory.activities.exclude(code__in=done_by_then):
        activities.drop(one, reason="Not looked at in this test.", by=planned.expert, at=noon(first))
    sweep.sweep(noon(first + timedelta(days=61)))
    assert not JointReview.objects.exists()
    assert progress.of(planned.factory, first + timedelta(days=ours + 30)).on_track
    assert not progress.of(planned.factory, first + timedelta(days=ours + 31)).on_track
    by_then = noon(first + timedelta(days=ours + 64))
    sweep.sweep(by_then)
    sweep.sweep(by_then + timedelta(days=30))
    assert JointReview.objects.get().rule == "sixty_late"


def test_who_read_another_date_than_the_one_that_stands_moves_nothing(planned):
    stale = activity(planned, "POLICY")
    on = stale.due_on
    move(planned, "POLICY", on=on, to=later(planned, "POLICY", 7))
    with pytest.raises(PackageRefused, match="just before you"):
        postponing.postpone(
            stale, reason="other", to_on=later(planned, "POLICY", 30), offered="x", by=planned.expert, at=noon(on)
        )
    for wrong, said in (({"offered": " "}, "offered instead"), ({"to_on": on}, "after the old one")):
        values = {"reason": "other", "to_on": None, "offered": "x", "by": planned.expert, "at": noon(on)}
        with pytest.raises(PackageRefused, match=said):
            postponing.postpone(activity(planned, "POLICY"), **(values | wrong))


# --- The joint review ----------------------------------------------------------------------------------------


@pytest.fixture
def reviewed(planned):
    """A factory whose policy was moved without a new date."""
    planned.extra["on"] = on = due(planned, "POLICY")
    move(planned, "POLICY", on=on, to=None)
    planned.extra["review"] = JointReview.objects.get()
    return planned


def test_expert_tells_advisor_talks_and_both_agree_before_a_review_is_held(reviewed):
    review, on = reviewed.extra["review"], reviewed.extra["on"]
    who = {"by": reviewed.advisor, "at": noon(on)}
    wanted = {"causes": ["cost_of_time"], "step": "new_dates", "step_on": on + timedelta(days=7)}
    with pytest.raises(PackageRefused, match="First the technical expert tells you"):
        reviews.talked(review, on=on, **who)
    with pytest.raises(PackageRefused, match="technical expert tells"):
        reviews.tell_advisor(review, **who)
    reviews.tell_advisor(review, by=reviewed.expert, at=noon(on))
    assert reviewed.advisor.notices.filter(kind="package_review_told").exists()
    with pytest.raises(PackageRefused, match="First the advisor talks"):
        reviews.propose(review, **wanted, **who)
    with pytest.raises(PackageRefused, match="The advisor talks"):
        reviews.talked(review, on=on, by=reviewed.expert, at=noon(on))
    reviews.talked(review, on=on, **who)
    reviews.propose(review, **wanted, **who)
    with pytest.raises(PackageRefused, match="The other of you two agrees"):
        reviews.agree(review, **who)
    held = reviews.agree(review, by=reviewed.expert, at=noon(on))
    assert held.held_on == on and held.look_again_on >= on + timedelta(days=30)
    codes = dict(PackageDeadline.objects.filter(review=review).values_list("code", "met_at"))
    assert codes["joint_review"] is not None and codes["look_again"] is None


def test_looking_again_closes_it_and_only_what_is_new_opens_another(reviewed):
    review = hold(reviewed, reviewed.extra["review"], on=reviewed.extra["on"])
    with pytest.raises(PackageRefused, match="thirty days"):
        reviews.look_again(review, solved=True, by=reviewed.advisor, at=noon(reviewed.extra["on"]))
    again = review.look_again_on
    with pytest.raises(PackageRefused, match="still has no date"):
        reviews.look_again(review, solved=True, by=reviewed.advisor, at=noon(again))
    new = working(reviewed.factory, again + timedelta(days=10))
    reviews.new_date(review, activity(reviewed, "POLICY"), new, by=reviewed.advisor, at=noon(again))
    reviews.look_again(review, solved=True, by=reviewed.expert, at=noon(again))
    assert postponing.look(reviewed.factory, at=noon(again)) is None
    move(reviewed, "POLICY", on=again + timedelta(days=1), to=later(reviewed, "POLICY", 5))
    assert JointReview.objects.filter(looked_again_on=None).get().rule == "twice"


def test_what_is_not_solved_opens_the_next_review_at_once(reviewed):
    review = hold(reviewed, reviewed.extra["review"], on=reviewed.extra["on"])
    reviews.look_again(review, solved=False, by=reviewed.expert, at=noon(review.look_again_on))
    following = JointReview.objects.get(looked_again_on=None)
    assert following.rule == review.rule and following.opened_on == review.look_again_on


def test_a_pause_holds_the_dates_until_its_end(reviewed):
    on = reviewed.extra["on"]
    ends = on + timedelta(days=90)
    hold(reviewed, reviewed.extra["review"], on=on, step="pause_with_end_date", step_on=ends)
    status = reviewed.factory.status
    sweep.sweep(noon(ends - timedelta(days=3)))
    held = PackageRung.objects.filter(deadline__code="activity", raised_at=None, dropped_at=None)
    assert held.exists() and all(held.values_list("held", flat=True))
    sweep.sweep(noon(ends + timedelta(days=3)))
    reviewed.factory.refresh_from_db()
    assert reviewed.factory.package.paused_until is None and reviewed.factory.status == status
    assert not held.filter(held=True).exists()


# --- Numbers, requests, the end ------------------------------------------------------------------------------


def test_who_asks_for_names_is_reminded_once_and_then_level_three_hears(planned):
    at = noon(planned.extra["plan"])
    assert numbers.asked(planned.factory, by=planned.advisor, at=at) is False
    assert not planned.expert.notices.exists()
    assert numbers.asked(planned.factory, by=planned.advisor, at=at + timedelta(days=40)) is True
    assert planned.expert.notices.get().kind == "package_numbers"
    numbers.talked(planned.factory, by=planned.expert, at=at + timedelta(days=41))
    assert not PackageDeadline.objects.open().filter(code="numbers_talk").exists()


def test_the_factory_asks_and_the_advisor_answers(planned):
    on = due(planned, "T-MGMT")
    at = noon(on)
    asked = requests.ask_to_move(
        activity(planned, "T-MGMT"),
        reason="peak_shipment",
        to_on=later(planned, "T-MGMT", 6),
        by=planned.officer,
        at=at,
    )
    assert due(planned, "T-MGMT") == on and planned.advisor.notices.get().kind == "package_request"
    with pytest.raises(PackageRefused, match="not answered yet"):
        requests.say_done(activity(planned, "T-MGMT"), on=on, evidence="x", by=planned.chair, at=at)
    requests.take_up(asked, offered="Two shorter sessions.", by=planned.advisor, at=at)
    moved = activity(planned, "T-MGMT").postponements.get()
    assert moved.request.asked_by == planned.officer and not moved.by_programme
    said = requests.say_done(activity(planned, "REFER"), on=on, evidence="The list.", by=planned.officer, at=at)
    requests.turn_down(said, answer="The hospital was not visited yet.", by=planned.expert, at=at)
    assert activity(planned, "REFER").state == "agreed"
    with pytest.raises(PackageRefused, match="programme's"):
        requests.ask_to_move(
            activity(planned, "REFER"), reason="programme_delay", to_on=None, by=planned.officer, at=at
        )


def test_support_ends_only_by_both_organisations_and_the_channels_stay(reviewed):
    on, factory = reviewed.extra["on"], reviewed.factory
    with pytest.raises(PackageRefused, match="step of a joint review"):
        ending.propose(factory, message="Tell us by the poster.", by=reviewed.advisor, at=noon(on))
    hold(reviewed, reviewed.extra["review"], on=on, step="end_support")
    ending.propose(factory, message="Tell us by the poster.", by=reviewed.advisor, at=noon(on))
    with pytest.raises(PackageRefused, match="The other one has to agree"):
        ending.agree(factory, by=reviewed.advisor, at=noon(on))
    package = ending.agree(factory, by=reviewed.expert, at=noon(on))
    factory.refresh_from_db()
    assert package.ended_on == on and package.end_message and factory.status == "live"
    assert not PackageDeadline.objects.open().exists()
    with pytest.raises(PackageRefused, match="has ended"):
        move(reviewed, "REFER", on=on, to=None)


def test_whoever_does_not_lead_the_package_changes_nothing(planned):
    elsewhere = make_world(country=make_country("VN", name="Viet Nam", language="vi"))
    at = noon(planned.extra["plan"])
    for person in (elsewhere.advisor, elsewhere.expert, planned.officer, planned.programme_lead, planned.admin):
        with pytest.raises(PackageRefused, match="Only the advisor"):
            activities.drop(activity(planned, "SHARE"), reason="x", by=person, at=at)
    with pytest.raises(PackageRefused, match="Only a technical expert"):
        activities.drop(activity(planned, "CHAN"), reason="x", by=planned.advisor, at=at)
    assert not Activity.objects.filter(state="dropped").exists()


# --- Events and practices ------------------------------------------------------------------------------------


def test_a_factory_is_named_at_an_event_only_with_its_written_yes(planned):
    at = noon(BEGAN)
    values = {"level": "national", "country": planned.country, "title": "Forum", "on": BEGAN, "hosts": "An association"}
    values |= {"follow_up_on": BEGAN + timedelta(days=90), "by": planned.expert, "at": at}
    with pytest.raises(PackageRefused, match="only published figures"):
        events.record(**values, figures_shown="Activities done")
    event = events.record(**values, participants={"factories": 30})
    wanted = {"who": "A factory", "what": "Train its guards", "due_on": BEGAN + timedelta(days=60)}
    with pytest.raises(PackageRefused, match="written yes"):
        events.commit(event, **wanted, factory=planned.factory, by=planned.expert, at=at)
    made = events.commit(event, **wanted, factory=planned.factory, written_yes_on=BEGAN, by=planned.expert, at=at)
    assert PackageDeadline.objects.open().get(commitment=made).code == "commitment"
    events.commitment_done(made, on=BEGAN, by=planned.expert, at=at)
    assert not PackageDeadline.objects.open().filter(code="commitment").exists()


def test_a_practice_of_a_factory_that_is_not_named_does_not_name_it(planned):
    values = {"title": "Guards first", "agreed_on": BEGAN, "named": False, "by": planned.expert, "at": noon(BEGAN)}
    with pytest.raises(PackageRefused, match="did not agree to be named"):
        practices.share(planned.factory, what=f"At {planned.factory.name} the guards came first.", **values)
    shared = practices.share(planned.factory, what="The guards came first.", indicators=["d3"], **values)
    assert list(practices.library()) == [shared] and shared.indicators == ["D3"]
    practices.withdraw(shared, by=planned.expert, at=noon(BEGAN))
    assert not practices.library().exists()


def test_counts_of_a_quarter_are_corrected_and_never_run_ahead(planned):
    values = {"group": "workers", "people": 400, "by": planned.officer, "at": noon(BEGAN)}
    learning.record_training(planned.factory, quarter="2026Q1", trained=20, **values)
    again = learning.record_training(planned.factory, quarter="2026Q1", trained=30, **values)
    assert planned.factory.training_counts.get() == again and again.trained == 30
    for quarter, trained, said in (
        ("2026Q2", 1, "not begun"), ("2024Q1", 1, "closed"), ("2026-1", 1, "written like"), ("2026Q1", 401, "More"),
    ):  # fmt: skip
        with pytest.raises(PackageRefused, match=said):
            learning.record_training(planned.factory, quarter=quarter, trained=trained, **values)
