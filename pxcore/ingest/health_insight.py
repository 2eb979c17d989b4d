"""The Health Insight Survey, every four weeks: estimates and their limits by integrated care board.

A workbook has a sheet a question and breakdown, one row an area and answer. Which question is which
measure, and which answers count as good, is data (data/reference/questions.csv); so are the boards' codes
and names (icbs.csv). The publisher's workbook was not at hand: headings are those of its dashboard, and
found by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    data_rows,
    keep_once,
    listed,
    note_header,
    report_periods,
    survey_window,
    windows,
)
from pxcore.ingest.source import Findings, Frames, Request, Source, counted
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Header, Sheet, Workbook, headings
from pxcore.model import Grain, Period, Withheld

NAME = "health_insight"
NATIONAL = "ENGLAND"
TITLE_ROWS = 15  # above the heading, or on a sheet of notes, that may name the survey and its wave

COLUMNS = headings(
    {
        "area": (
            "Integrated care board | ICB | ICB name | Integrated care board name | Area | Area name | "
            "Geography | Geography name | Demographic breakdown | Breakdown | Demographic group | "
            "Category | Characteristic"
        ),
        "code": "Integrated care board code | ICB code | Area code | Geography code | ONS code | Code",
        "kind": "Demographic | Breakdown type | Geography type | Area type | Grouping",
        "question": "Question | Question text",
        "answer": "Response option | Response | Answer | Response category | Answer option",
        "value": (
            "Percent | Percentage | Percentage (%) | Estimate | Estimate (%) | % | Weighted percentage | "
            "Weighted percent | Weighted estimate (%) | Proportion"
        ),
        "low": (
            "LCL | Lower confidence limit | Lower 95% confidence limit | 95% lower confidence limit | "
            "Lower confidence limit (%) | Lower confidence interval | 95% confidence interval lower | "
            "Lower 95% confidence interval | Lower CI | Lower limit | Lower 95% confidence limit (%)"
        ),
        "high": (
            "UCL | Upper confidence limit | Upper 95% confidence limit | 95% upper confidence limit | "
            "Upper confidence limit (%) | Upper confidence interval | 95% confidence interval upper | "
            "Upper 95% confidence interval | Upper CI | Upper limit | Upper 95% confidence limit (%)"
        ),
        "respondents": (
            "Number of responses | Number of respondents | Sample size | Sample count | Unweighted count | "
            "Unweighted base | Unweighted sample size | Responses | Respondents"
        ),
        "wave": "Wave | Wave number | Survey wave",
    }
)
_NEEDS = ("area", "answer", "value", "low", "high")
_SURVEY = re.compile(
    r"\bhealth insight survey\b|\bexperiences of nhs healthcare services in england\b"
)
_BOARD = re.compile(r"\b(?:integrated care boards?|icbs?)\b")
_ENGLAND = {"all", "all adults", "all people", "england", "england all"}
_ENGLAND_CODES = {"E92000001", NATIONAL}
_WAVE = re.compile(r"\bwave[ _-]?(\d{1,3})\b|^(\d{1,3})(?: - responses\b.*)?$")
_DAYS = re.compile(rf"\b(\d{{1,2}}) to (\d{{1,2}}) ({cells.MONTH_NAME}) (20\d\d)\b")
_MERE_NAME = re.compile(r"^(?:the )?nhs | (?:integrated care board|integrated care system|icb)$")


@dataclass(frozen=True, slots=True)
class Stated:
    """One table of the workbook: where it stands and the words above it."""

    sheet: Sheet
    header: Header
    words: str  # folded, its title and what stands with it
    title: str  # as a person finds it


def recognise(workbook: Workbook) -> bool:
    """A table of areas, answers, estimates and limits in a file that names the survey."""
    tables = _tables(workbook)
    return bool(tables) and (_names_survey(workbook) or any(map(_states_waves, tables)))


def _tables(workbook: Workbook) -> list[Stated]:
    tables = []
    for sheet in workbook.sheets:
        header = sheet.find_header(COLUMNS, _NEEDS)
        if header is not None:
            # a title right above the headings may be taken for the upper row of two
            above = [cells.text(cell) for line in sheet.rows[: header.last_row] for cell in line]
            title = next((words for words in above if words), sheet.name)
            tables.append(Stated(sheet, header, cells.key(" ".join(above)), title))
    return tables


def _names_survey(workbook: Workbook) -> bool:
    titles = (
        cells.key(cell)
        for sheet in workbook.sheets
        for line in sheet.rows[:TITLE_ROWS]
        for cell in line[:3]
    )
    return any(map(_SURVEY.search, (cells.key(workbook.stem), *titles)))


def _states_waves(table: Stated) -> bool:
    """Whether its column of waves is written as this survey alone writes it: “21 - responses from …”."""
    column = table.header.columns.get("wave")
    first = table.sheet.rows[table.header.data_row : table.header.data_row + 1]
    return column is not None and any(
        len(line) > column and "responses from" in cells.text(line[column]).lower()
        for line in first
    )


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    parts, unread = [], []
    tables = _tables(workbook)
    if not tables:
        findings.error(
            "No sheet has areas, answers, estimates and both confidence limits.",
            "the file",
            "Check that the headings (such as Response option, Percent, LCL, UCL) are in the file.",
        )
    for place in tables:
        table = Table(place.sheet.table(place.header), place.sheet, place.header, findings)
        questions = _questions(table, place)
        if not _of_boards(table, place) or questions.isna().all():
            unread.append(place.title)
            continue
        note_header(place.sheet, place.header, findings, COLUMNS)
        rows = _rows(table, questions, place, workbook, request)
        if len(rows):
            parts.append(rows)
    if unread:
        findings.note(
            f"{counted(len(unread), 'table')} not read, as they are not by integrated care board or ask "
            f"something else than data/reference/questions.csv has: {listed(unread)}."
        )
    if tables and len(unread) == len(tables):
        findings.error(
            "No table is both of integrated care boards and of a question that is known: "
            f"{listed(unread)}.",
            "the file",
            "Add the words of the question to data/reference/questions.csv, and those of its good answers.",
        )
    return {"survey_fact": _each_once(pd.concat(parts), findings)} if parts else {}


# --- Which question, which board --------------------------------------------------------------


def _questions(table: Table, place: Stated) -> pd.Series:
    """The row of questions.csv each row answers: a question that holds another goes before it; None where its
    words hold two that are apart."""
    known = {
        f" {cells.key(row['column'])} ": row
        for row in maps.rows("questions")
        if row["source"] == NAME
    }

    def of(words: str) -> Mapping[str, str] | None:
        held = [key for key in known if key in f" {words} "]
        whole = [key for key in held if not any(key in longer for longer in held if longer != key)]
        return known[whole[0]] if len(whole) == 1 else None

    if "question" not in table:
        return pd.Series([of(place.words)] * len(table), index=table.index, dtype=object)
    return mapped(mapped(table["question"], cells.key), of)


def _of_boards(table: Table, place: Stated) -> bool:
    """Whether a table is said to be of integrated care boards, or names one."""
    words_above = (place.words, cells.key(place.sheet.name), *mapped(table.text("kind"), cells.key))
    heading = table.title("area"), table.title("code") if "code" in table else ""
    words = (*words_above, *map(cells.key, heading))
    return any(map(_BOARD.search, words)) or bool(mapped(table.text("area"), board).ne("").any())


@cache
def _boards() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The code of a board by the code of the Office for National Statistics, and by its folded name."""
    by_ons: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for row in maps.rows("icbs"):
        by_ons.update(dict.fromkeys(row["ons"].split("|"), row["code"]))
        names = (row["name"], *row["also"].split("|"))
        by_name.update({cells.key(name): row["code"] for name in names if name})
    return by_ons, by_name


