"""E-mail addresses, also those that are spelt out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.intake.contacts import EMAIL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_LOCAL = r"(?<![\w.+-])[\w+-]{1,64}+(?:(?:\.| (?:dot|ponto|punto|point) )[\w+-]{1,64}+){0,3}"
_OPEN, _CLOSE = r" ?[(\[{<] ?", r" ?[)\]}>] ?"
_AT_SIGN = (
    rf"(?:@| @ |{_OPEN}(?:at|a|arroba|arobase|arobas|chez|@){_CLOSE}| (?:arroba|arobase|arobas) )"
)
_DOT = rf"(?:\.|{_OPEN}(?:dot|ponto|punto|point|\.){_CLOSE}| (?:dot|ponto|punto|point) )"
_HOST = r"[A-Za-z0-9-]{1,63}+"
_MARKED = re.compile(rf"{_LOCAL}{_AT_SIGN}{_HOST}(?:{_DOT}{_HOST}){{1,4}}+", re.IGNORECASE)
# Plain words for both signs: only what ends like an address is one.
_ENDINGS = "com|org|net|info|edu|gov|africa|[a-z]{2}"
_SPELT = re.compile(
    rf"{_LOCAL} at {_HOST}(?: dot {_HOST}){{0,3}} dot (?:{_ENDINGS})(?!\w)"
    rf"|{_LOCAL} chez {_HOST}(?: point {_HOST}){{0,3}}? point (?:{_ENDINGS})(?!\w)",
    re.IGNORECASE,
)
# In small letters; every address has one of them.
_SIGNS = ("@", "(", "[", "{", "<", " arroba ", " arobas", " dot ", " point ")


def find(reading: Reading) -> Iterator[Span]:
    """Yield where e-mail addresses stand in a text."""
    if not any(sign in reading.small for sign in _SIGNS):
        return
    for pattern in (EMAIL, _MARKED, _SPELT):
        for found in pattern.finditer(reading.text):
            yield found.span()
