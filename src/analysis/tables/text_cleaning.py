"""The steps that clean texts, and the spellings that people who know the words prefer."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from analysis.errors import TableError
from analysis.tables.received import read_table
from analysis.tables.text_steps import Step, clean_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

VARIANT = "variant"
PREFERRED = "preferred"
SPELLING = "spelling"
SPELLING_COLUMNS = (VARIANT, PREFERRED)

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff"
JOINERS = "\u200c\u200d"
QUOTES = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201b": "'",
    "\u2039": "'",
    "\u203a": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u201f": '"',
    "\u00ab": '"',
    "\u00bb": '"',
}
HYPHENS = "\u2010\u2011\u2012\u2013"
DASHES = "\u2014\u2015"
OTHER_SPACES = "\t-\r\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# No other character composes with another: neither Latin letters nor hyphens, dashes and quotes.
COMPOSING = "\u0300-\u200f\u2028-\U0010ffff"
COMPOSED = "decomposed characters → composed"

NEVER = "[^\0-\U0010ffff]"


def read_spelling(path: Path) -> dict[str, str]:
    """Return the preferred spelling of each variant.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``variant`` and ``preferred``.

    Raises
    ------
    TableError
        When the file cannot be read; or a spelling is blank or no cleaned text can hold it, a
        variant is listed twice, or a preferred spelling holds a variant, naming the rows.
    """
    table = read_table(path, SPELLING_COLUMNS)
    offenders = [f"{path.name} row {row}: {fault}" for row, fault in _faults(table)]
    if offenders:
        raise TableError(
            "The table of spellings cannot be used as it stands.",
            offenders=offenders,
            expected="each variant once, and no variant within a preferred spelling",
            remedy="keep one row for each variant, with plain quotes, hyphens and spaces",
        )
    return dict(zip(table[VARIANT], table[PREFERRED], strict=True))


def _faults(table: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with each row."""
    variants = Counter(table[VARIANT])
    any_variant = re.compile(_whole_words(variants))
    marks = steps_of_cleaning({})
    cleaned = [clean_texts(table[name], marks)[0] for name in SPELLING_COLUMNS]
    spellings = (table[name] for name in SPELLING_COLUMNS)
    for row, variant, preferred, *clean in zip(table.index, *spellings, *cleaned, strict=True):
        pairs = zip((variant, preferred), clean, strict=True)
        for column, (spelling, after) in zip(SPELLING_COLUMNS, pairs, strict=True):
            if not spelling.strip():
                yield row, f"no {column}"
            elif after != spelling:
                yield row, f"{column} {spelling!r} is cleaned to {after!r} before"
        if variants[variant] > 1:
            yield row, f"variant {variant!r} is there {variants[variant]} times"
        held = any_variant.search(preferred)
        if held:
            yield row, f"preferred {preferred!r} holds the variant {held[0]!r}"


def steps_of_cleaning(spelling: Mapping[str, str]) -> tuple[Step, ...]:
    """Return the steps that clean a text, in their order.

    Parameters
    ----------
    spelling : mapping of str to str
        The preferred spelling of each variant; variants are whole words.

    Returns
    -------
    tuple of Step
        Invisible characters, Unicode form, quotes, dashes, white space, spelling.
    """
    quotes, edges = "".join(QUOTES), f"^ | $|[{OTHER_SPACES}]"
    return (
        Step("invisible characters", _invisible(), lambda _: "", f"[{INVISIBLE}]"),
        # Composition never reaches across an ASCII character's front.
        Step("Unicode form", r"[\0-\x7f]?[^\0-\x7f]+", _compose, f"[{COMPOSING}]", COMPOSED),
        # In French the space within guillemets is part of the quote.
        Step("quotes", rf"\u00ab\s?|\s?\u00bb|[{quotes}]", _plain_quote, f"[{quotes}]"),
        Step("dashes", f"[{HYPHENS}]", lambda _: "-", f"[{HYPHENS}]"),
        # A dash parts what a hyphen would join: "care\u2014and" is no compound.
        Step("dashes", f" ?[{DASHES}]+ ?", lambda _: " - ", f"[{DASHES}]"),
        Step("white space", r"\A\s+|\s+\Z", lambda _: "", edges),
        Step("white space", r"\s{2,}|[^\S ]", lambda _: " ", f"  |[{OTHER_SPACES}]"),
        Step(SPELLING, _whole_words(spelling), spelling.__getitem__, _any_of(spelling)),
    )


def _invisible() -> str:
    """Match what cannot be seen; a joiner between letters that are not Latin is part of a word."""
    always = "".join(character for character in INVISIBLE if character not in JOINERS)
    latin = "\0-\u024f"
    return f"[{always}]|(?<![^{latin}])[{JOINERS}]+|[{JOINERS}]+(?![^{latin}])"


def _compose(found: str) -> str:
    return unicodedata.normalize("NFC", found)


def _plain_quote(found: str) -> str:
    return QUOTES[found.strip()]


def _whole_words(words: Iterable[str]) -> str:
    return rf"(?<![\w-])(?:{_any_of(words)})(?![\w-])"


def _any_of(words: Iterable[str]) -> str:
    longest_first = sorted(filter(str.strip, words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, longest_first)) or NEVER
