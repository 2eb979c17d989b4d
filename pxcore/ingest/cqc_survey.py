"""The surveys of the Care Quality Commission: files with a mean score per trust and question.

Which question is which measure shifts from year to year and is data (data/reference/questions.csv);
a question that is not mapped is kept under its own number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    data_rows,
    fieldwork,
    keep_once,
    listed,
    note_header,
    stated_years,
    wave_of,
    years_in,
)
from pxcore.ingest.source import Findings, Frames, Request, Source, counted
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import HEADER_SEARCH_ROWS, Header, Sheet, Workbook, by_heading
from pxcore.model import Grain, Withheld

SURVEYS = ("cqc_inpatient", "cqc_urgent", "cqc_maternity", "cqc_mental_health")
_IDENTITY = by_heading(
    {
        "code": "trustcode | trust code | trust id | nhs trust code",
        "name": "trustname | trust name | nhs trust",
        "site": "sitecode | site code",
        "site_name": "sitename | site name",
        "respondents": "n tpat | n pat | respondents | number of respondents",
        "year": "year | survey year",
    }
)
_STARTS_A_BLOCK = ("code", "name", "site")
_PARTS = by_heading(
    {
        "value": "mean | score",
        "low": "low | lower | lowerci | lower ci | lci",
        "high": "high | upper | upperci | upper ci | uci",
        "band": "band | banding",
        "base": "n | respondents",
        "standard_error": "se | stderr",
        "rank": "rank",
    }
)
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
_QUESTION = re.compile(rf"(?:({_PART}) )?([a-z]\d{{1,2}}[a-z]?)(?: ({_PART}))?")
_WAVE_CODE = re.compile(r"(?<![a-z])(aip|ip|uec|ae|mat|cmhs?)[ _\-]?(\d\d)(?!\d)", re.IGNORECASE)
_SURVEY_CODES = {
    "aip": "cqc_inpatient",
    "ip": "cqc_inpatient",
    "uec": "cqc_urgent",
    "ae": "cqc_urgent",
    "mat": "cqc_maternity",
    "cmh": "cqc_mental_health",
    "cmhs": "cqc_mental_health",
}
_SURVEY_WORDS = (
    ("cqc_mental_health", re.compile(r"\bcmhs?(\d\d)?\b|mental health")),
    ("cqc_maternity", re.compile(r"\bmat(\d\d)?\b|maternity")),
    ("cqc_urgent", re.compile(r"\buec(\d\d)?\b|urgent and emerg|\ba and e\b|emergency dep")),
    ("cqc_inpatient", re.compile(r"\baip(\d\d)?\b|inpatient")),
)
_SUMMARY_ROWS = re.compile(
    r"^(?:england|national|all trusts|average|mean|total|lowest|highest|minimum|maximum)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One table on a sheet: its heading, and the column of each part of each question."""

    sheet: Sheet
    header: Header
    questions: tuple[str, ...]


# --- Finding the tables -----------------------------------------------------------------------


def _question(heading: str) -> tuple[str, str] | None:
    """Question and part a heading names: mean_Q35, q35, q46_upper, band q46."""
    match = _QUESTION.fullmatch(heading)
    if match is None:
        return None
    before, question, after = match.groups()
    return (question, _PARTS[before or after or "mean"]) if not (before and after) else None


def _columns_of(keyed: list[str]) -> tuple[list[dict[str, int]], int]:
    """Columns by name, a set per block (a second column of trusts opens one); how many means."""
    blocks: list[dict[str, int]] = [{}]
    means = 0
    for column, heading in enumerate(keyed):
        if not heading:
            continue
        identity = _IDENTITY.get(heading)
        if identity is not None:
            if identity in blocks[-1] and identity in _STARTS_A_BLOCK:
                blocks.append({})
            blocks[-1].setdefault(identity, column)
            continue
        question = _question(heading)
        if question is not None and question[1] != "rank":
            name = f"{question[0]}:{question[1]}"
            blocks[-1].setdefault(name, column)
            means += question[1] == "value"
    return blocks, means


