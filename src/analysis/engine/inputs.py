"""The inputs of a release: which have changed, whether one does now, and what they were before."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from functools import cache
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from analysis.engine.digest_store import (
    REMEMBERED,
    DigestStore,
    read_json,
    relative_name,
    write_json,
)
from analysis.engine.program_code import SOURCES, source_files, source_names
from analysis.errors import InputsChangedError, StudyError
from analysis.publishing.manifest import LOCK, PROJECT
from analysis.publishing.notebook_files import digest_source
from analysis.publishing.release import listed_releases
from analysis.study.checkout import run_git
from analysis.study.digests import KEY_FILE, published_digest
from analysis.study.root import OWN_NOTEBOOKS, SETTINGS_FILE
from analysis.tables.build_folder import BuildFolder
from analysis.tables.table_files import files_of_study

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


TABLE_ENDINGS = (".csv", ".yaml", ".parquet")
RELEASES = "releases.json"
INDEXES = "indexes.json"
SITE_INDEX = "index.html"
# A table up to so many bytes is copied at a release, to list the rows that changed since.
COPIED_BYTES = 1_000_000

Digests = dict[str, str]


class Inputs:
    """The inputs of a study's releases.

    Digests of their content decide whether a release is out of date. The times at which they were
    written show whether one was touched during a build: a task that ran meanwhile may have seen
    other content than its key says, even if the old content is back.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    study : str
        The study.

    Attributes
    ----------
    root : Path
        The root.
    build : BuildFolder
        The folder of the study's build, in which the inputs of its releases are recorded.
    digests : DigestStore
        Digests of files; call its ``save`` when done.
    stamps : dict of str to str
        When each input was written, as held.
    """

    def __init__(self, root: Path, study: str) -> None:
        self.root = root
        self.build = BuildFolder.of(root, study)
        self._study = study
        self._releases = self.build.path / RELEASES
        self._indexes = self.build.path.with_name(INDEXES)
        self.stamps: dict[str, str] = {}
        self._contents: Digests = {}
        self.digests = DigestStore(root, self.build.path / REMEMBERED)

    def hold(self) -> None:
        """Remember the inputs as they are now.

        The program counts as it was before the first build of this process: other processes are
        forked from a server that stays.

        Raises
        ------
        StudyError
            When the root lacks the versions that a release records.
        """
        missing = [name for name in (LOCK, PROJECT) if not (self.root / name).is_file()]
        if missing:
            raise StudyError(
                "The compendium has no list of the versions that its reports are built with.",
                offenders=[f"{name} is missing" for name in missing],
                expected=f"{LOCK} and {PROJECT} next to data/ and notebooks/",
                remedy="put them back from the repository",
            )
        self.stamps = {**self._stamps_below_root(), **_first_stamps_of_sources()}
        self._contents = self.contents()

    def require_unchanged(self, stamps: Mapping[str, str] | None = None) -> None:
        """Refuse to go on if an input was written since `hold`.

        Parameters
        ----------
        stamps : mapping of str to str, optional
            The `stamps` held in another process.
        """
        before = self.stamps if stamps is None else stamps
        after = {**self._stamps_below_root(), **_stamps_of_sources()}
        changed = [
            name for name in sorted({*before, *after}) if before.get(name) != after.get(name)
        ]
        if changed:
            raise InputsChangedError(
                "Inputs changed during the build; the last release is unchanged.",
                offenders=changed,
                expected="the same inputs from the start of a build to its end",
                remedy="build again",
            )

    def contents(self) -> Digests:
        """Return the SHA-256 of each input, by path."""
        below_root = self.digests.digests(self._files(), self.root)
        return {**below_root, **self.digests.digests(source_files(), SOURCES)}

    def differences(self, target: Path, places: Sequence[str]) -> list[str]:
        """Return how a release differs from what a build would make; empty if it is up to date.

        Parameters
        ----------
        target : Path
            The folder of the release.
        places : sequence of str
            The places to build; all when empty.
        """
        recorded = read_json(self._releases).get(str(target), {})
        if not recorded:
            return ["it was never released there, or the build was interrupted"]
        if not _covers(recorded["places"], places):
            return ["some of these places were not in the last build"]
        if recorded.get("python") != python_version():
            return [f"Python is {python_version()} and was {recorded.get('python')}"]
        return (
            _differences(recorded["inputs"], self.contents())
            or _differences(recorded["outputs"], self._outputs(target))
            or _differences(
                read_json(self._indexes).get(str(target.parent), {}), self._index(target.parent)
            )
        )

    def record_release(
        self, target: Path, places: Sequence[str], partitions: Sequence[str]
    ) -> None:
        """Record that a release was made from the inputs that are held.

        Parameters
        ----------
        places : sequence of str
            The places that were built; all when empty.
        partitions : sequence of str
            The places of which all tasks have used the tables as they are now.
        """
        if not places:
            shutil.rmtree(self.build.seen, ignore_errors=True)
        self._copy_tables(partitions)
        recorded = {
            "places": list(places),
            "python": python_version(),
            "inputs": self._contents,
            "outputs": self._outputs(target),
        }
        write_json(self._releases, {**read_json(self._releases), str(target): recorded})
        # The index lists all studies: it may change without this one.
        indexes = {**read_json(self._indexes), str(target.parent): self._index(target.parent)}
        write_json(self._indexes, indexes)

    def _files(self) -> list[Path]:
        data, notebooks = self.root / "data", self.root / "notebooks"
        tables = [path for path in data.iterdir() if path.suffix in TABLE_ENDINGS]
        folder = data / self._study
        if folder.is_dir():
            tables += files_of_study(folder)
            tables += folder.glob(KEY_FILE)
        suites = (self.root / "expectations").glob("*.json")
        versions = (self.root / name for name in (LOCK, PROJECT))
        return [*tables, *suites, *notebooks.glob("*.ipynb"), *self._own_notebooks(), *versions]

    def _own_notebooks(self) -> list[Path]:
        """Return the own notebooks that the study names, found without a parser of YAML."""
        own = sorted((self.root / "notebooks" / OWN_NOTEBOOKS).glob("*.ipynb"))
        settings = self.root / "data" / self._study / SETTINGS_FILE
        if not own or not settings.is_file():
            return []
        text = settings.read_text(encoding="utf-8", errors="replace")
        return [path for path in own if path.stem in text]

    def _stamps_below_root(self) -> dict[str, str]:
        return {relative_name(path, self.root): _stamp(path) for path in self._files()}

    def _copy_tables(self, partitions: Sequence[str]) -> None:
        """Copy the tables of a release, to list later which of their rows have changed since."""
        for name in self._contents:
            copy = self.build.seen / name
            # If only some places are built, the others still rest on the tables of before.
            if not name.startswith("data/") or name.endswith(KEY_FILE) or copy.exists():
                continue
            if (self.root / name).stat().st_size < COPIED_BYTES:
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(self.root / name, copy)
        for place in partitions:
            copy = self.build.seen / "received" / place
            shutil.rmtree(copy, ignore_errors=True)
            # These files are never changed in place: a hard link is as good as a copy.
            shutil.copytree(self.build.received(place), copy, copy_function=_link_or_copy)

    def _index(self, reports: Path) -> Digests:
        """Return the digest of the index of all studies, and which releases it lists."""
        releases = " ".join(path.name for path in listed_releases(reports))
        return {
            SITE_INDEX: self.digests.digest(reports / SITE_INDEX),
            "the list of studies": releases,
        }

    def _outputs(self, target: Path) -> Digests:
        return self.digests.digests([target], target) if target.is_dir() else {}


def python_version() -> str:
    """Return the version of Python that decides what comes out."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _stamps_of_sources() -> dict[str, str]:
    return {name: _stamp(f"{SOURCES}/{name}") for name in source_names()}


