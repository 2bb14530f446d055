"""The rows of segments and code applications that selections and codings become.

The same stretch of the same document is one segment, whoever selected it, so that coders can be
compared. The template has no place for what didn't answer it: such segments go to its
first cell, as prose, unless the export or a mapping names another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from analysis.errors import count, describe_value
from analysis.importing.coded.known_segments import own_part
from analysis.importing.coded.mapping import LEFT_OUT
from analysis.importing.ids import UnusedIds, slug_of
from analysis.intake import account as kinds
from analysis.intake.coded.builder import SAME_CODING
from analysis.intake.coded.coded_data import NONE_BY
from analysis.intake.contacts import withhold_contacts
from analysis.study.csv_rows import IDENTIFIER, IDENTIFIER_FORM
from analysis.tables import segments
from analysis.tables.code_applications import NO_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.importing.coded.code_matching import MatchedCodes
    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.focus_group_rows import DocumentGroups
    from analysis.importing.coded.known_segments import KnownMatch
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.account import Account
    from analysis.intake.coded.coded_data import CodedData, Selection

BLANK = "nothing but space is selected"
SAME_STRETCH = "the same stretch of its document as another selection: they are one segment"
ALREADY_THERE = "is in code_applications.csv already"
NO_CONSENT = "its focus group gave no consent, or withdrew it"
TEXT_KINDS = ("verbatim", "restated")
"""Kinds of text in a study that isn't synthetic; the first is the default."""
ROLES = ("point", "subpoint", "prose", "lead_in")

Application: TypeAlias = tuple[str, str, str]
"""A row of code applications: segment, code, coder."""

_SUSPECT = re.compile(r"[@\d]")


class SegmentRows(NamedTuple):
    """What selections and codings become."""

    segments: list[dict[str, str]]
    """Rows of segments."""
    code_applications: list[Application]
    """Rows of code applications: segment, code, coder."""
    none_applied: list[Application]
    """The same for segments to which a coder found that no code applies."""
    offenders: list[str]
    """What is wrong in the export or the mapping."""
    selections: int
    """How many selections became a segment, or are one that the study has."""
    outside: int
    """Segments without a cell of their own."""
    contacts: int
    """E-mail addresses and telephone numbers in the words of the segments."""

    def notices(self) -> Iterator[str]:
        """Yield what a person should know, or do, about the new segments."""
        if self.outside:
            yield (
                f"{count(self.outside, 'segment')} without a question of the template, "
                f"in cell {segments.FREE_CELL}"
            )
        counted = sum(row[segments.TEXT_KIND] == segments.COUNTED for row in self.segments)
        if counted:
            yield (
                f"{count(counted, 'segment')} counted in a matrix, without words: coverage, codes "
                "and matrices count them, and no page can show them"
            )
        if self.contacts:
            yield (
                f"{count(self.contacts, 'contact')} in the text (e-mail addresses and telephone "
                "numbers): remove them from segments.csv; compendium check shows where, and blocks "
                "reports until then"
            )


