"""Her pages on a phone of 360 px without script, and with script blocked before axe: the walk, and pictures of it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from complaints import access, workflow
from factories import clock
from tests.builders import file, make_answers, make_world, reader_of

pytestmark = pytest.mark.django_db
ANSWER = "Thank you for telling us. We have read about the mechanic and will look at it this week."
HER_PAGES = (
    "/my/",
    "/my/case/",
    "/my/help/",
    "/my/picture/",
    "/my/sharing/",
    "/my/place/",
    "/my/number/",
    "/my/pause/",
)

# A phone left lying must close her page by itself, without script: safety comes before this rule.
LEAVES_BY_ITSELF = ("meta-refresh",)


def photo() -> dict:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def filed(stack):
    world = make_world()
    filed = file(make_answers(world.factory, own_words="He waits for me at the gate every day."), at=clock.now())
    case, at = filed.case, clock.now()
    workflow.declare_conflict(case, by=world.chair, answer="none", at=at)
    on = access.case_for(world.chair, case.reference, at=at)
    access.opened(on, reader_of(world.chair), ["story", "circumstances"], at=at)
    workflow.acknowledge(case, by=world.chair, text=ANSWER, at=at)
    return filed


def come_in(page, receipt: str, language: str = "en") -> None:
    page.goto(f"/my/?lang={language}&c=kh")
    page.fill("#number", receipt)
    page.locator("#enter button.strong").click()
    page.wait_for_url("**/my/case/**")


def test_the_walk_without_script(filed, phone_without_script, screenshot):
    page = phone_without_script
    come_in(page, " ".join(filed.receipt[i : i + 4] for i in range(0, 16, 4)))
    expect(page.get_by_text(ANSWER)).to_be_visible()
    screenshot(page, "her-page-en")
    page.fill("#text", "Thank you.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your message has arrived.")).to_be_visible()
    page.get_by_role("link", name="Add a picture").click()
    page.set_input_files("#picture", photo())
    page.locator("input[name=share_pictures][value=no]").check()
    page.get_by_role("button", name="Add this picture").click()
    expect(page.get_by_text("Your picture has arrived.")).to_be_visible()
    page.wait_for_load_state("load")
    assert page.locator("img.picture").evaluate("image => image.naturalWidth") == 256
    screenshot(page, "her-picture-en")
    page.get_by_role("link", name="Back to my page").click()
    page.get_by_role("link", name="I am not safe now").click()
    screenshot(page, "her-help-en")
    page.get_by_role("button", name="I am not safe now. Tell them.").click()
    expect(page.get_by_text("The outside team has been told.")).to_be_visible()
    page.get_by_role("link", name="Leave this page now").click()
    assert re.search("/holidays/", page.url)
    page.go_back()
    expect(page.get_by_text(ANSWER)).not_to_be_visible()


@pytest.mark.parametrize("language", ["en", "km"])
def test_her_pages_shut_nobody_out(filed, phone_script_blocked, desk, axe, screenshot, language):
    for page in (phone_script_blocked, desk):
        come_in(page, filed.receipt, language)
        for path in HER_PAGES:
            page.goto(f"{path}?lang={language}")
            axe(page, ignore=LEAVES_BY_ITSELF)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
            screenshot(page, f"her{path.replace('/', '-')}{language}")


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to read the memory of a process")
def test_a_web_process_stays_small_while_pictures_arrive(filed, stack, phone_without_script):
    page = phone_without_script
    come_in(page, filed.receipt)
    for pid in processes_of(stack.children["web"].process.pid):
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # Count the peak from here, not of the tests before.
    noise = io.BytesIO()
    Image.effect_noise((2600, 2400), 80).convert("RGB").save(noise, "JPEG", quality=95)
    for _number in range(6):
        page.goto("/my/picture/?lang=en")
        page.set_input_files("#picture", {"name": "n.jpg", "mimeType": "image/jpeg", "buffer": noise.getvalue()})
        page.get_by_role("button", name="Add this picture").click()
        expect(page.get_by_text("Your picture has arrived.")).to_be_visible()
    sizes = [resident_mb(pid) for pid in processes_of(stack.children["web"].process.pid)]
    assert max(sizes) < 150, sizes


def processes_of(parent: int) -> list[int]:
    return [parent, *(int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split())]


def resident_mb(pid: int) -> float:
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024
