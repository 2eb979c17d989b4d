"""Beside the headline of two sources: what asking for more answers changes, bands, levels, and more."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.analysis.pairs.coefficients import CoefficientsReport, coefficients
from pxcore.charts import coefficients as charts
from pxcore.ui import show
from pxcore.ui.answers import ask, finished
from pxcore.words import coefficients as words
from pxcore.words.columns import Column

TABS = (
    "More answers",
    "Same level?",
    "Same band?",
    "Other measures",
    "A third source",
    "Every coefficient",
)


def panel(headline: AgreementReport) -> None:
    """Six more ways to ask; worked out once a revision, when it is first opened."""
    if headline.correlation is None:
        return
    label = "Does it hold, asked in other ways?"
    with show.folded(label, "agreement_ways", ":material/query_stats:") as opened:
        report = ask(coefficients, headline) if opened else None
        if report is None:
            return
        draw = (_more_answers, _level, _bands, _measures, _third, _every)
        drawn = {title: partial(part, report) for title, part in zip(TABS, draw, strict=True)}
        show.tabs(drawn, "ways", linked=False)


def _more_answers(report: CoefficientsReport) -> None:
    """What asking for more answers changes."""
    course = finished(words.curve, report)
    st.markdown(show.escape(course))
    st.markdown(f":gray[{show.escape(finished(words.power, report))}]")
    if len(report.curve) > 1:
        show.chart(
            charts.curve,
            report,
            key="agreement_curve",
            alt=course,
        )


def _level(report: CoefficientsReport) -> None:
    """Whether the two put organisations at the same level."""
    sentences = finished(words.level, report)
    for sentence in sentences:
        st.markdown(f"- {show.escape(sentence)}")
    if report.level is not None:
        show.chart(
            charts.bland_altman,
            report,
            key="agreement_bland_altman",
            alt=" ".join(sentences),
        )
        st.caption(
            "One mark an organisation. Level and ranking together: a difference of level alone "
            "moves every mark up or down."
        )


def _bands(report: CoefficientsReport) -> None:
    """Whether they put them in the same band."""
    st.markdown(show.escape(finished(words.bands, report)))
    if report.bands is not None:
        picture, beside = st.columns([0.4, 0.6])
        with picture:
            show.chart(
                charts.bands,
                report,
                key="agreement_bands",
                alt=finished(words.bands, report),
            )
        with beside:
            show.table(
                finished(words.bands_table, report),
                [
                    "coefficient",
                    Column.of("these", "estimate", "These two"),
                    "unrelated",
                    "mirrors",
                ],
                key="agreement_band_figures",
                alt="Coefficients of the bands beside what unrelated sources and mirrors give",
            )
            st.caption(
                "Worse or better: more than 1.96 standard errors from the average, usual "
                "differences included. No headline is taken from bands: most organisations are "
                "as expected whatever the truth."
            )


def _measures(report: CoefficientsReport) -> None:
    """Other measures of the same two sources."""
    st.markdown(show.escape(finished(words.measures, report)))
    if len(report.measures) > 1:
        show.chart(
            charts.measures,
            report,
            key="agreement_measures",
            alt=finished(words.measures, report),
        )


def _third(report: CoefficientsReport) -> None:
    """With a third source."""
    st.markdown(show.escape(finished(words.three, report)))


def _every(report: CoefficientsReport) -> None:
    """Every coefficient, with what it asks."""
    if chance := finished(words.chance, report):
        st.markdown(show.escape(chance))
    show.table(
        finished(words.table, report),
        ["coefficient", "estimate", "range", "organisations", "asks"],
        key="agreement_coefficients",
        alt="Every coefficient with its range, its number and what it asks",
    )
