"""Tidy aggregates: one row a provider, period and measure, with its counts.

The layout any analyst can produce from any system, for any signal. Needed: provider, period,
measure, positive, respondents (or value, or percentage, in place of positive). Optional: source,
provider_name, grain, parent, service, eligible, low, high, group_dimension, group_value, withheld,
confidential (yes or no: counts of single responses that nobody publishes).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import (
    confidential,
    data_rows,
    fft_facts,
    first_table,
    keep_once,
    listed,
    misspelt,
    opened,
    report_missing,
    report_periods,
    service_of,
    survey_window,
    whole_positive,
    windows,
)
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table, mapped
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
    """The columns named where provider or period is only misspelt: `read` says how to mend that."""
    for sheet in workbook.sheets:
        row, named = sheet.closest_header(COLUMNS)
        if len(named) >= _TIDY_ENOUGH:
            named = named | misspelt(sheet, row, COLUMNS).keys()
            if {"provider", "period"} <= named:
                return named
    return set()


def read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    match = _table(workbook, ("period", "measure"))
    if match is None:
        report_missing(workbook, COLUMNS, ("provider", "period", "measure"), findings)
        return {}
    table = opened(workbook, *match, COLUMNS, findings)
    _check_headings(table)
    findings.rows_in = len(table)
    table = data_rows(table, code="provider", name="provider_name")
    blank = table.text("provider").eq("") & table.text("provider_name").eq("")
    table = table.without(blank, "no organisation on the row")
    sources = _sources(table, workbook, request)
    if sources is None or not len(table):
        return {}
    return _frames(_facts(table, sources, request))


def _check_headings(table: Table) -> None:
    if not {"positive", "value", "percentage"} & table.header.columns.keys():
        table.report_absent(
            "‘positive’, ‘value’ or ‘percentage’",
            "Add the column ‘positive’ with the number of positive answers.",
        )
    # a figure's column left out for a letter would be a figure lost in silence
    for name, heading in misspelt(table.sheet, table.header.last_row, COLUMNS).items():
        report = table.findings.error if name in _FIGURES else table.findings.warning
        report(
            f"‘{heading}’ is not a known heading, so its column cannot be read.",
            table.at_heading(),
            f"Is it meant as {name.replace('_', ' ')}? Then call it ‘{COLUMNS[name][0]}’.",
        )


def _sources(table: Table, workbook: Workbook, request: Request) -> pd.Series | None:
    """The source of every row: its own column, else as requested, else named in the file name."""
    sources = mapped(table.text("source"), lambda word: str(word).lower().replace(" ", "_"))
    stem = cells.key(workbook.stem).replace(" ", "_")
    named = sorted((name for name in maps.figure_sources() if name in stem), key=len, reverse=True)
    usual = request.source or (named[0] if named else "")
    sources = sources.where(sources.ne(""), usual)
    if sources.eq("").any():
        table.findings.error(
            "Nothing says which source these figures are from.",
            table.sheet.place(),
            "Choose the source, or add a column ‘source’ such as fft_gp or gp_survey.",
            needs="source",
        )
        return None
    strange = ~sources.isin(maps.figure_sources())
    table.errors(
        strange,
        "source",
        lambda word: f"There is no source called ‘{word}’ that holds figures.",
        f"It is one of {', '.join(maps.figure_sources())}.",
        sources,
    )
    return None if strange.any() else sources


def _by_source(
    sources: pd.Series, words: pd.Series, meaning: Callable[[str, str], Hashable]
) -> pd.Series:
    """`meaning` of each row's source and word, worked out once for each different pair."""
    pairs = sources.str.cat(words, sep="\n")
    return mapped(pairs, lambda pair: meaning(*str(pair).split("\n", 1)))


def _facts(table: Table, sources: pd.Series, request: Request) -> pd.DataFrame:
    respondents, positive = table.count("respondents"), table.counts("positive")
    eligible = table.count("eligible")
    measure = _measures(table, sources)
    scored = _by_source(sources, measure, _is_mean).astype(bool)
    value, low, high, signs = _values(table, scored)
    worked_out = (positive["number"] / respondents.where(respondents > 0)).where(~scored)
    _check_figures(table, respondents, positive["number"], low, value, high, worked_out)
    value = value.where(value.notna(), worked_out)
    withheld = _withheld(table, signs, positive, respondents, value)
    shown = withheld.eq(Withheld.NONE.value)
    # a count that the publisher withholds is not worked back
    missing = shown & ~scored & positive["withheld"].eq(Withheld.MISSING.value)
    counts = positive["number"].where(
        ~missing, _worked_back(value.where(missing), respondents, table.findings)
    )
    rows = pd.DataFrame(
        {
            "source": sources,
            "measure": measure,
            "grain": _grains(table, sources),
            "provider": table.codes("provider"),
            "provider_name": table.text("provider_name"),
            "parent": table.codes("parent"),
            "service": mapped(table.text("service"), service_of),
            "group_dimension": table.text("group_dimension").str.lower(),
            "group_value": table.text("group_value"),
            "respondents": respondents,
            "positive": counts.where(shown),
            "eligible": eligible,
            "value": value.where(shown),
            "low": low.where(shown),
            "high": high.where(shown),
            "withheld": withheld,
            "cell": table.places(),
            "confidential": _confidential(table, sources),
        }
    ).join(_periods(table, sources, request))
    rows = rows[rows["period_start"].notna()]
    _check_counts(rows, table)
    identity = [
        "source", "measure", "grain", "provider", "provider_name", "service", "period_start",
        "group_dimension", "group_value",
    ]  # fmt: skip
    keep = keep_once(
        rows,
        identity,
        ["respondents", "positive", "value"],
        lambda row: f"{row['provider']} ({row['measure']})",
        table.findings,
    )
    return rows[keep]


