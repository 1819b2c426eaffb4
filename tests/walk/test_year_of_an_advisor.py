"""A year of an advisor, on the pages: who needs a call and why, what is agreed and done, the visit that comes round.

Beside it what the factory, the head of an organisation and a worker without an account see of the same year.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments import cycle, givingback
from assessments.progress import freezing
from complaints.statistics import Quarter, snapshots
from factories import clock, sweep
from tests.assessments.factoryworld import advised, make_activity, make_final, make_flag, make_review
from tests.builders import make_case, make_factory, make_world
from tests.walk.by_hand import a_moving_clock, give_password, later, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
DESK, PHONE = (1280, 900), (360, 740)
FOUND, WILL = "ប្រអប់បណ្តឹងនៅជិតការិយាល័យ។", "ប្រអប់ថ្មីនៅអាហារដ្ឋាន។"


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def test_the_year_of_an_advisor(stack, make_page, phone_without_script, axe, screenshot):
    world = make_world()
    give_password(world.advisor, world.officer, world.programme_lead)
    today = clock.now().date()
    silent, postpones = advised(world, "Silent Shirts (fictional)"), advised(world, "Postponing Pants (fictional)")
    make_flag(silent, today - timedelta(days=10))
    make_activity(postpones, "POLICY", today - timedelta(days=60), moves=(today - timedelta(days=30), today))
    make_review(postpones, today - timedelta(days=1))
    for _number in range(6):  # Many complain here, and that changes nothing.
        make_case(world, at=clock.now())
    for number in range(5):
        other = make_factory(f"Other {number}", country=world.country)
        make_final(world, other, ended=today - timedelta(days=400), scores=45)
    visit = make_final(world, ended=today - timedelta(days=10), scores=40, level="established")
    cycle.after_final(visit, at=clock.now())
    make_final(world, ended=today - timedelta(days=30), kind="self", scores=90, level_factory="")

    with a_moving_clock():
        desk = make_page(DESK)
        sign_in(desk, world.advisor)
        desk.goto("/portfolio/")
        names = desk.locator("main h2.h5 a").all_inner_texts()
        assert names[:2] == [postpones.name, silent.name]
        assert world.factory.name in names[-1]
        assert "It is silent here" in desk.inner_text("main")
        axe(desk)
        screenshot(desk, "year-portfolio")

        # Why it is silent.
        desk.get_by_role("link", name=silent.name).click()
        desk.get_by_role("link", name="Record what you found").click()
        desk.get_by_label("People do not know the ways to complain").check()
        desk.get_by_label("What shows it").fill("Nobody on the night shift knew the poster.")
        desk.get_by_role("button", name="Record what you found").click()
        assert "Found out on" in desk.inner_text("main")

        # What is agreed with a factory, and a note.
        desk.goto(f"/assessments/factories/{world.factory.pk}/")
        assert "It has happened here" not in desk.inner_text("main")
        desk.get_by_role("link", name="Agree an action").click()
        desk.get_by_label("What will be done").fill("Light on the stairs")
        desk.get_by_label("Who does it").select_option("hr")
        desk.get_by_label("By which day").fill((today + timedelta(days=30)).isoformat())
        desk.get_by_role("button", name="Agree this action").click()
        desk.get_by_label("New note").fill("Mrs Sok does not want it.")
        desk.get_by_role("button", name="Add the note").click()
        assert "There seems to be a name" in desk.inner_text("main")
        desk.get_by_label("New note").fill("The owner does not want it yet.")
        desk.get_by_role("button", name="Add the note").click()
        assert "The owner does not want it yet." in desk.inner_text("main")
        axe(desk)
        screenshot(desk, "year-factory")

        # Workers read what was found once it was given back; without an account, without script.
        givingback.write_plain(visit, "km", found=FOUND, will_be_done=WILL, by=world.advisor, at=clock.now())
        givingback.give_back(visit, today, by=world.advisor, at=clock.now())
        phone_without_script.goto(f"/f/{world.factory.short_code}/plain/")
        assert FOUND in phone_without_script.inner_text("main") and WILL in phone_without_script.inner_text("main")
        assert fits(phone_without_script)
        reader = make_page(PHONE)
        for language in ("km", "en"):
            for name in ("plain", "poster"):
                reader.goto(f"/f/{world.factory.short_code}/{name}/?lang={language}")
                assert fits(reader)
                axe(reader)
                screenshot(reader, f"year-{name}-{language}")

        # The factory sees both assessments side by side, and says that it is done.
        phone = make_page(PHONE)
        sign_in(phone, world.officer)
        phone.goto("/assessments/mine/")
        assert "You see yourselves higher than the visit did" in phone.inner_text("main")
        assert "It may be happening here" in phone.inner_text("main")
        for language in ("km", "en"):
            phone.goto(f"/assessments/mine/{world.factory.pk}/?lang={language}")
            assert fits(phone)
            axe(phone)
            screenshot(phone, f"year-mine-{language}")
        phone.get_by_role("link", name="It is done").click()
        phone.get_by_label("What shows it").fill("Lamps on every landing.")
        phone.get_by_role("button", name="It is done").click()
        assert "to be confirmed from outside" in phone.inner_text("main")
        desk.goto(f"/assessments/factories/{world.factory.pk}/")
        desk.get_by_role("link", name="Confirm").click()
        desk.get_by_role("button", name="I have looked: it is done").click()
        assert "Confirmed from outside: Light on the stairs" in desk.inner_text("main")

        # Nine months on the yearly visit comes up.
        later(days=280)
        sweep.sweep(clock.now())
        again = make_page(PHONE)
        sign_in(again, world.advisor)
        assert "The yearly visit to a factory of yours comes up" in again.inner_text("main")
        for language in ("km", "en"):
            again.goto(f"/portfolio/?lang={language}")
            assert fits(again)
            axe(again)
            screenshot(again, f"year-portfolio-{language}")
        assert "The next visit is due on" in again.inner_text("main")

        # The head of an organisation reads totals with small numbers hidden.
        at = clock.now()
        quarter = Quarter.finished_by(at.date())
        snapshots.freeze(quarter, at=at)
        freezing.freeze(quarter, at=at)
        head = make_page(DESK)
        sign_in(head, world.programme_lead)
        head.goto("/assessments/programme/")
        assert "Workers reached" in head.inner_text("main") and world.factory.name not in head.content()
        axe(head)
        screenshot(head, "year-programme")
