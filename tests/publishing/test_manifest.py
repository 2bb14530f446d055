from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import analysis
from analysis.errors import PublishingError
from analysis.publishing.manifest import (
    MANIFEST,
    Provenance,
    ReportRecord,
    digest_files,
    read_manifest,
    read_reports,
    trace_provenance,
    write_manifest,
)
from analysis.study.digests import digest_file
from analysis.study.settings import Publication

if TYPE_CHECKING:
    from analysis.study.opened_study import OpenedStudy

NOTEBOOKS = ["01-clean-coded-data", "03-regional-synthesis"]
MADE = Provenance(
    inputs={
        "data/places.csv": "1",
        "data/tiny/segments.csv": "2",
        "data/other/segments.csv": "3",
        "expectations/segments.json": "4",
        "notebooks/01-clean-coded-data.ipynb": "5",
        "notebooks/03-regional-synthesis.ipynb": "6",
    },
    code="7",
    lock="8",
    versions={"pandas": "3.1.0"},
)
CONSENT = {"ken": "public"}


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """Give the folder of a release with one page."""
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "esa.html").write_text("abc", encoding="utf-8")
    return folder


def make_record(name: str = "esa") -> ReportRecord:
    return ReportRecord(
        name=name,
        title="Eastern and Southern Africa",
        kind="Regional synthesis",
        notebook="03-regional-synthesis.ipynb",
        parameters={"study": "tiny", "place": name},
        place=name,
        claims=7,
        focus_groups=2,
        made_from="9",
    )


def test_inputs_are_all_that_a_build_reads(opened: OpenedStudy) -> None:
    """Inputs are the study's tables, what all studies share, the suites and the notebooks run."""
    found = trace_provenance(opened, NOTEBOOKS)

    names = list(found.inputs)
    assert names == sorted(names)
    assert [name for name in names if name.startswith("data/")] == [
        "data/places.csv",
        "data/spelling.csv",
        "data/tiles.csv",
        "data/tiny/code_applications.csv",
        "data/tiny/codebook.csv",
        "data/tiny/focus_groups.csv",
        "data/tiny/segments.csv",
        "data/tiny/study.yaml",
        "data/wider_places.csv",
    ]
    assert [name for name in names if name.startswith("notebooks/")] == [
        "notebooks/01-clean-coded-data.ipynb",
        "notebooks/03-regional-synthesis.ipynb",
    ]
    assert "expectations/segments.json" in names
    assert found.inputs["data/places.csv"] == digest_file(opened.root / "data" / "places.csv")


@pytest.mark.parametrize("tables", ["private", "public"])
def test_digests_of_private_tables_are_keyed(opened: OpenedStudy, tables: str) -> None:
    """Of tables that aren't published, the manifest has no digest that others can compute."""
    settings = opened.settings.model_copy(update={"publication": Publication(tables=tables)})

    found = trace_provenance(replace(opened, settings=settings), NOTEBOOKS)

    files = [path for path in opened.folder.iterdir() if path.suffix in (".csv", ".yaml")]
    plain = [found.inputs[f"data/tiny/{path.name}"] == digest_file(path) for path in files]
    assert set(plain) == {tables == "public"}


def test_reviewed_exceptions_are_an_input(opened: OpenedStudy) -> None:
    """Readers can tell that findings were reviewed, and whether the list is the same."""
    (opened.folder / "privacy_exceptions.csv").write_text("table,id\n", encoding="utf-8")

    found = trace_provenance(opened, NOTEBOOKS)

    assert "data/tiny/privacy_exceptions.csv" in found.inputs


def test_versions_are_those_of_the_lock(opened: OpenedStudy) -> None:
    """Each direct dependency is named with the version that the lock pins."""
    (opened.root / "pyproject.toml").write_text(
        '[project]\ndependencies = [\n    "pandas>=3,<4",\n    "typer>=0.1",\n]\n', encoding="utf-8"
    )
    (opened.root / "locks" / "run.txt").write_text(
        "numpy==2.4.1 \\\n    --hash=sha256:0\npandas==3.1.0 \\\n    --hash=sha256:0\n"
        "typer==0.29.0 ; python_version > '3'\n",
        encoding="utf-8",
    )

    found = trace_provenance(opened, NOTEBOOKS)

    assert found.versions == {"pandas": "3.1.0", "typer": "0.29.0"}
    assert found.lock == digest_file(opened.root / "locks" / "run.txt")


