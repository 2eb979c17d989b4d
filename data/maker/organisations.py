"""The invented organisations: practices up to regions, trusts down to wards, and list sizes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.maker import planted
from data.maker.places import PLACES, PRACTICE_FORMS, REGIONS, SITE_FORMS, WARDS

PRACTICES_OF_OLD, NETWORKS, SUB_ICBS, ICBS = 127, 26, 12, 4
ACUTE = tuple(f"T-{n:02d}" for n in range(1, 16)) + ("T-24",)
MENTAL_HEALTH = tuple(f"T-{n:02d}" for n in range(16, 20))
COMMUNITY = ("T-20", "T-21")
AMBULANCE = ("T-22", "T-23")
NO_MATERNITY = ("T-04", "T-10", "T-13", "T-15")
INDEPENDENT_ICB = "IS-1"
INDEPENDENT = {"I-01": "Fernlow Independent Hospital", "I-02": "Fernlow Patient Transport"}
BANDS = ("0to4", "5to14", "15to44", "45to64", "65to74", "75to84", "85plus")
_MERGED = {"T-05", "T-06", "T-24"}


@dataclass(frozen=True, slots=True)
class Organisations:
    """Frames of organisations, one row each; and what a practice's list looks like."""

    regions: pd.DataFrame  # code, name
    icbs: pd.DataFrame  # code, name, region
    sub_icbs: pd.DataFrame  # code, name, icb
    networks: pd.DataFrame  # code, name, sub_icb
    practices: pd.DataFrame  # code, name, network, opened, closed
    trusts: pd.DataFrame  # code, name, icb, kind, opened, closed
    sites: pd.DataFrame  # code, name, trust
    wards: pd.DataFrame  # key, name, first, second, site, trust
    lists: pd.DataFrame  # practice, deprivation and people by sex and band
    former_boards: dict[str, str]  # of practices and trusts whose board was another before

    def name_of(self) -> dict[str, str]:
        """Name by code, of every organisation that has a code."""
        frames = (
            *(self.regions, self.icbs, self.sub_icbs, self.networks),
            *(self.practices, self.trusts, self.sites),
        )
        names = {
            code: name for f in frames for code, name in zip(f["code"], f["name"], strict=True)
        }
        return names | INDEPENDENT | {INDEPENDENT_ICB: "Independent Sector Providers"}


def organisations(seed: int) -> Organisations:
    rng = np.random.default_rng([seed, 1])
    places = iter(PLACES)
    regions = pd.DataFrame({"code": ["Z-1", "Z-2"], "name": REGIONS})
    icbs = pd.DataFrame(
        [
            (
                f"B-{n:02d}",
                f"NHS {next(places)} and {next(places)} Integrated Care Board (synthetic)",
                f"Z-{(n + 1) // 2}",
            )
            for n in range(1, ICBS + 1)
        ],
        columns=["code", "name", "region"],
    )
    icbs = pd.concat([icbs, _former(icbs)], ignore_index=True)
    sub_icbs = pd.DataFrame(
        [
            (f"S-{n:02d}", f"{next(places)} Sub-ICB Location", f"B-{(n + 2) // 3:02d}")
            for n in range(1, SUB_ICBS + 1)
        ],
        columns=["code", "name", "icb"],
    )
    networks = pd.DataFrame(
        [
            (f"N-{n + 1:03d}", f"{next(places)} PCN", f"S-{n * SUB_ICBS // NETWORKS + 1:02d}")
            for n in range(NETWORKS)
        ],
        columns=["code", "name", "sub_icb"],
    )
    practices = _practices()
    trusts = _trusts()
    sites = _sites(trusts)
    return Organisations(
        regions,
        icbs,
        sub_icbs,
        networks,
        practices,
        trusts,
        sites,
        _wards(rng, sites),
        _lists(rng, practices),
        _former_boards(practices, networks),
    )


def _former(icbs: pd.DataFrame) -> pd.DataFrame:
    """The boards that became one: each has one of the two places in its name."""
    merged = icbs[icbs["code"] == planted.MERGED_BOARD].iloc[0]
    words = str(merged["name"]).split()
    places = (words[1], words[3])  # NHS one and another …
    return pd.DataFrame(
        [
            (code, f"NHS {place} Integrated Care Board (synthetic)", merged["region"])
            for code, place in zip(planted.FORMER_BOARDS, places, strict=True)
        ],
        columns=["code", "name", "region"],
    )


def _former_boards(practices: pd.DataFrame, networks: pd.DataFrame) -> dict[str, str]:
    board_of = {
        location: board for board, all_of in planted.FORMER_BOARDS.items() for location in all_of
    }
    location_of = dict(zip(networks["code"], networks["sub_icb"], strict=True))
    former = {
        code: board_of[location_of[network]]
        for code, network in zip(practices["code"], practices["network"], strict=True)
        if location_of[network] in board_of
    }
    return former | {
        trust: board for board, trusts in planted.FORMER_TRUSTS.items() for trust in trusts
    }


