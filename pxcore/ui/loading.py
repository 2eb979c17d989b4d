"""Files on their way in: dropped, recognised, checked, then loaded; each with all its faults."""

from __future__ import annotations

from datetime import date

import streamlit as st
from streamlit.typing import UploadedFile

from pxcore import maps
from pxcore.analysis.files import load
from pxcore.analysis.files.load import Loaded, Reading
from pxcore.disclosure import Released
from pxcore.ingest import Extract, Request, open_workbook
from pxcore.ingest.profile import Profile, fitting
from pxcore.ingest.workbook import FILE_TYPES
from pxcore.model import Period
from pxcore.ui import messages, show, state, wizard
from pxcore.words.columns import Column
from pxcore.words.english import counted

MOST_PREVIEWED = 6


def panel() -> None:
    """The uploader and what becomes of each file."""
    round_ = state.value_of("upload_round", 0)
    key = f"extract {round_}" if round_ else "extract"
    files = st.file_uploader(
        "Drop files here: FFT workbooks, survey files, community feedback, reference files",
        type=[suffix.removeprefix(".") for suffix in FILE_TYPES],
        accept_multiple_files=True,
        key=key,
        help="They are read on this computer and kept in its database; nothing is sent anywhere.",
    )
    _tell_outcome()
    _tell_gone(key)
    if not files:
        return
    readings: list[Reading] = []
    progress = st.progress(0.0, text="Reading …") if len(files) > 3 else None
    for place, file in enumerate(files):
        if progress:
            progress.progress(place / len(files), text=f"Reading {file.name}")
        request, profile = _answers(file.file_id)
        readings.append(state.reading(file.name, file.getvalue(), file.file_id, request, profile))
    if progress:
        progress.empty()
    done = state.value_of("loaded_files", frozenset())
    waiting = [(f, r) for f, r in zip(files, readings, strict=True) if f.file_id not in done]
    ready = {file.file_id: reading for file, reading in waiting if reading.ready}
    _list([reading for _, reading in waiting])
    for file, reading in waiting:
        if not reading.ready:
            _not_ready(file, reading, expanded=len(files) <= 3, alone=len(waiting) == 1)
    for file, reading in [(f, r) for f, r in waiting if r.ready][:MOST_PREVIEWED]:
        _preview(file, reading, alone=len(waiting) == 1)
    if ready:
        count = counted(len(ready), "file")
        if st.button(f"Load {count}", type="primary", icon=":material/download_done:", key="load"):
            with st.status(f"Loading {count} …") as status:
                outcomes = state.load_readings(list(ready.values()))
                status.update(label=f"{count} done", state="complete")
            _loaded(outcomes, set(ready), len(ready) == len(waiting))


def _loaded(outcomes: list[Loaded], file_ids: set[str], all_of_them: bool) -> None:
    """Tell what a load did, and show the files that are left: an empty box where none is."""
    state.keep("load_outcomes", outcomes)
    if all_of_them:
        state.keep("upload_round", state.value_of("upload_round", 0) + 1)
        state.keep("loaded_files", frozenset())
    else:
        state.keep("loaded_files", state.value_of("loaded_files", frozenset()) | file_ids)
    st.rerun()


def _not_ready(file: UploadedFile, reading: Reading, *, expanded: bool, alone: bool) -> None:
    """What stands in the way of a file, and the way on: an answer, the wizard, or what to mend."""
    unknown = "mapping" in reading.needs
    with st.expander(
        f"{show.escape(reading.file_name)}: " + ("what does it hold?" if unknown else "not loaded"),
        expanded=expanded,
        icon=":material/help:" if reading.needs else ":material/block:",
    ):
        _ask(file, reading)
        if not unknown:
            messages.faults(reading.faults)
        else:
            with st.expander("Or mend the headings in the file", icon=":material/spellcheck:"):
                st.markdown(" ".join(show.escape(fault.fix) for fault in reading.faults))
        # a file that cannot be opened at all cannot be explained either
        if unknown or (reading.extract is not None and _wants_wizard(file, reading.extract)):
            profile = wizard.panel(file.name, file.getvalue(), file.file_id)
            if profile is not None:
                _remember_and_load(profile, file, alone=alone)


def _wants_wizard(file: UploadedFile, extract: Extract) -> bool:
    """Asked where a file was taken for a layout it does not have; at once where nothing was read of it."""
    return st.toggle(
        "Say which column is which instead",
        value=not extract.frames and not extract.needs,
        key=f"explain {file.file_id}",
        help="Where the file was taken for a layout it does not have.",
    )


def _remember_and_load(
    profile: Profile, file: UploadedFile, *, alone: bool, instead_of: str = ""
) -> None:
    """Keep a layout, and load the file it was explained on unless something is still to be asked."""
    state.save_profile(profile, instead_of)
    state.keep(f"profile {file.file_id}", profile.name)
    request, _ = _answers(file.file_id)
    reading = state.reading(file.name, file.getvalue(), file.file_id, request, profile.name)
    if not reading.ready:
        st.rerun()
    _loaded(state.load_readings([reading]), {file.file_id}, alone)


