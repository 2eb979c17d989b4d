"""The grammar of Vega-Lite under Altair's names: what a picture is written in, as plain dictionaries.

Altair's own objects copy and check all they hold at each change, which takes most of a picture's time; tests
hold what is written here to what Altair writes, and every picture to its schema.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.4.1.json"
_TYPES = {"Q": "quantitative", "N": "nominal", "O": "ordinal", "T": "temporal"}
Apart = Callable[[pd.DataFrame], dict[str, Any]]  # keeps rows, and says under which name


class Properties(dict[str, Any]):
    """Part of a picture, by its properties' names."""

    def __init__(self, **properties: Any) -> None:
        super().__init__(properties)

    def copy(self) -> Self:
        same = type(self).__new__(type(self))
        same.update(self)
        return same


class Axis(Properties):
    """How a scale is shown beside a picture."""


class Legend(Properties):
    """How a scale is shown above a picture."""


class Scale(Properties):
    """How values become places, shapes and colours."""


class Resolve(Properties):
    """Which scales layers share."""


class TimeIntervalStep(Properties):
    """How far ticks of time stand apart."""


class Title(Properties):
    """A picture's heading."""

    def __init__(self, text: str | dict[str, str], **properties: Any) -> None:
        super().__init__(text=text, **properties)


class Field(Properties):
    """A channel that shows a column: its name, and after a colon Q, N, O or T for its kind of values."""

    def __init__(self, shorthand: str, **properties: Any) -> None:
        field, colon, kind = shorthand.rpartition(":")
        if not colon or kind not in _TYPES:
            raise ValueError(f"‘{shorthand}’ does not say which kind of values it has.")
        super().__init__(field=field, type=_TYPES[kind], **properties)


class Second(Field):
    """The other end of a mark: a column of the same kind as the first end's."""

    def __init__(self, shorthand: str, **properties: Any) -> None:
        super().__init__(shorthand, **properties)
        del self["type"]


class Value(Properties):
    """A channel that has a value, whatever the row."""

    def __init__(self, value: Any, **properties: Any) -> None:
        super().__init__(value=value, **properties)


class X(Field): ...


class Y(Field): ...


class X2(Second): ...


class Y2(Second): ...


class YOffset(Field): ...


class Color(Field): ...


class Fill(Field): ...


class Stroke(Field): ...


class StrokeDash(Field): ...


class Shape(Field): ...


class Size(Field): ...


class Opacity(Field): ...


class Text(Field): ...


class Detail(Field): ...


class Order(Field): ...


class Tooltip(Field): ...


class XValue(Value): ...


class YValue(Value): ...


class ColorValue(Value): ...


class StrokeValue(Value): ...


class OpacityValue(Value): ...


class SizeValue(Value): ...


class Parameter:
    """What a person picks of the marks."""

    def __init__(self, name: str, empty: bool, select: Mapping[str, Any]) -> None:
        self.name = name
        self.empty = empty  # whether nothing picked counts as everything
        self.select = dict(select)

    @property
    def test(self) -> dict[str, Any]:
        """Whether a mark is picked."""
        return {"param": self.name, "empty": self.empty}

    def __or__(self, beside: Parameter) -> dict[str, Any]:
        """Whether a mark is picked by one or the other."""
        return {"or": [self.test, beside.test]}


def selection_point(name: str, *, empty: bool, **select: Any) -> Parameter:
    """Single marks that are picked."""
    return Parameter(name, empty, {"type": "point", **select})


