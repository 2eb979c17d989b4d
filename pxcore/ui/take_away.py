"""What can be taken away of a chart: its picture, its figures, a link, its sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from pxcore.charts import theme
from pxcore.charts.specification import specification
from pxcore.publish import picture as pictures
from pxcore.publish.safe import as_csv
from pxcore.ui import exact, state
from pxcore.ui.answers import finished
from pxcore.ui.opening import SYNTHETIC
from pxcore.words.basis import basis


def palette() -> theme.Palette:
    """The colours for the ground the person has chosen."""
    return theme.palette(str(st.context.theme.type or "light"))


def address() -> str:
    """The link that shows this view again."""
    asked = [(name, item) for name in st.query_params for item in st.query_params.get_all(name)]
    return f"{st.context.url or ''}{'?' if asked else ''}{urlencode(asked)}"


def chart(
    draw: Callable[..., Any],
    question: tuple[Any, ...],
    key: str,
    title: str,
    alt: str,
    rests_on: tuple[Any, ...],
) -> None:
    """Below a chart, all that can be taken of it; each file is made when somebody wants it.

    Parameters
    ----------
    draw : draws `question` on a palette.
    title : what stands inside the picture; its whole sentence where it has none.
    rests_on : reports whose sources and periods stand in the picture.
    """
    if exact.is_on():
        return
    with (
        st.container(key=f"{key}_take_away"),
        st.popover(
            "Take this chart away",
            key=f"{key}_taken",
            type="tertiary",
            icon=":material/ios_share:",
            on_change="rerun",
        ) as opened,
    ):
        if opened.open:
            _offers(draw, question, key, title, alt, rests_on)


def _offers(
    draw: Callable[..., Any],
    question: tuple[Any, ...],
    key: str,
    title: str,
    alt: str,
    rests_on: tuple[Any, ...],
) -> None:
    from pxcore.ui import publishing  # not above: what it asks stands on this module

    colours, source, code = palette(), basis(*rests_on), publishing.code_of_page()
    synthetic = state.is_demonstration()
    frame = pictures.Frame(
        title or alt, tuple(filter(None, [source, SYNTHETIC if synthetic else "", code]))
    )

    def drawn() -> dict[str, Any]:
        return pictures.framed(_plain(draw, colours, question), frame, colours)

    def figures() -> bytes:
        rows = pictures.rows(_plain(draw, colours, question))
        rows = rows.assign(Sources=source) if source else rows
        rows = rows.assign(Code=code) if code else rows
        return as_csv(rows.assign(Data=SYNTHETIC) if synthetic else rows)

    name = f"{'synthetic-' if synthetic else ''}{key.replace('_', '-')}"
    files: tuple[tuple[str, str, str, Callable[[], Any]], ...] = (
        ("PNG", "png", "image/png", lambda: pictures.png(drawn())),
        ("SVG", "svg", "image/svg+xml", lambda: pictures.svg(drawn())),
        ("CSV", "csv", "text/csv", figures),
    )
    with st.container(horizontal=True):
        for label, ending, kind, content in files:
            st.download_button(
                label,
                data=content,
                file_name=f"{name}.{ending}",
                mime=kind,
                icon=":material/download:",
                on_click="ignore",
                key=f"{key}_{ending}",
            )
    st.caption("Its sentence")
    st.code(f"{alt} ({source})" if source else alt, language=None, wrap_lines=True)
    if code:
        st.caption("The code of this view")
        st.code(code, language=None)
    st.caption("A link to this view")
    st.code(address(), language=None, wrap_lines=True)


def _plain(draw: Callable[..., Any], colours: theme.Palette, question: tuple[Any, ...]) -> Any:
    """The picture without the line that a page puts into it: what is taken away has a frame of its own."""
    return finished(specification, draw, colours, "", *question)