def board(name: str) -> str:
    """The code of the integrated care board so called, with or without “NHS”; "" where none is known."""
    return _boards()[1].get(_MERE_NAME.sub("", cells.key(name)), "")


def _board_codes(table: Table) -> pd.Series:
    by_ons = _boards()[0]
    printed = table.codes("code")
    known = mapped(printed, lambda code: by_ons.get(str(code), ""))
    # A code of the statistics office that is not known is none an organisation has: the name decides.
    own = printed.where(~printed.str.fullmatch(r"E\d{8}"), "")
    codes = known.where(known.ne(""), own)
    return codes.where(codes.ne(""), mapped(table.text("area"), board))


# --- Reading ----------------------------------------------------------------------------------


def _rows(
    table: Table, questions: pd.Series, place: Stated, workbook: Workbook, request: Request
) -> pd.DataFrame:
    """The estimates of good answers of one table."""
    findings = table.findings
    england = mapped(table.text("area"), lambda area: cells.key(area) in _ENGLAND).astype(bool)
    england |= table.codes("code").isin(_ENGLAND_CODES)
    table = table.with_columns(
        area=table.text("area").mask(england, "England"), england=england, asked=questions
    )
    table = table.with_columns(provider=_board_codes(table))
    before = len(table)
    table = data_rows(table, code="code", name="area")
    findings.rows_in += before
    table = table.without(
        table.text("area").eq("") & table["provider"].eq("") & ~table["england"],
        "no area on the row",
    )
    if "kind" in table:
        kinds = mapped(table.text("kind"), cells.key)
        of_boards = mapped(kinds, lambda kind: bool(_BOARD.search(str(kind)))).astype(bool)
        table = table.without(
            ~of_boards & ~table["england"], "a breakdown other than integrated care board"
        )
    table = table.without(table["asked"].isna(), "a question that is not known")
    answers = mapped(table.text("answer"), cells.key)
    table = table.with_columns(answer_key=answers)
    waves = _waves(table, place, workbook, request)
    table = table.where(waves["period_start"].notna())
    table = table.without(~_good(table), "another answer to the same question")
    return _facts(table).join(waves) if len(table) else pd.DataFrame()


