"""Her pictures: cleaned in a process of their own, refused each with its own sentence, written before confirmed."""

from __future__ import annotations

import io
import zlib
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

from complaints import compartments, pictures, receipts
from complaints.models import Entry, Grant
from config import uploads
from tests.builders import WEDNESDAY, file, holder_of, make_answers, make_world

pytestmark = pytest.mark.django_db
SECRET = b"SECRET-PLACE"


def encoded(picture: Image.Image, kind: str = "JPEG", **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(size=(320, 240)) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert("RGB")


def huge_png(width: int, height: int) -> bytes:
    """A picture of so many dots in a few kB: one bit a dot, all of them white."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    rows = zlib.compress(bytes(height * (1 + (width + 7) // 8)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def refusal_of(data: bytes) -> str:
    with pytest.raises(pictures.PictureRefused) as refused, pictures.cleaned(SimpleUploadedFile("photo.jpg", data)):
        pass
    return str(refused.value.message)


@pytest.fixture
def arrived(client):
    """A complaint just filed, and a function that sends a picture from the page that says so."""
    world = make_world()
    filed = file(make_answers(world.factory))
    token = receipts.sign(filed.receipt, at=_now())

    def send(data: bytes, name: str = "photo.jpg", **more):
        upload = SimpleUploadedFile(name, data, content_type="image/jpeg")
        return client.post("/my/picture/", {"token": token, "language": "en", "picture": upload, **more})

    send.world, send.filed = world, filed
    return send


def _now():
    from factories import clock

    return clock.now()


# --- Cleaning -----------------------------------------------------------------------------------------------------


def test_hidden_data_is_gone_and_the_picture_is_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # Turned by a quarter.
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (11.0, 33.0, 1.0)
    dirty = encoded(photo(), exif=exif, comment=SECRET, icc_profile=SECRET * 50, xmp=SECRET)
    cleaned = pictures.clean(dirty)
    assert SECRET in dirty and SECRET not in cleaned
    picture = Image.open(io.BytesIO(cleaned))
    assert picture.size == (240, 320)
    assert not picture.getexif()
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(picture.info)


def test_a_large_photo_becomes_one_of_1600_dots():
    assert Image.open(io.BytesIO(pictures.clean(encoded(photo((4000, 3000)))))).size == (1600, 1200)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_png_and_webp_become_jpeg(kind):
    assert Image.open(io.BytesIO(pictures.clean(encoded(photo(), kind)))).format == "JPEG"


def test_what_was_transparent_is_white():
    cleaned = pictures.clean(encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"))
    white = Image.new("RGB", (40, 40), "white")
    assert ImageChops.difference(Image.open(io.BytesIO(cleaned)), white).getbbox() is None


def test_a_phone_s_photo_with_a_second_one_behind_it_is_taken():
    two = encoded(photo(), "MPO", save_all=True, append_images=[photo((20, 20))])
    assert Image.open(io.BytesIO(pictures.clean(two))).size == (320, 240)


def test_what_hangs_behind_a_photo_is_gone():
    assert SECRET not in pictures.clean(encoded(photo()) + b"PK\x03\x04" + SECRET)


def test_each_refusal_has_its_own_sentence():
    moving = encoded(photo(), "PNG", save_all=True, append_images=[photo().rotate(90)], duration=100)
    said = [
        refusal_of(b"PK\x03\x04" + bytes(1000)),
        refusal_of(encoded(photo(), "GIF")),
        refusal_of(b"\x00\x00\x00\x18ftypheic" + bytes(40)),
        refusal_of(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
        refusal_of(moving),
        refusal_of(huge_png(10_000, 10_000)),
        refusal_of(encoded(photo())[:2000]),
        refusal_of(bytes(9 * 1024 * 1024)),
        refusal_of(b""),
    ]
    assert len(set(said)) == len(said)


def test_a_moving_webp_is_refused():
    moving = encoded(photo(), "WEBP", save_all=True, append_images=[photo().rotate(90)], duration=100)
    assert "moves" in refusal_of(moving)


def test_a_picture_of_a_hundred_million_dots_is_refused_by_its_header():
    data = huge_png(10_000, 10_000)
    assert len(data) < 20_000
    assert "too many dots" in refusal_of(data)


def test_a_picture_whose_hidden_text_unpacks_a_thousandfold_is_refused():
    bomb = zlib.compress(bytes(64 * 1024 * 1024), 9)
    text = b"Comment\0\0" + bomb
    png = encoded(photo(), "PNG")
    chunk = len(text).to_bytes(4, "big") + b"zTXt" + text + zlib.crc32(b"zTXt" + text).to_bytes(4, "big")
    assert refusal_of(png[:33] + chunk + png[33:])


def test_the_web_process_never_imports_pillow():
    import subprocess
    import sys

    code = "import sys; import complaints.cleaning; print('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


# --- Through the door ---------------------------------------------------------------------------------------------


def test_a_picture_sent_on_arrival_is_confirmed_written_and_shown_to_her(arrived, client):
    response = arrived(encoded(photo()))
    assert response.status_code == 303
    entry = Entry.objects.get(kind="picture")
    page = client.get(response.headers["Location"])
    assert "Your picture has arrived." in page.content.decode()
    shown = client.get(f"/my/picture/{entry.pk}/")
    assert (shown.headers["Content-Type"], shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert shown.headers["Cache-Control"] == "no-store"
    assert Image.open(io.BytesIO(shown.content)).size == (320, 240)
    assert client.get("/my/case/").status_code == 200


def test_a_refused_picture_leaves_nothing_and_can_be_sent_again_from_the_same_page(arrived):
    response = arrived(b"PK\x03\x04" + bytes(1000))
    page = response.content.decode()
    assert response.status_code == 422
    assert "This is not a photo, whatever its name says." in page
    assert 'name="token"' in page
    assert not Entry.objects.filter(kind="picture").exists()


def test_a_picture_over_eight_megabytes_is_refused_with_a_sentence(arrived):
    assert "too large" in arrived(bytes(8 * 1024 * 1024 + 1)).content.decode()


def test_a_body_of_forty_megabytes_is_refused_with_a_sentence(arrived):
    response = arrived(bytes(40 * 1024 * 1024))
    assert response.status_code == 413
    assert "too large" in response.content.decode()


def test_a_picture_for_which_there_is_no_room_is_asked_for_again(arrived, monkeypatch):
    monkeypatch.setattr(uploads, "PATIENCE", 0)
    monkeypatch.setattr(uploads, "room", uploads.Room(1000))
    response = arrived(encoded(photo()))
    assert response.status_code == 422
    assert "Please press the button again in a minute." in response.content.decode()


def test_the_room_of_a_picture_is_free_again_afterwards(arrived, monkeypatch):
    room = uploads.Room(1024 * 1024)
    monkeypatch.setattr(uploads, "room", room)
    for data in (encoded(photo()), b"no picture", b""):
        arrived(data)
    assert room.take(1024 * 1024, patience=0)


def test_the_name_of_a_file_counts_for_nothing(arrived):
    assert arrived(encoded(photo(), "PNG"), name="holiday.exe").status_code == 303


def test_the_factory_sees_her_pictures_only_with_her_yes(arrived):
    world, case = arrived.world, arrived.filed.case
    arrived(encoded(photo()), share_pictures="no")
    held = Grant.objects.filter(key__compartment__case=case, key__compartment__kind="pictures")
    assert not held.filter(person_key__person=world.officer).exists()
    arrived(encoded(photo()), share_pictures="yes")
    seen = compartments.take_out(case, holder_of(world.officer), ["pictures"], at=_now(), released_only=True)
    assert len(seen) == 2


def test_a_token_of_nobody_adds_nothing(client):
    make_world()
    response = client.post(
        "/my/picture/", {"token": "x:y", "language": "en", "picture": SimpleUploadedFile("a.jpg", encoded(photo()))}
    )
    assert response.status_code == 403
    assert not Entry.objects.filter(kind="picture").exists()


def test_nobody_sees_another_woman_s_picture(arrived, client):
    arrived(encoded(photo()))
    entry = Entry.objects.get(kind="picture")
    other = file(make_answers(arrived.world.factory), at=WEDNESDAY)
    client.post("/my/", {"number": other.receipt, "language": "en"})
    assert client.get(f"/my/picture/{entry.pk}/").status_code == 404


def test_the_sentence_is_whole_when_the_cleaning_breaks(monkeypatch):
    monkeypatch.setattr(pictures, "_SCRIPT", pictures._SCRIPT.with_name("no-such-file.py"))
    assert "broken" in unescape(refusal_of(encoded(photo())))
