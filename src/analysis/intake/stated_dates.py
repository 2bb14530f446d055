"""The day on which a focus group met, as hosts write dates in four languages."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache

from analysis.intake.wording import listed_in_all_languages
from analysis.study.slugs import fold

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:[snrt][tdh]|er|o|º|ª)?[\s,./-]+(?:(?:of|de|do|del)\b)?\s*([a-z]{3,})\.?,?"
    r"\s*(?:of|de|do|del)?[\s,./-]*(\d{4})\b"
)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,})\.?\s+(\d{1,2})(?:[snrt][tdh])?,?\s+(\d{4})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_AND = r"\s*(?:[-\u2013/&+,]|to|and|au|al|et|[aey])\s*"
_OF = r"(?:[snrt][tdh]|er|\u00ba|\u00aa)?\s*(?:(?:of|de|do|del)\s+)?"
# Days that share a month or a year, and how each is written with its own.
_SHARED = (
    (
        re.compile(
            rf"\b(\d{{1,2}}){_OF}([a-z]{{3,}})\.?{_AND}(\d{{1,2}}){_OF}([a-z]{{3,}})\.?[\s,]*(?:de\s+)?(\d{{4}})\b"
        ),
        r"\1 \2 \5, \3 \4 \5",
    ),
    (
        re.compile(
            rf"\b(\d{{1,2}}){_OF}{_AND}(\d{{1,2}}){_OF}([a-z]{{3,}})\.?[\s,]*(?:de\s+)?(\d{{4}})\b"
        ),
        r"\1 \3 \4, \2 \3 \4",
    ),
    (
        re.compile(rf"\b([a-z]{{3,}})\.?\s+(\d{{1,2}}){_OF}{_AND}(\d{{1,2}}){_OF},?\s*(\d{{4}})\b"),
        r"\2 \1 \4, \3 \1 \4",
    ),
    (
        re.compile(rf"\b(\d{{1,2}}[./]\d{{1,2}}){_AND}(\d{{1,2}}[./]\d{{1,2}})([./]\d{{4}})\b"),
        r"\1\3, \2\3",
    ),
)
_USUAL = re.compile(
    r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}:\d{2})?|\d{1,2} [^\W\d_]+ \d{4}|[^\W\d_]+ \d{1,2}, \d{4}"
    r"|\d{1,2} de [^\W\d_]+ de \d{4}"
)


@dataclass(frozen=True)
class StatedDate:
    """A date as it was understood: the days it can mean, and whether it has a usual form.

    It can mean several days where it names several, or has numbers alone.
    """

    days: tuple[date, ...]
    is_usual: bool


def read_date(text: str) -> StatedDate:
    """Return the days that a text can mean: none without a date in it, and each of several.

    Examples
    --------
    >>> read_date("26 of September 2020")
    StatedDate(days=(datetime.date(2020, 9, 26),), is_usual=False)
    >>> len(read_date("03/04/2020").days), len(read_date("12-14 October 2020").days)
    (2, 2)
    """
    folded = fold(text)
    for shared, separate in _SHARED:
        folded = shared.sub(separate, folded)
    days = _named_days(folded) or _days(
        *(
            (year, month, day)
            for a, b, year in _NUMBERS.findall(folded)
            for day, month in [(a, b), (b, a)]
        )
    )
    return StatedDate(
        tuple(sorted(days)), bool(days) and _USUAL.fullmatch(text.strip()) is not None
    )


def suggest_days(text: str) -> str:
    """Return a hint with the days that a text can mean, in the form that tables have, or nothing.

    Examples
    --------
    >>> suggest_days("03/04/2020"), suggest_days("26.9.2020"), suggest_days("last week")
    (' (2020-03-04 or 2020-04-03)', ' (2020-09-26)', '')
    """
    days = " or ".join(day.isoformat() for day in read_date(text).days)
    return f" ({days})" if days else ""


def _named_days(text: str) -> set[date]:
    """Return the days whose month is a name, or whose year comes first."""
    return _days(
        *_ISO.findall(text),
        *(
            (year, month, day)
            for day, name, year in _DAY_FIRST.findall(text)
            if (month := _month(name))
        ),
        *(
            (year, month, day)
            for name, day, year in _MONTH_FIRST.findall(text)
            if (month := _month(name))
        ),
    )


def _days(*parts: tuple[str | int, str | int, str | int]) -> set[date]:
    found = set()
    for year, month, day in parts:
        with suppress(ValueError):
            found.add(date(int(year), int(month), int(day)))
    return found


def _month(name: str) -> int | None:
    """Return the month that a name, or its first three letters or more, means in any language."""
    found = {number for month, number in _months().items() if month.startswith(name)}
    return found.pop() if len(found) == 1 else None


@cache
def _months() -> dict[str, int]:
    listed = listed_in_all_languages("months")
    return {fold(name): number for names in listed for number, name in enumerate(names, start=1)}
