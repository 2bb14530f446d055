"""The steps that clean texts, and the spellings that people who know the words prefer."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.errors import TableError
from analysis.study.csv_rows import read_rows
from analysis.study.language import to_translate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from analysis.study.csv_rows import Row

VARIANT = "variant"
PREFERRED = "preferred"
SPELLING = to_translate("spelling")
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


MOST_PASSES = 20

NAMES = {
    "\u00a0": "no-break space",
    "\u202f": "no-break space",
    "\t": "tab",
    "\n": "line end",
    "\r": "line end",
    " ": "space",
}

AT = "at"
CHANGES = ["step", "change", "times"]
MADE = {AT: "int64", "step": "str", "change": "str", "times": "int64"}


@dataclass(frozen=True)
class Step:
    """One step of cleaning: its name, and how it changes a text.

    Parameters
    ----------
    name : str
        The step's name in the log.
    pattern : str
        The pattern of what the step replaces.
    replace : callable
        From what was found to its replacement.
    hint : str
        A plain pattern, of characters and their classes alone, that finds something in each text
        that the step changes: a whole column is searched for it, which is much quicker.
    description : str, optional
        The log's words for each change, where the characters themselves can't be read.
    """

    name: str
    pattern: str
    replace: Callable[[str], str]
    hint: str
    description: str = ""

    def apply(self, text: str) -> tuple[str, Counter[tuple[str, str]]]:
        """Return the text after this step, and each change with how often it was made."""
        changes: Counter[tuple[str, str]] = Counter()

        def change(match: re.Match[str]) -> str:
            after = self.replace(match[0])
            if after != match[0]:
                changes[match[0], after] += 1
            return after

        return re.sub(self.pattern, change, text), changes

    def describe(self, before: str, after: str) -> str:
        """Return a change of this step in words."""
        return self.description or f"{_in_words(before)} → {_in_words(after)}"


def clean_texts(texts: pd.Series, steps: Sequence[Step]) -> tuple[pd.Series, pd.DataFrame]:
    """Return a column of texts after all steps, and what they changed.

    The steps are repeated until none finds anything: "Hiv & AIDS" is first "HIV & AIDS", which may
    be a variant itself. So cleaning twice is cleaning once.

    Parameters
    ----------
    texts : Series of str
        Texts as received.
    steps : sequence of Step
        The steps that clean a text.

    Returns
    -------
    texts : Series of str
        The texts cleaned.
    changes : DataFrame
        ``at, step, change, times``: the position of the text, the step, the change in words and how
        often it was made; by position, then in the order of the steps.

    Raises
    ------
    TableError
        When the steps undo or feed each other, so that a text never comes to rest.
    """
    words = texts.to_numpy(dtype=object, copy=True)
    made: Counter[tuple[int, int, str]] = Counter()
    unsettled = _find("|".join(step.hint for step in steps), words)
    for _ in range(MOST_PASSES):
        last = _take_steps(words, unsettled, steps)
        if not last:
            rows = [
                (at, steps[order].name, change, times)
                for (at, order, change), times in sorted(made.items())
            ]
            cleaned = pd.Series(words, texts.index, dtype="str", name=texts.name)
            return cleaned, pd.DataFrame(rows, columns=list(MADE)).astype(MADE)
        for at, order, change, times in last:
            made[at, order, change] += times
        unsettled = np.unique([at for at, *_ in last])
    raise TableError(
        "Cleaning of a text comes to no end.",
        offenders=sorted({f"{steps[order].name}: {change}" for _, order, change, _ in last}),
        expected="steps that find nothing in what they have cleaned",
        remedy="correct these spellings, so that none leads back to another",
    )


def _take_steps(
    words: npt.NDArray[np.object_], unsettled: npt.NDArray[np.intp], steps: Sequence[Step]
) -> list[tuple[int, int, str, int]]:
    """Take each step once on some of the words, in place; return what each changed."""
    made = []
    for order, step in enumerate(steps):
        for at in unsettled[_find(step.hint, words[unsettled])].tolist():
            words[at], changes = step.apply(words[at])
            made += [(at, order, step.describe(*key), times) for key, times in changes.items()]
    return made


def _find(hint: str, words: npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the positions of the texts in which a plain pattern finds something."""
    return np.flatnonzero(pd.Series(words, dtype="str").str.contains(hint))


