"""What is checked in a table of Friends and Family Test responses, row by row and against totals.

Errors are figures that cannot be (negative, over 100 %, text); warnings are figures that can be
loaded and should be known about. Published totals are compared with the rows, never loaded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set

import numpy as np
import pandas as pd

from pxcore.frames import ANSWERS
from pxcore.ingest import cells
from pxcore.ingest.columns import half_a_unit
from pxcore.ingest.fft_tables import LEVELS, Figure, Flags, Numbers, Rows, Table
from pxcore.ingest.source import Findings, counted
from pxcore.ingest.table import note_marks
from pxcore.model import Grain

Report = Callable[[str, str, str], None]

_SAVE_WITH_VALUES = (
    "Open the workbook in a spreadsheet program, let it calculate, save it and load it again."
)
_NOT_A_NUMBER = f"Put the number there, or a sign for one not shown: {cells.SIGNS_READ}."
_NOT_WHOLE = "A count of responses is whole: check that the column is not a percentage."
_OUTSIDE = "A percentage lies between 0 and 100: correct it."


def _each(
    table: Table,
    rows: Rows,
    wrong: Flags,
    figure: str,
    report: Report,
    fix: str,
    say: Callable[[int], str],
) -> None:
    """Report every row where `wrong` holds, with its cell."""
    for at in map(int, np.flatnonzero(wrong)):
        report(f"{_row_name(table, rows, at)}: {say(at)}", _place(table, rows, at, figure), fix)


def _place(table: Table, rows: Rows, at: int, figure: str) -> str:
    return table.place(int(rows.lines[at]), figure)


def _row_name(table: Table, rows: Rows, at: int) -> str:
    name = {grain: column for grain, _, column in LEVELS}[table.grain]
    parts = (str(rows.texts[column][at]) for column in (table.code, name))
    return " ".join(part for part in parts if part)


# --- Figure by figure --------------------------------------------------------------------------


def check_figures(table: Table, rows: Rows, findings: Findings) -> None:
    """Text where a number is due, and counts that are negative or not whole."""
    for figure, column in rows.figures.items():
        _check_text(table, rows, figure, column.bad, findings)
        note_marks(column.mark, table.title(figure), findings)
        if not figure.startswith("percent"):
            _check_count(table, rows, figure, column.number, findings)


def _check_text(table: Table, rows: Rows, figure: str, bad: Flags, findings: Findings) -> None:
    def say(at: int) -> str:
        row = table.sheet.rows[int(rows.lines[at])]
        cell = cells.text(row[table.column(figure)])
        return f"‘{cell}’ stands where ‘{table.title(figure)}’ should be a number."

    _each(table, rows, bad, figure, findings.error, _NOT_A_NUMBER, say)


def _check_count(
    table: Table, rows: Rows, figure: str, number: Numbers, findings: Findings
) -> None:
    for wrong, problem, fix in (
        (number < 0, "is negative", "A count cannot be below 0: correct it."),
        ((number >= 0) & (number != np.floor(number)), "is not a whole number", _NOT_WHOLE),
    ):
        words = f"‘{table.title(figure)}’ ({{:g}}) {problem}."
        _each(table, rows, wrong, figure, findings.error, fix, _filled(words, number))


def _filled(words: str, *numbers: Numbers) -> Callable[[int], str]:
    """Words with the row's own numbers in them."""
    return lambda at: words.format(*(float(number[at]) for number in numbers))


def check_blanks(table: Table, rows: Rows, findings: Findings) -> Flags:
    """Blanks where a filled row must have a figure: formulas saved without their values."""
    uncached = np.zeros(len(rows), dtype=bool)
    if table.grain is Grain.PRACTICE:  # there a blank is withheld or no return
        return uncached
    nothing = np.logical_and.reduce([figure.blank for figure in rows.figures.values()])
    if nothing.all():
        findings.error(
            f"All {len(rows):,} rows of {table.name} name an organisation and hold no figure: "
            "the workbook was probably saved without the results of its formulas.",
            _place(table, rows, 0, "respondents"),
            _SAVE_WITH_VALUES,
        )
        return uncached
    # Beside a withheld total, or no responses at all, a blank is as good as a sign.
    with_responses = rows.number("respondents") > 0
    for name in ("respondents", "percent_positive", *table.answers):
        if name not in rows.figures:
            continue
        wrong = rows.figures[name].blank & (~nothing if name == "respondents" else with_responses)
        uncached |= wrong
        words = (
            f"‘{table.title(name)}’ is blank although the row is filled: perhaps a formula saved "
            "without its result."
        )
        _each(table, rows, wrong, name, findings.error, _SAVE_WITH_VALUES, _filled(words))
    return uncached


# --- Figures against each other ----------------------------------------------------------------


