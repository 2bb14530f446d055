"""The claims of a report in two files: what is claimed, and the evidence.

A change of a number is a few lines in ``<report>.claims.json``: each claim is a block, its value
first. The long lists of focus groups and segments are in ``<report>.evidence.json``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.errors import PublishingError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

ENDING = ".claims.json"
EVIDENCE_ENDING = ".evidence.json"
EVIDENCE = ("focus_groups", "segments")
FIRST = ("value", "numerator", "denominator", "shown_as", "tolerance", "unit", "id", "label")
"""The order of fields; others follow."""
NAMED = ("id",)

ClaimRecord = dict[str, Any]


def evidence_file(path: Path) -> Path:
    """Return the file with the evidence of a file of claims."""
    return path.with_name(path.name.removesuffix(ENDING) + EVIDENCE_ENDING)


def write_claim_file(claims: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write the claims of a report, as recorded, and their evidence in a file beside them."""
    listed = list(claims)
    # Python's encoder is slow as soon as it has to indent.
    blocks = ",\n".join(f"{{\n{_fields(claim)}\n}}" for claim in listed)
    path.write_text(f"[\n{blocks}\n]\n", encoding="utf-8")
    lines = ",\n".join(
        f"{_json(claim['id'])}: {_json({name: claim[name] for name in EVIDENCE if name in claim})}"
        for claim in listed
    )
    evidence_file(path).write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _fields(claim: Mapping[str, Any]) -> str:
    names = [*(name for name in FIRST if name in claim), *(n for n in claim if n not in FIRST)]
    return ",\n".join(f'  "{name}": {_json(claim[name])}' for name in names if name not in EVIDENCE)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def read_claim_file(path: Path, needed: Collection[str] = NAMED) -> list[ClaimRecord]:
    """Return the claims of one report as published, with their evidence.

    Parameters
    ----------
    needed : collection of str, optional
        The fields that each claim must have.

    Raises
    ------
    PublishingError
        When it or its evidence can't be read, or a claim lacks one of these.
    """
    claims = _read(path)
    if not isinstance(claims, list) or not all(_has_fields(claim, needed) for claim in claims):
        raise _unreadable(path, f"it is no list of claims with {', '.join(needed)}")
    beside = evidence_file(path)
    evidence = _read(beside) if beside.is_file() else {}
    if not isinstance(evidence, dict):
        raise _unreadable(beside, "it has no evidence by claim")
    return [{**claim, **evidence.get(claim["id"], {})} for claim in claims]


def _read(path: Path) -> Any:  # noqa: ANN401 (whatever JSON can hold)
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse_constant)
    except ValueError as error:
        raise _unreadable(path, str(error)) from None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _has_fields(claim: object, needed: Collection[str]) -> bool:
    return isinstance(claim, dict) and all(each in claim for each in needed)


def _unreadable(path: Path, why: str) -> PublishingError:
    name = f"{path.parent.name}/{path.name}"
    return PublishingError(
        f"The claims of {name} cannot be read.",
        offenders=[f"{name}: {why}"],
        expected="the file as the build wrote it",
        remedy=f"compendium build {path.parent.name}",
    )
