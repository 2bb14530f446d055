"""Run tasks in processes of this machine: each in its own, or in the one that checks tables."""

from __future__ import annotations

import multiprocessing
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import threading
import traceback
import zlib
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from analysis.engine.environment import (
    SCRATCH_VARIABLE,
    end_with_parent,
    fixed_settings,
    use_scratch,
)
from analysis.engine.failures import storage_errors
from analysis.engine.steps import run_task
from analysis.errors import CompendiumError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from analysis.engine.environment import TaskEnvironment
    from analysis.engine.task import Task

FORK_SERVER = "forkserver"
SPAWN = "spawn"
# Names of multiprocessing follow it, and the path of a socket may have about 100 characters.
LONGEST_FOLDER = 70
PRELOADED = "analysis.engine.preload"
LESS_AT_ONCE = "give it more memory, or run fewer tasks at once: compendium build --jobs 1"
POLL_SECONDS = 0.02
IN_CHECKING_PROCESS = ("partition", "check")

# multiprocessing keeps its list of processes for one thread alone.
_one_at_a_time = threading.Lock()


def can_fork() -> bool:
    """Return whether there is a fork server to take processes from.

    Not every system has one; and it listens at a socket in the folder for temporary files, whose
    path may be too long for that.
    """
    has_room = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    return has_room and FORK_SERVER in multiprocessing.get_all_start_methods()


