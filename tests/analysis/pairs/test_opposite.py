"""Two sources that rank organisations in opposite order: the reversed scale, the commonest mistake."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.overview import Standing, overview, standing
from pxcore.analysis.pairs.what_if import what_if
from pxcore.analysis.time.changes import Change
from pxcore.charts import overview as charts
from pxcore.charts.theme import LIGHT
from pxcore.model import Grain, Period, Scenario
from pxcore.stats.latent import Estimability
from pxcore.store import Store
from pxcore.words import agreement as words
from pxcore.words import changes as change_words
from pxcore.words import coefficients as coefficient_words
from pxcore.words import overview as overview_words
from pxcore.words import what_if as what_if_words
from tests.analysis.frames import GP, committed, side, standings
from tests.charts.specs import drawn
from tests.store.loads import extract, fft, survey


@pytest.fixture
def opposite(store: Store) -> Store:
    """Forty practices, many answers each; the better in one source, the worse in the other."""
    return committed(store, *standings([(at, -at) for at in np.linspace(-1.5, 1.5, 40)]))


def test_agreement_is_at_the_lower_limit_and_called_opposite(opposite: Store) -> None:
    report = agreement(opposite, GP)
    assert report.latent is not None
    assert report.latent.state is Estimability.AT_LOWER_LIMIT
    assert report.expected is not None
    assert report.expected.high < -0.9  # as the model has them, opposite
    assert not report.far_apart  # 1 - K/2 is -1 as well
    assert "opposite, at most" in words.summary(report)
    assert any("Is one scale reversed?" in line for line in words.warnings(report))


def test_the_line_through_the_true_values_falls(opposite: Store) -> None:
    more = coefficients(opposite, agreement(opposite, GP))
    assert more is not None
    assert more.level is not None
    assert more.level.structural is not None
    assert more.level.structural.slope < 0
    assert coefficient_words.table(more)["estimate"].iloc[0].startswith("opposite, at most")


def test_the_overview_says_so_and_draws_it_at_its_place(opposite: Store) -> None:
    report = overview(opposite)
    assert [standing(pair) for pair in report.agreements] == [Standing.OPPOSITE]
    assert "opposite, at most" in overview_words.screen(report)["underlying_range"].iloc[0]
    assert "Is one scale reversed?" in " ".join(overview_words.findings(report))
    spec = drawn(charts.agreements(report, LIGHT))
    rows = [row for table in spec["datasets"].values() for row in table if "estimate" in row]
    assert all(row["estimate"] < -0.9 for row in rows if row.get("what") == "underlying")


def test_exactly_the_reverse_order_of_few_is_opposite_and_the_same_order_alike(
    store: Store,
) -> None:
    rows = [fft(f"P-{n}", 30 + n, 60) for n in range(12)]
    waves = [survey(f"P-{n}", 0.9 - n / 40) for n in range(12)]
    store.commit([extract(fft_fact=rows), extract(survey_fact=waves)])
    report = overview(store)
    assert [standing(pair) for pair in report.agreements] == [Standing.OPPOSITE]
    assert any(words.REVERSED_SCALE in words.warnings(pair) for pair in report.agreements)


def test_what_if_keeps_it_opposite(opposite: Store) -> None:
    report = what_if(opposite, GP, Scenario(margin=1.5))
    rows = report.headline_rows()
    assert (rows["estimate"] < -0.9).all()
    assert "opposite, at most" in what_if_words.limits(report)
    assert "Is one scale reversed?" in what_if_words.summary(report)


def test_changes_that_go_opposite_ways_are_said_to(opposite: Store) -> None:
    wave = Period(date(2024, 1, 2), date(2024, 3, 25))
    latent = agreement(opposite, GP).latent
    told = change_words.summary(
        Change(
            side("gp_survey"), side(), Grain.PRACTICE,
            before=wave, after=wave, organisations=40, latent=latent,
        )
    )  # fmt: skip
    assert "rise in one fall in the other" in told
    assert "Is one scale reversed?" in told
