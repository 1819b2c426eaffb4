"""Her pictures: cleaned before they are sealed, or refused with a sentence. Nothing of a picture touches a disk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from complaints.cleaning import Refusal
from complaints.codes import Words

_SCRIPT: Final = Path(__file__).with_name("cleaning.py")
_SECONDS: Final = 25
_PATIENCE: Final = 30  # Seconds that a picture waits for its turn.
_AT_ONCE: Final = 1  # In one web process: a picture of 40 megapixels takes up to 600 MB while it is cleaned.
_turns = threading.BoundedSemaphore(_AT_ONCE)

TOO_LARGE: Final[Words] = _("This picture is too large: more than 8 MB. Take a photo of it with a smaller size.")
EMPTY: Final[Words] = _("No picture came. Please choose one and press the button again.")
BUSY: Final[Words] = _("Many people are sending pictures just now. Please press the button again in a minute.")
_SENTENCES: Final[dict[int, Words]] = {
    Refusal.NOT_A_PICTURE: _("This is not a photo, whatever its name says. Choose a photo."),
    Refusal.OTHER_KIND: _("We cannot clean this kind of picture. Choose a photo (JPEG, PNG or WebP)."),
    Refusal.PHONE_KIND: _("We cannot clean this kind of photo (HEIC). Make a screenshot of it and send that."),
    Refusal.FALSE_KIND: _("This file begins like a photo, but it is none. Choose another one."),
    Refusal.MOVING: _("We cannot clean a picture that moves. Choose one that stands still."),
    Refusal.TOO_MANY_PIXELS: _("This picture has too many dots for us. Make a screenshot of it and send that."),
    Refusal.BROKEN: _("This photo is broken. We cannot clean it. Try another one, or make a screenshot of it."),
}


class PictureRefused(Exception):
    """The picture is not taken; `message` says why and what to do."""

    def __init__(self, message: Words) -> None:
        super().__init__("picture refused")
        self.message = message


@contextmanager
def cleaned(upload: UploadedFile | None) -> Iterator[bytes]:
    """Give what she sent as a fresh JPEG without hidden data, to be sealed while this turn lasts.

    Raises `PictureRefused`. One picture after the other: sealing and writing take several times its size, too.
    """
    if upload is None or not upload.size:
        raise PictureRefused(EMPTY)
    if upload.size > settings.SAMLENG_UPLOAD_LIMIT:
        raise PictureRefused(TOO_LARGE)
    if not _turns.acquire(timeout=_PATIENCE):
        raise PictureRefused(BUSY)
    try:
        with upload, _bytes_of(upload) as data:
            if not data.nbytes:
                raise PictureRefused(BUSY)  # It came when there was no room for it: see config/uploads.py.
            fresh = clean(data)
        yield fresh
    finally:
        _turns.release()


def _bytes_of(upload: UploadedFile) -> memoryview:
    """The bytes where they lie, without a second copy."""
    return upload.file.getbuffer() if isinstance(upload.file, BytesIO) else memoryview(upload.read())


def clean(data: bytes | memoryview) -> bytes:
    """Clean a picture in a short-lived process that has limits of its own. Raises `PictureRefused`."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", str(_SCRIPT)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            env={"MALLOC_ARENA_MAX": "1", "LC_ALL": "C.UTF-8"},
            cwd=os.sep,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PictureRefused(_SENTENCES[Refusal.BROKEN]) from None
    if done.returncode == 0 and done.stdout:
        return done.stdout
    raise PictureRefused(_SENTENCES.get(done.returncode, _SENTENCES[Refusal.BROKEN]))
