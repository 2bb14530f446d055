"""The pages around the one on coverage: the codebook, the framework matrix, and evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.publishing.claim_check import unclaimed_numbers
from analysis.publishing.html_reader import parse_html
from analysis.synthesis import evidence, study_matrix
from analysis.synthesis.agreement_codes import show_code_agreement
from analysis.synthesis.agreement_section import show_double_coding, show_overall_agreement
from analysis.synthesis.codebook_page import show_codebook
from analysis.synthesis.codes_by_group import show_codes_by_group
from analysis.synthesis.coverage import open_coverage
from analysis.synthesis.coverage_section import (
    open_coverage_ledger,
    show_coverage_evidence,
    show_who_answered,
    show_who_coded,
    show_who_took_part,
    show_who_was_heard,
)
from analysis.synthesis.saturation import show_saturation
from analysis.synthesis.study_matrix import WITHHELD, show_matrix
from tiny_study import STUDY, drop_rows, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.synthesis.claims import Fragment

SECTIONS = (
    show_who_was_heard,
    show_who_took_part,
    show_who_answered,
    show_codes_by_group,
    show_saturation,
    show_who_coded,
    show_double_coding,
    show_overall_agreement,
    show_code_agreement,
    show_codebook,
    show_matrix,
)


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def shown(show: Callable[..., Fragment]) -> list[str]:
    """Give the lines of a section on the tiny study."""
    coverage = open_coverage(STUDY)
    return lines_of(show(coverage, open_coverage_ledger(coverage)).text)


@pytest.fixture
def pages(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder to which a build of the tiny study writes further pages."""
    monkeypatch.setenv("COMPENDIUM_BUILD", "build")
    return tiny_root / "build" / STUDY / "words" / "coverage"


@pytest.mark.usefixtures("tiny_root")
def test_codebook_shows_what_a_code_covers_and_its_uses() -> None:
    """Each code has its definition, its uses, and how often its coders agreed."""
    lines = shown(show_codebook)

    at = lines.index("Criminalization criminalization")
    assert lines[at + 1] == "Laws and policing."
    assert lines[at + 2].startswith("Raised by 3 of 4 focus groups. 5 passages are about it. ")
    assert "Coders agreed on 1 of 2 passages coded twice; focus groups: 2 of 3" in lines[at + 2]


def test_codebook_of_one_focus_group_agrees_in_number(tiny_root: Path) -> None:
    """The codebook of a study that counts one focus group speaks of one focus group."""
    for row in (3, 4, 5):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")

    text = " ".join(shown(show_codebook))
    assert "Raised by 1 of 1 focus group. " in text
    assert "1 focus groups" not in text


@pytest.mark.usefixtures("tiny_root")
def test_theme_counts_passages_with_any_of_its_codes() -> None:
    """A theme is counted once on a passage, however many of its codes are on it."""
    lines = shown(show_codebook)

    assert lines[lines.index("Rights") + 2] == (
        "Raised by 3 of 4 focus groups. 6 passages are about it."
    )


def test_codebook_says_where_no_passage_was_coded_twice(tiny_root: Path) -> None:
    """A code of one coder alone has no agreement."""
    put_value(tiny_root, "code_applications", (8, "coder"), "ann")
    put_value(tiny_root, "code_applications", (7, "coder"), "ann")

    lines = shown(show_codebook)
    assert "No passage with this code was coded twice." in lines[lines.index("Stigma stigma") + 2]


def test_codebook_of_a_build_is_a_page(pages: Path) -> None:
    """In a build the codebook is a page with the groups behind each number."""
    lines = shown(show_codebook)
    page = (pages / "codebook.html").read_text(encoding="utf-8")

    assert lines == [
        "Codebook Each code with its definition, its uses and how alike coders are on it."
    ]
    assert 'id="code-stigma"' in page
    assert 'href="explorer.html?code=stigma"' in page
    assert 'id="study.codebook.groups.stigma"' in page


@pytest.mark.usefixtures("tiny_root")
def test_matrix_counts_passages_by_question_and_theme() -> None:
    """A number is that of a group's passages that can carry codes; a dot is none."""
    lines = shown(show_matrix)

    ken = [line for line in lines if line.startswith("Kenya")]
    assert ken == [
        "Kenya, 1 October 2020 ken 1 2 · 1 ·",
        "Kenya, 1 October 2020 ken 2 2",
    ]


@pytest.mark.usefixtures("tiny_root")
def test_matrix_shows_no_theme_of_a_group_for_counts_only() -> None:
    """Which themes a single group raised is shown only where its passages are."""
    lines = shown(show_matrix)

    uga = [line for line in lines if line.startswith("Uganda")]
    assert uga[1] == "Uganda, 2 October 2020 uga " + WITHHELD


