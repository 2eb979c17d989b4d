"""The publisher's sheets as grids of cells: headers, totals and data where they really stand."""

from __future__ import annotations

import calendar
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.maker import planted
from data.maker.fft import MODES_PRINTED, Publication
from data.maker.organisations import INDEPENDENT, Organisations
from pxcore.frames import ANSWERS
from pxcore.model import Grain, Withheld

ANSWER_TITLES = (
    "Very Good",
    "Good",
    "Neither Good nor Poor",
    "Poor",
    "Very Poor",
    "Don't Know",
)
TITLES = {
    "fft_inpatient": "Inpatient Friends and Family Test (FFT) Data",
    "fft_ae": "A&E Friends and Family Test (FFT) data",
    "fft_maternity": "Maternity Friends and Family Test (FFT) Data",
    "fft_outpatient": "Outpatients Friends and Family Test (FFT) Data",
    "fft_ambulance": "Ambulance Friends and Family Test (FFT) data",
    "fft_mental_health": "Mental Health Friends and Family Test (FFT) Data",
    "fft_community": "Community Friends and Family Test (FFT) Data",
    "fft_gp": "GP Friends and Family Test (FFT) Data",
}
HEADER_ROWS = {"fft_inpatient": 10, "fft_ae": 3, "fft_maternity": 9}  # the upper of two; else 8
BOTH_TOTALS = (
    "England (including Independent Sector Providers)",
    "England (excluding Independent Sector Providers)",
)
MATERNITY_TOTALS = tuple(text.replace("Providers", "providers") for text in BOTH_TOTALS)
SINGLE_TOTAL = ("England",)
SELECTION = "Selection (excluding suppressed data)"
ORGANISATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "icb": (("ICB Code", "icb"), ("ICB Name", "provider_name")),
    "trust": (("ICB Code", "icb"), ("Trust Code", "trust"), ("Trust Name", "trust_name")),
    "practice": (
        ("ICB Code", "icb"),
        ("Practice Code", "provider"),
        ("Practice Name", "provider_name"),
    ),
}
ORGANISATIONS["site"] = (
    *ORGANISATIONS["trust"],
    ("Site Code", "site"),
    ("Site Name", "site_name"),
)
ORGANISATIONS["ward"] = (*ORGANISATIONS["site"], ("Ward Name", "ward_name"))
AMBULANCE_ORG = (
    ("ICB code", "icb"),
    ("Org Code", "trust"),
    ("Organisation Name", "trust_name"),
)
# Where the names of the modes stand: with the organisation's headings, or with the answers.
MODES_ABOVE = ("fft_inpatient", "fft_outpatient", "fft_mental_health", "fft_community")


@dataclass(frozen=True, slots=True)
class Column:
    upper: str
    lower: str
    name: str
    kind: str = "number"  # or "text", "share"


@dataclass(frozen=True, slots=True)
class Selection:
    """A live formula of the publisher's, and the figure last worked out for it."""

    formula: str
    cached: float | str


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its cells by (row, column) from 0, and which columns hold percentages."""

    name: str
    cells: dict[tuple[int, int], Any]
    shares: frozenset[int]
    merged: tuple[tuple[int, int, int, int], ...] = ()  # first row, column, last row, column

    @property
    def size(self) -> tuple[int, int]:
        return max(r for r, _ in self.cells) + 1, max(c for _, c in self.cells) + 1


def title(publication: Publication) -> str:
    month = publication.month
    text = f"{calendar.month_name[month.month]} {month.year}"
    return f"{TITLES[publication.setting]} - {text}"


def data_sheets(publication: Publication, orgs: Organisations) -> list[Grid]:
    """Every sheet with figures, in the publisher's order."""
    setting = publication.setting
    if setting == "fft_maternity":
        return [
            _sheet(publication, orgs, f"{name} Q{number}", grain, measure)
            for number, measure in enumerate(planted.TOUCH_POINTS, 1)
            for name, grain in (("ICB", "icb"), ("Trusts", "trust"), ("Sites", "site"))
            if (number, grain) != (4, "site")
        ]
    if setting == "fft_ambulance":
        return [
            _sheet(publication, orgs, "PTS ICB", "icb"),
            _sheet(publication, orgs, "PTS Org", "trust"),
            _modes_sheet(publication, orgs),
        ]
    wanted: tuple[tuple[str, str], ...]
    if setting == "fft_gp":
        wanted = (("ICB", "icb"), ("Practices", "practice"))
    elif setting in ("fft_outpatient", "fft_mental_health", "fft_community"):
        wanted = (("ICB", "icb"), ("Orgs", "trust"))
    else:
        wanted = (("ICB", "icb"), ("Trusts", "trust"), ("Sites", "site"))
        if setting == "fft_inpatient":
            wanted = (*wanted, ("Wards", "ward"))
    return [_sheet(publication, orgs, name, grain) for name, grain in wanted]


