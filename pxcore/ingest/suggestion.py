"""Where the mapping wizard starts: what an unknown file seems to hold, from headings and contents.

Nothing in it is certain. A role is preset only where heading and contents both speak for it and no
other column does as well; everything else is left for the person to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import years_in
from pxcore.ingest.fft_scales import patterns_of
from pxcore.ingest.guesses import (
    COMMENT,
    RATED,
    Column,
    ColumnGuess,
    answer_guess,
    column_of,
    figure_guess,
    is_heading,
    organisation_guess,
)
from pxcore.ingest.mapped_answers import two_ways
from pxcore.ingest.platforms import heading_rows, levelled
from pxcore.ingest.profile import (
    ANSWERED,
    ANSWERS,
    FIGURES,
    ORGANISATIONS,
    AnswerColumn,
    PeriodRule,
    Profile,
    ValueColumn,
    find,
    headings_of,
    with_year_mark,
)
from pxcore.ingest.workbook import HEADER_SEARCH_ROWS, Sheet, Workbook
from pxcore.model import Signal

_LOOKED_AT = 200
_UNDER_A_HEADING = 20
_SOURCE_WORDS = (
    ("fft_gp", ("fft gp", "friends and family gp", "gp fft", "fft practice")),
    ("fft_inpatient", ("fft inpatient", "inpatient fft")),
    ("fft_ae", ("fft ae", "fft a and e")),
    ("fft_maternity", ("fft maternity",)),
    ("fft_outpatient", ("fft outpatient",)),
    ("fft_community", ("fft community",)),
    ("fft_mental_health", ("fft mental",)),
    ("gp_survey", ("gpps", "gp patient survey", "gp survey")),
    ("cqc_inpatient", ("cqc inpatient", "adult inpatient", "aip")),
    ("cqc_urgent", ("uec", "urgent and emergency")),
    ("cqc_mental_health", ("cmh", "community mental health")),
    ("cqc_maternity", ("cqc maternity",)),
    ("healthwatch", ("healthwatch",)),
)
# The Friends and Family question, in either wording.
_FFT_QUESTION = patterns_of("name")["question"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where the wizard starts: the sheet, the heading row, what each column seems to be."""

    sheet: str
    header_row: int  # counted from 0
    heading_rows: int
    holds: str  # one of profile.HOLDS
    columns: tuple[ColumnGuess, ...]
    source: str  # "" where nothing points at one
    period: PeriodRule
    profile: Profile  # a first draft, to be confirmed
    notes: tuple[str, ...] = ()  # what was taken away around the table

    @property
    def misspelt(self) -> dict[str, str]:
        """Headings that come close to a known word: heading -> the word."""
        return {guess.heading: guess.meant for guess in self.columns if guess.meant}


def suggest(
    workbook: Workbook,
    sheet: str = "",
    header_row: int | None = None,
    headings: int | None = None,
    holds: str = "",
    source: str = "",
) -> Suggestion:
    """A starting point for the wizard, from headings and contents; nothing in it is certain.

    `sheet`, `header_row` (counted from 0), `headings` (rows), `holds` and `source` are the person's own
    choice, where they made one.
    """
    raw, row = _placed(workbook, sheet, header_row)
    height = headings or heading_rows(raw, row)
    level = levelled(raw, row, height)
    below = [
        line for line in level.sheet.rows[row + 1 :] if any(cells.text(cell) for cell in line)
    ][:_LOOKED_AT]
    columns = [
        column_of(at, title, level.questions[at], [_cell(line, at) for line in below])
        for at, title in enumerate(level.titles)
        if title
    ]
    kind = holds or _likely_holds(columns)
    if kind == ORGANISATIONS:
        source = ""
    elif not source:
        source = _likely_source(workbook, columns)
        if kind == ANSWERS:
            source = _answered_source(source, columns)
    guess = {FIGURES: figure_guess, ANSWERS: answer_guess, ORGANISATIONS: organisation_guess}[kind]
    guesses = _unambiguous(
        [
            replace(guess(column, source), two_ways=_undecided(level.sheet, row, column))
            for column in columns
        ],
        kind,
    )
    period = _likely_period(workbook, guesses, source) if kind == FIGURES else PeriodRule()
    several = len(workbook.sheet_names) > 1 and not raw.is_csv
    draft = _draft(workbook, guesses, kind, source, period, height, raw.name if several else "")
    return Suggestion(raw.name, row, height, kind, guesses, source, period, draft, level.notes)


