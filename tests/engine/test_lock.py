from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from analysis.engine.lock import hold_lock
from analysis.errors import StudyError

if TYPE_CHECKING:
    from pathlib import Path


def test_second_build_is_told_who_is_at_work(tmp_path: Path) -> None:
    """While one build of a study is at work, another is refused and told its process."""
    path = tmp_path / "build" / "demo.lock"

    with (
        hold_lock(path, "demo"),
        pytest.raises(StudyError, match="Another build of demo") as refused,
        hold_lock(path, "demo"),
    ):
        pytest.fail("the lock was held twice")

    assert refused.value.offenders[0].startswith(f"process {os.getpid()} on ")


def test_lock_of_a_build_that_ended_holds_nobody(tmp_path: Path) -> None:
    """A lock file that a build has left behind is no lock."""
    path = tmp_path / "demo.lock"
    path.write_text("process 1 on elsewhere\n", encoding="utf-8")

    with hold_lock(path, "demo"):
        told = path.read_text(encoding="utf-8")

    assert told.startswith(f"process {os.getpid()} on ")
