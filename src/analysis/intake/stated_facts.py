"""What a submission states of its focus group, fact by fact, while its lines are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.intake import account as reasons
from analysis.intake.answer_blocks import plain_text
from analysis.intake.contacts import withhold_contacts
from analysis.intake.submission import Repair
from analysis.intake.template_wording import CONSENT, PARTICIPANTS, key_of

if TYPE_CHECKING:
    from analysis.intake.account import AccountBook
    from analysis.intake.template_lines import TemplateLine
    from analysis.intake.template_wording import TemplateWording

# Facts of which each line says something of its own.
BY_LINE = frozenset({CONSENT, PARTICIPANTS})


class StatedFacts:
    """The facts that a submission states so far.

    Parameters
    ----------
    wording : TemplateWording
        What its template says.
    book : AccountBook
        Its account.
    repairs : list of Repair
        What was mended in it, to which more is added.
    """

    def __init__(self, wording: TemplateWording, book: AccountBook, repairs: list[Repair]) -> None:
        self._wording = wording
        self._book = book
        self._repairs = repairs
        self._stated: dict[str, str] = {}
        self._last = ""

    def stated(self) -> dict[str, str]:
        """Return what is stated, by fact."""
        return dict(self._stated)

    def take(self, line: TemplateLine) -> bool:
        """Take a line, and return whether it states a fact."""
        label, colon, value = line.first.partition(":")
        fact = self._wording.facts.get(key_of(label))
        if fact is None or not (colon or line.is_row):
            return self._go_on_in_text(line)
        self._last = fact
        text = _stated_in(fact, line, value)
        if not text:
            self._book.set_aside(reasons.OF_TEMPLATE, line.items)
            return True
        labels = line.items - len(line.answer) if line.is_row else 0
        self._book.set_aside(reasons.OF_TEMPLATE, labels)
        self.keep(fact, text, line.items - labels, line.place)
        return True

    def keep(self, fact: str, said: str, items: int, place: str) -> None:
        """Take what is said of a fact.

        What was said of it before counts, and of consent all that is said.
        """
        text, contacts = withhold_contacts(said)
        if contacts:
            self._repair(fact, f"{place}: left out contacts ({contacts})")
        before = self._stated.get(fact)
        if before is None:
            self._stated[fact] = text
        elif fact == CONSENT:
            self._stated[fact] = f"{before}\n{text}"
            self._repair(fact, f"{place}: put to what an earlier line says of it")
        elif before != text:
            self._repair(fact, f"{place}: kept what an earlier line says of it")
        if before is None or fact == CONSENT:
            self._book.map(items)
        else:
            self._book.set_aside(reasons.SAID_BEFORE, items)

    def go_on(self, line: TemplateLine) -> bool:
        """Take a line that goes on with the fact above, and return whether there is one."""
        if not self._last:
            return False
        text, _ = withhold_contacts(_lines_of(self._last, line))
        above = self._stated.get(self._last, "")
        self._stated[self._last] = _joiner(self._last).join(filter(None, (above, text)))
        self._repair(self._last, f"{line.place}: put to the line above")
        self._book.map(len(line.answer))
        return True

    def leave(self) -> None:
        """Take a line after which no other goes on with a fact."""
        self._last = ""

    def _go_on_in_text(self, line: TemplateLine) -> bool:
        """Take the next line of a text file where a fact has lines of its own."""
        is_next = line.blocks is None and not (line.is_row or line.follows_gap)
        return is_next and self._last in BY_LINE and self.go_on(line)

    def _repair(self, fact: str, what: str) -> None:
        self._repairs.append(Repair(fact, what))


def _stated_in(fact: str, line: TemplateLine, value: str) -> str:
    """Return what a line says of a fact beside its label."""
    beside = _lines_of(fact, line) if line.is_row else ""
    return _joiner(fact).join(filter(None, (plain_text(value), beside)))


def _lines_of(fact: str, line: TemplateLine) -> str:
    """Return what stands in the last cell of a line."""
    return _joiner(fact).join(block.text for block in line.answer)


def _joiner(fact: str) -> str:
    return "\n" if fact in BY_LINE else " "
