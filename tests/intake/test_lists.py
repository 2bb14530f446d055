"""Paragraphs, list items and their positions, in every format."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest
from reportlab.platypus import Paragraph, SimpleDocTemplate

from analysis.errors import SourceError
from intake.filled_templates import Filling, body_style, fill_docx

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.intake.submission import Submission
    from intake.conftest import Read

PROSE, POINT, SUBPOINT = "prose", "point", "subpoint"
LINES = ["EMERGING PATTERNS", "1. Boats.", "2. Nets.", "a) by day", "b) by night", "3. Fuel."]
OTHERS = ["STOP", "1. Fees.", "2. Noon.", "9. No item"]


def as_docx(lines: list[str]) -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(saved)
    return saved.getvalue()


def as_pdf(lines: list[str]) -> bytes:
    written = io.BytesIO()
    SimpleDocTemplate(written, invariant=1).build([Paragraph(line, body_style()) for line in lines])
    return written.getvalue()


def as_html(lines: list[str]) -> bytes:
    return "".join(f"<p>{line}</p>" for line in lines).encode()


def as_txt(lines: list[str]) -> bytes:
    return "\n\n".join(lines).encode()


def answered(submission: Submission) -> list[tuple[str, str]]:
    """Return the role and the text of each point; every item is accounted for."""
    assert submission.account.is_balanced
    return [(each.role, each.text) for each in submission.points]


def placed(submission: Submission) -> list[tuple[str, str]]:
    """Return the position and the text of each point."""
    return [(each.position, each.text) for each in submission.points]


@pytest.mark.parametrize("form", [as_docx, as_pdf, as_html, as_txt])
def test_numbers_count_on_from_line_to_line(form: Callable[[list[str]], bytes], read: Read) -> None:
    """Outside tables too each number that follows opens an item, and each list starts from 1."""
    submission = read(f"sent.{form.__name__.removeprefix('as_')}", form([*LINES, *OTHERS]))

    assert submission.account.is_balanced
    assert [(each.question, each.position, each.text) for each in submission.points] == [
        ("patterns", "1", "Boats."),
        ("patterns", "2", "Nets."),
        ("patterns", "2a", "by day"),
        ("patterns", "2b", "by night"),
        ("patterns", "3", "Fuel."),
        ("stop", "1", "Fees."),
        ("stop", "2", "Noon."),
        ("stop", "p1", "9. No item"),
    ]


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
        ("- ", []),
        ("<p></p> <ul> \u2022 ", []),
    ],
)
def test_markup_is_read_as_paragraphs_and_items(
    markup: str, expected: list[tuple[str, str]], read: Read
) -> None:
    """Paragraphs are prose; bullets of the first kind open points, those below sub-points."""
    assert answered(read("sent.txt", f"EMERGING PATTERNS\n\n{markup}\n")) == expected


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
def test_other_markup_is_text(text: str, read: Read) -> None:
    """Tags other than those of text and lists are kept as they were written."""
    assert answered(read("sent.txt", f"STOP\t{text}\n")) == [(PROSE, text)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["1. Boats", "2. Nets"], [("1", "Boats"), ("2", "Nets")]),
        (
            ["1. Boats", "a) by day", "b) by night"],
            [("1", "Boats"), ("1a", "by day"), ("1b", "by night")],
        ),
        (["- Boats", "\u2022 Nets"], [("1", "Boats"), ("2", "Nets")]),
        (["\uf0b7 Boats", "\u25cb by day"], [("1", "Boats"), ("1a", "by day")]),
        (["\u2022 Boats", "  - by day"], [("1", "Boats"), ("1a", "by day")]),
        (["\u2022 Boats \u2022 Nets"], [("1", "Boats"), ("2", "Nets")]),
        (["\u2022 Boats \u25cb by day"], [("1", "Boats"), ("1a", "by day")]),
        (["- Boats\n- Nets that\nhold"], [("1", "Boats"), ("2", "Nets that hold")]),
        (["2020. A year", "3. No first"], [("p1", "2020. A year"), ("p2", "3. No first")]),
        (["o governo"], [("p1", "o governo")]),
        (["of\ufb01ce wa\u00adter"], [("p1", "office water")]),
        (["<b>bold</b> & 5 < 6"], [("p1", "<b>bold</b> & 5 < 6")]),
        (["**Bold** \u201cquoted\u201d"], [("p1", "**Bold** \u201cquoted\u201d")]),
        (["\u2022", "Boats"], [("p1", "Boats")]),
    ],
)
def test_lists_are_read_as_people_type_them(
    typed: list[str], expected: list[tuple[str, str]], read: Read
) -> None:
    """Typed bullets, dashes, letters and numbers open items; a number that starts high doesn't."""
    filling = Filling({"structures.hope": [("prose", text) for text in typed]})

    assert placed(read("sent.docx", fill_docx(filling))) == expected


def test_points_subpoints_and_prose_are_numbered_apart(read: Read) -> None:
    """Points count from 1, sub-points from a under their point, prose from p1."""
    lines = ["Yes.", "- One", "  - x", "  - y", "- Two", "", "No."]

    submission = read("sent.txt", "\n".join(["STOP", *lines]))

    assert [(each.position, each.role) for each in submission.points] == [
        ("p1", "prose"),
        ("1", "point"),
        ("1a", "subpoint"),
        ("1b", "subpoint"),
        ("2", "point"),
        ("p2", "prose"),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["We need:", "- Time"], "lead_in"),
        (["We need much.", "- Time"], "prose"),
        (["We need:", "", "Time."], "prose"),
        (["We need:"], "prose"),
    ],
)
def test_lead_in_ends_in_colon_above_a_list(lines: list[str], expected: str, read: Read) -> None:
    """Prose is a lead-in only where it ends in a colon and a list item follows."""
    assert read("sent.txt", "\n".join(["STOP", *lines])).points[0].role == expected


def test_subpoint_without_point_above_is_a_point(read: Read) -> None:
    """A list of sub-points alone is a list of points."""
    submission = read("sent.txt", "STOP\n  - x\n  - y\n")

    assert [(each.position, each.role) for each in submission.points] == [
        ("1", "point"),
        ("2", "point"),
    ]


@pytest.mark.parametrize(
    ("above", "below", "is_joined"),
    [
        ("the", "nets", True),
        ("2020", "(and so on)", True),
        ("done.", "nets", False),
        ("(done.)", "nets", False),
        ("so:", "nets", False),
        ("the", "Nets", False),
        ("the", "2020", False),
        ("the", "\u2022 nets", False),
        ("\u2022 the", "nets", True),
    ],
)
def test_sentence_that_a_page_cut_is_joined(
    above: str,
    below: str,
    is_joined: bool,  # noqa: FBT001
    read: Read,
) -> None:
    """It is one where it has no end above, and starts in lower case below, without a bullet."""
    submission = read("sent.txt", f"STOP\t{above}\n\n\t{below}\n")

    texts = [each.strip("\u2022 ") for each in (above, below)]
    assert [each.text for each in submission.points] == ([" ".join(texts)] if is_joined else texts)


def test_more_subpoints_than_letters_are_refused(read: Read) -> None:
    """A 27th sub-point has no position, and the place of its question is named."""
    subpoints = "".join(f"<li>{number}</li>" for number in range(27))
    html = f"<p>STOP</p><ul><li>Many<ul>{subpoints}</ul></li></ul>"

    with pytest.raises(SourceError, match="more than 26 sub-points") as refused:
        read("sent.html", html)

    assert refused.value.offenders == ("paragraph 1: the answer to recommendations.stop",)
