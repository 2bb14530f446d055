"""Caveats: the warnings of the checks that apply to a claim, in words for readers."""

from __future__ import annotations

import re
from fnmatch import translate as pattern_of
from typing import TYPE_CHECKING, NamedTuple

from analysis.quality.wording import capitalise
from analysis.study.language import (
    to_translate_number,
    translate,
    translate_number,
    write_number,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from analysis.quality.outcomes import Outcome

FOCUS_GROUPS_TABLE = "focus_groups"
CODEBOOK_TABLE = "codebook"
SEGMENTS_TABLE = "segments"
# What falls short in each table, as readers know it: they don't know rows.
FALL_SHORT = {
    CODEBOOK_TABLE: to_translate_number("{fault}: {n} topic.", "{fault}: {n} topics."),
    FOCUS_GROUPS_TABLE: to_translate_number(
        "{fault}: focus group {groups}.", "{fault}: focus groups {groups}."
    ),
    SEGMENTS_TABLE: to_translate_number(
        "{fault}: {n} passage of {groups}.", "{fault}: {n} passages of {groups}."
    ),
    "code_applications": to_translate_number(
        "{fault}: {n} coding of {groups}.", "{fault}: {n} codings of {groups}."
    ),
}
NAMED = 5


class _Warning(NamedTuple):
    outcome: Outcome
    touches: re.Pattern[str]
    ids: frozenset[str]
    of_groups: bool
    of_codes: bool


def say_caveat(outcome: Outcome) -> str:
    """Return a warning as a sentence for readers: what is wrong, how often, and where."""
    fault = capitalise(translate(outcome.fault))
    is_somewhere = outcome.focus_groups or outcome.table == CODEBOOK_TABLE
    if not outcome.failing or outcome.table not in FALL_SHORT or not is_somewhere:
        return translate("{fault}.", fault=fault)
    return translate_number(
        *FALL_SHORT[outcome.table],
        outcome.failing,
        fault=fault,
        n=write_number(outcome.failing),
        groups=_name_groups(outcome.focus_groups),
    )


def _name_groups(groups: Sequence[str]) -> str:
    """Name the first few focus groups, and how many more there are."""
    named, more = ", ".join(groups[:NAMED]), len(groups) - NAMED
    if more <= 0:
        return named
    return translate("{groups} and {n} more", groups=named, n=write_number(more))


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
                re.compile("|".join(map(pattern_of, warning.touches))),
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
