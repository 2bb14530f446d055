from __future__ import annotations

import json
import stat
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat import NotebookNode, v4

from analysis.engine.execution import (
    MOST_KEPT,
    _kept_if_it_fails,
    normalise_run,
)
from analysis.engine.executors import LONGEST_FOLDER, Processes
from analysis.engine.kernels import LONGEST_SOCKET, address_in
from analysis.engine.parameters import check_parameters, declared_parameters
from analysis.engine.task import Task
from analysis.errors import NotebookError, ParameterError
from analysis.tables.build_folder import CLAIMS_MIME
from engine.conftest import make_runner
from engine.waiting import is_at_work

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.engine.environment import Kernels
    from engine.conftest import Runner


MUCH = "'and so on, ' * 2_000_000"
AT_ONCE = "'and so on, ' * 10_000_000"
SHOW = "from IPython.display import HTML, JSON, display;"


def make_task(notebook: str) -> Task:
    return Task(name="esa", kind="notebook", notebook=notebook, parameters={"study": "tiny"})


@pytest.fixture
def executed() -> NotebookNode:
    """Give a notebook as papermill leaves it."""
    claims = {CLAIMS_MIME: {"claims": [{"id": "esa.groups", "cell": ""}]}}
    cell = v4.new_code_cell(
        "show()",
        id="groups",
        metadata={"papermill": {"duration": 1.2}, "execution": {"iopub": "12:00"}, "tags": ["x"]},
        execution_count=2,
        outputs=[
            v4.new_output("stream", name="stderr", text="/home/someone/x.py: a warning"),
            v4.new_output("stream", name="stdout", text="shown"),
            v4.new_output("display_data", claims),
        ],
    )
    injected = v4.new_code_cell("study = 'tiny'", metadata={"tags": ["injected-parameters"]})
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python", "version": "3.11.2"},
        "papermill": {"input_path": "/home/someone/x.ipynb", "start_time": "12:00"},
    }
    return v4.new_notebook(cells=[injected, cell], metadata=metadata)


def test_run_keeps_nothing_that_varies(executed: NotebookNode) -> None:
    """Times, paths, versions and what libraries print leave no trace in an executed notebook."""
    text = nbformat.writes(normalise_run(executed, make_task("x")))

    traces = ("papermill", "12:00", "/home", "3.11", "duration", "stderr")
    assert [trace for trace in traces if trace in text] == []
    assert "shown" in text


def test_run_records_what_it_was(executed: NotebookNode) -> None:
    """An executed notebook records its notebook and its parameters, and keeps its tags."""
    normalised = normalise_run(executed, make_task("03-regional-synthesis"))

    assert normalised.metadata["compendium"] == {
        "notebook": "03-regional-synthesis.ipynb",
        "parameters": {"study": "tiny"},
    }
    assert [cell.metadata for cell in normalised.cells] == [
        {"tags": ["injected-parameters"]},
        {"tags": ["x"]},
    ]


def test_injected_cell_has_an_id_of_its_own(executed: NotebookNode) -> None:
    """The cell of parameters, whose id would be random, has always the same."""
    ids = [cell.id for cell in normalise_run(executed, make_task("x")).cells]

    assert ids == ["injected-parameters", "groups"]


def test_claims_know_their_cell(executed: NotebookNode) -> None:
    """Each claim in an output names the cell that made it."""
    cell = normalise_run(executed, make_task("x")).cells[1]

    (shown,) = [out for out in cell.outputs if out.output_type == "display_data"]
    assert shown.data[CLAIMS_MIME]["claims"] == [{"id": "esa.groups", "cell": "groups"}]


def test_two_runs_are_the_same(warm_runner: Runner) -> None:
    """Running a notebook twice leaves the same bytes, with its output and without its noise."""
    first, second = (warm_runner.run("prints-to-stderr").read_text("utf-8") for _ in range(2))

    assert first == second
    assert "for the reader" in first
    assert '"name": "stderr"' not in first
    assert '"cell": "claims"' in first


