"""Facts as a submission states them, over lines, rows and page breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import SourceError

if TYPE_CHECKING:
    from analysis.intake.submission import Submission
    from intake.conftest import Read

ASKED = "Would you accept for UNAIDS to make your report publicly available"


def read_facts(read: Read, *lines: str) -> Submission:
    """Return a submission whose first lines are given."""
    return read("sent.txt", "\n".join([*lines, "", "STOP\tWaiting.", ""]))


@pytest.mark.parametrize(
    ("lines", "consent"),
    [
        ([f"{ASKED}: Yes", f"{ASKED}: No"], "Yes\nNo"),
        ([f"{ASKED}: Yes", "but not our names"], "Yes\nbut not our names"),
        ([f"{ASKED}: Yes", "", "A title"], "Yes"),
        ([f"{ASKED}:", "No"], "No"),
        (
            [f"| {ASKED} | <p>\u2612 Yes</p><p>Please call first</p> |"],
            "\u2612 Yes\nPlease call first",
        ),
        ([f"| {ASKED} | Yes |", "| | No |"], "Yes\nNo"),
    ],
)
def test_every_answer_about_consent_is_kept(lines: list[str], consent: str, read: Read) -> None:
    """A second answer, one below or after a page break may be stricter, and none is lost."""
    submission = read_facts(read, *lines)

    assert submission.facts == {"consent": consent}
    assert submission.account.is_balanced


def test_participants_keep_their_lines(read: Read) -> None:
    """Names on lines of their own can be distinguished from kinds."""
    lines = ["| Participants | <p>5 fishers</p><ul><li>Jane Doe</li><li>Mary Wanjiru</li></ul> |"]

    assert read_facts(read, *lines).facts == {"participants": "5 fishers\nJane Doe\nMary Wanjiru"}


def test_other_facts_are_one_line_over_a_page_break(read: Read) -> None:
    """A row of facts that a page break cut is joined, and reported."""
    submission = read_facts(read, "| Organizer | A network of |", "| | fishers |")

    assert submission.facts == {"organiser": "A network of fishers"}
    assert [each.what for each in submission.repairs] == ["line 2: added to the line above"]


def test_contacts_are_found_where_a_row_was_cut(read: Read) -> None:
    """An address that goes on in the next row is left out whole, and counted."""
    lines = ["| Organizer | A network, 0700 123 |", "| | 456, of fishers |"]

    submission = read_facts(read, *lines)

    assert submission.facts == {"organiser": "A network, [contact withheld], of fishers"}
    assert [each.what for each in submission.repairs] == [
        "line 2: left out contacts (1)",
        "line 2: added to the line above",
    ]


@pytest.mark.parametrize("again", ["A union of", ""])
def test_row_below_a_repeated_fact_does_not_count_either(again: str, read: Read) -> None:
    """Of two lines that state a fact the first counts, and a row below the other goes with it."""
    lines = ["| Organizer | A network |", f"| Organizer | {again} |", "| | fishers |"]

    submission = read_facts(read, *lines)

    assert submission.facts == {"organiser": "A network"}
    assert submission.account.set_aside["a fact that an earlier line states"] == 1 + bool(again)
    assert submission.account.is_balanced


@pytest.mark.parametrize(
    "lines",
    [
        [f"Organizer: {'Aa Bb ' * 400}"],
        ["Participants: 5 fishers", *["and nobody else at all"] * 100],
        ["| Organizer | A network of |", *["| | people who fish at night |"] * 100],
    ],
)
def test_fact_that_is_too_long_is_refused(lines: list[str], read: Read) -> None:
    """No word of a fact is cut off without a message, and none takes long to understand."""
    with pytest.raises(SourceError, match="states a fact that is too long") as refused:
        read_facts(read, *lines)

    assert "has 2" in refused.value.offenders[0]
    assert refused.value.expected == "at most 2000"
