"""Work done on a Dask cluster: what it reads is sent along, and what it leaves comes back."""

from __future__ import annotations

import math
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from analysis.engine.keys import LOCK
from analysis.engine.parcels import ALIKE, ANOTHER_PROGRAM, Parcel, code_digest, do_parcel
from analysis.engine.sent_files import Files, collect_files, write_files
from analysis.engine.steps import clear_leaves
from analysis.engine.storage import FOR_OWNER_ALONE
from analysis.errors import WorkerError
from analysis.tables.build_folder import BuildFolder

if TYPE_CHECKING:
    from concurrent.futures import Future

    from analysis.engine.environment import Surroundings
    from analysis.engine.task import Work
    from analysis.errors import CompendiumError

PATIENCE_SECONDS = 30
# Work in the post, so that no worker waits for its next piece.
AHEAD = 2
MOST_IN_THE_POST = 1_024
ASKED_AGAIN_SECONDS = 1


class Cluster:
    """The workers of a Dask cluster, from entering to leaving.

    Work of a worker that is lost is given to another by Dask itself.

    Parameters
    ----------
    address : str
        The address of its scheduler: ``tcp://host:port``.

    Raises
    ------
    WorkerError
        On entering, when the address is none, there is no scheduler at it, or it has no worker.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._cores = 1
        self._asked_at = -math.inf

    def __enter__(self) -> Self:
        """Join the cluster."""
        try:
            from distributed import Client  # noqa: PLC0415 (an extra, and heavy)
        except ModuleNotFoundError:
            raise WorkerError(
                "What is needed to use a cluster is not installed.",
                offenders=["distributed"],
                remedy="sh locks/install cluster .venv (docs/scale.md tells how)",
            ) from None
        try:
            with ExitStack() as entered:
                client = Client(self._address, timeout=PATIENCE_SECONDS, set_as_default=False)
                entered.callback(client.close)
                client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
                self._entered = entered.pop_all()
        except (ValueError, TypeError) as error:
            raise WorkerError(
                "This is no address of a scheduler that can be used.",
                offenders=[f"{self._address}: {error}"],
                expected="tcp://host:port, or tls://host:port and certificates in Dask's settings",
                remedy="correct the address, as docs/scale.md shows",
            ) from None
        except (OSError, TimeoutError):
            raise WorkerError(
                "No cluster answers there.",
                offenders=[self._address],
                expected="a Dask scheduler with a worker",
                remedy="start them first, as docs/scale.md shows, or correct the address",
            ) from None
        self._client = client
        self._threads = ThreadPoolExecutor(MOST_IN_THE_POST)
        return self

    @property
    def workers(self) -> int:
        """How much work is sent at once; workers come and go meanwhile."""
        if time.monotonic() > self._asked_at + ASKED_AGAIN_SECONDS:
            # A scheduler that is lost is told by the work that it was given.
            with suppress(OSError, WorkerError):
                self._cores = sum(self._threads_of_workers().values())
            self._asked_at = time.monotonic()
        return min(AHEAD * max(self._cores, 1), MOST_IN_THE_POST)

    def __exit__(self, *_: object) -> None:
        """Leave the cluster; what it still does is no longer wanted."""
        self._entered.close()
        self._threads.shutdown(cancel_futures=True)

    def submit(self, work: Work, study: str, surroundings: Surroundings) -> Future[None]:
        """Return what will have come of work."""
        return self._threads.submit(self._do, work, study, surroundings)

    def _do(self, work: Work, study: str, surroundings: Surroundings) -> None:
        names = (*work.reads, *work.uses, f"notebooks/{work.notebook}.ipynb", LOCK)
        files = collect_files(surroundings.root, names)
        parcel = Parcel(work, study, surroundings, files, code_digest())
        error, left = self._result(parcel)
        clear_leaves(surroundings.root, work)
        failed = BuildFolder(surroundings.build / study).failed(work.name)
        failed.unlink(missing_ok=True)
        if error is not None:
            error, left = _tell_here(parcel, error, left)
            write_files(left, surroundings.root, mode=FOR_OWNER_ALONE)
            raise error
        write_files(left, surroundings.root)

    def _result(self, parcel: Parcel) -> tuple[CompendiumError | None, Files]:
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415 (an extra)
        from distributed.client import ClosedClientError  # noqa: PLC0415

        key = f"{parcel.study} {parcel.work.name} {uuid.uuid4()}"
        try:
            told: Any = self._wait(self._client.submit(do_parcel, parcel, key=key, pure=False))
        except KilledWorker:
            raise WorkerError(
                f"{parcel.work.name} ended every worker that it was given to.",
                remedy="give workers more memory, or look at their logs",
            ) from None
        except (CancelledError, ClosedClientError, OSError):
            raise self._lost() from None
        except (ImportError, AttributeError, RuntimeError) as unread:
            from analysis.engine.failed_cells import first_line  # noqa: PLC0415 (heavy)

            # What cannot be unpacked there was packed by another version, or there is none.
            if isinstance(unread, RuntimeError) and "deserializ" not in str(unread):
                raise
            raise WorkerError(
                "The cluster cannot read the work that it is given.",
                offenders=[f"{self._address}: {first_line(unread)}"],
                expected=ALIKE,
                remedy=ANOTHER_PROGRAM,
            ) from None
        error, left = told
        return error, left

    def _wait(self, future: Any) -> Any:  # noqa: ANN401 - an untyped library
        """Return what comes of work, unless no worker is left to do it."""
        is_deserted = False
        while True:
            try:
                return future.result(timeout=PATIENCE_SECONDS)
            except TimeoutError:
                if future.done():
                    raise
                was_deserted, is_deserted = is_deserted, not self._threads_of_workers()
            # Workers that a site starts anew may take a while.
            if was_deserted and is_deserted:
                raise WorkerError(
                    "No worker is left.",
                    offenders=[self._address],
                    remedy="start workers again, and build again: what was finished counts",
                )

    def _threads_of_workers(self) -> dict[str, int]:
        """Return how many threads each worker has."""
        try:
            threads: dict[str, int] = self._client.nthreads()
        except AttributeError:
            # A client that could not join its scheduler anew has none to ask any more.
            raise self._lost() from None
        return threads

    def _lost(self) -> WorkerError:
        return WorkerError(
            "The cluster was lost.",
            offenders=[self._address],
            remedy="start it, and build again",
        )


def _tell_here(
    parcel: Parcel, error: CompendiumError, left: Files
) -> tuple[CompendiumError, Files]:
    """Return a failure at a worker, and the notebook that failed, as they may be told here."""
    from analysis.engine.withheld_output import ToldFailure  # noqa: PLC0415 (only where work fails)
    from analysis.publishing.notebook_files import (  # noqa: PLC0415
        notebook_of_text,
        text_of_notebook,
    )

    root = parcel.surroundings.root
    notebook = root / "notebooks" / f"{parcel.work.notebook}.ipynb"
    told = ToldFailure(root / "data" / parcel.study, notebook)
    return told.retell(error), {
        name: text_of_notebook(told.clear(notebook_of_text(content.decode()))).encode()
        for name, content in left.items()
    }
