"""Dates: the one form in which data holds them, and how reports write them in any language."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.dates import format_date, format_skeleton

from analysis.errors import DATE_FORM, describe_value
from analysis.study.language import current_language, locale_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(text: str) -> date:
    """Return the date of a text in the one form that data may have, ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        When the text has another form, or the day does not exist.

    Examples
    --------
    >>> parse_date("2020-10-12")
    datetime.date(2020, 10, 12)
    """
    if not _ISO_DATE.fullmatch(text):
        raise ValueError("not a date like 2020-10-12")
    return date.fromisoformat(text)


def is_date(text: str) -> bool:
    """Return whether a text is a date in the form ``YYYY-MM-DD``.

    Examples
    --------
    >>> is_date("2020-02-29"), is_date("2021-02-29"), is_date("20201012")
    (True, False, False)
    """
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def date_faults(text: str) -> Iterator[str]:
    """Yield what is wrong with a cell of a column `date`, if anything is.

    Examples
    --------
    >>> list(date_faults("3/2/2021"))
    ["date '3/2/2021' is no date like 2020-10-12"]
    """
    if not is_date(text):
        yield f"{describe_value(text, 'date', form=DATE_FORM)} is no date like 2020-10-12"


def date_in_words(day: date | str) -> str:
    """Return a date in words, in the language of the report.

    Parameters
    ----------
    day : date or str
        A date, or ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        When the text is no date.

    Examples
    --------
    >>> date_in_words("2020-10-12")
    '12 October 2020'
    """
    return _date_in_words(_read(day), current_language())


# A report writes the same few dates again and again, and Babel takes long.
@lru_cache(maxsize=1000)
def _date_in_words(day: date, language: str) -> str:
    words: str = format_date(day, "long", locale=locale_of(language))
    # French has an ordinal for the first day of a month, which Babel doesn't write.
    return words.replace("1 ", "1er ", 1) if day.day == 1 and language == "fr" else words


def month_in_words(day: date | str, *, with_year: bool = True) -> str:
    """Return the month of a date in words, in the language of the report.

    Examples
    --------
    >>> month_in_words("2020-10-12"), month_in_words("2020-10-12", with_year=False)
    ('October 2020', 'October')
    """
    locale = locale_of(current_language())
    if with_year:
        return format_skeleton("yMMMM", _read(day), locale=locale)
    return format_date(_read(day), "LLLL", locale=locale)


def short_month(day: date) -> str:
    """Return the short name of the month of a date, in the language of the report."""
    return format_date(day, "LLL", locale=locale_of(current_language()))


def _read(day: date | str) -> date:
    return parse_date(day) if isinstance(day, str) else day
