from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import corpus as corpus_module
from analysis.synthesis import evidence, segment_pages
from analysis.synthesis.aggregates import hand_on, open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import keep_cleaned, open_cleaning
from analysis.synthesis.corpus_tables import open_region
from analysis.synthesis.evidence import LISTED, LISTED_GROUPS, show_evidence, show_segments
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.build_folder import BuildFolder
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus


def no_address(segment: str) -> str:  # noqa: ARG001
    return ""


def open_place(place: str) -> Corpus:
    """Open the corpus of a region or a continent of the tiny study."""
    return (open_continent if place == "africa" else open_region)(STUDY, place)


def bear(ledger: Ledger, name: str, *segments: str, **said: list[str]) -> None:
    """Make and show a claim that rests on segments."""
    claim = ledger.number(
        name, f"About {name}", (len(segments), "segments"), segments=segments, **said
    )
    ledger.show(claim)


def test_each_claim_shown_has_its_entry() -> None:
    """Each claim that was shown has an entry with its label, its value and its id."""
    ledger = Ledger("esa")
    bear(ledger, "first", "ken.1")
    ledger.number("unseen", "Unseen", (1, "segments"))

    shown = show_evidence(ledger, "#segment-{}".format)

    assert re.findall(r'id="evidence-([^"]+)"', shown.html) == ["esa.first"]
    assert "About first" in shown.html
    assert "1 segments" in shown.html
    assert "<code>esa.first</code>" in shown.html
    assert '<a href="#segment-ken.1"><span data-term="">ken.1</span></a>' in shown.html


def test_segment_that_stands_nowhere_is_named() -> None:
    """A segment without an address, such as one set aside, is named and not linked."""
    ledger = Ledger("esa")
    bear(ledger, "first", "ken.9")

    assert '<li><span data-term="">ken.9</span></li>' in show_evidence(ledger, no_address).html


def test_same_segments_are_listed_once() -> None:
    """A claim on just the segments of an earlier one leads to it."""
    ledger = Ledger("esa")
    bear(ledger, "first", "ken.1", "ken.2")
    bear(ledger, "second", "ken.1", "ken.2")
    bear(ledger, "third", "ken.2")

    shown = show_evidence(ledger, no_address)

    assert shown.html.count("Rests on the same segments as: ") == 1
    assert '<a href="#evidence-esa.first">' in shown.html


def test_many_segments_are_reported_by_focus_group() -> None:
    """A claim on more segments than a person would read names their focus groups."""
    ledger = Ledger("esa")
    segments = [f"ken.{number}" for number in range(LISTED + 1)]
    bear(ledger, "first", *segments, focus_groups=["ken"])

    shown = show_evidence(ledger, no_address)

    assert "the report's claims.json lists each" in shown.text
    assert '<li><span data-term="">ken</span></li>' in shown.html
    assert "ken.1" not in shown.html


def test_very_many_focus_groups_are_named_in_part() -> None:
    """Of very many focus groups some are named, from first to last, and the rest are counted."""
    ledger = Ledger("esa")
    groups = [f"g{number:04}" for number in range(10 * LISTED_GROUPS)]
    ledger.show(ledger.number("all", "All", (len(groups), "focus groups"), focus_groups=groups))

    shown = show_evidence(ledger, no_address)

    assert re.findall("g[0-9]+", shown.text) == groups[::10]
    assert " ".join(shown.text.split()).endswith("The report's claims.json lists 540 more.")


def test_claim_on_nothing_says_so() -> None:
    """A claim that nothing bears says so, rather than showing an empty list."""
    ledger = Ledger("esa")
    bear(ledger, "none")

    shown = show_evidence(ledger, no_address)

    assert "No segment and no focus group bears it." in shown.text
    assert "<ul></ul>" not in shown.html


