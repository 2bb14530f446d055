r"""Where selections are in a text, whichever units their tool counts in.

REFI-QDA counts code points. Tools that keep text as UTF-16 count a character beyond the Basic
Multilingual Plane twice, and tools that keep ``\r\n`` as one character count line ends once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

BEYOND_BMP = 0x10000
CODE_POINTS = "code points"
UTF_16 = "UTF-16 units"
UTF_8 = "bytes of UTF-8"
LINE_ENDS_ONCE = ", a line end counted once"
LEAST_NAME = 8


@dataclass(frozen=True)
class Units:
    """What a tool counts in a text.

    Parameters
    ----------
    text : str
        The text.
    name : str
        The units, in words.
    ends : tuple of int or None
        How many units end with each character; None where each is one.
    """

    text: str
    name: str
    ends: tuple[int, ...] | None = None

    @property
    def length(self) -> int:
        """How many units the text has."""
        return len(self.text) if self.ends is None else (self.ends[-1] if self.ends else 0)

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Return a stretch in code points, or None where it leads out of the text."""
        if not 0 <= start < end <= self.length:
            return None
        if self.ends is None:
            return start, end
        # Half a character counts whole, and a line end is not divided.
        first = bisect_right(self.ends, start)
        return first, max(bisect_right(self.ends, end), bisect_left(self.ends, end) + 1)


def units_of(text: str, selections: Sequence[tuple[int, int, str]]) -> Units:
    r"""Return the units in which selections fit a text best.

    Code points, which the standard asks for, unless another way of counting keeps more selections
    within the text, fits more names that repeat what was selected, or cuts fewer words.

    Examples
    --------
    >>> units_of("\U0001f600 fear of police", [(3, 7, "")]).name
    'UTF-16 units'
    """
    candidates = _ways_to_count(text)
    return min(candidates, key=lambda units: _misfits(units, selections))


def bytes_of(text: str) -> Units:
    """Return the units of a tool that counts the bytes of a text in UTF-8.

    Examples
    --------
    >>> bytes_of("Où est-ce ?").stretch(0, 3)
    (0, 2)
    """
    if text.isascii():
        return Units(text, UTF_8)
    return Units(text, UTF_8, tuple(accumulate(len(each.encode()) for each in text)))


def _ways_to_count(text: str) -> list[Units]:
    candidates = [Units(text, CODE_POINTS)]
    is_beyond = any(ord(each) >= BEYOND_BMP for each in text)
    if is_beyond:
        candidates.append(_counted(text, UTF_16, astral=2, line_feed=1))
    if "\r\n" in text:
        candidates.append(_counted(text, CODE_POINTS + LINE_ENDS_ONCE, astral=1, line_feed=0))
        if is_beyond:
            candidates.append(_counted(text, UTF_16 + LINE_ENDS_ONCE, astral=2, line_feed=0))
    return candidates


def _counted(text: str, name: str, *, astral: int, line_feed: int) -> Units:
    """Return units where a character beyond the BMP, and the second half of a line end, differ."""
    sizes = (
        line_feed if here == "\n" and before == "\r" else astral if ord(here) >= BEYOND_BMP else 1
        for before, here in zip(" " + text, text, strict=False)
    )
    return Units(text, name, tuple(accumulate(sizes)))


def _misfits(units: Units, selections: Sequence[tuple[int, int, str]]) -> tuple[int, int, int]:
    """Return how many selections lead out of the text, differ from their names, and cut words."""
    outside = differing = cut = 0
    for start, end, name in selections:
        found = units.stretch(start, end)
        if found is None:
            outside += 1
            continue
        words = units.text[slice(*found)]
        differing += _repeats_words(name) and not _alike(name, words)
        cut += _cuts(units.text, found[0]) + _cuts(units.text, found[1])
    return outside, differing, cut


def _repeats_words(name: str) -> bool:
    return len(name) >= LEAST_NAME and " " in name.strip()


def _alike(name: str, words: str) -> bool:
    shown, selected = (" ".join(each.split()) for each in (name.rstrip(".\u2026 "), words))
    return selected.startswith(shown)


def _cuts(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
