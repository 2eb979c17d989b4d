"""The shared filters: the same on every page, held in the URL, so that a link reproduces the view."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from pxcore import maps
from pxcore.analysis.comments.themes import ThemesQuestion
from pxcore.analysis.joining.choices import Choices
from pxcore.analysis.pairs.divergence import Order
from pxcore.model import (
    DISCLOSURE_FLOORS,
    EVIDENCE_FLOORS,
    GRAIN_TITLES,
    ORGANISATION_TITLES,
    Disclosure,
    Organisation,
    Pairing,
    Periods,
    Scope,
    Settings,
)
from pxcore.ui import exact, show, state
from pxcore.ui.answers import finished
from pxcore.words.english import joined

EVERYWHERE = ""
SIDES = ("left", "right")
PAIR, LANDS = "pair_before", "lands_on"  # in session state
MOST_ASSUMED = 1000
HELD = (
    "data", "area", "service", "left", "right", "floor", "left_measure", "right_measure", "grain", "periods",
    "window", "organisation", "evidence", "assumed_base",
)  # fmt: skip
FITS = 27  # letters that a box of the sidebar shows of a choice
QUESTION, SEPARATOR = "ask", "~"  # no code or source holds a tilde
# Filters that stand in one expander, and what it is called by.
FINER = {
    "measures": "measures",
    "grain": "level",
    "periods": "time",
    "window": "time",
    "organisation": "organisations",
}
COMMON_THEMES, OWN_WORDS = "Common themes", "As each supplier coded"
PERIOD_TITLES = {
    Periods.ALIGNED.value: "Same time only",
    Periods.LATEST.value: "Latest of each",
}


def hold() -> None:
    """Set again what is set, before anything is drawn: the browser then takes it up whatever it has lost.

    A page left before it is drawn to its end takes controls away from the browser, which draws them afresh
    as they come, and next says that this is what the reader chose.
    """
    for key in HELD:
        if key in st.session_state:
            state.keep(key, st.session_state[key])


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


def sidebar(choices: Choices, uses: Collection[str]) -> None:
    """Draw the filters that a page uses. Values live in session state under their keys and in the URL;
    those of filters that are not drawn are kept for the pages that draw them."""
    with st.sidebar:
        if "area" in uses:
            _area(choices)
        if "service" in uses:
            st.selectbox(
                "Service",
                ["", *choices.services],
                format_func=lambda name: choices.services.get(name, "All services"),
                key="service",
                bind="query-params",
            )
        pair = _settled(choices)
        if "sources" in uses:
            _sources(choices, pair)
        if "floor" in uses:
            st.segmented_control(
                "Smallest number of answers shown",
                list(DISCLOSURE_FLOORS),
                default=DISCLOSURE_FLOORS[0],
                required=True,
                key="floor",
                bind="query-params",
                help="Counts of single responses under it are not shown, drawn or exported. Figures that "
                "publishers print are shown as printed.",
                width="stretch",
            )
        finer = [name for name in FINER if name in uses]
        if finer:
            with st.expander(_finer_title(finer)):
                _finer(choices, finer)
        if "assumed_base" in uses:
            with st.expander("How much evidence a verdict takes"):
                _evidence(uses)
        what_is_set = [text for name, text in _what_is_set(choices).items() if name in uses]
        if what_is_set:
            st.caption(show.escape("Set: " + "; ".join(what_is_set)))


def _area(choices: Choices) -> None:
    st.selectbox(
        "Area",
        [EVERYWHERE, *choices.areas],
        format_func=lambda code: choices.areas.get(code, "Everywhere"),
        key="area",
        bind="query-params",
        help="A region, integrated care board, sub-ICB location or primary care network.",
    )
    _in_full(choices.areas.get(area(choices), ""))


def _finer_title(finer: Sequence[str]) -> str:
    titles = list(dict.fromkeys(FINER[name] for name in finer))
    if "level" in titles and "organisations" in titles:
        titles.remove("organisations")
    return joined(titles).capitalize()


def _finer(choices: Choices, finer: Sequence[str]) -> None:
    """Measures, level and time, as far as a page uses them."""
    if "measures" in finer:
        for which in SIDES:
            source = chosen(which, choices)
            if not source:
                continue
            measures = choices.measures.get(source, {})
            st.selectbox(
                f"Measure of {choices.sources.get(source, which)}",
                ["", *measures],
                format_func=_usual_or(measures),
                key=f"{which}_measure",
                bind="query-params",
            )
            _in_full(measures.get(_text(f"{which}_measure"), ""))
    if "grain" in finer:
        st.selectbox(
            "Level of organisation",
            ["", *grains(choices)],
            format_func=lambda name: grains(choices).get(name, "The finest both have"),
            key="grain",
            bind="query-params",
        )
    if "periods" in finer:
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
    if "window" in finer:
        st.selectbox(
            "Quarter or financial year",
            ["", *choices.windows],
            format_func=lambda name: name or "As the survey was made",
            key="window",
            bind="query-params",
            help="Compare what both sources have inside it. As the survey was made: the months of its "
            "fieldwork, or the last year where no survey takes part.",
        )
    if "organisation" in finer:
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


def _evidence(uses: Collection[str]) -> None:
    if "evidence" in uses:
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
        max_value=MOST_ASSUMED,
        value=0,
        step=10,
        key="assumed_base",
        bind="query-params",
        help="0: nothing is assumed, and such a survey takes part in the raw rank correlation "
        "only. Whatever is assumed here is said wherever a figure rests on it.",
    )


def _settled(choices: Choices) -> tuple[str, str]:
    """The two sources that what is held, linked to and chosen come to: two, where there are two.

    Where nobody has chosen them, another service takes both of its own.
    """
    wanted = _text("service")
    before, natural = state.value_of(PAIR, (("", ""), False))
    left, right = (_text(which) or _linked(which, choices.sources) for which in SIDES)
    pair = choices.pair_of(left, right, wanted, before)
    if natural and pair != (left, right) and left != right:
        pair = choices.natural_pair(wanted)
    state.keep(PAIR, (pair, pair == choices.natural_pair(wanted)))
    return pair


def _sources(choices: Choices, pair: tuple[str, str]) -> None:
    """The two boxes; what stands in the first is not offered in the second."""
    offered = choices.sources_for(_text("service"))
    for label, which, source, opposite in (
        ("Compare", "left", pair[0], ""),
        ("with", "right", pair[1], pair[0]),
    ):
        options = [name for name in offered if name != opposite]
        if not options:
            state.keep(
                which, ""
            )  # the other of a service that two speak of is not the other of this one
            continue
        if which in st.session_state and _text(which) != source:
            state.keep(which, source)  # it is of another service, or is on the other side
        # a value already set is left alone: a default beside it would be refused with a warning
        usual = options.index(source) if which not in st.session_state else 0
        st.selectbox(
            label,
            options,
            index=usual,
            format_func=offered.__getitem__,
            key=which,
            bind="query-params",
            help=_about(source),
        )


def _usual_or(titles: dict[str, str]) -> Callable[[str], str]:
    return lambda name: titles.get(name, "The usual one")


def _in_full(choice: str) -> None:
    """Below a box: what was chosen, where the box cuts it off."""
    if len(choice) > FITS:
        st.caption(show.escape(choice))


def _about(source: str) -> str:
    """A source's whole name and how its answers are collected, for a list of short names."""
    about = maps.sources().get(source)
    return f"{about['title']}: {about['collection']}." if about else ""


