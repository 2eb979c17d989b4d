"""Damaged files end in a right load or a clear fault (the whole study: python -m benchmarks.damages)."""

from __future__ import annotations

import pytest

from benchmarks import damages
from pxcore.analysis.files import load
from pxcore.analysis.files.demonstration import demonstration_files


def test_a_damaged_file_never_loads_other_figures_or_ends_in_an_exception():
    files = [file for file in demonstration_files() if len(file[1]) < 40_000]
    outcomes = list(damages.study(files, 90))
    assert [result for result in outcomes if damages.wrong(result)] == []
    assert {result.result for result in outcomes} >= {"fault", "right load"}


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_file_cut_off_at_its_very_start_is_empty(content: bytes):
    assert [fault.what for fault in load.read("answers.csv", content).errors] == [
        "The file is empty."
    ]
