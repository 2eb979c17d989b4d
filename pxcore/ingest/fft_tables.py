"""Where the tables of a Friends and Family Test publication stand, and the rows they hold.

A table is known by the names of its columns, its level by the finest organisation it names, its
scale by the answers in its headings. Totals, selections and notes are told apart from data here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from pxcore.frames import ANSWERS, MODES
from pxcore.ingest import cells
from pxcore.ingest.columns import listed
from pxcore.ingest.fft_scales import Scale, every_word, headings_of, scales
from pxcore.ingest.responses import group_of, not_stated
from pxcore.ingest.source import Findings, counted
from pxcore.ingest.workbook import Header, Sheet
from pxcore.model import Grain, Withheld

Numbers = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

# --- What the columns are called -------------------------------------------------------------


_ORGANISATIONS = headings_of("organisation")
_FIGURES = headings_of("figure")
_MODES = headings_of("mode")
_GROUPS = headings_of("group")
assert set(_MODES) == set(MODES)


def _answer(word: str) -> str:
    """The name of a column headed with a word for an answer, which several scales may have."""
    return f"answer {word}"


_RATED = {key for scale in scales().values() for answer in scale.rated for key in answer.keys}
ALIASES: dict[str, tuple[str, ...]] = {
    **_ORGANISATIONS,
    **_FIGURES,
    **_GROUPS,
    **headings_of("breakdown"),
    **{_answer(word): (word,) for word in sorted(every_word())},
    **_MODES,
}
_BANNERS = {
    cells.key(banner)
    for banner in ("Breakdown of Responses", "Mode of Collection", "Response Mode", "Responses by")
}
_COUNTED = frozenset(map(_answer, _RATED))
_UNRATED = frozenset(map(_answer, every_word() - _RATED))
_MOST_TELLING = _COUNTED | {"respondents", "eligible", "percent_positive", "percent_negative"}

# Finest first: a table is about the finest organisation it names.
LEVELS: tuple[tuple[Grain, str, str], ...] = (
    (Grain.WARD, "site_code", "ward_name"),
    (Grain.SITE, "site_code", "site_name"),
    (Grain.PRACTICE, "practice_code", "practice_name"),
    (Grain.TRUST, "org_code", "org_name"),
    (Grain.PCN, "pcn_code", "pcn_name"),
    (Grain.SUB_ICB, "sub_icb_code", "sub_icb_name"),
    (Grain.ICB, "icb_code", "icb_name"),
    (Grain.REGION, "region_code", "region_name"),
)

_FIGURE_TITLES = {name: words[0] for name, words in {**_FIGURES, **_ORGANISATIONS}.items()}

# --- Tables and their rows --------------------------------------------------------------------

_NOT_DATA_SHEETS = re.compile(
    r"^(notes?|summary|bs|bsq\d|contents?|cover|introduction|guidance|information|read ?me|macros?"
    r"|time ?series|england|national)\b"
)
_TOTAL = re.compile(r"^(england|national|grand total|total|all (trusts|organisations|providers))\b")
_WHOLE_TOTAL = re.compile(r"^(england|total|grand total|england total)$|^england \((in|ex)clud")
_SELECTION = re.compile(r"^selection\b")


@dataclass(frozen=True, slots=True)
class Table:
    """One table found: where it stands, the level it is about and the scale of its answers."""

    sheet: Sheet
    header: Header
    grain: Grain
    code: str  # the column that holds the organisation's code
    measure: str
    scale: Scale | None  # None where no breakdown
    answers: Mapping[str, int]  # column by answer as it is kept; empty where no breakdown
    modes: tuple[str, ...]
    modes_only: bool

    @property
    def name(self) -> str:
        return f"sheet ‘{self.sheet.name}’" if not self.sheet.is_csv else "the file"

    @property
    def short_name(self) -> str:
        return self.sheet.name if not self.sheet.is_csv else "The file"

    def column(self, figure: str) -> int:
        return self.answers.get(figure, self.header.columns.get(figure, 0))

    def place(self, row: int, figure: str) -> str:
        return self.sheet.place(int(row), self.column(figure))

    def title(self, figure: str) -> str:
        printed = self.header.titles.get(self.column(figure), "") or _FIGURE_TITLES.get(figure, "")
        return printed.replace("{", "").replace("}", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """One column of figures, a place per row. Plain arrays: the files are many and small."""

    number: Numbers
    withheld: Texts  # why there is no number, a Withheld value
    percent: Flags  # written with a % sign
    bad: Flags  # text not understood
    mark: Texts  # "revised" and its like; "" for most
    blank: Flags

    def at(self, chosen: Flags) -> Figure:
        return Figure(
            self.number[chosen],
            self.withheld[chosen],
            self.percent[chosen],
            self.bad[chosen],
            self.mark[chosen],
            self.blank[chosen],
        )

    @property
    def starred(self) -> Flags:
        return cast("Flags", self.withheld == Withheld.PUBLISHER.value)

    @property
    def dashed(self) -> Flags:
        return cast("Flags", self.withheld == Withheld.NOT_CALCULABLE.value)


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of data of one table, and the totals published with them."""

    lines: npt.NDArray[np.int64]  # where each stands on the sheet, from 0
    texts: Mapping[str, Texts]  # codes and names by column; blank where the sheet has none
    figures: Mapping[str, Figure]
    dimension: Texts  # what kind of group a row is of; "" for everyone
    group: Texts
    totals: Mapping[str, Mapping[str, float]]  # "including" or "excluding" -> figures
    labels: Mapping[str, str]  # the totals' labels as printed

    def __len__(self) -> int:
        return len(self.lines)

    def number(self, figure: str) -> Numbers:
        if figure in self.figures:
            return self.figures[figure].number
        return np.full(len(self), np.nan)

    def starred(self, figures: Iterable[str]) -> Flags:
        """Rows in which the publisher withholds any of the figures."""
        starred = np.zeros(len(self), dtype=bool)
        for figure in figures:
            if figure in self.figures:
                starred |= self.figures[figure].starred
        return starred


