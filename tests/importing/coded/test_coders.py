from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, TableError
from analysis.tables.coded import read_coded
from importing.coded.coded_rows import FRESH, KENYA, ROWS, fresh_study, snapshot, take, written
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("reading_here")


def stated(root: Path) -> list[tuple[str, str]]:
    coded = read_coded(root / "data" / STUDY)
    return list(zip(coded["coder"], coded["focus_group"], strict=True))


def test_whole_documents_are_stated(root: Path) -> None:
    """Each coder of the file looked at the whole of each document in which they applied a code."""
    take(root, written(root, *ROWS), said="whole_documents: yes\n")

    group = stated(root)[0][1]
    assert stated(root) == [("ann", group), ("bot", group)]


def test_statements_are_added_to_those_there(root: Path) -> None:
    """The file of before stays, whatever its columns, and nothing is stated twice."""
    path = root / "data" / STUDY / "coded.csv"
    before = "focus_group,coder,segment\nken,ann,\nken,bot,ken.1\n"
    path.write_text(before.rstrip("\n"), encoding="utf-8")

    take(root, written(root, *ROWS), said="whole_documents: yes\n")
    assert path.read_text(encoding="utf-8").startswith(before)
    assert len(stated(root)) == 4


def test_nothing_is_stated_unless_the_mapping_does(root: Path) -> None:
    """An import alone does not say what anybody looked at."""
    take(root, written(root, *ROWS))

    assert stated(root) == []


def test_other_value_is_refused(root: Path) -> None:
    """Neither yes nor no means nothing."""
    with pytest.raises(CodedDataError, match="whole_documents is neither yes nor no"):
        take(root, written(root, *ROWS), said="whole_documents: some\n")


def test_renamed_codes_of_one_file_are_refused(root: Path) -> None:
    """Two coders in one file, with two names for one code, are refused in a fresh study too."""
    fresh_study(root)
    rows = [
        f"{KENYA},{at},Words {at}.,{code},{coder}"
        for at, (code, coder) in enumerate(
            [("Stigma", "ann"), ("stigma!", "bot"), ("Law", "ann"), ("Law", "bot")]
        )
    ]
    before = snapshot(root)

    with pytest.raises(TableError, match=r"stigma.* \(ann\) and stigma.* \(bot\)"):
        take(root, written(root, *rows), study=FRESH)
    assert snapshot(root) == before
