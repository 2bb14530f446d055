from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.importing.coded.code_tree import rows_of_tree, tree_of_codebook
from analysis.intake.coded.coded_data import CodedCode, paths_of
from analysis.study.codebook import Code

TREE = (
    CodedCode("1", "Rights", "", "What the law does."),
    CodedCode("2", "Police", "1", "What they do."),
    CodedCode("3", "At night", "2"),
    CodedCode("4", "Hope"),
)


def test_a_deep_tree_becomes_themes_and_codes():
    """The top is a theme, all below are its codes, and what stands alone is under one theme."""
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
    """A definition is asked for: where an export has none at all, each code tells that."""
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

    again, keys = tree_of_codebook({row[0]: Code(*row) for row in made.rows})

    before, after = paths_of(tuple(codes)), paths_of(again)
    assert sorted(before.values()) == sorted(after.values())
    assert [before[code.key] for code in codes] == [
        after[keys[made.id_of[code.key]]] for code in codes
    ]
    described = {code.key: code.description.partition("\n\nInclude: ")[0] for code in again}
    assert [code.description for code in codes] == [
        described[keys[made.id_of[code.key]]] for code in codes
    ]
