"""Reading a file of submissions, whatever its format: bytes in, typed records out.

`read_described` is what the sandbox runs. The format's reader makes lines of a file
(`analysis.intake.lines`), `analysis.intake.line_reader` makes a `Submission` of them, and
`analysis.intake.focus_group` understands the facts that it states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import SourceError

if TYPE_CHECKING:
    from analysis.intake.focus_group import FocusGroup, FocusGroups
    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Submission

TEXTS = (".txt", ".md", ".markdown")
PAGES = (".html", ".htm")
DOCUMENTS = (".docx", ".pdf")
TABLES = (".csv", ".xlsx")
ENDINGS = (*TEXTS, *PAGES, *DOCUMENTS, *TABLES)


def read_described(
    groups: FocusGroups, file: ReceivedFile
) -> tuple[tuple[Submission, FocusGroup], ...]:
    """Return the submissions in a file, each with the focus group that it describes.

    Parameters
    ----------
    groups : FocusGroups
        Describes focus groups, given places and a table for ``--met``.
    file : ReceivedFile
        As `read_submissions` takes it.

    Raises
    ------
    SourceError
        When its format is not read, or it cannot be read.
    """
    return tuple(
        (each, groups.describe(each, each.place_in(file.name), file.name))
        for each in read_submissions(file)
    )


def read_submissions(file: ReceivedFile) -> tuple[Submission, ...]:
    """Return the submissions in a file: one, or of a survey one for each response.

    Parameters
    ----------
    file : ReceivedFile
        A Word document, a PDF, a page of HTML, a text, or the export of a survey as CSV or XLSX, by
        the ending of its name. Only the libraries of its format are imported.

    Raises
    ------
    SourceError
        When its format is not read, or it cannot be read.
    """
    if file.ending in TEXTS:
        from analysis.intake.markdown_text import read_markdown_text  # noqa: PLC0415

        return (read_markdown_text(file),)
    if file.ending in PAGES:
        from analysis.intake.html import read_html  # noqa: PLC0415 (heavy, as all below)

        return (read_html(file),)
    if file.ending in TABLES:
        from analysis.intake.survey import read_survey  # noqa: PLC0415

        return read_survey(file)
    if file.ending == ".docx":
        from analysis.intake.docx import read_docx  # noqa: PLC0415

        return (read_docx(file),)
    if file.ending == ".pdf":
        from analysis.intake.pdf import read_pdf  # noqa: PLC0415

        return (read_pdf(file),)
    raise SourceError(
        f"{file.name} has an unsupported format for a submission.",
        offenders=[file.ending or "no ending"],
        expected=f"one of {', '.join(ENDINGS)}",
        remedy="save it in one of these formats",
    )
