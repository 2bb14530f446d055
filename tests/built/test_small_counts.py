"""Numbers of people in built reports: true or withheld, and none withheld can be worked out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from built.recount.study import slug_of
from quality.disclosure.attacker import Attacker, found_large, found_small, learn_table

if TYPE_CHECKING:
    from built.built_study import BuiltStudy, Claim
    from quality.disclosure.attacker import Cell

SMALLEST = 5
PEOPLE = "participants"
BY_PLACE = re.compile(r"[a-z]+\.participants\.(?P<kind>.+)")
BY_HOME = re.compile(r"study\.heard\.kinds\.(?P<kind>.+)\.[a-z]+")


def kind_of(claim: Claim) -> str:
    """Return the kind whose participants a claim counts, or nothing where it counts all."""
    match = BY_PLACE.fullmatch(claim["id"]) or BY_HOME.fullmatch(claim["id"])
    return match["kind"] if match else ""


def people_told(study: BuiltStudy) -> dict[str, Claim]:
    """Return the claims of numbers of people."""
    return {name: each for name, each in study.claims.items() if each["unit"] == PEOPLE}


def true_cells(study: BuiltStudy) -> dict[Cell, int]:
    """Return how many of each kind took part in each focus group, from the CSV files."""
    kinds = {group: study.whole.cleaned.kinds(group) for group in study.homes}
    return {
        (group, slug_of(kind)): people
        for group, by_kind in kinds.items()
        for kind, people in by_kind.items()
    }


def summed_by(claim: Claim, cells: dict[Cell, int]) -> frozenset[Cell]:
    """Return the cells that a claim sums up: of its focus groups, of one kind or of all."""
    kind, groups = kind_of(claim), set(claim["focus_groups"])
    return frozenset(cell for cell in cells if cell[0] in groups and kind in ("", cell[1]))


def test_number_of_people_is_true_or_withheld(study: BuiltStudy):
    """Each number of people shown, in a total too, is what the CSV files hold; others say so."""
    cells = true_cells(study)
    wrong = [
        name
        for name, claim in people_told(study).items()
        if not claim.get("is_withheld")
        and (claim["value"] or 0) != sum(cells[cell] for cell in summed_by(claim, cells))
    ]

    assert wrong == []


def test_no_small_number_of_people_is_shown(study: BuiltStudy):
    """No number from one to just below the smallest that may be shown is a claim."""
    small = [n for n, claim in people_told(study).items() if 0 < (claim["value"] or 0) < SMALLEST]

    assert small == []


def test_withheld_number_stands_in_no_page(study: BuiltStudy):
    """Where a number is withheld, its place in the page has the word, and its claim no value."""
    withheld = {name for name, each in study.claims.items() if each.get("is_withheld")}
    pages = [path.read_text(encoding="utf-8") for path in study.release.glob("*.html")]
    shown = re.findall(r'data-claim="([^"]+)"[^>]*>([^<]*)<', "".join(pages))

    assert {text for name, text in shown if name in withheld} <= {"withheld"}
    assert {name for name, text in shown if text == "withheld"} == withheld
    assert {study.claims[name]["value"] for name in withheld} <= {None}


def test_people_of_a_kind_in_one_focus_group_stand_nowhere(study: BuiltStudy):
    """No file of a release says that few people of a kind took part in one focus group."""
    told = {
        f"{people} {kind}"
        for group in study.homes
        for kind, people in study.whole.cleaned.kinds(group).items()
        if people < SMALLEST
    }
    files = [path.read_text("utf-8") for path in study.release.iterdir() if path.is_file()]

    assert [each for each in sorted(told) for text in files if f" {each}" in text] == []


def test_outsider_with_all_reports_works_out_no_small_number(study: BuiltStudy):
    """Whoever has a release, with its table of people, learns of none withheld but as promised."""
    cells = true_cells(study)
    attacker = Attacker()
    for group, kind in cells:
        attacker.learn_kind(group, kind)
    untold: dict[frozenset[Cell], int] = {
        frozenset([cell]): people for cell, people in cells.items()
    }
    withheld: dict[frozenset[Cell], int] = {}
    for claim in people_told(study).values():
        summed = summed_by(claim, cells)
        if claim.get("is_withheld"):
            withheld[summed] = sum(cells[cell] for cell in summed)
        elif summed:
            attacker.learn_sum(summed, claim["value"])
    learn_table(attacker, study.release / "participants.csv", 1, slug_of)

    assert found_small(attacker, untold | withheld, SMALLEST) == []
    assert found_large(attacker, withheld, SMALLEST) == []
