"""Reader of submissions in Word documents: their tables, lists and paragraphs, in order.

The document is read part by part as XML, since python-docx passes over what stands in content
controls, text boxes and tracked insertions: words of people would be lost without a trace.
"""

from __future__ import annotations

import io
from dataclasses import replace
from string import hexdigits
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

from analysis.intake.docx_notes import notes_of
from analysis.intake.docx_pictures import has_picture
from analysis.intake.limits import (
    archive_of,
    read_limited,
    require_form,
    require_sound_xml,
)
from analysis.intake.markdown_text import read_lines
from analysis.intake.normalisation import digest
from analysis.intake.submission import Suspicion
from analysis.intake.suspicious_text import PICTURE
from analysis.intake.template_lines import TemplateLine
from analysis.intake.typed_items import Counted, Paragraph, blocks_of, clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.intake.submission import Submission

Element = Any

W_P, W_TBL, W_TR, W_TC = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
M_T, W_T, W_TAB, W_BR, W_CR = qn("m:t"), qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr")
W_HYPHEN, W_SOFT_HYPHEN = qn("w:noBreakHyphen"), qn("w:softHyphen")
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What was struck out, and instructions of fields, are no words of the submission.
UNSAID = frozenset({qn("w:del"), qn("w:delText"), qn("w:instrText"), qn("w:moveFrom"), FALLBACK})
W_SYM, W_BOX = qn("w:sym"), qn("w:txbxContent")
TICKED, UNTICKED, BULLET = "\u2612", "\u2610", "\u2022"
# What the symbols of Word's own fonts mean that hosts tick with, and that open items.
SYMBOLS = {
    **dict.fromkeys(("F0FC", "F0FD", "F0FE", "F052", "F054"), TICKED),
    **dict.fromkeys(("F06F", "F070", "F0A3", "F0A8"), UNTICKED),
    **dict.fromkeys(("F0A7", "F0B7"), BULLET),
}
NO_LIST = "0"


def read_docx(path: Path) -> Submission:
    """Return what a submission in a Word document says.

    Parameters
    ----------
    path : Path
        The document.

    Raises
    ------
    SourceError
        When it is no Word document, may do harm, is damaged, or is no submission.
    """
    content = read_limited(path)
    require_form(path.name, content, ("docx",))
    archive = archive_of(path.name, content)
    require_sound_xml(archive)
    document = docx.Document(io.BytesIO(content))
    reading = _Lines(document)
    lines = list(reading.of_body())
    words = " ".join(filter(None, (f"{line.first} {line.second}" for line in lines)))
    submission = read_lines(lines, path.name, digest(words), aside=notes_of(document))
    return replace(submission, suspicions=(*reading.pictures, *submission.suspicions))


class _Lines:
    """The lines of a document."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - python-docx ships no types for it
        self._body = document.element.body
        self._styles = {style.style_id: style for style in document.styles}
        self._number = 0
        self._counted = Counted()
        self.pictures: list[Suspicion] = []

    def of_body(self) -> Iterator[TemplateLine]:
        """Yield the rows of tables, and the paragraphs between them."""
        tables = paragraphs = 0
        for element in _said(self._body, (W_P, W_TBL)):
            if element.tag == W_TBL:
                tables += 1
                self._counted = Counted()
                for row, each in enumerate(_said(element, (W_TR,)), start=1):
                    yield from self._row(each, f"table {tables} row {row}")
            else:
                paragraphs += 1
                yield from self._paragraph(element, f"paragraph {paragraphs}")

    def _suspect(self, element: Element, where: str, *unread: str) -> None:
        """Suspect what holds a picture, but for what is read of it in another place."""
        if has_picture(element, {*UNSAID, *unread}):
            self.pictures.append(Suspicion(where, PICTURE))

    def _row(self, row: Element, where: str) -> Iterator[TemplateLine]:
        self._suspect(row, where)
        cells = [self._paragraphs(cell) for cell in _said(row, (W_TC,))]
        if not cells:
            return
        first, others = cells[0], [paragraph for cell in cells[1:] for paragraph in cell]
        question = clean(" ".join(paragraph.text for paragraph in first))
        self._number += 1
        if len(cells) == 1:
            yield from self._lone_cell(first, where)
            return
        yield TemplateLine(
            number=self._number,
            first=question,
            second=clean(" ".join(paragraph.text for paragraph in others)),
            is_row=True,
            follows_gap=False,
            where=where,
            blocks=blocks_of(others),
        )

    def _lone_cell(self, paragraphs: list[Paragraph], where: str) -> Iterator[TemplateLine]:
        """Yield the paragraphs of a row of one cell, which is a heading or an answer below one."""
        for paragraph in paragraphs:
            yield from self._line(paragraph, where)

    def _paragraph(self, element: Element, where: str) -> Iterator[TemplateLine]:
        self._suspect(element, where, W_BOX)
        yield from self._line(Paragraph(_text_of(element), self._level(element)), where)

    def _line(self, paragraph: Paragraph, where: str) -> Iterator[TemplateLine]:
        for block in blocks_of([paragraph], self._counted):
            self._number += 1
            yield TemplateLine(
                number=self._number,
                first=block.text,
                second="",
                is_row=False,
                follows_gap=False,
                where=where,
                blocks=(block,),
            )

    def _paragraphs(self, cell: Element) -> list[Paragraph]:
        return [
            Paragraph(_text_of(element), self._level(element)) for element in _said(cell, (W_P,))
        ]

    def _level(self, element: Element) -> int:
        """Return the level of a paragraph in a list, or -1 where it is in none."""
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
                # Word's own styles of lists tell their level by their name.
                digit = style.name[-1:] if style.name.startswith("List ") else ""
                return int(digit) - 1 if digit.isdigit() else _level_of(numbered)
            style = style.base_style
        return -1


def _level_of(numbered: Element) -> int:
    level, number = numbered.find(qn("w:ilvl")), numbered.find(qn("w:numId"))
    if number is not None and number.get(qn("w:val")) == NO_LIST:
        return -1
    told = level.get(qn("w:val")) if level is not None else "0"
    return int(told) if told and told.isdigit() else 0


def _said(element: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """Yield the nearest elements of some kinds, whatever they are wrapped in."""
    for child in element:
        if child.tag in UNSAID:
            continue
        if child.tag in tags:
            yield child
            if child.tag == W_P:
                yield from _boxed(child, tags)
        else:
            yield from _said(child, tags)


def _boxed(paragraph: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """Yield what stands in text boxes that are anchored in a paragraph."""
    for box in _nearest(paragraph, W_BOX):
        yield from _said(box, tags)


def _nearest(element: Element, tag: str) -> Iterator[Element]:
    for child in element:
        if child.tag in UNSAID:
            continue
        if child.tag == tag:
            yield child
        else:
            yield from _nearest(child, tag)


def _text_of(element: Element) -> str:
    """Return the text of a paragraph, without what stands in its text boxes."""
    parts: list[str] = []
    for child in element:
        if child.tag in UNSAID or child.tag == W_BOX:
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
    """Return the sign that a symbol means; one that nobody knows stays what it is in its font."""
    is_code = len(code) <= len("F0FC") and all(digit in hexdigits for digit in code)
    return SYMBOLS.get(code) or (chr(int(code, 16)) if code and is_code else "")