def _blocks(workbook: Workbook) -> list[Block]:
    blocks = []
    for sheet in workbook.sheets:
        best: tuple[int, int, list[dict[str, int]]] = (0, 0, [])
        for row, line in enumerate(sheet.rows[:HEADER_SEARCH_ROWS]):
            keyed = [cells.key(cell) for cell in line]
            columns, means = _columns_of(keyed)
            named = any({"code", "name", "site"} & block.keys() for block in columns)
            worded = sum("mean" in heading for heading in keyed)
            if means > best[0] and (named or worded >= 3):
                best = (means, row, columns)
        means, row, columns = best
        if not means:
            continue
        titles = {column: cells.text(cell) for column, cell in enumerate(sheet.rows[row])}
        for block in columns:
            questions = tuple(name.split(":")[0] for name in block if name.endswith(":value"))
            if questions:
                blocks.append(Block(sheet, Header(row, row, block, titles), questions))
    return blocks


def recognise(workbook: Workbook) -> bool:
    """Some sheet has trusts beside columns of question means."""
    return bool(_blocks(workbook))


# --- Which survey, which year -----------------------------------------------------------------


def _survey(workbook: Workbook, sheet: Sheet, request: Request, findings: Findings) -> str:
    """Which survey: as requested, else as the sheet, the file name or, last, the titles say."""
    if request.source in SURVEYS:
        return request.source
    titles = [cell for tab in workbook.sheets for row in tab.rows[:5] for cell in row[:3]]
    by_sheet = "" if sheet.is_csv else _survey_in(sheet.name)
    by_name = _survey_in(workbook.stem)
    if by_sheet and by_name and by_sheet != by_name:
        findings.warning(
            f"The sheet says {maps.source(by_sheet)['title']}, the file name "
            f"{maps.source(by_name)['title']}; the sheet is used.",
            sheet.place(),
            "Check that the file is the one you mean.",
        )
    in_titles = {survey for title in titles if (survey := _survey_in(title))}
    return by_sheet or by_name or (in_titles.pop() if len(in_titles) == 1 else "")


def _survey_in(text: Any) -> str:
    """The one survey that words name, by its code (aip20) or in full; "" for none or several."""
    codes = {_SURVEY_CODES[code.lower()] for code, _ in _WAVE_CODE.findall(cells.text(text))}
    if codes:
        return codes.pop() if len(codes) == 1 else ""
    folded = cells.key(text).replace("_", " ")
    named = [survey for survey, words in _SURVEY_WORDS if words.search(folded)]
    return named[0] if len(named) == 1 else ""


def _wave(workbook: Workbook, sheet: Sheet) -> str:
    """The year of the survey: from a code such as aip20, else the one year in the name or title."""
    for text in (sheet.name, workbook.stem):
        codes = {year for _, year in _WAVE_CODE.findall(text)}
        if len(codes) == 1:
            return f"20{codes.pop()}"
    titles = " ".join(cells.text(c) for tab in workbook.sheets for r in tab.rows[:3] for c in r[:2])
    for text in (workbook.stem, titles):
        years = years_in(text)
        if len(years) == 1:
            return str(years[0])
    return ""


# --- Reading ----------------------------------------------------------------------------------


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    blocks = _blocks(workbook)
    if not blocks:
        findings.error(
            "No sheet has a table of trusts and question means.",
            "the file",
            "Check that the heading (such as trustcode, trustname, q46_mean) was saved with it.",
        )
    parts = [rows for block in blocks if len(rows := _rows(workbook, block, request, findings))]
    surveys = {str(source) for part in parts for source in part["source"].unique()}
    if len(surveys) == 1:
        findings.title = maps.source(surveys.pop())["title"]
    return {"survey_fact": pd.concat(parts, ignore_index=True)} if parts else {}


