"""What do all sources say of one organisation? Every source, every pair of them, and what is silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.reasons import Reason, Reasons, reasons
from pxcore.analysis.judging.verdicts import LOOK_ORDER, MARKS, Judgement
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.rows import each, records
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES, Pairing
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.words import reasons as reason_words
from pxcore.words import verdicts as verdict_words

MOST_COMPARED = 6
GRADED = (Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL)


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """One organisation in every source loaded, and every pair of sources on it."""

    unit: str
    name: str
    kind: str  # what it is called: “practice”
    area: str  # the integrated care board it belongs to, by name
    merged_from: str
    sources: Released  # one row per source; see SOURCE
    pairs: Released  # one row per pair of sources both of which speak, those to look at first
    reasons: tuple[str, ...]  # candidate reasons for the first difference, as prompts
    repeated: tuple[
        str, ...
    ]  # sources that hold the same answers as another: told, and not counted twice
    by_measure: str  # which sources are told by another measure than the usual one
    extracts: tuple[int, ...]
    revision: int

    @property
    def heard(self) -> pd.DataFrame:
        """The sources with enough answers to be heard."""
        return self.sources[self.sources["silence"] == ""]

    def summary(self) -> str:
        """The one plain sentence."""
        many, of = len(self.heard), len(self.sources)
        if not many:
            return (
                f"{self.name}: no source has enough answers to say where it stands among its peers."
            )
        graded = self.pairs[self.pairs["rule"].isin(GRADED)]
        if len(graded):
            first = graded.iloc[0]
            unusual = first["rule"] == GRADED[0]
            how = "contradict each other about it, unusually so" if unusual else "differ about it"
            said = f"{first['pair'].replace(' – ', ' and ')} {how}"
            others = len(graded) - 1
            more = f", and so do {others} more pairs" if others > 1 else ""
            more = ", and so does one more pair" if others == 1 else more
            return f"{self.name}: {said}{more}. {self._speaks(many, of)}"
        agreed = self.pairs[self.pairs["rule"] == Rule.AGREEMENT]
        if len(agreed):
            return (
                f"{self.name}: {agreed.iloc[0]['pair'].replace(' – ', ' and ')} agree about it. "
                f"{self._speaks(many, of)}"
            )
        if len(self.pairs):
            return (
                f"{self.name}: no two sources are shown to differ about it, and none to agree. "
                f"{self._speaks(many, of)}"
            )
        return (
            f"{self.name}: no two sources can be set against each other. {self._speaks(many, of)}"
        )

    def _speaks(self, many: int, of: int) -> str:
        sources = f"source{'s' if of != 1 else ''}"
        return f"{many} of {of} {sources} {'has' if many == 1 else 'have'} enough answers."

    def limits(self) -> str:
        told = [f"{self.unit}, a {self.kind}" + (f" of {self.area}" if self.area else "") + "."]
        if self.merged_from:
            told.append(f"Made of {self.merged_from}: their answers are added up.")
        told += [self.by_measure] if self.by_measure else []
        told.append("A prompt to look, not a judgement of care, and no league table.")
        return " ".join(told)

    def figures(self) -> list[tuple[str, str, str]]:
        """The sources that are heard: value, and what it rests on."""
        told = []
        for row in each(self.heard.head(4)):
            told.append(
                (
                    f"{row.source}, {row.period}",
                    row.value_said,
                    f"{row.range_said}{row.answers_said}",
                )
            )
        return told

    def said(self) -> list[str]:
        """Each source that has a figure, in a sentence; one whose figure is not heard says so."""
        return [str(said) for said in self.sources.loc[self.sources["value"].notna(), "said"]]

    def silences(self) -> list[str]:
        """Which source is silent, and of what kind."""
        quiet = self.sources[self.sources["silence"] != ""]
        return [f"{row.source} ({row.period}): {row.silence}" for row in each(quiet)]

    def standings(self) -> pd.DataFrame:
        """For the picture: one row per source that is heard."""
        return self.heard.assign(name=self.name)[
            ["name", "source", "signal", "standing", "low_standing", "high_standing"]
        ].rename(columns={"low_standing": "low", "high_standing": "high"})

    def picture_said(self) -> str:
        """The picture in words."""
        told = [
            f"{row.source} {verdict_words.gap(row.standing)} ({verdict_words.gap(row.low_standing)} to "
            f"{verdict_words.gap(row.high_standing)}) typical differences from its peers"
            for row in each(self.heard)
        ]
        return f"{self.name}: {'; '.join(told)}." if told else f"{self.name}: nothing to draw."

    def table(self) -> Released:
        """One row per source, for download."""
        columns = [column for column in SOURCE if not column.endswith("_said")]
        return self.sources[columns].assign(unit=self.unit, name=self.name)

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "schema": 1,
            "unit": self.unit,
            "name": self.name,
            "summary": self.summary(),
            "sources": records(self.table()),
            "pairs": records(
                self.pairs[["pair", "verdict", "said", "difference", "low", "high", "q_value"]]
            ),
            "silences": self.silences(),
            "reasons": list(self.reasons),
            "extracts": list(self.extracts),
            "revision": self.revision,
        }

    def method(self) -> tuple[str, ...]:
        return (
            "**Each source** is taken over the time in which it is set beside the source it shares most "
            "organisations with; two rows of a source never mix their times.",
            "**Standing** is how far a source puts the organisation from the average of its peers, in "
            "typical differences between peers (true standard deviations, noise removed), with its 95 % "
            "range. General levels are taken away: FFT is always rosier.",
            "**Silent** is not zero and not agreement: none received, too few, withheld, or no question.",
            "**Reasons** are looked for in the same files. They are prompts, not explanations.",
        )


SOURCE = (
    "source", "title", "signal", "period", "value", "low", "high", "respondents", "standing",
    "low_standing", "high_standing", "where", "silence", "value_said", "range_said", "answers_said",
    "said",
)  # fmt: skip


def organisations(reports: Sequence[AgreementReport]) -> dict[str, str]:
    """Code -> name and code of every organisation any source speaks of, those to look at first."""
    told: dict[str, tuple[int, str]] = {}
    for report in reports:
        if report.verdicts is None:
            continue
        shown = report.verdicts.shown
        for unit, name, look in zip(shown["unit"], shown["name"], shown["look"], strict=True):
            known = told.get(unit)
            if known is None or look < known[0]:
                told[str(unit)] = (int(look), str(name))
    ordered = sorted(told.items(), key=lambda item: (item[1][0], item[1][1], item[0]))
    return {unit: f"{name} ({unit})" for unit, (_, name) in ordered}


def provider(
    store: Store,
    unit: str,
    reports: Sequence[AgreementReport],
    area_names: Mapping[str, str],
    by_measure: str = "",
    why: Callable[[Judgement], Reasons] | None = None,
) -> ProviderReport:
    """One organisation in the sources that were judged, pair by pair.

    `reports` are those of the overview: every two sources that may speak of the same organisations; so is
    `by_measure`. `why` answers for reasons where they are kept.
    """
    sources: dict[str, tuple[int, dict[str, Any]]] = {}
    pairs, extracts = [], set()
    name, area, merged, kind = "", "", "", ""
    first: AgreementReport | None = None
    heard_as: dict[str, tuple[Side, Pairing]] = {}
    for report in reports:
        verdicts = report.verdicts
        if verdicts is None:
            continue
        here = verdicts.cells[verdicts.cells["unit"] == unit]
        if here.empty:
            continue
        cell = {str(key): value for key, value in here.iloc[0].items()}
        name, kind = name or cell["name"], GRAIN_TITLES[verdicts.grain][0]
        area, merged = area or cell["icb"], merged or cell["merged_from"]
        extracts |= set(report.alignment.extracts)
        for which, source in (("left", verdicts.left), ("right", verdicts.right)):
            told = _source(source.side, cell, which, verdict_words.source(source, cell, which))
            heard_as.setdefault(source.side.source, (source.side, report.alignment.pairing))
            # a time in which it is heard before one in which it is not; then the fuller comparison
            worth = (told["silence"] == "") * 10**6 + (not np.isnan(told["value"])) * 10**5
            worth += len(report.pairs)
            if source.side.source not in sources or worth > sources[source.side.source][0]:
                sources[source.side.source] = (worth, told)
        if cell["rule"] != Rule.SILENCE:
            pairs.append(
                {
                    "pair": f"{report.left.short_title} – {report.right.short_title}",
                    "left": report.left.source,
                    "right": report.right.source,
                    "rule": int(cell["rule"]),
                    "mark": MARKS[Rule(cell["rule"])],
                    "verdict": verdict_words.LABELS[Rule(cell["rule"])],
                    "said": verdict_words.sentences(verdicts, here, report.marks)[0],
                    "difference": cell["difference"],
                    "low": cell["difference_low"],
                    "high": cell["difference_high"],
                    "q_value": cell["q_value"],
                    "look": LOOK_ORDER.index(Rule(cell["rule"])),
                }
            )
            if Rule(cell["rule"]) in GRADED and first is None:
                first = report
    pairs, repeated = _once(store, unit, pairs, heard_as)
    columns = [
        "pair", "left", "right", "rule", "mark", "verdict", "said", "difference", "low", "high",
        "q_value", "look",
    ]  # fmt: skip
    order = list(maps.sources())
    ranked = sorted(sources, key=order.index)
    prompts: tuple[Reason, ...] = ()
    if first is not None:
        prompts = (why or partial(reasons, store))(first.judgement).of(unit)
    return ProviderReport(
        unit=unit,
        name=name or unit,
        kind=kind,
        area=area_names.get(area, area),
        merged_from=merged,
        sources=Released([sources[one][1] for one in ranked], columns=list(SOURCE)),
        pairs=Released(pairs, columns=columns)
        .sort_values("look", kind="stable")
        .reset_index(drop=True),
        reasons=tuple(map(reason_words.sentence, prompts)),
        repeated=repeated,
        by_measure=by_measure,
        extracts=tuple(sorted(extracts)),
        revision=store.revision,
    )


def _once(
    store: Store,
    unit: str,
    pairs: list[dict[str, Any]],
    heard_as: Mapping[str, tuple[Side, Pairing]],
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The pairs without those that say again what another says of the very same answers, and which
    sources those are."""
    said: list[str] = []
    for one, other in combinations(sorted(heard_as, key=list(maps.sources()).index), 2):
        (side, pairing), (beside, _) = heard_as[one], heard_as[other]
        apart = side.service and beside.service and side.service != beside.service
        if side.signal != beside.signal or apart:
            continue
        service = side.service or beside.service
        if unit not in independence(store, side, beside, pairing, service).units:
            continue
        # each beside the same third source
        thirds = {_third(pair, one) for pair in pairs}
        kept = [pair for pair in pairs if _third(pair, other) not in thirds - {""}]
        if len(kept) < len(pairs):
            said.append(
                f"{beside.short_title} holds the same answers as {side.short_title} here: they are "
                "counted once."
            )
            pairs = kept
    return pairs, tuple(said)


