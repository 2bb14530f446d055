"""What is up to date is left alone, and what was spoilt, or changed and undone, is put right."""

from __future__ import annotations

import shutil
from itertools import cycle
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below, differing
from built.work import (
    EVERYTHING,
    RELEASE,
    add_to,
    ask_why,
    copy_inputs,
    copy_root,
    do_build,
)
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What is written at each build, whatever it does: what it knows of files, and who is running.
REMEMBERED = (f"build/{STUDY}/.digests.json", f"build/{STUDY}.lock")


def moments_below(root: Path) -> dict[str, int]:
    """Return when each file below a root was written, but for what remembers."""
    return {
        name: path.stat().st_mtime_ns
        for path in root.rglob("*")
        if path.is_file() and (name := path.relative_to(root).as_posix()) not in REMEMBERED
    }


def change_esa(root: Path) -> None:
    put_value(root, "code_applications", (4, "code"), "stigma")


def change_esa_back(root: Path) -> None:
    put_value(root, "code_applications", (4, "code"), "community")


@pytest.fixture(scope="module")
def fresh(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root that is up to date; whoever harms it has it put right by a build."""
    root = copy_root(odd, tmp_path_factory.mktemp("fresh"))
    do_build(root)
    return root


def test_build_with_nothing_to_do_does_nothing(fresh: Path):
    """A second build does no work and writes no file, and why shows of nothing."""
    before = moments_below(fresh)
    shown = ask_why(fresh)
    done = do_build(fresh)

    assert (shown.work, done) == (frozenset(), [])
    assert moments_below(fresh) == before


def test_time_of_a_file_means_nothing(fresh: Path):
    """Inputs and outputs written again with the bytes that they had call for no work."""
    for path in [*fresh.glob("data/**/*.csv"), *fresh.glob("build/*/cleaned/**/*.parquet")]:
        path.write_bytes(path.read_bytes())

    assert (ask_why(fresh).work, do_build(fresh)) == (frozenset(), [])


def test_notes_next_to_inputs_are_no_input(fresh: Path):
    """What no work reads, such as notes next to the suites, calls for none."""
    for name in ("expectations/README.md", f"data/{STUDY}/notes.txt", "notebooks/README.md"):
        add_to(fresh / name, "a note\n")

    assert (ask_why(fresh).work, do_build(fresh)) == (frozenset(), [])


RELEASED: dict[str, Callable[[Path], object]] = {
    "a page edited": lambda reports: add_to(reports / STUDY / "esa.html", "more"),
    "claims deleted": lambda reports: (reports / STUDY / "esa.claims.json").unlink(),
    "the manifest deleted": lambda reports: (reports / STUDY / "manifest.json").unlink(),
    "a file put in": lambda reports: (reports / STUDY / "other.html").write_text("other"),
    "the release deleted": lambda reports: shutil.rmtree(reports / STUDY),
    "the index edited": lambda reports: add_to(reports / "index.html", "more"),
    "the index deleted": lambda reports: (reports / "index.html").unlink(),
}


# What leaves each other room is put right by one build.
AT_ONCE = (
    (
        "a page edited",
        "claims deleted",
        "the manifest deleted",
        "a file put in",
        "the index edited",
    ),
    ("the release deleted", "the index deleted"),
)


def test_every_harm_to_a_release_is_done():
    """Each harm is put right in some build."""
    assert {name for names in AT_ONCE for name in names} == RELEASED.keys()


def test_release_that_was_changed_by_hand_is_noticed(fresh: Path, tmp_path: Path):
    """Whatever is edited, deleted or put in below reports/, it alone makes the release stale."""
    reports = fresh / "reports"
    kept = shutil.copytree(reports, tmp_path / "kept")
    seen = {}
    for name, harm in RELEASED.items():
        harm(reports)
        seen[name] = ask_why(fresh).work
        shutil.rmtree(reports)
        shutil.copytree(kept, reports)

    assert seen == {name: {RELEASE} for name in RELEASED}
    assert ask_why(fresh).work == frozenset()


@pytest.mark.parametrize("names", AT_ONCE)
def test_release_that_was_changed_by_hand_is_put_right(fresh: Path, names: tuple[str, ...]):
    """What was edited, deleted or put in below reports/ is as released again, without work."""
    before = bytes_below(fresh / "reports")
    for name in names:
        RELEASED[name](fresh / "reports")
    done = do_build(fresh)

    assert (done, differing(before, bytes_below(fresh / "reports"))) == ([], [])


LEFT = {
    "partition": "received/esa/segments.parquet",
    "check study": "checks/warnings/received/wca.json",
    "mena-cleaning": "cleaned/mena/segments.parquet",
    "check africa": "checks/cleaned/africa.json",
    "wca": "aggregates/wca",
    "coverage": "notebooks/coverage.ipynb",
    "page africa": "pages/africa/africa.html",
}
HARMS: tuple[Callable[[Path], object], ...] = (
    lambda path: add_to(path, "more"),
    lambda path: path.unlink(),
)


def test_output_in_build_that_was_spoilt_is_made_again(odd: Path, fresh: Path):
    """Work whose output was changed or deleted is done again, no other; the release is the same."""
    for name, harm in zip(LEFT.values(), cycle(HARMS), strict=False):
        left = fresh / "build" / STUDY / name
        harm(min(left.iterdir()) if left.is_dir() else left)
    (fresh / "build" / STUDY / "partition.json").unlink()
    # Nobody would notice, were the release not out of date as well.
    (fresh / "reports" / STUDY / "esa.html").unlink()
    shown = ask_why(fresh)
    done = do_build(fresh)

    assert (set(done), set(LEFT) - shown.work) == (set(LEFT), set())
    assert shown.work - set(LEFT) <= shown.following
    assert differing(bytes_below(odd / "reports"), bytes_below(fresh / "reports")) == []


@pytest.mark.slow
def test_change_that_is_undone_leaves_no_trace(odd: Path, fresh: Path):
    """A change undone before a build calls for no work; undone after it, the bytes come back."""
    change_esa(fresh)
    change_esa_back(fresh)
    at_once = do_build(fresh)
    change_esa(fresh)
    there = do_build(fresh)
    change_esa_back(fresh)
    back = do_build(fresh)

    assert (at_once, back) == ([], there)
    assert differing(bytes_below(odd / "reports"), bytes_below(fresh / "reports")) == []


@pytest.mark.slow
def test_places_and_all_may_be_built_in_any_order(odd: Path, tmp_path: Path):
    """More places after one, and all after these, do the rest; one after all does nothing."""
    root = copy_inputs(odd, tmp_path / "root")
    place = do_build(root, "--place", "esa")
    more = do_build(root, "--place", "esa", "--place", "wca")
    is_released = (root / "reports" / STUDY / "wca.html").is_file()
    rest = do_build(root)
    again = do_build(root, "--place", "wca")

    assert ({"wca", "page wca"} <= set(more), is_released) == (True, True)
    assert (sorted([*place, *more, *rest]), again) == (sorted(EVERYTHING), [])
    assert differing(bytes_below(odd / "reports"), bytes_below(root / "reports")) == []


def test_release_elsewhere_takes_no_work(odd: Path, fresh: Path, tmp_path: Path):
    """What was built for one folder is released in another as it is; both stay up to date."""
    elsewhere = tmp_path / "elsewhere"
    done = do_build(fresh, "--out", str(elsewhere))
    shown = ask_why(fresh).work, ask_why(fresh, "--out", str(elsewhere)).work

    assert (done, shown) == ([], (frozenset(), frozenset()))
    assert differing(bytes_below(odd / "reports"), bytes_below(elsewhere)) == []
