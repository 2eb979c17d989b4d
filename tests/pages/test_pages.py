"""Every page: on the demonstration, on nothing, by a link, and with files good, broken and unknown."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pxcore.analysis.pairs import scenarios
from pxcore.model import Scenario
from pxcore.store import Store
from pxcore.ui import state
from tests.analysis.frames import alike, standings
from tests.pages.conftest import APP
from tests.store.loads import extract, fft, response, survey

PAGES = (
    "overview",
    "sources",
    "alignment",
    "agreement",
    "divergence",
    "what_if",
    "groups",
    "trends",
    "themes",
    "provider",
    "workshop",
    "decisions",
    "methods",
)
OF_DATA = PAGES[:-1]
QUESTIONS = {
    "overview": "Do our sources agree?",
    "sources": "What have we loaded, and can we trust it?",
    "alignment": "What is compared with what?",
    "agreement": "Do two sources order organisations alike?",
    "divergence": "About whom do they differ?",
    "what_if": "Does the conclusion hold if …?",
    "provider": "What do all sources say of one organisation?",
    "trends": "Are they moving together?",
    "themes": "What do people say behind the figures?",
    "groups": "Does it hold for everyone?",
    "workshop": "What does this room conclude?",
    "decisions": "What became of what we decided?",
    "methods": "How is it worked out, and how well does it do?",
}
TIDY = (
    b"source,provider,period,measure,positive,respondents\nlocal_survey,P-1,2026-02,overall,41,52\n"
)
Visit = Callable[..., AppTest]


def sound(at: AppTest) -> AppTest:
    assert [one.message for one in at.exception] == []
    return at


def words(at: AppTest) -> str:
    shown = [*at.markdown, *at.caption, *at.warning, *at.error, *at.info, *at.success]
    return " ".join(str(one.value) for one in shown)


def ways_out(at: AppTest) -> list[str]:
    """What a page offers to do where it has no answer."""
    links = [one.proto.label for one in at.get("page_link")]  # type: ignore[attr-defined]
    buttons = [one.label for one in at.button if str(one.key).startswith("way_")]
    return [
        *buttons,
        *(label for label in links if label.startswith(("Load files", "Match names"))),
    ]


def charts(at: AppTest) -> list[object]:
    return [one.proto for one in at.get("vega_lite_chart")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_the_demonstration_asks_its_question_and_is_marked_synthetic(
    visit: Visit, page: str
) -> None:
    at = sound(visit(page))
    assert [one.value for one in at.title] == [QUESTIONS[page]]
    assert "Synthetic data" in words(at)


LONGEST = 25  # words of a sentence that leads a page


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_that_leads_a_page_is_long_or_speaks_of_p(visit: Visit, page: str) -> None:
    at = sound(visit(page))
    texts = [str(one.value) for one in at.main.markdown]
    leading = [
        next((text.removeprefix(mark) for text in texts if text.startswith(mark)), "")
        for mark in ("## ", ":gray[")  # the answer, and what limits it
    ]
    assert leading[0]
    for text in leading:
        for sentence in re.split(r"(?<=[.?!])\s+(?=[A-Z])", text):
            assert len(sentence.split()) <= LONGEST, sentence
        assert not re.search(r"\b[pq] [=<]|posterior", text), text


@pytest.mark.parametrize("page", ["alignment", "divergence"])  # the others: with what they show
def test_every_picture_says_in_words_what_it_shows(visit: Visit, page: str) -> None:
    pictures = charts(visit(page))
    assert pictures
    assert all(len(picture.alt) > 20 for picture in pictures)  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", OF_DATA)
def test_a_page_with_nothing_loaded_says_what_to_do(visit: Visit, page: str) -> None:
    at = sound(visit(page, data="Our data"))
    assert "Synthetic" not in words(at)
    assert "oad" in words(at)  # Load files; Nothing is loaded yet
    assert charts(at) == []


def told(answer: Any) -> Any:
    """What an answer says, down to the cells of its frames; not what was looked up of it since."""
    if is_dataclass(answer):
        return [told(getattr(answer, one.name)) for one in fields(answer)]
    if isinstance(answer, pd.DataFrame):
        return [list(answer.columns), list(answer.index), repr(answer.to_numpy(object).tolist())]
    if isinstance(answer, Mapping):
        return [(key, told(value)) for key, value in answer.items()]
    if isinstance(answer, tuple | list):
        return [told(one) for one in answer]
    return repr(answer)


def test_no_page_changes_an_answer_that_others_are_given_too(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers are handed out as they are, to every session: one that were changed would stay so."""
    remembered, given = state.remembered, {}

    def noting(store: Store, question: Any, *of: Any) -> Any:
        found = remembered(store, question, *of)
        if is_dataclass(found) and id(found) not in given:
            given[id(found)] = (question.__name__, found, told(found))
        return found

    monkeypatch.setattr(state, "remembered", noting)
    for page in OF_DATA:
        sound(visit(page, area="B-02"))
    assert {"overview", "agreement", "divergence", "trends", "themes"} <= {
        question for question, _, _ in given.values()
    }
    for question, found, before in given.values():
        assert told(found) == before, question


def test_what_is_imported_is_set_apart_from_garbage_once(visit: Visit) -> None:
    sound(visit("methods"))
    held = gc.get_freeze_count()
    assert held > 100_000
    sound(visit("methods"))
    assert gc.get_freeze_count() == held