def test_segments_stand_with_words_place_and_codes(study: OpenedStudy) -> None:
    """Each segment stands once, with its words escaped, its place in its source and its codes."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", title="Peers & more"),
        segments=[{"segment": "ken.1", "text": "<b>Words</b>", "position": "2a"}],
        codings=make_codings("ken.1 stigma", "ken.1 criminalization"),
    )

    shown = show_segments(corpus, Ledger("esa"))

    title = study.instrument.title("reaching_person")
    assert '<h4><span data-term="">Peers &amp; more</span></h4>' in shown.html
    assert (
        '<li id="segment-ken.1"><p>&lt;b&gt;Words&lt;/b&gt;</p>'
        f'<p class="source">{title}, hope 2a · Criminalization, Stigma</p></li>'
    ) in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_every_segment_stands_where_its_focus_group_is_at_home() -> None:
    """Each segment stands on the page of its home, and one withheld wherever it counts."""
    on = {
        place: re.findall(
            r'id="segment-([^"]+)"', show_segments(open_place(place), Ledger(place)).html
        )
        for place in ("esa", "wca", "africa")
    }

    assert on["esa"] == ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6", "uga.1", "uga.2"]
    assert on["wca"] == ["gha.1", "gha.2"]
    assert on["africa"] == ["afr.1", "afr.2", "uga.1", "uga.2"]


@pytest.mark.usefixtures("tiny_root")
def test_withheld_words_are_reported_as_such() -> None:
    """A segment whose consent is for counts only stands without its words and its codes."""
    shown = show_segments(open_place("esa"), Ledger("esa"))
    listed = re.findall(r'<li id="segment-uga.+?</li>', shown.html)

    assert [f"<p>{WITHHELD}</p>" in each for each in listed] == [True, True]
    assert not any(name in each for each in listed for name in ("Stigma", "Criminalization"))
    assert "Criminalization" in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_claims_lead_to_where_segments_are() -> None:
    """Each claim links to the page that shows its segments."""
    ledger = Ledger("africa")
    bear(ledger, "first", "ken.1", "uga.1", "afr.1")

    shown = show_evidence(ledger, open_place("africa").address_of)

    assert re.findall(r'href="([^"]+)"', shown.html) == [
        "esa.html#segment-ken.1",
        "#segment-uga.1",
        "#segment-afr.1",
    ]


PLACES = ("esa", "wca", "africa")


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a report hold four segments, and a page of words three."""
    for module in (segment_pages, corpus_module, evidence):
        monkeypatch.setattr(module, "LISTED_SEGMENTS", 4)
    monkeypatch.setattr(segment_pages, "SEGMENTS_A_PAGE", 3)


@pytest.fixture
def build(tiny_root: Path, small_pages: None, monkeypatch: pytest.MonkeyPatch) -> BuildFolder:  # noqa: ARG001
    """Give a build of the tiny study as far as its continent can be opened."""
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tiny_root / "build"))
    for place in PLACES:
        keep_cleaned(open_cleaning(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_region(STUDY, region)
        hand_on(corpus, measure_prevalence(corpus, Ledger(region)), 3)
    return BuildFolder(tiny_root / "build" / STUDY)


def ids_on(html: str) -> list[str]:
    return re.findall(r'id="segment-([^"]+)"', html)


def test_segments_of_a_large_report_stand_on_further_pages(build: BuildFolder) -> None:
    """Each segment stands once on the pages that the report leads to, whole focus groups each."""
    shown = show_segments(open_place("esa"), Ledger("esa"))

    pages = {path.name: path.read_text(encoding="utf-8") for path in build.words("esa").iterdir()}
    assert {name: ids_on(html) for name, html in pages.items()} == {
        "001.html": ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6"],
        "002.html": ["uga.1", "uga.2"],
    }
    assert pages["001.html"].startswith("<h2>Segments of the focus groups <code>ken</code>")
    assert re.findall(r'href="([^"]+)"', shown.html) == [
        "esa.words-001.html",
        "esa.words-002.html",
    ]
    assert ids_on(shown.html) == []


def test_small_report_keeps_its_segments(build: BuildFolder) -> None:
    """Where one page can hold all segments, none is written elsewhere."""
    shown = show_segments(open_place("wca"), Ledger("wca"))

    assert ids_on(shown.html) == ["gha.1", "gha.2"]
    assert not build.words("wca").exists()


@pytest.mark.parametrize(
    ("held", "withheld"),
    [(4, "#segment-uga.1"), (3, "esa.words-002.html#segment-uga.1")],
    ids=["few", "many"],
)
@pytest.mark.usefixtures("build")
def test_other_reports_lead_to_the_pages(
    monkeypatch: pytest.MonkeyPatch, held: int, withheld: str
) -> None:
    """A continent leads to the pages of its regions, and names what is withheld if little is."""
    monkeypatch.setattr(corpus_module, "LISTED_SEGMENTS", held)
    corpus = open_place("africa")

    addresses = map(corpus.address_of, ("ken.1", "gha.1", "afr.1", "uga.1"))

    assert list(addresses) == [
        "esa.words-001.html#segment-ken.1",
        "wca.html#segment-gha.1",
        "#segment-afr.1",
        withheld,
    ]


@pytest.mark.usefixtures("small_pages")
def test_outside_a_build_the_first_are_shown(tiny_root: Path) -> None:
    """By hand a report shows as many segments as one page holds, and says that there are more."""
    shown = show_segments(open_place("esa"), Ledger("esa"))

    assert ids_on(shown.html) == ["ken.1", "ken.3", "ken.4", "ken.5"]
    assert "These are the first of them." in shown.text
    assert not (tiny_root / "build").exists()
