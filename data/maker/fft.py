"""Friends and Family figures: drawn at the finest unit, rolled up, suppressed as published."""

from __future__ import annotations

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from data.maker import planted
from data.maker.figures import (
    Floats,
    Ints,
    answers,
    beta_binomial,
    expit,
    logit,
    modes,
    suppression,
)
from data.maker.organisations import (
    ACUTE,
    AMBULANCE,
    COMMUNITY,
    INDEPENDENT,
    INDEPENDENT_ICB,
    MENTAL_HEALTH,
    NO_MATERNITY,
    Organisations,
)
from pxcore.frames import ANSWERS, MODES
from pxcore.model import Period, Withheld

# The modes each layout prints.
MODES_PRINTED = {
    "fft_inpatient": (
        "mode_sms",
        "mode_electronic_discharge",
        "mode_electronic_home",
        "mode_paper_discharge",
        "mode_paper_home",
        "mode_telephone",
        "mode_online",
        "mode_other",
    ),
    "fft_ae": (
        "mode_sms",
        "mode_electronic_discharge",
        "mode_paper_discharge",
        "mode_paper_home",
        "mode_telephone",
        "mode_online",
        "mode_other",
    ),
    "fft_outpatient": (
        "mode_sms",
        "mode_electronic_at_appointment",
        "mode_electronic_after_appointment",
        "mode_paper_at_appointment",
        "mode_paper_after_appointment",
        "mode_telephone",
        "mode_online",
        "mode_other",
    ),
}
MODES_PRINTED["fft_maternity"] = MODES_PRINTED["fft_inpatient"]
MODES_PRINTED["fft_ambulance"] = MODES_PRINTED["fft_ae"]
MODES_PRINTED["fft_mental_health"] = MODES_PRINTED["fft_outpatient"]
MODES_PRINTED["fft_community"] = MODES_PRINTED["fft_outpatient"]
MODES_PRINTED["fft_gp"] = (
    "mode_sms",
    "mode_electronic_at_appointment",
    "mode_paper_at_appointment",
    "mode_telephone",
    "mode_online",
    "mode_other",
)
USUAL_MODES = (8.0, 1.0, 0.8, 1.2, 0.4, 0.5, 1.0, 0.1)
PAPER_MODES = (0.2, 0.6, 0.2, 8.0, 0.8, 0.2, 0.4, 0.1)
GRAINS = {
    "fft_inpatient": ("icb", "trust", "site", "ward"),
    "fft_ae": ("icb", "trust", "site"),
    "fft_maternity": ("icb", "trust", "site"),
    "fft_outpatient": ("icb", "trust"),
    "fft_ambulance": ("icb", "trust"),
    "fft_mental_health": ("icb", "trust"),
    "fft_community": ("icb", "trust"),
    "fft_gp": ("icb", "practice"),
}
SETTINGS = tuple(GRAINS)
WITHOUT_SITES = ("postnatal_community",)
MEANS = {  # responses a month of a trust of usual size
    "fft_inpatient": 900,
    "fft_ae": 420,
    "fft_outpatient": 800,
    "fft_ambulance": 140,
    "fft_mental_health": 160,
    "fft_community": 380,
}
TOUCH_POINT_MEANS = {
    "antenatal": 34,
    "birth": 70,
    "postnatal_ward": 58,
    "postnatal_community": 22,
}
COUNTS = ("respondents", "eligible", *ANSWERS)


@dataclass(frozen=True, slots=True)
class Publication:
    """One FFT file: what is printed in it, and the totals printed above the rows."""

    setting: str
    month: date
    file: str
    is_workbook: bool
    whole_percentages: bool  # a CSV saved from a sheet that shows 95%, not 0.9512
    rows: pd.DataFrame  # FFT_FACT columns, plus negative and trust
    totals: pd.DataFrame  # measure, grain, independent (included or not), counts, modes
    answered: pd.DataFrame  # GP: every count, before hiding


def months() -> list[date]:
    first, last = planted.FIRST_MONTH, planted.LAST_MONTH
    number = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(number)
    ]


