"""What a study may show to others, as coded data: consent decides, coders are pseudonyms."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from analysis.errors import CodedDataError, closest
from analysis.importing.coded.code_tree import tree_of_codebook
from analysis.intake.coded import account as kinds
from analysis.intake.coded.account import Account
from analysis.intake.coded.coded_data import ORIGIN, CodedData, Coding, Document, Selection
from analysis.tables import code_applications, focus_groups, segments
from analysis.tables.consent import withhold_cells

if TYPE_CHECKING:
    import pandas as pd

    from analysis.study.opened_study import OpenedStudy
    from analysis.tables.received import ReceivedTables

BETWEEN = "\n\n"
WITHDRAWN = "its focus group withdrew"
COUNTS_ONLY = "consent is for counts only"
NO_CONSENT = "its focus group gave no consent"
REASONS = {"aggregate-only": COUNTS_ONLY, "none": NO_CONSENT}
UNKNOWN_CONSENT = "what its focus group consents to is not known"
MAY_SHOW = ""
# The strictest first: of several rows with the id of one focus group, the strictest counts.
BY_STRICTNESS = (WITHDRAWN, NO_CONSENT, UNKNOWN_CONSENT, COUNTS_ONLY, MAY_SHOW)
UNKNOWN_GROUP = "its focus group is not in focus_groups.csv"
UNKNOWN_SEGMENT = "its segment is not in segments.csv"
NOT_SHOWN = "no report shows it: it may name somebody, or tell small numbers of people"


def shown_data(opened: OpenedStudy, tables: ReceivedTables) -> CodedData:
    """Return what a study may show, each focus group a document made of its segments.

    A document's text is its segments in the order of the table, with an empty line between: what
    was said besides is not in the tables. Of participants nothing is given out: how many of each
    kind took part in a focus group is shown nowhere, and which totals are small is found for all
    reports of a study together.

    Parameters
    ----------
    opened : OpenedStudy
        The study.
    tables : ReceivedTables
        Its tables.

    Raises
    ------
    CodedDataError
        When a code application names what the codebook or the settings do not have.
    """
    account = Account()
    reasons = _reasons_against(tables.focus_groups)
    _count(account, kinds.DOCUMENTS, list(reasons.values()))
    codes, keys = tree_of_codebook(opened.codebook.entries)
    account.receive(kinds.CODES, len(opened.codebook.entries))
    account.set_aside(
        kinds.CODES,
        "it only holds codes that a tool has in no theme, or stands for a theme that was put",
        len(opened.codebook.entries) - len(codes),
    )
    texts, selections, hidden = _selections(tables.segments, reasons, account)
    codings = _codings(tables.code_applications, keys, hidden, account)
    coders = tuple(coder.coder for coder in opened.settings.coders)
    account.receive(kinds.CODERS, len(coders))
    _require_known(tables.code_applications, keys, coders)
    return CodedData(
        form="study",
        codes=codes,
        documents=_documents(tables.focus_groups, reasons, texts, account),
        selections=tuple(selections),
        codings=tuple(codings),
        coders=coders,
        account=account,
        origin=ORIGIN,
    )


def _reasons_against(groups: pd.DataFrame) -> dict[str, str]:
    """Return why each focus group may not be shown, by its strictest row; empty where it may."""
    reasons: dict[str, str] = {}
    for group, consent, withdrawn in zip(
        groups[focus_groups.FOCUS_GROUP],
        groups[focus_groups.CONSENT],
        groups[focus_groups.WITHDRAWN],
        strict=True,
    ):
        may_show = consent in focus_groups.CONSENT_TO_SHOW
        by_consent = MAY_SHOW if may_show else REASONS.get(consent, UNKNOWN_CONSENT)
        told = (reasons.get(group, MAY_SHOW), WITHDRAWN if withdrawn else by_consent)
        reasons[group] = min(told, key=BY_STRICTNESS.index)
    return reasons


def _documents(
    rows: pd.DataFrame,
    reasons: dict[str, str],
    texts: dict[str, list[str]],
    account: Account,
) -> tuple[Document, ...]:
    """Return the focus groups that may be shown, with what may be shown of them."""
    told = rows[[not reasons[group] for group in rows[focus_groups.FOCUS_GROUP]]]
    shown = withhold_cells(told).assign(**{focus_groups.PARTICIPANTS: ""})
    filled, left = (int((each != "").to_numpy().sum()) for each in (told, shown))
    account.receive(kinds.FACTS, filled)
    account.set_aside(kinds.FACTS, NOT_SHOWN, filled - left)
    return tuple(
        Document(
            row[focus_groups.FOCUS_GROUP],
            row[focus_groups.FOCUS_GROUP],
            BETWEEN.join(texts[row[focus_groups.FOCUS_GROUP]]),
            {str(name): held for name, held in row.items() if held},
        )
        for row in shown.to_dict("records")
    )


def _count(account: Account, kind: str, reasons: list[str]) -> None:
    account.receive(kind, len(reasons))
    for reason in reasons:
        if reason:
            account.set_aside(kind, reason)


def _selections(
    rows: pd.DataFrame, reasons: dict[str, str], account: Account
) -> tuple[dict[str, list[str]], list[Selection], dict[str, str]]:
    """Return the words of each focus group, its selections, and why others are not shown."""
    texts: dict[str, list[str]] = defaultdict(list)
    ends: dict[str, int] = defaultdict(lambda: -len(BETWEEN))
    selections: list[Selection] = []
    hidden: dict[str, str] = {}
    for row in rows.to_dict("records"):
        group, segment, text = (
            row[name] for name in (segments.FOCUS_GROUP, segments.SEGMENT, segments.TEXT)
        )
        reason = reasons.get(group, UNKNOWN_GROUP)
        hidden[segment] = reason
        if reason:
            continue
        start = ends[group] + len(BETWEEN)
        ends[group] = start + len(text)
        texts[group].append(text)
        told = {
            str(name): held
            for name, held in row.items()
            if held and name not in (segments.FOCUS_GROUP, segments.TEXT)
        }
        selections.append(Selection(segment, group, text, start, ends[group], told))
    _count(account, kinds.SELECTIONS, list(hidden.values()))
    return texts, selections, hidden


def _codings(
    rows: pd.DataFrame, keys: dict[str, str], hidden: dict[str, str], account: Account
) -> list[Coding]:
    found: list[Coding] = []
    columns = (code_applications.SEGMENT, code_applications.CODE, code_applications.CODER)
    reasons: list[str] = []
    for segment, code, coder in zip(*(rows[name] for name in columns), strict=True):
        reason = hidden.get(segment, UNKNOWN_SEGMENT)
        reasons.append(reason)
        if not reason:
            found.append(Coding(segment, keys.get(code, code), coder))
    _count(account, kinds.CODINGS, reasons)
    return found


def _require_known(rows: pd.DataFrame, keys: dict[str, str], coders: tuple[str, ...]) -> None:
    offenders = [
        f"code_applications.csv row {row}: an unknown {name}{closest(str(held), known)}"
        for name, known in ((code_applications.CODE, keys), (code_applications.CODER, coders))
        for row, held in rows[name].items()
        if held not in known
    ]
    if offenders:
        raise CodedDataError(
            "The study cannot be given out as it stands.",
            offenders=offenders,
            expected="codes of codebook.csv, and coders of study.yaml",
            remedy="compendium check tells all that is wrong with it",
        )