def _check_figures(
    table: Table,
    respondents: pd.Series,
    positive: pd.Series,
    low: pd.Series,
    value: pd.Series,
    high: pd.Series,
    worked_out: pd.Series,
) -> None:
    table.errors(
        positive > respondents,
        "positive",
        "More answers are positive than there are respondents.",
        "Check the two counts at the source.",
    )
    table.check_interval(
        low,
        value,
        high,
        "low",
        "The interval does not hold its value.",
        "Check the lower end, the value and the upper end at the source.",
    )
    table.warnings(
        (value - worked_out).abs() > _ROUNDING,
        "value" if "value" in table else "percentage",
        lambda given, due: (
            f"The percentage given ({given:.1%}) is not positive out of respondents ({due:.1%})."
        ),
        "The percentage is kept as given; check the counts.",
        value,
        worked_out,
    )


def _confidential(table: Table, sources: pd.Series) -> pd.Series:
    """Whether each row counts single responses that nobody publishes."""
    if "confidential" not in table:
        assumed = confidential(sources)
        if assumed.any():
            titles = sorted({maps.source(str(source))["title"] for source in sources[assumed]})
            table.findings.note(
                f"{', '.join(titles)}: taken for counts of single responses that nobody publishes, and "
                "shown with a small noise. Where they are published, say so in a column "
                "‘confidential’ with ‘no’."
            )
        return assumed
    stated = table.text("confidential").str.lower()
    table.errors(
        ~stated.isin(["yes", "no", ""]),
        "confidential",
        lambda word: f"‘{word}’ does not say whether the row is confidential.",
        "Write ‘yes’ or ‘no’.",
        stated,
    )
    return confidential(sources, stated)


def _check_counts(rows: pd.DataFrame, table: Table) -> None:
    """Confidential figures are shown from counts: without them they cannot be protected."""
    bare = rows["confidential"] & rows["withheld"].eq(Withheld.NONE.value)
    bare &= rows["positive"].isna() | rows["respondents"].isna()
    table.errors(
        bare.reindex(table.index, fill_value=False),
        "respondents" if "respondents" in table else "provider",
        "Confidential figures need the numbers of respondents and of positive answers.",
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
            "percentage printed (it may be weighted): none is worked back, so these rows appear in no trend."
        )
    return nearest.where(fits)


def _is_mean(source: str, measure: str) -> bool:
    """Whether the measure of a source is a mean on its own scale, not a proportion."""
    known = maps.measures().get((source, measure))
    return known is not None and known["unit"] in ("score", "stars", "rating")


def _values(
    table: Table, scored: pd.Series
) -> tuple[pd.Series, pd.Series, pd.Series, pd.DataFrame | None]:
    """Value and interval: proportions 0-1, and means left on their own scale."""
    name = "value" if "value" in table else "percentage"
    if name not in table:
        none = pd.Series(np.nan, index=table.index)
        return none, none, none, None
    shares, means = table.where(~scored), table.where(scored)
    names = [name, "low", "high"]
    unit = _forced_unit(name, shares)
    parts = [shares.rates(names, unit=unit)] if len(shares) else []
    if len(means):
        parts.append({column: means.numbers(column) for column in names})
    read = {
        column: pd.concat([part[column] for part in parts]).loc[table.index] for column in names
    }
    return read[name]["number"], read["low"]["number"], read["high"]["number"], read[name]


def _forced_unit(name: str, shares: Table) -> str:
    """The unit a heading forces: a column ‘percentage’ with nothing over 1 in it may hold either."""
    if name != "percentage":
        return ""
    read = cells.numbers(shares[name])
    present = read["number"].dropna()
    if len(present) and not read["percent"].any() and 0 < float(present.max()) <= 1:
        shares.findings.error(
            f"No number in ‘{shares.title(name)}’ is over 1: they may be percentages or "
            "proportions.",
            shares.at_heading(name),
            "Write them with a % sign (0.5%), or call a column of proportions ‘value’.",
        )
        return "proportion"
    return "percentage"


