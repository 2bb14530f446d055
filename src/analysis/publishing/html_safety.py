"""Content that no page may have: active content, outside resources, links that lead nowhere."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from analysis.errors import PublishingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.publishing.html_reader import ParsedHtml, Tag

# Elements that do something, and those whose content a browser reads by rules of its own.
FORBIDDEN = frozenset(
    {
        "animate", "animatemotion", "animatetransform", "applet", "base", "embed", "foreignobject",
        "form", "frame", "frameset", "iframe", "math", "noembed", "noframes", "noscript", "object",
        "plaintext", "portal", "script", "set", "template", "textarea", "xmp",
    }
)  # fmt: skip
LOADING = frozenset(
    {
        "action", "background", "data", "formaction", "imagesrcset", "manifest", "ping", "poster",
        "src", "srcdoc", "srcset",
    }
)  # fmt: skip
PAINTING = frozenset(
    {
        "clip-path", "cursor", "fill", "filter", "marker-end", "marker-mid", "marker-start", "mask",
        "stroke",
    }
)  # fmt: skip
FROM_ELSEWHERE = re.compile(r"url\((?!#)|\\", re.IGNORECASE)
IMAGE = "data:image/"
LINKING = frozenset({"href", "xlink:href"})
LINKS = frozenset({"a", "area"})
SAFE_LINK = re.compile(r"(?:https?:|mailto:).*|[^:]*(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)
HEADINGS = {f"h{level}": level for level in range(1, 7)}

# At which tag of the page something is wrong, and what.
Problem: TypeAlias = "tuple[int, str]"


def unsafe_parts(page: ParsedHtml, script: str = "") -> list[str]:
    """Return the problems that make a page unsafe or hard to navigate, each with its line.

    Returns
    -------
    list of str
        Active elements and attributes, inline styles, resources from elsewhere, unsafe links,
        repeated ids, links within the page without a target, headings out of order.

    Examples
    --------
    >>> from analysis.publishing.html_reader import parse_html
    >>> html = '<h1>A</h1><p onclick="x()"><a href="#b">b</a></p>'
    >>> unsafe_parts(parse_html(html, "Eastern Africa"))
    ['line 1: attribute onclick of <p>', 'line 1: nothing has the id b']
    """
    found = [
        *_unsafe_tags(page, script),
        *_repeated_parts(page),
        *_misplaced_headings(page),
        *_loose_anchors(page),
    ]
    lines = page.lines() if found else []
    ordered = sorted(found, key=itemgetter(0))
    return list(dict.fromkeys(f"line {lines[at]}: {problem}" for at, problem in ordered))


def require_safe(page: ParsedHtml, title: str, script: str = "") -> None:
    """Raise an error unless a page is safe, self-contained and navigable.

    Raises
    ------
    PublishingError
        Listing what :func:`unsafe_parts` finds.
    """
    if offenders := unsafe_parts(page, script):
        raise PublishingError(
            f"The page “{title}” can't be published.",
            offenders=offenders,
            expected="pages without scripts, inline styles, outside resources or broken anchors",
            remedy="fix the notebook's output, or the text in it that was not escaped",
        )


def _unsafe_tags(page: ParsedHtml, script: str) -> Iterator[Problem]:
    unsafe = {tag: problems for tag in page.kinds if (problems := [*_problems(tag)])}
    for at, tag in page.find(unsafe):
        if not (script and tag.source == "script" and page.texts[at] == script):
            yield from ((at, problem) for problem in unsafe[tag])


def _problems(tag: Tag) -> Iterator[str]:
    if tag.name in FORBIDDEN and tag.depth >= 0:
        yield f"element <{tag.name}>"
    for name, value in tag.attributes.items():
        if name.startswith("on") or name == "style":
            yield f"attribute {name} of <{tag.name}>"
        elif name in LINKING and tag.name in LINKS:
            if not SAFE_LINK.fullmatch(value):
                yield f"link to {value!r}"
        elif _loads(name, value):
            yield f"<{tag.name}> loads {value!r}"


def _loads(name: str, value: str) -> bool:
    """Return whether an attribute makes a browser fetch something from outside the page."""
    if name in PAINTING:
        return bool(FROM_ELSEWHERE.search(value))
    if name in LINKING:
        return not value.startswith(("#", IMAGE))
    return name in LOADING and not value.startswith(IMAGE)


def _repeated_parts(page: ParsedHtml) -> Iterator[Problem]:
    once = {tag: parts for tag in page.kinds if (parts := [*_parts_allowed_once(tag)])}
    met: set[str] = set()
    for at, tag in page.find(once):
        for part in once[tag]:
            if part in met:
                yield at, part
            met.add(part)


def _parts_allowed_once(tag: Tag) -> Iterator[str]:
    """Yield ids, and the style sheet and the policy that a page brings along."""
    if tag.name == "style" and tag.depth > 0:
        yield "element <style>"
    if "http-equiv" in tag.attributes:
        yield f"attribute http-equiv of <{tag.name}>"
    if "id" in tag.attributes:
        yield f"id {tag.attributes['id']} is used twice"


def _misplaced_headings(page: ParsedHtml) -> Iterator[Problem]:
    headings = {tag for tag in page.kinds if tag.name in HEADINGS and tag.depth > 0}
    last = 0
    for at, tag in page.find(headings):
        level = HEADINGS[tag.name]
        if level > last + 1 or (level == 1 and last):
            yield at, f"heading of level {level} after one of level {last}"
        last = level


def _loose_anchors(page: ParsedHtml) -> Iterator[Problem]:
    loose = {tag: anchors for tag in page.kinds if (anchors := _anchors(tag) - page.ids)}
    for at, tag in page.find(loose):
        yield from ((at, f"nothing has the id {anchor}") for anchor in sorted(loose[tag]))


def _anchors(tag: Tag) -> set[str]:
    targets = (tag.attributes[name] for name in LINKING & tag.attributes.keys())
    return {target.removeprefix("#") for target in targets if target.startswith("#")}
