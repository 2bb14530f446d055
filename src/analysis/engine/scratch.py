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

PREFIX = "compendium-scratch-"
# A file that is locked as long as whoever made the folder is there, however that ends; a folder
# without it is somebody else's.
HELD = ".held-by-compendium"
# Where the server that processes are forked from finds it; "TMPDIR" may be anybody's.
VARIABLE = "COMPENDIUM_SCRATCH"


class Scratch:
    """A folder of this user alone, from being made to being left.

    Those that were left behind, since their makers were killed with all that could have cleared
    them away, go when the next one is made: they may hold rows of a study.

    Attributes
    ----------
    path : Path
        The folder.
    """

    def __init__(self) -> None:
        clear_left_behind()
        held = None
        while held is None:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            held = _hold(self.path / HELD)
        self._held = held

    def __enter__(self) -> Self:
        """Begin to write there."""
        return self

    def __exit__(self, *_: object) -> None:
        """Clear the folder away."""
        self.clear()

    def clear(self) -> None:
        """Clear the folder away."""
        clear_folder(self.path)
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
            clear_folder(folder)
    except FileNotFoundError:
        # Made this moment, or cleared to the last: nothing is written before the mark.
        folder.rmdir()


def clear_folder(folder: Path) -> None:
    """Clear a folder away, its mark last, so that what is cut short is gone on with later.

    Parameters
    ----------
    folder : Path
        The folder of a `Scratch`; it may be gone already.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            _clear(path)
        (folder / HELD).unlink(missing_ok=True)
        folder.rmdir()
    # Something was written meanwhile: it goes with the next.
    with suppress(OSError):
        (folder / HELD).touch()


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    elif path.name != HELD:
        path.unlink(missing_ok=True)


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
        atexit.register(_clear_for_owner, folder, os.getpid())


def _clear_for_owner(folder: str, owner: int) -> None:
    # Processes that are forked from this one inherit the call.
    if os.getpid() == owner:
        clear_folder(Path(folder))
