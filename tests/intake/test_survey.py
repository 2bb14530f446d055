from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from analysis.errors import SourceError
from analysis.intake.account import HIDDEN
from analysis.intake.limits import receive
from analysis.intake.reading import read_submissions
from analysis.study.instrument import read_instrument

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.intake.submission import Submission

    Read = Callable[..., tuple[Submission, ...]]

TOOL = ("Respondent ID", "Start Date", "IP Address", "Email Address")
PERSON = ("118", "2020-09-30", "192.0.2.7", "jane@lake.example")


def export_of(language: str = "en", *, with_sections: bool = True) -> list[list[str]]:
    """Return an export of two responses with every answer, and one with none."""
    instrument = read_instrument(language)
    first, second = list(TOOL), [""] * len(TOOL)
    for label in instrument.form.facts.values():
        first.append(label)
        second.append("Open-Ended Response")
    for section in instrument.sections:
        for number, question in enumerate(section.questions):
            is_matrix = with_sections and section.kind == "domain"
            heading = section.heading if number == 0 else ""
            first.append(heading if is_matrix else question.text)
            second.append(question.text if is_matrix else "Open-Ended Response")
    facts = ["Kenya", "Country", "A network", "2020-09-26", "Water", "8 fishers"]
    rows = [
        [*PERSON, *facts, *(f"{who} {cell}\n- and more" for cell in instrument.cells)]
        for who in ("one", "two")
    ]
    return [first, second, *rows, [*PERSON, *[""] * (len(first) - len(PERSON))]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Give a way to read an export, as CSV or as a workbook."""

    def read_rows(
        rows: list[list[str]], ending: str = "csv", delimiter: str = ","
    ) -> tuple[Submission, ...]:
        path = tmp_path / f"survey.{ending}"
        if ending == "xlsx":
            workbook = openpyxl.Workbook()
            for row in rows:
                workbook.active.append(row)
            workbook.save(path)
        else:
            written = io.StringIO()
            csv.writer(written, delimiter=delimiter).writerows(rows)
            path.write_text(f"\ufeff{written.getvalue()}", encoding="utf-8", newline="")
        return read_submissions(receive(path))

    return read_rows


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("language", "with_sections"),
    [("en", True), ("en", False), ("es", True), ("fr", True), ("pt", False)],
)
def test_every_response_is_a_submission(
    language: str, *, with_sections: bool, ending: str, read: Read
) -> None:
    """A row gives every answer to its cell, with or without sections above, in any language."""
    found = read(export_of(language, with_sections=with_sections), ending)

    assert [submission.where for submission in found] == ["row 3", "row 4"]
    for who, submission in zip(("one", "two"), found, strict=True):
        assert [(each.cell, each.position, each.text) for each in submission.points] == [
            answer
            for cell in read_instrument().cells
            for answer in ((cell, "p1", f"{who} {cell}"), (cell, "1", "and more"))
        ]
        assert submission.language == language
        assert submission.facts["held_on"] == "2020-09-26"


def test_nothing_of_who_answers_is_kept_and_everything_is_accounted_for(read: Read) -> None:
    """Contacts are left out, responses without an answer are counted, and items add up."""
    first, second = read(export_of())

    assert "jane" not in repr((first, second))
    assert "192.0.2" not in repr((first, second))
    assert first.account.set_aside == {
        "contacts, which no submission keeps": 2,
        "data of the survey tool about a response": 2,
        "a response without an answer": 1,
    }
    assert first.account.is_balanced
    assert second.account.is_balanced


def test_rows_of_other_sheets_are_set_aside_with_their_places(read: Read, tmp_path: Path) -> None:
    """Rows of other sheets are counted, and the sheets reported by number, not by name."""
    (first, second) = read(export_of(), "xlsx")
    path = tmp_path / "survey.xlsx"
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("Empty")
    sheet = workbook.create_sheet("Jane")
    for row in (["Note"], [" ", None], ["Say more", 5]):
        sheet.append(row)
    workbook.save(path)

    found, again = read_submissions(receive(path))

    assert found.account.set_aside == {
        **first.account.set_aside,
        "on a sheet of the workbook other than the first": 2,
    }
    assert found.account.is_balanced
    assert (found.remainder, again) == ((*first.remainder, "sheet 3"), second)


def test_hidden_rows_columns_and_sheets_are_left_out_and_reported(
    read: Read, tmp_path: Path
) -> None:
    """What somebody hid in a workbook is not an answer; it's counted, and its place reported."""
    first, _ = read(export_of(), "xlsx")
    path = tmp_path / "survey.xlsx"
    workbook = openpyxl.load_workbook(path)
    sheet = workbook.active
    sheet.row_dimensions[4].hidden = True
    last = sheet.max_column
    sheet.column_dimensions[openpyxl.utils.get_column_letter(last)].hidden = True
    draft = workbook.create_sheet("Draft", 0)
    draft.append(["Country", "Never said."])
    draft.sheet_state = "hidden"
    workbook.save(path)

    (found,) = read_submissions(receive(path))

    hidden = [each.place for each in found.suspicions if each.what == HIDDEN]
    assert sorted(hidden) == ["sheet 1", f"sheet 2 column {last}", "sheet 2 row 4"]
    assert found.account.set_aside[HIDDEN] == 2 + 3 + (last - 1) + 1
    assert [each.cell for each in found.points] == [
        each.cell for each in first.points if each.cell != "recommendations.key"
    ]
    assert found.account.is_balanced


def test_columns_of_one_question_are_put_together(read: Read) -> None:
    """Five columns for five points are one answer, and a column not asked for is named."""
    question = "Emerging patterns"
    rows = [["Country", question, "", "Shoe size"], ["", "1", "2", ""], ["Kenya", "A", "B", "40"]]

    (submission,) = read(rows)

    assert [each.text for each in submission.points] == ["A", "B"]
    assert submission.remainder == ("row 3 column 4",)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_signs_between_values_change_nothing(delimiter: str, read: Read) -> None:
    """Spreadsheets in French, Spanish and Portuguese write semicolons."""
    rows = export_of()
    rows[2][8] = "Fishing; by day, by night"

    assert read(rows, delimiter=delimiter) == read(rows)


def test_response_in_the_second_row_is_no_heading(read: Read) -> None:
    """An export with one row of headings is refused, and read with an empty row below them."""
    first, _, *responses = export_of(with_sections=False)

    with pytest.raises(SourceError, match="a second row that looks like a response") as refused:
        read([first, *responses])

    assert refused.value.offenders[0] == "column 1"
    assert len(read([first, [""] * len(first), *responses])) == 2


def test_boxes_of_one_question_are_all_kept(read: Read) -> None:
    """Answers ticked in several columns, or typed beside, all count for consent."""
    first = [read_instrument().form.consent_question, "", "", "Emerging patterns"]
    second = ["Yes", "No", "Other (please specify)", ""]

    (submission,) = read([first, second, ["Yes", "No", "Ask us", "Boats"]])

    assert submission.facts == {"consent": "Yes\nNo\nAsk us"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Country"], [""]], "has no response"),
        ([["Country"], [""], ["Kenya"]], "has no question of the template"),
        ([["Emerging patterns"], [""], [" "]], "has no response with an answer"),
    ],
)
def test_refuses_exports_without_answers(rows: list[list[str]], expected: str, read: Read) -> None:
    """An export without responses, questions or answers is refused, each with its own message."""
    with pytest.raises(SourceError, match=expected):
        read(rows)


def test_refuses_a_csv_that_is_cut_short(tmp_path: Path) -> None:
    """A quote that is never closed is refused with its line."""
    path = tmp_path / "survey.csv"
    path.write_text('Country\n""\n"Ken', encoding="utf-8")

    with pytest.raises(SourceError, match="not valid CSV"):
        read_submissions(receive(path))
