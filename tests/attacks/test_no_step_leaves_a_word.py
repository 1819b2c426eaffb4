"""Every step that takes words is taken with marker words, and what is at rest afterwards shows none of them.

Which steps these are is read from the services: a parameter that is not named here as a code counts as words, so a step
that is added later is walked without a line of test. The scenes are those of the races.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from complaints import compartments, workflow
from complaints.stepforms import FORMS
from complaints.workflow.step import HER
from tests.attacks import thief
from tests.complaints.test_races import RACES, TEXT, THURSDAY, Scene
from tests.walkers import decide, to_decision, to_planning

pytestmark = pytest.mark.django_db
MARK = "ZqMarkWörd សំឡេង"
CODES = {
    "age_band", "answer", "back_to", "code", "danger_level", "gbv_class", "ground", "how", "kind", "language", "others",
    "outcome", "paper", "path", "reached", "reference", "result", "role", "route", "safe", "severity", "side", "who",
    "whom",
}  # fmt: skip
REASON_IS_A_CODE = {"close_redirected", "place_legal_hold"}
WHOLE = {"fields", "answers", "found", "plan", "findings"}  # Many words in one: a mapping, or a dataclass of ours.


def words_of(step: str) -> dict[str, inspect.Parameter]:
    """What this step is told in free words, by the names of its parameters."""
    service = getattr(workflow, step, None)
    found = inspect.signature(service).parameters if service else {}
    return {
        name: one
        for name, one in found.items()
        if (one.annotation == "str" and name not in CODES and not (name == "reason" and step in REASON_IS_A_CODE))
        or (name in WHOLE and one.annotation != "str")
    }


def only_she_is_told(scene: Scene) -> None:
    decide(scene.world, to_decision(scene.world, scene.case))
    workflow.tell_outcome(scene.case, by=scene.world.officer, found=TEXT, done=TEXT, at=THURSDAY)


def support_is_agreed(scene: Scene) -> None:
    to_planning(scene.world, scene.case, path="support_only")


# Where the scene of the race is one in which the step asks for no words.
INSTEAD: dict[str, tuple[Callable[[Scene], Any], Callable[[Scene], Any]]] = {
    "begin_action": (
        only_she_is_told,
        lambda s: workflow.begin_action(s.case, by=s.world.officer, text=TEXT, at=THURSDAY),
    ),
    "begin_monitoring": (
        support_is_agreed,
        lambda s: workflow.begin_monitoring(s.case, by=s.world.officer, text=TEXT, at=THURSDAY),
    ),
}
TAKE_WORDS = [step for step in workflow.STEPS if words_of(step)]


def typed_in(step: str) -> list[str]:
    """The fields of the step's form in which somebody types."""
    form = FORMS.get(step)
    found = form.base_fields.items() if form else ()
    return [name for name, field in found if type(field).__name__ == "CharField" and not field.widget.is_hidden]


def marked(value: Any, step: str) -> Any:
    """The same with the marker where somebody types; codes stay as they are."""
    if isinstance(value, str):
        return f"{value} {MARK}".strip()
    if isinstance(value, Mapping):
        whole = {key: marked(one, step) if is_dataclass(one) else one for key, one in value.items()}
        typed = typed_in(step) or (["text"] if HER in workflow.STEPS[step].by else [])
        return whole | dict.fromkeys([name for name in typed if name != "once"], MARK)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for one in fields(value):
            here = getattr(value, one.name)
            if one.name == "result":
                continue
            if isinstance(here, str):
                changes[one.name] = f"{here} {MARK}"
            elif one.name in ("written", "allegations"):
                texts = here.items() if isinstance(here, Mapping) else enumerate(here)
                new = {key: f"{text} {MARK}" for key, text in texts}
                changes[one.name] = new if isinstance(here, Mapping) else list(new.values())
        return replace(value, **changes)
    return value


@pytest.mark.parametrize("step", TAKE_WORDS)
def test_no_word_that_a_step_took_lies_open_anywhere(step, monkeypatch, caplog, django_capture_on_commit_callbacks):
    answers, ready, act, _other, _winners = RACES[step]
    caplog.set_level(logging.INFO)
    ready, act = INSTEAD.get(step, (ready, act))
    scene = Scene(**answers)
    ready(scene)
    sealed: list[str] = []
    put, service, words = compartments.sealed_entry, getattr(workflow, step), words_of(step)

    def spy(case: Any, key: Any, kind: str, entry_kind: str, content: Any, **how: Any) -> Any:
        sealed.append(str(content))
        return put(case, key, kind, entry_kind, content, **how)

    def with_markers(*args: Any, **named: Any) -> Any:
        given = inspect.signature(service).bind(*args, **named)
        given.apply_defaults()
        for name in words:
            given.arguments[name] = marked(given.arguments[name], step)
        return service(*given.args, **given.kwargs)

    monkeypatch.setattr(compartments, "sealed_entry", spy)
    monkeypatch.setattr(workflow, step, with_markers)
    with django_capture_on_commit_callbacks(execute=True):
        act(scene)
    assert any(MARK in one for one in sealed), "the words were never taken, so nothing was looked for"
    places = [
        *thief.database(),
        *thief.broker(settings.REDIS_URL),
        ("logs", caplog.text.encode()),
        *[("mail", f"{one.subject} {one.body}".encode()) for one in mail.outbox],
    ]
    assert thief.finds(places, {"what was typed": MARK.encode()}) == []
