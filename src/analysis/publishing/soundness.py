"""What a page must not hold: anything active, anything from elsewhere, links that lead nowhere."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

from analysis.errors import PublishingError

ACTIVE = frozenset(
    {"applet", "base", "embed", "form", "frame", "iframe", "object", "portal", "script"}
)
LOADING = frozenset({"action", "background", "data", "formaction", "poster", "src", "srcset"})
LINKING = frozenset({"href", "xlink:href"})
SAFE_LINK = re.compile(r"(?:https?:|mailto:).*|[^:]*(?:[/?#].*)?", re.IGNORECASE | re.DOTALL)


def unsound_parts(html: str) -> list[str]:
    """Return what keeps a whole page from being safe, alone and navigable, each with its line.

    Parameters
    ----------
    html : str
        The page from doctype to end.

    Returns
    -------
    list of str
        Active elements and attributes, inline styles, resources from elsewhere, unsafe links,
        repeated ids, links within the page without a target, headings out of order.

    Examples
    --------
    >>> unsound_parts('<h1>A</h1><p onclick="x()"><a href="#b">b</a></p>')
    ['line 1: attribute onclick of <p>', 'line 1: nothing has the id b']
    """
    return _SoundnessReader(html).problems


def require_sound(html: str, page: str) -> None:
    """Raise an error unless a page is safe, alone and navigable.

    Parameters
    ----------
    html : str
        The page from doctype to end.
    page : str
        Its title, for the message.

    Raises
    ------
    PublishingError
        When it holds what :func:`unsound_parts` finds.
    """
    if offenders := unsound_parts(html):
        raise PublishingError(
            f"The page “{page}” may not be published as it stands.",
            offenders=offenders,
            expected="pages without scripts, inline styles, outside resources or broken anchors",
            remedy="mend the notebook's output, or the text in it that was not escaped",
        )


class _SoundnessReader(HTMLParser):
    """Reads a page once and keeps what is wrong with it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self._ids: Counter[str] = Counter()
        self._anchors: list[tuple[int, str]] = []
        self._styles = 0
        self._level = 0
        self.feed(html)
        self.close()
        self._check_anchors()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._styles += tag == "style"
        if tag in ACTIVE or (tag == "style" and self._styles > 1):
            self._report(f"element <{tag}>")
        if re.fullmatch(r"h[1-6]", tag):
            self._check_heading(int(tag[1]))
        for name, value in attrs:
            self._check_attribute(tag, name, value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def _report(self, problem: str) -> None:
        self.problems.append(f"line {self.getpos()[0]}: {problem}")

    def _check_heading(self, level: int) -> None:
        if level > self._level + 1 or (level == 1 and self._level):
            self._report(f"heading of level {level} after one of level {self._level}")
        self._level = level

    def _check_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "id":
            self._ids[value] += 1
            if self._ids[value] == 2:
                self._report(f"id {value} is used twice")
        elif name.startswith("on") or name == "style":
            self._report(f"attribute {name} of <{tag}>")
        elif name in LOADING and not value.startswith("data:image/"):
            self._report(f"<{tag}> loads {value!r}")
        elif name in LINKING:
            self._check_link(tag, value)

    def _check_link(self, tag: str, target: str) -> None:
        if target.startswith("#"):
            self._anchors.append((self.getpos()[0], target.removeprefix("#")))
        elif tag == "link" and not target.startswith("data:image/"):
            self._report(f"<link> loads {target!r}")
        elif tag != "link" and not SAFE_LINK.fullmatch(target):
            self._report(f"link to {target!r}")

    def _check_anchors(self) -> None:
        self.problems += [
            f"line {line}: nothing has the id {anchor}"
            for line, anchor in dict.fromkeys(self._anchors)
            if anchor not in self._ids
        ]
