"""A new study: a folder of empty tables for a person to fill."""

from __future__ import annotations

import re
import tempfile
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import TYPE_CHECKING

from analysis.errors import StudyError
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM, format_csv, write_csv
from analysis.study.digests import write_key
from analysis.study.places import (
    COUNTRIES_FILE,
    COUNTRY_COLUMNS,
    GLOBAL,
    WIDER_COLUMNS,
    WIDER_PLACES_FILE,
    read_places,
)
from analysis.study.slugs import slugify, unique_slug
from analysis.tables.received import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from analysis.study.settings import Study

TITLE = "Title of this study, for readers"
DESCRIPTION = "What a reader must know of this coder, without naming a person."
ALL_STRATA = "all-strata"
_LETTERS_OF_ID = 3
SETTINGS = """\
# What a study is. docs/tables.md explains every key.
title: "{title}"
languages: [en]
continents: [{continent}]
as_of: {as_of} # no date in the tables may be later
synthetic: false
coders:
  - coder: coder-a
    kind: human # human, model or rule
    description: {description}
publication:
  coding: any # a code counts once any coder applied it; or: all
  excerpts_per_theme: 3
  participants: rounded # numbers of people, to the nearest 5; or: exact, none
  tables: private # or: public, if these tables are published themselves
"""


def find_template_text(settings: Study) -> Iterator[str]:
    """Yield where the settings of a study still have the words that `write_new_study` wrote.

    Parameters
    ----------
    settings : Study
        The settings.

    Yields
    ------
    str
        The key in study.yaml.
    """
    if settings.title in (TITLE, settings.name):
        yield "title"
    for number, coder in enumerate(settings.coders, start=1):
        if coder.description == DESCRIPTION:
            yield f"coders.{number}.description"


def require_new(folder: Path) -> None:
    """Refuse a study that exists, or a malformed name.

    Parameters
    ----------
    folder : Path
        The folder of the study, below ``data/``.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    if not IDENTIFIER.fullmatch(folder.name):
        raise StudyError(
            "A study cannot have this name.",
            offenders=[folder.name],
            expected=IDENTIFIER_FORM,
            remedy="choose another name",
        )
    if folder.exists():
        raise StudyError(
            "This study exists already; nothing was changed.",
            offenders=[f"{folder.parent.name}/{folder.name}"],
            expected="a name that no study has",
            remedy="choose another name, or move the folder away first",
        )


@contextmanager
def new_study_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write a study in; at the end it is moved into place, whole or not at all.

    Parameters
    ----------
    folder : Path
        The folder of the study, which must not exist.

    Raises
    ------
    StudyError
        When the folder exists, or its name is malformed.
    """
    require_new(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent) as staging:
        written = Path(staging) / folder.name
        written.mkdir()
        yield written
        try:
            written.rename(folder)
        except OSError:
            # Another process has created it meanwhile.
            require_new(folder)
            raise


def write_new_study(folder: Path, today: date, strata: Sequence[str] = ()) -> None:
    """Write a study of empty tables with a key of its own, all of it or nothing.

    Parameters
    ----------
    folder : Path
        The folder of the study; it must not exist.
    today : date
        Becomes its ``as_of``.
    strata : sequence of str, optional
        The names of its strata, which take the place of countries and regions.

    Raises
    ------
    StudyError
        When the folder exists, its name is malformed, or strata cannot have these names.
    """
    texts = {f"{name}.csv": format_csv([columns]) for name, columns in COLUMNS.items()}
    # The settings, which make it a study, come last.
    texts["study.yaml"] = SETTINGS.format(
        title=TITLE,
        description=DESCRIPTION,
        continent=ALL_STRATA if strata else "africa",
        as_of=today,
    )
    with new_study_folder(folder) as written:
        write_key(written)
        if strata:
            for name, rows in _places_of_strata(strata).items():
                write_csv(written / name, rows)
            read_places(written)
        for name, text in texts.items():
            (written / name).write_text(text, encoding="utf-8")


def _places_of_strata(strata: Sequence[str]) -> dict[str, list[tuple[str, ...]]]:
    """Return the tables of places in which each stratum is a region of its own."""
    countries: list[tuple[str, ...]] = [COUNTRY_COLUMNS]
    wider: list[tuple[str, ...]] = [WIDER_COLUMNS]
    taken: set[str] = set()
    for name in strata:
        region = slugify(name, otherwise="")
        if not region and any(map(str.isalpha, name)):  # letters that are not Latin
            region = unique_slug("stratum", taken)
        taken.add(region)
        letters = re.sub("[^A-Z]", "", region.upper()).ljust(_LETTERS_OF_ID, "X")[:_LETTERS_OF_ID]
        codes = (letters, *map("".join, product(ascii_uppercase, repeat=_LETTERS_OF_ID)))
        code = next(each for each in codes if not {each, each.lower()} & taken)
        taken.add(code)
        countries.append((code, name, region, ALL_STRATA))
        wider.append((region, "region", name))
    wider += [(ALL_STRATA, "continent", "All strata"), (GLOBAL, GLOBAL, "Global")]
    return {COUNTRIES_FILE: countries, WIDER_PLACES_FILE: wider}
