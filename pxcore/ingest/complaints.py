"""Written complaints (KO41a), by organisation: new in the year, and how many were upheld.

One complaint may be counted under several services and subjects, so those columns add up to more
than the complaints; only the totals of the organisation are kept.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import (
    data_rows,
    dated,
    first_table,
    keep_once,
    open_table,
    report_periods,
)
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Aliases, Workbook
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


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    table = open_table(workbook, COLUMNS, _NEEDS, findings)
    if table is None:
        return {}
    findings.rows_in = len(table)
    table = data_rows(table, code="provider", name="provider_name")
    provider = table.text("provider")
    nobody = provider.eq("") | provider.str.lower().eq("england")
    table = table.without(nobody, "no organisation on the row (a total or a note)")
    return {"survey_fact": _facts(table, request)} if len(table) else {}


def _facts(table: Table, request: Request) -> pd.DataFrame:
    count = {
        name: table.counts(name)
        for name in ("new", "resolved", "upheld", "partly", "not_upheld", "services", "subjects")
    }
    number = {name: read["number"] for name, read in count.items()}
    _check_outcomes(table, number)
    _note_multiple(number, table.findings)
    site, code = table.codes("site"), table.codes("provider")
    # In the file by site, a row whose site is the organisation itself stands for its other places.
    at_site = site.ne("") if "site" in table else pd.Series(False, index=table.index)
    whose = pd.DataFrame(
        {
            "source": NAME,
            "grain": np.where(at_site, Grain.SITE.value, Grain.TRUST.value),
            "provider": site.where(at_site, code),
            "provider_name": table.text("site_name").where(at_site, table.text("provider_name")),
            "parent": code.where(at_site, table.codes("icb")),
            "cell": table.places(),
        }
    ).join(_years(table, request))
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
    return _each_once(rows, number, table.findings)


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


def _years(table: Table, request: Request) -> pd.DataFrame:
    """The financial year of every row, such as 2024-25."""
    words = table.text("year")
    years = words.map(
        lambda word: (cells.financial_year(word) or cells.period(word)) if word else request.period
    )
    report_periods(table, years, words, "financial year", "Write it as 2024-25.", "year")
    return dated(years)


def _check_outcomes(table: Table, number: dict[str, pd.Series]) -> None:
    """Upheld, partly upheld and not upheld are the outcomes of the complaints resolved."""
    upheld, resolved = number["upheld"] + number["partly"], number["resolved"]
    table.errors(
        upheld > resolved,
        "upheld",
        "More complaints were upheld than resolved.",
        "Check the counts at the source.",
    )
    outcomes = upheld + number["not_upheld"]
    table.warnings(
        (outcomes != resolved) & outcomes.notna() & (upheld <= resolved),
        "resolved",
        lambda added, due: (
            f"The outcomes add up to {added:g}, but {due:g} complaints were resolved."
        ),
        "Check the counts at the source; they are kept as printed.",
        outcomes,
        resolved,
    )


def _note_multiple(number: dict[str, pd.Series], findings: Findings) -> None:
    """Say how far services and subjects exceed the complaints, as one may have several."""
    new = number["new"].sum()
    sums = [
        f"{name} add up to {number[name].sum():g}"
        for name in ("services", "subjects")
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
    read=read,
)
