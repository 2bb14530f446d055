from __future__ import annotations

import multiprocessing
import operator
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from analysis.engine import executors as processes_module
from analysis.engine.environment import SETTINGS
from analysis.engine.executors import START_ANEW, Processes, can_fork, can_fork_here, forked
from analysis.errors import StorageError, StudyError, WorkerError
from analysis.study.root import require_study
from engine.conftest import make_runner
from engine.waiting import is_at_work, wait_until

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = """
import time
from multiprocessing import forkserver
from analysis.engine import executors

executors.PRELOADED = "json"
with executors.Processes(1) as at_work:
    call = at_work.submit(time.sleep, 600)
    at_work.submit_guard(time.sleep, 600)
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
from pathlib import Path
from analysis.engine import executors

sys.path.insert(0, "")
Path("slow.py").write_text(
    "import os, time\\nfor _ in range(3000):\\n if not os.path.exists('go'): time.sleep(0.01)"
)
executors.PRELOADED = "slow"
with executors.Processes(1) as at_work:
    guard = at_work.submit_guard(os.getpid)
    call = at_work.submit(os.getpid)
    guard.result()
    print(call.done())
    Path("go").touch()
    call.result()
"""


def submit(processes: Processes, kind: str):
    return {"call": processes.submit, "guard": processes.submit_guard}[kind]


