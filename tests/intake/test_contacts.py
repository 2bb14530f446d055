"""Contacts and those they belong to: no submission keeps them, and each is accounted for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.intake.account import CONTACTS, NO_CELL
from analysis.intake.contacts import WITHHELD, withhold_contacts
from analysis.intake.line_reader import read_lines
from analysis.intake.lines import Block, TemplateLine
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.intake.submission import Submission
    from intake.conftest import Read

ORGANISED = ("Organization leading discussion", "Network X")
ANSWER = "Come to the shore."
ANSWERED = (read_instrument().question_text("recommendations.key"), ANSWER)


def line(number: int, content: tuple[str, str] | str) -> TemplateLine:
    """Return a line of a document: a row of a table, or a paragraph outside of it."""
    is_row = isinstance(content, tuple)
    first, second = content if isinstance(content, tuple) else (content, "")
    blocks = tuple(Block("prose", text) for text in filter(None, [second if is_row else first]))
    return TemplateLine(
        number, first, second, is_row, follows_gap=False, where=f"line {number}", blocks=blocks
    )


def read_contents(contents: Iterable[tuple[str, str] | str]) -> Submission:
    """Return the submission in some rows and paragraphs."""
    lines = [line(number, each) for number, each in enumerate(contents, start=1)]
    return read_lines(lines, "sent.docx")


def answers(submission: Submission) -> list[str]:
    return [point.text for point in submission.points]


@pytest.mark.parametrize(
    ("rows", "contacts"),
    [
        ([("Contact person", "Jane Doe"), ("", "Mary Roe, P.O. Box 7")], 2),
        ([("Contact person", ""), ("", "Jane Doe"), ("", ""), ("", "Mary Roe")], 2),
        ([("Contact person", "Jane Doe"), ("Date", "2020-05-01"), ("", "in the morning")], 1),
    ],
)
def test_rows_below_a_contact_belong_to_it(rows: list[tuple[str, str]], contacts: int) -> None:
    """A second person in a row of its own lengthens no fact above the first."""
    submission = read_contents([ORGANISED, *rows, ANSWERED])

    assert submission.facts["organiser"] == "Network X"
    assert submission.facts.get("held_on", "") in ("", "2020-05-01 in the morning")
    assert not {"Jane", "Mary"} & set(repr(submission.facts).split())
    assert submission.account.set_aside[CONTACTS] == contacts
    assert submission.account.is_balanced


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    ("below", "kept", "dropped"),
    [
        (["Those to inform:", "Jane Doe", "jane@lake.example", "Mary Roe"], 0, 4),
        (["Jane Doe, 0700 123 4567", "We keep boats for all of them."], 0, 2),
        (["We ask for boats and for nets.", "Jane", "jane@lake.example"], 1, 2),
    ],
)
def test_contacts_below_the_last_answer_are_left_out(
    below: list[str], kept: int, dropped: int, language: str
) -> None:
    """Lines that lead to an address and follow it are counted, reported, and not kept."""
    asked = read_instrument(language).question_text("recommendations.key")
    submission = read_contents([(asked, ANSWER), *below])

    assert answers(submission) == [ANSWER, *below[:kept]]
    assert submission.account.set_aside[CONTACTS] == dropped
    assert submission.account.is_balanced
    assert sorted(each.what for each in submission.repairs) == [
        f"line {number}: left out contacts" for number in range(kept + 2, len(below) + 2)
    ]
    ((place, what),) = [(each.place, each.what) for each in submission.suspicions]
    assert place == f"line {next(n for n, x in enumerate(below, 2) if '@' in x or '07' in x)}"
    assert what == "contacts below an answer: they and the lines after them were left out"


@pytest.mark.parametrize(("page", "kept"), [(1, ""), (2, " and to the islands.")])
def test_answer_goes_on_below_contacts_at_the_foot_of_a_page(page: int, kept: str) -> None:
    """A row that goes on over the page goes on with its answer, whatever stood between."""
    lines = [
        line(1, ANSWERED),
        replace(line(2, "A network, 0700 123 4567"), where="page 1 line 1"),
        replace(line(3, ("", "and to the islands.")), continues=True, where=f"page {page} row 1"),
    ]

    submission = read_lines(lines, "sent.pdf")

    assert answers(submission) == [f"{ANSWER}{kept}"]
    assert submission.account.set_aside[CONTACTS] == 1 + (not kept)
    assert submission.account.is_balanced


def test_contact_within_an_answer_ends_no_answer() -> None:
    """Under a heading, and in a cell, an address is left out of its sentence alone."""
    above = ["EMERGING PATTERNS", "Write to jane@lake.example.", "Crews trust crews."]
    submission = read_contents([*above, (ANSWERED[0], "Call 0700 123 4567."), ANSWER])

    assert answers(submission) == [
        "Write to [contact withheld].",
        "Crews trust crews.",
        "Call [contact withheld].",
        ANSWER,
    ]
    assert NO_CELL not in submission.account.set_aside
    assert submission.suspicions == ()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Telephone: nobody has airtime, so referrals fail.", True),
        ("Contact: it is Jane Doe of the lake.", False),
        ("Contact: call the clinic at 0700 123 4567.", False),
        ("Telephone: none", False),
        ("- Telephone: none", True),
    ],
)
def test_label_of_a_contact_may_start_an_answer(line: str, kept: bool, read: Read) -> None:  # noqa: FBT001
    """It does where a sentence follows it that names nobody, and in an item of a list."""
    submission = read("sent.txt", f"EMERGING PATTERNS\n\n{line}\n")

    assert [each.text for each in submission.points] == [line.removeprefix("- ")] * kept
    assert submission.account.set_aside.get(CONTACTS, 0) == (not kept)


@pytest.mark.parametrize(
    "contact",
    [
        "first.last+hiv@mail.example.org",
        "team@localhost",
        "first- last@mail.example.org",
        "first.last@sex-workers-\nnetwork.example.org",
        "first.last@long-ho st.example",
        "+000 22 333 4444",
        "00 000 22 33 44 55",
        "0700 123 456",
        "(020) 123-4567",
    ],
)
def test_withholds_contacts(contact: str):
    """E-mail addresses and telephone numbers go, and nothing around them."""
    assert withhold_contacts(f"Ask {contact}, please.") == (f"Ask {WITHHELD}, please.", 1)


@pytest.mark.parametrize(
    "text",
    ["2020-2030", "12/10/2020", "15 members, 5 others", "95-95-95", "USD 1 000 000 000", "@peers"],
)
def test_keeps_other_numbers_and_signs(text: str):
    """Years, dates, counts and amounts are no contacts."""
    assert withhold_contacts(text) == (text, 0)


@pytest.mark.parametrize(
    "phones",
    [
        "0712345678 0722345678",
        "0712345678,0722345678",
        "0712 345 678 0722 345 678",
        "+254712345678 +254722345678",
        "+254 712 345 678; 0722 345678",
    ],
)
def test_numbers_in_a_row_are_all_withheld(phones: str) -> None:
    """Of two telephone numbers side by side neither stays."""
    text, count = withhold_contacts(f"Call {phones}.")

    assert not set("0123456789") & set(text)
    assert count == 2
