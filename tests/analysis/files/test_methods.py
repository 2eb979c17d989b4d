"""The page of methods: every docstring is a reader's documentation, and the trials and words stand beside."""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import replace

import pandas as pd
import pytest

from pxcore import maps
from pxcore.analysis.files.methods import (
    TITLES,
    Chapter,
    Method,
    MethodsReport,
    _references,
    _table,
    methods,
)
from pxcore.words import methods as words

# Our own readings of a method referenced elsewhere: told, with notes instead of a reference.
OWN = {
    "spread.standing",  # a distance divided by peer_spread's deviation
    "latent.expected_spearman",  # draws from latent_correlation's model
    "latent.most_influential",  # spearman without one
}
# Helpers that have no method of their own: they prepare, look up, count, or put another method's result
# in other words; the reference stands at that method, and Methods does not list them.
PLAIN = {
    "scale.proportion_at",  # the inverse of logit
    "ranks.quarter_of",
    "spread.winsorising_constant",  # the normal integral peer_spread divides by
    "correlation.average_ranks",
    "correlation.checked_pairs",
    "correlation.bonett_wright",  # at spearman
    "correlation.fieller",  # at kendall
    "correlation.rank_correlation_of_draws",  # at bootstrap_spearman
    "latent.strength",
    "verdict.graded",  # at pair_verdicts
    "certainty.word",
    "certainty.laid_out",  # these five: the nodes of posterior
    "certainty.tables",
    "certainty.densities",
    "certainty.batches",
    "certainty.quantiles",
    "certainty_fit.parameters",  # what the searcher of usual_behaviour moves
    "certainty_fit.refitted",  # usual_behaviour, begun nearby
    "certainty_nodes.heard",
    "certainty_nodes.scale_of",
    "certainty_nodes.mixed",
    "certainty_nodes.blocks",
    "settling.normal_form",  # where needed begins to search
    "latent.limit_within",
    "binomial_normal.shares",  # logit's percentages as the likelihood of latent_correlation takes them
    "level.checked_table",
    "bands.band_table",  # a count
    "bands.quadratic",  # weights by their formula
    "verdict.speaks",
    "verdict.side_words",
    "verdict.reach_in_points",  # the inverse of logit
    "control_chart.side_of_centre",
    "control_chart.outside_limits",
    "control_chart.seven_point_shift",  # the rules of Making Data Count, at xmr
    "control_chart.seven_point_trend",
    "control_chart.two_in_three",
}
UNREFERENCED = {"verdict.detectable_correlation"}


@pytest.fixture(scope="module")
def report() -> MethodsReport:
    return methods()


def every(report: MethodsReport) -> list[tuple[Chapter, Method]]:
    return [(chapter, method) for chapter in report.chapters for method in chapter.methods]


def test_every_method_of_the_statistics_is_told_and_no_helper(report: MethodsReport) -> None:
    for chapter in report.chapters:
        module = importlib.import_module(f"pxcore.stats.{chapter.module}")
        public = {
            name
            for name, thing in inspect.getmembers(module, inspect.isfunction)
            if thing.__module__ == module.__name__ and not name.startswith("_")
        }
        helpers = {name.split(".")[1] for name in PLAIN if name.startswith(f"{chapter.module}.")}
        assert {method.name for method in chapter.methods} == public - helpers
        assert public, chapter.module
        assert chapter.about.endswith((".", "?")), chapter.module
    assert len({chapter.title for chapter in report.chapters}) == len(report.chapters)
    assert set(TITLES) >= {chapter.module for chapter in report.chapters}  # each has a title


def test_the_first_line_of_every_docstring_is_a_question_or_a_sentence(
    report: MethodsReport,
) -> None:
    wrong = [
        f"{chapter.module}.{method.name}"
        for chapter, method in every(report)
        if not method.question.endswith(("?", "."))
    ]
    assert wrong == []


def test_every_method_says_where_it_comes_from(report: MethodsReport) -> None:
    bare = {
        f"{chapter.module}.{method.name}"
        for chapter, method in every(report)
        if not method.references
    }
    assert bare == OWN


@pytest.mark.parametrize("name", sorted(UNREFERENCED))
def test_these_methods_say_where_they_come_from(report: MethodsReport, name: str) -> None:
    told = {f"{chapter.module}.{method.name}": method for chapter, method in every(report)}
    assert told[name].references


def test_references_are_one_a_line_and_end(report: MethodsReport) -> None:
    for _, method in every(report):
        for line in method.references.splitlines():
            assert line.startswith("- "), method.name
            assert line.endswith("."), (method.name, line)


