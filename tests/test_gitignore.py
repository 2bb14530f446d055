"""What `git add .` takes of a study of one's own: nothing that people said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis.study.checkout import run_git

ROOT = Path(__file__).parents[1]
STUDY = "my-study"
PUBLISHED = f"data/{STUDY}/published/esa.claims.json"
TABLES = (f"data/{STUDY}/segments.csv", f"data/{STUDY}/study.yaml")
REPORTS = (f"reports/{STUDY}/esa.html", f"reports/{STUDY}/downloads/codebook.csv")
NEVER = (
    *(f"data/{STUDY}/digest.key", f"data/{STUDY}/raw/interview.docx"),
    *(f"data/{STUDY}/.journal/segments.csv", "data/.import-1/interview.docx"),
    *("data/interviews.csv", "data/interviews.xlsx", "sent/interview.docx", "mapping.yaml"),
    *("notebooks/own/mine.ipynb", "notebooks/Untitled.ipynb", f"build/{STUDY}/seen.csv"),
    *(f"trial/{STUDY}/esa.html", f"{STUDY}-v1/data/{STUDY}/segments.csv", "data-backup/a.csv"),
    *(f"{STUDY}.{kind}" for kind in ("csv", "docx", "html", "md", "qdpx", "tar.gz", "txt", "zip")),
)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a repository with our `.gitignore`, and a study with all that may lie around."""
    for name in ("README.md", "data/places.csv", PUBLISHED, *TABLES, *REPORTS, *NEVER):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8")
    (tmp_path / ".gitignore").write_text(ignored, encoding="utf-8")
    run_git(tmp_path, "init", "-q")
    return tmp_path


def added(repository: Path) -> set[str]:
    """Return what `git add .` takes, but for `.gitignore`."""
    run_git(repository, "add", ".")
    return {*run_git(repository, "ls-files").decode().splitlines()} - {".gitignore"}


def test_own_studies_are_left_out_but_for_what_was_published(repository: Path) -> None:
    """Neither tables, reports, files as received, keys nor exports are taken."""
    assert added(repository) == {"README.md", "data/places.csv", PUBLISHED}


def test_files_of_the_compendium_are_taken() -> None:
    """The list of its own files in `.gitignore` is complete."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout of git, which knows the files of the compendium")

    assert run_git(ROOT, "ls-files", "--cached", "--ignored", "--exclude-standard") == b""


def test_study_is_committed_on_purpose_as_documented(repository: Path) -> None:
    """With the lines of docs/releasing.md, tables and reports are taken, and nothing else."""
    guide = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ *(!/.*)$", guide, re.MULTILINE)
    path = repository / ".gitignore"
    text = path.read_text(encoding="utf-8")
    for line in lines:
        of_demo = line.replace(STUDY, "demo")
        assert of_demo in text
        text = text.replace(of_demo, f"{of_demo}\n{line}")
    path.write_text(text, encoding="utf-8")

    assert added(repository) == {"README.md", "data/places.csv", PUBLISHED, *TABLES, *REPORTS}
