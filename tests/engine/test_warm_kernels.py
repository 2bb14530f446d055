from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from analysis.engine.processes import can_fork
from analysis.engine.warm_kernels import PromptClient, WarmKernelManager
from analysis.errors import NotebookError
from engine.conftest import make_runner
from engine.waiting import is_at_work, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.engine.processes import Processes
    from engine.conftest import Runner

DRIVER = """
import sys
from pathlib import Path
from analysis.engine import processes
from analysis.engine.execution import run_notebook
from analysis.engine.surroundings import Surroundings
from analysis.engine.work import Work

root = Path(sys.argv[1])
work = Work(name="esa", kind="notebook", notebook="waits", parameters={"study": "tiny"})
files = [root / folder / "esa.ipynb" for folder in ("runs", "failed")]
processes.PRELOADED = "analysis.engine.warm_kernels"
with processes.Processes(1) as at_work:
    surroundings = Surroundings(root, root / "build")
    at_work.submit(run_notebook, surroundings, work, *files, kernel=True).result()
"""

pytestmark = pytest.mark.skipif(not can_fork(), reason="this machine has no fork server")


def test_kernels_of_both_kinds_see_the_same(processes: Processes, defect_root: Path) -> None:
    """What a notebook sees around it does not tell how its kernel was started."""
    runners = [make_runner(processes, defect_root, kind) for kind in ("warm", "plain")]

    warm, plain = (each.run("tells-its-surroundings").read_bytes() for each in runners)

    assert plain == warm


def test_kernels_draw_their_own_chances(warm_runner: Runner) -> None:
    """Two kernels forked from one server draw different numbers."""
    drawn = [warm_runner.run("draws-by-chance").read_bytes() for _ in range(2)]

    assert drawn[0] != drawn[1]


def test_kernel_that_ends_leaves_the_others_alone(warm_runner: Runner) -> None:
    """A kernel that ends by itself fails its own notebook; those beside it run on."""
    with ThreadPoolExecutor(3) as pool:
        fallen = pool.submit(warm_runner.run, "ends-its-interpreter", "esa")
        beside = [pool.submit(warm_runner.run, "draws-by-chance", name) for name in ("wca", "mena")]
        with pytest.raises(NotebookError, match="its interpreter ended by itself"):
            fallen.result()
        told = [future.result() for future in beside]

    assert all(path.is_file() for path in told)


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


def test_kernel_is_ready_when_it_answers() -> None:
    """Jupyter's own client may wait a fifth of a second for what it has missed; ours asks anew."""
    assert type(WarmKernelManager().client()) is PromptClient
