"""Dates of birth."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_MONTHS = (
    "jan(?:uary|vier|eiro)?|ene(?:ro)?|feb(?:ruary|rero)?|fev(?:rier|ereiro)?|mar(?:ch|s|co|zo)?|"
    "apr(?:il)?|avr(?:il)?|abr(?:il)?|may|mai(?:o)?|mayo|jun(?:e|ho|io)?|juin|jul(?:y|ho|io)?|"
    "juil(?:let)?|aug(?:ust)?|aout|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|iembre)?|"
    "oct(?:ober|obre|ubre)?|out(?:ubro)?|nov(?:ember|embre|embro|iembre)?|"
    "dec(?:ember|embre)?|dez(?:embro)?|dic(?:iembre)?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY = r"\d{1,2}(?: ?(?:st|nd|rd|th|er|eme|o))?"
_OF = r"(?: (?:of|de|do|del|day of))?"
_DATE = (
    rf"(?:\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?(?:{_YEAR}|\d\d)|{_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|(?:{_DAY}{_OF} )?(?:{_MONTHS})\.?(?:,|{_OF}) {_YEAR}"
    rf"|(?:{_MONTHS})\.? {_DAY},? {_YEAR})"
)
_BORN = (
    r"born|b\.|d\.? ?o\.? ?b\.?|date of birth|birth ?date|birth ?day|birth|nee? (?:le|en|a)|nee|"
    r"date de naissance|naissance|anniversaire|nasceu|nascid[oa]|nascimento|data de nasc\.?|"
    r"aniversario|nacio|nacid[oa]|nacimiento|fecha de nac\.?|cumpleanos|f\. ?nac\.?"
)
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_BORN})(?!\w)(?P<between>[^!?;\d]{{0,30}}?)(?<!\d){_DATE}(?!\d)", re.IGNORECASE
)


def find(reading: Reading) -> Iterator[Span]:
    """Yield where dates of birth stand in a folded text, with the words that make them such."""
    if not reading.has_digits:
        return
    for found in _BIRTH.finditer(reading.text):
        if ". " not in found["between"].removeprefix(". "):
            yield found.span()
