"""What the checks found: the record of a release, and the page that shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.rendering import render_body, render_page
from analysis.quality.outcomes import CheckReport, join_reports
from analysis.quality.published import published
from analysis.quality.wording import capitalise, describe_touched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.publishing.rendering import Page, RenderedPage
    from analysis.quality.outcomes import Outcome


SEVERITIES = {
    "critical": ("Critical", "Stops the reports it touches."),
    "warning": (
        "Warnings",
        "Shown beside the numbers they touch, unless cleaning mends what the numbers rest on.",
    ),
    "info": ("To know", "Told here alone, and beside no number."),
}
STAGES = {"received": "as received", "cleaned": "cleaned"}
SHOWN_GROUPS = 12


@dataclass(frozen=True)
class ShownOutcome:
    """An outcome in the words of the page.

    Parameters
    ----------
    outcome : Outcome
        What became of one expectation.
    stages : tuple of str
        The stages at which the same became of it.
    is_unmarked : bool
        Whether it is a warning that is shown next to no number, since no cleaned table falls short
        of what is expected of cleaned tables too.
    cells : mapping of str to str
        What each cell of the template is called.
    """

    outcome: Outcome
    stages: tuple[str, ...]
    is_unmarked: bool = False
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """What was looked for, as the start of a sentence."""
        return capitalise(self.outcome.fault)

    @property
    def remedy(self) -> str:
        """What to do, as a sentence."""
        remedy = self.outcome.remedy
        return f"{capitalise(remedy).rstrip('.')}." if remedy else ""

    @property
    def touched(self) -> str:
        """Which numbers it touches, in words, and whether it is shown next to them."""
        touched = f"{capitalise(describe_touched(self.outcome.touches, self.cells))}."
        if not (self.is_unmarked and self.outcome.touches):
            return touched
        return f"{touched} Shown beside none: no cleaned table has such a row."

    @property
    def rows(self) -> str:
        """How many rows fall short."""
        count = self.outcome.failing
        return f"{count} row{'' if count == 1 else 's'}"

    @property
    def focus_groups(self) -> str:
        """The focus groups concerned, with the number of those that are not shown."""
        groups = self.outcome.focus_groups
        more = len(groups) - SHOWN_GROUPS
        return ", ".join(groups[:SHOWN_GROUPS]) + (f" and {more} more" if more > 0 else "")


def render_quality(
    page: Page, outcomes: Iterable[Outcome], cells: Mapping[str, str]
) -> RenderedPage:
    """Return the page that shows what became of each expectation.

    Parameters
    ----------
    page : Page
        What is around it.
    outcomes : iterable of Outcome
        Those of all tables at all stages; what is the same at several stages is shown once.
    cells : mapping of str to str
        What each cell of the template is called.
    """
    shown = [replace(each, cells=cells) for each in _join_stages(outcomes)]
    fallen = [
        (severity, heading, chosen)
        for severity, heading in SEVERITIES.items()
        if (chosen := [s for s in shown if s.outcome.severity == severity and not s.outcome.held])
    ]
    held = [s for s in shown if s.outcome.held]
    return render_page(render_body("quality.html.j2", fallen=fallen, held=held), page)


def _join_stages(outcomes: Iterable[Outcome]) -> list[ShownOutcome]:
    stages: dict[Outcome, dict[str, None]] = {}
    for outcome in outcomes:
        same = replace(outcome, stage="received")
        if outcome.held:
            # It is not published in which rows it might not have held.
            same = replace(same, message="", touches=())
        stages.setdefault(same, {})[STAGES[outcome.stage]] = None
    cleaned = [each for each, at in stages.items() if STAGES["cleaned"] in at]
    short = {each.expectation for each in cleaned if not each.held}
    fixed = {each.expectation for each in cleaned} - short
    return [
        ShownOutcome(
            outcome,
            tuple(at),
            is_unmarked=outcome.severity == "warning" and outcome.expectation in fixed,
        )
        for outcome, at in stages.items()
    ]


RECORD = "quality.json"


@dataclass(frozen=True)
class QualityRecord:
    """What the checks found in the tables that a release was made from.

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
        """The same, without what only those who hold the tables may see."""
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
        places = ",\n".join(f'"{place}": {_to_json(self.cleaned[place])}' for place in self._places)
        text = f'{{"received": {_to_json(self.received)},\n"cleaned": {{\n{places}\n}}}}\n'
        (folder / RECORD).write_text(text, encoding="utf-8")


def _to_json(found: CheckReport) -> str:
    """Return a report as JSON, without what an outcome has anyway."""
    outcomes = (
        {name: value for name, value in vars(outcome).items() if value or name == "touches"}
        for outcome in found.outcomes
    )
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in outcomes)
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
            "What the checks found for the last release cannot be read.",
            offenders=[f"{RECORD}: {type(error).__name__}"],
            expected="the file as a build of this version wrote it",
            remedy="build the whole study again, without --place",
        ) from None


def _record_of(record: Mapping[str, Any]) -> QualityRecord:
    return QualityRecord(
        received=CheckReport.from_dict(record["received"]),
        cleaned={place: CheckReport.from_dict(found) for place, found in record["cleaned"].items()},
    )
