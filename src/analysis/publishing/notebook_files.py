"""The file of an executed notebook, a cell a line: written and read fast, and fit for ``diff``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

if TYPE_CHECKING:
    from pathlib import Path

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def write_notebook(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook as JSON of its format 4, the same bytes for the same notebook.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook.
    path : Path
        The file.
    """
    path.write_text(text_of_notebook(notebook), encoding="utf-8")


def text_of_notebook(notebook: NotebookNode) -> str:
    """Return a notebook as JSON of its format 4, a cell a line: written fast and fit for diff."""
    # Python's encoder is written in C as long as it is not asked to indent.
    cells = ",\n".join(map(_ENCODER.encode, notebook["cells"]))
    rest = _ENCODER.encode({name: part for name, part in notebook.items() if name != "cells"})
    return f'{{"cells": [\n{cells}\n],\n{rest[1:]}\n'


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook of format 4 as a build wrote it, without validating it again."""
    return notebook_of_text(path.read_text(encoding="utf-8"))


def notebook_of_text(text: str) -> NotebookNode:
    """Return the notebook of format 4 that a build wrote as a text, without validating it."""
    notebook: NotebookNode = json.loads(text, object_hook=NotebookNode)
    rejoined: NotebookNode = rejoin_lines(notebook)  # type: ignore[no-untyped-call]
    return rejoined
