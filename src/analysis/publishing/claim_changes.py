"""Which claims differ between two releases of a study: those that came, went, or say otherwise."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ENDING = ".claims.json"
# What a claim says; what bears it may change without that.
SAID = ("value", "numerator", "denominator", "unit", "is_withheld")
ABSENT = "no claim"

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
    """
    return {
        (path.name.removesuffix(ENDING), claim["id"]): claim
        for path in sorted(release.glob(f"*{ENDING}"))
        for claim in json.loads(path.read_text(encoding="utf-8"))
    }


def changed_claims(before: Claims, after: Claims) -> tuple[ClaimChange, ...]:
    """Return the claims that came, went, or say otherwise, by report and id.

    Parameters
    ----------
    before, after : mapping of (str, str) to dict
        The claims of two releases by report and id.
    """
    return tuple(
        ClaimChange(*name, label=told["label"], old=_say(was), new=_say(now))
        for name in sorted({*before, *after})
        for was, now in [(before.get(name), after.get(name))]
        if _said(was) != _said(now) and (told := now or was)
    )


def _said(claim: Mapping[str, Any] | None) -> list[Any] | None:
    return None if claim is None else [claim.get(key) for key in SAID]


def _say(claim: Mapping[str, Any] | None) -> str:
    """Return what a claim says, in the words of a list."""
    if claim is None:
        return ABSENT
    if claim["value"] is None:
        return "withheld" if claim.get("is_withheld") else "not defined"
    if claim["denominator"] is not None:
        return f"{claim['numerator']} of {claim['denominator']} {claim['unit']}"
    value = claim["value"]
    return f"{value if isinstance(value, int) else f'{value:.2f}'} {claim['unit']}"
