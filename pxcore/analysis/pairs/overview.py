"""Do our sources agree? Every natural pair of sources at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import combinations
from typing import Any

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.judging.certainty import CertaintyReport, beside_others, certainty_of
from pxcore.analysis.judging.judgement import Judgement, judgement, within
from pxcore.analysis.judging.reasons import Reasons, reasons
from pxcore.analysis.judging.verdicts import together
from pxcore.analysis.pairs.agreement import AgreementReport, agreement_of, organisations_compared
from pxcore.analysis.pairs.coverage import Coverage, coverage
from pxcore.analysis.pairs.matrix import Matrix, matrices
from pxcore.analysis.questions import ask
from pxcore.analysis.rows import Row, each
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import EVERY_SOURCE, Grain, Organisation, Pairing, Scope, Signal
from pxcore.store import Store

MOST_LOOKS = 3
MOST_GRADED = 100  # of all services; what is shown is cut to the service chosen, then to five
FEWEST_SHARED = 5  # under this there is nothing to say, and nothing to learn from saying so


class Standing(StrEnum):
    """How a pair of sources stands, in the order in which it is listed."""

    TOO_ALIKE = "more alike than two sources of different people would be"
    ALIKE = "shown to rank alike"
    OPPOSITE = "shown to rank in opposite order"
    UNSURE = "cannot be said either way"
    ONE_BY_ONE = "judged one by one, too few for a correlation"
    FEW = "not enough evidence"
    REFUSED = "not compared"


def standing(report: AgreementReport) -> Standing:
    """How a pair of sources stands."""
    if report.status == "refused":
        return Standing.REFUSED
    if report.status != "ok":
        return Standing.FEW if report.judgement.refusals else Standing.ONE_BY_ONE
    if report.judgement.too_alike:
        return Standing.TOO_ALIKE
    if report.opposite:
        return Standing.OPPOSITE
    interval = report.leading_interval  # none where the order is exactly the same
    return Standing.ALIKE if interval is None or interval.low > 0 else Standing.UNSURE


@dataclass(frozen=True, slots=True)
class Look:
    """One organisation that deserves a look, on two sources that probably differ about it."""

    report: AgreementReport
    certainty: CertaintyReport
    unit: str
    name: str
    cell: Mapping[str, Any]  # all that is known of it on these two sources
    people: str  # whom the looks are ordered by: "patients" or "answers"
    concern: float  # see `CertaintyReport.to_look_at`
    reasons: Reasons  # candidate reasons of the pair

    @property
    def left(self) -> str:
        return self.report.left.source

    @property
    def right(self) -> str:
        return self.report.right.source


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The agreement of every pair of sources that can be compared, strongest evidence first."""

    agreements: tuple[AgreementReport, ...]
    coverage: Coverage
    certainties: Mapping[tuple[str, str], CertaintyReport] = field(default_factory=dict)
    every_look: tuple[Look, ...] = ()  # all that probably differ, those to look at first first
    measured: frozenset[tuple[str, str]] = frozenset()  # source and domain of every measure loaded
    area_names: Mapping[str, str] = field(default_factory=dict)
    by_measure: tuple[Side, ...] = ()  # sources shown by another measure than the usual one

    def looks(self, pair: tuple[str, str] | None = None) -> tuple[Look, ...]:
        """Where to look first: each organisation once, those of the pair in view before all others."""
        of_pair = [look for look in self.every_look if (look.left, look.right) == pair]
        first: dict[str, Look] = {}
        for look in (*of_pair, *self.every_look):
            first.setdefault(look.unit, look)
        return tuple(first.values())[:MOST_LOOKS]

    def pair_in_view(self, pairing: Pairing) -> tuple[str, str] | None:
        """The two sources of a pairing, else the first two of which something is said; None where nothing is
        said of any."""
        chosen = {pairing.left, pairing.right}
        pair = next((pair for pair in self.likely if set(pair) == chosen), None)
        return pair or next(iter(self.likely), None)

    @property
    def likely(self) -> Mapping[tuple[str, str], CertaintyReport]:
        """The pairs of which something is said of some organisation in view, in the order of `agreements`."""
        pairs = ((report.left.source, report.right.source) for report in self.agreements)
        return {
            pair: self.certainties[pair]
            for pair in pairs
            if pair in self.certainties and self.certainties[pair].heard
        }

    def agreement(self, pair: tuple[str, str]) -> AgreementReport:
        """What is known as a whole of a pair that is set side by side."""
        report = self.of_pair(pair)
        if report is None:
            raise KeyError(pair)
        return report

    @property
    def answered(self) -> tuple[AgreementReport, ...]:
        return tuple(report for report in self.agreements if report.status == "ok")

    def standing(self, kind: Standing) -> tuple[AgreementReport, ...]:
        """The pairs that stand so; of those judged one by one, the one with most organisations first."""
        ok = kind not in (Standing.ONE_BY_ONE, Standing.FEW, Standing.REFUSED)
        reports = (
            report
            for report in (self.answered if ok else self.agreements)
            if standing(report) is kind
        )
        if kind is not Standing.ONE_BY_ONE:
            return tuple(reports)
        return tuple(sorted(reports, key=lambda one: -(one.verdicts.heard if one.verdicts else 0)))

    @property
    def across_domains(self) -> bool:
        """Whether any figure here is of two sources that do not ask about the same thing."""
        return any(
            report.alignment.across_domains and report.status != "refused"
            for report in self.agreements
        )

    def of_pair(self, pair: tuple[str, str]) -> AgreementReport | None:
        """What is known of two sources, whichever stands left; None where they are not set side by side."""
        return next(
            (
                report
                for report in self.agreements
                if {report.left.source, report.right.source} == set(pair)
            ),
            None,
        )

    def of_service(self, service: str) -> OverviewReport:
        """The pairs of one service alone; sources that speak of several services stay."""

        def fits(source: str) -> bool:
            return maps.source(source)["service"] in ("", service)

        cells, totals = self.coverage.cells, self.coverage.totals
        return replace(
            self,
            agreements=tuple(
                report
                for report in self.agreements
                if fits(report.left.source) and fits(report.right.source)
            ),
            coverage=Coverage(
                cells[cells["source"].map(fits).astype(bool)],
                totals[totals["source"].map(fits).astype(bool)],
                self.coverage.revision,
            ),
            every_look=tuple(
                look for look in self.every_look if fits(look.left) and fits(look.right)
            ),
        )

    def matrices(self) -> tuple[Matrix, ...]:
        """The convergence matrices, the one with most organisations judged first."""
        return matrices(self.agreements, self.certainties, self.measured, self.area_names)

    def column(self, pair: tuple[str, str]) -> tuple[Matrix, str]:
        """The matrix that a pair is a column of, and what the column is called."""
        return next(
            (matrix, name)
            for matrix in self.matrices()
            for name, report in matrix.certainties.items()
            if (report.left.source, report.right.source) == pair
        )

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(
            sorted({number for report in self.answered for number in report.alignment.extracts})
        )


