"""No focus group counts twice, and no segment is lost between submission and report."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from analysis.recount.cleaned import DUPLICATE, LEAD_IN, PERSONAL_DATA
from built.pages import SEGMENT, broken_links, read_pages

if TYPE_CHECKING:
    from built.built_study import BuiltStudy, Claim

EXPLORER = "explorer.html"
REASONS = (LEAD_IN, DUPLICATE, PERSONAL_DATA)


def part_claims(study: BuiltStudy, kind: str) -> dict[tuple[str, str], Claim]:
    """Return the claims of one kind on the parts of continents, by continent and home."""
    return {
        (continent, identifier.removeprefix(start)): claim
        for continent in study.continents
        for start in [f"{continent}.part.{kind}."]
        for identifier, claim in study.claims.items()
        if identifier.startswith(start)
    }


def test_continent_is_its_parts(study: BuiltStudy):
    """Focus groups of a continent are those of its regions' parts and of the wider submissions."""
    parts: dict[str, list[str]] = {continent: [] for continent in study.continents}
    for (continent, _), claim in part_claims(study, "groups").items():
        parts[continent] += claim["focus_groups"]
    counted = {place: study.claims[f"{place}.groups"]["focus_groups"] for place in parts}

    assert {place: sorted(groups) for place, groups in parts.items()} == counted


def test_segments_of_a_continent_are_those_of_its_parts(study: BuiltStudy):
    """Each segment that a continent counts comes from just one of its parts."""
    parts: dict[str, list[str]] = {continent: [] for continent in study.continents}
    for (continent, _), claim in part_claims(study, "segments").items():
        parts[continent] += claim["segments"]
    counted = {place: sorted(study.claims[f"{place}.segments"]["segments"]) for place in parts}

    assert {place: sorted(segments) for place, segments in parts.items()} == counted


def test_parts_are_of_the_region_named(study: BuiltStudy):
    """What a continent counts from a region, the region's own report counts too."""
    strangers = [
        (continent, home, group)
        for (continent, home), claim in part_claims(study, "groups").items()
        for group in claim["focus_groups"]
        if home != continent and group not in study.claims[f"{home}.groups"]["focus_groups"]
    ]

    assert strangers == []


def test_code_is_raised_by_the_same_groups_in_all_parts(study: BuiltStudy):
    """Who raised a theme or code on a continent raised it in one of its parts, and nowhere else."""
    differing = []
    for continent in study.continents:
        for code in study.whole.study.codebook:
            parts = [
                claim["focus_groups"]
                for identifier, claim in study.claims.items()
                if identifier.startswith(f"{continent}.region.") and identifier.endswith(f".{code}")
            ]
            together = sorted(group for part in parts for group in part)
            whole = study.claims.get(f"{continent}.prevalence.{code}")
            if parts and (whole is None or together != whole["focus_groups"]):
                differing.append((continent, code))

    assert differing == []


def test_each_focus_group_counts_in_one_home(study: BuiltStudy):
    """A focus group counts in its region, or else among the wider submissions of a continent."""
    homes = set(study.homes.values()) - {"global"}
    regions = [home for home in homes if study.whole.homes.scope(home) == "region"]
    at_home = [study.claims[f"{region}.groups"] for region in regions]
    wider = part_claims(study, "groups")
    at_home += [claim for (continent, home), claim in wider.items() if home == continent]
    times = Counter(group for claim in at_home for group in claim["focus_groups"])

    assert times == {group: 1 for group, home in study.homes.items() if home != "global"}


def test_no_segment_is_lost(study: BuiltStudy):
    """Each segment received is at its home in its words, or is set aside with its reason."""
    lost = [
        (place, name)
        for name, segment in study.whole.cleaned.received.items()
        if study.may_count(segment.group)
        for place in study.places_with_words(segment.group)
        if not is_accounted_for(study, place, name)
    ]

    assert lost == []


def is_accounted_for(study: BuiltStudy, place: str, name: str) -> bool:
    """Return whether a segment is in a report, or is set aside with its reason."""
    reason = study.whole.cleaned.set_aside.get(name)
    if reason is not None:
        rows = [row[:2] for row in study.pages[f"{place}-cleaning.html"].rows]
        return reason in REASONS and [name, reason] in rows
    segment = study.whole.cleaned.received[name]
    anchor = f"{SEGMENT}{name}"
    pages = [
        page
        for file, page in study.pages.items()
        if file.startswith(f"{place}.words-") and anchor in page.words
    ]
    if not pages:
        return False
    words = pages[0].words[anchor].strip()
    if study.whole.study.may_show(segment.group):
        return words == segment.text
    # The reason is said once, above the places of all passages of the focus group.
    reason = f"{segment.group}Counted and not shown: consent is for counts only."
    return not words and reason in pages[0].text


def test_each_segment_is_in_one_report_of_a_place(study: BuiltStudy):
    """The words of a segment are in one report only, and others link to it.

    The page with the passages of the whole study repeats all of them, or none.
    """
    shown = Counter(
        anchor
        for name, page in study.pages.items()
        for anchor, words in page.words.items()
        if anchor.startswith(SEGMENT) and "consent" not in words and name != EXPLORER
    )
    explored = {
        anchor
        for anchor, words in study.pages[EXPLORER].words.items()
        if anchor.startswith(SEGMENT) and "consent" not in words
    }
    homes = {
        f"{SEGMENT}{name}": len(study.places_with_words(study.whole.group_of(name)))
        for name in study.whole.cleaned.kept
    }

    assert [anchor for anchor, times in shown.items() if times != homes[anchor]] == []
    assert explored in (set(), shown.keys())


def test_each_number_leads_to_its_evidence(study: BuiltStudy):
    """Each number that is a claim links to the evidence of that claim, on a page of its report."""
    astray = [
        (name, claim)
        for name, page in study.pages.items()
        for claim, link in page.claims
        for to, _, anchor in [link.partition("#")]
        if anchor != claim or anchor not in study.pages[to or name].ids
    ]

    assert astray == []


def test_page_shows_just_its_claims(study: BuiltStudy):
    """Each claim of a claims.json is a number of its page, and the other way round.

    Those of the report on the whole study are on its own page and on that of the codebook.
    """
    shown = {name.removesuffix(".html"): dict(page.claims) for name, page in study.pages.items()}
    shown["coverage"] |= shown["codebook"]
    differing = [
        name
        for name, claims in study.claims_of_pages.items()
        if {claim["id"] for claim in claims} != shown[name].keys()
    ]

    assert differing == []


@pytest.mark.parametrize("root", [pytest.param("built", marks=pytest.mark.slow), "small", "odd"])
def test_each_link_leads_somewhere(request: pytest.FixtureRequest, root: str):
    """Each link leads to a page, and to an anchor on it, also from one page to another."""
    reports = request.getfixturevalue(root) / "reports"

    assert broken_links(read_pages(reports), reports) == []
