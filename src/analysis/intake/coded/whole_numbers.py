"""Whole numbers as files write them."""

from __future__ import annotations

MOST_DIGITS = 12


def whole_number(text: str | None) -> int | None:
    """Return the number that a text is, or None where it is none that a file can mean.

    Examples
    --------
    >>> whole_number(" 12 "), whole_number("-1"), whole_number("9" * 5000), whole_number(None)
    (12, None, None, None)
    """
    digits = (text or "").strip()
    if not digits.isascii() or not digits.isdecimal() or len(digits) > MOST_DIGITS:
        return None
    return int(digits)
