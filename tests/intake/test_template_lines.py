from __future__ import annotations

import pytest

from analysis.intake.lines import TemplateLine
from analysis.intake.markdown_text import split_lines


@pytest.mark.parametrize(
    ("line", "first", "second", "is_row"),
    [
        ("Why?\tBecause.", "Why?", "Because.", True),
        ("\tand more", "", "and more", True),
        ("Why?\tBecause\tof it.", "Why?", "Because\tof it.", True),
        ("| Why? | Because. |", "Why?", "Because.", True),
        (r"| Why? | This \| that. |", "Why?", "This | that.", True),
        ("Because.  ", "Because.", "", False),
        ("  - Because.\tSo.", "  - Because.\tSo.", "", False),
    ],
)
def test_splits_rows_into_question_and_answer(line: str, first: str, second: str, is_row: bool):  # noqa: FBT001
    """Tabs and bars part cells; a list item is no row."""
    assert list(split_lines(line)) == [TemplateLine(1, first, second, is_row, follows_gap=False)]


@pytest.mark.parametrize("rule", ["", "   ", "\f", "--\t--", "|---|:--:|", "-----"])
def test_empty_lines_and_rules_are_gaps(rule: str):
    """What stands between lines is kept only as a gap above the next."""
    lines = [
        (line.number, line.follows_gap) for line in split_lines(f"one\r\n{rule}\r\ntwo\r\nthree")
    ]

    assert lines == [(1, False), (3, True), (4, False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one", True),
        ("  * one", True),
        ("\u2022one", True),
        ("- ", True),
        ("one", False),
        ("-one-", False),
    ],
)
def test_bullet_makes_a_line_an_item(text: str, expected: bool):  # noqa: FBT001
    """A Markdown bullet or a bullet glyph at the start tells a list item."""
    assert next(split_lines(text)).is_item == expected
