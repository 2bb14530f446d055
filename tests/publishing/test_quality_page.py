from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.html_reader import PageLinks
from analysis.publishing.quality_page import (
    QualityRecord,
    ShownCheck,
    read_quality_record,
    render_quality,
)
from analysis.publishing.rendering import Page
from analysis.quality.outcomes import CheckReport, Outcome
from analysis.study.language import in_language

if TYPE_CHECKING:
    from pathlib import Path


PAGE = Page("Data quality")
TOUCHED = "Numbers on “Recommendations: Stop”; counts of focus groups."
CELLS = {"recommendations.stop": "Recommendations: Stop"}
HELD = Outcome(
    expectation="a",
    table="segments",
    stage="received",
    severity="critical",
    verdict="held",
    fault="no id",
    expected="Every passage has an id.",
    notes="It could not be traced.",
)
SAID = "Kenya, 4 March 2025: 7 points under “Recommendations: Stop”."
MET = {"afr-1": "Kenya, 4 March 2025"}
FALLEN = replace(
    HELD,
    expectation="b",
    severity="warning",
    verdict="fell_short",
    fault="more than five points",
    expected="Every answer has five points at most.",
    remedy="count them all",
    failing=2,
    ids=("afr-1.stop.1", "afr-1.stop.2"),
    touches=("*recommendations.stop*", "groups"),
    focus_groups=("afr-1",),
    groups_of_rows=("afr-1", "afr-1"),
    cells_of_rows=("recommendations.stop", "recommendations.stop"),
    details=("7", "7"),
    cells=("recommendations.stop",),
    answers=("Recommendations: Stop",),
    caveat="{focus_group}: {detail} points under “{answer}”.",
)
WORDS = PageLinks(ids={"segment-afr-1.stop.1"}, inside=set())


def test_failed_check_is_shown_with_what_it_affects():
    """A check that failed shows what was expected and found, and the numbers affected.

    What to do is for those who hold the data: `compendium check` prints it.
    """
    html = render_quality(PAGE, [FALLEN], CELLS, MET).html

    for part in ("Every answer has five points at most.", SAID, TOUCHED):
        assert part in html
    assert "count them" not in html.lower()


def test_passages_are_linked_to_the_page_that_shows_them():
    """A passage is a link to its page; one that no page shows is named alone."""
    html = render_quality(PAGE, [FALLEN], CELLS, links={"afr.words-001.html": WORDS}).html

    link = '<a href="afr.words-001.html#segment-afr-1.stop.1">afr-1.stop.1</a>'
    assert link in html
    assert "<code>afr-1.stop.2</code>" in html


@pytest.mark.parametrize(
    ("table", "page", "anchor", "words"),
    [
        ("focus_groups", "afr.words-001.html", "group-a", "Kenya, 4 March 2025"),
        ("codebook", "codebook.html", "code-a", "Stigma"),
        ("code_applications", "afr.words-001.html", "segment-a", "a"),
    ],
)
def test_what_a_check_names_is_linked(table: str, page: str, anchor: str, words: str):
    """A focus group or a code is a link to where it is shown, too, by where it met or its name."""
    fallen = replace(FALLEN, table=table, ids=("a",))
    links = {
        "afr-cleaning.html": PageLinks(ids={"code-a"}, inside=set()),
        page: PageLinks(ids={anchor}, inside=set()),
        "wca-cleaning.html": PageLinks(ids={"code-a"}, inside=set()),
    }
    names = {"a": "Stigma"} if table == "codebook" else {}

    assert (
        f'<a href="{page}#{anchor}">{words}</a>'
        in render_quality(PAGE, [fallen], names, {"a": "Kenya, 4 March 2025"}, links).html
    )


def test_numbers_affected_are_in_the_language_of_the_page():
    """A page in French names affected numbers in French."""
    touched = ("*recommendations.stop*", "*context.hope*", "*{cell}*", "groups", "heard.*")
    with in_language("fr"):
        some = ShownCheck((replace(FALLEN, touches=touched),), CELLS).touched
        none = ShownCheck((replace(FALLEN, touches=()),)).touched

    assert some.startswith("Nombres sur «")
    assert some.endswith("qui a été entendu.")
    assert none == "Aucun nombre."


def test_passages_beyond_a_dozen_are_counted():
    """Of hundreds of passages the first are named, and the others counted."""
    ids = tuple(f"g.{at:03}" for at in range(15))
    shown = ShownCheck((replace(FALLEN, ids=ids),))

    assert [id_ for id_, _ in shown.items] == list(ids[:12])
    assert shown.more == 3


def test_severest_comes_first():
    """Critical checks are above warnings."""
    critical = replace(FALLEN, severity="critical", expectation="c")
    html = render_quality(PAGE, [FALLEN, critical], CELLS).html

    assert html.index('id="critical"') < html.index('id="warning"')


def test_each_check_has_one_row():
    """What was found as received and after cleaning, also of several places, is one row."""
    cleaned = replace(FALLEN, stage="cleaned", failing=1, ids=("g.1",), caveat="After: one.")
    other = replace(cleaned, caveat="After: another.")
    html = render_quality(
        PAGE, [FALLEN, HELD, replace(HELD, stage="cleaned"), cleaned, other], CELLS, MET
    )
    words = re.sub(r"<[^>]*>", " ", html.html)

    assert words.count("Every answer has five points at most.") == 1
    assert words.count("Every passage has an id.") == 1
    found = [SAID, "After cleaning:", "After: one.", "After: another."]
    assert [words.index(each) for each in found] == sorted(words.index(each) for each in found)


