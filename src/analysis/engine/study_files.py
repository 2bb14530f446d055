"""The files of a study and its build, named as work names them: below the root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.tables.table_files import (
    EXCEPTIONS,
    OWN_PLACES,
    TABLES,
    TOMBSTONES,
)

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

SHARED = ("data/places.csv", "data/wider_places.csv", "data/spelling.csv")
EXPECTATIONS = "expectations"


@dataclass(frozen=True)
class StudyFiles:
    """The files of a study and its build.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        The folder of its build.
    """

    opened: OpenedStudy
    build: BuildFolder

    def below(self, *paths: Path) -> tuple[str, ...]:
        """Name files below the root."""
        return tuple(path.relative_to(self.opened.root).as_posix() for path in paths)

    @property
    def of_study(self) -> tuple[str, ...]:
        """What all work on a study rests on besides its tables."""
        folder = self.opened.folder
        own = [path for path in map(folder.joinpath, OWN_PLACES) if path.is_file()]
        return (*self.below(folder / "study.yaml", folder / "codebook.csv", *own), *SHARED)

    @property
    def of_tables(self) -> tuple[str, ...]:
        """The tables that are parted."""
        return tuple(name for table in TABLES for name in self._of_table(table))

    @property
    def suites(self) -> tuple[str, ...]:
        """What is expected of tables."""
        folder = self.opened.root / EXPECTATIONS
        return self.below(*sorted(folder.glob("*.json")))

    @property
    def exceptions(self) -> tuple[str, ...]:
        """The reviewed exceptions of the scan for personal data, where there are any."""
        path = self.opened.folder / EXCEPTIONS
        return self.below(path) if path.exists() else ()

    @property
    def of_tombstones(self) -> tuple[str, ...]:
        """The table of what was withdrawn, where anything was."""
        path = self.opened.folder / TOMBSTONES
        return self.below(path) if path.exists() else ()

    @property
    def of_focus_groups(self) -> tuple[str, ...]:
        """The table of focus groups."""
        return self._of_table(TABLES[0])

    def _of_table(self, table: str) -> tuple[str, ...]:
        """Name a table in whichever form it is there."""
        paths = (self.opened.folder / f"{table}{ending}" for ending in (".csv", ".parquet"))
        return self.below(*(path for path in paths if path.exists()))