def grains(choices: Choices) -> dict[str, str]:
    return {grain.value: GRAIN_TITLES[grain][1].capitalize() for grain in choices.grains}


def chosen(which: str, choices: Choices) -> str:
    """The source on one side; the natural one until somebody chooses; "" where there are not two."""
    pair = finished(Choices.pair_of, choices, _text("left"), _text("right"), service(choices))
    return pair[SIDES.index(which)]


def pairing(choices: Choices) -> Pairing:
    """The question the filters ask. Options are checked again here: a URL may say anything."""
    measures = {
        which: _option(f"{which}_measure", choices.measures.get(chosen(which, choices), {}))
        for which in SIDES
    }
    return Pairing(
        left=chosen("left", choices),
        right=chosen("right", choices),
        left_measure=measures["left"],
        right_measure=measures["right"],
        grain=_option("grain", grains(choices)),
        area=area(choices),
        periods=periods(),
        window=choices.windows.get(window(choices)),
        organisation=organisation(),
        disclosure=disclosure(),
        settings=settings(),
    )


def area(choices: Choices) -> str:
    return _option("area", choices.areas)


def service(choices: Choices) -> str:
    return _option("service", choices.services)


def window(choices: Choices) -> str:
    text = _text("window")
    return text if text in choices.windows else ""


