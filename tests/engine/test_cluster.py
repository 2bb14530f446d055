from __future__ import annotations

import gc
import json
import multiprocessing
import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import nbformat
import pytest
from distributed import CancelledError, Client, KilledWorker, LocalCluster

from analysis.engine import cluster as cluster_module
from analysis.engine.build import build_study
from analysis.engine.cluster import (
    MOST_SENT,
    ClusterExecutor,
    SentTask,
    connect,
    program_digest,
    read_files,
    run_sent,
)
from analysis.engine.environment import TaskEnvironment
from analysis.engine.executors import LocalExecutor
from analysis.engine.options import BuildOptions, BuildResult, Silent
from analysis.engine.task import Task
from analysis.engine.withheld_output import LEFT_OUT
from analysis.errors import CompendiumError, NotebookError, WorkerError
from engine.waiting import wait_until
from tiny_study import KEY, STUDY

if TYPE_CHECKING:
    from collections.abc import Iterator

UNREADABLE = "The cluster cannot read the tasks that it is sent."
NOBODY = "tcp://127.0.0.1:9"
# How often Dask looks for workers of which nothing was heard, for five seconds at the least.
SILENCE = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "1 second"}


class Machines:
    """A scheduler and three workers on this machine."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self._started = [self._start("scheduler", "--host", "127.0.0.1", "--port", "0")]
        # The file is there before anything is in it.
        assert wait_until(lambda: self._file.is_file() and self._file.read_text().endswith("}"))
        self.address: str = json.loads(self._file.read_text())["address"]
        options = ("--local-directory", str(folder), "--host", "127.0.0.1", "--no-nanny")
        ready = ("--preload", "analysis.engine.cluster")
        for _ in range(3):
            self._started.append(self._start("worker", "--nthreads", "1", *options, *ready))
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
        for process in self._started:
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
    release = root / "reports" / STUDY
    files = (path for path in release.rglob("*") if path.is_file())
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def spoilt(copied: Path) -> Path:
    """Give a root in which all notebooks have to run again, and all pages to be made."""
    for folder in ("notebooks", "pages"):
        shutil.rmtree(copied / "build" / STUDY / folder)
    shutil.rmtree(copied / "reports")
    return copied


def build(root: Path, machines: Machines) -> BuildResult:
    order = BuildOptions(root, root / "reports", scheduler=machines.address)
    return build_study(order, STUDY, Silent())


@pytest.mark.slow
def test_worker_is_ready_when_it_joins(machines: Machines) -> None:
    """The processes of a worker that loads what makes it ready wait for its first work."""

    def started() -> int:
        return cluster_module._processes.cache_info().currsize

    assert set(machines.client.run(started).values()) == {1}


@pytest.mark.slow
def test_cluster_makes_the_same_bytes(machines: Machines, built: Path, spoilt: Path) -> None:
    """A study built on a cluster is the same, byte by byte, as one built here; its key stays."""
    done = build(spoilt, machines).done

    assert len(done) == 14
    assert bytes_of(spoilt) == bytes_of(built)
    written = (spoilt / "reports", spoilt / "build", machines.scratch)
    files = [path for each in written for path in each.rglob("*") if path.is_file()]
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def sent_work(folder: Path) -> list[str]:
    """Name the folders of work below one, some of which may go meanwhile."""
    return [
        name for _, folders, _ in os.walk(folder) for name in folders if name.startswith("task-")
    ]


@pytest.mark.slow
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
def joined(machines: Machines, tiny_root: Path) -> Iterator[ClusterExecutor]:
    """Give the cluster, entered."""
    with executor_of(tiny_root, connect(machines.address)) as cluster:
        yield cluster


def executor_of(root: Path, client: object, address: str = NOBODY) -> ClusterExecutor:
    local = LocalExecutor(None, TaskEnvironment(root, STUDY), 1)
    return ClusterExecutor(address, client, local)


def client_that(**answers: object) -> SimpleNamespace:
    """Return a client of a cluster that answers as given."""
    return SimpleNamespace(close=lambda: None, **answers)


def make_task(notebook: str) -> Task:
    return Task(
        name="esa",
        kind="notebook",
        notebook=notebook,
        parameters={"study": STUDY},
        writes=(f"build/{STUDY}/notebooks/esa.ipynb", f"build/{STUDY}/words/esa"),
    )


@pytest.fixture(scope="module")
def worker() -> Iterator[Client]:
    """Give a client of a cluster in this process, of one worker."""
    with LocalCluster(
        n_workers=1, processes=False, dashboard_address="127.0.0.1:0", protocol="tcp"
    ) as there:
        client = connect(there.scheduler_address)
        yield client
        client.close()
    if cluster_module._processes.cache_info().currsize:
        cluster_module._processes().__exit__()
        cluster_module._processes.cache_clear()


def test_files_of_the_last_run_are_gone(worker: Client, tiny_root: Path, defects: Path) -> None:
    """The files that come back from a worker replace all that the task wrote before."""
    shutil.copy(defects / "draws-by-chance.ipynb", tiny_root / "notebooks")
    written = tiny_root / "build" / STUDY / "words" / "esa" / "001.html"
    failed = tiny_root / "build" / STUDY / "failed" / "esa.ipynb"
    for path in (written, failed):
        path.parent.mkdir(parents=True)
        path.touch()

    executor_of(tiny_root, worker).submit(make_task("draws-by-chance")).result()

    assert (tiny_root / "build" / STUDY / "notebooks" / "esa.ipynb").is_file()
    assert not written.exists()
    assert not failed.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Clinics close before we wake.", "Clinics close before we wake."),
        ("row 7: Nurses whisper when we come in." + "x" * 3000, f"({LEFT_OUT})"),
    ],
    ids=["shown", "withheld"],
)
def test_failed_notebook_comes_back_for_its_owner(
    joined: ClusterExecutor, tiny_root: Path, defects: Path, said: str, shown: str
) -> None:
    """A notebook that fails at a worker fails as it would here, and is kept as it would be."""
    source = (defects / "raises.ipynb").read_text(encoding="utf-8")
    # The notebook itself names nobody.
    hidden = f"bytes.fromhex('{said.encode().hex()}').decode()"
    changed = source.replace('f\\"nothing is known of {study}\\"', hidden)
    (tiny_root / "notebooks" / "raises.ipynb").write_text(changed, encoding="utf-8")

    with pytest.raises(NotebookError) as failure:
        joined.submit(make_task("raises")).result()

    failed = tiny_root / "build" / STUDY / "failed" / "esa.ipynb"
    assert failure.value.offenders == (f"cell fails: ValueError: {shown}",)
    assert failure.value.remedy.endswith(f"build/{STUDY}/failed/esa.ipynb")
    assert stat.S_IMODE(failed.stat().st_mode) == 0o600
    assert shown in failed.read_text(encoding="utf-8")
    assert "Nurses" not in str(nbformat.read(failed, as_version=4).cells[-1].outputs)


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (CancelledError("esa"), "The cluster was lost."),
        (OSError("closed"), "The cluster was lost."),
        (KilledWorker("esa", None, 3), "esa ended every worker that it was given to."),
        (RuntimeError("Error during deserialization of the task graph."), UNREADABLE),
        (ModuleNotFoundError("No module named 'analysis'"), UNREADABLE),
        (AttributeError("Can't get attribute 'SentTask'"), UNREADABLE),
    ],
    ids=["scheduler", "connection", "workers", "old scheduler", "no program", "old worker"],
)
def test_cluster_that_is_lost_is_shown(tiny_root: Path, error: Exception, shown: str) -> None:
    """Where the scheduler is gone, or work ends one worker after another, that is shown."""
    future: Future[None] = Future()
    future.set_exception(error)
    client = client_that(submit=lambda *_, **__: future)

    with executor_of(tiny_root, client) as cluster, pytest.raises(WorkerError) as refusal:
        cluster.submit(make_task("raises")).result()

    assert refusal.value.what == shown


def test_cluster_without_workers_is_shown(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all workers have ended and none comes in their place, nobody waits for ever."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.1)
    client = client_that(submit=lambda *_, **__: Future(), nthreads=dict)

    with executor_of(tiny_root, client) as cluster, pytest.raises(WorkerError) as refusal:
        cluster.submit(make_task("raises")).result()

    assert (refusal.value.what, refusal.value.offenders) == ("No worker is left.", (NOBODY,))


@pytest.mark.slow
def test_cluster_that_stays_lost_is_shown(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the scheduler does not come back in time, that is shown of all work from then on."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    one = {"n_workers": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}

    with ExitStack() as entered:
        with LocalCluster(**one, protocol="tcp", host="127.0.0.1") as there:
            address = there.scheduler_address
            client = Client(address, timeout=1, set_as_default=False)
            cluster = entered.enter_context(executor_of(tiny_root, client, address))
        assert wait_until(lambda: client.status == "closed")
        workers = cluster.workers
        with pytest.raises(WorkerError, match="The cluster was lost") as refusal:
            cluster.submit(make_task("raises")).result()

    assert workers == 2
    assert refusal.value.offenders == (address,)


def test_address_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no scheduler answers, its address is shown, and how to start one."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
        connect(NOBODY)

    assert refusal.value.offenders == (NOBODY,)
    assert "docs/scale.md" in refusal.value.remedy


@pytest.mark.parametrize("address", ["localhost", "http://127.0.0.1:9", "tls://127.0.0.1:9"])
def test_address_that_cannot_be_used_is_refused(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """What cannot be an address, or asks for certificates that are not there, is shown."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="not the address of a scheduler") as refusal:
        connect(address)

    assert refusal.value.offenders[0].startswith(f"{address}: ")
    assert "tcp://host:port" in refusal.value.expected


