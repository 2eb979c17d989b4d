"""Decisions in words: moves, forecasts, and what is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from pxcore.analysis.workshop.decisions import After, Alone, Followed, Move, Reach, Why
from pxcore.analysis.workshop.record import (
    Decision,
    DecisionKind,
    Direction,
    Draft,
    Expected,
    Figure,
    Outcome,
    Review,
)
from pxcore.model import Period
from pxcore.stats.forecast import forecast_score
from pxcore.words import decisions as words

FIGURE = Figure(
    "gp_survey", "contact", "proportion", 0.57, 0.49, 0.65, 179, date(2025, 1, 1), date(2025, 3, 31)
)
DRAFT = Draft(
    words="Ring back",
    action="ring back",
    owner="Ann",
    expected=Expected(FIGURE, Direction.UP, 0.05, date(2026, 3, 31)),
)
DECISION = Decision(
    decision="d", version=1, workshop="w", cell=1, unit="P-1", name="The Surgery", grain="practice",
    domain="access", draft=DRAFT, present=(), evidence=(), chance=0.65, chances=7, reviews={},
    stands=True, why_changed="", recorded_by="Ann", recorded_at=datetime(2025, 5, 1),
)  # fmt: skip
AFTER = After(Period(date(2026, 1, 1), date(2026, 3, 31)), 0.63, 0.57, 0.69, 170, 0.06, 0.01, 0.11)
MOVED = Followed(
    decision=DECISION, title="May meeting", since=date(2025, 5, 1), move=Move.AS_EXPECTED,
    reach=Reach.REACHED, why=None, after=AFTER, alone=Alone(0.02, -0.08, 0.12, -0.005), passed=True,
    came_about=True, reviews=(), action="ring back", extracts=(),
)  # fmt: skip


def test_a_move_is_said_with_its_months_answers_and_range() -> None:
    assert words.became(MOVED) == (
        "GP survey went from 57% to 63% (Jan–Mar 2026, 170 answers): +6 points (+1.0 to +11). It has come as "
        "far as expected."
    )
    early = replace(MOVED, move=Move.TOO_EARLY, reach=None, after=None, why=Why.NO_DATA)
    assert words.became(early).startswith("No figures are loaded from periods that begin after")
    stuck = replace(MOVED, move=Move.DID_NOT_MOVE, reach=None)
    assert words.became(stuck).endswith("falls short of what was expected, and the day has passed.")
    wrong = replace(MOVED, move=Move.OTHER_WAY, reach=None)
    assert words.became(wrong).endswith("on the side that was not expected.")
    nothing = replace(DECISION, draft=replace(DRAFT, expected=None))
    none = replace(MOVED, decision=nothing, move=Move.NOTHING_EXPECTED, after=None, reach=None)
    assert words.became(none) == "No figure was expected to move."


def test_a_success_within_what_would_come_by_itself_is_said_to_be() -> None:
    assert words.alone(MOVED) == (
        "With nothing done, +2.0 points would be expected (−8 to +12): an unusual figure comes back towards "
        "its peers, who moved −0.5 points. What came is within that range."
    )
    assert words.alone(replace(MOVED, alone=Alone(0, -0.02, 0.02, 0))).endswith(
        "beyond that range."
    )
    assert words.alone(replace(MOVED, alone=None)) == ""


def test_a_forecast_says_whether_it_came_about() -> None:
    assert words.forecast(MOVED) == "The room gave it 65 in 100: it came about."
    assert words.forecast(replace(MOVED, came_about=None)).endswith("not judged yet.")
    assert words.forecast(replace(MOVED, decision=replace(DECISION, chance=None))) == ""


def test_forecasts_are_set_beside_always_saying_the_base_rate() -> None:
    good = forecast_score([0.9, 0.1] * 10, [1, 0] * 10)
    assert words.against_base_rate(good) == (
        "Always saying the share that came about (50%) scores 0.25. The room's forecasts say more than that."
    )
    assert "worse than that" in words.against_base_rate(
        forecast_score([0.1, 0.9] * 10, [1, 0] * 10)
    )
    unsure = forecast_score([0.6, 0.4] * 5, [1, 0, 0, 1, 1, 0, 0, 0, 1, 1])
    assert "cannot be told yet" in words.against_base_rate(unsure)
    assert words.groups(good)[0] == "Of 10 forecasts of about 10 in 100, 0 came about."


def test_what_is_published_is_plain_and_names_no_owner() -> None:
    said, did, changed = words.public(MOVED)
    assert said == (
        "You said",
        "Decided in May 2025. It was about access: in the GP Patient Survey, 57% of 179 answers spoke well "
        "of it.",
    )
    assert did == ("We did", "Ring back.")
    assert changed[1] == (
        "The figure rose from 57% to 63%. That is what we hoped for, and more than chance. A figure like "
        "this often comes back by itself."
    )
    recommended = replace(
        DECISION,
        draft=replace(DRAFT, kind=DecisionKind.RECOMMENDATION, first_raised=date(2025, 2, 3)),
    )
    review = Review("d", 30, Outcome.UNDER_WAY, "Ben is slow", "Cy", datetime(2025, 6, 1))
    said, did, _ = words.public(replace(MOVED, decision=recommended, reviews=(review,)))
    assert said[1].startswith("First raised in February 2025.")
    assert did == ("We asked others to act", "Ring back. This is under way.")


@pytest.mark.parametrize("move", [Move.TOO_EARLY, Move.DID_NOT_MOVE, Move.OTHER_WAY])
def test_what_did_not_come_about_is_published_as_well(move: Move) -> None:
    worse = replace(MOVED, move=move, after=replace(AFTER, value=0.5, move=-0.07))
    assert words.public(worse)[2][1].startswith("The figure fell from 57% to 50%. ")
    assert "what we hoped for, and more" not in words.public(worse)[2][1]
    assert words.public(replace(MOVED, move=Move.TOO_EARLY, after=None))[2][1] == (
        "It is too early to tell."
    )


def test_the_file_has_a_row_a_decision_with_what_became_of_it() -> None:
    (row,) = words.table([MOVED]).to_dict("records")
    assert row["what_became_of_it"] == "moved as expected"
    assert (row["move"], row["came_about"], row["answers_after"]) == (0.06, "yes", 170)
