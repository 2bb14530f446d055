"""The key of a task: the digests and values that decide its result."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from analysis.engine.digest_store import read_json, write_json
from analysis.engine.inputs import python_version
from analysis.engine.program_code import SOURCES, ReachableCode
from analysis.publishing.manifest import LOCK
from analysis.study.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.engine.inputs import Inputs
    from analysis.engine.task import Kind, Task

PYTHON = "python"
DONE = "done"
CODE = "code "
# The code between any task and the module that does it.
BETWEEN = tuple(f"engine/{name}.py" for name in ("environment", "executors", "steps"))
# The modules that do each kind of task; a notebook imports others besides.
MODULES: dict[Kind, tuple[str, ...]] = {
    "partition": ("analysis.tables.partition",),
    "check": ("analysis.quality.checks",),
    "notebook": ("analysis.engine.execution", "analysis.engine.preload"),
    "page": ("analysis.publishing.report",),
}

Key = dict[str, str]


class Keys:
    """The keys of a study's tasks, and those with which they last ran.

    Parameters
    ----------
    inputs : Inputs
        The inputs of the study's release.
    """

    def __init__(self, inputs: Inputs) -> None:
        self._root = inputs.root
        self._folder = inputs.build.path / DONE
        self._inputs = inputs
        self._digests = inputs.digests
        self._code = ReachableCode(inputs.digests)

    def key(self, task: Task) -> Key:
        """Return the key of a task as things are now: digests and values by a name for people."""
        read = self._digests.digests([self._root / name for name in task.reads], self._root)
        return {
            **{f"parameter {name}": json.dumps(value) for name, value in task.parameters.items()},
            **task.facts,
            **read,
            **{f"{CODE}{name}": digest for name, digest in self._code_of(task).items()},
            LOCK: self._digests.digest(self._root / LOCK),
            PYTHON: python_version(),
        }

    def _code_of(self, task: Task) -> Mapping[str, str]:
        modules = MODULES[task.kind]
        between = self._digests.digests([SOURCES / name for name in BETWEEN], SOURCES)
        if task.kind != "notebook":
            return {**between, **self._code.of_modules(*modules)}
        notebook = self._root / "notebooks" / f"{task.notebook}.ipynb"
        return {
            **between,
            f"notebooks/{task.notebook}.ipynb": self._digests.digest(notebook),
            **self._code.of_notebook(notebook, *modules),
        }

    def last(self, name: str) -> Key | None:
        """Return the key with which the task of a name last ran, or None."""
        key: Key | None = read_json(self._record(name)).get("key")
        return key

    def has_result(self, task: Task) -> bool:
        """Return whether a task ran with any key, and the files that it wrote are unchanged."""
        record = read_json(self._record(task.name))
        return bool(record) and record.get("written") == self._written(task)

    def is_done(self, task: Task, key: Key) -> bool:
        """Return whether a task ran with this key, and the files that it wrote are unchanged."""
        record = read_json(self._record(task.name))
        return record.get("key") == key and record.get("written") == self._written(task)

    def record(self, task: Task, key: Key) -> None:
        """Record that a task ran with this key.

        Raises
        ------
        PublishingError
            When an input was written since the build started.
        """
        self._inputs.require_unchanged()
        write_json(self._record(task.name), {"key": key, "written": self._written(task)})

    def _written(self, task: Task) -> dict[str, str]:
        written = [self._root / name for name in task.writes]
        return self._digests.digests([path for path in written if path.exists()], self._root)

    def _record(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '.')}.json"


def digest_key(key: Key) -> str:
    """Return one SHA-256 for a key, the same on all versions of Python."""
    parts = {name: part for name, part in key.items() if name != PYTHON}
    return digest_text(json.dumps(parts, sort_keys=True, ensure_ascii=False))
