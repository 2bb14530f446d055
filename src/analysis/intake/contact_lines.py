"""Lines of a submission that tell how to reach people, and those that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.intake.contacts import WITHHELD, withhold_contacts
from analysis.intake.names_of_people import has_name
from analysis.intake.submission import Suspicion
from analysis.intake.template_wording import key_of

if TYPE_CHECKING:
    from analysis.intake.answers import Answer
    from analysis.intake.template_lines import TemplateLine
    from analysis.intake.template_wording import TemplateWording

SENTENCE = 4
"""Words that a sentence has at least."""
AT_EDGES = " .,;:-*<>()[]"


@dataclass(frozen=True)
class LineBelow:
    """A paragraph below the table in which a question was answered.

    Parameters
    ----------
    line : TemplateLine
        The paragraph.
    above : Answer
        The answer without it.
    mapped : int
        The items of it that the answer has taken.
    """

    line: TemplateLine
    above: Answer
    mapped: int


def asks_for_contact(line: TemplateLine, wording: TemplateWording, *, is_answering: bool) -> bool:
    """Return whether a line is a label of contacts, with what stands beside it.

    Parameters
    ----------
    line : TemplateLine
        The line.
    wording : TemplateWording
        What its template says.
    is_answering : bool
        Whether it stands below a question; a sentence that names nobody is an answer there.
    """
    label, colon, value = line.first.partition(":")
    if key_of(label) not in wording.contacts or line.is_item or not (line.is_row or colon):
        return False
    return line.is_row or not (is_answering and _is_answer(value))


def is_blank_contact(line: TemplateLine, wording: TemplateWording) -> bool:
    """Return whether a line is the label of a contact, or of nothing, and no more."""
    label, _, value = line.first.partition(":")
    is_blank = not (line.answer if line.is_row else value.strip())
    return is_blank and key_of(label) in {"", *wording.contacts}


def has_contact(line: TemplateLine) -> bool:
    """Return whether a paragraph holds an address or a telephone number."""
    return bool(withhold_contacts(line.first)[1])


def is_instruction(line: TemplateLine, wording: TemplateWording, *, is_answering: bool) -> bool:
    """Return whether a line is one of the template's titles, instructions, and its imprint.

    A mere address is in its imprint, and below a question that of a person.
    """
    is_bare = withhold_contacts(line.first)[0].strip(AT_EDGES) == WITHHELD.strip(AT_EDGES)
    return wording.is_instruction(line.first) and not (is_answering and is_bare)


def leads_to_contacts(line: TemplateLine) -> bool:
    """Return whether a paragraph right above contacts may be a name, or what announces them."""
    text = line.first.strip()
    return len(text.split()) < SENTENCE or text.endswith(":") or has_name(text)


def suspect_contacts(line: TemplateLine) -> Suspicion:
    """Return what a person is told of contacts below the table of an answer."""
    return Suspicion(
        line.place, "contacts stand below an answer: they and what follows were left out"
    )


def _is_answer(value: str) -> bool:
    """Return whether what follows the label of a contact is a sentence that names nobody."""
    is_sentence = len(value.split()) >= SENTENCE and value.rstrip().endswith((".", "!", "?"))
    return is_sentence and not withhold_contacts(value)[1] and not has_name(value)
