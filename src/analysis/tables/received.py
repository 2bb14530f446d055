"""The tables of a study as received: all text, each indexed by the row in its file."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import TableError
from analysis.study.codebook import COLUMNS as CODEBOOK_COLUMNS
from analysis.study.csv_faults import LONGEST_TEXT, require_no_workbook, too_long
from analysis.study.csv_rows import (
    TRANSLATED_NAMES,
    iter_rows,
    require_columns,
    required_columns,
)
from analysis.study.settings import read_study
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.codebook_changes import SPLIT, migrate, read_changes, rows_to_recode
from analysis.tables.table_files import TOMBSTONES
from analysis.tables.tombstones import Belonging, withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

COLUMNS = {
    "codebook": (*CODEBOOK_COLUMNS, *TRANSLATED_NAMES),
    "focus_groups": focus_groups.COLUMNS,
    "segments": segments.COLUMNS,
    "code_applications": code_applications.COLUMNS,
}
OF_FOCUS_GROUPS = {name: COLUMNS[name] for name in COLUMNS if name != "codebook"}
"""The tables that have rows of focus groups."""

ROW = "row"
HEADER_ROW = 1
CHUNK_ROWS = 2**15
"""Rows of a CSV file that are lists of Python strings at a time."""


@dataclass(frozen=True)
class ReceivedTables:
    """The tables of a study, all text.

    Parameters
    ----------
    codebook, focus_groups, segments, code_applications : DataFrame
        The tables.
    """

    codebook: pd.DataFrame
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame

    def by_name(self) -> dict[str, pd.DataFrame]:
        """Return the tables by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def read_received(folder: Path) -> ReceivedTables:
    """Return the tables of a study, as `read_table` reads them, with the codes of its codebook.

    Codings of an older version of the codebook are migrated, as ``codebook_changes.csv`` says.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When a table is there as CSV and as Parquet, or `read_table` refuses it.
    """
    paths = table_paths(folder)
    tables = {name: read_table(paths[name], columns) for name, columns in COLUMNS.items()}
    changes = read_changes(folder)
    if changes:
        applied = tables["code_applications"]
        tables["code_applications"] = migrate(applied, changes, _versions_had(folder))
    return ReceivedTables(**tables)


def read_rows_to_recode(folder: Path) -> frozenset[int]:
    """Return the rows of code applications whose code was split and not yet chosen again.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    changes = read_changes(folder)
    if not any(each.change == SPLIT for each in changes):
        return frozenset()
    path = table_path(folder, "code_applications")
    applied = read_table(path, COLUMNS["code_applications"])
    return rows_to_recode(applied, changes, _versions_had(folder))


def _versions_had(folder: Path) -> dict[str, str]:
    """Return the version of the codebook that each coder had, as `study.yaml` states it."""
    return {each.coder: each.codebook_version for each in read_study(folder).coders}


def table_paths(folder: Path) -> dict[str, Path]:
    """Return the file of each table of a study.

    Raises
    ------
    TableError
        When a table is there as CSV and as Parquet.
    """
    twins = [
        name
        for name in COLUMNS
        if all((folder / f"{name}{ending}").is_file() for ending in (".csv", ".parquet"))
    ]
    if twins:
        raise TableError(
            f"{folder.name} has a table in two files.",
            offenders=[f"{name}.csv and {name}.parquet" for name in twins],
            expected="one file for each table, CSV or Parquet",
            remedy="keep the file that is right, and move the other away",
        )
    return {name: table_path(folder, name) for name in COLUMNS}


def table_path(folder: Path, name: str) -> Path:
    """Return the file of a table: Parquet where there is one, CSV otherwise."""
    parquet = folder / f"{name}.parquet"
    return parquet if parquet.is_file() else folder / f"{name}.csv"


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return one table of a study, refusing rows of focus groups that were withdrawn.

    Parameters
    ----------
    path : Path
        A CSV file (UTF-8, comma, a header) or a Parquet file of text.
    columns : sequence of str
        The columns that the table must have, and no others; names in other languages may be
        absent, and are then blank.

    Returns
    -------
    DataFrame
        The columns in the order given, of dtype ``str``; a missing value is the empty text. The
        index ``row`` counts the header as 1 and an empty line as a row, as spreadsheets do; in
        Parquet it counts as if there were both.

    Raises
    ------
    TableError
        When the file is absent, not UTF-8, not rectangular, or has other columns, or a text over
        1,000,000 characters, or rows of a withdrawn focus group are back.
    """
    table = read_text_table(path, columns)
    if OF_FOCUS_GROUPS.get(path.stem) == columns:
        withdrawn = withdrawn_groups(path.parent)
        if withdrawn and Belonging(withdrawn).which(table).any():
            _refuse_withdrawn(path.parent, Belonging(withdrawn))
    return table


