from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import ANY

import pytest

from analysis.engine.digest_store import DigestStore
from analysis.engine.inputs import Inputs
from analysis.engine.keys import MODULES, PYTHON, Keys, digest_key
from analysis.engine.program_code import ReachableCode
from analysis.engine.task import Task
from analysis.errors import PublishingError
from analysis.publishing.manifest import LOCK, PROJECT
from analysis.publishing.notebook_files import digest_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BETWEEN = {f"code engine/{name}.py": ANY for name in ("environment", "executors", "steps")}
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""The SHA-256 of "abc" (FIPS 180-4)."""
NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["from analysis.synthesis import claims"]}]}'
TASK = Task(
    name="page esa",
    kind="notebook",
    notebook="03",
    parameters={"place": "esa", "most": 3},
    needs=("esa-cleaning",),
    reads=("data/places.csv", "cleaned/esa"),
    uses=("partition.json",),
    writes=("left/page.html", "left/words"),
    facts={"segments of esa": "1234"},
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with what some work reads and has left."""
    for name in (
        *("data/places.csv", "cleaned/esa/segments.parquet", "partition.json", LOCK, PROJECT),
        *("notebooks/03.ipynb", "left/page.html", "left/words/001.html"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("abc", encoding="utf-8")
    return tmp_path


def keys_of(root: Path) -> Keys:
    """Return keys that know no file yet."""
    inputs = Inputs(root, "tiny")
    inputs.hold()
    return Keys(inputs)


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def code_in(digests: dict[str, str]) -> dict[str, str]:
    return {f"code {name}": digest for name, digest in digests.items()}


def test_key_holds_all_that_decides(root: Path) -> None:
    """The key of work is made of parameters, facts, what it reads, code, versions and Python."""
    notebook = root / "notebooks" / "03.ipynb"
    notebook.write_text(NOTEBOOK, encoding="utf-8")
    keys = keys_of(root)
    code = ReachableCode(DigestStore(root, root / "known.json"))

    assert keys.key(TASK) == {
        "parameter place": '"esa"',
        "parameter most": "3",
        "segments of esa": "1234",
        "data/places.csv": ABC,
        "cleaned/esa/segments.parquet": ABC,
        **BETWEEN,
        "code notebooks/03.ipynb": digest_source(notebook),
        **code_in(code.of_modules("analysis.synthesis.claims", *MODULES["notebook"])),
        "locks/run.txt": ABC,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
    }


@pytest.mark.parametrize(
    ("kind", "doer"),
    [
        ("partition", "analysis.tables.partition"),
        ("check", "analysis.quality.checks"),
        ("page", "analysis.publishing.report"),
    ],
)
def test_code_is_that_which_does_it(root: Path, kind: str, doer: str) -> None:
    """What is no notebook rests on the code that does work of its kind."""
    parts = keys_of(root).key(replace(TASK, kind=kind))
    code = ReachableCode(DigestStore(root, root / "known.json"))

    assert {name: part for name, part in parts.items() if name.startswith("code ")} == {
        **BETWEEN,
        **code_in(code.of_modules(doer)),
    }


@pytest.mark.parametrize(
    ("file", "kinds"),
    [
        ("environment", {"partition", "check", "notebook", "page"}),
        ("preload", {"notebook"}),
        ("kernels", {"notebook"}),
    ],
)
def test_what_work_finds_around_it_decides(root: Path, file: str, kinds: set[str]) -> None:
    """The settings of all work, and what kernels are forked from, are in the keys."""
    keys = keys_of(root)
    changed = {
        kind for kind in MODULES if f"code engine/{file}.py" in keys.key(replace(TASK, kind=kind))
    }

    assert changed == kinds


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda root: write(root / "data/places.csv", "x"), {"data/places.csv"}),
        (lambda root: write(root / "cleaned/esa/new", "x"), {"cleaned/esa/new"}),
        (lambda root: (root / "data/places.csv").unlink(), {"data/places.csv"}),
        (lambda root: write(root / "notebooks/03.ipynb", "x"), {"code notebooks/03.ipynb"}),
        (lambda root: write(root / LOCK, "x"), {"locks/run.txt"}),
        (lambda root: write(root / "partition.json", "x"), set()),
        (lambda root: write(root / "left/page.html", "x"), set()),
    ],
    ids=["input", "more", "less", "notebook", "lock", "used", "left"],
)
def test_key_changes_with_what_is_read(
    root: Path, change: Callable[[Path], None], names: set[str]
) -> None:
    """What is read decides; what is used besides, or left, does not."""
    before = keys_of(root).key(TASK)
    change(root)
    after = keys_of(root).key(TASK)

    assert {name for name, _ in before.items() ^ after.items()} == names


