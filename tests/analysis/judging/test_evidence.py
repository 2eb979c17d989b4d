"""What one source can say of each provider: what its answers are worth, and why it may be silent."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from pxcore import model
from pxcore.analysis.joining.notes import Noticed
from pxcore.analysis.joining.trace import trace
from pxcore.analysis.judging.evidence import Kind, kind_of, months_of, weigh
from pxcore.analysis.judging.evidence import _is_rounded as is_rounded
from pxcore.analysis.judging.judgement import Mark, judgement
from pxcore.analysis.judging.silence import LETTERS, Silence
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.overview import overview
from pxcore.model import Disclosure, Grain, Pairing, Period, Scope, Settings
from pxcore.publish.agreement import as_json as agreement_json
from pxcore.publish.divergence import as_json as divergence_json
from pxcore.stats.intervals import Z_95, wilson
from pxcore.stats.overdispersion import monthly_overdispersion
from pxcore.stats.scale import logit
from pxcore.stats.spread import peer_spread, standing
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import divergence as words
from pxcore.words import overview as overview_words
from pxcore.words import refusals
from pxcore.words import verdicts as verdict_words
from pxcore.words.evidence import notes
from tests.analysis.frames import (
    GP,
    MONTHS,
    WINDOW,
    alike,
    committed,
    drawn,
    figures,
    monthly,
    sentence_on,
    side,
    standings,
    weighed,
)
from tests.store.loads import became, extract, fft, parent, provider, response, survey

SHARES = np.linspace(0.6, 0.9, 14)  # of fourteen providers that truly differ


def row(evidence: object, unit: str) -> pd.Series:
    return evidence.rows.set_index("unit").loc[unit]  # type: ignore[attr-defined,no-any-return]


# --- What the answers are worth ---


def test_a_published_interval_says_what_the_answers_are_worth() -> None:
    half = Z_95 * 0.04
    told = weighed(figures(SHARES, 180, low=SHARES - half, high=SHARES + half))
    assert told.rows["effective"].to_numpy() == pytest.approx(SHARES * (1 - SHARES) / 0.04**2)
    assert told.rows["respondents"].unique().tolist() == [180]  # what is shown is the real number
    assert not any("worth one" in note for note in notes(told))


def test_without_an_interval_a_design_effect_is_assumed_and_said() -> None:
    told = weighed(figures(SHARES, 130))
    assert told.rows["effective"].to_numpy() == pytest.approx(100)
    assert (
        "GP survey: 1.3 weighted answers are taken to be worth one (assumed; no interval is published)."
        in notes(told)
    )
    other = weighed(figures(SHARES, 130), settings=Settings(design_effect=2.0))
    assert other.rows["effective"].to_numpy() == pytest.approx(65)
    assert "2 weighted answers" in " ".join(notes(other))
    none = weighed(figures(SHARES, 130), "gp_survey", None, Settings(design_effect=1.0))
    assert Noticed.ASSUMED_DESIGN not in {note.kind for note in none.notes}


def test_where_some_publish_no_interval_their_number_is_said() -> None:
    low, high = SHARES - 0.1, SHARES + 0.1
    low[:3], high[:3] = np.nan, np.nan
    told = weighed(figures(SHARES, 130, low=low, high=high))
    assert told.rows["effective"].iloc[:3].to_numpy() == pytest.approx(100)
    assert "no interval is published for 3 organisations" in " ".join(notes(told))


def fft_months(swing: int = 0, count: int = 14) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fourteen practices with six months, three of them in the window, that swing by so many answers."""
    calendar = ("2023-10", "2023-11", "2023-12", *MONTHS)
    counts = {
        f"P-{place}": [
            (month, 40 + 2 * place + swing * (-1) ** (turn + place), 80.0)
            for turn, month in enumerate(calendar)
        ]
        for place in range(count)
    }
    inside = {
        unit: [(x, n) for month, x, n in rows if month in MONTHS] for unit, rows in counts.items()
    }
    values = [sum(x for x, _ in rows) / sum(n for _, n in rows) for rows in inside.values()]
    return figures(values, 240.0), monthly(counts)


def test_months_that_differ_no_more_than_chance_cost_the_fft_nothing() -> None:
    rows, months = fft_months()
    told = weighed(rows, "fft_gp", months)
    assert told.overdispersion is not None
    assert (told.overdispersion.usual, told.overdispersion.assumed) == (1.0, False)
    assert told.rows["effective"].to_numpy() == pytest.approx(240)


