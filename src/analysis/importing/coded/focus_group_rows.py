"""Why a document may not come, or come back: it was withdrawn, or its words are there already."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import closest
from analysis.importing.coded.code_choice import LEFT_OUT
from analysis.importing.coded.mapping import is_another
from analysis.importing.ids import UnusedIds
from analysis.intake.coded import account as kinds
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.places import SCOPES
from analysis.tables import focus_groups
from analysis.tables.withdrawal.fingerprints import Likeness

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.coded.account import Account
    from analysis.intake.coded.coded_data import CodedData, Document


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


COLUMNS = focus_groups.COLUMNS
CONSENTS = (*focus_groups.CONSENT_TO_COUNT, "none")
STOPS = (focus_groups.CONSENT, focus_groups.WITHDRAWN)
NEEDED = (
    focus_groups.HELD_ON,
    focus_groups.SCOPE,
    focus_groups.PLACES,
    focus_groups.LANGUAGE,
    focus_groups.CONSENT,
)
NO_COLUMN = "the study has no column for it"
SAID_OTHERWISE = "the mapping says otherwise"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class DocumentGroups(NamedTuple):
    """What documents become.

    Parameters
    ----------
    group_of : mapping of str to (str or None)
        The focus group by the key of the document; None where the document is left out.
    rows : list of dict
        The new rows of focus groups.
    silent : set of str
        The focus groups that gave no consent, of which no words are taken in.
    offenders : list of str
        What is missing or wrong, by document.
    digests : mapping of str to str
        The digest of the words of each document, by its key; empty where it tells nothing.
    places : set of str
        What the export and the mapping say in the place of places.
    """

    group_of: Mapping[str, str | None]
    rows: list[dict[str, str]]
    silent: set[str]
    offenders: list[str]
    digests: Mapping[str, str]
    places: set[str]


def groups_of_documents(
    data: CodedData, study: CodedStudy, mapping: CodedMapping, account: Account
) -> DocumentGroups:
    """Return the focus groups that documents become.

    What is said of a document alone comes before what the export says, and this before what is
    said of all. Documents of one focus group, and the table, may not contradict each other.

    Parameters
    ----------
    data : CodedData
        The export.
    study : CodedStudy
        The study as it is.
    mapping : CodedMapping
        What a person says.
    account : Account
        Counts the documents that are left out.
    """
    maker = _GroupMaker(data, study, mapping)
    for number, document in enumerate(data.documents, 1):
        told = mapping.documents.get(document.name, {})
        if isinstance(told, str):
            maker.leave_out(document)
            account.set_aside(kinds.DOCUMENTS, LEFT_OUT)
            account.set_aside(kinds.FACTS, LEFT_OUT, len(document.facts))
        else:
            maker.add(f"document {number}", document, told)
            _set_facts_aside(document.facts, told, account)
    return maker.finish()


def _set_facts_aside(facts: Mapping[str, str], told: Mapping[str, str], account: Account) -> None:
    """Set aside what an export says of a document and the study does not take over."""
    known = {name: held for name, held in facts.items() if name in COLUMNS}
    differing = sum(told.get(name, held) != held for name, held in known.items())
    account.set_aside(kinds.FACTS, NO_COLUMN, len(facts) - len(known))
    account.set_aside(kinds.FACTS, SAID_OTHERWISE, differing)


class _GroupMaker:
    """The focus groups made so far, and what is wrong with them."""

    def __init__(self, data: CodedData, study: CodedStudy, mapping: CodedMapping) -> None:
        self._data = data
        self._study = study
        self._mapping = mapping
        self._said = _said_in(data)
        self._known = {**study.standing.words, **study.digests}
        self._group_of: dict[str, str | None] = {}
        self._digests: dict[str, str] = {}
        self._rows: dict[str, dict[str, str]] = {}
        self._ids = UnusedIds()
        self._first: dict[str, str] = {}
        self._places: set[str] = set()
        self._offenders: list[str] = []

    def leave_out(self, document: Document) -> None:
        """Take a document of which nothing is taken in."""
        self._group_of[document.key] = None
        self._row_of(document, {})

    def add(self, where: str, document: Document, told: Mapping[str, str]) -> None:
        """Take a document of which something is said."""
        row = self._row_of(document, told)
        words = self._said[document.key]
        # One selection tells nothing: the same words can stand in two documents.
        digest = row[focus_groups.SOURCE_SHA256]
        if not digest and (document.text is not None or len(words) > 1):
            digest = digest_of(_joined(words))
        group = row[focus_groups.FOCUS_GROUP] or self._id_of(words)
        row[focus_groups.FOCUS_GROUP] = group
        self._group_of[document.key] = group
        self._digests[document.key] = digest
        self._offend(where, self._contradictions(row))
        coming = ComingDocument(row, words, self._known.get(digest, ""), is_another(told))
        self._offend(where, faults_of_coming(coming, self._study))
        if digest:
            self._known.setdefault(digest, group)
        if group not in self._study.groups:
            there = self._rows.setdefault(group, row)
            there.update({name: held for name, held in row.items() if held})
            self._first.setdefault(group, where)
            self._ids.take(group)

    def finish(self) -> DocumentGroups:
        """Return what the documents became."""
        for group, row in self._rows.items():
            self._offend(self._first[group], _faults(row, self._study))
        self._offenders += self._unknown_documents()
        self._tell_sources()
        rows = {**self._study.groups, **self._rows}
        silent = {
            group
            for group in self._group_of.values()
            if group and (rows[group][focus_groups.CONSENT] == "none" or _is_withdrawn(rows[group]))
        }
        return DocumentGroups(
            self._group_of,
            list(self._rows.values()),
            silent,
            self._offenders,
            self._digests,
            self._places,
        )

    def _offend(self, where: str, faults: Iterator[str]) -> None:
        self._offenders += [f"{where}: {fault}" for fault in faults]

    def _row_of(self, document: Document, told: Mapping[str, str]) -> dict[str, str]:
        facts = {name: held for name, held in document.facts.items() if name in COLUMNS}
        known = {**self._mapping.focus_groups, **facts, **told}
        row = {name: known.get(name, "").strip() for name in COLUMNS}
        places = focus_groups.split_values(row[focus_groups.PLACES])
        self._places.update(places)
        row[focus_groups.PLACES] = ";".join(self._mapping.places.get(x, x) for x in places)
        if not row[focus_groups.LANGUAGE] and len(self._study.languages) == 1:
            row[focus_groups.LANGUAGE] = self._study.languages[0]
        return row

    def _id_of(self, words: Sequence[str]) -> str:
        """Return an id that nobody gave: names of documents may be people's, and guessed."""
        return self._ids.give(f"d-{digest_of(_joined(words))[:10] or len(self._group_of) + 1}")

    def _contradictions(self, row: Mapping[str, str]) -> Iterator[str]:
        """Yield what is said otherwise of the same focus group, in the table or by a document."""
        group = row[focus_groups.FOCUS_GROUP]
        standing = self._study.groups.get(group)
        there = self._rows.get(group, row) if standing is None else standing
        differing = [
            name
            for name in COLUMNS
            if row[name] not in ("", there[name]) and (there[name] or (standing and name in STOPS))
        ]
        if differing:
            other = "focus_groups.csv" if standing else self._first[group]
            yield f"{', '.join(differing)}: {other} says otherwise of the same focus group"

    def _unknown_documents(self) -> Iterator[str]:
        names = {document.name for document in self._data.documents}
        for number, name in enumerate(self._mapping.documents, 1):
            if name not in names:
                yield f"mapping, documents: entry {number} names no document of the files"

    def _tell_sources(self) -> None:
        """Put the digest of its document into the row of each focus group that has one alone."""
        if self._data.is_ours:
            return
        counts = Counter(self._group_of.values())
        for key, digest in self._digests.items():
            group = self._group_of[key]
            if group in self._rows and counts[group] == 1:
                self._rows[group][focus_groups.SOURCE_SHA256] = digest


