"""What is compared with what? Two sources joined by provider and period, and all that did not join.

The periods, the grain and the measures are chosen here; the rows are placed in SQL
(ask/side.sql), so that every row loaded of either source has exactly one outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from pxcore.analysis.joining import selection
from pxcore.analysis.joining.bands import bands_of, told_groups
from pxcore.analysis.joining.choices import domain_title, natural_grain, resolve, side_of
from pxcore.analysis.joining.periods import Side, choose_periods, placing, spans
from pxcore.analysis.joining.refusals import Cause, Refusal
from pxcore.disclosure import (
    Answers,
    Confidential,
    Count,
    Released,
    added,
    is_confidential,
    release,
)
from pxcore.model import (
    GRAIN_TITLES,
    Disclosure,
    Grain,
    Mix,
    Pairing,
    Period,
    Selection,
)
from pxcore.store import Store
from pxcore.words.counts import counts_said, noise_said

PLACES = ("icb", "region", "sub_icb", "pcn", "unit")  # what a row of ask/side.sql belongs to
SIDES = ("left", "right")
FEW_MONTHS = 0.25  # more of the window's months missing than this is said

OUTCOMES = MappingProxyType(
    {
        "paired": "Compared",
        "no_counterpart": "The other source has no value for this organisation",
        "few_answers": "Too few answers, or none, to compare",
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
        "no_group": "Nobody of a group of the chosen mix of people answered, or its own mix is not known",
        "date_uncertain": "The date cannot be read for certain",
        "split": "The organisation was split: its figures cannot be followed",
        "to_confirm": "Several successors on different dates: to be confirmed",
        "cycle": "Its succession leads back to itself",
        "no_parent": "Not known to belong to any organisation of this level",
        "no_base": "A percentage without a number of answers cannot be added up",
        "superseded": "Replaced by a later file, or from a removed one",
    }
)


@dataclass(frozen=True)  # no slots: what is asked for on one page alone is worked out then
class Alignment:
    """Two sources set side by side: what joined, what did not and why."""

    pairing: Pairing
    grain: Grain
    left: Side
    right: Side
    aligned_in_time: bool
    across_domains: bool
    refusals: tuple[Refusal, ...]  # why nothing is compared; empty where something is
    pairs: Released  # one row per organisation compared; see PAIR
    exact: (
        Confidential  # the same with exact figures: unit, value, respondents, positive of each side
    )
    said: tuple[str, ...]  # of the periods and of whose answers count
    revision: int
    # of both sources by organisation and outcome, whatever the area
    everywhere: tuple[Confidential, Confidential]
    service: str  # the service asked about; "" where neither source has one
    left_spans: tuple[Period, ...]  # every period each source speaks of with this measure and level
    right_spans: tuple[Period, ...]

    @cached_property
    def rows(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Of both sources by organisation and outcome, exact; those of another area than the one chosen as
        that."""
        left, right = (one.figures for one in self.everywhere)
        if not self.pairing.area:
            return left, right
        return _outside(left, self.pairing.area), _outside(right, self.pairing.area)

    def of_area(self, area: str, outcomes: Collection[str]) -> set[str]:
        """The organisations of an area with one of some outcomes in either source."""
        return {
            str(unit)
            for placed in self._placed
            for unit in placed[
                (placed[:, 2:] == area).any(axis=1) & np.isin(placed[:, 0], list(outcomes)), 1
            ]
        }

    @cached_property
    def _placed(self) -> tuple[np.ndarray, ...]:
        """Of both sources the outcome and organisation of each row, and all it belongs to."""
        columns = ["outcome", "unit", *PLACES]
        return tuple(
            one.figures[columns].astype(object).where(one.figures[columns].notna(), "").to_numpy()
            for one in self.everywhere
        )

    def exact_of(self, units: pd.Series) -> pd.DataFrame:
        """The exact figures of organisations compared, in their order: for statistics over all of them."""
        return self.exact.figures.set_index("unit").reindex(units)

    @property
    def confidential(self) -> bool:
        """Whether either source is of single responses, whose figures carry noise where they are shown."""
        return not self.pairing.disclosure.exact and any(
            is_confidential(one.figures) for one in self.everywhere
        )

    @cached_property
    def withheld(self) -> int:
        """Pairs left out because one side rests on too few answers."""
        rows, area = self.everywhere[0].figures, self.pairing.area
        few = rows["outcome"] == "few_answers"
        return int((few & belongs(rows, area) if area else few).sum())

    @cached_property
    def paired_everywhere(self) -> int:
        """Organisations compared, whatever the area."""
        return int((self.everywhere[0].figures["outcome"] == "paired").sum())

    @cached_property
    def names_waiting(self) -> int:
        """Names without a code in either source; a name without a code is of no area."""
        return len(
            {
                str(name)
                for one in self.everywhere
                for name in one.figures.loc[
                    one.figures["outcome"] == "name_not_matched", "unmatched_name"
                ]
                if name
            }
        )

    @cached_property
    def extracts(self) -> tuple[int, ...]:
        """Numbers of the extracts whose rows are compared."""
        used = (rows.loc[rows["outcome"] == "paired", "extracts"] for rows in self.rows)
        return tuple(sorted({int(number) for side in used for row in side for number in row}))

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What was assumed, and what to bear in mind."""
        told = [*self.said, *_notes(self)]
        if not self.pairing.settings.assumed_base:
            told += _without_base(self.left, self.right, self.pairs)
        return (*told, *_unknown_codes(self.rows, (self.left, self.right)))

    @cached_property
    def unmatched(self) -> Released:
        """One row per organisation or name and outcome, on either side."""
        return _unmatched(self.rows, self.pairing)

    @cached_property
    def account(self) -> Released:
        """One row per side and outcome: rows; they add up to everything loaded, but for the noise of
        confidential counts."""
        titles = {"left": self.left.short_title, "right": self.right.short_title}
        return _account(self.rows, titles, self.pairing.disclosure)

    def summary(self) -> str:
        """One sentence on what joined."""
        if self.refusals:
            return f"Nothing is compared. {self.refusals[0].said}"
        one, many = GRAIN_TITLES[self.grain]
        count = len(self.pairs)
        return (
            f"{count} {f'{one} has' if count == 1 else f'{many} have'} both {self.left.title} "
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
                f"{self.loaded['rows'].sum():,.0f}",
                "every row loaded of both sources",
            )
        )
        return told

    @cached_property
    def loaded(self) -> Released:
        """One row per side: rows loaded."""
        sides = pd.concat(
            [rows.assign(side=which) for which, rows in zip(SIDES, self.rows, strict=True)]
        )
        rows = added(sides[["side", "rows", "rows_key"]], ["side"])
        return release(rows, self.pairing.disclosure, Count("rows", "rows_key"))

    def accounted(self) -> str:
        """One sentence: every row of both sources, and how many are compared."""
        said = []
        loaded = self.loaded.set_index("side")["rows"].reindex(list(SIDES))
        for which, side in (("left", self.left), ("right", self.right)):
            rows = self.account[self.account["side"] == which]
            used = rows.loc[rows["outcome"] == "paired", "rows"]
            compared = used.sum(min_count=1) if len(used) else 0.0
            counts = pd.Series([compared, loaded[which]])
            first, second = counts_said(counts, self.pairing.disclosure)
            said.append(f"{first} of {second} rows of {side.short_title}")
        return f"Compared: {said[0]} and {said[1]}. The rest is listed below by reason."

    def did_not_join(self) -> Released:
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
    "few_answers",
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
    "no_group",
    "area_only",
)

# Outcomes of rows that were looked at only after the area was seen to be right.
LOOKED_AT = (
    "paired", "no_counterpart", "few_answers", "no_base", "no_group",
    "withheld_publisher", "withheld_unknown", "withheld_not_calculable", "withheld_missing",
)  # fmt: skip

PAIR = (
    "unit",
    "name",
    "icb",
    "pcn",
    "left_value",
    "left_low",
    "left_high",
    "left_respondents",
    "left_people",
    "left_periods",
    "left_base_unknown",
    "right_value",
    "right_low",
    "right_high",
    "right_respondents",
    "right_people",
    "right_periods",
    "right_base_unknown",
    "merged_from",
)


def align(store: Store, pairing: Pairing) -> Alignment:
    """Set two sources side by side; a refusal is an answer and says why.

    Raises UnknownSource for a name no source has, NothingToCompare where one is not loaded.
    """
    return inside(_align(store, replace(pairing, area="")), pairing.area)


def inside(whole: Alignment, area: str) -> Alignment:
    """The same with the organisations of an area alone; an area chooses rows and changes no figure."""
    if not area:
        return whole
    here = whole.of_area(area, LOOKED_AT)
    return replace(
        whole,
        pairing=replace(whole.pairing, area=area),
        pairs=Released(whole.pairs[whole.pairs["unit"].isin(here)].reset_index(drop=True)),
    )


def belongs(rows: pd.DataFrame, area: str) -> pd.Series:
    """Whether each row of ask/side.sql is of an area: a region, a board, a place, a network, or itself."""
    of_it = np.zeros(len(rows), dtype=bool)
    for column in PLACES:
        of_it |= (rows[column] == area).to_numpy(dtype=bool, na_value=False)
    return pd.Series(of_it, index=rows.index)


def _outside(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    """Rows that were looked at and are of another area, counted as that: one row an organisation."""
    far = rows["outcome"].isin(LOOKED_AT) & ~belongs(rows, area)
    told = rows.assign(outcome=rows["outcome"].mask(far, "outside_area"))
    names = rows.loc[far, ["unit", "unmatched_name", "rows", "rows_key"]]
    again = names.duplicated(["unit", "unmatched_name"])
    if not again.any():
        return told
    grouped = names.groupby(["unit", "unmatched_name"])
    for column in ("rows", "rows_key"):
        told.loc[far, column] = grouped[column].transform(lambda n: n.sum(min_count=1))
    return told.drop(index=names.index[again])


def _align(store: Store, pairing: Pairing) -> Alignment:
    coverage = store.query("coverage")
    left_source, right_source = resolve(coverage, pairing)
    left_cover = coverage[coverage["source"] == left_source]
    right_cover = coverage[coverage["source"] == right_source]
    grain = natural_grain(left_cover, right_cover, pairing, left_source, right_source)
    left = side_of(left_source, pairing.left_measure, left_cover, grain)
    right = side_of(right_source, pairing.right_measure, right_cover, grain)
    refusals: list[Refusal] = []
    notes: list[str] = []
    if left_source == right_source:
        refusals.append(
            Refusal(
                Cause.SAME_SOURCE,
                f"Both sides are {left.title}: the same people answered both, so that they agree would "
                "say nothing.",
                "Choose another source on one side.",
                source=left_source,
            )
        )
    left, right, aligned = choose_periods(left, right, coverage, pairing, refusals, notes)
    if pairing.selection != Selection():
        left, right = _selected(store, left, right, replace(pairing, grain=grain.value), notes)
    across = left.domain != right.domain
    if across and not (pairing.left_measure or pairing.right_measure):
        refusals.append(
            Refusal(
                Cause.DOMAINS,
                f"They do not ask about the same thing: {left.short_title} on {domain_title(left)} and "
                f"{right.short_title} on {domain_title(right)}.",
                "To compare them all the same, choose the measures by name.",
                measures=(
                    "" if left.domain == "overall" else left.measure,
                    "" if right.domain == "overall" else right.measure,
                ),
                domains=(domain_title(left), domain_title(right)),
            )
        )
    resolved = replace(
        pairing,
        left=left.source,
        right=right.source,
        left_measure=left.measure,
        right_measure=right.measure,
        grain=grain.value,
    )
    # a source that speaks of several services is asked about the other's alone
    service = left.service or right.service or pairing.service
    sides = [
        rows_of(store, side, resolved, service, nothing=bool(refusals)) for side in (left, right)
    ]
    if not pairing.disclosure.exact:
        sides = [
            with_everybody(rows, side) for rows, side in zip(sides, (left, right), strict=True)
        ]
    pairs, exact, sides = _join(sides[0], sides[1], resolved)
    pairs, sides = _few_answers(pairs, sides, resolved)
    notes += _disputed(store.query("disputed_parents"), sides)
    return Alignment(
        pairing=resolved,
        grain=grain,
        left=left,
        right=right,
        aligned_in_time=aligned,
        across_domains=across,
        refusals=tuple(refusals),
        pairs=pairs,
        exact=Confidential(exact[exact["unit"].isin(pairs["unit"])].reset_index(drop=True)),
        said=tuple(notes),
        revision=store.revision,
        everywhere=(Confidential(sides[0]), Confidential(sides[1])),
        service=service,
        left_spans=tuple(spans(coverage, left)),
        right_spans=tuple(spans(coverage, right)),
    )


# --- Joining ---


def rows_of(
    store: Store, side: Side, pairing: Pairing, service: str, *, nothing: bool = False
) -> pd.DataFrame:
    """Every row of a source by organisation and outcome (one of OUTCOMES, or in_window)."""
    never = date(1, 1, 1)
    period = side.period if side.period is not None and not nothing else Period(never, never)
    rows = store.query("side", **placing(side, pairing, service, period))
    if side.selection.mix:
        dimension = side.selection.dimension
        answers = selection.answers_by_band(store, side, pairing, service, period, dimension)
        own = None
        if side.selection.mix is Mix.REGISTERED:
            own = selection.registered(store, dimension)
        order = bands_of(store).in_order(dimension, [*answers["band"], *dict(side.mix)])
        asked = (answers, dict(side.mix), own, order)
        rows = selection.weighted(selection.weighted_as_shown(rows, *asked), *asked)
    return rows


def with_everybody(rows: pd.DataFrame, side: Side) -> pd.DataFrame:
    """Rows of ask/side.sql with every organisation that a confidential source ever spoke of in the window.

    Who has few answers in a window and who has none are not told apart, for that somebody answered is a count
    too: from many windows it would follow when each of a few did. For the same reason rows of other windows,
    services and measures are not told by organisation, every name without a code is listed, and months and
    files are those of the source.
    """
    confidential = rows["people_key"].notna()
    if not confidential.any():
        return rows
    own = rows[confidential]
    inside = own["outcome"] == "in_window"
    files = sorted({int(number) for listed in own["extracts"] for number in listed})
    merged = own.explode("merged_from").groupby("unit")["merged_from"]
    codes = merged.agg(lambda some: sorted({str(code) for code in some.dropna()}))
    absent = own[own["placed"] & ~own["unit"].isin(own.loc[inside, "unit"])]
    absent = absent.drop_duplicates("unit").assign(outcome="in_window", unmatched_name="")
    named = own[(own["unit"] == "") & (own["unmatched_name"] != "")]
    named = named.drop_duplicates("unmatched_name").assign(outcome="name_not_matched")
    nobody = pd.concat([absent, named])
    counted = own.select_dtypes("number").columns.difference(
        ["within_variance", "scale_low", "scale_high"]
    )
    nobody[counted] = nobody[counted].where(nobody[counted].isna(), 0.0)
    nobody = nobody.assign(value=np.nan, standard_error=np.nan, heaviest=1.0)
    rest = own[~inside].assign(unit="", unmatched_name="", name="")
    together = pd.concat([own[inside], nobody, rest])
    together = together.assign(
        periods=float(max(1, side.months_found)),
        extracts=pd.Series([files] * len(together), together.index),
        merged_from=together["unit"].map(codes),
    )
    return pd.concat([rows[~confidential], together], ignore_index=True)


def _selected(
    store: Store, left: Side, right: Side, pairing: Pairing, notes: list[str]
) -> tuple[Side, Side]:
    """Both sides with what of the selection each can follow, and the mix they are weighted to."""
    splits, bands = told_groups(store), bands_of(store)
    sides, answers = [], []
    service = left.service or right.service or pairing.service
    for side in (left, right):
        chosen, said = selection.of_source(side, pairing.selection, splits, bands)
        notes += said
        sides.append(replace(side, selection=chosen))
        if chosen.mix and side.period is not None:
            answers.append(
                selection.answers_by_band(
                    store, side, pairing, service, side.period, chosen.dimension
                )
            )
    mix = tuple(selection.common_mix(store, answers, pairing.selection).items())
    one, other = (replace(side, mix=mix if side.selection.mix else ()) for side in sides)
    return one, other


def _join(
    left: pd.DataFrame, right: pd.DataFrame, pairing: Pairing
) -> tuple[Released, pd.DataFrame, list[pd.DataFrame]]:
    """The organisations with a figure from both: as they may be shown, and exact; and the rows of both."""
    windows = [side[side["outcome"] == "in_window"] for side in (left, right)]
    exact = _pairs(windows)
    # of a confidential source it is not told who has none
    spoken = [
        rows.loc[rows["value"].notna() | rows["people_key"].notna(), "unit"] for rows in windows
    ]
    joined = set(spoken[0]) & set(spoken[1])
    shown = _pairs(
        [
            release(side[side["outcome"] == "in_window"], pairing.disclosure, Answers())
            for side in (left, right)
        ]
    )
    sides = []
    for side in (left, right):
        in_window = side["outcome"] == "in_window"
        outcome = side["outcome"].astype(object)
        outcome[in_window] = np.where(
            side.loc[in_window, "unit"].isin(joined), "paired", "no_counterpart"
        )
        sides.append(side.assign(outcome=outcome))
    return Released(shown), exact, sides


def _pairs(usable: Sequence[pd.DataFrame]) -> pd.DataFrame:
    columns = ["value", "low", "high", "respondents", "people", "positive", "periods"]
    keep = ["unit", "name", "icb", "pcn", "merged_from", *columns]
    pairs = usable[0][keep].merge(
        usable[1][keep], on="unit", suffixes=("_left", "_right"), validate="one_to_one"
    )
    pairs = pairs[pairs["value_left"].notna() & pairs["value_right"].notna()]
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
    return told.reset_index(drop=True)


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


def _few_answers(
    pairs: Released, sides: list[pd.DataFrame], pairing: Pairing
) -> tuple[Released, list[pd.DataFrame]]:
    """Leave out pairs in which either side rests on too few answers to be ranked; say which."""
    fewest = pairs[["left_people", "right_people"]].min(axis=1)
    ranked = Released(pairs[~(fewest < pairing.rank_floor)].reset_index(drop=True))
    kept = set(ranked["unit"])
    return ranked, [
        side.assign(
            outcome=side["outcome"].mask(
                (side["outcome"] == "paired") & ~side["unit"].isin(kept), "few_answers"
            )
        )
        for side in sides
    ]


def _unmatched(sides: Sequence[pd.DataFrame], pairing: Pairing) -> Released:
    """One row per side, organisation (or name) and outcome that is not a pair.

    Single responses are counted by reason alone (`account`): beside another source, period or measure an
    organisation's rows split otherwise each time, and so many differences of the same few people would let
    their number be guessed.
    """
    told = []
    for place, (which, source, side) in enumerate(
        zip(("left", "right"), (pairing.left, pairing.right), sides, strict=True)
    ):
        # what is told by reason alone has neither code nor name
        rest = side[(side["outcome"] != "paired") & ((side["unit"] != "") | (side["name"] != ""))]
        told.append(
            pd.DataFrame(
                {
                    "side": which,
                    "source": source,
                    "unit": rest["unit"],
                    "name": rest["name"].map(readable),
                    "outcome": rest["outcome"],
                    "reason": _reasons(rest, sides[1 - place]),
                    "rows": rest["rows"]
                    .astype("float64")
                    .where(rest["people_key"].isna() | pairing.disclosure.exact),
                }
            )
        )
    rows = pd.concat(told, ignore_index=True)
    counts = ["by reason" if pd.isna(count) else f"{count:,.0f}" for count in rows["rows"]]
    return release(rows.assign(rows_said=counts), pairing.disclosure)


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


def _account(
    sides: Sequence[pd.DataFrame], titles: Mapping[str, str], disclosure: Disclosure
) -> Released:
    order = {outcome: place for place, outcome in enumerate(OUTCOMES)}
    rows = pd.concat([side.assign(side=which) for which, side in zip(SIDES, sides, strict=True)])[
        ["side", "outcome", "unit", "rows", "rows_key"]
    ]
    account = added(rows, ["side", "outcome"])
    units = rows[rows["unit"] != ""].groupby(["side", "outcome"])["unit"].nunique()
    account = account.join(units.rename("organisations"), on=["side", "outcome"])
    account["organisations"] = account["organisations"].fillna(0).astype("int64")
    account["reason"] = account["outcome"].map(OUTCOMES)
    account["source"] = account["side"].map(titles)
    account = account.sort_values(
        ["side", "outcome"], key=lambda c: c.map(order) if c.name == "outcome" else c
    ).reset_index(drop=True)
    # of whom the rows of single responses with a reason are is not told, nor of how many
    told = account["rows_key"].isna() | (account["organisations"] > 0)
    organisations = [
        f"{n:,}" if known else "" for n, known in zip(account["organisations"], told, strict=True)
    ]
    shown = release(account, disclosure, Count("rows", "rows_key"))
    return shown.assign(
        rows_said=counts_said(shown["rows"], disclosure),
        organisations=shown["organisations"].where(told),
        organisations_said=organisations,
    )


def _unknown_codes(sides: Sequence[pd.DataFrame], about: Sequence[Side]) -> list[str]:
    """Codes of either source that no reference file holds; nothing where none is loaded."""
    if not any(side["in_reference"].any() for side in sides):
        return []
    notes = []
    for side, one in zip(sides, about, strict=True):
        in_question = side["outcome"].isin(["paired", *NOT_JOINED]) & (side["unit"] != "")
        strange = sorted(set(side.loc[in_question & ~side["in_reference"], "unit"]))
        if strange:
            named = ", ".join(strange[:5]) + (" …" if len(strange) > 5 else "")
            notes.append(
                f"{one.short_title}: {len(strange)} code{'s' if len(strange) != 1 else ''} not in "
                f"any reference file loaded ({named})."
            )
    return notes


def _disputed(disputed: pd.DataFrame, sides: Sequence[pd.DataFrame]) -> list[str]:
    """Organisations in question that files of one date put under different areas."""
    in_question = {
        str(unit)
        for side in sides
        for unit in side.loc[side["outcome"].isin(["paired", *NOT_JOINED]), "unit"]
    }
    rows = disputed[disputed["unit"].isin(in_question)]
    if rows.empty:
        return []
    count = rows["unit"].nunique()
    listed = "; ".join(
        f"{unit} under {parent}, not {' or '.join(others)}"
        for unit, parent, others in zip(
            rows["unit"][:5], rows["parent"], rows["others"], strict=False
        )
    )
    return [
        f"Files of the same date put {count} organisation{'s' if count != 1 else ''} under different "
        f"areas: {listed}{' …' if len(rows) > 5 else '.'} The first code counts, or the one in a list "
        "of organisations; take out the file that is wrong."
    ]


def _without_base(left: Side, right: Side, pairs: pd.DataFrame) -> list[str]:
    return [
        f"{side.title} comes without numbers of answers: its figures stand on its publisher's rule, have "
        "no interval, and take part in the raw rank correlation only."
        for which, side in (("left", left), ("right", right))
        if len(pairs) and pairs[f"{which}_base_unknown"].any()
    ]


def _notes(told: Alignment) -> list[str]:
    left, right, pairs = told.left, told.right, told.pairs
    notes: list[str] = []
    if not told.refusals and not told.aligned_in_time:
        notes.append(
            f"Not aligned in time: {left.short_title} is of {left.period}, "
            f"{right.short_title} of {right.period}."
        )
    if told.across_domains and not told.refusals:
        notes.append(
            f"Across domains: {left.measure_title} ({domain_title(left)}) against "
            f"{right.measure_title} ({domain_title(right)})."
        )
    for side, rows in zip((left, right), told.everywhere, strict=True):
        if is_confidential(rows.figures):
            notes.append(noise_said(side.short_title, told.pairing.disclosure))
        if side.period_approximate:
            notes.append(f"The fieldwork dates of {side.title} are approximate.")
        if side.months_due and (side.months_due - side.months_found) / side.months_due > FEW_MONTHS:
            notes.append(
                f"{side.short_title}: {side.months_found} of {side.months_due} months of the "
                "period are loaded."
            )
    if not pairs.empty and (pairs["merged_from"] != "").any():
        merged = int((pairs["merged_from"] != "").sum())
        notes.append(
            f"{merged} organisation{'s' if merged != 1 else ''} followed through a merger: counts "
            "were added before dividing."
        )
    return notes