def looks(
    store: Store,
    agreements: Sequence[AgreementReport],
    certainties: Mapping[tuple[str, str], CertaintyReport],
    most: int = MOST_GRADED,
) -> tuple[Look, ...]:
    """Where to look first: what probably differs in any pair, most people concerned first; each with its
    candidate reasons. Those of one pair stand in the order they have on its own page; of two pairs the
    one whose next concerns more answers, which every pair knows, comes first."""
    queues = []
    for report in agreements:
        likely = certainties[report.left.source, report.right.source]
        if not likely.differ:
            continue
        concern = likely.concern("answers").fillna(0)
        in_answers = dict(zip(likely.differing["unit"], concern, strict=True))
        rows = likely.to_look_at().head(most)
        cells = [Row(rows, place) for place in range(len(rows))]
        queues.append([(report, likely, cell, in_answers[cell["unit"]]) for cell in cells])
    first: list[tuple[AgreementReport, CertaintyReport, Row, float]] = []
    while any(queues) and len(first) < most:
        ahead = max(filter(None, queues), key=lambda queue: queue[0][3])
        first.append(ahead.pop(0))
    reasons_of = {id(report): reasons(store, report.judgement) for report, *_ in first}
    return tuple(
        Look(
            report=report,
            certainty=likely,
            unit=str(cell["unit"]),
            name=str(cell["name"]),
            cell=cell,
            people=likely.people,
            concern=float(cell["concern"]),
            reasons=reasons_of[id(report)],
        )
        for report, likely, cell, _ in first
    )


