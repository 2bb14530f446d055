"""Tables written as their rows come, so that no table has to fit into memory."""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROWS_IN_GROUP = 50_000

Row = tuple[str, ...]


class StreamedTable(ABC):
    """A table that takes rows as they come.

    Parameters
    ----------
    folder : Path
        The folder of the study.
    name : str
        The table.
    columns : sequence of str
        Its columns.
    """

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        self.path = folder / f"{name}{self.suffix}"
        self.columns = tuple(columns)
        self.count = 0

    suffix: ClassVar[str]

    @abstractmethod
    def add(self, rows: Sequence[Row]) -> None:
        """Take some rows."""

    @abstractmethod
    def close(self) -> None:
        """Write what is still waiting."""


class CsvTable(StreamedTable):
    """A CSV file: UTF-8, Unix line ends, quotes only where needed."""

    suffix = ".csv"

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        super().__init__(folder, name, columns)
        self._lines = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._lines, lineterminator="\n")
        self._writer.writerow(self.columns)

    def add(self, rows: Sequence[Row]) -> None:
        """Write some rows."""
        self.count += len(rows)
        self._writer.writerows(rows)

    def close(self) -> None:
        """Close the file."""
        self._lines.close()


class ParquetTable(StreamedTable):
    """A Parquet file of text columns, written row group by row group."""

    suffix = ".parquet"

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        super().__init__(folder, name, columns)
        self._waiting: list[Row] = []
        self._schema = pa.schema([(column, pa.string()) for column in self.columns])
        self._writer = pq.ParquetWriter(self.path, self._schema)

    def add(self, rows: Sequence[Row]) -> None:
        """Take some rows, and write a row group when there are enough."""
        self.count += len(rows)
        self._waiting.extend(rows)
        if len(self._waiting) >= ROWS_IN_GROUP:
            self._write()

    def close(self) -> None:
        """Write the last row group and close the file."""
        if self._waiting:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        columns = [pa.array(column, pa.string()) for column in zip(*self._waiting, strict=True)]
        self._writer.write_table(pa.table(columns, schema=self._schema))
        self._waiting.clear()