def test_the_overview_leads_with_the_answer_and_then_everyone_and_where_to_look(
    visit: Visit,
) -> None:
    at = sound(visit())
    said = words(at)
    assert (
        "FFT GP and GP survey tell the same story for most practices: very likely or probably"
        in said
    )
    assert "Look first at " in said
    assert "How alike in general: 0." in said
    assert len(charts(at)) == 3  # everyone, the matrix, what is covered
    assert all(len(picture.alt) > 20 for picture in charts(at))  # type: ignore[attr-defined]
    assert "14 of 128 shown. Divergence lists every one of a pair." in said
    links = [one.proto for one in at.get("page_link")]  # type: ignore[attr-defined]
    asked = [link.query_string for link in links if link.page == "divergence"]
    assert len(asked) == 4  # the one picked, and three to look at first
    planted = {f"fft_gp~gp_survey~{unit}" for unit in ("P-0012", "P-0044", "P-0057", "P-0081")}
    assert {str(link).removeprefix("ask=").split("&")[0] for link in asked} <= planted
    assert len(re.findall(r"Very likely differ; [\d,]+ patients\.", said)) == 3
    assert len(re.findall(r"[▲▼] (?:FFT|GP) \w+ \d+% \(peers \d+%\)", said)) == 6
    at.session_state["overview_sure"] = True
    sound(at.run())
    assert len(charts(at)) == 4  # and every pair
    assert "Across 116 practices" in words(at)
    assert "plausible range" in words(at)


@pytest.mark.parametrize(
    ("page", "stop", "said", "ways"),
    [
        (
            "overview",
            0,
            "**1 of 3.** Each mark is an invented practice.",
            {"**Next**", "tour_leave"},
        ),
        ("divergence", 0, "**2 of 3.** One practice:", {"**Next**", "tour_leave"}),
        ("sources", 1, "**3 of 3.** Your turn:", {"tour_leave"}),
        (
            "trends",
            1,
            "You are on a way of 3 stops, at the second.",
            {"Back to it", "tour_leave"},
        ),
        ("overview", None, "**New here?**", {"tour_begin", "tour_refuse"}),
    ],
)
def test_each_stop_of_the_way_is_explained_and_leads_on(
    page: str, stop: int | None, said: str, ways: set[str]
) -> None:
    at = AppTest.from_file(APP, default_timeout=60)
    if stop is not None:
        at.session_state["tour_asked"], at.session_state["tour_stop"] = True, stop
    if page != "overview":
        at.switch_page(f"pages/{page}.py")
    at.run()
    assert said in words(sound(at))
    buttons = {key for key in (str(one.key) for one in at.button) if key.startswith("tour")}
    links = {one.proto.label for one in at.get("page_link")}  # type: ignore[attr-defined]
    assert buttons | (links & {"**Next**", "Back to it"}) == ways


def test_own_data_are_told_what_is_still_needed_until_there_is_an_answer(visit: Visit) -> None:
    at = sound(visit(data="Our data"))
    assert "### Getting started: 0 of 6 done" in headings(at)
    left, right = standings(alike())
    state._stores().open["own"].commit([extract(fft_fact=left), extract(survey_fact=right)])
    at.run()
    # once there is an answer, that comes first: what is left is a line
    assert not any("Getting started" in text for text in headings(sound(at)))
    assert any(one.proto.label.startswith("**Reference files**") for one in at.get("page_link"))  # type: ignore[attr-defined]


def test_a_source_has_its_card_where_two_are_compared(visit: Visit) -> None:
    for page in ("overview", "divergence", "agreement"):
        said = words(sound(visit(page)))
        assert "**Whom, and how:** Random sample of registered patients; weighted." in said, page
        assert "**Cannot bear:** Setting organisations side by side by itself" in said, page


def test_what_was_refused_before_a_measure_was_chosen_is_not_refused_after(visit: Visit) -> None:
    """Overview refuses two sources of different domains; once one measure is chosen by name, Divergence
    compares the very same two."""
    visit("sources", data="Our data")
    left, right = standings(alike())
    state._stores().open["own"].commit(
        [
            extract(fft_fact=left),
            extract(survey_fact=[row | {"measure": "contact"} for row in right]),
        ]
    )
    assert "they do not ask about the same thing" in words(sound(visit(data="Our data")))
    at = visit(
        "divergence",
        data="Our data",
        right_measure="Experience of contacting the practice",
    )
    assert "(the same people may have answered both; across domains)" in words(sound(at))
    assert len(at.dataframe[-1].value) == len(left)


def test_overview_offers_the_way_out_where_a_correlation_is_all_there_is(visit: Visit) -> None:
    visit("sources", data="Our data")
    left, right = standings(alike())
    state._stores().open["own"].commit(
        [
            extract(fft_fact=left),
            extract(survey_fact=[row | {"respondents": None} for row in right]),
        ]
    )
    at = sound(visit(data="Our data"))
    assert "Raw rank correlation" in words(at)
    assert "Assume 100 answers a practice" in ways_out(at)


def test_another_pair_chosen_on_overview_holds_for_every_page(visit: Visit) -> None:
    at = sound(visit())
    box = at.selectbox(key="overview_pair")
    trusts = next(option for option in box.options if option.startswith("FFT inpatient and CQC"))
    box.select(("fft_inpatient", "cqc_inpatient"))
    sound(at.run())
    assert trusts.endswith("(14 trusts)")
    assert "FFT inpatient and CQC inpatient tell the same story for " in words(at)
    assert [at.session_state[which] for which in ("left", "right")] == [
        "fft_inpatient",
        "cqc_inpatient",
    ]


def test_where_nothing_could_be_tested_nothing_is_said_to_stand_out_or_not(visit: Visit) -> None:
    at = visit(data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 2, 3, "2024-02") for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    said = words(sound(at.run()))
    assert "No organisation has enough answers in two sources to be looked at." in said
    assert "Nothing stands out" not in said


def test_agreement_shows_what_the_command_line_prints(visit: Visit, demonstration: object) -> None:
    from pxcore.analysis.pairs.agreement import agreement
    from pxcore.model import Pairing
    from pxcore.words.agreement import context, headline, summary, underlying

    report = agreement(demonstration, Pairing("fft_gp", "gp_survey"))  # type: ignore[arg-type]
    at = visit("agreement")
    assert headline(report) in words(at)
    at.session_state["agreement_strength"] = True
    shown = words(sound(at.run()))
    assert context(report) in shown
    assert underlying(report) in summary(report)
    figure, ends = re.findall(r"about (\S+) \(plausible range (.*)\)", underlying(report))[0]
    assert f"How alike in general: {figure} ({ends})" in shown


