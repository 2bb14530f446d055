from __future__ import annotations

import json
import shutil
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from analysis.cli import app
from analysis.engine.build import build_study
from analysis.engine.inputs import keep_inputs
from analysis.engine.options import BuildOptions, Silent
from analysis.errors import PublishingError
from analysis.operations.causes import CleanRoot, confirm_causes
from analysis.operations.diff import diff_releases
from analysis.operations.verify import verify_study
from analysis.publishing.claim_diff import ClaimChange, are_same, read_claims
from analysis.publishing.manifest import MANIFEST
from analysis.publishing.release_diff import Difference, ReleaseDiff
from analysis.recount.claims import recount_claims
from analysis.study.checkout import run_git
from analysis.study.digests import digest_file
from analysis.synthesis.claims import Claim
from tiny_study import STUDY, put_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODED = ("code_applications", (6, "code"))
CAUSE = "code_applications: ken.5 by ann: criminalization → stigma"


@pytest.fixture
def root(reviewed: Path, tmp_path: Path) -> Path:
    """Give a copy of the root in which the tiny study was built."""
    return shutil.copytree(reviewed, tmp_path / "r")


def _edit_claims(root: Path, report: str, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Edit the claims of a report, and their digest in the manifest."""
    release = root / "reports" / STUDY
    path = release / f"{report}.claims.json"
    claims = json.loads(path.read_text("utf-8"))
    edit(claims)
    path.write_text(json.dumps(claims), "utf-8")
    manifest = json.loads((release / MANIFEST).read_text("utf-8"))
    manifest["outputs"][path.name] = digest_file(path)
    (release / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def _options(root: Path) -> BuildOptions:
    return BuildOptions(root, root / "reports", jobs=2)


@pytest.mark.slow
def test_every_number_holds_where_nothing_changed(root: Path) -> None:
    """The receipt counts all published claims, and names what they were rebuilt from."""
    verified = verify_study(_options(root), STUDY, Silent())

    claims = read_claims(root / "reports" / STUDY)
    assert verified.holds
    assert verified.published == verified.identical == len(claims) > 0
    assert verified.headline == f"{len(claims):,} of {len(claims):,} published numbers hold"
    assert f"data/{STUDY}/segments.csv" in verified.inputs
    assert not any((root / "build" / ".tmp").iterdir())


def test_moved_coding_is_the_cause_of_what_it_moves(root: Path, tmp_path: Path) -> None:
    """One coding is moved to another code: the numbers of both differ, because of that row."""
    put_value(root, *CODED, "stigma")
    page = tmp_path / "receipt.html"

    ended = CliRunner().invoke(
        app, ["verify", STUDY, "--root", str(root), "--html", str(page), "--json"]
    )

    receipt = json.loads(ended.stdout)
    moved = {each["claim"]: each["cause"] for each in receipt["differing"]}
    assert "esa.prevalence.stigma.hope" in moved
    assert set(moved.values()) == {CAUSE}
    assert (ended.exit_code, receipt["holds"]) == (1, False)
    published = [each for each in receipt["differing"] if each["old"] != "no claim"]
    assert receipt["holding"] == receipt["published"] - len(published)
    assert CAUSE in unescape(page.read_text("utf-8"))


def test_receipt_counts_numbers_by_what_became_of_them(root: Path) -> None:
    """A number may hold within its tolerance, be new, or be made no more; a page may differ."""
    missing = Claim("esa.gone", "Gone", 3, "countries").record()

    def edit(claims: list[dict[str, Any]]) -> None:
        (alpha, *_) = (each for each in claims if each.get("tolerance"))
        alpha["value"] += 1e-12

    _edit_claims(root, "coverage", edit)
    _edit_claims(root, "esa", lambda claims: (claims.pop(0), claims.append(missing)))
    manifest = root / "reports" / STUDY / MANIFEST
    wca = digest_file(manifest.with_name("wca.html"))
    manifest.write_text(manifest.read_text("utf-8").replace(wca, "0" * 64), "utf-8")
    claims = read_claims(root / "reports" / STUDY)

    verified = verify_study(_options(root), STUDY, Silent())

    published = len(claims)
    assert verified.differences == ("wca.html isn't the page that these inputs and this code give",)
    assert (verified.within_tolerance, verified.identical) == (1, published - 2)
    assert verified.headline == f"{published - 1:,} of {published:,} published numbers hold"
    assert verified.details == (
        "1 of them within the tolerance that they state.",
        "1 number new: not published before.",
    )
    assert [(each.old, each.new) for each in verified.differing if each.claim == "esa.gone"] == [
        ("3 countries", "no claim")
    ]
    assert not verified.holds


def test_changed_claims_are_not_verified(root: Path) -> None:
    """A published number that somebody edited is no number of the release."""
    path = root / "reports" / STUDY / "esa.claims.json"
    path.write_text(path.read_text("utf-8").replace('"value": 2,', '"value": 3,', 1), "utf-8")

    with pytest.raises(PublishingError) as refusal:
        verify_study(_options(root), STUDY, Silent())

    assert refusal.value.offenders == (f"{STUDY}/esa.claims.json",)


@pytest.mark.slow
def test_build_lists_the_numbers_that_changed(root: Path) -> None:
    """The first release has none to compare with; later ones list what moved, and why."""
    style = root / "notebooks" / "03-regional-synthesis.ipynb"
    style.write_text(style.read_text("utf-8").replace("# ", "#  ", 1), "utf-8")
    unmoved = build_study(_options(root), STUDY, Silent())
    put_value(root, *CODED, "stigma")
    moved = build_study(_options(root), STUDY, Silent())

    assert unmoved.done
    assert unmoved.changes == ()
    changes = {each.claim: (each.old, each.new) for each in moved.changes or ()}
    assert changes["esa.prevalence.stigma.hope"] == (
        *("0 of 1 focus groups", "1 of 1 focus groups"),
    )
    assert {each.cause for each in moved.changes or ()} == {CAUSE}


def test_inputs_of_a_published_number_are_taken_from_its_tag(root: Path, tmp_path: Path) -> None:
    """Where the last build and the last commit have other rows, a cause is still found."""
    inputs = json.loads((root / "reports" / STUDY / MANIFEST).read_text("utf-8"))["inputs"]
    table, codebook = (f"data/{STUDY}/{name}.csv" for name in ("code_applications", "codebook"))
    published = (root / table).read_bytes()
    _commit(root, "v1")
    put_value(root, *CODED, "stigma")
    shutil.rmtree(root / "build" / STUDY)
    _commit(root, "v2")

    keep_inputs(root, STUDY, inputs, tmp_path / "now")
    keep_inputs(root, STUDY, inputs, tmp_path / "both", ("HEAD", "v1"))

    assert (tmp_path / "now" / codebook).is_file()
    assert not (tmp_path / "now" / table).exists()
    assert (tmp_path / "both" / table).read_bytes() == published


def _commit(root: Path, tag: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@b")
    words = (("init", "-q"), ("add", "-f", "data", "reports"), (*named, "commit", "-qm", "More"))
    for each in (*words, ("tag", tag)):
        run_git(root, *each)


@pytest.mark.slow
def test_diff_compares_revisions_with_the_checkout(root: Path) -> None:
    """Of two revisions, it lists the numbers that differ, the rows behind them and the checks."""
    _commit(root, "v1")
    put_value(root, *CODED, "stigma")
    build_study(_options(root), STUDY, Silent())

    found = diff_releases(root, "HEAD", ".")

    causes = {each.cause for each in found.moved}
    assert [each.text for each in found.differences] == [CAUSE]
    assert causes == {found.differences[0].text}
    assert found.same > 0


@pytest.mark.slow
def test_cause_is_the_change_without_which_a_number_holds(root: Path) -> None:
    """Of several changes, each is reverted alone: the coding is the cause, the others aren't."""
    put_value(root, *CODED, "stigma")
    put_value(root, "codebook", (6, "definition"), "What is within reach.")
    notebook = root / "notebooks" / "03-regional-synthesis.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("# ", "#  ", 1), "utf-8")
    before = {path: path.read_bytes() for path in (root / "data").rglob("*.csv")}

    verified = verify_study(_options(root), STUDY, Silent())

    assert {each.cause for each in verified.differing} == {CAUSE}
    assert "codebook: redefined services (definition)" in verified.differences
    assert {path: path.read_bytes() for path in before} == before


def test_causes_that_no_single_change_explains_are_several(tmp_path: Path) -> None:
    """Where reverting any one change doesn't bring a number back, all are possible."""
    change = ClaimChange("esa", "esa.groups", "Groups", "2", "4", "guessed")
    differences = tuple(Difference(f"row {n}", f"data/x/{n}.csv") for n in (1, 2))
    for folder in ("before", "now"):
        for each in differences:
            path = tmp_path / folder / each.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(folder, encoding="utf-8")
    places = (tmp_path / "now", tmp_path / "before")
    clean = CleanRoot(*places, (), tmp_path / "release", lambda: None)
    (tmp_path / "release").mkdir()
    found = ReleaseDiff(0, (change,), differences, ())

    old = {"id": "esa.groups", "value": 2, "label": ""}
    (confirmed,) = confirm_causes(found, {("esa", "esa.groups"): old}, clean)
    assert confirmed.cause == "several possible: row 1; row 2"
    assert {path.read_text("utf-8") for path in (tmp_path / "now").rglob("*.csv")} == {"now"}


def test_independent_recount_confirms_every_number(root: Path) -> None:
    """The recount from the CSV files agrees with the reports, and finds wrong numbers."""
    published = read_claims(root / "reports" / STUDY)
    by_report: dict[str, list[dict[str, Any]]] = {}
    for (report, _), claim in published.items():
        by_report.setdefault(report, []).append(claim)

    total = len(published)

    found = recount_claims(root, STUDY, by_report)

    assert (found.counted, found.agreeing, found.differing) == (total, total, ())
    assert found.not_counted == 0

    wrong = [
        ("africa", "africa.excerpts"),
        ("coverage", "study.heard.segments.all"),
        ("esa-cleaning", "esa.balance.kept"),
        ("esa", "esa.points.recommendations.stop"),
        ("esa", "esa.prevalence.stigma"),
    ]
    for name in wrong:
        published[name]["value"] += 1
    found = recount_claims(root, STUDY, by_report)
    assert found.agreeing == total - len(wrong)
    assert [each.partition(":")[0] for each in found.differing] == [name for _, name in wrong]


def test_number_within_its_tolerance_holds() -> None:
    """Digits that depend on the processor are no change; a count has no tolerance."""
    alpha = Claim("study.alpha", "Alpha", 0.5, "alpha", tolerance=1e-9).record()
    count = Claim("study.groups", "Groups", 2, "focus groups").record()

    assert are_same(alpha, {**alpha, "value": 0.5 + 1e-12})
    assert not are_same(alpha, {**alpha, "value": 0.5 + 1e-6})
    assert not are_same(count, {**count, "value": 3})
    assert are_same(alpha, {**alpha, "caveats": ["†"]})
