"""One build of a study, or change to it, at a time; a second one is refused and names the first."""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import StorageError, StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def lock_of(root: Path, study: str) -> Path:
    """Return the file that a build of a study, or a change to it, locks.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.
    """
    return root / "build" / f"{study}.lock"


@contextmanager
def hold_lock(root: Path, study: str) -> Iterator[None]:
    """Hold the lock of a study for a while; its file names the process that holds it.

    The system releases it when the process ends, however it ends: no lock is ever stale.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.

    Raises
    ------
    StudyError
        When another build of the study, or change to it, is running; it names its process.
    StorageError
        When the work failed, and the file is no longer there.
    """
    path = lock_of(root, study)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            raise StudyError(
                f"Another build of {study} is running, or a change to it.",
                offenders=[held.read().strip() or "a process that has just started"],
                remedy="wait until it has ended, or end it; then run this again",
            ) from None
        held.truncate(0)
        held.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        held.flush()
        try:
            yield
        except Exception as error:
            if not _is_there(path, held.fileno()):
                raise StorageError(
                    f"The build folder of {study} was deleted while a build was running.",
                    offenders=[str(path.parent)],
                    remedy="run this again",
                ) from error
            raise


def _is_there(path: Path, held: int) -> bool:
    """Return whether a file that is open is still where it was opened."""
    return path.exists() and os.path.samestat(path.stat(), os.fstat(held))
