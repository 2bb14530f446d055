"""The texts of a study beside its tables that are published: its title, its coders, its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.errors import CheckError
from analysis.quality.personal_data.exceptions import require_known
from analysis.quality.personal_data.scan import WEAK, scan_texts
from analysis.quality.personal_data.scanned import BESIDE_TABLES
from analysis.quality.personal_data.text_digests import digest_of, say_digest
from analysis.study.places import folder_of_places

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.quality.personal_data.exceptions import About, PrivacyException
    from analysis.study.opened_study import OpenedStudy

STUDY, PLACES = "study", "places"


class StudyText(NamedTuple):
    """A text beside the tables: where it stands, how an exception names it, and what it says."""

    where: str
    table: str
    id: str
    column: str
    text: str


def texts_of(opened: OpenedStudy) -> Iterator[StudyText]:
    """Yield the texts of a study beside its tables; the places of all studies are none of its own.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    """
    settings, places = opened.settings, opened.places
    yield StudyText("study.yaml: title", STUDY, settings.name, "title", settings.title)
    for number, coder in enumerate(settings.coders, start=1):
        where = f"study.yaml: coders.{number}.description"
        yield StudyText(where, STUDY, coder.coder, "description", coder.description)
    if folder_of_places(opened.folder) == opened.folder:
        for place in (*places.countries, *places.wider_places):
            where = f"the study's own places: {place}: name"
            yield StudyText(where, PLACES, place, "name", places.name(place))


def require_impersonal(opened: OpenedStudy, exceptions: Sequence[PrivacyException]) -> None:
    """Refuse a study whose title, coders or own places tell of a person.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    exceptions : sequence of PrivacyException
        What a person has reviewed.

    Raises
    ------
    CheckError
        When the scan finds more than a name alone that nobody has reviewed; each text is named by
        its place and kind, and not repeated.
    """
    texts = list(texts_of(opened))
    reviewed = {each.about: each.text_sha256 for each in exceptions}
    found = scan_texts(pd.Series([each.text for each in texts], dtype="str"))
    offenders = [
        offender
        for at, kinds in sorted(found.items())
        for kind in kinds
        if kind not in WEAK and (offender := _offender(texts[at], kind, reviewed))
    ]
    if offenders:
        raise CheckError(
            f"What {opened.settings.name} says beside its tables holds personal data.",
            offenders=offenders,
            why="Titles, descriptions of coders and names of places stand in every report.",
            remedy="take it out, or have a person review it: docs/privacy.md says how",
        )


def require_known_rows(
    opened: OpenedStudy,
    exceptions: Sequence[PrivacyException],
    known: Mapping[str, Collection[str]],
) -> None:
    """Refuse reviewed exceptions for rows, or for texts beside the tables, that are not there.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    exceptions : sequence of PrivacyException
        What a person has reviewed.
    known : mapping of str to collection of str
        The ids of the rows of each table that is scanned.

    Raises
    ------
    StudyError
        When there is such an exception.
    """
    beside: dict[str, set[str]] = {table: set() for table in BESIDE_TABLES}
    for text in texts_of(opened):
        beside[text.table].add(text.id)
    require_known(exceptions, {**known, **beside})


def _offender(text: StudyText, kind: str, reviewed: Mapping[About, str]) -> str:
    """Return what is wrong with a kind in a text; nothing where it was reviewed as it stands."""
    told = reviewed.get((text.table, text.id, text.column, kind))
    if told == digest_of(text.text):
        return ""
    again = "" if told is None else f": reviewed for other words, {say_digest(text.text)}"
    return f"{text.where}: {kind}{again}"
