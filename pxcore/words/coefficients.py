"""Every other way to ask whether two sources agree, in words."""

from __future__ import annotations

import pandas as pd

from pxcore.analysis.pairs.agreement import SEED
from pxcore.analysis.pairs.coefficients import (
    BOOTSTRAP,
    CoefficientsReport,
    Level,
    NoOrder,
    Subset,
)
from pxcore.disclosure import Released
from pxcore.model import GRAIN_TITLES
from pxcore.stats.correlation import MINIMUM_PAIRS
from pxcore.stats.intervals import Interval
from pxcore.stats.latent import Expected
from pxcore.stats.level import LevelOutcome
from pxcore.words import verdicts
from pxcore.words.english import at_limit, counted, number, number_range, signed

SPOKEN_OF = 0.25  # of the organisations must be left for a point of the curve to be put in words
MOVES = 0.02  # of a correlation; less is no move
OUTCOMES = {
    LevelOutcome.SAME: "the same level",
    LevelOutcome.DIFFERENT: "a different level, which is no disagreement about who is better",
    LevelOutcome.CANNOT_SAY: "these data cannot say whether the level is the same",
    LevelOutcome.SMALL: "a real but small difference",
}
LEVEL_AND_RANKING = "level and ranking together"
ASKS = {  # what a coefficient asks, by its label
    BOOTSTRAP: f"the published order; interval by resampling organisations, seed {SEED}",
    "Kendall": "the published order, pair by pair",
    "Pearson": "a straight line on the scale of the tests",
}


def power(report: CoefficientsReport) -> str:
    """What these data could have shown at all."""
    pairs = report.agreement.correlation.pairs if report.agreement.correlation else 0
    organisations = counted(pairs, *GRAIN_TITLES[report.agreement.alignment.grain])
    if report.detectable_raw is None:
        return f"With {organisations} no correlation, however strong, could be shown."
    text = (
        f"With {organisations} a raw correlation of {number(report.detectable_raw)} or more would be "
        "found 4 times in 5"
    )
    if report.detectable_latent is not None:
        return (
            f"{text}; with these numbers of answers that is an underlying agreement of "
            f"{number(report.detectable_latent)}."
        )
    if report.agreement.estimated:
        return f"{text}. No underlying agreement, however strong, could be shown with these data."
    return f"{text}."


# --- The curve ---


def subset(report: CoefficientsReport, which: str) -> str:
    """Which organisations a curve is of, with how many are left out."""
    if which == Subset.ALL:
        return Subset.ALL.value
    return f"without the {report.graded} graded as dissonant"


def curve(report: CoefficientsReport) -> str:
    """Whether the raw figure rises with the evidence floor and the underlying one stays."""
    rows = report.curve[report.curve["which"] == Subset.ALL]
    if len(rows) < 2:
        return "Too few organisations have more answers: there is no curve to draw."
    text = f"Asking for {_course(rows)}"
    ungraded = report.curve[report.curve["which"] == Subset.UNGRADED]
    if len(ungraded) < 2:
        return text
    return (
        f"{text} Those graded as dissonant have many answers, so they weigh more as the floor rises: "
        f"{subset(report, Subset.UNGRADED)}, asking for {_course(ungraded)}"
    )


def _course(rows: pd.DataFrame) -> str:
    # the far end, where few organisations are left, is drawn with its range but not spoken of
    enough = rows["pairs"] >= rows["pairs"].iloc[0] * SPOKEN_OF
    beyond = "" if enough.all() else " Beyond that few organisations are left."
    rows = rows[enough]
    first, last = rows.iloc[0], rows.iloc[-1]
    move = last["raw"] - first["raw"]
    rises = "rises" if move > MOVES else "falls" if move < -MOVES else "stays"
    text = (
        f"at least {last['floor']:.0f} answers instead of {first['floor']:.0f}, the raw correlation "
        f"{rises} ({number_range(first['raw'], last['raw'])}, {first['pairs']:.0f} to "
        f"{last['pairs']:.0f} organisations)"
    )
    latent = rows.dropna(subset=["latent", "latent_low"])
    if len(latent) < 2:
        return f"{text}.{beyond}"
    usual = latent.iloc[0]
    inside = latent["latent"].between(usual["latent_low"], usual["latent_high"]).all()
    stays = "stays within its range" if inside else "leaves its range"
    if inside and move > MOVES:
        stays += ": what is expected where few answers add nothing but noise"
    return f"{text}; the underlying one {stays}.{beyond}"


