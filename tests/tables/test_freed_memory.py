"""The memory of freed tables is given back."""

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
