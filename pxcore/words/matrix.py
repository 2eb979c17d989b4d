"""The convergence matrix in words: what it counts, what is silent, and the verdict in each cell."""

from __future__ import annotations

import pandas as pd

from pxcore import maps
from pxcore.analysis.judging.silence import LETTERS
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.rows import each
from pxcore.model import GRAIN_TITLES
from pxcore.words import verdicts
from pxcore.words.english import counted

MOST_PAIRS = 3  # of which it is told how often agreement could have been shown
SILENCES = {letter: kind.value for kind, letter in LETTERS.items()}


def title(matrix: Matrix) -> str:
    service = maps.service_titles().get(matrix.service, matrix.service).lower()
    about = f" ({service})" if service else ""
    return f"{GRAIN_TITLES[matrix.grain][1].capitalize()}{about}"


def summary(matrix: Matrix) -> str:
    counts = ", ".join(f"{count:,} {state}" for state, count in matrix.counts().items() if count)
    organisations = counted(len(matrix.rows), *GRAIN_TITLES[matrix.grain])
    return f"{organisations} by {counted(len(matrix.pairs), 'pair')} of sources: {counts}."


def could_agree(matrix: Matrix) -> list[str]:
    """How often agreement could have been shown at all, for the pairs that speak."""
    return [
        f"{pair}: {verdicts.could_agree(matrix.verdicts[pair])}"
        for pair in matrix.telling[:MOST_PAIRS]
    ]


def with_verdicts(matrix: Matrix, cells: pd.DataFrame) -> pd.DataFrame:
    """Some of the cells, each with its verdict in a sentence."""
    sentences: dict[str, dict[str, str]] = {}
    for pair, of_pair in matrix.verdicts.items():
        rows = of_pair.shown[of_pair.shown["unit"].isin(cells["unit"])]
        sentences[pair] = dict(zip(rows["unit"], verdicts.sentences(of_pair, rows), strict=True))
    return cells.assign(
        verdict=[
            sentences[pair][unit] for pair, unit in zip(cells["pair"], cells["unit"], strict=True)
        ]
    )


def without_question(matrix: Matrix) -> list[str]:
    """Which sources have no question on what others ask; those silent on the same together."""
    domains = dict.fromkeys(domain for silent in matrix.no_question.values() for domain in silent)
    alike: dict[tuple[str, ...], list[str]] = {}  # sources -> the domains none of them asks about
    for domain in domains:
        sources = tuple(name for name, silent in matrix.no_question.items() if domain in silent)
        alike.setdefault(sources, []).append(domain)
    return [
        f"No question on {', '.join(silent)}: {', '.join(sources)}."
        for sources, silent in alike.items()
    ]


def not_drawn(matrix: Matrix) -> list[str]:
    """The pairs that are silent throughout, in one sentence; none where every pair speaks."""
    pairs = "; ".join(matrix.silent)
    return [f"Silent throughout, and not drawn: {pairs}."] if pairs else []


def silences(matrix: Matrix) -> list[str]:
    """Why the pairs that are silent throughout are, a pair each, the commonest reason first."""
    sentences = []
    for pair in matrix.silent:
        kinds = [f"{SILENCES[letter]} ({n:,})" for letter, n in matrix.silences(pair).items()]
        sentences.append(f"{pair}: {', '.join(kinds)}.")
    return sentences


def letters(matrix: Matrix) -> str:
    """What the letters of silence mean."""
    kinds = "; ".join(
        f"{letter} {SILENCES[letter]}" for letter in sorted(set(matrix.cells["letter"]) - {""})
    )
    return f"Silence, by its letter: {kinds}." if kinds else ""


# --- Areas ---


def area_name(matrix: Matrix, code: str) -> str:
    """An area by its name and code."""
    name = _short_name(matrix, code)
    return f"{name} ({code})" if code and name != code else name


def _short_name(matrix: Matrix, code: str) -> str:
    if not code:
        return "No area known"
    return matrix.area_names.get(code, code).replace("Integrated Care Board", "ICB")


def by_area(matrix: Matrix, pair: str) -> pd.DataFrame:
    """One row per area and mark of one pair: how many organisations."""
    cells = matrix.of_pair(pair)
    # an axis has no room for more than what tells areas apart
    names = [_short_name(matrix, code).removeprefix("NHS ") for code in cells["area"]]
    return (
        cells.assign(area=names)
        .groupby(["area", "mark"], as_index=False)
        .agg(organisations=("unit", "count"))
    )


def of_areas(matrix: Matrix, pair: str) -> str:
    """The picture of areas in words."""
    areas = [
        f"{area}: " + ", ".join(f"{row.organisations} {row.mark}" for row in each(rows))
        for area, rows in by_area(matrix, pair).groupby("area")
    ]
    return f"{pair}. {'; '.join(areas)}."