def test_a_reference_is_whole(report: MethodsReport) -> None:
    cut = [
        (method.name, line)
        for _, method in every(report)
        for line in method.references.splitlines()
        if not re.search(r"\b(1[89]|20)\d\d\b", line)  # its year
        and not line.startswith("- As for ")
    ]
    assert cut == []


def test_nothing_of_the_docstrings_own_dress_reaches_the_page(report: MethodsReport) -> None:
    for _, method in every(report):
        assert not re.search(r"^-{3,}$", method.text, re.MULTILINE), method.name
        assert not re.search(r"^(Parameters|Returns|Notes|References)$", method.text, re.MULTILINE)
        assert not re.search(r"^[a-z_, ]+ : ", method.text, re.MULTILINE), method.name
        assert method.question, method.name


def test_a_method_of_several_parameters_lists_each(report: MethodsReport) -> None:
    told = {method.name: method for _, method in every(report)}
    text = told["pair_verdicts"].text
    assert text.index("**Parameters**") < text.index("**Returns**") < text.index("**References**")
    assert "- `left, right`: Standing of the same providers" in text
    assert "- `margin`: peer SDs within which the two are said to agree." in text
    assert "Schuirmann DJ." in told["pair_verdicts"].references


def test_what_a_method_was_checked_against_stands_apart_from_its_references() -> None:
    told = _references(
        "One A. A paper. J 2001;1:1-2.\nTwo B. A longer\npaper. J 2002;2:3.\n\nChecked by\nR."
    )
    assert told == (
        "- One A. A paper. J 2001;1:1-2.\n- Two B. A longer paper. J 2002;2:3.",
        "Checked by R.",
    )
    assert _references("") == ("", "")


def test_constants_are_told_with_their_value(report: MethodsReport) -> None:
    chapters = {chapter.module: chapter for chapter in report.chapters}
    constants = {name: (value, said) for name, value, said in chapters["verdict"].constants}
    assert constants["MARGIN"] == ("1.0", "peer SDs within which two sources are said to agree")
    assert constants["EVIDENCE_FLOOR"][0] == "10"


# --- Words and trials ---


def test_the_words_of_the_verdicts_are_explained(report: MethodsReport) -> None:
    glossary = dict(report.words())
    for term in (
        "agreement", "dissonance", "partial agreement", "silence", "not enough evidence",
        "typical difference", "peers", "underlying agreement", "perfect mirrors", "evidence floor",
        "disclosure floor", "false-discovery rate", "ecological fallacy",
    ):  # fmt: skip
        assert glossary[term].endswith("."), term
    assert len(glossary) == len(report.glossary)


def test_the_rules_and_limits_are_sentences(report: MethodsReport) -> None:
    assert len(words.method("rules")) == 8
    for said in (
        *words.method("rules"),
        *words.method("known_limits"),
        words.trials(report),
        words.limits(report),
    ):
        assert said.endswith(".")
    assert "not for comparing organisations" in " ".join(words.method("known_limits")).replace(
        "\n", " "
    )


@pytest.fixture
def tried() -> pd.DataFrame:
    rows = [
        ("one", "A world", "fa", "False alarms", "5 %", "0.2 %", "400", "4 to 6 %", "yes"),
        ("one", "A world", "pw", "Power", "30 %", "1 %", "400", "at least 35 %", "no"),
        ("two", "Another", "cv", "Coverage", "95 %", "", "200", "", ""),
    ]
    columns = [
        "scenario",
        "title",
        "measure",
        "title_measure",
        "value",
        "error",
        "sets",
        "line",
        "meets",
    ]
    return pd.DataFrame(rows, columns=columns)


def test_promises_not_kept_come_first_and_are_told(
    report: MethodsReport, tried: pd.DataFrame
) -> None:
    told = replace(report, calibration=tried)
    assert (
        "2 kinds of invented data with a known truth: 1 of 2 promises kept."
        in words.trials_in_brief(told)
    )
    assert words.limits(told).endswith(
        "Not kept: Power: 30 % (at least 35 % was promised), on invented data with A world."
    )
    assert words.promises(told)["meets"].tolist() == ["no", "yes"]
    assert words.promises(told)["result"].tolist() == ["30 % ± 1 %", "5 % ± 0.2 %"]
    assert told.scenarios() == {"one": "A world", "two": "Another"}
    assert words.of_scenario(told, "two")["result"].tolist() == ["95 %"]


def test_without_trials_none_are_promised(report: MethodsReport, tried: pd.DataFrame) -> None:
    told = replace(report, calibration=tried.head(0))
    assert words.trials_in_brief(told).endswith("each from the text that stands at its code.")
    assert words.trials(told) == "The trials have not been run here."
    assert told.scenarios() == {}
    assert words.promises(told).empty
    assert _table("no such table", ("a", "b")).columns.tolist() == ["a", "b"]


