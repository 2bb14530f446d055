"""The texts of a study that are published but in no table: its title, its coders, its places."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.errors import CheckError
from analysis.quality.personal_data.exceptions import describe_digest, require_known, short_digest
from analysis.quality.personal_data.lexicon import read_study_words
from analysis.quality.personal_data.scan import BESIDE_TABLES, ID_COLUMNS, WEAK, scan_texts
from analysis.study.places import folder_of_places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.quality.personal_data.exceptions import About, PrivacyException
    from analysis.study.opened_study import OpenedStudy

STUDY, PLACES = "study", "places"


class StudyText(NamedTuple):
    """A text that is in no table: where it is, how an exception names it, and the text."""

    where: str
    table: str
    id: str
    column: str
    text: str


def texts_of(opened: OpenedStudy) -> Iterator[StudyText]:
    """Yield the texts of a study that are in no table; it may have places of its own."""
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
    """Refuse a study with personal data in its title, coders or own places.

    Parameters
    ----------
    exceptions : sequence of PrivacyException
        What a person has reviewed.
    """
    texts = list(texts_of(opened))
    reviewed = {each.about: each.text_sha256 for each in exceptions}
    own = read_study_words(opened.folder)
    found = scan_texts(pd.Series([each.text for each in texts], dtype="str"), own)
    offenders = [
        offender
        for at, kinds in sorted(found.items())
        for kind in kinds
        if kind not in WEAK and (offender := _offender(texts[at], kind, reviewed))
    ]
    if offenders:
        raise CheckError(
            f"The settings or places of {opened.settings.name} have personal data.",
            offenders=offenders,
            why="Titles, descriptions of coders and names of places are in every report.",
            remedy="take it out, or have a person review it: see docs/privacy.md",
        )


def require_known_rows(
    opened: OpenedStudy,
    exceptions: Sequence[PrivacyException],
    tables: Mapping[str, pd.DataFrame],
) -> None:
    """Refuse reviewed exceptions for rows, or for texts in no table, that do not exist."""
    known = {name: set(tables[name][column]) for name, column in ID_COLUMNS.items()}
    known |= {table: set() for table in BESIDE_TABLES}
    for text in texts_of(opened):
        known[text.table].add(text.id)
    require_known(exceptions, known)


def _offender(text: StudyText, kind: str, reviewed: Mapping[About, str]) -> str:
    """Return the place and the kind of a finding; empty where these words were reviewed."""
    digest = reviewed.get((text.table, text.id, text.column, kind))
    if digest == short_digest(text.text):
        return ""
    again = "" if digest is None else f": reviewed for other words, {describe_digest(text.text)}"
    return f"{text.where}: {kind}{again}"