def headings_are_fft(sheet: Sheet, *, titled: bool) -> bool:
    """Whether a sheet has the publications' headings; few are enough where a title says FFT."""
    if is_not_data(sheet):
        return False
    _, named = sheet.closest_header(ALIASES)  # cheap: most sheets of other sources stop here
    if not named & (_MOST_TELLING | set(MODES)):
        return False
    header = sheet.find_header(ALIASES, ())
    columns = set(header.columns) if header else set()
    if not any({code, name} & columns for _, code, name in LEVELS) and not titled:
        return False
    if titled and {"respondents", "percent_positive"} <= columns:
        return True
    if len(columns & set(MODES)) >= 3 and "respondents" in columns:
        return True
    return len(columns & _COUNTED) >= 3 and bool(columns & (_MOST_TELLING - _COUNTED))


def is_not_data(sheet: Sheet) -> bool:
    return not sheet.is_csv and bool(_NOT_DATA_SHEETS.match(cells.key(sheet.name)))


def find_tables(sheets: list[Sheet], findings: Findings) -> list[Table]:
    tables = []
    unplaced: list[tuple[Sheet, Header]] = []
    for sheet in sheets:
        if is_not_data(sheet):
            continue
        header = sheet.find_header(ALIASES, ())
        columns = set(header.columns) if header else set()
        modes = columns & set(MODES)
        if header is None or not (
            len(columns & (_MOST_TELLING | _UNRATED)) >= 2 or len(modes) >= 3
        ):
            if not sheet.is_csv:
                findings.note(f"Sheet ‘{sheet.name}’ holds no table of responses and was not read.")
            continue
        level = next(
            ((g, code, name) for g, code, name in LEVELS if {code, name} & columns)
            if "ward_name" in columns
            else ((g, c, n) for g, c, n in LEVELS if g is not Grain.WARD and {c, n} & columns),
            None,
        )
        if level is None:
            unplaced.append((sheet, header))
            continue
        table = _table(sheet, header, level, findings)
        if table is not None:
            tables.append(table)
    for sheet, header in unplaced:
        if tables:
            findings.note(f"Sheet ‘{sheet.name}’ names no organisations and was not read.")
        else:
            _missing(sheet, header, ["Trust Code (or ICB, Site or Practice Code)"], findings)
    return tables


