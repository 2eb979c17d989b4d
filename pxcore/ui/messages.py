"""Errors that a person can mend are shown as messages; every other one is a bug and shows as one."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

from pxcore.errors import Fault, PxError, Severity, origin
from pxcore.ui.show import escape


@contextmanager
def guard() -> Iterator[None]:
    """Show what is raised inside as a message and end the page.

    A PxError is told in its own words. Anything else is a mistake in the program: it is logged and named
    by its place, for Streamlit's own page speaks of a cloud that nobody here uses.
    """
    try:
        yield
    except PxError as problem:
        text = " ".join(part for part in (problem.where, problem.fix) if part)
        st.warning(
            escape(text) or "Nothing was changed.",
            title=escape(problem.what),
            icon=":material/info:",
        )
        st.stop()
    except Exception as problem:
        logging.getLogger(__name__).error("drawing a page: %s", origin(problem))
        st.error(
            "Nothing that is loaded was changed. Choose something else in the sidebar, or load the page "
            f"again. If it stays, tell whoever looks after the program: {escape(origin(problem))}.",
            title="This page stopped at a mistake in the program",
            icon=":material/error:",
        )
        st.stop()


def faults(listed: Sequence[Fault]) -> None:
    """Every fault of a file at once: what, where, how to mend; errors first."""
    for severity, icon, title in (
        (Severity.ERROR, ":material/block:", "to mend before it can be loaded"),
        (Severity.WARNING, ":material/info:", "to know"),
    ):
        of_severity = [fault for fault in listed if fault.severity is severity]
        if not of_severity:
            continue
        lines = "\n".join(
            f"- {escape(fault.what)}"
            + (f" *{escape(fault.where)}*." if fault.where else "")
            + (f" {escape(fault.fix)}" if fault.fix else "")
            for fault in of_severity
        )
        count = f"{len(of_severity)} thing{'s' if len(of_severity) != 1 else ''} {title}"
        if severity is Severity.ERROR:
            st.error(lines, title=count, icon=icon)
        else:
            with st.expander(count, icon=icon):
                st.markdown(lines)


def load_files() -> None:
    """The way to load files, as it stands beside other ways out."""
    st.page_link("pages/sources.py", label="Load files", icon=":material/upload_file:")


def empty(
    title: str,
    body: str,
    page: str = "pages/sources.py",
    label: str = "Load files",
    icon: str = ":material/upload_file:",
) -> None:
    """An empty state that says what to do next."""
    with st.container(border=True):
        st.markdown(f"### {title}", anchors=False)
        st.markdown(body)
        st.page_link(page, label=label, icon=icon)
