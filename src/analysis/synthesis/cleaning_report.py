"""The cleaning of a place's tables: opened for a report, and kept for later steps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.addresses import addresses_of_listed
from analysis.synthesis.words_pages import LISTED_SEGMENTS, pages_of_words
from analysis.tables.build_folder import build_folder
from analysis.tables.cleaning import CleanedTables, clean, received_of_place, write_cleaned
from analysis.tables.numbering import Names, places_of
from analysis.tables.text_cleaning import read_spelling, steps_of_cleaning

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from analysis.synthesis.claims import Ledger
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray


@dataclass(frozen=True, eq=False)
class PlaceCleaning:
    """What was received of a place, and its tables as cleaned.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    received : DataFrame
        The segments received, without their words: ``segment, focus_group``.
    cleaned : CleanedTables
        The tables as cleaned.
    """

    study: OpenedStudy
    place: str
    received: pd.DataFrame
    cleaned: CleanedTables

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def build(self) -> BuildFolder | None:
        """The build that this is part of, if any."""
        return build_folder(self.study.root, self.study.settings.name)

    @property
    def bearings(self) -> Path | None:
        """The file of what bears the claims of a place too large to list it all, in a build."""
        is_long = len(self.received) > LISTED_SEGMENTS
        return self.build.bearings(f"{self.place}-cleaning") if self.build and is_long else None

    def rows_of(self, segments: pd.Series) -> IntArray:
        """Return the rows of segments among those received."""
        return places_of(segments, self.received["segment"])

    def names(self, rows: IntArray) -> Names:
        """Return the ids of segments received by their rows, each once."""
        return Names(self._ids, pd.unique(rows))

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return self.received["segment"].to_numpy(dtype=object)

    def addresses(self, ledger: Ledger) -> dict[str, str]:
        """Return where each segment kept stands that a claim made so far lists."""
        kept = self.cleaned.segments
        pages = pages_of_words(self.build, self.place, kept["focus_group"])
        return addresses_of_listed(ledger, kept["segment"], pages)


def clean_place(study: str, place: str) -> PlaceCleaning:
    """Return the cleaning of the tables of a place.

    Parameters
    ----------
    study : str
        The study.
    place : str
        A region or a continent, by code or name.

    Raises
    ------
    StudyError
        When there is no such study.
    PlaceError
        When the place is unknown, or no focus group that may be counted is at home in it.
    TableError
        When a table cannot be read.
    """
    opened = open_study(find_root(), study)
    place = opened.places.resolve(place)
    received = received_of_place(opened, place)
    steps = steps_of_cleaning(read_spelling(opened.spelling_path))
    named = received.segments[["segment", "focus_group"]]
    return PlaceCleaning(opened, place, named, clean(received, steps))


def keep_cleaned(cleaning: PlaceCleaning) -> str:
    """Leave the cleaned tables to the next steps of a build, and say whether this is one.

    Parameters
    ----------
    cleaning : PlaceCleaning
        The cleaning of the place.
    """
    if cleaning.build is None:
        return "Not part of a build: the next notebooks clean the tables themselves."
    write_cleaned(cleaning.cleaned, cleaning.build, cleaning.place)
    return "The cleaned tables are kept for the next steps of this build."
