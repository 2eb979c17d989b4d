"""The account of an alignment: every row loaded has one outcome, whatever was loaded; small counts hide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pxcore.analysis.joining.alignment import align
from pxcore.analysis.joining.outcomes import OUTCOMES
from pxcore.analysis.joining.periods import placing
from pxcore.analysis.joining.refusals import SameSource
from pxcore.analysis.joining.trace import trace
from pxcore.disclosure import largest_noise
from pxcore.model import Disclosure, Organisation, Pairing, Periods
from pxcore.store import Store
from pxcore.words import alignment as words
from pxcore.words import refusals
from tests.store.loads import became, extract, fft, parent, response, survey

CODES = st.sampled_from([f"P-{n}" for n in range(1, 6)])
MONTHS = st.sampled_from(["2024-01", "2024-02", "2024-03", "2025-07"])
FFT_ROWS = st.lists(
    st.tuples(CODES, MONTHS, st.integers(0, 60), st.booleans()), min_size=1, max_size=14,
    unique_by=lambda row: row[:2],
)  # fmt: skip
SURVEY_ROWS = st.lists(
    st.tuples(CODES, st.sampled_from([2024, 2025]), st.sampled_from(["overall", "phone"]),
              st.booleans()),
    min_size=1, max_size=14, unique_by=lambda row: row[:3],
)  # fmt: skip
SUCCESSIONS = st.lists(st.tuples(CODES, CODES), max_size=4, unique=True)


def fft_row(code: str, month: str, answers: int, shown: bool) -> dict[str, Any]:
    return (
        fft(code, answers // 2, answers, month)
        if shown and answers
        else fft(code, None, None, month)
    )


def survey_row(code: str, wave: int, measure: str, shown: bool) -> dict[str, Any]:
    return survey(code, 0.5 if shown else None, wave=wave, measure=measure)


@settings(max_examples=25, deadline=None)
@given(
    FFT_ROWS,
    SURVEY_ROWS,
    SUCCESSIONS,
    st.sampled_from(list(Periods)),
    st.sampled_from(list(Organisation)),
    st.sampled_from([5, 10, 30]),
    st.sampled_from(["", "pcn"]),
)
def test_every_row_loaded_has_exactly_one_outcome(
    fft_rows: list[Any],
    survey_rows: list[Any],
    successions: list[Any],
    periods: Periods,
    organisation: Organisation,
    floor: int,
    grain: str,
) -> None:
    store = Store.open()
    reference: dict[str, Any] = {
        "parent": [parent("P-1", "N-1", "pcn"), parent("P-2", "N-1", "pcn")]
    }
    if successions:
        reference["succession"] = [became(old, new) for old, new in successions]
    store.commit(
        [
            extract(**reference),
            extract(fft_fact=[fft_row(*row) for row in fft_rows]),
            extract(survey_fact=[survey_row(*row) for row in survey_rows]),
        ]
    )
    pairing = Pairing(
        "fft_gp", "gp_survey", left_measure="overall", periods=periods, grain=grain,
        organisation=organisation, disclosure=Disclosure(floor),
    )  # fmt: skip
    account = align(store, pairing).account
    store.close()
    rows = account.groupby("side")["rows"].sum()
    assert dict(rows) == {"left": len(fft_rows), "right": len(survey_rows)}
    assert not account.duplicated(["side", "outcome"]).any()
    assert set(account["outcome"]) <= set(OUTCOMES)


def test_rows_replaced_by_a_later_file_stay_in_the_account(store: Store) -> None:
    store.commit([extract(fft_fact=[fft("P-1", 10, 20)])])
    store.commit(
        [extract(fft_fact=[fft("P-1", 12, 20)]), extract(survey_fact=[survey("P-1", 0.5)])]
    )
    account = align(store, Pairing("fft_gp", "gp_survey")).account
    left = account[account["side"] == "left"].set_index("outcome")["rows"]
    assert dict(left) == {"paired": 1, "superseded": 1}


def test_few_people_read_as_that_wherever_they_are_counted(store: Store) -> None:
    """Three responses of one organisation and forty of another, neither of them compared."""
    few = [response(n, provider="P-9") for n in range(3)]
    apart = [response(100 + n, provider="P-50") for n in range(40)]
    store.commit(
        [
            extract(
                response=[row for row, _ in few + apart],
                answer=[answer for _, answer in few + apart],
            ),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    alignment = align(store, Pairing("fft_local", "gp_survey"))
    listed = alignment.unmatched.query("side == 'left'")
    assert listed["rows"].isna().all()  # counted by reason alone
    shown = words.did_not_join(alignment).query("side == 'left'")
    assert set(shown["rows_text"]) == {"by reason"}
    account = alignment.account.query("side == 'left'").set_index("outcome")["rows"]
    assert np.isnan(account["few_answers"])
    assert abs(account["no_counterpart"] - 40) <= largest_noise()
    assert abs(alignment.loaded.set_index("side")["rows"]["left"] - 43) <= largest_noise()


def test_a_single_response_is_people_too(store: Store) -> None:
    """One row that is one observation: a count of one person all the same."""
    row, answer = response(1, provider="P-9")
    store.commit(
        [
            extract(response=[row], answer=[answer]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    alignment = align(store, Pairing("fft_local", "gp_survey"))
    assert alignment.unmatched.query("side == 'left'")["rows"].isna().all()
    assert alignment.account.query("side == 'left'")["rows"].isna().all()
    assert "0 of fewer than 5 rows of FFT local" in words.accounted(alignment)


def test_who_has_few_answers_in_the_window_and_who_has_none_are_listed_alike(store: Store) -> None:
    """P-1 has thirty in the survey's months, P-2 three, and P-3 three at another time."""
    people = [
        response(n, provider=f"P-{place}", on=on)
        for place, on, numbers in (
            (1, "2024-02-10", range(30)), (2, "2024-02-10", range(40, 43)),
            (3, "2023-06-10", range(50, 53)),
        )
        for n in numbers
    ]  # fmt: skip
    store.commit(
        [
            extract(response=[row for row, _ in people], answer=[answer for _, answer in people]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(1, 13)]),
        ]
    )
    alignment = align(store, Pairing("fft_local", "gp_survey"))
    told = words.did_not_join(alignment).query("side == 'left'")
    told = told[["unit", "outcome", "reason", "rows_text"]]
    assert set(told["unit"]) == {"P-2", "P-3"}
    assert len(told.drop(columns="unit").drop_duplicates()) == 1
    few, none = (
        trace(store, alignment, unit).query("source == 'FFT local'") for unit in ("P-2", "P-3")
    )
    assert few.drop(columns="provider").equals(none.drop(columns="provider").set_axis(few.index))


