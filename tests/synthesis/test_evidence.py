from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import evidence, links
from analysis.synthesis.aggregates import hand_on, open_continent
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import keep_cleaned, open_cleaning
from analysis.synthesis.corpus_tables import open_region
from analysis.synthesis.evidence import (
    LISTED,
    open_ledger,
    show_everything,
    show_evidence,
)
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.findings import choose_quotes
from analysis.synthesis.markup import element
from analysis.synthesis.overview import claim_segments
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.build_folder import BuildFolder
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy
    from analysis.synthesis.corpus import Corpus


PLACES = ("esa", "wca", "africa")


def no_address(segment: str) -> str:  # noqa: ARG001
    return ""


def open_place(place: str) -> Corpus:
    """Open the corpus of a region or a continent of the tiny study."""
    return (open_continent if place == "africa" else open_region)(STUDY, place)


def show_claim(ledger: Ledger, name: str, *segments: str, **said: list[str]) -> None:
    """Make and show a claim that rests on segments."""
    claim = ledger.number(
        name, f"About {name}", (len(segments), "passages"), segments=segments, **said
    )
    ledger.show(claim)


def test_each_claim_shown_has_its_entry() -> None:
    """Each claim that was shown has an entry with its label, its value and its id."""
    ledger = Ledger("esa")
    show_claim(ledger, "first", "ken.1")
    ledger.number("unseen", "Unseen", (1, "segments"))

    shown = show_evidence(ledger, "#segment-{}".format)

    assert re.findall(r' id="(esa\.[^"]+)"', shown.html) == ["esa.first"]
    assert "About first" in shown.html
    assert "1 passage<" in shown.html
    assert "<code>esa.first</code>" in shown.html
    assert '<a href="#segment-ken.1">ken.1</a>' in shown.html


def test_segment_that_is_nowhere_is_named() -> None:
    """A segment without an address, such as one set aside, is named and not linked."""
    ledger = Ledger("esa")
    show_claim(ledger, "first", "ken.9")

    assert "<li>ken.9</li>" in show_evidence(ledger, no_address).html


def test_claims_on_the_same_segments_share_an_entry() -> None:
    """Claims on just the same segments are together, each with its own anchor, listed once."""
    ledger = Ledger("esa")
    show_claim(ledger, "first", "ken.1", "ken.2")
    show_claim(ledger, "second", "ken.1", "ken.2")
    show_claim(ledger, "third", "ken.2")

    shown = show_evidence(ledger, no_address)

    assert re.findall(r'<(\w+)[^>]* id="(esa\.[^"]+)"', shown.html) == [
        ("article", "esa.first"),
        ("p", "esa.second"),
        ("article", "esa.third"),
    ]
    assert (shown.html.count("ken.1"), shown.html.count("ken.2")) == (1, 2)


def test_many_segments_are_listed_by_focus_group() -> None:
    """A claim on more segments than a person would read names their focus groups."""
    ledger = Ledger("esa")
    segments = [f"ken.{number}" for number in range(LISTED + 1)]
    show_claim(ledger, "first", *segments, focus_groups=["ken"])

    shown = show_evidence(ledger, no_address)

    assert "the evidence.json of the report lists each" in shown.text
    assert "<li>ken</li>" in shown.html
    assert "ken.1" not in shown.html


def test_very_many_focus_groups_are_named_in_part() -> None:
    """Of very many focus groups some are named, from first to last, and the rest are counted."""
    ledger = Ledger("esa")
    groups = [f"g{number:04}" for number in range(10 * LISTED)]
    ledger.show(ledger.number("all", "All", (len(groups), "focus groups"), focus_groups=groups))

    shown = show_evidence(ledger, no_address)

    assert re.findall("g[0-9]+", shown.text) == groups[::10]
    assert " ".join(shown.text.split()).endswith(
        "The evidence.json of the report lists 270 more focus groups."
    )


def test_claim_on_nothing_says_so() -> None:
    """A claim that nothing supports says so, rather than showing an empty list."""
    ledger = Ledger("esa")
    show_claim(ledger, "none")

    shown = show_evidence(ledger, no_address)

    assert "It rests on no focus group and no passage." in shown.text
    assert "<ul></ul>" not in shown.html


def test_segments_are_shown_with_words_place_and_codes(study: OpenedStudy) -> None:
    """Each segment is shown once, with its words escaped, its place in its source and its codes."""
    corpus = make_corpus(
        study,
        groups=make_groups("ken", title="Peers & more"),
        segments=[{"segment": "ken.1", "text": "<b>Words</b>", "position": "2a"}],
        codings=make_codings("ken.1 stigma", "ken.1 criminalization"),
    )

    shown = show_everything(corpus, Ledger("esa"))

    title = study.instrument.title("reaching_person")
    assert '<h4 id="group-ken">Peers &amp; more</h4>' in shown.html
    assert (
        '<li id="segment-ken.1" data-cell="reaching_person.hope" '
        'data-code="criminalization stigma"><p>&lt;b&gt;Words&lt;/b&gt;</p>'
        f'<p class="source">{title}, hope 2a \u00b7 Criminalization, Stigma</p></li>'
    ) in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_every_passage_is_where_its_focus_group_is_at_home() -> None:
    """By hand each passage is in the report of its home, and in no other."""
    on = {place: ids_on(show_everything(open_place(place), Ledger(place)).html) for place in PLACES}

    assert on == {
        "esa": ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6", "uga.1", "uga.2"],
        "wca": ["gha.1", "gha.2"],
        "africa": ["afr.1", "afr.2"],
    }


