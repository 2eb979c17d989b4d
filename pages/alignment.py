"""What is compared with what? Joined and not joined, periods, names, maps."""

from functools import partial

import streamlit as st

from pxcore.analysis.files.sources import shipped_map
from pxcore.analysis.joining.matching import successions
from pxcore.analysis.pairs.agreement import agreement
from pxcore.charts import alignment as charts
from pxcore.ui import filters, matching, messages, show, state, ways
from pxcore.ui.answers import Answer, ask, finished
from pxcore.words import alignment as words
from pxcore.words import matching as matching_words
from pxcore.words.columns import Column


def _by_reason(answer: Answer) -> None:
    """Rows of both sources by what became of them."""
    show.table(
        answer(words.account),
        [
            *("source", Column.of("reason", "outcome"), Column.of("rows_text", "rows")),
            Column.of("organisations_text", "organisations"),
        ],
        key="alignment_account_table",
        alt="Rows of both sources by what became of them",
    )


def _not_joined(answer: Answer) -> None:
    """What did not join, with the reason of each."""
    rows = answer(words.did_not_join)
    st.markdown(f"{len(rows):,} entries, each with its reason.")
    show.table(
        rows,
        [
            Column.of("source_title", "source"),
            *(Column.of("name", title="Organisation or name"), "unit", "reason"),
            Column.of("rows_text", "rows"),
        ],
        key="alignment_unmatched",
        alt="What did not join, with the reason of each",
        height=360,
    )
    show.download(rows, "did-not-join", key="alignment_unmatched_download")


def _mergers() -> None:
    """Organisations with data that merged, split or changed."""
    followed = matching_words.successions(ask(successions))
    if followed.empty:
        st.markdown("No organisation with data has changed, as far as the reference files say.")
    else:
        show.table(
            followed,
            [
                *(Column.of("code", "reported_as"), Column.of("name", "reported_name")),
                *("happened", "current_code", "current_name"),
            ],
            key="alignment_successions",
            alt="Organisations with data that merged, split or changed",
        )


def _maps() -> None:
    """The shipped maps: services, measures, fieldwork windows."""
    services, domains = st.columns(2)
    with services:
        st.markdown("**Services:** each source's own words, and ours")
        show.table(
            finished(shipped_map, "services"),
            [Column.of("title", "service"), "also"],
            key="map_services",
            alt="The service map",
            height=320,
        )
    with domains:
        st.markdown("**Measures** and the domain each belongs to")
        show.table(
            finished(shipped_map, "measures"),
            ["source", Column.of("title", "measure"), "domain", "question"],
            key="map_measures",
            alt="The domain map",
            height=320,
        )
    st.page_link(
        "pages/groups.py",
        label="Which groups of people count as one: on Groups, where it can be changed",
        icon=":material/merge_type:",
    )
    st.markdown("**Fieldwork windows** of the surveys")
    show.table(
        finished(shipped_map, "survey_windows"),
        [
            *(Column.of("source", "survey"), "wave", Column.of("fieldwork_start", "period_start")),
            *(Column.of("fieldwork_end", "period_end"), "approximate", "citation"),
        ],
        key="map_windows",
        alt="Fieldwork windows",
        height=280,
    )


show.title("What is compared with what?")
with messages.guard():
    choices = state.choices()
    ways.two_sources(choices)
    compared = ask(agreement, filters.pairing(choices))
    report = compared.alignment
    answer = Answer(report)
    show.headline(answer(words.summary), answer(words.limits))
    ways.back(across_domains=report.across_domains and not report.refusals)
    if report.refusals:
        ways.out(report.refusals, report, choices, "alignment")
    show.figures(answer(words.figures, compared.verdicts.heard if compared.verdicts else None))
    st.header("Do their periods meet?", anchor=False)
    show.chart(charts.windows, report, key="alignment_windows", alt=answer(words.summary))
    st.header("What became of every row?", anchor=False)
    show.chart(charts.account, report, key="alignment_account", alt=answer(words.accounted))
    st.caption(show.escape(answer(words.accounted)))
    show.tabs(
        {
            "By reason": partial(_by_reason, answer),
            "Did not join": partial(_not_joined, answer),
            matching.TAB: matching.panel,
            "Mergers and splits": _mergers,
            "Maps": _maps,
        },
        "alignment_tab",
    )
    show.how(*words.method())
    show.provenance(report.extracts, report.revision)
