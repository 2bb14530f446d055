"""Reader of submissions in HTML, without the text that a reader of the page does not see."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lxml import etree  # type: ignore[import-untyped]
from lxml import html as lxml_html

from analysis.errors import SourceError
from analysis.intake.account import HIDDEN
from analysis.intake.limits import SAVE_AGAIN, decode_text, require_form
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
    from collections.abc import Iterator, Mapping

    from analysis.intake.limits import ReceivedFile
    from analysis.intake.submission import Submission

Element = Any
"""An element of lxml, which ships no types."""

LISTS = frozenset({"ul", "ol"})
SKIPPED = frozenset({"script", "style", "head", "template", "noscript"})
PICTURES = ("img", "svg", "canvas", "object", "embed", "iframe", "video")
SEPARATING = frozenset(
    {
        *("p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
        *("section", "article", "header", "footer", "main", "nav", "figure", "form", "fieldset"),
        *("table", "tr", "td", "th", "dl", "dt", "dd", "hr", "caption", "body", "html"),
    }
)

# How text is hidden.
MARK = "\ufdd0"
"""The text that replaces hidden text; Unicode reserves it for such a use within a program."""

DECORATIONS = ("text-decoration", "text-decoration-line")
STRUCK = frozenset({"s", "strike", "del"})
WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "window"})
GROUNDS = ("background", "background-color", "background-image")
NO_GROUND = WHITE | {"", "none", "transparent", "inherit", "initial"}
SMALLEST = {"pt": 2.0, "px": 2.5, "em": 0.2, "rem": 0.2, "%": 20.0, "": 0.0}
"""The largest size of text that nobody can read, in each unit."""

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
# Rules that only hold in print or on small screens, and fonts.
_AT_RULE = re.compile(r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SELECTOR = re.compile(r"[a-z0-9]*[.#]?[\w-]+")
_SIZE = re.compile(r"([\d.]+)\s*(pt|px|em|rem|%|)")

Styles = dict[str, str]


def read_html(file: ReceivedFile) -> Submission:
    """Return the submission in a page of HTML, in UTF-8."""
    require_form(file.name, file.content, ("text",))
    root = _parse(file.name, decode_text(file.name, file.content).replace(MARK, ""))
    mark_hidden(root)
    hidden: list[str] = []
    lines = list(_lines_of(root, hidden))
    submission = read_lines(lines, file.name, aside=[(HIDDEN, "")] * len(hidden))
    found = [Suspicion(place, HIDDEN) for place in dict.fromkeys(hidden)]
    found += [Suspicion("file", PICTURE)] * (next(root.iter(*PICTURES), None) is not None)
    return replace(submission, suspicions=(*found, *submission.suspicions))


def _parse(name: str, text: str) -> Element:
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise SourceError(f"{name} is not an HTML page.", remedy=SAVE_AGAIN) from None
    if any("depth" in entry.message.casefold() for entry in parser.error_log):
        raise SourceError(f"{name} is nested too deep.", remedy=SAVE_AGAIN)
    return root


def _lines_of(root: Element, hidden: list[str]) -> Iterator[TemplateLine]:
    """Yield the lines of a page, and list the place of each paragraph with hidden text."""
    tables = rows = 0
    table: Element = None
    counter = ItemCounter()
    for number, (paragraph, row) in enumerate(_paragraphs_and_rows(root), start=1):
        if row is None:
            where = f"paragraph {number}"
            hidden += [where] * (MARK in paragraph.text)
            yield from _paragraph_lines([paragraph], number, where, counter)
            continue
        outer = next(row.iterancestors("table"), None)
        tables, rows, table = (
            (tables, rows + 1, table) if outer is table else (tables + 1, 1, outer)
        )
        counter = ItemCounter()
        where = f"table {tables} row {rows}"
        hidden += [where for each, _ in _walk(row, 0, row) if MARK in each.text]
        yield from _row_lines(row, number, where)


def _paragraphs_and_rows(root: Element) -> Iterator[tuple[Paragraph, Element]]:
    """Yield each paragraph outside tables, and the first one of each row with its row."""
    last: Element = None
    for paragraph, row in _walk(root, 0, None):
        if row is None or row is not last:
            yield paragraph, row
        last = last if row is None else row


def _row_lines(row: Element, number: int, where: str) -> Iterator[TemplateLine]:
    cells = [
        [_seen(paragraph) for paragraph, _ in _walk(cell, 0, row)]
        for cell in row
        if cell.tag in ("td", "th")
    ]
    if len(cells) < 2:
        yield from _paragraph_lines([each for cell in cells for each in cell], number, where)
        return
    answer = read_paragraphs([each for cell in cells[1:] for each in cell])
    yield TemplateLine(
        number=number,
        first=clean_text(" ".join(each.text for each in cells[0])),
        second=" ".join(block.text for block in answer),
        is_row=True,
        where=where,
        blocks=answer,
    )


def _paragraph_lines(
    paragraphs: list[Paragraph], number: int, where: str, counter: ItemCounter | None = None
) -> Iterator[TemplateLine]:
    for block in read_paragraphs(map(_seen, paragraphs), counter):
        yield TemplateLine.of_block(number, block, where)


def _seen(paragraph: Paragraph) -> Paragraph:
    return replace(paragraph, text=paragraph.text.replace(MARK, ""))


def _walk(element: Element, depth: int, row: Element) -> Iterator[tuple[Paragraph, Element]]:
    """Yield the paragraphs in an element, each with the row of a table that it is in."""
    level = depth - 1 if element.tag == "li" else -1
    texts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag not in SKIPPED:
            if child.tag == "br":
                texts.append("\n")
            elif child.tag in SEPARATING or any(each.tag in SEPARATING for each in child.iter()):
                yield from _paragraph(texts, level, row)
                texts = []
                within = depth + (child.tag in LISTS)
                of_row = child if child.tag == "tr" and row is None else row
                yield from _as_items(_walk(child, within, of_row), level)
            else:
                texts.append(_inline_text(child))
        texts.append(child.tail or "")
    yield from _paragraph(texts, level, row)


def _as_items(
    inner: Iterator[tuple[Paragraph, Element]], level: int
) -> Iterator[tuple[Paragraph, Element]]:
    """Yield paragraphs; those right in an item of a list have that item's level."""
    for paragraph, row in inner:
        is_in_item = level >= 0 and paragraph.level < 0
        yield (Paragraph(paragraph.text, level) if is_in_item else paragraph), row


