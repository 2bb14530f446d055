"""Publish a study: verify it, and keep the claims that readers will cite."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

import analysis
from analysis.errors import PublishingError
from analysis.operations.opened_release import PUBLISHED
from analysis.publishing.claim_files import ENDING
from analysis.publishing.comparison_pages import write_comparison
from analysis.publishing.manifest import MANIFEST
from analysis.publishing.release_diff import compare_releases
from analysis.study.dates import date_in_words, parse_date
from analysis.study.settings import read_study
from analysis.study.writing import place_folder, replace_file, restore_folder

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from analysis.study.settings import Author, Study

RECORD = "release.json"
CHANGES = "changes.html"
"""What changed since the numbers that were cited before."""

CITATION = "CITATION.cff"

_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class Publication:
    """The claims of a study that readers cite.

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


def default_tag() -> str:
    """Return the tag of this version of the compendium."""
    return f"v{analysis.__version__}"


def require_tag(tag: str) -> None:
    """Refuse what git doesn't accept as a tag.

    Raises
    ------
    PublishingError
        Naming the tag.
    """
    if not _TAG.fullmatch(tag) or ".." in tag or tag.endswith((".", "/", ".lock")):
        raise PublishingError(
            "This can't be a tag.",
            offenders=[f"--tag {tag}" if len(tag) < 80 else "--tag"],
            expected="letters, digits, '.', '_', '-' and '/', such as v0.1.0",
            remedy="correct --tag",
        )


def write_publication(root: Path, release: Path, publication: Publication) -> None:
    """Keep the claims of a release as those that readers cite, and bring CITATION.cff up to date.

    Parameters
    ----------
    root : Path
        The folder with ``data/``.
    release : Path
        The folder of the release; its claims were verified.
    publication : Publication
        How it is cited.
    """
    folder = root / "data" / publication.study
    target, staged = folder / PUBLISHED, folder / f".{PUBLISHED}.next"
    restore_folder(target)
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    for path in (release / MANIFEST, *release.glob(f"*{ENDING}")):
        shutil.copyfile(path, staged / path.name)
    if (target / RECORD).is_file():
        before = describe_publication(target)
        write_comparison(
            compare_releases(target, release), before, publication.tag, staged / CHANGES
        )
    text = json.dumps(vars(publication), indent=2) + "\n"
    (staged / RECORD).write_text(text, encoding="utf-8")
    place_folder(staged, target)
    settings = read_study(folder)
    citation = root / CITATION
    if citation.is_file():
        on = parse_date(publication.published_on)
        replace_file(citation, cite(citation.read_text(encoding="utf-8"), settings, on))


def read_publication(folder: Path) -> Publication:
    """Return how the claims of a study are cited.

    Parameters
    ----------
    folder : Path
        The folder ``data/<study>/published``.

    Raises
    ------
    PublishingError
        When the study was never published, or its record can't be read.
    """
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return Publication(**record)
    except (OSError, ValueError, TypeError):
        study = folder.parent.name
        raise PublishingError(
            f"{study} was not published.",
            offenders=[f"data/{study}/{PUBLISHED}/{RECORD} is missing, or can't be read"],
            expected="the claims that readers cite, with tag and date",
            remedy=f"compendium publish {study}",
        ) from None


def describe_publication(folder: Path) -> str:
    """Return what the published claims of a study are called, such as ``v0.1.0 of 1 May 2027``."""
    found = read_publication(folder)
    return f"{found.tag} of {date_in_words(parse_date(found.published_on))}"


def cite(text: str, settings: Study, on: date) -> str:
    """Return the text of CITATION.cff with the day, and what the study says of its authors.

    Parameters
    ----------
    text : str
        The file as it is.
    settings : Study
        The settings of the study.
    on : date
        The day of the release.

    Raises
    ------
    PublishingError
        When the file can't be read.
    """
    try:
        citation: dict[str, Any] = yaml.safe_load(text)
        citation["date-released"] = on.isoformat()
    except (yaml.YAMLError, TypeError) as error:
        raise PublishingError(
            f"{CITATION} can't be read.",
            expected="the Citation File Format, version 1.2.0",
            remedy="put it back from the repository",
        ) from error
    citation["version"] = analysis.__version__
    if settings.repository:
        citation["repository-code"] = settings.repository
    if settings.authors:
        citation["authors"] = [_author(each) for each in settings.authors]
    return yaml.safe_dump(citation, sort_keys=False, allow_unicode=True, width=100)


def _author(author: Author) -> dict[str, str]:
    cited = {"name": author.name}
    if author.affiliation:
        cited["affiliation"] = author.affiliation
    if author.orcid:
        cited["orcid"] = f"https://orcid.org/{author.orcid}"
    return cited
