"""What a study, its codebook, its places and its instrument allow in the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.quality.personal_data.exceptions import read_exceptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.quality.personal_data.exceptions import PrivacyException
    from analysis.study.opened_study import OpenedStudy

PARAMETERS = (
    "as_of",
    "cells",
    "codebook",
    "coders",
    "codes",
    "languages",
    "max_points",
    "places",
    "questions",
    "sections",
    "themes",
)


WIDER_SCOPES = ("region", "continent", "global")


@dataclass(frozen=True, kw_only=True)
class GuardContext:
    """What the tables are guarded against.

    Parameters
    ----------
    codes : tuple of str
        The codes that are applied.
    themes : tuple of str
        The themes above them, which are never applied.
    coders : tuple of str
        The coders that the study declares.
    places : mapping of str to str
        The scope (country, region, continent or global) of every known place.
    countries : mapping of str to frozenset of str
        The countries that make up each known place.
    names : mapping of str to str
        The place of each English name.
    cells : tuple of str
        The cells of the instrument, each ``section.question``.
    limited_cells : tuple of str
        The cells in which the instrument limits the points.
    languages : tuple of str
        The languages of the study.
    as_of : str
        The ISO date after which no date of the study is valid.
    max_points : int
        The number of points that the instrument allows in a limited cell.
    synthetic : bool
        Whether the study is synthetic.
    privacy_exceptions : tuple of PrivacyException
        What the scan for personal data finds and a person has reviewed.
    """

    codes: tuple[str, ...]
    themes: tuple[str, ...]
    coders: tuple[str, ...]
    places: Mapping[str, str]
    countries: Mapping[str, frozenset[str]]
    names: Mapping[str, str]
    cells: tuple[str, ...]
    limited_cells: tuple[str, ...]
    languages: tuple[str, ...]
    as_of: str
    max_points: int
    synthetic: bool
    privacy_exceptions: tuple[PrivacyException, ...] = ()

    @property
    def codebook(self) -> tuple[str, ...]:
        """Themes and codes."""
        return (*self.themes, *self.codes)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of the instrument."""
        return tuple(dict.fromkeys(cell.split(".")[0] for cell in self.cells))

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the instrument."""
        return tuple(dict.fromkeys(cell.split(".")[1] for cell in self.cells))

    def parameters(self) -> dict[str, str | int | list[str]]:
        """Return what a suite may name as ``{"$PARAMETER": name}``, by name."""
        values = {name: getattr(self, name) for name in PARAMETERS}
        return {
            name: value if isinstance(value, str | int) else list(value)
            for name, value in values.items()
        }


def context_of(opened: OpenedStudy) -> GuardContext:
    """Return what a study that is opened for work allows in its tables.

    Parameters
    ----------
    opened : OpenedStudy
        Its settings, codebook and instrument, and the places.

    Raises
    ------
    StudyError
        When the reviewed exceptions of the study cannot be used.
    """
    places, instrument = opened.places, opened.instrument
    wider = {place: scope for scope in WIDER_SCOPES for place in places.wider(scope)}
    known = {**dict.fromkeys(places.countries, "country"), **wider}
    return GuardContext(
        codes=tuple(opened.codebook.codes),
        themes=tuple(opened.codebook.themes),
        coders=tuple(coder.coder for coder in opened.settings.coders),
        places=known,
        countries={place: places.countries_in(place) for place in known},
        names={places.name(place): place for place in known},
        cells=tuple(instrument.cells),
        limited_cells=tuple(each for each in instrument.cells if instrument.limit(each)),
        languages=tuple(opened.settings.languages),
        as_of=opened.settings.as_of.isoformat(),
        max_points=instrument.max_points,
        synthetic=opened.settings.synthetic,
        privacy_exceptions=read_exceptions(opened.folder),
    )