def publications(
    seed: int,
    orgs: Organisations,
    standing: pd.DataFrame,
    settings: Collection[str] = SETTINGS,
) -> tuple[Publication, ...]:
    """Every month of some settings; what is drawn of one does not depend on which others are."""
    truly = {
        (code, source): value for code, source, value in standing.itertuples(index=False, name=None)
    }
    names = orgs.name_of() | {"I-01-A": INDEPENDENT["I-01"]}
    made: list[Publication] = []
    for number, setting in enumerate(SETTINGS):
        if setting not in settings:
            continue
        rng = np.random.default_rng([seed, 3, number])
        units = _units(rng, setting, orgs, truly)
        counts = _counts(rng, setting, units)
        of_orgs = _organisation_modes(rng, setting, counts)
        if setting == "fft_gp":
            counts, of_orgs = _drawn_apart(seed, counts, of_orgs)
        counts = _of_former_boards(orgs, counts)
        made += _publications(setting, counts, of_orgs, names)
    return tuple(made)


# --- Units ----------------------------------------------------------------------------------


def _units(
    rng: np.random.Generator,
    setting: str,
    orgs: Organisations,
    truly: dict[tuple[str, str], float],
) -> pd.DataFrame:
    """The finest organisations that answer: code of each level, usual volume, level, dates."""
    if setting == "fft_gp":
        return _practice_units(rng, orgs, truly)
    trusts = orgs.trusts[orgs.trusts["code"].isin(_submitters(setting))].copy()
    trusts["standing"] = [truly[code, setting] for code in trusts["code"]]
    trusts["size"] = np.exp(rng.normal(0, 0.35, len(trusts)))
    trusts.loc[trusts["code"] == "T-24", "size"] = float(
        trusts.loc[trusts["code"].isin(["T-05", "T-06"]), "size"].sum()
    )
    if setting == "fft_inpatient":
        trusts.loc[trusts["code"].isin(COMMUNITY), "size"] *= 0.12  # two wards each
        units = orgs.wards.merge(trusts, left_on="trust", right_on="code", suffixes=("", "_trust"))
        units = units.rename(columns={"key": "unit"})
        share = np.exp(rng.normal(0, 0.6, len(units)))
        share[rng.permutation(len(units))[: len(units) // 14]] *= 0.03  # tiny wards
        units["share"] = share / pd.Series(share).groupby(units["trust"]).transform("sum")
        own = rng.normal(0, 0.25, len(units))
    elif setting in ("fft_ae", "fft_maternity"):
        units = orgs.sites.merge(trusts, left_on="trust", right_on="code", suffixes=("", "_trust"))
        units["unit"] = units["code"]
        units["site"] = units["code"]
        share = np.exp(rng.normal(0, 0.7, len(units)))
        units["share"] = share / pd.Series(share).groupby(units["trust"]).transform("sum")
        own = rng.normal(0, 0.2, len(units))
    else:
        units = trusts.assign(unit=trusts["code"], trust=trusts["code"], site="", share=1.0)
        own = np.zeros(len(units))
    level = planted.LEVELS[setting]
    units["logit"] = logit(level.mean) + level.spread * units["standing"] + own
    units["volume"] = units["size"] * units["share"] * MEANS.get(setting, 1)
    units["rate"] = np.clip(rng.normal(0.24, 0.07, len(units)), 0.08, 0.5)
    keep = ["unit", "site", "trust", "icb", "logit", "volume", "rate", "opened", "closed"]
    every_unit = pd.concat([units[keep], _independent_units(setting, truly)], ignore_index=True)
    if setting != "fft_maternity":
        return every_unit.assign(measure="overall")
    points = []
    for measure in planted.TOUCH_POINTS:
        shift = {"antenatal": 0.0, "birth": 0.3, "postnatal_ward": -0.35}.get(measure, 0.1)
        points.append(
            every_unit.assign(
                measure=measure,
                volume=every_unit["volume"] * TOUCH_POINT_MEANS[measure],
                logit=every_unit["logit"] + shift + rng.normal(0, 0.15, len(every_unit)),
            )
        )
    return pd.concat(points, ignore_index=True)


def _submitters(setting: str) -> tuple[str, ...]:
    return {
        "fft_inpatient": (*ACUTE, *COMMUNITY),
        "fft_ae": ACUTE,
        "fft_maternity": tuple(code for code in ACUTE if code not in NO_MATERNITY),
        "fft_outpatient": (*ACUTE, *COMMUNITY),
        "fft_ambulance": AMBULANCE,
        "fft_mental_health": MENTAL_HEALTH,
        "fft_community": (*COMMUNITY, *MENTAL_HEALTH),
    }[setting]


def _independent_units(setting: str, truly: dict[tuple[str, str], float]) -> pd.DataFrame:
    """One invented independent provider, so that both totals can be printed and differ."""
    code = {"fft_inpatient": "I-01", "fft_outpatient": "I-01", "fft_ambulance": "I-02"}.get(setting)
    if code is None:
        return pd.DataFrame()
    level = planted.LEVELS[setting]
    site = f"{code}-A" if setting == "fft_inpatient" else ""
    return pd.DataFrame(
        {
            "unit": [f"{site}|Main Ward|110 - TRAUMA & ORTHOPAEDICS|" if site else code],
            "site": [site],
            "trust": [code],
            "icb": [INDEPENDENT_ICB],
            "logit": [logit(level.mean) + 0.4 + level.spread * truly[code, setting]],
            "volume": [60.0],
            "rate": [0.4],
            "opened": [None],
            "closed": [None],
        }
    )


def _practice_units(
    rng: np.random.Generator, orgs: Organisations, truly: dict[tuple[str, str], float]
) -> pd.DataFrame:
    practices = orgs.practices.merge(
        orgs.networks[["code", "sub_icb"]], left_on="network", right_on="code", suffixes=("", "_n")
    ).merge(orgs.sub_icbs[["code", "icb"]], left_on="sub_icb", right_on="code", suffixes=("", "_s"))
    codes = list(practices["code"])
    volume = np.clip(np.exp(rng.normal(np.log(45), 0.8, len(codes))), 3, 260)
    local = np.asarray(practices["network"] == planted.LOCAL_NETWORK)
    volume[local] = rng.uniform(22, 38, int(local.sum()))
    given = {
        **dict.fromkeys(planted.WELL_MEASURED, 170.0),
        planted.ALWAYS_WITHHELD: 2.0,
        planted.FULL_MARKS: 26.0,
        planted.STARTS_SMS: 6.0,
        planted.NEVER_RETURNS: 0.0,
        planted.NOT_LISTED: 0.0,
    }
    for code, mean in given.items():
        volume[codes.index(code)] = mean
    level = planted.LEVELS["fft_gp"]
    return pd.DataFrame(
        {
            "unit": codes,
            "site": "",
            "trust": codes,
            "icb": practices["icb"],
            "logit": [logit(level.mean) + level.spread * truly[code, "fft_gp"] for code in codes],
            "volume": volume,
            "rate": 0.1,
            "opened": practices["opened"],
            "closed": practices["closed"],
            "measure": "overall",
        }
    )


# --- Counts ---------------------------------------------------------------------------------


def _counts(rng: np.random.Generator, setting: str, units: pd.DataFrame) -> pd.DataFrame:
    """Every unit in every month it was open: responses, eligible and the six answers."""
    cells = units.merge(pd.DataFrame({"month": months()}), how="cross")
    is_open = (cells["opened"].isna() | (cells["month"] >= cells["opened"].fillna(date.max))) & (
        cells["closed"].isna() | (cells["month"] < cells["closed"].fillna(date.min))
    )
    cells = cells[is_open].reset_index(drop=True)
    volume = cells["volume"].to_numpy(dtype=float).copy()
    level = cells["logit"].to_numpy(dtype=float).copy()
    month = cells["month"].to_numpy()
    trust = cells["trust"].to_numpy()
    shifted = (trust == planted.MODE_SHIFT) & (month >= planted.MODE_SHIFT_ON)
    if setting == "fft_inpatient":
        volume[trust == planted.MODE_SHIFT] *= 0.45
        volume[shifted] *= 3.0
        level[shifted] += 0.85
    if setting == "fft_ae":
        level[(trust == planted.ODD_MONTH) & (month == planted.ODD_MONTH_ON)] -= 1.5
    if setting == "fft_gp":
        volume[(trust == planted.STARTS_SMS) & (month >= planted.STARTS_SMS_ON)] *= 40
    season = {m: rng.normal(0, 0.03) for m in months()}
    level += np.array([season[m] for m in month])
    responses = rng.poisson(volume * rng.gamma(14.0, 1 / 14.0, len(cells)))
    if setting == "fft_gp":
        responses = _planted_volumes(rng, responses, trust, month)
    positive = beta_binomial(rng, responses, expit(level), planted.INTRA_CLASS)
    if setting == "fft_gp":
        positive = np.where(trust == planted.FULL_MARKS, responses, positive)
        positive = np.where(
            (trust == planted.SMALL_N_TRAP) & (month == planted.SMALL_N_MONTH), 2, positive
        )
    states_eligible = responses / (cells["rate"].to_numpy() * rng.uniform(0.9, 1.1, len(cells)))
    unasked = rng.poisson(np.maximum(volume / cells["rate"].to_numpy(), 1))
    eligible = np.maximum(np.round(np.where(responses > 0, states_eligible, unasked)), responses)
    cells["respondents"], cells["eligible"] = responses, eligible.astype(np.int64)
    return pd.concat([cells, answers(rng, responses, positive)], axis=1)


def _planted_volumes(
    rng: np.random.Generator,
    responses: Ints,
    practice: npt.NDArray[Any],
    month: npt.NDArray[Any],
) -> Ints:
    """Practices whose number of answers is part of the story, and months nobody returned."""
    volumes = responses.copy()
    lost = rng.random(len(volumes)) < 0.03
    planted_practices = {
        *(planted.WELL_MEASURED),
        planted.ALWAYS_WITHHELD,
        planted.FULL_MARKS,
        planted.STARTS_SMS,
        planted.SMALL_N_TRAP,
        planted.TOO_FEW,
    }
    steady = np.isin(practice, sorted(planted_practices))
    volumes[lost & ~steady] = 0
    withheld = practice == planted.ALWAYS_WITHHELD
    volumes[withheld] = np.clip(volumes[withheld], 1, 4)
    trap = practice == planted.SMALL_N_TRAP
    volumes[trap] = np.where(month[trap] == planted.SMALL_N_MONTH, 7, 0)
    few = practice == planted.TOO_FEW
    turn = np.array([m.month % 3 == 2 for m in month])
    volumes[few] = np.where(turn[few], np.clip(volumes[few], 5, 8), 0)
    marks = practice == planted.FULL_MARKS
    volumes[marks] = np.maximum(volumes[marks], 8)
    return volumes


def _organisation_modes(
    rng: np.random.Generator, setting: str, counts: pd.DataFrame
) -> pd.DataFrame:
    """How each organisation's answers came in, by month and measure."""
    by_org = counts.groupby(["month", "measure", "trust", "icb"], as_index=False)[
        "respondents"
    ].sum()
    names = MODES_PRINTED[setting]
    own = {
        code: rng.dirichlet(np.array(USUAL_MODES[: len(names)]) * 1.5)
        for code in sorted(set(by_org["trust"]))
    }
    shares = np.array([own[code] for code in by_org["trust"]])
    if setting == "fft_inpatient":
        shift = np.asarray(by_org["trust"] == planted.MODE_SHIFT)
        late = np.asarray(by_org["month"] >= planted.MODE_SHIFT_ON)
        shares[shift & ~late] = np.array(PAPER_MODES)
        shares[shift & late] = np.array((9.0, 0.3, 0.2, 0.8, 0.1, 0.1, 0.4, 0.1))
    drawn = modes(rng, by_org["respondents"].to_numpy(dtype=np.int64), shares, names)
    return pd.concat([by_org.drop(columns="respondents"), drawn], axis=1)


def _drawn_apart(
    seed: int,
    counts: pd.DataFrame,
    of_orgs: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The counts and modes of the practices planted since, each from a stream of its own."""
    counts, of_orgs = counts.copy(), of_orgs.copy()
    level = planted.LEVELS["fft_gp"]
    names = list(MODES_PRINTED["fft_gp"])
    silent = {
        *planted.NO_RETURN[1:],
        *planted.UNLISTED[1:],
        *planted.WITHHELD[1:],
        *planted.FEW[1:],
    }
    for code in sorted({*planted.APART, *silent}):
        rng = np.random.default_rng([seed, 3, 100, int(code.removeprefix("P-"))])
        rows = counts.index[counts["trust"] == code]
        month = counts.loc[rows, "month"].to_numpy()
        number = len(rows)
        if code in planted.WITHHELD:
            responses = np.clip(rng.poisson(2.0, number), 1, 4)
        elif code in planted.FEW:
            turn = np.array([m.month % 3 == 2 for m in month])
            responses = np.where(turn, rng.integers(5, 9, number), 0)
        elif code in silent:
            responses = np.zeros(number, dtype=np.int64)
        else:
            usual = planted.RESPONSES_APART * rng.gamma(14.0, 1 / 14.0, number)
            responses = rng.poisson(usual)
        standing = np.full(number, planted.APART.get(code, {}).get("fft_gp", 0.0))
        if code == planted.ACTED:
            after = month >= planted.ACTED_ON
            standing = np.where(after, planted.STANDING_AFTER, planted.STANDING_BEFORE)
        chance = expit(logit(level.mean) + level.spread * standing)
        positive = beta_binomial(rng, responses, chance, planted.INTRA_CLASS)
        counts.loc[rows, "respondents"] = responses
        counts.loc[rows, "eligible"] = responses * 10
        counts.loc[rows, list(ANSWERS)] = answers(rng, responses, positive).to_numpy()
        place = of_orgs.index[of_orgs["trust"] == code]
        by_month = dict(zip(month, responses, strict=True))
        number_of = np.array([by_month[m] for m in of_orgs.loc[place, "month"]], dtype=np.int64)
        share = rng.dirichlet(np.array(USUAL_MODES[: len(names)]) * 1.5)
        of_orgs.loc[place, names] = modes(
            rng, number_of, np.tile(share, (len(place), 1)), tuple(names)
        ).to_numpy()
    return counts, of_orgs


def _of_former_boards(orgs: Organisations, counts: pd.DataFrame) -> pd.DataFrame:
    """Months before two boards became one are printed under the board of the time."""
    early = (counts["month"] < planted.MERGED_ON) & (counts["icb"] == planted.MERGED_BOARD)
    former = counts["trust"].map(orgs.former_boards)
    return counts.assign(icb=former.where(early, counts["icb"]))


# --- Publication ----------------------------------------------------------------------------


def _publications(
    setting: str, counts: pd.DataFrame, of_orgs: pd.DataFrame, names: dict[str, str]
) -> list[Publication]:
    """Every month of one setting, each level rolled up and suppressed for all months at once."""
    rows: list[pd.DataFrame] = []
    totals: list[pd.DataFrame] = []
    hidden: frozenset[str] = frozenset()
    for grain in GRAINS[setting]:
        counted = counts[~counts["measure"].isin(WITHOUT_SITES)] if grain == "site" else counts
        level = _rolled_up(grain, counted, of_orgs)
        totals.append(_totals(level, grain))
        flags = suppression(level[["group", "respondents"]], hidden)
        hidden = frozenset(level.loc[flags["any"], "key"])
        rows.append(_printed(setting, grain, level, flags, names))
    printed, summed = pd.concat(rows, ignore_index=True), pd.concat(totals, ignore_index=True)
    made = []
    for month in months():
        if month < planted.FIRST_MONTHS.get(setting, planted.FIRST_MONTH):
            continue
        is_workbook = _is_workbook(setting, month)
        shown = printed[printed["period_start"] == month]
        if not is_workbook:  # a CSV is one sheet: of maternity, the sheet on birth
            shown = shown[shown["grain"].isin(["trust", "practice"])]
            shown = shown[shown["measure"].isin(["overall", "birth"])]
        made.append(
            Publication(
                setting,
                month,
                file_name(setting, month, is_workbook),
                is_workbook,
                _whole(month),
                shown.reset_index(drop=True),
                summed[summed["month"] == month],
                counts[counts["month"] == month] if setting == "fft_gp" else pd.DataFrame(),
            )
        )
    return made


def _rolled_up(grain: str, counts: pd.DataFrame, of_orgs: pd.DataFrame) -> pd.DataFrame:
    """The counts of one level by month and measure: provider and the codes on its way up.

    `key` is the row's own and `group` its parent's, both within the month and measure.
    """
    codes = {
        "icb": ["icb"],
        "trust": ["icb", "trust"],
        "practice": ["icb", "trust"],
        "site": ["icb", "trust", "site"],
        "ward": ["icb", "trust", "site", "unit"],
    }[grain]
    by = ["month", "measure", *codes]
    level = counts.groupby(by, as_index=False, sort=True)[list(COUNTS)].sum()
    level["provider"] = level[codes[-1]]
    level["above"] = level[codes[-2]] if len(codes) > 1 else ""
    for column in ("icb", "trust", "site"):
        if column not in level:
            level[column] = ""
    within = level["month"].map(str) + "|" + level["measure"] + "|"
    level["key"], level["group"] = within + level["provider"], within + level["above"]
    if grain in ("trust", "practice"):
        level = level.merge(of_orgs.drop(columns="icb"), on=["month", "measure", "trust"])
    return level


def _totals(level: pd.DataFrame, grain: str) -> pd.DataFrame:
    """What is printed above the rows: England with and without independent providers."""
    counted = [column for column in (*COUNTS, *MODES) if column in level]
    by = ["month", "measure"]
    everyone = level.groupby(by, as_index=False)[counted].sum()
    nhs = level[level["icb"] != INDEPENDENT_ICB].groupby(by, as_index=False)[counted].sum()
    return pd.concat([everyone.assign(independent=True), nhs.assign(independent=False)]).assign(
        grain=grain
    )


def _printed(
    setting: str, grain: str, level: pd.DataFrame, flags: pd.DataFrame, names: dict[str, str]
) -> pd.DataFrame:
    """The rows of one level as the publisher prints them; NaN where nothing or a sign stands.

    Answers are hidden on every withheld row, percentages only where there are one to four
    responses; the number of responses stays.
    """
    ends = {m: Period.month(m.year, m.month).end for m in months()}
    responses = level["respondents"].to_numpy(dtype=float)
    digits = np.where(level["month"].map(_whole), 2, 4)
    with np.errstate(invalid="ignore"):
        positive = (level["very_good"] + level["good"]).to_numpy() / responses
        negative = (level["poor"] + level["very_poor"]).to_numpy() / responses
    first, hidden = flags["first"].to_numpy(), flags["any"].to_numpy()
    withheld = np.full(len(level), Withheld.NONE.value, dtype=object)
    withheld[first] = Withheld.PUBLISHER.value
    withheld[responses == 0] = Withheld.NOT_CALCULABLE.value
    printed = pd.DataFrame(
        {
            "source": setting,
            "measure": level["measure"],
            "grain": grain,
            "icb": level["icb"],
            "trust": level["trust"],
            "parent": level["above"] if grain in ("site", "ward") else "",
            "provider": level["provider"],
            "provider_name": [
                code.split("|")[1] if grain == "ward" else names[code] for code in level["provider"]
            ],
            "period_start": level["month"],
            "period_end": level["month"].map(ends),
            "scale": "experience",
            "respondents": responses,
            "eligible": level["eligible"].astype(float),
            "value": np.where(first, np.nan, _rounded(positive, digits)),
            "negative": np.where(first, np.nan, _rounded(negative, digits)),
            "withheld": withheld,
        }
    )
    if setting == "fft_gp":
        printed["eligible"] = np.nan
    elif setting == "fft_maternity":
        states_eligible = (level["measure"] == "birth") & (grain != "site")
        printed["eligible"] = printed["eligible"].where(states_eligible)
    for answer in ANSWERS:
        printed[answer] = level[answer].where(~flags["any"]).astype(float)
    # The modes of ambulance organisations stand on a sheet of their own, so not in its CSVs.
    on_sheet = level["month"].map(
        lambda month: setting != "fft_ambulance" or _is_workbook(setting, month)
    )
    for mode in MODES:
        printed[mode] = level[mode].astype(float).where(on_sheet) if mode in level else np.nan
    return _as_gp_prints(printed, hidden) if grain == "practice" else printed


def _rounded(values: Floats, digits: npt.NDArray[Any]) -> Floats:
    return np.where(digits == 2, np.round(values, 2), np.round(values, 4))


def _is_workbook(setting: str, month: date) -> bool:
    return month >= planted.FIRST_WORKBOOK_MONTHS.get(setting, date.max)


def _whole(month: date) -> bool:
    """Whether percentages are shown without decimals: in the first year's CSVs."""
    return month < date(2024, 4, 1)


def _as_gp_prints(printed: pd.DataFrame, hidden: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The GP file hides the number as well, and leaves practices without a return blank."""
    rows = printed.copy()
    figures = ["respondents", "value", "negative", *ANSWERS, *MODES]
    rows.loc[hidden, figures] = np.nan
    rows.loc[hidden, "withheld"] = Withheld.PUBLISHER.value
    blank = (rows["respondents"] == 0) & (rows["provider"] != planted.SMALL_N_TRAP)
    rows.loc[blank, figures] = np.nan
    rows.loc[blank, "withheld"] = Withheld.UNKNOWN.value
    return rows[~rows["provider"].isin(planted.UNLISTED)]


_WORDS = {
    "fft_inpatient": "inpatient",
    "fft_ae": "ae",
    "fft_maternity": "maternity",
    "fft_outpatient": "outpatient",
    "fft_ambulance": "ambulance",
    "fft_mental_health": "mental-health",
    "fft_community": "community",
}


def file_name(setting: str, month: date, is_workbook: bool) -> str:
    """Names drift from month to month, as the publisher's do; `ftt` is their slip, kept."""
    name, short = calendar.month_name[month.month], calendar.month_abbr[month.month]
    year = f"{month.year % 100:02d}"
    end = "xlsx" if is_workbook else "csv"
    if setting == "fft_gp":
        drift = (
            f"fft-gp-{short.lower()}-{year}",
            f"FFT-GP-{short}-{year}",
            f"fft-gp-{short.lower()}-{year}-v2",
            f"FFT-GP-data--{name}-{month.year}",
            f"Friends-and-Family-Test-FFT-GP-data-{name}-{month.year}",
            f"friends-and-family-gp-data-{name.lower()}-{month.year}",
            f"FFT_GP_MacroWebfile_{short}-{year}",
            f"ftt-gp-{short.lower()}-{year}",
        )
        return f"fft/{drift[(month.year * 12 + month.month) % len(drift)]}-synthetic.{end}"
    sheet = {"fft_maternity": "Trusts-Q2", "fft_ambulance": "PTS-Org"}.get(setting, "Trusts")
    sheet = "Orgs" if setting in ("fft_outpatient", "fft_mental_health", "fft_community") else sheet
    saved = "" if is_workbook else f"-{sheet}"
    return f"fft/FFT-{_WORDS[setting]}-{name}-{month.year}{saved}-synthetic.{end}"