def _in_words(characters: str) -> str:
    """Name what can't be seen; show the rest as it is."""
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = sorted({NAMES.get(character, "other space") for character in characters})
        return " and ".join(kinds) + (" (several)" if len(characters) > 1 else "")
    if not any(map(str.isprintable, characters)):
        return " ".join(f"U+{ord(character):04X}" for character in characters)
    return characters.strip()


def read_spelling(path: Path) -> dict[str, str]:
    """Return the preferred spelling of each variant.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``variant`` and ``preferred``.

    Raises
    ------
    TableError
        When the file can't be read; or a spelling is blank or no cleaned text can have it, a
        variant is listed twice, or a preferred spelling holds a variant, naming the rows.
    """
    rows = read_rows(path, SPELLING_COLUMNS, may_be_empty=True, exactly=True)
    offenders = [row.offender(fault) for row, fault in _faults(rows)]
    if offenders:
        raise TableError(
            "The table of spellings cannot be used as it is.",
            offenders=offenders,
            expected="each variant once, and no variant within a preferred spelling",
            remedy="keep one row for each variant, with plain quotes, hyphens and spaces",
        )
    return {row[VARIANT]: row[PREFERRED] for row in rows}


def _faults(rows: Sequence[Row]) -> Iterator[tuple[Row, str]]:
    """Yield what is wrong with each row."""
    variants = Counter(row[VARIANT] for row in rows)
    any_variant = re.compile(_whole_words(variants))
    marks = steps_of_cleaning({})
    spellings = pd.DataFrame([row.cells for row in rows], columns=[*SPELLING_COLUMNS], dtype="str")
    cleaned = {name: clean_texts(spellings[name], marks)[0] for name in SPELLING_COLUMNS}
    for at, row in enumerate(rows):
        for column in SPELLING_COLUMNS:
            spelling, after = row[column], cleaned[column][at]
            if not spelling.strip():
                yield row, f"no {column}"
            elif after != spelling:
                yield row, f"{column} {spelling!r} is cleaned to {after!r} before"
        if variants[row[VARIANT]] > 1:
            yield row, f"variant {row[VARIANT]!r} is there {variants[row[VARIANT]]} times"
        held = any_variant.search(row[PREFERRED])
        if held:
            yield row, f"preferred {row[PREFERRED]!r} holds the variant {held[0]!r}"


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
        Step(to_translate("invisible characters"), _invisible(), lambda _: "", f"[{INVISIBLE}]"),
        # Composition never reaches across an ASCII character's front.
        Step(
            to_translate("Unicode form"),
            r"[\0-\x7f]?[^\0-\x7f]+",
            _compose,
            f"[{COMPOSING}]",
            COMPOSED,
        ),
        # In French the space within guillemets is part of the quote.
        Step(
            to_translate("quotes"), rf"\u00ab\s?|\s?\u00bb|[{quotes}]", _plain_quote, f"[{quotes}]"
        ),
        Step(to_translate("dashes"), f"[{HYPHENS}]", lambda _: "-", f"[{HYPHENS}]"),
        # A dash parts what a hyphen would join: "care\u2014and" is no compound.
        Step(to_translate("dashes"), f" ?[{DASHES}]+ ?", lambda _: " - ", f"[{DASHES}]"),
        Step(to_translate("white space"), r"\A\s+|\s+\Z", lambda _: "", edges),
        Step(to_translate("white space"), r"\s{2,}|[^\S ]", lambda _: " ", f"  |[{OTHER_SPACES}]"),
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
