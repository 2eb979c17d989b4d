"""One person's answer a row, in a layout a person explained: responses, and an answer to each question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import mapped, text_column
from pxcore.ingest.local_rows import Likert
from pxcore.ingest.platforms import heading_rows
from pxcore.ingest.profile import ANSWERS, DAY_FIRST, MONTH_FIRST, AnswerColumn, Profile
from pxcore.ingest.responses import counted, reject, rows_of, usable
from pxcore.ingest.scales import SCALES
from pxcore.ingest.source import Findings
from pxcore.ingest.workbook import Header, Sheet
from pxcore.model import Signal

_BOTH_ORDERS = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d\d)(?!\d)(.*)", re.DOTALL)
_THEME_MARKS = re.compile(r"[;|\n]")


def frames(
    profile: Profile, sheet: Sheet, header: Header, findings: Findings
) -> dict[str, pd.DataFrame]:
    """The response and answer frames of a table."""
    whole = sheet.table(header)
    written = whole["date"]
    whole["date"] = _ordered(whole, profile.dates, sheet, header, findings)
    table = usable(whole, sheet, findings)
    read = [
        _meant(answer, position, table, sheet, header, findings)
        for position, answer in enumerate(profile.answers)
    ]
    silent = ~pd.concat([column.notna() for column in read], axis=1).any(axis=1)
    table = reject(table, silent, "no answer that can be read", findings)
    if not len(table):
        return {}
    responses = rows_of(table, sheet, header, profile.source, findings)
    silent_on_service = responses["service"].eq("") & responses["service_raw"].eq("")
    responses["service"] = responses["service"].mask(silent_on_service, profile.service)
    responses["date_raw"] = mapped(written[table.index], cells.text)
    if "themes" in table:
        responses["themes"] = text_column(table, "themes").map(_themes)
    answers = []
    for position, answer in enumerate(profile.answers):
        meant = read[position][table.index].dropna()
        answers.append(_answer_rows(responses.loc[meant.index], answer, position, table, meant))
        if maps.source(profile.source)["signal"] == Signal.COMMUNITY and answer.measure in (
            "overall",
            "rating",
        ):
            responses.loc[meant.index, "sentiment"] = meant.map(_sentiment)
    return {"response": responses, "answer": pd.concat(answers, ignore_index=True)}


def check_headings(profile: Profile, raw: Sheet, header: Header, findings: Findings) -> None:
    """An error where a remembered second heading row holds an answer, or a new one has come."""
    if profile.holds != ANSWERS:
        return
    row, height = header.first_row, profile.heading_rows
    more = heading_rows(raw, row)
    if more > height:
        findings.error(
            f"Row {row + height + 1} is a heading too, which this layout does not have.",
            raw.place(row + height),
            "Open the layout in the wizard and say how many rows the headings take.",
        )
    for at in range(row + 1, min(row + height, len(raw.rows))):
        for position, answer in enumerate(profile.answers):
            column = header.columns[f"answer:{position}"]
            if _holds_an_answer(raw, row, at, column, answer):
                findings.error(
                    f"Row {at + 1} should be a heading, and holds an answer.",
                    raw.place(at, column),
                    "Open the layout in the wizard and say how many rows the headings take.",
                )
                break


def _holds_an_answer(raw: Sheet, row: int, at: int, column: int, answer: AnswerColumn) -> bool:
    """Whether a cell under a heading is an answer, and not the first of the options side by side."""
    above, below = (
        [cells.text(cell) for cell in raw.rows[line][column : column + 2]] for line in (row, at)
    )
    side_by_side = len(below) > 1 and bool(below[1]) and above[1:] in ([], [""])
    return (
        bool(below and below[0] and above and above[0])
        and not side_by_side
        and SCALES[answer.scale].meaning(below[0]) is not None
    )


def _meant(
    answer: AnswerColumn,
    position: int,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> pd.Series:
    """What each row's answer counts as; missing where there is none on the scale."""
    scale = SCALES[answer.scale]
    words = text_column(table, f"answer:{position}")
    meant = mapped(words, lambda word: scale.meaning(str(word)) if word else None)
    strange = words.ne("") & meant.isna()
    if strange.any():
        findings.warning(
            f"{int(strange.sum())} answers in ‘{answer.column}’ are not on the scale "
            f"‘{scale.title}’ and are not counted: {counted(words[strange])}.",
            sheet.place(
                int(table.loc[strange, "row"].iloc[0]), header.columns[f"answer:{position}"]
            ),
            "Choose the right scale in the wizard, or correct the words.",
        )
    return meant


