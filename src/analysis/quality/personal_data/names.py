"""Names of persons: full ones, those that are told to be names, and given names alone."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.mentions import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.mentions import Mention
    from analysis.quality.personal_data.reading import Reading

_KIN = re.compile(r"\b(?:my|her|his|our|their|ma|mon|minha|meu|mi|su) (?:[a-z]{1,20}+ )?$")
_AFTER = re.compile(r",? (?P<words>[a-z']{1,20}+(?: [a-z']{1,20}+){0,2}+)")
_OF_NAME = re.compile(
    r" (?:[Hh]ospital|[Cc]linic|[Cc]entre|[Cc]enter|[Ss]chool|[Uu]niversity|[Aa]ct)\b"
)
_SURE_WORDS = frozenset(
    {"said", "says", "told", "asked", "explained", "disse", "diz", "dijo", "dice", "raconte"}
)


def find(reading: Reading) -> Iterator[Span]:
    """Yield where full names, and names that are told to be such, stand in a text."""
    for mention in reading.mentions:
        if _is_full(mention) or _is_announced(mention) or _speaks(mention):
            yield mention.span


def find_alone(reading: Reading) -> Iterator[Span]:
    """Yield where a name stands that is surely one, whatever stands beside it."""
    for mention in reading.mentions:
        if mention.evidence is Evidence.SURE:
            yield mention.span


def _is_full(mention: Mention) -> bool:
    if mention.size < 2 or _OF_NAME.match(mention.text, mention.end):
        return False
    is_listed = mention.evidence is Evidence.SURE or mention.listed >= 2
    return is_listed and not mention.before.lower().endswith((" saint ", " santa ", " st. "))


def _is_announced(mention: Mention) -> bool:
    """Return whether it is said before a name that it is one: *a friend called*."""
    said = mention.before.lower()
    if mention.evidence is Evidence.NONE or not said.endswith(" "):
        return False
    if mention.evidence >= Evidence.WORDY and said.endswith(_ends("relation")):
        return True
    if mention.evidence is Evidence.SURE and said.endswith(_ends("source")):
        return True
    return said.endswith(_ends("relation")) and bool(_KIN.search(said))


@cache
def _ends(use: str) -> tuple[str, ...]:
    return tuple(f"{words} " for words in lexicon.spellings(use))


def _speaks(mention: Mention) -> bool:
    """Return whether a name is followed by what persons do: *told the group*."""
    found = _AFTER.match(mention.text, mention.end)
    if mention.evidence < Evidence.WORDY or not found:
        return False
    said = found["words"].split()
    first = {" ".join(said[:size]) for size in range(1, len(said) + 1)}
    if mention.evidence is Evidence.WORDY:
        return said[0] in _SURE_WORDS
    return not first.isdisjoint(lexicon.words("says"))