def test_the_mark_that_is_picked_is_named_organisation(visit: Visit) -> None:
    scatter = charts(visit("agreement"))[0]
    assert "organisation" in list(scatter.selection_mode)  # type: ignore[attr-defined]


def test_a_link_reproduces_the_view(visit: Visit) -> None:
    at = sound(visit("agreement", floor="30"))
    assert at.session_state["floor"] == 30
    assert "left out, under 30 answers" in words(at)


def test_a_link_that_says_nonsense_is_ignored(visit: Visit) -> None:
    at = sound(visit("agreement", floor="1", area="nowhere", left="hearsay", periods="always"))
    assert "Across 116 practices" in words(at)


def test_one_area_alone(visit: Visit) -> None:
    at = visit("agreement")
    board = next(code for code, title in state.choices().areas.items() if "(ICB" in title)
    at.session_state["area"] = board
    at.run()
    assert "Across 116 practices" not in words(sound(at))


def test_a_refused_pair_says_why_and_what_can_be_done(visit: Visit) -> None:
    at = visit("agreement", data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 9, 10, "2026-02") for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    at.run()
    said = words(sound(at))
    assert "The periods do not meet" in said
    assert "February 2026" in said
    assert ways_out(at) == ["Compare the latest of each (24 months apart)", "Load files"]


def uploaded(visit: Visit, file: tuple[str, bytes]) -> AppTest:
    at = visit("sources", data="Our data")
    at.file_uploader(key="extract").upload(*file)
    at.run()
    return sound(at)


def test_the_demonstration_takes_no_files(visit: Visit) -> None:
    at = sound(visit("sources"))
    assert list(at.file_uploader) == []
    assert "Our data" in words(at)


def box(at: AppTest, label: str) -> Any:
    """The one select box of that label."""
    (one,) = [one for one in at.selectbox if one.label == label]
    return one


def remember(at: AppTest) -> AppTest:
    (button,) = [one for one in at.button if "Remember this layout" in one.label]
    return sound(button.click().run())


def test_a_good_file_is_recognised_previewed_and_loaded(visit: Visit) -> None:
    at = uploaded(visit, ("good.csv", TIDY))
    assert "Ready" in str(at.dataframe[0].value)
    at.button(key="load").click().run()
    assert "1 file loaded" in words(sound(at))
    assert state._stores().open["own"].query("extracts")["file_name"].tolist() == ["good.csv"]


def test_a_broken_file_lists_its_faults_and_offers_no_loading(visit: Visit) -> None:
    at = uploaded(visit, ("broken.csv", TIDY + b"local_survey,P-2,2026-02,overall,many,60\n"))
    assert any("row 3" in one.value for one in at.error)
    assert [one.key for one in at.button if one.key == "load"] == []


def test_an_unknown_file_is_met_by_the_wizard(visit: Visit) -> None:
    at = uploaded(visit, ("odd.csv", b"Org code,Number asked,Happy %\nP-1,50,80\nP-2,60,91\n"))
    assert "1 · What does a row hold?" in words(at)
    box(at, "Whose figures are these?").select("local_survey").run()
    assert box(at, "‘Org code’ holds").value == "code"
    assert box(at, "What ‘Happy %’ measures").value is None  # nothing in the heading says it
    assert "is not mapped to a measure" in " ".join(one.value for one in at.info)
    assert not any("Remember this layout" in one.label for one in at.button)
    box(at, "What ‘Happy %’ measures").select("overall").run()
    assert any("Remember this layout" in one.label for one in sound(at).button)


def test_where_nothing_can_be_compared_agreement_says_what_to_do_and_draws_no_empty_table(
    visit: Visit,
) -> None:
    at = visit("agreement", data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft("P-1", 90, 100, "2026-02")]),
            extract(survey_fact=[survey("P-2", 0.7, 200, 2026)]),
        ]
    )
    said = words(sound(at.run()))
    assert "Not enough evidence: no practice has a value from both sources." in said
    assert ways_out(at) == ["Load files"]
    assert at.dataframe.len == 0 or "agreement_table" not in [one.key for one in at.dataframe]
    assert "The organisations compared" not in [one.value for one in at.header]


def test_what_a_box_of_the_sidebar_cuts_off_stands_whole_below_it(visit: Visit) -> None:
    whole = "Experience of contacting the practice"
    at = sound(visit("agreement", right_measure=whole))
    assert whole in [one.value for one in at.sidebar.caption]
    assert at.sidebar.selectbox(key="left").options[0] == "GP survey"
    assert "GP Patient Survey" in at.sidebar.selectbox(key="right").help


def test_the_wizard_asks_what_misspelt_headings_are_meant_to_be(visit: Visit) -> None:
    at = uploaded(visit, ("odd.csv", b"Practise,Perid,Postive\nP-1,2026-02,80\nP-2,2026-02,91\n"))
    source = next(one for one in at.selectbox if one.label == "Whose figures are these?")
    source.select("local_survey").run()
    said = words(sound(at))
    assert "Did you mean **practice** by ‘Practise’; **period** by ‘Perid’; **positive** by" in said


def test_the_wizard_shows_nobodys_name_of_a_file_nobody_has_explained(visit: Visit) -> None:
    remark = b"Mrs Example was lovely, ring me on 07700 900123. The rest of this is a long story of a day."
    at = uploaded(
        visit, ("odd.csv", b"Org code,Happy %,Said\nP-1,80," + remark + b"\nP-2,60,Fine\n")
    )
    shown = " ".join(frame.value.to_string() for frame in at.dataframe)
    assert "was lovely" in shown
    assert not {"Example", "07700"} & set(shown.replace(",", " ").split())


