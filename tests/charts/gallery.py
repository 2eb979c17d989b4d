"""Every picture of the demonstration: what draws it, and of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.joining.alignment import align
from pxcore.analysis.judging.robustness import robustness
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.coefficients import coefficients
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.analysis.pairs.provider import provider
from pxcore.analysis.pairs.what_if import what_if
from pxcore.analysis.time.trends import trends
from pxcore.analysis.workshop.decisions import Move
from pxcore.charts import agreement as agreement_charts
from pxcore.charts import alignment as alignment_charts
from pxcore.charts import coefficients as coefficient_charts
from pxcore.charts import courses as course_charts
from pxcore.charts import decisions as decision_charts
from pxcore.charts import divergence as divergence_charts
from pxcore.charts import groups as group_charts
from pxcore.charts import overview as overview_charts
from pxcore.charts import provider as provider_charts
from pxcore.charts import themes as theme_charts
from pxcore.charts import trends as trend_charts
from pxcore.charts import what_if as what_if_charts
from pxcore.charts.theme import Picture
from pxcore.model import Months, Pairing, Scenario
from pxcore.stats.forecast import forecast_score
from pxcore.store import Store
from tests.words.test_decisions import AFTER, MOVED

GP, INPATIENT = Pairing("fft_gp", "gp_survey"), Pairing("fft_inpatient", "cqc_inpatient")
UNIT, TRUST, OTHERS = "P-0044", "T-08", ("P-0044", "P-0012")
# What became of decisions hangs on the day: these are as tests/words has them.
DECIDED = (
    MOVED,
    replace(
        MOVED,
        move=Move.OTHER_WAY,
        after=replace(AFTER, move=-0.04, move_low=-0.08, move_high=-0.01),
    ),
    replace(MOVED, move=Move.TOO_EARLY, alone=None),
)
FORECASTS = forecast_score([0.9, 0.6, 0.6, 0.1] * 6, [1, 1, 0, 0] * 6)
Drawing = tuple[Callable[..., Picture], tuple[Any, ...]]


def pictures(store: Store, whole: OverviewReport | None = None) -> dict[str, Drawing]:
    """Name -> what draws it, and of what; the palette follows."""
    whole = whole or overview(store)
    matrix = whole.matrices()[0]
    alike, differing = agreement(store, GP), divergence(store, GP)
    deeper, tried = coefficients(store, alike), robustness(store, GP)
    changed = what_if(store, GP, Scenario(months=Months.YEAR))
    people = groups(store, Pairing("fft_local", "local_survey"), "age")
    practices = groups(store, GP)
    said, months, trust = themes(store, ThemesQuestion()), trends(store), trends(store, unit=TRUST)
    voice = said.largest(list(said.titles()))
    several = tuple(provider(store, unit, replace(whole, certainties={})) for unit in OTHERS)
    drawn: dict[str, Drawing] = {
        "agreement scatter": (agreement_charts.scatter, (alike, differing.certainty)),
        "agreement scatter trusts": (
            agreement_charts.scatter,
            (agreement(store, INPATIENT), divergence(store, INPATIENT).certainty),
        ),
        "agreement coefficient": (agreement_charts.coefficient, (alike,)),
        "alignment windows": (alignment_charts.windows, (align(store, GP),)),
        "alignment account": (alignment_charts.account, (align(store, GP),)),
        "coefficients curve": (coefficient_charts.curve, (deeper,)),
        "coefficients bands": (coefficient_charts.bands, (deeper,)),
        "coefficients bland altman": (coefficient_charts.bland_altman, (deeper,)),
        "coefficients measures": (coefficient_charts.measures, (deeper,)),
        "decisions moves": (decision_charts.moves, (DECIDED,)),
        "decisions reliability": (decision_charts.reliability, (FORECASTS,)),
        "divergence ranked": (divergence_charts.ranked, (differing,)),
        "divergence funnel fft": (divergence_charts.funnel, (differing, "fft_gp", UNIT)),
        "divergence funnel survey": (divergence_charts.funnel, (differing, "gp_survey", UNIT)),
        "divergence dots": (divergence_charts.dots, (differing, UNIT)),
        "divergence standing": (divergence_charts.standing, (differing, UNIT)),
        "divergence specifications": (divergence_charts.specifications, (tried, UNIT)),
        "groups people": (group_charts.by_group, (people,)),
        "groups gaps": (group_charts.gaps, (people,)),
        "groups rankings": (group_charts.rankings, (practices,)),
        "overview agreements": (overview_charts.agreements, (whole,)),
        "overview matrix": (overview_charts.matrix, (matrix, "", 14)),
        "overview strip": (overview_charts.strip, (differing.certainty,)),
        "overview distribution": (overview_charts.distribution, (matrix, matrix.telling[0])),
        "overview coverage": (overview_charts.coverage, (whole.coverage,)),
        "provider sources": (provider_charts.sources, (several[0],)),
        "provider beside": (provider_charts.beside, (several, 1)),
        "themes prominence": (theme_charts.prominence, (said,)),
        "themes over time": (theme_charts.over_time, (said, said.trends["theme"].iloc[0])),
        "themes together": (theme_charts.together, (said, voice)),
        "themes felt": (theme_charts.felt, (said, voice)),
        "what if flow": (what_if_charts.flow, (changed,)),
        "what if headlines": (what_if_charts.headlines, (changed,)),
        "what if strip": (what_if_charts.strip, (tried,)),
    }
    for place, voices in enumerate(theme_charts.sheets(said)):
        drawn[f"themes heat {place}"] = (theme_charts.heat, (said, tuple(voices)))
    for name, report in (("everybody", months), ("a trust", trust)):
        drawn[f"courses {name}"] = (course_charts.together, (report,))
        for place in range(len(report.series)):
            drawn[f"trends {name} {place}"] = (trend_charts.row, (report, place))
    return drawn
