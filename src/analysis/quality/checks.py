"""The check of a study: what its suites find in the tables as received, and in cleaned ones.

`check_study` is the whole of ``compendium check``, and the one check of a build of the tables as
received; `check_cleaned` is the check of a place. Both read what is expected from the suites and
have it evaluated (`evaluation`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import CheckError, describe_value
from analysis.quality.context import context_of
from analysis.quality.derived import derived_of
from analysis.quality.evaluation import check_tables
from analysis.quality.outcomes import CheckReport
from analysis.quality.personal_data.study_texts import require_impersonal, require_known_rows
from analysis.quality.suites import columns_read, read_suites
from analysis.study.opened_study import open_study
from analysis.tables import focus_groups, segments
from analysis.tables.code_applications import require_shared_codes
from analysis.tables.coded import read_coded, require_usable_coded
from analysis.tables.consent import NAMES, NEVER_SHOWN, may_name
from analysis.tables.new_study import find_template_text
from analysis.tables.placing import overlaps
from analysis.tables.received import (
    COLUMNS,
    read_received,
    read_rows_to_recode,
    read_table,
    table_path,
)
from analysis.tables.table_files import TABLES
from analysis.tables.tombstones import withdrawn_groups

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.quality.context import CheckContext
    from analysis.quality.outcomes import Outcome
    from analysis.quality.suites import Expectation, Suite
    from analysis.study.opened_study import OpenedStudy

SUITES = "expectations"
# The columns that are published of a focus group by its consent; all others, where it is counted.
_OF_SHOWN = (
    *(f"focus_groups.{name}" for name in (focus_groups.THEME, focus_groups.PARTICIPANTS)),
    *(f"segments.{name}" for name in (segments.LABEL, segments.TEXT, segments.SOURCE_SHA256)),
)
_OF_NAMED = tuple(f"focus_groups.{name}" for name in NAMES)
_OF_NONE = (
    *(f"focus_groups.{name}" for name in (*NEVER_SHOWN, focus_groups.SOURCE_SHA256)),
    # Nothing published uses numbers of people but what is rounded.
    "focus_groups.participants_are_few",
)
_PUBLISHED = ("held", "fell_short")


def check_named(root: Path, name: str, places: Sequence[str] = ()) -> CheckReport:
    """Return what the suites find in the tables of a study, or of some of its places.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``expectations/``.
    name : str
        The study.
    places : sequence of str, optional
        Regions and continents; outcomes that fell short elsewhere alone are left out.

    Raises
    ------
    CompendiumError
        When the study, its tables or a suite cannot be used.
    """
    opened = open_study(root, name, may_lack_codebook=True)
    suites = read_suites(root / SUITES)
    if not places:
        return check_study(opened, suites)
    # A place that is unknown is refused before anything is evaluated.
    wanted = groups_of_places(opened, places)
    return check_study(opened, suites).concerning(wanted)


def groups_of_places(opened: OpenedStudy, places: Sequence[str]) -> set[str]:
    """Return the focus groups that the reports on some places count or rest on.

    Those whose own places are unknown are left out.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    places : sequence of str
        Regions and continents, by code or name.

    Raises
    ------
    PlaceError
        When a place is unknown.
    TableError
        When the focus groups cannot be read.
    """
    wanted = [opened.places.resolve(place) for place in places]
    groups = read_table(table_path(opened.folder, "focus_groups"), COLUMNS["focus_groups"])
    known = {*opened.places.countries, *opened.places.wider_places}
    held_at = zip(groups[focus_groups.FOCUS_GROUP], groups[focus_groups.PLACES], strict=True)
    return {
        group
        for group, at in held_at
        if known.issuperset(focus_groups.split_values(at))
        and any(overlaps(at, place, opened.places) for place in wanted)
    }


def check_study(opened: OpenedStudy, suites: Sequence[Suite]) -> CheckReport:
    """Return what the suites find in the tables of a study as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    suites : sequence of Suite
        What is expected of its tables.

    Raises
    ------
    TableError
        When a table is absent or there twice, or cannot be read, `coded.csv` cannot be used, or
        coders of the same focus groups used codes under other names.
    CheckError
        When the study holds personal data beside its tables, or study.yaml text of its template,
        or names focus groups that the study does not have.
    StudyError
        When a reviewed exception cannot be used, or is for a row that the study does not have.
    """
    context = _received_context(opened)
    tables = read_received(opened.folder).by_name()
    _require_edited(opened)
    _require_separate_groups(opened, tables["focus_groups"][focus_groups.FOCUS_GROUP].array)
    require_impersonal(opened, context.privacy_exceptions)
    require_known_rows(opened, context.privacy_exceptions, tables)
    require_usable_coded(
        read_coded(opened.folder),
        tables,
        coders=[coder.coder for coder in opened.settings.coders],
        cells=opened.instrument.cells,
    )
    require_shared_codes(
        tables, {coder.coder: coder.codes_not_in_version for coder in opened.settings.coders}
    )
    return check_tables(tables, context, stage="received", suites=suites)


def _require_edited(opened: OpenedStudy) -> None:
    """Refuse settings with text of their template, which would be published."""
    left = list(find_template_text(opened.settings))
    if left:
        raise CheckError(
            f"study.yaml of {opened.settings.name} still has text of its template.",
            offenders=[f"study.yaml: {key}" for key in left],
            expected="a title for readers, and a description of each coder that names nobody",
            why="It is on every page.",
            remedy=f"write your own text there, in data/{opened.settings.name}/study.yaml",
        )


def _require_separate_groups(opened: OpenedStudy, groups: Collection[str]) -> None:
    """Refuse reviewed pairs that name a focus group which the study neither has nor withdrew."""
    known = {*groups, *withdrawn_groups(opened.folder)}
    unknown = [
        f"study.yaml: separate_groups.{at}.{side}: unknown "
        f"{describe_value(group, 'focus group', groups)}"
        for at, pair in enumerate(opened.settings.separate_groups, start=1)
        for side, group in enumerate(pair, start=1)
        if group not in known
    ]
    if unknown:
        raise CheckError(
            f"separate_groups in study.yaml of {opened.settings.name} names unknown focus groups.",
            offenders=unknown,
            expected="ids of focus_groups.csv",
            remedy="correct these ids, or remove the pairs, in study.yaml",
        )


def check_cleaned(
    opened: OpenedStudy,
    tables: Mapping[str, pd.DataFrame],
    template: pd.DataFrame,
    suites: Sequence[Suite],
) -> CheckReport:
    """Return what the suites find in the cleaned tables of a place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : mapping of str to DataFrame
        ``focus_groups``, ``segments`` and ``code_applications`` as cleaned; others are ignored.
    template : DataFrame
        The segments of the place as received, of which ``focus_group, section, question, position,
        role`` are used.
    suites : sequence of Suite
        What is expected of them.

    Raises
    ------
    StudyError
        When a reviewed exception cannot be used.
    """
    return check_tables(
        _cleaned_of(tables),
        context_of(opened),
        stage="cleaned",
        suites=suites,
        template=template,
    )


def _received_context(opened: OpenedStudy) -> CheckContext:
    """Return what is allowed in tables as received, with the rows of codes that were split."""
    return replace(context_of(opened), rows_to_recode=read_rows_to_recode(opened.folder))


def _cleaned_of(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that cleaning changes; the codebook is checked as received alone."""
    return {name: tables[name] for name in TABLES if name in tables}