def _answer_rows(
    responses: pd.DataFrame,
    answer: AnswerColumn,
    position: int,
    table: pd.DataFrame,
    meant: pd.Series,
) -> pd.DataFrame:
    """The ANSWER rows of one question. A mean of scores has no positive answers."""
    unit = (
        maps.measures()[responses["source"].iloc[0], answer.measure]["unit"] if len(meant) else ""
    )
    parts = {
        part: meant.map(lambda likert, part=part: getattr(likert, part)).astype(float)
        for part in ("positive", "score", "scale_low", "scale_high")
    }
    if unit != "proportion":
        parts["positive"] = pd.Series(np.nan, index=meant.index)
    return pd.DataFrame(
        {
            "source": responses["source"],
            "response": responses["response"],
            "measure": answer.measure,
            "answer": text_column(table, f"answer:{position}")[meant.index],
            **parts,
        },
        index=meant.index,
    )


def _sentiment(likert: Likert) -> str:
    """positive, neutral or negative, by which side of the middle of its scale an answer lies."""
    if np.isnan(likert.score):
        return ""
    if likert.positive == 1:
        return "positive"
    middle = (likert.scale_low + likert.scale_high) / 2
    return "neutral" if likert.score == middle else "negative"


def _themes(cell: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in _THEME_MARKS.split(cell) if part.strip()))


# --- Dates ------------------------------------------------------------------------------------


def two_ways(column: Iterable[Any]) -> str:
    """A date of the column that may be day/month or month/day where no other date of it decides, or ""."""
    example = ""
    for cell in column:
        match = _BOTH_ORDERS.fullmatch(cells.text(cell)) if isinstance(cell, str) else None
        if match is None:
            continue
        first, second = int(match.group(1)), int(match.group(2))
        if first > 12 or second > 12:
            return ""
        if first != second and not example:
            example = cells.text(cell)
    return example


def as_day_and_month(written: str) -> tuple[date, date] | None:
    """The two days a date written in numbers may be: day first, month first."""
    match = _BOTH_ORDERS.fullmatch(written)
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups()[:3])
    year += 2000 if year < 100 else 0
    try:
        return date(year, second, first), date(year, first, second)
    except ValueError:
        return None


def _ordered(
    table: pd.DataFrame, order: str, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """The dates with the order a person said; an error where nobody said and nothing tells."""
    column = table["date"]
    if order:
        return mapped(column, lambda cell: _put(cell, order))
    if example := two_ways(column):
        row = next(
            int(row)
            for row, cell in zip(table["row"], column, strict=True)
            if cells.text(cell) == example
        )
        findings.error(
            f"Every date may be day/month or month/day (such as ‘{example}’).",
            sheet.place(row, header.columns["date"]),
            "Say in the wizard which comes first.",
        )
    return column


def _put(cell: Any, order: str) -> Any:
    """A date in numbers as year-month-day by the order said; one that does not fit stays, to be told."""
    match = _BOTH_ORDERS.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        return cell
    first, second, year = (int(part) for part in match.groups()[:3])
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    assert order in (DAY_FIRST, MONTH_FIRST)
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return f"{cell} (not {'day/month' if order == DAY_FIRST else 'month/day'})"
