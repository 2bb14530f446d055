from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import nbformat
import pytest
from distributed import CancelledError, Client, KilledWorker, LocalCluster

from analysis.engine import cluster as cluster_module
from analysis.engine import parcels, renewal
from analysis.engine.build import BuildOrder, Built, build_study
from analysis.engine.cluster import MOST_IN_THE_POST, Cluster
from analysis.engine.environment import Surroundings
from analysis.engine.parcels import Parcel
from analysis.engine.progress import Silent
from analysis.engine.task import Work
from analysis.engine.withheld_output import LEFT_OUT
from analysis.errors import NotebookError, WorkerError
from engine.waiting import wait_until
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from distributed import Worker

UNREADABLE = "The cluster cannot read the work that it is given."
NOBODY = "tcp://127.0.0.1:9"
# How often Dask looks for workers of which nothing was heard, for five seconds at the least.
SILENCE = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "1 second"}


class Machines:
    """A scheduler and three workers on this machine."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self._began = [self._start("scheduler", "--host", "127.0.0.1", "--port", "0")]
        # The file is there before anything is in it.
        assert wait_until(lambda: self._file.is_file() and self._file.read_text().endswith("}"))
        self.address: str = json.loads(self._file.read_text())["address"]
        options = ("--local-directory", str(folder), "--host", "127.0.0.1", "--no-nanny")
        ready = ("--preload", "analysis.engine.worker_ground")
        for _ in range(3):
            self._began.append(self._start("worker", "--nthreads", "1", *options, *ready))
        self.client = Client(self.address, set_as_default=False)
        self.client.wait_for_workers(3)

    def _start(self, *what: str) -> subprocess.Popen[bytes]:
        program = [sys.executable, "-m", "dask", *what, "--no-dashboard"]
        return subprocess.Popen(
            [*program, "--scheduler-file", str(self._file)],
            env={**os.environ, **SILENCE, "TMPDIR": str(self.scratch)},
            stderr=subprocess.DEVNULL,
        )

    def processes(self) -> dict[str, int]:
        """Return the process of each worker by its address."""
        return self.client.run(os.getpid)

    def end(self) -> None:
        """End them all."""
        self.client.close()
        for process in self._began:
            process.kill()
            process.wait()


@pytest.fixture(autouse=True)
def refused_clients_are_closed() -> Iterator[None]:
    """Close clients that could not join: one that a starting loop closes waits for its start."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    """Give a cluster of this machine."""
    machines = Machines(tmp_path_factory.mktemp("cluster"))
    yield machines
    machines.end()


def bytes_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "reports" / STUDY).iterdir()}


@pytest.fixture
def spoilt(copied: Path) -> Path:
    """Give a root in which all notebooks have to run again, and all pages to be made."""
    for folder in ("notebooks", "pages"):
        shutil.rmtree(copied / "build" / STUDY / folder)
    shutil.rmtree(copied / "reports")
    return copied


def build(root: Path, machines: Machines) -> Built:
    order = BuildOrder(root, root / "reports", scheduler=machines.address)
    return build_study(order, STUDY, Silent())


def test_worker_is_ready_when_it_joins(machines: Machines) -> None:
    """The processes of a worker that loads what makes it ready wait for its first work."""

    def tell(dask_worker: Worker) -> tuple[int, bool]:
        return parcels._processes.cache_info().currsize, "profile" in dask_worker.periodic_callbacks

    assert set(machines.client.run(tell).values()) == {(1, False)}


def test_tables_are_parted_while_a_cluster_is_joined(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What no other machine can do does not wait until one answers."""
    parted = tiny_root / "build" / STUDY / "parting.json"

    class Slow(Cluster):
        def __enter__(self) -> Cluster:
            raise WorkerError("parted meanwhile" if wait_until(parted.is_file) else "waited for")

    monkeypatch.setattr(renewal, "Cluster", Slow)
    order = BuildOrder(tiny_root, tiny_root / "reports", scheduler=NOBODY)

    with pytest.raises(WorkerError, match="parted meanwhile"):
        build_study(order, STUDY, Silent())


def test_cluster_makes_the_same_bytes(machines: Machines, built: Path, spoilt: Path) -> None:
    """A study that is built on a cluster is the same, byte by byte, as one built here."""
    done = build(spoilt, machines).done

    assert len(done) == 14
    assert bytes_of(spoilt) == bytes_of(built)


