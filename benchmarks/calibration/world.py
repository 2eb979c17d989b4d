"""Imaginary organisations whose truth is known, and what each source would publish of them.

The true standing of organisation i in source s, in true standard deviations of that source, is
sqrt(rho) theta_i + sqrt(1 - rho) m_is; percentages are drawn around expit(mean + deviation x standing).
Nothing here knows the analysis: it makes the frames the store would hand over, no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from pxcore import maps
from pxcore.analysis.joining.periods import Side
from pxcore.model import Period
from pxcore.stats.intervals import Z_95, wilson

SEED = 20260401
YEAR = Period(date(2023, 4, 1), date(2024, 3, 31))  # twelve months of FFT, and of comments
MONTHS = [Period.month(2023 + month // 12, month % 12 + 1) for month in range(3, 15)]
FIELDWORK = Period(date(2024, 1, 2), date(2024, 3, 25))
SCORE_DEVIATION = 2.0  # of one person's score, 0-10

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Source:
    """One source: how it comes about, its general level, and how many answers it has."""

    name: str  # in data/reference/sources.csv
    mean: float  # proportion, or score
    deviation: float  # true, between organisations: logit scale, or points of the score
    answers: float  # of the middle organisation: in all, or each month
    unevenness: float  # standard deviation of the logarithm of the number of answers
    monthly: bool = False  # drawn month by month: FFT and comments
    design_effect: float = 1.0  # how many weighted answers are worth one
    month_correlation: float = 0.0  # intra-class: how far the months of one organisation differ
    missing: float = 0.0  # share of organisations without a figure
    interval: bool = True  # a weighted survey publishes its 95 % interval

    @property
    def is_score(self) -> bool:
        return maps.measures()[self.name, "overall"]["unit"] == "score"


SURVEY = Source("gp_survey", 0.75, 0.45, 110, 0.4, design_effect=1.3)
FFT = Source("fft_gp", 0.90, 0.50, 45, 0.8, monthly=True, month_correlation=0.01, missing=0.05)
COMMENTS = Source("healthwatch", 0.45, 0.60, 1.2, 0.8, monthly=True, missing=0.10)
USUAL = (SURVEY, FFT, COMMENTS)
TWO_BIG = (SURVEY, replace(FFT, answers=200))
TRUSTS = (
    Source("cqc_inpatient", 8.0, 0.25, 350, 0.3),
    replace(FFT, name="fft_inpatient", answers=900),
    replace(COMMENTS, answers=3.0),
)


@dataclass(frozen=True)
class Scenario:
    """A world to draw data sets from."""

    name: str
    title: str  # in one short phrase, for the Methods page
    sources: tuple[Source, ...]
    agreement: float = 0.6  # rho: the true correlation of any two sources
    organisations: int = 150
    freedom: float = np.inf  # of Student's t, scaled to the variance 1; infinite: normal
    planted: float = 0.0  # share of organisations that one source contradicts
    planted_in: int | None = None  # which source does; any of them where None
    contradiction: float = 3.0  # true standard deviations, to either side
    exactly_apart: float | None = None  # true difference of every organisation on two sources
    areas: int = 0  # of equal size, to which the organisations belong
    area_correlation: float = 0.0  # intra-class: how much of what differs is of areas


def _shifted(source: Source, by: float) -> Source:
    return replace(source, mean=float(special.expit(special.logit(source.mean) + by)))


_ALIKE = "agreeing at 0.8"
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "null_usual",
            "GP survey, FFT and Healthwatch as they usually are, agreeing at 0.6",
            USUAL,
        ),
        Scenario("null_two_big", "GP survey and FFT with many answers, agreeing at 0.6", TWO_BIG),
        Scenario(
            "null_bias",
            "as usual, but one source far rosier and two far harsher",
            (_shifted(SURVEY, -0.6), _shifted(FFT, 0.8), _shifted(COMMENTS, -1.0)),
        ),
        Scenario(
            "null_overdispersed",
            "months and weights that make answers worth far less",
            (replace(SURVEY, design_effect=1.8), replace(FFT, month_correlation=0.06), COMMENTS),
        ),
        Scenario(
            "null_no_interval",
            "answers worth far less, and the survey tells no interval",
            (
                replace(SURVEY, design_effect=1.8, interval=False),
                replace(FFT, month_correlation=0.06),
                COMMENTS,
            ),
        ),
        Scenario(
            "null_noise_only", "sources that agree perfectly but for chance", USUAL, agreement=1.0
        ),
        Scenario(
            "null_tiny_hw",
            "Healthwatch with a comment every other month",
            (SURVEY, FFT, replace(COMMENTS, answers=0.5)),
        ),
        Scenario(
            "null_ceiling",
            "two sources near 100 % with few answers",
            (
                replace(SURVEY, mean=0.93, answers=50),
                replace(FFT, mean=0.97, answers=10),
            ),
        ),
        Scenario(
            "null_heavy_tails",
            "more extreme organisations than usual (t, 5 degrees of freedom)",
            USUAL,
            freedom=5,
        ),
        Scenario("null_small_group", "only 20 organisations", USUAL, organisations=20),
        Scenario("null_fifty", "only 50 organisations", USUAL, organisations=50),
        *(
            Scenario(
                f"null_areas_{100 * share:.0f}",
                f"two big sources, {100 * share:.0f} % of what differs is of 10 areas",
                TWO_BIG,
                areas=10,
                area_correlation=share,
            )
            for share in (0.2, 0.4)
        ),
        Scenario("null_unrelated", "sources that have nothing in common", USUAL, agreement=0.0),
        Scenario(
            "planted_5pct",
            f"one source contradicts the others in 5 %; else {_ALIKE}",
            USUAL,
            agreement=0.8,
            planted=0.05,
        ),
        Scenario(
            "planted_20pct",
            f"one source contradicts the others in 20 %; else {_ALIKE}",
            USUAL,
            agreement=0.8,
            planted=0.20,
        ),
        Scenario(
            "planted_two_big",
            f"many answers; the two contradict each other in 5 %; else {_ALIKE}",
            TWO_BIG,
            agreement=0.8,
            planted=0.05,
        ),
        Scenario(
            "planted_hw_only",
            f"Healthwatch alone contradicts in 5 %; else {_ALIKE}",
            USUAL,
            agreement=0.8,
            planted=0.05,
            planted_in=2,
        ),
        Scenario(
            "trusts_cqc",
            "130 trusts: CQC score, FFT, Healthwatch; one contradicts in 5 %",
            TRUSTS,
            agreement=0.8,
            organisations=130,
            planted=0.05,
        ),
        Scenario(
            "at_the_margin",
            "many answers, everywhere exactly one typical difference apart",
            TWO_BIG,
            exactly_apart=1.0,
        ),
        Scenario(
            "at_the_margin_sure",
            "more answers still, everywhere exactly one typical difference apart",
            (replace(SURVEY, answers=1000), replace(FFT, answers=400)),
            exactly_apart=1.0,
        ),
        Scenario(
            "at_the_margin_of_20",
            "20 organisations, everywhere exactly one typical difference apart",
            (replace(SURVEY, answers=1000), replace(FFT, answers=400)),
            organisations=20,
            exactly_apart=1.0,
        ),
        Scenario(
            "rising_floor",
            "400 organisations, uneven numbers of answers, agreeing at 0.75",
            (
                replace(SURVEY, answers=60, unevenness=0.9),
                replace(FFT, answers=5, unevenness=1.0, missing=0.0),
            ),
            agreement=0.75,
            organisations=400,
        ),
    )
}


@dataclass(frozen=True)
class Published:
    """What a source publishes: the frames the store would hand over."""

    side: Side
    figures: pd.DataFrame  # one row per organisation with a figure
    months: pd.DataFrame | None  # one row per organisation and month, of a monthly FFT


@dataclass(frozen=True)
class DataSet:
    """The truth, and what is published of it."""

    scenario: Scenario
    units: npt.NDArray[np.str_]
    truth: Floats  # (organisations, sources), in true standard deviations
    planted: npt.NDArray[np.bool_]  # (organisations, sources): this source contradicts the others
    published: tuple[Published, ...]


def simulate(scenario: Scenario, number: int) -> DataSet:
    """Draw one data set; the same number gives the same one, whatever else is drawn."""
    random = np.random.default_rng([SEED, crc32(scenario.name.encode()), number])
    truth, planted = _truth(scenario, random)
    units = np.array([f"S-{place:04d}" for place in range(scenario.organisations)])
    published = tuple(
        publish(source, units, truth[:, place], random)
        for place, source in enumerate(scenario.sources)
    )
    if scenario.areas:
        area = dict(zip(units, _area_of(scenario), strict=True))
        published = tuple(
            replace(
                one, figures=one.figures.assign(icb=[f"A-{area[u]}" for u in one.figures["unit"]])
            )
            for one in published
        )
    return DataSet(scenario, units, truth, planted, published)


def _truth(scenario: Scenario, random: np.random.Generator) -> tuple[Floats, npt.NDArray[np.bool_]]:
    count, sources = scenario.organisations, len(scenario.sources)
    planted = np.zeros((count, sources), dtype=bool)
    if scenario.exactly_apart is not None:
        apart = scenario.exactly_apart * random.choice([-1.0, 1.0], count)
        middle = random.standard_normal(count) * np.sqrt(1 - scenario.exactly_apart**2 / 4)
        return np.column_stack([middle + apart / 2, middle - apart / 2]), planted
    shared = _standard(random, (count, 1), scenario.freedom)
    own = _standard(random, (count, sources), scenario.freedom)
    truth = np.sqrt(scenario.agreement) * shared + np.sqrt(1 - scenario.agreement) * own
    if scenario.areas:  # which agree as organisations do
        whole = np.sqrt(scenario.agreement) * random.standard_normal((scenario.areas, 1))
        whole = whole + np.sqrt(1 - scenario.agreement) * random.standard_normal(
            (scenario.areas, sources)
        )
        of_areas = scenario.area_correlation
        truth = np.sqrt(of_areas) * whole[_area_of(scenario)] + np.sqrt(1 - of_areas) * truth
    chosen = random.permutation(count)[: round(scenario.planted * count)]
    which = (
        random.integers(sources, size=len(chosen))
        if scenario.planted_in is None
        else np.full(len(chosen), scenario.planted_in)
    )
    planted[chosen, which] = True
    ways = random.choice([-1.0, 1.0], size=(count, 1))
    return truth + scenario.contradiction * ways * planted, planted


def _area_of(scenario: Scenario) -> npt.NDArray[np.int64]:
    """The area of each organisation."""
    return np.arange(scenario.organisations) % scenario.areas


def _standard(random: np.random.Generator, shape: tuple[int, int], freedom: float) -> Floats:
    if np.isinf(freedom):
        return random.standard_normal(shape)
    return random.standard_t(freedom, shape) * np.sqrt((freedom - 2) / freedom)


def publish(
    source: Source, units: npt.NDArray[np.str_], standing: Floats, random: np.random.Generator
) -> Published:
    """What one source says of organisations that truly stand where they stand."""
    count = len(units)
    size = source.answers * np.exp(source.unevenness * random.standard_normal(count))
    months = None
    if source.is_score:
        rows = _score(source, standing, size, random)
    elif source.monthly:
        rows, months = _monthly(source, units, standing, size, random)
    else:
        rows = _survey(source, standing, size, random)
    there = (rows["respondents"] > 0).to_numpy() & (random.random(count) >= source.missing)
    figures = pd.DataFrame({"unit": units, "name": units, "icb": "", "pcn": ""}).join(
        rows.reindex(
            columns=["value", "low", "high", "standard_error", "respondents", "positive", "people"]
        )
    )
    figures["eligible"], figures["periods"] = np.nan, 1.0
    figures = figures[there].reset_index(drop=True)
    if maps.source(source.name)["signal"] != "fft" or months is None:
        return Published(side_of(source.name), figures, None)
    return Published(side_of(source.name), figures, months[months["unit"].isin(figures["unit"])])


def _survey(
    source: Source, standing: Floats, size: Floats, random: np.random.Generator
) -> pd.DataFrame:
    """A weighted per cent: worth fewer answers than were given, its interval that of those."""
    answers = np.maximum(1, random.poisson(size))
    worth = np.maximum(1, np.rint(answers / source.design_effect)).astype(np.int64)
    value = random.binomial(worth, _share(source, standing)) / worth
    rows = pd.DataFrame(
        {"value": value, "respondents": answers.astype(float), "positive": value * answers}
    )
    if source.interval:
        rows["low"], rows["high"] = wilson(value, worth)
    return rows


def _monthly(
    source: Source,
    units: npt.NDArray[np.str_],
    standing: Floats,
    size: Floats,
    random: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts a month, the months of one organisation differing by more than chance."""
    shape = (len(units), len(MONTHS))
    answers = random.poisson(np.broadcast_to(size[:, None], shape))
    share = np.broadcast_to(_share(source, standing)[:, None], shape)
    if source.month_correlation:
        people = 1 / source.month_correlation - 1
        share = random.beta(share * people, (1 - share) * people)
    positive = random.binomial(answers, share)
    total = answers.sum(axis=1)
    rows = pd.DataFrame({"respondents": total.astype(float), "positive": positive.sum(axis=1)})
    rows["value"] = rows["positive"] / rows["respondents"].where(total > 0)
    if maps.source(source.name)["signal"] == "community":
        rows["people"] = rows["respondents"]
    months = pd.DataFrame(
        {
            "unit": np.repeat(units, len(MONTHS)),
            "period_start": np.tile(pd.to_datetime([m.start for m in MONTHS]), len(units)),
            "respondents": answers.ravel().astype(float),
            "positive": positive.ravel().astype(float),
        }
    )
    return rows, months[months["respondents"] > 0]


