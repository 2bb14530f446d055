from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import nbformat
import pytest

from analysis.engine.environment import SETTINGS
from analysis.engine.executors import can_fork
from analysis.engine.kernels import PromptClient, SpareKernel, WarmKernelManager
from analysis.errors import NotebookError
from engine.conftest import make_runner
from engine.waiting import is_at_work, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.executors import Processes
    from engine.conftest import Runner

DRIVER = """
import sys
from pathlib import Path
from analysis.engine import executors
from analysis.engine.execution import run_notebook
from analysis.engine.environment import TaskEnvironment
from analysis.engine.task import Task

root = Path(sys.argv[1])
task = Task(name="esa", kind="notebook", notebook="waits", parameters={"study": "tiny"})
executors.PRELOADED = "analysis.engine.kernels"
with executors.Processes(1, executors.create_scratch(root / "tmp")) as at_work:
    at_work.submit(run_notebook, TaskEnvironment(root, "tiny"), task, kernel=True).result()
"""

SHOWS_ITS_ADDRESS = """
import json
from ipykernel import get_connection_file
from ipykernel.kernelapp import IPKernelApp

with open(get_connection_file()) as shown:
    print(json.load(shown)["ip"], IPKernelApp.instance().parent_handle)
"""
KILLED = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
SEGFAULT = "import ctypes; ctypes.string_at(0)"
EXITED = "import os; os._exit(3)"

pytestmark = pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")


def test_kernels_of_both_kinds_see_the_same(processes: Processes, defect_root: Path) -> None:
    """What a notebook sees around it does not show how its kernel was started."""
    runners = [make_runner(processes, defect_root, kind) for kind in ("warm", "plain")]

    warm, plain = (each.run("prints-its-environment").read_bytes() for each in runners)

    assert plain == warm


def test_kernels_draw_their_own_chances(warm_runner: Runner) -> None:
    """Two kernels forked from one server draw different numbers of numpy's legacy generator."""
    drawn = [warm_runner.run("draws-by-chance").read_bytes() for _ in range(2)]

    assert drawn[0] != drawn[1]


def put_code(root: Path, notebook: str, code: str) -> None:
    """Have the last cell of a notebook say something else."""
    path = root / "notebooks" / f"{notebook}.ipynb"
    shown = json.loads(path.read_text(encoding="utf-8"))
    shown["cells"][-1]["source"] = code
    path.write_text(json.dumps(shown), encoding="utf-8")


def test_each_kernel_has_an_address_of_its_own(warm_runner: Runner) -> None:
    """Kernels listen where no other does, and watch no process but the one they come from."""
    put_code(warm_runner.root, "draws-by-chance", SHOWS_ITS_ADDRESS)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(warm_runner.run, "draws-by-chance", name) for name in ("esa", "wca")]
        cells = [nbformat.read(run.result(), as_version=4).cells[-1] for run in runs]
    addresses, watched = zip(*(cell.outputs[0].text.split() for cell in cells), strict=True)

    assert len(set(addresses)) == 2
    assert watched == ("0", "0")


@pytest.mark.parametrize("end", [KILLED, SEGFAULT, EXITED], ids=["killed", "segfault", "exited"])
def test_kernel_that_ends_leaves_the_others_alone(warm_runner: Runner, end: str) -> None:
    """A kernel that ends by itself fails its own notebook; those next to it run on."""
    put_code(warm_runner.root, "ends-its-interpreter", end)
    with ThreadPoolExecutor(3) as pool:
        fallen = pool.submit(warm_runner.run, "ends-its-interpreter", "esa")
        others = [pool.submit(warm_runner.run, "draws-by-chance", name) for name in ("wca", "mena")]
        with pytest.raises(NotebookError, match="its interpreter ended by itself"):
            fallen.result()
        shown = [future.result() for future in others]

    assert all(path.is_file() for path in shown)


def test_kernels_end_with_their_driver(defect_root: Path) -> None:
    """A driver that is killed outright leaves no kernel behind."""
    waiting = defect_root / "waiting.txt"
    with subprocess.Popen([sys.executable, "-c", DRIVER, str(defect_root)]) as driver:
        has_begun = wait_until(lambda: waiting.is_file() and bool(waiting.read_text()))
        kernel = int(waiting.read_text())
        was_at_work = is_at_work(kernel)
        driver.send_signal(signal.SIGKILL)

    assert (has_begun, was_at_work) == (True, True)
    assert wait_until(lambda: not is_at_work(kernel))


def test_kernel_that_died_before_it_listened_is_shown(tmp_path: Path) -> None:
    """A process that ended while it made itself a kernel is no kernel that could be asked."""
    spare = object.__new__(SpareKernel)
    spare._folder = str(tmp_path)
    spare._orders, theirs = multiprocessing.Pipe()
    theirs.close()

    with pytest.raises(RuntimeError, match="Kernel died before it listened"):
        spare.start(str(tmp_path), {})


def test_kernel_is_ready_when_it_answers() -> None:
    """Jupyter's own client may wait a fifth of a second for what it has missed; ours asks again."""
    assert type(WarmKernelManager().client()) is PromptClient


BROKEN = """
import importlib

def fail(name):
    print(name)
    raise SyntaxError("broken")

importlib.import_module = fail
import analysis.engine.preload
"""
AS_IN_A_KERNEL = """
import builtins, sys
import analysis.engine.preload, pandas
print(sys.modules.get("debugpy", "left out"), hasattr(builtins, "get_ipython"))
print(pandas.get_option("display.max_columns"))
"""
SERVER = """
import os, sys
import analysis.engine.preload
print(len(os.listdir("/proc/self/task")))
print("matplotlib.figure" in sys.modules, "matplotlib_inline.backend_inline" in sys.modules)
print(*(name in sys.modules for name in ("papermill.execute", "nbconvert.exporters")))
print("great_expectations" in sys.modules)
"""


def run_program(code: str) -> list[str]:
    """Return the lines that a program prints, in the settings of a build."""
    program, settings = [sys.executable, "-c", code], {**os.environ, **SETTINGS}
    done = subprocess.run(program, capture_output=True, text=True, check=True, env=settings)
    return done.stdout.splitlines()


def test_broken_module_does_not_end_the_server() -> None:
    """A module that can't be imported is skipped, and the next ones are imported."""
    lines = run_program(BROKEN)

    assert [name for name in lines if name.startswith("analysis.")] == list(preload_modules())


def preload_modules() -> tuple[str, ...]:
    code = "from analysis.engine import preload; print(*preload.MODULES)"
    return tuple(run_program(code)[-1].split())


def test_modules_are_imported_as_in_a_kernel() -> None:
    """Tables print as in a kernel, there is no debugger, and nothing of this is left."""
    plain = run_program("import pandas; print(pandas.get_option('display.max_columns'))")

    found, columns = run_program(AS_IN_A_KERNEL)

    assert found == "left out False"
    assert [columns] != plain


def test_server_can_be_forked_safely() -> None:
    """The server has one thread; it has drawn, can run notebooks and render pages, but not check.

    Jupyter's own way to show figures waits until a notebook needs it.
    """
    threads, drawn, imported, checks = run_program(SERVER)

    assert (threads, drawn, imported, checks) == ("1", "True False", "True True", "False")