def _rows(workbook: Workbook, block: Block, request: Request, findings: Findings) -> pd.DataFrame:
    sheet, header, questions = block.sheet, block.header, block.questions
    note_header(sheet, header, findings)
    survey = _survey(workbook, sheet, request, findings)
    if not survey:
        findings.error(
            "Nothing says which survey this is.",
            sheet.place(),
            "Say whether it is the inpatient, urgent and emergency care, maternity or community "
            "mental health survey.",
            needs="source",
        )
    if not {"code", "name", "site"} & header.columns.keys():
        findings.error(
            f"There is no column of trusts. Row {header.first_row + 1} was read as the header.",
            sheet.place(header.first_row),
            "Add the column ‘trustcode’ or ‘trustname’.",
        )
        return pd.DataFrame()
    table = _trusts(Table(sheet.table(header), sheet, header, findings), questions)
    waves = _waves(workbook, table, survey, request)
    measured = [_measure(table, question, questions[0]) for question in questions]
    _warn_of_scales(table, questions)
    if not survey or waves is None or not len(table):
        return pd.DataFrame()
    rows = pd.concat([part.join(waves) for part in measured], ignore_index=True)
    rows["source"] = survey
    rows["service"] = maps.source(survey)["service"]
    rows["measure"] = [
        _measure_name(survey, question, wave)
        for question, wave in zip(rows["question"], rows["wave"], strict=True)
    ]
    _note_unmapped(rows, findings)
    return _each_once(rows, findings)


def _trusts(table: Table, questions: Sequence[str]) -> Table:
    """The rows that name a trust (or site), without the rows that sum them up."""
    lines = len(table)
    for column in _STARTS_A_BLOCK:
        table = data_rows(table, code=column, name=column)
    table.findings.rows_in += lines - len(table)
    code, name, site = table.codes("code"), table.text("name"), table.codes("site")
    results = [table.text(f"{question}:value").ne("") for question in questions]
    filled = pd.concat(results, axis=1).any(axis=1)
    named = code.ne("") | name.ne("") | site.ne("")
    # Only words and no figures: a note under the table. Side by side, one block may be longer.
    data = filled | (named & code.ne(""))
    summary = data & code.eq("") & site.eq("") & name.str.contains(_SUMMARY_ROWS)
    lost = filled & ~named
    table.findings.rows_in += int(data.sum())
    table.findings.reject("a summary row, not a trust", int(summary.sum()))
    table.findings.reject("no trust on the row", int(lost.sum()))
    table.warn_once(
        lost,
        "",
        lambda rows: f"{counted(rows, 'row')} with scores name{'s' if rows == 1 else ''} no trust.",
        "Fill in the trust so that the row can be used.",
    )
    at_site = site.ne("")
    trusts = table.with_columns(
        provider=site.where(at_site, code),
        provider_name=table.text("site_name").where(at_site, name),
        parent=code.where(at_site, ""),
        grain=np.where(at_site, Grain.SITE.value, Grain.TRUST.value),
    )
    return trusts.where(data & named & ~summary)


def _waves(workbook: Workbook, table: Table, survey: str, request: Request) -> pd.DataFrame | None:
    stated = stated_years(table)
    wave = ""
    if not len(stated) or stated.eq("").any():
        wave = _wave(workbook, table.sheet)
        if not wave and request.period is not None:
            wave = wave_of(survey, request.period) or str(request.period.end.year)
        if not wave:
            table.findings.error(
                "The year of the survey is not known.",
                table.sheet.place(),
                "Say which year's survey this is.",
                needs="period",
            )
            return None
    return fieldwork(table, stated.where(stated.ne(""), wave), survey, request, _UNKNOWN_WAVE)


_UNKNOWN_WAVE = (
    "It is not known when the people in the {} survey were cared for.",
    "Say when, or add the year to data/reference/survey_windows.csv.",
)


