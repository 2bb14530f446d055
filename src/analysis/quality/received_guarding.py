"""The guarding of a study's tables as received, as a whole, by one process or shared by two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.quality.guard_context import context_of
from analysis.quality.guards import guard
from analysis.quality.linked_tables import LinkedTables
from analysis.quality.needed_columns import columns_taken
from analysis.quality.outcomes import GuardReport
from analysis.quality.personal_data.exceptions import ids_in_question
from analysis.quality.personal_data.scanned import ID_COLUMNS, SCANNED
from analysis.quality.personal_data.study_texts import require_impersonal, require_known_rows
from analysis.quality.suites import read_suites
from analysis.tables import segments
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite
    from analysis.study.opened_study import OpenedStudy

# What texts tell by themselves takes about as long to find as all else.
Share: TypeAlias = Literal["all", "texts", "others"]

STAGE: Stage = "received"


def read_to_guard(opened: OpenedStudy) -> LinkedTables:
    """Return the tables of a study as received, with the distinct words of segments looked for.

    Parameters
    ----------
    opened : OpenedStudy
        The study.

    Raises
    ------
    TableError
        When a table is absent or there twice, or cannot be read.
    """
    tables = LinkedTables(read_received(opened.folder).by_name())
    tables.distinct("segments", segments.TEXT)
    return tables


def guard_received(opened: OpenedStudy, tables: LinkedTables, share: Share = "all") -> GuardReport:
    """Return what the suites find in the tables of a study as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : LinkedTables
        Its tables as received.
    share : {"all", "texts", "others"}, optional
        What is evaluated: what texts tell by themselves, or all else, or both. What is not is told
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
    """Say whether texts decide by themselves, whosever they are and wherever they stand."""
    texts = {f"{table}.{column}" for column in SCANNED.get(table, ())}
    beside = {f"{table}.{column}" for column in (ID_COLUMNS.get(table), segments.LANGUAGE)}
    taken = set(columns_taken(table, expectation)) - beside
    return bool(taken) and taken <= texts


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
