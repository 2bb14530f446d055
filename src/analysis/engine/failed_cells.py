"""The cell at which a notebook ended, and the cause in as many words as anybody would read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat

from analysis.errors import NotebookError

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

INJECTED_ID = "injected-parameters"
MOST_TOLD = 2_000


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook that a file holds."""
    notebook: NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def failed_cell(output: Path) -> str:
    """Return the id of the cell that failed, from the notebook as far as it came."""
    return next((cell.id for cell in read_notebook(output).cells if _has_error(cell)), INJECTED_ID)


def _has_error(cell: NotebookNode) -> bool:
    return any(told.output_type == "error" for told in cell.get("outputs", []))


def last_cell(output: Path) -> str:
    """Return the id of the last cell that had begun."""
    cells = [cell for cell in read_notebook(output).cells if cell.cell_type == "code"]
    begun = [cell.id for cell in cells if cell.metadata["papermill"]["start_time"]]
    return begun[-1] if begun else INJECTED_ID


def require_all_run(executed: NotebookNode, what: str) -> None:
    """Refuse a notebook that a cell has ended: papermill takes that for success."""
    code = [cell for cell in executed.cells if cell.cell_type == "code" and cell.source.strip()]
    left = [cell.id for cell in code if cell.execution_count is None]
    if left:
        raise NotebookError(
            what,
            offenders=[f"cell {identifier} has not run" for identifier in left],
            remedy="take what ends the notebook out of the cell before",
        )


def shortened(told: str) -> str:
    """Return what an error says, which may be a whole table, as far as anybody would read it."""
    return told if len(told) <= MOST_TOLD else f"{told[:MOST_TOLD]} …"


def first_line(error: Exception) -> str:
    """Return the kind of an error, and the first line of what it says."""
    told = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {told}" if told else type(error).__name__
