"""The parts of a coverage: the focus groups cleaned at each place, without their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.synthesis.corpus_parts import cleaned_tables
from analysis.synthesis.numbered_codes import locate_codes
from analysis.synthesis.words_pages import pages_of_words
from analysis.tables.build_folder import build_folder
from analysis.tables.covered import cover, cover_cleaned, read_covered
from analysis.tables.focus_groups import may_count
from analysis.tables.numbering import number_values, places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.numbering import IntArray


class CoveragePart(NamedTuple):
    """What coverage needs of some focus groups; its tables are those of `Coverage`."""

    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame


def cover_place(opened: OpenedStudy, place: str, earlier: Sequence[CoveragePart]) -> CoveragePart:
    """Return the part of the focus groups cleaned at a place.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    place : str
        A region or a continent.
    earlier : sequence of CoveragePart
        The parts above this one: its numbers of rows go on from theirs. A focus group that no
        continent holds was cleaned at each that it overlaps; the first one shows it.

    Raises
    ------
    TableError
        When a table cannot be read.
    ParameterError
        When a code was applied that the codebook does not have.
    """
    build = build_folder(opened.root, opened.settings.name)
    covered = _covered(opened, build, place)
    groups, segments = covered["focus_groups"], covered["segments"]
    groups = groups[may_count(groups)]
    for part in earlier:
        groups = groups[places_of(groups["focus_group"], part.focus_groups["focus_group"]) < 0]
    group = places_of(segments["focus_group"], groups["focus_group"])
    pages = pages_of_words(build, place, segments["focus_group"])
    codable = np.flatnonzero((group >= 0) & ~segments["is_heading"].to_numpy())
    names = segments["segment"].iloc[codable]
    cells = pd.Series(opened.instrument.cells, dtype="str")
    located = locate_codes(covered["code_applications"], names, **codes_and_coders(opened))
    return CoveragePart(
        groups.assign(page=_pages_of_groups(group, pages, len(groups), place)),
        pd.DataFrame(
            {
                "segment": names.array,
                "focus_group": group[codable] + sum(len(part.focus_groups) for part in earlier),
                "cell": places_of(segments["cell"], cells)[codable],
            }
        ),
        located.assign(row=located["row"] + sum(len(part.segments) for part in earlier)),
    )


def codes_and_coders(opened: OpenedStudy) -> dict[str, list[str]]:
    """Return the codes of the codebook and the coders of the settings, each in its order."""
    coders = [coder.coder for coder in opened.settings.coders]
    return {"codes": list(opened.codebook.codes), "coders": coders}


def _covered(opened: OpenedStudy, build: BuildFolder | None, place: str) -> dict[str, pd.DataFrame]:
    """Return what is needed of the cleaned tables of a place."""
    if build is not None and build.covered(place).is_dir():
        return read_covered(build.covered(place))
    if build is not None and build.cleaned(place).is_dir():
        return cover_cleaned(opened.folder, build, place)
    return cover(cleaned_tables(opened, place).by_name())


def _pages_of_groups(group: IntArray, pages: pd.Series, groups: int, place: str) -> list[str]:
    """Return the page of each focus group, whose segments all stand on one."""
    number, names = number_values(pages)
    page_of = np.zeros(groups, dtype=np.int64)
    page_of[group[group >= 0]] = number[group >= 0]
    return [names[page] if names else place for page in page_of.tolist()]


def join_coverage(parts: Sequence[CoveragePart]) -> CoveragePart:
    """Return the parts of all places as one."""
    return CoveragePart(
        *(pd.concat(tables, ignore_index=True) for tables in zip(*parts, strict=True))
    )
