from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_tables import make_received, make_received_at
from partitioned_study import GHA, KEN, PartitionedStudy, make_coded, make_said

from analysis.errors import PlaceError, TableError
from analysis.tables.focus_groups import may_count
from analysis.tables.partition import Partition, read_partition
from analysis.tables.placing import homes_of, require_placed, tables_of_place
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy
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


def test_each_place_has_the_rows_of_its_focus_groups(partitioned: PartitionedStudy) -> None:
    """A place's tables hold the focus groups at home in it, their segments and their codes."""
    partition = partitioned.partition(_at_two_places())

    assert (partition.regions, partition.continents) == (("esa", "wca"), ("africa",))
    assert partition.cleaned == ("esa", "wca")
    assert partitioned.ids("esa") == [["ken"], ["k1", "k2"], ["k2"]]
    assert partitioned.ids("wca") == [["gha"], ["g1", "g2"], ["g1"]]
    assert list(partition.rows["esa"].values()) == [1, 2, 1]
    assert partition == read_partition(partitioned.build)


def test_study_without_rows_has_no_places(partitioned: PartitionedStudy) -> None:
    """Tables of headers alone have no partition to write."""
    partition = partitioned.partition(make_received(groups=[]))

    assert Partition((), (), (), {}, {}, {}) == partition
    assert partitioned.files() == {}


def test_rows_that_no_report_counts_are_in_no_place(partitioned: PartitionedStudy) -> None:
    """Without consent, withdrawn, in an unknown place or on no continent of the study: left out."""
    left_out = [
        {**KEN, "focus_group": "silent", "consent": "none"},
        {**KEN, "focus_group": "gone", "withdrawn": "2020-11-02"},
        {**KEN, "focus_group": "lost", "places": "XXX"},
        {**KEN, "focus_group": "far", "places": "IND"},
    ]
    said = make_said(*((f"on {row['focus_group']}", row["focus_group"], "a") for row in left_out))
    received = make_received(
        groups=[KEN, *left_out],
        texts=[*make_said(("k1", "ken", "a"), ("x", "nobody", "b")), *said],
        applications=make_coded("k1", "x", "nothing", *(row["segment"] for row in said)),
    )

    partition = partitioned.partition(received)

    assert partition.cleaned == ("esa",)
    assert partitioned.ids("esa") == [["ken"], ["k1"], ["k1"]]


def test_focus_groups_in_no_place_of_the_study_are_refused(
    partitioned: PartitionedStudy,
) -> None:
    """The partition leaves them out, and a later check names each, by row."""
    rows = [KEN, {"focus_group": "far", "places": "IND"}]
    partitioned.partition(make_received(groups=rows))
    with pytest.raises(PlaceError, match=r"focus_groups\.csv row 3: far"):
        require_placed(partitioned.opened)

    partitioned.partition(make_received(groups=[*rows, {"focus_group": "x", "places": "XXX"}]))
    with pytest.raises(PlaceError, match=r"focus_groups\.csv row 4: unknown place 'XXX'"):
        require_placed(partitioned.opened)

    partitioned.partition(make_received_at("KEN", "global"))
    require_placed(partitioned.opened)


def test_global_submission_is_in_each_continent(partitioned: PartitionedStudy) -> None:
    """A focus group that no continent holds is at home in each one that it overlaps."""
    partition = partitioned.partition(make_received_at("KEN", "global"))

    assert partition.cleaned == ("africa", "esa")
    assert partitioned.ids("africa") == [["global"], ["on global"], ["on global"]]


