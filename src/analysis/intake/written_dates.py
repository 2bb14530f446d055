"""The day on which a focus group met, out of how hosts write dates in four languages."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import yaml

from analysis.study.instrument import instrument_languages

_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:[snrt][tdh]|er|o|º|ª)?[\s,./-]+(?:of|de|do|del)?\s*([a-z]{3,})\.?,?\s*(?:of|de|do|del)?[\s,./-]*(\d{4})\b"
)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,})\.?\s+(\d{1,2})(?:[snrt][tdh])?,?\s+(\d{4})\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b")
_USUAL = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2} [^\W\d_]+ \d{4}|[^\W\d_]+ \d{1,2}, \d{4}"
    r"|\d{1,2} de [^\W\d_]+ de \d{4}"
)


@dataclass(frozen=True)
class WrittenDate:
    """A date as it was understood.

    Parameters
    ----------
    days : tuple of date
        The days that it can mean; more than one where it has numbers alone.
    is_usual : bool
        Whether it is written as dates are in the languages of the template.
    """

    days: tuple[date, ...]
    is_usual: bool


def read_date(text: str) -> WrittenDate:
    """Return the days that a text can mean.

    Parameters
    ----------
    text : str
        What a submission says of its date.

    Returns
    -------
    WrittenDate
        Of no day when the text has no date; of the first day where it tells of several.

    Examples
    --------
    >>> read_date("26 of September 2020")
    WrittenDate(days=(datetime.date(2020, 9, 26),), is_usual=False)
    >>> len(read_date("03/04/2020").days)
    2
    """
    said = _folded(text)
    is_usual = _USUAL.fullmatch(text.strip()) is not None
    if match := _ISO.search(said):
        return WrittenDate(_days((match[1], match[2], match[3])), is_usual)
    if (match := _DAY_FIRST.search(said)) and (month := _month(match[2])):
        return WrittenDate(_days((match[3], month, match[1])), is_usual)
    if (match := _MONTH_FIRST.search(said)) and (month := _month(match[1])):
        return WrittenDate(_days((match[3], month, match[2])), is_usual)
    if match := _NUMBERS.search(said):
        first, second, year = match.groups()
        return WrittenDate(_days((year, second, first), (year, first, second)), is_usual=False)
    return WrittenDate((), is_usual=False)


def _days(*parts: tuple[str | int, str | int, str | int]) -> tuple[date, ...]:
    found = []
    for year, month, day in parts:
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))


def _month(name: str) -> int | None:
    """Return the month that a name, or its first three letters or more, means in any language."""
    found = {number for month, number in _months().items() if month.startswith(name)}
    return found.pop() if len(found) == 1 else None


@cache
def _months() -> dict[str, int]:
    folder = resources.files("analysis.intake") / "wording"
    listed = [
        yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))["months"]
        for language in instrument_languages()
    ]
    return {_folded(name): number for names in listed for number, name in enumerate(names, start=1)}


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))
