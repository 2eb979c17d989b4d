"""The convergence matrix: organisations of one kind by pairs of sources, how likely they agree a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.choices import domain_title
from pxcore.analysis.judging import silence
from pxcore.analysis.judging.certainty import MARKS, CertaintyReport, Unsaid
from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.disclosure import Released
from pxcore.model import Grain

_IN_VIEW = (
    "unit", "name", "icb", "look", "mark", "agree", "shown", "left_silence", "right_silence",
    "left_respondents", "right_respondents",
)  # fmt: skip
UNSAID = tuple(kind.value for kind in Unsaid)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Organisations of one kind by pairs of sources."""

    grain: Grain
    service: str
    pairs: tuple[str, ...]  # the columns, in order
    certainties: Mapping[str, CertaintyReport]  # of each pair
    cells: Released  # one row per organisation and pair
    rows: Released  # one row per organisation, those that deserve a look first
    no_question: Mapping[
        str, tuple[str, ...]
    ]  # source -> domains others here ask about, it does not
    area_names: Mapping[str, str]

    def counts(self) -> dict[str, int]:
        """Mark -> cells, in the order of the legend."""
        counts = self.cells["mark"].value_counts()
        return {mark.value: int(counts.get(mark.value, 0)) for mark in MARKS}

    def of_pair(self, pair: str) -> pd.DataFrame:
        return self.cells[self.cells["pair"] == pair]

    def by_mark(self, pair: str) -> dict[str, int]:
        """Mark -> organisations, of one pair."""
        return {str(mark): int(n) for mark, n in self.of_pair(pair)["mark"].value_counts().items()}

    @property
    def telling(self) -> tuple[str, ...]:
        """The pairs that are not silent throughout."""
        marks = zip(self.cells["pair"].tolist(), self.cells["mark"].tolist(), strict=True)
        audible = {pair for pair, mark in marks if mark not in UNSAID}
        return tuple(pair for pair in self.pairs if pair in audible)

    @property
    def silent(self) -> tuple[str, ...]:
        """The pairs that are silent throughout."""
        telling = self.telling
        return tuple(pair for pair in self.pairs if pair not in telling)

    def silences(self, pair: str) -> dict[str, int]:
        """Letter of silence -> organisations of one pair, the commonest first."""
        letters = self.of_pair(pair)["letter"]
        return {str(one): int(n) for one, n in letters[letters != ""].value_counts().items()}

    def part(self, area: str = "", most: int = 0) -> pd.DataFrame:
        """The cells of one area, or of the organisations that deserve a look first."""
        rows = self.rows if not area else self.rows[self.rows["area"] == area]
        units = rows["unit"].head(most) if most else rows["unit"]
        cells = self.cells[self.cells["unit"].isin(units)]
        place = {unit: n for n, unit in enumerate(units)}
        return cells.assign(place=cells["unit"].map(place)).sort_values(
            ["place", "column"], kind="stable"
        )

    def areas(self) -> list[str]:
        return sorted(area for area in self.rows["area"].unique() if area)


def matrices(
    agreements: Sequence[AgreementReport],
    certainties: Mapping[tuple[str, str], CertaintyReport],
    measured: frozenset[tuple[str, str]],
    area_names: Mapping[str, str],
) -> tuple[Matrix, ...]:
    """The matrix of each kind of organisation, the one with most organisations judged first."""
    groups: dict[tuple[Grain, str], list[tuple[AgreementReport, CertaintyReport]]] = {}
    for report in agreements:
        likely = certainties.get((report.left.source, report.right.source))
        if likely is not None and likely.viewed:
            kind = (report.alignment.grain, report.alignment.service)
            groups.setdefault(kind, []).append((report, likely))
    ranked = sorted(groups.items(), key=lambda item: -max(likely.heard for _, likely in item[1]))
    return tuple(_matrix(*kind, pairs, measured, area_names) for kind, pairs in ranked)


def _matrix(
    grain: Grain,
    service: str,
    pairs: Sequence[tuple[AgreementReport, CertaintyReport]],
    measured: frozenset[tuple[str, str]],
    area_names: Mapping[str, str],
) -> Matrix:
    """Organisations by pairs of sources; what deserves a look comes first."""
    certainties = {_column(report): likely for report, likely in pairs}
    lengths = [likely.viewed for _, likely in pairs]
    shown = {
        name: np.concatenate([likely.column(name) for _, likely in pairs]) for name in _IN_VIEW
    }
    silences = zip(shown["left_silence"], shown["right_silence"], strict=True)
    cells = Released(
        {
            "unit": shown["unit"],
            "name": shown["name"],
            "area": shown["icb"],
            "pair": np.repeat([_column(report) for report, _ in pairs], lengths),
            "column": np.repeat(np.arange(len(pairs)), lengths),
            "left": np.repeat([report.left.source for report, _ in pairs], lengths),
            "right": np.repeat([report.right.source for report, _ in pairs], lengths),
            "look": shown["look"],
            "mark": shown["mark"],
            "agree": shown["agree"],
            "shown": shown["shown"],
            "letter": [silence.letter(left or right) for left, right in silences],
            "left_answers": shown["left_respondents"],
            "right_answers": shown["right_respondents"],
        }
    )
    return Matrix(
        grain=grain,
        service=service,
        pairs=tuple(_column(report) for report, _ in pairs),
        certainties=certainties,
        cells=cells,
        rows=_rows(shown),
        no_question=_no_question([report for report, _ in pairs], measured),
        area_names=area_names,
    )


def _rows(shown: Mapping[str, npt.NDArray[Any]]) -> Released:
    """One row per organisation of the cells, those that deserve a look first."""
    group, units = pd.factorize(shown["unit"])
    first = np.unique(group, return_index=True)[1]
    name, area = shown["name"][first], shown["icb"][first]
    look, agree = shown["look"][first], shown["agree"][first]
    np.maximum.at(area, group, shown["icb"])  # "" where a source does not know it
    np.minimum.at(look, group, shown["look"])
    np.fmin.at(agree, group, shown["agree"])
    unknown = np.isnan(agree)  # they come last
    keys = list(zip(look, unknown, np.where(unknown, 0.0, agree), name, units, strict=True))
    rows = np.array(sorted(range(len(units)), key=keys.__getitem__), dtype=np.int64)
    columns = {"unit": units, "name": name, "area": area, "look": look, "agree": agree}
    return Released({column: values[rows] for column, values in columns.items()})


def _column(report: AgreementReport) -> str:
    """What a column of the matrix is called: the pair, and the domain where it is not the overall."""
    domain = "" if report.left.domain == "overall" else f", {domain_title(report.left)}"
    return f"{report.left.short_title} – {report.right.short_title}{domain}"


def _no_question(
    reports: Sequence[AgreementReport], measured: frozenset[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Each source and the domains that others here ask about and it does not: silence, of its kind."""
    sides = {side.source: side for report in reports for side in (report.left, report.right)}
    titles = {row["domain"]: row["title"].lower() for row in maps.rows("domains")}
    domains = {
        domain
        for source, domain in measured
        if source in sides and domain not in ("none", "overall")
    }
    lacking = {
        side.short_title: tuple(
            sorted(
                titles.get(domain, domain) for domain in domains if (source, domain) not in measured
            )
        )
        for source, side in sides.items()
    }
    return {source: silent for source, silent in lacking.items() if silent}
