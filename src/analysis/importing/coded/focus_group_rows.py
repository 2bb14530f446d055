"""The focus groups that documents become, from what the export and a mapping state about them."""

from __future__ import annotations

from collections import Counter
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import DATE_FORM, describe_value, list_numbers
from analysis.importing.coded.known_segments import digest_of
from analysis.importing.coded.mapping import LEFT_OUT, find_misspelt, is_another
from analysis.importing.ids import UnusedIds
from analysis.intake import account as kinds
from analysis.intake.stated_dates import suggest_days
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.dates import is_date
from analysis.study.places import SCOPES, suggest_place
from analysis.tables import focus_groups
from analysis.tables.fingerprints import Likeness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.known_segments import KnownMatch
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.account import Account
    from analysis.intake.coded.coded_data import CodedData, Document

COLUMNS = focus_groups.COLUMNS
CONSENTS = (*focus_groups.CONSENT_TO_COUNT, "none")
STOPS = (focus_groups.CONSENT, focus_groups.WITHDRAWN)
# The scope follows from the places.
NEEDED = (
    focus_groups.HELD_ON,
    focus_groups.PLACES,
    focus_groups.LANGUAGE,
    focus_groups.CONSENT,
)
IS_MISSING = " is missing"
NO_COLUMN = "the study has no column for it"
SAID_OTHERWISE = "the mapping says otherwise"
KEPT_AS_IT_IS = "focus_groups.csv says otherwise, and stays as it is"
WORDS_LEFT = "its words are of one that was withdrawn for good"
OTHER_SEGMENTS = (
    "segments already, and none of these: give it another id, or name this focus group for the "
    "document in a mapping"
)
CONFIRM = "where this is another one, say another: yes of its document in a mapping"
MOST_LEFT = f"most of its words are of one that was withdrawn for good: {CONFIRM}"
LEFT_FROM = f"a focus group of this place and day was withdrawn for good: {CONFIRM}"


class DocumentGroups(NamedTuple):
    """What documents become."""

    group_of: Mapping[str, str | None]
    """The focus group by the key of the document; None where the document is left out."""
    rows: list[dict[str, str]]
    """The new rows of focus groups."""
    silent: set[str]
    """The focus groups without consent, none of whose words are imported."""
    offenders: list[str]
    """What is missing or wrong, by document."""
    digests: Mapping[str, str]
    """The digest of the words of each document, by its key; empty where there are too few."""
    places: set[str]
    """The places as the export and the mapping write them."""


def groups_of_documents(
    data: CodedData,
    study: CodedStudy,
    known: KnownMatch,
    mapping: CodedMapping,
    account: Account,
) -> DocumentGroups:
    """Return the focus groups that documents become, or are known to be of.

    The mapping of a document comes before the export, and the export before the mapping of all
    documents. Documents of one focus group, and the table, may not contradict each other.
    """
    maker = _GroupMaker(data, study, known, mapping)
    for number, document in enumerate(data.documents, 1):
        stated = mapping.documents.get(document.name, {})
        if isinstance(stated, str):
            maker.leave_out(document)
            account.set_aside(kinds.DOCUMENTS, LEFT_OUT)
            account.set_aside(kinds.FACTS, LEFT_OUT, len(document.facts))
        else:
            maker.add(f"document {number}", document, stated)
            _set_facts_aside(document.facts, stated, account)
            if document.key in known.by_id:
                held = study.groups.get(known.group_of[document.key], {})
                facts = {name: document.facts.get(name, "") for name in COLUMNS}
                kept = sum(fact not in ("", held.get(name)) for name, fact in facts.items())
                account.set_aside(kinds.FACTS, KEPT_AS_IT_IS, kept)
    return maker.finish()


