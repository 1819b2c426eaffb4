"""The administrator's and experts' pages: what they do, for whom they exist, and that they stay quick."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from accounts import tasks
from accounts.models import Heartbeat, Person
from factories import clock, invitations
from factories.models import CountryPack, Factory, FactoryDay, Membership, Position, RosterSlot
from tests.builders import make_country, make_factory, make_person, make_provider, make_world, open_channels

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def admin(client, world):
    client.force_login(world.admin)
    return client


def address(name: str, world) -> str:
    key = world.expert.keys.get()
    slot = RosterSlot.objects.create(person=world.expert, country=world.country, weekday=0, start="08:00", end="09:00")
    provider = make_provider(country=world.country)
    day = FactoryDay.objects.create(factory=world.factory, day="2026-06-10", works=False)
    invitation = make_invitation(world)
    arguments = {
        "vouch": [key.pk], "person": [world.officer.pk], "start_over": [world.officer.pk],
        "invitation_again": [invitation.pk],
        "invitation_withdraw": [invitation.pk], "end_membership": [Membership.objects.first().pk],
        "end_position": [Position.objects.first().pk], "list": ["0" * 32], "factory": [world.factory.pk],
        "factory_status": [world.factory.pk], "factory_day": [world.factory.pk],
        "factory_day_remove": [world.factory.pk, day.pk], "country": ["KH"], "country_review": ["KH"],
        "roster_remove": [slot.pk],
        **{name: [provider.pk] for name in PROVIDERS if name not in ("providers", "provider_new")},
    }  # fmt: skip
    return reverse(f"factories:{name}", args=arguments.get(name))


def make_invitation(world, **other):
    values = {"role": "case_officer", "factory": world.factory} | other
    return invitations.invite("new@example.org", by=world.admin, at=clock.now(), name="New", **values)


PUBLIC = {"health", "accept"}
EXPERTS = {"keys", "vouch"}
PROVIDERS = {
    "providers", "provider_new", "provider", "provider_change", "provider_vet", "provider_suspend", "provider_decide",
    "provider_looked", "provider_listed",
}  # fmt: skip
NAMES = sorted({key for key in get_resolver("factories.urls").reverse_dict if isinstance(key, str)} - PUBLIC)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_page_exists_only_for_those_it_is_for(client, world, name, method):
    url = address(name, world)
    strangers = [world.officer, world.chair, world.decision_maker, world.advisor, world.programme_lead]
    if name not in PROVIDERS:
        strangers += [world.lead, world.admin if name in EXPERTS else world.expert]
    for person in strangers:
        client.force_login(person)
        assert getattr(client, method)(url).status_code in ({404, 405} if method == "get" else {404}), person


@pytest.mark.parametrize("name", NAMES)
def test_nobody_reads_a_page_without_signing_in(client, world, name):
    response = client.get(address(name, world))
    assert response.status_code == 302
    assert response.url.startswith("/staff/sign-in/")


@pytest.mark.parametrize(
    "name",
    ["administration", "people", "invite", "person", "factories", "factory_new", "factory", "list_upload",
     "countries", "country", "roster", "providers", "provider_new", "provider", "provider_change", "organisations"],
)  # fmt: skip
def test_an_administrator_opens_every_page(admin, world, name):
    assert admin.get(address(name, world)).status_code == 200


@pytest.fixture
def steady_clock(settings):
    """The demo clock's offset is read once a second, which would count as a query now and then."""
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = False


def fill(country, count: int) -> None:
    for _number in range(count):
        factory = make_factory(country=country, status="listed")
        person = make_person(vouched=False)
        Membership.objects.create(person=person, factory=factory, role="case_officer")


@pytest.mark.parametrize("name", ["people", "factories", "countries", "roster", "providers"])
def test_a_list_costs_the_same_however_long_it_is(admin, world, steady_clock, name, django_assert_max_num_queries):
    url = reverse(f"factories:{name}")
    fill(world.country, 2)
    make_provider(country=world.country)
    RosterSlot.objects.create(person=world.expert, country=world.country, weekday=6, start="01:00", end="02:00")
    with django_assert_max_num_queries(12) as few:
        admin.get(url)
    fill(world.country, 30)
    for number in range(10):
        make_provider(country=world.country, checked_on=clock.now().date(), by=world.expert)
        RosterSlot.objects.create(
            person=world.expert, country=world.country, weekday=number % 7, start=f"0{number}:00", end="23:00"
        )
    with django_assert_max_num_queries(len(few)):
        admin.get(url)


