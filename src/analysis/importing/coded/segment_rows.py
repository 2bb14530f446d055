"""The rows of segments and code applications that selections and codings become.

The same stretch of the same document is one segment, whoever selected it, so that coders can be
compared. The template has no place for what didn't answer it: such segments go to its
first cell, as prose, unless the export or a mapping names another.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import describe_value
from analysis.importing.coded.mapping import LEFT_OUT
from analysis.importing.ids import UnusedIds, slug_of
from analysis.intake import account as kinds
from analysis.intake.coded.builder import SAME_CODING
from analysis.intake.coded.coded_data import NONE_BY
from analysis.intake.contacts import withhold_contacts
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.study.digests import digest_text
from analysis.tables import segments
from analysis.tables.code_applications import NO_CODE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.importing.coded.code_matching import MatchedCodes
    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.account import Account
    from analysis.intake.coded.coded_data import CodedData, Selection

BLANK = "nothing but space is selected"
SAME_STRETCH = "the same stretch of its document as another selection: they are one segment"
NO_CONSENT = "its focus group gave no consent, or withdrew it"
TEXT_KINDS = ("verbatim", "restated")
"""Kinds of text in a study that isn't synthetic; the first is the default."""
ROLES = ("point", "subpoint", "prose", "lead_in")


_SUSPECT = re.compile(r"[@\d]")


class SegmentRows(NamedTuple):
    """What selections and codings become.

    Parameters
    ----------
    segments : list of dict
        Rows of segments.
    code_applications : list of tuple of str
        Rows of code applications: segment, code, coder.
    none_applied : list of tuple of str
        The same for segments to which a coder found that no code applies.
    offenders : list of str
        What is wrong in the export or the mapping.
    outside : int
        Segments without a cell of their own.
    contacts : int
        E-mail addresses and telephone numbers in the words of the segments.
    """

    segments: list[dict[str, str]]
    code_applications: list[tuple[str, str, str]]
    none_applied: list[tuple[str, str, str]]
    offenders: list[str]
    outside: int
    contacts: int


