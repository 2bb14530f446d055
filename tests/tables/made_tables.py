"""Tables made from as little as a test has to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.received import COLUMNS, HEADER_ROW, ReceivedTables
from analysis.tables.text_cleaning import CHANGES, clean_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.tables.cleaning import CleanedTables
    from analysis.tables.text_cleaning import Step

Rows = Iterable[dict[str, str]]


def make_received(*, groups: Rows, texts: Rows = (), applications: Rows = ()) -> ReceivedTables:
    """Make the tables of a study, numbered as in files."""
    return ReceivedTables(
        codebook=_table((), COLUMNS["codebook"]),
        focus_groups=make_groups(groups),
        segments=_table((_segment(**row) for row in texts), segments.COLUMNS),
        code_applications=_table(applications, code_applications.COLUMNS),
    )


def make_received_at(*held_at: str) -> ReceivedTables:
    """Make a study with a focus group, a segment and a code application at each of these places."""
    return make_received(
        groups=[{"focus_group": places, "places": places} for places in held_at],
        texts=[{"segment": f"on {places}", "focus_group": places} for places in held_at],
        applications=[{"segment": f"on {places}", "code": "law"} for places in held_at],
    )


def make_groups(rows: Rows) -> pd.DataFrame:
    """Make focus groups; one that says nothing of consent lets all be shown."""
    return _table(({"consent": "public", **row} for row in rows), focus_groups.COLUMNS)


def _segment(**said: str) -> dict[str, str]:
    """Make a segment; one that says nothing else is a point of the first cell of group one."""
    position = said.get("position", "1")
    role = "subpoint" if position[-1:].isalpha() else "point"
    cell = {"section": "theme", "question": "introduction"}
    return {"focus_group": "one", **cell, "position": position, "role": role, **said}


def _table(rows: Rows, columns: tuple[str, ...]) -> pd.DataFrame:
    lines = [[row.get(column, "") for column in columns] for row in rows]
    index = pd.RangeIndex(HEADER_ROW + 1, HEADER_ROW + 1 + len(lines), name="row")
    return pd.DataFrame(lines, index, list(columns), dtype="str")


def set_aside_by(cleaned: CleanedTables) -> dict[str, tuple[str, str]]:
    """Give the reason, and the segment kept for it, of each segment that cleaning set aside."""
    rows = cleaned.set_aside.itertuples(index=False)
    return {row.segment: (row.reason, row.kept_as) for row in rows}


def codes_of(cleaned: CleanedTables) -> list[tuple[str, ...]]:
    """Give the code applications that cleaning left: segment, code and coder."""
    return list(cleaned.code_applications.itertuples(index=False, name=None))


def clean_and_tell(text: str, steps: Sequence[Step]) -> tuple[str, list[tuple[str, str, int]]]:
    """Give the text cleaned; and the step, the change and the times of all that changed."""
    cleaned, changes = clean_texts(pd.Series([text], dtype="str"), steps)
    return cleaned[0], [*changes[CHANGES].itertuples(index=False, name=None)]


def clean_text(text: str, steps: Sequence[Step]) -> str:
    """Give the text cleaned."""
    return clean_and_tell(text, steps)[0]
