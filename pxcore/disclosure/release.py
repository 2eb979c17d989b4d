"""The one door: what has not passed `release` may not be drawn, shown, downloaded or printed.

Figures of published aggregates are shown as their publisher printed them: what was withheld stays so, and
nothing more is hidden. Counts of confidential single responses are shown as the perturbation table has them,
and those under the floor as "fewer than" it; rates, means and intervals of one organisation, month, group or
theme are worked out from the counts shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore.disclosure.perturbation import (
    LOWEST,
    READABLE_KEYS,
    SECOND_KEY,
    enough_people,
    joined_key,
    parts_of_key,
    perturbed,
    perturbed_with_variance,
    sum_of_keys,
)
from pxcore.model import Disclosure, Withheld

PARTS = ("positive", "half", "rest")  # disjoint answers: positive, half so, and not
# The counts and cell keys behind an answer, as SQL adds them up; none of them is ever shown.
ANSWERED = (
    *(f"{part}_answers" for part in PARTS),
    *(f"{part}_key" for part in PARTS),
    "score_key",
    "people_key",
    "anonymous_key",  # of the people who are not named
    "heaviest",
    "scale_low",
    "scale_high",
    "within_variance",
    "weighted_value",  # to another mix of people, from counts as they are shown
    "weighted_worth",
)
_LARGEST = ("heaviest", "scale_high", "within_variance")
SECOND_KEYS = (
    2 * SECOND_KEY * (1 + READABLE_KEYS)
)  # the noise of a mean is another than that of its count


class Released(pd.DataFrame):
    """A frame of figures that may leave: made by `release` alone, and by what is done to such a frame."""

    @property
    def _constructor(self) -> type[Released]:
        return Released

    def _constructor_from_mgr(self, mgr: Any, axes: Any) -> Released:
        # pandas makes a frame, and of that one of ours, which takes as long again as what was asked
        made: Released = type(self)._from_mgr(mgr, axes=axes)  # type: ignore[attr-defined]
        return made


@dataclass(frozen=True, slots=True)
class Confidential:
    """Figures that may not leave: statistics over many organisations are worked out from them."""

    figures: pd.DataFrame

    def __repr__(self) -> str:
        return "Confidential(…)"


@dataclass(frozen=True, slots=True)
class Count:
    """A column of counts, and where its cell keys are; a blank key is of a published count."""

    column: str
    key: str
    hides: tuple[str, ...] = ()  # columns that go with the count where it is too small
    heaviest: str = ""  # column of the most answers of one person
    withheld: str = "withheld"  # column of Withheld values, made if absent
    variance: str = (
        ""  # column that is made: the variance of the noise in the count, 0 of a published one
    )
    alone: bool = False  # those who may be read, or the others, have to be enough by themselves


@dataclass(frozen=True, slots=True)
class Answers:
    """The columns respondents, positive, value, people and standard_error, from those of ANSWERED.

    `noise` is made: the variance that the noise adds to `value`, 0 of a published figure.
    """

    withheld: str = "withheld"
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Disjoint counts of people and what they add up to, for their shares.

    The parts are blank only with their total: a part of few is shown as the table has it, and a share of it
    tells no more.
    """

    parts: tuple[tuple[str, str], ...]  # columns of counts and of their cell keys
    total: str  # column that is made
    withheld: str = "withheld"


@dataclass(frozen=True, slots=True)
class OfOne:
    """Columns of a statistic about one organisation, as exactly as confidential counts allow."""

    gaps: tuple[str, ...] = ()  # to one decimal
    chances: tuple[str, ...] = ()  # p and q: one significant figure
    probabilities: tuple[str, ...] = ()  # whole numbers in 100
    where: str = ""  # column: whether the row rests on confidential figures; all do where ""


@dataclass(frozen=True, slots=True)
class OfMany:
    """Columns of a statistic over many organisations: to two decimals where confidential."""

    columns: tuple[str, ...]
    confidential: bool
    chances: tuple[str, ...] = ()  # p and q: one significant figure, and three decimals


What: TypeAlias = Count | Answers | Parts | OfOne | OfMany


