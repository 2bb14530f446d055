"""Text of a page of HTML that a reader of the page does not see, by its elements and styles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Element = Any
"""An element of lxml, which ships no types."""

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
