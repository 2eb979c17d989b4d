"""Where the mapping wizard starts: what an unknown file seems to hold, from headings and contents.

Nothing in it is certain. A role is preset only where heading and contents both speak for it and no
other column does as well; everything else is left for the person to say.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells, scales
from pxcore.ingest.columns import ALIKE, years_in
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
from pxcore.ingest.responses import COLUMNS
from pxcore.ingest.workbook import HEADER_SEARCH_ROWS, Sheet, Workbook
from pxcore.model import GROUPS, Signal

MOST_WORDS = 60
_LOOKED_AT = 200
_UNDER_A_HEADING = 20
_MOST = 0.6  # of the filled cells of a column, to say what it holds


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """What one column of an unknown file probably is."""

    heading: str
    column: int
    role: str  # a role of what the rows hold, "value", "answer", or "" (leave out)
    unit: str = ""
    measure: str = ""
    why: str = ""
    examples: tuple[str, ...] = ()
    meant: str = ""  # the word the heading comes close to, where it is none that is known
    scale: str = ""
    question: str = ""  # what stands under the heading in a second heading row
    words: tuple[str, ...] = ()  # different words of the column, at most a few
    two_ways: str = (
        ""  # a date that may be day/month or month/day, where no date of the column decides
    )


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


# --- What a cell is ---------------------------------------------------------------------------

_CODE = re.compile(
    r"(?=.*\d)[A-Z0-9-]{3,8}"
)  # an ODS code, or one of a site or of the demonstration
_DATE = re.compile(
    r"\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}([ T,].*)?|\d{1,2}(st|nd|rd|th)? [A-Za-z]{3,9},? \d{2,4}.*"
)
_LETTERS = re.compile(r"[^\W\d_]")


def _figure(cell: Any) -> float:
    """The number of a cell; letters make a code or a word of it, whatever they look like."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return float(cell)
    word = cells.text(cell)
    if not word or _LETTERS.search(word):
        return float("nan")
    return cells.number(word)[0]


def _is_date(cell: Any) -> bool:
    if isinstance(cell, datetime | date):
        return True
    return isinstance(cell, str) and bool(_DATE.fullmatch(cells.text(cell)))


def _is_code(cell: Any) -> bool:
    word = cells.text(cell)
    return bool(_LETTERS.search(word)) and bool(_CODE.fullmatch(word)) and cells.month(word) is None


def _is_heading(word: str) -> bool:
    """Words, not what a row of data would hold."""
    return bool(
        _LETTERS.search(word)
        and not _is_code(word)
        and not _is_date(word)
        and not (cells.month(word) and len(word) <= 9)
        and np.isnan(_figure(word))
    )


@dataclass(frozen=True, slots=True)
class _Contents:
    """What the cells of one column are."""

    filled: int
    figures: pd.Series
    codes: int
    dates: int
    different: tuple[str, ...]  # words, in order of their appearance
    percent: bool

    def mostly(self, count: int) -> bool:
        return self.filled > 0 and count >= _MOST * self.filled

    @property
    def numeric(self) -> bool:
        return self.mostly(len(self.figures))

    @property
    def worded(self) -> bool:
        return (
            self.filled > 0
            and not self.numeric
            and not self.mostly(self.codes)
            and not self.mostly(self.dates)
        )


def _contents(below: Sequence[Any]) -> _Contents:
    filled = [cell for cell in below if cells.text(cell)]
    figures = pd.Series(
        [number for cell in filled if not np.isnan(number := _figure(cell))], dtype=float
    )
    return _Contents(
        len(filled),
        figures,
        sum(map(_is_code, filled)),
        sum(map(_is_date, filled)),
        tuple(dict.fromkeys(cells.text(cell) for cell in filled)),
        any(cells.text(cell).endswith("%") for cell in filled),
    )


# --- What a heading says ----------------------------------------------------------------------

