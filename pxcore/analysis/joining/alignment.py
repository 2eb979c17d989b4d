"""What is compared with what? Two sources joined by provider and period, and all that did not join.

The periods, the grain and the measures are chosen here; the rows are placed in SQL
(ask/side.sql), so that every row loaded of either source has exactly one outcome.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.analysis.joining import selection
from pxcore.analysis.joining.bands import bands_of, told_groups
from pxcore.analysis.joining.choices import natural_grain, resolve, side_of
from pxcore.analysis.joining.names import readable
from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.joining.outcomes import (
    LOOKED_AT,
    NOT_JOINED,
    SIDES,
    account,
    in_question,
    unmatched,
)
from pxcore.analysis.joining.periods import Side, choose_periods, placing, spans
from pxcore.analysis.joining.refusals import OtherDomains, Refusal, SameSource
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
    Grain,
    Mix,
    Pairing,
    Period,
    Selection,
)
from pxcore.store import Store

PLACES = ("icb", "region", "sub_icb", "pcn", "unit")  # what a row of ask/side.sql belongs to
FEW_MONTHS = 0.25  # more of the window's months missing than this is noted


@dataclass(frozen=True)  # no slots: what lies where is looked up once for all areas
class Placed:
    """Both sources by organisation and outcome, exact, whatever the area."""

    rows: tuple[Confidential, Confidential]

    @cached_property
    def _by_area(self) -> tuple[dict[str, npt.NDArray[np.int64]], ...]:
        """Of both sources the places of the rows of each area that a row belongs to."""
        return tuple(_places_by_area(rows.figures) for rows in self.rows)

    @cached_property
    def _columns(self) -> tuple[tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]], ...]:
        """Of both sources the outcome and the organisation of each row."""
        return tuple(
            (
                rows.figures["outcome"].to_numpy(dtype=object),
                rows.figures["unit"].to_numpy(dtype=object),
            )
            for rows in self.rows
        )

    def _in(self, side: int, area: str) -> npt.NDArray[np.int64]:
        """The places of a source's rows of an area; of all where it is ""."""
        if not area:
            return np.arange(len(self.rows[side].figures))
        return self._by_area[side].get(area, np.array([], dtype=np.int64))

    def units(self, area: str, outcomes: Collection[str]) -> set[str]:
        """The organisations of an area with one of some outcomes in either source."""
        chosen = set()
        for side, (outcome, unit) in enumerate(self._columns):
            places = self._in(side, area)
            chosen |= {
                str(code)
                for was, code in zip(outcome[places], unit[places], strict=True)
                if was in outcomes
            }
        return chosen

    def count(self, area: str, outcome: str) -> int:
        """Rows of the left source, one an organisation, of an area and outcome."""
        return int((self._columns[0][0][self._in(0, area)] == outcome).sum())

    def paired(self, side: int, area: str) -> npt.NDArray[np.int64]:
        """The places of a source's rows of an area that are compared."""
        places = self._in(side, area)
        return np.asarray(places[self._columns[side][0][places] == "paired"])

    def extracts(self, area: str) -> set[int]:
        """Numbers of the extracts whose rows are compared."""
        used: set[int] = set()
        for side, rows in enumerate(self.rows):
            for numbers in rows.figures["extracts"].iloc[self.paired(side, area)]:
                used |= {int(number) for number in numbers}
        return used

    @cached_property
    def names_waiting(self) -> int:
        """Names without a code in either source; a name without a code is of no area."""
        return len(
            {
                str(name)
                for rows in self.rows
                for name in rows.figures.loc[
                    rows.figures["outcome"] == "name_not_matched", "unmatched_name"
                ]
                if name
            }
        )

    @cached_property
    def confidential(self) -> tuple[bool, bool]:
        """Whether each source is of single responses."""
        left, right = (is_confidential(rows.figures) for rows in self.rows)
        return left, right