def release(figures: pd.DataFrame, disclosure: Disclosure, *what: What) -> Released:
    """The figures that may leave of a frame.

    Parameters
    ----------
    figures : one row per cell, after every filter.
    disclosure : the floor in force, and whether exact figures are asked for on this computer.
    what : which columns hold counts and what rests on them; the others hold neither counts nor what rests
        on counts of people.

    Returns
    -------
    A frame of the same rows and order, without cell keys. A confidential count under the floor is blank and
    its `withheld` says so; a count shown may be off by the largest noise of the table.
    """
    shown = pd.DataFrame(figures).copy()  # its own: what is below may set columns of it
    for spec in what:
        if isinstance(spec, Count):
            shown = _count(shown, disclosure, spec)
        elif isinstance(spec, Answers):
            shown = _answers(shown, disclosure, spec)
        elif isinstance(spec, Parts):
            shown = _parts(shown, disclosure, spec)
        elif isinstance(spec, OfOne):
            shown = _of_single(shown, disclosure, spec)
        else:
            shown = _of_many(shown, disclosure, spec)
    keys = {"rows_key"} | {spec.key for spec in what if isinstance(spec, Count)}
    keys |= {spec.heaviest for spec in what if isinstance(spec, Count)} | set(ANSWERED)
    keys |= {key for spec in what if isinstance(spec, Parts) for _, key in spec.parts}
    return Released(shown.drop(columns=[name for name in shown if name in keys]))


