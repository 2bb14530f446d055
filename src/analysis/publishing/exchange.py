"""Two folders that change places in one move, so that neither is ever missing."""

from __future__ import annotations

import ctypes
import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# From the headers of Linux: paths from the working folder, and both to change places.
AT_FDCWD = -100
RENAME_EXCHANGE = 2
NOT_TO_BE_HAD = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


def exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one move, and return whether the system can do that.

    Parameters
    ----------
    one, other : Path
        Two folders of one file system.

    Returns
    -------
    bool
        False where the system or the file system has no such move; nothing has changed then.

    Raises
    ------
    OSError
        When it has, and the move fails all the same.
    """
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    paths = (os.fsencode(one), os.fsencode(other))
    if rename(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in NOT_TO_BE_HAD:
        return False
    raise OSError(number, os.strerror(number), str(one), None, str(other))
