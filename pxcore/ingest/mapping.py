"""Reading a file as a person explained it: figures, answers or organisations, by their profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells, mapped_answers, mapped_organisations
from pxcore.ingest.columns import (
    data_rows,
    fft_facts,
    keep_once,
    listed,
    note_header,
    service_of,
    survey_window,
    wave_of,
    whole_positive,
    windows,
    years_in,
)
from pxcore.ingest.platforms import levelled
from pxcore.ingest.profile import (
    ANSWERS,
    ORGANISATIONS,
    Profile,
    ValueColumn,
    cell_at,
    find,
    recognises,
    report_absent,
)
from pxcore.ingest.source import Extract, Findings, Frames, Request, Source, counted
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Workbook
from pxcore.model import Grain, Period, Signal, Withheld


def source_of(profile: Profile) -> Source:
    """The profile as a source, to stand beside the built-in ones."""
    return Source(
        name=profile.layout,
        title=profile.title or f"{_title_of(profile)} (mapped)",
        publisher=maps.source(profile.source)["publisher"] if profile.source else "local",
        licence="",
        frames=_frames_of(profile),
        recognise=lambda workbook: recognises(profile, workbook),
        read=lambda *given: _read(profile, *given),
    )


def _title_of(profile: Profile) -> str:
    return maps.source(profile.source)["title"] if profile.source else "Organisations"


def _frames_of(profile: Profile) -> tuple[str, ...]:
    if profile.holds == ANSWERS:
        return ("response", "answer")
    if profile.holds == ORGANISATIONS:
        return ("provider", "parent", "succession")
    fft = maps.source(profile.source)["signal"] == Signal.FFT
    return ("fft_fact" if fft else "survey_fact",)


def parse_with(profile: Profile, workbook: Workbook, request: Request) -> Extract:
    """The extract of a workbook, read as the profile says."""
    return source_of(profile).parse(workbook, request)


def _read(profile: Profile, workbook: Workbook, request: Request, findings: Findings) -> Frames:
    match = find(profile, workbook)
    if match is None:
        report_absent(profile, workbook, findings)
        return {}
    raw, header, years = match
    level = levelled(raw, header.first_row, profile.heading_rows)
    note_header(level.sheet, header, findings)
    findings.notes.extend(level.notes)
    findings.rows_in += level.foot_rows
    findings.reject("a note under the table", level.foot_rows)
    mapped_answers.check_headings(profile, raw, header, findings)
    table = Table(level.sheet.table(header), level.sheet, header, findings)
    if profile.holds == ANSWERS:
        return mapped_answers.frames(profile, table)
    if profile.holds == ORGANISATIONS:
        return mapped_organisations.frames(profile, table)
    return _figures(profile, workbook, table, years, request)


# --- Figures ----------------------------------------------------------------------------------

_IDENTITY = (
    "measure", "grain", "provider", "provider_name", "service", "period_start", "group_value",
)  # fmt: skip


def _figures(
    profile: Profile, workbook: Workbook, table: Table, years: set[int], request: Request
) -> Frames:
    table = _data_rows(profile, table)
    periods = _periods(profile, workbook, table, years, request)
    measured = [_measured(profile, position, table) for position in range(len(profile.values))]
    if periods is None or not len(table):
        return {}
    rows = pd.concat([part.join(periods) for part in measured], ignore_index=True)
    rows = rows[rows["period_start"].notna() & rows["measure"].ne("")]
    rows = rows[_each_once(rows, len(profile.values), table.findings)]
    rows = rows.assign(
        confidential=profile.source in maps.confidential_sources() and not profile.published
    )
    rows = _with_counts(rows, table.findings)
    frame = _frames_of(profile)[0]
    return {frame: _shaped(profile, rows, frame)}


def _each_once(rows: pd.DataFrame, measures: int, findings: Findings) -> pd.Series:
    """keep_once, with a repeated line of the file counted once however many measures it carries."""
    before = dict(findings.rejected)
    keep = keep_once(
        rows,
        list(_IDENTITY),
        ["value", "respondents"],
        lambda row: f"{row['provider'] or row['provider_name']} ({row['measure']})",
        findings,
    )
    for reason, count in list(findings.rejected.items()):
        more = count - before.get(reason, 0)
        if more and measures > 1:
            lines = rows.loc[~keep, "cell"].nunique()
            findings.rejected[reason] = before.get(reason, 0) + lines
    return keep


def _data_rows(profile: Profile, table: Table) -> Table:
    """The rows that name a provider; lines with figures but none are rejected and counted."""
    lines, findings = len(table), table.findings
    national = _is_national(profile)
    table = data_rows(table, code="code", name="name", national=national)
    country = table.text("name" if "name" in profile.columns else "code").map(cells.key)
    country_row = country.eq("england") & (not national)
    findings.reject("a total, not an organisation", int(country_row.sum()))
    named = table.codes("code").ne("") | table.text("name").ne("")
    filled = pd.Series(False, index=table.index)
    for name in map(str, table.frame):
        if ":" in name or name in ("respondents", "positive"):
            filled |= table.text(name).ne("")
    lost = ~named & filled
    findings.rows_in += lines - int((~named & ~filled).sum())
    findings.reject("no organisation on the row", int(lost.sum()))
    table.warn_once(
        lost,
        "code",
        lambda rows: (
            f"{counted(rows, 'row')} with figures name{'s' if rows == 1 else ''} no provider."
        ),
        "Fill in the code so that the row can be used.",
    )
    return table.where(named & ~country_row)


def _is_national(profile: Profile) -> bool:
    return profile.grain == Grain.NATIONAL or "grain" in profile.columns


def _periods(
    profile: Profile, workbook: Workbook, table: Table, years: set[int], request: Request
) -> pd.DataFrame | None:
    """Start, end and whether approximate, of every row."""
    rule = profile.period
    in_name = years_in(workbook.stem)
    if years and in_name and years != set(in_name):
        table.findings.warning(
            f"The headings say {listed(map(str, sorted(years)))}, the file name says "
            f"{listed(map(str, in_name))}.",
            table.sheet.place(table.header.first_row),
            "Check that the file has the right name.",
        )
    if rule.found_in == "column":
        return _periods_of_rows(profile, table, request)
    if rule.found_in == "file_name":
        read = period_in(workbook.stem, rule.kind, profile.source, free=True)
        if read is None and rule.kind == "survey_wave" and len(years) == 1:
            read = period_in(str(next(iter(years))), rule.kind, profile.source)
        where, tried = "the file name", workbook.stem
    elif rule.found_in == "cell":
        row, column = cell_at(rule.cell) or (0, 0)
        lines = workbook.sheet(table.sheet.name).rows  # as it was, with what is not of the table
        line = lines[row] if row < len(lines) else []
        cell = line[column] if column < len(line) else ""
        read = period_in(cell, rule.kind, profile.source)
        where, tried = table.sheet.place(row, column), cells.text(cell)
    else:
        read, where, tried = None, "the file", ""
    if read is None and request.period is not None:
        wave = wave_of(profile.source, request.period) if rule.kind == "survey_wave" else ""
        read = (survey_window(profile.source, wave) if wave else None) or (request.period, False)
    if read is None:
        kind = {"month": "month", "survey_wave": "year of the survey"}.get(rule.kind, "period")
        what = f"No {kind} can be read from ‘{tried}’."
        table.findings.error(
            what if tried else f"The {kind} is not in the file.",
            where,
            f"Say which {kind} these figures are for.",
            needs="period",
        )
        return None
    return windows(pd.Series([read] * len(table), index=table.index, dtype=object))


def _periods_of_rows(profile: Profile, table: Table, request: Request) -> pd.DataFrame:
    read = mapped(
        table["period"], lambda cell: period_in(cell, profile.period.kind, profile.source)
    )
    words = table.text("period")
    if request.period is not None:
        usual = (request.period, False)
        read = read.where(read.notna() | words.ne(""), pd.Series([usual] * len(table), table.index))
    table.errors(
        read.isna(),
        "period",
        lambda word: (
            f"‘{word}’ is not a period that can be read." if word else "The period is blank."
        ),
        "Write it as a month (2025-07 or July 2025), a quarter (2025-26 Q1) or two dates.",
        words,
    )
    return windows(read)


def period_in(
    value: Any, kind: str, source: str, *, free: bool = False
) -> tuple[Period, bool] | None:
    """The period a cell says, read whole, and whether its dates are approximate.

    If `free`, the one period that free text such as a file name speaks of.
    """
    if kind == "survey_wave":
        years = years_in(cells.text(value))
        return survey_window(source, years[0]) if len(years) == 1 else None
    if kind == "month":
        month = cells.only(cells.months_in(value)) if free else cells.month(value)
        return (month, False) if month else None
    period = cells.only(cells.periods_in(cells.text(value))) if free else cells.period(value)
    if period is None:
        return survey_window(source, cells.text(value)) if kind == "any" else None
    months = (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1
    if kind == "financial_quarter" and months != 3:
        return None
    if kind == "financial_year" and months != 12:
        return None
    return period, False


def _measured(profile: Profile, position: int, table: Table) -> pd.DataFrame:
    """One column of results as rows of facts, not yet with periods."""
    value_column = profile.values[position]

    def name_of(part: str) -> str:
        own = f"{part}:{position}"
        return own if own in table else part

    value_name, low, high = f"column:{position}", name_of("low"), name_of("high")
    if value_column.unit == "score":
        read = {name: table.numbers(name) for name in (value_name, low, high)}
        _check_scale(profile, value_column, read[value_name], table, value_name)
    else:
        unit = "" if value_column.unit == "counts" else value_column.unit
        read = table.rates([value_name, low, high], unit=unit)
    respondents, counts = table.counts(name_of("respondents")), table.counts(name_of("positive"))
    positive, base, value = counts["number"], respondents["number"], read[value_name]["number"]
    if value_column.unit == "counts":
        value_name = name_of("positive")
        value = (positive / base.where(base > 0)).where(positive <= base)
    table.errors(
        positive > base,
        name_of("positive"),
        "More answers are positive than there are answers.",
        "Check the two counts at the source.",
    )
    table.check_interval(
        read[low]["number"],
        value,
        read[high]["number"],
        value_name,
        "The interval does not hold its value.",
        "Check the lower end, the value and the upper end at the source.",
    )
    blank = table.text(value_name).eq("")
    if value_column.unit == "counts":
        withheld = _count_withheld(counts, respondents)
    else:
        withheld = read[value_name]["withheld"].astype(object)
    withheld = withheld.mask(blank, profile.blanks)
    withheld = withheld.mask(blank & base.eq(0), Withheld.NOT_CALCULABLE.value)
    rows = pd.DataFrame(
        {
            "source": profile.source,
            "measure": value_column.measure
            or _words(profile, table, "measure", measure_word(profile.source)),
            "grain": _grain(profile, table),
            "provider": table.codes("code"),
            "provider_name": table.text("name"),
            "parent": table.codes("parent"),
            "service": _words(profile, table, "service", service_of),
            "group_dimension": table.text("group_dimension").str.lower(),
            "group_value": table.text("group_value"),
            "respondents": base,
            "eligible": _eligible(table, checked=position > 0),
            "positive": positive,
            "value": value,
            "low": read[low]["number"],
            "high": read[high]["number"],
            "withheld": withheld,
            "cell": table.places(),
        },
        index=table.index,
    )
    if "measure" in table and not value_column.measure:
        _report_unknown_measures(profile, rows, table)
    return rows


def _eligible(table: Table, *, checked: bool) -> pd.Series:
    """The people eligible: checked once, not once a column of results."""
    if checked and "eligible" in table:
        return cells.numbers(table["eligible"])["number"]
    return table.count("eligible")


def _count_withheld(counts: pd.DataFrame, respondents: pd.DataFrame) -> pd.Series:
    """Why there is no share: a number of positive answers may be out of nobody knows how many."""
    base = respondents["number"]
    why = counts["withheld"].astype(object)
    why = why.where(why.ne("none") | base.notna(), respondents["withheld"].astype(object))
    return why.mask(base.eq(0), Withheld.NOT_CALCULABLE.value)


def _grain(profile: Profile, table: Table) -> Any:
    usual = profile.grain or maps.source(profile.source)["grain"]
    if "grain" not in table:
        return usual
    known = {grain.value for grain in Grain}
    grains = _words(profile, table, "grain", lambda word: cells.key(word).replace(" ", "_"))
    return grains.where(grains.isin(known), usual)


def _words(profile: Profile, table: Table, role: str, otherwise: Callable[[str], str]) -> pd.Series:
    """The words of a column as ours: as the profile says ("": left out), else as `otherwise` reads them."""
    ours = {cells.key(word): mine for word, mine in profile.words.get(role, {}).items()}

    def meaning(word: str) -> str:
        folded = cells.key(word)
        return ours[folded] if folded in ours else otherwise(word) if word else ""

    return table.text(role).map(meaning)


def measure_word(source: str) -> Callable[[str], str]:
    """Which measure of a source a word names, by its name or its title; "" where none."""
    known = {
        cells.key(word): measure
        for (owner, measure), row in maps.measures().items()
        if owner == source
        for word in (measure, row["title"])
    }
    return lambda word: known.get(cells.key(word), "")


def _report_unknown_measures(profile: Profile, rows: pd.DataFrame, table: Table) -> None:
    unknown = rows["measure"].eq("")
    words = listed(f"‘{word}’" for word in table.text("measure")[unknown].drop_duplicates())
    table.findings.reject("the measure is not known", int(unknown.sum()))
    table.warn_once(
        unknown,
        "measure",
        lambda count: f"{count} rows have a measure that is not known for this source: {words}.",
        f"Map the words to measures in profile ‘{profile.name}’.",
    )


def _check_scale(
    profile: Profile, value_column: ValueColumn, read: pd.DataFrame, table: Table, name: str
) -> None:
    """A mean must lie on the measure's own scale, where that is known."""
    measure = maps.measures().get((profile.source, value_column.measure))
    if measure is None or not measure["scale_high"]:
        return
    low, high = float(measure["scale_low"] or 0), float(measure["scale_high"])
    table.errors(
        (read["number"] < low) | (read["number"] > high),
        name,
        lambda value: f"A mean of {value:g} is outside the scale of {low:g} to {high:g}.",
        "Check that the column holds means on that scale, or map it as a percentage.",
        read["number"],
    )


