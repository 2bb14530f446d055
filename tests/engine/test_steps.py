from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.steps import remove_written
from analysis.engine.task import Task

if TYPE_CHECKING:
    from pathlib import Path

WRITTEN = ("page/esa.html", "words", "never-there")


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("notebook", {"page/other.html"}),
        ("page", {"page/other.html"}),
        ("check", {"page/esa.html", "page/other.html", "words/001.html"}),
        ("partition", {"page/esa.html", "page/other.html", "words/001.html"}),
    ],
)
def test_files_of_the_last_run_are_removed(tmp_path: Path, kind: str, left: set[str]) -> None:
    """Files of notebooks and pages are removed first; tables and outcomes stay until replaced."""
    for name in ("page/esa.html", "page/other.html", "words/001.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    remove_written(tmp_path, Task(name="esa", kind=kind, writes=WRITTEN))

    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert files == left