_ROLE_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "parent",
        re.compile(r"\b(icb|icbs|ics|parent|region|commissioner|sub icb|pcn)\b.*\b(code|ods)\b"),
    ),
    ("code", re.compile(r"\bcode\b|\bods\b|\borg id\b")),
    ("low", re.compile(r"\blow(er)?\b|\blow ?ci\b|\blcl\b")),
    ("high", re.compile(r"\bhigh(er)?\b|\bupper\b|\bhigh ?ci\b|\bucl\b")),
    ("eligible", re.compile(r"\beligible\b|\binvited\b")),
    (
        "value",
        re.compile(
            r"%|\bpct\b|percent|proportion|\bmean\b|\bscore\b|\brate\b|satisf|\beasy\b|^value$"
        ),
    ),
    ("positive", re.compile(r"\bpositive\b|\brecommend")),
    (
        "respondents",
        re.compile(
            r"respon[ds]|\bbase\b|\bn\b|\bcount\b|\btotal\b|\banswers\b|\breviews\b|\basked\b"
        ),
    ),
    ("period", re.compile(r"\bmonth\b|\bperiod\b|\bquarter\b|\bdate\b|\byear\b|\bwave\b")),
    ("service", re.compile(r"\bservice\b|\bsetting\b|\bspecialty\b")),
    ("measure", re.compile(r"\bmeasure\b|\bquestion\b|\bindicator\b")),
    (
        "name",
        re.compile(
            r"\bpractice\b|\btrust\b|\bprovider\b|\bsurgery\b|\borganisation\b|\borganization\b"
            r"|\bhospital\b"
        ),
    ),
)
_PLACE_WORDS = re.compile(
    r"\b(surgery|practice|medical|cent(re|er)|hospitals?|trust|health|clinic|infirmary|"
    r"partnership|doctors?)\b"
)
_PERSONAL = re.compile(r"\b(e ?mail|ip|phone number|first name|last name|surname|postcode)\b")
_COMMENT = re.compile(
    r"\bwhy\b|\bcomments?\b|\btell us\b|\bfeedback\b|\bfree text\b|\bimprove|\banything else\b"
    r"|\bbetter\b|\bstory\b|\breview\b"
)
_PERSON_ID = re.compile(r"^((respon(se|dent)|submission|review|story|feedback) ?)?ids?$")
_FORMER = re.compile(r"\b(new|successor|successors|became)\b.*\bcode\b|\bsuccessor\b")
_RATED = re.compile(r"\brating\b|\bstars?\b|\bscore\b|\bcriticality\b")
_ANSWER_GROUPS = {
    group: {cells.key(head) for head in COLUMNS[group]} for group in GROUPS if group in COLUMNS
}
# Words of headings that may be misspelt; shorter ones are alike by chance.
_MEANT: Mapping[str, str] = {
    **dict.fromkeys(("provider", "practice", "organisation", "organization", "surgery"), "name"),
    **dict.fromkeys(("period", "month", "quarter"), "period"),
    **dict.fromkeys(("measure", "question", "indicator"), "measure"),
    **dict.fromkeys(("positive", "recommended"), "positive"),
    **dict.fromkeys(("respondents", "responses", "answers", "reviews"), "respondents"),
    **dict.fromkeys(("percentage", "percent", "proportion", "satisfaction", "score"), "value"),
    **dict.fromkeys(("eligible", "invited"), "eligible"),
    **dict.fromkeys(("service", "specialty"), "service"),
    **dict.fromkeys(("lower",), "low"),
    **dict.fromkeys(("higher", "upper"), "high"),
}
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
_MEASURE_WORDS = (
    ("phone", ("phone", "telephone")),
    ("appointment_time", ("appointment time",)),
    ("website", ("website",)),
    ("app", ("nhs app", "app")),
    ("reception", ("reception",)),
    ("preferred", ("preferred",)),
    ("listened", ("listen",)),
    ("care", ("care and concern",)),
    ("appointment", ("appointment", "booking")),
    ("contact", ("contact", "access")),
    ("overall", ("overall", "positive", "satisf", "recommend", "experience")),
)
# The Friends and Family question, in either wording.
_FFT_QUESTION = re.compile(r"experience of our service|friends and family|recommend (us|our)")


