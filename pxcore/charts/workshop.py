"""Pictures for the screen of a room: both figures on one axis, twenty dots, what the room said. SVG as text,
for a page that is no page of Streamlit; sizes are those of a screen of 1,920 by 1,080."""

from __future__ import annotations

from collections import Counter
from html import escape

from pxcore.analysis.workshop.frozen import FrozenCell, FrozenSource
from pxcore.analysis.workshop.room import RoundReport
from pxcore.analysis.workshop.workshops import Answer
from pxcore.words import workshop as words

WIDTH = 1720
ROW = 150  # of one source
NAMES = 430  # pixels for the names of sources
MARGIN = 90
DOT = 17  # radius of one of twenty
COLUMN = 0.25  # typical differences that a column of dots is wide
SHAPES = {"survey": "circle", "fft": "square", "community": "diamond"}
BAR = 66
HALF, ANSWERS = (
    1000,
    480,
)  # of what the room said: half a screen, and its room for the answers' names


def figures(facts: FrozenCell) -> str:
    """One row a source: its figure with its range, and the average of its peers; a third source below."""
    sources = (*facts.sources, *facts.beside)
    rows = [
        _row(source, _scale(source, facts), place * ROW) for place, source in enumerate(sources)
    ]
    height = len(sources) * ROW + 60
    return _picture(height, " ".join(map(words.figure, sources)), "".join(rows))


def _scale(source: FrozenSource, facts: FrozenCell) -> tuple[float, float]:
    """The ends of a source's axis: shares share one, a score has its own."""
    if source.side.unit == "proportion":
        shown = [
            figure
            for beside in (*facts.sources, *facts.beside)
            if beside.side.unit == "proportion"
            for figure in (beside.low, beside.value, beside.peers)
            if figure is not None
        ]
        lowest = min(shown, default=0.5)
        return max(0.0, (int(lowest * 10) - (lowest * 10 == int(lowest * 10))) / 10), 1.0
    if source.lowest is not None and source.highest is not None:
        return source.lowest, source.highest
    ends = [end for end in (source.low, source.high, source.value, source.peers) if end is not None]
    return min(ends, default=0.0) - 0.5, max(ends, default=1.0) + 0.5


def _row(source: FrozenSource, ends: tuple[float, float], top: float) -> str:
    middle, side = top + ROW / 2 + 10, source.side
    colour = f"var(--{side.signal})"
    name = _text(0, middle + 4, side.short_title, 44, weight=600)
    asked = _text(
        0,
        middle + 46,
        "" if source.respondents is None else f"{source.respondents:,.0f} answers",
        30,
        "muted",
    )
    if source.value is None:
        silent = _text(NAMES, middle + 14, source.silence or "not shown", 40, "muted")
        return name + asked + silent

    def x(figure: float) -> float:
        share = (figure - ends[0]) / (ends[1] - ends[0])
        return NAMES + share * (WIDTH - NAMES - MARGIN)

    ends_said = "".join(
        _text(x(end), middle + 62, words.value(end, side.unit), 26, "muted", anchor="middle")
        for end in ends
    )
    axis = (
        f'<line x1="{x(ends[0])}" x2="{x(ends[1])}" y1="{middle}" y2="{middle}" stroke="var(--line)" '
        'stroke-width="3"/>'
    )
    interval = ""
    if source.low is not None and source.high is not None:
        interval = (
            f'<line x1="{x(source.low):.1f}" x2="{x(source.high):.1f}" y1="{middle}" y2="{middle}" '
            f'stroke="{colour}" stroke-width="14" stroke-linecap="round" opacity="0.45"/>'
        )
    peers = ""
    if source.peers is not None:
        at = x(source.peers)
        peers = (
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="{middle - 42}" y2="{middle + 34}" '
            'stroke="var(--text)" stroke-width="4"/>'
            + _text(
                at,
                middle + 62,
                f"peers {words.value(source.peers, side.unit)}",
                28,
                "text",
                anchor="middle",
                ground=True,
            )
        )
    stands = x(source.value)
    value = _text(
        stands, middle - 36, words.value(source.value, side.unit), 48, weight=700, anchor="middle"
    )
    return (
        name
        + asked
        + axis
        + ends_said
        + interval
        + peers
        + _mark(side.signal, stands, middle)
        + value
    )


