"""Fingerprints of words that were withdrawn, by which they are known again however they come.

The digests of the registry know a submission by its answers, each in its cell, and a document by
its text as a whole: neither knows the words of the other, nor words that were edited since. So a
withdrawal keeps fingerprints of what was said, whatever it was cut into: no word, and of a single
sentence too little to show that it was said.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from analysis.intake.contacts import withhold_contacts
from analysis.intake.normalisation import normalise
from analysis.study.csv_rows import read_rows, write_csv
from analysis.study.digests import digest_text
from analysis.tables.registry import RAW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

FILE = "withdrawn_words.csv"
COLUMNS = ("focus_group", "salt", "words_sha256", "fingerprints")

RUN = 6
"""Words of which one fingerprint is made: an answer that anybody could guess is often shorter."""
EVERY = 3
"""One run of so many leaves a fingerprint, so that a guessed sentence meets few or none."""
DIGITS = 4
"""Digits of a fingerprint: many tell whose words these are, and one can be there by chance."""
ENOUGH = 4
"""Fingerprints that must be the same, however few there are."""
LETTERS = 40
"""Letters that words must have together for a digest of all of them to be past guessing."""

_WORD = re.compile(r"\w+")


class Likeness(IntEnum):
    """How much of what comes is of a focus group that was withdrawn."""

    NONE = 0  # too little to tell
    MOST = 1  # of the one that says less, half or more is in the other
    ALL = 2  # the same words


@dataclass(frozen=True)
class WithdrawnWords:
    """What is kept of the words of a focus group that was withdrawn.

    Parameters
    ----------
    focus_group : str
        Its id.
    salt : str
        What is hashed with them, so that those of two studies cannot be compared.
    words_sha256 : str
        The digest of all its words, in any order; empty where they were few.
    fingerprints : frozenset of str
        The fingerprints of runs of words.
    """

    focus_group: str
    salt: str
    words_sha256: str
    fingerprints: frozenset[str]

    def likeness(self, other: WithdrawnWords) -> Likeness:
        """Return how much of its words, and of others that have the same salt, is the same.

        Parameters
        ----------
        other : WithdrawnWords
            What would be kept of the others.
        """
        if self.words_sha256 and self.words_sha256 == other.words_sha256:
            return Likeness.ALL
        same = len(self.fingerprints & other.fingerprints)
        fewer = min(len(self.fingerprints), len(other.fingerprints))
        return Likeness.MOST if same >= max(ENOUGH, fewer / 2) else Likeness.NONE


def likeness_to(kept: Sequence[WithdrawnWords], texts: Sequence[str]) -> Likeness:
    """Return how much of some texts is of a focus group that was withdrawn.

    Parameters
    ----------
    kept : sequence of WithdrawnWords
        What is kept of those that were.
    texts : sequence of str
        The texts of one submission or document, whatever each of them holds.
    """
    coming = {salt: words_kept("", texts, salt) for salt in {each.salt for each in kept}}
    found = (each.likeness(coming[each.salt]) for each in kept)
    return max(found, default=Likeness.NONE)


def words_kept(focus_group: str, texts: Iterable[str], salt: str) -> WithdrawnWords:
    """Return what is kept of the words of a focus group.

    Parameters
    ----------
    focus_group : str
        Its id.
    texts : iterable of str
        Its texts; case, punctuation, order, the ends of lines and contacts do not count.
    salt : str
        What is hashed with them.
    """
    lines = sorted({tuple(words) for text in texts for words in _lines(text)})
    joined = "\n".join(map(" ".join, lines))
    return WithdrawnWords(
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


def read_withdrawn_words(folder: Path) -> tuple[WithdrawnWords, ...]:
    """Return what a study keeps of words that were withdrawn; nothing where there is no such file.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When the file cannot be read.
    """
    path = folder / RAW / FILE
    if not path.is_file():
        return ()
    return tuple(
        WithdrawnWords(
            row["focus_group"],
            row["salt"],
            row["words_sha256"],
            frozenset(row["fingerprints"].split()),
        )
        for row in read_rows(path, COLUMNS, may_be_empty=True, exactly=True)
    )


def write_withdrawn_words(path: Path, kept: Iterable[WithdrawnWords]) -> None:
    """Write what a study keeps of words that were withdrawn.

    Parameters
    ----------
    path : Path
        The file.
    kept : iterable of WithdrawnWords
        What it keeps, of each focus group that left.
    """
    rows = (
        (each.focus_group, each.salt, each.words_sha256, " ".join(sorted(each.fingerprints)))
        for each in kept
    )
    write_csv(path, [COLUMNS, *rows])


def with_words_of(folder: Path, focus_group: str, texts: Iterable[str]) -> list[WithdrawnWords]:
    """Return what a study keeps of words that were withdrawn, when a focus group leaves too.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    focus_group : str
        The id of the focus group.
    texts : iterable of str
        Its texts.

    Raises
    ------
    TableError
        When the file that keeps it cannot be read.
    """
    before = read_withdrawn_words(folder)
    # One salt for a study, so that what comes is hashed once.
    salt = before[0].salt if before else secrets.token_hex(8)
    return [*before, words_kept(focus_group, texts, salt)]
