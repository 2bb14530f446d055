"""A text that is read for personal data: folded, with the words that may name persons."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.mentions import Mention, find_mentions

if TYPE_CHECKING:
    from collections.abc import Iterable

_CAPITALS = re.compile(r"(?<![\w@])[A-Z]{3,24}(?!\w)")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\w{1,64}+")


class Reading:
    """A text that is read for personal data.

    Parameters
    ----------
    text : str
        Any text; names that are written in capital letters are read as others are.
    """

    def __init__(self, text: str) -> None:
        self.text = _CAPITALS.sub(_in_small_letters, fold(text))

    # What follows is quickly found, and spares most texts a closer look for most kinds.
    @cached_property
    def small(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    @cached_property
    def has_digits(self) -> bool:
        """Whether there is a digit in it."""
        return _DIGIT.search(self.text) is not None

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Its letters and digits that stand together, as they are written."""
        return frozenset(_TOKEN.findall(self.text))

    @cached_property
    def small_tokens(self) -> frozenset[str]:
        """The same in small letters."""
        return frozenset(token.lower() for token in self.tokens)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What may be the name of a person, in the order of the text."""
        return tuple(find_mentions(self.text))


def _in_small_letters(word: re.Match[str]) -> str:
    name = word.group()
    return name.capitalize() if name.lower() in lexicon.sure_names() else name


def first_tokens(words: Iterable[str]) -> frozenset[str]:
    """Return the first token of each of some words, one of which a text has where it has these."""
    return frozenset(token.group() for word in words if (token := _TOKEN.search(word)))
