"""The nouns: what an extract's frames hold, and what is asked of them. Imports nothing of ours.

One meaning a word, everywhere: a *source* is one instrument (the GP Patient Survey, inpatient FFT)
within a *signal* (survey, FFT, community voice); an *extract* is one file; an *observation* is one
value of one measure for one provider and period.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Signal(StrEnum):
    """The three kinds of evidence, the same on every screen."""

    SURVEY = "survey"
    FFT = "fft"
    COMMUNITY = "community"


class Grain(StrEnum):
    """The level of organisation a value belongs to, finest first."""

    WARD = "ward"
    SITE = "site"
    PRACTICE = "practice"
    TRUST = "trust"
    PCN = "pcn"
    SUB_ICB = "sub_icb"
    ICB = "icb"
    REGION = "region"
    NATIONAL = "national"
    AREA = "area"  # a place with a name and no code, such as a borough in a Healthwatch report


GRAIN_TITLES = MappingProxyType(
    {
        Grain.WARD: ("ward", "wards"),
        Grain.SITE: ("site", "sites"),
        Grain.PRACTICE: ("practice", "practices"),
        Grain.TRUST: ("trust", "trusts"),
        Grain.PCN: ("primary care network", "primary care networks"),
        Grain.SUB_ICB: ("sub-ICB location", "sub-ICB locations"),
        Grain.ICB: ("integrated care board", "integrated care boards"),
        Grain.REGION: ("region", "regions"),
        Grain.NATIONAL: ("country", "countries"),
        Grain.AREA: ("area", "areas"),
    }
)


# The name of its source, which is none of the maps: nothing is compared with it.
LEAGUE_SOURCE = "oversight_framework"


class Withheld(StrEnum):
    """Why a value is not shown. None of these is zero."""

    NONE = "none"
    PUBLISHER = "publisher"  # '*', '<5', '[c]'
    NOT_CALCULABLE = "not_calculable"  # '-': no responses to calculate from
    MISSING = "missing"  # blank where a value was due
    UNKNOWN = "unknown"  # blank that may mean withheld or no return; the two cannot be told apart
    FLOOR = "floor"  # ours, applied after the filters


class Periods(StrEnum):
    """Which periods of the two sources are set side by side."""

    ALIGNED = "aligned"  # the survey's fieldwork window; refused where they do not meet
    LATEST = "latest"  # the latest of each, whatever its date; always marked as not aligned


class Organisation(StrEnum):
    """Providers as they are organised now, or as each extract reported them."""

    CURRENT = "current"
    REPORTED = "reported"


ORGANISATION_TITLES = MappingProxyType(
    {
        Organisation.CURRENT.value: "As now organised",
        Organisation.REPORTED.value: "As reported",
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A closed interval of dates."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def overlap(self, second: Period) -> int:
        """Days both periods share."""
        return max(0, (min(self.end, second.end) - max(self.start, second.start)).days + 1)

    @property
    def is_whole_months(self) -> bool:
        last = calendar.monthrange(self.end.year, self.end.month)[1]
        return self.start.day == 1 and self.end.day == last

    @property
    def is_whole_quarters(self) -> bool:
        return self.is_whole_months and self.start.month % 3 == 1 and self.end.month % 3 == 0

    def __str__(self) -> str:
        """The period as a person writes it: “March 2026”, “Jan–Mar 2026”, “2 Jan – 25 Mar 2024”."""
        start, end = self.start, self.end
        if self.is_whole_months:
            if (start.year, start.month) == (end.year, end.month):
                return f"{start:%B %Y}"
            if start.year == end.year:
                return f"{start:%b}–{end:%b %Y}"
            return f"{start:%b %Y} – {end:%b %Y}"
        first = f"{start.day} {start:%b}" + ("" if start.year == end.year else f" {start.year}")
        return f"{first} – {end.day} {end:%b %Y}"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The small-number rule in force: no count of confidential answers under the floor is shown, and those
    above it as the perturbation table has them."""

    floor: int = 5
    exact: bool = False  # as they are, for who owns the data, on the own computer

    def __post_init__(self) -> None:
        if self.floor not in DISCLOSURE_FLOORS:
            raise ValueError(f"floor ({self.floor}) must be one of {DISCLOSURE_FLOORS}")


DISCLOSURE_FLOORS = (5, 10, 30)
USUAL_DISCLOSURE = Disclosure()
FEWEST_RANKED = 5


