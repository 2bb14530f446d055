"""What an import adds to a study, rows and files as received: all of it, or nothing."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from analysis.errors import StorageError, TableError
from analysis.study.csv_faults import LONGEST_TEXT
from analysis.study.csv_rows import format_csv, parse_lines
from analysis.study.journal import StudyChange, complete_change, is_pending
from analysis.study.lock import hold_lock
from analysis.tables.received import COLUMNS, read_text_table, table_paths
from analysis.tables.registry import (
    FILE,
    LOG_ENDING,
    RAW,
    Received,
    format_registry,
    read_registry,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

OWNER_ONLY = 0o600


@dataclass(frozen=True)
class RawCopy:
    """A file as received, to be kept in ``raw/``.

    Parameters
    ----------
    file : str
        Its name there.
    content : bytes
        Its content.
    received : tuple of Received
        Its rows in the registry.
    log : mapping of str to object
        What became of it; kept next to it, without quotes and names of people.
    """

    file: str
    content: bytes
    received: tuple[Received, ...]
    log: Mapping[str, Any]


@contextmanager
def hold_study(root: Path, study: str) -> Iterator[Path]:
    """Hold the lock of a study during an import, and yield the study's folder.

    Raises
    ------
    StudyError
        When another import, a withdrawal or a build has the lock.
    StorageError
        When the study cannot be written.
    """
    folder = root / "data" / study
    try:
        with hold_lock(root, study):
            complete_change(folder)
            yield folder
    except OSError as error:
        raise _unwritten(folder, error) from error


def add_to_study(
    folder: Path,
    rows: Mapping[str, Sequence[Mapping[str, str]]],
    raw: Sequence[RawCopy],
    others: Mapping[str, bytes] | None = None,
) -> dict[str, int]:
    """Add rows and files as received in one journaled change; present rows stay byte for byte.

    Parameters
    ----------
    folder : Path
        The folder of the study, which `hold_study` holds.
    rows : mapping of str to sequence of mapping
        The rows to add to each table, by column.
    others : mapping of str to bytes, optional
        Other files of the study to replace, by name.

    Raises
    ------
    TableError
        When a table cannot be read, before the import or with it, or a text is too long.
    """
    paths = table_paths(folder)
    # Reading all of a table first refuses one that is damaged before anything is written.
    present = {table: len(read_text_table(paths[table], COLUMNS[table])) for table in rows}
    rows = {table: _require_short(table, added) for table, added in rows.items()}
    with StudyChange(folder) as change:
        for table, added in rows.items():
            if added:
                staged = change.stage(paths[table].name)
                _append_rows(paths[table], staged, added)
                _require_readable(staged, present[table], added)
        for name, content in (others or {}).items():
            change.stage(name).write_bytes(content)
        registry = (*read_registry(folder), *(row for each in raw for row in each.received))
        listed = change.stage(f"{RAW}/{FILE}")
        listed.write_text(format_registry(registry), encoding="utf-8")
        for each in raw:
            write_private(change.stage(f"{RAW}/{each.file}"), each.content)
            log = json.dumps(each.log, ensure_ascii=False, indent=2) + "\n"
            change.stage(f"{RAW}/{each.file}{LOG_ENDING}").write_text(log, encoding="utf-8")
        if read_registry(listed.parent.parent) != registry:
            raise _unreadable(FILE)
        change.commit()
    return {table: present[table] + len(added) for table, added in rows.items()}


def _require_short(table: str, rows: Sequence[Mapping[str, str]]) -> Sequence[Mapping[str, str]]:
    """Return rows as a file in UTF-8 can hold them, if none has a text that is too long."""
    offenders = [
        f"{table}, {next(iter(row.values()))}: {column} of {len(text):,} characters"
        for row in rows
        for column, text in row.items()
        if len(text) > LONGEST_TEXT
    ]
    if offenders:
        raise TableError(
            "A text is too long; nothing was written.",
            offenders=offenders,
            expected=f"at most {LONGEST_TEXT:,} characters",
            remedy="split the text into answers or documents, and import again",
        )
    return [
        {name: text.encode("utf-8", "replace").decode() for name, text in row.items()}
        for row in rows
    ]


def _require_readable(staged: Path, present: int, added: Sequence[Mapping[str, str]]) -> None:
    """Refuse a table that does not read as it was meant to be written."""
    columns = COLUMNS[staged.stem]
    try:
        table = read_text_table(staged, columns)
    except TableError as error:
        raise _unreadable(staged.name) from error
    expected = [[row[column] for column in columns] for row in added]
    if len(table) != present + len(added) or table.iloc[present:].to_numpy().tolist() != expected:
        raise _unreadable(staged.name)


def _unreadable(name: str) -> TableError:
    return TableError(
        f"{name} could not be read with the rows of this import; nothing was written.",
        expected="a table that reads as it was written",
        remedy="report this: it is a fault of the program",
    )


def _append_rows(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    if path.suffix == ".csv":
        _append_to_csv(path, written, rows)
        return
    table = pq.read_table(path)
    added = pa.Table.from_pylist([dict(row) for row in rows]).select(table.column_names)
    pq.write_table(pa.concat_tables([table, added.cast(table.schema)]), written)


def _append_to_csv(path: Path, written: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open(encoding="utf-8-sig", newline="") as table:
        header = next(line for line in parse_lines(table) if line)
        table.seek(0)
        line_end = "\r\n" if table.readline().endswith("\r\n") else "\n"
    added = format_csv(([row[column] for column in header] for row in rows), line_end=line_end)
    shutil.copyfile(path, written)
    with written.open("rb+") as table:
        table.seek(-1, 2)
        is_ended = table.read(1) in (b"\n", b"\r")
        table.write((added if is_ended else line_end + added).encode("utf-8", "replace"))


def write_private(path: Path, content: bytes) -> None:
    """Write a new file that only its owner may read: it holds names, or every answer."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _unwritten(folder: Path, error: OSError) -> StorageError:
    offender = f"{folder.name}: {error.strerror or 'the disk refuses'}"
    if is_pending(folder):
        return StorageError(
            "The import is written, but not yet in its place.",
            offenders=[offender],
            remedy="free disk space, or get the right to write there; the next command that "
            "uses the study completes the import: do not import again",
        )
    return StorageError(
        "The study cannot be written; nothing was changed.",
        offenders=[offender],
        remedy="free disk space, or get the right to write there; then import again",
    )