def _undecided(sheet: Sheet, row: int, column: Column) -> str:
    """A date of the column that may be two days, where no other date of it decides; else ""."""
    below = [_cell(line, column.position) for line in sheet.rows[row + 1 :]] if column.dates else []
    return two_ways(below)


def remembered(profile: Profile, workbook: Workbook | None = None) -> Suggestion:
    """Where the wizard starts to change a profile: as it stands, with what a file of its layout holds."""
    heads = headings_of(profile)
    table = find(profile, workbook) if workbook is not None else None
    if workbook is None or table is None:
        names = dict.fromkeys(heads.values())
        guesses = tuple(ColumnGuess(name, at, "") for at, name in enumerate(names))
        at = {cells.key(guess.heading): guess.column for guess in guesses}
        columns = {name: at[cells.key(heading)] for name, heading in heads.items()}
        draft = Suggestion("", 0, profile.heading_rows, profile.holds, guesses, profile.source,
                           profile.period, profile)  # fmt: skip
    else:
        sheet, header, _ = table
        columns = dict(header.columns)
        draft = suggest(
            workbook, sheet.name, header.first_row, profile.heading_rows, profile.holds,
            profile.source,
        )  # fmt: skip
    roles = {columns[role]: ColumnGuess("", 0, role) for role in profile.columns}
    for position, value in enumerate(profile.values):
        if value.column:
            roles[columns[f"column:{position}"]] = ColumnGuess(
                "", 0, "value", value.unit, value.measure
            )
    for position, answer in enumerate(profile.answers):
        roles[columns[f"answer:{position}"]] = ColumnGuess(
            "", 0, "answer", measure=answer.measure, scale=answer.scale
        )
    merged = []
    for guess in draft.columns:
        own = roles.get(guess.column, ColumnGuess("", 0, ""))
        parts = {part: getattr(own, part) for part in ("role", "unit", "measure", "scale")}
        merged.append(replace(guess, **parts, meant=""))
    return replace(draft, columns=tuple(merged), period=profile.period, profile=profile)


def _cell(line: Sequence[Any], column: int) -> Any:
    return line[column] if column < len(line) else ""


def _placed(workbook: Workbook, sheet: str, header_row: int | None) -> tuple[Sheet, int]:
    likely, row = _likely_header(workbook)
    chosen = workbook.sheet(sheet) if sheet else likely
    if header_row is not None:
        return chosen, min(header_row, max(0, len(chosen.rows) - 1))
    return chosen, row if chosen.name == likely.name else _best_row(chosen)[1]


def _likely_header(workbook: Workbook) -> tuple[Sheet, int]:
    """The row with most words above cells that are none: figures, dates, codes, answers."""
    best = max(workbook.sheets, key=lambda sheet: _best_row(sheet)[0])  # of equals the first
    return best, _best_row(best)[1]


def _best_row(sheet: Sheet) -> tuple[float, int]:
    best = (-1.0, 0)
    for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
        filled = {column: word for column, cell in enumerate(line) if (word := cells.text(cell))}
        words = {word for word in filled.values() if is_heading(word)}
        if len(words) < 2:
            continue
        under = sheet.rows[row + 1 : row + 1 + _UNDER_A_HEADING]
        held = sum(
            any(cells.text(_cell(lower, column)) and not is_heading(cells.text(_cell(lower, column)))
                for lower in under)
            for column in filled
        )  # fmt: skip
        score = len(words) + held - 2 * (len(filled) - len(words))
        if score > best[0]:
            best = (score, row)
    return best


def _likely_holds(columns: Sequence[Column]) -> str:
    """What a row holds: answers where words of a scale stand, figures where numbers do, else names."""
    rated = any(c.numeric and c.scales and RATED.search(c.key) for c in columns)
    remarks = any(c.worded and COMMENT.search(c.key) for c in columns)
    dated = any(column.dated for column in columns)
    if any(c.scales and not c.numeric for c in columns) or (dated and (rated or remarks)):
        return ANSWERS
    figures = any(c.numeric and not c.dated and not c.years for c in columns)
    coded = sum(column.coded for column in columns)
    named = any(column.worded for column in columns)
    return ORGANISATIONS if coded and not figures and (coded > 1 or named) else FIGURES