@pytest.mark.parametrize(
    ("work", "name"),
    [
        (replace(TASK, parameters={"place": "esa", "most": "3"}), "parameter most"),
        (replace(TASK, parameters={"place": "esa", "most": 3.0}), "parameter most"),
        (replace(TASK, parameters={"place": "esa", "most": 3, "all": True}), "parameter all"),
        (replace(TASK, facts={"segments of esa": "1235"}), "segments of esa"),
    ],
    ids=["text", "float", "more", "fact"],
)
def test_key_changes_with_what_is_given(root: Path, work: Task, name: str) -> None:
    """Parameters and facts decide, down to their type."""
    keys = keys_of(root)

    assert {name for name, _ in keys.key(TASK).items() ^ keys.key(work).items()} == {name}


def test_work_is_done_when_it_was_done_so(root: Path) -> None:
    """Work counts as done with the key with which it was kept, and with no other."""
    keys = keys_of(root)
    parts = keys.key(TASK)
    keys.record(TASK, parts)

    assert keys_of(root).is_done(TASK, parts)
    assert not keys_of(root).is_done(TASK, {**parts, PYTHON: "3.0"})
    assert not keys_of(root).is_done(replace(TASK, name="page wca"), parts)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "left/page.html").unlink(),
        lambda root: write(root / "left/page.html", "other"),
        lambda root: write(root / "left/words/002.html", "more"),
        lambda root: (root / "left/words/001.html").unlink(),
    ],
    ids=["removed", "changed", "more", "less"],
)
def test_work_is_not_done_when_what_it_left_is_not_as_it_was(
    root: Path, change: Callable[[Path], None]
) -> None:
    """Work whose files were removed, changed or joined by others does not count as done."""
    keys = keys_of(root)
    parts = keys.key(TASK)
    keys.record(TASK, parts)
    change(root)

    assert not keys_of(root).is_done(TASK, parts)


def test_last_key_is_known_by_the_name_of_the_work(root: Path) -> None:
    """The key with which work was last done is known; of what never was, nothing."""
    keys = keys_of(root)
    keys.record(TASK, {"a": "1"})
    keys.record(TASK, {"a": "2"})

    assert keys.last("page esa") == {"a": "2"}
    assert keys.last("esa") is None


def test_record_that_was_cut_short_is_none(root: Path) -> None:
    """Where a record cannot be read, the work was not done."""
    keys = keys_of(root)
    keys.record(TASK, {"a": "1"})
    write(root / "build" / "tiny" / "done" / "page.esa.json", '{"key": {"a"')

    assert keys.last("page esa") is None
    assert not keys.is_done(TASK, {"a": "1"})


def test_digest_of_a_key_knows_its_parts_but_for_python() -> None:
    """One digest represents a key on all versions of Python, in whatever order its parts are."""
    first = digest_key({"a": "1", "b": "2", PYTHON: "3.11"})

    assert digest_key({"b": "2", PYTHON: "3.13", "a": "1"}) == first
    assert digest_key({"a": "1", "b": "3", PYTHON: "3.11"}) != first
    assert digest_key({"a": "1", PYTHON: "3.11"}) != first


def test_task_that_ran_while_inputs_were_written_does_not_count(root: Path) -> None:
    """A task is not recorded if an input was written since the build started."""
    keys = keys_of(root)
    write(root / "data/places.csv", "abc")
    os.utime(root / "data/places.csv", (1, 1))

    with pytest.raises(PublishingError):
        keys.record(TASK, {"a": "1"})

    assert keys.last(TASK.name) is None
