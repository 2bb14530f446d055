"""The check of restated segments against the source that they restate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from analysis.errors import SourceError, closest
from analysis.intake.focus_group import HELD_ON, PLACE, SCOPE, FocusGroups
from analysis.intake.limits import receive
from analysis.intake.normalisation import digest_normalised
from analysis.intake.reading import read_described
from analysis.intake.sandbox import Sandbox
from analysis.intake.stated_dates import read_date
from analysis.intake.stated_facts import EARLIER
from analysis.intake.template_wording import PARTICIPANTS
from analysis.study.places import folder_of_places, read_places
from analysis.tables import focus_groups
from analysis.tables.received import read_received
from analysis.tables.segments import (
    FOCUS_GROUP,
    POSITION,
    QUESTION,
    SECTION,
    SEGMENT,
    SOURCE_SHA256,
    TEXT_KIND,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Submission


@dataclass(frozen=True)
class Placed:
    """The digest of a wording at a place: of a segment's source wording, or of a source point.

    Parameters
    ----------
    name : str
        The id of the segment, or the place of the source point.
    cell, position : str
        The place in the source.
    sha256 : str
        The digest of the normalised wording.
    """

    name: str
    cell: str
    position: str
    sha256: str


@dataclass(frozen=True)
class SourceCheck:
    """What the check of a source found: ids and places, and no text of the source.

    Each segment is in exactly one of ``matched``, ``moved``, ``changed`` and ``missing``.

    Parameters
    ----------
    matched : tuple of str
        Segments whose wording is at the place that they name.
    moved : tuple of str
        Segments whose wording is elsewhere in the same cell.
    changed : tuple of str
        Segments at whose place the source has another wording.
    missing : tuple of str
        Segments without counterpart in the source.
    left_over : tuple of str
        Places of source points without a segment, and lines among the answers that belong to no
        cell.
    total : int
        Number of segments.
    source_sha256 : str
        The digest of the whole normalised source.
    recorded_sha256 : str
        The digest that the focus group's row records, or ``""`` where it records none.
    other_facts : tuple of str
        The columns of the focus group's row of which the source states something else.
    """

    matched: tuple[str, ...]
    moved: tuple[str, ...]
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    left_over: tuple[str, ...]
    total: int
    source_sha256: str
    recorded_sha256: str = ""
    other_facts: tuple[str, ...] = ()

    @property
    def differs_elsewhere(self) -> bool:
        """Return whether the source is another than the one recorded, outside its answers too."""
        return self.recorded_sha256 not in {"", self.source_sha256}

    @property
    def passed(self) -> bool:
        """Return whether every segment has its counterpart, no more, and facts are the same."""
        whole = 0 < self.total == len(self.matched)
        return whole and not self.left_over and not self.other_facts

    def shortfalls(self) -> tuple[str, ...]:
        """Return each segment and place that does not match, with what is wrong with it."""
        return (
            *(f"{segment}: the source has another wording there" for segment in self.changed),
            *(f"{segment}: the source has no counterpart" for segment in self.missing),
            *(f"{segment}: the source has it elsewhere in its cell" for segment in self.moved),
            *(f"{place}: in the source, and in no segment" for place in self.left_over),
            *(f"focus_groups.csv, {each}: the source states another" for each in self.other_facts),
        )


def check_source(segments: pd.DataFrame, submission: Submission) -> SourceCheck:
    """Return how the segments of one focus group compare with their source.

    A segment is compared by its digest (``source_sha256``) with the wording at its place. Where
    that differs, its wording is looked for in the rest of the cell, so that an added or removed
    point is named itself, and the points below it count as moved.

    Parameters
    ----------
    segments : DataFrame
        Segments of one focus group, one row each.
    submission : Submission
        The source as an import reads it.

    Returns
    -------
    SourceCheck
        Units are segments; places are ``section.question.position`` or lines of the source.

    Raises
    ------
    SourceError
        When the segments are none, of several focus groups, or two in one place.
    """
    expected = _expected_of(segments)
    found = [
        Placed(point.place, point.cell, point.position, digest_normalised(point.text))
        for point in submission.points
    ]
    outcomes, left_over = _compare_cells(expected, found)
    return SourceCheck(
        matched=_with_outcome("matched", outcomes),
        moved=_with_outcome("moved", outcomes),
        changed=_with_outcome("changed", outcomes),
        missing=_with_outcome("missing", outcomes),
        left_over=(*left_over, *submission.remainder),
        total=len(expected),
        source_sha256=submission.source_sha256,
    )


def check_study_source(folder: Path, source: Path, *, focus_group: str = "") -> SourceCheck:
    """Return how the restated segments of a study compare with a source.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    source : Path
        The source as received.
    focus_group : str, optional
        The focus group of the source; needed where several are restated.

    Raises
    ------
    SourceError
        When no segment is restated, it is unclear which focus group is meant, or the source cannot
        be read.
    """
    received = read_received(folder)
    segments = received.segments
    restated = segments[segments[TEXT_KIND] == "restated"]
    groups = sorted(restated[FOCUS_GROUP].unique())
    if focus_group not in groups and (focus_group or len(groups) != 1):
        named = (
            f"The focus group {focus_group}{closest(focus_group, groups)}" if focus_group else ""
        )
        raise SourceError(
            f"{named} has no restated segments." if named else "Name the focus group to check.",
            offenders=groups,
            expected="one focus group whose segments are restated",
            remedy="name one with --focus-group" if groups else "there is nothing to check",
        )
    group = focus_group or groups[0]
    rows = received.focus_groups.set_index(FOCUS_GROUP)
    row = {str(column): str(rows[column].get(group, "")) for column in rows}
    submission, stated = _read_source(folder, source, row[SOURCE_SHA256])
    found = check_source(restated[restated[FOCUS_GROUP] == group], submission)
    return replace(
        found,
        recorded_sha256=row[SOURCE_SHA256],
        other_facts=tuple(_other_facts(row, submission, stated)),
    )


def _read_source(folder: Path, source: Path, recorded: str) -> tuple[Submission, FocusGroup]:
    """Return a source as an import reads it; of several in a file, the one that is recorded."""
    describing = FocusGroups(read_places(folder_of_places(folder)), {})
    file = receive(source)
    with Sandbox() as sandbox:
        found = sandbox.read(partial(read_described, describing), file)
    chosen = [each for each in found if len(found) == 1 or each[0].source_sha256 == recorded]
    if len(chosen) != 1:
        raise SourceError(
            f"{file.name} has {len(found)} submissions.",
            expected="one, or among several the one whose digest is in focus_groups.csv",
            remedy="put the one of this focus group into a file of its own",
        )
    return chosen[0]


def _other_facts(
    row: Mapping[str, str], submission: Submission, stated: FocusGroup
) -> Iterator[str]:
    """Yield the columns of which a source that is not the one recorded states something else."""
    if submission.source_sha256 == row[SOURCE_SHA256]:
        return
    facts = submission.facts
    place = PLACE if facts.get(PLACE) else SCOPE
    twice = {repair.place for repair in submission.repairs if repair.what.endswith(EARLIER)}
    days = {str(day) for day in read_date(facts.get(HELD_ON, "")).days}
    places = set(filter(None, row[focus_groups.PLACES].split(";")))
    for fact, column, is_same in (
        (HELD_ON, focus_groups.HELD_ON, row[focus_groups.HELD_ON] in days),
        (place, focus_groups.PLACES, set(stated.places) == places),
        (
            PARTICIPANTS,
            focus_groups.PARTICIPANTS,
            _numbers(stated.participants) == _numbers(row[focus_groups.PARTICIPANTS]),
        ),
    ):
        if facts.get(fact) and (fact in twice or not is_same):
            yield column


def _numbers(participants: str) -> list[int]:
    """Return how many people there are of each kind, in order of size."""
    return sorted(part.count for part in focus_groups.understand_participants(participants))


def require_source(check: SourceCheck) -> None:
    """Refuse a source that the segments do not match one to one.

    Parameters
    ----------
    check : SourceCheck
        What the check found.

    Raises
    ------
    SourceError
        When the check did not pass; it names every segment and place.
    """
    if not check.passed:
        raise SourceError(
            f"The source does not match its segments: {len(check.matched)} of {check.total} do.",
            offenders=check.shortfalls(),
            expected="for each segment its own wording at its place, no other point, and the "
            "date, the places and the numbers of participants of focus_groups.csv",
            remedy="check that this is the source that focus_groups.csv names, unedited; if the "
            "source itself was revised, restate these segments and give them new digests",
        )


def _with_outcome(outcome: str, outcomes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(segment for segment, found in outcomes.items() if found == outcome)


def _expected_of(segments: pd.DataFrame) -> list[Placed]:
    groups = sorted(set(segments[FOCUS_GROUP]))
    if len(groups) != 1:
        raise SourceError(
            f"A source is checked for one focus group; there are {len(groups)} in these segments.",
            offenders=groups,
            remedy="give the segments of the one focus group whose source this is",
        )
    cells = segments[SECTION] + "." + segments[QUESTION]
    columns = (segments[SEGMENT], cells, segments[POSITION], segments[SOURCE_SHA256])
    expected = [Placed(*map(str, row)) for row in zip(*columns, strict=True)]
    _require_digests(expected)
    _require_one_a_place(expected)
    return expected


def _require_digests(expected: Iterable[Placed]) -> None:
    without = [segment.name for segment in expected if not segment.sha256]
    if without:
        raise SourceError(
            "Some segments have no digest of their source.",
            offenders=without,
            expected="source_sha256 on every segment that is checked",
            remedy="give each the digest of its normalised source wording (docs/method.md)",
        )


def _require_one_a_place(expected: Iterable[Placed]) -> None:
    names_at: dict[str, list[str]] = defaultdict(list)
    places_of: dict[str, list[str]] = defaultdict(list)
    for segment in expected:
        place = f"{segment.cell}.{segment.position}"
        names_at[place].append(segment.name)
        places_of[segment.name].append(place)
    offenders = [
        f"{key}: {', '.join(values)}"
        for key, values in (*names_at.items(), *places_of.items())
        if len(values) > 1
    ]
    if offenders:
        raise SourceError(
            "Segments and their places do not pair one to one.",
            offenders=offenders,
            expected="one segment a place, and one place a segment",
            remedy="correct segment, section, question or position in segments.csv",
        )


def _compare_cells(
    expected: Sequence[Placed], found: Sequence[Placed]
) -> tuple[dict[str, str], list[str]]:
    """Return the outcome of each segment, in their order, and the places without a segment."""
    outcomes: dict[str, str] = {}
    left_over: list[str] = []
    for cell in dict.fromkeys(placed.cell for placed in (*expected, *found)):
        segments = [segment for segment in expected if segment.cell == cell]
        points = [point for point in found if point.cell == cell]
        for outcome, agree in COMPARISONS:
            pairs = _pair(segments, points, agree)
            outcomes.update({segment.name: outcome for segment, _ in pairs})
            segments = [segment for segment in segments if segment.name not in outcomes]
            taken = {point for _, point in pairs}
            points = [point for point in points if point not in taken]
        outcomes.update({segment.name: "missing" for segment in segments})
        left_over.extend(point.name for point in points)
    return {segment.name: outcomes[segment.name] for segment in expected}, left_over


def _pair(
    segments: Iterable[Placed], points: Iterable[Placed], agree: Callable[[Placed, Placed], bool]
) -> list[tuple[Placed, Placed]]:
    """Return segments with the first point that each agrees with, no point twice."""
    free = list(points)
    pairs = []
    for segment in segments:
        counterpart = next((point for point in free if agree(segment, point)), None)
        if counterpart is not None:
            free.remove(counterpart)
            pairs.append((segment, counterpart))
    return pairs


def _is_at(segment: Placed, point: Placed) -> bool:
    return segment.position == point.position


def _says(segment: Placed, point: Placed) -> bool:
    return segment.sha256 == point.sha256


def _says_at(segment: Placed, point: Placed) -> bool:
    return _is_at(segment, point) and _says(segment, point)


COMPARISONS = (("matched", _says_at), ("moved", _says), ("changed", _is_at))
