"""The tables of a study as received: text as it stands in the files, with the files' rows."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import pandas as pd

from analysis.errors import TableError, closest
from analysis.study.codebook import COLUMNS as CODEBOOK_COLUMNS
from analysis.tables import code_applications, focus_groups, segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

ROW = "row"
HEADER_ROW = 1
COLUMNS = {
    "codebook": CODEBOOK_COLUMNS,
    "focus_groups": focus_groups.COLUMNS,
    "segments": segments.COLUMNS,
    "code_applications": code_applications.COLUMNS,
}

_LIKE_A_NAME = re.compile(r"[\w .-]{1,40}")


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
    _refuse_twins(folder)
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
        When the file is absent, not UTF-8, not rectangular, or has other columns.
    """
    if not path.is_file():
        raise TableError(
            f"The table {_named(path)} is missing.",
            expected="columns " + ", ".join(columns),
            remedy="put the file there, or check the name of the study",
        )
    read = _read_parquet if path.suffix == ".parquet" else _read_csv
    return read(path, columns)[list(columns)]


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _refuse_twins(folder: Path) -> None:
    twins = [name for name in COLUMNS if all(_is_there(folder, name))]
    if twins:
        raise TableError(
            f"{folder.name} has a table in two files.",
            offenders=[f"{name}.csv and {name}.parquet" for name in twins],
            expected="one file for each table, CSV or Parquet",
            remedy="keep the file that is right, and move the other away",
        )


def _is_there(folder: Path, name: str) -> tuple[bool, bool]:
    return (folder / f"{name}.csv").is_file(), (folder / f"{name}.parquet").is_file()


def _read_parquet(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except (ValueError, OSError) as error:  # what pyarrow's own errors derive from
        raise TableError(
            f"{_named(path)} cannot be read as Parquet.",
            expected="a Parquet file with each column once",
            remedy="write the table again",
        ) from error
    _require_columns(list(table.columns), path, columns)
    _require_text(table, path)
    rows = pd.RangeIndex(HEADER_ROW + 1, HEADER_ROW + 1 + len(table), name=ROW)
    return table.astype("str").fillna("").set_axis(rows)


def _require_text(table: pd.DataFrame, path: Path) -> None:
    offenders = [f"{name}: {col.dtype}" for name, col in table.items() if not _is_text(col)]
    if offenders:
        raise TableError(
            f"{_named(path)} has columns that are not text.",
            offenders=offenders,
            expected="every column as text, dates as YYYY-MM-DD",
            remedy="write these columns as text",
        )


def _is_text(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.StringDtype):
        return True
    return pd.api.types.infer_dtype(column.dropna().astype("object")) in ("string", "empty")


def _read_csv(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    _require_utf8(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _numbered_lines(csv.reader(file, strict=True), path)
        header = next((line for _, line in lines if line), [])
        _require_columns(header, path, columns)
        numbered = [(number, line) for number, line in lines if line]
    _require_full_rows(numbered, path, len(header))
    rows = pd.Index([number for number, _ in numbered], dtype="int64", name=ROW)
    return pd.DataFrame([line for _, line in numbered], rows, header, dtype="str")


def _numbered_lines(lines: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its number, a value of several lines being one row."""
    number = HEADER_ROW
    while True:
        try:
            line = next(lines)
        except StopIteration:
            return
        except csv.Error as error:
            fault = "a value is too long" if "limit" in str(error) else "a quote is misplaced"
            raise TableError(
                f"{_named(path)} is not a rectangular table.",
                offenders=[f"{path.name} row {number}: {fault}, or a quote is not closed"],
                expected="quotes around a whole value, and a quote within it written twice",
                remedy="mend the quotes of this row; nothing was changed",
            ) from None
        yield number, line
        number += 1


def _require_utf8(path: Path) -> None:
    content = path.read_bytes()
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableError(
            f"{_named(path)} is not UTF-8.",
            offenders=[f"{path.name} line {line}: byte {error.start} is no UTF-8 character"],
            expected="text in UTF-8",
            remedy='save it again as "CSV UTF-8"; nothing was changed',
        ) from None


def _require_full_rows(
    numbered: Sequence[tuple[int, Sequence[str]]], path: Path, width: int
) -> None:
    offenders = [
        f"{path.name} row {number}: {len(line)} values"
        for number, line in numbered
        if len(line) != width
    ]
    if offenders:
        raise TableError(
            f"{_named(path)} is not a rectangular table.",
            offenders=offenders,
            expected=f"{width} values in each row, as many as there are columns",
            remedy="put quotes around values that hold commas; leave an empty value between commas",
        )


def _require_columns(found: Sequence[str], path: Path, columns: Sequence[str]) -> None:
    if not found:
        raise TableError(
            f"{_named(path)} is empty.",
            expected="a header row, and a row for each item",
            remedy="export the table again",
        )
    missing = [f"missing: {name}{closest(name, found)}" for name in columns if name not in found]
    unknown = [_unknown(name, columns) for name in found if name not in columns]
    repeated = [f"{found.count(name)} times: {name}" for name in columns if found.count(name) > 1]
    if missing or unknown or repeated:
        raise TableError(
            f"{_named(path)} does not have the columns expected.",
            offenders=[*missing, *unknown, *repeated],
            expected=", ".join(columns),
            remedy="rename, add or remove these columns; a column may be empty but not absent"
            + _separator_hint(found),
        )


def _unknown(name: str, columns: Sequence[str]) -> str:
    """Name a column, unless it may be an answer: where the header is missing, row 1 holds some."""
    like_a_name = _LIKE_A_NAME.fullmatch(name)
    shown = name if like_a_name else f"a column with a heading of {len(name)} characters"
    return f"unknown: {shown}{closest(name, columns)}"


def _separator_hint(found: Sequence[str]) -> str:
    used = [name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in found[0]]
    return f"; if {used[0]} part its values, export it with commas" if used else ""
