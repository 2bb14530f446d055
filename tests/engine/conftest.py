from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.engine.environment import TaskEnvironment
from analysis.engine.execution import run_notebook
from analysis.engine.executors import Processes, create_scratch
from analysis.engine.task import Task
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.build_folder import BuildFolder
from built.checkout import add_versions, built_once
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.engine.environment import Kernels

NOTEBOOKS = Path(__file__).parent / "notebooks"


@pytest.fixture
def defects() -> Path:
    """Give the folder of notebooks that are named by their defect."""
    return NOTEBOOKS


def make_root(folder: Path) -> Path:
    """Return a root with the tiny study and all else that a build reads."""
    return add_versions(write_tiny_root(folder))


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study."""
    return make_root(tmp_path / "root")


@pytest.fixture
def opened(tiny_root: Path) -> OpenedStudy:
    """Give the tiny study opened."""
    return open_study(tiny_root, STUDY)


@pytest.fixture
def build(tiny_root: Path) -> BuildFolder:
    """Give the folder of its build, which is not there yet."""
    return BuildFolder(tiny_root / "build" / STUDY)


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    """Give a root in which the tiny study was built; it is never changed."""
    return built_once(request, STUDY, make_root)


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Path:
    """Give a copy of that root, to change."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Give processes to make calls in."""
    with Processes(3, create_scratch(tmp_path_factory.mktemp("p"))) as processes:
        yield processes


class Runner:
    """Runs notebooks that are named by their defect.

    Parameters
    ----------
    processes : Processes
        Where they run.
    environment : TaskEnvironment
        The environment of the notebooks.
    """

    def __init__(self, processes: Processes, environment: TaskEnvironment) -> None:
        self.processes = processes
        self.environment = environment
        self.root, self.build = environment.root, environment.build

    def run(self, notebook: str, name: str = "esa", **more: str) -> Path:
        """Run a notebook, and return the file of the executed one."""
        parameters = {"study": "tiny", **more}
        task = Task(name=name, kind="notebook", notebook=notebook, parameters=parameters)
        is_warm = self.environment.kernels == "warm"
        self.processes.submit(run_notebook, self.environment, task, kernel=is_warm).result()
        return self.build.notebook(name)


def make_runner(
    processes: Processes, root: Path, kernels: Kernels = "warm", cell_seconds: int = 60
) -> Runner:
    """Return what runs notebooks in a root."""
    return Runner(processes, TaskEnvironment(root, STUDY, kernels, cell_seconds))


@pytest.fixture
def defect_root(tmp_path: Path) -> Path:
    """Give a root that holds the notebooks named by their defect."""
    shutil.copytree(NOTEBOOKS, tmp_path / "notebooks")
    (tmp_path / "data").mkdir()
    return tmp_path


@pytest.fixture(params=["warm", "plain"])
def runner(processes: Processes, defect_root: Path, request: pytest.FixtureRequest) -> Runner:
    """Give what runs the notebooks named by their defect, with kernels of each kind."""
    return make_runner(processes, defect_root, request.param)


@pytest.fixture
def warm_runner(processes: Processes, defect_root: Path) -> Runner:
    """Give what runs the notebooks named by their defect, with warm kernels."""
    return make_runner(processes, defect_root)