def share(part: Numbers, whole: Numbers) -> Numbers:
    """The part of the whole; not a number where the whole is 0 or not shown."""
    shares = np.full(len(part), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def published(
    table: Table, rows: Rows, positive: Numbers, respondents: Numbers, findings: Findings
) -> Numbers:
    """The published percentages as proportions, checked against 0–100 % and against the counts."""
    if "percent_positive" not in rows.figures:
        return np.full(len(rows), np.nan)
    from_counts = share(positive, respondents)
    scale = _percentage_scale(rows.figures["percent_positive"], from_counts)
    for name in ("percent_positive", "percent_negative"):
        printed = rows.number(name) / scale
        outside = (printed < 0) | (printed > 1 + 1e-9)
        say = _filled(f"‘{table.title(name)}’ is {{:g}} %.", 100 * printed)
        _each(table, rows, outside, name, findings.error, _OUTSIDE, say)
    value = rows.number("percent_positive") / scale
    rounding = half_a_unit(value)
    from_printed = share(positive, rows.number("respondents"))
    differs = np.abs(value - from_counts) > rounding
    differs &= ~(np.abs(value - from_printed) <= rounding)
    _each(
        table,
        rows,
        differs & (value >= 0) & (value <= 1),
        "percent_positive",
        findings.warning,
        "The published percentage is used; check the row against the publication.",
        _filled(
            "the percentage printed ({:.4g} %) is not the one its counts give ({:.4g} %).",
            100 * value,
            100 * from_counts,
        ),
    )
    return value


def _percentage_scale(column: Figure, from_counts: Numbers) -> float:
    """100 for percentages, 1 for proportions: by the counts where given, else by the values."""
    number, signed = column.number, bool(column.percent.any())
    compared = ~np.isnan(number) & ~np.isnan(from_counts) & (number > 0)
    if compared.any() and not signed:
        off = np.median(np.abs(number - from_counts)[compared])
        off_by_100 = np.median(np.abs(number / 100 - from_counts)[compared])
        return 1.0 if off <= off_by_100 else 100.0
    present = number[~np.isnan(number)]
    # One stray value above 1 (a fault, reported as one) must not turn a column of proportions.
    if len(present) >= 10 and not signed and float((present <= 1).mean()) >= 0.9:
        return 1.0
    _, read_as = cells.proportions(pd.Series(number), pd.Series(column.percent))
    return 1.0 if read_as == "proportion" else 100.0


def check_sums(
    table: Table, rows: Rows, summed: Numbers, positive: Numbers, findings: Findings
) -> None:
    """The answers against Total Responses, and Total Responses against Total Eligible."""
    printed = rows.number("respondents")
    over = positive > printed
    _each(
        table,
        rows,
        over,
        "respondents",
        findings.error,
        "There cannot be more positive answers than responses: correct the row.",
        _filled("{:,.0f} positive answers of {:,.0f} responses.", positive, printed),
    )
    _each(
        table,
        rows,
        ~np.isnan(summed) & ~np.isnan(printed) & (summed != printed) & ~over,
        "respondents",
        findings.warning,
        "The sum of the answers is used as the number of respondents.",
        _filled(
            f"the answers sum to {{:,.0f}}, ‘{table.title('respondents')}’ says {{:,.0f}}.",
            summed,
            printed,
        ),
    )
    if "eligible" in rows.figures:
        eligible = rows.number("eligible")
        _each(
            table,
            rows,
            eligible < printed,
            "eligible",
            findings.warning,
            "The response rate would be over 100 %; do not rely on it.",
            _filled("{:,.0f} responses of {:,.0f} people eligible.", printed, eligible),
        )


def check_modes(table: Table, rows: Rows, findings: Findings) -> None:
    """The collection modes against Total Responses: reported once a table."""
    if not table.modes:
        return
    printed = rows.number("respondents")
    summed = np.sum([rows.number(mode) for mode in table.modes], axis=0)
    unequal = ~np.isnan(summed) & ~np.isnan(printed) & (summed != printed)
    if unequal.any():
        first = int(np.flatnonzero(unequal)[0])
        findings.warning(
            f"{counted(int(unequal.sum()), 'row')} of {table.name}: the collection modes do not "
            f"add up to ‘{table.title('respondents')}’ (first {_row_name(table, rows, first)}: "
            f"{summed[first]:,.0f} and {printed[first]:,.0f}).",
            _place(table, rows, first, table.modes[0]),
            "The modes are kept as printed.",
        )


# --- Against the published totals --------------------------------------------------------------


def independent(rows: Rows) -> Flags:
    """Rows of independent sector providers: an ICB code of IS…, or the words in a name."""
    apart = np.zeros(len(rows), dtype=bool)
    for name, pattern in (
        ("icb_code", r"IS\d*$"),
        *((name, r"(?i)independent sector") for name in ("icb_name", "region_name", "org_name")),
    ):
        says = {label for label in set(rows.texts[name]) if re.match(pattern, label)}
        if says:
            apart |= np.array([label in says for label in rows.texts[name]], dtype=bool)
    return apart


def reconcile(table: Table, rows: Rows, unique: Flags, findings: Findings) -> None:
    """The rows summed against each published total; the gap is reported where nothing explains it."""
    name = table.short_name
    if not rows.totals:
        findings.note(f"{name}: no published total to reconcile {int(unique.sum()):,} rows with.")
    apart = independent(rows)
    for sort, total in rows.totals.items():
        label = rows.labels[sort]
        if np.isnan(total["respondents"]):
            findings.note(f"{name}: the published total ‘{label}’ is blank: not reconciled.")
        elif sort == "including":
            _reconcile_total(table, rows, unique, total, label, "", findings)
        elif apart.any() or total["respondents"] == rows.totals.get("including", {}).get(
            "respondents"
        ):
            kind = " without the independent sector"
            _reconcile_total(table, rows, unique & ~apart, total, label, kind, findings)
        else:
            findings.note(
                f"{name}: independent sector providers cannot be told apart, so the total without "
                "them was not checked."
            )


def _reconcile_total(
    table: Table,
    rows: Rows,
    chosen: Flags,
    total: Mapping[str, float],
    label: str,
    kind: str,
    findings: Findings,
) -> None:
    stars = rows.starred(["respondents"]) & chosen
    unexplained: list[str] = []
    held_back = 0.0  # responses in the withheld rows
    for figure in ("respondents", *ANSWERS, "eligible"):
        if np.isnan(total.get(figure, np.nan)):
            continue
        summed = float(np.nansum(rows.number(figure)[chosen]))
        gap = total[figure] - summed
        if gap == 0 or 0 < gap <= _most_withheld(rows, chosen, stars, figure, held_back):
            held_back = gap if figure == "respondents" else held_back
            continue
        unexplained.append(
            f"{table.title(figure)} {summed:,.0f} in the rows, {total[figure]:,.0f} published, "
            f"difference {gap:+,.0f}"
        )
    if unexplained:
        findings.warning(
            f"{table.short_name}: the rows do not add up to the published total ‘{label}’: "
            f"{'; '.join(unexplained)}.",
            table.sheet.place(),
            "The rows are used, not the total. Check whether rows were deleted or filtered out.",
        )
        return
    withheld = counted(int(stars.sum()), "withheld row")
    hold = "holds" if stars.sum() == 1 else "hold"
    findings.note(
        f"{table.short_name}: {counted(int(chosen.sum()), 'row')} sum to the published total{kind} "
        f"of {total['respondents']:,.0f} responses"
        + (f" ({withheld} {hold} the other {held_back:,.0f})." if held_back else ".")
    )


def _most_withheld(rows: Rows, chosen: Flags, stars: Flags, figure: str, held_back: float) -> float:
    """The most of a figure that the rows not shown can hold."""
    hidden = np.isnan(rows.number(figure)) & chosen
    if not hidden.any():
        return 0.0
    if figure == "eligible":
        return float("inf")
    if figure == "respondents":  # no more than the people eligible there, where that is printed
        eligible = rows.number("eligible")[hidden]
        return float("inf") if np.isnan(eligible).any() else float(eligible.sum())
    # An answer: no more than the responses held back, and those of rows that hide the answer only.
    return held_back + float(np.nansum(rows.number("respondents")[hidden & ~stars]))


def note_children(rows: pd.DataFrame, present: Set[Grain], findings: Findings) -> None:
    """How many trusts equal the sum of their sites, and sites of their wards: noted, not judged.

    `present` are the levels of the rows.
    """
    for child, parent, nouns in (
        (Grain.SITE, Grain.TRUST, ("sites", "trusts")),
        (Grain.WARD, Grain.SITE, ("wards", "sites")),
    ):
        if not {child, parent} <= present:
            continue
        for measure, part in rows[rows["group_dimension"] == ""].groupby("measure", sort=False):
            children = part[part["grain"] == child.value]
            parents = part[part["grain"] == parent.value].set_index("provider")["respondents"]
            if children.empty or parents.empty:
                continue
            by_parent = children.groupby("parent")["respondents"]
            summed = by_parent.sum().where(by_parent.count() == by_parent.size())
            both = pd.concat({"children": summed, "parent": parents}, axis=1).dropna()
            equal = int((both["children"] == both["parent"]).sum())
            of = "" if measure == "overall" else f" ({str(measure).replace('_', ' ')})"
            findings.note(
                f"The {nouns[0]}{of} sum to the {nouns[1][:-1]}’s own responses for {equal:,} of the "
                f"{len(both):,} {nouns[1]} where none is withheld."
            )
