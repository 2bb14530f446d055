"""Own notebooks of a study: listed in its settings, built with it, and part of its pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from analysis.engine.build import build_study
from analysis.engine.explain import explain
from analysis.engine.options import BuildOptions, Silent
from analysis.engine.plan import require_buildable
from analysis.errors import NotebookError, PublishingError, StudyError
from tiny_study import STUDY

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
COUNT = 'table = opened.codings.groupby("theme").size().to_frame("codings")\n'
OPEN = "from analysis import open_study, show_table\n\nopened = open_study(study)"
SHOW = f'{COUNT}show_table(table, "Codings by theme")'
DRAW = 'table["codings"].plot.bar();'
FRAME = f"{COUNT}table"


def write_own(root: Path, name: str, *code: str, tag: str = "parameters", minor: int = 5) -> None:
    """Write an own notebook: a heading, its parameter, and code."""
    cells = [
        v4.new_markdown_cell("# Codings of each theme\n\nHow often is each theme coded?", id="a"),
        v4.new_code_cell('study: str = "demo"  # the study', metadata={"tags": [tag]}, id="b"),
        *(v4.new_code_cell(each, id=f"c{at}") for at, each in enumerate(code)),
    ]
    notebook = v4.new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
    if minor < 5:
        for cell in cells:
            del cell["id"]
    notebook.nbformat_minor = minor
    folder = root / "notebooks" / "own"
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / f"{name}.ipynb")


def list_notebooks(root: Path, names: str) -> None:
    with (root / "data" / STUDY / "study.yaml").open("a") as settings:
        settings.write(f"notebooks: {names}\n")


def build(root: Path) -> tuple[str, ...]:
    return build_study(BuildOptions(root, root / "reports"), STUDY, Silent()).done


@pytest.fixture(scope="module")
def with_own(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root in which the tiny study was built with own notebooks; it is never changed."""
    root = Path(shutil.copytree(built, tmp_path_factory.mktemp("own") / "root"))
    write_own(root, "themes", OPEN, SHOW, DRAW)
    write_own(root, "old", OPEN, SHOW, minor=4)
    list_notebooks(root, "[themes.ipynb, old]")
    assert {"own-themes", "page own-themes"} <= set(build(root))
    return root


@pytest.fixture
def own_root(with_own: Path, tmp_path: Path) -> Path:
    """Give a copy of that root, to change."""
    return Path(shutil.copytree(with_own, tmp_path / "own"))


def test_own_notebook_becomes_a_page(with_own: Path) -> None:
    """It is run, shown and recorded with the study."""
    release = with_own / "reports" / STUDY
    page = (release / "own-themes.html").read_text("utf-8")
    claims = json.loads((release / "own-themes.claims.json").read_text("utf-8"))
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    assert "<h1>Codings of each theme</h1>" in page
    assert "<caption" in page
    assert "data:image/png;base64," in page
    assert "opens the words it rests on" not in page
    assert {claim["id"]: claim["value"] for claim in claims} == {
        "own.codings-by-theme.rights.codings": 8,
        "own.codings-by-theme.support.codings": 6,
    }
    assert "notebooks/own/themes.ipynb" in manifest["inputs"]
    assert "own-themes.html" in (release / "index.html").read_text("utf-8")


def test_own_notebook_that_changed_runs_again(own_root: Path) -> None:
    """It runs again when it changes, alone; a draft that is not listed changes nothing."""
    options = BuildOptions(own_root, own_root / "reports")
    build(own_root)
    assert explain(options, STUDY) == []

    write_own(own_root, "themes", OPEN, SHOW)
    write_own(own_root, "draft", OPEN)

    assert next(reason.task for reason in explain(options, STUDY)) == "own-themes"
    assert build(own_root) == ("own-themes", "page own-themes")
    write_own(own_root, "draft", OPEN, SHOW)
    assert explain(options, STUDY) == []


def test_cells_without_ids_are_numbered(with_own: Path) -> None:
    """A notebook of an older format has the same bytes each time: its cells are numbered."""
    executed = with_own / "reports" / STUDY / "own-old.ipynb"
    notebook = nbformat.read(executed, as_version=nbformat.NO_CONVERT)
    assert [cell.id for cell in notebook.cells] == [
        *("cell-1", "cell-2", "injected-parameters", "cell-4", "cell-5"),
    ]


def test_frame_shown_by_itself_is_refused(own_root: Path) -> None:
    """The cell that shows a DataFrame or a Series is named by its number, with what to do."""
    write_own(own_root, "themes", OPEN, FRAME, 'table["codings"]', SHOW)

    with pytest.raises(PublishingError) as refused:
        build(own_root)

    assert refused.value.what == "own/themes.ipynb shows a DataFrame by itself."
    assert list(refused.value.offenders) == [
        "notebooks/own/themes.ipynb: cell 4 (c1)",
        "notebooks/own/themes.ipynb: cell 5 (c2)",
    ]
    assert "show_table(frame" in refused.value.remedy


def test_published_numbers_are_not_there_in_a_build(own_root: Path) -> None:
    """A page can't depend on the release that it is about to replace."""
    write_own(own_root, "themes", OPEN, "opened.claims")

    with pytest.raises(NotebookError, match="published numbers can't be used"):
        build(own_root)


def test_notebook_that_is_missing_is_refused(tiny_root: Path) -> None:
    """A listed file that isn't there is refused with the closest one, before anything runs."""
    write_own(tiny_root, "themes", OPEN)
    list_notebooks(tiny_root, "[theme]")

    missing = r"notebooks/own/theme\.ipynb is missing \(closest: themes\)"
    with pytest.raises(NotebookError, match=missing):
        require_buildable(tiny_root, STUDY, ())


def test_notebook_without_parameters_is_refused(tiny_root: Path) -> None:
    """A notebook without a cell tagged parameters is refused, with how to tag one."""
    write_own(tiny_root, "themes", OPEN, tag="other")
    list_notebooks(tiny_root, "[themes]")

    with pytest.raises(NotebookError, match="no cell of parameters"):
        require_buildable(tiny_root, STUDY, ())


@pytest.mark.parametrize(
    ("names", "fault"),
    [("[../x]", "not a file in notebooks/own/"), ("[a, a.ipynb]", "listed twice: a")],
)
def test_name_that_is_none_is_refused(tiny_root: Path, names: str, fault: str) -> None:
    """A path, capitals, or a notebook listed twice are refused."""
    list_notebooks(tiny_root, names)

    with pytest.raises(StudyError, match=fault):
        require_buildable(tiny_root, STUDY, ())