# --- Bands ---


def bands(report: CoefficientsReport) -> str:
    """The table of bands with both references: on its own it can tell little."""
    if report.bands is None:
        return "Bands need a standing of each organisation in both sources."
    text = f"The bands match for {report.bands.match * 100:.0f} of 100"
    if report.reference is None:
        return f"{text}."
    unrelated, mirrors = report.reference.unrelated.match, report.reference.mirrors.match
    tells = unrelated.high < mirrors.low
    return (
        f"{text}; two unrelated sources would match for {_of_100(unrelated)}, two perfect mirrors for "
        f"{_of_100(mirrors)}{'.' if tells else ': this table cannot tell.'}"
    )


def _of_100(share: Expected) -> str:
    return f"{share.mean * 100:.0f} ({share.low * 100:.0f} to {share.high * 100:.0f})"


def bands_table(report: CoefficientsReport) -> Released:
    """Match, kappa and AC2, each beside what unrelated sources and perfect mirrors would give."""
    rows = []
    if report.bands is not None and report.reference is not None:
        for what, figure in (
            ("Same band", "match"),
            ("Kappa (quadratic weights)", "kappa"),
            ("Gwet AC2 (quadratic weights)", "ac2"),
        ):
            value = getattr(report.bands, figure)
            rows.append(
                {
                    "coefficient": what,
                    "these": "not defined" if value is None else number(value),
                    "unrelated": _expected(getattr(report.reference.unrelated, figure)),
                    "mirrors": _expected(getattr(report.reference.mirrors, figure)),
                }
            )
    return Released(rows, columns=["coefficient", "these", "unrelated", "mirrors"])


def _expected(figure: Expected) -> str:
    return f"{number(figure.mean)} ({number_range(figure.low, figure.high)})"


# --- Levels ---


def level(report: CoefficientsReport) -> list[str]:
    """Level, limits and noise share in sentences."""
    left, right = report.agreement.left.short_title, report.agreement.right.short_title
    if report.level is not None:
        return _level(report.level, left, right)
    if report.no_level is not None:
        return [report.no_level.what]
    return [
        f"Levels are not compared: {left} and {right} are not in the same unit, and a score is no "
        "percentage."
    ]


def _level(level: Level, left: str, right: str) -> list[str]:
    difference, limits = level.difference, level.bland_altman
    rough = "; rough, under 30 organisations" if limits.rough else ""
    sentences = [
        f"{left} less {right}: {signed(difference.difference * 100)} points "
        f"({_points(difference.interval)}, {difference.pairs:,} organisations): "
        f"{OUTCOMES[difference.outcome]} (margin {difference.margin * 100:.0f} points).",
        f"For 95 of 100 organisations the two differ by {_points(limits.limits)} points (limits of "
        f"agreement{rough}).",
    ]
    if limits.noise_share is not None and limits.limits_without_noise is not None:
        sentences.append(
            f"About {min(1.0, limits.noise_share):.0%} of that spread is the noise of few answers; "
            f"without it the limits would be {_points(limits.limits_without_noise)}."
        )
    if limits.spread_p is not None and limits.spread_p < 0.05:
        sentences.append(
            "One source spreads organisations more than the other, so the differences slope with the "
            "mean: spread differs, which is no bias that grows."
        )
    if limits.ceiling_share is not None and limits.ceiling_share > 0.2:
        sentences.append(
            f"{limits.ceiling_share:.0%} of the organisations have a value of 97 % or more: limits can "
            "pass 100 % and are cut there."
        )
    return sentences


def _points(interval: Interval) -> str:
    return f"{signed(interval.low * 100)} to {signed(interval.high * 100)}"


# --- Every coefficient ---


