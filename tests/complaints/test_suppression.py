"""Small numbers stay hidden: the examples of the indicators' section 6, and attackers who subtract."""

from __future__ import annotations

import itertools
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.statistics import Audience, Label, Quarter
from complaints.statistics import suppression as s

FACTORY, ADVISOR = s.LEAST[Audience.FACTORY], s.LEAST[Audience.ADVISOR]
EXPERT, PROGRAMME = s.LEAST[Audience.EXPERT], s.LEAST[Audience.PROGRAMME]
SAFEGUARDING = s.LEAST[Audience.SAFEGUARDING]


def cells(*counts: int) -> dict[str, int]:
    return {f"place {number}": count for number, count in enumerate(counts)}


# --- The examples of section 6 ------------------------------------------------------------------------------------


def test_examples_1_and_2_zero_and_four_complaints_read_the_same():
    assert str(s.show_count(0, FACTORY)) == str(s.show_count(4, FACTORY)) == "fewer than 5"


def test_example_3_one_small_cell_takes_the_smallest_other_with_it():
    table = s.show_table(cells(7, 6, 2), 5)
    assert (dict(table.cells), table.total) == ({"place 0": 7}, 15)


def test_example_4_hidden_cells_are_many_enough_together():
    table = s.show_table(cells(9, 1, 0), 5)
    assert (dict(table.cells), table.total) == ({}, 10)


def test_example_5_all_of_ten_satisfied_is_over_half():
    assert str(s.show_share(10, 10, ADVISOR)) == "over 50%"


def test_example_6_four_factories_are_no_group():
    assert not s.group_may_show(4, 20, 60, PROGRAMME)
    assert s.group_may_show(5, 30, 60, PROGRAMME)
    assert not s.group_may_show(5, 31, 60, PROGRAMME)  # One of them is more than half.


def test_example_7_three_steps_are_too_few_for_anybody():
    assert str(s.show_step_band(2, 3, FACTORY)) == "too few to show"
    assert str(s.show_step_share(2, 3, EXPERT)) == "too few to show"


@pytest.mark.parametrize(("num", "den"), [(0, 0), (3, 3), (100, 100)])
def test_example_8_the_same_label_whether_nobody_or_a_hundred_complained(num, den):
    assert s.compliance_label(num, den, drill_passed=True) == Label.WORKS_ON_TIME


@given(num=st.integers(0, 300), late=st.integers(0, 300), drill=st.booleans(), more=st.integers(0, 100))
def test_example_9_complaints_handled_on_time_never_lower_a_label(num, late, drill, more):
    order = list(Label)
    before = s.compliance_label(num, num + late, drill_passed=drill)
    after = s.compliance_label(num + more, num + late + more, drill_passed=drill)
    assert order.index(after) >= order.index(before)


def test_a_factory_without_a_practice_case_waits_for_ten_steps():
    assert s.compliance_label(0, 0, drill_passed=False) == Label.NOT_SHOWN_YET
    assert s.compliance_label(8, 9, drill_passed=True) == Label.NOT_SHOWN_YET
    labels = [s.compliance_label(num, 20, drill_passed=False) for num in (19, 16, 10, 9)]
    assert labels == [Label.WORKS_ON_TIME, Label.MOSTLY_ON_TIME, Label.PARTLY, Label.RARELY]


# --- Counts and shares --------------------------------------------------------------------------------------------


@given(st.integers(0, 500), st.sampled_from(list(Audience)))
def test_no_count_below_k_is_told_from_zero(count, audience):
    limits = s.LEAST[audience]
    shown = s.show_count(count, limits)
    assert shown.hidden == (count < limits.k)
    assert shown.hidden or int(str(shown)) in range(count - 4 if limits.rounded else count, count + 1)
    assert count >= limits.k or str(shown) == str(s.show_count(0, limits))


@given(den=st.integers(0, 120), data=st.data(), audience=st.sampled_from(list(Audience)))
def test_what_is_said_of_a_share_is_true_and_leaves_k_people_possible(den, data, audience):
    limits = s.LEAST[audience]
    num = data.draw(st.integers(0, den))
    shown = s.show_share(num, den, limits)
    if den < limits.denominator:
        assert shown.hidden
        return
    assert shown.low - 1 <= 100 * num / den <= shown.high + 1
    same = [other for other in range(den + 1) if str(s.show_share(other, den, limits)) == str(shown)]
    assert shown.low == shown.high or len(same) == limits.k


def test_near_nothing_and_near_all_only_the_side_is_told():
    assert str(s.show_share(0, 20, ADVISOR)) == str(s.show_share(4, 20, ADVISOR)) == "under 25%"
    assert str(s.show_share(16, 20, ADVISOR)) == str(s.show_share(20, 20, ADVISOR)) == "over 75%"
    assert str(s.show_share(5, 20, ADVISOR)) == "25%"


