"""The places that a text of a submission names, in any of the template's languages."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

import yaml

from analysis.errors import PlaceError, SourceError
from analysis.study.csv_rows import read_rows
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.csv_rows import Row
    from analysis.study.places import Places

_PARENTHESIS = re.compile(r"\s*\([^)]*\)")
_LETTER = r"[^\W\d_]"
ROW = "row"
_WORD = re.compile(rf"{_LETTER}+")


class NamedPlaces:
    """Finds places in what hosts write.

    Parameters
    ----------
    places : Places
        Every place that there is.
    """

    def __init__(self, places: Places) -> None:
        self._places = places

    def find(self, text: str) -> tuple[str, ...]:
        """Return the places that a text names, each once, in the order of the text.

        The longest name counts: `Guinea-Bissau` names no Guinea, and `South Africa` no Africa.

        Parameters
        ----------
        text : str
            What a submission says.

        Examples
        --------
        ``"Kenya Uganda"`` and ``"Kenya, Ouganda"`` name KEN and UGA.
        """
        found = [self._place_of(match[0]) for match in self._pattern.finditer(_folded(text))]
        return tuple(dict.fromkeys(place for place in found if place))

    def is_place(self, text: str) -> bool:
        """Return whether a text is the name of a place, and nothing else."""
        return _folded(text).strip() in self._names

    def names_part(self, text: str) -> bool:
        """Return whether a text names a part of a wider place that is no place of its own.

        `East Africa` is such a part of `Africa`, and says less than that.
        """
        return any(not self._place_of(match[0]) for match in self._pattern.finditer(_folded(text)))

    def left_over(self, text: str) -> int:
        """Return how many parts of a list of places say something beside the name of a place."""
        rest = self._pattern.sub(",", _folded(text))
        parts = re.split(r"[^\w\s'-]+| and | et | e | y ", rest)
        return sum(bool(set(_WORD.findall(part)) - _words_beside()) for part in parts)

    def _place_of(self, name: str) -> str:
        return self._names[_folded(name)]

    @cached_property
    def _names(self) -> dict[str, str]:
        """Return the place of each folded name, and none for a part of a wider place."""
        names = dict.fromkeys((row["name"] for row in _listed("parts_of_places.csv", "name")), "")
        for row in _listed("place_names.csv", "place", "name"):
            if self._is_known(row["place"]):
                names[row["name"]] = row["place"]
        for place in (*self._places.countries, *self._wider()):
            names[self._places.name(place)] = place
            names[_PARENTHESIS.sub("", self._places.name(place))] = place
        return {_folded(name): place for name, place in names.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._names, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, names))})(?!{_LETTER})")

    def _wider(self) -> tuple[str, ...]:
        return tuple(self._places.wider_places)

    def _is_known(self, place: str) -> bool:
        try:
            self._places.scope(place)
        except PlaceError:
            return False
        return True


def read_given_places(path: Path) -> dict[str, dict[str, str]]:
    """Return what a table of places says of submissions, by what it calls them.

    Parameters
    ----------
    path : Path
        A CSV file of ``submission``, ``places`` and, where wanted, ``held_on`` and ``another``:
        ``yes`` for a focus group that is none of those withdrawn there and then. ``submission`` is
        the name of a file, or that and a row (``survey.csv row 5``), or what stands in the
        submission as its country. ``places`` are ids or names, joined by ``;``.

    Returns
    -------
    dict of str to dict
        What stands in a row, and under ``row`` its number.

    Raises
    ------
    SourceError
        When there is no such file.
    StudyError
        When the file cannot be read or lacks a column.
    """
    if not path.is_file():
        raise SourceError(
            f"There is no file {path.name}.",
            expected="a table of submissions and their places",
            remedy="correct --met",
        )
    rows = read_rows(path, ("submission", "places"))
    return {
        key_of_submission(row["submission"]): {**row.cells, ROW: str(row.number)} for row in rows
    }


def _listed(file: str, *columns: str) -> list[Row]:
    with resources.as_file(resources.files("analysis.intake") / "wording" / file) as path:
        return read_rows(path, columns)


@cache
def _words_beside() -> frozenset[str]:
    """Return the words that may stand beside the name of a place, in any language."""
    folder = resources.files("analysis.intake") / "wording"
    listed = (
        yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))["beside_places"]
        for language in instrument_languages()
    )
    return frozenset(_folded(word) for words in listed for word in words)


def key_of_submission(text: str) -> str:
    """Return what a submission is looked up by in a table of places."""
    return _folded(text).strip()


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.replace("\u2019", "'").casefold())
    plain = "".join(part for part in parts if not unicodedata.combining(part))
    return re.sub(r"\s+", " ", plain)
