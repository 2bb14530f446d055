from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import ClaimError, PlaceError
from analysis.study.opened_study import open_study
from analysis.synthesis import cleaning_report
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import (
    keep_cleaned,
    open_cleaning,
    show_balance,
    show_changes,
    show_set_aside,
)
from analysis.tables.build_folder import BuildFolder
from analysis.tables.cleaning import PERSONAL_DATA
from analysis.tables.partition import partition_tables
from tiny_study import STUDY, put_value, repeat_row, table_of

if TYPE_CHECKING:
    from pathlib import Path

KEN = 2
UGA_1 = 8


@pytest.mark.usefixtures("tiny_root")
def test_kept_segments_are_linked_to_their_report() -> None:
    """A segment that was kept has an address; one that was set aside has none."""
    cleaning = open_cleaning(STUDY, "esa")

    addresses = [cleaning.address_of(segment) for segment in ("ken.1", "ken.2")]

    assert addresses == ["esa.html#segment-ken.1", ""]


@pytest.mark.parametrize("place", ["asia", "KEN"])
@pytest.mark.usefixtures("tiny_root")
def test_place_that_nobody_calls_home_is_refused(place: str) -> None:
    """A place that is the home of no focus group has nothing to clean, and is refused."""
    with pytest.raises(PlaceError, match="Expected: africa, esa, wca"):
        open_cleaning(STUDY, place)


