from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.corpus import open_corpus
from analysis.synthesis.evidence import addresses_of, show_bearings, show_segments
from analysis.synthesis.excerpts import WITHHELD
from analysis.synthesis.listed_apart import LISTED
from synthesis.made_corpora import make_codings, make_corpus, make_groups
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy


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

    shown = show_bearings(ledger, {"ken.1": "#segment-ken.1"})

    assert re.findall(r'id="evidence-([^"]+)"', shown.html) == ["esa.first"]
    assert "About first" in shown.html
    assert "1 segments" in shown.html
    assert "<code>esa.first</code>" in shown.html
    assert '<a href="#segment-ken.1"><span data-term="">ken.1</span></a>' in shown.html


def test_segment_that_stands_nowhere_is_named() -> None:
    """A segment without an address, such as one set aside, is named and not linked."""
    ledger = Ledger("esa")
    bear(ledger, "first", "ken.9")

    assert '<li><span data-term="">ken.9</span></li>' in show_bearings(ledger, {}).html


def test_same_segments_are_listed_once() -> None:
    """A claim on just the segments of an earlier one leads to it."""
    ledger = Ledger("esa")
    bear(ledger, "first", "ken.1", "ken.2")
    bear(ledger, "second", "ken.1", "ken.2")
    bear(ledger, "third", "ken.2")

    shown = show_bearings(ledger, {})

    assert shown.html.count("Rests on the same segments as: ") == 1
    assert '<a href="#evidence-esa.first">' in shown.html


def test_many_segments_are_told_by_focus_group() -> None:
    """A claim on more segments than a person would read names their focus groups."""
    ledger = Ledger("esa")
    segments = [f"ken.{number}" for number in range(LISTED + 1)]
    bear(ledger, "first", *segments, focus_groups=["ken"])

    shown = show_bearings(ledger, {})

    assert "the report's claims.json lists each" in shown.text
    assert '<li><span data-term="">ken</span></li>' in shown.html
    assert "ken.1" not in shown.html


def test_what_is_listed_apart_is_led_to(tmp_path: Path) -> None:
    """Of a claim whose bearings stand apart the page tells how many, and leads to their file."""
    ledger = Ledger("esa", bearings=tmp_path / "esa.parquet")
    many = [f"ken.{number}" for number in range(LISTED + 1)]
    bear(ledger, "first", *many, focus_groups=["ken"])
    bear(ledger, "second", *many, focus_groups=["ken"])
    ledger.show(ledger.number("groups", "Groups", (0, "focus groups"), focus_groups=many))

    shown = show_bearings(ledger, {})

    file = '<a href="esa.bearings.parquet">esa.bearings.parquet</a>'
    assert f"Rests on 151 segments of 1 focus groups, listed in {file}." in shown.html
    assert f"Rests on 151 focus groups, listed in {file}." in shown.html
    assert '<a href="#evidence-esa.first">' in shown.html
    assert (tmp_path / "esa.parquet").is_file()


def test_claim_on_nothing_says_so() -> None:
    """A claim that nothing bears says so, rather than showing an empty list."""
    ledger = Ledger("esa")
    bear(ledger, "none")

    shown = show_bearings(ledger, {})

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
            r'id="segment-([^"]+)"', show_segments(open_corpus(STUDY, place), Ledger(place)).html
        )
        for place in ("esa", "wca", "africa")
    }

    assert on["esa"] == ["ken.1", "ken.3", "ken.4", "ken.5", "ken.6", "uga.1", "uga.2"]
    assert on["wca"] == ["gha.1", "gha.2"]
    assert on["africa"] == ["afr.1", "afr.2", "uga.1", "uga.2"]


@pytest.mark.usefixtures("tiny_root")
def test_withheld_words_are_told_as_such() -> None:
    """A segment whose consent is for counts only stands without its words and its codes."""
    shown = show_segments(open_corpus(STUDY, "esa"), Ledger("esa"))
    listed = re.findall(r'<li id="segment-uga.+?</li>', shown.html)

    assert [f"<p>{WITHHELD}</p>" in each for each in listed] == [True, True]
    assert not any(name in each for each in listed for name in ("Stigma", "Criminalization"))
    assert "Criminalization" in shown.html


@pytest.mark.usefixtures("tiny_root")
def test_addresses_lead_to_where_segments_stand() -> None:
    """The address of each segment is on the page that shows it."""
    ledger = Ledger("africa")
    bear(ledger, "first", "ken.1", "uga.1", "afr.1")

    addresses = addresses_of(open_corpus(STUDY, "africa"), ledger)

    assert (addresses["ken.1"], addresses["uga.1"], addresses["afr.1"]) == (
        "esa.html#segment-ken.1",
        "#segment-uga.1",
        "#segment-afr.1",
    )
