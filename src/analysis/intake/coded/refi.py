"""The reader of REFI-QDA projects (.qdpx), tolerant of how tools deviate from the standard.

The inner file may have any name, sources may be absent, GUIDs may be in braces or upper case, and
positions may be counted in other units; paths of the writer's own folders are never kept.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, count
from analysis.intake import account as kinds
from analysis.intake.account import Account
from analysis.intake.coded.builder import (
    NOT_TEXT,
    SAME_CODING,
    UNKNOWN_CODE,
    require_accounted,
    unique_name,
    whole_number,
)
from analysis.intake.coded.coded_data import (
    COUNTED,
    ORIGIN,
    CodedData,
    Coding,
    Document,
    Selection,
)
from analysis.intake.coded.offsets import CODE_POINTS, Units, units_of
from analysis.intake.coded.refi_codebook import (
    count_others,
    folded,
    local_name,
    read_codes,
    read_sets,
)
from analysis.intake.coded.refi_facts import facts_of_sources, text_source_of
from analysis.intake.limits import archive_of, parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.limits import Archive


REFI_PROJECT = "refi-project"
INNER_ENDING = ".qde"
SOURCES = "sources/"
SELECTION_ENDING = "Selection"
TEXT_SELECTION = "PlainTextSelection"
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Why items are set aside.
MEMO = "a memo"
ON_A_MEMO = "it lies on a memo"
TIED_MEMO = "a memo hangs on something"
DESCRIPTION = "a description: the study has a place for those of codes alone"
STRANGE = "a part that the standard does not have"
NO_SOURCE_TEXT = "the text of its source is missing"
OUTSIDE = "its positions lead out of the text"
ON_A_WHOLE = "it lies on a whole source"
MEDIA_SOURCE = "a picture, a page, a sound or a film without text"

_NO_TABLE = (
    ("Notes", MEMO, kinds.MEMOS),
    ("Links", "a link", kinds.OTHERS),
    ("Graphs", "a graph", kinds.OTHERS),
)
_PARTS = frozenset(
    {
        *("Users", "CodeBook", "Variables", "Cases", "Sources", "Sets", "Description", "NoteRef"),
        *(name for name, _, _ in _NO_TABLE),
    }
)
# Descriptions that are read, or belong to what is set aside with them.
_DESCRIBED = frozenset({"Code", "Set", "Note"})


def read_project(name: str, content: bytes) -> CodedData:
    """Return what a project file holds."""
    archive = archive_of(name, content)
    inner = [part for part in archive.names if part.lower().endswith(INNER_ENDING)]
    if len(inner) != 1:
        raise CodedDataError(
            f"{name} holds {len(inner)} projects.",
            expected=f"one file that ends in {INNER_ENDING}",
            remedy="export the project again",
        )
    root = parse_xml(archive.read(inner[0]), f"{name}, its project")
    account = Account()
    origin = root.get("origin", "").strip()
    codes = read_codes(root.findall("{*}CodeBook/{*}Codes"), account, name)
    coders = _read_coders(root, account)
    sources = _SourceReader(archive, account, {code.key for code in codes}, coders)
    sources.is_ours = origin.startswith(ORIGIN)
    facts = facts_of_sources(root, account)
    for element in root.findall("{*}Sources"):
        sources.read(element, facts)
    groups = read_sets(root, codes, account)
    _set_aside(root, account, is_ours=sources.is_ours)
    return require_accounted(
        CodedData(
            file_format=REFI_PROJECT,
            codes=codes,
            documents=tuple(sources.documents),
            selections=tuple(sources.selections),
            codings=tuple(sources.codings),
            coders=tuple(dict.fromkeys(coders.values())),
            account=account,
            notices=tuple(sources.all_notices()),
            origin=origin,
            groups=groups,
        )
    )


def _read_coders(root: etree._Element, account: Account) -> dict[str, str]:
    """Return each coder's name by GUID: two of one name are one."""
    users = root.findall("{*}Users/{*}User")
    names = {
        folded(user.get("guid")): (user.get("name") or user.get("id") or "").strip()
        or f"coder {number}"
        for number, user in enumerate(users, 1)
    }
    account.receive(kinds.CODERS, len(users))
    account.set_aside(
        kinds.CODERS, "it has the name of another coder", len(users) - len(set(names.values()))
    )
    return names


