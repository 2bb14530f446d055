from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbformat import v4

from analysis.engine.digest_store import DigestStore
from analysis.publishing.notebook_files import (
    digest_source,
    read_notebook,
    strip_notebook,
    without_defaults,
    write_notebook,
)

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


def test_each_cell_is_on_a_line(tmp_path: Path):
    """A difference between two notebooks shows by the cell, and keys are in their order."""
    write_notebook(NOTEBOOK, tmp_path / "a.ipynb")
    lines = (tmp_path / "a.ipynb").read_text(encoding="utf-8").splitlines()

    assert (lines[0], len(lines), lines[3]) == ('{"cells": [', 5, "],")
    assert json.loads(lines[1].removesuffix(","))["id"] == "about"
    assert '"application/x+json": {"a": 2, "b": [1]}, "text/html": "<p>é\\n</p>"' in lines[2]


@pytest.mark.parametrize(
    ("source", "without"),
    [
        ('study: str = "é"  # ü', "study: str  # ü"),
        ("most: int = (\n    3\n)  # most\nplace: str = ''\n", "most: int  # most\nplace: str\n"),
        ("x = 3\ny: int\n", "x = 3\ny: int\n"),
        ("no code at all", "no code at all"),
    ],
)
def test_default_values_are_left_out(source: str, without: str):
    """Of parameters, names, types and help stay."""
    assert without_defaults(source) == without


PARAMETERS = 'place: str = "esa"  # A region\n'


def write_source(path: Path, **changed: object) -> Path:
    """Write a notebook of parameters and of one more cell, of which some parts are changed."""
    parts = {"cell_type": "code", "id": "open", "source": "x = 1", "tags": [], "outputs": []}
    given = {**parts, **changed}
    tags, default = given.pop("tags"), given.pop("default", PARAMETERS)
    metadata = {"tags": ["parameters"]}
    first = {"cell_type": "code", "id": "p", "source": default, "metadata": metadata}
    cells = [first, {**given, "metadata": {"tags": tags, "scrolled": True}}]
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("changed", "is_same"),
    [
        ({"outputs": [{"text": "2"}], "execution_count": 7}, True),
        ({"default": PARAMETERS.replace("esa", "wca")}, True),
        ({"default": PARAMETERS.replace("region", "place")}, False),
        ({"source": "x = 2"}, False),
        ({"tags": ["remove-input"]}, False),
        ({"id": "close"}, False),
        ({"cell_type": "markdown"}, False),
    ],
    ids=["run", "default", "help", "source", "tags", "id", "type"],
)
def test_digest_of_a_notebook_is_that_of_its_source(
    tmp_path: Path, changed: dict[str, Any], *, is_same: bool
) -> None:
    """Running a notebook, also with other defaults, changes nothing; its source and tags count."""
    before = digest_source(write_source(tmp_path / "a.ipynb"))
    after = digest_source(write_source(tmp_path / "b.ipynb", **changed))

    assert (before == after) == is_same


def test_notebooks_of_a_root_are_known_by_their_source(tmp_path: Path) -> None:
    """Only the source of a notebook in notebooks/ counts; elsewhere all bytes do."""
    store = DigestStore(tmp_path, tmp_path / "digests.json")

    same = [
        store.digest(write_source(tmp_path / folder / "a.ipynb"))
        == store.digest(write_source(tmp_path / folder / "b.ipynb", outputs=[{"text": "2"}]))
        for folder in ("notebooks", "elsewhere")
    ]

    assert same == [True, False]


def test_file_that_is_no_notebook_counts_by_its_bytes(tmp_path: Path) -> None:
    """A file that can't be read as a notebook has a digest all the same."""
    for name in ("a", "b"):
        (tmp_path / name).write_text(f"{{{name}", encoding="utf-8")

    assert digest_source(tmp_path / "a") != digest_source(tmp_path / "b")


def test_stripped_notebook_has_its_source_alone(tmp_path: Path) -> None:
    """Outputs, counts and what JupyterLab remembers of cells are gone; it is the same notebook."""
    path = write_source(tmp_path / "a.ipynb", tags=["remove-input"])
    run = write_source(
        tmp_path / "b.ipynb", tags=["remove-input"], outputs=[{"text": "Words"}], execution_count=7
    )
    for each in (path, run):
        content = json.loads(each.read_text("utf-8")) | {"metadata": {"widgets": each.name}}
        each.write_text(json.dumps(content), encoding="utf-8")
    stripped = tmp_path / "c.ipynb"
    stripped.write_text(strip_notebook(run), encoding="utf-8")

    assert strip_notebook(path) == strip_notebook(run)
    assert digest_source(stripped) == digest_source(run)
