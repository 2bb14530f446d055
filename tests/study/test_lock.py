from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StorageError, StudyError
from analysis.study.lock import hold_lock

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


def delete_and_fail(path: Path) -> None:
    path.unlink()
    raise FileNotFoundError


def test_build_folder_that_is_deleted_meanwhile_is_told(tmp_path: Path) -> None:
    """What fails since somebody deleted the build folder under a build is told as that."""
    path = tmp_path / "build" / "demo.lock"

    with pytest.raises(StorageError, match="deleted while") as refused, hold_lock(path, "demo"):
        delete_and_fail(path)

    assert refused.value.offenders == (str(path.parent),)


def test_what_fails_otherwise_is_told_as_it_is(tmp_path: Path) -> None:
    """What fails while the lock is where it was has nothing to do with it."""
    with pytest.raises(FileNotFoundError), hold_lock(tmp_path / "demo.lock", "demo"):
        raise FileNotFoundError
