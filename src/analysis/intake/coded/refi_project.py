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
from analysis.intake.coded.refi_cases import facts_of_sources
from analysis.intake.coded.refi_codes import count_others, read_codes
from analysis.intake.coded.refi_names import children, folded, local_name, text_of
from analysis.intake.coded.refi_sources import TEXT_SELECTION, SourceReader, set_all_aside
from analysis.intake.limits import parse_xml

if TYPE_CHECKING:
    from lxml import etree  # type: ignore[import-untyped]

    from analysis.intake.limits import Archive

REFI_PROJECT = "refi-project"
INNER_ENDING = ".qde"
MEMO = "a memo"
ON_A_MEMO = "it lies on a memo"
TIED_MEMO = "a memo hangs on something"
DESCRIPTION = "a description: the study has a place for those of codes alone"
STRANGE = "a part that the standard does not have"

_NO_TABLE = (
    ("Notes", MEMO, kinds.MEMOS),
    ("Links", "a link", kinds.OTHERS),
    ("Sets", "a set", kinds.OTHERS),
    ("Graphs", "a graph", kinds.OTHERS),
)
_PARTS = frozenset(
    {
        *("Users", "CodeBook", "Variables", "Cases", "Sources", "Description", "NoteRef"),
        *(name for name, _, _ in _NO_TABLE),
    }
)
# Descriptions that are read, or belong to what is set aside with them.
_DESCRIBED = frozenset({"Code", "Set", "Note"})


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
    books = [codes for book in children(root, "CodeBook") for codes in children(book, "Codes")]
    codes = read_codes(books, account, archive.name)
    coders = _read_coders(root, account)
    sources = SourceReader(archive, account, {code.key for code in codes}, coders)
    sources.is_ours = root.get("origin", "").startswith(ORIGIN)
    facts = facts_of_sources(root, account)
    for element in children(root, "Sources"):
        sources.read(element, facts)
    _set_aside(root, account, is_ours=sources.is_ours)
    if sources.unlisted:
        sources.notices.append(
            f"{sources.unlisted} codings are by users whom the file does not list: "
            "they are taken as if it named nobody"
        )
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


def _set_aside(root: etree._Element, account: Account, *, is_ours: bool) -> None:
    """Set aside what a study has no table for, wherever it stands in a project."""
    for name, what, kind in _NO_TABLE:
        for element in children(root, name):
            count_others(element, account, what, kind)
    for notes in children(root, "Notes"):
        set_all_aside(notes, account, ON_A_MEMO)
    account.turn_away(kinds.OTHERS, TIED_MEMO, sum(1 for _ in root.iter("{*}NoteRef")))
    read = _DESCRIBED | ({TEXT_SELECTION} if is_ours else set())
    described = (each for each in root.iter("{*}Description") if text_of(each).strip())
    number = sum(local_name(each.getparent()) not in read for each in described)
    account.turn_away(kinds.MEMOS, DESCRIPTION, number)
    strange = sum(bool(local_name(each)) and local_name(each) not in _PARTS for each in root)
    account.turn_away(kinds.OTHERS, STRANGE, strange)
