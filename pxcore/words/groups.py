"""Does it hold for everyone? Two sources by the groups of a dimension, in words and tables."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pxcore.analysis.joining.bands import EVERYBODY, NOT_TOLD
from pxcore.analysis.joining.periods import Side
from pxcore.analysis.joining.selection import DIMENSIONS
from pxcore.analysis.pairs.agreement import SEED
from pxcore.analysis.pairs.group_report import (
    BEYOND_CHANCE,
    ORGANISATIONS,
    SIDES,
    TOTALS,
    GroupsReport,
    Note,
    NoteKind,
    Obstacle,
)
from pxcore.analysis.rows import each
from pxcore.disclosure import largest_noise
from pxcore.model import GRAIN_TITLES, Withheld
from pxcore.stats.case_mix import CaseMix, Difference, MantelHaenszel, Reversal
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.groups import FEWEST_ORGANISATIONS
from pxcore.words import bands, methods, refusals, verdicts
from pxcore.words.certainty import in_100
from pxcore.words.columns import Column
from pxcore.words.counts import fewer_than
from pxcore.words.english import (
    capital,
    counted,
    fixed,
    joined,
    signed,
    uncapital,
)

MOST_NAMED = 3
# How the groups of a dimension are called, all and one by one.
ALL: Mapping[str, tuple[str, str]] = {
    "age": ("age groups", "every age group"),
    "sex": ("the sexes", "each sex"),
    "ethnicity": ("ethnic groups", "every ethnic group"),
    "deprivation": ("fifths of deprivation", "every fifth of deprivation"),
    "long_term_condition": (
        "people with and without a long-term condition",
        "both those with and without a long-term condition",
    ),
    "disability": (
        "people with and without a disability",
        "both those with and without a disability",
    ),
    "carer": ("carers and others", "both carers and others"),
    ORGANISATIONS: ("fifths", "every fifth"),
}
# A band inside a sentence, where its name alone does not read as people.
PEOPLE: Mapping[str, str] = {
    "Long-term condition": "those with a long-term condition",
    "No long-term condition": "those without a long-term condition",
    "Disability": "those with a disability",
    "No disability": "those without a disability",
    "Carer": "carers",
    "Not a carer": "those who are not carers",
}


def title(report: GroupsReport) -> str:
    """What the groups are: “age”, “how deprived their patients are”."""
    return DIMENSIONS.get(report.group_by, "how deprived their patients are")


def organisations(report: GroupsReport) -> Column:
    """How many organisations, under what they are."""
    title = GRAIN_TITLES[report.alignment.grain][1].capitalize()
    return Column.of("organisations", title=title, width="small")


def _groups(report: GroupsReport) -> str:
    return ALL[report.group_by][0]


def _pair(report: GroupsReport) -> str:
    return f"{report.left.short_title} and {report.right.short_title}"


def less(report: GroupsReport) -> str:
    return f"{report.left.short_title} less {report.right.short_title}"


def _who(report: GroupsReport, band: str) -> str:
    """A group inside a sentence."""
    if band in PEOPLE:
        return PEOPLE[band]
    if report.group_by == "deprivation":
        return f"fifth {band}"
    if report.group_by == "age" and band[:1].isdigit():
        return f"people of {band}"
    return band if report.of_people else uncapital(band)


# --- The answer ---


def summary(report: GroupsReport) -> str:
    """The one plain sentence."""
    if report.status == "refused":
        return refusals.sentences(report.refusals)
    if report.status == "cannot_split":
        return reason(report)
    answer = _simpson(report) or _gap(report)
    if not report.of_people:
        many = GRAIN_TITLES[report.alignment.grain][1]
        return f"{capital(many)} by {title(report)}: {answer}{verdicts.marked(report)}."
    return f"{answer[:1].upper()}{answer[1:]}{verdicts.marked(report)}."


def reason(report: GroupsReport) -> str:
    """Why there is no answer, with what can be done about it; "" where there is one."""
    if report.status == "refused":
        return " ".join(map(str, report.refusals))
    if report.status == "ok":
        return ""
    if not report.group_by:
        return (
            f"Neither {report.left.short_title} nor {report.right.short_title} records who answered: they "
            "cannot be split by any group."
        )
    if not report.obstacles:
        noun = GRAIN_TITLES[report.alignment.grain][0]
        return f"No {noun} has enough answers to compare {_pair(report)} by {title(report)}."
    obstacles = joined([_obstacle(report, *obstacle) for obstacle in report.obstacles])
    return f"{_pair(report)} cannot be compared by {title(report)}: {obstacles}."


def _obstacle(report: GroupsReport, side: Side, obstacle: Obstacle) -> str:
    if obstacle is Obstacle.NOT_RECORDED:
        return f"{side.short_title} does not record {title(report)}"
    return f"{side.short_title} gives no percentages of people"


def _simpson(report: GroupsReport) -> str:
    """A gap that turns round, in plain words; only where both the crude gap and the adjusted one are
    beyond chance."""
    assert report.gaps is not None
    mix = report.gaps.mix
    if mix is None or not mix.confirmed or mix.reversal is Reversal.NONE:
        return ""
    higher, _ = report.ordered(mix.crude.value)
    where = (
        f"with the same mix of people in both it is {points(mix.standardised.value)} lower"
        if mix.standardised.value * mix.crude.value < 0
        else "comparing people of the same group it is lower"
    )
    if mix.reversal is Reversal.FULL:
        where += f", and it points that way within {ALL[report.group_by][1]}"
    return (
        f"Taken together {higher.short_title} is {points(mix.crude.value)} higher; {where}: the two "
        f"sources heard different people, by {title(report)}"
    )


def _gap(report: GroupsReport) -> str:
    """The gap taken together, and whether it differs between groups."""
    assert report.gaps is not None
    rows = report.gaps.rows
    if rows.empty:
        notes = report.gaps.notes
        why = uncapital(_note(report, notes[0])) if notes else "too few answers"
        return f"{_pair(report)} cannot be compared by {title(report)}: {why}"
    first, of_bands = rows.iloc[0], rows[~rows["what"].isin(TOTALS)]
    sign = 1 if first["gap"] >= 0 else -1
    higher, lower = report.ordered(first["gap"])
    text = (
        f"{higher.short_title} stands {points(first['gap'])} above {lower.short_title} "
        f"({_range(first['low'], first['high'], sign)})"
    )
    if report.gap_differs is None or len(of_bands) < 2:
        return f"{text}. Whether that gap differs between {_groups(report)} cannot be told"
    if not report.gap_differs:
        least, most = sorted((of_bands["gap"] * sign).agg(["min", "max"]) * 100)
        yes = "yes, as far as these answers tell"
        if least < 0:
            same = f"The gap does not differ between {_groups(report)} beyond chance"
            return f"{yes}. {same}. {text} in all of them together"
        return (
            f"{yes}. {higher.short_title} stands {fixed(least)} to {fixed(most)} points above "
            f"{lower.short_title} in {ALL[report.group_by][1]}, no further apart than chance makes them"
        )
    toward = (of_bands["gap"] * sign).sort_values(kind="stable").index
    widest, narrowest = (
        f"{_named_gap(of_bands.loc[place], sign)} for {_who(report, of_bands.loc[place, 'what'])}"
        for place in (toward[-1], toward[0])
    )
    return f"{text}, and the gap differs between {_groups(report)}: {widest}, {narrowest}"


def _named_gap(row: pd.Series, sign: int) -> str:
    other_way = row["gap"] * sign * 100 <= -0.5  # as it is printed
    return f"{points(row['gap'])}{' the other way' if other_way else ''}"


def limits(report: GroupsReport) -> str:
    """What limits the answer."""
    if report.status != "ok":
        return ""
    if not report.of_people:
        return (
            "These are groups of organisations, not of people: what holds for practices with more "
            "deprived patients need not hold for deprived patients."
        )
    noun, nouns = GRAIN_TITLES[report.alignment.grain]
    count = report.organisations
    where = f"one {noun}" if count == 1 else f"{count:,} {nouns}"
    return (
        f"Of those whose {title(report)} is known, at the {where} both sources speak of. The others may "
        "differ."
    )


def figures(report: GroupsReport) -> list[tuple[str, str, str]]:
    """Label, value and what it rests on."""
    if report.gaps is None or report.gaps.rows.empty:
        return []
    totals = report.gaps.rows[report.gaps.rows["what"].isin(TOTALS)].head(2)
    shown = [
        (
            row.what,
            f"{signed(row.gap * 100)} points",
            f"{less(report)}; 95 % range {signed_range(row.low, row.high)}",
        )
        for row in each(totals)
    ]
    if report.gap_p is not None:
        uneven = f"a spread as large comes by chance {in_100(report.gap_p)}"
        shown.append(
            (
                f"Does the gap differ between {_groups(report)}?",
                "yes" if report.gap_differs else "no sign of it",
                f"{uneven}; by odds" if report.of_people else f"{uneven}; of average practices",
            )
        )
    differ, tested = len(report.agreement_differs), len(report.agreement_tested)
    shown.append(
        (
            "Does agreement differ?",
            "cannot be told" if not tested else "yes" if differ else "no sign of it",
            f"{differ} of {counted(tested, 'comparison')} of two groups"
            if differ
            else agreement(report),
        )
    )
    return shown


# --- Agreement by group ---


def agreement(report: GroupsReport) -> str:
    """Whether the two sources rank organisations more alike for one group than for another."""
    nouns = GRAIN_TITLES[report.alignment.grain][1]
    if report.compared.empty:
        return f"it takes {MINIMUM_PAIRS} {nouns} with enough answers of two groups"
    tested = len(report.agreement_tested)
    if not tested:
        return (
            "no two groups have an underlying agreement to compare, and raw figures are lower where "
            "answers are fewer"
        )
    apart = report.agreement_differs.sort_values("q_value", kind="stable")
    if apart.empty:
        return (
            f"{counted(tested, 'comparison')} of two groups, {'not' if tested == 1 else 'none'} beyond "
            "chance; that does not show they are the same"
        )
    parts = []
    for row in each(apart.head(MOST_NAMED)):
        more, less = row.first, row.second
        if row.difference <= 0:
            more, less = less, more
        parts.append(f"more alike for {_who(report, more)} than for {_who(report, less)}")
    return f"{'; '.join(parts)}, numbers of answers allowed for"


def rankings(report: GroupsReport) -> str:
    """Whether the two rank organisations alike for every group, in a sentence or two."""
    noun, nouns = GRAIN_TITLES[report.alignment.grain]
    untold = f"hether agreement differs between {_groups(report)} cannot be told"
    known = report.rankings["raw"].notna()
    if not known.any():
        most = int(report.rankings["organisations"].max())
        enough = f"one {noun} has" if most == 1 else f"{most} {nouns} have"
        why = (
            f"at most {enough} enough answers of one group in both, and it takes {MINIMUM_PAIRS} to print "
            "a correlation"
            if most < MINIMUM_PAIRS
            else f"in no group can {nouns} be ranked in both"
        )
        return f"Not enough evidence: {why}. W{untold}."
    text = f"{capital(agreement(report))}."
    if len(report.compared) and report.agreement_tested.empty:
        text = f"W{untold}: {agreement(report)}."
    few = report.rankings.loc[~known, "band"].tolist()
    return f"{text} Not enough evidence for {joined(few)}." if few else text


# --- What to notice ---


def findings(report: GroupsReport) -> list[str]:
    """Up to four short things to notice."""
    sentences = []
    gaps = report.gaps
    if gaps is not None and gaps.mix is not None:
        sentences.append(mix(report, gaps.mix))
    if gaps is not None and gaps.averages is not None and len(gaps.rows):
        sentences.append(
            "Each fifth is shown by its average practice: every practice counts alike, however many "
            "answers it has."
        )
        if len(report.agreement_differs):
            sentences.append(
                f"The two sources rank practices {agreement(report)}. How far practices differ from one "
                "another may differ between fifths too: a prompt to look."
            )
    sentences += _apart(report)
    if gaps is not None and gaps.within is not None:
        sentences.append(_within(report, gaps.within))
    sentences += _not_known(report)
    return sentences[:4]


def mix(report: GroupsReport, mix: CaseMix) -> str:
    """What the mix of people explains of the gap: never a reversal unless both gaps are beyond chance."""
    crude, same = mix.crude, mix.standardised
    higher, _ = report.ordered(crude.value)
    sign = 1 if crude.value >= 0 else -1
    adjusted = f"{fixed(same.value * sign * 100)} with the same mix of people in both"
    if mix.confirmed:
        return (
            f"Taken together {higher.short_title} is {points(crude.value)} higher ({_of(crude, sign)}); "
            f"with the same mix of people in both it is {fixed(same.value * sign * 100)} "
            f"({_of(same, sign)}). Read the groups, not the total."
        )
    if crude.interval.low <= 0 <= crude.interval.high:
        return (
            f"Taken together the two do not differ beyond chance ({_with_range(crude)}); with the same mix "
            f"of people in both the gap is {signed(same.value * 100)} "
            f"({signed_range(same.interval.low, same.interval.high)})."
        )
    share = "most" if mix.explained else "little"
    return (
        f"Who was heard explains {share} of the gap: {points(crude.value)} taken together, {adjusted} "
        f"({_of(same, sign)})."
    )


def _within(report: GroupsReport, within: MantelHaenszel) -> str:
    noun = GRAIN_TITLES[report.alignment.grain][0]
    if within.interval is None:
        return (
            f"Within one group at one {noun} the odds cannot be compared: one of the two sources has only "
            "good, or no good, answers there."
        )
    return (
        f"Comparing people of the same group at the same {noun}, the odds of a good answer in "
        f"{report.left.short_title} are {within.ratio:.1f} times those in {report.right.short_title} "
        f"({within.interval.low:.1f} to {within.interval.high:.1f})."
    )


def _apart(report: GroupsReport) -> list[str]:
    """Groups that answer differently from everybody else in one source."""
    sentences = []
    for which, side in zip(SIDES, (report.left, report.right), strict=True):
        cells = report.cells[report.cells["side"] == which]
        rows = cells[cells["q_value"] < BEYOND_CHANCE]
        rows = rows.reindex(rows["difference"].abs().sort_values(ascending=False).index)
        # of two groups each is the other turned round
        most = 1 if cells["q_value"].notna().sum() == 2 else MOST_NAMED
        apart = [
            f"{_who(report, row.band)}, {points(row.difference)} "
            f"{'above' if row.difference > 0 else 'below'}"
            for row in each(rows.head(most))
        ]
        if apart:
            sentences.append(
                f"{side.short_title}, each against everybody else in it: {'; '.join(apart)}."
            )
    return sentences


def _not_known(report: GroupsReport) -> list[str]:
    """Of how many it is not known to which group they belong."""
    sentences = []
    cells = report.cells.set_index(["side", "band"])["respondents"]
    for row in each(report.cells[report.cells["band"] == NOT_TOLD]):
        everybody = cells.get((row.side, EVERYBODY), 0.0)
        if row.respondents > 0 and everybody > 0:
            sentences.append(
                f"{row.source}: the {title(report)} of {row.respondents / everybody:.0%} is not known, not "
                f"told or not asked ({row.respondents:,.0f} answers)."
            )
    return sentences


# --- Notes ---


def notes(report: GroupsReport) -> list[str]:
    """What was assumed, joined or left out."""
    sentences = verdicts.notes(report)
    if report.gaps is not None:
        sentences += [f"{_note(report, note)}." for note in report.gaps.notes]
    few = report.cells[
        (report.cells["withheld"] == Withheld.FLOOR.value) & (report.cells["band"] != NOT_TOLD)
    ]
    for which, side in zip(SIDES, (report.left, report.right), strict=True):
        few_of = few.loc[few["side"] == which, "band"].tolist()
        if few_of:
            sentences.append(
                f"{side.short_title}: {under_floor(report)} people of {joined(few_of)} answered."
            )
    if report.unplaced:
        quoted = joined([f"‘{word}’" for word in report.unplaced])
        sentences.append(
            f"In words of a source's own, each a group by itself: {quoted}. Say below which group they "
            "count in."
        )
    sentences += [f"{bands.change(change)}." for change in report.changes]
    return list(dict.fromkeys(sentences))


def _note(report: GroupsReport, note: Note) -> str:
    """What was joined, left out or could not be done, without its full stop."""
    groups = joined(note.groups)
    match note.kind:
        case NoteKind.ALONE:
            return f"{groups}: recorded by one of the two sources alone, and left out of the comparison"
        case NoteKind.FEW:
            return (
                f"{groups}: {under_floor(report)} answers in one of the two sources, and left out of the "
                "comparison"
            )
        case NoteKind.ONE_GROUP:
            return "Fewer than two groups can be shown in both sources"
        case NoteKind.JOINED:
            merged = "; ".join(joined(groups) for groups in note.joined)
            return (
                "Joined for the same mix of people, because one source has fewer than 5 independent "
                f"answers: {merged}"
            )
        case NoteKind.NO_ODDS:
            return f"{groups}: everybody, or nobody, is positive, so that odds say nothing"
        case NoteKind.REGISTERED_OTHERWISE:
            return (
                f"Lists of registered patients hold {title(report)} groups that are not compared "
                f"({groups}): the gap is not shown as they would give it"
            )
        case NoteKind.NOT_REGISTERED:
            practices = counted(note.count, "practice is", "practices are")
            return f"{practices} in no list of registered patients, and left out here"
        case NoteKind.FEW_ORGANISATIONS:
            return f"{groups}: fewer than {FEWEST_ORGANISATIONS} practices, too few for an average"
        case NoteKind.NO_PERCENTAGES:
            return "One of the two gives no percentages, so that no gap has a size"
        case NoteKind.PROBLEM:
            assert note.problem is not None
            return note.problem.what.removesuffix(".")


def under_floor(report: GroupsReport) -> str:
    return fewer_than(report.alignment.pairing.disclosure)


def method(report: GroupsReport) -> tuple[str, ...]:
    return methods.method(
        "groups", fewest=MINIMUM_PAIRS, seed=SEED, small_numbers=_small_numbers(report)
    )


def _small_numbers(report: GroupsReport) -> str:
    disclosure = report.alignment.pairing.disclosure
    if disclosure.exact:
        return "exact figures are shown, as asked for on this computer."
    if not report.alignment.confidential:
        return "both sources are published, and their figures are shown as they were printed."
    (text,) = methods.method(
        "small_numbers", noise=largest_noise(), floor=disclosure.floor, few=under_floor(report)
    )
    return text


# --- Points ---


def points(gap: float) -> str:
    """The size of a gap in percentage points: whole ones."""
    size = fixed(abs(gap) * 100)
    return "under 1 point" if size == "0" else f"{size} point{'' if size == '1' else 's'}"


def signed_range(low: float, high: float) -> str:
    return f"{signed(low * 100)} to {signed(high * 100)}"


def _range(low: float, high: float, sign: int) -> str:
    """A range in percentage points, counted in the direction of the source that stands higher."""
    ends = sorted((low * sign, high * sign))
    return f"{fixed(ends[0] * 100)} to {fixed(ends[1] * 100)}"


def _of(gap: Difference, sign: int) -> str:
    return _range(gap.interval.low, gap.interval.high, sign)


def _with_range(gap: Difference) -> str:
    return f"{signed(gap.value * 100)}, {signed_range(gap.interval.low, gap.interval.high)}"