def _third(pair: Mapping[str, Any], source: str) -> str:
    """What a pair sets beside a source; "" where the source is not in it."""
    ends = {pair["left"], pair["right"]}
    return str((ends - {source}).pop()) if source in ends else ""


def _source(side: Any, cell: Mapping[str, Any], which: str, said: str) -> dict[str, Any]:
    value, low, high = (float(cell[f"{which}_{name}"]) for name in ("value", "low", "high"))
    n = float(cell[f"{which}_respondents"])
    form = "{:.0%}" if side.unit == "proportion" else "{:.1f}"
    silence = str(cell[f"{which}_silence"])
    above = float(cell[f"{which}_above"])
    return {
        "source": side.short_title,
        "title": side.title,
        "signal": side.signal,
        "period": str(side.period),
        "value": value,
        "low": low,
        "high": high,
        "respondents": n,
        "standing": float(cell[f"{which}_standing"]) if not silence else np.nan,
        "low_standing": float(cell[f"{which}_standing_low"]),
        "high_standing": float(cell[f"{which}_standing_high"]),
        "where": verdict_words.side(above) if not silence and np.isfinite(above) else "",
        "silence": silence,
        "value_said": form.format(value) if np.isfinite(value) else "–",
        "range_said": f"{form.format(low)} to {form.format(high)}; " if np.isfinite(low) else "",
        "answers_said": f"{n:,.0f} answers" if np.isfinite(n) else "answers not given",
        "said": said,
    }
