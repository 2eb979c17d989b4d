"""The summary tables of a published Healthwatch report, typed out one table a file.

Reports do not always add up: sums and percentages are checked against each other, and what does not
fit is reported with both figures. The counts are kept as printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pxcore.ingest import cells
from pxcore.ingest.columns import (
    data_rows,
    dated,
    note_header,
    report_missing,
    report_periods,
    service_of,
)
from pxcore.ingest.responses import group_of
from pxcore.ingest.source import Findings, Frames, Request, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import Grain, Period, Withheld

NAME = "healthwatch"
ROUNDING = 1.01  # percentages are printed whole; reports differ in how they round halves
_PERIOD = {"period": ("period", "quarter", "months")}
_SENTIMENTS = ("positive", "neutral", "negative")
_COUNT_AND_PERCENT = re.compile(r"([\d,]+)\s*\(\s*([\d.]+)\s*%\s*\)")

_SENTIMENT_TABLE: Aliases = {
    **_PERIOD,
    "service": ("service type", "service"),
    "theme": ("theme", "themes"),
    "positive": ("positive",),
    "neutral": ("neutral", "mixed neutral"),
    "negative": ("negative",),
    "total": ("total", "total reviews"),
    "positive_percent": ("positive %", "positive_pct", "% positive"),
    "neutral_percent": ("neutral %", "neutral_pct", "% neutral"),
    "negative_percent": ("negative %", "negative_pct", "% negative"),
}
_QUARTER_TABLE: Aliases = {
    **_PERIOD,
    "service": ("service type", "service"),
    "positive": ("positive_reviews", "positive reviews"),
    "positive_percent": ("positive_pct", "positive %", "% positive"),
}
_GROUP_TABLE: Aliases = {
    **_PERIOD,
    "field": ("field", "demographic"),
    "group": ("value", "group", "category"),
    "reviews": ("no of reviews", "number of reviews", "reviews"),
}
_REVIEWS = ("no of reviews", "number of reviews", "no. of reviews", "reviews")
_NETWORK_TABLE: Aliases = {
    **_PERIOD,
    "place": ("pcn name", "pcn", "primary care network"),
    "reviews": _REVIEWS,
    "rating": ("overall star rating (1-5)", "overall star rating", "overall rating (1-5)"),
    "appointment": ("access: getting an appointment (1-4)", "getting an appointment"),
    "phone": ("access: getting through on the phone (1-4)", "getting through on the phone"),
    "online_consultation": (
        "quality of online consultations (1-5)",
        "quality of online consultations",
    ),
    "telephone_consultation": (
        "quality of telephone consultations (1-5)",
        "quality of telephone consultations",
    ),
    "staff": ("staff attitudes (1-5)", "staff attitudes"),
    "treatment": ("quality of treatment (1-5)", "quality of treatment"),
}
_HOSPITAL_TABLE: Aliases = {
    **_PERIOD,
    "place": ("name of hospital", "hospital", "hospital name"),
    "reviews": _REVIEWS,
    "rating": ("overall rating (1-5)", "overall rating", "overall star rating (1-5)"),
    "referral": ("ease of referral or appointment",),
    "phone_hospital": ("getting through on the phone", "getting through on the telephone"),
    "waiting": ("waiting times",),
    "communication": ("communication between hospital and gp",),
    "staff": ("staff attitudes", "staff attitudes (1-5)"),
    "treatment": ("quality of treatment", "quality of treatment (1-5)"),
}
# Access items of general practice run 1 to 4, all others 1 to 5.
_FOUR_POINTS = ("appointment", "phone")
_FIELDS = {
    "gender": "sex",
    "sex": "sex",
    "age": "age",
    "disability": "disability",
    "ethnicity": "ethnicity",
    "long term condition": "long_term_condition",
    "unpaid carer": "carer",
    "carer": "carer",
    "deprivation": "deprivation",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of table: its columns, those it cannot do without, and how its rows are read."""

    aliases: Aliases
    marks: tuple[str, ...]  # these make the table recognisable
    needs: tuple[str, ...]
    rows: Callable[[Table], pd.DataFrame]


