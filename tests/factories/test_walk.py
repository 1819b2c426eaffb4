"""An administrator and an expert at their desks and on a phone, in a real browser."""

import re

import pytest

from factories import clock, sweep
from factories.models import Factory, Membership
from tests.builders import PASSWORD, make_factory, make_person, make_provider, make_world
from tests.walk.by_hand import at_each_size, let_in

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {
    "administration": "/administration/", "people": "/administration/people/",
    "invite": "/administration/people/invite/", "factories": "/administration/factories/",
    "import": "/administration/factories/import/", "countries": "/administration/countries/",
    "country": "/administration/countries/KH/", "roster": "/administration/roster/",
    "providers": "/providers/", "provider-new": "/providers/new/",
    "organisations": "/administration/organisations/",
}  # fmt: skip


@pytest.fixture
def world(transactional_db):
    world = make_world()
    sweep.sweep(clock.now(), sources=[])
    return world


def test_every_page_of_the_administrator_fits_and_shuts_nobody_out(make_page, world, screenshot, axe):
    for number in range(3):
        factory = make_factory(f"Sen Vang Garment {number} (Fictional) Co., Ltd.", status="listed")
        person = make_person(f"Fictional Officer {number}", vouched=False)
        Membership.objects.create(person=person, factory=factory, role="case_officer", unit="Line 7")
    make_provider("Clinic (fictional)", country=world.country)
    page = make_page()
    let_in(page, world.admin, to="")
    pages = PAGES | {
        "factory": world.factory.get_absolute_url(),
        "factory-listed": Factory.objects.filter(status="listed").first().get_absolute_url(),
        "person": f"/administration/people/{world.officer.pk}/",
    }
    for name, url in pages.items():
        page.goto(url)
        for _width in at_each_size(page):
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
            axe(page)
            screenshot(page, f"administration-{name}")


def test_an_expert_compares_and_vouches(make_page, world, screenshot, axe):
    officer = make_person("Fictional Officer", vouched=False)
    Membership.objects.create(person=officer, factory=world.factory, role="case_officer")
    page = make_page()
    let_in(page, world.expert, to="/keys/")
    for _width in at_each_size(page):
        axe(page)
        screenshot(page, "keys")
    page.check("input[name=compared]")
    page.click("text=Vouch for this key")
    page.wait_for_selector("text=You have vouched for the key of Fictional Officer.")
    assert officer.keys.get().state == "vouched"


def test_somebody_is_invited_opens_the_link_and_signs_in(make_page, world, stack, screenshot, axe):
    desk = make_page((1280, 900))
    let_in(desk, world.admin, to="")
    desk.goto(f"/administration/people/invite/?factory={world.factory.short_code}")
    desk.fill("input[name=email]", "new.officer@example.org")
    desk.fill("input[name=name]", "New Officer (fictional)")
    desk.select_option("select[name=role]", "case_officer")
    desk.click("input[type=submit]")
    desk.wait_for_selector("text=The invitation was sent to new.officer@example.org.")
    mail = max(stack.mail.iterdir(), key=lambda path: path.stat().st_mtime).read_text()
    link = re.search(r"/invitation/\S+/", mail.replace("=\n", ""))[0]
    phone = make_page((360, 740))
    phone.goto(link)
    axe(phone)
    screenshot(phone, "invitation")
    phone.fill("input[name=password1]", PASSWORD)
    phone.fill("input[name=password2]", PASSWORD)
    phone.click("input[type=submit]")
    phone.wait_for_url(re.compile("/staff/sign-in/"))
    phone.fill("input[name=login]", "new.officer@example.org")
    phone.fill("input[name=password]", PASSWORD)
    phone.click("main button[type=submit], main input[type=submit]")
    phone.wait_for_url(re.compile(r"/staff/(?!sign-in)"))


def test_a_list_is_imported_at_the_desk(make_page, world, tmp_path, screenshot, axe):
    make_factory("Lotus Garment (fictional)", country=world.country, status="listed")
    path = tmp_path / "list.csv"
    good = "country;name;address\nCambodia;Jasmine (fictional);Road 1\nKH;LOTUS GARMENT (FICTIONAL) LTD;Road 2\n"
    page = make_page((1280, 900))
    let_in(page, world.admin, to="")
    for name, text in {"mistakes": good + "Combodia;=Rose;Road 3\n", "good": good}.items():
        path.write_text(text)
        page.goto("/administration/factories/import/")
        page.set_input_files("input[type=file]", path)
        page.click("input[type=submit]")
        page.wait_for_selector("text=What this list would do")
        axe(page)
        screenshot(page, f"administration-import-{name}")
    page.click("text=Import the new factories and the ticked rows")
    page.wait_for_selector("text=1 factory was added. 1 row was left out.")
