"""The layout of a PDF: rows of ruled tables, lines between them, and the paragraphs they make up.

A page holds words with their place, and no paragraphs. Words at one height are a line (`PageLine`);
lines in the cells of a table are a row (`Row`). A line continues the paragraph above where its
first word would not have fitted at the end of that; where it would, somebody ended a paragraph.
Typed bullets open items.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.intake.lines import Paragraph
from analysis.intake.normalisation import POINT_GLYPHS, SUBPOINT_GLYPHS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

Word = dict[str, Any]
Page = Any
"""A page of pdfplumber, which ships no types."""
Box = tuple[float, float, float, float]

SAME_LINE = 3.0
"""Points by which words of one line may differ in height."""
INDENT = 6.0
"""Points by which a bullet of a sub-point is further in."""
GAP = 1.3
"""Times the usual distance of lines, above which a paragraph has ended."""
MARGIN = 4.0
"""Points by which lines end before the rule of their cell, at least."""

_BULLET = re.compile(
    rf"^(?:[{POINT_GLYPHS}{SUBPOINT_GLYPHS}\uf0b7\u00b7\uf0a7\uf0a8\u27a2]|\(cid:\d+\))"
)
_DASH = re.compile(r"^[-*+\u2013\u2014]$")
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]$")
_SYMBOL_FONTS = ("courier", "symbol", "wingding", "zapf")
_HYPHEN = "\u00ad"


@dataclass(frozen=True, eq=False)
class PageLine:
    """A line on a page: its words from left to right, as pdfplumber gives them."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Return its start, in points from the left."""
        return float(self.words[0]["x0"])

    @property
    def x1(self) -> float:
        """Return its end, in points from the left."""
        return float(self.words[-1]["x1"])

    @property
    def top(self) -> float:
        """Return its top, in points from that of the page."""
        return float(min(word["top"] for word in self.words))

    @property
    def bottom(self) -> float:
        """Return its bottom, in points from the top of the page."""
        return float(max(word["bottom"] for word in self.words))

    @property
    def text(self) -> str:
        """Return its words."""
        return " ".join(str(word["text"]) for word in self.words)

    @property
    def is_bullet(self) -> bool:
        """Return whether it opens an item of a list with a bullet."""
        first = self.words[0]
        if _BULLET.match(first["text"]) or (_DASH.match(first["text"]) and len(self.words) > 1):
            return True
        font = str(first.get("fontname", "")).casefold()
        return len(first["text"]) == 1 and any(symbol in font for symbol in _SYMBOL_FONTS)

    @property
    def opens_item(self) -> bool:
        """Return whether it opens an item of a list, with a bullet or a number."""
        return self.is_bullet or _NUMBER.match(self.words[0]["text"]) is not None

    def without_bullet(self) -> str:
        """Return its words without the bullet."""
        first = _BULLET.sub("", str(self.words[0]["text"]), count=1)
        first = "" if len(self.words[0]["text"]) == 1 else first
        return " ".join([first, *(str(word["text"]) for word in self.words[1:])]).strip()


@dataclass(frozen=True, eq=False)
class Row:
    """A row of a table, or a line of a page, with its place.

    `right` is where lines end at the latest, and `left` where its cell starts, in points.
    """

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
    def last_cell(self) -> tuple[PageLine, ...]:
        """Return the lines of its last cell."""
        return self.answer if self.is_row else self.question


@dataclass(frozen=True)
class Setting:
    """The usual distance of a document's lines, and how far its bullets of points are in."""

    distance: float
    first_bullet: float


def read_page(page: Page) -> list[Row]:
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


def _ends_of_rules(page: Page) -> list[dict[str, Any]]:
    """Return lines at both ends of upright rules: a cell that a page cuts has no rule there."""
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


def _boxes_of(table: Any) -> Iterator[list[Box]]:  # noqa: ANN401 - see Page
    for row in table.rows:
        boxes = [cell for cell in row.cells if cell is not None]
        if boxes:
            yield boxes


