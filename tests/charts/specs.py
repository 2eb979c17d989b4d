"""What a picture's specification encodes, held against the rows it is drawn from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import altair as alt

_MADE = re.compile(r"_sort_index$")  # by Vega-Lite itself, from the order of a colour's words
_DATUM = re.compile(r"datum\.(\w+)")


def fields(spec: Any) -> set[str]:
    """Every field a specification encodes, in channels, conditions and filters."""
    if isinstance(spec, dict):
        own = {spec["field"]} if isinstance(spec.get("field"), str) else set()
        tests = [spec.get("test"), spec.get("filter")]
        own |= {name for test in tests if isinstance(test, str) for name in _DATUM.findall(test)}
        # an axis' conditions are on its labels, not on rows
        inner = (value for key, value in spec.items() if key not in ("datasets", "axis"))
        return own.union(*map(fields, inner))
    if isinstance(spec, list):
        return set().union(*(fields(item) for item in spec)) if spec else set()
    return set()


def _layers(
    spec: dict[str, Any], data: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each layer with the data it is drawn from, its own or that of the picture around it."""
    data = spec.get("data", data)
    if "layer" not in spec:
        yield {key: spec[key] for key in ("encoding", "transform") if key in spec}, data
    for layer in spec.get("layer", ()):
        yield from _layers(layer, data)


def drawn(picture: Any) -> dict[str, Any]:
    """The specification, once it fits Vega-Lite's schema, and every field of every layer is found in that
    layer's own rows."""
    spec: dict[str, Any] = picture.to_dict()
    assert json.dumps(spec, allow_nan=False)
    alt.LayerChart.from_dict(spec)  # raises SchemaValidationError
    for layer, data in _layers(spec, {}):
        rows = spec["datasets"].get(data.get("name"), data.get("values", []))
        known = {name for row in rows for name in row}
        wanted = {name for name in fields(layer) if not _MADE.search(name)}
        assert not rows or wanted <= known, wanted - known
    return spec
