"""The directory's pages: who may open them, what they show to whom, and that a visit can be recorded on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import clock, providers
from factories.models import ServiceProvider, VettingCode
from tests.builders import make_country, make_provider, make_world
from tests.walk.by_hand import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def page(client, name, *args, **query):
    return client.get(reverse(f"factories:{name}", args=args), query)


def text(response) -> str:
    return " ".join(response.content.decode().split())


def today(country="KH"):
    return providers.local_day(country, clock.now())


def vetting_form(**other):
    answers = dict.fromkeys(VettingCode.values, "yes")
    return answers | {"checked_on": today().isoformat(), "in_person": "on"} | other


@pytest.mark.parametrize("who", ["officer", "chair", "outside_member", "decision_maker", "advisor", "programme_lead"])
def test_a_factory_user_never_sees_the_directory(client, world, who):
    provider = make_provider(country=world.country, checked_on=today(), by=world.expert)
    client.force_login(getattr(world, who))
    for name in ("provider", "provider_change", "provider_vet"):
        assert page(client, name, provider.pk).status_code == 404
    assert page(client, "providers").status_code == 404
    for name in ("provider_vet", "provider_suspend", "provider_decide", "provider_looked", "provider_listed"):
        response = client.post(reverse(f"factories:{name}", args=[provider.pk]), vetting_form(reason="news"))
        assert response.status_code == 404
    assert "/providers/" not in text(client.get("/staff/"))
    assert provider.may_refer(today()) and provider.vettings.count() == 1


def test_the_outside_team_of_another_country_finds_nothing(client, world):
    provider = make_provider("Far door", country=world.country)
    stranger = make_world(country=make_country("VN", name="Viet Nam", language="vi"))
    for person in (stranger.expert, stranger.lead, stranger.admin):
        client.force_login(person)
        assert page(client, "provider", provider.pk).status_code == 404
        assert "Far door" not in text(page(client, "providers"))


def test_an_administrator_keeps_the_list_but_neither_vets_nor_reads_what_was_said(client, world):
    provider = make_provider(country=world.country, checked_on=today(), by=world.expert)
    providers.say(provider, "told_others", on=today(), at=clock.now())
    client.force_login(world.admin)
    shown = text(page(client, "provider", provider.pk))
    assert "They told others" not in shown and "says something grave" not in shown
    assert "Suspended by the outside team" in shown
    assert page(client, "provider_vet", provider.pk).status_code == 403
    for name, data in (
        ("provider_vet", vetting_form()), ("provider_suspend", {"reason": "news"}),
        ("provider_decide", {"decision": "open_again"}), ("provider_looked", {}),
    ):  # fmt: skip
        assert client.post(reverse(f"factories:{name}", args=[provider.pk]), data).status_code == 403
    assert not provider.may_refer(today())
    client.post(
        reverse("factories:provider_change", args=[provider.pk]),
        {"name": "New name", "kinds": ["legal", "hotline"], "phone": "000 222"},
    )
    provider.refresh_from_db()
    assert (provider.name, provider.kinds, provider.country_id) == ("New name", ["legal", "hotline"], "KH")


def test_the_list_filters_by_kind_state_and_words(client, world):
    day = today()
    make_provider("Open door", country=world.country, kinds=("legal", "health"), checked_on=day, by=world.expert)
    make_provider("Shut door", country=world.country, checked_on=day, by=world.expert, noes=("v_child",))
    make_provider("Late door", country=world.country, checked_on=day - timedelta(days=300), by=world.expert)
    make_provider(
        "Soon door", country=world.country, checked_on=day - timedelta(days=170), by=world.expert, place="Kampot"
    )
    make_provider("New door", country=world.country)
    make_provider("Gone door", country=world.country, retired_on=day)
    suspended = make_provider("Grave door", country=world.country, checked_on=day, by=world.expert)
    providers.say(suspended, "harm", on=day, at=clock.now())
    client.force_login(world.expert)
    names = ("Open", "Shut", "Late", "Soon", "New", "Gone", "Grave")

    def found(**query):
        shown = text(page(client, "providers", **query))
        return {name for name in names if f"{name} door" in shown}

    assert found() == set(names) - {"Gone"}
    assert found(state="can") == {"Open", "Soon"}
    assert found(state="soon") == {"Soon"}
    assert found(state="overdue") == {"Late"}
    assert found(state="blocked") == {"Shut"}
    assert found(state="suspended") == {"Grave"}
    assert found(state="never") == {"New"}
    assert found(state="retired") == {"Gone"}
    assert found(kind="legal") == {"Open"}
    assert found(q="kampot") == {"Soon"}
    assert found(state="nonsense") == set(names) - {"Gone"}


def test_a_visit_is_recorded_only_whole_and_in_person(client, world):
    provider = make_provider(country=world.country)
    client.force_login(world.lead)
    url = reverse("factories:provider_vet", args=[provider.pk])
    without_one = vetting_form()
    del without_one["v_free_exit"]
    for broken, words in (
        (without_one, "Answer with yes or no."),
        (vetting_form(in_person=""), "seen in person"),
        (vetting_form(v_child="perhaps"), "Answer with yes or no."),
        (vetting_form(checked_on=(today() + timedelta(days=2)).isoformat()), "cannot be in the future"),
    ):
        response = client.post(url, broken)
        assert response.status_code == 200
        assert words in text(response)
        assert 'value="yes"' in response.content.decode() and "checked" in response.content.decode()
    assert not provider.vettings.exists()
    client.post(url, vetting_form(v_income="no"))
    assert not provider.may_refer(today())
    client.post(url, vetting_form())
    assert provider.may_refer(today())
    assert provider.vettings.first().checked_by == world.lead


def test_the_form_asks_the_twelve_questions_in_the_words_of_the_procedure(client, world):
    provider = make_provider(country=world.country)
    client.force_login(world.expert)
    shown = text(page(client, "provider_vet", provider.pk))
    for label in VettingCode.labels:
        assert str(label) in shown
    assert shown.count("<fieldset") == 12


def test_somebody_new_is_added_and_not_shown_to_workers_before_a_visit(client, world):
    client.force_login(world.expert)
    added = {"country": "KH", "name": "Open door (fictional)", "kinds": ["counselling"], "phone": "000 111"}
    assert "required" in text(client.post(reverse("factories:provider_new"), added | {"kinds": []}))
    client.post(reverse("factories:provider_new"), added)
    provider = ServiceProvider.objects.get()
    assert "Open door" not in client.get("/kh/help/?lang=en").content.decode()
    client.post(reverse("factories:provider_vet", args=[provider.pk]), vetting_form())
    assert "Open door" in client.get("/kh/help/?lang=en").content.decode()
    client.post(reverse("factories:provider_listed", args=[provider.pk]), {})
    assert "Open door" not in client.get("/kh/help/?lang=en").content.decode()
    client.post(reverse("factories:provider_listed", args=[provider.pk]), {"back": "1"})
    assert "Open door" in client.get("/kh/help/?lang=en").content.decode()


def test_a_decision_from_a_stale_page_is_refused_with_a_sentence(client, world):
    provider = make_provider(country=world.country, checked_on=today(), by=world.expert)
    providers.say(provider, "harm", on=today(), at=clock.now())
    client.force_login(world.expert)
    url = reverse("factories:provider_decide", args=[provider.pk])
    assert "Choose what follows." in text(client.post(url, {"decision": "x"}, follow=True))
    assert "Your decision was recorded" in text(client.post(url, {"decision": "check_first"}, follow=True))
    again = text(client.post(url, {"decision": "open_again"}, follow=True))
    assert "Somebody may have decided just before you." in again
    assert not provider.may_refer(today())


def test_a_page_costs_the_same_however_much_was_said(client, world, django_assert_max_num_queries, settings):
    settings.SAMLENG_CLOCK_OFFSET_ALLOWED = False
    provider = make_provider(country=world.country, checked_on=today(), by=world.expert)
    client.force_login(world.expert)
    page(client, "provider", provider.pk)
    with django_assert_max_num_queries(25) as few:
        page(client, "provider", provider.pk)
    for number in range(12):
        providers.say(provider, "helped", on=today() - timedelta(days=number), at=clock.now())
    for _number in range(8):
        providers.vet(
            provider, dict.fromkeys(VettingCode.values, True), by=world.lead, checked_on=today(), at=clock.now()
        )
    with django_assert_max_num_queries(len(few)):
        page(client, "provider", provider.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [(360, 740), (1280, 900)])
def test_an_expert_records_a_visit_and_looks_at_what_was_said(
    make_page,
    world,
    screenshot,
    axe,
    size,
):
    desk = make_page(size)
    let_in(desk, world.expert)
    desk.click("nav >> text=Service providers")
    desk.click("text=Add a provider")
    desk.fill("input[name=name]", "Mango Tree House (fictional)")
    desk.check("input[value=shelter]")
    desk.check("input[value=counselling]")
    desk.fill("input[name=reach]", "Call first.")
    axe(desk)
    screenshot(desk, "provider-new")
    desk.click("input[type=submit]")
    desk.wait_for_selector("text=Never checked")
    desk.click("text=Record a check in person")
    axe(desk)
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    desk.fill("input[name=checked_on]", today().isoformat())
    desk.check("input[name=in_person]")
    for code in VettingCode.values:
        desk.check(f"input[name={code}][value=yes]")
    screenshot(desk, "provider-vet")
    desk.click("text=Record this check")
    desk.wait_for_selector("text=Open for referrals")
    provider = ServiceProvider.objects.get()
    phone = make_page((360, 740))
    phone.goto("/kh/help/?lang=en")
    assert phone.is_visible("text=Mango Tree House (fictional)")
    axe(phone)
    screenshot(phone, "help-with-services")

    for code in ("helped", "could_not_leave"):
        providers.say(provider, code, on=today(), at=clock.now())
    phone.reload()
    assert not phone.is_visible("text=Mango Tree House (fictional)")
    desk.goto("/staff/")
    desk.wait_for_selector("text=A service provider is suspended: look into it and decide")
    desk.goto(f"/providers/{provider.pk}/")
    desk.wait_for_selector("text=The person could not leave, or call")
    axe(desk)
    assert desk.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    screenshot(desk, "provider-suspended")
    desk.check("input[value=check_first]")
    desk.click("text=Record the decision")
    desk.wait_for_selector("text=Your decision was recorded")
    desk.goto("/providers/?state=suspended")
    desk.wait_for_selector("text=Mango Tree House (fictional)")
    axe(desk)
    screenshot(desk, "providers")
    desk.goto(f"/providers/{provider.pk}/")
    screenshot(desk, "provider")
    desk.goto(f"/providers/{provider.pk}/vet/")
    desk.fill("input[name=checked_on]", today().isoformat())
    desk.check("input[name=in_person]")
    for code in VettingCode.values:
        desk.check(f"input[name={code}][value={'no' if code == 'v_free_exit' else 'yes'}]")
    desk.click("text=Record this check")
    desk.wait_for_selector("text=An answer is no: nobody is sent there any more.")
    assert not provider.may_refer(today())
