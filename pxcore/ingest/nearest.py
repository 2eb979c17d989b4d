"""How far an unknown file is from the layouts known here: which headings to rename or to add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pxcore.ingest import community, complaints, local_rows, reference, suggestion, tidy
from pxcore.ingest.columns import misspelt
from pxcore.ingest.fft_scales import scales
from pxcore.ingest.profile import ANSWERS, FIGURES, ORGANISATIONS
from pxcore.ingest.workbook import Aliases, Sheet, Workbook

MOST_AWAY = 5
MOST_LAYOUTS = 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout known by its headings: what it needs (any one of each), and whose roles stand for which."""

    title: str
    aliases: Aliases
    needs: tuple[tuple[str, ...], ...]
    holds: str
    roles: Mapping[str, str]  # what the wizard takes a column for -> column of the layout


@dataclass(frozen=True, slots=True)
class Miss:
    """A layout that a file nearly has."""

    title: str
    renames: tuple[tuple[str, str], ...]  # heading as it stands, heading as it should be
    absent: tuple[str, ...]  # headings to add

    @property
    def away(self) -> int:
        return len(self.renames) + len(self.absent)

    def __str__(self) -> str:
        mends = [f"rename ‘{heading}’ to ‘{due}’" for heading, due in self.renames]
        mends += [f"add a column ‘{due}’" for due in self.absent]
        return (
            f"{self.away} heading{'s' if self.away != 1 else ''} away from ‘{self.title}’: "
            f"{', '.join(mends)}"
        )


_FIGURE_ROLES = {
    "code": "provider",
    "name": "provider_name",
    "period": "period",
    "measure": "measure",
    "positive": "positive",
    "respondents": "respondents",
    "value": "percentage",
}
_ANSWER_ROLES = {"code": "code", "name": "name", "date": "date", "comment": "comment"}
_LAYOUTS = (
    Layout(
        tidy.SOURCE.title,
        tidy.COLUMNS,
        (
            ("provider", "provider_name"),
            ("period",),
            ("measure",),
            ("positive", "value", "percentage"),
            ("respondents", "value", "percentage"),
        ),
        FIGURES,
        _FIGURE_ROLES,
    ),
    Layout(
        local_rows.FFT_ROWS.title,
        local_rows.FFT_COLUMNS,
        (("date",), ("code", "name"), ("rating",)),
        ANSWERS,
        {**_ANSWER_ROLES, **dict.fromkeys(scales(), "rating")},
    ),
    Layout(
        local_rows.SURVEY_ROWS.title,
        local_rows.SURVEY_COLUMNS,
        (("date",), ("code", "name"), ("overall",), ("phone", "appointment", "appointment_time")),
        ANSWERS,
        {
            **_ANSWER_ROLES,
            **{name: name for name in ("overall", "phone", "appointment", "appointment_time")},
        },
    ),
    Layout(
        community.FEEDBACK.title,
        community.FEEDBACK_COLUMNS,
        (("date",), ("code", "name"), ("stars", "sentiment"), ("comment",)),
        ANSWERS,
        {**_ANSWER_ROLES, "stars": "stars"},
    ),
    Layout(
        reference.GP_MAPPING.title,
        reference.MAPPING_ALIASES,
        (("practice",), ("practice_name",), ("icb",), ("sub_icb", "pcn")),
        ORGANISATIONS,
        {"code": "practice", "name": "practice_name", "parent": "icb"},
    ),
    Layout(
        reference.SUCCESSIONS.title,
        reference.SUCCESSION_ALIASES,
        (("old_code",), ("new_code",), ("date",)),
        ORGANISATIONS,
        {"code": "old_code", "successor": "new_code", "succeeded_on": "date"},
    ),
    Layout(
        complaints.SOURCE.title,
        complaints.COLUMNS,
        (("year",), ("provider",), ("new",), ("resolved",)),
        FIGURES,
        {"code": "provider", "period": "year"},
    ),
)


def nearest(workbook: Workbook) -> list[Miss]:
    """The layouts a file is fewest headings away from, the nearest first; none where all are far."""
    drafts = {
        holds: suggestion.suggest(workbook, holds=holds)
        for holds in (FIGURES, ANSWERS, ORGANISATIONS)
    }
    misses = []
    for layout in _LAYOUTS:
        draft = drafts[layout.holds]
        sheet = workbook.sheet(draft.sheet)
        row, named = sheet.closest_header(layout.aliases)
        if not named:
            row = draft.header_row
        guessed = {
            layout.roles[meant]: heading
            for meant, heading in _taken_for(draft).items()
            if meant in layout.roles
        }
        miss, met = _miss(layout, sheet, row, named, guessed)
        if 0 < miss.away <= MOST_AWAY and met + len(miss.renames) > len(miss.absent):
            misses.append(miss)
    misses.sort(key=lambda miss: (len(miss.absent), miss.away))
    return misses[:MOST_LAYOUTS]


def _taken_for(draft: suggestion.Suggestion) -> dict[str, str]:
    """What each heading is taken for: its role, and of an answer its measure and its scale."""
    taken: dict[str, list[str]] = {}
    for guess in draft.columns:
        for meant in (guess.role, guess.measure, guess.scale) if guess.role else ():
            taken.setdefault(meant, []).append(guess.heading)
    return {meant: heads[0] for meant, heads in taken.items() if meant and len(heads) == 1}


def _miss(
    layout: Layout, sheet: Sheet, row: int, named: set[str], guessed: Mapping[str, str]
) -> tuple[Miss, int]:
    close = misspelt(sheet, row, layout.aliases)
    renames: dict[str, str] = {}
    absent = []
    met = 0
    for need in layout.needs:
        if set(need) & named:
            met += 1
            continue
        column, heading = _meant(need, close, guessed, renames)
        if column:
            renames[heading] = layout.aliases[column][0]
        elif layout.aliases[need[0]][0] not in absent and not _renamed(need, layout, renames):
            absent.append(layout.aliases[need[0]][0])
    return Miss(layout.title, tuple(renames.items()), tuple(absent)), met


def _meant(
    need: Sequence[str],
    close: Mapping[str, str],
    guessed: Mapping[str, str],
    renames: Mapping[str, str],
) -> tuple[str, str]:
    """The column a heading not yet taken stands for: by what it seems to hold, else by its letters."""
    for known in (guessed, close):
        for column in need:
            if column in known and known[column] not in renames:
                return column, known[column]
    return "", ""


def _renamed(need: Sequence[str], layout: Layout, renames: Mapping[str, str]) -> bool:
    """Whether a heading renamed for another need meets this one too (a percentage is both counts)."""
    return bool({layout.aliases[column][0] for column in need} & set(renames.values()))
