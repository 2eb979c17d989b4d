"""Are the sources moving together? Each over time with its usual swing, its direction, and both compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.names import readable
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.questions import ask, ask_by
from pxcore.analysis.rows import each
from pxcore.analysis.time.cells import Every, View
from pxcore.analysis.time.history import History, Silent, history
from pxcore.analysis.time.history import silent as silent_history
from pxcore.analysis.time.series import Pair, Series, charted, paired
from pxcore.disclosure import Released, with_rounded_chances
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import EVERY_SOURCE, Grain, Organisation, Scope
from pxcore.stats.multiplicity import discovery_rates
from pxcore.store import Store

MOST_SERIES = 8


@dataclass(frozen=True, slots=True)
class TrendsReport:
    """Every source of one organisation, or of all of an area together, over time."""

    view: View
    name: str  # of the organisation or area; "" for everywhere
    series: tuple[Series, ...]  # with at least one point
    silent: tuple[History, ...]  # sources that show nothing here, each with its reason
    pairs: tuple[Pair, ...]
    rebases: Released  # decisions on where these series start afresh, the latest first
    targets: Released
    left_out: int  # series beyond the most that are drawn
    revision: int

    @property
    def monthly(self) -> tuple[Series, ...]:
        """The series that have a chart of their own: by the month or quarter."""
        return tuple(series for series in self.series if not series.is_wave)

    @property
    def directed(self) -> tuple[Series, ...]:
        return tuple(series for series in self.series if series.trend is not None)

    @property
    def counted(self) -> tuple[Pair, ...]:
        """Pairs whose directions can be compared and are two sources."""
        return tuple(pair for pair in self.pairs if pair.counts)

    @property
    def any_target(self) -> bool:
        return any(series.target is not None for series in self.series)

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({n for series in self.series for n in series.history.extracts}))

    def sides(self) -> tuple[Side, ...]:
        """Every source looked at, drawn or silent."""
        return tuple(
            [series.side for series in self.series] + [history.side for history in self.silent]
        )

    def waves_and_series(self) -> tuple[list[Side], list[Side]]:
        """The sources that speak in waves, and the series: those whose changes can be set against each
        other over all organisations."""
        waves = [series.side for series in self.series if series.is_wave]
        waves += [
            history.side
            for history in self.silent
            if history.every is Every.WAVE and history.side.signal == "survey"
        ]
        return waves, [series.side for series in self.monthly]

    def without_a_figure(self) -> list[str]:
        """Sources that are silent because no row of theirs is of an organisation here: names may wait."""
        return [
            history.side.source for history in self.silent if history.silent is Silent.NOT_OF_AREA
        ]

    def titles(self) -> dict[str, str]:
        """Source -> title, of the series that can be started afresh or given a target."""
        return {series.side.source: series.side.title for series in self.monthly}

    def by_month(self) -> dict[str, str]:
        """Source -> short title, of the series of percentages by the month."""
        return {
            series.side.source: series.side.short_title
            for series in self.monthly
            if series.every is Every.MONTH and series.side.unit == "proportion"
        }

    def of_source(self, source: str) -> Series:
        return next(series for series in self.series if series.side.source == source)

    def starts(self, source: str) -> dict[date, str]:
        """The months or quarters at which a series could start afresh, the latest first."""
        points = self.of_source(source).history.points.iloc[1:]
        return {
            start: str(period)
            for start, period in zip(points["start"][::-1], points["period"][::-1], strict=True)
        }


# --- Asking ---


def trends(store: Store, scope: Scope = EVERY_SOURCE, unit: str = "") -> TrendsReport:
    """Every source over time, of one organisation or of all of the area of the scope together.

    `unit` is a practice or trust, "" for all of the area. Without a unit the service of the scope says which
    organisations are meant; "" is the service most organisations speak of. No other two sources, times or
    settings of its pairing make a new answer.

    Raises NothingToCompare for a unit no loaded file holds or an area nobody with data belongs to,
    UnknownSource for a service there is none of.
    """
    pairing = scope.pairing
    known_by = (
        unit, pairing.area, pairing.organisation, pairing.disclosure, scope.service, scope.measures,
    )  # fmt: skip
    return ask_by(store, known_by, each_over_time, scope, unit)


def each_over_time(store: Store, scope: Scope, unit: str) -> TrendsReport:
    """The same, worked out."""
    area, service, organisation = scope.pairing.area, scope.service, scope.pairing.organisation
    known = [row["service"] for row in maps.rows("services")]
    if service and service not in known:
        raise UnknownSource(
            f"There is no service called ‘{service}’.", fix=f"They are: {', '.join(known)}."
        )
    several = False  # services the organisation is spoken of, none of them chosen
    loaded = set(store.query("coverage")["source"])
    units = ask(store, speakers, organisation)
    if unit:
        own = units[units["unit"] == unit]
        if own.empty:
            if organisation is Organisation.CURRENT and unit in set(
                ask(store, speakers, Organisation.REPORTED)["unit"]
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
        service = service or _usual_service(units)
        level = _level_of(service, units)
        speaking = loaded
        name = _area_name(store, area, organisation)
    view = View(unit, area, level, service, organisation, scope.pairing.disclosure)
    names = dict(zip(units["unit"], units["name"], strict=True))
    rebases, targets = Released(store.query("rebases")), Released(store.query("targets"))
    mergers = store.query("mergers") if unit else None
    drawn: list[Series] = []
    silent: list[History] = []
    views = [(view, speaking)]
    if area and not unit and _is_board(store, area, organisation):
        # the board itself, of which some sources speak and not of its organisations
        views.append((replace(view, unit=area, area="", level=Grain.ICB), loaded & _of_boards()))
    for of_view, sources in views:
        known_by = frozenset(sources), of_view.level, of_view.service, scope.measures
        for side in ask(store, sides_speaking, *known_by):
            over_time = (
                silent_history(side, Silent.SEVERAL_SERVICES)
                if unit and several and not side.service
                else history(store, side, of_view, names)
            )
            if over_time.silent is not None:
                silent.append(over_time)
            else:
                drawn.append(charted(over_time, of_view, rebases, targets, mergers))
    p_values = {
        series.side.source: series.trend.test.p_value
        for series in drawn
        if series.trend is not None and series.trend.tells
    }
    adjusted = dict(zip(p_values, discovery_rates(list(p_values.values())).tolist(), strict=True))
    judged = tuple(
        _with_chance(series, adjusted.get(series.side.source)) for series in drawn[:MOST_SERIES]
    )
    return TrendsReport(
        view=view,
        name=name,
        series=judged,
        silent=tuple(silent),
        pairs=paired(store, judged, view),
        rebases=rebases[
            (rebases["unit"] == view.owner)
            & rebases["source"].isin([series.side.source for series in judged])
        ],
        targets=targets[targets["source"].isin([series.side.source for series in judged])],
        left_out=max(0, len(drawn) - MOST_SERIES),
        revision=store.revision,
    )


def _with_chance(series: Series, q_value: float | None) -> Series:
    """A series with the chance of its trend, which shows or not by the figures as they are printed."""
    chances = {"trend": series.trend, "q_value": q_value}
    return replace(series, **with_rounded_chances(chances, series.history.confidential))


def speakers(store: Store, organisation: Organisation) -> pd.DataFrame:
    """One row per practice or trust and source whose files hold it: unit, name, level, source, areas."""
    known = maps.sources()
    units = store.query(
        "speakers",
        sources=list(known),
        usual_grains=[row["grain"] for row in known.values()],
        organisation=organisation.value,
    )
    return units.assign(name=units["name"].map(readable))


def organisations(
    store: Store, area: str, service: str, organisation: Organisation
) -> dict[str, str]:
    """The practices and trusts of an area and service that can be looked at: code -> name and code."""
    units = ask(store, speakers, organisation)
    if area:
        units = units[[area in areas for areas in units["areas"]]]
    if service:
        speaks = {name for name, row in maps.sources().items() if row["service"] in ("", service)}
        units = units[units["source"].isin(speaks)]
    named = {str(row.unit): f"{row.name} ({row.unit})" for row in each(units)}
    return dict(sorted(named.items(), key=lambda item: item[1].lower()))


def whole(store: Store, area: str, service: str, organisation: Organisation) -> tuple[Grain, str]:
    """The level at which all organisations of an area and service are looked at together, and its name."""
    units = ask(store, speakers, Organisation.CURRENT)
    level = _level_of(service or _usual_service(units), units)
    return level, _area_name(store, area, organisation)


def _usual_service(units: pd.DataFrame) -> str:
    """The service of most organisations that have a source of it alone."""
    services = units["source"].map(lambda source: maps.source(source)["service"])
    counts = units.assign(service=services)[services != ""].groupby("service")["unit"].nunique()
    return str(counts.idxmax()) if len(counts) else ""


def _level_of(service: str, units: pd.DataFrame) -> Grain:
    """The level at which sources of a service speak of organisations."""
    services = units["source"].map(lambda source: maps.source(source)["service"])
    of_service = units[services == service]
    levels = (of_service if len(of_service) else units)["level"]
    return Grain(str(levels.mode().iloc[0])) if len(levels) else Grain.PRACTICE


def _is_board(store: Store, area: str, organisation: Organisation) -> bool:
    areas = store.query("areas", organisation=organisation.value)
    return bool(areas.loc[areas["code"] == area, "grain"].eq(Grain.ICB.value).any())


def _of_boards() -> set[str]:
    """The sources that speak of integrated care boards and of nobody smaller."""
    return {name for name, row in maps.sources().items() if row["grain"] == Grain.ICB.value}


def _area_name(store: Store, area: str, organisation: Organisation) -> str:
    if not area:
        return ""
    areas = store.query("areas", organisation=organisation.value)
    name = areas.loc[areas["code"] == area, "name"]
    if name.empty:
        raise NothingToCompare(
            f"No organisation with figures belongs to {area}.",
            fix="Give the code of a region, integrated care board, sub-ICB location or network.",
        )
    return readable(str(name.iloc[0]))


# --- Which sources speak ---


def sides_speaking(
    store: Store,
    sources: frozenset[str],
    level: Grain,
    service: str,
    measures: tuple[tuple[str, str], ...],
) -> list[Side]:
    """Each source that speaks at the level and of the service, with its measure, in the usual order."""
    coverage = store.query("coverage")
    named, sides = dict(measures), []
    for source in maps.sources():
        about = maps.source(source)
        if source not in sources or (service and about["service"] not in ("", service)):
            continue
        rows = coverage[coverage["source"] == source]
        rows = rows[rows["grain"].where(rows["grain"] != "", about["grain"]) == level.value]
        if rows.empty:
            continue
        measure = _measure(source, rows, named.get(source, ""))
        sides.append(Side.of(source, measure, level.value))
    order = {"fft": 0, "survey": 1, "community": 2}
    return sorted(sides, key=lambda side: order[side.signal])


def _measure(source: str, rows: pd.DataFrame, wanted: str) -> str:
    """The measure named; else of those about care as a whole the one published most often."""
    loaded = rows.groupby("measure", sort=False)["period_start"].nunique()
    if wanted in loaded.index:
        return wanted
    known = [measure for owner, measure in maps.measures() if owner == source]
    ordered = sorted(loaded.index, key=lambda m: known.index(m) if m in known else len(known))
    domains = {
        measure: maps.measures().get((source, measure), {}).get("domain", "none")
        for measure in ordered
    }
    rated = [m for m in ordered if domains[m] == "overall"] or [
        m for m in ordered if domains[m] != "none"
    ]
    return str(max(rated or ordered, key=lambda measure: int(loaded[measure])))
