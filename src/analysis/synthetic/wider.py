"""The submissions of wider scope of a synthetic study: one for a region, two for continents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.synthetic.chance import Chance
from analysis.synthetic.plan import PlannedGroup

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from analysis.synthetic.proportions import Shape
    from analysis.synthetic.statements import SentenceBank

WIDER_SUBMISSIONS = (
    ("region", "esa", date(2020, 11, 24)),
    ("continent", "africa", date(2020, 11, 26)),
    ("continent", "americas", date(2020, 11, 27)),
)


def spoken_of(place: str, met: Collection[tuple[str, str]], shape: Shape) -> tuple[str, ...]:
    """Return the regions that a wider submission speaks of: those with a focus group there.

    Parameters
    ----------
    place : str
        A region or a continent.
    met : collection of (str, str)
        Continent and region of the focus groups of country scope.
    shape : Shape
        Regions, in their order.
    """
    there = {region for continent, region in met if place in (continent, region)}
    return tuple(entry.region for entry in shape.regions if entry.region in there)


def plan_wider(
    seed: int, met: Collection[tuple[str, str]], *, shape: Shape, bank: SentenceBank
) -> Iterator[PlannedGroup]:
    """Yield the submissions of wider scope whose place has a focus group of country scope.

    Parameters
    ----------
    seed : int
        The seed of the study.
    met : collection of (str, str)
        Continent and region of the focus groups of country scope.
    shape : Shape
        Regions and coders; the last coder codes what is wider.
    bank : SentenceBank
        Themes.
    """
    for scope, place, held_on in WIDER_SUBMISSIONS:
        regions = spoken_of(place, met, shape)
        if not regions:
            continue
        chance = Chance(seed, scope, place)
        tenths = [shape.tenths[region] for region in regions]
        yield PlannedGroup(
            region=place,
            places=(place,),
            landlocked=False,
            coders=(shape.habits[-1].coder,),
            theme=chance.pick(
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
