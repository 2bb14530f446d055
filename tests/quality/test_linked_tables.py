from __future__ import annotations

import sys

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.linked_tables import LinkedTables
from analysis.tables.code_applications import COLUMNS as CODING_COLUMNS
from analysis.tables.segments import COLUMNS as SEGMENT_COLUMNS

SPACES = "".join(sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isspace())
IDS = ["ken.1", "ken.2", "ken.3", "uga.1", "", "  "]


def linked(segments: dict[str, list[str]], codings: dict[str, list[str]]) -> LinkedTables:
    """Give tables of which some columns are filled in."""
    tables = {
        "segments": _table(segments, SEGMENT_COLUMNS),
        "code_applications": _table(codings, CODING_COLUMNS),
    }
    return LinkedTables(tables)


def _table(columns: dict[str, list[str]], names: tuple[str, ...]) -> pd.DataFrame:
    rows = len(next(iter(columns.values()), []))
    return pd.DataFrame({name: columns.get(name, [""] * rows) for name in names}, dtype="str")


@given(
    st.lists(st.text(alphabet=["a", "B", "\u00e9", "\u200b", *SPACES], max_size=6), min_size=1),
)
def test_case_and_white_space_make_no_other_words(texts: list[str]) -> None:
    """Texts have the same number where they are the same but for these, and blank ones have -1."""
    said = linked({"text": texts}, {}).said.tolist()

    plain = [" ".join(text.lower().split()) for text in texts]
    assert [number < 0 for number in said] == [text == "" for text in plain]
    assert len(set(zip(said, plain, strict=True))) == len(set(said)) == len(set(plain))


@given(st.lists(st.sampled_from(IDS), min_size=1), st.lists(st.sampled_from(IDS)))
def test_coded_segments_are_found(ids: list[str], coded_ids: list[str]) -> None:
    """Each code application is put beside the segment that it names, blank ones nowhere."""
    tables = linked({"segment": ids}, {"segment": coded_ids})

    known = list(dict.fromkeys(ids))
    expected = [known.index(id_) if id_.strip() and id_ in known else -1 for id_ in coded_ids]
    assert tables.coded.tolist() == expected
    assert tables.is_coded.tolist() == [id_.strip() != "" and id_ in coded_ids for id_ in ids]
