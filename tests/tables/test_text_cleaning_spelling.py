from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cleaned_texts import clean_text

from analysis.errors import TableError
from analysis.tables.text_cleaning import (
    SPELLING_COLUMNS,
    read_spelling,
    steps_of_cleaning,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def spelling(tmp_path: Path) -> Path:
    return tmp_path / "spelling.csv"


def _write_spellings(path: Path, *rows: str) -> None:
    path.write_text("\n".join([",".join(SPELLING_COLUMNS), *rows]), encoding="utf-8")


def test_reads_spellings_as_experts_save_them(spelling: Path) -> None:
    """Spellings read the same with the mark that spreadsheets put before a file."""
    spelling.write_bytes(b"\xef\xbb\xbfvariant,preferred\r\nCOVID19,COVID-19\r\n")

    assert read_spelling(spelling) == {"COVID19": "COVID-19"}


def test_table_without_spellings_is_fine(spelling: Path) -> None:
    """A table of spellings may be empty."""
    _write_spellings(spelling)

    assert clean_text("COVID19", steps_of_cleaning(read_spelling(spelling))) == "COVID19"


@pytest.mark.parametrize(
    ("rows", "offenders"),
    [
        (
            ["Hiv,HIV", "Hiv,hiv"],
            [
                "spelling.csv row 2: variant 'Hiv' is there 2 times",
                "spelling.csv row 3: variant 'Hiv' is there 2 times",
            ],
        ),
        (["Hiv,HIV", "HIV,hiv"], ["spelling.csv row 2: preferred 'HIV' holds the variant 'HIV'"]),
        (["HIV,HIV"], ["spelling.csv row 2: preferred 'HIV' holds the variant 'HIV'"]),
        (
            ["SW,sex worker", "worker,labourer"],
            ["spelling.csv row 2: preferred 'sex worker' holds the variant 'worker'"],
        ),
        ([",HIV"], ["spelling.csv row 2: no variant"]),
        (["Hiv, "], ["spelling.csv row 2: no preferred"]),
        (
            ["NGO\u2019s,NGOs"],
            ["spelling.csv row 2: variant 'NGO\u2019s' is cleaned to \"NGO's\" before"],
        ),
        (["Hiv,HIV "], ["spelling.csv row 2: preferred 'HIV ' is cleaned to 'HIV' before"]),
    ],
    ids=[
        "twice",
        "preferred-elsewhere",
        "itself",
        "within-preferred",
        "no-variant",
        "no-preferred",
        "never-met",
        "never-rests",
    ],
)
def test_spellings_that_contradict_are_refused(
    spelling: Path, rows: list[str], offenders: list[str]
) -> None:
    """A table of spellings that could change a text for ever, or never, is refused by its rows."""
    _write_spellings(spelling, *rows)

    with pytest.raises(TableError) as refusal:
        read_spelling(spelling)

    assert list(refusal.value.offenders) == offenders


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "spelling.csv is missing"),
        (b"variant;preferred\nHiv;HIV\n", "semicolons"),
        (b"variant,preferred\nHiv\n", "row 2: 1 values"),
        (b"variant,preferred\nH\xefv,HIV\n", "not UTF-8"),
    ],
    ids=["missing", "semicolons", "short-row", "latin-1"],
)
def test_file_of_spellings_is_a_table(spelling: Path, content: bytes | None, message: str) -> None:
    """The file of spellings is held to what every table is."""
    if content is not None:
        spelling.write_bytes(content)

    with pytest.raises(TableError) as refusal:
        read_spelling(spelling)

    assert message in str(refusal.value)


def test_shipped_spellings_can_be_used(root: Path) -> None:
    """The spellings that ship contradict nothing, and each variant is found and replaced."""
    shipped = read_spelling(root / "data" / "spelling.csv")
    steps = steps_of_cleaning(shipped)

    cleaned = {variant: clean_text(variant, steps) for variant in shipped}

    assert cleaned == shipped