def test_months_that_swing_make_every_fft_answer_worth_less_by_the_monthly_measure() -> None:
    rows, months = fft_months(swing=8)
    told = weighed(rows, "fft_gp", months)
    who = months["unit"].str.removeprefix("P-").astype(int).to_numpy()
    inside = months["period_start"].between("2024-01-01", "2024-03-31").to_numpy()
    by_itself = monthly_overdispersion(
        who, np.arange(len(months)), months["positive"], months["respondents"], inside, 14
    )
    assert by_itself.usual > 1.5
    assert told.rows["effective"].to_numpy() == pytest.approx(240 / by_itself.each)
    assert not any("1.5 answers" in note for note in notes(told))


@pytest.mark.parametrize("months", [None, fft_months(count=9)[1]])
def test_too_few_organisations_with_several_months_cost_half_as_much_again_and_it_is_said(
    months: pd.DataFrame | None,
) -> None:
    told = weighed(fft_months()[0], "fft_gp", months)
    assert told.rows["effective"].to_numpy() == pytest.approx(240 / 1.5)
    assert "FFT GP: 1.5 answers are taken to be worth one, because too few" in " ".join(notes(told))


def test_a_month_that_stands_apart_is_named_and_costs_its_own_practice_alone() -> None:
    _, months = fft_months(swing=2)
    odd = (months["unit"] == "P-3") & (months["period_start"] == "2024-02-01")
    months.loc[odd, "positive"] = 5.0
    inside = months[months["period_start"] >= "2024-01-01"].groupby("unit")["positive"].sum()
    units = [f"P-{place}" for place in range(14)]
    told = weighed(figures(inside[units] / 240, 240.0), "fft_gp", months)
    assert row(told, "P-3")["odd_month"] == "February 2024"
    assert row(told, "P-3")["effective"] < 40
    others = told.rows[told.rows["unit"] != "P-3"]
    assert set(others["odd_month"]) == {""}
    assert others["effective"].nunique() == 1
    assert others["effective"].iloc[0] > 160


def test_the_month_history_is_cut_where_the_question_changed(store: Store) -> None:
    calendar = ("2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06")
    store.commit([extract(fft_fact=[fft("P-1", 9, 10, month) for month in calendar])])

    def months(first: int, last: int) -> list[int]:
        period = Period(Period.month(2020, first).start, Period.month(2020, last).end)
        told = months_of(store, side("fft_gp", period), replace(GP, grain=Grain.PRACTICE.value), "")
        return list(pd.to_datetime(told["period_start"]).dt.month)

    assert months(5, 6) == [4, 5, 6]  # nothing from before April 2020
    assert months(2, 3) == [1, 2, 3]  # and nothing from after it


def test_one_author_has_one_vote_however_many_comments_they_leave() -> None:
    rows = figures(SHARES, 24, people=np.where(np.arange(14) == 2, 6.0, 24.0))
    told = weighed(rows, "healthwatch")
    assert (row(told, "P-2")["effective"], row(told, "P-1")["effective"]) == (6, 24)
    assert row(told, "P-2")["respondents"] == 24
    halved = weighed(rows, "healthwatch", settings=Settings(comments_halved=True))
    assert (row(halved, "P-2")["effective"], row(halved, "P-1")["effective"]) == (3, 12)


def comments(
    author: str, count: int = 12, units: int = 14, by_month: bool = True
) -> list[tuple[dict[str, object], dict[str, object]]]:
    """Healthwatch comments on fourteen practices; all those on the first by one author."""
    told = []
    for unit in range(units):
        for place in range(count):
            on = f"2024-{place % 3 + 1:02d}-{10 + place // 3}" if by_month else "2024-02-10"
            told.append(
                response(
                    len(told), provider=f"P-{unit}", positive=int(place % 7 < unit % 7), on=on,
                    source="healthwatch", author=author if unit == 0 else "",
                )
            )  # fmt: skip
    return told


EXACT = Disclosure(exact=True)


def commented(store: Store, said: list[tuple[dict[str, object], dict[str, object]]]) -> Store:
    left, _ = standings(alike(20))
    store.commit(
        [
            extract(fft_fact=[row | {"provider": row["provider"]} for row in left]),
            extract(response=[one for one, _ in said], answer=[one for _, one in said]),
        ]
    )
    return store


