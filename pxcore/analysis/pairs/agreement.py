"""Do two sources order organisations alike? The answer, its interval, and what limits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.refusals import Cause, Refusal
from pxcore.analysis.judging.certainty import CertaintyReport, certainty_of
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.judgement import HARDLY_TRACK, Judged, Judgement, judgement, too_alike
from pxcore.analysis.judging.silence import Silence
from pxcore.analysis.judging.verdicts import Verdicts, latent_shown
from pxcore.analysis.questions import ask
from pxcore.disclosure import Released, rounded
from pxcore.errors import TooFewPairs
from pxcore.model import Grain, Pairing, TestScale
from pxcore.stats.binomial_normal import shares
from pxcore.stats.correlation import MINIMUM_PAIRS, Correlation, spearman
from pxcore.stats.intervals import Z_95, Floats, Interval
from pxcore.stats.latent import (
    FEWEST_AREAS,
    Estimability,
    Expected,
    LatentCorrelation,
    Margin,
    Strength,
    area_levels,
    expected_spearman,
    latent_correlation,
    most_influential,
    strength,
)
from pxcore.stats.scale import Scaled, proportion_at
from pxcore.stats.spread import Spread
from pxcore.stats.verdict import robust_agreement
from pxcore.store import Store

SEED = 20260401  # of the imaginary data sets; shown where their range is
FAR_APART = 0.15  # of two ways to the underlying agreement; beyond, both are shown


@dataclass(frozen=True, slots=True)
class FewCompared(Refusal):
    """Too few organisations can be compared for a correlation, or they stand in no order."""

    grain: Grain
    compared: int
    withheld: int  # with fewer answers than `rank_floor` in one of the two
    rank_floor: int
    names: int  # without a code
    no_order: bool  # a source gives all of them the same value
    cause: Cause


@dataclass(frozen=True)  # no slots: what did not join is counted once
class AgreementReport(Judged):
    """How alike two sources rank the same organisations; of confidential answers to two decimals, and what is
    said of a figure is of those."""

    judgement: Judgement
    status: str  # "ok", "refused" or "not_enough_evidence"
    few: FewCompared | None  # why there is no correlation, where there is not enough evidence
    everywhere: Released  # `organisations_compared` whatever the area
    correlation: Correlation | None  # raw, of the published values
    latent: LatentCorrelation | None  # None where it was not asked of these data
    mirrors: Expected | None  # what two perfect mirrors of the truth would show as raw
    published: tuple[Mapping[str, str], ...]  # figures of others for the same kind of pair

    @cached_property
    def pairs(self) -> Released:
        """One row per organisation compared, with intervals, standing and verdict."""
        pairs, same = self.alignment.of_area(self.everywhere), self.judgement.independence
        if same is None or not same.units:
            return pairs
        return pairs[~pairs["unit"].isin(same.units)].reset_index(drop=True)

    @cached_property
    def compared(self) -> int:
        """How many organisations are compared."""
        same = self.judgement.independence
        if same is None or not same.units:
            return int(self.alignment.chosen.sum())
        return len(self.pairs)

    @property
    def estimated(self) -> bool:
        """Whether an underlying agreement could be worked out."""
        return self.latent is not None and self.latent.state is not Estimability.NOT_ESTIMABLE

    @property
    def leading(self) -> LatentCorrelation | Correlation | None:
        """The figure that leads: the underlying agreement, else the raw correlation."""
        return self.latent if self.underlying_leads else self.correlation

    @property
    def leading_interval(self) -> Interval | None:
        """Its range; None where there is none."""
        return self.leading.interval if self.leading is not None else None

    @property
    def underlying_leads(self) -> bool:
        """Whether the underlying agreement is the headline: it takes different people for granted."""
        return self.estimated and not self.judgement.too_alike

    @property
    def opposite(self) -> bool:
        """Whether the figure that leads shows the two to rank in opposite order."""
        if self.underlying_leads:
            return self.latent is not None and strength(self.latent) is Strength.OPPOSITE
        return self.correlation is not None and likeness(self.correlation) in (
            Likeness.OPPOSITE,
            Likeness.REVERSED,
        )

    @property
    def hardly_track(self) -> bool:
        """Even the upper end of the underlying agreement is low."""
        interval = self.latent.interval if self.latent else None
        return interval is not None and interval.high < HARDLY_TRACK

    @property
    def robust(self) -> float | None:
        """The underlying agreement by the usual difference of the two sources: 1 - K/2."""
        method = self.verdicts.method if self.verdicts else None
        agreement = None if method is None else robust_agreement(method)
        return None if agreement is None else float(rounded(agreement, self.alignment.confidential))

    @property
    def has_standing(self) -> bool:
        """Whether both sources place an organisation among its peers."""
        if "left_standing" not in self.pairs:
            return False
        return bool(self.pairs[["left_standing", "right_standing"]].notna().all(axis=1).any())

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no correlation is printed; empty where one is."""
        if self.status == "ok":
            return ()
        return self.judgement.not_compared() if self.few is None else (self.few,)

    @cached_property
    def expected(self) -> Expected | None:
        """What raw correlation the fitted model expects; None where none is fitted."""
        if not self.estimated or self.verdicts is None:
            return None
        latent = latent_of(self.verdicts)  # exact, where what is shown is rounded
        margins = margins_of(self.verdicts, latent, self.pairs["unit"])
        if latent is None or latent.nearest is None or margins is None:
            return None
        drawn = expected_spearman(*margins, latent.nearest, seed=SEED)
        return rounded(drawn, self.alignment.confidential)  # type: ignore[no-any-return]

    @cached_property
    def influential(self) -> tuple[tuple[str, float], ...]:
        """The organisations without which the raw correlation changes most, and by how much."""
        if self.correlation is None:
            return ()
        first, second = (self.pairs[f"{which}_value"].to_numpy() for which in ("left", "right"))
        names = self.pairs["name"].tolist()
        return tuple(
            (str(names[int(place)]), float(change))
            for place, change in most_influential(first, second)
        )

    @cached_property
    def without_full_marks(self) -> LatentCorrelation | None:
        """The underlying agreement of organisations without everybody positive in either source."""
        if not self.estimated or self.verdicts is None:
            return None
        without = latent_of(self.verdicts, full_marks=False)
        return latent_shown(without, self.alignment.confidential)

    @property
    def unexpected(self) -> bool:
        """Whether the raw correlation lies outside what the fitted model expects."""
        if self.correlation is None or self.expected is None:
            return False
        return not self.expected.low <= self.correlation.estimate <= self.expected.high

    @cached_property
    def within_areas(self) -> LatentCorrelation | None:
        """The underlying agreement of organisations beside others of their area; None where areas are too
        few, or where there is no underlying agreement."""
        if not self.estimated or self.verdicts is None:
            return None
        return latent_shown(latent_of(self.verdicts, within=True), self.alignment.confidential)

    @property
    def differs_within(self) -> bool:
        """Whether the two agree otherwise within areas than over all of them."""
        within, latent = self.within_areas, self.latent
        if within is None or latent is None or within.nearest is None or latent.nearest is None:
            return False
        return abs(within.nearest - latent.nearest) > FAR_APART

    @property
    def far_apart(self) -> bool:
        """Whether two ways to the underlying agreement lead to different figures."""
        if not self.estimated or self.robust is None or self.latent is None:
            return False
        estimate = self.latent.nearest
        return estimate is not None and abs(estimate - self.robust) > FAR_APART

    @cached_property
    def unmatched(self) -> int:
        """Organisations and names with a value in the period and no counterpart to compare."""
        return unmatched_organisations(self.alignment)

    def table(self, first: str = "") -> Released:
        """The organisations compared, by name; one of them first, if picked."""
        rows = self.pairs.sort_values("name", kind="stable")
        if first:
            rows = rows.assign(later=rows["unit"] != first).sort_values("later", kind="stable")
        return rows.drop(columns=["later"], errors="ignore").reset_index(drop=True)

    def organisations(self) -> dict[str, str]:
        """Code -> name, by name: to choose one."""
        rows = self.pairs.sort_values("name", kind="stable")
        return dict(zip(rows["unit"], rows["name"], strict=True))

    @property
    def has_mergers(self) -> bool:
        return bool((self.pairs["merged_from"] != "").any())


