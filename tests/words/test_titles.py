"""The titles of pictures: what each shows, in ten words at most, from the figures of its report."""

from __future__ import annotations

import pytest

from pxcore.analysis.comments.themes import ThemesQuestion, themes
from pxcore.analysis.judging.certainty import AGREE, DIFFER, certainty_of
from pxcore.analysis.pairs.agreement import agreement
from pxcore.analysis.pairs.groups import groups
from pxcore.analysis.pairs.what_if import what_if
from pxcore.model import Months, Pairing, Scenario
from pxcore.store import Store
from pxcore.words import agreement as agreement_words
from pxcore.words import certainty as certainty_words
from pxcore.words import group_pictures
from pxcore.words import groups as group_words
from pxcore.words import themes as theme_words
from pxcore.words import what_if as what_if_words
from pxcore.words.english import number, percent
from tests.analysis.frames import GP

MOST = 10  # words


def short(title: str) -> str:
    assert 0 < len(title.split()) <= MOST, title
    return title


def test_those_of_a_pair(demonstration: Store) -> None:
    report = agreement(demonstration, GP)
    likely = certainty_of(demonstration, report.judgement)
    title = short(certainty_words.shares_title(likely))
    agree, differ = (int(likely.likely["mark"].isin(marks).sum()) for marks in (AGREE, DIFFER))
    assert title == f"Probably alike for {agree} of {len(likely.likely)}, different for {differ}"
    unit = likely.likely["unit"].iloc[0]
    inside = int((abs(likely.dots(unit)) < likely.margin).sum())
    assert short(certainty_words.dots_title(likely, unit)).startswith(f"{inside} of 20 dots")
    assert report.correlation is not None
    assert report.mirrors is not None
    title = short(agreement_words.coefficient_title(report))
    assert number(report.correlation.estimate) in title
    assert title.endswith(number(report.mirrors.mean))


def test_those_of_a_scenario(demonstration: Store) -> None:
    report = what_if(demonstration, GP, Scenario(months=Months.YEAR))
    assert short(what_if_words.flow_title(report)).startswith(
        f"{len(report.moved)} of {len(report.in_both)} "
    )
    before, after = report.headlines
    assert before is not None
    assert after is not None
    title = short(what_if_words.headlines_title(report))
    assert title.startswith(f"Underlying agreement {number(after.estimate or 0)}, where")
    assert title.endswith(number(before.estimate or 0))
    unmoved = what_if(demonstration, GP, Scenario())
    assert what_if_words.flow_title(unmoved).startswith("None of ")


@pytest.mark.parametrize("pairing", [GP, Pairing("fft_local", "local_survey")])
def test_those_of_groups(demonstration: Store, pairing: Pairing) -> None:
    report = groups(demonstration, pairing, "")
    assert report.gaps is not None
    rows = report.gaps.rows
    gaps = rows.loc[~rows["what"].isin(group_words.TOTALS), "gap"]
    title = short(group_pictures.picture_title(report))
    if (gaps > 0).all():
        assert title.startswith(
            f"{report.left.short_title} above {report.right.short_title} in all"
        )
    assert f"{gaps.max() * 100:+.0f}" in short(group_pictures.gaps_title(report))
    raw = report.rankings["raw"].dropna()
    if len(raw) > 1:
        title = short(group_pictures.rankings_title(report))
        assert number(raw.min()) in title
        assert number(raw.max()) in title


def test_that_of_themes(demonstration: Store) -> None:
    report = themes(demonstration, ThemesQuestion())
    first = report.top_topics().nlargest(1, "share").iloc[0]
    title = short(theme_words.prominence_title(report))
    assert title.startswith(first["theme"])
    assert percent(first["share"]) in title
