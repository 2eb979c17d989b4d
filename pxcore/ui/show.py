"""How a report is shown: headline, figures, picture, table, download, provenance. The same on every page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from pxcore.analysis.files.sources import SourcesReport, sources
from pxcore.analysis.joining.trace import trace as rows_behind
from pxcore.analysis.pairs.agreement import agreement
from pxcore.charts import theme
from pxcore.charts.specification import specification
from pxcore.disclosure import Released
from pxcore.model import USUAL_DISCLOSURE, Pairing
from pxcore.publish.picture import is_empty
from pxcore.publish.safe import as_csv
from pxcore.ui import exact, navigation, opening, state, take_away
from pxcore.ui.answers import ask, finished
from pxcore.ui.columns import configured
from pxcore.ui.opening import LOGO as LOGO
from pxcore.ui.opening import SYNTHETIC
from pxcore.words import trace as trace_words
from pxcore.words.columns import Column
from pxcore.words.english import counted

LANDING = Path(__file__).with_name("landing.html")


def palette() -> theme.Palette:
    """The colours for the ground the person has chosen."""
    return take_away.palette()


def title(question: str) -> None:
    """The page's one question, and, for the demonstration, that nothing here is real."""
    navigation.run_inside_the_app()
    opening.title(question, synthetic=state.is_demonstration())
    exact.band()
    if state.misread():
        st.markdown(f":material/link_off: {escape(state.misread())}")


def headline(answer: str, limits: str = "") -> None:
    """The answer in one plain sentence; beneath it, muted, what limits it."""
    opening.headline(escape(answer), escape(limits))


JOINER = "\u2060"  # takes no room and shows nothing
# What Markdown would act on, and what it takes for a list, a quotation or an entity where it stands.
_MARKS = re.compile(r"([\\`*_\[\]<$~|#]|:(?=[A-Za-z])|&(?=[#A-Za-z])|^>|^[-+=](?=[\s\u2060=-]|$))")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
# What is sought in the words after Markdown is done, where a backslash is of no help any more: links,
# addresses, shortcodes of emoji and icons, arrows. A sign that shows nothing keeps its parts apart.
_SOUGHT = re.compile(
    r"(?<=:)(?=[\w+/-]+:)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@[\w-])"
    r"|(?<=[<>~])(?=[-=])|(?<=-)(?=[->])",
    re.IGNORECASE,
)


def escape(text: str) -> str:
    """Words as Markdown that shows them on one line and does nothing else: no link, icon, emoji, colour."""
    line = _SOUGHT.sub(JOINER, " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\\2", _MARKS.sub(r"\\\1", line))


def figures(shown: Sequence[tuple[str, str, str]]) -> None:
    """Up to four figures in a row: label, value, and in the same breath what it rests on."""
    with st.container(key="figures"):
        columns = st.columns(len(shown))
    for column, (label, value, rests_on) in zip(columns, shown, strict=True):
        with column.container(gap=None):
            st.caption(escape(label))
            st.markdown(f"## {escape(value)}", anchors=False)
            st.caption(escape(rests_on))


def findings(sentences: Sequence[str], heading: str = "What to notice", most: int = 4) -> None:
    with st.container(border=True):
        st.markdown(f"### {heading}", anchors=False)
        for item in sentences[:most]:
            st.markdown(f"- {escape(item)}")


SIGN_COLOURS = {1: "blue", -1: "orange", 0: "gray"}  # of improvement, concern and neither


def icons(heading: str, extracts: Sequence[tuple[str, str, str, int]]) -> None:
    """A heading, and below it each sign: its glyph with its words, and what more there is to say.

    Neither glyph nor colour stands alone.
    """
    lines = [
        f":{SIGN_COLOURS[good]}-badge[{glyph} {escape(words)}] {escape(more)}"
        for glyph, words, more, good in extracts
    ]
    st.markdown("  \n".join([f"**{escape(heading)}**", *lines]))


def chart(
    draw: Callable[..., Any],
    *question: Any,
    key: str,
    alt: str,
    title: str = "",
    select: bool = False,
    rests_on: Any = None,
) -> Any:
    """The picture that `draw(*question, palette)` makes, with its text and the ways to take it away; returns
    what is picked, where it can be. It is made once for all who look at it.

    Its legend stands above it in HTML too: screen.css shows that in a small window, where the picture
    has room for its marks alone.

    Parameters
    ----------
    title : what the picture shows, in ten words at most; "" where a heading above says it.
    rests_on : the report whose sources it shows, where none of the question says.
    """
    mark = SYNTHETIC if state.is_demonstration() else ""
    picture = finished(specification, draw, palette(), mark, *question)
    if title:
        st.markdown(f"**{escape(title)}**")
    if picture.legend:
        st.html(finished(legend, picture.legend))
    event = None
    if select:
        event = st.vega_lite_chart(spec=picture.vega, key=key, on_select="rerun", alt=alt)
    else:
        st.vega_lite_chart(spec=picture.vega, key=key, alt=alt)
    if not is_empty(picture):
        sources = question if rests_on is None else (rests_on,)
        take_away.chart(draw, question, key, title, alt, sources)
    return event


