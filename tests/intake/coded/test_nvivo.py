from __future__ import annotations

import pytest

from analysis.importing.coded.merging import notices_of_versions
from analysis.intake.coded.recognition import read_coded
from intake.coded.made_exports import aside, put_codes, workbook

REFERENCES = r"""
Name: Fear
Files\\north\\a - § 2 references coded [6.78% Coverage]
Reference 1 - 5.80% Coverage
Fear of
police.
Reference 2 - 0.98% Coverage
Shame.
Name: Hope
Files\\b - § 2 reference coded [1.0% Coverage]
Reference 1 - 1.0% Coverage
Fear of
police.
"""


def test_nvivo_references_are_read_node_by_node():
    """A reference goes on until the next; the node is told above."""
    for encoded in (REFERENCES.encode(), REFERENCES.encode("utf-16")):
        data = read_coded("export.txt", encoded)

        assert put_codes(data) == [
            ("Fear of\npolice.", "Fear", ""),
            ("Shame.", "Fear", ""),
            ("Fear of\npolice.", "Hope", ""),
        ]
        assert data.notices == ("the file tells of 4 references, and has 3",)


SOURCE = "Files\\\\a - § 1 reference coded [5.8% Coverage]\n\nReference 1 - 5.8% Coverage\n\n"
OTHER = SOURCE.replace("\\a", "\\b")


@pytest.mark.parametrize(
    ("content", "expected", "said"),
    [
        (f"{SOURCE}Hello.\nName: Jane Doe\nOh.\n", ["Hello.\nName: Jane Doe\nOh. Fear"], 1),
        (f"{SOURCE}Name: Jane Doe\n\n{OTHER}Yes.\n", ["Name: Jane Doe Fear", "Yes. Fear"], 1),
        (f"Name: Hope\n{SOURCE}Codes\\\\Law\nNo.\n", ["Codes\\\\Law\nNo. Hope"], 1),
        (f"Name: Hope\n{SOURCE}Yes.\n\nName: Law\n\n{OTHER}No.\n", ["Yes. Hope", "No. Law"], 0),
        (f"{SOURCE}Yes.\n\nNodes\\\\Law\n{OTHER}No.\n", ["Yes. Fear", "No. Law"], 0),
    ],
    ids=["amid words", "last words", "amid words of a named node", "named", "by its folder"],
)
def test_a_name_that_somebody_said_is_no_node(content: str, expected: list[str], said: int):
    """What stands among words is theirs, and nobody's name becomes a code; that is told."""
    data = read_coded("Fear.txt", content.encode())

    found = [f"{words} {code}" for words, code, _ in put_codes(data)]
    assert (found, aside(data)) == (expected, {})
    assert [notice.partition(" lines")[0] for notice in data.notices] == ["1"] * said


def test_documents_of_one_name_in_two_folders_of_nvivo_stay_apart():
    """They are two focus groups, whatever their files are called."""
    north, south = (SOURCE.replace("\\a", f"\\{name}\\a") for name in ("north", "south"))

    data = read_coded("Fear.txt", f"{north}Yes.\n{south}No.\n".encode())

    assert [each.name for each in data.documents] == ["a", "Files\\south\\a"]


def test_each_line_of_nvivo_that_stands_in_no_reference_is_set_aside():
    """What is known or blank is not counted; a reference without a source has no document."""
    content = f"Fear of\n\nReference 1 - 5.8% Coverage\nLost.\n{SOURCE}Yes.\n"

    data = read_coded("Fear.txt", content.encode())

    assert put_codes(data) == [("Yes.", "Fear", "")]
    assert aside(data) == {
        "codings": (("its document is not named", 1),),
        "other items": (("a line that stands in no reference", 1),),
    }


def test_an_nvivo_matrix_tells_counts_and_no_words():
    """Its counts are set aside, and kept to be compared with codings beside it."""
    content = workbook(
        ("", "A : Fear", "B : Shame"), ("1 : a", 2, "?"), ("2 : b", 1, 1), ("Total", 3, 1)
    )

    data = read_coded("matrix.xlsx", content)

    assert aside(data) == {
        "counts of a matrix": (("a count tells no words", 4),),
        "other items": (("a cell that is no count of a code in a document", 3),),
    }
    codings = read_coded("Fear.txt", REFERENCES.encode())
    assert (dict(data.told_counts), data.codes) == ({"Fear": 3, "Shame": 1}, ())
    assert notices_of_versions([("m", data), ("c", codings)], ()) == [
        "m: it counts 2 of 2 codes otherwise than the codings do; it may be of another version"
    ]
