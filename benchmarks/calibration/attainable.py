"""How many organisations could be moved from *before hearing* by a method that knew every parameter?

python -m benchmarks.calibration.attainable [--sets 200] [--scenario planted_two_big]

Of imaginary data sets, the share on which the probability of agreement moves by .15 or more once the answers
are read, where levels, spreads, likeness and the share that contradicts are not learnt but given as the data
sets were drawn. No method that learns them from the same answers knows more: a bound above this share asks
for what the answers do not hold. Where two sources agree on .857 before anything is heard, .15 upwards
would be more than certainty.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from benchmarks.calibration.certainty_measures import MOVED, SETTINGS, answered, drawn
from benchmarks.calibration.certainty_table import MOVED as JUDGED
from benchmarks.calibration.measures import weighed_as_in_the_app
from pxcore.stats.certainty import posterior
from pxcore.stats.certainty_fit import Parameters, Usual, usual_behaviour

SETS = 200


def share_moved(name: str, number: int) -> tuple[float, float]:
    """Of one data set of a scenario: the chance of agreement before anything is heard, and the share of
    the organisations judged on which it moves."""
    setting = SETTINGS[name]
    data = drawn(setting, number)
    weighed = [weighed_as_in_the_app(data.published[place]) for place in setting.places]
    sources, judged = zip(*(answered(source, data.units) for source in weighed), strict=True)
    drawn_from = [data.scenario.sources[place] for place in setting.places]
    usual = known(
        usual_behaviour(*sources),
        [float(special.logit(source.mean)) for source in drawn_from],
        [source.deviation for source in drawn_from],
        data.scenario.agreement,
        data.scenario.planted,
    )
    certainty = posterior(usual, *sources).certainty()
    moved = np.abs(certainty.agree - certainty.before.agree) >= MOVED
    return certainty.before.agree, float(moved[judged[0] & judged[1]].mean())


def known(
    usual: Usual,
    centres: Sequence[float],
    deviations: Sequence[float],
    correlation: float,
    contradicting: float,
) -> Usual:
    """The same two sources, counted, with the parameters they were drawn with, in the order given."""
    step = -1 if usual.swapped else 1
    first, second = centres[::step]
    spread, other = deviations[::step]
    truth = Parameters((first, second), (spread, other), correlation, contradicting)
    return replace(usual, best=truth, draws=(truth,), weights=np.ones(1))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration.attainable")
    parser.add_argument("--sets", type=int, default=SETS, help="data sets a scenario")
    parser.add_argument("--scenario", choices=list(JUDGED), action="append")
    asked = parser.parse_args(arguments)
    for name in asked.scenario or JUDGED:
        before, moved = np.array([share_moved(name, n) for n in range(asked.sets)]).T
        error = moved.std(ddof=1) / np.sqrt(asked.sets)
        print(f"{name:20} before {before.mean():.3f}  moved {moved.mean():.3f} ±{error:.3f}")


if __name__ == "__main__":
    main()
