"""Storage that is full or closed, told as what it is."""

from __future__ import annotations

import errno
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset(
    {
        *(errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE),
        *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG),
    }
)
FOR_OWNER_ALONE = 0o600
STANDS = "the last release stands, and what was finished counts at the next build"


@contextmanager
def storage_told(stands: str = STANDS) -> Iterator[None]:
    """Tell of a disk that is full, or of a file that may not be used, as a person can mend it.

    Parameters
    ----------
    stands : str, optional
        What stands nevertheless.

    Raises
    ------
    StorageError
        Naming the file, where the system names it.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageError(
                "There is no room left to write.",
                offenders=_offenders(error),
                expected=stands,
                remedy="make room on the disk, and run this again",
            ) from error
        if error.errno in CLOSED:
            raise StorageError(
                "A file or folder cannot be used.",
                offenders=_offenders(error),
                expected=stands,
                remedy="give yourself the right to use it, or clear it out of the way",
            ) from error
        raise


def require_writable(folder: Path) -> None:
    """Refuse a folder for releases that cannot be made or written, before work is done for it.

    Parameters
    ----------
    folder : Path
        The folder of all releases; made if it is not there.

    Raises
    ------
    StorageError
        When nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StorageError(
            "Reports cannot be written there.",
            offenders=[f"{folder}: {error.strerror}"],
            expected="a folder in which you may write; nothing was begun",
            remedy="choose another folder with --out, or give yourself the right to write there",
        ) from error


def _offenders(error: OSError) -> list[str]:
    told = error.strerror or str(error)
    return [f"{error.filename}: {told}" if error.filename else told]
