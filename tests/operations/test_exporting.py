from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import CodedDataError, GuardError
from analysis.operations.export import export_study
from tiny_study import STUDY, drop_rows, put_value, repeat_row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PHONE = "Call +254 712 345 678."


def put_phone_into_segment(root: Path) -> None:
    put_value(root, "segments", (2, "text"), PHONE)


def put_phone_into_codebook(root: Path) -> None:
    put_value(root, "codebook", (3, "definition"), PHONE)


def tell_focus_group_twice(root: Path) -> None:
    repeat_row(root, "focus_groups", 2)
    put_value(root, "focus_groups", (2, "consent"), "none")


@pytest.mark.parametrize(
    ("damage", "to", "offender"),
    [
        (put_phone_into_segment, "csv", "segments.csv row 2 (segment ken.1): personal data"),
        (put_phone_into_segment, "qdpx", "segments.csv row 2 (segment ken.1): personal data"),
        (put_phone_into_codebook, "qdc", "codebook.csv row 3 (code criminalization): personal"),
        (tell_focus_group_twice, "xlsx", "focus_groups.csv row 2 (focus group ken): "),
    ],
)
def test_what_stops_reports_stops_exports(
    tiny_root: Path, damage: Callable[[Path], None], to: str, offender: str
) -> None:
    """What is critical is told by its rows, as a build tells it, and nothing is written."""
    damage(tiny_root)

    with pytest.raises(GuardError, match="nothing is given out of these tables") as refusal:
        export_study(tiny_root, STUDY, to, tiny_root / "out")

    assert offender in str(refusal.value)
    assert not (tiny_root / "out").exists()


@pytest.mark.parametrize(
    ("damage", "to"),
    [
        (put_phone_into_segment, "qdc"),
        (lambda root: drop_rows(root, "code_applications"), "qdpx"),
    ],
    ids=["in a table that the form lacks", "a table without rows"],
)
def test_what_is_not_given_out_stops_no_export(
    tiny_root: Path, damage: Callable[[Path], None], to: str
) -> None:
    """A codebook, and segments that nobody coded yet, can be given to those who will code."""
    damage(tiny_root)

    export_study(tiny_root, STUDY, to, tiny_root / "out")

    assert (tiny_root / "out").is_file()


def test_unknown_form_is_refused_first(tiny_root: Path) -> None:
    """Nobody waits for guards to learn that a form is misspelt."""
    put_phone_into_segment(tiny_root)

    with pytest.raises(CodedDataError, match="closest: qdpx"):
        export_study(tiny_root, STUDY, "qpdx", tiny_root / "out")
