"""One organisation as its page shows it: verdicts and reasons beside, and up to six side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from pxcore.analysis.comments.documents import documents
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.pairs import league as of_table
from pxcore.analysis.pairs import provider as question
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.pairs.provider import MOST_COMPARED, ProviderReport
from pxcore.analysis.rows import each
from pxcore.analysis.time import trends as trends_question
from pxcore.analysis.time.trends import TrendsReport
from pxcore.charts import provider as charts
from pxcore.charts.theme import LIKELY_MARKS, VERDICT_MARKS
from pxcore.model import Scope
from pxcore.ui import comments, filters, messages, series, show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import documents as document_words
from pxcore.words import league as league_words
from pxcore.words import provider as words
from pxcore.words import trends


def verdicts(report: ProviderReport) -> None:
    """Every pair of sources that both speak, what is silent, and reasons to look at."""
    with st.container(border=True):
        st.markdown("### Do they agree about it?", anchors=False)
        if report.pairs.empty:
            st.markdown("No two sources both have enough answers on it.")
        for row in each(finished(words.pairs_table, report)):
            glyph = (VERDICT_MARKS | LIKELY_MARKS)[row.mark][0]
            st.page_link(
                "pages/divergence.py",
                label=f"{glyph} **{show.escape(row.pair)}**",
                query_params=filters.link(row.left, row.right, report.unit, report.name),
                help="See what stands behind it",
            )
            st.markdown(show.escape(row.sentence))
        for sentence in finished(words.repeated, report):
            st.caption(show.escape(sentence))
    _listed("Reasons to look at", finished(words.reasons, report))
    _listed(
        "Silent",
        finished(words.silences, report),
        "In the time each is set beside another source; comments of other times are below. "
        "Silence is not zero, and it is not agreement.",
    )
    if filled := document_words.fills(ask(documents, report.unit, filters.disclosure()), report):
        st.markdown(show.escape(filled))


def _listed(heading: str, sentences: Sequence[str], caption: str = "") -> None:
    """A box of sentences; nothing where there are none."""
    if not sentences:
        return
    with st.container(border=True):
        st.markdown(f"### {heading}", anchors=False)
        for sentence in sentences:
            st.markdown(f"- {show.escape(sentence)}")
        if caption:
            st.caption(caption)


def league(report: ProviderReport) -> None:
    """Its rank in the oversight framework's league table, and what it hides; nothing of one in no table."""
    ranked = ask(of_table.league, report.unit, report.voices)
    if ranked is None:
        return
    sentences = [finished(league_words.summary, ranked), *finished(league_words.sentences, ranked)]
    _listed("In the league table", sentences, league_words.CAPTION)


def extracts(report: ProviderReport) -> tuple[int, ...]:
    """The files behind its figures, its rank and the documents on it."""
    written = ask(documents, report.unit, filters.disclosure()).extracts
    ranked = ask(of_table.league, report.unit, report.voices)
    return tuple(sorted({*report.extracts, *written, *(ranked.extracts if ranked else ())}))


def by_itself(choices: Choices, scope: Scope, unit: str) -> None:
    """What one organisation shows without another source beside it: over time, and in people's words.

    A network or a board is shown by its practices or trusts together.
    """
    is_area = unit in choices.areas
    st.header("How has it been going?", anchor=False)
    if is_area:
        scope = replace(scope, pairing=replace(scope.pairing, area=unit))
    over_time(ask(trends_question.trends, scope, "" if is_area else unit))
    if is_area:
        comments.documents(unit, scope.pairing.disclosure)
        st.caption(
            "Comments on its organisations are on Themes, with this area chosen in the sidebar."
        )
        return
    st.header("What did people say?", anchor=False)
    comments.panel(unit, scope.pairing.disclosure, "provider_said")


def alone(choices: Choices, scope: Scope) -> None:
    """Where no two sources meet: each organisation by itself."""
    area, way = scope.pairing.area, scope.pairing.organisation
    if offered := ask(trends_question.organisations, area, scope.service, way):
        by_itself(choices, scope, filters.choose_provider(offered))


def over_time(report: TrendsReport) -> None:
    """Every source of the organisation over time, and what people decided about its series."""
    if not report.series:
        st.markdown(show.escape(finished(trends.summary, report)))
        return
    series.together(report, "provider_over_time")
    series.signs(report)
    st.markdown(show.escape(finished(trends.summary, report)))
    for row in each(report.rebases[report.rebases["stands"]]):
        why = f"{row.reason} ({row.decided_by})"
        st.caption(show.escape(f"Decided: a series starts afresh in {row.month:%B %Y}. {why}"))


def organisations(whole: OverviewReport) -> dict[str, str]:
    """Those any source speaks of, the ones to look at first first."""
    return finished(question.organisations, whole.agreements)


@st.fragment
def beside(report: ProviderReport, offered: Mapping[str, str], whole: OverviewReport) -> None:
    """Up to six organisations side by side on one scale; only this part runs again for another."""
    with messages.guard():
        _beside(report, offered, whole)


def _beside(report: ProviderReport, offered: Mapping[str, str], whole: OverviewReport) -> None:
    others = [unit for unit in offered if unit != report.unit]
    held = st.session_state.get("provider_others") or []
    if any(unit not in others for unit in held):  # another area or organisation was chosen
        state.keep("provider_others", [unit for unit in held if unit in others])
    chosen = st.multiselect(
        "Compare with",
        others,
        format_func=lambda unit: offered[str(unit)],
        max_selections=MOST_COMPARED - 1,
        key="provider_others",
        bind="query-params",
        placeholder=f"Choose up to {MOST_COMPARED - 1} others",
    )
    if not chosen:
        return
    reports = [report, *(ask(question.provider, str(unit), whole) for unit in chosen)]
    drawn = tuple(item for item in reports if len(item.audible))
    if drawn:
        columns = st.columns(min(3, len(drawn)))
        for place, item in enumerate(drawn):
            with columns[place % 3]:
                st.markdown(f"**{show.escape(item.name)}**")
                show.chart(
                    charts.beside,
                    drawn,
                    place,
                    key=f"provider_beside_{place}",
                    alt=finished(words.picture, item),
                )
    for item in reports:
        if item.audible.empty:
            st.caption(show.escape(finished(words.summary, item)))