def test_same_finding_before_and_after_cleaning_is_said_once():
    """A finding that cleaning leaves as it is has no second sentence."""
    shown = ShownCheck((FALLEN, replace(FALLEN, stage="cleaned")), meetings=MET)

    assert shown.found == [SAID]


def test_study_without_faults_says_so():
    """When all passed, the page says so first."""
    html = render_quality(PAGE, [HELD], CELLS).html

    assert "The data passed every check." in html
    assert 'id="passed"' in html


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, f"{TOUCHED} Cleaning fixes it, so no number shows it."),
        ({"stage": "cleaned"}, TOUCHED),
        ({"severity": "info"}, TOUCHED),
        ({"touches": ()}, "No number."),
        ({"expectation": "c"}, TOUCHED),  # asked of received tables alone
    ],
)
def test_warning_that_cleaning_fixes_says_that_it_marks_nothing(changed: dict, said: str):
    """Where the cleaned tables lack the passage, the page says that no number has a mark."""
    fixed = replace(HELD, expectation=FALLEN.expectation, stage="cleaned")
    html = render_quality(PAGE, [replace(FALLEN, **changed), fixed], CELLS).html

    (shown,) = re.findall(r'<td data-label="Numbers affected">([^<]*)<', html)
    assert shown.strip() == said


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", "Nombres sur «\u00a0Hope\u00a0»\u202f; comptes de passages."),
        ("pt", "Números sobre «Hope»; contagens de passagens."),
    ],
)
def test_numbers_affected_are_named_in_the_language_of_the_page(language: str, expected: str):
    """Which numbers a check affects is written in the language of the report."""
    touches = ("*context.hope*", "segments.*")
    shown = ShownCheck((replace(FALLEN, touches=touches),), {"context.hope": "Hope"})

    with in_language(language):
        assert shown.touched == expected


def test_check_without_sentence_names_the_fault():
    """A suite of one's own need not have a sentence for readers."""
    html = render_quality(PAGE, [replace(HELD, expected="")], CELLS).html

    assert "Looked for: no id." in html


def found(expectation: str, *rows: int) -> CheckReport:
    """Return a report of one expectation that falls short of some rows."""
    outcome = Outcome(
        expectation=expectation,
        table="segments",
        stage="cleaned",
        severity="warning",
        verdict="fell_short" if rows else "held",
        touches=(),
        failing=len(rows),
        ids=("",) * len(rows),
    )
    return CheckReport((outcome,))


def test_record_is_read_as_it_was_written(tmp_path: Path):
    """A release gives back what the guards found, with every row."""
    record = QualityRecord(found("a"), {"esa": found("b", 2, 3), "wca": found("b")})
    record.write(tmp_path)

    assert read_quality_record(tmp_path) == record


def test_folder_without_record_has_none(tmp_path: Path):
    """Where there is no release yet, nothing was found."""
    assert read_quality_record(tmp_path) is None


@pytest.mark.parametrize("text", ["<<<<<<<", "[]", '{"received": {}}', '{"cleaned": []}'])
def test_broken_record_is_refused(tmp_path: Path, text: str):
    """A record that was broken by hand, or is of another version, is named by its file."""
    (tmp_path / "quality.json").write_text(text, encoding="utf-8")

    with pytest.raises(PublishingError, match="cannot be read") as refusal:
        read_quality_record(tmp_path)
    assert refusal.value.offenders[0].startswith("quality.json: ")


def test_places_that_were_not_built_keep_what_was_found():
    """Of places that only the last release has, its findings stay; others are renewed."""
    last = QualityRecord(found("a"), {"esa": found("b", 2), "wca": found("b", 9)})
    now = QualityRecord(found("a", 4), {"esa": found("b")}).with_places_of(last)

    assert now == QualityRecord(found("a", 4), {"esa": found("b"), "wca": found("b", 9)})


def test_digest_of_a_cell_is_not_published(tmp_path: Path):
    """A release of some places shows what is critical elsewhere, and no digest of it."""
    (outcome,) = found("a", 2).outcomes
    details = ("text: phone: text_sha256 is 5f0c1d2e3b4a5968",)
    told = CheckReport((replace(outcome, details=details, message=f"Short ({details[0]})."),))
    published = QualityRecord(told, {"esa": told}).published
    published.write(tmp_path)

    assert [each.details for each in published.joined.outcomes] == [("text: phone",)] * 2
    assert "5f0c" not in (tmp_path / "quality.json").read_text(encoding="utf-8")


def test_order_of_places_changes_no_byte(tmp_path: Path):
    """The record is the same however its places were built."""
    places = {"esa": found("b"), "wca": found("b", 9)}
    written = []
    for order in (places, dict(reversed(places.items()))):
        QualityRecord(found("a"), order).write(tmp_path)
        written.append((tmp_path / "quality.json").read_bytes())

    assert written[0] == written[1]
