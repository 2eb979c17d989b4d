"""What one's own data still need: each step is done by what is loaded, and by nothing else."""

from __future__ import annotations

from pxcore.analysis.files.onboarding import Onboarding, Step, onboarding
from pxcore.analysis.files.sources import sources
from pxcore.analysis.joining.choices import choices
from pxcore.analysis.joining.matching import matching
from pxcore.store import Store
from pxcore.words import onboarding as words
from tests.store.loads import extract, fft, parent, response, survey


def steps(store: Store, *, answered: bool = False) -> Onboarding:
    return onboarding(
        sources(store), tuple(choices(store).sources), matching(store), answered=answered
    )


def done(store: Store) -> set[Step]:
    return {step for step, is_done in steps(store).done.items() if is_done}


def test_nothing_is_done_in_an_empty_database(store: Store) -> None:
    report = steps(store)
    assert report.steps_done == 0
    assert not report.complete
    assert words.heading(report) == "Getting started: 0 of 6 done"


def test_each_file_does_its_own_step(store: Store) -> None:
    store.commit([extract(survey_fact=[survey("P-1", 0.5)])])
    assert done(store) == {Step.SURVEY, Step.NAMES}
    store.commit([extract(fft_fact=[fft("P-1", 9, 10)])])
    assert done(store) == {Step.SURVEY, Step.FFT, Step.NAMES}
    store.commit([extract(parent=[parent("P-1", "B-1", "icb")])])
    assert done(store) == {Step.REFERENCE, Step.SURVEY, Step.FFT, Step.NAMES}
    assert not steps(store).complete  # there is no answer yet
    assert steps(store, answered=True).complete  # nobody need have a Healthwatch


def test_names_that_wait_are_counted(store: Store) -> None:
    given = [response(n, "Elm Surgery", source="healthwatch") for n in range(9)]
    store.commit([extract(response=[row for row, _ in given], answer=[row for _, row in given])])
    report = steps(store)
    assert not report.done[Step.NAMES]
    assert report.done[Step.COMMUNITY]
    assert report.open_names == 1
    reasons = {step: why for step, _, _, why in words.steps(report)}
    assert reasons[Step.NAMES].startswith("1 name waits: say once")
