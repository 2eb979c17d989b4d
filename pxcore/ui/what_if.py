"""The scenario as a person puts it together: questions often asked, every choice, and what was saved.

Every choice is in the URL under its own name (`if_…`), so that a link reproduces the scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pxcore import maps
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.joining.periods import MONTHS_TITLES
from pxcore.analysis.joining.selection import DIMENSIONS, SENTIMENT_TITLES
from pxcore.analysis.pairs import what_if as question
from pxcore.analysis.pairs.agreement import AgreementReport, agreement
from pxcore.analysis.pairs.coefficients import coefficients as coefficients_of
from pxcore.analysis.pairs.scenarios import (
    LOOKED_AT,
    Options,
    Saved,
    SideBySide,
    keep,
    side_by_side,
    withdraw,
)
from pxcore.analysis.pairs.scenarios import saved as saved_scenarios
from pxcore.analysis.pairs.what_if import not_followed
from pxcore.charts import coefficients as curves
from pxcore.charts import miniatures
from pxcore.charts.theme import Palette
from pxcore.disclosure import Released
from pxcore.errors import PxError
from pxcore.model import (
    EVIDENCE_FLOORS,
    GRAIN_TITLES,
    Beforehand,
    Mix,
    Months,
    Pairing,
    Peers,
    Scenario,
    Sentiment,
    TestScale,
)
from pxcore.ui import show, state
from pxcore.ui.answers import ask, finished
from pxcore.words import coefficients
from pxcore.words import scenarios as words
from pxcore.words import what_if as sentences
from pxcore.words.columns import Column
from pxcore.words.english import capital, counted

AS_IT_IS = "As in the baseline"
BESIDE, USED = "if_beside", "if_used"
DESIGN_EFFECTS = (1.0, 1.3, 2.0)
MARGINS = (0.5, 1.0, 1.5)
RATES = (0.05, 0.10)
RATE_TITLES = {0.05: "1 in 20 flags", 0.10: "1 in 10 flags"}
# Field of a scenario -> the key of its widget, and what the widget holds where nothing is changed.
KEYS: Mapping[str, tuple[str, Any]] = {
    "left": ("if_left", ""),
    "right": ("if_right", ""),
    "grain": ("if_grain", ""),
    "area": ("if_area", ""),
    "service": ("if_service", ""),
    "window": ("if_window", ""),
    "months": ("if_months", ""),
    "evidence_floor": ("if_evidence", 0),
    "without_modes": ("if_without", []),
    "dimension": ("if_dimension", ""),
    "groups": ("if_groups", []),
    "mix": ("if_mix", ""),
    "peers": ("if_peers", ""),
    "sentiment": ("if_sentiment", ""),
    "comments_halved": ("if_halved", False),
    "design_effect": ("if_design", 0.0),
    "margin": ("if_margin", 0.0),
    "false_discovery": ("if_rate", 0.0),
    "scale": ("if_scale", ""),
    "beforehand": ("if_beforehand", ""),
}


def choose(
    options: Options, choices: Choices, report: AgreementReport, answer: DeltaGenerator
) -> Scenario:
    """Draw all that can be changed, with room for the `answer` under the questions often asked; the
    scenario chosen."""
    # what was asked of the demonstration is not asked of one's own data
    if state.value_of("if_data") not in (None, state.is_demonstration()):
        put(Scenario(), choices)
    state.keep("if_data", state.is_demonstration())
    _follow(options)
    with st.expander("Change anything", expanded=False, icon=":material/tune:"):
        _controls(options, choices, report)
    current = scenario(options, choices)  # known only now: a link fills widgets as they are drawn
    with answer:
        _presets(options, choices, current)
    _saved(choices, current)
    _unanswerable(options, report)
    return current


def scenario(options: Options, choices: Choices) -> Scenario:
    """The scenario the widgets hold; a choice these data do not offer, as a URL may hold, is none."""

    def chosen(field: str, offered: Sequence[Any]) -> Any:
        key, blank = KEYS[field]
        value = st.session_state.get(key, blank)
        return value if value in offered else blank

    def several(field: str, offered: Sequence[str]) -> tuple[str, ...]:
        values = st.session_state.get(KEYS[field][0]) or []
        return tuple(value for value in offered if value in values)

    dimension = chosen("dimension", list(options.bands))
    groups = several("groups", options.bands.get(dimension, ()))
    mix = chosen("mix", [mix.value for mix in _mixes(options, dimension)]) if not groups else ""
    months = chosen("months", [months.value for months in Months])
    evidence = chosen("evidence_floor", EVIDENCE_FLOORS)
    design, margin = chosen("design_effect", DESIGN_EFFECTS), chosen("margin", MARGINS)
    before = chosen("beforehand", [b.value for b in Beforehand])
    rate, scale = chosen("false_discovery", RATES), chosen("scale", [s.value for s in TestScale])
    halved = bool(st.session_state.get(KEYS["comments_halved"][0])) and options.comments
    return Scenario(
        left=chosen("left", list(choices.sources)),
        right=chosen("right", list(choices.sources)),
        grain=chosen("grain", [grain.value for grain in choices.grains]),
        area=chosen("area", list(choices.areas)),
        service=chosen("service", options.services),
        window=choices.windows.get(chosen("window", list(choices.windows))),
        months=Months(months) if months and options.months else None,
        evidence_floor=evidence or None,
        design_effect=design or None if options.design else None,
        margin=margin or None,
        false_discovery=rate or None,
        scale=TestScale(scale) if scale else None,
        beforehand=Beforehand(before) if before else None,
        comments_halved=halved or None,
        without_modes=several("without_modes", options.modes),
        dimension=dimension if groups or mix else "",
        groups=groups,
        mix=Mix(mix) if mix else None,
        sentiment=Sentiment(chosen("sentiment", [s.value for s in options.sentiments])) or None
        if options.sentiments
        else None,
        peers=Peers(chosen("peers", [peers.value for peers in Peers])) or None,
    )


def _mixes(options: Options, dimension: str) -> list[Mix]:
    if not dimension:
        return []
    mixes = [Mix.POOLED] if dimension in options.in_both else []
    if options.registered and dimension in ("age", "sex"):
        mixes += [Mix.REGISTERED, Mix.NATIONAL]
    return mixes


def put(chosen: Scenario, choices: Choices) -> None:
    """Set the widgets to a scenario; runs before they are drawn, or as they are pressed."""
    for field, (key, blank) in KEYS.items():
        value = getattr(chosen, field)
        if field == "window":
            named = [name for name, period in choices.windows.items() if period == value]
            value = named[0] if named else ""
        elif isinstance(value, tuple):
            value = list(value)
        elif value is not None and hasattr(value, "value"):
            value = value.value
        state.keep(key, blank if value is None else value)


# --- Questions often asked ---


def questions(options: Options) -> dict[str, Scenario]:
    """The questions often asked that these two sources can answer."""
    return {
        words.QUESTIONS[preset.question]: preset.scenario
        for preset in options.presets
        if preset.scenario is not None
    }


def _presets(options: Options, choices: Choices, current: Scenario) -> None:
    offered = questions(options)
    active = [title for title, scenario in offered.items() if scenario == current]
    state.keep("if_preset", active[0] if active else None)

    def pressed() -> None:
        title = state.value_of("if_preset")
        put(offered[title] if title in offered else Scenario(), choices)

    st.pills(
        "Questions often asked: press one to see who changes",
        list(offered),
        key="if_preset",
        on_change=pressed,
    )
    if current != Scenario():
        st.button(
            "Back to all of them",
            icon=":material/undo:",
            key="if_back",
            on_click=put,
            args=(Scenario(), choices),
        )


def _unanswerable(options: Options, report: AgreementReport) -> None:
    """The questions often asked that these two sources cannot answer, each with why."""
    cannot = [preset for preset in options.presets if preset.scenario is None]
    if not cannot:
        return
    with st.expander(
        f"{counted(len(cannot), 'question')} these two sources cannot answer",
        icon=":material/block:",
    ):
        for preset in cannot:
            question, why = words.QUESTIONS[preset.question], words.why_not(preset, report)
            st.markdown(f"- **{show.escape(question)}**: {show.escape(why)}")


def often(report: SideBySide) -> None:
    """Every question often asked, and whether the conclusion holds then."""
    show.table(
        finished(_often, report, show.palette()),
        [
            "holds",  # the answer first: on a telephone the question alone fills the window
            Column.of("name", "what_if"),
            Column.of("agree", "agreeing"),
            "still",
            Column.of("changed", width=108),
            "alike",
            Column.of("underlying", "underlying_range", title="In figures", width=146),
        ],
        key="what_if_often",
        pin=True,
        alt=finished(words.often, report),
    )


def _often(report: SideBySide, palette: Palette) -> Released:
    ranges = report.rows[["underlying", "underlying_low", "underlying_high"]].astype("float64")
    band = (ranges["underlying_low"].iloc[0], ranges["underlying_high"].iloc[0])
    return Released(
        words.often_table(report).assign(
            alike=[
                miniatures.interval(estimate, low, high, band, palette)
                for estimate, low, high in ranges.itertuples(index=False)
            ]
        )
    )


# --- Every choice ---


def _controls(options: Options, choices: Choices, report: AgreementReport) -> None:
    sources, people, method = st.columns(3)
    with sources:
        st.markdown("**Which figures**")
        for which in ("left", "right"):
            side = report.left if which == "left" else report.right
            _select(which, f"Instead of {side.short_title}", choices.sources)
        _select("area", "Only in", choices.areas)
        if options.services:
            _select(
                "service",
                "Only this service",
                {service: maps.service_titles()[service] for service in options.services},
            )
        _select(
            "grain",
            "Level of organisation",
            {grain.value: capital(GRAIN_TITLES[grain][1]) for grain in choices.grains},
        )
        _select("window", "Quarter or financial year", {name: name for name in choices.windows})
        if options.months:
            _select(
                "months",
                "Months of the monthly source",
                {
                    m.value: MONTHS_TITLES[m].capitalize()
                    for m in Months
                    if m is not Months.FIELDWORK
                },
            )
        _select(
            "evidence_floor",
            "Fewest answers in either source",
            {floor: f"{floor} answers" for floor in EVIDENCE_FLOORS},
        )
    with people:
        st.markdown("**Whose answers**")
        if options.modes:
            _several("without_modes", "Leave out answers by", options.modes)
        if options.bands:
            _select(
                "dimension", "People by", {d: DIMENSIONS[d].capitalize() for d in options.bands}
            )
            dimension = str(st.session_state.get(KEYS["dimension"][0]) or "")
            if dimension in options.bands:
                _several("groups", "Only these", options.bands[dimension])
                chosen = bool(st.session_state.get(KEYS["groups"][0]))
                _select(
                    "mix",
                    "Or all, weighted to the people",
                    {
                        mix.value: words.MIX_TITLES[mix].capitalize()
                        for mix in _mixes(options, dimension)
                    },
                    disabled=chosen,
                    help="Of some groups alone, or of all of them weighted: not both.",
                )
        if options.sentiments:
            _select(
                "sentiment",
                "How a comment counts",
                {s.value: SENTIMENT_TITLES[s].capitalize() for s in options.sentiments},
            )
        if options.comments:
            st.checkbox(
                "Two comments are one person", key=KEYS["comments_halved"][0], bind="query-params"
            )
        if not (options.modes or options.bands or options.sentiments):
            st.caption(
                "These two sources do not record who answered, how, or in what mood, so that no answers "
                "can be picked out."
            )
    with method:
        st.markdown("**How it is judged**")
        peers = {
            p.value: words.PEER_TITLES[p].capitalize()
            for p in Peers
            if p and (options.registered or p in (Peers.REGION, Peers.ICB))
        }
        _select("peers", "Set against", peers)
        _select("margin", "Agreement within", {m: words.margin(m) for m in MARGINS})
        _select("false_discovery", "Chance findings held to", RATE_TITLES)
        if options.design:
            _select(
                "design_effect",
                "Weighted answers worth one",
                {effect: f"{effect:g}" for effect in DESIGN_EFFECTS},
            )
        _select(
            "beforehand",
            "Before any answer is read",
            {b.value: capital(words.BEFOREHAND_TITLES[b]) for b in Beforehand if b},
            help="How alike the two sources are taken to be, before their answers are read: usually "
            "what such pairs have shown.",
        )
        _select(
            "scale",
            "Scale of the tests",
            {scale.value: title for scale, title in words.SCALE_TITLES.items()},
        )


def _select(
    field: str,
    label: str,
    titles: Mapping[Any, str],
    *,
    disabled: bool = False,
    help: str | None = None,
) -> None:
    key, blank = KEYS[field]
    st.selectbox(
        label,
        [blank, *titles],
        format_func=_title(titles),
        key=key,
        bind="query-params",
        disabled=disabled,
        help=help,
    )


def _title(titles: Mapping[Any, str]) -> Callable[[Any], str]:
    return lambda value: titles.get(value, AS_IT_IS)


def _several(field: str, label: str, offered: Sequence[str]) -> None:
    st.multiselect(label, list(offered), key=KEYS[field][0], bind="query-params", placeholder="All")


# --- Saved ---


def _saved(choices: Choices, current: Scenario) -> None:
    saved = {item.name: item for item in saved_scenarios(state.store())}
    used = saved.get(state.value_of(USED, ""))
    state.keep(USED, "")  # shown once
    if used is not None and (fields := not_followed(used.scenario, current)):
        st.info(
            show.escape(words.not_followed(used.name, used.scenario, fields)),
            icon=":material/info:",
        )
    with st.expander("Saved scenarios", icon=":material/bookmark:"):
        if saved:
            item = saved[str(st.selectbox("Saved", list(saved), key="if_saved"))]
            st.caption(show.escape(words.saved(item)))
            left, right = st.columns(2)
            left.button("Use it", on_click=_use, args=(item, choices), width="stretch")
            right.button(
                "Take it off the list",
                on_click=_withdraw,
                args=(item.name,),
                width="stretch",
            )
        else:
            st.caption("None yet. Change something, give it a name and keep it.")
        if current != Scenario():
            with st.form("if_keep", border=False, clear_on_submit=True):
                name = st.text_input("A name for this scenario", max_chars=60, key="if_name")
                by = st.text_input("Who saves it", max_chars=60)
                if st.form_submit_button("Keep it") and name.strip():
                    try:
                        keep(state.store(), name, current, by.strip() or "this computer")
                    except PxError as problem:
                        st.warning(
                            show.escape(f"{problem.what} {problem.fix}"), icon=":material/info:"
                        )
                        return
                    st.rerun()


def _withdraw(name: str) -> None:
    withdraw(state.store(), name)


def _use(saved: Saved, choices: Choices) -> None:
    put(saved.scenario, choices)
    state.keep(USED, saved.name)


def beside(pairing: Pairing, current: Scenario) -> None:
    """Every saved scenario beside the baseline, and the one looked at; worked out on demand."""
    wanted = {item.name: item.scenario for item in saved_scenarios(state.store())}
    if not wanted:
        return
    st.header("Saved scenarios, side by side", anchor=False)
    if not state.value_of(BESIDE):
        st.caption("Each beside the same baseline. It takes up to a second for each, once.")
        st.button("Set them side by side", on_click=state.keep, args=(BESIDE, True), key="if_set")
        return
    st.button("Put away", on_click=state.keep, args=(BESIDE, False), type="tertiary")
    if current != Scenario() and current not in wanted.values():
        wanted = {LOOKED_AT: current, **wanted}
    report = ask(side_by_side, pairing, tuple(wanted.items()))
    summary = finished(words.summary, report)
    st.markdown(show.escape(summary))
    show.table(
        finished(words.screen, report),
        [
            *(Column.of("name", "scenario"), Column.of("what", "what_it_changes"), "compared"),
            *(Column.of("underlying", "underlying_range"), Column.of("raw", "raw_range")),
            *(Column.of("agree", "agreeing"), "either", "differ", "changed"),
        ],
        key="what_if_beside",
        pin=True,
        alt=summary,
    )
    show.download(finished(words.table, report), "scenarios", key="what_if_beside_download")


# --- For the analyst ---


def with_more_answers(pairing: Pairing) -> None:
    """How alike the two are as more answers are asked for."""
    label = "Does it hold if more answers are asked for?"
    with show.folded(label, "what_if_more", ":material/filter_alt:") as opened:
        if not opened:
            return
        report = ask(coefficients_of, ask(agreement, pairing))
        if report is None:
            st.caption("There is no figure for all organisations together: nothing to draw.")
            return
        course = coefficients.curve(report)
        st.markdown(show.escape(course))
        if len(report.curve) > 1:
            show.chart(curves.curve, report, key="what_if_curve", alt=course)


def without_each(pairing: Pairing) -> None:
    """How alike each two of three sources are, and what is said of every organisation."""
    label = "Does it hold without each source?"
    with show.folded(label, "what_if_without_one", ":material/join_left:") as opened:
        if not opened:
            return
        report = ask(question.without_each, pairing)
        conclusion = sentences.without_each(report)
        st.markdown(show.escape(conclusion))
        if not report.pairs:
            return
        show.table(
            sentences.without_each_table(report),
            [
                *("without", Column.of("pair", title="The other two")),
                *("underlying_range", "raw_range", "compared"),
            ],
            key="what_if_without",
            alt=conclusion,
        )
        show.table(
            report.verdicts(),
            [
                "name",
                *(
                    Column.of(pair.left_out, "each", sentences.pair_title(pair))
                    for pair in report.pairs
                ),
            ],
            pin=True,
            key="what_if_without_verdicts",
            alt="The verdict of each remaining pair of sources on every organisation",
            height=320,
        )


def _follow(options: Options) -> None:
    """A choice that another pair of sources does not offer is let go before it is drawn."""
    if st.session_state.get(KEYS["service"][0]) not in ("", None, *options.services):
        state.keep(KEYS["service"][0], "")
    dimension = st.session_state.get(KEYS["dimension"][0])
    for field, offered in (
        ("without_modes", options.modes),
        ("groups", options.bands.get(str(dimension), ())),
    ):
        key = KEYS[field][0]
        held = st.session_state.get(key)
        if held and not set(held) <= set(offered):
            state.keep(key, [value for value in held if value in offered])
