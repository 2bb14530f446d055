"""Excerpts: the passages that a report shows, chosen so that each focus group is heard."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from markupsafe import Markup

from analysis.study.language import to_translate, translate
from analysis.synthesis.claims import FOCUS_GROUPS, Evidence
from analysis.synthesis.links import link_code
from analysis.synthesis.markup import (
    date,
    element,
    items,
    join,
    say,
    say_number,
    term,
    written_in,
)
from analysis.tables.focus_groups import split_values
from analysis.tables.segments import COUNTED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import pandas as pd

    from analysis.synthesis.claims import Fragment, Ledger
    from analysis.synthesis.corpus import Corpus, Segment
    from analysis.synthesis.coverage import Coverage
    from analysis.synthesis.markup import Content

WITHHELD = to_translate("Counted and not shown: consent is for counts only.")
WITHOUT_WORDS = to_translate("Counted in a matrix, without words: there is no passage to show.")
KIND_MARKS = {
    "restated": to_translate("restated in our words"),
    "synthetic": to_translate("synthetic"),
}
EXCERPTS = "excerpts"
# Passages without a code, of focus groups that no excerpt of a theme is of.
NO_THEME = ""
# No focus group is quoted a third time before each has been quoted once.
BEFORE_OTHERS = 2
LINKED_GROUPS = 60


class FairChoice:
    """Chooses the passages that one report quotes, one after the other.

    The next passage is one of the focus group with the fewest excerpts so far in the report; among
    these of the region, then of the question, with the fewest; then the one with the fewest codes;
    then the first in the template's order. How coders agreed decides nothing.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._passages = corpus.passages
        self._groups = frozenset(corpus.passages["focus_group"])
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("focus_group", "home", "question")
        }
        self._taken: set[str] = set()

    @property
    def heard(self) -> frozenset[str]:
        """The focus groups that were quoted so far."""
        return frozenset(self._counts["focus_group"])

    @property
    def unheard(self) -> frozenset[str]:
        """The focus groups that can be quoted here, and were not so far."""
        return self._groups - self.heard

    def choose(self, segments: Collection[str]) -> str:
        """Return the next of some passages; nothing where none may be quoted now."""
        passages = self._passages
        return self.choose_row(passages[passages["segment"].isin(segments)])

    def choose_row(self, rows: pd.DataFrame) -> str:
        """Return the passage of the next of some rows; nothing where there is none."""
        left = rows[~rows["segment"].isin(self._taken)]
        for name, counts in self._counts.items():
            values = left[name].unique()
            least = min((counts[value] for value in values), default=0)
            left = left[left[name].isin([value for value in values if counts[value] == least])]
        if not len(left):
            return ""
        # A stable order: rows are sorted by their number of codes, then as in the template.
        row = left.iloc[0]
        if self._counts["focus_group"][row["focus_group"]] >= BEFORE_OTHERS and self.unheard:
            return ""
        self._taken.add(row["segment"])
        for name, counts in self._counts.items():
            counts[row[name]] += 1
        return str(row["segment"])


class Excerpts(NamedTuple):
    """The passages quoted for each theme; of `NO_THEME`, those that have no code.

    ``unheard`` has the focus groups whose words may be shown, and that neither excerpts nor
    findings quote.
    """

    by_theme: Mapping[str, Sequence[str]]
    unheard: frozenset[str]

    @property
    def segments(self) -> list[str]:
        """All passages quoted."""
        return [segment for chosen in self.by_theme.values() for segment in chosen]


