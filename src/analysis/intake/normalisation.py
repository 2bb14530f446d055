"""The normalisation of source text, and the digest that ties a segment to its source.

A restated segment carries no word of its source, only the digest of the source's wording there.
Two files of the same submission differ in quotes, dashes, bullets and mark-up, depending on the
program that converted them; the normalisation takes these away and keeps every word and its case.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

from analysis.study.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_ELEMENTS = (
    *("blockquote", "br", "caption", "center", "dd", "div", "dl", "dt", "hr", "li", "ol", "p"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "ul"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
)
INLINE_ELEMENTS = (
    *("a", "abbr", "b", "code", "del", "em", "font", "i", "ins"),
    *("s", "small", "span", "strong", "sub", "sup", "u"),
)

_ATTRIBUTES = r"""(?:\s+[\w:-]+\s*=\s*(?:"[^"<>]*"|'[^'<>]*'))*"""


def _tags_of(elements: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"</?(?:{'|'.join(elements)}){_ATTRIBUTES}\s*/?>", re.IGNORECASE)


BLOCK_TAG = _tags_of(BLOCK_ELEMENTS)
INLINE_TAG = _tags_of(INLINE_ELEMENTS)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*]*[^\s*])\1(?![\w*])")
POINT_GLYPHS = "•●■‣"
SUBPOINT_GLYPHS = "\u25e6○▪\u2043"
_BULLET = re.compile(rf"[{POINT_GLYPHS}{SUBPOINT_GLYPHS}]")
_LINE_BULLET = re.compile(r"^[ \t]*[-*+](?:[ \t]+|$)", re.MULTILINE)
_LINE_END = re.compile(r"(?:\r|(?<!_x005F)_x000[Dd]_)\n?")
_QUOTES = "\u2018\u2019\u201a\u201b\u00b4\u02bc"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_UNSEEN = "\u00ad\u200b\u2060\ufeff"
_RAISED = dict(zip("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", strict=True))
_TO_RAISED = str.maketrans(_RAISED)
_RAISED_TAG = re.compile(r"<sup(?:\s[^<>]*)?>\s*([0-9+-]+)\s*</sup\s*>", re.IGNORECASE)
_RAISED_NUMBER = re.compile(f"[{''.join(_RAISED.values())}]+")
_TO_ASCII = str.maketrans(
    dict.fromkeys(_QUOTES, "'")
    | dict.fromkeys(_DOUBLE_QUOTES, '"')
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_UNSEEN)
)


def normalise(text: str) -> str:
    """Return a text without the differences of conversions, and with every word as it is.

    Normalisation 1 takes these steps, in this order, until none of them changes anything, so that
    normalising twice is normalising once:

    1. HTML tags go: those of paragraphs, lists, tables and headings become a space, those inside a
       line (``<b>``, ``<i>``, ``<a>``, ``<span>`` …) nothing. A tag is the name of such an element
       with quoted attributes or none; any other ``<`` is a character like others.
    2. HTML entities (``&amp;``, ``&#8217;``) become their character.
    3. Typographic quotes (U+2018 to U+201F, U+00B4, U+02BC, guillemets) become ``'`` and ``"``,
       dashes (U+2010 to U+2015) and the minus sign (U+2212) ``-``; soft hyphens (U+00AD),
       zero-width spaces (U+200B, U+2060) and byte order marks (U+FEFF) go.
    4. Unicode form NFKC (``ﬁ`` is ``fi``, a no-break space a space, ``…`` three dots).
    5. Bullets go: the glyphs ``• ● ■ ‣ ○ ▪``, U+25E6 and U+2043 anywhere, and ``-``, ``*``, ``+``
       before a space at the start of a line, or alone on it.
    6. Markdown emphasis (``*word*``, ``**word**``, ``***word***``) loses its asterisks.
    7. Every run of white space becomes one space, and goes at either end.

    Case, punctuation, spelling and wording are kept. A superscript number (``10⁵``,
    ``10<sup>5</sup>``) becomes ``^`` and the number: it is no digit of the number to its left.

    Parameters
    ----------
    text : str
        Text of a source, with or without mark-up.

    Returns
    -------
    str
        The normalised text, in one line.

    Examples
    --------
    >>> normalise("<p>• We   said “<b>no</b>” — *twice*&nbsp;</p>")
    'We said "no" - twice'
    >>> normalise("CD4 < 200 & 5 * 3")
    'CD4 < 200 & 5 * 3'
    """
    before = None
    while text != before:
        before, text = text, _normalise_once(text)
    return text


def _normalise_once(text: str) -> str:
    text = decode_entities(INLINE_TAG.sub("", BLOCK_TAG.sub(" ", raise_numbers(text))))
    text = _RAISED_NUMBER.sub(r"^\g<0>", text)
    text = unicodedata.normalize("NFKC", text.translate(_TO_ASCII))
    text = _BULLET.sub(" ", _LINE_BULLET.sub(" ", text))
    return " ".join(remove_emphasis(text).split())


def raise_numbers(markup: str) -> str:
    """Return some mark-up with its superscript numbers as characters.

    Examples
    --------
    >>> raise_numbers("10<sup>5</sup> people, the 1<sup>st</sup> time")
    '10⁵ people, the 1<sup>st</sup> time'
    """
    return _RAISED_TAG.sub(lambda tag: tag[1].translate(_TO_RAISED), markup)


def normalise_line_ends(text: str) -> str:
    r"""Return a text whose lines end in a line feed alone.

    Workbooks write a carriage return as ``_x000D_``, and many programs read that as it is.

    Examples
    --------
    >>> normalise_line_ends("Fear_x000D_\nof police\r\nand hope\rtoo")
    'Fear\nof police\nand hope\ntoo'
    """
    return _LINE_END.sub("\n", text) if "\r" in text or "_x000" in text else text


def letters_of(texts: Iterable[str]) -> str:
    """Return the letters and digits of texts, which no reader of mark-up may change.

    Examples
    --------
    >>> letters_of(["<p>1. Boats,</p>", "nets"])
    '1Boatsnets'
    """
    return "".join(filter(str.isalnum, "".join(map(normalise, texts))))


def decode_entities(text: str) -> str:
    """Return a text with its complete HTML entities as characters.

    Examples
    --------
    >>> decode_entities("health &amp; safety, R&D")
    'health & safety, R&D'
    """
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def remove_emphasis(text: str) -> str:
    """Return a text without the asterisks of Markdown emphasis.

    Examples
    --------
    >>> remove_emphasis("**never** 5 * 3")
    'never 5 * 3'
    """
    return EMPHASIS.sub(r"\2", text)


def digest_normalised(text: str) -> str:
    """Return the SHA-256 of a text's normalised form.

    Parameters
    ----------
    text : str
        Text of a source, normalised or not.

    Returns
    -------
    str
        64 hexadecimal digits, of the UTF-8 form of the normalised text.

    Examples
    --------
    >>> digest_normalised("“No”, she said") == digest_normalised('"No",  she said')
    True
    >>> digest_normalised("No") == digest_normalised("no")
    False
    """
    return digest_text(normalise(text))
