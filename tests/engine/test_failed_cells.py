from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat import NotebookNode, v4

from analysis.engine.failed_cells import (
    INJECTED_ID,
    MOST_TOLD,
    failed_cell,
    first_line,
    last_cell,
    require_all_run,
    shortened,
)
from analysis.errors import NotebookError

if TYPE_CHECKING:
    from pathlib import Path


def make_cell(name: str, started: str | None = None, **more: object) -> NotebookNode:
    return v4.new_code_cell("1", id=name, metadata={"papermill": {"start_time": started}}, **more)


def write(path: Path, *cells: NotebookNode) -> Path:
    nbformat.write(v4.new_notebook(cells=list(cells)), path)
    return path


def test_cell_that_failed_is_the_one_with_an_error(tmp_path: Path) -> None:
    """The cell that failed holds its error; where none does, it was that of the parameters."""
    error = v4.new_output("error", ename="E", evalue="e", traceback=[])
    failed = write(tmp_path / "a.ipynb", make_cell("a"), make_cell("b", outputs=[error]))

    assert failed_cell(failed) == "b"
    assert failed_cell(write(tmp_path / "b.ipynb", make_cell("a"))) == INJECTED_ID


@pytest.mark.parametrize(
    ("started", "last"),
    [(("12:00", "12:01", None), "b"), (("12:00", None, None), "a"), ((None,) * 3, INJECTED_ID)],
    ids=["two", "one", "none"],
)
def test_cell_that_was_running_is_the_last_that_began(
    tmp_path: Path, started: tuple[str | None, ...], last: str
) -> None:
    """Of a run that was cut short, the last cell that had begun is the one that was running."""
    cells = [make_cell(name, began) for name, began in zip("abc", started, strict=True)]

    assert last_cell(write(tmp_path / "x.ipynb", *cells)) == last


def test_cells_that_have_not_run_are_named() -> None:
    """A notebook that ended before its last cell is refused with the cells that are left."""
    ran, left = make_cell("a", execution_count=1), make_cell("b")
    blank = v4.new_code_cell("  ", id="c")

    assert require_all_run(v4.new_notebook(cells=[ran, blank]), "It ended.") is None
    with pytest.raises(NotebookError, match="It ended") as refusal:
        require_all_run(v4.new_notebook(cells=[ran, left, blank]), "It ended.")
    assert refusal.value.offenders == ("cell b has not run",)


def test_long_errors_are_cut() -> None:
    """Of an error that says a whole table no more is told than anybody reads."""
    assert shortened("x" * MOST_TOLD) == "x" * MOST_TOLD
    assert shortened("x" * (MOST_TOLD + 1)) == "x" * MOST_TOLD + " …"


@pytest.mark.parametrize(
    ("error", "told"),
    [(ValueError("one\ntwo"), "ValueError: one"), (KeyError(), "KeyError")],
    ids=["lines", "silent"],
)
def test_first_line_of_an_error_names_its_kind(error: Exception, told: str) -> None:
    """An error is told by its kind and the first line of what it says."""
    assert first_line(error) == told
