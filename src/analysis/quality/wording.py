"""The words in which an outcome is told: by table, rows and ids, without the value of a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL = "{cell}"
CODE = "{code}"
SHOWN_NAMES = 5


def say_fault(fault: str, table: str, failing: int, where: str) -> str:
    """Return a sentence that tells what is wrong, in how many rows, and where."""
    count = f"{failing} row{'' if failing == 1 else 's'}" if failing else "the whole"
    return f"{capitalise(fault)}: {count} of {table}.csv{where}."


def say_details(details: Sequence[str]) -> str:
    """Return what is told of rows, each once, in brackets."""
    told = list(dict.fromkeys(each for each in details if each))
    rest = len(told) - SHOWN_NAMES
    more = f"; and {rest} more" if rest > 0 else ""
    return f" ({'; '.join(told[:SHOWN_NAMES])}{more})" if told else ""


def say_where(groups: Sequence[str], cells: Sequence[str]) -> str:
    """Return the focus groups and the cells in question, in brackets."""
    told = [_listed("focus group", groups), _listed("cell", cells)]
    named = "; ".join(each for each in told if each)
    return f" ({named})" if named else ""


def _listed(noun: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    return f"{noun}{'' if len(names) == 1 else 's'} {first_of(names)}"


def first_of(names: Sequence[str]) -> str:
    """Return the first few names, and how many more there are.

    Examples
    --------
    >>> first_of(["fg01", "fg02", "fg03", "fg04", "fg05", "fg06"])
    'fg01, fg02, fg03, fg04, fg05 and 1 more'
    """
    rest = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def list_names(names: Sequence[str]) -> str:
    """Return a few names as a list in words; of many, the first and how many more there are.

    Examples
    --------
    >>> list_names(["esa", "wca"])
    'esa and wca'
    """
    if not 1 < len(names) <= SHOWN_NAMES:
        return first_of(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def ranges_of(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return rows as ranges, each with its first and its last row."""
    ranges: list[tuple[int, int]] = []
    for row in sorted(set(rows)):
        if ranges and row == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], row)
        else:
            ranges.append((row, row))
    return ranges


def say_rows(rows: Sequence[int]) -> str:
    """Return the first few ranges of rows, and how many more rows there are.

    Examples
    --------
    >>> say_rows([2, 3, 4, 9])
    '2-4, 9'
    """
    ranges = ranges_of(rows)
    told = [str(first) if first == last else f"{first}-{last}" for first, last in ranges]
    rest = sum(last - first + 1 for first, last in ranges[SHOWN_NAMES:])
    return ", ".join(told[:SHOWN_NAMES]) + (f" and {rest:,} more" if rest else "")


def capitalise(text: str) -> str:
    """Return a text with its first letter in upper case, and all else as it stands."""
    return f"{text[:1].upper()}{text[1:]}"


def fill_touches(
    patterns: Sequence[str], cells: Sequence[str], codes: Sequence[str] = ()
) -> tuple[str, ...]:
    """Return the claims that are touched: patterns with the cells and codes in question.

    Where none is known, any is in question.
    """
    filled = [
        pattern.replace(CELL, cell).replace(CODE, code)
        for pattern in patterns
        for cell in (cells or ("*",) if CELL in pattern else ("",))
        for code in (codes or ("*",) if CODE in pattern else ("",))
    ]
    return tuple(dict.fromkeys(filled))


def empty_touches(patterns: Sequence[str], cells: Sequence[str]) -> tuple[str, ...]:
    """Return the claims that are touched where it is not told in which cells.

    Examples
    --------
    >>> empty_touches(["*theme.hope*", "*context.hope*"], ["theme.hope", "context.hope"])
    ('*',)
    """
    for cell in cells:
        patterns = [re.sub(r"\*+", "*", pattern.replace(cell, "*")) for pattern in patterns]
    return tuple(dict.fromkeys(patterns))
