"""The rows of a submission: its focus group, and its segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.tables import focus_groups, segments
from analysis.tables.registry import digest_words

if TYPE_CHECKING:
    from collections.abc import Container

    from analysis.intake.focus_group import FocusGroup
    from analysis.intake.submission import Submission

VERBATIM, SYNTHETIC = "verbatim", "synthetic"
NAMED_PLACES = 3
"""Places that stand in the id of a focus group, of any number."""


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


def focus_group_row(name: str, group: FocusGroup, submission: Submission) -> dict[str, str]:
    """Return the row of a focus group."""
    return dict.fromkeys(focus_groups.COLUMNS, "") | {
        focus_groups.FOCUS_GROUP: name,
        focus_groups.TITLE: group.title,
        focus_groups.HELD_ON: str(group.held_on),
        focus_groups.SCOPE: group.scope,
        focus_groups.PLACES: ";".join(group.places),
        focus_groups.SPEAKS_OF: ";".join(group.speaks_of),
        focus_groups.ORGANISER: group.organiser,
        focus_groups.THEME: group.theme,
        focus_groups.PARTICIPANTS: group.participants,
        focus_groups.LANGUAGE: group.language,
        focus_groups.CONSENT: group.consent,
        focus_groups.RECEIVED_BY: "survey form" if submission.where else "filled-in template",
        focus_groups.SOURCE_SHA256: submission.source_sha256,
    }


def segment_rows(name: str, submission: Submission, *, text_kind: str) -> list[dict[str, str]]:
    """Return the rows of the segments of a submission, in its order."""
    return [
        dict.fromkeys(segments.COLUMNS, "")
        | {
            segments.SEGMENT: f"{name}.{point.place}",
            segments.FOCUS_GROUP: name,
            segments.SECTION: point.section,
            segments.QUESTION: point.question,
            segments.POSITION: point.position,
            segments.ROLE: point.role,
            segments.TEXT: point.text,
            segments.TEXT_KIND: text_kind,
            segments.LANGUAGE: submission.language,
        }
        for point in submission.points
    ]
