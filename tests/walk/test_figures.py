"""People of the factory, an expert and a head read their figures, on a phone and at a desk."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from complaints.statistics import Quarter, snapshots
from tests.builders import make_factory, make_world
from tests.complaints.figureworld import add_cases
from tests.walk.by_hand import at_each_size, fits, let_in

pytestmark = pytest.mark.django_db(transaction=True)
JANUARY = datetime(2027, 1, 10, 5, tzinfo=UTC)
QUARTERS = [Quarter(2026, number) for number in (1, 2, 3, 4)]


def test_each_reader_finds_their_figures_by_a_link_and_reads_them(stack, make_page, axe, screenshot):
    world = make_world()
    factories = [world.factory, *(make_factory(country=world.country) for _number in range(6))]
    world.factory.headcount = 1500
    world.factory.save()
    for place, factory in enumerate(factories):
        for month in (2, 5, 8, 11):
            add_cases(factory, 12, filed=date(2026, month, 4), late=place, channel=("web", "paper_box")[place % 2])
    add_cases(world.factory, 14, filed=date(2026, 8, 4), late=3, route="outside_only")
    for quarter in QUARTERS:
        snapshots.freeze(quarter, at=JANUARY)
    page = make_page()
    asked = (
        (world.officer, world.factory.name, "95% or more"),
        (world.expert, "Cases handled outside", "79%"),
        (world.programme_lead, "The programme", "Complaints received by country"),
    )
    for person, link, words in asked:
        let_in(page, person)
        page.get_by_role("link", name="Figures", exact=True).click()
        page.get_by_role("link", name=link).first.click()
        page.wait_for_selector(".figures")
        page.select_option("#quarter", "2026Q3")
        page.click("text=Show")
        page.wait_for_url("**quarter=2026Q3")
        for _width in at_each_size(page):
            assert words in page.inner_text("main")
            assert "July to September 2026" in page.inner_text("main")
            fits(page)
            axe(page)
            screenshot(page, f"figures-{person.name.split()[0]}")
