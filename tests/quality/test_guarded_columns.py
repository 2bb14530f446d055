from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from defects import put

from analysis.quality.guard_context import PARAMETERS, context_of
from analysis.quality.guarded_columns import (
    DERIVED,
    add_guarded_columns,
    derived_of,
    missing_columns,
)
from analysis.quality.linked_tables import LinkedTables
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from defects import Tables

    from analysis.quality.guard_context import GuardContext


def add_all(table: str, tables: Tables, context: GuardContext) -> pd.DataFrame:
    return add_guarded_columns(table, LinkedTables(tables), context, derived_of(table))


@pytest.mark.parametrize("table", COLUMNS)
def test_derived_columns_are_added_on_the_same_rows(
    tables: Tables, context: GuardContext, table: str
) -> None:
    """Each table keeps its rows and gains the columns that are derived for it."""
    guarded = add_all(table, tables, context)

    assert list(guarded.columns) == [
        *COLUMNS[table],
        *(each.name for each in DERIVED if each.table == table),
    ]
    assert guarded.index.equals(tables[table].index)


def test_only_what_is_wanted_is_derived(tables: Tables, context: GuardContext) -> None:
    """A derived column that no expectation speaks of is not worked out."""
    linked = LinkedTables(tables)

    guarded = add_guarded_columns("segments", linked, context, ["text", "said_once"])

    assert list(guarded.columns) == [*COLUMNS["segments"], "said_once"]


def test_subpoints_count_as_their_point(tables: Tables, context: GuardContext) -> None:
    """A point with sub-points is one point, and prose is none."""
    put(("segments", 6, "position", "1a"), ("segments", 6, "role", "subpoint"))(tables)

    guarded = add_all("segments", tables, context)

    assert guarded["limited_points"].tolist() == [0, 0, 0, 1, 1, 1]


def test_text_is_compared_within_its_focus_group(tables: Tables, context: GuardContext) -> None:
    """The same words from two focus groups are two voices."""
    put(("segments", 7, "text", "Stop fines."))(tables)

    guarded = add_all("segments", tables, context)

    assert guarded["said_once"].all()


@pytest.mark.parametrize(
    "text",
    ["STOP arrests.", " Stop\u00a0arrests.", "Stop\n\n arrests. "],
    ids=["case", "no-break space", "lines"],
)
def test_text_is_compared_without_case_and_space(
    tables: Tables, context: GuardContext, text: str
) -> None:
    """The same words in other letters or with other white space are the same words."""
    put(("segments", 6, "text", text))(tables)

    guarded = add_all("segments", tables, context)

    assert guarded["said_once"].tolist() == [True, True, True, False, False, True]


def test_blank_id_is_none(tables: Tables, context: GuardContext) -> None:
    """A segment without an id has no code because an application has no segment."""
    put(("segments", 5, "segment", ""), ("code_applications", 3, "segment", ""))(tables)

    guarded = add_all("segments", tables, context)

    assert guarded.loc[5, "is_coded"] == False  # noqa: E712 - of numpy


def test_position_follows_what_was_received_of_its_own_cell(
    tables: Tables, context: GuardContext
) -> None:
    """What cleaning has set aside is still before what stays, and only in its own cell."""
    received = tables["segments"].copy()
    received["focus_group"], received["section"], received["question"] = "one", "a", "b"
    received["role"] = "point"
    received["position"] = ["1", "2", "3", "5", "6", "7"]
    tables["segments"] = received.iloc[[3, 4]]

    linked = LinkedTables(tables, received)
    guarded = add_guarded_columns("segments", linked, context, ["position_follows"])

    assert guarded["position_follows"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("first", "second", "own"),
    [
        (["Care.", "Peace."], ["Peace.", "Care."], False),
        (["Care.", "Peace."], ["Peace.", "Cars."], True),
        (["Care.", "Care."], ["Care.", "Peace"], True),
        (["Care."], ["Care."], True),
    ],
    ids=["other order", "equally long", "equally many", "one segment"],
)
def test_focus_groups_are_compared_by_all_their_texts(
    tables: Tables,
    context: GuardContext,
    first: list[str],
    second: list[str],
    own: bool,  # noqa: FBT001
) -> None:
    """Two focus groups of several segments that say exactly the same say it in any order."""
    texts = [*first, *second]
    tables["segments"] = tables["segments"].head(len(texts)).copy()
    tables["segments"]["focus_group"] = ["one"] * len(first) + ["two"] * len(second)
    tables["segments"]["text"] = texts

    guarded = add_all("focus_groups", tables, context)

    assert guarded["has_own_words"].tolist() == [own, own]


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

    guarded = add_all("focus_groups", tables, context)

    assert guarded.loc[2, "held_on_is_date"] == is_date


def test_column_without_its_sources_is_left_out(tables: Tables, context: GuardContext) -> None:
    """A derived column that cannot be computed is told by what it lacks."""
    del tables["focus_groups"]["consent"]

    guarded = add_all("segments", tables, context)

    assert (
        "consent_lets_count" in guarded,
        missing_columns("segments", "consent_lets_count", LinkedTables(tables)),
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
