"""The documented truth: which providers exist, how sources are meant to relate, what is planted.

Everything here is invented. A trainer reads this file (or data/demo/README.md) to know what the
app ought to find; the draws themselves are in `world`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

SEED = 20260401
FIRST_MONTH = date(2023, 4, 1)
LAST_MONTH = date(2026, 3, 1)
# Earlier months are CSVs saved from one sheet; so are all months of a setting not named here.
FIRST_WORKBOOK_MONTHS = MappingProxyType(
    {
        "fft_inpatient": date(2026, 1, 1),
        "fft_ae": date(2026, 1, 1),
        "fft_maternity": date(2026, 2, 1),
        "fft_outpatient": date(2026, 1, 1),
        "fft_ambulance": date(2026, 1, 1),
        "fft_gp": date(2026, 2, 1),
    }
)
FIRST_MONTHS = MappingProxyType(  # where not FIRST_MONTH
    {"fft_mental_health": date(2025, 4, 1), "fft_community": date(2025, 4, 1)}
)
SYNTHETIC = "Synthetic demonstration data: invented providers"

# Latent agreement: standing in a source is sd * (sqrt(rho) * theta + sqrt(1 - rho) * own part).
RHO = 0.75
INTRA_CLASS = 0.01  # of FFT answers within a provider-month
DESIGN_EFFECT = 1.3  # of the GP survey


@dataclass(frozen=True, slots=True)
class Level:
    """A source's general level (proportion positive) and the spread of true standing (logit)."""

    mean: float
    spread: float


LEVELS = MappingProxyType(
    {
        "gp_survey": Level(0.75, 0.45),
        "fft_gp": Level(0.90, 0.50),
        "fft_inpatient": Level(0.94, 0.45),
        "fft_ae": Level(0.80, 0.40),
        "fft_maternity": Level(0.92, 0.40),
        "fft_outpatient": Level(0.94, 0.35),
        "fft_ambulance": Level(0.92, 0.40),
        "fft_mental_health": Level(0.87, 0.40),
        "fft_community": Level(0.95, 0.35),
        "healthwatch": Level(0.45, 0.60),
        "care_opinion": Level(0.50, 0.50),
    }
)
CQC_MEAN, CQC_SPREAD, CQC_PERSON_SD = 8.0, 0.25, 2.1
TOUCH_POINTS = ("antenatal", "birth", "postnatal_ward", "postnatal_community")
WAVES = (2023, 2024, 2025, 2026)
CQC_YEARS = (2024, 2025)

