"""Columns derived from the scan for personal data, the same for each table with free text."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import DerivedColumn
from analysis.quality.personal_data.exceptions import describe_digest, short_digest
from analysis.quality.personal_data.scan import ID_COLUMNS, KIND_IDS, SCANNED, WEAK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.quality.context import CheckContext, CheckedTables, Compute

    # The id of the row, the column and the kind.
    About = tuple[str, str, str]

STRONG = frozenset(KIND_IDS) - WEAK


def _reviewed(context: CheckContext, table: str) -> dict[About, str]:
    """Return the digest of the words reviewed, by the finding."""
    return {
        (each.id, each.column, each.kind): each.text_sha256
        for each in context.privacy_exceptions
        if each.table == table
    }


def _list_by_row(rows: pd.DataFrame, details: Iterable[tuple[int, str]]) -> pd.Series:
    """Return the details of each row, given by its position, separated by commas."""
    listed: dict[int, list[str]] = {}
    for position, detail in details:
        listed.setdefault(position, []).append(detail)
    column = pd.Series("", index=rows.index, dtype="str")
    for position, each in listed.items():
        column.iloc[position] = ", ".join(each)
    return column


def _unreviewed(table: str, kinds: frozenset[str]) -> Compute:
    """Return what lists the findings of some kinds without an exception, by row."""

    def compute(tables: CheckedTables, context: CheckContext) -> pd.Series:
        ids, reviewed = tables[table][ID_COLUMNS[table]], _reviewed(context, table)
        details = (
            (position, f"{column}: {kind}")
            for position, column, kind in tables.scan.find(table)
            if kind in kinds and (ids.iloc[position], column, kind) not in reviewed
        )
        return _list_by_row(tables[table], details)

    return compute


def _are_exceptions_used(table: str) -> Compute:
    """Return what computes whether each exception covers a finding, or the words reviewed.

    One for the words as they are needs no finding: the scan may have changed since, or the kind
    shows only once the text is cleaned.
    """

    def compute(tables: CheckedTables, context: CheckContext) -> pd.Series:
        rows, reviewed = tables[table], _reviewed(context, table)
        ids = rows[ID_COLUMNS[table]]
        if not reviewed:
            return pd.Series(data=True, index=ids.index)
        found = {(ids.iloc[at], column, kind) for at, column, kind in tables.scan.find(table)}
        row_of = {id_: at for at, id_ in enumerate(ids)}
        unused = {
            id_
            for id_, column, kind in reviewed.keys() - found
            if id_ in row_of
            and reviewed[id_, column, kind] != short_digest(rows[column].iloc[row_of[id_]])
        }
        return ~ids.isin(sorted(unused))

    return compute


def _reviewed_for_other_words(table: str) -> Compute:
    """Return what lists the findings whose exception was given for other words, by row."""

    def compute(tables: CheckedTables, context: CheckContext) -> pd.Series:
        rows, reviewed = tables[table], _reviewed(context, table)
        ids = rows[ID_COLUMNS[table]]
        details = (
            (position, f"{column}: {kind}: {describe_digest(text)}")
            for position, column, kind in (tables.scan.find(table) if reviewed else ())
            if (about := (ids.iloc[position], column, kind)) in reviewed
            and reviewed[about] != short_digest(text := rows[column].iloc[position])
        )
        return _list_by_row(rows, details)

    return compute


# The name of each column, what it says, what computes it for a table, and whether it is shown.
_COLUMNS = (
    (
        "personal_data",
        "What the scan for personal data finds in its texts, and nobody has reviewed.",
        partial(_unreviewed, kinds=STRONG),
        True,
    ),
    (
        "names_alone",
        "Where the scan finds a name alone in its texts, and nobody has reviewed it.",
        partial(_unreviewed, kinds=WEAK),
        True,
    ),
    (
        "exceptions_used",
        "Each reviewed exception for the row covers a finding, or is for the words as they are.",
        _are_exceptions_used,
        False,
    ),
    (
        "reviewed_otherwise",
        "Where the scan finds what was reviewed when the text was another.",
        _reviewed_for_other_words,
        True,
    ),
)
COLUMNS = tuple(
    DerivedColumn(
        table=table,
        name=name,
        meaning=meaning,
        needs=tuple(f"{table}.{column}" for column in (ID_COLUMNS[table], *SCANNED[table])),
        compute=compute_for(table),
        is_shown=is_shown,
    )
    for table in SCANNED
    for name, meaning, compute_for, is_shown in _COLUMNS
)
