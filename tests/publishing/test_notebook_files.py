from __future__ import annotations

import json
from typing import TYPE_CHECKING

import nbformat
from nbformat import v4

from analysis.publishing.notebook_files import read_notebook, write_notebook

if TYPE_CHECKING:
    from pathlib import Path

OUTPUTS = [
    v4.new_output(
        "display_data", {"text/html": "<p>é\n</p>", "application/x+json": {"b": [1], "a": 2}}
    ),
    v4.new_output("stream", name="stdout", text="one\ntwo\n"),
]
NOTEBOOK = v4.new_notebook(
    cells=[
        v4.new_markdown_cell("# A\n\nwords", id="about"),
        v4.new_code_cell("x = 1\ny = 2", id="code", outputs=OUTPUTS),
    ],
    metadata={"compendium": {"notebook": "x.ipynb"}},
)


def test_notebook_is_read_as_it_was_written(tmp_path: Path):
    """A notebook that is written and read is the same, for us and for Jupyter."""
    write_notebook(NOTEBOOK, tmp_path / "a.ipynb")

    assert read_notebook(tmp_path / "a.ipynb") == NOTEBOOK
    assert nbformat.read(tmp_path / "a.ipynb", as_version=4) == NOTEBOOK


def test_notebook_of_jupyter_is_read_the_same(tmp_path: Path):
    """A notebook that Jupyter wrote, text as lists of lines, is read as Jupyter reads it."""
    nbformat.write(NOTEBOOK, tmp_path / "a.ipynb")

    assert read_notebook(tmp_path / "a.ipynb") == NOTEBOOK


def test_each_cell_stands_on_a_line(tmp_path: Path):
    """A difference between two notebooks shows by the cell, and keys stand in their order."""
    write_notebook(NOTEBOOK, tmp_path / "a.ipynb")
    lines = (tmp_path / "a.ipynb").read_text(encoding="utf-8").splitlines()

    assert (lines[0], len(lines), lines[3]) == ('{"cells": [', 5, "],")
    assert json.loads(lines[1].removesuffix(","))["id"] == "about"
    assert '"application/x+json": {"a": 2, "b": [1]}, "text/html": "<p>é\\n</p>"' in lines[2]
