"""What was loaded, replaced, removed: shown, and undone."""

from __future__ import annotations

from datetime import date

import streamlit as st

from pxcore.analysis.files.sources import SourcesReport
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.model import Disclosure
from pxcore.ui import answers, messages, show, state
from pxcore.ui.answers import finished
from pxcore.ui.columns import configured
from pxcore.words import sources as words
from pxcore.words.columns import Column


def by_source(
    report: SourcesReport, covered: Coverage, disclosure: Disclosure, today: date | None
) -> None:
    """One row per source: what it is, what it can bear, and what in it wants a look."""
    show.table(
        finished(words.by_source, report, covered, disclosure, today),
        [
            *(Column.of("title", "source", width=174), "when"),
            Column.of(
                "answers", "respondents", width=68, help="In all; – where its files do not say"
            ),
            *("comes", "out", "bears", Column.of("publisher", width=178), "page"),
        ],
        key="sources_each",
        alt="Every source loaded: who publishes it, what it covers, when more is due, what it can bear and "
        "what to look at",
        height=430,
    )


def to_look_at(report: SourcesReport) -> None:
    """The first odd values and gaps, each with its file."""
    sentences = finished(words.to_look_at, report)
    if sentences:
        st.markdown("\n".join(f"- {show.escape(sentence)}" for sentence in sentences))


def files(report: SourcesReport) -> None:
    """One row per file; pick one for its details, to take it out or put it back."""
    rows = report.listed()
    shown = configured(rows, FILE_COLUMNS)
    event = st.dataframe(
        rows[list(shown)],
        column_config=shown,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="sources_files",
        height=330 if len(rows) > 8 else "auto",
        alt="The files loaded, newest first",
        placeholder="–",
    )
    chosen = event["selection"]["rows"]
    if chosen:
        _details(report, int(rows.iloc[chosen[0]]["extract"]))
    else:
        st.caption("Pick a row for its details, to take the file out, or to put it back.")
    show.download(rows, "files-loaded", key="sources_download")


FILE_COLUMNS = (
    Column.of("file_name", width=302),
    Column.of("title", "recognised", width=190),
    Column.of("state", width=70),
    Column.of("period", width=158),
    Column.of("rows_said", "rows", width=56),
    Column.of("rows_withheld", width=70),
    Column.of("rows_rejected", "left_out", width=62),
    Column.of("warnings", "odd"),
)


def _details(report: SourcesReport, number: int) -> None:
    extract = report.extracts[report.extracts["extract"] == number].iloc[0]
    with st.container(border=True):
        st.markdown(f"### {show.escape(extract['file_name'])}")
        st.caption(show.escape(words.provenance(report, number)))
        for note in extract["notes"]:
            st.caption(show.escape(note))
        for reason, rows in extract["rejected"].items():
            st.markdown(f"- {rows:,} rows left out: {show.escape(reason)}")
        for what, where, fix in extract["faults"]:
            st.markdown(f"- {show.escape(what)} *{show.escape(where)}* {show.escape(fix)}")
        if extract["erased"]:
            st.caption(
                "Its comments were erased for good. To have them back, load the file itself again."
            )
        with st.container(horizontal=True):
            if extract["status"] == "loaded":
                st.button(
                    "Take this file out",
                    icon=":material/remove_circle:",
                    key=f"remove {number}",
                    on_click=state.remove,
                    args=(number,),
                    help="Its rows leave every figure. Nothing is deleted: it can be put back.",
                )
            else:
                st.button(
                    "Put this file back",
                    icon=":material/undo:",
                    key=f"restore {number}",
                    on_click=state.restore,
                    args=(number,),
                )
            if extract["has_comments"] and st.button(
                "Erase its comments …", icon=":material/delete_forever:", key=f"erase {number}"
            ):
                _erase(report, number, str(extract["file_name"]))


@st.dialog("Erase comments for good?", icon=":material/delete_forever:")
def _erase(report: SourcesReport, number: int, file_name: str) -> None:
    """Asked once more: what is erased cannot be put back."""
    st.markdown(
        f"{show.escape(file_name)} is taken out, and its comments, with the themes found in them, are "
        "deleted from the database file. Its figures can be put back; the words cannot."
    )
    if report.copies:
        st.warning(show.escape(words.copies_hold(report)))
    if st.button("Erase them", type="primary", key="erase_yes"):
        with messages.guard():
            answers.erase(number)
        st.rerun()


def changes(report: SourcesReport) -> None:
    """Every change of the database, newest first; the last one can be undone."""
    undo = report.last_undoable()
    if undo is not None:
        event, number, name = undo
        st.button(
            f"Undo: {'take out' if event != 'removed' else 'put back'} {show.escape(name)}",
            icon=":material/undo:",
            key="undo_last",
            on_click=state.restore if event == "removed" else state.remove,
            args=(number,),
        )
    show.table(
        report.history,
        [
            *("happened_at", Column.of("event", "what", width="small")),
            *(Column.of("file_name", width=185), Column.of("said", "details"), "revision"),
        ],
        key="sources_history",
        alt="Every change of the database, newest first",
        height=330,
    )
