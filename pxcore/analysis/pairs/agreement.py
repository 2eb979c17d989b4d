"""Do two sources order organisations alike? The answer, its interval, and what limits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.refusals import Cause, Refusal
from pxcore.analysis.judging.evidence import Evidence, Silence
from pxcore.analysis.judging.verdicts import (
    HARDLY_TRACK,
    STATES,
    Judged,
    Judgement,
    Verdicts,
    judgement,
    too_alike,
)
from pxcore.analysis.rows import JSON_SCHEMA
from pxcore.disclosure import Released, rounded
from pxcore.errors import TooFewPairs
from pxcore.model import GRAIN_TITLES, Pairing
from pxcore.stats.correlation import MINIMUM_PAIRS, Correlation, spearman
from pxcore.stats.intervals import Z_95, Interval
from pxcore.stats.latent import (
    Estimability,
    Expected,
    LatentCorrelation,
    Margin,
    expected_spearman,
    in_words,
    latent_correlation,
    most_influential,
)
from pxcore.stats.scale import proportion_at
from pxcore.stats.spread import Spread
from pxcore.stats.verdict import robust_agreement
from pxcore.store import Store
from pxcore.words.english import number

SEED = 20260401  # of the imaginary data sets; shown where their range is
FAR_APART = 0.15  # of the two ways to the underlying agreement; beyond, both are told


@dataclass(frozen=True, slots=True)
class AgreementReport(Judged):
    """How alike two sources rank the same organisations."""

    judgement: Judgement
    status: str  # "ok", "refused" or "not_enough_evidence"
    reason: str  # why not, where not ok
    pairs: Released  # one row per organisation compared, with intervals, standing and verdict
    correlation: Correlation | None  # raw, of the published values
    latent: LatentCorrelation | None  # None where it was not asked of these data
    mirrors: Expected | None  # what two perfect mirrors of the truth would show as raw
    expected: Expected | None  # what raw correlation the fitted model expects
    influential: tuple[tuple[str, float], ...]  # organisation, and the change of the raw without it
    without_full_marks: LatentCorrelation | None
    published: tuple[Mapping[str, str], ...]  # figures of others for the same kind of pair

    @property
    def estimated(self) -> bool:
        """Whether an underlying agreement could be worked out."""
        return self.latent is not None and self.latent.state is not Estimability.NOT_ESTIMABLE

    @property
    def underlying_leads(self) -> bool:
        """Whether the underlying agreement is the headline: it takes different people for granted."""
        return self.estimated and not self.judgement.too_alike

    @property
    def hardly_track(self) -> bool:
        """Even the upper end of the underlying agreement is low."""
        interval = self.latent.interval if self.latent else None
        return interval is not None and interval.high < HARDLY_TRACK

    @property
    def robust(self) -> float | None:
        """The underlying agreement by the usual difference of the two sources: 1 - K/2."""
        method = self.verdicts.method if self.verdicts else None
        return None if method is None else robust_agreement(method)

    @property
    def has_standing(self) -> bool:
        """Whether both sources place an organisation among its peers."""
        if "left_standing" not in self.pairs:
            return False
        return bool(self.pairs[["left_standing", "right_standing"]].notna().all(axis=1).any())

    def words(self) -> str:
        """How alike the two rank organisations, in words chosen by an interval, never an estimate."""
        many = GRAIN_TITLES[self.alignment.grain][1]
        if self.judgement.too_alike:
            return f"rank {many} more alike than two perfect mirrors of the truth would"
        if self.estimated:
            assert self.latent is not None
            return {
                "strong": f"rank {many} very much alike",
                "moderate or better": f"rank {many} alike, moderately or better",
                "positive, strength uncertain": f"rank {many} alike to a degree, how far is uncertain",
                "opposite": f"rank {many} in opposite order",
                "little or none": f"rank {many} with little or nothing in common",
                "these data cannot say": f"cannot be said to rank {many} alike or differently",
            }[in_words(self.latent)]
        assert self.correlation is not None
        return raw_in_words(self.correlation, many)

    def summary(self) -> str:
        """The one plain sentence: heading of the page and text of the picture."""
        if self.correlation is None:
            return " ".join(refusal.said for refusal in self.refusals)
        one, many = GRAIN_TITLES[self.alignment.grain]
        underlying = self.latent if self.underlying_leads else None
        compared = (underlying or self.correlation).pairs
        said = (
            f"Across {compared:,} {many}, {self.left.short_title} and {self.right.short_title} "
            f"{self.words()}: "
        )
        if underlying is not None:
            said += f"underlying agreement {self.latent_said()}"
        else:
            said += f"raw rank correlation {self.raw_said()}"
        return f"{said}{self.marked}."

    def latent_said(self) -> str:
        """The underlying agreement with its range."""
        assert self.latent is not None
        if self.latent.interval is None:
            return "cannot be estimated"
        low, high = self.latent.interval.low, self.latent.interval.high
        if self.latent.estimate is None:
            return f"at the upper limit of what can be estimated (at least {number(low)})"
        return f"about {number(self.latent.estimate)} (plausible range {number(low)} to {number(high)})"

    def raw_said(self) -> str:
        """The raw correlation with its range."""
        assert self.correlation is not None
        interval = self.correlation.interval
        if interval is None:
            return f"{number(self.correlation.estimate)} (no range: the order is exactly the same)"
        return (
            f"{number(self.correlation.estimate)} (plausible range {number(interval.low)} to "
            f"{number(interval.high)})"
        )

    def context(self) -> str:
        """What stands beside the headline: the raw figure, and what perfect mirrors would show."""
        if self.correlation is None:
            return ""
        many = GRAIN_TITLES[self.alignment.grain][1]
        said = []
        if self.estimated:
            across = f"across {self.correlation.pairs:,} {many}"
            if self.latent is not None and self.latent.pairs < self.correlation.pairs:
                asked = self.alignment.pairing
                across += (
                    f" with {asked.rank_floor} answers or more in both (the underlying agreement "
                    f"asks for {asked.evidence_floor})"
                )
            said.append(f"The raw rank correlation is {self.raw_said()} {across}.")
        elif self.latent is not None and self.latent.reason:
            said.append(f"The underlying agreement cannot be estimated: {self.latent.reason}.")
        if self.mirrors is not None:
            said.append(
                "With these numbers of answers even two perfect mirrors of the truth would show about "
                f"{number(self.mirrors.mean)} ({number(self.mirrors.low)} to "
                f"{number(self.mirrors.high)})."
            )
        return " ".join(said)

    def limits(self) -> str:
        """What limits the answer, muted beneath it."""
        if self.status == "refused":
            return ""
        return " ".join(one for one in (self.context(), self._left_out()) if one)

    def _left_out(self) -> str:
        """How many organisations are not in the figures for too few answers."""
        withheld = self.alignment.withheld
        if not withheld:
            return ""
        return (
            f"{withheld:,} more {'is' if withheld == 1 else 'are'} left out, under "
            f"{self.alignment.pairing.rank_floor} answers in one of the two."
        )

    def warnings(self) -> list[str]:
        """What a reader must hear before believing the headline."""
        said = Judged.warnings(self)
        if self.correlation is not None and self.expected is not None:
            raw, model = self.correlation.estimate, self.expected
            if not model.low <= raw <= model.high:
                way = "lower" if raw < model.low else "higher"
                movers = ", ".join(name for name, _ in self.influential)
                also = ""
                if self.without_full_marks is not None and self.without_full_marks.interval:
                    also = (
                        " Without the organisations that show 100 % it is "
                        f"{_latent_brief(self.without_full_marks)}."
                    )
                said.append(
                    f"The raw correlation ({number(raw)}) is {way} than this model expects "
                    f"({number(model.low)} to {number(model.high)}): the underlying figure rests on "
                    "organisations with many answers and may not hold for the small ones. Moving the "
                    f"raw figure most: {movers}.{also}"
                )
        if self.estimated and self.robust is not None and self.latent is not None:
            estimate = self.latent.estimate if self.latent.estimate is not None else 1.0
            if abs(estimate - self.robust) > FAR_APART and self.latent.interval is not None:
                said.append(
                    "A second way to the same figure, which a few contradictions cannot pull, gives "
                    f"{number(self.robust)} instead of {number(estimate)}: a few "
                    "organisations weigh heavily in the headline."
                )
        if self.hardly_track:
            said.append(self.hardly_said())
        return said

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no correlation is printed; empty where one is."""
        if self.status == "ok":
            return ()
        if self.status == "refused":
            return self.judgement.not_compared()
        cause = _cause_of_few(self.alignment)
        return (Refusal(cause, self.reason),)

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on."""
        one, many = GRAIN_TITLES[self.alignment.grain]
        asked = self.alignment.pairing
        told = []
        if self.latent is not None:
            interval, estimate = self.latent.interval, self.latent.estimate
            if interval is None:
                why = f"cannot be estimated: {self.latent.reason}"
                told.append(("Underlying agreement", "–", why))
            else:
                told.append(
                    (
                        "Underlying agreement",
                        number(estimate) if estimate is not None else "at the limit",
                        (
                            f"95 % range {number(interval.low)} to {number(interval.high)}"
                            if estimate is not None
                            else f"at least {number(interval.low)}"
                        )
                        + f"; {self.latent.pairs:,} {many}{self._asking(asked.evidence_floor)}",
                    )
                )
        if self.correlation is not None:
            interval = self.correlation.interval
            told.append(
                (
                    "Raw rank correlation",
                    number(self.correlation.estimate),
                    (
                        f"95 % range {number(interval.low)} to {number(interval.high)}"
                        if interval
                        else "no range: the order is exactly the same"
                    )
                    + f"; {self.correlation.pairs:,} {many}{self._asking(asked.rank_floor)}",
                )
            )
        if self.mirrors is not None:
            told.append(
                (
                    "Perfect mirrors would show",
                    number(self.mirrors.mean),
                    f"95 % of trials {number(self.mirrors.low)} to {number(self.mirrors.high)}, "
                    "with these numbers of answers",
                )
            )
        if len(told) < 3:
            told.append(
                (f"{many.capitalize()} compared", f"{len(self.pairs):,}", "by both sources")
            )
        return [*told, self._level_pair(one)] if len(self.pairs) else told

    def _asking(self, floor: int) -> str:
        """How many answers a figure asks for, where the two beside each other ask for different numbers."""
        if self.latent is None or self.correlation is None or self.latent.interval is None:
            return ""
        if self.latent.pairs == self.correlation.pairs:
            return ""
        return f" with {floor} answers or more"

    def _level_pair(self, one: str) -> tuple[str, str, str]:
        """The middles of both sources in one figure."""
        middles, answers = [], []
        for which, side in (("left", self.left), ("right", self.right)):
            middles.append(_middle(self.pairs[f"{which}_value"], side))
            total = self.pairs[f"{which}_respondents"].sum()
            answers.append(f"{total:,.0f}" if total > 0 else "unknown numbers of")
        return (
            f"The middle {one}: {self.left.short_title}, {self.right.short_title}",
            ", ".join(middles),
            f"from {' and '.join(answers)} answers",
        )

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        if len(self.pairs) and self.left.unit == self.right.unit == "proportion":
            left, right = self.pairs["left_value"], self.pairs["right_value"]
            gap = (left.median() - right.median()) * 100
            higher, lower = (self.left, self.right) if gap >= 0 else (self.right, self.left)
            said.append(
                f"{higher.short_title} stands about {abs(gap):.0f} points above "
                f"{lower.short_title}. That is a difference of level, not a disagreement about "
                "who is better."
            )
        if self.verdicts is not None and self.verdicts.heard:
            said.append(self.verdicts.could_agree_said())
            unusual, usual = len(self.verdicts.unusual), len(self.verdicts.of_usual_size)
            if unusual or usual:
                said.append(
                    f"{unusual} differ{'s' if unusual == 1 else ''} unusually, {usual} by more than one "
                    "typical difference: see Divergence."
                )
        lone = unmatched_organisations(self.alignment)
        if lone:
            said.append(
                f"{lone:,} more have a figure, or a row, in one source and nothing to compare it with."
            )
        if self.correlation is not None and not said:
            said.append("Pick a mark to see an organisation's figures in the table.")
        if self.correlation is None and self.status == "not_enough_evidence":
            said.append("Not enough evidence is not agreement, and it is not disagreement.")
        return said

    def picture_said(self) -> str:
        """How to read the scatter."""
        if self.has_standing:
            return (
                "One mark an organisation, its size the fewer of the two numbers of answers; each "
                "source's general level is taken away. On the dashed line both put it alike; inside "
                "the band the gap is under one typical difference. Marks at the edge lie beyond it. Point at "
                "a mark for its ranges; pick it to keep them."
            )
        return (
            "One mark an organisation; its size the fewer of the two numbers of answers. Dashed: the "
            "middle of each source. Point at a mark for its intervals; pick it to keep them."
        )

    def published_summary(self) -> str:
        if self.correlation is None:
            return ""
        if not self.published:
            return (
                "No published figure is known for this pair of sources, so there is nothing to hold "
                "this one against."
            )
        return "Published figures are raw: hold them against the raw one. " + " ".join(
            f"{row['estimate']} ({row['low']} to {row['high']}): {row['pair']}. {row['citation']}."
            for row in self.published
        )

    def method(self) -> tuple[str, ...]:
        floor = self.alignment.pairing.evidence_floor
        return (
            "**Underlying agreement** is the correlation of the two sources' true values, with the noise "
            "of few answers taken out (bivariate normal model, restricted maximum likelihood; 95 % "
            f"profile interval). It uses organisations with at least {floor} answers in both, and is not "
            "printed where a source shows mostly chance. It assumes that different people answered.",
            "**Raw rank correlation** (Spearman) of the published figures, ties averaged; 95 % "
            "Bonett–Wright interval. It needs ten organisations; those with fewer answers than "
            f"{self.alignment.pairing.rank_floor} in either source are left out, and counted.",
            "**Two perfect mirrors**: the raw correlation that two sources with exactly the same truth "
            "would show with these numbers of answers, from imaginary data sets drawn at random "
            f"(seed {SEED}). It is no upper limit: a sample can show more.",
            "**Standing**: each source's general level is taken away, and the distance from it divided by "
            "the true differences between organisations in that source, noise removed. One unit is "
            "**one typical difference** (one standard deviation between peers). Level differences – FFT "
            "is always rosier – are no disagreement.",
            "**Intervals of each organisation**: published ones where there are any; else Wilson's, on "
            "the effective number of answers (FFT: months differ by more than chance; a survey without "
            "a published interval: 1.3 weighted answers are taken to be worth one).",
            *self.alignment.method(),
        )

    def table(self, first: str = "") -> Released:
        """The organisations compared, by name; one of them first, if picked."""
        rows = self.pairs.sort_values("name", kind="stable")
        if first:
            rows = rows.assign(later=rows["unit"] != first).sort_values("later", kind="stable")
        return rows.drop(columns=["later"], errors="ignore").reset_index(drop=True)

    def organisations(self) -> dict[str, str]:
        """Code -> name and code, by name: to choose one."""
        rows = self.pairs.sort_values("name", kind="stable")
        return {
            unit: f"{name} ({unit})" for unit, name in zip(rows["unit"], rows["name"], strict=True)
        }

    @property
    def has_mergers(self) -> bool:
        return bool((self.pairs["merged_from"] != "").any())

    def shown(self, first: str = "") -> Released:
        """The table for the screen: per cents instead of proportions, intervals in words."""
        rows = self.table(first)
        for which, side in (("left", self.left), ("right", self.right)):
            low, high = rows[f"{which}_low"], rows[f"{which}_high"]
            scale, form = (100, ".0f") if side.unit == "proportion" else (1, ".1f")
            rows[f"{which}_value"] = rows[f"{which}_value"] * scale
            rows[f"{which}_range"] = [
                "" if pd.isna(one) else f"{one * scale:{form}} to {other * scale:{form}}"
                for one, other in zip(low, high, strict=True)
            ]
        return rows

    def value_format(self, side: Side) -> str:
        return "%.0f%%" if side.unit == "proportion" else "%.1f"

    def as_json(self) -> dict[str, Any]:
        """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
        return dict(rounded(self._as_json(), self.alignment.confidential))

    def _as_json(self) -> dict[str, Any]:
        verdicts = self.verdicts
        return {
            "schema": JSON_SCHEMA,
            "status": self.status,
            "reason": self.reason or None,
            "pairs": len(self.pairs),
            "spearman": coefficient_as_json(self.correlation),
            "latent": latent_as_json(self.latent),
            "latent_robust": self.robust,
            "perfect_mirrors": expected_as_json(self.mirrors),
            "too_alike": self.judgement.too_alike,
            "model_expects": expected_as_json(self.expected),
            "verdicts": None
            if verdicts is None
            else {
                "heard": verdicts.heard,
                "could_agree": verdicts.could_agree,
                **{state.value.replace(" ", "_"): verdicts.count(state) for state in STATES},
            },
            "aligned_in_time": self.alignment.aligned_in_time,
            "across_domains": self.alignment.across_domains,
            "grain": self.alignment.grain.value,
            "area": self.alignment.pairing.area or None,
            "floor": self.alignment.pairing.disclosure.floor,
            "evidence_floor": self.alignment.pairing.evidence_floor,
            "left": side_as_json(self.left),
            "right": side_as_json(self.right),
            "withheld": self.alignment.withheld,
            "unmatched": unmatched_organisations(self.alignment),
            "warnings": self.warnings(),
            "notes": [*self.marks, *self.notes()],
            "extracts": list(self.alignment.extracts),
            "revision": self.alignment.revision,
        }


