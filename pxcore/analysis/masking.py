"""What may be read of comments: masked as they are loaded, and anew when rules or listed names change."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pandas as pd

from pxcore import maps
from pxcore.disclosure import Count, Released, release
from pxcore.disclosure.redaction import MASKS, Redactor, everyday, folded
from pxcore.errors import PxError
from pxcore.frames import REDACTION
from pxcore.model import GROUPS, Disclosure
from pxcore.store import Store

AT_ONCE = 500  # comments masked between two words of progress
MOST_NAMES = 5000
LONGEST_NAME = 80
LONGEST_QUOTED = 35  # characters of an answer, as the longest of the survey scales have
LONGEST_DAY = 20
LONGEST_CELL = 60
FEWEST_OF_A_VOCABULARY = 5  # rows on which a label of everyday words is nobody's name
FEWEST_WORDS = 3  # of a remark; a day, a code or a figure has fewer
_QUOTED = re.compile(r"‘([^‘]*?)’(?![A-Za-z])")  # an apostrophe inside is followed by a letter
_DAY = re.compile(r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}(?![0-9])")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class MaskingReport:
    """What was masked in the comments that are loaded, and the names a person has listed."""

    names: Released  # one row per listed name: name, changed_by, changed_at
    masked: Released  # one row per kind of detail: kind, people who wrote of it; NaN where few
    disclosure: Disclosure


def redactor(store: Store) -> Redactor:
    """The rules in force with the names listed in this store."""
    return Redactor(frozenset(store.query("masked_names")["name"]))


def redactions(responses: pd.DataFrame, rules: Redactor) -> pd.DataFrame:
    """REDACTION rows of those responses that hold a comment (and `extract`, where it is there)."""
    written = responses[responses["comment"].ne("")]
    masked = [rules.redact(comment) for comment in written["comment"]]
    rows = pd.DataFrame(
        {
            "response": written["response"].to_numpy(dtype=object),
            "comment": [redacted.text for redacted in masked],
            "folded": [folded(redacted.text) for redacted in masked],
            "masked": [json.dumps(dict(redacted.masked)) for redacted in masked],
            "rules": rules.rules,
        },
        columns=list(REDACTION),
        dtype=object,
    )
    return rows.assign(extract=written["extract"].to_numpy()) if "extract" in written else rows


def quotes_masked(text: str, rules: Redactor, headings: Collection[str] = ()) -> str:
    """A text about a file of single answers, with what it quotes of them masked, and cut where long; the
    headings of its layout stay as they are.

    A comma inside a comment may have moved its words to the column of answers or of dates.
    """

    def masked(match: re.Match[str]) -> str:
        quoted = match[1]
        if quoted in headings:
            return match[0]
        if _DAY.match(quoted) and len(quoted) <= LONGEST_DAY:
            return match[0]  # a day that could not be read is quoted for that
        return f"‘{rules.redact(quoted).text}’" if len(quoted) <= LONGEST_QUOTED else "‘…’"

    return _QUOTED.sub(masked, text)


def cell_masked(cell: str, rules: Redactor) -> str:
    """A cell of a file nobody has explained yet: masked and cut where it may be somebody's own words."""
    if len(cell.split()) < FEWEST_WORDS:
        return cell
    text = rules.redact(cell).text
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL].rstrip()}…"


def note_masked(store: Store, note: str) -> str:
    """What somebody typed into this app beside a decision, with personal details masked."""
    return redactor(store).redact(note).text


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the shipped maps for themes, groups and services: nobody's own."""
    groups = (
        word for row in maps.rows("groups") for word in (row["group"], *row["also"].split("|"))
    )
    services = (cell for row in maps.rows("services") for cell in row.values())
    words = (
        *maps.theme_words()[0],
        *groups,
        *(word for cell in services for word in cell.split("|")),
    )
    return frozenset(word.strip().casefold() for word in words)


def label_masked(label: str, rows: int, rules: Redactor) -> str:
    """What may be read of a word in which a supplier codes: a theme, a flag, a service, a group.

    Words of the shipped maps stay. So does a label on many rows in which only everyday words would be
    masked (“Doctor availability”): it is a vocabulary, while “Nurse Sarah, rude” names somebody.
    """
    if label.strip().casefold() in _vocabulary():
        return label
    redacted = rules.redact(label)
    if not redacted.masked:
        return label
    if rows >= FEWEST_OF_A_VOCABULARY and set(redacted.masked) == {"name"}:
        left = Counter(re.findall("[A-Za-z]+", redacted.text))
        gone = Counter(re.findall("[A-Za-z]+", label)) - left
        if not rules.names and all(everyday(word) for word in gone):
            return label
    return redacted.text


