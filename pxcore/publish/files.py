"""The kinds of file a document can be, by the ending of their names.

A writer is imported when its file is wanted: the libraries for office files take a while.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from pxcore.publish.document import Document


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is called, and who writes it.

    Attributes
    ----------
    write : a document in, the bytes of the file out; slides take a `template` too.
    """

    title: str
    ending: str
    mime: str
    write: Callable[..., bytes]


def _slides(document: Document, template: Path | IO[bytes] | None = None) -> bytes:
    from pxcore.publish import powerpoint

    return powerpoint.presentation(document, template)


def _report(document: Document) -> bytes:
    from pxcore.publish import word

    return word.report(document)


def _workbook(document: Document) -> bytes:
    from pxcore.publish import excel

    return excel.workbook(document)


def _page(document: Document) -> bytes:
    from pxcore.publish import html

    return html.page(document)


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = (
    FileKind("PowerPoint", "pptx", f"{_OFFICE}presentationml.presentation", _slides),
    FileKind("Word", "docx", f"{_OFFICE}wordprocessingml.document", _report),
    FileKind("Excel", "xlsx", f"{_OFFICE}spreadsheetml.sheet", _workbook),
    FileKind("One web page", "html", "text/html", _page),
)
