"""How much work this machine's memory has room for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.tables.parted import Parting

# Of a notebook's two processes and of what a place's rows take in them: measured, and rounded up.
BYTES_OF_NOTEBOOK = 150_000_000
BYTES_OF_ROW = 2_500
# Of the process of the guards, which is there beside them.
BYTES_OF_GUARDS = 250_000_000
BYTES_OF_GUARDED_ROW = 700
# Tables of so many bytes are worth a process of their own, which takes seconds to import what it
# needs.
LARGE = 20_000_000
MEMORY = Path("/proc/meminfo")
OWN_GROUPS = Path("/proc/self/cgroup")
GROUPS = Path("/sys/fs/cgroup")
ENOUGH = 2**63


@dataclass(frozen=True)
class _Told:
    """The files in which a control group tells of its memory, in one version of the kernel's.

    What it reads of files again without harm counts as used, and can be had back at once.
    """

    mount: str
    limit: str
    used: str
    can_be_had_back: str


IN_VERSION_1 = _Told(
    "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"
)
IN_VERSION_2 = _Told("", "memory.max", "memory.current", "inactive_file")


def most_at_once(parting: Parting) -> int:
    """Return how many notebooks of a study can run at once in the memory that is free.

    Parameters
    ----------
    parting : Parting
        How its tables are parted by place; the largest place counts.
    """
    rows = max(parting.rows.values(), default=0)
    free = free_memory() - BYTES_OF_GUARDS - rows * BYTES_OF_GUARDED_ROW
    return max(1, free // (BYTES_OF_NOTEBOOK + rows * BYTES_OF_ROW))


def free_memory() -> int:
    """Return the bytes of memory that are free, or very many where the system does not tell.

    Free is what the machine has available, and no more than what is left of the limit of each
    control group that this process is in, as those of a container or of a job.
    """
    return min([_available(), *_left_in_groups()])


def _left_in_groups() -> Iterator[int]:
    """Yield what is left of the memory of each control group that has a limit."""
    for line in _read(OWN_GROUPS).splitlines():
        _, controllers, name = line.split(":", 2)
        if not controllers:
            yield from _left(name, IN_VERSION_2)
        elif "memory" in controllers.split(","):
            yield from _left(name, IN_VERSION_1)


def _left(name: str, told: _Told) -> Iterator[int]:
    """Yield what is left to a control group, and to those that it lies in."""
    inmost = PurePosixPath(name.lstrip("/"))
    for each in (inmost, *inmost.parents):
        group = GROUPS / told.mount / each
        limit = _read(group / told.limit).strip()
        if limit.isdigit():
            back = _values(group / "memory.stat").get(told.can_be_had_back, 0)
            yield int(limit) - int(_read(group / told.used) or 0) + back


def _available() -> int:
    kilobytes = _values(MEMORY).get("MemAvailable:")
    return ENOUGH if kilobytes is None else kilobytes * 1024


def _values(path: Path) -> dict[str, int]:
    """Return the numbers that a file of the system names, one in a line."""
    lines = (line.split() for line in _read(path).splitlines())
    return {told[0]: int(told[1]) for told in lines if len(told) > 1 and told[1].isdigit()}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def has_large_tables(study: Path) -> bool:
    """Return whether the tables of a study are large.

    Parameters
    ----------
    study : Path
        The folder of the study.
    """
    return sum(path.stat().st_size for path in files_of_study(study)) >= LARGE
