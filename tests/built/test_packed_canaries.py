"""What is private in the input of a study is in no zip, no receipt and nothing published."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analysis.operations.publication import Publication
from analysis.operations.publish import write_publication
from analysis.publishing.claim_diff import read_claims
from analysis.study.checkout import run_git
from built.checkout import ROOT as CHECKOUT
from built.planted import run
from canaries import PLANTINGS, met_but
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = tuple(replace(each, may_be_in=()) for each in PLANTINGS if each.may_be_in != ("*",))


@pytest.fixture
def published(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the root with canaries, published, committed and tagged."""
    root = shutil.copytree(planted, tmp_path_factory.mktemp("k") / "r")
    release = root / "reports" / STUDY
    publication = Publication(STUDY, "v1", "2027-05-01", len(read_claims(release)))
    write_publication(root, release, publication)
    shutil.copyfile(CHECKOUT / ".gitignore", root / ".gitignore")
    named = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "Publish"), ("tag", "v1")):
        run_git(root, *named, *words)
    return root


def test_no_canary_is_packed_or_published(published: Path, tmp_path: Path):
    """Neither the zip, nor the published claims, nor what git took, has anything that is hidden."""
    path = tmp_path / "out" / "release.zip"
    ended = run(published, "pack", STUDY, "--out", str(path))
    shutil.copytree(published / "data" / STUDY / "published", tmp_path / "out" / "published")
    committed = run_git(published, "archive", "--format=zip", "HEAD")
    (tmp_path / "out" / "committed.zip").write_bytes(committed)

    assert ended.code == 0, ended.reported
    assert met_but(HIDDEN, tmp_path / "out", ended.reported, ()) == []


@pytest.mark.slow
def test_no_canary_is_in_a_receipt(published: Path, tmp_path: Path):
    """A receipt, on the terminal, as JSON and as a page, names inputs by their digests alone."""
    page = tmp_path / "receipt.html"
    for options in ((), ("--json", "--html", str(page))):
        ended = run(published, "verify", STUDY, *options)

        assert ended.code == 0, ended.reported
        assert met_but(HIDDEN, tmp_path, ended.reported, ()) == []
