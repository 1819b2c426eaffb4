"""Uploads stay in memory: no request body ever touches a disk. One process has only so much room for them."""

import threading
import weakref
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

ROOM = 20 * 1024 * 1024  # For all uploads that one web process holds at the same time: it stays below 150 MB.
PATIENCE = 30.0  # Seconds that an upload waits for room.


class Room:
    """So many bytes, shared by the threads of a process; who finds too few waits for others to finish."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._changed = threading.Condition(threading.RLock())

    def take(self, size: int, *, patience: float) -> bool:
        """Reserve bytes, waiting for them if need be; False when none came free in time."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._left >= size, patience)
            if found:
                self._left -= size
            return found

    def give(self, size: int) -> None:
        """Return what was reserved."""
        with self._changed:
            self._left += size
            self._changed.notify_all()


room = Room(ROOM)


class HeldFile(BytesIO):
    """An upload in memory that returns its room when it is closed, or forgotten because the phone hung up."""

    def __init__(self, reserved: int) -> None:
        super().__init__()
        self._give_back = weakref.finalize(self, room.give, reserved)

    def close(self) -> None:
        """Forget the bytes, then return their room."""
        super().close()
        self._give_back()


class MemoryOnlyUploadHandler(FileUploadHandler):
    """Keep a file in memory; without room, or beyond the limit, the form gets an empty one that knows its real size."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(None)  # Without the request: a ring of references would hold the room for longer.

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - the name is Django's.
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        """Take nothing of a body that is far too large: the page sees an empty form and says so."""
        if content_length > 4 * settings.SAMLENG_UPLOAD_LIMIT:
            return QueryDict(), MultiValueDict()
        self.expected = min(content_length, settings.SAMLENG_UPLOAD_LIMIT)
        return None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file, once there is room for it."""
        super().new_file(*args, **kwargs)
        fits = room.take(self.expected, patience=PATIENCE)
        self.file = HeldFile(self.expected if fits else 0)
        self.limit = self.expected if fits else 0
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk, unless the file has grown too large already."""
        self.received += len(raw_data)
        if self.received <= self.limit:
            self.file.write(raw_data)
        elif self.file.tell():
            self.file.seek(0)
            self.file.truncate()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """Give the file; `size` says how much was sent, also when none of it was kept."""
        self.file.seek(0)
        return InMemoryUploadedFile(
            file=self.file,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
