"""The shared filters: the same on every page, held in the URL, so that a link reproduces the view."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pxcore import maps
from pxcore.analysis.choices import Choices
from pxcore.analysis.themes import ThemesAsked
from pxcore.model import (
    DISCLOSURE_FLOORS,
    EVIDENCE_FLOORS,
    GRAIN_TITLES,
    ORGANISATION_TITLES,
    Disclosure,
    Grain,
    Organisation,
    Pairing,
    Periods,
    Settings,
)
from pxcore.ui import state

EVERYWHERE = ""
FITS = 27  # letters that a box of the sidebar shows of a choice
ASKED, SEPARATOR = "ask", "~"  # no code or source holds a tilde
COMMON_THEMES, OWN_WORDS = "Common themes", "As each supplier coded"
PERIOD_TITLES = {
    Periods.ALIGNED.value: "Same time only",
    Periods.LATEST.value: "Latest of each",
}


def data_switch() -> None:
    """Demonstration or own data: two stores, never mixed."""
    st.sidebar.segmented_control(
        "Data",
        list(state.STORES),
        default=state.DEMONSTRATION,
        format_func=state.STORES.__getitem__,
        required=True,
        key="data",
        bind="query-params",
        help="The demonstration is invented. Our data is your own database, kept on this computer.",
        width="stretch",
    )


def sidebar(choices: Choices) -> None:
    """Draw the filters. Values live in session state under their keys and in the URL."""
    with st.sidebar:
        st.selectbox(
            "Area",
            [EVERYWHERE, *choices.areas],
            format_func=lambda code: choices.areas.get(code, "Everywhere"),
            key="area",
            bind="query-params",
            help="A region, integrated care board, sub-ICB location or primary care network.",
        )
        _in_full(choices.areas.get(area(choices), ""))
        st.selectbox(
            "Service",
            ["", *choices.services],
            format_func=lambda name: choices.services.get(name, "All services"),
            key="service",
            bind="query-params",
        )
        sources = choices.sources_for(_text("service"))
        first, second = choices.natural_pair(_text("service"))
        _source("Compare", sources, first, "left")
        _source("with", sources, second, "right")
        st.segmented_control(
            "Smallest number of answers shown",
            list(DISCLOSURE_FLOORS),
            default=DISCLOSURE_FLOORS[0],
            required=True,
            key="floor",
            bind="query-params",
            help="No figure that rests on fewer answers is shown, drawn or exported.",
            width="stretch",
        )
        with st.expander("Measures, level and time"):
            for which in ("left", "right"):
                measures = choices.measures.get(chosen(which, choices), {})
                st.selectbox(
                    f"Measure of {choices.sources.get(chosen(which, choices), which)}",
                    ["", *measures],
                    format_func=_usual_or(measures),
                    key=f"{which}_measure",
                    bind="query-params",
                )
                _in_full(measures.get(_text(f"{which}_measure"), ""))
            st.selectbox(
                "Level of organisation",
                ["", *(grain.value for grain in choices.grains)],
                format_func=lambda name: (
                    GRAIN_TITLES[Grain(name)][1].capitalize() if name else "The finest both have"
                ),
                key="grain",
                bind="query-params",
            )
            st.segmented_control(
                "Periods",
                list(PERIOD_TITLES),
                default=Periods.ALIGNED.value,
                format_func=PERIOD_TITLES.__getitem__,
                required=True,
                key="periods",
                bind="query-params",
                help="Surveys are compared with the months of their fieldwork. The latest of each, "
                "whatever its date, is always marked as not aligned.",
                width="stretch",
            )
            st.selectbox(
                "Quarter or financial year",
                ["", *choices.windows],
                format_func=lambda name: name or "As the survey was made",
                key="window",
                bind="query-params",
                help="Compare what both sources have inside it. As the survey was made: the months of its "
                "fieldwork, or the last year where no survey takes part.",
            )
            st.segmented_control(
                "Organisations",
                list(ORGANISATION_TITLES),
                default=Organisation.CURRENT.value,
                format_func=ORGANISATION_TITLES.__getitem__,
                required=True,
                key="organisation",
                bind="query-params",
                help="As now organised, merged organisations count as one: their answers are added "
                "before dividing.",
                width="stretch",
            )
        with st.expander("How much evidence a verdict takes"):
            st.segmented_control(
                "Answers a source needs to be heard",
                list(EVIDENCE_FLOORS),
                default=Settings().evidence_floor,
                required=True,
                key="evidence",
                bind="query-params",
                help="With fewer answers a source is silent on an organisation: neither agreement nor "
                "disagreement. Never fewer than the smallest number shown.",
                width="stretch",
            )
            st.number_input(
                "Answers to assume where a survey gives none",
                min_value=0,
                max_value=1000,
                value=0,
                step=10,
                key="assumed_base",
                bind="query-params",
                help="0: nothing is assumed, and such a survey takes part in the raw rank correlation "
                "only. Whatever is assumed here is said wherever a figure rests on it.",
            )
        what_is_set = _what_is_set(choices)
        if what_is_set:
            st.caption("Set: " + "; ".join(what_is_set))


def _usual_or(titles: dict[str, str]) -> Callable[[str], str]:
    return lambda name: titles.get(name, "The usual one")


def _in_full(choice: str) -> None:
    """Below a box: what was chosen, where the box cuts it off."""
    if len(choice) > FITS:
        st.caption(choice)


def _source(label: str, sources: dict[str, str], usual: str, key: str) -> None:
    options = list(sources)
    if not options:
        return
    # a value already set is left alone: a default beside it would be refused with a warning
    first = options.index(usual) if usual in options and key not in st.session_state else 0
    st.selectbox(
        label,
        options,
        index=first,
        format_func=sources.__getitem__,
        key=key,
        bind="query-params",
        help=_told(_text(key) if _text(key) in sources else usual),
    )


def _told(source: str) -> str:
    """A source's whole name and how its answers are collected, for a list of short names."""
    about = maps.sources().get(source)
    return f"{about['title']}: {about['collection']}." if about else ""


