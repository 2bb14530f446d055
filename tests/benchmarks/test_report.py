from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from benchmarks.report import PAGES, write_into_pages
from benchmarks.run import SCENARIOS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

MARKED = "Before.\n\n<!-- figures: cold -->\n{}<!-- end: cold -->\n\nAfter.\n"


def test_figures_are_written_between_their_marks(tmp_path: Path) -> None:
    """What was there is replaced, and what is around it stays."""
    readme = tmp_path / "README.md"
    readme.write_text(MARKED.format("old \\1\n"), encoding="utf-8")
    machine = {"processor": "P", "cores": "2", "memory": "1 GiB", "system": "S", "Python": "3"}
    kept = {"machine": machine, "value": "\\1 s"}
    (tmp_path / "cold.json").write_text(json.dumps(kept), encoding="utf-8")

    write_into_pages(tmp_path, {"cold": lambda table: f"{table['value']}\n"}, [readme])

    table = "Measured on P, 2 cores, 1 GiB, S, Python 3.\n"
    assert readme.read_text(encoding="utf-8") == MARKED.format(f"\n{table}\n\\1 s\n\n")


def test_pages_have_a_place_for_each_scenario() -> None:
    """No scenario is measured whose figures could not be shown."""
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)

    assert [name for name in SCENARIOS if f"<!-- figures: {name} -->" not in text] == []