# --- Suggesting -------------------------------------------------------------------------------


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
    raw_columns = [
        (column, title, level.questions[column], [_cell(line, column) for line in below])
        for column, title in enumerate(level.titles)
        if title
    ]
    contents = {column: _contents(under) for column, _, _, under in raw_columns}
    kind = holds or _likely_holds(raw_columns, contents)
    if kind == ORGANISATIONS:
        source = ""
    elif not source:
        source = _likely_source(
            workbook, [f"{title} {question}" for _, title, question, _ in raw_columns]
        )
        if kind == ANSWERS:
            source = _answered_source(source, raw_columns, contents)
    guess = {FIGURES: _figure_guess, ANSWERS: _answer_guess, ORGANISATIONS: _organisation_guess}
    columns = tuple(
        replace(
            guess[kind](title, question, contents[column], source),
            column=column,
            question=question,
            words=contents[column].different[:MOST_WORDS],
            two_ways=(
                two_ways([_cell(line, column) for line in level.sheet.rows[row + 1 :]])
                if contents[column].dates
                else ""
            ),
        )
        for column, title, question, _ in raw_columns
    )
    columns = _unambiguous(columns, kind)
    period = _likely_period(workbook, columns, source) if kind == FIGURES else PeriodRule()
    several = len(workbook.sheet_names) > 1 and not raw.is_csv
    draft = _draft(workbook, columns, kind, source, period, height, raw.name if several else "")
    return Suggestion(raw.name, row, height, kind, columns, source, period, draft, level.notes)


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
        meant = roles.get(guess.column, ColumnGuess("", 0, ""))
        merged.append(
            replace(
                guess,
                role=meant.role,
                unit=meant.unit,
                measure=meant.measure,
                scale=meant.scale,
                meant="",
            )
        )
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
    """The row of most words that stand over what is none: figures, dates, codes, answers."""
    best = max(workbook.sheets, key=lambda sheet: _best_row(sheet)[0])  # of equals the first
    return best, _best_row(best)[1]


def _best_row(sheet: Sheet) -> tuple[float, int]:
    best = (-1.0, 0)
    for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
        filled = {column: word for column, cell in enumerate(line) if (word := cells.text(cell))}
        words = {word for word in filled.values() if _is_heading(word)}
        if len(words) < 2:
            continue
        under = sheet.rows[row + 1 : row + 1 + _UNDER_A_HEADING]
        held = sum(
            any(cells.text(_cell(lower, column)) and not _is_heading(cells.text(_cell(lower, column)))
                for lower in under)
            for column in filled
        )  # fmt: skip
        score = len(words) + held - 2 * (len(filled) - len(words))
        if score > best[0]:
            best = (score, row)
    return best


RawColumns = Sequence[tuple[int, str, str, list[Any]]]


def _likely_holds(raw_columns: RawColumns, contents: Mapping[int, _Contents]) -> str:
    """What a row holds: answers where words of a scale stand, figures where numbers do, else names."""
    keys = {column: cells.key(title) for column, title, _, _ in raw_columns}
    answered = [column for column, held in contents.items() if _fits(held) and not held.numeric]
    if answered:
        return ANSWERS
    dated = any(held.mostly(held.dates) for held in contents.values())
    rated = any(
        held.numeric and _fits(held) and _RATED.search(keys[c]) for c, held in contents.items()
    )
    remarks = any(held.worded and _COMMENT.search(keys[c]) for c, held in contents.items())
    if dated and (rated or remarks):
        return ANSWERS
    figures = any(
        held.numeric and not held.mostly(held.dates) and not _looks_like_years(held)
        for held in contents.values()
    )
    coded = [held for held in contents.values() if held.mostly(held.codes)]
    if coded and not figures and (len(coded) > 1 or any(held.worded for held in contents.values())):
        return ORGANISATIONS
    return FIGURES


def _fits(contents: _Contents) -> tuple[str, ...]:
    if not contents.filled or len(contents.different) > 15:
        return ()
    return scales.fitting(contents.different)


