"""The mapping wizard: a person says once what an unknown file holds, and it is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from pxcore import maps
from pxcore.ingest import Workbook, mapping, open_workbook
from pxcore.ingest.cells import column_letter
from pxcore.ingest.cells import key as folded
from pxcore.ingest.guesses import ColumnGuess
from pxcore.ingest.mapped_answers import as_day_and_month
from pxcore.ingest.platforms import MOST_HEADING_ROWS
from pxcore.ingest.profile import (
    ANSWERED,
    ANSWERS,
    DAY_FIRST,
    FIGURES,
    HOLDS,
    MONTH_FIRST,
    ORGANISATIONS,
    ROLES_OF,
    AnswerColumn,
    PeriodRule,
    Profile,
    ValueColumn,
    faults_of,
    with_year_mark,
)
from pxcore.ingest.scales import SCALES
from pxcore.ingest.suggestion import Suggestion, remembered, suggest
from pxcore.model import GRAIN_TITLES, Grain
from pxcore.ui import show, state
from pxcore.ui.wizard_preview import preview

LEAVE_OUT = ""
RESULT_ROLES = {
    FIGURES: {"value": "A result (percentage, proportion or score)"},
    ANSWERS: {"answer": "An answer"},
    ORGANISATIONS: {},
}
UNIT_TITLES = {
    "percentage": "percentage, 0–100",
    "proportion": "proportion, 0–1",
    "score": "score on its own scale",
}
PLACE_TITLES = {
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
MOST_ROWS = 14  # columns put to a person at once; of more, those needed are picked first
MOST_MEASURE_WORDS = 30
LONGEST_EXAMPLE = 40


def panel(
    name: str, content: bytes, file_id: str, profile: Profile | None = None
) -> Profile | None:
    """The wizard for one file, to change `profile` if there is one; the layout to remember, once asked for.

    1 what a row holds, 2 which column is which, 3 how the period is found, 4 preview, 5 remember.
    """
    workbook = open_workbook(name, content)
    key = f"wizard {file_id}{f' {profile.name}' if profile else ''}"
    first = remembered(profile, workbook) if profile else suggest(workbook)
    st.markdown("**1 · What does a row hold?**")
    holds = _holds(first, key)
    sheet, row, height = _place(workbook, first, key)
    same_place = (sheet, row, height, holds) == (
        first.sheet, first.header_row, first.heading_rows, first.holds,
    )  # fmt: skip
    draft = first if same_place else suggest(workbook, sheet, row, height, holds)
    return _steps(draft, workbook, profile, key)


def edit(profile: Profile) -> Profile | None:
    """The wizard for a remembered layout without a file of it: its own columns alone, no preview."""
    draft = remembered(profile)
    st.caption("Drop a file of this layout to change more, and to see what would be read.")
    return _steps(draft, None, profile, f"edit {profile.name}")


def _steps(
    draft: Suggestion, workbook: Workbook | None, before: Profile | None, key: str
) -> Profile | None:
    st.markdown("**2 · Which column is which?**")
    source = "" if draft.holds == ORGANISATIONS else _source(draft, key)
    if draft.holds != ORGANISATIONS and not source:
        st.caption("Choose a source to go on.")
        return None
    if workbook is not None and source != draft.source:
        draft = suggest(
            workbook, draft.sheet, draft.header_row, draft.heading_rows, draft.holds, source
        )
    columns = _columns(draft, source, f"{key} {draft.holds} {draft.sheet} {draft.header_row}")
    profile = replace(
        draft.profile,
        source=source,
        holds=draft.holds,
        heading_rows=draft.heading_rows,
        columns={
            guess.role: guess.heading
            for guess in columns
            if guess.role not in (LEAVE_OUT, "value", "answer")
        },
        values=(),
        answers=(),
    )
    wrong = _roles_twice(columns)
    if draft.holds == FIGURES:
        profile = _figures(profile, draft, columns, key)
    elif draft.holds == ANSWERS:
        profile = _answers(profile, columns, key)
    else:
        profile = _organisations(profile, key)
    wrong += faults_of(profile)
    if wrong:
        st.info("\n".join(f"- {show.escape(item)}" for item in wrong), title="Still missing")
        return None
    number = 4 if draft.holds == FIGURES else 3
    refused = False
    if workbook is not None:
        st.markdown(f"**{number} · What would be read**")
        refused = preview(profile, workbook, draft.holds == FIGURES, key)
        st.markdown(f"**{number + 1} · Remember and load**")
    profile, name_wrong = _named(profile, before, key)
    if name_wrong:
        st.info(show.escape(name_wrong))
    pressed = st.button(
        "Remember this layout and load the file" if workbook else "Remember the change",
        type="primary",
        key=f"{key} save",
        icon=":material/save:",
        disabled=refused or bool(name_wrong),
    )
    return profile if pressed else None


# --- 1: what a row holds, and where the table starts --------------------------------------------


def _holds(first: Suggestion, key: str) -> str:
    return str(
        st.radio(
            "A row of this file holds",
            list(HOLDS),
            index=list(HOLDS).index(first.holds),
            format_func=HOLDS.__getitem__,
            key=f"{key} holds",
            label_visibility="collapsed",
        )
    )


def _place(workbook: Workbook, first: Suggestion, key: str) -> tuple[str, int, int]:
    sheet, row, height = first.sheet, first.header_row, first.heading_rows
    last = row + height
    where = f"row {row + 1}" if height == 1 else f"rows {row + 1} to {last}"
    with st.expander(f"The headings stand in {where}", icon=":material/table_rows:"):
        for note in first.notes:
            st.caption(show.escape(note))
        left, middle, right = st.columns(3)
        if not workbook.is_csv and len(workbook.sheet_names) > 1:
            sheet = str(
                left.selectbox(
                    "Sheet",
                    workbook.sheet_names,
                    index=workbook.sheet_names.index(sheet),
                    key=f"{key} sheet",
                )
            )
        if sheet != first.sheet:
            suggested = suggest(workbook, sheet)
            row, height = suggested.header_row, suggested.heading_rows
        row = int(
            middle.number_input(
                "Row with the headings", min_value=1, value=row + 1, key=f"{key} row {sheet}"
            )
        )
        height = int(
            right.number_input(
                "Rows they take",
                min_value=1,
                max_value=MOST_HEADING_ROWS,
                value=height,
                key=f"{key} height {sheet} {row}",
                help="Survey platforms put the options or identifiers under the questions.",
            )
        )
        _top(workbook.sheet(sheet).rows[: row + height + 4], key)
    return sheet, row - 1, height


def _top(lines: Sequence[Sequence[object]], key: str) -> None:
    width = max((len(line) for line in lines), default=0)
    shown = pd.DataFrame(
        [
            [state.cell_masked(str(cell)) for cell in line] + [""] * (width - len(line))
            for line in lines
        ],
        columns=[column_letter(at) for at in range(width)],
        index=range(1, len(lines) + 1),
    )
    st.dataframe(shown, height=220, key=f"{key} top", alt="The first rows of the file")


# --- 2: which column is which -------------------------------------------------------------------


def _source(draft: Suggestion, key: str) -> str:
    sources = list(ANSWERED) if draft.holds == ANSWERS else list(maps.figure_sources())
    return str(
        st.selectbox(
            "Whose answers are these?" if draft.holds == ANSWERS else "Whose figures are these?",
            sources,
            index=sources.index(draft.source) if draft.source in sources else None,
            format_func=lambda s: maps.source(s)["title"],
            placeholder="Choose a source",
            key=f"{key} source {draft.holds}",
        )
        or ""
    )


def _columns(draft: Suggestion, source: str, key: str) -> list[ColumnGuess]:
    """What each column holds, as the person left it."""
    if draft.misspelt:
        meant = "; ".join(
            f"**{word}** by ‘{show.escape(heading)}’" for heading, word in draft.misspelt.items()
        )
        st.markdown(
            f":material/spellcheck: Did you mean {meant}? So it is taken below: change it there if "
            "not, or mend the heading in the file."
        )
    guesses = list(draft.columns)
    if len(guesses) > MOST_ROWS:
        names = {guess.heading: guess for guess in guesses}
        picked = st.multiselect(
            f"Which of the {len(guesses)} columns are needed?",
            list(names),
            default=[guess.heading for guess in guesses if guess.role],
            key=f"{key} picked {source}",
        )
        guesses = [names[heading] for heading in picked]
    with st.container(border=True):
        return [_column(guess, draft, source, key) for guess in guesses]


def _column(guess: ColumnGuess, draft: Suggestion, source: str, key: str) -> ColumnGuess:
    titles = {LEAVE_OUT: "Leave out", **RESULT_ROLES[draft.holds], **ROLES_OF[draft.holds]}
    key = f"{key} {source} {guess.column}"
    about, what, more = st.columns([0.34, 0.32, 0.34], vertical_alignment="center")
    shown = ", ".join(state.cell_masked(item)[:LONGEST_EXAMPLE] for item in guess.examples[:2])
    question = f"{guess.question} · " if guess.question else ""
    about.markdown(
        f"**{show.escape(guess.heading)}**  \n:gray[{show.escape(f'{question}{shown}'[:90]) or '–'}]"
    )
    role = str(
        what.selectbox(
            f"‘{guess.heading}’ holds",
            list(titles),
            index=list(titles).index(guess.role) if guess.role in titles else 0,
            format_func=titles.__getitem__,
            key=f"{key} role",
            label_visibility="collapsed",
        )
    )
    guess = replace(guess, role=role)
    if role not in ("value", "answer"):
        return replace(guess, measure="", unit="", scale="")
    stated_by_row = role == "value" and any(item.role == "measure" for item in draft.columns)
    measure = _measure(
        source, f"What ‘{guess.heading}’ measures", guess.measure, key, more, stated_by_row
    )
    if role == "value":
        unit = more.selectbox(
            f"‘{guess.heading}’ is written as",
            list(UNIT_TITLES),
            index=list(UNIT_TITLES).index(guess.unit) if guess.unit in UNIT_TITLES else 0,
            format_func=UNIT_TITLES.__getitem__,
            key=f"{key} unit",
            label_visibility="collapsed",
        )
        return replace(guess, measure=measure, unit=str(unit))
    scale = more.selectbox(
        f"The scale of ‘{guess.heading}’",
        list(SCALES),
        index=list(SCALES).index(guess.scale) if guess.scale in SCALES else None,
        format_func=lambda item: SCALES[item].title,
        placeholder="Which scale is it?",
        key=f"{key} scale",
        label_visibility="collapsed",
    )
    if scale:
        _counted(guess.words, str(scale))
    return replace(guess, measure=measure, scale=str(scale or ""))


def _measure(
    source: str, label: str, usual: str, key: str, where: object, stated_by_row: bool = False
) -> str:
    """A measure of the source; the only one there is needs no choosing."""
    measures = [measure for owner, measure in maps.measures() if owner == source]
    offered = ["", *measures] if stated_by_row else measures
    only = measures[0] if len(measures) == 1 and not stated_by_row else usual
    return str(
        where.selectbox(  # type: ignore[attr-defined]
            label,
            offered,
            index=offered.index(only) if only in offered else None,
            format_func=lambda m: maps.measures()[source, m]["title"] if m else "said by the row",
            placeholder="What does it measure?",
            key=f"{key} measure",
            label_visibility="collapsed",
        )
        or ""
    )


def _counted(words: Sequence[str], scale: str) -> None:
    """How the words of a column would count: for a person to confirm the scale."""
    sorts: dict[str, list[str]] = {"positive": [], "not positive": [], "not counted": []}
    for word in words:
        meant = SCALES[scale].meaning(word)
        if meant is None or meant.positive != meant.positive and meant.score != meant.score:
            sorts["not counted"].append(word)
        elif meant.positive == meant.positive:
            sorts["positive" if meant.positive else "not positive"].append(word)
    parts = [
        f"{title.capitalize()}: {', '.join(show.escape(state.cell_masked(word)) for word in sort[:6])}"
        + (" …" if len(sort) > 6 else "")
        for title, sort in sorts.items()
        if sort
    ]
    st.caption(" · ".join(parts) or "Kept as a score.")


def _roles_twice(columns: Sequence[ColumnGuess]) -> list[str]:
    roles = [guess.role for guess in columns if guess.role not in (LEAVE_OUT, "value", "answer")]
    return [
        "Two columns are said to be the same: "
        + " and ".join(f"‘{guess.heading}’" for guess in columns if guess.role == role)
        + "."
        for role in dict.fromkeys(roles)
        if roles.count(role) > 1
    ]


def _figures(
    profile: Profile, draft: Suggestion, columns: Sequence[ColumnGuess], key: str
) -> Profile:
    source = profile.source
    values = [
        ValueColumn(with_year_mark(guess.heading), guess.measure, guess.unit)
        for guess in columns
        if guess.role == "value"
    ]
    words = dict(profile.words)
    if "measure" in profile.columns:
        words["measure"] = _measure_words(profile, columns, key)
    if not values and {"positive", "respondents"} <= profile.columns.keys():
        measure = ""
        if "measure" not in profile.columns:
            st.markdown("The positive answers out of all answers are of")
            usual = next((item.measure for item in draft.profile.values), "")
            measure = _measure(
                source, "What the counts measure", usual, f"{key} counts {source}", st
            )
        values = [ValueColumn("", measure, "counts")]
    st.markdown("**3 · How is the period found?**")
    period = _period(draft.period, "period" in profile.columns, key)
    published = False
    if source in maps.confidential_sources():
        published = st.toggle(
            "These figures are published (as in board papers or on a web site)",
            value=profile.published,
            key=f"{key} published {source}",
            help="Counts of single responses that nobody publishes are shown with a small noise, and "
            "under 5 as “fewer than 5”. Published figures are shown as printed.",
        )
    with st.expander("More choices"):
        grain = _grain("Level of organisation", profile.grain, "The usual one of this source", key)
        service = _service(profile.service, key) if not maps.source(source)["service"] else ""
        blanks = st.selectbox(
            "A blank result means",
            list(BLANK_TITLES),
            index=list(BLANK_TITLES).index(profile.blanks),
            format_func=BLANK_TITLES.__getitem__,
            key=f"{key} blanks",
        )
    return replace(
        profile,
        values=tuple(values),
        words=words,
        period=period,
        grain=grain,
        service=service,
        published=published,
        blanks=str(blanks),
    )


def _measure_words(profile: Profile, columns: Sequence[ColumnGuess], key: str) -> dict[str, str]:
    """Which of our measures each word of the file's own measure column stands for."""
    source = profile.source
    known = mapping.measure_word(source)
    remembered_words = profile.words.get("measure", {})
    chosen = dict(remembered_words)
    measures = ["", *(measure for owner, measure in maps.measures() if owner == source)]
    words = next((guess.words for guess in columns if guess.role == "measure"), ())
    st.markdown("What the rows measure, in the file's own words:")
    with st.container(border=True):
        for word in (words or tuple(remembered_words))[:MOST_MEASURE_WORDS]:
            left, right = st.columns([0.5, 0.5], vertical_alignment="center")
            left.markdown(show.escape(state.cell_masked(word)))
            usual = remembered_words.get(word, known(word))
            measure = right.selectbox(
                f"‘{word}’ is",
                measures,
                index=measures.index(usual) if usual in measures else 0,
                format_func=lambda m: (
                    maps.measures()[source, m]["title"] if m else "Leave these rows out"
                ),
                key=f"{key} word {source} {word}",
                label_visibility="collapsed",
            )
            if measure != known(word) or word in chosen:
                chosen[word] = str(measure)
        if len(words) > MOST_MEASURE_WORDS:
            st.caption(
                f"{len(words) - MOST_MEASURE_WORDS} more words are taken where they are the name of a "
                "measure, and left out where not."
            )
    return chosen


