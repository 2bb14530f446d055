"""Calls made in processes of this machine: each in one of its own, or in the one of the guards."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import forkserver
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from analysis.engine.environment import settings_made
from analysis.engine.parentage import end_with_parent, main_left_out
from analysis.engine.scratch import Scratch, scratch_settings, write_into
from analysis.engine.storage import storage_told
from analysis.errors import CompendiumError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

FORK_SERVER = "forkserver"
START_ANEW = "spawn"
# With the names of multiprocessing below it, as long as the path of a socket may be everywhere.
LONGEST_FOLDER = 70
LESS_AT_ONCE = "give it more memory; a build does less at once with --jobs 1"
PRELOADED = "analysis.engine.server_ground"
PRELOADED_WITHOUT_NOTEBOOKS = "analysis.engine.study_ground"

# Whether a call has returned, and what it has returned or raised.
Answer: TypeAlias = "tuple[bool, Any]"


def can_fork() -> bool:
    """Return whether there is a fork server to take processes from.

    Not every system has one; and it listens at a socket in the folder for what is written for a
    moment, whose path may be too long for that.
    """
    has_room = len(os.fsencode(tempfile.gettempdir())) <= LONGEST_FOLDER
    return has_room and FORK_SERVER in multiprocessing.get_all_start_methods()


class Processes:
    """Processes in which calls are made, from entering to leaving.

    Each call has a process of its own, forked from a server that has imported what it needs; where
    there is no fork, it is started anew. The guards share one process, since what they import
    takes seconds.

    Parameters
    ----------
    workers : int
        How many calls are made at once, the guards' not counted.
    run_notebooks : bool, optional
        Whether notebooks are run: what they need is imported then, and a kernel waits for them.
    """

    def __init__(self, workers: int, *, run_notebooks: bool = True) -> None:
        self._run_notebooks = run_notebooks
        self._calls = ThreadPoolExecutor(workers)
        self._guards = ThreadPoolExecutor(1)
        self._guard: _Served | None = None
        # One that waits for the next notebook, its kernel forked already.
        self._starter = ThreadPoolExecutor(1)
        self._ahead: Future[_Served] | None = None
        self._is_begun = False
        self._running: set[BaseProcess] = set()
        self._is_left = False
        self._one_at_a_time = threading.Lock()
        # What processes leave behind when they are killed goes with this folder.
        self._scratch = Scratch()

    @property
    def scratch(self) -> str:
        """The folder of what they write for a moment."""
        return str(self._scratch.path)

    def __enter__(self) -> Self:
        """Have the server import what calls need, without waiting for it."""
        if can_fork():
            preloaded = PRELOADED if self._run_notebooks else PRELOADED_WITHOUT_NOTEBOOKS
            multiprocessing.get_context(FORK_SERVER).set_forkserver_preload([preloaded])
            with main_left_out(), settings_made(**scratch_settings(self.scratch)):
                forkserver.ensure_running()
        return self

    def __exit__(self, *_: object) -> None:
        """End what still runs, and what is just beginning."""
        self._is_left = True
        every = (self._calls, self._guards, self._starter)
        for threads in every:
            threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._running):
            process.kill()
        for threads in every:
            threads.shutdown()
        self._leave_ahead()
        self._end_guard()
        self._scratch.clear()

    def submit(
        self, call: Callable[..., Any], *given: object, kernel: bool = False, is_last: bool = False
    ) -> Future[Any]:
        """Return what will have come of a call in a process of its own.

        Parameters
        ----------
        call : callable
            A function of a module.
        *given : object
            What it is called with.
        kernel : bool, optional
            Whether the process needs a warm kernel.
        is_last : bool, optional
            Whether no other call will need one, so that none waits for it.
        """
        self._start_ahead()
        if kernel and can_fork():
            start = partial(self._next_with_kernel, is_last=is_last)
        else:
            start = partial(self._start, _serve_one)
        return self._calls.submit(self._call, start, call, given)

    def submit_guard(self, call: Callable[..., Any], *given: object) -> Future[Any]:
        """Return what will have come of a call in the process of the guards.

        That process is started here and now: those that are forked wait for their server, and
        processes are started one after the other.
        """
        if self._guard is None:
            self._guard = _start_guard(self.scratch)
        self._start_ahead()
        return self._guards.submit(self._call_guard, call, given)

    def end_guards(self) -> None:
        """Let the process of the guards end, without waiting for it: no more of them will come."""
        self._guards.submit(self._end_guard)

    def _end_guard(self) -> None:
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.end()

    def _start_ahead(self) -> None:
        """Start the process that waits for the first notebook, as soon as it can be forked."""
        with self._one_at_a_time:
            if self._run_notebooks and not self._is_begun and can_fork():
                self._is_begun = True
                self._ahead = self._starter.submit(self._start, _serve_with_kernel)

    def _call(self, start: Callable[[], _Served], call: Callable[..., Any], given: Any) -> Any:  # noqa: ANN401
        served = start()
        try:
            return self._make_call(served, call, given)
        finally:
            served.process.join()

    def _start(self, serve: Callable[..., None]) -> _Served:
        return _Served(FORK_SERVER if can_fork() else START_ANEW, serve, self.scratch)

    def _next_with_kernel(self, *, is_last: bool) -> _Served:
        """Return the process that was started ahead, and start another one ahead."""
        with self._one_at_a_time:
            ahead, self._ahead = self._ahead, None
            if not self._is_left and not is_last:
                self._ahead = self._starter.submit(self._start, _serve_with_kernel)
        return ahead.result() if ahead is not None else self._start(_serve_with_kernel)

    def _leave_ahead(self) -> None:
        """End the process that was started ahead: nobody needs it any more."""
        ahead = self._ahead
        if ahead is not None and not ahead.cancelled() and ahead.exception() is None:
            process = ahead.result().process
            process.kill()
            process.join()

    def _call_guard(self, call: Callable[..., Any], given: Any) -> Any:  # noqa: ANN401
        guard = self._guard
        if guard is None or not guard.process.is_alive():
            guard = self._guard = _start_guard(self.scratch)
        return self._make_call(guard, call, given)

    def _make_call(self, served: _Served, call: Callable[..., Any], given: Any) -> Any:  # noqa: ANN401
        self._running.add(served.process)
        if self._is_left:
            served.process.kill()
        try:
            return served.call(call, given)
        finally:
            self._running.discard(served.process)


class _Served:
    """A process that makes the calls that it is sent."""

    def __init__(self, method: str, serve: Callable[..., None], scratch: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self._ours, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs, scratch))
        try:
            with main_left_out(), settings_made(**scratch_settings(scratch)):
                self.process.start()
        except (EOFError, ConnectionError):
            raise WorkerError(
                "No process of the build could be started.",
                offenders=["the server that they are forked from has ended"],
                remedy=LESS_AT_ONCE,
            ) from None
        theirs.close()

    def call(self, call: Callable[..., Any], given: object) -> Any:  # noqa: ANN401
        """Return what comes of a call; raise what it raises."""
        try:
            self._ours.send((call, given))
        except ConnectionError:
            raise _ended_by_itself(self.process) from None
        return _answer_from(self._ours, self.process)

    def end(self) -> None:
        """Let the process end: no more calls will come."""
        self._ours.close()
        self.process.join()


def _start_guard(scratch: str) -> _Served:
    return _Served(START_ANEW, _serve_many, scratch)


def can_fork_here() -> bool:
    """Return whether this process itself can be forked; elsewhere its libraries may not bear it."""
    return sys.platform == "linux"


@contextmanager
def forked(call: Callable[[], Any]) -> Iterator[Callable[[], Any]]:
    """Make a call in a fork of this process, which has all that this one has in memory.

    Parameters
    ----------
    call : callable
        What is called. It writes nothing, and no other thread of this process is at work.

    Yields
    ------
    callable
        Waits for what comes of the call, and returns or raises it. Without it, the fork ends with
        the block.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve_fork, args=(theirs, call))
    process.start()
    theirs.close()
    try:
        yield partial(_answer_from, ours, process)
    finally:
        process.kill()
        process.join()
        ours.close()


