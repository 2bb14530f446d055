"""The writers of REFI-QDA: codebooks (.qdc) and projects (.qdpx), the same bytes each time.

GUIDs are derived from what they name. There are no dates, no paths, and no names of people in what
is written, but for what the data themselves hold.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from lxml import etree  # type: ignore[import-untyped]

from analysis.intake.coded.coded_data import ORIGIN, CodedCode, CodedData, Coding, Document
from analysis.intake.coded.refi_codebook import CODEBOOK, PROJECT, guid_of
from analysis.study.writing import zip_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.intake.coded.coded_data import Selection

INNER_FILE = "project.qde"
# What XML 1.0 cannot hold at all.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLOUR = re.compile(r"#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})")


def codebook_bytes(codes: Sequence[CodedCode]) -> bytes:
    """Return a codebook file.

    Parameters
    ----------
    codes : sequence of CodedCode
        At least one; every code after the one above it.
    """
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", nsmap={None: CODEBOOK}, origin=ORIGIN)
    _add_codes(root, codes)
    return _bytes_of(root)


def project_bytes(data: CodedData, title: str) -> bytes:
    """Return a project file.

    Documents without text have none, and therefore no selections in it.

    Parameters
    ----------
    data : CodedData
        What it is to hold; selections with their positions.
    title : str
        The name of the project.
    """
    root = etree.Element(
        f"{{{PROJECT}}}Project", nsmap={None: PROJECT}, name=_legal(title), origin=ORIGIN
    )
    if data.coders:
        users = _add(root, "Users")
        for coder in data.coders:
            _add(users, "User", guid=guid_of("coder", coder), name=_legal(coder))
    if data.codes:
        _add_codes(_add(root, "CodeBook"), data.codes)
    _add_cases(root, data.documents)
    if data.documents:
        _add_sources(_add(root, "Sources"), data)
    parts = {INNER_FILE: _bytes_of(root)}
    for document in data.documents:
        if document.text is not None:
            parts[f"sources/{_part_of(document)}"] = document.text.encode()
    return zip_of(parts)


def _add_codes(parent: etree._Element, codes: Sequence[CodedCode]) -> None:
    elements = {"": _add(parent, "Codes")}
    for code in codes:
        colour = {"color": code.colour} if _COLOUR.fullmatch(code.colour) else {}
        element = _add(
            elements[code.parent],
            "Code",
            guid=guid_of("code", code.key),
            name=_legal(code.name),
            isCodable="true" if code.is_codable else "false",
            **colour,
        )
        elements[code.key] = element
        if code.description:
            # It comes before the codes below: they are added after it.
            _add(element, "Description").text = _legal(code.description)


def _add_cases(root: etree._Element, documents: Sequence[Document]) -> None:
    """Add a variable for each kind of fact, and a case for each document."""
    names = list(dict.fromkeys(name for each in documents for name in each.facts))
    if not names:
        return
    variables = _add(root, "Variables")
    for name in names:
        guid = guid_of("variable", name)
        _add(variables, "Variable", guid=guid, name=_legal(name), typeOfVariable="Text")
    cases = _add(root, "Cases")
    for document in documents:
        case = _add(cases, "Case", guid=guid_of("case", document.key), name=_legal(document.name))
        for name, held in document.facts.items():
            value = _add(case, "VariableValue")
            _add(value, "VariableRef", targetGUID=guid_of("variable", name))
            _add(value, "TextValue").text = _legal(held)
        _add(case, "SourceRef", targetGUID=guid_of("document", document.key))


def _add_sources(sources: etree._Element, data: CodedData) -> None:
    selections: dict[str, list[Selection]] = defaultdict(list)
    for selection in data.selections:
        selections[selection.document].append(selection)
    codings: dict[str, list[Coding]] = defaultdict(list)
    for coding in data.codings:
        codings[coding.selection].append(coding)
    for document in data.documents:
        source = _add(
            sources,
            "TextSource",
            guid=guid_of("document", document.key),
            name=_legal(document.name),
        )
        if document.text is not None:
            source.set("plainTextPath", f"internal://{_part_of(document)}")
            for selection in selections[document.key]:
                _add_selection(source, selection, codings)


def _add_selection(
    source: etree._Element, selection: Selection, codings: Mapping[str, Sequence[Coding]]
) -> None:
    element = _add(
        source,
        "PlainTextSelection",
        guid=guid_of("selection", selection.key),
        name=_legal(selection.facts.get("segment", "")),
        startPosition=str(selection.start),
        endPosition=str(selection.end),
    )
    if selection.facts:
        _add(element, "Description").text = json.dumps(dict(selection.facts))
    for coding in codings.get(selection.key, ()):
        user = {"creatingUser": guid_of("coder", coding.coder)} if coding.coder else {}
        added = _add(element, "Coding", guid=guid_of("coding", "\n".join(coding)), **user)
        _add(added, "CodeRef", targetGUID=guid_of("code", coding.code))


def _part_of(document: Document) -> str:
    return f"{guid_of('document', document.key)}.txt"


def _add(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def _bytes_of(root: etree._Element) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _legal(text: str) -> str:
    """Return a text in which characters that XML cannot hold are seen to be lost."""
    return _FORBIDDEN.sub("\ufffd", text)
