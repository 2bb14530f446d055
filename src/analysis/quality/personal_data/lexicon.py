"""The names and the words that the scan knows, from the tables beside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.quality.personal_data.folding import fold
from analysis.study.csv_rows import read_rows

if TYPE_CHECKING:
    from analysis.study.csv_rows import Row

DATA = Path(__file__).parent
NAMES = "names.csv"
WORDS = "words.csv"
# What begins with a capital letter and is no name, or not for sure.
_NO_NAMES = ("organisation", "place", "people", "calendar", "brand", "function")


@cache
def words(*uses: str) -> frozenset[str]:
    """Return the words of some uses, folded and in small letters."""
    return frozenset(fold(row["word"]).lower() for row in _rows(WORDS) if row["use"] in uses)


@cache
def spellings(*uses: str) -> tuple[str, ...]:
    """Return the words of some uses, folded, the longest first."""
    found = {fold(row["word"]) for row in _rows(WORDS) if row["use"] in uses}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


@cache
def no_names() -> frozenset[str]:
    """Return the words with a capital letter that are no names, folded and in small letters."""
    return words(*_NO_NAMES)


@cache
def sure_names() -> frozenset[str]:
    """Return the names that mean nothing else, folded and in small letters."""
    return _names(is_word=False) - _names(is_word=True) - no_names()


@cache
def wordy_names() -> frozenset[str]:
    """Return the names that are also a word, a place or a month, folded and in small letters."""
    return (_names(is_word=True) | _names(is_word=False)) - sure_names() - words("function")


@cache
def all_names() -> frozenset[str]:
    """Return the names of both kinds, folded and in small letters."""
    return sure_names() | wordy_names()


def name_spellings() -> tuple[str, ...]:
    """Return every name as it is spelt, folded, the longest first."""
    return tuple(
        sorted({fold(row["name"]) for row in _rows(NAMES)}, key=lambda name: (-len(name), name))
    )


def _names(*, is_word: bool) -> frozenset[str]:
    return frozenset(
        fold(row["name"]).lower() for row in _rows(NAMES) if bool(row["also_a_word"]) == is_word
    )


@cache
def _rows(file: str) -> list[Row]:
    return read_rows(DATA / file, ())
