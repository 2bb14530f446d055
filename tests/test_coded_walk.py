"""The way from a coded project to a report, as the page on own data shows it."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import pytest
import yaml

from analysis.publishing.claim_files import read_claim_file
from built.checkout import ROOT as CHECKOUT
from built.checkout import VERSIONS, run_compendium
from coded_project import STRATA, CodedProject
from tiny_study import write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

PAGE = CHECKOUT / "docs" / "own-data.md"
HEADING = "From a coded project to a report"
BLOCK = re.compile(r"^ *```(?P<kind>\w*)\n(?P<code>.*?)^ *```", re.MULTILINE | re.DOTALL)
MOST_STEPS = 6
# What a person fills in: nothing else of the draft is touched.
FILLED_IN = ("places", "held_on", "consent")


def steps_of_page() -> list[tuple[str, str]]:
    """Return the blocks of the section: what each is, and what is in it."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {HEADING}\n")[2]
    return [
        (found["kind"], re.sub("^   ", "", found["code"], flags=re.MULTILINE))
        for found in BLOCK.finditer(section.partition("\n## ")[0])
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Give a root without a study."""
    root = write_tiny_root(tmp_path / "r")
    for path in sorted((root / "data" / "tiny").iterdir()):
        path.unlink()
    (root / "data" / "tiny").rmdir()
    for name in VERSIONS:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes((CHECKOUT / name).read_bytes())
    return root


def walk(root: Path, project: CodedProject, *, last: str) -> list[str]:
    """Take the steps of the page, up to a command; return what each command printed."""
    sent = root.parent / "sent"
    sent.mkdir()
    (sent / "project.qdpx").write_bytes(project.qdpx())
    draft, printed = root.parent / "mapping.yaml", []
    for kind, code in steps_of_page():
        if kind == "yaml" and not draft.exists():
            (root / "data" / "my-study" / "study.yaml").write_text(code, encoding="utf-8")
        elif kind == "yaml":
            fill_in(draft, project, yaml.safe_load(code))
        else:
            program, *words = shlex.split(code)
            assert program == "compendium"
            if words[0] == "build" and last != "build":
                words[0] = last
            ended = run_compendium(root, *words)
            assert ended.returncode == 0, (code, ended.stdout, ended.stderr)
            printed.append(ended.stdout + ended.stderr)
    return printed


def fill_in(draft: Path, project: CodedProject, shown: dict[str, dict[str, object]]) -> None:
    """Fill in what the page shows, and for each document its own day and stratum."""
    (example,) = shown["documents"].values()
    assert {*shown["focus_groups"], *example} == {*FILLED_IN}
    name = ""
    lines = []
    for line in draft.read_text(encoding="utf-8").splitlines():
        field, _, rest = line.strip().partition(":")
        if line.startswith('  "'):
            name = field.strip('"')
        known = {"places": project.stratum, "held_on": project.held_on}
        if "# required" not in rest:
            lines.append(line)
            continue
        value = known[field](name) if field in known else shown["focus_groups"][field]
        lines.append(f"{line.partition(':')[0]}: {value}")
    draft.write_text("\n".join(lines), encoding="utf-8")


def claims_of(root: Path, report: str) -> dict[str, dict[str, object]]:
    """Return the claims of a report, by their ids."""
    path = root / "reports" / "my-study" / f"{report}.claims.json"
    return {claim["id"]: claim for claim in read_claim_file(path)}


def test_the_page_takes_six_steps_and_asks_for_three_facts() -> None:
    """Each command and each edit of a file is a step."""
    kinds = [kind for kind, _ in steps_of_page()]

    assert kinds == ["", "yaml", "", "yaml", "", ""]
    assert len(kinds) <= MOST_STEPS


def test_a_small_project_passes_the_check(root: Path) -> None:
    """What the page asks for is all that the check needs: no warning is left to look at."""
    *_, checked = walk(root, CodedProject(4, 20, 120, second=2), last="check")

    assert "CRITICAL" not in checked
    assert "WARNING" not in checked


@pytest.mark.slow
def test_a_project_of_real_size_becomes_a_right_report(root: Path) -> None:
    """11 documents, 4,000 codings, two strata, a partial second coder and 60 codes."""
    project = CodedProject()

    *_, imported, _ = walk(root, project, last="build")

    assert "codings: 4,000 received = 4,000 kept" in imported
    for stratum in ("", *STRATA):
        place = stratum.lower().replace(" ", "-") or "all-strata"
        claims, groups = claims_of(root, place), project.groups_of(stratum)
        assert claims[f"{place}.groups"]["value"] == len(groups)
        shown = {
            code: claims[f"{place}.prevalence.{theme}.{code}".lower().replace(" ", "-")]
            for theme, codes in project.code_names.items()
            for code in codes
        }
        assert {
            code: (claim["numerator"], claim["denominator"]) for code, claim in shown.items()
        } == {code: (len(project.raised(code) & groups), len(groups)) for code in shown}
        assert not [claim for claim in claims.values() if claim["caveats"]]
    coverage = claims_of(root, "coverage")
    for coder, name in (("coder-a", "Anna"), ("coder-b", "Ben")):
        assert coverage[f"study.coder.groups.{coder}"]["numerator"] == len(project.coded_by(name))
        assert coverage[f"study.coder.applications.{coder}"]["value"] == sum(
            by == name for *_, by in project.applied
        )
