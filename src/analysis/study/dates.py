"""Dates in the words of a report, whatever the locale of the machine."""

from __future__ import annotations

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
    read = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{read.day} {MONTHS[read.month - 1]} {read.year}"
