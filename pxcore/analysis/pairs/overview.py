"""Do our sources agree? Every natural pair of sources at once, and what each covers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations

import pandas as pd

from pxcore import maps
from pxcore.analysis.joining.choices import domain_title
from pxcore.analysis.judging import silence
from pxcore.analysis.judging.reasons import Reasons, reasons
from pxcore.analysis.judging.verdicts import (
    MARKS,
    STATES,
    Judgement,
    Mark,
    judgement,
)
from pxcore.analysis.pairs.agreement import AgreementReport, agreement_of
from pxcore.analysis.rows import each
from pxcore.disclosure import Count, Released, added, release
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import (
    GRAIN_TITLES,
    USUAL_DISCLOSURE,
    Disclosure,
    Grain,
    Organisation,
    Pairing,
    Period,
    Periods,
    Settings,
    Signal,
)
from pxcore.stats.correlation import Correlation
from pxcore.stats.latent import LatentCorrelation
from pxcore.stats.verdict import Rule
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import reasons as reason_words
from pxcore.words import refusals
from pxcore.words import verdicts as verdict_words
from pxcore.words.english import capital, number

MOST_LOOKS = 5
MOST_GRADED = 100  # of all services; what is shown is cut to the service chosen, then to five
NO_REASON = "The files themselves offer no reason."
_GRADED = (
    Rule.DISSONANCE_UNUSUAL,
    Rule.DISSONANCE_USUAL,
    Rule.SAME_SIDE_UNUSUAL,
    Rule.SAME_SIDE_APART,
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each source is loaded, month by month."""

    cells: Released  # one row per source and period
    totals: Released  # one row per source
    revision: int

    def summary(self) -> str:
        if self.totals.empty:
            return "Nothing is loaded yet."
        columns = (self.totals[name] for name in ("short_title", "providers", "span"))
        said = [
            f"{title}: {int(providers)} organisations, {span}"
            for title, providers, span in zip(*columns, strict=True)
        ]
        return "; ".join(said) + "."


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that deserves a look, and the page it leads to."""

    what: str
    how_sure: str
    reason: str  # one candidate reason, or that the files offer none
    unit: str
    name: str
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """The convergence matrix: organisations of one kind by pairs of sources, one verdict a cell."""

    title: str  # of the kind of organisation
    grain: Grain
    service: str
    pairs: tuple[str, ...]  # the columns, in order
    cells: Released  # one row per organisation and pair
    rows: Released  # one row per organisation, those that deserve a look first
    no_question: Mapping[
        str, tuple[str, ...]
    ]  # source -> domains others here ask about, it does not
    agreement_said: tuple[str, ...]  # how often agreement could have been shown, a pair each
    area_names: Mapping[str, str]

    def summary(self) -> str:
        counts = self.counts()
        told = ", ".join(f"{int(n):,} {state}" for state, n in counts.items() if n)
        one, many = GRAIN_TITLES[self.grain]
        return (
            f"{len(self.rows):,} {one if len(self.rows) == 1 else many} by {len(self.pairs)} "
            f"pair{'s' if len(self.pairs) != 1 else ''} of sources: {told}."
        )

    def counts(self) -> dict[str, int]:
        """State -> cells, in the order of the legend."""
        found = self.cells["state"].value_counts()
        return {state.value: int(found.get(state.value, 0)) for state in STATES}

    def by_mark(self, pair: str) -> dict[str, int]:
        """Mark -> organisations, of one pair: the grades of dissonance apart."""
        here = self.cells.loc[self.cells["pair"] == pair, "mark"]
        return {str(mark): int(n) for mark, n in here.value_counts().items()}

    @property
    def telling(self) -> tuple[str, ...]:
        """The pairs that are not silent throughout."""
        heard = set(self.cells.loc[self.cells["mark"] != "silence", "pair"])
        return tuple(pair for pair in self.pairs if pair in heard)

    def by_area(self, pair: str) -> pd.DataFrame:
        """One row per area and mark of one pair: how many organisations."""
        here = self.cells[self.cells["pair"] == pair]
        # an axis has no room for more than what tells areas apart
        named = here.assign(
            area=[
                self.area_name(code, with_code=False).removeprefix("NHS ") for code in here["area"]
            ]
        )
        return named.groupby(["area", "mark"], as_index=False).agg(organisations=("unit", "count"))

    def by_area_said(self, pair: str) -> str:
        counts = self.by_area(pair)
        told = [
            f"{area}: " + ", ".join(f"{row.organisations} {row.mark}" for row in each(here))
            for area, here in counts.groupby("area")
        ]
        return f"{pair}. {'; '.join(told)}."

    def area_name(self, code: str, *, with_code: bool = True) -> str:
        if not code:
            return "No area known"
        name = self.area_names.get(code, code).replace("Integrated Care Board", "ICB")
        return f"{name} ({code})" if with_code and name != code else name

    def could_agree(self) -> list[str]:
        """How often agreement could have been shown at all, for the pairs that speak."""
        return [
            said
            for pair, said in zip(self.pairs, self.agreement_said, strict=True)
            if pair in self.telling
        ][:3]

    def no_question_said(self) -> list[str]:
        """What is silent throughout, and which source has no question on what others ask."""
        said = []
        silent = [pair for pair in self.pairs if pair not in self.telling]
        if silent:
            said.append(f"Silent throughout, and not drawn: {'; '.join(silent)}.")
        domains = dict.fromkeys(domain for on in self.no_question.values() for domain in on)
        alike: dict[tuple[str, ...], list[str]] = {}  # domains the same sources do not ask about
        for domain in domains:
            silent_on = tuple(source for source, on in self.no_question.items() if domain in on)
            alike.setdefault(silent_on, []).append(domain)
        said += [
            f"No question on {', '.join(on)}: {', '.join(sources)}."
            for sources, on in alike.items()
        ]
        return said

    def silence_said(self) -> list[str]:
        """Why the pairs that are silent throughout are, a pair each, the commonest reason first."""
        kinds = {letter: kind.value for kind, letter in silence.LETTERS.items()}
        said = []
        for pair in self.pairs:
            here = self.cells.loc[self.cells["pair"] == pair, "letter"]
            if pair not in self.telling and len(here):
                why = ", ".join(
                    f"{kinds[str(letter)]} ({int(n):,})"
                    for letter, n in here[here != ""].value_counts().items()
                )
                said.append(f"{pair}: {why}.")
        return said

    def part(self, area: str = "", most: int = 0) -> pd.DataFrame:
        """The cells of one area, or of the organisations that deserve a look first."""
        rows = self.rows if not area else self.rows[self.rows["area"] == area]
        units = rows["unit"].head(most) if most else rows["unit"]
        here = self.cells[self.cells["unit"].isin(units)]
        place = {unit: n for n, unit in enumerate(units)}
        return here.assign(place=here["unit"].map(place)).sort_values(
            ["place", "column"], kind="stable"
        )

    def areas(self) -> list[str]:
        return sorted(area for area in self.rows["area"].unique() if area)


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The agreement of every pair of sources that can be compared, strongest evidence first."""

    agreements: tuple[AgreementReport, ...]
    coverage: Coverage
    every_look: tuple[Look, ...] = ()  # all that are graded, those to look at first first
    asked: frozenset[tuple[str, str]] = frozenset()  # source and domain of every measure loaded
    area_names: Mapping[str, str] = field(default_factory=dict)
    by_measure: str = ""  # which sources are told by another measure than the usual one

    @property
    def looks(self) -> tuple[Look, ...]:
        """Where to look first: each organisation once, by the pair of sources in which it stands out most."""
        first: dict[str, Look] = {}
        for look in self.every_look:
            first.setdefault(look.unit, look)
        return tuple(first.values())[:MOST_LOOKS]

    @property
    def answered(self) -> tuple[AgreementReport, ...]:
        return tuple(report for report in self.agreements if report.status == "ok")

    @property
    def one_by_one(self) -> tuple[AgreementReport, ...]:
        """The pairs without a correlation on which organisations are judged all the same."""
        judged = [
            one for one in self.agreements if one.status != "ok" and not one.judgement.refusals
        ]
        return tuple(sorted(judged, key=lambda one: -(one.verdicts.heard if one.verdicts else 0)))

    @property
    def across_domains(self) -> bool:
        """Whether any figure here is of two sources that do not ask about the same thing."""
        return any(one.across_domains for one in self.agreements)

    def without_answer(self, first: tuple[str, str]) -> AgreementReport | None:
        """A pair that has no answer, to say what would bring one: the two named, else the next; None where
        each has one."""
        silent = [one for one in self.agreements if one.status != "ok"]
        named = (one for one in silent if {one.left.source, one.right.source} == set(first))
        return next(named, next(iter(silent), None))

    def summary(self) -> str:
        if not self.agreements:
            return (
                "There is nothing to compare yet: load at least two sources that speak of the same "
                "organisations."
            )
        if self.answered:
            return agreement_words.summary(self.answered[0])
        if self.one_by_one:
            first = self.one_by_one[0]
            assert first.verdicts is not None
            many = GRAIN_TITLES[first.alignment.grain][1]
            return (
                f"Too few {many} to say how alike {_pair(first)} rank them; one by one they are judged. "
                f"{verdict_words.differing(first.verdicts)}{verdict_words.marked(first)}."
            )
        pairs = len(self.agreements)
        return (
            "The only pair of sources cannot be compared yet."
            if pairs == 1
            else f"None of the {pairs} pairs of sources can be compared yet."
        )

    def of_service(self, service: str) -> OverviewReport:
        """The pairs of one service alone; sources that speak of several services stay."""

        def fits(source: str) -> bool:
            return maps.source(source)["service"] in ("", service)

        cells, totals = self.coverage.cells, self.coverage.totals
        kept = tuple(
            one for one in self.agreements if fits(one.left.source) and fits(one.right.source)
        )
        return replace(
            self,
            agreements=kept,
            coverage=Coverage(
                cells[cells["source"].map(fits).astype(bool)],
                totals[totals["source"].map(fits).astype(bool)],
                self.coverage.revision,
            ),
            every_look=tuple(
                look for look in self.every_look if fits(look.left) and fits(look.right)
            ),
        )

    def limits(self) -> str:
        """The raw figure and the mirrors, what others found, and how far community voice reaches."""
        if not self.answered:
            return ""
        first = self.answered[0]
        said = [agreement_words.context(first)]
        if first.published:
            lows = [float(row["estimate"]) for row in first.published]
            span = (
                f"about {number(lows[0])}"
                if len(lows) == 1
                else f"{number(min(lows))} to {number(max(lows))}"
            )
            said.append(f"Published studies of such a pair find {span} raw.")
        said += [self.by_measure, self._community()]
        silent = len(self.agreements) - len(self.answered)
        if silent:
            said.append(f"For {silent} pair{'s' if silent != 1 else ''} there is no answer yet.")
        return " ".join(one for one in said if one)

    def _community(self) -> str:
        """For how many organisations community voice has enough answers."""
        for one in self.agreements:
            for which, side in (("left", one.left), ("right", one.right)):
                if side.signal == Signal.COMMUNITY.value and one.verdicts is not None:
                    shown = one.verdicts.shown
                    heard = int((shown[f"{which}_silence"] == "").sum())
                    many = GRAIN_TITLES[one.alignment.grain][1]
                    return (
                        f"{side.short_title} speaks, with enough answers, for {heard:,} of "
                        f"{len(shown):,} {many}."
                    )
        return ""

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on."""
        totals = self.coverage.totals
        if totals.empty:
            return [("Sources loaded", "0", "load files on the Sources page")]
        signals = totals["signal"].nunique()
        first, last = totals["first"].min(), totals["last"].max()
        told = []
        if self.answered:
            first_pair = self.answered[0]
            # the two correlations, where there is one; not how many are compared, nor that there is none
            told = [
                (label, value, "; ".join([rest, *first_pair.marks]))
                if place < 2 and value != "–"
                else (label, value, rest)
                for place, (label, value, rest) in enumerate(
                    agreement_words.figures(first_pair)[:3]
                )
            ]
        loaded = (
            "Sources loaded",
            str(len(totals)),
            f"of {signals} kind{'s' if signals != 1 else ''}; {first:%b %Y}–{last:%b %Y}",
        )
        if len(told) >= 3:
            return [*told, loaded]
        compared = max((len(one.pairs) for one in self.answered), default=0)
        return [
            *told[:2],
            (
                "Pairs of sources compared",
                f"{len(self.answered)} of {len(self.agreements)}",
                "the table below says why not the others"
                if len(self.answered) < len(self.agreements)
                else "all that may speak of the same organisations",
            ),
            loaded,
            ("Most organisations in one comparison", f"{compared:,}", "with a value from both"),
        ][:4]

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        too_alike = [one for one in self.answered if one.judgement.too_alike]
        others = [one for one in self.answered if not one.judgement.too_alike]
        shown = [one for one in others if (_low(one) or 0.0) > 0]
        opposite = [one for one in others if (_high(one) or 0.0) < 0]
        unsure = [one for one in others if one not in shown and one not in opposite]
        if too_alike:
            said.append(
                f"More alike than two sources of different people would be: {_pair(too_alike[0])}"
                + (f" and {len(too_alike) - 1} more" if len(too_alike) > 1 else "")
                + f". {capital(Mark.SAME_PEOPLE)}."
            )
        if shown:
            said.append(
                "Shown to rank alike to some degree: "
                + "; ".join(f"{_pair(one)} ({_figure(one)})" for one in shown[:2])
                + (f"; and {len(shown) - 2} more." if len(shown) > 2 else ".")
            )
        if opposite:
            first = opposite[0]
            said.append(f"Shown to rank in opposite order: {_pair(first)} ({_figure(first)}).")
        if unsure:
            said.append(
                f"Cannot be said either way: {_pair(unsure[0])}"
                + (f" and {len(unsure) - 1} more" if len(unsure) > 1 else "")
                + ". Their ranges reach from below zero to above it."
            )
        alone = self.one_by_one
        if alone:
            said.append(
                f"Judged one by one, too few for a correlation: {_pair(alone[0])}"
                + (f" and {len(alone) - 1} more." if len(alone) > 1 else ".")
            )
        few = [
            one
            for one in self.agreements
            if one.status == "not_enough_evidence" and one.judgement.refusals
        ]
        if few:
            said.append(
                f"Not enough evidence for {_pair(few[0])}"
                + (f" and {len(few) - 1} more" if len(few) > 1 else "")
                + ": neither agreement nor disagreement."
            )
        refused = [one for one in self.agreements if one.status == "refused"]
        if refused:
            said.append(
                f"Not compared: {_pair(refused[0])}"
                + (f" and {len(refused) - 1} more" if len(refused) > 1 else "")
                + ". The table says why."
            )
        return said or ["Load a second source to compare."]

    def why_not(self, report: AgreementReport) -> str:
        """Why a pair has no answer."""
        said = refusals.sentences(report.refusals)
        return f"{_pair(report)}: {said[:1].lower()}{said[1:]}"

    def matrices(self) -> dict[str, Matrix]:
        """The convergence matrices by title, the one with most organisations judged first."""
        groups: dict[tuple[Grain, str], list[AgreementReport]] = {}
        for one in self.agreements:
            if one.verdicts is not None and len(one.verdicts.shown):
                groups.setdefault((one.alignment.grain, one.alignment.service), []).append(one)
        ranked = sorted(
            groups.items(),
            key=lambda item: -max(one.verdicts.heard for one in item[1] if one.verdicts),
        )
        made = (
            _matrix(grain, service, one, self.asked, self.area_names)
            for (grain, service), one in ranked
        )
        return {matrix.title: matrix for matrix in made}

    def table(self) -> Released:
        """One row per pair of sources."""
        words = {
            "ok": "Compared",
            "refused": "Not compared",
            "not_enough_evidence": "Not enough evidence",
        }
        columns = [
            "pair", "status", "compared", "underlying", "underlying_low", "underlying_high",
            "correlation", "low", "high", "mirrors", "periods", "said",
        ]  # fmt: skip
        return Released(
            [
                {
                    "pair": _pair(one),
                    "status": words[one.status],
                    "compared": len(one.pairs),
                    "underlying": one.latent.estimate if one.latent else None,
                    "underlying_low": _latent_end(one, "low"),
                    "underlying_high": _latent_end(one, "high"),
                    "correlation": one.correlation.estimate if one.correlation else None,
                    "low": _end(one, "low"),
                    "high": _end(one, "high"),
                    "mirrors": one.mirrors.mean if one.mirrors else None,
                    "periods": _periods(one),
                    "said": "; ".join(
                        [*one.marks, refusals.text(one.refusals) or _not_estimated(one)]
                    ).strip("; "),
                }
                for one in self.agreements
            ],
            columns=columns,
        )

    def shown(self) -> Released:
        """The table for the screen: each figure with its range, in words; what to bear in mind, briefly."""
        rows = self.table()
        rows["said"] = [_minded(one) for one in self.agreements]
        rows["latent_said"] = [
            _with_range(estimate, low, high)
            for estimate, low, high in zip(
                rows["underlying"], rows["underlying_low"], rows["underlying_high"], strict=True
            )
        ]
        rows["raw_said"] = [
            _with_range(estimate, low, high)
            for estimate, low, high in zip(
                rows["correlation"], rows["low"], rows["high"], strict=True
            )
        ]
        return rows

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({number for one in self.answered for number in one.alignment.extracts}))


def _with_range(
    estimate: float | None, low: float | None, high: float | None, between: str = ""
) -> str:
    if low is None or pd.isna(low):
        return "" if estimate is None or pd.isna(estimate) else number(float(estimate))
    if estimate is None or pd.isna(estimate):
        return f"at least {number(float(low))}"
    span = f"{number(float(low))} to {number(float(high or 0))}"
    return f"{number(float(estimate))}{between}{span if between else f' ({span})'}"


# --- The matrix ---


def _matrix(
    grain: Grain,
    service: str,
    reports: Sequence[AgreementReport],
    asked: frozenset[tuple[str, str]],
    area_names: Mapping[str, str],
) -> Matrix:
    """Organisations by pairs of sources; what deserves a look comes first."""
    many = GRAIN_TITLES[grain][1]
    titles = maps.service_titles()
    names = [_column(one) for one in reports]
    told = []
    for place, (one, name) in enumerate(zip(reports, names, strict=True)):
        assert one.verdicts is not None
        shown = one.verdicts.shown
        letters = [
            silence.letter(left or right)
            for left, right in zip(shown["left_silence"], shown["right_silence"], strict=True)
        ]
        told.append(
            Released(
                {
                    "unit": shown["unit"],
                    "name": shown["name"],
                    "area": shown["icb"],
                    "pair": name,
                    "column": place,
                    "left": one.left.source,
                    "right": one.right.source,
                    "rule": shown["rule"],
                    "look": shown["look"],
                    "state": shown["state"],
                    "mark": [MARKS[Rule(rule)] for rule in shown["rule"]],
                    "letter": letters,
                    "said": verdict_words.sentences(one.verdicts, shown),
                    "apart": shown["narrowest"],
                    "left_answers": shown["left_respondents"],
                    "right_answers": shown["right_respondents"],
                }
            )
        )
    cells = pd.concat(told, ignore_index=True)
    rows = (
        cells.groupby("unit", as_index=False)
        .agg(
            name=("name", "first"),
            area=("area", "max"),
            look=("look", "min"),
            apart=("apart", "max"),
        )
        .sort_values(["look", "apart", "name"], ascending=[True, False, True], kind="stable")
        .reset_index(drop=True)
    )
    about = f" ({titles.get(service, service).lower()})" if service else ""
    return Matrix(
        title=f"{many.capitalize()}{about}",
        grain=grain,
        service=service,
        pairs=tuple(names),
        cells=cells,
        rows=Released(rows),
        no_question=_no_question(reports, asked),
        agreement_said=tuple(
            f"{name}: {verdict_words.could_agree(one.verdicts)}"
            for one, name in zip(reports, names, strict=True)
            if one.verdicts is not None
        ),
        area_names=area_names,
    )


def _column(report: AgreementReport) -> str:
    """What a column of the matrix is called: the pair, and the domain where it is not the overall."""
    domain = "" if report.left.domain == "overall" else f", {domain_title(report.left)}"
    return f"{report.left.short_title} – {report.right.short_title}{domain}"


def _no_question(
    reports: Sequence[AgreementReport], asked: frozenset[tuple[str, str]]
) -> dict[str, tuple[str, ...]]:
    """Each source and the domains that others here ask about and it does not: silence, of its kind."""
    sides = {side.source: side for one in reports for side in (one.left, one.right)}
    titles = {row["domain"]: row["title"].lower() for row in maps.rows("domains")}
    spoken = {
        domain for source, domain in asked if source in sides and domain not in ("none", "overall")
    }
    told = {}
    for source, side in sides.items():
        silent = sorted(
            titles.get(domain, domain) for domain in spoken if (source, domain) not in asked
        )
        if silent:
            told[side.short_title] = tuple(silent)
    return told


# What of a cell a look tells.
LOOKED = (
    "unit", "name", "rule", "narrowest", "left_above", "right_above", "difference",
    "difference_low", "difference_high", "left_respondents", "right_respondents",
)  # fmt: skip


def looks(
    agreements: Sequence[AgreementReport],
    why: Callable[[Judgement], Reasons],
    most: int = MOST_GRADED,
) -> tuple[Look, ...]:
    """Where to look first: the graded differences of all pairs, each with a candidate reason."""
    graded = []
    for one in agreements:
        if one.verdicts is None:
            continue
        cells = one.verdicts.cells
        for row in each(cells.loc[cells["in_view"] & cells["rule"].isin(_GRADED), list(LOOKED)]):
            graded.append((_GRADED.index(row.rule), -row.narrowest, one, row))
    graded.sort(key=lambda item: (item[0], item[1]))
    found: dict[int, Reasons] = {}
    told = []
    for _, _, one, row in graded[:most]:
        if id(one) not in found:
            found[id(one)] = why(one.judgement)
        first = found[id(one)].of(str(row.unit))
        told.append(
            Look(
                what=f"{one.left.short_title}: {verdict_words.side(row.left_above)}. "
                f"{one.right.short_title}: {verdict_words.side(row.right_above)}.",
                how_sure=f"{verdict_words.LABELS[Rule(row.rule)]}: gap {abs(row.difference):.1f} typical "
                f"differences ({_range(row.difference_low, row.difference_high)}), "
                f"{_answers_said(one, row.left_respondents, row.right_respondents)}"
                f"{verdict_words.marked(one)}.",
                reason=reason_words.sentence(first[0]) if first else NO_REASON,
                unit=str(row.unit),
                name=str(row.name),
                left=one.left.source,
                right=one.right.source,
            )
        )
    return tuple(told)


def _answers_said(report: AgreementReport, left: float, right: float) -> str:
    """The numbers of answers behind a gap; a source that gives none is named."""
    if pd.notna(left) and pd.notna(right):
        return f"{left:,.0f} and {right:,.0f} answers"
    told = [
        f"{side.short_title} {f'{count:,.0f} answers' if pd.notna(count) else 'gives no number'}"
        for side, count in ((report.left, left), (report.right, right))
    ]
    return ", ".join(told)


def _range(low: float, high: float) -> str:
    ends = (low, high) if low + high >= 0 else (-high, -low)
    return f"{ends[0]:.1f} to {ends[1]:.1f}".replace("-", "−")


def _pair(report: AgreementReport) -> str:
    return f"{report.left.short_title} and {report.right.short_title}"


def _minded(report: AgreementReport) -> str:
    """What to bear in mind of a pair, in a line: its marks, and the heart of why there is no figure."""
    why = refusals.brief(report.refusals[0]) if report.refusals else _not_estimated(report)
    return capital("; ".join(filter(None, (*report.marks, why))))


def _not_estimated(report: AgreementReport) -> str:
    return agreement_words.not_estimated(report.latent, report.verdicts)


def _periods(report: AgreementReport) -> str:
    left, right = report.left.period, report.right.period
    if left is None or right is None:
        return ""
    return str(left) if str(left) == str(right) else f"{left} / {right}"


def _figure(report: AgreementReport) -> str:
    assert report.correlation is not None
    of: LatentCorrelation | Correlation = report.correlation
    if report.underlying_leads:
        assert report.latent is not None
        of = report.latent
    said = _with_range(of.estimate, _low(report), _high(report), between=", ")
    what = "raw" if of is report.correlation else "underlying"
    return "; ".join([f"{what} {said}", f"{of.pairs:,} compared", *report.marks])


def _low(report: AgreementReport) -> float | None:
    return _latent_end(report, "low") if report.underlying_leads else _end(report, "low")


def _high(report: AgreementReport) -> float | None:
    return _latent_end(report, "high") if report.underlying_leads else _end(report, "high")


def _latent_end(report: AgreementReport, end: str) -> float | None:
    interval = report.latent.interval if report.latent else None
    return getattr(interval, end) if interval else None


def _end(report: AgreementReport, end: str) -> float | None:
    interval = report.correlation.interval if report.correlation else None
    return getattr(interval, end) if interval else None


USUAL_MEASURES: Mapping[str, str] = {}


def coverage(store: Store, disclosure: Disclosure = USUAL_DISCLOSURE) -> Coverage:
    """How much of each source is loaded, by period; small counts of answers are not shown."""
    cells = store.query("coverage")
    cells = cells[cells["period_start"].notna()]
    if cells.empty:
        cells = cells.assign(
            **dict.fromkeys(("short_title", "title", "signal", "service", "single"), "")
        )
        nothing = pd.DataFrame(columns=["source", "short_title"])
        return Coverage(Released(cells), Released(nothing), store.revision)
    cells = _finest(cells)
    periods = ["source", "period_start", "period_end"]
    months = cells.groupby(periods, as_index=False).agg(
        providers=("providers", "max"),
        providers_withheld=("providers_withheld", "max"),
        organisations=("organisations", "max"),
        grain=("grain", "first"),
    )
    # of several measures, the one with most answers
    counts = ["respondents", "people_key", "rows", "rows_key"]
    most = cells.sort_values("respondents", na_position="first").groupby(periods)[counts].last()
    months = months.join(most, on=periods)
    for column in ("short_title", "title", "signal", "service"):
        months[column] = [maps.source(name)[column] for name in months["source"]]
    shown = (
        # rows go with the answers: of a source with one response a row they are people too
        Count("respondents", "people_key", hides=("rows",)),
        Count("rows", "rows_key"),
    )
    whole = release(added(months[["source", *counts]], ["source"]), disclosure, *shown)
    if not disclosure.exact:
        # of how many somebody spoke in a month is a count of people too
        single = months["people_key"].notna()
        months["providers"] = months["providers"].mask(single, months["organisations"])
        months["providers_withheld"] = months["providers_withheld"].mask(single, 0)
    months = release(months.assign(single=months["people_key"].notna()), disclosure, *shown)
    order = list(maps.sources())
    months = months.sort_values(
        ["source", "period_start"], key=lambda c: c.map(order.index) if c.name == "source" else c
    ).reset_index(drop=True)
    totals = months.groupby("source", as_index=False, sort=False).agg(
        short_title=("short_title", "first"),
        title=("title", "first"),
        signal=("signal", "first"),
        service=("service", "first"),
        grain=("grain", "first"),
        providers=("organisations", "max"),
        periods=("period_start", "nunique"),
        first=("period_start", "min"),
        last=("period_end", "max"),
    )
    totals["respondents"] = totals["source"].map(whole.set_index("source")["respondents"])
    totals["span"] = [
        f"{first:%b %Y}–{last:%b %Y}"
        if first.month != last.month or first.year != last.year
        else f"{first:%B %Y}"
        for first, last in zip(totals["first"], totals["last"], strict=True)
    ]
    return Coverage(months, Released(totals), store.revision)


def _finest(cells: pd.DataFrame) -> pd.DataFrame:
    """Each source at the level it is usually compared at, else the one with most organisations."""
    kept = []
    for source, here in cells.groupby("source", sort=False):
        usual = maps.source(str(source))["grain"]
        grains = here["grain"].where(here["grain"] != "", usual)
        chosen = (
            usual
            if (grains == usual).any()
            else str(here.assign(grain=grains).groupby("grain")["providers"].max().idxmax())
        )
        kept.append(here[grains == chosen].assign(grain=chosen))
    return pd.concat(kept)


def overview(
    store: Store,
    *,
    area: str = "",
    disclosure: Disclosure = USUAL_DISCLOSURE,
    periods: Periods = Periods.ALIGNED,
    organisation: Organisation = Organisation.CURRENT,
    settings: Settings | None = None,
    measures: Mapping[str, str] = USUAL_MEASURES,
    grain: str = "",
    window: Period | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    judge: Callable[[Pairing], Judgement] | None = None,
    why: Callable[[Judgement], Reasons] | None = None,
) -> OverviewReport:
    """Compare every two sources of different signals that may speak of the same organisations; each by
    its usual measure, or the one of `measures` (source -> measure)."""
    judge = judge or partial(judgement, store)
    shared = store.query("shared_providers")
    reports: list[AgreementReport] = []
    comparable = _comparable(store, shared)
    for place, (one, other) in enumerate(comparable):
        left, right = sorted((one, other), key=_side_order)
        if progress is not None:
            titles = (maps.source(name)["short_title"] for name in (left, right))
            progress(" and ".join(titles), place, len(comparable))
        asked = Pairing(
            left,
            right,
            left_measure=measures.get(left, ""),
            right_measure=measures.get(right, ""),
            grain=grain,
            area=area,
            periods=periods,
            window=window,
            organisation=organisation,
            disclosure=disclosure,
            settings=settings or Settings(),
        )
        try:
            reports.append(agreement_of(judge(asked)))
        except (NothingToCompare, UnknownSource):
            continue
    rank = {"ok": 0, "not_enough_evidence": 1, "refused": 2}
    reports.sort(key=lambda report: (rank[report.status], -len(report.pairs)))
    covered = store.query("coverage")
    questions = frozenset(
        (source, maps.measures().get((source, measure), {}).get("domain", "none"))
        for source, measure in zip(covered["source"], covered["measure"], strict=True)
    )
    areas = store.query("areas", organisation=Organisation.REPORTED.value)
    names = dict(zip(areas["code"].astype(str), areas["name"].astype(str), strict=True))
    return OverviewReport(
        tuple(reports),
        coverage(store, disclosure),
        looks(reports, why or partial(reasons, store)),
        questions,
        names,
        _by_measure(reports, measures),
    )


def _by_measure(reports: Sequence[AgreementReport], measures: Mapping[str, str]) -> str:
    """Which sources are told by another measure than the usual one; "" where none is."""
    told = {
        f"{side.short_title} by ‘{side.measure_title}’": None
        for report in reports
        for side in (report.left, report.right)
        if measures.get(side.source, "") == side.measure
    }
    return f"As chosen in the sidebar: {'; '.join(told)}." if told else ""


def _side_order(source: str) -> int:
    return [Signal.FFT, Signal.COMMUNITY, Signal.SURVEY].index(
        Signal(maps.source(source)["signal"])
    )


def _comparable(store: Store, shared: pd.DataFrame) -> list[tuple[str, str]]:
    """Sources of different signals that are about one service, or share enough organisations.

    A source that speaks of several services is set against those it shares organisations with.
    """
    loaded = sorted(set(store.query("coverage")["source"]), key=list(maps.sources()).index)

    speaking: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for row in each(shared):
        told = (str(row.left_service), str(row.right_service), int(row.shared))
        speaking.setdefault((str(row.left_source), str(row.right_source)), []).append(told)

    def in_common(one: str, other: str, service: str) -> int:
        """Organisations both speak of, about one service or without saying which."""
        about = {"", service}
        here = speaking.get((one, other), [])
        return max((n for a, b, n in here if not service or {a, b} <= about), default=0)

    def fits(one: str, other: str) -> bool:
        first, second = maps.source(one), maps.source(other)
        if first["signal"] == second["signal"] or "complaints" in (one, other):
            return False
        if first["service"] and second["service"]:
            return first["service"] == second["service"]
        service = first["service"] or second["service"]
        return (
            in_common(one, other, service) >= FEWEST_SHARED
            # a report on networks or neighbourhoods has no practice in it, and speaks of practices
            or (service == "general_practice" and first["grain"] == second["grain"])
        )

    return [pair for pair in combinations(loaded, 2) if fits(*pair)]


FEWEST_SHARED = 5  # under this there is nothing to say, and nothing to learn from saying so
