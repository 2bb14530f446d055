"""A text that is read for personal data: folded, with the words that may name persons."""

from __future__ import annotations

from functools import cached_property

from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.mentions import Mention, find_mentions


class Reading:
    """A text that is read for personal data.

    Parameters
    ----------
    text : str
        Any text.
    """

    def __init__(self, text: str) -> None:
        self.text = fold(text)

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What may be the name of a person, in the order of the text."""
        return tuple(find_mentions(self.text))
