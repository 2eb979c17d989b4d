"""Tidy aggregates: one row a provider, period and measure, with its counts.

The layout any analyst can produce from any system, for any signal. Needed: provider, period,
measure, positive, respondents (or value, or percentage, in place of positive). Optional: source,
provider_name, grain, parent, service, eligible, low, high, group_dimension, group_value, withheld,
confidential (yes or no: counts of single responses that nobody publishes).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api.typing import NaTType

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    at,
    code_column,
    confidential,
    data_rows,
    first_table,
    keep_once,
    listed,
    mapped,
    misspelt,
    note_header,
    places,
    read_counts,
    read_numbers,
    read_rates,
    report_missing,
    service_of,
    survey_window,
    text_column,
    title_of,
    warn_of_unread_sheets,
    whole_positive,
)
from pxcore.ingest.source import Extract, Findings, Request, Source, extract
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain, Period, Signal, Withheld

COLUMNS: Aliases = {
    "provider": ("provider", "provider_code", "provider code"),
    "period": ("period",),
    "measure": ("measure",),
    "positive": ("positive",),
    "respondents": ("respondents",),
    "value": ("value",),
    "percentage": ("percentage", "percent"),
    "source": ("source",),
    "provider_name": ("provider_name", "provider name"),
    "grain": ("grain",),
    "parent": ("parent",),
    "service": ("service",),
    "eligible": ("eligible",),
    "low": ("low",),
    "high": ("high",),
    "group_dimension": ("group_dimension",),
    "group_value": ("group_value",),
    "withheld": ("withheld",),
    "confidential": ("confidential",),
}
_FIGURES = {"positive", "respondents", "value", "percentage"}
_ENGLAND = ("ENGLAND", "E92000001")
_TIDY_ENOUGH = 3  # headings rightly spelt by which a table is known for this layout
_ROUNDING = 0.0051  # a printed percentage without decimals may be half a point off


def recognise(workbook: Workbook) -> bool:
    """Some sheet has provider and period beside a measure and figures, a letter or two wrong at most."""
    match = _table(workbook, ("period",))
    named = match[1].columns.keys() if match is not None else _all_but_misspelt(workbook)
    return bool(named & _FIGURES) and len(named & (_FIGURES | {"measure"})) >= 2


def _table(workbook: Workbook, needed: tuple[str, ...]) -> tuple[Sheet, Header] | None:
    """The first sheet whose heading names providers, by code or by name, and what else is needed."""
    by_code = first_table(workbook, COLUMNS, ("provider", *needed))
    return by_code or first_table(workbook, COLUMNS, ("provider_name", *needed))


def _all_but_misspelt(workbook: Workbook) -> set[str]:
    """The columns named where provider or period is only misspelt: `parse` says how to mend that."""
    for sheet in workbook.sheets:
        row, named = sheet.closest_header(COLUMNS)
        if len(named) >= _TIDY_ENOUGH:
            named = named | misspelt(sheet, row, COLUMNS).keys()
            if {"provider", "period"} <= named:
                return named
    return set()


def parse(workbook: Workbook, request: Request) -> Extract:
    findings = Findings()
    match = _table(workbook, ("period", "measure"))
    if match is None:
        report_missing(workbook, COLUMNS, ("provider", "period", "measure"), findings)
        return extract(SOURCE, workbook, findings, {})
    sheet, header = match
    note_header(sheet, header, findings, COLUMNS)
    warn_of_unread_sheets(workbook, sheet, COLUMNS, header, findings)
    if not {"positive", "value", "percentage"} & header.columns.keys():
        findings.error(
            "There is no column ‘positive’, ‘value’ or ‘percentage’. "
            f"Row {header.last_row + 1} was read as the header.",
            sheet.place(header.last_row),
            "Add the column ‘positive’ with the number of positive answers.",
        )
    # a figure's column left out for a letter would be a figure lost in silence
    for name, heading in misspelt(sheet, header.last_row, COLUMNS).items():
        report = findings.error if name in _FIGURES else findings.warning
        report(
            f"‘{heading}’ is no heading known here, so that its column cannot be read.",
            sheet.place(header.last_row),
            f"Is it meant as {name.replace('_', ' ')}? Then call it ‘{COLUMNS[name][0]}’.",
        )
    table = sheet.table(header)
    findings.rows_in = len(table)
    table = data_rows(table, sheet, findings, code="provider", name="provider_name")
    blank = text_column(table, "provider").eq("") & text_column(table, "provider_name").eq("")
    findings.reject("no provider on the row", int(blank.sum()))
    table = table[~blank]
    sources = _sources(table, workbook, sheet, header, request, findings)
    if sources is None or not len(table):
        return extract(SOURCE, workbook, findings, {})
    rows = _facts(table, sources, sheet, header, request, findings)
    return extract(SOURCE, workbook, findings, _frames(rows))


def _sources(
    table: pd.DataFrame,
    workbook: Workbook,
    sheet: Sheet,
    header: Header,
    request: Request,
    findings: Findings,
) -> pd.Series | None:
    """The source of every row: its own column, else as asked, else named in the file name."""
    sources = mapped(text_column(table, "source"), lambda word: str(word).lower().replace(" ", "_"))
    stem = cells.key(workbook.stem).replace(" ", "_")
    named = sorted((name for name in maps.sources() if name in stem), key=len, reverse=True)
    usual = request.source or (named[0] if named else "")
    sources = sources.where(sources.ne(""), usual)
    if sources.eq("").any():
        findings.error(
            "Nothing says which source these figures are from.",
            sheet.place(),
            "Choose the source, or add a column ‘source’ such as fft_gp or gp_survey.",
            needs="source",
        )
        return None
    strange = ~sources.isin(list(maps.sources()))
    for row, word in zip(table.loc[strange, "row"], sources[strange], strict=True):
        findings.error(
            f"There is no source called ‘{word}’.",
            at(sheet, header, row, "source"),
            f"It is one of {', '.join(maps.sources())}.",
        )
    return None if strange.any() else sources


def _facts(
    table: pd.DataFrame,
    sources: pd.Series,
    sheet: Sheet,
    header: Header,
    request: Request,
    findings: Findings,
) -> pd.DataFrame:
    respondents = read_counts(table, "respondents", sheet, header, findings)["number"]
    positive = read_counts(table, "positive", sheet, header, findings)
    eligible = read_counts(table, "eligible", sheet, header, findings)["number"]
    measure = _measures(table, sources, sheet, header, findings)
    scored = mapped(sources.str.cat(measure, sep="\n"), _is_mean).astype(bool)
    value, low, high, signs = _values(table, scored, sheet, header, findings)
    for row in table.loc[positive["number"] > respondents, "row"]:
        findings.error(
            "More answers are positive than there are respondents.",
            at(sheet, header, row, "positive"),
            "Check the two counts at the source.",
        )
    for row in table.loc[(low > value + 1e-9) | (high < value - 1e-9), "row"]:
        findings.error(
            "The interval does not hold its value.",
            at(sheet, header, row, "low"),
            "Check the lower end, the value and the upper end at the source.",
        )
    worked_out = (positive["number"] / respondents.where(respondents > 0)).where(~scored)
    for row, given, due in zip(
        table.loc[(value - worked_out).abs() > _ROUNDING, "row"],
        value[(value - worked_out).abs() > _ROUNDING],
        worked_out[(value - worked_out).abs() > _ROUNDING],
        strict=True,
    ):
        findings.warning(
            f"The percentage given ({given:.1%}) is not positive out of respondents ({due:.1%}).",
            at(sheet, header, row, "value" if "value" in header.columns else "percentage"),
            "The percentage is kept as given; check the counts.",
        )
    value = value.where(value.notna(), worked_out)
    withheld = _withheld(table, signs, positive, respondents, value, sheet, header, findings)
    shown = withheld.eq(Withheld.NONE.value)
    # a count that the publisher withholds is not worked back
    unsaid = shown & ~scored & positive["withheld"].eq(Withheld.MISSING.value)
    counted = positive["number"].where(
        ~unsaid, _worked_back(value.where(unsaid), respondents, findings)
    )
    rows = pd.DataFrame(
        {
            "source": sources,
            "measure": measure,
            "grain": _grains(table, sources, sheet, header, findings),
            "provider": code_column(table, "provider"),
            "provider_name": text_column(table, "provider_name"),
            "parent": code_column(table, "parent"),
            "service": mapped(text_column(table, "service"), service_of),
            "group_dimension": text_column(table, "group_dimension").str.lower(),
            "group_value": text_column(table, "group_value"),
            "respondents": respondents,
            "positive": counted.where(shown),
            "eligible": eligible,
            "value": value.where(shown),
            "low": low.where(shown),
            "high": high.where(shown),
            "withheld": withheld,
            "cell": places(sheet, table),
            "confidential": _confidential(table, sources, sheet, header, findings),
        }
    ).join(_periods(table, sources, sheet, header, request, findings))
    rows = rows[rows["period_start"].notna()]
    _check_counts(rows, table, sheet, header, findings)
    identity = [
        "source", "measure", "grain", "provider", "provider_name", "service", "period_start",
        "group_dimension", "group_value",
    ]  # fmt: skip
    figures = ["respondents", "positive", "value"]
    keep = keep_once(
        rows, identity, figures, lambda row: f"{row['provider']} ({row['measure']})", findings
    )
    return rows[keep]


def _confidential(
    table: pd.DataFrame, sources: pd.Series, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """Whether each row counts single responses that nobody publishes."""
    if "confidential" not in table:
        assumed = confidential(sources)
        if assumed.any():
            named = ", ".join(
                sorted({maps.source(str(source))["title"] for source in sources[assumed]})
            )
            findings.note(
                f"{named}: taken for counts of single responses that nobody publishes, and shown with a "
                "small noise. Where they are published, say so in a column ‘confidential’ with ‘no’."
            )
        return assumed
    stated = text_column(table, "confidential").str.lower()
    strange = ~stated.isin(["yes", "no", ""])
    for row, word in zip(table.loc[strange, "row"], stated[strange], strict=True):
        findings.error(
            f"‘{word}’ does not say whether the row is confidential.",
            at(sheet, header, row, "confidential"),
            "Write ‘yes’ or ‘no’.",
        )
    return confidential(sources, stated)


def _check_counts(
    rows: pd.DataFrame, table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> None:
    """Confidential figures are shown from counts: without them they cannot be protected."""
    bare = rows["confidential"] & rows["withheld"].eq(Withheld.NONE.value)
    bare &= rows["positive"].isna() | rows["respondents"].isna()
    column = "respondents" if "respondents" in header.columns else "provider"
    for row in table.loc[rows.index[bare], "row"]:
        findings.error(
            "Confidential figures need the numbers of respondents and of positive answers.",
            at(sheet, header, row, column),
            "Add both counts; or, where the figure is published, write ‘no’ in a column ‘confidential’.",
        )


def _worked_back(value: pd.Series, respondents: pd.Series, findings: Findings) -> pd.Series:
    """Positive answers worked back from a percentage and its respondents, where whole ones fit.

    A percentage of people counted one by one is a whole number of them, but for its rounding. Where
    no whole number gives the printed percentage it was weighted, and nothing is worked back.
    """
    given = value.notna() & (respondents > 0)
    if not given.any():
        return pd.Series(np.nan, index=value.index)
    nearest, fits = whole_positive(value, respondents)
    if fits.any():
        findings.note(
            f"{int(fits.sum()):,} rows give a percentage and no positive answers: the number is "
            "worked back from the percentage and the respondents, to the nearest whole one."
        )
    if (given & ~fits).any():
        findings.note(
            f"In {int((given & ~fits).sum()):,} rows no whole number of positive answers gives the "
            "percentage printed (it may be weighted): none is worked back, so these rows are in no "
            "trend."
        )
    return nearest.where(fits)


def _is_mean(source_and_measure: str) -> bool:
    """Whether the measure of a source is a mean on its own scale, not a proportion."""
    source, measure = source_and_measure.split("\n", 1)
    known = maps.measures().get((source, measure))
    return known is not None and known["unit"] in ("score", "stars", "rating")


def _values(
    table: pd.DataFrame, scored: pd.Series, sheet: Sheet, header: Header, findings: Findings
) -> tuple[pd.Series, pd.Series, pd.Series, pd.DataFrame | None]:
    """Value and interval: proportions 0-1, and means left on their own scale."""
    name = "value" if "value" in table else "percentage"
    if name not in table:
        none = pd.Series(np.nan, index=table.index)
        return none, none, none, None
    shares, means = table[~scored], table[scored]
    unit = _unit_named(name, shares, sheet, header, findings)
    names = [name, "low", "high"]
    rates = read_rates(shares, names, sheet, header, findings, unit=unit) if len(shares) else {}
    plain = (
        {column: read_numbers(means, column, sheet, header, findings) for column in names}
        if len(means)
        else {}
    )
    read = {
        column: pd.concat([part[column] for part in (rates, plain) if part]).loc[table.index]
        for column in names
    }
    return read[name]["number"], read["low"]["number"], read["high"]["number"], read[name]


def _unit_named(
    name: str, shares: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings
) -> str:
    """The unit a heading forces: a column ‘percentage’ with nothing over 1 in it may hold either."""
    if name != "percentage":
        return ""
    read = cells.numbers(shares[name])
    present = read["number"].dropna()
    if len(present) and not read["percent"].any() and 0 < float(present.max()) <= 1:
        findings.error(
            f"No number in ‘{title_of(header, name)}’ is over 1: they may be percentages or "
            "proportions.",
            sheet.place(header.last_row, header.columns[name]),
            "Write them with a % sign (0.5%), or call a column of proportions ‘value’.",
        )
        return "proportion"
    return "percentage"


def _withheld(
    table: pd.DataFrame,
    signs: pd.DataFrame | None,
    positive: pd.DataFrame,
    respondents: pd.Series,
    value: pd.Series,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> pd.Series:
    """Why a row shows no value: said in its own column, else by the sign in the cell."""
    why = (signs if signs is not None else positive)["withheld"].astype(object)
    if signs is not None and "positive" in table:
        counted = positive["withheld"].astype(object)
        why = why.where(~why.isin(["missing"]) | counted.eq("none"), counted)
    why = why.mask(why.eq("missing") & (respondents == 0), Withheld.NOT_CALCULABLE.value)
    why = why.mask(value.notna(), Withheld.NONE.value)
    why = why.mask(value.isna() & why.eq("none"), Withheld.NOT_CALCULABLE.value)
    reasons = text_column(table, "withheld").str.lower().str.replace(" ", "_")
    known = {reason.value for reason in Withheld}
    stated = reasons.ne("")
    for row, word in zip(
        table.loc[stated & ~reasons.isin(known), "row"],
        reasons[stated & ~reasons.isin(known)],
        strict=True,
    ):
        findings.error(
            f"‘{word}’ is not a reason to show no value.",
            at(sheet, header, row, "withheld"),
            f"It is one of {', '.join(sorted(known))}.",
        )
    against = stated & reasons.isin(known - {"none"}) & value.notna()
    if against.any():
        findings.warning(
            f"{int(against.sum())} rows are said to be withheld and yet have a value; "
            "it is not used.",
            at(sheet, header, table.loc[against, "row"].iloc[0], "withheld"),
            "Leave the value blank where it is withheld.",
        )
    return why.mask(stated & reasons.isin(known - {"none"}), reasons)


def _source_and_key(pair: str) -> tuple[str, str]:
    source, word = pair.split("\n", 1)
    return source, cells.key(word)


def _measures(
    table: pd.DataFrame, sources: pd.Series, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    """Measures by their name or title; others are kept as they are and told."""
    titles = {
        (source, cells.key(word)): measure
        for (source, measure), row in maps.measures().items()
        for word in (measure, row["title"])
    }
    words = text_column(table, "measure")
    pairs = sources.str.cat(words, sep="\n")
    known = mapped(pairs, lambda pair: titles.get(_source_and_key(str(pair)), ""))
    for row in table.loc[words.eq(""), "row"]:
        findings.error(
            "The measure is blank.", at(sheet, header, row, "measure"), "Name the measure."
        )
    strange = known.eq("") & words.ne("")
    if strange.any():
        findings.warning(
            f"{listed(f'‘{word}’' for word in words[strange].drop_duplicates())} "
            "are not known measures; they are kept under these names and compared with nothing.",
            at(sheet, header, table.loc[strange, "row"].iloc[0], "measure"),
            "Use a name from data/reference/measures.csv, or add a row to it.",
        )
    return known.where(known.ne(""), words)


def _grains(
    table: pd.DataFrame, sources: pd.Series, sheet: Sheet, header: Header, findings: Findings
) -> pd.Series:
    grains = mapped(text_column(table, "grain"), lambda word: cells.key(word).replace(" ", "_"))
    known = {grain.value for grain in Grain}
    for row, word in zip(
        table.loc[grains.ne("") & ~grains.isin(known), "row"],
        grains[grains.ne("") & ~grains.isin(known)],
        strict=True,
    ):
        findings.error(
            f"‘{word}’ is not a level of organisation.",
            at(sheet, header, row, "grain"),
            f"It is one of {', '.join(sorted(known))}.",
        )
    usual = mapped(sources, lambda source: maps.source(str(source))["grain"])
    # England is no practice or trust, whatever level the source's figures usually have
    usual = usual.mask(code_column(table, "provider").isin(_ENGLAND), Grain.NATIONAL.value)
    return grains.where(grains.ne(""), usual)


def _periods(
    table: pd.DataFrame,
    sources: pd.Series,
    sheet: Sheet,
    header: Header,
    request: Request,
    findings: Findings,
) -> pd.DataFrame:
    pairs = sources.str.cat(mapped(table["period"], cells.text), sep="\n")
    read = mapped(pairs, lambda pair: _period(str(pair), request))
    for row, cell in zip(
        table.loc[read.isna(), "row"], table.loc[read.isna(), "period"], strict=True
    ):
        findings.error(
            f"‘{cells.text(cell)}’ is not a period that can be read."
            if cells.text(cell)
            else "The period is blank.",
            at(sheet, header, row, "period"),
            f"Write {cells.PERIODS_READ}, or a survey's year.",
            needs="" if cells.text(cell) else "period",
        )
    return pd.DataFrame(
        {
            "period_start": mapped(read, lambda dated: _edge(dated, "start")),
            "period_end": mapped(read, lambda dated: _edge(dated, "end")),
            "period_approximate": mapped(read, lambda dated: isinstance(dated, tuple) and dated[1]),
        },
        index=table.index,
    )


def _edge(read: object, edge: str) -> pd.Timestamp | NaTType:
    return pd.Timestamp(getattr(read[0], edge)) if isinstance(read, tuple) else pd.NaT


def _period(source_and_words: str, request: Request) -> tuple[Period, bool] | None:
    source, words = source_and_words.split("\n", 1)
    if not words:
        return (request.period, False) if request.period else None
    wave = survey_window(source, words)
    if wave is not None:
        return wave
    period = cells.period(words)
    return (period, False) if period else None


def _is_fft(source: str) -> bool:
    return maps.source(source)["signal"] == Signal.FFT


def _frames(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Friends and Family rows and all others, each with the columns of its own frame."""
    fft = mapped(rows["source"], lambda source: _is_fft(str(source))).astype(bool)
    facts = rows[fft]  # first: a longer column assigned to an empty frame would fill it with rows
    below = facts["grain"].isin([Grain.SITE.value, Grain.WARD.value])
    facts = facts.assign(
        icb=facts["parent"].where(~below, ""), parent=facts["parent"].where(below, "")
    )
    facts = facts.drop(
        columns=["service", "group_dimension", "group_value", "low", "high", "period_approximate"]
    )
    others = rows[~fft]
    usual = mapped(others["source"], lambda source: maps.source(str(source))["service"])
    others = others.assign(
        service=others["service"].where(others["service"].ne(""), usual),
        base_weighting=np.where(others["respondents"].notna(), "unweighted", "unknown"),
    )
    return {"fft_fact": facts, "survey_fact": others}


SOURCE = Source(
    name="tidy",
    title="Tidy figures",
    publisher="",
    licence="",
    frames=("fft_fact", "survey_fact"),
    recognise=recognise,
    parse=parse,
)