def chosen(which: str, choices: Choices) -> str:
    """The source on one side; the natural one until somebody chooses."""
    said = _text(which)
    if said in choices.sources:
        return said
    pair = choices.natural_pair(_text("service"))
    return pair[0] if which == "left" else pair[1]


def pairing(choices: Choices) -> Pairing:
    """The question the filters ask. Options are checked again here: a URL may say anything."""
    measures = {
        which: _one_of(f"{which}_measure", choices.measures.get(chosen(which, choices), {}))
        for which in ("left", "right")
    }
    return Pairing(
        left=chosen("left", choices),
        right=chosen("right", choices),
        left_measure=measures["left"],
        right_measure=measures["right"],
        grain=_one_of("grain", {grain.value: "" for grain in choices.grains}),
        area=area(choices),
        periods=periods(),
        window=choices.windows.get(_text("window")),
        organisation=organisation(),
        disclosure=disclosure(),
        settings=settings(),
    )


def area(choices: Choices) -> str:
    return _one_of("area", choices.areas)


def service(choices: Choices) -> str:
    return _one_of("service", choices.services)


def service_of_pair(choices: Choices) -> str:
    """The service chosen; else that of the two sources chosen, for a question that needs one."""
    told = [choices.services_of.get(chosen(which, choices), "") for which in ("left", "right")]
    return service(choices) or next((one for one in told if one), "")


def measures(choices: Choices) -> tuple[tuple[str, str], ...]:
    """The measures chosen by name, by their source."""
    told = {
        chosen(which, choices): _one_of(
            f"{which}_measure", choices.measures.get(chosen(which, choices), {})
        )
        for which in ("left", "right")
    }
    return tuple((source, measure) for source, measure in told.items() if measure)