def test_matrix_is_darkest_at_its_largest_number(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbers by question are shaded up to the template's five, by theme up to the largest."""
    monkeypatch.setattr(study_matrix, "MOST_IN_AN_ANSWER", 4)
    shown(show_matrix)
    page = (pages / "matrix.html").read_text(encoding="utf-8")
    by_question, by_theme = page.split('id="by-theme"')

    assert shades(by_question) == {"1": {"2"}, "2": {"3"}}
    assert shades(by_theme) == {"2": {"5"}}


def shades(table: str) -> dict[str, set[str]]:
    """Return the shades of each number in a matrix."""
    found: dict[str, set[str]] = {}
    for shade, number in re.findall(r'class="shade-(\d)"><a [^>]*>(\d+)<', table):
        found.setdefault(number, set()).add(shade)
    return found


@pytest.mark.usefixtures("tiny_root")
def test_matrix_in_a_notebook_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside a build the first page is shown, and how many focus groups are on others."""
    monkeypatch.setattr(study_matrix, "GROUPS_A_PAGE", 3)
    coverage = open_coverage(STUDY)

    matrix = show_matrix(coverage, open_coverage_ledger(coverage))

    lines = lines_of(matrix.text)
    assert lines[-1] == "1 more focus group is on the page that a build writes."


def test_matrix_cell_leads_to_its_first_passage(pages: Path) -> None:
    """A number is a link; that of a theme also filters the page that it leads to."""
    shown(show_matrix)
    page = (pages / "matrix.html").read_text(encoding="utf-8")

    assert '<a href="esa.words-001.html#segment-ken.4" title="2 passages">2</a>' in page
    assert 'href="esa.words-001.html?theme=rights#segment-ken.5"' in page


def test_matrix_of_many_groups_has_pages(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what a page holds there are several, each group on one, and an index of them."""
    monkeypatch.setattr(study_matrix, "GROUPS_A_PAGE", 3)
    shown(show_matrix)
    found = {path.stem: path.read_text(encoding="utf-8") for path in pages.iterdir()}

    assert set(found) == {"matrix", "matrix-001", "matrix-002"}
    assert all(f'href="matrix-00{n}.html"' in found["matrix"] for n in (1, 2))
    for group, page in (("afr", 1), ("ken", 1), ("uga", 1), ("gha", 2)):
        held = [f"<code>{group}</code></th>" in found[f"matrix-00{n}"] for n in (1, 2)]
        assert held == [page == 1, page == 2]


@pytest.mark.usefixtures("tiny_root")
def test_evidence_names_the_passages_of_each_number() -> None:
    """Outside a build what each number rests on is on the same page."""
    coverage = open_coverage(STUDY)
    ledger = open_coverage_ledger(coverage)
    show_who_coded(coverage, ledger)
    html = str(show_coverage_evidence(coverage, ledger).html)

    entry = html.partition('id="study.coder.applications.bot"')[2]
    entry = entry.partition("</article>")[0]
    named = [name for name in ("ken.1", "ken.4", "ken.6", "afr.1", "uga.1") if f">{name}<" in entry]
    assert named == ["ken.1", "ken.4", "ken.6", "afr.1"]


def test_evidence_of_a_build_is_on_pages_by_section(pages: Path) -> None:
    """In a build each section's numbers have a page, which leads back to where they are shown."""
    coverage = open_coverage(STUDY)
    ledger = open_coverage_ledger(coverage)
    first = show_who_was_heard(coverage, ledger)
    show_who_coded(coverage, ledger)
    links = str(show_coverage_evidence(coverage, ledger).html)

    assert 'href="coverage.evidence-heard.html#study.heard.segments.esa"' in first.html
    assert {path.name for path in pages.iterdir()} == {
        "evidence-heard.html",
        "evidence-coder.html",
    }
    assert 'href="coverage.evidence-coder.html">Who coded</a>' in links
    page = (pages / "evidence-heard.html").read_text(encoding="utf-8")
    assert 'href="coverage.html#table-heard">Back to the report</a>' in page


def test_evidence_that_is_too_large_names_fewer_groups(
    pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists of focus groups are cut until a page is no larger than a reader can open."""
    monkeypatch.setattr(evidence, "BYTES_A_PAGE", 1)
    coverage = open_coverage(STUDY)
    ledger = open_coverage_ledger(coverage)
    show_who_was_heard(coverage, ledger)

    show_coverage_evidence(coverage, ledger)
    page = (pages / "evidence-heard.html").read_text(encoding="utf-8")

    assert 'lists <span data-term="">3</span> more focus groups.' in page


def leave_out_codes(root: Path) -> None:
    drop_rows(root, "code_applications")


def leave_one_coder(root: Path) -> None:
    for row in (3, 5, 8, 14):
        put_value(root, "code_applications", (row, "coder"), "ann")


def leave_one_group(root: Path) -> None:
    for row in (3, 4, 5):
        put_value(root, "focus_groups", (row, "consent"), "none")


def leave_counts_only(root: Path) -> None:
    for row in (2, 3, 4, 5):
        put_value(root, "focus_groups", (row, "consent"), "aggregate-only")


def put_codes_everywhere(root: Path) -> None:
    """Let both coders put one code on every passage: nothing varies."""
    segments = open_coverage(STUDY).segments["segment"]
    rows = [f"{segment},stigma,{coder}" for segment in segments for coder in ("ann", "bot")]
    table = table_of(root, "code_applications")
    table.write_text("\n".join(["segment,code,coder", *rows]) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [leave_out_codes, leave_one_coder, leave_one_group, leave_counts_only, put_codes_everywhere],
)
def test_odd_studies_have_every_section(tiny_root: Path, change: Callable[[Path], None]) -> None:
    """Without codes, with one coder or one group, no section fails or shows an unclaimed number."""
    change(tiny_root)
    coverage = open_coverage(STUDY)
    ledger = open_coverage_ledger(coverage)

    for show in SECTIONS:
        html = str(show(coverage, ledger).html)
        assert unclaimed_numbers(parse_html(html, show.__name__)) == []
        assert re.search(r"\bnan\b", html) is None
