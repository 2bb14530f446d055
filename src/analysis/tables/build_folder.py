"""The folder of a build: where its steps write the inputs of later ones; safe to delete."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

BUILD_VARIABLE = "COMPENDIUM_BUILD"
# The claims of a report travel in its notebook's outputs under this type.
CLAIMS_MIME = "application/vnd.compendium.claims+json"
# The name of the whole study beside the places, for outcomes of the check of tables as received.
WHOLE = "study"


@dataclass(frozen=True)
class BuildFolder:
    """The folder of one study's build.

    Parameters
    ----------
    path : Path
        The folder.
    """

    path: Path

    @classmethod
    def of(cls, root: Path, study: str) -> BuildFolder:
        """Return the folder of a study's build below a root."""
        return cls(root / "build" / study)

    @property
    def partition(self) -> Path:
        """The record of how the tables as received are partitioned by place."""
        return self.path / "partition.json"

    def received(self, place: str) -> Path:
        """Return the folder of a place's tables as received."""
        return self.path / "received" / place

    def cleaned(self, place: str) -> Path:
        """Return the folder of a place's cleaned tables."""
        return self.path / "cleaned" / place

    def aggregates(self, place: str) -> Path:
        """Return the folder of what a region's report hands to its continents."""
        return self.path / "aggregates" / place

    def words(self, place: str) -> Path:
        """Return the folder of what goes into the further pages of a report."""
        return self.path / "words" / place

    def write_page(self, report: str, name: str, html: str) -> None:
        """Write what goes into a further page of a report."""
        folder = self.words(report)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(html, encoding="utf-8")

    def downloads(self, name: str) -> Path:
        """Return the folder of the files that a report gives its readers to take away."""
        return self.path / "downloads" / name

    def outcomes(self, stage: str, part: str) -> Path:
        """Return the file of what a check found, of the whole study or of a place."""
        return self.path / "checks" / stage / f"{part}.json"

    def published(self, stage: str, part: str) -> Path:
        """Return the file of what may be published of a check's outcomes."""
        return self.path / "checks" / "published" / stage / f"{part}.json"

    def warnings(self, stage: str, place: str) -> Path:
        """Return the file of the warnings about a place that its report shows."""
        return self.path / "checks" / "warnings" / stage / f"{place}.json"

    def notebook(self, name: str) -> Path:
        """Return the file of an executed notebook."""
        return self.path / "notebooks" / f"{name}.ipynb"

    @property
    def seen(self) -> Path:
        """The folder of the tables as of the last release."""
        return self.path / "seen"

    def failed(self, name: str) -> Path:
        """Return the file of a notebook that failed, with the outputs up to the failed cell."""
        return self.path / "failed" / f"{name}.ipynb"

    def page(self, name: str) -> Path:
        """Return the folder of all files of a report as they are published."""
        return self.path / "pages" / name


def build_folder(opened: OpenedStudy) -> BuildFolder | None:
    """Return the folder of the build that this process is part of, or None outside a build.

    Parameters
    ----------
    opened : OpenedStudy
        The study; a relative build folder lies below its root.
    """
    given = os.environ.get(BUILD_VARIABLE)
    return BuildFolder(opened.root / given / opened.settings.name) if given else None
