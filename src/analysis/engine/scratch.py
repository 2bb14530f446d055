"""The folder of what a process, and those that it starts, write for a moment; it goes with it."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from io import FileIO

PREFIX = "compendium-"
# A file that is locked as long as whoever made the folder is there, however that ends.
HELD = "held"
# Where the server that processes are forked from finds it; "TMPDIR" may be anybody's.
VARIABLE = "COMPENDIUM_SCRATCH"


class Scratch:
    """A folder of this user alone, from being made to being left.

    Those that were left behind, since their makers were killed with all that could have cleared
    them away, go when the next one is made: they may hold rows of a study.
    """

    def __init__(self) -> None:
        clear_left_behind()
        held = None
        while held is None:
            self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
            held = _hold(self.path / HELD)
        self._held = held

    @property
    def path(self) -> Path:
        """The folder."""
        return Path(self._folder.name)

    def __enter__(self) -> Self:
        """Begin to write there."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the folder away."""
        self.clear()

    def clear(self) -> None:
        """Clear the folder away."""
        self._folder.cleanup()
        self._held.close()


def clear_left_behind() -> None:
    """Clear away the folders of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        # Others' folders are left to them.
        with suppress(OSError):
            _clear_unless_held(folder)


def _clear_unless_held(folder: Path) -> None:
    try:
        with (folder / HELD).open("rb+", buffering=0) as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        _clear_unmarked(folder)


def _clear_unmarked(folder: Path) -> None:
    """Clear away a folder that was made this moment, or whose clearing was cut short."""
    try:
        folder.rmdir()
    except OSError:
        # Nothing is written before the mark.
        if not (folder / HELD).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _hold(path: Path) -> FileIO | None:
    """Return a file, locked as long as it is open; None where it was just cleared away."""
    with suppress(FileNotFoundError, BlockingIOError):
        held = path.open("wb", buffering=0)
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():
            return held
    return None


def scratch_settings(folder: str) -> dict[str, str]:
    """Return the variables by which processes find the folder."""
    return {"TMPDIR": folder, VARIABLE: folder}


def write_into(folder: str) -> None:
    """Have this process, and those that it starts, write there what they write for a moment."""
    os.environ.update(scratch_settings(folder))
    tempfile.tempdir = folder


def clear_when_this_ends() -> None:
    """Have the folder cleared away when this process ends: whoever made it may have been killed."""
    folder = os.environ.get(VARIABLE)
    if folder:
        atexit.register(_clear, folder, os.getpid())


def _clear(folder: str, owner: int) -> None:
    # Processes that are forked from this one inherit the call.
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
