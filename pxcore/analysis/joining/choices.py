"""What can be set side by side: sources, measures, levels and areas there are figures for.

A question may leave most of it open; the natural choice is made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product
from types import MappingProxyType

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.periods import Side, is_month, windows_of
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Grain, Organisation, Pairing, Period
from pxcore.store import Store

# The finest first: the grain at which two sources are naturally compared.
NATURAL_GRAINS = (
    Grain.PRACTICE,
    Grain.TRUST,
    Grain.SITE,
    Grain.PCN,
    Grain.SUB_ICB,
    Grain.ICB,
    Grain.REGION,
)
# From which reported grains a grain can be added up, nearest first.
ADDS_UP_FROM = MappingProxyType(
    {
        Grain.SITE: (Grain.WARD,),
        Grain.TRUST: (Grain.SITE,),
        Grain.PCN: (Grain.PRACTICE,),
        Grain.SUB_ICB: (Grain.PRACTICE,),
        Grain.ICB: (Grain.PRACTICE, Grain.SUB_ICB, Grain.TRUST),
        Grain.REGION: (Grain.ICB, Grain.PRACTICE, Grain.TRUST),
    }
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the loaded data offer: for the filters."""

    sources: dict[str, str]  # source -> short title, those with data
    measures: dict[str, dict[str, str]]  # source -> measure -> title
    services: dict[str, str]
    services_of: dict[str, str]  # source -> its service, "" where it speaks of several
    areas: dict[str, str]  # code -> name, regions first
    grains: tuple[Grain, ...]
    windows: dict[str, Period]  # financial years and quarters with monthly figures, by name
    strength: dict[tuple[str, str], int]  # (source, grain) -> organisations

    def sources_for(self, service: str) -> dict[str, str]:
        """Those of a service; sources that speak of several services are always offered."""
        return {
            name: title
            for name, title in self.sources.items()
            if not service or maps.source(name)["service"] in ("", service)
        }

    def natural_pair(self, service: str) -> tuple[str, str]:
        """The two sources to start with: of different signals, one service, most organisations; ("", "")
        or one and "" where a service has no two."""
        return self._best(service)

    def pair_of(
        self, left: str, right: str, service: str, before: tuple[str, str] = ("", "")
    ) -> tuple[str, str]:
        """The two sources held, as far as they fit a service and are two.

        One that does not fit gives way to what is naturally set beside the other; where both are the
        same, the one that was on the left `before` takes the other side.
        """
        offered = self.sources_for(service)
        first, second = (source if source in offered else "" for source in (left, right))
        if first and first == second:
            second = before[0] if before[0] in offered and before[0] != first else ""
        if first and second:
            return first, second
        if not (first or second):
            return self.natural_pair(service)
        held = first or second
        beside = next((name for name in self._best(service, held) if name != held), "")
        return (held, beside) if first else (beside, held)

    def _best(self, service: str, held: str = "") -> tuple[str, str]:
        offered = list(self.sources_for(service))
        pairs = [pair for pair in permutations(offered, 2) if held in ("", *pair)]
        natural = [pair for pair in pairs if _precedes(*pair)]
        if natural:
            return max(natural, key=lambda pair: self._suits(pair, service))
        if pairs:
            return pairs[0]
        return (offered[0], "") if offered else ("", "")

    def _suits(self, pair: tuple[str, str], service: str) -> tuple[bool, bool, bool, bool, int]:
        first, second = (maps.source(name) for name in pair)
        shared = max(
            (
                min(n, self.strength.get((pair[1], grain), 0))
                for (source, grain), n in self.strength.items()
                if source == pair[0]
            ),
            default=0,
        )
        return (
            first["service"] == second["service"] and first["service"] != "",
            not service
            or service in (first["service"], second["service"]),  # one that speaks of it alone
            shared > 0,
            (first["signal"], second["signal"]) == ("fft", "survey"),
            shared,
        )


