from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.tables.cleaning import clean
from analysis.tables.covered import COVERED, cover, read_covered, write_covered
from tables.made_tables import make_received

if TYPE_CHECKING:
    from pathlib import Path

GROUPS = ({"focus_group": "shared"}, {"focus_group": "alone"}, {"focus_group": "silent"})
TEXTS = [
    {"segment": "shared.1", "focus_group": "shared", "text": "Raids."},
    {"segment": "shared.2", "focus_group": "shared", "text": "Fines."},
    {"segment": "alone.1", "focus_group": "alone", "text": "Friends."},
    {"segment": "silent.1", "focus_group": "silent", "text": "Nothing."},
]
APPLIED = [
    ("shared.1", "law", "ana"),
    ("shared.2", "law", "ben"),
    ("alone.1", "hope", "ana"),
    ("alone.1", "law", "ana"),
    ("gone.1", "law", "ben"),
]


def covered(applied: list[tuple[str, str, str]] = APPLIED) -> dict[str, pd.DataFrame]:
    applications = [dict(zip(("segment", "code", "coder"), row, strict=True)) for row in applied]
    received = make_received(groups=GROUPS, texts=TEXTS, applications=applications)
    return cover(clean(received, ()).by_name())


def told(covered: dict[str, pd.DataFrame]) -> list[tuple[str, str | None]]:
    applied = covered["code_applications"]
    codes = [code if isinstance(code, str) else None for code in applied["code"]]
    return list(zip(applied["segment"], codes, strict=True))


def test_code_is_told_where_coders_can_be_compared() -> None:
    """Codes are told of a focus group that several coded, and of no other; none is left out."""
    assert told(covered()) == [
        ("shared.1", "law"),
        ("shared.2", "law"),
        ("alone.1", None),
        ("alone.1", None),
    ]


def test_words_and_codes_on_which_nothing_rests_change_nothing(tmp_path: Path) -> None:
    """Another code by a coder who is alone leaves the same bytes."""
    other = [*APPLIED[:2], ("alone.1", "stigma", "ana"), *APPLIED[3:]]
    for name, each in (("one", covered()), ("other", covered(other))):
        write_covered(each, tmp_path / name)

    bytes_of = [
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in tmp_path.iterdir()
    ]
    assert bytes_of[0] == bytes_of[1]
    assert "text" not in COVERED["segments"]


@pytest.mark.parametrize("applied", [APPLIED, []], ids=["some", "none"])
def test_what_is_covered_reads_back(tmp_path: Path, applied: list[tuple[str, str, str]]) -> None:
    """What cleaning leaves for the coverage reads back the same, with codes that are missing."""
    written = covered(applied)

    write_covered(written, tmp_path / "covered")

    read = read_covered(tmp_path / "covered")
    assert told(read) == told(written)
    for name, table in written.items():
        pd.testing.assert_frame_equal(read[name], table.reset_index(drop=True))


def test_kinds_of_participants_are_told_where_consent_lets_them_be_shown() -> None:
    """Of a focus group that may only be counted, how many took part is told, and not who."""
    said = {"participants": "2 nurses (KEN)", "places": "KEN"}
    groups = [
        {"focus_group": consent, "consent": consent, **said}
        for consent in ("public", "aggregate-only")
    ]
    shown = cover(clean(make_received(groups=groups), ()).by_name())["focus_groups"]

    told = dict(zip(shown["focus_group"], shown["participants"], strict=True))
    assert told["public"] == "2 nurses (KEN)"
    assert told["aggregate-only"].startswith("2 ")
    assert "nurses" not in told["aggregate-only"]
