"""Reader of the text form of a submission: Markdown with HTML lists in table rows.

Converters write a filled-in template so: facts as ``Label: value`` lines, the domains as tables of
a question and its answer, other answers as lists under a heading. In grid tables, as pandoc writes
them, a cell has as many lines as it needs.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.intake.limits import decode_text, require_form
from analysis.intake.line_reader import read_lines
from analysis.intake.lines import Block, ItemCounter, TemplateLine, is_list_item, read_markup
from analysis.intake.template_wording import key_of, read_wording
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Submission

_RULE = re.compile(r"[\s|:+=-]*(?:--|==)[\s|:+=-]*")
_GRID_BORDER = re.compile(r"\s*\+(?:[:=-]{3,}\+)+\s*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK, _GAP = "<br>", "<p>"
# A bar behind a backslash is kept apart from one between cells until rows are split.
_ESCAPE = re.compile(r"\\(?:([!-/:-@\[-`{}~])|(?=[ \t]|$))", re.MULTILINE)
# Emphasis ends in its paragraph and its cell.
_EMPHASIS = re.compile(
    r"(?<![\w\\])(_{1,3})(?=[^\s_])((?:\\.?|[^\\_|\n]|\n(?![ \t]*(?:\n|$)))*+)(?<=\S)\1(?!\w)"
)
# Signs that open a tag or an entity unless a backslash is before them.
_ESCAPED = {"<": "&lt;", "&": "&amp;"}


def read_markdown_text(file: ReceivedFile) -> Submission:
    """Return the submission in a text file, in UTF-8.

    Raises
    ------
    SourceError
        When it is not UTF-8 or empty, has no heading of the template, or answers a question twice.
    """
    require_form(file.name, file.content, ("text",))
    text = decode_text(file.name, file.content)
    return read_lines(list(split_lines(text)), file.name, text=text)


def split_lines(text: str) -> Iterator[TemplateLine]:
    r"""Yield the lines of a text but for empty ones and rules, rows split into their two cells.

    Rows have a tab between their cells, or bars around them (``| question | answer |``), in a grid
    table on several lines.

    Examples
    --------
    >>> [(line.number, line.first, line.second) for line in split_lines("Why?\tBecause.\n\nSo.")]
    [(1, 'Why?', 'Because.'), (3, 'So.', '')]
    """
    follows_gap = False
    counter = ItemCounter()
    unwrapped = list(_unwrap_grids(re.split(r"\r\n|\r|\n", text)))
    lines = remove_marks("\n".join(line for _, line in unwrapped)).split("\n")
    for (number, _), line in zip(unwrapped, lines, strict=True):
        if not line.strip() or _RULE.fullmatch(line):
            follows_gap = True
            continue
        first, second, is_row = _split_row(line)
        opened = None if is_row else counter.open_item(first.strip())
        if opened:
            yield _item(number, *opened, follows_gap=follows_gap)
        else:
            yield TemplateLine(number, first, second, is_row, follows_gap)
        counter = ItemCounter() if is_row else counter
        follows_gap = False


def remove_marks(text: str) -> str:
    r"""Return Markdown without its backslashes and its underscores of emphasis.

    Underscores within words, and those on their own, are kept.

    Examples
    --------
    >>> remove_marks(r"It is __never__ the _right_ time\!")
    'It is never the right time!'
    >>> remove_marks(r"a_b_c ____ \_d\_")
    'a_b_c ____ _d_'
    """
    plain = _EMPHASIS.sub(r"\2", text)
    return _ESCAPE.sub(lambda sign: _ESCAPED.get(sign[1], sign[1] or ""), plain)


def _item(number: int, role: str, markup: str, *, follows_gap: bool) -> TemplateLine:
    """Return a line that a typed number opens."""
    first, *others = read_markup(markup) or (Block(role, ""),)
    blocks = (replace(first, role=role), *others)
    return TemplateLine(number, markup, "", is_row=False, follows_gap=follows_gap, blocks=blocks)


def _split_row(line: str) -> tuple[str, str, bool]:
    """Return the two cells of a line, and whether it is a row of a table."""
    if _is_bar_row(line):
        first, *others = (cell.replace("\\|", "|") for cell in _split_bars(line))
        return first.strip(), " ".join(others).strip(), True
    first, tab, second = line.partition("\t")
    if not tab or is_list_item(line):
        return line.rstrip().replace("\\|", "|"), "", False
    return first.strip(), second.strip(), True


def _is_bar_row(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) > 1 and stripped.startswith("|") and stripped.endswith("|")


def _split_bars(line: str) -> list[str]:
    """Return the cells between the bars of a line; a bar behind a backslash is text."""
    return _BAR.split(line.strip()[1:-1])


def _unwrap_grids(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield lines with their numbers, the lines of each row of a grid table as one.

    Some programs put borders above and below a table alone. Lines are therefore one row only where
    at most one of them has a first cell, or their first cells together are a question.
    """
    held: list[tuple[int, str]] = []
    is_grid = False
    for number, line in enumerate(lines, start=1):
        if is_grid and _is_bar_row(line):
            held.append((number, line))
            continue
        yield from _unwrap_row(held)
        held, is_grid = [], _GRID_BORDER.fullmatch(line) is not None
        yield number, line
    yield from _unwrap_row(held)


def _unwrap_row(held: Sequence[tuple[int, str]]) -> Sequence[tuple[int, str]]:
    rows = [_split_bars(line) for _, line in held]
    if len(rows) < 2 or len({len(row) for row in rows}) > 1:
        return held
    question = [row[0].strip() for row in rows if row[0].strip()]
    if len(question) > 1 and not _is_of_template(remove_marks(" ".join(question))):
        return held
    answers = (_join_cell(column) for column in list(zip(*rows, strict=True))[1:])
    return [(held[0][0], f"| {' | '.join([' '.join(question), *answers])} |")]


def _is_of_template(text: str) -> bool:
    """Return whether the template asks this in some language."""
    label = key_of(text.partition(":")[0])
    wordings = [read_wording(language) for language in instrument_languages()]
    return any(wording.knows(text) or label in wording.contacts for wording in wordings)


def _join_cell(lines: Sequence[str]) -> str:
    """Return the lines of a cell in one; an empty one ends a paragraph."""
    stripped = [line.removeprefix(" ").rstrip() for line in lines]
    return _BREAK.join(line or _GAP for line in stripped).strip()
