"""A study built from nothing on a Dask cluster of this machine, and in processes of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.bench import from_json, timed, to_json
from benchmarks.figures import ratio, spread, table, verdict
from benchmarks.roots import fresh_root
from benchmarks.scenarios.kills import digests_of
from benchmarks.ways import BUILD, STUDY, compendium

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.bench import Bench
    from benchmarks.measuring import Command

WORKERS = 3
HERE = f"{WORKERS} processes of this machine"
CLUSTER = f"scheduler and {WORKERS} workers"
ONE_KILLED = "the same, a worker killed"
MOST = {CLUSTER: 1.25}
READY = "analysis.engine.cluster"
DASK = (sys.executable, "-m", "dask")
# Workers may start processes, and the scheduler gives up a silent worker after this time.
SETTINGS = {
    "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "5 seconds",
}


def run(bench: Bench) -> dict[str, Any]:
    """Return what builds take here and on a cluster, and whether their bytes are equal."""
    expected: dict[str, str] = {}
    same: dict[str, int] = dict.fromkeys((HERE, CLUSTER, ONE_KILLED), 0)
    roots = {name: bench.work / str(number) for number, name in enumerate(same)}
    killed = dict.fromkeys(same, 0)
    runs: dict[str, list[Any]] = {name: [] for name in same}
    for turn in range(bench.runs):
        sys.stderr.write(f"round {turn + 1}\n")
        for name, root in roots.items():
            fresh_root(bench.repository, root, STUDY)
            lost: list[int] = []
            with _command(name, root, bench.work, lost) as command:
                runs[name].append(bench.measure(name, command))
            killed[name] += len(lost)
            found = digests_of(root / "reports")
            expected = expected or found
            same[name] += found == expected
    return {"runs": to_json(runs), "same": same, "killed": killed}


@contextmanager
def _command(name: str, root: Path, work: Path, lost: list[int]) -> Iterator[Command]:
    """Give the command of a build, with its cluster at hand; report which workers are lost."""
    words = f"{BUILD} {STUDY}"
    with ExitStack() as entered:
        if name == HERE:
            yield compendium(f"{words} --jobs {WORKERS}", root)
            return
        address = entered.enter_context(_cluster(work))
        if name == ONE_KILLED:
            entered.enter_context(_killing(address, lost))
        yield compendium(f"{words} --scheduler {address}", root)


@contextmanager
def _killing(address: str, lost: list[int]) -> Iterator[None]:
    """Kill a worker as soon as it runs a task of the build."""
    has_ended = threading.Event()
    killer = threading.Thread(target=_kill_one_at_work, args=(address, lost, has_ended))
    killer.start()
    try:
        yield
    finally:
        has_ended.set()
        killer.join()


def _kill_one_at_work(address: str, lost: list[int], has_ended: threading.Event) -> None:
    from distributed import Client  # noqa: PLC0415 (heavy, and used by this scenario alone)

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        processes = client.run(os.getpid)
        while not lost and not has_ended.wait(0.02):
            doing = client.processing()
            lost += [processes[worker] for worker, work in doing.items() if work][:1]
        for process in lost:
            os.kill(process, signal.SIGKILL)


@contextmanager
def _cluster(work: Path) -> Iterator[str]:
    """Give the address of a scheduler that has its workers."""
    file = work / "scheduler.json"
    file.unlink(missing_ok=True)
    started = [_start(file, "scheduler", "--host", "127.0.0.1", "--port", "0")]
    options = ("--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--preload", READY)
    folder = ("--local-directory", str(work / "workers"))
    started += [_start(file, "worker", *options, *folder) for _ in range(WORKERS)]
    try:
        yield _address(file)
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def _start(file: Path, *what: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 (a program of ours)
        [*DASK, *what, "--no-dashboard", "--scheduler-file", str(file)],
        env={**os.environ, **SETTINGS},
        stderr=subprocess.DEVNULL,
    )


def _address(file: Path) -> str:
    """Return the address of the scheduler as soon as all its workers are there."""
    from distributed import Client  # noqa: PLC0415 (heavy, and used by this scenario alone)

    # The file is there before anything is in it.
    while not (file.is_file() and file.read_text(encoding="utf-8").endswith("}")):
        time.sleep(0.05)
    address: str = json.loads(file.read_text(encoding="utf-8"))["address"]
    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(WORKERS)
    return address


def format_results(results: Mapping[str, Any]) -> str:
    """Return the table of builds."""
    runs = from_json(results["runs"])
    rows = []
    for name, taken in runs.items():
        of_it = ratio(timed(taken), timed(runs[HERE]))
        rows.append(
            (
                name,
                spread(timed(taken)),
                results["killed"][name],
                f"{results['same'][name]} of {len(taken)}",
                "" if name == HERE else f"{of_it:.2f}",
                "" if name == HERE else verdict(of_it, MOST.get(name)),
            )
        )
    return table(
        ("where", "time", "workers killed", "same bytes", "of that here", "asked for"), rows
    )
