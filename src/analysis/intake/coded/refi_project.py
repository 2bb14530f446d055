"""The reader of REFI-QDA projects (.qdpx), tolerant of what tools write in place of the standard.

The inner file may have any name, sources may be absent, GUIDs may be in braces or upper case, and
positions may be counted in other units; paths of the writer's own folders are never kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.errors import CodedDataError
from analysis.intake.coded import account as kinds
from analysis.intake.coded.account import Account
from analysis.intake.coded.coded_data import ORIGIN, CodedData
from analysis.intake.coded.gathering import require_accounted
from analysis.intake.coded.refi_codes import count_others, read_codes
from analysis.intake.coded.refi_names import child, children, folded, text_of
from analysis.intake.coded.refi_sources import SourceReader
from analysis.intake.limits import parse_xml

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.limits import Archive

REFI_PROJECT = "refi-project"
INNER_ENDING = ".qde"
MEMO = "a memo"

_NO_TABLE = (
    ("Notes", MEMO, kinds.MEMOS),
    ("Links", "a link", kinds.OTHERS),
    ("Sets", "a set", kinds.OTHERS),
    ("Graphs", "a graph", kinds.OTHERS),
)


def read_project(archive: Archive) -> CodedData:
    """Return what a project file holds.

    Parameters
    ----------
    archive : Archive
        The file.

    Raises
    ------
    SourceError
        When a part of it is damaged.
    CodedDataError
        When it holds no project, or more than one.
    """
    inner = [name for name in archive.names if name.lower().endswith(INNER_ENDING)]
    if len(inner) != 1:
        raise CodedDataError(
            f"{archive.name} holds {len(inner)} projects.",
            expected=f"one file that ends in {INNER_ENDING}",
            remedy="export the project again",
        )
    root = parse_xml(archive.read(inner[0]), f"{archive.name}, its project")
    account = Account()
    codebook = child(root, "CodeBook")
    codes = read_codes(
        None if codebook is None else child(codebook, "Codes"), account, archive.name
    )
    coders = _read_coders(root, account)
    sources = SourceReader(archive, account, {code.key for code in codes}, coders)
    sources.is_ours = root.get("origin", "").startswith(ORIGIN)
    for element in children(root, "Sources"):
        sources.read(element, _facts_of_sources(root, account))
    for name, what, kind in _NO_TABLE:
        for element in children(root, name):
            count_others(element, account, what, kind)
    return require_accounted(
        CodedData(
            form=REFI_PROJECT,
            codes=codes,
            documents=tuple(sources.documents),
            selections=tuple(sources.selections),
            codings=tuple(sources.codings),
            coders=tuple(dict.fromkeys(coders.values())),
            account=account,
            notices=tuple(sources.notices),
            origin=root.get("origin", "").strip(),
        )
    )


def _read_coders(root: etree._Element, account: Account) -> dict[str, str]:
    """Return each coder's name by GUID: two of one name are one."""
    users = [each for found in children(root, "Users") for each in children(found, "User")]
    names = {
        folded(user.get("guid")): (user.get("name") or user.get("id") or "").strip()
        or f"coder {number}"
        for number, user in enumerate(users, 1)
    }
    account.receive(kinds.CODERS, len(users))
    account.set_aside(
        kinds.CODERS, "it has the name of another coder", len(users) - len(set(names.values()))
    )
    return names


def _facts_of_sources(root: etree._Element, account: Account) -> dict[str, dict[str, str]]:
    """Return what cases say of the sources that they name, by GUID."""
    names = {
        folded(variable.get("guid")): variable.get("name", "").strip()
        for variables in children(root, "Variables")
        for variable in children(variables, "Variable")
    }
    facts: dict[str, dict[str, str]] = {}
    for cases in children(root, "Cases"):
        for case in children(cases, "Case"):
            told = values_of(case, names)
            for reference in children(case, "SourceRef"):
                facts.setdefault(folded(reference.get("targetGUID")), {}).update(told)
            coded = len(children(case, "CodeRef"))
            account.receive(kinds.CODINGS, coded)
            account.set_aside(kinds.CODINGS, "it lies on a whole case", coded)
    for sources in children(root, "Sources"):
        for source in sources:
            told = values_of(source, names)
            facts.setdefault(folded(source.get("guid")), {}).update(told)
    return facts


def values_of(element: etree._Element, names: dict[str, str]) -> dict[str, str]:
    """Return the values of variables on a case or a source, by the names of the variables."""
    told: dict[str, str] = {}
    for value in children(element, "VariableValue"):
        reference = child(value, "VariableRef")
        name = names.get(folded(reference.get("targetGUID"))) if reference is not None else None
        held = next((text_of(each) for each in value if each is not reference), "")
        if name and held:
            told[name] = held
    return told
