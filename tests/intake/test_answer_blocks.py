from __future__ import annotations

import pytest

from analysis.intake.lines import POINT, PROSE, SUBPOINT, Block, read_markup


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("One. Two.", [(PROSE, "One. Two.")]),
        ("<p>One</p> <p>two</p>", [(PROSE, "One"), (PROSE, "two")]),
        ("<p>One</p> two", [(PROSE, "One"), (PROSE, "two")]),
        ("<ul> \u2022 one \u2022 two", [(POINT, "one"), (POINT, "two")]),
        ("\u2022one\u25cbtwo", [(POINT, "one\u25cbtwo")]),
        ("<ul><li>one</li><li>two</li></ul>", [(POINT, "one"), (POINT, "two")]),
        ("<ul><li>\u2022 one</li></ul>", [(POINT, "one")]),
        ("<ul><li><p>one</p></li></ul><p>two</p>", [(POINT, "one"), (PROSE, "two")]),
        ("<ol><li>one<ul><li>two</li></ul></li></ol>", [(POINT, "one"), (SUBPOINT, "two")]),
        (
            "<ul> \u2022 one <ul> \u25cb two \u2022 three",
            [(POINT, "one"), (SUBPOINT, "two"), (POINT, "three")],
        ),
        ("- one\n- two", [(POINT, "one"), (POINT, "two")]),
        ("- one\n  - two", [(POINT, "one"), (SUBPOINT, "two")]),
        ("- one<br>- two", [(POINT, "one"), (POINT, "two")]),
        ("one<br/>two", [(PROSE, "one two")]),
        ("</ul></li><b>one</b> **two**", [(PROSE, "one two")]),
        ("one -two- three - four", [(PROSE, "one -two- three - four")]),
        ("", []),
        ("-", []),
        ("<p></p> <ul> \u2022 ", []),
    ],
)
def test_tells_paragraphs_and_items(markup: str, expected: list[tuple[str, str]]):
    """Paragraphs are prose; bullets of the first kind open points, those below sub-points."""
    assert [(block.role, block.text) for block in read_markup(markup)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "CD4 < 200 & rising",
        "<!-- hidden --> shown",
        "<style>p {}</style>",
        "$x^2$ and R&copy",
    ],
)
def test_shows_other_markup_as_text(text: str):
    """What is no mark-up of text and lists is kept as it was written."""
    assert read_markup(text) == (Block(PROSE, text),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("the", True), ("done.", False), ("(done.)", False), ("so:", False), ("2020", True)],
)
def test_unfinished_text_stops_before_the_end_of_a_sentence(text: str, expected: bool):  # noqa: FBT001
    """A block is unfinished unless a sentence, or an announcement, ends it."""
    assert Block(PROSE, text).is_unfinished() == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Block(PROSE, "and so on"), True),
        (Block(PROSE, "(and so on)"), True),
        (Block(PROSE, "And so on"), False),
        (Block(POINT, "and so on"), False),
        (Block(PROSE, "2020"), False),
    ],
)
def test_bullet_or_capital_opens_something_new(block: Block, expected: bool):  # noqa: FBT001
    """Only a block without bullet that begins in lower case goes on with a sentence."""
    assert block.opens_in_mid_sentence() == expected
