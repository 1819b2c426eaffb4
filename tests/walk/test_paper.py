"""An officer chooses what comes on paper and prints it; letters, sheet and slips look alike and name no site."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress
from datetime import timedelta

import pytest

from accounts import clock
from complaints import compartments
from complaints.models import Entry
from tests import walkers
from tests.builders import make_case, make_world
from tests.walk.by_hand import let_in

pytestmark = pytest.mark.django_db(transaction=True)
A4 = (794, 1123)  # At 96 to the inch.
LONG = "He says things every day, and nobody looks. " * 30


def as_printed(page, screenshot, name: str) -> str:
    """Give the text that comes on the paper, and keep a picture of it."""
    page.emulate_media(media="print")
    screenshot(page, name)
    text = page.inner_text("body")
    page.emulate_media(media="screen")
    return text


def sheets_of(page) -> list[str]:
    """Give what stands on each sheet, with whatever the browser itself would put on it."""
    page.emulate_media(media="print")
    pdf = page.pdf(prefer_css_page_size=True, display_header_footer=True)
    page.emulate_media(media="screen")
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        with suppress(zlib.error):
            streams.append(zlib.decompress(found.group(1)))
    letters: dict[str, str] = {}
    for stream in streams:
        for glyph, letter in re.findall(rb"^<(\w{4})> <(\w{4})>$", stream, re.M):
            letters.setdefault(glyph.decode(), chr(int(letter, 16)))
        for first, last, letter in re.findall(rb"^<(\w{4})> <(\w{4})> <(\w{4})>$", stream, re.M):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters.setdefault(f"{int(first, 16) + step:04X}", chr(int(letter, 16) + step))
    sheets = [b"".join(re.findall(rb"<(\w+)> ?Tj", stream)).decode() for stream in streams if b" Tj" in stream]
    return ["".join(letters.get(sheet[at : at + 4], "?") for at in range(0, len(sheet), 4)) for sheet in sheets]


def test_a_case_is_printed_for_one_reader(stack, make_page, axe, screenshot):
    world = make_world()
    world.officer.name = "Sok Dara"
    world.officer.save()
    at = clock.now() - timedelta(days=1)
    case = make_case(world, own_words=LONG, at=at - timedelta(days=2))
    case = walkers.to_action(world, case, at=at)
    for number in range(12):
        compartments.put(case, "record", "note", {"text": f"{number}: {LONG}"}, by=world.officer, at=at)
    desk = make_page(A4)
    let_in(desk, world.officer)
    desk.goto(f"/cases/{case.reference}/")
    desk.click("text=On paper")
    axe(desk)
    screenshot(desk, "paper-choose")
    desk.uncheck("input[name=part][value=inbox]")
    desk.click("text=Show the paper")
    axe(desk)
    screenshot(desk, "paper")
    text = as_printed(desk, screenshot, "paper-printed")
    assert f"For {world.officer.name} only" in text and LONG.strip() in text
    assert "switch off headers" not in text and "Back: choose" not in text and "http" not in text
    assert "Messages" in text.split("Left out when it was printed")[1]
    sheets = sheets_of(desk)
    assert len(sheets) > 3
    for number, sheet in enumerate(sheets, start=1):
        assert "For Sok Dara" in sheet and f"{number} / {len(sheets)}" in sheet, sheet
        assert "http" not in sheet and "127.0.0.1" not in sheet and "Paper" not in sheet, sheet

    letter = Entry.objects.get(key__compartment__case=case, kind="outcome_letter")
    for address, name in ((f"outcome/{letter.pk}/", "outcome"), ("letters/notice/", "notice")):
        desk.goto(f"/cases/{case.reference}/{address}")
        axe(desk)
        text = as_printed(desk, screenshot, f"letter-{name}-printed")
        assert "Received on, by:" in text and "Back to" not in text and case.reference not in text


def test_the_choice_and_the_paper_fit_a_phone(stack, make_page, axe, screenshot):
    world = make_world()
    at = clock.now() - timedelta(days=1)
    case = walkers.to_planning(world, make_case(world, at=at - timedelta(days=2)), at=at)
    page = make_page((360, 740))
    let_in(page, world.officer)
    page.goto(f"/cases/{case.reference}/paper/")
    for name in ("paper-choose", "paper"):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
        axe(page)
        screenshot(page, name)
        if name == "paper-choose":
            page.click("text=Show the paper")
