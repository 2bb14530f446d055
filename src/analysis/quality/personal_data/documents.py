"""Numbers of documents: passports, identity cards, tax and social security numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.quality.personal_data import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.quality.personal_data.finding import Span
    from analysis.quality.personal_data.reading import Reading

_CODE = re.compile(
    r"(?<![\w.,])(?:[A-Z]{1,5}[ -]?)?\d[\dA-Z]{0,20}+(?:[ ./-]{1,2}+[\dA-Z]{1,20}+(?!\w)){0,6}+"
    r"|(?<!\w)[A-Z]{4}\d{6}[A-Z]{6}[A-Z\d]{2}(?!\w)"
)
# A Brazilian tax number and a Mexican population number are told by their form alone.
_FORMS = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d")
_ABBREVIATION = re.compile(r"(?<![A-Za-z])[A-Z]{2,6}(?![A-Za-z])")
_STOP = re.compile(r"[!?;]|(?<!no)(?<! n)(?<!nr)(?<!num)\. ", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
WINDOW = 60
LEAST_DIGITS = 5


def find(reading: Reading) -> Iterator[Span]:
    """Yield where numbers of documents stand in a text."""
    if not reading.has_digits:
        return
    for found in _CODE.finditer(reading.text):
        code = found.group()
        # The letters before digits belong to a number, or say what document it is of.
        letters = _ABBREVIATION.match(code)
        end_of_words = found.start() + (letters.end() if letters else 0)
        if _FORMS.fullmatch(code) or (_is_code(code) and _is_announced(reading.text, end_of_words)):
            yield found.span()


def _is_code(code: str) -> bool:
    """Return whether a code is long enough, and is no amount, date or year."""
    digits = sum(each.isdigit() for each in code)
    letters = sum(each.isalpha() for each in code)
    groups = re.findall(r"\d+", code)
    is_amount = not letters and len(groups) > 1 and code.endswith("000")
    is_year = all(_YEAR.fullmatch(group) for group in groups)
    return (
        not is_amount
        and not is_year
        and digits + letters >= 6
        and (digits >= LEAST_DIGITS or (digits >= 4 and letters >= 3))
    )


def _is_announced(text: str, end: int) -> bool:
    """Return whether the sentence names a document before a code."""
    before = _STOP.split(text[max(0, end - WINDOW) : end])[-1]
    if any(each in lexicon.spellings("document_code") for each in _ABBREVIATION.findall(before)):
        return True
    said = f" {before.lower()} "
    return any(_holds(said, each) for each in lexicon.words("document"))


def _holds(said: str, words: str) -> bool:
    at = said.find(words)
    return at >= 0 and not said[at - 1].isalnum()
