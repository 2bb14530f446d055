"""Telephone numbers, as they are written in each region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.intake.contacts import PHONE
from analysis.quality.personal_data import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_NUMBER = re.compile(r"(?<![\w.,/-])\(?\+?\d(?:[ ().\-/]{0,3}+\d){6,13}+\)?(?![\d%]|[.,]\d)")
_GROUP = re.compile(r"\d{1,20}+")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_WORD = re.compile(r"[a-z]{1,30}+")
WINDOW = 60


def find(reading: Reading) -> Iterator[Span]:
    """Yield where telephone numbers stand in a text.

    In international form or with a leading zero a number speaks for itself. Other digits are a
    number where a word like *call* stands before them, or where they are grouped as no amount is.
    """
    if not reading.has_digits:
        return
    for found in PHONE.finditer(reading.text):
        if not _is_date(found.group()):
            yield found.span()
    for found in _NUMBER.finditer(reading.text):
        if _is_phone(found.group(), _before(reading.text, found.start())):
            yield found.span()


def _before(text: str, start: int) -> str:
    """Return what the sentence says before a number."""
    window = text[max(0, start - WINDOW) : start].lower()
    return re.split(r"[!?]|\. (?![a-z(]|\d)", window)[-1]


def _is_phone(number: str, before: str) -> bool:
    groups = _GROUP.findall(number)
    if _are_thousands(groups, number) or _is_date(number):
        return False
    is_announced = any(word in lexicon.words("phone") for word in _WORD.findall(before))
    return is_announced or _is_grouped(groups)


def _is_date(number: str) -> bool:
    groups = _GROUP.findall(number)
    has_year = any(_YEAR.fullmatch(group) for group in groups)
    return has_year and (len(groups) <= 3 or all(_YEAR.fullmatch(group) for group in groups))


def _are_thousands(groups: list[str], number: str) -> bool:
    """Return whether digits are grouped and rounded as amounts are."""
    is_amount = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])
    is_round = all(group.endswith("00") for group in groups[-2:])
    return (is_amount and groups[-1].endswith("0") and "-" not in number) or is_round


def _is_grouped(groups: list[str]) -> bool:
    """Return whether digits are grouped as those of a telephone are, and not as amounts are."""
    sizes = [len(group) for group in groups]
    if any(_YEAR.fullmatch(group) for group in groups):
        return False
    return (
        sizes[-3:] == [3, 3, 4]
        or sizes in ([3, 4], [5, 5], [4, 4], [2, 4, 4], [2, 5, 4], [1, 4, 4], [3, 4, 4], [4, 3, 3])
        or (len(sizes) >= 4 and set(sizes[-3:]) == {2})
    )
