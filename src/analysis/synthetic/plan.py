"""Who meets, where, when and about what in a synthetic study, before anybody says anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from analysis.synthetic.chance import Chance
from analysis.synthetic.proportions import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.study.places import Places
    from analysis.synthetic.proportions import RegionShape, Shape
    from analysis.synthetic.statements import Sentence, SentenceBank, Theme
    from analysis.synthetic.talk import Talk

FIRST_DATE = date(2020, 7, 1)
DAYS = 140
SATURDAY = 5
DISTINCT_COUNTRIES = 0.8
IN_EACH_BLOCK = {"aggregate-only": 3, "public": 9}
CROWDED_IN_EACH_BLOCK = 3
PASTED_IN_EACH_BLOCK = 4
OVERLAP = 3
"""One focus group of so many is coded by the first two coders, the others by one each."""

DOMAINS = ("reaching_person", "structures", "context")
DOMAIN_QUESTIONS = ("situation", "concerns", "hope", "constraints")


@dataclass(frozen=True)
class PlannedPoint:
    """A point that a focus group will make, whatever else it says.

    Parameters
    ----------
    section, question : str
        The cell.
    code : str
        The code that it bears.
    statement : Sentence or None
        The statement, where it is a certain one.
    """

    section: str
    question: str
    code: str
    statement: Sentence | None = None

    @property
    def cell(self) -> tuple[str, str]:
        """Return the section and the question."""
        return self.section, self.question


@dataclass(frozen=True)
class PlannedGroup:
    """A focus group before anybody says anything.

    Parameters
    ----------
    region : str
        The region where it is held, or the wider place that it speaks for.
    places : tuple of str
        Its places.
    landlocked : bool
        Whether some of its countries have no coast.
    coders : tuple of str
        Who codes it.
    theme : Theme
        What it is about.
    held_on : date
        When it is held.
    consent : str
        What it allows.
    focus_group : str
        Id.
    scope : str
        country, region or continent.
    speaks_of : tuple of str
        Regions that a wider submission speaks of.
    crowded, pasted : bool
        Whether a cell has more points than allowed, or one point twice.
    points : tuple of PlannedPoint
        What is said here and in no other focus group.
    """

    region: str
    places: tuple[str, ...]
    landlocked: bool
    coders: tuple[str, ...]
    theme: Theme
    held_on: date
    consent: str = "public-without-names"
    focus_group: str = ""
    scope: str = "country"
    speaks_of: tuple[str, ...] = ()
    crowded: bool = False
    pasted: bool = False
    points: tuple[PlannedPoint, ...] = ()


@dataclass(frozen=True)
class Planner:
    """Plans the focus groups of a synthetic study, block by block.

    Parameters
    ----------
    seed : int
        The seed of the study.
    shape : Shape
        What all synthetic studies have in common.
    bank : SentenceBank
        Sentences.
    talks : mapping of str to Talk
        By region: what can be said there.
    places : Places
        Countries and continents.
    """

    seed: int
    shape: Shape
    bank: SentenceBank
    talks: Mapping[str, Talk]
    places: Places

    def plan(self, focus_groups: int) -> Iterator[PlannedGroup]:
        """Yield the focus groups of country scope, each block in the order of its dates."""
        width = max(2, len(str(focus_groups)))
        for number, start in enumerate(range(0, focus_groups, BLOCK)):
            block = self._plan_block(number, min(BLOCK, focus_groups - start))
            by_date = sorted(block, key=lambda planned: planned.held_on)
            for position, planned in enumerate(by_date, start=start + 1):
                yield replace(planned, focus_group=f"fg{position:0{width}}")

    def _plan_block(self, number: int, size: int) -> list[PlannedGroup]:
        chance = Chance(self.seed, "block", number)
        places = [
            (shape, held_at)
            for shape in self.shape.regions
            for held_at in self._places(shape, self.shape.allot(size)[shape.region], chance)
        ]
        coders = self._coders()
        planned = [
            PlannedGroup(
                region=shape.region,
                places=held_at,
                landlocked=not shape.landlocked.isdisjoint(held_at),
                coders=next(coders),
                theme=chance.pick(self._themes(shape.region)),
                held_on=_weekday(FIRST_DATE + timedelta(chance.below(DAYS))),
            )
            for shape, held_at in places
        ]
        self._mark(planned, chance)
        self._plan_once(planned, chance)
        if number == 0:
            self._plan_rare(planned, chance)
        return planned

    def _places(self, shape: RegionShape, count: int, chance: Chance) -> Iterator[tuple[str, ...]]:
        """Yield the places of a region's focus groups, turning from continent to continent."""
        together = count == shape.focus_groups and bool(shape.neighbours)
        alone = count - together
        by_continent: dict[str, list[str]] = {}
        for country in chance.shuffle(shape.countries):
            continent = self.places.countries[country].continent
            by_continent.setdefault(continent, []).append(country)
        continents = [by_continent[continent] for continent in sorted(by_continent)]
        turns = [list(islice(cycle(countries), alone)) for countries in continents]
        countries = [country for turn in zip(*turns, strict=True) for country in turn]
        distinct = list(dict.fromkeys(countries))[: max(1, round(DISTINCT_COUNTRIES * alone))]
        yield from ((country,) for country in islice(cycle(distinct), alone))
        if together:
            yield shape.neighbours

    def _coders(self) -> Iterator[tuple[str, ...]]:
        """Yield who codes each focus group: the first two together, then coders by turn."""
        names = [habit.coder for habit in self.shape.habits]
        turns = cycle(names)
        while True:
            yield (names[0], names[1])
            for _ in range(OVERLAP - 1):
                yield (next(turns),)

    def _themes(self, region: str) -> Sequence[Theme]:
        tenths = self.talks[region].tenths
        return [theme for theme in self.bank.themes if all(tenths[code] for code in theme.codes)]

    def _mark(self, planned: list[PlannedGroup], chance: Chance) -> None:
        """Mark which focus groups allow less or more, crowd a cell, or paste a point twice."""
        order = chance.shuffle(range(len(planned)))
        for consent, times in IN_EACH_BLOCK.items():
            for _ in range(_share(times, len(planned))):
                index = order.pop()
                planned[index] = replace(planned[index], consent=consent)
        order = chance.shuffle(range(len(planned)))
        for _ in range(_share(CROWDED_IN_EACH_BLOCK, len(planned))):
            index = order.pop()
            planned[index] = replace(planned[index], crowded=True)
        for _ in range(_share(PASTED_IN_EACH_BLOCK, len(planned))):
            index = order.pop()
            planned[index] = replace(planned[index], pasted=True)

    def _plan_once(self, planned: list[PlannedGroup], chance: Chance) -> None:
        """Give each code that a region voices once to one of its focus groups."""
        for region, codes in self.shape.once.items():
            here = [index for index, group in enumerate(planned) if group.region == region]
            for code in codes if here else ():
                index = chance.pick(here)
                question = chance.pick(self._questions(planned[index], code))
                point = PlannedPoint(chance.pick(DOMAINS), question, code)
                _add_point(planned, index, point)

    def _questions(self, group: PlannedGroup, code: str) -> list[str]:
        """Return the questions of a domain that a focus group can answer with a code."""
        statements = self.talks[group.region].statements
        return [
            question
            for question in DOMAIN_QUESTIONS
            if any(
                entry.fits([group.region], landlocked=group.landlocked)
                for entry in statements.get((code, question), ())
            )
        ]

    def _plan_rare(self, planned: list[PlannedGroup], chance: Chance) -> None:
        """Give each rare statement to one focus group, the choosiest statements first."""
        fits = {
            entry: [i for i, group in enumerate(planned) if self._can_say(group, entry)]
            for entry in self.bank.rare
        }
        taken: set[int] = set()
        for entry in sorted(fits, key=lambda entry: len(fits[entry])):
            free = [index for index in fits[entry] if index not in taken]
            if free:
                index = chance.pick(free)
                taken.add(index)
                point = PlannedPoint(chance.pick(DOMAINS), entry.question, entry.code, entry)
                _add_point(planned, index, point)

    def _can_say(self, group: PlannedGroup, entry: Sentence) -> bool:
        spoken_of = self.talks[group.region].tenths[entry.code] > 0
        return spoken_of and entry.fits([group.region], landlocked=group.landlocked)


def _add_point(planned: list[PlannedGroup], index: int, point: PlannedPoint) -> None:
    planned[index] = replace(planned[index], points=(*planned[index].points, point))


def _share(times: int, size: int) -> int:
    """Return how often something happens in a block that is not full, to the nearest whole."""
    return (times * size + BLOCK // 2) // BLOCK


def _weekday(day: date) -> date:
    """Return the day, or the Friday before it when it falls on a weekend."""
    return day - timedelta(max(0, day.weekday() - SATURDAY + 1))
