"""Every other way to ask whether two sources agree: levels, bands, more sources, other measures.

Computed when somebody asks for it; the headline does not wait for these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, partial
from itertools import combinations

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import belongs, rows_of
from pxcore.analysis.joining.choices import domain_title, side_of
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.judgement import MOSTLY_SHARED, judgement
from pxcore.analysis.judging.verdicts import Verdicts
from pxcore.analysis.pairs.agreement import SEED, AgreementReport, latent_of, margins_of
from pxcore.disclosure import OfMany, OfOne, Released, release, rounded, with_rounded_chances
from pxcore.errors import NothingToCompare, TooFewPairs, UnknownSource
from pxcore.model import Disclosure, Signal
from pxcore.stats.bands import BandAgreement, BandReference, band_agreement, band_of, band_reference
from pxcore.stats.concordance import KendallW, kendall_w
from pxcore.stats.correlation import (
    MINIMUM_PAIRS,
    Correlation,
    bootstrap_spearman,
    kendall,
    pearson,
    permutation_p,
    spearman,
)
from pxcore.stats.latent import pearson_ceiling
from pxcore.stats.level import (
    BlandAltman,
    Concordance,
    IntraclassCorrelation,
    LevelDifference,
    Line,
    bland_altman,
    concordance,
    deming,
    icc_agreement,
    icc_consistency,
    level_difference,
    structural_line,
)
from pxcore.stats.spread import Standing
from pxcore.stats.verdict import (
    Rule,
    detectable_correlation,
    heterogeneity,
    method_variance,
    split_method_variance,
)
from pxcore.store import Store

FLOORS = (5, 10, 15, 20, 30, 50, 75, 100, 150, 200)
MOST_MEASURES = 12
FEWEST_ON_CURVE = 20  # organisations; with fewer a point of the curve says nothing
BOOTSTRAP = "Spearman (bootstrap)"
GRADED = (Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL)


class Subset(StrEnum):
    """Which organisations a curve is of."""

    ALL = "all organisations"
    UNGRADED = "without those graded as dissonant"


class NoOrder(StrEnum):
    """Why three sources have no order in common."""

    FEW = "too few organisations"
    FLAT = "one of them gives everybody the same value"


@dataclass(frozen=True, slots=True)
class Level:
    """Do two percentages stand at the same level? Only where both sources have the same unit."""

    difference: LevelDifference
    bland_altman: BlandAltman
    concordance: Concordance
    icc_agreement: IntraclassCorrelation
    icc_consistency: IntraclassCorrelation
    deming: Line | None
    structural: Line | None
    points: Released  # unit, name, mean and difference: for the picture


@dataclass(frozen=True, slots=True)
class ThreeSources:
    """Three or more sources on the same organisations."""

    titles: tuple[str, ...]
    providers: int
    kendall_w: KendallW | None
    no_order: NoOrder | None  # why there is none
    flagged: Released  # name, q, odd source: where they differ by more than they usually do
    tested: int


@dataclass(frozen=True)  # no slots: what is looked at under one tab alone is worked out then
class CoefficientsReport:
    """Everything beside the headline of two sources."""

    agreement: AgreementReport
    verdicts: Verdicts
    curve: Released  # one row per subset and evidence floor: raw and underlying, with ranges
    graded: int  # organisations graded as dissonant
    detectable_raw: float | None
    detectable_latent: float | None
    ask_three: Callable[[], ThreeSources | None]
    ask_measures: Callable[[], Released]

    @cached_property
    def others(self) -> tuple[Correlation, ...]:
        """Every other coefficient."""
        return tuple(_others(self.agreement, self.verdicts))

    @cached_property
    def permutation_p(self) -> float | None:
        report = self.agreement
        pairs = report.alignment.exact_of(report.pairs["unit"])
        left, right = pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy()
        chance = {"permutation_p": permutation_p(left, right, seed=SEED)}
        shown: float | None = rounded(chance, report.alignment.confidential)["permutation_p"]
        return shown

    @cached_property
    def _banded(self) -> tuple[BandAgreement | None, BandReference | None]:
        return _bands(self.agreement, self.verdicts)

    @property
    def bands(self) -> BandAgreement | None:
        return self._banded[0]

    @property
    def reference(self) -> BandReference | None:
        return self._banded[1]

    @cached_property
    def _levels(self) -> tuple[Level | None, TooFewPairs | None]:
        level, too_few = _level(self.agreement, self.verdicts)
        return with_rounded_chances(level, self.agreement.alignment.confidential), too_few

    @property
    def level(self) -> Level | None:
        return self._levels[0]

    @property
    def no_level(self) -> TooFewPairs | None:
        """What is missing to compare levels; None too where the two are not in one unit."""
        return self._levels[1]

    @cached_property
    def three(self) -> ThreeSources | None:
        """With a source of the third signal."""
        return self.ask_three()

    @cached_property
    def measures(self) -> Released:
        """One row per measure of the one source and of the other: their raw rank correlation."""
        return self.ask_measures()


def coefficients(store: Store, report: AgreementReport) -> CoefficientsReport | None:
    """Everything beside the headline; None where there is no headline to stand beside."""
    verdicts = report.verdicts
    if report.correlation is None or verdicts is None:
        return None
    ceiling = 1.0
    if report.estimated and report.latent is not None:
        cells = verdicts.shown[verdicts.shown["tested"]]
        noise = [
            source.exact_of(cells["unit"])["scaled_variance"].to_numpy()
            for source in (verdicts.left, verdicts.right)
        ]
        ceiling = pearson_ceiling(report.latent, *noise)
    shown = verdicts.shown
    graded = shown["unit"][shown["rule"].isin(GRADED)]
    return CoefficientsReport(
        agreement=report,
        verdicts=verdicts,
        curve=_curve(report, verdicts, graded),
        graded=len(graded),
        detectable_raw=detectable_correlation(len(report.pairs)),
        detectable_latent=detectable_correlation(len(report.pairs), ceiling)
        if report.estimated
        else None,
        ask_three=partial(_three, store, report, verdicts),
        ask_measures=partial(_measures, store, report),
    )


def _curve(report: AgreementReport, verdicts: Verdicts, graded: pd.Series) -> Released:
    """Raw and underlying agreement as the evidence floor rises: of all, and without those graded as
    dissonant, where there are any."""
    parts = [_curve_of(report.pairs, verdicts, Subset.ALL, report)]
    if len(graded):
        pairs = report.pairs[~report.pairs["unit"].isin(graded)]
        cells = verdicts.cells[~verdicts.cells["unit"].isin(graded)]
        parts.append(_curve_of(pairs, replace(verdicts, cells=cells), Subset.UNGRADED, report))
    curve = pd.concat(parts, ignore_index=True)
    alignment = report.alignment
    figures = OfMany(tuple(curve.columns[3:]), alignment.confidential)
    return release(curve, alignment.pairing.disclosure, figures)


def _curve_of(
    pairs: pd.DataFrame, verdicts: Verdicts, which: Subset, report: AgreementReport
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    fewest = pairs[["left_respondents", "right_respondents"]].min(axis=1)
    for floor in FLOORS:
        if floor < report.alignment.pairing.rank_floor:
            continue
        enough = pairs[fewest >= floor]
        if len(enough) < FEWEST_ON_CURVE:
            break
        try:
            exact = report.alignment.exact_of(enough["unit"])
            raw = spearman(exact["left_value"].to_numpy(), exact["right_value"].to_numpy())
        except TooFewPairs:
            break
        latent = None
        if floor >= verdicts.left.evidence_floor:
            latent = latent_of(verdicts, floor=floor)
        ends = latent.interval if latent is not None else None
        rows.append(
            {
                "which": which.value,
                "floor": float(floor),
                "pairs": raw.pairs,
                "raw": raw.estimate,
                "raw_low": raw.interval.low if raw.interval else np.nan,
                "raw_high": raw.interval.high if raw.interval else np.nan,
                "latent": latent.estimate if latent is not None else np.nan,
                "latent_low": ends.low if ends else np.nan,
                "latent_high": ends.high if ends else np.nan,
            }
        )
    columns = [
        "which", "floor", "pairs", "raw", "raw_low", "raw_high", "latent", "latent_low",
        "latent_high",
    ]  # fmt: skip
    curve = pd.DataFrame(rows, columns=columns)
    return Released(curve.astype(dict.fromkeys(columns[1:], "float64")))


def _others(report: AgreementReport, verdicts: Verdicts) -> list[Correlation]:
    pairs = report.alignment.exact_of(report.pairs["unit"])
    left, right = pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy()
    others = [
        replace(bootstrap_spearman(left, right, seed=SEED), label=BOOTSTRAP),
        kendall(left, right, seed=SEED),
    ]
    cells = verdicts.shown[verdicts.shown["tested"]]
    y = [
        source.exact_of(cells["unit"])["scaled"].to_numpy()
        for source in (verdicts.left, verdicts.right)
    ]
    if len(cells) >= MINIMUM_PAIRS and np.ptp(y[0]) > 0 and np.ptp(y[1]) > 0:
        others.append(pearson(y[0], y[1]))
    return others


def _bands(
    report: AgreementReport, verdicts: Verdicts
) -> tuple[BandAgreement | None, BandReference | None]:
    cells = verdicts.shown[verdicts.shown["tested"]]
    if len(cells) < MINIMUM_PAIRS:
        return None, None
    z = [
        source.rows.set_index("unit").reindex(cells["unit"])["z"].to_numpy()
        for source in (verdicts.left, verdicts.right)
    ]
    table = band_agreement(band_of(z[0]), band_of(z[1]))
    margins = margins_of(verdicts, report.latent, cells["unit"])
    if margins is None:
        return table, None
    return table, band_reference(margins[0], margins[1], seed=SEED)


def _level(report: AgreementReport, verdicts: Verdicts) -> tuple[Level | None, TooFewPairs | None]:
    if not report.left.unit == report.right.unit == "proportion":
        return None, None
    pairs, exact = report.pairs, report.alignment.exact_of(report.pairs["unit"])
    x, y = exact["left_value"].to_numpy(), exact["right_value"].to_numpy()
    noise = [
        _noise(source, pairs["unit"], exact[f"{which}_value"].to_numpy())
        for which, source in (("left", verdicts.left), ("right", verdicts.right))
    ]
    known = not any(np.isnan(v).any() for v in noise)
    table = np.column_stack([x, y])
    latent = report.latent
    structural = None
    if latent is not None and latent.nearest is not None:
        structural = structural_line(
            latent.left_centre,
            latent.left_variance**0.5,
            latent.right_centre,
            latent.right_variance**0.5,
            latent.nearest,
        )
    try:
        return Level(
            difference=level_difference(x, y),
            bland_altman=bland_altman(x, y, *(noise if known else (None, None))),
            concordance=concordance(x, y),
            icc_agreement=icc_agreement(table),
            icc_consistency=icc_consistency(table),
            deming=deming(x, y, float(noise[0].mean() / noise[1].mean())) if known else None,
            structural=structural,
            points=Released(
                {
                    "unit": pairs["unit"],
                    "name": pairs["name"],
                    "mean": (pairs["left_value"] + pairs["right_value"]) / 2,
                    "difference": pairs["left_value"] - pairs["right_value"],
                }
            ),
        ), None
    except TooFewPairs as few:
        return None, few


def _noise(source: Evidence, units: pd.Series, value: np.ndarray) -> np.ndarray:
    """Sampling variances of percentages, on their own scale, by the smoothed proportion."""
    rows = source.exact_of(units)
    n, effective = rows["respondents"].to_numpy(), rows["effective"].to_numpy()
    n = np.where(np.isnan(n), effective, n)  # assumed numbers are kept out of what is shown
    smooth = (value * n + 0.5) / (n + 1)
    return np.asarray(smooth * (1 - smooth) / np.maximum(effective, 1.0))


def _three(
    store: Store,
    report: AgreementReport,
    verdicts: Verdicts,
) -> ThreeSources | None:
    """The source of the third signal that speaks of most of the same organisations."""
    alignment = report.alignment
    signals = {alignment.left.signal, alignment.right.signal}
    third = {signal.value for signal in Signal} - signals
    covered = store.query("coverage")
    loaded = [
        str(name)
        for name in dict.fromkeys(covered["source"])
        if maps.source(str(name))["signal"] in third
        and maps.source(str(name))["service"] in ("", alignment.service)
        and name != "complaints"
    ]
    own = report.judgement.independence
    known = set(own.units if own else ())
    best: tuple[int, Evidence, set[str]] | None = None
    for name in loaded:
        pairing = replace(
            alignment.pairing, left=alignment.left.source, right=name, right_measure=""
        )
        try:
            judged = judgement(store, pairing)
        except (NothingToCompare, UnknownSource):
            continue
        beside, same = judged.verdicts, judged.independence
        if beside is None or same is None or (best is not None and beside.heard <= best[0]):
            continue
        against_right = independence(
            store, alignment.right, beside.right.side, alignment.pairing, alignment.service
        )
        repeated = {*same.units, *against_right.units}
        speaks = beside.right.rows["unit"]
        if speaks.isin(repeated).sum() > MOSTLY_SHARED * len(speaks):
            continue  # the same people over again are no further source
        best = (beside.heard, beside.right, repeated)
    if best is None:
        return None
    sources = (verdicts.left, verdicts.right, best[1])
    titles = tuple(source.side.short_title for source in sources)
    tables = [
        source.rows[
            (source.rows["people"] >= source.evidence_floor) & ~source.rows["unit"].isin(repeated)
        ].set_index("unit")
        for source, repeated in zip(sources, (set[str](), known, best[2]), strict=True)
    ]
    common = tables[0].index.intersection(tables[1].index).intersection(tables[2].index)
    common = common[common.isin(verdicts.shown["unit"])]
    nobody = Released(columns=["name", "q", "odd"])
    if len(common) < MINIMUM_PAIRS:
        return ThreeSources(titles, len(common), None, NoOrder.FEW, nobody, 0)
    ranked = np.column_stack(
        [source.exact_of(pd.Series(common))["value"].to_numpy() for source in sources]
    )
    if (np.ptp(ranked, axis=0) == 0).any():
        return ThreeSources(titles, len(common), None, NoOrder.FLAT, nobody, 0)
    # the third may be of single responses though neither of the pair is
    confidential = any(source.confidential for source in sources)
    w = rounded(kendall_w(ranked, seed=SEED), confidential)
    flagged, tested = _odd_ones(tables, titles, verdicts)
    if confidential:
        flagged = release(flagged, Disclosure(), OfOne(chances=("q",)))
    return ThreeSources(titles, len(common), w, None, flagged, tested)


def _odd_ones(
    tables: Sequence[pd.DataFrame], titles: tuple[str, ...], verdicts: Verdicts
) -> tuple[Released, int]:
    """Where three sources differ by more than they usually do, and which is the odd one."""
    units = sorted(set().union(*(set(table.index) for table in tables)))
    placed = [table.reindex(units) for table in tables]
    standings = [
        Standing(
            rows["standing"].to_numpy(float),
            rows["standing_variance"].to_numpy(float),
            rows["z"].to_numpy(float),
        )
        for rows in placed
    ]
    totals = np.full((3, 3), np.nan)
    for first, second in combinations(range(3), 2):
        method = method_variance(standings[first], standings[second])
        if not method.assumed:
            totals[first, second] = totals[second, first] = method.total
    value = np.column_stack([standing.value for standing in standings])
    known = ~np.isnan(value).all(axis=0)
    value[:, known] -= np.nanmean(value[:, known], axis=0)
    variance = np.column_stack([standing.variance for standing in standings])
    spread = heterogeneity(value, variance, split_method_variance(totals))
    shown = np.isin(units, verdicts.shown["unit"].to_numpy())
    flagged = np.flatnonzero(
        shown & (spread.rate <= verdicts.settings.false_discovery) & (spread.odd_source >= 0)
    )
    names = dict(zip(verdicts.cells["unit"], verdicts.cells["name"], strict=True))
    rows = pd.DataFrame(
        {
            "name": [names.get(units[place], units[place]) for place in flagged],
            "q": spread.rate[flagged],
            "odd": [titles[spread.odd_source[place]] for place in flagged],
        },
        columns=["name", "q", "odd"],
    )
    return Released(rows.sort_values("q", kind="stable")), int((~np.isnan(spread.q)).sum())


def _measures(store: Store, report: AgreementReport) -> Released:
    """The raw rank correlation of every measure of each source with every one of the other."""
    alignment = report.alignment
    coverage = store.query("coverage")
    sides = []
    for side in (alignment.left, alignment.right):
        cover = coverage[coverage["source"] == side.source]
        at_level = cover[cover["grain"].isin(["", side.reported_grain])]
        loaded = [
            measure
            for (owner, measure), about in maps.measures().items()
            if owner == side.source
            and about["domain"] != "none"
            and about["unit"] == side.unit
            and measure in set(at_level["measure"])
        ]
        sides.append(
            {
                measure: replace(
                    side_of(side.source, measure, cover, alignment.grain), period=side.period
                )
                for measure in loaded[:MOST_MEASURES]
            }
        )
    values = [
        {measure: _shown_values(store, report, side) for measure, side in measures.items()}
        for measures in sides
    ]
    shared = set(report.judgement.independence.units if report.judgement.independence else ())
    rows = []
    for left_measure, left in sides[0].items():
        for right_measure, right in sides[1].items():
            first, second = values[0][left_measure], values[1][right_measure]
            both = first.index.intersection(second.index)
            both = both[~both.isin(shared)]
            try:
                correlation = spearman(first[both].to_numpy(), second[both].to_numpy())
            except TooFewPairs:
                continue
            rows.append(
                {
                    "left": left.measure_title,
                    "right": right.measure_title,
                    "left_domain": domain_title(left),
                    "right_domain": domain_title(right),
                    "same_domain": left.domain == right.domain,
                    "estimate": correlation.estimate,
                    "low": correlation.interval.low if correlation.interval else None,
                    "high": correlation.interval.high if correlation.interval else None,
                    "pairs": correlation.pairs,
                }
            )
    columns = [
        "left", "right", "left_domain", "right_domain", "same_domain", "estimate", "low", "high",
        "pairs",
    ]  # fmt: skip
    of_many = OfMany(("estimate", "low", "high"), alignment.confidential)
    table = pd.DataFrame(rows, columns=columns)
    return release(table, alignment.pairing.disclosure, of_many)


def _shown_values(store: Store, report: AgreementReport, side: Side) -> pd.Series:
    """Provider -> published value of one measure, those on too few answers left out."""
    pairing = report.alignment.pairing
    # an area chooses rows and changes no figure: the query is the same for all
    rows = rows_of(store, side, replace(pairing, area=""), report.alignment.service)
    if pairing.area:
        rows = rows[belongs(rows, pairing.area)]
    rows = rows[(rows["outcome"] == "in_window") & rows["value"].notna()]
    rows = rows[rows["people"].isna() | (rows["people"] >= pairing.rank_floor)]
    return rows.set_index("unit")["value"].astype("float64")
