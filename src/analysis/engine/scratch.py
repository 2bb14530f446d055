"""The folder of what a build's processes write for a moment; it goes when the build ends."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Where the server that processes are forked from finds it; "TMPDIR" may be anybody's.
VARIABLE = "COMPENDIUM_SCRATCH"


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
