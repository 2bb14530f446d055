from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from analysis.tables import bearings as module
from analysis.tables.bearings import Bearings, read_bearings
from analysis.tables.numbering import Names

if TYPE_CHECKING:
    from pathlib import Path

IDS = np.array(["ken.1", "ken.2", "uga.1"], dtype=object)
GROUPS = np.array(["ken", "uga"], dtype=object)


def make() -> Bearings:
    """Make the bearings of three claims, two of which the same segments bear."""
    bearings = Bearings()
    for claim in ("esa.first", "esa.twin"):
        bearings.add(claim, Names(GROUPS, np.array([0, 1])), Names(IDS, np.array([0, 2])))
    bearings.add("esa.loose", ["ken"], ["ken.9", "ken.1"])
    return bearings


@pytest.mark.parametrize("names_at_once", [1, 2, 50])
def test_all_that_bears_a_claim_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names_at_once: int
) -> None:
    """What was kept of a claim is what is read of it, however many names are written at once."""
    monkeypatch.setattr(module, "NAMES_AT_ONCE", names_at_once)
    file = tmp_path / "bearings" / "esa.parquet"
    make().write(file, ["esa.first", "esa.twin", "esa.loose"])

    read = {claim: read_bearings(file, f"esa.{claim}") for claim in ("first", "twin", "loose")}

    twins = {"focus_groups": ["ken", "uga"], "segments": ["ken.1", "uga.1"]}
    loose = {"focus_groups": ["ken"], "segments": ["ken.9", "ken.1"]}
    assert read == {"first": twins, "twin": twins, "loose": loose}


def test_claim_of_another_report_is_not_there(tmp_path: Path) -> None:
    """A claim that the file does not have is borne by nothing."""
    make().write(tmp_path / "esa.parquet", ["esa.first"])

    read = read_bearings(tmp_path / "esa.parquet", "esa.twin")

    assert read == {"focus_groups": [], "segments": []}


def test_nothing_to_keep_is_no_file(tmp_path: Path) -> None:
    """Where no claim has to be kept, no file is written."""
    make().write(tmp_path / "esa.parquet", ["esa.other"])

    assert not list(tmp_path.iterdir())


def test_digest_tells_what_bears_apart() -> None:
    """Claims have one digest where the same bears them, whether it is numbered or not."""
    bearings = Bearings()
    numbered = bearings.add("a.b", Names(GROUPS, np.array([0])), Names(IDS, np.array([0, 1])))

    assert numbered == bearings.add("a.c", ["ken"], ["ken.1", "ken.2"])
    assert numbered != bearings.add("a.d", ["ken"], ["ken.2", "ken.1"])
    assert numbered != bearings.add("a.e", ["ken", "ken.1"], ["ken.2"])


def test_same_bearings_are_the_same_bytes(tmp_path: Path) -> None:
    """Two files of the same claims do not differ in a byte."""
    for name in ("one", "two"):
        make().write(tmp_path / name, ["esa.first", "esa.loose"])

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
