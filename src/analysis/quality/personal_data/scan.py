"""The scan for personal data: which kinds it finds in a text, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analysis.quality.personal_data import contacts, names, places
from analysis.quality.personal_data.mentions import ScannedText
from analysis.quality.personal_data.prefilter import likely_positions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from analysis.quality.personal_data.mentions import Span

Kinds: TypeAlias = tuple[str, ...]
"""The kinds that are found in a text, in the order of `KINDS`."""


class Kind(NamedTuple):
    """A kind of personal data: its id in ``privacy_exceptions.csv``, and what finds it."""

    kind: str
    find: Callable[[ScannedText], Iterator[Span]]


# Where two overlap, the first one counts: a number after the word *passport* is no telephone.
KINDS = (
    Kind("email", contacts.find_emails),
    Kind("profile", contacts.find_profiles),
    Kind("document", contacts.find_documents),
    Kind("birth-date", names.find_birth_dates),
    Kind("phone", contacts.find_phones),
    Kind("name-age", names.find_ages),
    Kind("local-place", places.find_local_places),
    Kind("name-role", names.find_roles),
    Kind("name", names.find_names),
    Kind("name-alone", names.find_names_alone),
)
# A name alone may be somebody's, and may be a brand or a word of a language that no list holds.
WEAK = frozenset({"name-alone"})
KIND_IDS = tuple(kind.kind for kind in KINDS)


@dataclass(frozen=True)
class Finding:
    """A kind, and where it is in the folded text; never the words."""

    kind: str
    start: int
    end: int

    def overlaps(self, other: Finding) -> bool:
        """Return whether two findings share a character of the text."""
        return self.start < other.end and other.start < self.end


def find_all(text: str) -> list[Finding]:
    """Return what may identify a person in a text, by kind, no two overlapping."""
    scanned = ScannedText(text)
    found: list[Finding] = []
    for kind in KINDS:
        for span in kind.find(scanned):
            new = Finding(kind.kind, *span)
            if not any(new.overlaps(other) for other in found):
                found.append(new)
    return found


def scan_text(text: str) -> Kinds:
    """Return the kinds of personal data that are found in a text, each once.

    Parameters
    ----------
    text : str
        Any text.

    Examples
    --------
    >>> scan_text("Amina, 27: a.name@example.org")
    ('email', 'name-age')
    >>> scan_text("12 participants, 15 aged 18-24")
    ()
    """
    return tuple(dict.fromkeys(found.kind for found in find_all(text)))


def scan_texts(texts: pd.Series) -> dict[int, Kinds]:
    """Return the kinds of personal data that are found in texts, by the position of the text.

    Parameters
    ----------
    texts : Series
        Distinct texts; a missing one holds nothing.

    Returns
    -------
    dict of int to tuple of str
        Only of texts in which something is found.
    """
    found = {int(at): scan_text(texts.iloc[at]) for at in likely_positions(texts)}
    return {at: kinds for at, kinds in found.items() if kinds}
