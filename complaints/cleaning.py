"""Clean one picture, in a process of its own: bytes in on stdin, a fresh JPEG out on stdout, nothing on a disk.

Run as a file by `complaints.pictures`, so it imports Pillow and filetype and nothing of ours. A picture is made by
strangers' software and may be made to harm: whatever goes wrong here ends with this process. A refusal is its exit
code, one of `Refusal`.
"""

from __future__ import annotations

import io
import sys
from enum import IntEnum
from typing import Any

LONGEST_SIDE = 1600
MOST_PIXELS = 40_000_000  # Looked up in the header, before anything is decoded.
QUALITY = 82
MEMORY = 1024**3  # 40 megapixels with transparency need about 400 MB, and libraries reserve more than they use.
CPU_SECONDS = 15
FORMATS = {"image/jpeg": ("JPEG", "MPO"), "image/png": ("PNG",), "image/webp": ("WEBP",)}
# What a JPEG that holds nothing but its pixels may say about itself.
PLAIN = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


class Refusal(IntEnum):
    """Why a picture is not taken; an exit code between the two processes."""

    NOT_A_PICTURE = 40
    OTHER_KIND = 41
    PHONE_KIND = 42  # HEIC and AVIF: real photos that we cannot clean.
    FALSE_KIND = 43
    MOVING = 44
    TOO_MANY_PIXELS = 45
    BROKEN = 46


class Refused(Exception):
    def __init__(self, why: Refusal) -> None:
        super().__init__(why.name)
        self.why = why


def clean(data: bytes) -> bytes:
    """Return the picture as a fresh JPEG: upright, at most 1600 px long, without anything but its pixels."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # Our own limit is smaller, and is looked at first.
    formats = FORMATS[kind_of(data)]
    try:
        picture = Image.open(io.BytesIO(data), formats=formats)
    except Exception:
        raise Refused(Refusal.FALSE_KIND) from None  # It begins like a photo and is none.
    if picture.format not in formats:
        raise Refused(Refusal.FALSE_KIND)
    # A phone's JPEG may carry a second, smaller picture behind the first; that is not a moving one.
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise Refused(Refusal.MOVING)
    if picture.width * picture.height > MOST_PIXELS:
        raise Refused(Refusal.TOO_MANY_PIXELS)
    try:
        return _fresh(picture)
    except MemoryError:
        raise Refused(Refusal.TOO_MANY_PIXELS) from None
    except Exception:
        raise Refused(Refusal.BROKEN) from None


def kind_of(data: bytes) -> str:
    """Return the type that the content itself shows, one of `FORMATS`; the name it came with counts for nothing."""
    import filetype

    kind = filetype.guess(data)
    if kind is None or not kind.mime.startswith("image/"):
        raise Refused(Refusal.NOT_A_PICTURE)
    if kind.mime in ("image/heic", "image/avif"):
        raise Refused(Refusal.PHONE_KIND)
    if kind.mime == "image/apng":
        raise Refused(Refusal.MOVING)
    if kind.mime not in FORMATS:
        raise Refused(Refusal.OTHER_KIND)
    return str(kind.mime)


def _fresh(picture: Any) -> bytes:
    from PIL import Image, ImageOps

    if picture.format in ("JPEG", "MPO"):
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # Decodes at a fraction of the size already.
    turned = picture.getexif().get(0x0112, 1)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if turned != 1:
        picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    # A new picture knows nothing of the old one: no comment, no place, no thumbnail, no colour profile.
    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture.convert("RGB"))
    out = io.BytesIO()
    fresh.save(out, "JPEG", quality=QUALITY)
    check = Image.open(out, formats=["JPEG"])
    if set(check.info) - PLAIN or check.getexif():
        raise Refused(Refusal.BROKEN)
    return out.getvalue()


def _limit() -> None:
    """Let this process take no more than its share, open no further file and start nothing."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    _limit()
    try:
        cleaned = clean(sys.stdin.buffer.read())
    except Refused as refused:
        return refused.why
    sys.stdout.buffer.write(cleaned)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
