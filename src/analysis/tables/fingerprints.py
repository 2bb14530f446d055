"""Fingerprints of withdrawn words: by these an import recognises the words, however they come.

The digests of the registry identify a submission by its answers, each in its cell, and a document
by its text as a whole: neither matches the words of the other, nor words that were edited since. So
a withdrawal keeps fingerprints of runs of words: no word can be read from them, and a single
sentence leaves too few to prove that somebody said it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from analysis.intake.contacts import withhold_contacts
from analysis.intake.normalisation import normalise
from analysis.study.csv_rows import read_optional_rows, write_csv
from analysis.study.digests import digest_text
from analysis.tables.registry import RAW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FILE = "withdrawn_words.csv"
COLUMNS = ("focus_group", "salt", "words_sha256", "fingerprints")

RUN = 6
"""Words in one fingerprint: an answer that anybody could guess is often shorter."""
EVERY = 3
"""One run of so many leaves a fingerprint, so that a guessed sentence meets few or none."""
DIGITS = 4
"""Digits of a fingerprint: many identify the words, and a single one can match by chance."""
ENOUGH = 4
"""Fingerprints that must be the same, however few there are."""
LETTERS = 40
"""Letters that words must have together for a digest of all of them to be past guessing."""

_WORD = re.compile(r"\w+")


class Likeness(IntEnum):
    """How alike texts are to those of a withdrawn focus group."""

    NONE = 0  # too little in common
    MOST = 1  # of the shorter one, half or more is in the other
    ALL = 2  # the same words


@dataclass(frozen=True)
class Fingerprints:
    """The fingerprints of the words of a withdrawn focus group.

    Parameters
    ----------
    focus_group : str
        Its id.
    salt : str
        A random text that is hashed with the words, so that two studies can't be compared.
    words_sha256 : str
        The digest of all its words, in any order; empty where they were few.
    fingerprints : frozenset of str
        The fingerprints of runs of words.
    """

    focus_group: str
    salt: str
    words_sha256: str
    fingerprints: frozenset[str]

    def likeness(self, other: Fingerprints) -> Likeness:
        """Return how alike its words are to others with the same salt."""
        if self.words_sha256 and self.words_sha256 == other.words_sha256:
            return Likeness.ALL
        same = len(self.fingerprints & other.fingerprints)
        fewer = min(len(self.fingerprints), len(other.fingerprints))
        return Likeness.MOST if same >= max(ENOUGH, fewer / 2) else Likeness.NONE


def likeness_of(kept: Sequence[Fingerprints], texts: Sequence[str]) -> Likeness:
    """Return how alike some texts are to those of the withdrawn focus group most like them.

    Parameters
    ----------
    kept : sequence of Fingerprints
        Those of a study's withdrawn focus groups.
    texts : sequence of str
        The texts of one submission or document, in any division.
    """
    coming = {salt: fingerprints_of("", texts, salt) for salt in {each.salt for each in kept}}
    found = (each.likeness(coming[each.salt]) for each in kept)
    return max(found, default=Likeness.NONE)


def fingerprints_of(focus_group: str, texts: Iterable[str], salt: str) -> Fingerprints:
    """Return the fingerprints of the words of a focus group.

    Case, punctuation, order, the ends of lines and contacts make no difference.
    """
    lines = sorted({tuple(words) for text in texts for words in _lines(text)})
    joined = "\n".join(map(" ".join, lines))
    return Fingerprints(
        focus_group,
        salt,
        _digest(salt, joined) if sum(map(str.isalpha, joined)) >= LETTERS else "",
        frozenset(_fingerprints(lines, salt)),
    )


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        words = _WORD.findall(normalise(withhold_contacts(line)[0]).casefold())
        if words:
            yield words


def _fingerprints(lines: Iterable[Sequence[str]], salt: str) -> Iterator[str]:
    for words in lines:
        for first in range(len(words) - RUN + 1):
            digest = _digest(salt, " ".join(words[first : first + RUN]))
            if int(digest[DIGITS : 2 * DIGITS], 16) % EVERY == 0:
                yield digest[:DIGITS]


def _digest(salt: str, words: str) -> str:
    return digest_text(f"{salt}\n{words}")


def read_fingerprints(folder: Path) -> tuple[Fingerprints, ...]:
    """Return the fingerprints that a study keeps; none where the file is absent.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the file cannot be read.
    """
    return tuple(
        Fingerprints(
            row["focus_group"],
            row["salt"],
            row["words_sha256"],
            frozenset(row["fingerprints"].split()),
        )
        for row in read_optional_rows(folder / RAW / FILE, COLUMNS, exactly=True)
    )


def write_fingerprints(path: Path, kept: Iterable[Fingerprints]) -> None:
    """Write the fingerprints that a study keeps."""
    rows = (
        (each.focus_group, each.salt, each.words_sha256, " ".join(sorted(each.fingerprints)))
        for each in kept
    )
    write_csv(path, [COLUMNS, *rows])


def add_fingerprints(folder: Path, focus_group: str, texts: Iterable[str]) -> list[Fingerprints]:
    """Return the fingerprints that a study keeps, with those of one more focus group."""
    before = read_fingerprints(folder)
    # One salt for a study, so that what comes is hashed once.
    salt = before[0].salt if before else secrets.token_hex(8)
    return [*before, fingerprints_of(focus_group, texts, salt)]