_OUTLINES = {  # of marks other than squares and discs
    "diamond": "polygon(50% 0, 100% 50%, 50% 100%, 0 50%)",
    "triangle-up": "polygon(50% 0, 100% 100%, 0 100%)",
    "triangle-down": "polygon(0 0, 100% 0, 50% 100%)",
    "cross": "polygon(33% 0, 67% 0, 67% 33%, 100% 33%, 100% 67%, 67% 67%, 67% 100%, 33% 100%, 33% 67%, "
    "0 67%, 0 33%, 33% 33%)",
}
_STROKES = {"line": "solid", "dashes": "dashed", "dots": "dotted"}


def legend(marks: Sequence[theme.Mark]) -> str:
    """The HTML of a picture's legend: each mark as it is drawn, with its words."""
    entries = []
    for mark in marks:
        shape, size = mark.shape, mark.size
        if shape in _STROKES:
            drawn = f'<i style="width:24px;border-top:2px {_STROKES[shape]} {mark.line}"></i>'
        else:
            half = shape == theme.HALF_DISC
            outline = (
                f"clip-path:{_OUTLINES[shape]};"
                if shape in _OUTLINES
                else f"border-radius:{'50%' if half or shape == 'circle' else '1px'};"
            )
            inner = max(size - 4, 1)
            filled = (
                f"linear-gradient(90deg,{mark.fill} 50%,light-dark(#ffffff,#0e1b2a) 50%)"
                if half
                else mark.fill
            )
            around = f"border:2px solid {mark.line}" if half else f"background:{mark.line}"
            drawn = (
                f'<i style="{outline}width:{size}px;height:{size}px;{around}">'
                f'<i style="{outline}width:{inner}px;height:{inner}px;background:{filled}"></i></i>'
            )
        entries.append(f"<span>{drawn}{html.escape(mark.label)}</span>")
    return f'<div class="legend">{"".join(entries)}</div>'


def picked(event: Any, selection: str, field: str) -> str:
    """The value of a field in the mark picked, or “”."""
    chosen = (event or {}).get("selection", {}).get(selection) if event else None
    return str(chosen[0].get(field, "")) if chosen else ""


def _released(rows: Released) -> Released:
    """What may leave: a frame that has not passed `disclosure.release` is a fault of ours."""
    if not isinstance(rows, Released):
        raise TypeError("only what has been released may be shown")
    return rows


def table(
    rows: Released,
    columns: Sequence[str | Column],
    key: str,
    alt: str,
    *,
    height: int | None = None,
    select: bool | Callable[[], None] = False,
    row_height: int | None = None,
    pin: bool = False,
) -> int | None:
    """A sortable table of the columns named, in that order; the place of the row of a cell that is picked,
    where it can be. What may be picked may call a function first. The first may be pinned to its place."""
    draw: Any = st.dataframe  # what it gives back hangs on whether something can be picked
    shown = configured(_released(rows), columns, pin)
    event = draw(
        rows[list(shown)],
        column_config=shown,
        hide_index=True,
        key=key,
        alt=alt,
        height=height if height and len(rows) > 8 else "auto",
        placeholder="–",
        on_select=select if callable(select) else "rerun" if select else "ignore",
        row_height=row_height,
        selection_mode="single-cell",
    )
    return _place(event) if select else None


def place_of(key: str) -> int | None:
    """The place of the row that has just been picked in a table."""
    return _place(st.session_state[key])


def _place(event: Any) -> int | None:
    cells = event.selection.cells
    return int(cells[0][0]) if cells else None


def download(
    rows: Released | Callable[[], Released],
    name: str,
    key: str,
    marks: Sequence[str] = (),
) -> None:
    """The rows as CSV, each marked: an export must never pass for something it is not.

    Rows that are not shown, or many, come from a function that is called when the file is wanted.
    """
    from pxcore.ui import publishing  # not above: what it asks stands on this module

    synthetic, code = state.is_demonstration(), publishing.code_of_page()

    def content() -> bytes:
        made = _released(rows if isinstance(rows, pd.DataFrame) else rows())
        marked = made.assign(marks="; ".join(marks)) if marks else made
        if synthetic:
            marked = marked.assign(data=SYNTHETIC)
        return as_csv(marked.assign(view_code=code) if code else marked)

    st.download_button(
        "Download as CSV",
        data=content,
        file_name=f"{'synthetic-' if synthetic else ''}{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key=key,
        disabled=exact.is_on() or (isinstance(rows, pd.DataFrame) and rows.empty),
        help=exact.NOTHING_LEAVES if exact.is_on() else None,
    )


