"""The likelihood conclusion: every branch of the rule, of confidence and of review, by table and by brute force."""

from __future__ import annotations

import inspect
import itertools
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import likelihood, tool
from assessments.likelihood import Found, Missing
from assessments.models import Confidence, Level, ReviewReason

USED = tool.read(tool.bundled())
GRADE = {one.code: one.grade for one in USED.signals}
N, O, P, L, E = (one.value for one in likelihood.LEVELS)  # noqa: E741  From the least said to the most.
TYPES = "DMWOCXP"


def signals(words: str) -> list[Found]:
    """`S01:W S06:W,D S03!:O` — signals with their source types; `!` is of a severe kind, `-` from outside only."""
    out = []
    for word in words.split():
        code, _colon, types = word.partition(":")
        out.append(
            Found(
                code[:3],
                GRADE[code[:3]],
                frozenset(types.split(",")),
                severe="!" in code,
                for_factory="-" not in code and code[:3] not in ("S13", "S14"),
            )
        )
    return out


def mark(signal: str, sources: str = "W", looked: str = "present", **other: bool) -> SimpleNamespace:
    held = {"severe": False, "outside_only": False} | other
    return SimpleNamespace(signal=signal, looked=looked, sources=sources.split(), **held)


# --- The rule -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "is_complete", "level"),
    [
        # established
        ("S04:C", False, E),
        ("S03!:O", False, E),
        ("S01:W S02:W", False, E),  # The one exception to a single source type, with the two above.
        # S01, S02 or S03 alone is not.
        ("S01:W", True, P),
        ("S02:W", True, P),
        ("S03:O", True, P),
        # likely: two strong from two source types
        ("S01:W S05:D", False, L),
        ("S02:W S03:O", False, L),
        ("S01:W S06:W", True, P),  # Two strong, one source type.
        ("S06:W,D", True, P),  # One strong with two sources is one.
        ("S01:W S06:W,D", True, L),
        # likely: one strong and two moderate from three source types
        ("S01:W S09:O S11:D", False, L),
        ("S01:W S07:W S09:O,W", True, P),  # Two source types.
        ("S01:W S09:O", True, P),  # One moderate.
        ("S05:D S07:W S13:X", False, L),
        ("S01:W S14:P S13:X", False, L),
        ("S01:W S16:W,X S12:W,D", False, L),
        ("S07:W S09:O S11:D S13:X S14:P", True, P),  # Moderate alone is never likely.
        # weak signals add no source type and raise nothing
        ("S01:W S09:O S11:W S17:D", True, P),
        ("S17:O S18:D S19:D S20:O S21:D S22:M S23:W S24:P", True, O),
        ("S24:P", False, N),
        # possible
        ("S07:W", True, P),
        ("S14:P", True, P),
        # nothing found
        ("", True, O),
        ("", False, N),
    ],
)
def test_the_rule_proposes(found, is_complete, level):
    assert likelihood.rule(signals(found), is_complete) == level


def by_the_book(found: list[Found], is_complete: bool) -> str:
    """The rule again: is there any two, or any three, that carry it?"""
    names = [one.code for one in found]
    if "S04" in names or ("S01" in names and "S02" in names) or any(one.code == "S03" and one.severe for one in found):
        return E
    strong = [one for one in found if GRADE[one.code] == "strong"]
    moderate = [one for one in found if GRADE[one.code] == "moderate"]
    if any(len(a.types | b.types) >= 2 for a, b in itertools.combinations(strong, 2)):
        return L
    for a in strong:
        if any(len(a.types | b.types | c.types) >= 3 for b, c in itertools.combinations(moderate, 2)):
            return L
    if strong or moderate:
        return P
    return O if is_complete else N


