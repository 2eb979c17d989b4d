"""Whose answers count: some modes left out, some groups alone, weighted to another mix of people.

What a source does not tell cannot be selected: it keeps all its answers, and the report says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from pxcore.analysis.joining.bands import Bands, bands_of, told_groups
from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.joining.periods import Side, placing
from pxcore.disclosure import added, answers_shown, is_confidential
from pxcore.errors import TooFewPairs
from pxcore.model import Mix, Pairing, Peers, Period, Selection, Sentiment
from pxcore.stats.case_mix import direct_standardise, pooled_mix
from pxcore.store import Store

DIMENSIONS: Mapping[str, str] = {
    "age": "age",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "deprivation": "deprivation",
    "long_term_condition": "long-term condition",
    "disability": "disability",
    "carer": "carer status",
}
SENTIMENT_TITLES: Mapping[Sentiment, str] = {
    Sentiment.POSITIVE: "positive is good, all else is not",
    Sentiment.MIXED_HALF: "neutral left out, mixed counts half",
    Sentiment.STARS: "four or five stars are good",
}
CHILDREN = "Under 16"  # no source asks them: they are left out of the mix of registered patients


def of_source(
    side: Side, wanted: Selection, splits: pd.DataFrame, bands: Bands
) -> tuple[Selection, list[Note]]:
    """What of a selection one source can follow, and a note for each part that it cannot.

    `splits` is what `bands.told_groups` tells.
    """
    rows = splits[splits["source"] == side.source]
    offered = {str(name): set(rows["group_value"]) for name, rows in rows.groupby("dimension")}
    notes = []
    modes: tuple[str, ...] = ()
    if wanted.without_modes:
        modes = tuple(mode for mode in wanted.without_modes if mode in offered.get("mode", set()))
        if not offered.get("mode"):
            notes.append(Note(Noticed.NO_MODES, side.source))
    dimension, groups, mix = wanted.dimension, wanted.groups, wanted.mix
    if dimension and dimension not in offered:
        if groups or mix:
            notes.append(Note(Noticed.NO_SPLIT, side.source, dimension))
        dimension, groups, mix = "", (), Mix.NONE
    elif groups:
        groups = tuple(
            sorted(g for g in offered[dimension] if bands.of(dimension, g, side.source) in groups)
        )
        # none of its own groups: nobody, not everybody
        groups = groups or ("",)
    sentiment = wanted.sentiment
    if sentiment not in ways_to_count(side.source, splits):
        sentiment = Sentiment.POSITIVE
        if "sentiment" in offered:
            notes.append(Note(Noticed.NO_STARS, side.source))
    return replace(
        wanted,
        without_modes=modes,
        dimension=dimension,
        groups=groups,
        mix=mix,
        sentiment=sentiment,
    ), notes


def ways_to_count(source: str, splits: pd.DataFrame) -> tuple[Sentiment, ...]:
    """The ways to count the comments of a source, the usual one first; `splits` as in `of_source`."""
    offered = set(splits.loc[splits["source"] == source, "dimension"])
    if "sentiment" not in offered:
        return (Sentiment.POSITIVE,)
    return tuple(way for way in Sentiment if way is not Sentiment.STARS or "stars" in offered)


# --- The mix of people ---


def answers_by_band(
    store: Store, side: Side, pairing: Pairing, service: str, period: Period, dimension: str
) -> pd.DataFrame:
    """One row per organisation and band: respondents, positive, people, and of confidential answers their
    cell keys. Answers that tell no group, or one in a source's own words that too few people used to be
    named, are left out."""
    bands, groups = bands_of(store), told_groups(store)
    own = groups[(groups["source"] == side.source) & (groups["dimension"] == dimension)]
    query = placing(side, replace(pairing, area=""), service, period) | {
        "dimension": dimension,
        "groups": sorted(set(map(str, own["group_value"]))),
    }
    rows = store.query("groups", **query)
    rows = rows.assign(
        band=[bands.of(dimension, group, side.source) for group in rows["group_value"]]
    )
    return added(rows.drop(columns="group_value"), ["unit", "band"])


def registered(store: Store, dimension: str) -> pd.DataFrame:
    """One row per practice and band: registered patients aged 16 and over."""
    rows = store.query("registered")
    rows = rows[rows["dimension"] == dimension]
    bands = bands_of(store)
    rows = rows.assign(band=[bands.of(dimension, group) for group in rows["group_value"]])
    rows = rows[rows["band"] != CHILDREN]
    return rows.groupby(["unit", "band"], as_index=False)[["people"]].sum()


def common_mix(
    store: Store, answers: Sequence[pd.DataFrame], wanted: Selection
) -> dict[str, float]:
    """Band -> share, the same for every organisation: of those who answered, or of all registered.

    Empty where nobody tells the dimension, or the mix is each practice's own.
    """
    if wanted.mix is Mix.POOLED:
        answering = [rows for rows in answers if len(rows)]
        bands = bands_of(store).in_order(
            wanted.dimension, [str(b) for rows in answering for b in rows["band"]]
        )
        counts = [
            rows.groupby("band")["respondents"].sum().reindex(bands).fillna(0.0).to_numpy()
            for rows in answering
        ]
        return dict(zip(bands, pooled_mix(*counts).tolist(), strict=True)) if counts else {}
    if wanted.mix is Mix.NATIONAL:
        rows = registered(store, wanted.dimension)
        people = rows.groupby("band")["people"].sum()
        return {str(band): float(n) for band, n in (people / people.sum()).items()}
    return {}


def weighted_as_shown(
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    mix: Mapping[str, float],
    own: pd.DataFrame | None,
    order: Sequence[str],
) -> pd.DataFrame:
    """`rows`, with what `weighted` makes of confidential counts as they are shown: `weighted_value` and
    `weighted_worth`, from which alone the figure of one organisation is told."""
    if not is_confidential(rows):
        return rows
    counts = answers_shown(rows)
    shown = rows.assign(value=counts["value"], respondents=counts["respondents"])
    parts = answers_shown(answers)
    bands = answers[["unit", "band"]].assign(
        positive=parts["positive"], respondents=parts["respondents"]
    )
    figures = weighted(shown, bands, mix, own, order)
    able = (figures["outcome"] == "in_window") & rows["people_key"].notna()
    return rows.assign(
        weighted_value=figures["value"].where(able), weighted_worth=figures["worth"].where(able)
    )


def weighted(
    rows: pd.DataFrame,
    answers: pd.DataFrame,
    mix: Mapping[str, float],
    own: pd.DataFrame | None,
    order: Sequence[str],
) -> pd.DataFrame:
    """The figures of a source as they would be with another mix of people.

    Parameters
    ----------
    rows : of ask/side.sql. Those in the window get a new `value` and `positive`, lose their published
        interval, and get `worth`: the share of its answers a figure is worth after weighting.
    answers : of `answers_by_band`.
    mix : band -> share, for every organisation.
    own : unit, band, people: each organisation's own mix instead; None for the common one.
    order : the bands, neighbours alike.

    A figure that cannot be weighted, because nobody of a group of the mix answered, gets the outcome
    `no_group`.
    """
    present = {*map(str, answers["band"]), *mix}
    bands = [band for band in order if band in present]
    x = answers.pivot(index="unit", columns="band", values="positive")
    n = answers.pivot(index="unit", columns="band", values="respondents")
    x = x.reindex(columns=bands).fillna(0.0)
    n = n.reindex(columns=bands).fillna(0.0)
    weights = (
        None
        if own is None
        else own.pivot(index="unit", columns="band", values="people").reindex(columns=bands)
    )
    value = rows["value"].to_numpy(dtype=float, copy=True)
    worth = np.ones(len(rows))
    outcome = rows["outcome"].to_numpy(dtype=object, copy=True)
    for place, unit in enumerate(rows["unit"]):
        if outcome[place] != "in_window" or np.isnan(value[place]):
            continue
        given = (
            [mix.get(band, 0.0) for band in bands]
            if weights is None
            else list(weights.loc[unit].fillna(0.0))
            if unit in weights.index
            else []
        )
        if unit not in n.index or not sum(given) > 0:
            outcome[place] = "no_group"
            continue
        try:
            standard = direct_standardise(x.loc[unit], n.loc[unit], given, bands)
        except TooFewPairs:
            outcome[place] = "no_group"
            continue
        answered = float(n.loc[unit].sum())
        smooth = (standard.value * answered + 0.5) / (answered + 1)
        value[place] = standard.value
        respondents = float(rows["respondents"].iloc[place])
        worth[place] = min(1.0, smooth * (1 - smooth) / standard.variance / max(respondents, 1.0))
    changed = outcome == "in_window"
    return rows.assign(
        outcome=outcome,
        value=value,
        positive=np.where(changed, value * rows["respondents"], rows["positive"]),
        low=np.where(changed, np.nan, rows["low"]),
        high=np.where(changed, np.nan, rows["high"]),
        worth=worth,
    )


# --- Peers ---


def peers_of(store: Store, peers: Peers, units: Sequence[str]) -> dict[str, str]:
    """Organisation -> the peers it is compared with; those of whom it is not known are left out."""
    if peers is Peers.ALL:
        return {}
    if peers in (Peers.REGION, Peers.ICB):
        known = store.query("peers").set_index("unit")[peers.value]
        return {unit: str(known[unit]) for unit in units if known.get(unit, "")}
    lists = store.query("registered")
    lists = lists[lists["unit"].isin(list(units))]
    if peers is Peers.DEPRIVATION:
        fifths = lists[lists["dimension"] == "deprivation"].sort_values("people")
        return dict(
            zip(fifths["unit"], fifths["group_value"], strict=True)
        )  # the fifth with most people
    sizes = lists[lists["dimension"] == ""].set_index("unit")["people"]
    if len(sizes) < 3:
        return {}
    thirds = pd.qcut(sizes.rank(method="first"), 3, labels=["smaller", "middle", "larger"])
    return {str(unit): str(third) for unit, third in thirds.items()}
