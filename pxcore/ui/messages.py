"""Errors that a person can mend are shown as messages; every other one is a bug and shows as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pxcore.errors import Fault, PxError, Severity
from pxcore.ui.show import escape


@contextmanager
def guard() -> Iterator[None]:
    """Show a PxError raised inside as a message and end the page; let all else pass."""
    try:
        yield
    except PxError as problem:
        said = " ".join(part for part in (problem.where, problem.fix) if part)
        st.warning(
            escape(said) or "Nothing was changed.",
            title=escape(problem.what),
            icon=":material/info:",
        )
        st.stop()


def faults(found: Sequence[Fault]) -> None:
    """Every fault of a file at once: what, where, how to mend; errors first."""
    for severity, icon, title in (
        (Severity.ERROR, ":material/block:", "to mend before it can be loaded"),
        (Severity.WARNING, ":material/info:", "to know"),
    ):
        here = [fault for fault in found if fault.severity is severity]
        if not here:
            continue
        lines = "\n".join(
            f"- {escape(fault.what)}"
            + (f" *{escape(fault.where)}*." if fault.where else "")
            + (f" {escape(fault.fix)}" if fault.fix else "")
            for fault in here
        )
        count = f"{len(here)} thing{'s' if len(here) != 1 else ''} {title}"
        if severity is Severity.ERROR:
            st.error(lines, title=count, icon=icon)
        else:
            with st.expander(count, icon=icon):
                st.markdown(lines)


def load_files() -> None:
    """The way to load files, as it stands beside other ways out."""
    st.page_link("pages/sources.py", label="Load files", icon=":material/upload_file:")


def empty(title: str, body: str, page: str = "pages/sources.py", label: str = "Load files") -> None:
    """An empty state that says what to do next."""
    with st.container(border=True):
        st.markdown(f"#### {title}", anchors=False)
        st.markdown(body)
        st.page_link(page, label=label, icon=":material/upload_file:")
