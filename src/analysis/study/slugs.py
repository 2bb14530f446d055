"""Words in plain letters: to compare names by, and as parts of addresses and ids."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SEPARATOR = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """Return a text in lower case and without accents, to compare names by.

    Examples
    --------
    >>> fold("Moçambique")
    'mocambique'
    """
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def slugify(text: str, *, otherwise: str = "section") -> str:
    """Return words in plain letters, joined by hyphens; or something else where there are none.

    Examples
    --------
    >>> slugify("Où aller: CONTINUE, STOP")
    'ou-aller-continue-stop'
    >>> slugify("…")
    'section'
    """
    return _SEPARATOR.sub("-", fold(text)).strip("-") or otherwise


def unique_slug(slug: str, taken: Collection[str]) -> str:
    """Return a slug that isn't taken yet: with the next free number, if need be.

    Examples
    --------
    >>> unique_slug("hope", {"hope", "hope-2"})
    'hope-3'
    """
    candidate, number = slug, 2
    while candidate in taken:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate
