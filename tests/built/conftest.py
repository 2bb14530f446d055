from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from built.built_study import BuiltStudy
from built.checkout import LARGE, STUDIES, built_once, built_root, bytes_below, made_once
from built.planted import LEFT, run, run_here, write_planted_checkout
from built.work import change_all, copy_inputs
from canaries import PUBLIC, plantings_of
from tiny_study import STUDY

# Formats in which a study is exported.
FORMS = ("qdpx", "qdc", "csv", "xlsx")


@pytest.fixture(scope="session")
def built(request: pytest.FixtureRequest) -> Path:
    """Give a root in which all shipped studies were built."""
    return built_root(request, "shipped")


@pytest.fixture(scope="session")
def small(request: pytest.FixtureRequest) -> Path:
    """Give a root in which the shipped studies but for the large one were built."""
    return built_root(request, "small")


@pytest.fixture(scope="session")
def odd(request: pytest.FixtureRequest) -> Path:
    """Give a root in which the odd tiny study was built."""
    return built_root(request, "odd")


@pytest.fixture(scope="session")
def planted(request: pytest.FixtureRequest) -> Path:
    """Give a root with canaries of a built study; ``reported.txt`` has what it printed."""

    def make(root: Path) -> None:
        ended = run(write_planted_checkout(root), "build")
        if ended.code:
            pytest.fail(ended.reported, pytrace=False)
        (root / "reported.txt").write_text(ended.reported, encoding="utf-8")

    # Sockets in it must have short paths.
    return made_once(request, "p", make)


@pytest.fixture(scope="session")
def given_out(request: pytest.FixtureRequest, planted: Path) -> Path:
    """Give a folder with the study of the root with canaries, exported in each form.

    Next to it, in ``r``, is the root from which it was exported, with all that this left.
    """

    def make(folder: Path) -> None:
        folder.mkdir(parents=True)
        root = Path(shutil.copytree(planted, folder.parent / "r"))
        for form in FORMS:
            ended = run_here(root, "export", STUDY, "--to", form, folder / f"out.{form}")
            if ended.code:
                pytest.fail(ended.reported, pytrace=False)

    return made_once(request, "given out", make)


@pytest.fixture(scope="session")
def withdrawn(request: pytest.FixtureRequest, planted: Path) -> Path:
    """Give a copy of the root with canaries of which a focus group was withdrawn.

    A build had failed there and a release was cut short. Next to it, ``reported.txt`` has what
    the withdrawal printed.
    """

    def make(root: Path) -> None:
        shutil.copytree(planted, root)
        (root / "reported.txt").unlink()
        left = (
            root / "build" / STUDY / "failed" / "africa.ipynb",
            root / "reports" / f".{STUDY}.next" / "esa.html",
        )
        for path in left:
            path.parent.mkdir(exist_ok=True)
            path.write_text(LEFT.text + plantings_of(PUBLIC)[0].canary.text, encoding="utf-8")
        ended = run(root, "withdraw", STUDY, PUBLIC, "--reason", "safety", "--json")
        if ended.code:
            pytest.fail(ended.reported, pytrace=False)
        (root.parent / "reported.txt").write_text(ended.reported, encoding="utf-8")

    # Sockets in it must have short paths.
    return made_once(request, "w", make)


ROOTS = {LARGE: "built", STUDY: "odd"}


@pytest.fixture(
    scope="session",
    params=[
        *(pytest.param(name, marks=pytest.mark.slow if name == LARGE else ()) for name in STUDIES),
        STUDY,
    ],
)
def study(request: pytest.FixtureRequest) -> BuiltStudy:
    """Give each shipped study, and the odd tiny one, as built."""
    root = request.getfixturevalue(ROOTS.get(request.param, "small"))
    return BuiltStudy(root, request.param)


@pytest.fixture(scope="session")
def changed(request: pytest.FixtureRequest, odd: Path) -> dict[str, bytes]:
    """Give what a build from nothing makes of the odd study, once all of it has changed."""

    def make(root: Path) -> Path:
        change_all(copy_inputs(odd, root))
        return root

    return bytes_below(built_once(request, "changed", make) / "reports")
