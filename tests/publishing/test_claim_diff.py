from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from analysis.errors import PublishingError
from analysis.publishing.claim_diff import ClaimChange, changed_claims, read_claims
from analysis.synthesis.claims import Claim

if TYPE_CHECKING:
    from pathlib import Path


def release(folder: Path, *claims: Claim) -> Path:
    folder.mkdir()
    shown = json.dumps([claim.record() for claim in claims])
    (folder / "wca.claims.json").write_text(shown, encoding="utf-8")
    return folder


def count(name: str, of: int, *, among: int = 9) -> Claim:
    return Claim(f"wca.{name}", name, of / among, "focus groups", of, among)


def people(name: str, value: int | None, shown_as: str = "") -> Claim:
    return Claim(f"wca.{name}", name, value, "people", shown_as=shown_as)


def number(name: str, value: float, unit: str) -> Claim:
    return Claim(f"wca.{name}", name, value, unit)


def test_changed_claims_are_listed_with_old_and_new_value(tmp_path: Path) -> None:
    """Claims that were added, removed or changed are listed, also if only their words changed."""
    before = release(
        tmp_path / "before",
        *(count("same", 4), count("fewer", 4), count("gone", 1)),
        *(people("hidden", 12), people("known", None), people("silent", None)),
        *(number("alpha", 0.5, "alpha"), number("places", 1, "countries")),
    )
    after = release(
        tmp_path / "after",
        *(count("same", 4), count("fewer", 3, among=8), people("come", 7)),
        *(people("hidden", None, "fewer than 5"), people("known", 12)),
        people("silent", None, "fewer than 5"),
        *(number("alpha", 0.500001, "alpha"), number("places", 2, "countries")),
    )

    changes = changed_claims(read_claims(before), read_claims(after))

    assert changes == tuple(
        ClaimChange("wca", f"wca.{name}", name, old, new)
        for name, old, new in (
            ("alpha", "0.50000000 alpha", "0.50000100 alpha"),
            ("come", "no claim", "7 people"),
            ("fewer", "4 of 9 focus groups", "3 of 8 focus groups"),
            ("gone", "1 of 9 focus groups", "no claim"),
            ("hidden", "12 people", "fewer than 5"),
            ("known", "not defined", "12 people"),
            ("places", "1 country", "2 countries"),
            ("silent", "not defined", "fewer than 5"),
        )
    )


def test_first_release_has_nothing_to_differ_from(tmp_path: Path) -> None:
    """A folder that does not exist has no claims: each of the first release is new."""
    claims = read_claims(release(tmp_path / "first", count("same", 4)))

    assert read_claims(tmp_path / "absent") == {}
    assert [each.old for each in changed_claims({}, claims)] == ["no claim"]


BROKEN = ("<<<<<<<", "{}", "[3]", '[{"id": "wca.groups"}]', '[{"id": "wca.groups", "value": NaN}]')


@pytest.mark.parametrize("text", BROKEN)
def test_claims_that_no_build_of_this_version_wrote_are_refused(tmp_path: Path, text: str) -> None:
    """A file of claims that is broken, or shows too little to compare, is named."""
    path = release(tmp_path / "broken") / "wca.claims.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(PublishingError, match=r"The claims of broken/wca\.claims\.json cannot be"):
        read_claims(path.parent)
