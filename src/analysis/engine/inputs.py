"""Whether a release is up to date, known from its inputs and outputs alone, without any plan."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from analysis.engine.digests import name_below, read_json, write_json
from analysis.engine.keys import LOCK, python_version
from analysis.engine.reach import SOURCES, source_files, source_names
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from analysis.engine.digests import Fingerprints
    from analysis.tables.build_folder import BuildFolder

TABLE_ENDINGS = (".csv", ".yaml", ".parquet")
PROJECT = "pyproject.toml"
KNOWN = ".known.json"
RELEASES = "releases.json"
SMALL = 1_000_000
INDEXES = "indexes.json"
SITE_INDEX = "index.html"

Digests = dict[str, str]


class Freshness:
    """What the releases of a study were made from, and what they are made of.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    study : str
        The study.
    build : BuildFolder
        The folder of its build, in which that is kept.
    fingerprints : Fingerprints
        Digests of files.
    """

    def __init__(
        self, root: Path, study: str, build: BuildFolder, fingerprints: Fingerprints
    ) -> None:
        self._root = root
        self._study = study
        self._build = build
        self._path = build.path / RELEASES
        self._indexes = build.path.with_name(INDEXES)
        self.fingerprints = fingerprints

    def inputs(self) -> Digests:
        """Return the SHA-256 of all that a release is made from, by file."""
        read = self.fingerprints.digests(self._files(), self._root)
        return {**read, **self.fingerprints.digests(source_files(), SOURCES)}

    def written(self) -> dict[str, str]:
        """Return when each file that a release is made from was written, and how large it is."""
        return {**self.files_written(), **sources_written()}

    def files_written(self) -> dict[str, str]:
        """Return the same of the files below the root alone."""
        return {name_below(self._root, path): _written(path) for path in self._files()}

    def _files(self) -> list[Path]:
        data, notebooks = self._root / "data", self._root / "notebooks"
        tables = [path for path in data.iterdir() if path.suffix in TABLE_ENDINGS]
        folder = data / self._study
        if folder.is_dir():
            tables += files_of_study(folder)
        suites = (self._root / "expectations").glob("*.json")
        versions = (self._root / name for name in (LOCK, PROJECT))
        return [*tables, *suites, *notebooks.glob("*.ipynb"), *versions]

    def is_fresh(self, target: Path, places: Sequence[str]) -> bool:
        """Return whether a release is what a build of some places, or of all, would make."""
        return not self.differences(target, places)

    def differences(self, target: Path, places: Sequence[str]) -> list[str]:
        """Return what tells a release from what a build of some places, or of all, would make."""
        kept = read_json(self._path).get(str(target), {})
        if not kept:
            return ["it was never released there, or not to its end"]
        if not _covers(kept["places"], places):
            return ["not all of these places were in the last build"]
        if kept.get("python") != python_version():
            return [f"Python is {python_version()} and was {kept.get('python')}"]
        index = {SITE_INDEX: read_json(self._indexes).get(str(target.parent), "")}
        return (
            _differing(kept["inputs"], self.inputs())
            or _differing(kept["outputs"], self._outputs(target))
            or _differing(index, {SITE_INDEX: self._index(target)})
        )

    def keep(
        self, target: Path, places: Sequence[str], inputs: Digests, parts: Sequence[str]
    ) -> None:
        """Keep what a release was made from, and what it is made of.

        Parameters
        ----------
        target : Path
            The folder of the release.
        places : sequence of str
            The places that were built; all when empty.
        inputs : dict of str to str
            The SHA-256 of what it was made from, by file.
        parts : sequence of str
            The parts of the tables that all work on rests on what they say now.
        """
        # Before the release counts as up to date: what changes from here on is told by it.
        if not places:
            shutil.rmtree(self._build.seen, ignore_errors=True)
        self._see([name for name in inputs if name.startswith("data/")], parts)
        kept = {
            "places": list(places),
            "python": python_version(),
            "inputs": inputs,
            "outputs": self._outputs(target),
        }
        write_json(self._path, {**read_json(self._path), str(target): kept})
        # The index tells of all studies: it may change without this one.
        indexes = {**read_json(self._indexes), str(target.parent): self._index(target)}
        write_json(self._indexes, indexes)

    def _see(self, names: Sequence[str], parts: Sequence[str]) -> None:
        """Keep what the tables said, to tell later which of their rows have changed since."""
        for name in names:
            seen = self._build.seen / name
            seen.parent.mkdir(parents=True, exist_ok=True)
            # Where some places are built, the others still rest on what was said before.
            if not seen.exists() and (self._root / name).stat().st_size < SMALL:
                shutil.copyfile(self._root / name, seen)
        for part in parts:
            seen = self._build.seen / "received" / part
            shutil.rmtree(seen, ignore_errors=True)
            # Parts are never changed in place: another name for them is as good as a copy.
            shutil.copytree(self._build.received(part), seen, copy_function=_name_again)

    def _index(self, target: Path) -> str:
        return self.fingerprints.digest(target.parent / SITE_INDEX)

    def _outputs(self, target: Path) -> Digests:
        return self.fingerprints.digests([target], target) if target.is_dir() else {}


def sources_written() -> dict[str, str]:
    """Return when each file of the program was written, and how large it is."""
    return {name: _written(f"{SOURCES}/{name}") for name in source_names()}


def _written(path: Path | str) -> str:
    """Return when a file was written, and how large it is; nothing where there is none."""
    try:
        stat = os.stat(path)  # noqa: PTH116 (asked of hundreds of files, again and again)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"


def _name_again(file: str, name: str) -> None:
    """Give a file another name, or copy it where the file system has one name a file."""
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _differing(before: Digests, after: Digests) -> list[str]:
    """Return the files that differ; one that is missing has no digest."""
    return [
        f"{name} {'is gone' if not now else 'changed' if was else 'is new'}"
        for name in sorted({*before, *after})
        for was, now in [(before.get(name, ""), after.get(name, ""))]
        if was != now
    ]


def _covers(built: Sequence[str], wanted: Sequence[str]) -> bool:
    """Tell whether a build of some places, or of all where none is named, has built others."""
    return not built or (bool(wanted) and set(wanted).issubset(built))