def test_row_added_for_one_place_changes_no_other(partitioned: PartitionedStudy) -> None:
    """Rows that move in the study's files leave the files and digests of their place the same."""
    before, files = partitioned.partition(_at_two_places()), partitioned.files()
    more = make_received(
        groups=[KEN, {"focus_group": "uga", "places": "UGA"}, GHA],
        texts=make_said(
            *[("k1", "ken", "a"), ("u1", "uga", "x"), ("g1", "gha", "b")],
            *[("k2", "ken", "c"), ("g2", "gha", "d")],
        ),
        applications=make_coded("k1", "g1", "k2"),
    )

    after = partitioned.partition(more)

    of_ghana = {name: content for name, content in files.items() if name.startswith("wca/")}
    assert of_ghana.items() <= partitioned.files().items()
    assert before.digests["wca"] == after.digests["wca"]
    assert all(before.digests["esa"][table] != after.digests["esa"][table] for table in TABLES)


@pytest.mark.parametrize(
    ("table", "column", "place"),
    [
        ("focus_groups", "title", "esa"),
        ("segments", "text", "esa"),
        ("code_applications", "coder", "wca"),
    ],
)
def test_digest_follows_each_table(
    partitioned: PartitionedStudy, table: str, column: str, place: str
) -> None:
    """A changed value changes the digest of its table and place, and no other."""
    received = _at_two_places()
    before = partitioned.partition(received).digests
    received.by_name()[table].loc[2, column] = "changed"

    after = partitioned.partition(received).digests

    changed = [
        (place, name) for place in after for name in after[place]
        if after[place][name] != before[place][name]
    ]  # fmt: skip
    assert [(place, table)] == changed


def test_digest_depends_on_where_values_end(partitioned: PartitionedStudy) -> None:
    """The same characters in other cells have another digest."""
    received = _at_two_places()
    received.segments.loc[[2, 4], "text"] = ["ab", "c"]
    before = partitioned.partition(received).digests
    received.segments.loc[[2, 4], "text"] = ["a", "bc"]

    after = partitioned.partition(received).digests

    assert before["esa"]["segments"] != after["esa"]["segments"]


def test_context_follows_groups_that_overlap_a_place(partitioned: PartitionedStudy) -> None:
    """The context of a place depends on the focus groups that it may name, and on no others."""
    before = partitioned.partition(make_received_at("KEN", "GHA", "KEN;GHA"))
    others = make_received_at("KEN", "GHA", "KEN;GHA")
    others.focus_groups.loc[[2, 3], "title"] = "Another title"
    touching = make_received_at("KEN", "GHA", "KEN;GHA")
    touching.focus_groups.loc[4, "title"] = "Another title"
    hidden = make_received_at("KEN", "GHA", "KEN;GHA")
    hidden.focus_groups.loc[4, "consent"] = "none"

    contexts = [partitioned.partition(each).contexts for each in (others, touching, hidden)]

    assert before.contexts == contexts[0]
    assert before.contexts["africa"] == contexts[1]["africa"]
    assert len({each["esa"] for each in contexts}) == 3


def test_partition_is_the_same_from_csv_and_parquet(partitioned: PartitionedStudy) -> None:
    """The format of a study's tables shows in no file and no digest."""
    received = make_received_at("KEN", "GHA", "UGA", "africa", "EGY", "KEN;TZA", "NGA")
    from_csv = partitioned.partition(received), partitioned.files()

    from_parquet = partitioned.partition(received, as_parquet=True), partitioned.files()

    assert from_csv == from_parquet


def test_earlier_files_stay_when_a_table_is_unreadable(partitioned: PartitionedStudy) -> None:
    """A table that can't be read leaves the partition of before as it is."""
    partitioned.partition(_at_two_places())
    before = partitioned.files()
    path = partitioned.opened.folder / "code_applications.csv"
    path.write_text(path.read_text() + "a,b\n")

    with pytest.raises(TableError, match="row 4: 2 values"):
        partitioned.partition_again()

    assert before == partitioned.files()


def test_place_that_is_gone_leaves_no_files(partitioned: PartitionedStudy) -> None:
    """The files are those of the tables as they are now."""
    partitioned.partition(_at_two_places())

    partitioned.partition(make_received(groups=[GHA]))

    assert not partitioned.build.received("esa").exists()


