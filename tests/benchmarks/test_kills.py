from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from analysis.progress import BuildProgress
from benchmarks.scenarios.kills import is_whole, tasks_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Give a release of one page."""
    (tmp_path / "page.html").write_text("page", encoding="utf-8")
    outputs = {"page.html": hashlib.sha256(b"page").hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    return tmp_path


def test_release_of_its_manifest_is_whole(release: Path) -> None:
    """Each file is there, with its digest."""
    assert is_whole(release)


@pytest.mark.parametrize("cut", ["", '{"outputs": {', "{}", None])
def test_release_without_a_manifest_is_not_whole(release: Path, cut: str | None) -> None:
    """A manifest that is missing or was cut short makes a broken release, and ends no trial."""
    (release / "manifest.json").unlink()
    if cut is not None:
        (release / "manifest.json").write_text(cut, encoding="utf-8")

    assert not is_whole(release)
    assert not is_whole(release / "gone")


def test_release_with_another_page_is_not_whole(release: Path) -> None:
    """A page that was half written shows."""
    (release / "page.html").write_text("pa", encoding="utf-8")

    assert not is_whole(release)


def test_release_with_a_page_too_many_is_not_whole(release: Path) -> None:
    """A page that no manifest names shows."""
    (release / "other.html").write_text("page", encoding="utf-8")

    assert not is_whole(release)


def test_notebooks_that_have_run_are_read_from_what_a_build_prints() -> None:
    """The progress of a build, as a log has it, names the notebooks that have run."""
    printed = io.StringIO()
    progress = BuildProgress(Console(file=printed))
    progress.start("demo", 3)
    progress.advance("esa-cleaning", has_run=False)
    progress.advance("esa", has_run=True)
    progress.message("publishing demo")

    assert tasks_in(printed.getvalue()) == {"esa"}
