"""Databases that tools keep their projects in, opened so that nothing in them is run or changed."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analysis.errors import CodedDataError

if TYPE_CHECKING:
    from collections.abc import Iterator

SQLITE_MARK = b"SQLite format 3\0"
# The bytes of the header with the journal mode: 2 needs a write-ahead log, which we don't have.
_VERSIONS = slice(18, 20)
_ROLLBACK = b"\x01\x01"


class Database:
    """A database in memory, of which tables are read."""

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self._name = name
        self._connection = connection

    def has(self, *tables: str) -> bool:
        """Return whether all these are there as tables, and not as views."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        found = {name for (name,) in self._run(query)}
        return found.issuperset(tables)

    def rows(self, table: str, **columns: type[int] | type[str]) -> list[tuple[Any, ...]]:
        """Return the rows of a table in the order in which they were made.

        Parameters
        ----------
        table : str
            A name that this program knows.
        **columns : type
            What each column, by a name that this program knows, holds. What is missing, or is
            something else, is None where a number is asked for, and the empty text elsewhere.
        """
        if not self.has(table):
            raise self._damaged()
        there = {str(row[1]) for row in self._run(f"PRAGMA table_info({table})")}
        chosen = ", ".join(name if name in there else "NULL" for name in columns)
        query = f"SELECT {chosen} FROM {table} ORDER BY rowid"  # noqa: S608 (names of our own)
        kinds = tuple(columns.values())
        return [
            tuple(_converted(value, kind) for value, kind in zip(row, kinds, strict=True))
            for row in self._run(query)
        ]

    def count_filled(self, table: str, column: str) -> int:
        """Return in how many rows a column holds words; none where it is not there."""
        if not self.has(table):
            return 0
        return sum(bool(held.strip()) for (held,) in self.rows(table, **{column: str}))

    def _run(self, query: str) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query).fetchall()
        except sqlite3.Error:
            raise self._damaged() from None

    def _damaged(self) -> CodedDataError:
        return CodedDataError(
            f"{self._name} is a damaged database, or none of the tool that it seems to be of.",
            expected="the tables that the tool writes",
            remedy="open it in the tool, and export it again",
        )


@contextmanager
def open_database(name: str, content: bytes) -> Iterator[Database]:
    """Open a database from its content, to read from."""
    connection = sqlite3.connect(":memory:")
    try:
        copy = bytearray(content)
        copy[_VERSIONS] = _ROLLBACK
        connection.deserialize(bytes(copy))
        connection.text_factory = _decode
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        yield Database(name, connection)
    finally:
        connection.close()


def _decode(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _converted(value: object, kind: type[int] | type[str]) -> int | str | None:
    if kind is int:
        return value if isinstance(value, int) else None
    if isinstance(value, bytes):
        return _decode(value)
    return "" if value is None else str(value)
