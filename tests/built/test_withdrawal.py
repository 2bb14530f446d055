"""A focus group that is withdrawn leaves the study, its build folder and its reports for good."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from built.built_study import BuiltStudy
from built.checkout import bytes_below, differing, run_compendium
from built.test_recount import differences
from built.work import built_again, copy_root
from canaries import PUBLIC, contents_below
from tiny_study import STUDY, table_of

if TYPE_CHECKING:
    from pathlib import Path

GROUP = PUBLIC
# Its country has the same letters.
NAMED = re.compile(rf"(?<![\w-])(?<!\.country\.){GROUP}(?![\w-])".encode())
REFUSED, MISUSED = 1, 2


def withdraw(root: Path, *arguments: str) -> dict[str, Any]:
    """Withdraw a focus group, which must succeed, and return what was reported."""
    ended = run_compendium(root, "withdraw", STUDY, GROUP, "--reason", "safety", *arguments)
    assert ended.returncode == 0, ended.stderr
    reported: dict[str, Any] = json.loads(ended.stdout) if "--json" in arguments else {}
    return reported


def test_every_claim_that_changed_is_reported(planted: Path, withdrawn: Path):
    """Each claim that came, went or says otherwise is listed once, with its old and new value."""
    printed = (withdrawn.parent / "reported.txt").read_text(encoding="utf-8")
    reported, _ = json.JSONDecoder().raw_decode(printed)
    before, after = (BuiltStudy(root, STUDY).claims_of_pages for root in (planted, withdrawn))
    said = [
        {(page, claim["id"]): claim for page, claims in pages.items() for claim in claims}
        for pages in (before, after)
    ]
    changed = [name for name in sorted({*said[0], *said[1]}) if _differ(*said, name)]
    listed = {(each["report"], each["claim"]): each for each in reported["changes"]}

    assert list(listed) == changed
    assert listed["esa", "esa.groups"] == {
        "report": "esa",
        "claim": "esa.groups",
        "label": said[1]["esa", "esa.groups"]["label"],
        "old": "2 focus groups",
        "new": "1 focus group",
        # The tables of the last release went with the focus group.
        "cause": "",
    }
    assert listed["coverage", "study.withdrawn"]["old"] == "1 focus group"
    assert listed["coverage", "study.withdrawn"]["new"] == "2 focus groups"


def _differ(before: dict[Any, Any], after: dict[Any, Any], name: tuple[str, str]) -> bool:
    """Return whether a claim says otherwise, or is in one of two releases alone."""
    counted = ("value", "numerator", "denominator")
    was, now = (
        [each.get(name, {}).get(key, "none") for key in counted] for each in (before, after)
    )
    return was != now


@pytest.mark.slow
def test_reports_are_those_of_a_study_that_never_had_it(withdrawn: Path, tmp_path: Path):
    """The release is what a build from nothing makes of the tables that are left."""
    again = built_again(withdrawn, tmp_path / "anew")

    assert differing(bytes_below(withdrawn / "reports"), again) == []


def test_numbers_hold_without_it(withdrawn: Path):
    """Each claim follows from the tables that are left, and the number of tombstones."""
    study = BuiltStudy(withdrawn, STUDY)
    found = [
        each
        for page, claims in study.claims_of_pages.items()
        for each in differences(study.whole, page, claims)
    ]
    fact = study.pages["index.html"].text

    assert found == []
    assert "2 focus groups" in fact[fact.index("Withdrawn") :][:60]


def test_nothing_of_it_is_left(withdrawn: Path):
    """Its id is in tombstone and registry, and with fingerprints; what a build left is gone."""
    named = {name for name, content in contents_below(withdrawn) if NAMED.search(content)}

    assert named == {
        f"build/{STUDY}/seen/data/{STUDY}/withdrawn.csv",
        f"data/{STUDY}/withdrawn.csv",
        f"data/{STUDY}/raw/registry.csv",
        f"data/{STUDY}/raw/withdrawn_words.csv",
    }


def test_rows_that_are_pasted_back_are_refused(planted: Path, withdrawn: Path, tmp_path: Path):
    """A build and a check of tables in which it is back name file and rows, and change nothing."""
    root = copy_root(withdrawn, tmp_path)
    shutil.copyfile(table_of(planted, "segments"), table_of(root, "segments"))
    before = bytes_below(root / "reports")
    reported = [run_compendium(root, *each) for each in (["build"], ["check", STUDY])]

    assert [each.returncode for each in reported] == [REFUSED, REFUSED]
    assert ["segments.csv row 2\n" in each.stderr for each in reported] == [True, True]
    assert ["Traceback" in each.stderr for each in reported] == [False, False]
    assert bytes_below(root / "reports") == before


def test_dry_run_changes_nothing(odd: Path, tmp_path: Path):
    """A dry run shows how many rows would go, and writes no file."""
    root = copy_root(odd, tmp_path)
    before = bytes_below(root)
    reported = withdraw(root, "--dry-run", "--json")

    assert differing(before, bytes_below(root)) == []
    assert (reported["dry_run"], reported["changes"]) == (True, None)
    assert reported["withdrawal"]["rows"] == {
        "focus_groups": 1,
        "segments": 12,
        "code_applications": 12,
        "evidence": 1,
    }


def test_tables_alone_may_be_changed(odd: Path, tmp_path: Path):
    """Without a build the reports stay, and it is said that they still hold the focus group."""
    root = copy_root(odd, tmp_path)
    before = bytes_below(root / "reports")
    ended = run_compendium(root, "withdraw", STUDY, GROUP, "--reason", "duplicate", "--no-build")

    assert ended.returncode == 0
    assert f"still hold it until you run: compendium build {STUDY}" in ended.stdout
    assert "version control" in ended.stdout
    assert bytes_below(root / "reports") == before
    assert not (root / "build" / STUDY).exists()


@pytest.mark.parametrize(
    ("arguments", "code", "reported"),
    [
        ((STUDY, "kem", "--reason", "safety"), REFUSED, "kem (closest: ken)"),
        ((STUDY, GROUP, "--reason", "they called us"), MISUSED, "'host-request'"),
        ((STUDY, GROUP), MISUSED, "--reason"),
        (("tyny", GROUP, "--reason", "safety"), REFUSED, "tyny (closest: tiny)"),
    ],
)
def test_what_cannot_be_withdrawn_is_refused(
    odd: Path, tmp_path: Path, arguments: tuple[str, ...], code: int, reported: str
):
    """An unknown focus group, study or reason is refused, and no table changes."""
    root = copy_root(odd, tmp_path)
    ended = run_compendium(root, "withdraw", *arguments)

    assert (ended.returncode, reported in ended.stderr, "Traceback" in ended.stderr) == (
        code,
        True,
        False,
    )
    assert bytes_below(root / "data") == bytes_below(odd / "data")


def test_reports_that_cannot_be_built_are_reported_to_hold_it_still(odd: Path, tmp_path: Path):
    """Where what is left can't be built, the tables are changed and the message names both."""
    root = copy_root(odd, tmp_path)
    with (root / "data" / STUDY / "study.yaml").open("a", encoding="utf-8") as settings:
        settings.write("notebooks: [missing]\n")
    ended = run_compendium(root, "withdraw", STUDY, GROUP, "--reason", "safety")

    assert ended.returncode == REFUSED
    assert "its reports could not be built, and the old ones still show it" in ended.stderr
    assert f"delete reports/{STUDY}" in ended.stderr
    assert (root / "data" / STUDY / "withdrawn.csv").is_file()
