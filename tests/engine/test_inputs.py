from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

import pytest

from analysis.engine import inputs as inputs_module
from analysis.engine import program_code
from analysis.engine.inputs import COPIED_BYTES, RELEASES, Inputs
from analysis.engine.program_code import source_files
from analysis.errors import PublishingError, StudyError
from analysis.study.digests import digest_file
from tiny_study import STUDY, table_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.tables.build_folder import BuildFolder


PARTS = ("esa", "wca", "elsewhere")


@pytest.fixture
def released(tiny_root: Path, build: BuildFolder) -> Path:
    """Give a root with a release of the tiny study that was kept as up to date."""
    target = release_of(tiny_root)
    target.mkdir(parents=True)
    for file in (target / "esa.html", target.parent / "index.html"):
        file.write_text("a page", encoding="utf-8")
    for part in PARTS:
        build.received(part).mkdir(parents=True)
        (build.received(part) / "segments.parquet").write_text("rows", encoding="utf-8")
    keep(tiny_root)
    return tiny_root


def release_of(root: Path) -> Path:
    return root / "reports" / STUDY


def inputs_of(root: Path) -> Inputs:
    return Inputs(root, STUDY)


def keep(root: Path, *places: str) -> None:
    inputs = inputs_of(root)
    inputs.hold()
    inputs.record_release(release_of(root), places, places or PARTS)


def is_up_to_date(root: Path, *places: str) -> bool:
    return not inputs_of(root).differences(release_of(root), places)


def test_inputs_are_all_that_a_release_is_made_from(tiny_root: Path) -> None:
    """Inputs are tables, settings, suites, notebooks, versions and the program, by digest."""
    inputs = inputs_of(tiny_root).contents()

    data = [name for name in inputs if name.startswith("data/")]
    assert sorted(data) == [
        *("data/places.csv", "data/spelling.csv", "data/tiles.csv"),
        "data/tiny/code_applications.csv",
        *("data/tiny/codebook.csv", "data/tiny/digest.key", "data/tiny/focus_groups.csv"),
        "data/tiny/segments.csv",
        *("data/tiny/study.yaml", "data/wider_places.csv"),
    ]
    assert {
        *("expectations/segments.json", "notebooks/03-regional-synthesis.ipynb"),
        *("locks/run.txt", "pyproject.toml", "cli.py", "publishing/templates/style.css"),
    } <= set(inputs)
    assert len(inputs) > len(source_files())
    assert inputs["data/places.csv"] == digest_file(tiny_root / "data" / "places.csv")


def test_release_is_not_fresh_after_a_finding_was_reviewed(released: Path) -> None:
    """The list of reviewed exceptions belongs to what a release is made from."""
    (released / "data" / STUDY / "privacy_exceptions.csv").write_text("table\n", encoding="utf-8")

    assert not is_up_to_date(released)


def test_release_as_it_was_kept_is_up_to_date(released: Path) -> None:
    """A release whose inputs and files are as they were kept is up to date."""
    assert is_up_to_date(released)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: table_of(root, "segments").write_text("other", encoding="utf-8"),
        lambda root: (root / "data" / "places.csv").unlink(),
        lambda root: (root / "data" / STUDY / "digest.key").unlink(),
        lambda root: (root / "data" / STUDY / "segments.parquet").touch(),
        lambda root: (root / "expectations" / "segments.json").unlink(),
        lambda root: (root / "notebooks" / "05-new.ipynb").touch(),
        lambda root: (root / "locks" / "run.txt").write_text("", encoding="utf-8"),
        lambda root: (root / "pyproject.toml").write_text("", encoding="utf-8"),
        lambda root: (release_of(root) / "esa.html").unlink(),
        lambda root: (release_of(root) / "esa.html").write_text("other", encoding="utf-8"),
        lambda root: (release_of(root) / "more.html").touch(),
        lambda root: shutil.rmtree(release_of(root)),
        lambda root: (root / "reports" / "index.html").unlink(),
        lambda root: (root / "build" / STUDY / RELEASES).write_text("{", encoding="utf-8"),
    ],
    ids=[
        *("table", "places", "key", "parquet", "suite", "notebook", "lock", "project"),
        *("page-gone", "page-changed", "page-more", "release-gone", "index-gone", "record-cut"),
    ],
)
def test_release_is_not_fresh_after_any_change(
    released: Path, change: Callable[[Path], None]
) -> None:
    """An input or an output that changed, came or went makes a release out of date."""
    change(released)

    assert not is_up_to_date(released)


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "data" / "README.md").touch(),
        lambda root: (root / "data" / "other").mkdir(),
        lambda root: (root / "reports" / "other").mkdir(),
        lambda root: shutil.rmtree(root / "build" / STUDY / "received"),
    ],
    ids=["prose", "study", "reports", "build"],
)
def test_release_is_fresh_whatever_else_changes(
    released: Path, change: Callable[[Path], None]
) -> None:
    """What a release is not made from, and is not made of, leaves it up to date."""
    change(released)

    assert is_up_to_date(released)


@pytest.mark.parametrize(
    ("built", "wanted", "fresh"),
    [
        ((), (), True),
        ((), ("esa",), True),
        (("esa",), ("esa",), True),
        (("esa", "wca"), ("wca",), True),
        (("esa",), ("esa", "wca"), False),
        (("esa",), (), False),
        (("esa",), ("wca",), False),
    ],
)
def test_release_of_some_places_is_fresh_for_these_alone(
    released: Path,
    built: tuple[str, ...],
    wanted: tuple[str, ...],
    fresh: bool,  # noqa: FBT001
) -> None:
    """A whole release serves for each place, one of some places for these alone."""
    keep(released, *built)

    assert is_up_to_date(released, *wanted) is fresh


