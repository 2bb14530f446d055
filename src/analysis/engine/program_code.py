"""The source files of this program, and those that a task can reach by import."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.engine.digest_store import DigestStore

PACKAGE = analysis.__name__
SOURCES = Path(analysis.__file__).parent
SCRIPT = ".py"
OFFERED = {
    f"{PACKAGE}.open_study": f"{PACKAGE}.operations.study_frames",
    f"{PACKAGE}.show_table": f"{PACKAGE}.synthesis.frame_table",
}
"""What the package itself offers, with the module that it imports only when it is called."""


class ReachableCode:
    """The code that modules and notebooks reach by import, with the data files of its packages.

    Parameters
    ----------
    digests : DigestStore
        Digests of files, and what they import.
    """

    def __init__(self, digests: DigestStore) -> None:
        self._digests = digests
        self._reached: dict[tuple[str, ...], dict[str, str]] = {}
        self._files = {_module_of(path): path for path in SOURCES.rglob(f"*{SCRIPT}")}
        self._data = _data_of_packages(self._files)

    def of_notebook(self, notebook: Path, *also: str) -> dict[str, str]:
        """Return the digests of all files that a notebook and some modules can reach."""
        return self.of_modules(*self._digests.imports(notebook), *also)

    def of_modules(self, *modules: str) -> dict[str, str]:
        """Return the digests of all files that modules can reach.

        A data file counts for the modules of the package that it lies in.
        """
        starts = tuple(sorted(self._known(modules)))
        if starts not in self._reached:
            files = [self._files[name] for name in self._spread(starts)]
            packages = {path.parent for path in files}
            files += [each for package in packages for each in self._data.get(package, ())]
            self._reached[starts] = self._digests.digests(sorted(set(files)), SOURCES)
        return self._reached[starts]

    def _spread(self, starts: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        ahead = list(starts)
        while ahead:
            module = ahead.pop()
            if module not in reached:
                reached.add(module)
                if module != PACKAGE:
                    ahead += self._known(self._digests.imports(self._files[module]))
        return reached

    def _known(self, names: Iterable[str]) -> list[str]:
        """Return the modules among names, each with the packages that it lies in."""
        asked = (OFFERED.get(name, name) for name in names)
        known = [name for name in asked if name in self._files]
        parts = [name.split(".") for name in known]
        packages = {".".join(part[:depth]) for part in parts for depth in range(1, len(part))}
        return [*known, *(name for name in packages if name in self._files)]


def source_files() -> list[Path]:
    """Return all files that the program is made of, sorted."""
    return [SOURCES / name for name in source_names()]


def source_names() -> list[str]:
    """Return the paths of all files that the program is made of, relative to its folder, sorted."""
    # A build asks after each task whether one of them was written: `Path` would take long.
    found: list[str] = []
    start = len(str(SOURCES)) + 1
    for folder, below, files in os.walk(SOURCES):
        below[:] = [name for name in below if name != "__pycache__"]
        found += [f"{folder}/{name}"[start:] for name in files if not name.startswith(".")]
    return sorted(found)


def _module_of(path: Path) -> str:
    parts = path.relative_to(SOURCES).with_suffix("").parts
    return ".".join((PACKAGE, *(part for part in parts if part != "__init__")))


def _data_of_packages(scripts: dict[str, Path]) -> dict[Path, list[Path]]:
    """Return the data files of each package: those below it and in no package within."""
    packages = {path.parent for path in scripts.values()}
    data: dict[Path, list[Path]] = {}
    for path in source_files():
        if path.suffix != SCRIPT:
            package = next(folder for folder in path.parents if folder in packages)
            data.setdefault(package, []).append(path)
    return data