def _looks_like_years(contents: _Contents) -> bool:
    return bool(contents.figures.between(1990, 2100).all()) or bool(
        contents.figures.between(19000101, 21001231).all()
    )


def _likely_source(workbook: Workbook, line: Iterable[Any]) -> str:
    text = f" {cells.key(workbook.stem)} {' '.join(cells.key(cell) for cell in line)} "
    for source, words in _SOURCE_WORDS:
        if any(f" {word} " in text for word in words):
            return source
    if " fft " in text:
        return "fft_gp" if " gp " in text or "practice" in text else ""
    return ""


def _answered_source(
    source: str, raw_columns: RawColumns, contents: Mapping[int, _Contents]
) -> str:
    """Whose answers: by name, else by the Friends and Family question or several questions of a survey."""
    if source in ANSWERED:
        return source
    if source:
        return "fft_local" if source == "fft_gp" else ""
    questions = [
        cells.key(f"{title} {question}")
        for column, title, question, _ in raw_columns
        if _fits(contents[column]) and not contents[column].numeric
    ]
    if len(questions) == 1 and _FFT_QUESTION.search(questions[0]):
        return "fft_local"
    if len(questions) > 1 and not any(map(_FFT_QUESTION.search, questions)):
        return "local_survey"
    return ""


def _figure_guess(heading: str, question: str, contents: _Contents, source: str) -> ColumnGuess:
    folded = cells.key(f"{heading} {question}")
    read = contents.figures
    role = next((role for role, words in _ROLE_WORDS if words.search(folded)), "")
    meant = "" if role else _close_word(cells.key(heading))
    role = role or _MEANT.get(meant, "")
    counts = ("positive", "respondents", "eligible")
    if role in ("value", "low", "high", *counts) and contents.filled and not contents.numeric:
        role = ""
    if role in counts and bool((read % 1 != 0).any()):
        role = "value" if role == "positive" else ""
    if role in ("name", "code", "parent", "measure", "service") and contents.numeric:
        role = "period" if role == "name" and bool(read.between(1990, 2100).all()) else ""
    if role in ("name", "code") and contents.filled:
        role = "code" if contents.mostly(contents.codes) else "name" if role == "name" else ""
    if not role and contents.mostly(contents.codes) and "id" not in folded.split():
        role = "code"
    if not role and contents.numeric and bool((read % 1 != 0).any()) and float(read.max()) <= 100:
        role = "value"
    examples = contents.different[:3]
    if role != "value":
        why = f"by its heading ‘{heading}’ and what it holds" if role else ""
        return ColumnGuess(
            heading, 0, role, why=why, examples=examples, meant=meant if role else ""
        )
    unit = cells.proportions(read, pd.Series([contents.percent]))[1]
    if re.search(r"\bmean\b|\bscore\b", folded) and (not len(read) or float(read.max()) <= 10):
        unit = "score"
    return ColumnGuess(
        heading, 0, "value", unit, _measure_in(folded, source), "numbers between 0 and 100",
        examples, meant,
    )  # fmt: skip


def _measure_in(folded: str, source: str) -> str:
    """The measure of a source whose words stand in a heading; "" where none or several do."""
    known = {measure for owner, measure in maps.measures() if owner == source}
    named = [
        name
        for name, words in _MEASURE_WORDS
        if name in known and any(re.search(rf"\b{word}", folded) for word in words)
    ]
    special = [name for name in named if name not in ("overall", "contact")]
    if "appointment_time" in special:
        special = [name for name in special if name != "appointment"]
    if len(special) <= 1:
        return next(iter([*special, *named]), "")
    return ""


