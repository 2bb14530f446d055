"""Numbers in a report that are no claim."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from analysis.errors import PublishingError

# Numbers in these are not the report's own: words of others, code, dates, or what stands outside
# of the report. A figure's numbers are those of its table; evidence is what claims rest on.
EXEMPT_ELEMENTS = frozenset(
    {
        "blockquote", "code", "footer", "head", "header", "kbd", "nav", "pre", "q", "samp",
        "script", "style", "svg", "time",
    }
)  # fmt: skip
EXEMPT_CLASSES = frozenset({"evidence", "excerpt", "segments"})
EXEMPT_ATTRIBUTES = frozenset({"data-claim", "data-term"})
VOID_ELEMENTS = frozenset(
    {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
BLOCKS = frozenset(
    {
        "caption", "dd", "details", "div", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
        "h5", "h6", "li", "p", "section", "summary", "td", "th", "tr",
    }
)  # fmt: skip
CONTEXT = 40

_NUMBER = re.compile(r"\d(?:[\d.,:/\u00a0\u2009\u202f]*\d)?")


def unclaimed_numbers(html: str) -> list[str]:
    """Return the numbers in the text of a report that no claim shows, each in its context.

    Exempt are claims (``data-claim``), names (``data-term``), excerpts, evidence, lists of
    segments, code, dates in ``time``, and what stands outside of the report's body.

    Parameters
    ----------
    html : str
        A rendered page, or the body of one.

    Returns
    -------
    list of str
        The number in brackets with the words around it, in the order of the text.

    Examples
    --------
    >>> unclaimed_numbers('<p>In <a data-claim="a.b">7 of 9</a> groups, and 3 more.</p>')
    ['In 7 of 9 groups, and [3] more.']
    """
    reader = _NumberReader()
    reader.feed(html)
    reader.close()
    text = reader.text
    return [
        _in_context(text, start + number.start(), start + number.end())
        for start, end in reader.own_words
        for number in _NUMBER.finditer(text[start:end])
    ]


def require_claimed_numbers(html: str, page: str) -> None:
    """Raise an error when a report shows a number that is no claim.

    Parameters
    ----------
    html : str
        The rendered page.
    page : str
        Its title, for the message.

    Raises
    ------
    PublishingError
        When a number in prose or table is no claim.
    """
    if offenders := unclaimed_numbers(html):
        raise PublishingError(
            f"The report “{page}” shows numbers that are no claim.",
            offenders=offenders,
            expected="each number in prose and tables as a claim with the segments it rests on",
            remedy="make the claim in the notebook and show it, or mark a name as a term",
        )


def _in_context(text: str, start: int, end: int) -> str:
    before = text[:start].rpartition("\n")[2]
    after = text[end:].partition("\n")[0]
    if len(before) > CONTEXT:
        before = "…" + before[-CONTEXT:]
    if len(after) > CONTEXT:
        after = after[:CONTEXT] + "…"
    return " ".join(f"{before}[{text[start:end]}]{after}".split())


class _NumberReader(HTMLParser):
    """Reads a page's text, a line a block, and where in it the report speaks for itself."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.own_words: list[tuple[int, int]] = []
        self._pieces: list[str] = []
        self._length = 0
        self._open: list[tuple[str, bool]] = []

    @property
    def text(self) -> str:
        """The text of all elements."""
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self._add("\n")
        if tag not in VOID_ELEMENTS:
            inherited = bool(self._open) and self._open[-1][1]
            self._open.append((tag, inherited or _is_exempt(tag, dict(attrs))))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element that holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self._add("\n")
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        words = data.replace("\n", " ")
        if not (self._open and self._open[-1][1]):
            self.own_words.append((self._length, self._length + len(words)))
        self._add(words)

    def _add(self, words: str) -> None:
        self._pieces.append(words)
        self._length += len(words)


def _is_exempt(tag: str, attributes: dict[str, str | None]) -> bool:
    classes = (attributes.get("class") or "").split()
    return (
        tag in EXEMPT_ELEMENTS
        or not EXEMPT_CLASSES.isdisjoint(classes)
        or not EXEMPT_ATTRIBUTES.isdisjoint(attributes)
    )
