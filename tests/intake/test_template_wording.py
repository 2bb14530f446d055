from __future__ import annotations

import pytest

from analysis.errors import StudyError
from analysis.intake.template_wording import key_of, read_wording


@pytest.mark.parametrize(
    "markup",
    [
        "<p>What concerns us?</p>",
        "WHAT CONCERNS US",
        "## **What  concerns us:**",
        "what concerns us ?",
    ],
)
def test_key_is_the_same_however_a_wording_is_marked_up(markup: str):
    """Mark-up, case and punctuation at the end tell no wording from another."""
    assert key_of(markup) == "what concerns us"


def test_question_asked_in_every_domain_belongs_to_the_section_it_stands_in():
    """The heading above a domain's question decides its cell; without one it has none."""
    wording = read_wording()

    assert wording.cell_of("what concerns us", "context") == ("context", "concerns")
    assert wording.cell_of("what concerns us", "emerging") is None


@pytest.mark.parametrize(
    "heading", ["STOP", "What must we stop doing, that if we don\u2019t stop will ensure failure?"]
)
def test_recommendation_is_headed_by_its_short_name_or_its_question(heading: str):
    """The form prints both above the answer."""
    assert read_wording().cell_of(key_of(heading), "") == ("recommendations", "stop")


def test_instructions_are_recognised_whatever_contact_they_give():
    """Copies of the template differ in addresses; other lines are no instruction."""
    wording = read_wording()

    assert wording.is_instruction("+00 11 222 3333")
    assert not wording.is_instruction("We met on Monday.")


def test_every_cell_of_the_template_is_headed_by_some_wording():
    """No question of the instrument is out of the reader's reach."""
    wording = read_wording()
    headed = {
        f"{section}.{question}"
        for cells in wording.questions.values()
        for section, question in cells
    }

    assert headed == set(wording.prompts)


def test_unknown_language_is_refused():
    """There is no reading without the template in that language."""
    with pytest.raises(StudyError):
        read_wording("xx")
