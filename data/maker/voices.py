"""Row-level files: local FFT answers, a local survey, Healthwatch feedback, Care Opinion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.maker import comments, planted
from data.maker.fft import Publication, months
from data.maker.figures import expit, logit
from data.maker.organisations import AMBULANCE, COMMUNITY, MENTAL_HEALTH, Organisations
from pxcore.frames import ANSWERS

LOCAL_FROM = date(2025, 4, 1)
LOCAL_FFT = "local/local_fft_responses_2025-04_to_2026-03_synthetic.csv"
LOCAL_SURVEY = "local/local_patient_survey_2025-26_synthetic.csv"
BOARD_FROM = date(2026, 1, 1)
BOARD_FFT = "local/local_fft_responses_board_2026-01_to_2026-03_synthetic.csv"
BOARD_SURVEY = "local/local_patient_survey_board_2026-01_to_2026-03_synthetic.csv"
HEALTHWATCH = "healthwatch/healthwatch_feedback_2023-04_to_2026-03_synthetic.csv"
CARE_OPINION = "care_opinion/care_opinion_stories_2023-04_to_2026-03_synthetic.csv"
RATINGS = ("Very good", "Good", "Neither good nor poor", "Poor", "Very poor", "Don't know")
EXPERIENCE = ("Very good", "Fairly good", "Neither good nor poor", "Fairly poor", "Very poor")
EASE = ("Very easy", "Fairly easy", "Not very easy", "Not at all easy")
SATISFACTION = (
    "Very satisfied",
    "Fairly satisfied",
    "Neither satisfied nor dissatisfied",
    "Fairly dissatisfied",
    "Very dissatisfied",
)
AGES = ("16-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75-84", "85+")
AGE_TITLES = {"85+": "85 and over"}
FIFTHS = ("1 (most deprived)", "2", "3", "4", "5 (least deprived)")
AGE_SHARES = np.array((0.12, 0.15, 0.16, 0.16, 0.15, 0.14, 0.08, 0.04))
SEXES, SEX_SHARES = ("Female", "Male", "Prefer not to say"), (0.55, 0.41, 0.04)
ETHNICITIES = (
    "White",
    "Asian or Asian British",
    "Black or Black British",
    "Mixed or multiple",
    "Other",
    "Prefer not to say",
)
ETHNICITY_SHARES = (0.64, 0.14, 0.09, 0.03, 0.02, 0.08)
MODES, MODE_SHARES = ("SMS", "Online", "Paper", "Telephone"), (0.7, 0.14, 0.12, 0.04)
NOT_STATED = "Prefer not to say"
GROUPS_STATED = (
    "age", "sex", "ethnicity", "deprivation", "long_term_condition", "disability", "carer",
)  # fmt: skip
REPEATED, WITHOUT_PRACTICE, OLD_WORDING = 12, 6, 7
HEALTHWATCH_ROWS, STORIES = 900, 120


@dataclass(frozen=True, slots=True)
class Voices:
    responses: pd.DataFrame
    answers: pd.DataFrame
    rows: pd.DataFrame
    aliases: pd.DataFrame


NOBODY = Voices(
    responses=pd.DataFrame(),
    answers=pd.DataFrame(),
    rows=pd.DataFrame(),
    aliases=pd.DataFrame(columns=["name", "code"]),
)


@dataclass(slots=True)
class _Collected:
    """Rows as written, and as they ought to be read."""

    rows: list[dict[str, Any]]
    responses: list[dict[str, Any]]
    answers: list[dict[str, Any]]


def voices(
    seed: int,
    orgs: Organisations,
    standing: pd.DataFrame,
    published: Sequence[Publication],
) -> Voices:
    truly = {
        (code, source): value for code, source, value in standing.itertuples(index=False, name=None)
    }
    collected = _Collected([], [], [])
    spellings = _spellings(orgs)
    times = _local_fft(np.random.default_rng([seed, 6]), orgs, published, spellings, collected)
    _local_survey(np.random.default_rng([seed, 7]), orgs, truly, times, collected)
    _healthwatch(np.random.default_rng([seed, 8]), orgs, truly, collected)
    _care_opinion(np.random.default_rng([seed, 9]), orgs, truly, collected)
    _board_fft(np.random.default_rng([seed, 10]), orgs, published, collected)
    _board_survey(np.random.default_rng([seed, 11]), orgs, truly, collected)
    aliases = pd.DataFrame(
        [(name, code) for code, names in spellings.items() for name in names],
        columns=["name", "code"],
    )
    left_out = spellings[UNCONFIRMED][-1]
    return Voices(
        pd.DataFrame(collected.responses),
        pd.DataFrame(collected.answers),
        pd.DataFrame(collected.rows),
        aliases[aliases["name"] != left_out].reset_index(drop=True),
    )


UNCONFIRMED = "P-0038"  # its last spelling is left for a person to confirm


def _spellings(orgs: Organisations) -> dict[str, list[str]]:
    """How the local files write each name: as registered, hyphened, or by another word."""
    local = orgs.practices[orgs.practices["network"] == planted.LOCAL_NETWORK]
    spelt: dict[str, list[str]] = {}
    for at, (code, name) in enumerate(zip(local["code"], local["name"], strict=True)):
        place, _, form = name.partition(" ")
        alternative = "Surgery" if form != "Surgery" else "Practice"
        spelt[code] = [name]
        if at % 3 == 0:
            spelt[code].append(name.replace(" ", "-"))
        if at % 3 == 1 or code == UNCONFIRMED:
            spelt[code].append(f"{place} {alternative}")
    return spelt


def _local_fft(
    rng: np.random.Generator,
    orgs: Organisations,
    published: Sequence[Publication],
    spellings: dict[str, list[str]],
    collected: _Collected,
) -> pd.DataFrame:
    """The very answers behind the published counts of the local network, one a row."""
    network = orgs.networks.set_index("code").loc[planted.LOCAL_NETWORK, "name"]
    counted = pd.concat(
        [p.answered for p in published if p.setting == "fft_gp" and p.month >= LOCAL_FROM]
    )
    rows: list[dict[str, Any]] = []
    for code, names in spellings.items():
        if code == planted.NEVER_RETURNS:
            continue
        for record in counted[counted["trust"] == code].to_dict("records"):
            month = record["month"]
            for answer, rating in zip(ANSWERS, RATINGS, strict=True):
                for _ in range(int(record[answer])):
                    rows.append(
                        {
                            "time": _moment(rng, month),
                            "rating": rating,
                            "surgery": names[int(rng.integers(len(names)))],
                            "pcn": network,
                            "code": code,
                            "age": _age_given(rng, happy=answer in ("very_good", "good")),
                            **_person(rng),
                        }
                    )
    rows.sort(key=lambda row: (row["time"], row["surgery"]))
    for number, row in enumerate(rows):
        row["submission_id"] = "" if rng.random() < 0.1 else f"s{number:05d}"
    written = [dict(row, reject="") for row in rows]
    neither = [row for row in written if row["rating"] == "Neither good nor poor"]
    for row in neither[:OLD_WORDING]:
        row["rating"] = "Neither good or poor"
    # Sent twice: the later copy is the one to keep, so the earlier is rejected.
    with_id = [row for row in written if row["submission_id"]]
    for at in sorted(int(n) for n in rng.permutation(len(with_id))[:REPEATED]):
        with_id[at]["reject"] = "repeated submission id"
        written.append(dict(with_id[at], reject=""))
    for _ in range(WITHOUT_PRACTICE):
        moment = _moment(rng, date(2025, 11, 1))
        written.append(
            {
                "time": moment,
                "rating": "Good",
                "surgery": "",
                "pcn": network,
                "code": "",
                "age": "35-44",
                **_person(rng),
                "submission_id": f"x{len(written):05d}",
                "reject": "without a practice",
            }
        )
    _collect_fft(collected, LOCAL_FFT, written, network)
    return pd.DataFrame(
        [row for row in written if row["code"] == planted.SAME_PEOPLE and not row["reject"]]
    )


def _local_survey(
    rng: np.random.Generator,
    orgs: Organisations,
    truly: dict[tuple[str, str], float],
    same_people: pd.DataFrame,
    collected: _Collected,
) -> None:
    """A survey of the same practices; of one of them, filled in together with the FFT."""
    local = orgs.practices[orgs.practices["network"] == planted.LOCAL_NETWORK]
    rows: list[dict[str, Any]] = []
    for code in local["code"]:
        if code == planted.SAME_PEOPLE:
            continue
        at = planted.LEVELS["gp_survey"].spread * truly[code, "gp_survey"]
        for _ in range(int(rng.integers(200, 250))):
            age = _draw(rng, AGES, AGE_SHARES)
            level = at + (-1.1 if age in planted.YOUNG else 0.3) + float(rng.normal(0, 0.9))
            rows.append(
                {
                    "time": _moment(rng, months()[24 + int(rng.integers(12))]),
                    "practice_code": code,
                    **_opinions(rng, level),
                    "age": age,
                    **_person(rng),
                }
            )
    mirrored = dict(zip(RATINGS, EXPERIENCE, strict=False))
    for record in same_people.to_dict("records"):
        rating = str(record["rating"]).replace("good or poor", "good nor poor")
        if rating not in mirrored:
            continue
        level = 1.0 if rating in ("Very good", "Good") else -1.0
        rows.append(
            {
                "time": record["time"],
                "practice_code": planted.SAME_PEOPLE,
                "phone": _likert(rng, EASE, 0.55, level),
                "appointment_time": _likert(rng, SATISFACTION, 0.58, level),
                "making_appointment": _likert(rng, EXPERIENCE, 0.66, level),
                "overall_experience": mirrored[rating],
                **{name: record[name] for name in ("age", "sex", "ethnicity", "mode")},
            }
        )
    rows.sort(key=lambda row: (row["time"], row["practice_code"]))
    _collect_survey(collected, LOCAL_SURVEY, rows)


def _of_board(orgs: Organisations) -> pd.DataFrame:
    """The practices of the local network's board that are not in that network, with their deprivation."""
    networks = orgs.networks.merge(
        orgs.sub_icbs.rename(columns={"code": "sub_icb"}), on="sub_icb"
    ).set_index("code")
    board = networks.loc[planted.LOCAL_NETWORK, "icb"]
    of_board = set(networks.index[networks["icb"] == board]) - {planted.LOCAL_NETWORK}
    practices = orgs.practices[
        orgs.practices["network"].isin(of_board)
        & ~orgs.practices["code"].isin(planted.WITHHELD)  # no local files speak of it either
    ]
    return practices.merge(orgs.lists[["practice", "decile"]], left_on="code", right_on="practice")