def unmatched_organisations(alignment: Alignment) -> int:
    """Organisations and names with a value in the period that found no counterpart to compare."""
    lone = alignment.unmatched
    of_interest = lone["outcome"].isin(
        ("no_counterpart", "name_not_matched", "split", "to_confirm", "cycle", "no_parent")
    ) | lone["outcome"].str.startswith("withheld_")
    keys = lone.loc[of_interest, "unit"].where(
        lone.loc[of_interest, "unit"] != "", lone.loc[of_interest, "name"]
    )
    paired = set(alignment.pairs["unit"])
    return int(keys[~keys.isin(paired)].nunique())


def agreement(store: Store, pairing: Pairing) -> AgreementReport:
    """Set two sources side by side and say how alike they rank the same organisations."""
    compared = ask(store, compared_everywhere, replace(pairing, area=""))
    return agreement_of(judgement(store, pairing), compared)


def compared_everywhere(store: Store, pairing: Pairing) -> Released:
    """`organisations_compared` of two sources; a pairing without an area."""
    return organisations_compared(judgement(store, pairing))


def certainty(store: Store, pairing: Pairing) -> CertaintyReport:
    """How likely two sources agree on each organisation in view, marked as their agreement is."""
    return certainty_of(store, ask(store, agreement, pairing).judgement)


