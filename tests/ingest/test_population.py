"""List sizes by age, sex and deprivation, and patients registered at a practice."""

from __future__ import annotations

from layouts import (
    csv_workbook,
    only_error,
    parsed,
    said,
    sources_that_recognise,
    without_errors,
)

from pxcore.ingest import population

LIST_HEAD = [
    "practice_code",
    "practice_name",
    "imd_2019",
    "decile",
    "total_patients",
    "total_male",
    "total_female",
]
LIST_HEAD += [f"{sex}_patients_{band}" for sex in ("male", "female") for band in population._BANDS]


def list_row(code, decile=9.0, total=140):
    return [code, "Elm", 10.2, decile, total, 70, 70, *[10.0] * 14]


def test_list_sizes_give_totals_sexes_ages_and_deprivation():
    workbook = csv_workbook(
        "lists.csv", [LIST_HEAD, list_row("P-1"), list_row("P-2", 0.9999999998)]
    )
    assert sources_that_recognise(workbook) == ["list_sizes"]
    people = without_errors(parsed(population.LIST_SIZES, workbook)).frames["population"]
    one = people[people["code"].eq("P-1")].set_index(["dimension", "group_value"])["people"]
    assert one["", ""] == 140
    assert one["sex", "Female"] == 70
    assert one["age", "85 and over"] == 20
    assert one["deprivation", "5 (least deprived)"] == 140
    two = people[people["code"].eq("P-2") & people["dimension"].eq("deprivation")]
    assert two["group_value"].tolist() == ["1 (most deprived)"]


def test_a_list_that_does_not_add_up_or_is_no_number_is_told():
    extract = parsed(
        population.LIST_SIZES, csv_workbook("l.csv", [LIST_HEAD, list_row("P-1", total=150)])
    )
    assert "do not add up" in said(extract)
    extract = parsed(
        population.LIST_SIZES, csv_workbook("l.csv", [LIST_HEAD, list_row("P-1", total="many")])
    )
    assert "is not a number" in only_error(extract).what


def test_registered_patients_take_the_printed_total():
    head = [
        "PUBLICATION",
        "EXTRACT_DATE",
        "TYPE",
        "CODE",
        "POSTCODE",
        "SEX",
        "AGE",
        "NUMBER_OF_PATIENTS",
    ]
    rows = [
        ["GP_PRAC", "01JAN2021", "GP", "P-1", "ZZ1", "ALL", "ALL", 900],
        ["GP_PRAC", "01JAN2021", "GP", "P-1", "ZZ1", "FEMALE", "ALL", 460],
        ["GP_PRAC", "01JAN2021", "GP", "P-1", "ZZ1", "FEMALE", "20_24", 60],
    ]
    workbook = csv_workbook("reg.csv", [head, *rows])
    assert sources_that_recognise(workbook) == ["registered_patients"]
    people = parsed(population.REGISTERED, workbook).frames["population"]
    assert people[["dimension", "people"]].values.tolist() == [["", 900.0], ["sex", 460.0]]
