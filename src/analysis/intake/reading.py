"""A file of submissions as received, whatever its format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake.markdown_text import read_markdown_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup, FocusGroups
    from analysis.intake.submission import Submission

TEXTS = (".txt", ".md", ".markdown")
PAGES = (".html", ".htm")
DOCUMENTS = (".docx", ".pdf")
TABLES = (".csv", ".xlsx")
ENDINGS = (*TEXTS, *PAGES, *DOCUMENTS, *TABLES)


def read_submissions(path: Path) -> tuple[Submission, ...]:
    """Return the submissions that a file holds: one, or of a survey one for each response.

    Parameters
    ----------
    path : Path
        A Word document, a PDF, a page of HTML, a text, or the export of a survey as CSV or XLSX;
        told by the ending of its name.

    Raises
    ------
    SourceError
        When its format is not read, or it cannot be read.
    """
    reader = _reader_of(path)
    found = reader(path)
    return found if isinstance(found, tuple) else (found,)


def read_described(telling: FocusGroups, path: Path) -> tuple[tuple[Submission, FocusGroup], ...]:
    """Return the submissions that a file holds, each with the focus group that it tells of.

    Parameters
    ----------
    telling : FocusGroups
        Tells of focus groups.
    path : Path
        As `read_submissions` takes it.

    Raises
    ------
    SourceError
        When its format is not read, or it cannot be read.
    """
    return tuple(
        (each, telling.describe(each, each.place_in(path.name), path.name))
        for each in read_submissions(path)
    )


def _reader_of(path: Path) -> Callable[[Path], Submission | tuple[Submission, ...]]:
    """Return what reads a file; libraries are imported for the formats that need them."""
    ending = path.suffix.casefold()
    if ending in TEXTS:
        return read_markdown_text
    if ending in PAGES:
        from analysis.intake.html import read_html  # noqa: PLC0415

        return read_html
    if ending in TABLES:
        from analysis.intake.survey import read_survey  # noqa: PLC0415

        return read_survey
    if ending == ".docx":
        from analysis.intake.docx import read_docx  # noqa: PLC0415

        return read_docx
    if ending == ".pdf":
        from analysis.intake.pdf import read_pdf  # noqa: PLC0415

        return read_pdf
    raise SourceError(
        f"{path.name} has a format that is not read as a submission.",
        expected=f"one of {', '.join(ENDINGS)}",
        remedy="save it in one of these formats",
    )
