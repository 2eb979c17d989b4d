"""How each report is worked out, and how well the rules do: Markdown files and the trials in words."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from pxcore.analysis.files.methods import EVERY, REPORTED, MethodsReport
from pxcore.disclosure import Released
from pxcore.stats.certainty import VERY_LIKELY
from pxcore.words.english import capital, fixed, joined, percent, percent_range

# What masking is to reach: kind of detail -> in words, the share that it is to come to.
AIMS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {"form": ("details with a form of their own", 0.95), "name": ("names", 0.80)}
)
MOST_INNOCENT = 0.02  # of the comments that name nobody, at most so many are to be touched
LEAST_SHARE = 0.03  # of a scenario's organisations: a bin of fewer is not read by itself
TRIALS = (
    "The rules were tried on data made up with a known truth: sources that see the same standing of each "
    "organisation through their own noise, with nothing planted, or with contradictions planted. The very "
    "code of the app judged them. “±” is the error of the trial itself."
)


def method(noun: str, **values: object) -> tuple[str, ...]:
    """The paragraphs of `methods/<noun>.md`, each on one line, with the values that it names."""
    text = (files("pxcore.words") / "methods" / f"{noun}.md").read_text(encoding="utf-8")
    paragraphs = text.strip().split("\n\n")
    return tuple(" ".join(paragraph.split()).format(**values) for paragraph in paragraphs)


def brief() -> str:
    """The rules in a table of Markdown: what is done, and why."""
    return (files("pxcore.words") / "methods" / "rules_in_brief.md").read_text(encoding="utf-8")


def summary(report: MethodsReport) -> str:
    """How good the probabilities are where that has been measured, else what there is to read."""
    return reliability(report) or trials_in_brief(report)


def trials_in_brief(report: MethodsReport) -> str:
    """How many methods there are, and how many of the promises about them were kept."""
    methods = sum(len(chapter.methods) for chapter in report.chapters)
    text = f"{methods} methods, each from the text that stands at its code"
    if report.calibration.empty:
        return f"{text}."
    lines = report.calibration[report.calibration["meets"] != ""]
    return (
        f"{text}. Tried on {report.calibration['scenario'].nunique()} kinds of invented data with a known "
        f"truth: {int((lines['meets'] == 'yes').sum())} of {len(lines)} promises kept."
    )


def limits(report: MethodsReport) -> str:
    """Where the probabilities did worst, and what was promised and not kept."""
    return " ".join(filter(None, (worst(report), _missed(report))))


def _missed(report: MethodsReport) -> str:
    missed = report.calibration[report.calibration["meets"] == "no"]
    if missed.empty:
        return (
            "A verdict is a prompt to look, not a judgement of care. The truth of real data is never known; "
            "the trials say how the rules do where it is."
        )
    promises = []
    for row in missed.head(3).to_dict("records"):
        title, comma, unit = str(row["title_measure"]).rpartition(", %")
        measured = f"{title}: {row['value']} %" if comma and not unit else f"{unit}: {row['value']}"
        promises.append(
            f"{measured} ({row['line']} was promised), on invented data with {row['title']}"
        )
    return f"Not kept: {'; '.join(promises)}."


def reliability(report: MethodsReport) -> str:
    """How good the surest statements have been on all invented data; "" where it has not been measured."""
    whole = _surest(report)
    whole = whole[whole["scenario"] == EVERY]
    if whole.empty:
        return ""
    row = whole.iloc[0]
    return (
        f"When this app says {fixed(row['claimed'] * 100)} in 100, it has been right "
        f"{fixed(row['true'] * 100)} times in 100 on invented data with a known truth."
    )


def worst(report: MethodsReport) -> str:
    """The same of the kind of invented data on which they did worst; "" where it has not been measured."""
    kinds = _surest(report)
    kinds = kinds[(kinds["scenario"] != EVERY) & (kinds["share"] >= LEAST_SHARE)]
    if kinds.empty:
        return ""
    row = kinds.iloc[int((kinds["true"] - kinds["claimed"]).argmin())]
    return (
        f"Where it did worst ({row['title']}), {fixed(row['claimed'] * 100)} in 100 was right "
        f"{fixed(row['true'] * 100)} times."
    )


def _surest(report: MethodsReport) -> Released:
    """The bin of the surest statements, a kind of invented data a row."""
    rows = report.reliability()
    return Released(rows[rows["low"] == VERY_LIKELY])


def reliability_picture(report: MethodsReport) -> str:
    """The picture of reliability in words."""
    rows = report.reliability()
    rows = rows[rows["scenario"] == EVERY]
    parts = [
        f"said {fixed(claimed * 100)}, was {fixed(true * 100)}"
        for claimed, true in zip(rows["claimed"], rows["true"], strict=True)
    ]
    kinds = report.certainty.loc[~report.certainty["scenario"].isin((EVERY, *REPORTED)), "scenario"]
    return f"Of 100 statements, over {kinds.nunique()} kinds of invented data: {'; '.join(parts)}."


def scenarios(report: MethodsReport) -> Released:
    """What else the study of the probabilities measured, a kind of invented data a row."""
    rows = report.certainty
    rows = rows[rows["firm"] != ""].drop_duplicates("scenario")
    return rows.assign(
        **{
            name: [f"{fixed(float(value) * 100)}%" if value else "–" for value in rows[name]]
            for name in ("firm", "moved", "covers", "outer_claimed", "outer_right")
        }
    ).reset_index(drop=True)


def trials(report: MethodsReport) -> str:
    return "The trials have not been run here." if report.calibration.empty else TRIALS


def promises(report: MethodsReport) -> Released:
    """The measures that a promise stands on, those not kept first."""
    rows = report.calibration[report.calibration["meets"] != ""]
    return _with_error(rows).sort_values("meets", kind="stable").reset_index(drop=True)


def of_scenario(report: MethodsReport, scenario: str) -> Released:
    rows = report.calibration[report.calibration["scenario"] == scenario]
    return _with_error(rows).reset_index(drop=True)


def _with_error(rows: Released) -> Released:
    """Result and its Monte Carlo error together."""
    return rows.assign(
        result=[
            f"{value} ± {error}" if error else value
            for value, error in zip(rows["value"], rows["error"], strict=True)
        ]
    )


def masking(report: MethodsReport) -> str:
    """What is reached of what masking is to do, and what is not, on the held-back comments."""
    of = {
        str(row["kind"]): row
        for row in report.redaction.to_dict("records")
        if row["part"] == "held back" and row["class"] == "all"
    }
    if not of:
        return "Masking has not been measured."
    reached: list[str] = []
    missed: list[str] = []
    for kind, (noun, aim) in AIMS.items():
        (reached if _share(of[kind]) >= aim else missed).append(
            f"{_masked(of[kind], aim)} of {noun} are masked (at least {percent(aim)} is the aim)"
        )
    (reached if _share(of["innocent"]) <= MOST_INNOCENT else missed).append(
        f"{_masked(of['innocent'], MOST_INNOCENT)} of the comments that name nobody lose a word "
        f"(at most {MOST_INNOCENT:.0%} is the aim)"
    )
    aims = [
        f"**{heading}**: {joined(phrases)}."
        for heading, phrases in (("Reached", reached), ("Not reached", missed))
        if phrases
    ]
    first, last = method("masking", rare=_masked(of["rare context"]))
    return "\n\n".join([first, *aims, last])


def masked(report: MethodsReport) -> Released:
    """Each class, with the share masked in both parts: for the screen."""
    names = {
        "name": "Names, all",
        "form": "Details with a form, all",
        "rare context": "Rare contexts (no promise)",
        "innocent": "comments that name nobody, all",
    }
    before = {"manner": "Written ", "innocent": "Touched: "}
    lines: dict[tuple[str, str], dict[str, object]] = {}
    for row in report.redaction.to_dict("records"):
        kind, group = str(row["kind"]), str(row["class"])
        title = names[kind] if group == "all" else group
        title = f"{before[kind]}{title}" if kind in before else capital(title)
        line = lines.setdefault((kind, group), {"title": title})
        line[str(row["part"])] = _masked(row)
        line[f"{row['part']}, number"] = int(row["identifiers"])
    columns = ["title"] + [
        f"{part}{figure}" for part in ("held back", "development") for figure in ("", ", number")
    ]
    return Released(list(lines.values()), columns=columns)


def _share(row: Mapping[Any, Any]) -> float:
    """Masked of all there were: NaN of none."""
    there = int(row["identifiers"])
    return int(row["masked"]) / there if there else float("nan")


def _masked(row: Mapping[Any, Any], aim: float = float("nan")) -> str:
    """The share masked with its range; to a decimal where it would be rounded to the aim it is not."""
    share = _share(row)
    if np.isnan(share):
        return "–"
    near = share != aim and percent(share) == percent(aim)
    shown = f"{fixed(share * 100, 1)}%" if near else percent(share)
    return f"{shown} ({percent_range(float(row['low']), float(row['high']))})"


def same_people(report: MethodsReport) -> Released:
    """How often two invented sources are taken for the same people, with its range."""
    rows = report.same_people
    return rows.assign(
        truth=["the same people" if same == "yes" else "other people" for same in rows["same"]],
        called=[
            f"{caught} of {pairs} ({low} to {high} %)"
            for caught, pairs, low, high in zip(
                rows["caught"], rows["pairs"], rows["low"], rows["high"], strict=True
            )
        ],
    )
