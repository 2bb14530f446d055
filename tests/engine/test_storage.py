from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from analysis.engine.storage import require_writable, storage_told
from analysis.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_full_disk_is_told(number: int) -> None:
    """Where there is no room left, the file is named, and what to do."""
    with pytest.raises(StorageError, match="no room left") as failure, storage_told():
        raise OSError(number, os.strerror(number), "build/esa.ipynb")

    assert failure.value.offenders == (f"build/esa.ipynb: {os.strerror(number)}",)
    assert failure.value.remedy == "make room on the disk, and run this again"
    assert "the last release stands" in failure.value.expected


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR])
def test_closed_file_is_told(number: int) -> None:
    """What may not be used, or is no folder, is named as that."""
    with pytest.raises(StorageError, match="cannot be used") as failure, storage_told():
        raise OSError(number, os.strerror(number), "build")

    assert failure.value.offenders == (f"build: {os.strerror(number)}",)
    assert "the last release stands" in failure.value.expected


def test_file_that_is_not_named_is_told_by_its_cause() -> None:
    """Where the system names no file, the cause is all there is to tell."""
    with pytest.raises(StorageError) as failure, storage_told():
        raise OSError(errno.ENOSPC, "No space left on device")

    assert failure.value.offenders == ("No space left on device",)


@pytest.mark.parametrize(
    "error",
    [FileNotFoundError(errno.ENOENT, "No such file", "x"), KeyError("x"), OSError("x")],
    ids=["missing", "mistake", "no-number"],
)
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    """What is no matter of storage is not told as one."""
    with pytest.raises(type(error)) as failure, storage_told():
        raise error

    assert failure.value is error


def test_folder_for_reports_is_made(tmp_path: Path) -> None:
    """A folder for releases that is not there is made, and nothing is left in it."""
    require_writable(tmp_path / "out" / "reports")

    assert list((tmp_path / "out" / "reports").iterdir()) == []


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that cannot be is refused before anything is begun, and is named."""
    (tmp_path / "out").touch()

    with pytest.raises(StorageError, match="Reports cannot be written there") as refusal:
        require_writable(tmp_path / "out" / "reports")

    assert refusal.value.offenders == (f"{tmp_path / 'out' / 'reports'}: Not a directory",)
    assert "--out" in refusal.value.remedy
