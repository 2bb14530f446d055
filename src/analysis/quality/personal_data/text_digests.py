"""What tells words that were reviewed from others, without telling the words."""

from __future__ import annotations

import re
from hashlib import sha256

DIGITS = 16
TOLD = "text_sha256 is "
TOLD_DIGEST = re.compile(f": {TOLD}[0-9a-f]{{{DIGITS}}}")


def digest_of(text: str) -> str:
    """Return what tells words that were reviewed from others: the start of their sha256.

    Examples
    --------
    >>> digest_of("Somebody waits.")
    'b7f35366db3c8865'
    """
    return sha256(text.encode()).hexdigest()[:DIGITS]


def say_digest(text: str) -> str:
    """Return what tells reviewers which words they would review, as it is told to them alone."""
    return f"{TOLD}{digest_of(text)}"
