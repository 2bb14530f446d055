from __future__ import annotations

import errno
import gc
import json
import multiprocessing
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
from analysis.engine.build import build_study
from analysis.engine.cluster import MOST_SENT, ClusterExecutor, SentTask, program_digest, run_sent
from analysis.engine.environment import TaskEnvironment
from analysis.engine.options import BuildOptions, BuildResult, Silent
from analysis.engine.task import Task
from analysis.engine.withheld_output import LEFT_OUT
from analysis.errors import CompendiumError, NotebookError, StorageError, WorkerError
from engine.waiting import wait_until
from tiny_study import KEY, STUDY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

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
    with executor_of(tiny_root, machines.address) as cluster:
        yield cluster


def executor_of(root: Path, address: str = NOBODY) -> ClusterExecutor:
    environment = TaskEnvironment(root, root / "build")
    return ClusterExecutor(address, None, environment, STUDY)


def make_task(notebook: str) -> Task:
    return Task(
        name="esa",
        kind="notebook",
        notebook=notebook,
        parameters={"study": STUDY},
        writes=(f"build/{STUDY}/notebooks/esa.ipynb", f"build/{STUDY}/words/esa"),
    )


@pytest.fixture
def small_cluster(tiny_root: Path) -> Iterator[ClusterExecutor]:
    """Give a cluster in this process, entered."""
    with (
        LocalCluster(
            n_workers=1, processes=False, dashboard_address="127.0.0.1:0", protocol="tcp"
        ) as there,
        executor_of(tiny_root, there.scheduler_address) as cluster,
    ):
        yield cluster
    if cluster_module._processes.cache_info().currsize:
        cluster_module._processes().__exit__()
        cluster_module._processes.cache_clear()


def test_files_of_the_last_run_are_gone(
    small_cluster: ClusterExecutor, tiny_root: Path, defects: Path
) -> None:
    """The files that come back from a worker replace all that the task wrote before."""
    shutil.copy(defects / "draws-by-chance.ipynb", tiny_root / "notebooks")
    written = tiny_root / "build" / STUDY / "words" / "esa" / "001.html"
    failed = tiny_root / "build" / STUDY / "failed" / "esa.ipynb"
    for path in (written, failed):
        path.parent.mkdir(parents=True)
        path.touch()

    small_cluster.submit(make_task("draws-by-chance")).result()

    assert (tiny_root / "build" / STUDY / "notebooks" / "esa.ipynb").is_file()
    assert not written.exists()
    assert not failed.exists()


def sent_from(root: Path) -> SentTask:
    return SentTask(make_task("raises"), STUDY, TaskEnvironment(root, root / "build"), {}, "")


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
def test_cluster_that_is_lost_is_shown(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, shown: str
) -> None:
    """Where the scheduler is gone, or work ends one worker after another, that is shown."""
    future: Future[None] = Future()
    future.set_exception(error)
    cluster = executor_of(tiny_root)
    monkeypatch.setattr(
        cluster, "_client", SimpleNamespace(submit=lambda *_, **__: future), raising=False
    )

    with pytest.raises(WorkerError) as refusal:
        cluster._result(sent_from(tiny_root))

    assert refusal.value.what == shown


