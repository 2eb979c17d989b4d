"""How is it all worked out? Every method, from the docstring that stands at its code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pxcore.stats
from pxcore import maps
from pxcore.disclosure import Released
from pxcore.words.english import joined, percent, percent_range

# Module -> what its methods are for, in the order a reader meets them.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "intervals": "How sure is one figure?",
        "scale": "From published figures to the scale of the tests",
        "overdispersion": "Months that differ by more than chance",
        "spread": "Where an organisation stands among its peers",
        "funnel": "Funnels",
        "correlation": "Do two sources order organisations alike?",
        "latent": "Underlying agreement",
        "shares": "Shares of people who speak of something",
        "verdict": "The verdict on one organisation",
        "level": "Do two sources stand at the same level?",
        "bands": "Agreement of bands",
        "concordance": "Three or more sources",
        "sensitivity": "Would other choices change it?",
        "control_chart": "Charts of one source over time",
        "trend": "Trends",
        "lead_lag": "Does one source move first?",
        "case_mix": "Groups and case mix",
        "groups": "Does it hold for every group?",
        "overlap": "Are two sources the same people?",
    }
)
# What masking is to reach: kind of detail -> in words, the share that it is to come to.
AIMS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {"form": ("details with a form of their own", 0.95), "name": ("names", 0.80)}
)
MOST_INNOCENT = 0.02  # of the comments that name nobody, at most so many are to be touched
_AUTHOR = re.compile(r"^(?:(?:van|von|de|der) )*[A-Z][\w’'-]+ [A-Z]{1,3}(?:[,.]| and\b)")
_SECTION = re.compile(r"^(\w[\w ]+)\n-{3,}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Method:
    """One method as its docstring tells it."""

    name: str
    question: str
    text: str  # Markdown: parameters, returns, notes, references
    references: str
    constants: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The methods of one module, its constants, and what the module is about."""

    module: str
    title: str
    about: str
    methods: tuple[Method, ...]
    constants: tuple[tuple[str, str, str], ...]  # name, value, what it is