def saved_sheet(publication: Publication, orgs: Organisations) -> Grid:
    """The one sheet an older month's CSV was saved from, with a title line on top."""
    setting = publication.setting
    name, grain, measure = "Trusts", "trust", "overall"
    if setting == "fft_maternity":
        name, measure = "Trusts Q2", "birth"
    elif setting == "fft_gp":
        name, grain = "Practices", "practice"
    sheet = _sheet(publication, orgs, name, grain, measure)
    sheet.cells[0, 0] = f"{title(publication)} (synthetic demonstration)"
    return sheet


def _columns(setting: str, grain: str, measure: str) -> list[Column]:
    organisations = ORGANISATIONS[grain]
    if setting == "fft_ambulance" and grain == "trust":
        organisations = AMBULANCE_ORG
    columns = [Column(upper, "", name, "text") for upper, name in organisations]
    columns.append(Column("Total Responses", "", "respondents"))
    if _has_eligible(setting, grain, measure):
        columns.append(Column("Total Eligible", "", "eligible"))
    columns.append(Column("Percentage Positive", "", "value", "share"))
    columns.append(Column("Percentage Negative", "", "negative", "share"))
    columns += [
        Column("Breakdown of Responses" if at == 0 else "", text, answer)
        for at, (text, answer) in enumerate(zip(ANSWER_TITLES, ANSWERS, strict=True))
    ]
    if grain in ("trust", "practice") and setting != "fft_ambulance":
        above = setting in MODES_ABOVE
        columns += [
            Column(_mode_title(mode), "", mode) if above else Column("", _mode_title(mode), mode)
            for mode in MODES_PRINTED[setting]
        ]
    if grain == "ward":
        columns += [
            Column("First Speciality", "", "first_specialty", "text"),
            Column("Second Speciality", "", "second_specialty", "text"),
        ]
    return columns


def _has_eligible(setting: str, grain: str, measure: str) -> bool:
    if setting == "fft_maternity":
        return measure == "birth" and grain != "site"
    return setting != "fft_gp"


def _mode_title(mode: str) -> str:
    text = mode.replace("_", " ").title()
    return text.replace("Sms", "SMS")


def _sheet(
    publication: Publication,
    orgs: Organisations,
    name: str,
    grain: str,
    measure: str = "overall",
) -> Grid:
    setting = publication.setting
    columns = _columns(setting, grain, measure)
    top = HEADER_ROWS.get(setting, 8) - 1
    cells: dict[tuple[int, int], Any] = {}
    for at, column in enumerate(columns):
        if column.upper:
            cells[top, at] = column.upper
        if column.lower:
            cells[top + 1, at] = column.lower
    _banners(setting, columns, top, cells)
    rows = publication.rows
    rows = rows[(rows["grain"] == grain) & (rows["measure"] == measure)]
    totals = publication.totals
    totals = totals[(totals["grain"] == grain) & (totals["measure"] == measure)]
    data_row = _totals(setting, columns, top + 2, totals, cells)
    _selection(columns, data_row - 1, rows, cells)
    _data(columns, data_row, rows, orgs, cells)
    shares = frozenset(at for at, column in enumerate(columns) if column.kind == "share")
    return Grid(name, cells, shares, _merged(setting, columns, top))


def _banners(
    setting: str, columns: list[Column], top: int, cells: dict[tuple[int, int], Any]
) -> None:
    first_mode = next((at for at, c in enumerate(columns) if c.name.startswith("mode_")), None)
    if first_mode is not None:
        banner = "Response Mode" if setting in MODES_ABOVE[1:] else "Mode of Collection"
        cells[top - 1 if setting in MODES_ABOVE else top, first_mode] = banner
    if top >= 6:
        cells[2, 2] = "Show data for:"


