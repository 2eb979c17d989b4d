"""Written complaints (KO41a), by organisation: new in the year, and how many were upheld.

One complaint may be counted under several services and subjects, so those columns add up to more
than the complaints; only the totals of the organisation are kept.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import (
    at,
    code_column,
    data_rows,
    first_table,
    keep_once,
    note_header,
    places,
    read_counts,
    report_missing,
    text_column,
    warn_of_unread_sheets,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain, Withheld

NAME = "complaints"
COLUMNS: Aliases = {
    "year": ("Year",),
    "icb": ("ICS_Code", "ICB_Code"),
    "provider": ("Organisation_Code",),
    "provider_name": ("Organisation_Name",),
    "site": ("Site_Code",),
    "site_name": ("Site_Name",),
    "new": ("Complaints_Total_New",),
    "resolved": ("Complaints_Total_Resolved",),
    "upheld": ("Complaints_Number_Upheld",),
    "partly": ("Complaints_Number_Partially_Upheld",),
    "not_upheld": ("Complaints_Number_Not_Upheld",),
    "services": ("Service_Total",),
    "subjects": ("Subject_Area_Total",),
}
_MARKS = ("new", "resolved")
_NEEDS = ("year", "provider", "new", "resolved", "upheld", "partly")


def recognise(workbook: Workbook) -> bool:
    """Some sheet counts new and resolved complaints in the publisher's words."""
    return first_table(workbook, COLUMNS, _MARKS) is not None


def parse(workbook: Workbook, request: Request) -> Extract:
    findings = Findings()
    match = first_table(workbook, COLUMNS, _NEEDS)
    if match is None:
        report_missing(workbook, COLUMNS, _NEEDS, findings)
        return extract(SOURCE, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, COLUMNS)
    warn_of_unread_sheets(workbook, sheet, COLUMNS, header, findings)
    table = sheet.table(header)
    findings.rows_in = len(table)
    table = data_rows(table, sheet, findings, code="provider", name="provider_name")
    provider = text_column(table, "provider")
    nobody = provider.eq("") | provider.str.lower().eq("england")
    findings.reject("no organisation on the row (a total or a note)", int(nobody.sum()))
    table = table[~nobody]
    if not len(table):
        return extract(SOURCE, workbook, findings, {})
    rows = _facts(table, sheet, header, request, findings)
    return extract(SOURCE, workbook, findings, {"survey_fact": rows})


def _facts(
    table: pd.DataFrame, sheet: Sheet, header: Header, request: Request, findings: Findings
) -> pd.DataFrame:
    count = {
        name: read_counts(table, name, sheet, header, findings)
        for name in ("new", "resolved", "upheld", "partly", "not_upheld", "services", "subjects")
    }
    number = {name: read["number"] for name, read in count.items()}
    _check_outcomes(table, number, sheet, header, findings)
    _note_multiple(number, findings)
    site, code = code_column(table, "site"), code_column(table, "provider")
    # In the file by site, a row whose site is the organisation itself stands for its other places.
    at_site = site.ne("") if "site" in table else pd.Series(False, index=table.index)
    whose = pd.DataFrame(
        {
            "source": NAME,
            "grain": np.where(at_site, Grain.SITE.value, Grain.TRUST.value),
            "provider": site.where(at_site, code),
            "provider_name": text_column(table, "site_name").where(
                at_site, text_column(table, "provider_name")
            ),
            "parent": code.where(at_site, code_column(table, "icb")),
            "cell": places(sheet, table),
        }
    ).join(_years(table, sheet, header, request, findings))
    upheld_count = number["upheld"] + number["partly"]
    resolved = number["resolved"]
    new = whose.assign(measure="new", respondents=number["new"], withheld=count["new"]["withheld"])
    upheld = whose.assign(
        measure="upheld",
        positive=upheld_count,
        respondents=resolved,
        value=(upheld_count / resolved).where(resolved > 0),
        withheld=np.select(
            [resolved == 0, upheld_count.notna() & resolved.notna()],
            [Withheld.NOT_CALCULABLE.value, Withheld.NONE.value],
            default=count["upheld"]["withheld"].mask(
                count["upheld"]["withheld"].eq("none"), Withheld.MISSING.value
            ),
        ),
    )
    rows = pd.concat([new, upheld])
    rows = rows[rows["period_start"].notna()]
    return _each_once(rows, number, findings)


def _each_once(
    rows: pd.DataFrame, number: dict[str, pd.Series], findings: Findings
) -> pd.DataFrame:
    lines = rows[rows["measure"].eq("new")]
    figures = pd.DataFrame(number).loc[lines.index]
    keep = keep_once(
        lines[["provider", "provider_name", "period_start", "cell"]].join(figures),
        ["provider", "provider_name", "period_start"],
        list(figures.columns),
        lambda row: f"{row['provider']} ({row['period_start'].year})",
        findings,
    )
    return rows[rows.index.isin(keep.index[keep])]


def _years(
    table: pd.DataFrame, sheet: Sheet, header: Header, request: Request, findings: Findings
) -> pd.DataFrame:
    """The financial year of every row, such as 2024-25."""
    years = text_column(table, "year")
    read = years.map(
        lambda word: (cells.financial_year(word) or cells.period(word)) if word else request.period
    )
    for row, word in zip(table.loc[read.isna(), "row"], years[read.isna()], strict=True):
        findings.error(
            f"‘{word}’ is not a financial year." if word else "The year is blank.",
            at(sheet, header, row, "year"),
            "Write it as 2024-25.",
            needs="" if word else "period",
        )
    return pd.DataFrame(
        {
            "period_start": [pd.Timestamp(year.start) if year else pd.NaT for year in read],
            "period_end": [pd.Timestamp(year.end) if year else pd.NaT for year in read],
        },
        index=table.index,
    )


def _check_outcomes(
    table: pd.DataFrame,
    number: dict[str, pd.Series],
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> None:
    """Upheld, partly upheld and not upheld are the outcomes of the complaints resolved."""
    upheld = number["upheld"] + number["partly"]
    for row in table.loc[upheld > number["resolved"], "row"]:
        findings.error(
            "More complaints were upheld than resolved.",
            at(sheet, header, row, "upheld"),
            "Check the counts at the source.",
        )
    every = upheld + number["not_upheld"]
    off = (every != number["resolved"]) & every.notna() & (upheld <= number["resolved"])
    for row, added, resolved in zip(
        table.loc[off, "row"], every[off], number["resolved"][off], strict=True
    ):
        findings.warning(
            f"The outcomes add up to {added:g}, but {resolved:g} complaints were resolved.",
            at(sheet, header, row, "resolved"),
            "Check the counts at the source; they are kept as printed.",
        )


def _note_multiple(number: dict[str, pd.Series], findings: Findings) -> None:
    """Say how far services and subjects exceed the complaints, as one may have several."""
    new = number["new"].sum()
    sums = [
        f"{title} add up to {number[name].sum():g}"
        for name, title in (("services", "services"), ("subjects", "subjects"))
        if number[name].sum() > new
    ]
    if sums:
        findings.note(
            f"One complaint may have several: {' and '.join(sums)} for {new:g} new complaints. "
            "They are not used as totals."
        )


SOURCE = Source(
    name="complaints",
    title="Written complaints (KO41a)",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    frames=("survey_fact",),
    recognise=recognise,
    parse=parse,
)
