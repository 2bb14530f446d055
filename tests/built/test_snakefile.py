from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from built.checkout import bytes_below
from built.work import copy_inputs, copy_root, do_build
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from subprocess import CompletedProcess

ROOT = Path(__file__).parents[2]
SNAKEMAKE = ROOT / ".venv-bench" / "bin" / "snakemake"
PLACES = ["africa", "esa", "wca"]
# The one since others are not made again with it, the other since it has no focus group any more.
REFUSED = ["esa", "wca"]
GHANA_CONSENTS = (4, "consent")

# `make test` has no Snakemake.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SNAKEMAKE.is_file(),
        reason="Snakemake is not set up: sh locks/install bench .venv-bench",
    ),
]


def snakemake(root: Path, *arguments: str) -> CompletedProcess[str]:
    """Run the Snakefile on a root."""
    study = (f"study={STUDY}", f"compendium={sys.executable} -m analysis.cli")
    where = ("--snakefile", str(ROOT / "Snakefile"), "--directory", str(root))
    return subprocess.run(
        [str(SNAKEMAKE), "--cores", "2", *where, *arguments, "--config", *study],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def places_of(ended: CompletedProcess[str]) -> list[str]:
    """Return the places whose builds a run shows of, sorted."""
    shown = [line.split("--place ") for line in (ended.stdout + ended.stderr).splitlines()]
    return sorted({parts[1].split()[0] for parts in shown if len(parts) > 1})


@pytest.fixture(scope="module")
def root(odd: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root of which the study was released once."""
    root = copy_root(odd, tmp_path_factory.mktemp("snakemake"))
    do_build(root)
    return root


def test_each_place_is_built_and_then_the_study(root: Path) -> None:
    """A dry run shows the build of each place, and that of the whole study."""
    ended = snakemake(root, "--dry-run", "--printshellcmds")

    assert ended.returncode == 0, ended.stderr
    assert set(places_of(ended)) >= set(PLACES)
    assert f"build {STUDY}\n" in ended.stdout + ended.stderr


def test_release_stays_when_it_has_run(root: Path) -> None:
    """After a run the release is whole, and a second run finds all of it up to date."""
    ended = [snakemake(root), snakemake(root)]

    manifest = json.loads((root / "reports" / STUDY / "manifest.json").read_text(encoding="utf-8"))
    there = set(bytes_below(root / "reports" / STUDY))
    assert [each.returncode for each in ended] == [0, 0], ended[0].stderr
    assert set(manifest["outputs"]) == there - {"manifest.json"}
    assert f"{STUDY} is built" not in ended[1].stdout
    places = {report["place"] for report in manifest["reports"]} - {""}
    assert ended[1].stdout.count(f"{STUDY} is up to date.") == len(places) + 1


def test_what_snakemake_knows_nothing_of_is_built_again(root: Path) -> None:
    """Whatever the program would act on, a run acts on: here a setting of the study alone."""
    settings = root / "data" / STUDY / "study.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "# as it was\n", encoding="utf-8")
    stamp = root.stat().st_mtime - 1_000_000
    os.utime(settings, (stamp, stamp))
    ended = snakemake(root)

    assert ended.returncode == 0, ended.stderr
    assert f"{STUDY} is built" in ended.stdout


def test_place_that_is_refused_is_left_to_the_study(root: Path, tmp_path: Path) -> None:
    """Where consent is stricter and a region has no focus group left, the release is made again."""
    changed = copy_root(root, tmp_path)
    manifest = changed / "reports" / STUDY / "manifest.json"
    shown = json.loads(manifest.read_text(encoding="utf-8"))
    shown["reports"] = [each for each in shown["reports"] if each["place"] in REFUSED]
    manifest.write_text(json.dumps(shown), encoding="utf-8")
    put_value(changed, "focus_groups", GHANA_CONSENTS, "none")
    ended = snakemake(changed)

    assert ended.returncode == 0, ended.stderr
    assert "gha may not be counted any more" in ended.stderr
    assert f"{STUDY} has no report on these places." in ended.stderr
    assert not (changed / "reports" / STUDY / "wca.html").exists()


def test_study_that_was_never_released_is_built_as_a_whole(root: Path, tmp_path: Path) -> None:
    """Without a manifest to name places, a dry run shows the build of the whole study alone."""
    never = copy_inputs(root, tmp_path / "never")
    ended = snakemake(never, "--dry-run", "--printshellcmds")

    assert ended.returncode == 0, ended.stderr
    assert places_of(ended) == []
    assert f"build {STUDY}\n" in ended.stdout + ended.stderr
