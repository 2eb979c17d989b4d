"""All organisations of a pair of sources, where to look first, the matrix and what is covered, as Overview
shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pxcore.analysis.files.methods import methods as every_method
from pxcore.analysis.judging.certainty import CertaintyReport
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.rows import each
from pxcore.charts import overview as charts
from pxcore.charts.theme import LIKELY_MARKS, Palette
from pxcore.stats.certainty import Word
from pxcore.ui import certainty, filters, show, source_cards, state
from pxcore.ui.answers import finished
from pxcore.words import agreement, methods
from pxcore.words import certainty as certainty_words
from pxcore.words import coverage as coverage_words
from pxcore.words import matrix as words
from pxcore.words import overview as overview_words
from pxcore.words.overview import Pair

MANY = 40  # organisations beyond which their distribution comes first, and rows on demand
FIRST = 14  # rows shown then
FIRST_OF_FEW = 20
MOST_MARKS = 400  # organisations that are drawn one by one
# in session state
PAIR, ORGANISATION, PICKED_BEFORE = (
    "overview_pair", "overview_organisation", "overview_picked_before",
)  # fmt: skip
PICKED = ("unit", "left", "right")  # what a cell of the matrix is known by


def choose_pair(report: OverviewReport, pair: Pair) -> None:
    """The box of the pairs, and a card of each source; what is chosen holds for every page."""
    pairs = finished(overview_words.pairs, report)
    state.keep(PAIR, pair)
    st.selectbox(
        "Two sources",
        list(pairs),
        format_func=pairs.__getitem__,
        key=PAIR,
        label_visibility="collapsed",
        on_change=_take_pair,
    )
    with st.container(horizontal=True):
        source_cards.pair(report.likely[pair].verdicts, in_full=True)


def _take_pair() -> None:
    for which, source in zip(filters.SIDES, state.value_of(PAIR), strict=True):
        state.keep(which, source)


def strip(report: OverviewReport, pair: Pair) -> None:
    """All organisations of a pair by how likely the two agree; of very many, their numbers by area first.
    Below it the one picked, by a click or by the list."""
    likely = report.likely[pair]
    event = None
    if likely.viewed <= MOST_MARKS:
        event = show.chart(
            charts.strip,
            likely,
            key="overview_strip",
            alt=finished(certainty_words.picture, likely),
            select=True,
        )
    else:
        matrix, name = finished(type(report).column, report, pair)
        st.html(legend(show.palette(), matrix.by_mark(name)))
        show.chart(
            charts.distribution,
            matrix,
            name,
            key="overview_distribution",
            alt=finished(words.of_areas, matrix, name),
        )
        st.caption(f"More than {MOST_MARKS:,}: choose an area in the sidebar to see each one.")
    with st.container(border=True, key="organisation_card"):
        unit = _choose_organisation(
            finished(certainty_words.organisations, likely),
            show.picked(event, "organisation", "unit"),
            next((look.unit for look in report.looks(pair) if (look.left, look.right) == pair), ""),
        )
        _card(likely, unit)


def _choose_organisation(organisations: Mapping[str, str], picked: str, first: str) -> str:
    """One organisation, by its mark or by the list; not the box of the other pages, whose part of an address
    would be lost on the way to them."""
    if picked in organisations and picked != state.value_of(PICKED_BEFORE):
        state.keep(PICKED_BEFORE, picked)
        state.keep(ORGANISATION, picked)
    if state.value_of(ORGANISATION) not in organisations:
        state.keep(ORGANISATION, first if first in organisations else next(iter(organisations)))
    return str(
        st.selectbox(
            "Organisation",
            list(organisations),
            format_func=organisations.__getitem__,
            key=ORGANISATION,
            label_visibility="collapsed",
        )
    )


def _card(report: CertaintyReport, unit: str) -> None:
    """One organisation in a few lines, and the ways to all that is known of it."""
    st.markdown(f"**{show.escape(finished(certainty_words.label_of, report, unit))}**")
    lines = map(show.escape, finished(certainty_words.sources, report, unit))
    st.markdown("  \n".join(lines))
    name = finished(certainty_words.organisations, report)[unit]
    with st.container(horizontal=True):
        _open("What stands behind it", report.left.source, report.right.source, unit, name)
        st.page_link(
            "pages/provider.py",
            label="Everything on it",
            icon=":material/local_hospital:",
            query_params=filters.provider_link(unit, name.removesuffix(f" ({unit})")),
        )


def settle(report: OverviewReport, pair: Pair) -> None:
    """What more answers would tell of those that could be either; worked out when asked for."""
    likely = report.likely[pair]
    either = likely.counts()[Word.COULD_BE_EITHER]
    if not either or likely.status != "ok":
        return
    label = f"What would settle the {either:,} that could be either?"
    with show.folded(label, "overview_settle", ":material/balance:") as opened:
        if opened:
            certainty.settling(likely)


def sure(report: OverviewReport, pair: Pair) -> None:
    """What the answer rests on: how alike the two are in general, raw and without chance, of every pair."""
    with show.folded("How sure are we?", "overview_sure", ":material/verified:") as opened:
        if not opened:
            return
        if reliable := finished(methods.reliability, finished(every_method)):
            st.markdown(show.escape(reliable))
        for sentence in finished(overview_words.sure, report, pair):
            st.markdown(show.escape(sentence))
        if report.answered:
            show.chart(
                charts.agreements,
                report,
                key="overview_agreements",
                alt=" ".join(finished(agreement.summary, ranked) for ranked in report.answered),
            )
        show.findings(finished(overview_words.findings, report))


def silent(matrices: Sequence[Matrix]) -> None:
    """Why nothing can be said of any organisation, pair by pair."""
    for matrix in matrices:
        for sentence in finished(words.silences, matrix):
            st.markdown(f"- {show.escape(sentence)}")
        for sentence in finished(words.without_question, matrix):
            st.caption(show.escape(sentence))


def panel(matrices: Sequence[Matrix]) -> None:
    """The matrix of one kind of organisation, those that deserve a look first; an area's on demand."""
    titles = {finished(words.title, matrix): matrix for matrix in matrices if matrix.telling}
    if not titles:
        return
    st.header("Where do the sources converge?", anchor=False)
    st.caption("A row an organisation, a column two sources, and how likely they agree on it.")
    title = ""
    if len(titles) > 1:
        title = str(
            st.selectbox(
                "Organisations", list(titles), key="matrix", bind="query-params",
                label_visibility="collapsed",
            )
        )  # fmt: skip
    matrix = titles.get(title, next(iter(titles.values())))
    st.html(legend(show.palette()))
    area: str = ""
    if len(matrix.rows) > MANY:
        area = str(
            st.selectbox(
                "Rows",
                [""] + matrix.areas(),
                format_func=lambda code: (
                    words.area_name(matrix, str(code))
                    if code
                    else "Those on which most sources differ"
                ),
                key="matrix_rows",
            )
        )
    most = 0 if area else FIRST if len(matrix.rows) > MANY else FIRST_OF_FEW
    cells = finished(type(matrix).part, matrix, area, most)
    event = show.chart(
        charts.matrix,
        matrix,
        area,
        most,
        key="overview_matrix",
        alt=finished(words.summary, matrix),
        select=True,
    )
    shown = cells["unit"].nunique()
    if shown < len(matrix.rows):
        st.caption(
            f"{shown:,} of {len(matrix.rows):,} shown. Divergence lists every one of a pair."
        )
    notes = (
        finished(words.tested_together, matrix),
        finished(words.letters, matrix),
        *finished(words.not_drawn, matrix),
        *finished(words.without_question, matrix),
    )
    for sentence in filter(None, notes):
        st.caption(show.escape(sentence))
    chosen = _picked(event)
    if chosen:
        name = ""
        same = (cells[list(PICKED)] == [chosen[field] for field in PICKED]).all(axis=1)
        for cell in each(cells[same]):
            name = cell.name
            sentence = finished(words.sentence, matrix, cell.unit, cell.pair)
            st.markdown(show.escape(f"{name}, {cell.pair}: {sentence}"))
        _open("See what stands behind it", chosen["left"], chosen["right"], chosen["unit"], name)