def _answers(profile: Profile, columns: Sequence[ColumnGuess], key: str) -> Profile:
    dates = profile.dates
    date = next((guess for guess in columns if guess.role == "date"), None)
    if date is not None and (date.two_ways or dates):
        dates = _date_order(date.two_ways, dates, f"{key} {date.column}")
    with st.expander("More choices"):
        service = _service(profile.service, key)
    return replace(
        profile,
        answers=tuple(
            AnswerColumn(guess.heading, guess.measure, guess.scale)
            for guess in columns
            if guess.role == "answer"
        ),
        dates=dates,
        service=service,
        period=PeriodRule(),
    )


def _date_order(example: str, usual: str, key: str) -> str:
    both = as_day_and_month(example)
    titles = (
        {
            order: f"{day.day} {day:%B %Y}"
            for order, day in zip((DAY_FIRST, MONTH_FIRST), both, strict=True)
        }
        if both
        else {DAY_FIRST: "day first", MONTH_FIRST: "month first"}
    )
    return str(
        st.radio(
            f"‘{example}’ is" if both else "Dates in numbers are",
            list(titles),
            index=list(titles).index(usual) if usual in titles else None,
            format_func=titles.__getitem__,
            horizontal=True,
            key=f"{key} order",
        )
        or ""
    )


