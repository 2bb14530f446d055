"""A change to several files of a study at once: made whole, or not at all.

All files are written beside those that they replace. Then a journal is put there, in one move, that
tells what takes whose place and what goes. From then on the change counts: whoever opens the study
next completes what was cut short. Before, nothing has changed. Folders that are not there yet are
made on the way.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = ".journal"
JOURNAL = "journal.json"
FILES = "files"
GONE = "gone"


class StudyChange:
    """One change to several files of a study.

    Parameters
    ----------
    folder : Path
        The folder of the study, in ``data/`` of its root.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._staged = folder / FOLDER
        self._names: list[str] = []

    def __enter__(self) -> Self:
        complete_change(self._folder)
        shutil.rmtree(self._staged, ignore_errors=True)
        self._staged.mkdir()
        return self

    def __exit__(self, *_: object) -> None:
        if not (self._staged / JOURNAL).exists():
            shutil.rmtree(self._staged, ignore_errors=True)

    def stage(self, name: str) -> Path:
        """Return where to write what takes the place of a file of the study, named from there."""
        self._names.append(name)
        path = self._staged / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def commit(self, gone: Iterable[Path] = ()) -> None:
        """Make the change.

        Parameters
        ----------
        gone : iterable of Path
            Files and folders below the root that go with it.
        """
        root = _root_of(self._folder)
        for name in self._names:
            _settle(self._staged / name)
            _settle((self._staged / name).parent)
        told = {FILES: self._names, GONE: [path.relative_to(root).as_posix() for path in gone]}
        beside = self._staged / f"{JOURNAL}.next"
        beside.write_text(json.dumps(told), encoding="utf-8")
        _settle(beside)
        beside.replace(self._staged / JOURNAL)
        _settle(self._staged)
        complete_change(self._folder)


def complete_change(folder: Path) -> None:
    """Complete a change to the files of a study that was made, and cut short, if there is one.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    """
    staged = folder / FOLDER
    journal = staged / JOURNAL
    try:
        told = json.loads(journal.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    holders = [_made((folder / name).parent) for name in told[FILES]]
    for name in told[FILES]:
        # What was moved before is not there any more.
        with suppress(FileNotFoundError):
            (staged / name).replace(folder / name)
    for name in told[GONE]:
        _remove(_root_of(folder) / name)
    for holder in dict.fromkeys((*holders, folder)):
        _settle(holder)
    journal.unlink(missing_ok=True)
    shutil.rmtree(staged, ignore_errors=True)


def is_pending(folder: Path) -> bool:
    """Return whether a change to a study was made that may not be complete.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    """
    return (folder / FOLDER / JOURNAL).is_file()


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _root_of(folder: Path) -> Path:
    return folder.parent.parent


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    # Whoever completes the same change at once takes files away too.
    while path.is_dir():
        with suppress(FileNotFoundError):
            shutil.rmtree(path)


def _settle(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