def test_a_mapped_file_is_remembered_and_then_asks_only_its_month(visit: Visit) -> None:
    at = uploaded(visit, ("odd.csv", b"Org code,Responses,Happy %\nP-1,50,80\nP-2,60,91\n"))
    box(at, "Whose figures are these?").select("local_survey").run()
    box(at, "What ‘Happy %’ measures").select("overall").run()
    remember(at)
    profiles = state._stores().open["own"].query("profiles")
    assert profiles["name"].tolist() == ["odd"]
    assert '"found_in": "ask"' in profiles["definition"][0]
    assert "It is for" in " ".join(one.label for one in sound(at).button_group)


def test_counts_alone_are_enough_for_the_wizard(visit: Visit) -> None:
    counts = b"Practice,Month,Positive,People\nP-0001,2026-02,40,50\nP-0002,2026-02,41,50\n"
    at = uploaded(visit, ("ours.csv", counts))
    box(at, "Whose figures are these?").select("local_survey").run()
    box(at, "‘People’ holds").select("respondents").run()
    assert "The counts are not mapped to a measure." in " ".join(one.value for one in at.info)
    box(at, "What the counts measure").select("overall").run()
    assert "1 file loaded" in words(remember(at))
    facts = state._stores().open["own"].query("coverage")
    assert facts["measure"].tolist() == ["overall"]


FORM = (
    b"Completed,Name,GP surgery,How was your visit overall?,Could you get through by phone?\n"
    b"01/03/2026,Ann Invented,P-1001,Good,Easy\n"
    b"02/03/2026,Bob Invented,P-1001,Very good,Very easy\n"
    b"03/03/2026,Cat Invented,P-1002,Poor,Not easy\n"
)


def test_answers_in_words_under_other_headings_have_a_way_in(visit: Visit) -> None:
    at = uploaded(visit, ("our form.csv", FORM))
    assert at.radio[0].value == "answers"
    assert box(at, "Whose answers are these?").value == "local_survey"
    assert box(at, "‘Name’ holds").value == ""  # the name of a person, not of a practice
    assert box(at, "‘GP surgery’ holds").value == "code"
    assert box(at, "The scale of ‘How was your visit overall?’").value == "experience"
    order = next(one for one in at.radio if one.label == "‘01/03/2026’ is")
    assert order.value is None  # 1 March or 3 January: nobody can tell
    assert "Remember this layout" not in " ".join(
        one.label for one in at.button if not one.disabled
    )
    order.set_value("day").run()
    assert "3 answers of 2 organisations, 1 March 2026 to 3 March 2026." in words(at)
    assert "1 file loaded" in words(remember(at))
    own = state._stores().open["own"]
    assert sorted(own.query("coverage")["measure"].unique()) == ["overall", "phone"]


def test_a_files_own_measure_column_says_the_measure(visit: Visit) -> None:
    long = (
        b"gp_code,year,measure,value,base\nP-1001,2025,phone,41.2,110\nP-1002,2025,Rang,55.0,98\n"
    )
    at = uploaded(visit, ("long gpps.csv", long))
    assert box(at, "‘phone’ is").value == "phone"
    box(at, "‘Rang’ is").select("phone").run()
    remember(at)
    coverage = state._stores().open["own"].query("coverage")
    assert coverage["measure"].tolist() == ["phone"]
    assert coverage["providers"].tolist() == [2]


def test_codes_that_look_like_numbers_open_the_wizard(visit: Visit) -> None:
    said = b"practice code;list;score pct\nE82072;9000;81.5\nE82073;7000;77.0\nE82074;8000;69.0\n"
    at = uploaded(visit, ("codes.csv", said))
    box(at, "Whose figures are these?").select("local_survey").run()
    assert box(at, "‘practice code’ holds").value == "code"


def test_a_remembered_layout_is_renamed_changed_deleted_and_put_back(visit: Visit) -> None:
    at = uploaded(visit, ("our form.csv", FORM))
    next(one for one in at.radio if one.label == "‘01/03/2026’ is").set_value("day").run()
    remember(at)
    own = state._stores().open["own"]
    at.text_input(key="layout our_form name").set_value("Spring form")
    next(one for one in at.button if one.label == "Rename").click().run()
    assert own.query("profiles")["name"].tolist() == ["spring_form"]
    at.toggle(key="layout spring_form change").set_value(True).run()
    box(at, "The scale of ‘Could you get through by phone?’").select("fairly_easy").run()
    next(one for one in at.button if one.label == "Remember the change").click().run()
    assert '"scale": "fairly_easy"' in own.query("profiles")["definition"][0]
    sound(at).button(key="layout spring_form delete").click().run()
    assert own.query("profiles").empty
    sound(at).button(key="undo_layout").click().run()
    assert own.query("profiles")["name"].tolist() == ["spring_form"]


def test_the_last_load_can_be_undone_and_done_again(visit: Visit) -> None:
    at = uploaded(visit, ("good.csv", TIDY))
    at.button(key="load").click().run()
    at.button(key="undo_last").click().run()
    own = state._stores().open["own"]
    assert own.query("extracts")["status"].tolist() == ["removed"]
    sound(at).button(key="undo_last").click().run()
    assert own.query("extracts")["status"].tolist() == ["loaded"]


def test_a_name_is_matched_by_a_person(visit: Visit) -> None:
    from tests.store.loads import provider, response

    at = visit("alignment", data="Our data")
    row, answer = response(1, "The Mill")
    state._stores().open["own"].commit(
        [
            extract(response=[row], answer=[answer]),
            extract(fft_fact=[fft("P-1", 9, 10)], provider=[provider("P-1", name="THE MILL")]),
        ]
    )
    at.session_state["alignment_tab"] = "Names without a code"
    at.run()
    at.button(key="confirm_exact").click().run()
    assert state._stores().open["own"].query("unmatched_names")["code"].tolist() == ["P-1"]
    assert "1** matched" in words(sound(at))


