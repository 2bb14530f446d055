from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.synthesis import words_pages
from analysis.synthesis.words_pages import number_of_page, pages_of_words, place_of_page
from analysis.tables.build_folder import BuildFolder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page hold two segments, and a report three."""
    monkeypatch.setattr(words_pages, "LISTED_SEGMENTS", 3)
    monkeypatch.setattr(words_pages, "SEGMENTS_A_PAGE", 2)


def pages(tmp_path: Path, *groups: str) -> list[str]:
    return list(pages_of_words(BuildFolder(tmp_path), "esa", pd.Series(groups, dtype="str")))


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        (["a", "b", "c", "d"], [1, 1, 2, 2]),
        (["d", "c", "b", "a"], [2, 2, 1, 1]),
        (["a", "b", "b", "b", "c"], [1, 1, 1, 1, 2]),
        (["a", "a", "a", "a", "a", "b"], [1, 1, 1, 1, 1, 2]),
    ],
    ids=["in-order", "whatever-the-rows", "whole-groups", "no-empty-page"],
)
def test_pages_hold_whole_focus_groups(
    tmp_path: Path, groups: Sequence[str], numbers: Sequence[int]
) -> None:
    """A page takes focus groups in the order of their ids until it is full, and none is empty."""
    assert [number_of_page(page) for page in pages(tmp_path, *groups)] == numbers


def test_few_segments_stand_in_the_report(tmp_path: Path) -> None:
    """Where one page can hold all segments, they stand in the report itself."""
    assert pages(tmp_path, "a", "a", "b") == ["esa"] * 3
    assert pages(tmp_path, "a", "a", "b", "b")[0] == "esa.words-001"


def test_outside_a_build_there_are_no_further_pages() -> None:
    """Without a build, segments have no page but the report."""
    groups = pd.Series(["a"] * 9, dtype="str")

    assert set(pages_of_words(None, "esa", groups)) == {"esa"}


def test_categories_that_do_not_occur_have_no_page(tmp_path: Path) -> None:
    """Focus groups that are known and have no segment move no page."""
    groups = pd.Series(list("bbdd"), dtype=pd.CategoricalDtype(list("abcde")))

    found = pages_of_words(BuildFolder(tmp_path), "esa", groups)

    assert [number_of_page(page) for page in found] == [1, 1, 2, 2]


def test_page_tells_its_place() -> None:
    """The place of a page is the one whose report it belongs to."""
    assert [place_of_page(page) for page in ("esa", "esa.words-012")] == ["esa", "esa"]
