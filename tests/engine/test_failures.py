from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from analysis.engine.failures import raise_failures, require_writable, storage_errors
from analysis.errors import CompendiumError, NotebookError, StorageError, WorkerError

if TYPE_CHECKING:
    from pathlib import Path


def failure_of(place: str) -> NotebookError:
    return NotebookError(
        f"{place} failed.", offenders=["cell x: its cause"], remedy=f"read {place}"
    )


def test_no_failure_raises_nothing() -> None:
    """Without failures, there is nothing to raise."""
    assert raise_failures({}) is None


def test_one_failure_is_raised_as_it_is() -> None:
    """The only failure is raised as it is."""
    failure = failure_of("mena")

    with pytest.raises(NotebookError) as raised:
        raise_failures({"mena": failure})

    assert raised.value is failure
    assert raised.value.offenders == ("cell x: its cause",)


def test_failures_are_listed_together() -> None:
    """Several failures are listed, in the same order each time."""
    with pytest.raises(NotebookError) as raised:
        raise_failures({place: failure_of(place) for place in ("wca", "esa")})

    assert raised.value.what == "2 tasks failed."
    assert raised.value.offenders == (
        "esa failed. cell x: its cause",
        "wca failed. cell x: its cause",
    )
    assert raised.value.remedy == "read esa; read wca"


def test_remedies_of_many_failures_are_few() -> None:
    """Of many different remedies the first are shown; equal ones once."""
    places = ("a", "b", "c", "d", "e")
    with pytest.raises(NotebookError) as many:
        raise_failures({place: failure_of(place) for place in places})
    with pytest.raises(NotebookError) as alike:
        raise_failures({place: NotebookError(f"{place}.", remedy="wait") for place in places})

    assert many.value.remedy == "read a; read b; read c; and so on for the others"
    assert alike.value.remedy == "wait"


@pytest.mark.parametrize(
    ("failure", "offenders"),
    [
        (WorkerError("It ended.", offenders=["by SIGKILL"]), ("esa: by SIGKILL",)),
        (StorageError("It is full."), ("esa",)),
        (NotebookError("It failed.", offenders=["cell x"]), ("cell x",)),
    ],
    ids=["process", "storage", "notebook"],
)
def test_failure_that_any_task_could_have_names_its_task(
    failure: CompendiumError, offenders: tuple[str, ...]
) -> None:
    """A process that ended, or a full disk, is shown with the name of its task."""
    with pytest.raises(type(failure)) as raised:
        raise_failures({"esa": failure})

    assert raised.value.offenders == offenders


def test_equal_failures_are_one() -> None:
    """A full disk, or a broken suite, is shown once, with all tasks that failed."""
    with pytest.raises(StorageError) as full:
        raise_failures({place: StorageError("It is full.") for place in ("wca", "esa")})
    broken = NotebookError("A suite is broken.", offenders=["row 2"])
    with pytest.raises(NotebookError) as suite:
        raise_failures({"check esa": broken, "check wca": broken})

    assert full.value.offenders == ("esa", "wca")
    assert suite.value.offenders == ("row 2",)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_full_disk_is_refused(number: int) -> None:
    """If there is no room left, the file is named, and what to do."""
    with pytest.raises(StorageError, match="no room left") as failure, storage_errors():
        raise OSError(number, os.strerror(number), "build/esa.ipynb")

    assert failure.value.offenders == (f"build/esa.ipynb: {os.strerror(number)}",)
    assert failure.value.remedy == "make room on the disk, and run this again"
    assert "the last release is unchanged" in failure.value.expected


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR])
def test_closed_file_is_refused(number: int) -> None:
    """A file that may not be used is named."""
    with pytest.raises(StorageError, match="cannot be used") as failure, storage_errors():
        raise OSError(number, os.strerror(number), "build")

    assert failure.value.offenders == (f"build: {os.strerror(number)}",)
    assert "the last release is unchanged" in failure.value.expected


def test_file_without_a_name_shows_the_cause() -> None:
    """If the system names no file, the cause is shown."""
    with pytest.raises(StorageError) as failure, storage_errors():
        raise OSError(errno.ENOSPC, "No space left on device")

    assert failure.value.offenders == ("No space left on device",)


@pytest.mark.parametrize(
    "error",
    [FileNotFoundError(errno.ENOENT, "No such file", "x"), KeyError("x"), OSError("x")],
    ids=["missing", "mistake", "no-number"],
)
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    """An error that isn't about storage is raised as it is."""
    with pytest.raises(type(error)) as failure, storage_errors():
        raise error

    assert failure.value is error


def test_folder_for_reports_is_made(tmp_path: Path) -> None:
    """A folder for releases is created, and stays empty."""
    require_writable(tmp_path / "out" / "reports")

    assert list((tmp_path / "out" / "reports").iterdir()) == []


def test_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A folder that can't be written is refused before any task runs."""
    (tmp_path / "out").touch()

    with pytest.raises(StorageError, match="Reports cannot be written there") as refusal:
        require_writable(tmp_path / "out" / "reports")

    assert refusal.value.offenders == (f"{tmp_path / 'out' / 'reports'}: Not a directory",)
    assert "--out" in refusal.value.remedy
