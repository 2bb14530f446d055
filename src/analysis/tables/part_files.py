"""The files of the parts of a table: written as rows come, the same bytes however they come."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.parted import PartOfTable, WholeTable
from analysis.tables.received import COLUMNS
from analysis.tables.streaming import ROW, schema_of
from analysis.tables.table_files import COMPRESSION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from typing import Self

GROUP_ROWS = 2**14
# Batches of rows that were read and not written yet.
MOST_WAITING = 4


class RowsDigest:
    """The sha256 of rows that come in batches, the same for the same rows in any batches.

    Parameters
    ----------
    columns : sequence of str
        The columns of text.
    """

    def __init__(self, columns: Sequence[str]) -> None:
        self._numbers = sha256()
        # Lengths and bytes apart, so that no text can pass for two.
        self._texts = {name: (sha256(), sha256()) for name in columns}

    def add(self, rows: pa.RecordBatch) -> None:
        """Take in rows, of which there is at least one."""
        self._numbers.update(rows[ROW].to_numpy().astype("<i8").tobytes())
        for name, (lengths, content) in self._texts.items():
            texts = rows[name]
            _, offsets, data = texts.buffers()
            ends = np.frombuffer(offsets, "<i8")[texts.offset : texts.offset + len(texts) + 1]
            lengths.update(np.diff(ends).astype("<i8").tobytes())
            if data is not None:
                content.update(data[int(ends[0]) : int(ends[-1])])

    @property
    def content(self) -> str:
        """The sha256 of what stands in the rows, without where they stand in the file."""
        told = [
            f"{name} {lengths.hexdigest()} {content.hexdigest()}\n"
            for name, (lengths, content) in self._texts.items()
        ]
        return sha256("".join(told).encode()).hexdigest()

    @property
    def numbers(self) -> str:
        """The sha256 of where the rows stand in the file."""
        return self._numbers.hexdigest()


class PartFile:
    """The file of one part of a table.

    Parameters
    ----------
    path : Path
        The Parquet file to write.
    columns : sequence of str
        The columns of text.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._schema = schema_of(columns)
        self._writer = pq.ParquetWriter(
            path, self._schema, compression=COMPRESSION, compression_level=1, write_statistics=False
        )
        self._digest = RowsDigest(columns)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        self._written = 0

    def add(self, rows: pa.RecordBatch) -> None:
        """Take in rows, and write as many as make up whole groups."""
        self._digest.add(rows)
        self._waiting.append(rows)
        self._rows += rows.num_rows
        if self._rows - self._written >= GROUP_ROWS:
            self._write(GROUP_ROWS)

    def _write(self, least: int) -> None:
        """Write what waits, in groups of rows that do not depend on how the rows came."""
        waiting = pa.Table.from_batches(self._waiting, self._schema)
        while waiting.num_rows >= least:
            group = waiting.slice(0, GROUP_ROWS).combine_chunks()
            self._writer.write_table(group)
            self._written += group.num_rows
            waiting = waiting.slice(group.num_rows)
        self._waiting = waiting.to_batches()

    def close(self) -> PartOfTable:
        """Write the rest, and return what the part holds."""
        self._write(1)
        self._writer.close()
        return PartOfTable(self._rows, self._digest.content, self._digest.numbers)

    def abandon(self) -> None:
        """Let go of the file, whatever it holds."""
        with suppress(OSError):
            self._writer.close()
        # Or else it would be closed, and fail, once more when it is forgotten.
        self._writer.is_open = False


@dataclass(frozen=True)
class WrittenTable:
    """What was written of one table.

    Parameters
    ----------
    parts : tuple of PartOfTable
        What each part holds.
    whole : WholeTable
        What is known of the table as a whole.
    """

    parts: tuple[PartOfTable, ...]
    whole: WholeTable


class TableParts:
    """The files of the parts of one table, and what is known of the table as a whole.

    They are written beside whoever reads the rows, who waits where too many are to be written.

    Parameters
    ----------
    table : str
        The table.
    folders : sequence of Path
        The folder of each part.
    """

    def __init__(self, table: str, folders: Sequence[Path]) -> None:
        columns = COLUMNS[table]
        self._files = [PartFile(folder / f"{table}.parquet", columns) for folder in folders]
        self._rows = 0
        self._blank = list(columns)
        self._beside = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._beside.shutdown(cancel_futures=True)
        for file in self._files:
            file.abandon()

    def add(self, rows: pa.RecordBatch, stands: np.ndarray) -> None:
        """Write rows to the parts in which they stand.

        Parameters
        ----------
        rows : RecordBatch
            Rows of the table.
        stands : ndarray of bool
            Rows x parts.
        """
        if rows.num_rows:
            self._waiting.append(self._beside.submit(self._add, rows, stands))
        self._write_until(MOST_WAITING)

    def _write_until(self, waiting: int) -> None:
        """Wait until so many batches are left to be written; raise what went wrong."""
        while len(self._waiting) > waiting:
            self._waiting.popleft().result()

    def _add(self, rows: pa.RecordBatch, stands: np.ndarray) -> None:
        self._rows += rows.num_rows
        self._blank = [name for name in self._blank if _is_blank(rows[name])]
        for file, chosen in zip(self._files, stands.T, strict=True):
            if chosen.all():
                file.add(rows)
            elif chosen.any():
                file.add(rows.filter(pa.array(chosen)))

    def close(self) -> WrittenTable:
        """Write the rest, and return what was written."""
        self._write_until(0)
        parts = tuple(file.close() for file in self._files)
        return WrittenTable(parts, WholeTable(self._rows, tuple(self._blank)))


def _is_blank(texts: pa.Array) -> bool:
    return not pc.any(pc.not_equal(pc.utf8_trim_whitespace(texts), "")).as_py()
