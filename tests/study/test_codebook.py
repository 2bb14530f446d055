from __future__ import annotations

from pathlib import Path

import pytest

from analysis.errors import StudyError, TableError
from analysis.study.codebook import Code, read_codebook
from analysis.study.csv_rows import IDENTIFIER_FORM

CODEBOOKS = Path(__file__).parent / "data" / "codebook"


def test_reads_a_codebook() -> None:
    """Themes have no parent, codes have a theme, and both keep the order of the file."""
    codebook = read_codebook(CODEBOOKS / "sound.csv")

    assert list(codebook.themes) == ["stigma"]
    assert list(codebook.codes) == ["labelling", "outing"]
    assert codebook.codes["labelling"] == Code(
        "labelling", "stigma", "Labelling", "Moral judgement.", "", ""
    )


def test_goes_from_code_to_theme_and_back() -> None:
    """A code has one theme, and a theme has its codes."""
    codebook = read_codebook(CODEBOOKS / "sound.csv")

    assert codebook.theme_of("outing") == "stigma"
    assert codebook.codes_of("stigma") == ("labelling", "outing")
    assert codebook.name("stigma") == "Stigma"
    assert codebook.name("outing") == "Outing"


@pytest.mark.parametrize(
    ("file", "offenders"),
    [
        ("repeated_code", ("row 4: code 'labelling' is also in row 3",)),
        (
            "malformed_code",
            (f"row 4: code of 15 characters is not made of {IDENTIFIER_FORM}",),
        ),
        ("code_without_name", ("row 3: code 'labelling' has no name",)),
        ("unknown_parent", ("row 4: unknown parent 'stgma' (closest: stigma)",)),
        ("three_levels", ("row 4: parent 'labelling' isn't a theme: it has a parent itself",)),
        ("its_own_parent", ("row 4: parent 'outing' isn't a theme: it has a parent itself",)),
        ("theme_without_codes", ("row 4: theme 'crisis' has no codes",)),
        (
            "missing_columns",
            (
                "missing: include (closest: includes)",
                "missing: exclude (closest: includes)",
            ),
        ),
        ("no_rows", ()),
        ("not_utf8", ("line 4: byte 146 is no UTF-8 character",)),
    ],
)
def test_refuses_a_codebook_that_cannot_be_used(file: str, offenders: tuple[str, ...]) -> None:
    """Every row that cannot be used is named, and the message says what to do."""
    with pytest.raises((StudyError, TableError)) as raised:
        read_codebook(CODEBOOKS / f"{file}.csv")

    assert raised.value.offenders == tuple(
        offender if offender.startswith("missing") else f"{file}.csv {offender}"
        for offender in offenders
    )
    assert raised.value.remedy


def test_refuses_an_unknown_code() -> None:
    """An unknown code is refused with the closest one, and a theme is no code."""
    codebook = read_codebook(CODEBOOKS / "sound.csv")

    with pytest.raises(
        StudyError, match=r"'labeling' \(closest: labelling; allowed: labelling, outing"
    ):
        codebook.theme_of("labeling")
    with pytest.raises(StudyError, match="not have this code"):
        codebook.theme_of("stigma")
    with pytest.raises(StudyError, match="not have this theme"):
        codebook.codes_of("outing")
    with pytest.raises(StudyError, match="not have this code or theme"):
        codebook.name("hope")
