from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.sampling import descendants, parent_in, proportional_set_size, size_in

pytestmark = pytest.mark.slow


def test_parent_is_read_behind_any_name() -> None:
    """The name of a program may hold spaces and brackets."""
    assert parent_in("12 (a) b) S 7 12 12 0") == 7


def test_size_is_the_proportional_one() -> None:
    """Of all sizes that the system reports, only what is shared out counts."""
    assert size_in("Rss: 90 kB\nPss:   3 kB\nPss_Anon: 2 kB\n") == 3072


def test_descendants_are_of_all_generations() -> None:
    """Children and grandchildren count, and neither parents nor others."""
    assert sorted(descendants(2, {2: 1, 3: 2, 4: 3, 5: 3, 6: 1})) == [3, 4, 5]


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="no /proc here")
def test_children_are_found_and_have_a_size() -> None:
    """A process that this one started is among its descendants, and holds memory."""
    waits = "import sys; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", waits], stdin=subprocess.PIPE) as child:
        found = child.pid in descendants(os.getpid())
        size = proportional_set_size([child.pid])

    assert (found, size > 0) == (True, True)
