"""The lines of a text submission: rows of tables, Markdown, and the gaps between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake.normalisation import POINT_GLYPHS, SUBPOINT_GLYPHS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RULE = re.compile(r"[\s|:+=-]*--[\s|:+=-]*")
_BULLET = re.compile(rf"\s*(?:[-*+](?:\s|$)|[{POINT_GLYPHS}{SUBPOINT_GLYPHS}])")
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class TemplateLine:
    """One line of a text submission that says something.

    Parameters
    ----------
    number : int
        Its number in the file, counted from 1.
    first, second : str
        The two cells of a row; ``second`` is empty for a line outside tables.
    is_row : bool
        Whether the line is a row of a table.
    follows_gap : bool
        Whether an empty line or a rule stands above it.
    """

    number: int
    first: str
    second: str
    is_row: bool
    follows_gap: bool

    @property
    def is_item(self) -> bool:
        """Return whether the line is an item of a Markdown list."""
        return not self.is_row and _BULLET.match(self.first) is not None


def read_text(path: Path) -> str:
    """Return the text of a submission.

    Parameters
    ----------
    path : Path
        A text file in UTF-8.

    Returns
    -------
    str
        Its text, without byte order mark.

    Raises
    ------
    SourceError
        When there is no such file, it is not UTF-8, or it is empty.
    """
    if not path.is_file():
        raise SourceError(
            f"There is no file {path.name}.",
            expected="the text of a submission",
            remedy="check the name of the file",
        )
    content = path.read_bytes()
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            f"{path.name} is not UTF-8.",
            offenders=[f"line {line}: byte {error.start} is no UTF-8 character"],
            expected="text in UTF-8",
            remedy="save the text again as UTF-8",
        ) from None
    if not text.strip():
        raise SourceError(
            f"{path.name} is empty.",
            expected="the text of a submission",
            remedy="convert the document again",
        )
    return text


def split_lines(text: str) -> Iterator[TemplateLine]:
    r"""Yield the lines of a text that say something, rows split into their two cells.

    Rows have a tab between their cells, or stand between bars (``| question | answer |``).

    Parameters
    ----------
    text : str
        The text of a submission.

    Yields
    ------
    TemplateLine
        In the order of the text, without empty lines and rules.

    Examples
    --------
    >>> [(line.number, line.first, line.second) for line in split_lines("Why?\tBecause.\n\nSo.")]
    [(1, 'Why?', 'Because.'), (3, 'So.', '')]
    """
    follows_gap = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip() or _RULE.fullmatch(line):
            follows_gap = True
            continue
        first, second, is_row = _split_row(line)
        yield TemplateLine(number, first, second, is_row, follows_gap)
        follows_gap = False


def _split_row(line: str) -> tuple[str, str, bool]:
    stripped = line.strip()
    if len(stripped) > 1 and stripped.startswith("|") and stripped.endswith("|"):
        first, *others = _PIPE.split(stripped[1:-1])
        return first.strip(), " ".join(others).replace("\\|", "|").strip(), True
    first, tab, second = line.partition("\t")
    if not tab or _BULLET.match(line):
        return line.rstrip(), "", False
    return first.strip(), second.strip(), True
