"""Reference files: organisations, parents and successions."""

from __future__ import annotations

from datetime import date

import pytest
from layouts import (
    csv_workbook,
    needs_real_files,
    only_error,
    parsed,
    real_workbook,
    said,
    sources_that_recognise,
    spreadsheet,
    without_errors,
)

from pxcore.ingest import SOURCES, reference

MAPPING_HEAD = [
    "GP_CODE",
    "GP_NAME",
    "SUPPLIER",
    "PCN_CODE",
    "PCN_NAME",
    "SUB_ICB_LOCATION_CODE",
    "SUB_ICB_LOCATION_NAME",
    "ICB_CODE",
    "ICB_NAME",
    "REGION_CODE",
    "REGION_NAME",
]
SITE_HEAD = ["ICB Code", "Trust Code", "Trust Name", "Site Code", "Site Name", "Ward Name"]


def mapping_row(code, pcn="N-1", supplier="A"):
    return [
        code,
        f"Practice {code}",
        supplier,
        pcn,
        f"Net {pcn}",
        "S-1",
        "Sub one",
        "B-01",
        "Board",
        "Z-1",
        "West",
    ]


def test_the_practice_mapping_gives_every_level_and_its_parents():
    workbook = csv_workbook(
        "map.csv", [MAPPING_HEAD, mapping_row("P-1"), mapping_row("P-2", "N-2")]
    )
    assert sources_that_recognise(workbook) == ["gp_mapping"]
    extract = without_errors(parsed(reference.GP_MAPPING, workbook))
    counts = extract.frames["provider"]["grain"].value_counts().to_dict()
    assert counts == {"practice": 2, "pcn": 2, "sub_icb": 1, "icb": 1, "region": 1}
    edges = extract.frames["parent"].set_index(["code", "parent_grain"])["parent"]
    assert edges["P-1", "pcn"] == "N-1"
    assert edges["P-1", "icb"] == "B-01"
    assert edges["N-2", "icb"] == "B-01"
    assert edges["B-01", "region"] == "Z-1"


def test_practices_listed_under_two_suppliers_are_kept_once():
    rows = [mapping_row("P-1", "N-1", "A"), mapping_row("P-1", "N-2", "B"), mapping_row("P-2")]
    extract = parsed(reference.GP_MAPPING, csv_workbook("map.csv", [MAPPING_HEAD, *rows]))
    assert extract.frames["provider"].query("grain == 'practice'")["code"].tolist() == [
        "P-1",
        "P-2",
    ]
    assert "1 practice codes stand more than once (P-1)" in said(extract)
    assert "different parents" in said(extract)


def test_a_mapping_without_its_code_column_says_so():
    workbook = csv_workbook("map.csv", [MAPPING_HEAD[1:], mapping_row("P-1")[1:]])
    assert reference.GP_MAPPING.recognise(workbook)
    assert "no column for practice" in only_error(parsed(reference.GP_MAPPING, workbook)).what


def test_sites_lose_the_code_in_their_name_and_keep_their_trust():
    rows = [
        ["B-01", "T-01", "Elm Trust", "T-01-A", "Elm Hospital - T-01-A", "Ward 1"],
        ["B-01", "T-01", "Elm Trust", "T-01-A", "Elm Hospital - T-01-A", "Ward 2"],
    ]
    workbook = spreadsheet("sites.xlsx", {"List": [["Sites, July 2025"], SITE_HEAD, *rows]})
    assert sources_that_recognise(workbook) == ["trust_sites"]
    extract = without_errors(parsed(reference.TRUST_SITES, workbook))
    providers = extract.frames["provider"].set_index("code")
    assert providers.loc["T-01-A", ["name", "grain"]].tolist() == ["Elm Hospital", "site"]
    edges = extract.frames["parent"].set_index(["code", "parent_grain"])["parent"].to_dict()
    assert edges == {
        ("T-01-A", "trust"): "T-01",
        ("T-01-A", "icb"): "B-01",
        ("T-01", "icb"): "B-01",
    }
    assert any("2 wards" in note for note in extract.notes)


