from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, SourceError
from analysis.importing.detect import are_coded
from analysis.intake.coded.recognition import read_coded
from analysis.intake.limits import receive
from analysis.intake.survey import read_survey
from analysis.study.writing import zip_of
from canaries import Canary
from sent_canaries import CODED, SUBMISSIONS, Sent, csv_of, survey_rows

if TYPE_CHECKING:
    from pathlib import Path

OTHER_TABLES = {
    "tags.csv": "tag,description,number of highlights\nFear,Of anything.,2\n",
    "matrix.csv": ",A : Fear\n1 : a,2\n",
    "wide.csv": "source,text,Fear\na,One.,1\n",
}


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("sent", SUBMISSIONS, ids=lambda sent: sent.what)
def test_submissions_are_not_coded(sent: Sent, tmp_path: Path) -> None:
    """Documents, pages that are no sound XML, texts with commas and surveys are submissions."""
    assert not are_coded([written(tmp_path, f"sent{sent.ending}", sent.content)])


@pytest.mark.parametrize("sent", CODED, ids=lambda sent: sent.what)
def test_each_kind_of_export_is_coded(sent: Sent, tmp_path: Path) -> None:
    """It is recognised by its content, and not by its name."""
    assert are_coded([written(tmp_path, f"sent{sent.ending}", sent.content)])
    assert are_coded([written(tmp_path, "sent.bin", sent.content)])


@pytest.mark.parametrize("name", OTHER_TABLES)
def test_tables_of_tools_are_coded(name: str, tmp_path: Path) -> None:
    """Codebooks, matrices and wide tables are coded data."""
    assert are_coded([written(tmp_path, name, OTHER_TABLES[name])])


@pytest.mark.parametrize(
    ("name", "content"),
    [("codings.tsv", "who\twhat\na\tb\n"), ("book.xml", "<Book/>"), ("x.qdpx", zip_of({"a": b""}))],
)
def test_endings_that_no_submission_has_are_of_coded_data(
    name: str, content: bytes | str, tmp_path: Path
) -> None:
    """The import of coded data then reports which formats there are, and not those of templates."""
    path = written(tmp_path, name, content)

    assert are_coded([path])
    with pytest.raises(CodedDataError, match="refi-project"):
        read_coded(receive(path))


def test_a_survey_with_a_short_first_row_is_a_submission(tmp_path: Path) -> None:
    """Where the last question has several columns, only the first has its heading."""
    first, second, row = survey_rows(5, Canary)
    path = written(tmp_path, "survey.csv", csv_of([first, [*second, "b"], [*row, "Words."]]))

    assert not are_coded([path])
    assert len(read_survey(receive(path))) == 1


def test_a_mix_is_refused_with_the_kind_of_each_file(tmp_path: Path) -> None:
    """Whoever sends both reads which is which, and in which order to import them."""
    text = written(tmp_path, "sent.txt", SUBMISSIONS[3].content)
    wide = written(tmp_path, "wide.csv", OTHER_TABLES["wide.csv"])
    broken = written(tmp_path, "broken.csv", b"a\xff")

    with pytest.raises(SourceError) as raised:
        are_coded([text, wide, broken])

    assert list(raised.value.offenders) == [
        "sent.txt holds a submission",
        "wide.csv holds coded data",
        "broken.csv cannot be read",
    ]
    assert "submissions first" in str(raised.value)


def test_what_cannot_be_read_is_left_to_those_who_read_all(tmp_path: Path) -> None:
    """A good file does not hide what is wrong with others that cannot be read."""
    broken = written(tmp_path, "broken.txt", b"a\xff")
    wide = written(tmp_path, "wide.csv", OTHER_TABLES["wide.csv"])

    assert not are_coded([broken])
    assert are_coded([broken, wide])
    with pytest.raises(SourceError, match=r"lost\.qdpx"):
        are_coded([tmp_path / "lost.qdpx"])


def test_a_damaged_table_is_reported_by_its_row(tmp_path: Path) -> None:
    """A table that is no survey keeps what is wrong with it."""
    with pytest.raises(CodedDataError, match="row 2: more values"):
        are_coded([written(tmp_path, "codings.csv", "document,text,code\na,b,c,d\n")])


def test_a_table_that_is_neither_is_reported_both_ways_to_go_on(tmp_path: Path) -> None:
    """It may be an export of the form, or coded data whose columns nobody can guess."""
    path = written(tmp_path, "other.csv", "who,what\na,b\nc,d\n")

    assert not are_coded([path])
    with pytest.raises(SourceError) as raised:
        read_survey(receive(path))
    shown = str(raised.value)
    assert [word in shown for word in ("export of the form", "--format", "--mapping")] == [True] * 3
