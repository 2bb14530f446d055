"""Caveats: the warnings of the checks that apply to claims, and how a report shows them."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING

from analysis.synthesis.markup import element, items, say, term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from markupsafe import Markup

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


def show_caveats(caveats: list[str]) -> list[Markup]:
    """Return a box for one caveat; several are folded away, so that they fill no screen."""
    if len(caveats) < 2:
        return [
            element("p", "\u2020 ", term(each), class_="caveat", role="note") for each in caveats
        ]
    summary = say("\u2020 {n} data warnings about these numbers", n=term(f"{len(caveats)}"))
    listed = items([term(each) for each in caveats])
    return [element("details", element("summary", summary), listed, class_="caveat")]
