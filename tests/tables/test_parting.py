from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from made_parts import GHA, KEN, make_coded, make_said
from made_tables import make_received, make_received_at

from analysis.errors import TableError
from analysis.tables import part_files, streaming
from analysis.tables.cleaning import clean
from analysis.tables.parted import ELSEWHERE
from analysis.tables.parting import number_rows, without_numbers
from analysis.tables.placing import tables_of_place

if TYPE_CHECKING:
    from made_parts import PartedStudy

    from analysis.tables.received import ReceivedTables


def _at_two_places() -> ReceivedTables:
    """Make a focus group in Kenya and one in Ghana, of two segments each, one of them coded."""
    return make_received(
        groups=[KEN, GHA],
        texts=make_said(
            ("k1", "ken", "a"), ("g1", "gha", "b"), ("k2", "ken", "c"), ("g2", "gha", "d")
        ),
        applications=make_coded("g1", "k2"),
    )


def test_each_place_has_its_own_rows(study: PartedStudy) -> None:
    """A part holds the focus groups at home in a place, with their rows in the study's files."""
    parting = study.part(_at_two_places())

    assert (parting.regions, parting.continents) == (("esa", "wca"), ("africa",))
    assert list(parting.parts) == ["esa", "wca", ELSEWHERE]
    assert study.read("esa").focus_groups["focus_group"].to_dict() == {2: "ken"}
    assert study.read("esa").segments["segment"].to_dict() == {2: "k1", 4: "k2"}
    assert study.read("esa").code_applications["segment"].to_dict() == {3: "k2"}
    assert study.ids("wca") == [["gha"], ["g1", "g2"], ["g1"]]
    assert study.ids(ELSEWHERE) == [[], [], []]


def test_parts_tell_how_many_rows_they_hold(study: PartedStudy) -> None:
    """The parting counts rows in each part and in the whole, and names what is blank throughout."""
    parting = study.part(_at_two_places())

    told = {part: [table.rows for table in parting.parts[part].values()] for part in parting.parts}
    assert told == {"esa": [1, 2, 1], "wca": [1, 2, 1], ELSEWHERE: [0, 0, 0]}
    assert [table.rows for table in parting.tables.values()] == [2, 4, 2]
    assert parting.tables["code_applications"].blank_columns == ()
    assert "text" not in parting.tables["segments"].blank_columns
    assert "label" in parting.tables["segments"].blank_columns


def test_study_without_rows_has_one_empty_part(study: PartedStudy) -> None:
    """Tables of headers alone are parted into nothing, elsewhere; the guards refuse them later."""
    parting = study.part(make_received(groups=[]))

    assert list(parting.parts) == [ELSEWHERE]
    assert study.ids(ELSEWHERE) == [[], [], []]
    assert [table.rows for table in parting.tables.values()] == [0, 0, 0]


def test_row_put_in_elsewhere_moves_and_changes_nothing(study: PartedStudy) -> None:
    """What is put in for one place leaves the content of the others as it was, and moves it."""
    before = study.part(_at_two_places())
    more = make_received(
        groups=[KEN, {"focus_group": "uga", "places": "UGA"}, GHA],
        texts=make_said(
            *[("k1", "ken", "a"), ("u1", "uga", "x"), ("g1", "gha", "b")],
            *[("k2", "ken", "c"), ("g2", "gha", "d")],
        ),
        applications=make_coded("k1", "g1", "k2"),
    )

    after = study.part(more)

    assert after.content("wca") == before.content("wca")
    assert after.placed("wca") != before.placed("wca")
    assert after.content("esa") != before.content("esa")


@pytest.mark.parametrize(
    ("table", "column", "part"),
    [
        ("focus_groups", "title", "esa"),
        ("segments", "text", "esa"),
        ("code_applications", "coder", "wca"),
    ],
)
def test_content_follows_every_table(
    study: PartedStudy, table: str, column: str, part: str
) -> None:
    """A word that changes in any table of a place changes the content of its part alone."""
    received = _at_two_places()
    before = study.part(received)
    received.by_name()[table].loc[2, column] = "changed"

    after = study.part(received)

    changed = [name for name in after.parts if after.content(name) != before.content(name)]
    assert changed == [part]


def test_parting_tells_what_only_the_whole_can(study: PartedStudy) -> None:
    """Codes that are applied, focus groups without segments and with the same words are told."""
    received = make_received(
        groups=[KEN, GHA, {"focus_group": "uga", "places": "UGA"}, {**GHA, "focus_group": "mute"}],
        texts=make_said(
            *[("1", "ken", "a"), ("2", "gha", "b"), ("3", "gha", "a"), ("4", "ken", "b")],
            *[("5", "uga", "a"), ("6", "uga", "a"), ("7", "nobody", "b"), ("8", "nobody", "a")],
        ),
        applications=[
            {"segment": "1", "code": code, "coder": "ann"}
            for code in ("stigma", "rights", "services", "stigma", "unheard-of")
        ],
    )

    parting = study.part(received)

    assert parting.applied == ("services", "stigma")
    assert parting.without_segments == ("mute",)
    assert parting.with_same_words == ("gha", "ken", "nobody")


