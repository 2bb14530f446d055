"""Digests by which a review is of certain words, without repeating the words."""

from __future__ import annotations

import re

from analysis.study.digests import digest_text

DIGITS = 16
_ANNOUNCED = "text_sha256 is "
DIGEST_IN_DETAIL = re.compile(f": {_ANNOUNCED}[0-9a-f]{{{DIGITS}}}")
"""The digest in the detail of an outcome, which only the holder of the data may see."""


def short_digest(text: str) -> str:
    """Return the start of the SHA-256 of the words that are reviewed.

    Examples
    --------
    >>> short_digest("Somebody waits.")
    'b7f35366db3c8865'
    """
    return digest_text(text)[:DIGITS]


def describe_digest(text: str) -> str:
    """Return the digest that a review of a text needs, as its holder sees it."""
    return f"{_ANNOUNCED}{short_digest(text)}"
