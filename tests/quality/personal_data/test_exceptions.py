from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.quality.personal_data.exceptions import (
    PrivacyException,
    read_exceptions,
    require_known,
)
from analysis.tables.table_files import EXCEPTIONS

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "table,id,column,kind,reason,reviewed_by,text_sha256"
GOOD = "segments,ken.1,text,name-age,A figure of a tale,ann,0f"


def _write(folder: Path, *rows: str) -> Path:
    (folder / EXCEPTIONS).write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return folder


def test_study_without_the_file_has_no_exceptions(tmp_path: Path) -> None:
    """The file is optional, and may have no rows."""
    assert read_exceptions(tmp_path) == ()
    assert read_exceptions(_write(tmp_path)) == ()


def test_exceptions_are_read_with_their_rows(tmp_path: Path) -> None:
    """Each row is an exception for one kind in one cell."""
    _write(tmp_path, GOOD, "codebook,stigma,include,local-place,A street of a song,ann,")

    assert read_exceptions(tmp_path) == (
        PrivacyException("segments", "ken.1", "text", "name-age", 2, "0f"),
        PrivacyException("codebook", "stigma", "include", "local-place", 3),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("segment,ken.2,text,name-age,A tale,ann,", "unknown table 'segment' (closest: segments"),
        ("code_applications,ken.2,code,name-age,A tale,ann,", "unknown table 'code_applications'"),
        ("segments,ken.2,language,name-age,A tale,ann,", "unknown column 'language'"),
        (
            "segments,ken.2,text,names-age,A tale,ann,",
            "unknown kind 'names-age' (closest:",
        ),
        ("segments,ken.2,text,,A tale,ann,", "unknown kind ''"),
        ("segments,KEN,text,name-age,A tale,ann,", "id blank or malformed"),
        ("places,KEN,title,name-age,A tale,ann,", "unknown column 'title' (allowed: name)"),
        ("segments,,text,name-age,A tale,ann,", "id blank or malformed"),
        ("segments,Amina Diallo,text,name-age,A tale,ann,", "id blank or malformed"),
        ("segments,ken.2,text,name-age, ,ann,", "reason blank"),
        ("segments,ken.2,text,name-age,A tale,,", "reviewed_by blank"),
        ('segments,ken.2,text,name-age,"Amina, 27, agreed",ann,', "reason has personal data"),
        (GOOD, "the same as row 2"),
        ("Amina Diallo,ken.2,text,name-age,A tale,ann,", "unknown table of 12 characters"),
    ],
)
def test_row_that_cannot_be_used_is_refused(tmp_path: Path, row: str, fault: str) -> None:
    """What is wrong is reported by file and row, without anybody's words."""
    _write(tmp_path, GOOD, row)

    with pytest.raises(StudyError) as refused:
        read_exceptions(tmp_path)

    (offender,) = refused.value.offenders
    assert offender.startswith(f"{EXCEPTIONS} row 3: ")
    assert fault in offender
    assert "Amina" not in str(refused.value)


def test_exception_for_an_unknown_row_is_refused() -> None:
    """A row that is gone needs no exception, and a mistyped id would let nothing pass."""
    exceptions = [
        PrivacyException("segments", "ken.1", "text", "name-age", 2),
        PrivacyException("segments", "ken.9", "text", "name-age", 3),
        PrivacyException("codebook", "joy", "name", "name", 4),
    ]
    known = {"segments": {"ken.1"}, "codebook": {"hope"}, "focus_groups": set()}

    with pytest.raises(StudyError) as refused:
        require_known(exceptions, known)

    assert refused.value.offenders == (
        "privacy_exceptions.csv row 3: no row or text of segments has this id",
        "privacy_exceptions.csv row 4: no row or text of codebook has this id",
    )