def test_a_database_in_use_is_said_to_be_so(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    damaged = f"{tmp_path}/damaged.duckdb"
    with open(damaged, "wb") as file:
        file.write(b"not a database" * 500)
    monkeypatch.setenv("PX_DATABASE", damaged)
    at = visit(data="Our data")
    assert "damaged" in str([one.value for one in at.warning]) + str(at.main)
    assert [one.message for one in at.exception] == []


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("notes.txt/own.duckdb", "leads through a file"),
        ("", "There is a folder where the database should be"),
        ("notes.txt", "not a database of this program"),
    ],
)
def test_trouble_with_the_database_is_told_on_the_page(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: object, place: str, what: str
) -> None:
    with open(f"{tmp_path}/notes.txt", "w") as file:
        file.write("x")
    monkeypatch.setenv("PX_DATABASE", f"{tmp_path}/{place}".rstrip("/"))
    at = visit("sources", data="Our data")
    assert [one.message for one in at.exception] == []
    (warning,) = at.warning
    assert what in str(warning.proto)
    assert "PX" in warning.value


def test_comments_are_erased_for_good_when_asked_twice(visit: Visit) -> None:
    at = visit("sources", data="Our data")
    own = state._stores().open["own"]
    row, answer = response(1, "The Mill", comment="Nurse Joy was rude")
    number = own.commit([extract("spoken.csv", response=[row], answer=[answer])])[0]
    own.erase(number)
    assert own.unmasked("any").empty
    at.run()
    (said,) = [one.value["said"] for one in at.dataframe if "said" in one.value]
    assert said.iloc[0].startswith("1 comment deleted for good")
    assert [button.key for button in at.button if button.key == "undo_last"] == []


# --- Divergence ---


def headings(at: AppTest) -> list[str]:
    return [str(one.value) for one in at.markdown if str(one.value).startswith("### ")]


def test_divergence_shows_what_the_command_line_prints(visit: Visit, demonstration: object) -> None:
    from pxcore.analysis.pairs.divergence import divergence
    from pxcore.model import Pairing
    from pxcore.words.divergence import summary, table

    report = divergence(demonstration, Pairing("fft_gp", "gp_survey"))  # type: ignore[arg-type]
    at = sound(visit("divergence"))
    assert summary(report) in words(at)
    assert len(at.dataframe[-1].value) == len(report.rows)
    assert len(charts(at)) == 2  # the one organisation: its dots and where it stands
    first = table(report)["unit"].iloc[0]
    assert at.session_state["provider"] == first  # those to look at first are offered first
    at.session_state["divergence_analyst"] = True
    sound(at.run())
    assert len(charts(at)) == 5  # and the gaps, a funnel of each source


def test_a_link_to_one_organisation_shows_what_stands_behind_it(visit: Visit) -> None:
    at = sound(visit("divergence", ask="fft_inpatient~cqc_inpatient~T-11"))
    chosen = [at.session_state[key] for key in ("left", "right", "provider")]
    assert chosen == ["fft_inpatient", "cqc_inpatient", "T-11"]
    said = words(at)
    assert " very likely or probably differ on 2 of " in said
    assert "### Very likely differ (98 in 100), confirmed" in headings(at)
    assert "before hearing this trust" in said
    assert "CQC inpatient: 8." in said
    at.selectbox(key="provider").select("T-09").run()
    assert "the change came in June 2025" in words(sound(at))
    at.session_state["divergence_analyst"] = True
    sound(at.run())
    assert "CQC adult inpatient survey (November 2025): 8." in words(at)
    assert len(charts(at)) == 4  # a score has no funnel


@pytest.mark.parametrize(
    "link",
    [
        {"ask": "hearsay~gp_survey~P-0012"},
        {"ask": "~~"},
        {"ask": "fft_gp"},
        {"ask": "fft_gp~gp_survey~nobody"},
        {"provider": "nobody", "evidence": "7", "assumed_base": "-4", "left_measure": "x"},
    ],
)
def test_a_link_to_divergence_that_says_nonsense_is_ignored(
    visit: Visit, link: dict[str, str]
) -> None:
    at = sound(visit("divergence", **link))
    assert re.search(r" very likely or probably differ on \d of 116 practices", words(at))
    assert at.session_state["provider"] in {"P-0012", "P-0044", "P-0057", "P-0081"}


def test_divergence_of_an_area_keeps_its_probabilities(visit: Visit) -> None:
    at = visit("divergence", ask="fft_gp~gp_survey~P-0044")

    def of_the_organisation() -> list[str]:
        kept = (
            "peers 89%",
            "before hearing this practice",
            "### Very likely differ",
        )
        return [
            str(one.value) for one in at.markdown if any(part in str(one.value) for part in kept)
        ]

    said = of_the_organisation()
    assert len(said) == 3
    at.session_state["area"] = "B-02"
    sound(at.run())
    assert of_the_organisation() == said
    at.session_state["divergence_analyst"] = True
    at.run()
    assert "116 tested together" in words(sound(at))


def test_more_evidence_asked_for_is_said_in_the_sidebar(visit: Visit) -> None:
    at = sound(visit("divergence", evidence="30"))
    assert "Set: 30 answers to be heard" in words(at)
    assert "and it takes 30" in words(at) or "116 practices" not in words(at)


def test_silence_in_both_sources_can_be_looked_at(visit: Visit) -> None:
    at = sound(visit("divergence", ask="fft_gp~gp_survey~P-0018"))
    assert "### Silent: one source is silent" in headings(at)
    assert "withheld by the publisher" in words(at)
    assert charts(at) == []  # there is no standing to draw, and no gap