def service_of_pair(choices: Choices) -> str:
    """The service chosen; else that of the two sources chosen, for a question that needs one."""
    services = [choices.services_of.get(chosen(which, choices), "") for which in SIDES]
    return service(choices) or next((name for name in services if name), "")


def scope(choices: Choices) -> Scope:
    """What the filters ask of every source at once: the same of the pairing, and the service chosen."""
    return Scope.of(pairing(choices), service(choices))


def themes_question(choices: Choices) -> ThemesQuestion:
    """The comments that the filters ask about, and whose coding counts. Checked again here."""
    return ThemesQuestion(
        area=area(choices),
        service=service(choices),
        window=choices.windows.get(window(choices)),
        own_words=_text("themes_words") == OWN_WORDS,
        suggestions=st.session_state.get("themes_suggested") is True,
        left=_text("themes_left"),
        right=_text("themes_right"),
        disclosure=disclosure(),
    )


def disclosure() -> Disclosure:
    floor = st.session_state.get("floor")
    usual = DISCLOSURE_FLOORS[0]
    return Disclosure(floor if floor in DISCLOSURE_FLOORS else usual, exact=exact.is_on())


def settings() -> Settings:
    """The choices of method a person may change; the others stand as they were fixed."""
    floor, base = st.session_state.get("evidence"), st.session_state.get("assumed_base")
    usual = Settings()
    return Settings(
        evidence_floor=floor if floor in EVIDENCE_FLOORS else usual.evidence_floor,
        assumed_base=base if isinstance(base, int) and 0 <= base <= MOST_ASSUMED else 0,
    )


def periods() -> Periods:
    text = _text("periods")
    return Periods(text) if text in PERIOD_TITLES else Periods.ALIGNED


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
    return {QUESTION: SEPARATOR.join((left, right, unit)), **provider_link(unit, name)}


def provider_link(unit: str, name: str) -> dict[str, str]:
    """The query of a link to everything on one organisation."""
    return {"provider": f"{name} ({unit})"}


def pair_link(left: str, right: str) -> dict[str, str]:
    """The query of a link to two sources."""
    return {QUESTION: SEPARATOR.join((left, right, ""))}


def follow_link(choices: Choices, page: str) -> None:
    """Set the filters to what a link asks about, once; before they are drawn.

    What an address names that cannot be chosen is noted, to be told on the page until another is opened.
    """
    if state.value_of(state.MISREAD, ("", ""))[0] != page:
        state.keep(state.MISREAD, (page, ""))
    misread = _misread(choices)
    if misread:
        state.keep(state.MISREAD, (page, misread))
    question = str(st.query_params.get(QUESTION, "")).split(SEPARATOR)
    if len(question) != 3:
        return
    left, right, unit = question
    if left in choices.sources and right in choices.sources and left != right:
        held = dict(scope(choices).measures)  # a measure stays chosen for the source it is of
        services = {choices.services_of[left], choices.services_of[right], ""}
        if service(choices) not in services:  # else they would give way to those of the service
            state.keep("service", "")
        for key, value in (("left", left), ("right", right), ("provider", unit)):
            if value:
                state.keep(key, value)
        for key, source in (("left_measure", left), ("right_measure", right)):
            state.keep(key, held.get(source, ""))
        state.keep(LANDS, unit)
    else:
        state.keep(
            state.MISREAD, (page, "The link asks about two sources that are not both loaded here.")
        )
    del st.query_params[QUESTION]


def _linked(key: str, titles: Mapping[str, str]) -> str:
    """What a fresh address says of a filter, by its title; "" where it says nothing that is offered."""
    if key in st.session_state:
        return ""
    text = str(st.query_params.get(key, ""))
    return next((name for name, title in titles.items() if title == text), "")