def test_workers_that_join_later_are_given_work(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The more workers there are, the more work is sent at once; at least one piece always."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    threads = iter([{}, {"a": 1}, {"a": 1, "b": 4}, {"a": 10_000}])
    cluster = executor_of(tiny_root, client_that(nthreads=lambda: next(threads)))

    assert [cluster.workers for _ in range(4)] == [2, 2, 10, MOST_SENT]


def test_scheduler_without_workers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that has no worker is no cluster."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)
    empty = {"n_workers": 0, "processes": False, "dashboard_address": "127.0.0.1:0"}

    with LocalCluster(**empty, protocol="tcp", host="127.0.0.1") as nobody:
        with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
            connect(nobody.scheduler_address)

        assert refusal.value.offenders == (nobody.scheduler_address,)


def test_cluster_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed, that is shown, and what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(WorkerError, match="not installed") as refusal:
        connect(NOBODY)

    assert refusal.value.remedy.startswith("sh locks/install cluster .venv")


def at_worker(
    client: Client, sent: SentTask
) -> tuple[str, CompendiumError | None, dict[str, bytes]]:
    """Run a task at the one worker, and return its address and what became of the task."""
    (address,) = client.scheduler_info()["workers"]
    error, left = client.submit(run_sent, sent, pure=False).result()
    return address, error, left


@pytest.fixture
def sent(tiny_root: Path) -> SentTask:
    """Give a task that is sent with the study, to partition its tables."""
    task = Task(name="partition", kind="partition")
    files = read_files(tiny_root, ["data"])
    return SentTask(task, TaskEnvironment(tiny_root, STUDY), files, program_digest())


def test_worker_of_another_program_is_refused(worker: Client, sent: SentTask) -> None:
    """A worker that runs another program is named by its address, and runs no task."""
    address, error, left = at_worker(worker, replace(sent, program="other"))

    assert isinstance(error, WorkerError)
    assert error.what == "A worker runs another version of this program."
    assert (error.offenders, left) == ((address,), {})
    assert "install this version at the scheduler and at every worker" in error.remedy


def test_other_libraries_make_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with another version of a library could make other bytes."""
    here = program_digest.__wrapped__()

    monkeypatch.setattr(cluster_module, "version", lambda _: "0")

    assert program_digest.__wrapped__() != here


def test_worker_that_may_start_no_process_is_refused(
    worker: Client, sent: SentTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is a daemon could run no notebook, and is refused with what to do."""
    daemon = SimpleNamespace(daemon=True, name="daemon")
    monkeypatch.setattr(multiprocessing, "current_process", lambda: daemon)

    address, error, left = at_worker(worker, sent)

    assert isinstance(error, WorkerError)
    assert (error.offenders, left) == ((address,), {})
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in error.remedy


@contextmanager
def no_room_for(size: int) -> Iterator[None]:
    """Let this process write no file that is larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_full_disk_of_a_worker_is_shown(worker: Client, sent: SentTask) -> None:
    """A worker whose disk is full is named, and is not taken for a cluster that was lost."""
    large = replace(sent, files={**sent.files, "data/large.csv": bytes(2_000_000)})

    with no_room_for(1_000_000):
        address, error, left = at_worker(worker, large)

    assert (error.what, left) == ("There is no room left to write.", {})
    assert error.offenders[0].startswith(f"{address}: ")


def test_file_that_a_task_cannot_use_at_a_worker_is_shown(worker: Client, sent: SentTask) -> None:
    """What its process could not write is shown with the address of the worker."""
    blocked = replace(sent, files={**sent.files, f"build/{STUDY}/partition.json/blocks": b""})

    address, error, left = at_worker(worker, blocked)

    assert (error.what, left) == ("A file or folder cannot be used.", {})
    assert error.offenders[0].startswith(f"{address}: ")


def test_worker_without_a_folder_is_shown(worker: Client, sent: SentTask) -> None:
    """A worker whose folder for temporary files was removed is named, with what to look at."""
    scratch = Path(cluster_module._processes().scratch)
    shutil.rmtree(scratch)

    address, error, left = at_worker(worker, sent)
    scratch.mkdir()

    assert (error.what, left) == ("A worker cannot run the task that it is given.", {})
    assert error.offenders[0].startswith(f"{address}: ")
