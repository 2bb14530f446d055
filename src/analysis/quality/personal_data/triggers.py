"""What must stand in a text before it is worth a closer look, as patterns of RE2.

RE2 (https://github.com/google/re2) reads each sign of a text once, whatever the text. These
patterns let pass whatever a finding needs, and much else; they decide nothing.
"""

from __future__ import annotations

import re
from functools import cache

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.profiles import PLATFORMS

# What folding changes: signs beyond ASCII, signs that nobody sees, and odd white space.
ODD = r"[^\x20-\x7e]|  |^ | $"
_AT = (
    r"@|[(\[{<] ?(?i:at|a|arroba|arobase?) ?[)\]}>]|(?i: (?:arroba|arobase?|dot) | chez .* point )"
)
_DIGITS = r"(?:[0-9][ ().\-/]{0,3}){5}|[A-Z]{3}[0-9]{4}"
_PROFILE = rf"\.[A-Za-z]{{2,4}}/|(?:^|[^\w])(?:{PLATFORMS})(?:$|[^\w])"
_BIRTH = (
    r"(?i:(?:^|[^\w])(?:born|b\.|birth|d\.? ?o\.? ?b|nee?[^\w]|naissance|anniversaire|"
    r"nas[ci]|naci|anivers|cumple|f\. ?nac)[^!?]{0,60}[0-9])"
)
# Before a dash a word says that it is an age: covid-19 is none. After it stands what ends it, or a
# word that tells of it: *27 years* and *27 in May* may tell one, *27 May* and *27 people* do not.
# Where more is needed to tell it, a name stands beside it that is listed.
_AFTER_AGE = (
    "ans|anos|from|who|and|but|when|e|et|mas|pero|mais|que|qui|in|on|at|this|next|last|today|"
    "yesterday|em|no|na|hoje|ontem|en|el|este|hoy|ayer|hier|cette|cet"
)
_AGE = (
    "ans|anos|from|who|and|but|when|e|et|mas|pero|mais|que|qui|in|on|at|this|next|last|today|"
    "yesterday|em|no|na|hoje|ontem|en|el|este|hoy|ayer|hier|cette|cet|had|has|was|is|left|began|"
    "started|came|went"
)
_AGE = (
    r"(?:^|[^0-9-]|(?i:age|dade?)[^\w]{0,2}-)[1-8][0-9]"
    rf"(?:$|[),.;:!?\]]|(?i: ?-?y| (?:{_AFTER_AGE})(?:[^\w]|$)))"
    r"|(?i:(?:age|dade?)[^\w]{0,3}[1-8][0-9](?:[^0-9]|$)|years?[- ]old)"
)


@cache
def patterns() -> tuple[str, ...]:
    """Return the patterns, of which at least one matches a folded text with a finding."""
    return (
        "|".join((_AT, _DIGITS, _PROFILE, _BIRTH, _AGE)),
        _among(lexicon.name_spellings()),
        _among(tuple(sorted(name.upper() for name in lexicon.sure_names()))),
        _document(),
        _before_a_capital(),
        _after_a_capital(),
    )


def _among(words: tuple[str, ...]) -> str:
    return rf"(?:^|[^A-Za-z])(?:{_any(words)})(?:$|[^A-Za-z])"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, words))


def _document() -> str:
    """Return a pattern for words that say what document a number is of, with a digit behind."""
    words, codes = (_any(lexicon.spellings(use)) for use in ("document", "document_code"))
    return rf"(?:(?i:{words})|(?:^|[^A-Za-z])(?:{codes})[^A-Za-z]).*[0-9]"


def _before_a_capital() -> str:
    """Return a pattern for words that a name or a place follows."""
    titles = lexicon.spellings("title", "title_or_word")
    people = lexicon.spellings("role", "relation", "source")
    places = lexicon.spellings("street_before", "settlement_before", "venue_before")
    corners = ("corner of", "angle de", "coin de", "esquina de", "esquina da", "intersection of")
    numbered = "calle|carrera|avenida|avenue|soi|street|rua|rue|jalan|block"
    return (
        rf"(?:^|[^\w])(?:(?i:{_any(people)}|{_any(titles)}) |(?:M|{_any(titles)})\. )"
        r"(?:[a-z]{2,3} ){0,2}[A-Z]['a-z]"
        rf"|(?:^|[^\w])(?i:{_any((*places, *corners))})(?: [a-z']{{1,4}}){{0,3}} ?[A-Z][a-z']"
        rf"|(?i:(?:^|[^\w])(?:{numbered})) [0-9]"
    )


def _after_a_capital() -> str:
    """Return a pattern for words that follow a name or a place."""
    places = _any(lexicon.spellings("street_after", "venue_after"))
    roles, runs = _any(lexicon.spellings("role")), _any(lexicon.spellings("runs"))
    name = "[A-Z][A-Za-z'-]*"
    return (
        rf"{name} (?i:{places})(?:$|[^\w-])"
        rf"|{name}\.?(?:,| \() ?(?:[A-Za-z'-]{{1,20}} ){{0,4}}(?i:{roles})(?:$|[^A-Za-z'-])"
        rf"|{name},? (?:{runs}) "
    )
