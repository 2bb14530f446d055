from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.engine.progress import Silent

if TYPE_CHECKING:
    import pytest

    from analysis.engine.progress import Progress


def test_silent_progress_tells_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    """Where a build is to be silent, none of what it does is told."""
    progress: Progress = Silent()

    progress.begin("tiny", 7)
    progress.say("guarding")
    progress.done("esa", has_run=True)
    progress.end()

    assert capfd.readouterr() == ("", "")
