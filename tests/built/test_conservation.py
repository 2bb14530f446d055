"""No focus group counts twice, no segment is lost, and no word is shown without consent."""

from __future__ import annotations

import json
from collections import Counter
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

import pytest

from built.checkout import STUDIES
from built.pages import EVIDENCE, SEGMENT, broken_links, read_pages
from built.recount.cleaned import DUPLICATE, LEAD_IN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from built.pages import Page
    from built.recount.corpus import Whole

Claims: TypeAlias = "dict[str, dict[str, list[str]]]"
Wholes: TypeAlias = "dict[str, Whole]"
Pages: TypeAlias = "dict[str, Page]"

REASONS_TOLD = (LEAD_IN, DUPLICATE)


@pytest.fixture(scope="session")
def pages(built: Path) -> Pages:
    """Give each built page, by its path below the folder of all releases."""
    return read_pages(built / "reports")


@pytest.fixture(scope="session")
def claims(built: Path) -> dict[str, Claims]:
    """Give what each claim of each study rests on, by its id."""
    found: dict[str, Claims] = {study: {} for study in STUDIES}
    for path in (built / "reports").glob("*/*.claims.json"):
        told = json.loads(path.read_bytes())
        found[path.parent.name] |= {claim["id"]: claim for claim in told}
    return found


def continents_of(whole: Whole) -> list[str]:
    """Return the continents that a study reports on."""
    return list(whole.study.settings["continents"])


def homes_of(whole: Whole) -> dict[str, str]:
    """Return the home of each focus group that may be counted."""
    groups = [group for group in whole.study.focus_groups if whole.study.may_count(group)]
    return {group: whole.homes.home(group) for group in groups}


@pytest.mark.parametrize("study", STUDIES)
def test_continent_is_its_parts(wholes: Wholes, claims: dict[str, Claims], study: str):
    """The focus groups of a continent are those of its regions' parts and the wider ones."""
    told = claims[study]
    parts = {
        continent: [
            group
            for identifier, claim in told.items()
            if identifier.startswith(f"{continent}.part.groups.")
            for group in claim["focus_groups"]
        ]
        for continent in continents_of(wholes[study])
    }
    counted = {continent: told[f"{continent}.groups"]["focus_groups"] for continent in parts}

    assert {continent: sorted(groups) for continent, groups in parts.items()} == counted


@pytest.mark.parametrize("study", STUDIES)
def test_parts_are_of_the_region_named(wholes: Wholes, claims: dict[str, Claims], study: str):
    """What a continent counts from a region, the region's own report counts too."""
    told = claims[study]
    strangers = [
        (identifier, group)
        for identifier, claim in told.items()
        if ".part.groups." in identifier
        for group in claim["focus_groups"]
        for home in [identifier.rpartition(".")[2]]
        if wholes[study].homes.scope(home) == "region"
        and group not in told[f"{home}.groups"]["focus_groups"]
    ]

    assert strangers == []


@pytest.mark.parametrize("study", STUDIES)
def test_each_code_is_raised_by_the_same_groups_in_all_parts(
    wholes: Wholes, claims: dict[str, Claims], study: str
):
    """Who raised a theme or code on a continent raised it in one of its parts, and nowhere else."""
    told = claims[study]
    differing = []
    for continent in continents_of(wholes[study]):
        for code in wholes[study].study.codebook:
            parts = [
                claim["focus_groups"]
                for identifier, claim in told.items()
                if identifier.startswith(f"{continent}.region.") and identifier.endswith(f".{code}")
            ]
            together = sorted(group for part in parts for group in part)
            if parts and together != told[f"{continent}.prevalence.{code}"]["focus_groups"]:
                differing.append((continent, code))

    assert differing == []


@pytest.mark.parametrize("study", STUDIES)
def test_each_focus_group_counts_in_one_home(wholes: Wholes, claims: dict[str, Claims], study: str):
    """A focus group counts in its region, or else among the wider submissions of a continent."""
    whole, told = wholes[study], claims[study]
    regions = {home for home in homes_of(whole).values() if whole.homes.scope(home) == "region"}
    at_home = [told[f"{region}.groups"] for region in regions]
    at_home += [
        told[f"{continent}.part.groups.{continent}"]
        for continent in continents_of(whole)
        if f"{continent}.part.groups.{continent}" in told
    ]
    times = Counter(group for claim in at_home for group in claim["focus_groups"])
    expected = {group: 1 for group, home in homes_of(whole).items() if home != "global"}

    assert times == expected