def publish_study(opened: OpenedStudy, suites: Sequence[Suite], found: CheckReport) -> CheckReport:
    """Return the outcomes of a study's check, from rows that may be counted and shown alone.

    Parameters
    ----------
    opened, suites
        As for `check_study`.
    found : CheckReport
        What `check_study` returned.
    """
    return _publish(found, read_received(opened.folder).by_name(), opened, suites)


def publish_cleaned(
    opened: OpenedStudy,
    tables: Mapping[str, pd.DataFrame],
    template: pd.DataFrame,
    suites: Sequence[Suite],
    found: CheckReport,
) -> CheckReport:
    """Return the outcomes of a place's check, from rows that may be shown alone.

    Parameters
    ----------
    opened, tables, template, suites
        As for `check_cleaned`.
    found : CheckReport
        What `check_cleaned` returned.
    """
    return _publish(found, _cleaned_of(tables), opened, suites, template)


def _publish(
    found: CheckReport,
    tables: Mapping[str, pd.DataFrame],
    opened: OpenedStudy,
    suites: Sequence[Suite],
    template: pd.DataFrame | None = None,
) -> CheckReport:
    """Evaluate what fell short again, each expectation on rows whose columns may be published."""
    short = {each.expectation for each in found.outcomes if each.verdict == "fell_short"}
    level_of = {
        each.id: _level(suite.table, each)
        for suite in suites
        for each in suite.expectations
        if each.id in short
    }
    context = _received_context(opened) if template is None else context_of(opened)
    groups = tables["focus_groups"]
    again: dict[str, Outcome] = {}
    for level, may in enumerate((focus_groups.may_count, focus_groups.may_show, may_name)):
        ids = {id_ for id_, at in level_of.items() if at == level}
        chosen = [_only(suite, ids) for suite in suites]
        allowed = groups.loc[may(groups), focus_groups.FOCUS_GROUP]
        if ids:
            report = check_tables(
                _tables_of(tables, allowed),
                context,
                stage="received" if template is None else "cleaned",
                suites=chosen,
                template=None if template is None else _rows_of(template, allowed),
            )
            again |= {each.expectation: each for each in report.outcomes}
    return CheckReport(tuple(_published(each, again) for each in found.outcomes))


