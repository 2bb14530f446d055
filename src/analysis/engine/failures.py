"""Failures as the user reads them: of storage, and of several tasks as one error."""

from __future__ import annotations

import errno
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from analysis.errors import NotebookError, StorageError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from analysis.errors import CompendiumError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
CLOSED = frozenset(
    {
        *(errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.ESTALE),
        *(errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG),
    }
)
KEPT = "the last release is unchanged, and finished tasks count at the next build"
SHOWN_REMEDIES = 3


@contextmanager
def storage_errors(kept: str = KEPT) -> Iterator[None]:
    """Raise a full disk, or a file that can't be used, as an error that a user can act on.

    Parameters
    ----------
    kept : str, optional
        What is unchanged nevertheless.

    Raises
    ------
    StorageError
        Naming the file, if the system names it.
    """
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageError(
                "There is no room left to write.",
                offenders=_offenders(error),
                expected=kept,
                remedy="make room on the disk, and run this again",
            ) from error
        if error.errno in CLOSED:
            raise StorageError(
                "A file or folder cannot be used.",
                offenders=_offenders(error),
                expected=kept,
                remedy="give yourself the right to use it, or move it out of the way",
            ) from error
        raise


def require_writable(folder: Path) -> None:
    """Refuse a folder for releases that can't be created or written, before any task runs."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StorageError(
            "Reports cannot be written there.",
            offenders=[f"{folder}: {error.strerror}"],
            expected="a folder in which you may write; no task was started",
            remedy="choose another folder with --out, or give yourself the right to write there",
        ) from error


def raise_failures(failures: Mapping[str, CompendiumError]) -> None:
    """Raise the failures of tasks, by their names, as one error, if there are any.

    Raises
    ------
    CompendiumError
        The only failure; of several, one error that lists each.
    """
    errors = _merge(_name_task(name, failures[name]) for name in sorted(failures))
    if len(errors) == 1:
        raise errors[0]
    if errors:
        remedies = list(dict.fromkeys(error.remedy for error in errors if error.remedy))
        rest = ["and so on for the others"] if len(remedies) > SHOWN_REMEDIES else []
        raise NotebookError(
            f"{len(errors)} tasks failed.",
            offenders=[f"{error.what} {' '.join(error.offenders)}".strip() for error in errors],
            remedy="; ".join([*remedies[:SHOWN_REMEDIES], *rest]),
        )


def _offenders(error: OSError) -> list[str]:
    reason = error.strerror or str(error)
    return [f"{error.filename}: {reason}" if error.filename else reason]


def _name_task(name: str, error: CompendiumError) -> CompendiumError:
    """Return an error that names its task, if any task could have failed like that."""
    if isinstance(error, WorkerError | StorageError):
        return error.with_offenders([f"{name}: {each}" for each in error.offenders] or [name])
    return error


def _merge(errors: Iterable[CompendiumError]) -> list[CompendiumError]:
    """Return errors, those with the same message (a full disk) merged into one."""
    merged: dict[tuple[str, str, str], CompendiumError] = {}
    for error in errors:
        message = error.what, error.expected, error.remedy
        if message in merged:
            offenders = (*merged[message].offenders, *error.offenders)
            merged[message] = error.with_offenders(dict.fromkeys(offenders))
        else:
            merged[message] = error
    return list(merged.values())
