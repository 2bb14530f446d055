"""The reader of REFI-QDA codebooks (.qdc), and what all of REFI-QDA shares: names and GUIDs."""

from __future__ import annotations

import uuid
from functools import lru_cache
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.intake import account as kinds
from analysis.intake.account import Account
from analysis.intake.coded.builder import require_accounted
from analysis.intake.coded.coded_data import CodedCode, CodedData
from analysis.intake.limits import parse_xml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree  # type: ignore[import-untyped]


REFI_CODEBOOK = "refi-codebook"
NO_GUID = "it has no GUID"
PROJECT = "urn:QDA-XML:project:1.0"
CODEBOOK = "urn:QDA-XML:codebook:1.0"

_OURS = uuid.UUID("6f0a3c52-3d8e-5a55-9d0c-2f7c5b1f4e61")


# Codes and coders are named again and again.
@lru_cache(maxsize=1000)
def guid_of(kind: str, key: str) -> str:
    """Return the GUID of a thing: always the same for the same thing.

    Examples
    --------
    >>> guid_of("code", "stigma") == guid_of("code", "stigma")
    True
    """
    return str(uuid.uuid5(_OURS, f"{kind}\n{key}"))


def folded(guid: str | None) -> str:
    """Return a GUID as it is compared: without braces, in lower case."""
    return (guid or "").strip().strip("{}").lower()


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace; empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def read_codebook_file(name: str, content: bytes) -> CodedData:
    """Return what a codebook file holds."""
    root, account = parse_xml(content, name), Account()
    codes = read_codes(root.findall("{*}Codes"), account, name)
    if not codes:
        raise CodedDataError(
            f"{name} holds no codes.", expected="a codebook", remedy="export it again"
        )
    groups = read_sets(root, codes, account)
    return require_accounted(
        CodedData(
            *(REFI_CODEBOOK, codes, (), (), (), (), account),
            origin=root.get("origin", "").strip(),
            groups=groups,
        )
    )


def read_sets(
    root: etree._Element, codes: Sequence[CodedCode], account: Account
) -> dict[str, tuple[str, ...]]:
    """Return the codes of each set that has codes, by its name; other sets are set aside."""
    known = {code.key for code in codes}
    groups: dict[str, dict[str, None]] = {}
    for element in root.findall("{*}Sets/{*}Set"):
        members = [
            folded(each.get("targetGUID") or each.get("guid"))
            for each in element.findall("{*}MemberCode")
        ]
        there = dict.fromkeys(each for each in members if each in known)
        name = element.get("name", "").strip()
        if there and name:
            groups.setdefault(name, {}).update(there)
        else:
            account.exclude(kinds.OTHERS, "a set without codes: the study has no table for it")
    account.receive(kinds.GROUPS, len(groups))
    return {name: tuple(codes_of) for name, codes_of in groups.items()}


def read_codes(
    holders: Sequence[etree._Element], account: Account, name: str
) -> tuple[CodedCode, ...]:
    """Return the codes in each ``Codes`` element, every code after the one above it."""
    found = [code for holder in holders for code in _walk(holder, "", account)]
    keys = [code.key for code in found]
    if len(set(keys)) < len(keys):
        numbers = [at for at, key in enumerate(keys, 1) if keys.index(key) != at - 1]
        raise CodedDataError(
            f"{name} has codes of one GUID.",
            offenders=[f"code {number} of {len(keys)}" for number in numbers],
            expected="a GUID of its own for each code",
            remedy="export the file again",
        )
    return tuple(found)


def _walk(element: etree._Element, parent: str, account: Account) -> Iterator[CodedCode]:
    # Not recursive: the file decides how deep its tree is.
    waiting = [(code, parent) for code in reversed(element.findall("{*}Code"))]
    while waiting:
        code, above = waiting.pop()
        account.receive(kinds.CODES)
        key = folded(code.get("guid"))
        if key:
            yield CodedCode(
                key,
                code.get("name", "").strip() or "(no name)",
                above,
                code.findtext("{*}Description", ""),
                code.get("isCodable", "true").strip().lower() not in ("false", "0"),
                code.get("color", ""),
            )
        else:
            account.set_aside(kinds.CODES, NO_GUID)
        waiting += [(each, key or above) for each in reversed(code.findall("{*}Code"))]


def count_others(parent: etree._Element, account: Account, what: str, kind: str) -> None:
    """Set aside each child of an element, which the study has no table for."""
    number = sum(1 for each in parent if local_name(each))
    account.exclude(kind, f"{what}: the study has no table for it", number)