def _places_by_area(rows: pd.DataFrame) -> dict[str, npt.NDArray[np.int64]]:
    """The places of the rows of each area: a region, a board, a place, a network, or an organisation."""
    places: dict[str, dict[int, None]] = {}
    for column in PLACES:
        names = rows[column].astype(object).where(rows[column].notna(), "")
        for place, name in enumerate(names):
            if name:
                places.setdefault(str(name), {})[place] = None
    return {name: np.array(sorted(held), dtype=np.int64) for name, held in places.items()}


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
    compared: Released  # one row per organisation compared, whatever the area; see PAIR
    exact: Confidential  # the same by unit with exact figures: value, respondents, positive of each side
    notes: tuple[Note, ...]  # of the periods, of whose answers count and of disputed areas
    revision: int
    placed: Placed
    service: str  # the service asked about; "" where neither source has one
    left_spans: tuple[Period, ...]  # every period each source speaks of with this measure and level
    right_spans: tuple[Period, ...]

    @cached_property
    def chosen(self) -> npt.NDArray[np.bool_]:
        """Whether each organisation compared is of the area chosen."""
        if not self.pairing.area:
            return np.ones(len(self.compared), dtype=bool)
        units = self.placed.units(self.pairing.area, LOOKED_AT)
        return np.array([unit in units for unit in self.compared["unit"].tolist()], dtype=bool)

    @cached_property
    def pairs(self) -> Released:
        """One row per organisation compared of the area chosen; see PAIR."""
        return self.of_area(self.compared)

    def of_area(self, compared: Released) -> Released:
        """Rows of all organisations compared, those of the area chosen."""
        if not self.pairing.area:
            return compared
        return compared[self.chosen].reset_index(drop=True)

    @cached_property
    def rows(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Of both sources by organisation and outcome, exact; those of another area than the one chosen as
        that."""
        left, right = (rows.figures for rows in self.everywhere)
        if not self.pairing.area:
            return left, right
        return _outside(left, self.pairing.area), _outside(right, self.pairing.area)

    @property
    def everywhere(self) -> tuple[Confidential, Confidential]:
        """Of both sources by organisation and outcome, whatever the area."""
        return self.placed.rows

    def exact_of(self, units: pd.Series) -> pd.DataFrame:
        """The exact figures of organisations compared, in their order: for statistics over all of them."""
        return self.exact.figures.reindex(units)

    @property
    def confidential(self) -> bool:
        """Whether either source is of single responses, whose figures carry noise where they are shown."""
        return not self.pairing.disclosure.exact and any(self.placed.confidential)

    @property
    def withheld(self) -> int:
        """Pairs left out because one side rests on too few answers."""
        return self.placed.count(self.pairing.area, "few_answers")

    @property
    def paired_everywhere(self) -> int:
        """Organisations compared, whatever the area."""
        return self.placed.count("", "paired")

    @property
    def names_waiting(self) -> int:
        """Names without a code in either source; a name without a code is of no area."""
        return self.placed.names_waiting

    @cached_property
    def extracts(self) -> tuple[int, ...]:
        """Numbers of the extracts whose rows are compared."""
        return tuple(sorted(self.placed.extracts(self.pairing.area)))

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.left, self.right

    @cached_property
    def merged(self) -> int:
        """Organisations compared that were followed through a merger."""
        return int((self.pairs["merged_from"] != "").sum()) if len(self.pairs) else 0

    @property
    def few_months(self) -> tuple[Side, ...]:
        """The sources of which many months of the period are not loaded."""
        return tuple(
            side
            for side in self.sides
            if side.months_due and 1 - side.months_found / side.months_due > FEW_MONTHS
        )

    @property
    def of_single_responses(self) -> tuple[Side, ...]:
        """The sources whose answers are single responses."""
        return tuple(
            side
            for side, confidential in zip(self.sides, self.placed.confidential, strict=True)
            if confidential
        )

    @property
    def without_base(self) -> tuple[Side, ...]:
        """The sources with a figure compared and no number of answers, published or assumed."""
        if self.pairing.settings.assumed_base or self.pairs.empty:
            return ()
        return tuple(
            side
            for which, side in zip(SIDES, self.sides, strict=True)
            if self.pairs[f"{which}_base_unknown"].any()
        )

    @cached_property
    def unknown_codes(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of both sources the codes that no reference file holds; none where no file is loaded."""
        if not any(rows["in_reference"].any() for rows in self.rows):
            return (), ()
        left, right = (
            tuple(sorted(set(rows.loc[in_question(rows) & ~rows["in_reference"], "unit"])))
            for rows in self.rows
        )
        return left, right

    @cached_property
    def unmatched(self) -> Released:
        """One row per organisation or name and outcome, on either side."""
        return unmatched(self.rows, self.pairing)

    @cached_property
    def account(self) -> Released:
        """One row per side and outcome: rows; they add up to everything loaded, but for the noise of
        confidential counts."""
        return account(self.rows, self.pairing.disclosure)

    @cached_property
    def loaded(self) -> Released:
        """One row per side: rows loaded."""
        sides = pd.concat(
            [rows.assign(side=which) for which, rows in zip(SIDES, self.rows, strict=True)]
        )
        rows = added(sides[["side", "rows", "rows_key"]], ["side"])
        return release(rows, self.pairing.disclosure, Count("rows", "rows_key"))

    @property
    def named(self) -> int:
        """How many organisations either source names in the time compared."""
        absent = self.did_not_join["unit"]
        return len({*self.pairs["unit"], *absent[absent != ""]})

    @cached_property
    def did_not_join(self) -> Released:
        """What was meant to be compared and was not, one row per organisation or name; `joined_otherwise`
        where the rest of an organisation is compared."""
        rows = self.unmatched[self.unmatched["outcome"].isin(NOT_JOINED)]
        joined = rows["unit"].isin(self.pairs["unit"]) & (rows["unit"] != "")
        return (
            rows.assign(joined_otherwise=joined)
            .sort_values(["joined_otherwise", "side", "outcome", "name"], kind="stable")
            .reset_index(drop=True)
        )

    def lone(self, which: str) -> int:
        """Organisations or names of one side that did not join at all."""
        rows = self.did_not_join
        rows = rows[(rows["side"] == which) & ~rows["joined_otherwise"]]
        return int(rows["unit"].where(rows["unit"] != "", rows["name"]).nunique())


PAIR = (
    "unit", "name", "icb", "pcn",
    "left_value", "left_low", "left_high", "left_respondents", "left_people", "left_periods",
    "left_base_unknown",
    "right_value", "right_low", "right_high", "right_respondents", "right_people", "right_periods",
    "right_base_unknown",
    "merged_from",
)  # fmt: skip


def align(store: Store, pairing: Pairing) -> Alignment:
    """Set two sources side by side; a refusal is an answer and says why.

    Raises UnknownSource for a name no source has, NothingToCompare where one is not loaded.
    """
    return inside(_align(store, replace(pairing, area="")), pairing.area)


def inside(whole: Alignment, area: str) -> Alignment:
    """The same with the organisations of an area alone; an area chooses rows and changes no figure."""
    if not area:
        return whole
    return replace(whole, pairing=replace(whole.pairing, area=area))


def belongs(rows: pd.DataFrame, area: str) -> pd.Series:
    """Whether each row of ask/side.sql is of an area: a region, a board, a place, a network, or itself."""
    of_it = np.zeros(len(rows), dtype=bool)
    for column in PLACES:
        of_it |= (rows[column] == area).to_numpy(dtype=bool, na_value=False)
    return pd.Series(of_it, index=rows.index)


def _outside(rows: pd.DataFrame, area: str) -> pd.DataFrame:
    """Rows that were looked at and are of another area, counted as that: one row an organisation."""
    far = rows["outcome"].isin(LOOKED_AT) & ~belongs(rows, area)
    moved = rows.assign(outcome=rows["outcome"].mask(far, "outside_area"))
    names = rows.loc[far, ["unit", "unmatched_name", "rows", "rows_key"]]
    again = names.duplicated(["unit", "unmatched_name"])
    if not again.any():
        return moved
    grouped = names.groupby(["unit", "unmatched_name"])
    for column in ("rows", "rows_key"):
        moved.loc[far, column] = grouped[column].transform("sum", min_count=1)
    return moved.drop(index=names.index[again])


def _align(store: Store, pairing: Pairing) -> Alignment:
    coverage = store.query("coverage")
    left_source, right_source = resolve(coverage, pairing)
    left_cover = coverage[coverage["source"] == left_source]
    right_cover = coverage[coverage["source"] == right_source]
    grain = natural_grain(left_cover, right_cover, pairing, left_source, right_source)
    left = side_of(left_source, pairing.left_measure, left_cover, grain)
    right = side_of(right_source, pairing.right_measure, right_cover, grain)
    refusals: list[Refusal] = []
    notes: list[Note] = []
    if left_source == right_source:
        refusals.append(SameSource(left_source))
    left, right, aligned = choose_periods(left, right, coverage, pairing, refusals, notes)
    if pairing.selection != Selection():
        left, right = _selected(store, left, right, replace(pairing, grain=grain.value), notes)
    across = left.domain != right.domain
    if across and not (pairing.left_measure or pairing.right_measure):
        refusals.append(
            OtherDomains(
                left.source,
                right.source,
                (left.domain, right.domain),
                (
                    "" if left.domain == "overall" else left.measure,
                    "" if right.domain == "overall" else right.measure,
                ),
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
        compared=pairs.copy(),  # its columns lie together then: each area chooses rows of it
        exact=Confidential(exact[exact["unit"].isin(pairs["unit"])].set_index("unit").copy()),
        notes=tuple(notes),
        revision=store.revision,
        placed=Placed((Confidential(sides[0]), Confidential(sides[1]))),
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
        weights = (answers, dict(side.mix), own, order)
        rows = selection.weighted(selection.weighted_as_shown(rows, *weights), *weights)
    return rows


def with_everybody(rows: pd.DataFrame, side: Side) -> pd.DataFrame:
    """Rows of ask/side.sql with every organisation that a confidential source ever spoke of in the window.

    Few answers in a window and none look alike: that somebody answered is a count too, and from many windows
    it would follow when each of a few did. For the same reason rows of other windows, services and measures
    are not given by organisation, every name without a code is listed, and months and files are those of the
    source.
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
    store: Store, left: Side, right: Side, pairing: Pairing, notes: list[Note]
) -> tuple[Side, Side]:
    """Both sides with what of the selection each can follow, and the mix they are weighted to."""
    splits, bands = told_groups(store), bands_of(store)
    sides, answers = [], []
    service = left.service or right.service or pairing.service
    for side in (left, right):
        chosen, unheeded = selection.of_source(side, pairing.selection, splits, bands)
        notes += unheeded
        sides.append(replace(side, selection=chosen))
        if chosen.mix and side.period is not None:
            answers.append(
                selection.answers_by_band(
                    store, side, pairing, service, side.period, chosen.dimension
                )
            )
    mix = tuple(selection.common_mix(store, answers, pairing.selection).items())
    left, right = (replace(side, mix=mix if side.selection.mix else ()) for side in sides)
    return left, right


def _join(
    left: pd.DataFrame, right: pd.DataFrame, pairing: Pairing
) -> tuple[Released, pd.DataFrame, list[pd.DataFrame]]:
    """The organisations with a figure from both: as they may be shown, and exact; and the rows of both."""
    windows = [side[side["outcome"] == "in_window"] for side in (left, right)]
    exact = _pairs(windows)
    # of a confidential source it stays hidden who has none
    units = [
        rows.loc[rows["value"].notna() | rows["people_key"].notna(), "unit"] for rows in windows
    ]
    joined = set(units[0]) & set(units[1])
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
    joined = pd.DataFrame({"unit": pairs["unit"], "name": pairs["name_left"].map(readable)})
    for column in ("icb", "pcn"):
        joined[column] = pairs[f"{column}_left"].where(
            pairs[f"{column}_left"] != "", pairs[f"{column}_right"]
        )
    for which in ("left", "right"):
        for column in columns:
            joined[f"{which}_{column}"] = pairs[f"{column}_{which}"].astype("float64")
        joined[f"{which}_base_unknown"] = joined[f"{which}_respondents"].isna()
    joined["merged_from"] = [
        ", ".join(sorted({*_listed(first), *_listed(second)}))
        for first, second in zip(pairs["merged_from_left"], pairs["merged_from_right"], strict=True)
    ]
    return joined.reset_index(drop=True)


def _listed(value: object) -> list[str]:
    return [str(code) for code in value] if isinstance(value, list | np.ndarray) else []


def _few_answers(
    pairs: Released, sides: list[pd.DataFrame], pairing: Pairing
) -> tuple[Released, list[pd.DataFrame]]:
    """Leave out pairs in which either side rests on too few answers to be ranked; say which."""
    fewest = pairs[["left_people", "right_people"]].min(axis=1)
    ranked = Released(pairs[~(fewest < pairing.rank_floor)].reset_index(drop=True))
    units = set(ranked["unit"])
    return ranked, [
        side.assign(
            outcome=side["outcome"].mask(
                (side["outcome"] == "paired") & ~side["unit"].isin(units), "few_answers"
            )
        )
        for side in sides
    ]


def _disputed(disputed: pd.DataFrame, sides: Sequence[pd.DataFrame]) -> list[Note]:
    """Organisations in question that files of one date put under different areas."""
    units = {str(unit) for rows in sides for unit in rows.loc[in_question(rows), "unit"]}
    rows = disputed[disputed["unit"].isin(units)]
    if rows.empty:
        return []
    disputes = tuple(
        (str(unit), str(parent), tuple(map(str, others)))
        for unit, parent, others in zip(rows["unit"], rows["parent"], rows["others"], strict=True)
    )
    count = int(rows["unit"].nunique())
    return [Note(Noticed.DISPUTED_AREAS, count=count, disputed=disputes)]