def _table(
    sheet: Sheet, header: Header, level: tuple[Grain, str, str], findings: Findings
) -> Table | None:
    grain, code, _ = level
    columns = header.columns
    scale, answers = _scale_of(columns)
    modes = tuple(mode for mode in MODES if mode in columns)
    modes_only = bool(modes) and scale is None and "percent_positive" not in columns

    lacking = [_FIGURE_TITLES[name] for name in (code, "respondents") if name not in columns]
    if scale is not None:
        lacking += [answer.words[0] for answer in scale.answers if answer.kept not in answers]
    elif not modes_only and "percent_positive" not in columns:
        lacking.append(_FIGURE_TITLES["percent_positive"])
    findings.note(_header_note(sheet, header))
    if lacking:
        _missing(sheet, header, lacking, findings)
        return None
    return Table(
        sheet,
        header,
        grain,
        code,
        "overall",
        scale,
        answers,
        modes,
        modes_only,
    )


def _scale_of(columns: Mapping[str, int]) -> tuple[Scale | None, dict[str, int]]:
    """The scale most of whose answers have a column, and their columns; of equal ones the one with
    fewer answers, of which less is lacking."""
    found = {
        name: {
            answer.kept: columns[_answer(key)]
            for answer in scale.answers
            for key in reversed(answer.keys)  # so that its own heading stands before others for it
            if _answer(key) in columns
        }
        for name, scale in scales().items()
    }

    def suits(scale: Scale) -> tuple[int, int]:
        rated = sum(answer.kept in found[scale.name] for answer in scale.rated)
        return rated, -len(scale.answers)

    best = max(scales().values(), key=suits)
    return (best, found[best.name]) if suits(best)[0] else (None, {})


def _header_note(sheet: Sheet, header: Header) -> str:
    name = f"Sheet ‘{sheet.name}’" if not sheet.is_csv else "The file"
    first, last = header.first_row + 1, header.last_row + 1
    rows = f"row {first}" if first == last else f"rows {first}–{last}"
    used = set(header.columns.values())
    unused = [
        title
        for column, title in sorted(header.titles.items())
        if column not in used and title and cells.key(title) not in _BANNERS
    ]
    more = f"; columns not used: {', '.join(unused)}" if unused else ""
    return f"{name}: {rows} read as the header{more}."


def _missing(sheet: Sheet, header: Header, lacking: list[str], findings: Findings) -> None:
    name = f"Sheet ‘{sheet.name}’" if not sheet.is_csv else "The file"
    first, last = header.first_row + 1, header.last_row + 1
    rows = f"Row {first} was" if first == last else f"Rows {first}–{last} were"
    columns = " and ".join(f"‘{title}’" for title in lacking)
    findings.error(
        f"{name} has no column {columns}. {rows} read as the header.",
        sheet.place(header.last_row),
        "Download the publication again, or give the column back its published name.",
    )


def rows_of(table: Table, findings: Findings) -> Rows:
    """The rows under a table's header: data apart from totals, selections, notes and dashes."""
    start = table.header.data_row
    lines = [
        (at, line)
        for at, line in enumerate(table.sheet.rows[start:], start)
        if any(cell not in ("", None) for cell in line)
    ]
    places = np.array([at for at, _ in lines], dtype=np.int64)
    cells_of = [line for _, line in lines]
    figures = _figures(table, cells_of)
    texts = {
        name: _texts(cells_of, table.header.columns.get(name), name) for name in _ORGANISATIONS
    }
    dimension, group = _groups(table, cells_of)
    kind, labels = _kinds(table, texts, figures, dimension)
    _reject_uncoded(table, places[kind == "uncoded"], findings)
    data = kind == "data"
    findings.rows_in += int(data.sum())
    data &= _of_known_groups(table, places, data, dimension, group, findings)
    return Rows(
        places[data],
        {name: text[data] for name, text in texts.items()},
        {name: figure.at(data) for name, figure in figures.items()},
        dimension[data],
        group[data],
        {
            sort: {name: float(figure.number[at]) for name, figure in figures.items()}
            for sort, (at, _) in labels.items()
        },
        {sort: label for sort, (_, label) in labels.items()},
    )


