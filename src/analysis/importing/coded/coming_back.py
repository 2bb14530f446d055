"""Why a document may not come, or come back: it was withdrawn, or its words are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.study.csv_rows import IDENTIFIER
from analysis.tables import focus_groups
from analysis.tables.withdrawn_words import Likeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.importing.coded.coded_study import CodedStudy

WORDS_LEFT = "its words are of one that was withdrawn for good"
SAY_SO = "where this is another one, say another: yes of its document in a mapping"
MOST_LEFT = f"most of its words are of one that was withdrawn for good: {SAY_SO}"
LEFT_FROM = f"a focus group of this place and day was withdrawn for good: {SAY_SO}"


class ComingDocument(NamedTuple):
    """A document that is to come in.

    Parameters
    ----------
    row : mapping of str to str
        What is said of its focus group, by the columns of the table.
    words : sequence of str
        Its text, or all that was selected of it.
    same : str
        A focus group that has just its words; empty where none has.
    is_another : bool
        Whether a person says that its focus group is none of those that left.
    """

    row: Mapping[str, str]
    words: Sequence[str]
    same: str
    is_another: bool


def faults_of_coming(document: ComingDocument, study: CodedStudy) -> Iterator[str]:
    """Yield why a document, or the words that it shares with another, may not come (again).

    Parameters
    ----------
    document : ComingDocument
        The document.
    study : CodedStudy
        The study as it is.
    """
    group, same, standing = document.row[focus_groups.FOCUS_GROUP], document.same, study.standing
    likeness = standing.likeness(document.words)
    if standing.left(group):
        yield f"focus group {_shown(group)} was withdrawn for good"
    elif standing.left(same) or likeness is Likeness.ALL:
        yield WORDS_LEFT
    elif group in study.spoken:
        yield f"focus group {_shown(group)} has segments already"
    elif same:
        yield f"its words are those of focus group {_shown(same)}"
    elif document.is_another:
        return
    elif likeness is Likeness.MOST:
        yield MOST_LEFT
    elif group not in study.groups and _left_from(document.row, study):
        yield LEFT_FROM


def _left_from(row: Mapping[str, str], study: CodedStudy) -> bool:
    places = focus_groups.split_values(row[focus_groups.PLACES])
    return study.standing.left_from(places, row[focus_groups.HELD_ON])


def _shown(group: str) -> str:
    return group if IDENTIFIER.fullmatch(group) else "(no plain id)"
