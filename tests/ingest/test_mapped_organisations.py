"""Reference files under headings of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layouts import csv_workbook, only_error, without_errors

from pxcore.ingest.mapping import parse_with
from pxcore.ingest.profile import Profile, faults_of
from pxcore.ingest.source import Request

LIST = Profile(
    "list",
    "",
    {
        "code": "Org", "name": "Called", "parent": "Board", "parent_name": "Board name",
        "closed": "Shut", "successor": "Now", "succeeded_on": "Since",
    },
    (),
    holds="organisations",
    grain="practice",
    parent_grain="icb",
)  # fmt: skip
HEAD = ["Org", "Called", "Board", "Board name", "Shut", "Now", "Since"]
ROWS = [
    ["p-0001", "Elm Surgery", "B-01", "North Board", "", "", ""],
    ["P-0002", "Oak Surgery", "B-01", "North Board", "2024-04-01", "P-0001", "2024-04-01"],
    ["", "Nobody", "", "", "", "", ""],
]


def test_a_list_gives_organisations_parents_and_successions() -> None:
    extract = without_errors(parse_with(LIST, csv_workbook("l.csv", [HEAD, *ROWS]), Request()))
    providers = extract.frames["provider"]
    assert providers[["code", "name", "grain", "status"]].to_numpy().tolist() == [
        ["P-0001", "Elm Surgery", "practice", "open"],
        ["P-0002", "Oak Surgery", "practice", "closed"],
        ["B-01", "North Board", "icb", ""],
    ]
    parents = extract.frames["parent"]
    assert parents[["code", "parent", "parent_grain"]].to_numpy().tolist() == [
        ["P-0001", "B-01", "icb"],
        ["P-0002", "B-01", "icb"],
    ]
    moved = extract.frames["succession"]
    assert moved[["old_code", "new_code"]].to_numpy().tolist() == [["P-0002", "P-0001"]]
    assert extract.rows_rejected == {"no code on the row": 1}


def test_two_parents_of_one_organisation_are_an_error() -> None:
    rows = [HEAD, ROWS[0], ["P-0001", "Elm Surgery", "B-02", "South Board", "", "", ""]]
    fault = only_error(parse_with(LIST, csv_workbook("l.csv", rows), Request()))
    assert "P-0001 belongs to B-01 and to B-02" in fault.what
    assert fault.where == "row 2 and row 3"


def test_a_succession_without_its_day_is_an_error() -> None:
    rows = [HEAD, ["P-0002", "Oak", "B-01", "North Board", "", "P-0001", ""]]
    assert only_error(parse_with(LIST, csv_workbook("l.csv", rows), Request())).where == (
        "row 2, column G"
    )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"columns": {"name": "Called"}}, "mapped to the code"),
        ({"columns": {"code": "Org"}}, "Map the name"),
        ({"columns": {"code": "Org", "successor": "Now"}}, "the day on which"),
        ({"grain": ""}, "which level of organisation the rows are"),
        ({"parent_grain": ""}, "which level of organisation they belong to"),
        ({"parent_grain": "practice"}, "of another level"),
    ],
)
def test_a_wrong_profile_of_organisations_is_told(change: dict[str, object], what: str) -> None:
    assert what in " ".join(faults_of(replace(LIST, **change)))