def _board_fft(
    rng: np.random.Generator,
    orgs: Organisations,
    published: Sequence[Publication],
    collected: _Collected,
) -> None:
    """The answers behind the published counts of the board's other practices, by every group."""
    counted = pd.concat(
        [p.answered for p in published if p.setting == "fft_gp" and p.month >= BOARD_FROM]
    )
    rows: list[dict[str, Any]] = []
    for practice in _of_board(orgs).to_dict("records"):
        for record in counted[counted["trust"] == practice["code"]].to_dict("records"):
            for answer, rating in zip(ANSWERS, RATINGS, strict=True):
                for _ in range(int(record[answer])):
                    happy = answer in ("very_good", "good")
                    rows.append(
                        {
                            "time": _moment(rng, record["month"]),
                            "rating": rating,
                            "practice_code": practice["code"],
                            "code": practice["code"],
                            "surgery": "",
                            "age": _age_given(rng, happy=happy),
                            **_person(rng),
                            **_circumstances(rng, practice, happy=happy),
                            "reject": "",
                        }
                    )
    rows.sort(key=lambda row: (row["time"], row["code"]))
    for number, row in enumerate(rows):
        row["submission_id"] = f"b{number:05d}"
    _collect_fft(collected, BOARD_FFT, rows, "")


def _board_survey(
    rng: np.random.Generator,
    orgs: Organisations,
    truly: dict[tuple[str, str], float],
    collected: _Collected,
) -> None:
    """A survey of the same practices. The young order them the other way round from everybody else; and
    one network asked mostly people with a long-term condition."""
    rows: list[dict[str, Any]] = []
    for practice in _of_board(orgs).to_dict("records"):
        code, network = practice["code"], practice["network"]
        spread = planted.LEVELS["gp_survey"].spread
        of_others = spread * truly[code, "gp_survey"]
        sent = 170 if network == planted.UNUSUAL_PEOPLE else int(rng.integers(85, 110))
        for _ in range(sent):
            age = _draw(rng, AGES, AGE_SHARES)
            person = _person(rng)
            circumstances = _circumstances(rng, practice, happy=True)
            level = float(rng.normal(0, 0.9))
            if network == planted.UNUSUAL_PEOPLE:
                circumstances["long_term_condition"] = "Yes" if rng.random() < 0.8 else "No"
                level += 0.3 if circumstances["long_term_condition"] == "Yes" else 3.4
            else:
                level += -of_others - 1.1 if age in planted.YOUNG else of_others + 0.3
            rows.append(
                {
                    "time": _moment(rng, months()[33 + int(rng.integers(3))]),
                    "practice_code": code,
                    **_opinions(rng, level),
                    "age": age,
                    **person,
                    **circumstances,
                }
            )
    rows.sort(key=lambda row: (row["time"], row["practice_code"]))
    _collect_survey(collected, BOARD_SURVEY, rows)


