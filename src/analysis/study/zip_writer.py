"""Zip archives that are the same bytes for the same content, on every machine."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE = 0o644 << 16


def zip_of(
    parts: Mapping[str, bytes], at: tuple[int, int, int, int, int, int] = FIRST_OF_ALL
) -> bytes:
    """Return an archive of named contents.

    They are stored as they are: how they would be compressed depends on the library.

    Parameters
    ----------
    parts : mapping of str to bytes
        The contents by name, in the order of the archive.
    at : tuple of int, optional
        The time that each gets: year, month, day, hour, minute, second.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, at)
            entry.create_system = UNIX
            entry.external_attr = READABLE
            archive.writestr(entry, content)
    return buffer.getvalue()
