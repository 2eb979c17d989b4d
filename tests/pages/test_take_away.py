"""What leaves a page: every file as it is shown, none that a spreadsheet program would work out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

from pxcore.ui import state
from tests.pages.conftest import OWN
from tests.store.loads import extract, fft, response, survey

Visit = Callable[..., AppTest]
FORMULA = re.compile(r"[=+\-@\t\r]")
NUMBER = re.compile(r"[+-]?[0-9][0-9,.e+-]*%?")
SIGNS = ("=", "+", "-", "@", "\t", "＝")
PAGES = (
    "overview", "divergence", "agreement", "provider", "trends", "themes", "groups", "what_if",
    "sources", "alignment", "methods",
)  # fmt: skip


def named_for_trouble(visit: Visit) -> None:
    """Own data of organisations whose names a spreadsheet program would work out."""
    visit("sources", **OWN)
    names = {f"P-{n}": f"{SIGNS[n % len(SIGNS)]}HYPERLINK({n})" for n in range(24)}
    said = [response(n, provider=f"P-{n % 24}", positive=n % 3 > 0) for n in range(480)]
    state._stores().open["own"].commit(
        [
            extract(
                "=cmd.csv",
                response=[row | {"provider_name": names[row["provider"]]} for row, _ in said],
                answer=[answer for _, answer in said],
            ),
            extract(
                "@files.csv",
                survey_fact=[
                    survey(code, 0.5 + n / 60, provider_name=name)
                    for n, (code, name) in enumerate(names.items())
                ],
                fft_fact=[
                    fft(code, 60 + n, 100, provider_name=name)
                    for n, (code, name) in enumerate(names.items())
                ],
            ),
        ]
    )


def test_no_field_of_any_csv_is_a_formula(visit: Visit, files: dict[str, Any]) -> None:
    named_for_trouble(visit)
    troubled = 0
    for page in PAGES:
        at = visit(page, **OWN)
        for popover in at.get("popover"):
            if "_taken" in popover.proto.id:
                at.session_state[re.findall(r"\w+_taken", popover.proto.id)[0]] = True
        at.run()
    assert len(files) > 20
    for name, data in files.items():
        assert not FORMULA.match(name)
        content = data() if callable(data) else data
        if not name.endswith(".csv"):
            continue
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for field in row:
                assert not FORMULA.match(field) or NUMBER.fullmatch(field), (name, field)
                troubled += field.startswith("'")
    assert troubled > 50  # names were there, and are words


def test_a_chart_is_taken_away_as_picture_figures_sentence_and_link(
    visit: Visit, files: dict[str, Any]
) -> None:
    at = visit("divergence")
    assert not [
        name for name in files if name.endswith(".png")
    ]  # nothing is made before it is wanted
    at.session_state["divergence_standing_taken"] = True
    at.run()
    png, svg, figures = (
        files[f"synthetic-divergence-standing.{ending}"]() for ending in ("png", "svg", "csv")
    )
    assert png.startswith(b"\x89PNG")
    assert "Synthetic data" in svg
    assert "FFT GP, Jan–Mar 2026; GP survey, Jan–Mar 2026" in svg
    rows = list(csv.DictReader(io.StringIO(figures.decode("utf-8-sig"))))
    assert [row["Source"] for row in rows] == ["FFT GP", "GP survey"]
    assert {row["Data"][:14] for row in rows} == {"Synthetic data"}
    sentence = at.code[0].value
    assert sentence.endswith("(FFT GP, Jan–Mar 2026; GP survey, Jan–Mar 2026)")
