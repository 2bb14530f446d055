from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.quality.guide import PAGE, main, write_guide
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from analysis.quality.suites import Suite


def test_page_is_what_the_suites_say(root: Path) -> None:
    """The page is written anew by the command that it names whenever a suite changes."""
    written = (root / PAGE).read_text(encoding="utf-8")

    assert written == write_guide(root), "write it anew: python -m analysis.quality.guide"


def test_page_has_a_row_for_each_expectation(root: Path, suites: tuple[Suite, ...]) -> None:
    """Each expectation has its defect, its severity, what it touches and what to do."""
    page = write_guide(root)

    rows = [line for line in page.splitlines() if line.count(" | ") == 5]
    assert len(rows) == sum(len(suite.expectations) + 2 for suite in suites)


def test_page_is_written_into_the_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program writes the page of the root that it is run in."""
    tiny_root = write_tiny_root(tmp_path)
    (tiny_root / PAGE).parent.mkdir()
    monkeypatch.chdir(tiny_root)

    main()

    assert (tiny_root / PAGE).read_text(encoding="utf-8") == write_guide(tiny_root)
