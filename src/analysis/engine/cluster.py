"""Run notebooks and render pages on a Dask cluster, which shares no files with this machine.

A task is sent with all files that it reads, and the files that it writes come back. To have a
worker ready when it joins, start it with ``dask worker --preload analysis.engine.cluster``.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import re
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from analysis.engine.executors import IN_CHECKING_PROCESS, Processes, create_scratch
from analysis.engine.failures import storage_errors
from analysis.engine.program_code import SOURCES, source_files
from analysis.engine.steps import remove_written, run_task
from analysis.errors import CompendiumError, StorageError, WorkerError
from analysis.publishing.manifest import LOCK
from analysis.study.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future

    from analysis.engine.environment import TaskEnvironment
    from analysis.engine.executors import LocalExecutor
    from analysis.engine.task import Task

DISTRIBUTION = "focus-group-compendium"
PATIENCE_SECONDS = 30
# Tasks sent for each thread of a worker, so that none waits for its next task.
SENT_AHEAD = 2
MOST_SENT = 1_024
MOST_AT_ONCE = 64
ASKED_AGAIN_SECONDS = 1
SAME_VERSIONS = "the same versions of the compendium, its libraries and Python everywhere"
INSTALL_AGAIN = "install this version at the scheduler and at every worker, and restart them"

Files = dict[str, bytes]


def connect(address: str) -> Any:  # noqa: ANN401 (an untyped library)
    """Return a client of a Dask scheduler.

    Parameters
    ----------
    address : str
        The address of the scheduler: ``tcp://host:port``.

    Raises
    ------
    WorkerError
        When Dask is not installed, or no scheduler with a worker answers at the address.
    """
    try:
        from distributed import Client  # noqa: PLC0415 (an extra, and heavy)
    except ModuleNotFoundError:
        raise WorkerError(
            "The libraries that use a cluster are not installed.",
            offenders=["distributed"],
            remedy="sh locks/install cluster .venv (see docs/scale.md)",
        ) from None
    try:
        with ExitStack() as refused:
            client = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False)
            refused.callback(client.close)
            client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
            refused.pop_all()
            return client
    except (ValueError, TypeError) as error:
        raise WorkerError(
            "This is not the address of a scheduler that can be used.",
            offenders=[f"{address}: {error}"],
            expected="tcp://host:port, or tls://host:port and certificates in Dask's settings",
            remedy="correct the address, as docs/scale.md shows",
        ) from None
    except (OSError, TimeoutError):
        raise WorkerError(
            "No cluster answers there.",
            offenders=[address],
            expected="a Dask scheduler with a worker",
            remedy="start them first, as docs/scale.md shows, or correct the address",
        ) from None


class ClusterExecutor:
    """Runs notebooks and renders pages on a Dask cluster, and all else here.

    Dask itself gives the task of a worker that is lost to another one.

    Parameters
    ----------
    address : str
        The address of the scheduler.
    client : distributed.Client
        A client of it, from `connect`; it is closed on leaving.
    local : LocalExecutor
        Partitions and checks tables.
    """

    def __init__(self, address: str, client: Any, local: LocalExecutor) -> None:  # noqa: ANN401
        self._address = address
        self._client = client
        self._local = local
        self._threads = ThreadPoolExecutor(MOST_SENT)
        self._cores = 1
        self._asked_at = -math.inf

    def __enter__(self) -> Self:
        """Send tasks from here on."""
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect; the results of tasks that still run are not needed."""
        self._client.close()
        self._threads.shutdown(cancel_futures=True)

    @property
    def workers(self) -> int:
        """How many tasks are sent at once; workers come and go meanwhile."""
        if time.monotonic() > self._asked_at + ASKED_AGAIN_SECONDS:
            # If the scheduler is lost, the tasks that were sent to it report that.
            with suppress(OSError, WorkerError):
                self._cores = sum(self._threads_of_workers().values())
            self._asked_at = time.monotonic()
        return min(SENT_AHEAD * max(self._cores, 1), MOST_SENT)

    def submit(self, task: Task) -> Future[Any]:
        """Return the future end of a task."""
        if task.kind in IN_CHECKING_PROCESS:
            return self._local.submit(task)
        return self._threads.submit(self._run, task)

    def _run(self, task: Task) -> None:
        environment = self._local.environment
        root = environment.root
        names = (*task.reads, *task.uses, f"notebooks/{task.notebook}.ipynb", LOCK)
        sent = SentTask(task, environment, read_files(root, names), program_digest())
        error, written = self._result(sent)
        remove_written(root, task)
        environment.build.failed(task.name).unlink(missing_ok=True)
        if error is not None:
            error, written = _hide_withheld(sent, error, written)
            write_files(written, root, for_owner_alone=True)
            raise error
        write_files(written, root)

    def _result(self, sent: SentTask) -> tuple[CompendiumError | None, Files]:
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 (an extra)
        from distributed.client import ClosedClientError  # noqa: PLC0415

        key = f"{sent.environment.study} {sent.task.name} {uuid.uuid4()}"
        try:
            result: Any = self._wait(self._client.submit(run_sent, sent, key=key, pure=False))
        except KilledWorker:
            raise WorkerError(
                f"{sent.task.name} ended every worker that it was given to.",
                remedy="give workers more memory, or look at their logs",
            ) from None
        except (CancelledError, ClosedClientError, OSError):
            raise self._lost() from None
        except (ImportError, AttributeError, RuntimeError) as unread:
            # A worker without this program, or with another version, can't unpickle the task.
            if isinstance(unread, RuntimeError) and "deserializ" not in str(unread):
                raise
            reason = str(unread).strip().partition("\n")[0]
            raise WorkerError(
                "The cluster cannot read the tasks that it is sent.",
                offenders=[f"{self._address}: {type(unread).__name__}: {reason}"],
                expected=SAME_VERSIONS,
                remedy=INSTALL_AGAIN,
            ) from None
        error, written = result
        return error, written

    def _wait(self, future: Any) -> Any:  # noqa: ANN401 (an untyped library)
        """Return the result of a task, unless no worker is left."""
        is_deserted = False
        while True:
            try:
                return future.result(timeout=PATIENCE_SECONDS)
            except TimeoutError:
                if future.done():
                    raise
                was_deserted, is_deserted = is_deserted, not self._threads_of_workers()
            # Workers that a site restarts may take a while.
            if was_deserted and is_deserted:
                raise WorkerError(
                    "No worker is left.",
                    offenders=[self._address],
                    remedy="start workers again, and build again: finished tasks count",
                )

    def _threads_of_workers(self) -> dict[str, int]:
        try:
            threads: dict[str, int] = self._client.nthreads()
        except AttributeError:
            # A client that could not reconnect has no scheduler to ask.
            raise self._lost() from None
        return threads

    def _lost(self) -> WorkerError:
        return WorkerError(
            "The cluster was lost.",
            offenders=[self._address],
            remedy="start it, and build again",
        )


