"""The command line: arguments in, one analysis called, its report printed.

Exit status 0: done (a refusal to compare is an answer); 1: a fault in the input; 2: wrong usage.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import click

from pxcore.cli import explain, export, files, pairs, views, watch
from pxcore.cli.run import DONE, FAULT

__all__ = ["DONE", "FAULT", "USAGE", "main", "px"]
USAGE, INTERRUPTED = 2, 130


class _InOrder(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """As they are used: files are loaded, then compared."""
        return list(self.commands)


px = _InOrder(
    help="Do our sources of patient experience agree? Load extracts and compare them.",
    context_settings={"help_option_names": ["-h", "--help"]},
    commands=[
        files.load_command, files.sources_command, views.coverage_command, views.themes_command,
        pairs.align_command, pairs.agreement_command, pairs.certainty_command,
        pairs.divergence_command, pairs.check_command, views.trends_command,
        export.export_command, export.reproduce_command, explain.explain_command,
        watch.watch_command,
        views.changes_command,
        files.demo_command, files.start_command,
    ],
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a pipe of Windows knows 256 signs
            stream.reconfigure(errors="backslashreplace")
    # handed over, for click expands patterns on Windows in what it takes by itself
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        return int(px.main(arguments, prog_name="px", standalone_mode=False))
    except click.UsageError as problem:
        problem.show()
        return USAGE
    except click.Abort:
        return INTERRUPTED
