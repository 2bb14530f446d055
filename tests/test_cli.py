from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from analysis import cli
from analysis.engine import build as build_module
from analysis.engine import guarding
from analysis.publishing.manifest import ReportRecord
from tiny_study import STUDY, put_value, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.engine.build import BuildOrder
    from analysis.engine.progress import Progress

    Run = Callable[..., tuple[int, str, str]]

KEN = 2
HEAVY = ("pandas", "great_expectations", "papermill", "nbconvert", "matplotlib")
RECORD = ReportRecord(
    name="esa",
    title="Eastern and Southern Africa",
    kind="Regional synthesis",
    notebook="03-regional-synthesis.ipynb",
    parameters={"study": STUDY},
    place="esa",
    claims=7,
    focus_groups=2,
    made_from="0",
)


@pytest.fixture
def tiny_root(tmp_path: Path) -> Path:
    """Give a root with the tiny study, and a report of it that makes two claims."""
    root = write_tiny_root(tmp_path / "root")
    claim = {
        "id": "esa.groups",
        "label": "Focus groups [counted]",
        "value": 2,
        "unit": "focus groups",
        "segments": ["ken.1", "uga.1"],
        "caveats": ["Handle with care."],
        "cell": "summary",
    }
    share = {"id": "esa.share", "label": "Raised", "value": 2, "unit": "focus groups"}
    claims = [claim, {**share, "segments": [], "numerator": 2, "denominator": 3}]
    folder = root / "reports" / STUDY
    folder.mkdir(parents=True)
    (folder / "esa.claims.json").write_text(json.dumps(claims), encoding="utf-8")
    return root


