"""The participants of a focus group, as hosts write them: how many of which kind."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.intake.contacts import count_listed_names, has_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.intake.stated_places import PlaceFinder

MOST = 10_000
_COUNTED = re.compile(r"(?<![\w.])(\d{1,5})\s+(?:x\s+)?([^\d;\n]+)")
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,2})[., \u00a0\u202f](\d{3})(?![\d.,]*\d)")
_YEARS = r"(?:years?(?:\s+old)?|yrs?|ans|anos|a\u00f1os)\b"
_TO = r"\s*(?:-|\u2013|to|and|\u00e0|a|et|e|y)\s*"
_AGES = re.compile(
    rf"(?:\b(?:aged?|ages|\u00e2g\u00e9e?s?|idades?|edades?|between|entre|from|de)\b[^\w;\n]*(?:between|entre|from|of|de)?\s*)?"
    rf"\b\d{{1,2}}(?:{_TO}\d{{1,2}}|\s*\+)?\s*{_YEARS}"
    rf"|\b(?:aged?|ages|\u00e2g\u00e9e?s?|idades?|edades?)\s+(?:between|entre|from|of|de)?\s*\d{{1,2}}(?:{_TO}\d{{1,2}}|\s*\+)?",
    re.IGNORECASE,
)
MOST_DIGITS = 9
_WITHIN = re.compile(r"(?<!\d)(\d++)([^()\d;\n]*)\((?=[^()\n]*?\d)([^()\n]*+)\)")
_TOTAL = re.compile(
    r"^\D*?(\d{1,5})\s+([^\d:;\n]*?)\s*(?::|,?\s*(?:including|of whom|of which|dont|"
    r"y compris|incluindo|dos quais|incluyendo|de los cuales)\b)(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_FROM = re.compile(
    r"^(?:from|of|de|des|du|da|do|das|dos|del)\s+(?:(?:an?|the|une?|la|les?|uma?|el|l[ao]s)\s+)?",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\s*(?:,|\(|\bfrom\b|\bin\b|\bde\b|\bdu\b|\bdes\b|\bda\b|\bdo\b|\bdel\b)\s*([^,()]+)\)?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"[\s,;:.]*\b(?:and|et|e|y)?[\s,;:.]*$", re.IGNORECASE)


@dataclass(frozen=True)
class StatedParticipants:
    """Participants as they were understood."""

    kinds: str
    """``COUNT KIND (PLACE)``, several kinds joined by ``;``; empty where nobody was counted."""
    places: tuple[str, ...]
    """The places that they came from, as far as stated."""
    names: int
    """How many parts look like names of people; they are left out."""
    is_clear: bool = True
    """Whether no number can be a part, or the sum, of others."""


@dataclass(frozen=True)
class _Kind:
    """Some of the participants: how many, of which kind, and where they came from."""

    count: int
    name: str
    place: str

    def __str__(self) -> str:
        return f"{self.count} {self.name}" + (f" ({self.place})" if self.place else "")


def read_participants(text: str, finder: PlaceFinder) -> StatedParticipants:
    """Return the participants in a text; ages, and numbers that only divide another, count nobody.

    ``"15 members of networks from ESA, 5 from UNHCR"`` are 20 of two kinds, written
    ``15 members of networks (esa); 5 UNHCR``.
    """
    names = count_listed_names(text)
    if names:
        return StatedParticipants("", (), names)
    plain = _AGES.sub(" ", _THOUSANDS.sub(r"\1\2", text))
    whole, are_sums = _without_parts(plain)
    counted, of_kind, is_sum = _without_total(whole)
    found = [
        _kind_of(int(count), kind, finder, of_kind) for count, kind in _COUNTED.findall(counted)
    ]
    found = [kind for kind in found if kind.name and 0 < kind.count <= MOST]
    kinds = [kind for kind in found if not has_name(kind.name, finder.is_place)]
    return StatedParticipants(
        kinds="; ".join(map(str, kinds)),
        places=tuple(dict.fromkeys(kind.place for kind in kinds if kind.place)),
        names=len(found) - len(kinds),
        is_clear=are_sums and is_sum and not _has_sum(found),
    )


def _without_parts(text: str) -> tuple[str, bool]:
    """Return a text without numbers in brackets after another, and whether they add up to it."""
    found = _WITHIN.findall(text)
    are_sums = all(_number(count) == sum(_numbers(within)) for count, _, within in found)
    return _WITHIN.sub(r"\1\2", text), are_sums


def _without_total(text: str) -> tuple[str, str, bool]:
    """Return a text without the total before its parts, its kind, and whether they add up."""
    match = _TOTAL.match(text)
    parts = [int(count) for count, _ in _COUNTED.findall(match[3])] if match else []
    if not match or not parts:
        return text, "", True
    if sum(parts) == int(match[1]):
        return match[3], match[2], True
    return f"{match[1]} {match[2]}", "", False


def _has_sum(kinds: Sequence[_Kind]) -> bool:
    """Return whether one kind is called a total, or is as many as two others or more."""
    counts = [kind.count for kind in kinds]
    is_called = any("total" in kind.name.casefold() for kind in kinds)
    return len(counts) > 1 and (is_called or (len(counts) > 2 and 2 * max(counts) == sum(counts)))


def _numbers(text: str) -> list[int]:
    return [_number(digits) for digits in re.findall(r"\d+", text)]


def _number(digits: str) -> int:
    """Return a number, or the first digits of one that is longer than any count."""
    return int(digits[:MOST_DIGITS])


def _kind_of(count: int, text: str, finder: PlaceFinder, of_kind: str) -> _Kind:
    """Return a kind; a part that is nothing but a place is of the kind of the total."""
    kind = _FROM.sub("", _AND.sub("", text.strip()).strip())
    if of_kind and finder.is_place(kind):
        return _Kind(count, _plain(of_kind), finder.find(kind)[0])
    match = _PLACE.search(kind)
    found = finder.find(match[1]) if match else ()
    if match and len(found) == 1 and kind[: match.start()].strip():
        return _Kind(count, _plain(kind[: match.start()]), found[0])
    return _Kind(count, _plain(kind), "")


def _plain(kind: str) -> str:
    """Return a kind without the characters that separate several kinds."""
    return " ".join(re.sub(r"[();]", " ", kind).split()).strip(" ,.:")