class Processes:
    """Processes in which functions are called, from entering to leaving.

    Each call has a process of its own, forked from a server that has imported what tasks need. If
    the system can't fork, it is started from scratch. Calls to `submit_check` share one process,
    since importing Great Expectations takes seconds.

    Parameters
    ----------
    workers : int
        How many calls run at once, besides the checks.
    scratch : str
        A folder for their temporary files, from `create_scratch`; it is removed on leaving.
    """

    def __init__(self, workers: int, scratch: str) -> None:
        self._calls = ThreadPoolExecutor(workers)
        self._checks = ThreadPoolExecutor(1)
        self._checking: _Process | None = None
        self._running: set[BaseProcess] = set()
        self._awaited: set[Future[Any]] = set()
        self._is_left = False
        self.scratch = scratch

    def __enter__(self) -> Self:
        """Start the server, which imports the modules of tasks; don't wait for it."""
        if can_fork():
            multiprocessing.get_context(FORK_SERVER).set_forkserver_preload([PRELOADED])
            with _starting(**_folders_in(self.scratch), **{SCRATCH_VARIABLE: self.scratch}):
                forkserver.ensure_running()
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the processes that still run."""
        self._is_left = True
        for threads in (self._calls, self._checks):
            threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._running):
            process.kill()
        for threads in (self._calls, self._checks):
            threads.shutdown()
        if self._checking is not None:
            self._checking.end()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def submit(
        self, function: Callable[..., Any], *given: object, kernel: bool = False
    ) -> Future[Any]:
        """Return the future result of a call in a process of its own.

        Parameters
        ----------
        kernel : bool, optional
            Whether the process needs a warm kernel.
        """
        serve = _serve_with_kernel if kernel and can_fork() else _serve_once
        return self._await(self._calls.submit(self._call_in_new, serve, function, given))

    def submit_check(self, function: Callable[..., Any], *given: object) -> Future[Any]:
        """Return the future result of a call in the process that all checks share.

        That process is started here and now: it imports what it needs while the fork server does.
        """
        if self._checking is None:
            self._checking = self._start_checking()
        return self._await(self._checks.submit(self._call_in_checking, function, given))

    def kill_running(self) -> None:
        """Kill the calls that still run, and wait until they have ended; others may follow."""
        while self._awaited:
            for process in list(self._running):
                process.kill()
            wait(list(self._awaited), timeout=POLL_SECONDS)

    def _await(self, call: Future[Any]) -> Future[Any]:
        self._awaited.add(call)
        call.add_done_callback(self._awaited.discard)
        return call

    def _start_checking(self) -> _Process:
        return _Process(SPAWN, _serve_until_closed, self.scratch)

    def _call_in_new(
        self, serve: Callable[..., None], function: Callable[..., Any], given: tuple[Any, ...]
    ) -> Any:  # noqa: ANN401
        process = _Process(FORK_SERVER if can_fork() else SPAWN, serve, self.scratch)
        try:
            return self._call(process, function, given)
        finally:
            process.process.join()

    def _call_in_checking(self, function: Callable[..., Any], given: tuple[Any, ...]) -> Any:  # noqa: ANN401
        checking = self._checking
        if checking is None or not checking.process.is_alive():
            checking = self._checking = self._start_checking()
        return self._call(checking, function, given)

    def _call(self, process: _Process, function: Callable[..., Any], given: tuple[Any, ...]) -> Any:  # noqa: ANN401
        self._running.add(process.process)
        if self._is_left:
            process.process.kill()
        try:
            return process.call(function, given)
        finally:
            self._running.discard(process.process)


class LocalExecutor:
    """Runs the tasks of a study in processes of this machine.

    Parameters
    ----------
    processes : Processes
        The processes.
    environment : TaskEnvironment
        The environment of all tasks.
    workers : int
        How many notebooks and pages run at once, at most.
    """

    def __init__(self, processes: Processes, environment: TaskEnvironment, workers: int) -> None:
        self._processes = processes
        self.environment = environment
        self._checks: list[Future[Any]] = []
        self.most = workers

    @property
    def workers(self) -> int:
        """How many notebooks and pages run at once: one less during checks, which reports await."""
        is_checking = not all(check.done() for check in self._checks)
        return max(1, self.most - is_checking)

    def submit(self, task: Task) -> Future[Any]:
        """Return the future end of a task."""
        given = (run_task, self.environment, task)
        if task.kind in IN_CHECKING_PROCESS:
            self._checks.append(self._processes.submit_check(*given))
            return self._checks[-1]
        is_warm = task.kind == "notebook" and self.environment.kernels == "warm"
        return self._processes.submit(*given, kernel=is_warm)

    def call(self, function: Callable[..., Any], *given: object) -> Any:  # noqa: ANN401
        """Call a function about the study in a process of its own, and return its result."""
        return self._processes.submit(function, self.environment, *given).result()


@contextmanager
def scratch_folder(folder: Path | None = None) -> Iterator[Path]:
    """Give a new folder for temporary files, as `create_scratch` does, and remove it."""
    scratch = create_scratch(folder)
    try:
        yield Path(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def create_scratch(folder: Path | None = None) -> str:
    """Return a new folder for temporary files; those of processes that were killed are removed.

    Parameters
    ----------
    folder : Path, optional
        The folder that it is created in; that of the system for temporary files, if not given.
    """
    prefix = "" if folder else "compendium-"
    folder = folder or Path(tempfile.gettempdir())
    # Other machines may share the folder, and their processes are not known here.
    machine = f"{prefix}{zlib.crc32(socket.gethostname().encode()) & 0xFFFF:04x}-"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob(f"{machine}*"):
        process = re.fullmatch(r"(\d+)-\w{8}", path.name.removeprefix(machine))
        if process and not _is_running(int(process[1])):
            shutil.rmtree(path, ignore_errors=True)
    # The name is short, for the paths of sockets.
    return tempfile.mkdtemp(prefix=f"{machine}{os.getpid()}-", dir=folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


class _Process:
    """A process that makes the calls that it is sent."""

    def __init__(self, method: str, serve: Callable[..., None], scratch: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self._ours, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs, scratch))
        try:
            with _starting(**_folders_in(scratch)):
                self.process.start()
        except (EOFError, ConnectionError):
            raise WorkerError(
                "A process of the build could not be started.",
                offenders=["the server that processes are forked from has ended"],
                remedy=LESS_AT_ONCE,
            ) from None
        theirs.close()

    def call(self, function: Callable[..., Any], given: tuple[Any, ...]) -> Any:  # noqa: ANN401
        """Return the result of a call, or raise its error."""
        try:
            self._ours.send((function, given))
            has_returned, result = self._ours.recv()
        except (EOFError, ConnectionError):
            self.process.join()
            raise WorkerError(
                "A process ended by itself.",
                offenders=[_describe_end(self.process.exitcode)],
                remedy=LESS_AT_ONCE,
            ) from None
        if has_returned:
            return result
        raise result

    def end(self) -> None:
        """Let the process end, and wait until it has."""
        self._ours.close()
        self.process.join()


def _folders_in(scratch: str) -> dict[str, str]:
    """Return variables for temporary files, and for a home where the user's can't be written."""
    home = os.path.expanduser("~")  # noqa: PTH111 (never fails)
    try:
        with tempfile.TemporaryFile(dir=home):
            return {"TMPDIR": scratch}
    except OSError:
        # Libraries keep settings and caches there, and complain where they can't.
        return {"TMPDIR": scratch, "HOME": scratch}


@contextmanager
def _starting(**variables: str) -> Iterator[None]:
    """Let processes started meanwhile have fixed settings, and neither Ctrl-C nor our main module.

    They would import the main module again. Ctrl-C reaches all processes of a terminal: this one
    ends the others.
    """
    with _one_at_a_time, fixed_settings(**variables):
        # It lets signals through again when it is started, with the first process.
        resource_tracker.ensure_running()
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            sys.modules["__main__"] = main


def _describe_end(code: int | None) -> str:
    if code is not None and code < 0:
        return f"it was killed by {signal.Signals(-code).name}"
    return f"it ended with exit code {code}"


def _serve_once(calls: Connection, scratch: str) -> None:
    _start_session(scratch)
    calls.send(_result_of(*calls.recv()))


def _serve_with_kernel(calls: Connection, scratch: str) -> None:
    """Make one call that runs a notebook: its kernel is forked before this process has threads."""
    from analysis.engine.kernels import spare_kernel  # noqa: PLC0415 (heavy; in the server already)

    use_scratch(scratch)
    with spare_kernel(calls):
        _serve_once(calls, scratch)


def _serve_until_closed(calls: Connection, scratch: str) -> None:
    _start_session(scratch)
    with suppress(EOFError):
        while True:
            calls.send(_result_of(*calls.recv()))
    # Cleaning up what Great Expectations has imported would take seconds.
    os._exit(0)


def _start_session(scratch: str) -> None:
    """Start a session of this process's own, which no interrupt from a terminal reaches."""
    with suppress(PermissionError):
        os.setsid()
    use_scratch(scratch)
    end_with_parent(scratch)


def _result_of(function: Callable[..., Any], given: tuple[Any, ...]) -> tuple[bool, Any]:
    """Return whether a call has returned, and its result or error."""
    try:
        with storage_errors():
            return True, function(*given)
    except CompendiumError as error:
        return False, error
    except Exception as error:
        # With its traceback as text, which any process can read.
        return False, RuntimeError("".join(traceback.format_exception(error)))