def test_comments_of_one_author_in_one_month_are_one_voice_in_the_store(store: Store) -> None:
    commented(store, comments("the same", by_month=False))
    told = judgement(store, Pairing("fft_gp", "healthwatch", disclosure=EXACT)).verdicts
    assert told is not None
    assert (row(told.right, "P-0")["respondents"], row(told.right, "P-0")["effective"]) == (12, 1)
    assert row(told.right, "P-1")["effective"] == 12


def test_comments_of_one_author_over_several_months_are_one_voice(store: Store) -> None:
    commented(store, comments("the same"))
    quarter = Pairing("fft_gp", "healthwatch", window=WINDOW, disclosure=EXACT)
    months = [fft(f"P-{n}", 30 + n, 60, month) for n in range(20) for month in MONTHS]
    store.commit([extract(fft_fact=months)])
    told = judgement(store, quarter).verdicts
    assert told is not None
    assert row(told.right, "P-0")["respondents"] == 12
    assert row(told.right, "P-0")["effective"] == 1


def test_a_score_is_as_sure_as_its_published_interval() -> None:
    values = np.linspace(7.5, 8.8, 14)
    told = weighed(figures(values, 300, low=values - 0.196, high=values + 0.196), "cqc_inpatient")
    assert (told.kind, told.scale) == (Kind.SCORE, "score")
    assert told.rows["scaled"].to_numpy() == pytest.approx(values)
    assert told.rows["scaled_variance"].to_numpy() == pytest.approx((0.196 / Z_95) ** 2)


def test_a_score_without_an_interval_is_as_sure_as_its_standard_error() -> None:
    values = np.linspace(7.5, 8.8, 14)
    told = weighed(figures(values, 300, standard_error=0.12), "cqc_inpatient")
    assert told.rows["scaled_variance"].to_numpy() == pytest.approx(0.12**2)
    assert told.rows["low"].to_numpy() == pytest.approx(values - Z_95 * 0.12)


def test_a_score_with_neither_is_shown_and_not_tested() -> None:
    error = np.full(14, 0.12)
    error[0] = np.nan
    told = weighed(figures(np.linspace(7.5, 8.8, 14), 300, standard_error=error), "cqc_inpatient")
    assert row(told, "P-0")["value"] == 7.5
    assert not row(told, "P-0")["speaks"]
    assert row(told, "P-0")["silence"] != ""
    assert math.isnan(row(told, "P-0")["standing"])
    assert told.rows["speaks"].sum() == 13
    nothing = weighed(figures(np.linspace(7.5, 8.8, 14), 300), "cqc_inpatient")
    assert nothing.spread is None
    assert not nothing.rows["speaks"].any()


@pytest.mark.parametrize("without", [1, 14])
def test_a_score_that_cannot_be_tested_is_not_said_to_lack_answers(without: int) -> None:
    error = np.full(14, 0.12)
    error[:without] = np.nan
    told = weighed(figures(np.linspace(7.5, 8.8, 14), 300, standard_error=error), "cqc_inpatient")
    said = {row(told, "P-0")["silence"], told.whole_silence}
    assert not said & {Silence.FEW.value, Silence.NO_BASE.value}


def no_rating(asks: str, rows: pd.DataFrame) -> None:
    about = side("complaints", asks=asks)
    told = weigh(rows, None, about, Settings(), evidence_floor=10)
    assert told.whole_silence is Silence.NO_QUESTION
    assert not told.rows["speaks"].any()
    assert kind_of(about) is Kind.COUNT


def test_numbers_of_complaints_are_no_rating_of_experience() -> None:
    no_rating("new", figures(np.arange(1.0, 15), np.nan))


def test_complaints_upheld_are_no_rating_of_experience() -> None:
    no_rating("upheld", figures(SHARES, 60))


# --- Rounding, full marks, intervals ---


@pytest.mark.parametrize(
    ("values", "respondents", "rounded"),
    [
        ([0.83, 0.91, 0.77], 37, True),  # whole per cents, though no whole count gives them
        ([0.83, 0.91, 0.77], 100, False),  # whole counts of a hundred
        ([0.835, 0.91, 0.77], 37, False),  # one has a decimal
        ([], 37, False),
    ],
)
def test_per_cents_without_decimals_are_seen_by_their_counts(
    values: list[float], respondents: float, rounded: bool
) -> None:
    assert is_rounded(figures(values, respondents)) is rounded