def _row_of(page: int, number: int, boxes: list[Box], inside: list[list[Word]]) -> Row:
    """Return a row; a row of one cell is a heading, or an answer below one."""
    lines = [tuple(lines_of(words)) for words in inside]
    last = boxes[-1]
    start = min((line.x0 for cell in lines for line in cell if cell is lines[-1]), default=last[0])
    margin = max(MARGIN, min(start - last[0], 12.0)) if start > last[0] else MARGIN
    if len(boxes) == 1:
        return Row(page, number, lines[0], (), is_row=False, right=last[2] - margin, left=last[0])
    answer = tuple(line for cell in lines[1:] for line in cell)
    return Row(page, number, lines[0], answer, is_row=True, right=last[2] - margin, left=last[0])


def _is_in(word: Word, box: Box) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def mark_running(rows: Sequence[Row]) -> list[Row]:
    """Mark headers, footers and numbers of pages.

    They are first or last on several pages. The lines next to them are running too if they repeat
    on half of the pages: headers and footers may have several lines.
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
    """Yield the first and the last line left on each page, unless it is a row of a table."""
    for page in pages:
        left = [row for row in page if row not in running]
        for row in dict.fromkeys([*left[:1], *left[-1:]]):
            if not row.is_row:
                yield row


def _repeated(rows: Sequence[Row], least: float) -> set[Row]:
    """Return the lines whose words are on so many pages, whatever numbers are among them."""
    pages = Counter(text for text, _ in {(_folded(row), row.page) for row in rows})
    return {row for row in rows if pages[_folded(row)] >= least}


def _folded(row: Row) -> str:
    return re.sub(r"\d+", "#", " ".join(line.text for line in row.question))


def lines_of(words: Iterable[Word]) -> list[PageLine]:
    """Return words as lines, from top to bottom."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if lines and abs(lines[-1][0]["bottom"] - word["bottom"]) <= SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [PageLine(tuple(sorted(line, key=lambda word: word["x0"]))) for line in lines]


def would_fit(line: PageLine, above: PageLine, right: float) -> bool:
    """Return whether the first word of a line would have fitted at the end of the one above."""
    word = line.words[0]
    space = 0.25 * (word["bottom"] - word["top"])
    return bool(above.x1 + space + (word["x1"] - word["x0"]) <= right)


def usual_distance(columns: Iterable[Sequence[PageLine]]) -> float:
    """Return the most usual distance of lines in the cells of a document, in points."""
    distances = Counter(
        round(distance, 1) for lines in columns for distance in _distances(lines) if distance > 0
    )
    return max(distances, key=lambda each: (distances[each], -each), default=0.0)


def paragraphs_of(lines: Sequence[PageLine], row: Row, setting: Setting) -> list[Paragraph]:
    """Return the paragraphs and list items that lines make up, in a row or on a page."""
    usual = min([setting.distance, *_distances(lines)])
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else None
        if above is None or _is_new(line, above, right=row.right, usual=usual):
            opened.append(_open_paragraph(line, row.left + setting.first_bullet))
        else:
            text, level = opened[-1]
            opened[-1] = (_join(text, line.text), level)
    return [Paragraph(text, level) for text, level in opened]


def _is_new(line: PageLine, above: PageLine, *, right: float, usual: float) -> bool:
    is_far = usual > 0 and line.bottom - above.bottom > GAP * usual
    return line.opens_item or is_far or would_fit(line, above, right)


def _distances(lines: Sequence[PageLine]) -> list[float]:
    return [below.bottom - above.bottom for above, below in pairwise(lines)]


def _open_paragraph(line: PageLine, first_bullet: float) -> tuple[str, int]:
    if not line.is_bullet:
        return line.text, -1
    is_deep = line.x0 > first_bullet + INDENT or str(line.words[0]["text"])[0] in SUBPOINT_GLYPHS
    return line.without_bullet(), int(is_deep)


def _join(text: str, more: str) -> str:
    if text.endswith(_HYPHEN):
        return text[:-1] + more
    return text + more if text.endswith("-") and more[:1].islower() else f"{text} {more}"
