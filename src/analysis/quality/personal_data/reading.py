"""A text that is read for personal data: folded, with the words that may name persons."""

from __future__ import annotations

import re
from functools import cached_property

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.mentions import Mention, find_mentions

_CAPITALS = re.compile(r"(?<![\w@])[A-Z]{3,24}(?!\w)")


class Reading:
    """A text that is read for personal data.

    Parameters
    ----------
    text : str
        Any text; names that are written in capital letters are read as others are.
    """

    def __init__(self, text: str) -> None:
        self.text = _CAPITALS.sub(_in_small_letters, fold(text))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What may be the name of a person, in the order of the text."""
        return tuple(find_mentions(self.text))


def _in_small_letters(word: re.Match[str]) -> str:
    name = word.group()
    return name.capitalize() if name.lower() in lexicon.sure_names() else name
