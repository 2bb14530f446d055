"""The kinds of personal data that the scan finds, each with what finds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.personal_data import (
    ages,
    birth_dates,
    documents,
    emails,
    local_places,
    names,
    phones,
    profiles,
    roles,
)
from analysis.quality.personal_data.finding import Finding
from analysis.quality.personal_data.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analysis.quality.personal_data.finding import Span


@dataclass(frozen=True)
class Kind:
    """A kind of personal data.

    Parameters
    ----------
    kind : str
        Its id, as in ``privacy_exceptions.csv``.
    meaning : str
        What it is, for readers.
    find : callable
        Yields where it stands in the folded text of a reading.
    """

    kind: str
    meaning: str
    find: Callable[[Reading], Iterator[Span]]


# Where two overlap, the first one counts: a number after the word *passport* is no telephone.
KINDS = (
    Kind("email", "an e-mail address, also spelt out", emails.find),
    Kind("profile", "a profile, a handle or a user name in social media", profiles.find),
    Kind("document", "the number of a passport or another document", documents.find),
    Kind("birth-date", "a date of birth", birth_dates.find),
    Kind("phone", "a telephone number", phones.find),
    Kind("name-age", "a name with an age", ages.find),
    Kind(
        "local-place", "a place below the district: a street, a bar, a village", local_places.find
    ),
    Kind("name-role", "a name with a role, a title or an organisation", roles.find),
    Kind("name", "a full name, or one that is told to be a name", names.find),
    Kind("name-alone", "a given name or a family name alone", names.find_alone),
)
# A name alone may be somebody's, and may be a brand or a word of a language that no list holds.
WEAK = frozenset({"name-alone"})
KIND_IDS = tuple(kind.kind for kind in KINDS)


def find_all(text: str) -> list[Finding]:
    """Return what may identify a person in a text, by kind, no two overlapping.

    Parameters
    ----------
    text : str
        Any text.
    """
    reading = Reading(text)
    found: list[Finding] = []
    for kind in KINDS:
        for span in kind.find(reading):
            new = Finding(kind.kind, *span)
            if not any(new.overlaps(other) for other in found):
                found.append(new)
    return found
