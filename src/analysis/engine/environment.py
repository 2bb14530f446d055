"""What work finds around it: folders, kernels, limits, and settings that no machine may change."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.study.root import ROOT_VARIABLE
from analysis.tables.build_folder import BUILD_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a kernel must not depend on is set here, whatever the machine says.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANGUAGE": "",
    "MPLBACKEND": "svg",
    "OPENBLAS_NUM_THREADS": "1",
    # A process with threads of its own cannot be forked safely.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}
HOUR = 3600

Kernels: TypeAlias = Literal["warm", "plain"]


@dataclass(frozen=True)
class Surroundings:
    """What work finds around it.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    build : Path
        The folder in which the steps of all studies leave what later steps read.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a process that has all imported, or started one by one.
    cell_seconds : int
        How long a cell may take.
    has_tables : bool
        Whether the tables of the study are there, which say what may be told of a failure; or else
        whoever sent the work has them, and tells.
    """

    root: Path
    build: Path
    kernels: Kernels = "warm"
    cell_seconds: int = HOUR
    has_tables: bool = True


@contextmanager
def settings_made(**more: str) -> Iterator[None]:
    """Make the settings that processes started meanwhile inherit from this one.

    Parameters
    ----------
    **more : str
        More variables of the environment.
    """
    before = dict(os.environ)
    os.environ.update({**SETTINGS, **more})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def in_surroundings(surroundings: Surroundings) -> Iterator[None]:
    """Let this process, and those that it starts meanwhile, find the folders of some work.

    Parameters
    ----------
    surroundings : Surroundings
        What the work finds around it.
    """
    folders = {ROOT_VARIABLE: surroundings.root, BUILD_VARIABLE: surroundings.build}
    with settings_made(**{name: str(folder) for name, folder in folders.items()}):
        yield
