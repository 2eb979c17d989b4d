"""What every file with one response a row shares: whose, when, where, by whom, and no row twice.

Rows that cannot be used are rejected with their reason; nothing a person wrote is thrown away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date

import pandas as pd

from pxcore import maps
from pxcore.ingest import cells, dates
from pxcore.ingest.columns import (
    code_column,
    data_rows,
    listed,
    mapped,
    places,
    service_of,
    text_column,
)
from pxcore.ingest.source import Findings
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook
from pxcore.model import GROUPS

PRACTICE_HEADS = ("practice code", "practice_code", "gp_code", "gp code", "gp practice code")
PRACTICE_NAMES = ("surgery", "practice", "practice name", "gp practice", "surgery name")
COLUMNS: dict[str, tuple[str, ...]] = {
    "response": ("submission_id", "response_id", "response id", "submission id", "id", "review id"),
    "author": ("respondent id", "respondent_id", "respondent-id", "reviewer id"),
    "date": (
        "time",
        "date",
        "timestamp",
        "date submitted",
        "submission date",
        "answered on",
        "response date",
        "review date",
        "date of feedback",
        "feedback date",
        "date posted",
        "story date",
        "created",
        "created at",
        "date of review",
    ),
    "code": (
        *PRACTICE_HEADS,
        "ods_code",
        "ods code",
        "trust_code",
        "trust code",
        "provider_code",
        "provider code",
        "organisation_code",
        "organisation code",
        "org code",
        "site code",
    ),
    "name": (
        *PRACTICE_NAMES,
        "provider",
        "provider name",
        "organisation",
        "organisation name",
        "organization",
        "trust",
        "trust name",
        "hospital",
        "service name",
        "name of service",
    ),
    "context": ("pcn", "pcn name", "network", "icb", "icb name", "icb code"),
    "service": ("service", "service type", "service type 1", "setting", "type of service"),
    "service_more": ("service type 2",),
    "mode": ("mode", "collection mode", "mode of collection", "channel", "collection method"),
    "comment": (
        "free_text",
        "free text",
        "comment",
        "comments",
        "feedback",
        "feedback_comment",
        "review",
        "review text",
        "story",
        "text",
    ),
    "comment_more": ("do_better", "what could we do better"),
    "age": ("age", "age group", "age band"),
    "sex": ("sex", "gender"),
    "ethnicity": ("ethnicity", "ethnic group", "ethnic background"),
    "deprivation": ("deprivation", "deprivation quintile", "imd quintile"),
    "long_term_condition": ("long_term_condition", "long-term condition", "long term condition"),
    "disability": ("disability", "disabled"),
    "carer": ("carer", "unpaid carer"),
}
# Said where a person chose not to answer: blank, and nothing to report.
_NOT_STATED = {
    "",
    "prefer not to say",
    "not provided",
    "not known",
    "not stated",
    "unknown",
    "not given",
    "na",
    "n a",
    "not answered",
    "rather not say",
}
_AGES = re.compile(r"(\d+)-(\d+)")
_LONGEST_CATEGORY = 40
# Letters, the marks that join them, and numbers of two digits at most: “45 to 64”, no telephone number.
_CATEGORY = re.compile(r"(?!.*\d{3})[^\W_][\w /&()<>+,'’–-]*")


def find(workbook: Workbook, aliases: Aliases) -> tuple[Sheet, Header] | None:
    """The sheet whose heading names most of these columns; of equal ones the first.

    `warn_of_unread_sheets` says which others there are.
    """
    best: tuple[Sheet, Header] | None = None
    for sheet in workbook.sheets:
        header = sheet.find_header(aliases, (), least=2)
        if header and (best is None or len(header.columns) > len(best[1].columns)):
            best = sheet, header
    return best


def require(
    sheet: Sheet, header: Header, needed: Mapping[str, tuple[str, ...]], findings: Findings
) -> bool:
    """An error for each need none of whose columns is there; whether all are met."""
    met = True
    for title, names in needed.items():
        if not set(names) & header.columns.keys():
            met = False
            findings.error(
                f"There is no column for {title}. "
                f"Row {header.last_row + 1} was read as the header.",
                sheet.place(header.last_row),
                "Add the column, or check that the table starts on that row.",
            )
    return met


def reject(table: pd.DataFrame, wrong: pd.Series, reason: str, findings: Findings) -> pd.DataFrame:
    """The table without the wrong rows, which are counted under their reason."""
    findings.reject(reason, int(wrong.sum()))
    return table[~wrong]


def usable(table: pd.DataFrame, sheet: Sheet, findings: Findings) -> pd.DataFrame:
    """Rows that name a provider, each submission once (the last); a blank id repeats nothing.

    An id that several submissions share (“manual”) is no id of theirs: those rows are all kept, and
    are blank there in the table returned.
    """
    findings.rows_in += len(table)
    table = data_rows(table, sheet, findings, code="code", name="name")
    nowhere = text_column(table, "code").eq("") & text_column(table, "name").eq("")
    table = reject(table, nowhere, "no provider on the row", findings)
    shared = _placeholders(table, sheet)
    ids = text_column(table, "response").mask(shared, "")
    if shared.any():
        words = text_column(table, "response")[shared].drop_duplicates()
        findings.warning(
            f"{int(shared.sum())} rows share the submission id "
            f"{listed(f'‘{word}’' for word in words)} and say different things: it is taken for no "
            "id, and each row for an answer of its own.",
            sheet.place(int(table.loc[shared, "row"].iloc[0])),
            "Leave the id blank where a submission has none.",
        )
        table = table.assign(response=ids)
    again = ids.ne("") & ids.duplicated(keep="last")
    if again.any():
        findings.warning(
            f"{int(again.sum())} submission ids were sent again "
            f"({listed(ids[again].drop_duplicates())}); the last of each was kept.",
            "the file",
        )
    return reject(table, again, "sent again with the same submission id", findings)


_FEWEST_SHARERS = 3


def _placeholders(table: pd.DataFrame, sheet: Sheet) -> pd.Series:
    """Rows whose submission id several different submissions share.

    Two rows of one provider under one id are a submission and its correction, unless the id is a
    mere word; rows of several providers, or three that differ, are not.
    """
    ids = text_column(table, "response")
    shared = pd.Series(False, index=table.index)
    repeated = ids[ids.ne("") & ids.duplicated(keep=False)]
    texts = table["row"].map(lambda row: tuple(map(cells.text, sheet.rows[int(row)])))
    whose = text_column(table, "code").str.cat(mapped(text_column(table, "name"), cells.key), "\n")
    for shared_id, rows in repeated.groupby(repeated):
        different = texts[rows.index].nunique()
        if different > 1 and (
            whose[rows.index].nunique() > 1
            or different >= _FEWEST_SHARERS
            or not any(letter.isdigit() for letter in str(shared_id))
        ):
            shared[rows.index] = True
    return shared


def rows_of(
    table: pd.DataFrame, sheet: Sheet, header: Header, source: str, findings: Findings
) -> pd.DataFrame:
    """The RESPONSE rows of a table, without what only one layout has (stars, sentiment, themes)."""
    ids = text_column(table, "response")
    unnamed = ids.eq("")
    service_raw = text_column(table, "service")
    service = mapped(service_raw, service_of)
    more = text_column(table, "service_more")
    service = service.mask(service.eq(""), mapped(more, service_of))
    service_raw = service_raw.mask(service_raw.eq(""), more)
    heads = {cells.key(header.titles[header.columns[n]]) for n in ("code", "name") if n in table}
    if heads & {cells.key(name) for name in PRACTICE_HEADS + PRACTICE_NAMES}:
        service = service.mask(service_raw.eq(""), "general_practice")
    when = _when(table, sheet, header, findings)
    rows = pd.DataFrame(
        {
            "source": source,
            "response": ids.mask(unnamed, table["row"].map(lambda row: f"row {int(row) + 1}")),
            "author": text_column(table, "author"),
            "provider": code_column(table, "code"),
            "provider_name": text_column(table, "name"),
            "provider_context": text_column(table, "context"),
            "service": service,
            "service_raw": service_raw,
            "answered_on": when["answered_on"],
            "date_raw": text_column(table, "date"),
            "date_uncertain": when["date_uncertain"],
            "mode": text_column(table, "mode"),
            "comment": _comments(table),
            "cell": places(sheet, table),
        },
        index=table.index,
    )
    for group in GROUPS:
        rows[group] = _group(table, group, findings)
    unknown = service_raw.ne("") & service.eq("")
    if unknown.any():
        findings.warning(
            f"{int(unknown.sum())} rows name a service that is not known: "
            f"{counted(service_raw[unknown])}.",
            sheet.place(),
            "Add the words to data/reference/services.csv.",
        )
    return rows


def _comments(table: pd.DataFrame) -> pd.Series:
    """Both free texts of a row, as received but for folded spaces: a name below a comment signs it, so
    that its lines stay lines."""
    first, second = (
        table[name].map(cells.prose) if name in table else pd.Series("", index=table.index)
        for name in ("comment", "comment_more")
    )
    both = first.ne("") & second.ne("")
    return (first + second).mask(both, first + "\n" + second)


def _when(table: pd.DataFrame, sheet: Sheet, header: Header, findings: Findings) -> pd.DataFrame:
    """The day of every answer; null, and counted, where it cannot be read or may be two days."""
    if "date" not in table:
        return pd.DataFrame({"answered_on": pd.NaT, "date_uncertain": False}, index=table.index)
    codes, different = pd.factorize(table["date"].to_numpy(dtype=object), use_na_sentinel=False)
    column = dates.read(pd.Series(different, dtype=object))
    read = column.frame.iloc[codes]
    read.index = table.index
    _tell_order(column.order, read, table, sheet, header, findings)
    for wrong, problem, mend in (
        (
            read["no_such_day"],
            "have a date that is not in the calendar",
            "Correct the day; it is read as 2025-07-31 or 31/07/2025.",
        ),
        (
            read["bad"] & ~read["no_such_day"],
            "have a date that cannot be read",
            f"Write it as {dates.DATES_READ}.",
        ),
        (read["date"].isna() & ~read["bad"], "have no date", "Fill in the date."),
    ):
        if wrong.any():
            first = table.loc[wrong].iloc[0]
            # The shape alone, and no quotation marks: what stands there may be about a person.
            example = dates.shape(first["date"])
            findings.warning(
                f"{int(wrong.sum())} rows {problem}"
                + (f" (the first has the form {example})" if example else "")
                + "; they are kept but left out of monthly figures.",
                sheet.place(int(first["row"]), header.columns["date"]),
                mend,
            )
    return pd.DataFrame(
        {
            "answered_on": read["date"].mask(read["uncertain"]),
            "date_uncertain": read["uncertain"],
        },
        index=table.index,
    )


_TWO_WAYS = {
    dates.Order.BOTH: "may be either day/month or month/day, as the column holds both",
    dates.Order.UNDECIDED: (
        "may be either day/month or month/day: every date written so in this column fits both"
    ),
    dates.Order.TURNED: (
        "may have its day and month the wrong way round: a spreadsheet seems to have taken for "
        "dates those that fit its own order, and left the others as text"
    ),
}


def _tell_order(
    order: dates.Order,
    read: pd.DataFrame,
    table: pd.DataFrame,
    sheet: Sheet,
    header: Header,
    findings: Findings,
) -> None:
    """Say in which order the column's dates were read, where that was not the plain one."""
    where = sheet.place(int(table["row"].iloc[0]) if len(table) else None, header.columns["date"])
    if order is dates.Order.MONTH_FIRST:
        findings.warning(
            "All dates are read as month/day/year, as some fit that order alone.",
            where,
            "If they are day/month/year, correct the dates whose month is over 12.",
        )
    elif order is dates.Order.BY_OTHERS:
        findings.note(
            "Dates such as 04/03/2026 are read as day/month/year: the column’s other dates lie "
            "there, and not where month/day/year would put them."
        )
    uncertain = read["uncertain"]
    if not uncertain.any():
        return
    ahead = int((read.loc[uncertain, "date"] > pd.Timestamp(date.today())).sum())
    findings.warning(
        f"{int(uncertain.sum())} rows have a date that {_TWO_WAYS[order]}"
        + (f"; {ahead} would lie in the future as day/month" if ahead else "")
        + ". They are kept but left out of monthly figures.",
        sheet.place(int(table.loc[uncertain, "row"].iloc[0]), header.columns["date"]),
        "Write all dates as 2025-07-31.",
    )


