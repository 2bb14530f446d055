from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.engine.steps import clear_leaves
from analysis.engine.task import Work

if TYPE_CHECKING:
    from pathlib import Path

LEAVES = ("page/esa.html", "words", "never-there")


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("notebook", {"page/other.html"}),
        ("page", {"page/other.html"}),
        ("guard", {"page/esa.html", "page/other.html", "words/001.html"}),
        ("parting", {"page/esa.html", "page/other.html", "words/001.html"}),
    ],
)
def test_what_work_left_last_is_cleared_away(tmp_path: Path, kind: str, left: set[str]) -> None:
    """Of a notebook or a page all that it left is cleared; what others read meanwhile stays."""
    for name in ("page/esa.html", "page/other.html", "words/001.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    clear_leaves(tmp_path, Work(name="esa", kind=kind, leaves=LEAVES))

    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert files == left
