from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from analysis.cli import app
from analysis.errors import PublishingError
from analysis.operations.diff import diff_releases
from analysis.study.checkout import run_git
from analysis.study.digests import digest_file
from analysis.synthesis.claims import Claim
from tiny_study import STUDY, put_value, table_of, write_tiny_root

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

GROUPS = "esa.groups"


def write_release(
    folder: Path,
    value: int,
    *,
    study: str = STUDY,
    code: str = "1",
    more: Sequence[dict[str, object]] = (),
) -> Path:
    """Write a release with one claim, and the digests of the tables next to it."""
    folder.mkdir(parents=True)
    claim = Claim(GROUPS, "Groups", value, "focus groups", value, 9).record()
    (folder / "esa.claims.json").write_text(json.dumps([claim, *more]), encoding="utf-8")
    root = folder.parents[1]
    tables = {
        path.relative_to(root).as_posix(): digest_file(path)
        for path in (root / "data" / study).glob("*.csv")
    }
    manifest = {"study": study, "inputs": tables, "outputs": {}, "code": code}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def commit(root: Path, *folders: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@b")
    run_git(root, "init", "-q")
    run_git(root, "add", "-f", *folders)
    run_git(root, *named, "commit", "-qm", "First")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root with a release of the tiny study."""
    root = write_tiny_root(tmp_path / "r")
    write_release(root / "reports" / STUDY, 2)
    return root


def test_changed_number_is_listed_with_the_row_behind_it(root: Path, tmp_path: Path) -> None:
    """A difference names what changed, on the terminal, as JSON and as a page."""
    commit(root, "data", "reports")
    put_value(root, "codebook", (6, "definition"), "What is within reach.")
    (root / "reports").rename(tmp_path / "before")
    write_release(root / "reports" / STUDY, 3)
    page = tmp_path / "new folder" / "diff.html"
    words = ["diff", "HEAD", "--root", str(root)]

    shown = CliRunner().invoke(app, [*words, "--html", str(page)]).stdout
    record = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)

    cause = "codebook: redefined services (definition)"
    assert "1 number changed; 0 are the same." in shown
    assert [(each["old"], each["new"], each["cause"]) for each in record["moved"]] == [
        ("2 of 9 focus groups", "3 of 9 focus groups", cause)
    ]
    assert (cause in page.read_text("utf-8"), record["differences"]) == (True, [cause])


def test_cause_is_the_row_that_a_number_rests_on(root: Path) -> None:
    """Of two codings that were added, the one of the code that a number counts is its cause."""
    commit(root, "data", "reports")
    table = table_of(root, "code_applications")
    rows = "ken.3,services,ann\nken.1,community,ann\n"
    table.write_text(table.read_text("utf-8") + rows, encoding="utf-8")
    shutil.rmtree(root / "reports")
    claim = Claim("esa.prevalence.services", "Services", 2, "codes", segments=("ken.1", "ken.3"))
    write_release(root / "reports" / STUDY, 2, more=[claim.record()])

    (moved,) = diff_releases(root, "HEAD", ".").moved

    assert moved.cause == "code_applications: added ken.3, services, ann"


def test_code_that_moves_no_number_is_listed_alone(root: Path, tmp_path: Path) -> None:
    """Another colour in a template is another code: no number changed."""
    other = write_release(tmp_path / "other" / "reports" / STUDY, 2, code="2")

    shown = CliRunner().invoke(app, ["diff", str(other), "--root", str(root)]).stdout

    assert "No number changed; 1 are the same." in shown
    assert "the code changed" in shown


def test_trial_reports_are_not_the_reports_of_the_checkout(root: Path) -> None:
    """Reports that were built with --out are compared only where they are named."""
    write_release(root / "trial" / STUDY, 7)
    write_release(root / "kept", 8)

    assert diff_releases(root, str(root / "reports"), ".").moved == ()
    (moved,) = diff_releases(root, ".", str(root / "trial")).moved
    assert moved.new == "7 of 9 focus groups"


def test_revision_of_an_own_study_has_the_numbers_that_are_cited(root: Path) -> None:
    """Its reports are not under version control: its published numbers are compared."""
    published = root / "data" / STUDY / "published"
    write_release(published, 1)
    write_release(root / "reports" / "other", 5, study="other")
    commit(root, f"data/{STUDY}/published", "reports/other")

    (moved,) = diff_releases(root, "HEAD", ".", STUDY).moved

    assert (moved.old, moved.new) == ("1 of 9 focus groups", "2 of 9 focus groups")


def test_releases_that_do_not_belong_together_are_refused(root: Path, tmp_path: Path) -> None:
    """Of several studies one must be named, it must be there, and both releases are of it."""
    other = write_release(tmp_path / "x" / "reports" / "other", 2, study="other")
    with pytest.raises(PublishingError, match="of different studies"):
        diff_releases(root, ".", str(other))
    with pytest.raises(PublishingError, match=r"\. holds no release of other"):
        diff_releases(root, ".", ".", "other")
    write_release(root / "reports" / "other", 2, study="other")
    with pytest.raises(PublishingError, match=r"\. holds several releases") as refusal:
        diff_releases(root, ".", ".")
    assert refusal.value.offenders == ("other", STUDY)


@pytest.mark.parametrize("named", ["nowhere", "--output=x", "data"])
def test_what_is_no_release_is_refused(root: Path, named: str) -> None:
    """Neither a folder, nor a zip, nor a revision: the message names it."""
    with pytest.raises(PublishingError) as refusal:
        diff_releases(root, named, ".")

    assert named in f"{refusal.value}"
