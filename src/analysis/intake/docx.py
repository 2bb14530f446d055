"""Reader of submissions in Word documents: their tables, lists and paragraphs, in order.

The document is read part by part as XML, since python-docx passes over content controls, text boxes
and tracked insertions: words of people would be lost without a trace.
"""

from __future__ import annotations

import io
from dataclasses import replace
from string import hexdigits
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree  # type: ignore[import-untyped]

from analysis.intake import account as reasons
from analysis.intake.docx_visibility import HIDDEN, is_hidden_row, mark_hidden_runs
from analysis.intake.limits import archive_of, require_form, require_sound_xml
from analysis.intake.line_reader import read_lines
from analysis.intake.lines import (
    ItemCounter,
    Paragraph,
    TemplateLine,
    clean_text,
    read_paragraphs,
)
from analysis.intake.submission import Suspicion
from analysis.intake.suspicious_text import PICTURE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Submission

Element = Any
"""An element of lxml, which ships no types, as python-docx does not."""

W_P, W_TBL, W_TR, W_TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
M_T, W_T, W_TAB, W_BR, W_CR = qn("m:t"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
W_HYPHEN, W_SOFT_HYPHEN = qn("w:noBreakHyphen"), qn("w:softHyphen")
W_SYM, W_BOX = qn("w:sym"), qn("w:txbxContent")
W_DEL, W_DEL_TEXT = qn("w:del"), qn("w:delText")
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Hidden and deleted text, instructions of fields, and second copies are no words of the submission.
SKIPPED = frozenset({HIDDEN, W_DEL, W_DEL_TEXT, qn("w:instrText"), qn("w:moveFrom"), FALLBACK})
# By their local names: pictures, charts, SmartArt, ink, embedded objects, and WordArt of old.
PICTURES = frozenset(
    {"pic", "imagedata", "chart", "relIds", "contentPart", "OLEObject", "textpath"}
)
TICKED, UNTICKED, BULLET = "\u2612", "\u2610", "\u2022"
# Symbols of Word's own fonts that hosts tick with, and that open items.
SYMBOLS = {
    **dict.fromkeys(("F0FC", "F0FD", "F0FE", "F052", "F054"), TICKED),
    **dict.fromkeys(("F06F", "F070", "F0A3", "F0A8"), UNTICKED),
    **dict.fromkeys(("F0A7", "F0B7"), BULLET),
}
# Parts beside the body: what their paragraphs are called, and why they are set aside.
PARTS_BESIDE = {
    "footnotes": ("footnote", reasons.NOTES),
    "endnotes": ("endnote", reasons.NOTES),
    "comments": ("comment", reasons.NOTES),
    "header": ("", reasons.RUNNING),
    "footer": ("", reasons.RUNNING),
}
NO_LIST = "0"


def read_docx(file: ReceivedFile) -> Submission:
    """Return the submission in a Word document."""
    require_form(file.name, file.content, ("docx",))
    require_sound_xml(archive_of(file.name, file.content))
    document = docx.Document(io.BytesIO(file.content))
    mark_hidden_runs(document)
    body = _Body(document)
    lines = list(body.lines())
    hidden = [(reasons.HIDDEN, "")] * len(body.hidden)
    submission = read_lines(lines, file.name, aside=(*_paragraphs_beside(document), *hidden))
    left_out = [Suspicion(place, reasons.HIDDEN) for place in dict.fromkeys(body.hidden)]
    return replace(submission, suspicions=(*left_out, *body.pictures, *submission.suspicions))


class _Body:
    """The lines of a document's body, the places of its pictures, and of hidden paragraphs."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - python-docx ships no types
        self._body = document.element.body
        self._styles = {style.style_id: style for style in document.styles}
        self._number = 0
        self._counter = ItemCounter()
        self.pictures: list[Suspicion] = []
        self.hidden: list[str] = []

    def lines(self) -> Iterator[TemplateLine]:
        """Yield the rows of tables, and the paragraphs between them."""
        tables = paragraphs = 0
        for element in _nearest(self._body, (W_P, W_TBL)):
            if element.tag == W_TBL:
                tables += 1
                self._counter = ItemCounter()
                for row, each in enumerate(_nearest(element, (W_TR,)), start=1):
                    yield from self._row(each, f"table {tables} row {row}")
            else:
                paragraphs += 1
                where = f"paragraph {paragraphs}"
                self._suspect_picture(element, where, W_BOX)  # text boxes are read by themselves
                self._note_hidden(element, where)
                yield from self._paragraph(self._paragraph_of(element), where)

    def _row(self, row: Element, where: str) -> Iterator[TemplateLine]:
        for cell in _nearest(row, (W_TC,)):
            for paragraph in _nearest(cell, (W_P,)):
                self._note_hidden(paragraph, where)
        if is_hidden_row(row):
            return
        self._suspect_picture(row, where)
        cells = [
            [self._paragraph_of(element) for element in _nearest(cell, (W_P,))]
            for cell in _nearest(row, (W_TC,))
        ]
        if not cells:
            return
        self._number += 1
        if len(cells) == 1:  # a heading, or an answer below one
            for paragraph in cells[0]:
                yield from self._paragraph(paragraph, where)
            return
        answer = [paragraph for cell in cells[1:] for paragraph in cell]
        yield TemplateLine(
            number=self._number,
            first=clean_text(" ".join(paragraph.text for paragraph in cells[0])),
            second=clean_text(" ".join(paragraph.text for paragraph in answer)),
            is_row=True,
            where=where,
            blocks=read_paragraphs(answer),
        )

    def _paragraph(self, paragraph: Paragraph, where: str) -> Iterator[TemplateLine]:
        for block in read_paragraphs([paragraph], self._counter):
            self._number += 1
            yield TemplateLine.of_block(self._number, block, where)

    def _paragraph_of(self, element: Element) -> Paragraph:
        return Paragraph(_text_of(element), self._level(element))

    def _suspect_picture(self, element: Element, where: str, *skipped: str) -> None:
        if _has_picture(element, {*SKIPPED, *skipped}):
            self.pictures.append(Suspicion(where, PICTURE))

    def _note_hidden(self, paragraph: Element, where: str) -> None:
        if _has_hidden_text(paragraph):
            self.hidden.append(where)

    def _level(self, element: Element) -> int:
        """Return the level of a paragraph in a list, or -1 outside of lists."""
        properties = element.find(qn("w:pPr"))
        numbered = properties.find(qn("w:numPr")) if properties is not None else None
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        if numbered is not None:
            return _level_of(numbered)
        return self._level_of_style(style.get(qn("w:val"))) if style is not None else -1

    def _level_of_style(self, name: str) -> int:
        style = self._styles.get(name)
        for _ in range(len(self._styles)):
            if style is None:
                return -1
            numbered = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if numbered is not None:
                # Word's own styles of lists have their level in their name.
                digit = style.name[-1:] if style.name.startswith("List ") else ""
                return int(digit) - 1 if digit.isdigit() else _level_of(numbered)
            style = style.base_style
        return -1


def _level_of(numbered: Element) -> int:
    level, number = numbered.find(qn("w:ilvl")), numbered.find(qn("w:numId"))
    if number is not None and number.get(qn("w:val")) == NO_LIST:
        return -1
    value = level.get(qn("w:val")) if level is not None else "0"
    return int(value) if value and value.isdigit() else 0


def _nearest(element: Element, tags: Collection[str]) -> Iterator[Element]:
    """Yield the nearest elements of some kinds, also in wrappers and text boxes."""
    for child in element:
        if child.tag in SKIPPED:
            continue
        if child.tag not in tags:
            yield from _nearest(child, tags)
            continue
        yield child
        if child.tag == W_P:
            for box in _nearest(child, (W_BOX,)):
                yield from _nearest(box, tags)


def _text_of(element: Element) -> str:
    """Return the text of a paragraph, without that of its text boxes."""
    parts: list[str] = []
    for child in element:
        if child.tag in SKIPPED or child.tag == W_BOX:
            continue
        if child.tag in (W_T, M_T):
            parts.append(child.text or "")
        elif child.tag in (W_BR, W_CR):
            parts.append("\n")
        elif child.tag == W_TAB:
            parts.append(" ")
        elif child.tag == W_HYPHEN:
            parts.append("-")
        elif child.tag == W_SYM:
            parts.append(_symbol(child.get(qn("w:char"), "").upper()))
        elif child.tag != W_SOFT_HYPHEN:
            parts.append(_text_of(child))
    return "".join(parts)


def _symbol(code: str) -> str:
    """Return the sign that a symbol represents; an unknown one is kept as it is in its font."""
    is_code = len(code) <= len("F0FC") and all(digit in hexdigits for digit in code)
    return SYMBOLS.get(code) or (chr(int(code, 16)) if code and is_code else "")


def _has_hidden_text(element: Element) -> bool:
    """Return whether words of a paragraph are hidden or deleted, but for those of text boxes."""
    return any(
        any(_words_in(child)) if child.tag in (HIDDEN, W_DEL) else _has_hidden_text(child)
        for child in element
        if child.tag in (HIDDEN, W_DEL) or (child.tag not in SKIPPED and child.tag != W_BOX)
    )


def _words_in(element: Element) -> Iterator[str]:
    return (each.text.strip() for each in element.iter(W_T, M_T, W_DEL_TEXT) if each.text)


def _has_picture(element: Element, skipped: Collection[str]) -> bool:
    """Return whether an element holds a picture, a chart or an object, whose words are not read."""
    return any(
        etree.QName(child).localname in PICTURES or _has_picture(child, skipped)
        for child in element
        if isinstance(child.tag, str) and child.tag not in skipped
    )


def _paragraphs_beside(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - see _Body
    """Yield for each paragraph of notes, comments, headers and footers why it is set aside.

    Its place comes with it, if a person must look there.
    """
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external or kind not in PARTS_BESIDE:
            continue
        name, reason = PARTS_BESIDE[kind]
        paragraphs = parse_xml(relation.target_part.blob).iter(W_P)
        filled = (each for each in paragraphs if any(text.text for text in each.iter(W_T)))
        for number, _ in enumerate(filled, start=1):
            yield reason, f"{name} paragraph {number}" if name else ""
