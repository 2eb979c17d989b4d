"""Charts that PowerPoint draws itself, so that a person can edit them: bars with ranges, points, counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.util import Emu, Pt

from pxcore.charts.theme import Mark, Palette
from pxcore.publish import error_bars
from pxcore.publish.document import Form, Kind, Native
from pxcore.publish.safe import legible

MOST_ROWS, FEW_ROWS = 24, 14  # that can be read on a slide, and in its usual size
SIZE = Pt(11)
Box = tuple[Emu, Emu, Emu, Emu]  # left, top, width, height


def draw(slide: Any, native: Native, box: Box, palette: Palette, alt: str) -> None:
    """Put a chart on a slide.

    Parameters
    ----------
    alt : the chart in words, for those who do not see it.
    """
    make = {Kind.RANGES: _ranges, Kind.POINTS: _points, Kind.SHARES: _shares}[native.kind]
    frame = make(slide, native, box, palette)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", legible(alt))


def colour(code: str) -> RGBColor:
    return RGBColor.from_string(code.removeprefix("#"))


def _series(native: Native) -> list[Mark]:
    """The series that have rows, in the order of the legend."""
    if not native.series:
        return list(native.marks[:1])
    present = set(native.rows[native.series])
    return [mark for mark in native.marks if mark.label in present]


def _of(native: Native, name: str, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows[native.series] == name] if native.series else rows


def _ranges(slide: Any, native: Native, box: Box, palette: Palette) -> Any:
    """A bar a row from nought to its figure, with its range; a series a colour."""
    labels = list(dict.fromkeys(native.rows[native.label]))[:MOST_ROWS]
    rows = native.rows[native.rows[native.label].isin(labels)]
    data = CategoryChartData(number_format=_number(native.form))
    data.categories = [legible(str(label)) for label in labels]
    parts = []
    for mark in _series(native):
        own = _of(native, mark.label, rows).drop_duplicates(native.label).set_index(native.label)
        own = own.reindex(labels)
        known = [None if np.isnan(x) else float(x) for x in own[native.x]]
        data.add_series(mark.label or native.axes[0], known)
        parts.append((mark, own))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    single = not native.rows[native.label].duplicated().any()
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = (140, 100) if single else (60, 0)
    for series, (mark, own) in zip(plot.series, parts, strict=True):
        series.invert_if_negative = False
        _fill(series.format, mark)
        below = (own[native.x] - own[native.low]).clip(lower=0).fillna(0)
        above = (own[native.high] - own[native.x]).clip(lower=0).fillna(0)
        error_bars.add(series, list(below), list(above), palette.text, across=True)
    axis = chart.category_axis
    axis.reverse_order = True
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _value_axis(chart.value_axis, native.axes[0], native.form, palette)
    ends = rows[[native.low, native.x, native.high]].to_numpy(dtype=float)
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    step = _step(high - low)
    # by itself it would reach as far as the bars, and cut their ranges
    chart.value_axis.minimum_scale = float(np.floor(low / step) * step)
    chart.value_axis.maximum_scale = float(np.ceil(high / step) * step)
    chart.value_axis.major_unit = step
    # rows run from the top: without this the axis of figures would stand above them
    crosses = axis._element.getparent().findall(qn("c:valAx"))[0].find(qn("c:crosses"))
    crosses.set("val", "max")
    etree.SubElement(axis._element, qn("c:tickLblSkip"), val="1")
    skip = axis._element.find(qn("c:tickLblSkip"))
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    _finish(chart, palette, legend=len(parts) > 1)
    if len(labels) > FEW_ROWS:
        axis.tick_labels.font.size = Pt(9)
    return frame


def _fill(form: Any, mark: Mark) -> None:
    """A bar or a marker as its mark is drawn: filled, with its line round it."""
    form.fill.solid()
    form.fill.fore_color.rgb = colour(mark.fill)
    form.line.color.rgb = colour(mark.line)
    form.line.width = Pt(1)


def _points(slide: Any, native: Native, box: Box, palette: Palette) -> Any:
    """A point an organisation, and the line on which both figures are the same."""
    data = XyChartData(number_format=_number(native.form))
    rows = native.rows[native.rows[native.x].notna() & native.rows[native.y].notna()]
    parts = []
    counts = Counter(rows[native.series]) if native.series else Counter[str]()
    # the most points first: LibreOffice draws no series that stands before a longer one
    for mark in sorted(_series(native), key=lambda mark: -counts[mark.label]):
        series = data.add_series(mark.label or native.axes[0])
        for x, y in _of(native, mark.label, rows)[[native.x, native.y]].itertuples(index=False):
            series.add_data_point(float(x), float(y))
        parts.append(mark)
    values = rows[[native.x, native.y]].to_numpy()
    low, high = float(np.floor(values.min())), float(np.ceil(values.max()))
    line = data.add_series("the same in both")
    for end in (low, high):
        line.add_data_point(end, end)
    frame = slide.shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box, data)
    chart = frame.chart
    *points, diagonal = chart.plots[0].series
    for series, mark in zip(points, parts, strict=True):
        series.format.line.fill.background()
        diamond = mark.shape == "diamond"
        series.marker.style = XL_MARKER_STYLE.DIAMOND if diamond else XL_MARKER_STYLE.CIRCLE
        hollow = (
            mark.fill == palette.ground
        )  # LibreOffice draws no line round a marker: it is small instead
        series.marker.size = (9 if diamond else 7) - 3 * hollow
        _fill(series.marker.format, replace(mark, fill=mark.line) if hollow else mark)
    diagonal.marker.style = XL_MARKER_STYLE.NONE
    diagonal.format.line.color.rgb = colour(palette.muted)
    diagonal.format.line.width, diagonal.format.line.dash_style = Pt(1.25), MSO_LINE.DASH
    for axis, title in ((chart.category_axis, native.axes[0]), (chart.value_axis, native.axes[1])):
        _value_axis(axis, title, Form.COUNT, palette)
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = low, high, 1
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _finish(chart, palette, legend=True)
    return frame


def _shares(slide: Any, native: Native, box: Box, palette: Palette) -> Any:
    """A bar a row with its count beside it."""
    data = CategoryChartData(number_format=_number(native.form))
    data.categories = [legible(str(label)) for label in native.rows[native.label]]
    data.add_series(native.axes[0], [float(x) for x in native.rows[native.x]])
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box, data)
    chart = frame.chart
    plot = chart.plots[0]
    plot.gap_width = 45
    by_name = {mark.label: mark for mark in native.marks}
    (series,) = plot.series
    for place, label in enumerate(native.rows[native.label]):
        _fill(series.points[place].format, by_name[label])
    plot.has_data_labels = True
    plot.data_labels.font.size, plot.data_labels.font.bold = Pt(14), True
    plot.data_labels.font.color.rgb = colour(palette.text)
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    _finish(chart, palette, legend=False)
    chart.category_axis.tick_labels.font.size = Pt(14)
    return frame


def _step(span: float) -> float:
    """A round step for an axis: 1, 2 or 5 of a power of ten, about six to the whole."""
    power = 10.0 ** np.floor(np.log10(max(span, 1e-6) / 6))
    return float(next(power * n for n in (1, 2, 5, 10) if power * n * 6 >= span))


def _number(form: Form) -> str:
    return {Form.COUNT: "#,##0", Form.SHARE: "0%", Form.PERCENT: "0", Form.DECIMAL: "0.0"}.get(
        form, "General"
    )


def _value_axis(axis: Any, title: str, form: Form, palette: Palette) -> None:
    axis.has_title = bool(title)
    if title:
        axis.axis_title.text_frame.text = title
        font = axis.axis_title.text_frame.paragraphs[0].runs[0].font
        font.size, font.bold = SIZE, False
        font.color.rgb = colour(palette.muted)
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.color.rgb = colour(palette.line)
    axis.major_gridlines.format.line.width = Pt(0.5)
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = _number(form), False


def _finish(chart: Any, palette: Palette, *, legend: bool) -> None:
    chart.has_title = False
    chart.font.size, chart.font.name = SIZE, "Arial"
    chart.font.color.rgb = colour(palette.text)
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = SIZE
    for axis in (chart.category_axis, chart.value_axis):
        axis.major_tick_mark = XL_TICK_MARK.NONE
        axis.format.line.color.rgb = colour(palette.line)
