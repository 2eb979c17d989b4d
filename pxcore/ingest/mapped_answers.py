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
from pxcore.ingest.likert import Likert
from pxcore.ingest.local_rows import scored_rows
from pxcore.ingest.platforms import heading_rows
from pxcore.ingest.profile import ANSWERS, DAY_FIRST, MONTH_FIRST, AnswerColumn, Profile
from pxcore.ingest.responses import rows_of, split_themes, usable, warn_uncounted
from pxcore.ingest.scales import SCALES
from pxcore.ingest.source import Findings
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Header, Sheet
from pxcore.model import Signal

_BOTH_ORDERS = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d\d)(?!\d)(.*)", re.DOTALL)


def frames(profile: Profile, table: Table) -> dict[str, pd.DataFrame]:
    """The response and answer frames of a table."""
    written = table["date"]
    table = usable(table.with_columns(date=_ordered(table, profile.dates)))
    read = [_meant(answer, position, table) for position, answer in enumerate(profile.answers)]
    silent = ~pd.concat([column.notna() for column in read], axis=1).any(axis=1)
    table = table.without(silent, "no answer that can be read")
    if not len(table):
        return {}
    responses = rows_of(table, profile.source)
    silent_on_service = responses["service"].eq("") & responses["service_raw"].eq("")
    responses["service"] = responses["service"].mask(silent_on_service, profile.service)
    responses["date_raw"] = mapped(written[table.index], cells.text)
    if "themes" in table:
        responses["themes"] = table.text("themes").map(
            lambda cell: list(dict.fromkeys(split_themes(cell)))
        )
    answers = []
    for position, answer in enumerate(profile.answers):
        meant = read[position][table.index].dropna()
        words = table.text(f"answer:{position}")[meant.index]
        answers.append(_answer_rows(responses.loc[meant.index], answer, words, meant))
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
            f"Row {row + height + 1} is also a heading, which this layout does not have.",
            raw.place(row + height),
            "Open the layout in the wizard and say how many rows the headings take.",
        )
    for at in range(row + 1, min(row + height, len(raw.rows))):
        for position, answer in enumerate(profile.answers):
            column = header.columns[f"answer:{position}"]
            if _holds_an_answer(raw, row, at, column, answer):
                findings.error(
                    f"Row {at + 1} should be a heading, but holds an answer.",
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


def _meant(answer: AnswerColumn, position: int, table: Table) -> pd.Series:
    """What each row's answer counts as; missing where there is none on the scale."""
    scale = SCALES[answer.scale]
    words = table.text(f"answer:{position}")
    meant = mapped(words, lambda word: scale.meaning(str(word)) if word else None)
    warn_uncounted(
        table,
        f"answer:{position}",
        words.ne("") & meant.isna(),
        f"answers in ‘{answer.column}’ are not on the scale ‘{scale.title}’",
        "Choose the right scale in the wizard, or correct the words.",
    )
    return meant


def _answer_rows(
    responses: pd.DataFrame, answer: AnswerColumn, words: pd.Series, meant: pd.Series
) -> pd.DataFrame:
    """The ANSWER rows of one question. A mean of scores has no positive answers."""
    rows = scored_rows(responses, answer.measure, words, meant)
    if len(rows):
        unit = maps.measures()[responses["source"].iloc[0], answer.measure]["unit"]
        if unit == "proportion":
            return rows
    return rows.assign(positive=np.nan)


def _sentiment(likert: Likert) -> str:
    """positive, neutral or negative, by which side of the middle of its scale an answer lies."""
    if np.isnan(likert.score):
        return ""
    if likert.positive == 1:
        return "positive"
    middle = (likert.scale_low + likert.scale_high) / 2
    return "neutral" if likert.score == middle else "negative"


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
    days = _put(written, DAY_FIRST), _put(written, MONTH_FIRST)
    return days if all(isinstance(day, date) for day in days) else None


def _ordered(table: Table, order: str) -> pd.Series:
    """The dates in the order a person stated; an error where nobody did and nothing decides."""
    column = table["date"]
    if order:
        return mapped(column, lambda cell: _put(cell, order))
    if example := two_ways(column):
        table.findings.error(
            f"Every date may be day/month or month/day (such as ‘{example}’).",
            table.at_first(column.map(cells.text).eq(example), "date"),
            "Say in the wizard which comes first.",
        )
    return column


def _put(cell: Any, order: str) -> Any:
    """A date in numbers as a day, by the order stated; one that does not fit stays, as a fault to report."""
    match = _BOTH_ORDERS.fullmatch(cell) if isinstance(cell, str) else None
    if match is None:
        return cell
    first, second, year = (int(part) for part in match.groups()[:3])
    day, month = (first, second) if order == DAY_FIRST else (second, first)
    year += 2000 if year < 100 else 0
    try:
        return date(year, month, day)
    except ValueError:
        return f"{cell} (not {'day/month' if order == DAY_FIRST else 'month/day'})"
