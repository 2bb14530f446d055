"""Caveats: the warnings of the checks that apply to a claim."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.quality.outcomes import Outcome

FOCUS_GROUPS_TABLE = "focus_groups"
CODEBOOK_TABLE = "codebook"


class _Warning(NamedTuple):
    outcome: Outcome
    touches: re.Pattern[str]
    ids: frozenset[str]
    of_groups: bool
    of_codes: bool


class Caveats:
    """The warnings about the data of a report.

    Parameters
    ----------
    warnings : iterable of Outcome
        These expectations.
    """

    def __init__(self, warnings: Iterable[Outcome]) -> None:
        self._warnings = [
            _Warning(
                warning,
                re.compile("|".join(map(translate, warning.touches))),
                frozenset(warning.ids),
                warning.table == FOCUS_GROUPS_TABLE,
                warning.table == CODEBOOK_TABLE,
            )
            for warning in warnings
            if warning.touches
        ]
        # The evidence of a claim is looked through once, and not once for each warning.
        self._ids = {kind: self._ids_of(of_groups=kind) for kind in (True, False)}

    def _ids_of(self, *, of_groups: bool) -> frozenset[str]:
        ids = (warning.ids for warning in self._warnings if warning.of_groups == of_groups)
        return frozenset[str]().union(*ids)

    def touching(
        self, name: str, focus_groups: Iterable[str], segments: Iterable[str]
    ) -> list[Outcome]:
        """Return those that touch claims of a kind, and a row on which the claim rests.

        A claim also rests on the codes of the codebook that its name has.

        Parameters
        ----------
        name : str
            The id of the claim without its place.
        focus_groups, segments : iterable of str
            What it rests on: its evidence, and of a count all who were asked.
        """
        of_kind = [warning for warning in self._warnings if warning.touches.match(name)]
        if not of_kind:
            return []
        met = {
            True: self._ids[True].intersection(focus_groups),
            False: self._ids[False].intersection(segments),
        }
        return [
            warning.outcome
            for warning in of_kind
            if warning.of_codes or not warning.ids.isdisjoint(met[warning.of_groups])
        ]