def _strength(coverage: pd.DataFrame) -> dict[tuple[str, str], int]:
    """(source, level) -> the most organisations with a figure in any one period."""
    strength: dict[tuple[str, str], int] = {}
    columns = (coverage[name] for name in ("source", "grain", "providers"))
    for source, grain, providers in zip(*columns, strict=True):
        key = (str(source), str(grain) or maps.source(str(source))["grain"])
        strength[key] = max(strength.get(key, 0), int(providers))
    return strength


def _precedes(left: str, right: str) -> bool:
    order = ("fft", "community", "survey")
    first, second = (order.index(maps.source(name)["signal"]) for name in (left, right))
    return first < second and "complaints" not in (left, right)


def choices(store: Store, organisation: Organisation = Organisation.CURRENT) -> Choices:
    """The sources, measures, services, areas and levels there are figures for.

    As reported, areas that are no more stand beside today's.
    """
    coverage = store.query("coverage")
    areas = store.query("areas", organisation=organisation.value)
    loaded = sorted(set(coverage["source"]), key=list(maps.sources()).index)
    measures: dict[str, dict[str, str]] = {}
    for source in loaded:
        present = set(coverage.loc[coverage["source"] == source, "measure"])
        known = [measure for owner, measure in maps.measures() if owner == source]
        ordered = [m for m in known if m in present] + sorted(present - set(known))
        measures[source] = {
            measure: maps.measures().get((source, measure), {}).get("title", measure)
            for measure in ordered
        }
    services = maps.service_titles()
    covered = {maps.source(source)["service"] for source in loaded} - {""}
    kinds = {"region": "region", "icb": "ICB", "sub_icb": "sub-ICB location", "pcn": "network"}
    strength = _strength(coverage)
    grains = {grain for _, grain in strength}
    return Choices(
        sources={source: maps.source(source)["short_title"] for source in loaded},
        measures=measures,
        services={name: title for name, title in services.items() if name in covered},
        services_of={source: maps.source(source)["service"] for source in loaded},
        areas={
            # the code makes each title one of a kind: titles stand in the URL
            str(row.code): f"{row.name} ({kinds.get(str(row.grain), row.grain)} {row.code})"
            for row in areas.itertuples()
        },
        grains=tuple(grain for grain in NATURAL_GRAINS if _supplies(grains, grain)),
        windows=windows_of(_months(coverage)),
        strength=strength,
    )


def _months(coverage: pd.DataFrame) -> list[Period]:
    dated = coverage[coverage["period_start"].notna()]
    periods = {
        Period(start.date(), end.date())
        for start, end in zip(dated["period_start"], dated["period_end"], strict=True)
    }
    return [period for period in periods if is_month(period)]


def resolve(coverage: pd.DataFrame, pairing: Pairing) -> tuple[str, str]:
    """The two instruments a pairing names: by source, by signal, by title or by measure.

    A word that several loaded instruments answer to stands for the one that can be of the other side's
    service; where none or several can, it is refused with those it may mean.
    """
    loaded = set(coverage["source"])
    left, right = _candidates(pairing.left, loaded), _candidates(pairing.right, loaded)
    pairs = [(first, second) for first, second in product(left, right) if first != second]
    if len(pairs) > 1:
        services = {name: maps.source(name)["service"] for name in (*left, *right)}
        same = [pair for pair in pairs if len({services[name] for name in pair} - {""}) <= 1]
        if len(same) != 1:
            raise _ambiguous(pairing, left, right)
        pairs = same
    return pairs[0] if pairs else (left[0], right[0])


def _ambiguous(pairing: Pairing, left: Sequence[str], right: Sequence[str]) -> UnknownSource:
    meant = [
        f"‘{word}’ may be {', '.join(names)}"
        for word, names in ((pairing.left, left), (pairing.right, right))
        if len(names) > 1
    ]
    return UnknownSource(f"{'; '.join(meant)}.", fix="Name the source meant.")


