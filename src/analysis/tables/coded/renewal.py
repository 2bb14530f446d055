"""Renewing a study's folder all at once: written beside, and swapped in when it is complete."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def renewed_folder(folder: Path, exchange: Callable[[Path, Path], bool]) -> Iterator[Path]:
    """Give a copy of a folder to change, which takes its place when nothing was raised.

    Files in the copy are links to those of the folder: they are replaced, and never written into.

    Parameters
    ----------
    folder : Path
        The folder.
    exchange : callable
        Exchanges two folders in one move, and returns whether the system can do that.

    Yields
    ------
    Path
        The copy.

    Raises
    ------
    StorageError
        When the disk is full, or a file may not be written.
    """
    try:
        # A folder within a folder: no one takes it for a study, should it be left.
        with tempfile.TemporaryDirectory(prefix=".import-", dir=folder.parent) as beside:
            copy = Path(beside) / folder.name
            shutil.copytree(folder, copy, symlinks=True, copy_function=_link)
            yield copy
            _swap(folder, copy, exchange)
    except OSError as error:
        raise StorageError(
            f"The study cannot be written: {error.strerror or 'the disk refuses'}.",
            offenders=[folder.name],
            expected="room on the disk, and the right to write",
            remedy="make room or correct the rights, then import again; nothing was changed",
        ) from error


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _swap(folder: Path, copy: Path, exchange: Callable[[Path, Path], bool]) -> None:
    if exchange(copy, folder):
        return
    last = copy.with_name(f"{folder.name}.last")
    folder.rename(last)
    try:
        copy.rename(folder)
    except OSError:
        last.rename(folder)
        raise


def replace_bytes(path: Path, content: bytes) -> None:
    """Write a file anew, in place of the link that stands there."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
