"""Whatever stops a build is shown, the last release stays, and finished tasks count."""

from __future__ import annotations

import shutil
import stat
from typing import TYPE_CHECKING

import pytest

from built.built_study import BuiltStudy
from built.checkout import bytes_below, differing
from built.test_consent import shown_words, withheld_words
from built.work import (
    EVERYTHING,
    add_to,
    add_to_cell,
    built_again,
    change_all,
    cleanings_of,
    copy_program,
    copy_root,
    do_build,
    program_at,
    refused,
    with_pages,
)
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

REGIONAL = "03-regional-synthesis.ipynb"
COVERAGE = "02-coverage-and-agreement.ipynb"
CLEANING = "01-clean-coded-data.ipynb"
LIMIT = 20
"""Seconds that a cell may take: many times what any takes, on a busy machine."""
NOISE = "noise of a library"

# After all has been shown, one region raises, one ends its interpreter, and one hangs.
FAILS = f"""
import os
import sys
import time
print(" ".join({NOISE.split()}), file=sys.stderr)
if place == "esa":
    raise ValueError("nothing is known")
if place == "wca":
    os.kill(os.getpid(), 9)
if place == "mena":
    time.sleep(3600)
"""
PRINTS = """
while True:
    print("x" * 10_000_000)
"""
# Another text and the one before: nothing shows it but the moment it was written. What others are
# just reading is whole at any moment.
WRITES = """
from pathlib import Path
def write(path, text):
    beside = path.with_name(".beside")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
path = Path({path!r})
if place == "esa":
    text = path.read_text(encoding="utf-8")
    write(path, text + {more!r})
    if {back}:
        write(path, text)
"""


FAILED = {
    "coverage": f"{COVERAGE} failed for study tiny: it printed more than 20,000,000 characters.",
    "esa": "place esa, excerpts_per_theme 2. cell hand-on: ValueError: nothing is known",
    "mena": f"place mena, excerpts_per_theme 2: a cell took more than {LIMIT} seconds.",
    "wca": "place wca, excerpts_per_theme 2: its interpreter ended by itself.",
}
RUNNING = ("cell evidence was running", "cell hand-on was running", "What to do: ")


@pytest.mark.slow
def test_all_that_fails_is_named(odd: Path, tmp_path: Path, changed: dict[str, bytes]):
    """Notebooks that raise, end, hang or print without end are named with their cell and cause.

    What was finished besides is not done again, and what is kept of them is for their owner alone
    and holds no word that a report may not show.
    """
    root = copy_root(odd, tmp_path)
    change_all(root)
    add_to_cell(root, REGIONAL, "hand-on", FAILS)
    add_to_cell(root, COVERAGE, "evidence", PRINTS)
    shown, differs = refused(root, "--limit", str(LIMIT))
    failed = root / "build" / STUDY / "failed"
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in failed.iterdir()}
    words = "\n".join(map(shown_words, failed.iterdir()))
    withheld = [each for each in withheld_words(BuiltStudy(root, STUDY)) if each in words]
    for notebook in (REGIONAL, COVERAGE):
        shutil.copyfile(odd / "notebooks" / notebook, root / "notebooks" / notebook)
    done = set(do_build(root))

    assert [line for line in (*FAILED.values(), *RUNNING) if line not in shown] == []
    assert differs == []
    assert kept == dict.fromkeys([f"{name}.ipynb" for name in FAILED], 0o600)
    assert (withheld, NOISE in words) == ([], False)
    assert done == with_pages(*FAILED, "africa")
    assert differing(bytes_below(root / "reports"), changed) == []


def test_notebook_that_is_broken_is_named(odd: Path, tmp_path: Path):
    """A slip in a notebook is shown for its cell."""
    root = copy_root(odd, tmp_path)
    add_to_cell(root, REGIONAL, "findings", "\nx = (")
    shown, changed = refused(root)

    assert ("cell findings: SyntaxError: " in shown, changed) == (True, [])


@pytest.mark.slow
@pytest.mark.parametrize("slip", ["def broken(:", "raise ValueError('broken')"])
def test_analysis_that_is_broken_stops_no_more_than_what_needs_it(
    odd: Path, tmp_path: Path, slip: str
):
    """A slip in a module of the analysis is shown for the cell that imports it; the rest runs."""
    root = copy_root(odd, tmp_path)
    program = copy_program(tmp_path)
    add_to(program / "synthesis" / "contrasts.py", f"\n{slip}\n")
    put_value(root, "code_applications", (4, "code"), "stigma")
    shown, changed = refused(root, variables=program_at(program))

    assert ("cell imports: " in shown, "place africa" in shown, changed) == (True, True, [])
    assert (root / "build" / STUDY / "pages" / "esa" / "esa.html").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["data/places.csv", "synthesis/points.py"])
def test_inputs_that_change_meanwhile_are_shown(odd: Path, tmp_path: Path, name: str):
    """Tables or code written while a build is running stop it, even if they are put back at once.

    No work is kept that may have seen them otherwise than the next build would.
    """
    root = copy_root(odd, tmp_path)
    program = copy_program(tmp_path)
    is_table = name.startswith("data/")
    path = root / name if is_table else program / name
    more = "XKX,Kosovo,," if is_table else "# another"
    code = WRITES.format(path=str(path), more=f"{more}\n", back=is_table)
    add_to_cell(root, REGIONAL, "open", code)
    shown, differs = refused(root, variables=program_at(program))
    shutil.copyfile(odd / "notebooks" / REGIONAL, root / "notebooks" / REGIONAL)
    do_build(root, variables=program_at(program))
    # A table that was put back is the one of the odd study.
    again = (
        bytes_below(odd / "reports")
        if is_table
        else built_again(root, tmp_path / "again", variables=program_at(program))
    )

    assert ("Inputs changed during the build" in shown, name in shown) == (True, True)
    assert differs == []
    assert differing(bytes_below(root / "reports"), again) == []


@pytest.mark.slow
def test_failed_work_is_tried_again_when_its_cause_is_fixed(
    odd: Path, tmp_path: Path, changed: dict[str, bytes]
):
    """A build that failed leaves nothing in the way of the next, and its work is done then."""
    root = copy_root(odd, tmp_path)
    change_all(root)
    add_to_cell(root, CLEANING, "keep", "\nif place == 'esa':\n    raise ValueError('no')")
    refused(root)
    refused(root)
    shutil.copyfile(odd / "notebooks" / CLEANING, root / "notebooks" / CLEANING)
    done = set(do_build(root))

    assert done >= cleanings_of("esa") | with_pages("esa", "coverage", "africa")
    assert done <= EVERYTHING - {"check study"}
    assert list((root / "build" / STUDY / "failed").iterdir()) == []
    assert differing(bytes_below(root / "reports"), changed) == []
