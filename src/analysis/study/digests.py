"""SHA-256 of bytes, texts and files, in hexadecimal: the one place that computes them.

A plain digest of a table gives withheld values away: who knows all else in the table from the pages
tries values until the digest fits. The digests of tables that aren't published are therefore keyed:
whoever lacks the key of a study can't try.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

from analysis.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.study.settings import Study

KEY_FILE = "digest.key"
BYTES = 32

_FORM = re.compile(rf"[0-9a-f]{{{2 * BYTES}}}")


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


def write_key(folder: Path) -> None:
    """Write a new, random key into the folder of a new study."""
    path = folder / KEY_FILE
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(f"{secrets.token_hex(BYTES)}\n", encoding="utf-8")


def published_digest(settings: Study, folder: Path, digest: str) -> str:
    """Return a digest of tables as a release may have it: keyed, unless the tables are public.

    Parameters
    ----------
    settings : Study
        The settings of the study.
    folder : Path
        Its folder.
    digest : str
        The SHA-256 of tables.

    Returns
    -------
    str
        64 hexadecimal digits: the digest, or its HMAC with SHA-256.

    Raises
    ------
    StudyError
        When the key is needed, and is missing or malformed.
    """
    if settings.publication.tables == "public":
        return digest
    return hmac.new(_read_key(folder), digest.encode(), "sha256").hexdigest()


def _read_key(folder: Path) -> bytes:
    path = folder / KEY_FILE
    text = path.read_text(encoding="utf-8", errors="replace").strip() if path.is_file() else ""
    if not _FORM.fullmatch(text):
        raise StudyError(
            "The key of the study is malformed." if text else "The key of the study is missing.",
            offenders=[f"data/{folder.name}/{KEY_FILE}"],
            expected=f"{2 * BYTES} hexadecimal digits, as they were created with the study",
            why="a plain digest of tables that aren't published gives withheld values away",
            remedy="copy it from whoever handed on the study; for a study that never had one, "
            "create it once, with: openssl rand -hex 32; if its tables are public, say "
            "publication: tables: public in study.yaml",
        )
    return bytes.fromhex(text)