def _serve_fork(told: Connection, call: Callable[[], Any]) -> None:
    with suppress(PermissionError):
        os.setsid()
    end_with_parent()
    told.send(_answer(call, ()))


def _answer_from(told: Connection, process: BaseProcess) -> Any:  # noqa: ANN401
    """Return what a process tells of a call; raise what it raised."""
    try:
        has_returned, answer = told.recv()
    except (EOFError, ConnectionError):
        raise _ended_by_itself(process) from None
    if has_returned:
        return answer
    raise answer


def _ended_by_itself(process: BaseProcess) -> WorkerError:
    process.join()
    return WorkerError(
        "A process ended by itself.", offenders=[_ending(process.exitcode)], remedy=LESS_AT_ONCE
    )


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended with {code}"


def _begin(scratch: str) -> None:
    """Begin a session of this process's own, which no interrupt from a terminal reaches."""
    with suppress(PermissionError):
        os.setsid()
    write_into(scratch)
    end_with_parent(scratch)


def _serve_one(calls: Connection, scratch: str) -> None:
    """Make one call."""
    _begin(scratch)
    calls.send(_answer(*calls.recv()))


def _serve_with_kernel(calls: Connection, scratch: str) -> None:
    """Make one call that runs a notebook: its kernel is forked before this process has threads."""
    from analysis.engine.kernels import spare_kernel  # noqa: PLC0415 (in the server already)

    write_into(scratch)
    with spare_kernel(calls):
        _serve_one(calls, scratch)


def _serve_many(calls: Connection, scratch: str) -> None:
    """Make calls until no more can come."""
    _begin(scratch)
    with suppress(EOFError):
        while True:
            calls.send(_answer(*calls.recv()))
    # To take apart what the guards have imported takes seconds, too.
    atexit.register(os._exit, 0)


def _answer(call: Callable[..., Any], given: tuple[Any, ...]) -> Answer:
    try:
        with storage_told():
            return True, call(*given)
    except CompendiumError as error:
        return False, error
    except Exception as error:
        # With its traceback as text, which any process can take.
        return False, RuntimeError("".join(traceback.format_exception(error)))
