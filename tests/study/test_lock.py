from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StorageError, StudyError
from analysis.study.lock import hold_lock, lock_of

if TYPE_CHECKING:
    from pathlib import Path


def test_second_build_is_refused_and_names_the_first(tmp_path: Path) -> None:
    """While one build of a study is running, another is refused, with the process of the first."""
    with (
        hold_lock(tmp_path, "demo"),
        pytest.raises(StudyError, match="Another build of demo") as refused,
        hold_lock(tmp_path, "demo"),
    ):
        pytest.fail("the lock was held twice")

    assert refused.value.offenders[0].startswith(f"process {os.getpid()} on ")


def test_lock_of_a_build_that_ended_holds_nobody(tmp_path: Path) -> None:
    """A lock file that a build has left behind is no lock."""
    path = lock_of(tmp_path, "demo")
    path.parent.mkdir()
    path.write_text("process 1 on elsewhere\n", encoding="utf-8")

    with hold_lock(tmp_path, "demo"):
        holder = path.read_text(encoding="utf-8")

    assert holder.startswith(f"process {os.getpid()} on ")


def delete_and_fail(path: Path) -> None:
    path.unlink()
    raise FileNotFoundError


def test_deleted_build_folder_is_reported(tmp_path: Path) -> None:
    """What fails because the build folder was deleted during a build is reported as that."""
    path = lock_of(tmp_path, "demo")

    with pytest.raises(StorageError, match="deleted while") as refused, hold_lock(tmp_path, "demo"):
        delete_and_fail(path)

    assert refused.value.offenders == (str(path.parent),)


def test_other_failures_are_reported_as_they_are(tmp_path: Path) -> None:
    """What fails while the lock is where it was has nothing to do with it."""
    with pytest.raises(FileNotFoundError), hold_lock(tmp_path, "demo"):
        raise FileNotFoundError
