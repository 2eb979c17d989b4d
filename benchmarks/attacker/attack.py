"""The attack as a whole: views played, statements solved, guesses made; and its report."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks.attacker.bayes import SURE, Guess, beside_many_answers, guesses
from benchmarks.attacker.cells import Cell, cells_under_the_floor
from benchmarks.attacker.left_out import LeftOut, left_out
from benchmarks.attacker.noise import Noise
from benchmarks.attacker.organisations import (
    FEW_ANSWERS,
    Reconstructed,
    answers_and_positive,
    by_statements,
)
from benchmarks.attacker.player import Player, View
from benchmarks.attacker.solver import solve, system_of
from benchmarks.attacker.statements import RULES, Shown, Statements
from benchmarks.attacker.system import Bound, Way
from benchmarks.attacker.truth import Truth, truth_of
from benchmarks.attacker.two_worlds import leaks
from benchmarks.attacker.views import LONG, all_views, first_views, pages_of
from pxcore.store import Store

MOST_LISTED = 40
SEVERAL = "one person at several practices"
# routes that were known before there was an attacker: name -> whether a way of having a cell is one of them
KNOWN_ROUTES: dict[str, Callable[[Way], bool]] = {
    "“as reported” beside “as now organised”": lambda way: _only(way, "reported"),
    "months around the fieldwork": lambda way: _only(way, "around"),
    "a window that cuts a quarter": lambda way: (
        _only(way, "first two months") or _only(way, "from the 10th")
    ),
    "who is listed, and who is not": lambda way: _in(way, "listed: "),
    "too few to compare": lambda way: _in(way, "too few to compare"),
    "rows by reason": lambda way: _in(way, "rows by reason"),
    "themes by service or over time": lambda way: _in(way, "themes by", "themes over"),
    "bases and feelings of Themes": lambda way: _in(way, "feelings", "people by", "people over"),
    "coverage counts": lambda way: _in(way, "answers by month"),
    "rows of a file": lambda way: _in(way, "rows of a file"),
    "rows behind a figure": lambda way: _in(way, "rows behind"),
    "searches of comments": lambda way: _in(way, "found by a search"),
    "figures of both sources": lambda way: _in(way, "figure of both sources"),
    "people who wrote": lambda way: _in(way, "people who wrote"),
    "groups of people": lambda way: _in(way, "answers by group", "group_row"),
    "groups of people, the map changed": lambda way: _only(way, "Joined"),
    SEVERAL: lambda way: way.shared,
    "files of a page": lambda way: _in(way, ", as "),
    "workshops, their record, and decisions": lambda way: _in(
        way, "what is frozen", "the record", "the figure afterwards"
    ),
    "Trends": lambda way: _in(way, "over time") and not _in(way, "themes over", "people over"),
}
MOST_SHARE = 0.05  # of figures on enough people that a page may withhold
MOST_NARROW = 0.001  # of cells
MANY = 6  # answers of one person


def _in(way: Way, *tables: str) -> bool:
    """Whether one side is shown in such a table."""
    return any(
        table in route.table for side in (way.whole, way.part) for route in side for table in tables
    )


def _only(way: Way, how: str) -> bool:
    """Whether one side is shown to those alone who look in such a way."""
    return any(side and all(route.way == how for route in side) for side in (way.whole, way.part))


@dataclass
class Attack:
    """What came of it."""

    noise: Noise
    structure_given: bool
    statements: Statements
    cells: list[Cell]
    bounds: list[Bound] = field(default_factory=list)
    guesses: list[Guess] = field(default_factory=list)
    organisations: list[Reconstructed] = field(default_factory=list)
    rates: int = 0  # shares of one organisation that were told
    wrong_rates: int = 0  # and are not those of the counts beside them
    left_out: list[LeftOut] = field(default_factory=list)
    files: int = 0  # written and read
    strangers: list[str] = field(default_factory=list)  # their numbers that their page has not
    columns: int = 0  # of files, looked through in two worlds
    leaks: list[str] = field(default_factory=list)  # of them, those that no noise reaches
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def pinned(self) -> list[Bound]:
        return [one for one in self.bounds if one.pinned]

    @property
    def narrow(self) -> list[Bound]:
        """Of fewer than three of the values 0 to 4, those pinned left out."""
        return [one for one in self.bounds if one.narrow and not one.pinned]

    @property
    def surest(self) -> float:
        """The greatest chance a guess gives to the true value of a cell."""
        return max((one.of_the_truth for one in self.guesses), default=float("nan"))

    @property
    def pages(self) -> dict[str, Shown]:
        return self.statements.pages


def attack(
    store: Store,
    noise: Noise,
    *,
    short: bool = False,
    most: int = 0,
    structure_given: bool = False,
    seconds: float = 600.0,
    keys: int | None = None,
    two_parts: bool = True,
    rule: str = RULES[0],
    lists: bool = True,
    other: Store | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Attack:
    """Play views over a store, and solve for its cells under the floor.

    `seconds` are for the linear programmes of all sources together; none are asked where it is 0. With
    `keys` what views show is replaced by what they would show with record keys made up from that number;
    `rule` and `lists` are as of `Statements`. `other` is the store of another world, see `two_worlds`.
    """
    started = time.monotonic()
    truth = truth_of(store, structure_given=structure_given, two_parts=two_parts)
    player = Player(store, truth, exact=noise.most == 0)
    statements = Statements(truth, noise, keys=keys, rule=rule, lists=lists)
    found = Attack(noise, structure_given, statements, cells_under_the_floor(truth))
    found.seconds["truth"] = time.monotonic() - started
    started = time.monotonic()
    views: list[View] = first_views(player) if short else all_views(player, most or LONG)
    for place in range(0, len(views), 100):
        player.play(views[place : place + 100], statements)
        progress(
            f"{statements.views} of {len(views)} views, {len(statements.by_group):,} statements"
        )
    found.seconds["views"] = time.monotonic() - started
    started = time.monotonic()
    _solve(found, truth, seconds, progress)
    found.seconds["solving"] = time.monotonic() - started
    found.rates, found.wrong_rates = player.rates
    found.files, found.strangers = player.files, player.strangers
    if other is not None and noise.most:
        started = time.monotonic()
        found.columns, found.leaks = leaks(store, other, pages_of(player), progress)
        found.seconds["two worlds"] = time.monotonic() - started
    if not short:
        found.left_out = list(left_out(player, 2 * noise.most))
    return found


def _solve(found: Attack, truth: Truth, seconds: float, progress: Callable[[str], None]) -> None:
    for source, people in truth.people.items():
        own = [cell for cell in found.cells if cell.group.source == source]
        whole = answers_and_positive(people)
        system = system_of(
            truth.might[source], found.statements.of(source), [*own, *whole], found.noise
        )
        progress(f"{source}: {len(system.facts):,} statements of {system.classes:,} classes")
        share = seconds * len(own) / max(1, len(found.cells))
        bounds = solve(system, seconds=share, of_interest=len(own))
        found.bounds += bounds[: len(own)]
        found.organisations += by_statements(bounds[len(own) :])
        if found.noise.most:
            found.guesses += guesses(system, bounds[: len(own)])


# --- Its report ---


def report(found: Attack) -> str:
    """In Markdown: what was played, what was recovered and how, and what is withheld."""
    statements = found.statements
    cells, pinned, narrow = len(found.cells), len(found.pinned), len(found.narrow)
    structure = "given" if found.structure_given else "open"
    lines = [
        f"Views played: {statements.views:,}; numbers read: {statements.readings:,}; groups of people "
        f"stated: {len(statements.by_group):,}. Noise: {found.noise.name}; structure: {structure}.",
        f"Readings the truth contradicts: {sum(statements.wrong.values()):,} (a reader is wrong); not kept, "
        f"for who is counted is not certain: {statements.uncertain:,}.",
        "Seconds: " + ", ".join(f"{name} {took:.0f}" for name, took in found.seconds.items()) + ".",
        "",
        "| | |",
        "| --- | --- |",
        f"| cells under the floor | {cells:,} |",
        f"| recovered exactly | {pinned:,} ({pinned / cells:.1%}) |",
        f"| left with fewer than three of 0–4 | {narrow:,} ({1000 * narrow / cells:.1f} in 1,000) |",
    ]
    if found.guesses:
        above = sum(one.of_the_truth > SURE for one in found.guesses)
        lines += [
            f"| surest guess of the true value | {found.surest:.3f} |",
            f"| guesses surer than {SURE} of the true value | {above:,} |",
        ]
    few = [one for one in found.organisations if one.answers < FEW_ANSWERS]
    lines += [
        f"| organisations and spans reconstructed | {len(found.organisations):,} |",
        f"| of them under {FEW_ANSWERS} answers | {len(few):,} |",
        f"| shares told of one organisation | {found.rates:,} |",
        f"| of them not those of the counts shown | {found.wrong_rates:,} |",
    ]
    lines += [
        f"| files written and read | {found.files:,} |",
        f"| numbers of a file that its page has not | {len(found.strangers):,} |",
        f"| columns of files in two worlds | {found.columns:,} |",
        f"| of them such that no noise reaches | {len(found.leaks):,} |",
    ]
    if found.left_out:
        least = min(found.left_out, key=lambda one: one.left)
        lines += [
            f"| organisations of which all others were given | {len(found.left_out):,} |",
            f"| pairs of positive and answers left open by a correlation, at least | {least.left:,} of "
            f"{least.able:,}: {least.said} |",
        ]
    lines += ["", "| wanted | |", "| --- | --- |"]
    lines += [f"| {name} | {'yes' if met else 'no'} |" for name, met in acceptance(found).items()]
    lines += _by("source", found, lambda one: one.cell.group.source)
    lines += _by("kind of cell", found, lambda one: one.cell.kind)
    lines += _table(
        "Known routes (a cell may be had by several)",
        {
            name: sum(any(map(test, one.ways)) for one in found.pinned)
            for name, test in KNOWN_ROUTES.items()
        },
        keep_none=True,
    )
    of_several = sum(one.cell.of_several for one in found.bounds)
    shared = [one for one in found.bounds if one.shared]
    lines += [
        "",
        f"By {SEVERAL}: {of_several:,} cells are of people by how many organisations they wrote of; of all "
        f"cells {sum(one.pinned for one in shared):,} recovered and {len(shared):,} narrowed, "
        f"{sum(one.narrow for one in shared):,} to fewer than three values.",
    ]
    lines += _table("Recovered by way", Counter(one.route for one in found.pinned))
    lines += ["", "Figures withheld of those on enough people:", "", "| page | figures | withheld |",
              "| --- | --- | --- |"]  # fmt: skip
    lines += [
        f"| {page} | {shown.legitimate:,} | {shown.share:.1%} |"
        for page, shown in sorted(found.pages.items())
    ]
    if pinned:
        lines += ["", "Recovered exactly:", ""]
        lines += [_listed(one) for one in found.pinned[:MOST_LISTED]]
    if narrow:
        lines += ["", "Left with fewer than three values:", ""]
        lines += [_listed(one) for one in found.narrow[:MOST_LISTED]]
    sure = sorted(found.guesses, key=lambda one: -one.of_the_truth)
    sure = [one for one in sure if one.of_the_truth > SURE]
    if sure:
        lines += ["", f"Guesses surer than {SURE} of the true value:", ""]
        lines += [
            f"- {_cell_said(one.cell)}: {one.of_the_truth:.2f} for {one.cell.people}, from {one.pairs} "
            "pairs of groups"
            for one in sure[:MOST_LISTED]
        ]
    lines += [f"\nOnly in a file: {stranger}" for stranger in found.strangers[:MOST_LISTED]]
    lines += [f"\nNo noise reaches: {column}" for column in found.leaks[:MOST_LISTED]]
    for (page, table), first in statements.first_wrong.items():
        lines += ["", f"Wrong reading of {page}, {table}: {first}"]
    return "\n".join(lines)


def acceptance(found: Attack) -> dict[str, bool]:
    """What the design has to meet -> whether it does."""
    most = max((shown.share for shown in found.pages.values()), default=0.0)
    return {
        "no reading that the truth contradicts": not found.statements.wrong,
        "no cell recovered exactly": not found.pinned,
        "at most 1 in 1,000 cells with fewer than three of 0–4": len(found.narrow)
        <= MOST_NARROW * len(found.cells),
        f"no guess of the true value surer than {SURE}": not any(
            one.of_the_truth > SURE for one in found.guesses
        ),
        f"at most {MOST_SHARE:.0%} of figures on enough people withheld": most <= MOST_SHARE,
        f"no organisation under {FEW_ANSWERS} answers reconstructed": not any(
            one.answers < FEW_ANSWERS for one in found.organisations
        ),
        "no share but of the counts shown": found.wrong_rates == 0,
        "no file with a number that its page has not": not found.strangers,
        "no column of a file that no noise reaches": not found.leaks,
        f"one person with up to {MANY} answers unsure of those beside them": all(
            beside_many_answers(found.noise, answers) <= SURE for answers in range(2, MANY + 1)
        ),
    }


def _by(name: str, found: Attack, key: Callable[[Bound], str]) -> list[str]:
    cells = Counter(map(key, found.bounds))
    pinned, narrow = Counter(map(key, found.pinned)), Counter(map(key, found.narrow))
    lines = [
        "",
        f"| {name} | cells | recovered | fewer than three values |",
        "| --- | --- | --- | --- |",
    ]
    return lines + [
        f"| {one} | {count:,} | {pinned[one]:,} | {narrow[one]:,} |"
        for one, count in sorted(cells.items(), key=lambda item: -pinned[item[0]])
    ]


def _table(title: str, counts: dict[str, int], *, keep_none: bool = False) -> list[str]:
    rows = sorted(counts.items(), key=lambda item: -item[1])
    rows = rows if keep_none else rows[:MOST_LISTED]
    return ["", f"| {title} | cells |", "| --- | --- |"] + [
        f"| {name} | {count:,} |" for name, count in rows
    ]


def _cell_said(cell: Cell) -> str:
    named = "; ".join(
        f"{condition.column} {'' if condition.inside else 'not '}"
        f"{', '.join(sorted(map(str, condition.values))[:3])}"
        for part in cell.group.parts
        for condition in part
    )
    return f"{cell.group.source}, {cell.kind} ({named})"


def _listed(one: Bound) -> str:
    return f"- {_cell_said(one.cell)}: {one.low:.0f} to {one.high:.0f}, by {one.route}"
