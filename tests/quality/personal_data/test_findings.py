"""What the scan finds in tables: spans, labels of speakers, and a study's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.quality.checks import check_named
from analysis.quality.personal_data.lexicon import read_study_words
from analysis.quality.personal_data.scan import WEAK
from analysis.quality.personal_data.table_scan import TableScan
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path


def _find(folder: Path, *texts: str) -> list[tuple[str, str, str, str]]:
    """Return the id, kind, severity and words of each finding in the texts of segments."""
    blank = [""] * len(texts)
    table = pd.DataFrame({"segment": blank, "label": blank, "text": texts}, dtype="str")
    scan = TableScan({"segments": table}, read_study_words(folder))
    rows = dict.fromkeys(row for row, column, _ in scan.find("segments") if column == "text")
    return [
        (f"s.{row}", kind, "warning" if kind in WEAK else "critical", texts[row][start:end])
        for row in rows
        for kind, spans in scan.spans("segments", "text", row).items()
        for start, end in spans
    ]


def test_span_is_of_the_text_as_it_is_written(tmp_path: Path) -> None:
    """Accents, signs that nobody sees and odd spaces don't move it."""
    found = _find(tmp_path, "Ask\u200b  Am\u00edna  Ju\u0301ma\u2026 and  Фатима, 27.")

    assert found == [
        ("s.0", "name-age", "critical", "Фатима, 27"),
        ("s.0", "name", "critical", "Am\u00edna  Ju\u0301ma"),
    ]


def test_label_of_a_speaker_is_reported_once(tmp_path: Path) -> None:
    """A first name is a warning, a full name stops reports; what is said is scanned as before."""
    texts = ("yes", "no", "ask Gulnara, 27", "maybe")
    names = ("Achieng: ", "Amina Juma: ", "Zkola: ", "Interviewer: ", "P3: ", "Moderator : ")
    found = _find(tmp_path, *(f"{name}{text}" for name in names for text in texts))

    assert [each for each in found if "27" not in each[3]] == [
        ("s.0", "speaker-label", "warning", "Achieng: "),
        ("s.4", "name", "critical", "Amina Juma: "),
        ("s.4", "speaker-label", "warning", "Amina Juma: "),
        ("s.8", "speaker-label", "warning", "Zkola: "),
    ]
    assert len([each for each in found if each[1] == "name-age"]) == len(names)


def test_name_before_a_few_segments_is_no_label(tmp_path: Path) -> None:
    """Two segments that open alike are reported each."""
    found = _find(tmp_path, "Amina Juma: yes", "Amina Juma: no")

    assert [each[:2] for each in found] == [("s.0", "name"), ("s.1", "name")]


def test_study_adds_words(tmp_path: Path) -> None:
    """A word of the study's own list is kept, and a name of it is looked for."""
    text = "Zkola met Amina Juma in Hall Achieng, the Plaza de la Reina Xiomara, she said."
    before = _find(tmp_path, text)
    words = ("keep,amina juma", "name,Zkola", "keep,Hall Achieng", "keep,Plaza de la Reina Xiomara")
    path = tmp_path / "scan_words.csv"
    path.write_text("\n".join(("use,word", *words)), encoding="utf-8")

    kept = {"Amina Juma", "Hall Achieng", "Plaza de la Reina Xiomara"}
    assert {each[3] for each in before} == kept
    assert _find(tmp_path, text) == [("s.0", "name-alone", "warning", "Zkola")]


def test_unusable_words_of_a_study_are_refused(tmp_path: Path) -> None:
    """An unknown use and a blank word are listed by row."""
    path = tmp_path / "scan_words.csv"
    path.write_text("use,word\nhide,Zoom\nkeep, \n", "utf-8")

    with pytest.raises(StudyError, match=r"row 2: unknown use 'hide'[^$]*row 3: word blank"):
        _find(tmp_path, "Zoom")


def test_check_reports_a_label_and_reads_the_words_of_a_study(tmp_path: Path) -> None:
    """Whoever checks a study sees the label once, and nothing of what the study keeps."""
    root = write_tiny_root(tmp_path)
    for row in (6, 7, 8):
        put_value(root, "segments", (row, "text"), f"Achieng: we talked about {row}.")
    put_value(root, "segments", (10, "text"), "We thank Gulnara Bekova.")
    (root / "data" / STUDY / "scan_words.csv").write_text("use,word\nkeep,Gulnara Bekova\n")

    report = check_named(root, STUDY)

    assert [each for each in report.critical if each.fault == "personal data"] == []
    assert [
        (each.details, report.failing_rows[each.expectation].rows)
        for each in report.warnings
        if each.fault == "name alone"
    ] == [(("text: speaker-label",), (6,))]