def _measure(table: Table, question: str, first: str) -> pd.DataFrame:
    """The results of one question, on a scale of 0 to 10."""
    name = f"{question}:value"
    read = {
        part: table.numbers(f"{question}:{part}")
        for part in ("value", "low", "high", "standard_error")
    }
    value, low, high = (read[part]["number"] for part in ("value", "low", "high"))
    scale = _scale(value)
    table.errors(
        (value < 0) | (value > scale),
        name,
        lambda score: f"A score of {score:g} is outside 0 to {scale:g}.",
        "Check that the column holds mean scores, all on one scale.",
        value,
    )
    table.check_interval(
        low,
        value,
        high,
        name,
        f"The interval of {question.upper()} does not hold its score.",
        "Check the three columns at the source: lower end, score, upper end.",
    )
    base = f"{question}:base" if f"{question}:base" in table else "respondents"
    blank = table.text(name).eq("")
    by = scale / 10
    return pd.DataFrame(
        {
            "question": question,
            "grain": table["grain"],
            "provider": table["provider"],
            "provider_name": table["provider_name"],
            "parent": table["parent"],
            "respondents": _respondents(
                table, base, checked=base == "respondents" and question != first
            ),
            "value": value / by,
            "low": low / by,
            "high": high / by,
            "standard_error": read["standard_error"]["number"] / by,
            "band": table.text(f"{question}:band"),
            "base_weighting": "unweighted" if base in table else "unknown",
            "withheld": read["value"]["withheld"].mask(blank, Withheld.UNKNOWN.value),
            "cell": table.places(),
        },
        index=table.index,
    )


def _respondents(table: Table, base: str, *, checked: bool) -> pd.Series:
    """The answers to the question; the trust's number is checked once, not once per question."""
    return cells.numbers(table[base])["number"] if checked and base in table else table.count(base)


def _scale(values: pd.Series) -> float:
    """Means run to 10; older files have them to 100. The middle value of the column decides."""
    present = values.dropna()
    return 100.0 if len(present) and float(present.median()) > 10 else 10.0


def _warn_of_scales(table: Table, questions: Sequence[str]) -> None:
    """Say where the questions of one table are not all on one scale."""
    scales: dict[float, list[str]] = {10.0: [], 100.0: []}
    for question in questions:
        values = cells.numbers(table[f"{question}:value"])["number"]
        if values.notna().any():
            scales[_scale(values)].append(question.upper())
    if all(scales.values()):
        table.findings.warning(
            f"{listed(scales[100.0])} are read as scores out of 100, {listed(scales[10.0])} as "
            "scores out of 10.",
            table.sheet.place(table.header.first_row),
            "Check that each column holds scores on that scale.",
        )


def _measure_name(survey: str, question: str, wave: str) -> str:
    for row in maps.rows("questions"):
        if row["source"] == survey and row["column"].lower() == question:
            first, last = int(row["year_from"] or 0), int(row["year_to"] or 9999)
            if not wave.isdigit() or first <= int(wave) <= last:
                return row["measure"]
    return question


def _note_unmapped(rows: pd.DataFrame, findings: Findings) -> None:
    unmapped = sorted(set(rows.loc[rows["measure"].eq(rows["question"]), "question"]))
    if unmapped:
        findings.note(
            f"{len(unmapped)} questions are kept under their own number: "
            f"{', '.join(question.upper() for question in unmapped)}."
        )
    if rows["measure"].eq(rows["question"]).all():
        findings.warning(
            "None of the questions is mapped to a measure for this year.",
            str(rows["cell"].iloc[0]),
            "Add this year's number of the overall question to data/reference/questions.csv.",
        )


def _each_once(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Every trust once per wave, judged over all its questions together."""
    identity = ["provider", "provider_name", "wave"]
    wide = rows.pivot(index="cell", columns="question", values="value")
    first = rows.drop_duplicates("cell").set_index("cell", drop=False)[[*identity, "cell"]]
    first["figures"] = [str(line) for line in wide.loc[first.index].to_numpy().tolist()]
    first.index.name = None
    keep = keep_once(
        first,
        identity,
        ["figures"],
        lambda row: f"{row['provider'] or row['provider_name']} ({row['wave']})",
        findings,
    )
    return rows[rows["cell"].map(keep)].drop(columns=["question", "wave"])


SOURCE = Source(
    name="cqc_survey",
    title="CQC survey benchmark",
    publisher="Care Quality Commission",
    licence="Open Government Licence v3.0",
    frames=("survey_fact",),
    recognise=recognise,
    read=read,
)
