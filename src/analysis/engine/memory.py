"""How many notebooks this machine's memory has room for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.tables.partition import Partition

# Memory of a notebook's two processes, and of a row in them: measured, and rounded up.
BYTES_OF_NOTEBOOK = 150_000_000
BYTES_OF_ROW = 2_500
# Memory of the process that partitions and checks the whole study, and of a row in it.
BYTES_OF_CHECKS = 250_000_000
BYTES_OF_CHECKED_ROW = 1_050
MEMORY = Path("/proc/meminfo")
OWN_GROUPS = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
ENOUGH = 2**63


@dataclass(frozen=True)
class _GroupFiles:
    """The files of a control group about its memory, in one version of the kernel's interface.

    Cached files count as used memory, which the kernel frees when it is needed.
    """

    mount: str
    limit: str
    used: str
    reclaimable: str


IN_VERSION_1 = _GroupFiles(
    "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
)
IN_VERSION_2 = _GroupFiles("", "memory.max", "memory.current", "inactive_file")


def most_at_once(partition: Partition) -> int:
    """Return how many notebooks of a study can run at once in the memory that is free.

    All rows are checked at once; a notebook has those of the largest place at most.
    """
    rows = [sum(of_place.values()) for of_place in partition.rows.values()]
    free = free_memory() - BYTES_OF_CHECKS - sum(rows) * BYTES_OF_CHECKED_ROW
    return max(1, free // (BYTES_OF_NOTEBOOK + max(rows, default=0) * BYTES_OF_ROW))


def free_memory() -> int:
    """Return the bytes of memory that are free, or very many if the system does not report them.

    Free is what the machine has available, and at most what is left of the limit of each
    control group that this process is in, such as a container or a job.
    """
    return min([_available(), *_left_in_groups()])


def _left_in_groups() -> Iterator[int]:
    """Yield the memory left to each control group that has a limit."""
    for line in _read(OWN_GROUPS).splitlines():
        _, controllers, name = line.split(":", 2)
        if not controllers:
            yield from _left(name, IN_VERSION_2)
        elif "memory" in controllers.split(","):
            yield from _left(name, IN_VERSION_1)


def _left(name: str, files: _GroupFiles) -> Iterator[int]:
    """Yield the memory left to a control group, and to those that contain it."""
    inmost = PurePosixPath(name.lstrip("/"))
    for each in (inmost, *inmost.parents):
        group = GROUPS / files.mount / each
        limit = _read(group / files.limit).strip()
        if limit.isdigit():
            back = _values(group / "memory.stat").get(files.reclaimable, 0)
            yield int(limit) - int(_read(group / files.used) or 0) + back


def _available() -> int:
    kilobytes = _values(MEMORY).get("MemAvailable:")
    return ENOUGH if kilobytes is None else kilobytes * 1024


def _values(path: Path) -> dict[str, int]:
    """Return the numbers that a file of the system names, one in a line."""
    lines = (line.split() for line in _read(path).splitlines())
    return {words[0]: int(words[1]) for words in lines if len(words) > 1 and words[1].isdigit()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
