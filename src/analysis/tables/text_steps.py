"""Steps that change texts, taken over a whole column, so that a log can tell what each changed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from analysis.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt
    import pandas as pd

NAMES = {
    "\u00a0": "no-break space",
    "\u202f": "no-break space",
    "\t": "tab",
    "\n": "line end",
    "\r": "line end",
    " ": "space",
}
MOST_PASSES = 20

Change = tuple[str, str]
Made = Counter[tuple[int, int, str, str]]


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


def clean_texts(
    texts: pd.Series, steps: Sequence[Step]
) -> tuple[pd.Series, list[tuple[int, str, str, int]]]:
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
    changes : list of (int, str, str, int)
        The place of the text in the column, the step, the change in words, and how often it was
        made; by place, then in the order of the steps.

    Raises
    ------
    TableError
        When the steps undo or feed each other, so that a text never comes to rest.
    """
    worn = _find("|".join(step.hint for step in steps), texts)
    words, told = _settle(texts.iloc[worn].to_numpy(dtype=object), steps)
    cleaned = texts.copy()
    cleaned.iloc[worn] = words
    return cleaned, [
        (int(worn[place]), name, change, told[place, order, name, change])
        for place, order, name, change in sorted(told)
    ]


def _find(hint: str, texts: pd.Series | npt.NDArray[np.object_]) -> npt.NDArray[np.intp]:
    """Return the places of the texts in which a plain pattern finds something."""
    return np.flatnonzero(pc.match_substring_regex(pa.array(texts, pa.large_string()), hint))


def _settle(
    texts: npt.NDArray[np.object_], steps: Sequence[Step]
) -> tuple[npt.NDArray[np.object_], Made]:
    """Return texts once no step finds anything in them any more, and each change on the way."""
    words, told = texts.copy(), Made()
    unsettled = np.arange(len(words))
    for _ in range(MOST_PASSES):
        made = Made()
        for order, step in enumerate(steps):
            for place in unsettled[_find(step.hint, words[unsettled])].tolist():
                words[place], changes = step.apply(words[place])
                for change, times in changes.items():
                    made[place, order, step.name, step.tell(*change)] += times
        if not made:
            return words, told
        told += made
        unsettled = np.unique([place for place, *_ in made])
    raise TableError(
        "Cleaning of a text comes to no end.",
        offenders=sorted({f"{name}: {change}" for _, _, name, change in made}),
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
    if not any(map(str.isprintable, characters)):
        return " ".join(f"U+{ord(character):04X}" for character in characters)
    return characters.strip()
