"""What have we loaded, and can we trust it? In words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

import numpy as np
import pandas as pd

from pxcore.analysis.files.sources import SourcesReport, few_or
from pxcore.analysis.pairs.coverage import Coverage
from pxcore.analysis.rows import each
from pxcore.disclosure import Released
from pxcore.model import Disclosure, Signal
from pxcore.words.counts import fewer_than
from pxcore.words.english import capital, counted, joined, month_range
from pxcore.words.source_card import BEARS_IN_BRIEF

# How often a source comes, as sources.csv has it.
COMES: Mapping[str, str] = MappingProxyType(
    {
        "four weeks": "Four-weekly",
        "month": "Monthly",
        "year": "Yearly",
        "two years": "Every two years",
    }
)
FLAG = "⚑"  # what wants a look
MOST_REASONS = 3
MOST_LISTED = 3  # odd values and gaps above the list of files


def summary(report: SourcesReport) -> str:
    """What is loaded, that every row of it is accounted for, and whether anything wants a look."""
    facts = report.with_figures
    if facts.empty:
        return "Nothing is loaded yet."
    sources = {name for row in facts["sources"] for name in row.split(", ") if name}
    files = len(facts)
    look = f"{counted(report.odd, 'thing')} to look at" if report.odd else "nothing odd was noticed"
    return (
        f"Yes, so far as the files go: {counted(files, 'file')} of {counted(len(sources), 'source')}, "
        f"every row accounted for; {look}. The latest data are for {facts['period_end'].max():%B %Y}."
    )


def limits(report: SourcesReport, own: bool = True) -> str:
    """What became of the rows of the files that count; of own data when the last was loaded."""
    if report.loaded.empty:
        return "Drop the files you receive, just as they come."
    facts = report.with_figures
    first, last = facts["period_start"].min(), facts["period_end"].max()
    when = "" if facts.empty else f"{first:%B %Y} to {last:%B %Y}: "
    withheld = int(report.loaded["rows_withheld"].sum())
    in_use = _in_use(facts["live_rows"])
    loaded = f" The last file was loaded on {report.loaded['loaded_at'].max():%-d %B %Y}."
    return (
        f"{when}{in_use} row{'' if in_use == '1' else 's'} in use; {withheld:,} rows hold no value, withheld "
        f"by the publisher or missing. {_left_out(report)}{loaded if own else ''}"
    )


def _in_use(rows: pd.Series) -> str:
    """How many rows; of a file with few single responses that they are few, never none."""
    known = f"{rows.sum():,.0f}"
    if rows.isna().all() and len(rows):
        return "few"
    return f"{known} and few more" if rows.isna().any() else known


def _left_out(report: SourcesReport) -> str:
    """The most frequent reasons for which rows were left out."""
    reasons = report.left_out()
    if not reasons:
        return "None was left out."
    named = [f"{reason} ({many:,})" for reason, many in list(reasons.items())[:MOST_REASONS]]
    more = sum(list(reasons.values())[MOST_REASONS:])
    if more:
        named.append(f"other reasons ({more:,})")
    return f"Left out: {joined(named)}."


def figures(report: SourcesReport) -> list[tuple[str, str, str]]:
    """Label, value and what it rests on."""
    facts, many = report.with_figures, len(report.loaded)
    removed = len(report.extracts) - many
    replaced = int((facts["fact_rows"] - facts["live_rows"]).sum())
    organisations = report.reference[report.reference["kind"] == "organisations"]["rows"].sum()
    return [
        (
            "Files with figures",
            f"{len(facts):,}",
            (f"{many - len(facts):,} more of reference; " if len(facts) < many else "")
            + (f"{removed:,} taken out" if removed else "none taken out"),
        ),
        ("Rows in use", _in_use(facts["live_rows"]), f"{replaced:,} replaced since"),
        ("Odd values and gaps", f"{report.odd:,}", "listed file by file"),
        ("Organisations known", f"{int(organisations):,}", "from reference files"),
    ]


def by_source(
    report: SourcesReport, covered: Coverage, disclosure: Disclosure, today: date | None = None
) -> Released:
    """Every source as shown: what it is, what time it covers, how many answered, what it can bear, what to
    look at.

    `today` is for own data alone, of which more may be out by now.
    """
    rows = report.by_source()
    return Released(
        rows.assign(
            # a row is short
            title=np.where(rows["odd"] > 0, f"{FLAG} ", "")
            + rows["title"].str.replace("Friends and Family Test", "FFT"),
            publisher=rows["publisher"].map(capital),
            answers=_answers(rows["source"], covered, disclosure),
            when=[month_range(row.first.date(), row.last.date()) for row in each(rows)],
            comes=[
                f"{COMES[row.every]} ({row.next:%b %Y})" if row.every else "At no fixed time"
                for row in each(rows)
            ],
            out=[_out(row.out, today) for row in each(rows)],
            bears=[
                BEARS_IN_BRIEF[Signal(signal)] if signal else "Not experience itself"
                for signal in rows["signal"]
            ],
        )
    )


def _answers(sources: pd.Series, covered: Coverage, disclosure: Disclosure) -> list[str]:
    """How many answered each source; of single responses that are not shown, that they are few."""
    single = set(covered.cells.loc[covered.cells["single"].fillna(False).astype(bool), "source"])
    many = {row.source: row.respondents for row in each(covered.totals)}
    return [
        f"{many[source]:,.0f}"
        if pd.notna(many.get(source))
        else fewer_than(disclosure)
        if source in single
        else "–"
        for source in sources
    ]


def _out(day: pd.Timestamp, today: date | None) -> str:
    """The month in which a next file is usually out; that it may be, once the month is over."""
    if pd.isna(day):
        return ""
    over = today is not None and (day.year, day.month) < (today.year, today.month)
    return f"{day:%b %Y}{'?' if over else ''}"


def to_look_at(report: SourcesReport) -> list[str]:
    """The first odd values and gaps, each with its file, and how many there are beside."""
    odd = [
        f"{FLAG} {row.title}: {what} The file is {row.file_name}."
        for row in each(report.loaded)
        for what, _, _ in row.faults
    ]
    more = len(odd) - MOST_LISTED
    return [
        *odd[:MOST_LISTED],
        *([f"And {more:,} more, file by file below."] if more > 0 else []),
    ]


def provenance(report: SourcesReport, number: int) -> str:
    """One sentence on where an extract came from."""
    row = report.extracts[report.extracts["extract"] == number].iloc[0]
    as_at = "" if pd.isna(row["as_at"]) else f"as at {row['as_at']:%d %B %Y}; "
    return (
        f"{row['title']}; publisher {row['publisher']}; {as_at}loaded "
        f"{row['loaded_at']:%d %B %Y at %H:%M} UTC; {few_or(row['rows_in'])} rows in the file, "
        f"{few_or(row['rows_kept'])} kept, {row['rows_withheld']:,} of them withheld or missing, "
        f"{row['rows_rejected']:,} left out; fingerprint {row['sha256'][:16]}…"
    )


def restored(report: SourcesReport, number: int) -> str:
    """What a file that was put back counts for."""
    row = report.extracts[report.extracts["extract"] == number].iloc[0]
    if not row["erased"]:
        return f"‘{row['file_name']}’ counts again."
    return (
        f"‘{row['file_name']}’ counts again, without its comments: they were erased for good. To have "
        "them back, load the file itself again."
    )


def copies_hold(report: SourcesReport) -> str:
    """That copies beside the database still hold what was erased from it; "" where there are none."""
    if not report.copies:
        return ""
    return (
        "Copies of the database as it was before it was brought up to date still hold the words: "
        f"{', '.join(report.copies)}. Delete them yourself if they are not needed."
    )
