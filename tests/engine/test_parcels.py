from __future__ import annotations

import errno
import multiprocessing
from concurrent.futures import Future
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from analysis.engine import parcels
from analysis.engine.environment import Surroundings
from analysis.engine.parcels import Parcel, code_digest, do_parcel
from analysis.engine.task import Work
from analysis.errors import CompendiumError, StorageError, WorkerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORKER = "tcp://there"
FULL = OSError(errno.ENOSPC, "No space left on device")
NO_FOLDER = FileNotFoundError(errno.ENOENT, "No usable temporary directory found")
TOLD_FULL = StorageError("There is no room left to write.", offenders=["a.csv: No space left"])


@pytest.fixture
def parcel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Parcel:
    """Give work that was sent to a worker."""
    monkeypatch.setattr(parcels, "_this_worker", lambda: WORKER)
    work = Work(name="esa", kind="page", reads=("data/places.csv",))
    surroundings = Surroundings(tmp_path, tmp_path / "build")
    return Parcel(work, "tiny", surroundings, {"data/places.csv": b"code\n"}, code_digest())


def raise_it(error: Exception) -> None:
    raise error


def make_call(call: Callable[..., None], *given: object, kernel: bool) -> Future[None]:  # noqa: ARG001 (as processes have it)
    """Make a call here, and return what came of it."""
    future: Future[None] = Future()
    try:
        future.set_result(call(*given))
    except CompendiumError as error:
        future.set_exception(error)
    return future


def test_other_libraries_make_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with another version of a library could make other bytes."""
    here = code_digest.__wrapped__()

    monkeypatch.setattr(parcels, "version", lambda _: "0")

    assert code_digest.__wrapped__() != here


def test_worker_that_may_start_no_process_is_refused(
    parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is a daemon could run no notebook, and is refused with what to do."""
    daemon = SimpleNamespace(daemon=True)
    monkeypatch.setattr(multiprocessing, "current_process", lambda: daemon)

    error, left = do_parcel(parcel)

    assert isinstance(error, WorkerError)
    assert (error.offenders, left) == ((WORKER,), {})
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in error.remedy


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("_processes", FULL, ("There is no room left to write.", FULL.strerror)),
        ("write_files", FULL, ("There is no room left to write.", FULL.strerror)),
        ("do_work", TOLD_FULL, (TOLD_FULL.what, TOLD_FULL.offenders[0])),
        ("collect_files", FULL, ("There is no room left to write.", FULL.strerror)),
        ("_processes", NO_FOLDER, ("A worker cannot do the work that it is given.", NO_FOLDER)),
    ],
    ids=["folder", "sent", "at work", "left", "no folder"],
)
def test_storage_of_a_worker_is_told(
    parcel: Parcel,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
    told: tuple[str, object],
) -> None:
    """A worker whose disk is full is named, and is not taken for a cluster that was lost."""
    at_work = SimpleNamespace(scratch=None, submit=make_call)
    monkeypatch.setattr(parcels, "_processes", lambda: at_work)
    monkeypatch.setattr(parcels, "do_work", lambda *_: None)
    monkeypatch.setattr(parcels, where, lambda *_: raise_it(error))

    refusal, left = do_parcel(parcel)

    assert isinstance(refusal, CompendiumError)
    assert (refusal.what, refusal.offenders, left) == (told[0], (f"{WORKER}: {told[1]}",), {})
