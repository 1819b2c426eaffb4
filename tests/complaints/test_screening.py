"""Danger, age, freedom and severity: the rule tables of intake.md, for every combination."""

from __future__ import annotations

import itertools

import pytest

from complaints import screening
from complaints.answers import Answers


@pytest.mark.parametrize("q3", ["now", "maybe_soon", "no", "not_sure", "skipped"])
def test_the_danger_level_follows_the_table_for_every_combination(q3):
    for values in itertools.product(["yes", "no", "not_known", ""], repeat=5):
        said = {f"D{i}": value for i, value in enumerate(values, start=1) if value}
        d = {f"D{i}": value == "yes" for i, value in enumerate(values, start=1)}
        level = screening.danger_level(Answers(country="KH", danger_answer=q3, danger=said))
        if q3 == "now" or d["D2"] or d["D3"] or d["D5"] or (d["D1"] and (d["D4"] or q3 != "no")):
            expected = "now"
        elif q3 == "maybe_soon" or d["D4"]:
            expected = "soon"
        elif q3 in ("not_sure", "skipped"):
            expected = "unknown"
        else:
            expected = "not_now"
        assert level == expected


def test_somebody_trusted_nearby_changes_nothing():
    for answer in ("yes", "no"):
        assert screening.danger_level(Answers(country="KH", danger_answer="no", danger={"D6": answer})) == "not_now"


@pytest.mark.parametrize("question", ["FQ1", "FQ2", "FQ4", "FQ9", "FQ12"])
def test_one_strong_freedom_answer_sets_the_flag(question):
    assert screening.flags(Answers(country="KH", freedom={question: "yes"})).not_free


def test_one_weak_freedom_answer_does_not():
    for question in ("FQ5", "FQ6", "FQ7", "FQ8", "FQ10", "FQ11"):
        assert not screening.flags(Answers(country="KH", freedom={question: "yes"})).not_free


def test_the_clear_severity_knows_only_the_conduct_types():
    minor = Answers(country="KH", conduct_types=frozenset({"verbal"}), age_band="under_15", frequency="constant")
    assert screening.severity_in_the_clear(minor.conduct_types) == "c"
    assert screening.severity_full(minor) == "a"
