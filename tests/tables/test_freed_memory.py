"""The memory of freed tables is given back, or kept."""

from __future__ import annotations

import subprocess
import sys

import pytest

# In a process of its own: what others freed before would blur it.
FREED = """
import pyarrow as pa
from analysis.tables.freed_memory import give_back

def held():
    with open("/proc/self/smaps_rollup") as told:
        return sum(int(line.split()[1]) for line in told if line.startswith("Private_Dirty:"))

before = held()
tables = [pa.array(["a voice"] * 1000) for _ in range(10000)]
full = held()
kept = tables[::1000]
del tables
give_back()
print(before, full, held())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells what a process holds")
def test_what_freed_tables_held_is_given_back() -> None:
    ran = subprocess.run([sys.executable, "-c", FREED], check=True, capture_output=True, text=True)

    before, full, after = map(int, ran.stdout.split())

    assert full - before > 50_000
    assert after - before < (full - before) / 4


KEPT = """
import resource
import sys
from analysis.tables.freed_memory import keep_freed

if sys.argv[1] == "kept":
    keep_freed()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    table = b"." * 40_000_000
    del table
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system counts what it gives")
def test_what_freed_tables_held_is_kept_for_the_next() -> None:
    """One table after the other is made of the same pages, and the system clears no others."""

    def pages(how: str) -> int:
        run = [sys.executable, "-c", KEPT, how]
        return int(subprocess.run(run, check=True, capture_output=True, text=True).stdout)

    assert pages("kept") < pages("given back") / 4
