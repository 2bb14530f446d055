"""The rows of focus groups that documents become, from what is said of them."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import closest
from analysis.intake.coded import account as kinds
from analysis.study.rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.tables import focus_groups
from analysis.tables.coded.code_choice import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.intake.coded.account import Account
    from analysis.intake.coded.coded_data import CodedData, Document
    from analysis.intake.coded.mapping import CodedMapping
    from analysis.tables.coded.coded_study import CodedStudy

CONSENTS = (*focus_groups.CONSENT_TO_COUNT, "none")
NEEDED = (
    focus_groups.HELD_ON,
    focus_groups.SCOPE,
    focus_groups.PLACES,
    focus_groups.LANGUAGE,
    focus_groups.CONSENT,
)
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
    """

    group_of: Mapping[str, str | None]
    rows: list[dict[str, str]]
    silent: set[str]
    offenders: list[str]
    digests: Mapping[str, str]


def groups_of_documents(
    data: CodedData, study: CodedStudy, mapping: CodedMapping, account: Account
) -> DocumentGroups:
    """Return the focus groups that documents become.

    What is said of a document alone comes before what the export says, and this before what is
    said of all.

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
    group_of: dict[str, str | None] = {}
    rows: dict[str, dict[str, str]] = {}
    silent: set[str] = set()
    known = {**study.standing.words, **study.digests}
    digests: dict[str, str] = {}
    offenders = [
        f"mapping, documents: entry {number} names no document of the files"
        for number, name in enumerate(mapping.documents, 1)
        if name not in {document.name for document in data.documents}
    ]
    words = _words_of(data)
    for number, document in enumerate(data.documents, 1):
        told = mapping.documents.get(document.name, {})
        if isinstance(told, str):
            group_of[document.key] = None
            account.set_aside(kinds.DOCUMENTS, LEFT_OUT)
            continue
        row = _row_of(document, told, mapping, study)
        digest = row[focus_groups.SOURCE_SHA256] or digest_of(words[document.key])
        digests[document.key] = digest
        if not data.is_ours:
            row[focus_groups.SOURCE_SHA256] = digest
        group = row[focus_groups.FOCUS_GROUP]
        group_of[document.key] = group
        there = study.groups.get(group) or rows.setdefault(group, row)
        if there[focus_groups.CONSENT] == "none" or there[focus_groups.WITHDRAWN]:
            silent.add(group)
        where = f"document {number}"
        offenders += [f"{where}: {fault}" for fault in _back(group, known.get(digest, ""), study)]
        if digest:
            known.setdefault(digest, group)
        if group not in study.groups:
            offenders += [f"{where}: {fault}" for fault in _faults(row, study)]
    return DocumentGroups(group_of, list(rows.values()), silent, offenders, digests)


def _back(group: str, same: str, study: CodedStudy) -> Iterator[str]:
    """Yield why a focus group, or the words that it shares with another, may not come (again)."""
    if study.standing.left(group):
        yield f"focus group {_shown(group)} was withdrawn for good"
    elif study.standing.left(same):
        yield "its words are of one that was withdrawn for good"
    elif group in study.spoken:
        yield f"focus group {_shown(group)} has segments already"
    elif same:
        yield f"its words are those of focus group {_shown(same)}"


def _words_of(data: CodedData) -> dict[str, str]:
    """Return what tells each document from others: its text, or all that was selected of it.

    One selection tells nothing: the same words can stand in two documents.
    """
    selected: dict[str, list[str]] = {document.key: [] for document in data.documents}
    for selection in data.selections:
        selected[selection.document].append(selection.text)
    words = {key: "\n".join(texts) if len(texts) > 1 else "" for key, texts in selected.items()}
    return {
        document.key: words[document.key] if document.text is None else document.text
        for document in data.documents
    }


def digest_of(text: str) -> str:
    """Return the digest of a text, whatever its line ends; empty for a blank text."""
    if not text.strip():
        return ""
    return hashlib.sha256("\n".join(text.splitlines()).encode("utf-8", "replace")).hexdigest()


def _row_of(
    document: Document, told: Mapping[str, str], mapping: CodedMapping, study: CodedStudy
) -> dict[str, str]:
    facts = {name: held for name, held in document.facts.items() if name in focus_groups.COLUMNS}
    known = {**mapping.focus_groups, **facts, **told}
    row = {name: known.get(name, "").strip() for name in focus_groups.COLUMNS}
    places = focus_groups.split_values(row[focus_groups.PLACES])
    row[focus_groups.PLACES] = ";".join(mapping.places.get(place, place) for place in places)
    if not row[focus_groups.FOCUS_GROUP]:
        # A name may be a person's: an id must not tell it.
        digest = hashlib.sha256(document.name.encode("utf-8", "replace")).hexdigest()
        row[focus_groups.FOCUS_GROUP] = f"d-{digest[:10]}"
    if not row[focus_groups.LANGUAGE] and len(study.languages) == 1:
        row[focus_groups.LANGUAGE] = study.languages[0]
    return row


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
        (focus_groups.SCOPE, ("country", "region", "continent", "global")),
        (focus_groups.CONSENT, CONSENTS),
        (focus_groups.LANGUAGE, study.languages),
    )
    for name, known in choices:
        if row[name] and row[name] not in known:
            yield f"{name} is none of {', '.join(known)}"
    for place in focus_groups.split_values(row[focus_groups.PLACES]):
        if place not in study.places:
            yield f"places: an unknown place{closest(place, study.places)}"


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text))
    except ValueError:
        return False


def _shown(group: str) -> str:
    return group if IDENTIFIER.fullmatch(group) else "(no plain id)"
