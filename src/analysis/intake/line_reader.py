"""From the lines of a submission to its facts, its points, and what was repaired.

Facts are ``Label: value`` lines or rows, the domains rows of a question and its answer, other
answers lines under a heading. Page breaks cut rows (the part after the cut has an empty first cell)
and lists (a gap within them).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake import account as reasons
from analysis.intake.account import ITEMS, Account
from analysis.intake.answers import Answer
from analysis.intake.contacts import WITHHELD, has_name, withhold_contacts
from analysis.intake.lines import PROSE, Block
from analysis.intake.normalisation import digest_normalised, letters_of
from analysis.intake.stated_facts import StatedFacts
from analysis.intake.submission import Repair, SourcePoint, Submission, Suspicion
from analysis.intake.suspicious_text import suspicions_of
from analysis.intake.template_wording import TemplateWording, key_of, wording_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.intake.lines import TemplateLine

SENTENCE = 4
"""Words that a sentence has at least."""
_AT_EDGES = " .,;:-*<>()[]"


def read_lines(
    lines: list[TemplateLine],
    name: str,
    *,
    text: str = "",
    aside: Iterable[tuple[str, str]] = (),
) -> Submission:
    """Return the submission that has some lines, in the language of its headings.

    Parameters
    ----------
    text : str, optional
        The whole text of which the digest is kept; that of its lines if not given.
    aside : iterable of tuple of (str, str)
        Each item besides the lines: why it is set aside, and its place if a person must look there.

    Raises
    ------
    SourceError
        When no line is a question of the template, or two lines ask the same.
    """
    reader = LineReader(wording_of(line.first for line in lines), name)
    for line in lines:
        reader.take(line)
    for reason, place in aside:
        reader.drop(reason, 1, place)
    text = text or " ".join(f"{line.first} {line.second}" for line in lines)
    return reader.submission(digest_normalised(text), suspicions_of(lines))


@dataclass(frozen=True)
class _Below:
    """A paragraph below the table of an answer, the answer without it, and its items."""

    line: TemplateLine
    above: Answer
    mapped: int


class LineReader:
    """A submission while its lines are taken one by one, given the wording of its template."""

    def __init__(self, wording: TemplateWording, name: str) -> None:
        self._wording = wording
        self._name = name
        # The section, and the cell whose answer is open; empty between answers.
        self._section = self._cell = ""
        # The cell whose answer ended at contacts, and the page of these.
        self._ended = self._ended_on = ""
        # Whether contacts follow an instruction, or the line above was one of contacts.
        self._in_contacts = self._below_contact = False
        # Whether the open answer is a row of a table, and the paragraphs below that.
        self._in_table = False
        self._below: list[_Below] = []
        self._answers: dict[str, Answer] = {}
        self._repairs: list[Repair] = []
        self._suspicions: list[Suspicion] = []
        self._remainder: list[str] = []
        self._account = Account()
        self._kept = 0
        self._facts = StatedFacts(wording, self._account, self._repairs, name)

    def take(self, line: TemplateLine) -> None:
        """Take one line: a heading, a question, an answer, a fact, or the template's own words."""
        self._account.receive(ITEMS, line.items)
        if line.is_running or self._is_header(line):
            reason = reasons.RUNNING if line.is_running else reasons.OF_TEMPLATE
            self._set_aside(reason, line.items)
            return
        below_contact, self._below_contact = self._below_contact, False
        key = "" if line.is_item else key_of(line.first)
        cell = self._wording.cell_of(key, self._section)
        if line.is_row and not key:
            self._take_continuation(line, is_contact=below_contact or self._in_contacts)
        elif cell is not None:
            self._open_answer(Answer(*cell, line.number, place=line.place), line)
        elif key in self._wording.sections:
            self._section = self._wording.sections[key]
            self._leave_answer(line)
        elif self._asks_for_contact(line):
            self._drop_contact(line)
        elif not self._section:
            self._take_fact(line)
        elif self._is_instruction(line):
            self._leave_answer(line)
            self._in_contacts = self._wording.asks_for_contacts(line.first)
        elif self._in_contacts:
            self._drop_contact(line)
        elif line.is_row or not self._cell:
            self._leave(line)
        else:
            self._take_paragraph(line)

    def take_answer(self, section: str, question: str, line: TemplateLine) -> None:
        """Take the whole answer to a question whose cell the format itself gives."""
        self._account.receive(ITEMS, line.items)
        self._open_answer(Answer(section, question, line.number, place=line.place), line)

    def take_fact(self, fact: str, text: str, place: str) -> None:
        """Take the value of a fact that the format itself names."""
        self._account.receive(ITEMS, 1)
        self._facts.keep(fact, text, 1, place)

    def drop(self, reason: str, items: int, place: str = "") -> None:
        """Set items aside; `place` is given where a person must look there."""
        self._account.receive(ITEMS, items)
        self._set_aside(reason, items)
        if place:
            self._remainder.append(place)

    def submission(self, source_sha256: str, suspicions: Iterable[Suspicion] = ()) -> Submission:
        """Return the submission after its last line.

        Raises
        ------
        SourceError
            When no line was a question of the template, or an item is not accounted for.
        """
        if not self._answers:
            raise SourceError(
                f"{self._name} has no question of the template.",
                expected="questions such as: " + "; ".join(list(self._wording.questions)[1:4]),
                remedy="check that the file is a submission on the template, and its language",
            )
        points = tuple(
            self._withhold(point) for answer in self._answers.values() for point in answer.points()
        )
        account = self._account.line(ITEMS, self._kept + self._facts.kept)
        if not account.is_balanced:
            raise SourceError(
                f"{self._name} cannot be read: not every item of it is accounted for.",
                offenders=[account.describe()],
                remedy="report this: it is a fault of the reader",
            )
        return Submission(
            facts=self._facts.stated(),
            points=points,
            repairs=tuple(self._repairs),
            remainder=tuple(dict.fromkeys(self._remainder)),
            source_sha256=source_sha256,
            language=self._wording.language,
            suspicions=(*self._suspicions, *suspicions),
            account=account,
        )

    def _take_fact(self, line: TemplateLine) -> None:
        if self._facts.take(line):
            return
        self._facts.leave()
        is_ours = self._wording.is_instruction(line.first)
        reason = reasons.OF_TEMPLATE if is_ours else reasons.BEFORE_ANSWERS
        self._set_aside(reason, line.items)

    def _open_answer(self, answer: Answer, line: TemplateLine) -> None:
        if answer.cell in self._answers and self._answers[answer.cell].blocks:
            first = self._answers[answer.cell].place
            raise SourceError(
                f"{self._name} answers a question twice.",
                offenders=[f"{line.place}: {answer.cell}, answered on {first} before"],
                expected="each question of the template once",
                remedy="put the two answers together, or restore the heading between them",
            )
        self._section, self._cell, self._in_contacts = answer.section, answer.cell, False
        self._ended, self._in_table, self._below = "", line.is_row, []
        blocks = self._read(line) if line.is_row else ()
        self._account.set_aside(
            ITEMS, reasons.OF_TEMPLATE, line.items - (len(line.answer) * line.is_row)
        )
        self._answers[answer.cell] = answer.extend(blocks)

    def _take_paragraph(self, line: TemplateLine) -> None:
        is_below = self._in_table and bool(self._below or line.where or line.follows_gap)
        if is_below and _has_contact(line):
            self._end_at_contacts(line)
            return
        answer, blocks = self._answers[self._cell], self._read(line)
        if is_below:
            self._below.append(_Below(line, answer, len(blocks)))
        is_cut = line.follows_gap and self._is_cut(answer, line, blocks)
        if is_cut:
            self._repair(self._cell, f"{line.place}: joined a sentence cut by a page break")
        elif line.follows_gap and line.is_item and answer.ends_in_item():
            self._repair(self._cell, f"{line.place}: joined a list cut by a page break")
        is_same_paragraph = is_cut or not (line.follows_gap or line.blocks is not None)
        self._answers[self._cell] = (
            answer.join(blocks) if is_same_paragraph else answer.extend(blocks)
        )

    def _take_continuation(self, line: TemplateLine, *, is_contact: bool) -> None:
        """Take a row whose first cell is empty, or holds punctuation at most."""
        if self._ended and line.continues is not None and line.page_or_table != self._ended_on:
            # The table continues over the page: contacts above it were at the foot of that.
            self._cell, self._ended, self._in_contacts = self._ended, "", False
        elif is_contact:
            self._drop_contact(line)
            return
        self._below = []
        self._set_marks_aside(line)
        if not line.answer or (not self._section and self._facts.extend(line)):
            return
        if not self._cell:
            self._set_aside(reasons.NO_CELL, len(line.answer))
            self._remainder.append(line.place)
            return
        answer, blocks = self._answers[self._cell], self._read(line)
        is_cut = self._is_cut(answer, line, blocks)
        self._answers[self._cell] = answer.join(blocks) if is_cut else answer.extend(blocks)
        where = "in mid-sentence" if is_cut else "between paragraphs or points"
        self._repair(self._cell, f"{line.place}: joined a row cut by a page break {where}")

    def _set_marks_aside(self, line: TemplateLine) -> None:
        """Set aside punctuation in the cell of a question."""
        marks = line.items - len(line.answer)
        self._set_aside(reasons.NO_CELL, marks)
        if marks:
            self._remainder.append(line.place)

    def _leave_answer(self, line: TemplateLine) -> None:
        """Take a line of the template's own; the second cell beside it belongs to no question."""
        self._cell = self._ended = ""
        self._in_contacts = False
        unread = sum(not self._is_printed(block) for block in line.answer) * line.is_row
        self._set_aside(reasons.OF_TEMPLATE, line.items - unread)
        self._set_aside(reasons.NO_CELL, unread)
        if unread:
            self._remainder.append(line.place)

    def _leave(self, line: TemplateLine) -> None:
        """Take a line that belongs to no question."""
        self._cell = ""
        self._set_aside(reasons.NO_CELL, line.items)
        self._remainder.append(line.place)

    def _end_at_contacts(self, line: TemplateLine) -> None:
        """Take contacts below the table of an answer, and what leads to them out of the answer."""
        while self._below and _leads_to_contacts(self._below[-1].line):
            below = self._below.pop()
            self._answers[self._cell] = below.above
            self._kept -= below.mapped
            self._set_aside(reasons.CONTACTS, below.mapped)
            self._repair("contacts", f"{below.line.place}: left out contacts")
        what = "contacts below an answer: they and the lines after them were left out"
        self._suspicions.append(Suspicion(line.place, what))
        self._in_contacts, self._ended, self._ended_on = True, self._cell, line.page_or_table
        self._drop_contact(line)

    def _drop_contact(self, line: TemplateLine) -> None:
        """Drop a line that holds contacts, and the row that continues it."""
        self._cell, self._below_contact = "", True
        self._ended = "" if line.is_row else self._ended
        self._facts.leave()
        if self._is_blank_contact(line):
            self._set_aside(reasons.OF_TEMPLATE, line.items)
            return
        labels = line.items - len(line.answer) if line.is_row else 0
        self._set_aside(reasons.OF_TEMPLATE, labels)
        self._set_aside(reasons.CONTACTS, line.items - labels)
        self._repair("contacts", f"{line.place}: left out contacts")

    def _asks_for_contact(self, line: TemplateLine) -> bool:
        """Return whether a line is a label of contacts, and no sentence of an answer."""
        label, colon, value = line.first.partition(":")
        if key_of(label) not in self._wording.contacts or line.is_item:
            return False
        return line.is_row or (bool(colon) and not (self._cell and _is_sentence(value)))

    def _is_blank_contact(self, line: TemplateLine) -> bool:
        label, _, value = line.first.partition(":")
        is_blank = not (line.answer if line.is_row else value.strip())
        return is_blank and key_of(label) in {"", *self._wording.contacts}

    def _is_instruction(self, line: TemplateLine) -> bool:
        """Return whether a line is a title, an instruction or the imprint of the template.

        A mere address is its imprint, but below a question it is that of a person.
        """
        is_bare = withhold_contacts(line.first)[0].strip(_AT_EDGES) == WITHHELD.strip(_AT_EDGES)
        return self._wording.is_instruction(line.first) and not (self._cell and is_bare)

    def _is_header(self, line: TemplateLine) -> bool:
        """Return whether a row is the header of a table's columns, which each page repeats."""
        header = " ".join([line.first, *(block.text for block in line.answer)])
        return line.is_row and key_of(header) == self._wording.header

    @staticmethod
    def _is_cut(answer: Answer, line: TemplateLine, blocks: tuple[Block, ...]) -> bool:
        if line.continues is None:
            return answer.is_cut_before(blocks)
        return line.continues and bool(answer.blocks and blocks) and blocks[0].role == PROSE

    def _read(self, line: TemplateLine) -> tuple[Block, ...]:
        """Return the blocks of a line without the template's prompts, and check their letters."""
        blocks = line.answer
        markup = line.second if line.is_row else line.first
        if line.blocks is None and letters_of([markup]) != letters_of(b.text for b in blocks):
            self._remainder.append(line.place)
        answered = tuple(block for block in blocks if not self._is_prompt(block))
        if any(self._is_prompt(b) and not self._is_limit(b) for b in blocks):
            self._repair(self._cell, f"{line.place}: left out the prompt of the template")
        self._kept += len(answered)
        self._set_aside(reasons.OF_TEMPLATE, len(blocks) - len(answered))
        return answered

    def _is_printed(self, block: Block) -> bool:
        return block.role == PROSE and key_of(block.text) in self._wording.printed

    def _is_prompt(self, block: Block) -> bool:
        is_prompt = key_of(block.text) == self._wording.prompts[self._cell]
        return block.role == PROSE and (is_prompt or self._is_limit(block))

    def _is_limit(self, block: Block) -> bool:
        return key_of(block.text) in self._wording.limits

    def _withhold(self, point: SourcePoint) -> SourcePoint:
        text, contacts = withhold_contacts(point.text)
        if contacts:
            self._repair(point.cell, f"position {point.position}: left out contacts ({contacts})")
        return replace(point, text=text)

    def _set_aside(self, reason: str, items: int) -> None:
        self._account.set_aside(ITEMS, reason, items)

    def _repair(self, place: str, what: str) -> None:
        self._repairs.append(Repair(place, what))


def _has_contact(line: TemplateLine) -> bool:
    return bool(withhold_contacts(line.first)[1])


def _leads_to_contacts(line: TemplateLine) -> bool:
    """Return whether a paragraph right above contacts may be a name, or announce them."""
    text = line.first.strip()
    return len(text.split()) < SENTENCE or text.endswith(":") or has_name(text)


def _is_sentence(value: str) -> bool:
    """Return whether the text after the label of a contact is a sentence that names nobody."""
    is_sentence = len(value.split()) >= SENTENCE and value.rstrip().endswith((".", "!", "?"))
    return is_sentence and not withhold_contacts(value)[1] and not has_name(value)
