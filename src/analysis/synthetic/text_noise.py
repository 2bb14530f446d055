"""Typographic noise, as in real submissions; cleaning removes all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.synthetic.seeded_random import SeededRandom

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Callable[[str, SeededRandom], str]

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
OPENING = "\N{LEFT DOUBLE QUOTATION MARK}"
CLOSING = "\N{RIGHT DOUBLE QUOTATION MARK}"
EN_DASH = "\N{EN DASH}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
TWICE = 0.25
MARKS_FIRST = 0.7
"""Marks are changed where there are any; blanks are everywhere."""


class TextNoise:
    """Changes texts as typing, pasting and exporting do.

    Given the preferred spelling of each variant, it puts a variant in its place.
    """

    def __init__(self, spelling: Mapping[str, str]) -> None:
        self._variants: dict[str, list[str]] = {}
        for variant, preferred in spelling.items():
            self._variants.setdefault(preferred, []).append(variant)
        longest_first = sorted(self._variants, key=lambda word: (-len(word), word))
        words = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._preferred = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
        self._marks: tuple[Kind, ...] = (_curl_quotes, _lengthen_hyphens, self._vary_spelling)

    def add(self, text: str, rng: SeededRandom) -> str:
        """Return a clean text of several words with one or two kinds of noise."""
        wanted = 2 if rng.happens(TWICE) else 1
        marks, blanks = rng.shuffled(self._marks), rng.shuffled(BLANKS)
        kinds = [*marks, *blanks] if rng.happens(MARKS_FIRST) else blanks
        for kind in kinds:
            noisy = kind(text, rng)
            wanted -= noisy != text
            text = noisy
            if not wanted:
                break
        return text

    def _vary_spelling(self, text: str, rng: SeededRandom) -> str:
        """Put a variant in place of the first word that has one."""
        return self._preferred.sub(
            lambda match: rng.choice(self._variants[match[0]]), text, count=1
        )


def _curl_quotes(text: str, _: SeededRandom) -> str:
    text = text.replace("'", APOSTROPHE)
    return re.sub(r'"([^"]*)"', rf"{OPENING}\1{CLOSING}", text)


def _lengthen_hyphens(text: str, _: SeededRandom) -> str:
    return text.replace("-", EN_DASH, 1)


def _double_space(text: str, rng: SeededRandom) -> str:
    return _replace_space(text, "  ", rng)


def _bind_space(text: str, rng: SeededRandom) -> str:
    return _replace_space(text, NO_BREAK_SPACE, rng)


def _trail_blank(text: str, rng: SeededRandom) -> str:
    return text + rng.choice((" ", "  "))


def _replace_space(text: str, replacement: str, rng: SeededRandom) -> str:
    """Replace one of the spaces."""
    words = text.split(" ")
    cut = 1 + rng.below(len(words) - 1)
    return " ".join(words[:cut]) + replacement + " ".join(words[cut:])


BLANKS: tuple[Kind, ...] = (_double_space, _bind_space, _trail_blank)