def _good(table: Table) -> pd.Series:
    """The rows that hold the estimate of all good answers together, one an area and wave.

    “Good” alone is part of them where “very good” stands beside it: no interval of both follows from theirs.
    """
    good = pd.Series(False, index=table.index)
    measures = table["asked"].map(lambda question: question["measure"])
    for measure in measures.unique():
        rows = measures.eq(measure)
        given = set(table["answer_key"][rows])
        question = table["asked"][rows].iloc[0]
        words = [cells.key(word) for word in question["positive"].split("|")]
        whole = [
            word
            for word in words
            if word in given and not (" " not in word and f"very {word}" in given)
        ]
        if whole:
            good |= rows & table["answer_key"].eq(whole[0])
            continue
        apart = [word for word in words if word in given]
        table.findings.warning(
            f"“{question['column']}” is told answer by answer, without good answers taken together; "
            "no interval of them follows, so it is not read."
            if apart
            else f"“{question['column']}” has none of the answers {question['positive'].split('|')}.",
            table.at_first(rows, "answer"),
            "Add the publisher's words for good answers to data/reference/questions.csv.",
        )
    return good


def _facts(table: Table) -> pd.DataFrame:
    read = table.rates(("value", "low", "high"), unit=_unit(table))
    value, low, high = (read[part]["number"] for part in ("value", "low", "high"))
    table.check_interval(
        low,
        value,
        high,
        "value",
        "The confidence limits do not hold the estimate.",
        "Check the three columns at the source: lower limit, estimate, upper limit.",
    )
    withheld = read["value"]["withheld"].astype(object)
    withheld = withheld.mask(table.text("value").eq(""), Withheld.UNKNOWN.value)
    shown = withheld.eq(Withheld.NONE.value)
    england = table["england"].astype(bool)
    strange = table["provider"].eq("") & ~england
    table.warn_once(
        strange,
        "area",
        lambda rows: (
            f"{counted(rows, 'row')} of areas without a known code: "
            f"{listed(table.text('area')[strange].drop_duplicates())}."
        ),
        "Say whose they are on the Sources page, or add the name to data/reference/icbs.csv.",
    )
    return pd.DataFrame(
        {
            "source": NAME,
            "measure": table["asked"].map(lambda question: question["measure"]),
            "grain": np.where(england, Grain.NATIONAL.value, Grain.ICB.value),
            "provider": table["provider"].mask(england, NATIONAL),
            "provider_name": table.text("area"),
            "service": maps.source(NAME)["service"],
            "respondents": table.count("respondents"),
            "value": value.where(shown),
            "low": low.where(shown),
            "high": high.where(shown),
            "base_weighting": "unweighted" if "respondents" in table else "unknown",
            "withheld": withheld,
            "cell": table.places(),
        },
        index=table.index,
    )


