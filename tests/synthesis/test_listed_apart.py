from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import ClaimError
from analysis.synthesis.claims import CLAIMS_MIME, Ledger
from analysis.synthesis.listed_apart import LISTED
from analysis.tables.bearings import read_bearings

if TYPE_CHECKING:
    from pathlib import Path

MANY = [f"ken.{number}" for number in range(LISTED + 1)]


def test_long_claim_is_listed_apart(tmp_path: Path) -> None:
    """A claim that many segments bear lists none, says how many, and where they are listed."""
    ledger = Ledger("esa", bearings=tmp_path / "esa.parquet")
    claim = ledger.number(
        "all", "All", (len(MANY), "segments"), focus_groups=["ken"], segments=MANY
    )

    bundle = ledger.show(claim)._repr_mimebundle_()
    ledger.keep_bearings()

    (told,) = bundle[CLAIMS_MIME]["claims"]
    assert (told["focus_groups"], told["segments"]) == ((), ())
    assert told["apart"] | {"sha256": ""} == {
        "file": "esa.bearings.parquet",
        "focus_groups": 1,
        "segments": LISTED + 1,
        "sha256": "",
    }
    read = read_bearings(tmp_path / "esa.parquet", "esa.all")
    assert read == {"focus_groups": ["ken"], "segments": MANY}


def test_short_claim_lists_all(tmp_path: Path) -> None:
    """A claim that few segments bear lists them, whatever its report does with others."""
    ledger = Ledger("esa", bearings=tmp_path / "esa.parquet")
    claim = ledger.number("few", "Few", (1, "segments"), segments=["ken.1"])

    ledger.show(claim)
    ledger.keep_bearings()

    assert (claim.segments, claim.apart) == (("ken.1",), None)
    assert "apart" not in claim.record()
    assert not list(tmp_path.iterdir())


def test_without_a_file_each_claim_lists_all() -> None:
    """Where there is no file for them, a claim lists its segments, however many."""
    claim = Ledger("esa").number("all", "All", (len(MANY), "segments"), segments=MANY)

    assert (claim.segments, claim.apart) == (tuple(MANY), None)


def test_claim_that_was_never_shown_is_not_kept(tmp_path: Path) -> None:
    """The file holds the claims of the report, and none that it does not show."""
    ledger = Ledger("esa", bearings=tmp_path / "esa.parquet")
    ledger.number("all", "All", (len(MANY), "segments"), segments=MANY)
    ledger.keep_bearings()

    assert not list(tmp_path.iterdir())


def test_same_long_claim_again_is_the_first(tmp_path: Path) -> None:
    """Making a long claim again returns it; what bears it cannot be other the second time."""
    ledger = Ledger("esa", bearings=tmp_path / "esa.parquet")
    first, again = (ledger.number("all", "All", (0, "x"), segments=MANY) for _ in range(2))

    assert first is again
    with pytest.raises(ClaimError, match="made twice"):
        ledger.number("all", "All", (0, "x"), segments=MANY[::-1])
