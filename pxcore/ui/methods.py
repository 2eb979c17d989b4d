"""What stands under each tab of Methods."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.files.methods import Chapter, MethodsReport
from pxcore.charts import methods as charts
from pxcore.ui import show
from pxcore.ui.answers import finished
from pxcore.words import methods as texts
from pxcore.words.columns import Column


def _chapter(chapter: Chapter) -> None:
    """Each method of a module, by the question it answers, and the constants."""
    st.markdown(chapter.about)
    for method in chapter.methods:
        st.markdown(f"### {method.question}", anchors=False)
        st.caption(f"`pxcore.stats.{chapter.module}.{method.name}`")
        st.markdown(method.text)
    if chapter.constants:
        st.markdown("### Constants", anchors=False)
        st.markdown(
            "\n".join(
                f"- `{name}` = {value}" + (f": {comment}" if comment else "")
                for name, value, comment in chapter.constants
            )
        )


def rules(report: MethodsReport) -> None:
    """The rules in a table; in full, and the words, a click away."""
    st.markdown(texts.brief())
    with show.folded("The rules in full", "methods_rules_open", ":material/rule:") as opened:
        if opened:
            st.markdown("\n\n".join(texts.method("rules")))
    with show.folded(
        "The words and what they mean", "methods_words_open", ":material/dictionary:"
    ) as opened:
        if opened:
            st.markdown(
                "\n\n".join(
                    f"**{show.escape(term)}**: {show.escape(means)}"
                    for term, means in report.words()
                )
            )


def trials(report: MethodsReport) -> None:
    """How well the probabilities and the rules do on invented data."""
    if len(report.certainty):
        st.header("Do the probabilities come true?", anchor=False)
        st.markdown(
            show.escape(
                f"{finished(texts.reliability, report)} {finished(texts.worst, report)}".strip()
            )
        )
        picture, beside = st.columns([0.55, 0.45])
        with picture:
            show.chart(
                charts.reliability,
                report,
                key="methods_reliability",
                alt=finished(texts.reliability_picture, report),
            )
        with beside:
            show.table(
                finished(texts.scenarios, report),
                [
                    *(Column.of("title", "invented_data"), Column.of("outer_claimed", "claimed")),
                    *(Column.of("outer_right", "right"), "firm", "covers"),
                ],
                key="methods_certainty",
                alt=finished(texts.reliability_picture, report),
                height=400,
            )
        show.download(report.certainty, "certainty-calibration", key="methods_certainty_download")
        st.caption(
            "Reproduced by `python -m benchmarks.calibration.certainty` in the project's folder."
        )
    st.header("How well do the rules do?", anchor=False)
    st.markdown(f"{texts.trials(report)} {finished(texts.trials_in_brief, report)}")
    scenarios = report.scenarios()
    if scenarios:
        show.table(
            texts.promises(report),
            [
                Column.of("title", "invented_data"),
                *(Column.of("title_measure", "measured", width="medium"), "result", "line"),
                "meets",
            ],
            key="methods_promises",
            alt="Every promise of the rules and whether it is kept on invented data",
            height=420,
        )
        scenario = st.selectbox(
            "Everything measured on one kind of invented data",
            list(scenarios),
            format_func=scenarios.__getitem__,
            key="methods_scenario",
        )
        show.table(
            texts.of_scenario(report, scenario),
            [Column.of("title_measure", "measured"), "result", "sets"],
            key="methods_scenario_table",
            alt="Everything measured on one kind of invented data",
            height=320,
        )
        show.download(report.calibration, "calibration", key="methods_download")
        st.caption("Reproduced by `python -m benchmarks.calibration` in the project's folder.")
    st.header("Are the same people in two sources found?", anchor=False)
    show.table(
        texts.same_people(report),
        [
            *(Column.of("title", "invented_data", "Two invented sources", width="large"), "truth"),
            "called",
        ],
        key="methods_same_people",
        alt="How often two invented sources are called the same people, by what they are",
        height=320,
    )
    st.caption("Reproduced by `python -m benchmarks.same_people` in the project's folder.")


def masking(report: MethodsReport) -> None:
    """What is masked of comments, and how much of it."""
    st.markdown(texts.masking(report))
    masked = texts.masked(report)
    if len(masked):
        show.table(
            masked,
            [
                Column.of("title", "what"),
                Column.of("held back", "masked", "Masked, held back"),
                Column.of("held back, number", "masked_of"),
                Column.of("development", "masked", "Masked, where rules were written"),
                Column.of("development, number", "masked_of"),
            ],
            key="methods_masked",
            alt="What is masked of made-up comments, by class, with 95 % ranges",
            height=420,
        )
        show.download(report.redaction, "masking", key="methods_masked_download")
        st.caption("Reproduced by `python -m benchmarks.redaction` in the project's folder.")


def chapters(report: MethodsReport) -> None:
    """Every method, a chapter a module."""
    for chapter in report.chapters:
        with show.folded(f"**{chapter.title}**", f"methods_{chapter.module}") as opened:
            if opened:
                _chapter(chapter)


def limits() -> None:
    """What is known not to hold."""
    st.markdown("\n".join(f"- {limit}" for limit in texts.method("known_limits")))
