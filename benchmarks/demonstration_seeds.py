"""The demonstration from other seeds: is what was planted told, and nothing else more often than stated?

python -m benchmarks.demonstration_seeds [--seeds 200] [--trusts 200] [--minutes 30] [--write]

Each seed gives new figures of the same organisations with the same things planted. The survey and the Friends
and Family Test of practices, and those of trusts, go through the delivered readers into a store, and
the delivered certainty is asked. A practice truly differs where its standing in this wave of the survey
and in the Friends and Family Test, each from the mean of those judged and in standard deviations of
them, are more than the margin apart. `--write` writes data/reference/demonstration_seeds.csv: one row a
group of organisations, over the seeds that were reached.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.maker import files, planted
from data.maker.figures import Floats
from data.maker.world import World, draw
from pxcore.analysis.files.load import load_files
from pxcore.analysis.pairs.agreement import certainty
from pxcore.model import Pairing
from pxcore.stats.certainty import Word
from pxcore.stats.intervals import wilson
from pxcore.store import Store

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "data" / "reference" / "demonstration_seeds.csv"
COLUMNS = ("group", "seeds", "organisations", "what", "count", "stated", "share", "low", "high")
FIRST_SEED = 1
# Half a year in which the surveys of 2025/26 were in the field.
SINCE = date(2025, 10, 1)
PRACTICES, TRUSTS = Pairing("fft_gp", "gp_survey"), Pairing("fft_inpatient", "cqc_inpatient")
# Its answers are none of its standing: every one is positive; two of seven are.
NO_TRUTH = {planted.FULL_MARKS, planted.SMALL_N_TRAP}
THREE_APART = {
    code for code in planted.CONTRADICTIONS if code != "P-0103"
}  # there Healthwatch differs
PLANTED = {*THREE_APART, *planted.MILDER, planted.MODE_SHIFT}
DIFFER = (Word.PROBABLY_DIFFER.value, Word.VERY_LIKELY_DIFFER.value)
TOLD = "told to differ, probably or very likely"


@dataclass(frozen=True)
class Seed:
    """What is said of every organisation judged, and what is true of it."""

    seed: int
    trusts: bool  # whether trusts were drawn as well
    rows: (
        pd.DataFrame
    )  # unit, mark, agree (as stated), gap (true, in standard deviations; of practices)


def told(seed: int, *, trusts: bool = True) -> Seed:
    """One seed's figures, through files and store."""
    pairs = (PRACTICES, TRUSTS) if trusts else (PRACTICES,)
    world = draw(seed, [pairing.left for pairing in pairs], heard=False)
    store = Store.open(kind="demonstration")
    try:
        for outcome in load_files(store, list(_files(world, trusts=trusts))):
            assert outcome.status == "loaded", outcome.problem
        return Seed(seed, trusts, pd.concat([_judged(store, world, pairing) for pairing in pairs]))
    finally:
        store.close()


def _files(world: World, *, trusts: bool) -> Iterable[tuple[str, bytes]]:
    for path, _, content in files.reference(world):
        if "aliases" not in path:
            yield Path(path).name, content
    for publication in world.publications:
        if publication.month >= SINCE:
            name = Path(publication.file).with_suffix(".csv").name
            yield name, files.saved_csv(world, publication)
    for path, _, content in files.gp_survey(world):
        if "2026_practices" in path:
            yield Path(path).name, content
    for path, _, content in files.cqc(world):
        if trusts and "aip25" in path:
            yield Path(path).name, content


def _judged(store: Store, world: World, pairing: Pairing) -> pd.DataFrame:
    likely = certainty(store, pairing).likely
    units = likely["unit"].tolist()
    gap = np.full(len(units), np.nan)
    if pairing == PRACTICES:
        of_fft = world.standing[world.standing["source"] == "fft_gp"]
        of_wave = world.gp_survey[world.gp_survey["wave"] == planted.WAVES[-1]]
        of_wave = of_wave[(of_wave["measure"] == "overall") & (of_wave["grain"] == "practice")]
        fft, survey = (
            _standardised(frame.set_index("provider")["standing"].reindex(units).to_numpy())
            for frame in (of_fft, of_wave)
        )
        gap = fft - survey
    rows = pd.DataFrame(
        {
            "unit": units,
            "mark": [str(mark) for mark in likely["mark"]],
            "agree": likely["agree"].to_numpy(),
            "gap": gap,
        }
    )
    return rows[~rows["unit"].isin(NO_TRUTH)]


