"""Running a command, and measuring what it and all that it starts take."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.sampling import Sampler, descendants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
SECONDS_TO_END = 30.0
POLL_SECONDS = 0.01


@dataclass(frozen=True)
class Command:
    """A command, where it runs, and the variables that it sees.

    Parameters
    ----------
    words : sequence of str
        The program and its arguments.
    folder : Path
        The folder that it runs in.
    variables : mapping of str to str
        All environment variables.
    """

    words: Sequence[str]
    folder: Path
    variables: Mapping[str, str]

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        """Return the started process; what it prints goes to a file."""
        with log.open("wb") as printed:
            return subprocess.Popen(  # noqa: S603 (commands of our own)
                self.words,
                cwd=self.folder,
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )


@dataclass(frozen=True)
class Measure:
    """What one run took.

    Parameters
    ----------
    seconds : float
        From its start to its end.
    cpu : float
        Processor seconds of all its processes.
    peak : int
        The most memory that all its processes held at once, in bytes; 0 where none was sampled.
    """

    seconds: float
    cpu: float
    peak: int = 0


class RunError(Exception):
    """Raised when a measured command fails: a figure of it would mean nothing."""


def adopt_orphans() -> None:
    """Adopt processes that outlive their parent, so that they are counted too.

    The processes that start fork servers and kernels don't wait for them.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def measure(command: Command, log: Path, *, sampled: bool = False) -> Measure:
    """Return what one run of a command takes.

    Parameters
    ----------
    command : Command
        What to run.
    log : Path
        The file for what it prints.
    sampled : bool, optional
        Whether memory is sampled: this takes processor time itself, so such a run is not timed.

    Raises
    ------
    RunError
        When it fails, with the last lines that it printed.
    """
    before = _used()
    start = time.perf_counter()
    process = command.start(log)
    with Sampler(enabled=sampled) as sampler:
        code = process.wait()
    seconds = time.perf_counter() - start
    reap_all()
    if code:
        raise RunError(f"{' '.join(command.words)} exited with {code}\n{last_lines(log)}")
    return Measure(seconds, _used() - before, sampler.peak)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reap_all(seconds: float = SECONDS_TO_END) -> list[int]:
    """Wait until all children have ended; return those that had to be killed after some seconds."""
    deadline = time.monotonic() + seconds
    killed: list[int] = []
    with suppress(ChildProcessError):
        while True:
            if os.waitpid(-1, os.WNOHANG)[0]:
                continue
            if time.monotonic() > deadline:
                left = [pid for pid in descendants(os.getpid()) if pid not in killed]
                for pid in left:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                killed += left
            time.sleep(POLL_SECONDS)
    return killed


def last_lines(log: Path, count: int = 20) -> str:
    """Return the last lines that a command printed."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