def _collect_fft(
    collected: _Collected, file: str, written: list[dict[str, Any]], context: Any
) -> None:
    """Rows of Friends and Family answers, as written and as they ought to be read."""
    for number, row in enumerate(written):
        collected.rows.append({"file": file, "number": number, **row})
        if row["reject"]:
            continue
        collected.responses.append(
            {
                "file": file,
                "number": number,
                "source": "fft_local",
                "provider": row.get("practice_code", ""),
                "provider_name": row["surgery"],
                "provider_context": context,
                "truly": row["code"],
                "answered_on": row["time"].date(),
                "mode": row["mode"],
                **_groups(row),
            }
        )
        collected.answers.append(
            {
                "file": file,
                "number": number,
                "source": "fft_local",
                "measure": "overall",
                "answer": row["rating"],
                "positive": float(row["rating"] in ("Very good", "Good")),
            }
        )


def _collect_survey(collected: _Collected, file: str, rows: list[dict[str, Any]]) -> None:
    """Rows of a survey, as written and as they ought to be read."""
    scales = {
        "phone": ("phone", EASE),
        "appointment_time": ("appointment_time", SATISFACTION),
        "making_appointment": ("appointment", EXPERIENCE),
        "overall_experience": ("overall", EXPERIENCE),
    }
    for number, row in enumerate(rows):
        collected.rows.append({"file": file, "number": number, "reject": "", **row})
        collected.responses.append(
            {
                "file": file,
                "number": number,
                "source": "local_survey",
                "provider": row["practice_code"],
                "provider_name": "",
                "provider_context": "",
                "truly": row["practice_code"],
                "answered_on": row["time"].date(),
                "mode": row["mode"],
                **_groups(row),
            }
        )
        for column, (measure, scale) in scales.items():
            if row[column]:
                collected.answers.append(
                    {
                        "file": file,
                        "number": number,
                        "source": "local_survey",
                        "measure": measure,
                        "answer": row[column],
                        "positive": float(row[column] in scale[:2]),
                    }
                )


