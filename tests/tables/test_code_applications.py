from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import TableError
from analysis.quality.checks import check_named
from analysis.tables.code_applications import require_shared_codes
from tiny_study import STUDY, table_of, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "stigma-discrimination": "Stigma & discrimination",
    "stigma_and_discrimination": "Stigma and discrimination",
    "violence": "Violence by police",
    "police": "Police violence",
    "hope": "Hope",
    "law": "Law",
}
SEGMENTS = pd.DataFrame(
    {"segment": [f"g1.{at}" for at in range(8)], "focus_group": ["g1"] * 8}, dtype="str"
)


BOTH: dict[str, tuple[str, ...]] = {"ana": (), "ben": ()}


def tables_of(**codes: str) -> dict[str, pd.DataFrame]:
    """Give tables in which each coder applied a code to each segment in turn."""
    rows = [
        (f"g1.{at}", code, coder)
        for coder, listed in codes.items()
        for at, code in enumerate(listed.split())
    ]
    return {
        "codebook": pd.DataFrame({"code": list(NAMES), "name": list(NAMES.values())}),
        "segments": SEGMENTS,
        "code_applications": pd.DataFrame(rows, columns=["segment", "code", "coder"]),
    }


def refusal(tables: dict[str, pd.DataFrame], **lacking: tuple[str, ...]) -> str:
    with pytest.raises(TableError) as refused:
        require_shared_codes(tables, BOTH | lacking)
    return str(refused.value)


def test_code_with_the_same_words_is_refused() -> None:
    """Codes of one coder each whose names differ in punctuation alone are one code renamed."""
    tables = tables_of(ana="law stigma-discrimination", ben="law stigma_and_discrimination")

    assert "stigma-discrimination (ana) and stigma_and_discrimination (ben)" in refusal(tables)


def test_like_names_on_the_same_segments_are_refused() -> None:
    """A name that is alike and lies on the same segments is the same code."""
    assert "violence (ana) and police (ben)" in refusal(tables_of(ana="violence law", ben="police"))


def test_like_names_on_other_segments_are_two_codes() -> None:
    """A name that is only alike may be another code."""
    require_shared_codes(tables_of(ana="violence law law", ben="law law police"), BOTH)


def test_coders_who_share_no_code_are_refused() -> None:
    """Coders who applied five codes each and none in common used other codebooks."""
    message = refusal(tables_of(ana="law law law law law", ben="hope hope hope hope hope"))

    assert "codes of ana: 1, of ben: 1; they share none" in message


def test_code_that_a_coder_did_not_have_may_differ() -> None:
    """What study.yaml states about versions of the codebook explains the difference."""
    tables = tables_of(ana="law law law law law", ben="hope hope hope hope hope")

    require_shared_codes(tables, {"ana": ("hope",), "ben": ("law",)})


def test_coders_of_other_groups_are_not_compared() -> None:
    """Coders who share no focus group may use any codes."""
    tables = tables_of(ana="law law law law law", ben="hope hope hope hope hope")
    tables["segments"] = SEGMENTS.assign(focus_group=[f"g{at}" for at in range(8)])
    rows = tables["code_applications"]
    other = rows["segment"].isin(["g1.0", "g1.1"]) == (rows["coder"] == "ana")
    tables["code_applications"] = rows[other]

    require_shared_codes(tables, BOTH)


def test_check_refuses_renamed_codes(tmp_path: Path) -> None:
    """The command names the pair, and what to do."""
    root = write_tiny_root(tmp_path / "root")
    with table_of(root, "codebook").open("a", encoding="utf-8") as table:
        table.write("service,support,Service,The same.,,\n")
    path = table_of(root, "code_applications")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("services,bot", "service,bot"), encoding="utf-8")

    with pytest.raises(TableError, match=r"services \(ann\) and service \(bot\)"):
        check_named(root, STUDY)
