"""The demonstration as it would be if people wrote of several practices: its single responses with a column
that names their respondent, the same one at up to six practices.

The files go through the same door as those of the demonstration; nothing but the column is added.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence

from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import confirm_names, demonstration_paths
from pxcore.store import Store

SEED = 20261201
FOLDERS = ("local", "healthwatch", "care_opinion")  # of single responses, a row each
COLUMN = "respondent_id"
# people of each hundred who left so many answers: half of them one
ANSWERS = {1: 50, 2: 20, 3: 12, 4: 8, 5: 5, 6: 5}
NEAR = 60  # rows, in the order of a file, within which a respondent's lie: some weeks


def load_several(store: Store | None = None) -> Store:
    """A store with the demonstration in which one person wrote of several practices, in memory unless one is
    given."""
    store = store or Store.open(kind="demonstration")
    outcomes = load.load_files(store, several_files())
    refused = [outcome for outcome in outcomes if outcome.status == "refused"]
    assert not refused, refused
    confirm_names(store)
    return store


def several_files() -> list[tuple[str, bytes]]:
    """Names and bytes of the demonstration's files, respondents added to those of single responses."""
    return [
        (path.name, named(path.name, path.read_bytes()))
        if path.parent.name in FOLDERS
        else (path.name, path.read_bytes())
        for path in demonstration_paths()
    ]


def named(file_name: str, content: bytes) -> bytes:
    """A CSV file with a column of respondents, the same for the same file in every run."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    chance = random.Random(f"{SEED} {file_name}")
    respondents = list(respondents_of(len(rows) - 1, chance))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*rows[0], COLUMN])
    for row, number in zip(rows[1:], respondents, strict=True):
        writer.writerow([*row, f"{file_name} {number}"])
    return written.getvalue().encode()


def respondents_of(rows: int, chance: random.Random) -> Sequence[int]:
    """The number of the respondent of each row: the rows of one lie near one another, in any order."""
    respondents = [0] * rows
    number = 0
    for place in range(0, rows, NEAR):
        near = list(range(place, min(place + NEAR, rows)))
        chance.shuffle(near)
        while near:
            (many,) = chance.choices(list(ANSWERS), list(ANSWERS.values()))
            number += 1
            for _ in range(min(many, len(near))):
                respondents[near.pop()] = number
    return respondents
