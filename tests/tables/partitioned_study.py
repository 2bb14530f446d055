"""A study whose tables a test makes, and partitions again whenever they are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables.build_folder import BuildFolder
from analysis.tables.partition import Partition, partition_tables
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
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
    """Write tables to the folder of a study, in place of those that are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in received.by_name().items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        for path in (csv, parquet):
            path.unlink(missing_ok=True)
        if as_parquet:
            table.to_parquet(parquet, index=False)
        else:
            table.to_csv(csv, index=False, lineterminator="\n")


class PartitionedStudy:
    """A study in a folder of its own, with the settings and the codebook of another."""

    def __init__(self, opened: OpenedStudy, folder: Path) -> None:
        self.opened = replace(opened, root=folder)
        self.build = BuildFolder(folder / "build")

    def partition(self, received: ReceivedTables, *, as_parquet: bool = False) -> Partition:
        """Write tables, and partition them."""
        write_received(received, self.opened.folder, as_parquet=as_parquet)
        return self.partition_again()

    def partition_again(self) -> Partition:
        """Partition the tables that are there."""
        return partition_tables(self.opened, self.build)

    def read(self, place: str) -> dict[str, pd.DataFrame]:
        """Read the tables of a place."""
        folder = self.build.received(place)
        return {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}

    def ids(self, place: str) -> list[list[str]]:
        """List the first column of each table of a place: focus groups, segments, and segments."""
        return [table.iloc[:, 0].tolist() for table in self.read(place).values()]

    def files(self) -> dict[str, bytes]:
        """Give the content of each file of the places."""
        folder = self.build.path / "received"
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*.parquet"))
        }
