"""The template that focus groups report on: its sections, its questions and their limits."""

from __future__ import annotations

from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from analysis.errors import StudyError, describe_value

# The same, ten times as fast, where PyYAML has it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

if TYPE_CHECKING:
    from collections.abc import Iterable

_Identifier = Annotated[str, Field(pattern=r"^[a-z_]+$")]
_Text = Annotated[str, Field(min_length=1)]
_Limit = Literal["points", "none"]


class _Frozen(BaseModel):
    """A part of the instrument that cannot change and has no other fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Frozen):
    """A question of a section; its limit is given where it differs from that of the section."""

    question: _Identifier
    label: _Text
    text: _Text
    limit: _Limit | None = None


class Section(_Frozen):
    """A section of the instrument: its id in every language, and its heading in the form.

    An answer has at most as many points as the instrument allows, or any number (the limit).
    """

    section: _Identifier
    kind: Literal["introduction", "domain", "patterns", "recommendations"]
    title: _Text
    heading: _Text
    limit: _Limit
    questions: tuple[Question, ...] = Field(min_length=1)


class Form(_Frozen):
    """The wording of a filled-in template besides its sections and questions.

    Facts are asked of the focus group, by the id of the fact, with hints how to answer; the options
    of consent are keyed by the values that consent may have; no answer about contacts is ever kept.
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


class Instrument(_Frozen):
    """The template in one language.

    A method that is given an unknown section or cell raises `StudyError`.

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
        The rest of the wording of the form.
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
        """Return the questions of a section, in the form's order."""
        return tuple(question.question for question in self._section(section).questions)

    def title(self, section: str) -> str:
        """Return the title of a section."""
        return self._section(section).title

    def question_text(self, cell: str) -> str:
        """Return the question of a cell as the form words it."""
        return self._question(cell).text

    def question_label(self, cell: str) -> str:
        """Return the short name of a cell's question, for tables."""
        return self._question(cell).label

    @cached_property
    def cell_names(self) -> dict[str, str]:
        """Return the name of each cell in a sentence: its section, and its question."""
        return {
            cell: f"{section.title}: {self.question_label(cell)}"
            if len(section.questions) > 1
            else section.title
            for section in self.sections
            for cell in (f"{section.section}.{asked.question}" for asked in section.questions)
        }

    def limit(self, cell: str) -> int | None:
        """Return how many points a cell may have, or None if any number."""
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
        f"The instrument does not have this {kind}.",
        offenders=[describe_value(text, kind, names)],
        expected=f"one of {', '.join(names)}",
        remedy=f"Correct the {kind}.",
    )
