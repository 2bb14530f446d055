"""What git has of the checkout, where it is one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


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