class SegmentMaker:
    """Makes segments of selections, and code applications of codings."""

    def __init__(
        self,
        study: CodedStudy,
        groups: DocumentGroups,
        mapping: CodedMapping,
        account: Account,
    ) -> None:
        self._study = study
        self._groups = groups
        self._mapping = mapping
        self._account = account
        self._languages = {row["focus_group"]: row["language"] for row in groups.rows}
        self._languages |= {group: row["language"] for group, row in study.groups.items()}
        self._text_kinds = ("synthetic",) if study.is_synthetic else TEXT_KINDS
        self._ids = UnusedIds(study.segment_ids)
        self._last: dict[tuple[str, str], int] = defaultdict(int)
        self._offenders: list[str] = []
        self._outside = 0

    def make(
        self, data: CodedData, codes: MatchedCodes, pseudonyms: Mapping[str, str]
    ) -> SegmentRows:
        """Return the rows that selections and codings become."""
        segment_of, reasons = self._make_segments(data.selections)
        applications: dict[tuple[str, str, str], None] = {}
        for coding in data.codings:
            code = codes.id_of.get(coding.code)
            reason = reasons.get(coding.selection) or ("" if code else LEFT_OUT)
            if reason or not code:
                self._account.set_aside(kinds.CODINGS, reason)
                continue
            row = (segment_of[coding.selection], code, pseudonyms.get(coding.coder, ""))
            if row in applications:
                self._account.set_aside(kinds.CODINGS, SAME_CODING)
            applications[row] = None
        # Most words have neither, and to look closer takes long.
        suspect = (row[segments.TEXT] for row in self._rows if _SUSPECT.search(row[segments.TEXT]))
        contacts = sum(withhold_contacts(text)[1] for text in suspect)
        none_applied = [
            (segment_of[each.key], NO_CODE, coder)
            for each in data.selections
            if each.key in segment_of and NO_CODE not in codes.id_of.values()
            if (coder := pseudonyms.get(each.facts.get(NONE_BY, "-"), ""))
        ]
        return SegmentRows(
            *(self._rows, list(applications), none_applied),
            *(self._offenders, self._outside, contacts),
        )

    def _make_segments(
        self, selections: Sequence[Selection]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the segment of each selection, and why others have none."""
        self._rows: list[dict[str, str]] = []
        segment_of: dict[str, str] = {}
        reasons: dict[str, str] = {}
        stretches: dict[tuple[object, ...], str] = {}
        for selection in self._in_order(selections):
            group = self._groups.group_of[selection.document]
            reason = self._reason_against(selection, group)
            if reason:
                reasons[selection.key] = reason
                self._account.set_aside(kinds.SELECTIONS, reason)
                continue
            # Without positions, the same words may have been said twice: their keys differ then.
            own = selection.facts.get("segment", "")
            if selection.start is None:
                own = own or selection.key
            stretch = (selection.document, selection.start, selection.end, selection.text, own)
            found = stretches.get(stretch)
            if found is None:
                found = self._add(selection, group or "")
                stretches[stretch] = found
            else:
                self._account.set_aside(kinds.SELECTIONS, SAME_STRETCH)
            segment_of[selection.key] = found
        return segment_of, reasons

    def _reason_against(self, selection: Selection, group: str | None) -> str:
        if group is None:
            return LEFT_OUT
        if group in self._groups.silent:
            return NO_CONSENT
        is_counted = selection.facts.get("text_kind") == segments.COUNTED
        return "" if selection.text.strip() or is_counted else BLANK

    def _in_order(self, selections: Sequence[Selection]) -> list[Selection]:
        """Return selections in the order of their positions, where a document has them all."""
        documents: dict[str, list[Selection]] = defaultdict(list)
        for selection in selections:
            documents[selection.document].append(selection)
        ordered: list[Selection] = []
        for chosen in documents.values():
            if all(each.start is not None and not each.facts.get("position") for each in chosen):
                chosen.sort(key=lambda each: (each.start, each.end))
            ordered += chosen
        return ordered

    def _add(self, selection: Selection, group: str) -> str:
        facts = selection.facts
        section, question = self._cell_of(selection)
        position = facts.get("position", "") or self._next_position(group, f"{section}.{question}")
        role = self._one_of("role", facts.get("role", "") or "prose", ROLES)
        text_kind = facts.get("text_kind", "") or self._text_kind()
        language = facts.get("language", "") or self._languages[group]
        allowed = self._text_kinds if selection.text.strip() else (segments.COUNTED,)
        identity = self._id_of(selection, group)
        self._rows.append(
            {
                segments.SEGMENT: identity,
                segments.FOCUS_GROUP: group,
                segments.SECTION: section,
                segments.QUESTION: question,
                segments.POSITION: position,
                segments.ROLE: role,
                segments.LABEL: facts.get("label", ""),
                segments.TEXT: selection.text,
                segments.TEXT_KIND: self._one_of("text_kind", text_kind, allowed),
                segments.LANGUAGE: self._one_of("language", language, self._study.languages),
                segments.SOURCE_SHA256: facts.get("source_sha256", ""),
            }
        )
        return identity

    def _text_kind(self) -> str:
        return self._mapping.text_kind or self._text_kinds[0]

    def _one_of(self, name: str, stated: str, known: Sequence[str]) -> str:
        """Return a value, and note an offender where it isn't allowed."""
        if stated not in known:
            self._offend(f"{describe_value(stated, name)} is none of {', '.join(known)}")
        return stated

    def _offend(self, fault: str) -> None:
        self._offenders.append(f"segment {len(self._rows) + 1}: {fault}")

    def _cell_of(self, selection: Selection) -> tuple[str, str]:
        stated = (selection.facts.get("section", ""), selection.facts.get("question", ""))
        of_question = "" if stated[0] else self._mapping.cells.get(stated[1], "")
        cell = ".".join(stated) if all(stated) else of_question or self._mapping.cell
        if not cell:
            self._outside += 1
        cell = cell or segments.FREE_CELL
        if cell not in self._study.cells:
            self._offend(f"the template has no {describe_value(cell, 'cell', self._study.cells)}")
        section, _, question = cell.partition(".")
        return section, question

    def _next_position(self, group: str, cell: str) -> str:
        self._last[group, cell] += 1
        return f"p{self._last[group, cell]}"

    def _id_of(self, selection: Selection, group: str) -> str:
        """Return an id that begins with that of the focus group, by which withdrawals find it."""
        stated = selection.facts.get("segment", "")
        if self._study.known.is_withdrawn(stated, group):
            self._offend("its focus group was withdrawn for good")
        if not stated.startswith(f"{group}."):
            stated = f"{group}.{slug_of(stated) if stated else _own_part(selection)}"
        if not IDENTIFIER.fullmatch(stated):
            self._offend(f"its {describe_value(stated, 'id')} is not made of {IDENTIFIER_FORM}")
        return self._ids.give(stated)


def _own_part(selection: Selection) -> str:
    """Return the last part of an id: the place of the segment, its own id, or its words."""
    if selection.start is not None:
        return f"{selection.start}-{selection.end}"
    given = selection.facts.get("given", "")
    if given:
        return slug_of(given)
    return digest_text(selection.text)[:12]