def _middle(values: pd.Series, side: Side) -> str:
    middle = values.median()
    return f"{middle:.0%}" if side.unit == "proportion" else f"{middle:.1f}"


def interval_as_json(interval: Interval | None) -> dict[str, float | None]:
    return {
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "level": interval.level if interval else None,
    }


def coefficient_as_json(correlation: Correlation | None) -> dict[str, Any] | None:
    if correlation is None:
        return None
    return {"estimate": correlation.estimate, **interval_as_json(correlation.interval)}


def latent_as_json(latent: LatentCorrelation | None) -> dict[str, Any] | None:
    if latent is None:
        return None
    return {
        "state": latent.state.value,
        "reason": latent.reason or None,
        "estimate": latent.estimate,
        **interval_as_json(latent.interval),
        "pairs": latent.pairs,
        "p_value": latent.p_value,
        "words": in_words(latent),
    }


def expected_as_json(expected: Expected | None) -> dict[str, Any] | None:
    if expected is None:
        return None
    return {
        "mean": expected.mean,
        "low": expected.low,
        "high": expected.high,
        "draws": expected.draws,
        "seed": SEED,
    }


def side_as_json(side: Side) -> dict[str, Any]:
    return {
        "source": side.source,
        "measure": side.measure,
        "period_start": side.period.start.isoformat() if side.period else None,
        "period_end": side.period.end.isoformat() if side.period else None,
    }


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
    return agreement_of(judgement(store, pairing))


