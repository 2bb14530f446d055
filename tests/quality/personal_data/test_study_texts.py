from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.errors import CheckError, StudyError
from analysis.quality.checks import check_named
from analysis.quality.personal_data.exceptions import read_exceptions, short_digest
from analysis.quality.personal_data.study_texts import require_impersonal
from analysis.study.opened_study import open_study
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "table,id,column,kind,reason,reviewed_by,text_sha256"
ANN = "Codes every focus group."
BOT = "Codes two of the focus groups."


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with the tiny study, which has places of its own."""
    root = write_tiny_root(tmp_path / "root")
    for name in ("places.csv", "wider_places.csv"):
        shutil.copyfile(root / "data" / name, root / "data" / STUDY / name)
    return root


def _replace(root: Path, file: str, old: str, new: str) -> None:
    path = root / "data" / STUDY / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _require(root: Path) -> None:
    opened = open_study(root, STUDY)
    require_impersonal(opened, read_exceptions(opened.folder))


@pytest.mark.parametrize(
    ("file", "old", "new", "offender"),
    [
        ("study.yaml", "A tiny study", "Call 0712 555 014", "study.yaml: title: phone"),
        (
            "study.yaml",
            BOT,
            "Dr Thandiwe Okonjo.",
            "study.yaml: coders.2.description: name-role",
        ),
        (
            "places.csv",
            "Kenya",
            "Corner of Moi Avenue",
            "the study's own places: KEN: name: local-place",
        ),
    ],
)
def test_text_next_to_the_tables_is_refused(
    root: Path, file: str, old: str, new: str, offender: str
) -> None:
    """A study's own texts are scanned as its tables are, and reported without being repeated."""
    _replace(root, file, old, new)

    with pytest.raises(CheckError) as refused:
        _require(root)

    assert refused.value.offenders == (offender,)
    assert new not in str(refused.value)


def test_reviewed_texts_are_accepted(root: Path) -> None:
    """A person may accept such a text, by a row that names it."""
    _replace(root, "study.yaml", BOT, "Dr Thandiwe Okonjo.")
    _replace(root, "places.csv", "Kenya", "Corner of Moi Avenue")
    rows = (
        HEADER,
        f"study,bot,description,name-role,She agreed,ann,{short_digest('Dr Thandiwe Okonjo.')}",
        f"places,KEN,name,local-place,A test,ann,{short_digest('Corner of Moi Avenue')}",
    )
    path = root / "data" / STUDY / "privacy_exceptions.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")

    _require(root)
    _replace(root, "study.yaml", "Dr Thandiwe Okonjo.", "Dr Amina Okonjo.")
    with pytest.raises(CheckError) as refused:
        _require(root)

    (offender,) = refused.value.offenders
    assert offender == (
        "study.yaml: coders.2.description: name-role: reviewed for other words, "
        f"text_sha256 is {short_digest('Dr Amina Okonjo.')}"
    )


def test_shared_places_are_not_of_the_study(root: Path) -> None:
    """The places of all studies are not looked at, and an exception for one is for nothing."""
    (root / "data" / STUDY / "places.csv").unlink()
    path = root / "data" / STUDY / "privacy_exceptions.csv"
    path.write_text(f"{HEADER}\nplaces,KEN,name,local-place,A test,ann,\n", encoding="utf-8")

    with pytest.raises(StudyError) as refused:
        check_named(root, STUDY)

    assert refused.value.offenders == (
        "privacy_exceptions.csv row 2: no row or text of places has this id",
    )


def test_check_refuses_such_a_study(root: Path) -> None:
    """A study with such a text is refused before it is checked or published."""
    _replace(root, "study.yaml", ANN, "Dr Amina Diallo.")

    with pytest.raises(CheckError) as refused:
        check_named(root, STUDY)

    assert refused.value.offenders == ("study.yaml: coders.1.description: name-role",)
