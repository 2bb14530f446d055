from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.quality.personal_data.scan import KINDS
from benchmarks.scenarios.privacy import DIGESTS, digest_of, read_labelled, score

if TYPE_CHECKING:
    from pathlib import Path

REGIONS = {"ap", "car", "eeca", "esa", "la", "mena", "wca", "wcena"}
CONTACTS = ["document", "email", "phone", "profile"]


@pytest.mark.parametrize("name", DIGESTS)
def test_held_out_sentences_are_as_they_were_before_any_rule(root: Path, name: str) -> None:
    """Whoever changes them to fit the rules is found out."""
    assert digest_of(root, f"{name}_held_out") == DIGESTS[name]


def test_held_out_sentences_are_many_and_balanced(root: Path) -> None:
    """Each region has thirty of each kind, and none of the sentences is in the other half."""
    held, other = (read_labelled(root, f"identifying_{half}") for half in ("held_out", "tuning"))
    ordinary = read_labelled(root, "ordinary_held_out")

    assert set(held["region"]) == REGIONS
    assert set(held["kind"]) == {each.kind for each in KINDS}
    assert held.groupby(["region", "kind"]).size().min() >= 30
    assert len(ordinary.drop_duplicates("text")) >= 2_000
    assert set(held["frame"]).isdisjoint(other["frame"])


def test_page_on_privacy_has_the_figures_that_were_measured(root: Path) -> None:
    """What readers see of each kind, and the totals, are those of the page on the sentences."""
    measured = (root / "benchmarks" / "personal_data" / "README.md").read_text(encoding="utf-8")
    page = (root / "docs" / "privacy.md").read_text(encoding="utf-8")
    by_kind = re.findall(r"^\| ([a-z-]+) \|.{60,}\| (\d+ of \d+) \|$", measured, re.M)
    shown = re.findall(r"^\| `([a-z-]+)` \|.*\| (\d+ of \d+) \|$", page, re.M)
    totals = re.search(r"Of (\S+) held-out sentences, (\S+) are found", measured)
    stops = re.search(r"Of (\S+) ordinary segments, (\d+) are false stops", measured)

    assert totals
    assert stops
    assert dict(shown) == {kind: counts for kind, counts in by_kind if kind != "all"}
    assert f"of {totals[1]} synthetic sentences" in page
    assert f"{totals[2]} are found" in page
    assert f"Of {stops[1]} ordinary segments, {stops[2]} are stopped" in page


@pytest.mark.slow
def test_scan_finds_most_and_stops_little(root: Path) -> None:
    """What is published in docs/privacy.md holds: recall by kind and region, and false stops."""
    found = score(read_labelled(root, "identifying_held_out"))
    stopped = score(read_labelled(root, "ordinary_held_out"))["stopped"]

    by_kind = found.groupby("kind")["found"].mean()
    assert by_kind[CONTACTS].min() > 0.97
    assert by_kind["name-age"] > 0.88
    assert by_kind["name-role"] > 0.8
    assert found.groupby("region")["found"].mean().min() > 0.8
    assert stopped.mean() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("name", ["held_out", "tuning"])
def test_sentences_of_the_first_version_are_still_found(root: Path, name: str) -> None:
    """Rules that are added break none that were there."""
    scored = score(read_labelled(root, name))

    is_identifying = scored["kind"] != ""
    assert scored[is_identifying].groupby("kind")["found"].mean().min() > 0.9
    assert scored[is_identifying].groupby("region")["found"].mean().min() > 0.95
    assert scored[~is_identifying]["stopped"].mean() < 0.02


def test_score_counts_what_is_found_and_stopped() -> None:
    """A person counts by any kind of name, and a name alone stops nothing."""
    rows = [
        ("email", "a.name@example.org"),
        ("email", "Write to her."),
        ("name-age", "Amina Juma left."),
        ("name-alone", "as Achieng wished"),
    ]

    scored = score(pd.DataFrame(rows, columns=["kind", "text"], dtype="str"))

    assert scored["found"].tolist() == [True, False, True, True]
    assert scored["stopped"].tolist() == [True, False, True, False]
