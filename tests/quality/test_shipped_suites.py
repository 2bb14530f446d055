from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from defects import DEFECTS, Defect

from analysis.quality.context import context_of
from analysis.quality.derived import derived_of
from analysis.quality.evaluation import check_tables
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS, read_received

if TYPE_CHECKING:
    from pathlib import Path

    from defects import Tables

    from analysis.quality.context import CheckContext
    from analysis.quality.suites import Suite

    Suites = tuple[Suite, ...]


def _alone(suites: Suites, table: str, fault: str) -> Suite:
    """Give the suite of a table with the one expectation of a fault."""
    suite = _suite(suites, table)
    return replace(suite, expectations=tuple(e for e in suite.expectations if e.fault == fault))


def _suite(suites: Suites, table: str) -> Suite:
    return next(suite for suite in suites if suite.table == table)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: " ".join(defect.key))
def test_defect_is_found_in_its_rows(
    tables: Tables,
    context: CheckContext,
    suites: Suites,
    defect: Defect,
) -> None:
    """Each small defect makes its expectation fall short in the rows that hold it."""
    suite = _alone(suites, *defect.key)
    (expectation,) = suite.expectations
    defect.change(tables)

    report = check_tables(tables, context, stage=expectation.stages[0], suites=[suite])

    (outcome,) = (each for each in report.outcomes if each.expectation == expectation.id)
    assert (outcome.verdict, outcome.severity, outcome.failing) == (
        "fell_short",
        expectation.severity,
        len(defect.rows),
    )
    if outcome.stage == "received" and defect.rows:
        assert report.failing_rows[expectation.id].rows == defect.rows


def test_words_of_any_script_are_text(
    tables: Tables, context: CheckContext, suites: Suites
) -> None:
    """No pattern takes letters of any script, or signs of plain text, for a fault."""
    tables["segments"].loc[4:7, "text"] = [
        "\u1230\u120b\u121d",
        "\u0633\u0644\u0627\u0645",
        "\u00c9t\u00e9 \u00e0 S\u00e3o Tom\u00e9, 3 < 5 & 7 > 6",
        "None of us was asked.",
    ]

    report = check_tables(tables, context, stage="received", suites=suites)

    assert [outcome.message for outcome in report.outcomes if not outcome.held] == []


def test_every_expectation_has_its_defect(suites: Suites) -> None:
    """No expectation ships that no defect makes fall short."""
    shipped = [(suite.table, each.fault) for suite in suites for each in suite.expectations]

    assert sorted(defect.key for defect in DEFECTS) == sorted(shipped)


def test_readers_are_not_shown_words_of_tables(suites: Suites) -> None:
    """Pages speak of passages and answers, and of no rows, cells or files."""
    said = {
        text
        for suite in suites
        for each in suite.expectations
        for text in (each.notes, each.fault, each.expected, each.caveat)
    }
    jargon = r"(?i)\b(segments?|cells?|rows?|columns?|suites?|sha256|\w+\.(csv|yaml))\b"

    assert [text for text in said if re.search(jargon, text)] == []


def test_every_column_is_checked_or_may_be_blank(suites: Suites) -> None:
    """Each column of each table is in an expectation, unless it may be blank."""
    spoken_of = {
        need
        for suite in suites
        for each in suite.expectations
        for column in each.columns
        for need in _needs(suite.table, column)
    }
    may_be_blank = {f"{suite.table}.{column}" for suite in suites for column in suite.may_be_blank}

    every = {f"{table}.{column}" for table, columns in COLUMNS.items() for column in columns}
    assert every - spoken_of - may_be_blank == set()


def _needs(table: str, column: str) -> tuple[str, ...]:
    derived = derived_of(table).get(column)
    return derived.needs if derived else (f"{table}.{column}",)


def test_real_study_falls_short_of_one_warning_only(root: Path, suites: Suites) -> None:
    """The real study has seven points under STOP, where five are asked for, and no other fault."""
    opened = open_study(root, "africa-2020")
    received = read_received(opened.folder)

    report = check_tables(received.by_name(), context_of(opened), stage="received", suites=suites)

    short = [(o.severity, o.failing, o.cells) for o in report.outcomes if not o.held]
    assert short == [("warning", 7, ("recommendations.stop",))]