def _answer_guess(heading: str, question: str, contents: _Contents, source: str) -> ColumnGuess:
    folded = cells.key(f"{heading} {question}")
    examples = contents.different[:3]
    own = {word for text in (heading, question) if (word := cells.key(text))}
    fits = _fits(contents)
    role, scale = "", ""
    if _PERSONAL.search(folded):
        role = ""
    elif any(own & heads for heads in _ANSWER_GROUPS.values()):
        role = next(group for group, heads in _ANSWER_GROUPS.items() if own & heads)
    elif fits and (not contents.numeric or _RATED.search(folded)):
        role, scale = "answer", fits[0] if len(fits) == 1 else ""
        if "yes" in fits or "no" in fits:
            role = ""  # yes to what?
    elif contents.mostly(contents.dates):
        role = "date"
    elif contents.mostly(contents.codes) and not _PERSON_ID.search(cells.key(heading)):
        role = "code"
    elif any(_PERSON_ID.search(word) for word in own):
        role = "response" if len(contents.different) == contents.filled else "author"
    elif contents.worded and _COMMENT.search(folded):
        role = "comment"
    elif contents.worded and (
        any(words.search(folded) for name, words in _ROLE_WORDS if name == "name")
        or sum(bool(_PLACE_WORDS.search(cells.key(word))) for word in contents.different)
        >= _MOST * len(contents.different)
    ):
        role = "name"
    why = f"by its heading ‘{heading}’ and what it holds" if role else ""
    measure = _measure_in(folded, source) if role == "answer" else ""
    if role == "answer" and source == "fft_local":
        measure = "overall"
    return ColumnGuess(heading, 0, role, "", measure, why, examples, scale=scale)


def _organisation_guess(
    heading: str,
    question: str,
    contents: _Contents,
    source: str,  # noqa: ARG001  as of the other kinds
) -> ColumnGuess:
    folded = cells.key(f"{heading} {question}")
    role = ""
    coded = contents.mostly(contents.codes)
    if coded and _FORMER.search(folded):
        role = "successor"
    elif coded and re.search(r"\b(icb|ics|parent|region|commissioner|pcn|belongs)\b", folded):
        role = "parent"
    elif coded:
        role = "code"
    elif re.search(r"\bclosed?\b|\bclosing\b", folded) and not contents.worded:
        role = "closed"
    elif re.search(r"\bopen(ed)?\b|\bopening\b", folded) and not contents.worded:
        role = "opened"
    elif contents.filled and not contents.worded and re.search(r"\bdate\b|\bon\b", folded):
        role = "succeeded_on"
    elif re.search(r"\bpostcode\b", folded):
        role = "postcode"
    elif contents.worded and re.search(r"\b(icb|ics|parent|region|commissioner|pcn)\b", folded):
        role = "parent_name"
    elif contents.worded and re.search(r"\bname\b|\bpractice\b|\btrust\b|\borganisation\b", folded):
        role = "name"
    why = f"by its heading ‘{heading}’ and what it holds" if role else ""
    return ColumnGuess(heading, 0, role, why=why, examples=contents.different[:3])


def _close_word(heading: str) -> str:
    """The known word that a word of a heading comes close to without being it, or “”."""
    for word in heading.split():
        close = get_close_matches(word, _MEANT, n=1, cutoff=ALIKE)
        if close and word != close[0]:
            return close[0]
    return ""


def _unambiguous(guesses: tuple[ColumnGuess, ...], kind: str) -> tuple[ColumnGuess, ...]:
    """A role that can stand once is preset only where one column fits; results may stand many times."""
    times = Counter(guess.role for guess in guesses)
    measured = Counter(guess.measure for guess in guesses if guess.role == "answer")
    unique = []
    for guess in guesses:
        role, measure = guess.role, guess.measure
        if role not in ("", "value", "answer") and times[role] > 1:
            role = ""
        if role == "answer" and measured[measure] > 1:
            measure = ""
        unique.append(replace(guess, role=role, measure=measure, meant=guess.meant if role else ""))
    roles = {guess.role for guess in unique}
    if kind == FIGURES and "measure" in roles:  # the row says which measure it is
        unique = [
            replace(guess, measure="" if guess.role == "value" else guess.measure)
            for guess in unique
        ]
    if kind == ORGANISATIONS and "succeeded_on" in roles and "successor" not in roles:
        unique = [
            replace(guess, role="") if guess.role == "succeeded_on" else guess for guess in unique
        ]
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