# Level of each GP survey question, and how far its standing goes with the practice's overall one.
SURVEY_QUESTIONS = MappingProxyType(
    {
        "overall": (0.75, 1.00),
        "contact": (0.68, 0.90),
        "phone": (0.53, 0.85),
        "website": (0.50, 0.60),
        "reception": (0.83, 0.85),
        "preferred": (0.41, 0.70),
        "listened": (0.87, 0.75),
        "care": (0.85, 0.75),
    }
)
SURVEY_QUESTIONS_2023 = MappingProxyType(
    {
        "overall": (0.71, 1.00),
        "appointment": (0.54, 0.90),
        "phone": (0.50, 0.85),
        "reception": (0.82, 0.85),
        "preferred": (0.36, 0.70),
    }
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One thing put in on purpose: what, where, and what the app ought to say of it."""

    kind: str
    providers: tuple[str, ...]
    sources: tuple[str, ...]
    what: str
    expect: str


# Standing in standard deviations of each source: three apart, in well-measured providers.
CONTRADICTIONS = MappingProxyType(
    {
        "P-0012": {"gp_survey": -1.6, "fft_gp": 1.6, "healthwatch": -1.0},
        "P-0044": {"gp_survey": 1.5, "fft_gp": -1.7, "healthwatch": 0.8},
        "P-0057": {"gp_survey": -1.7, "fft_gp": 1.4, "healthwatch": -0.8},
        "P-0081": {"gp_survey": 1.6, "fft_gp": -1.5, "healthwatch": 0.6},
        "P-0103": {"gp_survey": 0.9, "fft_gp": 0.9, "healthwatch": -2.4},
        "T-03": {"cqc_inpatient": -1.7, "fft_inpatient": 1.5, "healthwatch": -0.6},
        "T-11": {"cqc_inpatient": 1.6, "fft_inpatient": -1.6, "healthwatch": 0.6},
    }
)
WELL_MEASURED = tuple(code for code in CONTRADICTIONS if code.startswith("P-"))

# Planted since, each drawn from a stream of its own, so that no figure of another organisation moves.
MILDER = MappingProxyType(  # about two to two and a half apart: some doubt remains
    {
        "P-0060": {"gp_survey": -1.3, "fft_gp": 1.2},
        "P-0083": {"gp_survey": 1.0, "fft_gp": -0.9},
        "P-0098": {"gp_survey": -1.4, "fft_gp": 1.2},
        "P-0116": {"gp_survey": 1.2, "fft_gp": -1.2},
    }
)
ALIKE = MappingProxyType(  # alike in both, from the worst to the best, where much was asked
    {
        code: {"gp_survey": at, "fft_gp": at}
        for code, at in (
            ("P-0058", -1.7),
            ("P-0106", -1.4),
            ("P-0062", -1.1),
            ("P-0063", -0.8),
            ("P-0109", -0.5),
            ("P-0118", -0.2),
            ("P-0087", 0.1),
            ("P-0123", 0.4),
            ("P-0075", 0.7),
            ("P-0047", 1.1),
            ("P-0115", 1.3),
            ("P-0042", 1.6),
        )
    }
)
# Dated actions: one after which both sources rose, and one after which neither did.
ACTED, ACTED_ON = "P-0073", date(2025, 6, 1)
ACTION = "a call-back line in place of the queue on the phone"
STANDING_BEFORE, STANDING_AFTER = -1.6, 1.2
NOTHING_MOVED, NOTHING_MOVED_ON = "P-0120", date(2025, 6, 1)
NOTHING_MOVED_STANDING = -0.9
APART = MappingProxyType(
    {
        **MILDER,
        **ALIKE,
        ACTED: dict.fromkeys(("gp_survey", "fft_gp"), STANDING_AFTER),
        NOTHING_MOVED: dict.fromkeys(("gp_survey", "fft_gp"), NOTHING_MOVED_STANDING),
    }
)
RESPONSES_APART = 190  # a month
SENT_APART, RATE_APART = 640, 0.31  # of the GP survey

NEVER_RETURNS = "P-0048"  # printed in every GP file with blank cells
NOT_LISTED = "P-0041"  # not printed in the GP files at all
ALWAYS_WITHHELD = "P-0018"  # one to four answers a month; under ten in the GP survey
TOO_FEW = "P-0110"  # five to eight answers, one month in three
SMALL_N_TRAP = "P-0066"
SMALL_N_MONTH = date(2026, 2, 1)
FULL_MARKS = "P-0090"
STARTS_SMS, STARTS_SMS_ON = "P-0052", date(2024, 9, 1)
MODE_SHIFT, MODE_SHIFT_ON = "T-09", date(2025, 6, 1)
ODD_MONTH, ODD_MONTH_ON = "T-08", date(2024, 12, 1)
LOCAL_NETWORK = "N-007"
SAME_PEOPLE = "P-0033"
UNUSUAL_PEOPLE = "N-005"  # its survey asked mostly people with a long-term condition
YOUNG = ("16-24", "25-34")
CANNOT_SEPARATE = "T-02"

# Silence of each kind is more than one practice's, so that it can be counted.
NO_RETURN = (NEVER_RETURNS, "P-0085", "P-0121")
UNLISTED = (NOT_LISTED, "P-0094")
WITHHELD = (ALWAYS_WITHHELD, "P-0112")
FEW = (TOO_FEW, "P-0054", "P-0101")

# Two boards became one. The local files and most of what is planted are of other boards.
MERGED_BOARD, MERGED_ON = "B-04", date(2025, 4, 1)
FORMER_BOARDS = MappingProxyType({"B-05": ("S-10", "S-11"), "B-06": ("S-12",)})
FORMER_TRUSTS = MappingProxyType({"B-05": ("T-04", "T-08", "T-12"), "B-06": ("T-16", "T-20")})

# A supplier's export of reviews, in which one star is the best: four and five are counted as good.
REVERSED_BOARD = "B-03"

TOP_OF_THE_LEAGUE = "T-11"  # first in the table, last in the Friends and Family Test

# What documents say of those of whom a figure says nothing: whose, from, to, people, how, by whom, of what.
DOCUMENTS = (
    ("P-0048", "2026-02-03", "2026-02-03", "14", "an engagement visit", "Healthwatch", "Access",
     "We queue outside at eight because the line is engaged by five past."),
    ("P-0048", "March 2026", "", "9", "a coffee morning", "The carers' group", "Staff attitude",
     "They know my mother by name, once you get in."),
    ("P-0041", "2026-01-12", "2026-01-23", "22", "a stall at the library", "Healthwatch", "Access",
     "The website is fine for me, my neighbour cannot use it."),
    ("P-0018", "2026-02-17", "2026-02-17", "11", "a visit with an outreach nurse", "The outreach team",
     "Access", "Nobody asks for an address here, that is why I come."),
    ("P-0085", "February 2026", "", "8", "a survey on paper in the waiting room", "The patient group",
     "Waiting time", "You wait three weeks unless you say it is urgent."),
    ("P-0121", "2026-03-10", "2026-03-10", "3", "an engagement visit", "Healthwatch", "Communication",
     "Nobody told me the results."),
)  # fmt: skip

SUCCESSIONS = (
    *((old, MERGED_BOARD, MERGED_ON) for old in ("B-05", "B-06")),
    ("T-05", "T-24", date(2024, 10, 1)),
    ("T-06", "T-24", date(2024, 10, 1)),
    ("P-0070", "P-0130", date(2025, 4, 1)),
    ("P-0071", "P-0130", date(2025, 4, 1)),
    ("P-0095", "P-0128", date(2025, 7, 1)),
    ("P-0095", "P-0129", date(2025, 7, 1)),
)


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


PLANTED = (
    *(
        Planted(
            "dissonance",
            (code,),
            tuple(standing),
            "Standing, in standard deviations: "
            + ", ".join(f"{source} {value:+.1f}" for source, value in standing.items())
            + ".",
            "Near the top of Divergence"
            + (
                "; community voice alone is rarely enough to prove it, so it may stay ungraded."
                if code == "P-0103"
                else " with many answers in both sources."
            ),
        )
        for code, standing in CONTRADICTIONS.items()
    ),
    *(
        Planted(
            "milder dissonance",
            (code,),
            tuple(standing),
            "Standing, in standard deviations: "
            + ", ".join(f"{source} {value:+.1f}" for source, value in standing.items())
            + ".",
            "Probably differ, with many answers in both sources: worth a look, and not confirmed.",
        )
        for code, standing in MILDER.items()
    ),
    *(
        Planted(
            "alike",
            (code,),
            tuple(standing),
            f"Standing in both sources {standing['fft_gp']:+.1f} standard deviations, with many answers.",
            "Agree, very likely or probably; of one or two of these the answers leave it open.",
        )
        for code, standing in ALIKE.items()
    ),
    Planted(
        "a decision that worked",
        (ACTED,),
        ("fft_gp", "gp_survey"),
        f"On {_day(ACTED_ON)} it put in {ACTION}: standing in both sources from "
        f"{STANDING_BEFORE:+.1f} to {STANDING_AFTER:+.1f} standard deviations.",
        "Trends: special cause, improvement; the survey of 2026 is above that of 2025 beyond its range.",
    ),
    Planted(
        "a decision after which nothing moved",
        (NOTHING_MOVED,),
        ("fft_gp", "gp_survey"),
        f"On {_day(NOTHING_MOVED_ON)} it did the same, and stands as before "
        f"({NOTHING_MOVED_STANDING:+.1f} standard deviations).",
        "Trends: common cause, the usual swing.",
    ),
    Planted(
        "merger of areas",
        (*FORMER_BOARDS, MERGED_BOARD),
        ("fft_gp", "fft_inpatient", "gp_survey"),
        f"Two boards become one on {_day(MERGED_ON)}; figures before are printed under the former.",
        "As now organised every practice of theirs belongs to the new board, in every month.",
    ),
    Planted(
        "reversed scale",
        (REVERSED_BOARD,),
        ("nhs_reviews",),
        "A supplier's export in which one star is the best: four and five stars are counted as good.",
        "Shown to rank in opposite order to survey and FFT; Overview asks whether a scale is reversed.",
    ),
    Planted(
        "a rank that hides",
        (TOP_OF_THE_LEAGUE,),
        ("fft_inpatient",),
        "First in the league table of the oversight framework in both quarters, low in the FFT.",
        "Provider: the ranks the FFT allows it do not reach the first quarter.",
    ),
    Planted(
        "documents fill a silence",
        tuple(dict.fromkeys(row[0] for row in DOCUMENTS)),
        ("community_evidence",),
        "Six findings on practices of which figures say nothing; three people alone were heard on one.",
        "Provider: beside the silence; fewer than five people are not shown.",
    ),
    Planted(
        "silence: none received",
        NO_RETURN,
        ("fft_gp", "healthwatch"),
        f"Printed with blank cells in every monthly GP file; of {NEVER_RETURNS} nobody spoke to Healthwatch.",
        "Unknown (withheld or no return), not zero and not agreement.",
    ),
    Planted(
        "silence: not listed",
        UNLISTED,
        ("fft_gp",),
        "Never printed in a GP Friends and Family file.",
        "In the list of providers that did not join, with that reason.",
    ),
    Planted(
        "silence: withheld by the publisher",
        WITHHELD,
        ("fft_gp", "gp_survey"),
        "One to four answers each month (*), seven people in the GP survey (blank).",
        "Withheld by the publisher in both; never a verdict.",
    ),
    Planted(
        "silence: too few",
        FEW,
        ("fft_gp",),
        "Five to eight answers, one month in three.",
        "Not enough evidence.",
    ),
    Planted(
        "silence: no question on it",
        (),
        ("fft_gp",),
        "The Friends and Family Test asks nothing about access, reception or continuity.",
        "Those domains are silent for FFT, with that reason.",
    ),
    Planted(
        "silence: source cannot separate",
        (CANNOT_SEPARATE,),
        ("healthwatch", "cqc_inpatient"),
        "Healthwatch rows say only ‘Hospital’; the CQC survey has the trust, never its sites.",
        "Silent at site level and for single services.",
    ),
    Planted(
        "small-n trap",
        (SMALL_N_TRAP,),
        ("fft_gp",),
        "Seven answers in all (February 2026), two of them positive; the GP survey is ordinary.",
        "Looks dramatic as a percentage; the verdict is not enough evidence.",
    ),
    Planted(
        "full marks",
        (FULL_MARKS,),
        ("fft_gp",),
        "Every answer positive in every month.",
        "An interval that stops short of certainty; no division by a zero spread.",
    ),
    Planted(
        "volume jump",
        (STARTS_SMS,),
        ("fft_gp",),
        "Text messages start in September 2024: about 6 answers a month become about 240.",
        "Trends show the jump in answers; the level hardly moves.",
    ),
    Planted(
        "mode shift",
        (MODE_SHIFT,),
        ("fft_inpatient",),
        "From paper to text message in June 2025: three times the answers, positives jump.",
        "Candidate reason ‘mode of collection’; Trends mark June 2025.",
    ),
    Planted(
        "odd month",
        (ODD_MONTH,),
        ("fft_ae",),
        "December 2024 alone falls by about a third.",
        "One point outside the limits, not a shift.",
    ),
    Planted(
        "question break",
        (),
        ("gp_survey",),
        "2023 has the old questions and levels (and no question on contact); 2024 starts anew.",
        "No trend is drawn across 1 January 2024.",
    ),
    Planted(
        "merger",
        ("T-05", "T-06", "T-24"),
        ("fft_inpatient", "fft_ae", "fft_maternity", "fft_outpatient"),
        "Two trusts become one on 1 October 2024.",
        "‘As now organised’ pools their counts before dividing.",
    ),
    Planted(
        "merger",
        ("P-0070", "P-0071", "P-0130"),
        ("fft_gp", "gp_survey"),
        "Two practices become one on 1 April 2025.",
        "‘As now organised’ pools their counts before dividing.",
    ),
    Planted(
        "split",
        ("P-0095", "P-0128", "P-0129"),
        ("fft_gp", "gp_survey"),
        "One practice becomes two on 1 July 2025.",
        "The split is refused with its reason and shown as reported.",
    ),
    Planted(
        "sources disagree in one group",
        (LOCAL_NETWORK,),
        ("fft_local", "local_survey"),
        "People aged 16 to 34 are the happiest in the FFT and the least happy in the survey.",
        "Groups: the gap between the two is widest by far for the youngest.",
    ),
    Planted(
        "a gap that turns round",
        (UNUSUAL_PEOPLE,),
        ("fft_local", "local_survey"),
        "The survey asked mostly people with a long-term condition, who are less happy in both sources; "
        "among people with one, and among people without, the survey is the happier of the two.",
        "Groups, by long-term condition: taken together the FFT is higher, with the same mix of people "
        "in both it is lower.",
    ),
    Planted(
        "same people in two sources",
        (SAME_PEOPLE,),
        ("fft_local", "local_survey"),
        "The survey of this practice was filled in with the FFT: same times, same answers.",
        "An independence warning; its agreement does not count.",
    ),
    Planted(
        "same people in two sources",
        (LOCAL_NETWORK,),
        ("fft_local", "fft_gp"),
        "The local FFT rows are the very answers behind the published counts of these practices.",
        "An independence warning; identical counts by month from April 2025.",
    ),
    Planted(
        "names without codes",
        (LOCAL_NETWORK,),
        ("fft_local",),
        "Practices by name, in several spellings; aliases.csv confirms all spellings but one.",
        "The last spelling is offered for confirmation.",
    ),
)
