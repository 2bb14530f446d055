from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.engine import sources as sources_module
from analysis.engine.digests import DigestStore
from analysis.engine.keys import MODULES
from analysis.engine.sources import ReachableCode, source_files
from tiny_study import ROOT

FILES = {
    "__init__.py": "",
    "errors.py": "",
    "study/__init__.py": "from analysis.errors import CompendiumError",
    "study/places.py": "",
    "study/instrument.json": "{}",
    "tables/__init__.py": "",
    "tables/segments.py": "def read():\n    from analysis.study import places",
    "tables/focus_groups.py": "import pandas",
    "publishing/__init__.py": "",
    "publishing/page.py": "import analysis.tables.segments",
    "publishing/templates/pages/page.html.j2": "<html>",
    "publishing/__pycache__/page.pyc": "bytecode",
    "publishing/.page.py.swp": "an editor's",
}
OF_SEGMENTS = [
    *("__init__.py", "errors.py", "study/__init__.py", "study/instrument.json", "study/places.py"),
    *("tables/__init__.py", "tables/segments.py"),
]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the sources of a small package in the place of the program's own."""
    sources = tmp_path / "analysis"
    for name, text in FILES.items():
        (sources / name).parent.mkdir(parents=True, exist_ok=True)
        (sources / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(sources_module, "SOURCES", sources)
    return sources


@pytest.fixture
def digests(tmp_path: Path) -> DigestStore:
    """Give digests of files."""
    return DigestStore(tmp_path, tmp_path / "known.json")


@pytest.mark.usefixtures("sources")
def test_module_reaches_what_it_imports(digests: DigestStore) -> None:
    """A module reaches what it imports, at whatever depth, the packages around and their data."""
    reached = ReachableCode(digests).of_modules("analysis.tables.segments")

    assert list(reached) == OF_SEGMENTS


def test_module_is_known_by_its_digest(sources: Path, digests: DigestStore) -> None:
    """What is reached is told with the digest of its bytes."""
    reached = ReachableCode(digests).of_modules("analysis.errors")

    assert reached == {
        name: digests.digest(sources / name) for name in ("__init__.py", "errors.py")
    }


@pytest.mark.usefixtures("sources")
def test_data_count_for_the_package_around_them(digests: DigestStore) -> None:
    """A file that is no module counts for the nearest package; caches and hidden files do not."""
    reached = ReachableCode(digests).of_modules("analysis.publishing.page")

    assert list(reached) == sorted(
        [
            *OF_SEGMENTS,
            *("publishing/__init__.py", "publishing/page.py"),
            "publishing/templates/pages/page.html.j2",
        ]
    )


@pytest.mark.usefixtures("sources")
def test_unknown_modules_reach_nothing(digests: DigestStore) -> None:
    """Modules of other packages, and names that are none, reach nothing of the program."""
    assert ReachableCode(digests).of_modules("pandas", "analysis.tables.read") == {}


@pytest.mark.usefixtures("sources")
def test_notebook_reaches_what_its_cells_import(tmp_path: Path, digests: DigestStore) -> None:
    """A notebook reaches what its cells import, and what is named besides."""
    cell = {"cell_type": "code", "source": ["from analysis.tables import focus_groups"]}
    notebook = tmp_path / "01.ipynb"
    notebook.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")

    reached = ReachableCode(digests).of_notebook(notebook, "analysis.errors")

    assert list(reached) == [
        *("__init__.py", "errors.py", "tables/__init__.py", "tables/focus_groups.py"),
    ]


@pytest.mark.usefixtures("sources")
def test_what_was_reached_is_found_once(digests: DigestStore) -> None:
    """The same modules, in whatever order, are followed once."""
    reach = ReachableCode(digests)
    names = ("analysis.errors", "analysis.study.places")

    assert reach.of_modules(*names) is reach.of_modules(*reversed(names))


def test_program_is_all_its_files(sources: Path) -> None:
    """The program is made of modules and data, sorted; caches and hidden files are no part."""
    told = [path.relative_to(sources).as_posix() for path in source_files()]

    assert told == sorted(
        (name for name in FILES if "page.p" not in name or name[-1] == "y"), key=Path
    )


@pytest.mark.parametrize(
    ("kind", "layers"),
    [
        ("partition", {"errors.py", "intake", "study", "tables"}),
        ("check", {"errors.py", "intake", "quality", "study", "tables"}),
        ("notebook", {"engine", "errors.py", "publishing", "study", "tables"}),
        ("page", {"errors.py", "intake", "publishing", "quality", "study", "tables"}),
    ],
)
def test_work_depends_on_no_layer_above_it(
    digests: DigestStore, kind: str, layers: set[str]
) -> None:
    """What does each kind of work reaches the layers that it is made of, and none besides."""
    reached = ReachableCode(digests).of_modules(*MODULES[kind])

    assert {name.split("/")[0] for name in reached} - {"__init__.py"} <= layers


def test_analysis_does_not_depend_on_pages(digests: DigestStore) -> None:
    """To change how pages look runs no notebook again."""
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    reach = ReachableCode(digests)

    reached = {name for path in notebooks for name in reach.of_notebook(path, *MODULES["notebook"])}

    assert {name for name in reached if name.startswith(("publishing/", "quality/guard"))} == {
        *("publishing/__init__.py", "publishing/notebook_files.py"),
        "publishing/notebook_source.py",
    }
    assert "synthesis/prevalence.py" in reached


def test_pages_depend_on_their_templates(digests: DigestStore) -> None:
    """To change how pages look makes every page again."""
    reached = ReachableCode(digests).of_modules(*MODULES["page"])

    assert {
        *("publishing/templates/style.css", "publishing/templates/pages/page.html.j2"),
        "publishing/templates/compendium/index.html.j2",
    } <= set(reached)
