from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analysis.errors import StudyError
from analysis.study.root import find_root, require_study, study_names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def compendium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with data/ and notebooks/, and no variable that names another."""
    monkeypatch.delenv("COMPENDIUM_ROOT", raising=False)
    folder = tmp_path / "compendium"
    for name in ("data", "notebooks"):
        (folder / name).mkdir(parents=True)
    return folder.resolve()


def test_finds_the_root_upward(compendium: Path) -> None:
    """From any folder inside, the root is the nearest one above that holds both folders."""
    inside = compendium / "data" / "demo" / "raw"
    inside.mkdir(parents=True)

    assert find_root(inside) == compendium
    assert find_root(compendium) == compendium


def test_search_starts_at_the_current_folder(
    compendium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a start, the search starts in the current folder."""
    monkeypatch.chdir(compendium / "notebooks")

    assert find_root() == compendium


def test_the_environment_goes_first(compendium: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """COMPENDIUM_ROOT counts in any current folder."""
    monkeypatch.setenv("COMPENDIUM_ROOT", str(compendium))

    assert find_root(compendium.parent) == compendium


def test_refuses_a_variable_that_names_no_root(
    compendium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong COMPENDIUM_ROOT is refused, even inside a root, and never passed over."""
    monkeypatch.setenv("COMPENDIUM_ROOT", str(compendium / "data"))

    with pytest.raises(StudyError, match="COMPENDIUM_ROOT names no compendium") as raised:
        find_root(compendium)

    assert raised.value.remedy == "Correct COMPENDIUM_ROOT, or unset it."


@pytest.mark.usefixtures("compendium")
def test_refuses_where_there_is_no_root(tmp_path: Path) -> None:
    """Outside a compendium the message says how to name one."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()

    with pytest.raises(StudyError, match="not inside a compendium") as raised:
        find_root(outside)

    assert "--root" in raised.value.remedy


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """Give a root with two studies, and what is none beside them."""
    for name in ("demo", "africa-2020"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "study.yaml").touch()
    (tmp_path / "data" / "drafts").mkdir()
    (tmp_path / "data" / "places.csv").touch()
    return tmp_path


def test_names_the_studies_and_nothing_else(studies: Path) -> None:
    """A study is a folder in data/ that holds study.yaml; the names are sorted."""
    assert study_names(studies) == ("africa-2020", "demo")


def test_a_root_without_data_has_no_studies(tmp_path: Path) -> None:
    """Where there is no data/ there is no study."""
    assert study_names(tmp_path) == ()


def test_a_study_that_is_there_is_taken(studies: Path) -> None:
    """The name of a study is refused by nothing."""
    assert require_study(studies / "data", "demo") is None


@pytest.mark.parametrize(
    ("name", "offender"),
    [
        ("dem", "dem (closest: demo)"),
        ("drafts", "drafts"),
        ("../data/demo", "../data/demo (closest: demo)"),
        ("", ""),
    ],
    ids=["mistyped", "no-study", "path", "blank"],
)
def test_what_names_no_study_is_refused(studies: Path, name: str, offender: str) -> None:
    """What is not the name of a study is refused with the closest one, a path to one as well."""
    with pytest.raises(StudyError, match="This study does not exist") as raised:
        require_study(studies / "data", name)

    assert raised.value.offenders == (offender,)
    assert raised.value.expected.endswith(": africa-2020, demo")
