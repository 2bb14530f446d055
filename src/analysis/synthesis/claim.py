"""A claim, and a piece of a report that shows claims."""

from __future__ import annotations

import html
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from analysis.synthesis.markup import element
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from analysis.synthesis.listed_apart import Apart

# From here on a whole percent is no more than one focus group.
SHOW_PERCENT_FROM = 100

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
    shown_as : str
        Words that are shown in the place of a number.
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
    shown_as: str = ""

    @property
    def text(self) -> str:
        """The value as a report shows it; a percentage only from a denominator of 100 on."""
        if self.value is None:
            return self.shown_as or "not defined"
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
        apart, shown_as = told.pop("apart"), told.pop("shown_as")
        told |= {"shown_as": shown_as} if shown_as else {}
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
