from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.publishing.checklist_page import ITEMS, render_checklist
from analysis.publishing.html_reader import PageLinks
from analysis.publishing.rendering import Page
from analysis.quality.outcomes import CheckReport, Outcome
from analysis.study.settings import read_study
from tiny_study import STUDY, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.settings import Study

PAGE = Page("What this study reports")
SHOWN = {
    "coverage.html": PageLinks(inside=set(), ids={"who-was-heard", "who-coded"}),
    "africa.html": PageLinks(inside=set(), ids={"method"}),
}
BLANK = Outcome(
    expectation="a",
    table="focus_groups",
    stage="received",
    severity="warning",
    verdict="fell_short",
    type="expect_column_values_to_not_be_null",
    column="participants",
    fault="no participants",
    failing=2,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of the tiny study."""
    return write_tiny_root(tmp_path / "root") / "data" / STUDY


def state(folder: Path, text: str) -> Study:
    """Add lines to the settings of a study, and return these."""
    path = folder / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return read_study(folder)


def rows_of(settings: Study, *outcomes: Outcome) -> dict[str, str]:
    """Return the cell of each item by the item's title."""
    html = render_checklist(PAGE, settings, "africa", CheckReport(outcomes), SHOWN).html
    cells = re.findall(
        r'<th scope="row">\d+\. (.*?)<span.*?</th>\s*<td[^>]*>(.*?)</td>', html, re.S
    )
    return {title: " ".join(cell.split()) for title, cell in cells}


def test_checklist_has_the_items_of_the_standards(folder: Path) -> None:
    """There are 21 items, numbered through, each with where it is reported or what is missing."""
    rows = rows_of(read_study(folder))

    assert sum(map(len, ITEMS.values())) == len(rows) == 21
    assert all("<a href=" in cell or 'class="missing"' in cell for cell in rows.values())


def test_what_nobody_stated_is_listed_as_that(folder: Path) -> None:
    """What only a person can say is not stated until the settings state it."""
    assert "Not stated." in rows_of(read_study(folder))["Funding"]

    rows = rows_of(state(folder, "reporting: {funding: A fund paid., sampling: By hosts.}\n"))

    assert "A fund paid." in rows["Funding"]
    assert "missing" not in rows["Funding"] + rows["Sampling"]
    assert "Not stated." in rows["Ethics"]


def test_sections_that_a_page_leaves_out_are_not_linked(folder: Path) -> None:
    """A link leads to a section that is there: where there are none, the item is not reported."""
    rows = rows_of(read_study(folder))

    assert 'href="coverage.html#who-was-heard"' in rows["Units of study"]
    assert "who-took-part" not in rows["Units of study"]
    assert 'href="africa.html#method"' in rows["Limitations"]
    assert "codes-by-group" not in rows["Data analysis"]


def test_study_without_reports_reports_no_findings(folder: Path) -> None:
    """Where nothing shows what an item asks for, and no person is to state it, it says so."""
    html = render_checklist(PAGE, read_study(folder), "", CheckReport(), {}).html

    assert html.count("Not reported.") == 5


def test_hosts_who_did_not_say_are_counted(folder: Path) -> None:
    """What hosts left blank is counted; what nobody recorded is said to be that."""
    rows = rows_of(read_study(folder), BLANK)
    said = "In 2 focus groups the host didn&#39;t say who took part."
    assert said in rows["Units of study"]
    assert "host" not in rows["Context"]

    rows = rows_of(state(folder, "not_recorded: [participants]\n"), BLANK)
    assert "Nobody recorded this" in rows["Units of study"]


def test_unknown_item_is_refused_with_the_closest(folder: Path) -> None:
    """A key that the checklist doesn't have is refused."""
    with pytest.raises(StudyError) as refusal:
        state(folder, "reporting: {fundng: A fund.}\n")
    assert "(closest: funding)" in refusal.value.offenders[0]


def test_markup_in_what_is_stated_is_text(folder: Path) -> None:
    """What the settings state is escaped."""
    rows = rows_of(state(folder, "reporting: {ethics: 'Board <b>1</b>'}\n"))

    assert "&lt;b&gt;1&lt;/b&gt;" in rows["Ethics"]
