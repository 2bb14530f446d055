"""Find dates of birth, with the words that make them such."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.mentions import ScannedText, Span

_MONTHS = (
    "jan(?:uary|vier|eiro)?|ene(?:ro)?|feb(?:ruary|rero)?|fev(?:rier|ereiro)?|mar(?:ch|s|co|zo)?|"
    "apr(?:il)?|avr(?:il)?|abr(?:il)?|may|mai(?:o)?|mayo|jun(?:e|ho|io)?|juin|jul(?:y|ho|io)?|"
    "juil(?:let)?|aug(?:ust)?|aout|ago(?:sto)?|sept?(?:ember|embre|iembre)?|set(?:embro|iembre)?|"
    "oct(?:ober|obre|ubre)?|out(?:ubro)?|nov(?:ember|embre|embro|iembre)?|"
    "dec(?:ember|embre)?|dez(?:embro)?|dic(?:iembre)?|yanvarya|fevralya|marta|aprelya|maya|iyunya|"
    "iyulya|avgusta|sentyabrya|oktyabrya|noyabrya|dekabrya"
)
_BIRTH_YEAR = r"(?:19|20)\d\d"
_BIRTH_DAY = r"\d{1,2}(?: ?(?:st|nd|rd|th|er|eme|o))?"
_OF_MONTH = r"(?: (?:of|de|do|del|day of))?"
_BIRTH_DATE = (
    rf"(?:\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?(?:{_BIRTH_YEAR}|\d\d)"
    rf"|{_BIRTH_YEAR}[./-]\d{{1,2}}[./-]\d{{1,2}}"
    rf"|(?:{_BIRTH_DAY}{_OF_MONTH} )?(?:{_MONTHS})\.?(?:,|{_OF_MONTH}) {_BIRTH_YEAR}"
    rf"|(?:{_MONTHS})\.? {_BIRTH_DAY},? {_BIRTH_YEAR})"
)
_BORN = (
    r"born|b\.|d\.? ?o\.? ?b\.?|date of birth|birth ?date|birth ?day|birth|nee? (?:le|en|a)|nee|"
    r"date de naissance|naissance|anniversaire|nasceu|nascid[oa]|nascimento|data de nasc\.?|"
    r"aniversario|nacio|nacid[oa]|nacimiento|fecha de nac\.?|cumpleanos|f\. ?nac\.?|"
    r"rodil(?:as|sya)|rozhdeniya|den rozhdeniya|rod\.?|geboren|geb\.?|lahir|alizaliwa|kuzaliwa|fet|"
    r"nesans"
)
_BIRTH = re.compile(
    rf"(?<!\w)(?:{_BORN})(?!\w)(?P<between>[^!?;\d]{{0,30}}?)(?<!\d){_BIRTH_DATE}(?!\d)",
    re.IGNORECASE,
)
_OF_BIRTH = re.compile(r"\d ?(?:g\. ?r\.|goda rozhdeniya)", re.IGNORECASE)
_BORN_AFTER = re.compile(rf"(?<!\d){_BIRTH_DATE} ?(?:g\. ?r\.|goda rozhdeniya)", re.IGNORECASE)


def find_birth_dates(text: ScannedText) -> Iterator[Span]:
    """Yield where dates of birth are in a text, with the words that make them such."""
    for found in _BIRTH.finditer(text.folded):
        if ". " not in found["between"].removeprefix(". "):
            yield found.span()
    if _OF_BIRTH.search(text.folded):
        for found in _BORN_AFTER.finditer(text.folded):
            yield found.span()
