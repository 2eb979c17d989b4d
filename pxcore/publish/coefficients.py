"""Everything beside the headline of two sources, for programs."""

from __future__ import annotations

from typing import Any

import numpy as np

from pxcore.analysis.pairs.coefficients import CoefficientsReport, Level, ThreeSources
from pxcore.analysis.rows import records
from pxcore.disclosure import rounded
from pxcore.publish import agreement
from pxcore.stats.bands import BandAgreement, BandReference
from pxcore.words import coefficients as words


def as_json(report: CoefficientsReport) -> dict[str, Any]:
    """The headline, and everything beside it."""
    which = [words.subset(report, subset) for subset in report.curve["which"]]
    shown: dict[str, Any] = {
        "coefficients": {
            other.label: (agreement.of_correlation(other) or {})
            | {"pairs": other.pairs, "asks": words.ASKS[other.label]}
            for other in report.others
        },
        "permutation_p": report.permutation_p,
        "detectable": {"raw": report.detectable_raw, "latent": report.detectable_latent},
        "floor_curve": records(report.curve.assign(which=which)),
        "bands": _bands(report.bands, report.reference),
        "level": _level(report.level),
        "measures": records(report.measures),
        "three_sources": _three(report.three),
    }
    confidential = report.agreement.alignment.confidential
    return agreement.as_json(report.agreement) | dict(rounded(shown, confidential))


def _bands(bands: BandAgreement | None, reference: BandReference | None) -> dict[str, Any] | None:
    if bands is None:
        return None
    table = np.asarray(bands.table).astype(int).tolist()
    fields = {name: getattr(bands, name) for name in ("match", "kappa", "ac1", "ac2")}
    references = (
        {"unrelated": reference.unrelated, "perfect_mirrors": reference.mirrors}
        if reference is not None
        else {}
    )
    return (
        {"table": table}
        | fields
        | {
            name: {
                figure: agreement.of_expected(getattr(of, figure))
                for figure in ("match", "kappa", "ac2")
            }
            for name, of in references.items()
        }
    )


def _level(level: Level | None) -> dict[str, Any] | None:
    if level is None:
        return None
    difference, limits = level.difference, level.bland_altman
    return {
        "difference": difference.difference,
        **agreement.of_interval(difference.interval),
        "outcome": difference.outcome.value,
        "margin": difference.margin,
        "limits_of_agreement": agreement.of_interval(limits.limits),
        "limits_without_noise": agreement.of_interval(limits.limits_without_noise),
        "noise_share": limits.noise_share,
        "concordance": level.concordance.estimate,
        "icc_agreement": level.icc_agreement.estimate,
        "icc_consistency": level.icc_consistency.estimate,
        "deming_slope": level.deming.slope if level.deming else None,
        "structural_slope": level.structural.slope if level.structural else None,
    }


def _three(three: ThreeSources | None) -> dict[str, Any] | None:
    if three is None:
        return None
    w = three.kendall_w
    return {
        "sources": list(three.titles),
        "providers": three.providers,
        "kendall_w": w.estimate if w else None,
        "p_value": w.p_value if w else None,
        "mean_spearman": w.mean_spearman if w else None,
        "flagged": records(three.flagged),
    }
