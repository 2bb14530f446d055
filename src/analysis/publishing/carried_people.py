"""People in what is carried over, and in what is replaced: two releases tell more than each."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from analysis.errors import PublishingError, TableError
from analysis.publishing.manifest import read_reports
from analysis.quality.disclosure.people import GROUP, Number
from analysis.quality.disclosure.withheld import reports_with
from analysis.tables.build_folder import WHOLE
from analysis.tables.published_people import last_release, read_rows, tells_more
from analysis.tables.table_files import PUBLISHED_PARTICIPANTS, TABLE_OF_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Container, Iterable
    from pathlib import Path

    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.published_people import PublishedRow


def require_people(release: Path, made: Container[str], people: Path) -> None:
    """Refuse to carry over reports of which a number of people is another one now.

    Parameters
    ----------
    release : Path
        The folder of the last release.
    made : container of str
        The reports that are made anew.
    people : Path
        The table of what releases tell of people, with the one that is made.

    Raises
    ------
    PublishingError
        When a report that is not made anew shows, or withholds, what is told otherwise now.
    """
    then, now = _told_last(release / TABLE_OF_PEOPLE), _told_last(people)
    changed = {name for row in then ^ now for name in _reports_of(row)}
    offenders = [
        f"{report.name}: numbers of people are others by now"
        for report in read_reports(release)
        if report.name not in made and (report.place or WHOLE) in changed
    ]
    if offenders:
        raise PublishingError(
            "Reports that are not built anew tell other numbers of people than the study has now.",
            offenders=offenders,
            expected="that all reports of a release tell of the same people",
            why="The difference would tell how many joined or left, also where that is withheld.",
            remedy=f"build the whole study: compendium build {release.name}, without --place",
        )


def _told_last(table: Path) -> set[PublishedRow]:
    """Return what the last release in a table tells, whichever it was; of a broken one, nothing."""
    rows: list[PublishedRow] = []
    with suppress(TableError):
        rows += read_rows(table)
    last = str(last_release(rows))
    return {row._replace(release="") for row in rows if row.release == last}


def _reports_of(row: PublishedRow) -> Iterable[str]:
    homes = {row.place: row.home} if row.scope == GROUP else {}
    return reports_with(Number(row.scope, row.place, row.kind), homes)


def keep_replaced(release: Path, folder: Path, build: BuildFolder) -> bool:
    """Put by what the last release told of people, where the next one tells otherwise.

    Parameters
    ----------
    release : Path
        The folder of the last release, which is about to be replaced.
    folder : Path
        The folder of the study.
    build : BuildFolder
        The folder of its build.

    Returns
    -------
    bool
        Whether that was put by; not where the study keeps what that release told.
    """
    told, kept = release / TABLE_OF_PEOPLE, folder / PUBLISHED_PARTICIPANTS
    if not tells_more(told, kept) or told.read_bytes() == build.participants.read_bytes():
        return False
    build.replaced_participants.parent.mkdir(exist_ok=True)
    shutil.copyfile(told, build.replaced_participants)
    return True
