"""Select the texts that may hold something: the scan looks at these alone, ten times as fast.

The patterns are for RE2 (https://github.com/google/re2), which reads each character of a text once.
Each finding needs a match of one of them; most texts that match hold no finding.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.quality.personal_data import lexicon
from analysis.quality.personal_data.contacts import NUMBER_WORDS, PLATFORMS
from analysis.quality.personal_data.folding import fold
from analysis.quality.personal_data.local_places import CORNERS, NUMBERED_STREETS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd
    from numpy.typing import NDArray

# What folding changes: signs beyond ASCII, invisible signs and odd white space.
_TO_FOLD = r"[^\x20-\x7e]|  |^ | $"
_AT = (
    r"@|[(\[{<] ?(?i:at|a|arroba|arobase?) ?[)\]}>]"
    r"|(?i: (?:arroba|arobase?|sobaka|dot) | chez .* point )"
)
_DIGITS = r"(?:[0-9Oo][ ().\-/]{0,3}){5}|[A-Z]{3}[0-9]{4}|\.[0-9]{4}|[0-9] ?°"
_PROFILE = rf"\.[A-Za-z]{{2,4}}/|(?:^|[^\w])(?:{PLATFORMS})(?:$|[^\w])"
_BIRTH = (
    r"(?i:(?:^|[^\w])(?:born|b\.|birth|d\.? ?o\.? ?b|nee?[^\w]|naissance|anniversaire|"
    r"nas[ci]|naci|anivers|cumple|f\. ?nac|n\.|geb|rod\.|rodil|rozhd|lahir|aliza|kuzal|fet|"
    r"nesans)[^!?]{0,60}[0-9])"
    r"|(?i:[0-9] ?(?:g\. ?r\.|goda rozhd))|\((?:19[3-9]|200)[0-9]\)"
    r"|[A-Z]\. ?[A-Z]\.?(?: \(|(?:,| from| of| de| da| do| iz| aus) )"
)
# Before a dash a word announces an age: covid-19 isn't one. After it a sign ends it, or a word
# follows: *27 years* and *27 in May* may be an age, *27 May* and *27 people* aren't. A finding that
# needs more also has a listed name, which another pattern finds.
_AFTER_AGE = (
    "let|goda?|tahun|an|ani|jahren?|lat|rokiv|ans|anos|from|who|and|but|when|e|et|mas|pero|mais|que|qui|in|on|at|this|next|last|today|"
    "yesterday|em|no|na|hoje|ontem|en|el|este|hoy|ayer|hier|cette|cet"
)
_NUMBERS = (
    "ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty|sixty|"
    "seventy|vingt|trente|quarante|cinquante|soixante|veint[ei][a-z]*|treinta|cuarenta|cincuenta|"
    "sesenta|vinte|trinta|quarenta|cinquenta|sessenta|quinze|seize|dix-[a-z]*|quince|dieci[a-z]*|"
    "dezoito|deza?[a-z]{3,5}|dvadtsat|tridtsat|sorok|pyatdesyat|shestdesyat|[a-z]{3,6}nadtsat"
)
_SPELT_AGE = (
    rf"(?i:(?:^|[^\w])(?:{_NUMBERS})(?:[- ](?:et |y |e )?[a-z]{{2,8}})?"
    r"(?:[- ](?:years?|ans|anos|let|goda?)(?:[^\w]|$)|[,.;:!?)]|$"
    r"| (?:from|who|and|but|when|e|y|et|mas|pero|mais|que|qui)(?:[^\w]|$)))"
)
_AGE = (
    r"(?:^|[^0-9-]|(?i:age|dade?)[^\w]{0,2}-)[1-8][0-9]"
    rf"(?:$|[),.;:!?\]]|(?i: ?-?y| (?:{_AFTER_AGE})(?:[^\w]|$)))"
    rf"|{_SPELT_AGE}|(?i:(?:^|[^\w])turn(?:ed|s) (?:{_NUMBERS}))"
    r"|(?i:(?:age|dade?)[^\w]{0,3}[1-8][0-9](?:[^0-9]|$)|years?[- ]old)"
)


def likely_positions(texts: pd.Series, names: Collection[str] = ()) -> NDArray[np.intp]:
    """Return the positions of the texts that may hold something; a study may have own names."""
    array = pa.array(texts, pa.large_string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()  # a pattern is compiled again for each chunk
    to_fold = pa.array(_matches(array, _TO_FOLD))
    folded = [fold(text) for text in array.filter(to_fold).to_pylist()]
    array = pc.replace_with_mask(array, to_fold, pa.array(folded, type=pa.large_string()))
    all_patterns = (*patterns(), *([f"(?i:{_among(tuple(sorted(names)))})"] if names else ()))
    return np.flatnonzero(np.any([_matches(array, each) for each in all_patterns], axis=0))


def _matches(texts: pa.Array, pattern: str) -> NDArray[np.bool_]:
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)  # noqa: FBT003
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


@cache
def patterns() -> tuple[str, ...]:
    """Return the patterns, of which at least one matches a folded text with a finding."""
    return (
        "|".join((_AT, _DIGITS, _PROFILE, _BIRTH, _AGE)),
        *_in_halves(lexicon.name_spellings()),
        *_in_halves([name.upper() for name in lexicon.sure_names()]),
        _document(),
        _before_a_capital(),
        _after_a_capital(),
    )


def _among(words: tuple[str, ...]) -> str:
    return rf"(?:^|[^A-Za-z])(?:{_any(words)})(?:$|[^A-Za-z])"


def _in_halves(names: Iterable[str]) -> tuple[str, str]:
    """Return two patterns: one of all names needs more memory than RE2 has, and is slow."""
    each = tuple(sorted(names))
    return _among(each[: len(each) // 2]), _among(each[len(each) // 2 :])


def _any(words: tuple[str, ...]) -> str:
    # In the order of the alphabet, so that common beginnings are read once.
    return "|".join(map(re.escape, sorted(words)))


def _document() -> str:
    """Return a pattern for words that name the document of a number, with a digit after them."""
    words = _any(lexicon.spellings("document"))
    codes = _any(lexicon.spellings("document_code"))
    marks = _any(lexicon.spellings("plate", "case"))
    announced = rf"(?i:{words})|(?:{codes})[^A-Za-z]|(?i:{marks})(?:[^a-z]|(?i:{NUMBER_WORDS}))"
    return rf"(?:^|[^A-Za-z])(?:{announced}).*[0-9]"


def _before_a_capital() -> str:
    """Return a pattern for words that a name or a place follows."""
    titles = lexicon.spellings("title", "title_or_word")
    people = lexicon.spellings("role", "relation", "source", "naming", "author", "says_before")
    places = (
        *lexicon.spellings("street_before", "settlement_before", "venue_before"),
        *CORNERS.split("|"),
    )
    return (
        rf"(?:^|[^\w])(?:(?i:{_any(people)}|{_any(titles)}) |(?:M|{_any(titles)})\. |M )"
        r"(?:[a-z]{2,3} ){0,2}[A-Z]['a-z]"
        rf"|(?:^|[^\w])(?i:{_any(places)})(?: [a-z']{{1,4}}){{0,3}} ?\"?[A-Z][a-z']"
        rf"|(?i:(?:^|[^\w])(?:{NUMBERED_STREETS})) [0-9]"
    )


def _after_a_capital() -> str:
    """Return a pattern for words that follow a name or a place."""
    places = _any(lexicon.spellings("street_after", "venue_after"))
    german = "[A-Z][a-z]{2,24}(?:strasse|gasse|allee)"
    roles, runs = _any(lexicon.spellings("role")), _any(lexicon.spellings("runs"))
    name = "[A-Z][A-Za-z'-]*"
    # An abbreviation before a comma is a name only after another word with a capital letter.
    person = rf"(?:(?:^|[^\w])[A-Z]['a-z][A-Za-z'-]*|{name},?(?: from)? {name})"
    return (
        rf"{name} (?i:{places})(?:$|[^\w-])|{german}"
        rf"|{person}\.?(?:,| \() ?(?:[A-Za-z'-]{{1,20}} ){{0,4}}(?i:{roles})(?:$|[^A-Za-z'-])"
        rf"|{name},? (?:{runs}) "
    )