@pytest.mark.parametrize(
    ("left", "right", "says", "way"),
    [
        ("2026-02", 12, "The periods do not meet", "Compare the latest of each (24 months apart)"),
        ("2024-02", 6, "too few organisations to compare with", "Load files"),
    ],
)
def test_divergence_of_too_little_says_why_and_what_can_be_done(
    visit: Visit, left: str, right: int, says: str, way: str
) -> None:
    at = visit("divergence", data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 30 + n, 60, left) for n in range(right)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 50) for n in range(right)]),
        ]
    )
    at.run()
    assert says in words(sound(at))
    assert ways_out(at)[0] == way


# --- Agreement in other ways, Methods ---


def test_every_tab_of_agreement_opens(visit: Visit) -> None:
    at = sound(visit("agreement"))
    at.session_state["agreement_ways"] = True
    for name, says in (
        ("Same level?", "no disagreement about who is better"),
        ("Same band?", "The bands match for"),
        ("Other measures", "Measures of the same thing go together"),
        ("A third source", "Kendall's W"),
        ("Every coefficient", "permutation test"),
        ("More answers", "without the 7 graded as dissonant"),
    ):
        at.session_state["ways"] = name
        at.run()
        assert says in words(sound(at)), name
        assert all(len(picture.alt) > 20 for picture in charts(at))  # type: ignore[attr-defined]


@pytest.mark.parametrize("link", [{}, {"data": "Our data"}])
def test_methods_are_the_same_for_all_data(visit: Visit, link: dict[str, str]) -> None:
    at = sound(visit("methods", **link))
    said = words(at)
    assert "No composite score" in said
    at.session_state["methods_rules_open"] = True
    assert "not enough evidence" in words(sound(at.run()))
    assert "with a known truth" in said or "The trials have not been run here." in said
    assert [one.label for one in at.tabs] == [
        "The rules in words", "How well they do", "On your data", "What is masked", "Every method",
        "Known limits",
    ]  # fmt: skip
    for tab, says in (
        ("How well they do", "title_measure"),
        ("What is masked", "mask"),
        ("Known limits", "Verdicts are prompts to look"),
    ):
        at.session_state["methods_tab"] = tab
        at.run()
        assert (
            says
            in f"{words(sound(at))} {[column for table in at.dataframe for column in table.value]}"
        )
    at.session_state["methods_tab"] = "Every method"
    assert len(sound(at.run()).expander) >= 12
    assert "pxcore.stats.verdict.pair_verdicts" not in words(at)  # until its chapter is opened
    at.session_state["methods_verdict"] = True
    said = words(sound(at.run()))
    assert "pxcore.stats.verdict.pair_verdicts" in said
    assert "Parameters\n---" not in said


def test_what_is_masked_is_counted_on_methods(visit: Visit) -> None:
    at = sound(visit("methods", methods_tab="What is masked"))
    said = words(at)
    assert "of the comments that name nobody lose a word" in said
    shown = next(table.value for table in at.dataframe if "held back" in table.value)
    assert {
        "Names, all",
        "Details with a form, all",
        "Touched: comments that name nobody, all",
    } <= set(shown["title"])


def test_what_stands_under_a_fold_is_made_once_it_is_opened(visit: Visit) -> None:
    at = sound(visit("divergence"))
    before = len(at.dataframe)
    for key in ("divergence_rows", "provenance_open"):
        at.session_state[key] = True
    after = sound(at.run()).dataframe
    assert len(after) == before + 2
    assert {"file_name", "sha256"} <= set(after[-1].value)
    assert "Fingerprint" not in words(at)


def test_every_tab_of_alignment_opens(visit: Visit) -> None:
    at = sound(visit("alignment"))
    for tab, columns in (
        ("By reason", {"reason", "rows_text"}),
        ("Did not join", {"name", "reason"}),
        ("Mergers and splits", {"happened", "current_code"}),
        ("Maps", {"wave", "fieldwork_start"}),
    ):
        at.session_state["alignment_tab"] = tab
        at.run()
        assert any(columns <= set(table.value) for table in sound(at).dataframe), tab


# --- What if ---


def test_a_question_often_asked_is_marked_and_taken_back(visit: Visit) -> None:
    at = sound(visit("what_if"))
    assert "of 4 questions often asked" in words(at)
    rows = next(one.value for one in at.dataframe if "holds" in one.value)
    assert len(rows) == 5  # the baseline and four questions
    at.session_state["if_months"] = "year"
    sound(at.run())
    assert "Over a year to its end: the same story for 75 of 119 practices" in words(at)
    assert "How alike in general: 0.51" in words(at)
    assert at.session_state["if_preset"] == "A full year of the monthly source"
    next(one for one in at.button if one.label == "Back to all of them").click().run()
    assert "of 4 questions often asked" in words(sound(at))
    assert at.session_state["if_months"] == ""


def test_a_link_reproduces_a_scenario(visit: Visit) -> None:
    at = sound(
        visit(
            "what_if",
            left="FFT local",
            right="Local survey",
            if_without="SMS",
            if_evidence="30 answers",
        )
    )
    assert "Only with 30 answers or more; without the answers by SMS" in words(at)


@pytest.mark.parametrize(
    "link",
    [
        {"if_months": "a fortnight", "if_margin": "-1", "if_left": "hearsay"},
        {"if_without": "SMS", "if_groups": "16-44", "if_dimension": "shoe size"},
        {"if_mix": "of all registered patients", "if_peers": "x", "if_rate": "2"},
    ],
)
def test_a_scenario_of_nonsense_is_the_baseline(visit: Visit, link: dict[str, str]) -> None:
    assert "of 4 questions often asked" in words(sound(visit("what_if", **link)))


