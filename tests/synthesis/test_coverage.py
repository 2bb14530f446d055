from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import PlaceError
from analysis.synthesis import corpus_tables
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import keep_cleaned, open_cleaning
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.coverage_section import (
    show_who_answered,
    show_who_coded,
    show_who_was_heard,
)
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.synthesis.claims import Fragment

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
    columns = ["segment", "focus_group", "cell", "label", "page", "home"]
    assert list(coverage.segments.columns) == columns
    assert len(coverage.segments) == 10, "neither the lead-in nor the heading"


def test_focus_group_that_may_not_count_is_not_covered(tiny_root: Path) -> None:
    """Without consent a focus group, its segments and its codes are not covered."""
    put_value(tiny_root, "focus_groups", (KEN, "consent"), "none")

    coverage = open_coverage(STUDY)

    assert "ken" not in set(coverage.focus_groups["focus_group"])
    assert not coverage.segments["segment"].str.startswith("ken").any()
    assert set(coverage.code_applications["segment"]) <= set(coverage.segments["segment"])


def test_words_of_two_continents_are_on_a_page_that_holds_them(tiny_root: Path) -> None:
    """A segment of a focus group on two continents is linked to the first that is reported."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[africa]", "[africa, asia, europe]"), encoding="utf-8")
    put_value(tiny_root, "focus_groups", (AFR, "places"), "IND;FRA")

    coverage = open_coverage(STUDY)

    addresses = [coverage.address_of(segment) for segment in ("afr.1", "ken.1", "ken.2")]
    assert addresses == ["asia.html#segment-afr.1", "esa.html#segment-ken.1", ""]
    assert (coverage.focus_groups["focus_group"] == "afr").sum() == 1


def test_study_without_consent_is_refused(tiny_root: Path) -> None:
    """Where no focus group may be counted there is nothing to cover: the error says so."""
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
        keep_cleaned(open_cleaning(STUDY, place))
    monkeypatch.delattr(corpus_tables, "clean_place")

    inside = open_coverage(STUDY)

    # In a build passages are on pages of their own.
    for name in ("focus_groups", "segments", "code_applications"):
        tables = [getattr(each, name) for each in (inside, outside)]
        pd.testing.assert_frame_equal(*(t.drop(columns="page", errors="ignore") for t in tables))


def texts_by_id(fragment: Fragment) -> dict[str, str]:
    return {claim.id.removeprefix("study."): claim.text for claim in fragment.claims}


@pytest.mark.usefixtures("tiny_root")
def test_heard_sums_up() -> None:
    """Who was heard is shown by home, and in all."""
    heard = texts_by_id(show_who_was_heard(open_coverage(STUDY), Ledger("study")))

    homes = ("esa", "wca", "africa", "all")
    assert [heard[f"heard.focus_groups.{home}"] for home in homes] == ["2", "1", "1", "4"]
    assert [heard[f"heard.countries.{home}"] for home in homes] == ["2", "1", "0", "3"]
    assert [heard[f"heard.participants.{home}"] for home in homes] == ["15", "5", "10", "30"]
    assert [heard[f"heard.segments.{home}"] for home in homes] == ["6", "2", "2", "10"]


def test_groups_that_no_number_counts_are_counted_without_a_name(tiny_root: Path) -> None:
    """How many focus groups were withdrawn, and how many gave no consent, is shown; not which."""
    put_value(tiny_root, "focus_groups", (KEN, "withdrawn"), "2020-11-01")
    put_value(tiny_root, "focus_groups", (AFR, "consent"), "none")

    shown = show_who_was_heard(open_coverage(STUDY), Ledger("study"))

    assert [" ".join(line.split()) for line in shown.text.splitlines()[-2:]] == [
        "1 focus group was withdrawn from the study. It is in no other number.",
        "1 focus group gave no consent to be counted. It is in no other number.",
    ]
    assert not {"ken", "afr"} & {group for claim in shown.claims for group in claim.focus_groups}


@pytest.mark.usefixtures("tiny_root")
def test_answered_counts_who_is_at_home() -> None:
    """Each cell shows who answered it, of the focus groups at home in the place."""
    coverage = open_coverage(STUDY)

    answered = texts_by_id(show_who_answered(coverage, Ledger("study")))

    of_cells = [name for name in answered if name.startswith("answered.")]
    assert len(of_cells) == len(coverage.study.instrument.cells) * 3
    stop = "recommendations.stop"
    assert [answered[f"answered.{home}.{stop}"] for home in ("esa", "wca", "africa")] == [
        "2 of 2",
        "0 of 1",
        "1 of 1",
    ]


def test_interviews_have_no_empty_questions(tiny_root: Path) -> None:
    """A study whose segments answer no question of the template has no table of its questions."""
    put_all_in_introduction(tiny_root)

    coverage = open_coverage(STUDY)
    shown = show_who_answered(coverage, Ledger("study"))

    assert (str(shown.html), shown.claims) == ("", ())


def put_all_in_introduction(root: Path) -> None:
    """Make the tiny study one of interviews."""
    for number, row in enumerate(range(2, 14), start=1):
        for column, value in (
            ("section", "theme"),
            ("question", "introduction"),
            ("role", "prose"),
            ("position", f"p{number}"),
        ):
            put_value(root, "segments", (row, column), value)


@pytest.mark.usefixtures("tiny_root")
def test_coders_are_reported_with_what_they_coded() -> None:
    """Each coder of the settings is shown with the focus groups and the codes that they put."""
    coded = texts_by_id(show_who_coded(open_coverage(STUDY), Ledger("study")))

    assert coded == {
        "coder.groups.ann": "4 of 4",
        "coder.applications.ann": "10",
        "coder.groups.bot": "2 of 4",
        "coder.applications.bot": "4",
    }


def test_coder_who_coded_nothing_is_reported_too(tiny_root: Path) -> None:
    """A coder of the settings without any code is shown with none."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    text = settings.read_text(encoding="utf-8")
    idle = "  - {coder: idle, kind: human, description: Has not started.}\n"
    settings.write_text(text + idle, encoding="utf-8")

    coded = texts_by_id(show_who_coded(open_coverage(STUDY), Ledger("study")))

    assert (coded["coder.groups.idle"], coded["coder.applications.idle"]) == ("0 of 4", "0")
