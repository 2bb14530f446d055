"""Cleaning of text, one step at a time, so that a log can tell what each step changed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import TableError
from analysis.tables.received import read_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path


VARIANT = "variant"
PREFERRED = "preferred"
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
NAMES = {
    "\u00a0": "no-break space",
    "\u202f": "no-break space",
    "\t": "tab",
    "\n": "line end",
    "\r": "line end",
    " ": "space",
}

NEVER = "(?!)"
MOST_PASSES = 20

Change = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """One step of cleaning: its name, and what it makes of a text.

    Parameters
    ----------
    name : str
        What the log calls the step.
    pattern : re.Pattern
        What the step looks for.
    replace : callable
        From what was found to what takes its place.
    told : str, optional
        What the log says of each change, where the characters themselves would not tell.
    """

    name: str
    pattern: re.Pattern[str]
    replace: Callable[[str], str]
    told: str = ""

    def apply(self, text: str) -> tuple[str, Counter[Change]]:
        """Return the text after this step, and each change with how often it was made."""
        changes: Counter[Change] = Counter()

        def change(match: re.Match[str]) -> str:
            after = self.replace(match[0])
            if after != match[0]:
                changes[match[0], after] += 1
            return after

        return self.pattern.sub(change, text), changes

    def tell(self, before: str, after: str) -> str:
        """Return a change of this step in words."""
        return self.told or f"{_in_words(before)} → {_in_words(after)}"


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
    variants = Counter(table[VARIANT])
    offenders = [
        f"{path.name} row {row}: {fault}"
        for row, variant, preferred in table.itertuples(name=None)
        for fault in _faults(variant, preferred, variants)
    ]
    if offenders:
        raise TableError(
            "The table of spellings cannot be used as it stands.",
            offenders=offenders,
            expected="each variant once, and no variant within a preferred spelling",
            remedy="keep one row for each variant, with plain quotes, hyphens and spaces",
        )
    return dict(zip(table[VARIANT], table[PREFERRED], strict=True))


def _faults(variant: str, preferred: str, variants: Mapping[str, int]) -> Iterator[str]:
    marks = steps_of_cleaning({})
    for column, spelling in ((VARIANT, variant), (PREFERRED, preferred)):
        if not spelling.strip():
            yield f"no {column}"
        elif clean_text(spelling, marks) != spelling:
            yield f"{column} {spelling!r} is cleaned to {clean_text(spelling, marks)!r} before"
    if variants[variant] > 1:
        yield f"variant {variant!r} is there {variants[variant]} times"
    held = _whole_words(variants).search(preferred)
    if held:
        yield f"preferred {preferred!r} holds the variant {held[0]!r}"


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
    return (
        Step("invisible characters", _invisible(), lambda _: ""),
        Step("Unicode form", *_composing(), told="decomposed characters → composed"),
        # In French the space within guillemets is part of the quote.
        Step("quotes", re.compile(f"\u00ab\\s?|\\s?\u00bb|[{''.join(QUOTES)}]"), _plain_quote),
        Step("dashes", re.compile(f"[{HYPHENS}]"), lambda _: "-"),
        # A dash parts what a hyphen would join: "care\u2014and" is no compound.
        Step("dashes", re.compile(f" ?[{DASHES}]+ ?"), lambda _: " - "),
        Step("white space", re.compile(r"\A\s+|\s+\Z"), lambda _: ""),
        Step("white space", re.compile(r"\s{2,}|[^\S ]"), lambda _: " "),
        Step("spelling", _whole_words(spelling), spelling.__getitem__),
    )


def _invisible() -> re.Pattern[str]:
    """Match what cannot be seen; a joiner between letters that are not Latin is part of a word."""
    always = "".join(character for character in INVISIBLE if character not in JOINERS)
    latin = "\0-\u024f"
    return re.compile(f"[{always}]|(?<![^{latin}])[{JOINERS}]+|[{JOINERS}]+(?![^{latin}])")


def _composing() -> tuple[re.Pattern[str], Callable[[str], str]]:
    """Match what can compose: composition never reaches across an ASCII character's front."""
    return re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+"), lambda text: unicodedata.normalize("NFC", text)


def _plain_quote(found: str) -> str:
    return QUOTES[found.strip()]


def _whole_words(words: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(filter(str.strip, words), key=lambda word: (-len(word), word))
    any_of = "|".join(map(re.escape, longest_first)) or NEVER
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])")


def clean_text(text: str, steps: tuple[Step, ...]) -> str:
    """Return the text after all steps.

    Examples
    --------
    >>> clean_text("  \u201cCOVID19\u201d  came ", steps_of_cleaning({"COVID19": "COVID-19"}))
    '"COVID-19" came'
    """
    return clean_and_tell(text, steps)[0]


def changes_of_cleaning(text: str, steps: tuple[Step, ...]) -> Iterator[tuple[str, str, int]]:
    """Yield what cleaning changes in a text: the step, the change in words, and how often.

    Examples
    --------
    >>> list(changes_of_cleaning("COVID19", steps_of_cleaning({"COVID19": "COVID-19"})))
    [('spelling', 'COVID19 → COVID-19', 1)]
    """
    yield from clean_and_tell(text, steps)[1]


def clean_and_tell(
    text: str, steps: tuple[Step, ...]
) -> tuple[str, tuple[tuple[str, str, int], ...]]:
    """Return the text after all steps, and what they changed.

    The steps are taken again until none finds anything: "Hiv & AIDS" is first "HIV & AIDS", which
    may be a variant itself. So to clean twice is to clean once.

    Parameters
    ----------
    text : str
        A text as received.
    steps : tuple of Step
        The steps that clean a text.

    Returns
    -------
    text : str
        The text cleaned.
    changes : tuple of (str, str, int)
        The step, the change in words, and how often; in the order of the steps.

    Raises
    ------
    TableError
        When the steps undo or feed each other, so that the text never comes to rest.
    """
    told: Counter[tuple[int, str, str]] = Counter()
    for _ in range(MOST_PASSES):
        made = Counter[tuple[int, str, str]]()
        for order, step in enumerate(steps):
            text, changes = step.apply(text)
            for change, times in changes.items():
                made[order, step.name, step.tell(*change)] += times
        if not made:
            return text, tuple((*key[1:], told[key]) for key in sorted(told))
        told += made
    raise TableError(
        "Cleaning of a text comes to no end.",
        offenders=[f"{name}: {change}" for _, name, change in sorted(made)],
        expected="steps that find nothing in what they have cleaned",
        remedy="mend these spellings, so that none leads back to another",
    )


def _in_words(characters: str) -> str:
    """Name what cannot be seen; show the rest as it is."""
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = sorted({NAMES.get(character, "other space") for character in characters})
        return " and ".join(kinds) + (" (several)" if len(characters) > 1 else "")
    if all(character in INVISIBLE for character in characters):
        return " ".join(f"U+{ord(character):04X}" for character in characters)
    return characters.strip()
