"""What every notebook of the compendium keeps to; see notebooks/README.md."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

from analysis.engine.parameters import declared_parameters
from analysis.engine.plan import CLEANING, CONTINENTAL, COVERAGE, REGIONAL
from analysis.study.opened_study import open_study
from analysis.tables.placing import places_to_clean, places_to_report
from analysis.tables.received import read_received
from tiny_study import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

NAMES = (CLEANING, COVERAGE, REGIONAL, CONTINENTAL)
MOST_CELLS = 15
MOST_LINES = 15
IMPORTED = ("analysis", "pandas", "IPython.display")
PARAMETER = re.compile(r'[a-z_]+: (str|int|float|bool) = (".*"|\S+)  # \S.*')
FORBIDDEN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.Try,
    ast.With,
    ast.For,
    ast.While,
)

pytestmark = pytest.mark.parametrize("name", NAMES)


def read(name: str) -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=nbformat.NO_CONVERT)


def code_of(name: str) -> list[NotebookNode]:
    return [cell for cell in read(name).cells if cell.cell_type == "code"]


def nodes_of(cell: NotebookNode) -> Iterator[ast.AST]:
    """Yield what a cell is made of; magics are no Python and fail here."""
    return ast.walk(ast.parse(cell.source))


def defaults_of(name: str) -> dict[str, object]:
    (cell,) = [cell for cell in code_of(name) if "parameters" in cell.metadata.get("tags", [])]
    values: dict[str, object] = {}
    exec(cell.source, values)  # noqa: S102 (the repository's own)
    return {
        name: values[name] for name in declared_parameters(ROOT / "notebooks" / f"{name}.ipynb")
    }


def test_form_is_that_of_notebooks_with_ids(name: str) -> None:
    """A notebook is of format 4.5, for the kernel that every environment has."""
    notebook = read(name)

    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec == {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }


def test_outputs_are_stripped(name: str) -> None:
    """No output and no count of a run is kept, so that nothing differs from the code."""
    assert [cell.id for cell in code_of(name) if cell.outputs or cell.execution_count] == []


def test_ids_are_words(name: str) -> None:
    """Each cell has an id that a person gave it, since claims and failures name it."""
    ids = [cell.id for cell in read(name).cells]

    assert [each for each in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", each)] == []
    assert len(set(ids)) == len(ids)


def test_first_cell_says_what_it_is_about(name: str) -> None:
    """The first cell has the title, the question, what is read and what is written."""
    first = read(name).cells[0]

    assert (first.cell_type, first.metadata.get("tags")) == ("markdown", ["about"])
    assert re.match(r"# \w", first.source)
    told = ("**Question.** ", "\n**Reads** ", "\n**Writes** ")
    assert [part for part in told if part not in first.source] == []


def test_parameters_are_declared_with_type_default_and_help(name: str) -> None:
    """One cell declares the parameters, each with its type, its default and what it means."""
    tagged = [cell for cell in code_of(name) if "parameters" in cell.metadata.get("tags", [])]

    assert len(tagged) == 1
    lines = tagged[0].source.splitlines()
    assert [line for line in lines if not PARAMETER.fullmatch(line)] == []


def test_cells_are_few_and_short(name: str) -> None:
    """A notebook has at most fifteen code cells, of at most fifteen lines."""
    lines = {cell.id: len(cell.source.splitlines()) for cell in code_of(name)}

    assert len(lines) <= MOST_CELLS
    assert {cell: count for cell, count in lines.items() if count > MOST_LINES} == {}


def test_each_code_cell_follows_one_that_says_why(name: str) -> None:
    """Before each code cell stands one in words."""
    kinds = [(before.cell_type, cell.id) for before, cell in pairwise(read(name).cells)
             if cell.cell_type == "code"]  # fmt: skip

    assert [cell for kind, cell in kinds if kind != "markdown"] == []


def test_analysis_is_done_elsewhere(name: str) -> None:
    """Nothing is defined, caught, looped over or opened in a notebook: it says what is shown."""
    found = [
        f"{cell.id}: {type(node).__name__}"
        for cell in code_of(name)
        for node in nodes_of(cell)
        if isinstance(node, FORBIDDEN) or (isinstance(node, ast.Name) and node.id == "open")
    ]

    assert found == []


def test_no_path_is_in_code(name: str) -> None:
    """No text in the code is a path: files are the business of the package."""
    texts = [
        node.value
        for cell in code_of(name)
        for node in nodes_of(cell)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [text for text in texts if "/" in text or "\\" in text or "." in text] == []


def test_imports_are_in_one_cell(name: str) -> None:
    """All imports stand in one cell with nothing else, and are of the package or for showing."""
    with_imports = {
        cell.id: cell
        for cell in code_of(name)
        if any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes_of(cell))
    }

    assert list(with_imports) == ["imports"]
    statements = ast.parse(with_imports["imports"].source).body
    assert [node for node in statements if not isinstance(node, (ast.Import, ast.ImportFrom))] == []
    modules = [
        module
        for node in statements
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [n.name for n in node.names]
        )
    ]
    allowed = [
        module
        for module in modules
        if any(module == each or module.startswith(f"{each}.") for each in IMPORTED)
    ]
    assert modules == allowed


def test_defaults_are_a_study_and_a_place_that_are_there(name: str) -> None:
    """The defaults name a study that ships, and a place that it can be run for."""
    defaults = defaults_of(name)
    opened = open_study(ROOT, str(defaults["study"]))
    groups = read_received(opened.folder).focus_groups

    given = (groups, opened.places, opened.settings.continents)
    regions, continents = places_to_report(*given)
    possible = {
        CLEANING: places_to_clean(*given),
        COVERAGE: (None,),
        REGIONAL: regions,
        CONTINENTAL: continents,
    }
    assert defaults.get("place") in possible[name]


def test_defaults_are_of_the_types_declared(name: str) -> None:
    """Each default is of the type that its parameter declares."""
    declared = declared_parameters(ROOT / "notebooks" / f"{name}.ipynb")

    assert {key: type(value).__name__ for key, value in defaults_of(name).items()} == declared


def test_notebook_runs_as_it_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook runs with its defaults outside of any build, as in JupyterLab."""
    monkeypatch.setenv("COMPENDIUM_ROOT", str(ROOT))
    monkeypatch.delenv("COMPENDIUM_BUILD", raising=False)
    notebook = read(name)

    NotebookClient(notebook, kernel_name="python3").execute()

    outputs = {cell.id: cell.outputs for cell in notebook.cells if cell.get("outputs")}
    assert list(outputs)[-1] in {"evidence", "keep", "hand-on"}
    noise = [out for told in outputs.values() for out in told if out.output_type == "stream"]
    assert noise == []
