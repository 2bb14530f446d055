from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from analysis.engine import program_code as sources_module
from analysis.engine.digest_store import (
    DigestStore,
    read_json,
)
from analysis.engine.keys import MODULES
from analysis.engine.program_code import ReachableCode, source_files
from tiny_study import ROOT

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The SHA-256 of "abc" (FIPS 180-4)."""
LONG_AGO = 1_600_000_000


@pytest.fixture
def known(tmp_path: Path) -> Path:
    """Give the file in which digests are remembered."""
    return tmp_path / "known.json"


def write(path: Path, text: str = "abc", at: int = LONG_AGO) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at, at))
    return path


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every change count as long past: what was written shows in the inode's own time."""
    monkeypatch.setattr("analysis.engine.digest_store.SETTLED_NANOSECONDS", -(10**12))


def put_digest(known: Path, path: Path, digest: str) -> None:
    """Remember another digest of a file, to see whether it is read again."""
    shown = json.loads(known.read_text(encoding="utf-8"))
    shown["files"][str(path)][2] = digest
    known.write_text(json.dumps(shown), encoding="utf-8")


def test_digest_is_sha256_of_the_bytes(tmp_path: Path, known: Path) -> None:
    """The digest of a file is that of its bytes."""
    path = write(tmp_path / "abc")

    assert DigestStore(known.parent, known).digest(path) == ABC


@pytest.mark.parametrize("name", ["none", "file/none"])
def test_missing_file_has_no_digest(tmp_path: Path, known: Path, name: str) -> None:
    """What is not there has no digest, even where its folder is a file."""
    write(tmp_path / "file")

    assert DigestStore(known.parent, known).digest(tmp_path / name) == ""


def test_file_that_is_as_it_was_is_not_read_again(
    tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file whose size, times and inode are those remembered keeps its digest unread."""
    settle(monkeypatch)
    path = write(tmp_path / "abc")
    first = DigestStore(known.parent, known)
    first.digest(path)
    first.save()
    put_digest(known, path, "remembered")

    assert DigestStore(known.parent, known).digest(path) == "remembered"


def test_file_read_just_after_a_change_is_read_again(tmp_path: Path, known: Path) -> None:
    """A file that had changed within the clock's grain when it was read is not trusted."""
    path = write(tmp_path / "abc")
    first = DigestStore(known.parent, known)
    first.digest(path)
    first.save()
    put_digest(known, path, "remembered")

    assert DigestStore(known.parent, known).digest(path) == ABC


@pytest.mark.parametrize("change", ["size", "mtime", "inode"])
def test_file_that_differs_is_read_again(
    tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A file of another size, time or inode is read, whatever was remembered of it."""
    settle(monkeypatch)
    path = write(tmp_path / "abc", "before")
    digests = DigestStore(known.parent, known)
    before = digests.digest(path)
    if change == "inode":
        write(tmp_path / "beside", "behind").replace(path)
    else:
        write(path, "behind" if change == "mtime" else "after", at=LONG_AGO + 1)

    assert digests.digest(path) != before
    assert digests.digest(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_what_is_gone_is_forgotten(tmp_path: Path, known: Path) -> None:
    """Files that are still there stay remembered, asked for or not, with what they import."""
    first = DigestStore(known.parent, known)
    for name in ("a.py", "b.py"):
        first.imports(write(tmp_path / name, f"import {name[0]}"))
    first.save()
    (tmp_path / "b.py").unlink()
    second = DigestStore(known.parent, known)
    second.digest(write(tmp_path / "c.py"))
    second.save()

    shown = json.loads(known.read_text(encoding="utf-8"))
    assert list(shown["files"]) == [str(tmp_path / "a.py"), str(tmp_path / "c.py")]
    assert list(shown["imports"].values()) == [["a"]]


def test_nothing_is_written_when_nothing_was_learned(
    tmp_path: Path, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has asked for nothing new leaves what is remembered as it is."""
    settle(monkeypatch)
    path = write(tmp_path / "abc")
    first = DigestStore(known.parent, known)
    first.digest(path)
    first.save()
    before = known.stat()
    second = DigestStore(known.parent, known)
    second.digest(path)
    second.save()

    assert known.stat().st_ino == before.st_ino


def test_folder_represents_all_files_below(tmp_path: Path, known: Path) -> None:
    """Files are named below the root, those of a folder sorted; caches of bytecode do not count."""
    for name in ("b/two", "b/one", "b/__pycache__/one.pyc", "a"):
        write(tmp_path / name)

    digests = DigestStore(known.parent, known).digests([tmp_path / "b", tmp_path / "a"], tmp_path)

    assert list(digests.items()) == [("b/one", ABC), ("b/two", ABC), ("a", ABC)]


def test_file_outside_the_root_is_named_in_full(tmp_path: Path, known: Path) -> None:
    """A file that is not below the root is named by its whole path; a missing one has no digest."""
    outside, missing = write(tmp_path / "outside"), tmp_path / "root" / "none"

    digests = DigestStore(known.parent, known).digests([outside, missing], tmp_path / "root")

    assert digests == {str(outside): ABC, "none": ""}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import a.b, c as d", ["a.b", "c"]),
        ("from a import b, c as d", ["a", "a.b", "a.c"]),
        ("def later():\n    from a import b", ["a", "a.b"]),
        ("if TYPE_CHECKING:\n    import a\nimport b", ["b"]),
        ("if typing.TYPE_CHECKING:\n    import a\nelse:\n    import b", []),
        ("try:\n    import a\nexcept ImportError:\n    import b", ["a", "b"]),
        ("# import a", []),
    ],
    ids=["module", "from", "in-a-function", "types", "else", "try", "comment"],
)
def test_imports_are_those_that_happen(
    tmp_path: Path, known: Path, code: str, names: list[str]
) -> None:
    """What a file imports is named, wherever in it, but for what type checkers alone read."""
    assert DigestStore(known.parent, known).imports(write(tmp_path / "code.py", code)) == names


