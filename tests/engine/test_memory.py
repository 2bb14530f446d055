from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine import memory
from analysis.engine.memory import (
    BYTES_OF_CHECKED_ROW,
    BYTES_OF_CHECKS,
    BYTES_OF_NOTEBOOK,
    BYTES_OF_ROW,
    ENOUGH,
    free_memory,
    most_at_once,
)
from analysis.tables.partition import Partition

if TYPE_CHECKING:
    from pathlib import Path

MEMINFO = "MemTotal:       8000 kB\nMemFree:        100 kB\nMemAvailable:   4000 kB\n"


def partition_of(**rows: tuple[int, ...]) -> Partition:
    """Return a partition whose places have tables of so many rows."""
    tables = {
        place: {str(at): n for at, n in enumerate(numbers)} for place, numbers in rows.items()
    }
    return Partition((), (), tuple(rows), tables, {}, {})


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for what a machine reports of its memory: nothing yet."""
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "groups")
    return tmp_path


def write_machine(machine: Path, files: dict[str, str]) -> None:
    """Let a machine report its memory."""
    for name, text in files.items():
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).write_text(text, encoding="utf-8")


JOB = "0::/jobs/job-7\n"
LIMITED = {"own": JOB, "groups/jobs/job-7/memory.max": "1000\n"}
OLD_JOB = "9:name=systemd:/\n4:cpu,memory:/jobs/job-7\n0::/\n"
OLD = "groups/memory"
OLD_ROOM = {
    f"{OLD}/memory.limit_in_bytes": "9000\n",
    f"{OLD}/memory.usage_in_bytes": "5000\n",
    f"{OLD}/memory.stat": "inactive_file 1\ntotal_inactive_file 300\n",
}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, ENOUGH),
        ({"meminfo": MEMINFO}, 4_096_000),
        ({"meminfo": "MemFree: 1 kB\n"}, ENOUGH),
        ({"meminfo": MEMINFO, "own": JOB, "groups/jobs/job-7/memory.max": "max\n"}, 4_096_000),
        ({"meminfo": MEMINFO, **LIMITED}, 1000),
        ({"meminfo": MEMINFO, **LIMITED, "groups/jobs/job-7/memory.max": "9000000\n"}, 4_096_000),
        ({**LIMITED, "groups/jobs/job-7/memory.current": "400\n"}, 600),
        (
            {
                **LIMITED,
                "groups/jobs/job-7/memory.current": "400\n",
                "groups/jobs/job-7/memory.stat": "anon 90\ninactive_file 300\n",
            },
            900,
        ),
        ({**LIMITED, "groups/jobs/memory.max": "800\n", "groups/jobs/memory.current": "1"}, 799),
        ({"own": "0::/\n", "groups/memory.max": "2000\n"}, 2000),
        ({"own": OLD_JOB, **OLD_ROOM}, 4300),
        ({"own": OLD_JOB, **OLD_ROOM, f"{OLD}/jobs/job-7/memory.limit_in_bytes": "70"}, 70),
    ],
    ids=[
        *("silent", "available", "old", "no limit", "limit", "wide limit", "used", "read files"),
        *("group around it", "container", "older container", "older group"),
    ],
)
def test_free_memory_is_what_the_system_leaves(
    machine: Path, files: dict[str, str], free: int
) -> None:
    """Memory is free within the limits of all groups; unlimited if nothing is reported."""
    write_machine(machine, files)

    assert free_memory() == free


@pytest.mark.parametrize(
    ("partition", "notebooks", "expected"),
    [
        (partition_of(), 4, 4),
        (partition_of(esa=(0, 0)), 0.5, 1),
        (partition_of(esa=(0, 0)), -1, 1),
        (partition_of(esa=(10, 30_000, 29_990), wca=(5,)), 4, 2),
    ],
    ids=["empty", "scarce", "checks alone", "large"],
)
def test_notebooks_at_once_are_those_that_memory_has_room_for(
    machine: Path, partition: Partition, notebooks: float, expected: int
) -> None:
    """As many notebooks as fit beside the checks run at once; one in any case."""
    rows = max((sum(of.values()) for of in partition.rows.values()), default=0)
    of_checks = BYTES_OF_CHECKS + rows * BYTES_OF_CHECKED_ROW
    free = of_checks + int(notebooks * BYTES_OF_NOTEBOOK)
    write_machine(machine, {"own": "0::/\n", "groups/memory.max": str(free)})

    assert 60_000 * BYTES_OF_ROW == BYTES_OF_NOTEBOOK
    assert most_at_once(partition) == expected
