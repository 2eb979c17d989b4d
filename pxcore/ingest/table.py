"""One table of a file while it is read: its columns as text, codes, counts and shares, and its faults.

Each fault says what is wrong, in which cell, and how to mend it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.source import Findings, counted
from pxcore.ingest.workbook import Header, Sheet
from pxcore.model import Withheld

# What is wrong with a row: a sentence, or one made from the row's own values.
Fault = str | Callable[..., str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a heading as raw cells, the sheet they stand on, and what is noticed about them."""

    frame: pd.DataFrame  # columns by our own names, and `row`, counted from 0
    sheet: Sheet
    header: Header
    findings: Findings

    def __len__(self) -> int:
        return len(self.frame)

    def __contains__(self, name: object) -> bool:
        return name in self.frame

    def __getitem__(self, name: str) -> pd.Series:
        return self.frame[name]

    @property
    def index(self) -> pd.Index[Any]:
        return self.frame.index

    def where(self, chosen: pd.Series) -> Table:
        return replace(self, frame=self.frame[chosen])

    def with_columns(self, **columns: Any) -> Table:
        return replace(self, frame=self.frame.assign(**columns))

    def without(self, wrong: pd.Series, reason: str) -> Table:
        """The table without the wrong rows, which are counted under their reason."""
        self.findings.reject(reason, int(wrong.sum()))
        return self.where(~wrong)

    # --- Places and faults ---

    def at(self, row: int, name: str = "") -> str:
        """The place of a cell, or of a row where the file has no such column."""
        return self.sheet.place(int(row), self.header.columns.get(name))

    def at_first(self, chosen: pd.Series, name: str = "") -> str:
        return self.at(self.frame.loc[chosen, "row"].iloc[0], name)

    def at_heading(self, name: str = "") -> str:
        return self.at(self.header.last_row, name)

    def places(self) -> pd.Series:
        """The place of every row, as a person finds it."""
        return self.frame["row"].map(self.sheet.place).astype(object)

    def title(self, name: str) -> str:
        """The heading of a column as printed."""
        column = self.header.columns.get(name)
        return name if column is None else self.header.titles.get(column, name)

    def errors(
        self, wrong: pd.Series, name: str, what: Fault, fix: str, *values: pd.Series
    ) -> None:
        """An error at each wrong row, in the words made from the row's own values."""
        for place, text in self._each(wrong, name, what, values):
            self.findings.error(text, place, fix)

    def warnings(
        self, wrong: pd.Series, name: str, what: Fault, fix: str, *values: pd.Series
    ) -> None:
        for place, text in self._each(wrong, name, what, values):
            self.findings.warning(text, place, fix)

    def _each(
        self, wrong: pd.Series, name: str, what: Fault, values: Iterable[pd.Series]
    ) -> Iterable[tuple[str, str]]:
        if not wrong.any():  # the usual case: nothing is then selected
            return
        rows = self.frame.loc[wrong, "row"]
        for row, *own in zip(rows, *(column[wrong] for column in values), strict=True):
            yield self.at(row, name), what if isinstance(what, str) else what(*own)

    def report_absent(self, what: str, fix: str) -> None:
        """An error for columns that the heading lacks."""
        row = self.header.last_row + 1
        self.findings.error(
            f"There is no column {what}. Row {row} was read as the header.", self.at_heading(), fix
        )

    def warn_once(self, wrong: pd.Series, name: str, what: Callable[[int], str], fix: str) -> None:
        """One warning for all the wrong rows, with their number, at the first of them."""
        if wrong.any():
            self.findings.warning(what(int(wrong.sum())), self.at_first(wrong, name), fix)

    # --- Columns ---

    def text(self, name: str) -> pd.Series:
        """The column as folded text; blank throughout where the file has no such column."""
        return self._read(name, cells.text)

    def codes(self, name: str) -> pd.Series:
        """The column as organisation codes: trimmed, upper case."""
        return self._read(name, cells.code)

    def _read(self, name: str, meaning: Callable[[Any], str]) -> pd.Series:
        if name not in self.frame:
            return pd.Series("", index=self.index, dtype=object)
        return mapped(self.frame[name], meaning)

    def numbers(self, name: str) -> pd.DataFrame:
        """The column's numbers and why each absent one is absent; text in it is an error."""
        if name not in self.frame:
            none = {"number": np.nan, "withheld": Withheld.MISSING.value, "percent": False}
            return pd.DataFrame({**none, "bad": False, "mark": ""}, index=self.index)
        read = cells.numbers(self.frame[name])
        title = self.title(name)
        self.errors(
            read["bad"],
            name,
            lambda cell: f"‘{cells.text(cell)}’ in the column ‘{title}’ is not a number.",
            f"Type the number, or a sign for one not shown: {cells.SIGNS_READ}.",
            self.frame[name],
        )
        note_marks(read["mark"], title, self.findings)
        return read

    def counts(self, name: str) -> pd.DataFrame:
        """Numbers that count people or answers: none below zero, none with a fraction."""
        read = self.numbers(name)
        count, title = read["number"], self.title(name)
        self.errors(
            count < 0,
            name,
            lambda value: f"‘{title}’ is {value:g}: a count cannot be below zero.",
            "Correct the count, or leave it blank where it is not known.",
            count,
        )
        self.errors(
            (count >= 0) & ((count - count.round()).abs() > 1e-6),
            name,
            lambda value: f"‘{title}’ is {value:g}: a count must be a whole number.",
            "Check that the column holds counts, not percentages or weighted figures.",
            count,
        )
        return read

    def count(self, name: str) -> pd.Series:
        return self.counts(name)["number"]

    def rates(
        self, names: Iterable[str], *, unit: str = "", negative_is_missing: bool = False
    ) -> dict[str, pd.DataFrame]:
        """Columns of one percentage (it and its interval) as proportions 0-1, judged together.

        `unit` forces "percentage" or "proportion"; where it is blank the values decide.
        """
        read = {name: self.numbers(name) for name in names}
        if negative_is_missing:
            for column in read.values():
                signed = column["number"] < 0
                if signed.any():
                    column.loc[signed, "withheld"] = Withheld.MISSING.value
                    column.loc[signed, "number"] = np.nan
        signs = np.concatenate([column["percent"] for column in read.values()])
        if not unit:
            unit = self._unit(read, signs)
        scale = 100.0 if unit == "percentage" or signs.any() else 1.0
        for name, column in read.items():
            printed, title = column["number"], self.title(name)
            share = printed / scale
            outside = (share < 0) | (share > 1 + 1e-9)
            self.errors(
                outside,
                name,
                lambda value, title=title: f"‘{title}’ is {value:g}, outside 0 to {scale:g}.",
                f"Correct the {'percentage' if scale > 1 else 'proportion'} at its source.",
                printed,
            )
            column["number"] = np.where(outside, share, np.minimum(share, 1.0))
        return read

    def _unit(self, read: dict[str, pd.DataFrame], signs: Any) -> str:
        together = np.concatenate([column["number"] for column in read.values()])
        unit = cells.proportions(pd.Series(together), pd.Series(signs))[1]
        present = together[~np.isnan(together)]
        if len(present) and np.isin(present, (0.0, 1.0)).all() and present.any():
            first = next(iter(read))
            self.findings.warning(
                f"Every number in ‘{self.title(first)}’ is 0 or 1: they are read as proportions, so "
                "that 1 is 100 %.",
                self.at_heading(first),
                "Write percentages with a % sign.",
            )
        return unit

    def check_interval(
        self, low: pd.Series, value: pd.Series, high: pd.Series, name: str, what: str, fix: str
    ) -> None:
        """An error at each row whose value lies outside its own interval."""
        self.errors((low > value + 1e-9) | (high < value - 1e-9), name, what, fix)


def mapped(column: pd.Series, meaning: Callable[[Any], Hashable]) -> pd.Series:
    """`meaning` of every cell, worked out once for each different cell."""
    codes, different = pd.factorize(column.to_numpy(dtype=object), use_na_sentinel=False)
    meanings = np.empty(len(different), dtype=object)
    for position, cell in enumerate(different):
        meanings[position] = meaning(cell)
    return pd.Series(meanings[codes], index=column.index, dtype=object)


def note_marks(marks: Iterable[str], title: str, findings: Findings) -> None:
    """Say how many numbers of a column are marked as revised, provisional and the like."""
    for mark, count in Counter(mark for mark in marks if mark).items():
        findings.note(
            f"{counted(count, 'number')} in ‘{title}’ {'is' if count == 1 else 'are'} marked as {mark}."
        )
