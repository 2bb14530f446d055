"""Which claims differ between two releases of a study: added, removed or changed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError
from analysis.study.decimals import format_decimal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

ENDING = ".claims.json"
# What a claim says; its evidence may change without that.
SAID = ("value", "numerator", "denominator", "unit", "shown_as")
ABSENT = "no claim"
# As a report shows them; more only to tell two numbers apart.
DECIMALS = 2
NAMED = ("id",)
COMPARED = ("id", "label", "value", "numerator", "denominator", "unit")

Claims = dict[tuple[str, str], dict[str, Any]]


@dataclass(frozen=True)
class ClaimChange:
    """One claim that is not what it was.

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
    """

    report: str
    claim: str
    label: str
    old: str
    new: str


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


def read_claim_file(path: Path, needed: Collection[str] = NAMED) -> list[dict[str, Any]]:
    """Return the claims of one report as published.

    Parameters
    ----------
    path : Path
        The file.
    needed : collection of str, optional
        The fields that each claim must have.

    Raises
    ------
    PublishingError
        When it cannot be read, or a claim lacks one of these.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        claims: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _unreadable(name, str(error)) from None
    if not isinstance(claims, list) or not all(_has_fields(claim, needed) for claim in claims):
        raise _unreadable(name, f"it is no list of claims with {', '.join(needed)}")
    return claims


def _has_fields(claim: object, needed: Collection[str]) -> bool:
    return isinstance(claim, dict) and all(each in claim for each in needed)


def _unreadable(name: str, why: str) -> PublishingError:
    return PublishingError(
        f"The claims of {name} cannot be read.",
        offenders=[f"{name}: {why}"],
        expected="the file as the build wrote it",
        remedy=f"compendium build {name.partition('/')[0]}",
    )


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
        if _said(was) != _said(now) and (shown := now or was)
    )


def _said(claim: Mapping[str, Any] | None) -> list[Any] | None:
    return None if claim is None else [claim.get(key) for key in SAID]


def _describe(claim: Mapping[str, Any] | None, digits: int = DECIMALS) -> str:
    """Return what a claim says, in the words of a list."""
    if claim is None:
        return ABSENT
    value = claim["value"]
    if value is None:
        return claim.get("shown_as") or "not defined"
    if claim["denominator"] is not None:
        return f"{claim['numerator']} of {claim['denominator']} {claim['unit']}"
    unit = claim["unit"].removesuffix("s") if value == 1 else claim["unit"]
    if isinstance(value, int):
        return f"{value} {unit}"
    return f"{format_decimal(value) if digits == DECIMALS else f'{value:.{digits}f}'} {unit}"


def _describe_both(was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> tuple[str, str]:
    """Return what a claim said and says, in as many digits as it takes to see the difference."""
    for digits in (DECIMALS, 4, 8):
        old, new = _describe(was, digits), _describe(now, digits)
        if old != new:
            break
    return old, new