def _unit(table: Table) -> str:
    """What the heading says the estimates are; "" where the values decide."""
    title = table.title("value").lower()
    if "%" in title or "percent" in title:
        return "percentage"
    return "proportion" if "proportion" in title else ""


# --- When -------------------------------------------------------------------------------------


def _waves(table: Table, place: Stated, workbook: Workbook, request: Request) -> pd.DataFrame:
    """The fieldwork of every row: as its wave or title says, else as survey_windows.csv has the wave."""
    written = table.text("wave")
    around = _wave_in([place.words, *_titles(workbook), cells.key(workbook.stem)])

    def window(words: str) -> tuple[Period, bool] | None:
        stated = _wave_in([words.lower()]) if words else around
        return stated or ((request.period, False) if request.period else None)

    known = mapped(written, window)
    report_periods(
        table,
        known,
        written,
        "wave whose days are known",
        "Write its days, such as 3 February 2026 to 25 February 2026, or add it to "
        "data/reference/survey_windows.csv.",
        "wave",
    )
    return windows(known)


def _titles(workbook: Workbook) -> list[str]:
    """What stands at the top of each sheet without a table: cover, notes."""
    tables = {id(table.sheet) for table in _tables(workbook)}
    return [
        cells.key(cell)
        for sheet in workbook.sheets
        if id(sheet) not in tables
        for line in sheet.rows[:TITLE_ROWS]
        for cell in line[:3]
        if cell
    ]


def _wave_in(texts: Iterable[str]) -> tuple[Period, bool] | None:
    """The fieldwork the first of several texts states, by its days or the number of its wave; None where none
    does, or one names several."""
    for words in texts:
        spelt = _DAYS.sub(r"\1 \3 \4 to \2 \3 \4", words)
        spelt = re.sub(r"\bbetween (.{6,40}?) and ", r"\1 to ", spelt)
        spans = {
            span for span in cells.periods_in(spelt) if span.days < 60 and not span.is_whole_months
        }
        numbers = {first or second for first, second in _WAVE.findall(words)}
        if len(spans) == 1:
            return spans.pop(), False
        if not spans and len(numbers) == 1 and (window := survey_window(NAME, int(numbers.pop()))):
            return window
    return None


def _each_once(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    rows = rows.reset_index(drop=True)
    keep = keep_once(
        rows,
        ["measure", "grain", "provider", "provider_name", "period_start"],
        ["value", "low", "high", "respondents", "withheld"],
        lambda row: f"{row['provider_name']} ({row['measure']}, {row['period_start']:%d %B %Y})",
        findings,
    )
    return rows[keep]


SOURCE = Source(
    name=NAME,
    title="Health Insight Survey",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    frames=("survey_fact",),
    recognise=recognise,
    read=read,
)
