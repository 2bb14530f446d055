"""The empty template, and the wording by which a filled-in one is recognised."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import pytest

from analysis.errors import SourceError, StorageError
from analysis.intake.template_document import template_bytes, write_template
from analysis.study.instrument import read_instrument
from intake.filled_templates import Filling, fill_docx

if TYPE_CHECKING:
    from pathlib import Path

    from intake.conftest import Read

LANGUAGES = ("en", "es", "fr", "pt")


def test_template_is_the_same_bytes_whenever_it_is_written() -> None:
    """No time and no name of who wrote it is in an empty template."""
    content = template_bytes("fr")
    about = docx.Document(io.BytesIO(content)).core_properties

    assert content == template_bytes("fr")
    assert (about.author, about.last_modified_by, about.created.year) == ("", "", 2020)


def test_template_is_written_to_a_new_document(tmp_path: Path) -> None:
    """Another ending, a file that is there, and a folder that isn't are refused."""
    write_template(tmp_path / "empty.docx", "pt")

    assert (tmp_path / "empty.docx").read_bytes() == template_bytes("pt")
    with pytest.raises(SourceError, match="exists already"):
        write_template(tmp_path / "empty.docx")
    with pytest.raises(SourceError, match="A template is a Word document"):
        write_template(tmp_path / "empty.doc")
    with pytest.raises(StorageError, match="cannot be written"):
        write_template(tmp_path / "absent" / "empty.docx")
    assert [path.name for path in tmp_path.iterdir()] == ["empty.docx"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_of_the_template_is_recognised(language: str, read: Read) -> None:
    """An answer to each question of the instrument comes back in its cell, in every language."""
    cells = read_instrument().cells
    filling = Filling({cell: [("prose", f"About {cell}.")] for cell in cells})

    submission = read("sent.docx", fill_docx(filling, language))

    assert submission.language == language
    assert [(each.cell, each.text) for each in submission.points] == [
        (cell, f"About {cell}.") for cell in cells
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "<p>What concerns us?</p>",
        "WHAT CONCERNS US",
        "## **What  concerns us:**",
        "what concerns us ?",
    ],
)
def test_question_is_recognised_however_it_is_marked_up(heading: str, read: Read) -> None:
    """Mark-up, case and punctuation at the end make no other wording."""
    submission = read("sent.txt", f"CONTEXTUAL ENVIRONMENT\n\n{heading}\n\nFuel.\n")

    assert [(each.cell, each.text) for each in submission.points] == [("context.concerns", "Fuel.")]


def test_question_of_every_domain_belongs_to_the_section_above_it(read: Read) -> None:
    """Below a section that doesn't ask it, it heads no answer, and its line is left over."""
    submission = read(
        "sent.txt",
        "THE STRUCTURES THAT RESPOND TO HIV\n\n| What concerns us? | Fuel. |\n\n"
        "EMERGING PATTERNS\n\n| What concerns us? | Nets. |\n",
    )

    assert [(each.cell, each.text) for each in submission.points] == [
        ("structures.concerns", "Fuel.")
    ]
    assert submission.remainder == ("line 7",)


@pytest.mark.parametrize(
    "heading", ["STOP", "What must we stop doing, that if we don\u2019t stop will ensure failure?"]
)
def test_recommendation_is_headed_by_its_short_name_or_its_question(
    heading: str, read: Read
) -> None:
    """The form prints both above the answer."""
    submission = read("sent.txt", f"{heading}\tFees.\n")

    assert [each.cell for each in submission.points] == ["recommendations.stop"]


def test_instructions_are_recognised_whatever_contact_they_give(read: Read) -> None:
    """Copies of the template differ in addresses; other lines are no instruction."""
    submission = read("sent.txt", "EMERGING PATTERNS\n\n+00 11 222 3333\n\nSTOP\n\nWe met.\n")

    assert [each.text for each in submission.points] == ["[contact withheld]", "We met."]
