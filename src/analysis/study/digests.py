"""SHA-256 of bytes, texts and files, in hexadecimal: the one place that computes them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def digest_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def digest_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8; a half of a surrogate pair counts as ``?``."""
    return digest_bytes(text.encode("utf-8", "replace"))


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file, which need not fit in memory.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_together(digests: Mapping[str, str]) -> str:
    """Return one SHA-256 of several files, in any order, from their names and digests."""
    lines = (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return digest_text("".join(lines))
