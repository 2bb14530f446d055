"""The segments of a study after cleaning: kept, or set aside with a reason; and their codings."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.recount.study import Row, Study, cell_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LEAD_IN = "lead-in: announces a list"
DUPLICATE = "repeat: the same text as another passage of the same answer"
NO_CONSENT = "no consent"
MERGED = "merged: the same code by the same coder on the same passage"
WITHDRAWN = "withdrawn"
PERSONAL_DATA = "personal data: the words were taken out after review"
NOT_REPEATED = ("lead_in", "set_aside")
SPELLING = "spelling"
WITHHELD_SPELLING = "a variant → its preferred spelling (the word is withheld)"
TEXTS_OF_GROUPS = ("title", "organiser", "theme", "participants")
TEXTS_OF_SEGMENTS = ("label", "text")
Point = tuple[str, str, str]

Changes = Counter[tuple[str, str]]

# The steps that clean a text.
NOT_LATIN = "[^\0-\u024f]"
UNSEEN = (
    "[\u00ad\u200b\u2060-\u2064\ufeff]"
    f"|(?<!{NOT_LATIN})[\u200c\u200d]+|[\u200c\u200d]+(?!{NOT_LATIN})"
)
NOT_ASCII = "[\0-\x7f]?[^\0-\x7f]+"
SINGLE, DOUBLE = "\u2018\u2019\u201a\u201b\u2039\u203a", "\u201c\u201d\u201e\u201f\u00ab\u00bb"
QUOTES = f"\u00ab\\s?|\\s?\u00bb|[{SINGLE}{DOUBLE}]"
NEVER = "(?!)"
KINDS = {" ": "space", "\u00a0": "no-break space", "\u202f": "no-break space", "\t": "tab"}
KINDS |= {"\n": "line end", "\r": "line end"}


@dataclass(frozen=True)
class Segment:
    """A segment with its words cleaned."""

    name: str
    group: str
    cell: str
    role: str
    is_heading: bool
    text: str
    label: str


class Cleaned:
    """A whole study after cleaning."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.changes: dict[str, Changes] = defaultdict(Counter)
        self._cleaner = Cleaner(study.spelling)
        self._clean_groups()
        self._headed = {_point_of(row) for row in study.segments if row["role"] == "subpoint"}
        self.received = {row["segment"]: self._segment(row) for row in study.segments}
        self._positions = {row["segment"]: row["position"] for row in study.segments}
        self._points = {row["segment"]: _point_of(row) for row in study.segments}
        self._stands_for = self._find_duplicates()
        reasons = {name: self._reason(segment) for name, segment in self.received.items()}
        self.set_aside = {name: reason for name, reason in reasons.items() if reason}
        self.kept = {name: s for name, s in self.received.items() if not reasons[name]}
        self.applied = self._move_codes()

    def kinds(self, group: str) -> dict[str, int]:
        """Return how many of each kind took part in a focus group, where that may be published."""
        text, _ = self._cleaner.clean(self.study.focus_groups[group]["participants"])
        reported: Counter[str] = Counter()
        for part in filter(None, map(str.strip, text.split(";"))):
            people, _, kind = part.partition(" (")[0].partition(" ")
            reported[kind] += int(people)
        return dict(reported) if self.study.may_show(group) else {}

    def _clean_groups(self) -> None:
        for name, row in self.study.focus_groups.items():
            for column in TEXTS_OF_GROUPS:
                self.changes[name] += self._reported(name, self._cleaner.clean(row[column])[1])

    def _reported(self, group: str, changes: Changes) -> Changes:
        """Return changes as they are reported: of words that may not be shown, no spelling is."""
        if self.study.may_show(group):
            return changes
        reported: Changes = Counter()
        for (step, change), times in changes.items():
            reported[step, WITHHELD_SPELLING if step == SPELLING else change] += times
        return reported

    def _segment(self, row: Row) -> Segment:
        words = {}
        for column in TEXTS_OF_SEGMENTS:
            words[column], changes = self._cleaner.clean(row[column])
            self.changes[row["segment"]] += self._reported(row["focus_group"], changes)
        return Segment(
            name=row["segment"],
            group=row["focus_group"],
            cell=cell_of(row),
            role=row["role"],
            is_heading=row["role"] == "point" and _point_of(row) in self._headed,
            text=words["text"],
            label=words["label"],
        )

    def _find_duplicates(self) -> dict[str, str]:
        """Return for each segment the first in its cell that says the same.

        A point with sub-points says the same as another only with all of its sub-points.
        """
        members: dict[Point, list[Segment]] = defaultdict(list)
        for name, segment in self.received.items():
            members[self._points[name]].append(segment)
        first: dict[tuple[object, ...], str] = {}
        stands_for = {}
        for in_point in members.values():
            parts = [each for each in in_point if each.is_heading or each.role == "subpoint"]
            block = tuple(dict.fromkeys((each.is_heading, each.text) for each in parts))
            for each in in_point:
                said = (each.group, each.cell, each.text, each.is_heading)
                key: tuple[object, ...] = (*said, block if each in parts else ())
                if self.study.settings.get("repeats", "keep") == "keep":
                    key = (*key, self._positions[each.name])
                if each.role not in NOT_REPEATED and each.text:
                    stands_for[each.name] = first.setdefault(key, each.name)
        return stands_for

    def _reason(self, segment: Segment) -> str:
        group = self.study.focus_groups[segment.group]
        if group["withdrawn"]:
            return WITHDRAWN
        if not self.study.may_count(segment.group):
            return NO_CONSENT
        if segment.role == "set_aside":
            return PERSONAL_DATA
        if segment.role == "lead_in":
            return LEAD_IN
        return DUPLICATE if self._stands_for.get(segment.name, segment.name) != segment.name else ""

    def _move_codes(self) -> set[tuple[str, str, str]]:
        """Return segment, code and coder of all that counts; codes of duplicates are moved."""
        moved: set[tuple[str, str, str]] = set()
        # Of each code application received: its segment, where it goes, and why it is set aside.
        self.codings: list[tuple[str, str, str]] = []
        for row in self.study.code_applications:
            segment = row["segment"]
            application = (self._target(segment), row["code"], row["coder"])
            reason = self.set_aside.get(application[0], "")
            reason = MERGED if application in moved and not reason else reason
            if row["code"] != "none":
                self.codings.append((segment, application[0], reason))
            moved.add(application)
        return {row for row in moved if row[0] in self.kept and not self.kept[row[0]].is_heading}

    def _target(self, segment: str) -> str:
        is_duplicate = self.set_aside.get(segment) == DUPLICATE
        return self._stands_for[segment] if is_duplicate else segment


