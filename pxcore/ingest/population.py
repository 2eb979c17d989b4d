"""How many people are registered at each practice: by age, sex and deprivation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pxcore.ingest.columns import data_rows, first_table, one_table
from pxcore.ingest.reference import OPEN_GOVERNMENT, last_of_each
from pxcore.ingest.source import Frames, Source
from pxcore.ingest.table import Table
from pxcore.ingest.workbook import Aliases, Workbook

_BANDS = {
    "0to4": "0-4",
    "5to14": "5-14",
    "15to44": "15-44",
    "45to64": "45-64",
    "65to74": "65-74",
    "75to84": "75-84",
    "85plus": "85 and over",
}
_SEXES = {"male": "Male", "female": "Female"}
_QUINTILES = {1: "1 (most deprived)", 2: "2", 3: "3", 4: "4", 5: "5 (least deprived)"}
_LIST_ALIASES: Aliases = {
    "practice": ("practice_code", "gp_code"),
    "total": ("total_patients", "total patients", "list size"),
    "decile": ("decile", "imd decile"),
    **{sex: (f"total_{sex}",) for sex in _SEXES},
    **{f"{sex} {band}": (f"{sex}_patients_{band}",) for sex in _SEXES for band in _BANDS},
}


def _recognise_lists(workbook: Workbook) -> bool:
    return first_table(workbook, _LIST_ALIASES, ("total",), least=3) is not None


def _practices(table: Table) -> Table:
    """The rows about one practice, its code and place beside them."""
    table = table.with_columns(cell=table.places(), practice=table.codes("practice"))
    table = data_rows(table, code="practice", name="practice_name")
    return table.without(table["practice"].eq(""), "no practice code")


def _list_frames(table: Table) -> Frames:
    table = last_of_each(_practices(table), "practice", "practice codes")
    count = {
        name: table.count(name)
        for name in table.header.columns
        if name not in ("practice", "decile")
    }
    parts = [_people(table, "", "", count["total"])]
    parts += [_people(table, "sex", _SEXES[sex], count[sex]) for sex in _SEXES if sex in count]
    for band, title in _BANDS.items():
        both = [count[f"{sex} {band}"] for sex in _SEXES if f"{sex} {band}" in count]
        if len(both) == 2:
            parts.append(_people(table, "age", title, both[0] + both[1]))
    if "decile" in table:
        quintile = _quintiles(table)
        known = quintile.notna()
        parts.append(
            _people(table.where(known), "deprivation", quintile[known], count["total"][known])
        )
    if set(_SEXES) <= count.keys():
        gap = (count["male"] + count["female"] - count["total"]).abs() > 0.5
        if gap.any():
            table.findings.warning(
                f"In {int(gap.sum())} practices men and women do not add up to the total.",
                str(table["cell"][gap].iloc[0]),
            )
    return {"population": pd.concat(parts)}


def _quintiles(table: Table) -> pd.Series:
    decile = table.numbers("decile")["number"]
    decile = decile.round(6)  # a spreadsheet may have kept 3 as 2.9999999998
    table.errors(
        decile.notna() & ~decile.isin(range(1, 11)),
        "decile",
        "A decile is a whole number from 1 to 10.",
        "Correct it, or leave it blank.",
    )
    return pd.Series(np.ceil(decile / 2)).map(_QUINTILES)


def _people(
    table: Table | pd.DataFrame, dimension: str, group: str | pd.Series, people: pd.Series
) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "code": table["practice"],
            "dimension": dimension,
            "group_value": group,
            "people": people,
            "cell": table["cell"],
        }
    )
    return rows[people.notna()]


_REGISTERED_ALIASES: Aliases = {
    "practice": ("CODE", "ORG_CODE", "PRACTICE_CODE"),
    "kind": ("TYPE", "ORG_TYPE"),
    "sex": ("SEX",),
    "age": ("AGE", "AGE_GROUP_5"),
    "people": ("NUMBER_OF_PATIENTS",),
    "extracted": ("EXTRACT_DATE",),
}
_REGISTERED_NEEDS = ("practice", "sex", "age", "people")
_REGISTERED_SEXES = {"male": "Male", "female": "Female", "m": "Male", "f": "Female"}


def _recognise_registered(workbook: Workbook) -> bool:
    return first_table(workbook, _REGISTERED_ALIASES, ("people", "sex"), least=3) is not None


def _registered_frames(table: Table) -> Frames:
    kind = table.text("kind").str.lower()
    areas = kind.ne("") & ~kind.isin(["gp", "gp practice", "practice"])
    table = _practices(table.without(areas, "an area, not a practice"))
    people = table.count("people")
    sex, age = table.text("sex").str.lower(), table.text("age").str.upper()
    everyone = sex.isin(["all", ""]) & age.eq("ALL")
    parts = [_people(table.where(everyone), "", "", people[everyone])]
    named = sex.map(_REGISTERED_SEXES)
    if not everyone.any():  # no printed total: the sum over all rows
        summed = table.frame.assign(people=people).groupby("practice", sort=False)
        whole = summed.agg(people=("people", "sum"), cell=("cell", "first")).reset_index()
        parts = [_people(whole, "", "", whole["people"])]
    by_sex = named.notna() & age.eq("ALL")
    parts.append(_people(table.where(by_sex), "sex", named[by_sex], people[by_sex]))
    outside = int((~everyone & ~by_sex).sum())
    table.findings.reject("a single year or band of age (not kept)", outside)
    return {"population": pd.concat(parts)}


LIST_SIZES = Source(
    "list_sizes",
    "List sizes by age, sex and deprivation",
    "NHS England",
    OPEN_GOVERNMENT,
    ("population",),
    _recognise_lists,
    one_table(_LIST_ALIASES, ("practice", "total"), _list_frames),
)
REGISTERED = Source(
    "registered_patients",
    "Patients registered at a practice (gp-reg-pat)",
    "NHS England",
    OPEN_GOVERNMENT,
    ("population",),
    _recognise_registered,
    one_table(_REGISTERED_ALIASES, _REGISTERED_NEEDS, _registered_frames),
)
SOURCES: tuple[Source, ...] = (LIST_SIZES, REGISTERED)
