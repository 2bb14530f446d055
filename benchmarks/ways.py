"""The ways to the pages of a study that are compared."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.study.opened_study import open_study
from analysis.tables.placing import places_to_clean, places_to_report
from analysis.tables.received import read_received
from benchmarks.measuring import Command

if TYPE_CHECKING:
    from collections.abc import Mapping

REPOSITORY = Path(__file__).parents[1]
PEERS = REPOSITORY / "benchmarks" / "peers"
SNAKEMAKE = REPOSITORY / ".venv-bench" / "bin" / "snakemake"
PROGRAMS = Path(sys.executable).parent
STUDY = "demo"
# The study whose codebook synthetic ones are made with.
PATTERN = "africa-2020"

BUILD = "compendium build"
ONLY_PYTHON = "python -c pass"
SNAKEMAKE_TWO = "Snakemake, 2 cores"
MAKE_TWO = "make -j2"
PLAIN_TWO = "plain Python, 2 processes"

_PYTHON = "python -m benchmarks.peers."


@dataclass(frozen=True)
class Way:
    """One way to the pages of a study.

    Parameters
    ----------
    name : str
        How tables name it.
    words : str
        Its command, run in a root.
    most : float or None
        The ratio of our build to it that is asked for at most.
    """

    name: str
    words: str
    most: float | None = None

    def command(self, root: Path, places: Mapping[str, str]) -> Command:
        """Return its command in a root, with the root and the places in its environment."""
        if self.name == BUILD:
            return compendium(self.words, root)
        folders = {"COMPENDIUM_ROOT": str(root), "COMPENDIUM_BUILD": str(root / "build")}
        return Command(self.words.split(), root, {**_inherited(), **folders, **places})


def compendium(words: str, root: Path, package: Path | None = None) -> Command:
    """Return a command of ours in a root, run with another package than ``src/`` if given."""
    return Command(words.split(), root, _inherited(package or REPOSITORY / "src"))


def _inherited(sources: Path = REPOSITORY / "src") -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not name.startswith("COMPENDIUM_")}
    return {
        **kept,
        "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{sources}{os.pathsep}{REPOSITORY}",
    }


OURS = Way(BUILD, f"compendium build {STUDY}")
NOTHING = Way(ONLY_PYTHON, ONLY_PYTHON)
SNAKEMAKE_WAY = Way(
    SNAKEMAKE_TWO, f"{SNAKEMAKE} --snakefile {PEERS}/Snakefile --cores 2 --quiet", most=0.25
)
MAKE_WAY = Way(MAKE_TWO, f"make --silent -j2 -f {PEERS}/rules.mk")
WAYS = (
    OURS,
    Way("shell loop", f"sh {PEERS}/loop.sh", most=0.20),
    SNAKEMAKE_WAY,
    MAKE_WAY,
    Way("pool of 2 papermills", f"{_PYTHON}pool 2", most=0.45),
    Way("pool of 3 papermills", f"{_PYTHON}pool 3", most=0.45),
    Way("plain Python, 1 process", f"{_PYTHON}plain 1 --pages"),
    Way(PLAIN_TWO, f"{_PYTHON}plain 2 --pages", most=1.8),
    Way("plain Python, 1 process, no pages", f"{_PYTHON}plain 1"),
    Way("plain Python, 2 processes, no pages", f"{_PYTHON}plain 2"),
)


def places_of(root: Path, study: str) -> dict[str, str]:
    """Return the environment variables that name the places to clean and to report on."""
    opened = open_study(root, study)
    groups = read_received(opened.folder).focus_groups
    continents = opened.settings.continents
    regions, reported = places_to_report(groups, opened.places, continents)
    return {
        "STUDY": study,
        "CLEANED": " ".join(places_to_clean(groups, opened.places, continents)),
        "REGIONS": " ".join(regions),
        "CONTINENTS": " ".join(reported),
    }