def legend(colours: Palette, counts: Mapping[str, int] | None = None) -> str:
    """Each mark as its cell is drawn, with its word, and of one pair of sources how many there are."""
    entries = []
    for mark, (glyph, _) in LIKELY_MARKS.items():
        cell = (
            "display:inline-block;width:1.5em;line-height:1.4;text-align:center;"
            f"border:1px solid {colours.line};background:{charts.tile(mark, colours)};"
            f"color:{charts.ink(mark, colours)}"
        )
        number = f" <b>{counts.get(mark, 0):,}</b>" if counts is not None else ""
        entries.append(
            f'<span style="white-space:nowrap;margin-right:1.1em">'
            f'<span style="{cell}">{glyph or "&nbsp;"}</span> {mark}{number}</span>'
        )
    return f'<div style="line-height:1.9">{" ".join(entries)}</div>'


def _picked(event: object) -> dict[str, str]:
    chosen = (event or {}).get("selection", {}).get("cell") if event else None  # type: ignore[attr-defined]
    return {str(key): str(value) for key, value in chosen[0].items()} if chosen else {}


def coverage(covered: Coverage) -> None:
    """Which source has figures for which months."""
    st.header("What does each source cover?", anchor=False)
    show.chart(
        charts.coverage,
        covered,
        key="overview_coverage",
        alt=finished(coverage_words.summary, covered),
    )
    st.caption(
        "Paler: fewer organisations have a figure than in the source's fullest month. A gap: nothing is "
        "loaded for that time."
    )


def looks(report: OverviewReport, pair: tuple[str, str] | None) -> None:
    """Where to look first: how likely, one reason, and a way there."""
    with st.container(border=True):
        st.markdown("### Where to look first", anchors=False)
        looks = report.looks(pair)
        if not looks:
            st.markdown(
                "No two sources probably differ on any organisation. Where it could be either, more "
                "answers would tell."
                if report.likely
                else "No organisation has enough answers in two sources to be looked at."
            )
        if len(looks) > 1:
            st.caption("By how likely they differ, how far apart, and how many people it concerns.")
        for look in looks:
            # one line has no room for the name of a trust in full
            short = look.name.replace(" NHS Foundation Trust", "").replace(" NHS Trust", "")
            _open(f"**{show.escape(short)}**", look.left, look.right, look.unit, look.name)
            lines = (
                *finished(overview_words.each_source, look),
                finished(overview_words.reason, look),
            )
            under = "  \n".join(show.escape(line) for line in lines if line)
            st.markdown(f"{show.escape(finished(overview_words.what, look))}  \n:gray[{under}]")
        if silent := finished(overview_words.community, report):
            st.caption(show.escape(silent))


def _open(label: str, left: str, right: str, unit: str, name: str) -> None:
    """A link that opens Divergence on one organisation and two sources."""
    st.page_link(
        "pages/divergence.py",
        label=label,
        icon=":material/arrow_forward:",
        query_params=filters.link(left, right, unit, name),
        help=show.escape(name),
    )