_LABELS = ("service_raw", "mode", *GROUPS)


def labels_masked(frames: dict[str, pd.DataFrame], rules: Redactor) -> dict[str, pd.DataFrame]:
    """The frames of a file with the words in which it is coded masked."""
    columns = {
        "response": ("themes", "flags", *_LABELS),
        "summary": ("theme",),
        "document": ("theme", "method", "written_by"),
    }
    counts: Counter[str] = Counter()
    for name, labels in columns.items():
        for column in labels if name in frames else ():
            cells = frames[name][column]
            counts.update(cells.explode().dropna() if column in _LISTS else cells)
    del counts[""]
    masked = _changed(counts, rules)
    if not masked:
        return frames
    for name, labels in columns.items():
        if name in frames:
            frame = frames[name] = frames[name].copy()
            for column in labels:
                read = frame[column]
                frame[column] = pd.Series(
                    [[masked.get(word, word) for word in cell] for cell in read]
                    if column in _LISTS
                    else [masked.get(cell, cell) for cell in read],
                    index=frame.index,
                    dtype=read.dtype,
                )
    return frames


_LISTS = ("themes", "flags")


def _changed(counts: Mapping[str, int], rules: Redactor) -> dict[str, str]:
    """Label -> what may be read of it, where that is less."""
    read = ((label, label_masked(label, rows, rules)) for label, rows in counts.items())
    return {label: text for label, text in read if text != label}


def mask_missing(store: Store, progress: Progress | None = None) -> int:
    """Mask what the rules in force have not: a database from before them. How many comments it was."""
    rules = redactor(store)
    return _mask(store, rules, (), "", progress)


def list_names(
    store: Store, names: Sequence[str], by: str, progress: Progress | None = None
) -> list[str]:
    """Put names on the list and mask every comment anew, in one transaction; the names that were new."""
    known = {name.casefold() for name in store.query("masked_names")["name"]}
    tidy = [" ".join(name.split())[:LONGEST_NAME] for name in names]
    wanted = {name.casefold(): name for name in reversed(tidy) if name}
    new = sorted(name for folded_name, name in wanted.items() if folded_name not in known)
    if len(known) + len(new) > MOST_NAMES:
        raise PxError(
            f"At most {MOST_NAMES:,} names can be listed.", fix="Take off those no longer needed."
        )
    too_short = [name for name in new if sum(map(str.isalnum, name)) < 2]
    if too_short:
        raise PxError(
            f"‘{too_short[0]}’ is too short for a name: it would mask half the text.",
            fix="List names of at least two letters.",
        )
    if new:
        rules = Redactor(redactor(store).names | set(new))
        _mask(store, rules, [(name, True) for name in new], by, progress)
    return new


def unlist_name(store: Store, name: str, by: str, progress: Progress | None = None) -> None:
    """Take a name off the list; that it stood there, and who took it off, is kept."""
    listed = redactor(store).names
    if name in listed:
        _mask(store, Redactor(listed - {name}), [(name, False)], by, progress)


def _mask(
    store: Store,
    rules: Redactor,
    names: Sequence[tuple[str, bool]],
    by: str,
    progress: Progress | None,
) -> int:
    waiting = store.unmasked(rules.rules)
    parts = []
    for start in range(0, len(waiting), AT_ONCE):
        if progress:
            progress("masking personal details", start, len(waiting))
        parts.append(redactions(waiting.iloc[start : start + AT_ONCE], rules))
    coded = store.labels(rules.rules)
    labels = _changed(dict(zip(coded["label"], coded["rows"], strict=True)), rules)
    if parts or names or labels:
        rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        store.mask(rows, names, by, labels=labels, rules=rules.rules)
    return len(waiting)


def masking(store: Store) -> MaskingReport:
    """What was masked, and which names are listed; every kind is there, whether it was masked or not."""
    disclosure = Disclosure()
    counts = store.query("masked_counts", masks=redactor(store).rules).set_index("kind")
    every = counts.reindex(list(MASKS), fill_value=0.0).rename_axis("kind").reset_index()
    masked = release(every, disclosure, Count("people", "people_key"))
    return MaskingReport(
        names=release(store.query("masked_names"), disclosure),
        masked=masked.sort_values("people", ascending=False, kind="stable").reset_index(drop=True),
        disclosure=disclosure,
    )
