"""About whom do two sources differ beyond chance? The tested list, graded, with reasons to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from pxcore.analysis.joining.refusals import Refusal
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.reasons import Reasons, reasons
from pxcore.analysis.judging.verdicts import (
    SHORT_WORDS,
    STATES,
    Judged,
    Judgement,
    at_least,
    chance,
    detectable_in_points,
    judgement,
    side_said,
    step_in_points,
)
from pxcore.analysis.pairs.agreement import agreement_of, side_as_json
from pxcore.analysis.rows import JSON_SCHEMA, each, records
from pxcore.disclosure import Released, rounded
from pxcore.model import GRAIN_TITLES, Pairing
from pxcore.stats.funnel import Funnel, funnel, funnel_limits
from pxcore.stats.intervals import Z_95
from pxcore.stats.spread import STRONG
from pxcore.stats.verdict import Rule, State
from pxcore.store import Store

MOST_FUNNEL_POINTS = 800
MOST_DRAWN = 24  # organisations in the ranked picture
UNLIKELY = (Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL)


@dataclass(frozen=True, slots=True)
class DivergenceReport(Judged):
    """On which organisations two sources differ, how sure that is, and what might be behind it."""

    judgement: Judgement
    status: str  # "ok", "refused" or "not_enough_evidence"
    reason: str
    reasons: Reasons | None
    hardly_track: bool  # even the upper end of their underlying agreement is low
    left_funnel: Funnel | None  # None for a score, or too few organisations
    right_funnel: Funnel | None

    def summary(self) -> str:
        """The one plain sentence."""
        if self.status != "ok" or self.verdicts is None:
            return " ".join(refusal.said for refusal in self.refusals)
        return f"{self.verdicts.judged_said()}{self.marked}."

    def limits(self) -> str:
        if self.status != "ok" or self.verdicts is None:
            return ""
        verdicts = self.verdicts
        untold = verdicts.count(State.NOT_ENOUGH)
        said = [verdicts.could_agree_said()]
        if untold:
            said.append(f"For {untold:,} these numbers of answers cannot tell.")
        if len(verdicts.unusual):
            said.append("About 1 in 20 of such flags is expected to be chance.")
        said.append("A prompt to look, not a judgement of care.")
        return " ".join(said)

    def figures(self) -> list[tuple[str, str, str]]:
        verdicts = self.verdicts
        assert verdicts is not None
        one, many = GRAIN_TITLES[self.alignment.grain]
        return [
            (
                "Dissonance, unusual",
                f"{len(verdicts.unusual):,}",
                f"of {verdicts.heard:,} {many} judged; {verdicts.tested:,} tested together",
            ),
            (
                "Dissonance of usual size",
                f"{len(verdicts.of_usual_size):,}",
                "more than one typical difference, beyond chance: worth a look",
            ),
            (
                "Not enough evidence",
                f"{verdicts.count(State.NOT_ENOUGH):,}",
                "fits agreement and disagreement alike",
            ),
            (
                "To be called unusual",
                f"from {self._flag_gaps()[0]:.1f}",
                "typical differences, where both have most answers; "
                f"{self._flag_gaps()[1]:.1f} for the middle {one}",
            )
            if np.isfinite(self._flag_gaps()).all()
            else (
                "Silence",
                f"{verdicts.count(State.SILENCE):,}",
                "one source has too few answers",
            ),
        ]

    def _flag_gaps(self) -> tuple[float, float]:
        """The gap, in typical differences, that is called unusual: the least of any organisation shown, and
        that of the middle one. Rounded down, so that no gap called unusual is under it."""
        verdicts = self.verdicts
        if verdicts is None or verdicts.weakest_flag is None:
            return float("nan"), float("nan")
        shown = verdicts.shown[verdicts.shown["tested"]]
        needed = (shown["difference"] / shown["z"]).abs() * verdicts.weakest_flag
        if not needed.notna().any():
            return float("nan"), float("nan")
        return float(np.floor(needed.min() * 10) / 10), float(needed.median())

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        verdicts = self.verdicts
        if verdicts is None:
            return []
        said = []
        first = verdicts.shown[verdicts.shown["rule"].isin(UNLIKELY)].head(1)
        for row in each(first):
            told = self.reasons.of(str(row.unit)) if self.reasons else []
            said.append(
                f"{row.name}: {row.said.split('. ')[0]}"
                f". {row.said.split('. ')[1]}." + (f" {told[0][1]}" if told else "")
            )
        said += self._odd()
        said += list(self.reasons.of_all if self.reasons else ())
        if self.reasons and self.reasons.not_checked:
            said.append(f"Could not be looked at: {'; '.join(self.reasons.not_checked)}.")
        return said

    def _odd(self) -> list[str]:
        verdicts, said = self.verdicts, []
        assert verdicts is not None
        for which, side in (("left", self.left), ("right", self.right)):
            odd = verdicts.shown[verdicts.shown[f"{which}_odd_month"] != ""]
            full = verdicts.shown[verdicts.shown[f"{which}_full_marks"]]
            if len(odd):
                said.append(
                    f"{side.short_title}, months that stand apart by more than chance: "
                    + "; ".join(
                        f"{row.name} ({month})"
                        for row, month in zip(
                            each(odd.head(3)),
                            odd.head(3)[f"{which}_odd_month"],
                            strict=True,
                        )
                    )
                    + (f" and {len(odd) - 3} more." if len(odd) > 3 else ".")
                )
            if len(full):
                said.append(
                    f"{side.short_title}, everybody positive on fewer than 50 answers: "
                    f"{', '.join(full['name'].head(4))}"
                    + (f" and {len(full) - 4} more." if len(full) > 4 else ".")
                )
        return said

    def drawn(self) -> pd.DataFrame:
        """The organisations of the ranked picture: those graded, then the largest other gaps."""
        assert self.verdicts is not None
        shown = self.verdicts.shown[self.verdicts.shown["tested"]]
        graded = shown[shown["rule"].isin(UNLIKELY)]
        others = shown[~shown["rule"].isin(UNLIKELY)]
        others = others.assign(size=others["difference"].abs()).sort_values(
            "size", ascending=False, kind="stable"
        )
        rows = Released(pd.concat([graded, others.drop(columns="size")]).head(MOST_DRAWN))
        kinds = self.reasons.kinds_of(rows["unit"]) if self.reasons else [""] * len(rows)
        return rows.assign(
            verdict=[SHORT_WORDS[Rule(rule)] for rule in rows["rule"]],
            reasons=kinds,
            order=range(len(rows)),
        ).reset_index(drop=True)

    def table(self) -> Released:
        """Every organisation judged or silent, those to look at first."""
        assert self.verdicts is not None
        rows = self.verdicts.shown
        kinds = self.reasons.kinds_of(rows["unit"]) if self.reasons else [""] * len(rows)
        columns = [
            "name", "unit", "icb", "verdict", "said", "difference", "difference_low",
            "difference_high", "z", "p_value", "q_value", "same_side", "detectable", "reasons",
            "left_value", "left_low", "left_high", "left_respondents", "left_standing",
            "right_value", "right_low", "right_high", "right_respondents", "right_standing",
            "left_silence", "right_silence", "left_odd_month", "right_odd_month",
        ]  # fmt: skip
        told = rows.assign(
            verdict=[SHORT_WORDS[Rule(rule)] for rule in rows["rule"]], reasons=kinds
        )
        return told[columns].reset_index(drop=True)

    def screen(self) -> Released:
        """The table for the screen: ranges and chances in words."""
        rows = self.table()
        rows["gap"] = [
            "" if np.isnan(value) else f"{signed(value)} ({signed(low)} to {signed(high)})"
            for value, low, high in zip(
                rows["difference"], rows["difference_low"], rows["difference_high"], strict=True
            )
        ]
        rows["q"] = ["" if np.isnan(q) else chance(q) for q in rows["q_value"]]
        for which, side in (("left", self.left), ("right", self.right)):
            scale = 100 if side.unit == "proportion" else 1
            rows[f"{which}_value"] = rows[f"{which}_value"] * scale
        return rows

    def ranked_said(self) -> str:
        """The ranked picture in words."""
        told = [
            f"{row.name}: {row.verdict}, gap {signed(row.difference)}"
            for row in each(self.drawn().head(8))
        ]
        return f"{self.summary()} {'; '.join(told)}."

    def funnels(self) -> list[tuple[Funnel, Evidence]]:
        """The funnels there are, with the source of each."""
        assert self.verdicts is not None
        pairs = (
            (self.left_funnel, self.verdicts.left),
            (self.right_funnel, self.verdicts.right),
        )
        return [(limits, source) for limits, source in pairs if limits is not None]

    def funnel_said(self, limits: Funnel, source: Evidence) -> str:
        outside = int((np.abs(limits.z_adjusted) > STRONG).sum())
        return (
            f"{source.side.short_title}: {outside} of {len(limits.z_adjusted)} organisations outside "
            f"limits that hold 998 in 1,000; average {limits.target:.0%}."
        )

    def verdict_of(self, unit: str) -> str:
        return SHORT_WORDS[Rule(int(self.cell(unit)["rule"]))]

    def has_standing(self, unit: str) -> bool:
        cell = self.cell(unit)
        return bool(np.isfinite([cell["left_standing"], cell["right_standing"]]).any())

    def reasons_said(self, unit: str) -> list[str]:
        """What the files offer on one organisation, on all of them, and what they do not tell."""
        found = self.reasons
        if found is None:
            return []
        said = [sentence for _, sentence in found.of(unit)]
        said += found.of_all
        if not said:
            said.append("Nothing in these files stands out. That is no explanation either.")
        if found.not_checked:
            said.append(f"Could not be looked at: {'; '.join(found.not_checked)}.")
        return said

    def warnings(self) -> list[str]:
        """What must be heard before the list is believed."""
        return [*([self.hardly_said()] if self.hardly_track else []), *Judged.warnings(self)]

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why no organisation in view is judged; empty where some are."""
        return self.judgement.refusals

    def organisations(self) -> dict[str, str]:
        """Code -> name and code, those to look at first."""
        assert self.verdicts is not None
        rows = self.verdicts.shown
        return {
            unit: f"{name} ({unit})" for unit, name in zip(rows["unit"], rows["name"], strict=True)
        }

    def cell(self, unit: str) -> dict[str, Any]:
        """Everything about one organisation."""
        assert self.verdicts is not None
        here = self.verdicts.cells[self.verdicts.cells["unit"] == unit]
        return {str(key): value for key, value in here.iloc[0].items()} if len(here) else {}

    def evidence_of(self, unit: str) -> list[str]:
        """What stands behind one organisation's verdict, in sentences."""
        verdicts, cell = self.verdicts, self.cell(unit)
        assert verdicts is not None
        said = []
        for which, source in (("left", verdicts.left), ("right", verdicts.right)):
            said.append(source_said(source, cell, which))
        if np.isfinite(cell["difference"]):
            said.append(
                f"The gap between the two is {abs(cell['difference']):.1f} typical differences "
                f"({_span(cell)}), the general difference of level taken away. That both stand on the "
                f"same side of the average is {_likely(cell['same_side'])}. Of all gaps at "
                f"least as unusual, the share expected to be chance is {chance(cell['q_value'])} (q, over "
                f"{verdicts.tested:,} tested together)."
            )
            said.append(
                f"With these answers a gap of {cell['detectable']:.1f} typical differences would have "
                "been found 4 times in 5: "
                + "; ".join(
                    f"on {source.side.short_title} "
                    f"{detectable_in_points(source, cell['detectable'])}"
                    for source in (verdicts.left, verdicts.right)
                )
                + "."
            )
        return said

    def method(self) -> tuple[str, ...]:
        verdicts = self.verdicts
        step = ""
        if verdicts and verdicts.left.spread and verdicts.right.spread:
            step = (
                f" Here it is {step_in_points(verdicts.left, 1)} on {self.left.short_title} and "
                f"{step_in_points(verdicts.right, 1)} on {self.right.short_title}."
            )
        return (
            "**The gap** of an organisation is the difference of its two standings, each in **typical "
            "differences** between peers (true standard deviations, noise removed), the general "
            f"difference of level taken away.{step}",
            "**Unusual** means larger than these two sources usually differ, chance included, at a "
            "false-discovery rate of 5 % over all organisations tested together; of such flags about 1 "
            "in 20 is expected to be chance. **Of usual size** means shown to be larger than one typical "
            "difference, though gaps of that size are common between these sources.",
            "**Agreement** must be shown: the whole range of the gap lies within one typical difference. "
            "Not different is not agreement.",
            "**Candidate reasons** are looked for in the same files. They are prompts, not explanations.",
            "**Funnels** use the arcsine scale and over-dispersed limits (Spiegelhalter), as NHS funnel "
            "plots do; they are pictures only, and no verdict comes from them.",
            *self.alignment.method(),
        )

    def as_json(self) -> dict[str, Any]:
        """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
        verdicts = self.verdicts
        told: dict[str, Any] = {
            "schema": JSON_SCHEMA,
            "status": self.status,
            "reason": self.reason or None,
            "grain": self.alignment.grain.value,
            "area": self.alignment.pairing.area or None,
            "floor": self.alignment.pairing.disclosure.floor,
            "evidence_floor": self.alignment.pairing.evidence_floor,
            "left": side_as_json(self.left),
            "right": side_as_json(self.right),
            "extracts": list(self.alignment.extracts),
            "revision": self.alignment.revision,
            "aligned_in_time": self.alignment.aligned_in_time,
            "across_domains": self.alignment.across_domains,
            "withheld": self.alignment.withheld,
            "warnings": self.warnings(),
            "hardly_track": self.hardly_track,
            "notes": [*self.marks, *self.notes()],
        }
        if verdicts is None or self.status != "ok":
            return told | {"organisations": []}
        method = verdicts.method
        rows = self.table().drop(columns=["reasons"])
        organisations = records(rows)
        for record in organisations:
            record["reasons"] = [
                {"kind": kind, "said": said}
                for kind, said in (self.reasons.of(record["unit"]) if self.reasons else [])
            ]
        return told | {
            "summary": self.summary(),
            "tested": verdicts.tested,
            "heard": verdicts.heard,
            "could_agree": verdicts.could_agree,
            "states": {state.value: verdicts.count(state) for state in STATES},
            "unusual": len(verdicts.unusual),
            "of_usual_size": len(verdicts.of_usual_size),
            "usual_difference_variance": None
            if method is None
            else rounded(method.total, self.alignment.confidential),
            "false_discovery": verdicts.settings.false_discovery,
            "margin": verdicts.margin,
            "reasons_for_all": list(self.reasons.of_all if self.reasons else ()),
            "not_checked": list(self.reasons.not_checked if self.reasons else ()),
            "organisations": organisations,
        }


def _likely(share: float) -> str:
    """The probability of the same side in words; it understates sameness a little."""
    if share < 0.01:
        return "less than 1% likely by these answers"
    return f"{at_least(share)} likely"


def _span(cell: dict[str, Any]) -> str:
    ends = sorted(
        (cell["difference_low"], cell["difference_high"])
        if cell["difference"] >= 0
        else (-cell["difference_low"], -cell["difference_high"])
    )
    return f"{ends[0]:.1f} to {ends[1]:.1f}".replace("-", "−")


def signed(value: float) -> str:
    """A gap for print: one decimal, its sign, a true minus."""
    return f"{value:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0").replace("-", "−")


def source_said(source: Evidence, cell: Mapping[str, Any], which: str) -> str:
    """What one source says of an organisation: figure, interval, answers, and where that puts it."""
    side, value, n = source.side, cell[f"{which}_value"], cell[f"{which}_respondents"]
    silence = cell[f"{which}_silence"]
    if np.isnan(value):
        return f"{side.title}: {silence or 'not shown'}."
    form = "{:.0%}" if side.unit == "proportion" else "{:.1f}"
    said = f"{side.title} ({side.period}): {form.format(value)}"
    low, high = cell[f"{which}_low"], cell[f"{which}_high"]
    if np.isfinite(low):
        said += f" ({form.format(low)} to {form.format(high)})"
    said += f", {n:,.0f} answers" if np.isfinite(n) else ", answers not given"
    if silence:
        return f"{said}; not heard: {silence}."
    words = side_said(cell[f"{which}_above"])
    return f"{said}: {words}." if words else f"{said}."


def divergence(store: Store, pairing: Pairing) -> DivergenceReport:
    """Judge every organisation on two sources, grade the differences, and look for reasons."""
    return divergence_of(store, judgement(store, pairing))


def divergence_of(
    store: Store, judged: Judgement, why: Callable[[Judgement], Reasons] | None = None
) -> DivergenceReport:
    """The differences of two judged sources, graded, with reasons from the store; `why` answers for them
    where they are kept."""
    verdicts, refused = judged.verdicts, judged.not_compared()
    reason = " ".join(map(str, judged.refusals))
    if verdicts is None or refused:
        return DivergenceReport(judged, "refused", reason, None, False, None, None)
    funnels = (_funnel(verdicts.left), _funnel(verdicts.right))
    found = (why or partial(reasons, store))(judged)
    if reason:
        return DivergenceReport(judged, "not_enough_evidence", reason, found, False, *funnels)
    together = agreement_of(judged)
    return DivergenceReport(together.judgement, "ok", "", found, together.hardly_track, *funnels)


def _funnel(source: Evidence) -> Funnel | None:
    if source.scale == "score" or source.spread is None:
        return None
    rows = source.rows[source.rows["people"] >= source.evidence_floor]
    if rows["respondents"].nunique() < 2:
        return None  # one assumed number of answers: a funnel of a single width
    return funnel(
        rows["value"].to_numpy() * rows["respondents"].to_numpy(), rows["respondents"].to_numpy()
    )


def funnel_points(source: Evidence, limits: Funnel, picked: str = "") -> pd.DataFrame:
    """The organisations of a funnel; of very many, those outside the limits, the one picked, and every
    so many of the rest."""
    rows = source.rows[source.rows["people"] >= source.evidence_floor]
    points = rows[["unit", "name", "value"]].assign(
        answers=rows["respondents"], picked=rows["unit"] == picked
    )
    kept = (np.abs(limits.z_adjusted) > Z_95) | points["picked"].to_numpy()
    step = -(-int((~kept).sum()) // MOST_FUNNEL_POINTS)
    if len(points) <= MOST_FUNNEL_POINTS or step < 2:
        return points
    return Released(pd.concat([points[kept], points[~kept].iloc[::step]]))


def funnel_lines(limits: Funnel, answers: pd.Series) -> pd.DataFrame:
    """The limits of a funnel over the numbers of answers that are drawn: four lines."""
    grid = np.geomspace(max(1.0, float(answers.min())), float(answers.max()) * 1.02, 60)
    at = funnel_limits(limits.target, limits.between, grid)
    return pd.concat(
        [
            pd.DataFrame({"answers": grid, "limit": values, "which": which, "end": end})
            for which, end, values in (
                ("19 in 20", "low", at.low_95),
                ("19 in 20", "high", at.high_95),
                ("998 in 1,000", "low", at.low_998),
                ("998 in 1,000", "high", at.high_998),
            )
        ]
    )
