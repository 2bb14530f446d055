from __future__ import annotations

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.engine import executors as executors_module
from analysis.engine import memory
from analysis.engine.environment import SETTINGS, TaskEnvironment, fixed_settings, in_environment
from analysis.engine.executors import (
    SPAWN,
    LocalExecutor,
    Processes,
    can_fork,
    create_scratch,
)
from analysis.engine.memory import (
    BYTES_OF_CHECKED_ROW,
    BYTES_OF_CHECKS,
    BYTES_OF_NOTEBOOK,
    BYTES_OF_ROW,
    ENOUGH,
    free_memory,
    most_at_once,
)
from analysis.engine.steps import remove_written
from analysis.engine.task import Task
from analysis.errors import StorageError, StudyError, WorkerError
from analysis.study.root import require_study
from analysis.tables.partition import Partition
from engine.conftest import make_runner
from engine.waiting import is_at_work, wait_until

DRIVER = """
import tempfile
import time
from multiprocessing import forkserver
from analysis.engine import executors

executors.PRELOADED = "json"
with executors.Processes(1, tempfile.mkdtemp()) as at_work:
    call = at_work.submit(time.sleep, 600)
    at_work.submit_check(time.sleep, 600)
    while len(at_work._running) < 2:
        time.sleep(0.01)
    server = forkserver._forkserver._forkserver_pid
    print(server, *(each.pid for each in at_work._running), flush=True)
    call.result()
"""

# The server has imported what is slow as soon as a file is there, and hardly before.
SLOW_SERVER = """
import os
import sys
import tempfile
from pathlib import Path
from analysis.engine import executors

sys.path.insert(0, "")
Path("slow.py").write_text(
    "import os, time\\nfor _ in range(3000):\\n if not os.path.exists('go'): time.sleep(0.01)"
)
executors.PRELOADED = "slow"
with executors.Processes(1, tempfile.mkdtemp()) as at_work:
    check = at_work.submit_check(os.getpid)
    call = at_work.submit(os.getpid)
    check.result()
    print(call.done())
    Path("go").touch()
    call.result()
"""


def submit(processes: Processes, kind: str):
    return {"call": processes.submit, "check": processes.submit_check}[kind]


@pytest.fixture
def scratch(tmp_path: Path) -> str:
    """Give a folder for temporary files."""
    return create_scratch(tmp_path / "tmp")