class SegmentMaker:
    """Makes segments of selections, and code applications of codings."""

    def __init__(
        self,
        study: CodedStudy,
        groups: DocumentGroups,
        known: KnownMatch,
        mapping: CodedMapping,
        account: Account,
    ) -> None:
        self._study = study
        self._groups = groups
        self._known = known
        self._mapping = mapping
        self._account = account
        self._languages = {row["focus_group"]: row["language"] for row in groups.rows}
        self._languages |= {group: row["language"] for group, row in study.groups.items()}
        self._text_kinds = ("synthetic",) if study.settings.synthetic else TEXT_KINDS
        self._ids = UnusedIds(study.segments.text_of)
        self._last: dict[tuple[str, str], int] = defaultdict(int)
        self._rows: list[dict[str, str]] = []
        self._segments_of: dict[str, tuple[str, ...]] = {}
        self._reasons: dict[str, str] = {}
        self._where = ""
        self._offenders: list[str] = []
        self._repeats: Counter[tuple[str, str]] = Counter()
        self._outside = self._kept = 0

    def make(
        self, data: CodedData, codes: MatchedCodes, pseudonyms: Mapping[str, str]
    ) -> SegmentRows:
        """Return the rows that selections and codings become."""
        self._first = {each.key: each.same_as or each.key for each in data.documents}
        self._make_segments(data.selections)
        applications = self._apply_codes(data, codes.id_of, pseudonyms)
        self._refuse_codes_beside_none(applications)
        none_applied = [
            (self._segments_of[each.key][0], NO_CODE, coder)
            for each in data.selections
            if each.key in self._segments_of and NO_CODE not in codes.id_of.values()
            if (coder := pseudonyms.get(each.facts.get(NONE_BY, "-"), ""))
        ]
        # Most words have neither, and to look closer takes long.
        suspect = (row[segments.TEXT] for row in self._rows if _SUSPECT.search(row[segments.TEXT]))
        return SegmentRows(
            segments=self._rows,
            code_applications=applications,
            none_applied=none_applied,
            offenders=self._offenders,
            selections=self._kept,
            outside=self._outside,
            contacts=sum(withhold_contacts(text)[1] for text in suspect),
        )

    def _make_segments(self, selections: Sequence[Selection]) -> None:
        """Find or add the segments of each selection, or the reason for which it has none."""
        stretches: dict[tuple[object, ...], str] = {}
        matched: set[tuple[str, ...]] = set()
        for selection in self._in_order(selections):
            group = self._groups.group_of[selection.document]
            reason = self._reason_against(selection, group)
            if reason:
                self._reasons[selection.key] = reason
                self._account.set_aside(kinds.SELECTIONS, reason)
                continue
            known = self._known.segments_of.get(selection.key)
            if known is None:
                stretch = self._stretch_of(selection)
                if is_new := stretch not in stretches:
                    stretches[stretch] = self._add(selection, group or "")
                known = (stretches[stretch],)
            else:
                is_new = known not in matched
                matched.add(known)
            self._kept += is_new
            if not is_new:
                self._account.set_aside(kinds.SELECTIONS, SAME_STRETCH)
            self._segments_of[selection.key] = known

    def _apply_codes(
        self, data: CodedData, id_of: Mapping[str, str | None], pseudonyms: Mapping[str, str]
    ) -> list[Application]:
        """Return the new code applications, each once; in a table without words all must be new."""
        found: dict[Application, None] = {}
        with_words = {
            each.document for each in data.selections if each.text or each.facts.get("text_kind")
        }
        bare = {each.key for each in data.selections if each.document not in with_words}
        for coding in data.codings:
            code = id_of.get(coding.code)
            reason = self._reasons.get(coding.selection, "") or ("" if code else LEFT_OUT)
            if reason or not code:
                self._account.set_aside(kinds.CODINGS, reason)
                continue
            coder = pseudonyms.get(coding.coder, "")
            rows = [(each, code, coder) for each in self._segments_of[coding.selection]]
            there = [row for row in rows if row in self._study.segments.coded]
            new = [row for row in rows if row not in there and row not in found]
            if there and coding.selection in bare:
                where = data.coded_at.get(coding, "")
                self._offenders.append(f"{where}: {', '.join(there[0])} {ALREADY_THERE}")
            if not new:
                self._account.set_aside(kinds.CODINGS, ALREADY_THERE if there else SAME_CODING)
            self._account.receive(kinds.CODINGS, max(0, len(new) - 1))
            found |= dict.fromkeys(new)
        return list(found)

    def _stretch_of(self, selection: Selection) -> tuple[object, ...]:
        """Return what is the same for all selections of one stretch, also in other files.

        Without positions and ids, the same words again in one file were said twice.
        """
        document = self._first[selection.document]
        own = selection.facts.get("segment", "") or selection.facts.get("given", "")
        if selection.start is None and not own:
            words = (selection.document, selection.text)
            self._repeats[words] += 1
            own = str(self._repeats[words])
        return (document, selection.start, selection.end, selection.text, own)

    def _reason_against(self, selection: Selection, group: str | None) -> str:
        if group is None:
            return LEFT_OUT
        if group in self._groups.silent:
            return NO_CONSENT
        is_counted = selection.facts.get("text_kind") == segments.COUNTED
        is_there = is_counted or selection.key in self._known.segments_of
        return "" if selection.text.strip() or is_there else BLANK

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
        facts, self._where = selection.facts, selection.where
        section, question = self._cell_of(selection)
        position = facts.get("position", "") or self._next_position(group, f"{section}.{question}")
        role = self._one_of("role", facts.get("role", "") or "prose", ROLES)
        text_kind = facts.get("text_kind", "") or self._text_kind()
        language = facts.get("language", "") or self._languages[group]
        allowed = self._text_kinds if selection.text.strip() else (segments.COUNTED,)
        languages = self._study.settings.languages
        identity = self._id_of(selection, group)
        self._rows.append(
            {column: facts.get(column, "") for column in segments.COLUMNS}
            | {
                segments.SEGMENT: identity,
                segments.FOCUS_GROUP: group,
                segments.SECTION: section,
                segments.QUESTION: question,
                segments.POSITION: position,
                segments.ROLE: role,
                segments.TEXT: selection.text,
                segments.TEXT_KIND: self._one_of("text_kind", text_kind, allowed),
                segments.LANGUAGE: self._one_of("language", language, languages),
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
        self._offenders.append(f"{self._where or f'segment {len(self._rows) + 1}'}: {fault}")

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
        while True:
            self._last[group, cell] += 1
            position = f"p{self._last[group, cell]}"
            if (group, cell, position) not in self._study.segments.positions:
                return position

    def _refuse_codes_beside_none(self, applications: Sequence[Application]) -> None:
        """Note coders who say that no code applies to a segment that has one of theirs."""
        new = {(segment, coder) for segment, _, coder in applications}
        both = [*applications, *self._study.segments.coded]
        coded = {(segment, coder) for segment, code, coder in both if code != NO_CODE}
        without = {(segment, coder) for segment, code, coder in both if code == NO_CODE}
        self._offenders += [
            f"segment {segment}: coder {coder} has codes, and also {NO_CODE}"
            for segment, coder in sorted(new & coded & without)
        ]

    def _id_of(self, selection: Selection, group: str) -> str:
        """Return an id that begins with that of the focus group, by which withdrawals find it."""
        stated = selection.facts.get("segment", "")
        if self._study.known.is_withdrawn(stated, group):
            self._offend("its focus group was withdrawn for good")
        if not stated.startswith(f"{group}."):
            stated = f"{group}.{slug_of(stated) if stated else own_part(selection)}"
        if not IDENTIFIER.fullmatch(stated):
            self._offend(f"its {describe_value(stated, 'id')} is not made of {IDENTIFIER_FORM}")
        return self._ids.give(stated)
