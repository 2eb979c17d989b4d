"""GP survey and CQC results: weighted proportions with intervals, standardised means."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from data.maker import planted
from data.maker.figures import Floats, Ints, expit, logit, survey_results
from data.maker.organisations import ACUTE, Organisations
from pxcore import maps
from pxcore.model import Grain, Withheld

LEAST_SHOWN = 10
CQC_QUESTIONS = ("overall", "x12", "x27", "x35")  # beside the overall one, three without a map
SPACED_NAMES = {"T-07"}  # its name is written with a non-breaking space in the CQC file


def window(source: str, wave: int) -> tuple[date, date]:
    """Fieldwork of a wave, from the shipped map."""
    row = next(
        row
        for row in maps.rows("survey_windows")
        if row["source"] == source and row["wave"] == str(wave)
    )
    return date.fromisoformat(row["fieldwork_start"]), date.fromisoformat(row["fieldwork_end"])


def gp_survey_results(seed: int, orgs: Organisations, standing: pd.DataFrame) -> pd.DataFrame:
    """One row per wave, measure and practice, ICB or country, as printed."""
    rng = np.random.default_rng([seed, 4])
    truly = standing[standing["source"] == "gp_survey"].set_index("provider")["standing"]
    spread = planted.LEVELS["gp_survey"].spread
    own: dict[tuple[str, str], float] = {}
    waves: list[pd.DataFrame] = []
    for wave in planted.WAVES:
        start, end = window("gp_survey", wave)
        icb_of = _icb_of(orgs) | (orgs.former_boards if start < planted.MERGED_ON else {})
        is_open = [
            (opened is None or opened <= start) and (closed is None or closed > start)
            for opened, closed in zip(
                _dates(orgs.practices["opened"]), _dates(orgs.practices["closed"]), strict=True
            )
        ]
        practices = orgs.practices[is_open]
        codes = list(practices["code"])
        sent, returned = _sent(rng, codes)
        wobble = rng.normal(0, 0.12, len(codes))
        sent_in_all, returned_in_all, apart = _sent_apart(seed, wave, codes, sent, returned)
        steady = np.array([code in planted.CONTRADICTIONS for code in codes])
        wobble[steady] = 0
        questions = planted.SURVEY_QUESTIONS_2023 if wave == 2023 else planted.SURVEY_QUESTIONS
        for measure, (mean, follows) in questions.items():
            fresh = rng.normal(0, 1, len(codes))
            particular = np.array(
                [
                    own.setdefault((code, measure), float(e))
                    for code, e in zip(codes, fresh, strict=True)
                ]
            )
            at = follows * truly[codes].to_numpy() + np.sqrt(1 - follows**2) * particular
            answered = {"phone": 0.90, "website": 0.55, "preferred": 0.62}.get(measure, 0.96)
            base = rng.binomial(returned, answered)
            stands = at + wobble
            value, low, high = survey_results(rng, base, expit(logit(mean) + spread * stands))
            for code, (number, of_code) in apart.items():
                row = codes.index(code)
                base[row] = of_code.binomial(number, answered)
                where = follows * _standing_of(code, wave)
                where += np.sqrt(1 - follows**2) * own[code, measure]
                stands[row] = where
                drawn = survey_results(of_code, base[[row]], expit([logit(mean) + spread * where]))
                value[row], low[row], high[row] = (part[0] for part in drawn)
            of_practices = pd.DataFrame(
                {
                    "grain": Grain.PRACTICE.value,
                    "provider": codes,
                    "provider_name": practices["name"].to_numpy(),
                    "respondents": base.astype(float),
                    "value": value,
                    "low": low,
                    "high": high,
                    "standing": stands,  # in this wave; of practices alone
                    "distributed": sent_in_all,
                    "received": returned_in_all,
                    "icb": [icb_of[code] for code in codes],
                }
            )
            areas = _areas(of_practices, orgs) if wave > 2023 else pd.DataFrame()
            both = pd.concat([of_practices, areas], ignore_index=True)
            waves.append(
                both.assign(wave=wave, measure=measure, period_start=start, period_end=end)
            )
    frame = pd.concat(waves, ignore_index=True)
    frame["withheld"] = Withheld.NONE.value
    hidden = frame["respondents"] < LEAST_SHOWN
    frame.loc[hidden, ["value", "low", "high"]] = np.nan
    frame.loc[hidden, "withheld"] = Withheld.PUBLISHER.value
    old = frame["wave"] == 2023
    frame.loc[old, "value"] = (frame.loc[old, "value"] * 100).round(1) / 100  # printed as 73.4
    frame.loc[old, ["low", "high"]] = np.nan
    frame["file"] = [
        f"gp_survey/GPPS_{wave}_{'practices' if grain == 'practice' else 'areas'}_synthetic.csv"
        for wave, grain in zip(frame["wave"], frame["grain"], strict=True)
    ]
    return frame.assign(source="gp_survey", base_weighting="unweighted")


def _dates(column: pd.Series) -> list[date | None]:
    return [value if isinstance(value, date) else None for value in column]


def _icb_of(orgs: Organisations) -> dict[str, str]:
    sub_icb = dict(zip(orgs.networks["code"], orgs.networks["sub_icb"], strict=True))
    icb = dict(zip(orgs.sub_icbs["code"], orgs.sub_icbs["icb"], strict=True))
    return {
        code: icb[sub_icb[network]]
        for code, network in zip(orgs.practices["code"], orgs.practices["network"], strict=True)
    }


def _sent(rng: np.random.Generator, codes: list[str]) -> tuple[Ints, Ints]:
    """Questionnaires sent and returned: about 110 answers a practice."""
    sent = np.round(np.clip(rng.normal(430, 70, len(codes)), 240, 700)).astype(np.int64)
    rate = np.clip(rng.normal(0.265, 0.05, len(codes)), 0.14, 0.42)
    for code in planted.WELL_MEASURED:
        sent[codes.index(code)], rate[codes.index(code)] = 620, 0.30
    returned = rng.binomial(sent, rate)
    at = codes.index(planted.ALWAYS_WITHHELD)
    sent[at], returned[at] = 48, 7
    return sent, returned


def _sent_apart(
    seed: int, wave: int, codes: list[str], sent: Ints, returned: Ints
) -> tuple[Ints, Ints, dict[str, tuple[int, np.random.Generator]]]:
    """Questionnaires sent and returned with those of the practices planted since; and of each of these how
    many came back, and the stream it is drawn from."""
    sent, returned = sent.copy(), returned.copy()
    apart: dict[str, tuple[int, np.random.Generator]] = {}
    for code in sorted({*planted.APART, *planted.WITHHELD[1:]} & set(codes)):
        rng = np.random.default_rng([seed, 4, wave, int(code.removeprefix("P-"))])
        row = codes.index(code)
        if code in planted.WITHHELD:
            sent[row], returned[row] = 48, 7
        else:
            sent[row] = planted.SENT_APART
            returned[row] = rng.binomial(planted.SENT_APART, planted.RATE_APART)
        apart[code] = int(returned[row]), rng
    return sent, returned, apart


def _standing_of(code: str, wave: int) -> float:
    """Where a practice planted since stands in a wave: as ever, or before and after what it did."""
    if code != planted.ACTED:
        return planted.APART.get(code, {}).get("gp_survey", 0.0)
    start, _ = window("gp_survey", wave)
    return planted.STANDING_AFTER if start >= planted.ACTED_ON else planted.STANDING_BEFORE


def _areas(of_practices: pd.DataFrame, orgs: Organisations) -> pd.DataFrame:
    """ICB and national rows: practices weighted by their answers."""
    names = orgs.name_of()
    records = []
    groups = [*of_practices.groupby("icb"), ("England", of_practices)]
    for code, rows in groups:
        base = float(rows["respondents"].sum())
        value = round(float((rows["value"] * rows["respondents"]).sum() / base), 6)
        half = 1.96 * np.sqrt(value * (1 - value) * planted.DESIGN_EFFECT / base)
        national = code == "England"
        records.append(
            {
                "grain": Grain.NATIONAL.value if national else Grain.ICB.value,
                "provider": "E-00" if national else str(code),
                "provider_name": "England (synthetic)" if national else names[str(code)],
                "respondents": base,
                "value": value,
                "low": round(value - half, 6),
                "high": round(value + half, 6),
                "distributed": int(rows["distributed"].sum()),
                "received": int(rows["received"].sum()),
                "icb": "" if national else str(code),
            }
        )
    return pd.DataFrame(records)


def cqc_results(seed: int, orgs: Organisations, standing: pd.DataFrame) -> pd.DataFrame:
    """One row per year, question and trust: mean of 0-10, interval, band."""
    rng = np.random.default_rng([seed, 5])
    truly = standing[standing["source"] == "cqc_inpatient"].set_index("provider")["standing"]
    names = orgs.name_of()
    codes = [code for code in ACUTE if code not in ("T-05", "T-06")]
    own = {question: rng.normal(0, 1, len(codes)) for question in CQC_QUESTIONS}
    years: list[pd.DataFrame] = []
    for year in planted.CQC_YEARS:
        start, end = window("cqc_inpatient", year)
        number = np.round(np.clip(rng.normal(420, 90, len(codes)), 160, 700))
        for position, question in enumerate(CQC_QUESTIONS):
            follows = 1.0 if question == "overall" else 0.8
            at = follows * truly[codes].to_numpy() + np.sqrt(1 - follows**2) * own[question]
            error = planted.CQC_PERSON_SD / np.sqrt(number)
            level = planted.CQC_MEAN + (0.0, -0.4, 0.5, -0.9)[position]
            mean = np.round(rng.normal(level + planted.CQC_SPREAD * at, error), 4)
            years.append(
                pd.DataFrame(
                    {
                        "source": "cqc_inpatient",
                        "measure": question,
                        "grain": Grain.TRUST.value,
                        "provider": codes,
                        "provider_name": [names[code] for code in codes],
                        "wave": year,
                        "period_start": start,
                        "period_end": end,
                        "respondents": number,
                        "value": mean,
                        "low": np.round(mean - 1.96 * error, 4),
                        "high": np.round(mean + 1.96 * error, 4),
                        "band": _bands(mean, level, error),
                        "withheld": Withheld.NONE.value,
                        "file": f"cqc/{year + 1}0815_aip{year % 100}"
                        "_trust-benchmark-data-synthetic.ods",
                    }
                )
            )
    return pd.concat(years, ignore_index=True)


def _bands(mean: Floats, level: float, error: Floats) -> list[str]:
    away = (mean - level) / np.sqrt(error**2 + (planted.CQC_SPREAD / 2) ** 2)
    return [
        "Better than expected"
        if z > 1.96
        else "Worse than expected"
        if z < -1.96
        else "About the same"
        for z in away
    ]
