"""Two sources as `weigh` takes them, made by hand or drawn from a known truth; and the same as files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from pxcore import maps
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.evidence import Evidence, weigh
from pxcore.analysis.judging.verdicts import Verdicts
from pxcore.model import Pairing, Period, Settings
from pxcore.stats.intervals import Z_95
from pxcore.store import Store
from pxcore.words.verdicts import sentences
from tests.store.loads import extract, fft, survey

GP = Pairing("fft_gp", "gp_survey")
WINDOW = Period(date(2024, 1, 1), date(2024, 3, 31))
MONTHS = ("2024-01", "2024-02", "2024-03")
FLOOR = Settings().evidence_floor


def side(source: str = "fft_gp", period: Period = WINDOW, asks: str = "overall") -> Side:
    """A source's measure over three months, as the store's questions would name it."""
    about, measure = maps.source(source), maps.measures()[source, asks]
    return Side(
        source=source,
        title=about["title"],
        short_title=about["short_title"],
        signal=about["signal"],
        service=about["service"],
        measure=asks,
        measure_title=measure["title"],
        domain=measure["domain"],
        unit=measure["unit"],
        reported_grain=about["grain"],
        period=period,
    )


def figures(
    values: Iterable[float], respondents: float | Iterable[float], **columns: Any
) -> pd.DataFrame:
    """One row a provider: P-0, P-1, …; other columns as given."""
    value = np.asarray(list(values), dtype=float)
    n = np.broadcast_to(np.asarray(respondents, dtype=float), value.shape)
    units = [f"P-{place}" for place in range(len(value))]
    told = {"unit": units, "name": [f"Practice {unit}" for unit in units], "icb": "", "pcn": ""}
    return pd.DataFrame(
        told | {"value": value, "respondents": n, "positive": value * n, "periods": 1.0} | columns
    )


def monthly(counts: dict[str, Iterable[tuple[str, float, float]]]) -> pd.DataFrame:
    """One row a provider and month, from provider -> (month, positive, respondents)."""
    rows = [
        {"unit": unit, "period_start": f"{month}-01", "positive": x, "respondents": n}
        for unit, months in counts.items()
        for month, x, n in months
    ]
    told = pd.DataFrame(rows, columns=["unit", "period_start", "positive", "respondents"])
    return told.assign(period_start=pd.to_datetime(told["period_start"]))


def weighed(
    rows: pd.DataFrame,
    source: str = "gp_survey",
    months: pd.DataFrame | None = None,
    settings: Settings | None = None,
    floor: int = FLOOR,
) -> Evidence:
    return weigh(rows, months, side(source), settings or Settings(), evidence_floor=floor)


def placed_at(
    logits: Iterable[float], variances: Iterable[float], respondents: float | Iterable[float] = 200
) -> pd.DataFrame:
    """A survey whose figures lie just there on the logit scale, with just that sampling variance.

    The published interval carries the variance; the figure is the one whose smoothed odds are asked for.
    """
    y, v = (np.asarray(list(one), dtype=float) for one in (logits, variances))
    n = np.broadcast_to(np.asarray(respondents, dtype=float), y.shape)
    smooth = expit(y)
    value = (smooth * (n + 1) - 0.5) / n
    effective = n / (v * (n + 1) * smooth * (1 - smooth))
    half = Z_95 * np.sqrt(value * (1 - value) / effective)
    return figures(value, n, low=value - half, high=value + half)


def drawn(
    seed: int, count: int = 30, agreement: float = 0.7, answers: tuple[int, int] = (600, 250)
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two surveys of the same providers that truly agree so much, with uneven numbers of answers."""
    random = np.random.default_rng(seed)
    shared = random.standard_normal(count)
    told = []
    for centre, deviation, size in ((1.6, 0.6, answers[0]), (0.8, 0.5, answers[1])):
        own = random.standard_normal(count)
        true = centre + deviation * (np.sqrt(agreement) * shared + np.sqrt(1 - agreement) * own)
        n = np.maximum(4, random.poisson(size * random.gamma(2, 0.5, count))).astype(float)
        worth = n / 1.3
        value = random.binomial(n.astype(int), expit(true)) / n
        smooth = (value * n + 0.5) / (n + 1)
        half = Z_95 * np.sqrt(smooth * (1 - smooth) / worth)
        told.append(figures(value, n, low=value - half, high=value + half))
    return told[0], told[1]


def standings(
    places: Iterable[tuple[float, float]], left: float = 4000, right: float = 3000
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """FFT and survey rows of practices at these standings: half a logit round 90 % and round 75 %."""
    first, second = [], []
    for place, (one, other) in enumerate(places):
        first.append(fft(f"P-{place}", left * float(expit(2.2 + 0.5 * one)), left))
        second.append(survey(f"P-{place}", float(expit(1.1 + 0.5 * other)), right))
    return first, second


def committed(
    store: Store, left: list[dict[str, Any]], right: list[dict[str, Any]], **frames: Any
) -> Store:
    """The rows in a store, as an FFT file, a survey file and, where given, reference files."""
    loads = [extract(fft_fact=left), extract(survey_fact=right)]
    store.commit(loads + ([extract(**frames)] if frames else []))
    return store


def alike(count: int = 24) -> list[tuple[float, float]]:
    """Practices spread evenly, both sources putting each at the same place."""
    return [(float(at), float(at)) for at in np.linspace(-1.8, 1.8, count)]


def sentence_on(verdicts: Verdicts, unit: str) -> str:
    """The verdict on one organisation, as it is said."""
    cells = verdicts.cells
    return sentences(verdicts, cells[cells["unit"] == unit])[0]
