"""The reader of sources in a REFI-QDA project: texts, their selections, and the codes on these."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.intake.coded import account as kinds
from analysis.intake.coded.coded_data import Coding, Document, Selection
from analysis.intake.coded.gathering import SAME_CODING, unique_name
from analysis.intake.coded.offsets import CODE_POINTS, Units, units_of
from analysis.intake.coded.refi_names import child, children, folded, local_name, text_of
from analysis.intake.coded.whole_numbers import whole_number

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.coded.account import Account
    from analysis.intake.limits import Archive

NO_SOURCE_TEXT = "the text of its source is missing"
NOT_TEXT = "it is a stretch of a picture, a page, a sound or a film"
OUTSIDE = "its positions lead out of the text"
UNKNOWN_CODE = "its code is not in the codebook"
ON_A_WHOLE = "it lies on a whole source"
MEDIA_SOURCE = "a picture, a page, a sound or a film without text"
SOURCES = "sources/"
SELECTION_ENDING = "Selection"
TEXT_SELECTION = "PlainTextSelection"
TEXTS = ("Representation", "TextDescription")
"""What holds the text of a page or of a picture."""

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class SourceReader:
    """What has been read of the sources of a project.

    Parameters
    ----------
    archive : Archive
        The file.
    account : Account
        Counts what is read.
    codes : set of str
        The keys of the codes.
    coders : dict of str to str
        The names of the coders by GUID.
    """

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
        self._put: set[Coding] = set()
        self._keys: set[str] = set()
        self._names: set[str] = set()
        self._parts: dict[str, list[str]] = defaultdict(list)
        for name in archive.names:
            self._parts[_base_of(name)].append(name)

    def read(self, sources: etree._Element, facts: dict[str, dict[str, str]]) -> None:
        """Read the sources below an element, with what is told of each by GUID."""
        for source in sources:
            name = local_name(source)
            if not name:
                continue
            self._account.receive(kinds.DOCUMENTS)
            told = facts.get(folded(source.get("guid")), {})
            text_source = text_source_of(source)
            if text_source is None:
                self._account.set_aside(kinds.DOCUMENTS, MEDIA_SOURCE)
            else:
                self._read_text(text_source, source, told)
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
        elements = children(text_source, TEXT_SELECTION)
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
        content = child(text_source, "PlainTextContent")
        if content is not None and content.text:
            return str(content.text)
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
        """Return the part of the archive that a path means; tools put parts where they please."""
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
        self.selections.append(Selection(key, document, units.text[start:end], start, end, facts))
        chosen_by = element.get("creatingUser")
        for coding in children(element, "Coding"):
            self._read_coding(coding, key, coding.get("creatingUser") or chosen_by)

    def _facts_of(self, element: etree._Element) -> dict[str, str]:
        """Return what we wrote of a selection, or what another tool calls it."""
        described = text_of(child(element, "Description"))
        if not self.is_ours or not described:
            return {}
        try:
            told = json.loads(described)
        except (ValueError, RecursionError):
            return {}
        return {name: str(held) for name, held in told.items()} if isinstance(told, dict) else {}

    def _read_coding(self, element: etree._Element, selection: str, user: str | None) -> None:
        self._account.receive(kinds.CODINGS)
        reference = child(element, "CodeRef")
        code = folded(reference.get("targetGUID")) if reference is not None else ""
        if code not in self._codes:
            self._account.set_aside(kinds.CODINGS, UNKNOWN_CODE)
            return
        coder = self._coders.get(folded(user), "")
        self.unlisted += bool(folded(user) and not coder)
        coding = Coding(selection, code, coder)
        if coding in self._put:
            self._account.set_aside(kinds.CODINGS, SAME_CODING)
            return
        self._put.add(coding)
        self.codings.append(coding)

    def _set_rest_aside(self, source: etree._Element, text_source: etree._Element | None) -> None:
        """Set aside all selections and codings of a source that are not read."""
        texts = [] if text_source is None else children(text_source, TEXT_SELECTION)
        read = {text_source, *texts}
        for holder in {source, text_source} - {None}:
            self._set_codings_aside(holder, ON_A_WHOLE)
            for element in holder:
                if local_name(element) != "Coding" and element not in read:
                    set_all_aside(element, self._account, NOT_TEXT)

    def _set_codings_aside(self, element: etree._Element, reason: str) -> None:
        self._account.turn_away(kinds.CODINGS, reason, len(children(element, "Coding")))


def text_source_of(source: etree._Element) -> etree._Element | None:
    """Return the element with the text of a source; None where it has none."""
    if local_name(source) == "TextSource":
        return source
    return next(iter(children(source, *TEXTS)), None)


def set_all_aside(element: etree._Element, account: Account, reason: str) -> None:
    """Set aside an element, if it is a selection, and all selections and codings within it.

    Parameters
    ----------
    element : Element
        The element.
    account : Account
        Counts them.
    reason : str
        Why.
    """
    names = [local_name(each) for each in element.iter()]
    number = sum(name.endswith(SELECTION_ENDING) for name in names)
    account.turn_away(kinds.SELECTIONS, reason, number)
    account.turn_away(kinds.CODINGS, reason, names.count("Coding"))


def _base_of(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def _positions(element: etree._Element) -> tuple[int, int]:
    """Return where a selection begins and ends; what is no number leads out of any text."""
    start, end = (whole_number(element.get(name)) for name in ("startPosition", "endPosition"))
    return (-1, -1) if start is None or end is None else (start, end)
