"""What the Themes page shows of its report: what counts, by service, over time, together, and comments."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from pxcore.analysis.comments.themes import ThemesQuestion, ThemesReport
from pxcore.charts import themes as charts
from pxcore.ui import coding, comments, filters, masking, show, state
from pxcore.ui.answers import finished
from pxcore.words import theme_trends as theme_trends_words
from pxcore.words import themes as words
from pxcore.words.columns import Column
from pxcore.words.counts import fewer_than
from pxcore.words.rules import table as rules_table

TABS = ("How many named it", "Read comments", "In more detail", "Code and mask")
DETAIL = ("By service", "Over time", "Together", "How they felt")
WORK = ("Code by hand", "Names to mask")


def choose() -> None:
    """Whose words themes go by, and whether suggestions of rules count."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Themes",
            [filters.COMMON_THEMES, filters.OWN_WORDS],
            default=filters.COMMON_THEMES,
            required=True,
            key="themes_words",
            bind="query-params",
            label_visibility="collapsed",
            help="Each supplier has themes of its own. Put under common ones they can be set side by "
            "side; as coded, they keep every distinction the supplier made.",
        )
        st.toggle(
            "Count suggested themes",
            key="themes_suggested",
            bind="query-params",
            help="Where nobody has coded a comment, keyword rules suggest its themes. A machine's "
            "suggestion, marked as such wherever it counts; off unless you switch it on.",
        )


def rules(report: ThemesReport) -> None:
    """Where suggestions count: the rules that make them, and how often they are right."""
    if not report.question.suggestions:
        return
    with show.folded(
        "Which rules suggest themes, and how often are they right?",
        "themes_rules_open",
        ":material/rule:",
    ) as opened:
        if opened:
            st.markdown(
                "A rule marks a comment whose words match its pattern. It cannot tell praise from complaint, "
                "nor irony. The rules stand in data/reference/theme_rules.csv, for you to read and correct."
            )
            show.table(
                finished(rules_table),
                ["theme", "measured", "patterns"],
                key="themes_rules",
                alt="The keyword rules of each theme, and how often they were right",
                height=300,
            )


def compare(report: ThemesReport) -> None:
    """Which two sources are set against each other, where there are more."""
    titles = report.titles()
    if len(titles) < 3:
        return
    for which, label, taken in (("left", "Compare", ""), ("right", "with", report.left)):
        key = f"themes_{which}"
        options = [name for name in titles if name != taken]
        usual = getattr(report, which)
        if key in st.session_state and state.value_of(key) not in options:
            state.keep(key, usual)  # no longer there, or compared with itself
        st.selectbox(
            label,
            options,
            index=options.index(usual) if usual in options and key not in st.session_state else 0,
            format_func=titles.__getitem__,
            key=key,
            bind="query-params",
        )


OF_PAIRS = "Share that named the first: of those who named the second, less of the others"


def panel(report: ThemesReport, question: ThemesQuestion) -> None:
    """The tabs; what is in one is worked out when it is open."""
    detail = [partial(part, report) for part in (_services, _time, _together, _felt)]
    work = (partial(coding.panel, question), masking.panel)
    draw = (
        partial(_shares, report, question),
        partial(comments.search, question, report),
        partial(_part, "In more detail", "themes_detail", dict(zip(DETAIL, detail, strict=True))),
        partial(_part, "What to do", "themes_work", dict(zip(WORK, work, strict=True))),
    )
    first = TABS[0] if report.status == "ok" else TABS[1]
    show.tabs(dict(zip(TABS, draw, strict=True)), "themes_tab", first=first)


def _part(label: str, key: str, parts: Mapping[str, Callable[[], None]]) -> None:
    """One of several things of a kind, chosen by a press; made when it is chosen."""
    chosen = st.segmented_control(
        label, list(parts), default=next(iter(parts)), required=True, key=key,
        bind="query-params", label_visibility="collapsed",
    )  # fmt: skip
    parts[str(chosen)]()


def _shares(report: ThemesReport, question: ThemesQuestion) -> None:
    """The picture of every theme and source, what to notice, and the figures behind it."""
    if report.status != "ok":
        st.markdown("Nothing is coded yet.")
        return
    picture, beside = st.columns([0.66, 0.34])
    with picture:
        if report.topics:
            show.chart(
                charts.prominence,
                report,
                key="themes_prominence",
                title=finished(words.prominence_title, report),
                alt=finished(words.prominence, report),
            )
        st.caption(
            "Each mark: the share of people, of all whose comments are coded in that source, with "
            "its 95 % range. One comment may name several themes. "
            + show.escape(finished(words.coders, report))
        )
    with beside:
        comments.quotations(question, report)
        show.findings(finished(words.findings, report))
        compare(report)
    st.header("Every theme", anchor=False)
    st.caption("Shares of people, each with its 95 % range in brackets.")
    show.table(
        finished(words.screen, report),
        finished(words.columns, report),
        key="themes_table",
        pin=True,
        alt="Every theme with the share of each source, its range, and how two sources differ",
        height=420,
    )
    if finished(words.gaps_alone, report):
        st.caption(show.escape(finished(words.gaps_alone, report)))
    show.download(
        partial(finished, words.table, report),
        "themes",
        key="themes_download",
        marks=finished(words.marks, report),
    )


