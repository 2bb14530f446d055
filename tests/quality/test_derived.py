from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from defects import put
from hypothesis import given
from hypothesis import strategies as st

from analysis.quality.context import PARAMETERS, CheckedTables, context_of
from analysis.quality.derived import DERIVED, columns_of, missing_columns, with_derived_columns
from analysis.study.opened_study import open_study
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

    from defects import Tables

    from analysis.quality.context import CheckContext


def add_all(table: str, tables: Tables, context: CheckContext) -> pd.DataFrame:
    return with_derived_columns(table, CheckedTables(tables), context, columns_of(table))


@pytest.mark.parametrize("table", COLUMNS)
def test_derived_columns_are_added_on_the_same_rows(
    tables: Tables, context: CheckContext, table: str
) -> None:
    """Each table keeps its rows and gains the columns that are derived for it."""
    columns = add_all(table, tables, context)

    assert list(columns.columns) == [
        *COLUMNS[table],
        *(each.name for each in DERIVED if each.table == table),
    ]
    assert columns.index.equals(tables[table].index)


def test_only_what_is_wanted_is_derived(tables: Tables, context: CheckContext) -> None:
    """A derived column that no expectation needs is not computed."""
    checked = CheckedTables(tables)

    columns = with_derived_columns("segments", checked, context, ["text", "said_once"])

    assert list(columns.columns) == ["text", "said_once"]


def test_subpoints_count_as_their_point(tables: Tables, context: CheckContext) -> None:
    """A point with sub-points is one point, and prose is none."""
    put(("segments", 6, "position", "1a"), ("segments", 6, "role", "subpoint"))(tables)

    columns = add_all("segments", tables, context)

    assert columns["limited_points"].tolist() == [0, 0, 0, 1, 1, 1]


def test_text_is_compared_within_its_focus_group(tables: Tables, context: CheckContext) -> None:
    """The same words from two focus groups are two voices."""
    put(("segments", 7, "text", "Stop fines."))(tables)

    columns = add_all("segments", tables, context)

    assert columns["said_once"].all()


@pytest.mark.parametrize(
    "text",
    ["STOP arrests.", " Stop\u00a0arrests.", "Stop\n\n arrests. "],
    ids=["case", "no-break space", "lines"],
)
def test_text_is_compared_without_case_and_space(
    tables: Tables, context: CheckContext, text: str
) -> None:
    """The same words in other letters or with other white space are the same words."""
    put(("segments", 6, "text", text))(tables)

    columns = add_all("segments", tables, context)

    assert columns["said_once"].tolist() == [True, True, True, False, False, True]


def test_blank_id_is_none(tables: Tables, context: CheckContext) -> None:
    """A segment without an id has no code because an application has no segment."""
    put(("segments", 5, "segment", ""), ("code_applications", 3, "segment", ""))(tables)

    columns = add_all("segments", tables, context)

    assert columns.loc[5, "is_coded"] == False  # noqa: E712 - of numpy


def test_position_follows_what_was_received_of_its_own_cell(
    tables: Tables, context: CheckContext
) -> None:
    """What cleaning has set aside is still before what stays, and only in its own cell."""
    received = tables["segments"].copy()
    received["focus_group"], received["section"], received["question"] = "one", "a", "b"
    received["role"] = "point"
    received["position"] = ["1", "2", "3", "5", "6", "7"]
    tables["segments"] = received.iloc[[3, 4]]

    checked = CheckedTables(tables, received)
    columns = with_derived_columns("segments", checked, context, ["position_follows"])

    assert columns["position_follows"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("first", "second", "own"),
    [
        (["Care.", "Peace."], ["Peace.", "Care."], False),
        (["Care.", "Peace."], ["Peace.", "Cars."], True),
        (["Care.", "Care."], ["Care.", "Peace"], True),
        (["Care."], ["Care."], True),
    ],
    ids=["other order", "equally long", "equally many", "one segment"],
)
def test_focus_groups_are_compared_by_all_their_texts(
    tables: Tables,
    context: CheckContext,
    first: list[str],
    second: list[str],
    own: bool,  # noqa: FBT001
) -> None:
    """Two focus groups of several segments that say exactly the same say it in any order."""
    texts = [*first, *second]
    tables["segments"] = tables["segments"].head(len(texts)).copy()
    tables["segments"]["focus_group"] = ["one"] * len(first) + ["two"] * len(second)
    tables["segments"]["text"] = texts

    columns = add_all("focus_groups", tables, context)

    assert columns["has_own_words"].tolist() == [own, own]