@given(den=st.integers(0, 200), data=st.data(), audience=st.sampled_from(list(Audience)))
def test_a_widened_bound_is_true_and_says_little_of_the_denominator(den, data, audience):
    num = data.draw(st.integers(0, den))
    shown = s.widen(s.show_share(num, den, s.LEAST[audience]))
    if den < s.LEAST[audience].denominator:
        assert shown.hidden
        return
    assert shown.low - 1 <= 100 * num / den <= shown.high + 1
    assert shown.low == shown.high or (shown.low, shown.high) in (
        *((0, bound) for bound in s.COARSE_BOUNDS), *((100 - bound, 100) for bound in s.COARSE_BOUNDS)
    )  # fmt: skip
    assert str(s.widen(s.show_share(10, 10, ADVISOR))) == "over 50%"


def test_percentages_are_rounded_half_up():
    assert [s.percent(1, 200), s.percent(1, 8), s.percent(3, 8), s.percent(2, 3)] == [1, 13, 38, 67]


@pytest.mark.parametrize(
    ("num", "words"), [(20, "95% or more"), (19, "95% or more"), (18, "80 to 94%"), (10, "50 to 79%"), (9, "under 50%")]
)
def test_factory_users_read_steps_in_bands(num, words):
    assert str(s.show_step_band(num, 20, FACTORY)) == words


def test_a_median_is_the_middle_or_the_mean_of_two():
    assert s.median([5, 1, 9]) == 5
    assert s.median([1, 4, 2, 9]) == Decimal(3)
    assert s.median([]) is None
    assert str(s.show_median(Decimal("12.5"), 10, FACTORY)) == "13 days"
    assert s.show_median(Decimal(12), 9, FACTORY).hidden


def test_limits_can_be_raised_and_never_lowered(settings):
    settings.SAMLENG_SMALL_NUMBERS = {"advisor": 8, "expert": 1}
    assert s.limits_of(Audience.ADVISOR).k == 8
    assert s.limits_of(Audience.ADVISOR).denominator == 16  # Else no share could be shown that is not near an end.
    assert s.limits_of(Audience.EXPERT) == EXPERT


# --- Tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "size", "top"), [(3, 3, 9), (5, 3, 14), (3, 4, 8), (5, 4, 11)])
def test_no_small_cell_of_a_table_is_found_by_subtraction(k, size, top):
    """Every table there is, of this size: whoever knows the rules and reads what is shown cannot tell a small cell."""
    read: dict[tuple, list[tuple[int, ...]]] = defaultdict(list)
    for table in itertools.product(range(top), repeat=size):
        shown = s.show_table(cells(*table), k)
        read[tuple(sorted(shown.cells.items())), shown.total].append(table)
    for (_visible, _total), tables in read.items():
        for place in range(size):
            possible = {table[place] for table in tables}
            assert len(possible) > 1 or min(possible) >= k, tables


@given(st.lists(st.integers(0, 40), min_size=1, max_size=7), st.sampled_from([3, 5, 10]), st.integers(0, 6))
def test_a_table_hides_every_small_cell_and_every_barred_one(counts, k, barred):
    table = cells(*counts)
    names = list(table)[:barred]
    shown = s.show_table(table, k, barred=names)
    assert all(count >= k and name not in names for name, count in shown.cells.items())
    hidden = sum(table.values()) - sum(shown.cells.values())
    assert shown.total is not None or not shown.cells
    assert len(shown.cells) == len(table) or hidden >= k or shown.total is None or not shown.cells
    assert len(table) - len(shown.cells) != 1 or len(table) == 1


def test_a_group_is_not_shown_where_one_factory_came_or_went():
    assert s.same_group({1, 2, 3}, {1, 2, 3})
    assert not s.same_group({1, 2, 3}, {1, 2})
    assert not s.same_group({1, 2}, {1, 2, 3})


# --- Bands and intervals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "headcount", "quarters", "begins"),
    [
        (1, 2000, 4, "few"),
        (2, 2000, 4, "some"),
        (19, 2000, 4, "some"),
        (20, 2000, 4, "many"),
        (20, 199, 4, "not shown for small"),
        (20, None, 4, "not shown for small"),
        (20, 2000, 3, "not shown before"),
    ],
)
def test_complaints_per_worker_are_a_band_without_praise(count, headcount, quarters, begins):
    assert str(s.show_rate_band(count, headcount, quarters)).startswith(begins)


def test_a_change_is_called_one_only_where_intervals_do_not_overlap():
    low, high = s.wilson(50, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
    assert s.compare((50, 100), (60, 100)) == "no clear change"
    assert s.compare((20, 100), (60, 100)) == "higher"
    assert s.compare((60, 100), (20, 100)) == "lower"


# --- Quarters -----------------------------------------------------------------------------------------------------


@given(st.integers(2020, 2090), st.integers(1, 4), st.integers(0, 12))
def test_a_quarter_is_read_back_and_counted_back(year, number, back):
    quarter = Quarter(year, number)
    assert Quarter.read(str(quarter)) == quarter == Quarter.of(quarter.start)
    assert quarter.before(back).before(-back) == quarter
    assert quarter.before().end == quarter.start
    assert quarter.due_on.day == 10
