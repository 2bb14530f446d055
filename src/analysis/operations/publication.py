"""The numbers of a study that readers cite: in ``data/<study>/published/``, with tag and date."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.claim_files import ENDING
from analysis.publishing.manifest import MANIFEST, read_manifest, trace_provenance
from analysis.publishing.notebook_files import digest_source
from analysis.study.dates import date_in_words, parse_date
from analysis.study.digests import digest_file

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.study.opened_study import OpenedStudy

PUBLISHED = "published"
"""The folder of a study with the claims that readers cite."""

RECORD = "release.json"


@dataclass(frozen=True)
class Publication:
    """How the claims of a study are cited.

    Parameters
    ----------
    study : str
        The study.
    tag : str
        The tag of git that names the release.
    published_on : str
        The day, ``YYYY-MM-DD``.
    claims : int
        How many claims there are.
    """

    study: str
    tag: str
    published_on: str
    claims: int

    @property
    def name(self) -> str:
        """What it is called, such as ``v0.1.0 of 1 May 2027``."""
        return f"{self.tag} of {date_in_words(parse_date(self.published_on))}"


def read_publication(folder: Path) -> Publication:
    """Return how the claims in a folder ``data/<study>/published`` are cited."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        publication = Publication(**record)
        parse_date(publication.published_on)
    except (OSError, ValueError, TypeError):
        study = folder.parent.name
        raise PublishingError(
            f"{study} was not published.",
            offenders=[f"data/{study}/{PUBLISHED}/{RECORD} is missing, or can't be read"],
            expected="the claims that readers cite, with tag and date",
            remedy=f"compendium publish {study}",
        ) from None
    return publication


def list_outdated(opened: OpenedStudy, release: Path) -> list[str]:
    """Return which reports of a study are missing or edited, and which inputs changed since."""
    manifest = read_manifest(release)
    notebooks = [report["notebook"].removesuffix(".ipynb") for report in manifest["reports"]]
    now = trace_provenance(opened, notebooks, digest_source)
    return [
        *(
            f"reports/{opened.settings.name}/{name}"
            for name, digest in manifest["outputs"].items()
            if not (release / name).is_file() or digest_file(release / name) != digest
        ),
        *(
            name
            for name in sorted({*now.inputs, *manifest["inputs"]})
            if now.inputs.get(name) != manifest["inputs"].get(name)
        ),
        *(["the code"] if now.code != manifest["code"] else []),
        *(["locks/run.txt"] if now.lock != manifest["lock"] else []),
    ]


def list_uncited(folder: Path, release: Path) -> list[str]:
    """Return which files in ``data/<study>/published`` are missing or not those of a release."""
    claims = [path.name for path in release.glob(f"*{ENDING}")]
    names = {MANIFEST, *claims, *(path.name for path in folder.glob("*.json"))} - {RECORD}
    return [
        f"data/{folder.parent.name}/{PUBLISHED}/{name}"
        for name in sorted(names)
        if not _is_same(folder / name, release / name)
    ]


def _is_same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()