@dataclass(frozen=True, slots=True)
class EveryPair:
    """Every pair of sources judged over all organisations: the same whatever the area in view."""

    judged: tuple[Judgement, ...]  # each by itself
    together: tuple[Judgement, ...]  # the same, tested together
    certainties: tuple[CertaintyReport, ...]  # of each
    compared: tuple[Released, ...]  # of each; see `organisations_compared`
    measured: frozenset[tuple[str, str]]  # source and domain of every measure loaded
    area_names: Mapping[str, str]
    by_measure: tuple[Side, ...]  # sources shown by another measure than the usual one


def every_pair(
    store: Store,
    scope: Scope,
    progress: Callable[[str, int, int], None] | None = None,
) -> EveryPair:
    """Every two sources of different signals that may speak of the same organisations, judged; each by its
    usual measure, or the one of the scope, whose area and service are not looked at."""
    chosen = dict(scope.measures)
    judged: list[Judgement] = []
    comparable = _comparable(store, store.query("shared_providers"))

    def begun(titles: str, place: int) -> None:
        if progress is not None:  # each pair is judged, and once all are, tested with the others
            progress(titles, place, 2 * len(comparable))

    for place, pair in enumerate(comparable):
        left, right = sorted(pair, key=side_order)
        begun(" and ".join(maps.source(name)["short_title"] for name in (left, right)), place)
        question = replace(
            scope.pairing,
            left=left,
            right=right,
            left_measure=chosen.get(left, ""),
            right_measure=chosen.get(right, ""),
            area="",
        )
        try:
            judged.append(judgement(store, question))
        except (NothingToCompare, UnknownSource):
            continue
    tested, certainties = tested_together(judged), []
    for place, (alone, beside) in enumerate(zip(judged, tested, strict=True), len(comparable)):
        begun(_titles(alone.alignment.sides), place)
        certainties.append(beside_others(certainty_of(store, alone), beside))
    loaded = store.query("coverage")
    measured = frozenset(
        (source, maps.measures().get((source, measure), {}).get("domain", "none"))
        for source, measure in zip(loaded["source"], loaded["measure"], strict=True)
    )
    areas = store.query("areas", organisation=Organisation.REPORTED.value)
    return EveryPair(
        tuple(judged),
        tuple(tested),
        tuple(certainties),
        tuple(map(organisations_compared, tested)),
        measured,
        dict(zip(areas["code"].astype(str), areas["name"].astype(str), strict=True)),
        _by_measure(tested, chosen),
    )


def _titles(sides: Sequence[Side]) -> str:
    return " and ".join(side.short_title for side in sides)


def in_area(
    store: Store,
    every: EveryPair,
    area: str,
    covered: Coverage,
    progress: Callable[[str, int, int], None] | None = None,
) -> OverviewReport:
    """Every pair in view of an area: its organisations are chosen, and what is said of each stays."""
    reports: list[AgreementReport] = []
    certainties: dict[tuple[str, str], CertaintyReport] = {}
    pairs = zip(every.judged, every.together, every.certainties, every.compared, strict=True)
    for place, (alone, whole, certain, compared) in enumerate(pairs):
        if progress is not None:
            progress(_titles(whole.alignment.sides), place, len(every.judged))
        judged = within(whole, area)
        report = agreement_of(judged, compared)
        reports.append(report)
        if bool(judged.not_compared()) != bool(
            whole.not_compared()
        ):  # here most are the same people
            certain = beside_others(certainty_of(store, within(alone, area)), report.judgement)
        certainties[report.left.source, report.right.source] = replace(
            certain, judgement=report.judgement
        )
    rank = {"ok": 0, "not_enough_evidence": 1, "refused": 2}
    reports.sort(key=lambda report: (rank[report.status], -report.compared))
    return OverviewReport(
        tuple(reports),
        covered,
        certainties,
        looks(store, reports, certainties),
        every.measured,
        every.area_names,
        every.by_measure,
    )


