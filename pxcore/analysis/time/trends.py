"""Are the sources moving together? Each over time with its usual swing, its direction, and both compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import readable
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.rows import JSON_SCHEMA, each, records
from pxcore.analysis.time.history import NO_FIGURE, CellsOf, Every, History, View, history, sides_of
from pxcore.analysis.time.history import silent as silent_history
from pxcore.analysis.time.series import (
    DIRECTION_WORDS,
    SIGNAL_WORDS,
    Pair,
    Series,
    charted,
    paired,
    percent,
    share,
)
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import GRAIN_TITLES, Disclosure, Grain, Organisation
from pxcore.stats.control_chart import FEWEST_POINTS, SETTLED_POINTS, Signal, Variation
from pxcore.stats.lead_lag import FEWEST_MONTHS, Leads
from pxcore.stats.trend import SLOPE_MARGIN, Direction, Together, q_values
from pxcore.store import Store
from pxcore.words.english import joined

MOST_SERIES = 8


@dataclass(frozen=True, slots=True)
class TrendsReport:
    """Every source of one organisation, or of all of an area together, over time."""

    view: View
    name: str  # of the organisation or area; "" for everywhere
    series: tuple[Series, ...]  # with at least one point
    silent: tuple[History, ...]  # sources that show nothing here; each says why
    pairs: tuple[Pair, ...]
    rebases: Released  # decisions on where these series start afresh, the latest first
    targets: Released
    left_out: int  # series beyond the most that are drawn
    revision: int

    @property
    def monthly(self) -> tuple[Series, ...]:
        """The series that have a chart of their own: by the month or quarter."""
        return tuple(one for one in self.series if not one.is_wave)

    @property
    def directed(self) -> tuple[Series, ...]:
        return tuple(one for one in self.series if one.trend is not None)

    @property
    def counted(self) -> tuple[Pair, ...]:
        """Pairs whose directions can be compared and are two sources."""
        return tuple(
            pair
            for pair in self.pairs
            if pair.together is not Together.TOO_FEW
            and not (pair.same_people or pair.others)
            and not any(one.moves and one.moved_by_asking for one in (pair.left, pair.right))
        )

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({n for one in self.series for n in one.history.extracts}))

    def waves_and_others(self) -> tuple[list[Side], list[Side]]:
        """The sources that speak in waves here, and the other series: those whose changes can be set
        against each other over all organisations."""
        waves = [one.side for one in self.series if one.is_wave]
        waves += [
            one.side
            for one in self.silent
            if one.every is Every.WAVE and one.side.signal == "survey"
        ]
        return waves, [one.side for one in self.series if not one.is_wave]

    def without_a_figure(self) -> list[str]:
        """Sources that are silent because no row of theirs is of an organisation here: names may wait."""
        return [one.side.source for one in self.silent if one.silent == NO_FIGURE]

    def whom(self) -> str:
        """Whose series these are."""
        return self.name if self.view.unit else _whole(self.view.level, self.name)

    def summary(self) -> str:
        """The one plain sentence."""
        if not self.series:
            return f"{self.whom()}: no source has a figure over time that may be shown."
        directed, counted = self.directed, self.counted
        if not directed:
            many = len(self.series) > 1
            return (
                f"{self.whom()}: {len(self.series)} source{'s have' if many else ' has'} figures over time, "
                f"{'none' if many else 'not'} long and even enough since the last break to look for a "
                "direction."
            )
        if len(directed) == 1:
            one = directed[0]
            return (
                f"{self.whom()}: only {one.side.short_title} speaks often enough to show a direction, so "
                f"nothing can be said to move together. {one.direction_said()}."
            )
        said = [
            f"{one.side.short_title} is {DIRECTION_WORDS[one.direction]}"
            for one in directed
            if one.direction in (Direction.UP, Direction.DOWN) and not one.moved_by_asking
        ]
        moved = [
            f"{one.side.short_title} goes {'up' if one.direction is Direction.UP else 'down'}, but "
            f"{one.moved_by_asking}: no trend in care is shown by that"
            for one in directed
            if one.moves and one.moved_by_asking
        ]
        flat = [one.side.short_title for one in directed if one.direction is Direction.NOT_SHOWN]
        said += moved
        if not said:
            return (
                f"{self.whom()}: none of {joined([one.side.short_title for one in directed])} shows a "
                "trend; that is not agreement."
            )
        if flat:
            said.append(f"{joined(flat)} show{'s' if len(flat) == 1 else ''} no trend")
        same = sum(pair.together is Together.SAME for pair in counted)
        opposite = sum(pair.together is Together.OPPOSITE for pair in counted)
        verdict = "not shown to move together"
        if opposite:
            verdict = "some move in opposite directions"
        elif same and not flat:
            verdict = "moving in the same direction"
        elif same:
            verdict = "some move in the same direction"
        return f"{self.whom()}: {verdict}. {'; '.join(said)}."

    def limits(self) -> str:
        """What limits it."""
        if not self.series:
            return ""
        said = []
        waves = [one.side.short_title for one in self.series if one.is_wave]
        if waves:
            said.append(
                f"{joined(waves)} speak{'s' if len(waves) == 1 else ''} in waves: points, no direction."
            )
        if self.silent:
            told = [f"{one.side.short_title} ({one.silent})" for one in self.silent]
            said.append(f"Silent here: {'; '.join(told)}.")
        said.append("A month that stands out is a prompt to look, not a judgement of care.")
        return " ".join(said)

    def figures(self) -> list[tuple[str, str, str]]:
        directed, monthly, counted = self.directed, self.monthly, self.counted
        sound = [one for one in directed if not one.moved_by_asking]
        up = sum(one.direction is Direction.UP for one in sound)
        down = sum(one.direction is Direction.DOWN for one in sound)
        odd = [
            one for one in monthly if one.variation in (Variation.IMPROVEMENT, Variation.CONCERN)
        ]
        limited = [one for one in monthly if one.variation is not Variation.TOO_FEW]
        same = sum(pair.together is Together.SAME for pair in counted)
        ahead = [
            pair
            for pair in self.pairs
            if pair.ahead and pair.ahead.state is not Leads.NOT_QUALIFIED
        ]
        leading = [pair for pair in ahead if pair.ahead and pair.ahead.lag]
        return [
            (
                "Show a direction",
                share(up + down, len(directed)),
                f"{up} rising, {down} falling, of sources with at least {FEWEST_POINTS} points",
            ),
            (
                "Latest point stands out",
                share(len(odd), len(limited)),
                "sources with limits"
                + (f": {joined([one.side.short_title for one in odd])}" if odd else ""),
            ),
            (
                "Move in the same direction",
                share(same, len(counted)),
                "pairs of sources that can be compared",
            ),
            (
                "One moves first",
                share(len(leading), len(ahead)),
                "pairs looked at"
                if ahead
                else f"it takes two sources with {FEWEST_MONTHS} months in common",
            ),
        ]

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        for one in self.monthly:
            if one.variation in (Variation.IMPROVEMENT, Variation.CONCERN):
                said.append(f"{one.side.short_title}: {one.latest_said()}. {one.variation_said()}.")
        said += [f"{told}." for one in self.monthly if (told := one.step_said())]
        for one in self.monthly:
            found = one.chart
            if found is None or len(said) > 3:
                continue
            far = [
                str(period)
                for period, signal in zip(one.shown["period"], found.signal, strict=True)
                if signal is Signal.OUTSIDE
            ]
            if far:
                said.append(
                    f"{one.side.short_title}, outside the limits: {joined(far[-3:])}"
                    + (f" and {len(far) - 3} earlier." if len(far) > 3 else ".")
                )
        said += [f"{change}." for one in self.series if (change := one.wave_change())]
        for one in self.series:
            if one.chart is not None and one.chart.under_dispersed:
                said.append(
                    f"{one.side.short_title} varies less than chance alone would make it: are some "
                    "figures copies of others?"
                )
        for pair in self.pairs:
            if pair.same_people:
                said.append(f"{pair.title}: {pair.same_people}")
        return said or ["No point stands out from its usual swing."]

    def next_steps(self) -> list[str]:
        """Why each source shows nothing here, and what is left to choose."""
        said = [f"{one.side.title}: {one.silent}." for one in self.silent]
        if self.view.unit and self.view.organisation is Organisation.CURRENT:
            said.append("An organisation that was split can be looked at as reported.")
        return said

    def notes(self) -> list[str]:
        """What was decided in drawing each series, and what is not there."""
        single, many = GRAIN_TITLES[self.view.level]
        said = []
        for one in self.series:
            title = one.side.short_title
            if one.history.members is not None:
                said.append(f"{title}: {one.history.members.said(single, many)}")
            hidden = one.history.points[~one.history.points["shown"]]
            if len(hidden):
                told = hidden["why"].value_counts()
                said.append(
                    f"{title}: {len(hidden)} {one.every.value}{'s' if len(hidden) != 1 else ''} not "
                    "shown: " + "; ".join(f"{why} ({n})" for why, n in told.items()) + "."
                )
            if one.lopsided:
                said.append(
                    f"{title}: so few answers in a {one.every.value} are not positive that rows of points on "
                    "one side come about by chance: read its signs with caution."
                )
            for cut in one.cuts:
                when = f"{cut.on:%B %Y}"
                said.append(
                    f"{title}, {when}: {cut.label}. The step is not a change in care."
                    if cut.kind == "break"
                    else f"{title} starts afresh in {when}: {cut.label} (decided by {cut.by})."
                )
            said += [
                f"{title}, {on:%B %Y}: {what}; counts are added throughout."
                for on, what in one.mergers
            ]
        said += [f"{one.side.short_title}: {one.silent}." for one in self.silent]
        if self.left_out:
            more = (
                "One more source is" if self.left_out == 1 else f"{self.left_out} more sources are"
            )
            said.append(f"{more} not drawn: choose a service.")
        looked = sum(
            pair.ahead is not None and pair.ahead.state is not Leads.NOT_QUALIFIED
            for pair in self.pairs
        )
        if looked > 1:
            said.append(
                f"{looked} pairs were looked at for who moves first; in about 1 of 20 such pairs a lag "
                "stands out by chance."
            )
        return said

    def warnings(self) -> list[str]:
        return [f"{pair.title}: {pair.same_people}" for pair in self.pairs if pair.same_people]

    def table(self) -> Released:
        """Every point due, of every source, with its limits and what the rules say of it."""
        told = []
        for one in self.series:
            points = one.history.points
            rows = points.assign(
                source=one.side.short_title,
                measure=one.side.measure_title,
                centre=np.nan,
                lower_limit=np.nan,
                upper_limit=np.nan,
                variation="",
                signal="",
                chart="waves" if one.is_wave else "",
            )
            if one.chart is not None:
                at = points.index[points["shown"]]
                rows.loc[at, "centre"] = one.chart.centre
                rows.loc[at, "lower_limit"] = one.chart.lower
                rows.loc[at, "upper_limit"] = one.chart.upper
                rows.loc[at, "variation"] = [v.value for v in one.chart.variation]
                rows.loc[at, "signal"] = [SIGNAL_WORDS[s] for s in one.chart.signal]
                rows["chart"] = one.chart.chart.value
            cuts = pd.Series("", index=points.index)
            for cut in one.cuts:
                first = points.index[[start >= cut.on for start in points["start"]]]
                cuts.loc[first[:1]] = cut.label
            told.append(rows.assign(starts_afresh=cuts))
        columns = [
            "source", "measure", "period", "start", "end", "value", "low", "high", "respondents",
            "positive", "organisations", "chart", "centre", "lower_limit", "upper_limit", "variation",
            "signal", "starts_afresh", "why",
        ]  # fmt: skip
        if not told:
            return Released(columns=columns)
        return Released(pd.concat(told, ignore_index=True)[columns])

    def screen(self) -> Released:
        """The table for the screen: percentages, the latest points first."""
        rows = self.table()
        proportion = {one.side.short_title for one in self.series if one.side.unit == "proportion"}
        scale = np.where(rows["source"].isin(proportion), 100.0, 1.0)
        for column in ("value", "low", "high", "centre", "lower_limit", "upper_limit"):
            rows[column] = rows[column].astype("float64") * scale
            # limits are worked out as they are, and shown within what the measure can be
            rows[column] = rows[column].clip(0, np.where(scale == 100, 100, np.inf))
        waves = {one.side.short_title for one in self.series if one.is_wave}
        rows["swing"] = [
            f"{low:.1f} to {high:.1f} (95 % range)"
            if source in waves and np.isfinite(low)
            else (f"{centre:.1f} ({down:.1f} to {up:.1f})" if np.isfinite(centre) else "")
            for source, low, high, centre, down, up in zip(
                *(
                    rows[c]
                    for c in ("source", "low", "high", "centre", "lower_limit", "upper_limit")
                ),
                strict=True,
            )
        ]
        rows["said"] = [
            signal if signal else (why or variation)
            for signal, why, variation in zip(
                rows["signal"], rows["why"], rows["variation"], strict=True
            )
        ]
        return rows.sort_values("start", ascending=False, kind="stable").reset_index(drop=True)

    def pairs_table(self) -> Released:
        """One row per pair of series that could be compared."""
        return Released(
            [
                {
                    "pair": pair.title,
                    "said": pair.said(),
                    "gap": pair.gap_said(),
                    "ahead": pair.ahead_said(),
                }
                for pair in self.pairs
            ],
            columns=["pair", "said", "gap", "ahead"],
        )

    def series_named(self) -> dict[str, str]:
        """Source -> title, of the series that can be started afresh or given a target."""
        return {one.side.source: one.side.title for one in self.monthly}

    def by_month(self) -> dict[str, str]:
        """Source -> short title, of the series of percentages by the month."""
        return {
            one.side.source: one.side.short_title
            for one in self.monthly
            if one.every is Every.MONTH and one.side.unit == "proportion"
        }

    def one(self, source: str) -> Series:
        return next(one for one in self.series if one.side.source == source)

    def starts(self, source: str) -> dict[date, str]:
        """The months or quarters at which a series could start afresh, the latest first."""
        points = self.one(source).history.points.iloc[1:]
        return {
            start: str(period)
            for start, period in zip(points["start"][::-1], points["period"][::-1], strict=True)
        }

    def decisions(self) -> Released:
        """Every decision on these series, in words, the latest first; withdrawn ones stay listed."""
        told = []
        titles = maps.sources()
        for row in each(self.rebases):
            what = f"{titles[row.source]['short_title']} starts afresh in {row.month:%B %Y}"
            told.append((row, "rebase", what, f"{row.month:%Y-%m-%d}"))
        for row in each(self.targets):
            unit = maps.measures().get((row.source, row.measure), {}).get("unit", "proportion")
            value = percent(row.value) if unit == "proportion" else f"{row.value:g}"
            told.append(
                (row, "target", f"{titles[row.source]['short_title']}: target {value}", row.measure)
            )
        told.sort(key=lambda one: -int(one[0].revision))
        return Released(
            [
                {
                    "kind": kind,
                    "source": row.source,
                    "of": "Every organisation" if kind == "target" else self.whom(),
                    "what": ("No longer: " if row.withdrawn else "") + what,
                    "reason": row.reason,
                    "by": row.decided_by,
                    "at": row.decided_at,
                    "stands": bool(row.stands),
                    "about": about,
                }
                for row, kind, what, about in told
            ],
            columns=["kind", "source", "of", "what", "reason", "by", "at", "stands", "about"],
        )

    def method(self) -> tuple[str, ...]:
        charts = " ".join(
            f"{one.side.short_title}: {one.why_chart}" for one in self.monthly if one.why_chart
        )
        return (
            "**The usual swing** of a series is what it differs by from one month to the next. Points "
            "outside the limits, 7 in a row on one side of the mean, 7 in a row each higher (or lower), "
            "and 2 in 3 near a limit are special causes: something beyond the usual swing. The rules "
            "are those of NHS England's Making Data Count. Up is better for every measure here. By these "
            "rules some points stand out by chance: the more sources and months, the more.",
            f"**Which chart**: an XmR chart; a p′ chart where the number of answers differs by more than "
            f"a quarter from its mean or is under 30 in any month, so that its limits follow the "
            f"answers. Under {FEWEST_POINTS} points there are no limits, under {SETTLED_POINTS} trial "
            f"limits. {charts}",
            "**Nothing is worked out across a break** of question or method, or across a month at which a "
            "person has decided that a series starts afresh. A missing month breaks a run.",
            "**All together**: answers are added up, never percentages averaged, over the organisations that "
            "report nearly always, so that a change of who reports is not taken for a change. Where an "
            "organisation sends many more answers than before, the total leans towards it.",
            "**Direction**: Mann–Kendall test and Sen's slope since the last break, each month of the year "
            "compared with itself from 36 months on; allowed for neighbouring months resembling each "
            "other, and held to a false-discovery rate of 5 % over the sources shown. It is not looked for "
            "where the number of answers leapt from a few to many: of six answers most often all are "
            "positive, of six hundred hardly ever. No trend shown does not mean none. Two slopes are shown "
            f"to be alike only where their difference lies within {SLOPE_MARGIN} typical differences "
            "between organisations a year.",
            f"**Who moves first** is looked at only where two sources have {FEWEST_MONTHS} months in common "
            "without a gap or a break: monthly changes, with each series' own past taken out, at lags of up "
            "to 6 months. To move ahead of is not to cause.",
            "**Community voice** is told by the quarter, surveys by the wave with 95 % ranges. A figure "
            "that rests on too few people is not drawn, nor can it be had from a total.",
        )

    def as_json(self) -> dict[str, Any]:
        """The report for programs: stable keys, unrounded, proportions 0-1, missing is None."""
        points = records(self.table())
        for record in points:
            record["start"], record["end"] = str(record["start"]), str(record["end"])
        return {
            "schema": JSON_SCHEMA,
            "status": "ok" if self.series else "not_enough_evidence",
            "summary": self.summary(),
            "unit": self.view.unit or None,
            "area": self.view.area or None,
            "name": self.name or None,
            "level": self.view.level.value,
            "service": self.view.service or None,
            "floor": self.view.disclosure.floor,
            "revision": self.revision,
            "extracts": list(self.extracts),
            "notes": self.notes(),
            "sources": [
                {
                    "source": one.side.source,
                    "measure": one.side.measure,
                    "every": one.every.value,
                    "chart": one.chart.chart.value if one.chart else None,
                    "why_chart": one.why_chart or None,
                    "variation": None if one.is_wave else one.variation.value,
                    "target": one.target.value if one.target else None,
                    "assurance": one.assurance.value if one.assurance else None,
                    "direction": one.direction.value if one.direction else None,
                    "why_no_trend": one.why_no_trend or None,
                    "slope": one.trend.slope if one.trend else None,
                    "slope_low": one.trend.interval.low if one.trend else None,
                    "slope_high": one.trend.interval.high if one.trend else None,
                    "p_value": one.trend.test.p_value if one.trend else None,
                    "q_value": one.q_value,
                    "starts_afresh": [
                        {
                            "on": str(cut.on),
                            "kind": cut.kind,
                            "label": cut.label,
                            "by": cut.by or None,
                        }
                        for cut in one.cuts
                    ],
                    "points": [
                        {
                            key: value
                            for key, value in record.items()
                            if key not in ("source", "measure")
                        }
                        for record in points
                        if record["source"] == one.side.short_title
                    ],
                }
                for one in self.series
            ],
            "silent": [{"source": one.side.source, "reason": one.silent} for one in self.silent],
            "pairs": [
                {
                    "left": pair.left.side.source,
                    "right": pair.right.side.source,
                    "together": pair.together.value,
                    "said": pair.said(),
                    "difference": pair.comparison.difference if pair.in_typical else None,
                    "difference_low": pair.comparison.interval.low
                    if pair.comparison.interval and pair.in_typical
                    else None,
                    "difference_high": pair.comparison.interval.high
                    if pair.comparison.interval and pair.in_typical
                    else None,
                    "lead_lag": pair.ahead.state.value if pair.ahead else None,
                    "lag": pair.ahead.lag if pair.ahead else None,
                    "lead_lag_said": pair.ahead_said(),
                    "same_people": pair.same_people or None,
                    "different_organisations": pair.others or None,
                }
                for pair in self.pairs
            ],
        }


# --- Asking ---


def trends(
    store: Store,
    *,
    unit: str = "",
    area: str = "",
    service: str = "",
    organisation: Organisation = Organisation.CURRENT,
    disclosure: Disclosure | None = None,
    measures: tuple[tuple[str, str], ...] = (),
    cells_of: CellsOf | None = None,
) -> TrendsReport:
    """Every source over time, of one organisation or of all of an area together.

    `unit` is a practice or trust, "" for all of the `area`, which is "" for everywhere. Without a unit
    the `service` says which organisations are meant; "" is the service most organisations speak of.
    `measures` names a measure of a source where it is not the usual one. `cells_of` may keep the cells of
    a source between questions.

    Raises NothingToCompare for a unit no loaded file holds or an area nobody with data belongs to,
    UnknownSource for a service there is none of.
    """
    known = [row["service"] for row in maps.rows("services")]
    if service and service not in known:
        raise UnknownSource(
            f"There is no service called ‘{service}’.", fix=f"They are: {', '.join(known)}."
        )
    several = False  # services the organisation is spoken of, none of them chosen
    coverage = store.query("coverage")
    loaded = set(coverage["source"])
    told = speakers(store, organisation)
    if unit:
        own = told[told["unit"] == unit]
        if own.empty:
            if organisation is Organisation.CURRENT and unit in set(
                speakers(store, Organisation.REPORTED)["unit"]
            ):
                raise NothingToCompare(
                    f"{unit} is not an organisation of today: it became another, or was split.",
                    fix="Look at what it became, or at organisations as they were reported.",
                )
            raise NothingToCompare(
                f"No loaded file holds figures of {unit}.",
                fix="Give the code of a practice or trust: see ‘align’, or the Alignment page.",
            )
        area = ""
        level = Grain(str(own["level"].mode().iloc[0]))
        speaking = set(own.loc[own["level"] == level.value, "source"])
        name = str(own["name"].iloc[0])
        services = {maps.source(source)["service"] for source in speaking} - {""}
        several = len(services) > 1 and not service
        service = service or (services.pop() if len(services) == 1 else "")
    else:
        service = service or _usual_service(told)
        level = _level_of(service, told)
        speaking = loaded
        name = _area_name(store, area, organisation)
    view = View(
        unit, area if not unit else "", level, service, organisation, disclosure or Disclosure()
    )
    names = dict(zip(told["unit"], told["name"], strict=True))
    rebases, targets = Released(store.query("rebases")), Released(store.query("targets"))
    mergers = store.query("mergers") if unit else None
    drawn: list[Series] = []
    silent: list[History] = []
    for side in sides_of(coverage, speaking, view, dict(measures)):
        found = (
            silent_history(side, "it speaks of several services: choose one in the sidebar")
            if unit and several and not side.service
            else history(store, side, view, names, cells_of)
        )
        if found.silent:
            silent.append(found)
        else:
            drawn.append(charted(found, view, rebases, targets, mergers))
    tested = [one for one in drawn if one.trend is not None]
    adjusted = dict(
        zip(
            [one.side.source for one in tested],
            q_values([one.trend.test.p_value for one in tested if one.trend]).tolist(),
            strict=True,
        )
    )
    judged = tuple(
        replace(one, q_value=adjusted.get(one.side.source)) for one in drawn[:MOST_SERIES]
    )
    return TrendsReport(
        view=view,
        name=name,
        series=judged,
        silent=tuple(silent),
        pairs=paired(store, judged, view),
        rebases=rebases[
            (rebases["unit"] == view.owner)
            & rebases["source"].isin([one.side.source for one in judged])
        ],
        targets=targets[targets["source"].isin([one.side.source for one in judged])],
        left_out=max(0, len(drawn) - MOST_SERIES),
        revision=store.revision,
    )


def speakers(store: Store, organisation: Organisation, area: str = "") -> pd.DataFrame:
    """One row per practice or trust and source whose files hold it: unit, name, level, source."""
    known = maps.sources()
    found = store.query(
        "speakers",
        sources=list(known),
        usual_grains=[row["grain"] for row in known.values()],
        organisation=organisation.value,
        area=area,
    )
    return found.assign(name=found["name"].map(readable))


def organisations(
    store: Store, area: str, service: str, organisation: Organisation
) -> dict[str, str]:
    """The practices and trusts of an area and service that can be looked at: code -> name and code."""
    told = speakers(store, organisation, area)
    if service:
        speaks = {name for name, row in maps.sources().items() if row["service"] in ("", service)}
        told = told[told["source"].isin(speaks)]
    named = {str(row.unit): f"{row.name} ({row.unit})" for row in each(told)}
    return dict(sorted(named.items(), key=lambda item: item[1].lower()))


def whole_title(store: Store, area: str, service: str, organisation: Organisation) -> str:
    """What all organisations of an area and service together are called."""
    told = speakers(store, Organisation.CURRENT)
    level = _level_of(service or _usual_service(told), told)
    return _whole(level, _area_name(store, area, organisation))


def _whole(level: Grain, area_name: str) -> str:
    of_area = f" of {area_name}" if area_name else ""
    return f"All {GRAIN_TITLES[level][1]}{of_area} together"


def _usual_service(told: pd.DataFrame) -> str:
    """The service of most organisations that have a source of it alone."""
    services = told["source"].map(lambda source: maps.source(source)["service"])
    counts = told.assign(service=services)[services != ""].groupby("service")["unit"].nunique()
    return str(counts.idxmax()) if len(counts) else ""


def _level_of(service: str, told: pd.DataFrame) -> Grain:
    """The level at which sources of a service speak of organisations."""
    services = told["source"].map(lambda source: maps.source(source)["service"])
    here = told[services == service]
    levels = (here if len(here) else told)["level"]
    return Grain(str(levels.mode().iloc[0])) if len(levels) else Grain.PRACTICE


def _area_name(store: Store, area: str, organisation: Organisation) -> str:
    if not area:
        return ""
    areas = store.query("areas", organisation=organisation.value)
    found = areas.loc[areas["code"] == area, "name"]
    if found.empty:
        raise NothingToCompare(
            f"No organisation with figures belongs to {area}.",
            fix="Give the code of a region, integrated care board, sub-ICB location or network.",
        )
    return readable(str(found.iloc[0]))