def _set_facts_aside(facts: Mapping[str, str], stated: Mapping[str, str], account: Account) -> None:
    """Set aside the facts of a document that the study does not take over."""
    known = {name: value for name, value in facts.items() if name in COLUMNS}
    differing = sum(stated.get(name, value) != value for name, value in known.items())
    account.set_aside(kinds.FACTS, NO_COLUMN, len(facts) - len(known))
    account.set_aside(kinds.FACTS, SAID_OTHERWISE, differing)


class _GroupMaker:
    """The focus groups made so far, and what is wrong with them."""

    def __init__(
        self, data: CodedData, study: CodedStudy, known: KnownMatch, mapping: CodedMapping
    ) -> None:
        self._data = data
        self._study = study
        self._known = known
        self._mapping = mapping
        self._texts = _texts_of(data)
        self._known_words = {**study.known.words, **study.digests}
        self._group_of: dict[str, str | None] = {}
        self._digests: dict[str, str] = {}
        self._rows: dict[str, dict[str, str]] = {}
        self._ids = UnusedIds()
        self._first: dict[str, str] = {}
        self._new_texts: dict[str, list[str]] = {}
        self._confirmed: set[str] = set()
        self._places: set[str] = set()
        self._faults: list[tuple[str, str]] = []
        self._offenders: list[str] = []

    def leave_out(self, document: Document) -> None:
        """Note a document that is not imported."""
        self._group_of[document.key] = None
        self._row_of(document, {})

    def add(self, where: str, document: Document, stated: Mapping[str, str]) -> None:
        """Add the focus group of a document, with what the mapping states about it."""
        row, texts = self._row_of(document, stated), self._texts[document.key]
        is_by_id = document.key in self._known.by_id
        known = self._known.group_of.get(document.key) or self._group_of.get(document.same_as) or ""
        # One selection proves nothing: two documents can have the same words.
        digest = row[focus_groups.SOURCE_SHA256]
        if not digest and (document.text is not None or len(texts) > 1):
            digest = digest_of(texts)
        group = row[focus_groups.FOCUS_GROUP] or known or self._id_of(texts)
        row[focus_groups.FOCUS_GROUP] = self._group_of[document.key] = group
        # What an export of ours has of a document is no more than was selected in it.
        self._digests[document.key] = "" if is_by_id else digest
        same = "" if group == known else self._known_words.get(digest, "")
        reasons = [*self._reasons_against(row, texts, same, known)]
        if is_another(stated):
            self._confirmed.add(group)
        elif not reasons:
            reasons = [*self._doubts(row, texts)]
        contradictions = [] if is_by_id else self._contradictions(row)
        self._faults += [(where, fault) for fault in (*contradictions, *reasons)]
        self._first.setdefault(group, where)
        if digest:
            self._known_words.setdefault(digest, group)
        if group not in self._study.segments.of_group and not document.same_as:
            self._new_texts.setdefault(group, []).extend(texts)
        if group not in self._study.groups:
            there = self._rows.setdefault(group, row)
            there.update({name: value for name, value in row.items() if value})
            self._ids.take(group)

    def finish(self) -> DocumentGroups:
        """Return what the documents became."""
        for group, row in self._rows.items():
            self._faults += [(self._first[group], each) for each in _faults(row, self._study)]
        self._offenders += _together(self._faults)
        self._offenders += self._misspelt_documents()
        self._add_source_digests()
        rows = {**self._study.groups, **self._rows}
        silent = {
            group
            for group in self._group_of.values()
            if group
            and (rows[group][focus_groups.CONSENT] == "none" or rows[group][focus_groups.WITHDRAWN])
        }
        self._offenders += self._copies(silent)
        return DocumentGroups(
            self._group_of,
            list(self._rows.values()),
            silent,
            self._offenders,
            self._digests,
            self._places,
        )

    def _row_of(self, document: Document, stated: Mapping[str, str]) -> dict[str, str]:
        facts = {name: value for name, value in document.facts.items() if name in COLUMNS}
        known = {**self._mapping.focus_groups, **facts, **stated}
        row = {name: known.get(name, "").strip() for name in COLUMNS}
        written = focus_groups.split_values(row[focus_groups.PLACES])
        self._places.update(written)
        mapped = [self._mapping.places.get(place, place) for place in written]
        places = [find_place(place, self._study) for place in mapped]
        row[focus_groups.PLACES] = ";".join(places)
        scopes = {self._study.places.get(place, "") for place in places}
        if not row[focus_groups.SCOPE] and len(scopes) == 1:
            row[focus_groups.SCOPE] = scopes.pop()
        if not row[focus_groups.LANGUAGE] and len(self._study.settings.languages) == 1:
            row[focus_groups.LANGUAGE] = self._study.settings.languages[0]
        return row

    def _id_of(self, texts: Sequence[str]) -> str:
        """Return an id made from the words: names of documents may be people's."""
        digest = digest_of(texts)[:10]
        if digest:
            return self._ids.give(f"d-{digest}")
        # Documents without words are numbered, past those that the study has.
        taken = {*self._study.groups, *self._rows}
        return next(name for number in count(1) if (name := f"d-{number}") not in taken)

    def _contradictions(self, row: Mapping[str, str]) -> Iterator[str]:
        """Yield what the table, or another document, states otherwise of the same focus group."""
        group = row[focus_groups.FOCUS_GROUP]
        present = self._study.groups.get(group)
        there = self._rows.get(group, row) if present is None else present
        differing = [
            name
            for name in COLUMNS
            if row[name] not in ("", there[name]) and (there[name] or (present and name in STOPS))
        ]
        if differing:
            other = "focus_groups.csv" if present else self._first[group]
            yield f"{', '.join(differing)}: {other} says otherwise of the same focus group"

    def _misspelt_documents(self) -> Iterator[str]:
        """Yield entries of the mapping that almost name a document for which it has none.

        Others that name none are of other files, which one mapping may serve too.
        """
        numbers = {document.name: at for at, document in enumerate(self._data.documents, 1)}
        for entry, name in find_misspelt(self._mapping.documents, numbers):
            yield (
                f"mapping, documents: entry {entry} names no document of the files, and document "
                f"{numbers[name]} has no entry: correct the name, or add an entry"
            )

    def _copies(self, silent: Collection[str]) -> Iterator[str]:
        """Yield the focus groups that seem to be copies, unless the mapping says otherwise."""
        new = {each: texts for each, texts in self._new_texts.items() if each not in silent}
        for group, copy in self._study.known.find_copies(new, self._confirmed).items():
            yield f"{self._first[group]}: {copy}: {CONFIRM}"

    def _reasons_against(
        self, row: Mapping[str, str], texts: Sequence[str], same: str, known: str
    ) -> Iterator[str]:
        """Yield why a document may not be imported.

        `same` is another focus group that has just its words; `known` the one that it is known to
        be of.
        """
        group, groups = row[focus_groups.FOCUS_GROUP], self._study.known
        if groups.is_withdrawn(group):
            yield f"{describe_value(group, 'focus group')} was withdrawn for good"
        elif groups.is_withdrawn(same) or groups.likeness(texts) is Likeness.ALL:
            yield WORDS_LEFT
        elif same:
            yield f"its words are those of {describe_value(same, 'focus group')}"
        elif group in self._study.segments.of_group and group != known:
            yield f"{describe_value(group, 'focus group')} has {OTHER_SEGMENTS}"

    def _doubts(self, row: Mapping[str, str], texts: Sequence[str]) -> Iterator[str]:
        """Yield why a document may be of a focus group that was withdrawn, unless one denies it."""
        groups = self._study.known
        places = focus_groups.split_values(row[focus_groups.PLACES])
        if groups.likeness(texts) is Likeness.MOST:
            yield MOST_LEFT
        elif row[focus_groups.FOCUS_GROUP] not in self._study.groups and groups.has_withdrawn(
            places, row[focus_groups.HELD_ON]
        ):
            yield LEFT_FROM

    def _add_source_digests(self) -> None:
        """Set the source digest of each focus group that has one document alone."""
        if self._data.is_ours:
            return
        counts = Counter(self._group_of.values())
        for key, digest in self._digests.items():
            group = self._group_of[key]
            if group in self._rows and counts[group] == 1:
                self._rows[group][focus_groups.SOURCE_SHA256] = digest


