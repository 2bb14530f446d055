from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.csv_rows import write_csv
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.tables.evidence import COLUMNS, read_evidence
from analysis.tables.findings import COLUMNS as FINDING_COLUMNS
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

FINDING = ("one", "esa", "hope", "Peers give hope.", "community", "A", "person", "2021-01-02")
VOICE = {"about": "one", "segment": "ken.5", "analyst": "A. Analyst", "date": "2021-02-03"}
JUDGED = {
    "about": "one",
    "methodological_limitations": "minor",
    "coherence": "no or very minor",
    "adequacy": "moderate",
    "relevance": "serious",
    "confidence": "low",
    "explanation": "Few groups.",
    "analyst": "A. Analyst",
    "date": "2021-02-03",
}


@pytest.fixture
def opened(tmp_path: Path) -> OpenedStudy:
    """Give the tiny study opened, with one finding."""
    root = write_tiny_root(tmp_path / "root")
    write_csv(root / "data" / STUDY / "findings.csv", [FINDING_COLUMNS, FINDING])
    return open_study(root, STUDY)


def write(opened: OpenedStudy, *rows: dict[str, str]) -> None:
    listed = [[row.get(name, "") for name in COLUMNS] for row in rows]
    write_csv(opened.folder / "evidence.csv", [COLUMNS, *listed])


def test_study_without_the_file_has_nothing_added(opened: OpenedStudy) -> None:
    """The file is optional."""
    added = read_evidence(opened, "esa")

    assert (added.counter_voices, dict(added.assessments)) == ((), {})


def test_counter_voices_are_read_with_who_searched(opened: OpenedStudy) -> None:
    """A passage speaks against a finding or a topic; none says that somebody searched in vain."""
    in_vain = {**VOICE, "about": "stigma", "place": "esa", "segment": "none"}
    write(opened, VOICE, {**in_vain, "place": " esa"}, {**in_vain, "place": "wca"})

    added = read_evidence(opened, "esa")

    assert [(each.segment, each.analyst) for each in added.against("one")] == [
        ("ken.5", "A. Analyst")
    ]
    assert [each.segment for each in added.against("stigma")] == [""]
    assert added.against("services") == []


def test_assessment_is_complete_or_a_draft(opened: OpenedStudy) -> None:
    """An assessment counts once a named analyst has filled everything."""
    write(opened, JUDGED)
    assert read_evidence(opened, "esa").assessments["one"].confidence == "low"

    for name in ("coherence", "confidence", "explanation"):
        write(opened, {**JUDGED, name: ""})
        assert dict(read_evidence(opened, "esa").assessments) == {}


@pytest.mark.parametrize(
    ("row", "offender"),
    [
        ({**VOICE, "about": "on"}, "row 2: unknown about 'on' (closest: one"),
        ({**VOICE, "segment": "ken.55"}, "row 2: unknown segment 'ken.55' (closest: ken.5"),
        ({**VOICE, "about": "stigma"}, "row 2: unknown place ''"),
        ({**VOICE, "place": "wca"}, "row 2: place 'wca' is not that of the finding, esa"),
        ({**VOICE, "analyst": ""}, "row 2: no analyst"),
        ({**VOICE, "date": "3/2/2021"}, "is no date like 2020-10-12"),
        ({**VOICE, "coherence": "minor"}, "row 2: a counter-voice has no coherence"),
        ({**JUDGED, "about": "stigma", "place": "esa"}, "a theme or code is not assessed"),
        ({**JUDGED, "adequacy": "sever"}, "unknown adequacy 'sever'"),
        ({**JUDGED, "confidence": "hgh"}, "unknown confidence 'hgh' (closest: high"),
    ],
)
def test_row_that_cannot_be_used_is_named(
    opened: OpenedStudy, row: dict[str, str], offender: str
) -> None:
    """A row is refused by its number and value, with the closest one that is known."""
    write(opened, row)

    with pytest.raises(StudyError) as refusal:
        read_evidence(opened, "esa")
    assert offender in refusal.value.offenders[0]


def test_explanation_is_never_repeated(opened: OpenedStudy) -> None:
    """What an analyst wrote is not printed where a row is refused."""
    write(opened, {**JUDGED, "confidence": "", "relevance": "x", "explanation": "About Zuvoxi."})

    with pytest.raises(StudyError) as refusal:
        read_evidence(opened, "esa")
    assert "Zuvoxi" not in "".join(refusal.value.offenders)


def test_two_assessments_of_one_finding_are_refused(opened: OpenedStudy) -> None:
    """A finding has one assessment, and a passage speaks against it once."""
    write(opened, JUDGED, {**JUDGED, "place": "esa"}, VOICE, VOICE)

    with pytest.raises(StudyError) as refusal:
        read_evidence(opened, "esa")
    assert refusal.value.offenders == (
        "evidence.csv row 3: an assessment of about 'one' as in row 2",
        "evidence.csv row 5: the segment of about 'one' as in row 4",
    )