def test_a_ward_publication_is_not_a_list_of_sites():
    head = [*SITE_HEAD, "Total Responses", "Very Good"]
    assert not reference.TRUST_SITES.recognise(csv_workbook("wards.csv", [head, [""] * 8]))


def succession(*rows):
    return csv_workbook("changes.csv", [["old_code", "new_code", "date"], *rows])


def test_successions_are_kept_with_their_dates():
    workbook = succession(["T-01", "T-03", 20241001], ["T-02", "T-03", 20241001])
    assert sources_that_recognise(workbook) == ["succession"]
    rows = without_errors(parsed(reference.SUCCESSIONS, workbook)).frames["succession"]
    assert rows["new_code"].tolist() == ["T-03", "T-03"]
    assert rows["succeeded_on"].dt.date.tolist() == [date(2024, 10, 1)] * 2


def test_a_code_that_succeeds_itself_is_ignored_and_a_circle_refused():
    extract = parsed(
        reference.SUCCESSIONS,
        succession(
            ["A", "A", 20200401],
            ["B", "C", 20200401],
            ["C", "D", 20210401],
            ["D", "B", 20220401],
            ["D", "E", 20220401],
            ["X", "B", 20190401],
        ),
    )
    assert not extract.errors
    assert extract.rows_rejected == {
        "a code that succeeds itself": 1,
        "part of a circle of successions": 3,
    }
    kept = extract.frames["succession"][["old_code", "new_code"]].values.tolist()
    assert kept == [["D", "E"], ["X", "B"]]
    assert "succeed themselves" in said(extract)
    assert "in a circle" in said(extract)


def test_splits_are_noted_and_later_successors_are_to_be_confirmed():
    extract = parsed(
        reference.SUCCESSIONS,
        succession(
            ["S", "A", 20211001], ["S", "B", 20211001], ["L", "A", 20111001], ["L", "B", 20211001]
        ),
    )
    assert any("1 codes were split on one date (S)" in note for note in extract.notes)
    assert "1 codes have several successors on different dates (L)" in said(extract)
    assert len(extract.frames["succession"]) == 4


@pytest.mark.parametrize(
    ("row", "what"),
    [(["A", "B", "20201301"], "is not a date"), (["A", "B", ""], "date is blank")],
)
def test_a_succession_without_a_date_is_an_error(row, what):
    assert what in only_error(parsed(reference.SUCCESSIONS, succession(row))).what


@needs_real_files
@pytest.mark.parametrize(
    ("path", "name", "frame", "rows"),
    [
        ("ods/epraccur.csv", "ods_practices", "provider", 8201),
        ("ods/etr.csv", "ods_trusts", "provider", 218),
        ("ods/gp_mapping_2025-08.csv", "gp_mapping", "provider", None),
        ("ods/trust_site_ward_2025-07.csv", "trust_sites", "provider", None),
        ("ods/succession_1992_2021.csv", "succession", "succession", None),
        ("population/practice_list_age_sex_imd_2023.csv", "list_sizes", "population", None),
    ],
)
def test_the_real_reference_files_load(path, name, frame, rows):
    workbook = real_workbook(path)
    assert sources_that_recognise(workbook) == [name]
    source = next(one for one in SOURCES if one.name == name)
    extract = without_errors(parsed(source, workbook))
    assert extract.rows_accepted > 0
    if rows:
        assert len(extract.frames[frame]) == rows


@needs_real_files
def test_the_real_mapping_has_30_repeated_practices():
    extract = parsed(reference.GP_MAPPING, real_workbook("ods/gp_mapping_2025-08.csv"))
    assert extract.rows_rejected["the same code stands more than once"] == 30


@needs_real_files
def test_the_real_successions_have_39_codes_that_succeed_themselves():
    extract = parsed(reference.SUCCESSIONS, real_workbook("ods/succession_1992_2021.csv"))
    assert extract.rows_rejected["a code that succeeds itself"] == 39