def _merged(setting: str, columns: list[Column], top: int) -> tuple[tuple[int, int, int, int], ...]:
    """The cells the publisher joins: each heading over two rows, each banner over its columns."""
    runs: list[tuple[int, int, int, int]] = []
    for at, column in enumerate(columns):
        if column.upper and not column.lower:
            runs.append((top, at, top + 1, at))
    named = [at for at, column in enumerate(columns) if column.name in ANSWERS]
    modes = [at for at, column in enumerate(columns) if column.name.startswith("mode_")]
    for run in (named, modes):
        if run:
            row = top - 1 if run is modes and setting in MODES_ABOVE else top
            runs.append((row, run[0], row, run[-1]))
    return tuple(runs)


def _totals(
    setting: str,
    columns: list[Column],
    row: int,
    totals: pd.DataFrame,
    cells: dict[tuple[int, int], Any],
) -> int:
    """Writes the printed totals and leaves a row for the selection; returns the first data row."""
    if setting in ("fft_ae", "fft_gp"):
        labels: tuple[str, ...] = SINGLE_TOTAL
    else:
        labels = MATERNITY_TOTALS if setting == "fft_maternity" else BOTH_TOTALS
    label_at = max(at for at, c in enumerate(columns[:6]) if c.kind == "text")
    records = totals.sort_values("independent", ascending=False).to_dict("records")
    for label, record in zip(labels, records, strict=False):
        cells[row, label_at] = label
        responses = record["respondents"]
        for at, column in enumerate(columns):
            if column.kind == "number":
                cells[row, at] = int(record[column.name])
            elif column.kind == "share":
                low, high = (
                    ("very_good", "good") if column.name == "value" else ("poor", "very_poor")
                )
                cells[row, at] = (
                    round((record[low] + record[high]) / responses, 4) if responses else "-"
                )
        row += 1
    cells[row, label_at] = SELECTION
    return row + 1


def _selection(
    columns: list[Column], row: int, rows: pd.DataFrame, cells: dict[tuple[int, int], Any]
) -> None:
    letters = [_letter(at) for at in range(len(columns))]
    place = {column.name: letters[at] for at, column in enumerate(columns)}
    sums = {c.name: float(rows[c.name].sum()) for c in columns if c.kind == "number"}
    for at, column in enumerate(columns):
        if column.kind == "number":
            formula = f"=SUBTOTAL(9,{letters[at]}{row + 2}:{letters[at]}{row + 1000})"
            cells[row, at] = Selection(formula, sums[column.name])
        elif column.kind == "share":
            pair = ("very_good", "good") if column.name == "value" else ("poor", "very_poor")
            answered = sum(sums[answer] for answer in ANSWERS)
            share = round(sum(sums[a] for a in pair) / answered, 4) if answered else "-"
            n = row + 1
            formula = (
                f"=IFERROR(({place[pair[0]]}{n}+{place[pair[1]]}{n})"
                f'/SUM({place["very_good"]}{n}:{place["dont_know"]}{n}), "-")'
            )
            cells[row, at] = Selection(formula, share)


def _data(
    columns: list[Column],
    data_row: int,
    rows: pd.DataFrame,
    orgs: Organisations,
    cells: dict[tuple[int, int], Any],
) -> None:
    names = orgs.name_of() | {"I-01-A": INDEPENDENT["I-01"]}
    for offset, record in enumerate(rows.to_dict("records")):
        grain = record["grain"]
        if grain == Grain.WARD:
            site, ward, first, second = str(record["provider"]).split("|")
            record |= {
                "site": site,
                "ward_name": ward,
                "first_specialty": first,
                "second_specialty": second,
            }
        elif grain == Grain.SITE:
            record["site"] = record["provider"]
        if grain in (Grain.SITE, Grain.WARD):
            record["site_name"] = names[str(record["site"])]
        if grain != Grain.ICB:
            record["trust_name"] = names.get(str(record["trust"]), "")
        for at, column in enumerate(columns):
            text = _printed(record, column)
            if text != "":
                cells[data_row + offset, at] = text