def test_a_scenario_is_saved_used_again_and_withdrawn(visit: Visit) -> None:
    at = visit("what_if", if_margin="0.5 typical differences")
    at.text_input(key="if_name").input("Strict")
    next(one for one in at.button if one.label == "Keep it").click().run()
    assert "Agreement within 0.5 typical differences (saved by this computer, " in words(sound(at))
    at.button(key="if_set").click().run()
    assert "headline stays inside the range the baseline already allowed" in words(sound(at))
    rows = next(one.value for one in at.dataframe if "changed" in one.value)
    assert rows["name"].tolist() == ["Baseline", "Strict"]
    next(one for one in at.button if one.label == "Back to all of them").click().run()
    assert "questions often asked" in words(sound(at))
    next(one for one in at.button if one.label == "Use it").click().run()
    assert "Agreement within 0.5 typical differences: the same story" in words(sound(at))
    next(one for one in at.button if one.label == "Take it off the list").click().run()
    assert "None yet." in words(sound(at))


def test_a_saved_scenario_that_these_sources_cannot_follow_says_so(visit: Visit) -> None:
    older = Scenario(dimension="age", groups=("65 and over",), margin=0.5)
    at = visit("what_if", ask="fft_gp~gp_survey~")
    scenarios.keep(state.store(), "Older people", older, "A. Person")
    sound(at.run())
    next(one for one in at.button if one.label == "Use it").click().run()
    said = "‘Older people’: these sources cannot show “age 65 and over alone”."
    assert said in words(sound(at))
    assert "Agreement within 0.5 typical differences: the same story" in words(at)  # the rest holds
    assert said not in words(sound(at.run()))
    at.text_input(key="if_name").input("baseline")
    next(one for one in at.button if one.label == "Keep it").click().run()
    assert "‘baseline’ stands for something else" in words(sound(at))
    next(one for one in at.button if one.label == "Take it off the list").click().run()


def test_every_reasonable_choice_is_tried_when_asked_and_put_away(visit: Visit) -> None:
    at = visit("what_if")
    at.button(key="robustness_try").click().run()
    assert "verdicts under 36 ways" in words(sound(at))
    assert "The choice that matters most often is" in words(at)
    next(one for one in at.button if one.label == "Stop and put away").click().run()
    assert "verdicts under 36 ways" not in words(sound(at))
    at = visit("divergence")
    at.button(key="robustness_try").click().run()
    assert "of 36 reasonable ways to work it out" in words(sound(at))


# --- Provider ---


def test_a_measure_chosen_holds_on_every_page(visit: Visit) -> None:
    contact = "Experience of contacting the practice"
    for page in ("provider", "overview"):
        at = sound(visit(page, provider="Osiermere Surgery (P-0044)", right_measure=contact))
        assert f"GP survey by ‘{contact}’" in words(at)


def test_a_provider_is_set_beside_others_by_a_link(visit: Visit) -> None:
    at = sound(
        visit(
            "provider",
            provider="Osiermere Surgery (P-0044)",
            provider_others="Wrengarth Surgery (P-0033)",
        )
    )
    assert "very likely differ (more than 99 in 100) about it" in words(at)
    told = [str(picture.alt) for picture in charts(at)]  # type: ignore[attr-defined]
    beside = [one.split(": ")[0] for one in told if "typical differences from its peers" in one]
    assert beside[-2:] == ["Osiermere Surgery", "Wrengarth Surgery"]  # on one scale, side by side
    assert len(told) >= 4  # where it stands, its sources over time, and beside the other


def test_a_provider_of_another_area_is_let_go(visit: Visit) -> None:
    at = visit("provider", provider_others="Wrengarth Surgery (P-0033)")
    at.session_state["area"] = "B-04"
    sound(at.run())
    assert "P-0033" not in at.session_state["provider_others"]


# --- Groups ---


LOCAL = {"left": "FFT local", "right": "Local survey"}


def test_groups_of_people_are_split_as_a_link_asks(visit: Visit) -> None:
    at = sound(visit("groups", **LOCAL))
    assert "the gap differs between age groups: 28 points for people of 16-44" in words(at)
    assert len(charts(at)) == 3
    assert all(len(picture.alt) > 20 for picture in charts(at))  # type: ignore[attr-defined]
    at = sound(visit("groups", **LOCAL, group_by="Ethnicity"))
    assert at.radio(key="group_by").value == "ethnicity"
    assert "Yes, as far as these answers tell. " in words(at)


def test_practices_by_deprivation_stand_in_where_nobody_tells_who_answered(visit: Visit) -> None:
    at = sound(visit("groups", group_by="shoe size"))
    assert "These are groups of organisations, not of people" in words(at)
    assert len(charts(at)) == 3
    at.session_state["left"] = "fft_local"
    at.session_state["right"] = "local_survey"
    at.run()
    assert "fifths" in words(sound(at))  # offered for this pair too: the choice is kept
    at.session_state["left"] = "fft_inpatient"
    at.session_state["right"] = "cqc_inpatient"
    at.run()
    assert "they cannot be split by any group" in words(sound(at))
    assert charts(at) == []


def test_sources_that_tell_who_answered_are_a_link_away(visit: Visit) -> None:
    at = sound(visit("groups"))
    links = [one.proto for one in at.get("page_link")]  # type: ignore[attr-defined]
    told = [link for link in links if "FFT local and Local survey" in link.label]
    assert len(told) == 1
    assert "disability" in told[0].help
    at = sound(visit("groups", ask="fft_local~local_survey~"))
    assert (at.session_state["left"], at.session_state["right"]) == ("fft_local", "local_survey")
    assert at.radio(key="group_by").value == "age"


