"""E-mail addresses and telephone numbers, which no submission keeps."""

from __future__ import annotations

import re

WITHHELD = "[contact withheld]"

# The end of a line may cut an address behind a hyphen, and a long one anywhere in its host.
EMAIL = re.compile(
    r"(?<![\w.+-])(?:[\w.+-]{0,63}\w-\s)?[\w.+-]{1,64}+@[\w-]{1,63}+"
    r"(?:(?:\.[\w-]{1,63}+){1,8}(?<!-)|(?:\.[\w-]{1,63}+){0,4}"
    r"(?:\s[\w-]{1,63}+(?:\.[\w-]{1,63}+){0,3}\.[^\W\d_]{2,63}+(?![\w.-]))?)"
)
# A group of digits after another is of an amount, unless it is longer than these are.
PHONE = re.compile(
    r"(?<![\w.-])(?<!\d[ .,])(?:\+|00)\d(?:[ ().\-/]{0,2}+\d){6,13}(?!\w)"
    r"|(?<![\w.-])(?<!\d[ .,])\(?0\d(?:[ ().\-/]{0,2}+\d){7,11}(?!\w)"
    r"|(?<=\d[ ,])(?:\+\d|0\d{3})(?:[ ().\-/]{0,2}+\d){5,11}(?!\w)"
)


def withhold_contacts(text: str) -> tuple[str, int]:
    """Return a text without its contacts, and how many stood in it.

    Parameters
    ----------
    text : str
        Text of a submission.

    Returns
    -------
    tuple of (str, int)
        The text with ``[contact withheld]`` for each e-mail address and each telephone number
        in international form or with a leading zero; and their number.

    Examples
    --------
    >>> withhold_contacts("Write to a.name@example.org or +00 11 222 3333.")
    ('Write to [contact withheld] or [contact withheld].', 2)
    >>> withhold_contacts("From 2020-2030, 15 members, 12 October 2020")
    ('From 2020-2030, 15 members, 12 October 2020', 0)
    """
    text, emails = EMAIL.subn(WITHHELD, text)
    text, phones = PHONE.subn(WITHHELD, text)
    return text, emails + phones
