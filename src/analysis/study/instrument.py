"""The template that focus groups report on: its sections, its questions and their limits."""

from __future__ import annotations

from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from analysis.errors import StudyError, closest

# The same, ten times as fast, where PyYAML has it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

if TYPE_CHECKING:
    from collections.abc import Iterable

_Identifier = Annotated[str, Field(pattern=r"^[a-z_]+$")]
_Text = Annotated[str, Field(min_length=1)]
_Limit = Literal["points", "none"]


class _Part(BaseModel):
    """A part of the instrument, which cannot change and has no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Part):
    """A question of a section.

    Parameters
    ----------
    question : str
        Id, the same in every language.
    label : str
        Short name for tables.
    text : str
        The question as the form words it.
    limit : {"points", "none"}, optional
        Whether its answer is limited, where that differs from its section.
    """

    question: _Identifier
    label: _Text
    text: _Text
    limit: _Limit | None = None


class Section(_Part):
    """A section of the instrument.

    Parameters
    ----------
    section : str
        Id, the same in every language.
    kind : {"introduction", "domain", "patterns", "recommendations"}
        What the section asks for.
    title : str
        Title for readers.
    heading : str
        Its heading in the form.
    limit : {"points", "none"}
        Whether an answer has at most so many points as the instrument allows, or any number.
    questions : tuple of Question
        Its questions, in the form's order.
    """

    section: _Identifier
    kind: Literal["introduction", "domain", "patterns", "recommendations"]
    title: _Text
    heading: _Text
    limit: _Limit
    questions: tuple[Question, ...] = Field(min_length=1)


class Form(_Part):
    """What a filled-in template holds besides sections and questions.

    Parameters
    ----------
    title : str
        What the form is called.
    how_to : tuple of str
        How to fill it in, a paragraph each.
    limit : str
        How many points an answer may have; ``{points}`` stands for the number.
    no_limit : str
        That an answer may have any number.
    question_header, answer_header : str
        What stands above the two columns of a table.
    facts_heading : str
        Heading of what is asked of the focus group.
    facts : mapping of str to str
        What is asked of the focus group, by the fact's id.
    hints : mapping of str to str
        How to answer, by the fact's id.
    consent_heading : str
        Heading of the question of consent.
    consent_question : str
        What the focus group is asked about its words.
    consent_options : mapping of str to str
        What it may answer, by the values that consent may have.
    contact_heading : str
        Heading of what is asked of the person who sends the form.
    contact_note : str
        What becomes of it.
    contacts : tuple of str
        What is asked of that person; no answer is ever kept.
    """

    title: _Text
    how_to: tuple[_Text, ...]
    limit: _Text
    no_limit: _Text
    question_header: _Text
    answer_header: _Text
    facts_heading: _Text
    facts: dict[_Identifier, _Text]
    hints: dict[_Identifier, _Text]
    consent_heading: _Text
    consent_question: _Text
    consent_options: dict[str, _Text]
    contact_heading: _Text
    contact_note: _Text
    contacts: tuple[_Text, ...] = Field(min_length=1)

    def hint(self, fact: str) -> str:
        """Return how to answer what is asked of a fact, as the form prints it."""
        return f"{self.facts[fact]} ({self.hints[fact]})"


class Instrument(_Part):
    """The template in one language.

    Parameters
    ----------
    language : str
        ISO 639.
    name : str
        The template's name.
    max_points : int
        Points that a limited answer may have.
    sections : tuple of Section
        Its sections, in the form's order.
    form : Form
        What the form holds besides.
    """

    language: str
    name: _Text
    max_points: int = Field(gt=0)
    sections: tuple[Section, ...] = Field(min_length=1)
    form: Form

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """Return every cell, as ``section.question``, in the form's order."""
        return tuple(self._question_of)

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """Return the sections that are domains, in the form's order."""
        return tuple(entry.section for entry in self.sections if entry.kind == "domain")

    @cached_property
    def domain_questions(self) -> tuple[str, ...]:
        """Return the questions that every domain asks, in the form's order."""
        asked = (entry.questions for entry in self.sections if entry.kind == "domain")
        return tuple(question.question for question in next(asked))

    def questions(self, section: str) -> tuple[str, ...]:
        """Return the questions of a section, in the form's order.

        Raises
        ------
        StudyError
            If there is no such section.
        """
        return tuple(question.question for question in self._section(section).questions)

    def title(self, section: str) -> str:
        """Return the title of a section.

        Raises
        ------
        StudyError
            If there is no such section.
        """
        return self._section(section).title

    def question_text(self, cell: str) -> str:
        """Return the question of a cell as the form words it.

        Raises
        ------
        StudyError
            If there is no such cell.
        """
        return self._question(cell).text

    def question_label(self, cell: str) -> str:
        """Return the short name of a cell's question, for tables.

        Raises
        ------
        StudyError
            If there is no such cell.
        """
        return self._question(cell).label

    @cached_property
    def cell_names(self) -> dict[str, str]:
        """Return what each cell is called in a sentence: its section, and its question."""
        return {
            cell: f"{section.title}: {self.question_label(cell)}"
            if len(section.questions) > 1
            else section.title
            for section in self.sections
            for cell in (f"{section.section}.{asked.question}" for asked in section.questions)
        }

    def limit(self, cell: str) -> int | None:
        """Return how many points a cell may have, or None if any number.

        Raises
        ------
        StudyError
            If there is no such cell.
        """
        section = self._section(cell.partition(".")[0])
        limit = self._question(cell).limit or section.limit
        return self.max_points if limit == "points" else None

    @cached_property
    def _question_of(self) -> dict[str, Question]:
        """Return the question of each cell."""
        return {
            f"{entry.section}.{question.question}": question
            for entry in self.sections
            for question in entry.questions
        }

    def _question(self, cell: str) -> Question:
        """Return the question of a cell, or raise."""
        if cell not in self._question_of:
            raise _unknown(cell, "cell", self._question_of)
        return self._question_of[cell]

    def _section(self, section: str) -> Section:
        """Return a section, or raise."""
        known = {entry.section: entry for entry in self.sections}
        if section not in known:
            raise _unknown(section, "section", known)
        return known[section]


def instrument_languages() -> tuple[str, ...]:
    """Return the languages in which there is an instrument, English first."""
    folder = resources.files("analysis.study") / "instruments"
    languages = (entry.name.removesuffix(".yaml") for entry in folder.iterdir())
    return tuple(sorted(languages, key=lambda language: (language != "en", language)))


@cache
def read_instrument(language: str = "en") -> Instrument:
    """Return the instrument in a language.

    Parameters
    ----------
    language : str
        ISO 639.

    Raises
    ------
    StudyError
        If the instrument is not there in that language.
    """
    if language not in instrument_languages():
        raise _unknown(language, "language", instrument_languages())
    folder = resources.files("analysis.study") / "instruments"
    text = (folder / f"{language}.yaml").read_text(encoding="utf-8")
    return Instrument.model_validate(yaml.load(text, _LOADER))  # noqa: S506 (a safe one)


def _unknown(text: str, kind: str, known: Iterable[str]) -> StudyError:
    """Return the error for a part that the instrument does not have."""
    names = list(known)
    return StudyError(
        f"The instrument has no such {kind}.",
        offenders=[f"{text}{closest(text, names)}"],
        expected=f"one of {', '.join(names)}",
        remedy=f"Correct the {kind}.",
    )
