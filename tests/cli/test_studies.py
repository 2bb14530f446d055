from __future__ import annotations

import csv
import errno
import io
import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analysis.study.settings import Publication, read_study
from tiny_study import ROOT, STUDY, put_value

if TYPE_CHECKING:
    from cli.conftest import Run


def test_trace_shows_a_number_with_what_it_rests_on(run: Run) -> None:
    """A claim is shown with its value, report, cell, caveats and segments, brackets and all."""
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


def test_trace_says_that_tables_have_changed(run: Run, tiny_root: Path) -> None:
    """After a table was edited without a build, a trace does not pass new words off as old."""
    put_value(tiny_root, "segments", (2, "text"), "Clinics never open.")

    _, said, _ = run("trace", "esa.groups")

    changed = "Changed since this release: segments.csv. The words below are those of now."
    assert said.index(changed) < said.index("Clinics never open.")


STEERING = {
    "\x1b": "\\u001b",
    "\x9b": "\\u009b",
    "\x7f": "\\u007f",
    "\u202e": "\\u202e",
    "\u2066": "\\u2066",
    "\u200f": "\\u200f",
    "\u061c": "\\u061c",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}


@pytest.mark.parametrize("steering", STEERING, ids=STEERING.values())
def test_words_cannot_steer_the_terminal(run: Run, tiny_root: Path, steering: str) -> None:
    """What a terminal would obey, in the words of others, is escaped, also in JSON."""
    words = f"{steering}[2Jgone [bold]and\u00a0loud[/bold]"
    put_value(tiny_root, "segments", (2, "text"), words)

    _, said, _ = run("trace", "esa.groups")
    _, as_json, _ = run("trace", "esa.groups", "--json")

    assert f"{STEERING[steering]}[2Jgone [bold]and\u00a0loud[/bold]" in said
    assert steering not in said + as_json
    assert json.loads(as_json)[0]["segments"][0]["text"] == words


@pytest.mark.parametrize(
    "arguments",
    [("check", "t\x9bny"), ("check", "t\u202eny", "--json"), ("new", "2021", "\u2028")],
    ids=["refused", "as JSON", "misused"],
)
def test_arguments_cannot_steer_the_terminal(run: Run, arguments: tuple[str, ...]) -> None:
    """What a terminal would obey is escaped in refusals and in errors of usage too."""
    code, said, complained = run(*arguments)

    assert code
    assert not set(STEERING).intersection(said + complained)
    assert any(escape in said + complained for escape in STEERING.values())


def test_new_study_is_to_be_filled(run: Run, tiny_root: Path) -> None:
    """A new study is a folder of empty tables, which checking then asks to fill."""
    code, said, _ = run("new", "2021")
    checked, _, complained = run("check", "2021")

    folder = tiny_root / "data" / "2021"
    assert (code, checked) == (0, 1)
    assert "compendium check 2021" in said
    assert sorted(path.name for path in folder.iterdir()) == [
        *("code_applications.csv", "codebook.csv", "digest.key", "focus_groups.csv"),
        *("segments.csv", "study.yaml"),
    ]
    assert "text of its template" in complained


def test_new_study_has_a_key_of_its_own(run: Run, tiny_root: Path) -> None:
    """Each new study gets its own random key, which only its owner may read."""
    for name in ("one", "two"):
        run("new", name)

    keys = [tiny_root / "data" / name / "digest.key" for name in ("one", "two")]
    assert len({path.read_text(encoding="utf-8") for path in keys}) == 2
    assert [path.stat().st_mode & 0o777 for path in keys] == [0o600, 0o600]