@st.composite
def some_signals(draw, without=()):
    codes = draw(st.lists(st.sampled_from([code for code in GRADE if code not in without]), unique=True, max_size=7))
    return [
        Found(
            code,
            GRADE[code],
            draw(st.frozensets(st.sampled_from(TYPES), min_size=1, max_size=2)),
            severe=draw(st.booleans()),
            for_factory=USED.signal(code).in_level_factory and draw(st.booleans()),
        )
        for code in codes
    ]


@given(some_signals(), st.booleans())
def test_the_rule_is_what_the_book_says(found, is_complete):
    assert likelihood.rule(found, is_complete) == by_the_book(found, is_complete)


@given(some_signals(without=("S04",)), st.booleans())
def test_the_book_again_where_nothing_was_substantiated(found, is_complete):
    assert likelihood.rule(found, is_complete) == by_the_book(found, is_complete)


@given(some_signals(), some_signals(), st.booleans())
def test_one_more_signal_never_lowers_a_level(found, more, is_complete):
    both = [*found, *(one for one in more if one.code not in {have.code for have in found})]
    rank = likelihood.LEVELS.index
    assert rank(likelihood.rule(both, is_complete)) >= rank(likelihood.rule(found, is_complete))


@given(some_signals(), st.booleans())
def test_weak_signals_raise_nothing(found, is_complete):
    without = [one for one in found if one.grade != "weak"]
    assert likelihood.rule(found, is_complete) == likelihood.rule(without, is_complete)


@given(some_signals(), st.booleans())
def test_a_single_source_type_is_never_likely(found, is_complete):
    narrow = [Found(one.code, one.grade, frozenset("W"), one.severe) for one in found]
    assert likelihood.rule(narrow, is_complete) != L


@given(some_signals(), st.booleans())
def test_what_the_factory_sees_is_never_above_what_the_expert_sees(found, is_complete):
    level, level_factory = likelihood.versions(found, is_complete)
    assert likelihood.LEVELS.index(level_factory) <= likelihood.LEVELS.index(level)


@given(some_signals(), st.booleans(), st.sets(st.sampled_from(["S04", "S06", "S13", "S14", "S15"])))
def test_nothing_from_outside_moves_what_the_factory_sees(found, is_complete, outside):
    more = [Found(code, GRADE[code], frozenset("CXP"), for_factory=False) for code in sorted(outside)]
    assert likelihood.versions([*found, *more], is_complete)[1] == likelihood.versions(found, is_complete)[1]


@pytest.mark.parametrize(
    ("found", "both"),
    [
        ("S04-:C", (E, O)),
        ("S04:C", (E, E)),
        ("S01:W S14:P S13:X", (L, P)),
        ("S14:P", (P, O)),
        ("S06-:D S01:W", (L, P)),
        ("S15-:D", (P, O)),
    ],
)
def test_the_rule_runs_twice(found, both):
    assert likelihood.versions(signals(found), True) == both


# --- From marks to signals ------------------------------------------------------------------------


def test_two_assessors_marks_of_one_signal_are_one_signal_with_all_its_sources():
    [one] = likelihood.found(USED, [mark("S06", "W"), mark("S06", "D T"), mark("S01", looked="not_found")])
    assert (one.code, one.grade, one.types, one.for_factory) == ("S06", "strong", {"W", "D", "C"}, True)


def test_interviews_on_site_and_off_site_are_one_source_type():
    marks = [mark("S01", "W"), mark("S06", "WO")]
    assert likelihood.rule(likelihood.found(USED, marks), False) == P


def test_severe_is_what_either_of_them_saw():
    marks = [mark("S03", "O"), mark("S03", "O", severe=True)]
    assert likelihood.rule(likelihood.found(USED, marks), False) == E


@pytest.mark.parametrize("code", ["S04", "S06", "S15"])
def test_what_is_known_from_outside_cases_only_counts_for_the_expert(code):
    [one] = likelihood.found(USED, [mark(code, "C", outside_only=True)])
    assert not one.for_factory


