from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import PlaceError
from analysis.synthesis import coverage as coverage_module
from analysis.synthesis import coverage_parts
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import clean_place, keep_cleaned
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.coverage_tables import show_who_was_heard
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

KEN, UGA, GHA, AFR = 2, 3, 4, 5


@pytest.mark.usefixtures("tiny_root")
def test_coverage_holds_the_whole_study_without_words() -> None:
    """Coverage holds each focus group once, with its home, and nothing of what was said."""
    coverage = open_coverage(STUDY)

    groups = coverage.focus_groups
    assert dict(zip(groups["focus_group"], groups["home"], strict=True)) == {
        "ken": "esa",
        "uga": "esa",
        "gha": "wca",
        "afr": "africa",
    }
    assert sorted(coverage.segments.columns) == ["cell", "focus_group", "segment"]
    assert len(coverage.segments) == 10, "neither the lead-in nor the heading"


def test_focus_group_that_may_not_count_is_not_covered(tiny_root: Path) -> None:
    """Without consent a focus group, its segments and its codes are not covered."""
    put_value(tiny_root, "focus_groups", (KEN, "consent"), "none")

    coverage = open_coverage(STUDY)

    assert "ken" not in set(coverage.focus_groups["focus_group"])
    assert not coverage.segments["segment"].str.startswith("ken").any()
    assert set(coverage.code_applications["row"]) <= set(coverage.segments.index)


def test_words_of_two_continents_stand_on_a_page_that_holds_them(tiny_root: Path) -> None:
    """A segment of a focus group on two continents is linked to the first that is reported."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia, europe]"), encoding="utf-8")
    put_value(tiny_root, "focus_groups", (AFR, "places"), "IND;FRA")

    coverage = open_coverage(STUDY)

    ledger = Ledger("study")
    show_who_was_heard(coverage, ledger)
    addresses = coverage.addresses(ledger)
    assert addresses["afr.1"] == "asia.html#segment-afr.1"
    assert addresses["ken.1"] == "esa.html#segment-ken.1"
    assert (coverage.focus_groups["focus_group"] == "afr").sum() == 1


def test_study_without_consent_is_refused(tiny_root: Path) -> None:
    """Where no focus group may be counted there is nothing to cover, and that is said."""
    for row in (KEN, UGA, GHA, AFR):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")

    with pytest.raises(PlaceError, match="No focus group of tiny may be counted"):
        open_coverage(STUDY)


def test_coverage_of_a_build_is_that_of_the_cleaned_tables(
    tiny_root: Path,  # noqa: ARG001 (the root must be there)
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In a build what cleaning kept is read, and nothing is cleaned again."""
    outside = open_coverage(STUDY)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    for place in ("africa", "esa", "wca"):
        keep_cleaned(clean_place(STUDY, place))
    monkeypatch.delattr(coverage_parts, "cleaned_tables")

    inside = open_coverage(STUDY)

    for name in ("focus_groups", "segments", "code_applications"):
        pd.testing.assert_frame_equal(getattr(inside, name), getattr(outside, name))


def test_what_bears_the_claims_of_a_large_study_is_listed_apart(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a build a study with more segments than are listed has a file for what bears claims."""
    coverage = open_coverage(STUDY)
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    few = coverage.bearings
    monkeypatch.setattr(coverage_module, "LISTED_SEGMENTS", 9)

    assert few is None
    assert coverage.bearings == tiny_root / "build" / STUDY / "bearings" / "coverage.parquet"
