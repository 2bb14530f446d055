"""Wording that readers look for, as data: one YAML file for each language, and names of places.

The headings and questions of the template itself are in the study's instrument.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from analysis.errors import SourceError
from analysis.study.csv_rows import read_rows
from analysis.study.instrument import instrument_languages

if TYPE_CHECKING:
    from analysis.study.csv_rows import Row


@cache
def read_listed(language: str) -> dict[str, Any]:
    """Return what is listed for one language.

    Raises
    ------
    SourceError
        When nothing is listed for it.
    """
    path = resources.files(__name__) / f"{language}.yaml"
    if not path.is_file():
        raise SourceError(
            f"Submissions cannot be read in the language {language}.",
            remedy=f"add the labels of the template's facts as wording/{language}.yaml",
        )
    listed: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return listed


def listed_in_all_languages(key: str) -> list[Any]:
    """Return what is listed under one key in each language."""
    return [read_listed(language)[key] for language in instrument_languages()]


def listed_rows(file: str, *columns: str) -> list[Row]:
    """Return the rows of a CSV file of names."""
    with resources.as_file(resources.files(__name__) / file) as path:
        return read_rows(path, columns)
