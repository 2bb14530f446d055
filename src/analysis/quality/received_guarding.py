"""The guarding of a study's tables as received, as a whole, by one process or shared by two."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.quality import text_columns
from analysis.quality.distinct_values import distinct_values
from analysis.quality.guard_context import context_of
from analysis.quality.guards import guard
from analysis.quality.library import prepare
from analysis.quality.linked_tables import LinkedTables
from analysis.quality.outcomes import GuardReport
from analysis.quality.personal_data import columns as personal_data
from analysis.quality.personal_data.exceptions import ids_in_question
from analysis.quality.personal_data.scanned import ID_COLUMNS
from analysis.quality.personal_data.study_texts import require_impersonal, require_known_rows
from analysis.quality.suites import read_suites
from analysis.tables import code_applications, segments
from analysis.tables.received import COLUMNS, read_table, table_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.quality.distinct_values import DistinctValues
    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite
    from analysis.study.opened_study import OpenedStudy

# What is derived from all texts takes about as long to find as all else.
FROM_TEXTS = frozenset(
    (column.table, column.name) for column in (*text_columns.COLUMNS, *personal_data.COLUMNS)
)
Share: TypeAlias = Literal["all", "texts", "others"]

STAGE: Stage = "received"
# The columns of which the distinct values take longest to find.
LOOKED_THROUGH = {
    "segments": (segments.TEXT,),
    "code_applications": (code_applications.SEGMENT,),
}


def read_to_guard(opened: OpenedStudy) -> LinkedTables:
    """Return the tables of a study as received, with what judges them ready in memory.

    Segments take longest to read, and are read in a thread of their own.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    TableError
        When a table is absent or there twice, or cannot be read.
    """
    paths = table_paths(opened.folder)
    with ThreadPoolExecutor(1) as beside:
        texts = beside.submit(_read, paths["segments"])
        prepare()
        read = {name: _read(path) for name, path in paths.items() if name != "segments"}
        read["segments"] = texts.result()
    tables = LinkedTables({name: read[name][0] for name in paths})
    tables.known.update({name: known for name, (_, known) in read.items()})
    return tables


def _read(path: Path) -> tuple[pd.DataFrame, dict[str, DistinctValues]]:
    """Read a table, and look for the distinct values that take longest to find."""
    table = read_table(path, COLUMNS[path.stem])
    looked_through = LOOKED_THROUGH.get(path.stem, ())
    return table, {column: distinct_values(table[column]) for column in looked_through}


def guard_received(opened: OpenedStudy, tables: LinkedTables, share: Share = "all") -> GuardReport:
    """Return what the suites find in the tables of a study as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : LinkedTables
        Its tables as received.
    share : {"all", "texts", "others"}, optional
        What is evaluated: what is derived from all texts, or all else, or both. What is not is told
        to hold.

    Raises
    ------
    GuardError
        When a suite cannot be used, or the study says something personal beside its tables.
    StudyError
        When a reviewed exception cannot be used, or is for a row that the study does not have.
    """
    suites = read_suites(opened.root / "expectations")
    context = context_of(opened)
    if share != "texts":
        _require_sound(opened, context, tables)
    elsewhere = {each.id for table, each in _expected(suites) if not _is_of(share, table, each)}
    return guard(tables, context, stage=STAGE, suites=suites, elsewhere=elsewhere)


def join_shares(opened: OpenedStudy, others: GuardReport, texts: GuardReport) -> GuardReport:
    """Return what was found in two shares as it is found in all at once.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    others, texts : GuardReport
        What was found in each share.
    """
    suites = read_suites(opened.root / "expectations")
    on_texts = {each.id for table, each in _expected(suites) if _is_of("texts", table, each)}
    told = {each.expectation: each for each in texts.outcomes if each.expectation in on_texts}
    return GuardReport(tuple(told.get(each.expectation, each) for each in others.outcomes))


def _expected(suites: Sequence[Suite]) -> Iterator[tuple[str, Expectation]]:
    """Yield what is expected of the tables as received, each with its table."""
    for suite in suites:
        yield from ((suite.table, each) for each in suite.at(STAGE))


def _is_of(share: Share, table: str, expectation: Expectation) -> bool:
    return share == "all" or _is_on_texts(table, expectation) == (share == "texts")


def _is_on_texts(table: str, expectation: Expectation) -> bool:
    return not FROM_TEXTS.isdisjoint((table, column) for column in expectation.columns)


def _require_sound(opened: OpenedStudy, context: GuardContext, tables: LinkedTables) -> None:
    """Refuse what would spoil the scan for personal data, and what it cannot see."""
    require_impersonal(opened, context.privacy_exceptions)
    exceptions = context.privacy_exceptions
    known = {
        name: _among(ids_in_question(exceptions, name), tables[name][column])
        for name, column in ID_COLUMNS.items()
    }
    require_known_rows(opened, exceptions, known)


def _among(asked: Sequence[str], ids: pd.Series) -> set[str]:
    """Return the ids that are asked about, of those that are there."""
    return set(ids[ids.isin(asked)]) if asked else set()