def agreement_of(judged: Judgement, compared: Released) -> AgreementReport:
    """How alike two judged sources rank organisations: raw, underlying, and beside perfect mirrors.

    Parameters
    ----------
    compared : `organisations_compared` of the same two, whatever the area.
    """
    alignment, verdicts = judged.alignment, judged.verdicts
    published = _published(alignment)
    report = AgreementReport(judged, "refused", None, compared, None, None, None, published)
    if verdicts is None or judged.not_compared():
        return report
    if report.compared < MINIMUM_PAIRS:
        return _few_compared(report)
    units = report.pairs["unit"]
    try:
        exact = alignment.exact_of(units)
        correlation = spearman(exact["left_value"].to_numpy(), exact["right_value"].to_numpy())
    except TooFewPairs:
        return _few_compared(report)
    latent = latent_of(verdicts)
    margins = margins_of(verdicts, latent, units)
    mirrors = None if margins is None else expected_spearman(*margins, 1.0, seed=SEED)
    if _too_alike(verdicts, latent, units, correlation, mirrors):
        judged = too_alike(judged)
    confidential = alignment.confidential
    return replace(
        report,
        judgement=judged,
        status="ok",
        correlation=rounded(correlation, confidential),
        latent=latent_shown(latent, confidential),
        mirrors=rounded(mirrors, confidential),
    )


_FROM_CELLS = (
    "left_standing", "left_standing_low", "left_standing_high", "right_standing",
    "right_standing_low", "right_standing_high", "state", "rule", "tested",
)  # fmt: skip


def organisations_compared(judged: Judgement) -> Released:
    """The organisations compared, with the interval of each figure, its standing and the verdict; as they
    are where the two are not judged."""
    pairs, verdicts = judged.alignment.pairs, judged.verdicts
    if verdicts is None:
        return pairs
    ends = [f"{which}_{end}" for which in ("left", "right") for end in ("low", "high")]
    needed = verdicts.cells[["unit", *ends, *_FROM_CELLS]].set_index("unit")
    cells = needed.reindex(pairs["unit"])
    published = {end: pairs[end].to_numpy(dtype=float) for end in ends}
    worked_out = {end: cells[end].to_numpy(dtype=float) for end in ends}
    intervals = {
        end: np.where(np.isnan(published[end]), worked_out[end], published[end]) for end in ends
    }
    whole = pairs.assign(**intervals, **{column: cells[column].array for column in _FROM_CELLS})
    return whole.copy()  # its columns lie together then: each area chooses rows of it