# --- Counts by sentiment ----------------------------------------------------------------------


def _unpack_counts(table: Table) -> Table:
    """“184 (60%)” as a count and a percentage of its own column."""
    for name in _SENTIMENTS:
        if name not in table:
            continue
        split = table[name].map(lambda cell: _COUNT_AND_PERCENT.fullmatch(cells.text(cell)))
        packed = split.notna()
        if packed.any():
            counts = table[name].mask(packed, split.map(lambda m: m.group(1) if m else ""))
            percents = split.map(lambda m: float(m.group(2)) if m else np.nan)
            table = table.with_columns(**{name: counts, f"{name}_percent": percents})
    return table


def _sentiment_rows(table: Table) -> pd.DataFrame:
    table = _unpack_counts(table)
    count = {name: table.count(name) for name in _SENTIMENTS}
    total = table.count("total")
    percent = {
        name: table.numbers(f"{name}_percent")["number"]
        for name in _SENTIMENTS
        if f"{name}_percent" in table
    }
    label = table.text("theme").where(table.text("theme").ne(""), table.text("service"))
    summed = count["positive"] + count["neutral"] + count["negative"]
    table.warnings(
        (total - summed).abs() > 0.5,
        "total" if "total" in table else "positive",
        lambda name, printed, added: (
            f"‘{name}’: positive, neutral and negative add up to {added:g}, "
            f"but the total says {printed:g}."
        ),
        "Check the report; the counts are kept as printed and the sum is used as the base.",
        label,
        total,
        summed,
    )
    _check_percentages(table, count, total, percent, label)
    totals = label.map(cells.key).isin(["overall total", "total", "overall", "grand total"])
    _check_total_row(table, count, total, totals, label)
    table.findings.reject("a total row (checked against the rows)", int(totals.sum()))
    known = summed.notna()
    base = summed.where(known, total)
    return pd.DataFrame(
        {
            "measure": "theme" if "theme" in table else "overall",
            "service_raw": table.text("service"),
            "theme": table.text("theme"),
            "respondents": base,
            **count,
            "value": (count["positive"] / base).where(base > 0),
            "scale_low": 0.0,
            "scale_high": 1.0,
            "withheld": _withheld(count["positive"], base),
        }
    )[~totals]


def _withheld(figure: pd.Series, base: pd.Series) -> pd.Series:
    """Why there is no value: no reviews to work it out from, or a blank that may mean either."""
    return pd.Series(
        np.select(
            [figure.notna() & (base > 0), base == 0],
            [Withheld.NONE.value, Withheld.NOT_CALCULABLE.value],
            default=Withheld.UNKNOWN.value,
        ),
        index=figure.index,
    )


def _check_percentages(
    table: Table,
    count: dict[str, pd.Series],
    total: pd.Series,
    percent: dict[str, pd.Series],
    label: pd.Series,
) -> None:
    """Each printed percentage against its count; two that changed places are reported as such."""
    due = {name: 100 * count[name] / total.where(total > 0) for name in percent}
    # Where the parts do not add up to the total, a percentage may be of either.
    summed = sum(count.values(), start=pd.Series(0.0, index=table.index))
    of_parts = {name: 100 * count[name] / summed.where(summed > 0) for name in percent}
    off = {
        name: ((percent[name] - due[name]).abs() > ROUNDING)
        & ((percent[name] - of_parts[name]).abs() > ROUNDING)
        for name in percent
    }
    for place in table.index:
        wrong = [name for name in percent if off[name][place]]
        if not wrong:
            continue
        where = table.at(table["row"][place], f"{wrong[0]}_percent")
        if len(wrong) == 2:
            first, second = wrong
            if (
                abs(percent[first][place] - due[second][place]) <= ROUNDING
                and abs(percent[second][place] - due[first][place]) <= ROUNDING
            ):
                table.findings.warning(
                    f"‘{label[place]}’: the percentages of {first} ({percent[first][place]:g}%) and "
                    f"{second} ({percent[second][place]:g}%) have changed places; the counts give "
                    f"{due[first][place]:.0f}% and {due[second][place]:.0f}%.",
                    where,
                    "The counts are used, not the percentages.",
                )
                continue
        for name in wrong:
            table.findings.warning(
                f"‘{label[place]}’: {name} is printed as {percent[name][place]:g}%, but "
                f"{count[name][place]:g} of {total[place]:g} is {due[name][place]:.0f}%.",
                where,
                "The counts are used, not the percentages.",
            )


