"""Words as part of an address: plain letters and digits, joined by hyphens."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SEPARATOR = re.compile(r"[^a-z0-9]+")


def slugify(text: str) -> str:
    """Return text as an anchor: lower-case words in plain letters, joined by hyphens.

    Examples
    --------
    >>> slugify("Où aller: CONTINUE, STOP")
    'ou-aller-continue-stop'
    >>> slugify("…")
    'section'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SEPARATOR.sub("-", letters.lower()).strip("-") or "section"


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
