from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from factories import clock, people, sweep


def reminders(request: HttpRequest) -> dict[str, Any]:
    """Give templates `reminders_stopped`: the warning for experts and advisors, asked for only when shown."""

    def warning() -> str:
        user = getattr(request, "user", None)
        if user is None or not people.roles_of(user) & people.WATCHES_REMINDERS:
            return ""
        return sweep.stopped_sentence(clock.now())

    return {"reminders_stopped": _once(warning)}


def _once(ask: Any) -> Any:
    """Ask at the first use and remember the answer for this page."""
    answers: list[str] = []

    def answer() -> str:
        if not answers:
            answers.append(ask())
        return answers[0]

    return answer
