"""What the figures speak for: never less because one more case was handled on time."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assessments import compliance, proposing
from complaints.statistics import COMPLIANCE, Label
from complaints.statistics.suppression import compliance_label

INDICATORS = sorted(proposing.RESTS_ON)


@pytest.mark.parametrize(
    ("label", "speaks_for"),
    [
        (Label.WORKS_ON_TIME, {"RP3": 3, "CH1": 3, "CH2": 3, "SN1": 3}),
        (Label.MOSTLY_ON_TIME, {"RP3": 3, "CH1": 2, "CH2": 3, "SN1": 2}),
        (Label.PARTLY, {"RP3": 2, "CH1": 2, "CH2": 2, "SN1": 2}),
        (Label.RARELY, {"RP3": 2, "CH1": 2, "CH2": 2, "SN1": 2}),
        (Label.NOT_SHOWN_YET, {"RP3": None, "CH1": None, "CH2": None, "SN1": None}),
    ],
)
def test_what_each_label_speaks_for(label, speaks_for):
    assert {code: proposing.propose(code, label) for code in INDICATORS} == speaks_for
    assert proposing.propose("PC1", label) is None


@given(st.sampled_from(INDICATORS), st.integers(0, 300), st.integers(0, 300), st.booleans(), st.integers(1, 50))
def test_cases_handled_on_time_never_lower_a_proposal(code, met, late, drill, more):
    def proposal(num: int, den: int) -> int | None:
        return proposing.propose(code, compliance_label(num, den, drill_passed=drill))

    before, after = proposal(met, met + late), proposal(met + more, met + late + more)
    assert before is None or (after is not None and after >= before)


@given(st.sampled_from(INDICATORS), st.integers(0, 400))
def test_no_case_and_many_on_time_speak_for_the_same_once_a_practice_case_was_passed(code, met):
    label = compliance_label(met, met, drill_passed=True)
    assert proposing.propose(code, label) == proposing.WORKS


def test_every_figure_it_rests_on_is_a_label_of_the_compliance_view():
    assert {figure for figure, _labels in proposing.RESTS_ON.values()} <= set(COMPLIANCE)


def test_the_hint_says_what_it_rests_on_and_leaves_the_decision(monkeypatch):
    def line(code: str, label: Label) -> SimpleNamespace:
        return SimpleNamespace(code=code, name="Acknowledged on time", words=compliance.LABELS[label], label=label)

    lines = (line("F2", Label.MOSTLY_ON_TIME), line("F3", Label.NOT_SHOWN_YET))
    monkeypatch.setattr(compliance, "view", lambda _factory: SimpleNamespace(lines=lines))
    with translation.override("en"):
        assert proposing.hints(uuid4()) == {
            "RP3": "The figures say: “Acknowledged on time” mostly on time. By itself this speaks for 3; you decide."
        }


def test_without_figures_there_is_no_hint(monkeypatch):
    monkeypatch.setattr(compliance, "view", lambda _factory: None)
    assert proposing.hints(uuid4()) == {}
