"""How is it all worked out? Every method, from the docstring that stands at its code."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pxcore.stats
from pxcore import maps
from pxcore.disclosure import Released

# Module -> what its methods are for, in the order a reader meets them.
TITLES: Mapping[str, str] = MappingProxyType(
    {
        "intervals": "How sure is one figure?",
        "scale": "From published figures to the scale of the tests",
        "overdispersion": "Months that differ by more than chance",
        "spread": "Where an organisation stands among its peers",
        "funnel": "Funnels",
        "ranks": "What does a rank hide?",
        "correlation": "Do two sources order organisations alike?",
        "latent": "Underlying agreement",
        "binomial_normal": "Underlying agreement from counts of answers",
        "shares": "Shares of people who speak of something",
        "certainty_fit": "How do two sources usually behave?",
        "certainty": "How likely do two sources agree on one organisation?",
        "certainty_nodes": "How counts and scores are read",
        "certainty_sources": "How likely do three or more sources agree on one?",
        "settling": "What would settle it?",
        "design_check": "Would such probabilities come true on data like these?",
        "planting": "Would a difference planted in these data be found?",
        "multiplicity": "Many tests at once",
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
        "room": "How far does a room agree?",
        "forecast": "Do forecasts come true as often as they say?",
    }
)
EVERY = "every_scenario"  # all that are judged, together
# Worlds whose truth sits at nothing or on the margin, and what is not about two sources.
REPORTED = ("null_noise_only", "at_the_margin", "at_the_margin_sure", "three_sources", "settling")
_AUTHOR = re.compile(r"^(?:(?:van|von|de|der) )*[A-Z][\w’'-]+ [A-Z]{1,3}(?:[,.]| and\b)")
_SECTION = re.compile(r"^(\w[\w ]+)\n-{3,}\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Method:
    """One method as its docstring has it."""

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
    # one row per scenario and bin of what was claimed of agreement: how much of it came true
    certainty: Released = field(default_factory=Released)
    # one row per kind of two invented sources: how often called the same people
    same_people: Released = field(default_factory=Released)

    def reliability(self) -> Released:
        """What was claimed of two sources in each bin, and how much came true, as numbers; of scenarios that
        are judged and of all of them together (EVERY)."""
        rows = self.certainty
        rows = rows[(rows["low"] != "") & ~rows["scenario"].isin(REPORTED)]
        numbers = ["low", "high", "claimed", "true", "error", "share"]
        return rows.assign(**{name: rows[name].astype("float64") for name in numbers})

    def words(self) -> list[tuple[str, str]]:
        """Each word and what it means."""
        return list(zip(self.glossary["term"], self.glossary["means"], strict=True))

    def scenarios(self) -> dict[str, str]:
        """Scenario -> its title, in the order of the study."""
        rows = self.calibration.drop_duplicates("scenario")
        return dict(zip(rows["scenario"], rows["title"], strict=True))


def methods() -> MethodsReport:
    """Every public method of pxcore.stats, the tables of the trials, and the glossary."""
    modules = {name for _, name, _ in pkgutil.iter_modules(pxcore.stats.__path__)}
    ordered = [name for name in TITLES if name in modules] + sorted(modules - set(TITLES))
    return MethodsReport(
        # what only remembers results is no method
        tuple(chapter for chapter in map(_chapter, ordered) if chapter.methods),
        _table("calibration", ("scenario", "title", "measure", "title_measure", "value", "error",
                               "sets", "line", "meets")),
        _table("glossary", ("term", "means")),
        _table("redaction_measured", ("part", "kind", "class", "identifiers", "masked", "low", "high")),
        _table("certainty_calibration", ("scenario", "title", "low", "high", "claimed", "true", "error",
                                         "share", "sets", "firm", "moved", "brier", "brier_base",
                                         "brier_rules", "covers", "outer_claimed", "outer_right",
                                         "planted_share")),
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
        (function, inspect.getdoc(thing) or "")
        for function, thing in inspect.getmembers(module, inspect.isfunction)
        if thing.__module__ == module.__name__ and not function.startswith("_")
    ]
    source = inspect.getsource(module)
    functions.sort(key=lambda function: source.index(f"def {function[0]}("))
    return Chapter(
        module=name,
        title=TITLES.get(name, name.replace("_", " ").capitalize()),
        about=(module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
        # a helper of a method has neither notes nor references of its own
        methods=tuple(
            _method(function, doc)
            for function, doc in functions
            if {"Notes", "References"} & set(_SECTION.findall(doc))
        ),
        constants=tuple(_constants(source)),
    )


def _constants(source: str) -> Iterator[tuple[str, str, str]]:
    """The named constants of a module, with the comment that stands at each."""
    for line in source.splitlines():
        constant = re.match(r"^([A-Z][A-Z0-9_]+)(?:: [^=]+)? = ([^#(\[{]+?)(?:\s+#\s*(.+))?$", line)
        if constant:
            yield constant[1], constant[2].strip(), constant[3] or ""


def _method(name: str, doc: str) -> Method:
    parts = _SECTION.split(doc)
    question, _, rest = parts[0].strip().partition("\n\n")
    sections = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    paragraphs = [rest.strip()] if rest.strip() else []
    for section in ("Parameters", "Returns", "Notes"):
        if section in sections:
            paragraphs.append(f"**{section}**\n\n{_as_markdown(sections[section])}")
    references, checked = _references(sections.get("References", ""))
    if references:
        paragraphs.append(f"**References**\n\n{references}")
    if checked:
        paragraphs.append(f"*{checked}*")
    return Method(name, question.replace("\n", " "), "\n\n".join(paragraphs), references)


def _as_markdown(section: str) -> str:
    """Numpydoc entries as list items; running text stays as it is."""
    lines = section.split("\n")
    if not any(re.match(r"^[\w, ]+ : ", line) for line in lines):
        return section
    items: list[str] = []
    for line in lines:
        if re.match(r"^[\w, ]+ : ", line):
            name, _, text = line.partition(" : ")
            items.append(f"- `{name}`: {text}")
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
    text = " ".join(f"Checked {checked}".split()) if checked else ""
    return "\n".join(f"- {entry}" for entry in entries), text
