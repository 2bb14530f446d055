from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tiny_study
from analysis.errors import TableError
from analysis.quality.context import context_of
from analysis.quality.evaluation import check_tables
from analysis.quality.suites import read_suites
from analysis.study.opened_study import open_study
from analysis.tables.placing import places_to_report
from analysis.tables.received import read_received
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    return write_tiny_root(tmp_path / "tiny-root")


def test_opens_as_a_study(tiny_root: Path) -> None:
    """The tiny study opens, and its tables have as many rows as a reader counts."""
    opened = open_study(tiny_root, STUDY)

    rows = {name: len(rows) for name, rows in read_received(opened.folder).by_name().items()}

    assert rows == {"codebook": 6, "focus_groups": 4, "segments": 12, "code_applications": 14}


def test_passes_what_the_checks_expect(tiny_root: Path) -> None:
    """No expectation that ships falls short of the tiny study."""
    opened = open_study(tiny_root, STUDY)
    suites = read_suites(tiny_root / "expectations")

    report = check_tables(
        read_received(opened.folder).by_name(), context_of(opened), stage="received", suites=suites
    )

    assert [outcome.fault for outcome in report.outcomes if not outcome.held] == []


def test_reports_on_two_regions_and_a_continent(tiny_root: Path) -> None:
    """The tiny study has two regions and one continent to report on."""
    opened = open_study(tiny_root, STUDY)
    groups = read_received(opened.folder).focus_groups

    reported = places_to_report(groups, opened.places, opened.settings.continents)

    assert reported == (("esa", "wca"), ("africa",))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda root: tiny_study.drop_column(root, "segments", "label"), "missing: label"),
        (
            lambda root: tiny_study.rename_column(root, "segments", "text", "texts"),
            "unknown: column H, of 5 characters (closest: text)",
        ),
        (
            lambda root: tiny_study.break_encoding(root, "segments", 4),
            "segments.csv line 4: byte",
        ),
    ],
    ids=["dropped-column", "renamed-column", "broken-encoding"],
)
def test_damage_to_a_file_is_refused(
    tiny_root: Path, damage: Callable[[Path], None], message: str
) -> None:
    """A damaged file is refused with what is wrong with it."""
    damage(tiny_root)

    with pytest.raises(TableError) as refusal:
        read_received(tiny_root / "data" / STUDY)

    assert message in str(refusal.value)


def test_damage_to_rows_is_as_asked_for(tiny_root: Path) -> None:
    """A value put, a row repeated and rows dropped are in the table, and nothing else changes."""
    tiny_study.put_value(tiny_root, "segments", (3, "text"), "Other words.")
    tiny_study.repeat_row(tiny_root, "segments", 3)
    tiny_study.drop_rows(tiny_root, "code_applications")

    received = read_received(tiny_root / "data" / STUDY)
    texts = received.segments["text"]
    assert (texts[3], texts[14], len(texts)) == ("Other words.", "Other words.", 13)
    assert received.code_applications.empty
