"""Words that look like the name of a person, where a submission says who took part."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import yaml

from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from collections.abc import Callable

_CAPITAL = r"[A-Z\u00c0-\u00de](?:[\w'\u2019-]+\.?|\.)"
_PARTICLE = "(?:de|da|do|dos|das|du|del|la|van|von|der|bin|ben|el|al)"
_TITLE = r"(?:Mr|Ms|Mrs|Dr|Mme|M|Sr|Sra)\.?"
_RUN = re.compile(rf"(?<!\w){_CAPITAL}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAPITAL})+")
_NAME = re.compile(rf"(?:{_TITLE}\s+)?{_CAPITAL}(?:\s+(?:{_PARTICLE}\s+)?{_CAPITAL}){{1,3}}")
WORDS_OF_A_PLACE = 10
"""Words that the name of a place has at most."""
_ORGANISED = re.compile(
    r"network|alliance|organi[sz]a|association|clinic|union|minist|centre|center|unaids|unhcr|"
    r"programme|project|support|foundation|initiative|ngo|secretariat|coalition|federation|"
    r"r\u00e9seau|rede\b|red\b|asocia|associa|onusida|collectif|coletivo|colectivo|group",
    re.IGNORECASE,
)


def has_name(text: str, is_place: Callable[[str], bool] = lambda _: False) -> bool:
    """Return whether two words in a row look like the name of a person.

    Parameters
    ----------
    text : str
        What a submission says.
    is_place : callable, optional
        Tells whether some words are the name of a place.

    Examples
    --------
    >>> has_name("members led by Amina Odhiambo"), has_name("Female Sex Workers")
    (True, False)
    """
    return any(_is_name(run[0], is_place) for run in _RUN.finditer(text))


def count_listed_names(text: str) -> int:
    """Return how many parts of a list look like names of persons, if at least half of it does.

    Parameters
    ----------
    text : str
        A list of who took part.
    """
    parts = [part.strip(" .-\u2022") for part in re.split(r"[,;\n]|\band\b", text) if part.strip()]
    names = [part for part in parts if _NAME.fullmatch(part) and not _ORGANISED.search(part)]
    return len(names) if len(names) >= 2 and 2 * len(names) >= len(parts) else 0


def _is_name(run: str, is_place: Callable[[str], bool]) -> bool:
    if _ORGANISED.search(run):
        return False
    words = [word for word in run.split() if word[0].isupper()]
    stretches = [
        range(first, end)
        for first in range(len(words))
        for end in range(first + 1, min(first + WORDS_OF_A_PLACE, len(words)) + 1)
        if is_place(" ".join(words[first:end]))
    ]
    ordinary = {at for stretch in stretches for at in stretch}
    ordinary |= {at for at, word in enumerate(words) if word.casefold() in _words_of_kinds()}
    return any(not ordinary & {*pair} for pair in pairwise(range(len(words))))


@cache
def _words_of_kinds() -> frozenset[str]:
    """Return words that hosts capitalise in what people are, and that are in no name."""
    folder = resources.files("analysis.intake") / "wording"
    listed = (
        yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
        for language in instrument_languages()
    )
    return frozenset(word for each in listed for word in each["kinds_of_people"])
