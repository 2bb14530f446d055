"""The same inputs give the same bytes, whoever builds them, where, when and in which order."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from built.checkout import build, bytes_below, differing, write_odd_checkout
from built.work import built_anew, copy_root
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

# Nothing that a user has set up for themselves may show in a report.
MATPLOTLIBRC = "font.size: 31\nsvg.hashsalt: other\nfigure.facecolor: red\n"
STARTUP = "import builtins\nbuiltins.sorted = lambda values, **_: list(values)\n"
# No place makes these: a build of places takes them from the last release, or is held to them.
CARRIED_OVER = ("coverage.", "manifest.", "participants.", "quality.json")
TWIN = "twin"
OTHER_ORDER = ("wca", "mena", "africa", "esa")


def other_surroundings(home: Path) -> dict[str, str]:
    """Return the settings of another user on another machine, far away."""
    planted = {
        ".config/matplotlib/matplotlibrc": MATPLOTLIBRC,
        ".ipython/profile_default/startup/00-other.py": STARTUP,
    }
    for name, content in planted.items():
        (home / name).parent.mkdir(parents=True)
        (home / name).write_text(content, encoding="utf-8")
    return {
        "HOME": str(home),
        "USER": "other",
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANGUAGE": "tr",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONHASHSEED": "4711",
        "OPENBLAS_NUM_THREADS": "4",
    }


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """Give a second root, built in other surroundings, and the bytes of its releases."""
    folder = tmp_path_factory.mktemp("elsewhere")
    root = write_odd_checkout(folder / "an other root")
    surroundings = other_surroundings(folder / "home")
    reports = build(root, "--jobs", "3", surroundings=surroundings, cwd=folder)
    return root, bytes_below(reports)


def test_surroundings_change_no_byte(odd: Path, rebuilt: tuple[Path, dict[str, bytes]]):
    """Folder, user, time zone, locale, hash seed and workers leave no trace in any file."""
    _, elsewhere = rebuilt

    assert differing(bytes_below(odd / "reports"), elsewhere) == []


def test_building_a_region_again_changes_no_byte(rebuilt: tuple[Path, dict[str, bytes]]):
    """Building one region after all leaves its own pages and all others as they are."""
    root, before = rebuilt
    after = bytes_below(build(root, "--place", "esa", "--force"))

    assert differing(before, after) == []


def test_order_of_places_changes_no_byte(odd: Path, tmp_path: Path):
    """Places one by one in another order, in a folder of any name, give the release of all."""
    root = shutil.copytree(odd, tmp_path / "r\u00f3ot & c\u014d")
    for path in (root / "reports" / STUDY).iterdir():
        if not path.name.startswith(CARRIED_OVER):
            path.write_bytes(b"stale")
    places = (part for place in OTHER_ORDER for part in ("--place", place))
    after = build(root, "--force", "--jobs", "1", *places)

    assert differing(bytes_below(odd / "reports"), bytes_below(after)) == []


def test_plain_kernels_change_no_byte(odd: Path, tmp_path: Path):
    """Kernels that are started one by one make the same release."""
    anew = built_anew(odd, tmp_path / "anew", "--kernel", "plain")

    assert differing(bytes_below(odd / "reports"), anew) == []


def test_studies_built_at_once_are_the_same(odd: Path, tmp_path: Path):
    """Studies built at the same time make the reports, and the index, of one after the other."""
    after = copy_root(odd, tmp_path)
    shutil.copytree(after / "data" / STUDY, after / "data" / TWIN)
    build(after, STUDY, TWIN)
    at_once = copy_root(after, tmp_path / "at once")
    shutil.rmtree(at_once / "reports")
    for name in (STUDY, TWIN):
        shutil.rmtree(at_once / "build" / name / "notebooks")
    with ThreadPoolExecutor() as builds:
        list(builds.map(partial(build, at_once), (STUDY, TWIN)))

    assert differing(bytes_below(after / "reports"), bytes_below(at_once / "reports")) == []
