"""Match selections with the segments that a study has: the same segment, whoever codes it.

A file that names segments, as our exports and tables of codings do, is matched by their ids, and
its words are verified. Of an export of ours that another tool gives back, positions or words say
which segment was selected. Of a document that was imported before, the same stretch is the same
segment, and another stretch is a new one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from analysis.errors import describe_value
from analysis.importing.ids import slug_of
from analysis.intake import account as kinds
from analysis.intake.coded.table_writer import restore
from analysis.intake.normalisation import normalise_line_ends
from analysis.study.digests import digest_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from analysis.importing.coded.coded_study import CodedStudy
    from analysis.importing.coded.mapping import CodedMapping
    from analysis.intake.coded.coded_data import CodedData, Document, Selection

GROUP, SEGMENT = "focus_group", "segment"
IN_STUDY = "focus_groups.csv describes the focus groups of these segments"
LEAST_ALIKE = 2
"""The fewest texts, and more than half, by which a document without text is known again."""

_ENDING = re.compile(r"\.(txt|docx?|rtf|odt|md|html?|pdf)$", re.IGNORECASE)
_POSITION = re.compile(r"\d+-\d+(-\d+)?")


class KnownMatch(NamedTuple):
    """What of an import the study has already."""

    group_of: Mapping[str, str]
    """The focus group that a document is known to be of, by the key of the document."""
    segments_of: Mapping[str, tuple[str, ...]]
    """The segments that were selected, by the key of the selection."""
    by_id: frozenset[str]
    """The keys of the documents whose segments are named by ids."""
    offenders: list[str]
    """Ids that the study does not have, and words that differ."""
    notices: tuple[str, ...]
    """What a person should know of how it was matched."""


def match_known(
    data: CodedData, study: CodedStudy, mapping: CodedMapping
) -> tuple[CodedData, KnownMatch]:
    """Return coded data with each known document of one focus group, and what the study has."""
    matcher = _Matcher(data, study, mapping)
    documents: list[Document] = []
    for document in data.documents:
        documents += matcher.match(document)
    data.account.receive(kinds.DOCUMENTS, len(documents) - len(data.documents))
    selections = tuple(
        each._replace(document=matcher.moved.get(each.key, each.document))
        for each in data.selections
        if each.document not in matcher.unknown
    )
    return replace(data, documents=tuple(documents), selections=selections), matcher.finish()


def own_part(selection: Selection) -> str:
    """Return the last part of an id: the place of the segment, its own id, or its words."""
    if selection.start is not None:
        return f"{selection.start}-{selection.end}"
    given = selection.facts.get("given", "")
    return slug_of(given) if given else digest_text(selection.text)[:12]


def digest_of(texts: Sequence[str]) -> str:
    """Return the digest of texts, whatever their line ends; empty if all are blank."""
    text = "\n".join(texts)
    return digest_text("\n".join(text.splitlines())) if text.strip() else ""


class _Matcher:
    """What was matched so far."""

    def __init__(self, data: CodedData, study: CodedStudy, mapping: CodedMapping) -> None:
        self.moved: dict[str, str] = {}
        self.unknown: set[str] = set()
        self._data = data
        self._study = study
        self._mapping = mapping
        self._chosen: dict[str, list[Selection]] = defaultdict(list)
        for selection in data.selections:
            self._chosen[selection.document].append(selection)
        self._group_of: dict[str, str] = {}
        self._segments_of: dict[str, tuple[str, ...]] = {}
        self._by_id: set[str] = set()
        self._offenders: list[str] = []
        self._several = self._parts = 0
        self._alike: list[str] = []

    def match(self, document: Document) -> list[Document]:
        """Match a document; return it, or one for each focus group that it names segments of."""
        stated = self._mapping.documents.get(document.name, {})
        chosen = self._chosen[document.key]
        if isinstance(stated, str):
            return [document]
        of_all = self._mapping.focus_groups.get(GROUP, "")
        group = stated.get(GROUP, "") or document.facts.get(GROUP, "") or of_all
        if self._names_segments(chosen, group):
            return self._match_by_id(document, group, chosen)
        known = self._study.digests | self._study.known.words
        same = known.get(digest_of(self._texts_of(document)), "")
        if same and group in ("", same) and same in self._study.segments.of_group:
            self._match_again(document, same, chosen)
        elif (found := self._exported(document, group)) is not None:
            self._segments_of |= found
        elif group in self._study.segments.of_group:
            is_stated = group in (stated.get(GROUP), of_all)
            self._match_again(document, group, chosen, is_certain=is_stated)
        elif not group and document.text is None and (like := self._group_like(chosen)):
            self._alike.append(like)
            self._match_again(document, like, chosen)
        return [document]

    def finish(self) -> KnownMatch:
        """Return what was matched."""
        groups = ", ".join(dict.fromkeys(self._alike))
        notices = (
            (self._parts, "selections of a part of a segment, whose codes count for all of it"),
            (self._several, "selections of several segments, whose codes count for each"),
            (groups, "focus groups recognised by the words of a document"),
        )
        return KnownMatch(
            self._group_of,
            self._segments_of,
            frozenset(self._by_id),
            self._offenders,
            tuple(f"{what}: {found}" for found, what in notices if found),
        )

    def _texts_of(self, document: Document) -> list[str]:
        if document.text is not None:
            return [document.text]
        texts = [each.text for each in self._chosen[document.key]]
        return texts if len(texts) > 1 else []  # one selection proves nothing

    def _names_segments(self, chosen: Sequence[Selection], group: str) -> bool:
        """Return whether a document names segments of the study, or should."""
        if self._data.is_ours and group in self._study.segments.of_group:
            return True
        named = [each.facts.get(SEGMENT, "").strip() for each in chosen]
        has_words = any(each.text or each.facts.get("text_kind") for each in chosen)
        return (any(named) and not has_words) or any(
            each in self._study.segments.text_of for each in named
        )

    def _match_by_id(
        self, document: Document, group: str, chosen: Sequence[Selection]
    ) -> list[Document]:
        found = dict.fromkeys([group] if group else [])
        for number, selection in enumerate(chosen, 1):
            named = selection.facts.get(SEGMENT, "").strip()
            fault = self._fault(named, selection, group)
            if fault:
                self._offenders.append(f"{selection.where or f'selection {number}'}: {fault}")
                continue
            self._segments_of[selection.key] = (named,)
            own = self._study.segments.group_of[named]
            found.setdefault(own)
            if not group:
                self.moved[selection.key] = f"{document.key}\n{own}"
        if not found:  # none of its ids is known, and each is an offender
            self.unknown.add(document.key)
            return []
        documents = [document] if group else self._divide(document, [*found], chosen)
        for each in documents:
            self._by_id.add(each.key)
            self._group_of[each.key] = group or each.name
        return documents

    def _divide(
        self, document: Document, groups: Sequence[str], chosen: Sequence[Selection]
    ) -> list[Document]:
        """Return a document for each focus group that one names segments of."""
        self._data.account.set_aside(kinds.FACTS, IN_STUDY, len(document.facts))
        documents = [
            document._replace(key=f"{document.key}\n{each}", name=each, facts={}) for each in groups
        ]
        for selection in chosen:
            self.moved.setdefault(selection.key, documents[0].key)
        return documents

    def _fault(self, named: str, selection: Selection, group: str) -> str:
        """Return what is wrong with the segment that a row names; empty where nothing is."""
        segments = self._study.segments
        if not named:
            return "no segment is named"
        if named not in segments.text_of:
            if self._study.known.is_withdrawn(named, group):
                return f"the focus group of {describe_value(named, SEGMENT)} was withdrawn for good"
            described = describe_value(named, SEGMENT, segments.like(named))
            return f"{described} is not in segments.csv"
        own = segments.group_of[named]
        if group and own != group:
            return f"segment {named!r} is of focus group {own!r}, and not of {group!r}"
        words, held = _plain(selection.text), _plain(segments.text_of[named])
        if words and held not in (words, _plain(restore(selection.text))):
            pairs = enumerate(zip_longest(words, held), 1)
            at = next(number for number, (given, own) in pairs if given != own)
            return f"the words of segment {named!r} differ from segments.csv at character {at}"
        return ""

    def _exported(self, document: Document, group: str) -> dict[str, tuple[str, ...]] | None:
        """Return the segments selected in a document that is the text of an export of ours."""
        group = group or _ENDING.sub("", document.name)
        ids = self._study.segments.of_group.get(group, [])
        chosen = self._chosen[document.key]
        if not ids or self._data.is_ours:
            return None
        if document.text is None:
            found = self._by_words(ids, chosen)
        else:
            spans = _locate(document.text, [self._study.segments.text_of[each] for each in ids])
            if spans is None:
                return None
            found = _by_spans(document.text, [*zip(ids, spans, strict=True)], chosen)
        if found is not None:
            self._group_of[document.key] = group
            self._by_id.add(document.key)
            self._count_cuts(chosen, found)
        return found

    def _by_words(
        self, ids: Sequence[str], chosen: Sequence[Selection]
    ) -> dict[str, tuple[str, ...]] | None:
        """Return the one segment that has the words of each selection; None if any has none."""
        plain = {each: _plain(self._study.segments.text_of[each]) for each in ids}
        found: dict[str, tuple[str, ...]] = {}
        for selection in chosen:
            words = _plain(selection.text)
            same = [each for each in ids if plain[each] == words]
            holding = same or [each for each in ids if words and words in plain[each]]
            if len(holding) != 1:
                return None
            found[selection.key] = (holding[0],)
        return found or None

    def _count_cuts(
        self, chosen: Sequence[Selection], found: Mapping[str, tuple[str, ...]]
    ) -> None:
        for selection in chosen:
            hits = found.get(selection.key, ())
            self._several += len(hits) > 1
            if len(hits) == 1:
                held = _plain(self._study.segments.text_of[hits[0]])
                self._parts += _plain(selection.text) != held

    def _match_again(
        self,
        document: Document,
        group: str,
        chosen: Sequence[Selection],
        *,
        is_certain: bool = True,
    ) -> None:
        """Match the stretches of a document of a known focus group; others become new segments.

        Unless it is certain that the document is of the focus group, one of them must be known.
        """
        found = dict(self._stretches(group, chosen))
        if found or is_certain:
            self._segments_of |= found
            self._group_of[document.key] = group

    def _stretches(
        self, group: str, chosen: Sequence[Selection]
    ) -> Iterator[tuple[str, tuple[str, ...]]]:
        segments = self._study.segments
        by_text: dict[str, list[str]] = defaultdict(list)
        for each in segments.of_group[group]:
            by_text[segments.text_of[each]].append(each)
        same: dict[tuple[object, ...], str] = {}
        taken: set[str] = set()
        for selection in chosen:
            wanted = f"{group}.{own_part(selection)}"
            stretch: tuple[object, ...] = (selection.start, selection.end, selection.text, wanted)
            if selection.start is None and "given" not in selection.facts:
                stretch = (selection.key,)
            left = [each for each in by_text[selection.text] if each not in taken]
            named = [each for each in left if re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", each)]
            others = [
                each
                for each in left
                if selection.start is None
                or not _POSITION.fullmatch(each.removeprefix(f"{group}."))
            ]
            if stretch not in same:
                candidates = named or others
                if not candidates:
                    continue
                same[stretch] = candidates[0]
                taken.add(candidates[0])
            yield selection.key, (same[stretch],)

    def _group_like(self, chosen: Sequence[Selection]) -> str:
        """Return the focus group that has most of the texts of a document; empty if none has."""
        texts = {each.text for each in chosen if each.text.strip()}
        found = Counter(
            group for text in texts for group in self._study.segments.groups_with.get(text, ())
        ).most_common(2)
        if not found or found[0][1] < LEAST_ALIKE or 2 * found[0][1] <= len(texts):
            return ""
        is_one = len(found) == 1 or found[1][1] < found[0][1]
        return found[0][0] if is_one else ""


def _plain(text: str) -> str:
    return " ".join(normalise_line_ends(text).split())


def _locate(text: str, segments: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return where segments follow each other in a text, whatever white space is between words.

    None where the text has other words besides. A segment that is not there has no characters.
    """
    at, spans = _skip_space(text, 0), []
    for segment in segments:
        pattern = r"\s+".join(map(re.escape, segment.split()))
        match = re.compile(pattern).match(text, at) if pattern else None
        spans.append((at, match.end()) if match else (at, at))
        at = _skip_space(text, spans[-1][1])
    return spans if at == len(text) else None


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and (text[at].isspace() or text[at] == "\ufeff"):
        at += 1
    return at


def _by_spans(
    text: str, spans: Sequence[tuple[str, tuple[int, int]]], chosen: Sequence[Selection]
) -> dict[str, tuple[str, ...]] | None:
    """Return the segments that each selection touches; None where positions are not known."""
    found: dict[str, tuple[str, ...]] = {}
    for selection in chosen:
        if selection.start is None or selection.end is None:
            return None
        first, last = selection.start, selection.end
        hits = tuple(
            each for each, (start, end) in spans if text[max(first, start) : min(last, end)].strip()
        )
        if hits:
            found[selection.key] = hits
    return found
