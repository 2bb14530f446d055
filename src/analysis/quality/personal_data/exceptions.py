"""The findings that a person has reviewed and accepted: ``privacy_exceptions.csv``.

A review is of the words that were read: it carries the start of their SHA-256, and other words in
the same cell need a review of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from analysis.errors import StudyError, describe_value
from analysis.quality.personal_data.scan import (
    BESIDE_TABLES,
    KIND_IDS,
    SCANNED_COLUMNS,
    WEAK,
    scan_text,
)
from analysis.quality.wording import DIGEST_ANNOUNCED, DIGEST_DIGITS
from analysis.study.csv_rows import IDENTIFIER, find_repeated, read_optional_rows
from analysis.study.digests import digest_text
from analysis.tables.table_files import EXCEPTION_COLUMNS, EXCEPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from analysis.study.csv_rows import Row

    About: TypeAlias = tuple[str, str, str, str]
    ExceptionRows: TypeAlias = list[dict[str, str]]

# Where something may be excepted: by table, the columns.
REVIEWED = {**SCANNED_COLUMNS, **BESIDE_TABLES}


@dataclass(frozen=True)
class PrivacyException:
    """A kind of personal data that was reviewed in one cell, and may stay there.

    Parameters
    ----------
    table, id, column : str
        The cell: its table, the code, focus group or segment of its row, and its column; or the
        place of a text that isn't in a table.
    kind : str
        The kind.
    row : int
        The row of the file with the review.
    text_sha256 : str
        The digest of the words that were reviewed.
    """

    table: str
    id: str
    column: str
    kind: str
    row: int
    text_sha256: str = ""

    @property
    def about(self) -> About:
        """The reviewed finding: the table, the id, the column and the kind."""
        return self.table, self.id, self.column, self.kind


def read_exceptions(folder: Path) -> tuple[PrivacyException, ...]:
    """Return the exceptions of a study, or none where it has no such file.

    Parameters
    ----------
    folder : Path
        The folder of the study.

    Raises
    ------
    StudyError
        When any of its rows cannot be used; every such row is listed, but no text of it.
    TableError
        When the file cannot be read.
    """
    rows = read_optional_rows(folder / EXCEPTIONS, EXCEPTION_COLUMNS)
    offenders = [*_offenders(rows)]
    offenders += [
        row.offender(f"the same as row {number}")
        for row, number in find_repeated(rows, lambda row: about_of(row.cells))
    ]
    if offenders:
        raise _unusable(offenders)
    return tuple(
        PrivacyException(
            table=row["table"],
            id=row["id"],
            column=row["column"],
            kind=row["kind"],
            row=row.number,
            text_sha256=row["text_sha256"].strip(),
        )
        for row in rows
    )


def require_known(
    exceptions: Sequence[PrivacyException], known: Mapping[str, Collection[str]]
) -> None:
    """Refuse exceptions for ids that no row has, by table."""
    unknown = [each for each in exceptions if each.id not in known[each.table]]
    if unknown:
        raise _unusable(
            f"{EXCEPTIONS} row {each.row}: no row or text of {each.table} has this id"
            for each in unknown
        )


def _unusable(offenders: Iterator[str] | Sequence[str]) -> StudyError:
    tables = "; ".join(f"{table}: {', '.join(columns)}" for table, columns in REVIEWED.items())
    return StudyError(
        "The reviewed exceptions of the scan for personal data cannot be used.",
        offenders=tuple(offenders),
        expected=f"rows of a table and one of its columns ({tables}), an id of that table, "
        f"a kind ({', '.join(KIND_IDS)}), a reason, and who reviewed it",
        remedy=f"fix these rows of {EXCEPTIONS}, or remove them",
    )


def _offenders(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what is wrong with each row; its reason may be personal."""
    for row in rows:
        table = row["table"]
        if table not in REVIEWED:
            yield row.offender(f"unknown {describe_value(table, 'table', REVIEWED)}")
        elif row["column"] not in REVIEWED[table]:
            named = describe_value(row["column"], "column", REVIEWED[table])
            yield row.offender(f"unknown {named}")
        if row["kind"] not in KIND_IDS:
            yield row.offender(f"unknown {describe_value(row['kind'], 'kind', KIND_IDS)}")
        # Countries alone are written in capital letters.
        if not IDENTIFIER.fullmatch(row["id"].lower() if table == "places" else row["id"]):
            yield row.offender("id blank or malformed")
        for column in ("reason", "reviewed_by"):
            if not row[column].strip():
                yield row.offender(f"{column} blank")
        if not WEAK.issuperset(scan_text(row["reason"])):
            yield row.offender("the reason has personal data itself")


def read_exception_rows(folder: Path) -> ExceptionRows:
    """Return the rows of the exceptions of a study with all their columns, to write them again."""
    return [dict(row.cells) for row in read_optional_rows(folder / EXCEPTIONS, EXCEPTION_COLUMNS)]


def about_of(row: Mapping[str, str]) -> About:
    """Return the reviewed finding of a row: the table, the id, the column and the kind."""
    return row["table"], row["id"], row["column"], row["kind"]


def follow_edit(
    rows: ExceptionRows,
    cell: tuple[str, str, str],
    texts: tuple[str, str],
    kinds_of: Callable[[str], Collection[str]],
) -> ExceptionRows:
    """Return exceptions after an edit: a review of the old words of the cell is one of the new.

    Parameters
    ----------
    rows : list of dict
        The exceptions before.
    cell : tuple of str
        The table, the id and the column of the edited cell.
    texts : tuple of str
        Its text before and after.
    kinds_of : callable
        From a text to the kinds that are found in it: exceptions for others are dropped.
    """
    old, new = map(short_digest, texts)
    kept = []
    for row in rows:
        if about_of(row)[:3] != cell or row["text_sha256"].strip() != old:
            kept.append(row)
        elif row["kind"] in kinds_of(texts[1]):
            kept.append({**row, "text_sha256": new})
    return kept


def short_digest(text: str) -> str:
    """Return the start of the SHA-256 of the words that are reviewed.

    Examples
    --------
    >>> short_digest("Somebody waits.")
    'b7f35366db3c8865'
    """
    return digest_text(text)[:DIGEST_DIGITS]


def describe_digest(text: str) -> str:
    """Return the digest that a review of a text needs, as its holder sees it."""
    return f"{DIGEST_ANNOUNCED}{short_digest(text)}"
