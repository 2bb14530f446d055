"""Claims: each number of a report, with the segments that bear it."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup, escape

from analysis.errors import ClaimError, closest
from analysis.synthesis.caveats import Caveats
from analysis.synthesis.listed_apart import ListedApart
from analysis.synthesis.markup import element, join, term
from analysis.tables.build_folder import CLAIMS_MIME
from analysis.tables.numbering import name_once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.listed_apart import Apart
    from analysis.synthesis.markup import Content

# From here on a whole percent is no more than one focus group.
SHOW_PERCENT_FROM = 100
FOCUS_GROUPS = "focus groups"
SEGMENTS = "segments"
Quantity: TypeAlias = "tuple[float | None, str]"

_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_SHOWN_ID = re.compile(r'data-claim="([^"]+)"')
_BLOCK = re.compile(r"</(?:p|tr|li|caption|h\d|dd|figcaption)>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Claim:
    """One number of a report.

    Parameters
    ----------
    id : str
        ``<place>.<section>.<rest>``.
    label : str
        What is claimed, in words.
    value, unit : int or float or None, and str
        The number, None where it is not defined; what is counted.
    numerator, denominator : int or None
        Of a count of focus groups.
    focus_groups, segments : tuple of str
        What bears the claim; empty where that is listed apart.
    expectations, caveats : tuple of str
        The expectations that fell short on what it rests on, and what they say.
    cell : str
        The notebook cell that made it; filled in when the notebook has run.
    apart : Apart or None
        What bears it, where that is listed apart.
    is_withheld : bool
        Whether there is a number, which nobody is to know.
    """

    id: str
    label: str
    value: float | None
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    focus_groups: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    expectations: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    cell: str = ""
    apart: Apart | None = None
    is_withheld: bool = False

    @property
    def text(self) -> str:
        """The value as a report shows it; a percentage only from a denominator of 100 on."""
        if self.value is None:
            return "withheld" if self.is_withheld else "not defined"
        if self.denominator is not None:
            counted = f"{self.numerator:,} of {self.denominator:,}"
            if self.denominator < SHOW_PERCENT_FROM or self.numerator is None:
                return counted
            return f"{counted} ({100 * self.numerator / self.denominator:.0f}\u00a0%)"
        return f"{self.value:,}" if isinstance(self.value, int) else f"{self.value:.2f}"

    def __html__(self) -> str:
        """Return the value as a link to what it rests on, marked where it has a caveat."""
        link = f'<a class="claim" data-claim="{self.id}" href="#evidence-{self.id}">'
        shown = f"{link}{escape(self.text)}</a>"
        if not self.caveats:
            return shown
        title = f"Caveat: {' '.join(self.caveats)}"
        mark = element("abbr", "\u2020", class_="caveat-mark", title=title, aria_label=title)
        return f"{shown}{mark}"

    def record(self) -> dict[str, Any]:
        """Return the claim as its report keeps it."""
        told = dict(vars(self))
        apart, is_withheld = told.pop("apart"), told.pop("is_withheld")
        told |= {"is_withheld": True} if is_withheld else {}
        return told | ({"apart": asdict(apart)} if apart else {})


@dataclass(frozen=True)
class Fragment:
    """A piece of a report as a notebook shows it: HTML, its text, and its claims."""

    html: Markup
    claims: tuple[Claim, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what Jupyter shows and stores."""
        bundle: dict[str, Any] = {"text/html": str(self.html), "text/plain": self.text}
        if self.claims:
            bundle[CLAIMS_MIME] = {"claims": [claim.record() for claim in self.claims]}
        return bundle

    @property
    def text(self) -> str:
        """The words alone, a line a row."""
        return html.unescape(_TAG.sub(" ", _BLOCK.sub("\n", self.html))).strip()


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

    def withhold(self, name: str, label: str, unit: str, *, focus_groups: Iterable[str]) -> Claim:
        """Return the claim of a number that is withheld; else as `number`."""
        claim = Claim(f"{self.place}.{name}", label, None, unit, is_withheld=True)
        return self._record(claim, name_once(focus_groups, rising=True), ())

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
