"""Every other way to ask whether two sources agree: levels, bands, more sources, other measures.

Computed when somebody asks for it; the headline does not wait for these.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import belongs, rows_of
from pxcore.analysis.joining.choices import domain_title, side_of
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.verdicts import MOSTLY_SHARED, Judgement, Verdicts, judgement
from pxcore.analysis.pairs.agreement import (
    SEED,
    AgreementReport,
    latent_of,
    margins_of,
)
from pxcore.analysis.rows import records
from pxcore.disclosure import OfMany, Released, release, rounded
from pxcore.errors import NothingToCompare, TooFewPairs, UnknownSource
from pxcore.model import GRAIN_TITLES, Pairing, Signal
from pxcore.publish import agreement as published
from pxcore.stats.bands import (
    BandAgreement,
    BandReference,
    band_agreement,
    band_of,
    band_reference,
)
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
from pxcore.stats.intervals import Interval
from pxcore.stats.latent import pearson_ceiling
from pxcore.stats.level import (
    BlandAltman,
    Concordance,
    IntraclassCorrelation,
    LevelDifference,
    LevelOutcome,
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
from pxcore.words.english import number

FLOORS = (5, 10, 15, 20, 30, 50, 75, 100, 150, 200)
MOST_MEASURES = 12
SPOKEN_OF = 0.25  # of the organisations must be left for a point of the curve to be put in words
FEWEST_ON_CURVE = 20  # organisations; with fewer a point of the curve says nothing
GRADED = (Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL)


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
    reason: str  # why there is none
    flagged: Released  # name, q, odd source: where they differ by more than they usually do
    tested: int


@dataclass(frozen=True)  # no slots: what is looked at under one tab alone is worked out then
class CoefficientsReport:
    """Everything beside the headline of two sources."""

    agreement: AgreementReport
    verdicts: Verdicts
    curve: Released  # one row per evidence floor: raw and underlying, with ranges
    detectable_raw: float | None
    detectable_latent: float | None
    ask_three: Callable[[], ThreeSources | None]
    ask_measures: Callable[[], Released]

    @cached_property
    def others(self) -> tuple[tuple[Correlation, str], ...]:
        """Every other coefficient, and what it asks."""
        return tuple(_others(self.agreement, self.verdicts))

    @cached_property
    def permutation_p(self) -> float | None:
        report = self.agreement
        pairs = report.alignment.exact_of(report.pairs["unit"])
        left, right = pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy()
        return permutation_p(left, right, seed=SEED)

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
    def _levels(self) -> tuple[Level | None, str]:
        return _level(self.agreement, self.verdicts)

    @property
    def level(self) -> Level | None:
        return self._levels[0]

    @property
    def no_level(self) -> str:
        """Why levels are not compared."""
        return self._levels[1]

    @cached_property
    def three(self) -> ThreeSources | None:
        """With a source of the third signal."""
        return self.ask_three()

    @cached_property
    def measures(self) -> Released:
        """One row per measure of the one source and of the other: their raw rank correlation."""
        return self.ask_measures()

    def power_said(self) -> str:
        """What these data could have shown at all."""
        pairs = self.agreement.correlation.pairs if self.agreement.correlation else 0
        many = GRAIN_TITLES[self.agreement.alignment.grain][1]
        if self.detectable_raw is None:
            return f"With {pairs} {many} no correlation, however strong, could be shown."
        said = (
            f"With {pairs:,} {many} a raw correlation of {number(self.detectable_raw)} or more would "
            "be found 4 times in 5"
        )
        if self.detectable_latent is not None:
            return (
                f"{said}; with these numbers of answers that is an underlying agreement of "
                f"{number(self.detectable_latent)}."
            )
        if self.agreement.estimated:
            return (
                f"{said}. No underlying agreement, however strong, could be shown with these data."
            )
        return f"{said}."

    def curve_said(self) -> str:
        """Whether the raw figure rises with the evidence floor and the underlying one stays."""
        rows = self.curve[self.curve["which"] == ALL]
        if len(rows) < 2:
            return "Too few organisations have more answers: there is no curve to draw."
        said = [_curve_words(rows, "Asking for")]
        rest = self.curve[self.curve["which"] != ALL]
        if len(rest) >= 2:
            without = rest["which"].iloc[0]
            said.append(
                f"Those graded as dissonant have many answers, so they weigh more as the floor rises: "
                f"{without}, {_curve_words(rest, 'asking for')}"
            )
        return " ".join(said)

    def bands_said(self) -> str:
        """The table of bands with both references: on its own it can tell little."""
        if self.bands is None:
            return "Bands need a standing of each organisation in both sources."
        of_100 = f"{self.bands.match * 100:.0f} of 100"
        if self.reference is None:
            return f"The bands match for {of_100}."
        unrelated, mirrors = self.reference.unrelated.match, self.reference.mirrors.match
        said = (
            f"The bands match for {of_100}; two unrelated sources would match for "
            f"{unrelated.mean * 100:.0f} ({unrelated.low * 100:.0f} to {unrelated.high * 100:.0f}), two "
            f"perfect mirrors for {mirrors.mean * 100:.0f} ({mirrors.low * 100:.0f} to "
            f"{mirrors.high * 100:.0f})"
        )
        tells = unrelated.high < mirrors.low
        return f"{said}{'.' if tells else ': this table cannot tell.'}"

    def band_figures(self) -> Released:
        """Match, kappa and AC2, each beside what unrelated sources and perfect mirrors would give."""
        rows: list[dict[str, Any]] = []
        if self.bands is not None and self.reference is not None:
            for what, here, of in (
                ("Same band", self.bands.match, "match"),
                ("Kappa (quadratic weights)", self.bands.kappa, "kappa"),
                ("Gwet AC2 (quadratic weights)", self.bands.ac2, "ac2"),
            ):
                unrelated = getattr(self.reference.unrelated, of)
                mirrors = getattr(self.reference.mirrors, of)
                rows.append(
                    {
                        "what": what,
                        "here": "not defined" if here is None else number(here),
                        "unrelated": f"{number(unrelated.mean)} ({number(unrelated.low)} to "
                        f"{number(unrelated.high)})",
                        "mirrors": f"{number(mirrors.mean)} ({number(mirrors.low)} to "
                        f"{number(mirrors.high)})",
                    }
                )
        return Released(rows, columns=["what", "here", "unrelated", "mirrors"])

    def level_said(self) -> list[str]:
        """Level, limits and noise share in sentences."""
        if self.level is None:
            return [self.no_level]
        left, right = self.agreement.left.short_title, self.agreement.right.short_title
        difference, limits = self.level.difference, self.level.bland_altman
        ends = difference.interval
        said = [
            f"{left} less {right}: {points(difference.difference)} points ({points(ends.low)} to "
            f"{points(ends.high)}, {difference.pairs:,} organisations): "
            f"{_OUTCOMES[difference.outcome]} (margin {difference.margin * 100:.0f} points).",
            f"For 95 of 100 organisations the two differ by {points(limits.limits.low)} to "
            f"{points(limits.limits.high)} points (limits of agreement"
            + ("; rough, under 30 organisations" if limits.rough else "")
            + ").",
        ]
        if limits.noise_share is not None and limits.limits_without_noise is not None:
            pure = limits.limits_without_noise
            said.append(
                f"About {min(1.0, limits.noise_share):.0%} of that spread is the noise of few answers; "
                f"without it the limits would be {points(pure.low)} to {points(pure.high)}."
            )
        if limits.spread_p is not None and limits.spread_p < 0.05:
            said.append(
                "One source spreads organisations more than the other, so the differences slope with "
                "the mean: spread differs, which is no bias that grows."
            )
        if limits.ceiling_share is not None and limits.ceiling_share > 0.2:
            said.append(
                f"{limits.ceiling_share:.0%} of the organisations have a value of 97 % or more: limits "
                "can pass 100 % and are cut there."
            )
        return said

    def coefficient_rows(self) -> Released:
        """Every coefficient with its interval, number and what it asks."""
        report = self.agreement
        rows: list[tuple[str, float | None, Interval | None, int, str]] = []
        if report.latent is not None and report.latent.interval is not None:
            rows.append(
                (
                    "Underlying agreement (REML)",
                    report.latent.estimate,
                    report.latent.interval,
                    report.latent.pairs,
                    "the true values, noise removed",
                )
            )
        if report.correlation is not None:
            one = report.correlation
            rows.append((one.label, one.estimate, one.interval, one.pairs, "the published order"))
        rows += [(c.label, c.estimate, c.interval, c.pairs, asks) for c, asks in self.others]
        if self.level is not None:
            ccc, level = self.level.concordance, "level and ranking together"
            rows.append(("Lin's concordance", ccc.estimate, ccc.interval, ccc.pairs, level))
            for icc, asks in (
                (self.level.icc_agreement, level),
                (self.level.icc_consistency, "ranking on one scale, level removed"),
            ):
                rows.append((icc.label, icc.estimate, icc.interval, icc.providers, asks))
        return Released(
            [
                {
                    "what": what,
                    "estimate": number(estimate) if estimate is not None else "at the limit",
                    "range": f"{number(interval.low)} to {number(interval.high)}"
                    if interval
                    else "not defined",
                    "pairs": pairs,
                    "asks": asks,
                }
                for what, estimate, interval, pairs, asks in rows
            ],
            columns=["what", "estimate", "range", "pairs", "asks"],
        )

    def chance_said(self) -> str:
        """The permutation test in words."""
        if self.permutation_p is None:
            return ""
        said = "less than 0.001" if self.permutation_p < 0.001 else f"{self.permutation_p:.3f}"
        return (
            f"Were the sources unrelated, a raw correlation this far from none would come up by chance "
            f"with probability {said} (permutation test, seed {SEED})."
        )

    def measures_said(self) -> str:
        """Which measures of the other source go with this one, and whether that is the expected one."""
        if len(self.measures) >= 2 and self.measures["low"].isna().any():
            return "Some of these measures stand in exactly the same order: such a figure has no range."
        if len(self.measures) < 2:
            return "Only one measure of each source can be compared."
        ranked = self.measures.sort_values("estimate", ascending=False)
        same = self.measures[self.measures["same_domain"]]
        best = ranked.iloc[0]
        if same.empty:
            return "No two of these measures ask about the same thing."
        expected = same.sort_values("estimate", ascending=False).iloc[0]
        overlap = self.measures[
            ~self.measures["same_domain"] & (self.measures["estimate"] >= expected["low"])
        ]
        said = (
            f"Measures of the same thing go together at {number(expected['estimate'])} "
            f"({number(expected['low'])} to {number(expected['high'])})"
        )
        if best["same_domain"] and overlap.empty:
            return f"{said}, and none of another thing comes near: what agrees is the thing asked about."
        return (
            f"{said}; {len(overlap)} of {len(self.measures) - len(same)} of other things do as well within "
            "its range: what the two share may be a general impression."
        )

    def three_said(self) -> str:
        if self.three is None:
            return "No third source of another kind speaks of these organisations."
        titles = ", ".join(self.three.titles)
        if self.three.kendall_w is None:
            return f"{titles}: {self.three.reason}"
        w = self.three.kendall_w
        said = (
            f"{titles}: Kendall's W {number(w.estimate)} over {w.providers} organisations, a mean rank "
            f"correlation of {number(w.mean_spearman)}; "
            + ("p < 0.001" if w.p_value < 0.001 else f"p = {w.p_value:.3f}")
            + "."
        )
        if len(self.three.flagged):
            odd = "; ".join(
                f"{name} ({source} is the odd one)"
                for name, source in zip(
                    self.three.flagged["name"].head(3),
                    self.three.flagged["odd"].head(3),
                    strict=True,
                )
            )
            said += (
                f" They differ by more than they usually do on {len(self.three.flagged)}: {odd}."
            )
        return said

    def as_json(self) -> dict[str, Any]:
        """For programs: everything on the page."""
        shown: dict[str, Any] = {
            "coefficients": {
                one.label: {
                    **(published.of_correlation(one) or {}),
                    "pairs": one.pairs,
                    "asks": asks,
                }
                for one, asks in self.others
            },
            "permutation_p": self.permutation_p,
            "detectable": {"raw": self.detectable_raw, "latent": self.detectable_latent},
            "floor_curve": records(self.curve),
            "bands": self._bands_as_json(),
            "level": self._level_as_json(),
            "measures": records(self.measures),
            "three_sources": None
            if self.three is None
            else {
                "sources": list(self.three.titles),
                "providers": self.three.providers,
                "kendall_w": self.three.kendall_w.estimate if self.three.kendall_w else None,
                "p_value": self.three.kendall_w.p_value if self.three.kendall_w else None,
                "mean_spearman": self.three.kendall_w.mean_spearman
                if self.three.kendall_w
                else None,
                "flagged": records(self.three.flagged),
            },
        }
        confidential = self.agreement.alignment.confidential
        return published.as_json(self.agreement) | dict(rounded(shown, confidential))

    def _bands_as_json(self) -> dict[str, Any] | None:
        if self.bands is None:
            return None
        told: dict[str, Any] = {
            "table": np.asarray(self.bands.table).astype(int).tolist(),
            "match": self.bands.match,
            "kappa": self.bands.kappa,
            "ac1": self.bands.ac1,
            "ac2": self.bands.ac2,
        }
        if self.reference is not None:
            for name, of in (
                ("unrelated", self.reference.unrelated),
                ("perfect_mirrors", self.reference.mirrors),
            ):
                told[name] = {
                    "match": published.of_expected(of.match),
                    "kappa": published.of_expected(of.kappa),
                    "ac2": published.of_expected(of.ac2),
                }
        return told

    def _level_as_json(self) -> dict[str, Any] | None:
        if self.level is None:
            return None
        difference, limits = self.level.difference, self.level.bland_altman
        return {
            "difference": difference.difference,
            **published.of_interval(difference.interval),
            "outcome": difference.outcome.value,
            "margin": difference.margin,
            "limits_of_agreement": published.of_interval(limits.limits),
            "limits_without_noise": published.of_interval(limits.limits_without_noise),
            "noise_share": limits.noise_share,
            "concordance": self.level.concordance.estimate,
            "icc_agreement": self.level.icc_agreement.estimate,
            "icc_consistency": self.level.icc_consistency.estimate,
            "deming_slope": self.level.deming.slope if self.level.deming else None,
            "structural_slope": self.level.structural.slope if self.level.structural else None,
        }


_OUTCOMES = {
    LevelOutcome.SAME: "the same level",
    LevelOutcome.DIFFERENT: "a different level, which is no disagreement about who is better",
    LevelOutcome.CANNOT_SAY: "these data cannot say whether the level is the same",
    LevelOutcome.SMALL: "a real but small difference",
}


def points(proportion: float) -> str:
    """A difference in percentage points for print: its sign, a true minus."""
    return f"{proportion * 100:+.0f}".replace("-", "−").replace("−0", "0").replace("+0", "0")


# --- Asking ---


def coefficients(
    store: Store, report: AgreementReport, judge: Callable[[Pairing], Judgement] | None = None
) -> CoefficientsReport | None:
    """Everything beside the headline; None where there is no headline to stand beside. `judge` answers
    for another pair of sources, where what was judged is kept."""
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
    return CoefficientsReport(
        agreement=report,
        verdicts=verdicts,
        curve=_curve(report, verdicts),
        detectable_raw=detectable_correlation(len(report.pairs)),
        detectable_latent=detectable_correlation(len(report.pairs), ceiling)
        if report.estimated
        else None,
        ask_three=partial(_three, store, report, verdicts, judge or partial(judgement, store)),
        ask_measures=partial(_measures, store, report),
    )


ALL = "all organisations"


def _curve_words(rows: pd.DataFrame, opening: str) -> str:
    # the far end, where few organisations are left, is drawn with its range but not spoken of
    enough = rows["pairs"] >= rows["pairs"].iloc[0] * SPOKEN_OF
    beyond = "" if enough.all() else " Beyond that few organisations are left."
    rows = rows[enough]
    first, last = rows.iloc[0], rows.iloc[-1]
    move = last["raw"] - first["raw"]
    rises = "rises" if move > 0.02 else "falls" if move < -0.02 else "stays"
    said = (
        f"{opening} at least {last['floor']:.0f} answers instead of {first['floor']:.0f}, the raw "
        f"correlation {rises} ({number(first['raw'])} to {number(last['raw'])}, "
        f"{first['pairs']:.0f} to {last['pairs']:.0f} organisations)"
    )
    latent = rows.dropna(subset=["latent", "latent_low"])
    if len(latent) < 2:
        return f"{said}.{beyond}"
    usual = latent.iloc[0]
    inside = latent["latent"].between(usual["latent_low"], usual["latent_high"]).all()
    expected = (
        ": what is expected where few answers add nothing but noise"
        if inside and move > 0.02
        else ""
    )
    held = "stays within its range" if inside else "leaves its range"
    return f"{said}; the underlying one {held}{expected}.{beyond}"


def _curve(report: AgreementReport, verdicts: Verdicts) -> Released:
    """Raw and underlying agreement as the evidence floor rises: of all, and without those graded as
    dissonant, where there are any."""
    graded = verdicts.shown["unit"][verdicts.shown["rule"].isin(GRADED)]
    told = [_curve_of(report.pairs, verdicts, ALL, report)]
    if len(graded):
        rest = report.pairs[~report.pairs["unit"].isin(graded)]
        cells = verdicts.cells[~verdicts.cells["unit"].isin(graded)]
        which = f"without the {len(graded)} graded as dissonant"
        told.append(_curve_of(rest, replace(verdicts, cells=cells), which, report))
    curve = pd.concat(told, ignore_index=True)
    asked = report.alignment
    return release(
        curve, asked.pairing.disclosure, OfMany(tuple(curve.columns[3:]), asked.confidential)
    )


def _curve_of(
    pairs: pd.DataFrame, verdicts: Verdicts, which: str, report: AgreementReport
) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    fewest = pairs[["left_respondents", "right_respondents"]].min(axis=1)
    for floor in FLOORS:
        if floor < report.alignment.pairing.rank_floor:
            continue
        here = pairs[fewest >= floor]
        if len(here) < FEWEST_ON_CURVE:
            break
        try:
            exact = report.alignment.exact_of(here["unit"])
            raw = spearman(exact["left_value"].to_numpy(), exact["right_value"].to_numpy())
        except TooFewPairs:
            break
        latent = None
        if floor >= verdicts.left.evidence_floor:
            latent = latent_of(verdicts, floor=floor)
        ends = latent.interval if latent is not None else None
        rows.append(
            {
                "which": which,
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
    told = pd.DataFrame(rows, columns=columns)
    return Released(told.astype(dict.fromkeys(columns[1:], "float64")))


def _others(report: AgreementReport, verdicts: Verdicts) -> list[tuple[Correlation, str]]:
    pairs = report.alignment.exact_of(report.pairs["unit"])
    left, right = pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy()
    told = [
        (
            replace(bootstrap_spearman(left, right, seed=SEED), label="Spearman (bootstrap)"),
            f"the published order; interval by resampling organisations, seed {SEED}",
        ),
        (kendall(left, right, seed=SEED), "the published order, pair by pair"),
    ]
    cells = verdicts.shown[verdicts.shown["tested"]]
    y = [
        source.exact_of(cells["unit"])["scaled"].to_numpy()
        for source in (verdicts.left, verdicts.right)
    ]
    if len(cells) >= MINIMUM_PAIRS and np.ptp(y[0]) > 0 and np.ptp(y[1]) > 0:
        told.append((pearson(y[0], y[1]), "a straight line on the scale of the tests"))
    return told


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


def _level(report: AgreementReport, verdicts: Verdicts) -> tuple[Level | None, str]:
    left, right = report.left, report.right
    if left.unit != "proportion" or right.unit != "proportion":
        return None, (
            f"Levels are not compared: {left.short_title} and {right.short_title} are not in the same "
            "unit, and a score is no percentage."
        )
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
    if report.estimated and latent is not None:
        rho = latent.estimate if latent.estimate is not None else 1.0
        structural = structural_line(
            latent.left_centre,
            latent.left_variance**0.5,
            latent.right_centre,
            latent.right_variance**0.5,
            rho,
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
        ), ""
    except TooFewPairs as few:
        return None, few.what


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
    judge: Callable[[Pairing], Judgement],
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
        asked = replace(alignment.pairing, left=alignment.left.source, right=name, right_measure="")
        try:
            judged = judge(asked)
        except (NothingToCompare, UnknownSource):
            continue
        other, same = judged.verdicts, judged.independence
        if other is None or same is None or (best is not None and other.heard <= best[0]):
            continue
        against_right = independence(
            store, alignment.right, other.right.side, alignment.pairing, alignment.service
        )
        repeated = {*same.units, *against_right.units}
        speaks = other.right.rows["unit"]
        if speaks.isin(repeated).sum() > MOSTLY_SHARED * len(speaks):
            continue  # the same people over again are no further source
        best = (other.heard, other.right, repeated)
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
        reason = (
            f"{len(common)} organisations have enough answers in all three, and it takes "
            f"{MINIMUM_PAIRS}: not enough evidence."
        )
        return ThreeSources(titles, len(common), None, reason, nobody, 0)
    ranked = np.column_stack(
        [source.exact_of(pd.Series(common))["value"].to_numpy() for source in sources]
    )
    if (np.ptp(ranked, axis=0) == 0).any():
        reason = "one of them gives everybody the same value: there is no order to compare."
        return ThreeSources(titles, len(common), None, reason, nobody, 0)
    w = kendall_w(ranked, seed=SEED)
    flagged, tested = _odd_ones(tables, titles, verdicts)
    return ThreeSources(titles, len(common), w, "", flagged, tested)


def _odd_ones(
    tables: Sequence[pd.DataFrame], titles: tuple[str, ...], verdicts: Verdicts
) -> tuple[Released, int]:
    """Where three sources differ by more than they usually do, and which is the odd one."""
    units = sorted(set().union(*(set(table.index) for table in tables)))
    placed = [table.reindex(units) for table in tables]
    standings = [
        Standing(
            one["standing"].to_numpy(float),
            one["standing_variance"].to_numpy(float),
            one["z"].to_numpy(float),
        )
        for one in placed
    ]
    totals = np.full((3, 3), np.nan)
    for one, other in combinations(range(3), 2):
        method = method_variance(standings[one], standings[other])
        if not method.assumed:
            totals[one, other] = totals[other, one] = method.total
    value = np.column_stack([standing.value for standing in standings])
    heard = ~np.isnan(value).all(axis=0)
    value[:, heard] -= np.nanmean(value[:, heard], axis=0)
    variance = np.column_stack([standing.variance for standing in standings])
    found = heterogeneity(value, variance, split_method_variance(totals))
    shown = np.isin(units, verdicts.shown["unit"].to_numpy())
    flagged = np.flatnonzero(
        shown & (found.rate <= verdicts.settings.false_discovery) & (found.odd_source >= 0)
    )
    names = dict(zip(verdicts.cells["unit"], verdicts.cells["name"], strict=True))
    rows = pd.DataFrame(
        {
            "name": [names.get(units[place], units[place]) for place in flagged],
            "q": found.rate[flagged],
            "odd": [titles[found.odd_source[place]] for place in flagged],
        },
        columns=["name", "q", "odd"],
    )
    return Released(rows.sort_values("q", kind="stable")), int((~np.isnan(found.q)).sum())


def _measures(store: Store, report: AgreementReport) -> Released:
    """The raw rank correlation of every measure of each source with every one of the other."""
    alignment = report.alignment
    coverage = store.query("coverage")
    sides = []
    for side in (alignment.left, alignment.right):
        cover = coverage[coverage["source"] == side.source]
        here = cover[cover["grain"].isin(["", side.reported_grain])]
        loaded = [
            measure
            for (owner, measure), about in maps.measures().items()
            if owner == side.source
            and about["domain"] != "none"
            and about["unit"] == side.unit
            and measure in set(here["measure"])
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
            one, other = values[0][left_measure], values[1][right_measure]
            both = one.index.intersection(other.index)
            both = both[~both.isin(shared)]
            try:
                found = spearman(one[both].to_numpy(), other[both].to_numpy())
            except TooFewPairs:
                continue
            rows.append(
                {
                    "left": left.measure_title,
                    "right": right.measure_title,
                    "left_domain": domain_title(left),
                    "right_domain": domain_title(right),
                    "same_domain": left.domain == right.domain,
                    "estimate": found.estimate,
                    "low": found.interval.low if found.interval else None,
                    "high": found.interval.high if found.interval else None,
                    "pairs": found.pairs,
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