def test_run_that_succeeds_leaves_no_failed_one(warm_runner: Runner) -> None:
    """What an earlier run left of a failure is gone once the notebook has run."""
    warm_runner.build.failed("esa").parent.mkdir(parents=True)
    warm_runner.build.failed("esa").touch()

    warm_runner.run("prints-to-stderr")

    assert list(warm_runner.build.failed("esa").parent.iterdir()) == []


@pytest.mark.parametrize(
    ("notebook", "offender"),
    [
        ("raises", "cell fails: ValueError: nothing is known of tiny"),
        ("fails-in-a-repeated-cell", "cell take-again: IndexError: pop from empty list"),
    ],
)
def test_failing_cell_is_named(warm_runner: Runner, notebook: str, offender: str) -> None:
    """A cell that fails is named with its notebook, its parameters and the cause."""
    with pytest.raises(NotebookError) as failure:
        warm_runner.run(notebook)

    assert failure.value.what == f"{notebook}.ipynb failed for study tiny."
    assert failure.value.offenders == (offender,)
    assert failure.value.remedy.endswith("up to the cell that failed: build/tiny/failed/esa.ipynb")
    assert not warm_runner.build.notebook("esa").exists()


@pytest.mark.parametrize("notebook", ["raises", "exits", "ends-its-interpreter"])
def test_failed_notebook_is_kept_for_its_owner(warm_runner: Runner, notebook: str) -> None:
    """A notebook that failed is kept as far as it came, for its owner's eyes alone."""
    with pytest.raises(NotebookError):
        warm_runner.run(notebook)

    failed = warm_runner.build.failed("esa")
    kept = nbformat.read(failed, as_version=4)
    assert stat.S_IMODE(failed.stat().st_mode) == 0o600
    assert kept.metadata["compendium"]["notebook"] == f"{notebook}.ipynb"
    assert [cell.id for cell in kept.cells if "parameters" in cell.id] == [
        *("parameters", "injected-parameters"),
    ]


def test_failed_notebook_keeps_no_more_than_a_report_may_show(warm_runner: Runner) -> None:
    """What libraries printed before a cell failed is not kept."""
    path = warm_runner.root / "notebooks" / "raises.ipynb"
    shown = json.loads(path.read_text(encoding="utf-8"))
    shown["cells"][-1]["source"] = "import sys\nsys.stderr.write('noise')\nprint('shown')\n1 / 0"
    path.write_text(json.dumps(shown), encoding="utf-8")

    with pytest.raises(NotebookError):
        warm_runner.run("raises")

    cell = nbformat.read(warm_runner.build.failed("esa"), as_version=4).cells[-1]
    assert [output.get("name", output.output_type) for output in cell.outputs] == [
        *("stdout", "error"),
    ]


@pytest.mark.parametrize("error", [NotebookError("It failed."), KeyboardInterrupt()])
def test_failed_notebook_is_kept_only_when_it_is_cleared(
    tmp_path: Path, executed: NotebookNode, error: BaseException
) -> None:
    """Until it is cleared, a notebook is nowhere else, and what an earlier run left is gone.

    So a build that is killed, or interrupted, keeps nothing that no report shows.
    """
    failed = tmp_path / "failed" / "esa.ipynb"
    failed.parent.mkdir()
    failed.write_text("of an earlier run", encoding="utf-8")
    there = []

    def clear(notebook: NotebookNode) -> NotebookNode:
        there.extend(failed.parent.iterdir())
        return notebook

    def run() -> None:
        with _kept_if_it_fails(failed, make_task("x"), SimpleNamespace(clear=clear)) as written:
            nbformat.write(executed, written)
            raise error

    with pytest.raises(type(error)):
        run()

    assert there == []
    assert failed.exists() == isinstance(error, NotebookError)


def test_interpreter_that_ends_is_shown(runner: Runner) -> None:
    """A notebook whose interpreter is ended, as for lack of memory, is shown with its cell."""
    with pytest.raises(NotebookError, match="its interpreter ended by itself") as failure:
        runner.run("ends-its-interpreter")

    assert failure.value.offenders == ("cell end was running",)
    assert "--jobs 1" in failure.value.remedy


