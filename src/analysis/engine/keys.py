"""The key of work: all that decides what comes out of it, part by part."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from analysis.engine.digests import digest_text, read_json, write_json
from analysis.engine.reach import SOURCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.engine.digests import Fingerprints
    from analysis.engine.held_inputs import HeldInputs
    from analysis.engine.reach import Reach
    from analysis.engine.task import Kind, Work
    from analysis.tables.build_folder import BuildFolder

LOCK = "locks/run.txt"
PYTHON = "python"
DONE = "done"
CODE = "code "
# What stands between all work and the code that does it; two of them reach all themselves.
BETWEEN = tuple(f"engine/{name}.py" for name in ("steps", "executors", "environment"))
# The code that does each kind of work; a notebook names what else it reaches.
DOERS: dict[Kind, tuple[str, ...]] = {
    "parting": ("analysis.tables.parting",),
    "covering": ("analysis.tables.covered",),
    "guard": ("analysis.quality.checks",),
    "notebook": (
        "analysis.engine.execution",
        # What its kernel is forked from.
        "analysis.engine.kernel_ground",
        "analysis.engine.server_ground",
    ),
    "page": ("analysis.publishing.report",),
}

Parts = dict[str, str]


class Keys:
    """The keys of work on a study, and what is known of work done.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    build : BuildFolder
        The folder of the study's build, in which it is kept what work was done.
    fingerprints : Fingerprints
        Digests of files.
    reach : Reach
        The code that can be reached.
    inputs : HeldInputs, optional
        What the work is made from; needed to keep that work was done.
    """

    def __init__(
        self,
        root: Path,
        build: BuildFolder,
        fingerprints: Fingerprints,
        reach: Reach,
        inputs: HeldInputs | None = None,
    ) -> None:
        self._root = root
        self._folder = build.path / DONE
        self._fingerprints = fingerprints
        self._reach = reach
        self._inputs = inputs

    def parts(self, work: Work) -> Parts:
        """Return the parts of the key of work as things are now: digests and values by names."""
        read = self._fingerprints.digests([self._root / name for name in work.reads], self._root)
        return {
            **{f"parameter {name}": json.dumps(value) for name, value in work.parameters.items()},
            **work.facts,
            **read,
            **{f"{CODE}{name}": digest for name, digest in self._code(work).items()},
            LOCK: self._fingerprints.digest(self._root / LOCK),
            PYTHON: python_version(),
        }

    def _code(self, work: Work) -> Mapping[str, str]:
        doers = DOERS[work.kind]
        between = self._fingerprints.digests([SOURCES / name for name in BETWEEN], SOURCES)
        if work.kind != "notebook":
            return {**between, **self._reach.of_modules(*doers)}
        notebook = self._root / "notebooks" / f"{work.notebook}.ipynb"
        return {
            **between,
            f"notebooks/{notebook.name}": self._fingerprints.digest(notebook),
            **self._reach.of_notebook(notebook, *doers),
        }

    def last(self, name: str) -> Parts | None:
        """Return the parts of the key with which the work of a name was last done, or None."""
        parts: Parts | None = read_json(self._record(name)).get("parts")
        return parts

    def is_done(self, work: Work, parts: Parts) -> bool:
        """Return whether work was done with such a key, and all that it left is as it was."""
        record = read_json(self._record(work.name))
        return record.get("parts") == parts and record.get("left") == self._left(work)

    def keep(self, work: Work, parts: Parts) -> None:
        """Keep that work was done with such a key, unless what it is made from was written since.

        Raises
        ------
        PublishingError
            When it was, naming the files.
        """
        if self._inputs is not None:
            self._inputs.require()
        write_json(self._record(work.name), {"parts": parts, "left": self._left(work)})

    def _left(self, work: Work) -> dict[str, str]:
        left = [self._root / name for name in work.leaves]
        return self._fingerprints.digests([path for path in left if path.exists()], self._root)

    def _record(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '.')}.json"


def python_version() -> str:
    """Return the version of Python that decides what comes out."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def digest_parts(parts: Parts) -> str:
    """Return one SHA-256 for a key, the same on all versions of Python."""
    told = {name: part for name, part in parts.items() if name != PYTHON}
    return digest_text(json.dumps(told, sort_keys=True, ensure_ascii=False))
