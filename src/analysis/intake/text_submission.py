"""Reader of the text form of a submission: Markdown with HTML lists in table rows.

Converters write a filled-in template so: facts as ``Label: value`` lines, the domains as tables of
a question and its answer, other answers as lists under a heading. Page breaks cut rows (the part
after the cut has an empty first cell) and lists (a gap in the midst of them).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake.answer_blocks import PROSE, Block, plain_text, read_blocks
from analysis.intake.answers import Answer
from analysis.intake.contacts import withhold_contacts
from analysis.intake.normalisation import digest, normalise
from analysis.intake.submission import Repair, SourcePoint, Submission
from analysis.intake.template_lines import TemplateLine, read_text, split_lines
from analysis.intake.template_wording import TemplateWording, key_of, read_wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Repair", "SourcePoint", "Submission", "read_text_submission"]


def read_text_submission(path: Path, language: str = "en") -> Submission:
    """Return what a submission in text form says.

    Parameters
    ----------
    path : Path
        The text of one submission, in UTF-8.
    language : str, optional
        The language of its template.

    Returns
    -------
    Submission
        Its facts and points, what was mended, and the lines among its answers that belong to no
        cell. No e-mail address or telephone number is in it.

    Raises
    ------
    SourceError
        When the file is absent, not UTF-8 or empty, has no heading of the template, or answers a
        question twice.
    """
    text = read_text(path)
    reading = _Reading(read_wording(language), path.name)
    for line in split_lines(text):
        reading.take(line)
    return reading.submission(digest(text))


class _Reading:
    """A submission while its lines are taken one by one."""

    def __init__(self, wording: TemplateWording, name: str) -> None:
        self._wording = wording
        self._name = name
        self._section = ""
        self._cell = ""
        self._facts: dict[str, str] = {}
        self._answers: dict[str, Answer] = {}
        self._repairs: list[Repair] = []
        self._remainder: list[int] = []

    def take(self, line: TemplateLine) -> None:
        """Take one line: a heading, a question, an answer, a fact, or the template's own words."""
        key = "" if line.is_item else key_of(line.first)
        cell = self._wording.cell_of(key, self._section)
        if line.is_row and not key:
            self._take_continuation(line)
        elif cell is not None:
            self._open_answer(Answer(*cell, line.number), line)
        elif key in self._wording.sections:
            self._section = self._wording.sections[key]
            self._leave_answer(line.number if line.second else None)
        elif not self._section:
            self._take_fact(line)
        elif self._wording.is_instruction(line.first):
            self._leave_answer(line.number if line.second else None)
        elif line.is_row or not self._cell:
            self._leave_answer(line.number)
        else:
            self._take_markdown(line)

    def submission(self, source_sha256: str) -> Submission:
        """Return the submission after its last line."""
        if not self._answers:
            raise SourceError(
                f"{self._name} has no question of the template.",
                expected="questions such as: " + "; ".join(list(self._wording.questions)[1:4]),
                remedy="check that the file is a submission on the template, and its language",
            )
        points = tuple(
            self._withhold(point) for answer in self._answers.values() for point in answer.points()
        )
        return Submission(
            facts=dict(self._facts),
            points=points,
            repairs=tuple(self._repairs),
            remainder=tuple(self._remainder),
            source_sha256=source_sha256,
        )

    def _leave_answer(self, unread_line: int | None) -> None:
        self._cell = ""
        if unread_line is not None:
            self._remainder.append(unread_line)

    def _open_answer(self, answer: Answer, line: TemplateLine) -> None:
        if answer.cell in self._answers:
            first = self._answers[answer.cell].line
            raise SourceError(
                f"{self._name} answers a question twice.",
                offenders=[f"line {line.number}: {answer.cell}, answered on line {first} before"],
                expected="each question of the template once",
                remedy="put the two answers together, or restore the heading between them",
            )
        self._section, self._cell = answer.section, answer.cell
        self._answers[answer.cell] = answer.extend(self._read(line.second, line.number))

    def _take_continuation(self, line: TemplateLine) -> None:
        if not line.second:
            return
        if not self._cell:
            self._remainder.append(line.number)
            return
        answer, blocks = self._answers[self._cell], self._read(line.second, line.number)
        is_cut = answer.is_cut_before(blocks)
        self._answers[self._cell] = answer.join(blocks) if is_cut else answer.extend(blocks)
        where = "in mid-sentence" if is_cut else "between paragraphs or points"
        self._repair(self._cell, f"line {line.number}: joined a row cut by a page break {where}")

    def _take_markdown(self, line: TemplateLine) -> None:
        answer, blocks = self._answers[self._cell], self._read(line.first, line.number)
        is_cut = line.follows_gap and answer.is_cut_before(blocks)
        if is_cut:
            self._repair(self._cell, f"line {line.number}: joined a sentence cut by a page break")
        elif line.follows_gap and line.is_item and answer.ends_in_item():
            self._repair(self._cell, f"line {line.number}: joined a list cut by a page break")
        is_same_paragraph = is_cut or not line.follows_gap
        self._answers[self._cell] = (
            answer.join(blocks) if is_same_paragraph else answer.extend(blocks)
        )

    def _take_fact(self, line: TemplateLine) -> None:
        label, colon, value = line.first.partition(":")
        fact = self._wording.facts.get(key_of(label))
        if fact is None or not (colon or line.is_row):
            return
        text, contacts = withhold_contacts(plain_text(f"{value} {line.second}"))
        if contacts:
            self._repair(fact, f"line {line.number}: left out contacts ({contacts})")
        if self._facts.setdefault(fact, text) != text:
            self._repair(fact, f"line {line.number}: kept what an earlier line says of it")

    def _read(self, markup: str, number: int) -> tuple[Block, ...]:
        """Read blocks, leave out the template's prompts, and see that no character got lost."""
        blocks = read_blocks(markup)
        if _characters([markup]) != _characters(block.text for block in blocks):
            self._remainder.append(number)
        answered = tuple(block for block in blocks if not self._is_prompt(block))
        if len(answered) < len(blocks):
            self._repair(self._cell, f"line {number}: left out the prompt of the template")
        return answered

    def _is_prompt(self, block: Block) -> bool:
        return block.role == PROSE and key_of(block.text) == self._wording.prompts[self._cell]

    def _withhold(self, point: SourcePoint) -> SourcePoint:
        text, contacts = withhold_contacts(point.text)
        if contacts:
            self._repair(point.cell, f"position {point.position}: left out contacts ({contacts})")
        return replace(point, text=text)

    def _repair(self, place: str, what: str) -> None:
        self._repairs.append(Repair(place, what))


def _characters(texts: Iterable[str]) -> str:
    """Return the letters and digits of texts, which no reading of mark-up may change."""
    return "".join(filter(str.isalnum, "".join(normalise(text) for text in texts)))