def test_cleaned_tables_are_kept_only_in_a_build(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a build the cleaned tables are written for later steps; elsewhere nothing is written."""
    cleaning = open_cleaning(STUDY, "wca")
    outside = keep_cleaned(cleaning)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    inside = keep_cleaned(cleaning)

    assert outside.startswith("Not part of a build")
    assert inside.startswith("The cleaned tables are kept")
    kept = tiny_root / "build" / STUDY / "cleaned" / "wca"
    assert list(pd.read_parquet(kept / "segments.parquet")["segment"]) == ["gha.1", "gha.2"]


@pytest.mark.parametrize("place", ["africa", "esa", "wca"])
def test_partition_is_cleaned_as_the_place_is(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """In a build a place is cleaned from its partition, which gives the same tables."""
    outside = open_cleaning(STUDY, place).cleaned
    partition_tables(open_study(tiny_root, STUDY), BuildFolder(tiny_root / "build" / STUDY))
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    for table in ("focus_groups", "segments", "code_applications"):
        table_of(tiny_root, table).unlink()

    inside = open_cleaning(STUDY, place).cleaned

    for name, table in inside.by_name().items():
        expected = outside.by_name()[name]
        pd.testing.assert_frame_equal(table.set_axis(expected.index), expected)


def test_place_without_a_partition_is_refused_in_a_build(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A place that has no partition is refused in a build, as it is outside of one."""
    partition_tables(open_study(tiny_root, STUDY), BuildFolder(tiny_root / "build" / STUDY))
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")

    with pytest.raises(PlaceError, match="Expected: africa, esa, wca"):
        open_cleaning(STUDY, "asia")


def test_rows_that_move_leave_the_cleaned_tables(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cleaned tables of a build have the same bytes wherever rows are in the files."""
    build = BuildFolder(tiny_root / "build" / STUDY)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    kept = []
    for lines in ("", "\n\n"):
        path = table_of(tiny_root, "segments")
        path.write_text(lines + path.read_text(encoding="utf-8"), encoding="utf-8")
        partition_tables(open_study(tiny_root, STUDY), build)
        keep_cleaned(open_cleaning(STUDY, "esa"))
        kept.append({each.name: each.read_bytes() for each in build.cleaned("esa").iterdir()})

    assert kept[0] == kept[1]


@pytest.mark.usefixtures("tiny_root")
def test_balance_shows_received_kept_and_set_aside() -> None:
    """Segments received are those kept and those set aside, reason by reason."""
    shown = show_balance(open_cleaning(STUDY, "esa"), Ledger("esa"))

    assert {claim.id: claim.value for claim in shown.claims} == {
        "esa.balance.received": 8,
        "esa.balance.kept": 7,
        "esa.balance.set_aside.lead_ins": 1,
        "esa.codings.received": 9,
        "esa.codings.kept": 9,
    }


def test_reasons_keep_their_names(tiny_root: Path) -> None:
    """A claim on what was set aside keeps its id when another reason comes in."""
    for column in ("section", "question", "text"):
        for row in (UGA_1, UGA_1 + 1):
            put_value(tiny_root, "segments", (row, column), "hope")

    set_in_study(tiny_root, "repeats: set-aside")

    shown = show_balance(open_cleaning(STUDY, "esa"), Ledger("esa"))

    assert [claim.id for claim in shown.claims if "set_aside" in claim.id] == [
        "esa.balance.set_aside.lead_ins",
        "esa.balance.set_aside.duplicates",
    ]


@pytest.mark.parametrize(
    ("stated", "segments", "codings"),
    [("", (9, 8, 0), (11, 11, 0)), ("repeats: set-aside", (9, 7, 1), (11, 10, 1))],
)
def test_merged_codings_are_counted(
    tiny_root: Path, stated: str, segments: tuple[int, ...], codings: tuple[int, ...]
) -> None:
    """Codings of a repeat are merged with those of the first, and counted."""
    repeat_row(tiny_root, "segments", 7)
    put_value(tiny_root, "segments", (14, "segment"), "ken.7")
    put_value(tiny_root, "segments", (14, "position"), "2")
    for row in (7, 8):  # criminalization by ann, and stigma by bot, on ken.6
        repeat_row(tiny_root, "code_applications", row)
    put_value(tiny_root, "code_applications", (16, "segment"), "ken.7")
    put_value(tiny_root, "code_applications", (17, "segment"), "ken.7")
    put_value(tiny_root, "code_applications", (17, "coder"), "ann")
    set_in_study(tiny_root, stated)

    shown = show_balance(open_cleaning(STUDY, "esa"), Ledger("esa"))

    counted = {claim.id.removeprefix("esa."): claim.value for claim in shown.claims}
    names = ("received", "kept", "set_aside.duplicates")
    assert tuple(counted.get(f"balance.{name}", 0) for name in names) == segments
    names = ("received", "kept", "set_aside.merged")
    assert tuple(counted.get(f"codings.{name}", 0) for name in names) == codings


def set_in_study(root: Path, line: str) -> None:
    """Add a line to the settings of the tiny study."""
    with (root / "data" / STUDY / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


@pytest.mark.usefixtures("tiny_root")
def test_lost_segment_is_named() -> None:
    """A segment that cleaning neither kept nor set aside stops the notebook, by its name."""
    cleaning = open_cleaning(STUDY, "esa")
    fewer = replace(cleaning.cleaned, segments=cleaning.cleaned.segments.iloc[1:])

    with pytest.raises(ClaimError, match=r"ken\.1: received 1 times, accounted for 0 times"):
        show_balance(replace(cleaning, cleaned=fewer), Ledger("esa"))


def test_repeat_is_listed_with_what_it_is_merged_into(tiny_root: Path) -> None:
    """Each lead-in and repeat is listed with its reason, and a repeat with its first segment."""
    repeat_row(tiny_root, "segments", 7)
    put_value(tiny_root, "segments", (14, "segment"), "ken.7")
    put_value(tiny_root, "segments", (14, "position"), "2")

    set_in_study(tiny_root, "repeats: set-aside")
    shown = show_set_aside(open_cleaning(STUDY, "esa"), Ledger("esa"))

    assert "<code>ken.2</code>" in shown.html
    assert shown.html.endswith(
        '<th scope="row"><code>ken.7</code></th><td data-label="Reason">'
        "repeat: the same text as another passage of the same answer</td>"
        '<td data-label="Merged into"><code>ken.6</code></td></tr></tbody></table></div>'
    )


@pytest.mark.usefixtures("tiny_root")
def test_segment_set_aside_to_protect_people_is_listed() -> None:
    """A segment whose words were taken out after review is listed by its id, with the reason."""
    cleaning = open_cleaning(STUDY, "esa")
    aside = cleaning.cleaned.set_aside.assign(reason=PERSONAL_DATA)

    shown = show_set_aside(
        replace(cleaning, cleaned=replace(cleaning.cleaned, set_aside=aside)), Ledger("esa")
    )

    assert "<code>ken.2</code>" in shown.html
    assert PERSONAL_DATA in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_lost_coding_is_refused() -> None:
    """A code application that cleaning neither kept nor set aside stops the notebook."""
    cleaning = open_cleaning(STUDY, "esa")
    fewer = cleaning.cleaned.code_applications.iloc[1:]

    with pytest.raises(ClaimError, match="9 received, 8 kept, 0 set aside"):
        show_balance(
            replace(cleaning, cleaned=replace(cleaning.cleaned, code_applications=fewer)),
            Ledger("esa"),
        )


@pytest.mark.usefixtures("tiny_root")
def test_nothing_set_aside_is_said() -> None:
    """Where no segment was a lead-in or a repeat, that is said."""
    shown = show_set_aside(open_cleaning(STUDY, "wca"), Ledger("wca"))

    assert shown.text == "No passage was a lead-in or a repeat."


def test_changes_rest_on_what_they_changed(tiny_root: Path) -> None:
    """Each change has how often it was made, in segments and in focus groups."""
    put_value(tiny_root, "segments", (2, "text"), "Clinics  close  early.")
    put_value(tiny_root, "focus_groups", (KEN, "title"), "Peers  in Kenya")

    shown = show_changes(open_cleaning(STUDY, "esa"), Ledger("esa"))

    (claim,) = shown.claims
    assert (claim.value, claim.segments, claim.focus_groups) == (3, ("ken.1",), ("ken",))


@pytest.mark.usefixtures("tiny_root")
def test_no_changes_are_said() -> None:
    """Where cleaning changed no words, that is said."""
    shown = show_changes(open_cleaning(STUDY, "esa"), Ledger("esa"))

    assert shown.text == "Cleaning changed no words."


def test_of_many_set_aside_the_first_are_listed(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of very many is cut; the evidence of the whole number names all."""
    repeat_row(tiny_root, "segments", 7)
    put_value(tiny_root, "segments", (14, "segment"), "ken.7")
    put_value(tiny_root, "segments", (14, "position"), "2")
    monkeypatch.setattr(cleaning_report, "MOST_LISTED", 1)

    set_in_study(tiny_root, "repeats: set-aside")
    shown = show_set_aside(open_cleaning(STUDY, "esa"), Ledger("esa"))

    listed, whole = shown.claims
    assert (listed.id, listed.segments) == ("esa.listed.set_aside", ("ken.2",))
    assert (whole.id, whole.segments) == ("esa.in_all.set_aside", ("ken.2", "ken.7"))
    assert shown.html.count("<tr>") == 2


def test_of_many_kinds_of_changes_the_others_are_reported_as_one(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes of kinds beyond those listed are counted together, so that none is left out."""
    put_value(tiny_root, "segments", (2, "text"), "Clinics  close\u00a0early.")
    put_value(tiny_root, "segments", (3, "text"), " Clinics close early.")
    monkeypatch.setattr(cleaning_report, "MOST_LISTED", 1)

    shown = show_changes(open_cleaning(STUDY, "esa"), Ledger("esa"))

    assert {claim.id: claim.value for claim in shown.claims} == {
        "esa.changed.1": 1,
        "esa.changed.others": 2,
    }
