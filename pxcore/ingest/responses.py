"""What every file with one response a row shares: whose, when, where, by whom, and no row twice.

Rows that cannot be used are rejected with their reason; nothing a person wrote is thrown away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from pxcore import maps
from pxcore.ingest import cells
from pxcore.ingest.columns import code_column, listed, mapped, places, service_of, text_column
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
    """The sheet whose heading names most of these columns."""
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


def usable(table: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Rows that name a provider, each submission once (the last); a blank id repeats nothing."""
    findings.rows_in += len(table)
    nowhere = text_column(table, "code").eq("") & text_column(table, "name").eq("")
    table = reject(table, nowhere, "no provider on the row", findings)
    ids = text_column(table, "response")
    again = ids.ne("") & ids.duplicated(keep="last")
    if again.any():
        findings.warning(
            f"{int(again.sum())} submission ids were sent again "
            f"({listed(ids[again].drop_duplicates())}); the last of each was kept.",
            "the file",
        )
    return reject(table, again, "sent again with the same submission id", findings)


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
    read = cells.dates(pd.Series(different, dtype=object)).iloc[codes]
    read.index = table.index
    for wrong, said, mend in (
        (
            read["bad"],
            "have a date that cannot be read",
            "Write it as 2025-07-31 or 31/07/2025.",
        ),
        (read["date"].isna() & ~read["bad"], "have no date", "Fill in the date."),
        (
            read["uncertain"],
            "have a date that may be either day/month or month/day, as the column holds both",
            "Write all dates as 2025-07-31.",
        ),
    ):
        if wrong.any():
            row = int(table.loc[wrong, "row"].iloc[0])
            example = cells.text(table.loc[wrong, "date"].iloc[0])
            findings.warning(
                f"{int(wrong.sum())} rows {said} (such as ‘{example}’); "
                "they are kept but left out of monthly figures.",
                sheet.place(row, header.columns["date"]),
                mend,
            )
    return pd.DataFrame(
        {
            "answered_on": read["date"].mask(read["uncertain"]),
            "date_uncertain": read["uncertain"],
        },
        index=table.index,
    )


def _group(table: pd.DataFrame, dimension: str, findings: Findings) -> pd.Series:
    """The words of a demographic column as the groups of groups.csv; a category that file does not know
    is kept as written, so that a person can say where it counts, and a sentence is blank."""
    if dimension not in table:
        return pd.Series("", index=table.index, dtype=object)
    said = text_column(table, dimension)
    known = group_words(dimension)
    of_ours = mapped(said, lambda word: _group_of(dimension, str(word), known))
    unknown = of_ours.eq("") & ~mapped(said, cells.key).isin(_NOT_STATED)
    kept = mapped(said, lambda word: _category(str(word))).where(unknown, "")
    title = dimension.replace("_", " ")
    if (unknown & kept.ne("")).any():
        findings.warning(
            f"{int((unknown & kept.ne('')).sum())} answers on {title} are in words of their own: "
            f"{counted(kept[unknown & kept.ne('')])}; they are kept as groups of their own.",
            "the file",
            "Say which group they count in on the Groups page, under “Which groups count as one?”.",
        )
    lost = unknown & kept.eq("")
    if lost.any():
        findings.warning(
            f"{int(lost.sum())} answers on {title} are no category (longer than {_LONGEST_CATEGORY} "
            "letters, or with numbers in them); they count as not stated.",
            "the file",
            "Check that the column holds one group an answer.",
        )
    return of_ours.where(~unknown, kept)


def _category(said: str) -> str:
    """Words that may name a group of people, spelt one way; "" for a sentence, a number or a detail."""
    words = " ".join(said.split())
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


def group_of(dimension: str, said: str) -> str:
    """The group a word names, or "" where none."""
    return _group_of(dimension, said, group_words(dimension))


def _group_of(dimension: str, said: str, known: Mapping[str, str]) -> str:
    if dimension == "age" and said.isdigit() and int(said) < 120:
        return _band_of(int(said), list(known.values()))
    return known.get(cells.key(said), "")


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
