"""Adding rows to the tables of a study, in the form and the order of columns that they have."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.tables.coded.renewal import replace_bytes
from analysis.tables.received import COLUMNS, read_table, table_path
from analysis.tables.streaming import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def append_rows(folder: Path, table: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows to a table; those that are there stay as they are, byte for byte in CSV.

    Parameters
    ----------
    folder : Path
        The folder of the study; the file of the table is replaced.
    table : str
        The table.
    rows : sequence of mapping of str to str
        Every column of each row.
    """
    if not rows:
        return
    path = table_path(folder, table)
    if path.suffix == ".parquet":
        held = read_table(path, COLUMNS[table]).reset_index(drop=True)
        joined = pd.concat([held, pd.DataFrame(list(rows), columns=list(COLUMNS[table]))])
        schema = pa.schema([(name, TEXT) for name in COLUMNS[table]])
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pandas(joined, schema, preserve_index=False), buffer)
        replace_bytes(path, buffer.getvalue())
        return
    content = path.read_bytes()
    header = _header_of(content)
    ending = b"" if content.endswith((b"\n", b"\r")) else b"\n"
    added = io.StringIO(newline="")
    csv.writer(added, lineterminator="\n").writerows([row[name] for name in header] for row in rows)
    replace_bytes(path, content + ending + added.getvalue().encode("utf-8", "replace"))


def _header_of(content: bytes) -> list[str]:
    text = content.removeprefix(BYTE_ORDER_MARK).decode()
    return next(line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line)