@dataclass(frozen=True, slots=True)
class MethodsReport:
    """Everything a reader needs to check a figure of this app."""

    chapters: tuple[Chapter, ...]
    calibration: Released  # one row per scenario and measure
    glossary: Released
    redaction: Released  # one row per part, kind and class: how many were masked
    # one row per kind of two invented sources: how often called the same people
    same_people: Released = field(default_factory=Released)

    def summary(self) -> str:
        methods = sum(len(chapter.methods) for chapter in self.chapters)
        if self.calibration.empty:
            return f"{methods} methods, each from the text that stands at its code."
        scenarios = self.calibration["scenario"].nunique()
        lines = self.calibration[self.calibration["meets"] != ""]
        met = int((lines["meets"] == "yes").sum())
        return (
            f"{methods} methods, each from the text that stands at its code, tried on "
            f"{scenarios} kinds of invented data with a known truth: {met} of {len(lines)} promises "
            "kept."
        )

    def limits(self) -> str:
        missed = self.calibration[self.calibration["meets"] == "no"]
        if missed.empty:
            return (
                "A verdict is a prompt to look, not a judgement of care. The truth of real data is "
                "never known; the trials say how the rules do where it is."
            )
        told = "; ".join(
            f"{str(row['title_measure']).removesuffix(', %')}: {row['value']}"
            f"{' %' if str(row['title_measure']).endswith('%') else ''} ({row['line']} was promised), "
            f"on invented data with {row['title']}"
            for row in missed.head(3).to_dict("records")
        )
        return f"Not kept: {told}."

    def words(self) -> list[tuple[str, str]]:
        """Each word and what it means here."""
        return list(zip(self.glossary["term"], self.glossary["means"], strict=True))

    def scenarios(self) -> dict[str, str]:
        """Scenario -> its title, in the order of the study."""
        rows = self.calibration.drop_duplicates("scenario")
        return dict(zip(rows["scenario"], rows["title"], strict=True))

    def of_scenario(self, scenario: str) -> Released:
        here = self.calibration[self.calibration["scenario"] == scenario]
        return _said(here).reset_index(drop=True)

    def promises(self) -> Released:
        """The measures that a promise stands on, those not kept first."""
        rows = self.calibration[self.calibration["meets"] != ""]
        return _said(rows).sort_values("meets", kind="stable").reset_index(drop=True)

    def trials_said(self) -> str:
        if self.calibration.empty:
            return "The trials have not been run here."
        return (
            "The rules were tried on data made up with a known truth: sources that see the same "
            "standing of each organisation through their own noise, with nothing planted, or with "
            "contradictions planted. The very code of the app judged them. “±” is the error of the trial "
            "itself."
        )

    def masking(self) -> str:
        """What is reached of what masking is to do, and what is not, on the held-back comments."""
        of = {
            str(row["kind"]): row
            for row in self.redaction.to_dict("records")
            if row["part"] == "held back" and row["class"] == "all"
        }
        if not of:
            return "Masking has not been measured."
        reached: list[str] = []
        missed: list[str] = []
        for kind, (words, aim) in AIMS.items():
            (reached if _share(of[kind]) >= aim else missed).append(
                f"{_share_in_words(of[kind])} of {words} are masked (at least {percent(aim)} is the aim)"
            )
        (reached if _share(of["innocent"]) <= MOST_INNOCENT else missed).append(
            f"{_share_in_words(of['innocent'])} of the comments that name nobody lose a word "
            f"(at most {MOST_INNOCENT:.0%} is the aim)"
        )
        result = [
            f"**{heading}**: {joined(phrases)}."
            for heading, phrases in (("Reached", reached), ("Not reached", missed))
            if phrases
        ]
        return "\n\n".join(
            [
                "Every comment is masked when it is loaded. How well was measured on comments made up "
                "for it, none of them real: one part to write the rules on, and one held back from "
                "whoever wrote them, with other phrases and other names. On the part held back:",
                *result,
                "A detail counts as masked only where less than two of its letters or digits can still "
                "be read. Nothing is promised of what only somebody who was there would recognise "
                f"({_share_in_words(of['rare context'])} masked). The ranges are 95 % ranges of chance "
                "over these comments; people write otherwise, so read before you pass comments on.",
            ]
        )

    def masked(self) -> Released:
        """Each class, with the share masked in both parts: for the screen."""
        names = {
            "name": "Names, all",
            "form": "Details with a form, all",
            "rare context": "Rare contexts (no promise)",
            "innocent": "comments that name nobody, all",
        }
        before = {"manner": "Written ", "innocent": "Touched: "}
        shown: dict[tuple[str, str], dict[str, object]] = {}
        for row in self.redaction.to_dict("records"):
            kind, group = str(row["kind"]), str(row["class"])
            title = names[kind] if group == "all" else group
            if kind not in before:
                title = f"{title[:1].upper()}{title[1:]}"
            line = shown.setdefault((kind, group), {"title": f"{before.get(kind, '')}{title}"})
            line[str(row["part"])] = _share_in_words(row)
            line[f"{row['part']}, number"] = int(row["identifiers"])
        columns = ["title"] + [
            f"{part}{figure}"
            for part in ("held back", "development")
            for figure in ("", ", number")
        ]
        return Released(list(shown.values()), columns=columns)

    def same_people_shown(self) -> Released:
        """How often two invented sources are taken for the same people, with its range."""
        rows = self.same_people
        return rows.assign(
            truth=["the same people" if same == "yes" else "other people" for same in rows["same"]],
            found=[
                f"{caught} of {pairs} ({low} to {high} %)"
                for caught, pairs, low, high in zip(
                    rows["caught"], rows["pairs"], rows["low"], rows["high"], strict=True
                )
            ],
        )

    def rules(self) -> tuple[str, ...]:
        """The whole method in plain words."""
        return (
            "1. **Each source's general level is taken away.** The Friends and Family Test is always "
            "rosier, community voice always harsher; that is no disagreement about who is better.",
            "2. **What is left is measured in typical differences** between organisations of that source, "
            "with the noise of few answers removed. One typical difference is one true standard "
            "deviation between peers.",
            "3. **Every figure carries its chance.** Weighted surveys, months that swing by themselves and "
            "several comments from one person make answers worth less than their number.",
            "4. **Underlying agreement** over all organisations is the correlation of the true standings, "
            "beside the raw one and beside what two perfect mirrors of the truth would show.",
            "5. **A verdict for each organisation**, the first rule that holds: *silence*, where one "
            "source has too few answers; *agreement*, where the gap is shown to be under one typical "
            "difference; *dissonance, unusual*, where it is larger than these two sources usually differ "
            "and they do not stand on the same side; *dissonance of usual size*, where it is shown to be "
            "over one typical difference; *partial agreement*, where both stand on the same side; else "
            "*not enough evidence*.",
            "6. **Many are tested at once**, so chance findings are held to 1 in 20 of those called "
            "unusual (false-discovery rate), over all organisations of one pair of sources.",
            "7. **No composite score**, no league table, and no colour that judges.",
        )

    def known_limits(self) -> tuple[str, ...]:
        return (
            "The Friends and Family Test is not an official statistic; its publisher says it is not for "
            "comparing organisations.",
            "Survey weights are not counts: the number of answers shown is the real one, what a figure is "
            "worth is less.",
            "CQC scores are standardised for who answered, others are not.",
            "Community voice is self-selected: few, rich stories. Silence in it is not satisfaction.",
            "Correlation is not agreement of level, and neither is proof that both are right.",
            "Relations between organisations are not relations between patients (ecological fallacy).",
            "Two sources are taken to be different people. Where the same people seem to have answered "
            "both, the app says so and does not count it; it cannot see every such case: a few answers of "
            "a single practice, a small part in common, times moved by anything but half hours or a day, "
            "monthly counts of a source that asks a set number of people.",
            "True differences are taken to be about normal on the scale of the tests. Heavy tails give a "
            "few more flags: such organisations are unusual indeed.",
            "Comments are masked by rules and lists, which miss some of what names somebody; how much is "
            "under ‘What is masked’.",
            "Verdicts are prompts to look. They say nothing about the quality of care by themselves.",
        )