def table(report: CoefficientsReport) -> Released:
    """Every coefficient with its interval, number and what it asks."""
    rows: list[tuple[str, float | None, Interval | None, int, str]] = []
    latent, correlation = report.agreement.latent, report.agreement.correlation
    if latent is not None and latent.interval is not None:
        asks = "the true values, noise removed"
        rows.append(("Underlying agreement", latent.estimate, latent.interval, latent.pairs, asks))
    within = report.agreement.within_areas
    if within is not None and within.interval is not None:
        asks = "the same beside others of one's area"
        rows.append(("Within areas", within.estimate, within.interval, within.pairs, asks))
    correlations = [(correlation, "the published order")] if correlation is not None else []
    correlations += [(other, ASKS[other.label]) for other in report.others]
    rows += [(c.label, c.estimate, c.interval, c.pairs, asks) for c, asks in correlations]
    if report.level is not None:
        ccc = report.level.concordance
        rows.append(("Lin's concordance", ccc.estimate, ccc.interval, ccc.pairs, LEVEL_AND_RANKING))
        for icc, asks in (
            (report.level.icc_agreement, LEVEL_AND_RANKING),
            (report.level.icc_consistency, "ranking on one scale, level removed"),
        ):
            rows.append((icc.label, icc.estimate, icc.interval, icc.providers, asks))
    return Released(
        [
            {
                "coefficient": what,
                "estimate": _estimated(estimate, interval),
                "range": number_range(interval.low, interval.high) if interval else "not defined",
                "organisations": pairs,
                "asks": asks,
            }
            for what, estimate, interval, pairs, asks in rows
        ],
        columns=["coefficient", "estimate", "range", "organisations", "asks"],
    )


def _estimated(estimate: float | None, interval: Interval | None) -> str:
    if estimate is not None:
        return number(estimate)
    return at_limit(interval.low, interval.high) if interval else "not defined"


def chance(report: CoefficientsReport) -> str:
    """The permutation test in words."""
    p = report.permutation_p
    if p is None:
        return ""
    probability = "less than 0.001" if p < 0.001 else verdicts.chance(p)
    return (
        "Were the sources unrelated, a raw correlation this far from none would come up by chance with "
        f"probability {probability} (permutation test, seed {SEED})."
    )


def measures(report: CoefficientsReport) -> str:
    """Which measures of the other source go with this one, and whether that is the expected one."""
    rows = report.measures
    if len(rows) < 2:
        return "Only one measure of each source can be compared."
    if rows["low"].isna().any():
        return "Some of these measures stand in exactly the same order: such a figure has no range."
    same, different = rows[rows["same_domain"]], rows[~rows["same_domain"]]
    if same.empty:
        return "No two of these measures ask about the same thing."
    best = same.sort_values("estimate", ascending=False).iloc[0]
    as_well = int((different["estimate"] >= best["low"]).sum())
    text = (
        f"Measures of the same thing go together at {number(best['estimate'])} "
        f"({number_range(best['low'], best['high'])})"
    )
    if not as_well:
        return (
            f"{text}, and none of another thing comes near: what agrees is the thing asked about."
        )
    return (
        f"{text}; {as_well} of {len(different)} of other things do as well within its range: what the two "
        "share may be a general impression."
    )


def three(report: CoefficientsReport) -> str:
    """Whether a source of the third kind goes with the two, and where they differ."""
    if report.three is None:
        return "No third source of another kind speaks of these organisations."
    titles, w, flagged = (
        ", ".join(report.three.titles),
        report.three.kendall_w,
        report.three.flagged,
    )
    if report.three.no_order is NoOrder.FEW:
        return (
            f"{titles}: {counted(report.three.providers, 'organisation has', 'organisations have')} enough "
            f"answers in all three, and it takes {MINIMUM_PAIRS}: not enough evidence."
        )
    if w is None:
        return (
            f"{titles}: one of them gives everybody the same value: there is no order to compare."
        )
    p = "p < 0.001" if w.p_value < 0.001 else f"p = {verdicts.chance(w.p_value)}"
    text = (
        f"{titles}: Kendall's W {number(w.estimate)} over {w.providers} organisations, a mean rank "
        f"correlation of {number(w.mean_spearman)}; {p}."
    )
    if not len(flagged):
        return text
    first = zip(flagged["name"].head(3), flagged["odd"].head(3), strict=True)
    odd = "; ".join(f"{name} ({source} is the odd one)" for name, source in first)
    return f"{text} They differ by more than they usually do on {len(flagged)}: {odd}."
