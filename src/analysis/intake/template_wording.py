"""The template's own wording, by which a reader recognises questions, labels and instructions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from analysis.intake.contacts import withhold_contacts
from analysis.intake.lines import plain_text
from analysis.intake.normalisation import digest_normalised, normalise
from analysis.intake.wording import read_listed
from analysis.study.instrument import instrument_languages, read_instrument
from analysis.study.slugs import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.study.instrument import Instrument, Section

Cell = tuple[str, str]

CONSENT, PARTICIPANTS = "consent", "participants"
KEPT_KEYS = 4096
_AT_EDGES = " .:?!\u00bf\u00a1#*"


@dataclass(frozen=True)
class TemplateWording:
    """The wording of the template in one language, by keys."""

    language: str
    """ISO 639."""
    facts: Mapping[str, str]
    """The fact that a label asks for."""
    contacts: frozenset[str]
    """Labels that ask for contacts."""
    sections: Mapping[str, str]
    """The section that a heading opens."""
    questions: Mapping[str, tuple[Cell, ...]]
    """The cells that a question, or its short name, may head, in the order of the template."""
    header: str
    """The header of the two columns of a table."""
    prompts: Mapping[str, str]
    """The key of the question of each cell (``section.question``)."""
    limits: frozenset[str]
    """Texts of the form on how long an answer may be."""
    printed: frozenset[str]
    """Titles and instructions of the form that we print."""
    instructions: frozenset[str]
    """Digests of the keys of titles, instructions and imprint."""
    asking_for_contacts: frozenset[str]
    """Digests of the instructions below which contacts are given."""

    def cell_of(self, key: str, section: str) -> Cell | None:
        """Return the cell that a wording heads in a section, or wherever it heads only one."""
        cells = self.questions.get(key, ())
        if len(cells) == 1:
            return cells[0]
        return next((cell for cell in cells if cell[0] == section), None)

    def is_instruction(self, markup: str) -> bool:
        """Return whether a line is one of the template's titles and instructions.

        Contacts are left out first, since copies of the template differ in them.
        """
        return key_of(markup) in self.printed or _digest_of(markup) in self.instructions

    def asks_for_contacts(self, markup: str) -> bool:
        """Return whether a line is an instruction below which contacts are given."""
        return _digest_of(markup) in self.asking_for_contacts

    def knows(self, markup: str) -> bool:
        """Return whether a line is a heading, a question or a label of this template."""
        key, label = key_of(markup), key_of(markup.partition(":")[0])
        return key in self.sections or key in self.questions or label in self.facts


@lru_cache(KEPT_KEYS)
def key_of(markup: str) -> str:
    """Return the key by which wordings are compared.

    It has no mark-up, case, accents or punctuation at its ends.

    Examples
    --------
    >>> key_of("<h2>EMERGING PATTERNS:</h2>") == key_of("## Emerging patterns")
    True
    >>> key_of("ARRETER") == key_of("Arrêter :")
    True
    """
    return fold(normalise(plain_text(markup).lstrip("#"))).strip(_AT_EDGES)


def _digest_of(markup: str) -> str:
    return digest_normalised(key_of(withhold_contacts(markup)[0]))


def wording_of(lines: Iterable[str]) -> TemplateWording:
    """Return the wording of the language in which lines, of rows their first cell, are headings."""
    filled = [line for line in lines if line]
    known = {
        language: sum(map(read_wording(language).knows, filled))
        for language in instrument_languages()
    }
    return read_wording(max(known, key=lambda language: known[language]))


@cache
def read_wording(language: str = "en") -> TemplateWording:
    """Return the template's wording in a language.

    Headings, questions and texts of our own form come from the instrument. Other labels of facts,
    and the digests of the keys of other texts printed on the template, are listed in ``wording/``.

    Raises
    ------
    StudyError
        When there is no instrument in that language.
    SourceError
        When submissions cannot be read in that language.
    """
    instrument = read_instrument(language)
    listed = read_listed(language)
    form = instrument.form
    return TemplateWording(
        language=language,
        facts={
            **{key_of(label): fact for fact, labels in listed["facts"].items() for label in labels},
            **{key_of(label): fact for fact, label in form.facts.items()},
            key_of(form.consent_question): CONSENT,
        },
        contacts=frozenset(map(key_of, (*form.contacts, *listed["contacts"]))),
        sections={key_of(section.heading): section.section for section in instrument.sections},
        questions=_questions_of(instrument),
        header=key_of(f"{form.question_header} {form.answer_header}"),
        prompts={cell: key_of(instrument.question_text(cell)) for cell in instrument.cells},
        limits=frozenset(
            map(key_of, (form.limit.format(points=instrument.max_points), form.no_limit))
        ),
        printed=frozenset(map(key_of, _printed(instrument))),
        instructions=frozenset(entry["sha256"] for entry in listed["instructions"]),
        asking_for_contacts=frozenset(
            entry["sha256"]
            for entry in listed["instructions"]
            if entry.get("asks_for") == "contacts"
        ),
    )


def _printed(instrument: Instrument) -> Iterator[str]:
    """Yield texts of our form besides headings, questions and labels."""
    form = instrument.form
    yield from (form.title, instrument.name, *form.how_to, form.question_header, form.answer_header)
    yield from (form.facts_heading, form.consent_heading, form.contact_heading, form.contact_note)
    yield from form.consent_options.values()
    yield from (form.limit.format(points=instrument.max_points), form.no_limit)
    yield from (form.hint(fact) for fact in form.hints)


def _questions_of(instrument: Instrument) -> dict[str, tuple[Cell, ...]]:
    cells: dict[str, tuple[Cell, ...]] = defaultdict(tuple)
    for section in instrument.sections:
        for key, question in _headings_of(section):
            cells[key] += ((section.section, question),)
    return dict(cells)


def _headings_of(section: Section) -> set[tuple[str, str]]:
    """Return the headings of cells; the form prints short names only above recommendations."""
    headings = {(key_of(question.text), question.question) for question in section.questions}
    if section.kind == "recommendations":
        headings |= {(key_of(question.label), question.question) for question in section.questions}
    return headings
