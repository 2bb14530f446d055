"""A damaged study is refused by file, row and remedy, and the last good release stays."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import pytest

from built.built_study import BuiltStudy
from built.work import add_to_cell, copy_root, refused
from tiny_study import (
    STUDY,
    break_encoding,
    put_value,
    repeat_row,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEAD_IN = "ken.2"
ACCOUNTS_OF_LEAD_INS = [
    "esa.balance.received",
    "esa.balance.set_aside.lead_ins",
    "africa.accounted.lead_ins",
    "africa.accounted.received",
    "esa.accounted.lead_ins",
    "esa.accounted.received",
    "esa.codings.received",
    "esa.codings.set_aside.lead_ins",
]


Damage: TypeAlias = "tuple[Callable[[Path], None], tuple[str, ...]]"

# The checks show of all of these at once.
OF_ROWS: tuple[Damage, ...] = (
    (
        partial(put_value, table="code_applications", at=(2, "code"), value="service"),
        ("code_applications.csv row 2", "unknown code 'service'", "add the code to codebook.csv"),
    ),
    (
        partial(put_value, table="focus_groups", at=(2, "places"), value="KEM"),
        ("focus_groups.csv row 2", "unknown place 'KEM'", "use codes of data/places.csv"),
    ),
    (
        partial(repeat_row, table="segments", row=3),
        ("segments.csv row 3", "segments.csv row 29", "keep one row for each segment"),
    ),
    (
        partial(put_value, table="focus_groups", at=(3, "held_on"), value="12.10.2020"),
        (
            "focus_groups.csv row 3",
            "no day of the calendar: date '12.10.2020'",
            "write the day as YYYY-MM-DD",
        ),
    ),
    (
        partial(put_value, table="code_applications", at=(4, "coder"), value="anne"),
        ("code_applications.csv row 4", "unknown coder 'anne'", "list the coder in study.yaml"),
    ),
)
DAMAGES: dict[str, tuple[Damage, ...]] = {
    "rows": OF_ROWS,
    "file not UTF-8": (
        (
            partial(break_encoding, table="code_applications", row=4),
            (
                "tiny/code_applications.csv",
                "code_applications.csv line 4",
                'save it again as "CSV UTF-8"',
            ),
        ),
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_study_is_refused(odd: Path, tmp_path: Path, damage: str):
    """The program says what is wrong, where and what to do, and touches no byte of any report.

    A notebook that fails on these tables is not what is shown.
    """
    root = copy_root(odd, tmp_path)
    for harm, _ in DAMAGES[damage]:
        harm(root)
    add_to_cell(root, "01-clean-coded-data.ipynb", "clean", "\nraise ValueError('too odd')")
    shown, changed = refused(root)
    missing = [words for _, texts_of in DAMAGES[damage] for words in texts_of if words not in shown]

    assert (missing, "too odd" in shown, changed) == ([], False, [])


def test_coded_lead_in_is_reported_and_not_counted(odd: Path):
    """A code on a lead-in is a warning next to the numbers of these, and in no count."""
    study = BuiltStudy(odd, STUDY)
    supporting = sorted(
        name for name, claim in study.claims.items() if LEAD_IN in claim["segments"]
    )
    shown = "Lead-in coded" in study.pages["quality.html"].text
    warned = [name for name, claim in study.claims.items() if "ead-in coded" in str(claim)]

    assert (shown, supporting) == (True, sorted(ACCOUNTS_OF_LEAD_INS))
    assert sorted(warned) == ["africa.accounted.lead_ins", "esa.accounted.lead_ins"]
