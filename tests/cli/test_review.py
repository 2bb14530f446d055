from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from analysis import terminal
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli.conftest import Run

    Type = Callable[..., None]

SECRETS = ("Brenda", "Atieno", "Luthuli", "Haddad")


@pytest.fixture(autouse=True)
def study(tiny_root: Path) -> Path:
    """Have personal data in three cells; give the folder of the study."""
    put_value(tiny_root, "segments", (2, "text"), "We met at Sunset Bar with Brenda Atieno, 24.")
    put_value(tiny_root, "segments", (6, "text"), "They came at Sunset Bar.")
    put_value(tiny_root, "segments", (10, "label"), "Dr Haddad")
    return tiny_root / "data" / STUDY


@pytest.fixture
def type_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Type]:
    """Give a way to answer in a terminal; without further answers the input has ended."""

    def answer(*lines: str) -> None:
        keys = io.StringIO("".join(f"{line}\n" for line in lines))
        monkeypatch.setattr(keys, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", keys)
        monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)

    # The console remembers whether it is a terminal.
    terminal.console.cache_clear()
    yield answer
    terminal.console.cache_clear()


def test_without_a_terminal_findings_are_listed(run: Run) -> None:
    """Places, kinds and commands are printed, and not a word of the texts."""
    code, said, _ = run("review", STUDY)
    _, as_json, _ = run("review", STUDY, "--json")

    found = json.loads(as_json)["findings"]
    assert code == 0
    assert "segments.csv row 2 (ken.1), text: name-age (critical)" in said
    assert f"compendium review {STUDY} --phrase" in said
    assert found[-1] == {
        "table": "segments",
        "row": 10,
        "id": "gha.1",
        "column": "label",
        "kind": "name-role",
        "severity": "critical",
        "reviewed_before": False,
    }
    assert not [secret for secret in SECRETS if secret in said + as_json]


def test_all_with_a_phrase_are_kept(run: Run, study: Path) -> None:
    """One command decides on the same words everywhere; a name next to them isn't kept."""
    code, said, _ = run("review", STUDY, "--phrase", "at Sunset Bar", "--keep", "--json")

    left = json.loads(said)["findings"]
    kept = (study / "privacy_exceptions.csv").read_text("utf-8").splitlines()[1:]
    assert (code, json.loads(said)["decided"], len(kept)) == (0, 2, 2)
    assert [(each["id"], each["kind"]) for each in left] == [
        ("ken.1", "name-age"),
        ("gha.1", "name-role"),
    ]


def test_part_of_what_was_found_is_not_kept(run: Run, study: Path) -> None:
    """A phrase keeps a finding only if it has all its words: here the age is left over."""
    code, said, _ = run("review", STUDY, "--phrase", "Brenda Atieno", "--keep")

    assert (code, said.splitlines()[0]) == (0, "0 findings kept.")
    assert "1 finding with these words still open" in said
    assert not (study / "privacy_exceptions.csv").exists()


def test_one_row_is_set_aside_or_replaced(run: Run, study: Path) -> None:
    """Rows are decided by their ids, without a terminal."""
    _, aside, _ = run("review", STUDY, "--id", "ken.1", "--set-aside")
    _, replaced, _ = run("review", STUDY, "--id", "gha.1", "--replace-by", "Doctor")

    table = (study / "segments.csv").read_text("utf-8")
    assert aside.startswith("1 segment set aside.")
    assert replaced.startswith("1 text changed.")
    assert not [secret for secret in SECRETS if secret in table]
    assert "set_aside" in table
    assert "Dr [Doctor]" in table


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--keep"], "Which findings? Add --phrase or --id."),
        (["--phrase", "at Sunset Bar", "--keep", "--set-aside"], "Give one of --keep"),
        (["--phrase", "at Sunset Bar", "--replace-by", " "], "give the new words"),
        (["--kind", "names"], "name-age"),
        (["--phrase", "at Sunset Bar", "--undo"], "--undo needs --id"),
    ],
)
def test_unclear_decision_is_a_usage_error(run: Run, arguments: list[str], fault: str) -> None:
    """What decides on everything, or on nothing, is refused before anything is read."""
    code, _, complained = run("review", STUDY, *arguments)

    assert (code, fault in complained) == (2, True)


def test_unknown_row_or_study_is_refused(run: Run) -> None:
    """Refusals are in JSON too, with the closest id."""
    code, said, _ = run("review", STUDY, "--id", "ken.2", "--keep", "--json")
    other, _, _ = run("review", f"{STUDY}y")

    refused = json.loads(said)["refused"]
    assert (code, other) == (1, 1)
    assert refused["offenders"] == ["ken.2 (closest: ken.5)"]


def test_last_finding_of_a_row_is_decided_without_a_refusal(run: Run, type_keys: Type) -> None:
    """Once all findings of a row are decided, the command ends as it does without --id."""
    code, said, _ = run("review", STUDY, "--id", "ken.5", "--phrase", "at Sunset Bar", "--keep")
    type_keys("ann", "k", "")
    other, _, complained = run("review", STUDY, "--id", "gha.1")

    assert (code, said.splitlines()[0]) == (0, "1 finding kept.")
    assert (other, complained) == (0, "")


def test_findings_are_decided_one_by_one(run: Run, study: Path, type_keys: Type) -> None:
    """In a terminal each is shown with its words; at the end of input decisions stay."""
    type_keys("ann", "s", "r", "a member", "k", "")

    code, said, _ = run("review", STUDY)

    table = (study / "segments.csv").read_text("utf-8")
    assert code == 0
    assert "»Brenda Atieno, 24«" in said
    assert "We met at Sunset Bar with [a member]" in table
    assert ",ann," in (study / "privacy_exceptions.csv").read_text("utf-8")
    assert "2 decisions kept." in said


def test_interruption_keeps_what_was_decided(
    run: Run, study: Path, type_keys: Type, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with 130 and reports what is kept and left."""
    type_keys("ann", "k", "")
    read = sys.stdin.readline

    def interrupt(*_: int) -> str:
        line = read()
        if not line:
            raise KeyboardInterrupt
        return line

    monkeypatch.setattr(sys.stdin, "readline", interrupt)

    code, said, _ = run("review", STUDY)

    assert code == 130
    assert "1 decision kept." in said
    assert "3 findings left." in said
    assert (study / "privacy_exceptions.csv").read_text("utf-8").count("\n") == 2
