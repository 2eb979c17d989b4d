"""What is compared with what? Two sources joined by provider and period, and all that did not join.

The periods, the grain and the measures are chosen here; the rows are placed in SQL
(ask/side.sql), so that every row loaded of either source has exactly one outcome.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from types import MappingProxyType

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.disclosure import protect
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import (
    GRAIN_TITLES,
    Grain,
    Organisation,
    Pairing,
    Period,
    Periods,
    Withheld,
)
from pxcore.stats.intervals import wilson
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
MOST_MONTHS = 12  # the window of two monthly sources: the last year they share
DESIGN_EFFECT = 1.3  # of percent surveys without a published interval; statistics.md 1.1
FEW_MONTHS = 0.25  # more of the window's months missing than this is said

OUTCOMES = MappingProxyType(
    {
        "paired": "Compared",
        "no_counterpart": "The other source has no value for this organisation",
        "under_floor": "Too few answers to show",
        "withheld_publisher": "Withheld by the publisher",
        "withheld_unknown": "Blank: withheld or no return, the publisher does not say which",
        "withheld_not_calculable": "No answers to work a figure out from",
        "withheld_missing": "Missing in the file",
        "name_not_matched": "A name without a code: match it on the Alignment page",
        "area_only": "Speaks of a whole area, not of an organisation",
        "outside_period": "Outside the period compared",
        "outside_area": "Outside the area chosen",
        "other_grain": "Reported at another level of organisation (not added, to count nobody twice)",
        "other_measure": "Another measure of the same source",
        "other_service": "About another service",
        "group_row": "One group or theme, not everyone",
        "date_uncertain": "The date cannot be read for certain",
        "split": "The organisation was split: its figures cannot be followed",
        "to_confirm": "Several successors on different dates: to be confirmed",
        "cycle": "Its succession leads back to itself",
        "no_parent": "Not known to belong to any organisation of this level",
        "no_base": "A percentage without a number of answers cannot be added up",
        "superseded": "Replaced by a later file, or from a removed one",
    }
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sources, with the measure, the level it reports and the period taken."""

    source: str
    title: str
    short_title: str
    signal: str
    service: str
    measure: str
    measure_title: str
    domain: str
    unit: str
    reported_grain: str
    period: Period | None
    period_approximate: bool = False
    months_found: int = 0
    months_due: int = 0


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two sources set side by side: what joined, what did not and why."""

    pairing: Pairing
    grain: Grain
    left: Side
    right: Side
    aligned_in_time: bool
    across_domains: bool
    refusals: tuple[str, ...]  # why nothing is compared; empty where something is
    pairs: pd.DataFrame  # one row per organisation compared; see PAIR
    unmatched: pd.DataFrame  # one row per organisation or name and outcome, on either side
    account: pd.DataFrame  # one row per side and outcome: rows; adds up to everything loaded
    withheld: int  # pairs left out because one side rests on too few answers
    notes: tuple[str, ...]
    revision: int
    extracts: tuple[int, ...]  # numbers of the extracts whose rows are compared
    left_spans: tuple[Period, ...]  # every period each source speaks of with this measure and level
    right_spans: tuple[Period, ...]

    def summary(self) -> str:
        """One sentence on what joined."""
        if self.refusals:
            return f"Nothing is compared. {self.refusals[0]}"
        one, many = GRAIN_TITLES[self.grain]
        count = len(self.pairs)
        return (
            f"{count} {one if count == 1 else many} have both {self.left.title} "
            f"({self.left.period}) and {self.right.title} ({self.right.period})."
        )

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on, for the row of figures at the top."""
        many = GRAIN_TITLES[self.grain][1]
        told = [("Compared", f"{len(self.pairs):,}", f"{many} with a value from both")]
        for which, side in (("left", self.left), ("right", self.right)):
            lone = self.did_not_join()
            lone = lone[(lone["side"] == which) & ~lone["joined_otherwise"]]
            names = lone["unit"].where(lone["unit"] != "", lone["name"]).nunique()
            told.append(
                (
                    f"Did not join: {side.short_title}",
                    f"{names:,}",
                    "organisations or names, each with its reason",
                )
            )
        told.append(
            (
                "Rows accounted for",
                f"{int(self.account['rows'].sum()):,}",
                "every row loaded of both sources",
            )
        )
        return told

    def accounted(self) -> str:
        """One sentence: every row of both sources, and how many are compared."""
        said = []
        for which, side in (("left", self.left), ("right", self.right)):
            rows = self.account[self.account["side"] == which]
            used = int(rows.loc[rows["outcome"] == "paired", "rows"].sum())
            said.append(f"{used:,} of {int(rows['rows'].sum()):,} rows of {side.short_title}")
        return f"Compared: {said[0]} and {said[1]}. The rest is listed below by reason."

    def did_not_join(self) -> pd.DataFrame:
        """What was meant to be compared and was not, one row per organisation or name."""
        rows = self.unmatched[self.unmatched["outcome"].isin(NOT_JOINED)]
        titles = {"left": self.left.short_title, "right": self.right.short_title}
        joined = rows["unit"].isin(self.pairs["unit"]) & (rows["unit"] != "")
        reason = rows["reason"].where(~joined, rows["reason"] + " (in part; the rest is compared)")
        told = rows.assign(
            source_title=rows["side"].map(titles), reason=reason, joined_otherwise=joined
        )
        return told.sort_values(
            ["joined_otherwise", "side", "outcome", "name"], kind="stable"
        ).reset_index(drop=True)

    def method(self) -> tuple[str, ...]:
        return (
            "**Providers** join by their code. A name without a code joins once a person has matched "
            "it. Merged organisations are followed to the present and their answers added before "
            "dividing; a split cannot be followed and is left out, with that reason.",
            "**Periods**: a survey is compared with the calendar months that have at least half "
            "of their days inside its fieldwork. Two monthly sources are compared over the months they "
            "share, at most the last twelve. No comparison crosses a change of question.",
            "**Rows** reported at another level are not added to these: that would count the same "
            "people twice. What a publisher withheld stays withheld; it is never taken for zero.",
        )


