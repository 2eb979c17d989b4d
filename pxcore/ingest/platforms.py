"""What programs put around a table: second headings, options side by side, notes below.

Survey platforms write the question above and its options or identifiers below; report programs write
the filters in force under the last row. All of it is known by its shape, taken away, and noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pxcore.ingest import cells
from pxcore.ingest.workbook import Sheet

MOST_HEADING_ROWS = 4
_IMPORT_MARK = "importid"  # of the row of identifiers under the questions
_UNDER_A_QUESTION = {"response", "open ended response", "other please specify"}
_TICKS = {"1", "x", "y", "yes", "true", "selected", "checked"}
_FOOT_WORDS = ("applied filters", "no filters applied")
_NOTE_WORDS = 3  # fewer may be a code or a name
_LOOKED_AT = 400


@dataclass(frozen=True, slots=True)
class Levelled:
    """A sheet with one row of headings and only rows of data under it; rows and columns keep their place."""

    sheet: Sheet
    titles: tuple[str, ...]  # of every column; "" where it has none
    questions: tuple[str, ...]  # what stands under the title in a second heading row, if anything
    notes: tuple[str, ...]
    foot_rows: int  # rows of notes under the table


def heading_rows(sheet: Sheet, row: int) -> int:
    """How many rows from `row` on are headings, judged by shape: 1 where nothing points at more."""
    top = [_words(sheet, at) for at in range(row, row + MOST_HEADING_ROWS)]
    for height, line in enumerate(top, 1):
        if any(_IMPORT_MARK in word.lower() and word.startswith("{") for word in line):
            return height
    if len(top) > 1 and _is_second_heading(top[0], top[1]):
        return 2
    return 1


def _is_second_heading(first: Sequence[str], second: Sequence[str]) -> bool:
    """Words alone, under questions, while what is no question (ids, dates) has nothing below it."""
    filled = [word for word in second if word]
    if not filled or any(_is_typed(word) for word in filled):
        return False
    if all(cells.key(word) in _UNDER_A_QUESTION for word in filled):
        return True
    under_nothing = [
        below for at, below in enumerate(second) if below and not (at < len(first) and first[at])
    ]
    alone = [above for at, above in enumerate(first) if above and not _word(second, at)]
    platform = any(cells.key(word) in _UNDER_A_QUESTION for word in filled)
    return bool(alone) and len(under_nothing) >= (1 if platform else 2)


def _is_typed(word: str) -> bool:
    return word[:1].isdigit()


def levelled(sheet: Sheet, row: int, height: int = 1) -> Levelled:
    """The sheet with its `height` heading rows from `row` on made one, and what is under the table out."""
    titles, splits = _titled(sheet, row, height)
    lines = [_words(sheet, at) for at in range(row, row + height)]
    data = row + height
    rows = [list(line) for line in sheet.rows]
    notes = []
    questions = [
        next((word for line in lines[1:] if (word := _question(_word(line, at)))), "")
        for at in range(len(titles))
    ]
    if height > 1:
        below = f"row {row + 2}" if height == 2 else f"rows {row + 2} to {row + height}"
        notes.append(f"Headings too, no data: {below}.")
        for at in range(row + 1, min(data, len(rows))):
            rows[at] = [""] * len(rows[at])
    for group, options in splits:
        _join(rows, data, group, options)
    if splits:
        names = ", ".join(f"‘{titles[group[0]]}’" for group, _ in splits)
        notes.append(f"Options side by side were read as one answer: {names}.")
    if row < len(rows):
        rows[row] = list(titles)
    foot = _foot(rows, data)
    for at in foot:
        rows[at] = [""] * len(rows[at])
    if foot:
        numbers = ", ".join(str(at + 1) for at in foot)
        notes.append(
            f"Under the table, left out: row{'s' if len(foot) > 1 else ''} {numbers} (notes, no data)."
        )
    if any(cells.text(cell) for line in sheet.rows[:row] for cell in line):
        above = "row 1" if row == 1 else f"rows 1 to {row}"
        notes.append(f"Above the table, left out: {above}.")
    return Levelled(
        Sheet(sheet.name, rows, sheet.is_csv), titles, tuple(questions), tuple(notes), len(foot)
    )


def titles_of(sheet: Sheet, row: int, height: int) -> tuple[str, ...]:
    """The titles of the columns under heading rows that begin at `row`."""
    return _titled(sheet, row, height)[0]


def _titled(
    sheet: Sheet, row: int, height: int
) -> tuple[tuple[str, ...], list[tuple[list[int], list[str]]]]:
    """The title of every column, and the groups of columns that hold one answer, with their options."""
    lines = [_words(sheet, at) for at in range(row, row + height)]
    if height == 1:
        return tuple(_numbered(lines[0])), []
    width = max(len(line) for line in lines)
    titles = [""] * width
    splits = []
    body = sheet.rows[row + height : row + height + _LOOKED_AT]
    for group in _groups(lines, width):
        first = _word(lines[0], group[0])
        options = [_word(lines[1], at) for at in group]
        if len(group) == 1:
            titles[group[0]] = first or options[0]
        elif _is_split_choice(body, group, options):
            titles[group[0]] = first
            splits.append((group, options))
        else:
            for at, option in zip(group, options, strict=True):
                titles[at] = f"{first} – {option}" if option else first
    return tuple(_numbered(titles)), splits


def _groups(lines: Sequence[Sequence[str]], width: int) -> list[list[int]]:
    """Columns that stand under one title: those without a title of their own, but with an option."""
    groups: list[list[int]] = []
    for at in range(width):
        title = _word(lines[0], at)
        option = _word(lines[1], at)
        if groups and not title and option and _word(lines[0], groups[-1][0]):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _is_split_choice(
    rows: Sequence[Sequence[Any]], group: Sequence[int], options: Sequence[str]
) -> bool:
    """Whether the cells repeat the option above them, or tick it."""
    filled = right = 0
    for line in rows:
        for at, option in zip(group, options, strict=True):
            word = cells.key(line[at]) if at < len(line) else ""
            if word:
                filled += 1
                right += word == cells.key(option) or word in _TICKS
    return bool(filled) and right >= 0.8 * filled


def _join(rows: list[list[Any]], data: int, group: Sequence[int], options: Sequence[str]) -> None:
    """The option chosen into the first column; several are kept, so that they are no known answer."""
    for at in range(data, len(rows)):
        line = rows[at]
        chosen = [
            option
            for column, option in zip(group, options, strict=True)
            if column < len(line) and cells.text(line[column])
        ]
        line.extend([""] * (group[-1] + 1 - len(line)))
        for column in group:
            line[column] = ""
        line[group[0]] = "; ".join(chosen)


def _numbered(titles: Sequence[str]) -> list[str]:
    """Titles that stand more than once numbered from the second on: each column has a name of its own."""
    times: dict[str, int] = {}
    numbered = []
    for title in titles:
        folded = cells.key(title)
        times[folded] = times.get(folded, 0) + 1
        numbered.append(f"{title} ({times[folded]})" if title and times[folded] > 1 else title)
    return numbered


def _foot(rows: Sequence[Sequence[Any]], data: int) -> list[int]:
    """The last rows of one sentence each, each block after a blank row or begun by a report's own words."""
    filled = [at for at in range(data, len(rows)) if any(cells.text(cell) for cell in rows[at])]
    known, block = set(filled), list[int]()
    foot: list[int] = []
    for at in reversed(filled):
        words = [word for cell in rows[at] if (word := cells.text(cell))]
        begins = _begins_foot(rows[at])
        if len(words) != 1 or not (begins or len(words[0].split()) >= _NOTE_WORDS):
            break
        block.insert(0, at)
        if begins or at - 1 not in known:
            foot = block + foot
            block = []
    return foot if len(foot) < len(filled) else []


def _begins_foot(line: Sequence[Any]) -> bool:
    words = next((cells.key(cell) for cell in line if cells.text(cell)), "")
    return words.startswith(_FOOT_WORDS)


def _question(word: str) -> str:
    """The words of a question; "" for an identifier or what a platform writes under every question."""
    if word.startswith("{") or cells.key(word) in _UNDER_A_QUESTION:
        return ""
    return word


def _words(sheet: Sheet, row: int) -> list[str]:
    return [cells.text(cell) for cell in sheet.rows[row]] if row < len(sheet.rows) else []


def _word(line: Sequence[str], at: int) -> str:
    return line[at] if at < len(line) else ""
