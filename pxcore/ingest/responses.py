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
from pxcore.ingest.columns import data_rows, listed, opened, service_of
from pxcore.ingest.fft_scales import headings_of
from pxcore.ingest.source import Findings
from pxcore.ingest.table import Table, mapped
from pxcore.ingest.workbook import Aliases, Header, Sheet, Workbook, headings
from pxcore.model import GROUPS

PRACTICE_HEADS = ("practice code", "practice_code", "gp_code", "gp code", "gp practice code")
PRACTICE_NAMES = ("surgery", "practice", "practice name", "gp practice", "surgery name")
COLUMNS = headings(
    {
        "response": "submission_id | response_id | response id | submission id | id | review id",
        "author": "respondent id | respondent_id | respondent-id | reviewer id",
        "date": (
            "time | date | timestamp | date submitted | submission date | answered on | "
            "response date | review date | date of feedback | feedback date | date posted | "
            "story date | created | created at | date of review"
        ),
        "code": (
            "ods_code | ods code | trust_code | trust code | provider_code | provider code | "
            "organisation_code | organisation code | org code | site code"
        ),
        "name": (
            "provider | provider name | organisation | organisation name | organization | "
            "trust | trust name | hospital | service name | name of service"
        ),
        "context": "pcn | pcn name | network | icb | icb name | icb code",
        "service": "service | service type | service type 1 | setting | type of service",
        "service_more": "service type 2",
        "mode": "mode | collection mode | mode of collection | channel | collection method",
        "comment": (
            "free_text | free text | comment | comments | feedback | feedback_comment | review | "
            "review text | story | text"
        ),
        "comment_more": "do_better | what could we do better",
    }
)
COLUMNS["code"] = PRACTICE_HEADS + COLUMNS["code"]
COLUMNS["name"] = PRACTICE_NAMES + COLUMNS["name"]
COLUMNS |= headings_of("group")
# Written where a person chose not to answer: blank, and nothing to report.
_NOT_STATED = {
    "", "prefer not to say", "not provided", "not known", "not stated", "unknown", "not given", "na",
    "n a", "not answered", "rather not say",
}  # fmt: skip
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


def open_responses(
    workbook: Workbook, aliases: Aliases, needed: Mapping[str, tuple[str, ...]], findings: Findings
) -> Table | None:
    """The table of responses; None, with a fault for each need that no column meets."""
    match = find(workbook, aliases)
    if match is None:
        return None
    sheet, header = match
    lacking = [title for title, names in needed.items() if not set(names) & header.columns.keys()]
    for title in lacking:
        findings.error(
            f"There is no column for {title}. Row {header.last_row + 1} was read as the header.",
            sheet.place(header.last_row),
            "Add the column, or check that the table starts on that row.",
        )
    return None if lacking else opened(workbook, sheet, header, aliases, findings)


def usable(table: Table) -> Table:
    """Rows that name a provider, each submission once (the last); a blank id repeats nothing.

    An id that several submissions share (“manual”) is not treated as an id: those rows are all
    kept, and are blank there in the table returned.
    """
    table.findings.rows_in += len(table)
    table = data_rows(table, code="code", name="name")
    nowhere = table.text("code").eq("") & table.text("name").eq("")
    table = table.without(nowhere, "no organisation on the row")
    shared = _placeholders(table)
    ids = table.text("response").mask(shared, "")
    if shared.any():
        words = listed(f"‘{word}’" for word in table.text("response")[shared].drop_duplicates())
        table.warn_once(
            shared,
            "",
            lambda rows: (
                f"{rows} rows share the submission id {words} and say different things: it is "
                "not treated as an id, and each row counts as an answer of its own."
            ),
            "Leave the id blank where a submission has none.",
        )
        table = table.with_columns(response=ids)
    again = ids.ne("") & ids.duplicated(keep="last")
    if again.any():
        table.findings.warning(
            f"{int(again.sum())} submission ids were sent again "
            f"({listed(ids[again].drop_duplicates())}); the last of each was kept.",
            "the file",
        )
    return table.without(again, "sent again with the same submission id")


_FEWEST_SHARERS = 3


def _placeholders(table: Table) -> pd.Series:
    """Rows whose submission id several different submissions share.

    Two rows of one provider under one id are a submission and its correction, unless the id is a
    mere word; rows of several providers, or three that differ, are not.
    """
    ids = table.text("response")
    shared = pd.Series(False, index=table.index)
    repeated = ids[ids.ne("") & ids.duplicated(keep=False)]
    texts = table["row"].map(lambda row: tuple(map(cells.text, table.sheet.rows[int(row)])))
    whose = table.text("code").str.cat(mapped(table.text("name"), cells.key), "\n")
    for shared_id, rows in repeated.groupby(repeated):
        different = texts[rows.index].nunique()
        if different > 1 and (
            whose[rows.index].nunique() > 1
            or different >= _FEWEST_SHARERS
            or not any(letter.isdigit() for letter in str(shared_id))
        ):
            shared[rows.index] = True
    return shared