def _group(table: pd.DataFrame, dimension: str, findings: Findings) -> pd.Series:
    """The words of a demographic column as the groups of groups.csv; a category that file does not know
    is kept as written, so that a person can say where it counts, and a sentence is blank."""
    if dimension not in table:
        return pd.Series("", index=table.index, dtype=object)
    written = text_column(table, dimension)
    known = group_words(dimension)
    of_ours = mapped(written, lambda word: _group_of(dimension, str(word), known))
    unknown = of_ours.eq("") & ~mapped(written, cells.key).isin(_NOT_STATED)
    categories = mapped(written, lambda word: _category(str(word))).where(unknown, "")
    title = dimension.replace("_", " ")
    if (unknown & categories.ne("")).any():
        findings.warning(
            f"{int((unknown & categories.ne('')).sum())} answers on {title} are in words of their own: "
            f"{counted(categories[unknown & categories.ne('')])}; they are kept as groups of their own.",
            "the file",
            "Say which group they count in on the Groups page, under “Which groups count as one?”.",
        )
    lost = unknown & categories.eq("")
    if lost.any():
        findings.warning(
            f"{int(lost.sum())} answers on {title} are no category (longer than {_LONGEST_CATEGORY} "
            "letters, or with numbers in them); they count as not stated.",
            "the file",
            "Check that the column holds one group an answer.",
        )
    return of_ours.where(~unknown, categories)


