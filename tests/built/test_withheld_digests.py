"""Digests in a release: no withheld value can be tried out against them, or shows in any byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analysis.study.digests import digest_file, digest_together
from analysis.tables.build_folder import BuildFolder
from analysis.tables.partition import read_partition
from built.checkout import bytes_below, run_compendium
from built.odd_study import HOSTILE_PARTICIPANTS
from built.work import copy_root, do_build
from tiny_study import KEY, STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

KEN, UGA, BOTH = 2, 3, 6
UGA_1, UGA_3, SHY_1 = 8, 20, 27
DIGEST = re.compile(rb"\b[0-9a-f]{12}\b|\b[0-9a-f]{64}\b")
SHOWN = 12
# Within what is published of each: people within one step of rounding, and below 5.
CHANGES = (
    ("focus_groups", (KEN, "participants"), HOSTILE_PARTICIPANTS.replace("8", "7")),
    ("focus_groups", (BOTH, "participants"), "2 members"),
    ("focus_groups", (UGA, "title"), "Friends in Uganda"),
    ("focus_groups", (UGA, "organiser"), "A union of sex workers"),
    ("focus_groups", (UGA, "source"), "A letter of 2020"),
    ("segments", (UGA_1, "text"), "Clerks whisper when we come in."),
    ("segments", (UGA_3, "text"), "Withheld: what only they have said."),
    ("segments", (SHY_1, "text"), "Withheld: nobody else may read this."),
    ("privacy_exceptions", (2, "reviewed_by"), "bea"),
)


def published(root: Path) -> dict[str, bytes]:
    """Return each file of the release, but for digests in it."""
    return {name: DIGEST.sub(b"", text) for name, text in bytes_below(root / "reports").items()}


def plain_digests(root: Path) -> set[str]:
    """Return the digests that others can compute for each guess of what is withheld."""
    files = [path for path in (root / "data" / STUDY).glob("*.*") if path.suffix != ".key"]
    partition = read_partition(BuildFolder(root / "build" / STUDY))
    by_place = {
        place: {f"{table} of {place}": digest for table, digest in digests.items()}
        for place, digests in partition.digests.items()
    }
    tables = {name: digest for named in by_place.values() for name, digest in named.items()}
    together = map(digest_together, (tables, *by_place.values()))
    return {*map(digest_file, files), *tables.values(), *together}


def test_withheld_values_show_in_no_byte(odd: Path, tmp_path: Path) -> None:
    """Whatever withheld values are, all files of a release are the same but for keyed digests."""
    root = copy_root(odd, tmp_path)
    for change in CHANGES:
        put_value(root, *change)
    do_build(root)

    one, other = published(odd), published(root)
    assert [name for name in one | other if one.get(name) != other.get(name)] == []
    assert bytes_below(odd / "reports") != bytes_below(root / "reports")


def test_no_digest_can_be_tried_out(odd: Path, tmp_path: Path) -> None:
    """No digest of private tables is in a release, also not its start, and neither is the key."""
    out = tmp_path / "out.csv"
    ended = run_compendium(odd, "export", STUDY, "--to", "csv", str(out))
    assert ended.returncode == 0
    files = bytes_below(odd / "reports") | {"export": out.read_bytes()}
    guesses = {KEY, *(digest[:SHOWN] for digest in plain_digests(odd))}

    met = [
        (name, guess)
        for name, content in files.items()
        for guess in guesses
        if guess.encode() in content
    ]

    assert met == []
