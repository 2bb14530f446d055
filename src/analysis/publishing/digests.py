"""Digests of files: what a release was made from, and what it is made of."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

CHUNK = 2**20
SHOWN = 12


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as content:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digest_files(
    paths: Iterable[Path], relative_to: Path, digest: Callable[[Path], str] = digest_file
) -> dict[str, str]:
    """Return the SHA-256 of each file by its path below a folder, sorted by that path."""
    named = {path.relative_to(relative_to).as_posix(): path for path in paths}
    return {name: digest(named[name]) for name in sorted(named)}


def digest_together(digests: Mapping[str, str]) -> str:
    """Return one SHA-256 for several files: of their names with their own digests."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