# Outcomes of rows that were in question and found no partner.
NOT_JOINED = (
    "no_counterpart",
    "under_floor",
    "withheld_publisher",
    "withheld_unknown",
    "withheld_not_calculable",
    "withheld_missing",
    "name_not_matched",
    "date_uncertain",
    "split",
    "to_confirm",
    "cycle",
    "no_parent",
    "no_base",
    "area_only",
)

PAIR = (
    "unit",
    "name",
    "icb",
    "pcn",
    "left_value",
    "left_low",
    "left_high",
    "left_respondents",
    "left_periods",
    "left_base_unknown",
    "right_value",
    "right_low",
    "right_high",
    "right_respondents",
    "right_periods",
    "right_base_unknown",
    "merged_from",
)


def align(store: Store, pairing: Pairing) -> Alignment:
    """Set two sources side by side; a refusal is an answer and says why.

    Raises UnknownSource for a name no source has, NothingToCompare where one is not loaded.
    """
    coverage = store.query("coverage")
    left_source, right_source = resolve(coverage, pairing)
    left_cover = coverage[coverage["source"] == left_source]
    right_cover = coverage[coverage["source"] == right_source]
    grain = _grain(left_cover, right_cover, pairing, left_source, right_source)
    left = _side(left_source, pairing.left_measure, left_cover, grain)
    right = _side(right_source, pairing.right_measure, right_cover, grain)
    refusals: list[str] = []
    notes: list[str] = []
    left, right, aligned = _choose_periods(left, right, coverage, pairing, refusals, notes)
    across = left.domain != right.domain
    if across and not (pairing.left_measure or pairing.right_measure):
        refusals.append(
            f"They do not ask about the same thing: {left.short_title} on {_domain(left)} and "
            f"{right.short_title} on {_domain(right)}. To compare them all the same, choose the "
            "measures by name."
        )
    resolved = replace(
        pairing,
        left=left.source,
        right=right.source,
        left_measure=left.measure,
        right_measure=right.measure,
        grain=grain.value,
    )
    sides = [
        # a source that speaks of several services is asked about the other's alone
        _rows(
            store, side, resolved, grain, left.service or right.service, nothing=bool(refusals)
        )
        for side in (left, right)
    ]
    pairs, sides = _join(sides[0], sides[1])
    pairs, withheld, sides = _under_floor(pairs, sides, resolved)
    pairs = _with_intervals(_with_intervals(pairs, "left", left), "right", right)
    notes += _notes(left, right, pairs, across, aligned, bool(refusals))
    used = sorted(
        {int(n) for side in sides for row in side.loc[side["outcome"] == "paired", "extracts"] for n in row}
    )
    return Alignment(
        pairing=resolved,
        grain=grain,
        left=left,
        right=right,
        aligned_in_time=aligned,
        across_domains=across,
        refusals=tuple(refusals),
        pairs=pairs,
        unmatched=_unmatched(sides, resolved),
        account=_account(sides, {"left": left.short_title, "right": right.short_title}),
        withheld=withheld,
        notes=tuple(notes),
        revision=store.revision,
        extracts=tuple(used),
        left_spans=tuple(spans(coverage, left)),
        right_spans=tuple(spans(coverage, right)),
    )


