"""The names and the words that the scan knows, from the tables beside it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import StudyError, describe_value
from analysis.quality.personal_data.folding import fold
from analysis.study.csv_rows import read_optional_rows, read_rows
from analysis.tables.table_files import SCAN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.study.csv_rows import Row

DATA = Path(__file__).parent
NAMES = "names.csv"
WORDS = "words.csv"
# What begins with a capital letter and is no name, or not for sure.
_NO_NAMES = ("organisation", "place", "people", "calendar", "brand", "function", "label")
# What is known as a whole: people and institutions of public life, platforms, products.
_KNOWN = ("figure", "institution", "brand")
# What accounts are, and handles aren't.
_STATES = frozenset(
    {"suspended", "blocked", "private", "deleted", "closed", "hacked", "bloque", "bloqueada"}
    | {"bloqueado", "cerrada", "suspendu", "fermee", "suspensa", "verified", "another", "without"}
)
KEEP, NAME = "keep", "name"
_USES = (KEEP, NAME)


class StudyWords(NamedTuple):
    """What a study adds to the lists: words that name nobody who took part, and names.

    Both are folded and in small letters.
    """

    keep: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


NO_WORDS = StudyWords()


def read_study_words(folder: Path) -> StudyWords:
    """Return what ``scan_words.csv`` of a study adds to the lists of the scan.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    StudyError
        When a row has an unknown use or no word; every such row is listed.
    TableError
        When the file cannot be read.
    """
    rows = read_optional_rows(folder / SCAN_WORDS, ("use", "word"))
    offenders = [
        row.offender(f"unknown {describe_value(row['use'], 'use', _USES)}")
        for row in rows
        if row["use"] not in _USES
    ] + [row.offender("word blank") for row in rows if not fold(row["word"])]
    if offenders:
        raise StudyError(
            f"{SCAN_WORDS} of {folder.name} cannot be used.",
            offenders=offenders,
            expected="rows with use keep (a word that names nobody who took part) or name "
            "(a name to look for), and the word",
            remedy=f"fix these rows of {SCAN_WORDS}, or remove them",
        )
    return StudyWords(*(_of_use(rows, use) for use in _USES))


def _of_use(rows: Iterable[Row], *uses: str) -> frozenset[str]:
    """Return words in small letters; of phrases also their words with a capital letter alone."""
    folded = [fold(row["word"]) for row in rows if row["use"] in uses]
    capitals = (" ".join(re.findall(r"[A-Z][^ ]*", each)) for each in folded)
    return frozenset(each.lower() for each in (*folded, *capitals) if each)


@cache
def words(*uses: str) -> frozenset[str]:
    """Return the words of some uses, folded and in small letters."""
    return frozenset(fold(row["word"]).lower() for row in _rows(WORDS) if row["use"] in uses)


@cache
def spellings(*uses: str) -> tuple[str, ...]:
    """Return the words of some uses, folded, the longest first."""
    found = {fold(row["word"]) for row in _rows(WORDS) if row["use"] in uses}
    return tuple(sorted(found, key=lambda word: (-len(word), word)))


def is_plain_word(word: str) -> bool:
    """Return whether a word is in any list but that of names: it is no handle."""
    return word in words(*{row["use"] for row in _rows(WORDS)}) or word in _STATES


@cache
def no_names() -> frozenset[str]:
    """Return the words with a capital letter that are no names, folded and in small letters."""
    return words(*_NO_NAMES)


def are_known(tokens: Sequence[str], own: StudyWords = NO_WORDS) -> bool:
    """Return whether words are known to name nobody who took part, or have such words in them.

    They follow each other, have a capital letter, and are given in small letters. A given name by
    itself may be anybody's: *Greta*.
    """
    known = _known()
    whole = " ".join(tokens)
    if whole in own.keep or (whole in known and whole not in given_names()):
        return True
    pairs = {" ".join(tokens[at : at + size]) for size in (2, 3, 4) for at in range(len(tokens))}
    return not (pairs.isdisjoint(known) and pairs.isdisjoint(own.keep))


@cache
def sure_names() -> frozenset[str]:
    """Return the names that mean nothing else, folded and in small letters."""
    return _names(is_word=False) - _names(is_word=True) - no_names()


@cache
def _known() -> frozenset[str]:
    """Return what is known as a whole, also without its small words: *lula silva*."""
    return _of_use(_rows(WORDS), *_KNOWN)


@cache
def given_names() -> frozenset[str]:
    """Return the given names, folded and in small letters."""
    return frozenset(fold(row["name"]).lower() for row in _rows(NAMES) if row["part"] == "given")


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
