"""Line 3 of the walk: a picture added on the page that says it has arrived, and the files that are refused there."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from complaints.models import Case
from tests.builders import make_world
from tests.complaints.test_pictures import huge_png
from tests.walk.by_hand import press, say, tell

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = b"SECRET-PLACE"


def photo() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, "JPEG", exif=exif, comment=SECRET)
    return out.getvalue()


@pytest.mark.parametrize(("script", "language"), [(False, "km"), (True, "en")])
def test_a_photo_is_cleaned_and_a_file_that_lies_is_refused_with_a_sentence(
    stack, make_page, screenshot, script, language
):
    world = make_world()
    page = make_page(script=script)
    if script:  # Without script the whole form is one page; with it, the last section is opened by hand.
        number = tell_step_by_step(page, world.factory.short_code)
    else:
        number = tell(page, world.factory.short_code, language=language, route="factory_committee",
                      share_choice="all_written")  # fmt: skip
    assert len(number) == 16

    def add(data: bytes, name: str = "photo.jpg") -> str:
        page.set_input_files("#picture", {"name": name, "mimeType": "image/jpeg", "buffer": data})
        press(page, "Add this picture", language)
        page.wait_for_url("**/my/picture/**")
        return page.inner_text("main")

    for data, sentence in {
        b"Not a picture, whatever it is called.": "This is not a photo, whatever its name says. Choose a photo.",
        huge_png(10_000, 10_000): "This picture has too many dots for us. Make a screenshot of it and send that.",
    }.items():
        assert say(sentence, language) in add(data)
        assert not page.locator("img.picture").count()
    screenshot(page, f"walk-picture-refused-{language}")
    assert say("Your picture has arrived.", language) in add(photo())
    kept = page.request.get(page.locator("img.picture").get_attribute("src")).body()
    assert kept.startswith(b"\xff\xd8")
    assert SECRET not in kept
    assert Case.objects.count() == 1


def tell_step_by_step(page, place: str) -> str:
    page.goto("/kh/tell/?lang=en")
    for _step in range(40):
        here = page.evaluate("document.querySelector('.step:not([hidden])').id")
        if here == "q1":
            page.fill("[name=place_text]", place)
        elif here == "q5":
            page.check("[name=conduct_types][value=touch]")
        elif here == "q12":
            page.check("[name=route][value=factory_committee]")
            page.check("[name=share_choice][value=all_written]")
        elif here == "receipt":
            break
        page.click(".step:not([hidden]) .next")
    page.click("button[name=send]")
    page.wait_for_selector(".good #number")
    return page.text_content("#number").replace(" ", "").strip()
