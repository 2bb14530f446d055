"""The rows of ruled tables in a PDF, and the lines between them, with where they stand."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.intake.pdf_layout import PageLine, lines_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from analysis.intake.pdf_layout import Word

MARGIN = 4.0
"""Points by which lines end before the rule of their cell, at least."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Row:
    """A row of a table, or a line of a page, with where it stands."""

    page: int
    number: int
    question: tuple[PageLine, ...]
    answer: tuple[PageLine, ...]
    is_row: bool
    right: float
    left: float
    is_running: bool = False

    @property
    def where(self) -> str:
        """Return its place in the document."""
        return f"page {self.page} {'row' if self.is_row else 'line'} {self.number}"

    @property
    def words(self) -> tuple[PageLine, ...]:
        """Return the lines of its last cell."""
        return self.answer if self.is_row else self.question


def read_page(page: Any) -> list[Row]:  # noqa: ANN401 - pdfplumber ships no types for it
    """Return the rows of the tables of a page, and the lines between them, from top to bottom."""
    words = page.extract_words(extra_attrs=["fontname"], x_tolerance=1.5)
    ends = {"explicit_horizontal_lines": _ends_of_rules(page)}
    cells = [row for table in page.find_tables(ends) for row in _boxes_of(table)]
    placed: list[tuple[float, Row]] = []
    rest = words
    for number, boxes in enumerate(cells, start=1):
        inside = [[word for word in rest if _is_in(word, box)] for box in boxes]
        rest = [word for word in rest if not any(_is_in(word, box) for box in boxes)]
        top = min(box[1] for box in boxes)
        placed.append((top, _row_of(page.page_number, number, boxes, inside)))
    body = lines_of(rest)
    left = min((line.x0 for line in body), default=0.0)
    for number, line in enumerate(body, start=1):
        right = float(page.width) - left
        row = Row(page.page_number, number, (line,), (), is_row=False, right=right, left=left)
        placed.append((line.top, row))
    return [row for _, row in sorted(placed, key=lambda each: each[0])]


def _ends_of_rules(page: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return lines where upright rules begin and end: a cell that a page cuts has no rule there."""
    spans: dict[tuple[int, int], list[float]] = {}
    for edge in page.edges:
        if edge["orientation"] == "v":
            spans.setdefault((round(edge["top"]), round(edge["bottom"])), []).append(edge["x0"])
    return [
        {
            "object_type": "line",
            "x0": min(across),
            "x1": max(across),
            "top": level,
            "bottom": level,
            "width": max(across) - min(across),
            "height": 0,
            "orientation": "h",
        }
        for (top, bottom), across in spans.items()
        if len(across) > 1
        for level in (top, bottom)
    ]


def _boxes_of(table: Any) -> Iterator[list[Box]]:  # noqa: ANN401
    for row in table.rows:
        boxes = [cell for cell in row.cells if cell is not None]
        if boxes:
            yield boxes


def _row_of(page: int, number: int, boxes: list[Box], inside: list[list[Word]]) -> Row:
    """Return a row; a row of one cell is a heading, or an answer below one."""
    lines = [tuple(lines_of(words)) for words in inside]
    last = boxes[-1]
    begun = min((line.x0 for cell in lines for line in cell if cell is lines[-1]), default=last[0])
    margin = max(MARGIN, min(begun - last[0], 12.0)) if begun > last[0] else MARGIN
    if len(boxes) == 1:
        return Row(page, number, lines[0], (), is_row=False, right=last[2] - margin, left=last[0])
    answer = tuple(line for cell in lines[1:] for line in cell)
    return Row(page, number, lines[0], answer, is_row=True, right=last[2] - margin, left=last[0])


def _is_in(word: Word, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def mark_running(rows: Sequence[Row]) -> list[Row]:
    """Mark headers, footers and numbers of pages.

    They stand first or last on several pages. What stands there without them is running too if it
    does so on half of the pages: headers and footers may have several lines.
    """
    pages = [[row for row in rows if row.page == page] for page in sorted({r.page for r in rows})]
    edges = list(_edges(pages, frozenset()))
    numbers = {row for row in edges if _folded(row).strip(" #-/") == ""}
    found = numbers | _repeated(edges, 2)
    running: frozenset[Row] = frozenset()
    while found:
        running |= found
        edges = list(_edges(pages, running))
        found = _repeated([*edges, *running], max(2, len(pages) / 2)) - running
    return [replace(row, is_running=row in running) for row in rows]


def _edges(pages: Sequence[Sequence[Row]], running: Collection[Row]) -> Iterator[Row]:
    """Yield the first and the last of what is left on each page, unless it is a row of a table."""
    for page in pages:
        left = [row for row in page if row not in running]
        for row in dict.fromkeys([*left[:1], *left[-1:]]):
            if not row.is_row:
                yield row


def _repeated(rows: Sequence[Row], least: float) -> set[Row]:
    """Return the lines whose words stand on so many pages, whatever numbers are among them."""
    pages = Counter(text for text, _ in {(_folded(row), row.page) for row in rows})
    return {row for row in rows if pages[_folded(row)] >= least}


def _folded(row: Row) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text for line in row.question))
