"""The memory that a process and all that it started hold together, sampled from /proc."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PROC = Path("/proc")
INTERVAL_SECONDS = 0.05
KIBIBYTE = 1024


def parents() -> dict[int, int]:
    """Return the parent of each process."""
    found: dict[int, int] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                found[int(folder.name)] = parent_in((folder / "stat").read_text())
    return found


def parent_in(stat: str) -> int:
    """Return the parent from the text of ``/proc/PID/stat``; the name in it may hold anything."""
    return int(stat.rpartition(")")[2].split()[1])


def descendants(ancestor: int, of: Mapping[int, int] | None = None) -> list[int]:
    """Return what a process started, and what that started in turn.

    Parameters
    ----------
    ancestor : int
        The process.
    of : mapping of int to int, optional
        The parent of each process; as they are now by default.
    """
    children: dict[int, list[int]] = {}
    for process, parent in (parents() if of is None else of).items():
        children.setdefault(parent, []).append(process)
    found = list(children.get(ancestor, []))
    for process in found:
        found += children.get(process, [])
    return found


def proportional_set_size(processes: Iterable[int]) -> int:
    """Return the bytes that processes hold; what some share is shared out among them."""
    total = 0
    for process in processes:
        # One that has ended meanwhile holds nothing.
        with suppress(OSError):
            total += size_in((PROC / str(process) / "smaps_rollup").read_text())
    return total


def size_in(rollup: str) -> int:
    """Return the bytes that ``/proc/PID/smaps_rollup`` reports."""
    sizes = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return sum(int(size) for size in sizes) * KIBIBYTE


class Sampler:
    """Samples, in a thread, what all descendants of this process hold, while it is entered.

    Parameters
    ----------
    enabled : bool
        Whether it samples at all.
    """

    def __init__(self, *, enabled: bool) -> None:
        self.peak = 0
        self._enabled = enabled
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        """Sample from here on."""
        if self._enabled:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Sample no more."""
        self._ended.set()
        if self._enabled:
            self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(INTERVAL_SECONDS):
            self.peak = max(self.peak, proportional_set_size(descendants(os.getpid())))