def _column(lines: list[list[Any]], column: int) -> list[Any]:
    return [line[column] if column < len(line) else "" for line in lines]


def _texts(lines: list[list[Any]], column: int | None, name: str) -> Texts:
    """A column as text; each distinct cell is read once. A dash, or no column, says nothing."""
    texts = np.full(len(lines), "", dtype=object)
    if column is None:
        return texts
    read = cells.code if name.endswith("_code") else cells.text
    seen: dict[Any, str] = dict.fromkeys(("-", "–", "−", "N/A", "", None), "")
    raw = _column(lines, column)
    for cell in raw:
        if cell not in seen:
            seen[cell] = read(cell)
    texts[:] = [seen[cell] for cell in raw]
    return texts


def _figures(table: Table, lines: list[list[Any]]) -> dict[str, Figure]:
    named = ("respondents", "eligible", "percent_positive", "percent_negative")
    columns = {name: table.header.columns[name] for name in named if name in table.header.columns}
    columns |= {name: table.answers[name] for name in ANSWERS if name in table.answers}
    columns |= {name: table.header.columns[name] for name in table.modes}
    # All columns in one go: the fixed cost of a call is more than that of a small sheet's cells.
    every = [cell for column in columns.values() for cell in _column(lines, column)]
    raw = np.empty(len(every), dtype=object)
    raw[:] = every
    read = cells.numbers_in(raw)
    blank = np.zeros(len(every), dtype=bool)
    for at in np.flatnonzero(read.withheld == Withheld.MISSING.value).tolist():
        blank[at] = not cells.text(every[at])
    size = len(lines)
    spans = [slice(at * size, (at + 1) * size) for at in range(len(columns))]
    return {
        name: Figure(
            read.number[span],
            read.withheld[span],
            read.percent[span],
            read.bad[span],
            read.mark[span],
            blank[span],
        )
        for name, span in zip(columns, spans, strict=True)
    }


_EVERYONE = frozenset({"", "all", "total", "everyone", "all patients", "overall", "england"})
_UNKNOWN, _CROSSED = "?", "×"  # dimensions of rows that cannot be read


def _groups(table: Table, lines: list[list[Any]]) -> tuple[Texts, Texts]:
    """The dimension and group each row is about: by a column a dimension, or by a pair of columns."""
    columns = table.header.columns
    dimension, group = (np.full(len(lines), "", dtype=object) for _ in range(2))

    def column(name: str) -> list[str]:
        words = map(cells.text, _column(lines, columns[name]))
        return ["" if cells.key(word) in _EVERYONE else word for word in words]

    if "group_value" in columns and "group_dimension" in columns:
        known = {
            cells.key(word): name for name, words in _GROUPS.items() for word in (name, *words)
        }
        said = column("group_dimension")
        dimension[:] = [known.get(cells.key(word), _UNKNOWN) if word else "" for word in said]
        group[:] = column("group_value")
        dimension[group == ""] = ""
    for name in _GROUPS.keys() & columns.keys():
        for at, word in enumerate(column(name)):
            if word:
                dimension[at] = name if dimension[at] in ("", name) else _CROSSED
                group[at] = word
    return dimension, group