def test_which_groups_count_as_one_is_changed_told_and_taken_back(visit: Visit) -> None:
    at = visit("groups", data="Our data", **LOCAL)
    said = [
        response(n, provider="P-1", positive=n % 3 > 0, source=source, age=age)
        for source in ("fft_local", "local_survey")
        for n, age in enumerate(["16-24", "25-34", "45-54", "75-84"] * 30)
    ]
    for source in ("fft_local", "local_survey"):
        here = [(row, answer) for row, answer in said if row["source"] == source]
        state._stores().open["own"].commit(
            [extract(response=[row for row, _ in here], answer=[answer for _, answer in here])]
        )
    at.run()
    at.session_state["left"], at.session_state["right"] = "fft_local", "local_survey"
    sound(at.run())
    assert "Which groups count as one?" in [one.label for one in at.expander]
    at.multiselect(key="groups_which").set_value(["16-24", "25-34"])
    at.selectbox(key="groups_band").set_value("45-64")
    at.text_input(key="groups_by").set_value("A. Person")
    at.text_input(key="groups_reason").set_value("asked for")
    next(one for one in at.button if one.label == "Count them so").click().run()
    assert "16-24 counts as ‘45-64’ instead of ‘16-44’ (by A. Person" in words(sound(at))
    assert "They count so already." not in words(at)
    assert "Which groups count as one? (2 changed)" in [one.label for one in at.expander]
    assert "16-44" not in charts(at)[0].alt  # type: ignore[attr-defined]
    at.button(key="groups_back").click().run()
    assert "16-44" in charts(sound(at))[0].alt  # type: ignore[attr-defined]
    # of one source alone, and taken back alone
    at.multiselect(key="groups_which").set_value(["16-24"])
    at.selectbox(key="groups_band").set_value("45-64")
    at.radio(key="groups_source").set_value("local_survey")
    next(one for one in at.button if one.label == "Count them so").click().run()
    assert "16-24 of Local survey counts as ‘45-64’" in words(sound(at))
    # for any source nothing would change, but that one stands apart
    at.multiselect(key="groups_which").set_value(["16-24"])
    at.selectbox(key="groups_band").set_value("16-44")
    next(one for one in at.button if one.label == "Count them so").click().run()
    assert "They count so already, but for Local survey, by a change of its own" in words(sound(at))
    at.button(key="groups_undo_0").click().run()
    assert "Which groups count as one?" in [one.label for one in sound(at).expander]


def test_a_change_of_groups_without_a_name_is_not_made(visit: Visit) -> None:
    at = visit("groups", **LOCAL)
    at.multiselect(key="groups_which").set_value(["16-24"])
    next(one for one in at.button if one.label == "Count them so").click().run()
    assert "Choose the groups, and what they count as." in words(sound(at))


def test_documents_fill_the_silence_of_an_organisation(visit: Visit) -> None:
    from pxcore.analysis.files.load import load_files

    at = visit("provider", data="Our data")
    store = state._stores().open["own"]
    store.commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 60 + n, 100) for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 60) for n in range(12)]),
        ]
    )
    heads = "Organisation code,Collected from,People,Method,Who wrote it,Quotation"
    row = "P-3,March 2026,14,an engagement visit,Healthwatch,Nobody rings back"
    load_files(store, [("evidence.csv", f"{heads}\n{row}\n".encode())])
    at.run()
    at.selectbox(key="provider").select("P-3").run()
    said = words(sound(at))
    assert "Healthwatch spoke with 14 people in March 2026 (an engagement visit)" in said
    assert "Nobody rings back" in said
    assert "No community source has a rating of it; 1 finding written down" in said
    assert "is no figure" in said
    at.selectbox(key="provider").select("P-4").run()
    assert "Healthwatch spoke" not in words(sound(at))


def test_a_rank_in_the_league_table_stands_beside_what_the_sources_know(visit: Visit) -> None:
    from tests.analysis.frames import alike, standings
    from tests.analysis.pairs.test_league import ranked

    at = visit("provider", data="Our data")
    left, right = standings(alike(24))
    table = [ranked(f"P-{place}", place + 1) for place in range(24)]
    state._stores().open["own"].commit(
        [extract(fft_fact=left), extract(survey_fact=right), extract(league=table)]
    )
    at.run()
    at.selectbox(key="provider").select("P-0").run()
    said = words(sound(at))
    assert "has it at 1 of 24 trusts, segment 2" in said
    assert "would order otherwise" in said
    assert "never blended" in said


def test_sources_that_never_meet_still_have_their_pages(visit: Visit) -> None:
    """One month of one source, and a survey of another year: as real excerpts often are."""
    at = visit("provider", data="Our data")
    state._stores().open["own"].commit(
        [
            extract(fft_fact=[fft(f"P-{n}", 40 + n, 60, "2026-02") for n in range(12)]),
            extract(survey_fact=[survey(f"P-{n}", 0.5) for n in range(12)]),
        ]
    )
    said = words(sound(at.run()))
    assert "No organisation has figures from two sources at the same time" in said
    assert len(charts(at)) >= 1  # each organisation by itself, over time
    for page in ("trends", "groups", "themes", "what_if"):
        sound(visit(page, data="Our data"))
    assert "none long and even enough" in words(visit("trends", data="Our data"))
    overview = sound(visit("overview", data="Our data"))
    # nothing is compared: what is covered stands in the place of the matrix, once
    assert overview.header[0].value == "What does each source cover?"
    assert len(charts(overview)) == 1


def test_a_network_is_told_by_its_practices_together(visit: Visit) -> None:
    """Reports give ratings by network: there is one on Provider, and no file holds its series."""
    from tests.store.loads import parent, provider

    at = visit("provider", data="Our data")
    networks = [f"N-{n}" for n in range(12)]
    state._stores().open["own"].commit(
        [
            extract(
                fft_fact=[
                    *(fft(unit, 60 + n, 100, grain="pcn") for n, unit in enumerate(networks)),
                    fft("P-1", 50, 100, "2026-02"),
                ],
                survey_fact=[
                    survey(unit, 0.5 + n / 60, grain="pcn") for n, unit in enumerate(networks)
                ],
                parent=[parent("P-1", "N-3", "pcn")],
                provider=[provider(unit, "pcn") for unit in networks],
            )
        ]
    )
    at.run()
    at.selectbox(key="provider").select("N-3").run()
    said = words(sound(at))
    assert "Comments on its organisations are on Themes" in said
    assert "No loaded file holds figures" not in said