def _check_total_row(
    table: Table, count: dict[str, pd.Series], total: pd.Series, totals: pd.Series, label: pd.Series
) -> None:
    if totals.sum() != 1:
        return
    place = totals.index[totals][0]
    for name, figures in {**count, "total": total}.items():
        rows = float(figures[~totals].sum())
        if abs(rows - figures[place]) > 0.5:
            table.findings.warning(
                f"‘{label[place]}’: {name} is printed as {figures[place]:g}, "
                f"but the rows add up to {rows:g}.",
                table.at(table["row"][place], name),
                "The rows are used, not the printed total.",
            )


# --- Positive reviews by quarter --------------------------------------------------------------


def _quarter_rows(table: Table) -> pd.DataFrame:
    """Positive counts with a percentage and no base: the base is not worked back from it."""
    positive = table.count("positive")
    percent = table.numbers("positive_percent")["number"]
    if percent.notna().any() and 0 < float(percent.max()) <= 1:
        table.findings.error(
            "No percentage is over 1: they may be percentages or proportions.",
            table.at(table["row"].iloc[0], "positive_percent"),
            "Write them as the report has them, such as 85.",
        )
    table.errors(
        percent > 100,
        "positive_percent",
        lambda value: f"{value:g}% is more than 100%.",
        "Correct the percentage as the report has it.",
        percent,
    )
    # 0 reviews at 0 %: nobody answered, or nobody was positive; the report does not say which.
    silent = positive.eq(0) & percent.eq(0)
    return pd.DataFrame(
        {
            "measure": "quarter_positive",
            "service_raw": table.text("service"),
            "positive": positive,
            "value": (percent / 100).mask(silent),
            "scale_low": 0.0,
            "scale_high": 1.0,
            "withheld": np.where(percent.isna() | silent, Withheld.UNKNOWN.value, "none"),
        },
        index=table.index,
    )


# --- Who answered -----------------------------------------------------------------------------


def _group_rows(table: Table) -> pd.DataFrame:
    reviews = table.count("reviews")
    fields = table.text("field")
    sums = reviews.groupby(fields, sort=False).sum()
    if sums.nunique() > 1:
        table.findings.warning(
            "The fields do not all have the same number of reviews: "
            + ", ".join(f"{field} {count:g}" for field, count in sums.items())
            + ".",
            table.sheet.place(),
            "Check the report for a missing row.",
        )
    field = fields.map(lambda word: _FIELDS.get(cells.key(word), cells.key(word).replace(" ", "_")))
    value = table.text("group")
    group = pd.Series(
        [group_of(dimension, word) or word for dimension, word in zip(field, value, strict=True)],
        index=table.index,
        dtype=object,
    )
    rows = pd.DataFrame(
        {
            "measure": "reviewers",
            "group_dimension": field,
            "group_value": group,
            "respondents": reviews,
            "withheld": np.where(reviews.isna(), Withheld.UNKNOWN.value, Withheld.NONE.value),
        }
    )
    return _summed_by_group(rows, table)


