"""The plan of a synthetic study: who meets, where, when and on which theme."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from analysis.synthetic.proportions import BLOCK
from analysis.synthetic.seeded_random import SeededRandom

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.study.places import Places
    from analysis.synthetic.proportions import Proportions, RegionProportions
    from analysis.synthetic.sentences import Sentence, SentenceBank, Theme, Vocabulary

FIRST_DATE = date(2020, 7, 1)
DAYS = 140
SATURDAY = 5
DISTINCT_COUNTRIES = 0.8
IN_EACH_BLOCK = {"aggregate-only": 3, "public": 9}
CROWDED_IN_EACH_BLOCK = 3
PASTED_IN_EACH_BLOCK = 4
OVERLAP = 3
"""One focus group of so many is coded by the first two coders, the others by one each."""

WIDER_SUBMISSIONS = (
    ("region", "esa", date(2020, 11, 24)),
    ("continent", "africa", date(2020, 11, 26)),
    ("continent", "americas", date(2020, 11, 27)),
)

DOMAINS = ("reaching_person", "structures", "context")
DOMAIN_QUESTIONS = ("situation", "concerns", "hope", "constraints")


@dataclass(frozen=True)
class PlannedPoint:
    """A point that a focus group will make, in any case.

    The statement is given where it is a certain one.
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

    The region of a wider submission is the place that it speaks for. A crowded group gives more
    points in a cell than the template allows; a pasted one gives one point twice.
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
    """Plans the focus groups of a synthetic study, block by block."""

    seed: int
    proportions: Proportions
    bank: SentenceBank
    vocabularies: Mapping[str, Vocabulary]
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
        rng = SeededRandom(self.seed, "block", number)
        places = [
            (each, held_at)
            for each in self.proportions.regions
            for held_at in self._places(each, self.proportions.allot(size)[each.region], rng)
        ]
        coders = self._coders()
        planned = [
            PlannedGroup(
                region=each.region,
                places=held_at,
                landlocked=not each.landlocked.isdisjoint(held_at),
                coders=next(coders),
                theme=rng.choice(self._themes(each.region)),
                held_on=_weekday(FIRST_DATE + timedelta(rng.below(DAYS))),
            )
            for each, held_at in places
        ]
        self._mark(planned, rng)
        self._plan_once(planned, rng)
        if number == 0:
            self._plan_rare(planned, rng)
        return planned

    def _places(
        self, region: RegionProportions, count: int, rng: SeededRandom
    ) -> Iterator[tuple[str, ...]]:
        """Yield the places of a region's focus groups, turning from continent to continent."""
        together = count == region.focus_groups and bool(region.neighbours)
        alone = count - together
        by_continent: dict[str, list[str]] = {}
        for country in rng.shuffled(region.countries):
            continent = self.places.countries[country].continent
            by_continent.setdefault(continent, []).append(country)
        continents = [by_continent[continent] for continent in sorted(by_continent)]
        turns = [list(islice(cycle(countries), alone)) for countries in continents]
        countries = [country for turn in zip(*turns, strict=True) for country in turn]
        distinct = list(dict.fromkeys(countries))[: max(1, round(DISTINCT_COUNTRIES * alone))]
        yield from ((country,) for country in islice(cycle(distinct), alone))
        if together:
            yield region.neighbours

    def _coders(self) -> Iterator[tuple[str, ...]]:
        """Yield who codes each focus group: the first two together, then coders by turn."""
        names = [habit.coder for habit in self.proportions.habits]
        turns = cycle(names)
        while True:
            yield (names[0], names[1])
            for _ in range(OVERLAP - 1):
                yield (next(turns),)

    def _themes(self, region: str) -> Sequence[Theme]:
        tenths = self.vocabularies[region].tenths
        return [theme for theme in self.bank.themes if all(tenths[code] for code in theme.codes)]

    def _mark(self, planned: list[PlannedGroup], rng: SeededRandom) -> None:
        """Mark which focus groups allow less or more, crowd a cell, or paste a point twice."""
        order = rng.shuffled(range(len(planned)))
        for consent, times in IN_EACH_BLOCK.items():
            for _ in range(_share(times, len(planned))):
                index = order.pop()
                planned[index] = replace(planned[index], consent=consent)
        order = rng.shuffled(range(len(planned)))
        for _ in range(_share(CROWDED_IN_EACH_BLOCK, len(planned))):
            index = order.pop()
            planned[index] = replace(planned[index], crowded=True)
        for _ in range(_share(PASTED_IN_EACH_BLOCK, len(planned))):
            index = order.pop()
            planned[index] = replace(planned[index], pasted=True)

    def _plan_once(self, planned: list[PlannedGroup], rng: SeededRandom) -> None:
        """Give each code that a region voices once to one of its focus groups."""
        for region, codes in self.proportions.once.items():
            here = [index for index, group in enumerate(planned) if group.region == region]
            for code in codes if here else ():
                index = rng.choice(here)
                question = rng.choice(self._questions(planned[index], code))
                point = PlannedPoint(rng.choice(DOMAINS), question, code)
                _add_point(planned, index, point)

    def _questions(self, group: PlannedGroup, code: str) -> list[str]:
        """Return the questions of a domain that a focus group can answer with a code."""
        statements = self.vocabularies[group.region].statements
        return [
            question
            for question in DOMAIN_QUESTIONS
            if any(
                entry.fits([group.region], landlocked=group.landlocked)
                for entry in statements.get((code, question), ())
            )
        ]

    def _plan_rare(self, planned: list[PlannedGroup], rng: SeededRandom) -> None:
        """Give each rare statement to one focus group, the choosiest statements first."""
        fits = {
            entry: [i for i, group in enumerate(planned) if self._can_say(group, entry)]
            for entry in self.bank.rare
        }
        taken: set[int] = set()
        for entry in sorted(fits, key=lambda entry: len(fits[entry])):
            free = [index for index in fits[entry] if index not in taken]
            if free:
                index = rng.choice(free)
                taken.add(index)
                point = PlannedPoint(rng.choice(DOMAINS), entry.question, entry.code, entry)
                _add_point(planned, index, point)

    def _can_say(self, group: PlannedGroup, entry: Sentence) -> bool:
        spoken_of = self.vocabularies[group.region].tenths[entry.code] > 0
        return spoken_of and entry.fits([group.region], landlocked=group.landlocked)