def _misread(choices: Choices) -> str:
    """What a fresh address asks for that cannot be chosen, in a sentence; "" where all can."""
    offered = choices.sources_for(_linked("service", choices.services) or _text("service"))
    pair = {which: _linked(which, offered) for which in SIDES}
    text = []
    if pair["left"] and pair["left"] == pair["right"]:
        text.append(f"The link names the same source twice (‘{offered[pair['left']]}’).")
    titles: dict[str, tuple[str, Collection[str]]] = {
        "area": ("Area", choices.areas.values()),
        "service": ("Service", choices.services.values()),
        "left": ("Compare", offered.values()),
        "right": ("with", offered.values()),
        "floor": ("Smallest number of answers shown", [str(n) for n in DISCLOSURE_FLOORS]),
        "grain": ("Level of organisation", grains(choices).values()),
        "periods": ("Periods", PERIOD_TITLES.values()),
        "window": ("Quarter or financial year", choices.windows),
        "organisation": ("Organisations", ORGANISATION_TITLES.values()),
        "evidence": ("Answers a source needs to be heard", [str(n) for n in EVIDENCE_FLOORS]),
        "assumed_base": ("Answers to assume", [str(n) for n in range(MOST_ASSUMED + 1)]),
    }
    strange = [
        f"{title} (‘{_short(str(st.query_params.get(key, '')))}’)"
        for key, (title, known) in titles.items()
        if key in st.query_params
        and key not in st.session_state
        and st.query_params.get(key) not in known
    ]
    if strange:
        text.append(f"Not offered here, and left out of the link: {joined(strange)}.")
    return " ".join(text)


def _short(text: str) -> str:
    return text if len(text) <= FITS else f"{text[: FITS - 1]}…"


def lands_on(unit: str) -> bool:
    """Whether a link led to this organisation, once: what stands on it is then what is shown first."""
    led = unit != "" and state.value_of(LANDS) == unit
    if led:
        state.keep(LANDS, "")
    return led


def choose_provider(
    organisations: dict[str, str], picked: str = "", *, labelled: bool = True
) -> str:
    """Choose one organisation: by its mark, by the list, or by the link that led here."""
    options = list(organisations)
    if picked in organisations and picked != state.value_of("picked_before"):
        state.keep("picked_before", picked)
        state.keep("provider", picked)
    # Set anew in every run: the same box on another page has other options, and would begin afresh; and it
    # takes up its part of an address only when it is drawn.
    chosen = provider() if provider() in organisations else _linked("provider", organisations)
    state.keep("provider", chosen or options[0])
    return str(
        st.selectbox(
            "Organisation",
            options,
            format_func=organisations.__getitem__,
            key="provider",
            bind="query-params",
            label_visibility="visible" if labelled else "collapsed",
        )
    )


def look_at(unit: str) -> None:
    """Look at an organisation from the next run on."""
    state.keep("provider", unit)


def order(offered: Mapping[str, str]) -> Order:
    """What a list of organisations is ordered by."""
    chosen = st.selectbox(
        "Order",
        list(offered),
        format_func=offered.__getitem__,
        key="order",
        bind="query-params",
        label_visibility="collapsed",
        help="What the list is ordered by",
    )
    return Order(chosen) if chosen in offered else Order.PEOPLE


def _text(key: str) -> str:
    return str(st.session_state.get(key) or "")


def _option(key: str, options: dict[str, str]) -> str:
    text = _text(key)
    return text if text in options else ""


def _what_is_set(choices: Choices) -> dict[str, str]:
    """Filter -> what it is set to, in words; those that are as they come are not in it."""
    place, services = area(choices), service(choices)
    held = {
        "area": choices.areas.get(place, ""),
        "service": choices.services.get(services, ""),
        "floor": f"at least {disclosure().floor} answers"
        if disclosure().floor != DISCLOSURE_FLOORS[0]
        else "",
        "evidence": f"{settings().evidence_floor} answers to be heard"
        if settings().evidence_floor != Settings().evidence_floor
        else "",
        "assumed_base": f"{settings().assumed_base} answers assumed where none are given"
        if settings().assumed_base
        else "",
        "window": window(choices),
        "periods": "latest of each, not aligned in time" if periods() is Periods.LATEST else "",
        "organisation": "organisations as reported"
        if organisation() is Organisation.REPORTED
        else "",
    }
    return {name: text for name, text in held.items() if text}
