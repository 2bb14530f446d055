from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine import memory
from analysis.engine.memory import (
    BYTES_OF_NOTEBOOK,
    BYTES_OF_ROW,
    ENOUGH,
    free_memory,
    most_at_once,
)
from analysis.tables.parted import Parting, PartOfTable

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "MemTotal:       8000 kB\nMemFree:        100 kB\nMemAvailable:   4000 kB\n"


def parting_of(**rows: tuple[int, ...]) -> Parting:
    """Return a parting whose parts have tables of so many rows."""
    tables = {
        place: {str(at): PartOfTable(number, "", "") for at, number in enumerate(numbers)}
        for place, numbers in rows.items()
    }
    return Parting((), (), tuple(rows), tables, {}, {}, (), (), (), misplaced=False)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for what a machine tells of its memory: nothing as yet."""
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "LIMITS", (tmp_path / "memory.max", tmp_path / "limit"))
    return tmp_path


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, ENOUGH),
        ({"meminfo": TOLD}, 4_096_000),
        ({"meminfo": "MemFree: 1 kB\n"}, ENOUGH),
        ({"meminfo": TOLD, "memory.max": "max\n"}, 4_096_000),
        ({"meminfo": TOLD, "memory.max": "1000\n"}, 1000),
        ({"meminfo": TOLD, "memory.max": "9000000\n"}, 4_096_000),
        ({"limit": "2000\n"}, 2000),
    ],
    ids=["silent", "available", "old", "no-limit", "limit", "wide-limit", "older-limit"],
)
def test_free_memory_is_what_the_system_leaves(
    machine: Path, files: dict[str, str], free: int
) -> None:
    """Free is what is available within the limits of a container; all where nothing is told."""
    for name, text in files.items():
        (machine / name).write_text(text, encoding="utf-8")

    assert free_memory() == free


@pytest.mark.parametrize(
    ("parting", "notebooks", "expected"),
    [
        (parting_of(), 4, 4),
        (parting_of(esa=(0, 0)), 0.5, 1),
        (parting_of(esa=(10, 30_000, 29_990), wca=(5,)), 4, 2),
    ],
    ids=["empty", "scarce", "large"],
)
def test_notebooks_at_once_are_those_that_memory_has_room_for(
    machine: Path, parting: Parting, notebooks: float, expected: int
) -> None:
    """As many notebooks as fit run at once, each as large as the largest; one in any case."""
    free = int(notebooks * BYTES_OF_NOTEBOOK)
    (machine / "memory.max").write_text(str(free), encoding="utf-8")

    assert 60_000 * BYTES_OF_ROW == BYTES_OF_NOTEBOOK
    assert most_at_once(parting) == expected