def _said(rows: Released) -> Released:
    """Result and its Monte Carlo error in one."""
    return rows.assign(
        said=[
            f"{value} ± {error}" if error else value
            for value, error in zip(rows["value"], rows["error"], strict=True)
        ]
    )


def _share(row: Mapping[Any, Any]) -> float:
    """Masked of all there were: NaN of none."""
    there = int(row["identifiers"])
    return int(row["masked"]) / there if there else float("nan")


def _share_in_words(row: Mapping[Any, Any]) -> str:
    if not int(row["identifiers"]):
        return "–"
    low, high = float(row["low"]), float(row["high"])
    return f"{percent(_share(row))} ({percent_range(low, high)})"


def methods() -> MethodsReport:
    """Every public method of pxcore.stats, the tables of the trials, and the glossary."""
    found = {name for _, name, _ in pkgutil.iter_modules(pxcore.stats.__path__)}
    ordered = [name for name in TITLES if name in found] + sorted(found - set(TITLES))
    return MethodsReport(
        tuple(_chapter(name) for name in ordered),
        _table("calibration", ("scenario", "title", "measure", "title_measure", "value", "error",
                               "sets", "line", "meets")),
        _table("glossary", ("term", "means")),
        _table("redaction_measured", ("part", "kind", "class", "identifiers", "masked", "low", "high")),
        _table("same_people", ("scenario", "title", "same", "pairs", "caught", "low", "high",
                               "practices")),
    )  # fmt: skip


def _table(name: str, columns: tuple[str, ...]) -> Released:
    if not (maps.REFERENCE / f"{name}.csv").exists():
        return Released(columns=list(columns))
    return Released([dict(row) for row in maps.rows(name)], columns=list(columns))


def _chapter(name: str) -> Chapter:
    module = importlib.import_module(f"pxcore.stats.{name}")
    functions = [
        (said, inspect.getdoc(thing) or "")
        for said, thing in inspect.getmembers(module, inspect.isfunction)
        if thing.__module__ == module.__name__ and not said.startswith("_")
    ]
    source = inspect.getsource(module)
    functions.sort(key=lambda one: source.index(f"def {one[0]}("))
    return Chapter(
        module=name,
        title=TITLES.get(name, name.replace("_", " ").capitalize()),
        about=(module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
        # a helper of a method has neither notes nor references of its own
        methods=tuple(
            _method(said, doc)
            for said, doc in functions
            if {"Notes", "References"} & set(_SECTION.findall(doc))
        ),
        constants=tuple(_constants(source)),
    )


def _constants(source: str) -> Iterator[tuple[str, str, str]]:
    """The named constants of a module, with the comment that stands at each."""
    for line in source.splitlines():
        found = re.match(r"^([A-Z][A-Z0-9_]+)(?:: [^=]+)? = ([^#(\[{]+?)(?:\s+#\s*(.+))?$", line)
        if found:
            yield found[1], found[2].strip(), found[3] or ""


def _method(name: str, doc: str) -> Method:
    parts = _SECTION.split(doc)
    question, _, rest = parts[0].strip().partition("\n\n")
    sections = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    told = [rest.strip()] if rest.strip() else []
    for section in ("Parameters", "Returns", "Notes"):
        if section in sections:
            told.append(f"**{section}**\n\n{_as_markdown(sections[section])}")
    references, checked = _references(sections.get("References", ""))
    if references:
        told.append(f"**References**\n\n{references}")
    if checked:
        told.append(f"*{checked}*")
    return Method(name, question.replace("\n", " "), "\n\n".join(told), references)


def _as_markdown(section: str) -> str:
    """Numpydoc entries as list items; running text stays as it is."""
    lines = section.split("\n")
    if not any(re.match(r"^[\w, ]+ : ", line) for line in lines):
        return section
    items: list[str] = []
    for line in lines:
        if re.match(r"^[\w, ]+ : ", line):
            name, _, said = line.partition(" : ")
            items.append(f"- `{name}`: {said}")
        elif items:
            items[-1] += f" {line.strip()}"
    return "\n".join(items)


def _references(section: str) -> tuple[str, str]:
    """The references, one a line, and the sentence that says what the method was checked against."""
    listed, _, checked = section.partition("\n\nChecked ")
    entries: list[str] = []
    for line in listed.split("\n"):
        # a full stop may end a title too: another reference begins with an author and initials
        begins = not entries or (entries[-1].endswith(".") and _AUTHOR.match(line.strip()))
        if begins and line.strip():
            entries.append(line.strip())
        elif line.strip():
            entries[-1] += f" {line.strip()}"
    said = " ".join(f"Checked {checked}".split()) if checked else ""
    return "\n".join(f"- {entry}" for entry in entries), said
