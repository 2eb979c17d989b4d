"""What joined two sources and what did not, in words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.choices import domain_title
from pxcore.analysis.joining.notes import Note, Noticed
from pxcore.analysis.joining.outcomes import SIDES
from pxcore.analysis.joining.periods import MOST_MONTHS
from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.words import methods, refusals
from pxcore.words.counts import counts_said, noise_said
from pxcore.words.english import counted, joined, percent, uncapital

MOST_NAMED = 5

OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "paired": "Compared",
        "no_counterpart": "The other source has no value for this organisation",
        "few_answers": "Too few answers, or none, to compare",
        "withheld_publisher": "Withheld by the publisher",
        "withheld_unknown": "Blank: withheld or no return, the publisher does not say which",
        "withheld_not_calculable": "No answers to work a figure out from",
        "withheld_missing": "Missing in the file",
        "name_not_matched": "A name without a code: match it on the Alignment page",
        "area_only": "Speaks of a whole area, not of an organisation",
        "outside_period": "Outside the period compared",
        "outside_area": "Outside the area chosen",
        "other_grain": "Reported at another level of organisation (not added, to count nobody twice)",
        "other_measure": "Another measure of the same source",
        "other_service": "About another service",
        "group_row": "One group or theme, not everyone",
        "no_group": "Nobody of a group of the chosen mix of people answered, or its own mix is not known",
        "date_uncertain": "The date cannot be read for certain",
        "split": "The organisation was split: its figures cannot be followed",
        "to_confirm": "Several successors on different dates: to be confirmed",
        "cycle": "Its succession leads back to itself",
        "no_parent": "Not known to belong to any organisation of this level",
        "no_base": "A percentage without a number of answers cannot be added up",
        "superseded": "Replaced by a later file, or from a removed one",
    }
)


def summary(alignment: Alignment) -> str:
    """One sentence on what joined."""
    if alignment.refusals:
        return f"Nothing is compared. {refusals.sentence(alignment.refusals[0])}"
    count, named = len(alignment.pairs), alignment.named
    left, right = alignment.sides
    of = f" of {named:,}" if named > count else ""
    share = f" ({percent(count / named)})" if of else ""
    noun = GRAIN_TITLES[alignment.grain][0 if max(count, named) == 1 else 1]
    return (
        f"{count:,}{of} {noun}{share} {'has' if count == 1 else 'have'} both {left.title} ({left.period}) "
        f"and {right.title} ({right.period})."
    )


def limits(alignment: Alignment) -> str:
    """What else stands in the way, and what to bear in mind."""
    return " ".join([*map(refusals.sentence, alignment.refusals[1:]), *notes(alignment)])


def figures(alignment: Alignment, judged: int | None) -> list[tuple[str, str, str]]:
    """Label, value and what it rests on, for the row of figures at the top; `judged`: on how many both have
    answers enough for a verdict, where any has."""
    many = GRAIN_TITLES[alignment.grain][1]
    enough = "" if judged is None else f"; {judged:,} with answers enough for a verdict"
    return [
        ("Compared", f"{len(alignment.pairs):,}", f"{many} with a value from both{enough}"),
        *(
            (
                f"Did not join: {side.short_title}",
                f"{alignment.lone(which):,}",
                _mostly(alignment, which),
            )
            for which, side in zip(SIDES, alignment.sides, strict=True)
        ),
        (
            "Rows accounted for",
            f"{alignment.loaded['rows'].sum():,.0f}",
            "every row loaded of both sources",
        ),
    ]


def _mostly(alignment: Alignment, which: str) -> str:
    """The commonest reason why organisations or names of a side did not join."""
    rows = alignment.did_not_join
    alone = rows[(rows["side"] == which) & ~rows["joined_otherwise"]]
    if alone.empty:
        return "every organisation and name joined"
    most = alone["outcome"].mode().iloc[0]
    return f"{'all' if alone['outcome'].nunique() == 1 else 'mostly'}: {uncapital(OUTCOMES[most])}"


def accounted(alignment: Alignment) -> str:
    """One sentence: every row of both sources, and how many are compared."""
    parts = []
    loaded = alignment.loaded.set_index("side")["rows"].reindex(list(SIDES))
    for which, side in zip(SIDES, alignment.sides, strict=True):
        rows = alignment.account[alignment.account["side"] == which]
        used = rows.loc[rows["outcome"] == "paired", "rows"]
        compared = used.sum(min_count=1) if len(used) else 0.0
        counts = pd.Series([compared, loaded[which]])
        first, second = counts_said(counts, alignment.pairing.disclosure)
        parts.append(f"{first} of {second} rows of {side.short_title}")
    return f"Compared: {' and '.join(parts)}. The rest is listed below by reason."


def account(alignment: Alignment) -> Released:
    """Rows of both sources by what became of them, as a table shows it."""
    rows = alignment.account
    return rows.assign(
        source=rows["side"].map(_titles(alignment)),
        reason=rows["outcome"].map(OUTCOMES),
        rows_text=counts_said(rows["rows"], alignment.pairing.disclosure),
        organisations_text=[
            "" if pd.isna(count) else f"{count:,.0f}" for count in rows["organisations"]
        ],
    )


def did_not_join(alignment: Alignment) -> Released:
    """What was meant to be compared and was not, with the reason of each."""
    rows = alignment.did_not_join
    partly = [
        " (in part; the rest is compared)" if some else "" for some in rows["joined_otherwise"]
    ]
    return rows.assign(
        source_title=rows["side"].map(_titles(alignment)),
        reason=[f"{why}{part}" for why, part in zip(reasons(rows), partly, strict=True)],
        rows_text=["by reason" if pd.isna(count) else f"{count:,.0f}" for count in rows["rows"]],
    )


def reasons(rows: pd.DataFrame) -> list[str]:
    """The reason of each outcome; where the other side is silent, with what it has instead."""
    return [
        f"{OUTCOMES[outcome]}: {uncapital(OUTCOMES[elsewhere])}" if elsewhere else OUTCOMES[outcome]
        for outcome, elsewhere in zip(rows["outcome"], rows["elsewhere"], strict=True)
    ]


def _titles(alignment: Alignment) -> dict[str, str]:
    return {which: side.short_title for which, side in zip(SIDES, alignment.sides, strict=True)}


# --- Notes ---


def notes(alignment: Alignment) -> list[str]:
    """What was assumed, and what to bear in mind."""
    left, right = alignment.sides
    lines = [note(noted) for noted in alignment.notes]
    if not alignment.refusals and not alignment.aligned_in_time:
        lines.append(
            f"Not aligned in time: {left.short_title} is of {left.period}, {right.short_title} of "
            f"{right.period}."
        )
    if alignment.across_domains and not alignment.refusals:
        lines.append(
            f"Across domains: {left.measure_title} ({domain_title(left)}) against "
            f"{right.measure_title} ({domain_title(right)})."
        )
    for side in alignment.sides:
        if side in alignment.of_single_responses:
            lines.append(noise_said(side.short_title, alignment.pairing.disclosure))
        if side.period_approximate:
            lines.append(f"The fieldwork dates of {side.title} are approximate.")
        if side in alignment.few_months:
            lines.append(
                f"{side.short_title}: {side.months_found} of {side.months_due} months of the period are "
                "loaded."
            )
    if alignment.merged:
        lines.append(
            f"{counted(alignment.merged, 'organisation')} followed through a merger: counts were added "
            "before dividing."
        )
    lines += [
        f"{side.title} comes without numbers of answers: its figures stand on its publisher's rule, have "
        "no interval, and take part in the raw rank correlation only."
        for side in alignment.without_base
    ]
    for side, codes in zip(alignment.sides, alignment.unknown_codes, strict=True):
        if codes:
            named = ", ".join(codes[:MOST_NAMED]) + (" …" if len(codes) > MOST_NAMED else "")
            lines.append(
                f"{side.short_title}: {counted(len(codes), 'code')} not in any reference file loaded "
                f"({named})."
            )
    return lines


def note(noted: Note) -> str:
    """What was noticed on the way to an alignment."""
    title = maps.source(noted.source)["short_title"] if noted.source else ""
    match noted.kind:
        case Noticed.CUT_AT_BREAK:
            return f"{title} is cut at a break: {noted.about}."
        case Noticed.NO_MODES:
            return f"{title} does not tell how each answer came: all of its answers are kept."
        case Noticed.NO_SPLIT:
            return (
                f"{title} cannot be split by {DIMENSIONS[noted.about]}: its figures are those of everybody "
                "who answered."
            )
        case Noticed.NO_STARS:
            return f"{title} gives no stars: its comments count as they were coded."
        case Noticed.DISPUTED_AREAS:
            listed = "; ".join(
                f"{unit} under {parent}, not {joined(others, 'or')}"
                for unit, parent, others in noted.disputed[:MOST_NAMED]
            )
            return (
                f"Files of the same date put {counted(noted.count, 'organisation')} under different areas: "
                f"{listed}{' …' if len(noted.disputed) > MOST_NAMED else '.'} The first code counts, or the "
                "one in a list of organisations; take out the file that is wrong."
            )
    raise ValueError(f"{noted.kind} is no note on an alignment")


def method() -> tuple[str, ...]:
    """How two sources are joined."""
    return methods.method("alignment", most_months=MOST_MONTHS)
