"""The columns that are derived from free text to guard it: what the scan finds, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import DerivedColumn
from analysis.quality.personal_data.scan import KIND_IDS, WEAK
from analysis.quality.personal_data.scanned import ID_COLUMNS, SCANNED, SCANNED_IDS
from analysis.quality.personal_data.text_digests import digest_of, say_digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from analysis.quality.context import CheckContext, CheckedTables, Compute
    from analysis.quality.personal_data.exceptions import PrivacyException

    # Where something is found: the position of the row, the column and the kind.
    Place = tuple[int, str, str]

STRONG = frozenset(KIND_IDS) - WEAK


def _places(tables: CheckedTables, table: str) -> Iterator[Place]:
    for column in (*SCANNED_IDS.get(table, ()), *SCANNED[table]):
        for position, kinds in tables.personal_data(table, column):
            for kind in kinds:
                yield position, column, kind


def _say(kinds: frozenset[str], table: str) -> Compute:
    """Return what says of each row which of some kinds stand in it without an exception."""

    def say(tables: CheckedTables, context: CheckContext) -> pd.Series:
        ids = tables[table][ID_COLUMNS[table]]
        reviewed = _reviewed(context.privacy_exceptions, table)
        said: dict[int, list[str]] = {}
        for position, column, kind in _places(tables, table):
            if kind in kinds and (ids.iloc[position], column, kind) not in reviewed:
                said.setdefault(position, []).append(f"{column}: {kind}")
        told = pd.Series("", index=ids.index, dtype="str")
        for position, each in said.items():
            told.iloc[position] = ", ".join(each)
        return told

    return say


def _reviewed(
    exceptions: Sequence[PrivacyException], table: str
) -> frozenset[tuple[str, str, str]]:
    return frozenset(
        (each.id, each.column, each.kind) for each in exceptions if each.table == table
    )


def _exceptions_bear(table: str) -> Compute:
    """Return what says of each row whether each exception for it covers something found."""

    def bear(tables: CheckedTables, context: CheckContext) -> pd.Series:
        ids = tables[table][ID_COLUMNS[table]]
        reviewed = _reviewed(context.privacy_exceptions, table)
        if not reviewed:
            return pd.Series(data=True, index=ids.index)
        found = {(ids.iloc[at], column, kind) for at, column, kind in _places(tables, table)}
        idle = {name for name, *_ in reviewed - found}
        return ~ids.isin(sorted(idle))

    return bear


def _reviewed_otherwise(table: str) -> Compute:
    """Return what says of each row which exceptions were given for other words than it has."""

    def say(tables: CheckedTables, context: CheckContext) -> pd.Series:
        rows = tables[table]
        told = pd.Series("", index=rows.index, dtype="str")
        digests = {
            each.about[1:]: each.text_sha256
            for each in context.privacy_exceptions
            if each.table == table
        }
        if not digests:
            return told
        for position, column, kind in _places(tables, table):
            about = (rows[ID_COLUMNS[table]].iloc[position], column, kind)
            text = rows[column].iloc[position]
            if digests.get(about, digest_of(text)) != digest_of(text):
                before = f"{told.iloc[position]}, " if told.iloc[position] else ""
                told.iloc[position] = f"{before}{column}: {kind}: {say_digest(text)}"
        return told

    return say


def _columns_of(table: str) -> tuple[DerivedColumn, ...]:
    needs = tuple(f"{table}.{column}" for column in (ID_COLUMNS[table], *SCANNED[table]))
    return (
        DerivedColumn(
            table=table,
            name="personal_data",
            meaning="What the scan for personal data finds in its texts, and nobody has reviewed.",
            needs=needs,
            compute=_say(STRONG, table),
            is_told=True,
        ),
        DerivedColumn(
            table=table,
            name="names_alone",
            meaning="Where the scan finds a name alone in its texts, and nobody has reviewed it.",
            needs=needs,
            compute=_say(WEAK, table),
            is_told=True,
        ),
        DerivedColumn(
            table=table,
            name="exceptions_bear",
            meaning="Each reviewed exception for the row covers something that the scan finds.",
            needs=needs,
            compute=_exceptions_bear(table),
        ),
        DerivedColumn(
            table=table,
            name="reviewed_otherwise",
            meaning="Where the scan finds what was reviewed when the text was another.",
            needs=needs,
            compute=_reviewed_otherwise(table),
            is_told=True,
        ),
    )


COLUMNS = tuple(column for table in SCANNED for column in _columns_of(table))
OF_SCAN = frozenset(column.name for column in COLUMNS)