@pytest.mark.parametrize("study", STUDIES)
def test_no_segment_is_lost(wholes: Wholes, pages: Pages, study: str):
    """Each segment received stands at its home in its words, or is set aside with its reason."""
    of_study = {name.removeprefix(f"{study}/"): page for name, page in pages.items()}

    assert lost_segments(wholes[study], of_study) == []


def lost_segments(whole: Whole, pages: Pages) -> list[str]:
    """Return the segments that stand nowhere, stand with other words, or left without a reason."""
    lost = []
    for name, segment in whole.cleaned.received.items():
        if not whole.study.may_count(segment.group):
            continue
        for home in homes_with_words(whole, segment.group):
            reason = whole.cleaned.set_aside.get(name)
            if reason is None:
                words = pages[f"{home}.html"].words.get(f"{SEGMENT}{name}", "")
                told = segment.text in words if whole.study.may_show(segment.group) else words
            else:
                rows = [row[:2] for row in pages[f"{home}-cleaning.html"].rows]
                told = reason in REASONS_TOLD and [name, reason] in rows
            lost += [] if told else [f"{home}: {name}"]
    return lost


def homes_with_words(whole: Whole, group: str) -> list[str]:
    """Return the reports that hold a focus group's words: one, or all continents it touches."""
    home = whole.homes.home(group)
    touched = [place for place in continents_of(whole) if whole.homes.overlaps(group, place)]
    return touched if home == "global" else [home]


@pytest.mark.parametrize("study", STUDIES)
def test_no_words_are_shown_without_consent(built: Path, wholes: Wholes, study: str):
    """Where consent is for counts only, no file of the release holds a word of the segments."""
    assert shown_without_consent(wholes[study], built / "reports" / study) == []


def shown_without_consent(whole: Whole, release: Path) -> list[str]:
    """Return where a release shows words of segments whose words may not be shown.

    Passed over are words that another focus group, whose words may be shown, said too.
    """
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for row in whole.study.segments:
        shown = whole.study.may_show(row["focus_group"])
        cleaned = whole.cleaned.received[row["segment"]]
        texts[shown] |= {row["text"], cleaned.text, row["label"], cleaned.label} - {""}
    shown_anyway = "\n".join(texts[True])
    withheld = {text for text in texts[False] if text not in shown_anyway}
    return [
        f"{path.name}: {text}"
        for path in sorted(release.rglob("*"))
        if path.suffix in (".html", ".ipynb", ".json")
        for content in [plain(path)]
        for text in withheld
        if text in content
    ]


def plain(path: Path) -> str:
    """Return what a file holds, as a reader would read it."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return unescape(content)
    return unescape("\n".join(strings_in(json.loads(content))))


def strings_in(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings_in(each)


def test_each_number_leads_to_its_evidence(pages: Pages):
    """Each number that is a claim links to the evidence of that claim on its page."""
    astray = [
        (name, claim)
        for name, page in pages.items()
        for claim, link in page.claims
        if link != f"#{EVIDENCE}{claim}" or f"{EVIDENCE}{claim}" not in page.ids
    ]

    assert astray == []


def test_each_claim_stands_on_its_page(built: Path, pages: Pages):
    """Each claim of a claims.json is shown as a number of its page, and the other way round."""
    differing = [
        name
        for name, page in pages.items()
        for path in [built / "reports" / name.replace(".html", ".claims.json")]
        if path.is_file()
        and {claim["id"] for claim in json.loads(path.read_bytes())} != dict(page.claims).keys()
    ]

    assert differing == []


def test_each_link_leads_somewhere(built: Path, pages: Pages):
    """Each link leads to a page, and to an anchor on it, also from one page to another."""
    assert broken_links(pages, built / "reports") == []
