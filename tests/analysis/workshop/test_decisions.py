"""What became of a decision: the figure afterwards, what is said of it, what would have come by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pxcore.analysis.joining.periods import placing
from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.workshop import decisions as module
from pxcore.analysis.workshop import record, workshops
from pxcore.analysis.workshop.decisions import (
    After,
    DecisionsReport,
    Due,
    Filter,
    Move,
    Reach,
    Why,
    decisions_report,
    digest,
    due_of,
    filtered,
)
from pxcore.analysis.workshop.frozen import FrozenCell, data_key, freeze
from pxcore.analysis.workshop.record import Decision, Direction, Draft, Expected, Figure, Outcome
from pxcore.cli.run import plain
from pxcore.model import Disclosure, Pairing, Period
from pxcore.publish import decisions as decisions_json
from pxcore.stats.intervals import newcombe
from pxcore.store import Store
from tests.schemas import faults
from tests.store.loads import extract, fft

YEAR = Period(date(2024, 4, 1), date(2025, 3, 31))
DECIDED, LATER = datetime(2025, 5, 1, 9), date(2026, 11, 30)
DRAFT = Draft(words="Ring back within a day", action="A second line", owner="Practice manager")
UNITS = ("P-0073", "P-0030", "P-0014")
_frozen: list[FrozenCell] = []


def frozen(demonstration: Store) -> list[FrozenCell]:
    """Three practices as the demonstration had them a year before its end; once a process."""
    if not _frozen:
        report = certainty(demonstration, Pairing("fft_gp", "gp_survey", window=YEAR))
        _frozen.extend(
            freeze(demonstration, report, unit, "difference", Disclosure()) for unit in UNITS
        )
    return _frozen


@pytest.fixture
def identifier(store: Store, demonstration: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(record, "now", lambda: DECIDED)
    return workshops.make(
        store,
        "June meeting",
        "Ann Facilitator",
        frozen(demonstration),
        revision=demonstration.revision,
        data_key=data_key(demonstration),
        view="{}",
        disclosure=Disclosure(),
    )


def decide(
    store: Store,
    identifier: str,
    source: str = "fft_gp",
    cell: int = 1,
    direction: Direction = Direction.UP,
    amount: float = 0.01,
    by_date: date = date(2026, 3, 31),
    **draft: object,
) -> Decision:
    meeting = workshops.meeting(store, identifier)
    facts = meeting.workshop.cells[cell].facts
    assert facts is not None
    figure = next(record.figure_of(side) for side in facts.sources if side.side.source == source)
    expected = Expected(figure, direction, amount, by_date)
    whole = replace(DRAFT, expected=expected, **draft)  # type: ignore[arg-type]
    return record.record(store, meeting, cell, whole, "Ann")


def followed(demonstration: Store, store: Store, today: date = LATER) -> module.Followed:
    (only,) = decisions_report(demonstration, store, today).records
    return only


def test_a_figure_is_followed_in_the_periods_that_begin_after_the_decision(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decided = decide(store, identifier)
    only = followed(demonstration, store)
    assert (only.since, only.title) == (date(2025, 5, 1), "June meeting")
    assert only.after is not None
    assert only.after.period == Period(date(2025, 6, 1), date(2026, 3, 31))  # May had begun
    months = demonstration.query("series", **_placed(demonstration))
    own = months[months["unit"] == "P-0073"].set_index("period_start").sort_index()["2025-06":]
    assert only.after.respondents == own["respondents"].sum()
    assert only.after.value == pytest.approx(own["positive"].sum() / own["respondents"].sum())
    expected = decided.draft.expected
    assert expected is not None
    assert only.after.move == pytest.approx(only.after.value - (expected.figure.value or 0))
    assert only.move is Move.AS_EXPECTED
    assert only.after.move_low > 0


def _placed(demonstration: Store) -> dict[str, object]:
    side = frozen(demonstration)[0].left.side
    pairing = Pairing(side.source, "", grain="practice")
    return placing(side, pairing, side.service, Period(date(1900, 1, 1), date(2200, 1, 1)))


def test_the_difference_of_a_survey_is_nearly_newcombes_of_the_answers_it_is_worth(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decide(store, identifier, "gp_survey", amount=0.05)
    only = followed(demonstration, store)
    facts = frozen(demonstration)[0].right
    assert only.after is not None
    assert facts.value is not None
    assert facts.low is not None
    assert facts.high is not None

    def worth(value: float, low: float, high: float) -> float:
        return value * (1 - value) * (2 * 1.96 / (high - low)) ** 2

    low, high = newcombe(
        only.after.value,
        worth(only.after.value, only.after.low, only.after.high),
        facts.value,
        worth(facts.value, facts.low, facts.high),
    )
    assert [only.after.move_low, only.after.move_high] == pytest.approx(
        [float(low), float(high)], abs=0.003
    )
    assert only.move is Move.AS_EXPECTED


def test_an_extreme_figure_is_expected_to_come_back_by_itself(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decide(store, identifier, "gp_survey", cell=2, amount=0.05)  # 39 % where peers have 74 %
    only = followed(demonstration, store)
    assert only.alone is not None
    assert only.after is not None
    assert 0.03 < only.alone.move < 0.12
    assert only.alone.low < 0 < only.alone.move < only.alone.high
    assert only.alone.peers == pytest.approx(0.003, abs=0.002)
    expected = only.alone.low <= only.after.move <= only.alone.high
    assert only.beyond is not expected
    assert replace(only, after=replace(only.after, move=0.4)).beyond is True
    assert replace(only, alone=None).beyond is None


def test_before_any_data_after_the_decision_it_is_too_early(
    store: Store, identifier: str, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "now", lambda: datetime(2026, 6, 1))
    decide(store, identifier, by_date=date(2027, 3, 31))
    only = followed(demonstration, store, date(2026, 7, 1))
    assert (only.move, only.why, only.after) == (Move.TOO_EARLY, Why.NO_DATA, None)
    assert (only.passed, only.came_about) == (False, None)


def test_nothing_expected_is_followed_by_its_reviews_alone(
    store: Store, identifier: str, demonstration: Store
) -> None:
    meeting = workshops.meeting(store, identifier)
    decided = record.record(store, meeting, 1, DRAFT, "Ann")
    record.review(store, decided, 30, Outcome.DONE, "Ring 07700 900123", "Ben")
    only = followed(demonstration, store)
    assert (only.move, only.passed) == (Move.NOTHING_EXPECTED, False)
    assert [review.words for review in only.reviews] == ["Ring [phone number]"]


def test_an_action_is_masked_again_by_the_rules_of_today(
    store: Store, identifier: str, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "note_masked", lambda _, text: text)  # as if rules knew less then
    decide(store, identifier, action="Ring Sarah on 07700 900123")
    only = followed(demonstration, store)
    assert only.decision.draft.action == "Ring Sarah on 07700 900123"
    assert only.action == "Ring [name] on [phone number]"


def test_what_came_with_the_last_load_is_listed_with_the_decisions_it_speaks_to(
    store: Store, identifier: str
) -> None:
    data = Store.open(None)
    months = ["2025-01", "2025-02", "2025-03"]
    rows = [fft(unit, 80, 100, month) for unit in UNITS for month in months]
    data.commit([extract("before.csv", fft_fact=rows)])
    decide(store, identifier)
    none = decisions_report(data, store, LATER)
    assert none.records[0].why is Why.NO_DATA
    news = digest(data, none)
    assert news is not None
    assert [(item.source, item.files, item.first, item.last) for item in news.sources] == [
        ("fft_gp", 1, date(2025, 1, 1), date(2025, 3, 31))
    ]
    assert (news.decisions, len(news.due)) == ((), 3)
    later = [fft(unit, 99, 100, "2025-07") for unit in UNITS]
    (number,) = data.commit([extract("after.csv", fft_fact=later)])
    report = decisions_report(data, store, LATER)
    assert report.records[0].extracts == (number,)
    assert report.records[0].alone is None  # three are too few to be peers
    again = digest(data, report)
    assert again is not None
    assert [record.decision.unit for record in again.decisions] == ["P-0073"]
    printed = plain({"schema": 1} | decisions_json.as_json(again))
    assert not faults("changes", printed)
    assert [row["became"] for row in printed["decisions"]] == ["too early to tell"]
    assert [row["overdue"] for row in printed["reviews_due"]] == [True, True, True]
    data.remove(number)
    data.close()


def test_of_nothing_loaded_there_is_no_news(store: Store) -> None:
    assert digest(store, decisions_report(store, store, LATER)) is None


def test_what_was_expected_counts_from_when_it_was_written_down(
    store: Store, identifier: str, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = decide(store, identifier)
    monkeypatch.setattr(record, "now", lambda: datetime(2025, 8, 20))
    same = record.correct(store, first, replace(first.draft, owner="Ann"), "A new owner", "Ann")
    assert followed(demonstration, store).since == date(2025, 5, 1)
    assert same.draft.expected is not None
    more = replace(same.draft, expected=replace(same.draft.expected, amount=0.03))
    record.correct(store, same, more, "We dare more", "Ann")
    only = followed(demonstration, store)
    assert only.since == date(2025, 8, 20)
    assert only.after is not None
    assert only.after.period.start == date(2025, 9, 1)


def test_data_after_the_day_named_do_not_count(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decide(store, identifier, by_date=date(2025, 12, 31))
    only = followed(demonstration, store, date(2025, 7, 1))
    assert only.after is not None
    assert only.after.period.end == date(2025, 12, 31)
    assert only.passed  # the data reach beyond the day, whatever the calendar of this computer


def test_confidential_answers_are_followed_by_whole_quarters() -> None:
    assert module._next_quarter(date(2025, 5, 2)) == date(2025, 7, 1)
    assert module._next_quarter(date(2025, 7, 1)) == date(2025, 7, 1)
    assert module._next_quarter(date(2025, 11, 3)) == date(2026, 1, 1)
    assert module._last_quarter(date(2026, 3, 31)) == date(2026, 3, 31)
    assert module._last_quarter(date(2026, 2, 27)) == date(2025, 12, 31)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_quarters_are_whole_and_as_near_as_they_can_be(day: date) -> None:
    first, last = module._next_quarter(day), module._last_quarter(day)
    assert last <= day <= first or first == day
    assert 0 <= (first - day).days < 92
    assert 0 <= (day - last).days < 92
    assert (first.day, first.month % 3) == (1, 1)
    assert Period(date(last.year, last.month - 2, 1), last).is_whole_quarters


# --- What a range says ---


def judged(
    move: float,
    half: float,
    *,
    passed: bool,
    direction: Direction = Direction.UP,
    amount: float = 0.05,
) -> tuple[Move, Reach | None, Why | None]:
    figure = Figure("fft_gp", "overall", "proportion", 0.6, 0.5, 0.7, 100, YEAR.start, YEAR.end)
    after = After(YEAR, 0.6 + move, 0, 1, 100, move, move - half, move + half)
    blank = module.Followed(
        decision=None,  # type: ignore[arg-type]
        title="",
        since=YEAR.end,
        move=Move.TOO_EARLY,
        reach=None,
        why=None,
        after=after,
        alone=None,
        passed=passed,
        came_about=None,
        reviews=(),
        action="",
        extracts=(),
    )
    result = module._judged(blank, Expected(figure, direction, amount, date(2026, 1, 1)))
    return result.move, result.reach, result.why


@pytest.mark.parametrize("passed", [False, True])
def test_a_range_wholly_on_the_side_expected_has_moved(passed: bool) -> None:
    assert judged(0.05, 0.02, passed=passed) == (Move.AS_EXPECTED, Reach.REACHED, None)
    assert judged(0.04, 0.02, passed=passed) == (Move.AS_EXPECTED, Reach.ON_THE_WAY, None)
    short = judged(0.02, 0.01, passed=passed)
    assert short == (Move.AS_EXPECTED, Reach.SHORT if passed else Reach.ON_THE_WAY, None)
    down = judged(-0.06, 0.02, passed=passed, direction=Direction.DOWN)
    assert down == (Move.AS_EXPECTED, Reach.REACHED, None)


def test_a_range_short_of_the_amount_did_not_move_once_the_day_has_passed() -> None:
    assert judged(0.0, 0.03, passed=True) == (Move.DID_NOT_MOVE, None, None)
    assert judged(0.0, 0.03, passed=False) == (Move.TOO_EARLY, None, Why.NOT_DUE)


def test_a_range_that_allows_both_says_nothing_even_when_the_day_has_passed() -> None:
    assert judged(0.03, 0.04, passed=True) == (Move.TOO_EARLY, None, Why.OPEN)


def test_a_range_wholly_on_the_wrong_side_moved_the_other_way() -> None:
    assert judged(-0.05, 0.02, passed=False) == (Move.OTHER_WAY, None, None)
    assert judged(0.05, 0.02, passed=True, direction=Direction.DOWN) == (
        Move.OTHER_WAY,
        None,
        None,
    )


@given(st.floats(-0.5, 0.5), st.floats(0.001, 0.4), st.booleans(), st.floats(0.01, 0.3))
def test_up_and_down_are_judged_alike(
    move: float, half: float, passed: bool, amount: float
) -> None:
    up = judged(move, half, passed=passed, amount=amount)
    down = judged(-move, half, passed=passed, direction=Direction.DOWN, amount=amount)
    assert up == down


# --- All of them ---


def test_forecasts_are_scored_once_ten_are_judged(
    store: Store, identifier: str, demonstration: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = record._keep

    def with_chance(store: Store, decision: Decision) -> Decision:
        return kept(store, replace(decision, chance=0.8, chances=6))

    monkeypatch.setattr(record, "_keep", with_chance)
    for _ in range(9):
        decide(store, identifier)  # up by a point: it came about
    report = decisions_report(demonstration, store, LATER)
    assert (report.forecasts, report.judged, report.score) == (9, 9, None)
    decide(store, identifier, "gp_survey", direction=Direction.DOWN)  # it did not
    decide(store, identifier, by_date=date(2027, 3, 31))  # whose day has not come
    report = decisions_report(demonstration, store, date(2026, 4, 1))
    assert (report.forecasts, report.judged) == (11, 10)
    assert report.score is not None
    assert report.score.brier == pytest.approx((9 * 0.04 + 0.64) / 10)
    withdrawn = report.records[0].decision
    record.withdraw(store, withdrawn, "Superseded", "Ann")
    report = decisions_report(demonstration, store, date(2026, 4, 1))
    assert (report.forecasts, len(report.records), len(report.standing)) == (10, 11, 10)


def test_reviews_are_due_until_somebody_writes_them_down(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decided = decide(store, identifier)

    def due(today: date) -> list[tuple[int, bool]]:
        report = decisions_report(demonstration, store, today)
        return [(review.days, review.overdue) for review in report.due]

    assert due(date(2025, 5, 2)) == [(30, False)]
    assert due(date(2025, 7, 5)) == [(30, True), (90, False)]
    record.review(store, decided, 30, Outcome.UNDER_WAY, "", "Ben")
    assert due(date(2025, 7, 5)) == [(90, False)]
    record.withdraw(store, decided, "Superseded", "Ann")
    assert due(date(2025, 7, 5)) == []


def test_filters_choose_by_owner_organisation_theme_and_day(
    store: Store, identifier: str, demonstration: Store
) -> None:
    decide(store, identifier, owner="Ann", due=date(2025, 7, 1))
    decide(store, identifier, cell=2, owner="Ben", due=date(2025, 9, 1))
    report: DecisionsReport = decisions_report(demonstration, store, date(2025, 7, 15))
    assert [record.decision.draft.owner for record in report.records] == ["Ben", "Ann"]

    def chosen(**by: object) -> list[str]:
        rows = filtered(report, Filter(**by))  # type: ignore[arg-type]
        return [record.decision.draft.owner for record in rows]

    assert chosen() == ["Ben", "Ann"]
    assert chosen(owner="Ann") == chosen(unit="P-0073") == chosen(due=Due.PAST) == ["Ann"]
    assert chosen(due=Due.LATER) == ["Ben"]
    assert chosen(theme="overall") == ["Ben", "Ann"]
    assert chosen(theme="access") == []
    first = report.records[-1].decision
    assert due_of(first, date(2025, 6, 20)) is Due.SOON
    assert due_of(replace(first, draft=replace(first.draft, due=None)), LATER) is Due.NEVER
