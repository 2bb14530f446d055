from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import analysis
from analysis import cli
from analysis.quality import checks
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from pathlib import Path

    from cli.conftest import Run

KEN = 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", STUDY), 0),
        (("trace", "esa.groups"), 0),
        (("--help",), 0),
        (("check", "tny"), 1),
        (("trace", "esa.groupz"), 1),
        (("trace", "esa.groups", "--study", "tny"), 1),
        (("check", STUDY, "--place", "afrika"), 1),
        (("check", STUDY, "--root", "/"), 1),
        (("check-source", STUDY, "none.txt"), 1),
        (("build", "tny"), 1),
        ((), 2),
        (("chxck", STUDY), 2),
        (("check",), 2),
        (("check", STUDY, "--plaice", "esa"), 2),
        (("build", "--jobs", "-1"), 2),
        (("new", "../elsewhere"), 2),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, tuple) else str(given),
)
def test_exit_code_is_of_success_refusal_or_misuse(
    run: Run, arguments: tuple[str, ...], code: int
) -> None:
    """The program ends with 0 where it is done, 1 where it refuses, and 2 where it is misused."""
    ended, _, complained = run(*arguments)

    assert ended == code
    assert "Traceback" not in complained
    assert bool(complained) == (code > 0) or arguments == ()


def test_refusal_has_all_that_a_person_needs(run: Run) -> None:
    """A refusal says what, who, what was expected and what to do; on standard error."""
    code, said, complained = run("check", "tny")

    assert (code, said) == (1, "")
    assert complained.splitlines() == [
        "This study does not exist.",
        "  tny (closest: tiny)",
        "Expected: a folder in data/ that holds study.yaml: tiny",
        "What to do: Correct the name, or add data/tny/study.yaml.",
    ]


def test_words_between_colons_are_no_pictures(run: Run) -> None:
    """A name such as :bug: is printed as it is written."""
    assert "\n  :bug:\n" in run("check", ":bug:")[2]


def test_file_that_cannot_be_used_is_named(run: Run, tiny_root: Path) -> None:
    """A folder in the place of a file is refused by each command, without a traceback."""
    claims = tiny_root / "reports" / STUDY / "esa.claims.json"
    claims.unlink()
    claims.mkdir()

    code, said, complained = run("trace", "esa.groups")

    assert (code, said) == (1, "")
    assert complained.splitlines()[:2] == [
        "A file or folder cannot be used.",
        f"  {claims}: Is a directory",
    ]


def test_mistake_of_the_program_shows_its_own_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody can fix is not dressed up as a refusal."""

    def fail(*_: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(checks, "check_named", fail)

    with pytest.raises(KeyError, match="a mistake"):
        run("check", STUDY)


def test_check_lists_what_failed(run: Run, tiny_root: Path) -> None:
    """What is critical is shown with its rows and what to do, and the program refuses."""
    put_value(tiny_root, "focus_groups", (KEN, "held_on"), "2021-02-30")

    code, said, _ = run("check", STUDY)

    assert code == 1
    assert "CRITICAL  " in said
    assert "    where    focus_groups.csv, 1 row: 2 (ken)\n" in said
    assert "    touches  every number that rests on it\n" in said
    assert "    to do    write the day as YYYY-MM-DD\n" in said
    assert said.splitlines()[-2].endswith(" expectations held.")
    assert said.splitlines()[-1] == (
        "Participants, exact, for your methods section, by focus groups: "
        "Africa 9 in 1; Eastern and Southern Africa 15 in 2; Western and Central Africa 5 in 1; "
        "all places 29 in 4."
    )


def test_warning_refuses_nothing(run: Run, tiny_root: Path) -> None:
    """A warning is shown, and the command succeeds."""
    put_value(tiny_root, "focus_groups", (KEN, "participants"), "some people")

    code, said, _ = run("check", STUDY)

    assert (code, "WARNING  " in said) == (0, True)


def test_check_reports_a_focus_group_that_no_report_would_show(run: Run, tiny_root: Path) -> None:
    """A focus group outside the continents of the study is refused as a build refuses it."""
    put_value(tiny_root, "focus_groups", (KEN, "places"), "HTI")
    put_value(tiny_root, "focus_groups", (KEN, "participants"), "8 network members")
    put_value(tiny_root, "focus_groups", (KEN, "title"), "Peers")

    code, said, complained = run("check", STUDY)

    assert (code, "expectations held" in said) == (1, True)
    assert complained.splitlines()[:2] == [
        "Some focus groups lie in no place that the study reports on.",
        "  focus_groups.csv row 2: ken",
    ]


def test_check_reports_spellings_that_lead_back(run: Run, tiny_root: Path) -> None:
    """A table of spellings that a build can't clean with is refused."""
    path = tiny_root / "data" / "spelling.csv"
    path.write_text("variant,preferred\ncare,help\nhelp,care\n", encoding="utf-8")

    code, _, complained = run("check", STUDY)

    assert code == 1
    assert complained.startswith("The table of spellings cannot be used as it is.")


