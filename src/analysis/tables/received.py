"""The tables of a study as received: text as it stands in the files, with the files' rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pyarrow as pa  # type: ignore[import-untyped]

from analysis.errors import TableError
from analysis.study.codebook import COLUMNS as CODEBOOK_COLUMNS
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.streaming import ROW, schema_of, stream_table
from analysis.tables.withdrawal.tombstones import refuse_withdrawn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

COLUMNS = {
    "codebook": CODEBOOK_COLUMNS,
    "focus_groups": focus_groups.COLUMNS,
    "segments": segments.COLUMNS,
    "code_applications": code_applications.COLUMNS,
}
# The tables in which rows of a focus group stand.
OF_FOCUS_GROUPS = {name: COLUMNS[name] for name in COLUMNS if name != "codebook"}


@dataclass(frozen=True)
class ReceivedTables:
    """The tables of a study, all text, each indexed by the row in its file.

    Parameters
    ----------
    codebook : DataFrame
        Themes and codes, one row each.
    focus_groups : DataFrame
        Focus groups, one row each.
    segments : DataFrame
        Segments, one row each.
    code_applications : DataFrame
        One row for each code that a coder put on a segment.
    """

    codebook: pd.DataFrame
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame

    def by_name(self) -> dict[str, pd.DataFrame]:
        """Return the tables by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_received(folder: Path) -> ReceivedTables:
    """Return the tables of a study as they were received.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Returns
    -------
    ReceivedTables
        Columns of text; a missing value is the empty text; the index is the row in the file.

    Raises
    ------
    TableError
        When a table is absent or there twice, not UTF-8, not rectangular, or its columns are not
        those expected.
    """
    paths = table_paths(folder)
    return ReceivedTables(**{name: read_table(paths[name], cols) for name, cols in COLUMNS.items()})


def table_paths(folder: Path) -> dict[str, Path]:
    """Return the file of each table of a study.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When a table is there as CSV and as Parquet.
    """
    twins = [name for name in COLUMNS if all(_is_there(folder, name))]
    if twins:
        raise TableError(
            f"{folder.name} has a table in two files.",
            offenders=[f"{name}.csv and {name}.parquet" for name in twins],
            expected="one file for each table, CSV or Parquet",
            remedy="keep the file that is right, and move the other away",
        )
    return {name: table_path(folder, name) for name in COLUMNS}


def _is_there(folder: Path, name: str) -> tuple[bool, bool]:
    return (folder / f"{name}.csv").is_file(), (folder / f"{name}.parquet").is_file()


def table_path(folder: Path, name: str) -> Path:
    """Return the file of a table: Parquet where there is one, CSV otherwise."""
    parquet = folder / f"{name}.parquet"
    return parquet if parquet.is_file() else folder / f"{name}.csv"


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return one table as text.

    Parameters
    ----------
    path : Path
        A CSV file (UTF-8, comma, a header) or a Parquet file of text.
    columns : sequence of str
        The columns that the table must have, and no others.

    Returns
    -------
    DataFrame
        The columns in the order given, of dtype ``str``. The index ``row`` counts the header as 1
        and an empty line as a row, as spreadsheets do; in Parquet it counts as if there were both.

    Raises
    ------
    TableError
        When the file is absent, not UTF-8, not rectangular, or has other columns, or rows are back
        of a focus group that was withdrawn.
    """
    return frame_of(list(stream_received(path, columns, whole=True)), columns)


def stream_received(
    path: Path, columns: Sequence[str], *, whole: bool = False
) -> Iterator[pa.RecordBatch]:
    """Return the rows of a table some at a time, as `stream_table` does, but none withdrawn.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        The columns that the table must have, and no others.
    whole : bool, optional
        Whether all rows are to be held at once anyway.

    Raises
    ------
    TableError
        When the file cannot be read, or rows are back of a focus group that was withdrawn.
    """
    rows = stream_table(path, columns, whole=whole)
    is_guarded = OF_FOCUS_GROUPS.get(path.stem) == columns
    return refuse_withdrawn(rows, path, OF_FOCUS_GROUPS) if is_guarded else rows


def frame_of(batches: Sequence[pa.RecordBatch], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows that were streamed as one table, indexed by the row in the file."""
    whole = pa.Table.from_batches(batches, schema_of(columns))
    rows: pd.DataFrame = whole.to_pandas(use_threads=False)
    return rows.set_index(ROW)
