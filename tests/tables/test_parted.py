from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from analysis.tables.parted import ELSEWHERE, Parting, PartOfTable, WholeTable

ESA = {
    "focus_groups": PartOfTable(1, "said of groups", "rows of groups"),
    "segments": PartOfTable(2, "said of segments", "rows of segments"),
    "code_applications": PartOfTable(3, "codes", "rows of codes"),
}
PARTING = Parting(
    regions=("esa",),
    continents=("africa",),
    cleaned=("esa",),
    parts={"esa": ESA, ELSEWHERE: {name: PartOfTable(0, "", "") for name in ESA}},
    contexts={"esa": "context"},
    tables={"focus_groups": WholeTable(1, ("withdrawn",))},
    applied=("stigma",),
    without_segments=("quiet",),
    with_same_words=(),
    misplaced=True,
)


def _with(table: str, part: PartOfTable) -> Parting:
    return replace(PARTING, parts={"esa": {**ESA, table: part}})


def test_parting_survives_json() -> None:
    """What is written as JSON reads as what it was."""
    assert Parting.from_json(PARTING.to_json()) == PARTING


def test_content_is_not_where_rows_stand() -> None:
    """A part whose rows only moved has the content that it had, and is placed elsewhere."""
    moved = _with("segments", PartOfTable(2, "said of segments", "other rows"))

    assert moved.content("esa") == PARTING.content("esa")
    assert moved.placed("esa") != PARTING.placed("esa")


def test_content_is_that_of_every_table() -> None:
    """Whatever table says something else, the part does, and so does how it is placed."""
    others = [_with(table, PartOfTable(2, "something else", "")) for table in ESA]

    assert len({each.content("esa") for each in (PARTING, *others)}) == 4
    assert len({each.placed("esa") for each in (PARTING, *others)}) == 4


def test_nothing_heavy_reads_a_parting() -> None:
    """A build that has nothing to do reads what was parted without waiting for libraries."""
    program = (
        "import sys; import analysis.tables.parted; "
        "print({'pandas', 'pyarrow', 'numpy', 'pydantic'} & set(sys.modules))"
    )

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert run.stdout == "set()\n"
