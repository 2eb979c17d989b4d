"""A view as a section: which report its page needs, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from pxcore.analysis.comments.themes import themes
from pxcore.analysis.pairs.agreement import agreement, certainty
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.what_if import what_if
from pxcore.analysis.time.movers import movers
from pxcore.analysis.workshop.decisions import filtered
from pxcore.charts.theme import LIGHT, Palette
from pxcore.errors import PxError
from pxcore.publish.document import Document, Section
from pxcore.publish.page_names import PAGES
from pxcore.publish.reports import Reports, provider_of, unit_of
from pxcore.publish.sections import agreement as agreement_section
from pxcore.publish.sections import decisions as decisions_section
from pxcore.publish.sections import divergence as divergence_section
from pxcore.publish.sections import groups as groups_section
from pxcore.publish.sections import overview as overview_section
from pxcore.publish.sections import provider as provider_section
from pxcore.publish.sections import record as record_section
from pxcore.publish.sections import themes as themes_section
from pxcore.publish.sections import trends as trends_section
from pxcore.publish.sections import what_if as what_if_section
from pxcore.publish.view import View

NOTHING_LEAVES = "Nothing leaves while exact figures are on."
TITLE = "Do our sources agree?"
PAPER = LIGHT  # in a file everything stands on a light ground


def section(view: View, reports: Reports, palette: Palette) -> Section:
    """The section of a view.

    Raises
    ------
    PxError : exact figures are asked for, or there is nothing to show of what is named.
    """
    if view.exact:
        raise PxError(NOTHING_LEAVES, fix="Switch them off, and ask again.")
    asked, extracts = view.scope.pairing, reports.extracts
    match view.page:
        case "overview":
            whole = reports.overview(view)
            return overview_section.section(whole, whole.pair_in_view(asked), extracts, palette)
        case "agreement":
            report = reports.ask(agreement, asked)
            likely = reports.ask(certainty, asked) if len(report.pairs) else None
            return agreement_section.section(report, likely, extracts, palette)
        case "divergence":
            differing = reports.ask(divergence, asked)
            unit = unit_of(view, differing)
            return divergence_section.section(differing, unit, extracts, palette)
        case "provider":
            return provider_section.section(provider_of(view, reports), extracts, palette)
        case "trends":
            over_time = reports.trends(view)
            changed = reports.ask(movers, over_time)
            return trends_section.section(over_time, changed, extracts, palette)
        case "themes":
            return themes_section.section(reports.ask(themes, view.themes), extracts, palette)
        case "groups":
            report_by_group = reports.ask(groups, asked, view.group_by)
            return groups_section.section(report_by_group, extracts, palette)
        case "what_if":
            otherwise = reports.ask(what_if, asked, view.scenario)
            return what_if_section.section(otherwise, extracts, palette)
    raise PxError(f"There is no page ‘{view.page}’.", fix=f"The pages are: {', '.join(PAGES)}.")


def sections(view: View, reports: Reports, palette: Palette) -> tuple[Section, ...]:
    """All that leaves of a view: a section, of a workshop those of its record.

    Raises
    ------
    PxError : as for `section`.
    """
    if view.exact:
        raise PxError(NOTHING_LEAVES, fix="Switch them off, and ask again.")
    match view.page:
        case "decisions":
            followed, extracts = reports.decisions(), reports.extracts
            chosen = filtered(followed, view.decisions)
            return (decisions_section.section(followed, chosen, extracts, palette),)
        case "workshop":
            return record_section.sections(reports.minutes(view.workshop), reports.extracts)
    return (section(view, reports, palette),)


def document(
    views: Sequence[View],
    reports: Reports,
    palette: Palette,
    mark: str,
    made: date,
    code: Callable[[View], str] = lambda _: "",
) -> Document:
    """What a person looks at, view by view, as one document.

    Parameters
    ----------
    code : the code of a view.
    """
    parts = tuple(
        replace(part, code=code(view))
        for view in views
        for part in sections(view, reports, palette)
    )
    title = parts[0].question if len(views) == 1 else TITLE
    return Document(title, parts, palette, mark, made)
