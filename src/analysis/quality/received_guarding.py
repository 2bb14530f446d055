"""The guarding of a study's tables as received, as a whole, by one process or shared by two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from analysis.quality.guard_context import context_of
from analysis.quality.guards import guard
from analysis.quality.needed_columns import columns_taken
from analysis.quality.outcomes import GuardReport
from analysis.quality.personal_data.exceptions import ids_in_question
from analysis.quality.personal_data.scanned import ID_COLUMNS
from analysis.quality.personal_data.study_texts import require_impersonal, require_known_rows
from analysis.quality.suites import read_suites
from analysis.tables import segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from analysis.quality.guard_context import GuardContext
    from analysis.quality.outcomes import Stage
    from analysis.quality.suites import Expectation, Suite
    from analysis.study.opened_study import OpenedStudy

# What rests on the words of segments takes about as long as all else.
Share: TypeAlias = Literal["all", "words", "others"]

STAGE: Stage = "received"
WORDS = f"segments.{segments.TEXT}"


def guard_received(
    opened: OpenedStudy, tables: Mapping[str, pd.DataFrame], share: Share = "all"
) -> GuardReport:
    """Return what the suites find in the tables of a study as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : mapping of str to DataFrame
        Its tables as received, by name.
    share : {"all", "words", "others"}, optional
        What is evaluated: what rests on the words of segments, or all else, or both. What is not
        is told to hold.

    Raises
    ------
    GuardError
        When a suite cannot be used, or the study says something personal beside its tables.
    StudyError
        When a reviewed exception cannot be used, or is for a row that the study does not have.
    """
    suites = read_suites(opened.root / "expectations")
    context = context_of(opened)
    if share != "words":
        _require_sound(opened, context, tables)
    elsewhere = {each.id for table, each in _expected(suites) if not _is_of(share, table, each)}
    return guard(tables, context, stage=STAGE, suites=suites, elsewhere=elsewhere)


def join_shares(opened: OpenedStudy, others: GuardReport, words: GuardReport) -> GuardReport:
    """Return what was found in two shares as it is found in all at once.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    others, words : GuardReport
        What was found in each share.
    """
    suites = read_suites(opened.root / "expectations")
    on_words = {each.id for table, each in _expected(suites) if _is_of("words", table, each)}
    told = {each.expectation: each for each in words.outcomes if each.expectation in on_words}
    return GuardReport(tuple(told.get(each.expectation, each) for each in others.outcomes))


def _expected(suites: Sequence[Suite]) -> Iterator[tuple[str, Expectation]]:
    """Yield what is expected of the tables as received, each with its table."""
    for suite in suites:
        yield from ((suite.table, each) for each in suite.at(STAGE))


def _is_of(share: Share, table: str, expectation: Expectation) -> bool:
    rests_on_words = WORDS in columns_taken(table, expectation)
    return share == "all" or rests_on_words == (share == "words")


def _require_sound(
    opened: OpenedStudy, context: GuardContext, tables: Mapping[str, pd.DataFrame]
) -> None:
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
