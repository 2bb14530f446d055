"""Places below the district: streets, houses, bars and hotels, villages and neighbourhoods."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import WORD
from analysis.quality.personal_data.reading import first_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_WHAT = rf"(?P<what>{WORD}(?: {WORD}){{0,2}})"
_ARTICLE = (
    r"(?:(?:de la|de los|de las|de l'|des|du|de|da|do|dos|das|del|d'|la|le|les|el|los|las|l'|o|a|"
    r"of|al|the|son of)(?: |(?<=')) ?){0,2}"
)
_NUMBERED = "calle|carrera|avenida|avenue|soi|street|rua|rue|jalan|block"
_CORNERS = "corner of|angle de|coin de|esquina de|esquina da|esquina do|intersection of"
_CORNER = re.compile(
    rf"(?<!\w)(?i:{_CORNERS}) "
    rf"(?:la |the |l')?(?i:rue |calle |rua |avenue |avenida )?{_ARTICLE}(?P<what>{WORD})"
)
# Written small, these are told from plain words by the capital letter of their name.
_SMALL_TOO = (
    *("street", "road", "avenue", "lane", "village"),
    *("bar", "pub", "club", "hotel", "lodge", "brothel", "sauna"),
)


class _Pattern(NamedTuple):
    """A pattern, and the tokens of which a text has one, in small letters, where it matches."""

    pattern: re.Pattern[str]
    tokens: frozenset[str]


@cache
def _patterns() -> tuple[_Pattern, ...]:
    after = (*lexicon.spellings("street_after", "venue_after"), *_SMALL_TOO)
    before = lexicon.spellings("street_before", "settlement_before", "venue_before")
    begins = "|".join(
        f"[{word[0].upper()}{word[0].lower()}]{re.escape(word[1:])}" for word in before
    )
    ends = "|".join(map(re.escape, after))
    return (
        _pattern(rf"(?<![\w'])(?P<what>(?:{WORD} ){{1,3}}?)(?:{ends})(?![\w-])", after),
        _pattern(rf"(?<![\w-])(?:{begins}) {_ARTICLE}{_WHAT}", before),
        _pattern(
            rf"(?<![\w-])(?i:{_NUMBERED}) (?P<what>\d{{1,3}})(?![\d.,:%]|\w)", _NUMBERED.split("|")
        ),
        _Pattern(_CORNER, first_tokens(_CORNERS.split("|"))),
    )


def _pattern(pattern: str, words: Iterable[str]) -> _Pattern:
    return _Pattern(re.compile(pattern), first_tokens(word.lower() for word in words))


def find(reading: Reading) -> Iterator[Span]:
    """Yield where places below the district stand in a text."""
    for pattern, tokens in _patterns():
        if tokens.isdisjoint(reading.small_tokens):
            continue
        for found in pattern.finditer(reading.text):
            if _names(found["what"]) and not (pattern is _CORNER and _is_large(found["what"])):
                yield found.span()


def _is_large(what: str) -> bool:
    """Return whether a place is too large to have a corner: *every corner of Kenya*."""
    return what.lower() in lexicon.words("place")


def _names(what: str) -> bool:
    """Return whether words with a capital letter name a place, and say more than its sort."""
    plain = [word.lower().removesuffix("'s") for word in what.split()]
    if plain[0].isdigit():
        return True
    vague = lexicon.words("function", "description", "people", "calendar")
    no_place = lexicon.words("organisation") - {
        "saint",
        "santa",
        "santo",
        "san",
        "sao",
        "st",
        "red",
    }
    return not all(word in vague for word in plain) and no_place.isdisjoint(plain)