def test_new_study_is_whole_or_not_at_all(
    run: Run, tiny_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a disk gets full half-way, that is reported, and nothing is left of the study."""
    before = sorted((tiny_root / "data").rglob("*"))
    write = Path.write_text

    def fill_up(path: Path, text: str, **how: str) -> int:
        if path.name == "study.yaml":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return write(path, text, **how)

    monkeypatch.setattr(Path, "write_text", fill_up)
    code, _, complained = run("new", "2021")

    assert code == 1
    assert "no room left" in complained
    assert "none was made" in complained
    assert sorted((tiny_root / "data").rglob("*")) == before


def test_new_study_has_every_setting(run: Run, tiny_root: Path) -> None:
    """The settings of a new study are all there, as they would be if they were not."""
    run("new", "2021")
    publication = read_study(tiny_root / "data" / "2021").publication

    assert publication == Publication()
    assert publication.model_fields_set == set(Publication.model_fields)


def test_example_study_is_sound(run: Run, tiny_root: Path) -> None:
    """The example has rows in each table, is of today, and its check finds nothing to fix."""
    code, said, _ = run("new", "my-example", "--example")
    checked, found, _ = run("check", "my-example")

    folder = tiny_root / "data" / "my-example"
    assert (code, "compendium build my-example" in said) == (0, True)
    assert read_study(folder).as_of == datetime.now(UTC).astimezone().date()
    assert "compendium build my-example" in (folder / "README.md").read_text("utf-8")
    assert (folder / "digest.key").is_file()
    assert checked == 0
    assert "WARNING" not in found.upper()


@pytest.mark.slow
def test_example_study_builds(run: Run, tiny_root: Path) -> None:
    """The example has reports on its region, its continent and its coders."""
    (tiny_root / "locks").mkdir()
    for name in ("locks/run.txt", "pyproject.toml"):
        shutil.copyfile(ROOT / name, tiny_root / name)
    run("new", "my-example", "--example")
    code, said, _ = run("build", "my-example")

    assert code == 0
    assert "index.html" in said
    pages = tiny_root / "reports" / "my-example"
    assert {"esa.html", "africa.html", "coverage.html"} <= {page.name for page in pages.iterdir()}


@pytest.mark.parametrize("other", [("--synthetic", "2"), ("--stratum", "One")])
def test_example_is_of_one_kind(run: Run, other: tuple[str, ...]) -> None:
    """An example is neither synthetic by a seed nor a study of strata."""
    code, _, _ = run("new", "my-example", "--example", *other)

    assert code == 2


def test_synthetic_study_needs_no_other_study(run: Run, tiny_root: Path) -> None:
    """The generator has a codebook of its own: its study is whole where no other is."""
    shutil.rmtree(tiny_root / "data" / STUDY)
    shutil.copyfile(ROOT / "data" / "spelling.csv", tiny_root / "data" / "spelling.csv")

    code, said, _ = run("new", "made", "--synthetic", "3")

    assert (code, "compendium build made" in said) == (0, True)
    assert [path.name for path in (tiny_root / "data").iterdir() if path.is_dir()] == ["made"]
    with (tiny_root / "data" / "made" / "focus_groups.csv").open(encoding="utf-8") as table:
        assert [row["scope"] for row in csv.DictReader(table)].count("country") == 3


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


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("", 1)])
def test_study_is_removed_once_a_person_says_so(
    run: Run, tiny_root: Path, monkeypatch: pytest.MonkeyPatch, *, answer: str, code: int
) -> None:
    """The folders are named before anything is deleted, and nothing is without a yes."""
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))

    ended, said, _ = run("remove", STUDY)

    assert ended == code
    assert f"  reports/{STUDY}\n  data/{STUDY}\n" in said
    assert (tiny_root / "data" / STUDY).exists() == bool(code)


def test_study_is_removed_without_a_question(run: Run, tiny_root: Path) -> None:
    """With --yes a program can remove a study, and learns what is gone."""
    refused, _, complained = run("remove", STUDY, "--json")
    code, said, _ = run("remove", STUDY, "--json", "--yes")

    assert (refused, code) == (2, 0)
    assert "--json needs --yes" in complained
    assert json.loads(said) == {"study": STUDY, "removed": [f"reports/{STUDY}", f"data/{STUDY}"]}
    assert not (tiny_root / "data" / STUDY).exists()


def test_study_that_nobody_has_cannot_be_removed(run: Run) -> None:
    """An unknown name is refused before anybody is asked."""
    code, said, complained = run("remove", "tinny")

    assert (code, said) == (1, "")
    assert f"closest: {STUDY}" in complained
