"""A workshop on the demonstration, as tests need it, and people in it."""

from __future__ import annotations

from pxcore.analysis.judging.certainty import certainty
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import workshops
from pxcore.analysis.workshop.agenda import Purpose, Suggestion, suggestions
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.frozen import FrozenCell, data_key, freeze
from pxcore.analysis.workshop.workshops import Answer, Meeting, Role
from pxcore.model import Disclosure, Pairing
from pxcore.store import Store
from tests.store.loads import extract, response, survey

_frozen: dict[int, tuple[FrozenCell, ...]] = {}


def of_thistleden(report: OverviewReport) -> list[Suggestion]:
    """The practice whose FFT and survey contradict each other most, then what is suggested beside it."""
    first = Suggestion(
        Purpose.DIFFERENCE, "fft_gp", "gp_survey", "P-0057", "Thistleden Medical Centre"
    )
    others = [item for item in suggestions(report) if item.unit != first.unit]
    cells = report.certainties["fft_gp", "gp_survey"].in_view
    one_silent = cells[
        cells["left_silence"].str.startswith("blank in the file") & (cells["right_silence"] == "")
    ].iloc[0]
    silent = Suggestion(
        Purpose.SILENCE, "fft_gp", "gp_survey", str(one_silent["unit"]), str(one_silent["name"])
    )
    return [first, *(silent if item.purpose is Purpose.SILENCE else item for item in others[1:])]


def frozen(demonstration: Store, report: OverviewReport) -> tuple[FrozenCell, ...]:
    """What is suggested of the demonstration, frozen; once a process."""
    if id(report) not in _frozen:
        _frozen[id(report)] = tuple(
            freeze(
                demonstration,
                report.certainties[item.pair],
                item.unit,
                item.purpose.value,
                Disclosure(),
            )
            for item in of_thistleden(report)
        )
    return _frozen[id(report)]


def of_single_responses(demonstration: Store) -> FrozenCell:
    """A practice of whose local answers 98 % of 53 are shown as positive, and 93 % of 57 were."""
    report = certainty(demonstration, Pairing("fft_local", "gp_survey"))
    cell = freeze(demonstration, report, "P-0005", Purpose.DIFFERENCE.value, Disclosure())
    assert (cell.left.respondents, round(cell.left.value or 0, 2)) == (53, 0.98)
    return cell


def of_few(own: Store) -> FrozenCell:
    """A practice of which three people answered, thirty of every other; the survey speaks of all."""
    said = [response(n, provider=f"P-{n % 12}", positive=n % 3 > 0) for n in range(360)]
    said = [pair for n, pair in enumerate(said) if n % 12 or n < 36]
    own.commit(
        [
            extract(response=[row for row, _ in said], answer=[answer for _, answer in said]),
            extract(survey_fact=[survey(f"P-{n}", 0.5 + n / 40) for n in range(12)]),
        ]
    )
    report = certainty(own, Pairing("fft_local", "gp_survey"))
    return freeze(own, report, "P-0", Purpose.SILENCE.value, Disclosure())


def made(store: Store, cells: tuple[FrozenCell, ...], demonstration: Store) -> str:
    return workshops.make(
        store,
        "June meeting",
        "Ann Facilitator",
        cells,
        revision=demonstration.revision,
        data_key=data_key(demonstration),
        view="{}",
        disclosure=Disclosure(),
    )


def at(store: Store, identifier: str, cell: int, stage: Stage) -> Meeting:
    workshops.go(store, identifier, Place(cell, stage))
    return workshops.meeting(store, identifier)


def people(store: Store, identifier: str, count: int, role: Role = Role.NURSE) -> list[str]:
    """So many who join."""
    named = [workshops.participant_of(identifier, f"{role} {n}") for n in range(count)]
    for person in named:
        workshops.join(store, identifier, person, role, remote=False)
    return named


def says(
    store: Store,
    identifier: str,
    person: str,
    answer: Answer | None,
    request: str = "",
    reason: str = "",
    chance: float | None = None,
) -> workshops.Sent:
    """One person's answer in whatever round is open."""
    place = workshops.meeting(store, identifier).course.place
    return workshops.send(
        store,
        identifier,
        person,
        request or f"{person} {place}",
        place,
        answer=answer,
        reason=reason,
        chance=chance,
    )
