"""Reading a file as a person explained it: figures, answers or organisations, by their profile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells, mapped_answers, mapped_organisations
from pxcore.ingest.columns import (
    at,
    code_column,
    data_rows,
    keep_once,
    listed,
    note_header,
    places,
    read_counts,
    read_numbers,
    read_rates,
    service_of,
    survey_window,
    text_column,
    wave_of,
    whole_positive,
    years_in,
)
from pxcore.ingest.platforms import levelled
from pxcore.ingest.profile import (
    ANSWERS,
    FIGURES,
    ORGANISATIONS,
    Profile,
    ValueColumn,
    cell_at,
    find,
    recognises,
    report_absent,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Header, Sheet, Workbook
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
        parse=lambda workbook, request: parse_with(profile, workbook, request),
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
    source, findings = source_of(profile), Findings()
    table = find(profile, workbook)
    if table is None:
        report_absent(profile, workbook, findings)
        return extract(source, workbook, findings, {})
    raw, header, years = table
    level = levelled(raw, header.first_row, profile.heading_rows)
    sheet = level.sheet
    note_header(sheet, header, findings)
    for note in level.notes:
        findings.note(note)
    findings.rows_in += level.foot_rows
    findings.reject("a note under the table", level.foot_rows)
    mapped_answers.check_headings(profile, raw, header, findings)
    frames = {
        FIGURES: lambda: _figures(profile, workbook, sheet, header, years, request, findings),
        ANSWERS: lambda: mapped_answers.frames(profile, sheet, header, findings),
        ORGANISATIONS: lambda: mapped_organisations.frames(profile, sheet, header, findings),
    }[profile.holds]()
    return extract(source, workbook, findings, frames)


# --- Figures ----------------------------------------------------------------------------------


def _figures(
    profile: Profile,
    workbook: Workbook,
    sheet: Sheet,
    header: Header,
    years: set[int],
    request: Request,
    findings: Findings,
) -> dict[str, pd.DataFrame]:
    table = _data_rows(profile, sheet, header, findings)
    periods = _periods(profile, workbook, sheet, header, table, years, request, findings)
    measured = [
        _measured(profile, position, table, sheet, header, findings)
        for position in range(len(profile.values))
    ]
    if periods is None or not len(table):
        return {}
    rows = pd.concat([part.join(periods) for part in measured], ignore_index=True)
    rows = rows[rows["period_start"].notna() & rows["measure"].ne("")]
    identity = [
        name
        for name in (
            "measure",
            "grain",
            "provider",
            "provider_name",
            "service",
            "period_start",
            "group_value",
        )
        if name in rows
    ]
    rows = rows[_each_once(rows, identity, len(profile.values), findings)]
    rows = rows.assign(
        confidential=profile.source in maps.confidential_sources() and not profile.published
    )
    rows = _with_counts(rows, findings)
    frame = _frames_of(profile)[0]
    return {frame: _shaped(profile, rows, frame)}


def _each_once(
    rows: pd.DataFrame, identity: list[str], measures: int, findings: Findings
) -> pd.Series:
    """keep_once, with a repeated line of the file counted once however many measures it carries."""
    before = dict(findings.rejected)
    keep = keep_once(
        rows,
        identity,
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


def _data_rows(profile: Profile, sheet: Sheet, header: Header, findings: Findings) -> pd.DataFrame:
    """The rows that name a provider; lines with figures but none are rejected and counted."""
    whole = sheet.table(header)
    national = _is_national(profile)
    table = data_rows(whole, sheet, findings, code="code", name="name", national=national)
    country = text_column(table, "name" if "name" in profile.columns else "code").map(cells.key)
    country_row = country.eq("england") & (not national)
    findings.reject("a total, not an organisation", int(country_row.sum()))
    named = code_column(table, "code").ne("") | text_column(table, "name").ne("")
    figures = [name for name in table if ":" in str(name) or name in ("respondents", "positive")]
    filled = pd.Series(False, index=table.index)
    for name in figures:
        filled |= text_column(table, str(name)).ne("")
    lost = ~named & filled
    findings.rows_in += len(whole) - int((~named & ~filled).sum())
    if lost.any():
        findings.reject("no provider on the row", int(lost.sum()))
        findings.warning(
            f"{int(lost.sum())} row{'s' if lost.sum() > 1 else ''} with figures name no provider.",
            at(sheet, header, table.loc[lost, "row"].iloc[0], "code"),
            "Fill in the code so that the row can be used.",
        )
    return table[named & ~country_row]


def _is_national(profile: Profile) -> bool:
    return profile.grain == Grain.NATIONAL or "grain" in profile.columns


def _periods(
    profile: Profile,
    workbook: Workbook,
    sheet: Sheet,
    header: Header,
    table: pd.DataFrame,
    years: set[int],
    request: Request,
    findings: Findings,
) -> pd.DataFrame | None:
    """Start, end and whether approximate, of every row."""
    rule = profile.period
    in_name = years_in(workbook.stem)
    if years and in_name and years != set(in_name):
        findings.warning(
            f"The headings say {listed(map(str, sorted(years)))}, the file name says "
            f"{listed(map(str, in_name))}.",
            sheet.place(header.first_row),
            "Check that the file has the right name.",
        )
    if rule.found_in == "column":
        return _periods_of_rows(profile, sheet, header, table, request, findings)
    if rule.found_in == "file_name":
        read = period_in(workbook.stem, rule.kind, profile.source, free=True)
        if read is None and rule.kind == "survey_wave" and len(years) == 1:
            read = period_in(str(next(iter(years))), rule.kind, profile.source)
        where, tried = "the file name", workbook.stem
    elif rule.found_in == "cell":
        row, column = cell_at(rule.cell) or (0, 0)
        whole = workbook.sheet(sheet.name)  # the cell may stand in what is no part of the table
        line = whole.rows[row] if row < len(whole.rows) else []
        cell = line[column] if column < len(line) else ""
        read = period_in(cell, rule.kind, profile.source)
        where, tried = sheet.place(row, column), cells.text(cell)
    else:
        read, where, tried = None, "the file", ""
    if read is None and request.period is not None:
        wave = wave_of(profile.source, request.period) if rule.kind == "survey_wave" else ""
        read = (survey_window(profile.source, wave) if wave else None) or (request.period, False)
    if read is None:
        kind = {"month": "month", "survey_wave": "year of the survey"}.get(rule.kind, "period")
        what = (
            f"No {kind} can be read from ‘{tried}’." if tried else f"The {kind} is not in the file."
        )
        findings.error(what, where, f"Say which {kind} these figures are for.", needs="period")
        return None
    period, approximate = read
    return pd.DataFrame(
        {
            "period_start": pd.Timestamp(period.start),
            "period_end": pd.Timestamp(period.end),
            "period_approximate": approximate,
        },
        index=table.index,
    )


def _periods_of_rows(
    profile: Profile,
    sheet: Sheet,
    header: Header,
    table: pd.DataFrame,
    request: Request,
    findings: Findings,
) -> pd.DataFrame:
    known: dict[Any, tuple[Period, bool] | None] = {}
    starts: list[Any] = []
    ends: list[Any] = []
    approximate = []
    for row, cell in zip(table["row"], table["period"], strict=True):
        if cell not in known:
            known[cell] = period_in(cell, profile.period.kind, profile.source)
        read = known[cell]
        if read is None and cells.text(cell) == "" and request.period is not None:
            read = (request.period, False)
        if read is None:
            findings.error(
                f"‘{cells.text(cell)}’ is not a period that can be read."
                if cells.text(cell)
                else "The period is blank.",
                at(sheet, header, row, "period"),
                "Write it as a month (2025-07 or July 2025), a quarter (2025-26 Q1) or two dates.",
            )
            starts.append(pd.NaT)
            ends.append(pd.NaT)
            approximate.append(False)
            continue
        starts.append(pd.Timestamp(read[0].start))
        ends.append(pd.Timestamp(read[0].end))
        approximate.append(read[1])
    return pd.DataFrame(
        {"period_start": starts, "period_end": ends, "period_approximate": approximate},
        index=table.index,
    )


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


def _measured(
    profile: Profile,
    position: int,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> pd.DataFrame:
    """One column of results as rows of facts, not yet with periods."""
    value_column = profile.values[position]

    def name_of(part: str) -> str:
        own = f"{part}:{position}"
        return own if own in table else part

    value_name, low, high = f"column:{position}", name_of("low"), name_of("high")
    if value_column.unit == "score":
        read = {
            name: read_numbers(table, name, sheet, header, findings)
            for name in (value_name, low, high)
        }
        _check_scale(
            profile, value_column, read[value_name], table, sheet, header, value_name, findings
        )
    else:
        read = read_rates(
            table,
            [value_name, low, high],
            sheet,
            header,
            findings,
            unit="" if value_column.unit == "counts" else value_column.unit,
        )
    respondents = read_counts(table, name_of("respondents"), sheet, header, findings)
    counted = read_counts(table, name_of("positive"), sheet, header, findings)
    positive, base, value = counted["number"], respondents["number"], read[value_name]["number"]
    if value_column.unit == "counts":
        value_name = name_of("positive")
        value = (positive / base.where(base > 0)).where(positive <= base)
    for row in table.loc[positive > base, "row"]:
        findings.error(
            "More answers are positive than there are answers.",
            at(sheet, header, row, name_of("positive")),
            "Check the two counts at the source.",
        )
    outside = (read[low]["number"] > value + 1e-9) | (read[high]["number"] < value - 1e-9)
    for row in table.loc[outside, "row"]:
        findings.error(
            "The interval does not hold its value.",
            at(sheet, header, row, value_name),
            "Check the lower end, the value and the upper end at the source.",
        )
    blank = text_column(table, value_name).eq("")
    withheld = (counted if value_column.unit == "counts" else read[value_name])["withheld"].astype(
        object
    )
    if value_column.unit == "counts":  # a number of positive answers out of nobody knows how many
        base_withheld = respondents["withheld"].astype(object)
        withheld = withheld.where(withheld.ne("none") | base.notna(), base_withheld)
        withheld = withheld.mask(base.eq(0), Withheld.NOT_CALCULABLE.value)
    withheld = withheld.mask(blank, profile.blanks)
    withheld = withheld.mask(blank & base.eq(0), Withheld.NOT_CALCULABLE.value)
    rows = pd.DataFrame(
        {
            "source": profile.source,
            "measure": value_column.measure
            or _words(profile, table, "measure", measure_word(profile.source)),
            "grain": _grain(profile, table),
            "provider": code_column(table, "code"),
            "provider_name": text_column(table, "name"),
            "parent": code_column(table, "parent"),
            "service": _words(profile, table, "service", service_of),
            "group_dimension": text_column(table, "group_dimension").str.lower(),
            "group_value": text_column(table, "group_value"),
            "respondents": base,
            "eligible": read_counts(table, "eligible", sheet, header, findings)["number"]
            if position == 0
            else cells.numbers(table["eligible"])["number"]
            if "eligible" in table
            else np.nan,
            "positive": positive,
            "value": value,
            "low": read[low]["number"],
            "high": read[high]["number"],
            "withheld": withheld,
            "cell": places(sheet, table),
        },
        index=table.index,
    )
    if "measure" in table and not value_column.measure:
        _report_unknown_measures(profile, rows, table, sheet, header, findings)
    return rows


def _grain(profile: Profile, table: pd.DataFrame) -> Any:
    usual = profile.grain or maps.source(profile.source)["grain"]
    if "grain" not in table:
        return usual
    known = {grain.value for grain in Grain}
    grains = _words(profile, table, "grain", lambda word: cells.key(word).replace(" ", "_"))
    return grains.where(grains.isin(known), usual)


def _words(
    profile: Profile, table: pd.DataFrame, role: str, otherwise: Callable[[str], str]
) -> pd.Series:
    """The words of a column as ours: as the profile says ("": left out), else as `otherwise` reads them."""
    ours = {cells.key(word): mine for word, mine in profile.words.get(role, {}).items()}

    def meaning(word: str) -> str:
        folded = cells.key(word)
        return ours[folded] if folded in ours else otherwise(word) if word else ""

    return text_column(table, role).map(meaning)


def measure_word(source: str) -> Callable[[str], str]:
    """Which measure of a source a word names, by its name or its title; "" where none."""
    known = {
        cells.key(word): measure
        for (owner, measure), row in maps.measures().items()
        if owner == source
        for word in (measure, row["title"])
    }
    return lambda word: known.get(cells.key(word), "")


def _report_unknown_measures(
    profile: Profile,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> None:
    unknown = rows["measure"].eq("")
    if not unknown.any():
        return
    words = text_column(table, "measure")[unknown]
    findings.reject("the measure is not known", int(unknown.sum()))
    findings.warning(
        f"{int(unknown.sum())} rows have a measure that is not known for this source: "
        f"{listed(f'‘{word}’' for word in words.drop_duplicates())}.",
        at(sheet, header, table.loc[unknown, "row"].iloc[0], "measure"),
        f"Map the words to measures in profile ‘{profile.name}’.",
    )


def _check_scale(
    profile: Profile,
    value_column: ValueColumn,
    read: pd.DataFrame,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    name: str,
    findings: Findings,
) -> None:
    """A mean must lie on the measure's own scale, where that is known."""
    measure = maps.measures().get((profile.source, value_column.measure))
    if measure is None or not measure["scale_high"]:
        return
    low, high = float(measure["scale_low"] or 0), float(measure["scale_high"])
    outside = (read["number"] < low) | (read["number"] > high)
    for row, value in zip(table.loc[outside, "row"], read.loc[outside, "number"], strict=True):
        findings.error(
            f"A mean of {value:g} is outside the scale of {low:g} to {high:g}.",
            at(sheet, header, row, name),
            "Check that the column holds means on that scale, or map it as a percentage.",
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
        rows = rows.assign(
            icb=rows["parent"].where(~rows["grain"].isin(["site", "ward"]), ""),
            parent=rows["parent"].where(rows["grain"].isin(["site", "ward"]), ""),
            positive=rows["positive"].where(rows["positive"].notna(), derived),
        )
        return rows.drop(
            columns=[
                "service",
                "group_dimension",
                "group_value",
                "low",
                "high",
                "period_approximate",
            ]
        )
    usual = profile.service or maps.source(profile.source)["service"]
    weighting = np.where(rows["respondents"].notna(), "", "unknown")
    return rows.assign(
        service=rows["service"].where(rows["service"].ne(""), usual), base_weighting=weighting
    )