def _point_of(row: Row) -> Point:
    position = row["position"]
    if row["role"] == "subpoint":
        position = position.rstrip("abcdefghijklmnopqrstuvwxyz")
    return row["focus_group"], cell_of(row), position


class Cleaner:
    """Cleans texts, and counts what it changes."""

    def __init__(self, spelling: dict[str, str]) -> None:
        longest_first = sorted(spelling, key=len, reverse=True)
        variants = "|".join(map(re.escape, longest_first)) or NEVER
        self._steps: tuple[tuple[str, str, Callable[[str], str]], ...] = (
            ("invisible characters", UNSEEN, lambda _: ""),
            ("Unicode form", NOT_ASCII, lambda found: unicodedata.normalize("NFC", found)),
            ("quotes", QUOTES, lambda found: "'" if found.strip() in SINGLE else '"'),
            ("dashes", "[\u2010-\u2013]", lambda _: "-"),
            ("dashes", " ?[\u2014\u2015]+ ?", lambda _: " - "),
            ("white space", r"^\s+|\s+\Z", lambda _: ""),
            ("white space", r"\s\s+|[^\S ]", lambda _: " "),
            ("spelling", rf"(?<![\w-])(?:{variants})(?![\w-])", lambda found: spelling[found]),
        )

    def clean(self, text: str) -> tuple[str, Changes]:
        """Return a text after all steps, taken until none finds anything, and what they changed."""
        changes: Changes = Counter()
        before = None
        while text != before:
            before = text
            for step, pattern, replace in self._steps:
                changes.update(_reported(step, re.findall(pattern, text), replace))
                text = _substitute(pattern, replace, text)
        return text, changes


def _substitute(pattern: str, replace: Callable[[str], str], text: str) -> str:
    return re.sub(pattern, lambda found: replace(found[0]), text)


def _reported(
    step: str, found: list[str], replace: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    for old in found:
        new = replace(old)
        if new == old:
            continue
        if step == "Unicode form":
            yield step, "decomposed characters → composed"
        else:
            yield step, f"{_in_words(old)} → {_in_words(new)}"


def _in_words(characters: str) -> str:
    if not characters:
        return "nothing"
    if characters.isspace():
        kinds = " and ".join(sorted({KINDS.get(each, "other space") for each in characters}))
        return f"{kinds} (several)" if len(characters) > 1 else kinds
    if re.fullmatch(UNSEEN, characters):
        return f"U+{ord(characters):04X}"
    return characters.strip()
