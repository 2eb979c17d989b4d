"""Why might two sources differ about an organisation? Each kind of reason, and none where there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from pxcore.analysis.judging.judgement import judgement
from pxcore.analysis.judging.reasons import Reason, ReasonKind, Reasons, reasons
from pxcore.model import Disclosure, Organisation, Pairing, Period, Periods
from pxcore.store import Store
from pxcore.words.reasons import of_all, sentence, unseen
from tests.analysis.frames import GP, alike, committed, standings
from tests.store.loads import became, extract, fft, response, survey

YEAR = [f"{2023 + month // 12}-{month % 12 + 1:02d}" for month in range(3, 15)]  # to March 2024


def asked(store: Store, pairing: Pairing = GP) -> Reasons:
    return reasons(store, judgement(store, pairing))


def said_of(found: tuple[Reason, ...]) -> dict[str, str]:
    """Kind -> sentence."""
    return {str(reason.kind): sentence(reason) for reason in found}


def months(
    unit: str, share: float, answers: int = 80, calendar: list[str] | None = None, **more: Any
) -> list[dict[str, Any]]:
    """A year of one practice: half its answers by text message, a twelfth of those asked answered."""
    told = []
    for turn, month in enumerate(calendar or YEAR):
        modes = {"mode_sms": answers / 2, "mode_paper_home": answers / 2, "eligible": 960.0} | more
        positive = round(answers * share) + (turn % 3 - 1) * 2
        told.append(fft(unit, min(positive, answers), answers, month, **modes))
    return told


def changed(rows: list[dict[str, Any]], from_month: str, **columns: Any) -> list[dict[str, Any]]:
    """The rows, those from a month on with other columns."""
    start = pd.Timestamp(f"{from_month}-01").date()
    return [row | (columns if row["period_start"] >= start else {}) for row in rows]


def practices(count: int = 20) -> dict[str, list[dict[str, Any]]]:
    return {f"P-{n}": months(f"P-{n}", 0.7 + 0.012 * n) for n in range(count)}


def waves(count: int = 20, **columns: Any) -> dict[str, dict[str, Any]]:
    return {
        f"P-{n}": survey(f"P-{n}", 0.6 + 0.012 * n, 200, eligible=400.0, **columns)
        for n in range(count)
    }


@pytest.fixture(scope="module")
def told() -> Reasons:
    """One practice for each kind of reason, and ordinary ones."""
    left, right = practices(), waves()
    left["P-0"] = months("P-0", 0.7, mode_sms=80.0, mode_paper_home=0.0)
    paper = months("P-1", 0.7, mode_sms=0.0, mode_paper_home=80.0)
    left["P-1"] = changed(paper, "2024-01", mode_sms=80.0, mode_paper_home=0.0)
    left["P-2"][-2] = fft(
        "P-2", 5, 80, "2024-02", mode_sms=40.0, mode_paper_home=40.0, eligible=960
    )
    left["P-3"][-1] = fft("P-3", None, None, "2024-03")
    left["P-4"] = changed(left["P-4"], "2024-01", eligible=40_000.0)
    left["P-5"] = changed(left["P-5"], "2024-01", eligible=50.0)
    right["P-6"] |= {"respondents": 20.0, "eligible": 40.0}
    left["P-7"] = [
        fft("P-7", 13, 13, month, mode_sms=6.0, mode_paper_home=7.0, eligible=156.0)
        for month in YEAR
    ]
    left["P-90"] = months("P-90", 0.8, calendar=YEAR[:6])
    left["P-91"] = months("P-91", 0.8, calendar=YEAR[:6])
    left["P-8"] = months("P-8", 0.8, calendar=YEAR[6:])
    store = committed(
        Store.open(),
        [row for rows in left.values() for row in rows],
        list(right.values()),
        succession=[became("P-90", "P-8", "2023-10-01"), became("P-91", "P-8", "2023-10-01")],
    )
    return asked(store)


@pytest.mark.parametrize(
    ("unit", "kind", "said"),
    [
        (
            "P-0",
            "mode of collection",
            "Is it the way of asking? 100% of FFT GP answers came by text message here, 50% at the middle "
            "organisation.",
        ),
        (
            "P-1",
            "mode of collection",
            "Did the way of asking change the answers? 0% of FFT GP answers came by text message at first "
            "and 100% in Jan–Mar 2024; the change came in January 2024.",
        ),
        (
            "P-2",
            "odd month",
            "What happened in February 2024? That month of FFT GP stands apart from the others of this "
            "organisation by more than chance.",
        ),
        (
            "P-3",
            "months missing",
            "FFT GP has answers in 2 of the 3 months. Were the others withheld, or was nobody asked?",
        ),
        (
            "P-4",
            "response rate",
            "Who did not answer? 0.2% of those asked answered FFT GP here, 8% at the middle organisation.",
        ),
        (
            "P-5",
            "response rate",
            "FFT GP has more answers than people to be asked (160%). Is the number of people asked right?",
        ),
        (
            "P-6",
            "number of answers",
            "Would more answers say the same? GP survey rests on 20 answers here.",
        ),
        (
            "P-7",
            "everybody positive",
            "Who was asked? All 39 answers of FFT GP are positive.",
        ),
        (
            "P-8",
            "merger",
            "Do its parts differ? P-90 and P-91 became this organisation on 1 October 2023; answers are "
            "added up.",
        ),
    ],
)
def test_each_kind_of_reason_says_what_was_found(
    told: Reasons, unit: str, kind: str, said: str
) -> None:
    assert [(reason.kind, sentence(reason)) for reason in told.of(unit)] == [(kind, said)]


def test_an_ordinary_practice_has_no_reason(told: Reasons) -> None:
    assert [told.of(f"P-{n}") for n in range(9, 20)] == [()] * 11
    assert told.of("nowhere") == ()


def test_what_the_files_do_not_tell_is_said(told: Reasons) -> None:
    assert tuple(unseen(told)) == ("who answered (FFT GP and GP survey without ages)",)
    assert told.of_all == ()


def test_kinds_are_told_in_a_few_words_for_the_table(told: Reasons) -> None:
    assert told.kinds_of(pd.Series(["P-1", "P-15", "P-8"])) == ["mode of collection", "", "merger"]


def test_where_modes_and_numbers_asked_are_not_told_that_is_said(store: Store) -> None:
    committed(store, *standings(alike(), 400, 200))
    found = asked(store)
    assert found.by_unit == {}
    assert tuple(unseen(found)) == (
        "mode of collection (FFT GP does not give it)",
        "response rate (FFT GP does not say how many people were asked)",
        "response rate (GP survey does not say how many people were asked)",
        "who answered (FFT GP and GP survey without ages)",
    )
    assert found.kinds_of(pd.Series(["P-1"])) == [""]


def test_the_likeliest_reason_comes_first(store: Store) -> None:
    left, right = practices(), waves()
    left["P-0"] = months("P-0", 0.7, mode_sms=80.0, mode_paper_home=0.0)[:-1]
    right["P-0"] |= {"respondents": 20.0, "eligible": 40.0}
    committed(store, [row for rows in left.values() for row in rows], list(right.values()))
    kinds = [reason.kind for reason in asked(store).of("P-0")]
    assert kinds == ["mode of collection", "months missing", "number of answers"]
    assert kinds == sorted(kinds, key=list(ReasonKind).index)


def test_the_share_at_first_is_that_of_before_the_step(store: Store) -> None:
    half = YEAR[6:]
    left = {f"P-{n}": months(f"P-{n}", 0.7 + 0.012 * n, calendar=half) for n in range(20)}
    paper = months("P-1", 0.7, calendar=half, mode_sms=0.0, mode_paper_home=80.0)
    left["P-1"] = changed(paper, "2024-01", mode_sms=80.0, mode_paper_home=0.0)
    committed(store, [row for rows in left.values() for row in rows], list(waves().values()))
    assert "0% of FFT GP answers came by text message at first and 100%" in (
        sentence(asked(store).of("P-1")[0])
    )


def test_the_share_at_first_rests_on_no_month_with_fewer_answers_than_may_be_shown(
    store: Store,
) -> None:
    half = YEAR[6:]
    left = {f"P-{n}": months(f"P-{n}", 0.7 + 0.012 * n, calendar=half) for n in range(20)}
    paper = months("P-1", 0.7, calendar=half, mode_sms=0.0, mode_paper_home=4.0)
    left["P-1"] = changed(paper, "2024-01", mode_sms=80.0, mode_paper_home=0.0)
    committed(store, [row for rows in left.values() for row in rows], list(waves().values()))
    told = said_of(asked(store).of("P-1"))["mode of collection"]
    assert "100% of FFT GP answers" in told
    assert "at first" not in told


def test_as_reported_no_answers_are_said_to_be_added_up(store: Store) -> None:
    left, right = practices(), waves()
    left["P-90"] = months("P-90", 0.8, calendar=YEAR[:6])
    committed(
        store, [row for rows in left.values() for row in rows], list(right.values()),
        succession=[became("P-90", "P-8", "2023-10-01")],
    )  # fmt: skip
    found = asked(store, replace(GP, organisation=Organisation.REPORTED))
    assert "added up" not in " ".join(map(sentence, found.of("P-8")))


def test_a_merger_long_ago_is_no_reason_unless_its_parts_are_still_added_up(store: Store) -> None:
    left, right = practices(), waves()
    left["P-90"] = months("P-90", 0.8, calendar=YEAR[:6])
    left["P-91"] = months("P-91", 0.8)
    committed(
        store, [row for rows in left.values() for row in rows], list(right.values()),
        succession=[became("P-90", "P-8", "2019-10-01"), became("P-91", "P-9", "2019-10-01")],
    )  # fmt: skip
    found = asked(store)
    assert found.of("P-8") == ()
    assert "P-91 became this organisation on 1 October 2019" in sentence(found.of("P-9")[0])


# --- Rows that are people ---


def local(source: str, ages: dict[str, str], seed: int = 0) -> dict[str, Any]:
    """Twelve practices with forty answers each; of some, everybody's age."""
    said = [
        response(
            n, provider=f"P-{n % 12}", positive=int((n // 12 + seed) % 12 < n % 12), source=source,
            age=ages.get(f"P-{n % 12}", "35-44"),
        )
        for n in range(480)
    ]  # fmt: skip
    return extract(response=[one for one, _ in said], answer=[one for _, one in said])


def test_other_people_answering_is_told_where_both_sources_tell_ages(store: Store) -> None:
    store.commit([local("fft_local", {"P-3": "75-84"}), local("local_survey", {}, seed=3)])
    found = asked(store, Pairing("fft_local", "local_survey"))
    assert (
        "who answered",
        "Did other people answer? 100% of those who answered FFT local are 65 or older, 0% of those who "
        "answered Local survey.",
    ) in said_of(found.of("P-3")).items()
    assert "who answered" not in said_of(found.of("P-4"))
    assert not any("who answered" in one for one in unseen(found))


def test_what_does_not_say_its_service_is_told(store: Store) -> None:
    said = [
        response(
            n, provider=f"P-{n % 12}", positive=int(n // 12 % 12 < n % 12), source="healthwatch",
            service="" if n % 12 == 3 and n < 150 else "general_practice",
        )
        for n in range(240)
    ]  # fmt: skip
    left, _ = standings(alike(), 400)
    store.commit(
        [
            extract(fft_fact=left),
            extract(response=[one for one, _ in said], answer=[one for _, one in said]),
        ]
    )
    exact = Disclosure(exact=True)
    found = asked(store, Pairing("fft_gp", "healthwatch", disclosure=exact))
    assert said_of(found.of("P-3"))["service mix"] == (
        "Is it the same service? 65% of what Healthwatch holds here does not say which service it is about."
    )
    assert "service mix" not in said_of(found.of("P-4"))


# --- Reasons that hold for all ---


def test_different_times_are_a_reason_for_all(store: Store) -> None:
    left, right = standings(alike(), 400, 200)
    later = [fft(row["provider"], row["positive"], 400, "2025-08") for row in left]
    committed(store, later, right)
    found = asked(store, replace(GP, periods=Periods.LATEST))
    assert tuple(of_all(found)) == (
        "Different times: FFT GP is of August 2025, GP survey of 2 Jan – 25 Mar 2024, about 18 months "
        "apart. Has care changed in between?",
    )


def test_a_break_between_the_periods_is_a_reason_for_all(store: Store) -> None:
    left, right = standings(alike(), 400, 200)
    earlier = [fft(row["provider"], row["positive"], 400, "2020-02") for row in left]
    committed(store, earlier, right)
    found = asked(store, replace(GP, periods=Periods.LATEST))
    broken = [said for said in of_all(found) if said.startswith("A break lies between")]
    assert any(
        "(April 2020)" in said and "Friends and Family question changed" in said for said in broken
    )
    assert any("(January 2024)" in said and "redesigned" in said for said in broken)


def test_the_same_time_and_question_is_no_reason(told: Reasons) -> None:
    assert told.of_all == ()


def test_every_reason_asks_and_none_explains(told: Reasons, demonstration: Store) -> None:
    every = [told, *(asked(demonstration, pair) for pair in (GP, TRUSTS))]
    lines = [
        sentence(reason) for found in every for each in found.by_unit.values() for reason in each
    ]
    assert lines
    assert all("?" in line and "because" not in line for line in lines)


# --- The demonstration ---

TRUSTS = Pairing("fft_inpatient", "cqc_inpatient")


def test_the_mode_shift_is_offered_with_its_month(demonstration: Store) -> None:
    for pair in (TRUSTS, Pairing("fft_inpatient", "healthwatch")):
        kinds = said_of(asked(demonstration, pair).of("T-09"))
        assert "the change came in June 2025" in kinds["mode of collection"]


def test_the_mergers_are_named(demonstration: Store) -> None:
    assert (
        said_of(asked(demonstration, TRUSTS).of("T-24"))["merger"]
        == "Do its parts differ? T-05 and T-06 became this organisation on 1 October 2024; answers are "
        "added up."
    )
    practices_merged = said_of(asked(demonstration, GP).of("P-0130"))["merger"]
    assert "P-0070 and P-0071 became this organisation on 1 April 2025" in practices_merged


def test_the_odd_month_of_the_emergency_department_is_found(demonstration: Store) -> None:
    winter = Period(date(2024, 10, 1), date(2025, 3, 31))
    found = asked(demonstration, Pairing("fft_ae", "healthwatch", window=winter))
    assert "What happened in December 2024?" in said_of(found.of("T-08"))["odd month"]
    assert {
        unit for unit, each in found.by_unit.items()
        if ReasonKind.ODD_MONTH in {reason.kind for reason in each}
    } == {"T-08"}  # fmt: skip


def test_what_the_demonstration_does_not_tell_is_said(demonstration: Store) -> None:
    assert tuple(unseen(asked(demonstration, TRUSTS))) == (
        "response rate (CQC inpatient does not say how many people were asked)",
        "who answered (FFT inpatient and CQC inpatient without ages)",
    )