def test_the_rows_behind_a_figure_do_not_count_responses_in_words(store: Store) -> None:
    people = [response(n, provider="P-1") for n in range(9)]
    store.commit(
        [
            extract(response=[row for row, _ in people], answer=[answer for _, answer in people]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    rows = trace(store, align(store, Pairing("fft_local", "gp_survey")), "P-1")
    assert not rows["cell"].str.contains(r"\d+ rows").any()


def test_a_source_is_not_compared_with_itself(store: Store) -> None:
    store.commit([extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 50) for n in range(12)])])
    alignment = align(store, Pairing("gp_survey", "gp_survey"))
    assert "the same people answered both" in refusals.sentence(alignment.refusals[0])
    assert alignment.refusals == (SameSource("gp_survey"),)
    assert alignment.pairs.empty


@pytest.mark.parametrize("pair", [("fft_gp", "gp_survey"), ("fft_inpatient", "cqc_inpatient")])
def test_an_area_chosen_afterwards_is_the_area_asked_of_the_database(
    demonstration: Store, pair: tuple[str, str]
) -> None:
    areas = demonstration.query("areas", organisation="current")["code"].astype(str)[
        ::4
    ]  # of every kind
    judged = {"paired", "no_counterpart", "under_floor", "in_window"}
    for area in areas:
        told = align(demonstration, Pairing(*pair, area=area))
        for side, rows in zip((told.left, told.right), told.rows, strict=True):
            assert side.period is not None
            asked = demonstration.query(
                "side", **placing(side, told.pairing, told.service, side.period)
            )

            def counted(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
                outcome = frame["outcome"].where(~frame["outcome"].isin(judged), "in_window")
                rows = frame.assign(outcome=outcome).groupby(["outcome", "unit"])["rows"].sum()
                return {(str(o), str(u)): int(n) for (o, u), n in rows.items()}  # type: ignore[misc]

            assert counted(rows) == counted(asked), (area, side.source)


def test_those_named_are_those_compared_and_those_that_did_not_join(demonstration: Store) -> None:
    report = align(demonstration, Pairing("fft_gp", "gp_survey"))
    absent = set(report.did_not_join["unit"]) - {""}
    assert report.named == len(set(report.pairs["unit"]) | absent) > len(report.pairs)
    assert f"{len(report.pairs)} of {report.named} practices (94%) have both" in words.summary(
        report
    )