def test_code_is_all_that_runs(opened: OpenedStudy) -> None:
    """The digest of the code is of the whole package that runs, wherever the root is."""
    sources, digested = Path(analysis.__file__).parent, set()

    def digest(path: Path) -> str:
        digested.add(path)
        return digest_file(path)

    found = trace_provenance(opened, NOTEBOOKS, digest)

    every = {*sources.rglob("*.py"), *(sources / "publishing" / "templates").rglob("*.*")}
    assert {path for path in every if "__pycache__" not in path.parts} - digested == set()
    assert found == trace_provenance(opened, NOTEBOOKS)


def test_digests_may_be_remembered_ones(opened: OpenedStudy) -> None:
    """Whoever remembers digests of files may give them for inputs, lock and code."""
    found = trace_provenance(opened, NOTEBOOKS, lambda path: f"of {path.suffix}")

    assert set(found.inputs.values()) == {
        *map(opened.published_digest, ("of .csv", "of .yaml")),
        *("of .csv", "of .json", "of .ipynb"),
    }
    assert found.lock == "of .txt"
    assert found.code != trace_provenance(opened, NOTEBOOKS).code


@pytest.mark.parametrize("name", ["data/spelling.csv", "locks/run.txt", "pyproject.toml"])
def test_missing_input_is_named(opened: OpenedStudy, name: str) -> None:
    """An input that every study has, and that is missing, is named."""
    (opened.root / name).unlink()

    with pytest.raises(PublishingError, match=f"{name} is missing"):
        trace_provenance(opened, NOTEBOOKS)


def test_manifest_is_written_over_all_files(release: Path, opened: OpenedStudy) -> None:
    """The manifest names each file of the release but itself, and its reports by name."""
    for _ in range(2):
        write_manifest(release, opened, MADE, [make_record("wca"), make_record("esa")], CONSENT)

    manifest = read_manifest(release)

    assert manifest["outputs"] == {"esa.html": digest_file(release / "esa.html")}
    assert [report["name"] for report in manifest["reports"]] == ["esa", "wca"]
    assert manifest["inputs"] == MADE.inputs
    assert (manifest["study"], manifest["synthetic"], manifest["as_of"]) == (
        *("tiny", True, "2020-12-31"),
    )


@pytest.mark.parametrize("text", [None, "{", "\xff"], ids=["missing", "broken", "no-json"])
def test_unreadable_manifest_is_refused(tmp_path: Path, text: str | None) -> None:
    """A manifest that is missing or cannot be read asks for a build."""
    if text is not None:
        (tmp_path / MANIFEST).write_text(text, encoding="utf-8")

    with pytest.raises(PublishingError, match="There is no release of"):
        read_manifest(tmp_path)


def test_reports_are_those_whose_pages_are_there(release: Path, opened: OpenedStudy) -> None:
    """Reports of a release are read with their records; those without a page are left out."""
    write_manifest(release, opened, MADE, [make_record("wca"), make_record("esa")], CONSENT)

    assert read_reports(release) == [make_record("esa")]


def test_no_release_has_no_reports(tmp_path: Path) -> None:
    """Where there is no release yet there are no reports."""
    assert read_reports(tmp_path) == []


def test_release_of_another_version_is_refused(tmp_path: Path) -> None:
    """Reports with other fields than this version's are not taken for its own."""
    shown = {"inputs": {}, "outputs": {}, "reports": [{"name": "esa", "old": 1}]}
    (tmp_path / MANIFEST).write_text(json.dumps(shown), encoding="utf-8")

    with pytest.raises(PublishingError, match="not those of this version"):
        read_reports(tmp_path)


def test_files_are_named_below_their_folder(tmp_path: Path) -> None:
    """Files are named by their path below a folder, sorted, whatever the order given."""
    (tmp_path / "b").mkdir()
    paths = [tmp_path / "b" / "abc", tmp_path / "a"]
    for path in paths:
        path.write_text("abc", encoding="utf-8")

    assert list(digest_files(paths, tmp_path)) == ["a", "b/abc"]
    assert digest_files(paths[1:], tmp_path, lambda path: f"of {path.name}") == {"a": "of a"}
