"""The tool as data: what a version holds, what is refused, which version a visit begins with."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments import guidance, scoring, tool
from assessments.course import course
from assessments.models import Source, ToolVersion
from script.collect_messages import texts
from tests.builders import WEDNESDAY, make_person

TODAY = WEDNESDAY.date()


def content(**other: Any) -> dict[str, Any]:
    return copy.deepcopy(tool.bundled()) | other


def row(held: dict[str, Any], part: str, code: str) -> dict[str, Any]:
    return next(one for one in held[part] if one["code"] == code)


# --- What the bundled version holds ---------------------------------------------------------------


def test_the_bundled_version_is_whole():
    held = tool.read(tool.bundled())
    assert tool.check(tool.bundled()) == []
    assert (len(held.domains), len(held.indicators), len(held.signals), len(held.screen)) == (8, 40, 24, 12)
    assert held.critical == {"PC1", "CM1", "CM5", "RP1", "RP5", "CH2", "CH3", "SN1", "SN5"}
    assert [one.code for one in held.signals if not one.in_level_factory] == ["S13", "S14"]
    assert all(len(held.of_domain(one.code)) == 5 for one in held.domains)
    assert all(set(one.sources) <= set(Source.values) for one in (*held.indicators, *held.signals))


@pytest.mark.parametrize(
    ("headcount", "sample"),
    [
        (1, (12, 4, 1)), (199, (12, 4, 1)), (200, (18, 6, 2)), (499, (18, 6, 2)), (500, (24, 8, 2)), (999, (24, 8, 2)),
        (1000, (32, 11, 3)), (2499, (32, 11, 3)), (2500, (40, 14, 3)), (40_000, (40, 14, 3)),
    ],
)  # fmt: skip
def test_the_sample_grows_with_the_factory(headcount, sample):
    found = tool.read(tool.bundled()).sample_for(headcount)
    assert (found.interviews, found.off_site, found.groups) == sample


def test_a_factory_without_workers_has_no_sample():
    with pytest.raises(ValueError):
        tool.read(tool.bundled()).sample_for(0)


@pytest.mark.parametrize(
    ("met", "opens"),
    [
        (set(), False),
        ({"X2"}, False),
        ({"X12"}, False),
        *[({code}, True) for code in ("X1", "X3", "X4", "X5", "X6", "X11")],
        ({"X2", "X12"}, True),
        ({"X7", "X8", "X9"}, True),
        ({"X99", "X2"}, False),
    ],
)
def test_the_screen_opens_a_review_for_some_alone_and_for_any_two(met, opens):
    assert tool.read(tool.bundled()).opens_review(met) is opens


# --- Languages ------------------------------------------------------------------------------------


def test_every_text_of_tool_guidance_and_course_is_collected_for_translation():
    assert set(tool.read(tool.bundled()).texts()) == set(texts(tool.bundled()))
    collected = {
        text
        for name in ("guidance.json", "course.json")
        for text in texts(json.loads((tool.DATA / name).read_text("utf-8")))
    }
    with translation.override("en"):
        shown = [*guidance.sections(), *(lesson.read() for lesson in course().lessons)]
        for one in shown:
            assert set(one.points) <= collected
        for form in guidance.forms():
            assert {form.title, form.looks_like, *form.said_as} <= collected
    for question in course().questions:
        assert {question.question, question.why, *question.choices} <= collected


def test_a_versions_own_translation_comes_before_the_sites():
    english = "Policy and commitment"
    held = tool.read(content(translations={"km": {english: "គោលនយោបាយ"}}))
    with translation.override("km"):
        assert held.text(english) == "គោលនយោបាយ"
        assert held.text("") == ""
    with translation.override("en"):
        assert held.text(english) == english


# --- What is refused ------------------------------------------------------------------------------


def spoil(part: str, which: str, /, **other: Any):
    def act(held: dict[str, Any]) -> None:
        row(held, part, which).update(other)

    return act


def without(part: str, code: str):
    def act(held: dict[str, Any]) -> None:
        held[part].remove(row(held, part, code))

    return act


def replaced(part: str, value: Any):
    def act(held: dict[str, Any]) -> None:
        held[part] = value

    return act


def bands(*rows: tuple[Any, Any, Any, Any]):
    names = ("headcount", "min_interviews", "min_off_site", "min_women_only_groups")
    return replaced("interview_sample", [dict(zip(names, one, strict=True)) for one in rows])


LEVELS = [("absent", 0, 24), ("starting", 25, 49), ("working", 50, 74), ("trusted", 75, 100)]


def strengths(*rows: tuple[str, Any, Any]):
    return replaced("system_strength_levels", [{"code": code, "min": low, "max": high} for code, low, high in rows])


def values(**other: Any):
    return replaced("design_values", tool.bundled()["design_values"] | other)


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (replaced("version", ""), "Give the version a number"),
        (replaced("version", "a/b"), "Give the version a number"),
        (replaced("indicators", {}), "“indicators” is missing"),
        (replaced("signals", []), "“signals” is missing"),
        (replaced("domains", ["PC"]), "“domains” is missing"),
        (spoil("domains", "PC", title=" "), "PC has no title"),
        (spoil("domains", "PC", code="CM"), "CM is there twice"),
        (spoil("indicators", "PC1", code="pc 1"), "Row 1 has no code"),
        (spoil("indicators", "PC1", code=["PC1"]), "Row 1 has no code"),
        (spoil("indicators", "PC1", domain="ZZ"), "PC1 belongs to no domain"),
        (spoil("indicators", "PC1", how_to_check=""), "does not say how to check"),
        (spoil("indicators", "PC1", critical="yes"), "whether it is critical"),
        (spoil("indicators", "PC1", anchors=["a", "b", "c", "d"]), "PC1 needs five texts"),
        (spoil("indicators", "PC1", anchors=["a", "b", "c", "d", ""]), "PC1 needs five texts"),
        (spoil("indicators", "PC1", anchors="abcde"), "PC1 needs five texts"),
        (spoil("indicators", "PC1", sources=["Z"]), "PC1 names no source"),
        (spoil("indicators", "PC1", sources=[]), "PC1 names no source"),
        (without("indicators", "RP4"), "RP4 is missing"),
        (without("indicators", "CH3"), "CH3 is missing"),
        (without("signals", "S04"), "S04 is missing"),
        (spoil("signals", "S04", grade="weak"), "S04 must stay strong"),
        (spoil("signals", "S07", grade="huge"), "S07 must be strong, moderate or weak"),
        (spoil("signals", "S13", in_level_factory=True), "S13 may not count for what the factory sees"),
        (spoil("signals", "S07", in_level_factory=None), "S07 does not say whether it counts"),
        (spoil("signals", "S07", text=""), "S07 has no text"),
        (spoil("signals", "S07", sources="W"), "S07 names no source"),
        (without("safeguarding_screen", "X5"), "X5 is missing"),
        (spoil("safeguarding_screen", "X2", maps_to=""), "X2 has no text"),
        (spoil("safeguarding_screen", "X2", alone="no"), "X2 must say true or false"),
        (bands(("many", 1, 1, 1)), "“many” is no range"),
        (bands((None, 1, 1, 1)), "is no range"),
        (bands(("under 200", 9, 4, 1), ("300 and over", 9, 4, 1)), "gap or overlap at “300 and over”"),
        (bands(("under 200", 9, 4, 1), ("150 and over", 9, 4, 1)), "gap or overlap at “150 and over”"),
        (bands(("under 200", 9, 4, 1)), "The last sample size"),
        (bands(("under 200", 9, 10, 1), ("200 and over", 9, 4, 1)), "more off-site interviews than interviews"),
        (bands(("under 200", 0, 0, 1), ("200 and over", 9, 4, 1)), "needs a number of interviews"),
        (bands(("under 200", True, 1, 1), ("200 and over", 9, 4, 1)), "needs a number of interviews"),
        (strengths(*LEVELS[:3]), "must be absent, starting, working and trusted"),
        (strengths(("absent", 0, 24), ("starting", 26, 49), *LEVELS[2:]), "gap or overlap at “starting”"),
        (strengths(*LEVELS[:3], ("trusted", 75, 99)), "must end at 100"),
        (replaced("scale", {"min": 0, "max": 10}), "“scale” cannot be changed"),
        (replaced("likelihood_levels", ["low", "high"]), "“likelihood_levels” cannot be changed"),
        (values(joint_one_in=0), "“joint_one_in” must be a whole number"),
        (values(domain_weights={"PC": 1}), "must name every domain once"),
        (values(secret=1), "“design_values” must hold"),
        (replaced("design_values", []), "“design_values” must hold"),
        (replaced("translations", []), "“translations” must name a language"),
        (replaced("translations", {"xx": {}}), "“xx” is not a language"),
        (replaced("translations", {"km": {"No such sentence": "x"}}), "belongs to no sentence"),
    ],
)
def test_a_version_that_our_rules_could_not_use_is_refused_in_a_sentence(act, says):
    held = content()
    act(held)
    with translation.override("en"):
        found = tool.check(held)
    assert any(says in one for one in found), found


@pytest.mark.parametrize("held", [None, [], "tool", 3, {}])
def test_what_is_no_tool_at_all_is_refused(held):
    assert tool.check(held)


def test_too_few_domains_or_indicators_could_never_be_scored():
    held = content()
    held["domains"] = [one for one in held["domains"] if one["code"] not in ("PC", "TA", "LR")]
    held["indicators"] = [one for one in held["indicators"] if one["code"] not in ("WR1", "WR2", "WR3")]
    with translation.override("en"):
        found = " ".join(tool.check(held))
    assert "fewer than six domains" in found
    assert "WR has fewer than three indicators" in found


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60)
@given(st.data())
def test_no_file_breaks_the_check_and_what_passes_can_be_used(data):
    held = content()
    part = data.draw(st.sampled_from(sorted(held)))
    inner = held[part]
    if isinstance(inner, list) and isinstance(inner[0], dict) and data.draw(st.booleans()):
        one = data.draw(st.sampled_from(inner))
        one[data.draw(st.sampled_from(sorted(one)))] = data.draw(anything)
    else:
        held[part] = data.draw(anything)
    if not tool.check(held):
        read = tool.read(held)
        scoring.totals(read, dict.fromkeys((one.code for one in read.indicators), 3))
        read.sample_for(700)


# --- Versions -------------------------------------------------------------------------------------


def add(version: str, *, on: date = TODAY, **other: Any) -> ToolVersion:
    added = {"change_note": "Larger samples.", "by": make_person(), "at": WEDNESDAY} | other
    return tool.add(content(version=version), in_force_on=on, **added)


@pytest.mark.django_db
class TestVersions:
    def test_the_bundled_version_is_there_without_anybody_adding_it_and_once(self):
        assert tool.current(TODAY) == tool.current(TODAY - timedelta(days=900))
        assert ToolVersion.objects.get().version == "1.1"

    def test_before_there_was_any_version_no_visit_begins(self):
        with pytest.raises(tool.ToolRefused):
            tool.current(date(2001, 1, 1))

    def test_a_version_begins_on_its_day(self):
        tomorrow = TODAY + timedelta(days=1)
        new = add("2.0", on=tomorrow)
        assert tool.current(TODAY).version == "1.1"
        assert tool.current(tomorrow) == new

    def test_of_two_from_the_same_day_the_later_added_counts(self):
        add("2.0")
        later = add("2.1", at=WEDNESDAY + timedelta(hours=1))
        assert tool.current(TODAY) == later

    def test_a_withdrawn_version_begins_no_visit_and_is_read_as_before(self):
        new = add("2.0")
        tool.withdraw(new, on=TODAY + timedelta(days=2))
        assert tool.current(TODAY + timedelta(days=1)) == new
        assert tool.current(TODAY + timedelta(days=2)).version == "1.1"
        assert tool.of(new).version == "2.0"

    def test_a_version_withdrawn_before_its_day_never_begins(self):
        new = add("2.0", on=TODAY + timedelta(days=9))
        tool.withdraw(new, on=TODAY)
        assert tool.current(TODAY + timedelta(days=9)).version == "1.1"

    def test_the_last_version_in_force_cannot_be_withdrawn(self):
        only = tool.current(TODAY)
        with pytest.raises(tool.ToolRefused):
            tool.withdraw(only, on=TODAY)
        add("2.0", on=TODAY + timedelta(days=1))  # In force tomorrow is not today.
        with pytest.raises(tool.ToolRefused):
            tool.withdraw(only, on=TODAY)
        tool.withdraw(only, on=TODAY + timedelta(days=1))

    def test_a_version_is_withdrawn_once(self):
        new = add("2.0")
        tool.withdraw(new, on=TODAY)
        with pytest.raises(tool.ToolRefused):
            tool.withdraw(new, on=TODAY)

    @pytest.mark.parametrize(
        "other",
        [{"change_note": "  "}, {"on": TODAY - timedelta(days=1)}],
        ids=["no note", "in the past"],
    )
    def test_a_version_says_what_changed_and_does_not_begin_in_the_past(self, other):
        with pytest.raises(tool.ToolRefused):
            add("2.0", **other)
        assert not ToolVersion.objects.filter(version="2.0").exists()

    def test_a_version_is_never_changed(self):
        add("2.0")
        with pytest.raises(tool.ToolRefused):
            add("2.0", change_note="Again.")
        with pytest.raises(tool.ToolRefused):
            add("1.1")

    def test_every_fault_is_told_at_once(self):
        held = content(version="2.0", scale={})
        row(held, "signals", "S07")["text"] = ""
        with pytest.raises(tool.ToolRefused) as refused:
            tool.add(held, change_note="x", in_force_on=TODAY, by=make_person(), at=WEDNESDAY)
        assert len(refused.value.faults) == 2
        assert not ToolVersion.objects.exists()