def _hide_withheld(
    sent: SentTask, error: CompendiumError, written: Files
) -> tuple[CompendiumError, Files]:
    """Return a worker's error and failed notebook, without words that no report may show."""
    from analysis.engine.withheld_output import WithheldOutput  # noqa: PLC0415 (after failures)
    from analysis.publishing.notebook_files import (  # noqa: PLC0415
        notebook_of_text,
        text_of_notebook,
    )

    root = sent.environment.root
    notebook = root / "notebooks" / f"{sent.task.notebook}.ipynb"
    withheld = WithheldOutput(root / "data" / sent.environment.study, notebook)
    return withheld.repeat_deferred(error), {
        name: text_of_notebook(withheld.clear(notebook_of_text(content.decode()))).encode()
        for name, content in written.items()
    }


def read_files(root: Path, names: Iterable[str]) -> Files:
    """Return the content of files, and of all files in folders; what is absent is left out."""
    paths = [root / name for name in names]
    files = [path for path in paths if path.is_file()]
    files += [each for path in paths if path.is_dir() for each in path.rglob("*") if each.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def write_files(files: Files, root: Path, *, for_owner_alone: bool = False) -> None:
    """Write files below a root; only their owner may read those that are new, if so wanted."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600 if for_owner_alone else 0o666)
        path.write_bytes(content)


# What follows runs at a worker.


@dataclass(frozen=True)
class SentTask:
    """A task with all the files that it reads.

    Parameters
    ----------
    task : Task
        The task.
    environment : TaskEnvironment
        Its environment on the machine that sends it; the worker has a root of its own.
    files : dict of str to bytes
        The files that it reads, by path relative to the root.
    program : str
        The SHA-256 of the program that sends it.
    """

    task: Task
    environment: TaskEnvironment
    files: Files
    program: str


def run_sent(sent: SentTask) -> tuple[CompendiumError | None, Files]:
    """Run a task at a worker, and return its error, if any, with the files that it wrote."""
    try:
        _require_worker(sent.program)
        with storage_errors():
            return _run_in_folder(sent)
    except WorkerError as error:
        return error, {}
    except StorageError as error:
        offenders = [f"{_worker_address()}: {each}" for each in error.offenders]
        return error.with_offenders(offenders), {}
    except OSError as error:
        return WorkerError(
            "A worker cannot run the task that it is given.",
            offenders=[f"{_worker_address()}: {error}"],
            expected="a folder for temporary files, with room, and the right to start processes",
            remedy="look at its machine, and build again: finished tasks count",
        ), {}


def _run_in_folder(sent: SentTask) -> tuple[CompendiumError | None, Files]:
    with tempfile.TemporaryDirectory(prefix="task-", dir=_processes().scratch) as folder:
        root = Path(folder)
        write_files(sent.files, root)
        there = replace(sent.environment, root=root, has_tables=False)
        warm = sent.task.kind == "notebook" and there.kernels == "warm"
        try:
            _processes().submit(run_task, there, sent.task, kernel=warm).result()
        except StorageError:
            raise
        except CompendiumError as error:
            failed = there.build.failed(sent.task.name).relative_to(root)
            return error, read_files(root, [failed.as_posix()])
        return None, read_files(root, sent.task.writes)


async def dask_setup(_: object) -> None:
    """Get a worker ready before it joins its scheduler, which ``--preload`` calls."""
    await asyncio.to_thread(_get_ready)


def _get_ready() -> None:
    """Start the processes of this worker, and know its program.

    Raises
    ------
    WorkerError
        When it may not start processes.
    """
    _require_worker(program_digest())
    # The result is there as soon as the fork server has imported what tasks need.
    _processes().submit(os.getpid).result()


@cache
def _processes() -> Processes:
    """Return the processes of this worker, which it keeps until it ends."""
    return Processes(MOST_AT_ONCE, create_scratch()).__enter__()


@cache
def program_digest() -> str:
    """Return one SHA-256 of the program, and of the versions of Python and its libraries."""
    required = (each for each in requires(DISTRIBUTION) or () if "extra ==" not in each)
    names = {re.split(r"[^\w.-]", each, maxsplit=1)[0] for each in required}
    lines = [str(sys.version_info[:2]), *(f"{name} {version(name)}" for name in sorted(names))]
    lines += [f"{path.relative_to(SOURCES)} {path.read_bytes()!r}" for path in source_files()]
    return digest_text("\n".join(lines))


def _require_worker(program: str) -> None:
    """Refuse a worker with another program than the sender's, or without the right to fork."""
    if program != program_digest():
        raise WorkerError(
            "A worker runs another version of this program.",
            offenders=[_worker_address()],
            expected=SAME_VERSIONS,
            remedy=INSTALL_AGAIN,
        )
    if multiprocessing.current_process().daemon:
        raise WorkerError(
            "A worker may not start processes, which notebooks need.",
            offenders=[_worker_address()],
            remedy="start workers with DASK_DISTRIBUTED__WORKER__DAEMON=False, or with --no-nanny",
        )


def _worker_address() -> str:
    from distributed import get_worker  # noqa: PLC0415 (an extra)

    return str(get_worker().address)
