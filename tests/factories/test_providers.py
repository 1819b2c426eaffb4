"""Who may be sent where: vetting, what survivors say, and the clock that asks for the next check."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Notice
from factories import clock, providers, sweep
from factories.models import (
    GRAVE_WORDS,
    ProviderRung,
    ProviderState,
    ServiceProvider,
    VettingCode,
    WordCode,
)
from tests.builders import WEDNESDAY, make_country, make_provider, make_world

pytestmark = pytest.mark.django_db
TODAY = WEDNESDAY.date()
ALL_YES = dict.fromkeys(VettingCode.values, True)


@pytest.fixture
def world():
    return make_world()


def vet(provider, world, *, noes=(), on=TODAY, at=WEDNESDAY, by=None):
    answers = {code: code not in noes for code in VettingCode.values}
    return providers.vet(provider, answers, by=by or world.expert, checked_on=on, at=at)


def state(provider, on=TODAY):
    return ServiceProvider.objects.with_state(on).get(pk=provider.pk).state


def raise_what_is_due(at):
    return sweep.sweep(at, sources=[one for one in sweep.sources() if one.model is ProviderRung])


# --- The rule ----------------------------------------------------------------------------------------------------


def test_the_twelve_questions_are_those_of_the_procedure():
    assert len(VettingCode.values) == 12
    assert all(code.startswith("v_") for code in VettingCode.values)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    noes=st.sets(st.sampled_from(VettingCode.values), max_size=3),
    days_since=st.integers(min_value=0, max_value=400),
    suspended=st.booleans(),
    retired=st.booleans(),
)
def test_any_no_an_overdue_check_a_suspension_or_leaving_the_list_closes_a_provider(
    world, noes, days_since, suspended, retired
):
    """The rule, said a second time in one line, against the rows."""
    with transaction.atomic():
        provider = make_provider(
            country=world.country,
            checked_on=TODAY - timedelta(days=days_since),
            by=world.expert,
            noes=tuple(noes),
            next_check_on=TODAY - timedelta(days=days_since) + timedelta(days=182),
        )
        if suspended:
            providers.suspend(provider, "news", by=world.lead, at=WEDNESDAY)
        if retired:
            providers.retire(provider, by=world.admin, at=WEDNESDAY)
        expected = not noes and days_since <= 182 and not suspended and not retired
        assert provider.may_refer(TODAY) is expected
        assert (provider in providers.referable(world.country, at=WEDNESDAY)) is expected
        assert (state(provider) in ("open", "soon")) is expected
        transaction.set_rollback(True)


def test_nobody_is_sent_to_a_provider_whom_nobody_has_checked(world):
    provider = make_provider(country=world.country)
    assert not provider.may_refer(TODAY)
    assert state(provider) == ProviderState.NEVER


def test_a_vetting_with_fewer_than_twelve_answers_opens_nothing(world):
    provider = make_provider(country=world.country, checked_on=TODAY, by=world.expert)
    provider.vettings.get().answers.filter(code="v_child").delete()
    assert not provider.may_refer(TODAY)


def test_the_latest_check_counts_and_one_no_closes_at_once(world):
    provider = make_provider(country=world.country)
    vet(provider, world, on=TODAY - timedelta(days=40), at=WEDNESDAY - timedelta(days=40))
    assert provider.may_refer(TODAY)
    vet(provider, world, noes=("v_confidential",))
    assert not provider.may_refer(TODAY)
    assert state(provider) == ProviderState.BLOCKED
    vet(provider, world, at=WEDNESDAY + timedelta(hours=1))  # The same day, put right.
    assert provider.may_refer(TODAY)


def test_a_check_is_good_for_six_months_and_ends_by_its_date_alone(world):
    provider = make_provider(country=world.country)
    vetting = vet(provider, world)
    assert vetting.next_check_on == date(2026, 12, 10)
    assert provider.may_refer(date(2026, 12, 10))
    assert not provider.may_refer(date(2026, 12, 11))  # No sweep has run.
    assert state(provider, date(2026, 11, 9)) == ProviderState.OPEN
    assert state(provider, date(2026, 11, 10)) == ProviderState.SOON
    assert state(provider, date(2026, 12, 11)) == ProviderState.OVERDUE


def test_a_rest_day_makes_six_months_shorter_and_never_longer(world):
    provider = make_provider(country=world.country)
    # 7 July 2026 and six months is 7 January 2027: a holiday in Cambodia.
    vetting = vet(provider, world, on=date(2026, 7, 7), at=WEDNESDAY + timedelta(days=30))
    assert vetting.next_check_on == date(2027, 1, 6)


def test_of_another_country_or_another_kind_nothing_is_offered(world):
    vietnam = make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh", language="vi")
    here = make_provider(country=world.country, kinds=("health", "legal"), checked_on=TODAY, by=world.expert)
    make_provider(country=vietnam, checked_on=TODAY, by=world.expert)
    assert list(providers.referable("KH", at=WEDNESDAY)) == [here]
    assert list(providers.referable(world.country, ["legal", "shelter"], at=WEDNESDAY)) == [here]
    assert not providers.referable(world.country, ["shelter"], at=WEDNESDAY).exists()
    shown = providers.directory(world.country, at=WEDNESDAY)
    assert [kind for kind, _some in shown.groups] == ["health", "legal"]
    assert "shelter" in shown.missing and "legal" not in shown.missing


# --- Who vets ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["admin", "officer", "chair", "decision_maker", "advisor", "programme_lead"])
def test_only_experts_and_leads_vet_suspend_and_decide(world, who):
    provider = make_provider(country=world.country, checked_on=TODAY, by=world.expert)
    person = getattr(world, who)
    for act in (
        lambda: providers.vet(provider, ALL_YES, by=person, checked_on=TODAY, at=WEDNESDAY),
        lambda: providers.suspend(provider, "news", by=person, at=WEDNESDAY),
        lambda: providers.decide(provider, "open_again", by=person, at=WEDNESDAY),
        lambda: providers.look_at_words(provider, by=person, at=WEDNESDAY),
    ):
        with pytest.raises(providers.ProviderRefused, match="Only a technical expert or a safeguarding lead"):
            act()


def test_an_expert_of_another_country_has_no_say_here(world):
    stranger = make_world(country=make_country("VN", name="Viet Nam", language="vi")).expert
    provider = make_provider(country=world.country)
    with pytest.raises(providers.ProviderRefused):
        providers.vet(provider, ALL_YES, by=stranger, checked_on=TODAY, at=WEDNESDAY)
    with pytest.raises(providers.ProviderRefused):
        providers.retire(provider, by=stranger, at=WEDNESDAY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"checked_on": TODAY + timedelta(days=1)}, "cannot be in the future"),
        ({"checked_on": TODAY - timedelta(days=300)}, "no longer good"),
        ({"answers": dict(list(ALL_YES.items())[:11])}, "each of the twelve"),
        ({"answers": ALL_YES | {"v_other": True}}, "each of the twelve"),
    ],
)
def test_a_check_that_says_nothing_is_refused(world, change, words):
    provider = make_provider(country=world.country)
    values = {"answers": ALL_YES, "checked_on": TODAY} | change
    with pytest.raises(providers.ProviderRefused, match=words):
        providers.vet(provider, values["answers"], by=world.expert, checked_on=values["checked_on"], at=WEDNESDAY)
    assert not provider.vettings.exists()


def test_an_older_check_cannot_cover_a_newer_one(world):
    provider = make_provider(country=world.country)
    vet(provider, world, noes=("v_free_exit",))
    with pytest.raises(providers.ProviderRefused, match="checked later"):
        vet(provider, world, on=TODAY - timedelta(days=1))
    assert not provider.may_refer(TODAY)


# --- What survivors say ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", WordCode.values)
def test_a_grave_word_closes_a_provider_at_once_and_any_other_does_not(world, code):
    provider = make_provider(country=world.country, checked_on=TODAY, by=world.expert)
    word = providers.say(provider, code, on=TODAY, at=WEDNESDAY)
    assert provider.may_refer(TODAY) is (code not in GRAVE_WORDS)
    told = set(Notice.objects.filter(kind="provider_suspended").values_list("recipient", flat=True))
    team = {world.expert.pk, world.second_expert.pk, world.lead.pk, world.second_lead.pk}
    assert told == (team if word.is_grave else set())


def test_a_word_holds_a_code_and_a_day_and_nobody():
    from factories.models import ProviderWord

    names = {field.name for field in ProviderWord._meta.get_fields()}
    assert names == {"id", "provider", "code", "on", "looked_at_by", "looked_at"}


def test_a_word_that_is_no_code_is_refused(world):
    provider = make_provider(country=world.country)
    with pytest.raises(ValueError):
        providers.say(provider, "He kept my phone", on=TODAY, at=WEDNESDAY)
    assert not provider.words.exists()


def test_after_somebody_has_decided_it_opens_again_or_waits_for_a_check(world):
    provider = make_provider(country=world.country)
    vet(provider, world)
    later = WEDNESDAY + timedelta(days=2)
    providers.say(provider, "told_others", on=TODAY, at=WEDNESDAY)
    vet(provider, world, on=later.date(), at=later)  # A check does not decide what somebody said.
    assert not provider.may_refer(later.date())
    decided = providers.decide(provider, "open_again", by=world.lead, at=later)
    assert (decided.decided_by, decided.decided_at, decided.ended_on) == (world.lead, later, later.date())
    assert provider.may_refer(later.date())
    assert not provider.words.filter(looked_at=None).exists()

    providers.say(provider, "harm", on=later.date(), at=later)
    providers.decide(provider, "check_first", by=world.expert, at=later)
    assert not provider.may_refer(later.date())
    vet(provider, world, noes=("v_free_exit",), on=later.date(), at=later)
    assert provider.suspensions.filter(ended_on=None).exists()
    vet(provider, world, on=later.date(), at=later)
    assert provider.may_refer(later.date())


def test_a_grave_word_after_a_decision_asks_for_another_one(world):
    provider = make_provider(country=world.country, checked_on=TODAY, by=world.expert)
    providers.say(provider, "harm", on=TODAY, at=WEDNESDAY)
    providers.say(provider, "papers_kept", on=TODAY, at=WEDNESDAY)
    assert provider.suspensions.count() == 1
    providers.decide(provider, "check_first", by=world.expert, at=WEDNESDAY)
    providers.say(provider, "harm", on=TODAY, at=WEDNESDAY)
    providers.decide(provider, "open_again", by=world.expert, at=WEDNESDAY)
    assert not provider.may_refer(TODAY)  # The first decision still asks for a check.
    with pytest.raises(providers.ProviderRefused, match="Nothing waits"):
        providers.decide(provider, "open_again", by=world.expert, at=WEDNESDAY)


def test_what_was_said_is_counted_without_days(world):
    provider = make_provider(country=world.country)
    for code in ("helped", "helped", "not_reached"):
        providers.say(provider, code, on=TODAY, at=WEDNESDAY)
    assert [(one.code, one.count, one.new) for one in providers.what_was_said(provider)] == [
        ("helped", 2, 2), ("not_reached", 1, 1),
    ]  # fmt: skip
    assert providers.look_at_words(provider, by=world.lead, at=WEDNESDAY) == 3
    providers.say(provider, "harm", on=TODAY, at=WEDNESDAY)
    assert providers.what_was_said(provider)[0].code == "harm"
    with pytest.raises(providers.ProviderRefused, match="Decide first"):
        providers.look_at_words(provider, by=world.lead, at=WEDNESDAY)


def test_the_database_refuses_a_decision_without_its_person_and_two_that_wait(world):
    provider = make_provider(country=world.country)
    suspension = providers.suspend(provider, "news", by=world.lead, at=WEDNESDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        provider.suspensions.create(reason="news", since=TODAY)
    suspension.ended_on = TODAY
    with pytest.raises(IntegrityError), transaction.atomic():
        suspension.save()


@pytest.mark.django_db(transaction=True)
def test_two_grave_words_at_once_are_both_kept_and_close_it_once():
    world = make_world()
    provider = make_provider(country=world.country, checked_on=TODAY, by=world.expert)
    start, failed = threading.Barrier(4), []

    def speak():
        try:
            start.wait()
            providers.say(provider, "harm", on=TODAY, at=WEDNESDAY)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert (provider.words.count(), provider.suspensions.count()) == (4, 1)


# --- The clock ---------------------------------------------------------------------------------------------------


def test_the_length_of_a_check_is_data_with_its_reason():
    import json

    row = json.loads((clock.DATA / "providers.json").read_text())["deadlines"][0]
    assert (row["value"], row["unit"], row["basis"].split(":")[0]) == (6, "calendar_months", "design")


def test_who_hears_of_the_next_check_each_once(world):
    provider = make_provider(country=world.country)
    vet(provider, world)
    team = {world.expert.pk, world.second_expert.pk, world.lead.pk, world.second_lead.pk}
    expected = [
        (date(2026, 11, 19), "provider_check_due", team),  # Three weeks before: a visit has to be planned.
        (date(2026, 12, 10), "provider_check_due", team),
        (date(2026, 12, 11), "provider_check_late", {world.expert.pk}),  # The lead expert.
        (date(2026, 12, 14), "provider_check_late", {world.programme_lead.pk}),
    ]
    calendar = clock.calendar_for(None, world.country)
    rungs = list(ProviderRung.objects.order_by("rises_at"))
    assert [calendar.local_day(rung.rises_at) for rung in rungs] == [day for day, _kind, _who in expected]
    for rung, (_day, kind, who) in zip(rungs, expected, strict=True):
        Notice.objects.all().delete()
        assert raise_what_is_due(rung.rises_at - timedelta(minutes=1)).raised == 0
        assert raise_what_is_due(rung.rises_at).raised == 1
        assert raise_what_is_due(rung.rises_at).raised == 0
        assert set(Notice.objects.values_list("kind", flat=True)) == {kind}
        assert set(Notice.objects.values_list("recipient", flat=True)) == who
        assert set(Notice.objects.values_list("topic_id", flat=True)) == {provider.pk}


def test_a_check_in_time_silences_the_ladder_and_begins_the_next(world):
    provider = make_provider(country=world.country)
    vet(provider, world)
    later = WEDNESDAY + timedelta(days=170)
    vet(provider, world, on=later.date(), at=later)
    assert [deadline.ordinal for deadline in provider.deadlines.order_by("ordinal")] == [1, 2]
    assert provider.deadlines.get(ordinal=1).met_at == later
    raise_what_is_due(later + timedelta(days=60))
    assert not Notice.objects.filter(kind="provider_check_late").exists()


def test_off_the_list_nobody_is_asked_to_go_there_and_back_on_it_somebody_is(world):
    provider = make_provider(country=world.country)
    vet(provider, world)
    providers.retire(provider, by=world.admin, at=WEDNESDAY)
    assert raise_what_is_due(WEDNESDAY + timedelta(days=300)).raised == 0
    providers.bring_back(provider, by=world.lead, at=WEDNESDAY)
    assert provider.may_refer(TODAY)
    assert provider.deadlines.open().count() == 1
    with pytest.raises(providers.ProviderRefused, match="off the list"):
        providers.retire(provider, by=world.admin, at=WEDNESDAY)
        vet(provider, world)


def test_without_a_lead_expert_the_whole_outside_team_hears_of_a_late_check(world):
    provider = make_provider(country=world.country)
    vet(provider, world)
    world.expert.positions.update(is_lead=False)
    raise_what_is_due(ProviderRung.objects.get(level="L1").rises_at)
    assert Notice.objects.filter(kind="provider_check_late").count() == 4


def test_the_sweep_of_the_minute_knows_them():
    assert ProviderRung in {source.model for source in sweep.sources()}
