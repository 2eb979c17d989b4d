"""The quarterly league tables of the NHS Oversight Framework: score, segment and rank of trusts of one kind.

Loaded to show what a rank hides; it is compared with nothing and blended with nothing.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import data_rows, dated, keep_once, listed, open_table, report_periods
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Workbook, headings
from pxcore.model import LEAGUE_SOURCE

COLUMNS = headings(
    {
        "provider": "Trust_code | Trust code | Org code | Organisation code",
        "provider_name": "Trust_name | Trust name | Org name | Organisation name",
        "kind": "Trust_type | Trust type",
        "quarter": "Quarter | Reporting_date | Reporting date | Reporting period",
        "score": "Average_score | Average score | Average metric score | Average_metric_score",
        "score_range": "Likely_range_of_average_score | Likely range of average score",
        "segment": "Segment | Adjusted segment",
        "rank": "Rank | League table rank",
        "rank_range": "Likely_range_of_rank | Likely range of rank",
    }
)
_NEEDS = ("provider", "kind", "segment", "rank")
_KNOWN = {"region", "trust subtype", "trust in financial deficit"}  # said of a trust, and not read
_RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|—|to)\s*(\d+(?:\.\d+)?)")
SEGMENTS = 5


def recognise(workbook: Workbook) -> bool:
    """Some sheet has segment and rank of trusts of a kind."""
    return any(sheet.find_header(COLUMNS, _NEEDS) is not None for sheet in workbook.sheets)


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    table = open_table(workbook, COLUMNS, _NEEDS, findings)
    if table is None:
        return {}
    _note_unread(table)
    findings.rows_in = len(table)
    table = data_rows(table, code="provider", name="provider_name")
    table = table.without(table.text("provider").eq(""), "no trust on the row")
    quarters = _quarters(table, workbook, request)
    rank = table.counts("rank")["number"]
    table.errors(rank.eq(0), "rank", "A rank is 1 or more.", "Check the rank at the source.")
    segment = table.counts("segment")["number"]
    table.errors(
        (segment < 1) | (segment > SEGMENTS),
        "segment",
        lambda value: f"{value:g} is no segment.",
        f"A segment is 1 to {SEGMENTS}.",
        segment,
    )
    table.errors(
        table.text("kind").eq(""),
        "kind",
        "The kind of trust is blank: ranks are of trusts of one kind.",
        "Write it, such as ‘Acute trust’.",
    )
    low, high = _ranges(table, "rank_range")
    rows = pd.DataFrame(
        {
            "source": LEAGUE_SOURCE,
            "kind": table.text("kind"),
            "provider": table.codes("provider"),
            "provider_name": table.text("provider_name"),
            "score": table.numbers("score")["number"],
            "segment": segment,
            "rank": rank,
            "rank_low": low,
            "rank_high": high,
            "cell": table.places(),
        },
        index=table.index,
    ).join(dated(quarters))
    table.check_interval(
        low,
        rank,
        high,
        "rank_range",
        "The likely range does not hold the rank.",
        "Check the two at the source.",
    )
    unranked = rows["rank"].isna()
    table.without(unranked, "no rank on the row")
    rows = rows[~unranked & rows["period_start"].notna()]
    keep = keep_once(
        rows,
        ["kind", "provider", "period_start"],
        ["rank", "segment", "score"],
        lambda row: f"{row['provider']} ({row['kind']})",
        findings,
    )
    return {"league": rows[keep]} if keep.any() else {}


def _note_unread(table: Table) -> None:
    used = set(table.header.columns.values())
    unread = [
        title
        for place, title in sorted(table.header.titles.items())
        if place not in used and title and cells.key(title) not in _KNOWN
    ]
    if unread:
        table.findings.note(f"Columns not read: {listed(unread)}.")


def _quarters(table: Table, workbook: Workbook, request: Request) -> pd.Series:
    """The quarter of every row: its own, else the one the file name says, else as requested."""
    usual = cells.only(cells.periods_in(workbook.stem)) or request.period
    words = table.text("quarter")
    quarters = mapped(words, lambda word: cells.period(word) if word else usual)
    report_periods(table, quarters, words, "quarter", "Write it as Q3 2025/26.", "quarter")
    return quarters


def _ranges(table: Table, name: str) -> tuple[pd.Series, pd.Series]:
    """Both ends of a range written in one cell; blank, and said, where it cannot be read."""
    words = table.text(name)
    matches = [_RANGE.fullmatch(word) for word in words]
    strange = pd.Series([match is None for match in matches], index=table.index) & words.ne("")
    table.warn_once(
        strange,
        name,
        lambda rows: (
            f"{rows} likely ranges cannot be read and are left out: {listed(words[strange].unique())}."
        ),
        "They are read as 18 - 31 or 18 to 31.",
    )
    low, high = (
        pd.Series([float(match[end]) if match else np.nan for match in matches], index=table.index)
        for end in (1, 2)
    )
    return low, high


SOURCE = Source(
    name="oversight",
    title="NHS Oversight Framework league table",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    frames=("league",),
    recognise=recognise,
    read=read,
)