@cache
def _first_stamps_of_sources() -> dict[str, str]:
    return _stamps_of_sources()


def _stamp(path: Path | str) -> str:
    """Return when a file was written and its size; empty if it is absent."""
    try:
        stat = os.stat(path)  # noqa: PTH116 (called for hundreds of files after each task)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    return f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"


def _link_or_copy(file: str, name: str) -> None:
    try:
        os.link(file, name)
    except OSError:
        shutil.copyfile(file, name)


def _differences(before: Digests, after: Digests) -> list[str]:
    """Return the names that differ; one that is missing has no digest."""
    return [
        f"{name} {'is gone' if not now else 'changed' if was else 'is new'}"
        for name in sorted({*before, *after})
        for was, now in [(before.get(name, ""), after.get(name, ""))]
        if was != now
    ]


def _covers(built: Sequence[str], wanted: Sequence[str]) -> bool:
    """Return whether a build of some places, or of all if none is named, has built others."""
    return not built or (bool(wanted) and set(wanted).issubset(built))


def keep_inputs(
    root: Path,
    study: str,
    inputs: Mapping[str, str],
    to: Path,
    revisions: Sequence[str] = ("HEAD",),
) -> None:
    """Write the inputs that a release was built from into a folder, by their paths.

    They are in the folder of the last build, or under version control; those with another digest
    than the release names are left out.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``build/``.
    study : str
        The study.
    inputs : mapping of str to str
        The digest of each input that is wanted, by its path, as the manifest has it.
    to : Path
        The folder.
    revisions : sequence of str
        The revisions of git to look in.
    """
    # Only here: it imports libraries, which a build with nothing to do doesn't need.
    from analysis.study.settings import read_study  # noqa: PLC0415

    folder, seen = root / "data" / study, BuildFolder.of(root, study).seen
    settings = read_study(folder)
    for name, wanted in inputs.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for content in _versions(name, seen, root, revisions):
            path.write_bytes(content)
            plain = digest_source(path)
            is_own = name.startswith(f"data/{study}/")
            if (published_digest(settings, folder, plain) if is_own else plain) == wanted:
                break
            path.unlink()


def _versions(name: str, seen: Path, root: Path, revisions: Sequence[str]) -> Iterator[bytes]:
    if (seen / name).is_file():
        yield (seen / name).read_bytes()
    for revision in revisions:
        with suppress(OSError, CalledProcessError):
            yield run_git(root, "show", f"{revision}:./{name}")