def agreement_of(judged: Judgement) -> AgreementReport:
    """How alike two judged sources rank organisations: raw, underlying, and beside perfect mirrors."""
    alignment, verdicts = judged.alignment, judged.verdicts
    published = _published(alignment)

    def unanswered(status: str, reason: str, pairs: Released) -> AgreementReport:
        return AgreementReport(
            judged, status, reason, pairs, None, None, None, None, (), None, published
        )

    if alignment.refusals or verdicts is None:
        return unanswered("refused", " ".join(map(str, alignment.refusals)), alignment.pairs)
    pairs = _pairs(alignment, verdicts)
    same = judged.independence
    if same is not None and same.units:
        pairs = Released(pairs[~pairs["unit"].isin(same.units)].reset_index(drop=True))
        mostly = judged.mostly_the_same_people()
        if mostly:
            return unanswered("refused", mostly, pairs)
    try:
        exact = alignment.exact_of(pairs["unit"])
        correlation = spearman(exact["left_value"].to_numpy(), exact["right_value"].to_numpy())
    except TooFewPairs as few:
        return unanswered("not_enough_evidence", _too_few(alignment, few), pairs)
    latent = latent_of(verdicts)
    mirrors, expected = _simulated(verdicts, latent, pairs)
    if _too_alike(verdicts, latent, pairs, correlation, mirrors):
        judged = too_alike(judged)
        assert judged.verdicts is not None
        told = judged.verdicts.cells.set_index("unit")["said"]
        pairs = pairs.assign(said=told.reindex(pairs["unit"]).array)
    moved: tuple[tuple[str, float], ...] = ()
    without = None
    if expected is not None and not expected.low <= correlation.estimate <= expected.high:
        moved = _movers(pairs)
        without = latent_of(verdicts, full_marks=False)
    return AgreementReport(
        judged, "ok", "", pairs, correlation, latent, mirrors, expected, moved, without, published
    )


