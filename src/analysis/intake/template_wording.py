"""The template's own wording, by which a reader tells it from facts and answers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from analysis.errors import SourceError
from analysis.intake.answer_blocks import plain_text
from analysis.intake.contacts import withhold_contacts
from analysis.intake.normalisation import digest, normalise
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.study.instrument import Instrument, Section

Cell = tuple[str, str]


@dataclass(frozen=True)
class TemplateWording:
    """What the template says in one language, by the key of each wording.

    Parameters
    ----------
    facts : mapping of str to str
        The fact that a label asks for.
    sections : mapping of str to str
        The section that a heading opens.
    questions : mapping of str to tuple of (str, str)
        The cells that a question, or its short name, may head, in the order of the template.
    prompts : mapping of str to str
        The key of the question of each cell (``section.question``).
    instructions : frozenset of str
        Digests of the keys of titles, instructions and imprint.
    """

    facts: Mapping[str, str]
    sections: Mapping[str, str]
    questions: Mapping[str, tuple[Cell, ...]]
    prompts: Mapping[str, str]
    instructions: frozenset[str]

    def cell_of(self, key: str, section: str) -> Cell | None:
        """Return the cell that a wording heads in a section, or wherever it heads only one."""
        cells = self.questions.get(key, ())
        if len(cells) == 1:
            return cells[0]
        return next((cell for cell in cells if cell[0] == section), None)

    def is_instruction(self, markup: str) -> bool:
        """Return whether a line is one of the template's titles and instructions.

        Contacts are left out before, for copies of the template differ in them.
        """
        return digest(key_of(withhold_contacts(markup)[0])) in self.instructions


def key_of(markup: str) -> str:
    """Return the key by which wordings are compared: no mark-up, case or punctuation at the end.

    Examples
    --------
    >>> key_of("<h2>EMERGING PATTERNS:</h2>") == key_of("## Emerging patterns")
    True
    """
    return normalise(plain_text(markup).lstrip("#")).casefold().rstrip(" .:?!")


@cache
def read_wording(language: str = "en") -> TemplateWording:
    """Return the template's wording in a language.

    Headings and questions come from the instrument. The labels of facts, and the digests of the
    keys of what else is printed on the template, are listed in ``wording/`` beside this module.

    Parameters
    ----------
    language : str
        ISO 639.

    Raises
    ------
    StudyError
        When there is no instrument in that language.
    SourceError
        When text submissions cannot be read in that language.
    """
    instrument = read_instrument(language)
    path = resources.files("analysis.intake") / "wording" / f"{language}.yaml"
    if not path.is_file():
        raise SourceError(
            f"Submissions in text form cannot be read in the language {language}.",
            remedy=f"add the labels of the template's facts as wording/{language}.yaml",
        )
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))
    return TemplateWording(
        facts={key_of(label): fact for fact, labels in listed["facts"].items() for label in labels},
        sections={key_of(section.heading): section.section for section in instrument.sections},
        questions=_questions_of(instrument),
        prompts={cell: key_of(instrument.question_text(cell)) for cell in instrument.cells},
        instructions=frozenset(entry["sha256"] for entry in listed["instructions"]),
    )


def _questions_of(instrument: Instrument) -> dict[str, tuple[Cell, ...]]:
    cells: dict[str, tuple[Cell, ...]] = defaultdict(tuple)
    for section in instrument.sections:
        for key, question in _headings_of(section):
            cells[key] += ((section.section, question),)
    return dict(cells)


def _headings_of(section: Section) -> set[tuple[str, str]]:
    """Return what may head a cell; the form prints short names only above recommendations."""
    headings = {(key_of(question.text), question.question) for question in section.questions}
    if section.kind == "recommendations":
        headings |= {(key_of(question.label), question.question) for question in section.questions}
    return headings
