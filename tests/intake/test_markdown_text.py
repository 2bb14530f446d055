from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.errors import SourceError
from analysis.intake.limits import receive
from analysis.intake.markdown_text import read_markdown_text

if TYPE_CHECKING:
    from analysis.intake.submission import Submission
    from intake.conftest import Read

DATA = Path(__file__).parent / "data"
SOURCE = Path("data") / "source" / "unaids-africa-focus-group-2020.txt"

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


@pytest.fixture(scope="module")
def whole() -> Submission:
    """Give an invented submission in which everything occurs that a reader meets."""
    return read_markdown_text(receive(DATA / "whole.txt"))


@pytest.fixture(scope="module")
def published(shared: Path) -> Submission:
    """Give the published continental submission of 12 October 2020."""
    return read_markdown_text(receive(shared / SOURCE))


def texts(submission: Submission, cell: str) -> dict[str, str]:
    return {point.position: point.text for point in submission.points if point.cell == cell}


def test_reads_facts_without_markup_and_contacts(whole: Submission):
    """Facts carry the wording after their label; contacts never come in."""
    assert whole.facts == {
        "place": "Two lake districts",
        "organiser": "A network of fishing communities",
        "held_on": "3 March 2021",
        "theme": "Testing on the water",
        "participants": "6 from fishing networks, write to [contact withheld]",
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "theme.introduction",
            {
                "1": "Boats leave before clinics open.",
                "2": "Few clinics stand \u201cnear\u201d the shore.",
                "3": "Most crews share one phone.",
            },
        ),
        ("reaching_person.situation", {"p1": "Crews test late & seldom."}),
        (
            "reaching_person.concerns",
            {"1": "Nobody asks the crews", "2": "Night work hides us; call [contact withheld]"},
        ),
        (
            "reaching_person.hope",
            {"1": "A boat clinic", "2": "Peer visits:", "2a": "by day", "2b": "by night"},
        ),
        ("reaching_person.constraints", {"p1": "Fuel < money, and money > time."}),
        (
            "structures.situation",
            {
                "p1": "The clinics open late.",
                "p2": "We miss:",
                "1": "Early hours",
                "2": "Staff who wait until the last boat is back and the nets are hung to dry.",
                "3": "A night line",
            },
        ),
        ("structures.concerns", {"1": "Stock runs out", "2": "Records get wet"}),
        (
            "context.hope",
            {
                "p1": "Plans that work include:",
                "1": "Learning:",
                "1a": "From peers",
                "1b": "From nurses",
                "2": "Savings:",
                "2a": "In groups",
            },
        ),
        (
            "emerging.patterns",
            {
                "1": "Distance costs more than fear does.",
                "2": "Crews trust crews.",
                "2a": "Most of all at night.",
            },
        ),
        ("recommendations.continue", {"1": "Continue the boat clinic."}),
        ("recommendations.stop", {"1": "Stop closing at noon."}),
        ("recommendations.start", {"1": "Start at five."}),
        ("recommendations.key", {"p1": "Come to the shore.", "p2": "Stay there."}),
    ],
)
def test_reads_the_points_of_a_cell(whole: Submission, cell: str, expected: dict[str, str]):
    """Each cell gives its points, sub-points and prose, whole and in order."""
    assert texts(whole, cell) == expected


def test_lead_ins_differ_from_prose(whole: Submission):
    """Prose that ends in a colon above a list announces it."""
    lead_ins = [point.place for point in whole.points if point.role == "lead_in"]

    assert lead_ins == ["structures.situation.p2", "context.hope.p1"]


def test_repairs_are_reported(whole: Submission):
    """Each repair names its cell, its line and what was done, and quotes nothing."""
    repairs = [(repair.place, repair.what) for repair in whole.repairs]

    assert repairs == [
        ("participants", "line 15: left out contacts (1)"),
        ("theme.introduction", "line 22: joined a list cut by a page break"),
        ("structures.situation", "line 34: joined a row cut by a page break in mid-sentence"),
        ("recommendations.continue", "line 54: left out the prompt of the template"),
        ("recommendations.stop", "line 55: left out the prompt of the template"),
        ("reaching_person.concerns", "position 2: left out contacts (1)"),
    ]


