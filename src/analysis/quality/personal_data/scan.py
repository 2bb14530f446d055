"""The scan for personal data: which columns are scanned, and which kinds are where in a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analysis.quality.personal_data import contacts, local_places, names
from analysis.quality.personal_data.folding import offsets_of
from analysis.quality.personal_data.lexicon import NO_WORDS
from analysis.quality.personal_data.mentions import ScannedText
from analysis.quality.personal_data.prefilter import likely_positions
from analysis.study.csv_rows import TRANSLATED_NAMES
from analysis.tables import focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from analysis.quality.personal_data.lexicon import StudyWords
    from analysis.quality.personal_data.mentions import Span

Kinds: TypeAlias = tuple[str, ...]
"""The kinds that are found in a text, in the order of `KINDS`."""

# By table: the column that names its rows, and the columns that hold free text.
ID_COLUMNS = {
    "codebook": "code",
    "focus_groups": focus_groups.FOCUS_GROUP,
    "segments": segments.SEGMENT,
}
SCANNED = {
    "codebook": ("name", "definition", "include", "exclude", *TRANSLATED_NAMES),
    "focus_groups": (
        focus_groups.TITLE,
        focus_groups.ORGANISER,
        focus_groups.THEME,
        focus_groups.PARTICIPANTS,
        focus_groups.RECEIVED_BY,
        focus_groups.SOURCE,
    ),
    "segments": (segments.LABEL, segments.TEXT),
}
# Ids that may be made of names; those of codes are words of the codebook.
SCANNED_IDS = {
    "focus_groups": (focus_groups.FOCUS_GROUP,),
    "segments": (segments.SEGMENT,),
}
SCANNED_COLUMNS = {
    table: (*SCANNED_IDS.get(table, ()), *columns) for table, columns in SCANNED.items()
}
# The texts of a study that are in no table, as reviewed exceptions name them.
BESIDE_TABLES = {"study": ("title", "description"), "places": ("name",)}


class Kind(NamedTuple):
    """A kind of personal data: its id in ``privacy_exceptions.csv``, and what finds it."""

    kind: str
    find: Callable[[ScannedText], Iterator[Span]]


# Where two overlap, the first one counts: a number after the word *passport* is no telephone.
KINDS = (
    Kind("email", contacts.find_emails),
    Kind("profile", contacts.find_profiles),
    Kind("document", contacts.find_documents),
    Kind("birth-date", contacts.find_birth_dates),
    Kind("phone", contacts.find_phones),
    Kind("name-age", names.find_ages),
    Kind("local-place", local_places.find_local_places),
    Kind("name-role", names.find_roles),
    Kind("name", names.find_names),
    Kind("name-alone", names.find_names_alone),
)
SPEAKER_LABEL = "speaker-label"
"""A name that opens many segments, as transcripts label who speaks: reported once."""
# A name alone may be somebody's, and may be a brand or a word of a language that no list holds.
WEAK = frozenset({"name-alone", SPEAKER_LABEL})
KIND_IDS = (*(kind.kind for kind in KINDS), SPEAKER_LABEL)


@dataclass(frozen=True)
class Finding:
    """A kind, and where it is in the text; never the words."""

    kind: str
    start: int
    end: int

    def overlaps(self, other: Finding) -> bool:
        """Return whether two findings share a character of the text."""
        return self.start < other.end and other.start < self.end


def find_all(text: str, own: StudyWords = NO_WORDS) -> list[Finding]:
    """Return what may identify a person in a text, by kind, no two overlapping.

    Examples
    --------
    >>> find_all("Ask  Am\u00edna, 27.")
    [Finding(kind='name-age', start=5, end=14)]
    """
    found = _find_in_folded(text, own)
    if not found:
        return []
    offsets = offsets_of(text)
    return [Finding(each.kind, offsets[each.start], offsets[each.end - 1] + 1) for each in found]


def find_spans(text: str, own: StudyWords = NO_WORDS) -> dict[str, tuple[Span, ...]]:
    """Return where each kind of personal data is in a text, in order."""
    spans: dict[str, list[Span]] = {}
    for found in find_all(text, own):
        spans.setdefault(found.kind, []).append((found.start, found.end))
    return {kind: tuple(sorted(each)) for kind, each in spans.items()}


def _find_in_folded(text: str, own: StudyWords) -> list[Finding]:
    scanned = ScannedText(text, own)
    found: list[Finding] = []
    for kind in KINDS:
        for span in kind.find(scanned):
            new = Finding(kind.kind, *span)
            if not any(new.overlaps(other) for other in found):
                found.append(new)
    return found


def scan_text(text: str, own: StudyWords = NO_WORDS) -> Kinds:
    """Return the kinds of personal data that are found in a text, each once.

    Parameters
    ----------
    text : str
        Any text.
    own : StudyWords, optional
        What the study adds to the lists of the scan.

    Examples
    --------
    >>> scan_text("Amina, 27: a.name@example.org")
    ('email', 'name-age')
    >>> scan_text("12 participants, 15 aged 18-24")
    ()
    """
    return tuple(dict.fromkeys(found.kind for found in _find_in_folded(text, own)))


def scan_texts(texts: pd.Series, own: StudyWords = NO_WORDS) -> dict[int, Kinds]:
    """Return the kinds of personal data in texts, by position, where there are any."""
    positions = likely_positions(texts, own.names).tolist()
    likely = texts.iloc[positions].tolist()
    found = {text: scan_text(text, own) for text in dict.fromkeys(likely)}
    return {at: found[text] for at, text in zip(positions, likely, strict=True) if found[text]}