def _healthwatch(
    rng: np.random.Generator,
    orgs: Organisations,
    truly: dict[tuple[str, str], float],
    collected: _Collected,
) -> None:
    """Few people, richly: some practices are often spoken of, many never."""
    names = orgs.name_of()
    spread = planted.LEVELS["healthwatch"].spread
    level = logit(planted.LEVELS["healthwatch"].mean)
    practices = [
        code for code in orgs.practices["code"] if code not in (planted.NEVER_RETURNS, "P-0049")
    ]
    weights = np.exp(rng.normal(0, 1.5, len(practices)))
    for code in planted.WELL_MEASURED:
        weights[practices.index(code)] = float(np.quantile(weights, 0.95))
    weights[practices.index("P-0103")] = weights.max()
    weights[practices.index(planted.SMALL_N_TRAP)] = 0.3
    weights *= 0.74 / weights.sum()
    trusts = list(orgs.trusts["code"])
    shares = np.concatenate([weights, np.full(len(trusts), 0.26 / len(trusts))])
    rows: list[dict[str, Any]] = []
    while len(rows) < HEALTHWATCH_ROWS:
        code = _draw(rng, (*practices, *trusts), shares)
        on = _day(rng)
        if not _is_open(orgs, code, on):
            continue
        chance = expit(level + spread * truly[code, "healthwatch"])
        rows.append(
            {
                "date": on,
                "provider_code": code if rng.random() < 0.6 else "",
                "provider_name": names[code],
                "service": _service(rng, code),
                **_words_of(rng, float(chance), with_stars=True),
                "age": _draw(rng, (*AGES, NOT_STATED), np.append(AGE_SHARES * 0.8, 0.2)),
                "sex": _draw(rng, SEXES, np.array(SEX_SHARES)),
                "ethnicity": _draw(rng, ETHNICITIES, np.array(ETHNICITY_SHARES)),
                "truly": code,
            }
        )
    _add_personal(rows, comments.PERSONAL[:8])
    rows.sort(key=lambda row: (row["date"], row["provider_name"], row["comment"]))
    _collect_voices(collected, HEALTHWATCH, "healthwatch", "HW", rows)