def _standardised(standing: Floats) -> Floats:
    return (standing - np.nanmean(standing)) / np.nanstd(standing)


def _row(group: str, seeds: int, what: str, hits: pd.Series, stated: float) -> dict[str, object]:
    number, count = len(hits), int(hits.sum())
    low, high = wilson(count / number, float(number)) if number else (np.nan, np.nan)
    return {
        "group": group,
        "seeds": seeds,
        "organisations": number,
        "what": what,
        "count": count,
        "stated": "" if np.isnan(stated) else f"{stated:.1f}",
        "share": f"{count / number:.4f}" if number else "",
        "low": f"{float(low):.4f}" if number else "",
        "high": f"{float(high):.4f}" if number else "",
    }


def summary(found: Sequence[Seed], margin: float = 1.0) -> list[dict[str, object]]:
    """What became of what was planted; and what is true of practices, beside what was stated.

    The intervals take organisations as independent, though those of a seed share one fit.
    """
    rows = pd.concat([seed.rows for seed in found])
    with_trusts = sum(seed.trusts for seed in found)
    groups = (
        ("practices planted three apart", len(found), {u for u in THREE_APART if u[0] == "P"}),
        ("practices planted milder", len(found), set(planted.MILDER)),
        ("practices planted alike", len(found), set(planted.ALIKE)),
        ("trusts planted three apart", with_trusts, {u for u in THREE_APART if u[0] == "T"}),
        ("trust that changed its mode", with_trusts, {planted.MODE_SHIFT}),
    )
    table = []
    for group, seeds, codes in groups:
        marks = rows.loc[rows["unit"].isin(codes), "mark"]
        table.append(_row(group, seeds, TOLD, marks.isin(DIFFER), np.nan))
    practices = rows[rows["gap"].notna()]
    others = rows[~rows["unit"].isin(PLANTED)]
    for group, frame in (("all practices", practices), ("practices not planted", others)):
        of_practices = frame[frame["gap"].notna()]
        apart = of_practices["gap"].abs() > margin
        for word in Word:
            said = of_practices["mark"] == word.value
            stated = float((1 - of_practices.loc[said, "agree"]).sum())
            what = f"truly differ, of “{word.value}”"
            table.append(_row(group, len(found), what, apart[said], stated))
    flagged = others["mark"] == Word.VERY_LIKELY_DIFFER.value
    is_trust = others["unit"].str.startswith("T-")
    for group, seeds, of_group in (
        ("practices not planted", len(found), ~is_trust),
        ("trusts not planted", with_trusts, is_trust),
    ):
        what = f"“{Word.VERY_LIKELY_DIFFER}”, of all judged"
        stated = float((1 - others.loc[of_group, "agree"]).sum())
        table.append(_row(group, seeds, what, flagged[of_group], stated))
    settled = practices["mark"] != Word.COULD_BE_EITHER.value
    table.append(_row("all practices", len(found), "told something", settled, np.nan))
    return table


def write(table: Sequence[dict[str, object]], path: Path = TABLE) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument(
        "--trusts", type=int, default=200, help="seeds of which trusts are drawn, too"
    )
    parser.add_argument(
        "--minutes", type=float, default=30.0, help="no seed is begun after so many"
    )
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    began, found = time.monotonic(), []
    for number in range(asked.seeds):
        if time.monotonic() - began > 60 * asked.minutes:
            break
        found.append(told(FIRST_SEED + number, trusts=number < asked.trusts))
    table = summary(found)
    for row in table:
        print("  ".join(f"{key} {value}" for key, value in row.items() if value != ""))
    if asked.write:
        write(table)


if __name__ == "__main__":
    main()