def test_leaves_no_line_of_the_answers_unread(whole: Submission):
    """Where every line belongs to a cell or to the template, there is no remainder."""
    assert whole.remainder == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("\tA cell without question.", ("line 60",)),
        ("What worries us?\tFuel.", ("line 60",)),
        ("A paragraph after the end.", ("line 60",)),
        ("- An item after the end.", ("line 60",)),
        ("CONTEXTUAL ENVIRONMENT\tFuel.", ("line 60",)),
        ("| ... | Fuel. |", ("line 60",)),
        ("?\t", ("line 60",)),
    ],
)
def test_names_lines_that_belong_to_no_cell(line: str, expected: tuple[str, ...], read: Read):
    """A line among or after the answers that no question heads is named by its number."""
    text = (DATA / "whole.txt").read_text(encoding="utf-8")

    assert read("sent.txt", f"{text.rstrip()}\n{line}\n").remainder == expected


def test_line_below_an_answer_belongs_to_it(read: Read):
    """A stray line is never lost: it lengthens the answer that it follows, or is prose of it."""
    submission = read("sent.txt", "EMERGING PATTERNS\n- Trust\nand fuel.\n\nMore of it.\n")

    assert texts(submission, "emerging.patterns") == {"1": "Trust and fuel.", "p1": "More of it."}


def test_list_item_is_never_taken_for_a_heading(read: Read):
    """A point that says just what a heading says is a point."""
    submission = read("sent.txt", "EMERGING PATTERNS\n- Stop\n- Continue\n")

    assert texts(submission, "emerging.patterns") == {"1": "Stop", "2": "Continue"}


def test_prompt_of_another_question_is_an_answer(read: Read):
    """Only a question's own prompt is left out of its answer."""
    submission = read("sent.txt", "STOP\t<p>What is working that we must continue to do?</p>\n")

    assert list(texts(submission, "recommendations.stop")) == ["p1"]


def test_earlier_fact_is_kept(read: Read):
    """Where two lines state a fact differently, the first is kept and the second reported."""
    submission = read("sent.txt", "Date: 3 March\nDate of discussion: 4 March\nSTOP\tWaiting.\n")

    assert submission.facts == {"held_on": "3 March"}
    assert [repair.place for repair in submission.repairs] == ["held_on"]


def test_byte_order_mark_and_line_ends_change_nothing(read: Read, whole: Submission):
    """The same text saved by another program is the same submission."""
    text = (DATA / "whole.txt").read_text(encoding="utf-8")

    assert read("sent.md", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()) == whole


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STOP\tWaiting.", ["Waiting."]),
        ("STOP\tWaiting\tin line.", ["Waiting in line."]),
        ("STOP\tWaiting.\n\tMore of it.", ["Waiting.", "More of it."]),
        ("| STOP | Waiting. |", ["Waiting."]),
        (r"| STOP | This \| that. |", ["This | that."]),
        ("STOP\nWaiting.  ", ["Waiting."]),
        ("STOP\n  - Waiting.\tIn line.", ["Waiting. In line."]),
        ("STOP\n-one-", ["-one-"]),
    ],
)
def test_tabs_and_bars_separate_a_question_from_its_answer(
    text: str, expected: list[str], read: Read
):
    """A row has a tab or bars; a list item with a tab in it is no row."""
    assert [each.text for each in read("sent.txt", f"{text}\n").points] == expected