def test_the_vouching_page_costs_the_same_however_many_keys_wait(
    client, world, steady_clock, django_assert_max_num_queries
):
    client.force_login(world.expert)
    fill(world.country, 2)
    with django_assert_max_num_queries(14) as few:
        client.get("/keys/")
    fill(world.country, 20)
    with django_assert_max_num_queries(len(few)):
        client.get("/keys/")


def test_people_are_found_by_name_role_and_key(admin, world):
    page = admin.get("/administration/people/?role=technical_expert&key=vouched&q=expert").content.decode()
    assert world.expert.email in page
    assert world.officer.email not in page


def test_factories_are_found_by_a_part_of_the_name_or_the_short_code(admin, world):
    factory = make_factory("Công ty May Sen Vàng JSC", status="listed")
    assert factory.name in admin.get("/administration/factories/?q=sen+cong").content.decode()
    assert factory.name in admin.get(f"/administration/factories/?q={factory.short_code.lower()}").content.decode()
    assert factory.name not in admin.get("/administration/factories/?q=lotus").content.decode()


# Invitations


def test_an_invitation_is_a_signed_link_by_mail_without_factory_or_role(admin, world, mailoutbox):
    data = {"email": "New@Example.org", "name": "New", "language": "en", "role": "case_officer",
            "factory_code": world.factory.short_code}  # fmt: skip
    assert admin.post("/administration/people/invite/", data).status_code == 302
    [mail] = mailoutbox
    assert mail.to == ["new@example.org"]
    assert "/invitation/" in mail.body
    assert world.factory.name not in mail.subject + mail.body
    assert "officer" not in mail.subject + mail.body


def accept(client, invitation, **other):
    data = {"name": "New Officer", "language": "km", "password1": "rice fields after rain 7",
            "password2": "rice fields after rain 7"}  # fmt: skip
    return client.post(f"/invitation/{invitations.token_for(invitation)}/", data | other)


def test_accepting_opens_an_account_with_the_role_and_a_key_that_waits(client, world):
    response = accept(client, make_invitation(world, unit="Line 4"))
    assert response.status_code == 302
    person = Person.objects.get(email="new@example.org")
    assert (person.name, person.language) == ("New Officer", "km")
    assert person.memberships.get().unit == "Line 4"
    assert person.keys.get().state == "pending"


def test_colleagues_and_experts_hear_of_a_new_key_and_strangers_do_not(client, world):
    stranger = make_world(country=make_country("VN", name="Viet Nam", time_zone="Asia/Ho_Chi_Minh"))
    accept(client, make_invitation(world))
    for person in (world.officer, world.chair, world.expert, world.lead):
        assert person.notices.filter(kind="new_key").count() == 1
    for person in (*stranger.factory_people, stranger.expert, world.advisor, world.decision_maker):
        assert not person.notices.exists()


def test_a_link_works_once(client, world):
    invitation = make_invitation(world)
    accept(client, invitation)
    assert accept(client, invitation, name="Somebody else").status_code == 410
    assert Person.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize("spoilt", ["old", "withdrawn", "forged", "replaced"])
def test_a_link_that_is_old_withdrawn_forged_or_replaced_is_refused_with_a_sentence(client, world, spoilt):
    invitation = make_invitation(world)
    token = invitations.token_for(invitation)
    if spoilt == "old":
        type(invitation).objects.update(made_at="2020-01-01T00:00Z", expires_at="2020-01-08T00:00Z")
    elif spoilt == "withdrawn":
        invitations.withdraw(invitation, clock.now())
    elif spoilt == "forged":
        token = token[:-3] + "abc"
    else:
        make_invitation(world)
    response = client.get(f"/invitation/{token}/")
    assert response.status_code == 410
    assert b"Ask the administrator" in response.content


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"password2": "another sentence 8"}, "differ"), ({"password1": "short", "password2": "short"}, "12")],
)
def test_a_weak_or_mistyped_password_keeps_what_was_typed(client, world, wrong, words):
    page = accept(client, make_invitation(world), language="en", **wrong).content.decode()
    assert words in page
    assert "New Officer" in page
    assert not Person.objects.filter(email="new@example.org").exists()


