"""Rows put at the end of a table of a study, what stands in it being kept byte for byte."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import StorageError
from analysis.study.journal import StudyChange, complete_change, is_pending
from analysis.study.lock import hold_lock, lock_of
from analysis.tables.received import COLUMNS, read_text_table, table_paths
from analysis.tables.registry import (
    FILE,
    LOG_ENDING,
    RAW,
    Received,
    read_registry,
    registry_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


CSV = ".csv"


def append_rows(
    path: Path, written: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> None:
    """Write a table with more rows at its end.

    Parameters
    ----------
    path : Path
        The table as it is, CSV or Parquet.
    written : Path
        Where to write it.
    columns : sequence of str
        The columns that it has, in any order.
    rows : sequence of mapping
        The rows to add, by column.

    Raises
    ------
    TableError
        When the table cannot be read, or its columns are others.
    """
    read_text_table(path, columns)  # refuses a table that cannot be read to its end
    if path.suffix == CSV:
        _append_to_csv(path, written, rows)
    else:
        _append_to_parquet(path, written, rows)


def _append_to_csv(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as table:
        header = next(line for line in csv.reader(table) if line)
        table.seek(0)
        line_end = "\r\n" if table.readline().endswith("\r\n") else "\n"
    added = io.StringIO()
    writer = csv.writer(added, lineterminator=line_end)
    writer.writerows([row[column] for column in header] for row in rows)
    shutil.copyfile(path, written)
    with written.open("rb+") as table:
        table.seek(-1, 2)
        is_ended = table.read(1) in (b"\n", b"\r")
        table.write(
            ("" if is_ended else line_end).encode() + added.getvalue().encode("utf-8", "replace")
        )


def _append_to_parquet(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    table = pq.read_table(path)
    added = pa.Table.from_pylist([dict(row) for row in rows]).select(table.column_names)
    pq.write_table(pa.concat_tables([table, added.cast(table.schema)]), written)


FOR_OWNER_ALONE = 0o600


@dataclass(frozen=True)
class RawCopy:
    """A file as received, to be kept in ``raw/``.

    Parameters
    ----------
    file : str
        What it is called there.
    content : bytes
        Its content.
    received : tuple of Received
        Its rows in the registry.
    told : mapping of str to object
        What became of it, as it is kept beside it: no words, and no names of people.
    """

    file: str
    content: bytes
    received: tuple[Received, ...]
    told: Mapping[str, Any]


def digest_of_file(content: bytes) -> str:
    """Return the digest of the content of a file."""
    return hashlib.sha256(content).hexdigest()


@contextmanager
def study_held(root: Path, study: str) -> Iterator[Path]:
    """Hold a study for an import, so that no other import, withdrawal or build is at work on it.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    study : str
        The study.

    Yields
    ------
    Path
        The folder of the study.

    Raises
    ------
    StudyError
        When something else is at work on the study.
    StorageError
        When the study cannot be written.
    """
    folder = root / "data" / study
    try:
        with hold_lock(lock_of(root, study), study):
            complete_change(folder)
            yield folder
    except OSError as error:
        raise _unwritten(folder, error) from error


def _unwritten(folder: Path, error: OSError) -> StorageError:
    told = f"{folder.name}: {error.strerror or 'the disk refuses'}"
    if is_pending(folder):
        return StorageError(
            "What was imported is written, and does not stand in its place yet.",
            offenders=[told],
            remedy="make room, or give yourself the right to write there; the next command that "
            "uses the study completes it: do not import again",
        )
    return StorageError(
        "The study cannot be written; nothing was changed.",
        offenders=[told],
        remedy="make room, or give yourself the right to write there; then import again",
    )


def add_to_study(
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    raw: Sequence[RawCopy],
    others: Mapping[str, bytes] | None = None,
) -> None:
    """Add rows, files as received and their rows in the registry; what stands stays to the byte.

    Parameters
    ----------
    folder : Path
        The folder of the study, which `study_held` holds.
    rows : mapping of str to sequence of mapping
        The rows to add to each table, by column.
    raw : sequence of RawCopy
        The files to keep.
    others : mapping of str to bytes, optional
        Other files of the study that are written anew, by name.

    Raises
    ------
    TableError
        When a table cannot be read.
    """
    paths = table_paths(folder)
    with StudyChange(folder) as change:
        for table, added in rows.items():
            if added:
                path = paths[table]
                append_rows(path, change.stage(path.name), COLUMNS[table], added)
        for name, content in (others or {}).items():
            change.stage(name).write_bytes(content)
        registry = (*read_registry(folder), *(row for each in raw for row in each.received))
        change.stage(f"{RAW}/{FILE}").write_text(registry_text(registry), encoding="utf-8")
        for each in raw:
            _write_private(change.stage(f"{RAW}/{each.file}"), each.content)
            log = json.dumps(each.told, ensure_ascii=False, indent=2) + "\n"
            change.stage(f"{RAW}/{each.file}{LOG_ENDING}").write_text(log, encoding="utf-8")
        change.commit()


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read: it holds all that was said, and contacts."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, FOR_OWNER_ALONE)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
