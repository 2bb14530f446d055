"""Reader of submissions in HTML, as word processors and form tools save them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from analysis.errors import SourceError
from analysis.intake.archive_entries import SAVE_AGAIN
from analysis.intake.limits import decode_text, read_limited, require_form
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

LISTS = frozenset({"ul", "ol"})
UNSAID = frozenset({"script", "style", "head", "template", "noscript"})
PICTURES = ("img", "svg", "canvas", "object", "embed", "iframe", "video")
PARTING = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
        *("section", "article", "header", "footer", "main", "nav", "figure", "form", "fieldset"),
        *("table", "tr", "td", "th", "dl", "dt", "dd", "hr", "caption", "body", "html"),
    }
)


def read_html(path: Path) -> Submission:
    """Return what a submission in HTML says.

    Parameters
    ----------
    path : Path
        The page, in UTF-8.

    Raises
    ------
    SourceError
        When it is no text, is nested too deep, or is no submission.
    """
    content = read_limited(path)
    require_form(path.name, content, ("text",))
    root = _parse(path.name, decode_text(path.name, content))
    lines = list(_lines_of(root))
    submission = read_lines(
        lines, path.name, digest(" ".join(f"{line.first} {line.second}" for line in lines))
    )
    if next(root.iter(*PICTURES), None) is None:
        return submission
    return replace(submission, suspicions=(Suspicion("file", PICTURE), *submission.suspicions))


def _parse(name: str, text: str) -> Element:
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError(f"{name} is no page of HTML.", remedy=SAVE_AGAIN) from None
    if any("depth" in entry.message.casefold() for entry in parser.error_log):
        raise SourceError(f"{name} is nested too deep.", remedy=SAVE_AGAIN)
    return root


def _lines_of(root: Element) -> Iterator[TemplateLine]:
    tables = rows = 0
    table: Element = None
    counted = Counted()
    for number, (kind, element) in enumerate(_top_level(root), start=1):
        if kind == "row":
            outer = next(element.iterancestors("table"), None)
            tables, rows, table = (
                (tables, rows + 1, table) if outer is table else (tables + 1, 1, outer)
            )
            counted = Counted()
            yield from _row_lines(element, number, f"table {tables} row {rows}")
        else:
            yield from _paragraph_lines([element], number, f"paragraph {number}", counted)


def _top_level(root: Element) -> Iterator[tuple[str, Any]]:
    """Yield the rows of tables, and the paragraphs between them."""
    held: list[Element] = []
    for paragraph, row in _walk(root, 0, None):
        if row is None:
            yield "paragraph", paragraph
        elif not any(row is each for each in held[-1:]):
            held.append(row)
            yield "row", row


def _row_lines(row: Element, number: int, where: str) -> Iterator[TemplateLine]:
    cells = [
        [paragraph for paragraph, _ in _walk(cell, 0, row)]
        for cell in row
        if cell.tag in ("td", "th")
    ]
    if len(cells) < 2:
        yield from _paragraph_lines([each for cell in cells for each in cell], number, where)
        return
    answer = blocks_of([each for cell in cells[1:] for each in cell])
    yield TemplateLine(
        number=number,
        first=clean(" ".join(each.text for each in cells[0])),
        second=" ".join(block.text for block in answer),
        is_row=True,
        follows_gap=False,
        where=where,
        blocks=answer,
    )


def _paragraph_lines(
    paragraphs: list[Paragraph], number: int, where: str, counted: Counted | None = None
) -> Iterator[TemplateLine]:
    for block in blocks_of(paragraphs, counted):
        yield TemplateLine(
            number=number,
            first=block.text,
            second="",
            is_row=False,
            follows_gap=False,
            where=where,
            blocks=(block,),
        )


def _walk(element: Element, depth: int, row: Element) -> Iterator[tuple[Paragraph, Element]]:
    """Yield the paragraphs in an element, each with the row of a table that it stands in."""
    level = depth - 1 if element.tag == "li" else -1
    gathered = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in UNSAID:
            if child.tag == "br":
                gathered.append("\n")
            elif child.tag in PARTING or any(each.tag in PARTING for each in child.iter()):
                yield from _said(gathered, level, row)
                gathered = []
                within = depth + (child.tag in LISTS)
                of_row = child if child.tag == "tr" and row is None else row
                inner = list(_walk(child, within, of_row))
                if child.tag == "tr" and not inner:
                    continue
                yield from _as_items(inner, level)
            else:
                gathered.append(_inline(child))
        gathered.append(child.tail or "")
    yield from _said(gathered, level, row)


def _as_items(
    inner: list[tuple[Paragraph, Element]], level: int
) -> Iterator[tuple[Paragraph, Element]]:
    """Yield paragraphs; those right in an item of a list are of that item's level."""
    for paragraph, row in inner:
        is_in_item = level >= 0 and paragraph.level < 0
        yield (Paragraph(paragraph.text, level) if is_in_item else paragraph), row


def _inline(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in UNSAID:
            parts.append(_inline(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _said(gathered: list[str], level: int, row: Element) -> Iterator[tuple[Paragraph, Element]]:
    text = "\n".join(filter(None, (" ".join(line.split()) for line in _broken(gathered))))
    if text:
        yield Paragraph(text, level), row


def _broken(gathered: list[str]) -> list[str]:
    """Return what stands between breaks; other ends of lines are no more than spaces in HTML."""
    lines = [""]
    for part in gathered:
        if part == "\n":
            lines.append("")
        else:
            lines[-1] += part
    return lines
