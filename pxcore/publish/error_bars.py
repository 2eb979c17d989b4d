"""Error bars of a native chart, which python-pptx does not write: the `c:errBars` of DrawingML.

ECMA-376, part 1, 21.2.2.55; each length is that of one mark, from it to the end of its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree
from pptx.oxml.ns import qn

# What comes after the error bars in a series, by the schema: they stand before the first of these.
_AFTER = ("c:cat", "c:xVal", "c:val", "c:yVal", "c:smooth", "c:shape", "c:bubbleSize", "c:extLst")


def add(
    series: Any, minus: Sequence[float], plus: Sequence[float], colour: str, *, across: bool
) -> None:
    """Give a series of a chart error bars of their own lengths.

    Parameters
    ----------
    series : of python-pptx; bars or points.
    minus, plus : one length a mark, none below 0; 0 where it has no range.
    colour : of the lines, as #RRGGBB.
    across : of points, whether they run along the x-axis; bars have one direction alone.
    """
    element = series._element
    bars = etree.SubElement(element, qn("c:errBars"))
    if element.find(qn("c:xVal")) is not None:
        etree.SubElement(bars, qn("c:errDir"), val="x" if across else "y")
    etree.SubElement(bars, qn("c:errBarType"), val="both")
    etree.SubElement(bars, qn("c:errValType"), val="cust")
    etree.SubElement(bars, qn("c:noEndCap"), val="1")
    for name, lengths in (("c:plus", plus), ("c:minus", minus)):
        literal = etree.SubElement(etree.SubElement(bars, qn(name)), qn("c:numLit"))
        etree.SubElement(literal, qn("c:formatCode")).text = "General"
        etree.SubElement(literal, qn("c:ptCount"), val=str(len(lengths)))
        for place, length in enumerate(lengths):
            point = etree.SubElement(literal, qn("c:pt"), idx=str(place))
            etree.SubElement(point, qn("c:v")).text = repr(float(length))
    properties = etree.SubElement(bars, qn("c:spPr"))
    line = etree.SubElement(properties, qn("a:ln"), w="19050", cap="rnd")
    fill = etree.SubElement(etree.SubElement(line, qn("a:solidFill")), qn("a:srgbClr"))
    fill.set("val", colour.removeprefix("#"))
    first = next(child for name in _AFTER for child in element.iterchildren(qn(name)))
    first.addprevious(bars)
