"""Comments as they may be read, with their context: searched, on one organisation, and exported."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from pxcore import maps
from pxcore.analysis.comments import comments as question_of
from pxcore.analysis.comments.comments import FEELINGS, CommentsQuestion
from pxcore.analysis.comments.documents import documents as written_down
from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport
from pxcore.disclosure import Released
from pxcore.model import Disclosure
from pxcore.store import Store
from pxcore.ui import messages, show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import comments as words
from pxcore.words import documents as document_words
from pxcore.words.counts import fewer_than

RULE = (
    "Personal details are masked. A comment is shown only where at least {floor} people wrote about "
    "that organisation in that source, in the time and service asked for."
)


def search(question: ThemesQuestion, report: ThemesReport) -> None:
    """Full-text search with filters; what is searched for stays out of the address."""
    box, source, theme, feeling = st.columns([0.34, 0.22, 0.26, 0.18], vertical_alignment="bottom")
    searched = box.text_input(
        "Search the comments",
        key="themes_words_searched",
        placeholder='wait nurse "in the queue" -parking',
        help="A word finds those that begin with it; “quotation marks” find the very words; a minus "
        "leaves out. All of them must be there.",
    )
    sources = {
        str(name): maps.source(str(name))["short_title"]
        for name in report.account.loc[report.account["with_words"] > 0, "source"]
    }
    if not sources:
        st.markdown(_without_words(report))
        return
    chosen = _chosen(source, "Source", sources, "themes_source", "All sources")
    topics = {topic: topic for topic in report.named} if not question.own_words else {}
    named = _chosen(theme, "Theme", topics, "themes_theme", "Any theme")
    felt = _chosen(feeling, "Feeling", {name: name for name in FEELINGS}, "themes_feeling", "Any")
    wanted = CommentsQuestion(
        area=question.area,
        service=question.service,
        window=question.window,
        source=chosen,
        theme=named,
        feeling=felt,
        words=searched or "",
        suggestions=question.suggestions,
        disclosure=question.disclosure,
    )
    everywhere = replace(wanted, words="", theme="", feeling="")
    organisations = ask(question_of.comments, everywhere).organisations()
    place, services = st.columns([0.6, 0.4])
    wanted = replace(
        wanted,
        organisation=_chosen(place, "Organisation", organisations, "themes_organisation", "Any"),
        service=question.service
        or _chosen(
            services,
            "Service",
            ask(question_of.services),
            "themes_service",
            "All services",
        ),
    )
    _listed(wanted, "themes_comments")


def quotations(question: ThemesQuestion, report: ThemesReport) -> None:
    """What is named most, in people's own words: the newest comment of those who were content and of those
    who were not; nothing where themes are the suppliers' own."""
    topics = report.topics
    if question.own_words or not topics:
        return
    wanted = CommentsQuestion(
        area=question.area,
        service=question.service,
        window=question.window,
        theme=topics[0],
        suggestions=question.suggestions,
        disclosure=question.disclosure,
    )
    newest = finished(
        words.texts, ask(question_of.newest_of_each, wanted, (FEELINGS[0], FEELINGS[-1]))
    )
    if not newest:
        return
    with st.container(border=True):
        st.markdown(f"### {show.escape(topics[0])}, in their words", anchors=False)
        for context, text in newest:
            st.markdown(f"“{as_written(text)}”")
            st.caption(show.escape(context))


def _chosen(where: object, label: str, options: dict[str, str], key: str, every: str) -> str:
    """A choice among options, or “” for any; a value that an address made up counts as any."""
    with where:  # type: ignore[attr-defined]
        chosen = st.selectbox(
            label,
            ["", *options],
            format_func=lambda name: options.get(name, every),
            key=key,
            bind="query-params",
        )
    return str(chosen) if chosen in options else ""


def _without_words(report: ThemesReport) -> str:
    if report.account.empty:
        return "No comments are loaded."
    return (
        f"The comments of {fewer_than(report.question.disclosure)} people came with their words: themes and "
        "feelings are counted, and there is nothing to read. Load a file with the comments themselves to "
        "read and search them."
    )


def documents(unit: str, disclosure: Disclosure) -> None:
    """What documents of community evidence say of one organisation; nothing where none is loaded."""
    report = ask(written_down, unit, disclosure)
    if report.rows.empty:
        return
    with st.container(border=True, key=f"documents_{unit}"):
        st.markdown("### Written down", anchors=False)
        for sentence in finished(document_words.sentences, report):
            st.markdown(f"- {as_written(sentence)}")
        st.caption(document_words.CAPTION)


def panel(unit: str, disclosure: Disclosure, key: str) -> None:
    """What was said about one organisation, in every source, newest first."""
    documents(unit, disclosure)
    _listed(CommentsQuestion(area=unit, disclosure=disclosure), key)


@st.fragment
def _listed(question: CommentsQuestion, key: str) -> None:
    """A page of comments; only this part runs again for another page."""
    with messages.guard():
        report = ask(question_of.comments, question)
        if report.pages > 1:
            left, right = st.columns([0.8, 0.2], vertical_alignment="bottom")
            page = right.number_input(
                f"Page of {report.pages:,}", 1, report.pages, 1, key=f"{key} page {report.pages}"
            )
            left.markdown(f"**{show.escape(finished(words.summary, report))}**")
            if page != 1:
                report = ask(question_of.comments, replace(question, page=int(page)))
        else:
            st.markdown(f"**{show.escape(finished(words.summary, report))}**")
        for place, (context, text) in enumerate(finished(words.texts, report)):
            # by its key a comment stays whole on paper
            with st.container(border=True, gap="small", key=f"comment_{key}_{place}"):
                st.markdown(as_written(text))
                st.caption(show.escape(context))
        st.caption(RULE.format(floor=question.disclosure.floor))
        if report.matches:
            show.download(
                partial(_every_comment, state.store(), question),
                "comments-masked",
                key=f"{key} download",
                marks=finished(words.marks, report),
            )


def _every_comment(store: Store, question: CommentsQuestion) -> Released:
    return words.table(question_of.every_comment(store, question))


def as_written(text: str) -> str:
    """A person's words as Markdown that shows them and does nothing else."""
    return "  \n".join(show.escape(line) for line in text.splitlines())
