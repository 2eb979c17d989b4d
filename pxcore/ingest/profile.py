"""A profile: what a person explained about an unknown layout, and how its files are known again.

It remembers which column is which, and *how* the period is found, never the period itself: a month
carried over to next month's file would be wrong without anybody noticing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from pxcore import maps
from pxcore.errors import PxError
from pxcore.ingest import cells
from pxcore.ingest.columns import listed, years_in
from pxcore.ingest.platforms import titles_of
from pxcore.ingest.scales import SCALES
from pxcore.ingest.source import Findings
from pxcore.ingest.workbook import HEADER_SEARCH_ROWS, Header, Sheet, Workbook
from pxcore.model import GROUPS, Grain, Withheld

UNITS = ("percentage", "proportion", "score", "counts")
PERIOD_PLACES = ("file_name", "column", "cell", "ask")
KINDS = ("month", "survey_wave", "financial_quarter", "financial_year", "any")
BLANKS = (Withheld.PUBLISHER.value, Withheld.UNKNOWN.value, Withheld.MISSING.value)
# What a row of a file holds.
FIGURES, ANSWERS, ORGANISATIONS = "figures", "answers", "organisations"
HOLDS = {
    FIGURES: "the figures of an organisation",
    ANSWERS: "one person's answer",
    ORGANISATIONS: "an organisation: its name, whom it belongs to, what became of it",
}
# Sources whose files may hold one person's answer a row.
ANSWERED = ("fft_local", "local_survey", "healthwatch", "care_opinion", "nhs_reviews")
DAY_FIRST, MONTH_FIRST = "day", "month"
DATE_ORDERS = ("", DAY_FIRST, MONTH_FIRST)  # "": as the column itself shows
# What a column may be, and how the wizard words it.
ROLES = {
    "code": "Provider code",
    "name": "Provider name",
    "grain": "Level of organisation",
    "parent": "Integrated care board (code)",
    "period": "Period",
    "measure": "Measure (its name)",
    "service": "Service",
    "respondents": "Number of people or answers",
    "positive": "Number of positive answers",
    "eligible": "Number of people eligible",
    "low": "Lower end of the interval",
    "high": "Upper end of the interval",
    "group_dimension": "What the group is by (age, sex …)",
    "group_value": "Group",
}
ANSWER_ROLES = {
    "code": "Provider code",
    "name": "Provider name",
    "date": "Date of the answer",
    "comment": "Comment",
    "comment_more": "Second comment",
    "response": "Number of the answer (differs on every row)",
    "author": "Number of the person",
    "themes": "Themes",
    "context": "Network or ICB",
    "service": "Service",
    "mode": "How it was collected",
    **{group: group.replace("_", " ").capitalize() for group in GROUPS},
}
ORGANISATION_ROLES = {
    "code": "Code",
    "name": "Name",
    "parent": "Code of what it belongs to",
    "parent_name": "Name of what it belongs to",
    "opened": "Opened on",
    "closed": "Closed on",
    "postcode": "Postcode",
    "successor": "Code it became",
    "succeeded_on": "Became that on",
}
ROLES_OF: Mapping[str, Mapping[str, str]] = {
    FIGURES: ROLES,
    ANSWERS: ANSWER_ROLES,
    ORGANISATIONS: ORGANISATION_ROLES,
}
_YEAR_MARK = "{year}"


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """One column of results: its heading (with {year} where the year changes), measure and unit.

    With the unit "counts" the heading is blank: the result is positive out of respondents.
    respondents, positive, low and high are headings that belong to this measure alone; where blank,
    those of the profile's `columns` count.
    """

    column: str
    measure: str = ""  # blank: given by the row, in the column with the role "measure"
    unit: str = "percentage"
    respondents: str = ""
    positive: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class AnswerColumn:
    """One question: the heading over its answers, the measure, and the scale a person confirmed."""

    column: str
    measure: str
    scale: str  # one of scales.SCALES


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How the period is found in each file: in its name, a column, a cell, or by asking."""

    found_in: str = "ask"
    kind: str = "any"
    cell: str = ""  # such as "B2", for found_in "cell"


