"""ask/side.sql: what becomes of every row. Text table in, text table out, one behaviour each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pxcore.store import Store
from tests.store.loads import became, extract, fft, parent, provider, response

FEBRUARY_AND_MARCH = {"start": date(2024, 2, 1), "end": date(2024, 3, 31)}


def side(
    store: Store, **asked: Any
) -> dict[tuple[str, str], tuple[float, float | None, float | None]]:
    """(outcome, organisation) -> rows, respondents, value."""
    question = {
        "source": "fft_gp",
        "measure": "overall",
        "reported_grain": "practice",
        "grain": "practice",
        "usual_grain": "practice",
        "area": "",
        "service": "",
        "organisation": "current",
        "without_modes": [],
        "dimension": "",
        "groups": [],
        "sentiment": "",
        **FEBRUARY_AND_MARCH,
    } | asked
    rows = store.query("side", **question)
    return {
        (row["outcome"], row["unit"] or row["unmatched_name"]): (
            row["rows"],
            None if row["respondents"] != row["respondents"] else row["respondents"],
            None if row["value"] != row["value"] else round(row["value"], 4),
        )
        for row in rows.to_dict(orient="records")
    }


def test_months_are_added_before_dividing(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10), fft("P-1", 30, 90, "2024-03")])])
    # 39 of 100, not the mean of 90 % and 33 %
    assert side(store) == {("in_window", "P-1"): (2, 100, 0.39)}


def test_a_merger_pools_answers_before_dividing(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 90, 100), fft("P-2", 285, 300)]),
            extract(succession=[became("P-1", "P-3"), became("P-2", "P-3")]),
        ]
    )
    assert side(store) == {("in_window", "P-3"): (2, 400, 0.9375)}
    assert side(store, organisation="reported") == {
        ("in_window", "P-1"): (1, 100, 0.9),
        ("in_window", "P-2"): (1, 300, 0.95),
    }


def test_a_chain_of_mergers_is_walked_to_its_end(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 9, 10)]),
            extract(succession=[became("P-1", "P-2", "2020-01-01"), became("P-2", "P-3")]),
        ]
    )
    assert side(store) == {("in_window", "P-3"): (1, 10, 0.9)}


@pytest.mark.parametrize(
    ("history", "outcome"),
    [
        ([became("P-1", "P-2"), became("P-1", "P-3")], "split"),
        ([became("P-1", "P-2"), became("P-1", "P-3", "2025-01-01")], "to_confirm"),
        ([became("P-1", "P-2"), became("P-2", "P-1")], "cycle"),
    ],
)
def test_what_cannot_be_followed_is_left_out_with_its_reason(
    store: Store, history: list[dict[str, Any]], outcome: str
) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)]), extract(succession=history)])
    assert side(store) == {(outcome, "P-1"): (1, 10, 0.9)}
    assert side(store, organisation="reported") == {("in_window", "P-1"): (1, 10, 0.9)}


def test_a_code_that_succeeds_itself_is_left_alone(store: Store) -> None:
    store.commit(
        [extract(fft_fact=[fft("P-1", 9, 10)]), extract(succession=[became("P-1", "P-1")])]
    )
    assert side(store) == {("in_window", "P-1"): (1, 10, 0.9)}


def test_a_code_still_open_is_not_walked_though_part_of_it_moved(store: Store) -> None:
    store.commit(
        [
            extract(fft_fact=[fft("P-1", 9, 10)]),
            extract(provider=[provider("P-1", status="open")], succession=[became("P-1", "P-2")]),
        ]
    )
    assert side(store) == {("in_window", "P-1"): (1, 10, 0.9)}


def hierarchy() -> dict[str, Any]:
    return extract(
        provider=[provider("N-1", "pcn"), provider("B-1", "icb")],
        parent=[
            parent("P-1", "N-1", "pcn"),
            parent("P-2", "N-1", "pcn"),
            parent("N-1", "B-1", "icb", own="pcn"),
        ],
    )


@pytest.mark.parametrize(("grain", "unit"), [("pcn", "N-1"), ("icb", "B-1")])
def test_practices_add_up_to_their_network_and_board(store: Store, grain: str, unit: str) -> None:
    store.commit([hierarchy(), extract(fft_fact=[fft("P-1", 9, 10), fft("P-2", 10, 30)])])
    assert side(store, grain=grain) == {("in_window", unit): (2, 40, 0.475)}


def test_an_organisation_of_no_known_network_is_told(store: Store) -> None:
    store.commit([hierarchy(), extract(fft_fact=[fft("P-1", 9, 10), fft("P-9", 10, 30)])])
    assert side(store, grain="pcn") == {
        ("in_window", "N-1"): (1, 10, 0.9),
        ("no_parent", "P-9"): (1, 30, 0.3333),
    }


def test_a_percentage_without_a_base_cannot_be_added_up(store: Store) -> None:
    row = fft("P-1", 9, 10) | {"respondents": None, "positive": None}
    store.commit([hierarchy(), extract(fft_fact=[row])])
    assert side(store, grain="pcn") == {("no_base", "N-1"): (1, None, 0.9)}


def test_only_the_area_asked_for_is_in(store: Store) -> None:
    store.commit([hierarchy(), extract(fft_fact=[fft("P-1", 9, 10), fft("P-9", 10, 30)])])
    assert side(store, area="B-1") == {
        ("in_window", "P-1"): (1, 10, 0.9),
        ("outside_area", "P-9"): (1, 30, 0.3333),
    }


def test_rows_of_another_level_are_not_added(store: Store) -> None:
    board = fft("B-1", 500, 900, grain="icb")
    store.commit([extract(fft_fact=[fft("P-1", 9, 10), board])])
    assert side(store)[("other_grain", "B-1")] == (1, 900, 0.5556)
    assert side(store)[("in_window", "P-1")] == (1, 10, 0.9)


def test_withheld_months_are_left_out_and_counted_by_reason(store: Store) -> None:
    unknown = fft("P-1", None, None, "2024-03", withheld="unknown")
    store.commit([extract(fft_fact=[fft("P-1", 9, 10), unknown])])
    assert side(store) == {
        ("in_window", "P-1"): (1, 10, 0.9),
        ("withheld_unknown", "P-1"): (1, None, None),
    }


def test_a_month_outside_the_period_is_told_apart(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10), fft("P-1", 9, 10, "2024-05")])])
    assert side(store)[("outside_period", "P-1")] == (1, 10, 0.9)


def test_a_replaced_row_is_told_apart(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    store.commit([extract(fft_fact=[fft("P-1", 10, 10)])])
    assert side(store) == {
        ("in_window", "P-1"): (1, 10, 1.0),
        ("superseded", "P-1"): (1, 10, 0.9),
    }


def local(store: Store, *rows: tuple[dict[str, Any], dict[str, Any]], **asked: Any) -> Any:
    store.commit([extract(response=[one for one, _ in rows], answer=[two for _, two in rows])])
    return side(store, source="fft_local", **asked)


def test_names_wait_for_a_person(store: Store) -> None:
    told = local(store, response(1, "The Surgery"), response(2, "The Surgery", positive=0))
    assert told == {("name_not_matched", "The Surgery"): (2, 2, 0.5)}
    store.confirm_aliases([{"name": "the surgery", "code": "P-1"}], by="me")
    assert side(store, source="fft_local") == {("in_window", "P-1"): (2, 2, 0.5)}


def test_an_uncertain_date_takes_part_in_no_month_and_is_counted(store: Store) -> None:
    told = local(
        store,
        response(1, provider="P-1"),
        response(2, provider="P-1", on="", date_uncertain=True, date_raw="05/10/2021"),
    )
    assert told[("date_uncertain", "P-1")][0] == 1
    assert told[("in_window", "P-1")][0] == 1


def test_feedback_on_another_service_is_not_compared(store: Store) -> None:
    told = local(
        store,
        response(1, provider="P-1", service="general_practice"),
        response(2, provider="P-1", service="dental"),
        response(3, provider="P-1"),  # it does not say: it stays
        service="general_practice",
    )
    assert told[("other_service", "P-1")][0] == 1
    assert told[("in_window", "P-1")][0] == 2


def test_figures_of_groups_are_counted_only_where_a_group_is_asked_for(store: Store) -> None:
    women = fft("P-1", 30, 40, group_dimension="sex", group_value="Female")
    store.commit([extract(fft_fact=[fft("P-1", 90, 100), women])])
    assert side(store) == {
        ("in_window", "P-1"): (1, 100, 0.9),
        ("group_row", "P-1"): (1, 40, 0.75),
    }
    asked = side(store, dimension="sex", groups=["Female"])
    assert asked["in_window", "P-1"] == (1, 40, 0.75)
    recorded = store.query("told_groups").set_index(["source", "dimension"])
    assert bool(recorded.loc[("fft_gp", "sex"), "published"])
    assert store.query("splits")["people"].tolist() == [40]


def test_a_later_file_of_everyone_leaves_the_groups_of_an_earlier_one(store: Store) -> None:
    women = fft("P-1", 30, 40, group_dimension="sex", group_value="Female")
    store.commit([extract(fft_fact=[fft("P-1", 90, 100), women])])
    store.commit([extract(fft_fact=[fft("P-1", 80, 100)])])
    assert side(store)["in_window", "P-1"] == (1, 100, 0.8)
    assert side(store)["group_row", "P-1"] == (1, 40, 0.75)
