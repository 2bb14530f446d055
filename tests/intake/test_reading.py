from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.intake.account import CONTACTS, NO_CELL
from analysis.intake.line_reader import LineReader
from analysis.intake.lines import Block, TemplateLine
from analysis.intake.template_wording import read_wording
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.intake.submission import Submission

ORGANISED = ("Organization leading discussion", "Network X")
SAID = "Come to the shore."
ANSWERED = (read_instrument().question_text("recommendations.key"), SAID)


def line(number: int, said: tuple[str, str] | str) -> TemplateLine:
    """Return a line of a document: a row of a table, or a paragraph outside of it."""
    is_row = isinstance(said, tuple)
    first, second = said if isinstance(said, tuple) else (said, "")
    blocks = tuple(Block("prose", text) for text in filter(None, [second if is_row else first]))
    return TemplateLine(
        number, first, second, is_row, follows_gap=False, where=f"line {number}", blocks=blocks
    )


def read(said: Iterable[tuple[str, str] | str], language: str = "en") -> Submission:
    reading = LineReader(read_wording(language), "sent.docx")
    for number, each in enumerate(said, start=1):
        reading.take(line(number, each))
    return reading.submission("")


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
    """A second person in a row of its own lengthens no fact that stands above the first."""
    submission = read([ORGANISED, *rows, ANSWERED])

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
    """What leads to an address and what follows it is counted, told with places, and not kept."""
    asked = read_instrument(language).question_text("recommendations.key")
    submission = read([(asked, SAID), *below], language)

    assert answers(submission) == [SAID, *below[:kept]]
    assert submission.account.set_aside[CONTACTS] == dropped
    assert submission.account.is_balanced
    assert sorted(each.what for each in submission.repairs) == [
        f"line {number}: left out contacts" for number in range(kept + 2, len(below) + 2)
    ]
    ((place, what),) = [(each.place, each.what) for each in submission.suspicions]
    assert place == f"line {next(n for n, x in enumerate(below, 2) if '@' in x or '07' in x)}"
    assert what == "contacts stand below an answer: they and what follows were left out"


@pytest.mark.parametrize(("page", "kept"), [(1, ""), (2, " and to the islands.")])
def test_answer_goes_on_below_contacts_at_the_foot_of_a_page(page: int, kept: str) -> None:
    """A row that goes on over the page goes on with its answer, whatever stood between."""
    reading = LineReader(read_wording(), "sent.pdf")
    cut = replace(line(3, ("", "and to the islands.")), continues=True, where=f"page {page} row 1")
    reading.take(line(1, ANSWERED))
    reading.take(replace(line(2, "A network, 0700 123 4567"), where="page 1 line 1"))
    reading.take(cut)
    submission = reading.submission("")

    assert answers(submission) == [f"{SAID}{kept}"]
    assert submission.account.set_aside[CONTACTS] == 1 + (not kept)
    assert submission.account.is_balanced


def test_contact_within_an_answer_ends_no_answer() -> None:
    """Under a heading, and in a cell, an address is left out of its sentence alone."""
    said = ["EMERGING PATTERNS", "Write to jane@lake.example.", "Crews trust crews."]
    submission = read([*said, (ANSWERED[0], "Call 0700 123 4567."), SAID])

    assert answers(submission) == [
        "Write to [contact withheld].",
        "Crews trust crews.",
        "Call [contact withheld].",
        SAID,
    ]
    assert NO_CELL not in submission.account.set_aside
    assert submission.suspicions == ()
