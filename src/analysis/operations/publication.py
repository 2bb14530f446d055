"""The numbers of a study that readers cite: in ``data/<study>/published/``, with tag and date."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.study.dates import date_in_words, parse_date

if TYPE_CHECKING:
    from pathlib import Path

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
