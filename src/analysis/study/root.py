"""Where the compendium's folders are, and the studies in them."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.errors import StudyError, closest

ROOT_VARIABLE = "COMPENDIUM_ROOT"
OWN_NOTEBOOKS = "own"
"""The folder of studies' own notebooks, in ``notebooks/``."""

SETTINGS_FILE = "study.yaml"

_FOLDERS = ("data", "notebooks")


def find_root(start: Path | None = None) -> Path:
    """Return the folder that holds ``data/`` and ``notebooks/``.

    The environment variable ``COMPENDIUM_ROOT`` names it; without that it is the first such folder
    from `start` upward.

    Parameters
    ----------
    start : Path, optional
        Where to start; the current folder by default.

    Raises
    ------
    StudyError
        If the variable names another folder, or no folder upward is a root.
    """
    named = os.environ.get(ROOT_VARIABLE)
    if named:
        return _named_root(Path(named))
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if is_root(folder):
            return folder
    raise StudyError(
        "This is not inside a compendium.",
        offenders=[f"neither {begin} nor a folder above it holds data/ and notebooks/"],
        expected="a folder that holds data/ and notebooks/",
        remedy=f"Change to the compendium's folder, or name it with --root or {ROOT_VARIABLE}.",
    )


def _named_root(folder: Path) -> Path:
    """Return the folder that the environment names, if it is a root."""
    if not is_root(folder):
        raise StudyError(
            f"{ROOT_VARIABLE} names no compendium.",
            offenders=[f"{ROOT_VARIABLE}={folder}"],
            expected="a folder that holds data/ and notebooks/",
            remedy=f"Correct {ROOT_VARIABLE}, or unset it.",
        )
    return folder.resolve()


def is_root(folder: Path) -> bool:
    """Return whether a folder holds ``data/`` and ``notebooks/``."""
    return all((folder / name).is_dir() for name in _FOLDERS)


def study_names(root: Path) -> tuple[str, ...]:
    """Return the names of the studies, sorted.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    """
    return _names_in(root / "data")


def _names_in(data: Path) -> tuple[str, ...]:
    return tuple(sorted(settings.parent.name for settings in data.glob(f"*/{SETTINGS_FILE}")))


def require_study(data: Path, name: str) -> None:
    """Refuse what isn't the name of a study, such as a path to one.

    Parameters
    ----------
    data : Path
        The folder that holds the studies.
    name : str
        The name.

    Raises
    ------
    StudyError
        If the study does not exist; the message has the closest name.
    """
    names = _names_in(data)
    if name not in names:
        there_are = ", ".join(names) or "none yet"
        raise StudyError(
            "This study does not exist.",
            offenders=[f"{name}{closest(Path(name).name, names)}"],
            expected=f"a folder in data/ that holds {SETTINGS_FILE}: {there_are}",
            remedy=f"Correct the name, or add data/{Path(name).name}/{SETTINGS_FILE}.",
        )
