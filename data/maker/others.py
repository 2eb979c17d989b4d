"""Sources of few rows: the Health Insight Survey, a league table, documents, a supplier's reviews."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.maker import planted
from data.maker.figures import expit, logit
from data.maker.organisations import (
    ACUTE,
    AMBULANCE,
    COMMUNITY,
    MENTAL_HEALTH,
    Organisations,
)
from data.maker.surveys import window

HEALTH_INSIGHT_WAVES = range(10, 23)
PANEL_OF_BOARD = 1150  # answers of a board in a wave
QUARTERS = ("Q2 2025/26", "Q3 2025/26")
LEAGUES = (
    ("Acute trust", tuple(code for code in ACUTE if code not in ("T-05", "T-06"))),
    ("Non-acute trust", (*MENTAL_HEALTH, *COMMUNITY)),
    ("Ambulance trust", AMBULANCE),
)
SEGMENTS = 4
REVIEWED_IN = "2025-26 Q4"


def health_insight_results(seed: int, orgs: Organisations, standing: pd.DataFrame) -> pd.DataFrame:
    """One row a wave and board, or England: the good answers with their limits, and the other two.

    Boards stand where their practices do in the GP survey, on average; the panel answers afresh each wave.
    """
    rng = np.random.default_rng([seed, 12])
    names = orgs.name_of()
    truly = standing[standing["source"] == "gp_survey"].set_index("provider")["standing"]
    networks = orgs.networks.merge(orgs.sub_icbs, left_on="sub_icb", right_on="code")
    board = dict(zip(networks["code_x"], networks["icb"], strict=True))
    of_board = truly.groupby(orgs.practices.set_index("code")["network"].map(board)).mean()
    level = planted.LEVELS["gp_survey"]
    rows = []
    for wave in HEALTH_INSIGHT_WAVES:
        start, end = window("health_insight", wave)
        panel = {code: int(rng.poisson(PANEL_OF_BOARD)) for code in of_board.index}
        season = rng.normal(0, 0.02)
        good = {
            code: int(
                rng.binomial(
                    panel[code],
                    expit(logit(level.mean) + level.spread * of_board[code] + season).item(),
                )
            )
            for code in panel
        }
        panel["E-00"], good["E-00"] = 10 * sum(panel.values()), 10 * sum(good.values())
        for code, number in panel.items():
            share = good[code] / number
            half = 1.96 * np.sqrt(planted.DESIGN_EFFECT * share * (1 - share) / number)
            neither = (1 - share) * 0.6
            rows.append(
                {
                    "wave": wave,
                    "period_start": start,
                    "period_end": end,
                    "provider": code,
                    "provider_name": "England" if code == "E-00" else names[code],
                    "respondents": float(number),
                    "value": round(100 * share, 1),
                    "low": round(100 * (share - half), 1),
                    "high": round(100 * (share + half), 1),
                    "neither": round(100 * neither, 1),
                    "poor": round(100 * (1 - share - neither), 1),
                }
            )
    return pd.DataFrame(rows).assign(
        file="health_insight/health_insight_survey_q14_icb_waves_10_to_22_synthetic.csv"
    )


def league_tables(seed: int, orgs: Organisations) -> pd.DataFrame:
    """One row a quarter and trust: a score of many things, the lower the better, which hardly knows what
    patients say; so one trust is first that comes last in what patients say."""
    rng = np.random.default_rng([seed, 13])
    names = orgs.name_of()
    board = dict(zip(orgs.trusts["code"], orgs.trusts["icb"], strict=True))
    region = dict(zip(orgs.icbs["code"], orgs.icbs["region"], strict=True))
    usual = {code: rng.normal(2.4, 0.3) for _, codes in LEAGUES for code in codes}
    usual[planted.TOP_OF_THE_LEAGUE] = 1.3
    rows = []
    for quarter in QUARTERS:
        for kind, codes in LEAGUES:
            score = {
                code: float(np.clip(usual[code] + rng.normal(0, 0.08), 1, 4)) for code in codes
            }
            ordered = sorted(codes, key=score.__getitem__)
            for rank, code in enumerate(ordered, 1):
                spread = 1 + len(codes) // 5
                rows.append(
                    {
                        "quarter": quarter,
                        "region": names[region[board[code]]],
                        "kind": kind,
                        "provider": code,
                        "provider_name": names[code],
                        "score": round(score[code], 2),
                        "score_low": round(max(score[code] - 0.15, 1), 2),
                        "score_high": round(min(score[code] + 0.15, 4), 2),
                        "segment": 1 + (rank - 1) * SEGMENTS // len(codes),
                        "rank": rank,
                        "rank_low": max(rank - spread, 1),
                        "rank_high": min(rank + spread, len(codes)),
                    }
                )
    return pd.DataFrame(rows).assign(
        file=lambda frame: [
            f"oversight/nof_trust_league_table_{quarter[:2]}_2025-26_synthetic.csv"
            for quarter in frame["quarter"]
        ]
    )


def documents(orgs: Organisations) -> pd.DataFrame:
    """What was written down of practices of which figures say nothing."""
    names = orgs.name_of()
    columns = ["provider", "from", "to", "people", "method", "written_by", "theme", "comment"]
    frame = pd.DataFrame(planted.DOCUMENTS, columns=columns)
    return frame.assign(
        provider_name=frame["provider"].map(names),
        file="documents/community_evidence_2026-01_to_2026-03_synthetic.csv",
    )


def reviews(seed: int, orgs: Organisations, standing: pd.DataFrame) -> pd.DataFrame:
    """Reviews of the practices of one board, counted by a supplier in whose export one star is the best: what
    is printed as positive are four and five stars, the worst."""
    rng = np.random.default_rng([seed, 14])
    truly = standing.set_index(["provider", "source"])["standing"]
    networks = orgs.networks.merge(orgs.sub_icbs, left_on="sub_icb", right_on="code")
    board = dict(zip(networks["code_x"], networks["icb"], strict=True))
    practices = orgs.practices[orgs.practices["closed"].isna()]
    reviewed = practices[practices["network"].map(board) == planted.REVERSED_BOARD]
    rows = []
    for code, name in zip(reviewed["code"], reviewed["name"], strict=True):
        at = 0.5 * (truly[code, "gp_survey"] + truly[code, "fft_gp"]) + 0.4 * rng.normal()
        number = int(rng.integers(18, 40))
        best = int(rng.binomial(number, expit(logit(0.62) + 0.9 * at).item()))
        rows.append(
            {
                "source": "nhs_reviews",
                "provider": code,
                "provider_name": name,
                "period": REVIEWED_IN,
                "measure": "overall",
                "service": "GP",
                "positive": int(rng.binomial(number - best, 0.85)),
                "respondents": number,
            }
        )
    return pd.DataFrame(rows).assign(file="reviews/reviews_of_a_supplier_2026_Q1_synthetic.csv")
