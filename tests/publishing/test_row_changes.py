from __future__ import annotations

import pandas as pd
import pytest

from analysis.publishing.row_changes import KEYS, changed_rows, revert_row
from analysis.tables.received import COLUMNS

CODINGS = [("s1", "hope", "ann"), ("s2", "hope", "ann"), ("s3", "fear", "bot")]


def table(name: str, *rows: tuple[str, ...]) -> pd.DataFrame:
    columns = COLUMNS[name]
    return pd.DataFrame(
        [row + ("",) * (len(columns) - len(row)) for row in rows], columns=columns, dtype="str"
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "text"),
    [
        ("code_applications", CODINGS[:2], CODINGS, "added s3, fear, bot"),
        ("code_applications", CODINGS, CODINGS[:2], "removed s3, fear, bot"),
        (
            *("code_applications", CODINGS, [*CODINGS[:2], ("s3", "hope", "bot")]),
            "s3 by bot: fear → hope",
        ),
        ("codebook", [("hope", "", "Hope", "x")], [("hope", "", "Hope", "y")], "redefined hope"),
        ("codebook", [("hope", "", "Hope", "x")], [("hope", "", "Hopes", "x")], "renamed hope"),
        ("codebook", [("hope", "", "Hope")], [("hope", "theme", "Hope")], "changed hope (parent)"),
        ("segments", [("Jane Doe", "ken")], [("Jane Doe", "uga")], "(not an id) (focus_group)"),
    ],
)
def test_changed_row_is_named_and_can_be_reverted(
    name: str, before: list[tuple[str, ...]], after: list[tuple[str, ...]], text: str
) -> None:
    """One row of a table that differs is named by its ids, and put back where it was."""
    old, new = table(name, *before), table(name, *after)

    (change,) = changed_rows(old, new, name)

    assert text in change.text
    assert "Jane" not in change.text
    header, *rows = revert_row(old, new, change)
    assert (header, rows) == (list(COLUMNS[name]), old.to_numpy().tolist())


def test_codes_that_a_coder_swapped_are_moved_once_each() -> None:
    """Two codes of one segment that became two others are two moves, and no row besides."""
    old = table("code_applications", ("s1", "hope", "ann"), ("s1", "fear", "ann"))
    new = table("code_applications", ("s1", "care", "ann"), ("s1", "work", "ann"), CODINGS[1])

    found = [each.text for each in changed_rows(old, new, "code_applications")]

    assert found == [
        "code_applications: s1 by ann: hope → care",
        "code_applications: s1 by ann: fear → work",
        "code_applications: added s2, hope, ann",
    ]
    assert set(KEYS) == set(COLUMNS)