def _tell_gone(key: str) -> None:
    """Files the browser still shows and the server, started anew since, has no longer: say so, and clear."""
    gone = [item for item in state.value_of(key) or () if not hasattr(item, "getvalue")]
    if gone:
        state.keep("files_gone", len(gone))
        state.keep("upload_round", state.value_of("upload_round", 0) + 1)
        st.rerun()
    count = state.value_of("files_gone", 0)
    if count:
        state.keep("files_gone", 0)
        st.warning(
            f"{counted(count, 'file')} dropped earlier "
            f"{'are' if count != 1 else 'is'} no longer here, as the program was started again since. "
            f"Drop {'them' if count != 1 else 'it'} again. What was loaded before is still loaded.",
            title="Drop the file again" if count == 1 else "Drop the files again",
            icon=":material/upload_file:",
        )


def _tell_outcome() -> None:
    """What the last load did, once."""
    outcomes = state.value_of("load_outcomes")
    if not outcomes:
        return
    state.keep("load_outcomes", None)
    loaded = [outcome for outcome in outcomes if outcome.status == "loaded"]
    others = [outcome for outcome in outcomes if outcome.status != "loaded"]
    if loaded:
        st.success(
            f"{counted(len(loaded), 'file')} loaded. "
            "The history below can take any of them out again.",
            icon=":material/check:",
        )
    for outcome in others:
        st.info(show.escape(outcome.problem), icon=":material/info:")


def _answers(file_id: str) -> tuple[Request, str]:
    period = state.value_of(f"period {file_id}")
    source = state.value_of(f"source {file_id}") or ""
    request = None
    if isinstance(period, date):
        request = Period.month(period.year, period.month)
    elif isinstance(period, int):
        request = Period(date(period, 1, 1), date(period, 12, 31))
    return Request(request, source), state.value_of(f"profile {file_id}") or ""


def _ask(file: UploadedFile, reading: Reading) -> None:
    """What the file does not say: its month or year, its source, which of several layouts it has."""
    file_id = file.file_id
    if "profile" in reading.needs:
        fits = fitting(tuple(state.profiles().values()), open_workbook(file.name, file.getvalue()))
        st.selectbox(
            "Several remembered layouts fit this file. Read it with",
            [profile.name for profile in fits],
            index=None,
            key=f"profile {file_id}",
            placeholder="Choose a layout",
        )
    if "period" in reading.needs:
        kind = st.segmented_control(
            "The file does not say its period. It is for",
            ["a month", "a survey year"],
            default="a month",
            key=f"period kind {file_id}",
            required=True,
        )
        if kind == "a month":
            st.date_input(
                "Any day of that month", value=None, key=f"period {file_id}", format="DD/MM/YYYY"
            )
        else:
            st.number_input(
                "Year",
                min_value=2000,
                max_value=2100,
                value=None,
                step=1,
                key=f"period {file_id}",
            )
    if "source" in reading.needs:
        st.selectbox(
            "The file does not say whose figures these are",
            list(maps.figure_sources()),
            index=None,
            format_func=lambda name: maps.source(name)["title"],
            key=f"source {file_id}",
            placeholder="Choose a source",
        )


def _list(readings: list[Reading]) -> None:
    rows = Released(
        [
            {
                "file_name": reading.file_name,
                "recognised": reading.recognised_as or "Not recognised",
                "rows": reading.extract.rows_accepted if reading.extract else None,
                "rows_withheld": reading.extract.rows_withheld if reading.extract else None,
                "left_out": sum(reading.extract.rows_rejected.values())
                if reading.extract
                else None,
                "faults": len(reading.faults),
                "state": "Ready"
                if reading.ready
                else ("To answer" if reading.needs else "Cannot be loaded"),
            }
            for reading in readings
        ]
    )
    show.table(
        rows,
        [
            *("file_name", "recognised", "state", Column.of("rows", width="small")),
            *("rows_withheld", "left_out", "faults"),
        ],
        key="readings",
        alt="The files dropped, what each was recognised as and whether it can be loaded",
        height=260,
    )


def _preview(file: UploadedFile, reading: Reading, *, alone: bool) -> None:
    extract = reading.extract
    assert extract is not None
    with st.expander(
        f"{show.escape(reading.file_name)}: {show.escape(reading.recognised_as)}, "
        f"{extract.rows_accepted:,} rows",
        icon=":material/description:",
    ):
        for note in extract.notes[:12]:
            st.caption(show.escape(note))
        for reason, rows in extract.rows_rejected.items():
            st.markdown(f"- {rows:,} rows left out: {show.escape(reason)}")
        messages.faults(extract.faults)
        for name, frame in extract.frames.items():
            st.caption(f"{FRAME_TITLES[name]}: the first of {len(frame):,}")
            shown = load.preview(extract, name)
            if shown.empty:
                st.markdown("People's own words, or one person's answer a row: not shown.")
                continue
            st.dataframe(
                shown,
                hide_index=True,
                key=f"preview {reading.file_name} {name}",
                alt=f"The first rows of {reading.file_name}",
            )
        remembered = state.profiles().get(extract.layout.removeprefix("mapping:"))
        if remembered is not None and st.toggle(
            f"Change the layout ‘{remembered.name}’", key=f"change {file.file_id}"
        ):
            profile = wizard.panel(file.name, file.getvalue(), file.file_id, remembered)
            if profile is not None:
                _remember_and_load(profile, file, alone=alone, instead_of=remembered.name)


FRAME_TITLES = {
    "fft_fact": "Friends and Family figures",
    "survey_fact": "Figures",
    "response": "Responses",
    "answer": "Answers",
    "summary": "Published figures",
    "document": "What documents say",
    "league": "League table",
    "provider": "Organisations",
    "parent": "Who belongs to whom",
    "succession": "Who became whom",
    "population": "List sizes",
}
