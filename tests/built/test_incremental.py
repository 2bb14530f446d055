"""A build does what a change reaches, as why listed, with the bytes of a build from nothing."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below, differing
from built.work import (
    CHECKS,
    EVERYTHING,
    PAGES,
    PARTITIONED,
    RELEASE,
    WIDER,
    add_to,
    ask_why,
    built_again,
    copy_program,
    copy_root,
    do_build,
    program_at,
    replace_in,
    work_on,
)
from tiny_study import STUDY, put_value, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# It builds again and again.

UGA_2, GHA_1 = 9, 10
"""Rows of segments.csv that follow each other, and in two regions."""


def swap_rows(root: Path, one: int, other: int) -> None:
    """Let two rows of the segments change places."""
    rows = read_rows(root)
    rows[one - 1], rows[other - 1] = rows[other - 1], rows[one - 1]
    write_rows(root, rows)


def put_in_row(root: Path, at: int) -> None:
    """Put in one more segment of the focus group in the row above."""
    rows = read_rows(root)
    new = dict(zip(rows[0], rows[at - 2], strict=True))
    new |= {"segment": "uga.9", "section": "structures", "question": "concerns"}
    new |= {"position": "1", "text": "Nobody asks us."}
    write_rows(root, [*rows[: at - 1], list(new.values()), *rows[at - 1 :]])


def read_rows(root: Path) -> list[list[str]]:
    with table_of(root, "segments").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def write_rows(root: Path, rows: list[list[str]]) -> None:
    with table_of(root, "segments").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def change_file(root: Path, name: str, old: str, new: str) -> None:
    """Replace a text in a file of a root."""
    replace_in(root / name, old, new)


change_coding = partial(put_value, table="code_applications", at=(4, "code"), value="stigma")
change_text = partial(
    put_value, table="segments", at=(GHA_1, "text"), value="The clinic is two days away."
)


@dataclass(frozen=True)
class Change:
    """A change of inputs, the work that it reaches, and the rows that why shows."""

    make: Callable[[Path], None]
    work: set[str]
    rows: tuple[str, ...] = ()


CHANGES = {
    "a coding": Change(
        change_coding,
        PARTITIONED | work_on("esa") | WIDER,
        ("code_applications: ken.4 by ann: community → stigma",),
    ),
    "a coding by a coder who is alone": Change(
        partial(put_value, table="code_applications", at=(12, "code"), value="stigma"),
        PARTITIONED | work_on("wca") | WIDER,
        ("code_applications: gha.2 by ann: community → stigma",),
    ),
    "a text": Change(
        change_text,
        PARTITIONED | work_on("wca") | WIDER,
        ("segments: changed gha.1 (text)",),
    ),
    "a consent": Change(
        partial(put_value, table="focus_groups", at=(2, "consent"), value="aggregate-only"),
        PARTITIONED | work_on("esa") | WIDER,
        ("focus_groups: changed ken (consent)",),
    ),
    "the order of two regions' rows": Change(
        partial(swap_rows, one=UGA_2, other=GHA_1), PARTITIONED | {"page coverage"}
    ),
    "a row above those of others": Change(
        partial(put_in_row, at=GHA_1),
        PARTITIONED | work_on("esa") | WIDER,
        ("segments: added uga.9",),
    ),
    "a definition": Change(
        partial(
            change_file,
            name=f"data/{STUDY}/codebook.csv",
            old="People helping each other.",
            new="People who help each other.",
        ),
        # Who coded what is the same, whatever a code means.
        EVERYTHING,
        ("codebook: redefined community (definition)",),
    ),
    "what a suite says": Change(
        partial(
            change_file, name="expectations/segments.json", old='"notes": "', new='"notes": "Mind: '
        ),
        CHECKS,
    ),
}
# What all work rests on is asked for, and need not be done for each.
WHOLE = {
    "the name of a country": Change(
        partial(change_file, name="data/places.csv", old="Uganda", new="Republic of Uganda"),
        EVERYTHING,
        ("places: changed UGA (name)",),
    ),
    "a setting": Change(
        partial(
            change_file,
            name=f"data/{STUDY}/study.yaml",
            old="excerpts_per_theme: 2",
            new="excerpts_per_theme: 1",
        ),
        EVERYTHING,
    ),
    "the lock of versions": Change(
        lambda root: add_to(root / "locks" / "run.txt", "# another\n"), EVERYTHING
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_all_work_rests_on_settings_and_places(odd: Path, tmp_path: Path, name: str):
    """A change of settings, of places or of versions reaches all work, and why names its rows."""
    change = WHOLE[name]
    root = copy_root(odd, tmp_path)
    change.make(root)
    shown = ask_why(root)

    assert (set(shown.work), shown.rows) == (change.work, change.rows)


# Those that are made one after the other are compared with one build from nothing.
ORDERS = {
    "a coding and a text": [("a coding", "a text"), ("a text", "a coding")],
    "a consent, an order and a suite": [
        ("a consent", "the order of two regions' rows", "what a suite says")
    ],
    "a definition, a coding and a row": [
        ("a definition", "a coding by a coder who is alone", "a row above those of others")
    ],
}


def test_every_change_is_made():
    """Each change has its place in an order."""
    made = {name for orders in ORDERS.values() for order in orders for name in order}

    assert made == CHANGES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("orders", ORDERS.values(), ids=ORDERS)
def test_build_does_what_a_change_reaches(odd: Path, tmp_path: Path, orders: list[tuple[str, ...]]):
    """What is done is what a change reaches, and why named it; the pages are as if made again.

    In which order changes come, changes no byte.
    """
    releases = []
    for count, order in enumerate(orders):
        root = copy_root(odd, tmp_path / str(count))
        for name in order:
            make_change(root, name)
        releases.append(bytes_below(root / "reports"))
    again = built_again(root, tmp_path / "again")

    assert [differing(release, again) for release in releases] == [[] for _ in orders]


def make_change(root: Path, name: str) -> None:
    """Make a change and build; what is done is what it reaches, as why listed before."""
    change = CHANGES[name]
    change.make(root)
    shown = ask_why(root)
    done = set(do_build(root))

    assert (name, done) == (name, change.work)
    assert (name, done - shown.work, shown.work - done - shown.following) == (name, set(), set())
    assert (name, shown.rows) == (name, change.rows)


PROGRAM = {
    # The notebook comes out as it was, so that its page still is what it would be.
    "a module that the continental notebook alone reaches": (
        "synthesis/contrasts.py",
        "\n# another\n",
        {"africa"},
    ),
    "the style of pages": (
        "publishing/templates/style.css",
        "\n/* another */\n",
        PAGES,
    ),
    "the command line": ("cli.py", "\n# another\n", set()),
}


@pytest.mark.slow
def test_build_does_what_a_change_of_the_program_reaches(odd: Path, tmp_path: Path):
    """What is done again rests on the part of the program that changed, and on no other."""
    root = copy_root(odd, tmp_path)
    program = copy_program(tmp_path)
    variables = program_at(program)
    for part, (name, more, work) in PROGRAM.items():
        add_to(program / name, more)
        shown = ask_why(root, variables=variables)
        done = do_build(root, variables=variables)

        assert (part, set(done)) == (part, work)
        assert (part, shown.work - shown.following) == (part, work or {RELEASE})
    again = built_again(root, tmp_path / "again", variables=variables)

    assert differing(bytes_below(root / "reports"), again) == []
