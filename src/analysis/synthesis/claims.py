"""Claims: each number of a report, with the segments that bear it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from analysis.errors import ClaimError, closest
from analysis.synthesis.caveats import Caveats
from analysis.synthesis.claim import Claim, Fragment
from analysis.synthesis.listed_apart import ListedApart
from analysis.synthesis.markup import element, join, term
from analysis.tables.build_folder import CLAIMS_MIME
from analysis.tables.numbering import name_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.markup import Content

__all__ = ["CLAIMS_MIME", "FOCUS_GROUPS", "SEGMENTS", "Claim", "Fragment", "Ledger", "agree"]

FOCUS_GROUPS = "focus groups"
SEGMENTS = "segments"
Quantity: TypeAlias = "tuple[float | None, str]"

_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_SHOWN_ID = re.compile(r'data-claim="([^"]+)"')


class Ledger:
    """The claims of one report, each made once.

    Parameters
    ----------
    place : str
        The place that the report is about; starts each id.
    warnings : iterable of Outcome
        Expectations that fell short in what the report rests on.
    bearings : Path or None
        The file of what bears long claims; without it, each claim lists all.
    """

    def __init__(
        self, place: str, warnings: Iterable[Outcome] = (), bearings: Path | None = None
    ) -> None:
        self.place = place
        self._caveats = Caveats(warnings)
        self._apart = ListedApart(bearings)
        self._claims: dict[str, Claim] = {}
        self._shown: dict[str, None] = {}

    def __iter__(self) -> Iterator[Claim]:
        """Yield the claims in the order in which they were first shown."""
        return (self._claims[identifier] for identifier in self._shown)

    def __getitem__(self, name: str) -> Claim:
        """Return a claim made before.

        Raises
        ------
        ClaimError
            When no such claim was made.
        """
        identifier = f"{self.place}.{name}"
        if identifier not in self._claims:
            raise ClaimError(
                f"No claim {identifier} was made{closest(identifier, self._claims)}.",
                remedy="make the claim before it is shown again",
            )
        return self._claims[identifier]

    def count(
        self,
        name: str,
        label: str,
        focus_groups: Iterable[str],
        *,
        of: Iterable[str],
        segments: Iterable[str] = (),
    ) -> Claim:
        """Return the claim that so many focus groups, of those that answered, bear something out.

        Parameters
        ----------
        name, label : str
            The id without its place; what is claimed, in words.
        focus_groups, segments : iterable of str
            What bears it out.
        of : iterable of str
            The focus groups that answered.

        Raises
        ------
        ClaimError
            When a focus group is counted that did not answer, or the id was used otherwise.
        """
        bearing, asked = name_once(focus_groups, rising=True), frozenset(of)
        if not asked.issuperset(bearing):
            raise ClaimError(
                f"Claim {self.place}.{name} counts focus groups outside its denominator.",
                offenders=sorted(set(bearing) - asked),
                expected="only focus groups that answered",
            )
        return self._record(
            Claim(
                f"{self.place}.{name}",
                label,
                len(bearing),
                FOCUS_GROUPS,
                numerator=len(bearing),
                denominator=len(asked),
            ),
            bearing,
            name_once(segments),
            resting_on=asked,
        )

    def number(
        self,
        name: str,
        label: str,
        quantity: Quantity,
        *,
        focus_groups: Iterable[str] = (),
        segments: Iterable[str] = (),
    ) -> Claim:
        """Return the claim of a number that is no prevalence: segments, participants, agreement.

        Parameters
        ----------
        name, label : str
            The id without its place; what is claimed, in words.
        quantity : (int or float or None, str)
            The number, None where it is not defined, and its unit.
        focus_groups, segments : iterable of str
            What bears it.

        Raises
        ------
        ClaimError
            When the id was used for another claim.
        """
        return self._record(
            Claim(f"{self.place}.{name}", label, *quantity),
            name_once(focus_groups, rising=True),
            name_once(segments),
        )

    def people(  # noqa: PLR0913
        self,
        name: str,
        label: str,
        quantity: Quantity,
        *,
        focus_groups: Iterable[str],
        among: Collection[str],
        shown_as: str = "",
    ) -> Claim:
        """Return the claim of a number of people, or of words in its place.

        Parameters
        ----------
        name, label : str
            The id without its place; what is claimed, in words.
        quantity : (int or None, str)
            The number, None where words are shown, and its unit.
        focus_groups : iterable of str
            Those that it counts.
        among : collection of str
            Those that were asked: one that doesn't report a number may have had people too.
        shown_as : str
            The words in the place of a number.
        """
        return self._record(
            Claim(f"{self.place}.{name}", label, *quantity, shown_as=shown_as),
            name_once(focus_groups, rising=True),
            (),
            resting_on=among,
        )

    def show(self, *parts: Content) -> Fragment:
        """Return parts of a report with the claims that they show, and their caveats below.

        Raises
        ------
        ClaimError
            When a part shows a claim that was made elsewhere.
        """
        body = join(parts)
        shown = dict.fromkeys(_SHOWN_ID.findall(body))
        claims = tuple(self[name.removeprefix(f"{self.place}.")] for name in shown)
        self._shown.update(shown)
        caveats = dict.fromkeys(caveat for claim in claims for caveat in claim.caveats)
        notes = [
            element("p", "\u2020 ", term(text), class_="caveat", role="note") for text in caveats
        ]
        return Fragment(join([body, *notes]), claims)

    def _record(
        self,
        claim: Claim,
        focus_groups: Sequence[str],
        segments: Sequence[str],
        *,
        resting_on: Collection[str] = (),
    ) -> Claim:
        if not _ID.fullmatch(claim.id):
            raise ClaimError(
                "A claim has a malformed id.",
                offenders=[claim.id],
                expected="place.section.rest, of lower-case letters, digits, - and _",
                remedy="name the claim after codes, cells and focus groups, not after their names",
            )
        name = claim.id.removeprefix(f"{self.place}.")
        # A count rests on all who were asked: who is wrongly among them makes it look smaller.
        touching = self._caveats.touching(name, resting_on or focus_groups, segments)
        apart = self._apart.add(claim.id, focus_groups, segments)
        full = replace(
            claim,
            focus_groups=() if apart else tuple(focus_groups),
            segments=() if apart else tuple(segments),
            apart=apart,
            expectations=tuple(dict.fromkeys(warning.expectation for warning in touching)),
            caveats=tuple(dict.fromkeys(warning.message for warning in touching)),
        )
        first = self._claims.setdefault(claim.id, full)
        if first != full:
            raise ClaimError(
                f"Claim {claim.id} was made twice, with different values.",
                offenders=[f"{each.label}: {each.text} {each.unit}" for each in (first, full)],
                remedy="give each claim its own id",
            )
        return first

    def keep_bearings(self) -> None:
        """Write what bears the claims shown so far, where they do not list it, to its file."""
        self._apart.keep(self._shown)


def agree(noun: str, claim: Claim) -> str:
    """Return a noun in the singular where a claim counts one, and in the plural elsewhere."""
    return noun if claim.value == 1 else f"{noun}s"
