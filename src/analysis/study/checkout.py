"""What runs here: the root that belongs to this code, versions of libraries, and what git has."""

from __future__ import annotations

import subprocess
import sysconfig
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import analysis
from analysis.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHARE = Path("share") / "focus-group-compendium"
"""Where a wheel puts notebooks, expectations and locks, below the environment."""


def run_git(root: Path, *words: str) -> bytes:
    """Return what a command of git prints.

    Parameters
    ----------
    root : Path
        The folder that it runs in.
    *words : str
        The command and its options.

    Raises
    ------
    OSError
        When there is no git.
    CalledProcessError
        When git refuses it, or the folder is no checkout.
    """
    return subprocess.run(  # noqa: S603 (no shell)
        ["git", "-C", str(root), *words],  # noqa: S607 (whichever git the user has)
        check=True,
        capture_output=True,
    ).stdout


def installed_root() -> Path:
    """Return the folder with the notebooks, expectations and locks of the code that runs.

    That is the checkout of an editable installation, and a folder of the environment otherwise.

    Raises
    ------
    StudyError
        When neither is there.
    """
    checkout = Path(analysis.__file__).parents[2]
    shared = Path(sysconfig.get_path("data")) / SHARE
    for root in (checkout, shared):
        if (root / "notebooks").is_dir() and (root / "expectations").is_dir():
            return root
    raise StudyError(
        "The notebooks of the compendium aren't installed with its code.",
        offenders=[f"neither {checkout} nor {shared} has notebooks/ and expectations/"],
        expected="the compendium as installed by make reports, or by pip from its folder",
        remedy="install it again: pip install --no-deps FOLDER",
    )


def other_versions(locked: Mapping[str, str]) -> Iterator[str]:
    """Yield which libraries are installed in another version than a release was built with.

    Parameters
    ----------
    locked : mapping of str to str
        The version of each library.
    """
    for name, wanted in locked.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "not installed"
        if found != wanted:
            yield f"{name} is {found}, and was {wanted}"
