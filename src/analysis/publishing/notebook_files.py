"""Files of notebooks: an executed one, a cell a line, and what decides of one that people edit."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

from analysis.study.digests import digest_file, digest_text

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

PARAMETERS = "parameters"

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
    """Return a notebook of format 4 as a build wrote it, without validating it again.

    Parameters
    ----------
    path : Path
        The file.
    """
    return notebook_of_text(path.read_text(encoding="utf-8"))


def notebook_of_text(text: str) -> NotebookNode:
    """Return the notebook of format 4 that a build wrote as a text, without validating it."""
    # Whoever asks for a digest alone does without this library.
    from nbformat import NotebookNode  # noqa: PLC0415
    from nbformat.v4.rwbase import rejoin_lines  # noqa: PLC0415

    notebook: NotebookNode = json.loads(text, object_hook=NotebookNode)
    rejoined: NotebookNode = rejoin_lines(notebook)  # type: ignore[no-untyped-call]
    return rejoined


def digest_notebook(path: Path) -> str:
    """Return the SHA-256 of what decides what a notebook makes: running it in JupyterLab doesn't.

    Parameters
    ----------
    path : Path
        A notebook that people edit.

    Returns
    -------
    str
        Of the types, ids, tags and sources of its cells, as nbstripout leaves them, but for the
        default values of parameters; of the bytes of a file that is no such notebook.
    """
    try:
        cells = [_deciding(cell) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return digest_file(path)
    return digest_text(json.dumps(cells, ensure_ascii=False))


def _deciding(cell: dict[str, Any]) -> list[Any]:
    tags, source = cell["metadata"].get("tags", []), "".join(cell["source"])
    if PARAMETERS in tags:
        source = without_defaults(source)
    return [cell["cell_type"], cell.get("id", ""), tags, source]


def without_defaults(source: str) -> str:
    """Return the code of a cell of parameters without their default values.

    Examples
    --------
    >>> without_defaults('place: str = "esa"  # A region, by code.')
    'place: str  # A region, by code.'
    """
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return source
    lines = source.splitlines(keepends=True)
    for each in reversed(statements):
        if not isinstance(each, ast.AnnAssign) or each.value is None:
            continue
        # Columns of the parser count bytes.
        start, end = each.annotation.end_lineno or 0, each.end_lineno or 0
        before = lines[start - 1].encode()[: each.annotation.end_col_offset]
        after = lines[end - 1].encode()[each.end_col_offset :]
        lines[start - 1 : end] = [(before + after).decode()]
    return "".join(lines)
