"""Steps that change texts, taken over a whole column, so that a log can tell what each changed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

NAMES = {
    "\u00a0": "no-break space",
    "\u202f": "no-break space",
    "\t": "tab",
    "\n": "line end",
    "\r": "line end",
    " ": "space",
}
MOST_PASSES = 20
# Texts that are taken up one by one are many times as large as in their column.
TEXTS_AT_ONCE = 10_000

Change = tuple[str, str]
# How often each kind of change was made, by place; a kind is told by its step and in words.
Made = defaultdict[tuple[int, str, str], Counter[int]]


class Changes(NamedTuple):
    """What was changed in a column of texts.

    Parameters
    ----------
    place : array of int
        The place of the text in the column.
    step, change : list of str
        The step that changed it, and the change in words.
    times : list of int
        How often it was made.
    """

    place: npt.NDArray[np.intp]
    step: list[str]
    change: list[str]
    times: list[int]


@dataclass(frozen=True)
class Step:
    """One step of cleaning: its name, and what it makes of a text.

    Parameters
    ----------
    name : str
        What the log calls the step.
    pattern : str
        What the step looks for.
    replace : callable
        From what was found to what takes its place.
    hint : str
        A plain pattern, of characters and their classes alone, that finds something in each text
        that the step changes: what a whole column is searched for, which is much quicker.
    told : str, optional
        What the log says of each change, where the characters themselves would not tell.
    """

    name: str
    pattern: str
    replace: Callable[[str], str]
    hint: str
    told: str = ""

    def apply(self, text: str) -> tuple[str, Counter[Change]]:
        """Return the text after this step, and each change with how often it was made."""
        changes: Counter[Change] = Counter()

        def change(match: re.Match[str]) -> str:
            after = self.replace(match[0])
            if after != match[0]:
                changes[match[0], after] += 1
            return after

        return re.sub(self.pattern, change, text), changes

    def tell(self, before: str, after: str) -> str:
        """Return a change of this step in words."""
        return self.told or f"{_in_words(before)} → {_in_words(after)}"


def clean_texts(texts: pd.Series, steps: Sequence[Step]) -> tuple[pd.Series, Changes]:
    """Return a column of texts after all steps, and what they changed.

    The steps are taken again until none finds anything: "Hiv & AIDS" is first "HIV & AIDS", which
    may be a variant itself. So to clean twice is to clean once.

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
    changes : Changes
        By the place of the text, then in the order of the steps.

    Raises
    ------
    TableError
        When the steps undo or feed each other, so that a text never comes to rest.
    """
    worn = _find("|".join(step.hint for step in steps), texts)
    words, changes = [texts.iloc[:0]], [Changes(worn[:0], [], [], [])]
    for start in range(0, len(worn), TEXTS_AT_ONCE):
        block = worn[start : start + TEXTS_AT_ONCE]
        settled, told = _settle(texts.iloc[block].to_numpy(dtype=object), steps)
        words.append(pd.Series(settled, dtype="str"))
        changes.append(_list_changes(told, block))
    cleaned = texts.copy()
    cleaned.iloc[worn] = pd.concat(words).array
    return cleaned, _join(changes)


def _join(changes: Sequence[Changes]) -> Changes:
    places, *others = zip(*changes, strict=True)
    return Changes(np.concatenate(places), *(list(chain.from_iterable(each)) for each in others))


def _find(hint: str, texts: pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the places of the texts in which a plain pattern finds something."""
    return np.flatnonzero(pc.match_substring_regex(pa.array(texts, pa.large_string()), hint))


def _settle(
    texts: npt.NDArray[np.object_], steps: Sequence[Step]
) -> tuple[npt.NDArray[np.object_], Made]:
    """Return texts once no step finds anything in them any more, and all changes on the way."""
    words, told = texts.copy(), Made(Counter)
    unsettled = np.arange(len(words))
    for _ in range(MOST_PASSES):
        made = Made(Counter)
        for order, step in enumerate(steps):
            for place in unsettled[_find(step.hint, words[unsettled])].tolist():
                words[place], changes = step.apply(words[place])
                for change, times in changes.items():
                    made[order, step.name, step.tell(*change)][place] += times
        if not made:
            return words, told
        for kind, places in made.items():
            told[kind].update(places)
        unsettled = np.unique(np.concatenate([list(places) for places in made.values()]))
    raise TableError(
        "Cleaning of a text comes to no end.",
        offenders=sorted({f"{name}: {change}" for _, name, change in made}),
        expected="steps that find nothing in what they have cleaned",
        remedy="mend these spellings, so that none leads back to another",
    )


def _list_changes(told: Made, worn: npt.NDArray[np.intp]) -> Changes:
    """Return changes in the order of texts, then of the steps."""
    kinds = sorted(told)
    made = [np.array(list(told[kind].items()), dtype=np.int64) for kind in kinds]
    place, times = np.concatenate([np.empty((0, 2), dtype=np.int64), *made]).T
    kind = np.repeat(np.arange(len(kinds)), [len(times) for times in made])
    order = np.lexsort((kind, place))
    return Changes(
        place=worn[place[order]],
        step=[kinds[at][1] for at in kind[order].tolist()],
        change=[kinds[at][2] for at in kind[order].tolist()],
        times=times[order].tolist(),
    )


def _in_words(characters: str) -> str:
    """Name what cannot be seen; show the rest as it is."""
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = sorted({NAMES.get(character, "other space") for character in characters})
        return " and ".join(kinds) + (" (several)" if len(characters) > 1 else "")
    if not any(map(str.isprintable, characters)):
        return " ".join(f"U+{ord(character):04X}" for character in characters)
    return characters.strip()