def _inline_text(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if child.tag == "br":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            parts.append(_inline_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _paragraph(texts: list[str], level: int, row: Element) -> Iterator[tuple[Paragraph, Element]]:
    """Yield the paragraph of some texts, unless it is empty."""
    text = "\n".join(filter(None, (" ".join(line.split()) for line in _split_breaks(texts))))
    if text:
        yield Paragraph(text, level), row


def _split_breaks(texts: list[str]) -> list[str]:
    """Return the texts between breaks; other ends of lines are spaces in HTML."""
    lines = [""]
    for text in texts:
        if text == "\n":
            lines.append("")
        else:
            lines[-1] += text
    return lines


def mark_hidden(root: Element) -> None:
    """Replace the content of each element that nobody sees by `MARK`, if it has words."""
    rules = _rules_of(root)
    for element in [*root.iter()]:
        if isinstance(element.tag, str) and _is_hidden(element, rules):
            has_words = any(text.strip() for text in element.itertext())
            tail = element.tail
            element.clear()
            element.text, element.tail = MARK if has_words else "", tail


def _is_hidden(element: Element, rules: Mapping[str, Styles]) -> bool:
    if "hidden" in element.attrib or element.tag in STRUCK:
        return True
    styles = _styles_of(element, rules)
    is_hidden = (
        styles.get("display") == "none"
        or styles.get("visibility") in ("hidden", "collapse")
        or styles.get("mso-hide") == "all"
        or styles.get("opacity") in ("0", "0.0", "0%")
        or any("line-through" in styles.get(name, "") for name in DECORATIONS)
        or _is_tiny(styles.get("font-size", ""))
    )
    return is_hidden or (_is_white(styles) and not _has_ground(element, rules))


def _is_tiny(size: str) -> bool:
    found = _SIZE.fullmatch(size)
    return found is not None and _number(found[1]) <= SMALLEST[found[2]]


def _number(digits: str) -> float:
    try:
        return float(digits)
    except ValueError:
        return 100.0


def _is_white(styles: Styles) -> bool:
    return styles.get("color", "").replace(" ", "") in WHITE


def _has_ground(element: Element, rules: Mapping[str, Styles]) -> bool:
    """Return whether an element is on another colour than white."""
    for each in (element, *element.iterancestors()):
        styles = _styles_of(each, rules)
        if any(styles.get(name, "").replace(" ", "") not in NO_GROUND for name in GROUNDS):
            return True
    return False


def _styles_of(element: Element, rules: Mapping[str, Styles]) -> Styles:
    """Return the styles of an element: by its tag, its classes, its id, and its own."""
    tag = str(element.tag)
    names = [f".{each}" for each in element.get("class", "").split()]
    names += [f"#{element.get('id')}"] * ("id" in element.attrib)
    found: Styles = {}
    for name in (tag, *names, *(f"{tag}{each}" for each in names)):
        found |= rules.get(name, {})
    for attribute, name in (("color", "color"), ("bgcolor", "background")):
        if attribute in element.attrib:
            found[name] = element.get(attribute).strip().lower()
    return found | _declarations(element.get("style", ""))


def _rules_of(root: Element) -> dict[str, Styles]:
    """Return the styles that the page's own style sheets give to a tag, a class or an id."""
    rules: dict[str, Styles] = {}
    for sheet in root.iter("style"):
        text = _AT_RULE.sub(" ", _COMMENT.sub(" ", sheet.text or ""))
        for selectors, body in _RULE.findall(text):
            for selector in map(str.strip, selectors.split(",")):
                if _SELECTOR.fullmatch(selector):
                    rules[selector] = rules.get(selector, {}) | _declarations(body)
    return rules


def _declarations(text: str) -> Styles:
    found: Styles = {}
    for each in text.split(";"):
        name, _, value = each.partition(":")
        found[name.strip().lower()] = value.lower().replace("!important", "").strip()
    return found