_FROM_CELLS = (
    "left_standing", "left_standing_low", "left_standing_high", "right_standing",
    "right_standing_low", "right_standing_high", "state", "rule", "said", "tested",
)  # fmt: skip


def _pairs(alignment: Alignment, verdicts: Verdicts) -> Released:
    """The organisations compared, with the interval of each figure, its standing and the verdict."""
    pairs = alignment.pairs
    ends = [f"{which}_{end}" for which in ("left", "right") for end in ("low", "high")]
    needed = verdicts.cells[["unit", *ends, *_FROM_CELLS]].set_index("unit")
    cells = needed.reindex(pairs["unit"])
    published = {end: pairs[end].to_numpy(dtype=float) for end in ends}
    worked_out = {end: cells[end].to_numpy(dtype=float) for end in ends}
    told = {
        end: np.where(np.isnan(published[end]), worked_out[end], published[end]) for end in ends
    }
    return pairs.assign(**told, **{column: cells[column].array for column in _FROM_CELLS})


def latent_of(
    verdicts: Verdicts, *, floor: int = 0, full_marks: bool = True
) -> LatentCorrelation | None:
    """The underlying agreement of the organisations in view that both sources are heard on.

    `floor` asks for more answers than the evidence floor; `full_marks` False leaves out those with
    everybody positive. None where a source takes part in raw rank agreement only.
    """
    left, right = verdicts.left, verdicts.right
    if left.spread is None or right.spread is None:
        silent = left if left.spread is None else right
        return _no_latent(silent, verdicts)
    cells = verdicts.shown
    used = cells["tested"] | (
        (cells["left_silence"] == Silence.CANNOT_TELL.value)
        | (cells["right_silence"] == Silence.CANNOT_TELL.value)
    )
    fewest = cells[["left_respondents", "right_respondents"]].min(axis=1)
    used &= fewest >= max(floor, left.evidence_floor)
    if not full_marks:
        used &= (cells["left_value"] < 1) & (cells["right_value"] < 1)
    units = cells.loc[used, "unit"]
    scaled = ["scaled", "scaled_variance"]
    one, other = (source.exact_of(units)[scaled] for source in (left, right))
    known = (one["scaled"].notna() & other["scaled"].notna()).to_numpy()
    one, other = one[known], other[known]
    return latent_correlation(
        one["scaled"].to_numpy(),
        one["scaled_variance"].to_numpy(),
        other["scaled"].to_numpy(),
        other["scaled_variance"].to_numpy(),
        left_spread=left.spread,
        right_spread=right.spread,
    )