def test_one_text_alone_is_no_repeat(study: PartedStudy) -> None:
    """Two focus groups of one segment each may well say the same."""
    received = make_received(
        groups=[KEN, GHA], texts=make_said(("1", "ken", "a"), ("2", "gha", "a"))
    )

    assert study.part(received).with_same_words == ()


def test_context_follows_who_touches_a_place(study: PartedStudy) -> None:
    """What a report may name without counting it is known by its rows, and by no others."""
    before = study.part(make_received_at("KEN", "GHA", "KEN;GHA"))
    others = make_received_at("KEN", "GHA", "KEN;GHA")
    others.focus_groups.loc[[2, 3], "title"] = "Another title"
    touching = make_received_at("KEN", "GHA", "KEN;GHA")
    touching.focus_groups.loc[4, "title"] = "Another title"
    hidden = make_received_at("KEN", "GHA", "KEN;GHA")
    hidden.focus_groups.loc[4, "consent"] = "none"

    contexts = [study.part(received).contexts for received in (others, touching, hidden)]

    assert contexts[0] == before.contexts
    assert contexts[1]["africa"] == before.contexts["africa"]
    assert len({each["esa"] for each in contexts}) == 3


@pytest.mark.parametrize("rows", [1, 2, 100])
def test_parts_are_the_same_bytes_whatever_the_chunks(
    study: PartedStudy, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    """How many rows are read at once, and from which format, shows in no file and no digest."""
    monkeypatch.setattr(part_files, "GROUP_ROWS", 3)
    received = make_received_at("KEN", "GHA", "UGA", "africa", "EGY", "KEN;TZA", "NGA")
    parting = study.part(received)
    files = study.files()
    monkeypatch.setattr(streaming, "CHUNK_ROWS", rows)

    from_csv = study.part(received), study.files()
    from_parquet = study.part(received, as_parquet=True), study.files()

    assert from_csv == (parting, files)
    assert from_parquet == (parting, files)


def test_parts_of_before_stand_until_all_are_there(study: PartedStudy) -> None:
    """A table that cannot be read leaves the parts of before as they are, and nothing beside."""
    received = _at_two_places()
    study.part(received)
    before = study.files()
    path = study.opened.folder / "code_applications.csv"
    path.write_text(path.read_text() + "a,b\n")

    with pytest.raises(TableError, match="row 4: 2 values"):
        study.part_again()

    assert study.files() == before
    assert [each.name for each in study.build.path.iterdir()] == ["received"]


def test_place_that_is_gone_leaves_no_part(study: PartedStudy) -> None:
    """The parts are those of the tables as they are now."""
    study.part(_at_two_places())

    study.part(make_received(groups=[GHA]))

    assert not study.build.received("esa").exists()


def test_table_in_two_files_is_refused(study: PartedStudy) -> None:
    """Where a table is there as CSV and as Parquet, nothing is parted."""
    received = _at_two_places()
    study.part(received)
    received.segments.to_parquet(study.opened.folder / "segments.parquet")

    with pytest.raises(TableError, match="in two files"):
        study.part_again()


def test_rows_of_a_part_keep_their_numbers_apart(study: PartedStudy) -> None:
    """What cleaning leaves does not change as rows move, and is still told by the rows of now."""
    study.part(_at_two_places())
    cleaned = clean(without_numbers(study.read("wca")), ())
    numbered = number_rows(cleaned.by_name(), study.build.received("wca"))
    study.part(tables_of_place(_at_two_places(), "wca", study.opened.places))

    again = clean(without_numbers(study.read("wca")), ())
    moved = number_rows(cleaned.by_name(), study.build.received("wca"))

    for name, table in cleaned.by_name().items():
        pd.testing.assert_frame_equal(again.by_name()[name], table)
    assert numbered["segments"]["segment"].to_dict() == {3: "g1", 5: "g2"}
    assert moved["segments"]["segment"].to_dict() == {2: "g1", 3: "g2"}
    assert moved["segments"].index.name == "row"


def test_tables_of_files_keep_their_rows(study: PartedStudy) -> None:
    """Tables that are told by the rows of files already are left as they are."""
    study.part(_at_two_places())
    tables = study.read("wca").by_name()

    numbered = number_rows(tables, study.build.received("wca"))

    assert all(numbered[name] is table for name, table in tables.items())


def test_part_reads_as_the_place_does(study: PartedStudy) -> None:
    """A part is what the tables of the place are, read whole: columns, types, rows and all."""
    received = _at_two_places()
    study.part(received)

    part = study.read("esa").by_name()

    expected = tables_of_place(received, "esa", study.opened.places).by_name()
    for name, table in part.items():
        pd.testing.assert_frame_equal(table, expected[name], check_index_type=False)
