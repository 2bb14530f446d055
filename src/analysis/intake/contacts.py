"""E-mail addresses, telephone numbers and names of people, which no submission keeps."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.intake.wording import listed_in_all_languages

if TYPE_CHECKING:
    from collections.abc import Callable

WITHHELD = "[contact withheld]"

# The end of a line may cut an address behind a hyphen, and a long one anywhere in its host.
EMAIL = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]{0,63}\w-\s)?[\w.+-]{1,64}+@[\w-]{1,63}+"
    r"(?:(?:\.[\w-]{1,63}+){1,8}(?<!-)|(?:\.[\w-]{1,63}+){0,4}"
    r"(?:\s[\w-]{1,63}+(?:\.[\w-]{1,63}+){0,3}\.[^\W\d_]{2,63}+(?![\w.-]))?)"
)
# A group of digits after another is of an amount, unless it is longer than these are.
PHONE = re.compile(
    r"(?<![\w.-])(?<!\d[ .,])(?:\+|00)\d(?:[ ().\-/]{0,2}+\d){6,13}(?!\w)"
    r"|(?<![\w.-])(?<!\d[ .,])\(?0\d(?:[ ().\-/]{0,2}+\d){7,11}(?!\w)"
    r"|(?<=\d[ ,])(?:\+\d|0\d{3})(?:[ ().\-/]{0,2}+\d){5,11}(?!\w)"
)

_CAPITAL = r"[A-Z\u00c0-\u00de](?:[\w'\u2019-]+\.?|\.)"
_PARTICLE = "(?:de|da|do|dos|das|du|del|la|van|von|der|bin|ben|el|al)"
_TITLE = r"(?:Mr|Ms|Mrs|Dr|Mme|M|Sr|Sra)\.?"
_CAPITALISED = re.compile(rf"(?<!\w){_CAPITAL}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAPITAL})+")
_NAME = re.compile(rf"(?:{_TITLE}\s+)?{_CAPITAL}(?:\s+(?:{_PARTICLE}\s+)?{_CAPITAL}){{1,3}}")
_ORGANISATION = re.compile(
    r"network|alliance|organi[sz]a|association|clinic|union|minist|centre|center|unaids|unhcr|"
    r"programme|project|support|foundation|initiative|ngo|secretariat|coalition|federation|"
    r"r\u00e9seau|rede\b|red\b|asocia|associa|onusida|collectif|coletivo|colectivo|group",
    re.IGNORECASE,
)
MOST_WORDS_OF_A_PLACE = 10


def withhold_contacts(text: str) -> tuple[str, int]:
    """Return a text without its contacts, and how many were in it.

    Parameters
    ----------
    text : str
        Text of a submission.

    Returns
    -------
    tuple of (str, int)
        The text with ``[contact withheld]`` for each e-mail address and each telephone number
        in international form or with a leading zero; and their number.

    Examples
    --------
    >>> withhold_contacts("Write to a.name@example.org or +00 11 222 3333.")
    ('Write to [contact withheld] or [contact withheld].', 2)
    >>> withhold_contacts("From 2020-2030, 15 members, 12 October 2020")
    ('From 2020-2030, 15 members, 12 October 2020', 0)
    """
    text, emails = EMAIL.subn(WITHHELD, text)
    text, phones = PHONE.subn(WITHHELD, text)
    return text, emails + phones


def has_name(text: str, is_place: Callable[[str], bool] = lambda _: False) -> bool:
    """Return whether two words in a row look like the name of a person.

    `is_place` decides whether some words are the name of a place.

    Examples
    --------
    >>> has_name("members led by Amina Odhiambo"), has_name("Female Sex Workers")
    (True, False)
    """
    return any(_is_name(words[0], is_place) for words in _CAPITALISED.finditer(text))


def count_listed_names(text: str) -> int:
    """Return how many parts of a list look like names of people, if at least half of it does."""
    parts = [part.strip(" .-\u2022") for part in re.split(r"[,;\n]|\band\b", text) if part.strip()]
    names = [part for part in parts if _NAME.fullmatch(part) and not _ORGANISATION.search(part)]
    return len(names) if len(names) >= 2 and 2 * len(names) >= len(parts) else 0


def _is_name(capitalised: str, is_place: Callable[[str], bool]) -> bool:
    if _ORGANISATION.search(capitalised):
        return False
    words = [word for word in capitalised.split() if word[0].isupper()]
    places = [
        range(first, end)
        for first in range(len(words))
        for end in range(first + 1, min(first + MOST_WORDS_OF_A_PLACE, len(words)) + 1)
        if is_place(" ".join(words[first:end]))
    ]
    ordinary = {at for place in places for at in place}
    ordinary |= {at for at, word in enumerate(words) if word.casefold() in _kinds_of_people()}
    return any(not ordinary & {*pair} for pair in pairwise(range(len(words))))


@cache
def _kinds_of_people() -> frozenset[str]:
    """Return words that hosts capitalise for kinds of people, and that are in no name."""
    listed = listed_in_all_languages("kinds_of_people")
    return frozenset(word for words in listed for word in words)