def test_cluster_without_workers_is_shown(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all workers have ended and none comes in their place, nobody waits for ever."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.1)
    cluster = executor_of(tiny_root)
    client = SimpleNamespace(submit=lambda *_, **__: Future(), nthreads=dict)
    monkeypatch.setattr(cluster, "_client", client, raising=False)

    with pytest.raises(WorkerError, match="No worker is left") as refusal:
        cluster._result(sent_from(tiny_root))

    assert refusal.value.offenders == (NOBODY,)


@pytest.mark.slow
def test_worker_of_another_program_is_refused(
    machines: Machines, spoilt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that runs another program is shown of, with its address, and nothing is released."""
    monkeypatch.setattr(cluster_module, "program_digest", lambda: "other")

    with pytest.raises(WorkerError, match="runs another version of this program") as refusal:
        build(spoilt, machines)

    assert refusal.value.offenders[0].startswith("africa-cleaning: tcp://127.0.0.1:")
    assert "install this version at the scheduler and at every worker" in refusal.value.remedy
    assert not (spoilt / "reports" / STUDY).exists()


@pytest.mark.slow
def test_cluster_that_stays_lost_is_shown(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the scheduler does not come back in time, that is shown of all work from then on."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    one = {"n_workers": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}

    with ExitStack() as entered:
        with LocalCluster(**one, protocol="tcp", host="127.0.0.1") as there:
            address = there.scheduler_address
            cluster = entered.enter_context(executor_of(tiny_root, address))
            monkeypatch.setattr(cluster._client, "_timeout", 1)
        assert wait_until(lambda: cluster._client.status == "closed")
        workers = cluster.workers
        with pytest.raises(WorkerError, match="The cluster was lost") as refusal:
            cluster._result(sent_from(tiny_root))
        with pytest.raises(WorkerError, match="The cluster was lost"):
            cluster._threads_of_workers()

    assert workers == 2
    assert refusal.value.offenders == (address,)


def enter(root: Path, address: str) -> None:
    with executor_of(root, address):
        pytest.fail("there is no cluster to join")


def test_address_where_nobody_answers_is_refused(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no scheduler answers, its address is shown, and how to start one."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
        enter(tiny_root, NOBODY)

    assert refusal.value.offenders == (NOBODY,)
    assert "docs/scale.md" in refusal.value.remedy


@pytest.mark.parametrize("address", ["localhost", "http://127.0.0.1:9", "tls://127.0.0.1:9"])
def test_address_that_cannot_be_used_is_refused(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """What cannot be an address, or asks for certificates that are not there, is shown."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)

    with pytest.raises(WorkerError, match="not the address of a scheduler") as refusal:
        enter(tiny_root, address)

    assert refusal.value.offenders[0].startswith(f"{address}: ")
    assert "tcp://host:port" in refusal.value.expected


def test_workers_that_join_later_are_given_work(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The more workers there are, the more work is sent at once; at least one piece always."""
    monkeypatch.setattr(cluster_module, "ASKED_AGAIN_SECONDS", -1)
    threads = iter([{}, {"a": 1}, {"a": 1, "b": 4}, {"a": 10_000}])
    cluster = executor_of(tiny_root)
    client = SimpleNamespace(nthreads=lambda: next(threads))
    monkeypatch.setattr(cluster, "_client", client, raising=False)

    assert [cluster.workers for _ in range(4)] == [2, 2, 10, MOST_SENT]


def test_scheduler_without_workers_is_refused(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler that has no worker is no cluster."""
    monkeypatch.setattr(cluster_module, "PATIENCE_SECONDS", 0.5)
    empty = {"n_workers": 0, "processes": False, "dashboard_address": "127.0.0.1:0"}

    with LocalCluster(**empty, protocol="tcp", host="127.0.0.1") as nobody:
        with pytest.raises(WorkerError, match="No cluster answers there") as refusal:
            enter(tiny_root, nobody.scheduler_address)

        assert refusal.value.offenders == (nobody.scheduler_address,)


def test_cluster_needs_its_extra(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Dask is not installed, that is shown, and what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(WorkerError, match="not installed") as refusal:
        enter(tiny_root, NOBODY)

    assert refusal.value.remedy.startswith("sh locks/install cluster .venv")


WORKER = "tcp://there"
FULL = OSError(errno.ENOSPC, "No space left on device")
NO_FOLDER = FileNotFoundError(errno.ENOENT, "No usable temporary directory found")
TOLD_FULL = StorageError("There is no room left to write.", offenders=["a.csv: No space left"])


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SentTask:
    """Give work that was sent to a worker."""
    monkeypatch.setattr(cluster_module, "_worker_address", lambda: WORKER)
    task = Task(name="esa", kind="page", reads=("data/places.csv",))
    environment = TaskEnvironment(tmp_path, tmp_path / "build")
    return SentTask(task, "tiny", environment, {"data/places.csv": b"code\n"}, program_digest())


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
    here = program_digest.__wrapped__()

    monkeypatch.setattr(cluster_module, "version", lambda _: "0")

    assert program_digest.__wrapped__() != here


def test_worker_that_may_start_no_process_is_refused(
    sent: SentTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is a daemon could run no notebook, and is refused with what to do."""
    daemon = SimpleNamespace(daemon=True)
    monkeypatch.setattr(multiprocessing, "current_process", lambda: daemon)

    error, left = run_sent(sent)

    assert isinstance(error, WorkerError)
    assert (error.offenders, left) == ((WORKER,), {})
    assert "DASK_DISTRIBUTED__WORKER__DAEMON=False" in error.remedy


@pytest.mark.parametrize(
    ("where", "error", "shown"),
    [
        ("_processes", FULL, ("There is no room left to write.", FULL.strerror)),
        ("write_files", FULL, ("There is no room left to write.", FULL.strerror)),
        ("run_task", TOLD_FULL, (TOLD_FULL.what, TOLD_FULL.offenders[0])),
        ("read_files", FULL, ("There is no room left to write.", FULL.strerror)),
        ("_processes", NO_FOLDER, ("A worker cannot run the task that it is given.", NO_FOLDER)),
    ],
    ids=["folder", "sent", "at work", "left", "no folder"],
)
def test_storage_of_a_worker_is_shown(
    sent: SentTask,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    error: Exception,
    shown: tuple[str, object],
) -> None:
    """A worker whose disk is full is named, and is not taken for a cluster that was lost."""
    at_work = SimpleNamespace(scratch=None, submit=make_call)
    monkeypatch.setattr(cluster_module, "_processes", lambda: at_work)
    monkeypatch.setattr(cluster_module, "run_task", lambda *_: None)
    monkeypatch.setattr(cluster_module, where, lambda *_, **__: raise_it(error))

    refusal, left = run_sent(sent)

    assert isinstance(refusal, CompendiumError)
    assert (refusal.what, refusal.offenders, left) == (shown[0], (f"{WORKER}: {shown[1]}",), {})
