"""What the numbers on a whole study rest on; in a build on further pages, by section."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

from analysis.study.language import to_translate
from analysis.synthesis.claims import Ledger
from analysis.synthesis.coverage import COVERAGE_PAGE
from analysis.synthesis.evidence import LISTED, list_evidence, list_groups
from analysis.synthesis.markup import element, items, say
from analysis.synthesis.named_codes import CODEBOOK_PAGE
from analysis.synthesis.segment_pages import evidence_page

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.synthesis.claims import Claim, Fragment
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

# The ids of claims on a whole study start with this.
STUDY = "study"
# By the first word of the ids of claims, without their place.
SECTIONS = {
    "heard": to_translate("Who was heard and who took part"),
    "answered": to_translate("Who answered what"),
    "held": to_translate("Codes by focus group held"),
    "coder": to_translate("Who coded"),
    "agreement": to_translate("Agreement"),
    "": to_translate("All other numbers"),
}


def open_coverage_ledger(coverage: Coverage) -> Ledger:
    """Return a ledger for the claims on a whole study, whose numbers lead to their evidence."""
    if coverage.build is None:
        return Ledger(STUDY, coverage.warnings)
    return Ledger(STUDY, coverage.warnings, _page_of)


def _page_of(name: str) -> str:
    section = name.partition(".")[0]
    if section == "codebook":
        return CODEBOOK_PAGE
    return f"{evidence_page(COVERAGE_PAGE, section if section in SECTIONS else '')}.html"


def show_coverage_evidence(coverage: Coverage, ledger: Ledger) -> Fragment:
    """Return what each number rests on, or in a build the links to the pages that show it.

    Claims that are made later have no evidence.
    """
    title = element("h2", say("What each number rests on"), id="evidence")
    show = partial(_show, coverage)
    build = coverage.build
    if build is None:
        entries = list_evidence(ledger, show, level=3)
        return ledger.show(title, element("div", *entries, class_="evidence"))
    by_page: dict[str, list[Claim]] = defaultdict(list)
    for claim in ledger:
        by_page[claim.page].append(claim)
    links = []
    for section, name in SECTIONS.items():
        page = evidence_page(COVERAGE_PAGE, section)
        if claims := by_page[f"{page}.html"]:
            back = partial(_link_back, ledger)
            entries = list_evidence(claims, show, back=back, kind="behind", level=3)
            body = element("div", *entries, class_="evidence")
            stem = page.removeprefix(f"{COVERAGE_PAGE}.")
            build.write_page(COVERAGE_PAGE, stem, f"{element('h2', say(name))}\n{body}\n")
            links.append(element("a", say(name), href=f"{page}.html"))
    return ledger.show(title, items(links, kind="inline"))


def _link_back(ledger: Ledger, claim: Claim) -> Content:
    anchor = ledger.where(claim)
    address = f"{COVERAGE_PAGE}.html{f'#{anchor}' if anchor else ''}"
    return element("a", say("Back to the report"), href=address)


def _show(coverage: Coverage, claim: Claim) -> Content:
    """Return the passages of a claim by their ids, or where these are too many its groups."""
    if claim.segments and len(claim.segments) <= LISTED:
        return items([_link(coverage, segment) for segment in claim.segments], kind="inline")
    none = element("p", say("It rests on no focus group and no passage."))
    return list_groups(coverage, claim.focus_groups) or none


def _link(coverage: Coverage, segment: str) -> Markup:
    address = coverage.address_of(segment)
    return element("a", segment, href=address) if address else element("code", segment)