# --- Which sources, measures and grain ---


def resolve(coverage: pd.DataFrame, pairing: Pairing) -> tuple[str, str]:
    """The two instruments a pairing names: by source, by signal, by title or by measure.

    A signal stands for its loaded instrument that shares a service and a level with the other side
    and covers most organisations.
    """
    loaded = set(coverage["source"])
    left, right = _candidates(pairing.left, loaded), _candidates(pairing.right, loaded)
    strength = (
        coverage.groupby(["source", "grain"])["providers"].max().to_dict() if len(coverage) else {}
    )

    def suits(pair: tuple[str, str]) -> tuple[bool, bool, float]:
        one, other = pair
        service = maps.source(one)["service"]
        shared = [
            min(n, strength.get((other, grain), 0))
            for (source, grain), n in strength.items()
            if source == one
        ]
        same_service = service == maps.source(other)["service"] and service != ""
        return one != other, same_service, max(shared, default=0)

    return max(product(left, right), key=suits)


def _candidates(said: str, loaded: set[str]) -> list[str]:
    wanted = said.strip().lower()
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
    for found in (by_signal, by_title, by_measure):
        if not found:
            continue
        here = [name for name in found if name in loaded]
        if not here:
            raise NothingToCompare(
                f"Nothing is loaded of ‘{said}’.", fix="Load an extract of it on the Sources page."
            )
        return here
    raise UnknownSource(
        f"There is no source called ‘{said}’.", fix=f"The sources are: {', '.join(known)}."
    )


