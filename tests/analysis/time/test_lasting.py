"""Does a difference of two sources last from one year to the next?"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.time.lasting import LastingReport, lasting
from pxcore.stats.latent import Estimability
from pxcore.store import Store
from pxcore.words import lasting as words
from tests.analysis.frames import GP, committed
from tests.store.loads import fft, survey

MANY = 60


def year(wave: int, standing: np.ndarray, gap: np.ndarray) -> tuple[list[Any], list[Any]]:
    """A wave of the survey and the month of FFT in it: of each practice a standing, and how far apart."""
    shares = [
        expit(middle + 0.5 * (standing + way * gap / 2)) for middle, way in ((2.2, 1), (1.1, -1))
    ]
    left = [
        fft(f"P-{place}", 2000 * float(share), 2000.0, f"{wave}-02")
        for place, share in enumerate(shares[0])
    ]
    return left, [
        survey(f"P-{place}", float(share), 1500.0, wave) for place, share in enumerate(shares[1])
    ]


def of_two_years(store: Store, first: np.ndarray, second: np.ndarray) -> LastingReport:
    standing = np.random.default_rng(4).standard_normal(len(first))
    (left, right), (later_left, later_right) = (
        year(2024, standing, first), year(2025, standing, second)
    )  # fmt: skip
    committed(store, left + later_left, right + later_right)
    return lasting(store, judgement(store, GP))


@pytest.fixture
def gaps() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(3)
    return random.standard_normal(MANY), random.standard_normal(MANY)


def test_a_difference_that_stays_lasts(store: Store, gaps: tuple[np.ndarray, np.ndarray]) -> None:
    report = of_two_years(store, gaps[0], gaps[0])
    assert report.organisations == MANY
    assert report.share is not None
    assert report.share.nearest is not None
    assert report.share.nearest > 0.9
    assert words.summary(report).startswith(("About 0.9", "Nearly all of a difference lasts"))
    assert "60 practices judged in both" in words.summary(report)
    assert "2024" in words.summary(report)
    assert "2025" in words.summary(report)


def test_a_difference_drawn_anew_is_passing(
    store: Store, gaps: tuple[np.ndarray, np.ndarray]
) -> None:
    report = of_two_years(store, *gaps)
    assert report.share is not None
    assert report.share.interval is not None
    assert report.share.interval.low < 0.2
    assert report.share.interval.high < 0.6
    assert words.summary(report).endswith("the rest is passing.")


def test_half_of_it_lasts(store: Store, gaps: tuple[np.ndarray, np.ndarray]) -> None:
    half = (gaps[0] + gaps[1]) / np.sqrt(2)  # correlated .7 with the first
    report = of_two_years(store, gaps[0], half)
    assert report.share is not None
    assert report.share.interval is not None
    assert report.share.interval.low < 0.71 < report.share.interval.high


def test_one_year_alone_does_not_tell(store: Store, gaps: tuple[np.ndarray, np.ndarray]) -> None:
    standing = np.random.default_rng(4).standard_normal(MANY)
    report = lasting(committed_year(store, standing, gaps[0]), judgement(store, GP))
    assert (report.before, report.share, report.organisations) == (None, None, 0)
    assert words.summary(report) == (
        "Whether a difference lasts is not known: it takes FFT GP and GP survey of the year before as well."
    )


def committed_year(store: Store, standing: np.ndarray, gap: np.ndarray) -> Store:
    return committed(store, *year(2025, standing, gap))


def test_what_is_mostly_chance_is_not_called_lasting(store: Store) -> None:
    nothing = np.full(MANY, 0.0)
    report = of_two_years(store, nothing, nothing)
    assert report.share is None or report.share.state is Estimability.NOT_ESTIMABLE
    assert "cannot be told" in words.summary(report)


def test_few_organisations_are_not_compared_over_years(store: Store) -> None:
    random = np.random.default_rng(5)
    report = of_two_years(store, random.standard_normal(8), random.standard_normal(8))
    assert report.share is None


def test_fieldwork_that_begins_before_the_new_year_is_set_beside_the_same_quarter(
    store: Store, gaps: tuple[np.ndarray, np.ndarray]
) -> None:
    standing = np.random.default_rng(4).standard_normal(MANY)
    (left, right), (later_left, later_right) = (
        year(wave, standing, gaps[0]) for wave in (2024, 2025)
    )
    early = [
        row | {"period_start": date(2024, 12, 30), "period_end": date(2025, 4, 1)}
        for row in later_right
    ]
    autumn = [fft(f"P-{place}", 1000, 2000, "2023-11") for place in range(MANY)]
    committed(store, [*autumn, *left, *later_left], [*right, *early])
    before = lasting(store, judgement(store, GP)).before
    assert before is not None
    period = before.alignment.left.period
    assert period is not None
    assert (period.start, period.end) == (date(2024, 2, 1), date(2024, 2, 29))
