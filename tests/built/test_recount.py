"""Every claim of every report, counted anew from the CSV files without the program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from built.checkout import STUDIES
from built.recount.cleaning import recount_cleaning
from built.recount.coverage import recount_coverage
from built.recount.synthesis import recount_place

if TYPE_CHECKING:
    from pathlib import Path

    from built.recount.corpus import Whole
    from built.recount.number import Number

ENDING = ".claims.json"
COVERAGE = "coverage"
CLEANING = "-cleaning"


def recount(whole: Whole, page: str) -> dict[str, Number]:
    """Return every number that a page may claim: by id, or on a cleaning page by label."""
    if page == COVERAGE:
        return recount_coverage(whole)
    if page.endswith(CLEANING):
        return recount_cleaning(whole, page.removesuffix(CLEANING))
    return recount_place(whole, page)


def differences(whole: Whole, page: str, claims: list[dict[str, object]]) -> list[str]:
    """Return where the claims of a page differ from the recount, or have none."""
    numbers = recount(whole, page)
    known_by = "label" if page.endswith(CLEANING) else "id"
    found = []
    for claim in claims:
        number = numbers.get(str(claim[known_by]))
        found += [f"{claim['id']}: no rule"] if number is None else number.differences(claim)
    return found


def claims_of(built: Path, study: str) -> dict[str, list[dict[str, object]]]:
    """Return the claims of each page of a study."""
    paths = sorted((built / "reports" / study).glob(f"*{ENDING}"))
    return {path.name.removesuffix(ENDING): json.loads(path.read_bytes()) for path in paths}


@pytest.mark.parametrize("study", STUDIES)
def test_every_claim_holds_when_counted_anew(built: Path, wholes: dict[str, Whole], study: str):
    """Value, counts, focus groups, segments and label of each claim follow from the CSV files."""
    pages = claims_of(built, study)
    found = [
        each for page, claims in pages.items() for each in differences(wholes[study], page, claims)
    ]

    assert found == []


@pytest.mark.parametrize("study", STUDIES)
def test_every_report_makes_claims(built: Path, study: str):
    """No page passes the recount by claiming nothing."""
    reports = {path.stem for path in (built / "reports" / study).glob("*.ipynb")}
    claiming = {page for page, claims in claims_of(built, study).items() if claims}

    assert claiming == reports


@pytest.mark.parametrize("study", STUDIES)
def test_every_theme_and_code_is_told(built: Path, wholes: dict[str, Whole], study: str):
    """What nobody raised is claimed too: each report tells of each theme and code."""
    codes = set(wholes[study].study.codebook)
    places = {row["place"] for row in wholes[study].study.wider_places}
    told = {
        page: {str(claim["id"]).rpartition(".")[2] for claim in claims}
        for page, claims in claims_of(built, study).items()
        if page in places
    }
    untold = [(page, code) for page in told for code in codes - told[page]]

    assert untold == []


def test_recount_finds_what_is_wrong(built: Path, wholes: dict[str, Whole]):
    """A wrong value, a segment too few, another name and an unknown id are each told."""
    claims = claims_of(built, "africa-2020")["africa"]
    whole, (claim, *_) = wholes["africa-2020"], [c for c in claims if c["segments"]]
    wrong = [
        {**claim, "value": 1},
        {**claim, "segments": claim["segments"][1:]},
        {**claim, "label": "Segments"},
        {**claim, "id": "africa.unknown"},
    ]
    found = [differences(whole, "africa", [each]) for each in wrong]

    assert [len(each) for each in found] == [1, 1, 1, 1]
