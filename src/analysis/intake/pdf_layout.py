"""The paragraphs of a page, out of where its words stand.

A page holds lines, and no paragraphs. A line goes on with the one above where the first word of it
had found no room there; where it had, somebody ended a paragraph. Typed bullets open items.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from analysis.intake.normalisation import POINT_GLYPHS, SUBPOINT_GLYPHS
from analysis.intake.typed_items import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Word = dict[str, Any]

SAME_LINE = 3.0
"""Points by which words of one line may stand higher or lower."""
INDENT = 6.0
"""Points by which a bullet of a sub-point stands further in."""
GAP = 1.3
"""Times the usual distance of lines, above which a paragraph has ended."""

_BULLET = re.compile(
    rf"^(?:[{POINT_GLYPHS}{SUBPOINT_GLYPHS}\uf0b7\u00b7\uf0a7\uf0a8\u27a2]|\(cid:\d+\))"
)
_DASH = re.compile(r"^[-*+\u2013\u2014]$")
_NUMBER = re.compile(r"^\(?(?:\d{1,2}|[a-z])[.)]$")
_SYMBOLS = ("courier", "symbol", "wingding", "zapf")
_HYPHEN = "\u00ad"


@dataclass(frozen=True, eq=False)
class PageLine:
    """A line of words as it stands on a page.

    Parameters
    ----------
    words : tuple of dict
        Its words from left to right, as pdfplumber gives them.
    """

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Return where it begins, in points from the left."""
        return float(self.words[0]["x0"])

    @property
    def x1(self) -> float:
        """Return where it ends, in points from the left."""
        return float(self.words[-1]["x1"])

    @property
    def top(self) -> float:
        """Return where it stands, in points from the top."""
        return float(min(word["top"] for word in self.words))

    @property
    def bottom(self) -> float:
        """Return where it ends, in points from the top."""
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
        return len(first["text"]) == 1 and any(symbol in font for symbol in _SYMBOLS)

    @property
    def opens(self) -> bool:
        """Return whether it opens an item of a list, with a bullet or a number."""
        return self.is_bullet or _NUMBER.match(self.words[0]["text"]) is not None

    def without_bullet(self) -> str:
        """Return its words without the bullet."""
        first = _BULLET.sub("", str(self.words[0]["text"]), count=1)
        first = "" if len(self.words[0]["text"]) == 1 else first
        return " ".join([first, *(str(word["text"]) for word in self.words[1:])]).strip()


def lines_of(words: Iterable[Word]) -> list[PageLine]:
    """Return words as lines, from top to bottom."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word["bottom"], word["x0"])):
        if lines and abs(lines[-1][0]["bottom"] - word["bottom"]) <= SAME_LINE:
            lines[-1].append(word)
        else:
            lines.append([word])
    return [PageLine(tuple(sorted(line, key=lambda word: word["x0"]))) for line in lines]


def finds_room(line: PageLine, above: PageLine, right: float) -> bool:
    """Return whether the first word of a line had found room at the end of the one above.

    Parameters
    ----------
    line, above : PageLine
        Two lines that follow each other, be it over a page break.
    right : float
        Where lines end at the latest, in points from the left.
    """
    word = line.words[0]
    space = 0.25 * (word["bottom"] - word["top"])
    return bool(above.x1 + space + (word["x1"] - word["x0"]) <= right)


@dataclass(frozen=True)
class Setting:
    """How a document is set.

    Parameters
    ----------
    distance : float
        The usual distance of the lines of a paragraph, in points.
    first_bullet : float
        How far bullets of points stand in, in points from the left of their cell.
    """

    distance: float
    first_bullet: float


def usual_distance(columns: Iterable[Sequence[PageLine]]) -> float:
    """Return the most usual distance of lines in the cells of a document, in points."""
    distances = Counter(
        round(distance, 1) for lines in columns for distance in _distances(lines) if distance > 0
    )
    return max(distances, key=lambda each: (distances[each], -each), default=0.0)


def paragraphs_of(
    lines: Sequence[PageLine], *, right: float, left: float, setting: Setting
) -> list[Paragraph]:
    """Return the paragraphs and list items of a cell or a page.

    Parameters
    ----------
    lines : sequence of PageLine
        Its lines, from top to bottom.
    right, left : float
        Where lines end at the latest, and where its cell begins, in points from the left.
    setting : Setting
        How its document is set.
    """
    usual = min([setting.distance, *_distances(lines)])
    gathered: list[tuple[str, int]] = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else None
        if above is None or _is_new(line, above, right=right, usual=usual):
            gathered.append(_opened(line, left + setting.first_bullet))
        else:
            text, level = gathered[-1]
            gathered[-1] = (_join(text, line.text), level)
    return [Paragraph(text, level) for text, level in gathered]


def _is_new(line: PageLine, above: PageLine, *, right: float, usual: float) -> bool:
    is_far = usual > 0 and line.bottom - above.bottom > GAP * usual
    return line.opens or is_far or finds_room(line, above, right)


def _distances(lines: Sequence[PageLine]) -> list[float]:
    return [below.bottom - above.bottom for above, below in pairwise(lines)]


def _opened(line: PageLine, first_bullet: float) -> tuple[str, int]:
    if not line.is_bullet:
        return line.text, -1
    is_deep = line.x0 > first_bullet + INDENT or str(line.words[0]["text"])[0] in SUBPOINT_GLYPHS
    return line.without_bullet(), int(is_deep)


def _join(text: str, more: str) -> str:
    if text.endswith(_HYPHEN):
        return text[:-1] + more
    return text + more if text.endswith("-") and more[:1].islower() else f"{text} {more}"
