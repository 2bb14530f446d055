from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defects import put

from analysis.quality.guards import guard
from analysis.quality.suites import Expectation, Suite

if TYPE_CHECKING:
    from defects import Tables

    from analysis.quality.guard_context import GuardContext

    Suites = tuple[Suite, ...]


def _suite(suites: Suites, table: str) -> Suite:
    return next(suite for suite in suites if suite.table == table)


def _made_up(**told: object) -> Suite:
    """Give a suite of segments with one expectation that an expert might write."""
    expectation = Expectation(
        id="0",
        type=str(told.pop("type", "expect_column_values_to_not_be_null")),
        kwargs=told,
        severity="info",
        notes="",
        fault="made up",
        remedy="",
        touches=("*",),
    )
    return Suite("segments", (expectation,))


def test_sound_tables_hold_as_received(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A study without a fault holds every expectation on its tables as received."""
    report = guard(tables, context, stage="received", suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []


def test_sound_tables_hold_when_cleaned(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A study without a fault holds every expectation on its cleaned tables."""
    report = guard(tables, context, stage="cleaned", suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []


@pytest.mark.parametrize("table", ["focus_groups", "segments", "code_applications"])
def test_empty_table_is_critical(
    tables: Tables, context: GuardContext, suites: Suites, table: str
) -> None:
    """A table without rows says so once, instead of passing."""
    tables[table] = tables[table].iloc[:0]

    report = guard(tables, context, stage="received", suites=[_suite(suites, table)])

    assert [(o.expectation, o.verdict, o.severity) for o in report.outcomes[:1]] == [
        (f"{table}.empty_table", "empty_table", "critical")
    ]


def test_empty_suite_is_critical(tables: Tables, context: GuardContext) -> None:
    """A suite without expectations says so, instead of passing."""
    report = guard(tables, context, stage="received", suites=[Suite("segments", ())])

    assert (report.outcomes[0].expectation, report.outcomes[0].verdict) == (
        "segments.empty_suite",
        "empty_suite",
    )


def test_table_without_suite_is_critical(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A table that no suite speaks of is told as one with an empty suite."""
    report = guard(tables, context, stage="received", suites=suites[:3])

    assert [outcome.expectation for outcome in report.critical] == ["code_applications.empty_suite"]


def test_missing_table_is_critical(tables: Tables, context: GuardContext, suites: Suites) -> None:
    """A table that is not there is told as such, with what was derived from it."""
    del tables["code_applications"]

    report = guard(tables, context, stage="received", suites=suites)

    assert [(o.table, o.message) for o in report.critical if o.table != "segments"] == [
        ("codebook", "codebook.csv: could not be evaluated, code_applications.code being missing."),
        ("code_applications", "code_applications.csv: the table is missing."),
    ]


def test_column_blank_in_every_row_is_critical(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """An expectation on a column that is blank throughout says so, whatever its severity."""
    tables["segments"]["text"] = " "

    report = guard(tables, context, stage="received", suites=suites)

    on_text = [outcome for outcome in report.outcomes if outcome.column == "text"]
    assert {(o.verdict, o.severity, o.message) for o in on_text} == {
        ("all_null", "critical", "segments.csv: text blank in every row.")
    }


def test_column_that_may_be_blank_may(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """A column that its suite lets be blank may be so in every row."""
    tables["focus_groups"]["source_sha256"] = ""

    report = guard(tables, context, stage="received", suites=suites)

    assert report.critical == ()


def test_missing_column_is_critical_and_not_evaluated(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """What needs a missing column was not evaluated, which is told apart from falling short."""
    del tables["segments"]["question"]

    report = guard(tables, context, stage="received", suites=suites)

    found = {(o.column, o.verdict, o.severity) for o in report.outcomes if not o.held}
    assert found == {
        (column, "not_evaluated", "critical")
        for column in (
            "question",
            "cell_known",
            "id_agrees",
            "position_follows",
            "point_stands",
            "list_follows",
            "label_tells_apart",
            "focus_group, section, question, position",
            "limited_points",
            "heading_uncoded",
            "is_coded",
        )
    }


@pytest.mark.parametrize(
    "told",
    [
        {"type": "expect_column_values_to_be_splendid", "column": "text"},
        {"type": "expect_column_values_to_match_regex", "column": "text", "regex": "("},
        {"type": "expect_column_values_to_be_between", "column": "text", "max_value": 3},
        {"type": "expect_column_values_to_be_in_set", "column": "text", "vaule_set": []},
    ],
    ids=["type", "regex", "kind of value", "argument"],
)
def test_expectation_that_cannot_be_evaluated_is_critical(
    tables: Tables, context: GuardContext, told: dict[str, object]
) -> None:
    """An expectation that is written wrongly is told as not evaluated, and not dropped."""
    report = guard(tables, context, stage="received", suites=[_made_up(**told)])

    assert (report.outcomes[0].verdict, report.outcomes[0].severity) == (
        "not_evaluated",
        "critical",
    )


def test_guarding_twice_tells_the_same(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """The same tables give the same report, byte by byte."""
    put(("segments", 5, "text", ""), ("segments", 6, "role", ""))(tables)

    first = guard(tables, context, stage="received", suites=suites)
    second = guard(tables, context, stage="received", suites=suites)

    assert first.to_json() == second.to_json()


def test_guarding_leaves_the_tables_as_they_are(
    tables: Tables, context: GuardContext, suites: Suites
) -> None:
    """Guarding adds no column to the tables that it is given."""
    before = {name: table.copy() for name, table in tables.items()}

    guard(tables, context, stage="received", suites=suites)

    assert all(tables[name].equals(before[name]) for name in before)


def test_expectation_on_whole_table_concerns_every_place(
    tables: Tables, context: GuardContext
) -> None:
    """An expectation without rows falls short everywhere."""
    suite = _made_up(type="expect_table_row_count_to_be_between", min_value=100)

    outcome = guard(tables, context, stage="received", suites=[suite]).outcomes[0]

    assert (outcome.verdict, outcome.rows, outcome.everywhere, outcome.message) == (
        "fell_short",
        (),
        True,
        "Made up: the whole of segments.csv.",
    )