def test_somebody_with_an_account_is_not_invited_twice(admin, world):
    data = {"email": world.officer.email, "name": "x", "language": "en", "role": "case_officer",
            "factory_code": world.factory.short_code}  # fmt: skip
    assert b"has an account already" in admin.post("/administration/people/invite/", data).content


# Starting over


@pytest.fixture
def start_over(admin, django_capture_on_commit_callbacks):
    def press(person, sure="yes"):
        with django_capture_on_commit_callbacks(execute=True):
            page = admin.post(f"/administration/people/{person.pk}/start-over/", {"sure": sure}, follow=True)
        tasks.deliver(str(person.pk))
        return page.content.decode()

    return press


def test_whoever_lost_everything_starts_over_through_a_link_and_waits_to_be_vouched_for(
    client, world, start_over, mailoutbox
):
    old = world.officer.keys.get()
    page = client.get(f"/administration/people/{world.officer.pk}/start-over/").content.decode()
    assert "What the old key opened stays shut" in page
    assert "The account starts over." in start_over(world.officer)
    old.refresh_from_db()
    assert old.state == "retired"
    [mail] = [one for one in mailoutbox if one.to == [world.officer.email]]
    assert world.factory.name not in mail.subject + mail.body
    link = re.search(r"https?://[^/]+(/\S+)", mail.body)[1]
    hers = Client()
    form = hers.get(link, follow=True)
    new = {"password1": "rice fields after rain 7", "password2": "rice fields after rain 7"}
    hers.post(form.redirect_chain[-1][0], new)
    assert hers.login(email=world.officer.email, password="rice fields after rain 7")
    assert world.officer.keys.current().get().state == "pending"
    assert world.officer.memberships.count() == 1
    assert world.expert.notices.filter(kind="new_key").exists()


def test_nobody_starts_over_unread_closed_or_for_oneself(world, start_over):
    key = world.officer.keys.get()
    assert "Tick that you have read" in start_over(world.officer, sure="")
    assert "You cannot let your own account start over." in start_over(world.admin)
    Person.objects.filter(pk=world.officer.pk).update(is_active=False)
    start_over(world.officer)
    key.refresh_from_db()
    assert (key.state, world.admin.keys.current().count()) == ("vouched", world.admin.keys.count())


# Factories and countries


def test_a_factory_that_lacks_people_says_what_it_lacks_and_cannot_go_live(admin, world):
    factory = make_factory(country=world.country, status="listed")
    url = factory.get_absolute_url()
    assert b"Fewer than two people at the factory" in admin.get(url).content
    page = admin.post(f"{url}status/", {"status": "live"}, follow=True)
    assert b"Fewer than two people" in page.content and b"channels are not open yet" in page.content
    factory.refresh_from_db()
    assert factory.status == "listed"


def test_a_factory_with_its_people_goes_live_and_back(admin, world):
    url = world.factory.get_absolute_url()
    admin.post(f"{url}status/", {"status": "listed"})
    assert Factory.objects.get().status == "listed"
    assert b"channels are not open yet" in admin.get(url).content
    open_channels(world.factory)
    admin.post(f"{url}status/", {"status": "live"})
    assert Factory.objects.get().status == "live"


def test_a_factory_is_listed_when_too_few_people_are_left(admin, world):
    for membership in Membership.objects.exclude(role="decision_maker"):
        admin.post(f"/administration/memberships/{membership.pk}/end/")
    assert Factory.objects.get().status == "listed"