def _likely_source(workbook: Workbook, columns: Sequence[Column]) -> str:
    text = f" {cells.key(workbook.stem)} {' '.join(column.folded for column in columns)} "
    for source, words in _SOURCE_WORDS:
        if any(f" {word} " in text for word in words):
            return source
    if " fft " in text:
        return "fft_gp" if " gp " in text or "practice" in text else ""
    return ""


def _answered_source(source: str, columns: Sequence[Column]) -> str:
    """Whose answers: by name, else by the Friends and Family question or several questions of a survey."""
    if source:
        return source if source in ANSWERED else "fft_local" if source == "fft_gp" else ""
    questions = [column.folded for column in columns if column.scales and not column.numeric]
    if len(questions) == 1 and _FFT_QUESTION.search(questions[0]):
        return "fft_local"
    if len(questions) > 1 and not any(map(_FFT_QUESTION.search, questions)):
        return "local_survey"
    return ""


def _unambiguous(guesses: Sequence[ColumnGuess], kind: str) -> tuple[ColumnGuess, ...]:
    """A role that can stand once is preset only where one column fits; results may stand many times."""
    times = Counter(guess.role for guess in guesses)
    measured = Counter(guess.measure for guess in guesses if guess.role == "answer")
    unique = []
    for guess in guesses:
        several = guess.role not in ("", "value", "answer") and times[guess.role] > 1
        if several or not guess.role:
            guess = replace(guess, role="", meant="")
        if guess.role == "answer" and measured[guess.measure] > 1:
            guess = replace(guess, measure="")
        unique.append(guess)
    roles = {guess.role for guess in unique}
    if kind == FIGURES and "measure" in roles:  # the row says which measure it is
        unique = [replace(g, measure="") if g.role == "value" else g for g in unique]
    if kind == ORGANISATIONS and "succeeded_on" in roles and "successor" not in roles:
        unique = [replace(g, role="") if g.role == "succeeded_on" else g for g in unique]
    return tuple(unique)


def _draft(
    workbook: Workbook,
    guesses: tuple[ColumnGuess, ...],
    kind: str,
    source: str,
    period: PeriodRule,
    height: int,
    sheet: str,
) -> Profile:
    columns = {
        guess.role: guess.heading for guess in guesses if guess.role not in ("", "value", "answer")
    }
    values = tuple(
        ValueColumn(with_year_mark(guess.heading), guess.measure, guess.unit)
        for guess in guesses
        if guess.role == "value"
    )
    if kind == FIGURES and not values and {"positive", "respondents"} <= columns.keys():
        measures = [measure for owner, measure in maps.measures() if owner == source]
        measure = measures[0] if len(measures) == 1 and "measure" not in columns else ""
        values = (ValueColumn("", measure, "counts"),)
    return Profile(
        name=cells.key(re.sub(r"\d+", " ", workbook.stem)).replace(" ", "_") or "mapping",
        source=source,
        columns=columns,
        values=values,
        period=period,
        sheet=sheet,
        holds=kind,
        answers=tuple(
            AnswerColumn(guess.heading, guess.measure, guess.scale)
            for guess in guesses
            if guess.role == "answer"
        ),
        heading_rows=height,
        service=_likely_service(guesses) if kind == ANSWERS else "",
    )


def _likely_service(guesses: tuple[ColumnGuess, ...]) -> str:
    """General practice, where the column that names the provider speaks of practices or surgeries."""
    heads = " ".join(
        cells.key(f"{guess.heading} {guess.question}")
        for guess in guesses
        if guess.role in ("code", "name")
    )
    return "general_practice" if re.search(r"\b(practice|surgery|gp)\b", heads) else ""


def _likely_period(workbook: Workbook, guesses: tuple[ColumnGuess, ...], source: str) -> PeriodRule:
    if any(guess.role == "period" for guess in guesses):
        return PeriodRule("column", "any")
    survey = source in maps.sources() and maps.source(source)["signal"] == Signal.SURVEY
    if survey and len(years_in(workbook.stem)) == 1:
        return PeriodRule("file_name", "survey_wave")
    if cells.only(cells.months_in(workbook.stem)):
        return PeriodRule("file_name", "month")
    if cells.only(cells.periods_in(workbook.stem)):
        return PeriodRule("file_name", "any")
    return PeriodRule("ask", "any")
