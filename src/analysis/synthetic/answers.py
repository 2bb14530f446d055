"""The answers of a synthetic focus group, cell by cell of the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.synthetic.seeded_random import Weighted
from analysis.synthetic.study_plan import DOMAIN_QUESTIONS, DOMAINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.synthetic.conversation import Conversation, Utterance
    from analysis.synthetic.seeded_random import SeededRandom
    from analysis.synthetic.sentences import SentenceBank
    from analysis.synthetic.study_plan import PlannedGroup

INTRODUCTION = ("theme", "introduction")
PATTERNS = ("emerging", "patterns")
RECOMMENDATIONS = tuple(("recommendations", question) for question in ("continue", "stop", "start"))
KEY = ("recommendations", "key")
DOMAIN_CELLS = tuple((section, question) for section in DOMAINS for question in DOMAIN_QUESTIONS)

POINTS = "points"
SHAPES = Weighted.of({POINTS: 73, "lead_in": 8, "prose": 7, "headed": 6, "unanswered": 6})
"""How a cell of a domain is answered, in hundredths."""

POINTS_OF_INTRODUCTION = Weighted.of({2: 30, 3: 45, 4: 25})
POINTS_OF_DOMAIN = Weighted.of({1: 12, 2: 25, 3: 33, 4: 20, 5: 10})
POINTS_OF_OTHERS = Weighted.of({2: 20, 3: 40, 4: 25, 5: 15})
TOO_MANY_POINTS = (6, 7)
MOST_POINTS = 5
FEWEST_SUBPOINTS = 2
SECOND_PARAGRAPH = 0.3
PROSE_BEFORE_LEAD_IN = 0.25


class Answer(NamedTuple):
    """A segment of a synthetic submission, with its codes, that of its statement first.

    Lead-ins and headings have none.
    """

    section: str
    question: str
    position: str
    role: str
    label: str
    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Discussion:
    """Takes down the answers of a focus group, cell by cell of the template."""

    planned: PlannedGroup
    conversation: Conversation
    bank: SentenceBank
    codes_by_theme: Mapping[str, Sequence[str]]
    rng: SeededRandom

    def answers(self) -> list[Answer]:
        """Return all answers, in the order of the template."""
        crowded = self.rng.choice((*DOMAIN_CELLS, *RECOMMENDATIONS))
        cells = [self._points(INTRODUCTION, self.rng.weighted_choice(POINTS_OF_INTRODUCTION))]
        for cell in DOMAIN_CELLS:
            is_crowded = self.planned.crowded and cell == crowded
            cells.append(self._crowd(cell) if is_crowded else self._domain(cell))
        for cell in (PATTERNS, *RECOMMENDATIONS):
            is_crowded = self.planned.crowded and cell == crowded
            count = self.rng.weighted_choice(POINTS_OF_OTHERS)
            cells.append(self._crowd(cell) if is_crowded else self._points(cell, count))
        cells.append(self._prose(KEY, 1))
        if self.planned.pasted:
            self._paste(cells)
        return [answer for cell in cells for answer in cell]

    def _domain(self, cell: tuple[str, str]) -> list[Answer]:
        """Answer a cell of a domain in one of the shapes that submissions have."""
        count = self.rng.weighted_choice(POINTS_OF_DOMAIN)
        shape = self.rng.weighted_choice(SHAPES)
        if shape == POINTS or any(point.cell == cell for point in self.planned.points):
            return self._points(cell, count)
        if shape == "lead_in":
            return [*self._lead_in(cell), *self._points(cell, max(count, 2))]
        if shape == "prose":
            return self._prose(cell, 1 + self.rng.happens(SECOND_PARAGRAPH))
        return self._headed(cell, count) if shape == "headed" else []

    def _crowd(self, cell: tuple[str, str]) -> list[Answer]:
        return self._points(cell, self.rng.choice(TOO_MANY_POINTS))

    def _planned_points(self, cell: tuple[str, str]) -> list[Utterance]:
        points = [point for point in self.planned.points if point.cell == cell]
        utterances = map(self.conversation.say_planned, points)
        return [utterance for utterance in utterances if utterance]

    def _utterances(self, cell: tuple[str, str], count: int) -> list[Utterance]:
        """Return the utterances of a cell, each with another code where possible."""
        utterances = self._planned_points(cell)
        while len(utterances) < count:
            codes = {utterance.codes[0] for utterance in utterances}
            utterance = self.conversation.say(*cell, apart_from=codes)
            if utterance is None:
                break
            utterances.append(utterance)
        return self.rng.shuffled(utterances) if self.planned.points else utterances

    def _points(self, cell: tuple[str, str], count: int) -> list[Answer]:
        return [
            _answer(cell, str(position), "point", utterance)
            for position, utterance in enumerate(self._utterances(cell, count), start=1)
        ]

    def _prose(self, cell: tuple[str, str], paragraphs: int) -> list[Answer]:
        return [
            _answer(cell, f"p{position}", "prose", utterance)
            for position, utterance in enumerate(self._utterances(cell, paragraphs), start=1)
        ]

    def _lead_in(self, cell: tuple[str, str]) -> list[Answer]:
        """Announce the list that follows, now and then after a paragraph."""
        label, text = self.rng.choice(self.bank.lead_ins[cell[1]])
        before = self._prose(cell, 1) if self.rng.happens(PROSE_BEFORE_LEAD_IN) else []
        return [*before, Answer(*cell, f"p{len(before) + 1}", "lead_in", label, text, ())]

    def _headed(self, cell: tuple[str, str], count: int) -> list[Answer]:
        """Answer with points, one of which is a heading with sub-points of one theme."""
        theme, subpoints = self._subpoints(cell)
        if len(subpoints) < FEWEST_SUBPOINTS:
            return self._points(cell, count)
        text = self.rng.choice(self.bank.headings[theme])
        utterances = self._utterances(cell, min(count, MOST_POINTS - 1))
        place = self.rng.below(len(utterances) + 1)
        heading = Answer(*cell, str(place + 1), "point", text.removesuffix(":"), text, ())
        points = [
            _answer(cell, str(position + 1 + (position >= place)), "point", utterance)
            for position, utterance in enumerate(utterances)
        ]
        lettered = [
            _answer(cell, f"{place + 1}{letter}", "subpoint", utterance)
            for letter, utterance in zip("abc", subpoints, strict=False)
        ]
        return [*points[:place], heading, *lettered, *points[place:]]

    def _subpoints(self, cell: tuple[str, str]) -> tuple[str, list[Utterance]]:
        """Return a theme on the agenda, and two or three utterances about it."""
        on_agenda = {
            theme: [code for code in codes if self.conversation.speaks_of(code)]
            for theme, codes in self.codes_by_theme.items()
        }
        theme = self.rng.choice([theme for theme, codes in on_agenda.items() if codes])
        codes = self.rng.shuffled(on_agenda[theme])
        wanted = FEWEST_SUBPOINTS + self.rng.below(2)
        utterances = []
        for turn in range(wanted):
            in_turn = codes[turn % len(codes) :] + codes[: turn % len(codes)]
            utterance = self.conversation.say_of(in_turn, cell[1])
            if utterance:
                utterances.append(utterance)
        return theme, utterances

    def _paste(self, cells: list[list[Answer]]) -> None:
        """Paste a point of some cell again, after its last one."""
        fit = [
            cell
            for cell in cells
            if cell and len(cell) < MOST_POINTS and all(answer.role == "point" for answer in cell)
        ]
        if fit:
            cell = self.rng.choice(fit)
            cell.append(self.rng.choice(cell)._replace(position=str(len(cell) + 1)))


def _answer(cell: tuple[str, str], position: str, role: str, utterance: Utterance) -> Answer:
    return Answer(*cell, position, role, utterance.label, utterance.text, utterance.codes)
