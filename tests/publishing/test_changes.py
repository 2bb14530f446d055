from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import PublishingError
from analysis.publishing.claim_diff import ClaimChange, changed_claims, read_claims
from analysis.publishing.row_changes import KEYS, changed_rows, revert_row
from analysis.synthesis.claims import Claim
from analysis.tables.received import COLUMNS

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


CODINGS = [("s1", "hope", "ann"), ("s2", "hope", "ann"), ("s3", "fear", "bot")]


def table(name: str, *rows: tuple[str, ...]) -> pd.DataFrame:
    columns = COLUMNS[name]
    return pd.DataFrame(
        [row + ("",) * (len(columns) - len(row)) for row in rows], columns=columns, dtype="str"
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "text"),
    [
        ("code_applications", CODINGS[:2], CODINGS, "added s3, fear, bot"),
        ("code_applications", CODINGS, CODINGS[:2], "removed s3, fear, bot"),
        (
            *("code_applications", CODINGS, [*CODINGS[:2], ("s3", "hope", "bot")]),
            "s3 by bot: fear → hope",
        ),
        ("codebook", [("hope", "", "Hope", "x")], [("hope", "", "Hope", "y")], "redefined hope"),
        ("codebook", [("hope", "", "Hope", "x")], [("hope", "", "Hopes", "x")], "renamed hope"),
        ("codebook", [("hope", "", "Hope")], [("hope", "theme", "Hope")], "changed hope (parent)"),
        ("segments", [("Jane Doe", "ken")], [("Jane Doe", "uga")], "(not an id) (focus_group)"),
    ],
)
def test_changed_row_is_named_and_can_be_reverted(
    name: str, before: list[tuple[str, ...]], after: list[tuple[str, ...]], text: str
) -> None:
    """One row of a table that differs is named by its ids, and put back where it was."""
    old, new = table(name, *before), table(name, *after)

    (change,) = changed_rows(old, new, name)

    assert text in change.text
    assert "Jane" not in change.text
    header, *rows = revert_row(old, new, change)
    assert (header, rows) == (list(COLUMNS[name]), old.to_numpy().tolist())


def test_codes_that_a_coder_swapped_are_moved_once_each() -> None:
    """Two codes of one segment that became two others are two moves, and no row besides."""
    old = table("code_applications", ("s1", "hope", "ann"), ("s1", "fear", "ann"))
    new = table("code_applications", ("s1", "care", "ann"), ("s1", "work", "ann"), CODINGS[1])

    found = [each.text for each in changed_rows(old, new, "code_applications")]

    assert found == [
        "code_applications: s1 by ann: hope → care",
        "code_applications: s1 by ann: fear → work",
        "code_applications: added s2, hope, ann",
    ]
    assert set(COLUMNS) <= set(KEYS)
