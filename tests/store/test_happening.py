"""What happens in workshops: added row by row, read as it is now, never waiting for a load."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

from pxcore.store import Store

WHEN = datetime(2026, 6, 1, 9, 30)


def step(workshop: str = "w", **changed: Any) -> tuple[str, dict[str, Any]]:
    row = {"workshop": workshop, "step": "end", "stage": "", "participant": "", "done_at": WHEN}
    return ("workshop_step", row | changed)


def test_numbers_order_all_that_happens_whatever_the_table(store: Store) -> None:
    code = {
        "workshop": "w", "code": "A", "remote": False, "made_at": WHEN, "expires_at": WHEN,
        "withdrawn": False,
    }  # fmt: skip
    numbers = [store.add(step()), store.add(("workshop_code", code)), store.add(step(), step())]
    assert numbers == sorted(numbers)
    assert [row["number"] for row in store.events("workshop_steps", workshop="w")] == [
        numbers[0],
        numbers[2] - 1,
        numbers[2],
    ]


def test_what_was_answered_is_kept_until_a_row_is_added(store: Store) -> None:
    store.add(step())
    first = store.events("workshop_steps", workshop="w")
    assert store.events("workshop_steps", workshop="w") is first
    codes = store.events("workshop_codes", workshop="w", code="")
    store.add(step())
    assert len(store.events("workshop_steps", workshop="w")) == 2
    assert len(first) == 1
    assert store.events("workshop_codes", workshop="w", code="") is codes  # asks another table
    assert store.events("workshop_steps", workshop="v") == []


def test_a_step_does_not_make_any_page_work_again(store: Store) -> None:
    store.query("history")
    answered = dict(store._answered)
    store.add(step())
    assert store._answered == answered
    assert store.revision == 0


def test_many_at_once_are_all_kept(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "own.duckdb")
    with ThreadPoolExecutor(16) as everybody:
        numbers = list(everybody.map(lambda n: store.add(step(f"w{n % 3}")), range(60)))
    assert len(set(numbers)) == 60
    kept = [len(store.events("workshop_steps", workshop=f"w{n}")) for n in range(3)]
    store.close()
    again = Store.open(tmp_path / "own.duckdb")
    assert kept == [20, 20, 20]
    assert sum(len(again.events("workshop_steps", workshop=f"w{n}")) for n in range(3)) == 60
    again.close()


def test_a_telephone_does_not_wait_for_a_file_that_is_loaded(store: Store) -> None:
    sent = threading.Event()
    with store._transaction(changes="facts"):
        telephone = threading.Thread(target=lambda: (store.add(step()), sent.set()))
        telephone.start()
        assert sent.wait(60)
        telephone.join()
    assert len(store.events("workshop_steps", workshop="w")) == 1


def test_erasing_comments_keeps_what_happened(tmp_path: Path) -> None:
    from tests.store.loads import extract, response

    store = Store.open(tmp_path / "own.duckdb")
    said, answered = response("a", "P-1")
    store.commit([extract(response=[said], answer=[answered])])
    store.add(step())
    store.erase(1)  # the file is written anew
    store.add(step())
    assert len(store.events("workshop_steps", workshop="w")) == 2
    store.close()