def _care_opinion(
    rng: np.random.Generator,
    orgs: Organisations,
    truly: dict[tuple[str, str], float],
    collected: _Collected,
) -> None:
    names = orgs.name_of()
    level = planted.LEVELS["care_opinion"]
    trusts = list(orgs.trusts["code"])
    rows: list[dict[str, Any]] = []
    while len(rows) < STORIES:
        code = trusts[int(rng.integers(len(trusts)))]
        on = _day(rng)
        if not _is_open(orgs, code, on):
            continue
        chance = expit(logit(level.mean) + level.spread * truly[code, "care_opinion"])
        answers = _words_of(rng, float(chance), with_stars=False)
        criticality = {"positive": (0, 0, 1), "neutral": (1, 2, 2), "negative": (2, 3, 4)}
        rows.append(
            {
                "date": on,
                "provider_code": code,
                "provider_name": names[code],
                "service": _service(rng, code),
                **answers,
                "criticality": criticality[answers["sentiment"]][int(rng.integers(3))],
                "truly": code,
            }
        )
    _add_personal(rows, comments.PERSONAL[8:])
    rows.sort(key=lambda row: (row["date"], row["provider_code"], row["comment"]))
    _collect_voices(collected, CARE_OPINION, "care_opinion", "CO", rows)


def _collect_voices(
    collected: _Collected, file: str, source: str, prefix: str, rows: list[dict[str, Any]]
) -> None:
    for number, row in enumerate(rows):
        key = f"{prefix}-{number + 1:05d}"
        collected.rows.append({"file": file, "number": number, "reject": "", "key": key, **row})
        collected.responses.append(
            {
                "file": file,
                "number": number,
                "source": source,
                "response": key,
                "provider": row["provider_code"],
                "provider_name": row["provider_name"],
                "provider_context": "",
                "truly": row["truly"],
                "service_raw": row["service"],
                "answered_on": row["date"],
                "stars": row.get("stars"),
                "sentiment": row["sentiment"],
                "themes": row["themes"],
                "comment": row["comment"],
                "personal": row.get("personal", False),
                **(_groups(row) if "age" in row else {}),
            }
        )
        collected.answers.append(
            {
                "file": file,
                "number": number,
                "source": source,
                "measure": "overall",
                "answer": row["sentiment"],
                "positive": float(row["sentiment"] == "positive"),
            }
        )


# --- Small draws ----------------------------------------------------------------------------


def _draw(rng: np.random.Generator, choices: Sequence[str], shares: Any) -> str:
    edges = np.cumsum(shares)
    return choices[min(int(np.searchsorted(edges, rng.random() * edges[-1])), len(choices) - 1)]


def _moment(rng: np.random.Generator, month: date) -> datetime:
    day = int(rng.integers(1, 29))
    seconds = int(rng.integers(8 * 3600, 21 * 3600))
    return datetime(month.year, month.month, day) + timedelta(seconds=seconds)


def _day(rng: np.random.Generator) -> date:
    span = (date(2026, 3, 31) - planted.FIRST_MONTH).days
    return planted.FIRST_MONTH + timedelta(days=int(rng.integers(span + 1)))


def _age_given(rng: np.random.Generator, *, happy: bool) -> str:
    """In the FFT answers the youngest are the happiest; in the survey they are the least."""
    young = rng.random() < (0.30 if happy else 0.09)
    of_group = np.array([(age in planted.YOUNG) == young for age in AGES])
    return _draw(rng, AGES, np.where(of_group, AGE_SHARES, 0))


def _person(rng: np.random.Generator) -> dict[str, str]:
    return {
        "sex": _draw(rng, SEXES, SEX_SHARES),
        "ethnicity": _draw(rng, ETHNICITIES, ETHNICITY_SHARES),
        "mode": _draw(rng, MODES, MODE_SHARES),
    }


