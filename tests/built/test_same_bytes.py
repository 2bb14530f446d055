"""The same inputs give the same bytes, whoever builds them, where, when and in which order."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from built.checkout import STUDIES, build, bytes_below, copy_checkout, differing
from built.work import built_again, copy_inputs, copy_root
from tiny_study import STUDY

if TYPE_CHECKING:
    from pathlib import Path

# Nothing that a user has set up for themselves may show in a report.
MATPLOTLIBRC = "font.size: 31\nsvg.hashsalt: other\nfigure.facecolor: red\n"
STARTUP = "import builtins\nbuiltins.sorted = lambda values, **_: list(values)\n"
# No place makes these: a build of places takes them from the last release, or is held to them.
CARRIED_OVER = ("codebook.", "coverage.", "downloads", "manifest.", "matrix.", "quality.json")
TWIN = "twin"
OTHER_ORDER = ("wca", "mena", "africa", "esa")


def other_environment(home: Path) -> dict[str, str]:
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


@pytest.mark.slow
def test_environment_changes_no_byte(built: Path, tmp_path: Path):
    """Folder, user, time zone, locale, hash seed and workers leave no trace in any file."""
    root = copy_checkout(tmp_path / "an other root")
    variables = other_environment(tmp_path / "home")
    studies = sorted(STUDIES, reverse=True)
    reports = build(root, *studies, "--jobs", "3", variables=variables, cwd=tmp_path)

    assert differing(bytes_below(built / "reports"), bytes_below(reports)) == []


def test_order_of_places_changes_no_byte(odd: Path, tmp_path: Path):
    """Places built in another order, in a folder of any name, give the release of all at once."""
    root = shutil.copytree(odd, tmp_path / "r\u00f3ot & c\u014d")
    for path in (root / "reports" / STUDY).iterdir():
        if not path.name.startswith(CARRIED_OVER):
            path.write_bytes(b"stale")
    after = build(root, "--force", *(part for place in OTHER_ORDER for part in ("--place", place)))

    assert differing(bytes_below(odd / "reports"), bytes_below(after)) == []


@pytest.mark.slow
def test_way_of_working_changes_no_byte(odd: Path, tmp_path: Path):
    """One worker, with kernels that are started one by one, makes the same release."""
    again = built_again(odd, tmp_path / "again", "--jobs", "1", "--kernel", "plain")

    assert differing(bytes_below(odd / "reports"), again) == []


@pytest.mark.slow
def test_studies_built_at_once_are_the_same(odd: Path, tmp_path: Path):
    """Studies built at the same time make the reports, and the index, of one after the other."""
    after = copy_root(odd, tmp_path)
    at_once = copy_inputs(odd, tmp_path / "at once")
    for root in (after, at_once):
        shutil.copytree(root / "data" / STUDY, root / "data" / TWIN)
    build(after, STUDY, TWIN)
    with ThreadPoolExecutor() as builds:
        list(builds.map(partial(build, at_once), (STUDY, TWIN)))

    assert differing(bytes_below(after / "reports"), bytes_below(at_once / "reports")) == []
