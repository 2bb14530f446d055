"""The partition of a study's tables by place: each focus group's rows are with its home place."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVar

from analysis.study.digests import digest_text
from analysis.study.writing import place_folder, replace_file
from analysis.tables.table_files import COMPRESSION, TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pandas as pd

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder

T = TypeVar("T")


@dataclass(frozen=True)
class Partition:
    """What is known of a study's tables once they are partitioned; read without pandas.

    Parameters
    ----------
    regions, continents : tuple of str
        The places that have a focus group to report on.
    cleaned : tuple of str
        The home places of focus groups: at these they are cleaned.
    rows : mapping of str to mapping of str to int
        The number of rows, by home place and table.
    digests : mapping of str to mapping of str to str
        The digest of the rows' content, by home place and table. It doesn't depend on where the
        rows are in the study's file.
    contexts : mapping of str to str
        By region or continent, the digest of the focus groups that its report names without
        counting them: those that overlap it without lying in it.
    """

    regions: tuple[str, ...]
    continents: tuple[str, ...]
    cleaned: tuple[str, ...]
    rows: Mapping[str, Mapping[str, int]]
    digests: Mapping[str, Mapping[str, str]]
    contexts: Mapping[str, str]

    def to_json(self) -> str:
        """Return the partition as JSON, the same for the same tables."""
        return json.dumps(asdict(self), indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Partition:
        """Return the partition that was written as JSON."""
        read = json.loads(text)
        lists = {name: tuple(value) for name, value in read.items() if isinstance(value, list)}
        return cls(**{**read, **lists})


def read_partition(build: BuildFolder) -> Partition:
    """Return the partition that `partition_tables` has written."""
    return Partition.from_json(build.partition.read_text(encoding="utf-8"))


def partition_tables(opened: OpenedStudy, build: BuildFolder) -> Partition:
    """Write the tables of each home place to a build's folder, and return the partition.

    A focus group that may not be counted, or whose place is unknown or outside the study's
    continents, is in no place's tables: only the check of the whole study sees it. One that no
    continent holds is at home in each continent that it overlaps.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    build : BuildFolder
        Gets ``received/<place>/<table>.parquet`` and ``partition.json``. The files of an earlier
        partition stay until all new ones are written.

    Raises
    ------
    TableError
        When a table is absent, there twice, or can't be read.
    """
    # Whoever only reads a partition does without pandas.
    from analysis.tables.placing import place_groups, tables_by_place  # noqa: PLC0415
    from analysis.tables.received import read_received  # noqa: PLC0415

    received = read_received(opened.folder)
    placed = place_groups(received.focus_groups, opened.places, opened.settings.continents)
    tables = {
        place: {name: of_place.by_name()[name] for name in TABLES}
        for place, of_place in tables_by_place(received, placed.homes).items()
    }
    _replace_files(tables, build.path / "received")
    partition = Partition(
        regions=placed.regions,
        continents=placed.continents,
        cleaned=tuple(tables),
        rows=_of_each(tables, len),
        digests=_of_each(tables, digest_rows),
        contexts={place: digest_rows(groups) for place, groups in placed.contexts.items()},
    )
    replace_file(build.partition, partition.to_json())
    return partition


def _of_each(
    tables: Mapping[str, Mapping[str, pd.DataFrame]], measure: Callable[[pd.DataFrame], T]
) -> dict[str, dict[str, T]]:
    return {
        place: {name: measure(table) for name, table in of_place.items()}
        for place, of_place in tables.items()
    }


def digest_rows(table: pd.DataFrame) -> str:
    """Return the sha256 of the rows of a table of text, in their order, without their index."""
    columns = (
        json.dumps([name, *values.tolist()], ensure_ascii=False) for name, values in table.items()
    )
    return digest_text("\n".join(map(digest_text, columns)))


def _replace_files(tables: Mapping[str, Mapping[str, pd.DataFrame]], folder: Path) -> None:
    """Write the files of all places, then put them where those of before are."""
    beside = folder.with_name(f"{folder.name}-new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    for place, of_place in tables.items():
        (beside / place).mkdir()
        for name, table in of_place.items():
            table.to_parquet(
                beside / place / f"{name}.parquet", index=False, compression=COMPRESSION
            )
    place_folder(beside, folder)
