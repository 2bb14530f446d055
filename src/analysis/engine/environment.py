"""The environment of a task: folders, limits, and settings that are the same on all machines."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection
from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.study.root import ROOT_VARIABLE
from analysis.tables.build_folder import BUILD_VARIABLE, BuildFolder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A notebook's results must not depend on the settings of a machine or a user.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "MPLBACKEND": "svg",
    "OPENBLAS_NUM_THREADS": "1",
    # A process that has threads can't be forked safely.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
HOUR = 3600
# Where the fork server finds the folder of temporary files that it removes when it ends.
SCRATCH_VARIABLE = "COMPENDIUM_SCRATCH"

Kernels: TypeAlias = Literal["warm", "plain"]


@dataclass(frozen=True)
class TaskEnvironment:
    """The environment of the tasks of a study.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    study : str
        The study.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a process that has imported their modules, or started.
    cell_seconds : int
        How long a cell may take.
    has_tables : bool
        Whether the study's tables are here, which decide what an error may repeat. If not, the
        machine that sent the task has them, and decides.
    """

    root: Path
    study: str
    kernels: Kernels = "warm"
    cell_seconds: int = HOUR
    has_tables: bool = True

    @property
    def build(self) -> BuildFolder:
        """The folder in which tasks write what later tasks read."""
        return BuildFolder.of(self.root, self.study)


@contextmanager
def fixed_settings(**more: str) -> Iterator[None]:
    """Set the environment variables that processes started meanwhile inherit, and more."""
    before = dict(os.environ)
    os.environ.update({**SETTINGS, **more})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def in_environment(environment: TaskEnvironment) -> Iterator[None]:
    """Let this process, and those that it starts meanwhile, find the folders of a task."""
    folders = {ROOT_VARIABLE: environment.root, BUILD_VARIABLE: environment.build.path.parent}
    with fixed_settings(**{name: str(folder) for name, folder in folders.items()}):
        yield


def use_scratch(folder: str) -> None:
    """Let this process, and those that it starts, write temporary files into a folder."""
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = folder


def end_with_parent(scratch: str = "") -> None:
    """End this process at once when its parent ends, even if that was killed.

    The parent's folder of temporary files is removed, if it is given.
    """
    threading.Thread(target=_watch_parent, args=(scratch,), daemon=True).start()


def _watch_parent(scratch: str) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
        os._exit(1)