def added(figures: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Counts of disjoint people added up within `by`, with their cell keys; not to be shown as it is.

    Every other column of numbers is a count or a sum of keys; other columns are left out.
    """
    numbers = [str(name) for name in figures.select_dtypes("number") if name not in by]
    group = figures.groupby(list(by), sort=False).ngroup().to_numpy().astype(np.int64)
    numbered, first = np.unique(group, return_index=True)
    first = first[numbered >= 0]  # in the order they come
    sums = pd.DataFrame(figures[list(by)].iloc[first]).reset_index(drop=True)
    for name in numbers:
        column = figures[name]
        values = column.to_numpy(dtype=float)
        if name.endswith("_key"):
            made = _keys_added(values, group, len(first))
        else:
            made = _added_within(values, group, len(first), _HOW.get(name))
        whole = column.dtype.kind in "iu" and not name.endswith("_key")
        sums[name] = made.astype(np.int64) if whole else made
    return sums


_HOW = dict.fromkeys(_LARGEST, np.maximum) | {"scale_low": np.minimum}


def _added_within(
    values: npt.NDArray[np.float64],
    group: npt.NDArray[np.int64],
    groups: int,
    extreme: np.ufunc | None,
) -> npt.NDArray[np.float64]:
    """Values added up, or the `extreme` of them, within numbered groups; missing where a group has none."""
    known = ~np.isnan(values) & (group >= 0)
    at, values = group[known], values[known]
    has = np.bincount(at, minlength=groups) > 0
    if extreme is None:
        return np.where(has, np.bincount(at, weights=values, minlength=groups), np.nan)
    made = np.full(groups, -np.inf if extreme is np.maximum else np.inf)
    extreme.at(made, at, values)
    return np.where(has, made, np.nan)


def _keys_added(
    key: npt.NDArray[np.float64], group: npt.NDArray[np.int64], groups: int
) -> npt.NDArray[np.float64]:
    """Cell keys added up within numbered groups; missing where a group has none, or -1 for a group."""
    known = ~np.isnan(key) & (group >= 0)
    parts = parts_of_key(key[known])
    sums = (np.bincount(group[known], weights=part, minlength=groups) for part in parts)
    has = np.bincount(group[known], minlength=groups) > 0
    return np.where(has, joined_key(*sums), np.nan)


def is_confidential(figures: pd.DataFrame) -> bool:
    """Whether some of the figures are of single responses: their people have cell keys."""
    return "people_key" in figures and bool(figures["people_key"].notna().any())


def enough(shown: npt.ArrayLike, disclosure: Disclosure) -> npt.NDArray[np.bool_]:
    """Whether counts as they are shown are at or above the floor."""
    return np.asarray(shown, dtype=float) >= disclosure.floor


def _withheld(shown: pd.DataFrame, column: str) -> npt.NDArray[np.object_]:
    if column in shown:
        return shown[column].to_numpy(dtype=object).copy()
    return np.full(len(shown), Withheld.NONE.value, dtype=object)


def _hide(
    shown: pd.DataFrame,
    few: npt.NDArray[np.bool_],
    withheld: str,
    columns: Sequence[str],
) -> pd.DataFrame:
    why = _withheld(shown, withheld)
    why[few & (why == Withheld.NONE.value)] = Withheld.FLOOR.value
    hidden = why != Withheld.NONE.value
    for name in dict.fromkeys(columns):
        if name in shown:
            figures = shown[name].to_numpy(dtype="float64", copy=True)
            figures[hidden] = np.nan
            shown[name] = figures
    shown[withheld] = why
    return shown


def _count(shown: pd.DataFrame, disclosure: Disclosure, spec: Count) -> pd.DataFrame:
    count = shown[spec.column].to_numpy(dtype=float)
    key = (
        shown[spec.key].to_numpy(dtype=float) if spec.key in shown else np.full(len(shown), np.nan)
    )
    confidential = ~np.isnan(key)
    few = np.zeros(len(shown), dtype=bool)
    variance = np.zeros(len(shown))
    if not disclosure.exact:
        heaviest = shown[spec.heaviest].to_numpy(dtype=float) if spec.heaviest else 1.0
        moved, variance = perturbed_with_variance(count, key, heaviest)
        many = enough_people(count, key, alone=spec.alone)
        moved = np.where(many, np.maximum(moved, LOWEST), moved)
        few = confidential & ~(many & enough(moved, disclosure))
        count = np.where(confidential, moved, count)
    shown[spec.column] = count
    if spec.variance:
        shown[spec.variance] = np.where(confidential, variance, 0.0)
    hides = (spec.column, *spec.hides, *((spec.variance,) if spec.variance else ()))
    return _hide(shown, few, spec.withheld, hides)


def _answers(shown: pd.DataFrame, disclosure: Disclosure, spec: Answers) -> pd.DataFrame:
    shown["noise"] = 0.0
    confidential = (
        shown["people_key"].notna().to_numpy()
        if "people_key" in shown
        else np.zeros(len(shown), dtype=bool)
    )
    if disclosure.exact or not confidential.any():
        return _hide(shown, np.zeros(len(shown), dtype=bool), spec.withheld, ())
    moved = shown
    own = moved[confidential]
    figures = answers_shown(own)
    if "worth" not in moved:
        figures.pop("worth")
    for name, values in figures.items():
        column = (
            moved[name].to_numpy(dtype=float, copy=True)
            if name in moved
            else np.full(len(moved), np.nan)
        )
        column[confidential] = values
        moved[name] = column
    for name in ("low", "high"):  # an interval given with exact counts is one of them
        if name in moved:
            moved[name] = moved[name].astype("float64").mask(confidential)
    few = np.zeros(len(moved), dtype=bool)
    few[confidential] = ~enough(figures["people"], disclosure)
    rest = ("respondents", "positive", "value", "people", "standard_error", "low", "high", "noise")
    return _hide(moved, few, spec.withheld, (*rest, *spec.hides))


def answers_shown(rows: pd.DataFrame) -> dict[str, npt.NDArray[np.float64]]:
    """Respondents, positive, value, people, standard_error and noise of confidential answers, as shown.

    `rows` has the columns of ANSWERED, respondents, people and value. Each disjoint answer is perturbed and
    they are added up; a mean is moved by the noise times the range of its scale.
    """
    number = {
        name: rows[name].to_numpy(dtype=float) if name in rows else np.full(len(rows), np.nan)
        for name in (*ANSWERED, "people", "value", "respondents")
    }
    heavy = np.where(number["heaviest"] > 1, number["heaviest"], 1.0)
    moved_parts = [
        perturbed_with_variance(
            np.nan_to_num(number[f"{part}_answers"]), number[f"{part}_key"], heavy
        )
        for part in PARTS
    ]
    parts = [shown for shown, _ in moved_parts]
    people = perturbed(number["people"], number["people_key"])
    is_score = ~np.isnan(number["score_key"])
    counted, variance = perturbed_with_variance(number["respondents"], number["score_key"], heavy)
    added = np.where(is_score, counted, parts[0] + parts[1] + parts[2])
    # of few answers each way, as many as the floor at least: what is missing counts half
    nobody = number["respondents"] == 0
    many = enough_people(number["people"], number["people_key"])
    respondents = np.where(many, np.maximum(added, LOWEST), added)
    respondents = np.where(nobody, 0.0, respondents)
    missing = respondents - added
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = np.where(is_score, np.nan, parts[0] + (parts[1] + missing) / 2)
        share = positive / respondents
        weighted = ~np.isnan(number["weighted_value"])
        share = np.where(weighted, number["weighted_value"], share)
        positive = np.where(weighted, share * respondents, positive)
        worth = np.where(weighted, number["weighted_worth"], 1.0)
        spread = number["scale_high"] - number["scale_low"]
        moved = perturbed(number["respondents"], number["score_key"] + SECOND_KEYS, heavy)
        mean = number["value"] + (moved - number["respondents"]) * spread / respondents
        mean = np.clip(mean, number["scale_low"], number["scale_high"])
        variances = [*(of_part for _, of_part in moved_parts), variance]
        noise = (
            np.where(
                is_score,
                variances[3] * spread**2,
                (1 - share) ** 2 * variances[0]
                + (0.5 - share) ** 2 * np.where(parts[1] > 0, variances[1], 0.0)
                + share**2 * variances[2],
            )
            / respondents**2
            / worth
        )
        standard_error = np.sqrt(number["within_variance"] / respondents + noise)
    # few people stay few, whatever the parts add up to
    people = np.where((heavy <= 1) & many, respondents, np.minimum(people, respondents))
    people = np.where(many, people, np.minimum(people, LOWEST - 1))
    return {
        "respondents": respondents,
        "positive": positive,
        "value": np.where(is_score, mean, share),
        "people": people,
        "worth": worth,
        "noise": noise,
        "standard_error": standard_error,
    }


def _parts(shown: pd.DataFrame, disclosure: Disclosure, spec: Parts) -> pd.DataFrame:
    exact = {column: shown[column].to_numpy(dtype=float) for column, _ in spec.parts}
    whole = np.sum(list(exact.values()), axis=0)
    confidential = shown[spec.parts[0][1]].notna().to_numpy()
    if disclosure.exact or not confidential.any():
        return shown.assign(**{spec.total: whole})
    moved = {
        column: np.where(confidential, perturbed(exact[column], shown[key]), exact[column])
        for column, key in spec.parts
    }
    total = np.sum(list(moved.values()), axis=0)
    many = enough_people(whole, sum_of_keys([shown[key] for _, key in spec.parts]))
    total = np.where(confidential & many, np.maximum(total, LOWEST), total)
    few = confidential & ~(many & enough(total, disclosure))
    return _hide(
        shown.assign(**moved, **{spec.total: total}), few, spec.withheld, (spec.total, *moved)
    )


def _of_single(shown: pd.DataFrame, disclosure: Disclosure, spec: OfOne) -> pd.DataFrame:
    if disclosure.exact:
        return shown
    rows = shown[spec.where].to_numpy(dtype=bool) if spec.where else np.ones(len(shown), dtype=bool)
    rounded = {name: shown[name].astype("float64").round(1) for name in spec.gaps}
    rounded |= {name: shown[name].astype("float64").round(2) for name in spec.probabilities}
    rounded |= {name: significant_figure(shown[name]) for name in spec.chances}
    return shown.assign(
        **{
            name: shown[name].astype("float64").where(~rows, values)
            for name, values in rounded.items()
        }
    )


def _of_many(shown: pd.DataFrame, disclosure: Disclosure, spec: OfMany) -> pd.DataFrame:
    if disclosure.exact or not spec.confidential:
        return shown
    figures = {name: shown[name].astype("float64").round(2) for name in spec.columns}
    chances = {
        name: significant_figure(shown[name].astype("float64").round(3)) for name in spec.chances
    }
    return shown.assign(**figures, **chances)


def rounded(tree: Any, confidential: bool) -> Any:
    """Statistics over many organisations, in dictionaries, lists and results: to two decimals where
    confidential, p and q to one significant figure and three decimals."""
    return _rounded(tree, 2) if confidential else tree


def with_rounded_chances(tree: Any, confidential: bool) -> Any:
    """The same with p and q alone rounded: where all else is worked out from counts as they are shown."""
    return _rounded(tree, None) if confidential else tree


def is_chance(name: str) -> bool:
    """Whether a column or field is a p- or q-value, by its name."""
    return name in ("p_value", "q_value") or name.endswith("_p")


def _rounded(tree: Any, places: int | None) -> Any:
    if isinstance(tree, float):
        return tree if places is None else round(tree, places)
    if isinstance(tree, dict):
        return {
            name: _one_figure(round(value, 3))
            if isinstance(value, float) and is_chance(str(name))
            else _rounded(value, places)
            for name, value in tree.items()
        }
    if isinstance(tree, list | tuple):
        return type(tree)(_rounded(value, places) for value in tree)
    if is_dataclass(tree) and not isinstance(tree, type):
        figures = {part.name: getattr(tree, part.name) for part in fields(tree)}
        return replace(tree, **_rounded(figures, places))
    return tree


def significant_figure(values: pd.Series) -> pd.Series:
    """To one significant figure."""
    return pd.Series([_one_figure(value) for value in values.astype("float64")], index=values.index)


def _one_figure(number: float) -> float:
    return float(f"{number:.0e}")
