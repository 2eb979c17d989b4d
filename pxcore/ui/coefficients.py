"""Beside the headline of two sources: what asking for more answers changes, bands, levels, and more."""

from __future__ import annotations

import streamlit as st

from pxcore.analysis.pairs.agreement import AgreementReport
from pxcore.charts import coefficients as charts
from pxcore.model import Pairing
from pxcore.ui import show, state
from pxcore.words import coefficients as words

TABS = (
    "More answers",
    "Same level?",
    "Same band?",
    "Other measures",
    "A third source",
    "Every coefficient",
)


def panel(pairing: Pairing, headline: AgreementReport) -> None:
    """Six more ways to ask; each computed once a revision, drawn only when it is open."""
    if headline.correlation is None:
        return
    st.subheader("Does it hold, asked in other ways?", anchor=False)
    report = state.coefficients(pairing)
    if report is None:
        return
    tabs = st.tabs(list(TABS), key="ways", on_change="rerun")
    if tabs[0].open:
        with tabs[0]:
            course = words.curve(report)
            st.markdown(show.escape(course))
            st.markdown(f":gray[{show.escape(words.power(report))}]")
            if len(report.curve) > 1:
                show.chart(
                    charts.curve(report, show.palette()),
                    key="agreement_curve",
                    alt=course,
                )
    if tabs[1].open:
        with tabs[1]:
            sentences = words.level(report)
            for sentence in sentences:
                st.markdown(f"- {show.escape(sentence)}")
            if report.level is not None:
                show.chart(
                    charts.bland_altman(
                        report.level,
                        show.palette(),
                        headline.left.short_title,
                        headline.right.short_title,
                    ),
                    key="agreement_bland_altman",
                    alt=" ".join(sentences),
                )
                st.caption(
                    "One mark an organisation. Level and ranking together: a difference of level alone "
                    "moves every mark up or down."
                )
    if tabs[2].open:
        with tabs[2]:
            st.markdown(show.escape(words.bands(report)))
            if report.bands is not None:
                picture, beside = st.columns([0.4, 0.6])
                with picture:
                    show.chart(
                        charts.bands(report, show.palette()),
                        key="agreement_bands",
                        alt=words.bands(report),
                    )
                with beside:
                    show.table(
                        words.bands_table(report),
                        {
                            "what": st.column_config.TextColumn("", width="medium"),
                            "these": st.column_config.TextColumn("These two", alignment="right"),
                            "unrelated": st.column_config.TextColumn("Unrelated sources"),
                            "mirrors": st.column_config.TextColumn("Perfect mirrors"),
                        },
                        key="agreement_band_figures",
                        alt="Coefficients of the bands beside what unrelated sources and mirrors give",
                    )
                    st.caption(
                        "Worse or better: more than 1.96 standard errors from the average, usual "
                        "differences included. No headline is taken from bands: most organisations are "
                        "as expected whatever the truth."
                    )
    if tabs[3].open:
        with tabs[3]:
            st.markdown(show.escape(words.measures(report)))
            if len(report.measures) > 1:
                show.chart(
                    charts.measures(report, show.palette()),
                    key="agreement_measures",
                    alt=words.measures(report),
                )
    if tabs[4].open:
        with tabs[4]:
            st.markdown(show.escape(words.three(report)))
    if tabs[5].open:
        with tabs[5]:
            if chance := words.chance(report):
                st.markdown(show.escape(chance))
            show.table(
                words.table(report),
                {
                    "what": st.column_config.TextColumn("Coefficient", width="medium"),
                    "estimate": st.column_config.TextColumn("Estimate", alignment="right"),
                    "range": st.column_config.TextColumn("95 % range", alignment="right"),
                    "pairs": st.column_config.NumberColumn("Organisations", format="localized"),
                    "asks": st.column_config.TextColumn("What it asks", width="large"),
                },
                key="agreement_coefficients",
                alt="Every coefficient with its range, its number and what it asks",
            )
