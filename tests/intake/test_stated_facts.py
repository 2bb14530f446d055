from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.intake.text_submission import read_text_submission

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.intake.submission import Submission

ASKED = "Would you accept for UNAIDS to make your report publicly available"


def read(tmp_path: Path, *lines: str) -> Submission:
    path = tmp_path / "submission.txt"
    path.write_text("\n".join([*lines, "", "STOP\tWaiting.", ""]), encoding="utf-8")
    return read_text_submission(path)


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
def test_all_that_is_said_of_consent_is_kept(
    lines: list[str], consent: str, tmp_path: Path
) -> None:
    """What is said twice, below or after a page break may be stricter, and none of it is lost."""
    submission = read(tmp_path, *lines)

    assert submission.facts == {"consent": consent}
    assert submission.account.is_balanced


def test_participants_keep_their_lines(tmp_path: Path) -> None:
    """Names on lines of their own can be told from kinds."""
    told = ["| Participants | <p>5 fishers</p><ul><li>Jane Doe</li><li>Mary Wanjiru</li></ul> |"]

    assert read(tmp_path, *told).facts == {"participants": "5 fishers\nJane Doe\nMary Wanjiru"}


def test_other_facts_are_one_line_over_a_page_break(tmp_path: Path) -> None:
    """A row of facts that a page break cut is joined, and told."""
    submission = read(tmp_path, "| Organizer | A network of |", "| | fishers |")

    assert submission.facts == {"organiser": "A network of fishers"}
    assert [each.what for each in submission.repairs] == ["line 2: put to the line above"]
