"""Evidence that a person adds to findings: counter-voices, and judgements of confidence.

`evidence.csv` is optional. A row with a segment is a counter-voice; ``none`` in its place says that
somebody searched and found none. A row without is an assessment by the four components of
GRADE-CERQual; until a named analyst has filled all of them it is a draft, which no report shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import StudyError, describe_value
from analysis.study.csv_rows import find_repeated, read_optional_rows
from analysis.study.dates import date_faults
from analysis.tables.findings import read_findings
from analysis.tables.received import read_text_table, table_path
from analysis.tables.segments import COLUMNS as SEGMENT_COLUMNS
from analysis.tables.segments import SEGMENT
from analysis.tables.table_files import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from analysis.study.csv_rows import Row
    from analysis.study.opened_study import OpenedStudy

COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")
ASSESSED = (*COMPONENTS, "confidence", "explanation")
COLUMNS = ("about", "place", "segment", *ASSESSED, "analyst", "date")
CONCERNS = ("no or very minor", "minor", "moderate", "serious")
CONFIDENCE = ("high", "moderate", "low", "very low")
NONE_FOUND = "none"


@dataclass(frozen=True)
class CounterVoice:
    """A passage that speaks against a finding or a topic, or that somebody searched in vain.

    Parameters
    ----------
    about : str
        The id of the finding, or the theme or code.
    place : str
        The region or the continent whose report it is in.
    segment : str
        The passage; ``""`` where none was found.
    analyst : str
        Who searched.
    row : int
        Its row in the file.
    """

    about: str
    place: str
    segment: str
    analyst: str
    row: int


@dataclass(frozen=True)
class Assessment:
    """A judgement of confidence in a finding, by the components of GRADE-CERQual.

    Parameters
    ----------
    finding : str
        The id of the finding.
    concerns : mapping of str to str
        How serious concerns are, by component.
    confidence, explanation : str
        The overall confidence, and why.
    analyst, date : str
        Who judged, and when.
    """

    finding: str
    concerns: Mapping[str, str]
    confidence: str
    explanation: str
    analyst: str
    date: str


@dataclass(frozen=True)
class AddedEvidence:
    """What persons added to the findings and topics of a place.

    Parameters
    ----------
    counter_voices : tuple of CounterVoice
        In the order of the file.
    assessments : mapping of str to Assessment
        By the id of the finding; complete ones only.
    """

    counter_voices: tuple[CounterVoice, ...]
    assessments: Mapping[str, Assessment]

    def against(self, about: str) -> list[CounterVoice]:
        """Return the counter-voices to a finding, theme or code; none where nobody searched."""
        return [each for each in self.counter_voices if each.about == about]


def read_evidence(opened: OpenedStudy, place: str) -> AddedEvidence:
    """Return what persons added to the findings and topics of a place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.

    Raises
    ------
    StudyError
        When a row can't be used, wherever it is; every such row is listed.
    TableError
        When a file can't be read.
    """
    rows = read_optional_rows(opened.folder / EVIDENCE, COLUMNS)
    places_of = {finding.id: finding.place for finding in read_findings(opened)}
    offenders = [*_offenders(rows, opened, places_of), *_repeated(rows, places_of)]
    if offenders:
        raise StudyError(
            f"{EVIDENCE} of {opened.settings.name} cannot be used.",
            offenders=offenders,
            expected="for each row a finding, theme or code, and an analyst with a date; then a "
            "segment (or none), or the four components, confidence and explanation",
            remedy="Correct the rows named; docs/tables.md describes the columns.",
        )
    here = [row for row in rows if _place_of(row, places_of) == place]
    return AddedEvidence(
        tuple(_counter_voice(row, place) for row in here if row["segment"].strip()),
        {row["about"]: _assessment(row) for row in here if _is_complete(row)},
    )


def _place_of(row: Row, findings: Mapping[str, str]) -> str:
    """Return the place whose report a row is in: that of its finding, or its own."""
    return findings.get(row["about"], row["place"].strip())


def _counter_voice(row: Row, place: str) -> CounterVoice:
    segment = row["segment"].strip()
    named = "" if segment == NONE_FOUND else segment
    return CounterVoice(row["about"], place, named, row["analyst"].strip(), row.number)


def _is_complete(row: Row) -> bool:
    return all(row[name].strip() for name in ASSESSED)


def _assessment(row: Row) -> Assessment:
    return Assessment(
        finding=row["about"],
        concerns={name: row[name].strip() for name in COMPONENTS},
        confidence=row["confidence"].strip(),
        explanation=row["explanation"].strip(),
        analyst=row["analyst"].strip(),
        date=row["date"].strip(),
    )


def _offenders(
    rows: Sequence[Row], opened: OpenedStudy, findings: Mapping[str, str]
) -> Iterator[str]:
    """Yield what is wrong with each row; text of persons is never quoted."""
    named = {row["segment"].strip() for row in rows} - {"", NONE_FOUND}
    known = _known_segments(opened) if named else ()
    for row in rows:
        yield from map(row.offender, _faults(row, opened, findings))
        segment = row["segment"].strip()
        if segment in named and segment not in known:
            yield row.offender(f"unknown {describe_value(segment, 'segment', known)}")


def _known_segments(opened: OpenedStudy) -> Collection[str]:
    table = read_text_table(table_path(opened.folder, "segments"), SEGMENT_COLUMNS)
    return set(table[SEGMENT])


def _faults(row: Row, opened: OpenedStudy, findings: Mapping[str, str]) -> Iterator[str]:
    about, place = row["about"], row["place"].strip()
    codes = opened.codebook.entries
    if about not in findings and about not in codes:
        yield f"unknown {describe_value(about, 'about', (*findings, *codes))}"
    reported = [*opened.places.wider("region"), *opened.places.wider("continent")]
    if about in findings:
        if place and place != findings[about]:
            yield f"{describe_value(place, 'place')} is not that of the finding, {findings[about]}"
    elif place not in reported:
        yield f"unknown {describe_value(place, 'place', reported)}"
    if not row["analyst"].strip():
        yield "no analyst"
    yield from date_faults(row["date"])
    judged = [name for name in ASSESSED if row[name].strip()]
    if row["segment"].strip():
        if judged:
            yield f"a counter-voice has no {judged[0]}: give an assessment a row of its own"
    elif about in codes and about not in findings:
        yield "no segment: a theme or code is not assessed; name a counter-voice, or write none"
    yield from _faults_of_levels(row)


def _faults_of_levels(row: Row) -> Iterator[str]:
    levels = {**dict.fromkeys(COMPONENTS, CONCERNS), "confidence": CONFIDENCE}
    for name, known in levels.items():
        value = row[name].strip()
        if value and value not in known:
            yield f"unknown {describe_value(value, name, known)}"


def _repeated(rows: Sequence[Row], findings: Mapping[str, str]) -> Iterator[str]:
    """Yield rows that repeat an earlier one, or contradict it."""
    for row, number in find_repeated(
        rows, lambda row: (row["about"], _place_of(row, findings), row["segment"].strip())
    ):
        what = "the segment" if row["segment"].strip() else "an assessment"
        yield row.offender(f"{what} of {describe_value(row['about'], 'about')} as in row {number}")
