"""Every page and command, played over what a person can choose.

A `View` is one choice of filters on one page or command; `play` asks the delivered analysis for it and
reads what is shown. The short form holds the views by which most can be had; the long form all of them,
and others at random.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import pairwise, product
from types import MappingProxyType
from typing import Any

from benchmarks.attacker import exports, readings, side_by_side
from benchmarks.attacker.meetings import FIRST_YEAR, meeting
from benchmarks.attacker.player import FIELDS, Player, View
from benchmarks.attacker.reading import Reading
from benchmarks.attacker.truth import WORDS, People
from pxcore import maps
from pxcore.analysis.comments.comments import FEELINGS, CommentsQuestion, comments
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.bands import bands_of, keep, take_back
from pxcore.analysis.joining.trace import trace
from pxcore.analysis.pairs.coverage import coverage
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import organisations, trends
from pxcore.model import (
    DISCLOSURE_FLOORS,
    GROUPS,
    Disclosure,
    Months,
    Organisation,
    Pairing,
    Period,
    Periods,
    Scenario,
    Scope,
    Selection,
    Sentiment,
)
from pxcore.publish.page_names import PAGES
from pxcore.publish.view import View as Exported

SEED = 20261130
LONG = 2400


# --- Each page and command ---


def beside(pairing: Pairing, said: str, *, page: str = "Alignment") -> View:
    """Alignment, Agreement, Divergence, Provider and What if: two sources as chosen."""

    def ask(player: Player) -> Iterator[Reading]:
        told = player.alignment(pairing)
        every, other = side_by_side.rates(told, player.truth.people)
        player.rates = (player.rates[0] + every, player.rates[1] + other)
        yield from side_by_side.alignment(player.truth, told)

    return View(page, said, ask)


def over_time(
    unit: str,
    area: str,
    service: str,
    organised: Organisation,
    floor: int,
    measures: Any,
    said: str,
) -> View:
    """Trends of one organisation, or of all of an area."""

    def ask(player: Player) -> Iterator[Reading]:
        shown = Disclosure(floor, player.exact)
        pairing = Pairing("", "", area=area, organisation=organised, disclosure=shown)
        report = trends(player.store, Scope(pairing, measures, service), unit)
        yield from readings.trends(player.truth, report)
        if not unit:  # of one organisation nothing is said that is not said of all
            changed = movers(player.store, report)
            yield from readings.changes(player.truth, changed)

    return View("Trends", said, ask)


def what_is_said(asked: ThemesQuestion, said: str) -> View:
    """Themes."""

    def ask(player: Player) -> Iterator[Reading]:
        yield from readings.themes(player.truth, themes(player.store, player.asked(asked)))

    return View("Themes", said, ask)


def searched(asked: CommentsQuestion, said: str) -> View:
    """Comments, read and searched."""

    def ask(player: Player) -> Iterator[Reading]:
        yield from readings.comments(player.truth, comments(player.store, player.asked(asked)))

    return View("Comments", said, ask)


def loaded(floor: int) -> View:
    """Coverage, and the rows of files on Sources."""

    def ask(player: Player) -> Iterator[Reading]:
        told = coverage(player.store, Disclosure(floor, player.exact))
        yield from readings.coverage(player.truth, told, player.usual, floor)
        yield from readings.sources(
            player.truth, sources(player.store, Disclosure(floor, player.exact)), floor
        )

    return View("Coverage", f"floor {floor}", ask)


def traced(pairing: Pairing, said: str) -> View:
    """Which rows stand behind a figure: of every organisation compared, one after another."""

    def ask(player: Player) -> Iterator[Reading]:
        told = player.alignment(pairing)
        for unit in told.pairs["unit"]:
            rows = trace(player.store, told, str(unit))
            yield from side_by_side.trace(player.truth, told, rows, str(unit))

    return View("Trace", said, ask)


def exported(asked: Exported, said: str) -> View:
    """A page in every kind of file, each read for itself."""

    def ask(player: Player) -> Iterator[Reading]:
        if player.exact:
            return  # nothing leaves then
        player.files += len(exports.WRITERS)
        with player.as_exported() as reports:
            yield from exports.readings_of(
                player.truth, reports, asked, bands_of(player.store), player.strangers
            )

    return View("Exports", said, ask)


def frozen(pairing: Pairing, said: str) -> View:
    """A workshop, what it takes along, and what becomes of its decisions."""

    def ask(player: Player) -> Iterator[Reading]:
        if not player.exact:  # none can be made then
            yield from meeting(player.store, player.truth, pairing)

    return View("Workshop", said, ask)


def by_group(
    pairing: Pairing, dimension: str, said: str, joined: Mapping[str, str] = MappingProxyType({})
) -> View:
    """Groups; with a map of bands in which some groups are `joined`: group -> band."""

    def ask(player: Player) -> Iterator[Reading]:
        if joined:
            keep(player.store, dimension, joined, "", "")
        try:
            yield from split(player)
        finally:
            if joined:
                take_back(player.store, bands_of(player.store).changed(dimension), "")

    def split(player: Player) -> Iterator[Reading]:
        report = groups(player.store, player.asked(pairing), dimension)
        yield from side_by_side.groups(player.truth, report, bands_of(player.store))

    return View("Groups", said, ask)


# --- Which of them ---


def _partners(player: Player, source: str) -> list[tuple[str, str]]:
    """The other sources it can be set beside, with a service both can speak of."""
    told = []
    for other in player.offered.sources:
        if other == source:
            continue
        service = player.offered.services_of[other]
        if service or other not in player.truth.people:
            told.append((other, ""))
        else:
            told += [(other, one) for one in ("", *player.offered.services)]
    return told


def _pairings(player: Player) -> Iterator[tuple[Pairing, str]]:
    """Every two sources with a confidential one, every window, both ways to see organisations."""
    for source in player.truth.people:
        for other, service in _partners(player, source):
            asked = Pairing(source, other, service=service)
            windows = {**_windows(player), **_cut(player)}
            for organised, (name, window) in product(Organisation, windows.items()):
                yield (
                    Pairing(source, other, service=service, window=window, organisation=organised),
                    f"{asked.left} beside {asked.right}, {service or 'every service'}, "
                    f"{name}, {organised.value}",
                )


def _windows(player: Player) -> dict[str, Period | None]:
    """As the filters offer them, and what the command line takes too: single months, and months across
    quarters."""
    found: dict[str, Period | None] = {"aligned": None, **player.offered.windows}
    years = [period for name, period in player.offered.windows.items() if "Q" not in name]
    for year in years:
        months = [year.start.year * 12 + year.start.month - 1 + step for step in range(12)]
        for month in months:
            found[f"{month // 12}-{month % 12 + 1:02d}"] = Period.month(month // 12, month % 12 + 1)
    return found


def _cut(player: Player) -> dict[str, Period]:
    """Windows that cut a quarter: two months, four, and from the middle of one month to that of another."""
    found = {}
    for name, period in player.offered.windows.items():
        if "Q" not in name:
            continue
        second = Period.month(period.start.year, period.start.month + 1)
        found[f"{name}, its first two months"] = Period(period.start, second.end)
        found[f"{name}, from the 10th"] = Period(
            date(period.start.year, period.start.month, 10), period.end
        )
    return found


def first_views(player: Player) -> list[View]:
    """The views by which most can be had: those of the short form."""
    windows = _windows(player)
    own = [source for source in ("healthwatch", "care_opinion") if source in player.truth.people]
    compared = [(source, "fft_gp", "") for source in own[:1] if "fft_gp" in player.offered.sources]
    if len(own) == 2:
        compared.append((own[0], own[1], "trust"))
    views = [loaded(DISCLOSURE_FLOORS[0])]
    for source, other, grain in compared:
        views += [
            beside(
                Pairing(source, other, grain=grain, window=window),
                f"{source} beside {other}, {name}",
            )
            for name, window in windows.items()
        ]
    views += [
        over_time(
            "", "", service, Organisation.CURRENT, DISCLOSURE_FLOORS[0], (), f"all, {service}"
        )
        for service in list(player.offered.services)[:2]
    ]
    views += [
        what_is_said(ThemesQuestion(window=windows[name]), name) for name in list(windows)[:4]
    ]
    views += _every_export(player)
    views += [
        frozen(Pairing(source, "fft_gp", window=window), f"{source} beside fft_gp, {window}")
        for source in own[:1]
        for window in (None, FIRST_YEAR)
        if "fft_gp" in player.offered.sources
    ]
    views += [searched(CommentsQuestion(), "everything")]
    views += [searched(CommentsQuestion(theme=theme), theme) for theme in player.truth.themes[:4]]
    return views


def all_views(player: Player, most: int = LONG) -> list[View]:
    """The first views, then every other kind of view over its filters, in turn; others at random until
    there are enough."""
    pairings = list(_pairings(player))
    chance = random.Random(SEED)
    kinds = [
        [loaded(floor) for floor in DISCLOSURE_FLOORS],
        list(_traces(player, pairings)),
        list(_groups(player)),
        list(_themes(player)),
        list(_searches(player)),
        list(_what_if(player)),
        list(_trends(player)),
        list(_exports(player, pairings)),
        [frozen(pairing, said) for pairing, said in pairings if "its first" not in said],
        [beside(pairing, said) for pairing, said in pairings],
    ]
    views = first_views(player)
    for one in kinds:
        chance.shuffle(one)
    while len(views) < most:
        if not any(kinds):
            views.append(_at_random(player, chance, pairings))
            continue
        views += [one.pop() for one in kinds if one]
    return views[:most]


def _themes(player: Player) -> Iterator[View]:
    offered = player.offered
    windows = {**_windows(player), **_cut(player)}
    spoken = list(maps.service_titles())
    for name, window in windows.items():
        yield what_is_said(ThemesQuestion(window=window), name)
    for area in offered.areas:
        yield what_is_said(ThemesQuestion(area=area), area)
    for service in spoken:
        yield what_is_said(ThemesQuestion(service=service), service)
    for service, (name, window) in product(spoken, list(offered.windows.items())[:5]):
        yield what_is_said(ThemesQuestion(service=service, window=window), f"{service}, {name}")
    for area, (name, window) in product(list(offered.areas)[:7], offered.windows.items()):
        yield what_is_said(ThemesQuestion(area=area, window=window), f"{area}, {name}")
    for area, service in product(offered.areas, spoken):
        yield what_is_said(ThemesQuestion(area=area, service=service), f"{area}, {service}")
    for own_words, floor in product((False, True), DISCLOSURE_FLOORS):
        asked = ThemesQuestion(own_words=own_words, disclosure=Disclosure(floor))
        yield what_is_said(asked, f"own words {own_words}, floor {floor}")


def _searches(player: Player) -> Iterator[View]:
    windows = {"": None, **player.offered.windows}
    for source in ("", *player.truth.people):
        for name, window in windows.items():
            yield searched(CommentsQuestion(source=source, window=window), f"{source}, {name}")
        for service in maps.service_titles():
            yield searched(CommentsQuestion(source=source, service=service), f"{source}, {service}")
    for theme, feeling in product(player.truth.themes, ("", *FEELINGS)):
        yield searched(CommentsQuestion(theme=theme, feeling=feeling), f"{theme}, {feeling}")
    for feeling, (name, window) in product(FEELINGS, windows.items()):
        yield searched(CommentsQuestion(feeling=feeling, window=window), f"{feeling}, {name}")
    for theme, (name, window) in product(player.truth.themes, list(windows.items())[:8]):
        yield searched(CommentsQuestion(theme=theme, window=window), f"{theme}, {name}")
    for words in WORDS:
        yield searched(CommentsQuestion(words=words), f"‘{words}’")


def _trends(player: Player) -> Iterator[View]:
    offered = player.offered
    for organised in Organisation:
        for service in offered.services:
            yield over_time("", "", service, organised, 5, (), f"all, {service}, {organised.value}")
        for area in offered.areas:
            service = "general_practice"
            said = f"{area}, {service}, {organised.value}"
            yield over_time("", area, service, organised, 5, (), said)
    for floor in DISCLOSURE_FLOORS[1:]:
        yield over_time(
            "", "", "general_practice", Organisation.CURRENT, floor, (), f"floor {floor}"
        )
    spoken = set(player.offered_units)
    for service in offered.services:
        known = organisations(player.store, "", service, Organisation.CURRENT)
        for unit in known:
            if unit in spoken:
                yield over_time(
                    unit, "", service, Organisation.CURRENT, 5, (), f"{unit}, {service}"
                )


def _every_export(player: Player) -> list[View]:
    """Each page once, of two sources that share many people or organisations."""
    views = []
    for left, right, page in (
        ("fft_local", "gp_survey", "agreement"),
        ("fft_local", "local_survey", "groups"),
        ("healthwatch", "fft_gp", "agreement"),
        ("healthwatch", "fft_gp", "divergence"),
        ("healthwatch", "fft_gp", "provider"),
        ("healthwatch", "fft_gp", "trends"),
        ("healthwatch", "fft_gp", "themes"),
    ):
        if not {left, right} <= set(player.offered.sources):
            continue
        unit = _most_spoken(player, left) if page == "provider" else ""
        asked = _of_page(page, Pairing(left, right), unit)
        views.append(exported(asked, f"{page}, {left} beside {right}"))
    return views


def pages_of(player: Player) -> list[Exported]:
    """Every page of two sources each, for what is made of it in two worlds."""
    asked = []
    for left, right, grain, group_by in (
        ("fft_local", "gp_survey", "", "deprivation"),
        ("fft_local", "local_survey", "", "age"),
        ("healthwatch", "fft_gp", "", "age"),
        ("healthwatch", "care_opinion", "trust", "age"),
    ):
        if not {left, right} <= set(player.offered.sources):
            continue
        pairing = Pairing(left, right, grain=grain)
        unit = _most_spoken(player, left)
        for page in PAGES:
            of = unit if page in ("provider", "trends") else ""
            scenario = Scenario(evidence_floor=30) if page == "what_if" else Scenario()
            asked.append(replace(_of_page(page, pairing, of, group_by), scenario=scenario))
        asked.append(_of_page("trends", pairing))
    return asked


def _most_spoken(player: Player, source: str) -> str:
    """The practice with most rows in a source; "" where it has none."""
    people = player.truth.people[source]
    spoken = [name for name in people.values["practice current"] if name]
    return max(spoken, key=partial(_rows_at, people), default="")


def _rows_at(people: People, unit: str) -> int:
    """How many rows are of one practice."""
    number = people.values["practice current"][unit]
    return int((people.codes["practice current"] == number).sum())


def _of_page(page: str, pairing: Pairing, unit: str = "", group_by: str = GROUPS[0]) -> Exported:
    themes = ThemesQuestion(
        area=pairing.area, service=pairing.service, window=pairing.window,
        disclosure=pairing.disclosure,
    )  # fmt: skip
    return Exported(page, Scope.of(pairing), unit=unit, group_by=group_by, themes=themes)


def _exports(player: Player, pairings: list[tuple[Pairing, str]]) -> Iterator[View]:
    """Every page of every two sources, under its filters, and of organisations with few answers."""
    units = [unit for unit in player.offered_units if unit]
    for place, (pairing, said) in enumerate(pairings):
        for page in ("agreement", "divergence", "themes"):
            yield exported(_of_page(page, pairing), f"{page}, {said}")
        if pairing.window is None:
            for group_by in GROUPS:
                asked = _of_page("groups", pairing, group_by=group_by)
                yield exported(asked, f"groups, {group_by}, {said}")
            for floor in DISCLOSURE_FLOORS[1:]:
                higher = replace(pairing, disclosure=Disclosure(floor))
                yield exported(_of_page("agreement", higher), f"agreement, {said}, floor {floor}")
            for scenario in (Scenario(evidence_floor=30), Scenario(months=Months.YEAR)):
                asked = replace(_of_page("what_if", pairing), scenario=scenario)
                yield exported(asked, f"what_if, {said}")
        if units:
            unit = units[place % len(units)]
            for page in ("provider", "trends"):
                yield exported(
                    _of_page(page, Pairing(pairing.left, pairing.right), unit),
                    f"{page}, {unit}",
                )
    yield exported(_of_page("overview", Pairing("", "")), "overview")


def _what_if(player: Player) -> Iterator[View]:
    """Scenarios: months around the fieldwork, some groups, without some modes, other ways to count."""
    for source, people in player.truth.people.items():
        for other in ("gp_survey", "fft_gp", "cqc_inpatient"):
            if other not in player.offered.sources:
                continue
            base = Pairing(source, other)
            for months, organised in product(Months, Organisation):
                asked = Pairing(source, other, months=months, organisation=organised)
                yield beside(
                    asked,
                    f"{source} beside {other}, {months.value}, {organised.value}",
                    page="What if",
                )
            for grain in player.offered.grains:
                asked = Pairing(source, other, grain=grain.value)
                yield beside(asked, f"{source} beside {other}, by {grain.value}")
            yield beside(
                Pairing(source, other, periods=Periods.LATEST),
                f"{base.left} beside {other}, latest",
            )
            for floor in DISCLOSURE_FLOORS[1:]:
                asked = Pairing(source, other, disclosure=Disclosure(floor))
                yield beside(asked, f"{source} beside {other}, floor {floor}")
            for measure in player.offered.measures[source]:
                asked = Pairing(source, other, left_measure=measure)
                yield beside(asked, f"{source} ({measure}) beside {other}")
            for dimension in GROUPS:
                bands = bands_of(player.store)
                told = {
                    bands.of(dimension, value, source)
                    for value in people.values[dimension]
                    if value
                }
                for band in sorted(told):
                    asked = Pairing(
                        source, other, selection=Selection(dimension=dimension, groups=(band,))
                    )
                    said = f"{source} beside {other}, {dimension}: {band}"
                    yield beside(asked, said, page="What if")
            for mode in [one for one in people.values["mode"] if one]:
                asked = Pairing(source, other, selection=Selection(without_modes=(mode,)))
                yield beside(asked, f"{source} beside {other}, without {mode}", page="What if")
            for sentiment in Sentiment:
                asked = Pairing(source, other, selection=Selection(sentiment=sentiment))
                said = f"{source} beside {other}, counted {sentiment.value or 'as usual'}"
                yield beside(asked, said, page="What if")


def _traces(player: Player, pairings: list[tuple[Pairing, str]]) -> Iterator[View]:
    for source in player.truth.people:
        own = [one for one in pairings if one[0].left == source and one[0].window is not None]
        for pairing, said in own[:4]:
            yield traced(pairing, said)


def _groups(player: Player) -> Iterator[View]:
    """Each source split by each dimension, as the map is shipped, and with every two neighbouring groups
    joined."""
    for source, people in player.truth.people.items():
        for dimension in GROUPS:
            groups = sorted(value for value in people.values[dimension] if value)
            for other in ("gp_survey", "fft_gp", "local_survey", "fft_local"):
                if other == source or other not in player.offered.sources or not groups:
                    continue
                pairing, said = Pairing(source, other), f"{source} beside {other}, {dimension}"
                yield by_group(pairing, dimension, said)
                for one, next_one in pairwise(groups):
                    joined = {one: "Joined", next_one: "Joined"}
                    yield by_group(
                        pairing, dimension, f"{said}: Joined {one} with {next_one}", joined
                    )


def _at_random(player: Player, chance: random.Random, pairings: list[tuple[Pairing, str]]) -> View:
    offered = player.offered
    window: tuple[str, Period | None] = chance.choice([("", None), *offered.windows.items()])
    area = chance.choice(["", *offered.areas])
    service = chance.choice(["", *maps.service_titles()])
    theme = chance.choice(player.truth.themes)
    kind = chance.choice(("side", "themes", "search", "side"))
    if kind == "themes":
        asked = ThemesQuestion(area=area, service=service, window=window[1])
        return what_is_said(asked, f"{area}, {service}, {window[0]}")
    if kind == "search":
        wanted = CommentsQuestion(area=area, service=service, window=window[1], theme=theme)
        return searched(wanted, f"{area}, {service}, {window[0]}, {theme}")
    pairing, said = chance.choice(pairings)
    floor = chance.choice(DISCLOSURE_FLOORS)
    grain = chance.choice(["", *(one.value for one in offered.grains)])
    fields = {name: getattr(pairing, name) for name in FIELDS}
    fields |= {"area": area, "disclosure": Disclosure(floor), "grain": grain}
    return beside(Pairing(**fields), f"{said}, {area}, by {grain or 'usual'}, floor {floor}")
