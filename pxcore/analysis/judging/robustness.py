"""Would a verdict stand had other, equally reasonable, choices been made? The specification grid.

The default specification was fixed before any data were seen (model.Settings); the grid is no test,
and no p-value is pooled over it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from pxcore.analysis.joining.alignment import Alignment, align, rows_of
from pxcore.analysis.joining.bands import told_groups
from pxcore.analysis.joining.independence import independence
from pxcore.analysis.joining.periods import Side, widened, widening
from pxcore.analysis.joining.selection import ways_to_count
from pxcore.analysis.judging.evidence import Evidence, Kind, evidence, kind_of
from pxcore.analysis.judging.verdicts import MARKS, judge
from pxcore.disclosure import Released, enough
from pxcore.model import EVIDENCE_FLOORS, Months, Pairing, Sentiment, Settings, TestScale
from pxcore.stats.sensitivity import Stability, stability
from pxcore.stats.verdict import Rule
from pxcore.store import Store

DESIGN_EFFECTS = (1.0, 1.3, 2.0)
RATES = (0.05, 0.10)
UNJUDGED = ("", MARKS[Rule.SILENCE], MARKS[Rule.NOT_ENOUGH])
MOST_WAYS = 324  # of more, so many are drawn by lot
SEED = 20_260_401

# The choices that are varied, in the order of the grid.
CHOICES = ("scale", "floor", "window", "design_effect", "rate", "comments", "sentiment")


@dataclass(frozen=True, slots=True)
class RobustnessReport:
    """How each verdict stands up to other reasonable choices."""

    units: tuple[str, ...]
    stability: Stability
    specifications: Released  # one row per specification: its choices; `default` marks ours
    possible: int  # how many specifications there are
    # (specifications, units): the mark of each verdict, "" where it may not be shown
    marks: np.ndarray
    z: np.ndarray  # (specifications, units)

    @property
    def heard(self) -> np.ndarray:
        """By unit: whether any way to work it out judges it."""
        judged: np.ndarray = np.isin(self.marks, UNJUDGED, invert=True)
        return np.asarray(judged.any(axis=0))

    @property
    def default(self) -> int:
        """The place of the default specification."""
        return int(np.flatnonzero(self.specifications["default"])[0])

    @property
    def flips(self) -> dict[str, int]:
        """Choice -> verdicts that it flips most often, of organisations some way judges."""
        swings = self.heard & (self.stability.decisive >= 0) & (self.stability.share < 1)
        counts = np.bincount(self.stability.decisive[swings], minlength=len(self.stability.choices))
        return {
            choice: int(count)
            for choice, count in zip(self.stability.choices, counts, strict=True)
            if count
        }

    def of(self, unit: str) -> pd.DataFrame:
        """One organisation under every specification, by its z-score."""
        place = self.units.index(unit)
        rows = self.specifications.assign(z=self.z[:, place], mark=self.marks[:, place])
        return rows.sort_values("z", kind="stable").reset_index(drop=True)


def robustness(
    store: Store,
    pairing: Pairing,
    progress: Callable[[str, int, int], None] | None = None,
) -> RobustnessReport:
    """Judge every organisation under every combination of reasonable choices.

    Choices that cannot matter for these two sources (the design effect where intervals are
    published, say) are not multiplied.
    """
    # the months are one of the choices: each starts from the fieldwork
    alignment = align(store, replace(pairing, months=Months.FIELDWORK))
    pairing = replace(alignment.pairing, area="", months=pairing.months)
    sides = (alignment.left, alignment.right)
    by_month = widening(alignment.left_spans, alignment.right_spans)
    shared = independence(store, *sides, pairing, alignment.service).units
    splits = told_groups(store)
    every = [
        _choices(*options) for options in product(*_options(alignment, pairing, splits).values())
    ]
    grid = _drawn(every, _default(pairing))
    default = grid.index(_default(pairing))
    weighed: dict[tuple[object, ...], Evidence] = {}
    rows: dict[tuple[object, ...], pd.DataFrame] = {}
    rules, scores = [], []
    units: list[str] = []
    for place, choices in enumerate(grid):
        if progress is not None:
            progress(f"{place + 1} of {len(grid)}", place, len(grid))
        settings = _settings(pairing.settings, choices)
        question = replace(pairing, settings=settings)
        both = []
        for which, side, monthly in zip(("left", "right"), sides, by_month, strict=True):
            placed = _placed(side, choices, splits, monthly=monthly)
            place_of = (which, placed.period, placed.selection)
            if place_of not in rows:
                rows[place_of] = rows_of(store, placed, question, alignment.service)
            of_rows = rows[place_of]
            key = (
                *place_of,
                *(choices[name] for name in ("scale", "floor", "design_effect", "comments")),
            )
            if key not in weighed:
                weighed[key] = evidence(store, placed, question, of_rows, alignment.service)
            both.append(weighed[key])
        cells = judge(
            both[0], both[1], settings, grain=alignment.grain, shared=shared
        ).cells.set_index("unit")
        units = units or sorted(cells.index)
        cells = cells.reindex(units)
        rules.append(cells["rule"].fillna(Rule.SILENCE).to_numpy(dtype=np.int64))
        scores.append(cells["z"].to_numpy(dtype=float))
    marks = np.array([[MARKS[Rule(int(rule))] for rule in row] for row in rules])
    codes = np.unique(marks, return_inverse=True)[1].reshape(marks.shape)
    table = Released(grid).assign(default=[n == default for n in range(len(grid))])
    varied = {name: table[name].astype(str) for name in CHOICES if table[name].nunique() > 1}
    return RobustnessReport(
        units=tuple(units),
        stability=stability(codes, default, varied),
        specifications=table,
        possible=len(every),
        marks=marks,
        z=np.array(scores),
    )


def _placed(
    side: Side, choices: Mapping[str, object], splits: pd.DataFrame, *, monthly: bool
) -> Side:
    """A source over the months of a specification, its comments counted as that has it."""
    if monthly:
        side = widened(side, Months(str(choices["window"])))
    sentiment = Sentiment(str(choices["sentiment"]))
    if sentiment not in ways_to_count(side.source, splits):
        return side
    return replace(side, selection=replace(side.selection, sentiment=sentiment))


def _drawn(every: list[dict[str, object]], default: dict[str, object]) -> list[dict[str, object]]:
    """All of the grid, or of a large one as many as can be tried, ours among them, in their order."""
    if len(every) <= MOST_WAYS:
        return every
    others = [at for at, choices in enumerate(every) if choices != default]
    lot = np.random.default_rng(SEED).choice(others, MOST_WAYS - 1, replace=False)
    return [every[at] for at in sorted({every.index(default), *lot.tolist()})]


def _options(
    alignment: Alignment, pairing: Pairing, splits: pd.DataFrame
) -> dict[str, list[object]]:
    """Each choice and its options, the default first; one option alone where it cannot matter."""
    kinds = {kind_of(side) for side in (alignment.left, alignment.right)}
    usual = pairing.settings
    floors = [floor for floor in EVIDENCE_FLOORS if enough([floor], pairing.disclosure)[0]]
    options: dict[str, list[object]] = {
        "scale": list(TestScale) if kinds != {Kind.SCORE} else [usual.scale],
        "floor": _first(pairing.evidence_floor, floors),
        "window": _first(pairing.months, Months)
        if any(widening(alignment.left_spans, alignment.right_spans))
        and pairing.window is None
        and alignment.aligned_in_time
        else [pairing.months],
        "design_effect": list(DESIGN_EFFECTS)
        if Kind.PERCENT_SURVEY in kinds and design_matters(alignment)
        else [usual.design_effect],
        "rate": list(RATES),
        "comments": [False, True] if Kind.COMMENTS in kinds else [usual.comments_halved],
        "sentiment": _first(
            pairing.selection.sentiment,
            [
                way
                for side in (alignment.left, alignment.right)
                for way in ways_to_count(side.source, splits)
            ],
        ),
    }
    return options


def _first(usual: object, options: Iterable[object]) -> list[object]:
    """Some options, each once, ours before the others."""
    return list(dict.fromkeys((usual, *options)))


def design_matters(alignment: Alignment) -> bool:
    """Whether a percent survey of the two publishes no interval for some organisation."""
    for place, (side, rows) in enumerate(zip(alignment.sides, alignment.everywhere, strict=True)):
        paired = alignment.placed.paired(place, alignment.pairing.area)
        if kind_of(side) is Kind.PERCENT_SURVEY and rows.figures["low"].iloc[paired].isna().any():
            return True
    return False


def _choices(*options: object) -> dict[str, object]:
    return dict(zip(CHOICES, options, strict=True))


def _default(pairing: Pairing) -> dict[str, object]:
    usual = pairing.settings
    return _choices(
        usual.scale,
        pairing.evidence_floor,
        pairing.months,
        usual.design_effect,
        usual.false_discovery,
        usual.comments_halved,
        pairing.selection.sentiment,
    )


def _settings(usual: Settings, choices: Mapping[str, object]) -> Settings:
    return replace(
        usual,
        scale=TestScale(str(choices["scale"])),
        evidence_floor=int(str(choices["floor"])),
        design_effect=float(str(choices["design_effect"])),
        false_discovery=float(str(choices["rate"])),
        comments_halved=bool(choices["comments"]),
    )