def notebook_of(*cells: tuple[str, str]) -> str:
    shown = [
        {"cell_type": kind, "source": source.splitlines(keepends=True)} for kind, source in cells
    ]
    return json.dumps({"cells": shown})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (notebook_of(("code", "import a\nimport b"), ("code", "import c")), ["a", "b", "c"]),
        (notebook_of(("markdown", "import a"), ("code", "import b")), ["b"]),
        (notebook_of(("code", "import a"), ("code", "import b b")), ["a"]),
        (notebook_of(("code", "%time x\n!ls\ny = !ls\nif y:\n    %time y\nimport a")), ["a"]),
        ("<<<<<<< HEAD", []),
        (None, []),
    ],
    ids=["code", "prose", "broken-cell", "commands", "broken-file", "missing"],
)
def test_imports_of_a_notebook_are_those_of_its_cells(
    tmp_path: Path, known: Path, text: str | None, names: list[str]
) -> None:
    """What code cells import is named; what is broken or missing imports nothing."""
    path = tmp_path / "01.ipynb"
    if text is not None:
        write(path, text)

    assert DigestStore(known.parent, known).imports(path) == names


def test_imports_are_remembered_by_what_a_file_says(tmp_path: Path, known: Path) -> None:
    """Two files that say the same are looked through once."""
    digests = DigestStore(known.parent, known)
    first = digests.imports(write(tmp_path / "a.py", "import a"))

    assert digests.imports(write(tmp_path / "b.py", "import a")) is first


@pytest.mark.parametrize("text", ["{", "[1]", "\xff", None], ids=["cut", "list", "latin", "none"])
def test_json_that_cannot_be_read_shows_nothing(tmp_path: Path, text: str | None) -> None:
    """A file that is missing, cut short or holds something else shows nothing."""
    path = tmp_path / "shown.json"
    if text is not None:
        path.write_text(text, encoding="latin-1")

    assert read_json(path) == {}


FILES = {
    "__init__.py": "def open_study():\n    import analysis.operations.study_frames",
    "operations/__init__.py": "",
    "operations/study_frames.py": "",
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
    """What is reached is shown with the digest of its bytes."""
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
def test_what_the_package_offers_counts_for_who_asks_for_it(
    tmp_path: Path, digests: DigestStore
) -> None:
    """`open_study` is imported by those alone who call it; others don't depend on its code."""
    cell = {"cell_type": "code", "source": ["from analysis import open_study"]}
    notebook = tmp_path / "own.ipynb"
    notebook.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")

    reached = ReachableCode(digests).of_notebook(notebook)

    assert list(reached) == [
        *("__init__.py", "operations/__init__.py", "operations/study_frames.py")
    ]


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
    shown = [path.relative_to(sources).as_posix() for path in source_files()]

    assert shown == sorted(
        (name for name in FILES if "page.p" not in name or name[-1] == "y"), key=Path
    )


@pytest.mark.parametrize(
    ("kind", "layers"),
    [
        ("partition", {"errors.py", "intake", "study", "tables"}),
        ("check", {"errors.py", "intake", "quality", "study", "tables"}),
        ("notebook", {"engine", "errors.py", "publishing", "study", "tables"}),
        (
            "page",
            {"errors.py", "importing", "intake", "publishing", "quality", "study", "tables"},
        ),
    ],
)
def test_work_depends_on_no_layer_above_it(
    digests: DigestStore, kind: str, layers: set[str]
) -> None:
    """What does each kind of work reaches the layers that it is made of, and none besides."""
    reached = ReachableCode(digests).of_modules(*MODULES[kind])

    assert {name.split("/")[0] for name in reached} - {"__init__.py"} <= layers


def test_analysis_does_not_depend_on_pages_and_checks(digests: DigestStore) -> None:
    """To change how pages look, or what checks find, runs no notebook again."""
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    reach = ReachableCode(digests)

    reached = {name for path in notebooks for name in reach.of_notebook(path, *MODULES["notebook"])}

    assert {name for name in reached if name.startswith(("publishing/", "quality/"))} == {
        *("publishing/__init__.py", "publishing/notebook_files.py"),
        "quality/__init__.py",
        *("quality/outcome_sentences.py", "quality/outcomes.py", "quality/wording.py"),
    }
    assert "synthesis/prevalence.py" in reached


def test_pages_depend_on_their_templates(digests: DigestStore) -> None:
    """To change how pages look makes every page again."""
    reached = ReachableCode(digests).of_modules(*MODULES["page"])

    assert {
        *("publishing/templates/style.css", "publishing/templates/pages/page.html.j2"),
        "publishing/templates/compendium/index.html.j2",
    } <= set(reached)