def _printed(record: dict[Any, Any], column: Column) -> Any:
    """What the publisher prints in one cell of a row of data."""
    value = record[column.name]
    if column.kind == "text" or not math.isnan(value):
        return value
    if record["withheld"] == Withheld.UNKNOWN:
        return ""
    if record["withheld"] == Withheld.NOT_CALCULABLE:
        return "-"
    return "*"


def _letter(index: int) -> str:
    return chr(65 + index) if index < 26 else "A" + chr(65 + index - 26)


def _modes_sheet(publication: Publication, orgs: Organisations) -> Grid:
    """`Mode Org`: the banner ‘Breakdown of Responses’ stands over the modes, as published."""
    top = HEADER_ROWS.get(publication.setting, 8) - 1
    columns = [
        *(Column(upper, "", name, "text") for upper, name in AMBULANCE_ORG),
        Column("Total Responses", "", "respondents"),
        *(
            Column("Breakdown of Responses" if at == 0 else "", _mode_title(mode), mode)
            for at, mode in enumerate(MODES_PRINTED[publication.setting])
        ),
    ]
    columns[0] = Column("ICB Code", "", "icb", "text")
    cells: dict[tuple[int, int], Any] = {}
    for at, column in enumerate(columns):
        if column.upper:
            cells[top, at] = column.upper
        if column.lower:
            cells[top + 1, at] = column.lower
    rows = publication.rows[publication.rows["grain"] == "trust"]
    totals = publication.totals[publication.totals["grain"] == "trust"]
    data_row = _totals(publication.setting, columns, top + 2, totals, cells)
    _selection(columns, data_row - 1, rows, cells)
    _data(columns, data_row, rows, orgs, cells)
    return Grid("Mode Org", cells, frozenset(), _merged(publication.setting, columns, top))


def notes(publication: Publication) -> Grid:
    row, column = (1, 1) if publication.setting == "fft_ae" else (1, 0)
    cells: dict[tuple[int, int], Any] = {
        (row, column): title(publication),
        (3, 0): f"{planted.SYNTHETIC}. Not for any use but demonstration and training.",
        (5, 0): (
            "One to four responses are withheld (*), and so is what would reveal them; a "
            "percentage of no responses is not calculable (-)."
        ),
        (7, 0): (
            "The Friends and Family Test does not provide results that can be used to directly "
            "compare providers."
        ),
    }
    return Grid("Notes", cells, frozenset())


def summary(publication: Publication, before: Publication | None) -> Grid:
    """The first page's table: this month beside the one before."""
    cells: dict[tuple[int, int], Any] = {
        (5, 1): "FFT",
        (5, 2): "Number of organisations submitting",
        (5, 3): "Responses",
        (5, 5): "Percentage Positive",
        (7, 1): "Total",
        (8, 1): "NHS",
    }
    for at, shown in enumerate((publication, before)):
        if shown is None:
            continue
        cells[6, 3 + at] = cells[6, 5 + at] = (
            f"{calendar.month_abbr[shown.month.month]}-{shown.month:%y}"
        )
        finest = shown.rows["grain"].isin(["trust", "practice"])
        if at == 0:
            cells[7, 2] = int(shown.rows.loc[finest, "provider"].nunique())
        for line, independent in ((7, True), (8, False)):
            totals = shown.totals[
                shown.totals["grain"].isin(["trust", "practice"])
                & (shown.totals["independent"] == independent)
            ]
            responses = int(totals["respondents"].sum())
            positive = float((totals["very_good"] + totals["good"]).sum())
            cells[line, 3 + at] = responses
            cells[line, 5 + at] = round(positive / responses, 4) if responses else "-"
    return Grid("Summary", cells, frozenset({5, 6}))


def hidden_codes(sheets: list[Grid]) -> Grid:
    """`BS`, the publisher's hidden sheet of switches: never data."""
    names = [sheet.name for sheet in sheets]
    cells: dict[tuple[int, int], Any] = {(0, 1): "Sort"}
    for at, name in enumerate(names):
        cells[0, at + 2] = name
        cells[at + 1, 0] = name
        for to in range(len(names)):
            cells[at + 1, to + 2] = 1 if to <= at else "-"
    return Grid("BS", cells, frozenset())