@pytest.mark.parametrize("kernels", ["warm", "plain"])
def test_cell_that_takes_too_long_is_shown(
    processes: Processes, defect_root: Path, kernels: Kernels
) -> None:
    """A cell that does not end within its limit is named and ended, with how to allow it more."""
    runner = make_runner(processes, defect_root, kernels, cell_seconds=2)

    with pytest.raises(NotebookError, match="a cell took more than 2 seconds") as failure:
        runner.run("waits")

    assert failure.value.offenders == ("cell waits was running",)
    assert failure.value.remedy.endswith("compendium build --limit 4")
    assert not is_at_work(int((defect_root / "waiting.txt").read_text()))


@pytest.mark.parametrize(
    "code",
    [
        f"print({AT_ONCE}, flush=True)",
        "while True: print('and so on, ' * 2_000, flush=True)",
        f"{SHOW} display(HTML({MUCH}))",
        f"{SHOW} display(JSON({{'all': [{MUCH}]}}))",
    ],
    ids=["printed at once", "printed without end", "shown", "nested"],
)
def test_cell_that_prints_too_much_is_shown(warm_runner: Runner, code: str) -> None:
    """A cell that prints or shows more than a reader takes in is stopped at once, and named.

    What it printed is not kept.
    """
    path = warm_runner.root / "notebooks" / "prints-too-much.ipynb"
    shown = json.loads(path.read_text(encoding="utf-8"))
    shown["cells"][-1]["source"] = f"import time\n{code}\ntime.sleep(600)"
    path.write_text(json.dumps(shown), encoding="utf-8")

    with pytest.raises(NotebookError, match="printed more than 20,000,000") as failure:
        warm_runner.run("prints-too-much")

    assert failure.value.offenders == ("cell prints was running",)
    assert "characters are left out" in warm_runner.build.failed("esa").read_text(encoding="utf-8")
    assert warm_runner.build.failed("esa").stat().st_size < MOST_KEPT


def test_notebook_that_ends_itself_is_shown(warm_runner: Runner) -> None:
    """A notebook that a cell ends has failed, and the cells that have not run are named."""
    with pytest.raises(NotebookError, match="ended before its last cell") as failure:
        warm_runner.run("exits")

    assert failure.value.offenders == ("cell after has not run",)


def test_nothing_runs_with_wrong_parameters(warm_runner: Runner) -> None:
    """Parameters are refused before anything runs, and nothing is written."""
    with pytest.raises(ParameterError, match=r"unknown: plaice"):
        warm_runner.run("raises", plaice="esa")

    assert not warm_runner.build.notebook("esa").exists()
    assert not warm_runner.build.failed("esa").exists()


def test_missing_notebook_is_named(warm_runner: Runner) -> None:
    """A notebook that is not there is named."""
    with pytest.raises(NotebookError, match=r"notebooks/05-none\.ipynb is missing"):
        warm_runner.run("05-none")


def drop_kernel(shown: str) -> str:
    """Return a notebook that names no kernel."""
    notebook = json.loads(shown)
    del notebook["metadata"]["kernelspec"]
    return json.dumps(notebook)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda shown: f"<<<<<<< HEAD\n{shown}", "NotJSONError"),
        (lambda shown: shown.replace('"nbformat": 4,', ""), "Error: "),
        (lambda shown: shown.replace('"outputs": [],', ""), "outputs"),
        (drop_kernel, "it names no kernel"),
    ],
    ids=["conflict", "no-format", "no-outputs", "no-kernel"],
)
def test_broken_notebook_is_shown(
    warm_runner: Runner, change: Callable[[str], str], fault: str
) -> None:
    """A file that is no notebook is named, with what is wrong with it."""
    path = warm_runner.root / "notebooks" / "raises.ipynb"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    with pytest.raises(NotebookError, match="cannot be read as a notebook") as failure:
        warm_runner.run("raises")

    (offender,) = failure.value.offenders
    assert offender.startswith("notebooks/raises.ipynb: ")
    assert fault in offender


def test_braces_in_a_path_are_no_parameters(processes: Processes, defect_root: Path) -> None:
    """A folder with braces in its name is taken as it is."""
    folder = defect_root / "{study}"
    folder.mkdir()
    for name in ("data", "notebooks"):
        (defect_root / name).rename(folder / name)

    assert make_runner(processes, folder).run("prints-to-stderr").is_file()