def sent_work(folder: Path) -> list[str]:
    """Name the folders of work below one, some of which may go meanwhile."""
    return [
        name for _, folders, _ in os.walk(folder) for name in folders if name.startswith("work-")
    ]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "stopped"])
def test_worker_that_is_lost_changes_no_byte(
    machines: Machines, built: Path, copied: Path, number: signal.Signals
) -> None:
    """What a worker was doing when it was killed, or fell silent, another one does.

    None of the rows that it was sent are left behind.
    """
    for name in ("wca-cleaning", "wca"):
        (copied / "build" / STUDY / "notebooks" / f"{name}.ipynb").unlink()
    pids = machines.processes()
    lost: list[int] = []
    has_ended = Event()

    def lose_one() -> None:
        while not lost and not has_ended.wait(0.01):
            at_work = machines.client.processing()
            lost.extend(pids[worker] for worker, doing in at_work.items() if doing)
        os.kill(lost[0], number)

    with ThreadPoolExecutor(1) as thread:
        losing = thread.submit(lose_one)
        try:
            done = build(copied, machines).done
        finally:
            has_ended.set()
        losing.result()

    os.kill(lost[0], signal.SIGKILL)
    assert done == ("wca-cleaning", "wca")
    assert bytes_of(copied) == bytes_of(built)
    assert wait_until(lambda: not sent_work(machines.scratch))


@pytest.fixture
def joined(machines: Machines) -> Iterator[Cluster]:
    """Give the cluster, entered."""
    with Cluster(machines.address) as cluster:
        yield cluster


def make_work(notebook: str) -> Work:
    return Work(
        name="esa",
        kind="notebook",
        notebook=notebook,
        parameters={"study": STUDY},
        leaves=(f"build/{STUDY}/notebooks/esa.ipynb", f"build/{STUDY}/words/esa"),
    )


