"""Columns derived from the scan for personal data, the same for each table with free text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.quality.context import DerivedColumn
from analysis.quality.personal_data.columns import ID_COLUMNS, SCANNED, SCANNED_IDS
from analysis.quality.personal_data.review_digests import describe_digest, short_digest
from analysis.quality.personal_data.scan import KIND_IDS, WEAK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.quality.context import CheckContext, CheckedTables, Compute

    # The position of the row, the column and the kind.
    Found = tuple[int, str, str]
    # The id of the row, the column and the kind.
    About = tuple[str, str, str]

STRONG = frozenset(KIND_IDS) - WEAK


def _find(tables: CheckedTables, table: str) -> Iterator[Found]:
    for column in (*SCANNED_IDS.get(table, ()), *SCANNED[table]):
        for position, kinds in tables.personal_data(table, column):
            for kind in kinds:
                yield position, column, kind


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


def _unreviewed(kinds: frozenset[str], table: str) -> Compute:
    """Return what lists the findings of some kinds without an exception, by row."""

    def compute(tables: CheckedTables, context: CheckContext) -> pd.Series:
        ids, reviewed = tables[table][ID_COLUMNS[table]], _reviewed(context, table)
        details = (
            (position, f"{column}: {kind}")
            for position, column, kind in _find(tables, table)
            if kind in kinds and (ids.iloc[position], column, kind) not in reviewed
        )
        return _list_by_row(tables[table], details)

    return compute


def _are_exceptions_used(table: str) -> Compute:
    """Return what computes whether each exception covers a finding, or the words reviewed.

    One for the words as they are needs no finding: the scan may have learnt since, or the kind
    shows only once the text is cleaned.
    """

    def compute(tables: CheckedTables, context: CheckContext) -> pd.Series:
        rows, reviewed = tables[table], _reviewed(context, table)
        ids = rows[ID_COLUMNS[table]]
        if not reviewed:
            return pd.Series(data=True, index=ids.index)
        found = {(ids.iloc[at], column, kind) for at, column, kind in _find(tables, table)}
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
        texts = (
            (position, f"{column}: {kind}", rows[column].iloc[position])
            for position, column, kind in (_find(tables, table) if reviewed else ())
            if (ids.iloc[position], column, kind) in reviewed
            and reviewed[ids.iloc[position], column, kind]
            != short_digest(rows[column].iloc[position])
        )
        return _list_by_row(
            rows, ((position, f"{what}: {describe_digest(text)}") for position, what, text in texts)
        )

    return compute


def _columns_of(table: str) -> tuple[DerivedColumn, ...]:
    needs = tuple(f"{table}.{column}" for column in (ID_COLUMNS[table], *SCANNED[table]))
    return (
        DerivedColumn(
            table=table,
            name="personal_data",
            meaning="What the scan for personal data finds in its texts, and nobody has reviewed.",
            needs=needs,
            compute=_unreviewed(STRONG, table),
            is_shown=True,
        ),
        DerivedColumn(
            table=table,
            name="names_alone",
            meaning="Where the scan finds a name alone in its texts, and nobody has reviewed it.",
            needs=needs,
            compute=_unreviewed(WEAK, table),
            is_shown=True,
        ),
        DerivedColumn(
            table=table,
            name="exceptions_used",
            meaning="Each reviewed exception for the row covers something that the scan finds, or "
            "is for the words as they are.",
            needs=needs,
            compute=_are_exceptions_used(table),
        ),
        DerivedColumn(
            table=table,
            name="reviewed_otherwise",
            meaning="Where the scan finds what was reviewed when the text was another.",
            needs=needs,
            compute=_reviewed_for_other_words(table),
            is_shown=True,
        ),
    )


COLUMNS = tuple(column for table in SCANNED for column in _columns_of(table))