def test_rounding_makes_a_large_survey_less_sure() -> None:
    values = np.round(SHARES, 2)
    told = weighed(figures(values, 30_001))
    n = np.full(14, 30_001.0)
    known = logit(values, n, n / 1.3, rounded=True).variance
    assert told.rows["scaled_variance"].to_numpy() == pytest.approx(known)
    assert (known > 1.05 * logit(values, n, n / 1.3).variance).all()


@pytest.mark.parametrize(("answers", "named"), [(49, True), (50, False)])
def test_everybody_positive_on_fewer_than_fifty_answers_is_named(answers: int, named: bool) -> None:
    told = weighed(figures([1.0, *SHARES], [answers, *[200] * 14]), "gp_survey")
    assert bool(row(told, "P-0")["full_marks"]) is named
    assert not told.rows["full_marks"].iloc[1:].any()


def test_a_score_of_one_is_not_everybody_positive() -> None:
    told = weighed(figures(np.linspace(1, 8, 14), 30, standard_error=0.2), "cqc_inpatient")
    assert not told.rows["full_marks"].any()


def test_the_interval_shown_is_wilsons_on_what_the_answers_are_worth_unless_one_is_published() -> (
    None
):
    low, high = np.full(14, np.nan), np.full(14, np.nan)
    low[0], high[0] = 0.5, 0.7
    told = weighed(figures(SHARES, 130, low=low, high=high))
    assert tuple(row(told, "P-0")[["low", "high"]]) == (0.5, 0.7)
    ends = [float(one) for one in wilson(SHARES[1], 100.0)]
    assert list(row(told, "P-1")[["low", "high"]]) == pytest.approx(ends)


# --- Standing among peers ---


def test_standing_is_the_distance_from_all_peers_with_enough_answers_in_true_deviations() -> None:
    rows, _ = drawn(3)
    rows.loc[0, "respondents"] = 8
    told = weighed(rows)
    heard = told.rows["respondents"] >= 10
    spread = peer_spread(told.rows.loc[heard, "scaled"], told.rows.loc[heard, "scaled_variance"])
    by_itself = standing(told.rows["scaled"], told.rows["scaled_variance"], spread)
    assert told.spread == spread
    assert told.rows["standing"].to_numpy() == pytest.approx(by_itself.value)
    assert told.rows["standing_variance"].to_numpy() == pytest.approx(by_itself.variance)
    assert told.standings.z == pytest.approx(by_itself.z)
    assert not row(told, "P-0")["speaks"]


@pytest.mark.parametrize("scale", list(model.TestScale))
def test_a_typical_difference_is_told_in_points_round_the_average(scale: model.TestScale) -> None:
    rows, _ = drawn(3)
    told = weighed(rows, settings=Settings(scale=scale))
    assert told.spread is not None
    down, up = told.points(1.0)
    assert 0 < up < down  # near 80 % there is less room above
    assert 0.6 < told.average < 0.95
    assert told.average * 100 - down > 0
    assert sum(told.points(0.5)) == pytest.approx((down + up) / 2, rel=0.03)


def test_with_fewer_than_ten_organisations_nobody_stands_anywhere() -> None:
    told = weighed(figures(SHARES[:9], 200))
    assert (told.spread, told.whole_silence) == (None, Silence.NO_PEERS)
    assert set(told.rows["silence"]) == {Silence.NO_PEERS.value}
    assert told.rows["standing"].isna().all()


def test_ten_to_thirty_organisations_are_read_with_caution_and_it_is_said() -> None:
    assert "only 14 organisations" in " ".join(notes(weighed(figures(SHARES, 200))))
    many = figures(np.linspace(0.6, 0.9, 30), 200)
    assert "read with caution" not in " ".join(notes(weighed(many)))


def test_a_source_that_shows_chance_alone_can_tell_nobody_apart() -> None:
    told = weighed(figures([0.8] * 14, 200))
    assert told.whole_silence is Silence.CANNOT_TELL
    assert set(told.rows["silence"]) == {Silence.CANNOT_TELL.value}
    assert not told.rows["speaks"].any()


