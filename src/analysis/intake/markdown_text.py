"""Reader of the text form of a submission: Markdown with HTML lists in table rows.

Converters write a filled-in template so: facts as ``Label: value`` lines, the domains as tables of
a question and its answer, other answers as lists under a heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake.line_reader import LineReader
from analysis.intake.normalisation import digest
from analysis.intake.suspicious_text import suspicions_of
from analysis.intake.template_lines import read_text, split_lines
from analysis.intake.template_wording import read_wording, wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analysis.intake.submission import Submission
    from analysis.intake.template_lines import TemplateLine

__all__ = ["read_lines", "read_markdown_text"]


def read_markdown_text(path: Path, language: str = "") -> Submission:
    """Return what a submission in text form says.

    Parameters
    ----------
    path : Path
        The text of one submission, in UTF-8.
    language : str, optional
        The language of its template; told by its headings and questions if not given.

    Returns
    -------
    Submission
        Its facts and points, what was mended, and the lines among its answers that belong to no
        cell. No e-mail address or telephone number is in it.

    Raises
    ------
    SourceError
        When the file is absent, not UTF-8 or empty, has no heading of the template, or answers a
        question twice.
    """
    text = read_text(path)
    return read_lines(list(split_lines(text)), path.name, digest(text), language)


def read_lines(
    lines: list[TemplateLine],
    name: str,
    source_sha256: str,
    language: str = "",
    *,
    aside: Iterable[tuple[str, str]] = (),
) -> Submission:
    """Return what the lines of a submission say.

    Parameters
    ----------
    lines : list of TemplateLine
        In the order of the file.
    name : str
        The name of the file.
    source_sha256 : str
        The digest of its whole normalised text.
    language : str, optional
        The language of its template; told by its headings and questions if not given.
    aside : iterable of tuple of (str, str)
        What stands in no line: for each item why it is set aside, and its place if a person must
        look there.

    Raises
    ------
    SourceError
        When no line is a question of the template, or two lines ask the same.
    """
    wording = read_wording(language) if language else wording_of(line.first for line in lines)
    reading = LineReader(wording, name)
    for line in lines:
        reading.take(line)
    for reason, place in aside:
        reading.drop(reason, 1, place)
    return reading.submission(source_sha256, suspicions_of(lines))
