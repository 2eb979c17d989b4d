"""Would a difference of a given size be found in these very data? And does what is said of one half of a
source's months hold for the second half?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from pxcore.stats.certainty import PROBABLY, UNLIKELY, VERY_UNLIKELY, posterior
from pxcore.stats.certainty_fit import Usual, refitted
from pxcore.stats.certainty_nodes import Answered, Counted, Flags
from pxcore.stats.intervals import Floats, Interval, wilson
from pxcore.stats.verdict import MARGIN

SHIFTS = (1.0, 2.0, 3.0)  # typical differences that are planted
SHARE = 0.05  # of the organisations that are shifted together, so that the rest stays as it is
MOST_PLANTED = 400  # organisations a size of shift: enough for an interval of five points
DRAWS = 32  # of the parameters of each planted data set
_SEED = 1


@dataclass(frozen=True, slots=True)
class Planted:
    """Of organisations in which a shift was planted, how many were called different."""

    shift: float  # typical differences
    organisations: int
    differ: float  # share called probably or very likely different
    differ_interval: Interval
    very_likely: float  # share called very likely different
    very_likely_interval: Interval


@dataclass(frozen=True, slots=True)
class Repeated:
    """What was said from one half of the answers, and what the second half says of the same organisations."""

    agree: int  # organisations called probably or very likely alike from the first half
    agree_kept: int  # of these, called so from the second half too
    agree_turned: int  # called different from the second half
    differ: int
    differ_kept: int
    differ_turned: int


def planted(
    usual: Usual,
    exact: tuple[Answered, Answered],
    shown: tuple[Answered, Answered],
    judged: npt.ArrayLike,
    *,
    shifts: Sequence[float] = SHIFTS,
    margin: float = MARGIN,
    most: int = MOST_PLANTED,
    progress: Callable[[float], None] | None = None,
) -> tuple[Planted, ...]:
    """How often is a shift of a given size found, planted in these data and judged as they are?

    Parameters
    ----------
    usual : learnt from the data as they are.
    exact, shown : both sources, all organisations in one order; as for `usual_behaviour` and for
        `posterior`.
    judged : flags of the organisations that get a probability.
    shifts : sizes, peer SDs, put on top of the gap that an organisation has.
    margin : peer SDs.
    most : organisations planted a size.
    progress : is given the share done, 0 to 1.

    Returns
    -------
    One Planted a size.

    Notes
    -----
    A twentieth of the organisations is shifted at a time, half of them in each source and half of them
    upwards, and the parameters are learnt anew. The gap an organisation truly had is not known: what is
    planted comes on top of it, or makes up for it. Answers are shifted on the scale of the model, with the
    chance that is in them.

    References
    ----------
    Christiansen JL et al. Measuring transit signal recovery in the Kepler pipeline. Astrophysical Journal
    Supplement Series 2013;207:35 (known signals planted in real data, and how often each is found).
    """
    places = np.flatnonzero(np.asarray(judged, dtype=bool))
    if not len(places):
        raise ValueError("of no organisation is anything said")
    places = np.random.default_rng(_SEED).permutation(places)[:most]
    passes = max(1, round(len(places) / max(2.0, SHARE * np.sum(judged))))
    groups = np.array_split(places, passes)
    results = []
    for number, shift in enumerate(shifts):
        agree = []
        for place, group in enumerate(groups):
            moved = [
                tuple(
                    _shifted(source, usual, side, group[side::2], shift)
                    for side, source in enumerate(pair)
                )
                for pair in (exact, shown)
            ]
            learnt = refitted(usual, moved[0][0], moved[0][1], draws=DRAWS)
            agree.append(posterior(learnt, moved[1][0], moved[1][1]).certainty(margin).agree[group])
            if progress is not None:
                progress((number * passes + place + 1) / (passes * len(shifts)))
        results.append(_planted(shift, np.concatenate(agree)))
    return tuple(results)


def _shifted(
    source: Answered, usual: Usual, side: int, rows: npt.NDArray[np.int64], shift: float
) -> Answered:
    """A source with some organisations moved, every second up and the next one down."""
    deviation = usual.best.deviations[1 - side if usual.swapped else side]
    by = np.where(np.arange(len(rows)) % 2 == 0, shift, -shift) * deviation
    if isinstance(source, Counted):
        n = source.answers[rows]
        share = (source.positive[rows] + 0.5) / (n + 1)
        positive = source.positive.copy()
        positive[rows] = n * special.expit(special.logit(share) + by)
        return replace(source, positive=positive)
    value = source.value.copy()
    value[rows] += by * usual.scales[side].deviation
    return replace(source, value=value)


def _planted(shift: float, agree: Floats) -> Planted:
    count = len(agree)
    shares = [float((agree <= limit).mean()) for limit in (UNLIKELY, VERY_UNLIKELY)]
    intervals = [Interval(*map(float, wilson(share, float(count)))) for share in shares]
    return Planted(shift, count, shares[0], intervals[0], shares[1], intervals[1])


def repeated(first: npt.ArrayLike, second: npt.ArrayLike) -> Repeated:
    """Does what was said from one half of the answers hold for the second half?

    Parameters
    ----------
    first, second : probabilities of agreement of the same organisations; missing where nothing is said.

    Returns
    -------
    Repeated: organisations of which both halves say something.

    Notes
    -----
    Two halves share their organisations' true standings, not their answers. A word that holds need not be
    true; one that turns into its opposite was wrong once.

    References
    ----------
    Spearman C. Correlation calculated from faulty data. British Journal of Psychology 1910;3:271-295
    (split halves).
    """
    one, two = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    known: Flags = ~(np.isnan(one) | np.isnan(two))
    alike, apart = ((one >= PROBABLY) & known, (one <= UNLIKELY) & known)
    again, against = two >= PROBABLY, two <= UNLIKELY
    return Repeated(
        agree=int(alike.sum()),
        agree_kept=int((alike & again).sum()),
        agree_turned=int((alike & against).sum()),
        differ=int(apart.sum()),
        differ_kept=int((apart & against).sum()),
        differ_turned=int((apart & again).sum()),
    )
