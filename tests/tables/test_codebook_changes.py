from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import TableError
from analysis.publishing.row_changes import changed_codes
from analysis.quality.checks import check_named
from analysis.recount.study import read_study
from analysis.study.csv_rows import write_csv
from analysis.tables.code_applications import COLUMNS
from analysis.tables.codebook_changes import (
    CHANGE_COLUMNS,
    current_version,
    migrate,
    read_changes,
    rows_to_recode,
)
from analysis.tables.received import read_received
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.quality.outcomes import CheckReport, Outcome

SPLIT_FIRST = ("1", "2021-01-04", "split", "love", "care; shame", "Two things were meant.")
LAST = ("4", "2021-02-01", "rename", "shame", "stigma", "As participants say it.")
RENAMED = ("2", "2021-01-05", "rename", "policing", "criminalization", "The law is meant.")
MERGED = ("2", "2021-01-05", "merge", "peers", "community", "Nobody kept them apart.")
SPLIT = ("3", "2021-02-01", "split", "care", "services; community", "Two things were meant.")
RETIRED = ("3", "2021-02-01", "retire", "weather", "", "Nobody used it.")


def write_changes(root: Path, *rows: tuple[str, ...]) -> Path:
    folder = root / "data" / STUDY
    write_csv(folder / "codebook_changes.csv", [CHANGE_COLUMNS, *rows])
    return folder


def coded(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def migrated(root: Path, rows: pd.DataFrame, **had: str) -> list[tuple[str, ...]]:
    changes = read_changes(write_changes(root, SPLIT_FIRST, RENAMED, MERGED, SPLIT, RETIRED, LAST))
    return [tuple(row) for row in migrate(rows, changes, had).to_numpy()]


@pytest.mark.parametrize(
    ("applied", "becomes"),
    [
        ((("s", "policing", "ann"),), [("s", "criminalization", "ann")]),
        ((("s", "peers", "ann"),), [("s", "community", "ann")]),
        ((("s", "community", "ann"), ("s", "peers", "ann")), [("s", "community", "ann")]),
        ((("s", "peers", "ann"), ("s", "community", "ann")), [("s", "community", "ann")]),
        ((("s", "care", "ann"),), [("s", "services", "ann")]),
        ((("s", "care", "ann"), ("s", "community", "ann")), [("s", "community", "ann")]),
        (
            (("s", "care", "ann"), ("s", "community", "bot")),
            [("s", "services", "ann"), ("s", "community", "bot")],
        ),
        ((("s", "weather", "ann"),), [("s", "none", "ann")]),
        ((("s", "weather", "ann"), ("s", "stigma", "ann")), [("s", "stigma", "ann")]),
        ((("s", "stigma", "ann"),), [("s", "stigma", "ann")]),
        ((("s", "love", "ann"),), [("s", "services", "ann")]),
        ((("s", "love", "ann"), ("s", "stigma", "ann")), [("s", "stigma", "ann")]),
    ],
    ids=[
        *("renamed", "merged", "merged twice", "merged before", "split", "split and recoded"),
        *("recoded by another", "retired", "retired beside another", "as it was"),
        *("split and renamed", "split, renamed and recoded with the last name"),
    ],
)
def test_codings_of_older_versions_are_migrated(
    tiny_root: Path, applied: tuple[tuple[str, str, str], ...], becomes: list[tuple[str, ...]]
) -> None:
    """Each coding gets the code of now; what a coder did by hand comes first."""
    assert migrated(tiny_root, coded(*applied)) == becomes


def test_rows_to_recode_are_those_that_nobody_coded_again(tiny_root: Path) -> None:
    """Of three codings of a split code, one coder chose a new code for the first."""
    changes = read_changes(write_changes(tiny_root, SPLIT))
    rows = coded(("s", "care", "ann"), ("s", "care", "bot"), ("s", "services", "ann"))

    assert rows_to_recode(rows, changes, {}) == {1}
    assert rows_to_recode(rows, changes, {"bot": "3"}) == frozenset()


def test_coder_with_a_later_version_keeps_a_code_of_the_same_name(tiny_root: Path) -> None:
    """A coder who had version 2 has its changes already: only those of version 3 apply."""
    rows = coded(("s", "policing", "ann"), ("s", "care", "ann"))

    assert migrated(tiny_root, rows, ann="2") == [
        ("s", "policing", "ann"),
        ("s", "services", "ann"),
    ]


def test_tables_are_read_with_the_codes_of_now(tiny_root: Path) -> None:
    """A study coded with an older version is read whole, and its independent recount agrees."""
    before = read_received(tiny_root / "data" / STUDY).code_applications
    put_value(tiny_root, "code_applications", (6, "code"), "policing")
    folder = write_changes(tiny_root, RENAMED)

    after = read_received(folder).code_applications

    assert after.to_numpy().tolist() == before.to_numpy().tolist()
    recounted = [tuple(row.values()) for row in read_study(tiny_root, STUDY).code_applications]
    assert recounted == [tuple(row) for row in after.to_numpy()]
    version = current_version(folder)
    assert version
    assert (version.version, version.date) == ("2", "2021-01-05")


def test_difference_of_codebooks_is_in_words(tiny_root: Path, tmp_path: Path) -> None:
    """A comparison lists which codes were merged, split and retired meanwhile, or no longer are."""
    before = shutil.copytree(write_changes(tiny_root, RENAMED, LAST), tmp_path / "before")
    after = write_changes(tiny_root, RENAMED, MERGED, SPLIT, RETIRED)

    assert [each.text for each in changed_codes(before, after)] == [
        "codebook: merge peers → community",
        "codebook: split care → services, community",
        "codebook: retire weather",
        "codebook: no longer rename shame → stigma",
    ]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        (("2", "2021-01-05", "renamed", "a", "stigma", "x"), "closest: rename"),
        (("2", "2021-01-05", "rename", "a", "stigmata", "x"), "closest: stigma"),
        (("2", "2021-01-05", "rename", "a", "stigma;services", "x"), "rename needs one code"),
        (("2", "2021-01-05", "split", "a", "stigma", "x"), "split needs two codes or more"),
        (("2", "2021-01-05", "retire", "a", "stigma", "x"), "retire needs blank"),
        (("2", "2021-01-05", "rename", "services", "stigma", "x"), "still in codebook.csv"),
        (("2", "2021-01-05", "rename", "stigma", "stigma", "x"), "still in codebook.csv"),
        (("2", "2021-01-05", "split", "services", "services;stigma", "x"), "still in codebook.csv"),
        (("2", "2021-01-05", "split", "a", "stigma; stigma", "x"), "split needs two codes or more"),
        (("2", "2021-01-05", "merge", "a", "", "x"), "merge needs one code"),
        (("2", "5.1.2021", "rename", "a", "stigma", "x"), "is no date like 2020-10-12"),
        (("", "2021-01-05", "rename", "a", "stigma", ""), "version is blank"),
        (("2", "2021-01-05", "rename", "Jane Doe", "stigma", "x"), "old is not a code"),
    ],
)
def test_changes_that_cannot_be_used_are_refused(
    tiny_root: Path, row: tuple[str, ...], named: str
) -> None:
    """Each row that can't be used is named, with what was expected, and without free text."""
    folder = write_changes(tiny_root, row)

    with pytest.raises(TableError) as refusal:
        read_changes(folder)

    assert any(named in each and "row 2" in each for each in refusal.value.offenders)
    assert "Jane" not in str(refusal.value)


