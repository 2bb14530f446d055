"""Typographic wear, as submissions bring it along: all of it is undone by cleaning."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from analysis.synthetic.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Callable[[str, Chance], str]

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
OPENING = "\N{LEFT DOUBLE QUOTATION MARK}"
CLOSING = "\N{RIGHT DOUBLE QUOTATION MARK}"
EN_DASH = "\N{EN DASH}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
TWICE_WORN = 0.25
MARKS_FIRST = 0.7
"""Marks are worn where there are any; blanks are everywhere."""


class Wear:
    """Wears texts as typing, pasting and exporting do.

    Parameters
    ----------
    spelling : mapping of str to str
        The preferred spelling of each variant; wear puts a variant in its place.
    """

    def __init__(self, spelling: Mapping[str, str]) -> None:
        self._variants: dict[str, list[str]] = {}
        for variant, preferred in spelling.items():
            self._variants.setdefault(preferred, []).append(variant)
        longest_first = sorted(self._variants, key=lambda word: (-len(word), word))
        words = "|".join(map(re.escape, longest_first)) or "(?!)"
        self._preferred = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])")
        self._marks: tuple[Kind, ...] = (_curl_quotes, _lengthen_hyphens, self._vary_spelling)

    def wear(self, text: str, chance: Chance) -> str:
        """Return a text with one or two kinds of wear.

        Parameters
        ----------
        text : str
            A clean text of several words.
        chance : Chance
            Where the wear is drawn from.
        """
        wanted = 2 if chance.happens(TWICE_WORN) else 1
        marks, blanks = chance.shuffle(self._marks), chance.shuffle(BLANKS)
        kinds = [*marks, *blanks] if chance.happens(MARKS_FIRST) else blanks
        for kind in kinds:
            worn = kind(text, chance)
            wanted -= worn != text
            text = worn
            if not wanted:
                break
        return text

    def _vary_spelling(self, text: str, chance: Chance) -> str:
        """Put a variant in place of the first word that has one."""
        return self._preferred.sub(
            lambda match: chance.pick(self._variants[match[0]]), text, count=1
        )


def _curl_quotes(text: str, _: Chance) -> str:
    text = text.replace("'", APOSTROPHE)
    return re.sub(r'"([^"]*)"', rf"{OPENING}\1{CLOSING}", text)


def _lengthen_hyphens(text: str, _: Chance) -> str:
    return text.replace("-", EN_DASH, 1)


def _double_space(text: str, chance: Chance) -> str:
    return _replace_space(text, "  ", chance)


def _bind_space(text: str, chance: Chance) -> str:
    return _replace_space(text, NO_BREAK_SPACE, chance)


def _trail_blank(text: str, chance: Chance) -> str:
    return text + chance.pick((" ", "  "))


def _replace_space(text: str, replacement: str, chance: Chance) -> str:
    """Replace one of the spaces."""
    words = text.split(" ")
    cut = 1 + chance.below(len(words) - 1)
    return " ".join(words[:cut]) + replacement + " ".join(words[cut:])


BLANKS: tuple[Kind, ...] = (_double_space, _bind_space, _trail_blank)
