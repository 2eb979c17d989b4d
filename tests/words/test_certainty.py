"""How likely two sources agree, in words: natural frequencies, a word for every mark, one and many."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pxcore.analysis.judging.certainty import (
    AGREE,
    DIFFER,
    MARKS,
    CertaintyReport,
    Unsaid,
)
from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.stats.certainty import Word, word
from pxcore.store import Store
from pxcore.words import certainty as words
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import parent, provider


@pytest.fixture(scope="module")
def report(demonstration: Store) -> CertaintyReport:
    return certainty(demonstration, GP)


@given(some.floats(0, 1))
def test_nothing_is_certain_and_nothing_impossible(share: float) -> None:
    said = words.in_100(share)
    number = re.fullmatch(r"(fewer than |more than )?(\d+) in 100", said)
    assert number is not None
    assert 1 <= int(number[2]) <= 99
    if number[1] is None:
        assert abs(int(number[2]) - 100 * share) <= 0.5 + 1e-9


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "fewer than 1 in 100"),
        (0.0049, "fewer than 1 in 100"),
        (0.005, "1 in 100"),
        (0.29, "29 in 100"),
        (0.995, "more than 99 in 100"),
        (0.9949, "99 in 100"),
        (1.0, "more than 99 in 100"),
    ],
)
def test_a_share_is_so_many_in_a_hundred(share: float, said: str) -> None:
    assert words.in_100(share) == said


@given(some.floats(0, 1), some.booleans())
def test_the_word_is_that_of_the_number_beside_it(agree: float, shown: bool) -> None:
    mark = word(round(agree * 100) / 100)
    assert mark is not None
    said = words.label({"mark": mark.value, "agree": round(agree * 100) / 100, "shown": shown})
    assert said.lower().startswith(mark)
    number = int(re.search(r"(\d+) in 100", said)[1])  # type: ignore[index]
    if mark in (Word.VERY_LIKELY_AGREE, Word.VERY_LIKELY_DIFFER):
        assert number >= 90
    elif mark is Word.COULD_BE_EITHER:
        assert 25 < number < 75
        assert "agree: " in said
    else:
        assert 75 <= number < 90
    assert said.endswith(", confirmed") is (shown and mark is not Word.COULD_BE_EITHER)


def test_every_mark_has_a_word() -> None:
    said = [words.label({"mark": mark.value, "agree": 0.5, "shown": False}) for mark in MARKS]
    assert len(set(said)) == len(MARKS)
    for mark, label in zip(MARKS, said, strict=True):
        assert label.lower().startswith(mark)
    assert set(words.UNSAID) == {kind.value for kind in Unsaid}


def test_the_summary_counts_every_organisation_once(report: CertaintyReport) -> None:
    counts = report.counts()
    assert sum(counts.values()) == len(report.in_view)
    agree, of, differ, either = map(int, re.findall(r"\d+", words.summary(report)))
    assert agree + differ + either == of == len(report.likely)
    assert agree == sum(counts[mark] for mark in AGREE)
    assert differ == sum(counts[mark] for mark in DIFFER)


def test_what_was_known_before_stands_beside_what_is_after(report: CertaintyReport) -> None:
    assert report.before is not None
    before = words.in_100(report.before.agree)
    assert before in words.before(report)
    for row in report.likely.to_dict("records"):
        cell = {str(name): value for name, value in row.items()}
        assert words.sentence(report, cell) == (
            f"That FFT GP and GP survey agree: before hearing this practice {before}, after its "
            f"{cell['left_respondents']:,.0f} and {cell['right_respondents']:,.0f} answers "
            f"{words.in_100(cell['agree'])}."
        )
        three = [int(number) for number in re.findall(r"(\d+) in 100", words.sides(report, cell))]
        assert sum(three) == pytest.approx(100, abs=2)
    silent = report.in_view[report.in_view["agree"].isna()].iloc[0].to_dict()
    named = {str(name): value for name, value in silent.items()}
    assert [words.sentence(report, named), words.sides(report, named), words.gap(named)] == [""] * 3
    assert words.shown(named) == ""


def test_no_sentence_speaks_of_statistics(report: CertaintyReport) -> None:
    lines = [
        words.summary(report),
        words.before(report),
        *words.labels(report.in_view),
        *(words.shown(row) for row in report.in_view.to_dict("records")),  # type: ignore[arg-type]
    ]
    for line in lines:
        assert not re.search(r"\bnan\b|posterior|\b[pq] ?[<=]|None", line.lower()), line


def test_of_how_many_it_can_be_told_is_all_but_those_that_could_be_either(
    report: CertaintyReport, store: Store
) -> None:
    either = report.counts()[Word.COULD_BE_EITHER]
    assert either
    many, others = len(report.likely), len(report.in_view) - len(report.likely)
    assert words.settled(report) == (
        f"Whether they agree can be told for {many - either} of {many} practices; "
        f"{others} more have too few answers, or none."
    )
    left, right = standings(alike(4))
    assert words.settled(certainty(committed(store, left, right), GP)) == ""


def test_the_table_holds_what_is_said_of_each(report: CertaintyReport) -> None:
    rows = words.table(report)
    assert len(rows) == len(report.in_view)
    assert rows["word"].tolist() == words.labels(report.in_view)
    assert rows["agree"].dropna().groupby(rows["mark"]).min().size == 5
    assert pd.Index(rows.columns).is_unique


def test_too_little_in_common_says_so(store: Store) -> None:
    left, right = standings(alike(30))
    report = certainty(committed(store, left[:18], right[10:]), GP)
    assert report.status == "not_enough_evidence"
    assert "both have enough answers on only 8 practices" in words.summary(report)
    assert words.summary(report) == words.without(report)


def test_how_alike_is_told_another_way_where_that_comes_to_another_figure(
    report: CertaintyReport, demonstration: Store
) -> None:
    headline = agreement(demonstration, GP)
    assert headline.latent is not None
    assert report.usual is not None
    for estimate in (report.usual.correlation + 0.05, report.usual.correlation - 0.2):
        beside = replace(headline, latent=replace(headline.latent, estimate=estimate))
        said = words.alike_otherwise(report, beside)
        apart = abs(estimate - report.usual.correlation) > words.FAR_FROM_HEADLINE
        assert ("as on Agreement" in said) == apart
        assert (f"it is {estimate:.2f}" in said) == apart


def test_the_dots_say_how_many_lie_where_the_two_agree(report: CertaintyReport) -> None:
    first, last = report.likely["unit"].iloc[[0, -1]]
    assert "0 of 20 lie in the shaded band" in words.dots(report, first)
    inside = int(re.search(r"(\d+) of 20", words.dots(report, last))[1])  # type: ignore[index]
    assert inside == pytest.approx(20 * report.agree_on(last), abs=1.5)
    assert words.dots(report, "nowhere") == ""


def test_an_area_of_which_nothing_is_said_is_not_counted_as_agreeing(store: Store) -> None:
    left, right = standings([*alike(), (0.0, 0.0)])
    left[-1] |= {"positive": 5.0, "respondents": 6.0, "value": 5 / 6}
    committed(
        store, left, right, parent=[parent("P-24", "N-9", "pcn")], provider=[provider("N-9", "pcn")]
    )
    said = words.summary(certainty(store, replace(GP, area="N-9")))
    assert "the same story" not in said
    assert "enough answers" in said
