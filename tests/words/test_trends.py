"""What the report of sources over time says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pxcore.analysis.time.cells import Every
from pxcore.analysis.time.history import Members, Silent
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import trends
from pxcore.disclosure import Released
from pxcore.model import Grain, Pairing, Scope
from pxcore.publish.trends import as_json
from pxcore.store import Store
from pxcore.words import series as over_time
from pxcore.words import trends as words
from pxcore.words.history import SILENT, members
from tests.store.loads import extract, fft


def test_the_demonstration_in_full(
    demonstration: Store, golden: Callable[[str, Any], None]
) -> None:
    report = trends(demonstration, unit="T-24")
    report = as_json(report, movers(demonstration, report))
    report["revision"] = report["extracts"] = None
    for told in report["sources"]:
        told["points"] = told["points"][-3:]
    golden("demonstration_trends", report)


def test_every_word_is_plain(demonstration: Store) -> None:
    for unit, service in (("", ""), ("T-24", ""), ("P-0012", ""), ("", "inpatient")):
        report = trends(demonstration, Scope(Pairing("", ""), service=service), unit)
        said = " ".join(
            [
                words.summary(report),
                words.limits(report),
                *words.notes(report),
                *words.findings(report),
            ]
            + [over_time.summary(series) for series in report.series]
            + [
                word
                for pair in report.pairs
                for word in (over_time.directions(pair), over_time.ahead(pair))
            ]
        )
        assert "nan" not in said.lower().replace("finance", "")
        assert "cause " not in said.replace("Common cause", "").replace("Special cause", "")
        assert " -" not in said
        assert "  " not in said


def test_every_table_has_been_released(demonstration: Store) -> None:
    report = trends(demonstration, unit="T-24")
    for rows in (words.table(report), words.screen(report), words.pairs(report),
                 words.decisions(report)):  # fmt: skip
        assert isinstance(rows, Released)


def test_every_silence_has_its_words() -> None:
    assert set(SILENT) == set(Silent)


def test_the_method_names_its_constants(demonstration: Store) -> None:
    text = " ".join(words.method(trends(demonstration, unit="T-24")))
    assert "Under 8 points there are no limits, under 12 trial limits. FFT" in text
    assert "is under 30 in any month" in text
    assert "{" not in text


def test_who_is_added_up_is_said_in_numbers() -> None:
    steady = Members(Every.MONTH, steady=True, organisations=40, fewest=38, most=40, left_out=2)
    assert members(steady, Grain.PRACTICE) == (
        "The 40 practices that report in at least 9 months in 10 are added up (38 to 40 in any one); 2 that "
        "report now and then are left out."
    )
    all_of_them = Members(Every.QUARTER, fewest=3, most=3)
    assert members(all_of_them, Grain.TRUST).startswith(
        "All trusts that report are added up, 3 in any one quarter: who reports changes"
    )


def test_whether_the_sources_move_together_is_a_short_sentence(demonstration: Store) -> None:
    assert words.verdict(trends(demonstration)) == (
        "All practices together: no source shows a trend, so no movement can be compared."
    )
    nothing = words.verdict(trends(demonstration, unit="P-0018"))
    assert nothing.endswith(": no source has figures long enough to look for a direction.")


def test_nothing_is_within_its_usual_swing_where_no_source_has_limits(
    store: Store, demonstration: Store
) -> None:
    usual = "stands outside the limits"
    assert usual in words.limits(trends(demonstration))
    store.commit([extract(fft_fact=[fft("P-1", 87, 100, "2026-02")])])
    assert usual not in words.limits(trends(store))
