"""The convergence matrix in words: what it counts, what is silent, and how likely each cell is."""

from __future__ import annotations

import pandas as pd

from pxcore import maps
from pxcore.analysis.judging.silence import LETTERS
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.rows import each
from pxcore.model import GRAIN_TITLES
from pxcore.words import certainty
from pxcore.words.english import counted

SILENCES = {letter: kind.value for kind, letter in LETTERS.items()}


def title(matrix: Matrix) -> str:
    service = maps.service_titles().get(matrix.service, matrix.service).lower()
    about = f" ({service})" if service else ""
    return f"{GRAIN_TITLES[matrix.grain][1].capitalize()}{about}"


def summary(matrix: Matrix) -> str:
    counts = ", ".join(f"{count:,} {mark}" for mark, count in matrix.counts().items() if count)
    organisations = counted(len(matrix.rows), *GRAIN_TITLES[matrix.grain])
    return f"{organisations} by {counted(len(matrix.pairs), 'pair')} of sources: {counts}."


def sentence(matrix: Matrix, unit: str, pair: str) -> str:
    """What is known of one organisation on a pair of sources."""
    report = matrix.certainties[pair]
    cell = report.cell(unit)
    return f"{certainty.label(cell)}. {certainty.sentence(report, cell)}".strip()


def tested_together(matrix: Matrix) -> str:
    """That a tick rests on all pairs of the table together; "" where one pair alone speaks."""
    verdicts = [matrix.certainties[pair].verdicts for pair in matrix.telling]
    rates = [tested.settings.false_discovery for tested in verdicts if tested and tested.comparable]
    if len(rates) < 2:
        return ""
    return (
        "A tick: confirmed by the stricter test, with chance findings held to "
        f"1 in {1 / rates[0]:.0f} over all {len(rates)} pairs of this table together. "
        "Divergence tests one pair by itself, which as a rule is less strict: more "
        "may be confirmed there."
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
    return [f"Nothing can be said throughout, and not drawn: {pairs}."] if pairs else []


def silences(matrix: Matrix) -> list[str]:
    """Why the pairs that are silent throughout are, a pair each, the commonest reason first."""
    sentences = []
    for pair in matrix.silent:
        kinds = [f"{SILENCES[letter]} ({n:,})" for letter, n in matrix.silences(pair).items()]
        why = f"{', '.join(kinds)}." if kinds else certainty.without(matrix.certainties[pair])
        sentences.append(f"{pair}: {why}")
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
