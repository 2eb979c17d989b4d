"""Does it hold for everyone? Each source, the gap between two, and their agreement by group of people.

Or by group of organisations: practices by how deprived their patients are. What a source does not record
cannot be split. Groups of people are those of the organisations both sources speak of.
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

from pxcore.analysis.joining.bands import (
    AS_REGISTERED,
    EVERYBODY,
    NOT_TOLD,
    SAME_MIX,
    TAKEN_TOGETHER,
    Bands,
    bands_of,
    groups_told,
)
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.selection import peers_of, registered
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.judging.verdicts import latent_shown
from pxcore.analysis.pairs.agreement import SEED, agreement, latent_of
from pxcore.analysis.pairs.group_counts import CELL, Split, cells_of, counted, whole
from pxcore.analysis.pairs.group_offers import offered, recorded_by_both, who_records_what
from pxcore.analysis.pairs.group_report import (
    COMPARED,
    GAP,
    ORGANISATIONS,
    RANKING,
    SIDES,
    Gaps,
    GroupsReport,
    Note,
    NoteKind,
    Obstacle,
)
from pxcore.analysis.questions import ask_by
from pxcore.analysis.rows import each
from pxcore.disclosure import OfMany, Released, release, with_rounded_chances
from pxcore.errors import TooFewPairs
from pxcore.model import Grain, Pairing, Peers, Selection, Withheld
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


def groups_offered(store: Store, pairing: Pairing) -> dict[str, str]:
    """What two sources can be split by."""
    return offered(store, judgement(store, pairing))


def groups(store: Store, pairing: Pairing, group_by: str = "") -> GroupsReport:
    """Two sources by the groups of a dimension; the natural one where none, or none that is offered, is
    named."""
    judged = judgement(store, pairing)
    recorded = recorded_by_both(store, judged)
    offers = offered(store, judged)
    chosen = group_by if group_by in offers else next(iter(offers), "")
    bands = bands_of(store)
    alignment = judged.alignment
    sides = (alignment.left, alignment.right)
    known: dict[str, Sequence[str]] = {  # source -> the groups of the dimension it records
        side.source: recorded[which].get(chosen, ())
        for which, side in zip(SIDES, sides, strict=True)
    }
    report = GroupsReport(
        judgement=judged,
        status="refused",
        group_by=chosen,
        offered=offers,
        splits=(chosen in recorded["left"], chosen in recorded["right"]),
        who=ask_by(
            store, (alignment.service, alignment.pairing.disclosure), who_records_what, judged
        ),
        cells=Released(columns=list(CELL)),
        gaps=None,
        rankings=Released(columns=list(RANKING)),
        compared=Released(columns=list(COMPARED)),
        changes=tuple(bands.changed(chosen, known)),
        map_rows=Released(bands.table(chosen, known)),
        unplaced=tuple(bands.unplaced(chosen, known)),
    )
    if report.refusals or judged.verdicts is None:
        return report
    if not chosen:
        return replace(report, status="cannot_split")
    if chosen == ORGANISATIONS:
        return _of_organisations(store, report)
    return _of_people(store, report, bands)


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
    obstacles = []
    for which, source, can in zip(
        SIDES, (verdicts.left, verdicts.right), report.splits, strict=True
    ):
        name = source.side.source
        if not can:
            obstacles.append((source.side, Obstacle.NOT_RECORDED))
        elif source.kind in (Kind.SCORE, Kind.COUNT):
            obstacles.append((source.side, Obstacle.NO_PERCENTAGES))
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
    report = replace(report, obstacles=tuple(obstacles))
    if able and not units:
        return replace(report, status="cannot_split")
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
        cells = [cells_of(which, able[which][0], of_side, order) for which, of_side in rows.items()]
        report = replace(report, cells=Released(pd.concat(cells, ignore_index=True)))
    if len(rows) < len(SIDES):
        return replace(report, status="cannot_split")
    in_both = set.intersection(*(set(groups.values()) for _, groups in able.values()))
    gaps = _people_gaps(store, report, rows, order, in_both)
    report = replace(report, status="ok", gaps=gaps)
    return _people_rankings(store, report, rows, order)


def _people_gaps(
    store: Store,
    report: GroupsReport,
    counts: Mapping[str, Released],
    order: list[str],
    in_both: Collection[str],
) -> Gaps:
    """The gap taken together, with the same mix of people, and by group, from counts as they are shown."""
    notes = []
    wholes = [whole(counts[which]) for which in SIDES]
    shown = [band for band in order if all(_answers(rows, band) > 0 for rows in wholes)]
    few = [
        band for band in order if band in in_both and any(_withheld(rows, band) for rows in wholes)
    ]
    alone = [
        band
        for band in order
        if band not in (*shown, *few)
        and any(_answers(rows, band) > 0 or _withheld(rows, band) for rows in wholes)
    ]
    if alone:
        notes.append(Note(NoteKind.ALONE, tuple(alone)))
    if few:
        notes.append(Note(NoteKind.FEW, tuple(few)))
    blank = Released(columns=list(GAP))
    if len(shown) < 2:
        return Gaps(blank, None, None, None, (Note(NoteKind.ONE_GROUP), *notes))
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
        return Gaps(blank, None, None, None, (Note(NoteKind.PROBLEM, problem=too_few), *notes))
    rows = [
        _gap_row(TAKEN_TOGETHER, mix.crude, left_n.sum(), right_n.sum()),
        _gap_row(SAME_MIX, mix.standardised, left_n.sum(), right_n.sum()),
    ]
    merged = tuple(tuple(group) for group in mix.left.groups if len(group) > 1)
    if merged:
        notes.append(Note(NoteKind.JOINED, joined=merged))
    if mix.odds.skipped:
        notes.append(Note(NoteKind.NO_ODDS, tuple(mix.odds.skipped)))
    as_registered = _as_registered(store, report, compare, shown)
    if isinstance(as_registered, Note):
        notes.append(as_registered)
    elif as_registered is not None:
        rows.append(_gap_row(AS_REGISTERED, as_registered, left_n.sum(), right_n.sum()))
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


def _gap_row(what: str, gap: Difference, left: float, right: float) -> dict[str, Any]:
    return {
        "what": what,
        "gap": gap.value,
        "low": gap.interval.low,
        "high": gap.interval.high,
        "left_respondents": left,
        "right_respondents": right,
    }


def _as_registered(
    store: Store,
    report: GroupsReport,
    compare: Callable[..., CaseMix],
    shown: Sequence[str],
) -> Difference | Note | None:
    """The gap if both had heard people as they are registered at these practices, or why it cannot be shown;
    None where nobody is registered."""
    if report.alignment.grain is not Grain.PRACTICE:
        return None
    people = registered(store, report.group_by)
    people = people[people["unit"].isin(list(report.alignment.pairs["unit"]))]
    if people.empty:
        return None
    by_band = people.groupby("band")["people"].sum()
    strange = tuple(str(band) for band in by_band.index if band not in shown)
    if strange:
        return Note(NoteKind.REGISTERED_OTHERWISE, strange)
    try:
        return compare(reference=by_band.reindex(list(shown)).fillna(0.0)).standardised
    except TooFewPairs as few:
        return Note(NoteKind.PROBLEM, problem=few)


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
    rankings: list[dict[str, Any]] = []
    values: dict[str, pd.DataFrame] = {}
    underlying: dict[str, LatentCorrelation | None] = {}
    for band in order:
        if band in hidden:
            continue
        units = sum(1 for unit, of in enough_of[0] & enough_of[1] if of == band)
        if units < MINIMUM_PAIRS:
            rankings.append(_ranking(band, units, None, None))
            continue
        selected = Selection(dimension=report.group_by, groups=(band,))
        of_band = agreement(store, replace(pairing, selection=selected))
        rankings.append(_ranking(band, len(of_band.pairs), of_band.correlation, of_band.latent))
        if of_band.correlation is not None:
            exact = of_band.alignment.exact_of(of_band.pairs["unit"])
            values[band] = exact[["left_value", "right_value"]]
            underlying[band] = of_band.latent
    compared: tuple[AgreementGap, ...] = ()
    if len(values) > 1:
        units_of_all = sorted(set().union(*(rows.index for rows in values.values())))
        left, right = (
            np.column_stack([rows[column].reindex(units_of_all) for rows in values.values()])
            for column in ("left_value", "right_value")
        )
        compared = beyond_noise(compare_dependent(left, right, list(values), seed=SEED), underlying)
    return _with_rankings(report, rankings, compared, underlying)


def _with_rankings(
    report: GroupsReport,
    rankings: Sequence[Mapping[str, Any]],
    compared: Sequence[AgreementGap],
    underlying: Mapping[str, LatentCorrelation | None],
) -> GroupsReport:
    """The report with agreement by group, of exact figures over many organisations."""
    disclosure, confidential = report.alignment.pairing.disclosure, report.alignment.confidential
    gaps = [
        {
            "first": gap.first,
            "second": gap.second,
            "difference": gap.difference,
            "low": gap.interval.low,
            "high": gap.interval.high,
            "underlying": gap.underlying,
            "underlying_low": gap.underlying_interval and gap.underlying_interval.low,
            "underlying_high": gap.underlying_interval and gap.underlying_interval.high,
            "p_value": gap.p_value,
            "q_value": gap.q_value,
        }
        for gap in compared
    ]
    figures = tuple(name for name in RANKING if name.startswith(("raw", "underlying")))
    differences = tuple(
        name for name in COMPARED if name.startswith(("diff", "low", "high", "under"))
    )
    return replace(
        report,
        gaps=with_rounded_chances(report.gaps, confidential),
        underlying={
            band: latent_shown(latent, confidential) for band, latent in underlying.items()
        },
        rankings=release(
            pd.DataFrame(rankings, columns=list(RANKING)), disclosure, OfMany(figures, confidential)
        ),
        compared=release(
            pd.DataFrame(gaps, columns=list(COMPARED)),
            disclosure,
            OfMany(differences, confidential, chances=("p_value", "q_value")),
        ),
    )


def _ranking(
    band: str, units: int, raw: Correlation | None, latent: LatentCorrelation | None
) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(RANKING, np.nan) | {"band": band, "organisations": units}
    if raw is None:
        return row
    row["raw"] = raw.estimate
    if raw.interval is not None:  # none where the order is exactly the same
        row |= {"raw_low": raw.interval.low, "raw_high": raw.interval.high}
    if latent is not None and latent.interval is not None:
        row |= {
            "underlying": np.nan if latent.estimate is None else latent.estimate,
            "underlying_low": latent.interval.low,
            "underlying_high": latent.interval.high,
        }
    return row


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
        notes.append(Note(NoteKind.NOT_REGISTERED, count=unknown))
    sizes = pairs["band"].value_counts()
    few = [band for band in order if sizes[band] < FEWEST_ORGANISATIONS]
    if few:
        notes.append(Note(NoteKind.FEW_ORGANISATIONS, tuple(few)))
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
        gaps = replace(gaps, notes=(Note(NoteKind.NO_PERCENTAGES), *notes))
    rows, correlations, counts = [], [], []
    underlying: dict[str, LatentCorrelation | None] = {}
    for band in order:
        of_band = pairs[pairs["band"] == band]
        exact = alignment.exact_of(of_band["unit"])
        try:
            raw: Correlation | None = spearman(
                exact["left_value"].to_numpy(), exact["right_value"].to_numpy()
            )
        except TooFewPairs:
            raw = None
        seen = frozenset(of_band["unit"])
        part = replace(verdicts, seen=seen if verdicts.seen is None else seen & verdicts.seen)
        underlying[band] = latent_of(part)
        rows.append(_ranking(band, len(of_band), raw, underlying[band]))
        correlations.append(raw.estimate if raw is not None else np.nan)
        counts.append(len(of_band))
    report = replace(
        report,
        status="ok",
        cells=Released(pd.concat(cells or [report.cells], ignore_index=True)),
        gaps=gaps,
    )
    compared = compare_independent(correlations, counts, order) if order else ()
    return _with_rankings(report, rows, beyond_noise(compared, underlying), underlying)


def _average_cells(which: str, side: Side, pairs: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """The average practice of each fifth in one source, and of all of them."""
    bands = [*pairs["band"], *([EVERYBODY] * len(pairs))]
    values = pd.concat([pairs[f"{which}_value"]] * 2).to_numpy()
    averages = group_averages(values, bands, [*order, EVERYBODY])
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
            "organisations": averages.organisations,
            "value": averages.mean,
            "low": np.clip(averages.low, 0, 1),
            "high": np.clip(averages.high, 0, 1),
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
    for name, averages, at in (
        (TAKEN_TOGETHER, whole, 0),
        *((band, by_fifth, at) for at, band in enumerate(order)),
    ):
        of_name = pairs if name == TAKEN_TOGETHER else pairs[pairs["band"] == name]
        rows.append(
            {
                "what": name,
                "gap": averages.mean[at],
                "low": averages.low[at],
                "high": averages.high[at],
                "left_respondents": of_name["left_respondents"].sum(min_count=1),
                "right_respondents": of_name["right_respondents"].sum(min_count=1),
            }
        )
    table = pd.DataFrame(rows, columns=list(GAP))
    shown = table[table["gap"].notna()].reset_index(drop=True)
    return {"rows": Released(shown), "averages": by_fifth}