def find_place(written: str, study: CodedStudy) -> str:
    """Return the id of a place that is written by its id or its name, or else what is written.

    Names are those of places.csv, and those that submissions use in any language.
    """
    if written in study.places:
        return written
    folded = written.casefold()
    named = (place for name, place in study.place_names.items() if name.casefold() == folded)
    return next(named, "") or study.place_finder.find_only(written) or written


def _texts_of(data: CodedData) -> dict[str, list[str]]:
    """Return the words of each document: its text, or everything selected in it."""
    texts: dict[str, list[str]] = {document.key: [] for document in data.documents}
    for selection in data.selections:
        texts[selection.document].append(selection.text)
    return texts | {each.key: [each.text] for each in data.documents if each.text is not None}


def _together(faults: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield each fault once, with the documents that have it."""
    documents: dict[str, list[str]] = {}
    for where, fault in faults:
        documents.setdefault(fault, []).append(where)
    for fault, having in documents.items():
        numbers = list_numbers(int(each.removeprefix("document ")) for each in having)
        named = having[0] if len(having) == 1 else f"documents {numbers}"
        yield f"{named}: {fault}"


def _faults(row: Mapping[str, str], study: CodedStudy) -> Iterator[str]:
    """Yield what is missing from a focus group, or is not allowed."""
    for name in NEEDED:
        if not row[name]:
            yield f"{name}{IS_MISSING}"
    group, held_on = row[focus_groups.FOCUS_GROUP], row[focus_groups.HELD_ON]
    if not IDENTIFIER.fullmatch(group):
        yield f"{describe_value(group, 'focus_group')} is not made of {IDENTIFIER_FORM}"
    if held_on and not is_date(held_on):
        hint = suggest_days(held_on)
        shown = describe_value(held_on, "held_on", form=DATE_FORM)
        yield f"{shown} is no date like 2020-10-12{hint.replace('(', '(write ')}"
    elif held_on > study.settings.as_of.isoformat():
        yield f"held_on {held_on} is later than {study.settings.as_of}, the as_of of study.yaml"
    choices = (
        (focus_groups.SCOPE, SCOPES),
        (focus_groups.CONSENT, CONSENTS),
        (focus_groups.LANGUAGE, study.settings.languages),
    )
    for name, known in choices:
        if row[name] and row[name] not in known:
            yield f"{describe_value(row[name], name)} is none of {', '.join(known)}"
    yield from _faults_of_places(row, study)
    try:
        focus_groups.parse_participants(row[focus_groups.PARTICIPANTS])
    except ValueError:
        yield "participants are not COUNT KIND (PLACE), joined by ;"


def _faults_of_places(row: Mapping[str, str], study: CodedStudy) -> Iterator[str]:
    scope = row[focus_groups.SCOPE]
    places = focus_groups.split_values(row[focus_groups.PLACES])
    scopes = sorted({study.places.get(place, "") for place in places})
    if not scope and len(scopes) > 1 and all(scopes):
        yield f"places are of several scopes ({', '.join(scopes)}): give those of one"
    for place in places:
        if place not in study.places:
            hint = suggest_place(place, study.place_names)
            unknown = (
                f"place {place!r}{hint}" if hint else describe_value(place, "place", study.places)
            )
            yield f"places: unknown {unknown}"
        elif scope in SCOPES and study.places[place] != scope:
            yield f"places: {place} is no {scope}, which is the scope"