class TestScale(StrEnum):
    """The scale percentages are tested on; scores are tested as they are."""

    LOGIT = "logit"
    FREEMAN_TUKEY = "freeman_tukey"


EVIDENCE_FLOORS = (5, 10, 30)


class Beforehand(StrEnum):
    """What is held of how alike two sources are before their answers are read."""

    USUAL = ""  # as such pairs of sources have been
    WIDER = "wider"  # the same middle, twice as far spread
    NOTHING = "nothing"  # any likeness as good as another


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices of method behind a verdict. The defaults were fixed before any data were seen."""

    evidence_floor: int = 10  # answers a source needs to be heard on a provider
    margin: float = 1.0  # peer SDs within which two sources are said to agree
    false_discovery: float = 0.05
    design_effect: float = 1.3  # of percent surveys that publish no interval
    scale: TestScale = TestScale.LOGIT
    comments_halved: bool = False  # two comments count as one person
    assumed_base: int = 0  # answers taken for each provider where a survey publishes none; 0: none
    beforehand: Beforehand = Beforehand.USUAL

    def __post_init__(self) -> None:
        if self.evidence_floor < 1 or self.margin <= 0 or not 0 < self.false_discovery < 1:
            raise ValueError("a floor, a margin and a false-discovery rate must be above nothing")
        if self.design_effect < 1 or self.assumed_base < 0:
            raise ValueError("a design effect is at least 1, an assumed base at least 0")


GROUPS = (
    "age",
    "sex",
    "ethnicity",
    "deprivation",
    "long_term_condition",
    "disability",
    "carer",
)


class Months(StrEnum):
    """Which months of a monthly source are set beside a survey."""

    FIELDWORK = "fieldwork"  # those of the survey's fieldwork
    AROUND = "around"  # three more on each side
    YEAR = "year"  # a year, to the end of the fieldwork


class Sentiment(StrEnum):
    """How a comment counts where its sentiment was coded."""

    POSITIVE = ""  # positive is one, all else nought: as a survey counts “neither”
    MIXED_HALF = "B"  # neutral left out, mixed a half
    STARS = "C"  # four or five stars of five; only comments with stars


class Peers(StrEnum):
    """Among whom an organisation is said to stand above or below."""

    ALL = ""
    REGION = "region"
    ICB = "icb"
    DEPRIVATION = "deprivation"  # practices whose patients live in equally deprived places
    SIZE = "size"  # practices with about as many patients, in thirds


class Mix(StrEnum):
    """The people whose mix of groups a source's answers are weighted to."""

    NONE = ""
    POOLED = "pooled"  # those who answered either source, taken together
    REGISTERED = "registered"  # the practice's own registered patients
    NATIONAL = "national"  # the registered patients of every practice loaded


@dataclass(frozen=True, slots=True)
class Selection:
    """Whose answers count, and how: all of them as they stand, until somebody asks “what if”.

    Sources that do not tell modes, groups or sentiment keep all their answers; the report says so.
    """

    without_modes: tuple[str, ...] = ()  # as the sources write them
    dimension: str = ""  # one of GROUPS
    groups: tuple[str, ...] = ()  # of that dimension, by their common names; all where empty
    sentiment: Sentiment = Sentiment.POSITIVE
    mix: Mix = Mix.NONE  # of the groups of the dimension
    peers: Peers = Peers.ALL

    def __post_init__(self) -> None:
        if self.dimension not in ("", *GROUPS):
            raise ValueError(f"dimension ({self.dimension}) must be one of {GROUPS}")
        if (self.groups or self.mix) and not self.dimension:
            raise ValueError("groups and a mix are of a dimension")
        if self.groups and self.mix:
            raise ValueError("answers are of some groups or weighted over all of them, not both")


