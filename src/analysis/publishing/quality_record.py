"""What the guards found, kept in a release, so that a build of some places can tell of all."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.quality.outcomes import CheckReport, join_reports
from analysis.quality.published import published

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RECORD = "quality.json"


@dataclass(frozen=True)
class QualityRecord:
    """What the guards found in the tables that a release was made from.

    Parameters
    ----------
    received : CheckReport
        In the tables of the study as received.
    cleaned : mapping of str to CheckReport
        In the cleaned tables of each place.
    """

    received: CheckReport
    cleaned: Mapping[str, CheckReport]

    @property
    def joined(self) -> CheckReport:
        """All of it, as received first, then place by place."""
        return join_reports([self.received, *(self.cleaned[place] for place in self._places)])

    @property
    def published(self) -> QualityRecord:
        """The same, without what is told to those alone who have the tables."""
        cleaned = {place: published(found) for place, found in self.cleaned.items()}
        return QualityRecord(published(self.received), cleaned)

    @property
    def _places(self) -> list[str]:
        return sorted(self.cleaned)

    def with_places_of(self, last: QualityRecord | None) -> QualityRecord:
        """Return the record with the cleaned tables of places that only the last release has."""
        if last is None:
            return self
        return replace(self, cleaned={**last.cleaned, **self.cleaned})

    def write(self, folder: Path) -> None:
        """Write the record into the folder of a release, an outcome a line; always the same."""
        places = ",\n".join(f'"{place}": {_told(self.cleaned[place])}' for place in self._places)
        text = f'{{"received": {_told(self.received)},\n"cleaned": {{\n{places}\n}}}}\n'
        (folder / RECORD).write_text(text, encoding="utf-8")


def _told(found: CheckReport) -> str:
    """Return a report as JSON, without what an outcome has anyway."""
    told = (
        {name: value for name, value in vars(outcome).items() if value or name == "touches"}
        for outcome in found.outcomes
    )
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in told)
    return f'{{"outcomes": [\n{lines}\n]}}'


def read_quality_record(folder: Path) -> QualityRecord | None:
    """Return the record of a release, or None where the folder holds none.

    Raises
    ------
    PublishingError
        When it cannot be read, or another version of the compendium wrote it.
    """
    path = folder / RECORD
    if not path.is_file():
        return None
    try:
        return _record_of(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishingError(
            "What the guards found for the last release cannot be read.",
            offenders=[f"{RECORD}: {type(error).__name__}"],
            expected="the file as a build of this version wrote it",
            remedy="build the whole study again, without --place",
        ) from None


def _record_of(told: Mapping[str, Any]) -> QualityRecord:
    return QualityRecord(
        received=CheckReport.from_dict(told["received"]),
        cleaned={place: CheckReport.from_dict(found) for place, found in told["cleaned"].items()},
    )
