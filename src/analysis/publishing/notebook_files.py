"""The file of a notebook: written and read fast, and its source without outputs and defaults.

An executed notebook has a cell a line, which is fit for ``diff``.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines

from analysis.study.digests import digest_bytes, digest_text
from analysis.study.root import OWN_NOTEBOOKS

if TYPE_CHECKING:
    from pathlib import Path

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True)

PARAMETERS = "parameters"
INJECTED = "injected-parameters"
"""The tags of the cell that declares parameters, and of the one in which papermill sets them."""


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


def is_own(notebook: str) -> bool:
    """Return whether a notebook, by its path in ``notebooks/``, is a study's own."""
    return notebook.startswith(f"{OWN_NOTEBOOKS}/")


def digest_source(path: Path) -> str:
    """Return the SHA-256 of a notebook's source.

    It counts what nbstripout keeps of each cell (its type, id, tags and source), and not the
    default values in the cell tagged ``parameters``: each build gives all parameters. So a notebook
    that was run in JupyterLab, also with other defaults, has the same digest.

    Parameters
    ----------
    path : Path
        The notebook; of a file that is not a notebook, all bytes count.

    Raises
    ------
    OSError
        When the file can't be read.
    """
    content = path.read_bytes()
    try:
        cells = [_source_of(cell) for cell in json.loads(content)["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return digest_bytes(content)
    return digest_text(json.dumps(cells, ensure_ascii=False))


def _source_of(cell: dict[str, Any]) -> list[Any]:
    tags = cell.get("metadata", {}).get("tags", [])
    source = "".join(cell["source"])
    if PARAMETERS in tags:
        source = without_defaults(source)
    return [cell["cell_type"], cell.get("id", ""), tags, source]


def strip_notebook(path: Path) -> str:
    """Return the text of a notebook without what running it in JupyterLab left there.

    Each cell keeps its type, id, tags and source: the output of a run may show what no report may.

    Parameters
    ----------
    path : Path
        A notebook of format 4.
    """
    notebook = read_notebook(path)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = {"tags": tags} if tags else {}
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    kernel = notebook.metadata.get("kernelspec")
    notebook.metadata = {"kernelspec": kernel} if kernel else {}
    return text_of_notebook(notebook)


def without_defaults(source: str) -> str:
    """Return the source of a parameters cell without the default values.

    Parameters
    ----------
    source : str
        Lines of ``name: type = default  # help``; what isn't Python is returned as it is.

    Examples
    --------
    >>> without_defaults('place: str = "esa"  # A region, by code')
    'place: str  # A region, by code'
    """
    try:
        program = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    lines = source.splitlines(keepends=True)
    for each in reversed(program.body):
        if isinstance(each, ast.AnnAssign) and each.value is not None:
            # Positions in a syntax tree count bytes of UTF-8.
            start, end = each.annotation.end_lineno or 0, each.end_lineno or 0
            before = lines[start - 1].encode()[: each.annotation.end_col_offset]
            after = lines[end - 1].encode()[each.end_col_offset :]
            lines[start - 1 : end] = [(before + after).decode()]
    return "".join(lines)