def test_a_day_of_the_factory_is_noted_and_the_latest_word_counts(admin, world):
    url = world.factory.get_absolute_url()
    admin.post(f"{url}days/", {"day": "2026-06-14", "works": "yes"})
    admin.post(f"{url}days/", {"day": "2026-06-14", "works": "no"})
    assert [(str(day.day), day.works) for day in world.factory.days.all()] == [("2026-06-14", False)]
    admin.post(f"{url}days/{world.factory.days.get().pk}/remove/")
    assert not world.factory.days.exists()


def test_a_country_goes_live_with_a_legal_review_and_back_with_its_factories(admin, world):
    admin.post("/administration/countries/KH/review/", {"close": "1"})
    assert (CountryPack.objects.get().status, Factory.objects.get().status) == ("draft", "listed")
    admin.post("/administration/countries/KH/review/", {"by": "", "on": ""})
    assert CountryPack.objects.get().status == "draft"
    admin.post("/administration/countries/KH/review/", {"by": "A. Lawyer", "on": "2026-06-01", "note": "All"})
    pack = CountryPack.objects.get()
    assert (pack.status, pack.legal_review_by) == ("live", "A. Lawyer")


def test_a_country_is_added_by_any_of_its_names(admin, world):
    admin.post("/administration/countries/", {"country": "viet nam"})
    assert CountryPack.objects.get(pk="VN").status == "template"


def test_staff_read_countries_in_their_language_and_days_as_they_write_them(admin, world):
    CountryPack.objects.update(legal_review_by="A. Lawyer", legal_review_on="2026-11-26")
    page = admin.get("/administration/countries/").content.decode()
    assert "A. Lawyer, 26 Nov 2026" in page
    Person.objects.filter(pk=world.admin.pk).update(language="km")
    for address in ("/administration/countries/", "/administration/factories/new/"):
        assert "កម្ពុជា" in admin.get(address).content.decode()


def test_a_list_is_looked_at_and_then_imported(admin, world):
    make_factory("Lotus Garment", country=world.country, status="listed")
    text = "country,name,address\nKH,Lotus Garment Ltd,Road 1\nKH,Jasmine,Road 2\nKH,Lotus Garments,Road 3\n"
    response = admin.post("/administration/factories/import/", {"file": SimpleUploadedFile("a.csv", text.encode())})
    look = admin.get(response.url).content.decode()
    assert "1 new factory" in look
    assert Factory.objects.count() == 2
    done = admin.post(response.url, {"keep": ["4"]}, follow=True).content.decode()
    assert "2 factories were added. 1 row was left out." in done
    assert set(Factory.objects.filter(status="listed").values_list("address", flat=True)) == {"", "Road 2", "Road 3"}
    assert admin.post(response.url).status_code == 302  # Pressed twice: the look is over.
    assert Factory.objects.count() == 4


def test_a_look_belongs_to_whoever_took_it(client, admin, world):
    text = b"country,name\nKH,Jasmine\n"
    url = admin.post("/administration/factories/import/", {"file": SimpleUploadedFile("a.csv", text)}).url
    other = make_person()
    organisation = Position.objects.get(person=world.admin).organisation
    Position.objects.create(person=other, organisation=organisation, role="platform_admin")
    client.force_login(other)
    assert client.post(url).status_code == 302
    assert not Factory.objects.filter(name="Jasmine").exists()


def test_a_broken_file_is_refused_with_a_sentence(admin, world):
    upload = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 nothing")
    page = admin.post("/administration/factories/import/", {"file": upload})
    assert b"This spreadsheet cannot be read" in page.content


# Health


def test_health_answers_everybody_without_counts(client, world):
    Heartbeat.objects.create(name="sweep", at=clock.now())
    response = client.get("/health/")
    assert response.status_code == 200
    assert set(response.json()) == {
        "ok", "database", "reminders_last_run", "reminders_stopped", "oldest_due_seconds"
    }  # fmt: skip
    assert response.json()["ok"] is True


def test_health_and_experts_are_told_when_reminders_stand_still(client, world):
    Heartbeat.objects.create(name="sweep", at="2026-01-05T03:00Z")
    assert client.get("/health/").json()["reminders_stopped"] is True
    client.force_login(world.expert)
    assert b"Reminders have not run since 5 January 2026, 03:00 UTC" in client.get("/keys/").content