def choose_excerpts(corpus: Corpus, fair: FairChoice, most: int) -> Excerpts:
    """Return the passages quoted for each theme, of those whose words may be shown here.

    They are chosen one after the other for all themes together, each by the rule of `FairChoice`,
    while a theme has room for at ``most`` so many. Focus groups that the themes have no room for
    are quoted all the same, one passage each, unless there are more focus groups than room in all:
    then each is quoted at most once.
    """
    rows = _rows_of_themes(corpus)
    by_theme: dict[str, list[str]] = {theme: [] for theme in corpus.study.codebook.themes}
    # Words of a region that don't travel to a continent may be shown all the same.
    has_words = (corpus.segments["words"] > 0) & ~corpus.segments["is_heading"]
    groups = frozenset(corpus.segments.loc[has_words, "focus_group"])
    few = len(groups) <= most * len(by_theme)
    _quote(fair, rows, by_theme, most, first_only=True)
    if few:
        _quote(fair, rows, by_theme, len(rows), first_only=True)
        by_theme[NO_THEME] = []
        uncoded = corpus.passages.assign(theme=NO_THEME)
        _quote(fair, uncoded, by_theme, len(uncoded), first_only=True)
        _quote(fair, rows, by_theme, most, first_only=False)
    quoted = {theme: chosen for theme, chosen in by_theme.items() if chosen}
    return Excerpts(quoted, groups - fair.heard)


def _rows_of_themes(corpus: Corpus) -> pd.DataFrame:
    """Return the passages that may be quoted, once for each of their themes."""
    themes = corpus.codings[["segment", "theme"]].astype("str").drop_duplicates()
    return corpus.passages.merge(themes, on="segment", how="inner")


def _quote(
    fair: FairChoice,
    rows: pd.DataFrame,
    by_theme: dict[str, list[str]],
    most: int,
    *,
    first_only: bool,
) -> None:
    """Quote passages while a theme has room: of focus groups not quoted yet, or of all."""
    while True:
        left = rows[rows["focus_group"].isin(fair.unheard)] if first_only else rows
        with_room = [theme for theme, chosen in by_theme.items() if len(chosen) < most]
        segment = fair.choose_row(left[left["theme"].isin(with_room)])
        if not segment:
            return
        themes = set(rows.loc[rows["segment"] == segment, "theme"])
        # Of themes alike, the first of the codebook.
        least = min(filter(themes.__contains__, with_room), key=lambda theme: len(by_theme[theme]))
        by_theme[least].append(segment)


def show_excerpts(corpus: Corpus, ledger: Ledger, excerpts: Excerpts) -> Fragment:
    """Return the excerpts of each theme, and how many of which focus groups they are."""
    is_counted = (corpus.segments["text_kind"] == COUNTED).any()
    without = [element("p", say(WITHOUT_WORDS))] if is_counted else []
    if not excerpts.by_theme:
        return ledger.show(*without)
    parts: list[Content] = [
        element("h2", say("In their words"), id="in-their-words"),
        element("p", _count_excerpts(corpus, ledger, excerpts), class_="hint"),
    ]
    for theme, chosen in excerpts.by_theme.items():
        parts += [
            element("h3", link_code(corpus.study, theme) if theme else say("Other topics")),
            *([_how_often(corpus, ledger, theme)] if theme else []),
            render_excerpts(corpus, chosen),
        ]
    return ledger.show(*parts, *without, *_link_unheard(corpus, ledger, excerpts))


def _count_excerpts(corpus: Corpus, ledger: Ledger, excerpts: Excerpts) -> Markup:
    segments = excerpts.segments
    groups = {corpus.by_id[segment].focus_group for segment in segments}
    evidence = Evidence(sorted(groups), segments)
    number = ledger.number(
        EXCERPTS,
        translate("Excerpts in the report on {place}", place=corpus.name),
        (len(segments), EXCERPTS),
        **evidence._asdict(),
    )
    heard = ledger.count(
        f"{EXCERPTS}.groups",
        translate("Focus groups of {place} that its excerpts are from", place=corpus.name),
        groups,
        of=corpus.groups,
        segments=segments,
    )
    chosen = say_number("{n} excerpt.", "{n} excerpts.", number.value, n=number)
    sources = say_number(
        "They are from {groups} focus group.",
        "They are from {groups} focus groups.",
        heard.denominator,
        groups=heard,
    )
    rule = say(
        "Each focus group that may be quoted is quoted once before any is quoted a third time. "
        "Coder agreement plays no role."
    )
    return join([chosen, sources, rule], " ")