def _summed_by_group(rows: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Several words of the report for one group added up (“woman” and “female”)."""
    keys = rows[["group_dimension", "group_value"]].assign(when=table.text("period"))
    together = rows["respondents"].groupby([keys[name] for name in keys], sort=False)
    total = together.transform(lambda part: part.sum(min_count=1))
    added = rows.assign(
        respondents=total,
        withheld=np.where(total.isna(), Withheld.UNKNOWN.value, Withheld.NONE.value),
    )
    return added[~keys.duplicated()]


# --- Mean ratings by network or hospital ------------------------------------------------------


def _rating_rows(table: Table) -> pd.DataFrame:
    reviews = table.count("reviews")
    rated = [name for name in table.header.columns if name not in ("period", "place", "reviews")]
    parts = []
    for name in rated:
        high = 4.0 if name in _FOUR_POINTS else 5.0
        read = table.numbers(name)
        value = read["number"]
        table.errors(
            (value < 1) | (value > high),
            name,
            lambda mean, high=high: (
                f"A mean rating of {mean:g} is outside its scale of 1 to {high:g}."
            ),
            "Correct the rating as the report has it.",
            value,
        )
        why = read["withheld"].where(read["withheld"].ne("missing"), Withheld.PUBLISHER.value)
        parts.append(
            pd.DataFrame(
                {
                    "measure": name,
                    "provider_name": table.text("place"),
                    "respondents": reviews,
                    "value": value,
                    "scale_low": 1.0,
                    "scale_high": high,
                    "withheld": why,
                },
                index=table.index,
            )
        )
    return pd.concat(parts) if parts else pd.DataFrame()


def _network_rows(table: Table) -> pd.DataFrame:
    return _rating_rows(table).assign(grain=Grain.PCN.value, service="general_practice")


def _hospital_rows(table: Table) -> pd.DataFrame:
    return _rating_rows(table).assign(grain=Grain.SITE.value, service="hospital")


# --- Recognising and reading ------------------------------------------------------------------

_LAYOUTS = (
    Layout(
        _SENTIMENT_TABLE,
        ("positive", "neutral", "negative"),
        ("service", "positive", "neutral", "negative"),
        _sentiment_rows,
    ),
    Layout(
        _QUARTER_TABLE,
        ("service", "positive", "positive_percent"),
        ("service", "positive", "positive_percent"),
        _quarter_rows,
    ),
    Layout(_GROUP_TABLE, ("field", "group", "reviews"), ("field", "group", "reviews"), _group_rows),
    Layout(_NETWORK_TABLE, ("place", "rating"), ("place", "reviews", "rating"), _network_rows),
    Layout(_HOSPITAL_TABLE, ("place", "rating"), ("place", "reviews", "rating"), _hospital_rows),
)
_AREA = re.compile(r"healthwatch[\s_\-]+([a-z][a-z\s_\-]*?)[\s_\-]*(?=\d|$)", re.IGNORECASE)


def _tables(workbook: Workbook) -> list[tuple[Sheet, Layout]]:
    tables = []
    for sheet in workbook.sheets:
        for layout in _LAYOUTS:
            header = sheet.find_header(layout.aliases, layout.marks)
            if header is not None and "trust code" not in _titles(header):
                tables.append((sheet, layout))
                break
    return tables


def _titles(header: Header) -> set[str]:
    return {cells.key(title) for title in header.titles.values()}


def _recognise(workbook: Workbook) -> bool:
    return bool(_tables(workbook))


def _read(workbook: Workbook, request: Request, findings: Findings) -> Frames:
    parts = [
        rows
        for sheet, layout in _tables(workbook)
        if len(rows := _table_rows(workbook, sheet, layout, request, findings))
    ]
    return {"summary": pd.concat(parts, ignore_index=True)} if parts else {}


def _table_rows(
    workbook: Workbook, sheet: Sheet, layout: Layout, request: Request, findings: Findings
) -> pd.DataFrame:
    header = sheet.find_header(layout.aliases, layout.needs)
    if header is None:
        report_missing(workbook, layout.aliases, layout.needs, findings)
        return pd.DataFrame()
    note_header(sheet, header, findings, layout.aliases)
    table = Table(sheet.table(header), sheet, header, findings)
    names = [table.text(name).ne("") for name in ("service", "place", "field", "theme")]
    # Notes below a table name no service, place or field.
    table = table.where(pd.concat(names, axis=1).any(axis=1))
    findings.rows_in += len(table)
    if "positive" not in table:  # those tables check their own total row first
        table = data_rows(table, code="place", name="place")
    table = _once(table, layout)
    if not len(table):
        return pd.DataFrame()
    periods = _periods(workbook, table, request)
    rows = layout.rows(table)
    if periods is None or not len(rows):
        return pd.DataFrame()
    rows = rows.join(periods).join(table.places().rename("cell"))
    rows["source"] = NAME
    if "service_raw" in rows:
        rows["service"] = rows["service_raw"].map(service_of)
    if "grain" not in rows:
        rows["grain"] = Grain.AREA.value
        rows["provider_name"] = _area(workbook)
    else:  # “PCN 5” is one of many: the report's place says which
        rows["provider_context"] = _area(workbook)
    return rows[rows["period_start"].notna()]


def _once(table: Table, layout: Layout) -> Table:
    """A row that repeats another word for word is kept once; two that differ are an error."""
    keys = [n for n in ("service", "theme", "place", "field", "group", "period") if n in table]
    texts = table.frame[[name for name in layout.aliases if name in table]].map(cells.text)
    table = table.without(texts.duplicated(keep="last"), "the same row stands more than once")
    keyed = table.frame[keys].map(cells.key)
    for place in keyed.index[keyed.duplicated()]:
        table.findings.error(
            f"‘{' / '.join(cells.text(table[name][place]) for name in keys)}’ stands twice "
            "with different figures.",
            f"row {int(table['row'][place]) + 1}",
            "Keep the right row and delete the other.",
        )
    return table


def _periods(workbook: Workbook, table: Table, request: Request) -> pd.DataFrame | None:
    """The period of each row: from its own column, else the file name, else as requested."""
    in_name = _period_in_name(workbook.stem)
    if in_name and request.period and in_name != request.period and "period" not in table:
        table.findings.warning(
            f"{request.period} was chosen, but the file name says {in_name}, which is used.",
            "the period chosen",
            "Check that the file is the one you mean.",
        )
    by_name = in_name or request.period
    if "period" not in table:
        if by_name is None:
            table.findings.error(
                "Nothing says which months these figures are for.",
                table.sheet.place(),
                "Say the period, or add a column ‘period’ such as 2024-07-01/2024-09-30.",
                needs="period",
            )
            return None
        return dated(pd.Series([by_name] * len(table), index=table.index, dtype=object))
    words = table.text("period")
    read = words.map(lambda word: cells.period(word) if word else by_name)
    report_periods(table, read, words, "period that can be read", f"Write {cells.PERIODS_READ}.")
    return dated(read)


def _period_in_name(stem: str) -> Period | None:
    """A financial quarter in the file name. “2024q2” alone may mean either year: it is not read."""
    periods = cells.periods_in(stem.replace("_", " "))
    return cells.only(tuple(period for period in periods if not cells.is_month(period)))


def _area(workbook: Workbook) -> str:
    """“Tower Hamlets” from healthwatch_tower_hamlets_2024q2_themes."""
    match = _AREA.search(workbook.stem)
    return re.sub(r"[\s_\-]+", " ", match.group(1)).strip().title() if match else ""


SOURCE = Source(
    name="healthwatch_tables",
    title="Healthwatch report: published tables",
    publisher="Local Healthwatch",
    licence="",
    frames=("summary",),
    recognise=_recognise,
    read=_read,
)