def overview(store: Store, scope: Scope = EVERY_SOURCE) -> OverviewReport:
    """Every two sources of different signals that may speak of the same organisations, set side by side as
    the scope has it, whichever two it names; those of its service alone if it has one. See `every_pair`."""
    pairing = scope.pairing
    anywhere = replace(pairing, left="", right="", left_measure="", right_measure="", area="")
    every = ask(store, every_pair, replace(scope, pairing=anywhere, service=""))
    covered = ask(store, coverage, pairing.disclosure)
    report = ask(store, in_area, every, pairing.area, covered)
    return ask(store, _of_service, report, scope.service) if scope.service else report


def _of_service(_: Store, whole: OverviewReport, service: str) -> OverviewReport:
    return whole.of_service(service)


def tested_together(judged: Sequence[Judgement]) -> list[Judgement]:
    """The same, chance findings held to their share over all pairs of one kind of organisation and service:
    those that stand side by side in a matrix."""
    kinds: dict[tuple[Grain, str], list[int]] = {}
    for place, pair in enumerate(judged):
        if pair.verdicts is not None and pair.verdicts.comparable:
            kinds.setdefault((pair.alignment.grain, pair.alignment.service), []).append(place)
    several = list(judged)
    for places in kinds.values():
        verdicts = [pair.verdicts for pair in (judged[place] for place in places) if pair.verdicts]
        if len(places) > 1:  # a pair alone stays as it is
            for place, anew in zip(places, together(verdicts), strict=True):
                several[place] = replace(judged[place], verdicts=anew)
    return several


def _by_measure(judged: Sequence[Judgement], measures: Mapping[str, str]) -> tuple[Side, ...]:
    """The sources shown by another measure than the usual one, each once."""
    sides = {
        side.source: side
        for pair in judged
        for side in pair.alignment.sides
        if measures.get(side.source, "") == side.measure
    }
    return tuple(sides.values())


def side_order(source: str) -> int:
    """Which of two sources stands left: FFT, then community voice, then surveys."""
    return [Signal.FFT, Signal.COMMUNITY, Signal.SURVEY].index(
        Signal(maps.source(source)["signal"])
    )


def _comparable(store: Store, shared: pd.DataFrame) -> list[tuple[str, str]]:
    """Sources of different signals that are about one service, or share enough organisations.

    A source that speaks of several services is set against those it shares organisations with.
    """
    loaded = sorted(set(store.query("coverage")["source"]), key=list(maps.sources()).index)

    overlaps: dict[
        tuple[str, str], list[tuple[set[str], int]]
    ] = {}  # services of both, organisations
    for row in each(shared):
        services = {str(row.left_service), str(row.right_service)}
        pair = (str(row.left_source), str(row.right_source))
        overlaps.setdefault(pair, []).append((services, int(row.shared)))

    def in_common(left: str, right: str, service: str) -> int:
        """Organisations both speak of, about one service or without saying which."""
        both = overlaps.get((left, right), [])
        return max((n for about, n in both if not service or about <= {"", service}), default=0)

    def fits(left: str, right: str) -> bool:
        first, second = maps.source(left), maps.source(right)
        if first["signal"] == second["signal"] or "complaints" in (left, right):
            return False
        if first["service"] and second["service"]:
            return first["service"] == second["service"]
        service = first["service"] or second["service"]
        return (
            in_common(left, right, service) >= FEWEST_SHARED
            # a report on networks or neighbourhoods has no practice in it, and speaks of practices
            or (service == "general_practice" and first["grain"] == second["grain"])
        )

    return [pair for pair in combinations(loaded, 2) if fits(*pair)]
