"""The words in which an outcome is told: by table, rows and ids, without the value of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL = "{cell}"
CODE = "{code}"
SHOWN_NAMES = 5


def say_fault(fault: str, table: str, failing: int, where: str) -> str:
    """Return a sentence that tells what is wrong, in how many rows, and where."""
    count = f"{failing} row{'' if failing == 1 else 's'}" if failing else "the whole"
    return f"{fault[0].upper()}{fault[1:]}: {count} of {table}.csv{where}."


def say_where(groups: Sequence[str], cells: Sequence[str]) -> str:
    """Return the focus groups and the cells in question, in brackets."""
    told = [_listed("focus group", groups), _listed("cell", cells)]
    named = "; ".join(each for each in told if each)
    return f" ({named})" if named else ""


def _listed(noun: str, names: Sequence[str]) -> str:
    if not names:
        return ""
    rest = len(names) - SHOWN_NAMES
    shown = ", ".join(names[:SHOWN_NAMES]) + (f" and {rest} more" if rest > 0 else "")
    return f"{noun}{'' if len(names) == 1 else 's'} {shown}"


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
