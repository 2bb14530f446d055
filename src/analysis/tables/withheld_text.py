"""The words of a study that may not be shown, to keep them out of error messages.

An error may contain anything, a whole row included. It is repeated only where it has nothing in
common with what may not be shown: no word of that alone, no four words in a row, and not how many
people of a kind took part in a focus group.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING

from analysis.errors import CompendiumError
from analysis.tables import focus_groups, segments
from analysis.tables.consent import NAMES, NEVER_SHOWN, withhold_cells
from analysis.tables.received import COLUMNS, read_text_table, table_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pandas as pd

RUN = 4
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WORD = re.compile(r"\w+")
NUMBER = re.compile(r"\d{1,3}")

Words = tuple[str, ...]


class WithheldWords:
    """The words that may not be shown.

    Parameters
    ----------
    withheld, shown : iterable of str
        Texts that may not be shown, and those that may.
    harmless : iterable of str
        Texts that are about nobody, such as those of the program.
    """

    def __init__(
        self, withheld: Iterable[str], shown: Iterable[str], harmless: Iterable[str] = ()
    ) -> None:
        self._words: set[str] = set()
        self._runs: set[Words] = set()
        for words in map(_words, withheld):
            self._words.update(word for word in words if not NUMBER.fullmatch(word))
            self._runs.update(_runs(words))
        for words in map(_words, shown):
            self._words.difference_update(words)
            self._runs.difference_update(_runs(words))
        self._words.difference_update(chain.from_iterable(map(_words, harmless)))

    def are_in(self, text: str) -> bool:
        """Return whether a text has words that may not be shown."""
        words = _words(text)
        lengths = range(2, RUN + 1)
        return not self._words.isdisjoint(words) or any(
            words[at : at + length] in self._runs
            for length in lengths
            for at in range(len(words) - length + 1)
        )


class EveryWord(WithheldWords):
    """All words: what may be shown is unknown where the tables can't be read."""

    def __init__(self) -> None:
        super().__init__((), ())

    def are_in(self, text: str) -> bool:
        """Return whether a text has any character."""
        return bool(text.strip())


def _words(text: str) -> Words:
    return tuple(WORD.findall(COLOURS.sub("", unescape(text)).casefold()))


def _runs(words: Words) -> Iterator[Words]:
    """Yield four words in a row at a time; a shorter text of several words as a whole."""
    if 1 < len(words) < RUN:
        yield words
    yield from (words[at : at + RUN] for at in range(len(words) - RUN + 1))


def read_withheld_words(folder: Path, harmless: Iterable[str] = ()) -> WithheldWords:
    """Return the words of a study that may not be shown.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    harmless : iterable of str
        Texts that are about nobody.

    Returns
    -------
    WithheldWords
        Every word, where the tables can't be read.
    """
    if not folder.is_dir():
        return WithheldWords((), ())
    try:
        paths = table_paths(folder)
        groups, texts, codebook = (
            read_text_table(paths[name], COLUMNS[name])
            for name in ("focus_groups", "segments", "codebook")
        )
    except (CompendiumError, OSError):
        return EveryWord()
    return _separate(groups, texts, codebook, harmless)


def _separate(
    groups: pd.DataFrame, texts: pd.DataFrame, codebook: pd.DataFrame, harmless: Iterable[str]
) -> WithheldWords:
    """Return the words of tables that may not be shown, apart from those that may."""
    is_shown = focus_groups.may_show(groups)
    of_shown = texts[segments.FOCUS_GROUP].isin(groups.loc[is_shown, focus_groups.FOCUS_GROUP])
    words = texts[[segments.LABEL, segments.TEXT]]
    named = groups[[*NEVER_SHOWN, *NAMES, focus_groups.THEME]]
    may_name = (withhold_cells(groups)[named.columns] != "").mul(is_shown, axis="index")
    participants = groups[focus_groups.PARTICIPANTS]
    parts = participants.map(focus_groups.understand_participants)
    return WithheldWords(
        withheld=chain(
            _texts(words[~of_shown]),
            _texts(named.where(~may_name, "")),
            # Numbers of people are published rounded, or not at all.
            participants,
            (f"{each.count} {each.kind}" for part in parts for each in part),
        ),
        shown=chain(
            _texts(words[of_shown]),
            _texts(named.where(may_name, "")),
            (f"{each.kind} {each.place}" for part in parts[is_shown] for each in part),
            _texts(codebook),
        ),
        harmless=harmless,
    )


def _texts(table: pd.DataFrame) -> Iterator[str]:
    return chain.from_iterable(table[name] for name in table)