@dataclass(frozen=True)
class Profile:
    """A layout as a person explained it."""

    name: str
    source: str  # "" for organisations
    columns: Mapping[str, str]  # role -> heading
    values: tuple[ValueColumn, ...]
    period: PeriodRule = field(default_factory=PeriodRule)
    title: str = ""
    sheet: str = ""  # blank: the first sheet with these headings
    blanks: str = Withheld.UNKNOWN.value  # what a blank result means in this layout
    grain: str = ""  # blank: the usual one of the source
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # role -> word -> ours
    holds: str = FIGURES  # one of HOLDS
    answers: tuple[AnswerColumn, ...] = ()
    heading_rows: int = 1
    dates: str = ""  # one of DATE_ORDERS
    parent_grain: str = ""  # of organisations
    service: str = ""  # where no row gives it; blank: the usual one of the source
    published: bool = False  # figures of a source of single responses that are public all the same

    @property
    def layout(self) -> str:
        return f"mapping:{self.name}"


def to_json(profile: Profile) -> str:
    """The profile as text a person can read and keep."""
    return json.dumps(asdict(profile), indent=2, ensure_ascii=False) + "\n"


def from_json(text: str) -> Profile:
    """The profile in a text; PxError where it is not one."""
    try:
        given = json.loads(text)
    except json.JSONDecodeError as problem:
        raise PxError(
            "The mapping profile is not valid JSON.",
            f"line {problem.lineno}",
            "Save it again from the mapping wizard.",
        ) from problem
    try:
        profile = Profile(
            **{
                **given,
                "values": tuple(ValueColumn(**value) for value in given["values"]),
                "answers": tuple(AnswerColumn(**answer) for answer in given.get("answers", ())),
                "period": PeriodRule(**given.get("period", {})),
            }
        )
        wrong = faults_of(profile)
    except (TypeError, KeyError, AttributeError) as problem:
        raise PxError(
            f"The mapping profile does not have the expected fields ({problem}).",
            fix="Save it again from the mapping wizard.",
        ) from problem
    if wrong:
        raise PxError(wrong[0], f"profile ‘{profile.name}’", "Correct it in the mapping wizard.")
    return profile


def shipped_profiles() -> tuple[Profile, ...]:
    """The profiles in data/reference/profiles, for layouts met before."""
    folder = maps.REFERENCE / "profiles"
    return tuple(from_json(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))


# --- What is wrong with one -------------------------------------------------------------------


def faults_of(profile: Profile) -> list[str]:
    """What is wrong with a profile before it meets any file, in sentences."""
    if profile.holds not in HOLDS:
        return [
            f"‘{profile.holds}’ is not something a row can hold; choose one of {', '.join(HOLDS)}."
        ]
    roles = ROLES_OF[profile.holds]
    wrong = [
        f"‘{role}’ is not something a column can be."
        for role in profile.columns
        if role not in roles
    ]
    if profile.heading_rows < 1:
        wrong.append("The headings take at least one row.")
    if profile.dates not in DATE_ORDERS:
        wrong.append(f"‘{profile.dates}’ is not an order of dates; it must be day or month.")
    if profile.holds == ORGANISATIONS:
        return wrong + _organisation_faults(profile)
    if profile.source not in maps.figure_sources():
        wrong.append(f"There is no source called ‘{profile.source}’.")
    if not {"code", "name"} & profile.columns.keys():
        wrong.append("No column is mapped to the provider's code or name.")
    if profile.service and profile.service not in maps.service_titles():
        wrong.append(f"There is no service called ‘{profile.service}’.")
    if profile.holds == ANSWERS:
        return wrong + _answer_faults(profile)
    return wrong + _figure_faults(profile)


