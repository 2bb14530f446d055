"""No text, however it is made, takes work that grows faster than its length."""

from __future__ import annotations

import importlib
import pkgutil
import re
from re import _constants as codes
from re import _parser as parser
from typing import TYPE_CHECKING

import pytest

from analysis.quality import personal_data
from analysis.quality.personal_data import local_places
from analysis.quality.personal_data.mentions import ScannedText
from analysis.quality.personal_data.scan import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re._parser import SubPattern

MOST_SIGNS = 1_000
HOSTILE = {
    "letters": "a",
    "capitals": "A",
    "words": "Aa ",
    "digits": "1",
    "spaced digits": "0 1 ",
    "ats": "a@",
    "dots": "a dot ",
    "commas": "Amina, ",
    "dashes": "Aa-",
    "apostrophes": "O'a",
    "names": "Amina Diallo de ",
    "roles": "nurse Amina, the nurse ",
    "born": "born born ",
    "combining": "a\u0301\u0323\u0301",
    "invisible": "\u200b",
    "streets": "Aa Aa Street ",
    "brackets": "((( 12 ",
    "platforms": "Facebook as ",
}


def compiled() -> dict[str, re.Pattern[str]]:
    """Give every pattern of the scan, and those that it has from intake."""
    names = [each.name for each in pkgutil.iter_modules(personal_data.__path__)]
    modules = [importlib.import_module(f"{personal_data.__name__}.{name}") for name in names]
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and name != "IDENTIFIER"
    }
    return {**found, **{f"place {at}": each for at, each in enumerate(local_places._patterns())}}


def nested(parsed: SubPattern, *, is_repeated: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the repeats within repeats that can be tried again: more than one, not possessive."""
    for code, argument in parsed:
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            least, most, inner = argument
            is_variable = least != most and most > 1
            if is_repeated and is_variable:
                yield least, most
            yield from nested(inner, is_repeated=is_repeated or is_variable)
        elif code is codes.POSSESSIVE_REPEAT:
            yield from nested(argument[2], is_repeated=argument[1] > 1)
        elif code is codes.BRANCH:
            for each in argument[1]:
                yield from nested(each, is_repeated=is_repeated)
        elif code is codes.SUBPATTERN:
            yield from nested(argument[-1], is_repeated=is_repeated)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from nested(argument[1], is_repeated=is_repeated)


@pytest.mark.parametrize("name", compiled())
def test_pattern_looks_no_further_than_a_few_words(name: str) -> None:
    """A match has a greatest length, so that the work at each place of a text has one."""
    pattern = compiled()[name]
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)

    assert parsed.getwidth()[1] <= MOST_SIGNS


@pytest.mark.parametrize("name", compiled())
def test_no_repeat_is_tried_again_within_a_repeat(name: str) -> None:
    """What is repeated within a repeat is taken once and for all, or the work would explode."""
    pattern = compiled()[name]
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)

    assert list(nested(parsed)) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_steps_double_when_the_text_does(name: str) -> None:
    """What is found in a text twice as long is at most about twice as much, and it ends."""
    once, twice = (_count(HOSTILE[name] * times) for times in (2_000, 4_000))

    assert twice <= 2 * once + 10


def _count(text: str) -> int:
    scanned = ScannedText(text)
    return len(scanned.mentions) + sum(1 for kind in KINDS for _ in kind.find(scanned))
