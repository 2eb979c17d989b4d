"""What the report of sources over time says: whether they move together, and what stands out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.rows import each
from pxcore.analysis.time.history import Silent
from pxcore.analysis.time.movers import MoversReport
from pxcore.analysis.time.series import Series
from pxcore.analysis.time.trends import TrendsReport
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES, Grain, Organisation
from pxcore.stats.control_chart import (
    FEW_ANSWERS,
    FEWEST_POINTS,
    SETTLED_POINTS,
    Signal,
    Variation,
)
from pxcore.stats.lead_lag import FEWEST_MONTHS
from pxcore.stats.trend import LEAST_WORTH, SLOPE_MARGIN, Direction, Together
from pxcore.words import movers
from pxcore.words import series as words
from pxcore.words.english import counted, joined, percent
from pxcore.words.history import SILENT, members, silent
from pxcore.words.methods import method as paragraphs

_IN_SWING = "No month or quarter stands outside the limits of a source that has them."
_PROMPT = "A month that stands out is a prompt to look, not a judgement of care."


def whom(report: TrendsReport) -> str:
    """Whose series these are."""
    return report.name if report.view.unit else everybody(report.view.level, report.name)


def everybody(level: Grain, area: str) -> str:
    """What all organisations of an area, or of everywhere, are called together."""
    of_area = f" of {area}" if area else ""
    return f"All {GRAIN_TITLES[level][1]}{of_area} together"


def organisations(whole: tuple[Grain, str], each_by_code: dict[str, str]) -> dict[str, str]:
    """Whose series can be looked at, code -> name: all of a level and area together first."""
    return {"": everybody(*whole)} | each_by_code


def _titles(series: Sequence[Series]) -> list[str]:
    return [drawn.side.short_title for drawn in series]


def headline(report: TrendsReport, changed: MoversReport | None) -> str:
    """Of all organisations whether the sources move together, and which of them changed; of one, how it
    changed."""
    if changed is None or not (moved := _changed(report, changed)):
        return summary(report)
    return moved if report.view.unit else f"{verdict(report)} {moved}"


def beneath(report: TrendsReport, changed: MoversReport | None) -> str:
    """What stands beneath the headline: which sources move where any does, and what limits it."""
    if report.view.unit or changed is None or not _changed(report, changed):
        return limits(report)
    moving = any(series.moves for series in report.directed)
    parts = (
        summary(report) if moving else "",
        movers.counts(changed) if changed.in_two() else "",  # else the headline has counted them
        limits(report),
    )
    return " ".join(part for part in parts if part)


def _changed(report: TrendsReport, changed: MoversReport) -> str:
    return (
        movers.headline_of_one(changed, report.name)
        if report.view.unit
        else movers.summary(changed)
    )


def summary(report: TrendsReport) -> str:
    """Where the sources are heading, in a sentence."""
    return f"{whom(report)}: {_answer(report)}"


def verdict(report: TrendsReport) -> str:
    """Whose series move together, or not, in a short sentence."""
    return f"{whom(report)}: {_together(report)}."


def _together(report: TrendsReport) -> str:
    directed = report.directed
    if not directed:
        return "no source has figures long enough to look for a direction"
    if len(directed) == 1:
        title = directed[0].side.short_title
        return f"only {title} speaks often enough to show a direction, so none can be said to move together"
    if not any(series.moves and not series.moved_by_asking for series in directed):
        return "no source shows a trend, so no movement can be compared"
    together = {pair.together for pair in report.counted}
    if Together.OPPOSITE in together:
        return "some sources move in opposite directions"
    if Together.SAME in together:
        flat = not all(series.moves for series in directed)
        return f"{'some sources' if flat else 'the sources'} move in the same direction"
    return "the sources are not shown to move together"


def _answer(report: TrendsReport) -> str:
    if not report.series:
        return "no source has a figure over time that may be shown."
    directed = report.directed
    if not directed:
        many = len(report.series) > 1
        return (
            f"{counted(len(report.series), 'source')} {'have' if many else 'has'} figures over time, "
            f"{'none' if many else 'not'} long and even enough since the last break to look for a "
            "direction."
        )
    if len(directed) == 1:
        return (
            f"only {directed[0].side.short_title} speaks often enough to show a direction, so nothing can be "
            f"said to move together. {words.direction(directed[0])}."
        )
    parts = [
        f"{series.side.short_title} is {words.DIRECTION_WORDS[series.direction]}"
        for series in directed
        if series.direction and series.moves and not series.moved_by_asking
    ]
    parts += [
        f"{series.side.short_title} goes {'up' if series.direction is Direction.UP else 'down'}, but "
        f"{words.moved_by_asking(series)}: that shows no trend in care"
        for series in directed
        if series.moves and series.moved_by_asking
    ]
    if not parts:
        return (
            f"none of {joined(_titles(directed))} shows a trend, so it cannot be told whether they move "
            "together."
        )
    flat = _titles([series for series in directed if not series.moves])
    if flat:
        parts.append(f"{joined(flat)} show{'s' if len(flat) == 1 else ''} no trend")
    together = {pair.together for pair in report.counted}
    verdict = "not shown to move together"
    if Together.OPPOSITE in together:
        verdict = "some move in opposite directions"
    elif Together.SAME in together:
        verdict = f"{'some move' if flat else 'moving'} in the same direction"
    return f"{verdict}. {'; '.join(parts)}."


def together(report: TrendsReport) -> str:
    """The picture of every source in words."""
    return (
        f"{whom(report)} over time. {' '.join(words.summary(series) for series in report.series)}"
    )


def limits(report: TrendsReport) -> str:
    """What limits it."""
    if not report.series:
        return ""
    sentences = []
    waves = _titles([series for series in report.series if series.is_wave])
    if waves:
        come = "comes" if len(waves) == 1 else "come"
        sentences.append(f"{joined(waves)} {come} in waves, too few for a direction.")
    if report.silent:
        reasons = [f"{past.side.short_title} ({silent(past.silent)})" for past in report.silent]
        sentences.append(f"Silent here: {'; '.join(reasons)}.")
    charted = [
        series.chart
        for series in report.series
        if series.chart is not None and series.variation is not Variation.TOO_FEW
    ]
    out = any(signal is not Signal.NONE for chart in charted for signal in chart.signal)
    return " ".join([*sentences, _PROMPT if out or not charted else _IN_SWING])


def icon_table(report: TrendsReport) -> Released:
    """A source a row: its latest figure, whether it varies more than usual, its target, its direction."""
    return Released(
        [words.icon_row(series) for series in report.series],
        columns=[
            *("source", "latest", "variation", "direction"),
            *(["assurance"] if report.any_target else []),
        ],
    )


def findings(report: TrendsReport) -> list[str]:
    """Up to four short things to notice."""
    sentences = [
        f"{series.side.short_title}: {words.latest(series)}. {words.variation(series)}."
        for series in report.monthly
        if series.special
    ]
    sentences += [words.stepped(series) for series in report.monthly if series.moved_by_asking]
    for series in report.monthly:
        if series.chart is None or len(sentences) > 3:
            continue
        outside = [
            str(period)
            for period, signal in zip(series.shown["period"], series.chart.signal, strict=True)
            if signal is Signal.OUTSIDE
        ]
        if outside:
            earlier = f" and {len(outside) - 3} earlier" if len(outside) > 3 else ""
            sentences.append(
                f"{series.side.short_title}, outside the limits: {joined(outside[-3:])}{earlier}."
            )
    sentences += [change for series in report.series if (change := words.wave_change(series))]
    sentences += [
        f"{series.side.short_title} varies less than chance alone would make it: are some figures copies of "
        "others?"
        for series in report.series
        if series.chart is not None and series.chart.under_dispersed
    ]
    sentences += warnings(report)
    return sentences or ["No point stands out from its usual swing."]


def warnings(report: TrendsReport) -> list[str]:
    """Pairs that are the same people twice."""
    return [f"{pair.title}: {words.same_people(pair)}" for pair in report.pairs if pair.same_people]


def next_steps(report: TrendsReport) -> list[str]:
    """Why each source shows nothing, and what is left to choose."""
    sentences = [f"{past.side.title}: {silent(past.silent)}." for past in report.silent]
    if report.view.unit and report.view.organisation is Organisation.CURRENT:
        sentences.append("An organisation that was split can be looked at as reported.")
    return sentences


def notes(report: TrendsReport) -> list[str]:
    """What was decided in drawing each series, and what is not there."""
    sentences = [note for series in report.series for note in _notes(series, report.view.level)]
    sentences += [f"{past.side.short_title}: {silent(past.silent)}." for past in report.silent]
    if report.left_out:
        more = "One more source is"
        if report.left_out > 1:
            more = f"{report.left_out} more sources are"
        sentences.append(f"{more} not drawn: choose a service.")
    looked_at = sum(pair.looked_at for pair in report.pairs)
    if looked_at > 1:
        sentences.append(
            f"{looked_at} pairs were looked at for who moves first; in about 1 of 20 such pairs a lag "
            "stands out by chance."
        )
    return sentences


def _notes(series: Series, level: Grain) -> list[str]:
    title = series.side.short_title
    sentences = []
    if series.history.members is not None:
        sentences.append(f"{title}: {members(series.history.members, level)}")
    hidden = series.history.points[~series.history.points["shown"]]
    if len(hidden):
        counts = Counter(Silent(why) for why in hidden["why"]).most_common()
        reasons = "; ".join(f"{SILENT[why]} ({count})" for why, count in counts)
        sentences.append(
            f"{title}: {counted(len(hidden), series.every.value)} not shown: {reasons}."
        )
    for cut in series.cuts:
        when = f"{cut.on:%B %Y}"
        sentences.append(
            f"{title}, {when}: {cut.label}. The step is not a change in care."
            if cut.kind == "break"
            else f"{title} starts afresh in {when}: {cut.label} (decided by {cut.by})."
        )
    return sentences + [
        f"{title}, {merger.on:%B %Y}: {words.merger(merger)}; counts are added throughout."
        for merger in series.mergers
    ]


def table(report: TrendsReport) -> Released:
    """Every point due, of every source, with its limits and what the rules say of it."""
    return Released(
        pd.concat([_points(series) for series in report.series], ignore_index=True)
        if report.series
        else None,
        columns=POINT_COLUMNS,
    )


POINT_COLUMNS = [
    "source", "measure", "period", "start", "end", "value", "low", "high", "respondents",
    "positive", "organisations", "chart", "centre", "lower_limit", "upper_limit", "variation",
    "signal", "starts_afresh", "why",
]  # fmt: skip


def _points(series: Series) -> pd.DataFrame:
    """Every point due of one source."""
    points = series.history.points
    shown = points["shown"].to_numpy()
    limits = np.full((3, len(points)), np.nan)
    variation, signal, cuts = np.full((3, len(points)), "", dtype=object)
    if series.chart is not None:
        limits[:, shown] = series.chart.centre, series.chart.lower, series.chart.upper
        variation[shown] = [kind.value for kind in series.chart.variation]
        signal[shown] = [words.SIGNAL_WORDS[kind] for kind in series.chart.signal]
    for cut in series.cuts:
        first = next((at for at, start in enumerate(points["start"]) if start >= cut.on), None)
        if first is not None:
            cuts[first] = cut.label
    silent = zip(shown, points["why"], strict=True)
    made = {
        "source": series.side.short_title,
        "measure": series.side.measure_title,
        "chart": "waves" if series.chart is None else series.chart.chart.value,
        "centre": limits[0],
        "lower_limit": limits[1],
        "upper_limit": limits[2],
        "variation": variation,
        "signal": signal,
        "starts_afresh": cuts,
        "why": ["" if known else SILENT[why] for known, why in silent],
    }
    return pd.DataFrame(
        {name: made[name] if name in made else points[name].to_numpy() for name in POINT_COLUMNS}
    )


def screen(report: TrendsReport) -> Released:
    """The table for the screen: percentages, the latest points first."""
    rows = table(report)
    of_kind = {series.side.short_title: series for series in report.series}
    proportion = [of_kind[source].side.unit == "proportion" for source in rows["source"]]
    waves = [of_kind[source].is_wave for source in rows["source"]]
    scale = np.where(proportion, 100.0, 1.0)
    # limits are worked out as they are, and shown within what the measure can be
    whole = np.where(proportion, 100.0, np.inf)
    figures = {
        name: np.clip(rows[name].to_numpy(dtype=float) * scale, 0, whole)
        for name in ("value", "low", "high", "centre", "lower_limit", "upper_limit")
    }
    swings = zip(
        waves,
        *(figures[name] for name in ("low", "high", "centre", "lower_limit", "upper_limit")),
        strict=True,
    )
    texts = zip(rows["signal"], rows["why"], rows["variation"], strict=True)
    rows = rows.assign(
        **figures,
        swing=[
            f"{low:.1f} to {high:.1f} (95 % range)"
            if wave and np.isfinite(low)
            else f"{centre:.1f} ({lower:.1f} to {upper:.1f})"
            if np.isfinite(centre)
            else ""
            for wave, low, high, centre, lower, upper in swings
        ],
        rule=[signal or why or variation for signal, why, variation in texts],
    )
    return rows.sort_values("start", ascending=False, kind="stable").reset_index(drop=True)


def pairs(report: TrendsReport) -> Released:
    """One row per pair of series that could be compared."""
    return Released(
        [
            {
                "pair": pair.title,
                "directions": words.directions(pair),
                "gap": words.gap(pair),
                "ahead": words.ahead(pair),
            }
            for pair in report.pairs
        ],
        columns=["pair", "directions", "gap", "ahead"],
    )


def decisions(report: TrendsReport) -> Released:
    """Every decision on these series, the latest first; withdrawn ones stay listed."""
    titles = {name: row["short_title"] for name, row in maps.sources().items()}
    rows = []
    for row in each(report.rebases):
        what = f"{titles[row.source]} starts afresh in {row.month:%B %Y}"
        rows.append((row, "rebase", whom(report), what, f"{row.month:%Y-%m-%d}"))
    for row in each(report.targets):
        unit = maps.measures().get((row.source, row.measure), {}).get("unit", "proportion")
        value = percent(row.value) if unit == "proportion" else f"{row.value:g}"
        what = f"{titles[row.source]}: target {value}"
        rows.append((row, "target", "Every organisation", what, row.measure))
    return Released(
        [
            {
                "kind": kind,
                "source": row.source,
                "of": of,
                "what": f"No longer: {what}" if row.withdrawn else what,
                "reason": row.reason,
                "by": row.decided_by,
                "at": row.decided_at,
                "stands": bool(row.stands),
                "about": about,
            }
            for row, kind, of, what, about in sorted(rows, key=lambda row: -int(row[0].revision))
        ],
        columns=["kind", "source", "of", "what", "reason", "by", "at", "stands", "about"],
    )


def method(report: TrendsReport) -> tuple[str, ...]:
    charts = [
        f"{series.side.short_title}: {words.why_chart(series)}"
        for series in report.monthly
        if series.chart is not None
    ]
    return paragraphs(
        "trends",
        few_answers=FEW_ANSWERS,
        fewest=FEWEST_POINTS,
        settled=SETTLED_POINTS,
        charts=" ".join(charts),
        margin=SLOPE_MARGIN,
        months=FEWEST_MONTHS,
        worth=LEAST_WORTH,
    )
