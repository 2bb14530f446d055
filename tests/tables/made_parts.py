"""Studies whose tables are parted, made from tables that a test has made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.tables.build_folder import BuildFolder
from analysis.tables.parting import part_tables, read_part

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.parted import Parting
    from analysis.tables.received import ReceivedTables

KEN = {"focus_group": "ken", "places": "KEN"}
GHA = {"focus_group": "gha", "places": "GHA"}


def make_said(*segments: tuple[str, str, str]) -> list[dict[str, str]]:
    """Make segments, each of its id, its focus group and its text."""
    return [
        {"segment": segment, "focus_group": group, "text": text}
        for segment, group, text in segments
    ]


def make_coded(*segments: str) -> list[dict[str, str]]:
    """Make a code application on each of these segments."""
    return [{"segment": segment, "code": "stigma", "coder": "ann"} for segment in segments]


def write_received(received: ReceivedTables, folder: Path, *, as_parquet: bool = False) -> None:
    """Write tables into the folder of a study, in place of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in received.by_name().items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        for path in (csv, parquet):
            path.unlink(missing_ok=True)
        if as_parquet:
            table.to_parquet(parquet, index=False)
        else:
            table.to_csv(csv, index=False, lineterminator="\n")


class PartedStudy:
    """A study of which the tables are parted anew whenever they are written."""

    def __init__(self, opened: OpenedStudy, folder: Path) -> None:
        self.opened = replace(opened, root=folder)
        self.build = BuildFolder(folder / "build")

    def part(self, received: ReceivedTables, *, as_parquet: bool = False) -> Parting:
        """Write tables, and part them."""
        write_received(received, self.opened.folder, as_parquet=as_parquet)
        return self.part_again()

    def part_again(self) -> Parting:
        """Part the tables that are there."""
        return part_tables(self.opened, self.build)

    def read(self, part: str) -> ReceivedTables:
        """Read a part."""
        return read_part(self.opened, self.build, part)

    def ids(self, part: str) -> list[list[str]]:
        """List the first column of each table of a part: focus groups, segments, and segments."""
        tables = self.read(part)
        return [
            table.iloc[:, 0].tolist()
            for table in (tables.focus_groups, tables.segments, tables.code_applications)
        ]

    def files(self) -> dict[str, bytes]:
        """Give the content of each file of the parts."""
        folder = self.build.received("")
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*.parquet"))
        }
