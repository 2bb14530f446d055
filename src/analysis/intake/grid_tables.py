"""Grid tables of Markdown, as pandoc writes them: a cell has as many lines as it needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.intake.markdown_marks import without_marks
from analysis.intake.template_wording import key_of, read_wording
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_BORDER = re.compile(r"\s*\+(?:[:=-]{3,}\+)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK, _GAP = "<br>", "<p>"


def is_bar_row(line: str) -> bool:
    """Return whether a line stands between bars."""
    stripped = line.strip()
    return len(stripped) > 1 and stripped.startswith("|") and stripped.endswith("|")


def cells_of(line: str) -> list[str]:
    r"""Return what stands between the bars of a line; a bar behind a backslash is text.

    Examples
    --------
    >>> cells_of("| Why? | Because. |")
    [' Why? ', ' Because. ']
    """
    return _BAR.split(line.strip()[1:-1])


def unwrap_grids(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers, the lines of each row of a grid table as one.

    Some programs put borders above and below a table alone. Lines are therefore one row only where
    one of them at most asks something, or what they ask together is a question of the template.

    Parameters
    ----------
    lines : iterable of str
        The lines of a text.

    Examples
    --------
    >>> list(unwrap_grids(["+-----+-----+", "| Why | - a |", "|     | - b |", "+-----+-----+"]))
    [(1, '+-----+-----+'), (2, '| Why | - a<br>- b |'), (4, '+-----+-----+')]
    """
    held: list[tuple[int, str]] = []
    is_grid = False
    for number, line in enumerate(lines, start=1):
        if is_grid and is_bar_row(line):
            held.append((number, line))
            continue
        yield from _unwrapped(held)
        held, is_grid = [], _BORDER.fullmatch(line) is not None
        yield number, line
    yield from _unwrapped(held)


def _unwrapped(held: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    rows = [cells_of(line) for _, line in held]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return held
    asked = [row[0].strip() for row in rows if row[0].strip()]
    if len(asked) > 1 and not _is_asked(without_marks(" ".join(asked))):
        return held
    answers = (_joined(column) for column in list(zip(*rows, strict=True))[1:])
    return [(held[0][0], f"| {' | '.join([' '.join(asked), *answers])} |")]


def _is_asked(text: str) -> bool:
    """Return whether the template says this in some language."""
    label = key_of(text.partition(":")[0])
    wordings = [read_wording(language) for language in instrument_languages()]
    return any(wording.knows(text) or label in wording.contacts for wording in wordings)


def _joined(cell: Sequence[str]) -> str:
    """Return the lines of a cell in one; empty ones between them part paragraphs."""
    lines = [part.removeprefix(" ").rstrip() for part in cell]
    return _BREAK.join(line or _GAP for line in lines).strip()
