"""What the checks found: the record of a release, and the page that shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.rendering import render_body, render_page
from analysis.quality.outcome_sentences import describe_outcome
from analysis.quality.outcomes import STAGES, CheckReport, join_reports
from analysis.quality.published import published
from analysis.quality.wording import capitalise, describe_touched
from analysis.study.language import to_translate, translate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from analysis.publishing.html_reader import PageLinks
    from analysis.publishing.rendering import Page, RenderedPage
    from analysis.quality.outcomes import Outcome


SEVERITIES = {
    "critical": (
        to_translate("Critical"),
        to_translate("No report is built until this is fixed."),
    ),
    "warning": (
        to_translate("Warnings"),
        to_translate("Each number that is affected shows the warning."),
    ),
    "info": (
        to_translate("For information"),
        to_translate("No number shows it."),
    ),
}
# What each table is called, in the order in which checks are listed.
SUBJECTS = {
    "focus_groups": to_translate("Focus groups"),
    "segments": to_translate("Passages"),
    "codebook": to_translate("Codebook"),
    "code_applications": to_translate("Codings"),
}
FIXED = to_translate("Cleaning fixes it, so no number shows it.")
AFTER = to_translate("After cleaning:")
SHOWN_ITEMS = 12
CODEBOOK = "codebook.html"
# The ids on pages of the passages, focus groups and codes of each table.
ANCHORS = {
    "focus_groups": "group-",
    "segments": "segment-",
    "codebook": "code-",
    "code_applications": "segment-",
}


@dataclass(frozen=True)
class ShownCheck:
    """One check in the words of the page, with all that became of it.

    Parameters
    ----------
    outcomes : tuple of Outcome
        Those of its expectation: of the tables as received first, then as cleaned.
    names : mapping of str to str
        What questions of the template and codes are called.
    meetings : mapping of str to str
        Where and when focus groups met, by their ids.
    pages : mapping of str to str
        The page that has each id.
    """

    outcomes: tuple[Outcome, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    meetings: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The outcomes that did not hold."""
        return tuple(each for each in self.outcomes if not each.held)

    @property
    def severity(self) -> str:
        """The gravest severity of what did not hold."""
        found = {each.severity for each in self.failed}
        return next(severity for severity in SEVERITIES if severity in found)

    @property
    def subject(self) -> str:
        """What it is about."""
        return SUBJECTS[self.outcomes[0].table]

    @property
    def expected(self) -> str:
        """What holds where nothing is wrong, as a sentence."""
        first = self.outcomes[0]
        if first.expected:
            return translate(first.expected)
        return translate("Looked for: {fault}.", fault=translate(first.fault))

    @property
    def why(self) -> str:
        """Why it is expected."""
        notes = self.outcomes[0].notes
        # A catalogue has its header under "".
        return translate(notes) if notes else ""

    @property
    def found(self) -> list[str]:
        """What was found, as sentences: before cleaning, and after it where that differs."""
        before, after = ([each for each in self.failed if each.stage == stage] for stage in STAGES)
        said = [
            dict.fromkeys(describe_outcome(each, self.meetings) for each in found)
            for found in (before, after)
        ]
        if not before or not after or _ids_of(before) == _ids_of(after):
            return list(said[0] or said[1])
        return [*said[0], translate(AFTER), *said[1]]

    @property
    def is_fixed(self) -> bool:
        """Whether it is of received tables alone, and cleaned tables were checked too."""
        checked = any(each.stage == "cleaned" for each in self.outcomes)
        return checked and all(each.stage == "received" for each in self.failed)

    @property
    def touched(self) -> str:
        """Which numbers it affects, in words, and whether it is shown next to them."""
        patterns = list(dict.fromkeys(touch for each in self.failed for touch in each.touches))
        touched = f"{capitalise(describe_touched(patterns, self.names))}."
        if self.severity == "warning" and patterns and self.is_fixed:
            return f"{touched} {translate(FIXED)}"
        return touched

    @property
    def items(self) -> list[tuple[str, str]]:
        """The first passages, focus groups or codes concerned, each with its address or none."""
        table = self.outcomes[0].table
        start, names = ANCHORS[table], self.meetings if table == "focus_groups" else self.names
        anchors = {id_: f"{start}{id_}" for id_ in self._ids[:SHOWN_ITEMS]}
        return [
            (names.get(id_, id_), f"{self.pages[at]}#{at}" if at in self.pages else "")
            for id_, at in anchors.items()
        ]

    @property
    def more(self) -> int:
        """How many more there are."""
        return max(0, len(self._ids) - SHOWN_ITEMS)

    @property
    def _ids(self) -> list[str]:
        return list(dict.fromkeys(id_ for each in self.failed for id_ in each.ids if id_))


def _ids_of(outcomes: Iterable[Outcome]) -> set[str]:
    return {id_ for each in outcomes for id_ in each.ids}


def render_quality(
    page: Page,
    outcomes: Iterable[Outcome],
    names: Mapping[str, str],
    meetings: Mapping[str, str] | None = None,
    links: Mapping[str, PageLinks] | None = None,
) -> RenderedPage:
    """Return the page that shows what became of each check, a row for each.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Those of all tables at all stages.
    names : mapping of str to str
        What questions of the template and codes are called, by their ids.
    meetings : mapping of str to str, optional
        Where and when focus groups met, by their ids.
    links : mapping of str to PageLinks, optional
        The pages of the release, with the ids on them.
    """
    by_check: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_check.setdefault(outcome.expectation, []).append(outcome)
    pages = _find_pages(links or {})
    checks = [ShownCheck(tuple(each), names, meetings or {}, pages) for each in by_check.values()]
    failed = [check for check in checks if check.failed]
    by_severity = [
        (severity, [translate(words) for words in heading], chosen)
        for severity, heading in SEVERITIES.items()
        if (chosen := [check for check in failed if check.severity == severity])
    ]
    passed = [
        (translate(subject), chosen)
        for subject in SUBJECTS.values()
        if (chosen := [c for c in checks if not c.failed and c.subject == subject])
    ]
    body = render_body("quality.html.j2", failed=by_severity, passed=passed)
    return render_page(body, page)


def _find_pages(links: Mapping[str, PageLinks]) -> dict[str, str]:
    """Return the page that shows each passage, focus group and code, by its id there."""
    starts = tuple(ANCHORS.values())
    return {
        anchor: page
        for page, of_page in sorted(links.items())
        for anchor in of_page.ids
        # Headings of other pages have ids like those of codes.
        if anchor.startswith(starts) and (page == CODEBOOK or not anchor.startswith("code-"))
    }


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
