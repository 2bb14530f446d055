"""Storage that is full or closed, told as what it is."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


@contextmanager
def storage_told() -> Iterator[None]:
    """Tell of a disk that is full, or a folder that may not be written, as a person can mend it.

    Raises
    ------
    StorageError
        Naming the file that could not be written, where the system names it.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in FULL | CLOSED:
            raise
        is_full = error.errno in FULL
        raise StorageError(
            "There is no room left to write." if is_full else "A file may not be written.",
            offenders=[str(error.filename)] if error.filename else [],
            expected="the last release stands, and what was finished counts at the next build",
            remedy="make room on the disk, and build again"
            if is_full
            else "give yourself the right to write there, or choose another folder with --out",
        ) from error
