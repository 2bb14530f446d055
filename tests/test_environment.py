from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# The groups and extras of pyproject.toml that each lock has besides the dependencies.
GROUPS_OF_LOCK = {
    "run": ["build"],
    "test": ["build", "cluster", "test"],
    "check": ["build", "cluster", "test", "check"],
    "lab": ["build", "lab"],
    "cluster": ["build", "cluster"],
}
# Locks of an environment in which nothing of this project runs, with the group that each holds.
LOCKS_ALONE = {"uv": "installer", "bench": "bench"}
# conda-forge's own names, where they are not PyPI's.
PYPI_NAMES = {"matplotlib-base": "matplotlib"}
# pip installs this project, and tools for tests.
CONDA_ONLY = {"pip"}
# Installed with the package that declares it, at the version that this one asks for.
PART_OF = {
    "pydantic-core": "pydantic",
    "ipython": "ipykernel",
    "tqdm": "great-expectations",
    "pdfminer-six": "pdfplumber",
}

PINNED = re.compile(r"^(?P<name>\S+)==(?P<version>\S+?)(?P<marker> ;.*?)? \\$")

Bounds = dict[str, SpecifierSet]


@pytest.fixture(scope="module")
def pyproject(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def read_bounds(requirements: Iterable[str]) -> Bounds:
    parsed = [Requirement(each) for each in requirements]
    return {canonicalize_name(each.name): each.specifier for each in parsed}


def declared_bounds(pyproject: dict[str, Any], groups: Iterable[str]) -> Bounds:
    listed = list(pyproject["project"]["dependencies"])
    for group in groups:
        extras = pyproject["project"]["optional-dependencies"]
        listed += extras.get(group) or pyproject["dependency-groups"][group]
    return read_bounds(listed)


def conda_bounds(root: Path) -> Bounds:
    text = (root / "environment.yml").read_text(encoding="utf-8")
    *named, from_pypi = yaml.safe_load(text)["dependencies"]
    bounds = read_bounds([*named, *from_pypi["pip"]]).items()
    return {PYPI_NAMES.get(name, name): each for name, each in bounds if name not in CONDA_ONLY}


def read_lock(root: Path, lock: str) -> list[str]:
    return (root / "locks" / f"{lock}.txt").read_text(encoding="utf-8").splitlines()


def pinned_versions(root: Path, lock: str) -> dict[str, str]:
    pins = [PINNED.match(line) for line in read_lock(root, lock)]
    return {pin["name"]: pin["version"] for pin in pins if pin}


def imported_packages(folder: Path) -> set[str]:
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {each.name.split(".")[0] for each in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names)


def test_conda_gives_the_same_names_and_bounds(root: Path, pyproject: dict[str, Any]) -> None:
    """environment.yml holds what users need, within the bounds of pyproject.toml, and no more."""
    expected = declared_bounds(pyproject, ["lab"])
    expected["python"] = SpecifierSet(pyproject["project"]["requires-python"])

    assert conda_bounds(root) == expected


@pytest.mark.parametrize("lock", GROUPS_OF_LOCK)
def test_lock_satisfies_the_bounds(root: Path, pyproject: dict[str, Any], lock: str) -> None:
    """Each lock pins every package of its groups, at a version within the bounds."""
    pinned = pinned_versions(root, lock)
    bounds = declared_bounds(pyproject, GROUPS_OF_LOCK[lock])

    assert [
        f"{name}{allowed}: {pinned.get(name, 'not pinned')}"
        for name, allowed in bounds.items()
        if name not in pinned or pinned[name] not in allowed
    ] == []


@pytest.mark.parametrize(("lock", "group"), LOCKS_ALONE.items())
def test_lock_of_its_own_satisfies_the_bounds(
    root: Path, pyproject: dict[str, Any], lock: str, group: str
) -> None:
    """The locks of other environments pin every package of their group within its bounds."""
    pinned = pinned_versions(root, lock)
    bounds = read_bounds(pyproject["dependency-groups"][group])

    assert [name for name, allowed in bounds.items() if pinned[name] not in allowed] == []


def test_installer_is_locked_within_its_bounds(root: Path, pyproject: dict[str, Any]) -> None:
    """locks/uv.txt pins uv and nothing else."""
    installer = pyproject["dependency-groups"]["installer"]
    pinned = pinned_versions(root, "uv")

    assert [f"{name}=={version}" for name, version in pinned.items()] == installer


@pytest.mark.parametrize("lock", [*LOCKS_ALONE, *GROUPS_OF_LOCK])
def test_lock_holds_pins_with_hashes_only(root: Path, lock: str) -> None:
    """Each entry of a lock is a pinned version followed by at least one hash."""
    shape = "".join(
        "P" if PINNED.match(line) else "h" if line.startswith("    --hash=sha256:") else "?"
        for line in read_lock(root, lock)
    )

    assert re.fullmatch("(Ph+)+", shape)


@pytest.mark.parametrize("lock", [*LOCKS_ALONE, *GROUPS_OF_LOCK])
def test_lock_names_no_address(root: Path, lock: str) -> None:
    """A lock names no host and no file, so that each reader installs from where they can."""
    assert [line for line in read_lock(root, lock) if "/" in line or "@" in line] == []


def test_locks_agree_on_versions(root: Path) -> None:
    """A package has one version, on every platform and Python, in every lock that holds it."""
    versions: dict[str, set[str]] = {}
    for lock in GROUPS_OF_LOCK:
        for line in read_lock(root, lock):
            if pin := PINNED.match(line):
                versions.setdefault(pin["name"], set()).add(pin["version"])

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("lock", ["test", "check", "lab", "cluster"])
def test_locks_hold_what_reports_run_on(root: Path, lock: str) -> None:
    """Every other lock holds all of the lock that reports are built with."""
    assert pinned_versions(root, "run").items() <= pinned_versions(root, lock).items()


@pytest.mark.parametrize(
    ("folder", "groups"),
    [("src", ["cluster"]), ("benchmarks", ["bench", "cluster"]), ("tests", ["cluster", "test"])],
)
def test_imports_are_declared(
    root: Path, pyproject: dict[str, Any], folder: str, groups: list[str]
) -> None:
    """What is imported is declared, and not there by the grace of some other package."""
    ours = {"analysis", "benchmarks"} | {path.stem for path in (root / "tests").rglob("*")}
    distributions = packages_distributions()
    imported = {
        canonicalize_name(distributions.get(package, [package])[0])
        for package in imported_packages(root / folder) - ours
    }
    needed = {PART_OF.get(name, name) for name in imported}

    assert needed - set(declared_bounds(pyproject, groups)) == set()


def test_hooks_run_what_make_check_runs(root: Path) -> None:
    """Each part of `make check` is a hook, and each hook a part of it."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    parts = re.findall(r"^check: (check-.*)$", makefile, re.MULTILINE)
    config = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for local in config["repos"] for hook in local["hooks"]]

    assert entries == [f"make {part}" for part in parts[0].split()]


def test_binder_and_containers_set_up_as_the_readme_says(root: Path) -> None:
    """Binder has the environment for conda, and a development container runs the main command."""
    container = json.loads((root / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    install = "pip install --no-deps --editable ."

    assert (root / "binder" / "environment.yml").resolve() == root / "environment.yml"
    assert container["postCreateCommand"] == "make reports"
    for name in ("binder/postBuild", "environment.yml", "REPRODUCING.md"):
        assert install in (root / name).read_text("utf-8")