def test_what_one_knows_from_the_factory_counts_there_by_its_own_sources_alone():
    [one] = likelihood.found(USED, [mark("S06", "C", outside_only=True), mark("S06", "W")])
    assert one.types == {"W", "C"}
    assert one.types_for_factory == {"W"}
    # Two strong signals from two source types, but one of the types is known from an outside case alone.
    both = [mark("S06", "C", outside_only=True), mark("S06", "W"), mark("S01", "W")]
    assert likelihood.versions(likelihood.found(USED, both), True) == (L, P)


def test_only_three_signals_can_be_known_from_outside_cases_only():
    [one] = likelihood.found(USED, [mark("S01", outside_only=True)])
    assert one.for_factory


def test_informants_and_platform_totals_never_count_for_the_factory():
    assert [one.for_factory for one in likelihood.found(USED, [mark("S13", "X"), mark("S14", "P")])] == [False] * 2


def test_a_signal_that_this_version_does_not_have_is_passed_over():
    assert likelihood.found(USED, [mark("S99")]) == []


# --- Complete -------------------------------------------------------------------------------------


def counted(**other: object) -> SimpleNamespace:
    """A visit to 600 workers with just enough of everything: 18 of 24 interviews are three quarters."""
    held = {
        "headcount": 600, "women": 480, "interviews": 18, "interviews_with_women": 15, "interviews_off_site": 8,
        "women_only_groups": 2, "mechanics_included": True, "young_workers_included": True,
    }  # fmt: skip
    return SimpleNamespace(**(held | other))


@pytest.mark.parametrize(
    ("other", "types", "rehearsed", "lacks"),
    [
        ({}, "DMWO", False, []),
        ({"interviews": 17}, "DMWO", False, [Missing.INTERVIEWS]),
        ({"interviews_off_site": 7}, "DMWO", False, [Missing.OFF_SITE]),
        ({"women_only_groups": 1}, "DMWO", False, [Missing.GROUPS]),
        ({}, "DMW", False, [Missing.SOURCES]),
        ({"mechanics_included": False}, "DMWO", False, [Missing.MECHANICS]),
        ({"young_workers_included": False}, "DMWO", False, [Missing.YOUNG]),
        ({}, "DMWO", True, [Missing.REHEARSED]),
        ({"interviews": 0, "interviews_off_site": 0}, "", False,
         [Missing.INTERVIEWS, Missing.OFF_SITE, Missing.SOURCES]),
    ],
)  # fmt: skip
def test_each_part_of_complete_is_asked_for(other, types, rehearsed, lacks):
    counts, sample = counted(**other), USED.sample_for(600)
    assert likelihood.missing(counts, sample, set(types), is_rehearsed=rehearsed) == lacks
    assert likelihood.complete(counts, sample, set(types), is_rehearsed=rehearsed) is (not lacks)


def test_source_types_are_those_the_visit_used_by_itself():
    scored = [["D", "WO"], ["T"]]
    marks = [mark("S16", "X"), mark("S13", "X"), mark("S14", "P"), mark("S09", "O", "not_found")]
    assert likelihood.types_used(USED, scored, marks) == {"D", "W", "C", "O"}


def test_what_was_not_looked_for_or_came_from_outside_cases_is_no_source_type():
    marks = [mark("S09", "O", "not_looked"), mark("S04", "C", outside_only=True), mark("S99", "M")]
    assert likelihood.types_used(USED, [["D"]], marks) == {"D"}


def test_answers_are_rehearsed_when_either_assessor_says_so():
    assert likelihood.rehearsed([mark("S23", looked="not_found"), mark("S23")])
    assert not likelihood.rehearsed([mark("S23", looked="not_found"), mark("S22", "M")])


@pytest.mark.parametrize(
    ("other", "enough"),
    [
        ({}, True),
        ({"interviews_with_women": 14}, False),  # 14 of 18 is 78%; women are 80% of the workforce.
        ({"women": None}, None),
        ({"headcount": None}, None),
        ({"interviews": 0}, None),
        ({"women": 0, "interviews_with_women": 0}, True),
    ],
)
def test_women_are_heard_as_they_are_among_the_workforce(other, enough):
    assert likelihood.enough_women(counted(**other)) is enough


