"""The focus groups that a study has or had: what may not be imported twice, or come back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from analysis.importing.ids import UnusedIds
from analysis.tables import focus_groups, segments
from analysis.tables.fingerprints import (
    Fingerprints,
    Likeness,
    likeness_of,
    read_fingerprints,
)
from analysis.tables.near_copies import count_shared_runs, find_alike, find_runs, fold_words
from analysis.tables.registry import digest_words, read_registry
from analysis.tables.tombstones import Belonging, withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Submission

CONFIRM = "where this is another one, say yes under another in a table for --met"
MOST_CAME_BACK = f"most of its words are of a focus group that was withdrawn for good: {CONFIRM}"
NAMED_PLACES = 3
"""The most places that the id of a focus group names."""

_NAMED = re.compile(r"(?P<places>.+)-(?P<day>\d{4}-\d{2}-\d{2})(?:-\d+)?")


@dataclass
class KnownGroups:
    """What a study has and had, and what the running import adds."""

    ids: set[str]
    """Ids of focus groups in the study, and of those withdrawn."""
    withdrawn: set[str]
    """Ids of focus groups with a tombstone, or that `focus_groups.csv` calls withdrawn."""
    tombstones: tuple[str, ...] = ()
    """Ids of focus groups that were withdrawn for good."""
    files: dict[str, str] = field(default_factory=dict)
    """The name in ``raw/`` by the digest of each file."""
    words: dict[str, str] = field(default_factory=dict)
    """The focus group by the digest of its words."""
    fingerprints: tuple[Fingerprints, ...] = ()
    """Fingerprints of the words of those that were withdrawn for good."""
    segments: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=segments.COLUMNS))
    """The segments of the study."""

    def is_withdrawn(self, *ids: str) -> bool:
        """Return whether an id is of a focus group withdrawn for good, or of its segments."""
        return bool(self.tombstones) and Belonging(self.tombstones).holds(*ids)

    def has_withdrawn(self, places: Collection[str], day: str) -> bool:
        """Return whether a focus group of these places, in any order, and this day left."""
        named = filter(None, map(_NAMED.fullmatch, self.withdrawn))
        met = frozenset("-".join(places).casefold().split("-"))
        return any(each["day"] == day and _are_same(each["places"], met) for each in named)

    def likeness(self, texts: Sequence[str]) -> Likeness:
        """Return how much of the texts is of a focus group that was withdrawn for good."""
        return likeness_of(self.fingerprints, texts)

    def reasons_against(
        self, sha256: str, submission: Submission, *, is_another: bool
    ) -> Iterator[str]:
        """Yield why a submission may not be imported (again).

        `is_another` is what a person confirms: its focus group is none of those withdrawn.
        """
        known = ""
        if submission.points:
            source = self.words.get(submission.source_sha256, "")
            known = self.words.get(words_digest(submission), source)
        likeness = self.likeness([point.text for point in submission.points])
        if known in self.withdrawn or likeness is Likeness.ALL:
            yield "its focus group was withdrawn for good"
        elif sha256 in self.files:
            yield f"the same file was imported before ({self.files[sha256]})"
        elif known:
            yield f"the same answers were imported before, as focus group {known}"
        elif likeness is Likeness.MOST and not is_another:
            yield MOST_CAME_BACK

    def find_copies(
        self, new: Mapping[str, Sequence[str]], confirmed: Collection[str]
    ) -> dict[str, str]:
        """Return why new focus groups seem to be copies, by group, from the texts of each.

        They are compared with the study and with each other. `confirmed` are those of which a
        person says that they are others.
        """
        said = [(group, text) for group, texts in new.items() for text in texts]
        columns = [segments.FOCUS_GROUP, segments.TEXT]
        both = pd.concat(
            [self.segments[columns], pd.DataFrame(said, columns=columns, dtype="str")],
            ignore_index=True,
        )
        texts = both[segments.TEXT].map(fold_words)
        runs = find_runs(texts, both[segments.FOCUS_GROUP])
        alike = find_alike(runs, count_shared_runs(runs)).sort_values("share")
        copies = alike[alike["is_copy"]]
        number = {group: position for position, group in enumerate(new)}
        found = {}
        for group, other, share in zip(
            copies["group"], copies["other"], copies["share"], strict=True
        ):
            # Of two that come together, the later one is the copy.
            is_later = group in number and number.get(other, -1) < number[group]
            if is_later and group not in confirmed and other not in confirmed:
                found[group] = (
                    f"{int(100 * share)} % of the words of the shorter of focus groups {group} "
                    f"and {other} are in the other"
                )
        return found

    def name(self, group: FocusGroup) -> str:
        """Return a new id of a focus group: its places and day, and a number if that is taken."""
        places = "-".join(place.casefold() for place in group.places[:NAMED_PLACES])
        return UnusedIds(self.ids).give(f"{places}-{group.held_on}")

    def add(self, focus_group: str, submission: Submission) -> None:
        """Add a submission that is being imported."""
        self.ids.add(focus_group)
        self.words[words_digest(submission)] = focus_group

    def add_file(self, sha256: str) -> None:
        """Add a file that is being imported."""
        self.files.setdefault(sha256, "in the same import")


def words_digest(submission: Submission) -> str:
    """Return the digest of the answers of a submission: the same for every file format."""
    return digest_words((point.cell, point.text) for point in submission.points)


def read_known_groups(folder: Path, tables: Mapping[str, pd.DataFrame]) -> KnownGroups:
    """Return what a study has and had, given its tables of focus groups and of segments."""
    groups = tables["focus_groups"]
    tombstones = withdrawn_groups(folder)
    marked = groups.loc[focus_groups.is_withdrawn(groups), focus_groups.FOCUS_GROUP]
    withdrawn = {*marked, *tombstones}
    received = read_registry(folder)
    return KnownGroups(
        ids={*groups[focus_groups.FOCUS_GROUP], *withdrawn},
        withdrawn=withdrawn,
        tombstones=tombstones,
        files={each.sha256: each.file or each.kind for each in received if each.sha256},
        words={each.words_sha256: each.focus_group for each in received if each.words_sha256},
        fingerprints=read_fingerprints(folder),
        segments=tables["segments"],
    )


def _are_same(named: str, met: frozenset[str]) -> bool:
    """Return whether an id names these places; one that names the most it can may lack some."""
    places = frozenset(named.split("-"))
    return places == met or (len(places) >= NAMED_PLACES and places < met)