def _withheld(
    table: Table,
    signs: pd.DataFrame | None,
    positive: pd.DataFrame,
    respondents: pd.Series,
    value: pd.Series,
) -> pd.Series:
    """Why a row shows no value: stated in its own column, else by the sign in the cell."""
    why = (signs if signs is not None else positive)["withheld"].astype(object)
    if signs is not None and "positive" in table:
        count_withheld = positive["withheld"].astype(object)
        why = why.where(why.ne("missing") | count_withheld.eq("none"), count_withheld)
    why = why.mask(why.eq("missing") & (respondents == 0), Withheld.NOT_CALCULABLE.value)
    why = why.mask(value.notna(), Withheld.NONE.value)
    why = why.mask(value.isna() & why.eq("none"), Withheld.NOT_CALCULABLE.value)
    reasons = table.text("withheld").str.lower().str.replace(" ", "_")
    known = {reason.value for reason in Withheld}
    table.errors(
        reasons.ne("") & ~reasons.isin(known),
        "withheld",
        lambda word: f"‘{word}’ is not a reason to show no value.",
        f"It is one of {', '.join(sorted(known))}.",
        reasons,
    )
    stated = reasons.isin(known - {"none"})
    table.warn_once(
        stated & value.notna(),
        "withheld",
        lambda rows: f"{rows} rows are marked as withheld but have a value; it is not used.",
        "Leave the value blank where it is withheld.",
    )
    return why.mask(stated, reasons)


def _measures(table: Table, sources: pd.Series) -> pd.Series:
    """Measures by their name or title; others are kept as they are, with a warning."""
    titles = {
        (source, cells.key(word)): measure
        for (source, measure), row in maps.measures().items()
        for word in (measure, row["title"])
    }
    words = table.text("measure")
    known = _by_source(
        sources, words, lambda source, word: titles.get((source, cells.key(word)), "")
    )
    table.errors(words.eq(""), "measure", "The measure is blank.", "Name the measure.")
    strange = known.eq("") & words.ne("")
    unknown = listed(f"‘{word}’" for word in words[strange].drop_duplicates())
    table.warn_once(
        strange,
        "measure",
        lambda _: (
            f"{unknown} are not known measures; they are kept under these names and compared with "
            "nothing."
        ),
        "Use a name from data/reference/measures.csv, or add a row to it.",
    )
    return known.where(known.ne(""), words)


def _grains(table: Table, sources: pd.Series) -> pd.Series:
    grains = mapped(table.text("grain"), lambda word: cells.key(word).replace(" ", "_"))
    known = {grain.value for grain in Grain}
    table.errors(
        grains.ne("") & ~grains.isin(known),
        "grain",
        lambda word: f"‘{word}’ is not a level of organisation.",
        f"It is one of {', '.join(sorted(known))}.",
        grains,
    )
    usual = mapped(sources, lambda source: maps.source(str(source))["grain"])
    # England is no practice or trust, whatever level the source's figures usually have
    usual = usual.mask(table.codes("provider").isin(_ENGLAND), Grain.NATIONAL.value)
    return grains.where(grains.ne(""), usual)


def _periods(table: Table, sources: pd.Series, request: Request) -> pd.DataFrame:
    """The period of each row, and whether its dates are approximate."""

    def period_of(source: str, words: str) -> tuple[Period, bool] | None:
        window = survey_window(source, words) if words else None
        period = cells.period(words) if words else request.period
        return window or ((period, False) if period else None)

    words = table.text("period")
    read = _by_source(sources, words, period_of)
    fix = f"Write {cells.PERIODS_READ}, or a survey's year."
    report_periods(table, read, words, "period that can be read", fix)
    return windows(read)


def _is_fft(source: str) -> bool:
    return maps.source(source)["signal"] == Signal.FFT


def _frames(rows: pd.DataFrame) -> Frames:
    """Friends and Family rows and all others, each with the columns of its own frame."""
    fft = mapped(rows["source"], lambda source: _is_fft(str(source))).astype(bool)
    others = rows[~fft]
    usual = mapped(others["source"], lambda source: maps.source(str(source))["service"])
    others = others.assign(
        service=others["service"].where(others["service"].ne(""), usual),
        base_weighting=np.where(others["respondents"].notna(), "unweighted", "unknown"),
    )
    return {"fft_fact": fft_facts(rows[fft]), "survey_fact": others}


SOURCE = Source(
    name="tidy",
    title="Tidy figures",
    publisher="",
    licence="",
    frames=("fft_fact", "survey_fact"),
    recognise=recognise,
    read=read,
)
