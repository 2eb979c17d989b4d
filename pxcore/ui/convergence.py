"""The convergence matrix, where to look first and what is covered, as the overview shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.pairs.matrix import Matrix
from pxcore.analysis.pairs.overview import Look
from pxcore.analysis.rows import each
from pxcore.charts import overview as charts
from pxcore.charts.theme import LIKELY_MARKS, Palette
from pxcore.ui import filters, show
from pxcore.ui.answers import finished
from pxcore.words import coverage as coverage_words
from pxcore.words import matrix as words
from pxcore.words import overview as look_words

MANY = 40  # organisations beyond which their distribution comes first, and rows on demand
FIRST = 14  # rows shown then
FIRST_OF_FEW = 20
PICKED = ("unit", "left", "right")  # what a cell of the matrix is known by


def panel(matrices: Sequence[Matrix]) -> None:
    """The matrix of one kind of organisation: a distribution first where there are many."""
    titles = {finished(words.title, matrix): matrix for matrix in matrices}
    st.subheader("Where do the sources converge?", anchor=False)
    title = ""
    if len(titles) > 1:
        title = str(
            st.selectbox(
                "Organisations", list(titles), key="matrix", bind="query-params",
                label_visibility="collapsed",
            )
        )  # fmt: skip
    matrix = titles.get(title, matrices[0])
    if matrix.telling:
        st.caption(show.escape(finished(words.of_pair, matrix, matrix.telling[0])))
    else:
        st.markdown(
            "Nothing can be said of any cell: too few organisations have enough answers from both."
        )
        for sentence in finished(words.silences, matrix):
            st.markdown(f"- {show.escape(sentence)}")
        for sentence in finished(words.without_question, matrix):
            st.caption(show.escape(sentence))
        return
    area: str = ""
    if len(matrix.rows) <= MANY:
        st.html(legend(show.palette()))
    else:
        pair = matrix.telling[0]
        if len(matrix.telling) > 1:
            pair = str(
                st.selectbox(
                    "By area, for the pair",
                    list(matrix.telling),
                    key=f"matrix {finished(words.title, matrix)}",
                )
            )
        st.html(legend(show.palette(), matrix.by_mark(pair)))
        show.chart(
            charts.distribution,
            matrix,
            pair,
            key="overview_distribution",
            alt=finished(words.of_areas, matrix, pair),
        )
        area = str(
            st.selectbox(
                "Rows",
                [""] + matrix.areas(),
                format_func=lambda code: (
                    words.area_name(matrix, str(code))
                    if code
                    else "Those that deserve a look first"
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
    st.subheader("What does each source cover?", anchor=False)
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


def looks(first: Sequence[Look], *, tested: bool) -> None:
    """Where to look first: what, how sure, one candidate reason, and a way there."""
    with st.container(border=True):
        st.markdown("#### Where to look first", anchors=False)
        if not first:
            st.markdown(
                "No two sources probably differ on any organisation. Where it could be either, more "
                "answers would tell."
                if tested
                else "No organisation has enough answers in two sources to be looked at."
            )
        for look in first:
            # one line has no room for the name of a trust in full
            short = look.name.replace(" NHS Foundation Trust", "").replace(" NHS Trust", "")
            _open(f"**{show.escape(short)}**", look.left, look.right, look.unit, look.name)
            muted = filter(
                None, (finished(look_words.how_sure, look), finished(look_words.reason, look))
            )
            under = "  \n".join(map(show.escape, muted))
            st.markdown(f"{show.escape(finished(look_words.what, look))}  \n:gray[{under}]")
        if not all(map(look_words.reason, first)):
            st.caption("Where no reason is named, the files themselves offer none.")


def _open(label: str, left: str, right: str, unit: str, name: str) -> None:
    """A link that opens Divergence on one organisation and two sources."""
    st.page_link(
        "pages/divergence.py",
        label=label,
        icon=":material/arrow_forward:",
        query_params=filters.link(left, right, unit, name),
        help=show.escape(name),
    )