@pytest.fixture(params=["call", "check"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give a kind of process to make a call in."""
    return request.param


def test_result_of_a_call_comes_back(processes: Processes, kind: str) -> None:
    """What a call in another process returns is what comes of it."""
    here = os.getpid()

    assert submit(processes, kind)(operator.add, "a", "b").result() == "ab"
    assert submit(processes, kind)(os.getpid).result() != here


def test_refusal_comes_back_whole(processes: Processes, kind: str, tmp_path: Path) -> None:
    """A refusal in another process comes back with all that it says, and its kind."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "study.yaml").touch()
    with pytest.raises(StudyError) as here:
        require_study(tmp_path, "dem")

    with pytest.raises(StudyError) as there:
        submit(processes, kind)(require_study, tmp_path, "dem").result()

    assert vars(there.value) == vars(here.value)
    assert str(there.value) == str(here.value)


def test_mistake_comes_back_with_its_traceback(processes: Processes, kind: str) -> None:
    """An error that nobody can fix comes back with where it happened."""
    with pytest.raises(RuntimeError, match=r"(?s)^Traceback.*ZeroDivisionError: ") as failure:
        submit(processes, kind)(operator.truediv, 1, 0).result()

    assert "executors.py" in str(failure.value)


def test_full_disk_is_reported_from_a_process(
    processes: Processes, kind: str, tmp_path: Path
) -> None:
    """What a process could not write comes back as what a person can fix."""
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="cannot be used") as failure:
        submit(processes, kind)(os.mkdir, tmp_path / "file").result()

    assert str(tmp_path / "file") in failure.value.offenders[0]


@pytest.mark.parametrize(
    ("call", "given", "shown"),
    [
        (signal.raise_signal, signal.SIGKILL, "it was killed by SIGKILL"),
        (os._exit, 3, "it ended with exit code 3"),
    ],
    ids=["killed", "ended"],
)
def test_process_that_ends_is_shown(
    processes: Processes, kind: str, call: object, given: int, shown: str
) -> None:
    """A process that is killed, as for lack of memory, or ends itself, is shown with its end."""
    with pytest.raises(WorkerError, match="ended by itself") as failure:
        submit(processes, kind)(call, given).result()

    assert failure.value.offenders == (shown,)
    assert "--jobs 1" in failure.value.remedy


SHOW_HOME = """
import tempfile
import os
from analysis.engine import executors

executors.PRELOADED = "json"
with executors.Processes(1, tempfile.mkdtemp()) as processes:
    for submit in (processes.submit, processes.submit_check):
        print(submit(os.getenv, "HOME").result() == processes.scratch)
"""


@pytest.mark.parametrize("home", ["", "/dev/null/nobody", "/proc"])
def test_home_that_cannot_be_written_is_replaced(tmp_path: Path, home: str) -> None:
    """Libraries that keep settings there would complain, and fail at the end of a build."""
    done = subprocess.run(
        [sys.executable, "-c", SHOW_HOME],
        env={**os.environ, "HOME": home or str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == (f"{bool(home)}\n" * 2, "")


def test_each_call_has_a_process_of_its_own(processes: Processes) -> None:
    """No two calls are made in one process, and none is left behind."""
    pids = [processes.submit(os.getpid).result() for _ in range(3)]

    assert len(set(pids)) == 3
    assert [pid for pid in pids if is_at_work(pid)] == []


def test_checks_share_one_process(processes: Processes) -> None:
    """All checks have one process, which stays."""
    first, second = (processes.submit_check(os.getpid).result() for _ in range(2))

    assert first == second
    assert is_at_work(first)


def test_checks_do_not_wait_for_the_server(tmp_path: Path) -> None:
    """A check imports what it needs at the same time as the server."""
    program = [sys.executable, "-c", SLOW_SERVER]
    ended = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ended.stdout, ended.stderr) == ("False\n", "")


def test_process_of_the_checks_starts_again(processes: Processes) -> None:
    """After the process of the checks was killed, the next check has another."""
    first = processes.submit_check(os.getpid).result()
    os.kill(first, signal.SIGKILL)
    # Its threads end one by one, and the last of them makes it known.
    assert wait_until(lambda: not processes._checking.process.is_alive())

    second = processes.submit_check(os.getpid).result()

    assert second != first


@pytest.mark.parametrize(("most", "during_checks"), [(3, 2), (1, 1)])
def test_checks_take_the_place_of_one_notebook(
    tmp_path: Path, most: int, during_checks: int
) -> None:
    """While tables are checked, one notebook less runs at once, but never none."""
    check: Future[None] = Future()
    processes = SimpleNamespace(submit_check=lambda *_: check)
    executor = LocalExecutor(processes, TaskEnvironment(tmp_path, "tiny"), most)
    executor.submit(Task(name="check esa", kind="check"))

    assert executor.workers == during_checks
    check.set_result(None)
    assert executor.workers == most


def test_no_more_calls_at_once_than_workers(scratch: str) -> None:
    """Calls wait for a worker; those that are not started when all is left are never made."""
    with Processes(1, scratch) as one:
        first = one.submit(time.sleep, 600)
        second = one.submit(os.getpid)
        assert wait_until(first.running)
        is_waiting = not second.running()

    assert is_waiting
    assert second.cancelled()


def test_leaving_ends_what_runs(kind: str, scratch: str) -> None:
    """What runs when all is left ends at once, a call as well as a check."""
    with Processes(1, scratch) as processes:
        call = submit(processes, kind)(time.sleep, 600)
        assert wait_until(lambda: len(processes._running) == 1)
        (process,) = processes._running

    assert not is_at_work(process.pid)
    with pytest.raises(WorkerError):
        call.result()


def test_idle_process_of_the_checks_ends_when_all_is_left(scratch: str) -> None:
    """The process of the checks ends with all others."""
    with Processes(1, scratch) as processes:
        pid = processes.submit_check(os.getpid).result()

    assert not is_at_work(pid)


def test_settings_of_the_machine_do_not_reach_a_process(
    processes: Processes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine says of time zone and language, processes are shown the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")

    shown = {name: submit(processes, kind)(os.getenv, name).result() for name in SETTINGS}

    assert shown == SETTINGS
    assert os.environ["TZ"] == "Asia/Kathmandu"


def test_process_does_not_import_the_main_program_again(processes: Processes, kind: str) -> None:
    """A process knows nothing of the program that started it."""
    code = "'pytest' in __import__('sys').modules"

    assert submit(processes, kind)(eval, code).result() is False


def test_interrupt_of_a_terminal_reaches_no_process(processes: Processes, kind: str) -> None:
    """Each process has a session of its own, and Ctrl-C does not reach it before it has."""
    assert submit(processes, kind)(os.getsid, 0).result() != os.getsid(0)
    blocked = submit(processes, kind)(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
    assert signal.SIGINT in blocked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_calls_are_made_where_nothing_can_be_forked(
    monkeypatch: pytest.MonkeyPatch, defect_root: Path, scratch: str
) -> None:
    """Where a machine has no fork server, each call, and each kernel, starts a process again."""
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [SPAWN])

    with Processes(1, scratch) as processes:
        shown = processes.submit(operator.add, 1, 2).result()
        executed = make_runner(processes, defect_root).run("prints-to-stderr")

    assert (can_fork(), shown) == (False, 3)
    assert executed.is_file()


def test_all_ends_with_a_driver_that_is_killed() -> None:
    """A driver that is killed outright leaves no process behind: no call, no check, no server."""
    program = [sys.executable, "-c", DRIVER]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as driver:
        pids = [int(pid) for pid in driver.stdout.readline().split()]
        were_at_work = [is_at_work(pid) for pid in pids]
        driver.send_signal(signal.SIGKILL)

    assert were_at_work == [True, True, True]
    assert wait_until(lambda: not any(map(is_at_work, pids)))


def test_server_that_ended_is_shown(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server that processes are forked from has ended, that is shown."""

    class Context:
        Pipe = staticmethod(multiprocessing.Pipe)

        @staticmethod
        def Process(**_: object) -> object:  # noqa: N802 (multiprocessing's own word)
            class Dead:
                def start(self) -> None:
                    raise EOFError

            return Dead()

    monkeypatch.setattr(executors_module.multiprocessing, "get_context", lambda _: Context)

    with pytest.raises(WorkerError, match="could not be started") as failure:
        processes.submit(os.getpid).result()

    assert failure.value.offenders == ("the server that processes are forked from has ended",)


WRITES = """
import sys, time
from pathlib import Path
from analysis.engine.executors import create_scratch
scratch = create_scratch(Path(sys.argv[1]))
(Path(scratch) / "rows").touch()
print(scratch, flush=True)
time.sleep(600)
"""


def test_temporary_files_of_a_killed_process_go_with_the_next(tmp_path: Path) -> None:
    """A folder stays while its process runs; after a kill, the next process removes it."""
    (tmp_path / "notes").mkdir()
    program = [sys.executable, "-c", WRITES, str(tmp_path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as writer:
        folder = Path(writer.stdout.readline().strip())
        create_scratch(tmp_path)
        stayed = (folder / "rows").is_file()
        writer.kill()
    create_scratch(tmp_path)

    assert (stayed, folder.exists(), (tmp_path / "notes").is_dir()) == (True, False, True)


def test_temporary_files_are_written_into_the_folder(processes: Processes, kind: str) -> None:
    """A process, and those that it starts, write temporary files into the folder of the build."""
    assert submit(processes, kind)(tempfile.gettempdir).result() == processes.scratch
    assert submit(processes, kind)(os.getenv, "TMPDIR").result() == processes.scratch


def test_temporary_files_go_when_a_driver_is_killed(tmp_path: Path) -> None:
    """A process that outlives its parent by a moment removes the folder that they shared."""
    program = [sys.executable, "-c", DRIVER.replace("tempfile.mkdtemp()", repr(str(tmp_path)))]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as driver:
        driver.stdout.readline()
        was_there = tmp_path.is_dir()
        driver.send_signal(signal.SIGKILL)

    assert was_there
    assert wait_until(lambda: not tmp_path.is_dir())
    tmp_path.mkdir()


def test_settings_are_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a machine's time zone, language and threads are, tasks find the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)

    with fixed_settings(MORE="more"):
        found = dict(os.environ)

    assert {name: found[name] for name in SETTINGS} == SETTINGS
    assert found["MORE"] == "more"


def test_environment_is_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Afterwards the environment is what it was, whatever happened within."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    monkeypatch.delenv("MORE", raising=False)
    before = dict(os.environ)

    with suppress(KeyError), fixed_settings(MORE="more"):
        os.environ["LEFT"] = "behind"
        raise KeyError("a mistake")

    assert dict(os.environ) == before


def test_task_finds_its_folders(tmp_path: Path) -> None:
    """A task finds the root and the folder of builds by their variables."""
    environment = TaskEnvironment(tmp_path, "tiny")

    with in_environment(environment):
        found = (os.environ["COMPENDIUM_ROOT"], os.environ["COMPENDIUM_BUILD"], os.environ["TZ"])

    assert found == (str(tmp_path), str(tmp_path / "build"), "UTC")


MEMINFO = "MemTotal:       8000 kB\nMemFree:        100 kB\nMemAvailable:   4000 kB\n"


def partition_of(**rows: tuple[int, ...]) -> Partition:
    """Return a partition whose places have tables of so many rows."""
    tables = {
        place: {str(at): n for at, n in enumerate(numbers)} for place, numbers in rows.items()
    }
    return Partition((), (), tuple(rows), tables, {}, {})


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder for what a machine reports of its memory: nothing yet."""
    monkeypatch.setattr(memory, "MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "OWN_GROUPS", tmp_path / "own")
    monkeypatch.setattr(memory, "GROUPS", tmp_path / "groups")
    return tmp_path


def write_machine(machine: Path, files: dict[str, str]) -> None:
    """Let a machine report its memory."""
    for name, text in files.items():
        (machine / name).parent.mkdir(parents=True, exist_ok=True)
        (machine / name).write_text(text, encoding="utf-8")


JOB = "0::/jobs/job-7\n"
LIMITED = {"own": JOB, "groups/jobs/job-7/memory.max": "1000\n"}
OLD_JOB = "9:name=systemd:/\n4:cpu,memory:/jobs/job-7\n0::/\n"
OLD = "groups/memory"
OLD_ROOM = {
    f"{OLD}/memory.limit_in_bytes": "9000\n",
    f"{OLD}/memory.usage_in_bytes": "5000\n",
    f"{OLD}/memory.stat": "inactive_file 1\ntotal_inactive_file 300\n",
}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({}, ENOUGH),
        ({"meminfo": MEMINFO}, 4_096_000),
        ({"meminfo": "MemFree: 1 kB\n"}, ENOUGH),
        ({"meminfo": MEMINFO, "own": JOB, "groups/jobs/job-7/memory.max": "max\n"}, 4_096_000),
        ({"meminfo": MEMINFO, **LIMITED}, 1000),
        ({"meminfo": MEMINFO, **LIMITED, "groups/jobs/job-7/memory.max": "9000000\n"}, 4_096_000),
        ({**LIMITED, "groups/jobs/job-7/memory.current": "400\n"}, 600),
        (
            {
                **LIMITED,
                "groups/jobs/job-7/memory.current": "400\n",
                "groups/jobs/job-7/memory.stat": "anon 90\ninactive_file 300\n",
            },
            900,
        ),
        ({**LIMITED, "groups/jobs/memory.max": "800\n", "groups/jobs/memory.current": "1"}, 799),
        ({"own": "0::/\n", "groups/memory.max": "2000\n"}, 2000),
        ({"own": OLD_JOB, **OLD_ROOM}, 4300),
        ({"own": OLD_JOB, **OLD_ROOM, f"{OLD}/jobs/job-7/memory.limit_in_bytes": "70"}, 70),
    ],
    ids=[
        *("silent", "available", "old", "no limit", "limit", "wide limit", "used", "read files"),
        *("group around it", "container", "older container", "older group"),
    ],
)
def test_free_memory_is_what_the_system_leaves(
    machine: Path, files: dict[str, str], free: int
) -> None:
    """Memory is free within the limits of all groups; unlimited if nothing is reported."""
    write_machine(machine, files)

    assert free_memory() == free


@pytest.mark.parametrize(
    ("partition", "notebooks", "expected"),
    [
        (partition_of(), 4, 4),
        (partition_of(esa=(0, 0)), 0.5, 1),
        (partition_of(esa=(0, 0)), -1, 1),
        (partition_of(esa=(10, 30_000, 29_990), wca=(5,)), 4, 2),
    ],
    ids=["empty", "scarce", "checks alone", "large"],
)
def test_notebooks_at_once_are_those_that_memory_has_room_for(
    machine: Path, partition: Partition, notebooks: float, expected: int
) -> None:
    """As many notebooks as fit next to the checks run at once; one in any case."""
    rows = sum(sum(of_place.values()) for of_place in partition.rows.values())
    of_checks = BYTES_OF_CHECKS + rows * BYTES_OF_CHECKED_ROW
    free = of_checks + int(notebooks * BYTES_OF_NOTEBOOK)
    write_machine(machine, {"own": "0::/\n", "groups/memory.max": str(free)})

    assert 60_000 * BYTES_OF_ROW == BYTES_OF_NOTEBOOK
    assert most_at_once(partition) == expected


WRITTEN = ("page/esa.html", "words", "never-there")


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        ("notebook", {"page/other.html"}),
        ("page", {"page/other.html"}),
        ("check", {"page/esa.html", "page/other.html", "words/001.html"}),
        ("partition", {"page/esa.html", "page/other.html", "words/001.html"}),
    ],
)
def test_files_of_the_last_run_are_removed(tmp_path: Path, kind: str, left: set[str]) -> None:
    """Files of notebooks and pages are removed first; tables and outcomes stay until replaced."""
    for name in ("page/esa.html", "page/other.html", "words/001.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    remove_written(tmp_path, Task(name="esa", kind=kind, writes=WRITTEN))

    files = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert files == left