class Chart:
    """Marks of one kind, a row of a frame each. Each change makes another."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.mark: dict[str, Any] = {}
        self.encoding: dict[str, Any] = {}
        self.transform: tuple[dict[str, Any], ...] = ()
        self.params: tuple[Parameter, ...] = ()

    def _with(self, **parts: Any) -> Chart:
        changed = Chart.__new__(Chart)
        changed.__dict__ = self.__dict__ | parts
        return changed

    def _marked(self, kind: str, properties: Mapping[str, Any]) -> Chart:
        return self._with(mark={"type": kind, **properties})

    def mark_area(self, **properties: Any) -> Chart:
        return self._marked("area", properties)

    def mark_bar(self, **properties: Any) -> Chart:
        return self._marked("bar", properties)

    def mark_circle(self, **properties: Any) -> Chart:
        return self._marked("circle", properties)

    def mark_line(self, **properties: Any) -> Chart:
        return self._marked("line", properties)

    def mark_point(self, **properties: Any) -> Chart:
        return self._marked("point", properties)

    def mark_rect(self, **properties: Any) -> Chart:
        return self._marked("rect", properties)

    def mark_rule(self, **properties: Any) -> Chart:
        return self._marked("rule", properties)

    def mark_text(self, **properties: Any) -> Chart:
        return self._marked("text", properties)

    def mark_tick(self, **properties: Any) -> Chart:
        return self._marked("tick", properties)

    def encode(self, **channels: Any) -> Chart:
        """With channels beside those it has; a column's shorthand stands for the channel."""
        fields = {
            name: Field(channel) if isinstance(channel, str) else channel
            for name, channel in channels.items()
        }
        return self._with(encoding=self.encoding | fields)

    def transform_calculate(self, **columns: str) -> Chart:
        """With columns worked out of others where it is drawn."""
        made = ({"calculate": formula, "as": name} for name, formula in columns.items())
        return self._with(transform=(*self.transform, *made))

    def transform_filter(self, test: str) -> Chart:
        """With the rows alone that pass a test where it is drawn."""
        return self._with(transform=(*self.transform, {"filter": test}))

    def add_params(self, *params: Parameter) -> Chart:
        return self._with(params=(*self.params, *params))


class LayerChart:
    """Charts on top of each other."""

    def __init__(self, layers: tuple[Chart, ...], properties: Mapping[str, Any]) -> None:
        self.layers = layers
        self.properties = dict(properties)

    def to_dict(self, apart: Apart | None = None) -> dict[str, Any]:
        """Vega-Lite.

        Parameters
        ----------
        apart : keeps the rows of a chart; they stand inside, as JSON, where it is not given.
        """
        datasets: dict[str, list[dict[str, Any]]] = {}

        def inside(rows: pd.DataFrame) -> dict[str, Any]:
            name = name_of(as_table(rows))
            datasets[name] = _records(rows)
            return {"name": name}

        kept: dict[int, dict[str, Any]] = {}

        def data_of(rows: pd.DataFrame) -> dict[str, Any]:
            if id(rows) not in kept:
                kept[id(rows)] = (apart or inside)(rows)
            return kept[id(rows)]

        first = self.layers[0].rows
        one = all(layer.rows is first for layer in self.layers)
        layers, params = [], []
        for place, layer in enumerate(self.layers, 1):
            drawn: dict[str, Any] = {} if one else {"data": data_of(layer.rows)}
            drawn |= {"mark": _plain(layer.mark), "encoding": _plain(layer.encoding)}
            if layer.transform:
                drawn["transform"] = list(layer.transform)
            if layer.params:
                drawn["name"] = f"view_{place}"
                params += [
                    {"name": picked.name, "select": picked.select, "views": [drawn["name"]]}
                    for picked in layer.params
                ]
            layers.append(drawn)
        return {
            "$schema": _SCHEMA,
            "layer": layers,
            **({"data": data_of(first)} if one else {}),
            **({"params": params} if params else {}),
            **_plain(self.properties),
            **({} if apart else {"datasets": datasets}),
        }


def layer(*charts: Chart, **properties: Any) -> LayerChart:
    """Charts on top of each other, the first beneath all others."""
    return LayerChart(charts, properties)


def as_table(rows: pd.DataFrame) -> pa.Table:
    """The rows as they are sent."""
    return pa.Table.from_pandas(rows, preserve_index=False)


def name_of(table: pa.Table) -> str:
    """A name that is the same for the same rows."""
    content = hashlib.sha256(table.schema.serialize())
    for batch in table.to_batches():
        content.update(batch.serialize())
    return content.hexdigest()[:32]


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    blank = rows.astype(object).where(rows.notna(), None)
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in blank.to_dict("records")
    ]


def _plain(item: Any) -> Any:
    """As JSON has it."""
    if isinstance(item, dict):
        return {name: _plain(value) for name, value in item.items()}
    if isinstance(item, list | tuple):
        return [_plain(value) for value in item]
    if isinstance(item, np.generic):
        return item.item()
    return item.isoformat() if isinstance(item, pd.Timestamp) else item
