from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis import corpus as corpus_module
from analysis.synthesis import evidence, words_pages
from analysis.synthesis.claims import Ledger
from analysis.synthesis.cleaning_report import clean_place, keep_cleaned
from analysis.synthesis.corpus import open_corpus
from analysis.synthesis.evidence import addresses_of, show_segments
from analysis.synthesis.handing_on import hand_on
from analysis.synthesis.prevalence import measure_prevalence
from analysis.tables.build_folder import BuildFolder
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

PLACES = ("esa", "wca", "africa")


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a report hold four segments, and a page of words three."""
    for module in (words_pages, corpus_module, evidence):
        monkeypatch.setattr(module, "LISTED_SEGMENTS", 4)
    monkeypatch.setattr(words_pages, "SEGMENTS_A_PAGE", 3)


@pytest.fixture
def build(tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> BuildFolder:
    """Give a build of the tiny study as far as its continent can be opened."""
    monkeypatch.setenv("COMPENDIUM_BUILD", str(tiny_root / "build"))
    for place in PLACES:
        keep_cleaned(clean_place(STUDY, place))
    for region in ("esa", "wca"):
        corpus = open_corpus(STUDY, region)
        hand_on(corpus, measure_prevalence(corpus, Ledger(region)), 3)
    return BuildFolder(tiny_root / "build" / STUDY)


def ids_on(html: str) -> list[str]:
    return re.findall(r'id="segment-([^"]+)"', html)


def test_segments_of_a_large_report_stand_on_further_pages(build: BuildFolder) -> None:
    """Each segment stands once on the pages that the report leads to, whole focus groups each."""
    shown = show_segments(open_corpus(STUDY, "esa"), Ledger("esa"))

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
    shown = show_segments(open_corpus(STUDY, "wca"), Ledger("wca"))

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
    corpus, ledger = open_corpus(STUDY, "africa"), Ledger("africa")
    named = ("ken.1", "gha.1", "afr.1", "uga.1")
    ledger.show(ledger.number("some", "Some", (4, "segments"), segments=named))

    addresses = addresses_of(corpus, ledger)

    assert [addresses[segment] for segment in named] == [
        "esa.words-001.html#segment-ken.1",
        "wca.html#segment-gha.1",
        "#segment-afr.1",
        withheld,
    ]


def test_outside_a_build_the_first_are_shown(tiny_root: Path) -> None:
    """By hand a report shows as many segments as one page holds, and says that there are more."""
    shown = show_segments(open_corpus(STUDY, "esa"), Ledger("esa"))

    assert ids_on(shown.html) == ["ken.1", "ken.3", "ken.4", "ken.5"]
    assert "These are the first of them." in shown.text
    assert not (tiny_root / "build").exists()
