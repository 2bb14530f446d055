from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.synthesis.claims import Ledger
from analysis.synthesis.codes_by_group import (
    order_codes,
    show_codes_by_group,
    take_steps,
)
from analysis.synthesis.coverage import Coverage, open_coverage
from analysis.synthesis.saturation import find_saturation, show_saturation
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

# In the order held: two new codes, then one, none and one.
CODINGS = (
    ("a.1", "a", "c1"),
    ("a.1", "a", "c2"),
    ("a.2", "a", "c2"),
    ("b.1", "b", "c1"),
    ("b.1", "b", "c3"),
    ("c.1", "c", "c3"),
    ("d.1", "d", "c4"),
)
DATES = (("b", "2020-10-01"), ("a", "2020-10-02"), ("d", "2020-10-03"), ("c", "2020-10-03"))
# The example of the method: 37 codes in the base of four; new ones in runs of two are 7, 4, 1.
EXAMPLE = (20, 9, 5, 3, 4, 3, 1, 0)


def coverage_of(opened: OpenedStudy, codings: tuple[tuple[str, str, str], ...]) -> Coverage:
    """Return the coverage of four focus groups with some codings."""
    return Coverage(
        study=opened,
        focus_groups=pd.DataFrame(DATES, columns=["focus_group", "held_on"]),
        segments=pd.DataFrame(),
        code_applications=pd.DataFrame(),
        codings=pd.DataFrame(codings, columns=["segment", "focus_group", "code"]),
        pairs=(),
    )


def test_new_codes_are_counted_in_the_order_held(study: OpenedStudy) -> None:
    """Focus groups are ordered by date and then by id; each code is new once."""
    held = order_codes(coverage_of(study, CODINGS))

    assert held.groups == ("b", "a", "c", "d")
    assert (held.new, held.in_all) == ([2, 1, 0, 1], [2, 3, 3, 4])
    assert held.first["segment"].tolist() == ["a.1", "a.2", "b.1", "b.1", "d.1"]


def test_band_holds_what_random_orders_give(study: OpenedStudy) -> None:
    """One focus group raises one or two codes; all of them raise all, whatever the order."""
    bands = order_codes(coverage_of(study, CODINGS)).bands([1, 4])

    assert bands.tolist() == [[1, 2], [4, 4]]


def test_band_leaves_out_25_of_1000_seeded_orders_at_each_end(study: OpenedStudy) -> None:
    """Of 50 groups each raises what all before it do and one code more: plain orders give it."""
    names = [f"g{at:02d}" for at in range(50)]
    codings = [(f"{n}.1", n, f"c{code}") for at, n in enumerate(names) for code in range(at + 1)]
    coverage = replace(
        coverage_of(study, ()),
        focus_groups=pd.DataFrame({"focus_group": names, "held_on": "2020-10-01"}),
        codings=pd.DataFrame(codings, columns=["segment", "focus_group", "code"]),
    )
    random = Random(2020)  # noqa: S311 (nothing secret)
    draws = [[random.random() for _ in names] for _ in range(1000)]
    orders = [sorted(range(50), key=drawn.__getitem__) for drawn in draws]
    steps = range(1, 51)
    counts = [sorted(1 + max(order[:step]) for order in orders) for step in steps]

    bands = order_codes(coverage).bands(steps)

    assert bands.tolist() == [[each[25], each[-26]] for each in counts]


@pytest.mark.parametrize(
    ("run", "percent", "reached"), [(2, 5, 6), (2, 0, None), (3, 5, None), (3, 11, 5)]
)
def test_saturation_follows_the_published_method(
    run: int, percent: int, reached: int | None
) -> None:
    """The first run whose new codes are within the threshold decides; runs move by one group."""
    assert find_saturation(EXAMPLE, run, percent) == reached


def test_saturation_at_zero_needs_a_run_without_new_codes() -> None:
    """A threshold of 0 % is met by a run in which no code is new."""
    assert find_saturation([4, 0, 0, 0, 1, 0, 0], 2, 0) == 5


@pytest.mark.parametrize("origin", ["", "deductive", "mixed", "inductive"])
def test_word_saturation_needs_an_inductive_codebook(tiny_root: Path, origin: str) -> None:
    """The page speaks of saturation only where the study states that codes grew out of the data."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    stated = f"codebook: {origin}\n" if origin else ""
    settings.write_text(settings.read_text(encoding="utf-8") + stated, encoding="utf-8")
    coverage = open_coverage(STUDY)
    # Four focus groups have no run after a base of four; eight codes of eight groups do.
    groups = [f"g{at}" for at in range(8)]
    codings = [
        (f"{name}.1", name, "services" if at else "stigma") for at, name in enumerate(groups)
    ]
    coverage = replace(
        coverage,
        focus_groups=pd.DataFrame({"focus_group": groups, "held_on": "2020-10-01"}),
        codings=pd.DataFrame(codings, columns=["segment", "focus_group", "code"]),
    )
    ledger = Ledger("study")
    shown = [show(coverage, ledger) for show in (show_codes_by_group, show_saturation)]
    words = " ".join(part.text for part in shown).casefold()

    assert ("saturation" in words) == (origin == "inductive")
    assert ("grew out" in words) == (origin != "inductive")


@pytest.mark.parametrize("groups", [5, 6])
def test_saturation_needs_a_run_after_the_base(tiny_root: Path, groups: int) -> None:
    """Of fewer than six focus groups, which are a base and a run, saturation can't be judged."""
    settings = tiny_root / "data" / STUDY / "study.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "codebook: inductive\n")
    names = [f"g{at}" for at in range(groups)]
    coverage = replace(
        open_coverage(STUDY),
        focus_groups=pd.DataFrame({"focus_group": names, "held_on": "2020-10-01"}),
        codings=pd.DataFrame({"segment": names, "focus_group": names, "code": "stigma"}),
    )

    assert bool(show_saturation(coverage, Ledger("study")).claims) == (groups == 6)


def test_two_focus_groups_have_an_order(tiny_root: Path) -> None:
    """From two focus groups with codes on, codes by group are shown."""
    for row in (4, 5):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")
    shown = show_codes_by_group(open_coverage(STUDY), Ledger("study"))

    assert {claim.id: claim.text for claim in shown.claims}["study.held.groups"] == "2"


def test_one_focus_group_has_no_order(tiny_root: Path) -> None:
    """Of one focus group with codes nothing is shown."""
    for row in (3, 4, 5):
        put_value(tiny_root, "focus_groups", (row, "consent"), "none")
    coverage, ledger = open_coverage(STUDY), Ledger("study")
    shown = [show(coverage, ledger) for show in (show_codes_by_group, show_saturation)]

    assert [(str(part.html), part.claims) for part in shown] == [("", ())] * 2


@pytest.mark.parametrize("groups", [1, 2, 16, 17, 51, 2000])
def test_steps_end_with_all_groups(groups: int) -> None:
    """Steps rise from the first focus group to the last, and are few."""
    steps = take_steps(groups, 16)

    assert (steps[0], steps[-1]) == (1, groups)
    assert steps == sorted(set(steps))
    assert len(steps) <= 16
