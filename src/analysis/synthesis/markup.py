"""HTML fragments, with all text escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Protocol, TypeAlias

from markupsafe import Markup, escape

from analysis.study.dates import date_in_words
from analysis.study.language import current_language, translate, translate_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class HasHtml(Protocol):
    """Anything that knows its own HTML."""

    def __html__(self) -> str:
        """Return the HTML."""
        ...


Content: TypeAlias = "str | HasHtml"
VOID = frozenset({"br", "img"})

_CLAIM = '<a data-claim="'
_BLOCK = re.compile(r"</(?:p|tr|li|caption|h\d|dd|figcaption)>")
_TAG = re.compile(r"<[^>]+>")
_ID = re.compile(r' id="([^"]+)"')


def element(name: str, *children: Content, **attributes: str) -> Markup:
    """Return an element; plain text in it and values of attributes are escaped.

    In names of attributes a trailing underscore is left out, and ``_`` becomes ``-``.

    Examples
    --------
    >>> element("p", "a < b", class_="lead")
    Markup('<p class="lead">a &lt; b</p>')
    """
    written = "".join([f'{_start_of(key)}{escape(value)}"' for key, value in attributes.items()])
    end = "" if name in VOID else f"</{name}>"
    return _safe(f"<{name}{written}>{_written(children)}{end}")


@cache
def _start_of(key: str) -> str:
    """Return an attribute up to its value."""
    return f' {key.rstrip("_").replace("_", "-")}="'


def _safe(text: str) -> Markup:
    """Return text as markup, faster than ``Markup(text)``, which looks for ``__html__`` first."""
    return str.__new__(Markup, text)


def _written(parts: Iterable[Content]) -> str:
    """Return parts one after the other, plain text escaped."""
    return "".join([part if type(part) is Markup else escape(part) for part in parts])


def join(parts: Iterable[Content], between: str = "") -> Markup:
    """Return parts one after the other, plain text escaped.

    Examples
    --------
    >>> join(["a", "<b>"], ", ")
    Markup('a, &lt;b&gt;')
    """
    if not between:
        return _safe(_written(parts))
    return escape(between).join(parts)


def date(iso: str) -> Markup:
    """Return a date, ``YYYY-MM-DD``, in words.

    Examples
    --------
    >>> date("2020-10-12")
    Markup('<time datetime="2020-10-12">12 October 2020</time>')
    """
    return element("time", date_in_words(iso), datetime=iso)


def term(text: str, language: str = "") -> Markup:
    """Return a name from the study's own tables, marked where it has digits that are no claim.

    Where it is in another language than the report, it is marked as such.

    Examples
    --------
    >>> term("8 < 9"), term("paires", "fr")
    (Markup('<span data-term="">8 &lt; 9</span>'), Markup('<span lang="fr">paires</span>'))
    """
    marked = {"data_term": ""} if any(map(str.isdigit, text)) else {}
    marked |= written_in(language) if text else {}
    return element("span", text, **marked) if marked else escape(text)


def claim_link(identifier: str, words: Content, page: str = "", *, spoken: str = "") -> Markup:
    """Return words as a link to the evidence of a claim, as `find_claims` finds it.

    A screen reader says ``spoken`` instead of words that are only a sign.
    """
    name = escape(identifier)
    label = f' aria-label="{escape(spoken)}"' if spoken else ""
    return _safe(f'{_CLAIM}{name}"{label} href="{escape(page)}#{name}">{escape(words)}</a>')


def say(sentence: str, **parts: Content) -> Markup:
    """Return a whole sentence in the language of the report, with parts in their places.

    The sentence is a literal or one of two, so that catalogues hold it, or one that `to_translate`
    marks.

    Examples
    --------
    >>> say("Raised by {groups} focus groups.", groups=term("7 < 9"))
    Markup('Raised by <span data-term="">7 &lt; 9</span> focus groups.')
    """
    return escape(translate(sentence)).format(**parts)


def say_number(one: str, many: str, number: float | None, **parts: Content) -> Markup:
    """Return the sentence for one thing or for another number of them, likewise.

    Examples
    --------
    >>> say_number("{n} point", "{n} points", 1, n="1")
    Markup('1 point')
    """
    return escape(translate_number(one, many, number)).format(**parts)


def written_in(language: str) -> dict[str, str]:
    """Return the attribute of words in another language than the report; nothing otherwise."""
    return {} if language in ("", current_language()) else {"lang": language}


def find_claims(html: str) -> dict[str, str]:
    """Return the ids of the claims that HTML made by this module shows, with where each is first.

    That is the last id of an element before it, or ``""``. Texts and values are escaped, so that
    neither is found in them.

    Examples
    --------
    >>> find_claims(element("p", claim_link("esa.groups", "13"), ' data-claim="x"', id="source"))
    {'esa.groups': 'source'}
    """
    before, *pieces = str(html).split(_CLAIM)
    found: dict[str, str] = {}
    anchor = ""
    for piece in pieces:
        anchor = [anchor, *_ID.findall(before)][-1]
        found.setdefault(piece.split('"', 1)[0], anchor)
        before = piece
    return found


def plain_text(html: str) -> str:
    """Return the words of HTML made by this module, each block on its own line."""
    return unescape(_TAG.sub(" ", _BLOCK.sub("\n", html))).strip()


def list_words(parts: Sequence[Content]) -> Markup:
    """Return parts as a list in words.

    Examples
    --------
    >>> list_words(["a", "b", "c"])
    Markup('a, b and c')
    """
    if len(parts) < 2:
        return join(parts)
    return say("{others} and {last}", others=join(parts[:-1], ", "), last=parts[-1])


@dataclass(frozen=True)
class Row:
    """One row of a table: what it is about, and its other cells in the order of the columns.

    Its class, ``kind``, is ``theme``, ``code`` or ``total``.
    """

    header: Content
    cells: Sequence[Content]
    kind: str = ""


def table(
    identifier: str,
    caption: Content,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    kind: str = "",
) -> Markup:
    """Return a table that reads on a phone too, in a region that a keyboard can scroll.

    The first column is that of the rows' headers; the caption's id is made from ``identifier``.
    """
    caption_id = f"table-{identifier.replace('.', '-')}"
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    body = [_table_row(row, columns) for row in rows]
    whole = element(
        "table",
        element("caption", caption, id=caption_id),
        element("thead", head),
        element("tbody", *body),
        **({"class_": kind} if kind else {}),
    )
    return scrollable(whole, caption_id, "table")


def scrollable(whole: Markup, caption_id: str, kind: str) -> Markup:
    """Return a table in a region, of a class, that a keyboard can scroll."""
    return element(
        "div", whole, class_=kind, role="region", aria_labelledby=caption_id, tabindex="0"
    )


def _plain(name: str) -> str:
    """Return a name without its markup, for an attribute."""
    return name.striptags() if isinstance(name, Markup) else name


def _table_row(row: Row, columns: Sequence[str]) -> Markup:
    cells = [
        f'<td data-label="{escape(_plain(name))}">{escape(cell)}</td>'
        for name, cell in zip(columns[1:], row.cells, strict=True)
    ]
    inside = f'<th scope="row">{escape(row.header)}</th>{"".join(cells)}'
    return element("tr", _safe(inside), **({"class_": row.kind} if row.kind else {}))


def items(parts: Iterable[Content], *, name: str = "ul", kind: str = "") -> Markup:
    """Return a list, one item a part; nothing where there is none."""
    listed = "".join([f"<li>{escape(part)}</li>" for part in parts])
    return (
        element(name, _safe(listed), **({"class_": kind} if kind else {})) if listed else Markup()
    )
