"""A workshop on the demonstration, as tests need it, and people in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pxcore.analysis.pairs.agreement import certainty
from pxcore.analysis.pairs.overview import OverviewReport
from pxcore.analysis.workshop import notes, record, workshops
from pxcore.analysis.workshop.agenda import Purpose, Suggestion, suggestions
from pxcore.analysis.workshop.course import Place, Stage
from pxcore.analysis.workshop.frozen import FrozenCell, data_key, freeze
from pxcore.analysis.workshop.notes import Kind
from pxcore.analysis.workshop.record import Draft
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
                report.certainties.values(),
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


DECIDED = Draft(
    words="Ring back within a day",
    action="A second line from eight to ten",
    owner="Practice manager",
    hypothesis="Most calls come before nine, when one line is staffed",
    alternatives="More online booking: many who call cannot use it",
    due=date(2027, 3, 31),
    affected="People without the internet, and carers who call for somebody",
    risks="Nobody at the front desk from eight to ten",
    dissent="Two of the doctors would rather begin with online booking",
)


def concluded(
    demonstration: Store, report: OverviewReport, room: Store | None = None
) -> tuple[Store, str]:
    """A workshop led to its end on the first of its questions: two rounds, own words that were let go, that
    stay, and that nobody has looked at, a decision with the room's chance, its review, and one withdrawn."""
    room = room or Store.open(None)
    identifier = made(room, frozen(demonstration, report)[:3], demonstration)
    nurses, doctors = people(room, identifier, 6), people(room, identifier, 2, Role.DOCTOR)
    at(room, identifier, 1, Stage.ROUND_ONE)
    for place, person in enumerate([*nurses, *doctors]):
        answer = Answer.DIFFER if place < 5 else Answer.PARTLY
        says(room, identifier, person, answer, reason="It looks a long wait" if place == 0 else "")
    at(room, identifier, 1, Stage.ROUND_TWO)
    for place, person in enumerate([*nurses, *doctors]):
        says(room, identifier, person, Answer.DIFFER if place < 7 else Answer.PARTLY)
    for kind, words, answer in (
        (Kind.MINORITY, "Not all of us think so", None),
        (Kind.OVERRULE, "The text messages went to few", Answer.SILENT),
        (Kind.DISCUSSION, "This stays in the room", None),
        (Kind.DISCUSSION, "Nobody has looked at this", None),
    ):
        notes.add_note(room, identifier, 1, kind, words, "Ben", answer)
    now_open = workshops.meeting(room, identifier)
    for text in notes.own_words(room, now_open):
        if "Nobody" not in text.words:
            leaves = "stays" not in text.words
            notes.review(room, text.number, leaves=leaves, by="Ann Facilitator")
    figure = record.figure_of(now_open.workshop.cells[1].facts.right)  # type: ignore[union-attr]
    expected = record.Expected(figure, record.Direction.UP, 0.05, date(2027, 6, 30))
    kept = record.record(room, now_open, 1, replace(DECIDED, expected=expected), "Ann Facilitator")
    at(room, identifier, 1, Stage.FORECAST)
    for person in nurses[:3]:
        says(room, identifier, person, None, chance=0.8)
    record.advance(room, identifier, Place(1, Stage.RECORDED))
    record.review(room, kept, 30, record.Outcome.UNDER_WAY, "The line is staffed", "Cat Reviewer")
    now_open = workshops.meeting(room, identifier)
    second = replace(DECIDED, words="Open on Saturdays", dissent="")
    record.withdraw(
        room,
        record.record(room, now_open, 2, second, "Ann Facilitator"),
        "no money",
        "Ann Facilitator",
    )
    return room, identifier