def _score(
    source: Source, standing: Floats, size: Floats, random: np.random.Generator
) -> pd.DataFrame:
    """A mean score with its interval, worked out from the scores themselves."""
    answers = np.maximum(2, random.poisson(size))
    found = SCORE_DEVIATION * np.sqrt(random.chisquare(answers - 1) / (answers - 1))
    error = SCORE_DEVIATION / np.sqrt(answers)
    value = source.mean + source.deviation * standing + error * random.standard_normal(len(size))
    half = Z_95 * found / np.sqrt(answers)
    return pd.DataFrame(
        {"value": value, "low": value - half, "high": value + half, "respondents": answers * 1.0}
    )


def _share(source: Source, standing: Floats) -> Floats:
    return special.expit(special.logit(source.mean) + source.deviation * standing)


def side_of(source: str) -> Side:
    """A source's overall measure over the year, as the app would ask for it."""
    about, measure = maps.source(source), maps.measures()[source, "overall"]
    return Side(
        source=source,
        title=about["title"],
        short_title=about["short_title"],
        signal=about["signal"],
        service=about["service"],
        measure="overall",
        measure_title=measure["title"],
        domain=measure["domain"],
        unit=measure["unit"],
        reported_grain=about["grain"],
        period=FIELDWORK if about["signal"] == "survey" else YEAR,
    )
