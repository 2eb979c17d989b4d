"""Are two reports the same? Words, counts and order exactly; figures but for what processors differ in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two figures may lie apart and still be the same: as far as either of these allows."""

    relative: float = (
        1e-9  # linear algebra rounds differently from one processor to another, at about 1e-15
    )
    absolute: float = 1e-12  # what is left of figures of about one that should cancel out to nought


EXACT = Tolerance()
SEARCHED = Tolerance(1e-6, 1e-6)  # where a search ends: processors differ in that by 1e-8 to 3e-7


def differences(
    found: Any, expected: Any, place: str = "", tolerance: Tolerance = EXACT
) -> Iterator[str]:
    """Every place at which a report differs from the one expected, with what stands there.

    A whole number is a count and a truth value is a word: they match exactly and never a fraction.
    """
    if isinstance(found, dict) and isinstance(expected, dict):
        if list(found) != list(expected):
            yield f"{place}: keys {list(found)}, expected {list(expected)}"
        for key in found.keys() & expected.keys():
            yield from differences(found[key], expected[key], f"{place}.{key}", tolerance)
    elif isinstance(found, list) and isinstance(expected, list):
        if len(found) != len(expected):
            yield f"{place}: {len(found)} entries, expected {len(expected)}"
        for number, (one, other) in enumerate(zip(found, expected, strict=False)):
            yield from differences(one, other, f"{place}[{number}]", tolerance)
    elif isinstance(found, float) and isinstance(expected, float):
        close = math.isclose(
            found, expected, rel_tol=tolerance.relative, abs_tol=tolerance.absolute
        )
        if not close and not (math.isnan(found) and math.isnan(expected)):
            yield f"{place}: {found!r}, expected {expected!r}"
    elif type(found) is not type(expected) or found != expected:
        yield f"{place}: {found!r}, expected {expected!r}"
