"""Logs that tell us where something broke and nobody what was in it."""

import logging
import re
import traceback
from types import TracebackType
from typing import Any

LONG_SEGMENT = re.compile(r"[^/\s\"']{16,}")
QUERY = re.compile(r"\?\S*")


def bare_path(path: str) -> str:
    """Give an address without its query and without long parts, which may be keys of a link."""
    return LONG_SEGMENT.sub("…", QUERY.sub("", path))


def bare_traceback(error: BaseException | None, trace: TracebackType | None = None) -> str:
    """Name the exception and the lines it passed; its message and its variables may carry words."""
    lines = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = traceback.extract_tb(trace or error.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines.append(f"  {type(error).__module__}.{type(error).__qualname__}")
        error, trace = error.__cause__ or error.__context__, None
    return "\n".join(lines)


class BareFormatter(logging.Formatter):
    """Time, level, logger and message; of an exception only its type and place."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """Format without exception messages, queries or long address parts."""
        copy = logging.makeLogRecord(record.__dict__)
        copy.exc_text = copy.stack_info = None
        data = getattr(record, "data", None)
        if record.name == "celery.app.trace" and isinstance(data, dict):
            copy.msg, copy.args = "Task %s %s", (data.get("name"), data.get("id"))
        elif record.name == "django.request":
            copy.msg, copy.args = bare_path(record.getMessage()), ()
        return super().format(copy)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's.
        """Give the bare traceback."""
        return bare_traceback(ei[1], ei[2])


class BareExceptionReporter:
    """Stands in for Django's reporter, which prints the request, the variables and the settings."""

    html_template_path = text_template_path = None

    def __init__(
        self, request: object, exc_type: object, exc_value: BaseException | None, tb: object, **_: object
    ) -> None:
        self.error = exc_value

    def get_traceback_text(self) -> str:
        """Give the bare traceback."""
        return bare_traceback(self.error)

    get_traceback_html = get_traceback_text
