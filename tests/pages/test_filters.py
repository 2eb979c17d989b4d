"""The two sources of the sidebar: never one source twice, whatever is chosen, held or linked to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.joining.choices import choices
from pxcore.store import Store
from pxcore.ui import navigation, state
from tests.pages.test_pages import sound, words
from tests.store.loads import extract, fft, survey

Visit = Callable[..., AppTest]


def sides(at: AppTest) -> tuple[str, str]:
    return at.session_state["left"], at.session_state["right"]


def test_from_every_service_to_every_other_the_two_sources_are_two(demonstration: Store) -> None:
    offered = choices(demonstration)
    assert len(offered.services) > 6
    for held, chosen in permutations(["", *offered.services], 2):
        before = offered.natural_pair(held)
        after = offered.pair_of(*before, chosen)
        assert len(set(after)) == 2, (held, chosen)
        assert set(after) <= set(offered.sources_for(chosen)), (held, chosen)
        assert set(before) & set(offered.sources_for(chosen)) <= set(after), (held, chosen)


def test_a_service_has_its_own_source_in_its_natural_pair(demonstration: Store) -> None:
    offered = choices(demonstration)
    for service in offered.services:
        pair = offered.natural_pair(service)
        assert service in {offered.services_of[one] for one in pair}, (service, pair)


def test_choosing_one_service_after_another_keeps_two_sources(first: Visit) -> None:
    at = first("alignment")
    for service in ("inpatient", "urgent_emergency", "maternity", "general_practice"):
        at.sidebar.selectbox(key="service").select(service).run()
        assert sides(sound(at)) == state.choices().natural_pair(service)
        assert len(set(sides(at))) == 2


def test_a_source_that_still_fits_stays_on_its_side(first: Visit) -> None:
    at = first("alignment", left="Healthwatch", right="GP survey")
    at.sidebar.selectbox(key="service").select("inpatient").run()
    assert sides(sound(at))[0] == "healthwatch"
    assert state.choices().services_of[sides(at)[1]] == "inpatient"


def test_the_source_of_the_other_side_changes_places(first: Visit) -> None:
    at = first("alignment")
    left, right = sides(at)
    at.sidebar.selectbox(key="left").select(right).run()
    assert sides(sound(at)) == (right, left)
    titles = at.sidebar.selectbox(key="right").options
    assert state.choices().sources[right] not in titles  # it is not offered against itself


@pytest.mark.parametrize(
    ("link", "pair", "says"),
    [
        (
            {"left": "FFT GP", "right": "FFT GP"},
            ("fft_gp", "gp_survey"),
            "the same source twice (‘FFT GP’)",
        ),
        (
            {"left": "GP survey", "right": "GP survey"},
            ("gp_survey", "fft_gp"),
            "the same source twice (‘GP survey’)",
        ),
        ({"right": "FFT GP"}, None, ""),
        (
            {"left": "hearsay", "right": "GP survey"},
            ("fft_gp", "gp_survey"),
            "Compare (‘hearsay’)",
        ),
        ({"left": "<b>[x](y)", "right": "~~"}, ("fft_gp", "gp_survey"), "left out"),
        ({"area": "nowhere", "periods": "always"}, ("fft_gp", "gp_survey"), "Area (‘nowhere’)"),
        ({"floor": "5", "evidence": "10"}, ("fft_gp", "gp_survey"), ""),
    ],
)
def test_a_link_that_cannot_be_followed_says_so_and_never_sets_a_source_against_itself(
    visit: Visit, link: dict[str, str], pair: tuple[str, str] | None, says: str
) -> None:
    at = sound(visit("agreement", **link))
    assert len(set(sides(at))) == 2
    if pair:
        assert sides(at) == pair
    else:
        assert sides(at)[1] == "fft_gp"
    if says:
        assert says in words(at)
    else:
        assert "the link" not in words(at).lower()


def test_what_a_link_could_not_say_is_told_until_another_page_is_opened(first: Visit) -> None:
    at = sound(first("agreement", area="nowhere"))
    assert "‘nowhere’" in words(at)
    assert "‘nowhere’" in words(at.run())
    assert "‘nowhere’" not in words(at.switch_page("pages/methods.py").run())


def test_one_source_of_a_service_is_told_to_be_alone_with_a_way_out(first: Visit) -> None:
    at = first("agreement", data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 40 + n, 60, "2024-02") for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 40) for n in range(12)]),
            extract(fft_fact=[fft("T-1", 40, 60, "2024-02", source="fft_ae", grain="trust")]),
        ]
    )
    at.run()
    at.sidebar.selectbox(key="service").select("urgent_emergency").run()
    assert "Only FFT A&E speaks of urgent and emergency care" in words(sound(at)).replace("\\", "")
    next(one for one in at.main.button if one.label == "All services").click().run()
    assert sides(sound(at)) == ("fft_gp", "gp_survey")


KEYS = {
    "area": ["area"],
    "service": ["service"],
    "sources": ["left", "right"],
    "floor": ["floor"],
    "measures": ["left_measure", "right_measure"],
    "grain": ["grain"],
    "periods": ["periods"],
    "window": ["window"],
    "organisation": ["organisation"],
    "evidence": ["evidence"],
    "assumed_base": ["assumed_base"],
}
OTHERWISE = {
    "left": "fft_inpatient",
    "right": "cqc_inpatient",
    "grain": "pcn",
    "periods": "latest",
    "window": "2025-26",
    "organisation": "reported",
    "evidence": 30,
    "assumed_base": 100,
    "floor": 30,
    "area": "B-02",
    "service": "inpatient",
}


@pytest.mark.parametrize("page", navigation.PAGES, ids=lambda page: page.file)
def test_a_page_shows_the_controls_it_uses_and_no_other(
    visit: Visit, page: navigation.Shown
) -> None:
    at = sound(visit(page.file))
    drawn = {
        str(one.key)
        for kind in ("selectbox", "button_group", "number_input")
        for one in getattr(at.sidebar, kind)
    } - {"data"}
    assert drawn == {key for name in page.filters for key in KEYS[name]}
    unused = {key for name in set(KEYS) - set(page.filters) for key in KEYS[name]}
    unused -= {"left_measure", "right_measure"}
    # of every pair at once: the two chosen say whose measures may be named, and of which service Trends is
    unused -= {"left", "right"} if "measures" in page.filters else set()
    at.session_state["tour_asked"] = True  # the sidebar offers nothing but filters
    before = words(sound(at.run()))
    for key in unused:
        at.session_state[key] = OTHERWISE[key]
    assert words(sound(at.run())) == before
