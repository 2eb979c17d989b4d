"""The simulated world: standing of every provider in every source, and every figure published.

`draw` returns frames shaped like the app's own (`model`), so that what was put in can be compared
with what is read, cell by cell.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.maker import planted
from data.maker.fft import SETTINGS, Publication, publications
from data.maker.organisations import Organisations, organisations
from data.maker.others import documents, health_insight_results, league_tables, reviews
from data.maker.surveys import cqc_results, gp_survey_results
from data.maker.voices import NOBODY, voices


@dataclass(frozen=True, slots=True)
class World:
    """Everything that was put in. `file` in a frame is the file's path inside the folder."""

    seed: int
    organisations: Organisations
    standing: pd.DataFrame  # provider, source, standing (standard deviations of true standing)
    publications: tuple[Publication, ...]  # one per FFT file
    fft: pd.DataFrame  # FFT_FACT columns as printed, plus file
    gp_survey: pd.DataFrame  # SURVEY_FACT columns, plus file, distributed, received, standing
    cqc: pd.DataFrame  # SURVEY_FACT columns, plus file
    health_insight: pd.DataFrame  # one row a wave and board, percentages as printed, plus file
    league: pd.DataFrame  # one row a quarter and trust, plus file
    documents: pd.DataFrame  # one row a finding, plus file
    reviews: pd.DataFrame  # one row a practice, plus file
    responses: pd.DataFrame  # RESPONSE columns as they ought to be read, plus file, personal
    answers: pd.DataFrame  # ANSWER columns, plus file
    rows: pd.DataFrame  # rows of the row-level files as written, by file, with those to be rejected
    aliases: pd.DataFrame  # name, code: the spellings a person has confirmed
    successions: pd.DataFrame  # old_code, new_code, succeeded_on
    planted: tuple[planted.Planted, ...]


def draw(
    seed: int = planted.SEED, settings: Collection[str] = SETTINGS, *, heard: bool = True
) -> World:
    """The whole world from one seed; each part has its own stream, so parts change alone.

    settings : of the Friends and Family Test that are drawn.
    heard : whether single responses are drawn as well; they need every month of FFT GP.
    """
    orgs = organisations(seed)
    standing = _standing(seed, orgs)
    published = publications(seed, orgs, standing, settings)
    truly = _with_those_apart(standing)
    voices_drawn = voices(seed, orgs, standing, published) if heard else NOBODY
    return World(
        seed=seed,
        organisations=orgs,
        standing=truly,
        publications=published,
        fft=pd.concat([p.rows.assign(file=p.file) for p in published], ignore_index=True),
        gp_survey=gp_survey_results(seed, orgs, standing),
        cqc=cqc_results(seed, orgs, standing),
        health_insight=health_insight_results(seed, orgs, truly),
        league=league_tables(seed, orgs),
        documents=documents(orgs),
        reviews=reviews(seed, orgs, truly),
        responses=voices_drawn.responses,
        answers=voices_drawn.answers,
        rows=voices_drawn.rows,
        aliases=voices_drawn.aliases,
        successions=pd.DataFrame(
            planted.SUCCESSIONS, columns=["old_code", "new_code", "succeeded_on"]
        ),
        planted=planted.PLANTED,
    )


def _sources_of(kind: str) -> tuple[str, ...]:
    everywhere = ("healthwatch", "care_opinion")
    by_kind = {
        "acute": ("fft_inpatient", "fft_ae", "fft_maternity", "fft_outpatient", "cqc_inpatient"),
        "mental_health": ("fft_mental_health", "fft_community"),
        "community": ("fft_inpatient", "fft_community", "fft_outpatient"),
        "ambulance": ("fft_ambulance",),
    }
    return (*by_kind[kind], *everywhere)


def _standing(seed: int, orgs: Organisations) -> pd.DataFrame:
    """Where each provider truly stands in each source, in standard deviations."""
    rng = np.random.default_rng([seed, 2])
    wanted: list[tuple[str, tuple[str, ...]]] = [
        (code, ("gp_survey", "fft_gp", "healthwatch")) for code in orgs.practices["code"]
    ]
    wanted += [
        (code, _sources_of(kind))
        for code, kind in zip(orgs.trusts["code"], orgs.trusts["kind"], strict=True)
    ]
    wanted += [("I-01", ("fft_inpatient", "fft_outpatient")), ("I-02", ("fft_ambulance",))]
    followed: dict[tuple[str, str], float] = {}
    for code, sources in wanted:
        shared = rng.normal()
        for source in sources:
            own = rng.normal()
            followed[code, source] = float(
                np.sqrt(planted.RHO) * shared + np.sqrt(1 - planted.RHO) * own
            )
    for code, contradiction in planted.CONTRADICTIONS.items():
        for source, value in contradiction.items():
            followed[code, source] = value
    _follow_successions(followed)
    # Nothing but these plants should look dramatic about them.
    followed[planted.SMALL_N_TRAP, "gp_survey"] = 0.3
    followed[planted.FULL_MARKS, "gp_survey"] = 1.2
    followed[planted.ODD_MONTH, "fft_ae"] = 0.2
    followed[planted.MODE_SHIFT, "fft_inpatient"] = -0.2
    return pd.DataFrame(
        [(code, source, value) for (code, source), value in followed.items()],
        columns=["provider", "source", "standing"],
    )


def _with_those_apart(standing: pd.DataFrame) -> pd.DataFrame:
    """The standing of everybody, of the practices planted since as planted."""
    given = {
        (code, source): value
        for code, of_code in planted.APART.items()
        for source, value in of_code.items()
    }
    return standing.assign(
        standing=[
            given.get((provider, source), value)
            for provider, source, value in standing.itertuples(index=False, name=None)
        ]
    )


def _follow_successions(followed: dict[tuple[str, str], float]) -> None:
    """A successor stands where its predecessors stood, on average; a split's two halves apart."""
    news = {new for _, new, _ in planted.SUCCESSIONS}
    for code, source in list(followed):
        if code not in news:
            continue
        former = [followed[old, source] for old, new, _ in planted.SUCCESSIONS if new == code]
        shift = {"P-0128": 0.3, "P-0129": -0.3}.get(code, 0.0)
        followed[code, source] = sum(former) / len(former) + shift
