"""script/bench tells the truth about what falls short, and its thin rows are rows that pages can read."""

from script.benches.results import Measure, Results, percentile


def test_a_measure_over_its_bar_is_short():
    assert Measure("page", 41, "kB", 40).short
    assert not Measure("page", 40, "kB", 40).short


def test_a_measure_that_must_reach_its_bar_is_short_below_it():
    assert Measure("filing", 19.9, "complaints/s", 20, at_least=True).short
    assert not Measure("filing", 20, "complaints/s", 20, at_least=True).short


def test_a_line_has_name_value_unit_bar_and_verdict(capsys):
    results = Results()
    results.at_most("first_question_cold", 22.19, "kB", 40)
    assert capsys.readouterr().out.split() == ["first_question_cold", "22.19", "kB", "<=", "40", "ok"]
    assert results.short == []


def test_what_is_only_told_is_never_short():
    assert not Measure("wait", 10_000, "ms").short


def test_the_95th_percentile_leaves_out_one_slow_page_in_a_hundred():
    assert percentile([1.0] * 99 + [1000.0], 0.95) == 1.0
