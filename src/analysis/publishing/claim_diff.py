"""Which claims differ between two releases of a study: added, removed or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.publishing.claim_files import ENDING, read_claim_file
from analysis.study.language import write_coefficient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# The fields that a report shows besides the value; its evidence may change without them.
SHOWN = ("numerator", "denominator", "unit", "shown_as")
ABSENT = "no claim"
# As a report shows them; more only to distinguish two numbers.
DECIMALS = 2
COMPARED = ("id", "label", "value", "numerator", "denominator", "unit")

Name = tuple[str, str]
"""A claim's report and id."""

Claims = dict[Name, dict[str, Any]]


@dataclass(frozen=True)
class ClaimChange:
    """One claim that differs between two releases.

    Parameters
    ----------
    report : str
        The report that makes it.
    claim : str
        Its id.
    label : str
        What is claimed, in words.
    old, new : str
        What it said and says, ``"no claim"`` where there was or is none.
    cause : str
        Why it differs, in a few words; ``""`` where nobody looked.
    """

    report: str
    claim: str
    label: str
    old: str
    new: str
    cause: str = ""

    @property
    def name(self) -> Name:
        """Its report and id."""
        return self.report, self.claim

    @property
    def is_new(self) -> bool:
        """Whether no claim was there before."""
        return self.old == ABSENT


def read_claims(release: Path) -> Claims:
    """Return the claims of a release by report and id; none where there is no release.

    Parameters
    ----------
    release : Path
        The folder of the release.

    Raises
    ------
    PublishingError
        When a file of claims cannot be read, or is not of this version.
    """
    return {
        (path.name.removesuffix(ENDING), claim["id"]): claim
        for path in sorted(release.glob(f"*{ENDING}"))
        for claim in read_claim_file(path, COMPARED)
    }


def read_last_claims(release: Path) -> Claims | None:
    """Return the claims of the last release, none where there is no release; None if it is broken.

    Parameters
    ----------
    release : Path
        The folder of the release.
    """
    try:
        return read_claims(release)
    except PublishingError:
        return None


def changed_claims(before: Claims, after: Claims) -> tuple[ClaimChange, ...]:
    """Return the claims that were added, removed or changed, by report and id.

    Parameters
    ----------
    before, after : mapping of (str, str) to dict
        The claims of two releases by report and id.
    """
    return tuple(
        ClaimChange(*name, shown["label"], *_describe_both(was, now))
        for name in sorted({*before, *after})
        for was, now in [(before.get(name), after.get(name))]
        if not are_same(was, now) and (shown := now or was)
    )


def are_same(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> bool:
    """Return whether two claims say the same, to the tolerance that the first one states.

    Parameters
    ----------
    was, now : mapping or None
        The claims as published; None for no claim.
    """
    if was is None or now is None:
        return was is now
    return all(was.get(key) == now.get(key) for key in SHOWN) and _is_near(was, now)


def _is_near(was: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    old, new = was.get("value"), now.get("value")
    if old is None or new is None or isinstance(old, int) != isinstance(new, int):
        return bool(old == new)
    return bool(abs(old - new) <= was.get("tolerance", 0))


def describe_claim(claim: Mapping[str, Any] | None, digits: int = DECIMALS) -> str:
    """Return the number of a claim with its unit, or the words in its place."""
    if claim is None:
        return ABSENT
    value = claim["value"]
    if value is None:
        return claim.get("shown_as") or "not defined"
    if claim["denominator"] is not None:
        return f"{claim['numerator']} of {claim['denominator']} {claim['unit']}"
    unit = _one_of(claim["unit"]) if value == 1 else claim["unit"]
    if isinstance(value, int):
        return f"{value} {unit}".rstrip()
    shown = write_coefficient(value) if digits == DECIMALS else f"{value:.{digits}f}"
    return f"{shown} {unit}".rstrip()


def _one_of(units: str) -> str:
    return f"{units[:-3]}y" if units.endswith("ies") else units.removesuffix("s")


def _describe_both(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return both numbers, in as many digits as it takes to see the difference."""
    for digits in (DECIMALS, 4, 8):
        old, new = describe_claim(was, digits), describe_claim(now, digits)
        if old != new:
            break
    return old, new