def _grain(
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


def _side(source: str, measure: str, cover: pd.DataFrame, grain: Grain) -> Side:
    about = maps.source(source)
    usual = about["grain"]
    reported = cover.assign(grain=cover["grain"].where(cover["grain"] != "", usual))
    usable = [grain.value, *(finer.value for finer in ADDS_UP_FROM.get(grain, ()))]
    here = reported[reported["grain"].isin(usable)]
    chosen = _measure(source, measure, list(dict.fromkeys((here if len(here) else reported)["measure"])))
    of_measure = set(here.loc[here["measure"] == chosen, "grain"])
    level = next((level for level in usable if level in of_measure), grain.value)
    known = maps.measures().get((source, chosen), {})
    return Side(
        source=source,
        title=about["title"],
        short_title=about["short_title"],
        signal=about["signal"],
        service=about["service"],
        measure=chosen,
        measure_title=known.get("title", chosen),
        domain=known.get("domain", "none"),
        unit=known.get("unit", "proportion"),
        reported_grain=level,
        period=None,
    )


def _measure(source: str, said: str, loaded: Sequence[str]) -> str:
    """The measure meant: by name, title or domain; unnamed, the overall one."""
    order = [measure for owner, measure in maps.measures() if owner == source]
    ranked = sorted(loaded, key=lambda m: order.index(m) if m in order else len(order))

    def about(measure: str, field: str) -> str:
        return maps.measures().get((source, measure), {}).get(field, "").lower()

    if not said:
        overall = [m for m in ranked if about(m, "domain") == "overall"]
        rated = [m for m in ranked if about(m, "domain") not in ("", "none")]
        return next(iter([*overall, *rated, *ranked]))
    wanted = said.strip().lower()
    for fits in (
        lambda m: m.lower() == wanted,
        lambda m: about(m, "title") == wanted,
        lambda m: about(m, "domain") == wanted,
        lambda m: wanted.replace("_", " ") in about(m, "title"),
    ):
        found = [m for m in ranked if fits(m)]
        if found:
            return found[0]
    raise UnknownSource(
        f"{maps.source(source)['title']} has no measure called ‘{said}’ in what is loaded.",
        fix=f"It has: {', '.join(ranked)}.",
    )


def _domain(side: Side) -> str:
    titles = {row["domain"]: row["title"].lower() for row in maps.rows("domains")}
    return titles.get(side.domain, side.domain)


# --- Which periods ---


def spans(coverage: pd.DataFrame, side: Side) -> list[Period]:
    """The periods a source speaks of with its measure and level, oldest first."""
    usual = maps.source(side.source)["grain"]
    here = coverage[
        (coverage["source"] == side.source)
        & (coverage["measure"] == side.measure)
        & (coverage["grain"].where(coverage["grain"] != "", usual) == side.reported_grain)
        & coverage["period_start"].notna()
    ]
    return sorted(
        {
            Period(start.date(), end.date())
            for start, end in zip(here["period_start"], here["period_end"], strict=True)
        }
    )


def _is_month(period: Period) -> bool:
    return period.is_whole_months and period.days <= 31


def _choose_periods(
    left: Side,
    right: Side,
    coverage: pd.DataFrame,
    pairing: Pairing,
    refusals: list[str],
    notes: list[str],
) -> tuple[Side, Side, bool]:
    left_spans, right_spans = spans(coverage, left), spans(coverage, right)
    for side, found in ((left, left_spans), (right, right_spans)):
        if not found:
            refusals.append(
                f"{side.title} ({side.measure_title}) has no dated figures for "
                f"{GRAIN_TITLES[Grain(side.reported_grain)][1]}."
            )
    if refusals:
        return left, right, False
    approximate = _approximate(coverage, left), _approximate(coverage, right)
    if pairing.periods is Periods.LATEST:
        chosen: tuple[Period, Period] | None = (left_spans[-1], right_spans[-1])
    else:
        chosen = _meeting(left_spans, right_spans)
    if chosen is None:
        refusals.append(
            f"The periods do not meet: {left.short_title} covers {_covered(left_spans)}, "
            f"{right.short_title} covers {_covered(right_spans)}. Load extracts of the same time, "
            "or ask for the latest of each, whatever its date."
        )
        return left, right, False
    placed = []
    for side, found, period, rough in zip(
        (left, right), (left_spans, right_spans), chosen, approximate, strict=True
    ):
        cut = _cut_at_break(side, period)
        if cut is None:
            refusals.append(f"{side.title}: {_break_in(side, period)}; nothing is compared across it.")
            cut = period
        elif cut != period:
            notes.append(f"{side.short_title} is cut at a break: {_break_in(side, period)}.")
        months = [span for span in found if _is_month(span) and cut.start <= span.start <= cut.end]
        due = (cut.end.year - cut.start.year) * 12 + cut.end.month - cut.start.month + 1
        placed.append(
            replace(
                side,
                period=cut,
                period_approximate=rough,
                months_found=len(months),
                months_due=due if months else 0,
            )
        )
    met = placed[0].period is not None and placed[1].period is not None
    aligned = met and _meet(placed[0].period, placed[1].period)  # type: ignore[arg-type]
    return placed[0], placed[1], bool(aligned)


def _approximate(coverage: pd.DataFrame, side: Side) -> bool:
    here = (coverage["source"] == side.source) & (coverage["measure"] == side.measure)
    return bool(coverage.loc[here, "period_approximate"].any())


def _meet(one: Period, other: Period) -> bool:
    """At least half of the shorter period lies inside the other."""
    return one.overlap(other) * 2 >= min(one.days, other.days)


def months_inside(months: Sequence[Period], window: Period) -> list[Period]:
    """The calendar months with at least half of their days inside a window."""
    return [month for month in months if month.overlap(window) * 2 >= month.days]


def _meeting(left: Sequence[Period], right: Sequence[Period]) -> tuple[Period, Period] | None:
    """The latest periods of both that meet, or None."""
    left_monthly, right_monthly = all(map(_is_month, left)), all(map(_is_month, right))
    if left_monthly and right_monthly:
        common = sorted(set(left) & set(right))
        if not common:
            return None
        earliest = _months_before(common[-1].start, MOST_MONTHS - 1)
        within = [month for month in common if month.start >= earliest]
        window = Period(within[0].start, within[-1].end)
        return window, window
    if left_monthly or right_monthly:
        months, waves = (left, right) if left_monthly else (right, left)
        for wave in reversed(waves):
            inside = months_inside([m for m in months if _is_month(m)], wave)
            if inside:
                window = Period(inside[0].start, inside[-1].end)
                return (window, wave) if left_monthly else (wave, window)
        return None
    meeting = [(one, other) for one in left for other in right if _meet(one, other)]
    return max(meeting, key=lambda pair: (pair[0].end, pair[1].end), default=None)


def _months_before(start: date, count: int) -> date:
    months = start.year * 12 + start.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def breaks_of(side: Side) -> list[tuple[date, str]]:
    return [
        (date.fromisoformat(row["date"]), row["label"])
        for row in maps.rows("breaks")
        if row["source"] == side.source or (not row["source"] and row["signal"] == side.signal)
    ]


def _break_in(side: Side, period: Period) -> str:
    return next(
        (label for on, label in breaks_of(side) if period.start < on <= period.end), ""
    )


def _cut_at_break(side: Side, period: Period) -> Period | None:
    """The part of a period after its last break; None where the period is not made of months."""
    inside = [on for on, _ in breaks_of(side) if period.start < on <= period.end]
    if not inside:
        return period
    return Period(max(inside), period.end) if period.is_whole_months and period.days > 31 else None


def _covered(found: Sequence[Period]) -> str:
    if all(map(_is_month, found)):
        return str(Period(found[0].start, found[-1].end))
    return ", ".join(str(period) for period in found[-3:])


# --- Joining ---


def _rows(
    store: Store, side: Side, pairing: Pairing, grain: Grain, service: str, *, nothing: bool
) -> pd.DataFrame:
    """Every row of a source by organisation and outcome (one of OUTCOMES, or in_window)."""
    never = date(1, 1, 1)
    period = side.period if side.period is not None and not nothing else Period(never, never)
    return store.query(
        "side",
        source=side.source,
        measure=side.measure,
        reported_grain=side.reported_grain,
        grain=grain.value,
        usual_grain=maps.source(side.source)["grain"],
        area=pairing.area,
        service=service,
        start=period.start,
        end=period.end,
        organisation=pairing.organisation.value,
    )


def _join(left: pd.DataFrame, right: pd.DataFrame) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    usable = [side[side["outcome"] == "in_window"] for side in (left, right)]
    columns = ["value", "low", "high", "respondents", "positive", "periods"]
    keep = ["unit", "name", "icb", "pcn", "merged_from", *columns]
    pairs = usable[0][keep].merge(
        usable[1][keep], on="unit", suffixes=("_left", "_right"), validate="one_to_one"
    )
    pairs = pairs[pairs["value_left"].notna() & pairs["value_right"].notna()]
    joined = set(pairs["unit"])
    sides = []
    for side in (left, right):
        in_window = side["outcome"] == "in_window"
        outcome = side["outcome"].astype(object)
        outcome[in_window] = np.where(
            side.loc[in_window, "unit"].isin(joined), "paired", "no_counterpart"
        )
        sides.append(side.assign(outcome=outcome))
    told = pd.DataFrame({"unit": pairs["unit"], "name": pairs["name_left"].map(readable)})
    for column in ("icb", "pcn"):
        told[column] = pairs[f"{column}_left"].where(
            pairs[f"{column}_left"] != "", pairs[f"{column}_right"]
        )
    for which in ("left", "right"):
        for column in columns:
            told[f"{which}_{column}"] = pairs[f"{column}_{which}"].astype("float64")
        told[f"{which}_base_unknown"] = told[f"{which}_respondents"].isna()
    told["merged_from"] = [
        ", ".join(sorted({*_listed(one), *_listed(other)}))
        for one, other in zip(pairs["merged_from_left"], pairs["merged_from_right"], strict=True)
    ]
    return told.reset_index(drop=True), sides


_SMALL_WORDS = frozenset({"and", "at", "by", "for", "in", "of", "on", "the", "upon"})
_INITIALS = frozenset({"nhs", "pcn", "gp", "icb", "cic", "uk", "ltd", "a&e", "wic", "utc", "llp"})


def readable(name: str) -> str:
    """A name printed all in capitals, as reference files do, in ordinary letters."""
    if name != name.upper():
        return name
    words = []
    for place, word in enumerate(name.split(" ")):
        low = word.lower()
        if low.strip("().,") in _INITIALS or any(letter.isdigit() for letter in word):
            words.append(word)
        elif place and low in _SMALL_WORDS:
            words.append(low)
        else:
            words.append("-".join(part[:1].upper() + part[1:] for part in low.split("-")))
    return " ".join(words)


def _listed(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list | np.ndarray) else []


def _under_floor(
    pairs: pd.DataFrame, sides: list[pd.DataFrame], pairing: Pairing
) -> tuple[pd.DataFrame, int, list[pd.DataFrame]]:
    """Leave out pairs in which either side rests on too few answers; say which and how many."""
    hidden = pd.Series(False, index=pairs.index)
    for which in ("left", "right"):
        shown = protect(
            pairs,
            pairing.disclosure,
            count=f"{which}_respondents",
            values=[f"{which}_{column}" for column in ("value", "low", "high", "positive")],
            withheld=f"{which}_withheld",
        )
        hidden |= shown[f"{which}_withheld"] != Withheld.NONE.value
    left_out = set(pairs.loc[hidden, "unit"])
    sides = [
        side.assign(
            outcome=side["outcome"].mask(
                (side["outcome"] == "paired") & side["unit"].isin(left_out), "under_floor"
            )
        )
        for side in sides
    ]
    return pairs[~hidden].reset_index(drop=True), int(hidden.sum()), sides


def _with_intervals(pairs: pd.DataFrame, which: str, side: Side) -> pd.DataFrame:
    """Published intervals where there are any; else Wilson on the effective number of answers."""
    value, n = pairs[f"{which}_value"], pairs[f"{which}_respondents"]
    if side.unit == "proportion" and len(pairs):
        effect = DESIGN_EFFECT if side.source == "gp_survey" else 1.0
        low, high = wilson(value.to_numpy(), np.maximum(n.to_numpy() / effect, 1.0))
        pairs = pairs.assign(
            **{
                f"{which}_low": pairs[f"{which}_low"].fillna(pd.Series(low, index=pairs.index)),
                f"{which}_high": pairs[f"{which}_high"].fillna(pd.Series(high, index=pairs.index)),
            }
        )
    return pairs


def _unmatched(sides: Sequence[pd.DataFrame], pairing: Pairing) -> pd.DataFrame:
    """One row per side, organisation (or name) and outcome that is not a pair.

    Rows of a file are not people, but where they are (one response a row) a small count of them
    is: those counts pass the floor like any other.
    """
    told = []
    for place, (which, source, side) in enumerate(
        zip(("left", "right"), (pairing.left, pairing.right), sides, strict=True)
    ):
        rest = side[side["outcome"] != "paired"]
        people = rest["rows"] > rest["observations"]
        counted = protect(
            pd.DataFrame({"rows": rest["rows"].where(people, 0).astype("float64")}),
            pairing.disclosure,
            count="rows",
            values=[],
        )
        told.append(
            pd.DataFrame(
                {
                    "side": which,
                    "source": source,
                    "unit": rest["unit"],
                    "name": rest["name"].map(readable),
                    "outcome": rest["outcome"],
                    "reason": _reasons(rest, sides[1 - place]),
                    "rows": counted["rows"].where(people, rest["rows"].astype("float64")),
                }
            )
        )
    return pd.concat(told, ignore_index=True)


# Why the other side is silent on an organisation, the most telling first.
_TELLING = (
    "withheld_publisher",
    "withheld_unknown",
    "withheld_not_calculable",
    "withheld_missing",
    "split",
    "to_confirm",
    "outside_period",
    "superseded",
)


def _reasons(rest: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """The reason of each outcome; where the other side is silent, with what it says instead."""
    telling = other[other["outcome"].isin(_TELLING) & (other["unit"] != "")]
    ranked = telling.assign(rank=telling["outcome"].map(_TELLING.index)).sort_values("rank")
    first = ranked.drop_duplicates("unit")
    why = {
        unit: OUTCOMES[outcome]
        for unit, outcome in zip(first["unit"], first["outcome"], strict=True)
    }
    return pd.Series(
        [
            f"{OUTCOMES[outcome]}: {why[unit][:1].lower()}{why[unit][1:]}"
            if outcome == "no_counterpart" and unit in why
            else OUTCOMES[outcome]
            for outcome, unit in zip(rest["outcome"], rest["unit"], strict=True)
        ],
        index=rest.index,
        dtype="str",
    )


def _account(sides: Sequence[pd.DataFrame], titles: Mapping[str, str]) -> pd.DataFrame:
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    told = pd.concat(
        [side.assign(side=which) for which, side in zip(("left", "right"), sides, strict=True)]
    )
    account = told.groupby(["side", "outcome"], as_index=False).agg(
        rows=("rows", "sum"), organisations=("unit", lambda units: units[units != ""].nunique())
    )
    account["reason"] = account["outcome"].map(OUTCOMES)
    account["source"] = account["side"].map(titles)
    return account.sort_values(
        ["side", "outcome"], key=lambda c: c.map(order) if c.name == "outcome" else c
    ).reset_index(drop=True)


def _notes(
    left: Side, right: Side, pairs: pd.DataFrame, across: bool, aligned: bool, refused: bool
) -> list[str]:
    notes: list[str] = []
    if not refused and not aligned:
        notes.append(
            f"Not aligned in time: {left.short_title} is of {left.period}, "
            f"{right.short_title} of {right.period}."
        )
    if across:
        notes.append(
            f"Across domains: {left.measure_title} ({_domain(left)}) against "
            f"{right.measure_title} ({_domain(right)})."
        )
    for which, side in (("left", left), ("right", right)):
        if side.period_approximate:
            notes.append(f"The fieldwork dates of {side.title} are approximate.")
        if side.months_due and (side.months_due - side.months_found) / side.months_due > FEW_MONTHS:
            notes.append(
                f"{side.short_title}: {side.months_found} of {side.months_due} months of the "
                "period are loaded."
            )
        if len(pairs) and pairs[f"{which}_base_unknown"].any():
            notes.append(
                f"{side.title} comes without numbers of answers: its figures stand on its "
                "publisher's rule, and have no interval."
            )
    if not pairs.empty and (pairs["merged_from"] != "").any():
        merged = int((pairs["merged_from"] != "").sum())
        notes.append(
            f"{merged} organisation{'s' if merged != 1 else ''} followed through a merger: counts "
            "were added before dividing."
        )
    return notes


# --- What can be chosen ---


@dataclass(frozen=True, slots=True)
class Choices:
    """What the loaded data offer: for the filters."""

    sources: dict[str, str]  # source -> title, those with data
    measures: dict[str, dict[str, str]]  # source -> measure -> title
    services: dict[str, str]
    areas: dict[str, str]  # code -> name, regions first
    grains: tuple[Grain, ...]
    strength: dict[tuple[str, str], int]  # (source, grain) -> organisations

    def sources_for(self, service: str) -> dict[str, str]:
        """Those of a service; sources that speak of several services are always offered."""
        return {
            name: title
            for name, title in self.sources.items()
            if not service or maps.source(name)["service"] in ("", service)
        }

    def natural_pair(self, service: str) -> tuple[str, str]:
        """The two sources to start with: of different signals, one service, most organisations."""
        offered = list(self.sources_for(service))
        best = max(
            (
                (one, other)
                for one in offered
                for other in offered
                if _precedes(one, other)
            ),
            key=self._suits,
            default=None,
        )
        if best is not None:
            return best
        return (offered[0], offered[-1]) if offered else ("", "")

    def _suits(self, pair: tuple[str, str]) -> tuple[bool, bool, int]:
        one, other = (maps.source(name) for name in pair)
        shared = [
            min(n, self.strength.get((pair[1], grain), 0))
            for (source, grain), n in self.strength.items()
            if source == pair[0]
        ]
        return (
            one["service"] == other["service"] and one["service"] != "",
            (one["signal"], other["signal"]) == ("fft", "survey"),
            max(shared, default=0),
        )


def _precedes(one: str, other: str) -> bool:
    order = ("fft", "community", "survey")
    first, second = (order.index(maps.source(name)["signal"]) for name in (one, other))
    return first < second and "complaints" not in (one, other)


def choices(store: Store) -> Choices:
    """The sources, measures, services, areas and levels there are figures for."""
    coverage = store.query("coverage")
    areas = store.query("areas")
    loaded = sorted(set(coverage["source"]), key=list(maps.sources()).index)
    measures: dict[str, dict[str, str]] = {}
    for source in loaded:
        found = set(coverage.loc[coverage["source"] == source, "measure"])
        known = [measure for owner, measure in maps.measures() if owner == source]
        ordered = [m for m in known if m in found] + sorted(found - set(known))
        measures[source] = {
            measure: maps.measures().get((source, measure), {}).get("title", measure)
            for measure in ordered
        }
    services = {row["service"]: row["title"] for row in maps.rows("services")}
    spoken = {maps.source(source)["service"] for source in loaded} - {""}
    kinds = {"region": "region", "icb": "ICB", "sub_icb": "sub-ICB location", "pcn": "network"}
    strength: dict[tuple[str, str], int] = {}
    for row in coverage.itertuples():
        grain = str(row.grain) or maps.source(str(row.source))["grain"]
        key = (str(row.source), grain)
        strength[key] = max(strength.get(key, 0), int(row.providers))
    grains = {grain for _, grain in strength}
    return Choices(
        sources={source: maps.source(source)["title"] for source in loaded},
        measures=measures,
        services={name: title for name, title in services.items() if name in spoken},
        areas={
            # the code makes each title one of a kind: titles stand in the URL
            str(row.code): f"{row.name} ({kinds.get(str(row.grain), row.grain)} {row.code})"
            for row in areas.itertuples()
        },
        grains=tuple(grain for grain in NATURAL_GRAINS if _supplies(grains, grain)),
        strength=strength,
    )
