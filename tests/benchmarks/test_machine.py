from __future__ import annotations

import platform

import pytest

from benchmarks.machine import describe_machine, pinned_in, processor_in

pytestmark = pytest.mark.slow


def test_processor_is_the_first_of_the_machine() -> None:
    """The model is table once, however many cores have it."""
    cpuinfo = "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: Some CPU @ 2 GHz\n"

    assert processor_in(cpuinfo) == "Some CPU @ 2 GHz"


def test_version_is_the_pinned_one() -> None:
    """A package whose name only starts the same is another."""
    assert pinned_in("make-more==2\nmake==1.0 \\\n", "make") == "1.0"


def test_machine_is_described_without_its_name() -> None:
    """A reader is table what the machine is, and not whose."""
    table = describe_machine()

    assert [name for name, text in table.items() if not text or platform.node() in text] == []