def test_check_of_a_place_without_a_report_is_refused(run: Run) -> None:
    """A place that no build of the study can report on is refused."""
    code, _, complained = run("check", STUDY, "--place", "la")

    assert code == 1
    assert complained.splitlines()[0] == "tiny has no report on these places."


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("check", STUDY), 1), (("trace", "esa.groups"), 0)],
    ids=["check", "trace"],
)
def test_json_is_all_that_is_said(
    run: Run, tiny_root: Path, arguments: tuple[str, ...], code: int
) -> None:
    """With --json, standard output is JSON and nothing else, refused or not."""
    put_value(tiny_root, "focus_groups", (KEN, "held_on"), "2021-02-30")

    ended, said, complained = run(*arguments, "--json")

    assert ended == code
    assert complained == ""
    assert json.loads(said)


def test_root_is_found_upward(run: Run, tiny_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder within the compendium its root is found."""
    monkeypatch.chdir(tiny_root / "data" / STUDY)

    assert run("trace", "esa.groups")[0] == 0


def test_root_may_be_named(run: Run, tiny_root: Path, tmp_path: Path) -> None:
    """From elsewhere the root may be named, and a folder that is none is refused."""
    named = run("trace", "esa.groups", "--root", str(tiny_root))
    refused = run("trace", "esa.groups", "--root", str(tmp_path))

    assert (named[0], refused[0]) == (0, 1)
    assert f"--root {tmp_path}" in refused[2]


def test_program_runs_as_a_module(tiny_root: Path) -> None:
    """The program runs by its module too, and refuses there too."""
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "trace", "esa.none", "--root", str(tiny_root)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No published report makes the claim esa.none")


def test_every_command_takes_json() -> None:
    """Each command reports as JSON if asked to."""
    without = [
        name
        for name, command in cli.app.commands.items()
        if "as_json" not in {each.name for each in command.params}
    ]

    assert without == []


@pytest.mark.parametrize("arguments", [("new", "mine"), ("template", "empty.docx")])
def test_json_of_a_command_that_creates_a_file_names_it(
    run: Run, tiny_root: Path, arguments: tuple[str, str]
) -> None:
    """With --json, a command that creates a file or folder prints its path."""
    code, said, complained = run(*arguments, "--json")

    paths = [tiny_root / path for path in json.loads(said).values()]
    assert (code, complained, any(path.exists() for path in paths)) == (0, "", True)


def test_version_is_shown(run: Run) -> None:
    """The program shows its version."""
    assert run("--version") == (0, f"compendium, version {analysis.__version__}\n", "")


@pytest.mark.parametrize(
    ("words", "at", "completed"),
    [
        ("compendium ver", 1, "plain,verify"),
        ("compendium build --fo", 2, "plain,--force"),
        ("compendium check ti", 2, "plain,tiny"),
    ],
)
def test_shell_completes_commands_options_and_studies(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: str, at: int, completed: str
) -> None:
    """What the page of commands adds to a shell asks the program for what may follow."""
    monkeypatch.setenv("_COMPENDIUM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(at))

    code, said, _ = run()

    assert (code, said.splitlines()) == (0, [completed])
