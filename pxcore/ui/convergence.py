"""The convergence matrix, where to look first and what is covered, as the overview shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pxcore.analysis.judging.silence import LETTERS
from pxcore.analysis.pairs.overview import NO_REASON, Coverage, Look, Matrix
from pxcore.charts import overview as charts
from pxcore.charts.theme import VERDICT_MARKS, Palette
from pxcore.ui import filters, show

MANY = 40  # organisations beyond which their distribution comes first, and rows on demand
FIRST = 14  # rows shown then
FIRST_OF_FEW = 20


def panel(matrices: Mapping[str, Matrix]) -> None:
    """The matrix of one kind of organisation: a distribution first where there are many."""
    titles = list(matrices)
    st.subheader("Where do the sources converge?", anchor=False)
    title = titles[0]
    if len(titles) > 1:
        title = str(
            st.selectbox(
                "Organisations", titles, key="matrix", bind="query-params",
                label_visibility="collapsed",
            )
        )  # fmt: skip
    matrix = matrices.get(title, matrices[titles[0]])
    for said in matrix.could_agree()[:1]:
        st.caption(show.escape(said))
    if not matrix.telling:
        st.markdown("Every cell is silent: no organisation has enough answers from both sources.")
        for said in matrix.silence_said():
            st.markdown(f"- {show.escape(said)}")
        for said in matrix.no_question_said()[1:]:  # that all pairs are silent is told above
            st.caption(show.escape(said))
        return
    area: str = ""
    if len(matrix.rows) <= MANY:
        st.html(legend(show.palette()))
    else:
        pair = matrix.telling[0]
        if len(matrix.telling) > 1:
            pair = str(
                st.selectbox(
                    "By area, for the pair", list(matrix.telling), key=f"matrix {matrix.title}"
                )
            )
        st.html(legend(show.palette(), matrix.by_mark(pair)))
        show.chart(
            charts.distribution(matrix.by_area(pair), show.palette()),
            key="overview_distribution",
            alt=matrix.by_area_said(pair),
        )
        area = str(
            st.selectbox(
                "Rows",
                [""] + matrix.areas(),
                format_func=lambda code: (
                    matrix.area_name(str(code)) if code else "Those that deserve a look first"
                ),
                key="matrix_rows",
            )
        )
    most = 0 if area else FIRST if len(matrix.rows) > MANY else FIRST_OF_FEW
    cells = matrix.part(area, most)
    event = show.chart(
        charts.matrix(cells[cells["pair"].isin(matrix.telling)], matrix.telling, show.palette()),
        key="overview_matrix",
        alt=matrix.summary(),
        select=True,
    )
    shown = cells["unit"].nunique()
    if shown < len(matrix.rows):
        st.caption(
            f"{shown:,} of {len(matrix.rows):,} shown. Divergence lists every one of a pair."
        )
    for said in (letters_said(matrix), *matrix.no_question_said()):
        if said:
            st.caption(show.escape(said))
    chosen = _picked(event)
    if chosen:
        here = cells[
            (cells["unit"] == chosen["unit"])
            & (cells["left"] == chosen["left"])
            & (cells["right"] == chosen["right"])
        ]
        for name, pair, said in zip(here["name"], here["pair"], here["said"], strict=True):
            st.markdown(show.escape(f"{name}, {pair}: {said}"))
        _open("See what stands behind it", chosen["left"], chosen["right"], chosen["unit"], name)


def legend(colours: Palette, counts: Mapping[str, int] | None = None) -> str:
    """Each verdict as its cell is drawn, with its word, and of one pair of sources how many there are."""
    told = []
    for mark, (glyph, _) in VERDICT_MARKS.items():
        cell = (
            "display:inline-block;width:1.5em;line-height:1.4;text-align:center;"
            f"border:1px solid {colours.line};background:{charts.tile(mark, colours)};"
            f"color:{charts.ink(mark, colours)}"
        )
        number = f" <b>{counts.get(mark, 0):,}</b>" if counts is not None else ""
        told.append(
            f'<span style="white-space:nowrap;margin-right:1.1em">'
            f'<span style="{cell}">{glyph}</span> {mark}{number}</span>'
        )
    return f'<div style="line-height:1.9">{" ".join(told)}</div>'


def letters_said(matrix: Matrix) -> str:
    """What the letters of silence mean."""
    letters = sorted(set(matrix.cells["letter"]) - {""})
    kinds = {letter: kind.value for kind, letter in LETTERS.items()}
    silent = "; ".join(f"{letter} {kinds[letter]}" for letter in letters)
    return f"Silence, by its letter: {silent}." if silent else ""


def _picked(event: object) -> dict[str, str]:
    chosen = (event or {}).get("selection", {}).get("cell") if event else None  # type: ignore[attr-defined]
    return {str(key): str(value) for key, value in chosen[0].items()} if chosen else {}


def coverage(covered: Coverage) -> None:
    """Which source has figures for which months."""
    st.subheader("What does each source cover?", anchor=False)
    show.chart(
        charts.coverage(covered, show.palette()),
        key="overview_coverage",
        alt=covered.summary(),
    )
    st.caption(
        "Paler: fewer organisations have a figure than in the source's fullest month. A gap: nothing is "
        "loaded for that time."
    )


def looks(found: Sequence[Look], *, tested: bool) -> None:
    """Where to look first: what, how sure, one candidate reason, and a way there."""
    with st.container(border=True):
        st.markdown("#### Where to look first", anchors=False)
        if not found:
            st.markdown(
                "Nothing stands out beyond chance. That is not the same as agreement."
                if tested
                else "No organisation has enough answers in two sources to be looked at."
            )
        for look in found:
            # one line has no room for the name of a trust in full
            short = look.name.replace(" NHS Foundation Trust", "").replace(" NHS Trust", "")
            _open(f"**{show.escape(short)}**", look.left, look.right, look.unit, look.name)
            muted = [look.how_sure, *([look.reason] if look.reason != NO_REASON else [])]
            under = "  \n".join(show.escape(one) for one in muted)
            st.markdown(f"{show.escape(look.what)}  \n:gray[{under}]")
        if any(look.reason == NO_REASON for look in found):
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