def spoken_of(
    place: str, met: Collection[tuple[str, str]], proportions: Proportions
) -> tuple[str, ...]:
    """Return the regions with a focus group that a wider submission speaks of, in their order.

    Of the focus groups of country scope, ``met`` has the continent and the region.
    """
    there = {region for continent, region in met if place in (continent, region)}
    return tuple(entry.region for entry in proportions.regions if entry.region in there)


def plan_wider(
    seed: int, met: Collection[tuple[str, str]], *, proportions: Proportions, bank: SentenceBank
) -> Iterator[PlannedGroup]:
    """Yield the submissions of wider scope for places that have a focus group of country scope.

    The last coder codes them.
    """
    for scope, place, held_on in WIDER_SUBMISSIONS:
        regions = spoken_of(place, met, proportions)
        if not regions:
            continue
        rng = SeededRandom(seed, scope, place)
        tenths = [proportions.tenths[region] for region in regions]
        yield PlannedGroup(
            region=place,
            places=(place,),
            landlocked=False,
            coders=(proportions.habits[-1].coder,),
            theme=rng.choice(
                [
                    theme
                    for theme in bank.themes
                    if all(weights[code] for weights in tenths for code in theme.codes)
                ]
            ),
            held_on=held_on,
            focus_group=f"{scope}al-{place}",
            scope=scope,
            speaks_of=regions if scope == "continent" else (),
        )


def _add_point(planned: list[PlannedGroup], index: int, point: PlannedPoint) -> None:
    planned[index] = replace(planned[index], points=(*planned[index].points, point))


def _share(times: int, size: int) -> int:
    """Return how often something happens in a block that is not full, to the nearest whole."""
    return (times * size + BLOCK // 2) // BLOCK


def _weekday(day: date) -> date:
    """Return the day, or the Friday before it when it falls on a weekend."""
    return day - timedelta(max(0, day.weekday() - SATURDAY + 1))