def _candidates(word: str, loaded: set[str]) -> list[str]:
    wanted = word.strip().lower()
    known = maps.sources()
    if wanted in known:
        if wanted not in loaded:
            raise NothingToCompare(
                f"Nothing is loaded of {known[wanted]['title']}.",
                fix="Load an extract of it on the Sources page.",
            )
        return [wanted]
    by_signal = [name for name, row in known.items() if row["signal"] == wanted]
    by_title = [
        name
        for name, row in known.items()
        if wanted and wanted in (row["title"].lower(), row["short_title"].lower())
    ]
    by_measure = [name for name, measure in maps.measures() if measure == wanted]
    for names in (by_signal, by_title, by_measure):
        if not names:
            continue
        present = [name for name in names if name in loaded]
        if not present:
            raise NothingToCompare(
                f"Nothing is loaded of ‘{word}’.", fix="Load an extract of it on the Sources page."
            )
        return present
    raise UnknownSource(
        f"There is no source called ‘{word}’.", fix=f"The sources are: {', '.join(known)}."
    )


def natural_grain(
    left: pd.DataFrame, right: pd.DataFrame, pairing: Pairing, left_source: str, right_source: str
) -> Grain:
    if pairing.grain:
        try:
            return Grain(pairing.grain)
        except ValueError:
            raise UnknownSource(
                f"There is no level of organisation called ‘{pairing.grain}’.",
                fix=f"The levels are: {', '.join(grain.value for grain in NATURAL_GRAINS)}.",
            ) from None
    grains = [_reported(left, left_source), _reported(right, right_source)]
    for grain in NATURAL_GRAINS:
        if all(_supplies(reported, grain) for reported in grains) and any(
            grain in reported for reported in grains
        ):
            return grain
    for grain in NATURAL_GRAINS:
        if all(_supplies(reported, grain) for reported in grains):
            return grain
    return Grain(maps.source(left_source)["grain"])


def _reported(cover: pd.DataFrame, source: str) -> set[str]:
    usual = maps.source(source)["grain"]
    return {grain or usual for grain in cover["grain"]}


def _supplies(reported: set[str], grain: Grain) -> bool:
    return grain in reported or any(finer in reported for finer in ADDS_UP_FROM.get(grain, ()))


def side_of(source: str, measure: str, cover: pd.DataFrame, grain: Grain) -> Side:
    about = maps.source(source)
    usual = about["grain"]
    reported = cover.assign(grain=cover["grain"].where(cover["grain"] != "", usual))
    usable = [grain.value, *(finer.value for finer in ADDS_UP_FROM.get(grain, ()))]
    rows = reported[reported["grain"].isin(usable)]
    chosen = _measure(
        source, measure, list(dict.fromkeys((rows if len(rows) else reported)["measure"]))
    )
    of_measure = set(rows.loc[rows["measure"] == chosen, "grain"])
    level = next((level for level in usable if level in of_measure), grain.value)
    return Side.of(source, chosen, level)


def _measure(source: str, named: str, loaded: Sequence[str]) -> str:
    """The measure meant: by name, title or domain; unnamed, the overall one."""
    order = [measure for owner, measure in maps.measures() if owner == source]
    ranked = sorted(loaded, key=lambda m: order.index(m) if m in order else len(order))

    def about(measure: str, field: str) -> str:
        return maps.measures().get((source, measure), {}).get(field, "").lower()

    if not named:
        overall = [m for m in ranked if about(m, "domain") == "overall"]
        rated = [m for m in ranked if about(m, "domain") not in ("", "none")]
        return next(iter([*overall, *rated, *ranked]))
    wanted = named.strip().lower()
    for fits in (
        lambda m: m.lower() == wanted,
        lambda m: about(m, "title") == wanted,
        lambda m: about(m, "domain") == wanted,
    ):
        meant = [m for m in ranked if fits(m)]
        if len(meant) > 1:
            raise UnknownSource(
                f"{maps.source(source)['title']} has several measures of ‘{named}’.",
                fix=f"Name one of: {', '.join(meant)}.",
            )
        if meant:
            return meant[0]
    raise UnknownSource(
        f"{maps.source(source)['title']} has no measure called ‘{named}’ in what is loaded.",
        fix=f"It has: {', '.join(ranked)}.",
    )


def domain_title(side: Side) -> str:
    titles = {row["domain"]: row["title"].lower() for row in maps.rows("domains")}
    return titles.get(side.domain, side.domain)