@pytest.mark.parametrize(
    ("length", "transport"), [(20, "ipc"), (LONGEST_SOCKET - 12, "ipc"), (LONGEST_SOCKET, "tcp")]
)
def test_kernel_listens_at_ports_where_a_path_is_too_long(length: int, transport: str) -> None:
    """A socket in the folder for what is written for a moment, or ports where it has no room."""
    address = address_in("/" + "x" * length)

    assert address["transport"] == transport


@pytest.mark.parametrize("length", [LONGEST_FOLDER, 2 * LONGEST_SOCKET])
def test_notebook_runs_wherever_what_is_written_for_a_moment_goes(
    defect_root: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    """The folder for that may have a path that leaves no room for sockets."""
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        far = Path(short) / ("x" * (length - len(short) - 1))
        far.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(far))
        with Processes(1, tempfile.mkdtemp()) as processes:
            path = make_runner(processes, defect_root).run("prints-to-stderr")

    assert path.is_file()


SOUND: dict[str, Any] = {"study": "tiny", "most": 3, "share": 0.5, "strict": True}


def test_declared_types_are_read(defects: Path) -> None:
    """The types of parameters are those that the notebook's cell declares."""
    assert declared_parameters(defects / "sound.ipynb") == {
        "study": "str",
        "most": "int",
        "share": "float",
        "strict": "bool",
    }


def test_parameters_as_declared_are_taken(defects: Path) -> None:
    """Parameters that are all there and of their types are refused by nothing."""
    assert check_parameters(defects / "sound.ipynb", SOUND) is None


@pytest.mark.parametrize(
    ("given", "offender"),
    [
        (SOUND | {"studyy": "tiny"}, "unknown: studyy (closest: study)"),
        ({key: SOUND[key] for key in SOUND if key != "most"}, "missing: most (int)"),
        (SOUND | {"most": "3"}, "wrong type: most is str and must be int"),
        (SOUND | {"most": True}, "wrong type: most is bool and must be int"),
        (SOUND | {"most": 3.0}, "wrong type: most is float and must be int"),
        (SOUND | {"strict": 1}, "wrong type: strict is int and must be bool"),
        (SOUND | {"share": 1}, "wrong type: share is int and must be float"),
        (SOUND | {"study": None}, "wrong type: study is NoneType and must be str"),
    ],
    ids=[
        "unknown",
        "missing",
        "text-for-number",
        "bool-for-int",
        "float-for-int",
        "int-for-bool",
        "int-for-float",
        "none",
    ],
)
def test_other_parameters_are_refused(defects: Path, given: dict[str, Any], offender: str) -> None:
    """A parameter that is unknown, missing or wrong type is refused, with what is declared."""
    with pytest.raises(ParameterError) as refusal:
        check_parameters(defects / "sound.ipynb", given)

    assert refusal.value.offenders == (offender,)
    assert refusal.value.expected == "study: str, most: int, share: float, strict: bool"


def test_every_offender_is_named(defects: Path) -> None:
    """All that is wrong with the parameters is shown at once."""
    with pytest.raises(ParameterError) as refusal:
        check_parameters(defects / "sound.ipynb", {"plaice": "esa", "most": "many"})

    assert refusal.value.offenders == (
        "unknown: plaice",
        "missing: study (str)",
        "missing: share (float)",
        "missing: strict (bool)",
        "wrong type: most is str and must be int",
    )


def test_parameter_without_a_known_type_is_refused(defects: Path) -> None:
    """A notebook that declares a parameter without a type that can be checked is refused."""
    with pytest.raises(ParameterError) as refusal:
        declared_parameters(defects / "unknown-type.ipynb")

    assert refusal.value.offenders == (
        "unknown-type.ipynb: study is declared as None",
        "unknown-type.ipynb: places is declared as list",
    )


def test_notebook_without_parameters_takes_none(defects: Path) -> None:
    """A notebook that declares no parameters refuses each that it is given."""
    assert declared_parameters(defects / "no-parameters.ipynb") == {}

    with pytest.raises(ParameterError, match="unknown: study"):
        check_parameters(defects / "no-parameters.ipynb", {"study": "tiny"})
