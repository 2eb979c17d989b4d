"""What is finished of an answer is made once, and known by the report it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pytest

from pxcore.ui import answers
from pxcore.ui.answers import Answer, finished


@dataclass(frozen=True, slots=True)
class Report:
    rows: pd.DataFrame  # no hash, and no truth of its own


made: list[tuple[object, ...]] = []


def text(report: Report, *details: object) -> str:
    made.append((report, *details))
    if "refused" in details:
        raise ValueError("refused")
    return f"{len(report.rows)} rows {details}"


@pytest.fixture(autouse=True)
def nothing_made() -> Iterator[None]:
    answers.forget()
    made.clear()
    yield
    answers.forget()
    made.clear()


def report() -> Report:
    return Report(pd.DataFrame({"value": [1, 2]}))


def test_it_is_made_once_for_a_report_and_what_is_chosen() -> None:
    first = report()
    assert finished(text, first, "P-1") == finished(text, first, "P-1") == "2 rows ('P-1',)"
    assert len(made) == 1
    finished(text, first, "P-2")
    finished(text, first, ("P-1", None))
    finished(text, first, ("P-1", None))
    assert len(made) == 3
    Answer(first)(text, "P-2")
    assert len(made) == 3


def test_another_report_has_its_own_though_it_holds_the_same() -> None:
    first, second = report(), report()
    finished(text, first)
    finished(text, second)
    assert [item[0] for item in made] == [first, second]  # by identity: frames have no truth


def test_reports_in_a_tuple_are_known_too() -> None:
    def both(pair: tuple[Report, Report]) -> int:
        made.append(pair)
        return sum(len(item.rows) for item in pair)

    first, second = report(), report()
    assert finished(both, (first, second)) == finished(both, (first, second)) == 4
    finished(both, (second, first))
    assert len(made) == 2


def test_what_was_refused_is_asked_again() -> None:
    first = report()
    for _ in range(2):
        with pytest.raises(ValueError, match="refused"):
            finished(text, first, "refused")
    assert len(made) == 2


def test_the_oldest_goes_first_and_forgetting_keeps_nothing() -> None:
    first = report()
    for number in range(answers.MOST + 1):
        finished(text, first, number)
    finished(text, first, answers.MOST)
    assert len(made) == answers.MOST + 1
    finished(text, first, 0)
    assert len(made) == answers.MOST + 2
    answers.forget()
    finished(text, first, 0)
    assert len(made) == answers.MOST + 3