@dataclass(frozen=True, slots=True)
class Pairing:
    """The choice of two sources, a measure of each, a grain, an area and periods to set side by side.

    An empty measure, grain, area or window means “the natural one”: the measures of the same domain, the
    finest grain both sources have, everywhere.
    """

    left: str
    right: str
    left_measure: str = ""
    right_measure: str = ""
    grain: str = ""
    area: str = ""
    service: str = ""  # of two sources that both speak of several services; else theirs speaks
    periods: Periods = Periods.ALIGNED
    window: Period | None = None  # a quarter, a year: both sources inside it, whatever the survey
    organisation: Organisation = Organisation.CURRENT
    months: Months = Months.FIELDWORK
    disclosure: Disclosure = field(default_factory=Disclosure)
    settings: Settings = field(default_factory=Settings)
    selection: Selection = field(default_factory=Selection)

    @property
    def evidence_floor(self) -> int:
        """What may not be shown may not be judged: never below the disclosure floor."""
        return max(self.settings.evidence_floor, self.disclosure.floor)

    @property
    def rank_floor(self) -> int:
        """Answers an organisation needs in both sources to take part in a rank correlation."""
        return max(FEWEST_RANKED, self.disclosure.floor)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked of every source at once: found once, and handed on as it is.

    Attributes
    ----------
    pairing : how any two are set side by side; the two it names, if any, are those looked at.
    measures : source and measure, of sources shown by another than the usual one.
    service : the one looked at; "" of all. That of the pairing is of two sources that speak of several.
    """

    pairing: Pairing
    measures: tuple[tuple[str, str], ...] = ()
    service: str = ""

    @classmethod
    def of(cls, pairing: Pairing, service: str = "") -> Scope:
        """That of two sources, each by the measure the pairing names."""
        named = ((pairing.left, pairing.left_measure), (pairing.right, pairing.right_measure))
        return cls(
            pairing, tuple((source, measure) for source, measure in named if measure), service
        )


EVERY_SOURCE = Scope(Pairing("", ""))


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is asked “if …”: only what differs from the baseline; everything else is as it is there."""

    left: str = ""
    right: str = ""
    grain: str = ""
    area: str = ""
    service: str = ""
    window: Period | None = None
    months: Months | None = None
    evidence_floor: int | None = None
    design_effect: float | None = None
    margin: float | None = None
    false_discovery: float | None = None
    scale: TestScale | None = None
    beforehand: Beforehand | None = None
    comments_halved: bool | None = None
    without_modes: tuple[str, ...] = ()
    dimension: str = ""
    groups: tuple[str, ...] = ()
    mix: Mix | None = None
    sentiment: Sentiment | None = None
    peers: Peers | None = None

    def of(self, baseline: Pairing) -> Pairing:
        """The pairing asked about instead. The smallest number shown is never lowered; it rises with the
        answers asked for, so that the raw figures too rest on those alone."""
        asked = {
            name: getattr(self, name)
            for name in ("left", "right", "grain", "area", "service", "window", "months")
            if getattr(self, name)
        }
        for side in ("left", "right"):
            if side in asked:
                asked[f"{side}_measure"] = ""  # another source has other measures
        settings = {
            name: getattr(self, name)
            for name in (
                "evidence_floor", "design_effect", "margin", "false_discovery", "scale", "beforehand",
                "comments_halved",
            )
            if getattr(self, name) is not None
        }  # fmt: skip
        selected = {
            name: getattr(self, name)
            for name in ("without_modes", "dimension", "groups", "mix", "sentiment", "peers")
            if getattr(self, name)
        }
        fewest = max(baseline.disclosure.floor, self.evidence_floor or 0)
        return replace(
            baseline,
            **asked,
            disclosure=replace(baseline.disclosure, floor=fewest)
            if fewest in DISCLOSURE_FLOORS
            else baseline.disclosure,
            settings=replace(baseline.settings, **settings),
            selection=replace(baseline.selection, **selected),
        )

    def as_json(self) -> dict[str, object]:
        """Only what differs, in plain values."""
        stated: dict[str, object] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if value != item.default:
                if isinstance(value, Period):
                    value = [value.start.isoformat(), value.end.isoformat()]
                stated[item.name] = list(value) if isinstance(value, tuple) else value
        return stated

    @classmethod
    def from_json(cls, stated: Mapping[str, Any]) -> Scenario:
        """Of what `as_json` told. Raises ValueError for a choice there is none of."""
        known = {item.name for item in fields(cls)}
        if strange := sorted(set(stated) - known):
            raise ValueError(f"a scenario has no {', '.join(strange)}")
        kinds = {
            "months": Months,
            "scale": TestScale,
            "beforehand": Beforehand,
            "mix": Mix,
            "sentiment": Sentiment,
            "peers": Peers,
        }
        read: dict[str, Any] = {
            name: kinds[name](value)
            if name in kinds
            else Period(*(date.fromisoformat(day) for day in value))
            if name == "window"
            else tuple(value)
            if isinstance(value, list)
            else value
            for name, value in stated.items()
        }
        return cls(**read)