def _published(outcome: Outcome, again: Mapping[str, Outcome]) -> Outcome:
    """Return the outcome in rows that may be published; it held where there are none."""
    if outcome.verdict != "fell_short":
        return outcome
    other = again.get(outcome.expectation)
    if other is None or other.verdict not in _PUBLISHED:
        return outcome.as_held()
    return other


def _only(suite: Suite, ids: Collection[str]) -> Suite:
    """Return a suite with some of its expectations."""
    chosen = tuple(each for each in suite.expectations if each.id in ids)
    return replace(suite, expectations=chosen)


def _level(table: str, expectation: Expectation) -> int:
    """Return what consent an expectation needs: 0 to count, 1 to show, 2 to name, 3 none serves."""
    columns = columns_read(table, expectation)
    derived = [derived_of(table)[column] for column in columns if column in derived_of(table)]
    needs = {f"{table}.{column}" for column in columns}.union(*(each.needs for each in derived))
    levels = ((3, _OF_NONE), (2, _OF_NAMED), (1, _OF_SHOWN))
    return next((level for level, of in levels if needs.intersection(of)), 0)


def _tables_of(tables: Mapping[str, pd.DataFrame], groups: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the rows of some focus groups."""
    texts = _rows_of(tables["segments"], groups)
    applied = tables["code_applications"]
    return {
        **tables,
        "focus_groups": _rows_of(tables["focus_groups"], groups),
        "segments": texts,
        "code_applications": applied[applied[segments.SEGMENT].isin(texts[segments.SEGMENT])],
    }


def _rows_of(table: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    return table[table[focus_groups.FOCUS_GROUP].isin(groups)]


def with_failing_rows(opened: OpenedStudy, found: CheckReport) -> CheckReport:
    """Return outcomes read from a file, with the rows and values of those that stop reports.

    Files hold neither: the expectations in question are evaluated again on the tables as received.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    found : CheckReport
        Outcomes of a check of it.

    Raises
    ------
    CompendiumError
        When the tables or a suite cannot be used.
    """
    ids = {each.expectation for each in found.critical if each.failing}
    if not ids:
        return found
    again = check_study(opened, [_only(suite, ids) for suite in read_suites(opened.root / SUITES)])
    return replace(found, failing_rows=again.failing_rows)


def shown_as_received(suites: Sequence[Suite]) -> frozenset[str]:
    """Return the expectations that affect numbers and are evaluated on tables as received alone.

    Of all others, the check of cleaned tables reports what still falls short when reports count.
    """
    cleaned = {each.id for suite in suites for each in suite.at("cleaned")}
    received = (each for suite in suites for each in suite.at("received") if each.touches)
    return frozenset(each.id for each in received) - cleaned
