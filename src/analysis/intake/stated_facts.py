"""The facts of its focus group that a submission states, collected while its lines are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake import account as reasons
from analysis.intake.contacts import withhold_contacts
from analysis.intake.lines import plain_text
from analysis.intake.submission import Repair
from analysis.intake.template_wording import CONSENT, PARTICIPANTS, key_of

if TYPE_CHECKING:
    from analysis.intake.account import Account
    from analysis.intake.lines import TemplateLine
    from analysis.intake.template_wording import TemplateWording

# Facts whose lines are kept apart: options to tick, and kinds of participants.
BY_LINE = frozenset({CONSENT, PARTICIPANTS})
EARLIER = "kept the value of an earlier line"
MOST_CHARACTERS = 2_000
"""Characters that a fact may have; a longer one is an answer that lost its question."""


class StatedFacts:
    """The facts that a submission states so far; its account and its repairs are added to."""

    def __init__(
        self, wording: TemplateWording, account: Account, repairs: list[Repair], name: str
    ) -> None:
        self._wording = wording
        self._name = name
        self.kept = 0
        self._account = account
        self._repairs = repairs
        self._stated: dict[str, str] = {}
        self._last = ""
        self._is_repeated = False

    def stated(self) -> dict[str, str]:
        """Return the value of each fact."""
        return dict(self._stated)

    def take(self, line: TemplateLine) -> bool:
        """Take a line, and return whether it states a fact."""
        label, colon, value = line.first.partition(":")
        fact = self._wording.facts.get(key_of(label))
        if fact is None or not (colon or line.is_row):
            return self._extend_in_text(line)
        self._last, self._is_repeated = fact, self._is_settled(fact)
        text = _value_in(fact, line, value)
        if not text:
            self._account.set_aside(reasons.ITEMS, reasons.OF_TEMPLATE, line.items)
            return True
        labels = line.items - len(line.answer) if line.is_row else 0
        self._account.set_aside(reasons.ITEMS, reasons.OF_TEMPLATE, labels)
        self.keep(fact, text, line.items - labels, line.place)
        return True

    def keep(self, fact: str, value: str, items: int, place: str) -> None:
        """Keep the value of a fact: the first one, but of consent all of them."""
        text = self._without_contacts(fact, _without_spaces(fact, value), place)
        before = self._stated.get(fact)
        if self._is_settled(fact):
            self._account.set_aside(reasons.ITEMS, reasons.SAID_BEFORE, items)
            if before != text:
                self._repair(fact, f"{place}: {EARLIER}")
            return
        if before is not None:
            text = f"{before}\n{text}"
            self._repair(fact, f"{place}: added to the value of an earlier line")
        self._state(fact, text, place)
        self.kept += items

    def extend(self, line: TemplateLine) -> bool:
        """Take a line that continues the fact above, and return whether there is one."""
        fact = self._last
        if not fact:
            return False
        if self._is_repeated:
            self._account.set_aside(reasons.ITEMS, reasons.SAID_BEFORE, len(line.answer))
            return True
        both = filter(None, (self._stated.get(fact, ""), _lines_of(fact, line)))
        text = self._without_contacts(fact, _separator(fact).join(both), line.place)
        self._state(fact, text, line.place)
        self._repair(fact, f"{line.place}: added to the line above")
        self.kept += len(line.answer)
        return True

    def leave(self) -> None:
        """Take a line after which no other continues a fact."""
        self._last = ""

    def _extend_in_text(self, line: TemplateLine) -> bool:
        """Take the next line of a text file where a fact has several lines."""
        is_next = line.blocks is None and not (line.is_row or line.follows_gap)
        return is_next and self._last in BY_LINE and self.extend(line)

    def _is_settled(self, fact: str) -> bool:
        """Return whether another value of a fact does not count."""
        return fact in self._stated and fact != CONSENT

    def _without_contacts(self, fact: str, value: str, place: str) -> str:
        text, contacts = withhold_contacts(value)
        if contacts:
            self._repair(fact, f"{place}: left out contacts ({contacts})")
        return text

    def _state(self, fact: str, text: str, place: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise SourceError(
                f"{self._name} states a fact that is too long.",
                offenders=[f"{place}: {fact} has {len(text)} characters"],
                expected=f"at most {MOST_CHARACTERS}",
                remedy="shorten it, or put an answer below its question",
            )
        self._stated[fact] = text

    def _repair(self, fact: str, what: str) -> None:
        self._repairs.append(Repair(fact, what))


def _value_in(fact: str, line: TemplateLine, value: str) -> str:
    """Return the value of a fact after its label, and in the next cell."""
    beside = _lines_of(fact, line) if line.is_row else ""
    return _separator(fact).join(filter(None, (plain_text(value), beside)))


def _lines_of(fact: str, line: TemplateLine) -> str:
    return _separator(fact).join(block.text for block in line.answer)


def _without_spaces(fact: str, value: str) -> str:
    """Return a value without needless space, and in one line unless its lines are kept apart."""
    lines = value.splitlines() if fact in BY_LINE else [value]
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _separator(fact: str) -> str:
    return "\n" if fact in BY_LINE else " "
