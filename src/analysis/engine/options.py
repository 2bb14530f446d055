"""The options of a build, its result, and its progress."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from analysis.errors import WorkerError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.environment import Kernels
    from analysis.publishing.claim_diff import ClaimChange

ADDRESS = re.compile(r"(tcp|tls|ucx|ws|wss)://(\[[0-9a-fA-F:]+\]|[^\s:/]+):\d{1,5}")


@dataclass(frozen=True)
class BuildOptions:
    """What to build, and how.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    reports : Path
        The folder of all releases.
    places : sequence of str
        Regions and continents to report on; all when empty.
    jobs : int
        How many notebooks run at once; 0 for one more than there are processors, as far as there
        is memory.
    kernels : {"warm", "plain"}
        Whether kernels are forked from a process that has imported their modules, or started.
    cell_seconds : int
        How long a cell may take.
    scheduler : str
        The address of a Dask scheduler whose workers run notebooks and render pages; ``""`` for
        processes of this machine.
    force : bool
        Whether all tasks run, up to date or not.

    Raises
    ------
    WorkerError
        When the address of the scheduler can't be one.
    """

    root: Path
    reports: Path
    places: Sequence[str] = ()
    jobs: int = 0
    kernels: Kernels = "warm"
    cell_seconds: int = 3600
    scheduler: str = ""
    force: bool = False

    @property
    def workers(self) -> int:
        """How many notebooks run at once: one waits for its messages while the others compute."""
        return self.jobs or _processors() + 1

    @property
    def scratch(self) -> Path:
        """The folder of temporary files; its path is short, for sockets."""
        return self.root / "build" / ".tmp"

    def __post_init__(self) -> None:
        """Refuse a scheduler's address that can't be one."""
        if self.scheduler and not ADDRESS.fullmatch(self.scheduler):
            raise WorkerError(
                "This is not the address of a scheduler.",
                offenders=[f"--scheduler {self.scheduler}"],
                expected="tcp://host:port, or tls://host:port and certificates in Dask's settings",
                remedy="correct the address, as docs/scale.md shows; nothing was changed",
            )


def _processors() -> int:
    """Return how many processors this process may use: not always all of the machine's."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class BuildResult:
    """The result of a build.

    Parameters
    ----------
    study : str
        The study.
    done : tuple of str
        The tasks that were out of date, in the order in which they ended.
    changes : tuple of ClaimChange or None
        The claims that changed since the last release; None where there is none to compare with.
    """

    study: str
    done: tuple[str, ...] = ()
    changes: tuple[ClaimChange, ...] | None = None

    @property
    def was_up_to_date(self) -> bool:
        """Whether no task was out of date."""
        return not self.done


class Progress(Protocol):
    """Shows the progress of a build."""

    def start(self, study: str, tasks: int) -> None:
        """Show that a study is built, and how many notebooks it has."""
        ...

    def message(self, text: str) -> None:
        """Show the current step."""
        ...

    def advance(self, name: str, *, has_run: bool) -> None:
        """Show that a notebook is up to date, and whether it has run."""
        ...

    def end(self) -> None:
        """Show that the study is built."""
        ...


class Silent:
    """Shows nothing."""

    def start(self, study: str, tasks: int) -> None:
        """Show nothing."""

    def message(self, text: str) -> None:
        """Show nothing."""

    def advance(self, name: str, *, has_run: bool) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Show nothing."""
