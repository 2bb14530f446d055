"""Remove a study: its data, its reports and its build files."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from analysis.engine.failures import storage_errors
from analysis.publishing.release import leftovers_of
from analysis.publishing.site_index import write_site_index
from analysis.study.lock import hold_lock, lock_of
from analysis.study.root import SETTINGS_FILE, require_study

if TYPE_CHECKING:
    from pathlib import Path


def folders_of_study(root: Path, study: str) -> tuple[Path, ...]:
    """Return the folders that go with a study, of those that exist; its data are the last.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.

    Raises
    ------
    StudyError
        When the study does not exist.
    """
    require_study(root / "data", study)
    release = root / "reports" / study
    folders = (release, *leftovers_of(release), root / "build" / study, root / "data" / study)
    return tuple(folder for folder in folders if folder.exists() or folder.is_symlink())


def remove_study(root: Path, study: str) -> tuple[Path, ...]:
    """Remove a study with its reports and build files, and list it in the index no more.

    A removal that is cut short can be repeated: the settings of the study go last.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.

    Returns
    -------
    tuple of Path
        The folders that are removed.

    Raises
    ------
    StudyError
        When the study does not exist, or a build of it, or a change to it, is running.
    StorageError
        When a folder can't be removed.
    """
    require_study(root / "data", study)
    with storage_errors(f"folders of {study} that you may delete"), hold_lock(root, study):
        folders = folders_of_study(root, study)
        *others, data = folders
        for folder in others:
            _remove(folder)
        if (root / "reports").is_dir():
            write_site_index(root / "reports")
        if not data.is_symlink():
            for path in data.iterdir():
                if path.name != SETTINGS_FILE:
                    _remove(path)
        _remove(data)
        lock_of(root, study).unlink(missing_ok=True)
    return folders


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
