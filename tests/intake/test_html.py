from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import SourceError
from analysis.intake.account import HIDDEN

if TYPE_CHECKING:
    from intake.conftest import Read

PAGE = """<!DOCTYPE html><html><head><title>Sent</title><style>p {{}}</style></head><body>
<p>Country: <b>Kenya</b></p><script>alert(1)</script>
<h2>The structures that respond to HIV</h2>
<div><table><tbody><tr><th><p>What gives us hope?</p></th><td>{answer}</td></tr>
<tr><td></td><td>{cut}</td></tr></tbody></table></div>
<h2>Emerging patterns</h2><ul><li>Trust<ul><li>at night</li></ul></li><li>Fuel</li></ul>
</body></html>"""


def answers(read: Read, answer: str = "<p>Peers.</p>", cut: str = "") -> list[tuple[str, str, str]]:
    submission = read("sent.html", PAGE.format(answer=answer, cut=cut))
    assert submission.account.is_balanced
    assert [each.place for each in submission.suspicions] == ["file"] * ("<img" in answer)
    assert submission.facts == {"place": "Kenya"}
    return [(each.cell, each.position, each.text) for each in submission.points]


def test_reads_rows_and_lists(read: Read) -> None:
    """Answers come from rows and from lists under a heading, and scripts are no words."""
    assert answers(read) == [
        ("structures.hope", "p1", "Peers."),
        ("emerging.patterns", "1", "Trust"),
        ("emerging.patterns", "1a", "at night"),
        ("emerging.patterns", "2", "Fuel"),
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Peers<br>\n- Boats", [("p1", "Peers"), ("1", "Boats")]),
        (
            "<ol><li><p>Peers</p></li><li>Boats &amp; <i>nets</i></li></ol>",
            [("1", "Peers"), ("2", "Boats & nets")],
        ),
        ("<div>Peers<div>Boats</div></div>", [("p1", "Peers"), ("p2", "Boats")]),
        ("<section>a &lt; b</section>", [("p1", "a < b")]),
        ("<p>Peers and\nboats", [("p1", "Peers and boats")]),
        ('<p>Peers</p><img src="data:,"/>', [("p1", "Peers")]),
        ("<b>Peers<br>and <script>x()</script>boats</b>", [("p1", "Peers and boats")]),
        ("<table><tr><td>Peers</td></tr></table>", [("p1", "Peers")]),
    ],
)
def test_reads_what_programs_write(
    read: Read, answer: str, expected: list[tuple[str, str]]
) -> None:
    """Breaks, lists, blocks within blocks and ends of lines are read as a browser shows them."""
    found = answers(read, answer)

    assert [(at, text) for cell, at, text in found if cell == "structures.hope"] == expected


def test_row_that_was_cut_is_joined(read: Read) -> None:
    """A row without question goes on with the answer above."""
    assert ("structures.hope", "p1", "Boats and nets.") in answers(read, "Boats and", "nets.")


def test_page_that_is_nested_too_deep_is_refused(read: Read) -> None:
    """Nothing below the depth that is read is lost without a word."""
    with pytest.raises(SourceError, match="nested too deep"):
        answers(read, "<div>" * 400 + "Lost.")


def test_row_of_one_cell_is_a_heading_or_an_answer(read: Read) -> None:
    """So is the text between rows, which some programs write; an empty row is passed over."""
    page = "<table><tr><td>STOP</td></tr><tr></tr>Boats.<tr><td>- Nets</td></tr></table>"

    submission = read("sent.html", page)

    assert sorted(each.text for each in submission.points) == ["Boats.", "Nets"]
    assert submission.account.is_balanced


def test_page_without_an_element_is_refused(read: Read) -> None:
    """A comment alone is not a page."""
    with pytest.raises(SourceError, match="is not an HTML page"):
        read("sent.html", "<!-- nothing -->")


UNSEEN = {
    "attribute": "<p hidden>Never said.</p>",
    "display": '<div style="DISPLAY: none !important"><p>Never said.</p></div>',
    "visibility": '<span style="visibility:hidden">Never said.</span>',
    "collapse": '<span style="visibility: collapse">Never said.</span>',
    "opacity": '<p style="opacity: 0">Never said.</p>',
    "word": "<span style='mso-hide:all'>Never said.</span>",
    "struck": "<del>Never said.</del>",
    "line-through": '<span style="text-decoration: line-through">Never said.</span>',
    "tiny": '<span style="font-size:1.0pt">Never said.</span>',
    "white": '<p style="color: #FFFFFF">Never said.</p>',
    "font": '<font color="white">Never said.</font>',
    "sheet": '<p class="Note MsoQuiet">Never said.</p>',
}
VISIBLE = {
    "open": '<p style="display: block; opacity: 0.9">Peers.</p>',
    "white-on-dark": '<div style="background: navy"><p style="color:white">Peers.</p></div>',
    "white-on-picture": '<p style="background-image:url(x);color:white">Peers.</p>',
    "white-in-a-dark-cell": '<table><tr><td bgcolor="navy"><font color="white">Peers.</font></td>'
    "</tr></table>",
    "only-in-print": '<p class="screen">Peers.</p>',
    "small": '<p style="font-size:6pt">Peers.</p>',
}
SHEET = (
    "<style><!-- p.MsoQuiet, .x {display:none} @media print {.screen {display:none}} --></style>"
)


@pytest.mark.parametrize("hidden", UNSEEN.values(), ids=UNSEEN)
def test_text_that_nobody_sees_is_left_out_and_reported(hidden: str, read: Read) -> None:
    """Hidden text is not what a host said: it's counted, and its place is reported."""
    page = PAGE.format(answer=f"<p>Peers.</p>{hidden}", cut=SHEET)

    submission = read("sent.html", page)

    assert [each.text for each in submission.points][:1] == ["Peers."]
    assert "Never said" not in repr(submission)
    assert [(each.place, each.what) for each in submission.suspicions] == [
        ("table 1 row 1", HIDDEN)
    ]
    assert submission.account.set_aside[HIDDEN] == 1
    assert submission.account.is_balanced


@pytest.mark.parametrize("answer", VISIBLE.values(), ids=VISIBLE)
def test_text_that_can_be_seen_is_kept(answer: str, read: Read) -> None:
    """White text on a dark ground, and rules for print, hide nothing."""
    assert ("structures.hope", "p1", "Peers.") in answers(read, answer, cut=SHEET)


def test_hidden_row_is_left_out(read: Read) -> None:
    """The row goes with its question; the answer to no other question changes."""
    page = PAGE.format(answer="Peers.", cut="").replace("<tr><th>", "<tr hidden><th>")

    submission = read("sent.html", page)

    assert {each.cell for each in submission.points} == {"emerging.patterns"}
    assert submission.account.set_aside[HIDDEN] == 1
