"""The rows of a CSV file, whichever sign stands between its values."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = ",;\t"
LOOKED_AT = 3


def rows_of_csv(text: str) -> Iterator[list[str]]:
    r"""Yield the rows of a CSV file: commas, semicolons or tabs stand between its values.

    It is the sign that parts the first rows into as many values each, and into the most.

    Parameters
    ----------
    text : str
        The text of the file.

    Yields
    ------
    list of str
        The values of each row.

    Raises
    ------
    csv.Error
        When a quote is misplaced or never closed, or a value is too long.

    Examples
    --------
    >>> list(rows_of_csv("Day;What, and why;Who\n1;Nets;\n"))
    [['Day', 'What, and why', 'Who'], ['1', 'Nets', '']]
    """
    yield from _rows(text, max(DELIMITERS, key=lambda delimiter: _parting(text, delimiter)))


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _parting(text: str, delimiter: str) -> tuple[bool, int]:
    """Return whether a sign parts the first rows alike, and into how many values the first."""
    rows: list[list[str]] = []
    is_sound = False
    with suppress(csv.Error):
        rows.extend(islice(filter(None, _rows(text, delimiter)), LOOKED_AT))
        is_sound = True
    widths = {len(row) for row in rows}
    return is_sound and len(widths) == 1 and widths != {1}, len(rows[0]) if rows else 0