def _service(usual: str, key: str) -> str:
    services = ["", *maps.service_titles()]
    return str(
        st.selectbox(
            "Service, where no row says it",
            services,
            index=services.index(usual) if usual in services else 0,
            format_func=lambda s: maps.service_titles().get(s, "Not said"),
            key=f"{key} service",
        )
    )


def _grain(label: str, usual: str, none: str, key: str) -> str:
    grains = ["", *(grain.value for grain in Grain)]
    return str(
        st.selectbox(
            label,
            grains,
            index=grains.index(usual) if usual in grains else 0,
            format_func=lambda g: GRAIN_TITLES[Grain(g)][1].capitalize() if g else none,
            key=f"{key} {label}",
        )
    )


def _organisations(profile: Profile, key: str) -> Profile:
    left, right = st.columns(2)
    with left:
        grain = _grain("The rows are", profile.grain, "Choose a level", key)
    parent = ""
    if "parent" in profile.columns:
        with right:
            parent = _grain("They belong to", profile.parent_grain, "Choose a level", key)
    return replace(profile, grain=grain, parent_grain=parent)


# --- 3: the period ------------------------------------------------------------------------------


def _period(suggested: PeriodRule, column_mapped: bool, key: str) -> PeriodRule:
    usual = "column" if column_mapped else suggested.found_in
    left, middle, right = st.columns(3)
    place = left.selectbox(
        "The period stands",
        list(PLACE_TITLES),
        index=list(PLACE_TITLES).index(usual),
        format_func=PLACE_TITLES.__getitem__,
        key=f"{key} found {column_mapped}",
    )
    kind = middle.selectbox(
        "It is",
        list(KIND_TITLES),
        index=list(KIND_TITLES).index(suggested.kind),
        format_func=KIND_TITLES.__getitem__,
        key=f"{key} kind",
    )
    cell = (
        right.text_input("Cell", value=suggested.cell, key=f"{key} cell", placeholder="such as B2")
        if place == "cell"
        else ""
    )
    return PeriodRule(place or "ask", kind or "any", cell)


# --- 4 and 5: preview, remember -----------------------------------------------------------------


def _named(profile: Profile, before: Profile | None, key: str) -> tuple[Profile, str]:
    """The profile under the name a person gives it; what is wrong with that name."""
    title = st.text_input(
        "Name of this layout",
        value=profile.name,
        key=f"{key} name",
        max_chars=60,
        help="Next time a file with these headings is recognised by itself.",
    )
    name = folded(title).replace(" ", "_")
    wrong = ""
    if not name:
        wrong = "Give the layout a name."
    elif name in state.profiles() and (before is None or name != before.name):
        wrong = f"A layout called ‘{name}’ is remembered already: choose another name."
    return replace(profile, name=name), wrong
