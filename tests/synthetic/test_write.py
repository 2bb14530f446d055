from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.study.opened_study import open_study
from analysis.study.settings import read_study
from analysis.synthetic import write
from analysis.synthetic.generator import SyntheticStudy, generate_study
from analysis.synthetic.write import write_synthetic_study
from analysis.tables.received import read_received

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analysis.synthetic.generator import SyntheticFocusGroup

DEMO = {"focus_groups": 48, "seed": 2020}
TABLES = ("focus_groups", "segments", "code_applications")
FEW = 7


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Give the folder of a synthetic study of a few focus groups."""
    folder = tmp_path_factory.mktemp("data") / "few"
    write_synthetic_study(folder, focus_groups=FEW, seed=1, root=root)
    return folder


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_demo_is_what_its_readme_says_that_makes_it(tmp_path: Path, root: Path) -> None:
    """Generating the demonstration study again gives the bytes that ship.

    After a change that is meant, delete data/demo and run the command of its README.
    """
    write_synthetic_study(tmp_path / "demo", **DEMO, root=root)

    shipped = _contents(root / "data" / "demo")
    for written in ("findings.csv", "evidence.csv"):
        del shipped[written]
    assert _contents(tmp_path / "demo") == shipped


def test_other_seed_gives_other_words(tmp_path: Path, few: Path, root: Path) -> None:
    """Another seed gives another study of the same size."""
    write_synthetic_study(tmp_path / "few", focus_groups=FEW, seed=2, root=root)

    assert (tmp_path / "few" / "segments.csv").read_bytes() != (few / "segments.csv").read_bytes()


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_hash_seed_changes_nothing(tmp_path: Path, few: Path, root: Path, hash_seed: str) -> None:
    """A study does not depend on the hash seed of the process that makes it."""
    program = (
        "import sys; from pathlib import Path; "
        "from analysis.synthetic.write import write_synthetic_study; "
        "write_synthetic_study("
        f"Path(sys.argv[1]), focus_groups={FEW}, seed=1, root=Path(sys.argv[2]))"
    )
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "few"), str(root)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )

    assert _contents(tmp_path / "few") == _contents(few)


def test_written_study_opens_where_no_other_study_is(tmp_path: Path, root: Path) -> None:
    """What is written needs no other study, and is one that says that it is synthetic."""
    (tmp_path / "data").mkdir()
    for name in ("places.csv", "wider_places.csv", "spelling.csv"):
        (tmp_path / "data" / name).write_bytes((root / "data" / name).read_bytes())
    write_synthetic_study(tmp_path / "data" / "made", focus_groups=1, seed=5, root=tmp_path)

    settings = open_study(tmp_path, "made").settings

    assert settings.synthetic
    assert "synthetic" in settings.title
    assert settings.continents == ("africa",)
    assert {coder.kind for coder in settings.coders} == {"rule"}


def test_readme_says_that_all_is_invented(few: Path) -> None:
    """The README of a synthetic study starts by saying so, and says how to make it again."""
    text = (few / "README.md").read_text(encoding="utf-8")

    assert text.startswith("# SYNTHETIC")
    assert "compendium new few --synthetic 7 --seed 1" in text


def test_csv_is_written_as_tables_are_written(tmp_path: Path, few: Path) -> None:
    """CSV has the bytes that pandas would write, as all tables of the project have."""
    for name in TABLES:
        table = pd.read_csv(few / f"{name}.csv", dtype="str", keep_default_na=False)
        table.to_csv(tmp_path / name, index=False, lineterminator="\n")

        assert (tmp_path / name).read_bytes() == (few / f"{name}.csv").read_bytes()


def test_parquet_holds_what_csv_holds(tmp_path: Path, few: Path, root: Path) -> None:
    """Above the threshold the same rows are in Parquet."""
    folder = tmp_path / "few"
    write_synthetic_study(folder, focus_groups=FEW, seed=1, root=root, parquet_above=FEW - 1)

    received, expected = read_received(folder).by_name(), read_received(few).by_name()

    assert not list(folder.glob("segments.csv"))
    assert (folder / "segments.parquet").is_file()
    for name in TABLES:
        pd.testing.assert_frame_equal(received[name], expected[name])


def test_threshold_itself_is_still_csv(tmp_path: Path, root: Path) -> None:
    """With exactly as many focus groups as the threshold, tables are CSV."""
    write_synthetic_study(tmp_path / "two", focus_groups=2, seed=1, root=root, parquet_above=2)

    assert (tmp_path / "two" / "segments.csv").is_file()


def test_existing_study_is_refused_and_left_alone(tmp_path: Path, root: Path) -> None:
    """A study that is there is refused and not touched."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("mine")

    with pytest.raises(StudyError, match="already") as refused:
        write_synthetic_study(tmp_path / "there", focus_groups=1, seed=1, root=root)

    assert refused.value.offenders == (f"{tmp_path.name}/there",)
    assert (tmp_path / "there" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["My study", "Demo", "a..b"])
def test_malformed_name_is_refused(tmp_path: Path, root: Path, name: str) -> None:
    """A folder whose name no study can have is refused before anything is written."""
    with pytest.raises(StudyError, match="name") as refused:
        write_synthetic_study(tmp_path / name, focus_groups=1, seed=1, root=root)

    assert refused.value.offenders == (name,)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", [0, -3])
def test_study_without_focus_groups_is_refused(tmp_path: Path, root: Path, count: int) -> None:
    """Fewer than one focus group is refused before anything is written."""
    with pytest.raises(StudyError, match="at least one focus group"):
        write_synthetic_study(tmp_path / "none", focus_groups=count, seed=1, root=root)

    assert not list(tmp_path.iterdir())


def test_interrupted_writing_leaves_nothing(
    tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the work breaks off half-way, no part of a study is left behind."""

    def break_off(spec: SyntheticStudy) -> Iterator[SyntheticFocusGroup]:
        yield next(iter(generate_study(spec)))
        raise KeyboardInterrupt

    monkeypatch.setattr(write, "generate_study", break_off)
    with pytest.raises(KeyboardInterrupt):
        write_synthetic_study(tmp_path / "half", focus_groups=4, seed=1, root=root)

    assert not list(tmp_path.iterdir())


def test_settings_name_regions_and_coders_in_full(root: Path) -> None:
    """The demonstration study names its seven regions, four continents and three coders."""
    settings = read_study(root / "data" / "demo")

    assert settings.title == "Demonstration study of focus groups in seven regions (synthetic)"
    assert settings.continents == ("africa", "americas", "asia", "europe")
    assert [coder.coder for coder in settings.coders] == ["coder-a", "coder-b", "coder-c"]