def test_partition_is_read_without_pandas() -> None:
    """A process that only plans a build doesn't import pandas."""
    code = (
        "import sys; import analysis.tables.partition; "
        "sys.exit(bool({'pandas', 'pyarrow', 'numpy'}.intersection(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False)

    assert done.returncode == 0


KNOWN = ["KEN", "UGA", "GHA", "africa", "esa;wca", "EGY", "KEN;IND", "global", "IND", ""]


@st.composite
def studies(draw: st.DrawFn) -> ReceivedTables:
    """Draw a study in which ids repeat, are blank or unknown, and rows are in any order."""
    texts = st.sampled_from(["", "x", "é", "x\n", '"x",'])
    named_segments = st.sampled_from(["1", "2", "3", "4", "", " "])
    group = st.fixed_dictionaries(
        {
            "focus_group": st.sampled_from(["a", "b", "c", "d", "", " "]),
            "places": st.sampled_from([*KNOWN, "XXX", "KEN;XXX"]),
            "consent": st.sampled_from(["public", "public", "none"]),
            "title": texts,
        }
    )
    text = st.fixed_dictionaries(
        {
            "segment": named_segments,
            "focus_group": st.sampled_from(["a", "b", "c", "", " ", "nobody"]),
            "text": texts,
        }
    )
    application = st.fixed_dictionaries(
        {
            "segment": st.one_of(named_segments, st.just("ghost")),
            "code": st.sampled_from(["stigma", "services", ""]),
            "coder": st.just("ann"),
        }
    )
    return make_received(
        groups=draw(st.lists(group, min_size=draw(st.sampled_from([0, 4])), max_size=6)),
        texts=draw(st.lists(text, min_size=draw(st.sampled_from([0, 6])), max_size=10)),
        applications=draw(st.lists(application, max_size=10)),
    )


many_studies = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _is_reported(received: ReceivedTables) -> pd.Series:
    """Return which focus groups may be counted and are in known places in Africa."""
    groups = received.focus_groups
    known = groups["places"].isin(set(KNOWN) - {"IND", ""})
    return known & may_count(groups)


@many_studies
@given(studies())
def test_tables_of_a_place_are_those_of_the_whole(
    study: OpenedStudy, received: ReceivedTables
) -> None:
    """Whatever a study holds, a place has the rows that it has in the whole tables."""
    with TemporaryDirectory() as folder:
        made = PartitionedStudy(study, Path(folder))
        groups = received.focus_groups
        known = groups["places"].isin(KNOWN)
        placed = make_received(groups=groups[known].to_dict("records"))

        partition = made.partition(received)

        for place in partition.cleaned:
            names = tables_of_place(placed, place, study.places).focus_groups["focus_group"]
            texts = received.segments[received.segments["focus_group"].isin(names)]
            codes = received.code_applications
            expected = {
                "focus_groups": groups[groups["focus_group"].isin(names)],
                "segments": texts,
                "code_applications": codes[codes["segment"].isin(texts["segment"])],
            }
            for table, rows in made.read(place).items():
                pd.testing.assert_frame_equal(
                    expected[table].reset_index(drop=True), rows, check_index_type=False
                )


@many_studies
@given(studies())
def test_each_counted_group_is_in_its_home(study: OpenedStudy, received: ReceivedTables) -> None:
    """Every row that may be counted is in the home of its focus group, and in no other place."""
    with TemporaryDirectory() as folder:
        made = PartitionedStudy(study, Path(folder))
        reported = received.focus_groups[_is_reported(received)]
        homes = homes_of(reported, study.places).replace("global", "africa")
        expected = set(zip(reported["focus_group"], homes, strict=True))

        partition = made.partition(received)

        found = {
            (group, place)
            for place in partition.cleaned
            for group in made.read(place)["focus_groups"]["focus_group"]
        }
        assert expected == found
        assert partition.rows == {
            place: {name: len(table) for name, table in made.read(place).items()}
            for place in partition.cleaned
        }
