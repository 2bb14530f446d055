from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_parts import PartedStudy
from made_tables import make_received

from analysis.tables import part_files, streaming
from analysis.tables.parted import ELSEWHERE
from analysis.tables.placing import tables_of_place
from analysis.tables.table_files import TABLES

if TYPE_CHECKING:
    import pytest

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.received import ReceivedTables

KNOWN = ["KEN", "UGA", "GHA", "africa", "esa;wca", "EGY", "KEN;IND", "global", "IND", ""]
groups = st.sampled_from(["a", "b", "c", "d", "", " "])
named_groups = st.sampled_from(["a", "b", "c", "a", "b", "c", "", " ", "nobody", "somebody"])
named_segments = st.sampled_from(["1", "2", "3", "4", "", " "])
texts = st.sampled_from(["", "x", "é", "x\n", '"x",'])


@st.composite
def studies(draw: st.DrawFn, places: list[str]) -> ReceivedTables:
    """Draw a study in which ids repeat, are blank or unknown, and rows are in any order."""
    group = st.fixed_dictionaries(
        {
            "focus_group": groups,
            "places": st.sampled_from(places),
            "consent": st.sampled_from(["public", "public", "none"]),
            "title": texts,
        }
    )
    text = st.fixed_dictionaries(
        {"segment": named_segments, "focus_group": named_groups, "text": texts}
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


sizes = st.integers(1, 4)
of_known_places = studies(KNOWN)
of_any_places = studies([*KNOWN, "XXX", "KEN;XXX"])
parted_many_times = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@parted_many_times
@given(of_known_places)
def test_parts_are_the_tables_of_places(opened: OpenedStudy, received: ReceivedTables) -> None:
    """Whatever a study holds, a part is what the tables of its place are, read whole."""
    with TemporaryDirectory() as folder:
        study = PartedStudy(opened, Path(folder))

        parting = study.part(received)

        for place in parting.cleaned:
            part = study.read(place).by_name()
            whole = tables_of_place(received, place, opened.places).by_name()
            for table in TABLES:
                pd.testing.assert_frame_equal(part[table], whole[table], check_index_type=False)


@parted_many_times
@given(of_any_places)
def test_no_row_is_lost(opened: OpenedStudy, received: ReceivedTables) -> None:
    """Every row received is in some part, as it was received."""
    with TemporaryDirectory() as folder:
        study = PartedStudy(opened, Path(folder))

        parting = study.part(received)

        parts = [study.read(part).by_name() for part in parting.parts]
        for table in TABLES:
            joined = pd.concat([part[table].reset_index() for part in parts])
            once = joined.drop_duplicates().set_index("row").sort_index()
            whole = received.by_name()[table]
            pd.testing.assert_frame_equal(once, whole, check_index_type=False)


def _repeated(table: pd.DataFrame, columns: list[str]) -> set[int]:
    named = table[table[columns[0]].str.strip() != ""]
    return set(named.index[named.duplicated(columns, keep=False)])


def _faults(tables: ReceivedTables) -> dict[str, set[int]]:
    """Give the rows in which the tables fall short of what is expected across rows and tables."""
    groups, texts, applications = (
        tables.focus_groups,
        tables.segments,
        tables.code_applications,
    )
    return {
        "focus group listed twice": _repeated(groups, ["focus_group"]),
        "segment listed twice": _repeated(texts, ["segment"]),
        "position taken twice": _repeated(texts, ["focus_group", "text"]),
        "code applied twice": _repeated(applications, ["segment", "code", "coder"]),
        "focus group unknown": set(texts.index[~texts["focus_group"].isin(groups["focus_group"])]),
        "segment unknown": set(applications.index[~applications["segment"].isin(texts["segment"])]),
        "segment uncoded": set(texts.index[~texts["segment"].isin(applications["segment"])]),
    }


@parted_many_times
@given(of_any_places)
def test_parts_show_every_fault_and_no_other(opened: OpenedStudy, received: ReceivedTables) -> None:
    """What falls short across rows or tables does so in some part; what does not, in none."""
    with TemporaryDirectory() as folder:
        study = PartedStudy(opened, Path(folder))

        parting = study.part(received)

        found: dict[str, set[int]] = {}
        for part in parting.parts:
            for fault, rows in _faults(study.read(part)).items():
                found.setdefault(fault, set()).update(rows)
        assert found == _faults(received)


@parted_many_times
@given(of_any_places)
def test_whole_is_told_as_the_whole_is(opened: OpenedStudy, received: ReceivedTables) -> None:
    """What is told of the study beside its parts is what the whole tables say."""
    with TemporaryDirectory() as folder:
        parting = PartedStudy(opened, Path(folder)).part(received)

    groups, texts = received.focus_groups, received.segments
    words = texts.groupby("focus_group")["text"].agg(lambda said: tuple(sorted(said)))
    several = words[words.map(len) > 1]
    codes = set(received.code_applications["code"])
    assert parting.applied == tuple(sorted(codes & set(opened.codebook.codes)))
    assert parting.with_same_words == tuple(sorted(several.index[several.duplicated(keep=False)]))
    assert parting.without_segments == tuple(
        sorted(set(groups["focus_group"]) - set(texts["focus_group"]))
    )
    for table in TABLES:
        whole = received.by_name()[table]
        blank = [name for name in whole if (whole[name].str.strip() == "").all()]
        assert parting.tables[table].rows == len(whole)
        assert list(parting.tables[table].blank_columns) == blank


@parted_many_times
@given(received=of_any_places, chunk=sizes, group=sizes)
def test_chunks_show_in_nothing(
    opened: OpenedStudy,
    monkeypatch: pytest.MonkeyPatch,
    received: ReceivedTables,
    *,
    chunk: int,
    group: int,
) -> None:
    """However many rows are read at once, the parts are the same bytes and the same digests."""
    monkeypatch.setattr(part_files, "GROUP_ROWS", group)
    with TemporaryDirectory() as folder:
        study = PartedStudy(opened, Path(folder))
        monkeypatch.setattr(streaming, "CHUNK_ROWS", 100)
        parting = study.part(received)
        files = study.files()
        monkeypatch.setattr(streaming, "CHUNK_ROWS", chunk)

        again = study.part(received, as_parquet=True)

        assert (again, study.files()) == (parting, files)


@parted_many_times
@given(of_any_places)
def test_elsewhere_is_empty_where_all_is_well(
    opened: OpenedStudy, received: ReceivedTables
) -> None:
    """Elsewhere holds rows only of a study in which something has no place or is there twice."""
    with TemporaryDirectory() as folder:
        study = PartedStudy(opened, Path(folder))

        parting = study.part(received)

        rows = sum(table.rows for table in parting.parts[ELSEWHERE].values())
        faults = _faults(received)
        is_well = not any(
            faults[name]
            for name in ("segment listed twice", "focus group unknown", "segment unknown")
        )
        has_home = received.focus_groups["consent"].eq("public").all() and not parting.misplaced
        assert rows == 0 or not (is_well and has_home)
