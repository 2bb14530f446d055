"""Options that several commands take, and how they are read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from analysis import terminal
from analysis.errors import StudyError
from analysis.study.root import find_root, is_root, study_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


REFUSED = 1
INTERRUPTED = 130

FOLDER = click.Path(path_type=Path)
IN_ROOT = click.option(
    "--root", type=FOLDER, help="The folder with data/ and notebooks/. [default: found upward]"
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Report as JSON.")
OF_PLACES = click.option(
    "--place",
    "places",
    multiple=True,
    help="A region or continent, by code or name; may be repeated.",
)


def complete_study(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """Return the studies whose names begin as typed, for the Tab key."""
    try:
        return [name for name in study_names(find_root()) if name.startswith(typed)]
    except StudyError:
        return []


A_STUDY = click.argument("study", shell_complete=complete_study)


def of_studies(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take any number of studies, and the folder of their reports."""
    for each in (
        IN_ROOT,
        click.option("--out", type=FOLDER, help="The folder of reports. [default: reports/]"),
        OF_PLACES,
        click.argument("studies", nargs=-1, metavar="[STUDY]...", shell_complete=complete_study),
    ):
        command = each(command)
    return command


def root_of(given: Path | None) -> Path:
    """Return the folder with data/ and notebooks/: the given one, or one found upward.

    Raises
    ------
    StudyError
        When the folder does not exist.
    """
    if given is None:
        return find_root()
    if not is_root(given):
        raise StudyError(
            "This folder is not a compendium.",
            offenders=[f"--root {given}"],
            expected="a folder that holds data/ and notebooks/",
            remedy="correct --root, or leave it out to have the folder found upward",
        )
    return given.resolve()


def studies_of(root: Path, wanted: Sequence[str]) -> Sequence[str]:
    """Return the studies that were named, each once, or all.

    Raises
    ------
    StudyError
        When there is no study.
    """
    found = tuple(dict.fromkeys(wanted)) or study_names(root)
    if not found:
        raise StudyError(
            "There is no study to build.",
            expected="a folder in data/ that holds study.yaml",
            remedy="compendium new STUDY",
        )
    return found


def print_json(content: Any) -> None:  # noqa: ANN401 (any JSON)
    """Print JSON for another program."""
    sys.stdout.write(terminal.escape(json.dumps(content, ensure_ascii=False, indent=2)) + "\n")