@pytest.mark.parametrize("floor", [5, 10, 30])
def test_a_source_speaks_from_the_evidence_floor_on(floor: int) -> None:
    rows = figures([*SHARES, 0.7, 0.7], [*[400] * 14, floor, floor - 1], low=np.nan)
    told = weighed(rows, "healthwatch", floor=floor)
    assert row(told, "P-14")["silence"] == ""
    assert row(told, "P-15")["silence"] == Silence.FEW.value
    assert told.rows["speaks"].tolist() == [True] * 15 + [False]


def test_fewer_than_five_effective_answers_are_not_heard_however_many_there_are() -> None:
    rows = figures(SHARES, 24, people=np.where(np.arange(14) == 0, 4.0, 24.0))
    told = weighed(rows, "healthwatch")
    assert not row(told, "P-0")["speaks"]
    assert math.isfinite(row(told, "P-0")["value"])
    assert told.spread is not None
    assert told.spread.providers == 13  # nor are they among the peers of the others


# --- Silence, each kind ---


@pytest.fixture(scope="module")
def quiet() -> Store:
    """Twenty practices both sources speak of, and one for each kind of silence."""
    store = Store.open()
    left, right = standings(alike(20))
    left += [
        fft("Q-withheld", None, None),
        fft("Q-blank", None, None, withheld="unknown"),
        fft("Q-none", None, None, withheld="not_calculable"),
        fft("Q-few", 6, 7),
        fft("Q-split", 90, 100),
        fft("Q-other-month", 90, 100, "2023-06"),
        fft("Q-part", None, None),
        fft("Q-part", 40, 50, "2024-03"),
    ]
    units = ("withheld", "blank", "none", "few", "split", "other-month", "part", "unlisted")
    right += [survey(f"Q-{name}", 0.7, 120) for name in units]
    right += [survey("Q-no-base", 0.7, None), survey("Q-both", None)]
    left += [fft("Q-no-base", 90, 100), fft("Q-both", None, None)]
    splits = [became("Q-split", "Q-1"), became("Q-split", "Q-2")]
    return committed(store, left, right, succession=splits)


@pytest.mark.parametrize(
    ("unit", "which", "kind", "opening"),
    [
        ("Q-withheld", "left", Silence.WITHHELD, "Silence"),
        ("Q-blank", "left", Silence.UNKNOWN, "Silence"),
        ("Q-none", "left", Silence.NONE_RECEIVED, "Silence"),
        ("Q-few", "left", Silence.FEW, "Not enough evidence"),
        ("Q-split", "left", Silence.SPLIT, "Silence"),
        ("Q-other-month", "left", Silence.OTHER_TIME, "Silence"),
        ("Q-unlisted", "left", Silence.NOT_LISTED, "Silence"),
        ("Q-no-base", "right", Silence.NO_BASE, "Silence"),
        ("Q-both", "left", Silence.WITHHELD, "Silence"),
    ],
)
def test_each_kind_of_silence_is_told_by_its_name(
    quiet: Store, unit: str, which: str, kind: Silence, opening: str
) -> None:
    told = judgement(quiet, GP).verdicts
    assert told is not None
    cell = told.cells.set_index("unit").loc[unit]
    assert cell[f"{which}_silence"] == kind.value
    assert cell["state"] == "silence"
    sentence = sentence_on(told, unit)
    assert sentence.startswith(opening)
    assert kind.value in sentence


def test_a_month_withheld_beside_one_that_is_not_leaves_a_figure(quiet: Store) -> None:
    told = judgement(quiet, replace(GP, window=WINDOW)).verdicts
    assert told is not None
    cell = told.cells.set_index("unit").loc["Q-part"]
    assert (cell["left_silence"], cell["left_respondents"]) == ("", 50)


def test_where_each_row_is_a_person_nobody_and_a_few_read_alike(store: Store) -> None:
    commented(store, comments("", by_month=False))
    told = judgement(store, Pairing("fft_gp", "healthwatch")).verdicts
    assert told is not None
    cell = told.cells.set_index("unit").loc["P-19"]
    assert cell["right_silence"] == Silence.FEW.value


def test_every_kind_of_silence_has_a_letter_of_its_own() -> None:
    assert set(LETTERS) == set(Silence)
    assert len(set(LETTERS.values())) == len(Silence)