def latent_of(
    verdicts: Verdicts, *, floor: int = 0, full_marks: bool = True, within: bool = False
) -> LatentCorrelation | None:
    """The underlying agreement of the organisations in view that both sources are heard on.

    `floor` asks for more answers than the evidence floor; `full_marks` False leaves out those with
    everybody positive; `within` takes the level of each area away, and is None where areas are too few.
    Without an estimate where a source takes part in raw rank agreement only.
    """
    left, right = verdicts.left, verdicts.right
    if left.spread is None or right.spread is None:
        return _NO_LATENT
    cells = verdicts.shown
    silent = Silence.CANNOT_TELL.value
    used = (
        cells["tested"].to_numpy()
        | (cells["left_silence"] == silent).to_numpy()
        | (cells["right_silence"] == silent).to_numpy()
    )
    answers, value = (
        [cells[f"{which}_{of}"].to_numpy() for which in ("left", "right")]
        for of in ("respondents", "value")
    )
    used &= np.fmin(*answers) >= max(floor, left.evidence_floor)
    if not full_marks:
        used &= np.maximum(*value) < 1
    exact = [_exact(source, cells["unit"][used]) for source in (left, right)]
    known = ~np.isnan(exact[0]["scaled"]) & ~np.isnan(exact[1]["scaled"])
    exact = [_rows(rows, known) for rows in exact]
    areas, levels = _areas(cells, np.flatnonzero(used)[known]), 1
    if within:
        if areas is None:
            return None
        for place, spread in enumerate((left.spread, right.spread)):
            rows = exact[place]
            level = area_levels(rows["scaled"], rows["scaled_variance"], areas, spread)
            exact[place] = rows | {"scaled": rows["scaled"] - level}
        inside = ~np.isnan(exact[0]["scaled"])
        levels = len(set(areas[inside]))
        exact, areas = [_rows(rows, inside) for rows in exact], None
    scaled = [Scaled(rows["scaled"], rows["scaled_variance"]) for rows in exact]
    percentages = None
    if left.scale == right.scale == TestScale.LOGIT.value:
        first, second = (
            shares(rows["value"], rows["answers"], on_scale)
            for rows, on_scale in zip(exact, scaled, strict=True)
        )
        percentages = first, second
    return latent_correlation(
        scaled[0].value,
        scaled[0].variance,
        scaled[1].value,
        scaled[1].variance,
        left_spread=left.spread,
        right_spread=right.spread,
        percentages=percentages,
        areas=areas,
        levels=levels,
    )


def _exact(source: Evidence, units: pd.Series) -> dict[str, Floats]:
    """What the underlying agreement rests on: exact figures of a source on organisations, in their order."""
    rows = source.exact_of(units)
    return {
        name: rows[name].to_numpy() for name in ("scaled", "scaled_variance", "value", "answers")
    }


def _rows(figures: Mapping[str, Floats], chosen: npt.NDArray[np.bool_]) -> dict[str, Floats]:
    return {name: values[chosen] for name, values in figures.items()}


def _areas(cells: pd.DataFrame, places: npt.NDArray[np.int64]) -> npt.NDArray[np.object_] | None:
    """The area of each organisation at some places: its board, inside one board its network; None of too
    few."""
    for column in ("icb", "pcn"):
        names = cells[column].to_numpy(dtype=object)[places]
        if len(set(names) - {""}) >= FEWEST_AREAS:
            return names
    return None


# A source that takes part in raw rank agreement alone; `words` say which, and why.
_NO_LATENT = LatentCorrelation(
    Estimability.NOT_ESTIMABLE, "", None, None, 0, None, 0.0, 0.0, 0.0, 0.0
)


def _too_alike(
    verdicts: Verdicts,
    latent: LatentCorrelation | None,
    units: pd.Series,
    raw: Correlation,
    mirrors: Expected | None,
) -> bool:
    """Whether the raw agreement is above what two perfect mirrors of the truth would show; where a source
    shows no difference between organisations, with as much of it as it could have missed."""
    if mirrors is None:
        margins = margins_of(verdicts, latent, units, missed=True)
        mirrors = None if margins is None else expected_spearman(*margins, 1.0, seed=SEED)
    return mirrors is not None and raw.estimate > mirrors.high


