"""The page of sources over time: one organisation, an area, everybody; and what people decide."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.time.movers import movers
from pxcore.analysis.time.trends import trends
from pxcore.model import Pairing, Scope
from pxcore.store import Store
from pxcore.ui import show, state
from pxcore.words import series as over_time
from pxcore.words import trends as of_trends
from tests.pages.test_pages import charts, sound, words
from tests.store.loads import extract, fft, response, survey

Visit = Callable[..., AppTest]


def practice(visit: Visit, months: int = 24) -> AppTest:
    """Own data: one practice with FFT months and two waves of the survey."""
    at = visit("trends", data="Our data")
    told = [
        fft("P-1", 90.0 + n % 2, 100.0, f"{2024 + n // 12}-{n % 12 + 1:02d}") for n in range(months)
    ]
    waves = [survey("P-1", 0.7, 200, wave) for wave in (2024, 2025)]
    state._stores().open["own"].commit([extract(fft_fact=told), extract(survey_fact=waves)])
    at.run()
    at.selectbox(key="provider").select("P-1").run()
    return sound(at)


def test_the_whole_is_shown_first_in_one_picture_with_signs_for_each_source(
    visit: Visit, demonstration: Store
) -> None:
    report = trends(demonstration, Scope(Pairing("", ""), service="general_practice"))
    at = sound(visit("trends"))
    said = words(at)
    changed = movers(demonstration, report)
    assert of_trends.headline(report, changed) in said
    assert "rose in FFT GP (80%→92%) and GP survey (56%→86%)" in said
    assert of_trends.verdict(report) in said
    assert at.session_state["provider"] == ""
    (picture,) = charts(at)
    for series in report.series:
        assert over_time.summary(series) in picture.alt  # type: ignore[attr-defined]
    (signs,) = [table.value for table in at.dataframe if "sign" in table.value]
    assert list(signs["latest"]) == [over_time.latest(series) for series in report.series]
    assert "Which of them changed?" in [one.value for one in at.header]
    assert "of 114 practices 1 rose and none fell beyond chance" in said
    at.button(key="trends_first_mover").click().run()
    assert at.session_state["provider"] == "P-0073"
    assert "Jesselstow Medical Centre rose in FFT GP" in words(sound(at))
    at.button(key="trends_everybody").click().run()
    assert at.session_state["provider"] == ""


def test_a_source_is_looked_at_by_itself(visit: Visit, demonstration: Store) -> None:
    report = trends(demonstration, Scope(Pairing("", ""), service="general_practice"))
    at = sound(visit("trends"))
    at.segmented_control(key="trends_by_itself").select("GP survey").run()
    _, by_itself = charts(sound(at))
    survey = report.of_source("gp_survey")
    assert by_itself.alt == over_time.summary(survey)  # type: ignore[attr-defined]
    assert over_time.latest(survey) in words(at).replace("\\", "")


def test_a_link_to_one_organisation_shows_its_sources(visit: Visit, demonstration: Store) -> None:
    report = trends(demonstration, unit="T-24")
    at = visit("trends")
    at.selectbox(key="provider").select("T-24").run()
    said = words(sound(at))
    changed = movers(demonstration, report)
    assert show.escape(of_trends.headline(report, changed)) in said
    assert "T-05 and T-06 became T-24; counts are added throughout" in said
    # Healthwatch is silent for another reason: the names that wait would not make it speak
    assert not [one for one in at.get("page_link") if "without a code" in one.proto.label]
    assert len(charts(at)) == 1
    assert "Which of them changed?" not in [one.value for one in at.header]


def test_the_area_and_service_of_the_sidebar_choose_whose_series(visit: Visit) -> None:
    at = visit("trends")
    at.session_state["area"] = "N-007"
    at.run()
    assert "All practices of Finchwick PCN together" in words(sound(at))
    at.session_state["service"] = "inpatient"
    at.session_state["area"] = ""
    at.run()
    assert "All trusts together" in words(sound(at))


@pytest.mark.parametrize(
    "link",
    [{"provider": "nobody"}, {"area": "nowhere"}, {"floor": "1"}],
)
def test_a_link_that_says_nonsense_is_ignored(visit: Visit, link: dict[str, str]) -> None:
    assert "All practices together" in words(sound(visit("trends", **link)))


def test_an_organisation_without_a_figure_says_why_and_what_can_be_done(visit: Visit) -> None:
    at = visit("trends")
    at.selectbox(key="provider").select("P-0018").run()
    said = words(sound(at))
    assert "no source has a figure over time that may be shown" in said
    assert "withheld by the publisher" in said
    assert "An organisation that was split can be looked at as reported" in said
    assert charts(at) == []


def test_a_source_silent_because_its_names_wait_leads_to_where_they_are_matched(
    visit: Visit,
) -> None:
    at = practice(visit)
    told = [response(n, "The Mill Surgery") for n in range(6)]
    state._stores().open["own"].commit(
        [extract(response=[row for row, _ in told], answer=[answer for _, answer in told])]
    )
    at.selectbox(key="provider").select("").run()
    (way,) = [one for one in sound(at).get("page_link") if "without a code" in one.proto.label]
    assert re.search(r"1 name without a code, on \d rows: say who they are$", way.proto.label)
    there = sound(visit("alignment", data="Our data", alignment_tab="Names without a code"))
    assert "1** name without a code" in words(there)


def test_a_series_is_started_afresh_with_a_reason_and_joined_again(visit: Visit) -> None:
    at = practice(visit)
    own = state._stores().open["own"]
    form = {one.label: one for one in at.text_input}
    assert {"Why", "Who decides"} <= set(form)
    at.button(key="FormSubmitter:trends_afresh-Start afresh").click().run()
    assert "a decision needs its reason and who made it" in words(sound(at))
    assert own.query("rebases").empty

    afresh = [one for one in at.selectbox if one.label == "From"][0]
    afresh.select(date(2025, 1, 1))
    at.text_input[0].input("texts, not cards")
    at.text_input[1].input("Ann")
    at.button(key="FormSubmitter:trends_afresh-Start afresh").click().run()
    assert "needs its reason" not in words(sound(at))
    assert own.query("rebases")[["unit", "reason", "decided_by"]].iloc[0].tolist() == [
        "P-1", "texts, not cards", "Ann",
    ]  # fmt: skip
    assert "starts afresh in January 2025: texts, not cards (decided by Ann)" in words(at)

    undo = [one for one in at.button if one.label == "Undo"][0]
    at.text_input[4].input("was care after all")
    at.text_input[5].input("Bob")
    undo.click().run()
    sound(at)
    assert own.query("rebases")["withdrawn"].tolist() == [True, False]


def test_a_target_is_set_in_per_cent_and_told_in_words(visit: Visit) -> None:
    at = practice(visit)
    at.number_input[-1].set_value(80.0)
    at.text_input[2].input("contract")
    at.text_input[3].input("Board")
    at.button(key="FormSubmitter:trends_target-Set the target").click().run()
    assert state._stores().open["own"].query("targets")["value"].tolist() == [0.8]
    (signs,) = [table.value for table in sound(at).dataframe if "sign" in table.value]
    assert list(signs["assurance"])[0] == "✓ Target 80%"
    at.segmented_control(key="trends_by_itself").select("FFT GP").run()
    assert ":blue-badge[✓ Target 80%] reached in every month of the usual swing" in words(sound(at))