def test_the_trials_shipped_are_shown(report: MethodsReport) -> None:
    if not (maps.REFERENCE / "calibration.csv").exists():
        pytest.skip("the table of the trials is not here")
    assert len(report.scenarios()) >= 10
    lines = report.calibration[report.calibration["line"] != ""]
    assert len(words.promises(report)) == len(lines) > 20
    kept = int((lines["meets"] == "yes").sum())
    assert f"{kept} of {len(lines)} promises kept" in words.trials_in_brief(report)
    missed = lines[lines["meets"] == "no"]
    assert len(missed) == 0 or words.limits(report).startswith("Not kept: ")
    for scenario in report.scenarios():
        assert not words.of_scenario(report, scenario)["result"].str.contains("nan").any()


# --- Masking ---


def measured(*rows: tuple[str, str, str, int, int, float, float]) -> pd.DataFrame:
    columns = ["part", "kind", "class", "identifiers", "masked", "low", "high"]
    return pd.DataFrame(rows, columns=columns).astype(str)


MEASURED = measured(
    ("development", "name", "all", 100, 99, 0.94, 0.998),
    ("development", "name", "kin", 10, 10, 0.72, 1.0),
    ("development", "form", "all", 100, 100, 0.96, 1.0),
    ("development", "rare context", "all", 10, 0, 0.0, 0.28),
    ("development", "manner", "capitals", 0, 0, float("nan"), float("nan")),
    ("development", "innocent", "all", 100, 0, 0.0, 0.04),
    ("development", "innocent", "sayings", 20, 0, 0.0, 0.16),
    ("held back", "name", "all", 200, 160, 0.74, 0.85),
    ("held back", "name", "kin", 20, 16, 0.58, 0.92),
    ("held back", "form", "all", 200, 189, 0.90, 0.97),
    ("held back", "rare context", "all", 10, 1, 0.02, 0.40),
    ("held back", "manner", "capitals", 50, 40, 0.67, 0.89),
    ("held back", "innocent", "all", 100, 2, 0.006, 0.07),
    ("held back", "innocent", "sayings", 20, 2, 0.03, 0.30),
)


def test_what_masking_reaches_is_told_of_the_held_back_part(report: MethodsReport) -> None:
    text = words.masking(replace(report, redaction=MEASURED))
    assert (
        "**Reached**: 80% (74 to 85%) of names are masked (at least 80% is the aim) and 2.0% (0.6 to 7%) "
        "of the comments that name nobody lose a word (at most 2% is the aim)."
    ) in text
    assert (
        "**Not reached**: 94.5% (90 to 97.0%) of details with a form of their own are masked (at least "
        "95% is the aim)."
    ) in text
    assert "(10% (2.0 to 40%) masked)" in text
    assert "made up" in text
    assert "99.0%" not in text  # of the part that the rules were written on


def test_one_more_comment_touched_is_told_as_not_reached(report: MethodsReport) -> None:
    worse = MEASURED.copy()
    worse.loc[len(worse) - 2, "masked"] = "3"
    text = words.masking(replace(report, redaction=worse))
    assert text.index("**Not reached**") < text.index("3.0% (0.6 to 7%) of the comments")


def test_both_parts_stand_beside_each_other(report: MethodsReport) -> None:
    shown = words.masked(replace(report, redaction=MEASURED)).set_index("title")
    assert shown.loc["Names, all"].tolist() == ["80% (74 to 85%)", 200, "99.0% (94 to 99.8%)", 100]
    assert shown.loc["Kin"].tolist() == ["80% (58 to 92%)", 20, "100% (72 to 100%)", 10]
    assert shown.loc["Written capitals"].tolist() == ["80% (67 to 89%)", 50, "–", 0]
    assert shown.index.tolist() == [
        "Names, all",
        "Kin",
        "Details with a form, all",
        "Rare contexts (no promise)",
        "Written capitals",
        "Touched: comments that name nobody, all",
        "Touched: sayings",
    ]


def test_without_a_measurement_of_masking_none_is_promised(report: MethodsReport) -> None:
    empty = replace(report, redaction=MEASURED.head(0))
    assert words.masking(empty) == "Masking has not been measured."
    assert words.masked(empty).empty


def test_the_measurement_of_masking_that_is_shipped_is_shown(report: MethodsReport) -> None:
    of = report.redaction[report.redaction["class"] == "all"]
    assert set(of["part"]) == {"development", "held back"}
    assert set(of["kind"]) == {*words.AIMS, "rare context", "innocent"}
    assert len(words.masked(report)) == len(report.redaction) / 2 > 30
    assert "nan" not in words.masking(report)
    assert not words.masked(report).astype(str).eq("nan").any(axis=None)
