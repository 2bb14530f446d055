"""The two versions of each exercise, from one notebook with its solution between markers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.errors import NotebookError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "exercises"
SOLUTIONS = "solutions"
BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
STUB = "# YOUR CODE HERE"


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
        When there is no exercise, a marker is missing, or a file is there already: it may be
        somebody's work.
    """
    sources = sorted((root / "notebooks" / FOLDER).glob("*.ipynb"))
    if not sources:
        raise NotebookError(
            "There are no exercises.",
            offenders=[f"notebooks/{FOLDER}/ has no notebook"],
            remedy="restore the folder from the repository",
        )
    written = {
        out / folder / source.name: _version(source, with_solution=folder == SOLUTIONS)
        for folder in (FOLDER, SOLUTIONS)
        for source in sources
    }
    if there := [str(path) for path in written if path.exists()]:
        raise NotebookError(
            "Exercises are there already; nothing was written.",
            offenders=there,
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
            where = f"notebooks/{FOLDER}/{source.name}: cell {cell['id']}"
            code = version_of_code("".join(cell["source"]), where, with_solution=with_solution)
            cell.update(source=code, outputs=[], execution_count=None)
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def version_of_code(code: str, where: str, *, with_solution: bool) -> str:
    r"""Return code with its solution, or with a line in its place.

    Parameters
    ----------
    code : str
        The code, with the solution between nbgrader's markers.
    where : str
        What the code is of, for the message.
    with_solution : bool
        Which of the two.

    Raises
    ------
    NotebookError
        When a marker is missing.

    Examples
    --------
    >>> code = "n = None\n### BEGIN SOLUTION\nn = 7\n### END SOLUTION"
    >>> version_of_code(code, "cell answer", with_solution=False)
    'n = None\n# YOUR CODE HERE'
    >>> version_of_code(code, "cell answer", with_solution=True)
    'n = None\nn = 7'
    """
    kept, is_inside = [], False
    for line in code.splitlines():
        if line.strip() in (BEGIN, END):
            if is_inside != (line.strip() == END):
                break
            is_inside = not is_inside
            if is_inside and not with_solution:
                kept.append(line.replace(BEGIN, STUB))
        elif with_solution or not is_inside:
            kept.append(line)
    else:
        if not is_inside:
            return "\n".join(kept)
    raise NotebookError(
        "A solution has a marker too few.",
        offenders=[where],
        expected=f"{BEGIN} and {END}, each on a line of its own, in turn",
        remedy="add the one that is missing",
    )