def _figure_faults(profile: Profile) -> list[str]:
    wrong = []
    if not profile.values:
        wrong.append(
            "No column is mapped to a result: map a percentage or score, or both the number of "
            "positive answers and the number of people or answers."
        )
    for value in profile.values:
        if value.unit not in UNITS:
            wrong.append(f"‘{value.unit}’ is not a unit; it is one of {', '.join(UNITS)}.")
        if not value.measure and "measure" not in profile.columns:
            wrong.append(
                f"The column ‘{value.column}’ is not mapped to a measure."
                if value.column
                else "The counts are not mapped to a measure."
            )
        if value.unit == "counts":
            own = {part for part in ("positive", "respondents") if getattr(value, part)}
            if {"positive", "respondents"} - profile.columns.keys() - own:
                wrong.append(
                    "Counts need both the number of positive answers and the number of people or "
                    "answers."
                )
            unit = maps.measures().get((profile.source, value.measure), {}).get("unit")
            if unit not in (None, "proportion"):
                wrong.append(
                    "Counts of positive answers give a share of people, and "
                    f"‘{value.measure}’ of this source is a score."
                )
    if profile.period.found_in not in PERIOD_PLACES or profile.period.kind not in KINDS:
        wrong.append("The way the period is found is not known.")
    if profile.period.found_in == "column" and "period" not in profile.columns:
        wrong.append("The period is to be read from a column, but no column is mapped to it.")
    if profile.period.found_in == "cell" and not cell_at(profile.period.cell):
        wrong.append("The period is to be read from a cell, but no cell (such as B2) is named.")
    if profile.blanks not in BLANKS:
        wrong.append(
            f"‘{profile.blanks}’ is not a meaning of a blank; it is one of {', '.join(BLANKS)}."
        )
    return wrong


def _answer_faults(profile: Profile) -> list[str]:
    wrong = []
    if profile.source in maps.sources() and profile.source not in ANSWERED:
        wrong.append(
            f"{maps.source(profile.source)['title']} is not collected as individual people's answers; "
            f"it is one of {', '.join(ANSWERED)}."
        )
    if "date" not in profile.columns:
        wrong.append("No column is mapped to the date of the answer.")
    if not profile.answers:
        wrong.append("No column is mapped to an answer.")
    measures = [answer.measure for answer in profile.answers]
    for measure in sorted({name for name in measures if name and measures.count(name) > 1}):
        wrong.append(f"Two columns are mapped to the same measure, ‘{measure}’.")
    for answer in profile.answers:
        scale = SCALES.get(answer.scale)
        about = maps.measures().get((profile.source, answer.measure))
        if scale is None:
            wrong.append(f"No scale is given for ‘{answer.column}’.")
        if about is None:
            wrong.append(f"No measure is given for ‘{answer.column}’.")
        if scale is None or about is None:
            continue
        ends = f"{scale.low:g}–{scale.high:g}"
        due = f"{about['scale_low'] or 0}–{about['scale_high']}"
        if about["unit"] != "proportion" and ends != due:
            wrong.append(
                f"‘{about['title']}’ is kept on a scale of {due}; ‘{answer.column}’ has {ends}."
            )
        if about["unit"] == "proportion" and answer.scale == "criticality":
            wrong.append(
                f"Criticality is not a share of people: ‘{answer.column}’ needs a measure of its own."
            )
    return wrong


def _organisation_faults(profile: Profile) -> list[str]:
    wrong = []
    if "code" not in profile.columns:
        wrong.append("No column is mapped to the code.")
    if not {"name", "parent", "successor"} & profile.columns.keys():
        wrong.append("Map the name, what it belongs to, or the code it became.")
    if "successor" in profile.columns and "succeeded_on" not in profile.columns:
        wrong.append("No column is mapped to the day on which one code became another.")
    grains = {grain.value for grain in Grain}
    if {"name", "parent"} & profile.columns.keys() and profile.grain not in grains:
        wrong.append("Say which level of organisation the rows are.")
    if "parent" in profile.columns and profile.parent_grain not in grains:
        wrong.append("Say which level of organisation they belong to.")
    if "parent_name" in profile.columns and "parent" not in profile.columns:
        wrong.append("The name of what they belong to needs its code beside it.")
    if profile.grain and profile.grain == profile.parent_grain:
        wrong.append("An organisation belongs to one of another level.")
    return wrong


def cell_at(name: str) -> tuple[int, int] | None:
    """Row and column (from 0) of a cell named like B2."""
    match = re.fullmatch(r"([A-Za-z]{1,2})(\d{1,5})", name.strip())
    if match is None or int(match.group(2)) == 0:
        return None
    column = 0
    for letter in match.group(1).upper():
        column = column * 26 + ord(letter) - 64
    return int(match.group(2)) - 1, column - 1


# --- Recognising ------------------------------------------------------------------------------


def headings_of(profile: Profile) -> dict[str, str]:
    """Every heading a profile needs, by a name of ours."""
    heads = dict(profile.columns)
    for position, value in enumerate(profile.values):
        for part in ("column", "respondents", "positive", "low", "high"):
            if heading := getattr(value, part):
                heads[f"{part}:{position}"] = heading
    for position, answer in enumerate(profile.answers):
        heads[f"answer:{position}"] = answer.column
    return heads