def _with_counts(rows: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Confidential figures are shown from counts: positive answers are worked back from a percentage and its
    respondents where a whole number gives it; without any the figures cannot be protected."""
    nearest, fits = whole_positive(rows["value"], rows["respondents"])
    worked_out = rows["confidential"] & rows["positive"].isna() & fits
    rows = rows.assign(positive=rows["positive"].where(~worked_out, nearest))
    bare = rows["confidential"] & rows["withheld"].eq(Withheld.NONE.value)
    bare &= rows["positive"].isna() | rows["respondents"].isna()
    if bare.any():
        findings.error(
            f"{int(bare.sum())} rows have no numbers of respondents and of positive answers. Figures of "
            "single responses that nobody publishes are shown from those counts.",
            str(rows.loc[bare, "cell"].iloc[0]),
            "Map both counts; or, where the figures are published, say so in the layout.",
        )
    return rows


def _shaped(profile: Profile, rows: pd.DataFrame, frame: str) -> pd.DataFrame:
    """The rows with the columns of the frame their signal keeps."""
    if frame == "fft_fact":
        derived = (rows["value"] * rows["respondents"]).round(6)
        return fft_facts(rows.assign(positive=rows["positive"].fillna(derived)))
    usual = profile.service or maps.source(profile.source)["service"]
    weighting = np.where(rows["respondents"].notna(), "", "unknown")
    return rows.assign(
        service=rows["service"].where(rows["service"].ne(""), usual), base_weighting=weighting
    )