def _practices() -> pd.DataFrame:
    """127 practices in networks of four or five (ten in the local one), then the three new ones."""
    sizes = [5] * 6 + [10] + [5] * 11 + [4] * 8
    networks = [f"N-{n + 1:03d}" for n, size in enumerate(sizes) for _ in range(size)]
    codes = [f"P-{n:04d}" for n in range(1, PRACTICES_OF_OLD + 1)]
    network = dict(zip(codes, networks, strict=True))
    successors = {new: (old, on) for old, new, on in planted.SUCCESSIONS if new.startswith("P-")}
    closed = {old: on for old, _, on in planted.SUCCESSIONS}
    records = []
    for position, code in enumerate([*codes, *sorted(successors)]):
        place = PLACES[(position * 5 + 60) % len(PLACES)]
        form = PRACTICE_FORMS[(position * 3 + position // 7) % len(PRACTICE_FORMS)]
        records.append(
            {
                "code": code,
                "name": f"{place} {form}",
                "network": network[successors[code][0]] if code in successors else network[code],
                "opened": successors[code][1] if code in successors else None,
                "closed": closed.get(code),
            }
        )
    return pd.DataFrame(records)


def _trusts() -> pd.DataFrame:
    successors = {new: on for _, new, on in planted.SUCCESSIONS if new.startswith("T-")}
    closed = {old: on for old, _, on in planted.SUCCESSIONS}
    records = []
    for n in range(1, 25):
        code, place = f"T-{n:02d}", PLACES[-n]
        kind, form = "acute", "Hospitals NHS Foundation Trust"
        if code in MENTAL_HEALTH:
            kind, form = "mental_health", "Mental Health Partnership NHS Trust"
        elif code in COMMUNITY:
            kind, form = "community", "Community Health NHS Trust"
        elif code in AMBULANCE:
            kind, form = "ambulance", "Ambulance Service NHS Trust"
        elif n % 4 == 2:
            form = "University Hospitals NHS Trust"
        records.append(
            {
                "code": code,
                "name": f"{place} {form}",
                "icb": "B-01" if code in _MERGED else f"B-{(n - 1) % ICBS + 1:02d}",
                "kind": kind,
                "opened": successors.get(code),
                "closed": closed.get(code),
            }
        )
    return pd.DataFrame(records)


def _sites(trusts: pd.DataFrame) -> pd.DataFrame:
    records: list[dict[str, str]] = []
    for n, (code, name, kind) in enumerate(
        zip(trusts["code"], trusts["name"], trusts["kind"], strict=True)
    ):
        if code == "T-24":  # the merged trust keeps its predecessors' sites under new codes
            former = [r for r in records if r["trust"] in ("T-05", "T-06")]
            records += [
                {"code": f"T-24-{'ABCDEF'[at]}", "name": r["name"], "trust": "T-24"}
                for at, r in enumerate(former)
            ]
            continue
        number = 1 + n % 3 if kind == "acute" else 1
        forms = SITE_FORMS if kind == "acute" else ("Community Hospital",)
        place = name.split(" ")[0]
        records += [
            {"code": f"{code}-{'ABC'[at]}", "name": f"{place} {forms[at]}", "trust": code}
            for at in range(number)
        ]
    return pd.DataFrame(records)


def _wards(rng: np.random.Generator, sites: pd.DataFrame) -> pd.DataFrame:
    records: list[dict[str, str]] = []
    merged = sites.loc[sites["trust"] == "T-24", "code"]
    former = dict(
        zip(merged, sites.loc[sites["trust"].isin(["T-05", "T-06"]), "code"], strict=True)
    )
    chosen: dict[str, list[int]] = {}
    for code, trust in zip(sites["code"], sites["trust"], strict=True):
        if trust not in (*ACUTE, *COMMUNITY):
            continue
        if code in former:
            picks = chosen[former[code]]
        else:
            number = int(rng.integers(3, 9)) if trust in ACUTE else 2
            picks = sorted(int(at) for at in rng.permutation(len(WARDS))[:number])
        chosen[code] = picks
        for at in picks:
            name, first, second = WARDS[at]
            records.append(
                {
                    "key": f"{code}|{name}|{first}|{second}",
                    "name": name,
                    "first": first,
                    "second": second,
                    "site": code,
                    "trust": trust,
                }
            )
    return pd.DataFrame(records)


def _lists(rng: np.random.Generator, practices: pd.DataFrame) -> pd.DataFrame:
    """People by sex and age band; the deprived are younger. Two successors share or join lists."""
    number = len(practices)
    people = np.clip(np.round(np.exp(rng.normal(9.05, 0.45, number))), 1800, 32000)
    codes = list(practices["code"])
    people[codes.index(planted.ALWAYS_WITHHELD)] = 940  # a practice for people without a home
    for code in planted.WELL_MEASURED:
        people[codes.index(code)] = np.round(15000 + 4000 * rng.random())
    deprivation = np.round(np.clip(rng.gamma(3.2, 7.0, number), 3, 70), 2)
    rank = deprivation.argsort().argsort()
    deciles = 10 - (rank * 10 // number)  # 1 is the most deprived tenth
    old_share = 0.06 + 0.012 * deciles
    shares = np.column_stack(
        [
            np.full(number, 0.055),
            np.full(number, 0.115),
            0.53 - old_share,
            np.full(number, 0.30) - 0.02,
            0.52 * old_share + 0.01,
            0.36 * old_share + 0.005,
            0.12 * old_share + 0.005,
        ]
    )
    shares = shares / shares.sum(axis=1, keepdims=True)
    records: dict[str, object] = {
        "practice": codes,
        "imd": deprivation,
        "decile": deciles,
    }
    women = np.round(people * np.clip(rng.normal(0.505, 0.012, number), 0.46, 0.55))
    for sex, total in (("male", people - women), ("female", women)):
        counts = rng.multinomial(total.astype("int64"), shares)
        for at, band in enumerate(BANDS):
            records[f"{sex}_{band}"] = counts[:, at]
    return pd.DataFrame(records)
