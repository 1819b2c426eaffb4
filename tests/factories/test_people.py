"""Who acts for whom, and the rules that keep factory, administration and outside team apart."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from accounts import clock as accounts_clock
from accounts import keys
from accounts.models import PersonKey
from factories import clock, leaving, people, readiness, roles, vouching
from factories.models import CountryPack, Factory, Membership, Organisation, Position, RosterSlot
from tests.builders import PASSWORD, make_country, make_factory, make_person, make_world

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 10, 3, 0, tzinfo=UTC)


@pytest.fixture
def world():
    return make_world()


def test_members_have_the_role_a_vouched_key_and_an_open_account(world):
    pending = make_person(vouched=False)
    Membership.objects.create(person=pending, factory=world.factory, role="case_officer")
    left = make_person()
    Membership.objects.create(person=left, factory=world.factory, role="case_officer", until=date(2026, 12, 31))
    assert list(people.members(world.factory, "case_officer")) == [world.officer]
    assert set(people.members(world.factory, "case_officer", vouched=False)) == {world.officer, pending}


def test_stand_ins_come_after_the_others(world):
    stand_in = make_person("A is first by name")
    Membership.objects.create(person=stand_in, factory=world.factory, role="committee_chair", is_stand_in=True)
    assert list(people.members(world.factory, "committee_chair")) == [world.chair, stand_in]


def test_experts_of_a_country_begin_with_its_lead_and_include_those_of_every_country(world):
    organisation = Organisation.objects.get(kind="technical")
    everywhere = make_person("An expert everywhere")
    Position.objects.create(person=everywhere, organisation=organisation, role="technical_expert")
    elsewhere = make_person()
    Position.objects.create(
        person=elsewhere, organisation=organisation, role="technical_expert", country=make_country("VN")
    )
    found = list(people.experts(world.country))
    assert found[0] == people.lead_expert(world.country) == world.expert
    assert set(found) == {world.expert, world.second_expert, everywhere}


@pytest.mark.parametrize("ask", [
    lambda w: list(people.members(w.factory, "case_officer")), lambda w: list(people.experts(w.country)),
    lambda w: list(people.leads(w.country)), lambda w: people.lead_expert(w.country),
    lambda w: list(people.advisors_of(w.factory)), lambda w: list(people.programme_leads("technical")),
    lambda w: people.roles_of(w.officer),
])  # fmt: skip
def test_each_question_is_one_query(world, ask, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert ask(world)


def test_a_factory_is_ready_with_two_handlers_two_experts_and_a_live_country(world):
    assert people.factory_ready(world.factory)
    PersonKey.objects.filter(person=world.second_expert).update(state="pending", vouched_at=None)
    assert len(people.factory_ready(world.factory).reasons) == 1


def test_a_role_is_current_once(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=world.officer, factory=world.factory, role="case_officer")
    with pytest.raises(IntegrityError), transaction.atomic():
        everywhere = Position.objects.get(person=world.expert)
        everywhere.pk, everywhere._state.adding, everywhere.is_lead = None, True, False
        everywhere.save(force_insert=True)


def test_the_database_refuses_a_live_factory_in_a_country_that_is_not_live(world):
    with pytest.raises(IntegrityError, match="live country"), transaction.atomic():
        make_factory(country=make_country("VN", status="draft"), status="live")
    with pytest.raises(IntegrityError, match="stays live"), transaction.atomic():
        CountryPack.objects.filter(pk="KH").update(status="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_country("LA", status="live", legal_review_by="", legal_review_on=None)


# Apart


@pytest.mark.parametrize("role", ["technical_expert", "safeguarding_lead", "platform_admin"])
def test_nobody_of_a_factory_joins_the_outside_team_or_the_administration(world, role):
    organisation = Organisation.objects.get(kind="technical")
    with pytest.raises(roles.RoleRefused):
        roles.give_outside_role(world.officer, organisation, role, at=NOW)


@pytest.mark.parametrize("who", ["expert", "lead", "admin"])
def test_nobody_of_the_outside_team_or_the_administration_acts_for_a_factory(world, who):
    with pytest.raises(roles.RoleRefused):
        roles.give_factory_role(getattr(world, who), world.factory, "case_officer", at=NOW)


def test_an_administrator_alone_opens_nothing_a_key_vouched_for_elsewhere_waits_again(world):
    other = make_factory(country=world.country, status="listed")
    roles.give_factory_role(world.officer, other, "case_officer", at=NOW)
    assert world.officer.keys.get().state == "pending"
    assert world.expert.notices.filter(kind="new_key").exists()


def test_another_role_in_the_same_factory_leaves_the_key_as_it_is(world):
    roles.give_factory_role(world.officer, world.factory, "committee_member", at=NOW)
    assert world.officer.keys.get().state == "vouched"


def test_the_last_administrator_stays(world):
    with pytest.raises(roles.RoleRefused, match="last administrator"):
        roles.end_role(Position.objects.get(person=world.admin), at=NOW)
    with pytest.raises(roles.RoleRefused, match="last administrator"):
        leaving.end_roles(world.admin, NOW)


def test_a_leaver_has_no_role_no_roster_and_no_account(world):
    RosterSlot.objects.create(person=world.expert, country=world.country, weekday=0, start="08:00", end="12:00")
    leaving.end_roles(world.expert, NOW)
    world.expert.refresh_from_db()
    assert not world.expert.is_active
    assert people.roles_of(world.expert) == set()
    assert not RosterSlot.objects.exists()
    assert Factory.objects.get().status == "listed"  # One expert is too few.


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_end_each_others_role_leave_one():
    world = make_world()
    organisation = Organisation.objects.get(kind="platform")
    second = make_person()
    Position.objects.create(person=second, organisation=organisation, role="platform_admin")
    positions = list(Position.objects.filter(role="platform_admin").select_related("person", "country"))
    start = threading.Barrier(2)

    def end(position):
        start.wait()
        try:
            roles.end_role(position, at=NOW)
        except roles.RoleRefused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=[position]) for position in positions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert people.administrators().count() == 1
    assert world.admin in [position.person for position in positions]


# Vouching


def waiting(person):
    PersonKey.objects.filter(person=person).update(state="pending", vouched_at=None, made_at=NOW)
    return person.keys.get()


def test_an_expert_vouches_for_a_key_of_their_country(world):
    key = vouching.vouch(waiting(world.officer), by=world.expert, at=NOW + timedelta(days=3))
    assert (key.state, key.vouched_by) == ("vouched", world.expert)


@pytest.mark.parametrize("who", ["admin", "officer", "chair", "lead", "advisor", "programme_lead"])
def test_nobody_else_vouches(world, who):
    with pytest.raises(vouching.VouchRefused):
        vouching.vouch(waiting(world.decision_maker), by=getattr(world, who), at=NOW + timedelta(days=3))


def test_an_expert_whose_own_key_waits_vouches_for_nobody(world):
    waiting(world.expert)
    with pytest.raises(vouching.VouchRefused):
        vouching.vouch(waiting(world.officer), by=world.expert, at=NOW + timedelta(days=3))


def test_nobody_vouches_for_their_own_key_or_that_of_another_country(world):
    other = make_world(country=make_country("VN", name="Viet Nam"))
    with pytest.raises(vouching.VouchRefused):
        vouching.vouch(waiting(world.officer), by=other.expert, at=NOW + timedelta(days=3))
    with pytest.raises(vouching.VouchRefused):
        vouching.vouch(waiting(world.expert), by=world.expert, at=NOW + timedelta(days=3))


def test_a_key_waits_two_days_before_it_can_be_vouched_for(world, settings):
    settings.SAMLENG_VOUCH_WAIT = timedelta(days=2)
    key = waiting(world.officer)
    with pytest.raises(vouching.VouchRefused, match="waiting time"):
        vouching.vouch(key, by=world.expert, at=NOW + timedelta(days=1))
    assert vouching.vouch(key, by=world.expert, at=NOW + timedelta(days=2)).state == "vouched"


def test_the_page_of_keys_takes_the_experts_word_only_with_a_tick(client, world):
    key = waiting(world.officer)
    client.force_login(world.expert)
    page = client.get("/keys/").content.decode()
    assert keys.fingerprint(key) in page
    client.post(f"/keys/{key.pk}/vouch/")
    assert world.officer.keys.get().state == "pending"
    client.post(f"/keys/{key.pk}/vouch/", {"compared": "yes"})
    assert world.officer.keys.get().state == "vouched"


# Commands


def test_the_holders_of_the_recovery_shares_vouch_for_a_first_expert(world, settings, capsys):
    settings.SAMLENG_DEMO = False
    PersonKey.objects.filter(person__in=[world.expert, world.second_expert]).update(state="pending", vouched_at=None)
    number = keys.fingerprint(world.expert.keys.get())
    call_command("vouch_first_expert", email=world.expert.email)
    assert number in capsys.readouterr().out
    with pytest.raises(CommandError, match="differ"):
        call_command("vouch_first_expert", email=world.expert.email, fingerprint="1" * 30)
    call_command("vouch_first_expert", email=world.expert.email, fingerprint=number)
    assert world.expert.keys.get().state == "vouched"
    with pytest.raises(CommandError, match="An expert can vouch"):
        call_command("vouch_first_expert", email=world.second_expert.email, fingerprint="1")


def test_nobody_of_a_factory_is_vouched_for_by_command(world):
    with pytest.raises(CommandError, match="Only technical experts"):
        call_command("vouch_first_expert", email=world.officer.email)


def test_the_demo_clock_moves_every_clock_and_comes_back(db, capsys):
    before = clock.now()
    call_command("demo_clock", "+1d12h")
    assert timedelta(hours=36) <= clock.now() - before < timedelta(hours=37)
    call_command("demo_clock", "+3d")
    assert clock.now() - before >= timedelta(days=4, hours=12)
    call_command("demo_clock", reset=True)
    assert clock.now() - before < timedelta(hours=1)
    accounts_clock.forget()


def test_the_demo_clock_is_refused_in_production_and_on_nonsense(db, settings):
    with pytest.raises(CommandError, match="no length of time"):
        call_command("demo_clock", "tomorrow")
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = False
    with pytest.raises(CommandError, match="only in a demo"):
        call_command("demo_clock", "+3d")


# Reviews and search


def test_a_fictional_review_is_refused_in_production(world, settings):
    settings.SAMLENG_DEMO = False
    with pytest.raises(readiness.NotReady):
        readiness.sign_review(world.country, by="x", on=date(2026, 1, 1), note="", at=NOW, is_fictional=True)


@pytest.mark.parametrize("typed", ["lotus garment", "LOTUS GARMENT CO., LTD", "  Lotus-Garment "])
def test_a_worker_finds_her_factory_by_its_whole_name_or_code(world, typed):
    factory = make_factory("Lotus Garment Ltd.", country=world.country)
    make_factory("Lotus Garment 2", country=world.country)
    assert list(Factory.objects.matching(typed, "KH")) == [factory]
    code = f"{factory.short_code[:3]}-{factory.short_code[3:]}".lower()
    assert list(Factory.objects.matching(code, "KH")) == [factory]
    assert not Factory.objects.matching(typed, "VN").exists()


def test_passwords_made_anew_tell_the_experts(world):
    keys.make_key(world.officer, PASSWORD, NOW)
    assert world.expert.notices.filter(kind="new_key").count() == 1