def _set_aside(root: etree._Element, account: Account, *, is_ours: bool) -> None:
    """Set aside everything that a study has no table for."""
    for name, what, kind in _NO_TABLE:
        for element in root.findall(f"{{*}}{name}"):
            count_others(element, account, what, kind)
    for notes in root.findall("{*}Notes"):
        _set_all_aside(notes, account, ON_A_MEMO)
    account.exclude(kinds.OTHERS, TIED_MEMO, sum(1 for _ in root.iter("{*}NoteRef")))
    read = _DESCRIBED | ({TEXT_SELECTION} if is_ours else set())
    described = (each for each in root.iter("{*}Description") if (each.text or "").strip())
    number = sum(local_name(each.getparent()) not in read for each in described)
    account.exclude(kinds.MEMOS, DESCRIPTION, number)
    strange = sum(bool(local_name(each)) and local_name(each) not in _PARTS for each in root)
    account.exclude(kinds.OTHERS, STRANGE, strange)


class _SourceReader:
    """Reads sources: their texts, the selections in these, and the codings of selections."""

    def __init__(
        self, archive: Archive, account: Account, codes: set[str], coders: dict[str, str]
    ) -> None:
        self.documents: list[Document] = []
        self.selections: list[Selection] = []
        self.codings: list[Coding] = []
        self.notices: list[str] = []
        self.is_ours = False
        self.unlisted = 0
        self._archive = archive
        self._account = account
        self._codes = codes
        self._coders = coders
        self._applied: set[Coding] = set()
        self._keys: set[str] = set()
        self._names: set[str] = set()
        self._parts: dict[str, list[str]] = defaultdict(list)
        for name in archive.names:
            self._parts[_base_of(name)].append(name)

    def all_notices(self) -> Iterator[str]:
        """Yield what a person should know of how the sources were read."""
        yield from self.notices
        if self.unlisted:
            yield (
                f"{count(self.unlisted, 'coding')} by users whom the file does not list: "
                "without a coder"
            )

    def read(self, sources: etree._Element, facts: dict[str, dict[str, str]]) -> None:
        """Read the sources below an element, with the facts of each by GUID."""
        for source in sources:
            name = local_name(source)
            if not name:
                continue
            self._account.receive(kinds.DOCUMENTS)
            own = facts.get(folded(source.get("guid")), {})
            text_source = text_source_of(source)
            if text_source is None:
                self._account.set_aside(kinds.DOCUMENTS, MEDIA_SOURCE)
            else:
                self._read_text(text_source, source, own)
            self._set_rest_aside(source, text_source)

    def _read_text(
        self, text_source: etree._Element, source: etree._Element, facts: dict[str, str]
    ) -> None:
        number = len(self.documents) + 1
        guid = folded(source.get("guid")) or f"source {number}"
        key = unique_name(guid, self._keys, number)
        self._keys.add(key)
        text = self._text_of(text_source)
        path = (source.get("plainTextPath") or source.get("path") or "").replace("\\", "/")
        name = source.get("name") or path.rpartition("/")[2] or key
        self.documents.append(Document(key, self._name_of(name, number), text, facts))
        self._account.receive(kinds.FACTS, len(facts))
        elements = text_source.findall(f"{{*}}{TEXT_SELECTION}")
        self._account.receive(kinds.SELECTIONS, len(elements))
        if text is None:
            self._account.set_aside(kinds.SELECTIONS, NO_SOURCE_TEXT, len(elements))
            for element in elements:
                self._set_codings_aside(element, NO_SOURCE_TEXT)
            return
        units = self._units_of(text, elements, number)
        for element in elements:
            self._read_selection(element, key, units)

    def _name_of(self, name: str, number: int) -> str:
        found = unique_name(name, self._names, number)
        self._names.add(found)
        if found != name:
            self.notices.append(f"source {number} has the name of another: ({number}) is added")
        return found

    def _text_of(self, text_source: etree._Element) -> str | None:
        content = text_source.findtext("{*}PlainTextContent")
        if content:
            return str(content)
        path = (text_source.get("plainTextPath") or "").replace("\\", "/")
        part = self._part_at(path) if path else ""
        if not part:
            return None
        held = self._archive.read(part)
        encoding = "utf-16" if held.startswith(UTF_16_MARKS) else "utf-8-sig"
        try:
            return held.decode(encoding)
        except UnicodeDecodeError:
            self.notices.append(f"source {len(self.documents) + 1} is no text in UTF-8")
            return None

    def _part_at(self, path: str) -> str:
        """Return the part of the archive that a path means; tools choose different folders."""
        wanted = f"{SOURCES}{_base_of(path)}"
        found = self._parts.get(_base_of(path), [])
        exact = [name for name in found if name.casefold() == wanted]
        if len(exact or found) > 1:
            self.notices.append(f"source {len(self.documents) + 1} may have any of several texts")
            return ""
        return next(iter(exact or found), "")

    def _units_of(self, text: str, elements: list[etree._Element], number: int) -> Units:
        units = Units(text, CODE_POINTS)
        if not self.is_ours:
            stretches = [(*_positions(each), each.get("name") or "") for each in elements]
            units = units_of(text, stretches)
        if units.name != CODE_POINTS:
            self.notices.append(
                f"source {number}: positions fit the text when counted in {units.name}"
            )
        return units

    def _read_selection(self, element: etree._Element, document: str, units: Units) -> None:
        found = units.stretch(*_positions(element))
        if found is None:
            self._account.set_aside(kinds.SELECTIONS, OUTSIDE)
            self._set_codings_aside(element, OUTSIDE)
            return
        start, end = found
        key = f"{len(self.selections) + 1}"
        facts = self._facts_of(element)
        text = "" if facts.get("text_kind") == COUNTED else units.text[start:end]
        self.selections.append(Selection(key, document, text, start, end, facts))
        chosen_by = element.get("creatingUser")
        for coding in element.findall("{*}Coding"):
            self._read_coding(coding, key, coding.get("creatingUser") or chosen_by)

    def _facts_of(self, element: etree._Element) -> dict[str, str]:
        """Return the facts that we wrote into the description of a selection."""
        described = element.findtext("{*}Description")
        if not self.is_ours or not described:
            return {}
        try:
            facts = json.loads(described)
        except (ValueError, RecursionError):
            return {}
        if not isinstance(facts, dict):
            return {}
        return {name: str(value) for name, value in facts.items()}

    def _read_coding(self, element: etree._Element, selection: str, user: str | None) -> None:
        self._account.receive(kinds.CODINGS)
        reference = element.find("{*}CodeRef")
        code = folded(reference.get("targetGUID")) if reference is not None else ""
        if code not in self._codes:
            self._account.set_aside(kinds.CODINGS, UNKNOWN_CODE)
            return
        coder = self._coders.get(folded(user), "")
        self.unlisted += bool(folded(user) and not coder)
        coding = Coding(selection, code, coder)
        if coding in self._applied:
            self._account.set_aside(kinds.CODINGS, SAME_CODING)
            return
        self._applied.add(coding)
        self.codings.append(coding)

    def _set_rest_aside(self, source: etree._Element, text_source: etree._Element | None) -> None:
        """Set aside all selections and codings of a source that are not read."""
        texts = [] if text_source is None else text_source.findall(f"{{*}}{TEXT_SELECTION}")
        read = {text_source, *texts}
        for holder in {source, text_source} - {None}:
            self._set_codings_aside(holder, ON_A_WHOLE)
            for element in holder:
                if local_name(element) != "Coding" and element not in read:
                    _set_all_aside(element, self._account, NOT_TEXT)

    def _set_codings_aside(self, element: etree._Element, reason: str) -> None:
        self._account.exclude(kinds.CODINGS, reason, len(element.findall("{*}Coding")))


def _set_all_aside(element: etree._Element, account: Account, reason: str) -> None:
    """Set aside an element, if it is a selection, and all selections and codings within it."""
    names = [local_name(each) for each in element.iter()]
    number = sum(name.endswith(SELECTION_ENDING) for name in names)
    account.exclude(kinds.SELECTIONS, reason, number)
    account.exclude(kinds.CODINGS, reason, names.count("Coding"))


def _base_of(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def _positions(element: etree._Element) -> tuple[int, int]:
    """Return start and end of a selection; anything but numbers lies outside of any text."""
    start, end = (whole_number(element.get(name)) for name in ("startPosition", "endPosition"))
    return (-1, -1) if start is None or end is None else (start, end)