def _no_latent(silent: Evidence, verdicts: Verdicts) -> LatentCorrelation:
    many = GRAIN_TITLES[verdicts.grain][1]
    reason = {
        Silence.NO_BASE: f"{silent.side.short_title} comes without numbers of answers",
        Silence.NO_ERROR: f"{silent.side.short_title} is published without intervals",
        Silence.NO_QUESTION: f"{silent.side.short_title} is not a rating of experience",
    }.get(
        silent.whole_silence or Silence.NO_PEERS,
        f"too few {many} have {silent.evidence_floor} answers or more in {silent.side.short_title}",
    )
    return LatentCorrelation(
        Estimability.NOT_ESTIMABLE, reason, None, None, 0, None, 0.0, 0.0, 0.0, 0.0
    )


def _simulated(
    verdicts: Verdicts, latent: LatentCorrelation | None, pairs: pd.DataFrame
) -> tuple[Expected | None, Expected | None]:
    """What perfect mirrors would show, and what the fitted model expects, as raw correlation."""
    margins = margins_of(verdicts, latent, pairs["unit"])
    if latent is None or margins is None:
        return None, None
    mirrors = expected_spearman(*margins, 1.0, seed=SEED)
    if latent.state is Estimability.NOT_ESTIMABLE:
        return mirrors, None
    rho = latent.estimate if latent.estimate is not None else 1.0
    return mirrors, expected_spearman(*margins, rho, seed=SEED)


