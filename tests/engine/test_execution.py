from __future__ import annotations

import os
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat import NotebookNode, v4

from analysis.engine.execution import (
    SETTINGS,
    Execution,
    _below,
    kernels_ready,
    normalise_run,
    run_step,
)
from analysis.engine.plan import Step
from analysis.errors import NotebookError, ParameterError
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from pathlib import Path


def make_step(notebook: str, **parameters: str) -> Step:
    return Step("esa", notebook, {"study": "tiny", **parameters}, "esa")


def run(execution: Execution, notebook: str) -> NotebookNode:
    output = run_step(execution, make_step(notebook), execution.root / "runs" / "esa.ipynb")
    return nbformat.read(output, as_version=4)


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
            v4.new_output("stream", name="stdout", text="told"),
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
    text = nbformat.writes(normalise_run(executed, make_step("x")))

    traces = ("papermill", "12:00", "/home", "3.11", "duration", "stderr")
    assert [trace for trace in traces if trace in text] == []
    assert "told" in text


def test_run_records_what_it_was(executed: NotebookNode) -> None:
    """An executed notebook records its notebook and its parameters, and keeps its tags."""
    normalised = normalise_run(executed, make_step("03-regional-synthesis"))

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
    ids = [cell.id for cell in normalise_run(executed, make_step("x")).cells]

    assert ids == ["injected-parameters", "groups"]


def test_claims_know_their_cell(executed: NotebookNode) -> None:
    """Each claim in an output names the cell that made it."""
    cell = normalise_run(executed, make_step("x")).cells[1]

    (shown,) = [out for out in cell.outputs if out.output_type == "display_data"]
    assert shown.data[CLAIMS_MIME]["claims"] == [{"id": "esa.groups", "cell": "groups"}]


def test_two_runs_are_the_same(execution: Execution) -> None:
    """Running a notebook twice leaves the same bytes, with its output and without its noise."""
    first, second = (nbformat.writes(run(execution, "prints-to-stderr")) for _ in range(2))

    assert first == second
    assert "for the reader" in first
    assert '"name": "stderr"' not in first
    assert '"cell": "claims"' in first


@pytest.mark.parametrize(
    ("notebook", "offender"),
    [
        ("raises", "cell fails: ValueError: nothing is known of tiny"),
        ("fails-in-a-repeated-cell", "cell take-again: IndexError: pop from empty list"),
    ],
)
def test_failing_cell_is_named(execution: Execution, notebook: str, offender: str) -> None:
    """A cell that fails is named with its notebook, its parameters and the cause."""
    with pytest.raises(NotebookError) as failure:
        run(execution, notebook)

    assert failure.value.what == f"{notebook}.ipynb failed for study tiny."
    assert failure.value.offenders == (offender,)
    assert failure.value.remedy.endswith("as far as it came: runs/esa.ipynb")
    assert (execution.root / "runs" / "esa.ipynb").is_file()


def test_interpreter_that_ends_is_told(execution: Execution) -> None:
    """A notebook whose interpreter is ended, as for lack of memory, is told as such."""
    with pytest.raises(NotebookError, match="its interpreter ended by itself") as failure:
        run(execution, "ends-its-interpreter")

    assert "--jobs 1" in failure.value.remedy


def test_nothing_runs_with_wrong_parameters(execution: Execution) -> None:
    """Parameters are refused before anything runs, and nothing is written."""
    output = execution.root / "runs" / "esa.ipynb"

    with pytest.raises(ParameterError, match=r"unknown: plaice"):
        run_step(execution, make_step("raises", plaice="esa"), output)

    assert not output.exists()


def test_missing_notebook_is_named(execution: Execution) -> None:
    """A notebook that is not there is named."""
    with pytest.raises(NotebookError, match=r"notebooks/05-none\.ipynb is missing"):
        run(execution, "05-none")


def test_kernels_inherit_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine says of time zone and language, kernels are told the same."""
    monkeypatch.setenv("TZ", "Asia/Kathmandu")

    with kernels_ready(Execution(tmp_path, tmp_path / "build", "plain")):
        told = dict(os.environ)

    assert {name: told[name] for name in SETTINGS} == SETTINGS
    assert told["COMPENDIUM_ROOT"] == str(tmp_path)
    assert told["COMPENDIUM_BUILD"] == str(tmp_path / "build")
    assert os.environ["TZ"] == "Asia/Kathmandu"


def test_path_is_told_below_the_root(tmp_path: Path) -> None:
    """A file below the root is told from there, and any other in full."""
    told = [_below(tmp_path / "a", tmp_path / name / "x.ipynb") for name in ("a", "b")]

    assert told == ["x.ipynb", str(tmp_path / "b" / "x.ipynb")]
