"""The two versions of each exercise, from one notebook with its solution between markers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from analysis.errors import NotebookError

if TYPE_CHECKING:
    from pathlib import Path

EXERCISES = "exercises"
SOLUTIONS = "solutions"
BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "# YOUR CODE HERE"
SOLUTION = re.compile(rf"^( *){BEGIN}\n(.*?)\n? *{END}$", re.MULTILINE | re.DOTALL)


def write_exercises(root: Path, out: Path) -> list[Path]:
    """Write each exercise twice: without its solution, and with it.

    Parameters
    ----------
    root : Path
        The folder with ``notebooks/exercises/``, whose notebooks have both, the solution between
        nbgrader's markers.
    out : Path
        The folder to write ``exercises/`` and ``solutions/`` in.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    NotebookError
        When there is no exercise, a marker is missing, or a file exists already: it may be
        somebody's work.
    """
    sources = sorted((root / "notebooks" / EXERCISES).glob("*.ipynb"))
    if not sources:
        raise NotebookError(
            "There are no exercises.",
            offenders=[f"notebooks/{EXERCISES}/ has no notebook"],
            remedy="restore the folder from the repository",
        )
    written = {
        out / folder / source.name: _version(source, with_solution=folder == SOLUTIONS)
        for folder in (EXERCISES, SOLUTIONS)
        for source in sources
    }
    if existing := [str(path) for path in written if path.exists()]:
        raise NotebookError(
            "Exercises exist already; nothing was written.",
            offenders=existing,
            expected="a folder without them: they may be somebody's work",
            remedy="give another folder",
        )
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(written)


def _version(source: Path, *, with_solution: bool) -> str:
    """Return a notebook with or without its solution, and without outputs."""
    notebook = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            code = "".join(cell["source"])
            _require_markers(code, f"notebooks/{EXERCISES}/{source.name}: cell {cell['id']}")
            code = SOLUTION.sub(r"\2" if with_solution else rf"\1{STUB}", code)
            cell.update(source=code, outputs=[], execution_count=None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _require_markers(code: str, where: str) -> None:
    """Refuse a solution that never starts or ends: it would be given to students."""
    solved = SOLUTION.sub(r"\2", code)
    if BEGIN in solved or END in solved:
        raise NotebookError(
            "A solution lacks a marker.",
            offenders=[where],
            expected=f"{BEGIN} and {END}, each on a line of its own, in turn",
            remedy="add the one that is missing",
        )