@pytest.mark.parametrize("rule", ["", "   ", "\f", "--\t--", "|---|:--:|", "-----"])
def test_empty_lines_and_rules_separate_paragraphs(rule: str, read: Read):
    """A line right below another belongs to its paragraph, and one below a rule doesn't."""
    submission = read("sent.txt", f"STOP\r\nOne.\r\n{rule}\r\nTwo.\r\nThree.")

    assert texts(submission, "recommendations.stop") == {"p1": "One.", "p2": "Two. Three."}


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
    table: str, expected: list[tuple[str, str]], read: Read
) -> None:
    """A wrapped question is known, and its answer whole; rows without borders stay apart."""
    submission = read("sent.md", f"REACHING THE PERSON\n\n{table}")

    assert [(each.place.partition(".")[2], each.text) for each in submission.points] == expected
    assert submission.remainder == ()
    assert submission.account.is_balanced


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("_one_ __two__ ___three___", ["one two three"]),
        ("_over\nlines_ _not.\n\nOver paragraphs_", ["over lines _not.", "Over paragraphs_"]),
        ("_a | b_ my_own_name ____ _", ["_a | b_ my_own_name ____ _"]),
        (r"\_kept\_ 5 \* 3 it\'s \<b\> \\ C:\Users", [r"_kept_ 5 * 3 it's <b> \ C:\Users"]),
        ("broken\\\nhere\\ ", ["broken here"]),
        ("_not closed\\_", ["_not closed_"]),
    ],
)
def test_marks_of_markdown_are_no_words(text: str, expected: list[str], read: Read) -> None:
    """Underscores around words and backslashes before signs go, and nothing else."""
    submission = read("sent.md", f"STOP\n{text}\n")

    assert [each.text for each in submission.points] == expected
    assert submission.remainder == ()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a_pdf.txt", "a_pdf.txt is not what its name says: it is a PDF"),
        ("not_utf8.txt", "line 1: byte 22 is no UTF-8 character"),
        ("empty.txt", "empty.txt is empty"),
        ("other_form.txt", "has no question of the template"),
        ("repeated_question.txt", "line 4: reaching_person.concerns, answered on line 2 before"),
        ("many_subpoints.txt", "A point of context.concerns has more than 26 sub-points"),
        ("absent.txt", "absent.txt does not exist"),
    ],
)
def test_refuses_what_it_cannot_read(name: str, message: str):
    """Each unreadable file is refused with what is wrong, where, and what to do."""
    with pytest.raises(SourceError, match=message) as refusal:
        read_markdown_text(receive(DATA / name))

    assert refusal.value.remedy


def test_published_submission_has_the_points_counted_by_hand(published: Submission):
    """Points, without sub-points, prose and lead-ins, as counted in the document."""
    points = Counter(point.cell for point in published.points if point.role == "point")
    domains = {
        "reaching_person": [0, 3, 2, 3],
        "structures": [4, 3, 1, 2],
        "context": [5, 5, 4, 5],
    }
    questions = ["situation", "concerns", "hope", "constraints"]
    expected = {
        f"{domain}.{question}": count
        for domain, counts in domains.items()
        for question, count in zip(questions, counts, strict=True)
        if count
    } | {
        "theme.introduction": 6,
        "emerging.patterns": 5,
        "recommendations.continue": 3,
        "recommendations.stop": 7,
        "recommendations.start": 5,
    }

    assert points == expected


def test_published_submission_has_nine_subpoints_and_three_lead_ins(published: Submission):
    """Sub-points, lead-ins and prose, as counted in the document."""
    roles = Counter((point.role, point.cell) for point in published.points if point.role != "point")

    assert roles == {
        ("prose", "reaching_person.situation"): 1,
        ("prose", "context.situation"): 1,
        ("lead_in", "context.situation"): 1,
        ("lead_in", "context.concerns"): 1,
        ("lead_in", "context.hope"): 1,
        ("subpoint", "context.hope"): 9,
        ("prose", "context.constraints"): 1,
        ("prose", "recommendations.key"): 3,
    }


def test_published_submission_is_read_to_the_end(published: Submission):
    """No line of the answers is left, and every cut and prompt is reported."""
    kinds = Counter(repair.what.partition(": ")[2] for repair in published.repairs)

    assert published.remainder == ()
    assert kinds == {
        "kept the value of an earlier line": 1,
        "joined a list cut by a page break": 1,
        "joined a row cut by a page break in mid-sentence": 1,
        "joined a row cut by a page break between paragraphs or points": 3,
        "left out the prompt of the template": 3,
    }


def test_published_submission_keeps_no_contact(published: Submission):
    """No sign of an address or telephone number is in any fact or point."""
    kept = " ".join([*published.facts.values(), *(point.text for point in published.points)])

    assert "@" not in kept
    assert "+" not in kept
