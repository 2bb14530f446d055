"""Dates: the one form in which data holds them, and how reports write them in any locale."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

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


def date_in_words(day: date | str) -> str:
    """Return a date in words.

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
    read = parse_date(day) if isinstance(day, str) else day
    return f"{read.day} {MONTHS[read.month - 1]} {read.year}"
