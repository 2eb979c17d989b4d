"""The files of the Organisation Data Service: practices, trusts, memberships."""

from __future__ import annotations

from datetime import date

import pytest
from layouts import (
    csv_workbook,
    only_error,
    parsed,
    sources_that_recognise,
    without_errors,
)

from pxcore.ingest import ods


def ods_row(
    code, name="Elm Road", opened="20010401", closed="", status="A", commissioner="S-1", setting="4"
):
    row = [""] * 27
    row[0:4] = [code, name, "Z-1", "B-01"]
    row[9:13] = ["ZZ1 1ZZ", opened, closed, status]
    row[14], row[25] = commissioner, setting
    return row


def practices(*rows):
    return csv_workbook("epraccur.csv", rows)


def test_practices_are_known_by_shape_whatever_their_codes():
    workbook = practices(ods_row("P-0001"), ods_row("p-0002 ", closed="20200331", status="C"))
    assert sources_that_recognise(workbook) == ["ods_practices"]
    extract = without_errors(parsed(ods.PRACTICES, workbook))
    providers = extract.frames["provider"].set_index("code")
    assert providers["status"].to_dict() == {"P-0001": "open", "P-0002": "closed"}
    assert providers.loc["P-0001", ["grain", "postcode", "cell"]].tolist() == [
        "practice",
        "ZZ1 1ZZ",
        "row 1",
    ]
    assert providers.loc["P-0002", "closed"].date() == date(2020, 3, 31)
    edge = extract.frames["parent"].set_index("code").loc["P-0001"]
    assert edge[["parent", "parent_grain"]].tolist() == ["S-1", "sub_icb"]


def test_only_prescribing_setting_4_is_a_practice():
    extract = parsed(ods.PRACTICES, practices(ods_row("P-0001"), ods_row("P-0002", setting="10")))
    assert extract.frames["provider"]["code"].tolist() == ["P-0001"]
    assert sum(extract.rows_rejected.values()) == 1


@pytest.mark.parametrize(
    ("row", "what", "where"),
    [
        (ods_row("P-0002", opened="20019901"), "is not a date", "row 9, column K"),
        (ods_row("P-0002", closed="soon"), "is not a date", "row 9, column L"),
        (["P-0002", "too", "short"], "3 columns, not 27", "row 9"),
    ],
)
def test_a_faulty_row_of_a_headless_file_is_named(row, what, where):
    workbook = practices(*(ods_row(f"P-1{n}") for n in range(8)), row)
    assert ods.PRACTICES.recognise(workbook)
    fault = only_error(parsed(ods.PRACTICES, workbook))
    assert what in fault.what
    assert fault.where == where


def test_repeated_and_blank_codes_are_counted():
    extract = parsed(
        ods.PRACTICES, practices(ods_row("P-1", "Old"), ods_row("P-1", "New"), ods_row(""))
    )
    assert extract.frames["provider"]["name"].tolist() == ["New"]
    assert extract.rows_rejected == {
        "no code on the row": 1,
        "the same code stands more than once": 1,
    }


def test_trusts_have_no_status_letter_and_belong_to_a_board():
    rows = [ods_row(f"T-0{n}", status="", setting="", commissioner="") for n in (1, 2)]
    rows[1][11] = "20240930"
    workbook = csv_workbook("etr.csv", rows)
    assert sources_that_recognise(workbook) == ["ods_trusts"]
    extract = without_errors(parsed(ods.TRUSTS, workbook))
    assert extract.frames["provider"]["status"].tolist() == ["open", "closed"]
    assert set(extract.frames["parent"]["parent"]) == {"B-01", "Z-1"}


def test_memberships_that_ended_are_left_out():
    rows = [
        ["P-1", "S-1", "W", "20130401", "20200331", "0"],
        ["P-1", "S-2", "W", "20200401", "", "0"],
    ]
    workbook = csv_workbook("epcmem.csv", rows)
    assert sources_that_recognise(workbook) == ["ods_members"]
    extract = without_errors(parsed(ods.MEMBERS, workbook))
    assert extract.frames["parent"]["parent"].tolist() == ["S-2"]
    assert extract.rows_rejected == {"the membership has ended": 1}