@pytest.fixture
def run(
    tiny_root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Give a way to run the program in the root: its exit code, what it says, what it complains."""
    monkeypatch.chdir(tiny_root)
    monkeypatch.delenv("COMPENDIUM_ROOT", raising=False)

    def run_program(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["compendium", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said, complained = capsys.readouterr()
        return int(ended.value.code or 0), said, complained

    return run_program


@pytest.fixture
def orders(monkeypatch: pytest.MonkeyPatch) -> list[tuple[BuildOrder, str]]:
    """Give the builds that were ordered, in place of building."""
    given: list[tuple[BuildOrder, str]] = []

    def build_study(order: BuildOrder, name: str, progress: Progress) -> list[ReportRecord]:
        given.append((order, name))
        progress.begin(name, 2)
        progress.say("guarding")
        progress.done("esa")
        progress.end(name)
        return [RECORD]

    monkeypatch.setattr(build_module, "build_study", build_study)
    return given


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", STUDY), 0),
        (("trace", "esa.groups"), 0),
        (("--help",), 0),
        (("check", "tny"), 1),
        (("trace", "esa.groupz"), 1),
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
def test_exit_code_tells_done_refused_or_misused(
    run: Run, arguments: tuple[str, ...], code: int
) -> None:
    """The program ends with 0 where it is done, 1 where it refuses, and 2 where it is misused."""
    ended, _, complained = run(*arguments)

    assert ended == code
    assert "Traceback" not in complained
    assert bool(complained) == (code > 0) or arguments == ()


def test_refusal_tells_all_that_a_person_needs(run: Run) -> None:
    """A refusal tells what, who, what was expected and what to do; on standard error."""
    code, said, complained = run("check", "tny")

    assert (code, said) == (1, "")
    assert complained.splitlines() == [
        "There is no such study.",
        "  tny (closest: tiny)",
        "Expected: a folder in data/ that holds study.yaml: tiny",
        "What to do: Correct the name, or add data/tny/study.yaml.",
    ]


def test_mistake_of_the_program_shows_its_own_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody can mend is not dressed up as a refusal."""

    def fail(*_: object) -> None:
        raise KeyError("a mistake")

    monkeypatch.setattr(guarding, "check_study", fail)

    with pytest.raises(KeyError, match="a mistake"):
        run("check", STUDY)


def test_check_tells_what_fell_short(run: Run, tiny_root: Path) -> None:
    """What is critical is told with its rows and what to do, and the program refuses."""
    put_value(tiny_root, "focus_groups", (KEN, "held_on"), "2021-02-30")

    code, said, _ = run("check", STUDY)

    assert code == 1
    assert "Critical: " in said
    assert "focus_groups.csv row 2 (focus group ken): " in said
    assert "What to do: " in said
    assert said.splitlines()[-1].endswith(" expectations held.")


def test_warning_refuses_nothing(run: Run, tiny_root: Path) -> None:
    """What is but a warning is told, and the program is done."""
    put_value(tiny_root, "focus_groups", (KEN, "participants"), "some people")

    code, said, _ = run("check", STUDY)

    assert (code, "Warning: " in said) == (0, True)


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


def test_json_of_a_build_is_its_reports(run: Run, orders: list[tuple[BuildOrder, str]]) -> None:
    """With --json, a build tells its reports as JSON, and nothing of its progress."""
    code, said, complained = run("build", "--json")

    reports: dict[str, Any] = json.loads(said)
    assert (code, complained) == (0, "")
    assert [report["name"] for report in reports[STUDY]] == ["esa"]
    assert [name for _, name in orders] == [STUDY]


def test_progress_of_a_build_is_told_line_by_line(
    run: Run, orders: list[tuple[BuildOrder, str]], tiny_root: Path
) -> None:
    """Where nobody watches, each event is a line on standard error, and the end on output."""
    code, said, complained = run("build", STUDY)

    assert (code, len(orders)) == (0, 1)
    assert said.strip() == f"Open {tiny_root / 'reports' / 'index.html'}"
    assert complained.splitlines() == [
        *("tiny: 2 notebooks to run", "guarding", "  esa", "tiny is built."),
    ]


def test_build_passes_on_what_is_asked(
    run: Run, orders: list[tuple[BuildOrder, str]], tmp_path: Path
) -> None:
    """Places, jobs and the folder of reports reach the build."""
    out = tmp_path / "elsewhere"

    run("build", STUDY, "--place", "esa", "--place", "Africa", "--jobs", "3", "--out", str(out))

    ((order, _),) = orders
    assert (order.places, order.jobs, order.reports) == (("esa", "Africa"), 3, out)


def test_build_without_studies_is_refused(
    run: Run, tiny_root: Path, orders: list[tuple[BuildOrder, str]]
) -> None:
    """Where there is no study to build, that is said, and no index is promised."""
    (tiny_root / "data" / STUDY / "study.yaml").unlink()

    code, said, complained = run("build")

    assert (code, said, orders) == (1, "", [])
    assert "There is no study to build." in complained


def test_progress_on_a_terminal_is_a_bar() -> None:
    """On a terminal progress is a bar that is gone when the build ends."""
    stream = Console(file=io.StringIO(), force_terminal=True, width=80)

    with cli.Lines(stream) as lines:
        lines.begin(STUDY, 2)
        lines.done("esa")
        bar = lines._bar
        lines.end(STUDY)

    assert bar is not None
    assert bar.tasks[0].completed == 1
    assert bar.live.is_started is False
    assert stream.file.getvalue().endswith("tiny is built.\x1b[0m\n")


def test_bar_is_gone_when_a_build_fails() -> None:
    """A build that fails leaves the terminal as it was."""
    stream = Console(file=io.StringIO(), force_terminal=True, width=80)

    lines = cli.Lines(stream)
    with contextlib.suppress(KeyError), lines:
        lines.begin(STUDY, 2)
        raise KeyError

    assert lines._bar is not None
    assert lines._bar.live.is_started is False


def test_trace_shows_a_number_with_what_it_rests_on(run: Run) -> None:
    """A claim is told with its value, report, cell, caveats and segments, brackets and all."""
    _, said, _ = run("trace", "esa.groups")

    assert said.splitlines() == [
        "Focus groups [counted]: 2 focus groups",
        "tiny, report esa, cell summary",
        "Caveat: Handle with care.",
        "",
        "ken.1  (reaching_person, situation 1)",
        "Clinics close before we wake.",
        "",
        "uga.1  (reaching_person, situation 1)",
        "(withheld: consent is for counts only)",
    ]


def test_trace_shows_a_count_as_its_report_does(run: Run) -> None:
    """A count of focus groups is shown with its denominator."""
    _, said, _ = run("trace", "esa.share")

    assert said.splitlines()[0] == "Raised: 2 of 3 focus groups"


def test_words_cannot_steer_the_terminal(run: Run, tiny_root: Path) -> None:
    """What a terminal would obey, in the words of others, is shown in its place."""
    put_value(tiny_root, "segments", (2, "text"), "\x1b[2Jgone [bold]and\u00a0loud[/bold]")

    _, said, _ = run("trace", "esa.groups")

    assert "\ufffd[2Jgone [bold]and\u00a0loud[/bold]" in said
    assert "\x1b" not in said


def test_new_study_is_to_be_filled(run: Run, tiny_root: Path) -> None:
    """A new study is a folder of empty tables, which checking then asks to fill."""
    code, said, _ = run("new", "2021")
    checked, _, complained = run("check", "2021")

    folder = tiny_root / "data" / "2021"
    assert (code, checked) == (0, 1)
    assert "compendium check 2021" in said
    assert sorted(path.name for path in folder.iterdir()) == [
        *("code_applications.csv", "codebook.csv", "focus_groups.csv", "segments.csv"),
        "study.yaml",
    ]
    assert "codebook.csv" in complained


@pytest.mark.parametrize("name", [STUDY, "With Blanks", ".hidden"])
@pytest.mark.parametrize("options", [(), ("--synthetic", "2")], ids=["empty", "synthetic"])
def test_new_study_replaces_nothing(
    run: Run, tiny_root: Path, name: str, options: tuple[str, ...]
) -> None:
    """A study that exists, or whose name none can have, is refused, and nothing is changed."""
    before = sorted((tiny_root / "data").rglob("*"))

    code, _, complained = run("new", name, *options)

    assert (code, complained != "") == (1, True)
    assert sorted((tiny_root / "data").rglob("*")) == before


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


def test_program_starts_without_heavy_libraries() -> None:
    """Asking for help loads no library that only the work itself needs."""
    code = f"import sys, analysis.cli; print(*(name for name in {HEAVY} if name in sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_program_runs_as_a_module(tiny_root: Path) -> None:
    """The program runs by its module too, and refuses there alike."""
    done = subprocess.run(
        [sys.executable, "-m", "analysis.cli", "trace", "esa.none", "--root", str(tiny_root)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No published report makes the claim esa.none")
