"""Cleaning of text, one step at a time, so that a log can tell what each step changed."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pandas as pd

INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
QUOTES = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u201b": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u00ab": '"',
    "\u00bb": '"',
}
DASHES = {"\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-"}
NAMES = {"\u00a0": "no-break space", "\t": "tab", "\n": "line end", " ": "space"}

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
    """

    name: str
    pattern: re.Pattern[str]
    replace: Callable[[str], str]

    def apply(self, text: str) -> tuple[str, Counter[Change]]:
        """Return the text after this step, and each change with how often it was made."""
        changes: Counter[Change] = Counter()

        def change(match: re.Match[str]) -> str:
            after = self.replace(match[0])
            if after != match[0]:
                changes[match[0], after] += 1
            return after

        return self.pattern.sub(change, text), changes


def read_spelling(path: Path) -> dict[str, str]:
    """Return the preferred spelling of each variant.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``variant`` and ``preferred``.

    Raises
    ------
    TableError
        When a variant is listed twice or is itself preferred elsewhere, naming the rows.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [(row["variant"], row["preferred"]) for row in csv.DictReader(lines)]
    preferred = {after for _, after in rows}
    listed = Counter(before for before, _ in rows)
    offenders = [
        f"{path.name} row {number}: {before}"
        for number, (before, _) in enumerate(rows, start=2)
        if listed[before] > 1 or before in preferred
    ]
    if offenders:
        raise TableError(
            "The table of spellings contradicts itself.",
            offenders=offenders,
            expected="each variant once, and no preferred spelling among the variants",
            remedy="keep one row for each variant",
        )
    return dict(rows)


def steps_of_cleaning(spelling: Mapping[str, str]) -> tuple[Step, ...]:
    """Return the steps that clean a text, in their order.

    Parameters
    ----------
    spelling : mapping of str to str
        The preferred spelling of each variant; variants are whole words.

    Returns
    -------
    tuple of Step
        Unicode form, invisible characters, quotes, dashes, white space, spelling.
    """
    marks = {**QUOTES, **DASHES}
    steps = [
        Step("invisible characters", re.compile(f"[{INVISIBLE}]"), lambda _: ""),
        Step("quotes", _any_of(QUOTES), marks.__getitem__),
        Step("dashes", _any_of(DASHES), marks.__getitem__),
        Step("white space", re.compile(r"\s{2,}|[^\S ]|^\s+|\s+$"), lambda _: " "),
    ]
    if spelling:
        steps.append(Step("spelling", _whole_words(spelling), spelling.__getitem__))
    return tuple(steps)


def _any_of(characters: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("[" + "".join(map(re.escape, characters)) + "]")


def _whole_words(words: Mapping[str, str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])")


def clean_text(text: str, steps: tuple[Step, ...]) -> str:
    """Return the text after all steps.

    Examples
    --------
    >>> clean_text("  \u201cCOVID19\u201d  came ", steps_of_cleaning({"COVID19": "COVID-19"}))
    '"COVID-19" came'
    """
    text = unicodedata.normalize("NFC", text)
    for step in steps:
        text, _ = step.apply(text)
    return text.strip()


def changes_of_cleaning(text: str, steps: tuple[Step, ...]) -> Iterator[tuple[str, str, int]]:
    """Yield what cleaning changes in a text: the step, the change in words, and how often.

    Examples
    --------
    >>> list(changes_of_cleaning("COVID19", steps_of_cleaning({"COVID19": "COVID-19"})))
    [('spelling', 'COVID19 → COVID-19', 1)]
    """
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        yield "Unicode form", "decomposed characters → composed", 1
    for step in steps:
        composed, changes = step.apply(composed)
        for (before, after), times in sorted(changes.items()):
            yield step.name, f"{_in_words(before)} → {_in_words(after)}", times


def _in_words(characters: str) -> str:
    """Name what cannot be seen; show the rest as it is."""
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = sorted({NAMES.get(character, "other space") for character in characters})
        return " and ".join(kinds) + (" (several)" if len(characters) > 1 else "")
    if all(character in INVISIBLE for character in characters):
        return f"U+{ord(characters[0]):04X}"
    return characters


def clean_texts(texts: pd.Series, steps: tuple[Step, ...]) -> pd.Series:
    """Return a column of texts after all steps."""
    return texts.map(lambda text: clean_text(text, steps)).astype("str")