def _mark(signal: str, x: float, y: float, size: float = 21) -> str:
    fill = f'fill="var(--{signal})" stroke="var(--ground)" stroke-width="3"'
    match SHAPES[signal]:
        case "circle":
            return f'<circle cx="{x:.1f}" cy="{y}" r="{size}" {fill}/>'
        case "square":
            return f'<rect x="{x - size:.1f}" y="{y - size}" width="{2 * size}" height="{2 * size}" {fill}/>'
    end = size * 1.3
    points = f"{x:.1f},{y - end} {x + end:.1f},{y} {x:.1f},{y + end} {x - end:.1f},{y}"
    return f'<polygon points="{points}" {fill}/>'


def dots(facts: FrozenCell) -> str:
    """Twenty gaps, each as likely as another, above the band in which the two agree."""
    reach = max(3.0, *(abs(dot) + 0.5 for dot in facts.dots))
    columns = [round(dot / COLUMN) for dot in facts.dots]
    high = max(Counter(columns).values())
    floor = 40 + high * 2 * DOT + 14
    width = WIDTH - 2 * MARGIN

    def x(gap: float) -> float:
        return MARGIN + (gap + reach) / (2 * reach) * width

    band = (
        f'<rect x="{x(-facts.margin):.1f}" y="20" width="{x(facts.margin) - x(-facts.margin):.1f}" '
        f'height="{floor - 20}" fill="var(--agreement)" opacity="0.16"/>'
        + _text(x(0), floor + 46, "here they agree", 32, "muted", anchor="middle")
    )
    stacked: Counter[int] = Counter()
    circles = []
    for dot, column in zip(facts.dots, columns, strict=True):
        stacked[column] += 1
        y = floor - DOT - (stacked[column] - 1) * 2 * DOT - 2
        meaning = "agreement" if abs(dot) < facts.margin else "dissonance"
        circles.append(
            f'<circle cx="{x(column * COLUMN):.1f}" cy="{y}" r="{DOT - 1}" fill="var(--{meaning})"/>'
        )
    axis = (
        f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{floor}" y2="{floor}" stroke="var(--text)" '
        'stroke-width="3"/>'
    )
    left, right = words.sides(facts)
    ends = _text(MARGIN, floor + 46, f"← {left}", 32) + _text(
        WIDTH - MARGIN, floor + 46, f"{right} →", 32, anchor="end"
    )
    return _picture(floor + 66, words.dots(facts), band + axis + "".join(circles) + ends)


def room(report: RoundReport, before: RoundReport | None = None) -> str:
    """One bar an answer, as long as people gave it; of a second round, with an outline for the first."""
    tallies = [report.tally, *([before.tally] if before else [])]
    most = max(1, *(count for tally in tallies for count in tally.counts.values()))
    longest = HALF - ANSWERS - (300 if before else 110)
    parts = []
    for place, (answer, count) in enumerate(report.tally.counts.items()):
        top = place * (BAR + 26) + 8
        length, first = count / most * longest, ""
        parts.append(_text(0, top + BAR / 2 + 13, words.ANSWERS[answer], 36))
        parts.append(
            f'<rect x="{ANSWERS}" y="{top}" width="{length:.1f}" height="{BAR}" rx="6" '
            f'fill="var(--{_meaning(answer)})"/>'
        )
        if before is not None:
            outline = before.tally.counts[answer] / most * longest
            parts.append(
                f'<rect x="{ANSWERS}" y="{top}" width="{outline:.1f}" height="{BAR}" rx="6" '
                'fill="none" stroke="var(--text)" stroke-width="4" stroke-dasharray="12 8"/>'
            )
            length, first = max(length, outline), f" (was {before.tally.counts[answer]})"
        parts.append(
            _text(ANSWERS + 20 + length, top + BAR / 2 + 15, f"{count}{first}", 42, weight=700)
        )
    height = len(report.tally.counts) * (BAR + 26) + 16
    return _picture(height, words.counts(report.tally), "".join(parts), HALF)


def _meaning(answer: Answer) -> str:
    return {
        Answer.AGREE: "agreement",
        Answer.PARTLY: "partial",
        Answer.DIFFER: "dissonance",
    }.get(answer, "quiet")


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    colour: str = "text",
    *,
    weight: int = 400,
    anchor: str = "start",
    ground: bool = False,
) -> str:
    halo = (
        ' paint-order="stroke" stroke="var(--ground)" stroke-width="10" stroke-linejoin="round"'
        if ground
        else ""
    )
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}" '
        f'fill="var(--{colour})"{halo}>{escape(text)}</text>'
    )


def _picture(height: float, alt: str, parts: str, width: int = WIDTH) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{escape(alt)}" '
        f'preserveAspectRatio="xMidYMid meet">{parts}</svg>'
    )
