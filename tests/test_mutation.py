"""Mutation testing draws fair samples, and its list of changes that change nothing is true."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mutation.study import (
    EQUIVALENT,
    Mutant,
    changed_lines,
    equivalents,
    marked,
    mirrors,
    own_tests,
    sampled,
)

ROOT = Path(__file__).parents[1]


@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=12), st.integers(1, 400), st.integers(0, 9)
)
def test_a_sample_takes_of_each_file_in_proportion(sizes: list[int], size: int, seed: int) -> None:
    names = {
        f"file{at}.py": [f"{at}_{number}" for number in range(own)] for at, own in enumerate(sizes)
    }
    drawn = sampled(names, size, seed)
    every = sum(sizes)
    assert drawn == sampled(names, size, seed)
    assert set(drawn) == {file for file, own in names.items() if own}
    for file, own in drawn.items():
        fair = size * len(names[file]) / every
        assert len(own) == min(len(names[file]), max(1, round(fair)))
        assert set(own) <= set(names[file])
        assert len(set(own)) == len(own)


def test_a_change_is_read_from_the_difference_of_two_functions() -> None:
    lines = [
        "--- a",
        "+++ b",
        "@@ -1,3 +1,3 @@",
        " def f(x):",
        "-    if x  < 5:",
        "+    if x <= 5:",
    ]
    assert changed_lines(lines, "-") == "if x < 5:"
    assert changed_lines(lines, "+") == "if x <= 5:"
    assert marked("if x < 5:", "if x <= 5:") == "if x <[ → =] 5:"


def test_a_function_has_the_name_that_is_written() -> None:
    assert Mutant("a.py", "pxcore.a.x_rate__mutmut_12", "", "").function == "rate"
    assert Mutant("a.py", "pxcore.a.x__rate__mutmut_1", "", "").function == "_rate"
    assert Mutant("a.py", "pxcore.a.xǁLineǁat__mutmut_3", "", "").function == "Line.at"


def test_a_statistic_is_held_by_its_own_tests_and_others_by_those_of_who_uses_them() -> None:
    assert mirrors("pxcore/stats/intervals.py") == ["tests/stats/test_intervals.py"]
    periods = mirrors("pxcore/analysis/joining/periods.py")
    assert periods[0] == "tests/analysis/joining/test_periods.py"
    assert "tests/analysis/joining/test_selection.py" in periods
    assert own_tests("pxcore/disclosure/redaction/names.py") == [
        "tests/disclosure/test_redaction.py"
    ]


def test_every_change_said_to_change_nothing_is_of_a_line_that_is_there() -> None:
    with EQUIVALENT.open(encoding="utf-8", newline="") as rows:
        listed = list(csv.DictReader(rows))
    assert len(equivalents()) == len(listed)
    for row in listed:
        text = (ROOT / row["file"]).read_text(encoding="utf-8")
        assert row["before"] in " ".join(text.split()), row
        assert row["before"] != row["after"]
        assert len(row["reason"]) > 10
        assert f"def {row['function'].rpartition('.')[2]}(" in text, row
