"""Numbers in a report that are no claim: in its text, or in a table that pandas shows by itself."""

from __future__ import annotations

import re
from html import unescape
from itertools import accumulate
from typing import TYPE_CHECKING

from analysis.errors import PublishingError
from analysis.publishing.notebook_files import INJECTED

if TYPE_CHECKING:
    from collections.abc import Collection

    from nbformat import NotebookNode

    from analysis.publishing.html_reader import ParsedHtml, Tag

# Numbers in these are not the report's own: words of others, code, dates, or what is outside
# of the report. A figure's numbers are those of its table; evidence is what claims rest on; and
# filters name what can be chosen.
EXEMPT_ELEMENTS = frozenset(
    {
        "blockquote", "code", "footer", "head", "header", "kbd", "nav", "pre", "q", "samp",
        "script", "style", "svg", "time",
    }
)  # fmt: skip
EXEMPT_CLASSES = frozenset({"evidence", "excerpt", "filters", "segments"})
EXEMPT_ATTRIBUTES = frozenset({"data-claim", "data-term"})
BLOCKS = frozenset(
    {
        "caption", "dd", "details", "div", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
        "h5", "h6", "li", "p", "section", "summary", "td", "th", "tr",
    }
)  # fmt: skip
CONTEXT = 40

_NUMBER = re.compile(r"\d(?:[\d.,:/\u00a0\u2009\u202f]*\d)?")

# How pandas marks a DataFrame, one with a Styler, and the last line of a Series.
_FRAME = re.compile(r'class="dataframe"|<table id="T_')
_SERIES = re.compile(r"(?:\A|\n|, )dtype: \S+\Z")


def unclaimed_numbers(page: ParsedHtml, names: Collection[str] = ()) -> list[str]:
    """Return the numbers in the text of a report that no claim shows, each in its context.

    Exempt are claims (``data-claim``), names (``data-term``), excerpts, evidence, lists of
    segments, code, dates in ``time``, what is outside of the report's body, and names of places.

    Parameters
    ----------
    names : collection of str, optional
        Names of places with numbers in them, such as ``Zone 2``.

    Returns
    -------
    list of str
        The number in brackets with the words around it, in the order of the text.

    Examples
    --------
    >>> from analysis.publishing.html_reader import parse_html
    >>> html = '<p>In <a data-claim="a.b">7 of 9</a> groups, and 3 more.</p>'
    >>> unclaimed_numbers(parse_html(html, "Eastern Africa"))
    ['In 7 of 9 groups, and [3] more.']
    """
    own = _own_texts(page)
    if not _NUMBER.search(unescape("\n".join(page.texts[at] for at in own))):
        return []
    words = _words(page)
    starts = [*accumulate(map(len, words), initial=0)]
    text = "".join(words)
    found = [
        (starts[at] + number.start(), starts[at] + number.end())
        for at in own
        for number in _NUMBER.finditer(words[at])
    ]
    named = _positions_of(names, text)
    return [_in_context(text, start, end) for start, end in found if start not in named]


def _positions_of(names: Collection[str], text: str) -> set[int]:
    """Return the positions in a text that are part of a name."""
    if not names:
        return set()
    longest_first = sorted(names, key=len, reverse=True)
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    return {at for name in re.finditer(pattern, text) for at in range(*name.span())}


def require_claimed_numbers(page: ParsedHtml, title: str, names: Collection[str] = ()) -> None:
    """Raise an error when a report shows a number that is no claim.

    Raises
    ------
    PublishingError
        Listing what :func:`unclaimed_numbers` finds.
    """
    if offenders := unclaimed_numbers(page, names):
        raise PublishingError(
            f"The report “{title}” shows numbers that are no claim.",
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


def _own_texts(page: ParsedHtml) -> list[int]:
    """Return after which tags the report speaks for itself."""
    exempt = {tag for tag in page.kinds if tag.depth > 0 and _is_exempt(tag)}
    own, depth, exempt_from = [], 0, 0
    for at, tag in enumerate(page.tags):
        depth += tag.depth
        if depth < exempt_from:
            exempt_from = 0
        if not exempt_from and tag in exempt:
            exempt_from = depth
        if not exempt_from:
            own.append(at)
    return own


def _is_exempt(tag: Tag) -> bool:
    return (
        tag.name in EXEMPT_ELEMENTS
        or not EXEMPT_CLASSES.isdisjoint(tag.attributes.get("class", "").split())
        or not EXEMPT_ATTRIBUTES.isdisjoint(tag.attributes)
    )


def _words(page: ParsedHtml) -> list[str]:
    """Return the text after each tag, on a line of its own where the tag parts blocks."""
    blocks = {tag for tag in page.kinds if tag.name in BLOCKS}
    return [
        ("\n" if tag in blocks else "") + unescape(text).replace("\n", " ")
        for tag, text in page.parts
    ]


def require_shown_tables(notebook: NotebookNode) -> None:
    """Refuse a report with a cell that shows a DataFrame or a Series by itself."""
    name = notebook.metadata["compendium"]["notebook"]
    cells = [cell for cell in notebook.cells if INJECTED not in cell.metadata.get("tags", ())]
    found = [
        f"notebooks/{name}: cell {number} ({cell.id})"
        for number, cell in enumerate(cells, start=1)
        if any(map(_is_frame, cell.get("outputs", ())))
    ]
    if found:
        raise PublishingError(
            f"{name} shows a DataFrame by itself.",
            offenders=found,
            expected="a table with a caption, whole and escaped, whose numbers are recorded",
            remedy='show it with: from analysis import show_table; show_table(frame, "What it '
            'shows")',
        )


def _is_frame(output: NotebookNode) -> bool:
    shown = output.get("data", {})
    html, text = ("".join(shown.get(kind, "")) for kind in ("text/html", "text/plain"))
    return bool(_FRAME.search(html)) if html else bool(_SERIES.search(text))
