"""One organisation in every source: what each says, which pairs differ, what is silent and why."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.divergence import divergence
from pxcore.analysis.pairs.overview import OverviewReport, overview
from pxcore.analysis.pairs.provider import ProviderReport, organisations, provider
from pxcore.model import Disclosure, Pairing, Scope
from pxcore.store import Store
from pxcore.words import divergence as divergence_words
from pxcore.words import provider as words
from tests.analysis.frames import alike, committed, standings
from tests.store.loads import became, fft, survey
from tests.store.loads import provider as provider_row


@pytest.fixture(scope="module")
def whole(every_pair: OverviewReport) -> OverviewReport:
    return every_pair


def provider_of(store: Store, whole: OverviewReport, unit: str) -> ProviderReport:
    return provider(store, unit, replace(whole, by_measure=()))


def test_a_planted_contradiction_leads(demonstration: Store, whole: OverviewReport) -> None:
    report = provider_of(demonstration, whole, "P-0044")
    assert words.summary(report) == (
        "Osiermere Surgery: FFT GP and GP survey very likely differ (more than 99 in 100) about it. 2 of 6 "
        "sources have enough answers."
    )
    assert words.limits(report).startswith("P-0044, a practice of NHS Cobbleminster and Dappleden")
    assert report.pairs["pair"].iloc[0] == "FFT GP – GP survey"


def test_every_figure_is_that_of_divergence(demonstration: Store, whole: OverviewReport) -> None:
    report = provider_of(demonstration, whole, "P-0044")
    divergent = divergence(demonstration, Pairing("fft_gp", "gp_survey"))
    cell = divergent.cell("P-0044")
    rows = report.sources.set_index("source")
    for which, source in (("left", "FFT GP"), ("right", "GP survey")):
        for name in ("value", "low", "high", "respondents", "standing"):
            assert rows.loc[source, name] == cell[f"{which}_{name}"]
    # which tests its one pair by itself; here it is tested with every other pair, as on Overview
    beside = whole.certainties["fft_gp", "gp_survey"].cells.set_index("unit").loc["P-0044"]
    assert report.pairs["q_value"].iloc[0] == beside["q_value"] > cell["q_value"]
    assert report.pairs["agree"].iloc[0] == cell["agree"]
    # aligned in time, of one domain: no mark
    label = divergence_words.label(divergent, "P-0044")
    assert words.verdicts(report)[0] == (
        f"{label}: FFT GP clearly below its peers, GP survey clearly above its peers."
    )
    peers = report.sources.set_index("source")["peers"]
    assert peers["FFT GP"] == divergent.verdicts.left.average  # type: ignore[union-attr]
    assert f"peers {peers['FFT GP']:.0%}; " in " ".join(
        rest for _, _, rest in words.figures(report)
    )


def test_a_source_is_clear_by_itself_though_none_is_judged_beside_it(
    demonstration: Store, whole: OverviewReport
) -> None:
    """Five sources speak of a trust and two of them are a pair: the picture's title counts all five."""
    report = provider_of(demonstration, whole, "T-11")
    rows = report.audible.set_index("source")
    assert rows["above"].notna().all()
    assert words.picture_title(report) == "2 below its peers, 2 above, 1 near them"
    cards = {label.split(",")[0]: value for label, value, _ in words.figures(report)}
    assert cards["FFT A&E"] == "80%"  # as its peers', as they are printed: neither above nor below
    assert cards["FFT inpatient"] == "▼ 87%"
    assert cards["CQC inpatient"] == "▲ 8.3"
    below, above = rows["high_standing"] < 0, rows["low_standing"] > 0
    assert set(rows.index[below]) == {"FFT inpatient", "FFT outpatient"}
    assert set(rows.index[above]) == {"CQC inpatient", "FFT maternity"}


def test_what_is_not_likely_either_way_falls_back_on_the_verdict(
    demonstration: Store, whole: OverviewReport
) -> None:
    """Where nothing is said of how likely two sources agree, the verdict stands in its place."""
    alone = provider(demonstration, "P-0044", replace(whole, certainties={}))
    assert "FFT GP and GP survey differ about it" in words.summary(alone)
    assert words.verdicts(alone)[0].startswith("FFT GP: clearly below its peers.")


def test_the_measures_chosen_are_those_of_divergence_and_said(
    demonstration: Store, whole: OverviewReport
) -> None:
    """What the sidebar says holds on this page too; the overview asks each pair so (test_overview)."""
    asked = Pairing("fft_gp", "gp_survey", right_measure="contact")
    said = "As chosen in the sidebar: GP survey by ‘Experience of contacting the practice’."
    answer = agreement(demonstration, asked)
    report = provider(
        demonstration,
        "P-0044",
        replace(whole, agreements=(answer,), certainties={}, by_measure=(answer.right,)),
    )
    cell = divergence(demonstration, asked).cell("P-0044")
    usual = divergence(demonstration, Pairing("fft_gp", "gp_survey")).cell("P-0044")
    value = report.sources.set_index("source").loc["GP survey", "value"]
    assert value == cell["right_value"] != usual["right_value"]
    assert said in words.limits(report)
    # another question than the FFT's: marked wherever it stands
    assert words.verdicts(report)[0].endswith(" (across domains).")
    assert "As chosen" not in words.limits(provider_of(demonstration, whole, "P-0044"))


