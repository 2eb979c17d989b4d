"""What do all sources say of one organisation? Every source, every pair of them, and what is silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.certainty import DIFFER, CertaintyReport
from pxcore.analysis.judging.certainty import MARKS as LIKELY_MARKS
from pxcore.analysis.judging.evidence import Evidence
from pxcore.analysis.judging.reasons import Reasons, reasons
from pxcore.analysis.judging.verdicts import LOOK_ORDER, MARKS
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.overview import OverviewReport, side_order
from pxcore.analysis.questions import ask
from pxcore.analysis.rows import row_of
from pxcore.disclosure import Released, rounded
from pxcore.model import GRAIN_TITLES, Pairing
from pxcore.stats.certainty_fit import Usual
from pxcore.stats.certainty_nodes import Answered
from pxcore.stats.certainty_sources import MOST_SOURCES, together
from pxcore.stats.verdict import Rule
from pxcore.store import Store

MOST_COMPARED = 6
FEWEST_TOGETHER = 3  # sources that are heard together
# Those to look at first come first: what is likely, then what is judged alone.
LOOK = (*(mark.value for mark in LIKELY_MARKS), *(MARKS[rule] for rule in LOOK_ORDER))
DIFFERING = (
    *(mark.value for mark in DIFFER), MARKS[Rule.DISSONANCE_UNUSUAL], MARKS[Rule.DISSONANCE_USUAL],
)  # fmt: skip
SOURCE = (
    "source", "title", "signal", "period", "proportion", "value", "low", "high", "respondents",
    "peers", "standing", "low_standing", "high_standing", "above", "silence",
)  # fmt: skip
# `mark` is how likely the two agree on it, or what the verdict is where that is not said.
PAIR = (
    "pair", "left", "right", "mark", "agree", "shown", "difference", "low", "high", "q_value", "look",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """What one source holds of the organisation: its evidence, and the cell of the pair it is taken from."""

    evidence: Evidence
    cell: Mapping[str, Any]
    which: str  # side of the pair


@dataclass(frozen=True, slots=True)
class AllSources:
    """Whether three or more sources put the organisation on one side of the average, all heard together."""

    sources: tuple[Side, ...]
    above: float  # probability that it truly stands above the average in each
    below: float


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """One organisation in every source loaded, and every pair of sources on it."""

    unit: str
    name: str
    kind: str  # what it is called: “practice”
    area: str  # the integrated care board it belongs to, by name
    merged_from: str
    sources: Released  # one row per source; see SOURCE
    voices: tuple[Voice, ...]  # of each of these rows
    pairs: Released  # one row per pair of sources both of which speak, those to look at first; see PAIR
    agreements: Mapping[tuple[str, str], AgreementReport]  # of each of these pairs
    reasons: Reasons | None  # of the first difference
    repeated: tuple[tuple[Side, Side], ...]  # a source, and one that holds the same answers
    by_measure: tuple[Side, ...]  # sources shown by another measure than the usual one
    together: AllSources | None  # None of fewer than three sources that are heard
    extracts: tuple[int, ...]
    revision: int

    @property
    def audible(self) -> pd.DataFrame:
        """The sources with enough answers to be heard."""
        return self.sources[self.sources["silence"] == ""]

    def standings(self) -> pd.DataFrame:
        """For the picture: one row per source that is heard."""
        return self.audible.assign(name=self.name)[
            ["name", "source", "signal", "standing", "low_standing", "high_standing"]
        ].rename(columns={"low_standing": "low", "high_standing": "high"})


def organisations(reports: Sequence[AgreementReport]) -> dict[str, str]:
    """Code -> name and code of every organisation any source speaks of, those to look at first."""
    first: dict[str, tuple[int, str]] = {}
    for report in reports:
        if report.verdicts is None:
            continue
        columns = (report.verdicts.column(name).tolist() for name in ("unit", "name", "look"))
        for unit, name, look in zip(*columns, strict=True):
            known = first.get(unit)
            if known is None or look < known[0]:
                first[unit] = (look, name)
    ordered = sorted(first.items(), key=lambda item: (item[1][0], item[1][1], item[0]))
    return {unit: f"{name} ({unit})" for unit, (_, name) in ordered}


def provider(
    store: Store,
    unit: str,
    whole: OverviewReport,
) -> ProviderReport:
    """One organisation in the sources of an overview that were judged, pair by pair."""
    certainties = whole.certainties
    sources: dict[str, tuple[int, Voice]] = {}
    pairs, extracts, agreements = [], set(), {}
    name, area, merged, kind = "", "", "", ""
    first: AgreementReport | None = None
    sides: dict[str, tuple[Side, Pairing]] = {}
    for report in whole.agreements:
        verdicts = report.verdicts
        if verdicts is None:
            continue
        cell = row_of(verdicts.cells, verdicts.index, unit)
        if not cell:
            continue
        name, kind = name or cell["name"], GRAIN_TITLES[verdicts.grain][0]
        area, merged = area or cell["icb"], merged or cell["merged_from"]
        extracts |= set(report.alignment.extracts)
        for which, evidence in (("left", verdicts.left), ("right", verdicts.right)):
            source = evidence.side.source
            sides.setdefault(source, (evidence.side, report.alignment.pairing))
            # a time in which it is heard before one in which it is not; then the fuller comparison
            worth = (cell[f"{which}_silence"] == "") * 10**6 + report.compared
            worth += (not np.isnan(cell[f"{which}_value"])) * 10**5
            if source not in sources or worth > sources[source][0]:
                sources[source] = (worth, Voice(evidence, cell, which))
        rule = Rule(cell["rule"])
        if rule is not Rule.SILENCE:
            likely = certainties.get((report.left.source, report.right.source))
            probable = likely.cell(unit) if likely is not None else {}
            agree = probable.get("agree", np.nan)
            mark = MARKS[rule] if np.isnan(agree) else probable["mark"]
            agreements[report.left.source, report.right.source] = report
            pairs.append(
                {
                    "pair": f"{report.left.short_title} – {report.right.short_title}",
                    "left": report.left.source,
                    "right": report.right.source,
                    "mark": mark,
                    "agree": agree,
                    "shown": bool(probable.get("shown", False)),
                    "difference": cell["difference"],
                    "low": cell["difference_low"],
                    "high": cell["difference_high"],
                    "q_value": cell["q_value"],
                    "look": LOOK.index(mark),
                }
            )
            if mark in DIFFERING and first is None:
                first = report
    pairs, repeated = _once(store, unit, pairs, sides)
    voices = tuple(sources[source][1] for source in sorted(sources, key=list(maps.sources()).index))
    return ProviderReport(
        unit=unit,
        name=name or unit,
        kind=kind,
        area=whole.area_names.get(area, area),
        merged_from=merged,
        sources=Released([_row(voice) for voice in voices], columns=list(SOURCE)),
        voices=voices,
        pairs=Released(pairs, columns=list(PAIR))
        .sort_values("look", kind="stable")
        .reset_index(drop=True),
        agreements=agreements,
        reasons=None if first is None else reasons(store, first.judgement),
        repeated=repeated,
        by_measure=whole.by_measure,
        together=_together(
            unit, [certainties.get((pair["left"], pair["right"])) for pair in pairs]
        ),
        extracts=tuple(sorted(extracts)),
        revision=store.revision,
    )


def _once(
    store: Store,
    unit: str,
    pairs: list[dict[str, Any]],
    sides: Mapping[str, tuple[Side, Pairing]],
) -> tuple[list[dict[str, Any]], tuple[tuple[Side, Side], ...]]:
    """The pairs without those that repeat what another says of the very same answers, and which sources
    those are."""
    repeated = []
    for first, second in combinations(sorted(sides, key=list(maps.sources()).index), 2):
        (side, pairing), (beside, _) = sides[first], sides[second]
        apart = side.service and beside.service and side.service != beside.service
        if side.signal != beside.signal or apart:
            continue
        service = side.service or beside.service
        everywhere = replace(pairing, area="")
        if unit not in ask(store, independence, side, beside, everywhere, service).units:
            continue
        # each beside the same third source
        thirds = {_third(pair, first) for pair in pairs}
        remaining = [pair for pair in pairs if _third(pair, second) not in thirds - {""}]
        if len(remaining) < len(pairs):
            repeated.append((side, beside))
            pairs = remaining
    return pairs, tuple(repeated)


def _together(unit: str, certainties: Sequence[CertaintyReport | None]) -> AllSources | None:
    """What the sources of some pairs say of it, all heard together; of more than four, the first four."""
    usual: dict[tuple[str, str], Usual] = {}
    sides: dict[str, tuple[Side, Answered]] = {}
    for likely in certainties:
        if likely is None or likely.usual is None or not np.isfinite(likely.agree_on(unit)):
            continue
        row = np.array([likely.units.index(unit)])
        usual[likely.left.source, likely.right.source] = likely.usual
        for side, answers in (
            (likely.left, likely.left_answers),
            (likely.right, likely.right_answers),
        ):
            assert answers is not None
            sides.setdefault(side.source, (side, answers.of(row)))
    chosen = sorted(sides, key=side_order)[:MOST_SOURCES]
    place = {source: number for number, source in enumerate(chosen)}
    pairs = {
        (place[left], place[right]): known
        for (left, right), known in usual.items()
        if left in place and right in place
    }
    if len(chosen) < FEWEST_TOGETHER or {one for pair in pairs for one in pair} != set(
        place.values()
    ):
        return None
    heard = together([sides[source][1] for source in chosen], pairs)
    confidential = any(
        likely is not None and likely.alignment.confidential for likely in certainties
    )
    above, below = rounded([float(heard.all_above[0]), float(heard.all_below[0])], confidential)
    return AllSources(tuple(sides[source][0] for source in chosen), above, below)


def _third(pair: Mapping[str, Any], source: str) -> str:
    """What a pair sets beside a source; "" where the source is not in it."""
    ends = {pair["left"], pair["right"]}
    return str((ends - {source}).pop()) if source in ends else ""


def _row(voice: Voice) -> dict[str, Any]:
    side, cell, which = voice.evidence.side, voice.cell, voice.which
    silence = str(cell[f"{which}_silence"])
    return {
        "source": side.short_title,
        "title": side.title,
        "signal": side.signal,
        "period": str(side.period),
        "proportion": side.unit == "proportion",
        "value": float(cell[f"{which}_value"]),
        "low": float(cell[f"{which}_low"]),
        "high": float(cell[f"{which}_high"]),
        "respondents": float(cell[f"{which}_respondents"]),
        "peers": voice.evidence.average if voice.evidence.spread is not None else np.nan,
        "standing": float(cell[f"{which}_standing"]) if not silence else np.nan,
        "low_standing": float(cell[f"{which}_standing_low"]),
        "high_standing": float(cell[f"{which}_standing_high"]),
        "above": np.nan if silence else float(cell[f"{which}_above"]),
        "silence": silence,
    }
