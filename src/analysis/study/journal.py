"""A change to several files of a study at once: all of it, or none.

New files are written to a folder inside the study's folder. One rename then puts a journal there
that lists which files are replaced or removed. From then on the change counts: if it is
interrupted, the next command that opens the study completes it. Before, nothing has changed.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from analysis.study.writing import sync

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = ".journal"
JOURNAL = "journal.json"
REPLACED = "replaced"
REMOVED = "removed"


class StudyChange:
    """One change to several files of a study.

    Parameters
    ----------
    folder : Path
        The folder of the study, in ``data/`` of its root.

    Examples
    --------
    ::

        with StudyChange(folder) as change:
            write_csv(change.stage("segments.csv"), rows)
            change.commit()
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
        """Return where to write the new content of a file, named from the study's folder."""
        self._names.append(name)
        path = self._staged / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def commit(self, removed: Iterable[Path] = ()) -> None:
        """Make the change.

        Parameters
        ----------
        removed : iterable of Path
            Files and folders below the root that are removed with it.
        """
        root = _root_of(self._folder)
        for name in self._names:
            sync(self._staged / name)
            sync((self._staged / name).parent)
        entries = {
            REPLACED: self._names,
            REMOVED: [path.relative_to(root).as_posix() for path in removed],
        }
        unfinished = self._staged / f"{JOURNAL}.next"
        unfinished.write_text(json.dumps(entries), encoding="utf-8")
        sync(unfinished)
        unfinished.replace(self._staged / JOURNAL)
        sync(self._staged)
        complete_change(self._folder)


def complete_change(folder: Path) -> None:
    """Complete an interrupted change to the files of a study, if there is one.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    """
    staged = folder / FOLDER
    journal = staged / JOURNAL
    try:
        entries = json.loads(journal.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    changed = [folder]
    for name in entries[REPLACED]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        changed.append((folder / name).parent)
    for name in entries[REPLACED]:
        # Missing if it was moved before the interruption.
        with suppress(FileNotFoundError):
            (staged / name).replace(folder / name)
    for name in entries[REMOVED]:
        _remove(_root_of(folder) / name)
    for each in dict.fromkeys(changed):
        sync(each)
    journal.unlink(missing_ok=True)
    shutil.rmtree(staged, ignore_errors=True)


def is_pending(folder: Path) -> bool:
    """Return whether a committed change to a study is not complete yet.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    """
    return (folder / FOLDER / JOURNAL).is_file()


def _root_of(folder: Path) -> Path:
    return folder.parent.parent


def _remove(path: Path) -> None:
    if path.is_symlink() or not path.is_dir():
        path.unlink(missing_ok=True)
    # Another process may be completing the same change.
    while path.is_dir():
        with suppress(FileNotFoundError):
            shutil.rmtree(path)
