"""Claims: each number of a report, with the segments that support it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from analysis.errors import ClaimError, closest
from analysis.study.language import (
    to_translate,
    to_translate_number,
    translate,
    translate_number,
    write_coefficient,
    write_number,
    write_percent,
)
from analysis.synthesis.caveats import Caveats, show_caveats
from analysis.synthesis.markup import (
    claim_link,
    element,
    find_claims,
    join,
    plain_text,
)
from analysis.tables.build_folder import CLAIMS_MIME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    import pandas as pd
    from markupsafe import Markup

    from analysis.quality.outcomes import Outcome
    from analysis.synthesis.markup import Content

FOCUS_GROUPS = "focus groups"
SEGMENTS = "passages"
# Computed from many divisions: another processor or library may round the last digits otherwise.
TOLERANCE = 1e-9
# From here on a whole percent is no more than one focus group.
SHOW_PERCENT_FROM = 100
# What is counted, as claims record it in every language, and in the words of reports.
UNITS = {
    FOCUS_GROUPS: to_translate_number("{n} focus group", "{n} focus groups"),
    SEGMENTS: to_translate_number("{n} passage", "{n} passages"),
    "changes": to_translate_number("{n} change", "{n} changes"),
    "characters": to_translate_number("{n} character", "{n} characters"),
    "code applications": to_translate_number("{n} code application", "{n} code applications"),
    "codes": to_translate_number("{n} code", "{n} codes"),
    "coefficient": to_translate_number("coefficient {n}", "coefficient {n}"),
    "countries": to_translate_number("{n} country", "{n} countries"),
    "excerpts": to_translate_number("{n} excerpt", "{n} excerpts"),
    "kinds": to_translate_number("{n} kind", "{n} kinds"),
    "participants": to_translate_number("{n} participant", "{n} participants"),
    "points": to_translate_number("{n} point", "{n} points"),
    "questions": to_translate_number("{n} question", "{n} questions"),
    "requests": to_translate_number("{n} request", "{n} requests"),
    "topics": to_translate_number("{n} topic", "{n} topics"),
    "words": to_translate_number("{n} word", "{n} words"),
}
NOT_DEFINED = to_translate("not defined")
STATED_IF_ANY = ("shown_as", "tolerance")
Quantity: TypeAlias = "tuple[float | None, str]"

_ID = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")


class Evidence(NamedTuple):
    """What supports a claim: focus groups, sorted, and segments, in the order of the corpus."""

    focus_groups: list[str]
    segments: list[str]


NO_EVIDENCE = Evidence([], [])


def evidence_of(rows: pd.DataFrame) -> Evidence:
    """Return the focus groups and the segments of rows of any table, each once."""
    groups = set(rows["focus_group"].tolist())
    return Evidence(sorted(groups), list(dict.fromkeys(rows["segment"].tolist())))


def evidence_by(keys: str | list[str], rows: pd.DataFrame) -> dict[Any, Evidence]:
    """Return the same for the rows of each key."""
    groups, segments = (rows[name].to_numpy(object) for name in ("focus_group", "segment"))
    return {
        key: Evidence(sorted(set(groups[at])), list(dict.fromkeys(segments[at])))
        for key, at in rows.groupby(keys, observed=True).indices.items()
    }


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
        What supports the claim.
    expectations, caveats : tuple of str
        The expectations that its focus groups or segments don't meet, and what these say.
    cell : str
        The notebook cell that made it; filled in when the notebook has run.
    shown_as : str
        Words that are shown in the place of a number.
    tolerance : float
        How far the value may be from this one when it is rebuilt; 0 for counts.
    page : str
        The page with its evidence; empty where that is the report itself. It isn't recorded.
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
    shown_as: str = ""
    tolerance: float = 0
    page: str = field(default="", compare=False)

    @property
    def text(self) -> str:
        """The value as a report shows it; a percentage only from a denominator of 100 on."""
        if self.value is None:
            return translate(self.shown_as or NOT_DEFINED)
        if self.denominator is not None and self.numerator is not None:
            counted = translate(
                "{n} of {all}", n=write_number(self.numerator), all=write_number(self.denominator)
            )
            if self.denominator < SHOW_PERCENT_FROM:
                return counted
            return f"{counted} ({write_percent(self.numerator / self.denominator)})"
        if isinstance(self.value, int):
            return write_number(self.value)
        return write_coefficient(self.value)

    @property
    def quantity(self) -> str:
        """The value with its unit; words in its place alone."""
        if self.value is None or self.unit not in UNITS:
            return self.text if self.value is None else f"{self.text} {self.unit}"
        number = self.value if self.denominator is None else self.denominator
        return translate_number(*UNITS[self.unit], number, n=self.text)

    def __html__(self) -> str:
        """Return the value as a link to its evidence, marked where it has a caveat."""
        return self.show_as(self.text)

    @property
    def share(self) -> Fraction:
        """Its share of the focus groups that answered, to compare with exactly; never shown."""
        return Fraction(self.numerator or 0, self.denominator or 1)

    @property
    def short(self) -> Markup:
        """The count in a table: ``7/13``, or a dot for none, whose words a screen reader says."""
        if not self.numerator or self.denominator is None:
            return self.show_as("\u00b7", spoken=self.text)
        return self.show_as(f"{write_number(self.numerator)}/{write_number(self.denominator)}")

    @property
    def counted(self) -> Markup:
        """The number alone, without of how many it is."""
        return self.show_as(write_number(int(self.value or 0)))

    def show_as(self, words: Content, *, spoken: str = "") -> Markup:
        """Return words as the link to the evidence of the claim, marked where it has a caveat."""
        shown = claim_link(self.id, words, self.page, spoken=spoken)
        if not self.caveats:
            return shown
        title = translate("Caveat: {caveats}", caveats=" ".join(self.caveats))
        mark = element("abbr", "\u2020", class_="caveat-mark", title=title, aria_label=title)
        return join([shown, mark])

    def record(self) -> dict[str, Any]:
        """Return the claim as its report keeps it."""
        left_out = {"page", *(name for name in STATED_IF_ANY if not getattr(self, name))}
        return {name: value for name, value in vars(self).items() if name not in left_out}


@dataclass(frozen=True)
class Fragment:
    """A piece of a report as a notebook shows it.

    It carries those of its claims that no fragment before it shows: the notebook stores each once.
    """

    html: Markup
    claims: tuple[Claim, ...]
    carried: tuple[Claim, ...]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401
        """Return what Jupyter shows and stores."""
        bundle: dict[str, Any] = {"text/html": str(self.html), "text/plain": self.text}
        if self.carried:
            bundle[CLAIMS_MIME] = {"claims": [claim.record() for claim in self.carried]}
        return bundle

    @property
    def text(self) -> str:
        """The words alone, a line a row."""
        return plain_text(self.html)


class Ledger:
    """The claims of one report, each made once.

    ``place`` starts each id. ``warnings`` are expectations that the data of the report doesn't
    meet. ``page_of`` returns the page that has the evidence of a claim, by the claim's id without
    the place; ``""`` is the report itself.
    """

    def __init__(
        self,
        place: str,
        warnings: Iterable[Outcome] = (),
        page_of: Callable[[str], str] = lambda _: "",
    ) -> None:
        self.place = place
        self._page_of = page_of
        self._caveats = Caveats(warnings)
        self._claims: dict[str, Claim] = {}
        self._shown: dict[str, str] = {}

    def __iter__(self) -> Iterator[Claim]:
        """Yield the claims in the order in which they were first shown."""
        return (self._claims[identifier] for identifier in self._shown)

    def __contains__(self, name: str) -> bool:
        """Return whether a claim was made before, by its id without the place."""
        return f"{self.place}.{name}" in self._claims

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

    def where(self, claim: Claim) -> str:
        """Return the id on the report's page that a claim was first shown at; ``""`` for none."""
        return self._shown.get(claim.id, "")

    def count(
        self,
        name: str,
        label: str,
        focus_groups: Iterable[str],
        *,
        of: Iterable[str],
        segments: Iterable[str] = (),
    ) -> Claim:
        """Return the claim that so many focus groups, ``of`` those that answered, support it.

        ``name`` is the claim's id without its place, and ``label`` says what is claimed, in words.

        Raises
        ------
        ClaimError
            When a focus group is counted that did not answer, or the id was used otherwise.
        """
        counted, asked = frozenset(focus_groups), frozenset(of)
        if not asked.issuperset(counted):
            raise ClaimError(
                f"Claim {self.place}.{name} counts focus groups outside its denominator.",
                offenders=sorted(counted - asked),
                expected="only focus groups that answered",
            )
        return self._record(
            Claim(
                f"{self.place}.{name}", label, len(counted), FOCUS_GROUPS, len(counted), len(asked)
            ),
            counted,
            segments,
            resting_on=asked,
        )

    def number(  # noqa: PLR0913
        self,
        name: str,
        label: str,
        quantity: Quantity,
        *,
        focus_groups: Iterable[str] = (),
        segments: Iterable[str] = (),
        among: Collection[str] = (),
        shown_as: str = "",
    ) -> Claim:
        """Return the claim of a number that is no prevalence: segments, participants, agreement.

        Parameters
        ----------
        name, label : str
            The id without its place; what is claimed, in words.
        quantity : (int or float or None, str)
            The number, None where it is not defined, and its unit.
        focus_groups, segments : iterable of str
            What supports it.
        among : collection of str
            Of a number of people, the focus groups that were asked: one that doesn't report a
            number may have had people too.
        shown_as : str
            The words in the place of a number that is None.

        Raises
        ------
        ClaimError
            When the id was used for another claim.
        """
        tolerance = TOLERANCE if isinstance(quantity[0], float) else 0
        claim = Claim(
            f"{self.place}.{name}", label, *quantity, shown_as=shown_as, tolerance=tolerance
        )
        return self._record(claim, focus_groups, segments, resting_on=among)

    def show(self, *parts: Content) -> Fragment:
        """Return parts of a report with the claims that they show, and their caveats below.

        Raises
        ------
        ClaimError
            When a part shows a claim that was made elsewhere.
        """
        body = join(parts)
        shown = find_claims(body)
        claims = tuple(self[name.removeprefix(f"{self.place}.")] for name in shown)
        carried = tuple(claim for claim in claims if claim.id not in self._shown)
        for claim_id, anchor in shown.items():
            self._shown.setdefault(claim_id, anchor)
        caveats = dict.fromkeys(caveat for claim in claims for caveat in claim.caveats)
        return Fragment(join([body, *show_caveats(list(caveats))]), claims, carried)

    def _record(
        self,
        claim: Claim,
        focus_groups: Iterable[str],
        segments: Iterable[str],
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
        groups, listed = tuple(sorted(set(focus_groups))), tuple(dict.fromkeys(segments))
        # A count rests on all who were asked: who is wrongly among them makes it look smaller.
        touching = self._caveats.touching(name, resting_on or groups, listed)
        full = replace(
            claim,
            focus_groups=groups,
            segments=listed,
            expectations=tuple(dict.fromkeys(warning.expectation for warning in touching)),
            caveats=tuple(dict.fromkeys(warning.message for warning in touching)),
            page=self._page_of(name),
        )
        first = self._claims.setdefault(claim.id, full)
        if first != full:
            raise ClaimError(
                f"Claim {claim.id} was made twice, with different values.",
                offenders=[f"{each.label}: {each.text} {each.unit}" for each in (first, full)],
                remedy="give each claim its own id",
            )
        return first