def themes_asked(choices: Choices) -> ThemesAsked:
    """The comments that the filters ask about, and whose coding counts. Checked again here."""
    return ThemesAsked(
        area=area(choices),
        service=service(choices),
        window=choices.windows.get(_text("window")),
        own_words=_text("themes_words") == OWN_WORDS,
        suggestions=st.session_state.get("themes_suggested") is True,
        left=_text("themes_left"),
        right=_text("themes_right"),
        disclosure=disclosure(),
    )


def disclosure() -> Disclosure:
    floor = st.session_state.get("floor")
    return Disclosure(floor if floor in DISCLOSURE_FLOORS else DISCLOSURE_FLOORS[0])


def settings() -> Settings:
    """The choices of method a person may change; the others stand as they were fixed."""
    floor, base = st.session_state.get("evidence"), st.session_state.get("assumed_base")
    usual = Settings()
    return Settings(
        evidence_floor=floor if floor in EVIDENCE_FLOORS else usual.evidence_floor,
        assumed_base=base if isinstance(base, int) and 0 <= base <= 1000 else 0,
    )


def periods() -> Periods:
    said = _text("periods")
    return Periods(said) if said in PERIOD_TITLES else Periods.ALIGNED


def organisation() -> Organisation:
    return state.organisation()


def provider() -> str:
    """The organisation a link or a click asks about; "" where none does."""
    return _text("provider")


def link(left: str, right: str, unit: str, name: str) -> dict[str, str]:
    """The query of a link to one organisation on two sources.

    Not the sidebar's own names: values already set there would win over those. The organisation has
    its own as well, in the words of its list, or it would not stay in the address.
    """
    return {ASKED: SEPARATOR.join((left, right, unit)), "provider": f"{name} ({unit})"}


def pair_link(left: str, right: str) -> dict[str, str]:
    """The query of a link to two sources."""
    return {ASKED: SEPARATOR.join((left, right, ""))}


def follow_link(choices: Choices) -> None:
    """Set the filters to what a link asks about, once; before they are drawn."""
    asked = str(st.query_params.get(ASKED, "")).split(SEPARATOR)
    if len(asked) != 3:
        return
    left, right, unit = asked
    if left in choices.sources and right in choices.sources:
        held = dict(measures(choices))  # a measure stays chosen for the source it is of
        for key, value in (("left", left), ("right", right), ("provider", unit)):
            if value:
                state.keep(key, value)
        for key, source in (("left_measure", left), ("right_measure", right)):
            state.keep(key, held.get(source, ""))
    del st.query_params[ASKED]


def choose_provider(organisations: dict[str, str], picked: str = "") -> str:
    """Choose one organisation: by its mark, by the list, or by the link that led here."""
    options = list(organisations)
    if picked in organisations and picked != state.kept("picked_before"):
        state.keep("picked_before", picked)
        state.keep("provider", picked)
    if provider() not in organisations:
        state.keep("provider", options[0])
    return str(
        st.selectbox(
            "Organisation",
            options,
            format_func=organisations.__getitem__,
            key="provider",
            bind="query-params",
        )
    )


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _one_of(key: str, options: dict[str, str]) -> str:
    said = _text(key)
    return said if said in options else ""


def _what_is_set(choices: Choices) -> list[str]:
    said = []
    if area(choices):
        said.append(choices.areas[area(choices)])
    if service(choices):
        said.append(choices.services[service(choices)])
    if disclosure().floor != DISCLOSURE_FLOORS[0]:
        said.append(f"at least {disclosure().floor} answers")
    if settings().evidence_floor != Settings().evidence_floor:
        said.append(f"{settings().evidence_floor} answers to be heard")
    if settings().assumed_base:
        said.append(f"{settings().assumed_base} answers assumed where none are given")
    if _text("window") in choices.windows:
        said.append(_text("window"))
    if periods() is Periods.LATEST:
        said.append("latest of each, not aligned in time")
    if organisation() is Organisation.REPORTED:
        said.append("organisations as reported")
    return said
