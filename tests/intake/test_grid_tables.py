from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.limits import receive
from analysis.intake.markdown_text import read_markdown_text, remove_marks

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.intake.submission import Submission

GRID = """\
+----------------------+--------------------------+
| **What concerns      | - Nobody asks the        |
| us?**                |   crews                  |
|                      | - Night work\\: call      |
|                      |   jane\\_doe\\@lake.example |
|                      |                          |
|                      |   - by the shore         |
+======================+==========================+
| What gives us hope?  | We _do                   |
|                      | meet_.                   |
|                      |                          |
|                      | And Nairobi \\| helps.    |
+----------------------+--------------------------+
"""
BORDERED = """\
+---------------------+---------+
| Question            | Answer  |
+---------------------+---------+
| What concerns us?   | Nets.   |
| What gives us hope? | Boats.  |
|                     | Fuel.   |
+---------------------+---------+
"""


def read(tmp_path: Path, text: str) -> Submission:
    path = tmp_path / "sent.md"
    path.write_text(f"REACHING THE PERSON\n\n{text}", encoding="utf-8")
    return read_markdown_text(receive(path))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            GRID,
            [
                ("concerns.1", "Nobody asks the crews"),
                ("concerns.2", "Night work: call [contact withheld]"),
                ("concerns.2a", "by the shore"),
                ("hope.p1", "We do meet."),
                ("hope.p2", "And Nairobi | helps."),
            ],
        ),
        (BORDERED, [("concerns.p1", "Nets."), ("hope.p1", "Boats."), ("hope.p2", "Fuel.")]),
    ],
)
def test_cell_has_as_many_lines_as_it_needs(
    table: str, expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    """A wrapped question is known, and its answer whole; rows without borders stay apart."""
    submission = read(tmp_path, table)

    assert [(each.place.partition(".")[2], each.text) for each in submission.points] == expected
    assert submission.remainder == ()
    assert submission.account.is_balanced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_one_ __two__ ___three___", "one two three"),
        ("_over\nlines_ _not\n\nover paragraphs_", "over\nlines _not\n\nover paragraphs_"),
        ("_a | b_ my_own_name ____ _", "_a | b_ my_own_name ____ _"),
        (r"\_kept\_ 5 \* 3 it\'s \<b\> \\ C:\Users", r"_kept_ 5 * 3 it's &lt;b> \ C:\Users"),
        ("broken\\\nhere\\ ", "broken\nhere "),
        ("_not closed\\_", "_not closed_"),
    ],
)
def test_marks_of_markdown_are_no_words(text: str, expected: str) -> None:
    """Underscores around words and backslashes before signs go, and nothing else."""
    assert remove_marks(text) == expected
