"""How much work this machine's memory has room for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.tables.parted import Parting

# Of a notebook's two processes and of what a place's rows take in them: measured, and rounded up.
BYTES_OF_NOTEBOOK = 150_000_000
BYTES_OF_ROW = 2_500
MEMORY = Path("/proc/meminfo")
LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
ENOUGH = 2**63


def most_at_once(parting: Parting) -> int:
    """Return how many notebooks of a study can run at once in the memory that is free.

    Parameters
    ----------
    parting : Parting
        How its tables are parted by place; the largest place counts.
    """
    rows = max(parting.rows.values(), default=0)
    return max(1, free_memory() // (BYTES_OF_NOTEBOOK + rows * BYTES_OF_ROW))


def free_memory() -> int:
    """Return the bytes of memory that are free, or very many where the system does not tell."""
    limits = [int(text) for path in LIMITS if (text := _read(path).strip()).isdigit()]
    return min([_available(), *limits])


def _available() -> int:
    for line in _read(MEMORY).splitlines():
        name, _, told = line.partition(":")
        if name == "MemAvailable":
            return int(told.split()[0]) * 1024
    return ENOUGH


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""
