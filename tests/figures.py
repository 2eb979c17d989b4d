"""Results as JSON has them. Are two the same? Words, counts and order exactly; figures but for what
processors differ in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd


def as_json(result: Any) -> Any:
    """Any result: fields by name, arrays and frames as lists, what else is no figure in words."""
    if is_dataclass(result) and not isinstance(result, type):
        return {part.name: as_json(getattr(result, part.name)) for part in fields(result)}
    if isinstance(result, Enum):
        return result.name
    if isinstance(result, pd.DataFrame):
        return {name: as_json(result[name].to_list()) for name in result}
    if isinstance(result, np.ndarray | np.generic):
        return result.tolist()
    if isinstance(result, Mapping):
        return {str(name): as_json(value) for name, value in result.items()}
    if isinstance(result, list | tuple):
        return [as_json(value) for value in result]
    return result if isinstance(result, int | float | str | None) else str(result)


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
