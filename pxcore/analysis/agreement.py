"""Do two sources order providers alike? The answer, its interval, and what limits it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pxcore import maps
from pxcore.analysis.alignment import Alignment, align
from pxcore.analysis.periods import Side
from pxcore.errors import TooFewPairs
from pxcore.model import GRAIN_TITLES, Pairing
from pxcore.stats.correlation import MINIMUM_PAIRS, Correlation, spearman
from pxcore.store import Store

JSON_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """How alike two sources rank the same organisations."""

    alignment: Alignment
    status: str  # "ok", "refused" or "not_enough_evidence"
    reason: str  # why not, where not ok
    correlation: Correlation | None
    published: tuple[Mapping[str, str], ...]  # figures of others for the same kind of pair

    @property
    def pairs(self) -> pd.DataFrame:
        return self.alignment.pairs

    @property
    def left(self) -> Side:
        return self.alignment.left

    @property
    def right(self) -> Side:
        return self.alignment.right

    @property
    def marks(self) -> tuple[str, ...]:
        """What must stand wherever the figure is shown."""
        if self.status == "refused":
            return ()
        marks = []
        if not self.alignment.aligned_in_time:
            marks.append("not aligned in time")
        if self.alignment.across_domains:
            marks.append("across domains")
        return tuple(marks)

    def summary(self) -> str:
        """The one plain sentence: heading of the page and text of the picture."""
        one, many = GRAIN_TITLES[self.alignment.grain]
        if self.correlation is None:
            return self.reason
        rho, interval = self.correlation.estimate, self.correlation.interval
        said = (
            f"Across {self.correlation.pairs} {many}, {self.left.short_title} and "
            f"{self.right.short_title} {in_words(self.correlation)}: raw rank correlation "
            f"{number(rho)}"
        )
        if interval is not None:
            said += f" (plausible range {number(interval.low)} to {number(interval.high)})"
        marks = f" – {', '.join(self.marks)}" if self.marks else ""
        return f"{said}{marks}."

    def limits(self) -> str:
        """What limits the answer, muted beneath it."""
        if self.status == "refused":
            return ""
        said = [*self.alignment.notes]
        if self.correlation is not None:
            said.append(
                "Raw: with few answers each, even two perfect mirrors of the truth would stay below 1."
            )
        return " ".join(said)

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on."""
        one, many = GRAIN_TITLES[self.alignment.grain]
        told = []
        if self.correlation is not None:
            interval = self.correlation.interval
            told.append(
                (
                    "Raw rank correlation",
                    number(self.correlation.estimate),
                    f"95 % range {number(interval.low)} to {number(interval.high)}"
                    if interval
                    else "no range: the order is exactly the same",
                )
            )
        left_out = (
            f"; {self.alignment.withheld:,} left out, under "
            f"{self.alignment.pairing.disclosure.floor} answers"
            if self.alignment.withheld
            else ""
        )
        told.append(
            (f"{many.capitalize()} compared", f"{len(self.pairs):,}", f"both sources{left_out}")
        )
        for which, side in (("left", self.left), ("right", self.right)):
            values, answers = self.pairs[f"{which}_value"], self.pairs[f"{which}_respondents"]
            if len(values):
                middle = values.median()
                shown = f"{middle:.0%}" if side.unit == "proportion" else f"{middle:.1f}"
                total = answers.sum()
                told.append(
                    (
                        f"{side.short_title}, the middle {one}",
                        shown,
                        f"{total:,.0f} answers" if total > 0 else "answers not given",
                    )
                )
        return told

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        if len(self.pairs):
            left, right = self.pairs["left_value"], self.pairs["right_value"]
            if self.left.unit == self.right.unit == "proportion":
                gap = (left.median() - right.median()) * 100
                higher, lower = (self.left, self.right) if gap >= 0 else (self.right, self.left)
                said.append(
                    f"{higher.short_title} stands about {abs(gap):.0f} points above "
                    f"{lower.short_title}. That is a difference of level, not a disagreement about "
                    "who is better."
                )
            full = int((left >= 1).sum()) if self.left.unit == "proportion" else 0
            if full:
                said.append(
                    f"{full} of them show 100 % on {self.left.short_title}: a ceiling that hides "
                    "differences between them."
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

    def published_summary(self) -> str:
        if self.correlation is None:
            return ""
        if not self.published:
            return (
                "No published figure is known for this pair of sources, so there is nothing to hold "
                "this one against."
            )
        return " ".join(
            f"Published: {row['estimate']} ({row['low']} to {row['high']}): {row['pair']}. "
            f"{row['citation']}."
            for row in self.published
        )

    def next_step(self) -> str:
        """What a person can do about a refusal."""
        said = [f"- {refusal}" for refusal in self.alignment.refusals]
        said.append(
            "\nUnder **Measures, level and time** in the sidebar you can choose other measures, or "
            "**Latest of each**: the figure is then marked as not aligned wherever it stands."
        )
        return "\n".join(said)

    def method(self) -> tuple[str, ...]:
        return (
            "**Raw rank correlation** (Spearman) of the published percentages, ties averaged; 95 % "
            "Bonett–Wright interval. It needs ten organisations; organisations with fewer answers "
            f"than {self.alignment.pairing.disclosure.floor} in either source are left out, and counted.",
            "**Intervals of each organisation**: published ones where there are any; else Wilson's, "
            "on the number of answers (for the GP Patient Survey divided by 1.3, an assumed design "
            "effect, because its answers are weighted).",
            *self.alignment.method(),
        )

    def table(self, first: str = "") -> pd.DataFrame:
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

    def shown(self, first: str = "") -> pd.DataFrame:
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
        correlation = self.correlation
        interval = correlation.interval if correlation else None
        return {
            "schema": JSON_SCHEMA,
            "status": self.status,
            "reason": self.reason or None,
            "pairs": len(self.pairs),
            "spearman": None
            if correlation is None
            else {
                "estimate": correlation.estimate,
                "low": interval.low if interval else None,
                "high": interval.high if interval else None,
                "level": interval.level if interval else None,
            },
            "aligned_in_time": self.alignment.aligned_in_time,
            "across_domains": self.alignment.across_domains,
            "grain": self.alignment.grain.value,
            "area": self.alignment.pairing.area or None,
            "floor": self.alignment.pairing.disclosure.floor,
            "left": side_as_json(self.left),
            "right": side_as_json(self.right),
            "withheld": self.alignment.withheld,
            "unmatched": unmatched_organisations(self.alignment),
            "notes": [*self.marks, *self.alignment.notes],
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
    alignment = align(store, pairing)
    published = _published(alignment)
    if alignment.refusals:
        return AgreementReport(alignment, "refused", " ".join(alignment.refusals), None, published)
    pairs = alignment.pairs
    try:
        correlation = spearman(pairs["left_value"].to_numpy(), pairs["right_value"].to_numpy())
    except TooFewPairs as few:
        return AgreementReport(
            alignment, "not_enough_evidence", _too_few(alignment, few), None, published
        )
    return AgreementReport(alignment, "ok", "", correlation, published)


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
            f"than {alignment.pairing.disclosure.floor} answers in one of the two."
        )
    names = alignment.unmatched.loc[
        alignment.unmatched["outcome"] == "name_not_matched", "name"
    ].nunique()
    if names:
        said += (
            f" {names} name{'s are' if names != 1 else ' is'} not matched to a code yet "
            "(Alignment page)."
        )
    return said


def _published(alignment: Alignment) -> tuple[Mapping[str, str], ...]:
    signals = {alignment.left.signal, alignment.right.signal}
    services = {alignment.left.service, alignment.right.service}
    return tuple(
        dict(row)  # a plain dict: reports are cached by pickling them
        for row in maps.rows("published_figures")
        if {row["left_signal"], row["right_signal"]} == signals and row["service"] in services
    )


def in_words(correlation: Correlation) -> str:
    """The raw rank agreement in words, chosen by its interval and not by its estimate."""
    interval = correlation.interval
    if interval is None:
        return "rank them exactly alike" if correlation.estimate > 0 else "rank them in reverse"
    if interval.low >= 0.7:
        return "rank them much alike"
    if interval.low >= 0.4:
        return "rank them moderately alike or better"
    if interval.low > 0:
        return "rank them alike to a degree"
    if interval.high < 0:
        return "rank them in opposite order"
    if interval.low > -0.3 and interval.high < 0.3:
        return "rank them with little or nothing in common"
    return "cannot be said to rank them alike or differently"


def number(value: float) -> str:
    """A correlation for print: two decimals, a true minus sign."""
    return f"{value:.2f}".replace("-", "−")