def margins_of(
    verdicts: Verdicts, latent: LatentCorrelation | None, units: pd.Series, *, missed: bool = False
) -> tuple[Margin, Margin] | None:
    """What a simulation needs of both sources on these organisations; None where it is not known, or where
    a source shows no difference between organisations and what it could have `missed` is not asked for."""
    left, right = verdicts.left, verdicts.right
    if latent is None or left.spread is None or right.spread is None:
        return None
    spreads = left.spread, right.spread
    fitted = latent.state is not Estimability.NOT_ESTIMABLE
    if min(spread.variance for spread in spreads) == 0:
        if not missed:
            return None
        fitted = False
        spreads = _as_missed(left, spreads[0]), _as_missed(right, spreads[1])
    first = _margin(
        left,
        units,
        spreads[0],
        latent.left_variance if fitted else spreads[0].variance,
        latent.left_centre if fitted else spreads[0].centre,
    )
    second = _margin(
        right,
        units,
        spreads[1],
        latent.right_variance if fitted else spreads[1].variance,
        latent.right_centre if fitted else spreads[1].centre,
    )
    return None if first is None or second is None else (first, second)


def _as_missed(source: Evidence, spread: Spread) -> Spread:
    """With the true variance between organisations that noise may have hidden from a source."""
    noise = source.exact.figures["scaled_variance"].mean()
    could = float(noise * Z_95 * (2 / max(1, spread.providers - 1)) ** 0.5)
    return replace(spread, variance=max(spread.variance, could))


def _margin(
    source: Evidence, units: pd.Series, spread: Spread, variance: float, centre: float
) -> Margin | None:
    rows = source.exact_of(units)
    if source.scale == "score":
        noise = rows["scaled_variance"].to_numpy()
        return None if np.isnan(noise).any() else Margin(centre, variance**0.5, noise, None)
    effective = rows["effective"].to_numpy()
    if np.isnan(effective).any() or source.scale != "logit":
        return None
    # a score's noise is normal; a percentage's comes from whole answers
    typical = proportion_at(spread.centre)
    noise = 1 / (effective * typical * (1 - typical))
    return Margin(centre, variance**0.5, noise, effective)


def _few_compared(report: AgreementReport) -> AgreementReport:
    """The same without a correlation, and why there is none of so many compared."""
    alignment = report.alignment
    few = FewCompared(
        grain=alignment.grain,
        compared=report.compared,
        withheld=alignment.withheld,
        rank_floor=alignment.pairing.rank_floor,
        names=alignment.names_waiting,
        no_order=report.compared >= MINIMUM_PAIRS,
        cause=_cause_of_few(alignment),
    )
    return replace(report, status="not_enough_evidence", few=few)


def _cause_of_few(alignment: Alignment) -> Cause:
    """What stands in the way where too few organisations are compared for a correlation."""
    if alignment.pairing.area and alignment.paired_everywhere >= MINIMUM_PAIRS:
        return Cause.AREA
    if alignment.names_waiting:
        return Cause.NAMES
    return Cause.FEW if alignment.chosen.any() or alignment.withheld else Cause.NOTHING_JOINS


def _published(alignment: Alignment) -> tuple[Mapping[str, str], ...]:
    signals = {alignment.left.signal, alignment.right.signal}
    services = {alignment.left.service, alignment.right.service}
    return tuple(
        dict(row)  # a plain dict: reports are cached by pickling them
        for row in maps.rows("published_figures")
        if {row["left_signal"], row["right_signal"]} == signals and row["service"] in services
    )


class Likeness(StrEnum):
    """How alike two sources rank organisations, by an interval and never by an estimate."""

    SAME_ORDER = "exactly the same order"
    REVERSED = "exactly the reverse order"
    MUCH = "much alike"
    MODERATE = "moderately alike or better"
    SOME = "alike to a degree"
    OPPOSITE = "in opposite order"
    LITTLE = "little or nothing in common"
    UNKNOWN = "these data cannot say"


def likeness(correlation: Correlation) -> Likeness:
    """How alike two sources rank organisations, by the interval of a raw correlation."""
    interval = correlation.interval
    if interval is None:
        return Likeness.SAME_ORDER if correlation.estimate > 0 else Likeness.REVERSED
    if interval.low >= 0.7:
        return Likeness.MUCH
    if interval.low >= 0.4:
        return Likeness.MODERATE
    if interval.low > 0:
        return Likeness.SOME
    if interval.high < 0:
        return Likeness.OPPOSITE
    if interval.low > -0.3 and interval.high < 0.3:
        return Likeness.LITTLE
    return Likeness.UNKNOWN
