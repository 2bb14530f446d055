from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defects import put

from analysis.quality.guard_context import PARAMETERS, context_of
from analysis.quality.guarded_columns import DERIVED, add_guarded_columns, missing_columns
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from defects import Tables

    from analysis.quality.guard_context import GuardContext


def test_derived_columns_are_added_on_the_same_rows(tables: Tables, context: GuardContext) -> None:
    """Each table keeps its rows and gains the columns that are derived for it."""
    guarded = add_guarded_columns(tables, context)

    assert {name: list(table.columns) for name, table in guarded.items()} == {
        name: [*COLUMNS[name], *(each.name for each in DERIVED if each.table == name)]
        for name in COLUMNS
    }


def test_subpoints_count_as_their_point(tables: Tables, context: GuardContext) -> None:
    """A point with sub-points is one point, and prose is none."""
    put(("segments", 6, "position", "1a"), ("segments", 6, "role", "subpoint"))(tables)

    guarded = add_guarded_columns(tables, context)["segments"]

    assert guarded["limited_points"].tolist() == [0, 0, 0, 1, 1, 1]


def test_text_is_compared_within_its_focus_group(tables: Tables, context: GuardContext) -> None:
    """The same words from two focus groups are two voices."""
    put(("segments", 7, "text", "Stop fines."))(tables)

    guarded = add_guarded_columns(tables, context)["segments"]

    assert guarded["said_once"].all()


@pytest.mark.parametrize(
    ("written", "is_date"),
    [
        ("2020-10-12", True),
        ("2020-02-29", True),
        ("2019-02-29", False),
        ("2020-1-5", False),
        ("12/10/2020", False),
        ("October 2020", False),
        ("2020-10-12T10:00", False),
    ],
)
def test_date_is_a_day_of_the_calendar(
    tables: Tables,
    context: GuardContext,
    written: str,
    is_date: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Only a day that was, written YYYY-MM-DD, is a date."""
    put(("focus_groups", 2, "held_on", written))(tables)

    guarded = add_guarded_columns(tables, context)["focus_groups"]

    assert guarded.loc[2, "held_on_is_date"] == is_date


def test_column_without_its_sources_is_left_out(tables: Tables, context: GuardContext) -> None:
    """A derived column that cannot be computed is told by what it lacks."""
    del tables["focus_groups"]["consent"]

    guarded = add_guarded_columns(tables, context)

    assert (
        "consent_lets_count" in guarded["segments"],
        missing_columns("segments", "consent_lets_count", guarded),
    ) == (False, ("focus_groups.consent",))


def test_readme_explains_every_derived_column(root: Path) -> None:
    """Experts find each derived column with its meaning, and each parameter, beside the suites."""
    readme = (root / "expectations" / "README.md").read_text(encoding="utf-8")

    unexplained = [
        *(c.name for c in DERIVED if f"| `{c.table}` | `{c.name}` | {c.meaning} |" not in readme),
        *(name for name in PARAMETERS if f"| `{name}` |" not in readme),
    ]
    assert unexplained == []


def test_context_is_taken_from_the_study(root: Path) -> None:
    """What a study allows comes from its settings, codebook, instrument and places."""
    context = context_of(open_study(root, "africa-2020"))

    assert (
        (len(context.themes), len(context.codes), len(context.cells), len(context.limited_cells)),
        (context.places["KEN"], context.places["esa"], context.places["africa"]),
        (context.coders, context.as_of, context.max_points, context.synthetic),
    ) == (
        (9, 33, 18, 16),
        ("country", "region", "continent"),
        (("model-a", "model-b"), "2020-12-31", 5, False),
    )