@pytest.fixture(params=["call", "guard"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give a kind of process to make a call in."""
    return request.param


def test_result_of_a_call_comes_back(processes: Processes, kind: str) -> None:
    """What a call in another process returns is what comes of it."""
    here = os.getpid()

    assert submit(processes, kind)(operator.add, "a", "b").result() == "ab"
    assert submit(processes, kind)(os.getpid).result() != here


@pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")
def test_first_kernel_is_made_while_guards_make_ready() -> None:
    """Whoever asks the guards asks for a notebook next: its process is forked meanwhile."""
    with Processes(1) as at_work:
        at_work.submit_guard(os.getpid).result()
        ahead = at_work._ahead

        assert ahead is not None
        assert ahead.result().process.is_alive()


@pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")
def test_no_kernel_is_made_that_nothing_needs() -> None:
    """After the last notebook nobody waits for another one, whatever is asked for then."""
    with Processes(1) as at_work:
        at_work.submit_guard(os.getpid).result()
        at_work.submit(os.getpid, kernel=True).result()
        after_one = at_work._ahead
        at_work.submit(os.getpid, kernel=True, is_last=True).result()
        at_work.submit(os.getpid).result()
        at_work.submit_guard(os.getpid).result()

        assert after_one is not None
        assert at_work._ahead is None


def test_kernel_is_made_where_a_notebook_comes_after_the_last(processes: Processes) -> None:
    """A notebook that is run again after all the others still has its process."""
    last = processes.submit(os.getpid, kernel=True, is_last=True).result()

    assert processes.submit(os.getpid, kernel=True, is_last=True).result() != last


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
    """An error that nobody can mend comes back with where it happened."""
    with pytest.raises(RuntimeError, match=r"(?s)^Traceback.*ZeroDivisionError: ") as failure:
        submit(processes, kind)(operator.truediv, 1, 0).result()

    assert "executors.py" in str(failure.value)


def test_full_disk_is_told_from_a_process(processes: Processes, kind: str, tmp_path: Path) -> None:
    """What a process could not write comes back as what a person can mend."""
    (tmp_path / "file").touch()

    with pytest.raises(StorageError, match="cannot be used") as failure:
        submit(processes, kind)(os.mkdir, tmp_path / "file").result()

    assert str(tmp_path / "file") in failure.value.offenders[0]


@pytest.mark.parametrize(
    ("call", "given", "told"),
    [
        (signal.raise_signal, signal.SIGKILL, "it was ended by SIGKILL"),
        (os._exit, 3, "it ended with 3"),
    ],
    ids=["killed", "ended"],
)
def test_process_that_ends_is_told(
    processes: Processes, kind: str, call: object, given: int, told: str
) -> None:
    """A process that is killed, as for lack of memory, or ends itself, is told with its end."""
    with pytest.raises(WorkerError, match="ended by itself") as failure:
        submit(processes, kind)(call, given).result()

    assert failure.value.offenders == (told,)
    assert "--jobs 1" in failure.value.remedy


def test_each_call_has_a_process_of_its_own(processes: Processes) -> None:
    """No two calls are made in one process, and none is left behind."""
    pids = [processes.submit(os.getpid).result() for _ in range(3)]

    assert len(set(pids)) == 3
    assert [pid for pid in pids if is_at_work(pid)] == []


def test_guards_share_one_process(processes: Processes) -> None:
    """Guards have one process for all of them, which stays."""
    first, second = (processes.submit_guard(os.getpid).result() for _ in range(2))

    assert first == second
    assert is_at_work(first)


def test_guards_do_not_wait_for_the_server(tmp_path: Path) -> None:
    """Guards that are asked for first import what they need while that server imports, too."""
    program = [sys.executable, "-c", SLOW_SERVER]
    ended = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (ended.stdout, ended.stderr) == ("False\n", "")


def test_process_of_the_guards_starts_anew_where_it_ended(processes: Processes) -> None:
    """After the process of the guards was killed, the next guard has another."""
    first = processes.submit_guard(os.getpid).result()
    os.kill(first, signal.SIGKILL)
    # Its threads end one by one, and the last of them makes it known.
    assert wait_until(lambda: not processes._guard.process.is_alive())

    second = processes.submit_guard(os.getpid).result()

    assert second != first


def test_process_of_the_guards_ends_where_no_more_will_come(processes: Processes) -> None:
    """Told that no more guards come, their process ends by itself; if one does, it has another."""
    first = processes.submit_guard(os.getpid).result()
    processes.end_guards()

    assert wait_until(lambda: not is_at_work(first))
    assert processes.submit_guard(os.getpid).result() != first


def test_process_of_the_guards_ends_where_all_is_left_before_it_could() -> None:
    """Where a build fails just when no more guards come, their process ends nevertheless."""
    is_over = threading.Event()
    with Processes(1) as processes:
        pid = processes.submit_guard(os.getpid).result()
        # As the traceback of what fails may hold it.
        held = processes._guard
        processes._guards.submit(is_over.wait)
        processes.end_guards()
        threading.Timer(0.5, is_over.set).start()

    assert held is not None
    assert not is_at_work(pid)


def test_no_more_calls_at_once_than_workers() -> None:
    """Calls wait for a worker; those that are not begun when all is left are never made."""
    with Processes(1) as one:
        first = one.submit(time.sleep, 600)
        second = one.submit(os.getpid)
        assert wait_until(first.running)
        is_waiting = not second.running()

    assert is_waiting
    assert second.cancelled()


def test_leaving_ends_what_runs(kind: str) -> None:
    """What runs when all is left ends at once, a call as well as a guard."""
    with Processes(1) as processes:
        call = submit(processes, kind)(time.sleep, 600)
        assert wait_until(lambda: len(processes._running) == 1)
        (process,) = processes._running

    assert not is_at_work(process.pid)
    with pytest.raises(WorkerError):
        call.result()


def test_idle_process_of_the_guards_ends_when_all_is_left() -> None:
    """The process of the guards ends with what it served."""
    with Processes(1) as processes:
        pid = processes.submit_guard(os.getpid).result()

    assert not is_at_work(pid)


def test_settings_of_the_machine_do_not_reach_a_process(
    processes: Processes, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine says of time zone and language, processes are told the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")

    told = {name: submit(processes, kind)(os.getenv, name).result() for name in SETTINGS}

    assert told == SETTINGS
    assert os.environ["TZ"] == "Asia/Kathmandu"


def test_process_does_not_import_the_main_program_again(processes: Processes, kind: str) -> None:
    """A process knows nothing of the program that began it."""
    code = "'pytest' in __import__('sys').modules"

    assert submit(processes, kind)(eval, code).result() is False


def test_interrupt_of_a_terminal_reaches_no_process(processes: Processes, kind: str) -> None:
    """Each process is a session of its own, apart from the terminal of its driver."""
    assert submit(processes, kind)(os.getsid, 0).result() != os.getsid(0)


def test_calls_are_made_where_nothing_can_be_forked(
    monkeypatch: pytest.MonkeyPatch, defect_root: Path
) -> None:
    """Where a machine has no fork server, each call, and each kernel, starts a process anew."""
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [START_ANEW])

    with Processes(1) as processes:
        told = processes.submit(operator.add, 1, 2).result()
        executed = make_runner(processes, defect_root).run("prints-to-stderr")

    assert (can_fork(), told) == (False, 3)
    assert executed.is_file()


def test_all_ends_with_a_driver_that_is_killed() -> None:
    """A driver that is killed outright leaves no process behind: no call, no guard, no server."""
    program = [sys.executable, "-c", DRIVER]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as driver:
        pids = [int(pid) for pid in driver.stdout.readline().split()]
        were_at_work = [is_at_work(pid) for pid in pids]
        driver.send_signal(signal.SIGKILL)

    assert were_at_work == [True, True, True]
    assert wait_until(lambda: not any(map(is_at_work, pids)))


def test_server_that_ended_is_told(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server that processes are forked from has ended, that is told."""

    class Context:
        Pipe = staticmethod(multiprocessing.Pipe)

        @staticmethod
        def Process(**_: object) -> object:  # noqa: N802 (multiprocessing's own word)
            class Dead:
                def start(self) -> None:
                    raise EOFError

            return Dead()

    monkeypatch.setattr(processes_module.multiprocessing, "get_context", lambda _: Context)

    with pytest.raises(WorkerError, match="could be started") as failure:
        processes.submit(os.getpid).result()

    assert failure.value.offenders == ("the server that they are forked from has ended",)


needs_a_fork = pytest.mark.skipif(not can_fork_here(), reason="no process is forked on this system")

FORKING_DRIVER = """
import os
import time
from analysis.engine.executors import forked

told, tell = os.pipe()

def work():
    os.write(tell, str(os.getpid()).encode())
    time.sleep(600)

with forked(work) as wait:
    print(int(os.read(told, 20)), flush=True)
    wait()
"""


@needs_a_fork
def test_fork_has_what_this_process_holds() -> None:
    """A call in a fork reads what is in memory here, and returns what it makes of it."""
    held = {"voices": 3}

    with forked(lambda: (os.getpid(), os.getsid(0), held["voices"])) as wait:
        pid, session, voices = wait()

    assert (pid != os.getpid(), session != os.getsid(0), voices) == (True, True, 3)
    assert not is_at_work(pid)


@needs_a_fork
def test_refusal_comes_back_from_a_fork() -> None:
    """What a call in a fork raises is raised where it is waited for."""

    def refuse() -> None:
        raise StudyError("No such study.", offenders=["dem"])

    with forked(refuse) as wait, pytest.raises(StudyError, match="No such study") as failure:
        wait()

    assert failure.value.offenders == ("dem",)


@needs_a_fork
def test_fork_that_ends_is_told() -> None:
    """A fork that is killed, as for lack of memory, is told with its end."""
    with (
        forked(partial(signal.raise_signal, signal.SIGKILL)) as wait,
        pytest.raises(WorkerError, match="ended by itself") as failure,
    ):
        wait()

    assert failure.value.offenders == ("it was ended by SIGKILL",)


@needs_a_fork
def test_fork_ends_where_nobody_waits_for_it_any_more() -> None:
    """What fails meanwhile in the process that was forked leaves nothing behind."""
    told, tell = os.pipe()
    pids: list[int] = []

    def work() -> None:
        os.write(tell, str(os.getpid()).encode())
        time.sleep(600)

    def fail() -> None:
        with forked(work):
            pids.append(int(os.read(told, 20)))
            operator.truediv(1, 0)

    with pytest.raises(ZeroDivisionError):
        fail()

    assert not is_at_work(*pids)


@needs_a_fork
def test_fork_ends_with_a_driver_that_is_killed() -> None:
    """A driver that is killed outright leaves no fork behind."""
    program = [sys.executable, "-c", FORKING_DRIVER]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as driver:
        pid = int(driver.stdout.readline())
        was_at_work = is_at_work(pid)
        driver.send_signal(signal.SIGKILL)

    assert was_at_work
    assert wait_until(lambda: not is_at_work(pid))
