from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import CodedDataError
from analysis.importing.coded.code_tree import rows_of_tree, tree_of_codebook
from analysis.intake.coded.coded_data import CodedCode, paths_of
from analysis.study.codebook import Code
from analysis.study.opened_study import open_study
from importing.coded.coded_rows import (
    FRESH,
    KENYA,
    ROWS,
    STUDY,
    fresh_study,
    rows_of,
    take,
    written,
)
from tiny_study import table_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def test_codes_in_any_script_are_reported_separately(root: Path):
    """Ids are made of Latin letters: names that leave none are matched by all their letters."""
    fresh_study(root)
    first = [ROWS[0].replace("Stigma", name) for name in ("خوف", "عار", "Fear!")]
    take(root, written(root, *first), study=FRESH)
    known = [row["code"] for row in rows_of(root, "codebook", FRESH)[1:]]

    for number, (name, code) in enumerate([("عار", known[1]), ("أمل", ""), ("Fear?", "")]):
        row = ROWS[2].replace("new", f"new{number}").replace(",,", f",{name},ann")
        file = written(root, row, name=f"{number}.csv")
        if code:
            take(root, file, study=FRESH)
            assert rows_of(root, "code_applications", FRESH)[-1]["code"] == code
        else:
            with pytest.raises(CodedDataError, match="row 2: the code is not in"):
                take(root, file, study=FRESH)


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("RIGHTS > stigma", "stigma"),
        ("stigma", "stigma"),
        ("Support > services", "services"),
        ("Support > Stigma", ""),
        ("Care > Services", ""),
    ],
)
def test_codes_are_found_by_id_path_or_name(root: Path, code: str, found: str):
    """A code of another branch is not the same, whatever its own name is."""
    file = written(root, ROWS[0].replace("Stigma", code))

    if found:
        take(root, file)
        assert rows_of(root, "code_applications")[-1]["code"] == found
    else:
        with pytest.raises(CodedDataError, match=r"row 2: the code is not in codebook.csv: code "):
            take(root, file)


def test_a_name_that_two_codes_have_finds_neither(root: Path):
    """Which of the two is meant, only a path or a mapping says."""
    with table_of(root, "codebook").open("a", encoding="utf-8") as file:
        file.write("rights.services,rights,Services,What the law lets clinics do.,,\n")

    with pytest.raises(CodedDataError, match=r"row 2: the code is not in codebook.csv"):
        take(root, written(root, ROWS[0].replace("Stigma", "Services")))
    take(root, written(root, ROWS[0].replace("Stigma", "Rights > Services")))

    assert rows_of(root, "code_applications")[-1]["code"] == "rights.services"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("codes: {Othr: skip}", "entry 1 names no code of the files \\(closest: Other\\)"),
        ("codes: {Other: stigma}", "entry 1 names 2 codes: give the path"),
        ("codes: {A > Other: stigma}", "row [23]: the code is not in codebook.csv: code of 9"),
        ("codes: {A > Other: stigma, Other: services}", ""),
    ],
)
def test_a_mapping_says_which_code_it_means(root: Path, said: str, fault: str):
    """A key that is misspelt, or fits several codes, is refused and not passed over."""
    rows = [ROWS[0].replace("Stigma", f"{above} > Other") for above in "AB"]
    file = written(root, *rows)

    if fault:
        with pytest.raises(CodedDataError, match=fault):
            take(root, file, said=said)
    else:
        assert take(root, file, said=said).imported["code_applications"] == 2


def test_other_definitions_are_reported(root: Path):
    """The codebook stays as it is, and the import lists codes that are defined otherwise."""
    file = root / "codes.csv"
    file.write_text("tag,description\nStigma,Shame.\nServices,\n", encoding="utf-8")

    taken_in = take(root, written(root, ROWS[0]), file)

    assert "1 code with another definition than in codebook.csv, which is kept: stigma" in (
        taken_in.notices
    )