def test_what_work_left_last_is_gone(joined: Cluster, defect_root: Path) -> None:
    """What comes back from a worker stands in the place of all that the work left before."""
    left = defect_root / "build" / STUDY / "words" / "esa" / "001.html"
    failed = defect_root / "build" / STUDY / "failed" / "esa.ipynb"
    for path in (left, failed):
        path.parent.mkdir(parents=True)
        path.touch()
    surroundings = Surroundings(defect_root, defect_root / "build")

    joined.submit(make_work("draws-by-chance"), STUDY, surroundings).result()

    assert (defect_root / "build" / STUDY / "notebooks" / "esa.ipynb").is_file()
    assert not left.exists()
    assert not failed.exists()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Clinics close before we wake.", "Clinics close before we wake."),
        ("row 7: Nurses whisper when we come in." + "x" * 3000, f"({LEFT_OUT})"),
    ],
    ids=["shown", "withheld"],
)
def test_failed_notebook_comes_back_for_its_owner(
    joined: Cluster, tiny_root: Path, defects: Path, said: str, told: str
) -> None:
    """A notebook that fails at a worker fails as it would here, and is kept as it would be."""
    source = (defects / "raises.ipynb").read_text(encoding="utf-8")
    # What stands in a notebook tells of nobody.
    hidden = f"bytes.fromhex('{said.encode().hex()}').decode()"
    changed = source.replace('f\\"nothing is known of {study}\\"', hidden)
    (tiny_root / "notebooks" / "raises.ipynb").write_text(changed, encoding="utf-8")
    surroundings = Surroundings(tiny_root, tiny_root / "build")

    with pytest.raises(NotebookError) as failure:
        joined.submit(make_work("raises"), STUDY, surroundings).result()

    failed = tiny_root / "build" / STUDY / "failed" / "esa.ipynb"
    assert failure.value.offenders == (f"cell fails: ValueError: {told}",)
    assert failure.value.remedy.endswith(f"build/{STUDY}/failed/esa.ipynb")
    assert stat.S_IMODE(failed.stat().st_mode) == 0o600
    assert told in failed.read_text(encoding="utf-8")
    assert "Nurses" not in str(nbformat.read(failed, as_version=4).cells[-1].outputs)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CancelledError("esa"), "The cluster was lost."),
        (OSError("closed"), "The cluster was lost."),
        (KilledWorker("esa", None, 3), "esa ended every worker that it was given to."),
        (RuntimeError("Error during deserialization of the task graph."), UNREADABLE),
        (ModuleNotFoundError("No module named 'analysis'"), UNREADABLE),
        (AttributeError("Can't get attribute 'Parcel'"), UNREADABLE),
    ],
    ids=["scheduler", "connection", "workers", "old scheduler", "no program", "old worker"],
)
def test_cluster_that_is_lost_is_told(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    """Where the scheduler is gone, or work ends one worker after another, that is told."""
    future: Future[None] = Future()
    future.set_exception(error)
    cluster = Cluster(NOBODY)
    monkeypatch.setattr(
        cluster, "_client", SimpleNamespace(submit=lambda *_, **__: future), raising=False
    )
    parcel = Parcel(make_work("raises"), STUDY, Surroundings(tiny_root, tiny_root), {}, "")

    with pytest.raises(WorkerError) as refusal:
        cluster._result(parcel)

    assert refusal.value.what == told


def test_cluster_without_workers_is_told(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all workers have ended and none comes in their place, nobody waits for ever."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.1)
    cluster = Cluster(NOBODY)
    client = SimpleNamespace(submit=lambda *_, **__: Future(), nthreads=dict)
    monkeypatch.setattr(cluster, "_client", client, raising=False)
    parcel = Parcel(make_work("raises"), STUDY, Surroundings(tiny_root, tiny_root), {}, "")

    with pytest.raises(WorkerError, match="No worker is left") as refusal:
        cluster._result(parcel)

    assert refusal.value.offenders == (NOBODY,)


def test_worker_of_another_program_is_refused(
    machines: Machines, spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that runs another program is told of, with its address, and nothing is released."""
    monkeypatch.setattr(cluster_module, "code_digest", lambda: "other")

    with pytest.raises(WorkerError, match="runs another program than this one") as refusal:
        build(spoilt, machines)

    assert refusal.value.offenders[0].startswith("africa-cleaning: tcp://127.0.0.1:")
    assert "install this version at the scheduler and at every worker" in refusal.value.remedy
    assert not (spoilt / "reports" / STUDY).exists()


def test_cluster_that_stays_lost_is_told(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the scheduler does not come back in time, that is told of all work from then on."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    one = {"n_workers": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}
    parcel = Parcel(make_work("raises"), STUDY, Surroundings(tiny_root, tiny_root), {}, "")

    with ExitStack() as entered:
        with LocalCluster(**one, protocol="tcp", host="127.0.0.1") as there:
            address = there.scheduler_address
            cluster = entered.enter_context(Cluster(address))
            monkeypatch.setattr(cluster._client, "_timeout", 1)
        assert wait_until(lambda: cluster._client.status == "closed")
        workers = cluster.workers
        with pytest.raises(WorkerError, match="The cluster was lost") as refusal:
            cluster._result(parcel)
        with pytest.raises(WorkerError, match="The cluster was lost"):
            cluster._threads_of_workers()

    assert workers == 2
    assert refusal.value.offenders == (address,)


def enter(address: str) -> None:
    with Cluster(address):
        pytest.fail("there is no cluster to join")


def test_address_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no scheduler answers, its address is told, and how to start one."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
        enter(NOBODY)

    assert refusal.value.offenders == (NOBODY,)
    assert "docs/scale.md" in refusal.value.remedy


@pytest.mark.parametrize("address", ["localhost", "http://127.0.0.1:9", "tls://127.0.0.1:9"])
def test_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """What cannot be an address, or asks for certificates that are not there, is told."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="no address of a scheduler") as refusal:
        enter(address)

    assert refusal.value.offenders[0].startswith(f"{address}: ")
    assert "tcp://host:port" in refusal.value.expected


def test_workers_that_join_later_are_given_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The more workers there are, the more work is sent at once; at least one piece always."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    threads = iter([{}, {"a": 1}, {"a": 1, "b": 4}, {"a": 10_000}])
    cluster = Cluster(NOBODY)
    client = SimpleNamespace(nthreads=lambda: next(threads))
    monkeypatch.setattr(cluster, "_client", client, raising=False)

    assert [cluster.workers for _ in range(4)] == [2, 2, 10, MOST_IN_THE_POST]


def test_scheduler_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that has no worker is no cluster."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)
    empty = {"n_workers": 0, "processes": False, "dashboard_address": "127.0.0.1:0"}

    with LocalCluster(**empty, protocol="tcp", host="127.0.0.1") as nobody:
        with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
            enter(nobody.scheduler_address)

        assert refusal.value.offenders == (nobody.scheduler_address,)


def test_cluster_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed, that is told, and what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(WorkerError, match="not installed") as refusal:
        enter(NOBODY)

    assert refusal.value.remedy.startswith("sh locks/install cluster .venv")