def test_a_blank_in_the_file_is_not_said_to_be_nobody(store: Store) -> None:
    left, right = standings(alike(20))
    right.append(survey("P-50", None, None, withheld="missing"))
    committed(store, [*left, fft("P-50", 90, 100)], right)
    told = judgement(store, GP).verdicts
    assert told is not None
    assert "none received" not in sentence_on(told, "P-50")


def test_a_percentage_that_cannot_be_added_up_is_not_said_to_be_missing_from_its_files(
    store: Store,
) -> None:
    left, right = standings(alike(24))
    bare = [row | {"respondents": None} for row in right]
    committed(
        store, left, bare,
        parent=[parent(f"P-{n}", f"N-{n // 2}", "pcn") for n in range(24)],
        provider=[provider(f"N-{n}", "pcn") for n in range(12)],
    )  # fmt: skip
    told = judgement(store, replace(GP, grain="pcn")).verdicts
    assert told is not None
    assert Silence.NOT_LISTED.value not in set(told.cells["right_silence"])


def test_comments_whose_date_cannot_be_read_are_not_said_to_be_none(store: Store) -> None:
    undated = [
        response(900 + n, provider="P-19", on="", source="healthwatch", date_uncertain=True)
        for n in range(12)
    ]
    commented(store, comments("", by_month=False) + undated)
    told = judgement(store, Pairing("fft_gp", "healthwatch")).verdicts
    assert told is not None
    assert "none received" not in sentence_on(told, "P-19")


def test_few_voices_behind_many_answers_are_told_as_that(store: Store) -> None:
    commented(store, comments("the same", by_month=False))
    told = judgement(store, Pairing("fft_gp", "healthwatch", disclosure=EXACT)).verdicts
    assert told is not None
    cell = told.cells.set_index("unit").loc["P-0"]
    assert cell["right_silence"] == Silence.FEW_VOICES.value
    assert "too few answers, and it takes 10" not in sentence_on(told, "P-0")


def test_what_one_author_said_is_not_shown_however_often_they_said_it(store: Store) -> None:
    commented(store, comments("the same", by_month=False))
    pairing = Pairing("fft_gp", "healthwatch")
    judged = judgement(store, pairing)
    assert judged.verdicts is not None
    cells = judged.verdicts.cells.set_index("unit")
    figures = ["right_value", "right_low", "right_high", "right_respondents", "right_standing"]
    assert cells.loc["P-0", figures].isna().all()
    assert 8 <= cells.loc["P-1", "right_respondents"] <= 16
    assert "P-0" not in set(judged.alignment.pairs["unit"])
    rows = trace(store, judged.alignment, "P-0")
    rows = rows[rows["source"] == judged.alignment.right.short_title]
    assert len(rows) == 1
    assert rows[["respondents", "positive", "value"]].isna().all(axis=None)


def test_a_weighted_survey_worth_few_answers_is_not_said_to_have_few_people() -> None:
    low, high = SHARES - 0.12, np.minimum(SHARES + 0.12, 1.0)
    low[0], high[0] = 0.1, 0.99
    told = weighed(figures(SHARES, 200, low=low, high=high), "gp_survey")
    assert row(told, "P-0")["silence"] == Silence.WORTH_FEW.value


# --- An area chosen chooses rows, and changes nothing else ---


@pytest.fixture(scope="module")
def two_areas() -> Store:
    """Forty practices in two networks, one of them much the better in the FFT."""
    places = [(at + (1.5 if n % 2 else -1.0), at) for n, (at, _) in enumerate(alike(40))]
    left, right = standings(places, 500, 200)
    return committed(
        Store.open(), left, right,
        parent=[parent(f"P-{n}", f"N-{n % 2}", "pcn") for n in range(40)],
        provider=[provider("N-0", "pcn"), provider("N-1", "pcn")],
        succession=[became("P-3", "P-91"), became("P-3", "P-92")],
    )  # fmt: skip


@pytest.mark.parametrize("area", ["N-0", "N-1"])
def test_an_area_changes_no_standing_and_no_verdict_of_the_rows_it_shows(
    two_areas: Store, area: str
) -> None:
    everywhere = judgement(two_areas, GP).verdicts
    here = judgement(two_areas, replace(GP, area=area)).verdicts
    assert everywhere is not None
    assert here is not None
    assert set(here.shown["pcn"]) == {area}
    assert here.tested == everywhere.tested
    assert here.left.spread == everywhere.left.spread
    assert here.method == everywhere.method
    both = here.shown["unit"]
    pd.testing.assert_frame_equal(
        here.shown.set_index("unit"), everywhere.cells.set_index("unit").loc[both]
    )


