"""The words of a study that may not be shown, to keep them out of what is told of failures.

An error may say anything, a whole row included. What it says is repeated only where it has nothing
in common with what may not be shown: no word that stands in nothing else, no four words in a row,
and not how many of a kind took part in a focus group.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING

from analysis.errors import CompendiumError
from analysis.tables.consent import CONSENT_TO_NAME, NAMES, NEVER_SHOWN
from analysis.tables.focus_groups import (
    CONSENT,
    CONSENT_TO_SHOW,
    FOCUS_GROUP,
    PARTICIPANTS,
    THEME,
    WITHDRAWN,
    understand_participants,
)
from analysis.tables.received import COLUMNS, table_paths
from analysis.tables.segments import LABEL, TEXT
from analysis.tables.streaming import stream_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

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
        Texts that tell of nobody, such as those of the program.
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
        """Return whether a text holds what may not be shown."""
        words = _words(text)
        lengths = range(2, RUN + 1)
        return not self._words.isdisjoint(words) or any(
            words[at : at + length] in self._runs
            for length in lengths
            for at in range(len(words) - length + 1)
        )


class EveryWord(WithheldWords):
    """All words: what may be shown is not known where the tables cannot be read."""

    def __init__(self) -> None:
        super().__init__((), ())

    def are_in(self, text: str) -> bool:
        """Return whether a text says anything."""
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
        Texts that tell of nobody.

    Returns
    -------
    WithheldWords
        Every word, where the tables cannot be read.
    """
    if not folder.is_dir():
        return WithheldWords((), ())  # a study that is not there has no words
    try:
        paths = table_paths(folder)
        groups = list(_rows(paths, "focus_groups"))
        shown = {row[FOCUS_GROUP] for row in groups if _is_shown(row)}
        withheld = (
            *chain.from_iterable(_cells_withheld(row) for row in groups),
            *_said(paths, shown, is_shown=False),
        )
        told = chain(
            chain.from_iterable(_cells_shown(row) for row in groups),
            _said(paths, shown, is_shown=True),
            chain.from_iterable(row.values() for row in _rows(paths, "codebook")),
        )
        return WithheldWords(withheld, told, harmless)
    except (CompendiumError, OSError):
        return EveryWord()


def _rows(paths: Mapping[str, Path], table: str) -> Iterator[dict[str, str]]:
    for batch in stream_table(paths[table], COLUMNS[table]):
        yield from batch.select(list(COLUMNS[table])).to_pylist()


def _is_shown(row: Mapping[str, str]) -> bool:
    return row[CONSENT] in CONSENT_TO_SHOW and not row[WITHDRAWN]


def _cells_withheld(row: Mapping[str, str]) -> Iterator[str]:
    for column in (*NEVER_SHOWN, *NAMES, THEME):
        if column not in _columns_shown(row):
            yield row[column]
    # How many of a kind took part in one focus group is no number of any report.
    yield row[PARTICIPANTS]
    for each in understand_participants(row[PARTICIPANTS]):
        yield f"{each.count} {each.kind}"


def _cells_shown(row: Mapping[str, str]) -> Iterator[str]:
    yield from (row[column] for column in _columns_shown(row))
    if _is_shown(row):
        for each in understand_participants(row[PARTICIPANTS]):
            yield f"{each.kind} {each.place}"


def _columns_shown(row: Mapping[str, str]) -> tuple[str, ...]:
    if not _is_shown(row):
        return ()
    names = NAMES if row[CONSENT] in CONSENT_TO_NAME else ()
    return (*names, THEME)


def _said(paths: Mapping[str, Path], shown: set[str], *, is_shown: bool) -> Iterator[str]:
    for row in _rows(paths, "segments"):
        if (row[FOCUS_GROUP] in shown) == is_shown:
            yield from (row[LABEL], row[TEXT])