def _too_alike(
    verdicts: Verdicts,
    latent: LatentCorrelation | None,
    pairs: pd.DataFrame,
    raw: Correlation,
    mirrors: Expected | None,
) -> bool:
    """Whether the raw agreement is above what two perfect mirrors of the truth would show; where a source
    tells no organisations apart, with as much difference between them as it could have missed."""
    if mirrors is None:
        margins = margins_of(verdicts, latent, pairs["unit"], missed=True)
        mirrors = None if margins is None else expected_spearman(*margins, 1.0, seed=SEED)
    return mirrors is not None and raw.estimate > mirrors.high


def margins_of(
    verdicts: Verdicts, latent: LatentCorrelation | None, units: pd.Series, *, missed: bool = False
) -> tuple[Margin, Margin] | None:
    """What a simulation needs of both sources on these organisations; None where it is not known, or where
    a source tells no organisations apart and what it could have `missed` is not asked for."""
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
    one = _margin(
        left,
        units,
        spreads[0],
        latent.left_variance if fitted else spreads[0].variance,
        latent.left_centre if fitted else spreads[0].centre,
    )
    other = _margin(
        right,
        units,
        spreads[1],
        latent.right_variance if fitted else spreads[1].variance,
        latent.right_centre if fitted else spreads[1].centre,
    )
    return None if one is None or other is None else (one, other)


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