def _category(text: str) -> str:
    """Words that may name a group of people, spelt one way; "" for a sentence, a number or a detail."""
    words = " ".join(text.split())
    if len(words) > _LONGEST_CATEGORY or not _CATEGORY.fullmatch(words):
        return ""
    return words[:1].upper() + words[1:]


def group_words(dimension: str) -> dict[str, str]:
    """Every way a group of the dimension is written, folded, and the group."""
    known: dict[str, str] = {}
    for row in maps.rows("groups"):
        if row["dimension"] == dimension:
            for word in (row["group"], *row["also"].split("|")):
                known.setdefault(cells.key(word), row["group"])
    return known


def group_of(dimension: str, word: str) -> str:
    """The group a word names, or "" where none."""
    return _group_of(dimension, word, group_words(dimension))


def _group_of(dimension: str, word: str, known: Mapping[str, str]) -> str:
    if dimension == "age" and word.isdigit() and int(word) < 120:
        return _band_of(int(word), list(known.values()))
    return known.get(cells.key(word), "")


def _band_of(age: int, bands: list[str]) -> str:
    """The band an age in years falls in."""
    for band in bands:
        limits = _AGES.fullmatch(band)
        if limits and int(limits.group(1)) <= age <= int(limits.group(2)):
            return band
        number = re.search(r"\d+", band)
        if number and band.startswith("Under") and age < int(number.group()):
            return band
        if number and band.endswith("over") and age >= int(number.group()):
            return band
    return ""


def counted(words: pd.Series) -> str:
    """‘word’ (12), ‘other’ (3): the commonest first."""
    return listed(f"‘{word}’ ({count})" for word, count in Counter(words).most_common())
