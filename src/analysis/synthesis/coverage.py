"""Coverage: the focus groups, segments and codes of a whole study, without its words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.errors import PlaceError
from analysis.study.opened_study import OpenedStudy, open_study
from analysis.study.root import find_root
from analysis.synthesis.addresses import addresses_of_listed
from analysis.synthesis.corpus import read_warnings
from analysis.synthesis.corpus_parts import read_focus_groups
from analysis.synthesis.coverage_parts import (
    CoveragePart,
    codes_and_coders,
    cover_place,
    join_coverage,
)
from analysis.synthesis.numbered_codes import NumberedCodes, number_codes
from analysis.synthesis.words_pages import LISTED_SEGMENTS
from analysis.tables.build_folder import build_folder
from analysis.tables.focus_groups import WITHDRAWN, may_count
from analysis.tables.numbering import Names, places_of
from analysis.tables.placing import homes_of, places_to_clean
from analysis.tables.withdrawal.tombstones import withdrawn_groups

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.claims import Ledger
    from analysis.tables.numbering import IntArray

PAGE = "coverage"


class Bearing(NamedTuple):
    """What bears a claim: focus groups, sorted, and segments."""

    focus_groups: Names
    segments: Names


@dataclass(frozen=True, eq=False)
class Coverage:
    """The cleaned tables of a whole study, without its words.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    focus_groups : DataFrame
        Focus groups whose consent allows counting, with their ``home`` and the ``page`` on which
        their segments stand.
    segments : DataFrame
        Their segments that can bear codes: ``segment``, the row of its ``focus_group``, and the
        number of its ``cell`` in the template.
    code_applications : DataFrame
        All code applications of the study's coders on these, as numbers: the ``row`` of the
        segment, ``code`` in the codebook and ``coder`` in the settings. The code is -1 where one
        coder alone coded the focus group.
    warnings : tuple of Outcome
        Expectations that fell short of what is counted, without stopping it.
    withdrawn, without_consent : int
        How many focus groups were withdrawn, and how many are there without consent to be counted.
        They are in no other number, and are not named.
    """

    study: OpenedStudy
    focus_groups: pd.DataFrame
    segments: pd.DataFrame
    code_applications: pd.DataFrame
    warnings: tuple[Outcome, ...] = ()
    withdrawn: int = 0
    without_consent: int = 0

    @property
    def bearings(self) -> Path | None:
        """The file of what bears the claims of a study too large to list it all, in a build."""
        build = build_folder(self.study.root, self.study.settings.name)
        is_long = len(self.segments) > LISTED_SEGMENTS
        return build.bearings(PAGE) if build is not None and is_long else None

    @cached_property
    def homes(self) -> list[str]:
        """The homes of the focus groups, sorted."""
        return sorted(self.focus_groups["home"].unique())

    @cached_property
    def home(self) -> IntArray:
        """The number of each segment's home among these."""
        return places_of(self.focus_groups["home"], pd.Series(self.homes, dtype="str"))[self.group]

    @cached_property
    def group(self) -> IntArray:
        """The row of each segment's focus group."""
        return self.segments["focus_group"].to_numpy(np.int64)

    @cached_property
    def applied(self) -> NumberedCodes:
        """The code applications, to compare the coders by."""
        return number_codes(self.group, self.code_applications, **codes_and_coders(self.study))

    def groups_at(self, home: str) -> pd.DataFrame:
        """Return the focus groups at home in a place."""
        return self.focus_groups[self.focus_groups["home"] == home]

    def bearing(self, rows: IntArray) -> Bearing:
        """Return the ids of segments by their rows, and their focus groups."""
        groups = np.bincount(self.group[rows], minlength=len(self.focus_groups))
        return Bearing(self.name_groups(np.flatnonzero(groups)), Names(self._ids, rows))

    def name_groups(self, rows: IntArray) -> Names:
        """Return the ids of focus groups by their rows, sorted."""
        names, rank = self._sorted_groups
        return Names(names, np.sort(rank[rows]))

    def addresses(self, ledger: Ledger) -> dict[str, str]:
        """Return where each segment stands that a claim made so far lists."""
        pages = self.focus_groups["page"].astype("category").iloc[self.group]
        return addresses_of_listed(ledger, self.segments["segment"], pages)

    def name(self, home: str) -> str:
        """Return the name of a home; that of a continent stands for its wider submissions."""
        places = self.study.places
        is_region = places.scope(home) == "region"
        return places.name(home) if is_region else f"{places.name(home)}, wider submissions"

    @cached_property
    def _ids(self) -> npt.NDArray[np.object_]:
        return self.segments["segment"].to_numpy(dtype=object)

    @cached_property
    def _sorted_groups(self) -> tuple[npt.NDArray[np.object_], IntArray]:
        """The focus groups, sorted, and where each row of theirs stands among them."""
        names = self.focus_groups["focus_group"].to_numpy(dtype=object)
        order = np.argsort(names)
        rank = np.empty(len(names), dtype=np.int64)
        rank[order] = np.arange(len(names))
        return names[order], rank


def open_coverage(study: str) -> Coverage:
    """Return the coverage of a study.

    Parameters
    ----------
    study : str
        The study.

    Raises
    ------
    StudyError
        When there is no such study.
    TableError
        When a table cannot be read.
    PlaceError
        When no focus group may be counted, or one lies in a place that is unknown.
    ParameterError
        When a code was applied that the codebook does not have.
    """
    opened = open_study(find_root(), study)
    received = read_focus_groups(opened)
    places = places_to_clean(received, opened.places, opened.settings.continents)
    if not places:
        raise PlaceError(
            f"No focus group of {study} may be counted.",
            expected="a focus group whose consent allows counting, and that was not withdrawn",
            remedy=f"add submissions to data/{study}",
        )
    parts: list[CoveragePart] = []
    for place in places:
        parts.append(cover_place(opened, place, parts))
    groups, segments, applications = join_coverage(parts)
    return Coverage(
        study=opened,
        focus_groups=groups.assign(home=homes_of(groups, opened.places)),
        segments=segments,
        code_applications=applications,
        warnings=read_warnings(opened, places, set(groups["focus_group"])),
        **_count_left_out(opened, received),
    )


def _count_left_out(opened: OpenedStudy, received: pd.DataFrame) -> dict[str, int]:
    """Count the focus groups that were withdrawn, and those without consent to be counted."""
    is_marked = received[WITHDRAWN] != ""
    named = {*withdrawn_groups(opened.folder), *received.loc[is_marked, "focus_group"]}
    return {
        "withdrawn": len(named),
        "without_consent": int((~may_count(received) & ~is_marked).sum()),
    }
