from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import TableError
from analysis.quality.checks import check_named
from analysis.tables.coded import COLUMNS, looked_at, read_coded
from analysis.tables.tombstones import Tombstone
from analysis.tables.withdrawal import carry_out, plan_withdrawal
from tiny_study import STUDY, table_of

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = pd.DataFrame(
    [
        ("g1.a", "g1", "context", "hope"),
        ("g1.b", "g1", "context", "concerns"),
        ("g1.c", "g1", "emerging", "patterns"),
        ("g2.a", "g2", "context", "hope"),
        ("g2.b", "g2", "context", "hope"),
    ],
    columns=["segment", "focus_group", "section", "question"],
    dtype="str",
)
NOTHING = pd.DataFrame(columns=["segment", "code", "coder"], dtype="str")


def state(root: Path, *rows: str, header: str = "coder,focus_group") -> None:
    """Write coded.csv of the tiny study."""
    lines = "\n".join([header, *rows])
    (root / "data" / STUDY / "coded.csv").write_text(f"{lines}\n", encoding="utf-8")


def refusal(root: Path) -> str:
    with pytest.raises(TableError) as refused:
        check_named(root, STUDY)
    return str(refused.value)


def units(*rows: tuple[str, ...], applied: pd.DataFrame = NOTHING) -> set[tuple[str, str]]:
    coded = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    found = looked_at(TEXTS, applied, coded)
    return set(zip(found["segment"], found["coder"], strict=True))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("ana", "g1", "", "", ""), {"g1.a", "g1.b", "g1.c"}),
        (("ana", "g1", "context", "", ""), {"g1.a", "g1.b"}),
        (("ana", "g1", "context", "concerns", ""), {"g1.b"}),
        (("ana", "g1", "", "", "g1.c"), {"g1.c"}),
    ],
)
def test_coder_looked_at_what_a_row_names(row: tuple[str, ...], expected: set[str]) -> None:
    """A row means the whole focus group, or just the section, question or segment it names."""
    assert units(row) == {(segment, "ana") for segment in expected}


def test_coder_with_a_row_for_every_segment_looked_at_the_group() -> None:
    """A code, or none, on each segment of a focus group states that its coder looked at it."""
    applied = pd.DataFrame(
        [("g2.a", "law", "ben"), ("g2.b", "none", "ben"), ("g1.a", "law", "ben")],
        columns=["segment", "code", "coder"],
        dtype="str",
    )

    assert units(applied=applied) == {("g2.a", "ben"), ("g2.b", "ben")}


def test_study_without_the_table_states_nothing(tiny_root: Path) -> None:
    """The table is optional."""
    assert read_coded(tiny_root / "data" / STUDY).empty


def test_sound_statements_pass_the_check(tiny_root: Path) -> None:
    """Statements about coders, focus groups and segments of the study are accepted."""
    header = "coder,focus_group,section,question,segment"
    state(tiny_root, "ann,ken,,,", "bot,ken,,,", "bot,afr,structures,situation,", header=header)

    assert check_named(tiny_root, STUDY).critical == ()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("anne,ken,,,", "row 2: unknown coder 'anne' (closest: ann"),
        ("ann,kenya,,,", "row 2: unknown focus_group 'kenya' (closest: ken"),
        ("ann,ken,structure,,", "row 2: unknown section 'structure' (closest: structures"),
        ("ann,ken,structures,key,", "row 2: question 'key' is no question of structures"),
        ("ann,ken,,hope,", "row 2: question without its section"),
        ("ann,ken,,,ken.9", "row 2: unknown segment 'ken.9' (closest: ken."),
        ("ann,ken,,,afr.1", "row 2: the segment is of another focus_group"),
        ("ann,ken,,,\nann,ken,,,", "row 3: the same as row 2"),
    ],
)
def test_statement_about_what_is_not_there_is_refused(
    tiny_root: Path, row: str, fault: str
) -> None:
    """Each value that the study does not have is named with its row and the closest match."""
    state(tiny_root, row, header="coder,focus_group,section,question,segment")

    assert f"coded.csv {fault}" in refusal(tiny_root)


def test_words_in_the_wrong_column_are_not_repeated(tiny_root: Path) -> None:
    """A shifted row may hold somebody's words: they are named by their length alone."""
    state(
        tiny_root, "ann,ken,She said so,hope,", header="coder,focus_group,section,question,segment"
    )

    message = refusal(tiny_root)
    assert "section of 11 characters" in message
    assert "She" not in message


def test_other_column_is_refused_without_its_words(tiny_root: Path) -> None:
    """A column that means nothing is named by its number."""
    state(tiny_root, "ann,ken,x", header="coder,focus_group,sections")

    assert "unknown column 3, of 8 characters (closest: section)" in refusal(tiny_root)


def test_code_outside_what_its_coder_looked_at_is_refused(tiny_root: Path) -> None:
    """A coder who looked at one segment of a group cannot have coded another one of it."""
    state(tiny_root, "bot,ken,,,ken.1", header="coder,focus_group,section,question,segment")

    message = refusal(tiny_root)
    assert "code_applications.csv row 5: segment 'ken.4' by coder 'bot'" in message
    assert "row 8: segment 'ken.6' by coder 'bot'" in message


def test_none_next_to_a_code_is_refused(tiny_root: Path) -> None:
    """A coder who applied a code to a segment cannot say that none applies."""
    with table_of(tiny_root, "code_applications").open("a", encoding="utf-8") as table:
        table.write("ken.1,none,bot\n")

    assert "code_applications.csv row 16: segment 'ken.1' by coder 'bot'" in refusal(tiny_root)


def test_none_is_accepted_in_place_of_a_code(tiny_root: Path) -> None:
    """A row of none says that its coder looked at the segment, and is no unknown code."""
    with table_of(tiny_root, "code_applications").open("a", encoding="utf-8") as table:
        table.write("ken.5,none,bot\n")

    assert check_named(tiny_root, STUDY).critical == ()


def test_withdrawn_group_leaves_the_table(tiny_root: Path) -> None:
    """What a coder looked at goes with the focus group."""
    state(tiny_root, "ann,ken", "ann,gha", "bot,ken")
    folder = tiny_root / "data" / STUDY

    carry_out(plan_withdrawal(folder, Tombstone("gha", "2026-05-04", "host-request")), folder)

    assert read_coded(folder)["focus_group"].tolist() == ["ken", "ken"]