def trace(pairing: Pairing, unit: str, key: str) -> None:
    """The rows of files behind one organisation's figures."""
    table(
        trace_words.table(
            ask(rows_behind, ask(agreement, pairing).alignment, unit), pairing.disclosure
        ),
        [
            *(Column.of("source", width="small"), Column.of("period", width="small"), "file_name"),
            *("cell", Column.of("provider", "reported_as"), Column.of("answers", "respondents")),
            *("value", "withheld"),
        ],
        key=key,
        alt="The rows of files behind this organisation's figures",
    )


Named = TypeVar("Named", bound=StrEnum)


def choice(
    label: str,
    titles: Mapping[Named, str],
    *,
    default: Named | None = None,
    key: str,
    within: Any = st,
) -> Named:
    """One of some things that have a title each; the first, or the default, until somebody chooses."""
    options = list(titles)
    chosen = within.selectbox(
        label,
        options,
        index=options.index(default) if default is not None else 0,
        format_func=titles.__getitem__,
        key=key,
    )
    return next(option for option in options if option == chosen)


def land_on(key: str) -> None:
    """Bring the container of a key into view, though pictures above it are still being drawn; until the
    person scrolls, clicks or types."""
    st.html(LANDING.read_text().replace("KEY", key), unsafe_allow_javascript=True)


def warnings(sentences: Sequence[str]) -> None:
    """What a reader must hear before believing the headline."""
    for item in sentences:
        st.markdown(f":material/info: {escape(item)}")


def notes(sentences: Sequence[str]) -> None:
    """What was assumed, and what to bear in mind: in full, a click away."""
    if sentences:
        with st.expander(f"To bear in mind ({len(sentences)})", icon=":material/info:"):
            st.markdown("\n".join(f"- {escape(item)}" for item in sentences))


def how(*paragraphs: str) -> None:
    with st.expander("How is this worked out?", icon=":material/function:"):
        st.markdown("\n\n".join(paragraphs))


@contextmanager
def folded(label: str, key: str, icon: str | None = None) -> Iterator[bool]:
    """What stands a click away; whether somebody has opened it: until then it is not made."""
    with st.expander(label, icon=icon, key=key, on_change="rerun") as part:
        yield bool(part.open)


def tabs(
    drawn: Mapping[str, Callable[[], None]],
    key: str,
    *,
    first: str = "",
    linked: bool = True,
    always: str = "",
) -> None:
    """Tabs by their titles; what is in one is made when it is open.

    Parameters
    ----------
    first : the one open at first, where it is not the first.
    linked : whether the address says which is open.
    always : one that is made even while it is closed, so that what is half typed there stays.
    """
    parts = st.tabs(
        list(drawn), default=first or None, key=key, on_change="rerun",
        bind="query-params" if linked else None,
    )  # fmt: skip
    for part, (title, draw) in zip(parts, drawn.items(), strict=True):
        if part.open or title == always:
            with part:
                draw()


def provenance(extracts: Sequence[int], revision: int) -> None:
    """Which files the figures on this page come from."""
    loaded = finished(_files, ask(sources, USUAL_DISCLOSURE), tuple(extracts))
    label, icon = "Where do these figures come from?", ":material/receipt_long:"
    with folded(label, "provenance_open", icon) as opened:
        if not opened:
            pass
        elif loaded.empty:
            st.markdown("No file's rows are in these figures.")
        else:
            st.caption(
                f"{counted(len(loaded), 'file')}; revision {revision} of the data"
                + (f"; {SYNTHETIC.lower()}" if state.is_demonstration() else "")
            )
            table(
                loaded,
                [
                    Column.of("title", "source", width="medium"),
                    *("file_name", "publisher", "loaded_at", "sha256"),
                ],
                key="provenance",
                alt="The files these figures come from",
                height=240,
            )
    if len(loaded):
        _foot_of_the_page(len(loaded), revision)


def _files(sources: SourcesReport, extracts: tuple[int, ...]) -> Released:
    rows: Released = sources.extracts[sources.extracts["extract"].isin(extracts)]
    return rows


def _foot_of_the_page(files: int, revision: int) -> None:
    """On paper alone: which data, and the address that shows this view again."""
    sentences = [
        SYNTHETIC if state.is_demonstration() else "",
        f"{counted(files, 'file')}, revision {revision} of the data",
        f"printed {datetime.now():%d %B %Y}".replace(" 0", " "),
        take_away.address(),
    ]
    st.html(f'<p class="on-paper">{html.escape("; ".join(item for item in sentences if item))}</p>')