def _of_known_groups(
    table: Table,
    places: npt.NDArray[np.int64],
    data: Flags,
    dimension: Texts,
    group: Texts,
    findings: Findings,
) -> Flags:
    """The rows that are about everyone or one group; `group` is then told in the words of groups.csv."""
    read = np.ones(len(data), dtype=bool)
    if not any(dimension):  # as in every publication so far
        return read
    unstated = np.array(
        [bool(kind) and not_stated(word) for kind, word in zip(dimension, group, strict=True)]
    )
    for wrong, reason in (
        (data & (dimension == _UNKNOWN), "a breakdown that is not known"),
        (data & (dimension == _CROSSED), "of two groups at once"),
        (data & unstated.astype(bool), "people who did not say which group they are of"),
    ):
        findings.reject(reason, int((wrong & read).sum()))
        if wrong.any() and reason != "people who did not say which group they are of":
            findings.warning(
                f"{counted(int(wrong.sum()), 'row')} of {table.name}: {reason}; left out.",
                table.sheet.place(int(places[wrong][0])),
                "Name the kinds of group in data/reference/fft_headings.csv, and give one a row.",
            )
        read &= ~wrong
    own = set()
    for at in np.flatnonzero(data & read & (dimension != "")):
        known = group_of(dimension[at], group[at])
        own |= set() if known else {group[at]}
        group[at] = known or group[at]
    if own:
        findings.warning(
            f"Groups of {table.name} in words of their own: {listed(sorted(own))}; they are kept so.",
            table.sheet.place(),
            "Say which group they count in on the Groups page, or add them to data/reference/groups.csv.",
        )
    return read


def _kinds(
    table: Table, texts: Mapping[str, Texts], figures: Mapping[str, Figure], dimension: Texts
) -> tuple[Texts, dict[str, tuple[int, str]]]:
    """What each row is (data, uncoded, note, selection, a total), and where each total stands."""
    code = texts[table.code]
    named = [name for name in _ORGANISATIONS if name in table.header.columns]
    uncoded = cast("Flags", code == "")
    empty = np.logical_and.reduce([figure.blank | figure.dashed for figure in figures.values()])
    filled = np.sum([texts[name] != "" for name in named], axis=0)
    # A sentence under the table stands alone in its row; a code alone may be a silent practice.
    alone = (filled == 1) & empty
    if len(named) == 1:
        alone &= np.array([" " in words for words in code], dtype=bool)
    kind = np.full(len(code), "data", dtype=object)
    kind[uncoded] = "uncoded"
    kind[empty & (uncoded | alone)] = "note"
    kind[code == cells.code(table.header.titles[table.header.columns[table.code]])] = "note"
    labels: dict[str, tuple[int, str]] = {}
    for at in np.flatnonzero(uncoded | alone | _says_total([texts[name] for name in named])):
        label, sort = _total_label([texts[name][at] for name in named], coded=bool(code[at]))
        if label:
            kind[at] = sort
            if not dimension[at]:
                labels.setdefault(sort, (int(at), label))
    labels.pop("selection", None)
    return kind, labels


def _reject_uncoded(table: Table, lines: npt.NDArray[np.int64], findings: Findings) -> None:
    if not len(lines):
        return
    single = len(lines) == 1
    findings.rows_in += len(lines)
    findings.reject("no organisation code", len(lines))
    findings.warning(
        f"{counted(len(lines), 'row')} with figures on {table.name} {'has' if single else 'have'} no "
        f"organisation code and {'is' if single else 'are'} left out.",
        table.place(int(lines[0]), table.code),
        "If they are organisations, add their codes; if they are sub-totals, nothing is lost.",
    )


def _says_total(columns: list[Texts]) -> Flags:
    """Rows with a cell that is exactly a total's label."""
    says = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        labels = {cell for cell in set(column) if cell and _WHOLE_TOTAL.match(cell.lower())}
        if labels:
            says |= np.array([cell in labels for cell in column], dtype=bool)
    return says


def _total_label(texts: list[str], *, coded: bool) -> tuple[str, str]:
    for words in texts:
        lower = words.lower()
        if _SELECTION.match(lower):
            return words, "selection"
        if (_WHOLE_TOTAL if coded else _TOTAL).match(lower):
            return words, "excluding" if "exclud" in lower else "including"
    return "", ""
