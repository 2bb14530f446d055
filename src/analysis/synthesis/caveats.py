"""Caveats: the warnings of the checks that apply to a claim."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from analysis.quality.outcomes import Outcome

FOCUS_GROUPS_TABLE = "focus_groups"
CODEBOOK_TABLE = "codebook"


class Caveats:
    """The warnings about the data of a report.

    Parameters
    ----------
    warnings : iterable of Outcome
        These expectations.
    """

    def __init__(self, warnings: Iterable[Outcome]) -> None:
        self._warnings = [
            (warning, re.compile("|".join(map(translate, warning.touches))), frozenset(warning.ids))
            for warning in warnings
            if warning.touches
        ]

    def touching(
        self, name: str, focus_groups: Collection[str], segments: Collection[str]
    ) -> list[Outcome]:
        """Return those that touch claims of a kind, and a row on which the claim rests.

        A claim also rests on the codes of the codebook that its name has.

        Parameters
        ----------
        name : str
            The id of the claim without its place.
        focus_groups, segments : collection of str
            What it rests on: its evidence, and of a count all who were asked.
        """
        touching = []
        for warning, touches, ids in self._warnings:
            if not touches.match(name):
                continue
            rests_on = focus_groups if warning.table == FOCUS_GROUPS_TABLE else segments
            if warning.table == CODEBOOK_TABLE or not ids.isdisjoint(rests_on):
                touching.append(warning)
        return touching