def test_column_lacks_what_it_is_derived_from(tables: Tables) -> None:
    """A derived column that cannot be computed is described by the columns that are missing."""
    del tables["focus_groups"]["consent"]

    missing = missing_columns("segments", "consent_lets_count", CheckedTables(tables))

    assert missing == ("focus_groups.consent",)


def test_readme_explains_every_derived_column(root: Path) -> None:
    """Experts find each derived column with its meaning, and each parameter, beside the suites."""
    readme = (root / "expectations" / "README.md").read_text(encoding="utf-8")

    unexplained = [
        *(c.name for c in DERIVED if f"| `{c.table}` | `{c.name}` | {c.meaning} |" not in readme),
        *(name for name in PARAMETERS if f"| `{name}` |" not in readme),
    ]
    assert unexplained == []


def test_context_is_taken_from_the_study(root: Path) -> None:
    """What a study allows comes from its settings, codebook, instrument and places."""
    context = context_of(open_study(root, "africa-2020"))

    assert (
        (len(context.themes), len(context.codes), len(context.cells), len(context.limited_cells)),
        (context.places["KEN"], context.places["esa"], context.places["africa"]),
        (context.coders, context.as_of, context.max_points, context.synthetic),
    ) == (
        (9, 33, 18, 16),
        ("country", "region", "continent"),
        (("model-a", "model-b"), "2020-12-31", 5, False),
    )


SPACES = "".join(sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isspace())


def of_texts(*texts: str) -> CheckedTables:
    """Give segments of one focus group that have these texts."""
    columns = dict.fromkeys(COLUMNS["segments"], "one")
    table = pd.DataFrame(columns, index=range(len(texts)), dtype="str")
    return CheckedTables({"segments": table.assign(text=pd.Series(texts, dtype="str"))})


@given(
    st.lists(st.text(alphabet=["a", "B", "\u00e9", "\u200b", *SPACES], max_size=6), min_size=1),
)
def test_case_and_white_space_make_no_other_words(texts: list[str]) -> None:
    """Texts have the same number where they are the same but for these; blank ones have none."""
    words = [" ".join(text.lower().split()) for text in texts]
    numbers = of_texts(*texts).text_numbers

    assert [number < 0 for number in numbers] == [each == "" for each in words]
    assert pd.factorize(numbers)[0].tolist() == pd.factorize(pd.array(words, "str"))[0].tolist()


WIDE = "\u4e2d"
SAID = "The clinic is too far away for most of us"


@pytest.mark.parametrize(
    ("text", "once"),
    [
        *((f"{SAID}{mark} {SAID}", False) for mark in ".!?;:\n\r\u2028\u2029"),
        (f"{SAID}, {SAID}", True),
        (f"{SAID}. {SAID} today", True),
        (f"{SAID}... We walk. {SAID}.", False),
        (f"{WIDE * 40}. {WIDE * 40}", False),
        (f"{WIDE * 39}. {WIDE * 39}", True),
        ("", True),
    ],
)
def test_long_sentences_are_there_once(context: CheckContext, text: str, *, once: bool) -> None:
    """A sentence of 40 characters that is there twice is found, whichever mark ends it."""
    tables = of_texts(text, SAID)

    columns = with_derived_columns("segments", tables, context, ["sentences_said_once"])

    assert columns["sentences_said_once"].tolist() == [once, True]


def test_findings_keep_their_table_column_and_row() -> None:
    """Texts are scanned together, and each finding is named by its row."""
    tables = of_texts("Boats.", "See Amina, 27.", "Write to a.name@example.org.", "See Amina, 27.")

    found = tables.scan.find("segments")

    assert found == [(1, "text", "name-age"), (2, "text", "email"), (3, "text", "name-age")]


@pytest.mark.parametrize(("question", "session"), [("stop", "2020-10-12"), ("introduction", "")])
def test_several_interviews_a_day_are_no_repeated_session(
    tables: Tables, context: CheckContext, question: str, session: str
) -> None:
    """Sessions are compared by all their facts, but not in a study of interviews."""
    section = "theme" if question == "introduction" else "recommendations"
    tables["segments"][["section", "question"]] = [section, question]

    columns = add_all("focus_groups", tables, context)

    assert columns["session"].str[:10].tolist()[0] == session