def _refuse_withdrawn(folder: Path, belonging: Belonging) -> None:
    """Name all rows of withdrawn focus groups in all tables of a study."""
    raise TableError(
        f"Rows of {folder.name} are back that were withdrawn for good.",
        offenders=[
            f"{path.name} row {row}"
            for name in OF_FOCUS_GROUPS
            for path in (folder / f"{name}.csv", folder / f"{name}.parquet")
            for row in _rows_back(path, belonging)
        ],
        expected=f"no row of a focus group that is in {TOMBSTONES}",
        remedy="take these rows out: compendium withdraw, with the same focus group, does it",
    )


def _rows_back(path: Path, belonging: Belonging) -> list[int]:
    try:
        table = read_text_table(path, OF_FOCUS_GROUPS[path.stem])
    except TableError:
        return []  # what else is wrong is refused once these rows are gone
    return [int(row) for row in table.index[belonging.which(table)]]


def read_text_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return any table of text, as `read_table` does, whatever rows it has."""
    is_parquet = path.suffix == ".parquet" and path.is_file()
    table = _read_parquet(path, columns) if is_parquet else _read_csv(path, columns)
    return table.assign(**dict.fromkeys(set(columns) - {*table}, ""))[list(columns)]


def _read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    rows = iter_rows(path, columns)
    _, header = next(rows)
    with _without_collecting():
        chunks = [_frame(chunk, header) for chunk in iter(lambda: [*islice(rows, CHUNK_ROWS)], [])]
    if not chunks:
        require_no_workbook(path)
    return pd.concat(chunks) if chunks else _frame([], header)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Collect no garbage: rows are no cycles, and looking for some takes a quarter of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _frame(rows: Sequence[tuple[int, list[str]]], columns: Sequence[str]) -> pd.DataFrame:
    numbers = pd.Index([number for number, _ in rows], name=ROW, dtype="int64")
    values = zip(*(cells for _, cells in rows), strict=True) if rows else ([] for _ in columns)
    texts = {
        name: pd.array(pa.array(each, pa.large_string()), dtype="str")
        for name, each in zip(columns, values, strict=True)
    }
    return pd.DataFrame(texts, numbers)


def _read_parquet(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        with pq.ParquetFile(path) as file:
            found = _columns_of(file.schema_arrow)
            present = required_columns(columns, found)
            require_columns(path, found, present, exactly=True)
            # Without threads, which a process that is forked later must not have.
            read = file.read(present, use_threads=False)
        read.validate(full=True)
        table: pd.DataFrame = read.to_pandas(ignore_metadata=True, use_threads=False)
    except (ValueError, OSError) as error:  # what pyarrow's own errors derive from
        raise TableError(
            f"{path.parent.name}/{path.name} cannot be read as Parquet.",
            expected="a Parquet file with each column once",
            remedy="write the table again",
        ) from error
    _require_text(path, table)
    table = table.astype("str").fillna("").set_axis(_parquet_rows(len(table)))
    is_long = table.apply(lambda column: column.str.len() > LONGEST_TEXT).any(axis=1)
    if is_long.any():
        raise too_long(path, table.index[is_long].tolist())
    return table


def _parquet_rows(length: int) -> pd.RangeIndex:
    return pd.RangeIndex(HEADER_ROW + 1, HEADER_ROW + 1 + length, name=ROW)


def _columns_of(schema: pq.ParquetSchema) -> list[str]:
    """List the columns, without the index of a pandas table."""
    if len(set(schema.names)) < len(schema.names):
        raise ValueError("a column is there twice")
    index = (schema.pandas_metadata or {}).get("index_columns", [])
    return [name for name in schema.names if name not in index]


def _require_text(path: Path, table: pd.DataFrame) -> None:
    """Refuse columns that aren't text; a column of another type may have text, or no value."""
    offenders = list(_not_text(table))
    if offenders:
        raise TableError(
            f"{path.parent.name}/{path.name} has columns that are not text.",
            offenders=offenders,
            expected="every column as text, dates as YYYY-MM-DD",
            remedy="write these columns as text",
        )


def _not_text(table: pd.DataFrame) -> Iterator[str]:
    for name, column in table.items():
        is_text = isinstance(column.dtype, pd.StringDtype)
        values = column.dropna().astype("object")
        if not is_text and pd.api.types.infer_dtype(values) not in ("string", "empty"):
            yield f"{name}: {column.dtype}"
