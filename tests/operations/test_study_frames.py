from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import matplotlib
import pytest

from analysis import open_study
from analysis.errors import PlaceError, PublishingError, TableError
from analysis.tables.table_files import TABLES
from tiny_study import ROOT, STUDY, drop_rows, write_tiny_root

if TYPE_CHECKING:
    from pathlib import Path

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a root with the tiny study, for all tests of this file."""
    return write_tiny_root(tmp_path_factory.mktemp("root"))


def test_study_has_the_rows_that_reports_count(root: Path) -> None:
    """Each focus group has the place that counts it, each coding its place in the template."""
    study = open_study(STUDY, root)

    places = dict(study.focus_groups[["focus_group", "place"]].to_numpy())
    assert repr(study) == "<tiny: 4 focus groups, 11 segments, 14 codings>"
    assert places == {"ken": "esa", "uga": "esa", "gha": "wca", "afr": "africa"}
    assert study.codings.iloc[-1].to_dict() == {
        "segment": "gha.2",
        "focus_group": "gha",
        "place": "wca",
        "section": "recommendations",
        "question": "key",
        "theme": "support",
        "code": "community",
        "coder": "ann",
    }
    assert study.codebook.columns.tolist() == [
        *("code", "theme", "name", "definition", "include", "exclude"),
    ]
    assert study.codebook["code"].tolist() == [
        "criminalization",
        "stigma",
        "services",
        "community",
    ]


def test_place_has_its_own_rows(root: Path) -> None:
    """A region's tables hold the focus groups that lie in it, and a country's those of its own."""
    study = open_study(STUDY, root)

    esa, kenya = study.place("esa"), study.place("Kenya")
    assert esa.focus_groups["focus_group"].tolist() == ["ken", "uga"]
    assert set(kenya.codings["focus_group"]) == {"ken"}
    assert repr(kenya) == "<tiny, Kenya: 1 focus group, 5 segments, 7 codings>"
    with pytest.raises(PlaceError):
        study.place("Kenia?")


def test_words_that_consent_withholds_are_not_there(root: Path) -> None:
    """Of a focus group with consent for counts only, rows are there and words are not."""
    study = open_study(STUDY, root)

    segments = study.segments.set_index("focus_group")
    withheld, shown = segments.loc[["uga"]], segments.loc[["ken"]]
    assert (withheld["withheld"].all(), set(withheld["text"])) == (True, {""})
    assert shown["text"].ne("").all()
    assert "participants" not in study.focus_groups.columns
    assert study.focus_groups.set_index("focus_group").loc["uga", "title"] == ""


def test_study_that_is_not_built_has_no_published_numbers(root: Path) -> None:
    """Before the first build, claims are refused with the command that publishes them."""
    with pytest.raises(PublishingError, match="compendium build tiny"):
        _ = open_study(STUDY, root).claims


def test_study_without_focus_groups_is_refused(tmp_path: Path) -> None:
    """Tables that nobody has filled yet are named."""
    empty = write_tiny_root(tmp_path / "r")
    for table in TABLES:
        drop_rows(empty, table)

    with pytest.raises(TableError, match="no focus group that may be counted"):
        repr(open_study(STUDY, empty))


def test_importing_the_package_imports_nothing_heavy() -> None:
    """Only opening a study imports pandas."""
    code = "import sys, analysis; print('pandas' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert done.stdout == "False\n"


def test_what_the_page_shows_runs_as_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code of docs/notebooks.md runs, block after block, and what it says of the demo holds."""
    page = (ROOT / "docs" / "notebooks.md").read_text("utf-8")
    monkeypatch.chdir(ROOT / "notebooks")
    matplotlib.use("agg")
    names: dict[str, object] = {}

    for block in BLOCK.findall(page):
        exec(block, names)  # noqa: S102 (our own page)

    assert repr(names["study"]) in page
    assert len(capsys.readouterr().out.splitlines()) == 3