@pytest.mark.parametrize(
    ("rows", "offender"),
    [
        ((RENAMED, ("3", *RENAMED[1:])), "row 3: old 'policing' is also in row 2"),
        ((RENAMED, ("3", "2020-01-05", *RETIRED[2:])), "row 3: its date is before that of"),
        ((RENAMED, RETIRED, ("2", "2021-02-01", *MERGED[2:])), "row 4: its version is also above"),
        (
            (("2", "2021-01-05", "rename", "a", "b", "x"), ("2", "2021-01-05", "retire", "b")),
            "",
        ),
        (
            (("2", "2021-01-05", "retire", "b", "", "x"), ("2", "2021-01-05", "rename", "a", "b")),
            "row 3: unknown code 'b'",
        ),
    ],
    ids=["twice", "older", "version ended", "new code changed later", "new code changed before"],
)
def test_changes_are_in_order(
    tiny_root: Path, rows: tuple[tuple[str, ...], ...], offender: str
) -> None:
    """A code changes once, versions follow each other, and so do days."""
    folder = write_changes(tiny_root, *((*row, *("", "x")[len(row) - 6 :])[:6] for row in rows))

    if not offender:
        assert len(read_changes(folder)) == len(rows)
        return
    with pytest.raises(TableError) as refusal:
        read_changes(folder)
    assert [each for each in refusal.value.offenders if offender in each] != []


def test_check_lists_codings_of_a_split_code_until_they_are_coded_again(tiny_root: Path) -> None:
    """Each is named with what to do; a row with one of the new codes settles it."""
    put_value(tiny_root, "code_applications", (6, "code"), "care")
    write_changes(tiny_root, SPLIT)
    before = check_named(tiny_root, STUDY)
    path = table_of(tiny_root, "code_applications")
    segment, _, coder = path.read_text("utf-8").splitlines()[5].split(",")
    path.write_text(f"{path.read_text('utf-8')}{segment},services,{coder}\n", "utf-8")

    after = check_named(tiny_root, STUDY)

    (found,) = of_split(before)
    (offender,) = before.offenders(found)
    assert offender.startswith("code_applications.csv row 6 (segment ken.5): code split")
    assert "'services'" in offender
    assert "add a row with the same segment and coder" in found.remedy
    assert of_split(after) == []


def of_split(report: CheckReport) -> list[Outcome]:
    return [each for each in report.warnings if each.fault == "code split, and not chosen again"]
