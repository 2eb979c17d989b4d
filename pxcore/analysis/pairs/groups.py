"""Does it hold for everyone? Each source, the gap between two, and their agreement by group of people.

Or by group of organisations: practices by how deprived their patients are. What a source does not tell
cannot be split, and that is said. Groups of people are told of the organisations both sources speak of.
Shares, gaps and tests of groups are worked out from counts as they are shown; correlations over many
organisations from exact figures, and shown to two decimals where a source is confidential.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    Bands,
    bands_of,
    groups_told,
    told_groups,
)
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.selection import DIMENSIONS, peers_of, registered
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.analysis.judging.verdicts import Judgement, judgement
from pxcore.analysis.pairs.agreement import SEED, agreement, latent_of
from pxcore.analysis.pairs.group_counts import CELL, Split, cells_of, counted, whole
from pxcore.analysis.pairs.group_report import (
    COMPARED,
    GAP,
    ORGANISATIONS,
    RANKING,
    SIDES,
    UNTOLD,
    Gaps,
    GroupsReport,
)
from pxcore.analysis.rows import each
from pxcore.disclosure import OfMany, OfOne, Parts, Released, enough, release
from pxcore.errors import TooFewPairs
from pxcore.model import GRAIN_TITLES, Disclosure, Grain, Pairing, Peers, Selection, Withheld
from pxcore.stats.case_mix import (
    CaseMix,
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
from pxcore.words import refusals
from pxcore.words.agreement import not_estimated
from pxcore.words.english import joined, number


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
        reason=refusals.text(judged.not_compared()),
        group_by=chosen,
        offered=offers,
        splits=(chosen in told["left"], chosen in told["right"]),
        who=who,
        cells=Released(columns=list(CELL)),
        gaps=None,
        rankings=Released(columns=list(RANKING)),
        compared=Released(columns=list(COMPARED)),
        changes=tuple(bands.changed(chosen, known)),
        map_rows=Released(bands.table(chosen, known)),
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
    return _of_people(store, report, bands)


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


def _who_tells(store: Store, judged: Judgement) -> Released:
    """One row per source of the service and dimension: people who told it, and in words."""
    service, disclosure = judged.alignment.service, judged.alignment.pairing.disclosure
    told = store.query("told_groups").assign(tells=lambda rows: rows["told"] > 0)
    loaded = {*store.query("coverage")["source"], *told["source"]}
    names = [
        name
        for name, about in maps.sources().items()
        if name in loaded and (not service or about["service"] in ("", service))
    ]
    shown = release(
        told, disclosure, Parts((("told", "told_key"), ("untold", "untold_key")), "people")
    )
    found = {(row.source, row.dimension): row for row in each(shown)}
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
                row |= _telling(one, disclosure)
            rows.append(row)
    columns = ["source", "title", "dimension", "told", "share", "tells", "said"]
    return Released(pd.DataFrame(rows, columns=columns))


def _telling(one: Any, disclosure: Disclosure) -> dict[str, Any]:
    """What `_who_tells` says of a source and dimension."""
    if one.tells and not (disclosure.exact or enough(one.told, disclosure)):
        return {"tells": True, "said": f"fewer than {disclosure.floor}"}
    if one.tells:
        share = one.told / one.people
        said = f"{one.told:,.0f} ({share:.0%})"
        return {"tells": True, "told": one.told, "share": share, "said": said}
    if one.published:
        return {"tells": True, "said": "in its published figures"}
    return {"said": "who was heard, not what they said"} if one.heard else {}


# --- Groups of people ---


def _of_people(store: Store, report: GroupsReport, bands: Bands) -> GroupsReport:
    judged, dimension, alignment = report.judgement, report.group_by, report.alignment
    verdicts = judged.verdicts
    assert verdicts is not None
    split = Split(alignment, dimension)
    own = split.spoken_of(set(judged.independence.units) if judged.independence else set())
    words = groups_told(store)
    words = words[words["dimension"] == dimension]
    able: dict[str, tuple[Evidence, dict[str, str]]] = {}
    cannot = []
    for which, source, can in zip(
        SIDES, (verdicts.left, verdicts.right), report.splits, strict=True
    ):
        name = source.side.source
        if not can:
            cannot.append(f"{source.side.short_title} does not tell {report.title}")
        elif source.kind in (Kind.SCORE, Kind.COUNT):
            cannot.append(f"{source.side.short_title} gives no percentages of people")
        else:
            able[which] = (
                source,
                {
                    str(row.group_value): bands.of(dimension, str(row.group_value), name)
                    if row.named
                    else NOT_TOLD
                    for row in each(words[words["source"] == name])
                },
            )
    both = own[0] & own[1]
    units = sorted(both if len(able) == len(SIDES) else own[SIDES.index(next(iter(able), "left"))])
    pair = report.both_titles()
    if able and not units:
        one_unit = GRAIN_TITLES[alignment.grain][0]
        return replace(
            report,
            status="cannot_split",
            reason=f"{pair} cannot be compared by {report.title}: {' and '.join(cannot)}."
            if cannot
            else f"No {one_unit} has enough answers to compare {pair} by {report.title}.",
        )
    named = words[words["named"]]
    order = bands.among(
        dimension,
        {
            side.source: named.loc[named["source"] == side.source, "group_value"].tolist()
            for side in (report.left, report.right)
        },
    )
    rows = {
        which: counted(store, split, source, groups, units)
        for which, (source, groups) in able.items()
    }
    if rows:
        cells = [cells_of(which, able[which][0], one, order) for which, one in rows.items()]
        report = replace(report, cells=Released(pd.concat(cells, ignore_index=True)))
    if len(rows) < len(SIDES):
        return replace(
            report,
            status="cannot_split",
            reason=f"{pair} cannot be compared by {report.title}: {' and '.join(cannot)}.",
        )
    both_tell = set.intersection(*(set(groups.values()) for _, groups in able.values()))
    gaps = _people_gaps(store, report, rows, order, both_tell)
    report = replace(report, status="ok", reason="", gaps=gaps)
    return _people_rankings(store, report, rows, order)


def _people_gaps(
    store: Store,
    report: GroupsReport,
    counts: Mapping[str, Released],
    order: list[str],
    both_tell: Collection[str],
) -> Gaps:
    """The gap taken together, with the same mix of people, and by group, from counts as they are shown."""
    notes = []
    wholes = [whole(counts[which]) for which in SIDES]
    shown = [band for band in order if all(_answers(rows, band) > 0 for rows in wholes)]
    few = [
        band
        for band in order
        if band in both_tell and any(_withheld(rows, band) for rows in wholes)
    ]
    alone = [
        band
        for band in order
        if band not in (*shown, *few)
        and any(_answers(rows, band) > 0 or _withheld(rows, band) for rows in wholes)
    ]
    if alone:
        notes.append(
            f"{joined(alone)}: told by one of the two sources alone, and left out of the comparison."
        )
    if few:
        notes.append(
            f"{joined(few)}: fewer than {report.alignment.pairing.disclosure.floor} answers in one of the "
            "two sources, and left out of the comparison."
        )
    blank = Released(columns=list(GAP))
    if len(shown) < 2:
        notes.insert(0, "Fewer than two groups can be shown in both sources.")
        return Gaps(blank, None, None, None, tuple(notes))
    figures = ["respondents", "positive", "effective"]
    left_n, left_x, left_worth = wholes[0].loc[shown, figures].to_numpy(dtype=float).T
    right_n, right_x, right_worth = wholes[1].loc[shown, figures].to_numpy(dtype=float).T
    compare = partial(
        compare_case_mix,
        left_x,
        left_n,
        right_x,
        right_n,
        shown,
        left_effective=left_worth,
        right_effective=right_worth,
    )
    try:
        mix = compare(reference=pooled_mix(left_n, right_n))
    except TooFewPairs as too_few:
        return Gaps(blank, None, None, None, (too_few.what, *notes))
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
    registered_gap, said = _as_registered(store, report, compare, shown)
    notes += said
    if registered_gap is not None:
        rows.append(_gap_row(AS_REGISTERED, registered_gap, left_n.sum(), right_n.sum()))
    for at, band in enumerate(shown):
        p, q = left_x[at] / left_n[at], right_x[at] / right_n[at]
        low, high = newcombe(p, left_worth[at], q, right_worth[at])
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
    within = _within(counts, order)
    return Gaps(Released(pd.DataFrame(rows, columns=list(GAP))), mix, within, None, tuple(notes))


def _answers(rows: Released, band: str) -> float:
    """Of `group_counts.whole`, the answers of a band as shown; NaN where there are none to show."""
    return float(rows["respondents"].get(band, np.nan))


def _withheld(rows: Released, band: str) -> bool:
    return bool(rows["withheld"].get(band) == Withheld.FLOOR.value)


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
    compare: Callable[..., CaseMix],
    shown: Sequence[str],
) -> tuple[Difference | None, list[str]]:
    """The gap if both had heard people as they are registered at these practices."""
    if report.alignment.grain is not Grain.PRACTICE:
        return None, []
    people = registered(store, report.group_by)
    people = people[people["unit"].isin(list(report.alignment.pairs["unit"]))]
    if people.empty:
        return None, []
    by_band = people.groupby("band")["people"].sum()
    strange = [str(band) for band in by_band.index if band not in shown]
    if strange:
        return None, [
            f"Lists of registered patients tell {report.title} groups that are not compared "
            f"({joined(strange)}): the gap is not shown as they would give it."
        ]
    try:
        return compare(reference=by_band.reindex(list(shown)).fillna(0.0)).standardised, []
    except TooFewPairs as few:
        return None, [few.what]


def _within(counts: Mapping[str, Released], order: Sequence[str]) -> MantelHaenszel | None:
    """Odds compared within each group at each organisation, from counts as they are shown; None where nothing
    compares."""
    left, right = (
        counts[which][["unit", "band", "value", "effective"]].dropna() for which in SIDES
    )
    rows = left.merge(right, on=["unit", "band"], suffixes=("_left", "_right"))
    rows = rows[(rows["unit"] != "") & rows["band"].isin(list(order))]
    if rows["unit"].nunique() < 2:
        return None
    try:
        return mantel_haenszel(
            rows["value_left"] * rows["effective_left"],
            rows["effective_left"],
            rows["value_right"] * rows["effective_right"],
            rows["effective_right"],
            [f"{unit} {band}" for unit, band in zip(rows["unit"], rows["band"], strict=True)],
        )
    except TooFewPairs:
        return None


def _people_rankings(
    store: Store, report: GroupsReport, counts: Mapping[str, Released], order: list[str]
) -> GroupsReport:
    """Agreement for each group, over the organisations where enough of it answered both."""
    pairing = report.alignment.pairing
    enough_of = []
    for which in SIDES:
        rows = counts[which]
        rows = rows[(rows["unit"] != "") & (rows["people"] >= pairing.rank_floor)]
        enough_of.append(set(zip(rows["unit"], rows["band"], strict=True)))
    hidden = set(report.cells.loc[report.cells["withheld"] != Withheld.NONE.value, "band"])
    rows_found: list[dict[str, Any]] = []
    values: dict[str, pd.DataFrame] = {}
    underlying: dict[str, LatentCorrelation | None] = {}
    for band in order:
        if band in hidden:
            continue
        units = sum(1 for unit, of in enough_of[0] & enough_of[1] if of == band)
        if units < MINIMUM_PAIRS:
            rows_found.append(_ranking(report, band, units, None, None))
            continue
        selected = Selection(dimension=report.group_by, groups=(band,))
        told = agreement(store, replace(pairing, selection=selected))
        why = not_estimated(told.latent, told.verdicts)
        rows_found.append(
            _ranking(report, band, len(told.pairs), told.correlation, told.latent, why)
        )
        if told.correlation is not None:
            exact = told.alignment.exact_of(told.pairs["unit"])
            values[band] = exact[["left_value", "right_value"]]
            underlying[band] = told.latent
    compared: tuple[AgreementGap, ...] = ()
    if len(values) > 1:
        units_of_all = sorted(set().union(*(one.index for one in values.values())))
        left, right = (
            np.column_stack([one[column].reindex(units_of_all) for one in values.values()])
            for column in ("left_value", "right_value")
        )
        compared = beyond_noise(compare_dependent(left, right, list(values), seed=SEED), underlying)
    return _with_rankings(report, rows_found, compared)


def _with_rankings(
    report: GroupsReport, rankings: Sequence[Mapping[str, Any]], compared: Sequence[AgreementGap]
) -> GroupsReport:
    """The report with agreement by group, of exact figures over many organisations."""
    disclosure, confidential = report.alignment.pairing.disclosure, report.alignment.confidential
    gaps = [
        {
            "first": one.first,
            "second": one.second,
            "difference": one.difference,
            "low": one.interval.low,
            "high": one.interval.high,
            "underlying": one.underlying,
            "underlying_low": one.underlying_interval and one.underlying_interval.low,
            "underlying_high": one.underlying_interval and one.underlying_interval.high,
            "p_value": one.p_value,
            "q_value": one.q_value,
            "confidential": confidential,
        }
        for one in compared
    ]
    figures = tuple(name for name in RANKING if name.startswith(("raw", "underlying")))
    differences = tuple(
        name for name in COMPARED if name.startswith(("diff", "low", "high", "under"))
    )
    return replace(
        report,
        rankings=release(
            pd.DataFrame(rankings, columns=list(RANKING)), disclosure, OfMany(figures, confidential)
        ),
        compared=release(
            pd.DataFrame(gaps, columns=[*COMPARED, "confidential"]),
            disclosure,
            OfMany(differences, confidential),
            OfOne(chances=("p_value", "q_value"), where="confidential"),
        )[list(COMPARED)],
    )


def _ranking(
    report: GroupsReport,
    band: str,
    units: int,
    raw: Correlation | None,
    latent: LatentCorrelation | None,
    why: str = "",
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
    return row | {"said": f"{said}; underlying cannot be estimated: {why or 'too few answers'}"}


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
    cells = [
        _average_cells(which, source.side, pairs, order)
        for which, source, can in zip(SIDES, (verdicts.left, verdicts.right), percents, strict=True)
        if can
    ]
    gaps = Gaps(Released(columns=list(GAP)), None, None, None, tuple(notes))
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
        exact = alignment.exact_of(here["unit"])
        try:
            raw: Correlation | None = spearman(
                exact["left_value"].to_numpy(), exact["right_value"].to_numpy()
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
        rows.append(
            _ranking(
                report,
                band,
                len(here),
                raw,
                underlying[band],
                not_estimated(underlying[band], part),
            )
        )
        correlations.append(raw.estimate if raw is not None else np.nan)
        counts.append(len(here))
    report = replace(
        report,
        status="ok",
        reason="",
        cells=Released(pd.concat(cells or [report.cells], ignore_index=True)),
        gaps=gaps,
    )
    compared = compare_independent(correlations, counts, order) if order else ()
    return _with_rankings(report, rows, beyond_noise(compared, underlying))


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
    kept = kept[kept["gap"].notna()].reset_index(drop=True)
    return {"rows": Released(kept), "averages": by_fifth}
