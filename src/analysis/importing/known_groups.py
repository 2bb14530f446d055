"""What a study has already: focus groups, files and words that may not come twice, or come back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from analysis.tables import focus_groups
from analysis.tables.received import read_text_table, table_path
from analysis.tables.registry import digest_words, read_registry
from analysis.tables.withdrawal.fingerprints import (
    Likeness,
    WithdrawnWords,
    likeness_to,
    read_withdrawn_words,
)
from analysis.tables.withdrawal.tombstones import Belonging, withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Sequence
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Submission

MOST_CAME_BACK = (
    "most of its words are of a focus group that was withdrawn for good: where this is another "
    "one, say yes under another in a table for --met"
)
_NAMED = re.compile(r"(?P<places>.+)-(?P<day>\d{4}-\d{2}-\d{2})(?:-\d+)?")
NAMED_PLACES = 3
"""Places that stand in the id of a focus group, of any number."""


@dataclass
class StandingGroups:
    """What a study has, and what is being taken into it.

    Parameters
    ----------
    taken : set of str
        Ids of focus groups that are there, or were.
    withdrawn : set of str
        Ids of focus groups that left the study for good, or that its tables call withdrawn.
    tombstones : tuple of str
        Of these, the ids of those that left for good.
    files : dict of str to str
        By the digest of each file, what it is called in ``raw/``.
    words : dict of str to str
        By the digest of the words of each submission, its focus group.
    left_words : tuple of WithdrawnWords
        What is kept of the words of those that left for good.
    """

    taken: set[str]
    withdrawn: set[str]
    tombstones: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    left_words: tuple[WithdrawnWords, ...] = ()

    def left(self, *ids: str) -> bool:
        """Return whether one of some ids is of a focus group that left, or of a segment of it.

        Parameters
        ----------
        *ids : str
            Ids of focus groups and segments.
        """
        return bool(self.tombstones) and Belonging(self.tombstones).holds(*ids)

    def left_from(self, places: Collection[str], day: str) -> bool:
        """Return whether a focus group of some places and a day left the study.

        Neither its number nor the order of its places counts.

        Parameters
        ----------
        places : collection of str
            The ids of the places.
        day : str
            The day, ``YYYY-MM-DD``.
        """
        named = filter(None, map(_NAMED.fullmatch, self.withdrawn))
        met = frozenset("-".join(places).casefold().split("-"))
        return any(each["day"] == day and _are_same(each["places"], met) for each in named)

    def likeness(self, texts: Sequence[str]) -> Likeness:
        """Return how much of some texts is of a focus group that left the study for good.

        Parameters
        ----------
        texts : sequence of str
            The texts of one submission or document.
        """
        return likeness_to(self.left_words, texts)

    def faults(
        self, sha256: str, submission: Submission, *, is_another: bool = False
    ) -> Iterator[str]:
        """Yield why a submission may not be taken in again.

        Parameters
        ----------
        sha256 : str
            The digest of its file.
        submission : Submission
            The submission.
        is_another : bool, optional
            Whether a person says that its focus group is none of those that left.
        """
        known = ""
        if submission.points:
            source = self.words.get(submission.source_sha256, "")
            known = self.words.get(words_digest(submission), source)
        likeness = self.likeness([point.text for point in submission.points])
        if known in self.withdrawn or likeness is Likeness.ALL:
            yield "its focus group was withdrawn for good"
        elif sha256 in self.files:
            yield f"the same file was taken in before ({self.files[sha256]})"
        elif known:
            yield f"the same answers were taken in before, as focus group {known}"
        elif likeness is Likeness.MOST and not is_another:
            yield MOST_CAME_BACK

    def take(self, focus_group: str, submission: Submission) -> None:
        """Enter a submission that is being taken in."""
        self.taken.add(focus_group)
        self.words[words_digest(submission)] = focus_group

    def take_file(self, sha256: str) -> None:
        """Enter a file that is being taken in."""
        self.files.setdefault(sha256, "in the same import")


def _are_same(named: str, met: frozenset[str]) -> bool:
    """Return whether an id names some places; one that names as many as it may lacks others."""
    places = frozenset(named.split("-"))
    return places == met or (len(places) >= NAMED_PLACES and places < met)


def read_standing_groups(folder: Path) -> StandingGroups:
    """Return what a study has already.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    table = read_text_table(table_path(folder, "focus_groups"), focus_groups.COLUMNS)
    groups = set(table[focus_groups.FOCUS_GROUP])
    withdrawn = set(table.loc[table[focus_groups.WITHDRAWN] != "", focus_groups.FOCUS_GROUP])
    tombstones = withdrawn_groups(folder)
    withdrawn.update(tombstones)
    received = read_registry(folder)
    return StandingGroups(
        taken=groups | withdrawn,
        withdrawn=withdrawn,
        tombstones=tombstones,
        files={each.sha256: each.file or each.kind for each in received if each.sha256},
        words={each.words_sha256: each.focus_group for each in received if each.words_sha256},
        left_words=read_withdrawn_words(folder),
    )


def name_focus_group(group: FocusGroup, taken: Container[str]) -> str:
    """Return an id for a focus group: its places and its day, and a number where that is taken.

    Parameters
    ----------
    group : FocusGroup
        A focus group with places and a day.
    taken : container of str
        Ids that focus groups have.
    """
    places = "-".join(place.casefold() for place in group.places[:NAMED_PLACES])
    name = f"{places}-{group.held_on}"
    number = 1
    while (tried := name if number == 1 else f"{name}-{number}") in taken:
        number += 1
    return tried


def words_digest(submission: Submission) -> str:
    """Return the digest of the answers of a submission: the same in whatever format they come."""
    return digest_words((point.cell, point.text) for point in submission.points)