# --- Confidence -----------------------------------------------------------------------------------


def sure(**other: object) -> Confidence:
    held = {"is_complete": True, "alone": [P, P], "types": "DMWO", "off_site": 8, "is_rehearsed": False,
            "restricted": False}  # fmt: skip
    return likelihood.confidence(**(held | other))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, "high"),
        ({"is_rehearsed": True}, "low"),
        ({"restricted": True}, "low"),
        ({"alone": [P, L]}, "medium"),
        ({"alone": [P, E]}, "low"),
        ({"is_complete": False}, "medium"),
        ({"is_complete": False, "types": "DMW"}, "medium"),
        ({"is_complete": False, "types": "DM"}, "low"),
        ({"is_complete": False, "off_site": 0}, "low"),
        ({"is_complete": False, "alone": [O, L]}, "low"),
        ({"alone": [P]}, "low"),  # With nobody to compare.
        ({"alone": [P, ""]}, "low"),
        ({"alone": []}, "low"),
        ({"alone": [P, P, L]}, "medium"),
    ],
)
def test_confidence(other, expected):
    assert sure(**other) == expected


# --- Review ---------------------------------------------------------------------------------------


def reasons(**other: object) -> list[ReviewReason]:
    held = {"level": P, "by_rule": P, "alone": [P, P], "confidence": "high"}
    return likelihood.review_reasons(**(held | other))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, []),
        ({"level": L, "by_rule": L}, [ReviewReason.HIGH_LEVEL]),
        ({"level": E, "by_rule": E}, [ReviewReason.HIGH_LEVEL]),
        ({"alone": [P, L]}, []),
        ({"alone": [O, L]}, [ReviewReason.ASSESSORS_DIFFER]),
        ({"alone": [N, P, E]}, [ReviewReason.ASSESSORS_DIFFER]),
        ({"alone": []}, []),
        ({"by_rule": O}, [ReviewReason.DEPARTS]),
        ({"level": O, "by_rule": L}, [ReviewReason.DEPARTS]),
        ({"last_level": L}, []),
        ({"last_level": E}, [ReviewReason.FALLS]),
        ({"level": N, "by_rule": N, "last_level": P}, [ReviewReason.FALLS]),
        ({"last_level": O}, []),
        ({"confidence": "low"}, []),
        ({"confidence": "low", "last_confidence": "medium"}, []),
        ({"confidence": "medium", "last_confidence": "low"}, []),
        ({"confidence": "low", "last_confidence": "low"}, [ReviewReason.LOW_AGAIN]),
        ({"scores_differ": True}, [ReviewReason.SCORES_DIFFER]),
        (
            {"level": L, "by_rule": P, "alone": [N, L], "confidence": "low", "last_confidence": "low",
             "scores_differ": True},
            [ReviewReason.HIGH_LEVEL, ReviewReason.ASSESSORS_DIFFER, ReviewReason.DEPARTS, ReviewReason.LOW_AGAIN,
             ReviewReason.SCORES_DIFFER],
        ),
    ],
)  # fmt: skip
def test_when_the_expert_must_look(other, expected):
    assert reasons(**other) == expected


def test_levels_lie_in_the_order_of_the_tool():
    assert [one.value for one in likelihood.LEVELS] == tool.bundled()["likelihood_levels"]
    assert likelihood.apart(Level.POSSIBLE, Level.ESTABLISHED) == likelihood.apart(E, P) == 2


def test_nothing_that_concludes_is_told_how_many_complaints_there_were():
    for name, function in inspect.getmembers(likelihood, inspect.isfunction):
        if function.__module__ == likelihood.__name__:
            assert not any("complaint" in one or "case" in one for one in inspect.signature(function).parameters), name
