"""Find places below the district: streets, houses, bars and hotels, villages, neighbourhoods."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import WORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.mentions import ScannedText, Span

_WHAT = rf"(?P<what>{WORD}(?: {WORD}){{0,2}})"
_ARTICLE = (
    r"(?:(?:de la|de los|de las|de l'|des|du|de|da|do|dos|das|del|d'|la|le|les|el|los|las|l'|o|a|"
    r"of|al|the|son of)(?: |(?<=')) ?){0,2}"
)
NUMBERED_STREETS = "calle|carrera|avenida|avenue|soi|street|rua|rue|jalan|block"
CORNERS = "corner of|angle de|coin de|esquina de|esquina da|esquina do|intersection of"
_NUMBERED = re.compile(rf"(?<![\w-])(?i:{NUMBERED_STREETS}) (?P<what>\d{{1,3}})(?![\d.,:%]|\w)")
_CORNER = re.compile(
    rf"(?<!\w)(?i:{CORNERS}) "
    rf"(?:la |the |l')?(?i:rue |calle |rua |avenue |avenida )?{_ARTICLE}(?P<what>{WORD})"
)
_DEGREES = r"(?<![\w.])[+-]?\d{1,3}\.\d{4,10}+ ?°?"
_MINUTES = r"\d{1,3} ?° ?\d{1,2} ?['\u2032] ?(?:\d{1,2}(?:\.\d{1,4}+)? ?(?:\"|''|\u2033))?"
_COORDINATES = re.compile(
    rf"{_DEGREES} ?[NSns]?[,;/]? ?{_DEGREES}(?!\w)|{_MINUTES} ?[NS][,;/]? ?{_MINUTES} ?[EWO]"
)
_GERMAN = re.compile(r"(?<!\w)(?P<what>[A-Z][a-z]{2,24})(?:strasse|gasse|allee)(?!\w)")
_ALSO_IN_PLACES = frozenset({"saint", "santa", "santo", "san", "sao", "st", "red"})
# Written small, these are distinguished from plain words by the capital letter of their name.
_SMALL_TOO = (
    *("street", "road", "avenue", "lane", "village", "neighbourhood", "neighborhood"),
    *("bar", "pub", "club", "hotel", "lodge", "brothel", "sauna"),
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    after = (*lexicon.spellings("street_after", "venue_after"), *_SMALL_TOO)
    before = lexicon.spellings("street_before", "settlement_before", "venue_before")
    begins = "|".join(
        f"[{word[0].upper()}{word[0].lower()}]{re.escape(word[1:])}" for word in before
    )
    ends = "|".join(map(re.escape, after))
    return (
        re.compile(rf"(?<![\w'])(?P<what>(?:{WORD} ){{1,3}}?)(?:{ends})(?![\w-])"),
        re.compile(rf"(?<![\w-])(?:{begins}) {_ARTICLE}\"?{_WHAT}"),
        _GERMAN,
        _NUMBERED,
        _CORNER,
    )


def find_local_places(text: ScannedText) -> Iterator[Span]:
    """Yield where places below the district are in a text, and coordinates."""
    for found in _COORDINATES.finditer(text.folded):
        yield found.span()
    for pattern in _patterns():
        for found in pattern.finditer(text.folded):
            what, whole = found["what"], found.group().lower().split()
            is_too_large = pattern is _CORNER and _is_large(what)
            if _names(what) and not is_too_large and not lexicon.are_known(whole, text.own):
                yield found.span()


def _is_large(what: str) -> bool:
    """Return whether a place is too large to have a corner: *every corner of Kenya*."""
    return what.lower() in lexicon.words("place")


def _names(what: str) -> bool:
    """Return whether words with a capital letter name a place, and not only its sort."""
    plain = [word.lower().removesuffix("'s") for word in what.split()]
    if plain[0].isdigit():
        return True
    vague = lexicon.words("function", "description", "people", "calendar")
    no_place = lexicon.words("organisation") - _ALSO_IN_PLACES
    return not all(word in vague for word in plain) and no_place.isdisjoint(plain)
