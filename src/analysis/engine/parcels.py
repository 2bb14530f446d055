"""Parcels: work that goes to another machine with all that it reads, and how it is done there."""

from __future__ import annotations

import multiprocessing
import os
import re
import sys
import tempfile
from copy import copy
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.engine.digests import digest_text
from analysis.engine.environment import Surroundings
from analysis.engine.executors import Processes
from analysis.engine.reach import SOURCES, source_files
from analysis.engine.sent_files import Files, collect_files, write_files
from analysis.engine.steps import do_work
from analysis.engine.storage import storage_told
from analysis.errors import CompendiumError, StorageError, WorkerError

if TYPE_CHECKING:
    from analysis.engine.task import Work

DISTRIBUTION = "focus-group-compendium"
BUILD = "build"
MOST_AT_ONCE = 64
ALIKE = "the same versions of the compendium, its libraries and Python everywhere"
ANOTHER_PROGRAM = "install this version at the scheduler and at every worker, and start them anew"


@dataclass(frozen=True)
class Parcel:
    """Work with all that it reads.

    Parameters
    ----------
    work : Work
        What is done.
    study : str
        The study.
    surroundings : Surroundings
        What it would find around it here; the worker has folders of its own.
    files : dict of str to bytes
        What it reads, by path below the root.
    code : str
        The SHA-256 of the program that sends it.
    """

    work: Work
    study: str
    surroundings: Surroundings
    files: Files
    code: str


def do_parcel(parcel: Parcel) -> tuple[CompendiumError | None, Files]:
    """Do work at a worker, and return why it was refused, if it was, with what it left.

    Parameters
    ----------
    parcel : Parcel
        The work, with all that it reads.
    """
    try:
        _require_alike(parcel.code)
        with storage_told():
            return _do_in_folder(parcel)
    except WorkerError as error:
        return error, {}
    except StorageError as error:
        return _of_this_worker(error), {}
    except OSError as error:
        return _cannot_work(error), {}


def _do_in_folder(parcel: Parcel) -> tuple[CompendiumError | None, Files]:
    # What a worker that is killed leaves behind goes with its processes.
    with tempfile.TemporaryDirectory(prefix="work-", dir=_processes().scratch) as folder:
        root = Path(folder)
        write_files(parcel.files, root)
        here = parcel.surroundings
        there = Surroundings(root, root / BUILD, here.kernels, here.cell_seconds, has_tables=False)
        warm = parcel.work.kind == "notebook" and there.kernels == "warm"
        try:
            _processes().submit(do_work, there, parcel.study, parcel.work, kernel=warm).result()
        except StorageError:
            raise
        except CompendiumError as error:
            return error, collect_files(root, [f"{BUILD}/{parcel.study}/failed"])
        return None, collect_files(root, parcel.work.leaves)


def get_ready() -> None:
    """Have the processes of this worker begun, and its program known, before work comes.

    Raises
    ------
    WorkerError
        When it may not start processes.
    """
    _require_alike(code_digest())
    # There is an answer as soon as the server has imported what work needs.
    _processes().submit(os.getpid).result()


@cache
def _processes() -> Processes:
    """Return the processes of this worker, which it keeps as long as it is there."""
    return Processes(MOST_AT_ONCE).__enter__()


@cache
def code_digest() -> str:
    """Return one SHA-256 for the program, and the versions of Python and of what it rests on."""
    told = [str(sys.version_info[:2]), *_libraries()]
    told += [f"{path.relative_to(SOURCES)} {path.read_bytes()!r}" for path in source_files()]
    return digest_text("\n".join(told))


def _libraries() -> list[str]:
    """Name each library that the program asks for, with its version here."""
    asked = (each for each in requires(DISTRIBUTION) or () if "extra ==" not in each)
    names = {re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in asked}
    return [f"{name} {version(name)}" for name in sorted(names)]


def _require_alike(code: str) -> None:
    """Refuse to work with another program than the one that sends the work."""
    if code != code_digest():
        raise WorkerError(
            "A worker runs another program than this one.",
            offenders=[_this_worker()],
            expected=ALIKE,
            remedy=ANOTHER_PROGRAM,
        )
    if multiprocessing.current_process().daemon:
        raise WorkerError(
            "A worker may not start processes, which notebooks need.",
            offenders=[_this_worker()],
            remedy="start workers with DASK_DISTRIBUTED__WORKER__DAEMON=False, or with --no-nanny",
        )


def _of_this_worker(error: StorageError) -> StorageError:
    """Return what is wrong with storage, told of this worker."""
    told = copy(error)
    told.offenders = tuple(f"{_this_worker()}: {each}" for each in error.offenders)
    return told


def _cannot_work(error: OSError) -> WorkerError:
    return WorkerError(
        "A worker cannot do the work that it is given.",
        offenders=[f"{_this_worker()}: {error}"],
        expected="a folder for what is written for a moment, with room, and processes to start",
        remedy="look at its machine, and build again: what was finished counts",
    )


def _this_worker() -> str:
    from distributed import get_worker  # noqa: PLC0415 (an extra)

    return str(get_worker().address)