def rows_of(table: Table, source: str) -> pd.DataFrame:
    """The RESPONSE rows of a table, without what only one layout has (stars, sentiment, themes)."""
    ids = table.text("response")
    unnamed = ids.eq("")
    service_raw = table.text("service")
    service = mapped(service_raw, service_of)
    more = table.text("service_more")
    service = service.mask(service.eq(""), mapped(more, service_of))
    service_raw = service_raw.mask(service_raw.eq(""), more)
    heads = {cells.key(table.title(name)) for name in ("code", "name") if name in table}
    if heads & {cells.key(name) for name in PRACTICE_HEADS + PRACTICE_NAMES}:
        service = service.mask(service_raw.eq(""), "general_practice")
    when = _when(table)
    rows = pd.DataFrame(
        {
            "source": source,
            "response": ids.mask(unnamed, table["row"].map(lambda row: f"row {int(row) + 1}")),
            "author": table.text("author"),
            "provider": table.codes("code"),
            "provider_name": table.text("name"),
            "provider_context": table.text("context"),
            "service": service,
            "service_raw": service_raw,
            "answered_on": when["answered_on"],
            "date_raw": table.text("date"),
            "date_uncertain": when["date_uncertain"],
            "mode": table.text("mode"),
            "comment": _comments(table),
            "cell": table.places(),
        },
        index=table.index,
    )
    for group in GROUPS:
        rows[group] = _group(table, group)
    unknown = service_raw.ne("") & service.eq("")
    if unknown.any():
        table.findings.warning(
            f"{int(unknown.sum())} rows name a service that is not known: "
            f"{tallied(service_raw[unknown])}.",
            table.sheet.place(),
            "Add the words to data/reference/services.csv.",
        )
    return rows


def _comments(table: Table) -> pd.Series:
    """Both free texts of a row, as received but for folded spaces; line breaks stay, since a name on a
    line of its own below a comment is its signature."""
    first, second = (
        table[name].map(cells.prose) if name in table else pd.Series("", index=table.index)
        for name in ("comment", "comment_more")
    )
    both = first.ne("") & second.ne("")
    return (first + second).mask(both, first + "\n" + second)


def _when(table: Table) -> pd.DataFrame:
    """The day of every answer; null, and counted, where it cannot be read or may be two days."""
    if "date" not in table:
        return pd.DataFrame({"answered_on": pd.NaT, "date_uncertain": False}, index=table.index)
    codes, different = pd.factorize(table["date"].to_numpy(dtype=object), use_na_sentinel=False)
    column = dates.read(pd.Series(different, dtype=object))
    read = column.frame.iloc[codes]
    read.index = table.index
    _report_order(column.order, read, table)
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
            # The shape alone, and no quotation marks: what stands there may be about a person.
            example = dates.shape(table["date"][wrong].iloc[0])
            table.findings.warning(
                f"{int(wrong.sum())} rows {problem}"
                + (f" (the first has the form {example})" if example else "")
                + "; they are kept but left out of monthly figures.",
                table.at_first(wrong, "date"),
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
        "may have its day and month the wrong way round: a spreadsheet seems to have converted "
        "those that fit its own order and left the others as text"
    ),
}


def _report_order(order: dates.Order, read: pd.DataFrame, table: Table) -> None:
    """Say in which order the column's dates were read, where that was not the plain one."""
    if order is dates.Order.MONTH_FIRST:
        table.findings.warning(
            "All dates are read as month/day/year, as some fit that order alone.",
            table.at(table["row"].iloc[0], "date"),
            "If they are day/month/year, correct the dates whose month is over 12.",
        )
    elif order is dates.Order.BY_OTHERS:
        table.findings.note(
            "Dates such as 04/03/2026 are read as day/month/year: the column’s other dates lie "
            "there, and not where month/day/year would put them."
        )
    uncertain = read["uncertain"]
    ahead = int((read.loc[uncertain, "date"] > pd.Timestamp(date.today())).sum())
    table.warn_once(
        uncertain,
        "date",
        lambda rows: (
            f"{rows} rows have a date that {_TWO_WAYS[order]}"
            + (f"; {ahead} would lie in the future as day/month" if ahead else "")
            + ". They are kept but left out of monthly figures."
        ),
        "Write all dates as 2025-07-31.",
    )


def _group(table: Table, dimension: str) -> pd.Series:
    """The words of a demographic column as the groups of groups.csv; a category that file does not know
    is kept as written, so that a person can say where it counts, and a sentence is blank."""
    if dimension not in table:
        return pd.Series("", index=table.index, dtype=object)
    written = table.text(dimension)
    known = group_words(dimension)
    of_ours = mapped(written, lambda word: _group_of(dimension, str(word), known))
    unknown = of_ours.eq("") & ~mapped(written, cells.key).isin(_NOT_STATED)
    categories = mapped(written, lambda word: _category(str(word))).where(unknown, "")
    title = dimension.replace("_", " ")
    if (unknown & categories.ne("")).any():
        table.findings.warning(
            f"{int((unknown & categories.ne('')).sum())} answers on {title} are in words of their own: "
            f"{tallied(categories[unknown & categories.ne('')])}; they are kept as groups of their own.",
            "the file",
            "Say which group they count in on the Groups page, under “Which groups count as one?”.",
        )
    lost = unknown & categories.eq("")
    if lost.any():
        table.findings.warning(
            f"{int(lost.sum())} answers on {title} are not a category (longer than {_LONGEST_CATEGORY} "
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


def not_stated(word: str) -> bool:
    """Whether a word says that somebody's group is not known."""
    return cells.key(word) in _NOT_STATED


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


def tallied(words: pd.Series) -> str:
    """‘word’ (12), ‘other’ (3): the commonest first."""
    return listed(f"‘{word}’ ({count})" for word, count in Counter(words).most_common())


def warn_uncounted(table: Table, name: str, wrong: pd.Series, what: str, fix: str) -> None:
    """One warning for all the answers of a column that count for nothing, with the commonest of them."""
    table.warn_once(
        wrong,
        name,
        lambda rows: f"{rows} {what} and are not counted: {tallied(table.text(name)[wrong])}.",
        fix,
    )


def split_themes(cell: str) -> list[str]:
    """“Waiting times; Staff attitudes” as two themes."""
    return [word for part in re.split(r"[;|\n]", cell) if (word := part.strip())]
