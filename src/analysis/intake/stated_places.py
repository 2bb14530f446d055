"""Places that a submission names, and the table that gives those that it does not name."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING

from analysis.errors import SourceError
from analysis.intake.wording import listed_in_all_languages, listed_rows
from analysis.study.csv_rows import read_rows
from analysis.study.slugs import fold

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.places import Places

_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_LETTER = r"[^\W\d_]"
ROW = "row"
_WORD = re.compile(rf"{_LETTER}+")


class PlaceFinder:
    """Finds places by their names in any of the template's languages, of all places given."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @property
    def names(self) -> tuple[str, ...]:
        """Return the English names of all places."""
        places = (*self._places.countries, *self._places.wider_places)
        return tuple(map(self._places.name, places))

    def find(self, text: str) -> tuple[str, ...]:
        """Return the places that a text names, each once, in the order of the text.

        The longest name counts: `Guinea-Bissau` is not Guinea, and `South Africa` not Africa.
        ``"Kenya Uganda"`` and ``"Kenya, Ouganda"`` are KEN and UGA.
        """
        found = [self._place_of(match[0]) for match in self._pattern.finditer(_folded(text))]
        return tuple(dict.fromkeys(place for place in found if place))

    def is_place(self, text: str) -> bool:
        """Return whether a text is the name of a place, and nothing else."""
        return _folded(text).strip() in self._by_name

    def find_only(self, text: str) -> str:
        """Return the place whose name a text is, in any language, or nothing."""
        return self._by_name.get(_folded(text).strip(), "")

    def names_part(self, text: str) -> bool:
        """Return whether a text names a part of a wider place, which is no place: `East Africa`."""
        return any(not self._place_of(match[0]) for match in self._pattern.finditer(_folded(text)))

    def left_over(self, text: str) -> int:
        """Return how many parts of a list of places hold more than the name of a place."""
        rest = self._pattern.sub(",", _folded(text))
        parts = re.split(r"[^\w\s'-]+| and | et | e | y ", rest)
        return sum(bool(set(_WORD.findall(part)) - _words_beside()) for part in parts)

    def _place_of(self, name: str) -> str:
        return self._by_name[_folded(name)]

    @cached_property
    def _by_name(self) -> dict[str, str]:
        """Return the place of each folded name, and none for a part of a wider place."""
        parts = listed_rows("parts_of_places.csv", "name")
        names = dict.fromkeys((row["name"] for row in parts), "")
        for row in listed_rows("place_names.csv", "place", "name"):
            if row["place"] in self._places.all:
                names[row["name"]] = row["place"]
        for place in (*self._places.countries, *self._places.wider_places):
            names[self._places.name(place)] = place
            names[_PARENTHESIS.sub("", self._places.name(place))] = place
        return {_folded(name): place for name, place in names.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._by_name, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, names))})(?!{_LETTER})")


def read_given_places(path: Path) -> dict[str, dict[str, str]]:
    """Return the table for ``--met``: the places, and more, of submissions that do not state them.

    Parameters
    ----------
    path : Path
        A CSV file of ``submission``, ``places`` and, where wanted, ``held_on`` and ``another``:
        ``yes`` for a focus group that is none of those withdrawn there and then. ``submission`` is
        the name of a file, or that and a row (``survey.csv row 5``), or the country as the
        submission states it. ``places`` are ids or names, joined by ``;``.

    Returns
    -------
    dict of str to dict
        By the key of the submission: the cells of its row, and its number under ``row``.

    Raises
    ------
    SourceError
        When the file does not exist.
    TableError
        When the file cannot be read or lacks a column.
    """
    if not path.is_file():
        raise SourceError(
            f"{path.name} does not exist.",
            expected="a table of submissions and their places",
            remedy="correct --met",
        )
    rows = read_rows(path, ("submission", "places"))
    return {
        key_of_submission(row["submission"]): {**row.cells, ROW: str(row.number)} for row in rows
    }


@cache
def _words_beside() -> frozenset[str]:
    """Return the words that may be next to the name of a place, in any language."""
    listed = listed_in_all_languages("beside_places")
    return frozenset(_folded(word) for words in listed for word in words)


def key_of_submission(text: str) -> str:
    """Return the key of a submission in the table for ``--met``."""
    return _folded(text).strip()


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text.replace("\u2019", "'")))
