"""The tables of a study as received: text as it stands in the files, with the files' rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import TableError, closest
from analysis.tables import code_applications, focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROW = "row"
HEADER_ROWS = 1
CODEBOOK_COLUMNS = ("code", "parent", "name", "definition", "include", "exclude")
COLUMNS = {
    "codebook": CODEBOOK_COLUMNS,
    "focus_groups": focus_groups.COLUMNS,
    "segments": segments.COLUMNS,
    "code_applications": code_applications.COLUMNS,
}


@dataclass(frozen=True)
class ReceivedTables:
    """The tables of a study, all text, each indexed by the row in its file."""

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
        When a table is absent, not UTF-8, not rectangular, or its columns are not those expected.
    """
    tables = {name: read_table(table_path(folder, name), cols) for name, cols in COLUMNS.items()}
    return ReceivedTables(**tables)


def table_path(folder: Path, name: str) -> Path:
    """Return the file of a table: Parquet where there is one, CSV otherwise."""
    parquet = folder / f"{name}.parquet"
    return parquet if parquet.is_file() else folder / f"{name}.csv"


def read_table(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Return one table as text.

    Parameters
    ----------
    path : Path
        A CSV file (UTF-8, comma, a header) or a Parquet file.
    columns : sequence of str
        The columns that the table must have, and no others.

    Returns
    -------
    DataFrame
        The columns in the order given, of dtype ``str``; the index ``row`` counts the header as 1.

    Raises
    ------
    TableError
        When the file is absent, not UTF-8, not rectangular, or has other columns.
    """
    if not path.is_file():
        raise TableError(
            f"The table {path.parent.name}/{path.name} is missing.",
            expected="columns " + ", ".join(columns),
            remedy="put the file there, or check the name of the study",
        )
    table = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    _require_columns(table, path, columns)
    table.index = pd.RangeIndex(1 + HEADER_ROWS, len(table) + 1 + HEADER_ROWS, name=ROW)
    return table[list(columns)]


def _read_parquet(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path).astype("str").fillna("")


def _read_csv(path: Path) -> pd.DataFrame:
    _require_utf8(path)
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except pd.errors.EmptyDataError:
        raise TableError(
            f"{path.parent.name}/{path.name} is empty.",
            expected="a header row, and a row for each item",
            remedy="export the table again",
        ) from None
    except pd.errors.ParserError as error:
        raise TableError(
            f"{path.parent.name}/{path.name} is not a rectangular table.",
            offenders=[_plain_parser_message(error)],
            expected="as many values in each row as there are columns",
            remedy="put quotes around values that hold commas or line ends",
        ) from None
    _require_full_rows(table, path)
    return table


def _plain_parser_message(error: Exception) -> str:
    """Keep the counts of a parser's message, and none of the values."""
    message = str(error).rsplit("C error: ", 1)[-1].strip()
    return message if message.startswith("Expected") else "a quoted value is not closed"


def _require_utf8(path: Path) -> None:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{path.parent.name}/{path.name} is not UTF-8.",
            offenders=[f"line {line}: byte {error.start} is no UTF-8 character"],
            expected="text in UTF-8",
            remedy='save it again as "CSV UTF-8"; nothing was changed',
        ) from None


def _require_full_rows(table: pd.DataFrame, path: Path) -> None:
    short = table.isna().any(axis=1)
    if not isinstance(table.index, pd.RangeIndex):
        raise TableError(
            f"{path.parent.name}/{path.name} has more values in its rows than columns.",
            expected="as many values in each row as there are columns",
            remedy="put quotes around values that hold commas",
        )
    if short.any():
        rows = table.index[short] + 1 + HEADER_ROWS
        raise TableError(
            f"{path.parent.name}/{path.name} has rows that end too early.",
            offenders=[f"row {row}" for row in rows],
            expected=f"{len(table.columns)} values in each row",
            remedy="complete these rows; leave a value empty between its commas",
        )


def _require_columns(table: pd.DataFrame, path: Path, columns: Sequence[str]) -> None:
    found = list(table.columns)
    missing = [f"missing: {name}{closest(name, found)}" for name in columns if name not in found]
    unknown = [f"unknown: {name}{closest(name, columns)}" for name in found if name not in columns]
    if missing or unknown:
        raise TableError(
            f"{path.parent.name}/{path.name} does not have the columns expected.",
            offenders=[*missing, *unknown],
            expected=", ".join(columns),
            remedy="rename, add or remove these columns; a column may be empty but not absent",
        )