@pytest.mark.usefixtures("tiny_root")
def test_withheld_words_are_named_as_such() -> None:
    """A passage whose consent is for counts only is named without its words and its codes."""
    shown = show_everything(open_place("esa"), Ledger("esa"))
    listed = re.findall(r'<li id="segment-uga[^>]*>(.+?)</li>', shown.html)

    assert listed == ["Reaching the person, situation 1", "Recommendations, stop 1"]
    assert shown.html.count(f"<p>{WITHHELD}</p><ol") == 1
    assert "Criminalization" in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_claims_lead_to_where_segments_are() -> None:
    """Each claim links to the page that shows its segments."""
    ledger = Ledger("africa")
    show_claim(ledger, "first", "ken.1", "uga.1", "afr.1")

    shown = show_evidence(ledger, open_place("africa").address_of)

    assert re.findall(r'href="([^"]+)"', shown.html) == [
        "esa.html#segment-ken.1",
        "esa.html#segment-uga.1",
        "#segment-afr.1",
    ]


@pytest.fixture
def build(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> BuildFolder:
    """Give a build of the tiny study as far as its continent can be opened, with small pages."""
    monkeypatch.setattr(links, "BYTES_A_PAGE", 1200)
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tiny_root / "build"))
    for place in PLACES:
        keep_cleaned(open_cleaning(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_region(STUDY, region)
        hand_on(corpus, choose_quotes(corpus, 3).segments)
    return BuildFolder(tiny_root / "build" / STUDY)


def ids_on(html: str) -> list[str]:
    return re.findall(r'id="segment-([^"]+)"', html)


def write_pages(build: BuildFolder, place: str) -> tuple[str, dict[str, str]]:
    """Show what a report ends with, and return that and its further pages."""
    corpus = open_place(place)
    ledger = open_ledger(corpus)
    measured = measure_prevalence(corpus, ledger)
    claims = [each.claim for each in measured]
    ledger.show(element("h2", "Raised", id="raised"), *claims, claim_segments(corpus, ledger))
    shown = show_everything(corpus, ledger)
    pages = sorted(build.words(place).iterdir())
    return shown.html, {path.name: path.read_text(encoding="utf-8") for path in pages}


def test_build_puts_passages_and_evidence_on_further_pages(
    build: BuildFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each passage is once on a page, whole focus groups each; evidence is on a page by theme."""
    monkeypatch.setattr(evidence, "FEW_PASSAGES", 1)

    shown, pages = write_pages(build, "esa")

    assert {name: ids_on(html) for name, html in pages.items()} == {
        "words-001.html": ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6"],
        "words-002.html": ["uga.1", "uga.2"],
        "evidence-rights.html": [],
        "evidence-support.html": [],
        "evidence.html": [],
    }
    entries = {name: re.findall(r' id="(esa\.[^"]+)"', html) for name, html in pages.items()}
    assert entries["evidence.html"] == ["esa.segments"]
    assert set(entries["evidence-rights.html"]) == {
        *("esa.prevalence.rights", "esa.prevalence.stigma", "esa.prevalence.criminalization")
    }
    assert re.findall(r'href="([^"]+)"', shown) == [
        *("esa.evidence-rights.html", "esa.evidence-support.html", "esa.evidence.html"),
        *("esa.words-001.html", "esa.words-002.html"),
    ]


def test_continent_has_pages_of_its_own_passages_alone(build: BuildFolder) -> None:
    """The passages of a region are on the pages of its report, and not again on the continent's."""
    _, pages = write_pages(build, "africa")

    assert {name: ids_on(html) for name, html in pages.items()} == {
        "evidence.html": [],
        "words-001.html": ["afr.1", "afr.2"],
    }


def test_place_of_few_passages_has_one_page_of_evidence(build: BuildFolder) -> None:
    """Where a place has few passages, the evidence of all its numbers is on one page."""
    shown, pages = write_pages(build, "esa")

    assert [name for name in pages if name.startswith("evidence")] == ["evidence.html"]
    assert 'href="esa.evidence.html">All numbers<' in shown


def test_claims_that_grow_with_a_study_have_pages_of_their_own(
    build: BuildFolder,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a place has very many passages, single groups and repeated points are apart."""
    monkeypatch.setattr(evidence, "FEW_PASSAGES", 1)
    ledger = open_ledger(open_place("esa"))
    names = ("group.segments.ken", "repeated.recommendations.stop.1", "segments")
    small = [ledger.number(name, "A", (1, "passages")).page for name in names]
    monkeypatch.setattr(evidence, "MANY_PASSAGES", 1)
    ledger = open_ledger(open_place("esa"))
    large = [ledger.number(name, "A", (1, "passages")).page for name in names]

    assert small == ["esa.evidence.html"] * 3
    assert large == ["esa.evidence-group.html", "esa.evidence-repeated.html", "esa.evidence.html"]


def entry_of(html: str, claim: str) -> str:
    """Return the words of the entry of a claim, with the addresses of its links."""
    entry = html.partition(f'id="{claim}"')[2].partition("</article>")[0]
    linked = re.sub(r'<a href="([^"]+)">', r"[\1] ", entry.partition(">")[2])
    return " ".join(re.sub("<[^>]+>", " ", linked).split())


@pytest.mark.parametrize("place", ["esa", "africa"])
def test_number_leads_to_words_by_focus_group_and_back(build: BuildFolder, place: str) -> None:
    """Behind a number are the words, by focus group with country and date, also on a continent.

    Of a group whose consent is for counts only there are none.
    """
    _, pages = write_pages(build, place)

    entry = entry_of(pages["evidence.html"], f"{place}.prevalence.stigma")
    assert entry.removeprefix(f"Focus groups in {name_of(place)} that raised Stigma ") == (
        f"2 of {2 if place == 'esa' else 4} focus groups \u00b7 {place}.prevalence.stigma "
        f"\u00b7 [{place}.html#raised] Back to the report "
        "[esa.words-001.html#group-ken] Kenya, 1 October 2020 "
        "Raids on the places where we work. "
        "[esa.words-001.html#segment-ken.6] Recommendations, stop 1 "
        "[esa.words-002.html#group-uga] Uganda, 2 October 2020 "
        f"{WITHHELD} [esa.words-002.html#segment-uga.1] Reaching the person, situation 1"
    )


def test_reason_for_withheld_words_is_given_once_a_group(build: BuildFolder) -> None:
    """Of a group whose consent is for counts only, the passages are linked after one reason."""
    _, pages = write_pages(build, "esa")

    entry = entry_of(pages["evidence.html"], "esa.segments")
    assert entry.endswith(
        f"{WITHHELD} [esa.words-002.html#segment-uga.1] Reaching the person, situation 1 , "
        "[esa.words-002.html#segment-uga.2] Recommendations, stop 1"
    )


def name_of(place: str) -> str:
    return open_place(place).name


def test_of_many_passages_one_of_each_group_comes_first(
    build: BuildFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a number has more passages than are shown, each group is heard, and the rest linked."""
    monkeypatch.setattr(evidence, "OF_FEW_GROUPS", 2)

    _, pages = write_pages(build, "africa")

    entry = entry_of(pages["evidence.html"], "africa.prevalence.support")
    shown, more = entry.split("2 more passages are among those of these focus groups: ")
    assert [words in shown for words in ("The clinic is", "Clinics close", "Fund", "Peer")] == [
        *(True, True, False, False)
    ]
    assert more == (
        "[wca.words-001.html#group-gha] Ghana, 3 October 2020 "
        "[esa.words-001.html#group-ken] Kenya, 1 October 2020"
    )


def test_page_of_evidence_has_less_where_it_would_be_too_large(
    build: BuildFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that would be too large shows fewer passages behind each number."""
    _, whole = write_pages(build, "esa")
    monkeypatch.setattr(evidence, "BYTES_A_PAGE", len(whole["evidence.html"]) - 200)

    _, less = write_pages(build, "esa")

    assert len(less["evidence.html"]) < len(whole["evidence.html"])
    assert "more passage" in less["evidence.html"]


def test_number_leads_to_the_page_with_its_evidence(build: BuildFolder) -> None:  # noqa: ARG001
    """In a build a number links to the page of its theme, and by hand to the same page."""
    corpus = open_place("esa")

    shown = {
        name: measure_prevalence(corpus, ledger)[0].claim.__html__()
        for name, ledger in (("built", open_ledger(corpus)), ("by hand", Ledger("esa")))
    }

    assert 'href="esa.evidence.html#esa.prevalence.rights"' in shown["built"]
    assert 'href="#esa.prevalence.rights"' in shown["by hand"]


@pytest.mark.usefixtures("build")
def test_other_reports_lead_to_the_pages() -> None:
    """A continent leads to the pages of passages of its regions, withheld ones included."""
    corpus = open_place("africa")

    addresses = map(corpus.address_of, ("ken.1", "gha.1", "afr.1", "uga.1"))

    assert list(addresses) == [
        "esa.words-001.html#segment-ken.1",
        "wca.words-001.html#segment-gha.1",
        "africa.words-001.html#segment-afr.1",
        "esa.words-002.html#segment-uga.1",
    ]


def test_by_hand_only_the_first_passages_are_shown(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a notebook no more passages are shown than it shows with ease."""
    monkeypatch.setattr(evidence, "MOST_IN_NOTEBOOK", 4)

    shown = show_everything(open_place("esa"), Ledger("esa"))

    assert ids_on(shown.html) == ["ken.1", "ken.3", "ken.4", "ken.5"]
    assert not (tiny_root / "build").exists()