def _movers(pairs: pd.DataFrame) -> tuple[tuple[str, float], ...]:
    found = most_influential(pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy())
    names = pairs["name"].tolist()
    return tuple((str(names[int(place)]), float(change)) for place, change in found)


def _latent_brief(latent: LatentCorrelation) -> str:
    assert latent.interval is not None
    estimate = "at the limit" if latent.estimate is None else number(latent.estimate)
    return f"{estimate} ({number(latent.interval.low)} to {number(latent.interval.high)})"


def _too_few(alignment: Alignment, few: TooFewPairs) -> str:
    one, many = GRAIN_TITLES[alignment.grain]
    found = len(alignment.pairs)
    if found >= MINIMUM_PAIRS:
        return f"Not enough evidence: {few.what}"
    said = (
        f"Not enough evidence: only {found} {one if found == 1 else many} can be compared, and it "
        f"takes {MINIMUM_PAIRS} to print a correlation."
        if found
        else f"Not enough evidence: no {one} has enough answers in both sources."
        if alignment.withheld
        else f"Not enough evidence: no {one} has a value from both sources."
    )
    if alignment.withheld:
        said += (
            f" {alignment.withheld} {'is' if alignment.withheld == 1 else 'are'} left out, with fewer "
            f"than {alignment.pairing.rank_floor} answers in one of the two."
        )
    names = alignment.names_waiting
    if names:
        said += (
            f" {names} name{'s are' if names != 1 else ' is'} not matched to a code yet "
            "(Alignment page)."
        )
    return said


def _cause_of_few(alignment: Alignment) -> Cause:
    """What stands in the way where too few organisations are compared for a correlation."""
    if alignment.pairing.area and alignment.paired_everywhere >= MINIMUM_PAIRS:
        return Cause.AREA
    if alignment.names_waiting:
        return Cause.NAMES
    return Cause.FEW if len(alignment.pairs) or alignment.withheld else Cause.NOTHING_JOINS


def _published(alignment: Alignment) -> tuple[Mapping[str, str], ...]:
    signals = {alignment.left.signal, alignment.right.signal}
    services = {alignment.left.service, alignment.right.service}
    return tuple(
        dict(row)  # a plain dict: reports are cached by pickling them
        for row in maps.rows("published_figures")
        if {row["left_signal"], row["right_signal"]} == signals and row["service"] in services
    )


def raw_in_words(correlation: Correlation, many: str = "them") -> str:
    """The raw rank agreement in words, chosen by its interval and not by its estimate."""
    interval = correlation.interval
    if interval is None:
        return f"rank {many} {'exactly alike' if correlation.estimate > 0 else 'in reverse'}"
    if interval.low >= 0.7:
        return f"rank {many} much alike"
    if interval.low >= 0.4:
        return f"rank {many} moderately alike or better"
    if interval.low > 0:
        return f"rank {many} alike to a degree"
    if interval.high < 0:
        return f"rank {many} in opposite order"
    if interval.low > -0.3 and interval.high < 0.3:
        return f"rank {many} with little or nothing in common"
    return f"cannot be said to rank {many} alike or differently"
