"""Does it hold for everyone? Each source, the gap between two, and their agreement by group of people.

Or by group of organisations: practices by how deprived their patients are. What a source does not tell
cannot be split, and that is said. Groups of people are told of the organisations both sources speak of; no
figure of a group rests, or lets follow by subtraction one that rests, on fewer people than may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.agreement import SEED, agreement, latent_of, number
from pxcore.analysis.alignment import align
from pxcore.analysis.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    Bands,
    bands_of,
    told_groups,
)
from pxcore.analysis.evidence import Evidence, Kind, each
from pxcore.analysis.group_counts import (
    CELL,
    Counted,
    Split,
    counted_safely,
    inside,
    shown_of,
    spoken_of,
    spoken_of_by_both,
)
from pxcore.analysis.group_report import (
    GAP,
    ORGANISATIONS,
    RANKING,
    SIDES,
    TOGETHER,
    UNTOLD,
    Gaps,
    GroupsReport,
)
from pxcore.analysis.periods import Side
from pxcore.analysis.selection import DIMENSIONS, peers_of, registered
from pxcore.analysis.verdicts import Judgement, judgement
from pxcore.analysis.words import joined
from pxcore.disclosure import protect
from pxcore.errors import TooFewPairs
from pxcore.model import GRAIN_TITLES, Grain, Pairing, Peers, Selection, Withheld
from pxcore.stats.case_mix import (
    Difference,
    MantelHaenszel,
    compare_case_mix,
    mantel_haenszel,
    pooled_mix,
)
from pxcore.stats.correlation import MINIMUM_PAIRS, Correlation, spearman
from pxcore.stats.groups import (
    FEWEST_ORGANISATIONS,
    AgreementGap,
    beyond_noise,
    compare_dependent,
    compare_independent,
    group_averages,
)
from pxcore.stats.intervals import newcombe
from pxcore.stats.latent import LatentCorrelation
from pxcore.store import Store


def groups(store: Store, pairing: Pairing, group_by: str = "") -> GroupsReport:
    """Two sources by the groups of a dimension; the natural one where none, or none that is offered, is
    named."""
    return groups_of(store, judgement(store, pairing), group_by)


def groups_of(store: Store, judged: Judgement, group_by: str = "") -> GroupsReport:
    """Two judged sources by group."""
    who = _who_tells(store, judged)
    told = _told_by_both(store, judged)
    offers = offered(store, judged)
    chosen = group_by if group_by in offers else next(iter(offers), "")
    bands = bands_of(store)
    known = _by_source(judged, told, chosen)
    report = GroupsReport(
        judgement=judged,
        status="refused",
        reason=" ".join(map(str, judged.not_compared())),
        group_by=chosen,
        offered=offers,
        splits=(chosen in told["left"], chosen in told["right"]),
        who=who,
        cells=pd.DataFrame(columns=list(CELL)),
        gaps=None,
        rankings=pd.DataFrame(columns=list(RANKING)),
        compared=(),
        changes=tuple(bands.changed(chosen, known)),
        map_rows=bands.table(chosen, known),
        unplaced=tuple(bands.unplaced(chosen, known)),
    )
    if report.reason or judged.verdicts is None:
        return report
    if not chosen:
        return replace(
            report,
            status="cannot_split",
            reason=f"Neither {report.both_titles()} tells who answered: they cannot be split by any "
            "group.".replace(" and ", " nor "),
        )
    if chosen == ORGANISATIONS:
        return _of_organisations(store, report)
    return _of_people(store, report, told, bands)


def _told(splits: pd.DataFrame, side: Side) -> dict[str, list[str]]:
    """Dimension -> the groups a source tells."""
    here = splits[(splits["source"] == side.source) & splits["dimension"].isin(list(DIMENSIONS))]
    return {str(name): sorted(rows["group_value"]) for name, rows in here.groupby("dimension")}


def _told_by_both(store: Store, judged: Judgement) -> dict[str, dict[str, list[str]]]:
    """Side -> what it tells."""
    splits = told_groups(store)
    sides = (judged.alignment.left, judged.alignment.right)
    return {which: _told(splits, side) for which, side in zip(SIDES, sides, strict=True)}


def _by_source(
    judged: Judgement, told: Mapping[str, Mapping[str, Sequence[str]]], dimension: str
) -> dict[str, Sequence[str]]:
    """Source -> the groups of a dimension it tells."""
    sides = (judged.alignment.left, judged.alignment.right)
    return {
        side.source: told[which].get(dimension, ())
        for which, side in zip(SIDES, sides, strict=True)
    }


def offered(store: Store, judged: Judgement) -> dict[str, str]:
    """What can be asked, and its title: what both tell first, then groups of practices, then what one
    tells."""
    told = _told_by_both(store, judged)
    both = [d for d in DIMENSIONS if all(d in one for one in told.values())]
    either = [d for d in DIMENSIONS if any(d in one for one in told.values()) and d not in both]
    titles = {d: DIMENSIONS[d].capitalize() for d in (*both, *either)}
    ordered = both
    alignment = judged.alignment
    if (
        alignment.grain is Grain.PRACTICE
        and not alignment.refusals
        and peers_of(store, Peers.DEPRIVATION, [str(unit) for unit in alignment.pairs["unit"]])
    ):
        ordered = [*both, ORGANISATIONS]
        titles[ORGANISATIONS] = "Practices by their patients' deprivation"
    return {name: titles[name] for name in (*ordered, *either)}


# --- Who tells what ---


def _who_tells(store: Store, judged: Judgement) -> pd.DataFrame:
    """One row per source of the service and dimension: answers that tell it, and in words."""
    service = judged.alignment.service
    told = store.query("told_groups")
    loaded = {*store.query("coverage")["source"], *told["source"]}
    names = [
        name
        for name, about in maps.sources().items()
        if name in loaded and (not service or about["service"] in ("", service))
    ]
    found = {(row.source, row.dimension): row for row in each(told)}
    disclosure = judged.alignment.pairing.disclosure
    rows = []
    for name in names:
        for dimension in DIMENSIONS:
            row: dict[str, Any] = {
                "source": name,
                "title": maps.source(name)["short_title"],
                "dimension": dimension,
                "told": np.nan,
                "share": np.nan,
                "tells": False,
                "said": UNTOLD,
            }
            one = found.get((name, dimension))
            if one is not None:
                if one.told > 0:
                    cells = pd.DataFrame(
                        {
                            "people": [one.people, one.other_people],
                            "answers": [one.told, one.answers - one.told],
                        }
                    )
                    shown = protect(
                        cells, disclosure, count="people", values=["answers"], totals_within=[]
                    )["answers"]
                    known = bool(shown.notna().all())
                    share = one.told / one.answers if known else np.nan
                    row |= {
                        "tells": True,
                        "told": shown.iloc[0],
                        "share": share,
                        "said": f"{one.told:,.0f} ({share:.0%})" if known else "told by some",
                    }
                elif one.published:
                    row |= {"tells": True, "said": "in its published figures"}
                elif one.heard:
                    row |= {"said": "who was heard, not what they said"}
            rows.append(row)
    columns = ["source", "title", "dimension", "told", "share", "tells", "said"]
    return pd.DataFrame(rows, columns=columns)


# --- Groups of people ---


def _of_people(
    store: Store,
    report: GroupsReport,
    told: Mapping[str, Mapping[str, Sequence[str]]],
    bands: Bands,
) -> GroupsReport:
    judged, dimension = report.judgement, report.group_by
    verdicts, alignment = judged.verdicts, judged.alignment
    assert verdicts is not None
    same = set(judged.independence.units) if judged.independence else set()
    area, floor = alignment.pairing.area, alignment.pairing.disclosure.floor
    # what may be shown of one area is decided over all of them
    whole = align(store, replace(alignment.pairing, area="")) if area else alignment
    own = [spoken_of(rows, same) for rows in whole.rows]
    both = spoken_of_by_both(whole, own)
    order = bands.among(dimension, _by_source(judged, told, dimension))
    split = Split(whole, dimension)
    able: dict[str, tuple[Evidence, dict[str, str]]] = {}
    cannot = []
    for which, source, can in zip(
        SIDES, (verdicts.left, verdicts.right), report.splits, strict=True
    ):
        if not can:
            cannot.append(f"{source.side.short_title} does not tell {report.title}")
        elif source.kind in (Kind.SCORE, Kind.COUNT):
            cannot.append(f"{source.side.short_title} gives no percentages of people")
        else:
            able[which] = (
                source,
                {g: bands.of(dimension, g, source.side.source) for g in told[which][dimension]},
            )
    units = both if len(able) == len(SIDES) else own[SIDES.index(next(iter(able), "left"))]
    if able and not inside(split, area, units):
        one_unit = GRAIN_TITLES[alignment.grain][0]
        return replace(
            report,
            status="cannot_split",
            reason=f"{report.both_titles()} cannot be compared by {report.title}: "
            f"{' and '.join(cannot)}."
            if cannot
            else f"No {one_unit} has enough answers to compare {report.both_titles()} by "
            f"{report.title}.",
        )
    everywhere, left_out = counted_safely(store, split, able, units)
    counted: dict[str, Counted] = {}
    frames = []
    for which, one in everywhere.items():
        source, groups = able[which]
        # those left out are so beside any other source too
        kept, mine = (
            [unit for unit in some if unit not in left_out]
            for some in (units, own[SIDES.index(which)])
        )
        told_here = shown_of(store, split, which, source, groups, one, kept, mine, order, area)
        if told_here is None:
            cannot.append(
                f"what fewer than {floor} people of a group said in {source.side.short_title} would follow "
                "by subtraction in this area; look at a larger one"
            )
            continue
        counted[which], cells = told_here
        frames.append(cells)
    cells = pd.concat(frames, ignore_index=True) if frames else report.cells
    report = replace(report, cells=cells)
    if len(counted) < 2:
        pair = report.both_titles()
        return replace(
            report,
            status="cannot_split",
            reason=f"{pair} cannot be compared by {report.title}: {' and '.join(cannot)}.",
        )
    gaps = _people_gaps(store, report, counted, order)
    if n := len(inside(split, area, sorted(left_out))):
        one_unit, many = GRAIN_TITLES[alignment.grain]
        said = (
            f"{n} {one_unit if n == 1 else many} {'is' if n == 1 else 'are'} left out: so few of a group "
            "answered there that what they said would follow from the total."
        )
        gaps = replace(gaps, notes=(*gaps.notes, said))
    report = replace(report, status="ok", reason="", gaps=gaps)
    return _people_rankings(store, report, counted, order)


def _people_gaps(
    store: Store, report: GroupsReport, counted: Mapping[str, Counted], order: list[str]
) -> Gaps:
    """The gap taken together, with the same mix of people, and by group."""
    notes = []
    for which, side in zip(SIDES, (report.left, report.right), strict=True):
        if counted[which].few:
            notes.append(
                f"{side.short_title}: a few answers count as ‘{NOT_TOLD.lower()}’, because so few of "
                "their group answered at their organisation."
            )
    wholes = [counted[which].whole for which in SIDES]
    n = [whole["respondents"].reindex(order).fillna(0.0) for whole in wholes]
    x = [whole["positive"].reindex(order).fillna(0.0) for whole in wholes]
    cells = report.cells
    hidden = set(cells.loc[cells["withheld"] != Withheld.NONE.value, "band"])
    alone = [band for band in order if n[0][band] == 0 or n[1][band] == 0]
    shown = [band for band in order if band not in hidden and band not in alone]
    pooled = [band for band in order if band in hidden and band not in alone]
    if [band for band in alone if n[0][band] + n[1][band] > 0]:
        notes.append(
            f"{joined(alone)}: told by one of the two sources alone, and left out of the comparison."
        )
    strata: list[tuple[str, list[str]]] = [(band, [band]) for band in shown]
    strata += [(TOGETHER, pooled)] if pooled else []
    names = [name for name, _ in strata]
    left_n, right_n = (np.array([one[bands].sum() for _, bands in strata]) for one in n)
    left_x, right_x = (np.array([one[bands].sum() for _, bands in strata]) for one in x)
    first, second = counted["left"].worth, counted["right"].worth
    blank = pd.DataFrame(columns=list(GAP))
    if len(strata) < 2:
        notes.insert(0, "Fewer than two groups can be shown in both sources.")
        return Gaps(blank, None, None, None, tuple(notes))
    if pooled:
        notes.append(f"{joined(pooled)}: too few answers, compared together.")
    arguments = (left_x * first, left_n * first, right_x * second, right_n * second, names)
    try:
        mix = compare_case_mix(*arguments, reference=pooled_mix(left_n, right_n))
    except TooFewPairs as few:
        return Gaps(blank, None, None, None, (few.what, *notes))
    rows = [
        _gap_row(TAKEN_TOGETHER, mix.crude, left_n.sum(), right_n.sum()),
        _gap_row(SAME_MIX, mix.standardised, left_n.sum(), right_n.sum()),
    ]
    merged = [group for group in mix.left.groups if len(group) > 1]
    if merged:
        notes.append(
            "Joined for the same mix of people, because one source has fewer than 5 independent answers: "
            + "; ".join(joined(group) for group in merged)
            + "."
        )
    if mix.odds.skipped:
        notes.append(
            f"{joined(mix.odds.skipped)}: everybody, or nobody, is positive, so that odds say nothing."
        )
    registered_gap, said = _as_registered(store, report, arguments, strata)
    notes += said
    if registered_gap is not None:
        rows.append(_gap_row(AS_REGISTERED, registered_gap, left_n.sum(), right_n.sum()))
    for at, band in enumerate(shown):
        p, q = left_x[at] / left_n[at], right_x[at] / right_n[at]
        low, high = newcombe(p, left_n[at] * first, q, right_n[at] * second)
        rows.append(
            {
                "what": band,
                "gap": p - q,
                "low": float(low),
                "high": float(high),
                "left_respondents": left_n[at],
                "right_respondents": right_n[at],
            }
        )
    within = _within(counted, alone)
    return Gaps(pd.DataFrame(rows, columns=list(GAP)), mix, within, None, tuple(notes))


def _gap_row(what: str, one: Difference, left: float, right: float) -> dict[str, Any]:
    return {
        "what": what,
        "gap": one.value,
        "low": one.interval.low,
        "high": one.interval.high,
        "left_respondents": left,
        "right_respondents": right,
    }


def _as_registered(
    store: Store,
    report: GroupsReport,
    arguments: tuple[Any, ...],
    strata: Sequence[tuple[str, list[str]]],
) -> tuple[Difference | None, list[str]]:
    """The gap if both had heard people as they are registered at these practices."""
    if report.alignment.grain is not Grain.PRACTICE:
        return None, []
    people = registered(store, report.group_by)
    people = people[people["unit"].isin(list(report.alignment.pairs["unit"]))]
    if people.empty:
        return None, []
    by_band = people.groupby("band")["people"].sum()
    strange = [str(band) for band in by_band.index if not any(band in own for _, own in strata)]
    if strange:
        return None, [
            f"Lists of registered patients tell other {report.title} groups ({joined(strange)}): the "
            "gap is not shown as they would give it."
        ]
    weights = [float(by_band.reindex(own).fillna(0).sum()) for _, own in strata]
    try:
        return compare_case_mix(*arguments, reference=weights).standardised, []
    except TooFewPairs as few:
        return None, [few.what]


def _within(counted: Mapping[str, Counted], alone: list[str]) -> MantelHaenszel | None:
    """Odds compared within each group at each organisation; None where nothing compares."""
    rows = counted["left"].units.merge(
        counted["right"].units, on=["unit", "band"], suffixes=("_left", "_right")
    )
    rows = rows[~rows["band"].isin(list(alone))]
    if rows["unit"].nunique() < 2:
        return None
    first, second = counted["left"].worth, counted["right"].worth
    try:
        return mantel_haenszel(
            rows["positive_left"] * first,
            rows["respondents_left"] * first,
            rows["positive_right"] * second,
            rows["respondents_right"] * second,
            [f"{unit} {band}" for unit, band in zip(rows["unit"], rows["band"], strict=True)],
        )
    except TooFewPairs:
        return None


def _people_rankings(
    store: Store, report: GroupsReport, counted: Mapping[str, Counted], order: list[str]
) -> GroupsReport:
    """Agreement for each group, over the organisations where enough of it answered both."""
    pairing = report.alignment.pairing
    cells = report.cells
    hidden = set(cells.loc[cells["withheld"] != Withheld.NONE.value, "band"])
    floor = pairing.disclosure.floor
    enough = [
        set(zip(one["unit"], one["band"], strict=True))
        for one in (
            counted[which].units[counted[which].units["people"] >= floor] for which in SIDES
        )
    ]
    rows: list[dict[str, Any]] = []
    values: dict[str, pd.DataFrame] = {}
    underlying: dict[str, LatentCorrelation | None] = {}
    for band in order:
        if band in hidden:
            continue
        units = sum(1 for unit, of in enough[0] & enough[1] if of == band)
        if units < MINIMUM_PAIRS:
            rows.append(_ranking(report, band, units, None, None))
            continue
        asked = Selection(dimension=report.group_by, groups=(band,))
        told = agreement(store, replace(pairing, selection=asked))
        rows.append(_ranking(report, band, len(told.pairs), told.correlation, told.latent))
        if told.correlation is not None:
            values[band] = told.pairs.set_index("unit")[["left_value", "right_value"]]
            underlying[band] = told.latent
    compared: tuple[AgreementGap, ...] = ()
    if len(values) > 1:
        units_of_all = sorted(set().union(*(one.index for one in values.values())))
        left, right = (
            np.column_stack([one[column].reindex(units_of_all) for one in values.values()])
            for column in ("left_value", "right_value")
        )
        compared = beyond_noise(compare_dependent(left, right, list(values), seed=SEED), underlying)
    return replace(report, rankings=pd.DataFrame(rows, columns=list(RANKING)), compared=compared)


def _ranking(
    report: GroupsReport,
    band: str,
    units: int,
    raw: Correlation | None,
    latent: LatentCorrelation | None,
) -> dict[str, Any]:
    one, many = GRAIN_TITLES[report.alignment.grain]
    row: dict[str, Any] = dict.fromkeys(RANKING, np.nan) | {"band": band, "organisations": units}
    if raw is None:
        short = f"{units} {one if units == 1 else many}, and it takes {MINIMUM_PAIRS}"
        why = short if units < MINIMUM_PAIRS else "all of them are alike in one of the two sources"
        return row | {"said": f"not enough evidence: {why}"}
    interval = raw.interval
    row |= {
        "raw": raw.estimate,
        # none where the order is exactly the same
        "raw_low": interval.low if interval else np.nan,
        "raw_high": interval.high if interval else np.nan,
    }
    said = f"raw {number(raw.estimate)} across {units:,} {many}"
    if latent is not None and latent.interval is not None:
        row |= {
            "underlying": np.nan if latent.estimate is None else latent.estimate,
            "underlying_low": latent.interval.low,
            "underlying_high": latent.interval.high,
        }
        return row | {"said": said}
    why = latent.reason if latent is not None and latent.reason else "too few answers"
    return row | {"said": f"{said}; underlying cannot be estimated: {why}"}


# --- Groups of organisations ---


def _of_organisations(store: Store, report: GroupsReport) -> GroupsReport:
    """Practices by how deprived their patients are: each counts alike."""
    judged = report.judgement
    verdicts, alignment = judged.verdicts, judged.alignment
    assert verdicts is not None
    same = set(judged.independence.units) if judged.independence else set()
    pairs = alignment.pairs[~alignment.pairs["unit"].isin(same)]
    fifths = peers_of(store, Peers.DEPRIVATION, [str(unit) for unit in pairs["unit"]])
    pairs = pairs.assign(
        band=[f"Fifth {fifths[unit]}" if unit in fifths else "" for unit in pairs["unit"]]
    )
    unknown = int((pairs["band"] == "").sum())
    pairs = pairs[pairs["band"] != ""].reset_index(drop=True)
    order = sorted(set(pairs["band"]))
    notes = []
    if unknown:
        notes.append(
            f"{unknown} practice{'s are' if unknown != 1 else ' is'} in no list of registered patients, "
            "and left out here."
        )
    sizes = pairs["band"].value_counts()
    few = [band for band in order if sizes[band] < FEWEST_ORGANISATIONS]
    if few:
        notes.append(
            f"{joined(few)}: fewer than {FEWEST_ORGANISATIONS} practices, too few for an average."
        )
    percents = [
        source.kind not in (Kind.SCORE, Kind.COUNT) for source in (verdicts.left, verdicts.right)
    ]
    cells = pd.concat(
        [
            _average_cells(which, source.side, pairs, order)
            for which, source, can in zip(
                SIDES, (verdicts.left, verdicts.right), percents, strict=True
            )
            if can
        ]
        or [report.cells],
        ignore_index=True,
    )
    gaps = Gaps(pd.DataFrame(columns=list(GAP)), None, None, None, tuple(notes))
    if all(percents) and len(pairs):
        gaps = replace(gaps, **_average_gaps(pairs, order))
    else:
        gaps = replace(
            gaps, notes=("One of the two gives no percentages, so that no gap has a size.", *notes)
        )
    rows, correlations, counts = [], [], []
    underlying: dict[str, LatentCorrelation | None] = {}
    for band in order:
        units = set(pairs.loc[pairs["band"] == band, "unit"])
        here = pairs[pairs["band"] == band]
        try:
            raw: Correlation | None = spearman(
                here["left_value"].to_numpy(), here["right_value"].to_numpy()
            )
        except TooFewPairs:
            raw = None
        part = replace(
            verdicts,
            cells=verdicts.cells.assign(
                in_view=verdicts.cells["in_view"] & verdicts.cells["unit"].isin(units)
            ),
        )
        underlying[band] = latent_of(part)
        rows.append(_ranking(report, band, len(here), raw, underlying[band]))
        correlations.append(raw.estimate if raw is not None else np.nan)
        counts.append(len(here))
    return replace(
        report,
        status="ok",
        reason="",
        cells=cells,
        gaps=gaps,
        rankings=pd.DataFrame(rows, columns=list(RANKING)),
        compared=beyond_noise(compare_independent(correlations, counts, order), underlying)
        if order
        else (),
    )


def _average_cells(which: str, side: Side, pairs: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """The average practice of each fifth in one source, and of all of them."""
    bands = [*pairs["band"], *([EVERYBODY] * len(pairs))]
    values = pd.concat([pairs[f"{which}_value"]] * 2).to_numpy()
    told = group_averages(values, bands, [*order, EVERYBODY])
    # a source may be published without numbers of answers
    answers = pairs.groupby("band")[f"{which}_respondents"].sum(min_count=1)
    rows = pd.DataFrame(
        {
            "side": which,
            "source": side.short_title,
            "band": [*order, EVERYBODY],
            "respondents": [
                *answers.reindex(order),
                pairs[f"{which}_respondents"].sum(min_count=1),
            ],
            "organisations": told.organisations,
            "value": told.mean,
            "low": np.clip(told.low, 0, 1),
            "high": np.clip(told.high, 0, 1),
            "withheld": Withheld.NONE.value,
        }
    )
    return rows.reindex(columns=list(CELL)).astype(
        dict.fromkeys(("difference", "difference_low", "difference_high", "q_value"), "float64")
    )


def _average_gaps(pairs: pd.DataFrame, order: list[str]) -> dict[str, Any]:
    gaps = (pairs["left_value"] - pairs["right_value"]).to_numpy()
    by_fifth = group_averages(gaps, list(pairs["band"]), order)
    whole = group_averages(gaps, [EVERYBODY] * len(pairs), [EVERYBODY])
    rows = []
    for name, told, at in (
        (TAKEN_TOGETHER, whole, 0),
        *((band, by_fifth, at) for at, band in enumerate(order)),
    ):
        here = pairs if name == TAKEN_TOGETHER else pairs[pairs["band"] == name]
        rows.append(
            {
                "what": name,
                "gap": told.mean[at],
                "low": told.low[at],
                "high": told.high[at],
                "left_respondents": here["left_respondents"].sum(min_count=1),
                "right_respondents": here["right_respondents"].sum(min_count=1),
            }
        )
    kept = pd.DataFrame(rows, columns=list(GAP))
    return {"rows": kept[kept["gap"].notna()].reset_index(drop=True), "averages": by_fifth}
