"""What a synthetic focus group speaks of, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from analysis.synthetic.chance import Weighted
from analysis.synthetic.proportions import TENTHS, USUAL_WEIGHT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from analysis.synthetic.chance import Chance
    from analysis.synthetic.plan import PlannedGroup, PlannedPoint
    from analysis.synthetic.repertoire import Repertoire
    from analysis.synthetic.statements import Sentence
    from analysis.synthetic.talk import Talk

LEAST_CODES = 8
LEAST_WEIGHT = 2
STRESS_TO_WEIGHT = 4
THEME_WEIGHT = 2
TRIES = 8
OFTEN = 24
"""Studies larger than the demonstration tell statements so often that they need more remarks."""
DETAILS = {
    "introduction": (0.4, 0.06),
    "situation": (0.55, 0.12),
    "concerns": (0.55, 0.12),
    "hope": (0.35, 0.04),
    "constraints": (0.55, 0.12),
    "patterns": (0.35, 0.04),
    "continue": (0.35, 0.04),
    "stop": (0.4, 0.05),
    "start": (0.4, 0.05),
    "key": (0.4, 0.05),
}
"""By question: how likely a statement has a detail, and how likely two."""


class Telling(NamedTuple):
    """A statement with its details, in words.

    Parameters
    ----------
    label : str
        The label of the statement.
    text : str
        All of it.
    codes : tuple of str
        The codes that it bears, the statement's first.
    """

    label: str
    text: str
    codes: tuple[str, ...]


class Conversation:
    """Finds what one focus group says next.

    Parameters
    ----------
    planned : PlannedGroup
        The focus group.
    talk : Talk
        What can be said where it is held.
    repertoire : Repertoire
        What the study has said so far.
    chance : Chance
        Where all is drawn from.
    """

    def __init__(
        self, planned: PlannedGroup, talk: Talk, repertoire: Repertoire, chance: Chance
    ) -> None:
        self._planned = planned
        self._talk = talk
        self._repertoire = repertoire
        self._chance = chance
        self._made: set[int] = set()
        self._agenda = _agenda(planned, talk, chance)
        usual = dict.fromkeys(self._agenda, USUAL_WEIGHT)
        self._usual = _weighted(self._agenda, usual)
        self._by_section = {
            section: _weighted(self._agenda, leanings)
            for section, leanings in talk.leanings.items()
        }
        self._related = _related(self._agenda, talk)

    def speaks_of(self, code: str) -> bool:
        """Return whether a code is on the agenda."""
        return code in self._agenda

    def say(self, section: str, question: str, *, apart_from: Collection[str]) -> Telling | None:
        """Return something that the focus group has not said yet, or None if there is nothing.

        Parameters
        ----------
        section, question : str
            The cell.
        apart_from : collection of str
            Codes of statements that the cell already has, avoided while there are others.
        """
        codes = self._by_section.get(section, self._usual)
        for _ in range(TRIES):
            drawn = (self._chance.weigh(codes), self._chance.weigh(codes))
            statements = [self._next(code, question) for code in drawn if code not in apart_from]
            can_be_made = [statement for statement in statements if statement]
            if can_be_made:
                rarest = min(can_be_made, key=self._repertoire.times)
                telling = self._tell(rarest, question)
                if telling:
                    return telling
        return self.say_of(codes.items, question)

    def say_of(self, codes: Collection[str], question: str) -> Telling | None:
        """Return something not said yet that bears one of the codes, the first that can be."""
        for code in codes:
            statement = self._next(code, question)
            if statement:
                return self._tell(statement, question) or self._retell(statement, question)
        return None

    def say_planned(self, point: PlannedPoint) -> Telling | None:
        """Return what a planned point says: a rare statement stands without details."""
        if point.statement is None:
            return self.say_of((point.code,), point.question)
        self._made.add(point.statement.number)
        return Telling(point.statement.label, point.statement.text, (point.code,))

    def _next(self, code: str, question: str) -> Sentence | None:
        return self._repertoire.next_of(
            (self._planned.region, code, question),
            self._talk.statements.get((code, question), ()),
            apart_from=self._made,
            landlocked=self._planned.landlocked,
            chance=self._chance,
        )

    def _tell(self, statement: Sentence, question: str) -> Telling | None:
        """Return a statement with details of related codes, or None if it was told so before."""
        times = self._repertoire.times(statement)
        self._repertoire.deal((self._planned.region, statement.code, question), statement)
        self._made.add(statement.number)
        one, two = DETAILS[question]
        wanted = 2 if self._chance.happens(two) else int(self._chance.happens(one))
        is_often_told = times > OFTEN
        for _ in range(TRIES if wanted or not times else 0):
            details = self._details(self._related.get(statement.code), statement, question, wanted)
            told = [*details, *self._remarks(question, int(is_often_told and bool(details)))]
            if self._repertoire.tell(statement, told):
                return self._telling(statement, told)
            if not details:
                break
        for _ in range(TRIES):
            remarks = self._remarks(question, 1 + is_often_told)
            if remarks and self._repertoire.tell(statement, remarks):
                return self._telling(statement, remarks)
        return None

    def _remarks(self, question: str, wanted: int) -> list[Sentence]:
        """Return remarks that bear no code, less those made before."""
        remarks = self._talk.remarks[question]
        drawn = dict.fromkeys(self._chance.pick(remarks) for _ in range(wanted))
        return [remark for remark in drawn if remark.number not in self._made]

    def _retell(self, statement: Sentence, question: str) -> Telling:
        """Return a statement with details of any codes, in a new way if there is one."""
        for attempt in range(2 * TRIES):
            details = self._details(self._usual, statement, question, 1 + attempt // TRIES)
            if self._repertoire.tell(statement, details):
                break
        return self._telling(statement, details)

    def _telling(self, statement: Sentence, details: Sequence[Sentence]) -> Telling:
        self._made.update(detail.number for detail in details)
        return Telling(
            statement.label,
            " ".join((statement.text, *(detail.text for detail in details))),
            (statement.code, *(detail.code for detail in details if detail.code)),
        )

    def _details(
        self, codes: Weighted[str] | None, statement: Sentence, question: str, wanted: int
    ) -> list[Sentence]:
        """Return details that bear some of the codes and that were not used before."""
        found: list[Sentence] = []
        if codes is None:
            return found
        table = self._talk.details[question]
        taken = [statement.code]
        for _ in range(TRIES * wanted):
            other = self._chance.weigh(codes)
            if other in taken or not table[other]:
                continue
            detail = self._chance.pick(table[other])
            is_at_sea = detail.coast and self._planned.landlocked
            if detail.number not in self._made and not is_at_sea:
                found.append(detail)
                taken.append(other)
            if len(found) == wanted:
                break
        return found


def _agenda(planned: PlannedGroup, talk: Talk, chance: Chance) -> dict[str, int]:
    """Return the codes that a focus group speaks of, with their weights.

    Stress decides above all whether a code is spoken of; were it to weigh much as well, every focus
    group of a region would make the same few statements.
    """
    spoken_of = {code: tenths for code, tenths in talk.tenths.items() if tenths}
    agenda = [code for code, tenths in spoken_of.items() if chance.below(TENTHS) < tenths]
    most_stressed = sorted(spoken_of, key=lambda code: -spoken_of[code])
    missing = max(0, LEAST_CODES - len(agenda))
    agenda += [code for code in most_stressed if code not in agenda][:missing]
    weights = {code: LEAST_WEIGHT + spoken_of[code] // STRESS_TO_WEIGHT for code in agenda}
    for code in planned.theme.codes:
        weights[code] = weights.get(code, LEAST_WEIGHT) + THEME_WEIGHT
    return weights


def _weighted(agenda: Mapping[str, int], leanings: Mapping[str, int]) -> Weighted[str]:
    return Weighted.of({code: weight * leanings[code] for code, weight in agenda.items()})


def _related(agenda: Mapping[str, int], talk: Talk) -> dict[str, Weighted[str]]:
    """Return the codes on the agenda that details can bear, by the code of their statement."""
    weights = {
        code: {other: agenda[other] for other in related if other in agenda}
        for code, related in talk.related.items()
    }
    return {code: Weighted.of(found) for code, found in weights.items() if found}