def _said_in(data: CodedData) -> dict[str, list[str]]:
    """Return the words of each document: its text, or all that was selected of it."""
    said: dict[str, list[str]] = {document.key: [] for document in data.documents}
    for selection in data.selections:
        said[selection.document].append(selection.text)
    texts = {each.key: [each.text] for each in data.documents if each.text is not None}
    return said | texts


def _joined(words: Sequence[str]) -> str:
    return "\n".join(words)


def _is_withdrawn(row: Mapping[str, str]) -> bool:
    return bool(row[focus_groups.WITHDRAWN])


def digest_of(text: str) -> str:
    """Return the digest of a text, whatever its line ends; empty for a blank text."""
    if not text.strip():
        return ""
    return hashlib.sha256("\n".join(text.splitlines()).encode("utf-8", "replace")).hexdigest()


def _faults(row: Mapping[str, str], study: CodedStudy) -> Iterator[str]:
    """Yield what is missing from a focus group, or is none of what it may be."""
    for name in NEEDED:
        if not row[name]:
            yield f"{name} is not told"
    if not IDENTIFIER.fullmatch(row[focus_groups.FOCUS_GROUP]):
        yield f"focus_group is not made of {IDENTIFIER_FORM}"
    if row[focus_groups.HELD_ON] and not _is_date(row[focus_groups.HELD_ON]):
        yield "held_on is no date like 2020-10-12"
    choices = (
        (focus_groups.SCOPE, SCOPES),
        (focus_groups.CONSENT, CONSENTS),
        (focus_groups.LANGUAGE, study.languages),
    )
    for name, known in choices:
        if row[name] and row[name] not in known:
            yield f"{name} is none of {', '.join(known)}"
    yield from _faults_of_places(row, study)
    try:
        focus_groups.parse_participants(row[focus_groups.PARTICIPANTS])
    except ValueError:
        yield "participants are not COUNT KIND (PLACE), joined by ;"


def _faults_of_places(row: Mapping[str, str], study: CodedStudy) -> Iterator[str]:
    scope = row[focus_groups.SCOPE]
    for place in focus_groups.split_values(row[focus_groups.PLACES]):
        if place not in study.places:
            yield f"places: an unknown place{closest(place, study.places)}"
        elif scope in SCOPES and study.places[place] != scope:
            yield f"places: {place} is no {scope}, which is the scope"


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False