def test_each_folder_of_reports_has_its_own_release(released: Path) -> None:
    """Releases of a study in two folders are kept apart."""
    inputs = inputs_of(released)
    inputs.hold()
    elsewhere = released / "elsewhere" / STUDY
    shutil.copytree(released / "reports", released / "elsewhere")

    before = bool(inputs.differences(elsewhere, ()))
    inputs.record_release(elsewhere, (), PARTS)

    after = inputs.differences(elsewhere, ())
    assert (before, after, is_up_to_date(released)) == (True, [], True)


def test_tables_are_kept_as_they_were_seen(released: Path, build: BuildFolder) -> None:
    """What the tables said at a release stays, to show later which of their rows changed."""
    seen = build.seen
    before = (seen / "data" / "places.csv").read_bytes()
    (released / "data" / "places.csv").write_text("other", encoding="utf-8")
    (build.received("esa") / "segments.parquet").unlink()

    assert (seen / "data" / "places.csv").read_bytes() == before
    assert (seen / "received" / "esa" / "segments.parquet").read_text(encoding="utf-8") == "rows"


def test_tables_of_built_places_alone_are_recorded_again(
    released: Path, build: BuildFolder
) -> None:
    """After a build of some places, the others rest on what was said before, and so do tables."""
    (released / "data" / "places.csv").write_text("other", encoding="utf-8")
    for part in PARTS:
        (build.received(part) / "segments.parquet").unlink()
        (build.received(part) / "segments.parquet").write_text("other rows", encoding="utf-8")
    keep(released, "esa")

    seen = {part: build.seen / "received" / part / "segments.parquet" for part in PARTS}
    assert [path.read_text(encoding="utf-8") for path in seen.values()] == [
        *("other rows", "rows", "rows")
    ]
    assert (build.seen / "data" / "places.csv").read_text(encoding="utf-8") != "other"


def test_large_tables_are_kept_in_their_parts_alone(released: Path, build: BuildFolder) -> None:
    """Of a large table no second copy is kept, and what was kept before is gone."""
    table_of(released, "segments").write_bytes(b"x" * COPIED_BYTES)
    keep(released)

    kept = {path.name for path in (build.seen / "data" / STUDY).iterdir()}
    assert kept == {"study.yaml", "codebook.csv", "focus_groups.csv", "code_applications.csv"}


def test_record_of_a_release_is_json(released: Path, build: BuildFolder) -> None:
    """What is kept of a release names its places, its inputs and its files."""
    shown = json.loads((build.path / RELEASES).read_text(encoding="utf-8"))

    kept = shown[str(release_of(released))]
    assert kept["places"] == []
    assert kept["outputs"] == {"esa.html": digest_file(release_of(released) / "esa.html")}


def test_list_of_studies_belongs_to_a_release(released: Path) -> None:
    """A release that was added to or removed from the folder of reports dates the index."""
    (released / "data" / "other").mkdir()
    (released / "reports" / "other").mkdir()
    (released / "reports" / "other" / "manifest.json").write_text("{}", encoding="utf-8")

    differences = inputs_of(released).differences(release_of(released), ())

    assert differences == ["the list of studies is new"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda root: os.utime(table_of(root, "segments")), "data/tiny/segments.csv"),
        (lambda root: (root / "notebooks" / "05.ipynb").touch(), "notebooks/05.ipynb"),
        (lambda root: (root / "data" / "spelling.csv").unlink(), "data/spelling.csv"),
    ],
    ids=["written", "added", "removed"],
)
def test_input_that_was_written_meanwhile_is_refused(
    tiny_root: Path, change: Callable[[Path], None], name: str
) -> None:
    """An input that was written since it was held is named, even with the same content."""
    inputs = inputs_of(tiny_root)
    inputs.hold()
    inputs.require_unchanged()
    change(tiny_root)

    with pytest.raises(PublishingError, match="Inputs changed during the build") as refusal:
        inputs.require_unchanged()

    assert refusal.value.offenders == (name,)


def test_program_that_was_written_since_the_first_build_is_refused(
    tiny_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The program counts as it was first, since the server that processes are forked from stays."""
    program = tmp_path / "analysis"
    program.mkdir()
    (program / "errors.py").touch()
    monkeypatch.setattr(program_code, "SOURCES", program)
    monkeypatch.setattr(inputs_module, "SOURCES", program)
    inputs_module._first_stamps_of_sources.cache_clear()
    inputs_of(tiny_root).hold()
    os.utime(program / "errors.py", (1, 1))
    later = inputs_of(tiny_root)
    later.hold()

    with pytest.raises(PublishingError) as refusal:
        later.require_unchanged()

    inputs_module._first_stamps_of_sources.cache_clear()
    assert refusal.value.offenders == ("errors.py",)


def test_root_without_its_locked_versions_is_refused(tiny_root: Path) -> None:
    """A build says at its start that the versions it would record are missing."""
    (tiny_root / "locks" / "run.txt").unlink()

    with pytest.raises(StudyError) as refused:
        inputs_of(tiny_root).hold()

    assert refused.value.offenders == ("locks/run.txt is missing",)
