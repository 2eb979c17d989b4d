"""A rank in the league table beside what each source knows: ranges, the quarter, and nothing blended."""

from __future__ import annotations

from datetime import date

import pytest

from pxcore.analysis.pairs.league import league
from pxcore.analysis.pairs.overview import overview
from pxcore.analysis.pairs.provider import ProviderReport, provider
from pxcore.store import Store
from pxcore.words import league as words
from tests.analysis.frames import alike, committed, standings
from tests.store.loads import extract

COUNT = 24


def ranked(unit: str, rank: int, start: date = date(2025, 10, 1), **more: object) -> dict:
    return {
        "source": "oversight_framework",
        "kind": "Acute trust",
        "provider": unit,
        "provider_name": unit,
        "period_start": start,
        "period_end": date(2025, 12, 31),
        "segment": 2,
        "rank": rank,
    } | more


@pytest.fixture
def trusts(store: Store) -> Store:
    """Organisations from worst (P-0) to best, heard well by both sources; the table has them upside down."""
    left, right = standings(alike(COUNT))
    committed(store, left, right)
    rows = [ranked(f"P-{place}", place + 1, rank_low=1, rank_high=30) for place in range(COUNT)]
    store.commit([extract(league=rows)])
    return store


def report_of(store: Store, unit: str) -> ProviderReport:
    return provider(store, unit, overview(store))


def test_a_source_that_would_order_otherwise_says_so(trusts: Store) -> None:
    report = league(trusts, "P-0", report_of(trusts, "P-0").voices)
    assert report is not None
    assert (report.rank, report.trusts) == (1, COUNT)
    assert len(report.sources) == 2
    for row in report.sources.itertuples():
        assert row.elsewhere
        assert (row.place, row.trusts) == (1, COUNT)
        assert row.high == COUNT  # the sources have it last
        assert row.low > COUNT / 2
        assert row.chance < 0.01
    assert "Acute trust" in words.summary(report)
    assert "1 of 24 trusts, segment 2; by the table's own likely range 1 to 30" in words.summary(
        report
    )
    assert "would order otherwise" in words.sentences(report)[0]
    assert "in the table's best quarter: fewer than 1 in 100" in words.sentences(report)[0]


def test_one_in_the_middle_of_both_is_likely_where_the_table_has_it(trusts: Store) -> None:
    report = league(trusts, "P-14", report_of(trusts, "P-14").voices)
    assert report is not None
    row = report.sources.iloc[0]
    assert row["low"] < row["high"]
    assert 0 < row["chance"] < 1


def test_the_place_is_counted_among_those_the_source_hears(trusts: Store) -> None:
    more = [ranked(f"T-{place}", place + 1) for place in range(9)]
    down = [ranked(f"P-{place}", place + 10) for place in range(COUNT)]
    trusts.commit([extract(league=[*more, *down])])
    report = league(trusts, "P-0", report_of(trusts, "P-0").voices)
    assert report is not None
    assert (report.rank, report.trusts) == (10, COUNT + 9)
    assert report.sources["place"].tolist() == [1, 1]


def test_of_few_trusts_no_range_is_given(store: Store) -> None:
    committed(store, *standings(alike(COUNT)))
    store.commit([extract(league=[ranked(f"P-{place}", place + 1) for place in range(5)])])
    report = league(store, "P-0", report_of(store, "P-0").voices)
    assert report is not None
    assert report.sources.empty
    assert set(report.unheard) == {"FFT GP", "GP survey"}
    assert "fewer than 10 trusts" in words.sentences(report)[0]


def test_the_latest_table_speaks_and_one_in_no_table_has_none(trusts: Store) -> None:
    earlier = [
        ranked(f"P-{place}", 24 - place, date(2025, 7, 1), period_end=date(2025, 9, 30))
        for place in range(COUNT)
    ]
    trusts.commit([extract(league=earlier)])
    voices = report_of(trusts, "P-0").voices
    report = league(trusts, "P-0", voices)
    assert report is not None
    assert str(report.period) == "Oct–Dec 2025"
    assert league(trusts, "T-99", voices) is None


def test_a_table_enters_no_figure_of_a_source(store: Store) -> None:
    committed(store, *standings(alike(COUNT)))
    before = report_of(store, "P-3").sources
    store.commit([extract(league=[ranked(f"P-{place}", place + 1) for place in range(COUNT)])])
    assert report_of(store, "P-3").sources.equals(before)
    assert "oversight_framework" not in set(store.query("coverage")["source"])
