"""A study opened for work: its settings, codebook and instrument, and the places of all studies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analysis.errors import StudyError, describe_value
from analysis.study.codebook import Codebook, read_codebook
from analysis.study.digests import published_digest
from analysis.study.instrument import Instrument, read_instrument
from analysis.study.journal import complete_change
from analysis.study.language import ENGLISH, use_language
from analysis.study.places import Places, folder_of_places, read_places
from analysis.study.settings import Study, read_study

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class OpenedStudy:
    """A study without its tables: its settings, codebook, places and instrument.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    settings : Study
        The settings in ``study.yaml``.
    codebook : Codebook
        Themes and codes.
    places : Places
        Countries, regions and continents.
    instrument : Instrument
        The template that the submissions were filled in on.
    """

    root: Path
    settings: Study
    codebook: Codebook
    places: Places
    instrument: Instrument

    @property
    def for_reports(self) -> OpenedStudy:
        """The same study with all names in the language of its reports."""
        language = self.settings.report_language
        if language == ENGLISH:
            return self
        return replace(
            self,
            codebook=self.codebook.in_language(language),
            places=self.places.in_language(language),
            instrument=read_instrument(language),
        )

    @property
    def folder(self) -> Path:
        """The folder of the study."""
        return self.root / "data" / self.settings.name

    @property
    def has_countries(self) -> bool:
        """Whether its places are countries, and not strata or sites of its own."""
        return folder_of_places(self.folder) != self.folder

    @property
    def spelling_path(self) -> Path:
        """The table of preferred spellings."""
        return self.root / "data" / "spelling.csv"

    def published_digest(self, digest: str) -> str:
        """Return a digest of tables as a release may have it: keyed, unless they are public.

        Parameters
        ----------
        digest : str
            The SHA-256 of tables.

        Raises
        ------
        StudyError
            When the study's key is needed, and is missing or malformed.
        """
        return published_digest(self.settings, self.folder, digest)


def open_study(root: Path, name: str, *, may_lack_codebook: bool = False) -> OpenedStudy:
    """Return a study opened for work.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    name : str
        The study's folder below ``data/``.
    may_lack_codebook : bool, optional
        Whether its codebook may have a header alone, as before anybody has coded.

    Raises
    ------
    StudyError
        When the study does not exist, or its settings, codebook or places cannot be used.
    """
    folder = root / "data" / name
    complete_change(folder)
    settings = read_study(folder)
    places = read_places(folder_of_places(folder))
    codebook = read_codebook(folder / "codebook.csv", may_be_empty=may_lack_codebook)
    _require_continents(settings, places)
    _require_codes(settings, codebook)
    return OpenedStudy(
        root=root,
        settings=settings,
        codebook=codebook,
        places=places,
        instrument=read_instrument(),
    )


def open_for_reports(root: Path, name: str) -> OpenedStudy:
    """Return a study opened for its reports, and write in their language from here on.

    Parameters
    ----------
    root : Path
        The folder with ``data/`` and ``notebooks/``.
    name : str
        The study's folder below ``data/``.

    Raises
    ------
    StudyError
        When the study does not exist, or its settings, codebook or places cannot be used.
    """
    opened = open_study(root, name)
    use_language(opened.settings.report_language)
    return opened.for_reports


def _require_continents(settings: Study, places: Places) -> None:
    known = places.wider("continent")
    ids = {places.name(place).casefold(): place for place in known}
    offenders = [
        f"study.yaml: continents: {name!r} (write {ids[name.casefold()]})"
        if name.casefold() in ids
        else f"study.yaml: unknown {describe_value(name, 'continent', known)}"
        for name in settings.continents
        if name not in known
    ]
    if offenders:
        raise StudyError(
            f"study.yaml of {settings.name} names unknown continents.",
            offenders=offenders,
            expected=", ".join(known),
            remedy="correct the continents in study.yaml",
        )


def _require_codes(settings: Study, codebook: Codebook) -> None:
    """Refuse codes that study.yaml says a coder did not have, and that nobody could apply."""
    unknown = [
        (coder.coder, code)
        for coder in settings.coders
        for code in coder.codes_not_in_version
        if code not in codebook.codes
    ]
    if unknown:
        raise StudyError(
            f"study.yaml of {settings.name} names unknown codes.",
            offenders=[
                f"study.yaml: codes_not_in_version of {coder}: unknown "
                f"{describe_value(code, 'code', codebook.codes)}"
                for coder, code in unknown
            ],
            expected="codes of codebook.csv",
            remedy="correct codes_not_in_version in study.yaml",
        )
