"""Write a file or a folder whole or not at all: beside its place first, then renamed into it.

A zip archive is the same bytes for the same content, on every machine.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNFINISHED = ".unfinished"
PREVIOUS = ".previous"

FIRST_OF_ALL = (1980, 1, 1, 0, 0, 0)
UNIX = 3
READABLE = 0o644 << 16


def replace_file(path: Path, content: str | bytes) -> None:
    """Write a file in one step: whoever reads it meanwhile reads the old or the new content.

    Parameters
    ----------
    path : Path
        The file; its folder is created.
    content : str or bytes
        What it holds; text is written in UTF-8.

    Raises
    ------
    OSError
        When it cannot be written; the old content is still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name is random: other processes, also on other machines, may write the same file.
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}{UNFINISHED}")
    try:
        with unfinished.open("wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def remove_unfinished(folder: Path) -> None:
    """Remove from a folder the files whose writing was cut short when a process was killed."""
    for path in folder.glob(f".*{UNFINISHED}"):
        path.unlink(missing_ok=True)


def place_folder(new: Path, target: Path) -> None:
    """Put a new folder in the place of another, by two renames.

    Hold the study's lock, and call `restore_folder` first: a process that is killed between the two
    renames leaves nothing in the place.

    Parameters
    ----------
    new : Path
        The new folder, on the same file system.
    target : Path
        The place; what is there is removed, once the new folder is in its place.

    Raises
    ------
    OSError
        When it cannot be placed; what was there is still there.
    """
    previous = previous_of(target)
    shutil.rmtree(previous, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        target.rename(previous)
    try:
        new.rename(target)
    except OSError:
        restore_folder(target)
        raise
    sync(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def restore_folder(target: Path) -> None:
    """Put back what was in a place, when `place_folder` was cut short between its two renames."""
    previous = previous_of(target)
    if not previous.is_dir():
        return
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
    else:
        previous.rename(target)


def previous_of(target: Path) -> Path:
    """Return where a folder is while another is put in its place."""
    return target.with_name(f".{target.name}{PREVIOUS}")


def sync(path: Path) -> None:
    """Have the content of a file, or the names in a folder, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
