"""The mapping wizard: a person says once what an unknown file holds, and it is remembered."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from pxcore import maps
from pxcore.analysis import load
from pxcore.ingest import Asked, Workbook, mapping, open_workbook
from pxcore.ingest.cells import column_letter
from pxcore.ingest.cells import key as folded
from pxcore.model import GRAIN_TITLES, Grain
from pxcore.ui import filters, messages, show, state

LEAVE_OUT = "Leave out"
RESULT = "A result (percentage, proportion or score)"
ROLE_TITLES = {LEAVE_OUT: LEAVE_OUT, "value": RESULT, **mapping.ROLES}
UNIT_TITLES = {
    "percentage": "percentage, 0–100",
    "proportion": "proportion, 0–1",
    "score": "score on its own scale",
}
FOUND_TITLES = {
    "file_name": "in the file's name",
    "column": "in a column",
    "cell": "in one cell",
    "ask": "nowhere: ask each time",
}
KIND_TITLES = {
    "month": "a month (2026-02, Feb-26 …)",
    "survey_wave": "the year of a survey",
    "financial_quarter": "a financial quarter",
    "financial_year": "a financial year",
    "any": "any of these",
}
BLANK_TITLES = {
    "unknown": "withheld or no return: it cannot be told which",
    "publisher": "withheld by the publisher",
    "missing": "missing",
}


def panel(name: str, content: bytes, file_id: str) -> None:
    """Sheet and headings, columns, source, period; a preview of what would be read; remember it."""
    workbook = open_workbook(name, content)
    key = f"wizard {file_id}"
    st.markdown(
        "Say what each column holds. Next time a file with these headings is recognised by itself; "
        "its period is looked for afresh in every file."
    )
    sheet, row = _place(workbook, key)
    suggestion = mapping.suggest(workbook, sheet=sheet, header_row=row)
    sources = [source for source, about in maps.sources().items() if about["signal"] != ""]
    left, right = st.columns(2)
    source = left.selectbox(
        "Whose figures are these?",
        sources,
        index=sources.index(suggestion.source) if suggestion.source in sources else None,
        format_func=lambda s: maps.source(s)["title"],
        placeholder="Choose a source",
        key=f"{key} source",
    )
    title = right.text_input(
        "Name of this layout", value=suggestion.profile.name, key=f"{key} name", max_chars=60
    )
    if not source:
        st.caption("Choose a source to go on.")
        return
    edited = _columns(suggestion, source, key)
    period = _period(suggestion.period, key)
    with st.expander("More choices"):
        grains = ["", *(grain.value for grain in Grain)]
        grain = st.selectbox(
            "Level of organisation",
            grains,
            format_func=lambda g: (
                GRAIN_TITLES[Grain(g)][1].capitalize() if g else "The usual one of this source"
            ),
            key=f"{key} grain",
        )
        blanks = st.selectbox(
            "A blank result means",
            list(BLANK_TITLES),
            format_func=BLANK_TITLES.__getitem__,
            key=f"{key} blanks",
        )
    profile = replace(
        suggestion.profile,
        name=folded(title).replace(" ", "_") or "mapping",
        source=source,
        columns={
            one["role"]: one["heading"] for one in edited if one["role"] not in (LEAVE_OUT, "value")
        },
        values=tuple(
            mapping.ValueColumn(
                mapping.with_year_mark(one["heading"]),
                one["measure"] or "overall",
                one["unit"] or "percentage",
            )
            for one in edited
            if one["role"] == "value"
        ),
        period=period,
        sheet="" if workbook.is_csv or len(workbook.sheet_names) == 1 else sheet,
        grain=grain or "",
        blanks=blanks or "unknown",
    )
    _preview(profile, workbook, key)


def _place(workbook: Workbook, key: str) -> tuple[str, int]:
    first = mapping.suggest(workbook)
    sheet, row = first.sheet, first.header_row
    left, right = st.columns(2)
    if not workbook.is_csv and len(workbook.sheet_names) > 1:
        sheet = (
            left.selectbox(
                "Sheet",
                workbook.sheet_names,
                index=workbook.sheet_names.index(first.sheet),
                key=f"{key} sheet",
            )
            or sheet
        )
    row = (
        int(
            right.number_input(
                "Row with the headings",
                min_value=1,
                value=row + 1,
                step=1,
                key=f"{key} row {sheet}",
            )
        )
        - 1
    )
    top = workbook.sheet(sheet).rows[: row + 6]
    width = max((len(line) for line in top), default=0)
    preview = pd.DataFrame(
        [
            [state.cell_masked(str(cell)) for cell in line] + [""] * (width - len(line))
            for line in top
        ],
        columns=[column_letter(at) for at in range(width)],
        index=range(1, len(top) + 1),
    )
    st.dataframe(preview, height=220, key=f"{key} top", alt="The first rows of the file")
    return sheet, row


def _columns(suggestion: mapping.Suggestion, source: str, key: str) -> list[dict[str, str]]:
    """What each column holds, as the person left it: heading, role, measure and unit."""
    measures = [measure for owner, measure in maps.measures() if owner == source] or ["overall"]
    rows = pd.DataFrame(
        [
            {
                "heading": guess.heading,
                "examples": ", ".join(state.cell_masked(one) for one in guess.examples),
                "role": guess.role or LEAVE_OUT,
                "measure": (
                    guess.measure
                    if guess.measure in measures
                    else (measures[0] if guess.role == "value" else "")
                ),
                "unit": guess.unit if guess.role == "value" else "",
            }
            for guess in suggestion.columns
        ]
    )
    if suggestion.misspelt:
        meant = "; ".join(
            f"**{word}** by ‘{show.escape(heading)}’"
            for heading, word in suggestion.misspelt.items()
        )
        st.markdown(
            f":material/spellcheck: Did you mean {meant}? So it is taken below: change it there if not, "
            "or mend the heading in the file."
        )
    edited = st.data_editor(
        rows,
        hide_index=True,
        key=f"{key} columns {source} {suggestion.sheet} {suggestion.header_row}",
        disabled=["heading", "examples"],
        column_config={
            "heading": st.column_config.TextColumn("Heading"),
            "examples": st.column_config.TextColumn("For example", width="medium"),
            "role": st.column_config.SelectboxColumn(
                "Holds",
                options=list(ROLE_TITLES),
                format_func=lambda role: ROLE_TITLES.get(str(role), str(role)),
                width="medium",
            ),
            "measure": st.column_config.SelectboxColumn(
                "Measure",
                options=["", *measures],
                format_func=lambda m: (
                    maps.measures().get((source, str(m)), {}).get("title", str(m))
                ),
            ),
            "unit": st.column_config.SelectboxColumn(
                "Written as",
                options=["", *UNIT_TITLES],
                format_func=lambda u: UNIT_TITLES.get(str(u), ""),
            ),
        },
        alt="What each column holds",
    ).fillna("")
    return [
        {name: str(row[name]) for name in ("heading", "role", "measure", "unit")}
        for row in edited.to_dict(orient="records")
    ]


def _period(suggested: mapping.PeriodRule, key: str) -> mapping.PeriodRule:
    left, middle, right = st.columns(3)
    found_in = left.selectbox(
        "The period stands",
        list(FOUND_TITLES),
        index=list(FOUND_TITLES).index(suggested.found_in),
        format_func=FOUND_TITLES.__getitem__,
        key=f"{key} found",
    )
    kind = middle.selectbox(
        "It is",
        list(KIND_TITLES),
        index=list(KIND_TITLES).index(suggested.kind),
        format_func=KIND_TITLES.__getitem__,
        key=f"{key} kind",
    )
    cell = right.text_input(
        "Cell",
        value=suggested.cell,
        key=f"{key} cell",
        disabled=found_in != "cell",
        placeholder="such as B2",
    )
    return mapping.PeriodRule(found_in or "ask", kind or "any", cell if found_in == "cell" else "")


def _preview(profile: mapping.Profile, workbook: Workbook, key: str) -> None:
    wrong = mapping.faults_of(profile)
    if wrong:
        st.info("\n".join(f"- {one}" for one in wrong), title="Still missing")
        return
    extract = mapping.parse_with(profile, workbook, Asked())
    asks = "period" in extract.needs and profile.period.found_in == "ask"
    for name, frame in extract.frames.items():
        st.markdown(f"**What would be read** ({len(frame):,} figures):")
        st.dataframe(
            load.preview(extract, name, filters.disclosure()),
            hide_index=True,
            key=f"{key} preview",
            alt="The first rows as they would be read",
        )
    others = [fault for fault in extract.faults if not (asks and fault.needs == "period")]
    messages.faults(others)
    if st.button(
        "Remember this layout and use it",
        type="primary",
        key=f"{key} save",
        icon=":material/save:",
        disabled=bool(extract.errors) and not asks,
    ):
        state.save_profile(profile)
        st.rerun()
