"""The corpus of a place: the focus groups that a report counts, with their segments and codings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis.synthesis.claims import NO_EVIDENCE, Evidence, evidence_by
from analysis.synthesis.links import place_of_page
from analysis.synthesis.markup import term
from analysis.tables.build_folder import build_folder
from analysis.tables.evidence import read_evidence
from analysis.tables.segments import follow_template

if TYPE_CHECKING:
    from markupsafe import Markup

    from analysis.quality.outcomes import Outcome
    from analysis.study.opened_study import OpenedStudy
    from analysis.study.settings import NumbersOfPeople
    from analysis.tables.build_folder import BuildFolder
    from analysis.tables.evidence import AddedEvidence

# A sub-point is at the position of its point, and a letter.
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Segment(NamedTuple):
    """One segment as a report shows it.

    Parameters
    ----------
    segment, focus_group : str
        Its id and its focus group.
    cell, position : str
        Its place in its submission.
    label, text : str
        Its label and its words; ``""`` where they are withheld, or shown in another report.
    text_kind, language : str
        Whether the words are verbatim, restated or synthetic, and their language.
    shown_in : str
        The page that shows it.
    withheld : bool
        Whether its consent is for counts only.
    """

    segment: str
    focus_group: str
    cell: str
    position: str
    label: str
    text: str
    text_kind: str
    language: str
    shown_in: str
    withheld: bool


def segments_of(table: pd.DataFrame) -> list[Segment]:
    """Return the rows of a table of segments."""
    columns = (table[name].tolist() for name in Segment._fields)
    return list(map(Segment._make, zip(*columns, strict=True)))


@dataclass(frozen=True)
class Corpus:
    """What a report on a place is written from.

    Parameters
    ----------
    study : OpenedStudy
        The study.
    place : str
        A region or a continent.
    focus_groups : DataFrame
        The focus groups counted, with their ``home``.
    context : DataFrame
        Focus groups that overlap the place without lying in it: named, never counted.
    segments : DataFrame
        The segments of the focus groups counted, in the template's order. ``text`` and ``label``
        are empty where consent is for counts only (``withheld``); ``text`` also where another
        report shows it (``shown_in``). ``words`` is how many words a passage has.
    context_segments : DataFrame
        The segments of context that no narrower report holds, likewise.
    codings : DataFrame
        The codings counted, in the order of the segments and then by code, from `count_codings`.
    set_aside : DataFrame
        Segments that cleaning set aside.
    warnings : tuple of Outcome
        Expectations of warning severity that what is counted doesn't meet.
    """

    study: OpenedStudy
    place: str
    focus_groups: pd.DataFrame
    context: pd.DataFrame
    segments: pd.DataFrame
    context_segments: pd.DataFrame
    codings: pd.DataFrame
    set_aside: pd.DataFrame
    warnings: tuple[Outcome, ...]

    @property
    def build(self) -> BuildFolder | None:
        """The build that this is part of, if any."""
        return build_folder(self.study)

    @property
    def name(self) -> str:
        """The name of the place."""
        return self.study.places.name(self.place)

    @property
    def rule(self) -> NumbersOfPeople:
        """How the study publishes numbers of people."""
        return self.study.settings.numbers_of_people

    @property
    def is_single(self) -> bool:
        """Whether only one focus group is counted, so that there is no prevalence."""
        return len(self.focus_groups) == 1

    @cached_property
    def groups(self) -> frozenset[str]:
        """The focus groups counted."""
        return frozenset(self.focus_groups["focus_group"])

    @cached_property
    def homes(self) -> dict[str, str]:
        """The home of each focus group counted."""
        groups = self.focus_groups
        return dict(zip(groups["focus_group"], groups["home"], strict=True))

    @property
    def narrower_homes(self) -> list[str]:
        """The homes of its focus groups other than the place: the regions of a continent."""
        return sorted(set(self.focus_groups["home"]) - {self.place})

    def groups_at(self, home: str) -> pd.DataFrame:
        """Return the focus groups counted that are at home in a place."""
        return self.focus_groups[self.focus_groups["home"] == home]

    @cached_property
    def meetings(self) -> dict[str, tuple[Markup, str, str]]:
        """The title or theme, the places and the date of each focus group, counted or context."""
        groups = pd.concat([self.focus_groups, self.context])
        named = groups["title"].where(groups["title"] != "", groups["theme"])
        titles = map(term, named, groups["language"])
        met = zip(titles, groups["places"], groups["held_on"], strict=True)
        return dict(zip(groups["focus_group"], met, strict=True))

    @cached_property
    def by_id(self) -> dict[str, Segment]:
        """The segments counted, by their ids."""
        return {segment.segment: segment for segment in segments_of(self.segments)}

    @cached_property
    def codable(self) -> pd.DataFrame:
        """Segments that can have codes: all but points that only head sub-points."""
        return self.segments.loc[~self.segments["is_heading"], ["segment", "focus_group", "cell"]]

    @cached_property
    def follows_template(self) -> bool:
        """Whether any segment counted answers a question of the template."""
        return follow_template(self.codable["cell"])

    @cached_property
    def uncoded(self) -> pd.DataFrame:
        """Those of them without a coding that counts."""
        return self.codable[~self.codable["segment"].isin(self.codings["segment"])]

    @cached_property
    def added_evidence(self) -> AddedEvidence:
        """What persons added to the findings and topics of the place."""
        return read_evidence(self.study, self.place)

    @cached_property
    def coded_groups(self) -> frozenset[str]:
        """Focus groups with a coded segment: the denominator of themes and codes."""
        return frozenset(self.codings["focus_group"].unique())

    @cached_property
    def passages(self) -> pd.DataFrame:
        """The passages that may be shown here in their words, with their home and their question.

        They are in the order in which one is chosen among equals: those with the fewest codes
        first, since they are about one thing, then in the template's order.
        """
        shown = self.segments[(self.segments["text"] != "") & ~self.segments["is_heading"]]
        rows = shown[["segment", "focus_group", "cell"]].astype("str")
        codes = rows["segment"].map(self.codings["segment"].value_counts()).fillna(0)
        return rows.assign(
            codes=codes.astype("int64"),
            home=rows["focus_group"].map(self.homes),
            question=rows["cell"].str.replace(r"^.*\.", "", regex=True),
        ).sort_values("codes", kind="stable")

    def answers(self, cell: str) -> Evidence:
        """Return the segments of a cell that can have codes."""
        return self._answers.get(cell, NO_EVIDENCE)

    def answered(self, cell: str) -> frozenset[str]:
        """Return the focus groups that answered a cell: its denominator."""
        return frozenset(self.answers(cell).focus_groups)

    def points(self, cell: str) -> Evidence:
        """Return the points of a cell: sub-points count within the point that heads them."""
        return self._points.get(cell, NO_EVIDENCE)

    def of_group(self, focus_group: str) -> Evidence:
        """Return the segments of a focus group."""
        return self._of_groups.get(focus_group, NO_EVIDENCE)

    def raised(self, code: str) -> Evidence:
        """Return the segments on which a code counts, or any code of a theme."""
        return self._raised.get(code, NO_EVIDENCE)

    def asked(self, question: str) -> Evidence:
        """Return what was answered to a question, in any domain."""
        return self._asked.get(question, NO_EVIDENCE)

    def raised_under(self, code: str, question: str) -> Evidence:
        """Return the segments on which a code counts, or any of a theme, under a question."""
        return self._raised_under.get((code, question), NO_EVIDENCE)

    def codes_in(self, cell: str) -> dict[str, Evidence]:
        """Return the codes raised in a cell, each with its segments there."""
        return {code: found for (at, code), found in self._codes_in_cells.items() if at == cell}

    def themes_in(self, cell: str) -> dict[str, Evidence]:
        """Return the themes raised in a cell, each with its segments there."""
        return {theme: found for (at, theme), found in self._themes_in_cells.items() if at == cell}

    @cached_property
    def _answers(self) -> dict[Any, Evidence]:
        return evidence_by("cell", self.codable)

    @cached_property
    def _points(self) -> dict[Any, Evidence]:
        is_point = self.segments["role"] != "subpoint"
        return evidence_by("cell", self.segments[["segment", "focus_group", "cell"]][is_point])

    @cached_property
    def _of_groups(self) -> dict[Any, Evidence]:
        return evidence_by("focus_group", self.segments[["segment", "focus_group"]])

    @cached_property
    def _raised(self) -> dict[Any, Evidence]:
        return evidence_by("theme", self.codings) | evidence_by("code", self.codings)

    @cached_property
    def _asked(self) -> dict[Any, Evidence]:
        return evidence_by("question", self.with_question(self.codable))

    @cached_property
    def _raised_under(self) -> dict[Any, Evidence]:
        codings = self.with_question(self.codings)
        by_theme = evidence_by(["theme", "question"], codings)
        return by_theme | evidence_by(["code", "question"], codings)

    def with_question(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of domains, each with its question."""
        template = self.study.instrument
        questions = {
            f"{domain}.{question}": question
            for domain in template.domains
            for question in template.domain_questions
        }
        asked = rows["cell"].astype("str").map(questions)
        return rows.assign(question=asked)[asked.notna()]

    @cached_property
    def themes_of(self) -> dict[str, list[str]]:
        """The themes of each segment that has a code."""
        return self._by_segment("theme")

    @cached_property
    def codes_of(self) -> dict[str, list[str]]:
        """The codes of each segment that has one, by their names."""
        name = self.study.codebook.name
        return {each: sorted(codes, key=name) for each, codes in self._by_segment("code").items()}

    def _by_segment(self, column: str) -> dict[str, list[str]]:
        rows = self.codings[["segment", column]].astype("str").drop_duplicates()
        found: dict[str, list[str]] = {}
        for segment, value in rows.itertuples(index=False):
            found.setdefault(segment, []).append(value)
        return found

    @cached_property
    def headings(self) -> dict[str, str]:
        """The point that heads each sub-point."""
        rows = self.segments[["segment", "focus_group", "cell", "position", "role"]].astype("str")
        heads = {
            (row.focus_group, row.cell, row.position): row.segment
            for row in rows[rows["role"] != "subpoint"].itertuples()
        }
        return {
            str(row.segment): str(heads[key])
            for row in rows[rows["role"] == "subpoint"].itertuples()
            if (key := (row.focus_group, row.cell, str(row.position).rstrip(LETTERS))) in heads
        }

    @cached_property
    def subpoints(self) -> dict[str, list[str]]:
        """The sub-points of each point that heads some."""
        found: dict[str, list[str]] = {}
        for subpoint, point in self.headings.items():
            found.setdefault(point, []).append(subpoint)
        return found

    @cached_property
    def _codes_in_cells(self) -> dict[Any, Evidence]:
        return evidence_by(["cell", "code"], self.codings)

    @cached_property
    def _themes_in_cells(self) -> dict[Any, Evidence]:
        return evidence_by(["cell", "theme"], self.codings)

    @property
    def listed_here(self) -> pd.DataFrame:
        """The passages of the focus groups whose home is the place itself."""
        pages = self.segments["shown_in"]
        return self.segments[pages.map(place_of_page).astype("str") == self.place]

    def address_of(self, segment: str) -> str:
        """Return the address of a segment counted, on this page or the one that shows it."""
        if segment not in self.by_id:
            return ""
        page = self.by_id[segment].shown_in
        return f"{'' if page == self.place else f'{page}.html'}#segment-{segment}"

    def address_of_group(self, focus_group: str) -> str:
        """Return the address of all passages of a focus group; ``""`` where it has none."""
        page = self._pages_of_groups.get(focus_group)
        return f"{'' if page == self.place else f'{page}.html'}#group-{focus_group}" if page else ""

    @cached_property
    def _pages_of_groups(self) -> dict[str, str]:
        first = self.segments.drop_duplicates("focus_group")
        return dict(zip(first["focus_group"], first["shown_in"], strict=True))