def test_a_new_study_takes_over_the_codebook_of_the_export(root: Path):
    """A tree of any depth becomes themes and codes."""
    fresh_study(root)

    taken_in = take(root, written(root, f"{KENYA},1,Fear.,Law > Police,ann"), study=FRESH)

    assert taken_in.imported["codebook"] == 2
    assert list(open_study(root, FRESH).codebook.codes) == ["law.police"]


@pytest.mark.parametrize(
    ("study", "rows", "said"), [(FRESH, 3, ""), (STUDY, 0, "has 1 of these 2")]
)
def test_a_codebook_can_come_alone(root: Path, study: str, rows: int, said: str):
    """It becomes that of a study which has none; else the import counts what the study has."""
    fresh_study(root)
    file = root / "codes.csv"
    file.write_text("tag,description\nStigma,Shame.\nRaids,\n", encoding="utf-8")

    taken_in = take(root, file, study=study)

    assert (taken_in.imported["codebook"], taken_in.imported["segments"]) == (rows, 0)
    assert said in "".join(taken_in.notices)


TREE = (
    CodedCode("1", "Rights", "", "What the law does."),
    CodedCode("2", "Police", "1", "What they do."),
    CodedCode("3", "At night", "2"),
    CodedCode("4", "Hope"),
)


def test_a_deep_tree_becomes_themes_and_codes():
    """The top is a theme, all below are its codes, and codes without either are in one theme."""
    made = rows_of_tree(TREE, {"1", "3"})

    assert [row[:3] for row in made.rows] == [
        ("rights", "", "Rights"),
        ("rights._", "rights", "Rights (in general)"),
        ("rights.police", "rights", "Police"),
        ("rights.police.at-night", "rights", "Police > At night"),
        ("all-codes", "", "Codes without a theme"),
        ("hope", "all-codes", "Hope"),
    ]
    assert made.id_of == {
        "1": "rights._",
        "2": "rights.police",
        "3": "rights.police.at-night",
        "4": "hope",
    }


def test_codes_of_one_name_have_ids_of_their_own():
    """C++ and C# are both written c, and stay two codes."""
    made = rows_of_tree((CodedCode("1", "C++"), CodedCode("2", "C#")), ())

    assert made.id_of == {"1": "c", "2": "c-2"}


def test_codes_without_any_definition_say_so():
    """A definition is required: where an export has none at all, each code says so."""
    made = rows_of_tree((CodedCode("1", "Fear"), CodedCode("2", "Shame")), ())

    assert [row[3] for row in made.rows[1:]] == ["Not defined in the export."] * 2


names = st.text(alphabet="aAé _>.#", min_size=1, max_size=4).map(lambda name: name.strip() or "x")
trees = st.lists(st.tuples(names, st.integers(0, 5), st.text("ab\n", max_size=3)), max_size=9)


@settings(max_examples=60)
@given(trees, st.sets(st.integers(0, 8)))
def test_any_tree_comes_back_from_its_codebook(tree: list[tuple[str, int, str]], put: set[int]):
    """Names, what is above, descriptions and where codes lie survive two levels."""
    codes: list[CodedCode] = []
    for number, (name, above, described) in enumerate(tree):
        parent = codes[above % number].key if number and above else ""
        codes.append(CodedCode(str(number), name, parent, described))
    made = rows_of_tree(codes, {str(number) for number in put})

    again, keys = tree_of_codebook({row[0]: Code(*row[:6]) for row in made.rows})

    before, after = paths_of(tuple(codes)), paths_of(again)
    assert sorted(before.values()) == sorted(after.values())
    assert [before[code.key] for code in codes] == [
        after[keys[made.id_of[code.key]]] for code in codes
    ]
    described = {code.key: code.description.partition("\n\nInclude: ")[0] for code in again}
    assert [code.description for code in codes] == [
        described[keys[made.id_of[code.key]]] for code in codes
    ]