def _services(report: ThemesReport) -> None:
    if report.status != "ok":
        st.markdown("Nothing is coded yet.")
        return
    if report.heat().empty:
        st.markdown("No theme is named by enough people to be shown.")
        return
    st.markdown("Per cent of people who named each theme, by source and service.")
    for place, several in enumerate(charts.sheets(report)):
        show.chart(
            charts.heat,
            report,
            several,
            key=f"themes_heat_{place}",
            alt=finished(words.heat, report, several),
        )
    fewer = fewer_than(report.question.disclosure)
    st.caption(
        f"<12: {fewer} people named it, which is under 12 per cent of those who wrote. Services of which "
        f"{fewer} people wrote are left out."
    )


def _time(report: ThemesReport) -> None:
    if not len(report.trends):
        st.markdown("Too short for a trend.")
        for sentence in finished(words.too_short, report):
            st.markdown(f"- {show.escape(sentence)}")
        return
    options = list(dict.fromkeys(report.trends["theme"]))
    theme = st.selectbox("Theme", options, key="themes_time", bind="query-params")
    theme = theme if theme in options else options[0]
    st.markdown(show.escape(finished(theme_trends_words.over_time, report, theme)))
    if len(report.series(theme)):
        show.chart(
            charts.over_time,
            report,
            theme,
            key="themes_over_time",
            alt=finished(theme_trends_words.over_time, report, theme),
        )
    st.caption(
        "What is named more or less often may also change because different people, services or "
        "organisations are heard: no cause is shown."
    )
    show.table(
        finished(words.trend_rows, report),
        ["theme", "source", "way", "slope", "q", Column.of("points", "points_in_time")],
        key="themes_trends",
        alt="Every theme looked at over time, whether it rises or falls, and how steeply",
        height=300,
    )
    if finished(theme_trends_words.trends_alone, report):
        st.caption(show.escape(finished(theme_trends_words.trends_alone, report)))


def _together(report: ThemesReport) -> None:
    present = [key for key in report.titles() if key in set(report.pairs["voice"])]
    if not present:
        st.markdown("No two themes are named by enough people to be looked at together.")
        return
    voice = report.largest(present)
    if len(present) > 1:
        titles = report.titles()
        voice = st.segmented_control(
            "Source", present, default=voice, format_func=titles.__getitem__, key="themes_together_in",
            required=True,
        )  # fmt: skip
    picture, beside = st.columns([0.66, 0.34])
    with picture:
        show.chart(
            charts.together,
            report,
            voice,
            key="themes_pairs",
            alt=" ".join(finished(words.pairs, report, voice)),
        )
    with beside:
        show.findings(finished(words.pairs, report, voice), "Surest")
    if len(report.square(voice)):
        show.table(
            finished(words.pair_rows, report, voice),
            [
*(Column.of("first", "theme"), Column.of("second", "named_with"), "people", "lift"),
                Column.of("gap", "gap_in_points", help=OF_PAIRS),
                "q",
            ],
            key="themes_pair_rows",
            alt="Pairs of themes named by the same people, those surest first",
            height=300,
        )  # fmt: skip
    st.caption(
        "Faint marks may be chance. Named together does not say that one brings about the other. Where "
        "coders give few themes to a "
        "comment, two themes crowd each other out."
    )


def _felt(report: ThemesReport) -> None:
    felt = report.felt()
    present = [key for key in report.titles() if key in set(felt["voice"])]
    if not present:
        st.markdown("Nothing is known of what people felt, or too few to show it.")
        return
    voice = report.largest(present)
    if len(present) > 1:
        titles = report.titles()
        voice = st.segmented_control(
            "Source", present, default=voice, format_func=titles.__getitem__, key="themes_felt_in",
            required=True,
        )  # fmt: skip
    st.markdown(show.escape(finished(words.felt, report)))
    show.chart(charts.felt, report, voice, key="themes_felt", alt=finished(words.felt, report))
    st.caption("The feeling is that of the whole comment, not of each theme in it.")