def test_silence_is_told_by_its_kind_and_never_drawn(
    demonstration: Store, whole: OverviewReport
) -> None:
    report = provider_of(demonstration, whole, "P-0044")
    said = " ".join(words.silences(report))
    assert "Healthwatch (Apr 2025 – Mar 2026): too few answers" in said
    # of single responses, none and a few read alike
    assert "FFT local (Jan–Mar 2026): too few answers" in said
    assert report.standings()["source"].tolist() == ["GP survey", "FFT GP"]
    quiet = report.sources[report.sources["silence"] != ""]
    assert quiet["standing"].isna().all()
    assert not any("not in its files" in one for one in words.sources(report))


def test_a_merger_is_told_and_offered_as_a_reason(store: Store) -> None:
    places = [*alike(24), (2.5, -2.5)]
    left, right = standings(places)
    left.append(fft("P-80", 900, 1000))
    links = [became("P-80", "P-24", "2024-02-01")]
    committed(store, left, right, succession=links, provider=[provider_row("P-24")])
    report = provider_of(store, overview(store), "P-24")
    assert report.merged_from == "P-80"
    assert "Made of P-80: their answers are added up." in words.limits(report)
    assert any("P-80" in said for said in words.reasons(report))


def test_those_to_look_at_come_first_in_the_list(whole: OverviewReport) -> None:
    offered = organisations(whole.agreements)
    assert set(list(offered)[:6]) == {"P-0012", "P-0044", "P-0057", "P-0081", "T-03", "T-11"}
    assert offered["P-0044"] == "Osiermere Surgery (P-0044)"
    assert len(offered) == len({one for m in whole.matrices() for one in m.rows["unit"]})


def test_every_organisation_of_the_demonstration_has_its_page(
    demonstration: Store, whole: OverviewReport
) -> None:
    for unit in organisations(whole.agreements):
        report = provider_of(demonstration, whole, unit)
        assert words.summary(report).startswith(report.name)
        assert not report.sources["source"].duplicated().any()
        assert len(words.figures(report)) == min(words.MOST_CARDS, len(report.audible))
        assert set(report.sources["silence"] == "") <= {True, False}
        assert words.picture(report).endswith(".")


def test_nothing_under_the_floor_is_provider_of(demonstration: Store) -> None:
    strict = overview(demonstration, Scope.of(Pairing("", "", disclosure=Disclosure(30))))
    for unit in list(organisations(strict.agreements))[:20]:
        report = provider_of(demonstration, strict, unit)
        shown = report.sources["respondents"].dropna()
        assert (shown >= 30).all()
        hidden = report.sources["respondents"].isna()
        values = report.sources.loc[hidden, ["value", "low", "high", "standing"]]
        assert values.isna().all(axis=None)


def test_agreement_and_its_absence_are_told_apart(store: Store) -> None:
    left, right = standings([*alike(24), (0.1, 0.0)])
    left.append(fft("P-90", 3, 4))
    right.append(survey("P-90", None, None))
    committed(store, left, right)
    whole = overview(store)
    middle = provider_of(store, whole, "P-12")
    assert re.search(r"agree \(.* in 100\) about it\. 2 of 2 sources have", words.summary(middle))
    quiet = provider_of(store, whole, "P-90")
    assert "no source has enough answers" in words.summary(quiet)
    assert words.figures(quiet) == []
    assert words.picture(quiet).endswith("nothing to draw.")


def test_an_organisation_nobody_speaks_of_is_empty(
    demonstration: Store, whole: OverviewReport
) -> None:
    report = provider_of(demonstration, whole, "nobody")
    assert (report.name, len(report.sources), len(report.pairs)) == ("nobody", 0, 0)
    assert words.summary(report).startswith("nobody: no source has enough answers")


def test_the_same_answers_in_two_sources_are_no_two_contradictions(
    demonstration: Store, whole: OverviewReport
) -> None:
    """The local rows of P-0012 are the answers behind its published FFT."""
    report = provider(demonstration, "P-0012", replace(whole, certainties={}))
    assert "more pairs" not in words.summary(report)
    assert words.repeated(report) == [
        "FFT local holds the same answers as FFT GP here: they are counted once."
    ]
    assert report.pairs["pair"].tolist() == ["FFT GP – GP survey", "FFT GP – Local survey"]