def _circumstances(
    rng: np.random.Generator, practice: Mapping[Any, Any], *, happy: bool
) -> dict[str, str]:
    """How deprived a person's street is, their health, and whom they care for.

    Those with a long-term condition or a disability, and carers, are a little less happy; in one network
    those with a condition are much less so.
    """
    condition = 0.26 if happy else 0.38
    if practice["network"] == planted.UNUSUAL_PEOPLE:
        condition = 0.10 if happy else 0.60
    fifth = (int(practice["decile"]) + 1) // 2 + int(rng.integers(-1, 2))
    fifth = min(max(fifth, 1), len(FIFTHS))
    return {
        "deprivation": FIFTHS[fifth - 1],
        "long_term_condition": _yes(rng, condition),
        "disability": _yes(rng, 0.17 if happy else 0.24),
        "carer": _yes(rng, 0.12 if happy else 0.16),
    }


def _yes(rng: np.random.Generator, chance: float) -> str:
    """Yes, no, or now and then no answer."""
    return _draw(rng, ("Yes", "No", NOT_STATED), (chance * 0.96, (1 - chance) * 0.96, 0.04))


def _groups(row: dict[str, Any]) -> dict[str, str]:
    """The groups as the app names them; what is not stated is blank."""
    answers = {name: str(row[name]) for name in GROUPS_STATED if name in row}
    answers["age"] = AGE_TITLES.get(answers["age"], answers["age"])
    return {name: "" if value == NOT_STATED else value for name, value in answers.items()}


def _likert(rng: np.random.Generator, words: Sequence[str], mean: float, feeling: float) -> str:
    """One answer on a worded scale, best word first, two of them good; now and then none.

    feeling : how this person sees things in general (logit), so one person's answers go together.
    """
    if rng.random() < 0.03:
        return ""
    score = logit(mean) + feeling + float(rng.logistic(0, 0.8))
    edges = (1.2, 0.0, -0.9) if len(words) == 4 else (1.2, 0.0, -0.6, -1.7)
    return words[sum(score < edge for edge in edges)]


def _opinions(rng: np.random.Generator, level: float) -> dict[str, str]:
    """What one person answers to the questions of the local survey."""
    return {
        "phone": _likert(rng, EASE, 0.53, level),
        "appointment_time": _likert(rng, SATISFACTION, 0.58, level),
        "making_appointment": _likert(rng, EXPERIENCE, 0.66, level),
        "overall_experience": _likert(rng, EXPERIENCE, 0.74, level),
    }


def _is_open(orgs: Organisations, code: str, on: date) -> bool:
    frame = orgs.trusts if code.startswith("T-") else orgs.practices
    row = frame[frame["code"] == code].iloc[0]
    opened, closed = row["opened"], row["closed"]
    return not (
        (isinstance(opened, date) and on < opened) or (isinstance(closed, date) and on >= closed)
    )


def _service(rng: np.random.Generator, code: str) -> str:
    if code.startswith("P-"):
        return "GP"
    if code == planted.CANNOT_SEPARATE:
        return "Hospital"
    if code in MENTAL_HEALTH:
        return "Mental health"
    if code in COMMUNITY:
        return "Community health"
    if code in AMBULANCE:
        return "Ambulance"
    return ("Inpatient", "Outpatient", "A&E", "Maternity", "Hospital")[int(rng.integers(5))]


def _words_of(rng: np.random.Generator, chance: float, *, with_stars: bool) -> dict[str, Any]:
    """Feeling, themes and words of one piece of feedback."""
    happy = rng.random() < chance
    sentiment = "positive" if happy else ("neutral" if rng.random() < 0.28 else "negative")
    number = 1 + int(rng.integers(3))
    usual = np.array((5, 4, 2, 4, 4, 5, 3, 2, 1, 2, 1, 1, 1), dtype=float)
    themes: list[str] = []
    while len(themes) < number:
        theme = _draw(rng, comments.THEMES, usual)
        if theme not in themes:
            themes.append(theme)
    answers: dict[str, Any] = {
        "sentiment": sentiment,
        "themes": themes,
        "comment": comments.comment(rng, themes, sentiment),
    }
    if with_stars:
        stars = {"positive": (4, 5, 5), "neutral": (3, 3, 3), "negative": (1, 1, 2)}
        answers["stars"] = stars[sentiment][int(rng.integers(3))]
    return answers


def _add_personal(rows: list[dict[str, Any]], details: Sequence[str]) -> None:
    """Put made-up personal details into some comments, spread over the file, and mark them."""
    for at, detail in enumerate(details):
        row = rows[(at * 97 + 11) % len(rows)]
        row["comment"] = f"{row['comment']} {detail}"
        row["personal"] = True
