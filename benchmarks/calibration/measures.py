"""What the delivered analysis makes of one data set, counted against the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.calibration.world import DataSet, Published
from pxcore.analysis.judging.evidence import Evidence, weigh
from pxcore.analysis.judging.verdicts import Verdicts, judge, together
from pxcore.analysis.pairs.agreement import latent_of
from pxcore.errors import TooFewPairs
from pxcore.model import Pairing, Settings
from pxcore.stats.correlation import spearman
from pxcore.stats.latent import Estimability, LatentCorrelation
from pxcore.stats.spread import Standing, peer_spread, standing
from pxcore.stats.verdict import SAME_SIDE, Rule, heterogeneity, method_variance
from pxcore.stats.verdict import split_method_variance as split

# Measure -> what was counted and out of how many, or a sum and how many figures it is of.
Tally = dict[str, tuple[float, float]]

SETTINGS = Settings()  # as the app has them when nobody has touched anything
EVIDENCE_FLOOR = Pairing("", "").evidence_floor
SIGNIFICANT, FAR_OUT = 0.05, 0.001
FLOORS = (10, 30, 100)
SIDE_BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
LEVEL_SHIFT = 0.8  # logits, or points of a score: how far the check of invariance moves a source
EXACT = 1e-9


def tally(data: DataSet) -> Tally:
    """Everything measured on one data set."""
    if data.scenario.name == "rising_floor":
        return _by_floor(data)
    weighed = [weighed_as_in_the_app(source) for source in data.published]
    judged = {
        pair: judge(weighed[pair[0]], weighed[pair[1]], SETTINGS)
        for pair in combinations(range(len(weighed)), 2)
    }
    cells = {pair: _of(verdicts, data) for pair, verdicts in judged.items()}
    told: Tally = {}
    for pair, verdicts in judged.items():
        for name, counted in _of_a_pair(data, pair, verdicts, cells[pair]):
            before = told.get(name, (0.0, 0.0))
            told[name] = (before[0] + float(counted[0]), before[1] + float(counted[1]))
    told |= _of_all_pairs(data, judged)
    if len(weighed) == 3:
        told |= _three_sources(data, weighed)
    for source, one in zip(data.scenario.sources, weighed, strict=True):
        if one.spread is not None:
            told[f"spread {source.name}"] = (one.spread.variance / source.deviation**2, 1.0)
    told["level_changes_verdict"] = _moved(data, weighed, judged[0, 1])
    return told


def weighed_as_in_the_app(source: Published, floor: int = EVIDENCE_FLOOR) -> Evidence:
    return weigh(source.figures, source.months, source.side, SETTINGS, evidence_floor=floor)


def _of(verdicts: Verdicts, data: DataSet) -> pd.DataFrame:
    """The cells in the order of the organisations; those no source has are silent and untested."""
    cells = verdicts.cells.set_index("unit").reindex(data.units)
    return cells.assign(
        rule=cells["rule"].fillna(int(Rule.SILENCE)).astype(int),
        tested=cells["tested"].fillna(False).astype(bool),
    )


Counted = Iterator[tuple[str, tuple[float, float]]]


def _of_a_pair(
    data: DataSet, pair: tuple[int, int], verdicts: Verdicts, cells: pd.DataFrame
) -> Counted:
    left, right = pair
    tested, rule = cells["tested"].to_numpy(), cells["rule"].to_numpy()
    truth = data.truth[:, left] - data.truth[:, right]
    planted = data.planted[:, left] | data.planted[:, right]
    p_value, q_value = cells["p_value"].to_numpy(float), cells["q_value"].to_numpy(float)
    with np.errstate(invalid="ignore"):
        low_p, flagged = p_value <= SIGNIFICANT, q_value <= SETTINGS.false_discovery
    ordinary = tested & ~planted
    names = "+".join(data.scenario.sources[place].name for place in pair)
    with np.errstate(invalid="ignore"):
        far_out = p_value <= FAR_OUT
    for suffix in ("", f" {names}"):
        yield f"false_alarms{suffix}", (np.sum(ordinary & low_p), ordinary.sum())
        yield f"far_out{suffix}", (np.sum(ordinary & far_out), ordinary.sum())
    for name, third in _by_answers(data, pair, tested).items():
        yield f"false_alarms {name}", (np.sum(ordinary & third & low_p), np.sum(ordinary & third))
    if verdicts.method is not None:
        yield f"usual_difference {names}", (verdicts.method.total, 1)
    false = int(np.sum(ordinary & flagged))
    for name in ("any_table", f"any_table {names}"):
        yield name, (false > 0, 1)
    yield "false_share", (false / max(1, int(flagged.sum())), 1)

    there = tested & planted
    found = np.isin(rule, (Rule.DISSONANCE_UNUSUAL, Rule.DISSONANCE_USUAL))
    opposite = there & (data.truth[:, left] * data.truth[:, right] < 0)
    yield "power_raw", (np.sum(there & low_p), there.sum())
    yield "power", (np.sum(there & flagged), there.sum())
    yield "found", (np.sum(there & found), there.sum())
    yield "found_opposite", (np.sum(opposite & found), opposite.sum())
    yield "planted_agrees", (np.sum(there & (rule == Rule.AGREEMENT)), there.sum())

    apart = tested & (np.abs(truth) >= verdicts.margin - EXACT)
    agrees = tested & (rule == Rule.AGREEMENT)
    yield "apart_agrees", (np.sum(apart & agrees), apart.sum())
    could = cells["could_agree"].fillna(False).astype(bool).to_numpy()
    yield "apart_could_agree", (np.sum(apart & agrees), np.sum(apart & could))
    yield "agrees_apart", (np.sum(apart & agrees), agrees.sum())
    yield "could_agree", (np.sum(tested & could), tested.sum())
    for one in Rule:
        yield f"verdict {one.name}", (np.sum(rule == one), len(rule))
    yield "too_few_spoken_of", _spoken_of(data, pair, rule)

    same = data.truth[:, left] * data.truth[:, right] > 0
    share = cells["same_side"].to_numpy(float)
    with np.errstate(invalid="ignore"):
        sure = tested & (share >= SAME_SIDE)
        yield "same_side", (np.sum(sure & same), sure.sum())
        for low, high in zip(SIDE_BINS, SIDE_BINS[1:], strict=False):
            inside = tested & (share >= low) & (share < high)
            yield f"same_side {low:g}-{high:g}", (np.sum(inside & same), inside.sum())
    if not data.scenario.planted and data.scenario.exactly_apart is None:
        for suffix in ("", f" {names}"):
            for name, counted in _latent(latent_of(verdicts), data.scenario.agreement):
                yield f"{name}{suffix}", counted
        if data.scenario.areas:
            within = latent_of(verdicts, within=True)
            for name, counted in _latent(within, data.scenario.agreement):
                yield f"within_{name}", counted


def _by_answers(
    data: DataSet, pair: tuple[int, int], tested: npt.NDArray[np.bool_]
) -> dict[str, npt.NDArray[np.bool_]]:
    """The thirds of those tested with the fewest and the most answers in a monthly FFT."""
    for place in pair:
        if data.published[place].months is not None and tested.any():
            figures = data.published[place].figures.set_index("unit")["respondents"]
            answers = figures.reindex(data.units).to_numpy(float)
            low, high = np.quantile(answers[tested], [1 / 3, 2 / 3])
            return {"fewest": tested & (answers <= low), "most": tested & (answers > high)}
    return {}


def _spoken_of(
    data: DataSet, pair: tuple[int, int], rule: npt.NDArray[np.int64]
) -> tuple[float, float]:
    """Verdicts other than silence where a source has no figure, or fewer answers than it takes."""
    few = np.zeros(len(rule), dtype=bool)
    for place in pair:
        figures = data.published[place].figures.set_index("unit")["respondents"]
        few |= (figures.reindex(data.units).fillna(0) < EVIDENCE_FLOOR).to_numpy()
    return float(np.sum(few & (rule != Rule.SILENCE))), float(few.sum())


def _latent(latent: LatentCorrelation | None, truth: float) -> Counted:
    none = latent is None or latent.state is Estimability.NOT_ESTIMABLE
    yield "latent_none", (float(none), 1)
    if none:
        return
    assert latent is not None
    assert latent.interval is not None
    assert latent.nearest is not None
    low, high, estimate = latent.interval.low, latent.interval.high, latent.nearest
    yield "latent_covers", (float(low <= truth <= high), 1)
    yield "latent_error", (estimate - truth, 1)
    yield "latent_width", (high - low, 1)


def _of_all_pairs(data: DataSet, judged: dict[tuple[int, int], Verdicts]) -> Tally:
    """Any false flag in a data set: each table corrected by itself, and all together as on Overview."""
    # where too few organisations have both, nothing is tested
    alone = {pair: verdicts for pair, verdicts in judged.items() if verdicts.comparable}
    beside = dict(zip(alone, together(list(alone.values())), strict=True)) if alone else {}
    told = {}
    for name, tables in (("any_set", alone), ("any_together", beside)):
        false = False
        for (left, right), verdicts in tables.items():
            flagged = _of(verdicts, data)["q_value"].to_numpy(float) <= SETTINGS.false_discovery
            false |= bool((flagged & ~(data.planted[:, left] | data.planted[:, right])).any())
        told[name] = (float(false), 1.0)
    return told


def _three_sources(data: DataSet, weighed: Sequence[Evidence]) -> Tally:
    """The test of three sources, put together as the page of three sources does."""
    tables = [
        one.rows[one.rows["respondents"] >= one.evidence_floor]
        .set_index("unit")
        .reindex(data.units)
        for one in weighed
    ]
    placed = [
        Standing(*(table[name].to_numpy(float) for name in ("standing", "standing_variance", "z")))
        for table in tables
    ]
    totals = np.full((3, 3), np.nan)
    for one, other in combinations(range(3), 2):
        method = method_variance(placed[one], placed[other])
        if not method.assumed:
            totals[one, other] = totals[other, one] = method.total
    value = np.column_stack([one.value for one in placed])
    if np.isnan(value).all(axis=0).any():
        return {}
    value = value - np.nanmean(value, axis=0)
    variance = np.column_stack([one.variance for one in placed])
    found = heterogeneity(value, variance, split(totals))
    ordinary = ~data.planted.any(axis=1) & (found.degrees >= 2)
    with np.errstate(invalid="ignore"):
        low_p = found.p_value <= SIGNIFICANT
        flagged = (found.rate <= SETTINGS.false_discovery) & (found.degrees >= 1)
    plain = ~data.planted.any(axis=1)
    return {
        "three_false_alarms": (float(np.sum(ordinary & low_p)), float(ordinary.sum())),
        "three_any": (float((flagged & plain).any()), 1),
    }


def _moved(data: DataSet, weighed: Sequence[Evidence], before: Verdicts) -> tuple[float, float]:
    """Verdicts that change when the first source is rosier by the same everywhere: none should."""
    first = data.published[0]
    if weighed[0].scale == "score":
        moved = first.figures.copy()
        moved[["value", "low", "high"]] += LEVEL_SHIFT
        shifted = weighed_as_in_the_app(replace(first, figures=moved))
    else:
        shifted = at_another_level(weighed[0], LEVEL_SHIFT)
    after = judge(shifted, weighed[1], SETTINGS)
    rules = (_of(one, data)["rule"].to_numpy() for one in (before, after))
    return float(np.sum(next(rules) != next(rules))), float(len(data.units))


def at_another_level(source: Evidence, by: float) -> Evidence:
    """A weighed source whose every figure is higher by so much on the logit scale, placed anew."""
    heard = source.rows["speaks"].to_numpy()
    if source.spread is None or not heard.any():
        return source
    value = source.rows["scaled"].to_numpy() + by
    variance = source.rows["scaled_variance"].to_numpy()
    spread = peer_spread(value[heard], variance[heard])
    placed = standing(value, variance, spread)
    rows = source.rows.assign(
        scaled=value, standing=placed.value, standing_variance=placed.variance, z=placed.z
    )
    return replace(source, rows=rows, spread=spread)


def _by_floor(data: DataSet) -> Tally:
    """Raw and underlying agreement as more and more answers are asked for."""
    told: Tally = {}
    for floor in FLOORS:
        left, right = (weighed_as_in_the_app(source, floor) for source in data.published)
        verdicts = judge(left, right, SETTINGS)
        tested = verdicts.cells[verdicts.cells["tested"]]
        told[f"organisations {floor}"] = (float(len(tested)), 1)
        try:
            raw = spearman(tested["left_value"].to_numpy(), tested["right_value"].to_numpy())
            told[f"raw {floor}"] = (raw.estimate, 1)
        except TooFewPairs:
            pass
        for name, counted in _latent(latent_of(verdicts), data.scenario.agreement):
            told[f"{name} {floor}"] = counted
        if f"latent_error {floor}" in told:
            error = told[f"latent_error {floor}"][0]
            told[f"latent {floor}"] = (error + data.scenario.agreement, 1)
    return told
