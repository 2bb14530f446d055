"""The work of builds of the odd tiny study: what was done, what was shown before, and from what."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import analysis
from built.checkout import FOLDERS, VERSIONS, bytes_below, differing, run_compendium
from tiny_study import STUDY

if TYPE_CHECKING:
    from collections.abc import Mapping

REGIONS = ("esa", "mena", "wca")
HOMES = ("africa", *REGIONS)
RELEASE = "release"
REFUSED = 1


def checks_of(*places: str) -> set[str]:
    """Return the checks of places."""
    return {f"check {place}" for place in places}


def cleanings_of(*places: str) -> set[str]:
    """Return the cleanings of places, with their pages."""
    return with_pages(*(f"{place}-cleaning" for place in places))


def with_pages(*notebooks: str) -> set[str]:
    """Return runs of notebooks, and the making of their pages."""
    return {name for notebook in notebooks for name in (notebook, f"page {notebook}")}


def work_on(*places: str) -> set[str]:
    """Return all tasks on places alone."""
    return cleanings_of(*places) | checks_of(*places) | with_pages(*places)


PARTITIONED = {"partition", "check study"}
WIDER = with_pages("africa", "coverage")
EVERYTHING = PARTITIONED | work_on(*HOMES) | with_pages("coverage")
CHECKS = {name for name in EVERYTHING if name.startswith("check ")}
PAGES = {name for name in EVERYTHING if name.startswith("page ")}


@dataclass(frozen=True)
class Reasons:
    """What ``compendium why`` shows."""

    work: frozenset[str]
    following: frozenset[str]
    rows: tuple[str, ...]


def do_build(root: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> list[str]:
    """Build the study, which must succeed, and return the work that was done, sorted."""
    shown = _json_of(root, "build", STUDY, *arguments, variables=variables)
    return sorted(shown["done"])


def ask_why(root: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> Reasons:
    """Return what a build of the study would do, and why."""
    reasons = _json_of(root, "why", STUDY, *arguments, variables=variables)
    return Reasons(
        work=frozenset(each["task"] for each in reasons),
        following=frozenset(each["task"] for each in reasons if not each["is_certain"]),
        rows=tuple(dict.fromkeys(row for each in reasons for row in each["rows"])),
    )


def _json_of(root: Path, *arguments: str, variables: Mapping[str, str] | None) -> Any:  # noqa: ANN401 (JSON)
    ended = run_compendium(root, *arguments, "--json", variables=variables)
    if ended.returncode:
        shown = f"{' '.join(arguments)} ended with {ended.returncode}:\n{ended.stderr}"
        pytest.fail(shown, pytrace=False)
    return json.loads(ended.stdout)[STUDY]


def copy_root(root: Path, folder: Path) -> Path:
    """Return a copy of a root, with all that was built in it, to change."""
    return Path(shutil.copytree(root, folder / "root"))


def copy_inputs(root: Path, copy: Path) -> Path:
    """Return a new root with all that a build of another reads, and nothing that it left."""
    for name in FOLDERS:
        shutil.copytree(root / name, copy / name)
    for name in VERSIONS:
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(root / name, copy / name)
    return copy


def built_again(
    root: Path, copy: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> dict[str, bytes]:
    """Return what a build from nothing makes of the inputs of a root."""
    do_build(copy_inputs(root, copy), *arguments, variables=variables)
    return bytes_below(copy / "reports")


def copy_program(folder: Path) -> Path:
    """Return a copy of the program, to change; `program_at` has it run."""
    return Path(shutil.copytree(Path(analysis.__file__).parent, folder / analysis.__name__))


def program_at(copy: Path) -> dict[str, str]:
    """Return the environment variables in which a copy of the program runs."""
    return {"PYTHONPATH": str(copy.parent)}


def add_to(path: Path, text: str) -> None:
    """Write a text at the end of a file."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def replace_in(path: Path, old: str, new: str) -> None:
    """Replace a text, which must be there, by another."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def add_to_cell(root: Path, notebook: str, cell: str, code: str) -> None:
    """Add code to the end of a cell of a notebook."""
    path = root / "notebooks" / notebook
    shown = json.loads(path.read_text(encoding="utf-8"))
    (found,) = [each for each in shown["cells"] if each["id"] == cell]
    found["source"] = "".join(found["source"]) + code
    path.write_text(json.dumps(shown), encoding="utf-8")


def change_all(root: Path) -> None:
    """Change what all work rests on."""
    replace_in(root / "data" / "places.csv", "Uganda", "Republic of Uganda")


def refused(
    root: Path, *arguments: str, variables: Mapping[str, str] | None = None
) -> tuple[str, list[str]]:
    """Build what must be refused; return what was shown, and what of the release has changed."""
    before = bytes_below(root / "reports")
    ended = run_compendium(root, "build", *arguments, variables=variables)
    after = bytes_below(root / "reports")

    assert (ended.returncode, "Traceback" in ended.stderr) == (REFUSED, False), ended.stderr
    return ended.stderr, differing(before, after)
