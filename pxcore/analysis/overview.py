"""Do our sources agree? Every natural pair of sources at once, and what each covers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from pxcore import maps
from pxcore.analysis.agreement import AgreementReport, agreement, number
from pxcore.disclosure import protect
from pxcore.errors import NothingToCompare, UnknownSource
from pxcore.model import Disclosure, Organisation, Pairing, Periods, Signal
from pxcore.store import Store


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of each source is loaded, month by month."""

    cells: pd.DataFrame  # one row per source and period
    totals: pd.DataFrame  # one row per source
    revision: int

    def summary(self) -> str:
        if self.totals.empty:
            return "Nothing is loaded yet."
        columns = (self.totals[name] for name in ("short_title", "providers", "span"))
        said = [
            f"{title}: {int(providers)} organisations, {span}"
            for title, providers, span in zip(*columns, strict=True)
        ]
        return "; ".join(said) + "."


@dataclass(frozen=True, slots=True)
class OverviewReport:
    """The agreement of every pair of sources that can be compared, strongest evidence first."""

    agreements: tuple[AgreementReport, ...]
    coverage: Coverage

    @property
    def answered(self) -> tuple[AgreementReport, ...]:
        return tuple(report for report in self.agreements if report.status == "ok")

    def summary(self) -> str:
        if not self.agreements:
            return (
                "There is nothing to compare yet: load at least two sources that speak of the same "
                "organisations."
            )
        if not self.answered:
            pairs = len(self.agreements)
            return (
                f"{'The only pair' if pairs == 1 else f'None of the {pairs} pairs'} of sources "
                "can be compared yet."
            )
        return self.answered[0].summary()

    def of_service(self, service: str) -> OverviewReport:
        """The pairs of one service alone; sources that speak of several services stay."""

        def fits(source: str) -> bool:
            return maps.source(source)["service"] in ("", service)

        cells, totals = self.coverage.cells, self.coverage.totals
        return OverviewReport(
            tuple(
                one for one in self.agreements if fits(one.left.source) and fits(one.right.source)
            ),
            Coverage(
                cells[cells["source"].map(fits).astype(bool)],
                totals[totals["source"].map(fits).astype(bool)],
                self.coverage.revision,
            ),
        )

    def limits(self) -> str:
        if not self.answered:
            return ""
        silent = len(self.agreements) - len(self.answered)
        more = (
            f" {len(self.answered) - 1} more pair{'s' if len(self.answered) != 2 else ''} below."
            if len(self.answered) > 1
            else ""
        )
        unanswered = (
            f" For {silent} pair{'s' if silent != 1 else ''} there is no answer yet."
            if silent
            else ""
        )
        return (
            "Raw: few answers per organisation hold this figure down, whatever the truth."
            + more
            + unanswered
        )

    def figures(self) -> list[tuple[str, str, str]]:
        """Label, value and what it rests on."""
        totals = self.coverage.totals
        if totals.empty:
            return [("Sources loaded", "0", "load files on the Sources page")]
        signals = totals["signal"].nunique()
        first, last = totals["first"].min(), totals["last"].max()
        compared = max((len(one.pairs) for one in self.answered), default=0)
        return [
            ("Sources loaded", str(len(totals)), f"of {signals} kind{'s' if signals != 1 else ''}"),
            (
                "Pairs of sources compared",
                f"{len(self.answered)} of {len(self.agreements)}",
                "the others: too few organisations, or periods that do not meet",
            ),
            ("Most organisations in one comparison", f"{compared:,}", "with a value from both"),
            ("Time covered", f"{first:%b %Y}–{last:%b %Y}", "first to last period loaded"),
        ]

    def findings(self) -> list[str]:
        """Up to four short things to notice."""
        said = []
        shown = [one for one in self.answered if (_end(one, "low") or 0.0) > 0]
        opposite = [one for one in self.answered if (_end(one, "high") or 0.0) < 0]
        unsure = [one for one in self.answered if one not in shown and one not in opposite]
        if shown:
            said.append(
                "Shown to rank alike to some degree: "
                + "; ".join(f"{_pair(one)} ({_figure(one)})" for one in shown[:2])
                + (f"; and {len(shown) - 2} more." if len(shown) > 2 else ".")
            )
        if opposite:
            said.append(f"Shown to rank in opposite order: {_pair(opposite[0])}.")
        if unsure:
            said.append(
                f"Cannot be said either way: {_pair(unsure[0])}"
                + (f" and {len(unsure) - 1} more" if len(unsure) > 1 else "")
                + ". Their ranges reach from below zero to above it."
            )
        few = [one for one in self.agreements if one.status == "not_enough_evidence"]
        if few:
            said.append(
                f"Not enough evidence for {_pair(few[0])}"
                + (f" and {len(few) - 1} more" if len(few) > 1 else "")
                + ": neither agreement nor disagreement."
            )
        refused = [one for one in self.agreements if one.status == "refused"]
        if refused:
            said.append(
                f"Not compared: {_pair(refused[0])}"
                + (f" and {len(refused) - 1} more" if len(refused) > 1 else "")
                + ". The table says why."
            )
        return said or ["Load a second source to compare."]

    def next_step(self) -> str:
        if not self.agreements:
            return "Load at least two sources of different kinds for the same organisations."
        said = [f"- **{_pair(one)}**: {_briefly(one)}." for one in self.agreements[:5]]
        said.append(
            "\nLoad extracts of the same time, match the names that have no code, or, in the sidebar "
            "under **Measures, level and time**, ask for the latest of each."
        )
        return "\n".join(said)

    def table(self) -> pd.DataFrame:
        """One row per pair of sources."""
        words = {
            "ok": "Compared",
            "refused": "Not compared",
            "not_enough_evidence": "Not enough evidence",
        }
        columns = [
            "pair", "status", "compared", "correlation", "low", "high", "periods", "said"
        ]  # fmt: skip
        return pd.DataFrame(
            [
                {
                    "pair": _pair(one),
                    "status": words[one.status],
                    "compared": len(one.pairs),
                    "correlation": one.correlation.estimate if one.correlation else None,
                    "low": _end(one, "low"),
                    "high": _end(one, "high"),
                    "periods": _periods(one),
                    "said": "; ".join([*one.marks, one.reason]).strip("; "),
                }
                for one in self.agreements
            ],
            columns=columns,
        )

    def shown(self) -> pd.DataFrame:
        """The table for the screen: the interval in words."""
        rows = self.table()
        rows["range"] = [
            "" if pd.isna(low) else f"{number(low)} to {number(high)}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ]
        return rows

    @property
    def extracts(self) -> tuple[int, ...]:
        return tuple(sorted({number for one in self.answered for number in one.alignment.extracts}))


def _pair(report: AgreementReport) -> str:
    return f"{report.left.short_title} and {report.right.short_title}"


def _briefly(report: AgreementReport) -> str:
    """The first reason there is no figure, in one sentence without its full stop."""
    refusals = report.alignment.refusals
    return (refusals[0] if refusals else report.reason).split(". ")[0].removesuffix(".")


def _periods(report: AgreementReport) -> str:
    left, right = report.left.period, report.right.period
    if left is None or right is None:
        return ""
    return str(left) if str(left) == str(right) else f"{left} / {right}"


def _figure(report: AgreementReport) -> str:
    assert report.correlation is not None
    interval = report.correlation.interval
    span = f", {number(interval.low)} to {number(interval.high)}" if interval else ""
    return f"{number(report.correlation.estimate)}{span}; {report.correlation.pairs} compared"


def _end(report: AgreementReport, end: str) -> float | None:
    interval = report.correlation.interval if report.correlation else None
    return getattr(interval, end) if interval else None


def coverage(store: Store, disclosure: Disclosure | None = None) -> Coverage:
    """How much of each source is loaded, by period; small counts of answers are not shown."""
    cells = store.query("coverage")
    cells = cells[cells["period_start"].notna()]
    if cells.empty:
        cells = cells.assign(**dict.fromkeys(("short_title", "title", "signal", "service"), ""))
        return Coverage(cells, pd.DataFrame(columns=["source", "short_title"]), store.revision)
    cells = _finest(cells)
    months = cells.groupby(["source", "period_start", "period_end"], as_index=False).agg(
        providers=("providers", "max"),
        providers_withheld=("providers_withheld", "max"),
        respondents=("respondents", "max"),
        rows=("rows", "max"),
        grain=("grain", "first"),
    )
    for column in ("short_title", "title", "signal", "service"):
        months[column] = [maps.source(name)[column] for name in months["source"]]
    # rows go with the answers: of a source with one response a row they are people too
    months = protect(months, disclosure or Disclosure(), count="respondents", values=["rows"])
    order = list(maps.sources())
    months = months.sort_values(
        ["source", "period_start"], key=lambda c: c.map(order.index) if c.name == "source" else c
    ).reset_index(drop=True)
    totals = months.groupby("source", as_index=False, sort=False).agg(
        short_title=("short_title", "first"),
        title=("title", "first"),
        signal=("signal", "first"),
        service=("service", "first"),
        grain=("grain", "first"),
        providers=("providers", "max"),
        periods=("period_start", "nunique"),
        respondents=("respondents", lambda shown: shown.sum(min_count=1)),  # hidden is not zero
        first=("period_start", "min"),
        last=("period_end", "max"),
    )
    totals["span"] = [
        f"{first:%b %Y}–{last:%b %Y}"
        if first.month != last.month or first.year != last.year
        else f"{first:%B %Y}"
        for first, last in zip(totals["first"], totals["last"], strict=True)
    ]
    return Coverage(months, totals, store.revision)


def _finest(cells: pd.DataFrame) -> pd.DataFrame:
    """Each source at the level it is usually compared at, else the one with most organisations."""
    kept = []
    for source, here in cells.groupby("source", sort=False):
        usual = maps.source(str(source))["grain"]
        grains = here["grain"].where(here["grain"] != "", usual)
        chosen = (
            usual
            if (grains == usual).any()
            else str(here.assign(grain=grains).groupby("grain")["providers"].max().idxmax())
        )
        kept.append(here[grains == chosen].assign(grain=chosen))
    return pd.concat(kept)


def overview(
    store: Store,
    *,
    area: str = "",
    disclosure: Disclosure | None = None,
    periods: Periods = Periods.ALIGNED,
    organisation: Organisation = Organisation.CURRENT,
) -> OverviewReport:
    """Compare every two sources of different signals that may speak of the same organisations."""
    disclosure = disclosure or Disclosure()
    shared = store.query("shared_providers")
    reports: list[AgreementReport] = []
    for one, other in _comparable(store, shared):
        left, right = sorted((one, other), key=_side_order)
        try:
            reports.append(
                agreement(
                    store,
                    Pairing(
                        left,
                        right,
                        area=area,
                        periods=periods,
                        organisation=organisation,
                        disclosure=disclosure,
                    ),
                )
            )
        except (NothingToCompare, UnknownSource):
            continue
    rank = {"ok": 0, "not_enough_evidence": 1, "refused": 2}
    reports.sort(key=lambda report: (rank[report.status], -len(report.pairs)))
    return OverviewReport(tuple(reports), coverage(store, disclosure))


def _side_order(source: str) -> int:
    return [Signal.FFT, Signal.COMMUNITY, Signal.SURVEY].index(
        Signal(maps.source(source)["signal"])
    )


def _comparable(store: Store, shared: pd.DataFrame) -> list[tuple[str, str]]:
    """Sources of different signals that are about one service, or share enough organisations.

    A source that speaks of several services is set against those it shares organisations with.
    """
    loaded = sorted(set(store.query("coverage")["source"]), key=list(maps.sources()).index)

    def in_common(one: str, other: str, service: str) -> int:
        """Organisations both speak of, about one service or without saying which."""
        here = shared[(shared["left_source"] == one) & (shared["right_source"] == other)]
        if service:
            here = here[
                here["left_service"].isin(["", service]) & here["right_service"].isin(["", service])
            ]
        return int(here["shared"].max()) if len(here) else 0

    def fits(one: str, other: str) -> bool:
        first, second = maps.source(one), maps.source(other)
        if first["signal"] == second["signal"] or "complaints" in (one, other):
            return False
        if first["service"] and second["service"]:
            return first["service"] == second["service"]
        service = first["service"] or second["service"]
        return (
            in_common(one, other, service) >= FEWEST_SHARED
            # a report on networks or neighbourhoods has no practice in it, and speaks of practices
            or (service == "general_practice" and first["grain"] == second["grain"])
        )

    return [pair for pair in combinations(loaded, 2) if fits(*pair)]


FEWEST_SHARED = 5  # under this there is nothing to say, and nothing to learn from saying so