def _how_often(corpus: Corpus, ledger: Ledger, theme: str) -> Markup:
    segments = ledger[f"segments.{theme}"]
    if corpus.is_single:
        sentence = say_number("{n} passage.", "{n} passages.", segments.value, n=segments)
    else:
        groups = ledger[f"prevalence.{theme}"]
        sentence = say_number(
            "Raised by {groups} focus groups, in {n} passage.",
            "Raised by {groups} focus groups, in {n} passages.",
            segments.value,
            groups=groups,
            n=segments,
        )
    return element("p", sentence, class_="hint")


def _link_unheard(corpus: Corpus, ledger: Ledger, excerpts: Excerpts) -> list[Content]:
    """Return how many focus groups no excerpt is of, and links to their passages."""
    unheard = sorted(excerpts.unheard)
    if not unheard:
        return []
    number = ledger.number(
        f"{EXCERPTS}.unheard",
        translate("Focus groups of {place} that there is no room to quote", place=corpus.name),
        (len(unheard), FOCUS_GROUPS),
        focus_groups=unheard,
    )
    links = [
        element("a", describe_group(corpus, group), href=corpus.address_of_group(group))
        for group in unheard[:: -(-len(unheard) // LINKED_GROUPS)]
    ]
    note = say_number(
        "There is no room here to quote {n} focus group. Its passages:",
        "There is no room here to quote {n} focus groups. Passages of these, from all over the "
        "list:",
        number.value,
        n=number,
    )
    return [element("p", note), items(links, kind="inline")]


def render_excerpts(corpus: Corpus, segments: Iterable[str]) -> Markup:
    """Return segments as excerpts, each with its focus group and its place in its source."""
    excerpts = [_render_excerpt(corpus, corpus.by_id[segment]) for segment in segments]
    return element("div", *excerpts, class_="excerpts") if excerpts else Markup()


def why_no_words(segment: Segment) -> str:
    """Return why a segment without words has none; empty where another report may show them."""
    if segment.withheld:
        return WITHHELD
    return WITHOUT_WORDS if segment.text_kind == COUNTED else ""


def _render_excerpt(corpus: Corpus, segment: Segment) -> Markup:
    mark = translate(KIND_MARKS[segment.text_kind]) if segment.text_kind in KIND_MARKS else ""
    address = corpus.address_of(segment.segment)
    return element(
        "figure",
        element("blockquote", element("p", segment.text), **written_in(segment.language)),
        element(
            "figcaption",
            describe_group(corpus, segment.focus_group),
            " · ",
            element("a", term(place_in_source(corpus, segment)), href=address),
            *([" ", element("span", mark, class_=segment.text_kind)] if mark else []),
        ),
        class_="excerpt",
    )


def show_name(group: Mapping[Any, Any]) -> Markup:
    """Return the title or theme of a focus group in its language, or its id without either."""
    name = str(group["title"] or group["theme"] or group["focus_group"])
    return term(name, "" if name == group["focus_group"] else group["language"])


def describe_group(corpus: Corpus | Coverage, focus_group: str) -> Markup:
    """Return a focus group in words: where and when it met."""
    _, held_at, held_on = corpus.meetings[focus_group]
    places = [corpus.study.places.name(place) for place in split_values(held_at)]
    return join([term(", ".join(places)), ", ", date(held_on)])


def place_in_source(corpus: Corpus, segment: Segment) -> str:
    """Return the place of a segment in its submission: section, question and position."""
    if not corpus.follows_template:
        return translate("passage {position}", position=segment.position.removeprefix("p"))
    section, _ = segment.cell.split(".")
    template = corpus.study.instrument
    question = template.question_label(segment.cell).lower()
    return f"{template.title(section)}, {question} {segment.position}"
