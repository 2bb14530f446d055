"""Reading files in a process of its own, with limits on its processor time and memory."""

from __future__ import annotations

import logging
import multiprocessing
import resource
import signal
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

from analysis.errors import CompendiumError, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from analysis.intake.limits import ReceivedFile

MOST_SECONDS = 10
MOST_MEMORY = 2 * 1024**3
# A machine under load gives a process little of its time.
MOST_WAIT = 12 * MOST_SECONDS


Result = TypeVar("Result")


class Sandbox:
    """A process in which files are read one after the other; a context manager.

    It starts with the first file. A file may take 10 seconds of a processor, and 2 GB of memory.
    One that takes more, or at which a library fails in a way of its own, is refused; the next one
    has a new process where that is needed.

    Examples
    --------
    Functions that read are those of a module, so that another process finds them::

        with Sandbox() as sandbox:
            submissions = sandbox.read(read_submissions, receive(path))
    """

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, reader: Callable[[ReceivedFile], Result], file: ReceivedFile) -> Result:
        """Return what a reader returns for a file.

        Parameters
        ----------
        reader : callable
            A function of a module that takes the file; what it returns can be pickled.
        file : ReceivedFile
            The file.

        Raises
        ------
        SourceError
            When reading takes too long or too much memory, or a library fails at the file.
        CompendiumError
            Whatever the reader raises.
        """
        process, connection = self._started()
        try:
            connection.send((reader, file))
            if connection.poll(MOST_WAIT):
                answer: Result | CompendiumError = connection.recv()
            else:
                self._end()
                answer = _too_long(file.name)
        except (EOFError, OSError):
            process.join()
            is_slow = process.exitcode == -signal.SIGXCPU
            self._end()
            answer = _too_long(file.name) if is_slow else _failed(file.name, "MemoryError")
        if isinstance(answer, CompendiumError):
            raise answer
        return answer

    def _started(self) -> tuple[BaseProcess, Connection]:
        if self._process is None or self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._process, self._connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """Read files until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    with suppress(ValueError, OSError):  # some systems lack this limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Libraries complain of damaged files with words from them.
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.simplefilter("ignore")
    with suppress(EOFError, OSError):
        while True:
            reader, file = connection.recv()
            limit_processor()
            connection.send(_answer(reader, file))


def limit_processor() -> None:
    """Limit this process to so many more seconds of a processor, within any limit it has."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + MOST_SECONDS + 1
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    allowed = until if most == resource.RLIM_INFINITY else min(until, most)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))


def _answer(reader: Callable[[ReceivedFile], Any], file: ReceivedFile) -> Any:  # noqa: ANN401
    try:
        return reader(file)
    except CompendiumError as error:
        return error
    except (Exception, RecursionError, MemoryError) as error:
        # Libraries fail at damaged files in ways that none of them lists.
        return _failed(file.name, type(error).__name__)


def _too_long(name: str) -> SourceError:
    return SourceError(
        f"{name} takes too long to read.",
        expected=f"a file that is read within {MOST_SECONDS} seconds",
        remedy="save it again in another program, or split it",
    )


def _failed(name: str, error: str) -> SourceError:
    return SourceError(
        f"{name} cannot be read: it is damaged, or made in an unusual way ({error}).",
        expected="a file that its own program opens",
        remedy="open it in the program that wrote it, and save it again",
    )
