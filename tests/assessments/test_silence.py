"""The silence flag: when it is on, and what it most likely means."""

from __future__ import annotations

import ast
import inspect
import itertools

import pytest

from assessments import agreement, likelihood, scoring, silence
from complaints.statistics import quiet


@pytest.mark.parametrize(
    ("complaints", "headcount", "quarters", "on"),
    [
        (0, 200, 4, True),
        (4, 5000, 8, True),
        (5, 5000, 8, False),  # One for each thousand workers is not fewer than one.
        (1, 200, 4, False),
        (0, 199, 4, None),
        (0, 200, 3, None),
        (0, None, 4, None),
    ],
)
def test_the_flag_needs_size_a_year_and_few_complaints(complaints, headcount, quarters, on):
    found = quiet.silence(complaints, headcount, quarters)
    assert (None if not found.den else bool(found.num)) is on


@pytest.mark.parametrize(
    ("scores", "failed", "kind"),
    [
        ({"RP1": 1}, False, "channel_not_working"),
        ({"RP2": 0}, False, "channel_not_working"),
        ({"RP1": 4, "RP2": 4}, True, "channel_not_working"),
        ({"RP1": 2, "RP2": 2, "PC5": 2}, False, "channel_not_known"),
        ({"PC5": 3, "RP4": 2}, False, "channel_not_trusted"),
        ({"PC5": 3, "RP4": 3, "RP5": 1}, False, "channel_not_trusted"),
        ({"RP1": 2, "RP2": 2, "PC5": 3, "RP4": 3, "RP5": 2}, False, "unexplained"),
        ({"RP1": None, "RP2": None, "PC5": None, "RP4": None, "RP5": None}, False, "unexplained"),
        ({}, False, "unexplained"),
    ],
)
def test_the_kind_of_silence(scores, failed, kind):
    assert silence.kind_of(scores, test_complaint_failed=failed) == kind


def test_every_combination_of_scores_has_the_kind_of_the_book():
    for rp1, rp2, pc5, rp4, rp5 in itertools.product(range(5), repeat=5):
        kind = (
            "channel_not_working" if min(rp1, rp2) <= 1
            else "channel_not_known" if pc5 <= 2
            else "channel_not_trusted" if rp4 <= 2 or rp5 <= 1
            else "unexplained"
        )  # fmt: skip
        scores = {"RP1": rp1, "RP2": rp2, "PC5": pc5, "RP4": rp4, "RP5": rp5}
        assert silence.kind_of(scores) == kind


@pytest.mark.parametrize("room", [silence, scoring, likelihood, agreement], ids=lambda room: room.__name__)
def test_no_pure_room_knows_the_app_of_complaints(room):
    for node in ast.walk(ast.parse(inspect.getsource(room))):
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("complaints")
        if isinstance(node, ast.Import):
            assert not any(one.name.startswith("complaints") for one in node.names)
