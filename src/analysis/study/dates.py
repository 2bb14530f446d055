"""Dates: the one form in which data holds them, and how reports write them in any locale."""

from __future__ import annotations

import re
from datetime import date

from analysis.study.language import ENGLISH, current_language, locale_of

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

# Short names, as a line of dates has room for.
SHORT_MONTHS = (
    *("Jan", "Feb", "Mar", "Apr", "May", "June"),
    *("July", "Aug", "Sept", "Oct", "Nov", "Dec"),
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
    read = _read(day)
    if current_language() != ENGLISH:
        return _format(read, "long")
    return f"{read.day} {MONTHS[read.month - 1]} {read.year}"


def month_in_words(day: date | str, *, with_year: bool = True) -> str:
    """Return the month of a date in words, in the language of the report.

    Examples
    --------
    >>> month_in_words("2020-10-12"), month_in_words("2020-10-12", with_year=False)
    ('October 2020', 'October')
    """
    read = _read(day)
    if current_language() != ENGLISH:
        return _format(read, "yMMMM" if with_year else "LLLL")
    month = MONTHS[read.month - 1]
    return f"{month} {read.year}" if with_year else month


def short_month(day: date) -> str:
    """Return the short name of the month of a date, in the language of the report."""
    if current_language() != ENGLISH:
        return _format(day, "LLL")
    return SHORT_MONTHS[day.month - 1]


def _read(day: date | str) -> date:
    return parse_date(day) if isinstance(day, str) else day


def _format(day: date, form: str) -> str:
    """Return a date in another language than English, in one of the forms that its locale has."""
    from babel.dates import format_date, format_skeleton  # noqa: PLC0415 (English needs neither)

    locale = locale_of(current_language())
    if form == "yMMMM":
        return str(format_skeleton(form, day, locale=locale))
    return str(format_date(day, form, locale=locale))
