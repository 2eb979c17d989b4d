"""Documents of community evidence are read on their organisation, masked, of enough people: never counted."""

from __future__ import annotations

import pytest

from pxcore.analysis import masking
from pxcore.analysis.comments.documents import DocumentsReport, documents
from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.files.load import load_files, preview, read
from pxcore.analysis.joining.choices import choices
from pxcore.model import USUAL_DISCLOSURE, Disclosure
from pxcore.store import Store
from pxcore.words import documents as words
from tests.store.loads import became, extract, fft

HEADS = (
    "Organisation,Organisation code,Collected from,To,People,Method,Who wrote it,Theme,Quotation\n"
)
ELM = "Elm,P-1,March 2026,,14,an engagement visit,Healthwatch Elmshire,Access,Mrs Zebrafish never rang back\n"
FEW = "Elm,P-1,2026-02-03,,3,a talk,Healthwatch Elmshire,Access,Only three of us were there\n"


def loaded(store: Store, *rows: str, name: str = "evidence.csv") -> Store:
    for file in load_files(store, [(name, (HEADS + "".join(rows)).encode())]):
        assert file.status == "loaded", file.problem
    return store


def asked(
    store: Store, unit: str = "P-1", disclosure: Disclosure = USUAL_DISCLOSURE
) -> DocumentsReport:
    return documents(store, unit, disclosure)


def test_a_finding_says_who_heard_how_many_when_and_how_with_the_words_masked(store: Store) -> None:
    (sentence,) = words.sentences(asked(loaded(store, ELM)))
    assert sentence.startswith(
        "Healthwatch Elmshire spoke with 14 people in March 2026 (an engagement visit), on Access: “"
    )
    assert "Zebrafish" not in sentence
    assert "never rang back" in sentence


def test_too_few_people_are_neither_counted_nor_quoted(store: Store) -> None:
    report = asked(loaded(store, ELM, FEW))
    first, second = words.sentences(report)
    assert "14 people" in first
    assert "fewer than 5 people" in second
    assert "three of us" not in second
    assert report.rows["quotation"].iloc[1] == ""
    assert report.rows["people"].isna().tolist() == [False, True]
    shown = asked(store, disclosure=Disclosure(floor=30))
    assert shown.rows["people"].isna().all()


def test_nothing_is_counted_from_documents(store: Store) -> None:
    loaded(store, *(ELM.replace("P-1", f"P-{at}") for at in range(9)))
    assert store.query("coverage").empty
    assert not choices(store).sources
    assert themes(store, ThemesQuestion()).account.empty


def test_a_name_listed_later_is_masked_in_quotations_too(store: Store) -> None:
    loaded(store, ELM.replace("Mrs Zebrafish", "Curly"))
    assert "Curly" in words.sentences(asked(store))[0]
    masking.list_names(store, ["Curly"], "A person")
    assert "Curly" not in words.sentences(asked(store))[0]


def test_who_wrote_it_is_masked_where_it_names_somebody(store: Store) -> None:
    loaded(store, ELM.replace("Healthwatch Elmshire", "Mrs Yetunde Zebrafish"))
    assert "Yetunde" not in words.sentences(asked(store))[0]


def test_a_later_file_of_the_same_collection_speaks_and_another_collection_stays(
    store: Store,
) -> None:
    loaded(store, ELM)
    loaded(store, ELM.replace("14", "15"), name="again.csv")
    loaded(store, ELM.replace("an engagement visit", "a focus group"), name="group.csv")
    people = sorted(asked(store).rows["people"])
    assert people == [14, 15]


def test_it_follows_its_organisation_through_a_merger(store: Store) -> None:
    store.commit(
        [extract(succession=[became("P-1", "P-2")]), extract(fft_fact=[fft("P-1", 9, 10)])]
    )
    assert len(asked(loaded(store, ELM), "P-2").rows) == 1


def test_a_name_without_a_code_waits_to_be_matched_and_is_then_read(store: Store) -> None:
    loaded(store, ELM.replace("P-1", ""))
    assert asked(store).rows.empty
    waiting = store.query("unmatched_names")
    assert waiting[["name", "rows", "origin"]].to_numpy().tolist() == [["Elm", 1, "document"]]


def test_its_words_can_be_deleted_for_good(store: Store) -> None:
    loaded(store, ELM)
    store.erase(1)
    assert asked(store).rows.empty
    assert store._connection.cursor().execute("select comment, theme from document").fetchall() == [
        ("", "")
    ]
    assert store.query("extracts")["erased"].tolist() == [True]


def test_a_file_of_documents_is_never_previewed(store: Store) -> None:
    reading = read("evidence.csv", (HEADS + ELM).encode(), store=store)
    assert reading.extract is not None
    assert preview(reading.extract, "document").empty


def test_figures_of_documents_are_refused(store: Store) -> None:
    heads = "source,provider,period,measure,positive,respondents"
    tidy = f"{heads}\ncommunity_evidence,P-1,2026-03,overall,9,14\n"
    (file,) = load_files(store, [("figures.csv", tidy.encode())])
    assert file.status == "refused"
    assert "that holds figures" in str(file.reading.errors[0])


@pytest.mark.parametrize("floor", [5, 10])
def test_the_floor_is_the_one_in_force(store: Store, floor: int) -> None:
    report = asked(loaded(store, ELM.replace("14", "7")), disclosure=Disclosure(floor=floor))
    assert report.rows["people"].isna().tolist() == [floor == 10]
