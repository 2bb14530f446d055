"""A study's own notebooks: listed in ``study.yaml``, kept in ``notebooks/own/``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.errors import NotebookError, closest
from analysis.publishing.notebook_files import PARAMETERS
from analysis.study.root import OWN_NOTEBOOKS

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

DECLARED = 'study: str = "demo"  # the study'


def own_page(name: str) -> str:
    """Return the name of the page of an own notebook, which no place has."""
    return f"{OWN_NOTEBOOKS}-{name}"


def require_own_notebooks(opened: OpenedStudy) -> None:
    """Refuse a study that lists notebooks that can't be run."""
    folder = opened.root / "notebooks" / OWN_NOTEBOOKS
    there = {path.stem: path for path in folder.glob("*.ipynb")}
    listed = opened.settings.notebooks
    missing = [name for name in listed if name not in there]
    if missing:
        raise NotebookError(
            "study.yaml lists notebooks that aren't there.",
            offenders=[
                f"notebooks: {name}: notebooks/{OWN_NOTEBOOKS}/{name}.ipynb is missing"
                f"{closest(name, there)}"
                for name in missing
            ],
            expected=f"files in notebooks/{OWN_NOTEBOOKS}/",
            remedy="put the notebook there, correct its name, or take it off the list",
        )
    bare = [name for name in listed if not _has_parameters(there[name])]
    if bare:
        raise NotebookError(
            "Notebooks that study.yaml lists have no cell of parameters.",
            offenders=[f"notebooks/{OWN_NOTEBOOKS}/{name}.ipynb" for name in bare],
            expected=f"a code cell tagged {PARAMETERS} with the line: {DECLARED}",
            remedy="in JupyterLab, select the cell, open the Property Inspector (the two gears on "
            f"the right), and add the tag {PARAMETERS}",
        )


def _has_parameters(notebook: Path) -> bool:
    """Return whether a cell is tagged so; a file that is no notebook is refused when it runs."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return any(PARAMETERS in cell.get("metadata", {}).get("tags", ()) for cell in cells)
    except (ValueError, KeyError, TypeError, AttributeError):
        return True
