"""How many people of each group answered a source, and what they said, as it may be shown.

A group at some organisations is a cell like any other: the same people give the same number, whatever the
area, the map of groups or the other source they are set beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pxcore.analysis.joining.alignment import Alignment
from pxcore.analysis.joining.bands import EVERYBODY, NOT_TOLD
from pxcore.analysis.joining.periods import placing
from pxcore.analysis.judging.evidence import Evidence, Kind
from pxcore.disclosure import Answers, OfOne, Released, is_confidential, release
from pxcore.disclosure.release import PARTS
from pxcore.model import Disclosure, Settings, Withheld
from pxcore.stats.groups import against_rest
from pxcore.stats.intervals import wilson, with_noise
from pxcore.store import Store

CELL = (
    "side", "source", "band", "respondents", "organisations", "value", "low", "high",
    "difference", "difference_low", "difference_high", "q_value", "withheld",
)  # fmt: skip
WITH_FIGURE = ("paired", "no_counterpart", "few_answers")
# Where people of a group could have answered and none did.
NOBODY = dict.fromkeys(
    (
        "respondents", "positive", "people", "people_key",
        *(f"{part}_{what}" for part in PARTS for what in ("answers", "key")),
    ),
    0.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Split:
    """Two sources set side by side, and the dimension they are split by."""

    alignment: Alignment
    dimension: str

    def spoken_of(self, same: set[str]) -> tuple[set[str], set[str]]:
        """Organisations with a figure of each source, but those where the same people answered both."""
        left, right = (
            set(rows.loc[rows["outcome"].isin(WITH_FIGURE) & (rows["unit"] != ""), "unit"]) - same
            for rows in self.alignment.rows
        )
        return left, right


def counted(
    store: Store,
    split: Split,
    source: Evidence,
    groups: Mapping[str, str],
    units: Sequence[str],
) -> Released:
    """One row per organisation and band, and one per band of all of them together (unit ""): answers as they
    are shown, the share positive with its interval, and the independent answers it is worth.

    `groups` is every word the source tells -> its band, or NOT_TOLD. EVERYBODY is a band too.
    """
    alignment, side = split.alignment, source.side
    assert side.period is not None
    asked = placing(side, replace(alignment.pairing, area=""), alignment.service, side.period)
    asked |= {"units": list(units), "dimension": "", "groups": [], "bands": []}
    everybody = store.query("bands", **asked).assign(band=EVERYBODY)
    bands = {**groups, NOT_TOLD: NOT_TOLD}
    asked |= {
        "dimension": split.dimension,
        "groups": list(bands),
        "bands": list(bands.values()),
    }
    rows = pd.concat([_with_nobody(store.query("bands", **asked), bands), everybody])
    rows = release(rows.reset_index(drop=True), alignment.pairing.disclosure, Answers())
    chosen = alignment.pairing.settings
    worth = rows["respondents"] * _worth(source, units, chosen)
    if source.kind is Kind.COMMENTS:
        worth = rows["people"] / (2.0 if chosen.comments_halved else 1.0)
    effective = with_noise(worth, rows["value"], rows["respondents"], rows["noise"])
    low, high = wilson(rows["value"].to_numpy(), effective)
    return rows.assign(effective=effective, low=low, high=high)


def _with_nobody(rows: pd.DataFrame, bands: Mapping[str, str]) -> pd.DataFrame:
    """With a row for each band of all organisations of which nobody answered, where answers are confidential:
    none reads as few do. Of counts that come added up it is not known who did not tell."""
    if not is_confidential(rows):
        return rows
    single = rows["rows_key"].notna().any()
    silent = set(bands.values()) - set(rows.loc[rows["unit"] == "", "band"])
    nobody = pd.DataFrame({"unit": "", "band": sorted(silent - (set() if single else {NOT_TOLD}))})
    return pd.concat([rows, nobody.assign(**NOBODY).reindex(columns=rows.columns)])


def _worth(source: Evidence, units: Sequence[str], chosen: Settings) -> float:
    """How many independent answers one is worth at some organisations, whoever gave it."""
    if source.confidential and source.kind is Kind.PERCENT_SURVEY:
        return 1 / chosen.design_effect  # an interval given with exact counts is not told
    rows = source.exact_of(pd.Series(list(units), dtype=object))
    answers = float(rows["respondents"].sum())
    effective = float((rows["effective"] / rows["worth"].fillna(1.0)).sum())
    return min(effective / answers, 1.0) if answers > 0 and effective > 0 else 1.0


def whole(rows: Released) -> Released:
    """Of `counted`, the answers of all organisations together, by band."""
    return Released(rows[rows["unit"] == ""].set_index("band"))


def cells_of(which: str, source: Evidence, rows: Released, order: Sequence[str]) -> Released:
    """One row per band, those who did not tell, and everybody, each band against the others shown.

    A band of which the source cannot tell has no answers; one that its publisher left out is blank.
    """
    bands = whole(rows).reindex([*order, NOT_TOLD, EVERYBODY])
    in_order = ~bands.index.isin([NOT_TOLD, EVERYBODY])
    n, x = (bands[name].where(in_order).fillna(0.0) for name in ("respondents", "positive"))
    rest = against_rest(x, n, effective=bands["effective"].where(n > 0).fillna(0.0))
    cells = Released(
        bands.reset_index().assign(
            side=which,
            source=source.side.short_title,
            withheld=bands["withheld"].fillna(Withheld.NONE.value).to_numpy(),
            organisations=_organisations(rows),
            difference=rest.difference,
            difference_low=rest.low,
            difference_high=rest.high,
            q_value=rest.q_value,
        )[list(CELL)]
    )
    if not source.confidential:
        return cells
    return release(cells, Disclosure(), OfOne(chances=("q_value",)))


def _organisations(rows: Released) -> int:
    """Those with a figure that is shown: of how many few people spoke is a count of people too."""
    shown = rows["respondents"].notna()
    return int(((rows["band"] == EVERYBODY) & (rows["unit"] != "") & shown).sum())