def with_year_mark(heading: str) -> str:
    """access_satisfaction_2024 as access_satisfaction_{year}: next year's file then fits too."""
    years = years_in(heading)
    return heading.replace(str(years[0]), _YEAR_MARK) if len(years) == 1 else heading


def _pattern(heading: str) -> re.Pattern[str]:
    parts = [re.escape(cells.key(part)) for part in heading.split(_YEAR_MARK)]
    return re.compile(r"\s*(20\d\d)\s*".join(parts))


def find(profile: Profile, workbook: Workbook) -> tuple[Sheet, Header, set[int]] | None:
    """The sheet and row with all the headings of the profile, and the years they carry."""
    for sheet in workbook.sheets:
        if profile.sheet and cells.key(sheet.name) != cells.key(profile.sheet) and not sheet.is_csv:
            continue
        for row in range(min(len(sheet.rows), HEADER_SEARCH_ROWS)):
            line = titles_of(sheet, row, profile.heading_rows)
            match = _match(profile, line)
            if match is not None:
                columns, years = match
                return sheet, Header(row, row, columns, dict(enumerate(line))), years
    return None


def _match(profile: Profile, line: Sequence[str]) -> tuple[dict[str, int], set[int]] | None:
    keyed = [cells.key(title) for title in line]
    columns, years = {}, set()
    for name, heading in headings_of(profile).items():
        pattern = _pattern(heading)
        fits = [
            (position, match)
            for position, title in enumerate(keyed)
            if title and (match := pattern.fullmatch(title))
        ]
        if len(fits) != 1:  # none, or a heading with {year} that two years' columns have
            return None
        columns[name] = fits[0][0]
        years |= {int(year) for year in fits[0][1].groups()}
    return columns, years


def recognises(profile: Profile, workbook: Workbook) -> bool:
    """Whether all the columns of the profile stand in one row of the workbook."""
    return find(profile, workbook) is not None


def fitting(profiles: Sequence[Profile], workbook: Workbook) -> list[Profile]:
    """The profiles that recognise a workbook; of two, the one that asks for more columns alone where it
    asks for all of the other's."""
    matches = [profile for profile in profiles if recognises(profile, workbook)]
    heads = {
        profile.name: set(map(cells.key, headings_of(profile).values())) for profile in matches
    }
    return [
        profile
        for profile in matches
        if not any(
            heads[profile.name] < heads[rival.name] for rival in matches if rival is not profile
        )
    ]


def report_absent(profile: Profile, workbook: Workbook, findings: Findings) -> None:
    """An error for each heading the closest row of the workbook lacks, or has twice."""
    sheets = [
        sheet
        for sheet in workbook.sheets
        if not profile.sheet or sheet.is_csv or cells.key(sheet.name) == cells.key(profile.sheet)
    ]
    if not sheets:
        findings.error(
            f"There is no sheet called ‘{profile.sheet}’.",
            "the file",
            f"The sheets are {listed(workbook.sheet_names)}: rename one or correct the mapping.",
        )
        return
    patterns = {heading: _pattern(heading) for heading in headings_of(profile).values()}
    best: tuple[int, Sheet, int, dict[str, int]] = (-1, sheets[0], 0, dict.fromkeys(patterns, 0))
    for sheet in sheets:
        for row in range(min(len(sheet.rows), HEADER_SEARCH_ROWS)):
            keyed = [cells.key(title) for title in titles_of(sheet, row, profile.heading_rows)]
            times = {h: sum(bool(s and p.fullmatch(s)) for s in keyed) for h, p in patterns.items()}
            there = sum(bool(n) for n in times.values())
            if there > best[0]:
                best = (there, sheet, row, times)
    _, sheet, row, times = best
    for heading, stands in times.items():
        if stands == 0:
            findings.error(
                f"There is no column ‘{heading}’. Row {row + 1} was read as the header.",
                sheet.place(row),
                "Add the column, or make a new mapping if the layout has changed.",
            )
        elif stands > 1:
            findings.error(
                f"{stands} columns fit ‘{heading}’. Row {row + 1} was read as the header.",
                sheet.place(row),
                "Keep one of them, or make a new mapping that names one.",
            )
