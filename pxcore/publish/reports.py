"""Who answers a view: every report by its question, put to the data.

No picture is drawn by it: a command that prints figures alone need not wait for what draws.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Concatenate, ParamSpec, TypeVar

from pxcore.analysis import questions
from pxcore.analysis.files.load import Store
from pxcore.analysis.files.sources import sources
from pxcore.analysis.pairs.divergence import DivergenceReport
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.analysis.pairs.provider import ProviderReport, organisations, provider
from pxcore.analysis.time.trends import TrendsReport, trends
from pxcore.analysis.workshop.decisions import DecisionsReport, decisions_report
from pxcore.analysis.workshop.minutes import Minutes, minutes
from pxcore.disclosure import Released
from pxcore.errors import NothingToCompare
from pxcore.model import USUAL_DISCLOSURE
from pxcore.publish.view import View
from pxcore.words import divergence as divergence_words

Details = ParamSpec("Details")
Report = TypeVar("Report")


class Reports:
    """The data that answer; whether they remember what they have answered is theirs to know.

    Parameters
    ----------
    rooms : opens where workshops and decisions are kept, where that is not with the data.
    """

    def __init__(self, store: Store, rooms: Callable[[], Store] | None = None) -> None:
        self.store, self.rooms = store, rooms or (lambda: store)

    def ask(
        self,
        question: Callable[Concatenate[Store, Details], Report],
        *details: Details.args,
        **named: Details.kwargs,
    ) -> Report:
        return questions.ask(self.store, question, *details, **named)

    @property
    def extracts(self) -> Released:
        return questions.ask(self.store, sources, USUAL_DISCLOSURE).extracts

    def decisions(self) -> DecisionsReport:
        return decisions_report(self.store, self.rooms(), date.today())

    def minutes(self, workshop: str) -> Minutes:
        return minutes(self.rooms(), self.store, workshop)

    def overview(self, view: View) -> OverviewReport:
        return self.ask(overview, view.scope)

    def trends(self, view: View) -> TrendsReport:
        return self.ask(trends, view.scope, view.unit)


# --- What of a report a view looks at ---


def unit_of(view: View, report: DivergenceReport) -> str:
    """The organisation looked at on Divergence; "" of none."""
    offered = divergence_words.organisations(report) if report.status != "refused" else {}
    return view.unit if view.unit in offered else next(iter(offered), "")


def provider_of(view: View, reports: Reports) -> ProviderReport:
    """The organisation looked at in every source; the first where none is named.

    Raises
    ------
    NothingToCompare : no two sources speak of it.
    """
    whole = reports.overview(view)
    named = organisations(whole.agreements)
    if not named or (view.unit and view.unit not in named):
        raise NothingToCompare(
            f"No two sources speak of ‘{view.unit}’ at the same time."
            if named
            else "No organisation has figures from two sources at the same time."
        )
    return reports.ask(provider, view.unit or next(iter(named)), whole)
