"""The answers of a synthetic focus group, cell by cell of the template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from analysis.synthetic.chance import Weighted
from analysis.synthetic.plan import DOMAIN_QUESTIONS, DOMAINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.synthetic.chance import Chance
    from analysis.synthetic.conversation import Conversation, Telling
    from analysis.synthetic.plan import PlannedGroup
    from analysis.synthetic.statements import SentenceBank

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
    """A segment of a synthetic submission, with the codes that it bears.

    Parameters
    ----------
    section, question, position, role, label, text : str
        As in the table of segments.
    codes : tuple of str
        The codes that it bears, that of its statement first; none for lead-ins and headings.
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
    """Takes down the answers of a focus group.

    Parameters
    ----------
    planned : PlannedGroup
        The focus group.
    conversation : Conversation
        What it says next.
    bank : SentenceBank
        Lead-ins and headings.
    codes_by_theme : mapping of str to sequence of str
        The codes of each theme of the codebook.
    chance : Chance
        Where the shape of each answer is drawn from.
    """

    planned: PlannedGroup
    conversation: Conversation
    bank: SentenceBank
    codes_by_theme: Mapping[str, Sequence[str]]
    chance: Chance

    def answers(self) -> list[Answer]:
        """Return all answers, in the order of the template."""
        crowded = self.chance.pick((*DOMAIN_CELLS, *RECOMMENDATIONS))
        cells = [self._points(INTRODUCTION, self.chance.weigh(POINTS_OF_INTRODUCTION))]
        for cell in DOMAIN_CELLS:
            is_crowded = self.planned.crowded and cell == crowded
            cells.append(self._crowd(cell) if is_crowded else self._domain(cell))
        for cell in (PATTERNS, *RECOMMENDATIONS):
            is_crowded = self.planned.crowded and cell == crowded
            count = self.chance.weigh(POINTS_OF_OTHERS)
            cells.append(self._crowd(cell) if is_crowded else self._points(cell, count))
        cells.append(self._prose(KEY, 1))
        if self.planned.pasted:
            self._paste(cells)
        return [answer for cell in cells for answer in cell]

    def _domain(self, cell: tuple[str, str]) -> list[Answer]:
        """Answer a cell of a domain in one of the shapes that submissions have."""
        count = self.chance.weigh(POINTS_OF_DOMAIN)
        shape = self.chance.weigh(SHAPES)
        if shape == POINTS or any(point.cell == cell for point in self.planned.points):
            return self._points(cell, count)
        if shape == "lead_in":
            return [*self._lead_in(cell), *self._points(cell, max(count, 2))]
        if shape == "prose":
            return self._prose(cell, 1 + self.chance.happens(SECOND_PARAGRAPH))
        return self._headed(cell, count) if shape == "headed" else []

    def _crowd(self, cell: tuple[str, str]) -> list[Answer]:
        return self._points(cell, self.chance.pick(TOO_MANY_POINTS))

    def _planned_points(self, cell: tuple[str, str]) -> list[Telling]:
        points = [point for point in self.planned.points if point.cell == cell]
        said = map(self.conversation.say_planned, points)
        return [telling for telling in said if telling]

    def _tellings(self, cell: tuple[str, str], count: int) -> list[Telling]:
        """Return what is said in a cell, each under another code where that can be."""
        tellings = self._planned_points(cell)
        while len(tellings) < count:
            codes = {telling.codes[0] for telling in tellings}
            telling = self.conversation.say(*cell, apart_from=codes)
            if telling is None:
                break
            tellings.append(telling)
        return self.chance.shuffle(tellings) if self.planned.points else tellings

    def _points(self, cell: tuple[str, str], count: int) -> list[Answer]:
        return [
            _answer(cell, str(position), "point", telling)
            for position, telling in enumerate(self._tellings(cell, count), start=1)
        ]

    def _prose(self, cell: tuple[str, str], paragraphs: int) -> list[Answer]:
        return [
            _answer(cell, f"p{position}", "prose", telling)
            for position, telling in enumerate(self._tellings(cell, paragraphs), start=1)
        ]

    def _lead_in(self, cell: tuple[str, str]) -> list[Answer]:
        """Announce the list that follows, now and then after a paragraph."""
        label, text = self.chance.pick(self.bank.lead_ins[cell[1]])
        before = self._prose(cell, 1) if self.chance.happens(PROSE_BEFORE_LEAD_IN) else []
        return [*before, Answer(*cell, f"p{len(before) + 1}", "lead_in", label, text, ())]

    def _headed(self, cell: tuple[str, str], count: int) -> list[Answer]:
        """Answer with points, one of which is a heading with sub-points of one theme."""
        theme, subpoints = self._subpoints(cell)
        if len(subpoints) < FEWEST_SUBPOINTS:
            return self._points(cell, count)
        text = self.chance.pick(self.bank.headings[theme])
        tellings = self._tellings(cell, min(count, MOST_POINTS - 1))
        place = self.chance.below(len(tellings) + 1)
        heading = Answer(*cell, str(place + 1), "point", text.removesuffix(":"), text, ())
        points = [
            _answer(cell, str(position + 1 + (position >= place)), "point", telling)
            for position, telling in enumerate(tellings)
        ]
        lettered = [
            _answer(cell, f"{place + 1}{letter}", "subpoint", telling)
            for letter, telling in zip("abc", subpoints, strict=False)
        ]
        return [*points[:place], heading, *lettered, *points[place:]]

    def _subpoints(self, cell: tuple[str, str]) -> tuple[str, list[Telling]]:
        """Return a theme on the agenda, and two or three things said about it."""
        on_agenda = {
            theme: [code for code in codes if self.conversation.speaks_of(code)]
            for theme, codes in self.codes_by_theme.items()
        }
        theme = self.chance.pick([theme for theme, codes in on_agenda.items() if codes])
        codes = self.chance.shuffle(on_agenda[theme])
        wanted = FEWEST_SUBPOINTS + self.chance.below(2)
        tellings = []
        for turn in range(wanted):
            in_turn = codes[turn % len(codes) :] + codes[: turn % len(codes)]
            telling = self.conversation.say_of(in_turn, cell[1])
            if telling:
                tellings.append(telling)
        return theme, tellings

    def _paste(self, cells: list[list[Answer]]) -> None:
        """Paste a point of some cell once more, after its last one."""
        fit = [
            cell
            for cell in cells
            if cell and len(cell) < MOST_POINTS and all(answer.role == "point" for answer in cell)
        ]
        if fit:
            cell = self.chance.pick(fit)
            cell.append(self.chance.pick(cell)._replace(position=str(len(cell) + 1)))


def _answer(cell: tuple[str, str], position: str, role: str, telling: Telling) -> Answer:
    return Answer(*cell, position, role, telling.label, telling.text, telling.codes)