def test_an_area_shows_every_organisation_in_it_that_both_sources_speak_of(
    two_areas: Store,
) -> None:
    told = judgement(two_areas, replace(GP, area="N-0")).verdicts
    assert told is not None
    assert set(told.shown["unit"]) == {f"P-{n}" for n in range(0, 40, 2)}


def test_an_organisation_that_was_split_stays_in_its_area(two_areas: Store) -> None:
    told = judgement(two_areas, replace(GP, area="N-1")).verdicts
    assert told is not None
    assert "P-3" in set(told.shown["unit"])


# --- An assumed base ---


@pytest.fixture(scope="module")
def bare() -> Store:
    """A survey without numbers of answers, beside the FFT of the same practices."""
    places = [(at, at + (-1) ** n * 0.8) for n, (at, _) in enumerate(alike(24))]
    left, right = standings(places, 800)
    return committed(Store.open(), left, [row | {"respondents": None} for row in right])


ASSUMED = replace(GP, settings=Settings(assumed_base=120))


def test_a_survey_without_numbers_of_answers_takes_no_part_in_verdicts_unless_asked(
    bare: Store,
) -> None:
    told = divergence(bare, GP)
    assert told.status == "not_enough_evidence"
    assert "numbers of answers not published" in refusals.text(told.refusals)
    assert agreement(bare, GP).correlation is not None  # the raw rank correlation stands


def test_an_assumed_base_is_said_wherever_a_figure_rests_on_it(bare: Store) -> None:
    told = divergence(bare, ASSUMED)
    assert told.status == "ok"
    assert Mark.ASSUMED_BASE in told.marks  # goes with every download
    assert any("120 answers are assumed" in note for note in verdict_words.notes(told))
    assert "numbers of answers assumed" in divergence_json(told)["notes"]
    alike = agreement(bare, ASSUMED)
    assert "numbers of answers assumed" in agreement_words.summary(alike)
    assert any("120 answers are assumed" in note for note in verdict_words.notes(alike))
    assert any("120 answers are assumed" in note for note in agreement_json(alike)["notes"])
    every = overview(bare, Scope.of(ASSUMED))
    assert "numbers of answers assumed" in overview_words.summary(every)
    assert "numbers of answers assumed" in overview_words.table(every)["to_bear_in_mind"].iloc[0]


def test_the_headline_of_divergence_says_that_numbers_are_assumed(bare: Store) -> None:
    told = divergence(bare, ASSUMED)
    assert "assumed" in f"{words.summary(told)} {words.limits(told)}"


def test_an_assumed_base_never_passes_for_answers_received(bare: Store) -> None:
    told = divergence(bare, ASSUMED)
    one = divergence_json(told)["organisations"][0]
    assert one["right_respondents"] is None
    assert "120 answers:" not in " ".join(words.evidence(told, one["unit"]))
    assert "assumed" in one["said"]


def test_nothing_is_called_assumed_where_every_number_is_published(store: Store) -> None:
    committed(store, *standings(alike(24)))
    for report in (agreement(store, ASSUMED), divergence(store, ASSUMED)):
        assert Mark.ASSUMED_BASE not in report.marks


def test_where_some_numbers_are_published_the_note_says_for_how_many_they_are_assumed() -> None:
    answers = np.full(14, 200.0)
    answers[:3] = np.nan
    told = weighed(figures(SHARES, answers), settings=Settings(assumed_base=80))
    note = next(note for note in notes(told) if "assumed" in note)
    assert "3 organisations" in note
    assert "the file gives none" not in note


def test_the_evidence_floor_is_never_below_the_disclosure_floor() -> None:
    asked = replace(GP, disclosure=Disclosure(30), settings=Settings(evidence_floor=5))
    assert asked.evidence_floor == 30


def test_months_belong_to_the_window_by_their_first_day() -> None:
    rows, months = fft_months()
    shifted = weighed(rows, "fft_gp", months.assign(period_start=pd.Timestamp(date(2020, 5, 1))))
    assert shifted.overdispersion is not None
    assert shifted.overdispersion.assumed  # no month lies in the window
